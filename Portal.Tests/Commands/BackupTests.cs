using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Commands;

/// <summary>An operator takes the whole database into a file while people work, and puts it back.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-backup-").FullName;

    private string File(string name = "portal.backup") => Path.Combine(folder, name);

    public void Dispose() => System.IO.Directory.Delete(folder, recursive: true);

    // A restore wants the database for itself; the tests' own idle connections are in its way as a portal would be.
    private static void LetGo(string connection, Database database)
    {
        if (database == Database.Sqlite)
            SqliteConnection.ClearPool(new SqliteConnection(connection));
        else
            NpgsqlConnection.ClearPool(new NpgsqlConnection(connection));
    }

    private static async Task Forget(string said, Database database)
    {
        if (
            database != Database.Postgres
            || System.Text.RegularExpressions.Regex.Match(said, @"kept as (\S+)\. ") is not { Success: true } kept
        )
            return;
        await OnServer($"DROP DATABASE {kept.Groups[1].Value} WITH (FORCE)");
    }

    private static async Task OnServer(params string[] statements)
    {
        await using var server = new NpgsqlConnection(TestDb.PostgresServer);
        await server.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, server);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_saved_before_a_backup_is_there_after_a_restore_whole_whoever_wrote_meanwhile(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var source = DemonstrationApp.On(database, test.ConnectionString);
        await test.As(Cast.Amina); // a session, which must not come back
        using var stop = new CancellationTokenSource();
        var saved = 0;
        var under = new TaskCompletionSource();
        var writers = Enumerable
            .Range(0, 3)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        await test.Save(Cast.Need());
                        if (Interlocked.Increment(ref saved) == 5)
                            under.SetResult();
                    }
                })
            )
            .ToList();
        await under.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var before = Volatile.Read(ref saved);
        var (code, said, error) = await source.Type("backup " + File());
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("checked", said);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File()));
        Assert.Equal([File()], System.IO.Directory.GetFiles(folder));

        await using var target = await DemonstrationApp.Open(database, "Production");
        (code, said, error) = await target.Type("restore " + File());
        Assert.Equal((0, ""), (code, error));
        await Forget(said, database);
        await using var db = await target.AsSystem();
        var needs = await db.Needs.AsNoTracking().Select(n => n.Id).ToListAsync();
        Assert.InRange(needs.Count, before, saved);
        Assert.Equal(needs.Count, await db.Reach.Where(r => needs.Contains(r.RecordId)).Select(r => r.RecordId).Distinct().CountAsync());
        Assert.Equal(0, await db.Sessions.CountAsync());
        Assert.Null((await db.Verify([])).Break);
        Assert.Equal(
            ["data.backed_up", "data.restored"],
            await db.AuditEntries.Where(e => e.Code.StartsWith("data.")).OrderBy(e => e.Id).Select(e => e.Code).ToListAsync()
        );
        Assert.True(await target.App.PrepareDatabase());
        (_, said, _) = await target.Type("config check");
        Assert.Contains("ok     No migration is pending", said);
        Assert.DoesNotContain(said.Split('\n'), l => l.StartsWith("wrong", StringComparison.Ordinal) && !l.Contains("clock")); // the tests' own clock stands
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_restore_brings_back_what_was_there_and_keeps_what_is(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database, "Production");
        await portal.Type("migrate");
        Assert.Equal(0, (await portal.Type("backup " + File())).Code);
        var (code, _, error) = await portal.Type("backup " + File());
        Assert.Equal(1, code);
        Assert.Contains("not overwritten", error);
        await using (var db = await portal.AsSystem())
        {
            db.Counters.Add(new Counter { Name = "after", Value = 1 });
            await db.SaveChangesAsync();
        }
        LetGo(portal.ConnectionString, database);
        string said;
        (code, said, error) = await portal.Type("restore " + File());
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("kept as", said);
        await using (var db = await portal.AsSystem())
            Assert.False(await db.Counters.AnyAsync(c => c.Name == "after"));
        await Forget(said, database);
    }

    [Theory, OnPostgres]
    public async Task An_owner_whom_the_second_wall_binds_takes_a_backup_and_puts_it_back(Database database)
    {
        var owner = "portal_owner_" + Guid.NewGuid().ToString("N");
        await OnServer($"CREATE ROLE {owner} LOGIN CREATEDB PASSWORD '{owner}'", $"CREATE DATABASE {owner} OWNER {owner}");
        var connection = new NpgsqlConnectionStringBuilder(TestDb.PostgresServer)
        {
            Database = owner,
            Username = owner,
            Password = owner,
        }.ToString();
        var kept = "";
        try
        {
            await using var portal = DemonstrationApp.On(database, connection);
            await portal.Reset(new(Needs: 30, Offers: 5));
            var before = await Rows(portal);
            Assert.Equal(0, await BehindTheWall(connection));
            Assert.Equal(0, (await portal.Type("backup " + File())).Code);
            LetGo(connection, database);
            var (code, said, error) = await portal.Type("restore " + File());
            Assert.Equal((0, ""), (code, error));
            kept = System.Text.RegularExpressions.Regex.Match(said, @"kept as (\S+)\. ").Groups[1].Value;
            Assert.Equal(before, await Rows(portal));
            Assert.Equal(0, await BehindTheWall(connection));
            Assert.Contains("ok     Second wall: stands around every protected table", (await portal.Type("config check")).Out);
            LetGo(connection, database);
        }
        finally
        {
            await OnServer([
                .. new[] { owner, kept, owner + "_restoring" }
                    .Where(d => d.Length > 0)
                    .Select(d => $"DROP DATABASE IF EXISTS {d} WITH (FORCE)"),
                $"DROP ROLE {owner}",
            ]);
        }

        // What the owner sees who says nothing on the connection.
        static async Task<long> BehindTheWall(string connection)
        {
            await using var db = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ToString());
            await db.OpenAsync();
            await using var command = new NpgsqlCommand(
                """SELECT (SELECT count(*) FROM "Needs") + (SELECT count(*) FROM "ReviewItems")""",
                db
            );
            return (long)(await command.ExecuteScalarAsync())!;
        }

        static async Task<Dictionary<string, int>> Rows(DemonstrationApp portal)
        {
            await using var db = await portal.AsSystem();
            return new()
            {
                ["needs"] = await db.Needs.CountAsync(),
                ["reach"] = await db.Reach.CountAsync(),
                ["review items"] = await db.ReviewItems.CountAsync(),
                ["proposals"] = await db.Proposals.CountAsync(),
            };
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_restore_refuses_a_database_in_use(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database, "Production");
        await portal.Type("migrate");
        Assert.Equal(0, (await portal.Type("backup " + File())).Code);
        await using var running = await portal.AsSystem();
        await running.Database.OpenConnectionAsync();
        Assert.NotEqual(0, await running.Organisations.CountAsync());
        var (code, _, error) = await portal.Type("restore " + File());
        Assert.Equal(1, code);
        Assert.Contains("is in use", error);
        Assert.NotEqual(0, await running.Organisations.CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_damaged_newer_or_no_backup_is_refused_before_anything_is_touched(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database, "Production");
        await portal.Type("migrate");
        Assert.Equal(0, (await portal.Type("backup " + File())).Code);
        var bytes = await System.IO.File.ReadAllBytesAsync(File());
        await using (var db = await portal.AsSystem())
        {
            db.Counters.Add(new Counter { Name = "after", Value = 1 });
            await db.SaveChangesAsync();
        }
        LetGo(portal.ConnectionString, database);

        await System.IO.File.WriteAllBytesAsync(File("cut"), bytes[..(bytes.Length / 2)]);
        await Refused("cut", "cut off");
        await System.IO.File.WriteAllTextAsync(File("text"), "no backup");
        await Refused("text", "is no backup");
        for (var i = 1; i < 8; i++)
        {
            var damaged = (byte[])bytes.Clone();
            // A whole stretch: in the middle of nothing but zeros, one byte may well be another and say the same.
            for (var at = 0; at < 200; at++)
                damaged[(bytes.Length * i / 10) + at] ^= 0x55;
            await System.IO.File.WriteAllBytesAsync(File("damaged"), damaged);
            await Refused("damaged", "damaged");
        }
        await Rewrite("newer", s => s.Replace("\"migrations\": [", "\"migrations\": [\"29990101000000_Later\", "));
        await Refused("newer", "another version");
        await Rewrite("fewer", s => System.Text.RegularExpressions.Regex.Replace(s, "\"Organisations\": \\d+", "\"Organisations\": 1"));
        await Refused("fewer", "Organisations");
        await Rewrite("log", s => System.Text.RegularExpressions.Regex.Replace(s, "\"auditEntries\": \\d+", "\"auditEntries\": 99"));
        await Refused("log", "audit log");
        await Rewrite("other", s => s.Replace($"\"{database}\"", database == Database.Sqlite ? "\"Postgres\"" : "\"Sqlite\""));
        await Refused("other", "Database:Provider");

        async Task Refused(string file, string says)
        {
            var (code, _, error) = await portal.Type("restore " + File(file));
            Assert.Equal(1, code);
            Assert.Contains(says, error);
            await using (var db = await portal.AsSystem())
                Assert.True(await db.Counters.AnyAsync(c => c.Name == "after"));
            LetGo(portal.ConnectionString, database);
        }

        async Task Rewrite(string file, Func<string, string> change)
        {
            System.IO.File.Copy(File(), File(file));
            using var zip = ZipFile.Open(File(file), ZipArchiveMode.Update);
            string text;
            using (var reader = new StreamReader(zip.GetEntry("manifest.json")!.Open()))
                text = await reader.ReadToEndAsync();
            zip.GetEntry("manifest.json")!.Delete();
            await using var writer = new StreamWriter(zip.CreateEntry("manifest.json").Open());
            await writer.WriteAsync(change(text));
        }
    }
}
