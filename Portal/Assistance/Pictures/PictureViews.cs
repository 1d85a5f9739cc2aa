using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Pictures;

/// <summary>What the picture is told by.</summary>
public enum PictureBy
{
    /// <summary>Regional group.</summary>
    Region,

    /// <summary>Theme.</summary>
    Theme,

    /// <summary>Kind of help; a need may have several.</summary>
    Modality,

    /// <summary>State.</summary>
    State,
}

/// <summary>The tables of the picture, each a file of its own.</summary>
public enum PictureTable
{
    /// <summary>Given and still needed.</summary>
    Given,

    /// <summary>Needs at each stage.</summary>
    Stages,

    /// <summary>Offers, proposals and answers.</summary>
    Answers,

    /// <summary>From need to delivery.</summary>
    Times,

    /// <summary>What is told of all needs to those who may not read them.</summary>
    Published,
}

/// <summary>What is asked for.</summary>
public sealed record PictureQuery
{
    /// <summary>What it is told by.</summary>
    public PictureBy By { get; init; }

    /// <summary>ISO 4217 that amounts are told in.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Theme codes, or empty for all.</summary>
    public IReadOnlyList<string> Themes { get; init; } = [];

    /// <summary>Regional groups, or empty for all.</summary>
    public IReadOnlyList<RegionalGroup> Regions { get; init; } = [];

    /// <summary>Modality codes, or empty for all: of needs whose kinds of help the reader may know.</summary>
    public IReadOnlyList<string> Modalities { get; init; } = [];

    /// <summary>The year in which needs were brought before CTED, or null for all.</summary>
    public int? Year { get; init; }

    /// <summary>The table that is taken away.</summary>
    public PictureTable Table { get; init; }

    /// <summary>Whether it asks for some needs only.</summary>
    public bool IsFiltered => Themes.Count > 0 || Regions.Count > 0 || Modalities.Count > 0 || Year is not null;

    /// <summary>Reads an address; what it does not know is left out.</summary>
    public static PictureQuery Of(Shell.ListAddress address) =>
        new()
        {
            By = address.AllOf<PictureBy>("by").FirstOrDefault(),
            Currency = Currencies.Find(address.One("currency"))?.Code ?? "USD",
            Themes = Domain.Reference.Themes.Within(address.All("theme")),
            Regions = address.AllOf<RegionalGroup>("region"),
            Modalities = [.. address.All("modality").Select(m => Domain.Reference.Modalities.Find(m)?.Code).OfType<string>().Distinct()],
            Year = int.TryParse(address.One("year"), out var year) && year is > 2000 and < 2200 ? year : null,
            Table = address.AllOf<PictureTable>("table").FirstOrDefault(),
        };
}

/// <summary>One line of what is given and still needed. Amounts are of the needs whose cost the reader may know.</summary>
/// <param name="Key">Code of the region, theme, kind of help or State.</param>
/// <param name="Needs">How many needs.</param>
/// <param name="Open">Those of them that wait for help.</param>
/// <param name="InHand">Those for which a proposal was accepted or help is being given.</param>
/// <param name="Concluded">Those of which the State said what came of it.</param>
/// <param name="Cost">Estimated cost.</param>
/// <param name="Accepted">Accepted proposals.</param>
/// <param name="Gap">The funding gap: of needs that wait for help, what neither accepted proposals nor programmes bring.</param>
public sealed record PictureLine(string Key, int Needs, int Open, int InHand, int Concluded, decimal Cost, decimal Accepted, decimal Gap)
{
    /// <summary>Both together.</summary>
    public PictureLine With(PictureLine other) =>
        new(
            Key,
            Needs + other.Needs,
            Open + other.Open,
            InHand + other.InHand,
            Concluded + other.Concluded,
            Cost + other.Cost,
            Accepted + other.Accepted,
            Gap + other.Gap
        );
}

/// <summary>Needs at a stage.</summary>
/// <param name="Status">The stage.</param>
/// <param name="Needs">How many.</param>
/// <param name="Known">Of how many of them the record says since when.</param>
/// <param name="Days">Since how many days, on average; null where it is known of none.</param>
public sealed record StageLine(NeedStatus Status, int Needs, int Known, double? Days);

/// <summary>A way that needs go, and how long it takes.</summary>
/// <param name="Step">Which; its words are <c>step.</c> and this.</param>
/// <param name="Needs">How many went it.</param>
/// <param name="Days">Days on average; null where none did.</param>
public sealed record TimeLine(string Step, int Needs, double? Days);

/// <summary>A count of the picture, of which it is a part where that says something.</summary>
/// <param name="What">Its words are <c>count.</c> and this.</param>
/// <param name="Count">How many.</param>
/// <param name="Of">Of how many.</param>
public sealed record CountLine(string What, int Count, int? Of = null);

/// <summary>The picture of assistance as one reader may know it: of the records that they may read, and of no other.</summary>
public sealed record PictureView
{
    /// <summary>What it is told by.</summary>
    public required PictureBy By { get; init; }

    /// <summary>Whether the reader sees every record that came before CTED.</summary>
    public required bool SeesAll { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>Day of the rates.</summary>
    public required DateOnly RatesOf { get; init; }

    /// <summary>Lines, the largest gap first.</summary>
    public required IReadOnlyList<PictureLine> Lines { get; init; }

    /// <summary>All needs, each once.</summary>
    public required PictureLine Total { get; init; }

    /// <summary>Needs whose amounts are not in it, there being no rate of their currency.</summary>
    public required int WithoutRate { get; init; }

    /// <summary>Needs whose amounts are not in it, no cost being estimated or shared.</summary>
    public required int WithoutCost { get; init; }

    /// <summary>The pipeline.</summary>
    public required IReadOnlyList<StageLine> Stages { get; init; }

    /// <summary>Needs and offers without each other, and who answered.</summary>
    public required IReadOnlyList<CountLine> Answers { get; init; }

    /// <summary>From need to proposal to delivery.</summary>
    public required IReadOnlyList<TimeLine> Times { get; init; }
}

/// <summary>What is told of all needs to everyone in the section.</summary>
/// <param name="Spans">Spans of time that are told of, the latest first.</param>
/// <param name="Span">The one shown, or null where none can be.</param>
/// <param name="Total">About how many needs were filed in it.</param>
/// <param name="Tables">By region, theme and kind of help.</param>
public sealed record PublishedView(
    IReadOnlyList<PublishedSpan> Spans,
    PublishedSpan? Span,
    int Total,
    IReadOnlyList<PublishedTable> Tables
);

/// <summary>Figures by one thing.</summary>
/// <param name="By">What they are told by.</param>
/// <param name="Figures">The figures.</param>
public sealed record PublishedTable(PictureBy By, IReadOnlyList<PublishedFigure> Figures);

/// <summary>Who sees how much.</summary>
public static class PictureRules
{
    /// <summary>Whether an actor sees every need that came before CTED.</summary>
    public static bool SeesAll(Actor actor) => Whole(actor) && (actor.Viewer is null || Whole(actor.Viewer));

    /// <summary>Whether an actor may draw up the annual report: CTED staff who enter the section for no single State.</summary>
    public static bool MayReport(Actor actor) => actor.LevelAs(Audience.Cted, Section.Needs, null) >= Level.View && !actor.IsPreview;

    private static bool Whole(Actor actor) =>
        actor.Claims.Any(c => c is { Section: Section.Needs, Scope.IsAll: true, Level: >= Level.View } && c.Audience == Audience.Cted);
}
