using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Directory;

namespace Portal.Access;

/// <summary>What every giving of a place asks first. Asked within <see cref="PortalDb.OneAtATime"/>, so that the answer holds when it is saved.</summary>
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
        await db.Memberships.CountAsync(m => m.OrganisationId == organisationId && (m.Role == Role.StateContributor || m.Role == Role.ProviderContributor) && (m.Until == null || m.Until > now))
        + await db.Invitations.CountAsync(i => i.OrganisationId == organisationId && (i.Role == Role.StateContributor || i.Role == Role.ProviderContributor) && i.UsedAt == null && i.ExpiresAt > now);

    /// <summary>Refuses one contributor more than the organisation may have.</summary>
    /// <param name="db">The database, in its turn.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="role">The role to be given.</param>
    /// <param name="now">UTC.</param>
    /// <param name="leaving">How many leave in the same act.</param>
    public static async Task DemandRoom(PortalDb db, Organisation organisation, Role role, DateTime now, int leaving = 0) =>
        Refusal.If(Delegation.IsLimited(role) && await Contributors(db, organisation.Id, now) - leaving >= organisation.ContributorLimit, "membership.limit_reached");

    /// <summary>Refuses the same place a second time at the same time.</summary>
    public static async Task DemandNoDouble(PortalDb db, Guid personId, Guid organisationId, Role role, DateTime from, DateTime? until, Guid? but = null)
    {
        var alike = await db.Memberships.Where(m => m.PersonId == personId && m.OrganisationId == organisationId && m.Role == role && m.Id != but).AsNoTracking().ToListAsync();
        Refusal.If(alike.Exists(m => m.Overlaps(from, until)), "membership.there_already");
    }

    /// <summary>Those who can do the work of a role now: in force, the account open, no grant against it.</summary>
    public static async Task<List<Membership>> Able(PortalStore store, DateTime at, params Role[] roles)
    {
        await using var all = await store.OpenAsSystem("count who is left to manage people");
        var memberships = await all.Memberships.Include(m => m.Organisation).Where(m => roles.Contains(m.Role) && m.From <= at && (m.Until == null || m.Until > at)).AsNoTracking().ToListAsync();
        var holders = memberships.ConvertAll(m => m.PersonId);
        var open = await all.Users.Where(u => u.LockoutEnd == null && holders.Contains(u.Id)).Select(u => u.Id).ToListAsync();
        var grants = await all.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync();
        return memberships.FindAll(m => open.Contains(m.PersonId) && Actor.Of(m, "", grants, at).LevelIn(m.Role == Role.AccessManager ? Section.Access : Section.Administration) == Level.Manage);
    }

    /// <summary>Refuses when nobody would be left who can let people in.</summary>
    public static async Task DemandAnother(PortalStore store, Role role, Func<Membership, bool> leaves, DateTime at) =>
        Refusal.Unless(role is not (Role.AccessManager or Role.Administrator) || (await Able(store, at, role)).Exists(m => !leaves(m)), "access.last_one");

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
