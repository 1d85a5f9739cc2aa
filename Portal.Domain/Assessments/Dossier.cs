using Portal.Domain.Access;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Domain.Assessments;

/// <summary>
/// What CTED puts before the subcommittees and the Committee about a State's implementation of resolutions 1373 and 1624: cover note, draft
/// letter and preliminary implementation assessment; then the letter that is sent, and the State's answer.
/// </summary>
/// <remarks>
/// Bodies and the State read editions, which are frozen; what CTED goes on writing is a part of its own. The State learns nothing before it
/// is sent, and nothing of the deliberation ever.
/// </remarks>
public sealed class Dossier : IProtected
{
    /// <summary>Months within which a State answers an assessment.</summary>
    public const int MonthsToAnswer = 12;

    /// <summary>What its State may share with others, with the summary.</summary>
    public const DossierParts Shareable = DossierParts.Letter | DossierParts.Assessment | DossierParts.Response;

    /// <summary>Its card.</summary>
    public static readonly Kind<Dossier> Card = new()
    {
        Name = nameof(Dossier),
        Plural = "Assessments",
        Section = Section.Assessments,
        Series = "PIA",
        IsNumberedByState = true,
        Parts = PartSet.Of(
            DossierParts.Inner,
            DossierParts.Summary,
            DossierParts.Letter,
            DossierParts.Assessment,
            DossierParts.Cover,
            DossierParts.Deliberation,
            DossierParts.Writing,
            DossierParts.Response,
            DossierParts.ResponseDraft,
            DossierParts.TalkState,
            DossierParts.Course
        ),
        Stages = Enum.GetNames<DossierStage>(),
        ShownTo =
        [
            OrganisationKind.MemberState,
            OrganisationKind.Cted,
            OrganisationKind.Committee,
            OrganisationKind.Provider,
            OrganisationKind.Partner,
        ],
        Views = Views.Told,
        Files = null,
        Talks = [Part.Of(DossierParts.Inner), Part.Of(DossierParts.Deliberation), Part.Of(DossierParts.TalkState)],
        Apart = (int)DossierParts.ResponseDraft,
        Stirs = (int)DossierParts.Course,
        Awaits = (int)(DossierParts.Inner | DossierParts.Deliberation),
        RuleReads = [nameof(Editions), nameof(Consents)],
        Title = d => new RecordTitle(d.Id, d.Title, d.Language, d.StateIso3),
    };

    private readonly List<Edition> editions = [];
    private readonly List<Circulation> circulations = [];
    private readonly List<DossierConsent> consents = [];

    private Dossier() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference { get; private set; } = "";

    /// <inheritdoc/>
    public string StateIso3 { get; private set; } = "";

    string? IProtected.StateIso3 => StateIso3;

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>The State's name and the year, in <see cref="Language"/>.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Language of its texts, an official language that the State understands; fixed with the first edition.</summary>
    public Language Language { get; private set; }

    /// <summary>Year in which the cycle began.</summary>
    public int Year { get; private set; }

    /// <summary>What is being written.</summary>
    public Content Says { get; private set; } = new();

    /// <summary>What is being written, in other languages.</summary>
    public IReadOnlyList<DossierTranslation> Translations { get; private set; } = [];

    /// <summary>Stage as it was last written down; what the clock says is <see cref="StageAt"/>.</summary>
    public DossierStage Stage { get; private set; }

    /// <summary>Who began it: the officer of this dossier.</summary>
    public Guid OfficerId { get; private set; }

    /// <summary>The officer's name, as it was.</summary>
    public string OfficerName { get; private set; } = "";

    /// <summary>All who wrote in it: none of them reviews it.</summary>
    public List<Guid> Authors { get; private set; } = [];

    /// <summary>Its reviews, the oldest first.</summary>
    public IReadOnlyList<QualityReview> Reviews { get; private set; } = [];

    /// <summary>The review of the last edition; null where it was not reviewed yet.</summary>
    public QualityReview? Review => Reviews.LastOrDefault(r => r.Edition == Edition);

    /// <summary>The subcommittee that has or had it; null until one does.</summary>
    public Body? Subcommittee { get; private set; }

    /// <summary>UTC; when a subcommittee first had it.</summary>
    public DateTime? SubcommitteeAt { get; private set; }

    /// <summary>UTC; when the Committee first had it.</summary>
    public DateTime? CommitteeAt { get; private set; }

    /// <summary>Number of the edition that was last put before a body; null where none was.</summary>
    public int? Circulated { get; private set; }

    /// <summary>UTC; when what it is before closes, if nothing more is done. Null where it is before no body.</summary>
    public DateTime? ClosesAt { get; private set; }

    /// <summary>UTC; when the Committee adopted it.</summary>
    public DateTime? AdoptedAt { get; private set; }

    /// <summary>UTC; when it was sent.</summary>
    public DateTime? SentAt { get; private set; }

    /// <summary>Until when the State is asked to answer.</summary>
    public DateOnly? AnswerBy { get; private set; }

    /// <summary>UTC; when the State said that it has it.</summary>
    public DateTime? AcknowledgedAt { get; private set; }

    /// <summary>The State's answer as it is being written.</summary>
    public StateAnswer? Drafted { get; private set; }

    /// <summary>The State's answer as it was submitted.</summary>
    public StateAnswer? Answered { get; private set; }

    /// <summary>UTC; when the answer was submitted.</summary>
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>UTC; what CTED sees changed.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>Its editions, a row for each part and language, the oldest first, the authoritative text before its translations.</summary>
    public IReadOnlyList<Edition> Editions =>
        [.. editions.OrderBy(e => e.Number).ThenBy(e => e.Part).ThenBy(e => e.Language != Language).ThenBy(e => e.Language)];

    /// <summary>Its circulations, the oldest first.</summary>
    public IReadOnlyList<Circulation> Circulations => [.. circulations.OrderBy(c => (c.OpenedAt, c.Round))];

    /// <summary>With whom its State shares it, standing and revoked.</summary>
    public IReadOnlyList<DossierConsent> Consents => consents;

    /// <summary>The last circulation; null where there was none.</summary>
    public Circulation? Circulation => circulations.MaxBy(c => (c.OpenedAt, c.Round));

    /// <summary>Number of the last edition; 0 where there is none.</summary>
    public int Edition => editions.Select(e => e.Number).DefaultIfEmpty().Max();

    /// <summary>What a dossier says, as entered.</summary>
    public sealed record Content : IContent<Content>
    {
        /// <summary>ISO 3166-1 alpha-3 of the State; stays as it was drafted.</summary>
        public string State { get; init; } = "";

        /// <summary>Language of the texts.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>Note to the bodies, Markdown.</summary>
        public string? CoverNote { get; init; }

        /// <summary>Letter to the State, Markdown.</summary>
        public string Letter { get; init; } = "";

        /// <summary>What is said of the whole, Markdown.</summary>
        public string Narrative { get; init; } = "";

        /// <summary>What was found, one for each topic.</summary>
        public IReadOnlyList<Finding> Findings { get; init; } = [];

        /// <summary>What the State is asked to do.</summary>
        public IReadOnlyList<RecommendationLine> Recommendations { get; init; } = [];

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Code(c => c.State, code => MemberStates.Find(code)?.Iso3, Needed.Always)
                .Choice(c => c.Language)
                .Prose(c => c.CoverNote, 20_000)
                .Prose(c => c.Letter, 20_000, Needed.Whole)
                .Prose(c => c.Narrative, 200_000, Needed.Whole)
                .Lines(c => c.Findings, 100)
                .Rule(c => c.Findings.CountBy(f => f.Topic).Any(t => t.Value > 1), "dossier.topic_twice", nameof(Findings))
                .Lines(c => c.Recommendations, 100)
                .Rule(
                    c => c.Recommendations.Any(r => c.Findings.All(f => f.Topic != r.Topic)),
                    "dossier.recommendation_without_finding",
                    nameof(Recommendations)
                );
    }

    /// <summary>Whether an actor may begin one: who decides in the section for CTED.</summary>
    public static bool CanDraft(Actor actor) =>
        actor.Claims.Any(c => c.Section == Section.Assessments && c.Audience == Audience.Cted && c.Level >= Level.Decide);

    /// <summary>Whether an actor may begin one of a State.</summary>
    public static bool CanDraft(Actor actor, string iso3) => OfCted(actor, Level.Decide, iso3);

    /// <summary>Whether an actor puts dossiers before bodies: who runs the section for CTED.</summary>
    public static bool CanPutAny(Actor actor) =>
        actor.Claims.Any(c => c.Section == Section.Assessments && c.Audience == Audience.Cted && c.Level >= Level.Manage);

    /// <summary>Begins a dossier of a State.</summary>
    /// <exception cref="Refusal">Not theirs to begin for this State, or a field is wrong.</exception>
    public static Dossier Draft(string reference, Actor actor, Content content, DateTime now)
    {
        Refusal.Unless(CanDraft(actor), "dossier.not_yours_to_draft");
        var said = Content.Fields.Kept(content with { }, isDraft: true);
        Refusal.Unless(CanDraft(actor, said.State), "dossier.state_not_yours", nameof(Content.State));
        var dossier = new Dossier
        {
            Reference = reference,
            StateIso3 = said.State,
            Year = now.Year,
            OfficerId = actor.PersonId,
            OfficerName = actor.Name,
            CreatedAt = now,
        };
        dossier.Write(actor, said, now);
        dossier.Acts.Add(new Act("dossier.drafted", (int)DossierParts.Inner, To: nameof(DossierStage.Drafting)));
        return dossier;
    }

    /// <summary>How it stands at a moment, whether or not anything has written down by then what silence decided.</summary>
    public DossierStage StageAt(DateTime now) => StageOf(Stage, ClosesAt, now);

    /// <summary>
    /// The stage as a reader of these parts is told it. Who has the summary alone hears that a subcommittee has it, and not how often it
    /// goes back and forth; with whom the State shares it, that it was sent, and not whether the State has answered.
    /// </summary>
    public static DossierStage StageTo(DossierParts parts, DossierStage stage) =>
        IsShown(parts) ? DossierStage.Sent
        : parts == DossierParts.Summary && stage != DossierStage.Abandoned ? DossierStage.Subcommittee
        : stage;

    /// <summary>Whether these parts are those of a reader whom its State shows it to, and not of those it went through.</summary>
    public static bool IsShown(DossierParts parts) => !parts.Has(DossierParts.Course) && parts != DossierParts.Summary;

    /// <summary>How what a row holds stands at a moment.</summary>
    public static DossierStage StageOf(DossierStage stage, DateTime? closesAt, DateTime now) =>
        stage switch
        {
            DossierStage.Subcommittee when closesAt <= now => DossierStage.Endorsed,
            DossierStage.Committee when closesAt <= now => DossierStage.Adopted,
            _ => stage,
        };

    /// <summary>Whether an actor may write in it.</summary>
    public bool CanEdit(Actor actor) => Stage == DossierStage.Drafting && OfCted(actor, Level.Decide);

    /// <summary>Whether an actor may hand it to a reviewer.</summary>
    public bool CanSendToReview(Actor actor) => CanEdit(actor);

    /// <summary>Whether an actor may review it: another of CTED than those who wrote in it.</summary>
    public bool CanReview(Actor actor) =>
        Stage == DossierStage.Review && OfCted(actor, Level.Contribute) && !Authors.Contains(actor.PersonId);

    /// <summary>Whether an actor may put it before a body, or take it back from there: who runs the section for CTED.</summary>
    public bool CanSubmit(Actor actor) => OfCted(actor, Level.Manage);

    /// <summary>Whether an actor may put it before a body now.</summary>
    public bool CanPut(Actor actor, DateTime now) => CanSubmit(actor) && StageAt(now) is DossierStage.Ready or DossierStage.Endorsed;

    /// <summary>Whether an actor may take it back from the body that has it.</summary>
    public bool CanRecall(Actor actor, DateTime now) =>
        CanSubmit(actor) && Circulation?.StatusAt(now) is CirculationStatus.Open or CirculationStatus.TakenUp;

    /// <summary>Whether an actor may give the body that has it more days.</summary>
    public bool CanExtend(Actor actor, DateTime now) => CanSubmit(actor) && Circulation?.StatusAt(now) == CirculationStatus.Open;

    /// <summary>Whether an actor may say that the body takes it up in a meeting: who presides over it, or CTED for them.</summary>
    public bool CanTakeUp(Actor actor, DateTime now) =>
        Circulation?.StatusAt(now) is CirculationStatus.Open or CirculationStatus.TakenUp && RunsBody(actor, now);

    /// <summary>Whether an actor may say what the body decided in a meeting.</summary>
    public bool CanDecide(Actor actor, DateTime now) => Circulation?.Status == CirculationStatus.TakenUp && RunsBody(actor, now);

    /// <summary>Whether the Committee is next: a subcommittee endorsed it, or the Committee had it before and it comes back.</summary>
    public bool IsForCommittee(DateTime now) => IsForCommittee(StageAt(now), CommitteeAt);

    /// <inheritdoc cref="IsForCommittee(DateTime)"/>
    public static bool IsForCommittee(DossierStage stage, DateTime? committeeAt) =>
        stage == DossierStage.Endorsed || (stage == DossierStage.Ready && committeeAt is not null);

    /// <summary>Whether an actor's delegation has it before it and may act now.</summary>
    public bool CanStep(Actor actor, DateTime now) =>
        Circulation is { } c
        && c.StatusAt(now) == CirculationStatus.Open
        && actor.Membership?.Organisation.BodiesAt(now).Contains(c.Body) == true
        && actor.Is(c.Body.Audience(), Section.Assessments, Level.Decide, StateIso3);

    /// <summary>Whether an actor may send it: the chair of the Committee, or CTED for the chair.</summary>
    public bool CanSend(Actor actor, DateTime now) => StageAt(now) == DossierStage.Adopted && IsSender(actor, now);

    // The chair of the Committee, or CTED for the chair.
    private bool IsSender(Actor actor, DateTime now) =>
        CanSubmit(actor)
        || (Body.Committee.IsPresidedBy(actor, now) && actor.Is(Audience.Committee, Section.Assessments, Level.Manage, StateIso3));

    /// <summary>Whether an actor may write the State's answer.</summary>
    public bool CanDraftAnswer(Actor actor) => Stage == DossierStage.Sent && OfState(actor, Level.Contribute);

    /// <summary>Whether an actor may submit the State's answer.</summary>
    public bool CanAnswer(Actor actor) => Stage == DossierStage.Sent && OfState(actor, Level.Decide);

    /// <summary>Whether an actor may share it with others: a focal point of its State, once it was sent.</summary>
    public bool CanShare(Actor actor) => SentAt is not null && OfState(actor, Level.Decide);

    /// <summary>What of it there is to share: the answer only once it was submitted.</summary>
    public DossierParts ToShare => AnsweredAt is null ? Shareable & ~DossierParts.Response : Shareable;

    /// <summary>
    /// Whom a State may show an assessment: one organisation, all providers or all partners. The public has no such section.
    /// </summary>
    public static bool IsShareable(Audience audience) =>
        audience == Audience.Providers || audience == Audience.Partners || audience.OrganisationNumber is not null;

    /// <summary>Whether an actor may say that the State has the letter.</summary>
    public bool CanAcknowledge(Actor actor) => CanAnswer(actor) && AcknowledgedAt is null;

    /// <summary>Whether an actor may note the answer.</summary>
    public bool CanClose(Actor actor) => Stage == DossierStage.Responded && OfCted(actor, Level.Decide);

    /// <summary>Whether an actor may give it up; once a body had it, who runs the section.</summary>
    public bool CanAbandon(Actor actor) =>
        Stage is DossierStage.Drafting or DossierStage.Review or DossierStage.Ready
        && OfCted(actor, SubcommitteeAt is null ? Level.Decide : Level.Manage);

    /// <summary>Replaces what is being written.</summary>
    /// <exception cref="Refusal">Not theirs to write, a field is wrong, or the State or a fixed language is another.</exception>
    public void Edit(Actor actor, Content content, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "dossier.not_yours_to_edit");
        var said = Content.Fields.Kept(content with { }, isDraft: true);
        Refusal.If(said.State != StateIso3, "dossier.state_fixed", nameof(Content.State));
        Refusal.If(editions.Count > 0 && said.Language != Language, "dossier.language_fixed", nameof(Content.Language));
        Write(actor, said, now);
        Acts.Add(new Act("dossier.edited", (int)DossierParts.Writing));
    }

    /// <summary>
    /// <see cref="Translations"/> without one into the language it is in: that may have been a slip, and the translation is kept aside.
    /// </summary>
    public IEnumerable<DossierTranslation> Translated => Translations.Where(t => t.Language != Language);

    /// <summary>A translation of what is being written; one that says nothing where there is none.</summary>
    public DossierTranslation Into(Language language) =>
        Translations.FirstOrDefault(t => t.Language == language) ?? DossierTranslation.Into(language);

    /// <summary>Replaces a translation of what is being written; one that says nothing is taken away.</summary>
    /// <param name="actor">Who translates: they review it no more than who writes in it.</param>
    /// <param name="said">The translation, with the revision that it was written on.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not theirs to write, a text is wrong, or somebody else wrote in it meanwhile.</exception>
    public void Translate(Actor actor, DossierTranslation said, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "dossier.not_yours_to_edit");
        Refusal.Unless(Enum.IsDefined(said.Language), "field.unknown_code", nameof(Language));
        Refusal.If(said.Language == Language, "dossier.translation_is_original", nameof(Language));
        Refusal.If(Into(said.Language).Revision != said.Revision, "record.changed_meanwhile");
        var kept = said.Kept(Says);
        var others = Translations.Where(t => t.Language != said.Language);
        Translations = kept.Count == 0 ? [.. others] : [.. others, new(said.Language, kept, Guid.CreateVersion7(), actor.Name, now)];
        WrittenBy(actor, now);
        var act = kept.Count == 0 ? "dossier.translation_removed" : "dossier.translated";
        Acts.Add(new Act(act, (int)DossierParts.Writing, Subject: said.Language.Tag()));
    }

    /// <summary>What a dossier must still say before it can be handed to a reviewer.</summary>
    public static IReadOnlyList<Refusal> Missing(Content content) =>
        [
            .. Content.Fields.Problems(content),
            .. content.Findings.Count == 0 ? [new Refusal("dossier.nothing_found", nameof(Content.Findings))] : Array.Empty<Refusal>(),
        ];

    /// <summary>Freezes an edition, in every language into which all of it is translated, and hands it to a colleague.</summary>
    /// <exception cref="Refusal">Not theirs to hand over, or something is missing.</exception>
    public void SendToReview(Actor actor, DateTime now)
    {
        Refusal.Unless(CanSendToReview(actor), "dossier.not_yours_to_edit");
        Refusal.IfAny(Missing(Says));
        var number = Edition + 1;
        foreach (var said in Whole.Select(t => t.TextOf(Says)).Prepend(Says))
        {
            Freeze(DossierParts.Cover, said.CoverNote ?? "");
            Freeze(DossierParts.Letter, said.Letter);
            Freeze(DossierParts.Assessment, new AssessmentText(said.Narrative, said.Findings, said.Recommendations));

            void Freeze<T>(DossierParts part, T text) => editions.Add(Assessments.Edition.Of(Id, number, part, said.Language, text, now));
        }
        MoveTo(DossierStage.Review, "dossier.sent_to_review", DossierParts.Writing, now, subject: $"{number}");
    }

    /// <summary>A colleague has looked and lets it go on.</summary>
    /// <param name="actor">The reviewer.</param>
    /// <param name="met">What the reviewer says is met; all of it has to be.</param>
    /// <param name="note">What the reviewer adds.</param>
    /// <param name="now">UTC.</param>
    /// <param name="isAnswered">Whether every thread on it is resolved that must be answered.</param>
    /// <exception cref="Refusal">Not theirs to review, or something is wanting.</exception>
    public void PassReview(Actor actor, IReadOnlyCollection<QualityItem> met, string? note, DateTime now, bool isAnswered = true)
    {
        Refusal.Unless(CanReview(actor), "dossier.not_yours_to_review");
        Refusal.If(QualityCheck.Wanting(this, isAnswered).Count > 0, "dossier.quality_wanting");
        Refusal.Unless(QualityCheck.Said.All(met.Contains), "dossier.quality_not_said");
        Reviews = [.. Reviews, new(Edition, actor.PersonId, actor.Name, now, true, [], Text.Optional(note, 8000, "Note"))];
        MoveTo(DossierStage.Ready, "dossier.review_passed", DossierParts.Writing, now);
    }

    /// <summary>A colleague has looked and gives it back, saying why.</summary>
    /// <exception cref="Refusal">Not theirs to review, or no reason.</exception>
    public void ReturnReview(Actor actor, IReadOnlyCollection<QualityItem> met, string? why, DateTime now, bool isAnswered = true)
    {
        Refusal.Unless(CanReview(actor), "dossier.not_yours_to_review");
        var reason = Text.Required(why, 8000, "Note");
        List<QualityItem> wanting = [.. QualityCheck.Wanting(this, isAnswered), .. QualityCheck.Said.Where(i => !met.Contains(i))];
        Reviews = [.. Reviews, new(Edition, actor.PersonId, actor.Name, now, false, wanting, reason)];
        MoveTo(DossierStage.Drafting, "dossier.review_returned", DossierParts.Writing, now, reason);
    }

    /// <summary>Puts the reviewed edition before the subcommittee that considers the State.</summary>
    /// <param name="actor">Who runs the section for CTED.</param>
    /// <param name="considering">The subcommittee that considers the State now.</param>
    /// <param name="days">Working days.</param>
    /// <param name="now">UTC.</param>
    /// <param name="hq">Days at Headquarters.</param>
    /// <param name="isAnswered">Whether every thread on it is resolved that must be answered.</param>
    public void PutBeforeSubcommittee(Actor actor, Body considering, int days, DateTime now, Headquarters hq, bool isAnswered = true)
    {
        Refusal.Unless(CanSubmit(actor), "dossier.not_yours_to_submit");
        Refusal.Unless(Stage == DossierStage.Ready, "dossier.not_ready");
        Refusal.Unless(isAnswered, "dossier.unanswered");
        Refusal.Unless(Bodies.Subcommittees.Contains(considering), "field.unknown_code");
        // Those who had it go on having it.
        Subcommittee ??= considering;
        SubcommitteeAt ??= now;
        Put(Subcommittee.Value, DossierStage.Subcommittee, days, now, hq);
    }

    /// <summary>Puts what the subcommittee endorsed before the Committee, or what the Committee had before once more.</summary>
    public void PutBeforeCommittee(Actor actor, int days, DateTime now, Headquarters hq, bool isAnswered = true)
    {
        Refusal.Unless(CanSubmit(actor), "dossier.not_yours_to_submit");
        Refusal.Unless(IsForCommittee(now), "dossier.not_endorsed");
        Refusal.Unless(isAnswered, "dossier.unanswered");
        Settle(now);
        CommitteeAt ??= now;
        Put(Body.Committee, DossierStage.Committee, days, now, hq);
    }

    /// <summary>A delegation asks for time.</summary>
    public void Hold(Actor actor, string? reason, DateTime now, Headquarters hq) =>
        Step(actor, "dossier.held", now, (c, by) => c.Hold(by, reason, now, hq), Deliberating);

    /// <summary>A delegation ends its hold.</summary>
    public void Lift(Actor actor, DateTime now, Headquarters hq) =>
        Step(actor, "dossier.lifted", now, (c, by) => c.Lift(by, null, now, hq), Deliberating);

    /// <summary>A delegation says that it has looked and has nothing against it.</summary>
    public void SayNoObjection(Actor actor, DateTime now) =>
        Step(actor, "dossier.no_objection", now, (c, by) => c.SayNoObjection(by, now), []);

    /// <summary>A delegation says something to the others and to CTED.</summary>
    public void Remark(Actor actor, string? text, DateTime now) =>
        Step(actor, "dossier.remarked", now, (c, by) => c.Remark(by, text ?? "", now), [Audience.Cted]);

    /// <summary>A delegation objects: the round ends and the dossier goes back to its officer.</summary>
    public void Object(Actor actor, string? reason, DateTime now)
    {
        Step(actor, "dossier.objected", now, (c, by) => c.Object(by, reason, now), Deliberating);
        Back(now);
    }

    /// <summary>CTED takes it back from the body that has it.</summary>
    public void Recall(Actor actor, string? reason, DateTime now)
    {
        Refusal.Unless(CanSubmit(actor), "dossier.not_yours_to_submit");
        Refusal.Unless(Circulation is { } c && Stage.IsBefore(c.Body), "circulation.over");
        Circulation!.Recall(reason ?? "", now);
        Acts.Add(
            new Act("dossier.recalled", (int)DossierParts.Deliberation, Why: Circulation.EndReason)
            {
                Tells = [Circulation.Body.Audience()],
            }
        );
        Back(now);
    }

    /// <summary>CTED gives the body that has it more working days.</summary>
    /// <exception cref="Refusal">Not theirs to extend, over, or not longer.</exception>
    public void Extend(Actor actor, int days, DateTime now, Headquarters hq)
    {
        Refusal.Unless(CanSubmit(actor), "dossier.not_yours_to_submit");
        Refusal.If(Circulation is null, "circulation.over");
        var before = Circulation!.ClosesAt;
        Circulation.Extend(days, now, hq);
        (ClosesAt, UpdatedAt) = (Circulation.ClosesAt, now);
        Acts.Add(
            new Act("dossier.extended", (int)DossierParts.Deliberation, $"{before:O}", $"{ClosesAt:O}")
            {
                Tells = [Circulation.Body.Audience()],
            }
        );
    }

    /// <summary>The body takes it up in a meeting instead of deciding by silence.</summary>
    /// <param name="actor">Who presides, or CTED for them.</param>
    /// <param name="meeting">Which meeting: its number and day.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not theirs to say, over, or no meeting is named.</exception>
    public void TakeUp(Actor actor, string? meeting, DateTime now)
    {
        Refusal.Unless(Circulation is not null && RunsBody(actor, now), "dossier.not_yours_to_decide");
        Circulation!.TakeUp(meeting ?? "", now);
        (ClosesAt, UpdatedAt) = (null, now);
        Acts.Add(
            new Act("dossier.taken_up", (int)DossierParts.Deliberation, Why: Circulation.Meeting, Subject: Circulation.Body.Audience().Key)
            {
                Tells = Deliberating,
            }
        );
    }

    /// <summary>What the body decided in a meeting: it agrees, or gives it back to the officer and says why.</summary>
    /// <param name="actor">Who presides, or CTED for them.</param>
    /// <param name="whyNot">Why it is given back; null where the body agreed.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not theirs to say, or it was not taken up.</exception>
    public void Decide(Actor actor, string? whyNot, DateTime now)
    {
        Refusal.Unless(Circulation is not null && RunsBody(actor, now), "dossier.not_yours_to_decide");
        Circulation!.Decide(whyNot, now);
        var body = Circulation.Body.Audience().Key;
        if (whyNot is not null)
        {
            Acts.Add(
                new Act(
                    "dossier.returned",
                    (int)DossierParts.Deliberation,
                    Stage.ToString(),
                    nameof(DossierStage.Drafting),
                    Circulation.EndReason,
                    body
                )
                {
                    Tells = Deliberating,
                }
            );
            Back(now);
            return;
        }
        if (Stage == DossierStage.Committee)
            AdoptedAt = now;
        MoveTo(
            Stage == DossierStage.Committee ? DossierStage.Adopted : DossierStage.Endorsed,
            "dossier.decided",
            DossierParts.Deliberation,
            now,
            Circulation.Meeting,
            body,
            Deliberating
        );
    }

    /// <summary>Writes down what silence decided, once it has: the same on time and a week late.</summary>
    /// <returns>Whether there was something to write down.</returns>
    public bool Settle(DateTime now)
    {
        var stage = StageAt(now);
        if (stage == Stage)
            return false;
        Circulation!.Settle(now);
        if (stage == DossierStage.Adopted)
            AdoptedAt = Circulation.EndedAt;
        var (before, at) = (Stage, Circulation.EndedAt!.Value);
        (Stage, ClosesAt, UpdatedAt) = (stage, null, at);
        Acts.Add(
            new Act(
                "dossier.passed",
                (int)DossierParts.Deliberation,
                before.ToString(),
                stage.ToString(),
                Subject: Circulation.Body.Audience().Key
            )
            {
                Tells = Deliberating,
            }
        );
        return true;
    }

    /// <summary>The calendar was changed while it is before a body.</summary>
    public void Recount(Headquarters hq, DateTime now)
    {
        if (Circulation is not { } c || c.StatusAt(now) != CirculationStatus.Open)
            return;
        var before = c.ClosesAt;
        c.Recount(hq, now);
        if (c.ClosesAt == before)
            return;
        ClosesAt = c.ClosesAt;
        Acts.Add(new Act("dossier.recounted", (int)DossierParts.Deliberation, $"{before:O}", $"{c.ClosesAt:O}") { Tells = Deliberating });
    }

    /// <summary>A delegation's term ends at another moment than was known while it is before a body: what it holds lapses then.</summary>
    public void SeatEnds(int organisation, DateTime? at, Headquarters hq, DateTime now)
    {
        if (Circulation is not { } c || !c.SeatEnds(organisation, at, hq, now))
            return;
        ClosesAt = c.ClosesAt;
        Acts.Add(
            new Act("dossier.hold_lapses", (int)DossierParts.Deliberation, Subject: Audience.Org(organisation).Key) { Tells = Deliberating }
        );
    }

    /// <summary>Sends the adopted edition to its State, which has it from now on.</summary>
    /// <exception cref="Refusal">Not theirs to send, or not adopted.</exception>
    public void Send(Actor actor, DateTime now, Headquarters hq)
    {
        Refusal.Unless(IsSender(actor, now), "dossier.not_yours_to_send");
        Refusal.Unless(CanSend(actor, now), "dossier.not_adopted");
        Settle(now);
        foreach (var part in editions.Where(e => e.Number == Circulated && e.Part != (int)DossierParts.Cover))
            part.Send();
        (SentAt, AnswerBy) = (now, hq.Today(now).AddMonths(MonthsToAnswer));
        MoveTo(DossierStage.Sent, "dossier.sent", DossierParts.Course, now, tells: [Audience.State(StateIso3), Audience.Cted]);
    }

    /// <summary>The State says that it has the letter.</summary>
    public void Acknowledge(Actor actor, DateTime now)
    {
        Refusal.Unless(CanAnswer(actor), "dossier.not_yours_to_answer");
        Refusal.If(AcknowledgedAt is not null, "dossier.acknowledged_already");
        AcknowledgedAt = now;
        UpdatedAt = now;
        Acts.Add(new Act("dossier.acknowledged", (int)DossierParts.Course) { Tells = [Audience.Cted] });
    }

    /// <summary>Keeps the State's answer as far as it is written.</summary>
    public void DraftAnswer(Actor actor, StateAnswer answer)
    {
        Refusal.Unless(CanDraftAnswer(actor), "dossier.not_yours_to_answer");
        Drafted = Kept(answer, isDraft: true);
        Acts.Add(new Act("dossier.answer_drafted", (int)DossierParts.ResponseDraft));
    }

    /// <summary>Submits the State's answer as it is written.</summary>
    /// <exception cref="Refusal">Not theirs to submit, or nothing is written.</exception>
    public void Answer(Actor actor, DateTime now)
    {
        Refusal.Unless(CanAnswer(actor), "dossier.not_yours_to_answer");
        Refusal.If(Drafted is null, "dossier.nothing_answered");
        Answered = Kept(Drafted!, isDraft: false);
        (AnsweredAt, Drafted) = (now, null);
        AcknowledgedAt ??= now;
        MoveTo(
            DossierStage.Responded,
            "dossier.answered",
            DossierParts.Response,
            now,
            tells: [Audience.Cted, Audience.Committee, Subcommittee!.Value.Audience()]
        );
    }

    /// <summary>Refuses for everything that keeps it from being shared so, before the State is asked whether it is sure.</summary>
    /// <exception cref="Refusal">Not theirs to share, an audience or part that is never shared, or nothing would change.</exception>
    public void DemandSharing(Actor actor, Audience audience, DossierParts parts)
    {
        Refusal.Unless(CanShare(actor), "dossier.not_yours_to_share");
        Refusal.IfAny(
            () => Refusal.If(audience.Key.Length == 0, "field.required", "Audience"),
            () => Refusal.Unless(audience.Key.Length == 0 || IsShareable(audience), "dossier.audience_unknown", "Audience"),
            () => Refusal.If((parts & ~DossierParts.Summary) == 0, "field.required", "Parts"),
            () => Refusal.Unless((parts & ~DossierParts.Summary & ~ToShare) == 0, "dossier.part_never_shared", "Parts")
        );
        Refusal.If(SharedWith(audience)?.Parts == (parts | DossierParts.Summary), "dossier.shared_already", "Parts");
    }

    /// <summary>The State shows its assessment to an audience, or changes the parts that it sees.</summary>
    /// <exception cref="Refusal"><inheritdoc cref="DemandSharing" path="/exception"/></exception>
    public void Share(Actor actor, Audience audience, DossierParts parts, DateTime now)
    {
        DemandSharing(actor, audience, parts);
        parts |= DossierParts.Summary;
        var standing = SharedWith(audience);
        var before = standing?.Parts;
        if (standing is null)
            consents.Add(new DossierConsent(Id, audience, parts, actor.PersonId, now));
        else
            standing.Change(parts);
        UpdatedAt = now;
        Acts.Add(
            new Act(
                standing is null ? "dossier.consent_given" : "dossier.consent_changed",
                (int)DossierParts.TalkState,
                before?.ToString(),
                parts.ToString(),
                Subject: audience.Key
            )
            {
                Tells = (parts & ~(before ?? DossierParts.None)) == 0 ? [] : [new(audience, "dossier.shared_with_you")],
            }
        );
    }

    /// <summary>The State shows it to an audience no longer.</summary>
    /// <exception cref="Refusal">Not theirs to share, or it is not shared with that audience.</exception>
    public void Unshare(Actor actor, Audience audience, string? why, DateTime now)
    {
        Refusal.Unless(CanShare(actor), "dossier.not_yours_to_share");
        var standing = SharedWith(audience);
        Refusal.If(standing is null, "dossier.not_shared", "Audience");
        var reason = Text.Optional(why, 4000, "Why");
        standing!.Revoke(actor.PersonId, now);
        UpdatedAt = now;
        Acts.Add(
            new Act("dossier.consent_revoked", (int)DossierParts.TalkState, standing.Parts.ToString(), Why: reason, Subject: audience.Key)
        );
    }

    private DossierConsent? SharedWith(Audience audience) => consents.Find(c => c.Stands && c.Audience == audience);

    /// <summary>CTED notes the answer: nothing more is awaited in this cycle.</summary>
    public void Close(Actor actor, DateTime now)
    {
        Refusal.Unless(CanClose(actor), "dossier.not_yours_to_close");
        MoveTo(DossierStage.Closed, "dossier.closed", DossierParts.Course, now, tells: [Audience.State(StateIso3)]);
    }

    /// <summary>Gives it up while no body has it; those that had it are told why.</summary>
    public void Abandon(Actor actor, string? why, DateTime now)
    {
        Refusal.Unless(CanAbandon(actor), "dossier.not_yours_to_abandon");
        MoveTo(
            DossierStage.Abandoned,
            "dossier.abandoned",
            SubcommitteeAt is null ? DossierParts.Inner : DossierParts.Deliberation,
            now,
            Text.Required(why, 4000, "Why"),
            tells: [.. Deliberating.Where(t => t.Audience != Audience.Cted)]
        );
    }

    /// <summary>
    /// CTED always; a body from when it first has it, and the Committee the summary while a subcommittee has it; the State from when it is
    /// sent, and never the deliberation; and whoever the State shares it with.
    /// </summary>
    public IEnumerable<Exposure> Exposures()
    {
        // What is said to the State is said from when it has the letter: nothing lies there for it to find.
        var cted = SentAt is null ? DossierParts.Whole & ~DossierParts.TalkState : DossierParts.Whole;
        yield return new Exposure(Audience.Cted, (int)cted, UpdatedAt, ExposureRule.Stage);
        var answer = AnsweredAt is null ? DossierParts.None : DossierParts.Response;
        if (SubcommitteeAt is { } subcommittee)
        {
            yield return new Exposure(
                Subcommittee!.Value.Audience(),
                (int)(DossierParts.OfBody | answer),
                AnsweredAt ?? SentAt ?? subcommittee,
                ExposureRule.Circulated
            );
            yield return new Exposure(
                Audience.Committee,
                (int)(CommitteeAt is null ? DossierParts.Summary : DossierParts.OfBody | answer),
                AnsweredAt ?? SentAt ?? CommitteeAt ?? subcommittee,
                ExposureRule.Circulated
            );
        }
        if (SentAt is { } sent)
            yield return new Exposure(Audience.State(StateIso3), (int)DossierParts.OfState, AnsweredAt ?? sent, ExposureRule.Sent);
        foreach (var consent in consents.Where(c => c.Stands))
            yield return new Exposure(consent.Audience, (int)consent.Parts, consent.GivenAt, ExposureRule.Consent);
    }

    /// <inheritdoc/>
    public Act? Reading(int view) =>
        SubcommitteeAt is null ? null : new(Card.Act("read"), (int)DossierParts.Inner, Subject: ((DossierParts)view).ToString());

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts()
    {
        yield return new((int)DossierParts.Summary, Title);
        IEnumerable<string?> draft = [Says.CoverNote, Says.Letter, .. TextsOf(new(Says.Narrative, Says.Findings, Says.Recommendations))];
        foreach (var text in draft.Concat(Translations.SelectMany(t => t.Passages).Select(p => p.Text)))
            yield return new((int)DossierParts.Writing, text);
        foreach (var edition in editions.Where(e => e.Number == Circulated))
        foreach (
            var text in edition.Part == (int)DossierParts.Assessment ? TextsOf(edition.Read<AssessmentText>()) : [edition.Read<string>()]
        )
            yield return new(edition.Part, text);
        foreach (var (part, answer) in new[] { (DossierParts.Response, Answered), (DossierParts.ResponseDraft, Drafted) })
            if (answer is not null)
                foreach (var text in answer.Answers.SelectMany(a => new[] { a.Text, a.Evidence }).Prepend(answer.Text))
                    yield return new((int)part, text);
    }

    private static IEnumerable<string?> TextsOf(AssessmentText assessment) =>
        [
            assessment.Narrative,
            .. assessment.Findings.SelectMany(f => new[] { f.Text, f.Evidence, f.Safeguards }),
            .. assessment.Recommendations.Select(r => r.Text),
        ];

    private void Write(Actor actor, Content said, DateTime now)
    {
        Says = said;
        Language = said.Language;
        Title = $"{MemberStates.Find(StateIso3)!.Name[Language]} {Year}";
        WrittenBy(actor, now);
    }

    private void WrittenBy(Actor actor, DateTime now)
    {
        if (!Authors.Contains(actor.PersonId))
            Authors = [.. Authors, actor.PersonId];
        UpdatedAt = now;
    }

    private IEnumerable<DossierTranslation> Whole => Translated.Where(t => t.IsWholeOf(Says));

    private void Put(Body body, DossierStage stage, int days, DateTime now, Headquarters hq)
    {
        var round = circulations.Count(c => c.Body == body) + 1;
        var circulation = Committee.Circulation.Open(Id, body, round, Edition, days, now, hq);
        circulations.Add(circulation);
        Circulated = circulation.Edition;
        ClosesAt = circulation.ClosesAt;
        MoveTo(stage, "dossier.put_before", DossierParts.Deliberation, now, subject: body.Audience().Key, tells: [body.Audience()]);
    }

    private void Step(Actor actor, string act, DateTime now, Action<Circulation, StepBy> step, IReadOnlyList<Telling> tells)
    {
        var sits = actor.Membership?.Organisation;
        // Who does not see the circulation does not learn how it stands.
        Refusal.If(Circulation is null, "dossier.not_yours_to_step");
        Refusal.If(Circulation!.StatusAt(now) != CirculationStatus.Open, "circulation.over");
        Refusal.Unless(CanStep(actor, now), "dossier.not_yours_to_step");
        step(Circulation!, new StepBy(sits!.Number, actor.Membership!.Id, actor.Name, sits.SitsUntil(Circulation!.Body, now)));
        ClosesAt = Circulation.ClosesAt;
        UpdatedAt = now;
        Acts.Add(
            new Act(act, (int)DossierParts.Deliberation, Why: Circulation.Steps[^1].Reason, Subject: Audience.Org(sits.Number).Key)
            {
                Tells = tells,
            }
        );
    }

    private void Back(DateTime now)
    {
        (Stage, ClosesAt, UpdatedAt) = (DossierStage.Drafting, null, now);
    }

    // The body that has it, and CTED.
    private IReadOnlyList<Telling> Deliberating => Circulation is { } c ? [c.Body.Audience(), Audience.Cted] : [];

    private StateAnswer Kept(StateAnswer answer, bool isDraft)
    {
        var kept = StateAnswer.Fields.Kept(answer with { }, isDraft);
        var found = Sent().Findings.Select(f => f.Topic).ToHashSet();
        Refusal.Unless(kept.Answers.All(a => found.Contains(a.Topic)), "dossier.topic_unknown", nameof(StateAnswer.Answers));
        Refusal.If(!isDraft && found.Count > kept.Answers.Count, "dossier.finding_unanswered", nameof(StateAnswer.Answers));
        return kept;
    }

    /// <summary>The assessment as the State was sent it, in the authoritative language.</summary>
    /// <exception cref="NotFound">It was not sent, or is not the reader's.</exception>
    public AssessmentText Sent() => (SentIn(Language) ?? throw new NotFound()).Read<AssessmentText>();

    /// <summary>The assessment as the State was sent it, in a language, or in the authoritative one; null where it was not sent.</summary>
    public Edition? SentIn(Language language) =>
        editions.Find(e => e.IsSent) is { } sent ? In(language, sent.Number, DossierParts.Assessment) : null;

    /// <summary>A part of an edition in a language; in the authoritative one where it was not translated.</summary>
    public Edition? In(Language language, int? number, DossierParts part)
    {
        var all = editions.FindAll(e => e.Number == number && e.Part == (int)part);
        return all.Find(e => e.Language == language) ?? all.Find(e => e.Language == Language);
    }

    /// <summary>
    /// The editions that a reader of these parts has or had, the oldest first: CTED all that were frozen, a body what was put before one,
    /// the State what it was sent.
    /// </summary>
    public IReadOnlyList<int> EditionsOf(DossierParts parts)
    {
        var had =
            parts.Has(DossierParts.Writing) ? editions.Select(e => e.Number)
            : parts.Has(DossierParts.Deliberation) ? circulations.Select(c => c.Edition)
            : editions.Where(e => e.IsSent).Select(e => e.Number);
        return [.. had.Distinct().Order()];
    }

    /// <summary>The last of <see cref="EditionsOf"/>; null where there is none yet.</summary>
    public int? EditionOf(DossierParts parts) => EditionsOf(parts) is [.., var last] ? last : null;

    /// <summary>
    /// The edition that a reader of these parts had before: to CTED that before the last, and while it drafts the last; to a body what was
    /// put before one in an earlier round. The State had none.
    /// </summary>
    /// <param name="parts">The reader's parts.</param>
    /// <param name="edition">Before which one; null for what is being written.</param>
    public int? EditionBefore(DossierParts parts, int? edition) =>
        EditionsOf(parts).Where(n => edition is null || n < edition).Select(n => (int?)n).Max();

    private void MoveTo(
        DossierStage to,
        string act,
        DossierParts part,
        DateTime now,
        string? why = null,
        string? subject = null,
        IReadOnlyList<Telling>? tells = null
    )
    {
        Acts.Add(new Act(act, (int)part, Stage.ToString(), to.ToString(), why, subject) { Tells = tells ?? [] });
        (Stage, UpdatedAt) = (to, now);
    }

    // Who presides over the body that has it, or CTED for them.
    private bool RunsBody(Actor actor, DateTime now) =>
        CanSubmit(actor)
        || (
            Circulation is { } c
            && c.Body.IsPresidedBy(actor, now)
            && actor.Is(c.Body.Audience(), Section.Assessments, Level.Manage, StateIso3)
        );

    private bool OfCted(Actor actor, Level atLeast) => OfCted(actor, atLeast, StateIso3);

    private static bool OfCted(Actor actor, Level atLeast, string state) => actor.Is(Audience.Cted, Section.Assessments, atLeast, state);

    private bool OfState(Actor actor, Level atLeast) => actor.Is(Audience.State(StateIso3), Section.Assessments, atLeast, StateIso3);
}

/// <summary>What a colleague said of a dossier's quality.</summary>
/// <param name="Edition">Number of the edition.</param>
/// <param name="ReviewerId">Who.</param>
/// <param name="ReviewerName">Their name, as it was.</param>
/// <param name="At">UTC.</param>
/// <param name="Passed">Whether it goes on.</param>
/// <param name="Wanting">What is wanting.</param>
/// <param name="Note">What the reviewer wrote.</param>
public sealed record QualityReview(
    int Edition,
    Guid ReviewerId,
    string ReviewerName,
    DateTime At,
    bool Passed,
    IReadOnlyList<QualityItem> Wanting,
    string? Note
);

/// <summary>A State's answer to an assessment.</summary>
public sealed record StateAnswer : IContent<StateAnswer>
{
    /// <summary>Language of the answer.</summary>
    public Language Language { get; init; } = Languages.None;

    /// <summary>What is said of the whole.</summary>
    public string? Text { get; init; }

    /// <summary>Finding by finding.</summary>
    public IReadOnlyList<FindingAnswer> Answers { get; init; } = [];

    /// <inheritdoc/>
    public static Fields<StateAnswer> Fields { get; } =
        new Fields<StateAnswer>()
            .Choice(a => a.Language)
            .Prose(a => a.Text, 20_000)
            .Lines(a => a.Answers, 100)
            .Rule(a => a.Answers.CountBy(x => x.Topic).Any(t => t.Value > 1), "dossier.topic_twice", nameof(Answers));
}
