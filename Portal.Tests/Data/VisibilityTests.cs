using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Matches;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;
using Portal.Tests.Access;

namespace Portal.Tests.Data;

/// <summary>
/// What a query brings, whoever writes it, is what the engine decides: compared row by row, for everyone, on both databases.
/// </summary>
public sealed class VisibilityTests
{
    internal sealed record Rows(List<IProtected> Records, List<Attachment> Files, List<ServedNeed> Served)
    {
        public IEnumerable<Need> Needs => Records.OfType<Need>();
        public IEnumerable<Programme> Programmes => Records.OfType<Programme>();
    }

    // Everything the portal keeps about two States, two donors and a partner, at every stage and with every kind of consent.
    internal static async Task<Rows> Fill(TestDb test)
    {
        var world = new World(99);
        var needs = Enum.GetValues<NeedStatus>().SelectMany(s => new[] { Cast.NeedAt(s, Cast.Amina), Cast.NeedAt(s, Cast.Rosa) }).ToList();
        needs.AddRange(Enumerable.Range(0, 25).Select(_ => world.Need()));
        foreach (var need in needs.Where(n => n.Status.IsEditable()))
            need.Translate(Cast.FocalPointOf(need), Language.Fr, "Titre", "Texte", Cast.Now);
        var proposals = new List<Proposal>();
        foreach (var need in needs.Where(n => n.CanPropose(Cast.Ingrid, Cast.Now)).Take(6))
            proposals.AddRange(Enum.GetValues<ProposalStatus>().Select(s => Cast.ProposalAt(s, need)));
        foreach (var need in needs.Where(n => n.CanPropose(Cast.Kenji, Cast.Now)).Take(3))
            proposals.Add(Cast.Proposal(need, Cast.Kenji).ProposedBy(Cast.Kenji, need));
        foreach (
            var need in needs
                .Where(n => n.CanAskConsent(Cast.Andrei) && !n.Consents.Any(c => c.Stands && c.Audience == Audience.Partners))
                .Take(12)
        )
            need.AskConsent(Cast.Andrei, Audience.Partners, NeedPartsSets.Shareable & ~NeedParts.Attachments, null, Cast.Now);
        var content = System.Text.Encoding.UTF8.GetBytes("A report");
        List<Attachment> files = [.. needs.Select(n => Attachment.Of(n, "report.txt", content, Cast.Now))];
        var steps = proposals
            .Where(p => p.CanReport(Cast.Ingrid))
            .Select(p => Milestone.Set(p, Cast.Ingrid, "A step", Cast.ReplyBy, Cast.Now))
            .ToList();
        var recipients = (
            from player in new[] { Cast.Ingrid, Cast.Kenji, Cast.Fatou }
            from need in needs
            where need.IsRecipient(player) && need.IsOpenForReplies(Cast.Now)
            select (player, need)
        ).ToList();
        var questions = recipients.ConvertAll(r => NeedQuestion.Ask(r.need, r.player, "How many?", Language.En, Cast.Now));
        foreach (var question in questions.Where((_, i) => i % 2 == 0))
            question.Reply(needs.Single(n => n.Id == question.NeedId), Cast.Andrei, "Thirty.", Language.En, Cast.Now);
        var programmes = Cast.Programmes().ToList();
        // And of every other kind, whatever its specimen makes.
        var open = needs.FindAll(n => n.CanPropose(Cast.Ingrid, Cast.Now));
        var others = Specimens.All.Where(s => s.Kind != Need.Card).SelectMany(s => Specimens.Some(world, s, 6, open)).ToList();
        await test.Save([.. needs, .. proposals, .. others]);
        await test.Save([
            .. steps,
            .. questions,
            .. recipients.Select(r => NotNow.Say(r.need, r.player, NotNowReason.Funds, null, Cast.Now)),
        ]);
        var served = (
            from p in programmes
            from n in needs
            where p.CanServe(Cast.ManagerOf(p), n)
            select p.Serve(Cast.ManagerOf(p), n, Cast.Now)
        ).ToList();
        Assert.NotEmpty(served);
        await test.Save([.. programmes]);
        await test.Save([.. served]);
        foreach (var by in new[] { Cast.Ingrid, Cast.Kenji })
        {
            var job = Domain.Imports.ImportJob.Receive(
                by,
                Domain.Imports.ImportSubject.Programmes,
                "activities.xml",
                4,
                Language.En,
                Cast.Now
            );
            var piece = job.Take("data"u8.ToArray(), Cast.Now);
            var own = programmes.First(p => p.OrganisationNumber == by.Organisation.Number);
            var activity = Domain.Iati.IatiActivity.Of(Iati.IatiFiles.Read(Iati.IatiFiles.File(Iati.IatiFiles.Activity()))[0]);
            await test.Save(
                job,
                piece,
                new Domain.Imports.ImportLine(
                    job,
                    0,
                    "XX-1",
                    "Title",
                    1,
                    Domain.Imports.ActivityOutcome.New,
                    Domain.Imports.ImportRelevance.None,
                    null,
                    null,
                    []
                ),
                new Domain.Iati.IatiSource(own, activity),
                new Domain.Imports.OwnReference(job, "P-1", own.Id)
            );
        }
        // In every part that somebody of the cast may write in.
        await test.Save(
            from record in needs.Concat<IProtected>(proposals).Concat(programmes).Concat(others)
            from talk in record.Kind.Talks
            from player in Cast.All.Where(p => Discussion.CanWrite(record, p, talk.Bit)).Take(1)
            let said = DiscussionThread.Open(
                record,
                player,
                talk.Bit,
                "A question",
                null,
                false,
                new Said("Since when?", Language.En, []),
                Cast.Now
            )
            from row in new object[] { said.Thread, said.First }
            select row
        );
        files.AddRange(programmes.Select(p => Attachment.Of(p, "plan.txt", content, Cast.Now)));
        await test.Save([.. files, .. files.SelectMany(f => AttachmentChunk.Cut(f.Id, content))]);
        await using var db = await test.AsSystem();
        foreach (var record in needs.Concat<IProtected>(proposals).Concat(programmes))
        foreach (
            var audience in new[]
            {
                Audience.State("KEN"),
                Audience.State("PER"),
                Audience.Cted,
                Audience.Providers,
                Cast.NorthernAgency.Audience,
                Cast.PacificFund.Audience,
                Audience.Members,
                Audience.Public,
            }
        )
            db.Notify(audience, "test.notice", record);
        db.AddRange(
            from player in new[] { Cast.Ingrid, Cast.Kenji, Cast.Fatou }
            from need in needs
            where NotForUs.CanSay(need, player)
            select NotForUs.Say(need, player, NotForUsReason.Field, null, Cast.Now)
        );
        db.Audit(new Act("test.act", 1), Section.Access);
        db.AddRange(Cast.All.Select(p => NoticeChoices.Of(p.Membership.Id, Cast.Now)));
        db.AddRange(Cast.All.Select(p => NoticeReading.Of(p.Membership.Id, needs[0].Id, Cast.Now)));
        // Everyone watches everything, so that only the rule decides which of it they see.
        foreach (var player in Cast.All)
        {
            var view = SavedView.Of(player.Membership.Id, Domain.Assistance.Need.Card, "Circulated", "status=Circulated", Cast.Now);
            db.Add(view);
            db.AddRange(needs.Select(n => ViewHit.Of(view, n.Id, Need.Card, n.Reference, Cast.Now, true)));
        }
        db.AddRange(Cast.All.Select(p => FormDraft.Of(p.Membership.Id, "need/new", "{}", Cast.Now)));
        db.AddRange(
            Cast.Grant(Principal.Of(Role.Delegate), Section.Guide, Level.View),
            AccessRequest.Ask(Cast.Wei, Section.Needs, "To prepare the discussion.", Cast.Now)
        );
        // Of Kenya's contributors its focal point sees the row; of Peru's, hers; of the States' focal points and of a section, who manages
        // access.
        db.AttachCast();
        var (states, section) = (
            ReviewCampaign.Start(
                ReviewSubject.Of(OrganisationKind.MemberState),
                ReviewSilence.Lapse,
                Cast.Now.AddDays(30),
                Cast.Malik.Id,
                Cast.Now
            ),
            ReviewCampaign.Start(ReviewSubject.Of(Section.Guide), ReviewSilence.Report, Cast.Now.AddDays(30), null, Cast.Now)
        );
        var grant = Cast.Grant(Principal.Of(Role.Expert), Section.Guide, Level.View);
        db.AddRange(states, section, grant, ReviewItem.Of(section, grant), ReviewRhythm.Usual(states.Subject, Cast.Now));
        db.AddRange(
            Cast.All.Where(p => p.Organisation.Kind == OrganisationKind.MemberState).Select(p => ReviewItem.Of(states, p.Membership))
        );
        db.AddRange(
            from record in needs.Take(10)
            from audience in new[] { Audience.State("KEN"), Audience.Cted, Audience.Providers }
            from part in new[] { NeedParts.Inner, NeedParts.Cost }
            select Notice.To(audience, "test.notice", record, Cast.Now, (int)part, Cast.Amina.Membership.Id)
        );
        await db.SaveChangesAsync();
        await (await test.As(null)).Get<Matcher>().Drain();
        return new Rows([.. needs, .. proposals, .. programmes, .. others], files, served);
    }

    internal static IEnumerable<Actor> Everyone(int andRandom = 30)
    {
        foreach (var actor in Cast.Actors)
            yield return actor;
        // Members with random grants, denials and scopes.
        var world = new World(5);
        for (var i = 0; i < andRandom; i++)
        {
            var member = world.Member();
            yield return Actor.Of(member, "Random", world.Grants(member), Cast.Now);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Everyone_gets_exactly_the_records_and_the_children_that_the_engine_shows_them(Database database)
    {
        await using var test = await TestDb.Open(database);
        var all = await Fill(test);
        var records = all.Records.ToDictionary(r => r.Id);
        await using var system = await test.AsSystem();
        var activities = await system.Activities.AsNoTracking().ToListAsync();
        var notices = await system.Notices.AsNoTracking().ToListAsync();
        var (questions, later, steps) = (
            await system.Questions.AsNoTracking().ToListAsync(),
            await system.NotNow.AsNoTracking().ToListAsync(),
            await system.Milestones.AsNoTracking().ToListAsync()
        );
        Assert.True(questions.Count > 4 && later.Count > 4 && steps.Count > 3);
        var (threads, messages) = (
            await system.Threads.AsNoTracking().ToListAsync(),
            await system.ThreadMessages.AsNoTracking().ToListAsync()
        );
        Assert.True(Kinds.All.SelectMany(k => k.Talks, (k, t) => (k, t.Bit)).ToHashSet().SetEquals(threads.Select(t => (t.Kind, t.Part))));
        var (matches, refused) = (await system.Matches.AsNoTracking().ToListAsync(), await system.NotForUs.AsNoTracking().ToListAsync());
        Assert.True(activities.Count > 100 && notices.Count > 100 && matches.Count > 10 && refused.Count > 10);

        foreach (var actor in Everyone())
        {
            await using var db = await test.For(actor);
            var who = $"{actor.Name} ({actor.Role})";
            void Same<T>(IEnumerable<T> expected, IEnumerable<T> found, string what) =>
                Assert.True(expected.ToHashSet().SetEquals(found), $"{who}: {what}");
            int View(Guid id) => Decision.On(records[id], actor).View;
            bool Sees(Guid id) => Decision.On(records[id], actor).Visible;

            foreach (var kind in records.Values.GroupBy(r => r.GetType()))
                Same(
                    kind.Where(r => Sees(r.Id)).Select(r => r.Id),
                    (await Everything(db, kind.Key)).Cast<IProtected>().Select(r => r.Id),
                    kind.Key.Name
                );
            Same(
                all.Served.Where(s => Sees(s.ProgrammeId) && Sees(s.NeedId)).Select(s => (s.ProgrammeId, s.NeedId)),
                (await db.ServedNeeds.ToListAsync()).Select(s => (s.ProgrammeId, s.NeedId)),
                "needs served"
            );

            var files = all.Files.Where(f => (View(f.RecordId) & f.Part) != 0).Select(f => f.Id).ToList();
            Same(files, await db.Attachments.Select(a => a.Id).ToListAsync(), "files");
            Same(files, await db.AttachmentChunks.Select(c => c.AttachmentId).ToListAsync(), "bytes of files");
            Same(
                activities.Where(a => (View(a.RecordId) & a.Part) != 0).Select(a => a.Id),
                await db.Activities.Select(a => a.Id).ToListAsync(),
                "activity"
            );
            Same(
                all.Needs.SelectMany(n => n.Translations).Where(t => Sees(t.NeedId)).Select(t => t.NeedId),
                await db.Set<NeedTranslation>().Select(t => t.NeedId).ToListAsync(),
                "translations"
            );
            Same(
                all.Needs.SelectMany(n => n.Consents).Where(c => MayKnow(c, actor)).Select(c => c.Id),
                await db.Set<Consent>().Select(c => c.Id).ToListAsync(),
                "consents"
            );
            Same(
                records
                    .Values.OfType<Dossier>()
                    .SelectMany(d => d.Consents)
                    .Where(c =>
                        (View(c.RecordId) & (int)DossierParts.TalkState) != 0
                        || Decision.On(records[c.RecordId], actor).Reasons.Any(r => r.Exposure.Audience == c.Audience)
                    )
                    .Select(c => c.Id),
                await db.Set<DossierConsent>().Select(c => c.Id).ToListAsync(),
                "with whom assessments are shared"
            );
            Same(
                all.Needs.SelectMany(n => n.Requests).Where(r => (View(r.NeedId) & (int)NeedParts.Inner) != 0).Select(r => r.Id),
                await db.Set<ConsentRequest>().Select(r => r.Id).ToListAsync(),
                "requests for consent"
            );
            Same(
                matches.Where(m => Sees(m.NeedId) && actor.Keys.Meets(m.Audience, m.State)).Select(m => (m.NeedId, m.Audience, m.OfferId)),
                (await db.Matches.AsNoTracking().ToListAsync()).Select(m => (m.NeedId, m.Audience, m.OfferId)),
                "matches"
            );
            Same(
                refused
                    .Where(x =>
                        Decision.On(records[x.NeedId], actor).Reasons.Any(r => r.Exposure.Audience == Audience.Cted)
                        || (Sees(x.NeedId) && actor.Membership?.OrganisationId == x.OrganisationId)
                    )
                    .Select(x => x.Id),
                await db.NotForUs.Select(x => x.Id).ToListAsync(),
                "not for us"
            );
            Same(
                questions.Where(q => MayRead(q, actor)).Select(q => q.Id),
                await db.Questions.Select(q => q.Id).ToListAsync(),
                "questions"
            );
            Same(
                later
                    .Where(x =>
                        (View(x.NeedId) & (int)NeedParts.Inner) != 0
                        || (Sees(x.NeedId) && actor.Membership?.OrganisationId == x.OrganisationId)
                    )
                    .Select(x => x.Id),
                await db.NotNow.Select(x => x.Id).ToListAsync(),
                "not now"
            );
            Same(
                steps.Where(m => (View(m.ProposalId) & (int)ProposalParts.Content) != 0).Select(m => m.Id),
                await db.Milestones.Select(m => m.Id).ToListAsync(),
                "milestones"
            );
            Same(
                threads.Where(t => (View(t.RecordId) & t.Part) != 0).Select(t => t.Id),
                await db.Threads.Select(t => t.Id).ToListAsync(),
                "threads"
            );
            Same(
                messages.Where(m => (View(m.RecordId) & m.Part) != 0).Select(m => m.Id),
                await db.ThreadMessages.Select(m => m.Id).ToListAsync(),
                "messages"
            );
            Same(notices.Where(n => MayKnowOf(n, actor)).Select(n => n.Id), await db.Notices.Select(n => n.Id).ToListAsync(), "notices");

            var views = await db.Views([.. records.Keys]);
            Same(records.Values.Where(r => Sees(r.Id)).Select(r => (r.Id, View(r.Id))), views.Select(v => (v.Key, v.Value)), "parts");
        }

        bool MayKnow(Consent consent, Actor actor)
        {
            var decision = Decision.On(records[consent.RecordId], actor);
            return (decision.View & (int)NeedParts.Inner) != 0 || decision.Reasons.Any(r => r.Exposure.Audience == consent.Audience);
        }

        // Told to them, of a record that they see, by whatever audience.
        bool MayKnowOf(Notice notice, Actor actor) =>
            Decision.On(records[notice.RecordId], actor) is { Visible: true } decision
            && (decision.View & notice.Part) == notice.Part
            && actor.Keys.Meets(notice.Audience, notice.State)
            && (notice.ExceptId is null || notice.ExceptId != actor.Membership?.Id);

        bool MayRead(NeedQuestion q, Actor actor)
        {
            var decision = Decision.On(records[q.NeedId], actor);
            return ((NeedParts)decision.View).Has(NeedParts.Inner)
                || decision.Reasons.Any(r =>
                    r.Exposure.Audience != Audience.Public
                    && (
                        actor.Membership?.OrganisationId == q.OrganisationId
                        || (q.AnsweredAt is not null && ((NeedParts)r.Exposure.View).Has(q.Parts))
                    )
                );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_every_table_everyone_gets_the_rows_that_its_rule_says_when_the_engine_is_asked(Database database)
    {
        await using var test = await TestDb.Open(database);
        var records = (await Fill(test)).Records.ToDictionary(r => r.Id);
        await using var system = await test.AsSystem();
        var tables = new List<(TableRule Rule, List<object> Rows)>();
        foreach (var rule in Protection.Of(system.Model))
            tables.Add((rule, await Everything(system, rule.Table)));
        foreach (var actor in Everyone(andRandom: 15))
        {
            await using var db = await test.For(actor);
            foreach (var (rule, rows) in tables)
            {
                Assert.NotEmpty(rows);
                var (sees, key) = (
                    new ByTheEngine(records, actor).Of(rule.Sees),
                    db.Model.FindEntityType(rule.Table)!.FindPrimaryKey()!.Properties
                );
                string Name(object row) => string.Join(' ', key.Select(p => p.PropertyInfo!.GetValue(row)));
                Assert.True(
                    rows.Where(r => (bool)sees.DynamicInvoke(r, db)!)
                        .Select(Name)
                        .ToHashSet()
                        .SetEquals((await Everything(db, rule.Table)).Select(Name)),
                    $"{actor.Name} ({actor.Role}): {rule.Table.Name}"
                );
            }
        }
    }

    private static async Task<List<object>> Everything(PortalDb db, Type table) =>
        await ((IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), 1, [])!.MakeGenericMethod(table).Invoke(db, null)!)
            .AsNoTracking()
            .ToListAsync();

    /// <summary>A rule as it is run over rows in memory: whom the reach names says the engine, by the record itself.</summary>
    private sealed class ByTheEngine(Dictionary<Guid, IProtected> records, Actor actor) : ExpressionVisitor
    {
        public Delegate Of(LambdaExpression rule) => ((LambdaExpression)Visit(rule)).Compile(preferInterpretation: true);

        protected override Expression VisitMethodCall(MethodCallExpression node) =>
            Protection.Word(node) switch
            {
                "Hears" => Expression.Call(
                    Expression.Constant(actor.Keys),
                    nameof(AudienceKeys.Meets),
                    null,
                    node.Arguments[1],
                    node.Arguments[2]
                ),
                "Reaches" => Expression.Call(
                    Expression.Constant(this),
                    nameof(Reaches),
                    null,
                    node.Arguments[1],
                    node.Arguments.Count > 2
                        ? Visit(((UnaryExpression)node.Arguments[2]).Operand)
                        : Expression.Constant(null, typeof(Func<Reach, bool>))
                ),
                _ => base.VisitMethodCall(node),
            };

        private bool Reaches(Guid id, Func<Reach, bool>? line) =>
            Decision
                .On(records[id], actor)
                .Reasons.Select(r => r.Exposure)
                .Any(e =>
                    line is null
                    || line(
                        new Reach
                        {
                            RecordId = id,
                            Audience = e.Audience.For(records[id].Kind),
                            View = e.View,
                            State = records[id].StateIso3 ?? "",
                        }
                    )
                );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Lists_bring_exactly_what_the_engine_shows_in_every_order(Database database)
    {
        await using var test = await TestDb.Open(database);
        var all = await Fill(test);
        var compare = typeof(VisibilityTests).GetMethod(nameof(Compare), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var actor in Everyone(andRandom: 15))
        {
            await using var db = await test.For(actor);
            foreach (var kind in all.Records.GroupBy(r => r.GetType()))
                await (Task)compare.MakeGenericMethod(kind.Key).Invoke(null, [db, kind, null])!;
            await Compare(db, all.Needs, new ListRequest<Need>(Need.Card) { Order = q => q.OrderBy(n => n.Reference) });
            await Compare(db, all.Needs.Where(n => n.StateIso3 == "KEN"), new ListRequest<Need>(Need.Card) { States = ["KEN"] });
            await Compare(
                db,
                all.Programmes.Where(p => p.States.Contains("KEN")),
                new ListRequest<Programme>(Programme.Card) { Filter = q => q.Where(p => p.States.Any(s => s == "KEN")) }
            );
            // What is filtered by a part counts only for who sees that part.
            var urgent = new ListRequest<Need>(Need.Card)
            {
                Filter = q => q.Where(n => n.Urgency == Urgency.High),
                FilterParts = (int)NeedParts.Timeframe,
            };
            await Compare(db, all.Needs.Where(n => (Decision.On(n, actor).View & (int)NeedParts.Timeframe) != 0), urgent);
        }
    }

    private static async Task Compare<T>(PortalDb db, IEnumerable<IProtected> candidates, ListRequest<T>? request)
        where T : class, IProtected
    {
        request ??= new ListRequest<T>((Kind<T>)candidates.First().Kind);
        var expected = candidates.Where(r => Decision.On(r, db.Actor).Visible).Select(r => r.Id).ToHashSet();
        var slice = await db.List(request with { PageSize = 200 });
        Assert.True(expected.SetEquals(slice.Ids), $"{db.Actor.Name} ({db.Actor.Role}): list of {typeof(T).Name}");
        Assert.Equal((expected.Count, false), (slice.Total, slice.IsCapped));
        Assert.Equal(slice.Ids.Count, slice.Ids.Distinct().Count());
        if (request.Filter is not null || expected.Count > 30)
            return;
        var paged = new List<Guid>();
        for (var page = 1; page <= (expected.Count / 7) + 1; page++)
            paged.AddRange((await db.List(request with { Page = page, PageSize = 7 })).Ids);
        Assert.Equal(slice.Ids, paged);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Words_are_found_by_who_sees_the_part_they_stand_in(Database database)
    {
        await using var test = await TestDb.Open(database);
        Need With(string title, string description, string beneficiary) =>
            Cast.Need(Cast.Amina, Cast.NeedContent with { Title = title, Description = description, Beneficiary = beneficiary })
                .SubmittedBy(Cast.Amina)
                .AuthenticatedBy(Cast.Andrei);
        var need = With("Courses on financial tracing", "For investigators مُكافحة الإرهاب and 反恐怖主义 пришлём", "Zebra Centre")
            .SharedWith(Cast.NorthernAgency, NeedParts.Description)
            .SharedWith(Cast.PacificFund, NeedParts.Beneficiary)
            .CirculatedBy(Cast.Andrei);
        var draft = Cast.Need(Cast.Rosa, Cast.NeedContent with { Title = "Zebra crossing" });
        await test.Save(need, draft);
        var table = new (Player Who, string Words, int Found)[]
        {
            (Cast.Ingrid, "courses", 1),
            (Cast.Ingrid, "COURS fin", 1),
            (Cast.Ingrid, "tracing investigators", 1),
            (Cast.Ingrid, "مكافحه", 1),
            (Cast.Ingrid, "الارهاب", 1),
            (Cast.Ingrid, "恐怖", 1),
            (Cast.Ingrid, "пришлем", 1),
            (Cast.Ingrid, need.Reference, 1),
            (Cast.Ingrid, "zebra", 0),
            (Cast.Ingrid, "courses zebra", 0),
            (Cast.Ingrid, "absent", 0),
            (Cast.Kenji, "zebra", 1),
            (Cast.Kenji, "investigators", 0),
            (Cast.Kenji, "courses zebra", 1),
            (Cast.Kenji, "courses investigators", 0),
            (Cast.Amina, "investigators zebra courses", 1),
            (Cast.Andrei, "zebra", 1),
            (Cast.Rosa, "zebra", 1),
            (Cast.Rosa, "courses", 0),
            (Cast.Fatou, "courses", 0),
            (Cast.Amina, "zebra crossing", 0),
            (Cast.Amina, "\" OR 1=1 --", 0),
            (Cast.Amina, "* ' : & ! |", 0),
            (Cast.Amina, "a'b", 0),
            (Cast.Amina, "\uD800 courses", 1),
        };
        foreach (var (who, words, found) in table)
        {
            await using var db = await test.For(who);
            foreach (var order in new Func<IQueryable<Need>, IOrderedQueryable<Need>>?[] { null, q => q.OrderBy(n => n.Reference) })
            {
                var slice = await db.List(new ListRequest<Need>(Need.Card) { Words = words, Order = order });
                Assert.True(found == slice.Total, $"{who} finds {slice.Total} for {words}");
            }
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_context_without_an_actor_shows_what_is_public(Database database)
    {
        await using var test = await TestDb.Open(database);
        var all = await Fill(test);
        await using var db = test.Factory.CreateDbContext();
        Assert.Same(Actor.Anonymous, db.Actor);
        foreach (var kind in all.Records.GroupBy(r => r.GetType()))
            Assert.Equal(
                kind.Where(r => Decision.On(r, Actor.Anonymous).Visible).Select(r => r.Id).Order(),
                (await Everything(db, kind.Key)).Cast<IProtected>().Select(r => r.Id).Order()
            );
        Assert.Empty(await db.Memberships.ToListAsync());
        Assert.Empty(await db.Grants.ToListAsync());
        Assert.Empty(await db.AuditEntries.ToListAsync());
        Assert.Empty(await db.FormDrafts.ToListAsync());
        Assert.Empty(await db.NoticeChoices.ToListAsync());
        Assert.Empty(await db.NoticeReadings.ToListAsync());
        Assert.Empty(await db.SavedViews.ToListAsync());
        Assert.Empty(await db.ViewHits.ToListAsync());
        Assert.NotEmpty(await db.Organisations.ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Find_and_a_query_by_key_do_not_find_what_is_hidden(Database database)
    {
        await using var test = await TestDb.Open(database);
        var hidden = Cast.NeedAt(NeedStatus.Submitted);
        var file = Attachment.Of(hidden, "a.txt", "x"u8.ToArray(), Cast.Now);
        await test.Save(hidden);
        await test.Save(file);
        await using (var rosa = await test.For(Cast.Rosa))
        {
            Assert.Null(await rosa.FindAsync<Attachment>(file.Id));
            Assert.Equal(0, await rosa.Needs.CountAsync());
            Assert.False(await rosa.Needs.AnyAsync(n => n.Title.StartsWith("Training")));
        }
        // Of every kind.
        var records = Specimens.Some(new World(21), each: 6);
        await test.Save(records);
        var (found, not) = (new HashSet<Kind>(), new HashSet<Kind>());
        foreach (var player in new[] { Cast.Rosa, Cast.Kenji, Cast.Fatou, Cast.Leila })
        foreach (var record in records)
        {
            await using var db = await test.For(player);
            var of = db.Ruled(record.Kind).AsNoTracking();
            if (Decision.On(record, player).Visible)
            {
                Assert.NotNull(await db.FindAsync(record.GetType(), record.Id));
                Assert.Equal(record.Id, (await of.Where(r => r.Id == record.Id).OneOrNotFound()).Id);
                found.Add(record.Kind);
                continue;
            }
            Assert.Null(await db.FindAsync(record.GetType(), record.Id));
            Assert.Null(db.Find(record.GetType(), record.Id));
            await Assert.ThrowsAsync<NotFound>(() => of.Where(r => r.Id == record.Id).OneOrNotFound());
            await Assert.ThrowsAsync<NotFound>(() => of.Where(r => r.Id == Guid.Empty).OneOrNotFound());
            not.Add(record.Kind);
        }
        Assert.True(found.SetEquals(Kinds.All) && not.SetEquals(Kinds.All));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_record_that_refers_to_a_hidden_one_does_not_bring_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        var proposal = Cast.ProposalAt(ProposalStatus.Proposed, need);
        need.WithdrawnBy(Cast.Amina);
        await test.Save(need, proposal);
        await using var db = await test.For(Cast.Ingrid);
        Assert.Single(await db.Proposals.Include(p => p.Organisation).ToListAsync());
        Assert.Empty(await (from p in db.Proposals join n in db.Needs on p.NeedId equals n.Id select n.Title).ToListAsync());
        Assert.Empty(await db.Proposals.SelectMany(p => db.Needs.Where(n => n.Id == p.NeedId)).ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Consents_that_come_with_a_need_are_those_its_reader_may_know_of(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Authenticated)
            .SharedWith(Cast.NorthernAgency)
            .SharedWith(Cast.PacificFund)
            .SharedWith(Audience.Providers)
            .CirculatedBy(Cast.Andrei);
        await test.Save(need);
        foreach (
            var (who, keys) in new (Player, string[])[]
            {
                (Cast.Ingrid, ["org:9001", "providers"]),
                (Cast.Kenji, ["org:9002", "providers"]),
                (Cast.Amina, ["org:9001", "org:9002", "providers"]),
                (Cast.Andrei, ["org:9001", "org:9002", "providers"]),
            }
        )
        {
            await using var db = await test.For(who);
            Assert.Equal(keys, (await db.Needs.Include(n => n.Consents).SingleAsync()).Consents.Select(c => c.AudienceKey).Order());
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Drafts_are_seen_under_the_membership_they_were_typed_under_and_logs_memberships_and_grants_by_those_who_look_after_them(
        Database database
    )
    {
        await using var test = await TestDb.Open(database);
        await Fill(test);
        await using var system = await test.AsSystem();
        var (entries, memberships, grants) = (
            await system.AuditEntries.CountAsync(),
            await system.Memberships.ToListAsync(),
            await system.Grants.CountAsync()
        );
        foreach (var actor in Cast.Actors)
        {
            await using var db = await test.For(actor);
            Assert.Equal(actor.IsSignedIn ? [actor.Membership!.Id] : [], await db.SavedViews.Select(v => v.MembershipId).ToListAsync());
            Assert.Equal(
                (await db.Needs.Select(n => n.Id).ToListAsync()).Where(_ => actor.IsSignedIn).Order(),
                (await db.ViewHits.Select(h => h.RecordId).ToListAsync()).Order()
            );
            Assert.Equal(actor.IsSignedIn ? [actor.Membership!.Id] : [], await db.NoticeChoices.Select(c => c.MembershipId).ToListAsync());
            Assert.Equal(actor.IsSignedIn ? [actor.Membership!.Id] : [], await db.NoticeReadings.Select(r => r.MembershipId).ToListAsync());
            Assert.Equal(actor.IsSignedIn ? [actor.Membership!.Id] : [], await db.FormDrafts.Select(d => d.MembershipId).ToListAsync());
            Assert.Equal(actor.Name is "Auguste" ? entries : 0, await db.AuditEntries.CountAsync());
            var overAccess = actor.Name is "Malik" or "Noor" or "Auguste" or "Dorothea";
            Assert.Equal(overAccess ? grants : 0, await db.Grants.CountAsync());
            Assert.Equal(
                memberships
                    .Where(m => overAccess || actor.Name is "Tomas" || m.OrganisationId == actor.Membership?.OrganisationId)
                    .Select(m => m.Id)
                    .Order(),
                (await db.Memberships.Select(m => m.Id).ToListAsync()).Order()
            );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Contexts_for_different_people_do_not_mix_though_the_query_is_compiled_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Need(Cast.Amina), Cast.Need(Cast.Rosa));
        await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(async i =>
                {
                    var who = i % 2 == 0 ? Cast.Amina : Cast.Rosa;
                    await using var db = await test.For(who);
                    Assert.Equal(who.Organisation.StateIso3, (await db.Needs.SingleAsync()).StateIso3);
                })
        );
    }
}
