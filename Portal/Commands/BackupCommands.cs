using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Domain.Access;

namespace Portal.Commands;

/// <summary>The whole database in one file, and back.</summary>
public static class BackupCommands
{
    /// <summary><c>backup</c>.</summary>
    public static readonly Command Backup = new(
        "backup",
        "FILE",
        "Writes the database as it is at this moment into one file, whoever works in the portal meanwhile, and checks what it wrote.\n"
            + "The file holds everything: records, attachments, accounts, keys. Only its owner may read it (mode 0600); keep it as you keep the database.\n"
            + "An existing file is not overwritten. PostgreSQL: needs pg_dump and pg_restore, of the server's version or later.",
        Write
    );

    /// <summary><c>restore</c>.</summary>
    public static readonly Command Restore = new(
        "restore",
        "FILE [--disconnect yes]",
        "Puts a backup in the place of the database. First the backup is checked and made ready beside; only then the two change places, and the database that was there is kept under another name.\n"
            + "Stop the portal first: refused while the database is in use, and where the backup is of a newer version. Everybody has to sign in again.\n"
            + "--disconnect: ends sessions of others at the database (PostgreSQL only). Afterwards: migrate, config check, audit verify.",
        Put
    );

    private static async Task Write(CommandContext context)
    {
        var path = Path.GetFullPath(context.Arguments.Value("FILE"));
        context.Arguments.Done();
        if (File.Exists(path) || System.IO.Directory.Exists(path))
            throw new CommandFailed($"{path} is there already; a backup is not overwritten.");
        if (!System.IO.Directory.Exists(Path.GetDirectoryName(path)))
            throw new CommandFailed($"the folder {Path.GetDirectoryName(path)} is not there.");
        var began = context.Service<TimeProvider>().GetTimestamp();
        await Note(context, "data.backed_up");
        var manifest = await Said(() => Copy(context).Backup(path));
        var taken = context.Service<TimeProvider>().GetElapsedTime(began);
        context.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Written to {path}: {new FileInfo(path).Length / 1048576.0:0.0} MB, the database of {manifest.At:yyyy-MM-dd HH:mm:ss} UTC, {manifest.Rows.Values.Sum()} rows in {manifest.Rows.Count} tables, {manifest.AuditEntries} entries of the log; checked; {taken.TotalSeconds:0.0} s."
            )
        );
        context.Say("It holds every secret that the database holds. Keep it where only those who run the portal can read it.");
    }

    private static async Task Put(CommandContext context)
    {
        var path = Path.GetFullPath(context.Arguments.Value("FILE"));
        var disconnect = context.Arguments.Option("disconnect") switch
        {
            null or "no" => false,
            "yes" => true,
            _ => throw new NotUnderstood("--disconnect takes yes or no."),
        };
        context.Arguments.Done();
        var began = context.Service<TimeProvider>().GetTimestamp();
        await using var db = await context.Service<PortalStore>().OpenAsSystem("name the migrations and the wall of this version");
        var (manifest, kept) = await Said(() => Copy(context).Restore(path, db, disconnect));
        var isOlder = db.Database.GetMigrations().Except(manifest.Migrations).Any();
        if (!isOlder)
            await Note(context, "data.restored");
        var taken = context.Service<TimeProvider>().GetElapsedTime(began);
        context.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Restored: the database of {manifest.At:yyyy-MM-dd HH:mm:ss} UTC, {manifest.Rows.Values.Sum()} rows in {manifest.Rows.Count} tables, {manifest.AuditEntries} entries of the log; checked; {taken.TotalSeconds:0.0} s."
            )
        );
        context.Say(
            kept is null
                ? "There was no database before."
                : $"The database that was there is kept as {kept}. Take it away when you no longer need it."
        );
        context.Say("Everybody has to sign in again. What was revoked or deleted after that moment is there again.");
        context.Say($"Now run: {(isOlder ? "migrate, then " : "")}config check, and audit verify --anchor with your last anchor.");
    }

    private static DatabaseCopy Copy(CommandContext context) =>
        DatabaseCopy.Of(
            context.App.Configuration,
            DataSetup.ConnectionOf(context.App.Configuration, context.App.Environment),
            context.Say,
            context.Service<TimeProvider>()
        );

    private static async Task<T> Said<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (BackupFailed e)
        {
            throw new CommandFailed(e.Message);
        }
    }

    // A copy of everything is an act like any other, where the log is of this version.
    private static async Task Note(CommandContext context, string code)
    {
        await using var db = await context.Service<PortalStore>().OpenAsSystem("note a backup");
        if (!await db.Database.CanConnectAsync() || (await db.Database.GetPendingMigrationsAsync()).Any())
            return;
        db.Audit(new Act(code, 0), Section.Administration);
        await db.SaveChangesAsync();
    }
}
