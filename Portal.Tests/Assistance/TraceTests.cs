using Portal.Assistance.FollowUps;
using Portal.Assistance.Traces;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Api;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>
/// The chain from a paragraph to the State's answer: whole for whom it is whole, and for everybody else as if the rest were not there.
/// </summary>
public sealed class TraceTests
{
    private static readonly ProgrammeSharing ForStates = new(
        ProgrammePartsSets.Shareable,
        ProgrammeParts.None,
        ProgrammeParts.None,
        ProgrammeParts.None
    );

    private sealed record Story(Need Need, Proposal Accepted, Proposal Other, Programme Carried, Programme Own);

    // Kenya's need, shown whole to one donor and as a summary to another; a proposal of each, a programme of each.
    private static async Task<Story> Tell(TestDb test)
    {
        var need = NeedAt(NeedStatus.Authenticated)
            .SharedWith(NorthernAgency)
            .SharedWith(PacificFund, NeedParts.Summary)
            .CirculatedBy(Andrei);
        var (accepted, other) = (ProposalAt(ProposalStatus.Proposed, need), Proposal(need, Kenji).ProposedBy(Kenji, need));
        accepted.AcceptedBy(Amina, need, 60_000);
        var (carried, own) = (Programme().SharedAs(ForStates), Programme(Kenji).SharedAs(ProgrammeSharing.CtedOnly));
        await test.Save(need, accepted, other, carried, own, carried.Serve(Ingrid, need, Now), own.Serve(Kenji, need, Now));
        var (amina, ingrid) = ((await test.As(Amina)).Get<FollowUpService>(), (await test.As(Ingrid)).Get<FollowUpService>());
        await amina.Begin(need.Reference);
        await ingrid.SetMilestone(accepted.Reference, "First course", new DateOnly(2027, 6, 1));
        await amina.ConfirmDelivery(need.Reference, DateOnly.FromDateTime(Now));
        await amina.Conclude(need.Reference, NeedStatus.PartlyMet, "One course of two.");
        return new Story(need, accepted, other, carried, own);
    }

    private static async Task<TraceView> Seen(TestDb test, Player player, string reference) =>
        await (await test.As(player)).Get<TraceService>().Get(reference);

    private static IEnumerable<string> Told(TraceView trace) => trace.Nodes.Select(n => $"{n.Step} {n.Reference}");

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_reader_gets_the_links_of_the_records_that_they_see(Database database)
    {
        await using var test = await TestDb.Open(database);
        var s = await Tell(test);
        string[] Whole(params string[] more) =>
            [
                .. new[] { "Paragraph 1373:1(a)", $"Need {s.Need.Reference}", $"Proposal {s.Accepted.Reference}" },
                .. more,
                $"Programme {s.Carried.Reference}",
                $"Milestone {s.Accepted.Reference}",
                $"Delivery {s.Need.Reference}",
                $"Outcome {s.Need.Reference}",
            ];
        var state = await Seen(test, Amina, s.Need.Reference);
        Assert.Equal(Whole($"Proposal {s.Other.Reference}"), Told(state));
        Assert.Equal("One course of two.", state.Nodes[^1].Why);
        Assert.Equal((100_000m, 60_000m), (state.Nodes[2].Amount, state.Nodes[2].Accepted));
        var officer = await Seen(test, Andrei, s.Need.Reference);
        Assert.Equal(
            [.. Whole($"Proposal {s.Other.Reference}"), $"Programme {s.Own.Reference}"],
            Told(officer).OrderBy(t => t == $"Programme {s.Own.Reference}")
        );
        var donor = await Seen(test, Ingrid, s.Need.Reference);
        Assert.Equal(Whole(), Told(donor));
        Assert.Null(donor.Nodes[^1].Why);
        Assert.Equal(250_000m, donor.Nodes[1].Amount);
        // A summary was given: no paragraph, no cost, no other's help.
        var summary = await Seen(test, Kenji, s.Need.Reference);
        Assert.Equal(
            [
                $"Need {s.Need.Reference}",
                $"Proposal {s.Other.Reference}",
                $"Programme {s.Own.Reference}",
                $"Delivery {s.Need.Reference}",
                $"Outcome {s.Need.Reference}",
            ],
            Told(summary)
        );
        Assert.Null(summary.Nodes[0].Amount);
        foreach (var player in new[] { Rosa, Fatou, Chloe })
        foreach (var reference in new[] { s.Need.Reference, s.Accepted.Reference, s.Own.Reference, "NEED-2001-0001" })
            await Assert.ThrowsAsync<NotFound>(() => Seen(test, player, reference));
        await Assert.ThrowsAsync<NotFound>(() => Seen(test, Ingrid, s.Other.Reference));
        await Assert.ThrowsAsync<NotFound>(() => Seen(test, Amina, s.Own.Reference));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task It_is_walked_from_every_link_in_both_directions(Database database)
    {
        await using var test = await TestDb.Open(database);
        var s = await Tell(test);
        static IEnumerable<string> Lines(TraceView t) =>
            t.Links.Select(l => $"{t.Nodes[l.From].Step}>{t.Nodes[l.To].Step}").Order(StringComparer.Ordinal);
        string[] through =
        [
            "Delivery>Outcome",
            "Milestone>Delivery",
            "Need>Proposal",
            "Paragraph>Need",
            "Proposal>Milestone",
            "Proposal>Programme",
        ];
        foreach (var reference in new[] { s.Accepted.Reference, s.Carried.Reference })
        {
            var trace = await Seen(test, Andrei, reference);
            Assert.Equal(through, Lines(trace));
            Assert.Equal(reference, trace.Nodes.Single(n => n.IsHere).Reference);
        }
        foreach (var address in new[] { "1373:1(a)", "1373-1a" })
            Assert.Equal([.. Lines(await Seen(test, Andrei, s.Need.Reference))], Lines(await Seen(test, Andrei, address)));
        Assert.Equal(["Paragraph 1373:1(a)"], Told(await Seen(test, Rosa, "1373-1a")));
        Assert.Equal(["Paragraph 1373:1(a)"], Told(await Seen(test, Kenji, "1373-1a")));
        // The need is shown no longer: the provider's own proposal still is, with what the State said of it.
        await using (var db = await test.AsSystem())
        {
            var need = db.Needs.Single(n => n.Id == s.Need.Id);
            db.Entry(need).Collection(n => n.Consents).Load();
            need.RevokeConsent(Amina, NorthernAgency.Audience, null, Now);
            await db.SaveChangesAsync();
        }
        Assert.Equal(
            [$"Proposal {s.Accepted.Reference}", $"Milestone {s.Accepted.Reference}", $"Outcome {s.Accepted.Reference}"],
            Told(await Seen(test, Ingrid, s.Accepted.Reference))
        );
        Assert.Equal([$"Programme {s.Carried.Reference}"], Told(await Seen(test, Ingrid, s.Carried.Reference)));
    }

    [Theory, OnSqlite, OnPostgres, Trait("Pace", "Slow")]
    public async Task What_is_hidden_changes_no_byte(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).SharedWith(PacificFund).CirculatedBy(Andrei);
        var (own, carried) = (ProposalAt(ProposalStatus.Accepted, need), Programme().SharedAs(ForStates));
        await host.Db.Save(need, own, carried, carried.Serve(Ingrid, need, Now));
        var ingrid = await host.As(Ingrid);
        string[] addresses = [.. new[] { need.Reference, own.Reference, carried.Reference, "1373-1a" }.Select(r => "/api/v1/trace/" + r)];
        var before = await Task.WhenAll(addresses.Select(ingrid.Get));
        Assert.All(before, a => Assert.Equal(200, a.Status));
        var (other, theirs) = (Proposal(need, Kenji).ProposedBy(Kenji, need), Programme(Kenji).SharedAs(ForStates));
        var hidden = NeedAt(NeedStatus.Submitted);
        await host.Db.Save(hidden, other, theirs, theirs.Serve(Kenji, need, Now));
        Assert.Equal(before.Select(a => a.Everything), (await Task.WhenAll(addresses.Select(ingrid.Get))).Select(a => a.Everything));
        // By name they answer as what is not there.
        foreach (
            var (there, missing) in new[]
            {
                (hidden.Reference, "NEED-2001-0001"),
                (other.Reference, "PROP-2001-0001"),
                (theirs.Reference, "PRG-2001-0001"),
            }
        )
            Assert.Equal(
                (await ingrid.Get("/api/v1/trace/" + missing).Is(404)).Everything,
                (await ingrid.Get("/api/v1/trace/" + there)).Everything
            );
        Assert.NotEqual(before[0].Body, (await (await host.As(Amina)).Get(addresses[0])).Body);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_told_beyond_a_row_of_a_list_has_been_read(Database database)
    {
        await using var test = await TestDb.Open(database);
        var s = await Tell(test);
        var plain = NeedAt(NeedStatus.Circulated);
        await test.Save(plain);
        async Task<List<string?>> Read(Player player)
        {
            await using var log = await test.AsSystem();
            return
            [
                .. log
                    .AuditEntries.Where(e => e.PersonId == player.Id && e.Code.EndsWith(".read"))
                    .Select(e => e.Code + " " + e.Reference)
                    .AsEnumerable()
                    .Order(StringComparer.Ordinal),
            ];
        }
        // Through a paragraph: the need that was delivered and the proposal whose milestones are told, and neither the need that is a row
        // nor the proposal that is one.
        var told = await Seen(test, Andrei, "1373-1a");
        Assert.Contains(told.Nodes, n => n.Reference == plain.Reference);
        Assert.Equal([$"need.read {s.Need.Reference}", $"proposal.read {s.Accepted.Reference}"], await Read(Andrei));
        // A summary without milestones: when help was delivered and what came of it is told all the same.
        await Seen(test, Kenji, s.Other.Reference);
        Assert.Equal([$"need.read {s.Need.Reference}", $"proposal.read {s.Other.Reference}"], await Read(Kenji));
    }

    [Fact]
    public void Every_link_is_drawn_once_and_every_line_reaches_from_column_to_column()
    {
        var random = new Random(1373);
        for (var i = 0; i < 2_000; i++)
        {
            var nodes = Enumerable
                .Range(0, random.Next(1, 25))
                .Select(n => new TraceNode((TraceStep)random.Next(7), "R" + n))
                .OrderBy(n => n.Step)
                .ToList();
            var links = Enumerable
                .Range(0, random.Next(40))
                .Select(_ => new TraceLink(random.Next(nodes.Count), random.Next(nodes.Count)))
                .Where(l => nodes[l.From].Step < nodes[l.To].Step)
                .Distinct()
                .ToList();
            var map = TraceMap.Of(new TraceView("R0", nodes, links, false));
            Assert.Equal(
                nodes.Select(n => n.Reference).Order(),
                map.Columns.SelectMany(c => c.Cells).OfType<TraceNode>().Select(n => n.Reference).Order()
            );
            Assert.All(map.Lines, l => Assert.True(l.To.Column == l.From.Column + 1 && l.From.Row < map.Rows && l.To.Row < map.Rows));
            Assert.All(links, l => Assert.Contains(map.Lines, x => map.Columns[x.From.Column].Cells[x.From.Row] == nodes[l.From]));
        }
    }
}
