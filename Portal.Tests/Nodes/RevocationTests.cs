using System.Diagnostics;
using Portal.Domain.Access;
using Xunit.Abstractions;

namespace Portal.Tests.Nodes;

/// <summary>Two nodes for all cases of a class.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private Nodes? nodes;
    public Nodes Nodes => nodes!;

    public async Task InitializeAsync() => nodes = TestDb.PostgresServer is null && !Nodes.IsCluster ? null : await Nodes.Start();

    public async Task DisposeAsync()
    {
        if (nodes is not null)
            await nodes.DisposeAsync();
    }
}

/// <summary>A fact that needs two nodes on one PostgreSQL.</summary>
public sealed class TwoNodesFactAttribute : FactAttribute
{
    public TwoNodesFactAttribute()
    {
        if (TestDb.PostgresServer is null && !Nodes.IsCluster)
            Skip = $"{TestDb.PostgresVariable} names no PostgreSQL server; eng/test.sh starts one.";
    }
}

/// <summary>
/// Access that ends, ends on every node: screens blank, lines cut, copied cookies dead. With a cluster (eng/cluster/measure.sh) the same is
/// done many times and timed.
/// </summary>
public sealed class RevocationTests(TwoNodes two, ITestOutputHelper output) : IClassFixture<TwoNodes>
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("PORTAL_MEASURE_ROUNDS"), out var n) ? n : 1;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private Nodes Nodes => two.Nodes;

    /// <summary>Each way, with a screen open on both nodes, in every round.</summary>
    [TwoNodesFact]
    public async Task However_access_ends_screens_on_both_nodes_blank_and_the_next_request_is_refused()
    {
        var (times, asked) = (new List<(string Kind, string What, double Ms)>(), 0);
        for (var round = 0; round < Rounds; round++)
            foreach (var kind in Revocation.Kinds)
                asked += await Once(kind, times);
        Say(
            times,
            $"{Rounds * Revocation.Kinds.Count} revocations, a screen of each on {Nodes.All.Count} nodes; {asked} requests afterwards, 0 accepted"
        );
        if (Nodes.IsCluster)
            Assert.True(times.Max(t => t.Ms) <= 2000, "Slower than two seconds");
    }

    private async Task<int> Once(Revocation kind, List<(string, string, double)> times)
    {
        var (manager, visit) = (await Nodes.SignIn(Role.AccessManager), await Nodes.SignIn());
        await kind.Before(Nodes, manager, visit);
        var screens = await Task.WhenAll(Nodes.All.Select(node => Circuit.Open(node, visit.Cookie)));
        Assert.All(screens, s => Assert.Contains(visit.Name, s.Text));
        var from = Stopwatch.GetTimestamp();
        await kind.Act(Nodes, manager, visit);
        var asked = 0;
        foreach (var screen in screens)
        {
            var led = await Came(screen.Led, kind, "blank");
            times.Add((kind.Name, "blank", (Stopwatch.GetElapsedTime(from, led) - kind.Due).TotalMilliseconds));
            if (!kind.SessionEnds)
                continue;
            var cut = await Came(screen.Cut, kind, "cut");
            times.Add((kind.Name, "cut", (Stopwatch.GetElapsedTime(from, cut) - kind.Due).TotalMilliseconds));
        }
        foreach (var node in Nodes.All.Where(_ => kind.Refused is not null))
        foreach (var path in new[] { "/home", "/needs", "/search?q=a", "/notifications", "/providers" })
        {
            var (status, location) = await node.Get(path, visit.Cookie);
            Assert.True(
                status == 302 && location!.Contains(kind.Refused!, StringComparison.Ordinal),
                $"After {kind.Name} {path} answered {status} {location}"
            );
            asked++;
        }
        foreach (var screen in screens)
            await screen.DisposeAsync();
        return asked;
    }

    private async Task<long> Came(Task<long> what, Revocation kind, string called)
    {
        // A standing clock goes on while it is waited for: what comes by the clock may have set its hand only now.
        for (var waited = TimeSpan.Zero; !what.IsCompleted && waited < Nodes.Patience; waited += Look)
            if (await Task.WhenAny(what, Task.Delay(Look)) != what && !Nodes.IsCluster)
                await Nodes.Pass(Look);
        Assert.True(what.IsCompleted, $"{kind.Name}: no {called} in {Nodes.Patience.TotalSeconds} s");
        return await what;
    }

    [TwoNodesFact]
    public async Task One_person_s_circuit_is_never_another_s_on_any_node()
    {
        var swaps = Rounds == 1 ? 4 : 100;
        for (var i = 0; i < swaps; i++)
        {
            var (first, second) = (await Nodes.SignIn(), await Nodes.SignIn());
            var home = Nodes.All[i % 2];
            var before = await Circuit.Open(home, first.Cookie);
            Assert.Contains(first.Name, before.Text);
            await before.DisposeAsync();
            foreach (var node in Nodes.All)
            {
                await using var next = await Circuit.Line(node, second.Cookie);
                Assert.False(await next.Connect(before.Secret));
                Assert.Null(await next.Resume(before.Secret));
                Assert.Equal(0, next.Batches);
            }
            // Its own session, at another node, loads anew; at its own, it takes it up again.
            await using (var elsewhere = await Circuit.Line(Nodes.All[(i + 1) % 2], first.Cookie))
            {
                Assert.False(await elsewhere.Connect(before.Secret));
                Assert.Null(await elsewhere.Resume(before.Secret));
            }
            await using var own = await Circuit.Line(home, first.Cookie);
            Assert.True(await own.Connect(before.Secret));
        }
        output.WriteLine($"{swaps} swaps of the person at one browser, on the circuit's node and on the other: 0 taken over");
    }

    [TwoNodesFact]
    public async Task What_is_pressed_after_the_end_is_refused_and_cuts_the_line()
    {
        foreach (var node in Nodes.All)
        {
            var visit = await Nodes.SignIn();
            await using var screen = await Circuit.Open(node, visit.Cookie);
            await using (var db = await Nodes.AsSystem())
            {
                db.Remove((await db.Sessions.FindAsync(visit.SessionId))!);
                await db.SaveChangesAsync();
            }
            await Nodes.Pass(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<Exception>(screen.Press);
            await screen.Cut.WaitAsync(Nodes.Patience);
        }
    }

    private void Say(List<(string Kind, string What, double Ms)> times, string title)
    {
        output.WriteLine(title);
        foreach (var group in times.GroupBy(t => (t.Kind, t.What)))
            output.WriteLine(
                $"{group.Key.Kind, -36} {group.Key.What, -6} n={group.Count(), -4} median {group.Select(t => t.Ms).Order().ElementAt(group.Count() / 2), 6:0} ms   worst {group.Max(t => t.Ms), 6:0} ms"
            );
        foreach (var what in times.GroupBy(t => t.What))
            output.WriteLine($"all: {what.Key}, worst {what.Max(t => t.Ms):0} ms");
        if (Environment.GetEnvironmentVariable("PORTAL_MEASURE_FILE") is { Length: > 0 } file)
            File.WriteAllLines(file, times.Select(t => $"{t.Kind}\t{t.What}\t{t.Ms:0.0}"));
    }
}
