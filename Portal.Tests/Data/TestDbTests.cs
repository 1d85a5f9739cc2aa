using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;

namespace Portal.Tests.Data;

/// <summary>The ground the other tests stand on.</summary>
public sealed class TestDbTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_database_has_the_cast_and_no_record_and_the_model_has_no_pending_change(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var db = await test.AsSystem();
        Assert.Equal(Cast.All.Count, await db.Memberships.CountAsync());
        Assert.Equal(Cast.All.Count, await db.Users.CountAsync());
        Assert.Equal(Cast.ReferenceList.Union(Cast.Organisations).Count(), await db.Organisations.CountAsync());
        Assert.Empty(await db.Needs.ToListAsync());
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_session_of_a_player_gives_the_actor_of_the_cast(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var player in Cast.All)
        {
            var actor = await (await test.ActorsAs(player)).Current();
            Assert.Equal(player.Actor.Membership!.Id, actor.Membership!.Id);
            Assert.Equal(player.Name, actor.Name);
            Assert.Equal(player.Actor.Claims, actor.Claims);
        }
        Assert.Same(Actor.Anonymous, await (await test.ActorsAs(null)).Current());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_saved_in_one_database_is_not_in_the_next(Database database)
    {
        for (var i = 0; i < 3; i++)
        {
            await using var test = await TestDb.Open(database);
            await test.Save(Cast.Need(), Cast.Profile(Cast.NorthernAgency));
            await using var db = await test.AsSystem();
            Assert.Single(await db.Needs.ToListAsync());
            Assert.Single(await db.Profiles.ToListAsync());
        }
    }
}
