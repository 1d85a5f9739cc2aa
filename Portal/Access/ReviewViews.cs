using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Access;

/// <summary>A review as its readers see it; of its rows only theirs are counted.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Subject">What it goes through.</param>
/// <param name="Silence">What becomes of rows without an answer.</param>
/// <param name="Status">How it stands.</param>
/// <param name="IsOpen">Whether rows may be answered now.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="StartedBy">Who started it; null where its time had come.</param>
/// <param name="Deadline">UTC.</param>
/// <param name="EndedAt">UTC.</param>
/// <param name="EndedBy">Who ended it; null for the deadline.</param>
/// <param name="Counts">Rows by what became of them.</param>
public sealed record CampaignRow(
    Guid Id,
    ReviewSubject Subject,
    ReviewSilence Silence,
    ReviewStatus Status,
    bool IsOpen,
    DateTime StartedAt,
    string? StartedBy,
    DateTime Deadline,
    DateTime? EndedAt,
    string? EndedBy,
    IReadOnlyDictionary<ReviewOutcome, int> Counts
)
{
    /// <summary>Rows in all.</summary>
    public int Total => Counts.Values.Sum();

    /// <summary>Rows that wait.</summary>
    public int Waiting => Counts.GetValueOrDefault(ReviewOutcome.Waiting);

    /// <summary>Rows that do not wait, in percent.</summary>
    public int Done => Total == 0 ? 100 : (Total - Waiting) * 100 / Total;
}

/// <summary>A row as its readers see it.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="To">Whose it is.</param>
/// <param name="PersonId">The account, where it is one person's.</param>
/// <param name="Place">The membership, if it is one.</param>
/// <param name="Grant">The grant, if it is one.</param>
/// <param name="LastUsedAt">UTC.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="AnsweredBy">Who answered.</param>
/// <param name="AnsweredAt">UTC.</param>
/// <param name="Why">Why, as typed.</param>
/// <param name="MayAnswer">Whether the reader may answer it now.</param>
/// <param name="IsOwn">Whether it is the reader's own access.</param>
/// <param name="Version">Which state of the row this is.</param>
public sealed record ReviewRow(
    Guid Id,
    PrincipalName To,
    Guid? PersonId,
    MembershipRow? Place,
    GrantRow? Grant,
    DateTime? LastUsedAt,
    ReviewOutcome Outcome,
    string? AnsweredBy,
    DateTime? AnsweredAt,
    string? Why,
    bool MayAnswer,
    bool IsOwn,
    Guid Version
);

/// <summary>A review with a page of its rows.</summary>
/// <param name="Campaign">The review.</param>
/// <param name="Rows">The page.</param>
/// <param name="Total">Rows that fit what is asked for.</param>
/// <param name="IfNobodyAnswers">What lapses then; null where nothing can any more.</param>
/// <param name="MayManage">Whether the reader runs it.</param>
public sealed record ReviewView(
    CampaignRow Campaign,
    IReadOnlyList<ReviewRow> Rows,
    int Total,
    ReviewPreview? IfNobodyAnswers,
    bool MayManage
);

/// <summary>What the rows of a review are asked for.</summary>
/// <param name="Words">Part of a name or address.</param>
/// <param name="Outcomes">Outcomes, or empty for all.</param>
/// <param name="Unused">Only what nobody has used for 90 days.</param>
/// <param name="Page">From 1.</param>
public sealed record ReviewQuery(string? Words, IReadOnlyCollection<ReviewOutcome> Outcomes, bool Unused, int Page)
{
    /// <summary>As an address says it.</summary>
    public static ReviewQuery Of(ListAddress address) =>
        new(address.One("q"), address.AllOf<ReviewOutcome>("outcome"), address.Has("only", "Unused"), address.Page);
}

/// <summary>What a review would begin with.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="IfNobodyAnswers">What lapses then.</param>
public sealed record ReviewBeginning(int Rows, ReviewPreview IfNobodyAnswers);
