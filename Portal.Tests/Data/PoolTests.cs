using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Data;

/// <summary>
/// Contexts are used again. Nothing of whoever had one before is left in it: not who they were, not what they saw, not what they began.
/// </summary>
public sealed class PoolTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_context_that_is_used_again_begins_for_nobody(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Submitted);
        await test.Save(need);
        foreach (
            var open in new Func<Task<PortalDb>>[] { () => test.For(Cast.Amina), () => test.For(Cast.Andrei), test.AsSystem, test.AsOwner }
        )
        {
            PortalDb before;
            await using (before = await open())
                Assert.Single(await before.Needs.ToListAsync());
            await using var after = test.Factory.CreateDbContext();
            Assert.Same(before, after);
            Assert.Same(Actor.Anonymous, after.Actor);
            Assert.False(after.IsSystem || after.IsOwner || after.SeesAccess || after.SeesAudit || after.SeesPeople);
            Assert.Equal(Guid.Empty, after.ActingMembershipId);
            Assert.Empty(await after.Needs.ToListAsync());
            Assert.Null(await after.Needs.FindAsync(need.Id));
            Assert.Empty(await after.Memberships.ToListAsync());
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_that_is_used_after_its_end_shows_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.NeedAt(NeedStatus.Submitted));
        var db = await test.For(Cast.Andrei);
        var needs = db.Needs.OrderBy(n => n.Reference);
        await db.DisposeAsync();
        Assert.Same(Actor.Anonymous, db.Actor);
        try
        {
            Assert.Empty(await needs.ToListAsync());
        }
        catch (ObjectDisposedException)
        {
            // Better still.
        }
        // Somebody else has it now: what was put together for the officer is asked for whom it is open to.
        await using var next = await test.For(Cast.Rosa);
        Assert.Same(db, next);
        Assert.Empty(await needs.ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_one_began_and_did_not_save_is_not_saved_by_the_next(Database database)
    {
        await using var test = await TestDb.Open(database);
        PortalDb before;
        await using (before = await test.For(Cast.Andrei))
        {
            before.Audit(new Act("test.begun", 1), Section.Needs);
            before.Notices.Add(Domain.Collaboration.Notice.To(Audience.Cted, "test.begun", Cast.Need(), Cast.Now));
            before.AccessChanged();
        }
        await using (var after = await test.For(Cast.Amina))
        {
            Assert.Same(before, after);
            Assert.Empty(after.ChangeTracker.Entries());
            after.Audit(new Act("test.done", 1), Section.Needs);
            await after.SaveChangesAsync();
        }
        await using var db = await test.AsSystem();
        var entry = Assert.Single(await db.AuditEntries.ToListAsync());
        Assert.Equal(("test.done", Cast.Amina.Id), (entry.Code, entry.PersonId));
        Assert.Empty(await db.Notices.ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Many_at_once_each_see_their_own(Database database)
    {
        await using var test = await TestDb.Open(database);
        var needs = new[] { Cast.Amina, Cast.Rosa }.SelectMany(p => Enum.GetValues<NeedStatus>().Select(s => Cast.NeedAt(s, p))).ToList();
        await test.Save(needs);
        var expected = Cast.All.ToDictionary(
            p => p,
            p => needs.Where(n => Decision.On(n, p.Actor).Visible).Select(n => n.Id).Order().ToList()
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 20 * Cast.All.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, ct) =>
            {
                var player = Cast.All[i % Cast.All.Count];
                await using var db = await test.For(player);
                if (i % 3 == 0)
                    await db.OneConnection(ct);
                Assert.Equal(expected[player], (await db.Needs.Select(n => n.Id).ToListAsync(ct)).Order());
                var slice = await db.List(new ListRequest<Need>(Need.Card), ct);
                Assert.Equal(expected[player], slice.Ids.Order());
                Assert.Equal(expected[player], (await db.Views(slice.Ids, ct)).Keys.Order());
            }
        );
    }
}
