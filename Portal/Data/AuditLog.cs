using Microsoft.EntityFrameworkCore;
using Portal.Domain.Collaboration;

namespace Portal.Data;

/// <summary>The database does not say where the log ends, so nothing can be noted, and what cannot be noted is not done.</summary>
public sealed class AuditLogBroken()
    : InvalidOperationException(
        "The audit log is broken: the note of where it ends was taken away. Keep the database as it is, and see: audit verify"
    );

/// <summary>
/// The log as it lies in the database: only ever added to. Triggers refuse what would change or take away an entry, also from somebody at
/// the database's own prompt; that they were taken away and the chain made anew is what an anchor shows.
/// </summary>
public static class AuditLog
{
    /// <summary>SQLite: refuses changes. An insert that replaces does not fire the trigger on deletion, so it has one of its own.</summary>
    internal static readonly string[] CreateSqlite =
    [
        """CREATE TRIGGER IF NOT EXISTS "AuditEntriesStay" BEFORE UPDATE ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
        """CREATE TRIGGER IF NOT EXISTS "AuditEntriesKept" BEFORE DELETE ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
        """CREATE TRIGGER IF NOT EXISTS "AuditEntriesOnce" BEFORE INSERT ON "AuditEntries" WHEN EXISTS (SELECT 1 FROM "AuditEntries" WHERE "Id" = new."Id") BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
        """CREATE TRIGGER IF NOT EXISTS "AuditHeadsForward" BEFORE UPDATE ON "AuditHeads" WHEN new."Sequence" <= old."Sequence" BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
        """CREATE TRIGGER IF NOT EXISTS "AuditHeadsKept" BEFORE DELETE ON "AuditHeads" BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
    ];

    /// <summary>PostgreSQL: the same, and emptying a table is refused too.</summary>
    internal static readonly string[] CreatePostgres =
    [
        """CREATE OR REPLACE FUNCTION portal_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$""",
        """CREATE OR REPLACE TRIGGER "AuditEntriesStay" BEFORE UPDATE OR DELETE ON "AuditEntries" FOR EACH ROW EXECUTE FUNCTION portal_only_added_to()""",
        """CREATE OR REPLACE TRIGGER "AuditEntriesKept" BEFORE TRUNCATE ON "AuditEntries" FOR EACH STATEMENT EXECUTE FUNCTION portal_only_added_to()""",
        """CREATE OR REPLACE TRIGGER "AuditHeadsForward" BEFORE UPDATE ON "AuditHeads" FOR EACH ROW WHEN (new."Sequence" <= old."Sequence") EXECUTE FUNCTION portal_only_added_to()""",
        """CREATE OR REPLACE TRIGGER "AuditHeadsStay" BEFORE DELETE ON "AuditHeads" FOR EACH ROW EXECUTE FUNCTION portal_only_added_to()""",
        """CREATE OR REPLACE TRIGGER "AuditHeadsKept" BEFORE TRUNCATE ON "AuditHeads" FOR EACH STATEMENT EXECUTE FUNCTION portal_only_added_to()""",
    ];

    /// <summary>
    /// Numbers and chains entries at the end of the log, within the transaction of the acts; the caller puts them in and saves. Other
    /// writers wait from here to the end of
    /// the transaction: on PostgreSQL for the one row that says where the log ends, on SQLite because a transaction that writes is alone.
    /// </summary>
    /// <param name="db">The database, in a transaction.</param>
    /// <param name="entries">Entries in the order of their acts.</param>
    /// <param name="ct">Stops the waiting.</param>
    internal static async Task Append(PortalDb db, IReadOnlyList<AuditEntry> entries, CancellationToken ct)
    {
        // One read earlier in this context is no longer the end.
        foreach (var old in db.ChangeTracker.Entries<AuditHead>().ToList())
            old.State = EntityState.Detached;
        var head =
            (
                await (
                    db.Database.IsNpgsql()
                        ? db.AuditHeads.FromSql($"""SELECT "Id", "Sequence", "Hash" FROM "AuditHeads" FOR UPDATE""")
                        : db.AuditHeads
                ).ToListAsync(ct)
            ).SingleOrDefault() ?? throw new AuditLogBroken();
        foreach (var entry in entries)
            head.Append(entry);
    }

    /// <summary>Where the log ends now.</summary>
    /// <exception cref="AuditLogBroken">The note of it was taken away.</exception>
    public static async Task<AuditHead> Head(this PortalDb db, CancellationToken ct = default) =>
        await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct) ?? throw new AuditLogBroken();

    // The names they are made by.
    private static readonly string[] SqliteTriggers =
    [
        "AuditEntriesStay",
        "AuditEntriesKept",
        "AuditEntriesOnce",
        "AuditHeadsForward",
        "AuditHeadsKept",
    ];
    private static readonly string[] PostgresTriggers =
    [
        "AuditEntriesStay",
        "AuditEntriesKept",
        "AuditHeadsForward",
        "AuditHeadsStay",
        "AuditHeadsKept",
    ];

    /// <summary>Triggers that should guard the log and the version of access, and are not there or switched off.</summary>
    public static async Task<IReadOnlyList<string>> MissingTriggers(this PortalDb db, CancellationToken ct = default)
    {
        if (db.Database.IsNpgsql())
        {
            var on = await db
                .Database.SqlQuery<string>(
                    $"""
                    SELECT t.tgname || CASE WHEN t.tgname = 'MovesAccess' THEN ' of ' || c.relname ELSE '' END AS "Value" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace
                    """
                )
                .ToListAsync(ct);
            return [.. PostgresTriggers.Concat(AccessVersion.Tables.Select(t => "MovesAccess of " + t)).Except(on)];
        }
        var there = await db
            .Database.SqlQuery<string>($"""SELECT name AS "Value" FROM sqlite_master WHERE type = 'trigger'""")
            .ToListAsync(ct);
        return [.. SqliteTriggers.Concat(AccessVersion.SqliteTriggers).Except(there)];
    }

    /// <summary>Goes along the whole log, one entry in memory at a time, and finds where it is broken first.</summary>
    /// <returns>How many entries fit, and the first break if there is one.</returns>
    public static async Task<(long Count, AuditBreak? Break)> Verify(
        this PortalDb db,
        IReadOnlyList<AuditAnchor> anchors,
        CancellationToken ct = default
    )
    {
        if (await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct) is not { } head)
            return (0, new AuditBreak(AuditFault.NoEnd, 0));
        var verifier = new AuditVerifier(head, anchors);
        await foreach (var entry in db.AuditEntries.AsNoTracking().OrderBy(e => e.Id).AsAsyncEnumerable().WithCancellation(ct))
            if (verifier.Next(entry) is { } found)
                return (verifier.Count, found);
        return (verifier.Count, verifier.End(await db.Head(ct)));
    }
}
