using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.Access;

/// <summary>Access managers give, preview, approve and take back; nobody else does.</summary>
public sealed class GrantServiceTests
{
    private static Grant.Terms Terms(
        Section section,
        Level level = Level.View,
        bool deny = false,
        RegionalGroup? region = null,
        DateTime? until = null,
        string reason = "Asked for by letter."
    ) => new(section, level, deny, [], region, false, Cast.Now, until, reason);

    private static async Task<string> RefusalOf(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    [Theory, OnSqlite, OnPostgres]
    public async Task A_grant_previewed_given_and_revoked_counts_exactly_as_previewed(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.NeedAt(Domain.Assistance.NeedStatus.Circulated),
            Cast.NeedAt(Domain.Assistance.NeedStatus.Circulated, Cast.Rosa)
        );
        var grants = (await test.As(Cast.Malik)).Get<GrantService>();
        var to = Principal.Person(Cast.Chloe.Id);
        var preview = await grants.PreviewOf(to, Terms(Section.Needs, region: RegionalGroup.Africa));
        Assert.Equal(
            [new LevelMove(null, Level.None, Level.View, 1, 1, 0), new LevelMove(Need.Card, Level.None, Level.View, 1, 1, 1)],
            preview.Moves
        );

        Assert.False(await grants.Give(to, Terms(Section.Needs, region: RegionalGroup.Africa)));
        var chloe = await test.As(Cast.Chloe);
        await using (var db = await chloe.Get<ActorSource>().Open())
            Assert.Equal("KEN", Assert.Single(await db.Needs.ToListAsync()).StateIso3);

        var row = Assert.Single((await grants.List(All)).Rows);
        Assert.Equal(GrantStanding.InForce, row.Standing);
        Assert.Equal(
            [new LevelMove(null, Level.View, Level.None, 1, 1, 0), new LevelMove(Need.Card, Level.View, Level.None, 1, 1, 1)],
            (await grants.PreviewOfRevoking(row.Id)).Moves
        );
        await grants.Revoke(row.Id, "Her task is done.");
        await using (var db = await chloe.Get<ActorSource>().Open())
            Assert.Empty(await db.Needs.ToListAsync());
        Assert.Empty((await grants.List(All)).Rows);
        await using var log = await test.AsSystem();
        Assert.Equal(
            ["grant.given", "grant.revoked"],
            await log
                .AuditEntries.Where(e => e.Section == Section.Access)
                .OrderBy(e => e.At)
                .ThenBy(e => e.Id)
                .Select(e => e.Code)
                .ToListAsync()
        );
    }

    private static readonly GrantQuery All = new(null, [], [], [], [], false, false, 1);

    [Theory, OnSqlite, OnPostgres]
    public async Task What_lets_someone_manage_a_section_waits_for_a_second_access_manager(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = (await test.As(Cast.Malik)).Get<GrantService>();
        Assert.True(await malik.Give(Principal.Person(Cast.Chloe.Id), Terms(Section.Guide, Level.Manage)));
        var chloe = await test.ActorsAs(Cast.Chloe);
        Assert.Equal(Level.None, (await chloe.Current()).LevelIn(Section.Guide));

        var id = Assert.Single((await malik.List(All with { Standings = [GrantStanding.Waiting] })).Rows).Id;
        Assert.Equal("grant.own_approval", await RefusalOf(() => malik.Approve(id)));
        // The second sees what the first saw, as things stand now.
        Assert.Equal(
            (await malik.PreviewOf(Principal.Person(Cast.Chloe.Id), Terms(Section.Guide, Level.Manage))).Moves,
            (await (await test.As(Cast.Noor)).Get<GrantService>().PreviewOfApproving(id)).Moves
        );
        Assert.Equal(Level.None, (await chloe.Current()).LevelIn(Section.Guide));
        Assert.Equal(Level.None, (await chloe.Current()).LevelIn(Section.Guide));

        await (await test.As(Cast.Noor)).Get<GrantService>().Approve(id);
        Assert.Equal(Level.Manage, (await chloe.Current()).LevelIn(Section.Guide));
        Assert.Equal("grant.not_waiting", await RefusalOf(() => malik.Approve(id)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_else_gives_previews_or_even_sees_a_grant(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Grant(Principal.Person(Cast.Chloe.Id), Section.Guide, Level.View));
        foreach (var player in Cast.All.Where(p => p.Role != Role.AccessManager))
        {
            var grants = (await test.As(player)).Get<GrantService>();
            Assert.Equal("access.not_yours", await RefusalOf(() => grants.Give(Principal.Person(player.Id), Terms(Section.Guide))));
            Assert.Equal("access.not_yours", await RefusalOf(() => grants.PreviewOf(Principal.Person(player.Id), Terms(Section.Guide))));
            Assert.Equal(player.Role is Role.ExecutiveDirector or Role.Auditor ? 1 : 0, (await grants.List(All)).Rows.Count);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_may_not_be_given_is_refused_in_words_and_changes_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var grants = (await test.As(Cast.Malik)).Get<GrantService>();
        var chloe = Principal.Person(Cast.Chloe.Id);
        Assert.Equal("grant.to_nobody", await RefusalOf(() => grants.Give(Principal.Person(Guid.NewGuid()), Terms(Section.Guide))));
        Assert.Equal("grant.to_nobody", await RefusalOf(() => grants.Give(Principal.Organisation(Guid.NewGuid()), Terms(Section.Guide))));
        Assert.Equal("grant.own_access", await RefusalOf(() => grants.Give(Principal.Person(Cast.Malik.Id), Terms(Section.Guide))));
        Assert.Equal("grant.own_access", await RefusalOf(() => grants.Give(Principal.Organisation(Cast.Cted.Id), Terms(Section.Guide))));
        Assert.Equal("grant.own_access", await RefusalOf(() => grants.Give(Principal.Of(Role.AccessManager), Terms(Section.Guide))));
        Assert.Equal(
            "grant.period_over",
            await RefusalOf(() =>
                grants.Give(chloe, Terms(Section.Guide) with { From = Cast.Now.AddDays(-9), Until = Cast.Now.AddDays(-1) })
            )
        );
        Assert.Equal("grant.reason_required", await RefusalOf(() => grants.Give(chloe, Terms(Section.Guide, reason: "  "))));
        Assert.Equal("grant.duties_apart", await RefusalOf(() => grants.Give(Principal.Of(Role.Auditor), Terms(Section.Needs))));
        Assert.Equal(
            "grant.scope_empty",
            await RefusalOf(() => grants.Give(chloe, Terms(Section.Needs, region: RegionalGroup.Africa) with { States = ["PER"] }))
        );
        Assert.Equal(
            "access.last_one",
            await RefusalOf(() => grants.Give(Principal.Of(Role.AccessManager), Terms(Section.Access, deny: true)))
        );
        Assert.Equal(
            "access.last_one",
            await RefusalOf(() => grants.Give(Principal.Of(Role.Administrator), Terms(Section.Administration, deny: true)))
        );
        await using var db = await test.AsSystem();
        Assert.Empty(await db.Grants.ToListAsync());

        await grants.Give(chloe, Terms(Section.Guide));
        Assert.Equal("grant.there_already", await RefusalOf(() => grants.Give(chloe, Terms(Section.Guide))));
    }

    private static async Task<string?> OutcomeOf(Func<Task> act)
    {
        // On a thread of its own: SQLite answers on the thread that asks.
        try
        {
            await Task.Run(act);
            return null;
        }
        catch (Refusal refusal)
        {
            return refusal.Code;
        }
    }

    /// <summary>Both at once, whoever is first; what each came to, the refusal last.</summary>
    private static async Task<string?[]> AtOnce(Func<Task> one, Func<Task> other) =>
        [.. (await Task.WhenAll(OutcomeOf(one), OutcomeOf(other))).Order(StringComparer.Ordinal)];

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_access_managers_at_once_one_is_told_what_the_other_did(Database database)
    {
        await using var test = await TestDb.Open(database);
        for (var round = 0; round < 5; round++)
        {
            var (malik, noor) = ((await test.As(Cast.Malik)).Get<GrantService>(), (await test.As(Cast.Noor)).Get<GrantService>());
            var to = Principal.Person(Cast.Chloe.Id);
            Assert.Equal<IEnumerable<string?>>(
                [null, "grant.there_already"],
                await AtOnce(() => malik.Give(to, Terms(Section.Guide)), () => noor.Give(to, Terms(Section.Guide)))
            );
            var id = Assert.Single((await malik.List(All)).Rows).Id;
            Assert.Equal<IEnumerable<string?>>(
                [null, "grant.already_revoked"],
                await AtOnce(() => malik.Revoke(id, "Done."), () => noor.Revoke(id, "Done."))
            );
            await using var log = await test.AsSystem();
            Assert.Equal(
                (round + 1, round + 1),
                (
                    await log.AuditEntries.CountAsync(e => e.Code == "grant.given"),
                    await log.AuditEntries.CountAsync(e => e.Code == "grant.revoked")
                )
            );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_access_managers_who_close_access_to_each_other_at_once_do_not_leave_nobody(Database database)
    {
        for (var round = 0; round < 3; round++)
        {
            await using var test = await TestDb.Open(database);
            var (malik, noor) = (await test.As(Cast.Malik), await test.As(Cast.Noor));
            var outcomes = await AtOnce(
                () => malik.Get<GrantService>().Give(Principal.Person(Cast.Noor.Id), Terms(Section.Access, deny: true)),
                () => noor.Get<GrantService>().Give(Principal.Person(Cast.Malik.Id), Terms(Section.Access, deny: true))
            );
            Assert.Null(outcomes[0]);
            Assert.Contains(outcomes[1], new[] { "access.not_yours", "access.last_one" });
            Assert.Equal(
                1,
                new[] { await malik.Get<ActorSource>().Current(), await noor.Get<ActorSource>().Current() }.Count(a =>
                    a.LevelIn(Section.Access) == Level.Manage
                )
            );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_deny_on_oneself_is_for_another_to_take_away(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (malik, noor) = ((await test.As(Cast.Malik)).Get<GrantService>(), (await test.As(Cast.Noor)).Get<GrantService>());
        await noor.Give(Principal.Person(Cast.Malik.Id), Terms(Section.Directory, deny: true));
        var id = Assert.Single((await malik.List(All)).Rows).Id;
        Assert.Equal("grant.own_access", await RefusalOf(() => malik.Revoke(id, "I want it back.")));
        Assert.Equal("grant.own_access", await RefusalOf(() => malik.EndAt(id, test.Now.AddDays(1))));
        await noor.Revoke(id, "A slip.");
        Assert.Empty((await malik.List(All)).Rows);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_check_older_than_ten_minutes_is_asked_for_again(Database database)
    {
        await using var test = await TestDb.Open(database);
        var grants = (await test.As(Cast.Malik)).Get<GrantService>();
        test.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("account.check_again", await RefusalOf(() => grants.Give(Principal.Person(Cast.Chloe.Id), Terms(Section.Guide))));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_list_finds_what_ends_soon_what_is_unused_and_whom_it_is_for(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.GrantTo(
                Principal.Person(Cast.Chloe.Id),
                Section.Guide,
                Level.View,
                false,
                [],
                null,
                Cast.Now.AddDays(-200),
                Cast.Now.AddDays(10)
            ),
            Cast.GrantTo(
                Principal.Organisation(Cast.NorthernAgency.Id),
                Section.Visits,
                Level.View,
                false,
                [],
                null,
                Cast.Now.AddDays(-1),
                null
            ),
            Cast.GrantTo(Principal.Of(Role.Expert), Section.Reporting, Level.View, false, [], null, Cast.Now.AddDays(5), null)
        );
        var grants = (await test.As(Cast.Malik)).Get<GrantService>();
        async Task<string> Sections(GrantQuery query) => string.Join(' ', (await grants.List(query)).Rows.Select(r => r.Section));
        Assert.Equal("Reporting Visits Guide", await Sections(All));
        Assert.Equal("Guide", await Sections(All with { Expiring = true }));
        Assert.Equal("Guide", await Sections(All with { Unused = true }));
        Assert.Equal("Visits", await Sections(All with { Words = "northern" }));
        Assert.Equal("Guide", await Sections(All with { Words = "CHLOE@" }));
        Assert.Equal("Reporting", await Sections(All with { Standings = [GrantStanding.Coming] }));
        Assert.Equal("Reporting", await Sections(All with { Kinds = [PrincipalKind.Role] }));
        Assert.Equal("", await Sections(All with { Sections = [Section.Audit] }));
    }
}
