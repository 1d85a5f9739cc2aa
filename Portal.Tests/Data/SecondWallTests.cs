using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Data;

/// <summary>Where a filter is forgotten the database itself shows nobody more than the filter would have: PostgreSQL's row-level security.</summary>
public sealed class SecondWallTests
{
    /// <summary>The keys of every walled set, by the filter and without it.</summary>
    private static readonly IReadOnlyDictionary<string, Func<PortalDb, bool, Task<List<string>>>> Sets = new Dictionary<string, Func<PortalDb, bool, Task<List<string>>>>
    {
        ["Needs"] = Keys<Need>(n => n.Id.ToString()),
        ["Proposals"] = Keys<Domain.Assistance.Proposal>(p => p.Id.ToString()),
        ["Profiles"] = Keys<Domain.Directory.Profile>(p => p.Id.ToString()),
        ["Offers"] = Keys<Domain.Directory.StandingOffer>(o => o.Id.ToString()),
        ["Programmes"] = Keys<Programme>(p => p.Id.ToString()),
        ["ServedNeeds"] = Keys<ServedNeed>(s => s.ProgrammeId.ToString() + s.NeedId),
        ["IatiSources"] = Keys<Domain.Iati.IatiSource>(s => s.ProgrammeId.ToString()),
        ["ImportJobs"] = Keys<Domain.Imports.ImportJob>(j => j.Id.ToString()),
        ["ImportChunks"] = Keys<Domain.Imports.ImportChunk>(c => c.JobId.ToString() + c.Index),
        ["ImportLines"] = Keys<Domain.Imports.ImportLine>(l => l.JobId.ToString() + l.Index),
        ["OwnReferences"] = Keys<Domain.Imports.OwnReference>(o => o.OrganisationId.ToString() + o.Text),
        ["Attachments"] = Keys<Attachment>(a => a.Id.ToString()),
        ["AttachmentChunks"] = Keys<AttachmentChunk>(c => c.AttachmentId.ToString() + c.Index),
        ["Activities"] = Keys<Activity>(a => a.Id.ToString()),
        ["NeedTranslation"] = Keys<NeedTranslation>(t => t.NeedId.ToString() + t.Language),
        ["Consent"] = Keys<Consent>(c => c.Id.ToString()),
        ["ConsentRequest"] = Keys<ConsentRequest>(r => r.Id.ToString()),
        ["Matches"] = Keys<Domain.Assistance.Match>(m => m.NeedId.ToString() + m.Audience + m.OfferId),
        ["NotForUs"] = Keys<NotForUs>(x => x.Id.ToString()),
        ["Questions"] = Keys<NeedQuestion>(q => q.Id.ToString()),
        ["NotNow"] = Keys<NotNow>(x => x.Id.ToString()),
        ["Milestones"] = Keys<Milestone>(m => m.Id.ToString()),
        ["Notices"] = Keys<Notice>(n => n.Id.ToString()),
        ["NoticeReadings"] = Keys<NoticeReading>(r => r.MembershipId.ToString() + r.RecordId),
        ["NoticeChoices"] = Keys<NoticeChoices>(c => c.MembershipId.ToString()),
        ["SavedViews"] = Keys<SavedView>(v => v.Id.ToString()),
        ["ViewHits"] = Keys<ViewHit>(h => h.ViewId.ToString() + h.RecordId),
        ["FormDrafts"] = Keys<FormDraft>(d => d.Id.ToString()),
        ["AuditEntries"] = Keys<AuditEntry>(e => e.Id.ToString()),
        ["Memberships"] = Keys<Membership>(m => m.Id.ToString()),
        ["Grants"] = Keys<Grant>(g => g.Id.ToString()),
        ["AccessRequests"] = Keys<AccessRequest>(r => r.Id.ToString()),
        ["ReviewCampaigns"] = Keys<ReviewCampaign>(c => c.Id.ToString()),
        ["ReviewItems"] = Keys<ReviewItem>(i => i.Id.ToString()),
        ["ReviewRhythms"] = Keys<ReviewRhythm>(r => r.Id.ToString()),
    };

    private static Func<PortalDb, bool, Task<List<string>>> Keys<T>(Expression<Func<T, string>> key) where T : class => async (db, filtered) =>
    {
        var rows = db.Set<T>().AsNoTracking();
        return [.. (await (filtered ? rows : rows.IgnoreQueryFilters()).Select(key).ToListAsync()).Order(StringComparer.Ordinal)];
    };

    [Fact]
    public void Every_walled_table_is_compared() =>
        // The reach and the words are no set that a room reads; they have tests of their own below.
        Assert.Equal(SecondWall.Rules.Select(r => r.Table).Except(["Reach", "SearchEntries"]).Order(), Sets.Keys.Order());

    [Theory, OnPostgres]
    public async Task A_forgotten_filter_brings_nobody_a_row_more_or_less(Database database)
    {
        await using var test = await TestDb.Open(database);
        await VisibilityTests.Fill(test);
        foreach (var actor in VisibilityTests.Everyone(andRandom: 20))
        {
            await using var db = await test.For(actor);
            foreach (var (table, keys) in Sets)
                Assert.True((await keys(db, true)).SequenceEqual(await keys(db, false)), $"{actor.Name} ({actor.Role}): {table}");
            Assert.All(await db.Reach.AsNoTracking().ToListAsync(), r => Assert.True(actor.Keys.Meets(r.Audience, r.State), $"{actor.Name}: reach of {r.Audience}"));
        }
        // And the system has it all.
        await using var system = await test.AsSystem();
        foreach (var (table, keys) in Sets)
            Assert.True((await keys(system, false)).Count > 0, table);
    }

    [Theory, OnPostgres]
    public async Task A_connection_on_which_nothing_was_said_brings_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        await VisibilityTests.Fill(test);
        await using var connection = await AsTheRole(test);
        foreach (var rule in SecondWall.Rules.Where(r => r.Table != "SearchEntries"))
            Assert.True(0L == (long)(await Scalar(connection, $"SELECT count(*) FROM \"{rule.Table}\""))!, rule.Table);
    }

    [Theory, OnPostgres]
    public async Task An_anonymous_visitor_gets_what_is_public(Database database)
    {
        await using var test = await TestDb.Open(database);
        var all = await VisibilityTests.Fill(test);
        await using var db = test.Factory.CreateDbContext();
        Assert.Equal(all.Profiles.Where(p => Decision.On(p, Actor.Anonymous).Visible).Select(p => p.Id).Order(), (await db.Profiles.IgnoreQueryFilters().Select(p => p.Id).ToListAsync()).Order());
        Assert.Equal(all.Needs.Count(n => Decision.On(n, Actor.Anonymous).Visible), await db.Needs.IgnoreQueryFilters().CountAsync());
        foreach (var table in new[] { "Grants", "Memberships", "AuditEntries", "FormDrafts" })
            Assert.Empty(await Sets[table](db, false));
    }

    [Theory, OnPostgres]
    public async Task A_statement_by_hand_meets_no_row_of_others_and_no_table_to_change(Database database)
    {
        await using var test = await TestDb.Open(database);
        await VisibilityTests.Fill(test);
        await using (var db = await test.For(Cast.Rosa))
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var own = await db.Needs.CountAsync();
            Assert.Equal(0, await db.Database.ExecuteSqlAsync($"""UPDATE "Needs" SET "Title" = 'x' WHERE "StateIso3" = 'KEN' AND "Status" = 'Draft'"""));
            Assert.Equal(own, await db.Database.ExecuteSqlAsync($"""UPDATE "Needs" SET "Title" = 'x' """));
            Assert.Equal(0, await db.Database.ExecuteSqlAsync($"""DELETE FROM "Consent" WHERE "NeedId" NOT IN (SELECT "Id" FROM "Needs")"""));
            Assert.Equal(1, await db.Database.ExecuteSqlAsync($"""DELETE FROM "FormDrafts" """));
            // The reach and the words are written with their record and never by hand, one's own neither.
            foreach (var books in new[] { """DELETE FROM "Reach" """, """UPDATE "Reach" SET "View" = 2147483647 """, """DELETE FROM "SearchEntries" """ })
                Assert.Equal(0, await db.Database.ExecuteSqlRawAsync(books));
        }
        foreach (var refused in new[]
        {
            """INSERT INTO "Reach" ("RecordId", "Audience", "State", "Sort", "View") SELECT "Id", 'need/state:PER', '', 0, 2147483647 FROM "Needs" LIMIT 1""",
            """INSERT INTO "Reach" ("RecordId", "Audience", "State", "Sort", "View") VALUES (gen_random_uuid(), 'need/state:PER', '', 0, 1)""",
            """DELETE FROM "AuditEntries" """, """UPDATE "AuditEntries" SET "Code" = 'x' """, """DROP TABLE "Grants" """,
            """DROP POLICY portal_wall ON "Needs" """, """ALTER TABLE "Needs" DISABLE ROW LEVEL SECURITY""", """ALTER TABLE "AuditEntries" DISABLE TRIGGER ALL""", """TRUNCATE "Needs" CASCADE""",
        })
        {
            await using var db = await test.For(Cast.Rosa);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(refused))).SqlState);
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
        Assert.InRange(backends.Count, 1, 3);
        // Somebody who takes a connection past the portal's contexts finds nothing said on it.
        await using var pooled = new NpgsqlConnection(test.ConnectionString);
        await pooled.OpenAsync();
        Assert.Equal("", await Scalar(pooled, "SELECT coalesce(current_setting('portal.whole', true), '') || coalesce(current_setting('portal.system', true), '')"));
    }

    [Theory, OnPostgres, Trait("Pace", "Slow")]
    public async Task A_gap_in_the_wall_is_found_by_the_check_and_closed_by_migrating(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        Assert.Contains("works as portal_app, whom it binds", (await portal.Type("config check")).Out);
        await using (var owner = await test.AsOwner())
            await owner.Database.ExecuteSqlRawAsync("""ALTER TABLE "Needs" NO FORCE ROW LEVEL SECURITY; DROP POLICY portal_wall ON "Grants" """);
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
        var connection = new NpgsqlConnectionStringBuilder(TestDb.PostgresServer) { Database = name, Username = name, Password = "owner" }.ToString();
        try
        {
            await using var portal = DemonstrationApp.On(Database.Postgres, connection);
            // In bulk, too: rows are put in past the wall.
            await portal.Reset(new Portal.Data.Demonstration.DemonstrationSize(Needs: Portal.Data.Demonstration.DemonstrationStory.Needs + 5, Offers: 1));
            var said = (await portal.Type("config check")).Out;
            Assert.Contains("stands around every protected table", said);
            Assert.Contains($"it binds {name}, who could take it down", said);
            await using (var db = await portal.For(Actor.Anonymous))
            {
                await using var system = await portal.AsSystem();
                foreach (var keys in Sets.Values)
                    Assert.Equal(await keys(db, true), await keys(db, false));
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
