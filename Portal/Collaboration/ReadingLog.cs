using System.Collections.Concurrent;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Collaboration;

/// <summary>
/// Notes who opened which confidential record: once for each membership, record, parts seen and hour, so that a page that refreshes itself
/// does not fill the log. What was noted this hour is remembered in memory, so that reading again asks the database nothing; after a
/// restart, or by way of another node, the same reading is noted once more, which errs on the right side.
/// </summary>
public sealed class ReadingLog(TimeProvider clock)
{
    private const int Most = 100_000;
    private Hour hour = new(0);

    private sealed record Hour(long Number)
    {
        public ConcurrentDictionary<(Guid, Guid, string, string?), bool> Noted { get; } = new();
    }

    /// <summary>Notes a reading before its content is handed over, in a transaction of its own: what cannot be noted is not read.</summary>
    /// <param name="db">For whom.</param>
    /// <param name="record">What is read.</param>
    /// <param name="view">The parts of it that are seen.</param>
    /// <param name="ct">Cancels.</param>
    public Task Note(PortalDb db, IProtected record, int view, CancellationToken ct = default) => Note(db, [(record, view)], ct);

    /// <summary>Notes readings of many records at once, where one page tells of them.</summary>
    public async Task Note(PortalDb db, IEnumerable<(IProtected Record, int View)> readings, CancellationToken ct = default)
    {
        // Without a membership there is only what is public; in a preview only what whoever looks may read anyway, and that they look is on
        // the record.
        if (db.Actor.Membership is not { } membership || db.Actor.IsPreview)
            return;
        var now = Now();
        var keys = new List<(Guid, Guid, string, string?)>();
        foreach (var (record, view) in readings)
        {
            if (record.Reading(view) is not { } act)
                continue;
            var key = (membership.Id, record.Id, act.Code, act.Subject);
            if (now.Noted.ContainsKey(key))
                continue;
            keys.Add(key);
            db.Audit(act, record);
        }
        if (keys.Count == 0)
            return;
        await db.SaveChangesAsync(ct);
        // Only now: somebody who asks at the same moment must not be answered on the strength of a note that is not kept yet.
        foreach (var key in keys)
            now.Noted.TryAdd(key, true);
    }

    private Hour Now()
    {
        var number = clock.GetUtcNow().Ticks / TimeSpan.TicksPerHour;
        var now = Volatile.Read(ref hour);
        if (now.Number == number && now.Noted.Count < Most)
            return now;
        var next = new Hour(number);
        Volatile.Write(ref hour, next);
        return next;
    }
}
