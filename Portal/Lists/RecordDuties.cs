using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Lists;

/// <summary>
/// What the portal does with records by itself as days pass: one record and one transaction at a time, by turns. Whichever node comes
/// second finds it done.
/// </summary>
internal static class RecordDuties
{
    /// <summary>Does something with each record for which it is due.</summary>
    /// <param name="store">Where records are kept.</param>
    /// <param name="due">Finds them.</param>
    /// <param name="act">Does it, where it is due still.</param>
    /// <param name="log">Told of those for which it could not be done; the others are done all the same.</param>
    /// <param name="ct">Stops before the next one.</param>
    public static async Task Each<T>(
        this PortalStore store,
        Func<PortalDb, Task<List<Guid>>> due,
        Func<PortalDb, T, Task> act,
        ILogger log,
        CancellationToken ct
    )
        where T : class, IProtected
    {
        List<Guid> ids;
        await using (var db = await store.OpenAsSystem("find what is due"))
            ids = await due(db);
        await store.Each(ids, act, log, ct);
    }

    /// <summary>Does something with each of some records for which it was due.</summary>
    public static async Task Each<T>(
        this PortalStore store,
        IEnumerable<Guid> ids,
        Func<PortalDb, T, Task> act,
        ILogger log,
        CancellationToken ct
    )
        where T : class, IProtected
    {
        foreach (var id in ids)
        {
            ct.ThrowIfCancellationRequested();
            await Rounds.Try(() => Do(store, id, act, ct), "What is due could not be done for one record", log, ct);
        }
    }

    private static async Task Do<T>(PortalStore store, Guid id, Func<PortalDb, T, Task> act, CancellationToken ct)
        where T : class, IProtected
    {
        await using var db = await store.OpenAsSystem("do what is due");
        try
        {
            await db.OneAtATime(
                "duties",
                async () =>
                {
                    var records = RecordRooms.All.OfType<RecordRoom<T>>().Single().Whole(db.Set<T>());
                    await act(db, await records.FirstAsync(r => r.Id == id, ct));
                    await db.SaveChangesAsync(ct);
                }
            );
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody changed it at this moment; it is found again next time if it is still due.
        }
    }
}
