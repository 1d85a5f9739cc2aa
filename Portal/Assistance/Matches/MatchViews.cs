using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Matches;

/// <summary>Marker of the words of matching.</summary>
public sealed class MatchWords;

/// <summary>An offer that matches a need.</summary>
/// <param name="Reference">Reference of the offer.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Language of the title.</param>
/// <param name="Provider">Who offers.</param>
/// <param name="ProviderCode">Its address part in the directory.</param>
/// <param name="Organisation">Its number.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Fits">Reasons; see <see cref="MatchScore"/>.</param>
public sealed record MatchOffer(
    string Reference,
    string Title,
    Language Language,
    LocalName Provider,
    string ProviderCode,
    int Organisation,
    int Score,
    long Fits
);

/// <summary>A need with the best offers for it, as one reader may know them.</summary>
public sealed record MatchRow(
    string Need,
    string Title,
    Language Language,
    string StateIso3,
    string Theme,
    NeedStatus Status,
    DateOnly? ReplyBy,
    IReadOnlyList<MatchOffer> Offers
)
{
    /// <summary>The best score.</summary>
    public int Score => Offers.Count == 0 ? 0 : Offers[0].Score;
}

/// <summary>Whose matches a reader is shown.</summary>
public enum MatchSide
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>All needs before CTED with all offers.</summary>
    Cted,

    /// <summary>The needs shared with an organisation with its own offers.</summary>
    Provider,

    /// <summary>A State's own needs with all offers; without what other States found of a provider.</summary>
    State,
}

/// <summary>How an organisation stands to a need that an officer wants more providers for.</summary>
public enum CandidateStanding
{
    /// <summary>The State has to be asked.</summary>
    ToAsk,

    /// <summary>The State has been asked.</summary>
    Asked,

    /// <summary>The State consented.</summary>
    Consented,

    /// <summary>It said that the need is not for it.</summary>
    NotForUs,

    /// <summary>It has answered with a proposal.</summary>
    Proposed,
}

/// <summary>A provider whose offer matches a need, before an officer acts.</summary>
public sealed record Candidate(
    int Organisation,
    LocalName Name,
    string Code,
    int Score,
    string Offer,
    CandidateStanding Standing,
    NotForUsReason? Reason,
    string? Note
);

/// <summary>One need's ranking as one reader may know it.</summary>
/// <param name="Row">The need and all offers kept for it.</param>
/// <param name="Side">Whose matches these are.</param>
/// <param name="Parts">Parts of the need that the reader was given: what the scores are made of.</param>
/// <param name="MaySayNo">Whether the reader may say that it is not for them.</param>
/// <param name="SaidNo">What they said.</param>
/// <param name="MayPropose">Whether they may propose help.</param>
/// <param name="MayAsk">Whether they may ask the State for wider consent.</param>
/// <param name="MayCirculate">Whether they may circulate it with the same act.</param>
/// <param name="Candidates">Providers by their best offer, for those who may ask.</param>
public sealed record MatchDetail(
    MatchRow Row,
    MatchSide Side,
    NeedParts Parts,
    bool MaySayNo,
    NotForUsReason? SaidNo,
    bool MayPropose,
    bool MayAsk,
    bool MayCirculate,
    IReadOnlyList<Candidate> Candidates
)
{
    /// <summary>The need as it is shown, for those who may ask.</summary>
    public Data.Seen Seen { get; init; }

    /// <summary>
    /// Who is shown the need once it is circulated, for those who may do it: every audience that the State consented to, chosen or not.
    /// </summary>
    public IReadOnlyList<ShownAudience> ShownTo { get; init; } = [];
}

/// <summary>One audience that the State consented to.</summary>
/// <param name="Audience">Its key.</param>
/// <param name="Organisation">Its name where it is a single organisation.</param>
public sealed record ShownAudience(string Audience, LocalName? Organisation);

/// <summary>What a list of matches is asked for.</summary>
/// <param name="Themes">Theme codes.</param>
/// <param name="Regions">Regional groups.</param>
/// <param name="Statuses">Stages.</param>
/// <param name="NotForUs">Only those that the reader's organisation said are not for it.</param>
/// <param name="Page">Page, from 1.</param>
/// <param name="PageSize">Rows on a page.</param>
public sealed record MatchQuery(
    IReadOnlyList<string> Themes,
    IReadOnlyList<RegionalGroup> Regions,
    IReadOnlyList<NeedStatus> Statuses,
    bool NotForUs,
    int Page,
    int PageSize
)
{
    /// <summary>Reads a list's address; what it does not know is left out.</summary>
    public static MatchQuery Of(Shell.ListAddress address) =>
        new(
            Domain.Reference.Themes.Within(address.All("theme")),
            address.AllOf<RegionalGroup>("region"),
            [.. address.AllOf<NeedStatus>("status").Where(s => s.IsMatched())],
            address.Has("only", nameof(NotForUs)),
            address.Page,
            address.PageSize
        );
}

/// <summary>What other weights would change, counted over the needs that were submitted last.</summary>
/// <param name="Needs">Over how many needs.</param>
/// <param name="FirstChanges">Needs for which another offer would come first.</param>
/// <param name="Enter">Offers that would come among the best three of a need.</param>
/// <param name="Examples">Needs with the first offer as it is and as it would be.</param>
public sealed record WeightsEffect(int Needs, int FirstChanges, int Enter, IReadOnlyList<WeightsExample> Examples);

/// <summary>One need with its best offer before and after.</summary>
public sealed record WeightsExample(string Need, string Title, Language Language, MatchOffer? Before, MatchOffer? After);
