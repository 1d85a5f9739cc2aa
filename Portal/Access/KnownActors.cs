using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>An actor as worked out under one version of access.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Version">Version of access (<see cref="AccessVersion"/>) that it was worked out under.</param>
/// <param name="Until">The clock changes it then (UTC); null is never.</param>
public sealed record KnownActor(Actor Actor, int Version, DateTime? Until)
{
    /// <summary>Nobody signed in.</summary>
    public static readonly KnownActor Nobody = new(Actor.Anonymous, 0, null);
}

/// <summary>
/// Actors worked out before. One is used again only while the database says that no grant, membership or organisation has changed since,
/// and the clock has not reached a moment at which one begins or ends (docs/decisions/0008).
/// </summary>
public sealed class KnownActors(PortalStore store, TimeProvider clock)
{
    private const int Most = 5_000;
    private readonly ConcurrentDictionary<Guid, KnownActor> known = new();

    /// <summary>The actor of a session whose standing has just been read: in a preview, the one that its owner looks as.</summary>
    public async ValueTask<KnownActor> Of(Standing standing)
    {
        var own = await Own(standing);
        var now = clock.GetUtcNow().UtcDateTime;
        // Whoever no longer manages access looks as nobody: they are themselves again, and the preview's end is noted.
        if (standing.Views(now) is not { } viewing || !Viewing.CanStart(own.Actor))
            return own;
        if (known.TryGetValue(viewing.Id, out var before) && before.Version == standing.AccessVersion && !(before.Until <= now) && before.Actor.Viewer == own.Actor)
            return before;
        return Keep(viewing.Id, await WorkOut(viewing, own, standing.AccessVersion, now));
    }

    /// <summary>The actor of a session, whatever it looks at.</summary>
    public async ValueTask<KnownActor> Own(Standing standing)
    {
        if (standing.MembershipId is not { } membershipId)
            return KnownActor.Nobody;
        var now = clock.GetUtcNow().UtcDateTime;
        if (known.TryGetValue(membershipId, out var before) && before.Version == standing.AccessVersion && !(before.Until <= now)
            && before.Actor.Name == standing.Name && before.Actor.PersonId == standing.PersonId)
            return before;
        var actor = await WorkOut(standing, membershipId, now);
        return actor.Actor.IsSignedIn ? Keep(membershipId, actor) : actor;
    }

    private KnownActor Keep(Guid id, KnownActor actor)
    {
        if (known.Count >= Most)
            known.Clear();
        return known[id] = actor;
    }

    private async Task<KnownActor> WorkOut(Viewing viewing, KnownActor own, int version, DateTime now)
    {
        await using var db = await store.OpenAsSystem("work out whom somebody looks as");
        var organisation = viewing.OrganisationId is { } id ? await db.Organisations.AsNoTracking().FirstOrDefaultAsync(o => o.Id == id) : null;
        var place = viewing.Place(organisation);
        var grants = await db.Grants.Where(g => g.RevokedAt == null && (g.Role == place.Role || g.OrganisationId == viewing.OrganisationId) && g.PersonId == null).AsNoTracking().ToListAsync();
        var moments = grants.SelectMany(g => new[] { g.From, g.Until }).Append(viewing.Until).Append(own.Until);
        return new KnownActor(Actor.Of(place, own.Actor.Name, grants, now).SeenBy(own.Actor), version, moments.Where(m => m > now).Min());
    }

    private async Task<KnownActor> WorkOut(Standing standing, Guid membershipId, DateTime now)
    {
        await using var db = await store.OpenAsSystem("work out the actor");
        var membership = await db.Memberships.Include(m => m.Organisation).AsNoTracking().FirstOrDefaultAsync(m => m.Id == membershipId && m.PersonId == standing.PersonId);
        if (membership is null)
            return KnownActor.Nobody;
        var (role, organisationId, personId) = (membership.Role, membership.OrganisationId, membership.PersonId);
        var grants = await db.Grants.Where(g => g.RevokedAt == null && (g.Role == role || g.OrganisationId == organisationId || g.PersonId == personId)).AsNoTracking().ToListAsync();
        var moments = grants.SelectMany(g => new[] { g.From, g.Until }).Append(membership.From).Append(membership.Until);
        return new KnownActor(Actor.Of(membership, standing.Name, grants, now), standing.AccessVersion, moments.Where(m => m > now).Min());
    }
}
