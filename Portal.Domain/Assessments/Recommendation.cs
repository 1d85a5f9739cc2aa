using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Domain.Assessments;

/// <summary>How far a recommendation is.</summary>
public enum RecommendationStage
{
    /// <summary>Sent to the State, which has reported nothing on it.</summary>
    Asked,

    /// <summary>The State reports that it is being implemented.</summary>
    Underway,

    /// <summary>The State reports that it is implemented; CTED has not looked yet.</summary>
    Reported,

    /// <summary>CTED found that it is implemented in part; more can be reported.</summary>
    PartlyImplemented,

    /// <summary>CTED found that it is implemented.</summary>
    Verified,

    /// <summary>Nobody pursues it any more.</summary>
    Dropped,
}

/// <summary>The parts of a recommendation, one bit each.</summary>
[Flags]
public enum RecommendationParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What is asked, until when, and how far it is.</summary>
    Summary = 1,

    /// <summary>What the State reported, with what shows it, and what CTED found.</summary>
    Progress = 1 << 1,

    /// <summary>The State's next report, as it is being written.</summary>
    Report = 1 << 2,

    /// <summary>What only CTED sees: who opened it.</summary>
    Inner = 1 << 3,

    /// <summary>What CTED sees.</summary>
    Whole = Summary | Progress | Inner,

    /// <summary>What the bodies see that had the assessment.</summary>
    OfBody = Summary | Progress,

    /// <summary>What the State sees.</summary>
    OfState = Summary | Progress | Report,
}

/// <summary>Words for stages.</summary>
public static class RecommendationStages
{
    /// <summary>The stages at which the State can report.</summary>
    public static readonly IReadOnlyList<RecommendationStage> Open =
    [
        RecommendationStage.Asked,
        RecommendationStage.Underway,
        RecommendationStage.PartlyImplemented,
    ];

    /// <summary>Whether the State can report.</summary>
    public static bool IsOpen(this RecommendationStage stage) => Open.Contains(stage);

    /// <summary>Whether a set has a part.</summary>
    public static bool Has(this RecommendationParts parts, RecommendationParts part) => (parts & part) == part;
}

/// <summary>Something said of a recommendation: by the State what was done, by CTED what it found.</summary>
/// <param name="At">UTC.</param>
/// <param name="To">The stage that it brought about.</param>
/// <param name="IsOfState">Whether the State said it.</param>
/// <param name="Language">Language of the texts.</param>
/// <param name="Text">What was done, or found.</param>
/// <param name="Evidence">What shows it.</param>
/// <param name="On">When it was done, or is to be.</param>
public sealed record ProgressEntry(
    DateTime At,
    RecommendationStage To,
    bool IsOfState,
    Language Language,
    string Text,
    string? Evidence = null,
    DateOnly? On = null
);

/// <summary>What a State is asked to do, in a language.</summary>
public sealed record AskedIn(Language Language, string Text);

/// <summary>
/// What a State is asked to do, from the moment at which the letter is sent: the State reports what came of it, CTED verifies, and whoever
/// asked for it follows.
/// </summary>
/// <remarks>Until then it is a line of a dossier. What it asks is what was adopted, to the letter, and never changes.</remarks>
public sealed class Recommendation : IHasFiles
{
    /// <summary>Days before it is due on which the State is reminded; after that, weekly.</summary>
    public static readonly IReadOnlyList<int> RemindBefore = [14, 3];

    /// <summary>Its card.</summary>
    public static readonly Kind<Recommendation> Card = new()
    {
        Name = nameof(Recommendation),
        Plural = "Recommendations",
        Section = Section.Assessments,
        Series = "REC",
        IsNumberedByState = true,
        Parts = PartSet.Of(
            RecommendationParts.Inner,
            RecommendationParts.Summary,
            RecommendationParts.Progress,
            RecommendationParts.Report
        ),
        Stages = Enum.GetNames<RecommendationStage>(),
        ShownTo = [OrganisationKind.MemberState, OrganisationKind.Cted, OrganisationKind.Committee],
        Views = Views.Told,
        Files = Part.Of(RecommendationParts.Report),
        Talks = [Part.Of(RecommendationParts.Inner), Part.Of(RecommendationParts.Progress)],
        Apart = (int)RecommendationParts.Report,
        Title = r => new RecordTitle(r.Id, r.Title, r.Language, r.StateIso3),
    };

    private Recommendation() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference { get; private set; } = "";

    /// <summary>ISO 3166-1 alpha-3 of the State that is asked.</summary>
    public string StateIso3 { get; private set; } = "";

    string? IProtected.StateIso3 => StateIso3;

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>The dossier it was sent with.</summary>
    public Guid DossierId { get; private set; }

    /// <summary>Reference of that dossier.</summary>
    public string DossierReference { get; private set; } = "";

    /// <summary>Its place in the assessment, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The subcommittee that considered the dossier.</summary>
    public Body Subcommittee { get; private set; }

    /// <summary>Code of the topic (<see cref="Topics"/>).</summary>
    public string Topic { get; private set; } = "";

    /// <summary>The topic's name, in <see cref="Language"/>.</summary>
    public string Title { get; private set; } = "";

    /// <summary>What is asked, Markdown.</summary>
    public string Asks { get; private set; } = "";

    /// <summary>Language of what is asked, which is the authoritative one.</summary>
    public Language Language { get; private set; }

    /// <summary>What is asked, in the other languages in which it was sent.</summary>
    public IReadOnlyList<AskedIn> Translations { get; private set; } = [];

    /// <summary>1 is first, 3 last.</summary>
    public int Priority { get; private set; }

    /// <summary>Whether help of others is likely to be needed for it.</summary>
    public bool NeedsAssistance { get; private set; }

    /// <summary>Until when; null where no day is named.</summary>
    public DateOnly? DueOn { get; private set; }

    /// <summary>Until when it was asked for at first, where the day was moved.</summary>
    public DateOnly? FirstDueOn { get; private set; }

    /// <summary>Stage.</summary>
    public RecommendationStage Stage { get; private set; }

    /// <summary>What was said of it, the oldest first.</summary>
    public IReadOnlyList<ProgressEntry> Progress { get; private set; } = [];

    /// <summary>The State's next report, as it is being written.</summary>
    public Content Says { get; private set; } = new();

    /// <summary>UTC; when it was sent.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>UTC; when something was last said of it, or its day moved.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>What a State reports, as entered.</summary>
    public sealed record Content : IContent<Content>
    {
        /// <summary>Language of the texts.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>What was done.</summary>
        public string Text { get; init; } = "";

        /// <summary>What shows it.</summary>
        public string? Evidence { get; init; }

        /// <summary>When it was done, or is to be.</summary>
        public DateOnly? On { get; init; }

        /// <summary>Whether the State holds that it is implemented.</summary>
        public bool IsImplemented { get; init; }

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Choice(c => c.Language)
                .Prose(c => c.Text, 8000, Needed.Whole)
                .Prose(c => c.Evidence, 4000)
                .Day(c => c.On)
                .Yes(c => c.IsImplemented);
    }

    /// <summary>The recommendation that a line of a dossier becomes when the letter is sent.</summary>
    /// <param name="reference">Its reference.</param>
    /// <param name="dossier">The dossier.</param>
    /// <param name="number">Its place in the assessment that was sent, from 1.</param>
    /// <param name="now">UTC.</param>
    public static Recommendation Of(string reference, Dossier dossier, int number, DateTime now)
    {
        var line = dossier.Sent().Recommendations[number - 1];
        var recommendation = new Recommendation
        {
            Reference = reference,
            StateIso3 = dossier.StateIso3,
            DossierId = dossier.Id,
            DossierReference = dossier.Reference,
            Number = number,
            Subcommittee = dossier.Subcommittee!.Value,
            Topic = line.Topic,
            Title = Topics.Find(line.Topic)!.Name[dossier.Language],
            Asks = line.Text,
            Language = dossier.Language,
            Priority = line.Priority,
            Translations = Translated(dossier, number),
            NeedsAssistance = line.NeedsAssistance,
            DueOn = line.DueOn,
            CreatedAt = now,
            UpdatedAt = now,
        };
        recommendation.Acts.Add(new Act("recommendation.made", (int)RecommendationParts.Summary, To: nameof(RecommendationStage.Asked)));
        return recommendation;
    }

    private static IReadOnlyList<AskedIn> Translated(Dossier dossier, int number) =>
        [
            .. dossier
                .Editions.Where(e => e.IsSent && e.Part == (int)DossierParts.Assessment && e.Language != dossier.Language)
                .Select(e => new AskedIn(e.Language, e.Read<AssessmentText>().Recommendations[number - 1].Text)),
        ];

    /// <summary>What is asked, in a language in which it was sent; else in the authoritative one.</summary>
    public AskedIn In(Language language) => Translations.FirstOrDefault(t => t.Language == language) ?? new(Language, Asks);

    /// <summary>Whether an actor may write the State's report.</summary>
    public bool CanEdit(Actor actor) => Stage.IsOpen() && OfState(actor, Level.Contribute);

    /// <summary>Whether an actor may submit the State's report.</summary>
    public bool CanReport(Actor actor) => Stage.IsOpen() && OfState(actor, Level.Decide);

    /// <summary>Whether an actor may say what CTED found: never the State that reported.</summary>
    public bool CanVerify(Actor actor) => Stage == RecommendationStage.Reported && OfCted(actor, Level.Decide);

    /// <summary>Whether an actor may move the day until which it is asked.</summary>
    public bool CanMoveDue(Actor actor) => Stage.IsOpen() && OfCted(actor, Level.Decide);

    /// <summary>Whether an actor may say that it is pursued no more: who runs the section for CTED.</summary>
    public bool CanDrop(Actor actor) => (Stage.IsOpen() || Stage == RecommendationStage.Reported) && OfCted(actor, Level.Manage);

    /// <summary>Whether an actor may make needs of it: who drafts for the State.</summary>
    public bool CanMakeNeeds(Actor actor) =>
        Stage != RecommendationStage.Dropped && actor.StateIso3 == StateIso3 && NeedRules.CanDraft(actor);

    /// <summary>Keeps the State's report as far as it is written.</summary>
    public void Edit(Actor actor, Content content)
    {
        Refusal.Unless(CanEdit(actor), "recommendation.not_yours_to_report");
        Says = Content.Fields.Kept(content with { }, isDraft: true);
        Acts.Add(new Act("recommendation.edited", (int)RecommendationParts.Report));
    }

    /// <summary>What the report must still say before it can be submitted.</summary>
    public IReadOnlyList<Refusal> Missing() => Content.Fields.Problems(Says);

    /// <summary>Submits the State's report as it is written: CTED and the bodies read it from now on.</summary>
    /// <exception cref="Refusal">Not theirs to submit, or something is missing.</exception>
    public void Report(Actor actor, DateTime now)
    {
        Refusal.Unless(CanReport(actor), "recommendation.not_yours_to_report");
        Refusal.IfAny(Missing());
        var said = Says;
        Refusal.If(
            said.IsImplemented && said.On > DateOnly.FromDateTime(now).AddDays(1),
            "recommendation.not_done_yet",
            nameof(Content.On)
        );
        Says = new Content();
        Say(
            new(
                now,
                said.IsImplemented ? RecommendationStage.Reported : RecommendationStage.Underway,
                true,
                said.Language,
                said.Text,
                said.Evidence,
                said.On
            ),
            "recommendation.reported",
            [Audience.Cted]
        );
    }

    /// <summary>CTED says what it found of what the State reports as implemented.</summary>
    /// <param name="actor">Who says it.</param>
    /// <param name="found">Implemented, in part, or not shown yet: then it is under way again.</param>
    /// <param name="language">Language of the text.</param>
    /// <param name="text">On what that rests.</param>
    /// <param name="now">UTC.</param>
    public void Verify(Actor actor, RecommendationStage found, Language language, string? text, DateTime now)
    {
        Refusal.Unless(CanVerify(actor), "recommendation.not_yours_to_verify");
        Refusal.Unless(
            found is RecommendationStage.Verified or RecommendationStage.PartlyImplemented or RecommendationStage.Underway,
            "field.unknown_code",
            "Found"
        );
        Say(
            new(now, found, false, language, Text.Required(text, 4000, nameof(Content.Text))),
            "recommendation.verified",
            [Audience.State(StateIso3)]
        );
    }

    /// <summary>Moves the day until which it is asked; the first one stays known.</summary>
    public void MoveDue(Actor actor, DateOnly? to, string? why, DateTime now)
    {
        Refusal.Unless(CanMoveDue(actor), "recommendation.not_yours_to_move");
        Refusal.If(to is null, "field.required", nameof(DueOn));
        Text.Day(to, nameof(DueOn));
        Refusal.If(to < DateOnly.FromDateTime(now), "recommendation.due_is_past", nameof(DueOn));
        var reason = Text.Optional(why, 4000, "Why");
        Refusal.If(to == DueOn, "recommendation.same_day", nameof(DueOn));
        FirstDueOn ??= DueOn;
        var before = DueOn;
        (DueOn, UpdatedAt) = (to, now);
        Acts.Add(
            new Act("recommendation.due_moved", (int)RecommendationParts.Progress, $"{before:O}", $"{to:O}", reason)
            {
                Tells = [Audience.State(StateIso3)],
            }
        );
    }

    /// <summary>Nobody pursues it any more.</summary>
    public void Drop(Actor actor, string? why, DateTime now)
    {
        Refusal.Unless(CanDrop(actor), "recommendation.not_yours_to_drop");
        var reason = Text.Required(why, 4000, "Why");
        Acts.Add(
            new Act(
                "recommendation.dropped",
                (int)RecommendationParts.Progress,
                Stage.ToString(),
                nameof(RecommendationStage.Dropped),
                reason
            )
            {
                Tells = [Audience.State(StateIso3)],
            }
        );
        (Stage, UpdatedAt) = (RecommendationStage.Dropped, now);
    }

    /// <inheritdoc/>
    public Attachment AddFile(Actor actor, string fileName, ReadOnlyMemory<byte> content, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "recommendation.not_yours_to_report");
        var file = Attachment.Of(this, fileName, content, now);
        FileChanged("recommendation.file_added", file);
        return file;
    }

    /// <inheritdoc/>
    public void RemoveFile(Actor actor, Attachment? file, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "recommendation.not_yours_to_report");
        var one = file ?? throw new NotFound();
        // What others had before them they keep.
        Refusal.Unless(one.Part == (int)RecommendationParts.Report, "recommendation.file_submitted", "File");
        FileChanged("recommendation.file_removed", one);
    }

    /// <summary>CTED, the State, and the bodies that had the assessment, from when the letter was sent; nobody else ever.</summary>
    public IEnumerable<Exposure> Exposures()
    {
        yield return new Exposure(Audience.Cted, (int)RecommendationParts.Whole, UpdatedAt, ExposureRule.Stage);
        yield return new Exposure(Audience.State(StateIso3), (int)RecommendationParts.OfState, UpdatedAt, ExposureRule.Sent);
        yield return new Exposure(Subcommittee.Audience(), (int)RecommendationParts.OfBody, UpdatedAt, ExposureRule.Circulated);
        yield return new Exposure(Audience.Committee, (int)RecommendationParts.OfBody, UpdatedAt, ExposureRule.Circulated);
    }

    /// <inheritdoc/>
    public Act? Reading(int view) => new(Card.Act("read"), (int)RecommendationParts.Inner, Subject: ((RecommendationParts)view).ToString());

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts()
    {
        yield return new((int)RecommendationParts.Summary, Title);
        foreach (var asked in Translations.Prepend(new(Language, Asks)))
            yield return new((int)RecommendationParts.Summary, asked.Text);
        foreach (var entry in Progress)
        {
            yield return new((int)RecommendationParts.Progress, entry.Text);
            yield return new((int)RecommendationParts.Progress, entry.Evidence);
        }
        yield return new((int)RecommendationParts.Report, Says.Text);
        yield return new((int)RecommendationParts.Report, Says.Evidence);
    }

    private void Say(ProgressEntry entry, string act, IReadOnlyList<Telling> tells)
    {
        Progress = [.. Progress, entry];
        Acts.Add(new Act(act, (int)RecommendationParts.Progress, Stage.ToString(), entry.To.ToString()) { Tells = tells });
        (Stage, UpdatedAt) = (entry.To, entry.At);
    }

    // With the report that it belongs to, which others have once it is submitted.
    private void FileChanged(string code, Attachment file) =>
        Acts.Add(new Act(code, (int)RecommendationParts.Report, Subject: file.FileName, Logged: file.Id.ToString()));

    private bool OfState(Actor actor, Level atLeast) => actor.Is(Audience.State(StateIso3), Section.Assessments, atLeast, StateIso3);

    private bool OfCted(Actor actor, Level atLeast) => actor.Is(Audience.Cted, Section.Assessments, atLeast, StateIso3);
}
