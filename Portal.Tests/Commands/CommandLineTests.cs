using Microsoft.EntityFrameworkCore;
using Portal.Commands;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain.Reference;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Commands;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Every_command_answers_for_help_and_changes_nothing()
    {
        await using var portal = await DemonstrationApp.Open();
        foreach (var command in CommandLine.All)
        {
            var (code, said, error) = await portal.Type(command.Name + " --help");
            Assert.Equal((0, ""), (code, error));
            Assert.StartsWith(command.Name, said);
        }
        var (all, list, _) = await portal.Type("--help");
        Assert.Equal(0, all);
        Assert.All(CommandLine.All, c => Assert.Contains(c.Name, list));
        await using var db = await portal.AsSystem();
        Assert.False(await db.Database.CanConnectAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    [InlineData("migrat")]
    [InlineData("migrate now")]
    [InlineData("demo reset --nedes 5")]
    [InlineData("demo reset --needs")]
    [InlineData("demo reset --needs many")]
    [InlineData("demo reset --needs 0")]
    [InlineData("demo reset --seed 1 --seed 2")]
    [InlineData("config check --records some")]
    public async Task What_is_not_understood_is_2_and_changes_nothing(string line)
    {
        await using var portal = await DemonstrationApp.Open();
        var (code, said, error) = await portal.Type(line);
        Assert.Equal((2, ""), (code, said));
        Assert.NotEmpty(error);
        await using var db = await portal.AsSystem();
        Assert.False(await db.Database.CanConnectAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Migrate_makes_the_database_and_can_be_repeated(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database, "Production");
        Assert.False(await portal.App.PrepareDatabase());
        var (code, said, error) = await portal.Type("migrate");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Migrations applied", said);
        Assert.Contains($"Organisations registered: {ReferenceOrganisations.All().Count()}", said);
        (code, said, _) = await portal.Type("migrate");
        Assert.Equal(0, code);
        Assert.Contains("was up to date", said);
        Assert.Contains("registered: 0", said);
        Assert.True(await portal.App.PrepareDatabase());
        await using var db = await portal.AsSystem();
        Assert.Equal(0, await db.Users.CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_database_of_another_edition_is_told_what_it_is_and_not_touched(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database, "Production");
        await portal.Type("migrate");
        await using (var owner = await portal.AsOwner())
            await owner.Database.ExecuteSqlAsync($"""DELETE FROM "Organisations" """); // what bringing it up would put back
        foreach (
            var (migration, because) in new[]
            {
                ("20200101000000_Initial", "An earlier edition"),
                ("29990101000000_AddVisits", "A later version"),
            }
        )
        {
            await using (var owner = await portal.AsOwner())
            {
                await owner.Database.ExecuteSqlAsync($"""DELETE FROM "__EFMigrationsHistory" """);
                await owner.Database.ExecuteSqlAsync($"""INSERT INTO "__EFMigrationsHistory" VALUES ({migration}, '10.0.0')""");
            }
            var (code, _, error) = await portal.Type("migrate");
            Assert.Equal(1, code);
            Assert.Contains(because, error);
            (code, var said, _) = await portal.Type("config check");
            Assert.Equal(1, code);
            Assert.Contains("wrong  " + because, said);
            Assert.False(await portal.App.PrepareDatabase());
            await using var db = await portal.AsSystem();
            Assert.Equal([migration], await db.Database.GetAppliedMigrationsAsync());
            Assert.Equal(0, await db.Organisations.CountAsync());
        }
    }

    [Fact]
    public async Task Demonstration_data_is_refused_outside_development()
    {
        await using var portal = await DemonstrationApp.Open(environment: "Production");
        await portal.Type("migrate");
        foreach (var line in new[] { "demo accounts", "demo reset" })
        {
            var (code, said, error) = await portal.Type(line);
            Assert.Equal((1, ""), (code, said));
            Assert.Contains("Development", error);
        }
        await using var db = await portal.AsSystem();
        Assert.Equal(0, await db.Users.CountAsync());
    }

    [Fact]
    public async Task A_database_of_demonstration_data_does_not_start_outside_development()
    {
        await using var portal = await DemonstrationApp.Open();
        await portal.Reset(new DemonstrationSize());
        await using var production = DemonstrationApp.On(Database.Sqlite, portal.ConnectionString, "Production");
        Assert.False(await production.App.PrepareDatabase());
        var (code, said, _) = await production.Type("config check");
        Assert.Equal(1, code);
        Assert.Contains("wrong  The database holds demonstration data", said);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Reset_refuses_a_database_that_holds_anything_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Need());
        await using var portal = DemonstrationApp.On(database, test.ConnectionString);
        var (code, _, error) = await portal.Type("demo reset");
        Assert.Equal(1, code);
        Assert.Contains("nothing was changed", error);
        Assert.Equal(1, (await portal.Type("demo accounts")).Code);
        await using var db = await test.AsSystem();
        Assert.Equal(1, await db.Needs.CountAsync());
    }

    [Fact]
    public async Task Accounts_are_listed_as_csv_by_place()
    {
        await using var portal = await DemonstrationApp.Open();
        Assert.Equal(1, (await portal.Type("demo accounts")).Code);
        var (code, said, _) = await portal.Type("demo reset --seed 3");
        Assert.Equal(0, code);
        Assert.Contains("seed 3", said);
        (code, said, _) = await portal.Type("demo accounts");
        Assert.Equal(0, code);
        var lines = said.TrimEnd().Split('\n');
        Assert.Equal("email,password,person,organisation,kind,role,state", lines[0]);
        Assert.Equal(DemonstrationCast.All.Count, lines.Length - 1);
        Assert.Equal("focal.ken@demo.example,Demonstration-2009!,Amina Tarimo,ken,MemberState,FocalPoint,KEN", lines[1]);
    }

    [Fact]
    public async Task Development_starts_with_demonstration_data_once()
    {
        await using var portal = await DemonstrationApp.Open(settings: ("Portal:DemoData", "true"));
        Assert.True(await portal.App.PrepareDatabase());
        await using var db = await portal.AsSystem();
        var needs = await db.Needs.CountAsync();
        Assert.Equal(DemonstrationStory.Needs, needs);
        Assert.True(await portal.App.PrepareDatabase());
        Assert.Equal(needs, await db.Needs.CountAsync());
    }

    [Fact]
    public async Task Development_without_demonstration_data_starts_empty()
    {
        await using var portal = await DemonstrationApp.Open();
        Assert.True(await portal.App.PrepareDatabase());
        await using var db = await portal.AsSystem();
        Assert.Equal(0, await db.Users.CountAsync());
        Assert.Equal(MemberStates.All.Count, await db.Organisations.CountAsync(o => o.Kind == Domain.Access.OrganisationKind.MemberState));
    }

    [Fact]
    public async Task Check_tells_what_is_wrong()
    {
        await using var portal = await DemonstrationApp.Open(
            environment: "Production",
            settings: [("Portal:BaseUrl", "http://portal.example"), ("Portal:DemoData", "true"), ("Mail:Host", "mail.example")]
        );
        var (code, said, error) = await portal.Type("config check");
        Assert.Equal(1, code);
        Assert.Contains("wrong: 4", error);
        foreach (var key in new[] { "Portal:BaseUrl", "Portal:DemoData", "Mail:From", "The database" })
            Assert.Contains(said.Split('\n'), l => l.StartsWith("wrong", StringComparison.Ordinal) && l.Contains(key));
    }

    [Fact]
    public async Task Check_finds_a_reach_that_is_too_wide()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var need = Cast.Need();
        await test.Save(need);
        await using var portal = DemonstrationApp.On(Database.Sqlite, test.ConnectionString);
        Assert.Equal(0, (await portal.Type("config check")).Code);
        await using (var db = await test.AsSystem())
        {
            db.Reach.Add(
                new Reach
                {
                    RecordId = need.Id,
                    Audience = "need/public",
                    State = "KEN",
                    View = 1,
                }
            );
            await db.SaveChangesAsync();
        }
        var (code, said, _) = await portal.Type("config check");
        Assert.Equal(1, code);
        Assert.Contains(need.Reference, said);
    }
}
