using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Backups;

/// <summary>How one kind of database is copied while it is in use, and put back.</summary>
internal abstract class DatabaseCopy(Action<string> say, TimeProvider clock)
{
    /// <summary>Of the database that is configured.</summary>
    public static DatabaseCopy Of(IConfiguration configuration, string connection, Action<string> say, TimeProvider clock) =>
        (configuration["Database:Provider"] ?? "Sqlite") == "Postgres"
            ? new PostgresCopy(connection, say, clock)
            : new SqliteCopy(connection, say, clock);

    /// <summary>Kind, as a manifest names it.</summary>
    public abstract string Provider { get; }

    /// <summary>Name of the copy within a backup.</summary>
    protected abstract string Entry { get; }

    protected Action<string> Tell { get; } = say;
    protected DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A moment as part of a name.</summary>
    protected string Stamp => Now.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Writes a backup of the database as it is at one moment, whoever writes to it meanwhile.</summary>
    public abstract Task<BackupManifest> Backup(string path);

    /// <summary>Puts a backup in the place of the database, which is kept.</summary>
    /// <param name="path">The backup.</param>
    /// <param name="version">The database as this version has it: its migrations, its second wall.</param>
    /// <param name="disconnect">Whether sessions of others at the database are ended.</param>
    /// <returns>The backup's manifest, and where the database that was there is now; null where there was none.</returns>
    public async Task<(BackupManifest Manifest, string? Kept)> Restore(string path, PortalDb version, bool disconnect)
    {
        var manifest = await BackupFile.Read(path);
        if (manifest.Provider != Provider)
            throw new BackupFailed(
                $"{path} is of a database on {manifest.Provider}, and Database:Provider is {Provider}. Nothing was changed."
            );
        IReadOnlyList<string> known = [.. version.Database.GetMigrations()];
        if (Upgrade.OtherEdition(manifest.Migrations, known) is not null)
            throw new BackupFailed(
                $"{path} was made by another version of the portal ({manifest.Portal}), of which this one does not know {string.Join(", ", manifest.Migrations.Except(known))}. Put it back with that version. Nothing was changed."
            );
        return (manifest, await Put(path, manifest, version, disconnect));
    }

    protected abstract Task<string?> Put(string path, BackupManifest manifest, PortalDb version, bool disconnect);

    protected BackupManifest Manifest(Counted counted, string hash, long bytes, DateTime at) =>
        new(Provider, PortalVersion.Text, at, counted.Migrations, hash, bytes, counted.Rows, counted.AuditEntries, counted.AuditHash);

    /// <summary>Counts what is in a database, whatever version it is of.</summary>
    protected static async Task<Counted> Count(DbConnection connection, IReadOnlyList<string> tables)
    {
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
            rows[table] = (long)(await Scalar(connection, $"SELECT count(*) FROM \"{table}\""))!;
        var migrations = rows.ContainsKey("__EFMigrationsHistory")
            ? await Column(connection, """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1""")
            : [];
        if (migrations.Count == 0)
            throw new BackupFailed("this is no database of the portal, or an empty one.");
        var hasChain = rows.ContainsKey("AuditHeads");
        var entries = hasChain ? await Scalar(connection, """SELECT "Sequence" FROM "AuditHeads" """) : null;
        var hash = hasChain ? await Scalar(connection, """SELECT "Hash" FROM "AuditHeads" """) : null;
        return new Counted(migrations, rows, entries as long? ?? 0, hash is byte[] bytes ? Convert.ToHexStringLower(bytes) : "");
    }

    /// <summary>
    /// Who was signed in when the backup was made is not signed in by its coming back, and no link to a new password counts again.
    /// </summary>
    protected static Task EndWhatMustNotComeBack(DbConnection connection) =>
        Do(connection, """DELETE FROM "Sessions"; DELETE FROM "PasswordReset"; """);

    protected static async Task<object?> Scalar(DbConnection connection, string question)
    {
        await using var command = Command(connection, question);
        return await command.ExecuteScalarAsync();
    }

    protected static async Task<List<string>> Column(DbConnection connection, string question)
    {
        var values = new List<string>();
        await using var command = Command(connection, question);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }

    protected static async Task Do(DbConnection connection, string statements)
    {
        await using var command = Command(connection, statements);
        await command.ExecuteNonQueryAsync();
    }

    private static DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (text, 0);
        return command;
    }
}
