using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Data;

/// <summary>
/// Opens the database: for an actor, who sees what they may see, or for the system, which is logged and whose callers a law lists.
/// </summary>
public sealed class PortalStore(IDbContextFactory<PortalDb> factory, ILogger<PortalStore> log)
{
    /// <summary>Opens for an actor.</summary>
    public async Task<PortalDb> OpenFor(Actor actor)
    {
        var db = await factory.CreateDbContextAsync();
        db.Actor = actor;
        return db;
    }

    /// <summary>Opens for the portal's own work, past every filter. Callers are listed by a law.</summary>
    public async Task<PortalDb> OpenAsSystem(string reason)
    {
        log.LogDebug("Opened as system: {Reason}", reason);
        var db = await factory.CreateDbContextAsync();
        db.IsSystem = true;
        return db;
    }

    /// <summary>
    /// Opens for work on the tables themselves: migrations, demonstration data. As the system, and as whoever the connection says. Callers
    /// are listed by a law.
    /// </summary>
    public async Task<PortalDb> OpenAsOwner(string reason)
    {
        var db = await OpenAsSystem(reason);
        db.IsOwner = true;
        return db;
    }
}

/// <summary>Questions every room asks of the database.</summary>
public static class PortalDbQuestions
{
    /// <summary>The one, or not found: hidden and missing are the same answer.</summary>
    public static async Task<T> OneOrNotFound<T>(this IQueryable<T> query, CancellationToken ct = default) =>
        await query.FirstOrDefaultAsync(ct) ?? throw new NotFound();

    /// <summary>Needs as their verbs take them: never by reference alone, since consents and translations are part of the rules.</summary>
    public static IQueryable<Need> Whole(this IQueryable<Need> needs) =>
        needs.Include(n => n.Consents).Include(n => n.Requests).Include(n => n.Translations).AsSplitQuery();

    /// <summary>One need, whole.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public static Task<Need> WholeNeed(this PortalDb db, string reference, CancellationToken ct = default) =>
        db.Needs.Whole().Where(n => n.Reference == reference).OneOrNotFound(ct);

    /// <summary>
    /// How many there are for the actor; in a preview also those that whoever looks may not read. A number is told, and no content.
    /// </summary>
    public static async Task<int> CountSeen<T>(this PortalDb db, IQueryable<T> query, CancellationToken ct = default)
    {
        using var _ = db.Counting();
        return await query.CountAsync(ct);
    }

    /// <summary>Saves an act that needs no merging: when somebody else saved first, a clear no instead of a lost update.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c>.</exception>
    public static async Task SaveOrRefuse(this PortalDb db)
    {
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new Refusal("record.changed_meanwhile");
        }
        // Two did the same at one moment: the second is told what it would have been told a moment later.
        catch (DbUpdateException e) when (e.IsTaken(""))
        {
            var (_, code, field) = Taken.FirstOrDefault(t => e.IsTaken(t.Index), ("", "record.changed_meanwhile", null));
            throw new Refusal(code, field);
        }
    }

    // Part of the name of a unique index, and what is refused where a row of the same values is there.
    private static readonly (string Index, string Code, string? Field)[] Taken =
    [
        (nameof(Programme.IatiIdentifier), "programme.identifier_taken", nameof(Programme.IatiIdentifier)),
        (nameof(PortalDb.SavedViews), "view.name_taken", null),
        (nameof(PortalDb.NotForUs), "match.said_already", null),
        (nameof(PortalDb.NotNow), "need.not_now_already", null),
    ];

    /// <summary>Whether a save failed because another row has the same value in a unique index of this name or over this column.</summary>
    private static bool IsTaken(this DbUpdateException e, string column) =>
        e is not DbUpdateConcurrencyException
        && e.InnerException switch
        {
            Microsoft.Data.Sqlite.SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } s => s.Message.Contains(
                column,
                StringComparison.Ordinal
            ),
            Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation } p => p.ConstraintName?.Contains(
                column,
                StringComparison.Ordinal
            ) == true,
            _ => false,
        };

    /// <summary>Waits until no other transaction has the turn of this name, and has it until its own ends.</summary>
    internal static Task TakeTurn(this PortalDb db, string name)
    {
        var turn = "turn-" + name;
        return db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "Counters" ("Name", "Value") VALUES ({turn}, 1) ON CONFLICT ("Name") DO UPDATE SET "Value" = 1"""
        );
    }

    /// <summary>Moves a version on: what was made of what it stands for is made anew by whoever next asks.</summary>
    internal static Task MoveOn(this PortalDb db, string name, CancellationToken ct = default) =>
        db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "Counters" ("Name", "Value") VALUES ({name}, 1) ON CONFLICT ("Name") DO UPDATE SET "Value" = "Counters"."Value" + 1""",
            ct
        );

    /// <summary>
    /// The next number of a kind's series, such as <c>NEED-2026-0042</c>. Given at once and never twice; a number whose record is not saved
    /// stays unused.
    /// </summary>
    public static async Task<string> NextReference(this PortalDb db, Kind kind, int year, string? state = null) =>
        (await db.NextReferences(kind, year, 1, state))[0];

    /// <summary>Several numbers of a kind's series at once, in their order.</summary>
    public static async Task<IReadOnlyList<string>> NextReferences(this PortalDb db, Kind kind, int year, int count, string? state = null)
    {
        db.RefuseInPreview();
        // Of a State's own there are few, and no gap in them is to tell of another's.
        var name = kind.IsNumberedByState ? $"{kind.Series}-{state}-{year}" : Numbered(kind, year);
        var numbers = await db
            .Database.SqlQuery<int>(
                $"""INSERT INTO "Counters" ("Name", "Value") VALUES ({name}, {count}) ON CONFLICT ("Name") DO UPDATE SET "Value" = "Counters"."Value" + {count} RETURNING "Value" """
            )
            .ToListAsync();
        return
        [
            .. Enumerable.Range(numbers[0] - count + 1, count).Select(n => kind.IsNumberedByState ? $"{name}-{n}" : $"{name}-{n:0000}"),
        ];
    }

    private static string Numbered(Kind kind, int year) =>
        $"{kind.Series ?? throw new InvalidOperationException($"A {kind} has no number.")}-{year}";
}
