using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Directory;

namespace Portal.Access;

/// <summary>
/// What every giving of a place asks first. Asked within <see cref="PortalDb.OneAtATime"/>, so that the answer holds when it is saved.
/// </summary>
internal static class PeopleRules
{
    /// <summary>The turn that all acts on places share.</summary>
    public const string Turn = "people";

    /// <summary>Those whom a reader may see: everyone, or the people of their own organisation.</summary>
    public static IQueryable<Membership> Shown(PortalDb db)
    {
        if (Delegation.May(db.Actor, PeopleAct.SeeAll))
            return db.Memberships;
        var own = db.Actor.Membership?.OrganisationId;
        return db.Memberships.Where(m => m.OrganisationId == own);
    }

    /// <summary>The contributors that count against an organisation's limit: here, to come, and invited.</summary>
    public static async Task<int> Contributors(PortalDb db, Guid organisationId, DateTime now) =>
        await db.Memberships.CountAsync(m =>
            m.OrganisationId == organisationId
            && (m.Role == Role.StateContributor || m.Role == Role.ProviderContributor)
            && (m.Until == null || m.Until > now)
        )
        + await db.Invitations.CountAsync(i =>
            i.OrganisationId == organisationId
            && (i.Role == Role.StateContributor || i.Role == Role.ProviderContributor)
            && i.UsedAt == null
            && i.ExpiresAt > now
        );

    /// <summary>Refuses one contributor more than the organisation may have.</summary>
    /// <param name="db">The database, in its turn.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="role">The role to be given.</param>
    /// <param name="now">UTC.</param>
    /// <param name="leaving">How many leave in the same act.</param>
    public static async Task DemandRoom(PortalDb db, Organisation organisation, Role role, DateTime now, int leaving = 0) =>
        Refusal.If(
            Delegation.IsLimited(role) && await Contributors(db, organisation.Id, now) - leaving >= organisation.ContributorLimit,
            "membership.limit_reached"
        );

    /// <summary>Refuses the same place a second time at the same time.</summary>
    public static async Task DemandNoDouble(
        PortalDb db,
        Guid personId,
        Guid organisationId,
        Role role,
        DateTime from,
        DateTime? until,
        Guid? but = null
    )
    {
        var alike = await db
            .Memberships.Where(m => m.PersonId == personId && m.OrganisationId == organisationId && m.Role == role && m.Id != but)
            .AsNoTracking()
            .ToListAsync();
        Refusal.If(alike.Exists(m => m.Overlaps(from, until)), "membership.there_already");
    }

    /// <summary>Those who can do the work of a role now: in force, the account open, no grant against it.</summary>
    public static async Task<List<Membership>> Able(PortalStore store, DateTime now, params Role[] roles) =>
        [.. (await Held(store, now, null, roles)).Where(h => h.From <= now).Select(h => h.Membership)];

    /// <summary>When somebody can do the work of a role, now and at every time to come: the account open, no grant against it.</summary>
    /// <param name="store">The database.</param>
    /// <param name="now">UTC.</param>
    /// <param name="besides">A grant as if it were given already, or null.</param>
    /// <param name="roles">Access managers, administrators.</param>
    public static async Task<List<Held>> Held(PortalStore store, DateTime now, Grant? besides, params Role[] roles)
    {
        await using var all = await store.OpenAsSystem("count who is left to manage people");
        var memberships = await all
            .Memberships.Include(m => m.Organisation)
            .Where(m => roles.Contains(m.Role) && (m.Until == null || m.Until > now))
            .AsNoTracking()
            .ToListAsync();
        var holders = memberships.ConvertAll(m => m.PersonId);
        var open = await all.Users.Where(u => u.LockoutEnd == null && holders.Contains(u.Id)).Select(u => u.Id).ToListAsync();
        var grants = await all.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync();
        if (besides is not null)
            grants.Add(besides);
        return
        [
            .. memberships
                .Where(m => open.Contains(m.PersonId))
                .SelectMany(m =>
                    Domain.Access.Held.Of(m, grants, m.Role == Role.AccessManager ? Section.Access : Section.Administration, now)
                ),
        ];
    }

    /// <summary>Refuses when nobody would be left who can let people in, at once or from a day to come.</summary>
    /// <param name="store">The database.</param>
    /// <param name="role">The role of who leaves.</param>
    /// <param name="leaves">Who leaves.</param>
    /// <param name="at">UTC; when.</param>
    /// <param name="now">UTC.</param>
    public static async Task DemandAnother(PortalStore store, Role role, Func<Membership, bool> leaves, DateTime at, DateTime now)
    {
        if (role is not (Role.AccessManager or Role.Administrator))
            return;
        var held = await Held(store, now, null, role);
        DemandCover(held, held.Select(h => leaves(h.Membership) ? h.LeftAt(at) : h).OfType<Held>(), now);
    }

    /// <summary>Refuses what would leave nobody sooner than it is already.</summary>
    public static void DemandCover(IEnumerable<Held> before, IEnumerable<Held> after, DateTime now)
    {
        var first = Vacancy.First(after, now);
        Refusal.If(Vacancy.IsSooner(first, Vacancy.First(before, now)), first <= now ? "access.last_one" : "access.last_one_later");
    }

    /// <summary>Puts what was done to a membership in the log and has the person's screens ask again.</summary>
    public static void Note(PortalDb db, Membership membership, string code, string? from, string? to, string? why = null)
    {
        db.Audit(new Act(code, 0, from, to, why, membership.Id.ToString()), Section.Access);
        db.AccessChanged(membership.PersonId);
    }

    /// <summary>A membership in the words of the log: codes and days, never a name.</summary>
    public static string Said(Membership m) => Said(m.Role, m.Organisation, m.From, m.Until);

    /// <summary>A place in the words of the log.</summary>
    public static string Said(Role role, Organisation organisation, DateTime? from, DateTime? until) =>
        $"{role}:{organisation.Code}:{(from is { } f ? $"{f:yyyy-MM-dd}" : "now")}:{(until is { } u ? $"{u:yyyy-MM-dd}" : "open")}";
}
