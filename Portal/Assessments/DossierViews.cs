using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Assessments;

/// <summary>What the reader may do with a dossier: the buttons ask the same functions as the service.</summary>
public sealed record DossierActs(
    bool Edit,
    bool Review,
    bool Submit,
    bool Step,
    bool Recall,
    bool Extend,
    bool TakeUp,
    bool Decide,
    bool Send,
    bool DraftAnswer,
    bool Answer,
    bool Acknowledge,
    bool Close,
    bool Abandon,
    bool Share
)
{
    /// <summary>Asks the rules.</summary>
    public static DossierActs Of(Dossier d, Actor actor, DateTime now) =>
        new(
            d.CanEdit(actor),
            d.CanReview(actor),
            d.CanPut(actor, now),
            d.CanStep(actor, now),
            d.CanRecall(actor, now),
            d.CanExtend(actor, now),
            d.CanTakeUp(actor, now),
            d.CanDecide(actor, now),
            d.CanSend(actor, now),
            d.CanDraftAnswer(actor),
            d.CanAnswer(actor),
            d.CanAcknowledge(actor),
            d.CanClose(actor),
            d.CanAbandon(actor),
            d.CanShare(actor)
        );

    /// <summary>Whether there is any.</summary>
    public bool Any =>
        Edit
        || Review
        || Submit
        || Step
        || Recall
        || TakeUp
        || Decide
        || Send
        || DraftAnswer
        || Answer
        || Acknowledge
        || Close
        || Abandon
        || Share;
}

/// <summary>A dossier that can be put before a body.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="StateIso3">Its State.</param>
/// <param name="Body">The body that comes next.</param>
/// <param name="Version">The version that is shown.</param>
public sealed record ReadyLine(string Reference, string StateIso3, Body Body, Guid Version);

/// <summary>Which edition of a dossier a reader asks for; one that they never had, or that is none, is not asked for.</summary>
/// <param name="Language">In which language; null for the reader's own, as far as the edition has it.</param>
/// <param name="Edition">Which; null for what is being written, or the last.</param>
/// <param name="Against">Compared with which; null for the one before.</param>
public sealed record EditionAsked(Language? Language = null, int? Edition = null, int? Against = null)
{
    /// <summary>As an address asks.</summary>
    public static EditionAsked Of(string? text, string? edition, string? against = null) =>
        new(Languages.TryParse(text, out var language) ? language : null, Number(edition), Number(against));

    /// <summary>The address of a dossier, or of a file of it, that asks so.</summary>
    public string At(string address) =>
        QueryHelpers.AddQueryString(
            address,
            new Dictionary<string, string?>
            {
                ["text"] = Language?.Tag(),
                ["edition"] = Edition?.ToString(CultureInfo.InvariantCulture),
                ["against"] = Against?.ToString(CultureInfo.InvariantCulture),
            }
        );

    private static int? Number(string? typed) => int.TryParse(typed, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A part of an edition.</summary>
/// <param name="Number">Number of the edition; null for the State, which is not told how many there were.</param>
/// <param name="At">UTC; when it was frozen, or for the State when it was sent.</param>
/// <param name="Fingerprint">SHA-256 of what it holds.</param>
/// <param name="Language">Language of what it holds.</param>
/// <param name="Text">What it holds.</param>
public sealed record EditionView<T>(int? Number, DateTime At, string Fingerprint, Language Language, T Text);

/// <summary>How far a translation of what is being written is.</summary>
/// <param name="Language">Into which language.</param>
/// <param name="Texts">How many texts there are.</param>
/// <param name="Missing">How many of them are not translated.</param>
/// <param name="Outdated">How many of them were changed since they were translated.</param>
/// <param name="ByName">Who last wrote in it.</param>
/// <param name="At">UTC; when.</param>
public sealed record TranslationLine(Language Language, int Texts, int Missing, int Outdated, string ByName, DateTime At)
{
    /// <summary>Whether all is translated, and nothing was changed since.</summary>
    public bool IsWhole => Missing + Outdated == 0;

    /// <summary>Compares them.</summary>
    public static TranslationLine Of(DossierTranslation translation, Dossier.Content content)
    {
        var lines = translation.LinesOf(content);
        return new(
            translation.Language,
            lines.Count,
            lines.Count(l => l.Passage is null),
            lines.Count(l => l.IsOutdated),
            translation.ByName,
            translation.At
        );
    }
}

/// <summary>The texts of an edition, as far as they are the reader's.</summary>
/// <param name="Number">Number of the edition.</param>
/// <param name="Language">Their language.</param>
/// <param name="Cover">Cover note.</param>
/// <param name="Letter">Letter.</param>
/// <param name="Assessment">Assessment.</param>
public sealed record DossierTexts(int Number, Language Language, string Cover, string Letter, AssessmentText Assessment);

/// <summary>A recommendation of the cycle before, and the needs that the State made of it.</summary>
public sealed record AskedBefore(RecommendationRow Row, IReadOnlyList<NeedMade> Needs);

/// <summary>The assessment before, and what came of it.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="Year">Its year.</param>
/// <param name="Findings">What was found then.</param>
/// <param name="Asked">What was asked then.</param>
/// <param name="Answer">What the State answered.</param>
public sealed record PreviousCycle(
    string Reference,
    int Year,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<AskedBefore> Asked,
    StateAnswer? Answer
);

/// <summary>Somebody with whom a State shares its assessment.</summary>
/// <param name="Audience">Key of the audience.</param>
/// <param name="Organisation">The organisation, where it is one.</param>
/// <param name="Parts">What they see.</param>
/// <param name="GivenAt">UTC.</param>
public sealed record SharedLine(string Audience, LocalName? Organisation, DossierParts Parts, DateTime GivenAt);

/// <summary>A step of a delegation.</summary>
public sealed record StepView(LocalName Delegation, StepAct Act, DateTime At, string Person, string? Reason, DateTime? Lapses);

/// <summary>A circulation as a body and CTED see it.</summary>
/// <param name="Body">The body.</param>
/// <param name="Round">From 1.</param>
/// <param name="Edition">Number of the edition.</param>
/// <param name="OpenedOn">Day at Headquarters.</param>
/// <param name="Days">Working days.</param>
/// <param name="Status">How it stands now.</param>
/// <param name="ClosesAt">UTC; when it closes, or would have.</param>
/// <param name="ClosesOn">The day of that at Headquarters.</param>
/// <param name="Hour">The hour of that at Headquarters.</param>
/// <param name="EndedAt">UTC; when it ended.</param>
/// <param name="WorkingDaysLeft">Working days at Headquarters until it closes.</param>
/// <param name="Holders">The delegations whose hold is in force.</param>
/// <param name="IsHeldByReader">Whether the reader's delegation holds it.</param>
/// <param name="ReaderSaid">Whether the reader's delegation said that it has nothing against it.</param>
/// <param name="EndReason">Why it was recalled or given back.</param>
/// <param name="Meeting">The meeting in which the body decides.</param>
/// <param name="Steps">What delegations did.</param>
public sealed record CirculationView(
    Body Body,
    int Round,
    int Edition,
    DateOnly OpenedOn,
    int Days,
    CirculationStatus Status,
    DateTime ClosesAt,
    DateOnly ClosesOn,
    TimeOnly Hour,
    DateTime? EndedAt,
    int WorkingDaysLeft,
    IReadOnlyList<LocalName> Holders,
    bool IsHeldByReader,
    bool ReaderSaid,
    string? EndReason,
    string? Meeting,
    IReadOnlyList<StepView> Steps
)
{
    /// <summary>Whether a hold is in force.</summary>
    public bool IsHeld => Holders.Count > 0;

    /// <summary>Whether the body agreed in a meeting.</summary>
    public bool IsAgreed => Meeting is not null && Status == CirculationStatus.Passed;
}

/// <summary>A dossier as one reader sees it: made of the parts that are theirs and nothing else.</summary>
public sealed record DossierView
{
    /// <summary>What the list shows.</summary>
    public required DossierRow Row { get; init; }

    /// <summary>Concurrency token, for those who may do something; empty for others.</summary>
    public required Guid Version { get; init; }

    /// <summary>What the reader may do.</summary>
    public required DossierActs Acts { get; init; }

    /// <summary>What is being written; part Writing.</summary>
    public Dossier.Content? Draft { get; init; }

    /// <summary>Whether what is being written says all that a reviewer has to have; part Writing.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What the portal finds wanting in it; part Writing.</summary>
    public IReadOnlyList<QualityItem>? Wanting { get; init; }

    /// <summary>Other States that the letter seems to name; part Writing.</summary>
    public IReadOnlyList<string> OthersNamed { get; init; } = [];

    /// <summary>The last review; part Writing.</summary>
    public QualityReview? Review { get; init; }

    /// <summary>How far its translations are, one for each that was begun; part Writing.</summary>
    public IReadOnlyList<TranslationLine>? Translations { get; init; }

    /// <summary>The languages in which the reader has the edition, the authoritative one first.</summary>
    public IReadOnlyList<Language> Languages { get; init; } = [];

    /// <summary>The language of what is shown of it.</summary>
    public Language Language => IsWritten ? Row.Language : Letter?.Language ?? Assessment?.Language ?? Row.Language;

    /// <summary>Whether it is shown as it is being written, and not as an edition has it.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Whether the edition that is shown is the last that the reader has.</summary>
    public bool IsLast { get; init; }

    /// <summary>Numbers of the editions that the reader has or had, the oldest first; part Deliberation.</summary>
    public IReadOnlyList<int> Editions { get; init; } = [];

    /// <summary>Cover note of the edition that is shown; part Cover.</summary>
    public EditionView<string>? Cover { get; init; }

    /// <summary>Letter of the same; part Letter.</summary>
    public EditionView<string>? Letter { get; init; }

    /// <summary>Assessment of the same; part Assessment.</summary>
    public EditionView<AssessmentText>? Assessment { get; init; }

    /// <summary>The texts that the reader had before these, to be compared; null where there were none.</summary>
    public DossierTexts? Before { get; init; }

    /// <summary>Circulations, the newest first; part Deliberation.</summary>
    public IReadOnlyList<CirculationView>? Circulations { get; init; }

    /// <summary>The State's answer; part Response.</summary>
    public StateAnswer? Answer { get; init; }

    /// <summary>The State's answer as it is being written; part ResponseDraft.</summary>
    public StateAnswer? AnswerDraft { get; init; }

    /// <summary>Whether the Committee is the body that it can be put before next.</summary>
    public bool IsForCommittee { get; init; }

    /// <summary>What it recommends, from when it was sent.</summary>
    public IReadOnlyList<RecommendationRow> Recommendations { get; init; } = [];

    /// <summary>The cycle before; part Writing, null where there was none.</summary>
    public PreviousCycle? Previous { get; init; }

    /// <summary>Whether somebody looks as its reader would, who takes nothing away.</summary>
    public bool IsPreview { get; init; }

    /// <summary>UTC; when the State said that it has it; part Course.</summary>
    public DateTime? AcknowledgedAt { get; init; }

    /// <summary>UTC; when the State answered.</summary>
    public DateTime? AnsweredAt { get; init; }

    /// <summary>With whom the State shares it; part TalkState.</summary>
    public IReadOnlyList<SharedLine>? Shared { get; init; }

    /// <summary>What of it there is to share.</summary>
    public DossierParts ToShare { get; init; }

    /// <summary>In a preview, what would be seen and is masked.</summary>
    public MaskedView? Veiled { get; init; }
}
