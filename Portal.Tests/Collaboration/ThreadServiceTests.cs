using Microsoft.EntityFrameworkCore;
using Portal.Assessments;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;
using Portal.Tests.Assessments;
using static Portal.Tests.Cast;

namespace Portal.Tests.Collaboration;

/// <summary>Threads on records: who reads them, finds them, is told of them, and to whom they change nothing.</summary>
public sealed class ThreadServiceTests
{
    private static async Task<string?> Refused(Func<Task> act) => await Record.ExceptionAsync(act) is Refusal refusal ? refusal.Code : null;

    private static async Task<ThreadService> As(TestDb test, Player player) => (await test.As(player)).Get<ThreadService>();

    private static NewThread Start(Enum part, string title, string text = "Since when?", bool must = false, params Audience[] tells) =>
        new(part.ToString(), title, null, must, new Said(text, Language.En, tells));

    private static async Task<IReadOnlyList<string>> Titles(TestDb test, Player player, IProtected record)
    {
        try
        {
            return [.. (await (await As(test, player)).Of(record.Kind, record.Reference)).Threads.Select(t => t.Title).Order()];
        }
        catch (NotFound)
        {
            return ["not there"];
        }
    }

    private static async Task<int> Told(TestDb test, Player player, string code) =>
        (await (await test.As(player)).Get<NoticeService>().Latest(100)).Count(n => n.Code == code);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_thread_is_read_by_those_who_hold_its_part(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (draft, need) = (NeedAt(NeedStatus.Draft), NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).CirculatedBy(Andrei));
        var (drafted, proposal) = (ProposalAt(ProposalStatus.Draft, need), ProposalAt(ProposalStatus.Proposed, need));
        var (letter, other) = (DossierCast.At(DossierStage.Sent), DossierCast.At(DossierStage.Subcommittee));
        var recommendation = RecommendationCast.At(RecommendationStage.Asked, of: letter);
        await test.Save(draft, need, drafted, proposal, letter, other);
        await test.Save(recommendation);
        (Player By, IProtected On, Enum Part, string Title)[] begun =
        [
            (Otieno, draft, NeedParts.Inner, "on a draft"),
            (Amina, need, NeedParts.Inner, "State and CTED"),
            (Lars, drafted, ProposalParts.Content, "before it is made"),
            (Ingrid, proposal, ProposalParts.Content, "provider, State, CTED"),
            (Leila, letter, DossierParts.Inner, "CTED"),
            (Wei, letter, DossierParts.Deliberation, "bodies"),
            (Amina, letter, DossierParts.TalkState, "CTED and State"),
            (Tuan, other, DossierParts.Deliberation, "subcommittee"),
            (Leila, recommendation, RecommendationParts.Inner, "CTED"),
            (Amina, recommendation, RecommendationParts.Progress, "all who follow"),
        ];
        foreach (var (by, on, part, title) in begun)
            await (await As(test, by)).Open(on.Kind, on.Reference, Start(part, title));
        (Player Who, IProtected On, string[] Reads)[] table =
        [
            (Amina, draft, ["on a draft"]),
            (Andrei, draft, ["not there"]),
            (Rosa, draft, ["not there"]),
            (Amina, need, ["State and CTED"]),
            (Leila, need, ["State and CTED"]),
            // A donor sees the need and nothing of what its State and CTED say of it.
            (Ingrid, need, []),
            (Kenji, need, ["not there"]),
            (Ingrid, drafted, ["before it is made"]),
            (Amina, drafted, ["not there"]),
            (Andrei, drafted, ["not there"]),
            (Amina, proposal, ["provider, State, CTED"]),
            (Andrei, proposal, ["provider, State, CTED"]),
            (Kenji, proposal, ["not there"]),
            (Leila, letter, ["CTED", "CTED and State", "bodies"]),
            (Amina, letter, ["CTED and State"]),
            (Wei, letter, ["bodies"]),
            (Tuan, letter, ["bodies"]),
            (Rosa, letter, ["not there"]),
            (Tuan, other, ["subcommittee"]),
            // The rest of the Committee has the summary of it.
            (Wei, other, []),
            (Amina, other, ["not there"]),
            (Amina, recommendation, ["all who follow"]),
            (Wei, recommendation, ["all who follow"]),
            (Chloe, recommendation, ["CTED", "all who follow"]),
        ];
        foreach (var (who, on, reads) in table)
            Assert.True(
                reads.Order().SequenceEqual(await Titles(test, who, on)),
                $"{who} on {on.Reference}: {string.Join(", ", await Titles(test, who, on))}"
            );
        // Nor can anybody else answer, or learn that there is one: it is not there.
        var hidden = (await (await As(test, Leila)).Of(letter.Kind, letter.Reference)).Threads;
        foreach (var (who, title) in new[] { (Amina, "bodies"), (Amina, "CTED"), (Wei, "CTED and State"), (Wei, "CTED") })
        {
            var thread = hidden.Single(t => t.Title == title);
            var service = await As(test, who);
            await Assert.ThrowsAsync<NotFound>(() =>
                service.Write(letter.Kind, letter.Reference, thread.Id, new Said("I too.", Language.En, []))
            );
            await Assert.ThrowsAsync<NotFound>(() => service.Resolve(letter.Kind, letter.Reference, thread.Id));
            await Assert.ThrowsAsync<NotFound>(() => service.Withdraw(letter.Kind, letter.Reference, thread.Messages[0].Id));
        }
        // Nor through another record that they do see.
        await Assert.ThrowsAsync<NotFound>(async () =>
            await (await As(test, Amina)).Resolve(need.Kind, need.Reference, hidden.Single(t => t.Title == "CTED and State").Id)
        );
        foreach (var part in new[] { "TalkState", "Inner", "Letter", "nothing" })
            Assert.Equal(
                "thread.not_yours_to_write",
                await Refused(async () =>
                    await (await As(test, Wei)).Open(
                        letter.Kind,
                        letter.Reference,
                        new(part, "I too", null, false, new("I too.", Language.En, []))
                    )
                )
            );
        await using var nobody = await test.For(Nobody);
        Assert.Equal((0, 0), (await nobody.Threads.CountAsync(), await nobody.ThreadMessages.CountAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Words_are_found_by_those_who_hold_the_part_until_they_are_withdrawn(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).CirculatedBy(Andrei);
        await test.Save(need);
        var amina = await As(test, Amina);
        var thread = await amina.Open(need.Kind, need.Reference, Start(NeedParts.Inner, "Zanzibar course", "Has the **giraffe** arrived?"));
        async Task<string> Finders(string words)
        {
            var found = new List<string>();
            foreach (var player in new[] { Amina, Andrei, Ingrid, Kenji, Rosa })
            {
                await using var db = await test.For(player);
                if (
                    (
                        await db.List(new ListRequest<Portal.Domain.Assistance.Need>(Portal.Domain.Assistance.Need.Card) { Words = words })
                    ).Total > 0
                )
                    found.Add(player.Name);
            }
            return string.Join(' ', found);
        }
        Assert.Equal("Amina Andrei", await Finders("giraffe"));
        Assert.Equal("Amina Andrei", await Finders("zanzibar giraffe"));
        Assert.Equal("Amina Andrei Ingrid", await Finders("financial"));
        var message = await amina.Write(need.Kind, need.Reference, thread, new Said("The elephant, too?", Language.En, []));
        await amina.Edit(need.Kind, need.Reference, message, "The walrus, too?");
        Assert.Equal(("", "Amina Andrei"), (await Finders("elephant"), await Finders("walrus")));
        // What is done to the record leaves the words of its threads where they are.
        await (await test.As(Amina)).Get<Portal.Assistance.Needs.NeedService>().Withdraw(need.Reference, "No longer wanted.");
        Assert.Equal(("Amina Andrei", "Amina Andrei"), (await Finders("walrus"), await Finders("giraffe")));
        await amina.Withdraw(need.Kind, need.Reference, message);
        Assert.Equal(("", "Amina Andrei"), (await Finders("walrus"), await Finders("giraffe")));
        var withdrawn = Assert.Single(
            (await (await As(test, Andrei)).Get(need.Kind, need.Reference, thread)).Messages,
            m => m.WithdrawnAt is not null
        );
        Assert.Equal((null, test.Now, "Amina"), (withdrawn.Text, withdrawn.WithdrawnAt, withdrawn.By));
        // With what it was begun with go its title and its quotation.
        var other = await amina.Open(
            need.Kind,
            need.Reference,
            Start(NeedParts.Inner, "Okapi", "Has it arrived?") with
            {
                Anchor = "quagga",
            }
        );
        Assert.Equal(("Amina Andrei", "Amina Andrei"), (await Finders("okapi"), await Finders("quagga")));
        var begun = await (await As(test, Andrei)).Get(need.Kind, need.Reference, other);
        await amina.Withdraw(need.Kind, need.Reference, begun.Messages[0].Id);
        begun = await (await As(test, Andrei)).Get(need.Kind, need.Reference, other);
        Assert.Equal(("", null, "", ""), (begun.Title, begun.Anchor, await Finders("okapi"), await Finders("quagga")));
        await using var system = await test.AsSystem();
        Assert.False(await system.ThreadMessages.AnyAsync(m => m.Text.Contains("walrus")));
        Assert.False(await system.SearchEntries.AnyAsync(s => s.Words.Contains("walrus") || s.Words.Contains("elephant")));
        Assert.False(await system.Activities.AnyAsync(a => a.Code.Contains("thread") || a.Code.Contains("message")));
        Assert.Equal(
            [
                "need.thread_opened",
                "need.thread_answered",
                "need.message_edited",
                "need.message_withdrawn",
                "need.thread_opened",
                "need.message_withdrawn",
            ],
            await system
                .AuditEntries.Where(e => e.Code.Contains(".thread_") || e.Code.Contains(".message_"))
                .OrderBy(e => e.Id)
                .Select(e => e.Code)
                .ToListAsync()
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Those_are_told_who_are_named_or_wrote_before_and_hold_the_part(Database database)
    {
        await using var test = await TestDb.Open(database);
        var letter = DossierCast.At(DossierStage.Sent);
        await test.Save(letter);
        var (kind, reference) = (letter.Kind, letter.Reference);
        Assert.Equal(
            "thread.cannot_tell",
            await Refused(async () =>
                await (await As(test, Leila)).Open(
                    kind,
                    reference,
                    Start(DossierParts.Deliberation, "A question", tells: Audience.State("KEN"))
                )
            )
        );
        var thread = await (await As(test, Wei)).Open(
            kind,
            reference,
            Start(DossierParts.Deliberation, "A question", tells: [Audience.Cted, Audience.Org(Cast.Delegation.Number)])
        );
        async Task Tells(string code, params Player[] told)
        {
            foreach (var player in new[] { Amina, Otieno, Rosa, Leila, Chloe, Wei, Hamid, Tuan, Ingrid })
                Assert.True((told.Contains(player) ? 1 : 0) == await Told(test, player, code), $"{player}: {code}");
        }
        // The writer's own delegation was named: its others are told, and not the writer.
        await Tells("thread.mentioned", Leila, Chloe, Hamid);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        await (await As(test, Leila)).Write(kind, reference, thread, new Said("Since May.", Language.En, []));
        await Tells("thread.answered", Wei, Hamid);
        // Who sees the record and not the part is not told, though it is addressed to them.
        await using (var db = await test.AsSystem())
        {
            var kept = await db.Dossiers.Include(d => d.Editions).SingleAsync();
            db.Add(Notice.To(Audience.State("KEN"), "thread.answered", kept, test.Now, (int)DossierParts.Deliberation));
            db.Add(Notice.To(Audience.State("KEN"), "thread.answered", kept, test.Now.AddMinutes(1), (int)DossierParts.TalkState));
            await db.SaveChangesAsync();
        }
        Assert.Equal(1, await Told(test, Amina, "thread.answered"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_review_waits_for_threads_that_must_be_answered(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = DossierCast.At(DossierStage.Review);
        await test.Save(dossier);
        var (kind, reference) = (dossier.Kind, dossier.Reference);
        await (await As(test, Chloe)).Open(kind, reference, Start(DossierParts.Inner, "An aside"));
        var thread = await (await As(test, Chloe)).Open(kind, reference, Start(DossierParts.Inner, "Which law?", must: true));
        var review = (await test.As(Chloe)).Get<DossierService>();
        Assert.Equal([QualityItem.NoOpenThread], (await review.Get(reference)).Wanting);
        Assert.Equal("dossier.quality_wanting", await Refused(() => review.PassReview(reference, QualityCheck.Said, null)));
        await (await As(test, Leila)).Write(kind, reference, thread, new Said("That of 2024.", Language.En, []));
        await (await As(test, Leila)).Resolve(kind, reference, thread);
        Assert.Empty((await review.Get(reference)).Wanting!);
        await review.PassReview(reference, QualityCheck.Said, null);
        Assert.Equal(
            "thread.resolved_already",
            await Refused(async () => await (await As(test, Leila)).Write(kind, reference, thread, new Said("More.", Language.En, [])))
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_said_leaves_the_record_as_it_was_and_reaches_only_screens_that_show_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var letter = DossierCast.At(DossierStage.Sent);
        await test.Save(letter);
        async Task<string> Stands()
        {
            await using var db = await test.AsSystem();
            var kept = await db.Dossiers.AsNoTracking().SingleAsync();
            var reach = await db.Reach.AsNoTracking().OrderBy(r => r.Audience).ToListAsync();
            return $"{kept.Version} {kept.UpdatedAt:O} {string.Join(' ', reach.Select(r => $"{r.Audience} {r.Sort} {r.View}"))}";
        }
        var before = await Stands();
        var heard = new Dictionary<Player, int>();
        using var stop = new CancellationTokenSource();
        var listening = database == Database.Postgres ? test.Wire.Listen(test.ConnectionString, stop.Token) : Task.CompletedTask;
        if (database == Database.Postgres)
            await Task.Delay(500);
        var subscriptions = new List<IDisposable>();
        foreach (var player in new[] { Leila, Amina, Wei, Tuan })
            subscriptions.Add(
                test.Wire.Subscribe(
                    () => player.Actor.Keys,
                    player.Id,
                    change =>
                    {
                        lock (heard)
                            heard[player] = heard.GetValueOrDefault(player) + (change.RecordId == letter.Id ? 1 : 0);
                        return Task.CompletedTask;
                    }
                )
            );
        async Task Heard(params Player[] by)
        {
            await Task.Delay(400);
            lock (heard)
            {
                Assert.Equal(by.Select(p => p.Name).Order(), heard.Where(h => h.Value > 0).Select(h => h.Key.Name).Order());
                heard.Clear();
            }
        }
        var thread = await (await As(test, Leila)).Open(letter.Kind, letter.Reference, Start(DossierParts.TalkState, "A question"));
        await Heard(Leila, Amina);
        await (await As(test, Amina)).Write(letter.Kind, letter.Reference, thread, new Said("Since May.", Language.En, []));
        await Heard(Leila, Amina);
        await (await As(test, Wei)).Open(letter.Kind, letter.Reference, Start(DossierParts.Deliberation, "A question"));
        await Heard(Leila, Wei, Tuan);
        await (await As(test, Leila)).Open(letter.Kind, letter.Reference, Start(DossierParts.Inner, "A question"));
        await Heard(Leila);
        await (await As(test, Leila)).Resolve(letter.Kind, letter.Reference, thread);
        Assert.Equal(before, await Stands());
        subscriptions.ForEach(s => s.Dispose());
        await stop.CancelAsync();
        await listening;
    }
}
