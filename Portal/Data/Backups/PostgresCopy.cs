using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Npgsql;

namespace Portal.Data.Backups;

/// <summary>
/// PostgreSQL: its own <c>pg_dump</c> and <c>pg_restore</c>, of the moment that the rows were counted at. A restore is made into a database
/// beside, and the
/// two change names in one transaction.
/// </summary>
internal sealed partial class PostgresCopy(string connection, Action<string> say, TimeProvider clock) : DatabaseCopy(say, clock)
{
    private readonly NpgsqlConnectionStringBuilder settings = new(connection) { Pooling = false, ApplicationName = "portal backup" };

    public override string Provider => "Postgres";
    protected override string Entry => "portal.dump";

    public override async Task<BackupManifest> Backup(string path)
    {
        await using var db = await Open(settings);
        var dump = await Tool("pg_dump", db);
        var restore = await Tool("pg_restore", db);
        await using var transaction = await db.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var snapshot = (string)(await Scalar(db, "SELECT pg_export_snapshot()"))!;
        var at = Now;
        Tell("Counting…");
        var counted = await Count(db, await Tables(db));
        Tell("Copying and writing the file…");
        return await BackupFile.Write(
            path,
            Entry,
            CompressionLevel.NoCompression,
            to => Run(dump, settings, ["--format=custom", "--compress=1", "--enable-row-security", "--snapshot=" + snapshot], output: to),
            (hash, bytes) => Manifest(counted, hash, bytes, at),
            async (part, manifest) =>
            {
                Tell("Checking what was written…");
                await BackupFile.Extract(part, Entry, manifest, Stream.Null);
                await using var zip = await ZipFile.OpenReadAsync(part);
                await using var from = await zip.GetEntry(Entry)!.OpenAsync();
                await Run(restore, null, ["--file=" + (OperatingSystem.IsWindows() ? "NUL" : "/dev/null")], input: from);
            }
        );
    }

    protected override async Task<string?> Put(string path, BackupManifest manifest, PortalDb version, bool disconnect)
    {
        var name = settings.Database!;
        var beside = name + "_restoring";
        await using var server = await Open(Elsewhere("postgres"));
        var restore = await Tool("pg_restore", server);
        var exists = await Scalar(server, $"SELECT 1 FROM pg_database WHERE datname = {Literal(name)}") is not null;
        await Alone(server, name, disconnect);
        var dump = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path) + ".dump");
        var list = dump + ".list";
        try
        {
            Tell("Checking the backup…");
            await using (var to = BackupFile.Private(dump))
                await BackupFile.Extract(path, Entry, manifest, to);
            await Do(server, $"DROP DATABASE IF EXISTS {Quoted(beside)}");
            await Do(server, $"CREATE DATABASE {Quoted(beside)} {await LikeThere(server, name)}");
            Tell("Putting it into a database beside…");
            var target = Elsewhere(beside);
            await WithoutTheWall(restore, dump, list);
            await Run(
                restore,
                target,
                [
                    "--no-owner",
                    "--no-acl",
                    "--use-list=" + list,
                    "--exit-on-error",
                    "--jobs=" + Math.Clamp(Environment.ProcessorCount, 1, 4),
                    "--dbname=" + beside,
                    dump,
                ]
            );
            await using (var restored = await Open(target))
            {
                Tell("Checking what was put there…");
                BackupFile.Compare(manifest, await Count(restored, await Tables(restored)));
                await EndWhatMustNotComeBack(restored);
                // The wall and its rights are made anew and not taken from the copy: the user may be another one here.
                foreach (var statement in SecondWall.Create(version.Model))
                    await Do(restored, statement);
                await Do(restored, "ANALYZE");
            }
            await Alone(server, name, disconnect);
            if (!exists)
            {
                await Do(server, $"ALTER DATABASE {Quoted(beside)} RENAME TO {Quoted(name)}");
                return null;
            }
            var kept = $"{name}_before_{Stamp}".ToLowerInvariant();
            await using var transaction = await server.BeginTransactionAsync();
            await Do(server, $"ALTER DATABASE {Quoted(name)} RENAME TO {Quoted(kept)}");
            await Do(server, $"ALTER DATABASE {Quoted(beside)} RENAME TO {Quoted(name)}");
            await transaction.CommitAsync();
            return kept;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BackupFailed(
                $"the user of ConnectionStrings:Portal may not do that on the server: {e.MessageText}. Restoring needs the right to create databases (ALTER ROLE … CREATEDB) and to own this one. Nothing was changed."
            );
        }
        finally
        {
            File.Delete(dump);
            File.Delete(list);
            await Do(server, $"DROP DATABASE IF EXISTS {Quoted(beside)} WITH (FORCE)");
        }
    }

    // What is put back, in the tool's own words. The second wall binds an owner who is no superuser: foreign keys made behind it would find
    // half of their rows.
    private static async Task WithoutTheWall(string restore, string dump, string list)
    {
        using var contents = new MemoryStream();
        await Run(restore, null, ["--list", dump], output: contents);
        await using var to = new StreamWriter(BackupFile.Private(list));
        foreach (var line in System.Text.Encoding.UTF8.GetString(contents.ToArray()).Split('\n'))
            if (!Walled().IsMatch(line))
                await to.WriteLineAsync(line.TrimEnd('\r'));
    }

    private async Task Alone(NpgsqlConnection server, string name, bool disconnect)
    {
        // One that was stopped a moment ago is still leaving.
        for (var turn = 0; turn < 10 && !await IsAlone(server, name); turn++)
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        if (disconnect)
            await Do(
                server,
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {Literal(name)} AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            );
        var others = await Column(
            server,
            $"""
            SELECT coalesce(nullif(application_name, ''), 'unnamed') || ' (' || coalesce(usename, '') || ' from ' || coalesce(client_addr::text, 'this machine') || ')'
            FROM pg_stat_activity WHERE datname = {Literal(name)} AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """
        );
        if (others.Count > 0 && !disconnect)
            throw new BackupFailed(
                $"the database {name} is in use: {string.Join(", ", others.Distinct().Take(5))}. Stop every node of the portal, then restore again; --disconnect yes ends what is left. Nothing was changed."
            );
    }

    private static async Task<bool> IsAlone(NpgsqlConnection server, string name) =>
        await Scalar(
            server,
            $"SELECT 1 FROM pg_stat_activity WHERE datname = {Literal(name)} AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
        )
            is null;

    // Words are ordered and compared as they were.
    private static async Task<string> LikeThere(NpgsqlConnection server, string name)
    {
        var like = await Scalar(
            server,
            $"""
            SELECT format('TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
                || CASE WHEN to_jsonb(d) ->> 'datlocprovider' = 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')) ELSE '' END
            FROM pg_database d WHERE d.datname = {Literal(name)}
            """
        );
        return like as string ?? "TEMPLATE template0 ENCODING 'UTF8'";
    }

    private static Task<List<string>> Tables(NpgsqlConnection db) =>
        Column(db, "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()");

    private NpgsqlConnectionStringBuilder Elsewhere(string name) => new(settings.ConnectionString) { Database = name };

    // As the system: an owner who is no superuser sees nothing else behind the second wall.
    private static async Task<NpgsqlConnection> Open(NpgsqlConnectionStringBuilder settings)
    {
        var db = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await db.OpenAsync();
            await Do(db, "SET portal.system = 'on'");
            return db;
        }
        catch (Exception e) when (e is NpgsqlException)
        {
            await db.DisposeAsync();
            throw new BackupFailed($"the database {settings.Database} cannot be reached: {e.Message}");
        }
    }

    // A tool older than the server does not read it.
    private static async Task<string> Tool(string name, NpgsqlConnection server)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            // Debian keeps those of each version here, and on the path one that chooses.
            .Concat(
                System.IO.Directory.Exists("/usr/lib/postgresql")
                    ? System
                        .IO.Directory.GetDirectories("/usr/lib/postgresql")
                        .OrderDescending(StringComparer.Ordinal)
                        .Select(d => Path.Combine(d, "bin"))
                    : []
            );
        var found = "";
        foreach (var tool in folders.Select(f => Path.Combine(f, name + (OperatingSystem.IsWindows() ? ".exe" : ""))).Where(File.Exists))
        {
            using var said = new MemoryStream();
            await Run(tool, null, ["--version"], output: said);
            found = System.Text.Encoding.UTF8.GetString(said.ToArray()).Trim();
            if (
                Version().Match(found) is { Success: true } version
                && int.Parse(version.Value, System.Globalization.CultureInfo.InvariantCulture) >= server.PostgreSqlVersion.Major
            )
                return tool;
        }
        throw new BackupFailed(
            found.Length == 0
                ? $"{name} is not on this machine. Install the client tools of PostgreSQL {server.PostgreSqlVersion.Major} or later (Debian: postgresql-client)."
                : $"{found} is older than the server ({server.PostgreSqlVersion.Major}). Install the client tools of PostgreSQL {server.PostgreSqlVersion.Major} or later."
        );
    }

    private static async Task Run(
        string tool,
        NpgsqlConnectionStringBuilder? to,
        IEnumerable<string> arguments,
        Stream? input = null,
        Stream? output = null
    )
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in to is null ? [] : VariablesOf(to))
            start.Environment[name] = value;
        using var process = Start(start);
        try
        {
            var error = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.BaseStream.CopyToAsync(output ?? Stream.Null);
            try
            {
                if (input is not null)
                    await input.CopyToAsync(process.StandardInput.BaseStream);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended early; why, it says itself.
            }
            await said;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new BackupFailed($"{Path.GetFileName(tool)} failed: {(await error).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BackupFailed($"{start.FileName} does not start: {e.Message}");
        }
    }

    // The second wall binds an owner who is no superuser; as the system they read every row (--enable-row-security).
    // In the environment and not on the command line, which everybody on the machine can read.
    private static IEnumerable<(string, string?)> VariablesOf(NpgsqlConnectionStringBuilder to)
    {
        yield return ("PGHOST", to.Host);
        yield return ("PGPORT", to.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return ("PGUSER", to.Username);
        yield return ("PGDATABASE", to.Database);
        if (to.Password is not null)
            yield return ("PGPASSWORD", to.Password);
        if (to.Passfile is not null)
            yield return ("PGPASSFILE", to.Passfile);
        yield return (
            "PGSSLMODE",
            to.SslMode switch
            {
                SslMode.Disable => "disable",
                SslMode.Allow => "allow",
                SslMode.Prefer => "prefer",
                SslMode.Require => "require",
                SslMode.VerifyCA => "verify-ca",
                SslMode.VerifyFull => "verify-full",
            }
        );
        if (to.RootCertificate is not null)
            yield return ("PGSSLROOTCERT", to.RootCertificate);
        yield return ("PGOPTIONS", "-c portal.system=on");
    }

    private static string Literal(string text) => "'" + text.Replace("'", "''") + "'";

    private static string Quoted(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";

    // "3721; 0 16422 ROW SECURITY public Needs portal"
    [GeneratedRegex(@"^\d+; \d+ \d+ (?:POLICY|ROW SECURITY) ")]
    private static partial Regex Walled();

    [GeneratedRegex(@"(?<=\(PostgreSQL\) )\d+")]
    private static partial Regex Version();
}
