using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Committee;

namespace Portal.Access;

/// <summary>A page of the frame.</summary>
/// <param name="Name">Its words are <c>nav:</c> and this.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Icon">Its symbol.</param>
/// <param name="Section">The section that opens it; null for everyone signed in.</param>
/// <param name="To">Whom it is offered to where that is more than a section; null is whomever the section is open to.</param>
public sealed record NavigationPage(string Name, string Address, string Icon, Section? Section, Func<Actor, bool>? To = null)
{
    /// <summary>Whether it is closed to an actor who may ask for it: they see that it exists.</summary>
    public bool CanBeAskedBy(Actor actor) => Section is { } section && AccessRequest.CanAsk(actor, section);

    /// <summary>Whether an actor may open it.</summary>
    public bool IsOpenTo(Actor actor) =>
        To is { } to ? to(actor)
        : Section is { } section ? actor.LevelIn(section) >= Level.View
        : actor.IsSignedIn;
}

/// <summary>The pages that the navigation and the palette lead to.</summary>
public static class Places
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NavigationPage> All => Groups.SelectMany(g => g.Pages);

    /// <summary>The symbol of the page that an address leads to, or of the list that its record is in.</summary>
    public static string? IconAt(string address) =>
        All.FirstOrDefault(p => address == p.Address || address.StartsWith(p.Address + "/", StringComparison.Ordinal))?.Icon;

    private static NavigationPage Of(Kind kind, string icon, Func<Actor, bool>? to) =>
        new(kind.Plural.ToLowerInvariant(), kind.List, icon, kind.Section, to);

    /// <summary>In the groups and the order of the navigation.</summary>
    public static readonly IReadOnlyList<(string Group, IReadOnlyList<NavigationPage> Pages)> Groups =
    [
        (
            "assistance",
            [
                new("home", "/home", "home", null),
                new("state", "/states", "report", null, a => a.StateIso3 is not null && a.LevelIn(Section.Needs) >= Level.View),
                .. RecordRooms.All.Where(r => r.Icon is not null).Select(r => Of(r.Kind, r.Icon!, r.IsOffered)),
                new("matches", "/matches", "match", Section.Needs),
                new("picture", "/assistance", "report", Section.Needs),
                new("gap", "/funding-gap", "columns", Section.Needs),
            ]
        ),
        (
            "office",
            [
                new("notifications", "/notifications", "bell", null),
                new("access", "/access", "access", Section.Access),
                new("audit", "/audit", "audit", Section.Audit),
                new("quality", "/quality", "eye", Section.Assessments, QualityReviews.CanSee),
                new("committee", "/committee", "check", Section.Assessments, Bodies.HasDesk),
                new("bodies", "/bodies", "users", null, Bodies.CanSee),
                new("calendar", "/calendar", "clock", null, AssistanceSettings.CanSee),
                new("settings", "/assistance/settings", "admin", null, AssistanceSettings.CanSee),
                new("outbox", "/admin/outbox", "mail", Section.Administration),
                // Whoever enters the section finds people beside the rest of it.
                new(
                    "people",
                    "/access/people",
                    "users",
                    null,
                    a => Delegation.May(a, PeopleAct.See) && a.LevelIn(Section.Access) < Level.View
                ),
                new(
                    "reviews",
                    "/access/reviews",
                    "check",
                    null,
                    a => Delegation.May(a, PeopleAct.Review) && a.LevelIn(Section.Access) < Level.View
                ),
            ]
        ),
    ];
}
