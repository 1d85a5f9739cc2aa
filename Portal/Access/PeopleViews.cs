using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Access;

/// <summary>How a person stands.</summary>
public enum PersonStanding
{
    /// <summary>Acts, or will, under some membership.</summary>
    Active,

    /// <summary>The account is locked, or a membership interrupted.</summary>
    Suspended,

    /// <summary>Every membership is over.</summary>
    Ended,

    /// <summary>Invited, and not here yet.</summary>
    Invited,
}

/// <summary>What the list of people is asked for.</summary>
/// <param name="Words">Part of a name, an address or an organisation's name.</param>
/// <param name="Kinds">Kinds of organisation, or empty for all.</param>
/// <param name="Roles">Roles, or empty for all.</param>
/// <param name="Standings">Standings, or empty for all.</param>
/// <param name="Page">From 1.</param>
public sealed record PeopleQuery(
    string? Words,
    IReadOnlyCollection<OrganisationKind> Kinds,
    IReadOnlyCollection<Role> Roles,
    IReadOnlyCollection<PersonStanding> Standings,
    int Page
)
{
    /// <summary>As an address says it.</summary>
    public static PeopleQuery Of(ListAddress address) =>
        new(
            address.One("q"),
            address.AllOf<OrganisationKind>("kind"),
            address.AllOf<Role>("role"),
            address.AllOf<PersonStanding>("standing"),
            address.Page
        );

    /// <summary>Whether people are asked for, and not only who is invited.</summary>
    public bool WantsPeople => Standings.Count == 0 || Standings.Any(s => s != PersonStanding.Invited);

    /// <summary>Whether who is invited is asked for.</summary>
    public bool WantsInvited => Standings.Contains(PersonStanding.Invited);
}

/// <summary>A membership as those who manage it see it.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Organisation">Name of the organisation.</param>
/// <param name="Code">Its code.</param>
/// <param name="Role">Role in it.</param>
/// <param name="States">States assigned, for a legal officer.</param>
/// <param name="From">UTC, inclusive.</param>
/// <param name="Until">UTC, exclusive; that it had, for a suspended one.</param>
/// <param name="Seen">Its end as stored: what an act says it has seen.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="MayManage">Whether the reader may act on it.</param>
public sealed record MembershipRow(
    Guid Id,
    LocalName Organisation,
    string Code,
    Role Role,
    IReadOnlyList<string> States,
    DateTime From,
    DateTime? Until,
    DateTime? Seen,
    MembershipStanding Standing,
    bool MayManage
)
{
    /// <summary>Of a membership with its organisation loaded, for a reader.</summary>
    public static MembershipRow Of(Membership m, Actor reader, DateTime now) =>
        new(
            m.Id,
            m.Organisation.Name,
            m.Organisation.Code,
            m.Role,
            m.AssignedStates,
            m.From,
            m.SuspendedAt is null ? m.Until : m.HeldUntil,
            m.Until,
            m.StandingAt(now),
            Delegation.MayManage(reader, m)
        );
}

/// <summary>A person as those who manage people see them.</summary>
/// <param name="Id">The account.</param>
/// <param name="Name">Name.</param>
/// <param name="Email">Address.</param>
/// <param name="IsSuspended">Whether the account is locked.</param>
/// <param name="LastSeenAt">UTC; on a session that is still open.</param>
/// <param name="Memberships">Those that the reader may see, those in force first.</param>
public sealed record PersonRow(
    Guid Id,
    string Name,
    string Email,
    bool IsSuspended,
    DateTime? LastSeenAt,
    IReadOnlyList<MembershipRow> Memberships
)
{
    /// <summary>Whether the account was deleted: its address is forgotten.</summary>
    public bool IsDeleted => Email.Length == 0;

    /// <summary>How they stand, as far as the reader sees their memberships.</summary>
    public PersonStanding Standing =>
        IsDeleted ? PersonStanding.Ended
        : IsSuspended || Memberships.Any(m => m.Standing == MembershipStanding.Suspended) ? PersonStanding.Suspended
        : Memberships.Any(m => m.Standing is MembershipStanding.InForce or MembershipStanding.Coming) ? PersonStanding.Active
        : PersonStanding.Ended;
}

/// <summary>One person, and what the reader may do.</summary>
/// <param name="Person">The person.</param>
/// <param name="Sessions">Sessions open.</param>
/// <param name="IsSelf">Whether it is the reader.</param>
/// <param name="MayManageAll">Whether the reader manages the account too.</param>
public sealed record PersonView(PersonRow Person, int Sessions, bool IsSelf, bool MayManageAll);

/// <summary>An invitation that waits.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Email">To whom.</param>
/// <param name="Organisation">For which organisation.</param>
/// <param name="Role">In which role.</param>
/// <param name="From">UTC; first moment of the membership.</param>
/// <param name="Until">UTC; its end.</param>
/// <param name="SentAt">UTC; when it was first sent.</param>
/// <param name="ExpiresAt">UTC; the link counts until then.</param>
/// <param name="IsExpired">Whether the link is void by now.</param>
/// <param name="MayManage">Whether the reader may withdraw it.</param>
public sealed record InvitationRow(
    Guid Id,
    string Email,
    LocalName Organisation,
    Role Role,
    DateTime? From,
    DateTime? Until,
    DateTime SentAt,
    DateTime ExpiresAt,
    bool IsExpired,
    bool MayManage
);

/// <summary>A place to be given, as a form says it.</summary>
/// <param name="OrganisationId">In which organisation.</param>
/// <param name="Role">In which role.</param>
/// <param name="From">UTC; null is at once.</param>
/// <param name="Until">UTC, exclusive; null is without end.</param>
/// <param name="States">States assigned, for a legal officer.</param>
public sealed record PlaceTerms(Guid OrganisationId, Role Role, DateTime? From, DateTime? Until, IReadOnlyList<string> States)
{
    /// <summary>Everything wrong with it, whoever it is for.</summary>
    public IReadOnlyList<Refusal> Problems(OrganisationKind kind, DateTime now)
    {
        var from = From > now ? From.Value : now;
        return Refusal.Collect(
            () => Refusal.If(Role.Kind() != kind, "membership.role_does_not_fit", nameof(Role)),
            () => Refusal.If(Until <= now, "membership.period_over", nameof(Until)),
            () => Refusal.If(Until > now && Until <= from, "membership.period_empty", nameof(Until)),
            () => Refusal.If(Role == Role.LegalOfficer && States.Count == 0, "membership.states_required", nameof(States)),
            () => Refusal.If(States.Any(s => MemberStates.Find(s) is null), "state.unknown", nameof(States))
        );
    }
}
