using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Commands;

/// <summary>
/// An operator takes an anchor and holds the log to it, whatever somebody with all rights over the database did meanwhile.
/// </summary>
public sealed class AuditCommandTests
{
    private static async Task<TestDb> WithActs(Database database, int acts = 12)
    {
        var test = await TestDb.Open(database);
        for (var i = 0; i < acts; i++)
            await Act(test, i);
        return test;
    }

    private static async Task Act(TestDb test, int i)
    {
        await using var db = await test.For(Cast.Amina);
        db.Audit(new Act("need.exported", 0, Subject: $"csv:{i}"), Section.Needs);
        await db.SaveChangesAsync();
    }

    /// <summary>As somebody at the database's own prompt would who owns it.</summary>
    private static async Task AtThePrompt(TestDb test, params string[] statements)
    {
        await using var db = await test.AsOwner();
        string[] open =
            test.Database == Database.Sqlite
                ? ["""DROP TRIGGER "AuditEntriesStay" """, """DROP TRIGGER "AuditEntriesKept" """, """DROP TRIGGER "AuditHeadsForward" """]
                : ["""ALTER TABLE "AuditEntries" DISABLE TRIGGER ALL""", """ALTER TABLE "AuditHeads" DISABLE TRIGGER ALL"""];
        foreach (var statement in open.Concat(statements))
            await db.Database.ExecuteSqlRawAsync(statement);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_log_that_nobody_touched_is_whole(Database database)
    {
        await using var test = await WithActs(database);
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            var (code, said, error) = await portal.Type("audit anchor " + file);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("Entries: 13. Last: 13. Hash: ", said);
            await Act(test, 99);
            (code, said, error) = await portal.Type("audit verify --anchor " + file);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("Whole. Entries: 14.", said);
            Assert.Contains("holds entry 13", said);
            (code, said, _) = await portal.Type("audit verify");
            Assert.Equal(0, code);
            Assert.Contains("Without an anchor", said);
            // An anchor is not overwritten, and taking one is in the log itself.
            Assert.Equal(1, (await portal.Type("audit anchor " + file)).Code);
            await using var db = await test.AsSystem();
            Assert.Equal("audit.anchored", (await db.AuditEntries.SingleAsync(e => e.Id == 13)).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_done_at_the_prompt_is_found_and_where(Database database)
    {
        (string Statement, int At, string Says)[] deeds =
        [
            ("""UPDATE "AuditEntries" SET "Code" = 'need.edited' WHERE "Id" = 5""", 5, "does not fit"),
            (
                """UPDATE "AuditEntries" SET "At" = (SELECT "At" FROM "AuditEntries" WHERE "Id" = 4), "To" = 'x' WHERE "Id" = 7""",
                7,
                "does not fit"
            ),
            ("""UPDATE "AuditEntries" SET "Hash" = (SELECT "Hash" FROM "AuditEntries" WHERE "Id" = 2) WHERE "Id" = 3""", 3, "does not fit"),
            ("""DELETE FROM "AuditEntries" WHERE "Id" = 6""", 6, "is not there"),
            ("""DELETE FROM "AuditEntries" WHERE "Id" = 1""", 1, "is not there"),
            ("""DELETE FROM "AuditEntries" WHERE "Id" > 9""", 10, "ends before it"),
            ("""UPDATE "AuditEntries" SET "Id" = "Id" + 100 WHERE "Id" > 9""", 10, "is not there"),
            ("""UPDATE "AuditHeads" SET "Sequence" = 8, "Hash" = (SELECT "Hash" FROM "AuditEntries" WHERE "Id" = 8)""", 9, "after the end"),
        ];
        foreach (var (statement, at, says) in deeds)
        {
            await using var test = await WithActs(database);
            await AtThePrompt(test, statement);
            await using var portal = DemonstrationApp.On(database, test.ConnectionString);
            var (code, said, error) = await portal.Type("audit verify");
            Assert.Equal((1, ""), (code, said));
            Assert.Contains($"broken at entry {at}:", error);
            Assert.Contains(says, error);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_log_cut_off_with_its_noted_end_is_found_by_the_anchor_alone(Database database)
    {
        await using var test = await WithActs(database);
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        try
        {
            Assert.Equal(0, (await portal.Type("audit anchor " + file)).Code);
            await AtThePrompt(
                test,
                """DELETE FROM "AuditEntries" WHERE "Id" > 9""",
                """UPDATE "AuditHeads" SET "Sequence" = 9, "Hash" = (SELECT "Hash" FROM "AuditEntries" WHERE "Id" = 9)"""
            );
            Assert.Equal(0, (await portal.Type("audit verify")).Code);
            var (code, _, error) = await portal.Type("audit verify --anchor " + file);
            Assert.Equal(1, code);
            Assert.Contains("broken at entry 10: the log ends before it", error);
            // Grown past the anchor again, it is still not the log of the anchor.
            for (var i = 0; i < 10; i++)
                await Act(test, 100 + i);
            (code, _, error) = await portal.Type("audit verify --anchor " + file);
            Assert.Equal(1, code);
            Assert.Contains("broken at entry 13: it is not the entry of the anchor", error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_log_emptied_together_with_the_note_of_its_end_is_said_to_be_broken_and_nothing_is_done_any_more(Database database)
    {
        await using var test = await WithActs(database);
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        await AtThePrompt(
            test,
            """DELETE FROM "AuditEntries" """,
            database == Database.Sqlite ? """DROP TRIGGER "AuditHeadsKept" """ : "SELECT 1",
            """DELETE FROM "AuditHeads" """
        );
        var (code, said, error) = await portal.Type("audit verify");
        Assert.Equal((1, ""), (code, said));
        Assert.Contains("broken: the database does not say where the log ends", error);
        Assert.Contains("Entries there: 0", error);
        Assert.Contains("audit log is broken", (await portal.Type("audit anchor")).Error);
        await Assert.ThrowsAsync<Portal.Data.AuditLogBroken>(() => Act(test, 1));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Check_notices_that_the_guards_of_the_log_are_gone(Database database)
    {
        await using var test = await WithActs(database, 1);
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        var (_, said, _) = await portal.Type("config check");
        Assert.Contains("ok     Triggers", said);
        await AtThePrompt(test);
        (var code, said, _) = await portal.Type("config check");
        Assert.Equal(1, code);
        Assert.Contains("wrong  Triggers: missing or switched off: AuditEntriesStay", said);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("audit anchor one two")]
    [InlineData("audit verify one")]
    [InlineData("audit verify --anchor")]
    public async Task What_is_not_understood_is_2(string line)
    {
        await using var portal = await DemonstrationApp.Open();
        Assert.Equal(2, (await portal.Type(line)).Code);
    }

    [Fact]
    public async Task What_is_no_anchor_is_said_to_be_none()
    {
        await using var test = await WithActs(Database.Sqlite, 1);
        await using var portal = DemonstrationApp.On(Database.Sqlite, test.ConnectionString);
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        Assert.Contains("is not there", (await portal.Type("audit verify --anchor " + file)).Error);
        foreach (var content in new[] { "", "{}", "[]", "null", "{\"sequence\":1,\"hash\":\"ab\"}" })
        {
            await File.WriteAllTextAsync(file, content);
            var (code, _, error) = await portal.Type("audit verify --anchor " + file);
            Assert.Equal(1, code);
            Assert.Contains("is not an anchor", error);
        }
        File.Delete(file);
    }
}
