using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>An actor is worked out once and used again, and never for longer than it is true.</summary>
public sealed class KnownActorTests
{
    private static Grant ToIngrid(DateTime from, DateTime? until = null) =>
        Cast.GrantTo(Principal.Person(Cast.Ingrid.Id), Section.Visits, Level.View, false, [], null, from, until);

    [Theory, OnSqlite, OnPostgres]
    public async Task An_actor_is_the_same_object_while_nothing_changed(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (desk, telephone) = (await test.ActorsAs(Cast.Ingrid), await test.ActorsAs(Cast.Ingrid));
        var actor = await desk.Current();
        await test.Save(Cast.Need());
        Assert.Same(actor, await desk.Current());
        Assert.Same(actor, await telephone.Current());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_grant_counts_at_once_on_every_node_whoever_wrote_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var other = test.AnotherNode();
        var (here, there) = (await test.ActorsAs(Cast.Ingrid), await other.ActorsAs(Cast.Ingrid));
        Assert.Equal(Level.None, (await here.Current()).LevelIn(Section.Visits));
        Assert.Equal(Level.None, (await there.Current()).LevelIn(Section.Visits));

        await test.Save(ToIngrid(test.Now));
        Assert.Equal(Level.View, (await here.Current()).LevelIn(Section.Visits));
        Assert.Equal(Level.View, (await there.Current()).LevelIn(Section.Visits));

        // By hand, past the portal: no wire, no service.
        await using var db = await test.AsSystem();
        await db.Database.ExecuteSqlAsync($"""DELETE FROM "Grants" """);
        Assert.Equal(Level.None, (await here.Current()).LevelIn(Section.Visits));
        Assert.Equal(Level.None, (await there.Current()).LevelIn(Section.Visits));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_clock_alone_begins_and_ends_a_grant(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(ToIngrid(test.Now.AddHours(1), test.Now.AddHours(2)));
        var actors = await test.ActorsAs(Cast.Ingrid);
        foreach (var (hours, level) in new[] { (0, Level.None), (1, Level.View), (1, Level.None) })
        {
            test.Clock.Advance(TimeSpan.FromHours(hours));
            Assert.Equal(level, (await actors.Current()).LevelIn(Section.Visits));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_membership_changed_by_hand_counts_at_once_and_reading_notices_changes_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var actors = await test.ActorsAs(Cast.Lars);
        var before = await actors.Current();
        await (await test.As(Cast.Lars)).Get<Portal.Collaboration.NoticeService>().MarkSeen();
        Assert.Same(before, await actors.Current());

        await using var db = await test.AsSystem();
        var ended = test.Now.AddMinutes(-1);
        await db.Memberships.Where(m => m.Id == Cast.Lars.Membership.Id).ExecuteUpdateAsync(s => s.SetProperty(m => m.Until, ended));
        Assert.Same(Actor.Anonymous, await actors.Current());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Using_a_grant_is_noted_and_moves_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(ToIngrid(test.Now), Cast.Grant(Principal.Person(Cast.Ingrid.Id), Section.Needs, Level.View));
        var ingrid = await test.As(Cast.Ingrid);
        var actor = await ingrid.Get<Portal.Access.ActorSource>().Current();
        var use = ingrid.Get<Portal.Access.GrantUse>();
        use.Entered(actor, Section.Visits);
        // Her role opens the needs as far as this grant does.
        use.Entered(actor, Section.Needs);
        await use.WriteDown();
        await using var db = await test.AsSystem();
        Assert.Equal(test.Now, (await db.Grants.SingleAsync(g => g.Section == Section.Visits)).LastUsedAt);
        Assert.Null((await db.Grants.SingleAsync(g => g.Section == Section.Needs)).LastUsedAt);
        Assert.Same(actor, await ingrid.Get<Portal.Access.ActorSource>().Current());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_lock_ends_it_though_access_stands(Database database)
    {
        await using var test = await TestDb.Open(database);
        var actors = await test.ActorsAs(Cast.Amina);
        Assert.True((await actors.Current()).IsSignedIn);
        await using var db = await test.AsSystem();
        (await db.Users.SingleAsync(u => u.Id == Cast.Amina.Id)).LockoutEnd = DateTimeOffset.MaxValue;
        await db.SaveChangesAsync();
        Assert.Same(Actor.Anonymous, await actors.Current());
    }
}
