using Portal.Domain.Access;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Domain.Directory;

/// <summary>A body that people act for. That it exists, its names and its website are public reference data; its members are not.</summary>
public sealed class Organisation
{
    private Organisation() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>Short number, used in audience names (<c>org:42</c>). Given once, never reused.</summary>
    public int Number { get; private set; }

    /// <summary>What kind of body.</summary>
    public OrganisationKind Kind { get; private set; }

    /// <summary>Stable short code and address part, lower case: <c>unodc-tpb</c>, <c>ken</c>.</summary>
    public string Code { get; private set; } = "";

    /// <summary>Names in the six official languages.</summary>
    public LocalName Name { get; private set; } = null!;

    /// <summary>ISO 3166-1 alpha-3 of the State it belongs to, or null.</summary>
    public string? StateIso3 { get; private set; }

    /// <summary>Public website, https.</summary>
    public string? Website { get; private set; }

    /// <summary>IATI organisation identifier, such as <c>XM-DAC-41128</c>.</summary>
    public string? IatiIdentifier { get; private set; }

    /// <summary>Most contributors that act for it or are invited to.</summary>
    public int ContributorLimit { get; private set; } = UsualContributorLimit;

    /// <summary>The limit of an organisation for which nobody has set another.</summary>
    public const int UsualContributorLimit = 10;

    /// <summary>The highest limit that can be set.</summary>
    public const int HighestContributorLimit = 500;

    /// <summary>Sets how many contributors it may have. Those who are there stay.</summary>
    /// <exception cref="Refusal">Not between 0 and <see cref="HighestContributorLimit"/>.</exception>
    public void LimitContributors(int most)
    {
        Refusal.If(most is < 0 or > HighestContributorLimit, "organisation.limit_out_of_range", nameof(ContributorLimit));
        ContributorLimit = most;
    }

    /// <summary>Of a delegation: its seats in the Committee and the subcommittees, those of terms that are over too.</summary>
    public IReadOnlyList<Seat> Seats { get; private set; } = [];

    /// <summary>Of a Member State: the subcommittee that considers it.</summary>
    public Body? ConsideredBy { get; private set; }

    /// <summary>The bodies it sits in at a moment (UTC). A seat in a subcommittee counts only with one in the Committee.</summary>
    public IEnumerable<Body> BodiesAt(DateTime at)
    {
        var bodies = Seats.Where(s => s.InForce(at)).Select(s => s.Body).Distinct().ToList();
        return bodies.Contains(Body.Committee) ? bodies : [];
    }

    /// <summary>Whether it chairs a body at a moment (UTC).</summary>
    public bool Chairs(Body body, DateTime at) =>
        BodiesAt(at).Contains(body) && Seats.Any(s => s.Chairs && s.Body == body && s.InForce(at));

    /// <summary>
    /// When it no longer sits in a body in which it sits at a moment (UTC), with that in the Committee; null where it has no end. A term
    /// that another follows without a gap does not end it.
    /// </summary>
    public DateTime? SitsUntil(Body body, DateTime at)
    {
        var ends = new[] { Last(body), Last(Body.Committee) }.OfType<DateTime>().ToList();
        return ends.Count == 0 ? null : ends.Min();

        DateTime? Last(Body of)
        {
            var until = Seats.FirstOrDefault(s => s.Body == of && s.InForce(at))?.Until;
            while (until is { } end && Seats.FirstOrDefault(s => s.Body == of && s.InForce(end)) is { } next)
                until = next.Until;
            return until;
        }
    }

    /// <summary>Gives a delegation a seat.</summary>
    /// <param name="actor">An access manager.</param>
    /// <param name="body">In which body.</param>
    /// <param name="from">UTC, inclusive.</param>
    /// <param name="until">UTC, exclusive; null is without end.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">
    /// Not theirs to give, no delegation, an empty or past term, or one that another of its seats in this body shares.
    /// </exception>
    public void Sit(Actor actor, Body body, DateTime from, DateTime? until, DateTime now)
    {
        Refusal.Unless(Bodies.CanKeep(actor), "body.not_yours_to_keep");
        Refusal.Unless(Kind == OrganisationKind.Committee, "body.no_delegation", "Delegation");
        Refusal.If(until <= from, "body.term_empty", nameof(Seat.Until));
        Refusal.If(until <= now, "body.term_over", nameof(Seat.Until));
        Refusal.If(Seats.Any(s => s.Body == body && s.Overlaps(from, until)), "body.sits_already", nameof(Seat.Body));
        Seats = [.. Seats, new Seat(body, from, until)];
    }

    /// <summary>Sets when the term of a seat ends that is held or comes.</summary>
    /// <param name="actor">An access manager.</param>
    /// <param name="seat">The seat, as it was shown.</param>
    /// <param name="until">UTC, exclusive; null is without end.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not theirs to end, changed since it was shown, over, or the end is past or before its start.</exception>
    public void EndTerm(Actor actor, Seat seat, DateTime? until, DateTime now)
    {
        Refusal.Unless(Bodies.CanKeep(actor), "body.not_yours_to_keep");
        Refusal.Unless(Seats.Contains(seat), "record.changed_meanwhile");
        Refusal.If(seat.Until <= now || until < now, "body.term_over", nameof(Seat.Until));
        Refusal.If(until <= seat.From && seat.From <= now, "body.term_empty", nameof(Seat.Until));
        // One that never began leaves nothing behind.
        var rest = Seats.Where(s => s != seat).ToList();
        Refusal.If(rest.Any(s => s.Body == seat.Body && s.Overlaps(seat.From, until)), "body.sits_already", nameof(Seat.Body));
        Seats = until <= seat.From ? rest : [.. rest, seat with { Until = until }];
    }

    /// <summary>Has it chair a body in which it sits now, or no longer, sitting there or not.</summary>
    /// <exception cref="Refusal">Not theirs to say, or it does not sit there.</exception>
    public void Preside(Actor actor, Body body, bool presides, DateTime now)
    {
        Refusal.Unless(Bodies.CanKeep(actor), "body.not_yours_to_keep");
        Refusal.Unless(!presides || BodiesAt(now).Contains(body), "body.does_not_sit");
        Seats = [.. Seats.Select(s => s.Body == body ? s with { Chairs = presides && s.InForce(now) } : s)];
    }

    /// <summary>Has another subcommittee consider a State.</summary>
    /// <exception cref="Refusal">Not theirs to move, no State, the Committee itself, or where it is already.</exception>
    public void MoveTo(Actor actor, Body subcommittee)
    {
        Refusal.Unless(Bodies.CanKeep(actor), "body.not_yours_to_keep");
        Refusal.Unless(Kind == OrganisationKind.MemberState, "state.unknown", "State");
        Refusal.Unless(Bodies.Subcommittees.Contains(subcommittee), "field.unknown_code", "Subcommittee");
        Refusal.If(ConsideredBy == subcommittee, "body.there_already", "Subcommittee");
        ConsideredBy = subcommittee;
    }

    /// <summary>Where it is found on the Web, and as whom it publishes.</summary>
    public void Describe(string? website, string? iatiIdentifier) => (Website, IatiIdentifier) = (website, iatiIdentifier);

    /// <summary>Registers an organisation.</summary>
    /// <exception cref="Refusal">A Member State without its code, or an unknown State.</exception>
    public static Organisation Register(
        int number,
        OrganisationKind kind,
        string code,
        LocalName name,
        string? stateIso3 = null,
        string? website = null,
        string? iatiIdentifier = null,
        IReadOnlyList<Seat>? seats = null
    )
    {
        Refusal.If(kind == OrganisationKind.MemberState && stateIso3 is null, "organisation.state_required");
        Refusal.If(stateIso3 is not null && MemberStates.Find(stateIso3) is null, "state.unknown");
        return new Organisation
        {
            Number = number,
            Kind = kind,
            Code = code.ToLowerInvariant(),
            Name = name,
            StateIso3 = stateIso3,
            Website = website,
            IatiIdentifier = iatiIdentifier,
            ConsideredBy = kind == OrganisationKind.MemberState ? Bodies.Usual(stateIso3!) : null,
            Seats = kind == OrganisationKind.Committee ? seats ?? [] : [],
        };
    }

    /// <summary>An organisation that there is not: it has no record, no grant, no name and no State of its own.</summary>
    internal static Organisation Imagined(OrganisationKind kind) =>
        new()
        {
            Kind = kind,
            Name = new LocalName("", "", "", "", "", ""),
            Seats = kind == OrganisationKind.Committee ? [new Seat(Body.Committee, DateTime.UnixEpoch)] : [],
        };

    /// <summary>The audience of its own members.</summary>
    public Audience Audience => Kind == OrganisationKind.MemberState ? Audience.State(StateIso3!) : Audience.Org(Number);
}
