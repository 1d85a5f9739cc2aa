using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Access;

/// <summary>How a preview ended.</summary>
public enum ViewingEnd
{
    /// <summary>Whoever looked stopped it.</summary>
    Stopped,

    /// <summary>Its time was over.</summary>
    TimeOver,

    /// <summary>The session it was in ended: signed out, locked, expired.</summary>
    SessionOver,

    /// <summary>Whoever looked no longer manages access, or acts under another membership.</summary>
    AccessLost,
}

/// <summary>
/// An access manager looks at the portal as a role, or a role in an organisation, sees it: for a short time, in one session, changing
/// nothing.
/// That it began and ended is on the record.
/// </summary>
public sealed class Viewing
{
    private Viewing() { }

    /// <summary>It ends by itself after this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>Version 7 identifier; also that of the place looked from.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The session it is in.</summary>
    public Guid SessionId { get; private set; }

    /// <summary>Who looks.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>The membership they act under.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>As whom: the role.</summary>
    public Role Role { get; private set; }

    /// <summary>In which organisation; null is what the role brings wherever it is held.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>States assigned, where the role is a legal officer's (ISO 3166-1 alpha-3).</summary>
    public List<string> States { get; private set; } = [];

    /// <summary>UTC.</summary>
    public DateTime StartedAt { get; private set; }

    /// <summary>UTC, exclusive.</summary>
    public DateTime Until { get; private set; }

    /// <summary>UTC; when its end was noted.</summary>
    public DateTime? EndedAt { get; private set; }

    /// <summary>How it ended.</summary>
    public ViewingEnd? HowEnded { get; private set; }

    /// <summary>Whether someone may look as others: who manages access, and does not do so already.</summary>
    public static bool CanStart(Actor actor) => !actor.IsPreview && actor.LevelIn(Section.Access) >= Level.Manage;

    /// <summary>Begins to look.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="sessionId">In which session.</param>
    /// <param name="role">As which role.</param>
    /// <param name="organisation">In which organisation, or null.</param>
    /// <param name="states">States of a legal officer; of no meaning for other roles.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not an access manager, or there is no such role in that organisation.</exception>
    public static Viewing Start(
        Actor actor,
        Guid sessionId,
        Role role,
        Organisation? organisation,
        IEnumerable<string> states,
        DateTime now
    )
    {
        Refusal.If(actor.IsPreview, "viewing.read_only");
        Refusal.Unless(CanStart(actor), "access.not_yours");
        Refusal.If(organisation is not null && organisation.Kind != role.Kind(), "membership.role_does_not_fit", nameof(Role));
        var assigned = role == Role.LegalOfficer ? states.Distinct().ToList() : [];
        Refusal.If(assigned.Exists(s => MemberStates.Find(s) is null), "state.unknown", nameof(States));
        return new Viewing
        {
            SessionId = sessionId,
            PersonId = actor.PersonId,
            MembershipId = actor.Membership!.Id,
            Role = role,
            OrganisationId = organisation?.Id,
            States = assigned,
            StartedAt = now,
            Until = now + Longest,
        };
    }

    /// <summary>Whether it holds at a moment (UTC).</summary>
    public bool InForce(DateTime at) => EndedAt is null && at < Until;

    /// <summary>The place looked from, which nobody holds.</summary>
    /// <param name="organisation">The organisation of <see cref="OrganisationId"/>, or null.</param>
    public Membership Place(Organisation? organisation) =>
        Membership.Imagined(Id, organisation ?? Organisation.Imagined(Role.Kind()), Role, States, Until);

    /// <summary>The place in codes, as the log keeps it; a star where it is a role anywhere.</summary>
    public string PlaceCode(Organisation? organisation) =>
        organisation is null
            ? $"{Role}@*{(States.Count == 0 ? "" : " " + string.Join(',', States))}"
            : Membership.PlaceOf(Role, organisation, States);

    /// <summary>Notes the end.</summary>
    public void End(ViewingEnd how, DateTime now) => (EndedAt, HowEnded) = (now, how);
}
