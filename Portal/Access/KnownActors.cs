using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Directory;
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

    /// <summary>What an actor may do, as one value: any difference has open screens loaded anew.</summary>
    public static string Print(Actor actor)
    {
        if (!actor.IsSignedIn)
            return "";
        var text = new StringBuilder(actor.Membership!.Id.ToString());
        foreach (var key in actor.CountedKeys.All.OrderBy(k => k.Name, StringComparer.Ordinal))
            text.Append(key.Name).AppendJoin(',', key.States ?? []).Append(';');
        foreach (
            var claim in actor
                .Claims.OrderBy(c => c.Section)
                .ThenBy(c => c.Audience.Key, StringComparer.Ordinal)
                .ThenBy(c => c.Level)
                .ThenBy(c => c.GrantId)
        )
            text.Append(claim.Section).Append(claim.Audience.Key).Append(claim.Level).Append(claim.GrantId).Append(';');
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
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
        if (
            known.TryGetValue(viewing.Id, out var before)
            && before.Version == standing.AccessVersion
            && !(before.Until <= now)
            && before.Actor.Viewer == own.Actor
        )
            return before;
        return Keep(viewing.Id, await WorkOut(viewing, own, standing.AccessVersion, now));
    }

    /// <summary>The actor of a session, whatever it looks at.</summary>
    public async ValueTask<KnownActor> Own(Standing standing)
    {
        if (standing.MembershipId is not { } membershipId)
            return KnownActor.Nobody;
        var now = clock.GetUtcNow().UtcDateTime;
        if (
            known.TryGetValue(membershipId, out var before)
            && before.Version == standing.AccessVersion
            && !(before.Until <= now)
            && before.Actor.Name == standing.Name
            && before.Actor.PersonId == standing.PersonId
        )
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
        var organisation = viewing.OrganisationId is { } id
            ? await db.Organisations.AsNoTracking().FirstOrDefaultAsync(o => o.Id == id)
            : null;
        var place = viewing.Place(organisation);
        var grants = await db
            .Grants.Where(g =>
                g.RevokedAt == null && (g.Role == place.Role || g.OrganisationId == viewing.OrganisationId) && g.PersonId == null
            )
            .AsNoTracking()
            .ToListAsync();
        var moments = grants.SelectMany(g => new[] { g.From, g.Until }).Append(viewing.Until).Append(own.Until);
        moments = moments.Concat(Terms(place.Organisation));
        return new KnownActor(Actor.Of(place, own.Actor.Name, grants, now).SeenBy(own.Actor), version, moments.Where(m => m > now).Min());
    }

    /// <summary>
    /// The actor of a membership when nobody is signed in under it: for what is told by mail. Nobody where it is not in force, or the
    /// account is suspended.
    /// </summary>
    public async Task<Actor> OfMembership(Guid membershipId)
    {
        await using var db = await store.OpenAsSystem("work out the actor that is told by mail");
        var now = clock.GetUtcNow();
        var membership = await db.Memberships.Include(m => m.Organisation).AsNoTracking().FirstOrDefaultAsync(m => m.Id == membershipId);
        if (
            membership is null
            || await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == membership.PersonId) is not { } person
            || person.LockoutEnd > now
        )
            return Actor.Anonymous;
        return Actor.Of(membership, person.Name, await Grants(db, membership), now.UtcDateTime);
    }

    private static Task<List<Grant>> Grants(PortalDb db, Membership membership)
    {
        var (role, organisationId, personId) = (membership.Role, membership.OrganisationId, membership.PersonId);
        return db
            .Grants.Where(g => g.RevokedAt == null && (g.Role == role || g.OrganisationId == organisationId || g.PersonId == personId))
            .AsNoTracking()
            .ToListAsync();
    }

    // A delegation sees what is before a body while its seat in it lasts.
    private static IEnumerable<DateTime?> Terms(Organisation organisation) =>
        organisation.Seats.SelectMany(s => new DateTime?[] { s.From, s.Until });

    private async Task<KnownActor> WorkOut(Standing standing, Guid membershipId, DateTime now)
    {
        await using var db = await store.OpenAsSystem("work out the actor");
        var membership = await db
            .Memberships.Include(m => m.Organisation)
            .AsNoTracking()
            .FirstOrDefaultAsync(m => m.Id == membershipId && m.PersonId == standing.PersonId);
        if (membership is null)
            return KnownActor.Nobody;
        var grants = await Grants(db, membership);
        var moments = grants.SelectMany(g => new[] { g.From, g.Until }).Append(membership.From).Append(membership.Until);
        moments = moments.Concat(Terms(membership.Organisation));
        return new KnownActor(Actor.Of(membership, standing.Name, grants, now), standing.AccessVersion, moments.Where(m => m > now).Min());
    }
}
