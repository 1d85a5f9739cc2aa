using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Identity;

namespace Portal.Tests.Access;

/// <summary>
/// Staff manages everyone's places, a focal point and a provider's manager those of their own contributors, and nobody their own.
/// </summary>
public sealed class PeopleServiceTests
{
    private static readonly PeopleQuery All = new(null, [], [], [], 1);

    private static async Task<string> RefusalOf(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    private static PlaceTerms Place(Organisation organisation, Role role, DateTime? from = null, DateTime? until = null) =>
        new(organisation.Id, role, from, until, []);

    private static async Task<PeopleService> As(TestDb test, Player player) => (await test.As(player)).Get<PeopleService>();

    private static async Task<PeopleInvitations> InvitesAs(TestDb test, Player player) => (await test.As(player)).Get<PeopleInvitations>();

    private static async Task<List<string>> Log(TestDb test)
    {
        await using var db = await test.AsSystem();
        return await db
            .AuditEntries.Where(e => e.Section == Section.Access)
            .OrderBy(e => e.At)
            .ThenBy(e => e.Id)
            .Select(e => e.Code)
            .ToListAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Everyone_sees_the_people_they_answer_for_and_nobody_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        async Task<string> Seen(Player by, PeopleQuery? query = null) =>
            string.Join(' ', (await (await As(test, by)).List(query ?? All)).Rows.Select(r => r.Name));
        Assert.Equal("Amina Otieno", await Seen(Cast.Amina));
        Assert.Equal("Ingrid Lars", await Seen(Cast.Ingrid));
        foreach (var reader in new[] { Cast.Malik, Cast.Tomas, Cast.Dorothea, Cast.Auguste })
            Assert.Equal(Cast.All.Count, (await (await As(test, reader)).List(All)).Total);
        foreach (var other in Cast.All.Where(p => !Delegation.May(p, PeopleAct.See)))
            Assert.Equal("people.not_yours", await RefusalOf(() => Seen(other)));

        Assert.Equal("Amina Otieno", await Seen(Cast.Malik, All with { Words = "Кения" }));
        Assert.Equal("Otieno", await Seen(Cast.Malik, All with { Words = "OTIENO@" }));
        Assert.Equal("", await Seen(Cast.Amina, All with { Words = "ingrid" }));
        Assert.Equal("Fatou", await Seen(Cast.Malik, All with { Kinds = [OrganisationKind.Partner] }));
        Assert.Equal("Amina Rosa", await Seen(Cast.Malik, All with { Roles = [Role.FocalPoint] }));
        Assert.Equal("", await Seen(Cast.Malik, All with { Standings = [PersonStanding.Ended, PersonStanding.Suspended] }));
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Amina)).Read(Cast.Lars.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_suspended_account_closes_every_session_at_once_and_opens_again_when_it_is_restored(Database database)
    {
        await using var test = await TestDb.Open(database);
        var otieno = await test.ActorsAs(Cast.Otieno);
        Assert.True((await otieno.Current()).IsSignedIn);
        var people = await As(test, Cast.Malik);
        await people.SuspendAccount(Cast.Otieno.Id, "Asked for by the mission.");
        Assert.False((await otieno.Current()).IsSignedIn);
        Assert.Equal("Otieno", Assert.Single((await people.List(All with { Standings = [PersonStanding.Suspended] })).Rows).Name);
        Assert.Equal("account.already_suspended", await RefusalOf(() => people.SuspendAccount(Cast.Otieno.Id, "Again.")));
        await people.RestoreAccount(Cast.Otieno.Id);
        Assert.True((await (await test.ActorsAs(Cast.Otieno)).Current()).IsSignedIn);
        Assert.Equal(["account.suspended", "account.restored"], await Log(test));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_deleted_account_opens_nothing_any_more_its_name_stays_and_its_address_may_be_invited_anew(Database database)
    {
        await using var test = await TestDb.Open(database);
        var otieno = await test.ActorsAs(Cast.Otieno);
        string address;
        await using (var db = await test.AsSystem())
        {
            var person = await db.Users.SingleAsync(u => u.Id == Cast.Otieno.Id);
            address = person.Email!;
            db.RecoveryCodes.Add(new RecoveryCode { PersonId = person.Id, Hash = new string('0', 64) });
            db.IdentityBindings.Add(
                new IdentityBinding
                {
                    PersonId = person.Id,
                    Provider = "mission",
                    Issuer = "https://id.example",
                    Subject = "otieno",
                }
            );
            db.Grants.Add(
                Grant.To(
                    Principal.Person(person.Id),
                    new Grant.Terms(Section.Directory, Level.Contribute, false, [], null, false, test.Now, null, "For a week of work."),
                    Cast.Malik.Id,
                    test.Now
                )
            );
            await db.SaveChangesAsync();
        }
        var people = await As(test, Cast.Malik);
        Assert.Equal("field.required", await RefusalOf(() => people.DeleteAccount(Cast.Otieno.Id, " ")));
        Assert.Equal("people.own", await RefusalOf(() => people.DeleteAccount(Cast.Malik.Id, "Myself.")));
        foreach (var other in new[] { Cast.Amina, Cast.Dorothea, Cast.Auguste })
            Assert.Equal(
                "people.not_yours",
                await RefusalOf(async () => await (await As(test, other)).DeleteAccount(Cast.Otieno.Id, "Not mine."))
            );

        await people.DeleteAccount(Cast.Otieno.Id, "Has left the service.");

        Assert.False((await otieno.Current()).IsSignedIn);
        var row = (await people.Read(Cast.Otieno.Id)).Person;
        Assert.True(row.IsDeleted);
        Assert.Equal(("Otieno", MembershipStanding.Ended), (row.Name, Assert.Single(row.Memberships).Standing));
        Assert.Equal("account.already_deleted", await RefusalOf(() => people.DeleteAccount(Cast.Otieno.Id, "Again.")));
        Assert.Equal("account.not_suspended", await RefusalOf(() => people.RestoreAccount(Cast.Otieno.Id)));
        await using (var db = await test.AsSystem())
        {
            var person = await db.Users.SingleAsync(u => u.Id == Cast.Otieno.Id);
            Assert.Null(person.PasswordHash);
            Assert.DoesNotContain(
                address,
                $"{person.UserName} {person.NormalizedUserName} {person.NormalizedEmail}",
                StringComparison.OrdinalIgnoreCase
            );
            Assert.False(await db.RecoveryCodes.AnyAsync(c => c.PersonId == person.Id));
            Assert.False(await db.IdentityBindings.AnyAsync(c => c.PersonId == person.Id));
            Assert.NotNull((await db.Grants.SingleAsync(g => g.PersonId == person.Id)).RevokedAt);
        }
        Assert.Equal(["membership.ended", "grant.revoked", "account.deleted"], await Log(test));
        await (await InvitesAs(test, Cast.Malik)).Invite(address, Place(Cast.Kenya, Role.StateContributor));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_focal_point_suspends_restores_and_ends_the_memberships_of_the_State_s_contributors_only(Database database)
    {
        await using var test = await TestDb.Open(database);
        var people = await As(test, Cast.Amina);
        var id = Cast.Otieno.Membership.Id;
        var otieno = await test.ActorsAs(Cast.Otieno);
        await people.Suspend(id, null, "On leave.");
        Assert.False((await otieno.Current()).IsSignedIn);
        var row = Assert.Single((await people.Read(Cast.Otieno.Id)).Person.Memberships);
        Assert.Equal(MembershipStanding.Suspended, row.Standing);
        Assert.Equal("record.changed_meanwhile", await RefusalOf(() => people.Restore(id, null)));
        await people.Restore(id, row.Seen);
        Assert.True((await otieno.Current()).IsSignedIn);

        Assert.Equal("people.own", await RefusalOf(() => people.End(Cast.Amina.Membership.Id, null, "Me.")));
        foreach (var other in new[] { Cast.Mateo, Cast.Lars, Cast.Malik })
            await Assert.ThrowsAsync<NotFound>(() => people.End(other.Membership.Id, null, "Not mine."));
        Assert.Equal("people.not_yours", await RefusalOf(() => people.SuspendAccount(Cast.Otieno.Id, "Not mine.")));
        Assert.Equal("people.not_yours", await RefusalOf(() => people.Add(Cast.Otieno.Id, Place(Cast.Kenya, Role.FocalPoint))));
        Assert.Equal("field.required", await RefusalOf(() => people.End(id, null, "  ")));
        foreach (var player in new[] { Cast.Otieno, Cast.Lars, Cast.Fatou, Cast.Andrei })
            Assert.Equal("people.not_yours", await RefusalOf(async () => await (await As(test, player)).End(id, null, "No.")));
        foreach (var reader in new[] { Cast.Dorothea, Cast.Auguste })
            Assert.Equal("people.not_yours", await RefusalOf(async () => await (await As(test, reader)).End(id, null, "No.")));

        await people.End(id, null, "Has left.");
        Assert.Equal(["membership.suspended", "membership.restored", "membership.ended"], await Log(test));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_last_access_manager_and_the_last_administrator_stay_and_nobody_acts_on_themselves(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = await As(test, Cast.Malik);
        Assert.Equal("access.last_one", await RefusalOf(() => malik.End(Cast.Tomas.Membership.Id, null, "No.")));
        Assert.Equal("access.last_one", await RefusalOf(() => malik.Suspend(Cast.Tomas.Membership.Id, null, "No.")));
        Assert.Equal("access.last_one", await RefusalOf(() => malik.SuspendAccount(Cast.Tomas.Id, "No.")));
        Assert.Equal("access.last_one_later", await RefusalOf(() => malik.EndAt(Cast.Tomas.Membership.Id, null, Cast.Now.AddDays(9))));
        Assert.Equal(
            "access.last_one",
            await RefusalOf(() => malik.Transfer(Cast.Tomas.Membership.Id, null, "somebody.new@example.org", "No."))
        );
        Assert.Equal("people.own", await RefusalOf(() => malik.SuspendAccount(Cast.Malik.Id, "Me.")));
        Assert.Equal("people.own", await RefusalOf(() => malik.Add(Cast.Malik.Id, Place(Cast.Operations, Role.Administrator))));
        await malik.SuspendAccount(Cast.Noor.Id, "Away.");
        Assert.Equal(
            "access.last_one",
            await RefusalOf(async () => await (await As(test, Cast.Tomas)).SuspendAccount(Cast.Malik.Id, "No."))
        );
        Assert.Equal(
            "access.last_one",
            await RefusalOf(async () => await (await As(test, Cast.Tomas)).End(Cast.Malik.Membership.Id, null, "No."))
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_access_managers_cannot_give_each_other_ends_after_which_nobody_is_left(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (malik, noor) = (await As(test, Cast.Malik), await As(test, Cast.Noor));
        await malik.EndAt(Cast.Noor.Membership.Id, null, Cast.Now.AddDays(40));
        foreach (var days in new[] { 5, 40, 400 })
            Assert.Equal(
                "access.last_one_later",
                await RefusalOf(() => noor.EndAt(Cast.Malik.Membership.Id, null, Cast.Now.AddDays(days)))
            );
        // Nor can the other be shut out for a time in which nobody else is there.
        Assert.Equal(
            "access.last_one_later",
            await RefusalOf(async () =>
                await (await test.As(Cast.Noor))
                    .Get<GrantService>()
                    .Give(
                        Principal.Of(Role.AccessManager),
                        new Grant.Terms(
                            Section.Access,
                            Level.View,
                            true,
                            [],
                            null,
                            false,
                            Cast.Now.AddDays(50),
                            Cast.Now.AddDays(60),
                            "No."
                        )
                    )
            )
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task People_are_found_however_their_names_are_written_and_stand_in_the_order_of_the_readers_language(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using (var db = await test.AsSystem())
        {
            foreach (
                var (player, name) in new[]
                {
                    (Cast.Amina, "Élodie Solórzano"),
                    (Cast.Rosa, "Айгуль Касымова"),
                    (Cast.Otieno, "de la Cruz Probe"),
                    (Cast.Lars, "Yui Tanaka"),
                }
            )
                (await db.Users.SingleAsync(u => u.Id == player.Id)).Name = name;
            await db.SaveChangesAsync();
        }
        var malik = await As(test, Cast.Malik);
        var explain = (await test.As(Cast.Malik)).Get<ExplainService>();
        foreach (
            var (words, name) in new[]
            {
                ("solorzano", "Élodie Solórzano"),
                ("Solórzano Élodie", "Élodie Solórzano"),
                ("ELODIE", "Élodie Solórzano"),
                ("айгуль", "Айгуль Касымова"),
                ("Касымова", "Айгуль Касымова"),
                ("cruz", "de la Cruz Probe"),
            }
        )
        {
            Assert.Equal(name, Assert.Single((await malik.List(All with { Words = words })).Rows).Name);
            Assert.Equal(name, Assert.Single(await explain.Find(PrincipalKind.Person, words)).Name);
        }
        var names = (await malik.List(All)).Rows.Select(r => r.Name).ToList();
        Assert.Equal(names.Order(StringComparer.CurrentCulture), names);
        Assert.True(
            names.IndexOf("de la Cruz Probe") < names.IndexOf("Élodie Solórzano")
                && names.IndexOf("Élodie Solórzano") < names.IndexOf("Yui Tanaka")
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whoever_ends_the_only_focal_point_is_told_what_waits_for_one_and_it_stays_on_the_list(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Circulated));
        var vacancies = (await test.As(Cast.Malik)).Get<VacancyService>();
        Assert.DoesNotContain(await vacancies.List(), v => v.Code == "ken");
        Assert.Equal(
            ("ken", Role.FocalPoint, 1),
            Assert.Single(await vacancies.IfEnded(Cast.Amina.Membership.Id)) switch
            {
                var v => (v.Code, v.Role, v.Needs),
            }
        );
        Assert.Equal("ken", Assert.Single(await vacancies.IfGone(Cast.Amina.Id)).Code);
        Assert.Empty(await vacancies.IfEnded(Cast.Otieno.Membership.Id));
        var people = await As(test, Cast.Malik);
        await people.EndAt(Cast.Amina.Membership.Id, null, Cast.Now.AddDays(30));
        Assert.Equal(Cast.Now.AddDays(30), Assert.Single(await vacancies.List(), v => v.Code == "ken").From);
        await people.End(Cast.Amina.Membership.Id, Cast.Now.AddDays(30), "Has left.");
        Assert.True(Assert.Single(await vacancies.List(), v => v.Code == "ken").From <= test.Now);
        // In numbers, and for those who manage everybody's places only.
        Assert.Empty(await (await test.As(Cast.Otieno)).Get<VacancyService>().List());
        Assert.Empty(await (await test.As(Cast.Rosa)).Get<VacancyService>().IfEnded(Cast.Amina.Membership.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_denial_that_leaves_a_State_without_anybody_is_told_before_and_after_it_is_made(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Circulated));
        var malik = await test.As(Cast.Malik);
        Grant.Terms Denied(Section section) =>
            new(section, Level.None, true, [], null, false, test.Now, test.Now.AddDays(10), "While it is looked into.");
        Grant Of(Section section) => Grant.To(Principal.Person(Cast.Amina.Id), Denied(section), Cast.Malik.Id, test.Now);
        Assert.Equal("ken", Assert.Single(await malik.Get<VacancyService>().IfDenied(Of(Section.Needs))).Code);
        Assert.Empty(await malik.Get<VacancyService>().IfDenied(Of(Section.Directory)));
        // Where nobody is anyway, nobody more is missing.
        await (await As(test, Cast.Malik)).Suspend(Cast.Amina.Membership.Id, null, "On leave.");
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await malik.Get<VacancyService>().IfDenied(Of(Section.Needs)));
        await (await As(test, Cast.Malik)).Restore(Cast.Amina.Membership.Id, test.Now.AddMinutes(-1));
        await malik.Get<GrantService>().Give(Principal.Person(Cast.Amina.Id), Denied(Section.Needs));
        Assert.True(Assert.Single(await malik.Get<VacancyService>().List(), v => v.Code == "ken").From <= test.Now);
        test.Clock.Advance(TimeSpan.FromDays(11));
        Assert.DoesNotContain(await malik.Get<VacancyService>().List(), v => v.Code == "ken");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_membership_added_fits_the_organisation_and_is_there_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        var people = await As(test, Cast.Malik);
        var rosa = Cast.Rosa.Id;
        Assert.Equal("membership.role_does_not_fit", await RefusalOf(() => people.Add(rosa, Place(Cast.Kenya, Role.Partner))));
        Assert.Equal(
            "membership.period_over",
            await RefusalOf(() => people.Add(rosa, Place(Cast.Kenya, Role.StateContributor, until: Cast.Now)))
        );
        Assert.Equal(
            "membership.period_empty",
            await RefusalOf(() => people.Add(rosa, Place(Cast.Kenya, Role.StateContributor, Cast.Now.AddDays(9), Cast.Now.AddDays(8))))
        );
        Assert.Equal("membership.states_required", await RefusalOf(() => people.Add(rosa, Place(Cast.Cted, Role.LegalOfficer))));
        await people.Add(rosa, Place(Cast.Kenya, Role.StateContributor, until: Cast.Now.AddDays(30)));
        Assert.Equal(
            "membership.there_already",
            await RefusalOf(() => people.Add(rosa, Place(Cast.Kenya, Role.StateContributor, Cast.Now.AddDays(29))))
        );
        await people.Add(rosa, Place(Cast.Kenya, Role.StateContributor, Cast.Now.AddDays(30)));
        Assert.Equal(3, (await people.Read(rosa)).Person.Memberships.Count);
        Assert.Equal(["membership.added", "membership.added"], await Log(test));
        await Assert.ThrowsAsync<NotFound>(() => people.Add(Guid.NewGuid(), Place(Cast.Kenya, Role.StateContributor)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_place_is_handed_over_in_one_act_to_an_account_or_by_invitation(Database database)
    {
        await using var test = await TestDb.Open(database);
        var people = await As(test, Cast.Malik);
        Assert.Equal(
            "people.same_person",
            await RefusalOf(() => people.Transfer(Cast.Amina.Membership.Id, null, Cast.Amina.Email, "Leaves."))
        );
        Assert.Null(await people.Transfer(Cast.Amina.Membership.Id, null, Cast.Otieno.Email.ToUpperInvariant(), "Leaves the mission."));
        var rows = (await people.Read(Cast.Otieno.Id)).Person.Memberships;
        Assert.Contains(rows, r => r is { Role: Role.FocalPoint, Standing: MembershipStanding.InForce });
        Assert.Equal(MembershipStanding.Ended, Assert.Single((await people.Read(Cast.Amina.Id)).Person.Memberships).Standing);

        var link = await (await As(test, Cast.Ingrid)).Transfer(
            Cast.Lars.Membership.Id,
            null,
            "successor@example.org",
            "Leaves the agency."
        );
        Assert.Contains("/account/invitation/", link);
        var invited = Assert.Single((await (await InvitesAs(test, Cast.Ingrid)).Waiting(All)).Rows);
        Assert.Equal((Role.ProviderContributor, "successor@example.org"), (invited.Role, invited.Email));
        Assert.Equal(["membership.added", "membership.transferred", "membership.transferred"], (await Log(test)).Order());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Contributors_are_invited_by_delegation_up_to_the_limit_that_access_managers_set(Database database)
    {
        await using var test = await TestDb.Open(database);
        var amina = await InvitesAs(test, Cast.Amina);
        var organisations = (await test.As(Cast.Malik)).Get<OrganisationService>();
        await organisations.Limit("ken", 10, "2");
        Assert.Equal("record.changed_meanwhile", await RefusalOf(() => organisations.Limit("ken", 10, "3")));
        Assert.Equal("organisation.limit_out_of_range", await RefusalOf(() => organisations.Limit("ken", 2, "501")));
        Assert.Equal(
            "people.not_yours",
            await RefusalOf(async () => await (await test.As(Cast.Tomas)).Get<OrganisationService>().Limit("ken", 2, "9"))
        );

        await amina.Invite("first@example.org", Place(Cast.Kenya, Role.StateContributor));
        Assert.Equal(
            "membership.limit_reached",
            await RefusalOf(() => amina.Invite("second@example.org", Place(Cast.Kenya, Role.StateContributor)))
        );
        Assert.Equal("people.not_yours", await RefusalOf(() => amina.Invite("x@example.org", Place(Cast.Kenya, Role.FocalPoint))));
        Assert.Equal("people.not_yours", await RefusalOf(() => amina.Invite("x@example.org", Place(Cast.Peru, Role.StateContributor))));
        var view = await organisations.Read("ken", 1);
        Assert.Equal((2, 2, 2), (view.Contributors, view.Limit!.Value, view.Total));

        // The place of who is invited is free again once the invitation is withdrawn.
        var row = Assert.Single((await amina.Waiting(All)).Rows);
        Assert.Empty((await (await InvitesAs(test, Cast.Rosa)).Waiting(All)).Rows);
        await Assert.ThrowsAsync<NotFound>(async () => await (await InvitesAs(test, Cast.Rosa)).Withdraw(row.Id));
        await amina.Withdraw(row.Id);
        await amina.Invite("second@example.org", Place(Cast.Kenya, Role.StateContributor));
        await using var db = await test.AsSystem();
        Assert.Equal(2, await db.Set<OutboxMail>().CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_invitation_is_given_once_sent_again_with_another_link_and_brings_its_dates(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = await test.As(Cast.Malik);
        var (invites, service) = (malik.Get<PeopleInvitations>(), malik.Get<InvitationService>());
        Assert.Equal("email.invalid", await RefusalOf(() => invites.Invite("no address", Place(Cast.Peru, Role.FocalPoint))));
        Assert.Equal("email.invalid", await RefusalOf(() => invites.Invite("a b@example.org", Place(Cast.Peru, Role.FocalPoint))));
        Assert.Equal("people.own", await RefusalOf(() => invites.Invite(Cast.Malik.Email, Place(Cast.Peru, Role.FocalPoint))));
        Assert.Equal("membership.there_already", await RefusalOf(() => invites.Invite(Cast.Rosa.Email, Place(Cast.Peru, Role.FocalPoint))));
        var first = await invites.Invite("new@example.org", Place(Cast.Peru, Role.FocalPoint, Cast.Now.AddDays(3), Cast.Now.AddDays(60)));
        Assert.Equal("invitation.waiting", await RefusalOf(() => invites.Invite("NEW@example.org", Place(Cast.Peru, Role.FocalPoint))));
        var second = await invites.SendAgain(Assert.Single((await invites.Waiting(All)).Rows).Id);
        Assert.Null(await service.Find(first.Split('/')[^1]));
        var found = await service.Find(second.Split('/')[^1]);
        Assert.Equal((Cast.Now.AddDays(3), Cast.Now.AddDays(60)), (found!.Value.Invitation.From, found.Value.Invitation.Until));
        Assert.Equal(["invitation.sent", "invitation.sent_again"], await Log(test));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_check_older_than_ten_minutes_is_asked_for_again(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = await test.As(Cast.Malik);
        test.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("account.check_again", await RefusalOf(() => malik.Get<PeopleService>().SuspendAccount(Cast.Otieno.Id, "Why.")));
        Assert.Equal(
            "account.check_again",
            await RefusalOf(() => malik.Get<PeopleInvitations>().Invite("new@example.org", Place(Cast.Peru, Role.FocalPoint)))
        );
        Assert.Equal("account.check_again", await RefusalOf(() => malik.Get<OrganisationService>().Limit("ken", 10, "9")));
        Assert.Equal("account.check_again", await RefusalOf(() => malik.Get<PeopleImport>().CarryOut([])));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Organisations_are_found_by_any_of_their_six_names(Database database)
    {
        await using var test = await TestDb.Open(database);
        var organisations = (await test.As(Cast.Tomas)).Get<OrganisationService>();
        foreach (var name in new[] { "Kenya", "肯尼亚", "كينيا", "Кения", "ken" })
            Assert.Contains((await organisations.List(name, [], 1)).Rows, o => o is { Code: "ken", People: 2 });
        Assert.Empty((await organisations.List("Kenya", [OrganisationKind.Provider], 1)).Rows);
        await Assert.ThrowsAsync<NotFound>(() => organisations.Read("nowhere", 1));
        foreach (var other in Cast.All.Where(p => !Delegation.May(p, PeopleAct.SeeAll)))
            Assert.Equal(
                "people.not_yours",
                await RefusalOf(async () => await (await test.As(other)).Get<OrganisationService>().List(null, [], 1))
            );
    }
}
