using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Data;

/// <summary>
/// Where a filter is forgotten the database itself shows nobody more than the filter would have: PostgreSQL's row-level security.
/// </summary>
public sealed class SecondWallTests
{
    /// <summary>The keys of the rows of every table that has a rule, by the filter or without it.</summary>
    private static async Task<List<(string Table, List<string> Keys)>> Rows(PortalDb db, bool filtered)
    {
        var found = new List<(string, List<string>)>();
        foreach (var rule in Protection.Of(db.Model))
            found.Add((db.Model.FindEntityType(rule.Table)!.GetTableName()!, await Rows(db, rule.Table, filtered)));
        return found;
    }

    private static async Task IsTheSameWithoutFilters(PortalDb db, string who)
    {
        foreach (var ((table, filtered), (_, bare)) in (await Rows(db, true)).Zip(await Rows(db, false)))
            Assert.True(filtered.SequenceEqual(bare), $"{who}: {table}");
    }

    private static Task<List<string>> Rows(PortalDb db, Type table, bool filtered) =>
        (Task<List<string>>)
            typeof(SecondWallTests)
                .GetMethod(nameof(Keys), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(table)
                .Invoke(null, [db, filtered])!;

    private static async Task<List<string>> Keys<T>(PortalDb db, bool filtered)
        where T : class
    {
        var row = Expression.Parameter(typeof(T), "x");
        var keys = Expression.NewArrayInit(
            typeof(object),
            db.Model.FindEntityType(typeof(T))!
                .FindPrimaryKey()!
                .Properties.Select(p =>
                    Expression.Convert(
                        Expression.Call(typeof(EF), nameof(EF.Property), [p.ClrType], row, Expression.Constant(p.Name)),
                        typeof(object)
                    )
                )
        );
        var rows = db.Set<T>().AsNoTracking();
        return
        [
            .. (await (filtered ? rows : rows.IgnoreQueryFilters()).Select(Expression.Lambda<Func<T, object[]>>(keys, row)).ToListAsync())
                .Select(k => string.Join(' ', k))
                .Order(StringComparer.Ordinal),
        ];
    }

    [Theory, OnPostgres]
    public async Task A_forgotten_filter_brings_nobody_a_row_more_or_less(Database database)
    {
        await using var test = await TestDb.Open(database);
        await VisibilityTests.Fill(test);
        foreach (var actor in VisibilityTests.Everyone(andRandom: 20))
        {
            await using var db = await test.For(actor);
            await IsTheSameWithoutFilters(db, $"{actor.Name} ({actor.Role})");
            Assert.All(
                await db.Reach.AsNoTracking().ToListAsync(),
                r => Assert.True(actor.Keys.Meets(r.Audience, r.State), $"{actor.Name}: reach of {r.Audience}")
            );
        }
        // And the system has it all.
        await using var system = await test.AsSystem();
        Assert.All(await Rows(system, false), t => Assert.True(t.Keys.Count > 0, t.Table));
    }

    [Theory, OnPostgres]
    public async Task A_connection_on_which_nothing_was_said_brings_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        await VisibilityTests.Fill(test);
        await using var connection = await AsTheRole(test);
        await using var db = await test.AsSystem();
        foreach (var rule in SecondWall.Rules(db.Model).Where(r => r.Table != "SearchEntries"))
            Assert.True(0L == (long)(await Scalar(connection, $"SELECT count(*) FROM \"{rule.Table}\""))!, rule.Table);
    }

    [Theory, OnPostgres]
    public async Task An_anonymous_visitor_gets_what_is_public(Database database)
    {
        await using var test = await TestDb.Open(database);
        var all = await VisibilityTests.Fill(test);
        await using var db = test.Factory.CreateDbContext();
        foreach (var kind in all.Records.GroupBy(r => r.GetType()))
            Assert.Equal(
                kind.Where(r => Decision.On(r, Actor.Anonymous).Visible).Select(r => r.Id.ToString()).Order(StringComparer.Ordinal),
                await Rows(db, kind.Key, filtered: false)
            );
        foreach (var table in new[] { typeof(Grant), typeof(Membership), typeof(AuditEntry), typeof(FormDraft) })
            Assert.Empty(await Rows(db, table, filtered: false));
    }

    [Theory, OnPostgres]
    public async Task A_statement_by_hand_meets_no_row_of_others_and_no_table_to_change(Database database)
    {
        await using var test = await TestDb.Open(database);
        var all = await VisibilityTests.Fill(test);
        await using (var db = await test.For(Cast.Rosa))
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            foreach (var kind in all.Records.GroupBy(r => r.GetType()))
            {
                var own = kind.Count(r => Decision.On(r, Cast.Rosa).Visible);
                var sql = $"""UPDATE "{db.Model.FindEntityType(kind.Key)!.GetTableName()}" SET "UpdatedAt" = now()""";
                Assert.InRange(own, 1, kind.Count() - 1);
                Assert.Equal(own, await db.Database.ExecuteSqlRawAsync(sql));
            }
            Assert.Equal(
                0,
                await db.Database.ExecuteSqlAsync($"""DELETE FROM "Consent" WHERE "RecordId" NOT IN (SELECT "Id" FROM "Needs")""")
            );
            Assert.Equal(1, await db.Database.ExecuteSqlAsync($"""DELETE FROM "FormDrafts" """));
            // The reach and the words are written with their record and never by hand, one's own neither.
            foreach (
                var books in new[]
                {
                    """DELETE FROM "Reach" """,
                    """UPDATE "Reach" SET "View" = 2147483647 """,
                    """DELETE FROM "SearchEntries" """,
                }
            )
                Assert.Equal(0, await db.Database.ExecuteSqlRawAsync(books));
        }
        foreach (
            var refused in new[]
            {
                """INSERT INTO "Reach" ("RecordId", "Audience", "State", "Sort", "View") SELECT "Id", 'need/state:PER', '', 0, 2147483647 FROM "Needs" LIMIT 1""",
                """INSERT INTO "Reach" ("RecordId", "Audience", "State", "Sort", "View") VALUES (gen_random_uuid(), 'need/state:PER', '', 0, 1)""",
                """DELETE FROM "AuditEntries" """,
                """UPDATE "AuditEntries" SET "Code" = 'x' """,
                """DROP TABLE "Grants" """,
                """DROP POLICY portal_wall ON "Needs" """,
                """ALTER TABLE "Needs" DISABLE ROW LEVEL SECURITY""",
                """ALTER TABLE "AuditEntries" DISABLE TRIGGER ALL""",
                """TRUNCATE "Needs" CASCADE""",
            }
        )
        {
            await using var db = await test.For(Cast.Rosa);
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                (await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(refused))).SqlState
            );
        }
    }

    [Theory, OnPostgres]
    public async Task A_record_that_was_attached_without_having_been_seen_is_not_saved(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.Need(Cast.Amina);
        await test.Save(need);
        await using (var db = await test.For(Cast.Rosa))
        {
            db.Attach(need);
            db.Entry(need).Collection(n => n.Consents).IsLoaded = true;
            need.Confirm(Cast.Amina, test.Now.AddMinutes(1));
            await Assert.ThrowsAnyAsync<DbUpdateException>(() => db.SaveChangesAsync());
        }
        await using var check = await test.AsSystem();
        Assert.Equal(Cast.Now, (await check.Needs.SingleAsync()).UpdatedAt);
    }

    [Theory, OnPostgres]
    public async Task Nothing_of_one_actor_is_left_to_the_next_on_the_same_connection(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Need(Cast.Amina), Cast.Need(Cast.Rosa));
        var backends = new HashSet<int>();
        for (var i = 0; i < 12; i++)
        {
            foreach (var (who, states) in new (Player?, string[])[] { (Cast.Amina, ["KEN"]), (null, []), (Cast.Rosa, ["PER"]) })
            {
                await using var db = who is null ? test.Factory.CreateDbContext() : await test.For(who);
                backends.Add((await db.Database.SqlQuery<int>($"SELECT pg_backend_pid() AS \"Value\"").ToListAsync())[0]);
                Assert.Equal(states, await db.Needs.IgnoreQueryFilters().Select(n => n.StateIso3).ToListAsync());
            }
            await using var system = await test.AsSystem();
            Assert.Equal(2, await system.Needs.CountAsync());
            // The books are closed after saving, also where the transaction is the caller's and goes on.
            await using var saving = await test.For(Cast.Amina);
            await using var transaction = await saving.Database.BeginTransactionAsync();
            (await saving.Needs.Include(n => n.Consents).SingleAsync()).Confirm(Cast.Amina, test.Now.AddMinutes(i + 1));
            await saving.SaveChangesAsync();
            Assert.All(await saving.Reach.AsNoTracking().ToListAsync(), r => Assert.True(saving.Keys.Meets(r.Audience, r.State)));
        }
        // Each connection was taken by several of the thirty-six, or nothing was tried here; how many a pool keeps is its own affair.
        Assert.InRange(backends.Count, 1, 12);
        // Somebody who takes a connection past the portal's contexts finds nothing said on it.
        await using var pooled = new NpgsqlConnection(test.ConnectionString);
        await pooled.OpenAsync();
        Assert.Equal(
            "",
            await Scalar(
                pooled,
                "SELECT coalesce(current_setting('portal.whole', true), '') || coalesce(current_setting('portal.system', true), '')"
            )
        );
    }

    [Theory, OnPostgres, Trait("Pace", "Slow")]
    public async Task A_gap_in_the_wall_is_found_by_the_check_and_closed_by_migrating(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        Assert.Contains("works as portal_app, whom it binds", (await portal.Type("config check")).Out);
        await using (var owner = await test.AsOwner())
            await owner.Database.ExecuteSqlRawAsync(
                """ALTER TABLE "Needs" NO FORCE ROW LEVEL SECURITY; DROP POLICY portal_wall ON "Grants" """
            );
        Assert.Contains("wrong  Second wall: missing around Needs, Grants", (await portal.Type("config check")).Out);
        Assert.Equal(0, (await portal.Type("migrate")).Code);
        Assert.Contains("stands around every protected table", (await portal.Type("config check")).Out);
    }

    [Theory, OnPostgres, Trait("Pace", "Slow")]
    public async Task An_owner_who_may_not_make_roles_is_bound_too_and_told_what_to_ask_for(Database database)
    {
        _ = database;
        var name = "portal_owner_" + Guid.NewGuid().ToString("N");
        await using var server = new NpgsqlConnection(TestDb.PostgresServer);
        await server.OpenAsync();
        await Scalar(server, $"CREATE ROLE {name} LOGIN PASSWORD 'owner'");
        await Scalar(server, $"CREATE DATABASE {name} OWNER {name}");
        var connection = new NpgsqlConnectionStringBuilder(TestDb.PostgresServer)
        {
            Database = name,
            Username = name,
            Password = "owner",
        }.ToString();
        try
        {
            await using var portal = DemonstrationApp.On(Database.Postgres, connection);
            // In bulk, too: rows are put in past the wall.
            await portal.Reset(
                new Portal.Data.Demonstration.DemonstrationSize(Needs: Portal.Data.Demonstration.DemonstrationStory.Needs + 5, Offers: 1)
            );
            var said = (await portal.Type("config check")).Out;
            Assert.Contains("stands around every protected table", said);
            Assert.Contains($"it binds {name}, who could take it down", said);
            await using (var db = await portal.For(Actor.Anonymous))
            {
                await using var system = await portal.AsSystem();
                await IsTheSameWithoutFilters(db, "nobody");
                Assert.InRange(await db.Needs.IgnoreQueryFilters().CountAsync(), 1, await system.Needs.CountAsync() - 1);
            }
            await Scalar(server, $"GRANT {SecondWall.Role} TO {name}");
            Assert.Contains("works as portal_app, whom it binds", (await portal.Type("config check")).Out);
        }
        finally
        {
            await using (var pooled = new NpgsqlConnection(connection))
                NpgsqlConnection.ClearPool(pooled);
            await Scalar(server, $"DROP DATABASE {name} WITH (FORCE)");
            await Scalar(server, $"DROP ROLE {name}");
        }
    }

    // Past the portal, as whoever gets hold of the role.
    private static async Task<NpgsqlConnection> AsTheRole(TestDb test)
    {
        var connection = new NpgsqlConnection(test.ConnectionString);
        await connection.OpenAsync();
        await Scalar(connection, "SET ROLE " + SecondWall.Role);
        return connection;
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
