using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Home;
using Portal.Identity;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Tests.Access;

/// <summary>
/// An access manager looks as others: what is theirs is counted, what the manager may not read is masked, and nothing is done.
/// </summary>
public sealed class ViewingTests
{
    [Property(MaxTest = 300)]
    public void A_preview_counts_as_theirs_and_shows_no_more_than_both_may_read(PositiveInt seed)
    {
        var world = new World(seed.Get);
        var (theirs, viewers) = (world.Member(), world.Member());
        var them = Actor.Of(theirs, "", world.Grants(theirs), Cast.Now);
        var viewer = Actor.Of(viewers, "", world.Grants(viewers), Cast.Now);
        var preview = them.SeenBy(viewer);
        Assert.Equal(them.Claims, preview.Claims);
        for (var i = 0; i < 20; i++)
        {
            var record = world.Record();
            var (full, own, seen) = (Decision.On(record, them), Decision.On(record, viewer), Decision.On(record, preview));
            Assert.Equal(0, seen.View & ~(full.View & own.View));
            Assert.True(seen.Level <= full.Level && (!seen.Visible || own.Visible));
            // What the database shows is what the decision says, and what it counts is theirs.
            int Met(AudienceKeys keys) =>
                Reach.Of(record).Where(r => keys.Meets(r.Audience, r.State)).Aggregate(0, (view, r) => view | r.View);
            Assert.Equal(seen.View, Met(preview.Keys));
            Assert.Equal(full.View, Met(preview.CountedKeys));
        }
    }

    private static async Task<TestScope> Looking(TestDb test, Role role, Organisation? organisation, params string[] states)
    {
        var malik = await test.As(Cast.Malik);
        await malik.Get<ViewAsService>().Start(role, organisation?.Id, states);
        return malik;
    }

    private static async Task<string> RefusalOf(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    private static ListAddress Needs(string query = "") => ListAddress.Of($"{Need.Card.List}?{query}");

    [Theory, OnSqlite, OnPostgres]
    public async Task Lists_have_as_many_records_as_theirs_and_show_those_that_the_manager_may_read(Database database)
    {
        await using var test = await TestDb.Open(database);
        var publicNeed = Cast.NeedAt(NeedStatus.Authenticated)
            .SharedWith(Cast.NorthernAgency)
            .SharedWith(Audience.Public)
            .CirculatedBy(Cast.Andrei);
        await test.Save(
            publicNeed,
            Cast.NeedAt(NeedStatus.Circulated),
            Cast.NeedAt(NeedStatus.Circulated, Cast.Rosa),
            Cast.NeedAt(NeedStatus.Draft),
            Cast.ProposalAt(ProposalStatus.Proposed, publicNeed),
            Cast.Profile(Cast.NorthernAgency, true)
        );
        foreach (var player in new[] { Cast.Ingrid, Cast.Amina, Cast.Andrei, Cast.Fatou, Cast.Dorothea, Cast.Leila })
        {
            var own = await test.As(player);
            var looking = await Looking(test, player.Role, player.Organisation, [.. player.Membership.AssignedStates]);
            Assert.Equal(player.Actor.Claims, (await looking.Get<ActorSource>().Current()).Claims);

            var (theirs, seen) = (
                await own.Get<ListService>().Page(NeedList.List, Needs()),
                await looking.Get<ListService>().Page(NeedList.List, Needs())
            );
            Assert.Equal((theirs.Total, theirs.Rows.Count), (seen.Total, seen.Rows.Count + seen.Masked.Count));
            Assert.Equal(theirs.Rows.Select(r => r.Id).Order(), seen.Rows.Select(r => r.Id).Concat(seen.Masked.Select(m => m.Id)).Order());
            Assert.All(seen.Masked, m => Assert.Equal((int)theirs.Rows.Single(r => r.Id == m.Id).Parts, m.View));
            var row = Assert.Single(seen.Rows, r => r.Id == publicNeed.Id);
            Assert.Equal(NeedParts.Summary, row.Parts);
            Assert.Equal(theirs.Rows.Single(r => r.Id == publicNeed.Id).Parts, row.Parts | row.Veiled);
            Assert.Null(row.FundingGap);
            Assert.DoesNotContain(seen.Rows, r => r.Id != publicNeed.Id);

            var address = ListAddress.Of("/proposals");
            if (player.Role != Role.Partner)
                Assert.Equal(
                    (await own.Get<ListService>().Page(ProposalList.List, address)).Total,
                    (await looking.Get<ListService>().Page(ProposalList.List, address)).Masked.Count
                );
            var (home, theirHome) = (await looking.Get<HomeService>().Get(), await own.Get<HomeService>().Get());
            Assert.Equal(theirHome.Figures, home.Figures);
            Assert.Equal(
                theirHome.Waiting.CountBy(w => w.Code).OrderBy(w => w.Key),
                home.Masked.Select(m => KeyValuePair.Create(m.Code, m.Count + home.Waiting.Count(w => w.Code == m.Code)))
                    .OrderBy(m => m.Key)
            );

            foreach (var reference in theirs.Rows.Where(r => r.Id != publicNeed.Id).Select(r => r.Reference))
                await Assert.ThrowsAsync<NotFound>(() => looking.Get<NeedService>().Get(reference));
            var view = await looking.Get<NeedService>().Get(publicNeed.Reference);
            Assert.Equal((NeedParts.Summary, null, null), (view.Parts, view.Texts[0].Description, view.EstimatedCost));
            Assert.Equal((await own.Get<NeedService>().Get(publicNeed.Reference)).Parts, view.Parts | view.Veiled);
            foreach (var masked in seen.Masked)
                Assert.Equal((Need.Card, masked.View), ((await looking.Get<ViewAsService>().Masked(masked.Id)).Kind, masked.View));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_every_kind_what_is_theirs_is_counted_and_what_the_manager_may_not_read_is_masked(Database database)
    {
        await using var test = await TestDb.Open(database);
        var records = Specimens.Some(new World(12), each: 12);
        await test.Save(records);
        // Of the directory an access manager sees everything, unless it is denied: then all of it is masked that is not public.
        await test.Save(Cast.Denial(Principal.Person(Cast.Malik.Id), Section.Directory));
        var manager = Cast.Malik.With(Cast.Denial(Principal.Person(Cast.Malik.Id), Section.Directory));
        var (masked, veiled) = (new HashSet<Kind>(), new HashSet<Kind>());
        foreach (var player in new[] { Cast.Ingrid, Cast.Amina, Cast.Andrei, Cast.Fatou, Cast.Leila, Cast.Chloe })
        {
            var looking = await Looking(test, player.Role, player.Organisation, [.. player.Membership.AssignedStates]);
            int Theirs(IProtected record) => Decision.On(record, player).View;
            int Shown(IProtected record) => Theirs(record) & Decision.On(record, manager).View;
            foreach (var record in records)
                // What is public is looked at in the section, by those who enter it.
                if (Theirs(record) == 0 || player.Actor.LevelIn(record.Kind.Section) < Level.View)
                    await Assert.ThrowsAsync<NotFound>(() => looking.Get<ViewAsService>().Masked(record.Id));
                else
                {
                    var told = await looking.Get<ViewAsService>().Masked(record.Id);
                    Assert.Equal((record.Kind, Theirs(record)), (told.Kind, told.View));
                }
            foreach (var list in RecordRooms.Lists)
            {
                var theirs = records.Where(r => r.Kind == list.Kind && Theirs(r) != 0).ToList();
                var page = await PageOf(looking.Get<ListService>(), list);
                Assert.Equal(theirs.Count, page.Total);
                Assert.Equal(
                    theirs.Where(r => Shown(r) == 0).Select(r => (r.Id, Theirs(r))).Order(),
                    page.Masked.Select(m => (m.Id, m.View)).Order()
                );
                Assert.Equal(theirs.Where(r => Shown(r) != 0).Select(r => r.Id).Order(), page.Rows.Select(r => r.Id).Order());
                foreach (var row in page.Rows)
                {
                    var record = theirs.Single(r => r.Id == row.Id);
                    // What every reader of a list sees of a record has no parts in it.
                    if (row.View != ~0)
                        Assert.Equal((Shown(record), Theirs(record) & ~Shown(record)), (row.View, row.Veiled));
                    if (row.Veiled != 0)
                        veiled.Add(list.Kind);
                    // The page says it as the list does.
                    if (record is Programme)
                        Assert.Equal(row.Veiled, (int)(await looking.Get<ProgrammeService>().Get(row.Reference)).Row.Veiled);
                }
                if (page.Masked.Count > 0)
                    masked.Add(list.Kind);
            }
        }
        Assert.Equal(RecordRooms.Lists.Select(l => l.Kind).ToHashSet(), masked);
        Assert.True(veiled.Count > 1);
    }

    private static async Task<(int Total, IReadOnlyList<IListed> Rows, IReadOnlyList<MaskedRecord> Masked)> PageOf(
        ListService lists,
        RecordList list
    )
    {
        var page = await (dynamic)lists.Page((dynamic)list, ListAddress.Of(list.Kind.List + "?pageSize=200"));
        return ((int)page.Total, [.. ((IEnumerable)page.Rows).Cast<IListed>()], (IReadOnlyList<MaskedRecord>)page.Masked);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nothing_that_is_asked_for_tells_what_a_masked_record_says(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Submitted), Cast.NeedAt(NeedStatus.Circulated, Cast.Rosa));
        var looking = await Looking(test, Role.AssistanceOfficer, Cast.Cted);
        var lists = looking.Get<ListService>();
        var whole = await lists.Page(NeedList.List, Needs());
        Assert.Equal(2, whole.Total);
        foreach (
            var query in new[]
            {
                "q=training",
                "q=nothing at all",
                "state=PER",
                "status=Draft",
                "theme=CFT",
                "urgency=Low",
                "modality=TRAINING",
                "sort=State",
                "sort=Reference",
                "region=Africa&q=x",
            }
        )
        {
            var asked = await lists.Page(NeedList.List, Needs(query));
            Assert.Equal((whole.Total, 0), (asked.Total, asked.Rows.Count));
            Assert.Equal(whole.Masked, asked.Masked);
        }
        Assert.All(await looking.Get<SearchService>().Find("training", 8), g => Assert.Empty(g.Hits));
        var auditor = await Looking(test, Role.Auditor, Cast.Cted);
        var log = await auditor.Get<AuditService>().List(new AuditQuery(null, null, null, null, null, null, null));
        Assert.Empty(log.Rows);
        Assert.True(log.Total > 0);
        Assert.Equal(
            log.Total,
            (
                await auditor.Get<AuditService>().List(new AuditQuery("NEED-2027-0001", "nobody", null, Section.Visits, null, null, null))
            ).Total
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_role_by_itself_has_what_the_role_brings_and_nothing_of_any_organisation(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.NeedAt(NeedStatus.Circulated),
            Cast.NeedAt(NeedStatus.Draft),
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei),
            Cast.Grant(Principal.Of(Role.ProviderManager), Section.Visits, Level.View)
        );
        foreach (var role in Enum.GetValues<Role>())
        {
            var looking = await Looking(test, role, null);
            var actor = await looking.Get<ActorSource>().Current();
            Assert.Equal(role, actor.Role);
            Assert.Equal(role == Role.ProviderManager ? Level.View : Level.None, actor.LevelIn(Section.Visits));
            var total = role switch
            {
                Role.ProviderManager or Role.ProviderContributor => 1,
                Role.AssistanceOfficer or Role.ExecutiveDirector => 2,
                _ => 0,
            };
            Assert.Equal(total, (await looking.Get<ListService>().Page(NeedList.List, Needs())).Total);
            await looking.Get<HomeService>().Get();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task It_begins_for_access_managers_who_gave_their_password_lately_and_one_at_a_time(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var player in new[] { Cast.Amina, Cast.Dorothea, Cast.Auguste, Cast.Tomas, Cast.Andrei })
        {
            var other = await test.As(player);
            Assert.Equal(
                "access.not_yours",
                await RefusalOf(() => other.Get<ViewAsService>().Start(Role.ProviderManager, Cast.NorthernAgency.Id, []))
            );
        }
        var malik = await test.As(Cast.Malik);
        var service = malik.Get<ViewAsService>();
        Assert.Equal("membership.role_does_not_fit", await RefusalOf(() => service.Start(Role.FocalPoint, Cast.NorthernAgency.Id, [])));
        Assert.Equal("grant.to_nobody", await RefusalOf(() => service.Start(Role.FocalPoint, Guid.NewGuid(), [])));
        Assert.Equal("state.unknown", await RefusalOf(() => service.Start(Role.LegalOfficer, Cast.Cted.Id, ["XYZ"])));
        test.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("account.check_again", await RefusalOf(() => service.Start(Role.FocalPoint, Cast.Kenya.Id, [])));

        // Also as an access manager: one does not look through a looking-glass at another.
        var looking = await Looking(test, Role.AccessManager, Cast.Cted);
        Assert.Equal("viewing.read_only", await RefusalOf(() => looking.Get<ViewAsService>().Start(Role.FocalPoint, Cast.Kenya.Id, [])));
        // Another session of the same person is as it was.
        Assert.False((await malik.Get<ActorSource>().Current()).IsPreview);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Its_beginning_and_its_end_are_in_the_log_however_it_ends(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var other = test.AnotherNode();
        var (viewings, elsewhere) = ((await test.As(null)).Get<Viewings>(), (await other.As(null)).Get<Viewings>());
        foreach (var how in Enum.GetValues<ViewingEnd>())
        {
            var looking = await Looking(test, Role.FocalPoint, Cast.Kenya);
            var actors = looking.Get<ActorSource>();
            Assert.True((await actors.Current()).IsPreview);
            await viewings.EndOver();
            Assert.True((await actors.Current()).IsPreview);
            var sessionId = looking.Get<Visitor>().SessionId!.Value;
            switch (how)
            {
                case ViewingEnd.Stopped:
                    await viewings.Stop((await looking.Get<Sessions>().Of(sessionId))!);
                    break;
                case ViewingEnd.TimeOver:
                    // Exactly at its end, whether or not anybody noted it.
                    test.Clock.Advance(Viewing.Longest - TimeSpan.FromMilliseconds(1));
                    Assert.True((await actors.Current()).IsPreview);
                    test.Clock.Advance(TimeSpan.FromMilliseconds(1));
                    break;
                case ViewingEnd.SessionOver:
                    await using (var db = await test.AsSystem())
                    {
                        db.Remove(await db.Sessions.SingleAsync(s => s.Id == sessionId));
                        await db.SaveChangesAsync();
                    }
                    break;
                case ViewingEnd.AccessLost:
                    await test.Save(Cast.Denial(Principal.Person(Cast.Malik.Id), Section.Access));
                    break;
            }
            var after = await actors.Current();
            Assert.False(after.IsPreview);
            if (how == ViewingEnd.AccessLost)
                Assert.Equal(Level.None, after.LevelIn(Section.Access));
            // Two nodes notice at once; it ended once.
            await Task.WhenAll(viewings.EndOver(), elsewhere.EndOver());
            await using var log = await test.AsSystem();
            var ended = Assert.Single(await log.AuditEntries.Where(e => e.Code == "viewing.ended" && e.To == how.ToString()).ToListAsync());
            Assert.Equal(("FocalPoint@ken", Cast.Malik.Id, Section.Access), (ended.From, ended.PersonId, ended.Section));
            var started = await log.AuditEntries.SingleAsync(e => e.Code == "viewing.started" && e.Subject == ended.Subject);
            Assert.Equal(
                ("FocalPoint@ken", Cast.Malik.Id, Cast.Malik.Membership.Id),
                (started.To, started.PersonId, started.MembershipId!.Value)
            );
            Assert.Equal(how, (await log.Viewings.SingleAsync(v => v.Id == Guid.Parse(ended.Subject!))).HowEnded);
        }
        await using var all = await test.AsSystem();
        Assert.Equal(8, await all.AuditEntries.CountAsync(e => e.Code.StartsWith("viewing.")));
        Assert.Null((await all.Verify([])).Break);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_connection_of_a_preview_only_reads_whoever_writes_and_the_next_one_writes_again(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Circulated));
        var looking = await Looking(test, Role.FocalPoint, Cast.Kenya);
        for (var i = 0; i < 3; i++)
        {
            await using (var db = await looking.Get<ActorSource>().Open())
            {
                await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
                    db.Database.ExecuteSqlAsync($"""UPDATE "Needs" SET "Title" = 'changed'""")
                );
                await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
                    db.Organisations.ExecuteUpdateAsync(s => s.SetProperty(o => o.Website, "https://example.org"))
                );
                await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Memberships.ExecuteDeleteAsync());
                db.Add(Cast.GrantTo(Principal.Of(Role.Partner), Section.Visits, Level.View, false, [], null, test.Now, null));
                Assert.Equal("viewing.read_only", await RefusalOf(() => db.SaveChangesAsync()));
                Assert.Equal("viewing.read_only", await RefusalOf(() => db.NextReference(Domain.Assistance.Need.Card, 2027)));
                Assert.Equal("viewing.read_only", await RefusalOf(() => db.OneAtATime("people", () => Task.CompletedTask)));
            }
            await test.Save(Cast.NeedAt(NeedStatus.Draft));
        }
    }

    [Theory, OnPostgres]
    public async Task Where_a_filter_is_forgotten_the_database_masks_all_the_same(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.NeedAt(NeedStatus.Circulated),
            Cast.NeedAt(NeedStatus.Draft),
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Audience.Public).CirculatedBy(Cast.Andrei)
        );
        foreach (
            var (role, organisation) in new[]
            {
                (Role.FocalPoint, Cast.Kenya),
                (Role.ProviderManager, Cast.NorthernAgency),
                (Role.AssistanceOfficer, Cast.Cted),
                (Role.Auditor, Cast.Cted),
            }
        )
        {
            var looking = await Looking(test, role, organisation);
            await using var db = await looking.Get<ActorSource>().Open();
            Assert.Single(await db.Needs.IgnoreQueryFilters().ToListAsync());
            Assert.Empty(await db.AuditEntries.IgnoreQueryFilters().ToListAsync());
            Assert.All(await db.Reach.ToListAsync(), r => Assert.Equal("need/public", r.Audience));
        }
    }

    // ---- Every way to write

    /// <summary>The services that act for whoever asks, and all they can be asked.</summary>
    private static IEnumerable<(Type Service, MethodInfo Method)> Acts() =>
        from type in typeof(PortalDb).Assembly.GetTypes()
        where
            type is { IsClass: true, IsAbstract: false }
            && type != typeof(ActorSource)
            && type.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(ActorSource)))
            && !type.IsAssignableTo(typeof(Microsoft.AspNetCore.Authorization.IAuthorizationHandler))
            && !type.IsAssignableTo(typeof(Microsoft.AspNetCore.Components.ComponentBase))
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where
            method.ReturnType.IsAssignableTo(typeof(Task))
            && !method.GetParameters().Any(p => p.ParameterType == typeof(PortalDb) || p.ParameterType.Name == "HttpRequest")
        select (type, method);

    [Theory, OnSqlite, OnPostgres, Trait("Pace", "Slow")]
    public async Task Whatever_any_service_is_asked_in_a_preview_the_database_stays_as_it_is(Database database)
    {
        await using var test = await TestDb.Open(database);
        var known = await Filled(test);
        var acts = Acts().ToList();
        Assert.True(acts.Count > 80, $"{acts.Count} acts found");
        foreach (var player in new[] { Cast.Amina, Cast.Ingrid, Cast.Andrei, Cast.Chloe, Cast.Noor, Cast.Tomas })
        {
            var looking = await Looking(test, player.Role, player.Organisation);
            var before = await Everything(test);
            foreach (var (service, method) in acts)
                await Try(looking, service, method, known);
            Assert.Equal("", Changed(before, await Everything(test)));
            Assert.True((await looking.Get<ActorSource>().Current()).IsPreview);
        }
        // The same calls by the people themselves do change it: the comparison can tell.
        var changed = new List<string>();
        foreach (var player in new[] { Cast.Amina, Cast.Ingrid, Cast.Andrei, Cast.Malik })
        {
            var own = await test.As(player);
            foreach (var (service, method) in acts)
            {
                var before = await Logged(test);
                await Try(own, service, method, known);
                if (before != await Logged(test))
                    changed.Add($"{service.Name}.{method.Name}");
            }
        }
        Assert.True(changed.Distinct().Count() >= 15, string.Join(' ', changed.Distinct()));
    }

    private static async Task<int> Logged(TestDb test)
    {
        await using var db = await test.AsSystem();
        return await db.AuditEntries.CountAsync();
    }

    private sealed record Known(Need Need, Need Draft, Proposal Proposal, Guid GrantId, Guid Notice);

    private static async Task<Known> Filled(TestDb test)
    {
        // Of public needs also the summary is shown in a preview, so that acts on them get as far as they can.
        var need = Cast.NeedAt(NeedStatus.Authenticated)
            .SharedWith(Cast.NorthernAgency)
            .SharedWith(Audience.Public)
            .CirculatedBy(Cast.Andrei);
        var draft = Cast.NeedAt(NeedStatus.Draft);
        var proposal = Cast.ProposalAt(ProposalStatus.Proposed, need);
        var grant = Cast.Grant(Principal.Of(Role.Partner), Section.Visits, Level.View);
        await test.Save(need, draft, proposal, grant, Cast.Profile(Cast.NorthernAgency, true), Cast.Offer(Cast.NorthernAgency, true));
        return new Known(need, draft, proposal, grant.Id, Guid.NewGuid());
    }

    private static async Task Try(TestScope scope, Type service, MethodInfo method, Known known)
    {
        try
        {
            var call = method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(PlaceForm)) : method;
            if (
                scope.Services.GetService(service) is { } instance
                && call.Invoke(instance, [.. call.GetParameters().Select(p => Argument(p, service, known))]) is Task task
            )
                await task;
        }
        catch (Exception)
        {
            // Refused, not found, or asked with something that makes no sense; what counts is what the database holds.
        }
    }

    // Something plausible for each parameter, by its type and its name.
    private static object? Argument(ParameterInfo parameter, Type service, Known known)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type == typeof(string))
            return parameter.Name switch
            {
                "needReference" => known.Need.Reference,
                "reference" => service == typeof(ProposalService) ? known.Proposal.Reference : known.Need.Reference,
                "code" or "slug" => Cast.NorthernAgency.Code,
                "email" or "person" => "somebody.new@example.org",
                "form" => "need/new",
                _ => "Words.",
            };
        if (type == typeof(Guid))
            return parameter.Name switch
            {
                "personId" => Cast.Otieno.Id,
                "membershipId" => Cast.Otieno.Membership.Id,
                "needId" => known.Need.Id,
                _ => service == typeof(GrantService) ? known.GrantId : Cast.Otieno.Membership.Id,
            };
        if (type == typeof(Need.Content))
            return Cast.NeedContent;
        if (type == typeof(Proposal.Content))
            return Cast.ProposalContent;
        if (type == typeof(StandingOffer.Content))
            return Cast.OfferContent;
        if (type == typeof(Principal))
            return Principal.Of(Role.Expert);
        if (type == typeof(Grant.Terms))
            return new Grant.Terms(Section.Meetings, Level.View, false, [], null, false, Cast.Now, null, "Asked for by letter.");
        if (type == typeof(ListAddress))
            return ListAddress.Of("/needs");
        if (type == typeof(Audience))
            return Audience.Partners;
        if (type == typeof(IReadOnlyList<Audience>) || type == typeof(IReadOnlyCollection<Audience>))
            return new[] { Audience.Partners };
        if (type == typeof(ReadOnlyMemory<byte>))
            return new ReadOnlyMemory<byte>("%PDF-1.4\n%âãÏÓ\n1 0 obj\nendobj\n%%EOF"u8.ToArray());
        if (type == typeof(DateOnly))
            return Cast.ReplyBy;
        if (type == typeof(DateTime))
            return Cast.Now.AddMonths(6);
        if (type == typeof(CancellationToken))
            return CancellationToken.None;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length > 1 ? 1 : 0);
        if (type.IsValueType)
            return Activator.CreateInstance(type);
        if (type != typeof(object) && type.GetConstructor([]) is not null)
            return Activator.CreateInstance(type);
        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var of])
            return Array.CreateInstance(of, 0);
        // A record: made of its own parameters.
        return
            type.GetConstructors().FirstOrDefault() is { } made
            && !type.IsAssignableTo(typeof(Delegate))
            && made.GetParameters().All(p => p.ParameterType != type)
            ? made.Invoke([.. made.GetParameters().Select(p => Argument(p, service, known))])
            : null;
    }

    private static string Changed(Dictionary<string, string> before, Dictionary<string, string> after) =>
        string.Join(' ', before.Where(b => after[b.Key] != b.Value).Select(b => b.Key));

    /// <summary>
    /// All that the database holds, a value for each table; when sessions were last seen, and the keys that the portal makes for itself,
    /// apart.
    /// </summary>
    private static async Task<Dictionary<string, string>> Everything(TestDb test)
    {
        await using var db = await test.AsOwner();
        await db.Database.OpenConnectionAsync();
        var all = new Dictionary<string, string>();
        foreach (
            var table in db
                .Model.GetEntityTypes()
                .Select(e => e.GetTableName())
                .OfType<string>()
                .Distinct()
                .Where(t => t is not ("Sessions" or "DataProtectionKeys"))
                .Order(StringComparer.Ordinal)
        )
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
            {
                var values = new object[reader.FieldCount];
                reader.GetValues(values);
                rows.Add(
                    string.Join(
                        '|',
                        values.Select(v =>
                            v is byte[] b ? Convert.ToHexString(b)
                            : v is IEnumerable<object> list ? string.Join(',', list)
                            : Convert.ToString(v, System.Globalization.CultureInfo.InvariantCulture)
                        )
                    )
                );
            }
            all[table] = Convert.ToHexString(
                SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows.Order(StringComparer.Ordinal))))
            );
        }
        return all;
    }

    [Fact]
    public async Task A_circuit_is_of_the_preview_or_of_the_person_and_never_turns_into_the_other()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var malik = await test.As(Cast.Malik);
        var (sessions, id) = (malik.Get<Sessions>(), malik.Get<Visitor>().SessionId!.Value);
        async Task<(Guid?, Guid?)> Place() => (await sessions.Of(id))!.PlaceAt(test.Now);
        var own = await Place();
        Assert.Equal((Cast.Malik.Membership.Id, null), own);
        await malik.Get<ViewAsService>().Start(Role.FocalPoint, Cast.Kenya.Id, []);
        var first = await Place();
        Assert.NotEqual(own, first);
        await malik.Get<Viewings>().Stop((await sessions.Of(id))!);
        Assert.Equal(own, await Place());
        await malik.Get<ViewAsService>().Start(Role.FocalPoint, Cast.Kenya.Id, []);
        Assert.NotEqual(first, await Place());
        test.Clock.Advance(Viewing.Longest);
        Assert.Equal(own, await Place());
    }
}
