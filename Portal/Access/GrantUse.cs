using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Access;

/// <summary>
/// When a grant was last used: a section was entered that the role alone would not have opened so far; and when a membership was. Kept in
/// memory and
/// written down every half minute, past the log: it is no act, it decides nothing, and reviewers only ask whether it was in the last ninety
/// days.
/// </summary>
public sealed class GrantUse(PortalStore store, TimeProvider clock, ILogger<GrantUse> log) : BackgroundService
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<Guid, DateTime> used = new();
    private readonly ConcurrentDictionary<Guid, (DateTime At, bool IsWritten)> acted = new();

    /// <summary>Notes that an actor entered a section.</summary>
    public void Entered(Actor actor, Section section)
    {
        // A preview uses nothing.
        if (actor.Membership is not { } membership || actor.IsPreview)
            return;
        var own = Baseline.Of(membership.Role, section);
        foreach (var claim in actor.Claims)
            if (claim.GrantId is { } id && claim.Section == section && claim.Level > own)
                used[id] = clock.GetUtcNow().UtcDateTime;
    }

    /// <summary>
    /// Notes that somebody acts under a membership; to the hour, so that a busy portal does not write it down all the time.
    /// </summary>
    public void Acted(Actor actor)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (actor.Membership is { } membership && !(acted.TryGetValue(membership.Id, out var last) && now - last.At < Hour))
            acted[membership.Id] = (now, false);
    }

    /// <summary>Writes down what was noted.</summary>
    public async Task WriteDown()
    {
        var places = acted.Where(a => !a.Value.IsWritten).ToList();
        if (used.IsEmpty && places.Count == 0)
            return;
        await using var db = await store.OpenAsSystem("note when grants were last used");
        foreach (var (id, (at, _)) in places)
        {
            await db
                .Memberships.Where(m => m.Id == id && (m.LastUsedAt == null || m.LastUsedAt < at))
                .ExecuteUpdateAsync(s => s.SetProperty(m => m.LastUsedAt, at));
            acted[id] = (at, true);
        }
        foreach (var (id, at) in used.ToArray())
        {
            await db
                .Grants.Where(g => g.Id == id && (g.LastUsedAt == null || g.LastUsedAt < at))
                .ExecuteUpdateAsync(s => s.SetProperty(g => g.LastUsedAt, at));
            used.TryRemove(new KeyValuePair<Guid, DateTime>(id, at));
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(TimeSpan.FromSeconds(30), WriteDown, "The use of grants could not be written down", log, stoppingToken, clock);
}
