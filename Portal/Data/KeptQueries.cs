using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>
/// Questions that nearly every page asks, translated once and not at each asking. Only the translation is kept: the filters are in it and
/// look at the
/// actor of the context that asks.
/// </summary>
public static class KeptQueries
{
    /// <summary>A room's translated questions. They belong to one database's model, so they are kept with it.</summary>
    internal static T Kept<T>(this PortalDb db)
        where T : class, new() =>
        db.Model.GetOrAddRuntimeAnnotationValue("Portal:" + typeof(T).FullName, static _ => new T(), (object?)null);

    /// <summary>
    /// Has the reads that follow share one connection, until the context is closed; on PostgreSQL it then says once for whom it is. Not in
    /// a preview,
    /// which counts more than it shows: what the second wall lets through changes within it, and is said at each opening.
    /// </summary>
    public static async Task OneConnection(this PortalDb db, CancellationToken ct = default)
    {
        if (db.IsPreview || db.IsHeldOpen)
            return;
        await db.Database.OpenConnectionAsync(ct);
        db.IsHeldOpen = true;
    }
}
