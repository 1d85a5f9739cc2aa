using Portal.Assistance.States;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Shell;
using Portal.Tests.Api;
using Portal.Tests.Assessments;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>The picture of a State: counts and sums of what its reader sees of it, and of nothing else.</summary>
public sealed class StateTests
{
    private static readonly ProgrammeSharing ForStates = new(
        ProgrammeParts.Summary,
        ProgrammeParts.None,
        ProgrammeParts.None,
        ProgrammeParts.None
    );

    private static async Task<StatePicture> Seen(TestDb test, Player player, string? iso3 = "KEN", string query = "") =>
        await (await test.As(player)).Get<StateService>().Get(iso3, StateQuery.Of(ListAddress.Of("/states/KEN" + query)));

    [Theory, OnSqlite, OnPostgres]
    public async Task Assessments_and_recommendations_are_counted_by_the_stage_that_the_reader_is_told(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (drafted, before, sent) = (
            DossierCast.At(DossierStage.Drafting),
            DossierCast.At(DossierStage.Subcommittee),
            DossierCast.At(DossierStage.Sent)
        );
        var asked = RecommendationCast.At(RecommendationStage.Asked, of: sent);
        await test.Save(drafted, before, sent, asked, DossierCast.At(DossierStage.Sent, "PER"));
        async Task<(string Assessments, string Recommendations, int All)> Counted(Player player, string query = "")
        {
            var picture = await Seen(test, player, query: query);
            static string Told(IEnumerable<Tally> stages) => string.Join(' ', stages.Select(t => $"{t.Key}:{t.Count}"));
            return (Told(picture.Assessments), Told(picture.Recommendations), picture.Records);
        }
        Assert.Equal(("Drafting:1 Subcommittee:1 Sent:1", "Asked:1", 4), await Counted(Leila));
        Assert.Equal(("Sent:1", "Asked:1", 2), await Counted(Amina));
        foreach (var nobody in new[] { Ingrid, Fatou, Rosa })
            Assert.Equal(("", "", 0), await Counted(nobody));
        Assert.Equal(("", "", 0), await Counted(Leila, "?theme=CFT"));
        Assert.Equal(("", "", 0), await Counted(Leila, "?year=2020"));
        // What silence decided is so before anything has written it down.
        test.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal("Drafting:1 Endorsed:1 Sent:1", (await Counted(Leila)).Assessments);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_reader_gets_counts_and_sums_of_the_records_that_they_see(Database database)
    {
        await using var test = await TestDb.Open(database);
        var whole = NeedAt(NeedStatus.Authenticated)
            .SharedWith(NorthernAgency)
            .SharedWith(PacificFund, NeedParts.Summary)
            .CirculatedBy(Andrei);
        var proposal = ProposalAt(ProposalStatus.Accepted, whole);
        var (draft, met, theirs) = (NeedAt(NeedStatus.Draft), NeedAt(NeedStatus.Met), NeedAt(NeedStatus.Circulated, Rosa));
        var (forStates, own) = (Programme().SharedAs(ForStates), Programme(Kenji));
        await test.Save(whole, proposal, draft, met, theirs, forStates, own);
        var state = await Seen(test, Amina, null);
        Assert.Equal("KEN", state.Iso3);
        Assert.Equal([new Tally("Draft", 1), new Tally("Matched", 1), new Tally("Met", 1)], state.Stages);
        Assert.Equal((250_000m, 100_000m, 150_000m), (state.Money.Cost, state.Money.Accepted, state.Money.Gap));
        Assert.Equal([new Tally("1373:1(a)", 3)], state.Paragraphs);
        Assert.Null(Assert.Single(state.Programmes).Amount); // the provider gave its States the summary
        var officer = await Seen(test, Andrei);
        Assert.Equal([new Tally("Matched", 1), new Tally("Met", 1)], officer.Stages);
        Assert.Equal(200_000m, Assert.Single(officer.Programmes).Amount);
        var donor = await Seen(test, Ingrid);
        Assert.Equal((250_000m, 150_000m, 1), (donor.Money.Cost, donor.Money.Gap, donor.Proposals.Single().Count));
        // A summary was given: no cost, no paragraph; another's proposal is not there.
        var summary = await Seen(test, Kenji);
        Assert.Equal((0m, 1, 0), (summary.Money.Cost, summary.WithoutCost, summary.Proposals.Count));
        Assert.Empty(summary.Paragraphs);
        Assert.Equal([own.Reference], summary.Programmes.Select(p => p.Reference));
        foreach (var player in new[] { Rosa, Fatou })
            Assert.Equal(0, (await Seen(test, player)).Records);
        Assert.Equal(0, (await Seen(test, Amina, null, "?year=2020")).Records);
        Assert.Equal(5, (await Seen(test, Amina, null, "?year=2027&theme=CFT")).Records);
        Assert.Equal(0, (await Seen(test, Amina, null, "?theme=BORDER")).Needs());
        await Assert.ThrowsAsync<NotFound>(() => Seen(test, Andrei, null));
        await Assert.ThrowsAsync<NotFound>(() => Seen(test, Andrei, "XXX"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Where_not_all_is_shown_it_is_said_how_many_there_are_that_the_reader_sees(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Enumerable.Range(0, StateService.Most + 2).Select(_ => Programme().SharedAs(ForStates)));
        await test.Save(Enumerable.Range(0, 3).Select(_ => Programme(Kenji)));
        await test.Save(Enumerable.Range(0, StateService.Most + 1).Select(_ => NeedAt(NeedStatus.Circulated)));
        await test.Save(NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).CirculatedBy(Andrei));
        var state = await Seen(test, Amina, null);
        Assert.Equal(
            (StateService.Most, StateService.Most + 2, StateService.Most, StateService.Most + 2),
            (state.Programmes.Count, state.AllProgrammes, state.Days.Count, state.AllDays)
        );
        // Another provider sees its own three and not those shared with States, nor the need shared with others.
        var donor = await Seen(test, Kenji);
        Assert.Equal(
            (3, 3, StateService.Most, StateService.Most + 1),
            (donor.Programmes.Count, donor.AllProgrammes, donor.Days.Count, donor.AllDays)
        );
    }

    [Theory, OnSqlite, OnPostgres, Trait("Pace", "Slow")]
    public async Task What_is_hidden_changes_no_byte(Database database)
    {
        await using var host = await ApiHost.Start(database);
        await host.Db.Save(NeedAt(NeedStatus.Circulated));
        var (ingrid, rosa) = (await host.As(Ingrid), await host.As(Rosa));
        string[] addresses = ["/states/KEN/export?format=csv", "/states/KEN/export?format=csv&theme=CFT"];
        async Task<IReadOnlyList<string>> Asked() =>
            [.. (await Task.WhenAll(addresses.SelectMany(a => new[] { ingrid.Get(a), rosa.Get(a) }))).Select(a => a.Everything)];
        var before = await Asked();
        Assert.All(before, a => Assert.StartsWith("200", a, StringComparison.Ordinal));
        var hidden = NeedAt(NeedStatus.Authenticated).SharedWith(PacificFund).CirculatedBy(Andrei);
        await host.Db.Save(
            hidden,
            NeedAt(NeedStatus.Draft),
            Proposal(hidden, Kenji).ProposedBy(Kenji, hidden),
            Programme(Kenji).SharedAs(ForStates)
        );
        Assert.Equal(before, await Asked());
    }
}

internal static class StateWordsOfTests
{
    public static int Needs(this StatePicture picture) => picture.Stages.Sum(s => s.Count);
}
