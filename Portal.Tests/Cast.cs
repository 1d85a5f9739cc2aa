using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Tests;

/// <summary>Someone of the cast: an account, the one membership they act under, and what that lets them do.</summary>
public sealed class Player
{
    internal Player(string name, Organisation organisation, Role role, params string[] assignedStates)
    {
        Name = name;
        Membership = Membership.Of(Id, organisation, role, Cast.Now.AddYears(-1), assignedStates: assignedStates);
        Actor = Actor.Of(Membership, name, [], Cast.Now);
    }

    public Guid Id { get; } = Guid.CreateVersion7();
    public string Name { get; }
    public string Email => $"{Name.ToLowerInvariant()}@example.org";
    public Membership Membership { get; }
    public Organisation Organisation => Membership.Organisation;
    public Role Role => Membership.Role;

    /// <summary>With the baseline of the role and no grant.</summary>
    public Actor Actor { get; }

    /// <summary>With grants, at <see cref="Cast.Now"/> or another moment.</summary>
    public Actor With(params IEnumerable<Grant> grants) => Actor.Of(Membership, Name, grants, Cast.Now);

    public static implicit operator Actor(Player player) => player.Actor;

    public override string ToString() => Name;
}

/// <summary>
/// The people, bodies and records that every test speaks of. Kenya and Peru ask for help, two donors give it; nobody here is mutated by a
/// test.
/// </summary>
public static class Cast
{
    /// <summary>The moment at which a test's clock starts (UTC).</summary>
    public static readonly DateTime Now = new(2027, 3, 1, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>The day by which circulated needs are answered.</summary>
    public static readonly DateOnly ReplyBy = DateOnly.FromDateTime(Now).AddMonths(3);

    /// <summary>The organisations that every portal starts with.</summary>
    public static readonly IReadOnlyList<Organisation> ReferenceList = [.. ReferenceOrganisations.All()];

    public static readonly Organisation Kenya = Known("ken");
    public static readonly Organisation Peru = Known("per");

    /// <summary>A donor State's agency.</summary>
    public static readonly Organisation NorthernAgency = Body(
        9001,
        OrganisationKind.Provider,
        "northern-agency",
        "Northern Development Agency",
        "NOR"
    );

    /// <summary>Another donor: what one offers or is shown, the other never learns.</summary>
    public static readonly Organisation PacificFund = Body(
        9002,
        OrganisationKind.Provider,
        "pacific-fund",
        "Pacific Cooperation Fund",
        "JPN"
    );
    public static readonly Organisation LegalNetwork = Body(9003, OrganisationKind.Partner, "legal-network", "Regional Legal Network");
    public static readonly Organisation Cted = Known("cted");

    /// <summary>Sits in Subcommittee A, and chairs the Committee.</summary>
    public static readonly Organisation Delegation = Chairing("committee-a", Domain.Committee.Body.Committee);

    /// <summary>Sits in Subcommittee B, which considers Kenya, and chairs it.</summary>
    public static readonly Organisation SecondDelegation = Chairing("committee-b", Domain.Committee.Body.SubcommitteeB);
    public static readonly Organisation ExpertGroup = Known("experts-1540");
    public static readonly Organisation Operations = Known("operations");

    /// <summary>Focal point of Kenya.</summary>
    public static readonly Player Amina = new(nameof(Amina), Kenya, Role.FocalPoint);

    /// <summary>Contributor of Kenya.</summary>
    public static readonly Player Otieno = new(nameof(Otieno), Kenya, Role.StateContributor);

    /// <summary>Focal point of Peru.</summary>
    public static readonly Player Rosa = new(nameof(Rosa), Peru, Role.FocalPoint);

    /// <summary>Contributor of Peru.</summary>
    public static readonly Player Mateo = new(nameof(Mateo), Peru, Role.StateContributor);

    /// <summary>Manager of the Northern Development Agency.</summary>
    public static readonly Player Ingrid = new(nameof(Ingrid), NorthernAgency, Role.ProviderManager);

    /// <summary>Contributor of the Northern Development Agency.</summary>
    public static readonly Player Lars = new(nameof(Lars), NorthernAgency, Role.ProviderContributor);

    /// <summary>Manager of the Pacific Cooperation Fund.</summary>
    public static readonly Player Kenji = new(nameof(Kenji), PacificFund, Role.ProviderManager);

    /// <summary>Of the Regional Legal Network, a partner organisation.</summary>
    public static readonly Player Fatou = new(nameof(Fatou), LegalNetwork, Role.Partner);

    /// <summary>CTED legal officer, assigned to Kenya and Uganda.</summary>
    public static readonly Player Leila = new(nameof(Leila), Cted, Role.LegalOfficer, "KEN", "UGA");

    /// <summary>CTED assistance officer.</summary>
    public static readonly Player Andrei = new(nameof(Andrei), Cted, Role.AssistanceOfficer);

    /// <summary>CTED information officer.</summary>
    public static readonly Player Chloe = new(nameof(Chloe), Cted, Role.InformationOfficer);

    /// <summary>CTED access manager.</summary>
    public static readonly Player Malik = new(nameof(Malik), Cted, Role.AccessManager);

    /// <summary>The other CTED access manager.</summary>
    public static readonly Player Noor = new(nameof(Noor), Cted, Role.AccessManager);

    /// <summary>Executive Director.</summary>
    public static readonly Player Dorothea = new(nameof(Dorothea), Cted, Role.ExecutiveDirector);

    /// <summary>Auditor.</summary>
    public static readonly Player Auguste = new(nameof(Auguste), Cted, Role.Auditor);

    /// <summary>Delegate of a Committee member.</summary>
    public static readonly Player Wei = new(nameof(Wei), Delegation, Role.Delegate);

    /// <summary>Delegate of another, which sits in another subcommittee.</summary>
    public static readonly Player Tuan = new(nameof(Tuan), SecondDelegation, Role.Delegate);

    /// <summary>Chair of the subcommittee that considers Kenya.</summary>
    public static readonly Player Sofia = new(nameof(Sofia), SecondDelegation, Role.SubcommitteeChair);

    /// <summary>Chair of the Committee.</summary>
    public static readonly Player Hamid = new(nameof(Hamid), Delegation, Role.CommitteeChair);

    /// <summary>Expert of the 1540 group.</summary>
    public static readonly Player Olga = new(nameof(Olga), ExpertGroup, Role.Expert);

    /// <summary>Administrator.</summary>
    public static readonly Player Tomas = new(nameof(Tomas), Operations, Role.Administrator);

    /// <summary>Nobody signed in.</summary>
    public static readonly Actor Nobody = Actor.Anonymous;

    /// <summary>Those that the cast acts for.</summary>
    public static readonly IReadOnlyList<Organisation> Organisations =
    [
        Kenya,
        Peru,
        NorthernAgency,
        PacificFund,
        LegalNetwork,
        Cted,
        Delegation,
        SecondDelegation,
        ExpertGroup,
        Operations,
    ];

    /// <summary>Those of them that give help.</summary>
    public static readonly IReadOnlyList<Organisation> Helpers = [NorthernAgency, PacificFund, LegalNetwork];

    public static readonly IReadOnlyList<Player> All =
    [
        Amina,
        Otieno,
        Rosa,
        Mateo,
        Ingrid,
        Lars,
        Kenji,
        Fatou,
        Leila,
        Andrei,
        Chloe,
        Malik,
        Noor,
        Dorothea,
        Auguste,
        Wei,
        Tuan,
        Sofia,
        Hamid,
        Olga,
        Tomas,
    ];

    /// <summary>Everyone's baseline, and nobody's.</summary>
    public static readonly IReadOnlyList<Actor> Actors = [.. All.Select(p => p.Actor), Nobody];

    private static int lastNumber;

    public static readonly Need.Content NeedContent = new()
    {
        Title = "Training of financial investigators",
        Description = "Investigators of the financial intelligence unit need training in tracing funds.",
        Language = Language.En,
        Theme = "CFT",
        Paragraphs = ["1373:1(a)"],
        Origin = NeedOrigin.State,
        Modalities = ["TRAINING"],
        Sectors = ["15130"],
        Beneficiary = "Financial Reporting Centre",
        Urgency = Urgency.High,
        EstimatedCost = 250_000m,
        Currency = "USD",
        From = new DateOnly(2027, 9, 1),
        To = new DateOnly(2028, 2, 29),
    };

    public static readonly Proposal.Content ProposalContent = new()
    {
        Title = "Course on financial investigation",
        Description = "Two courses of two weeks with a study visit.",
        Language = Language.En,
        Modalities = ["TRAINING"],
        Amount = 100_000m,
        Currency = "USD",
        From = new DateOnly(2027, 10, 1),
    };

    public static readonly StandingOffer.Content OfferContent = new()
    {
        Title = "Courses for investigators",
        Description = "Courses of two weeks for financial investigators.",
        Language = Language.En,
        Themes = ["CFT"],
        Modalities = ["TRAINING"],
        Regions = [RegionalGroup.Africa],
        WorkingLanguages = [Language.En, Language.Fr],
        BudgetFrom = 10_000m,
        BudgetTo = 200_000m,
        Currency = "USD",
        IsPublished = false,
    };

    /// <summary>A draft of Kenya by Otieno, or by someone else of a State.</summary>
    public static Need Need(Actor? by = null, Need.Content? content = null, DateTime? at = null) =>
        Domain.Assistance.Need.Draft(
            $"NEED-2027-{Interlocked.Increment(ref lastNumber):0000}",
            by ?? Otieno,
            content ?? NeedContent,
            at ?? Now
        );

    public static Need SubmittedBy(this Need need, Actor actor, DateTime? at = null)
    {
        need.Submit(actor, at ?? Now);
        return need;
    }

    public static Need ReturnedBy(this Need need, Actor actor, string note = "Please name the institution.", DateTime? at = null)
    {
        need.Return(actor, note, at ?? Now);
        return need;
    }

    public static Need AuthenticatedBy(this Need need, Actor actor, DateTime? at = null)
    {
        need.Authenticate(actor, at ?? Now);
        return need;
    }

    /// <summary>Consent of the need's own focal point.</summary>
    public static Need SharedWith(this Need need, Audience audience, NeedParts parts = NeedParts.Summary, DateTime? at = null)
    {
        need.GiveConsent(FocalPointOf(need), audience, parts, at ?? Now);
        return need;
    }

    /// <inheritdoc cref="SharedWith(Need, Audience, NeedParts, DateTime?)"/>
    public static Need SharedWith(
        this Need need,
        Organisation organisation,
        NeedParts parts = NeedPartsSets.Shareable,
        DateTime? at = null
    ) => need.SharedWith(Audience.Org(organisation.Number), parts, at);

    public static Need NoLongerSharedWith(this Need need, Audience audience, DateTime? at = null)
    {
        need.RevokeConsent(FocalPointOf(need), audience, null, at ?? Now);
        return need;
    }

    public static Need CirculatedBy(this Need need, Actor actor, DateOnly? replyBy = null, DateTime? at = null)
    {
        need.Circulate(actor, replyBy ?? ReplyBy, at ?? Now);
        return need;
    }

    public static Need WithdrawnBy(this Need need, Actor actor, DateTime? at = null)
    {
        need.Withdraw(actor, "No longer wanted.", at ?? Now, []);
        return need;
    }

    /// <summary>
    /// A need that has come as far as a stage by the shortest way, shared with all providers (summary) once it is circulated.
    /// </summary>
    public static Need NeedAt(NeedStatus status, Player? focalPoint = null)
    {
        var owner = focalPoint ?? Amina;
        return status switch
        {
            NeedStatus.Draft => Need(owner),
            NeedStatus.Submitted => Need(owner).SubmittedBy(owner),
            NeedStatus.Returned => NeedAt(NeedStatus.Submitted, owner).ReturnedBy(Andrei),
            NeedStatus.Authenticated => NeedAt(NeedStatus.Submitted, owner).AuthenticatedBy(Andrei),
            NeedStatus.Circulated => NeedAt(NeedStatus.Authenticated, owner).SharedWith(Audience.Providers).CirculatedBy(Andrei),
            NeedStatus.Matched => Matched(NeedAt(NeedStatus.Circulated, owner)),
            NeedStatus.Withdrawn => NeedAt(NeedStatus.Circulated, owner).WithdrawnBy(owner),
            NeedStatus.InDelivery => Delivering(owner),
            NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet => Concluded(owner, status),
        };
    }

    /// <summary>A draft that answers a need, by Ingrid or someone else of a provider.</summary>
    public static Proposal Proposal(Need need, Actor? by = null, Proposal.Content? content = null, DateTime? at = null) =>
        Domain.Assistance.Proposal.Draft(
            $"PROP-2027-{Interlocked.Increment(ref lastNumber):0000}",
            by ?? Ingrid,
            need,
            content ?? ProposalContent,
            at ?? Now
        );

    public static Proposal ProposedBy(this Proposal proposal, Actor actor, Need need, DateTime? at = null)
    {
        proposal.Propose(actor, need, at ?? Now);
        return proposal;
    }

    public static Proposal ShortlistedBy(this Proposal proposal, Actor actor, DateTime? at = null)
    {
        proposal.Shortlist(actor, at ?? Now);
        return proposal;
    }

    public static Proposal AcceptedBy(this Proposal proposal, Actor actor, Need need, decimal? part = null, DateTime? at = null)
    {
        proposal.Accept(actor, need, part, at ?? Now);
        return proposal;
    }

    public static Proposal DeclinedBy(this Proposal proposal, Actor actor, DateTime? at = null)
    {
        proposal.Decline(actor, "Another offer was taken.", at ?? Now);
        return proposal;
    }

    public static Proposal WithdrawnBy(this Proposal proposal, Actor actor, DateTime? at = null)
    {
        proposal.Withdraw(actor, null, at ?? Now);
        return proposal;
    }

    /// <summary>A proposal of Ingrid's that has come as far as a stage.</summary>
    public static Proposal ProposalAt(ProposalStatus status, Need need) =>
        status switch
        {
            ProposalStatus.Draft => Proposal(need),
            ProposalStatus.Proposed => Proposal(need).ProposedBy(Ingrid, need),
            ProposalStatus.Shortlisted => ProposalAt(ProposalStatus.Proposed, need).ShortlistedBy(FocalPointOf(need)),
            ProposalStatus.Accepted => ProposalAt(ProposalStatus.Proposed, need).AcceptedBy(FocalPointOf(need), need),
            ProposalStatus.Declined => ProposalAt(ProposalStatus.Proposed, need).DeclinedBy(FocalPointOf(need)),
            ProposalStatus.Withdrawn => ProposalAt(ProposalStatus.Proposed, need).WithdrawnBy(Ingrid),
        };

    /// <summary>A profile with something to say.</summary>
    public static Profile Profile(Organisation organisation, bool published = false)
    {
        var profile = Domain.Directory.Profile.For(organisation, Language.En, Now);
        profile.Edit(
            new()
            {
                Summary = "Gives courses and advice.",
                Language = Language.En,
                ContactName = "Help desk",
                ContactEmail = "help@example.org",
            },
            Now
        );
        if (published)
            profile.Publish(Now);
        return profile;
    }

    public static StandingOffer Offer(Organisation organisation, bool published = false) =>
        StandingOffer.Open(
            $"OFFER-2027-{Interlocked.Increment(ref lastNumber):0000}",
            organisation,
            OfferContent with
            {
                IsPublished = published,
            },
            Now
        );

    /// <summary>A grant by Malik at its first moment, approved by Noor where it takes two.</summary>
    public static Grant GrantTo(
        Principal to,
        Section section,
        Level level,
        bool deny,
        IReadOnlyCollection<string> states,
        RegionalGroup? region,
        DateTime from,
        DateTime? until,
        string reason = "Asked for by letter.",
        bool ownOnly = false
    )
    {
        var grant = Domain.Access.Grant.To(to, new(section, level, deny, states, region, ownOnly, from, until, reason), Malik.Id, from);
        if (grant.NeedsSecond)
            grant.Approve(Noor.Id, from);
        return grant;
    }

    /// <summary>A grant by Malik, in force for a year around <see cref="Now"/>.</summary>
    public static Grant Grant(Principal to, Section section, Level level, params string[] states) =>
        GrantTo(to, section, level, false, states, null, Now.AddMonths(-1), Now.AddYears(1));

    /// <summary>A denial by Malik, in force for a year around <see cref="Now"/>.</summary>
    public static Grant Denial(Principal to, Section section, params string[] states) =>
        GrantTo(to, section, Level.None, true, states, null, Now.AddMonths(-1), Now.AddYears(1));

    public static readonly Programme.Content ProgrammeContent = new()
    {
        Title = "Courses for financial investigators",
        Description = "Courses of two weeks and a handbook.",
        Language = Language.En,
        States = ["KEN"],
        Themes = ["CFT"],
        Paragraphs = ["1373:1(a)"],
        Modalities = ["TRAINING"],
        Sectors = ["15130"],
        StartPlanned = new DateOnly(2027, 1, 1),
        StartActual = new DateOnly(2027, 1, 15),
        EndPlanned = new DateOnly(2028, 12, 31),
        Currency = "USD",
        Participants = [new Participant("Financial Reporting Centre", ParticipantRole.Implementing)],
        Money =
        [
            new MoneyLine(MoneyKind.Budget, new DateOnly(2027, 1, 1), new DateOnly(2027, 12, 31), 200_000m, "USD"),
            new MoneyLine(MoneyKind.Disbursement, new DateOnly(2027, 2, 1), null, 50_000.25m, "USD"),
        ],
        Results = [new ResultLine(ResultKind.Output, "Investigators trained", "60", "20")],
        Documents = [new DocumentLink("Handbook", "https://example.org/handbook.pdf")],
    };

    /// <summary>A programme of Ingrid's agency or somebody else's, shared with nobody yet.</summary>
    public static Programme Programme(Player? by = null, Programme.Content? content = null, DateTime? at = null) =>
        Domain.Assistance.Programme.Draft(
            $"PRG-2027-9{Interlocked.Increment(ref lastNumber):0000}",
            by ?? Ingrid,
            content ?? ProgrammeContent,
            at ?? Now
        );

    public static Programme SharedAs(this Programme programme, ProgrammeSharing sharing, DateTime? at = null)
    {
        programme.Share(ManagerOf(programme), sharing, at ?? Now);
        return programme;
    }

    /// <summary>The manager who decides who sees a programme.</summary>
    public static Player ManagerOf(Programme programme) =>
        All.Single(p => p.Role is Role.ProviderManager or Role.Partner && p.Organisation.Number == programme.OrganisationNumber);

    /// <summary>Programmes of every owner, about one State, several and none, shared in every way.</summary>
    public static IEnumerable<Programme> Programmes()
    {
        ProgrammeParts[] parts = [ProgrammeParts.None, ProgrammeParts.Summary, ProgrammeParts.Finance, ProgrammePartsSets.Shareable];
        string[][] states =
        [
            ["KEN"],
            ["PER"],
            ["KEN", "PER"],
            ["UGA", "PER", "NOR"],
            [],
        ];
        var i = 0;
        foreach (var by in new[] { Ingrid, Kenji, Fatou })
        foreach (var about in states)
        {
            yield return Programme(by, ProgrammeContent with { States = about });
            foreach (var _ in Enumerable.Range(0, 4))
                yield return Programme(by, ProgrammeContent with { States = about })
                    .SharedAs(new ProgrammeSharing(parts[i % 4], parts[i++ / 2 % 4], parts[i * 3 % 4], parts[i % 7 == 0 ? 1 : 0]));
        }
    }

    /// <summary>The focal point who speaks for a need.</summary>
    public static Player FocalPointOf(Need need) =>
        All.Single(p => p.Role == Role.FocalPoint && p.Organisation.StateIso3 == need.StateIso3);

    private static Need Delivering(Player owner)
    {
        var need = NeedAt(NeedStatus.Matched, owner);
        need.BeginDelivery(owner, [], Now);
        return need;
    }

    private static Need Concluded(Player owner, NeedStatus outcome)
    {
        var need = NeedAt(NeedStatus.Circulated, owner);
        var proposal = ProposalAt(ProposalStatus.Accepted, need);
        need.BeginDelivery(owner, [], Now);
        need.ConfirmDelivery(owner, DateOnly.FromDateTime(Now), [], Now);
        need.Conclude(owner, outcome, "As it was.", [proposal], Now);
        return need;
    }

    private static Need Matched(Need need)
    {
        ProposalAt(ProposalStatus.Accepted, need);
        return need;
    }

    private static Organisation Known(string code) => ReferenceList.Single(o => o.Code == code);

    private static Organisation Chairing(string code, Domain.Committee.Body body)
    {
        var delegation = Known(code);
        delegation.Preside(new Player("", Cted, Role.AccessManager).Actor, body, true, Now);
        return delegation;
    }

    private static Organisation Body(int number, OrganisationKind kind, string code, string name, string? iso3 = null) =>
        Organisation.Register(number, kind, code, new LocalName(name, name, name, name, name, name), iso3);
}
