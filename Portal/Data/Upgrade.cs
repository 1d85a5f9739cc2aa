using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Portal.Data;

/// <summary>Another process had the database for longer than one waits.</summary>
public sealed class UpgradeBusy(string message) : Exception(message);

/// <summary>
/// Brings a database up to this version: all of what is missing, or nothing of it. Whatever moment a process dies at, the next one takes it
/// up, because
/// the turn to migrate is held by something the operating system or the server takes back: on SQLite the transaction itself, on PostgreSQL
/// a lock of the
/// transaction. (The framework's own lock on SQLite is a row, which outlives the process that wrote it and then keeps everybody waiting for
/// good.)
/// </summary>
internal static class Upgrade
{
    /// <summary>How long one waits for another process that is at it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    /// <summary>Number of the lock on PostgreSQL: "portal".</summary>
    internal const long Turn = 0x706F7274616C;

    /// <summary>What was done.</summary>
    /// <param name="Applied">Migrations applied.</param>
    /// <param name="Organisations">How many organisations were registered.</param>
    public sealed record Done(IReadOnlyList<string> Applied, int Organisations);

    /// <summary>
    /// Creates the database or brings it up, completes it (<see cref="Complete"/>), and registers the organisations every portal starts
    /// with.
    /// </summary>
    /// <param name="db">Opened as owner.</param>
    /// <param name="say">Is told what goes on, before it takes its time.</param>
    /// <param name="patience">How long to wait for another process; <see cref="Patience"/> unless said otherwise.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="UpgradeBusy">Another process has been at it for longer than that.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another edition made the database (<see cref="OtherEdition"/>), or rows would be left that point nowhere.
    /// </exception>
    public static async Task<Done> BringUp(PortalDb db, Action<string> say, TimeSpan? patience = null, CancellationToken ct = default)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(ct))
        {
            say("Creating the database…");
            await Create(creator, ct);
        }
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            return db.Database.IsNpgsql()
                ? await OnPostgres(db, say, patience ?? Patience, ct)
                : await OnSqlite(db, say, patience ?? Patience, ct);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task Create(IRelationalDatabaseCreator creator, CancellationToken ct)
    {
        try
        {
            await creator.CreateAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process was quicker.
        }
    }

    private static async Task<Done> OnSqlite(PortalDb db, Action<string> say, TimeSpan patience, CancellationToken ct)
    {
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        var wait = connection.DefaultTimeout;
        try
        {
            // Whoever died between making the file and this left it without; it cannot be said within a transaction, and neither can the
            // rest.
            if (await Ask(db, "PRAGMA journal_mode") is not "wal")
                await Do(db, "PRAGMA journal_mode=WAL", ct);
            await Do(db, "PRAGMA foreign_keys=OFF; PRAGMA busy_timeout=0", ct);
            connection.DefaultTimeout = 1;
            await using var transaction = await WhenItIsOurTurn<IDbContextTransaction>(
                async () =>
                {
                    try
                    {
                        return await db.Database.BeginTransactionAsync(ct);
                    }
                    catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6) // busy, locked
                    {
                        return null;
                    }
                },
                say,
                patience,
                ct
            );
            connection.DefaultTimeout = wait;
            await Do(db, """DROP TABLE IF EXISTS "__EFMigrationsLock" """, ct);
            return await InTurn(db, transaction, say, ct);
        }
        finally
        {
            connection.DefaultTimeout = wait;
            await Do(db, "PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000", CancellationToken.None);
        }
    }

    private static async Task<Done> OnPostgres(PortalDb db, Action<string> say, TimeSpan patience, CancellationToken ct)
    {
        await using var transaction = await WhenItIsOurTurn<IDbContextTransaction>(
            async () =>
            {
                var begun = await db.Database.BeginTransactionAsync(ct);
                if ((await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({Turn}) AS \"Value\"").ToListAsync(ct))[0])
                    return begun;
                await begun.DisposeAsync();
                return null;
            },
            say,
            patience,
            ct
        );
        return await InTurn(db, transaction, say, ct);
    }

    // One transaction for everything, statement by statement: the framework would make one of each migration, and some it does in several.
    private static async Task<Done> InTurn(PortalDb db, IDbContextTransaction transaction, Action<string> say, CancellationToken ct)
    {
        // Asked without failing: on PostgreSQL a statement that fails takes the transaction with it.
        var isNew = db.Database.IsNpgsql() && await Ask(db, """SELECT to_regclass('"__EFMigrationsHistory"')::text""") is null or "";
        var applied = isNew ? [] : (await db.Database.GetAppliedMigrationsAsync(ct)).ToHashSet();
        if (OtherEdition(applied, [.. db.Database.GetMigrations()]) is { } other)
            throw new InvalidOperationException(other);
        var pending = db.Database.GetMigrations().Where(m => !applied.Contains(m)).ToList();
        Announce(pending, say);
        foreach (var statement in pending.Count > 0 ? Statements(db, pending) : [])
            await Do(db, statement, ct);
        // While the keys were not watched.
        if (!db.Database.IsNpgsql() && pending.Count > 0 && applied.Count > 0 && await Ask(db, "PRAGMA foreign_key_check") is { } table)
            throw new InvalidOperationException($"The migration would leave rows of {table} that point nowhere; nothing was changed.");
        await Complete(db, ct);
        var registered = await ReferenceOrganisations.Register(db, ct);
        // Only where the tables are new: what staff removed stays away.
        if (applied.Count == 0)
        {
            db.Holidays.AddRange(ReferenceHolidays.All());
            await db.SaveChangesAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return new Done(pending, registered);
    }

    /// <summary>
    /// Makes, within the caller's transaction, what the tables need and the model cannot say: the index of words, the triggers of the log
    /// and of access, the second wall. May be repeated.
    /// </summary>
    /// <param name="db">Opened as owner, migrated.</param>
    /// <param name="ct">Stops.</param>
    public static async Task Complete(PortalDb db, CancellationToken ct = default)
    {
        IEnumerable<string> statements = db.Database.IsNpgsql()
            ? [.. FullText.CreatePostgres, .. AuditLog.CreatePostgres, .. AccessVersion.CreatePostgres, .. SecondWall.Create(db.Model)]
            : [.. FullText.CreateSqlite, .. AuditLog.CreateSqlite, .. AccessVersion.CreateSqlite];
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            foreach (var statement in statements)
                await Do(db, statement, ct);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Why a database cannot be brought up, where another edition of the portal made it; null where it can.</summary>
    /// <param name="applied">Migrations it has.</param>
    /// <param name="known">Migrations of this version, the oldest first.</param>
    public static string? OtherEdition(IEnumerable<string> applied, IReadOnlyList<string> known)
    {
        // Identifiers begin with the time they were made at.
        var foreign = applied.Except(known).Min(StringComparer.Ordinal);
        return foreign is null ? null
            : string.CompareOrdinal(foreign, known[^1]) > 0
                ? "A later version of the portal made this database; run that version, or a later one. Nothing was changed."
            : "An earlier edition of the portal, from before its first release, made this database, and this one cannot bring it up. Nothing was changed. Export with that edition what is still needed, then name a new database in ConnectionStrings:Portal and run: Portal migrate";
    }

    private static IEnumerable<string> Statements(PortalDb db, IEnumerable<string> pending)
    {
        var (assembly, generator, initializer, history) = (
            db.GetService<IMigrationsAssembly>(),
            db.GetService<IMigrationsSqlGenerator>(),
            db.GetService<IModelRuntimeInitializer>(),
            db.GetService<IHistoryRepository>()
        );
        yield return history.GetCreateIfNotExistsScript();
        foreach (var id in pending)
        {
            var migration = assembly.CreateMigration(assembly.Migrations[id], db.Database.ProviderName!);
            foreach (var command in generator.Generate(migration.UpOperations, initializer.Initialize(migration.TargetModel)))
                yield return command.CommandText;
            yield return history.GetInsertScript(new HistoryRow(id, ProductInfo.GetVersion()));
        }
    }

    private static void Announce(List<string> pending, Action<string> say)
    {
        if (pending.Count > 0)
            say($"Migrating: {(pending.Count == 1 ? "one step" : $"{pending.Count} steps")}…");
    }

    private static async Task<T> WhenItIsOurTurn<T>(Func<Task<T?>> take, Action<string> say, TimeSpan patience, CancellationToken ct)
        where T : class
    {
        var (began, told) = (Stopwatch.GetTimestamp(), false);
        while (true)
        {
            if (await take() is { } taken)
                return taken;
            if (!told)
                say(
                    $"Another process is migrating or writing to this database; waiting, for {(int)patience.TotalSeconds} seconds at most…"
                );
            told = true;
            if (Stopwatch.GetElapsedTime(began) > patience)
                throw new UpgradeBusy(
                    $"Another process has been migrating or writing to this database for more than {(int)patience.TotalSeconds} seconds. Nothing was changed. Let it finish or end it, then try again."
                );
            await Task.Delay(Between, ct);
        }
    }

    private static async Task<string?> Ask(PortalDb db, string question)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = question;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandTimeout = 0;
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private static async Task Do(PortalDb db, string statements, CancellationToken ct)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = statements;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
