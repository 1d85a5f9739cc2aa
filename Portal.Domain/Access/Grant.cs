using System.Linq.Expressions;
using Portal.Domain.Reference;

namespace Portal.Domain.Access;

/// <summary>To whom a grant is given.</summary>
public enum PrincipalKind
{
    /// <summary>Everyone holding a role.</summary>
    Role,

    /// <summary>Everyone acting for an organisation.</summary>
    Organisation,

    /// <summary>One person, whichever membership they act under.</summary>
    Person,
}

/// <summary>
/// A decision of an access manager: a principal gets a level in a section, over a scope, for a time, for a reason; or is denied it.
/// A deny wins over every grant. No grant overrides a record rule or the separation of duties (<see cref="Baseline.Forbids"/>).
/// </summary>
public sealed class Grant
{
    private Grant() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>What the principal is.</summary>
    public PrincipalKind Principal { get; private set; }

    /// <summary>The role, when the principal is one.</summary>
    public Role? Role { get; private set; }

    /// <summary>The organisation, when the principal is one.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>The person, when the principal is one.</summary>
    public Guid? PersonId { get; private set; }

    /// <summary>Section opened or closed.</summary>
    public Section Section { get; private set; }

    /// <summary>Level granted; of no meaning on a deny.</summary>
    public Level Level { get; private set; }

    /// <summary>Whether this takes away instead of giving.</summary>
    public bool Deny { get; private set; }

    /// <summary>States the grant is limited to; empty means all, unless <see cref="Region"/> is set.</summary>
    public List<string> States { get; private set; } = [];

    /// <summary>Regional group the grant is limited to.</summary>
    public RegionalGroup? Region { get; private set; }

    /// <summary>Whether it reaches only what is of the principal's own State or organisation. A deny reaches everything.</summary>
    public bool OwnOnly { get; private set; }

    /// <summary>UTC, inclusive.</summary>
    public DateTime From { get; private set; }

    /// <summary>UTC, exclusive; null is without end.</summary>
    public DateTime? Until { get; private set; }

    /// <summary>Why, in the words of who granted it.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Who granted it.</summary>
    public Guid GrantedBy { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime GrantedAt { get; private set; }

    /// <summary>The second access manager, where one is needed.</summary>
    public Guid? ApprovedBy { get; private set; }

    /// <summary>UTC; null where no second access manager has approved it.</summary>
    public DateTime? ApprovedAt { get; private set; }

    /// <summary>UTC; null while it stands.</summary>
    public DateTime? RevokedAt { get; private set; }

    /// <summary>
    /// UTC; somebody last did something that this grant allowed and the role alone would not have. Written down every half minute.
    /// </summary>
    public DateTime? LastUsedAt { get; private set; }

    /// <summary>Longest reason, in characters.</summary>
    public const int LongestReason = 2000;

    /// <summary>Gives (or, with a deny, takes) a level.</summary>
    /// <param name="to">To whom.</param>
    /// <param name="terms">What, where, how long and why.</param>
    /// <param name="grantedBy">Who grants it.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">
    /// The reason is missing, the period is empty or over, no level is chosen, the scope is empty, or the grant would cross a separation of
    /// duties.
    /// </exception>
    public static Grant To(Principal to, Terms terms, Guid grantedBy, DateTime now)
    {
        Refusal.IfAny(Problems(to, terms, now));
        return new Grant
        {
            Principal = to.Kind,
            Role = to.Role,
            OrganisationId = to.OrganisationId,
            PersonId = to.PersonId,
            Section = terms.Section,
            Level = terms.Deny ? Level.None : terms.Level,
            Deny = terms.Deny,
            States = [.. terms.States.Distinct()],
            Region = terms.Region,
            OwnOnly = terms.OwnOnly && !terms.Deny,
            From = terms.From,
            Until = terms.Until,
            Reason = Text.Required(terms.Reason, LongestReason, nameof(Reason)),
            GrantedBy = grantedBy,
            GrantedAt = now,
        };
    }

    /// <summary>What a grant says besides to whom.</summary>
    /// <param name="Section">Section.</param>
    /// <param name="Level">Level; of no meaning on a deny.</param>
    /// <param name="Deny">Takes away instead of giving.</param>
    /// <param name="States">ISO 3166-1 alpha-3 codes it is limited to; empty is all.</param>
    /// <param name="Region">Regional group it is limited to.</param>
    /// <param name="OwnOnly">Only what is of the principal's own State or organisation.</param>
    /// <param name="From">UTC, inclusive.</param>
    /// <param name="Until">UTC, exclusive; null is without end.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Terms(
        Section Section,
        Level Level,
        bool Deny,
        IReadOnlyCollection<string> States,
        RegionalGroup? Region,
        bool OwnOnly,
        DateTime From,
        DateTime? Until,
        string Reason
    );

    /// <summary>Everything wrong with a grant, each at its field.</summary>
    public static IReadOnlyList<Refusal> Problems(Principal to, Terms terms, DateTime now) =>
        Refusal.Collect(
            () => Refusal.If(Text.Optional(terms.Reason, LongestReason, nameof(Reason)) is null, "grant.reason_required", nameof(Reason)),
            () => Refusal.If(terms.Until <= terms.From, "grant.period_empty", nameof(Until)),
            () => Refusal.If(terms.Until <= now && terms.Until > terms.From, "grant.period_over", nameof(Until)),
            () => Refusal.If(!terms.Deny && terms.Level == Level.None, "grant.level_required", nameof(Level)),
            () =>
                Refusal.If(
                    !terms.Deny && to.Role is { } role && Baseline.Forbids(role, terms.Section),
                    "grant.duties_apart",
                    nameof(Section)
                ),
            () => Refusal.If(terms.States.Any(s => MemberStates.Find(s) is null), "state.unknown", nameof(States)),
            () =>
                Refusal.If(
                    terms.Region is { } region
                        && terms.States.Count > 0
                        && !MemberStates.In(region).Any(s => terms.States.Contains(s.Iso3)),
                    "grant.scope_empty",
                    nameof(States)
                )
        );

    /// <summary>Whether it needs a second access manager: whoever manages a section, or sees assessments, is let in by two.</summary>
    public bool NeedsSecond => !Deny && (Level == Level.Manage || Section == Section.Assessments);

    /// <summary>Whether it waits for a second access manager.</summary>
    public bool Waits => NeedsSecond && ApprovedAt is null && RevokedAt is null;

    /// <summary>What <see cref="Waits"/> says, as a question to the database.</summary>
    public static readonly Expression<Func<Grant, bool>> AreWaiting = g =>
        !g.Deny && (g.Level == Level.Manage || g.Section == Section.Assessments) && g.ApprovedAt == null && g.RevokedAt == null;

    /// <summary>A second access manager agrees.</summary>
    /// <exception cref="Refusal">It waits for nobody, or who agrees is who granted it.</exception>
    public void Approve(Guid by, DateTime now)
    {
        Refusal.Unless(Waits, "grant.not_waiting");
        Refusal.If(by == GrantedBy, "grant.own_approval");
        (ApprovedBy, ApprovedAt) = (by, now);
    }

    /// <summary>Ends the grant now.</summary>
    public void Revoke(DateTime now)
    {
        Refusal.If(RevokedAt is not null, "grant.already_revoked");
        RevokedAt = now;
    }

    /// <summary>Sets another end.</summary>
    /// <param name="until">UTC, exclusive; null is without end.</param>
    /// <param name="now">UTC.</param>
    public void EndAt(DateTime? until, DateTime now)
    {
        Refusal.If(RevokedAt is not null, "grant.already_revoked");
        Refusal.If(until <= now || until <= From, "grant.period_over", nameof(Until));
        // A longer life of what took two to give takes two again.
        if (NeedsSecond && (until is null || until > Until))
            (ApprovedBy, ApprovedAt) = (null, null);
        Until = until;
    }

    /// <summary>Whether it holds at a moment (UTC).</summary>
    public bool InForce(DateTime at) => RevokedAt is null && !Waits && From <= at && (Until is null || at < Until);

    /// <summary>Whether it is given to someone acting under this membership.</summary>
    public bool IsFor(Membership membership) =>
        Principal switch
        {
            PrincipalKind.Role => Role == membership.Role,
            PrincipalKind.Organisation => OrganisationId == membership.OrganisationId,
            PrincipalKind.Person => PersonId == membership.PersonId,
        };

    /// <summary>The States it covers.</summary>
    public Scope Scope =>
        Region is { } region ? Scope.Only(MemberStates.In(region).Select(s => s.Iso3).Where(s => States.Count == 0 || States.Contains(s)))
        : States.Count == 0 ? Scope.All
        : Scope.Only(States);

    /// <summary>Whether it counts for who is in this audience.</summary>
    public bool Reaches(Audience audience) => !OwnOnly || audience.StateIso3 is not null || audience.OrganisationNumber is not null;
}

/// <summary>To whom a grant is given: a role, an organisation or a person.</summary>
public sealed record Principal
{
    private Principal() { }

    /// <summary>What it is.</summary>
    public PrincipalKind Kind { get; private init; }

    /// <summary>The role, if it is one.</summary>
    public Role? Role { get; private init; }

    /// <summary>The organisation, if it is one.</summary>
    public Guid? OrganisationId { get; private init; }

    /// <summary>The person, if it is one.</summary>
    public Guid? PersonId { get; private init; }

    /// <summary>Everyone holding a role.</summary>
    public static Principal Of(Role role) => new() { Kind = PrincipalKind.Role, Role = role };

    /// <summary>Everyone acting for an organisation.</summary>
    public static Principal Organisation(Guid id) => new() { Kind = PrincipalKind.Organisation, OrganisationId = id };

    /// <summary>One person.</summary>
    public static Principal Person(Guid id) => new() { Kind = PrincipalKind.Person, PersonId = id };
}
