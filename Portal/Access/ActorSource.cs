using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// Who asks, worked out anew for each operation: circuits live for hours, and a lock, a membership or a grant may end meanwhile.
/// </summary>
public sealed class ActorSource(PortalStore store, Visitor visitor, TimeProvider clock)
{
    /// <summary>The actor of this request or circuit; <see cref="Actor.Anonymous"/> when the session, the account or the membership no longer stands.</summary>
    public async Task<Actor> Current() => visitor.SessionId is { } id ? await OfSession(id) : Actor.Anonymous;

    /// <summary>Opens the database for the actor of this request or circuit.</summary>
    public async Task<PortalDb> Open() => await store.OpenFor(await Current());

    private async Task<Actor> OfSession(Guid sessionId)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await using var db = await store.OpenAsSystem("work out the actor");
        var standing = await db.Sessions
            .Where(s => s.Id == sessionId && s.ExpiresAt > now)
            .Join(db.Users, s => s.PersonId, u => u.Id, (s, u) => new { s.MembershipId, u.Id, u.Name, u.LockoutEnd })
            .Join(db.Memberships.Include(m => m.Organisation), x => x.MembershipId, m => m.Id, (x, m) => new { x.Name, x.Id, x.LockoutEnd, Membership = m, m.Organisation })
            .FirstOrDefaultAsync(x => x.Membership.PersonId == x.Id);
        // SQLite keeps this moment as text and cannot compare it.
        if (standing is null || standing.LockoutEnd > clock.GetUtcNow())
            return Actor.Anonymous;
        var (role, organisationId, personId) = (standing.Membership.Role, standing.Membership.OrganisationId, standing.Id);
        var grants = await db.Grants.Where(g => g.RevokedAt == null && (g.Role == role || g.OrganisationId == organisationId || g.PersonId == personId)).ToListAsync();
        return Actor.Of(standing.Membership, standing.Name, grants, now);
    }
}
