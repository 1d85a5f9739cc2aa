using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Lists;

/// <summary>Lists of records, for whoever asks: what they may see and nothing else.</summary>
public sealed class ListService(ActorSource actors)
{
    /// <summary>A page.</summary>
    public async Task<Page<TRow>> Page<T, TRow>(RecordList<T, TRow> list, ListAddress address, CancellationToken ct = default)
        where T : class, IProtected
        where TRow : class, IListed
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        var slice = await db.List(list.Request(address), ct);
        var rows = await list.Rows(db, slice.Ids, address, ct);
        return new Page<TRow>(rows, slice.Total, slice.IsCapped, address.Page, address.PageSize)
        {
            Masked = await db.Masked(slice.Ids, rows.Select(r => r.Id), ct),
        };
    }

    /// <summary>All rows, page by page, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<TRow>> Export<T, TRow>(
        RecordList<T, TRow> list,
        ListAddress address,
        string format,
        int most,
        CancellationToken ct = default
    )
        where T : class, IProtected
        where TRow : class, IListed
    {
        const int size = 200;
        await using var db = await actors.Open();
        var request = list.Request(address);
        var rows = new List<TRow>();
        for (var page = 1; rows.Count < most; page++)
        {
            var slice = await db.List(request with { Page = page, PageSize = size }, ct);
            rows.AddRange(await list.Rows(db, slice.Ids, address, ct));
            if (slice.Ids.Count < size)
                break;
        }
        db.Audit(new Act(list.Kind.Act("exported"), list.Kind.Parts.Inner.Bit, Subject: $"{format}:{rows.Count}"), list.Kind.Section);
        await db.SaveChangesAsync(ct);
        return rows;
    }
}
