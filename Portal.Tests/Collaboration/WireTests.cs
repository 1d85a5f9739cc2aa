using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Collaboration;

/// <summary>Screens are told that something changed when it concerns their reader, and never what.</summary>
public sealed class WireTests
{
    /// <summary>A screen of someone's: the changes it was told of.</summary>
    private sealed class Screen(Wire wire, Actor actor) : IDisposable
    {
        private readonly BlockingCollection<Change> told = [];
        private IDisposable? subscription;

        public Screen Open()
        {
            subscription = wire.Subscribe(
                () => AudienceKeys.Of(actor),
                actor.PersonId,
                change =>
                {
                    told.Add(change);
                    return Task.CompletedTask;
                }
            );
            return this;
        }

        public bool WasTold(Guid recordId, TimeSpan within)
        {
            var until = DateTime.UtcNow + within;
            while (until - DateTime.UtcNow is { Ticks: > 0 } left)
                if (told.TryTake(out var change, left) && change.RecordId == recordId)
                    return true;
            return false;
        }

        public void Dispose()
        {
            subscription?.Dispose();
            told.Dispose();
        }
    }

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    // PostgreSQL tells the node that changed something by the same way as all others.
    private sealed class Hearing : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task listening;

        private Hearing(Wire wire, string connection) => listening = wire.Listen(connection, stop.Token);

        public static async Task<Hearing?> Of(TestDb test)
        {
            if (test.Database != Database.Postgres)
                return null;
            // Once it hears, it tells everyone to ask again.
            using var anyone = new Screen(test.Wire, Cast.Nobody).Open();
            var hearing = new Hearing(test.Wire, test.ConnectionString);
            Assert.True(anyone.WasTold(Guid.Empty, Soon));
            await Task.Yield();
            return hearing;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await listening;
            stop.Dispose();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Those_whom_a_change_concerns_are_told_and_nobody_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        var screens = Cast.Actors.Select(a => (Actor: a, Screen: new Screen(test.Wire, a).Open())).ToList();
        await test.Save(need);
        foreach (var (actor, screen) in screens.OrderByDescending(s => Decision.On(need, s.Actor).Visible))
        {
            var concerned = Decision.On(need, actor).Visible;
            Assert.True(
                concerned == screen.WasTold(need.Id, concerned ? Soon : TimeSpan.FromMilliseconds(20)),
                $"{actor.Name}: told {!concerned}"
            );
            screen.Dispose();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_loses_a_record_is_told_once_more_so_that_the_screen_lets_it_go(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        var need = Cast.NeedAt(NeedStatus.Authenticated)
            .SharedWith(Cast.NorthernAgency)
            .SharedWith(Cast.PacificFund)
            .CirculatedBy(Cast.Andrei);
        await test.Save(need);
        await Task.Delay(Moment);
        using var ingrids = new Screen(test.Wire, Cast.Ingrid).Open();
        await Change(n => n.NoLongerSharedWith(Cast.NorthernAgency.Audience, test.Now.AddMinutes(1)));
        Assert.True(ingrids.WasTold(need.Id, Soon));
        await Change(n => n.Confirm(Cast.Amina, test.Now.AddMinutes(2)));
        Assert.False(ingrids.WasTold(need.Id, Moment));

        async Task Change(Action<Need> verb)
        {
            await using var db = await test.For(Cast.Amina);
            verb(await db.Needs.Include(n => n.Consents).SingleAsync());
            await db.SaveChangesAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_told_of_a_record_that_is_as_it_was_reaches_the_screens_of_those_it_is_told_to(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await test.Save(need);
        await Task.Delay(Moment);
        using var aminas = new Screen(test.Wire, Cast.Amina).Open();
        using var ingrids = new Screen(test.Wire, Cast.Ingrid).Open();
        await using var db = await test.AsSystem();
        db.Notify(Audience.State(need.StateIso3), "need.outcome_asked", need);
        await db.SaveChangesAsync();
        Assert.True(aminas.WasTold(need.Id, Soon));
        Assert.False(ingrids.WasTold(need.Id, Moment));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_concerned_a_reader_since_a_mark_is_found_and_what_nobody_can_know_is_not_denied(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        using var ingrids = new Screen(test.Wire, Cast.Ingrid).Open();
        var before = test.Wire.Mark;
        await test.Save(need);
        Assert.True(ingrids.WasTold(need.Id, Soon));
        var after = test.Wire.Mark;
        Assert.Contains(Since(before, Cast.Ingrid)!, c => c.RecordId == need.Id);
        Assert.Empty(Since(before, Cast.Rosa)!);
        Assert.Empty(Since(after, Cast.Ingrid)!);
        await using var another = test.AnotherNode();
        Assert.Null(Since(before, Cast.Ingrid, another));
        for (var i = 0; i < 1000; i++)
            test.Wire.Tell(new Change(Guid.NewGuid(), [], ""));
        Assert.Empty(Since(after, Cast.Ingrid)!);
        Assert.Null(Since(before, Cast.Ingrid));

        IReadOnlyList<Change>? Since(string mark, Actor actor, TestDb? node = null) =>
            (node ?? test).Wire.Since(mark, AudienceKeys.Of(actor), actor.PersonId);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_person_whose_access_changed_is_told_and_a_change_for_many_is_told_to_all(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        using var aminas = new Screen(test.Wire, Cast.Amina).Open();
        using var rosas = new Screen(test.Wire, Cast.Rosa).Open();
        await using (var db = await test.For(Cast.Malik))
        {
            db.AccessChanged(Cast.Amina.Id);
            await db.SaveChangesAsync();
        }
        Assert.True(aminas.WasTold(Cast.Amina.Id, Soon));
        Assert.False(rosas.WasTold(Cast.Amina.Id, Moment));
        await using (var db = await test.For(Cast.Malik))
        {
            db.AccessChanged();
            await db.SaveChangesAsync();
        }
        Assert.True(aminas.WasTold(Guid.Empty, Soon) && rosas.WasTold(Guid.Empty, Soon));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_screen_that_fails_or_is_slow_delays_no_other_and_a_closed_one_is_told_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        var never = new TaskCompletionSource();
        using var failing = test.Wire.Subscribe(
            () => AudienceKeys.Of(Cast.Amina),
            Cast.Amina.Id,
            _ => throw new InvalidOperationException("A screen broke")
        );
        using var stuck = test.Wire.Subscribe(() => AudienceKeys.Of(Cast.Amina), Cast.Amina.Id, _ => never.Task);
        using var well = new Screen(test.Wire, Cast.Amina).Open();
        var closed = 0;
        test.Wire.Subscribe(
                () => AudienceKeys.Of(Cast.Amina),
                Cast.Amina.Id,
                _ =>
                {
                    Interlocked.Increment(ref closed);
                    return Task.CompletedTask;
                }
            )
            .Dispose();
        for (var i = 0; i < 3; i++)
        {
            var need = Cast.Need(Cast.Amina);
            await test.Save(need);
            Assert.True(well.WasTold(need.Id, Soon));
        }
        Assert.Equal(0, closed);
        never.SetResult();
    }

    [Theory, OnPostgres]
    public async Task A_change_made_on_one_node_is_heard_on_another(Database database)
    {
        await using var here = await TestDb.Open(database);
        await using var there = here.AnotherNode();
        await using var hearing = await Hearing.Of(there);
        using var aminas = new Screen(there.Wire, Cast.Amina).Open();
        using var rosas = new Screen(there.Wire, Cast.Rosa).Open();
        var need = Cast.Need(Cast.Amina);
        await here.Save(need);
        Assert.True(aminas.WasTold(need.Id, Soon));
        Assert.False(rosas.WasTold(need.Id, Moment));
    }

    [Theory, OnPostgres]
    public async Task The_wire_mends_itself_when_the_line_is_cut_and_has_everyone_ask_again(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        using var aminas = new Screen(test.Wire, Cast.Amina).Open();
        await using (var db = await test.AsOwner())
            await db.Database.ExecuteSqlRawAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            );
        Assert.True(aminas.WasTold(Guid.Empty, Soon));
        var need = Cast.Need(Cast.Amina);
        await test.Save(need);
        Assert.True(aminas.WasTold(need.Id, Soon));
    }

    [Theory, OnPostgres]
    public async Task A_change_for_very_many_audiences_is_told_though_its_names_do_not_fit(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var hearing = await Hearing.Of(test);
        using var aminas = new Screen(test.Wire, Cast.Amina).Open();
        var need = Cast.NeedAt(NeedStatus.Authenticated);
        for (var i = 0; i < 900; i++)
            need.SharedWith(Audience.Org(10_000 + i));
        need.CirculatedBy(Cast.Andrei);
        await test.Save(need);
        Assert.True(aminas.WasTold(need.Id, Soon));
    }
}
