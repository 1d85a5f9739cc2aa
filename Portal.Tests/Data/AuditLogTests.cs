using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Data;

/// <summary>The log as both databases keep it: one chain, whoever writes at once, and nothing taken back.</summary>
public sealed class AuditLogTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Eight_writers_at_once_make_one_chain(Database database)
    {
        await using var test = await TestDb.Open(database);
        var needs = Enumerable.Range(0, 8).Select(_ => Cast.NeedAt(NeedStatus.Circulated)).ToList();
        await test.Save(needs);
        await using var other = test.AnotherNode();
        var start = await End(test);
        await Task.WhenAll(
            needs.Select(
                async (need, writer) =>
                {
                    for (var i = 0; i < 12; i++)
                    {
                        await using var db = await (writer % 2 == 0 ? test : other).For(Cast.Amina);
                        var loaded = await db.Needs.Include(n => n.Consents).SingleAsync(n => n.Id == need.Id);
                        loaded.Confirm(Cast.Amina, test.Now.AddMinutes(i + 1));
                        // Several entries in one act, too.
                        if (i % 3 == 0)
                            db.Audit(new Act("need.exported", 0, Subject: "csv:1"), Section.Needs);
                        await db.SaveChangesAsync();
                    }
                }
            )
        );
        await using var check = await test.AsSystem();
        Assert.Equal((start + (8 * 12) + (8 * 4), null), await check.Verify([]));
        Assert.Equal(
            Enumerable.Range(1, (int)await End(test)).Select(i => (long)i),
            await check.AuditEntries.OrderBy(e => e.Id).Select(e => e.Id).ToListAsync()
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_undone_leaves_no_gap(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Need());
        for (var i = 0; i < 3; i++)
        {
            await using (var db = await test.For(Cast.Amina))
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                db.Audit(new Act("need.exported", 0), Section.Needs);
                await db.SaveChangesAsync();
                if (i % 2 == 0)
                    await transaction.RollbackAsync();
                else
                    await transaction.CommitAsync();
            }
            await using (var db = await test.For(Cast.Amina))
            {
                db.Audit(new Act("need.exported", 0, Subject: i.ToString()), Section.Needs);
                await db.SaveChangesAsync();
            }
        }
        await using var check = await test.AsSystem();
        Assert.Equal((5L, null), await check.Verify([]));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_context_can_append_again_after_another_did(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var first = await test.For(Cast.Amina);
        await using var second = await test.For(Cast.Rosa);
        for (var i = 0; i < 4; i++)
        {
            var db = i % 2 == 0 ? first : second;
            db.Audit(new Act("need.exported", 0, Subject: i.ToString()), Section.Needs);
            await db.SaveChangesAsync();
        }
        await using var check = await test.AsSystem();
        Assert.Equal((4L, null), await check.Verify([]));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_database_refuses_to_change_or_take_away_an_entry(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Need(), Cast.Need());
        await using var db = await test.AsOwner();
        string[] statements =
        [
            """UPDATE "AuditEntries" SET "Code" = 'other' WHERE "Id" = 1""",
            """UPDATE "AuditEntries" SET "Id" = 99 WHERE "Id" = 1""",
            """DELETE FROM "AuditEntries" WHERE "Id" = 2""",
            """DELETE FROM "AuditEntries" """,
            """DELETE FROM "AuditHeads" """,
            """UPDATE "AuditHeads" SET "Sequence" = 1""",
            """UPDATE "AuditHeads" SET "Hash" = "Hash" """,
            .. database == Database.Sqlite
                ? (string[])["""INSERT OR REPLACE INTO "AuditEntries" SELECT * FROM "AuditEntries" WHERE "Id" = 1"""]
                : ["""TRUNCATE "AuditEntries" """, """TRUNCATE "AuditHeads" CASCADE"""],
        ];
        foreach (var statement in statements)
        {
            var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync(statement));
            Assert.Contains("only added to", refused.Message);
        }
        Assert.Equal((2L, null), await db.Verify([]));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_act_that_cannot_be_logged_is_not_done(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        await using (var broken = await test.AsOwner())
            await broken.Database.ExecuteSqlRawAsync("""ALTER TABLE "AuditEntries" RENAME TO "Away" """);
        await using (var db = await test.For(Cast.Andrei))
        {
            var loaded = await db.Needs.Include(n => n.Consents).SingleAsync();
            loaded.Authenticate(Cast.Andrei, test.Now.AddMinutes(1));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        }
        // Nor in a transaction of the caller's, who might go on regardless.
        await using (var db = await test.For(Cast.Andrei))
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            var loaded = await db.Needs.Include(n => n.Consents).SingleAsync();
            loaded.Authenticate(Cast.Andrei, test.Now.AddMinutes(1));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync());
        }
        await using var check = await test.AsSystem();
        Assert.Equal(NeedStatus.Submitted, (await check.Needs.SingleAsync()).Status);
    }

    [Theory, OnSqlite, OnPostgres, Trait("Pace", "Slow")]
    public async Task Demonstration_data_in_bulk_is_one_chain_and_can_be_made_anew(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database);
        for (var i = 0; i < 2; i++)
        {
            await portal.Reset(
                new Portal.Data.Demonstration.DemonstrationSize(
                    Needs: Portal.Data.Demonstration.DemonstrationStory.Needs + 60,
                    Offers: Portal.Data.Demonstration.DemonstrationStory.Offers + 5
                )
            );
            await using var db = await portal.AsSystem();
            Assert.Equal((await db.AuditEntries.LongCountAsync(), null), await db.Verify([]));
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
                db.Database.ExecuteSqlRawAsync("""DELETE FROM "AuditEntries" """)
            );
        }
    }

    private static async Task<long> End(TestDb test)
    {
        await using var db = await test.AsSystem();
        return (await db.Head()).Sequence;
    }
}
