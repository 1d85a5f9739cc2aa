using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;

namespace Portal.Collaboration;

/// <summary>One notice as its reader sees it.</summary>
public sealed record NoticeLine(Guid Id, string Code, RecordKind Kind, string Reference, DateTime At, bool IsNew);

/// <summary>Notices of the membership acted under.</summary>
public sealed class NoticeService(ActorSource actors, TimeProvider clock)
{
    /// <summary>Code of the notice that a record has come to fit a saved view.</summary>
    internal const string ViewCode = "view.new";

    /// <summary>The latest notices about records still seen.</summary>
    public async Task<IReadOnlyList<NoticeLine>> Latest(int most)
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership)
            return [];
        // What was read is one person's own: in a preview nothing is new.
        var since = db.IsPreview ? DateTime.MaxValue : await SeenAt(db, membership.Id);
        var from = membership.From;
        var off = await Off(db, membership.Id);
        var lines = await db.Notices.Where(n => n.At >= from && !off.Contains(n.Code)).OrderByDescending(n => n.At).ThenByDescending(n => n.Id).Take(most)
            .Select(n => new NoticeLine(n.Id, n.Code, n.Kind, n.Reference, n.At, n.At > since)).ToListAsync();
        if (!off.Contains(ViewCode))
            lines.AddRange(await db.ViewHits.Where(h => h.IsNew && h.At >= from).OrderByDescending(h => h.At).ThenByDescending(h => h.RecordId).Take(most)
                .Select(h => new NoticeLine(h.RecordId, ViewCode, h.Kind, h.Reference, h.At, h.At > since)).ToListAsync());
        // Told to one organisation by name and to all of its kind: one line.
        return [.. lines.OrderByDescending(l => l.At).DistinctBy(l => (l.Code, l.Reference, l.At)).Take(most)];
    }

    /// <summary>In a preview, how many of the latest notices are about records that whoever looks may not read; else none.</summary>
    public async Task<int> CountMasked(int most)
    {
        await using var db = await actors.Open();
        if (!db.IsPreview)
            return 0;
        var from = db.Actor.Membership!.From;
        var notices = db.Notices.Where(n => n.At >= from).Select(n => new { n.Code, n.RecordId, n.At }).Distinct();
        return Math.Min(most, await db.CountSeen(notices.Take(most))) - await notices.Take(most).CountAsync();
    }

    /// <summary>How many are new, counted up to 100.</summary>
    public async Task<int> CountNew()
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership || db.IsPreview)
            return 0;
        var (id, from) = (membership.Id, membership.From);
        var off = await Off(db, id);
        var seen = await SeenAt(db, id);
        var news = off.Contains(ViewCode) ? 0 : await db.ViewHits.Where(h => h.IsNew && h.At >= from && h.At > seen).Take(100).Select(h => h.RecordId).Distinct().CountAsync();
        return news + (off.Count == 0 ? await db.Kept<Translated>().CountNew(db, from, seen) : await New(db.Notices.Where(n => !off.Contains(n.Code)), from, seen).CountAsync());
    }

    private static IQueryable<object> New(IQueryable<Notice> notices, DateTime from, DateTime seen) =>
        notices.Where(n => n.At >= from && n.At > seen).OrderByDescending(n => n.At).Take(100).Select(n => new { n.Code, n.RecordId, n.At }).Distinct();

    // The bell is on every page.
    private sealed class Translated
    {
        public readonly Func<PortalDb, DateTime, DateTime, Task<int>> CountNew = EF.CompileAsyncQuery((PortalDb db, DateTime from, DateTime seen) =>
            db.Notices.Where(n => n.At >= from && n.At > seen).OrderByDescending(n => n.At).Take(100).Select(n => new { n.Code, n.RecordId, n.At }).Distinct().Count());
    }

    /// <summary>Marks all as read.</summary>
    public async Task MarkSeen()
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } acting)
            return;
        var membership = await db.Memberships.FirstAsync(m => m.Id == acting.Id);
        membership.SawNotices(clock.GetUtcNow().UtcDateTime);
        db.AccessChanged(acting.PersonId);
        await db.SaveChangesAsync();
    }

    // What they do not want to be told of.
    private static async Task<IReadOnlyList<string>> Off(PortalDb db, Guid membershipId) =>
        (await db.NoticeChoices.AsNoTracking().FirstOrDefaultAsync(c => c.MembershipId == membershipId))?.Told(NoticeWay.Off) ?? [];

    private static Task<DateTime> SeenAt(PortalDb db, Guid membershipId) =>
        db.Memberships.Where(m => m.Id == membershipId).Select(m => m.NoticesSeenAt).FirstAsync();
}
