using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Funding;
using Portal.Assistance.Pictures;
using Portal.Data;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.Assistance;

/// <summary>The picture adds up what its reader may read, and tells the others of all needs only what points at no State.</summary>
public sealed class PictureTests
{
    private static async Task<PictureView> Of(TestDb test, Player player, PictureQuery? query = null) =>
        await (await test.As(player)).Get<PictureService>().Get(query ?? new PictureQuery());

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_given_and_still_needed_adds_up_for_those_who_see_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (open, matched) = (Cast.NeedAt(NeedStatus.Circulated), Cast.NeedAt(NeedStatus.Circulated));
        var proposal = Cast.ProposalAt(ProposalStatus.Accepted, matched);
        await test.Save(
            open,
            matched,
            proposal,
            Cast.NeedAt(NeedStatus.Submitted, Cast.Rosa),
            Cast.NeedAt(NeedStatus.Draft),
            Cast.NeedAt(NeedStatus.Met, Cast.Rosa)
        );

        var view = await Of(test, Cast.Andrei);
        Assert.True(view.SeesAll);
        Assert.Equal(["Africa", "Grulac"], view.Lines.Select(l => l.Key).Order(StringComparer.Ordinal));
        var africa = view.Lines.Single(l => l.Key == "Africa");
        Assert.Equal((2, 1, 1, 0), (africa.Needs, africa.Open, africa.InHand, africa.Concluded));
        Assert.Equal((500_000m, 500_000m - africa.Accepted), (africa.Cost, africa.Gap));
        Assert.Equal(proposal.AcceptedAmount, africa.Accepted);
        Assert.Equal(4, view.Total.Needs);
        Assert.Equal(1, view.Stages.Single(s => s.Status == NeedStatus.Submitted).Needs);
        Assert.Equal(view.Total.Needs, view.Stages.Sum(s => s.Needs));
        Assert.Equal(0, view.Stages.Single(s => s.Status == NeedStatus.Circulated).Days!.Value, 0.5);
        Assert.Equal(3, view.Answers.Single(a => a.What == "with_proposal").Of);

        // By State for those who read the State's records; a State has its own, drafts excepted.
        Assert.Equal(
            ["KEN", "PER"],
            (await Of(test, Cast.Dorothea, new PictureQuery { By = PictureBy.State }))
                .Lines.Select(l => l.Key)
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(["KEN"], (await Of(test, Cast.Amina, new PictureQuery { By = PictureBy.State })).Lines.Select(l => l.Key));
        Assert.Equal(2, (await Of(test, Cast.Leila)).Total.Needs);
        Assert.False((await Of(test, Cast.Leila)).SeesAll);
        Assert.Equal(1, (
                await Of(
                    test,
                    Cast.Andrei,
                    new PictureQuery
                    {
                        Regions = [RegionalGroup.Grulac],
                        Themes = ["CFT"],
                        Year = 2027,
                        By = PictureBy.Theme,
                    }
                )
            ).Stages.Single(s => s.Status == NeedStatus.Met).Needs);
        Assert.Equal(0, (await Of(test, Cast.Andrei, new PictureQuery { Year = 2026 })).Total.Needs);
        test.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(10, (await Of(test, Cast.Andrei)).Stages.Single(s => s.Status == NeedStatus.Submitted).Days!.Value, 1.0);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_part_that_is_not_shared_is_in_no_sum_and_no_filter(Database database)
    {
        await using var test = await TestDb.Open(database);
        var whole = Cast.NeedAt(NeedStatus.Authenticated)
            .SharedWith(Cast.NorthernAgency, NeedParts.Cost | NeedParts.Modality)
            .CirculatedBy(Cast.Andrei);
        var title = Cast.NeedAt(NeedStatus.Authenticated, Cast.Rosa)
            .SharedWith(Cast.NorthernAgency, NeedParts.Summary)
            .CirculatedBy(Cast.Andrei);
        await test.Save(whole, title);
        var view = await Of(test, Cast.Ingrid, new PictureQuery { By = PictureBy.Modality });
        Assert.Equal((2, 250_000m, 1), (view.Total.Needs, view.Total.Cost, view.WithoutCost));
        Assert.Equal((1, 250_000m), (Assert.Single(view.Lines).Needs, view.Lines[0].Cost));
        Assert.Equal(1, (await Of(test, Cast.Ingrid, new PictureQuery { Modalities = ["TRAINING"] })).Total.Needs);
        // When a State brought it before CTED is between the two.
        Assert.Equal(0, (await Of(test, Cast.Ingrid, new PictureQuery { Year = 2027 })).Total.Needs);
        Assert.Null(view.Times.Single(t => t.Step == "circulation").Days);
        Assert.Equal(0, (await Of(test, Cast.Kenji)).Total.Needs);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Amounts_without_a_rate_are_said_and_not_guessed(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Submitted));
        var view = await Of(test, Cast.Andrei, new PictureQuery { Currency = "JPY" });
        Assert.Equal((1, 0m, 1, 0), (view.Total.Needs, view.Total.Cost, view.WithoutRate, view.WithoutCost));
        await (await test.As(Cast.Andrei)).Get<RateService>().Set("JPY", new DateOnly(2027, 2, 1), 150m, "Published");
        Assert.Equal(37_500_000m, (await Of(test, Cast.Andrei, new PictureQuery { Currency = "JPY" })).Total.Cost);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_all_needs_nothing_is_told_until_enough_States_asked_in_a_half_year_that_is_over(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Submitted), Cast.NeedAt(NeedStatus.Submitted, Cast.Rosa));
        var published = (await test.As(Cast.Ingrid)).Get<PublishedPicture>();
        Assert.Null((await published.Of(null)).Span);
        // Filed by more States than the cast has: as the rows would lie in the database.
        string[] states = ["KEN", "UGA", "TZA", "RWA", "ETH", "GHA", "PER", "CHL", "BOL", "ECU", "COL", "BRA", "JOR"];
        var needs = states
            .SelectMany(_ =>
                Enumerable.Range(0, 2).Select(i => i == 0 ? Cast.NeedAt(NeedStatus.Submitted) : Cast.NeedAt(NeedStatus.Circulated))
            )
            .ToList();
        await test.Save(needs);
        await using (var db = await test.AsSystem())
            foreach (var (i, need) in needs.Index())
            {
                var (id, state) = (need.Id, states[i / 2]);
                await db.Needs.Where(n => n.Id == id).ExecuteUpdateAsync(s => s.SetProperty(n => n.StateIso3, state));
                await db
                    .Reach.Where(r => r.RecordId == id && r.Audience == "need/state:KEN")
                    .ExecuteUpdateAsync(s => s.SetProperty(r => r.Audience, "need/state:" + state).SetProperty(r => r.State, state));
                await db.Reach.Where(r => r.RecordId == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.State, state));
            }
        Assert.Null((await published.Of(null)).Span);
        test.Clock.Advance(TimeSpan.FromDays(130));
        var view = await published.Of(null);
        Assert.Equal((new DateOnly(2027, 1, 1), 30), (view.Span!.Value.From, view.Total));
        // Kenya and Uganda … are Africa; Jordan alone is told with the others that have too few.
        Assert.Equal([15, 15], view.Tables.Single(t => t.By == PictureBy.Region).Figures.Select(f => f.About).Order());
        Assert.Equal(30, Assert.Single(view.Tables.Single(t => t.By == PictureBy.Theme).Figures).About);
        // Given to one provider whole, six States' needs are no riddle to it any more: what is left is too little to be told apart.
        await using (var db = await test.AsSystem())
        {
            db.Reach.AddRange(
                (await db.Reach.Where(r => r.Audience == "need/cted").ToListAsync())
                    .Where(r => states[6..12].Contains(r.State) && needs.Exists(n => n.Id == r.RecordId))
                    .Select(r => new Reach
                    {
                        RecordId = r.RecordId,
                        Audience = "need/org:9001",
                        State = r.State,
                        Sort = r.Sort,
                        View = 1,
                    })
            );
            await db.SaveChangesAsync();
        }
        Assert.Equal(2, (await published.Of(null)).Tables.Single(t => t.By == PictureBy.Region).Figures.Count);
        test.Clock.Advance(PublishedPicture.Stands);
        Assert.Single((await published.Of(null)).Tables.Single(t => t.By == PictureBy.Region).Figures);
    }
}
