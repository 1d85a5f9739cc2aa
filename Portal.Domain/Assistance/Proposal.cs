using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>The stages of a proposal. The State chooses.</summary>
public enum ProposalStatus
{
    /// <summary>Being written by the provider's contributors.</summary>
    Draft,

    /// <summary>Made to the State.</summary>
    Proposed,

    /// <summary>Kept by the State for comparison.</summary>
    Shortlisted,

    /// <summary>Accepted by the State, whole or in part.</summary>
    Accepted,

    /// <summary>Declined by the State.</summary>
    Declined,

    /// <summary>Taken back by the provider.</summary>
    Withdrawn,
}

/// <summary>Which stage may follow which.</summary>
public static class ProposalStages
{
    /// <summary>The stages at which a proposal waits for the State's answer, for what asks the database.</summary>
    public static readonly IReadOnlyList<ProposalStatus> Waiting = [ProposalStatus.Proposed, ProposalStatus.Shortlisted];

    /// <summary>Whether it waits for the State's answer.</summary>
    public static bool Waits(this ProposalStatus status) => Waiting.Contains(status);

    /// <summary>Whether a proposal may move from one stage to another.</summary>
    public static bool CanMove(this ProposalStatus from, ProposalStatus to) =>
        from switch
        {
            ProposalStatus.Draft => to is ProposalStatus.Proposed or ProposalStatus.Withdrawn,
            ProposalStatus.Proposed => to
                is ProposalStatus.Shortlisted
                    or ProposalStatus.Accepted
                    or ProposalStatus.Declined
                    or ProposalStatus.Withdrawn,
            ProposalStatus.Shortlisted => to is ProposalStatus.Accepted or ProposalStatus.Declined or ProposalStatus.Withdrawn,
            ProposalStatus.Accepted or ProposalStatus.Declined or ProposalStatus.Withdrawn => false,
        };
}

/// <summary>The parts of a proposal.</summary>
[Flags]
public enum ProposalParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>All that is proposed.</summary>
    Content = 1,

    /// <summary>What only the provider sees: activity while drafting.</summary>
    Own = 2,

    /// <summary>Everything.</summary>
    Whole = Content | Own,
}

/// <summary>A provider's answer to one need.</summary>
public sealed class Proposal : IProtected
{
    /// <summary>Its card.</summary>
    public static readonly Kind<Proposal> Card = new()
    {
        Name = nameof(Proposal),
        Plural = "Proposals",
        Section = Section.Proposals,
        Series = "PROP",
        Parts = PartSet.Of(ProposalParts.Own, ProposalParts.Content),
        Stages = Enum.GetNames<ProposalStatus>(),
        ShownTo = [OrganisationKind.MemberState, OrganisationKind.Cted, OrganisationKind.Provider],
        Views = Views.Told,
        Files = null,
        Talks = [Part.Of(ProposalParts.Content)],
        // One that was made is before its provider, its State and CTED by rule: that each of them is told so gives nothing away.
        TellsReaders = true,
        Title = p => new RecordTitle(p.Id, p.Says.Title, p.Says.Language, p.StateIso3),
    };

    private Proposal() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference { get; private set; } = "";

    /// <summary>ISO 3166-1 alpha-3 of the State whose need it answers.</summary>
    public string StateIso3 { get; private set; } = "";
    string? IProtected.StateIso3 => StateIso3;

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>The need it answers.</summary>
    public Guid NeedId { get; private set; }

    /// <summary>Its reference, kept so that the proposal stays readable when the need no longer is.</summary>
    public string NeedReference { get; private set; } = "";

    /// <summary>The provider.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>That organisation, when loaded.</summary>
    public Organisation Organisation { get; private set; } = null!;

    /// <summary>Its number.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>What it proposes.</summary>
    public Content Says { get; private set; } = new();

    /// <inheritdoc cref="Content.Title"/>
    public string Title => Says.Title;

    /// <inheritdoc cref="Content.Language"/>
    public Language Language => Says.Language;

    /// <inheritdoc cref="Content.Modalities"/>
    public IReadOnlyList<string> Modalities => Says.Modalities;

    /// <inheritdoc cref="Content.Amount"/>
    public decimal? Amount => Says.Amount;

    /// <inheritdoc cref="Content.Currency"/>
    public string? Currency => Says.Currency;

    /// <inheritdoc cref="Content.From"/>
    public DateOnly? From => Says.From;

    /// <inheritdoc cref="Content.To"/>
    public DateOnly? To => Says.To;

    /// <summary>Stage.</summary>
    public ProposalStatus Status { get; private set; }

    /// <summary>The part of <see cref="Amount"/> that the State accepted.</summary>
    public decimal? AcceptedAmount { get; private set; }

    /// <summary>What came of it in the State's words: the need met, partly met or unmet; null until it says.</summary>
    public NeedStatus? Outcome { get; private set; }

    /// <summary>Why the State declined, as it chose to say.</summary>
    public string? Answer { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>What is proposed, as it is sent: all of it, each time.</summary>
    public record Content : IContent<Content>
    {
        /// <summary>Title.</summary>
        public string Title { get; init; } = "";

        /// <summary>What is proposed.</summary>
        public string Description { get; init; } = "";

        /// <summary>Language of the texts.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>Modality codes.</summary>
        public IReadOnlyList<string> Modalities { get; init; } = [];

        /// <summary>Whole units of the currency; null for help without a price.</summary>
        public decimal? Amount { get; init; }

        /// <summary>ISO 4217; needed with an amount.</summary>
        public string? Currency { get; init; }

        /// <summary>First day.</summary>
        public DateOnly? From { get; init; }

        /// <summary>Last day.</summary>
        public DateOnly? To { get; init; }

        /// <summary>Conditions set.</summary>
        public string? Conditions { get; init; }

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Line(c => c.Title, 200, Needed.Always)
                .Prose(c => c.Description, 20_000, Needed.Whole)
                .Choice(c => c.Language)
                .Codes(c => c.Modalities, Portal.Domain.Reference.Modalities.IsKnown, Needed.Whole)
                .Amount(c => c.Amount)
                .Currency(c => c.Currency, c => c.Amount)
                .Day(c => c.From)
                .Day(c => c.To)
                .Rule(c => c.To < c.From, "field.dates_reversed", nameof(To))
                .Prose(c => c.Conditions, 4000);
    }

    /// <summary>Starts a draft that answers a need.</summary>
    /// <exception cref="Refusal">
    /// The actor is no provider that sees the need, the reply-by date has passed, or a field is wrong.
    /// </exception>
    public static Proposal Draft(string reference, Actor actor, Need need, Content content, DateTime now)
    {
        if (need.IsRecipient(actor))
            need.DemandOpenForReplies(now);
        Refusal.Unless(need.CanPropose(actor, now), "proposal.not_yours_to_propose");
        var own = actor.Membership!.Organisation;
        var proposal = new Proposal
        {
            Reference = reference,
            NeedId = need.Id,
            NeedReference = need.Reference,
            StateIso3 = need.StateIso3,
            OrganisationId = own.Id,
            OrganisationNumber = own.Number,
            CreatedAt = now,
        };
        proposal.Apply(content, now);
        proposal.Acts.Add(new Act("proposal.drafted", (int)ProposalParts.Own, To: nameof(ProposalStatus.Draft)));
        return proposal;
    }

    /// <summary>Whether an actor may edit it: the provider's people, while it is a draft.</summary>
    public bool CanEdit(Actor actor) => Status == ProposalStatus.Draft && AsProvider(actor, Level.Contribute);

    /// <summary>Whether an actor may make it: a manager of the provider, while the need is shown to them and open.</summary>
    public bool CanPropose(Actor actor, Need need, DateTime now) =>
        Status.CanMove(ProposalStatus.Proposed) && need.Id == NeedId && AsProvider(actor, Level.Decide) && need.CanPropose(actor, now);

    /// <summary>Whether an actor may take it back.</summary>
    public bool CanWithdraw(Actor actor) => Status.CanMove(ProposalStatus.Withdrawn) && AsProvider(actor, Level.Decide);

    /// <summary>Whether an actor may shortlist it: a focal point of the State.</summary>
    public bool CanShortlist(Actor actor) => Status.CanMove(ProposalStatus.Shortlisted) && AsState(actor);

    /// <summary>Whether an actor may accept or decline it.</summary>
    public bool CanAnswer(Actor actor) => Status.CanMove(ProposalStatus.Accepted) && AsState(actor);

    /// <summary>Replaces what is proposed.</summary>
    public void Edit(Actor actor, Content content, DateTime now)
    {
        Refusal.Unless(CanEdit(actor), "proposal.not_yours_to_edit");
        Apply(content, now);
        Acts.Add(new Act("proposal.edited", (int)ProposalParts.Own));
    }

    /// <summary>What it must still say before it can be made.</summary>
    public IReadOnlyList<Refusal> Missing() => Content.Fields.Problems(Says);

    /// <summary>Makes it to the State.</summary>
    /// <exception cref="Refusal">Not theirs to make, the need is closed to replies, or something is still missing.</exception>
    public void Propose(Actor actor, Need need, DateTime now)
    {
        if (Status == ProposalStatus.Draft && need.IsRecipient(actor))
            need.DemandOpenForReplies(now);
        Refusal.Unless(CanPropose(actor, need, now), "proposal.not_yours_to_propose");
        Refusal.IfAny(Missing());
        Move(ProposalStatus.Proposed, "proposal.proposed", now, tells: [State, Audience.Cted]);
    }

    /// <summary>Keeps it for comparison.</summary>
    public void Shortlist(Actor actor, DateTime now)
    {
        Refusal.Unless(CanShortlist(actor), "proposal.not_yours_to_answer");
        Move(ProposalStatus.Shortlisted, "proposal.shortlisted", now, tells: [Provider]);
    }

    /// <summary>Accepts it, whole or in part; the need becomes a match.</summary>
    /// <exception cref="Refusal">Not the State's focal point, or a part larger than the offer.</exception>
    public void Accept(Actor actor, Need need, decimal? part, DateTime now, Rates? rates = null)
    {
        Refusal.Unless(CanAnswer(actor) && need.Id == NeedId, "proposal.not_yours_to_answer");
        Refusal.Unless(need.Status.IsOpen(), "need.not_circulated");
        Refusal.If(Amount is null && part is not null, "proposal.no_amount_to_part", nameof(AcceptedAmount));
        Refusal.If(
            part is <= 0 || part > Amount || (part is { } p && p != decimal.Truncate(p)),
            "proposal.part_out_of_range",
            nameof(AcceptedAmount)
        );
        AcceptedAmount = part ?? Amount;
        Move(ProposalStatus.Accepted, "proposal.accepted", now, tells: [Provider, Audience.Cted]);
        need.Accepted(this, rates ?? Rates.None, now);
    }

    /// <summary>Takes what the State said of the need, or that it took it back, as what came of the help.</summary>
    internal void Concluded(Need need, DateTime now)
    {
        Refusal.Unless(Status == ProposalStatus.Accepted && need.Id == NeedId, "proposal.wrong_stage");
        (Outcome, UpdatedAt) = (need.Status, now);
        Acts.Add(
            new Act("proposal.concluded", (int)ProposalParts.Content, To: need.Status.ToString())
            {
                Tells = [new(Provider, need.Status == NeedStatus.Withdrawn ? "need.withdrawn" : "need.concluded")],
            }
        );
    }

    /// <summary>
    /// Whether an actor may set and report milestones: the provider's people, once it is accepted and until the State says what came of it.
    /// </summary>
    public bool CanReport(Actor actor) => Status == ProposalStatus.Accepted && Outcome is null && AsProvider(actor, Level.Contribute);

    /// <summary>
    /// Whether an actor may confirm that a milestone was delivered: a focal point of the State, until it says what came of the help.
    /// </summary>
    public bool CanConfirm(Actor actor) => Status == ProposalStatus.Accepted && Outcome is null && AsState(actor);

    /// <summary>Adds what was done with a milestone.</summary>
    public void MilestoneDone(string act, Milestone milestone, DateTime now, params IReadOnlyList<Telling> tells)
    {
        UpdatedAt = now;
        Acts.Add(new Act(act, (int)ProposalParts.Content, Subject: milestone.Title, Logged: milestone.Id.ToString()) { Tells = tells });
    }

    /// <summary>Declines it, with an answer to the provider.</summary>
    public void Decline(Actor actor, string? answer, DateTime now)
    {
        Refusal.Unless(CanAnswer(actor), "proposal.not_yours_to_answer");
        Answer = Text.Optional(answer, 4000, nameof(Answer));
        Move(ProposalStatus.Declined, "proposal.declined", now, Answer, Provider);
    }

    /// <summary>Answers it, where the State has not, since its need takes no more answers.</summary>
    internal void Close(Need need, DateTime now)
    {
        if (Status.Waits() && need.Id == NeedId)
            Move(ProposalStatus.Declined, "proposal.closed", now, tells: [Provider]);
    }

    /// <summary>Takes it back.</summary>
    public void Withdraw(Actor actor, string? why, DateTime now)
    {
        Refusal.Unless(CanWithdraw(actor), "proposal.not_yours_to_withdraw");
        Move(ProposalStatus.Withdrawn, "proposal.withdrawn", now, Text.Optional(why, 4000, "Why"), WasMade ? [State] : []);
    }

    /// <summary>Its provider always; the State and CTED once it has been made. Never another provider.</summary>
    public IEnumerable<Exposure> Exposures()
    {
        yield return new Exposure(Audience.Org(OrganisationNumber), (int)ProposalParts.Whole, UpdatedAt, ExposureRule.OwnOrganisation);
        if (!WasMade)
            yield break;
        yield return new Exposure(Audience.State(StateIso3), (int)ProposalParts.Content, UpdatedAt, ExposureRule.Addressee);
        yield return new Exposure(Audience.Cted, (int)ProposalParts.Content, UpdatedAt, ExposureRule.Stage);
    }

    // Before it is made it is its provider's own paper. All who see it see the same of it.
    /// <inheritdoc/>
    public Act? Reading(int view) => WasMade ? new(Card.Act("read"), (int)ProposalParts.Own) : null;

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts() =>
        [new((int)ProposalParts.Content, Title), new((int)ProposalParts.Content, Says.Description)];

    /// <summary>Whether it ever left the provider's hands; a draft withdrawn was never made.</summary>
    public bool WasMade { get; private set; }

    private void Apply(Content content, DateTime now) => (Says, UpdatedAt) = (Content.Fields.Kept(content with { }, isDraft: true), now);

    /// <summary>The State it is made to.</summary>
    internal Audience State => Audience.State(StateIso3);

    /// <summary>The provider that makes it.</summary>
    internal Audience Provider => Audience.Org(OrganisationNumber);

    private void Move(ProposalStatus to, string act, DateTime now, string? why = null, params IReadOnlyList<Telling> tells)
    {
        Refusal.Unless(Status.CanMove(to), "proposal.wrong_stage");
        WasMade |= to == ProposalStatus.Proposed;
        Acts.Add(
            new Act(act, (int)(WasMade ? ProposalParts.Content : ProposalParts.Own), Status.ToString(), to.ToString(), why)
            {
                Tells = tells,
            }
        );
        Status = to;
        UpdatedAt = now;
    }

    private bool AsProvider(Actor actor, Level atLeast) =>
        actor.Is(Audience.Org(OrganisationNumber), Section.Proposals, atLeast, StateIso3);

    private bool AsState(Actor actor) => actor.Is(Audience.State(StateIso3), Section.Proposals, Level.Decide, StateIso3);
}
