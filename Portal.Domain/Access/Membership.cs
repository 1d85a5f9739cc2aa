using Portal.Domain.Committee;
using Portal.Domain.Directory;

namespace Portal.Domain.Access;

/// <summary>How a membership stands at a moment.</summary>
public enum MembershipStanding
{
    /// <summary>People may act under it.</summary>
    InForce,

    /// <summary>It begins later.</summary>
    Coming,

    /// <summary>It is interrupted, and can be taken up again.</summary>
    Suspended,

    /// <summary>Its time is over.</summary>
    Ended,
}

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

    /// <summary>
    /// UTC; since when it is suspended. A suspended membership ends at that moment for every question but one: it can be restored.
    /// </summary>
    public DateTime? SuspendedAt { get; private set; }

    /// <summary>UTC, exclusive; the end it had before it was suspended.</summary>
    public DateTime? HeldUntil { get; private set; }

    /// <summary>UTC; somebody last entered a page under it. Written down to the hour.</summary>
    public DateTime? LastUsedAt { get; private set; }

    /// <summary>UTC; notices up to here count as read.</summary>
    public DateTime NoticesSeenAt { get; private set; }

    /// <summary>Places a person in an organisation.</summary>
    /// <exception cref="Refusal">The role does not exist in that kind of organisation, or the period is empty.</exception>
    public static Membership Of(
        Guid personId,
        Organisation organisation,
        Role role,
        DateTime from,
        DateTime? until = null,
        IEnumerable<string>? assignedStates = null
    )
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

    /// <summary>A place that nobody holds: what someone in it would see is asked, and nothing is ever done from it.</summary>
    internal static Membership Imagined(
        Guid id,
        Organisation organisation,
        Role role,
        IEnumerable<string> assignedStates,
        DateTime until
    ) =>
        new()
        {
            Id = id,
            OrganisationId = organisation.Id,
            Organisation = organisation,
            Role = role,
            AssignedStates = [.. assignedStates],
            From = DateTime.UnixEpoch,
            Until = until,
        };

    /// <summary>The place held, in codes, as the log keeps it: <c>FocalPoint@ken</c>, <c>LegalOfficer@cted KEN,PER</c>.</summary>
    public string Place => PlaceOf(Role, Organisation, AssignedStates);

    /// <summary>The same of a place that is offered.</summary>
    public static string PlaceOf(Role role, Organisation organisation, IReadOnlyCollection<string> assignedStates) =>
        $"{role}@{organisation.Code}{(assignedStates.Count == 0 ? "" : " " + string.Join(',', assignedStates))}";

    /// <summary>Whether it holds at a moment (UTC).</summary>
    public bool InForce(DateTime at) => From <= at && (Until is null || at < Until);

    /// <summary>How it stands at a moment (UTC).</summary>
    public MembershipStanding StandingAt(DateTime at) =>
        SuspendedAt is not null ? MembershipStanding.Suspended
        : Until <= at ? MembershipStanding.Ended
        : From > at ? MembershipStanding.Coming
        : MembershipStanding.InForce;

    /// <summary>Ends the membership at a moment (UTC); a suspended one for good.</summary>
    public void End(DateTime at)
    {
        Refusal.If(SuspendedAt is null && Until is not null && Until <= at, "membership.already_ended");
        Until = SuspendedAt ?? at;
        (SuspendedAt, HeldUntil) = (null, null);
    }

    /// <summary>Sets another end.</summary>
    /// <param name="until">UTC, exclusive; null is without end.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">It is suspended or over, or the end is past or before its start.</exception>
    public void EndAt(DateTime? until, DateTime now)
    {
        Refusal.If(SuspendedAt is not null, "membership.is_suspended");
        Refusal.If(Until <= now, "membership.already_ended");
        Refusal.If(until <= now, "membership.period_over", nameof(Until));
        Refusal.If(until <= From, "membership.period_empty", nameof(Until));
        Until = until;
    }

    /// <summary>Interrupts the membership now.</summary>
    /// <exception cref="Refusal">It is suspended already, or over.</exception>
    public void Suspend(DateTime now)
    {
        Refusal.If(SuspendedAt is not null, "membership.is_suspended");
        Refusal.If(Until <= now, "membership.already_ended");
        (SuspendedAt, HeldUntil, Until) = (now, Until, now);
    }

    /// <summary>Takes a suspended membership up again, until the end it had.</summary>
    /// <exception cref="Refusal">It is not suspended, or its end has passed meanwhile.</exception>
    public void Restore(DateTime now)
    {
        Refusal.If(SuspendedAt is null, "membership.not_suspended");
        Refusal.If(HeldUntil <= now, "membership.already_ended");
        (SuspendedAt, HeldUntil, Until) = (null, null, HeldUntil);
    }

    /// <summary>Whether it shares a moment with a period, restored if it is suspended.</summary>
    public bool Overlaps(DateTime from, DateTime? until)
    {
        var end = SuspendedAt is null ? Until : HeldUntil;
        return (end is null || (from < end && From < end)) && (until is null || From < until);
    }

    /// <summary>Notes when it was used.</summary>
    public void WasUsed(DateTime at) => LastUsedAt = LastUsedAt > at ? LastUsedAt : at;

    /// <summary>Marks every notice so far as read.</summary>
    public void SawNotices(DateTime at) => NoticesSeenAt = at;

    /// <summary>The audiences a membership has by nature at a moment (UTC); grants decide in which sections they count.</summary>
    public IEnumerable<Audience> Audiences(DateTime at)
    {
        switch (Organisation.Kind)
        {
            case OrganisationKind.MemberState:
                yield return Audience.State(Organisation.StateIso3!);
                break;
            case OrganisationKind.Provider:
                yield return Audience.Org(Organisation.Number);
                yield return Audience.Providers;
                break;
            case OrganisationKind.Partner:
                yield return Audience.Org(Organisation.Number);
                yield return Audience.Partners;
                break;
            case OrganisationKind.Cted:
                yield return Audience.Cted;
                foreach (var state in AssignedStates)
                    yield return Audience.CtedFor(state);
                break;
            case OrganisationKind.Committee:
                yield return Audience.Org(Organisation.Number);
                foreach (var body in Organisation.BodiesAt(at))
                    yield return body.Audience();
                break;
            case OrganisationKind.ExpertGroup:
                yield return Audience.Experts;
                break;
            case OrganisationKind.Operations:
                break;
        }
        yield return Audience.Members;
    }
}
