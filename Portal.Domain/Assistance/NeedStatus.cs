namespace Portal.Domain.Assistance;

/// <summary>The stages of a need, from a contributor's draft to a match.</summary>
public enum NeedStatus
{
    /// <summary>Being written by its State; nobody else knows of it.</summary>
    Draft,

    /// <summary>Submitted by a focal point; before CTED.</summary>
    Submitted,

    /// <summary>Sent back by CTED with a note.</summary>
    Returned,

    /// <summary>Found in order by a CTED assistance officer.</summary>
    Authenticated,

    /// <summary>Shown to the audiences the State consented to, with a date to reply by.</summary>
    Circulated,

    /// <summary>The State accepted at least one proposal.</summary>
    Matched,

    /// <summary>Taken back by its State.</summary>
    Withdrawn,

    /// <summary>Help is being given.</summary>
    InDelivery,

    /// <summary>The State says that the need was met.</summary>
    Met,

    /// <summary>The State says that it was partly met.</summary>
    PartlyMet,

    /// <summary>The State says that it was not met.</summary>
    Unmet,
}

/// <summary>Which stage may follow which.</summary>
public static class NeedStages
{
    /// <summary>Whether a need may move from one stage to another.</summary>
    public static bool CanMove(this NeedStatus from, NeedStatus to) =>
        from switch
        {
            NeedStatus.Draft => to is NeedStatus.Submitted or NeedStatus.Withdrawn,
            NeedStatus.Submitted => to is NeedStatus.Returned or NeedStatus.Authenticated or NeedStatus.Withdrawn,
            NeedStatus.Returned => to is NeedStatus.Submitted or NeedStatus.Withdrawn,
            NeedStatus.Authenticated => to is NeedStatus.Circulated or NeedStatus.Withdrawn,
            NeedStatus.Circulated => to is NeedStatus.Matched or NeedStatus.Withdrawn,
            NeedStatus.Matched => to is NeedStatus.InDelivery or NeedStatus.Withdrawn,
            NeedStatus.InDelivery => to is NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet or NeedStatus.Withdrawn,
            NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet or NeedStatus.Withdrawn => false,
        };

    /// <summary>Whether consented audiences see a need at this stage.</summary>
    public static bool IsShared(this NeedStatus status) =>
        status switch
        {
            NeedStatus.Circulated
            or NeedStatus.Matched
            or NeedStatus.InDelivery
            or NeedStatus.Met
            or NeedStatus.PartlyMet
            or NeedStatus.Unmet => true,
            NeedStatus.Draft or NeedStatus.Submitted or NeedStatus.Returned or NeedStatus.Authenticated or NeedStatus.Withdrawn => false,
        };

    /// <summary>The stages at which proposals are taken and accepted, and questions answered, for what asks the database.</summary>
    public static readonly IReadOnlyList<NeedStatus> Open = [NeedStatus.Circulated, NeedStatus.Matched];

    /// <summary>Whether proposals are taken and accepted at this stage.</summary>
    public static bool IsOpen(this NeedStatus status) => Open.Contains(status);

    /// <summary>Whether the State has said what came of it.</summary>
    public static bool IsConcluded(this NeedStatus status) => status is NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet;

    /// <summary>Whether the State may still change what the need says.</summary>
    public static bool IsEditable(this NeedStatus status) => status is not NeedStatus.Withdrawn && !status.IsConcluded();
}

/// <summary>How pressing.</summary>
public enum Urgency
{
    /// <summary>Within two years.</summary>
    Low,

    /// <summary>Within a year.</summary>
    Medium,

    /// <summary>Within half a year.</summary>
    High,

    /// <summary>At once.</summary>
    Critical,
}

/// <summary>Where a need comes from.</summary>
public enum NeedOrigin
{
    /// <summary>The State itself.</summary>
    State,

    /// <summary>A recommendation of the Committee.</summary>
    Recommendation,

    /// <summary>A visit of the Committee.</summary>
    Visit,
}

/// <summary>The parts of a need that its State shares or keeps, one bit each.</summary>
[Flags]
public enum NeedParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reference, State, title, theme, stage and reply-by date: what every consent shares.</summary>
    Summary = 1,

    /// <summary>Description and translations.</summary>
    Description = 1 << 1,

    /// <summary>Paragraphs of resolutions 1373 and 1624, and where the need comes from.</summary>
    Background = 1 << 2,

    /// <summary>Modalities and DAC sectors.</summary>
    Modality = 1 << 3,

    /// <summary>Beneficiary institution.</summary>
    Beneficiary = 1 << 4,

    /// <summary>Estimated cost, and with it the funding gap.</summary>
    Cost = 1 << 5,

    /// <summary>Urgency and timeframe.</summary>
    Timeframe = 1 << 6,

    /// <summary>Attached files.</summary>
    Attachments = 1 << 7,

    /// <summary>What only the State and CTED see: consents, proposals of others, notes, activity.</summary>
    Inner = 1 << 8,

    /// <summary>Everything.</summary>
    Whole = Summary | Description | Background | Modality | Beneficiary | Cost | Timeframe | Attachments | Inner,
}

/// <summary>Sets of parts.</summary>
public static class NeedPartsSets
{
    /// <summary>The parts a focal point may choose to share, beyond the summary.</summary>
    public static readonly IReadOnlyList<NeedParts> Choosable =
    [
        NeedParts.Description,
        NeedParts.Background,
        NeedParts.Modality,
        NeedParts.Beneficiary,
        NeedParts.Cost,
        NeedParts.Timeframe,
        NeedParts.Attachments,
    ];

    /// <summary>All choosable parts and the summary.</summary>
    public const NeedParts Shareable = NeedParts.Whole & ~NeedParts.Inner;

    /// <summary>Whether a set has a part.</summary>
    public static bool Has(this NeedParts parts, NeedParts part) => (parts & part) == part;
}
