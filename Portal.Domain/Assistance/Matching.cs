using System.Numerics;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>What a need and a standing offer are compared by, and what a score is made of.</summary>
public enum MatchReason
{
    /// <summary>The offer is for the need's theme, or for one that it is part of.</summary>
    Theme,

    /// <summary>How much of the modalities asked for is offered.</summary>
    Modality,

    /// <summary>The offer is for the State's region.</summary>
    Region,

    /// <summary>The provider works in the language the need is written in.</summary>
    Language,

    /// <summary>The estimated cost lies in the range of the offer, or how much of it does.</summary>
    Budget,

    /// <summary>How much of the time in which help is wanted the offer stands.</summary>
    Time,

    /// <summary>How the provider's earlier help was found by the States that got it.</summary>
    TrackRecord,
}

/// <summary>How much each reason counts, each from 0 to 100; set by a CTED assistance officer, the same for every need and offer.</summary>
public sealed record MatchWeights(int Theme, int Modality, int Region, int Language, int Budget, int Time, int TrackRecord)
{
    /// <summary>Until somebody sets others.</summary>
    public static readonly MatchWeights Usual = new(30, 20, 15, 10, 10, 5, 10);

    /// <summary>The weight of a reason.</summary>
    public int this[MatchReason reason] =>
        reason switch
        {
            MatchReason.Theme => Theme,
            MatchReason.Modality => Modality,
            MatchReason.Region => Region,
            MatchReason.Language => Language,
            MatchReason.Budget => Budget,
            MatchReason.Time => Time,
            MatchReason.TrackRecord => TrackRecord,
        };

    /// <summary>Everything wrong with the weights, field by field.</summary>
    public IReadOnlyList<Refusal> Problems() =>
        Refusal.Collect([
            .. Enum.GetValues<MatchReason>()
                .Select(r => (Action)(() => Refusal.If(this[r] is < 0 or > 100, "match.weight_out_of_range", r.ToString()))),
            () => Refusal.If(Enum.GetValues<MatchReason>().All(r => this[r] == 0), "match.weights_empty", nameof(Theme)),
        ]);
}

/// <summary>
/// How well one reason fits, in hundredths; <see cref="Unknown"/> where one side does not say, or does not say to whoever asks.
/// </summary>
public static class MatchFit
{
    /// <summary>Not said. It counts half, so that neither silence nor speaking is a way to the top.</summary>
    public const byte Unknown = 255;

    /// <summary>Entirely.</summary>
    public const byte Whole = 100;

    /// <summary>What a fit counts.</summary>
    public static int Counts(byte fit) => fit == Unknown ? 50 : fit;
}

/// <summary>A score and its reasons: there is nothing in the score that is not in the fits.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Fits">One byte for each <see cref="MatchReason"/>, lowest first.</param>
public readonly record struct MatchScore(int Score, long Fits)
{
    /// <summary>How well a reason fits.</summary>
    public byte this[MatchReason reason] => Of(Fits, reason);

    /// <summary>How well a reason fits, of fits that were kept.</summary>
    public static byte Of(long fits, MatchReason reason) => (byte)(fits >> ((int)reason * 8));
}

/// <summary>
/// What one reader was given of a need, reduced to what is compared. A part that was not given is not in it, so nothing made of it can
/// tell.
/// </summary>
public readonly struct NeedTraits
{
    /// <summary>The parts that were given.</summary>
    public NeedParts Parts { get; private init; }
    internal int Theme { get; private init; }
    internal int Akin { get; private init; }
    internal int Region { get; private init; }
    internal int Language { get; private init; }
    internal int Translations { get; private init; }
    internal int Modalities { get; private init; }
    internal long Cost { get; private init; }
    internal int From { get; private init; }
    internal int To { get; private init; }

    /// <summary>
    /// Takes of a need what these parts hold. Money is compared in one currency; an amount that cannot be told in it is not known.
    /// </summary>
    /// <param name="facts">The need.</param>
    /// <param name="parts">The parts given to the reader.</param>
    /// <param name="inDollars">An amount of a currency in United States dollars, or null.</param>
    public static NeedTraits Of(NeedMatchFacts facts, NeedParts parts, Func<decimal, string, decimal?> inDollars)
    {
        var timed = parts.Has(NeedParts.Timeframe);
        return new NeedTraits
        {
            Parts = parts,
            Theme = Codes.Theme(facts.Theme),
            Akin = Codes.Akin(facts.Theme),
            Region = MemberStates.Find(facts.StateIso3) is { } state ? 1 << (int)state.RegionalGroup : 0,
            Language = 1 << (int)facts.Language,
            Translations = facts.Translations.Aggregate(0, (all, l) => all | (1 << (int)l)),
            Modalities = parts.Has(NeedParts.Modality) ? Codes.Modalities(facts.Modalities) : 0,
            Cost =
                parts.Has(NeedParts.Cost) && facts is { Cost: { } cost, Currency: { } currency }
                    ? Codes.Whole(inDollars(cost, currency))
                    : 0,
            From = timed && facts.From is { } from ? from.DayNumber : 0,
            To = timed && facts.To is { } to ? to.DayNumber : 0,
        };
    }
}

/// <summary>What is read of a need to compare it.</summary>
public sealed record NeedMatchFacts(
    Guid Id,
    string StateIso3,
    string Theme,
    Language Language,
    IReadOnlyList<Language> Translations,
    IReadOnlyList<string> Modalities,
    decimal? Cost,
    string? Currency,
    DateOnly? From,
    DateOnly? To
)
{
    /// <summary>Those of a need.</summary>
    public static NeedMatchFacts Of(Need need) =>
        new(
            need.Id,
            need.StateIso3,
            need.Theme,
            need.Language,
            [.. need.Translations.Select(t => t.Language)],
            need.Modalities,
            need.EstimatedCost,
            need.Currency,
            need.From,
            need.To
        );
}

/// <summary>What is read of a standing offer to compare it.</summary>
public sealed record OfferMatchFacts(
    Guid Id,
    int Organisation,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    IReadOnlyList<RegionalGroup> Regions,
    IReadOnlyList<Language> WorkingLanguages,
    decimal? BudgetFrom,
    decimal? BudgetTo,
    string? Currency,
    DateOnly? From,
    DateOnly? Until
)
{
    /// <summary>Those of an offer.</summary>
    public static OfferMatchFacts Of(StandingOffer offer) =>
        new(
            offer.Id,
            offer.OrganisationNumber,
            offer.Themes,
            offer.Modalities,
            offer.Regions,
            offer.WorkingLanguages,
            offer.BudgetFrom,
            offer.BudgetTo,
            offer.Currency,
            offer.AvailableFrom,
            offer.AvailableUntil
        );
}

/// <summary>A standing offer reduced to what is compared.</summary>
public readonly struct OfferTraits
{
    /// <summary>The offer.</summary>
    public Guid Id { get; private init; }

    /// <summary>Number of the organisation that offers.</summary>
    public int Organisation { get; private init; }
    internal int Themes { get; private init; }
    internal int Modalities { get; private init; }
    internal int Regions { get; private init; }
    internal int Languages { get; private init; }
    internal long BudgetFrom { get; private init; }
    internal long BudgetTo { get; private init; }
    internal int From { get; private init; }
    internal int Until { get; private init; }
    internal byte TrackRecord { get; private init; }

    /// <summary>Takes of an offer what is compared.</summary>
    /// <param name="facts">The offer.</param>
    /// <param name="trackRecord">Of its provider, in hundredths, or <see cref="MatchFit.Unknown"/>.</param>
    /// <param name="inDollars">An amount of a currency in United States dollars, or null.</param>
    public static OfferTraits Of(OfferMatchFacts facts, byte trackRecord, Func<decimal, string, decimal?> inDollars)
    {
        long Dollars(decimal? amount) => amount is { } a && facts.Currency is { } currency ? Codes.Whole(inDollars(a, currency)) : 0;
        return new OfferTraits
        {
            Id = facts.Id,
            Organisation = facts.Organisation,
            Themes = facts.Themes.Aggregate(0, (all, t) => all | Codes.Theme(t)),
            Modalities = Codes.Modalities(facts.Modalities),
            Regions = facts.Regions.Aggregate(0, (all, r) => all | (1 << (int)r)),
            Languages = facts.WorkingLanguages.Aggregate(0, (all, l) => all | (1 << (int)l)),
            BudgetFrom = Dollars(facts.BudgetFrom),
            BudgetTo = Dollars(facts.BudgetTo),
            From = facts.From?.DayNumber ?? 0,
            Until = facts.Until?.DayNumber ?? 0,
            TrackRecord = trackRecord,
        };
    }
}

/// <summary>Codes of reference tables as bits.</summary>
internal static class Codes
{
    private static readonly IReadOnlyDictionary<string, int> ThemeBits = Portal
        .Domain.Reference.Themes.All.Index()
        .ToDictionary(t => t.Item.Code, t => 1 << t.Index)
        .AsReadOnly();
    private static readonly IReadOnlyDictionary<string, int> ModalityBits = Portal
        .Domain.Reference.Modalities.All.Index()
        .ToDictionary(m => m.Item.Code, m => 1 << m.Index)
        .AsReadOnly();

    // Nothing is told from nothing known, so an amount that is there is at least one.
    public static long Whole(decimal? amount) => amount is { } a ? Math.Max(1, (long)decimal.Round(a)) : 0;

    public static int Theme(string code) => ThemeBits.GetValueOrDefault(code);

    /// <summary>The theme it is part of and those that are part of it.</summary>
    public static int Akin(string code) =>
        Portal.Domain.Reference.Themes.Find(code) is not { } theme
            ? 0
            : Portal
                .Domain.Reference.Themes.All.Where(t => t.Code == theme.ParentCode || t.ParentCode == theme.Code)
                .Aggregate(0, (all, t) => all | Theme(t.Code));

    public static int Modalities(IEnumerable<string> codes) => codes.Aggregate(0, (all, m) => all | ModalityBits.GetValueOrDefault(m));
}

/// <summary>
/// The comparison of a need with a standing offer: pure, the same for everyone, and made of nothing but what it is given.
/// </summary>
public static class Matching
{
    /// <summary>How many offers are kept for a need.</summary>
    public const int MostOffers = 10;

    /// <summary>How many of its own offers a provider is shown for one need.</summary>
    public const int MostOfProvider = 3;

    /// <summary>
    /// Compares. Theme and region decide whether there is a match at all: a provider that does not work in a field or a region is not put
    /// before the State.
    /// The score is the weighted mean of the fits, what is not known counting half.
    /// </summary>
    /// <returns>Null where there is no match.</returns>
    public static MatchScore? Score(in NeedTraits need, in OfferTraits offer, MatchWeights weights)
    {
        var theme =
            (offer.Themes & need.Theme) != 0 ? MatchFit.Whole
            : (offer.Themes & need.Akin) != 0 ? (byte)50
            : (byte)0;
        if (theme == 0 || (offer.Regions != 0 && (offer.Regions & need.Region) == 0))
            return null;
        var modality =
            need.Modalities == 0
                ? MatchFit.Unknown
                : (byte)(
                    100 * BitOperations.PopCount((uint)(need.Modalities & offer.Modalities)) / BitOperations.PopCount((uint)need.Modalities)
                );
        var language =
            offer.Languages == 0 ? MatchFit.Unknown
            : (offer.Languages & need.Language) != 0 ? MatchFit.Whole
            : (offer.Languages & need.Translations) != 0 ? (byte)50
            : (byte)0;
        var budget = Budget(need.Cost, offer.BudgetFrom, offer.BudgetTo);
        var time = Time(need.From, need.To, offer.From, offer.Until);
        var sum =
            (weights.Theme * theme)
            + (weights.Modality * MatchFit.Counts(modality))
            + (weights.Region * 100)
            + (weights.Language * MatchFit.Counts(language))
            + (weights.Budget * MatchFit.Counts(budget))
            + (weights.Time * MatchFit.Counts(time))
            + (weights.TrackRecord * MatchFit.Counts(offer.TrackRecord));
        var all =
            weights.Theme + weights.Modality + weights.Region + weights.Language + weights.Budget + weights.Time + weights.TrackRecord;
        return new MatchScore(
            all == 0 ? 0 : ((2 * sum) + all) / (2 * all),
            theme
                | ((long)modality << 8)
                | (100L << 16)
                | ((long)language << 24)
                | ((long)budget << 32)
                | ((long)time << 40)
                | ((long)offer.TrackRecord << 48)
        );
    }

    /// <summary>
    /// What the outcomes of a provider's help say of it, in hundredths: met counts whole, partly met half. One outcome alone says little,
    /// so a met and an unmet
    /// one are added; none at all says nothing.
    /// </summary>
    public static byte TrackRecord(int met, int partly, int unmet) =>
        met + partly + unmet == 0 ? MatchFit.Unknown : (byte)(((2 * met) + partly + 2) * 50 / (met + partly + unmet + 2));

    // Inside the range it fits; above it, as much as the offer covers; below it, as much as is asked of the least that is given.
    private static byte Budget(long cost, long from, long to)
    {
        if (cost == 0 || (from == 0 && to == 0))
            return MatchFit.Unknown;
        if (to != 0 && cost > to)
            return (byte)(to * 100 / cost);
        return cost < from ? (byte)(cost * 100 / from) : MatchFit.Whole;
    }

    // Days wanted on which the offer stands. An open end of the offer is open; a need without an end is wanted for a year.
    private static byte Time(int from, int to, int offerFrom, int offerUntil)
    {
        if (from == 0 && to == 0)
            return MatchFit.Unknown;
        var first = from == 0 ? to - 365 : from;
        var last = to == 0 ? first + 365 : to;
        var (begin, end) = (Math.Max(first, offerFrom), offerUntil == 0 ? last : Math.Min(last, offerUntil));
        return end < begin ? (byte)0 : (byte)(100L * (end - begin + 1) / (last - first + 1));
    }
}

/// <summary>A match of a need with an offer.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Organisation">Number of the organisation that offers.</param>
/// <param name="Score">Score and reasons.</param>
public readonly record struct RankedOffer(Guid Offer, int Organisation, MatchScore Score) : IComparable<RankedOffer>
{
    /// <summary>Best first; of equals the older offer, whoever's it is.</summary>
    public int CompareTo(RankedOffer other) =>
        Score.Score != other.Score.Score ? other.Score.Score.CompareTo(Score.Score) : Offer.CompareTo(other.Offer);
}

/// <summary>All open offers, by theme and region, so that a need is compared only with those that can match it.</summary>
public sealed class OfferIndex
{
    private readonly Dictionary<(int Theme, int Region), OfferTraits[]> byThemeAndRegion = [];

    /// <summary>Sorts offers.</summary>
    public OfferIndex(IReadOnlyCollection<OfferTraits> offers)
    {
        Count = offers.Count;
        foreach (var theme in Themes.All)
        foreach (var region in RegionalGroups.All)
        {
            var (own, akin, there) = (Codes.Theme(theme.Code), Codes.Akin(theme.Code), 1 << (int)region);
            byThemeAndRegion[(own, there)] =
            [
                .. offers.Where(o => (o.Themes & (own | akin)) != 0 && (o.Regions == 0 || (o.Regions & there) != 0)),
            ];
        }
    }

    /// <summary>How many offers there are.</summary>
    public int Count { get; }

    /// <summary>The best offers for a need, best first.</summary>
    /// <param name="need">What is known of the need.</param>
    /// <param name="weights">How much each reason counts.</param>
    /// <param name="most">How many.</param>
    /// <param name="organisation">Only those of one organisation; null for all.</param>
    public List<RankedOffer> Best(in NeedTraits need, MatchWeights weights, int most, int? organisation = null)
    {
        var best = new List<RankedOffer>(most + 1);
        foreach (ref readonly var offer in byThemeAndRegion.GetValueOrDefault((need.Theme, need.Region), []).AsSpan())
            if ((organisation is null || offer.Organisation == organisation) && Matching.Score(need, offer, weights) is { } score)
                Keep(best, new RankedOffer(offer.Id, offer.Organisation, score), most);
        return best;
    }

    /// <summary>
    /// For each organisation that was given some parts of a need the best of its own offers, compared with those parts and no other:
    /// what one is shown does not depend on what another was given or offers.
    /// </summary>
    public IEnumerable<(NeedParts Parts, RankedOffer Ranked)> BestOfEach(
        NeedMatchFacts need,
        IReadOnlyDictionary<int, NeedParts> given,
        MatchWeights weights,
        Func<decimal, string, decimal?> inDollars
    )
    {
        foreach (var alike in given.GroupBy(g => g.Value))
        {
            var traits = NeedTraits.Of(need, alike.Key, inDollars);
            var best = alike.ToDictionary(g => g.Key, _ => new List<RankedOffer>(Matching.MostOfProvider + 1));
            foreach (ref readonly var offer in byThemeAndRegion.GetValueOrDefault((traits.Theme, traits.Region), []).AsSpan())
                if (best.TryGetValue(offer.Organisation, out var own) && Matching.Score(traits, offer, weights) is { } score)
                    Keep(own, new RankedOffer(offer.Id, offer.Organisation, score), Matching.MostOfProvider);
            foreach (var ranked in best.Values.SelectMany(own => own))
                yield return (alike.Key, ranked);
        }
    }

    private static void Keep(List<RankedOffer> best, RankedOffer next, int most)
    {
        if (best.Count == most && next.CompareTo(best[^1]) >= 0)
            return;
        var at = best.BinarySearch(next);
        best.Insert(at < 0 ? ~at : at, next);
        if (best.Count > most)
            best.RemoveAt(most);
    }
}
