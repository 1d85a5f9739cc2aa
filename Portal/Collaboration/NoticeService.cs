using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;

namespace Portal.Collaboration;

/// <summary>One notice as its reader sees it.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Code">What happened.</param>
/// <param name="Kind">Kind of the record; null where it is none.</param>
/// <param name="RecordId">The record, or the request for access.</param>
/// <param name="Reference">Its reference; empty where it has none.</param>
/// <param name="At">UTC.</param>
/// <param name="IsNew">Whether it was neither read nor marked as read.</param>
public sealed record NoticeLine(Guid Id, string Code, Kind? Kind, Guid RecordId, string Reference, DateTime At, bool IsNew)
{
    /// <summary>Title of the record, as far as the reader sees it.</summary>
    public string? Title { get; init; }

    /// <summary>Language of the title.</summary>
    public Language Language { get; init; }

    /// <summary>ISO 3166-1 alpha-3 of the State it is about; null for the reader's own, or none.</summary>
    public string? State { get; init; }

    /// <summary>The organisation that acted; null for the reader's own, or where the reader is not told.</summary>
    public LocalName? By { get; init; }

    /// <summary>The section asked for, where it tells of a request for access.</summary>
    public Section? Section { get; init; }

    /// <summary>Where it leads.</summary>
    public string Address => Kind?.Path(Reference) ?? (Code == NoticeService.AskedCode ? "/access/requests?status=Waiting" : "/access/ask");
}

/// <summary>Notices of the membership acted under.</summary>
public sealed class NoticeService(ActorSource actors, TimeProvider clock)
{
    /// <summary>Code of the notice that a record has come to fit a saved view.</summary>
    internal const string ViewCode = "view.new";

    /// <summary>Code of the notice that somebody asks for access.</summary>
    internal const string AskedCode = "news.access_asked";

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
        var lines = await db
            .Notices.Where(n => n.At >= from && !off.Contains(n.Code))
            .OrderByDescending(n => n.At)
            .ThenByDescending(n => n.Id)
            .Take(most)
            .Select(n => new NoticeLine(
                n.Id,
                n.Code,
                n.Kind,
                n.RecordId,
                n.Reference,
                n.At,
                n.At > since && !db.NoticeReadings.Any(r => r.RecordId == n.RecordId && r.At >= n.At)
            ))
            .ToListAsync();
        if (!off.Contains(ViewCode))
            lines.AddRange(
                await db
                    .ViewHits.Where(h => h.IsNew && h.At >= from)
                    .OrderByDescending(h => h.At)
                    .ThenByDescending(h => h.RecordId)
                    .Take(most)
                    .Select(h => new NoticeLine(
                        h.RecordId,
                        ViewCode,
                        h.Kind,
                        h.RecordId,
                        h.Reference,
                        h.At,
                        h.At > since && !db.NoticeReadings.Any(r => r.RecordId == h.RecordId && r.At >= h.At)
                    ))
                    .ToListAsync()
            );
        if (!db.IsPreview)
            lines.AddRange(await Requests(db, from, since, most));
        // Told to one organisation by name and to all of its kind: one line.
        return await Told(db, [.. lines.OrderByDescending(l => l.At).DistinctBy(l => (l.Code, l.RecordId, l.At)).Take(most)]);
    }

    // Answers to what one asked for oneself; for those who answer, what others ask for.
    private static async Task<List<NoticeLine>> Requests(PortalDb db, DateTime from, DateTime since, int most)
    {
        var me = db.Actor.PersonId;
        var answers = db.Actor.LevelIn(Section.Access) >= Level.Manage;
        var asked = await db
            .AccessRequests.AsNoTracking()
            .Where(r =>
                (r.PersonId == me && r.AnsweredAt >= from && r.Status != RequestStatus.Withdrawn)
                || (answers && r.PersonId != me && r.Status == RequestStatus.Waiting && r.AskedAt >= from)
            )
            .OrderByDescending(r => r.AnsweredAt ?? r.AskedAt)
            .Take(most)
            .Select(r => new
            {
                r.Id,
                r.PersonId,
                r.Section,
                r.Status,
                At = r.AnsweredAt ?? r.AskedAt,
                IsRead = db.NoticeReadings.Any(x => x.RecordId == r.Id && x.At >= (r.AnsweredAt ?? r.AskedAt)),
            })
            .ToListAsync();
        return asked.ConvertAll(r => new NoticeLine(
            r.Id,
            r.PersonId == me ? CodeOf(r.Status) : AskedCode,
            null,
            r.Id,
            "",
            r.At,
            r.At > since && !r.IsRead
        )
        {
            Section = r.Section,
        });
    }

    private static string CodeOf(RequestStatus answer) =>
        answer switch
        {
            RequestStatus.Granted => "news.access_granted",
            RequestStatus.Refused => "news.access_refused",
            RequestStatus.Lapsed or RequestStatus.Waiting or RequestStatus.Withdrawn => "news.access_lapsed",
        };

    // What the records are called and whose they are, as far as the reader sees them now; who acted, as their activity tells it.
    private static async Task<IReadOnlyList<NoticeLine>> Told(PortalDb db, List<NoticeLine> lines)
    {
        if (lines.Count == 0)
            return lines;
        var ids = lines.Select(l => l.RecordId).Distinct().ToList();
        var titles = new Dictionary<Guid, RecordTitle>();
        foreach (var called in lines.Select(l => l.Kind).Distinct().Select(k => k?.Titles(db, ids)).OfType<IQueryable<RecordTitle>>())
        foreach (var title in await called.ToListAsync())
            titles[title.Id] = title;
        var since = lines.Min(l => l.At);
        var acts = (
            await db
                .Activities.Where(a => ids.Contains(a.RecordId) && a.At >= since && a.OrganisationId != null)
                .Select(a => new
                {
                    a.RecordId,
                    a.At,
                    a.OrganisationId,
                })
                .ToListAsync()
        ).DistinctBy(a => (a.RecordId, a.At)).ToDictionary(a => (a.RecordId, a.At), a => a.OrganisationId!.Value);
        var own = db.Actor.Membership?.OrganisationId;
        var bodies = acts.Values.Distinct().Where(id => id != own).ToList();
        var names = await db
            .Organisations.Where(o => bodies.Contains(o.Id))
            .Select(o => new { o.Id, o.Name })
            .ToDictionaryAsync(o => o.Id, o => o.Name);
        return lines.ConvertAll(l =>
            titles.GetValueOrDefault(l.RecordId) is { } called
                ? l with
                {
                    Title = called.Title,
                    Language = called.Language,
                    State = called.State == db.Actor.StateIso3 ? null : called.State,
                    By = acts.TryGetValue((l.RecordId, l.At), out var by) ? names.GetValueOrDefault(by) : null,
                }
                : l
        );
    }

    /// <summary>Notes that the reader has opened what notices tell of: they are new no more.</summary>
    public async Task Read(params IReadOnlyCollection<Guid> records)
    {
        await using var db = await actors.Open();
        if (records.Count == 0 || db.Actor.Membership is not { } membership || db.IsPreview)
            return;
        var (now, seen, from) = (clock.GetUtcNow().UtcDateTime, await SeenAt(db, membership.Id), membership.From);
        var news = (
            await db
                .Notices.Where(n => records.Contains(n.RecordId) && n.At >= from && n.At > seen)
                .Select(n => new { n.RecordId, n.At })
                .ToListAsync()
        )
            .Concat(
                await db
                    .ViewHits.Where(h => records.Contains(h.RecordId) && h.IsNew && h.At > seen)
                    .Select(h => new { h.RecordId, h.At })
                    .ToListAsync()
            )
            .Concat(
                await db
                    .AccessRequests.Where(r => records.Contains(r.Id) && (r.AnsweredAt ?? r.AskedAt) > seen)
                    .Select(r => new { RecordId = r.Id, At = r.AnsweredAt ?? r.AskedAt })
                    .ToListAsync()
            )
            .GroupBy(n => n.RecordId)
            .ToDictionary(g => g.Key, g => g.Max(n => n.At));
        var read = await db.NoticeReadings.Where(r => news.Keys.Contains(r.RecordId)).ToDictionaryAsync(r => r.RecordId);
        var unread = news.Where(n => !(read.GetValueOrDefault(n.Key)?.At >= n.Value)).Select(n => n.Key).ToList();
        foreach (var id in unread)
        {
            if (read.TryGetValue(id, out var reading))
                reading.Again(now);
            else
                db.NoticeReadings.Add(NoticeReading.Of(membership.Id, id, now));
        }
        if (unread.Count == 0)
            return;
        db.AccessChanged(membership.PersonId);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Opened in two windows at once: the other one has noted it.
        }
    }

    /// <summary>In a preview, how many of the latest notices are about records that whoever looks may not read; else none.</summary>
    public async Task<int> CountMasked(int most)
    {
        await using var db = await actors.Open();
        if (!db.IsPreview)
            return 0;
        var from = db.Actor.Membership!.From;
        var notices = db
            .Notices.Where(n => n.At >= from)
            .Select(n => new
            {
                n.Code,
                n.RecordId,
                n.At,
            })
            .Distinct();
        return Math.Min(most, await db.CountSeen(notices.Take(most))) - await notices.Take(most).CountAsync();
    }

    /// <summary>How many are new, counted up to 100.</summary>
    public async Task<int> CountNew()
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership || db.IsPreview)
            return 0;
        var (asked, from) = (db.Kept<Translated>(), membership.From);
        var chosen = await asked.Chosen(db, membership.Id);
        IReadOnlyList<string> off = chosen.Choices?.Told(NoticeWay.Off) ?? [];
        return await asked.CountNew(
            db,
            membership.Id,
            from,
            chosen.Seen,
            off,
            !off.Contains(ViewCode),
            db.Actor.PersonId,
            db.Actor.LevelIn(Section.Access) >= Level.Manage
        );
    }

    private sealed record Chosen(DateTime Seen, NoticeChoices? Choices);

    // The bell is on every page: it asks twice.
    private sealed class Translated
    {
        public readonly Func<PortalDb, Guid, Task<Chosen>> Chosen = EF.CompileAsyncQuery(
            (PortalDb db, Guid membership) =>
                db
                    .Memberships.AsNoTracking()
                    .Where(m => m.Id == membership)
                    .Select(m => new Chosen(m.NoticesSeenAt, db.NoticeChoices.FirstOrDefault(c => c.MembershipId == m.Id)))
                    .First()
        );

        // As Latest tells them; of each sort up to a hundred. What is off is counted: a "does not contain" would have the statement written
        // anew each time.
        public readonly Func<PortalDb, Guid, DateTime, DateTime, IReadOnlyList<string>, bool, Guid, bool, Task<int>> CountNew =
            EF.CompileAsyncQuery(
                (
                    PortalDb db,
                    Guid membership,
                    DateTime from,
                    DateTime seen,
                    IReadOnlyList<string> off,
                    bool views,
                    Guid me,
                    bool answers
                ) =>
                    db
                        .Memberships.Where(m => m.Id == membership)
                        .Select(m =>
                            db.Notices.Where(n =>
                                    n.At >= from
                                    && n.At > seen
                                    && off.Count(code => code == n.Code) == 0
                                    && !db.NoticeReadings.Any(r => r.RecordId == n.RecordId && r.At >= n.At)
                                )
                                .OrderByDescending(n => n.At)
                                .Take(100)
                                .Select(n => new
                                {
                                    n.Code,
                                    n.RecordId,
                                    n.At,
                                })
                                .Distinct()
                                .Count()
                            + db.ViewHits.Where(h =>
                                    views
                                    && h.IsNew
                                    && h.At >= from
                                    && h.At > seen
                                    && !db.NoticeReadings.Any(r => r.RecordId == h.RecordId && r.At >= h.At)
                                )
                                .OrderByDescending(h => h.At)
                                .Take(100)
                                .Select(h => h.RecordId)
                                .Distinct()
                                .Count()
                            + db.AccessRequests.Where(r =>
                                    (
                                        (r.PersonId == me && r.AnsweredAt >= from && r.Status != RequestStatus.Withdrawn)
                                        || (answers && r.PersonId != me && r.Status == RequestStatus.Waiting && r.AskedAt >= from)
                                    )
                                    && (r.AnsweredAt ?? r.AskedAt) > seen
                                    && !db.NoticeReadings.Any(x => x.RecordId == r.Id && x.At >= (r.AnsweredAt ?? r.AskedAt))
                                )
                                .OrderByDescending(r => r.AskedAt)
                                .Take(100)
                                .Count()
                        )
                        .First()
            );
    }

    /// <summary>Marks all as read.</summary>
    public async Task MarkSeen()
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } acting)
            return;
        var membership = await db.Memberships.FirstAsync(m => m.Id == acting.Id);
        membership.SawNotices(clock.GetUtcNow().UtcDateTime);
        db.NoticeReadings.RemoveRange(await db.NoticeReadings.ToListAsync()); // all are older
        db.AccessChanged(acting.PersonId);
        await db.SaveChangesAsync();
    }

    // What they do not want to be told of.
    private static async Task<IReadOnlyList<string>> Off(PortalDb db, Guid membershipId) =>
        (await db.NoticeChoices.AsNoTracking().FirstOrDefaultAsync(c => c.MembershipId == membershipId))?.Told(NoticeWay.Off) ?? [];

    private static Task<DateTime> SeenAt(PortalDb db, Guid membershipId) =>
        db.Memberships.Where(m => m.Id == membershipId).Select(m => m.NoticesSeenAt).FirstAsync();
}
