using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>What a State needs to implement resolution 1373 (2001) or 1624 (2005), filed by it and shown to whom it agrees.</summary>
public sealed class Need : IHasFiles
{
    private readonly List<Consent> consents = [];
    private readonly List<NeedTranslation> translations = [];
    private readonly List<ConsentRequest> requests = [];

    /// <summary>Its card.</summary>
    public static readonly Kind<Need> Card = new()
    {
        Name = nameof(Need),
        Plural = "Needs",
        Section = Section.Needs,
        Series = "NEED",
        Parts = PartSet.Of(NeedParts.Inner, [NeedParts.Summary, .. NeedPartsSets.Choosable]),
        Stages = Enum.GetNames<NeedStatus>(),
        ShownTo = [OrganisationKind.MemberState, OrganisationKind.Cted, OrganisationKind.Provider, OrganisationKind.Partner],
        Views = Views.Told,
        Files = Part.Of(NeedParts.Attachments),
        Talks = [Part.Of(NeedParts.Inner)],
        RuleReads = [nameof(Consents)],
        Title = n => new RecordTitle(n.Id, n.Title, n.Language, n.StateIso3),
    };

    private Need() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference { get; private set; } = "";

    /// <summary>ISO 3166-1 alpha-3 of the State whose need it is.</summary>
    public string StateIso3 { get; private set; } = "";
    string? IProtected.StateIso3 => StateIso3;

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>Title in <see cref="Language"/>.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Description in <see cref="Language"/>.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The original language: the authoritative text.</summary>
    public Language Language { get; private set; }

    /// <summary>Texts in other languages, none of them authoritative.</summary>
    public IReadOnlyList<NeedTranslation> Translations => translations.FindAll(t => t.Language != Language);

    /// <summary>
    /// The translation to show for a language: none that the original has left behind, as far as somebody is shown it. Who is not shown
    /// the description is not told that it was changed either.
    /// </summary>
    /// <param name="language">Which.</param>
    /// <param name="parts">What they are shown.</param>
    public NeedTranslation? TranslatedInto(Language language, NeedParts parts) =>
        Translations.FirstOrDefault(t => t.Language == language && !t.IsBehind(parts));

    /// <summary>Theme code; empty in a draft that does not say it yet.</summary>
    public string Theme { get; private set; } = "";

    /// <summary>Codes of paragraphs of resolutions 1373 and 1624.</summary>
    public List<string> Paragraphs { get; private set; } = [];

    /// <summary>Where it comes from.</summary>
    public NeedOrigin Origin { get; private set; }

    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; private set; } = [];

    /// <summary>DAC purpose codes.</summary>
    public List<string> Sectors { get; private set; } = [];

    /// <summary>Institution that would receive the help.</summary>
    public string? Beneficiary { get; private set; }

    /// <summary>How pressing.</summary>
    public Urgency Urgency { get; private set; }

    /// <summary>Estimated cost in whole units of <see cref="Currency"/>, or null when not estimated.</summary>
    public decimal? EstimatedCost { get; private set; }

    /// <summary>ISO 4217 of the cost.</summary>
    public string? Currency { get; private set; }

    /// <summary>First day help is wanted.</summary>
    public DateOnly? From { get; private set; }

    /// <summary>Last day help is wanted.</summary>
    public DateOnly? To { get; private set; }

    /// <summary>Stage.</summary>
    public NeedStatus Status { get; private set; }

    /// <summary>Last day for providers to answer; set at circulation.</summary>
    public DateOnly? ReplyBy { get; private set; }

    /// <summary>UTC of the first submission; until then nobody outside its State knows of it, not even that it was withdrawn.</summary>
    public DateTime? SubmittedAt { get; private set; }

    /// <summary>UTC of circulation.</summary>
    public DateTime? CirculatedAt { get; private set; }

    /// <summary>UTC; when CTED sent the State the consolidated reply last.</summary>
    public DateTime? RepliedAt { get; private set; }

    /// <summary>Day on which the State confirmed that help was delivered; a year later it is asked what came of it.</summary>
    public DateOnly? DeliveredOn { get; private set; }

    /// <summary>UTC; when the State said what came of it.</summary>
    public DateTime? ConcludedAt { get; private set; }

    /// <summary>Why it was met, partly met or not met, in the State's words.</summary>
    public string? OutcomeNote { get; private set; }

    /// <summary>CTED's note when it was returned last.</summary>
    public string? ReturnNote { get; private set; }

    /// <summary>UTC; when the State last said that it still stands.</summary>
    public DateTime LastConfirmedAt { get; private set; }

    /// <summary>Who drafted it.</summary>
    public Guid DraftedBy { get; private set; }

    /// <summary>
    /// The recommendation that it was made of; null where it began by itself. That it was made of one is told to those alone who see it
    /// whole: to whom it is shared it is a need like any other.
    /// </summary>
    public Guid? RecommendationId { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>Consents given, standing and revoked.</summary>
    public IReadOnlyList<Consent> Consents => consents;

    /// <summary>What CTED asked the State to share more widely, answered or not.</summary>
    public IReadOnlyList<ConsentRequest> Requests => requests;

    /// <summary>Whether the State allowed CTED to share this need more widely when the State, told of it, keeps silent.</summary>
    public bool AllowsTacitConsent { get; private set; }

    /// <summary>Sum of accepted amounts in <see cref="Currency"/>.</summary>
    public decimal AcceptedAmount { get; private set; }

    /// <summary>What a need says, as it is sent: all of it, each time.</summary>
    public sealed record Content : IContent<Content>
    {
        /// <summary>Title.</summary>
        public string Title { get; init; } = "";

        /// <summary>Description.</summary>
        public string Description { get; init; } = "";

        /// <summary>Language of both.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>Theme code.</summary>
        public string Theme { get; init; } = "";

        /// <summary>Paragraph codes.</summary>
        public IReadOnlyList<string> Paragraphs { get; init; } = [];

        /// <summary>Where it comes from; the State itself unless said otherwise.</summary>
        public NeedOrigin Origin { get; init; }

        /// <summary>Modality codes, at least one.</summary>
        public IReadOnlyList<string> Modalities { get; init; } = [];

        /// <summary>DAC purpose codes.</summary>
        public IReadOnlyList<string> Sectors { get; init; } = [];

        /// <summary>Beneficiary institution.</summary>
        public string? Beneficiary { get; init; }

        /// <summary>How pressing.</summary>
        public Urgency Urgency { get; init; } = (Urgency)(-1);

        /// <summary>Whole units of the currency, above zero.</summary>
        public decimal? EstimatedCost { get; init; }

        /// <summary>ISO 4217; needed with a cost.</summary>
        public string? Currency { get; init; }

        /// <summary>First day.</summary>
        public DateOnly? From { get; init; }

        /// <summary>Last day.</summary>
        public DateOnly? To { get; init; }

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Line(c => c.Title, 200, Needed.Always)
                .Prose(c => c.Description, 20_000, Needed.Whole)
                .Choice(c => c.Language)
                .Code(c => c.Theme, t => Themes.Find(t)?.Code, Needed.Whole)
                .Codes(c => c.Paragraphs, Portal.Domain.Reference.Paragraphs.IsKnown)
                .Choice(c => c.Origin)
                .Codes(c => c.Modalities, Portal.Domain.Reference.Modalities.IsKnown, Needed.Whole)
                .Codes(c => c.Sectors, DacSectors.IsKnown)
                .Line(c => c.Beneficiary, 300)
                .Choice(c => c.Urgency, Urgency.Medium)
                .Amount(c => c.EstimatedCost)
                .Currency(c => c.Currency, c => c.EstimatedCost)
                .Day(c => c.From)
                .Day(c => c.To)
                .Rule(c => c.To < c.From, "field.dates_reversed", nameof(To));
    }

    /// <summary>
    /// What no accepted proposal pays for: estimated cost less accepted proposals, never below zero; null when no cost is estimated or
    /// nothing is sought any more. What programmes bring, <see cref="Assistance.FundingGap"/> takes off.
    /// </summary>
    public decimal? NotAccepted => Status.IsEditable() && EstimatedCost is { } cost ? Math.Max(0, cost - AcceptedAmount) : null;

    /// <summary>Starts a draft for the State an actor acts for.</summary>
    /// <param name="reference">Its reference.</param>
    /// <param name="actor">Who drafts it.</param>
    /// <param name="content">What it says.</param>
    /// <param name="now">UTC.</param>
    /// <param name="of">The recommendation it is made of; null where it begins by itself.</param>
    /// <exception cref="Refusal">The actor acts for no State or may not draft, or a field is wrong.</exception>
    public static Need Draft(string reference, Actor actor, Content content, DateTime now, Recommendation? of = null)
    {
        Refusal.Unless(NeedRules.CanDraft(actor) && of?.CanMakeNeeds(actor) != false, "need.not_yours_to_draft");
        var need = new Need
        {
            Reference = reference,
            StateIso3 = actor.StateIso3!,
            DraftedBy = actor.PersonId,
            RecommendationId = of?.Id,
            CreatedAt = now,
            LastConfirmedAt = now,
        };
        need.Apply(content, isDraft: true, now);
        need.Acts.Add(new Act("need.drafted", (int)NeedParts.Inner, To: nameof(NeedStatus.Draft)));
        return need;
    }

    /// <summary>Replaces what it says. Until it is submitted, what is still missing may be missing.</summary>
    public void Edit(Actor actor, Content content, DateTime now)
    {
        Refusal.Unless(this.CanEdit(actor), "need.not_yours_to_edit");
        var before = Said();
        Apply(content, Status == NeedStatus.Draft, now);
        // Which parts were changed, not to what: the log is read by people who may not read the need.
        var changed = Said().Where((part, i) => part.Value != before[i].Value).Aggregate(NeedParts.None, (all, part) => all | part.Part);
        Acts.Add(new Act("need.edited", (int)NeedParts.Inner, Logged: changed.ToString()) { Tells = NewsOf(changed) });
    }

    // Whoever acts on what it said is told that it says something else, each of the parts that they are shown.
    private IReadOnlyList<Telling> NewsOf(NeedParts changed)
    {
        if (changed == NeedParts.None || Status is NeedStatus.Draft or NeedStatus.Returned)
            return [];
        var shown = Status.IsShared()
            ? consents.Where(c => c.Stands && c.Audience != Audience.Public && (c.Parts & changed) != 0).Select(c => c.Audience)
            : [];
        return [.. shown.Prepend(Audience.Cted).Select(a => new Telling(a, "need.changed"))];
    }

    /// <summary>Puts a text in another language beside the original.</summary>
    /// <param name="actor">Who translates.</param>
    /// <param name="language">Into which language.</param>
    /// <param name="title">The title in it.</param>
    /// <param name="description">The description in it.</param>
    /// <param name="now">When (UTC).</param>
    /// <param name="of">The text it is made of, where that is not what the need says now: then it is behind as soon as it is there.</param>
    public void Translate(
        Actor actor,
        Language language,
        string title,
        string description,
        DateTime now,
        (string Title, string Description)? of = null
    )
    {
        Refusal.Unless(this.CanTranslate(actor), "need.not_yours_to_edit");
        Refusal.If(language == Language, "need.translation_is_original", "Language");
        var (t, d) = ("", "");
        Refusal.IfAny(
            () => t = Text.RequiredLine(title, Content.Fields[nameof(Title)].Most!.Value, nameof(Title)),
            () => d = Text.Required(description, Content.Fields[nameof(Description)].Most!.Value, nameof(Description))
        );
        var existing = translations.Find(x => x.Language == language);
        if (existing is null)
            translations.Add(existing = new NeedTranslation(Id, language, t, d));
        (existing.Title, existing.Description) = (t, d);
        existing.IsTitleBehind = of is { } text && text.Title != Title;
        existing.IsDescriptionBehind = of is { } whole && whole.Description != Description;
        UpdatedAt = now;
        Acts.Add(new Act("need.translated", (int)NeedParts.Inner, Subject: language.Tag()));
    }

    /// <summary>What it must still say before it can be submitted.</summary>
    public IReadOnlyList<Refusal> Missing() => Content.Fields.Problems(Present);

    /// <summary>What it says now.</summary>
    public Content Present =>
        new()
        {
            Title = Title,
            Description = Description,
            Language = Language,
            Theme = Theme,
            Paragraphs = Paragraphs,
            Origin = Origin,
            Modalities = Modalities,
            Sectors = Sectors,
            Beneficiary = Beneficiary,
            Urgency = Urgency,
            EstimatedCost = EstimatedCost,
            Currency = Currency,
            From = From,
            To = To,
        };

    /// <summary>Submits to CTED.</summary>
    /// <exception cref="Refusal">Not the focal point, or something is still missing.</exception>
    public void Submit(Actor actor, DateTime now)
    {
        Refusal.Unless(this.CanSubmit(actor), "need.not_yours_to_submit");
        Refusal.IfAny(Missing());
        LastConfirmedAt = now;
        SubmittedAt ??= now;
        Move(NeedStatus.Submitted, "need.submitted", now, tells: [Audience.Cted]);
    }

    /// <summary>CTED sends it back with a note.</summary>
    public void Return(Actor actor, string note, DateTime now)
    {
        Refusal.Unless(this.CanAuthenticate(actor), "need.not_yours_to_return");
        ReturnNote = Text.Required(note, 4000, "Note");
        Move(NeedStatus.Returned, "need.returned", now, ReturnNote, tells: [Own]);
    }

    /// <summary>CTED finds it in order.</summary>
    public void Authenticate(Actor actor, DateTime now)
    {
        Refusal.Unless(this.CanAuthenticate(actor), "need.not_yours_to_authenticate");
        ReturnNote = null;
        Move(NeedStatus.Authenticated, "need.authenticated", now, tells: [Own]);
    }

    /// <summary>CTED shows it to the audiences the State consented to.</summary>
    /// <exception cref="Refusal">The reply-by date has passed, or the State consented to nobody yet.</exception>
    public void Circulate(Actor actor, DateOnly replyBy, DateTime now)
    {
        Refusal.Unless(this.CanCirculate(actor), "need.not_yours_to_circulate");
        Refusal.Unless(consents.Exists(c => c.Stands), "need.no_consent");
        Refusal.If(replyBy <= Days.NotOver(now), "need.reply_by_passed", nameof(ReplyBy));
        Refusal.If(replyBy > DateOnly.FromDateTime(now).AddYears(2), "field.date_out_of_range", nameof(ReplyBy));
        (ReplyBy, CirculatedAt) = (replyBy, now);
        Move(
            NeedStatus.Circulated,
            "need.circulated",
            now,
            part: NeedParts.Summary,
            tells: [Own, .. Recipients.Select(a => new Telling(a, SharedWithYou))]
        );
    }

    /// <summary>The State says that help has begun. Proposals that it has not answered are closed.</summary>
    /// <param name="actor">A focal point of the State.</param>
    /// <param name="proposals">Those made to the need.</param>
    /// <param name="now">UTC.</param>
    public void BeginDelivery(Actor actor, IReadOnlyCollection<Proposal> proposals, DateTime now)
    {
        Refusal.Unless(this.SpeaksForState(actor), "need.not_yours_to_follow");
        Refusal.Unless(Status == NeedStatus.Matched, "need.no_help_to_begin");
        LastConfirmedAt = now;
        Move(NeedStatus.InDelivery, "need.delivery_begun", now, part: NeedParts.Summary, tells: [Audience.Cted]);
        TellHelpers(proposals, "need.delivery_begun");
        foreach (var proposal in proposals)
            proposal.Close(this, now);
    }

    /// <summary>The State confirms that help was delivered.</summary>
    /// <param name="actor">A focal point of the State.</param>
    /// <param name="day">On which day.</param>
    /// <param name="proposals">Those made to the need.</param>
    /// <param name="now">UTC.</param>
    public void ConfirmDelivery(Actor actor, DateOnly day, IReadOnlyCollection<Proposal> proposals, DateTime now)
    {
        Refusal.Unless(this.SpeaksForState(actor), "need.not_yours_to_follow");
        Refusal.Unless(Status == NeedStatus.InDelivery, "need.help_not_under_way");
        Refusal.If(day > Days.Begun(now) || day < Days.NotOver(CirculatedAt!.Value), "need.delivered_out_of_range", nameof(DeliveredOn));
        (DeliveredOn, UpdatedAt) = (day, now);
        Acts.Add(new Act("need.delivered", (int)NeedParts.Summary, To: $"{day:yyyy-MM-dd}") { Tells = [Audience.Cted] });
        TellHelpers(proposals, "need.delivered");
    }

    // On their own proposal, which they see whatever becomes of the need.
    private static void TellHelpers(IEnumerable<Proposal> proposals, string act)
    {
        foreach (var proposal in proposals.Where(p => p.Status == ProposalStatus.Accepted))
            proposal.Acts.Tell(proposal.Provider, act);
    }

    /// <summary>
    /// The State says whether the need was met. It feeds the track record of those whose proposals it accepted, and its own picture.
    /// </summary>
    /// <param name="actor">A focal point of the State.</param>
    /// <param name="outcome">Met, partly met or unmet.</param>
    /// <param name="why">Why; asked for unless it was met.</param>
    /// <param name="proposals">Those made to the need.</param>
    /// <param name="now">UTC.</param>
    public void Conclude(Actor actor, NeedStatus outcome, string? why, IReadOnlyCollection<Proposal> proposals, DateTime now)
    {
        Refusal.Unless(this.CanConclude(actor), "need.not_yours_to_conclude");
        Refusal.IfAny(
            () => Refusal.Unless(outcome.IsConcluded(), "field.unknown_code", "Outcome"),
            () =>
                OutcomeNote =
                    outcome == NeedStatus.Met
                        ? Text.Optional(why, 4000, nameof(OutcomeNote))
                        : Text.Required(why, 4000, nameof(OutcomeNote))
        );
        (ConcludedAt, LastConfirmedAt) = (now, now);
        Move(outcome, "need.concluded", now, part: NeedParts.Summary, tells: [Audience.Cted]);
        foreach (var proposal in proposals.Where(p => p.Status == ProposalStatus.Accepted))
            proposal.Concluded(this, now);
    }

    /// <summary>CTED gives recipients longer to reply.</summary>
    /// <exception cref="Refusal">Not CTED's to do, or not a later day.</exception>
    public void ExtendReplyBy(Actor actor, DateOnly day, DateTime now)
    {
        Refusal.Unless(this.CanReply(actor), "need.not_yours_to_circulate");
        Refusal.If(day <= Days.NotOver(now), "need.reply_by_passed", nameof(ReplyBy));
        Refusal.If(day <= ReplyBy, "need.reply_by_not_later", nameof(ReplyBy));
        Refusal.If(day > DateOnly.FromDateTime(now).AddYears(2), "field.date_out_of_range", nameof(ReplyBy));
        Acts.Add(
            new Act("need.reply_by_extended", (int)NeedParts.Summary, $"{ReplyBy:yyyy-MM-dd}", $"{day:yyyy-MM-dd}")
            {
                Tells = [Own, .. Recipients],
            }
        );
        (ReplyBy, UpdatedAt) = (day, now);
    }

    /// <summary>CTED sends the State one reply with all answers.</summary>
    public void SendReply(Actor actor, string? note, DateTime now)
    {
        Refusal.Unless(this.CanReply(actor), "need.not_yours_to_circulate");
        (RepliedAt, UpdatedAt) = (now, now);
        Acts.Add(new Act("need.reply_sent", (int)NeedParts.Inner, Why: Text.Optional(note, 4000, "Note")) { Tells = [Own] });
    }

    /// <summary>
    /// Takes it back; everyone but the State and CTED loses it at once. Proposals that the State has not answered are closed, and help that
    /// it accepted ends there.
    /// </summary>
    /// <param name="actor">A focal point of the State.</param>
    /// <param name="why">Why.</param>
    /// <param name="now">UTC.</param>
    /// <param name="proposals">Those made to the need.</param>
    public void Withdraw(Actor actor, string why, DateTime now, IReadOnlyCollection<Proposal> proposals)
    {
        Refusal.Unless(this.CanWithdraw(actor), "need.not_yours_to_withdraw");
        // Who never saw it is not told of it: a draft that is taken back is its State's own affair.
        Move(
            NeedStatus.Withdrawn,
            "need.withdrawn",
            now,
            Text.Required(why, 4000, "Why"),
            tells: SubmittedAt is null ? [] : [Audience.Cted]
        );
        foreach (var proposal in proposals)
        {
            proposal.Close(this, now);
            // Whoever was to help, or helps already, is told on their own proposal: they see the need no more.
            if (proposal.Status == ProposalStatus.Accepted)
                proposal.Concluded(this, now);
        }
    }

    /// <summary>Says that it still stands.</summary>
    public void Confirm(Actor actor, DateTime now)
    {
        Refusal.Unless(this.CanConfirm(actor), "need.not_yours_to_confirm");
        (LastConfirmedAt, UpdatedAt) = (now, now);
        Acts.Add(new Act("need.confirmed", (int)NeedParts.Inner));
    }

    /// <summary>Gives consent to an audience, or changes the parts it gets.</summary>
    /// <exception cref="Refusal">Not the focal point, not an audience one can consent to, or a part that is never shared.</exception>
    public void GiveConsent(Actor actor, Audience audience, NeedParts parts, DateTime now) =>
        Give(actor, audience, parts, now, (parts & ~Standing().FirstOrDefault(g => g.Audience == audience).Parts) != NeedParts.None);

    private void Give(Actor actor, Audience audience, NeedParts parts, DateTime now, bool gains)
    {
        Refusal.Unless(this.CanConsent(actor), "need.not_yours_to_consent");
        Refusal.Unless(NeedRules.IsConsentable(audience), "need.audience_unknown");
        Refusal.Unless((parts & ~NeedPartsSets.Shareable) == 0, "need.part_never_shared");
        Refusal.Unless((parts & ~ConsentRules.MayEverSee(audience)) == 0, "need.part_never_public");
        parts |= NeedParts.Summary;
        var standing = consents.Find(c => c.Stands && c.Audience == audience);
        Refusal.If(standing?.Parts == parts, "need.consent_unchanged");
        var before = standing?.Parts.ToString();
        if (standing is null)
            consents.Add(new Consent(Id, audience, parts, actor.PersonId, now));
        else
            standing.Change(parts);
        UpdatedAt = now;
        Acts.Add(
            new Act(
                standing is null ? "need.consent_given" : "need.consent_changed",
                (int)NeedParts.Inner,
                before,
                parts.ToString(),
                Subject: audience.Key
            )
            {
                Tells = gains ? NewsTo(audience) : [],
            }
        );
        foreach (var request in requests.Where(r => r.IsOpen && r.Audience == audience))
            request.Decide(ConsentRequestStatus.Given, now);
    }

    // The public has no bell, and what is not shared yet is no news: circulating it will be.
    private IReadOnlyList<Telling> NewsTo(Audience audience) =>
        Status.IsShared() && audience != Audience.Public ? [new(audience, SharedWithYou)] : [];

    private const string SharedWithYou = "need.shared_with_you";

    private Audience Own => Audience.State(StateIso3);

    private IEnumerable<Audience> Recipients => consents.Where(c => c.Stands && c.Audience != Audience.Public).Select(c => c.Audience);

    /// <summary>What each audience is given by the consents that stand.</summary>
    public IReadOnlyList<Given> Standing() => [.. consents.Where(c => c.Stands).Select(c => new Given(c.Audience, c.Parts))];

    /// <summary>
    /// Brings the consents to what is wanted, with one act for each audience that gains or loses something. What is decided is decided on
    /// the consents that
    /// whoever decides has seen: where others stand meanwhile, nothing is changed.
    /// </summary>
    /// <param name="actor">A focal point of the State.</param>
    /// <param name="begunWith">The consents that stood when the choice was begun.</param>
    /// <param name="wanted">The consents that are to stand; an audience that is not among them loses its own.</param>
    /// <param name="kindOf">
    /// Kind of an organisation by its number: who gains nothing, having seen it all as one of its kind, is not told.
    /// </param>
    /// <param name="now">UTC.</param>
    /// <returns>What changed for whom.</returns>
    /// <exception cref="Refusal">
    /// Not the focal point, other consents stand by now, nothing would change, or an audience or part that is never shared.
    /// </exception>
    public IReadOnlyList<ConsentMove> SetConsents(
        Actor actor,
        IReadOnlyCollection<Given> begunWith,
        IReadOnlyCollection<Given> wanted,
        Func<int, OrganisationKind?> kindOf,
        DateTime now
    )
    {
        Refusal.Unless(this.CanConsent(actor), "need.not_yours_to_consent");
        var standing = Standing();
        Refusal.Unless(ConsentRules.Same(standing, begunWith), "need.consents_changed");
        var whole = wanted.Where(w => w.Parts != NeedParts.None).Select(w => w with { Parts = w.Parts | NeedParts.Summary }).ToList();
        Refusal.If(ConsentRules.Same(standing, whole), "need.consents_as_before");
        var moves = ConsentRules.Moves(standing, whole, kindOf);
        foreach (var gone in standing.Where(s => whole.TrueForAll(w => w.Audience != s.Audience)))
            RevokeConsent(actor, gone.Audience, null, now);
        foreach (var given in whole.Except(standing))
            Give(actor, given.Audience, given.Parts, now, moves.Any(m => m.Audience == given.Audience && m.Gains != NeedParts.None));
        return moves;
    }

    /// <summary>
    /// The State says whether its silence may consent to wider circulation of this need. Saying no ends the procedures that run.
    /// </summary>
    public void AllowTacitConsent(Actor actor, bool allows, DateTime now)
    {
        Refusal.Unless(this.CanConsent(actor), "need.not_yours_to_consent");
        Refusal.Unless(!allows || Status.IsMatched(), "need.wrong_stage");
        Refusal.If(AllowsTacitConsent == allows, "need.consent_unchanged");
        (AllowsTacitConsent, UpdatedAt) = (allows, now);
        Acts.Add(new Act(allows ? "need.tacit_allowed" : "need.tacit_ended", (int)NeedParts.Inner) { Tells = [Audience.Cted] });
        if (!allows)
            foreach (var request in requests.Where(r => r.IsOpen && r.SilentAfter is not null))
                Decided(request, ConsentRequestStatus.Refused, "need.request_refused", null, now);
    }

    /// <summary>CTED asks the State to share the need with an audience. The audience learns nothing of it.</summary>
    /// <param name="actor">A CTED assistance officer.</param>
    /// <param name="audience">Whom to share with.</param>
    /// <param name="parts">What to share.</param>
    /// <param name="silentAfter">
    /// Last day to object, where the State allowed that its silence consents; null where it has to answer.
    /// </param>
    /// <param name="now">UTC.</param>
    public void AskConsent(Actor actor, Audience audience, NeedParts parts, DateOnly? silentAfter, DateTime now)
    {
        Refusal.Unless(this.CanAskConsent(actor), "need.not_yours_to_ask");
        Refusal.Unless(NeedRules.IsConsentable(audience), "need.audience_unknown");
        Refusal.Unless((parts & ~NeedPartsSets.Shareable) == 0, "need.part_never_shared");
        // What the State could not agree to is not asked for.
        Refusal.Unless((parts & ~ConsentRules.MayEverSee(audience)) == 0, "need.part_never_public");
        Refusal.If(silentAfter is not null && (parts & ~ConsentRules.BySilence) != 0, "need.part_not_by_silence");
        Refusal.If(consents.Exists(c => c.Stands && c.Audience == audience && c.Parts.Has(parts)), "need.consent_unchanged");
        Refusal.If(requests.Exists(r => r.IsOpen && r.Audience == audience), "need.request_open");
        // The public is not a wider circulation; a State says yes to it in so many words.
        Refusal.If(silentAfter is not null && (!AllowsTacitConsent || audience == Audience.Public), "need.tacit_not_allowed");
        Refusal.If(silentAfter <= DateOnly.FromDateTime(now), "need.reply_by_passed", nameof(ConsentRequest.SilentAfter));
        requests.Add(new ConsentRequest(Id, audience, parts | NeedParts.Summary, silentAfter, actor.PersonId, now));
        UpdatedAt = now;
        Acts.Add(
            new Act(
                silentAfter is null ? "need.consent_asked" : "need.tacit_begun",
                (int)NeedParts.Inner,
                To: parts.ToString(),
                Subject: audience.Key
            )
            {
                Tells = [Own],
            }
        );
    }

    /// <summary>
    /// CTED brings it before an organisation: one that it is shown to is told of it, for another the State is asked to share it.
    /// </summary>
    /// <param name="actor">A CTED assistance officer.</param>
    /// <param name="number">Number of the organisation.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="parts">What the State is asked to share.</param>
    /// <param name="now">UTC.</param>
    /// <returns>Whether the State was asked; null where neither was: what is not shared yet is told when it is circulated.</returns>
    public bool? BringBefore(Actor actor, int number, OrganisationKind kind, NeedParts parts, DateTime now)
    {
        Refusal.Unless(this.CanAskConsent(actor), "need.not_yours_to_ask");
        var organisation = Audience.Org(number);
        if (ConsentRules.Seen(Standing(), organisation, kind) == NeedParts.None)
        {
            AskConsent(actor, organisation, parts, null, now);
            return true;
        }
        if (!Status.IsShared())
            return null;
        Acts.Note(new Act("match.suggested", (int)NeedParts.Inner, Subject: organisation.Key) { Tells = [organisation] });
        return false;
    }

    /// <summary>The State agrees to what CTED asked for: the audience gets those parts beside what it has.</summary>
    public void AgreeToRequest(Actor actor, Guid requestId, DateTime now)
    {
        Refusal.Unless(this.CanConsent(actor), "need.not_yours_to_consent");
        var request = OpenRequest(requestId);
        var has = Standing().FirstOrDefault(g => g.Audience == request.Audience).Parts;
        GiveConsent(actor, request.Audience, has | request.Parts, now);
    }

    /// <summary>The State refuses what CTED asked for, or objects in time.</summary>
    public void RefuseRequest(Actor actor, Guid requestId, string? why, DateTime now)
    {
        Refusal.Unless(this.CanConsent(actor), "need.not_yours_to_consent");
        Decided(
            OpenRequest(requestId),
            ConsentRequestStatus.Refused,
            "need.request_refused",
            Text.Optional(why, 4000, "Why"),
            now,
            Audience.Cted
        );
    }

    /// <summary>CTED takes back what it asked for.</summary>
    public void DropRequest(Actor actor, Guid requestId, DateTime now)
    {
        Refusal.Unless(this.CanAskConsent(actor), "need.not_yours_to_ask");
        Decided(OpenRequest(requestId), ConsentRequestStatus.Dropped, "need.request_dropped", null, now, Own);
    }

    /// <summary>
    /// The days to object have passed in silence: consent, as the State allowed. Found by query and safe to ask for twice.
    /// </summary>
    public void PassSilently(DateTime now)
    {
        foreach (var request in requests.Where(r => r.IsOpen && r.SilentAfter < Days.NotOver(now)).ToList())
        {
            if (!AllowsTacitConsent || !Status.IsShared())
            {
                Decided(request, ConsentRequestStatus.Dropped, "need.request_dropped", null, now);
                continue;
            }
            var standing = consents.Find(c => c.Stands && c.Audience == request.Audience);
            if (standing is null)
                consents.Add(new Consent(Id, request.Audience, request.Parts, request.AskedBy, now));
            else
                standing.Change(standing.Parts | request.Parts);
            Decided(
                request,
                ConsentRequestStatus.Silent,
                "need.tacit_consented",
                null,
                now,
                [Own, Audience.Cted, .. NewsTo(request.Audience)]
            );
        }
    }

    private ConsentRequest OpenRequest(Guid id)
    {
        var request = requests.Find(r => r.Id == id);
        Refusal.If(request is not { IsOpen: true }, "need.request_closed");
        return request!;
    }

    private void Decided(
        ConsentRequest request,
        ConsentRequestStatus status,
        string act,
        string? why,
        DateTime now,
        params IReadOnlyList<Telling> tells
    )
    {
        request.Decide(status, now);
        UpdatedAt = now;
        Acts.Add(
            new Act(act, (int)NeedParts.Inner, request.Status.ToString(), request.Parts.ToString(), why, request.AudienceKey)
            {
                Tells = tells,
            }
        );
    }

    /// <summary>Revokes consent; the audience loses the need at once.</summary>
    public void RevokeConsent(Actor actor, Audience audience, string? why, DateTime now)
    {
        Refusal.Unless(this.CanConsent(actor), "need.not_yours_to_consent");
        var standing = consents.Find(c => c.Stands && c.Audience == audience);
        Refusal.If(standing is null, "need.consent_not_given");
        standing!.Revoke(actor.PersonId, now);
        UpdatedAt = now;
        Acts.Add(
            new Act(
                "need.consent_revoked",
                (int)NeedParts.Inner,
                standing.Parts.ToString(),
                NeedParts.None.ToString(),
                Text.Optional(why, 4000, "Why"),
                audience.Key
            )
        );
    }

    /// <inheritdoc/>
    public Attachment AddFile(Actor actor, string fileName, ReadOnlyMemory<byte> content, DateTime now)
    {
        Refusal.Unless(this.CanEdit(actor), "need.not_yours_to_edit");
        var file = Attachment.Of(this, fileName, content, now);
        FileChanged("need.file_added", file, now);
        return file;
    }

    /// <inheritdoc/>
    public void RemoveFile(Actor actor, Attachment? file, DateTime now)
    {
        Refusal.Unless(this.CanEdit(actor), "need.not_yours_to_edit");
        FileChanged("need.file_removed", file ?? throw new NotFound(), now);
    }

    private void FileChanged(string code, Attachment file, DateTime now)
    {
        UpdatedAt = now;
        Acts.Add(new Act(code, (int)NeedParts.Inner, Subject: file.FileName, Logged: file.Id.ToString()));
    }

    /// <summary>Takes an accepted proposal into account: the first makes it a match.</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="rates">Rates by which an amount in another currency counts; without one it does not count.</param>
    /// <param name="now">UTC; the day of the rate.</param>
    internal void Accepted(Proposal proposal, Rates rates, DateTime now)
    {
        Refusal.Unless(Status.IsOpen(), "need.not_circulated");
        if (proposal is { AcceptedAmount: { } amount, Currency: { } currency } && Currency is not null)
            AcceptedAmount += rates.Convert(amount, currency, Currency, DateOnly.FromDateTime(now)) ?? 0;
        if (Status == NeedStatus.Circulated)
            Move(NeedStatus.Matched, "need.matched", now, part: NeedParts.Summary);
        else
        {
            UpdatedAt = now;
            Acts.Add(new Act("need.part_accepted", (int)NeedParts.Inner, Subject: proposal.Reference));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Exposure> Exposures() => NeedRules.Exposures(this);

    // Until it is submitted it lies on its State's own desk and nobody else can open it; only what is done to it is logged.
    /// <inheritdoc/>
    public Act? Reading(int view) =>
        SubmittedAt is null ? null : new(Card.Act("read"), (int)NeedParts.Inner, Subject: ((NeedParts)view).ToString());

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts()
    {
        yield return new((int)NeedParts.Summary, Title);
        yield return new((int)NeedParts.Description, Description);
        yield return new((int)NeedParts.Beneficiary, Beneficiary);
        foreach (var t in Translations)
        {
            if (!t.IsTitleBehind)
                yield return new((int)NeedParts.Summary, t.Title);
            if (!t.IsDescriptionBehind)
                yield return new((int)NeedParts.Description, t.Description);
        }
    }

    private void Apply(Content content, bool isDraft, DateTime now)
    {
        var c = Content.Fields.Kept(content with { }, isDraft);
        Refusal.If(AcceptedAmount > 0 && c.Currency != Currency, "need.currency_fixed_by_acceptance", nameof(Currency));
        foreach (var translation in translations)
        {
            translation.IsTitleBehind |= c.Title != Title;
            translation.IsDescriptionBehind |= c.Description != Description;
        }
        // A translation into the language that the original is said to be in is kept aside: that may have been a slip.
        (Title, Description, Language, Theme, Beneficiary) = (c.Title, c.Description, c.Language, c.Theme, c.Beneficiary);
        (Paragraphs, Modalities, Sectors) = ([.. c.Paragraphs], [.. c.Modalities], [.. c.Sectors]);
        (Origin, Urgency) = (c.Origin, c.Urgency);
        (EstimatedCost, Currency, From, To) = (c.EstimatedCost, c.Currency, c.From, c.To);
        UpdatedAt = now;
    }

    // What it says, field by field, each with the part it belongs to.
    private (NeedParts Part, string? Value)[] Said() =>
        [
            (NeedParts.Summary, string.Join('\n', Title, Language, Theme)),
            (NeedParts.Description, Description),
            (NeedParts.Background, string.Join(' ', [.. Paragraphs.Order(StringComparer.Ordinal), Origin.ToString()])),
            (
                NeedParts.Modality,
                string.Join(' ', [.. Modalities.Order(StringComparer.Ordinal), "/", .. Sectors.Order(StringComparer.Ordinal)])
            ),
            (NeedParts.Beneficiary, Beneficiary),
            (NeedParts.Cost, $"{EstimatedCost:0.##} {Currency}"),
            (NeedParts.Timeframe, $"{Urgency} {From:O} {To:O}"),
        ];

    private void Move(
        NeedStatus to,
        string act,
        DateTime now,
        string? why = null,
        NeedParts part = NeedParts.Inner,
        params IReadOnlyList<Telling> tells
    )
    {
        Refusal.Unless(Status.CanMove(to), "need.wrong_stage");
        Acts.Add(new Act(act, (int)part, Status.ToString(), to.ToString(), why) { Tells = tells });
        Status = to;
        UpdatedAt = now;
    }
}
