using System.Collections.Frozen;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Committee;

/// <summary>What is known of the bodies as such.</summary>
public static class Bodies
{
    /// <summary>The three subcommittees.</summary>
    public static readonly IReadOnlyList<Body> Subcommittees = [Body.SubcommitteeA, Body.SubcommitteeB, Body.SubcommitteeC];

    /// <summary>The delegations that sit in a body, as those who see what is put before it.</summary>
    public static Audience Audience(this Body body) =>
        body switch
        {
            Body.Committee => Access.Audience.Committee,
            Body.SubcommitteeA => Access.Audience.Subcommittee("A"),
            Body.SubcommitteeB => Access.Audience.Subcommittee("B"),
            Body.SubcommitteeC => Access.Audience.Subcommittee("C"),
        };

    /// <summary>Whether an actor presides over it at a moment (UTC): of the delegation that chairs it whoever holds the role.</summary>
    public static bool IsPresidedBy(this Body body, Actor actor, DateTime at) =>
        actor.Role == (body == Body.Committee ? Role.CommitteeChair : Role.SubcommitteeChair)
        && actor.Membership!.Organisation.Chairs(body, at);

    /// <summary>
    /// The subcommittee that considers a State where staff have not moved it: thirds of the English alphabetical order. How the Committee
    /// divides the States is not published.
    /// </summary>
    public static Body Usual(string iso3)
    {
        Refusal.If(MemberStates.Find(iso3) is null, "state.unknown");
        return Thirds[iso3];
    }

    // The first third has a State more than the others.
    private static readonly FrozenDictionary<string, Body> Thirds = MemberStates
        .All.OrderBy(s => s.Name.En, StringComparer.InvariantCulture)
        .Index()
        .ToFrozenDictionary(s => s.Item.Iso3, s => Subcommittees[Math.Min(2, Math.Max(0, s.Index - 1) / 64)]);

    /// <summary>Whether an actor may look at who sits where: CTED and the Committee's delegations.</summary>
    public static bool CanSee(Actor actor) => actor.Membership?.Organisation.Kind is OrganisationKind.Cted or OrganisationKind.Committee;

    /// <summary>Whether an actor may look at what is before the bodies: who reads the deliberation of any dossier.</summary>
    public static bool HasDesk(Actor actor) => CanSee(actor) && actor.LevelIn(Section.Assessments) >= Level.View;

    /// <summary>Whether an actor may give seats and move States: an access manager, as who sits in a body sees what is before it.</summary>
    public static bool CanKeep(Actor actor) => actor.LevelIn(Section.Access) >= Level.Manage;
}

/// <summary>A delegation's seat in a body, for a term.</summary>
/// <param name="Body">The body.</param>
/// <param name="From">UTC, inclusive.</param>
/// <param name="Until">UTC, exclusive; null is without end.</param>
/// <param name="Chairs">
/// Whether the delegation chairs it. The chair's rights belong to a delegation: whichever of its people holds the role presides.
/// </param>
public sealed record Seat(Body Body, DateTime From, DateTime? Until = null, bool Chairs = false)
{
    /// <summary>Whether it is held at a moment (UTC).</summary>
    public bool InForce(DateTime at) => From <= at && !(Until <= at);

    /// <summary>Whether it shares a moment with a term.</summary>
    public bool Overlaps(DateTime from, DateTime? until) => !(Until <= from) && !(until <= From);
}
