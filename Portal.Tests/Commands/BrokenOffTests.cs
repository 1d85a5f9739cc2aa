using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Commands;

/// <summary>
/// A process that migrates or starts for the first time is killed, and the next one takes it up: the last time a process again, before that
/// the same commands in
/// this one, which spares a start. PORTAL_PROOF_KILLS says how many times; few by default.
/// </summary>
public sealed class BrokenOffTests
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("PORTAL_PROOF_KILLS"), out var n) ? n : 3;

    private static async Task Wait(int turn) => await Task.Delay(Kills <= 3 ? turn * 120 : Random.Shared.Next(900));

    [Theory, OnSqlite, OnPostgres]
    public async Task A_migration_that_was_killed_is_taken_up_by_the_next(Database database)
    {
        for (var turn = 0; turn < Kills; turn++)
        {
            await using var portal = await DemonstrationApp.Open(database, "Production");
            await using (var killed = PortalProcess.Start(database, portal.ConnectionString, "Production", "migrate"))
            {
                await killed.Says("Migrating");
                await Wait(turn);
                await killed.Kill();
            }
            if (turn + 1 < Kills)
            {
                var (code, said, error) = await portal.Type("migrate");
                Assert.True(code == 0, said + error);
            }
            else
            {
                await using var next = PortalProcess.Start(database, portal.ConnectionString, "Production", "migrate");
                var (code, said) = await next.End();
                Assert.True(code == 0, said);
            }
            await IsWhole(portal);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_first_start_that_was_killed_is_taken_up_by_the_next(Database database)
    {
        for (var turn = 0; turn < Kills; turn++)
        {
            await using var portal = await DemonstrationApp.Open(database);
            await using (
                var killed = PortalProcess.Start(database, portal.ConnectionString, "Development", settings: ("Portal__DemoData", "true"))
            )
            {
                await killed.Says(turn % 2 == 0 ? "Writing demonstration data" : "Migrating");
                await Wait(turn);
                await killed.Kill();
            }
            await using var next = PortalProcess.Start(
                database,
                portal.ConnectionString,
                "Development",
                settings: ("Portal__DemoData", "true")
            );
            await next.Says("Now listening");
            Assert.Contains("Now listening", next.Said);
            await next.Kill();
            await IsWhole(portal);
            await using var db = await portal.AsSystem();
            Assert.Equal(DemonstrationStory.Needs, await db.Needs.CountAsync());
            Assert.Equal(DemonstrationCast.All.Count, (await DemonstrationData.Accounts(db)).Count);
        }
    }

    [Fact]
    public async Task A_lock_that_a_dead_process_left_in_the_database_keeps_nobody_waiting()
    {
        await using var portal = await DemonstrationApp.Open(environment: "Production");
        await using (var connection = new SqliteConnection(portal.ConnectionString))
        {
            // What the framework's own migrating leaves behind when it is killed; databases that an earlier version was killed on have it.
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText =
                """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-28')""";
            await command.ExecuteNonQueryAsync();
        }
        var (code, _, error) = await portal.Type("migrate");
        Assert.Equal((0, ""), (code, error));
        await IsWhole(portal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whoever_finds_another_at_it_says_so_waits_and_gives_up_in_the_end(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database, "Production");
        await portal.Type("migrate");
        await using var other = await portal.AsOwner();
        await other.Database.OpenConnectionAsync();
        await using var holding = database == Database.Sqlite ? await other.Database.BeginTransactionAsync() : null;
        if (database == Database.Postgres)
            await other.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Upgrade.Turn})");
        await using var db = await portal.AsOwner();
        var said = new List<string>();
        await Assert.ThrowsAsync<UpgradeBusy>(() => Upgrade.BringUp(db, said.Add, TimeSpan.FromSeconds(1)));
        Assert.Contains("waiting", Assert.Single(said));
    }

    [Fact]
    public async Task Demonstration_data_that_broke_off_in_bulk_is_written_anew()
    {
        await using var portal = await DemonstrationApp.Open(settings: ("Portal:DemoData", "true"));
        Assert.True(await portal.App.PrepareDatabase());
        await using (var db = await portal.AsSystem())
        {
            db.Counters.Add(new Counter { Name = "demonstration-unfinished", Value = 1 });
            db.Counters.Add(new Counter { Name = "half-written", Value = 1 });
            await db.SaveChangesAsync();
        }
        Assert.True(await portal.App.PrepareDatabase());
        await using var after = await portal.AsSystem();
        Assert.Equal(DemonstrationStory.Needs, await after.Needs.CountAsync());
        Assert.False(await DemonstrationData.IsUnfinished(after));
        Assert.False(await after.Counters.AnyAsync(c => c.Name == "half-written"));
    }

    private static async Task IsWhole(DemonstrationApp portal)
    {
        await using var db = await portal.AsSystem();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(ReferenceOrganisations.All().Count(), await db.Organisations.CountAsync());
        if (portal.Database != Database.Sqlite)
            return;
        foreach (
            var (question, answer) in new[]
            {
                ("PRAGMA integrity_check", "ok"),
                ("PRAGMA journal_mode", "wal"),
                ("SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsLock' OR name LIKE 'ef_temp%'", "0"),
            }
        )
        {
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = question;
            Assert.Equal(answer, (await command.ExecuteScalarAsync())?.ToString());
        }
    }
}
