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
    /// <summary>UTC, inclusive.</summary>
    public DateTime From { get; private set; }
    /// <summary>UTC, exclusive; null is without end.</summary>
    public DateTime? Until { get; private set; }
    /// <summary>Why, in the words of who granted it.</summary>
    public string Reason { get; private set; } = "";
    /// <summary>Who granted it.</summary>
    public Guid GrantedBy { get; private set; }
    /// <summary>UTC; null while it stands.</summary>
    public DateTime? RevokedAt { get; private set; }

    /// <summary>Gives (or, with <paramref name="deny"/>, takes) a level.</summary>
    /// <exception cref="Refusal">The reason is missing, the period is empty, a deny names a level, or the grant would cross a separation of duties.</exception>
    public static Grant To(Principal to, Section section, Level level, bool deny, IReadOnlyCollection<string> states, RegionalGroup? region,
        DateTime from, DateTime? until, string reason, Guid grantedBy)
    {
        Refusal.If(string.IsNullOrWhiteSpace(reason), "grant.reason_required");
        Refusal.If(until <= from, "grant.period_empty");
        Refusal.If(!deny && level == Level.None, "grant.level_required");
        Refusal.If(!deny && to.Role is { } role && Baseline.Forbids(role, section), "grant.duties_apart");
        Refusal.If(states.Any(s => MemberStates.Find(s) is null), "state.unknown");
        return new Grant
        {
            Principal = to.Kind,
            Role = to.Role,
            OrganisationId = to.OrganisationId,
            PersonId = to.PersonId,
            Section = section,
            Level = deny ? Level.None : level,
            Deny = deny,
            States = [.. states],
            Region = region,
            From = from,
            Until = until,
            Reason = reason.Trim(),
            GrantedBy = grantedBy,
        };
    }

    /// <summary>Ends the grant now.</summary>
    public void Revoke(DateTime now)
    {
        Refusal.If(RevokedAt is not null, "grant.already_revoked");
        RevokedAt = now;
    }

    /// <summary>Whether it holds at a moment (UTC).</summary>
    public bool InForce(DateTime at) => RevokedAt is null && From <= at && (Until is null || at < Until);

    /// <summary>Whether it is given to someone acting under this membership.</summary>
    public bool IsFor(Membership membership) => Principal switch
    {
        PrincipalKind.Role => Role == membership.Role,
        PrincipalKind.Organisation => OrganisationId == membership.OrganisationId,
        PrincipalKind.Person => PersonId == membership.PersonId,
    };

    /// <summary>The States it covers.</summary>
    public Scope Scope => Region is { } region
        ? Scope.Only(MemberStates.In(region).Select(s => s.Iso3).Where(s => States.Count == 0 || States.Contains(s)))
        : States.Count == 0 ? Scope.All : Scope.Only(States);
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
