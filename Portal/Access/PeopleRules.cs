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

    /// <summary>A membership in the words of the log: codes and days, never a name.</summary>
    public static string Said(Membership m) => Said(m.Role, m.Organisation, m.From, m.Until);

    /// <summary>A place in the words of the log.</summary>
    public static string Said(Role role, Organisation organisation, DateTime? from, DateTime? until) =>
        $"{role}:{organisation.Code}:{(from is { } f ? $"{f:yyyy-MM-dd}" : "now")}:{(until is { } u ? $"{u:yyyy-MM-dd}" : "open")}";
}
