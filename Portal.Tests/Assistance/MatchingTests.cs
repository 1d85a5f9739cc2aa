using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>The comparison of a need with a standing offer: a table for each reason, and what holds whatever is compared.</summary>
public sealed class MatchingTests
{
    private static readonly NeedMatchFacts TheNeed = new(
        Guid.CreateVersion7(),
        "KEN",
        "CFT",
        Language.En,
        [Language.Fr],
        ["TRAINING", "EXPERT"],
        100_000,
        "USD",
        new DateOnly(2027, 7, 1),
        new DateOnly(2027, 12, 31)
    );
    private static readonly OfferMatchFacts TheOffer = new(
        Guid.CreateVersion7(),
        1,
        ["CFT"],
        ["TRAINING", "EXPERT"],
        [],
        [Language.En],
        10_000,
        200_000,
        "USD",
        null,
        null
    );

    private static MatchScore? Compare(
        NeedMatchFacts need,
        OfferMatchFacts offer,
        NeedParts parts = NeedParts.Whole,
        MatchWeights? weights = null,
        byte record = MatchFit.Unknown
    ) => Matching.Score(NeedTraits.Of(need, parts, InDollars), OfferTraits.Of(offer, record, InDollars), weights ?? MatchWeights.Usual);

    private static decimal? InDollars(decimal amount, string currency) =>
        currency switch
        {
            "USD" => amount,
            "EUR" => amount * 2,
            _ => null,
        };

    private static byte Of(MatchReason reason, MatchScore? score) => score!.Value[reason];

    [Theory]
    [InlineData("CFT", "CFT", 100)]
    [InlineData("BORDER_CUSTOMS", "BORDER", 50)] // part of it
    [InlineData("BORDER", "BORDER_AVIATION", 50)] // the whole of it
    [InlineData("BORDER_CUSTOMS", "BORDER_AVIATION", -1)] // beside it
    [InlineData("CFT", "HR", -1)]
    public void Theme(string need, string offer, int fit)
    {
        var score = Compare(TheNeed with { Theme = need }, TheOffer with { Themes = [offer] });
        Assert.Equal(fit, score is null ? -1 : Of(MatchReason.Theme, score));
    }

    [Theory]
    [InlineData("TRAINING EXPERT", "TRAINING EXPERT WORKSHOP", 100)]
    [InlineData("TRAINING EXPERT", "TRAINING", 50)]
    [InlineData("TRAINING EXPERT WORKSHOP", "EXPERT", 33)]
    [InlineData("TRAINING", "EQUIPMENT", 0)]
    public void Modality(string need, string offer, int fit) =>
        Assert.Equal(
            fit,
            Of(
                MatchReason.Modality,
                Compare(TheNeed with { Modalities = need.Split(' ') }, TheOffer with { Modalities = offer.Split(' ') })
            )
        );

    [Fact]
    public void Region()
    {
        Assert.Equal(100, Of(MatchReason.Region, Compare(TheNeed, TheOffer)));
        Assert.Equal(100, Of(MatchReason.Region, Compare(TheNeed, TheOffer with { Regions = [RegionalGroup.Africa, RegionalGroup.Weog] })));
        Assert.Null(Compare(TheNeed, TheOffer with { Regions = [RegionalGroup.Grulac] }));
    }

    [Theory]
    [InlineData(new[] { Language.En, Language.Ru }, 100)]
    [InlineData(new[] { Language.Fr }, 50)] // a translation
    [InlineData(new[] { Language.Zh }, 0)]
    [InlineData(new Language[0], 255)]
    public void Languages(Language[] works, int fit) =>
        Assert.Equal(fit, Of(MatchReason.Language, Compare(TheNeed, TheOffer with { WorkingLanguages = works })));

    [Theory]
    [InlineData(100_000, "USD", 10_000, 200_000, 100)]
    [InlineData(100_000, "USD", null, 100_000, 100)]
    [InlineData(100_000, "USD", null, 25_000, 25)] // covers a quarter
    [InlineData(100_000, "USD", 200_000, null, 50)] // gives no less than twice that
    [InlineData(50_000, "EUR", 100_000, 100_000, 100)]
    [InlineData(50_000, "CHF", 1, 100_000, 255)] // no rate
    [InlineData(null, null, 1, 100_000, 255)]
    [InlineData(100_000, "USD", null, null, 255)]
    public void Budget(int? cost, string? currency, int? from, int? to, int fit) =>
        Assert.Equal(
            fit,
            Of(
                MatchReason.Budget,
                Compare(TheNeed with { Cost = cost, Currency = currency }, TheOffer with { BudgetFrom = from, BudgetTo = to })
            )
        );

    [Theory]
    [InlineData("2027-07-01", "2027-12-31", null, null, 100)]
    [InlineData("2027-07-01", "2027-07-10", "2027-07-06", null, 50)]
    [InlineData("2027-07-01", "2027-07-10", "2027-01-01", "2027-07-02", 20)]
    [InlineData("2027-07-01", "2027-07-10", "2028-01-01", null, 0)]
    [InlineData("2027-07-01", null, null, "2029-01-01", 100)]
    [InlineData(null, null, null, "2029-01-01", 255)]
    public void Time(string? from, string? to, string? offerFrom, string? offerUntil, int fit)
    {
        static DateOnly? Day(string? day) => day is null ? null : DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            fit,
            Of(
                MatchReason.Time,
                Compare(TheNeed with { From = Day(from), To = Day(to) }, TheOffer with { From = Day(offerFrom), Until = Day(offerUntil) })
            )
        );
    }

    [Theory]
    [InlineData(0, 0, 0, 255)]
    [InlineData(1, 0, 0, 66)] // one good outcome says little
    [InlineData(10, 0, 0, 91)]
    [InlineData(0, 10, 0, 50)]
    [InlineData(0, 0, 10, 8)]
    [InlineData(5, 0, 5, 50)]
    public void Track_record(int met, int partly, int unmet, int fit) => Assert.Equal(fit, Matching.TrackRecord(met, partly, unmet));

    [Fact]
    public void The_score_is_the_weighted_mean_of_its_reasons_and_of_nothing_else()
    {
        foreach (var (need, offer, parts, weights, record) in Random(20_000))
        {
            if (Compare(need, offer, parts, weights, record) is not { } score)
                continue;
            var reasons = Enum.GetValues<MatchReason>();
            var mean = reasons.Sum(r => weights[r] * (double)MatchFit.Counts(score[r])) / reasons.Sum(r => weights[r]);
            Assert.InRange(score.Score, 0, 100);
            Assert.True(Math.Abs(score.Score - mean) <= 0.5, $"{score.Score} is not {mean}");
        }
    }

    [Fact]
    public void What_was_not_given_changes_nothing()
    {
        var random = new Random(7);
        foreach (var (need, offer, parts, weights, record) in Random(20_000))
        {
            // The same need with everything else in the parts that are not given.
            var other = Randomly(random) with
            {
                Id = need.Id,
                StateIso3 = need.StateIso3,
                Theme = need.Theme,
                Language = need.Language,
                Translations = need.Translations,
            };
            if (parts.Has(NeedParts.Modality))
                other = other with { Modalities = need.Modalities };
            if (parts.Has(NeedParts.Cost))
                other = other with { Cost = need.Cost, Currency = need.Currency };
            if (parts.Has(NeedParts.Timeframe))
                other = other with { From = need.From, To = need.To };
            Assert.Equal(Compare(need, offer, parts, weights, record), Compare(other, offer, parts, weights, record));
        }
    }

    [Fact]
    public void A_reason_without_weight_does_not_count_and_a_better_fit_never_lowers_a_score()
    {
        foreach (var (need, offer, parts, weights, record) in Random(5_000))
        {
            if (Compare(need, offer, parts, weights, record) is not { } score)
                continue;
            if (weights.TrackRecord < weights.Theme + weights.Modality + weights.Region + weights.Language + weights.Budget + weights.Time)
                Assert.Equal(
                    Compare(need, offer, parts, weights with { TrackRecord = 0 }, 0)!.Value.Score,
                    Compare(need, offer, parts, weights with { TrackRecord = 0 }, 100)!.Value.Score
                );
            Assert.True(Compare(need, offer, parts, weights, 100)!.Value.Score >= score.Score);
            Assert.True(
                Compare(need, offer with { Modalities = [.. Modalities.All.Select(m => m.Code)] }, parts, weights, record)!.Value.Score
                    >= score.Score
                    || score[MatchReason.Modality] == MatchFit.Unknown
            );
        }
    }

    [Fact]
    public void The_index_finds_what_comparing_with_every_offer_finds()
    {
        var random = new Random(3);
        var offers = Enumerable
            .Range(0, 2_000)
            .Select(i => OfferTraits.Of(Offer(random, 1 + (i % 12)), MatchFit.Unknown, InDollars))
            .ToList();
        var index = new OfferIndex(offers);
        for (var i = 0; i < 100; i++)
        {
            var facts = Randomly(random);
            var need = NeedTraits.Of(facts, NeedParts.Whole, InDollars);
            var all = offers
                .Select(o => (Offer: o, Score: Matching.Score(need, o, MatchWeights.Usual)))
                .Where(o => o.Score is not null)
                .Select(o => new RankedOffer(o.Offer.Id, o.Offer.Organisation, o.Score!.Value))
                .Order()
                .ToList();
            Assert.Equal(all.Take(10), index.Best(need, MatchWeights.Usual, 10));
            var own = index
                .BestOfEach(
                    facts,
                    new Dictionary<int, NeedParts> { [4] = NeedParts.Whole, [5] = NeedParts.Summary },
                    MatchWeights.Usual,
                    InDollars
                )
                .ToList();
            Assert.Equal(all.Where(o => o.Organisation == 4).Take(3), own.Where(o => o.Ranked.Organisation == 4).Select(o => o.Ranked));
            Assert.All(own, o => Assert.True(o.Ranked.Organisation is 4 or 5));
        }
    }

    [Fact]
    public void Weights_are_whole_numbers_up_to_a_hundred_and_not_all_nothing()
    {
        Assert.Empty(MatchWeights.Usual.Problems());
        Assert.Equal("Budget", Assert.Single((MatchWeights.Usual with { Budget = 101 }).Problems()).Field);
        Assert.Equal("match.weights_empty", Assert.Single(new MatchWeights(0, 0, 0, 0, 0, 0, 0).Problems()).Code);
        var settings = AssistanceSettings.Usual();
        Assert.Throws<Domain.Access.Refusal>(() => settings.Weigh(Amina, MatchWeights.Usual, Now));
        settings.Weigh(Andrei, MatchWeights.Usual with { Theme = 1 }, Now);
        Assert.Equal(1, settings.Weights.Theme);
    }

    private static IEnumerable<(NeedMatchFacts, OfferMatchFacts, NeedParts, MatchWeights, byte)> Random(int count)
    {
        var random = new Random(11);
        for (var i = 0; i < count; i++)
            yield return (
                Randomly(random),
                Offer(random, 1),
                (NeedParts)random.Next(512) | NeedParts.Summary,
                new MatchWeights(
                    random.Next(1, 101),
                    random.Next(101),
                    random.Next(101),
                    random.Next(101),
                    random.Next(101),
                    random.Next(101),
                    random.Next(101)
                ),
                random.Next(2) == 0 ? MatchFit.Unknown : (byte)random.Next(101)
            );
    }

    private static NeedMatchFacts Randomly(Random random) =>
        new(
            Guid.CreateVersion7(),
            MemberStates.All[random.Next(193)].Iso3,
            Themes.All[random.Next(12)].Code,
            Domain.Reference.Languages.All[random.Next(6)],
            [.. Domain.Reference.Languages.All.Where(_ => random.Next(4) == 0)],
            [.. Modalities.All.Where(_ => random.Next(3) == 0).Select(m => m.Code)],
            random.Next(3) == 0 ? null : random.Next(1, 1_000_000),
            random.Next(3) == 0 ? "EUR" : "USD",
            random.Next(3) == 0 ? null : new DateOnly(2027, 1, 1).AddDays(random.Next(300)),
            random.Next(3) == 0 ? null : new DateOnly(2028, 1, 1).AddDays(random.Next(300))
        );

    private static OfferMatchFacts Offer(Random random, int organisation) =>
        new(
            Guid.CreateVersion7(),
            organisation,
            [.. Themes.All.Where(_ => random.Next(3) == 0).Select(t => t.Code)],
            [.. Modalities.All.Where(_ => random.Next(3) == 0).Select(m => m.Code)],
            [.. RegionalGroups.All.Where(_ => random.Next(3) == 0)],
            [.. Domain.Reference.Languages.All.Where(_ => random.Next(3) == 0)],
            random.Next(2) == 0 ? null : random.Next(1, 300_000),
            random.Next(2) == 0 ? null : random.Next(300_000, 900_000),
            "USD",
            random.Next(2) == 0 ? null : new DateOnly(2027, 1, 1).AddDays(random.Next(400)),
            random.Next(2) == 0 ? null : new DateOnly(2028, 6, 1).AddDays(random.Next(400))
        );
}
