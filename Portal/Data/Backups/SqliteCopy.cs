using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace Portal.Data.Backups;

/// <summary>
/// SQLite: its own online backup copies the pages of one moment; a restore is made beside the file and takes its name in one step.
/// </summary>
internal sealed class SqliteCopy(string connection, Action<string> say, TimeProvider clock) : DatabaseCopy(say, clock)
{
    private readonly string database = Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource);

    public override string Provider => "Sqlite";
    protected override string Entry => "portal.db";

    public override async Task<BackupManifest> Backup(string path)
    {
        if (!File.Exists(database))
            throw new BackupFailed($"there is no database at {database}.");
        var copy = path + ".copy";
        try
        {
            await BackupFile.Private(copy).DisposeAsync();
            Tell("Copying…");
            var at = Now;
            await using (var from = await Open(database))
            await using (var to = await Open(copy))
            {
                await Do(to, "PRAGMA synchronous=OFF");
                from.BackupDatabase(to);
                await Do(to, "PRAGMA journal_mode=DELETE");
            }
            Tell("Checking the copy…");
            var counted = await Check(copy);
            Tell("Writing the file…");
            return await BackupFile.Write(
                path,
                Entry,
                CompressionLevel.Fastest,
                async to =>
                {
                    await using var from = File.OpenRead(copy);
                    await from.CopyToAsync(to);
                },
                (hash, bytes) => Manifest(counted, hash, bytes, at),
                (part, manifest) => BackupFile.Extract(part, Entry, manifest, Stream.Null)
            );
        }
        finally
        {
            Delete(copy);
        }
    }

    protected override async Task<string?> Put(string path, BackupManifest manifest, PortalDb version, bool disconnect)
    {
        if (disconnect)
            throw new BackupFailed(
                "--disconnect is for PostgreSQL: nobody can be sent away from a file. Stop the portal instead. Nothing was changed."
            );
        // Asked first, so that nobody waits for a copy in vain.
        if (File.Exists(database))
            await using (var alone = await TakeAlone())
                await GiveBack(alone);
        var beside = database + ".restoring";
        try
        {
            Tell("Checking the backup…");
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(database)!);
            await using (var to = BackupFile.Private(beside))
            {
                await BackupFile.Extract(path, Entry, manifest, to);
                to.Flush(flushToDisk: true);
            }
            BackupFile.Compare(manifest, await Check(beside));
            await using (var restored = await Open(beside))
            {
                await EndWhatMustNotComeBack(restored);
                await Do(restored, "PRAGMA journal_mode=WAL");
            }
            if (!File.Exists(database))
            {
                File.Move(beside, database);
                return null;
            }
            var kept = $"{database}.before-{Stamp}";
            await using (var alone = await TakeAlone())
            {
                try
                {
                    File.Replace(beside, database, kept);
                }
                catch (IOException)
                {
                    await GiveBack(alone);
                    throw;
                }
            }
            return kept;
        }
        finally
        {
            Delete(beside);
        }
    }

    // A database in use does not leave write-ahead logging; one that does has no log beside it any more that would be taken for the new
    // one's.
    private async Task<SqliteConnection> TakeAlone()
    {
        var connection = await Open(database);
        try
        {
            await Do(connection, "PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE");
            connection.DefaultTimeout = 2;
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=DELETE";
            if (await command.ExecuteScalarAsync() is not "delete")
                throw new BackupFailed(InUse);
            command.CommandText = "BEGIN EXCLUSIVE";
            await command.ExecuteNonQueryAsync();
            return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6) // busy, locked
        {
            await connection.DisposeAsync();
            throw new BackupFailed(InUse);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26) // malformed, no database
        {
            await connection.DisposeAsync();
            throw new BackupFailed(
                $"{database} is damaged, so it cannot be seen whether somebody uses it. Stop the portal, move the file and those that begin with its name away, and restore again. Nothing was changed."
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // As it was: whoever opens it next logs ahead.
    private static Task GiveBack(SqliteConnection alone) => Do(alone, "COMMIT; PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL");

    private string InUse =>
        $"{database} is in use. Stop the portal, and whatever else has it open, then restore again. Nothing was changed.";

    private static async Task<Counted> Check(string file)
    {
        await using var connection = await Open(file);
        if (await Scalar(connection, "PRAGMA integrity_check(1)") is not "ok")
            throw new BackupFailed("the copy is damaged, and so perhaps is the database it was made of. Nothing was changed.");
        var tables = await Column(
            connection,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'SearchFts%'"
        );
        return await Count(connection, tables);
    }

    private static async Task<SqliteConnection> Open(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Pooling = false,
                Mode = SqliteOpenMode.ReadWrite,
            }.ToString()
        );
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static void Delete(string file)
    {
        foreach (var ending in new[] { "", "-journal", "-wal", "-shm" })
            File.Delete(file + ending);
    }
}
