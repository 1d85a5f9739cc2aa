using Portal.Domain.Directory;

namespace Portal.Domain.Access;

/// <summary>A person's place in an organisation: a role, from a date, until a date. People act under one membership at a time.</summary>
public sealed class Membership
{
    private Membership() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();
    /// <summary>The account.</summary>
    public Guid PersonId { get; private set; }
    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; private set; }
    /// <summary>The organisation, when loaded.</summary>
    public Organisation Organisation { get; private set; } = null!;
    /// <summary>Function in it.</summary>
    public Role Role { get; private set; }
    /// <summary>States assigned to a legal officer (ISO 3166-1 alpha-3); empty for every other role.</summary>
    public List<string> AssignedStates { get; private set; } = [];
    /// <summary>UTC, inclusive.</summary>
    public DateTime From { get; private set; }
    /// <summary>UTC, exclusive; null is without end.</summary>
    public DateTime? Until { get; private set; }
    /// <summary>UTC; notices up to here count as read.</summary>
    public DateTime NoticesSeenAt { get; private set; }

    /// <summary>Places a person in an organisation.</summary>
    /// <exception cref="Refusal">The role does not exist in that kind of organisation, or the period is empty.</exception>
    public static Membership Of(Guid personId, Organisation organisation, Role role, DateTime from, DateTime? until = null, IEnumerable<string>? assignedStates = null)
    {
        Refusal.If(role.Kind() != organisation.Kind, "membership.role_does_not_fit");
        Refusal.If(until <= from, "membership.period_empty");
        return new Membership
        {
            PersonId = personId,
            OrganisationId = organisation.Id,
            Organisation = organisation,
            Role = role,
            From = from,
            Until = until,
            AssignedStates = role == Role.LegalOfficer ? [.. assignedStates ?? []] : [],
        };
    }

    /// <summary>The place held, in codes, as the log keeps it: <c>FocalPoint@ken</c>, <c>LegalOfficer@cted KEN,PER</c>.</summary>
    public string Place => PlaceOf(Role, Organisation, AssignedStates);

    /// <summary>The same of a place that is offered.</summary>
    public static string PlaceOf(Role role, Organisation organisation, IReadOnlyCollection<string> assignedStates) =>
        $"{role}@{organisation.Code}{(assignedStates.Count == 0 ? "" : " " + string.Join(',', assignedStates))}";

    /// <summary>Whether it holds at a moment (UTC).</summary>
    public bool InForce(DateTime at) => From <= at && (Until is null || at < Until);

    /// <summary>Ends the membership at a moment (UTC).</summary>
    public void End(DateTime at)
    {
        Refusal.If(Until is not null && Until <= at, "membership.already_ended");
        Until = at;
    }

    /// <summary>Marks every notice so far as read.</summary>
    public void SawNotices(DateTime at) => NoticesSeenAt = at;

    /// <summary>The audiences a membership has by nature; grants decide in which sections they count.</summary>
    public IEnumerable<Audience> Audiences()
    {
        switch (Organisation.Kind)
        {
            case OrganisationKind.MemberState: yield return Audience.State(Organisation.StateIso3!); break;
            case OrganisationKind.Provider: yield return Audience.Org(Organisation.Number); yield return Audience.Providers; break;
            case OrganisationKind.Partner: yield return Audience.Org(Organisation.Number); yield return Audience.Partners; break;
            case OrganisationKind.Cted: yield return Audience.Cted; break;
            case OrganisationKind.Committee: yield return Audience.Committee; break;
            case OrganisationKind.ExpertGroup: yield return Audience.Experts; break;
            case OrganisationKind.Operations: break;
        }
        yield return Audience.Members;
    }
}
