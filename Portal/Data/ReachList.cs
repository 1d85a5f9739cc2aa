using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>What a list asks for.</summary>
/// <typeparam name="T">Kind of record.</typeparam>
public sealed record ListRequest<T>(Kind<T> Kind)
    where T : class, IProtected
{
    /// <summary>Conditions on the record, or null for all.</summary>
    public Func<IQueryable<T>, IQueryable<T>>? Filter { get; init; }

    /// <summary>
    /// View bits that the conditions look at. A record counts only for readers who hold every one of them: filtering by a part
    /// that is not shared must not tell whether it matches.
    /// </summary>
    public int FilterParts { get; init; }

    /// <summary>ISO 3166-1 alpha-3 codes to keep, or empty for all.</summary>
    public IReadOnlyCollection<string> States { get; init; } = [];

    /// <summary>Words to find.</summary>
    public string? Words { get; init; }

    /// <summary>Another order than the newest first; over parts that every reader of the record sees.</summary>
    public Func<IQueryable<T>, IOrderedQueryable<T>>? Order { get; init; }

    /// <summary>Page, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Rows on a page.</summary>
    public int PageSize { get; init; } = 50;
}

/// <summary>One page of identifiers in order, and how many there are in all.</summary>
/// <param name="Ids">The page.</param>
/// <param name="Total">How many, or <see cref="ReachList.CountLimit"/> where <paramref name="IsCapped"/>.</param>
/// <param name="IsCapped">Whether there are more than were counted.</param>
public sealed record Slice(IReadOnlyList<Guid> Ids, int Total, bool IsCapped);

/// <summary>A record that is in a list of a preview, and whose content whoever looks may not read.</summary>
/// <param name="Id">The record.</param>
/// <param name="View">Bits of the parts that are seen by whom they look as.</param>
public sealed record MaskedRecord(Guid Id, int View);

/// <summary>
/// Lists, for readers who may see few of a million records or nearly all: driven by <see cref="Reach"/>, in the order it is stored in,
/// one index range for each audience of the actor, merged. Measured in docs/performance.md.
/// </summary>
public static class ReachList
{
    /// <summary>Counts stop here; more are shown as "1,000+".</summary>
    public const int CountLimit = 1000;

    private sealed class Hit
    {
        public Guid Id { get; init; }
        public long Sort { get; init; }
    }

    /// <summary>A record found, and in which of the lists that were asked.</summary>
    internal sealed class Found
    {
        /// <summary>Number of the list, from 0.</summary>
        public int List { get; init; }

        /// <summary>The record.</summary>
        public Guid Id { get; init; }

        /// <summary>Its place: the largest first.</summary>
        public long Sort { get; init; }
    }

    /// <summary>The first of a list in its usual order, as a question that can be asked together with those of other lists.</summary>
    /// <param name="db">For whom.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="list">Number of the list.</param>
    /// <param name="most">How many.</param>
    internal static IQueryable<Found> First<T>(this PortalDb db, ListRequest<T> request, int list, int most)
        where T : class, IProtected =>
        Hits(db, request, most)
            .Take(most)
            .Select(h => new Found
            {
                List = list,
                Id = h.Id,
                Sort = h.Sort,
            });

    /// <summary>How many a list holds, up to one more than <see cref="CountLimit"/>; in a preview all, whatever is asked.</summary>
    internal static async Task<int> Count<T>(this PortalDb db, ListRequest<T> request, CancellationToken ct)
        where T : class, IProtected
    {
        using var _ = db.Counting();
        var asked = db.IsPreview ? new ListRequest<T>(request.Kind) : request;
        return await Newest(db, asked, CountLimit + 1).Take(CountLimit + 1).CountAsync(ct);
    }

    /// <summary>One page of what the actor may see.</summary>
    public static async Task<Slice> List<T>(this PortalDb db, ListRequest<T> request, CancellationToken ct = default)
        where T : class, IProtected
    {
        // A preview's list is whole and in the order of the reach: what is filtered and sorted by would tell what masked records say.
        using var _ = db.Counting();
        if (db.IsPreview)
            request = new ListRequest<T>(request.Kind) { Page = request.Page, PageSize = request.PageSize };
        var (page, size) = (Math.Max(1, request.Page), Math.Clamp(request.PageSize, 1, 200));
        var ids = request.Order is null ? await Newest(db, request, page * size).Skip((page - 1) * size).Take(size).ToListAsync(ct) : null;
        // A page that is not full is the last one, and says how many there are.
        if (ids is { Count: var last } && last < size && (last > 0 || page == 1))
            return new Slice(ids, Math.Min(((page - 1) * size) + last, CountLimit), ((page - 1) * size) + last > CountLimit);
        var total = await db.Count(request, ct);
        var capped = total > CountLimit;
        total = Math.Min(total, CountLimit);
        if (ids is not null)
            return new Slice(ids, total, capped);

        // Few: order exactly those. Many: the actor sees a good part of the table, so walk the table in the order asked for.
        var few = Newest(db, request, CountLimit).Take(CountLimit);
        var records = capped
            ? WordsAndStates(db, request, Conditions(db, request, db.Set<T>()))
            : db.Set<T>().IgnoreQueryFilters([PortalDb.Visibility]).Where(x => few.Contains(EF.Property<Guid>(x, "Id")));
        var ordered = request.Order!(records).ThenByDescending(x => EF.Property<Guid>(x, "Id"));
        return new Slice(
            await ordered.Skip((page - 1) * size).Take(size).Select(x => EF.Property<Guid>(x, "Id")).ToListAsync(ct),
            total,
            capped
        );
    }

    /// <summary>The parts of each record that the actor sees.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> Views(
        this PortalDb db,
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct = default
    )
    {
        var views = new Dictionary<Guid, int>(ids.Count);
        await foreach (var line in db.Kept<Translated>().Lines(db, ids, db.Whole, db.Scoped).WithCancellation(ct))
            views[line.RecordId] = views.GetValueOrDefault(line.RecordId) | line.View;
        return views;
    }

    private sealed record Line(Guid RecordId, int View);

    private sealed class Translated
    {
        public readonly Func<PortalDb, IReadOnlyCollection<Guid>, string[], string[], IAsyncEnumerable<Line>> Lines = EF.CompileAsyncQuery(
            (PortalDb db, IReadOnlyCollection<Guid> ids, string[] whole, string[] scoped) =>
                db
                    .Reach.Where(r =>
                        ids.Contains(r.RecordId)
                        && (Enumerable.Contains(whole, r.Audience) || Enumerable.Contains(scoped, r.Audience + "@" + r.State))
                    )
                    .Select(r => new Line(r.RecordId, r.View))
        );
    }

    /// <summary>Of records that a preview's list counted, those that are masked, with the parts that would be seen.</summary>
    public static async Task<IReadOnlyList<MaskedRecord>> Masked(
        this PortalDb db,
        IReadOnlyCollection<Guid> ids,
        IEnumerable<Guid> shown,
        CancellationToken ct = default
    )
    {
        if (!db.IsPreview)
            return [];
        using var _ = db.Counting();
        var masked = ids.Except(shown).ToList();
        var views = await db.Views(masked, ct);
        return [.. masked.Where(views.ContainsKey).Select(id => new MaskedRecord(id, views[id]))];
    }

    /// <summary>In a preview, the parts of each record that would be seen and whoever looks may not read; else none.</summary>
    /// <param name="db">The database.</param>
    /// <param name="views">The parts shown.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyDictionary<Guid, int>> Veiled(
        this PortalDb db,
        IReadOnlyDictionary<Guid, int> views,
        CancellationToken ct = default
    )
    {
        if (!db.IsPreview)
            return new Dictionary<Guid, int>();
        using var _ = db.Counting();
        return (await db.Views([.. views.Keys], ct)).ToDictionary(v => v.Key, v => v.Value & ~views.GetValueOrDefault(v.Key));
    }

    /// <summary>
    /// Of some records those of which the actor sees all of these parts: what is added up must not tell of parts that are not shared.
    /// </summary>
    public static IQueryable<T> Showing<T>(this PortalDb db, IQueryable<T> records, int parts)
        where T : class, IProtected => Holding(db, records, parts);

    // In order, at least so many where there are: of each audience of the actor no more is read than that, from one index range.
    private static IQueryable<Guid> Newest<T>(PortalDb db, ListRequest<T> request, int most)
        where T : class, IProtected
    {
        // A reader of nearly everything who filters wants the table's own indexes: the reach would be walked to its end for a rare value.
        if (Narrowed(db.Keys, request.Kind) is [{ States: null }] && request.Filter is not null && request.Words is not { Length: > 0 })
            return WordsAndStates(db, request, Conditions(db, request, db.Set<T>()))
                .OrderByDescending(x => EF.Property<DateTime>(x, "UpdatedAt"))
                .ThenByDescending(x => EF.Property<Guid>(x, "Id"))
                .Select(x => EF.Property<Guid>(x, "Id"));
        return Hits(db, request, most).Select(h => h.Id);
    }

    private static IQueryable<Hit> Hits<T>(PortalDb db, ListRequest<T> request, int most)
        where T : class, IProtected
    {
        var branches = Narrowed(db.Keys, request.Kind).ConvertAll(k => Branch(db, request, k));
        var hits = branches is [var only]
            ? only
            : branches
                .Select(b => b.OrderByDescending(h => h.Sort).ThenByDescending(h => h.Id).Take(most))
                .Aggregate(Queryable.Concat)
                .GroupBy(h => h.Id)
                .Select(g => new Hit { Id = g.Key, Sort = g.Max(h => h.Sort) });
        return hits.OrderByDescending(h => h.Sort).ThenByDescending(h => h.Id);
    }

    // Whatever is shown to anyone outside is also before CTED, so CTED's own audience, unscoped, already has it all.
    private static List<AudienceKeys.Key> Narrowed(AudienceKeys keys, Kind kind)
    {
        var mine = keys.All.Where(k => k.Kind == kind).ToList();
        var cted = mine.Find(k => k.States is null && k.Name == Audience.Cted.For(kind));
        return cted is null ? mine : [cted];
    }

    private static IQueryable<Hit> Branch<T>(PortalDb db, ListRequest<T> request, AudienceKeys.Key key)
        where T : class, IProtected
    {
        var lines = db.Reach.Where(r => r.Audience == key.Name);
        var states =
            key.States is null ? request.States
            : request.States.Count == 0 ? key.States
            : [.. key.States.Intersect(request.States)];
        if (states.Count == 1)
        {
            var state = states.First();
            lines = lines.Where(r => r.State == state);
        }
        else if (states.Count > 1 || key.States is not null)
            lines = lines.Where(r => states.Contains(r.State));
        if (request.Words is { Length: > 0 } words)
        {
            if (db.Search(words) is not { } entries)
                return lines.Where(_ => false).Select(r => new Hit { Id = r.RecordId, Sort = r.Sort });
            lines = lines.Where(r => entries.Any(e => e.RecordId == r.RecordId && (e.Part & r.View) == e.Part));
        }
        if (request.Filter is not null)
        {
            var records = Conditions(db, request, db.Set<T>().IgnoreQueryFilters([PortalDb.Visibility]));
            lines = lines.Where(r => records.Any(x => EF.Property<Guid>(x, "Id") == r.RecordId));
        }
        return lines.Select(r => new Hit { Id = r.RecordId, Sort = r.Sort });
    }

    private static IQueryable<T> Conditions<T>(PortalDb db, ListRequest<T> request, IQueryable<T> records)
        where T : class, IProtected
    {
        if (request.Filter is not null)
            records = request.Filter(records);
        return Holding(db, records, request.FilterParts);
    }

    // The actor sees every one of these parts.
    private static IQueryable<T> Holding<T>(PortalDb db, IQueryable<T> records, int parts)
        where T : class, IProtected
    {
        for (var bits = parts; bits != 0; bits &= bits - 1)
        {
            var bit = bits & -bits;
            var (whole, scoped) = (db.Whole, db.Scoped);
            records = records.Where(x =>
                db.Reach.Any(r =>
                    r.RecordId == EF.Property<Guid>(x, "Id")
                    && (r.View & bit) != 0
                    && (whole.Contains(r.Audience) || scoped.Contains(r.Audience + "@" + r.State))
                )
            );
        }
        return records;
    }

    private static IQueryable<T> WordsAndStates<T>(PortalDb db, ListRequest<T> request, IQueryable<T> records)
        where T : class, IProtected
    {
        var (whole, scoped, states) = (db.Whole, db.Scoped, request.States);
        if (states.Count > 0)
            records = records.Where(x => states.Contains(EF.Property<string>(x, nameof(IProtected.StateIso3))));
        if (db.Search(request.Words) is { } entries)
            records = records.Where(x =>
                db.Reach.Any(r =>
                    r.RecordId == EF.Property<Guid>(x, "Id")
                    && (whole.Contains(r.Audience) || scoped.Contains(r.Audience + "@" + r.State))
                    && entries.Any(e => e.RecordId == r.RecordId && (e.Part & r.View) == e.Part)
                )
            );
        return records;
    }
}
