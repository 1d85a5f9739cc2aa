using Portal.Assistance.Funding;
using Portal.Assistance.Needs;
using Portal.Assistance.Pictures;
using Portal.Assistance.Proposals;
using Portal.Assistance.States;
using Portal.Domain.Assistance;
using Portal.Lists;
using Portal.Shell;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>What programmes bring to a need is counted once, shared out and never more than is lacking.</summary>
public sealed class FundingGapTests
{
    [Fact]
    public void No_money_is_counted_twice_and_no_gap_is_told_too_small()
    {
        var random = new Random(1373);
        for (var i = 0; i < 20_000; i++)
        {
            decimal Some(int most) => random.Next(4) == 0 ? 0 : random.Next(most);
            var accepted = Enumerable
                .Range(1, 4)
                .Where(_ => random.Next(2) == 0)
                .Select(o => (Organisation: o, Amount: Some(100_000)))
                .ToList();
            var shares = Enumerable.Range(0, random.Next(6)).Select(_ => (Organisation: random.Next(1, 6), Share: Some(100_000))).ToList();
            var (cost, all) = (Some(400_000), accepted.Sum(a => a.Amount));
            var whole = FundingGap.Programmed(cost, all, accepted, shares);
            Assert.InRange(whole, 0, Math.Max(0, cost - all));
            // Never more than what programmes have, and with what was accepted never more than the larger of the two, organisation by
            // organisation.
            Assert.True(whole <= shares.Sum(s => s.Share));
            Assert.True(
                all + whole
                    <= Math.Max(
                        all,
                        Enumerable
                            .Range(1, 5)
                            .Sum(o =>
                                Math.Max(
                                    accepted.Where(a => a.Organisation == o).Sum(a => a.Amount),
                                    shares.Where(s => s.Organisation == o).Sum(s => s.Share)
                                )
                            )
                    )
            );
            // Whoever knows of fewer acceptances or programmes is told of no smaller gap.
            var known = accepted.Where(_ => random.Next(2) == 0).ToList();
            Assert.True(FundingGap.Programmed(cost, all, known, shares) <= whole);
            Assert.True(FundingGap.Programmed(cost, all, accepted, shares.Where(_ => random.Next(2) == 0)) <= whole);
            var (states, needs, amount) = (random.Next(1, 8), random.Next(1, 8), Some(1_000_000));
            Assert.True(FundingGap.Share(amount, states, needs) * states * needs <= amount);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Programmes_that_the_reader_sees_are_taken_off_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        var finance = ProgrammeParts.Summary | ProgrammeParts.Finance;
        var (need, second) = (
            NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).SharedWith(PacificFund).CirculatedBy(Andrei),
            NeedAt(NeedStatus.Circulated)
        );
        var proposal = ProposalAt(ProposalStatus.Accepted, need); // 100,000 of 250,000, of Ingrid's
        var carried = Programme().SharedAs(new ProgrammeSharing(finance, finance, ProgrammeParts.None, ProgrammeParts.None)); // 200,000 for Kenya
        await test.Save(need, second, proposal, carried, carried.Serve(Ingrid, need, Now));
        async Task<GapLine> Of(Player player, string query = "by=Need") =>
            (await (await test.As(player)).Get<GapService>().Get(GapQuery.Of(ListAddress.Of("/funding-gap?" + query)))).Lines.Single(l =>
                l.Key == need.Reference
            );
        // It carries out what was accepted; what it has beyond that is programmed.
        foreach (var player in new[] { Amina, Andrei, Ingrid })
            Assert.Equal(
                (250_000m, 100_000m, 100_000m, 50_000m),
                ((await Of(player)).Cost, (await Of(player)).Accepted, (await Of(player)).Programmed, (await Of(player)).Gap)
            );
        // Who does not see the proposal sees what was accepted, and is told the same.
        Assert.Equal((100_000m, 50_000m), ((await Of(Kenji)).Programmed, (await Of(Kenji)).Gap));
        // Of a State with two needs that it serves each has half; whatever is filtered for.
        await test.Save(carried.Serve(Ingrid, second, Now));
        Assert.Equal((0m, 150_000m), ((await Of(Amina)).Programmed, (await Of(Amina)).Gap));
        Assert.Equal(0m, (await Of(Amina, "by=Need&state=KEN&theme=CFT")).Programmed);
        // Without the money, or before it is shared, it counts only for its own organisation and CTED.
        var other = Programme(Kenji)
            .SharedAs(new ProgrammeSharing(ProgrammeParts.Summary, ProgrammeParts.None, ProgrammeParts.None, ProgrammeParts.None));
        var draft = Programme(Kenji);
        await test.Save(other, draft, other.Serve(Kenji, need, Now), draft.Serve(Kenji, need, Now));
        Assert.Equal(0m, (await Of(Amina)).Programmed);
        Assert.Equal(0m, (await Of(Ingrid)).Programmed);
        Assert.Equal(150_000m, (await Of(Andrei)).Programmed);
        Assert.Equal(150_000m, (await Of(Kenji)).Programmed);
        // The list, the need's page and the consolidated reply tell what the page of the gap does.
        foreach (var player in new[] { Amina, Andrei, Ingrid, Kenji })
        {
            var gap = (await Of(player)).Gap;
            Assert.Equal(gap, (await (await test.As(player)).Get<NeedService>().Get(need.Reference)).FundingGap);
            Assert.Equal(
                gap,
                (await (await test.As(player)).Get<ListService>().Page(NeedList.List, ListAddress.Of("/needs")))
                    .Rows.Single(r => r.Reference == need.Reference)
                    .FundingGap
            );
        }
        Assert.Equal((await Of(Andrei)).Gap, (await (await test.As(Andrei)).Get<AnswerService>().Reply(need.Reference)).Gap);
        // The picture of the State tells the same.
        var state = (await (await test.As(Andrei)).Get<StateService>().Get("KEN", StateQuery.Of(ListAddress.Of("/states/KEN")))).Money;
        Assert.Equal(
            (await (await test.As(Andrei)).Get<GapService>().Get(GapQuery.Of(ListAddress.Of("/funding-gap?state=KEN")))).Total with
            {
                Key = "KEN",
            },
            state
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Told_by_whatever_it_is_the_same_gap_on_its_page_and_in_the_picture(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (answered, served) = (NeedAt(NeedStatus.Circulated), NeedAt(NeedStatus.Circulated));
        var programme = Programme()
            .SharedAs(
                new ProgrammeSharing(
                    ProgrammeParts.Summary | ProgrammeParts.Finance,
                    ProgrammeParts.None,
                    ProgrammeParts.None,
                    ProgrammeParts.None
                )
            ); // 200,000 for Kenya
        await test.Save(
            answered,
            served,
            ProposalAt(ProposalStatus.Accepted, answered),
            programme,
            programme.Serve(Ingrid, served, Now),
            NeedAt(NeedStatus.Authenticated),
            NeedAt(NeedStatus.Authenticated, Rosa),
            NeedAt(NeedStatus.Submitted, Rosa),
            NeedAt(NeedStatus.Met, Rosa),
            NeedAt(NeedStatus.Draft)
        );
        async Task<GapView> Gap(Player player, GapBy by) =>
            await (await test.As(player)).Get<GapService>().Get(GapQuery.Of(ListAddress.Of("/funding-gap?by=" + by)));
        foreach (
            var (player, gap) in new[]
            {
                (Andrei, 150_000m + 50_000 + 250_000 + 250_000),
                (Amina, 150_000m + 50_000 + 250_000),
                (Rosa, 250_000m),
            }
        )
        {
            var single = await Gap(player, GapBy.Need);
            Assert.Equal(gap, single.Total.Gap);
            foreach (var by in Enum.GetValues<PictureBy>())
            {
                var view = await Gap(player, Enum.Parse<GapBy>(by.ToString()));
                Assert.Equal(single.Total, view.Total);
                Assert.Equal(view.Total with { Key = "" }, view.Lines.Aggregate(new GapLine("", 0, 0, 0, 0, 0, 0, 0), (a, b) => a.With(b)));
                var picture = await (await test.As(player)).Get<PictureService>().Get(new PictureQuery { By = by });
                Assert.Equal(
                    view.Lines.Select(l => (l.Key, l.Gap)).Order(),
                    picture.Lines.Where(l => l.Gap > 0).Select(l => (l.Key, l.Gap)).Order()
                );
                Assert.Equal(gap, picture.Total.Gap);
            }
        }
    }
}
