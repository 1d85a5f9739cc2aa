using Microsoft.Extensions.Time.Testing;
using Portal.Imports;

namespace Portal.Tests.Imports;

/// <summary>Files take turns: a long one lets others go first.</summary>
public sealed class ImportTurnsTests
{
    [Fact]
    public async Task A_long_file_lets_those_who_wait_go_first_and_then_goes_on()
    {
        var clock = new FakeTimeProvider();
        var turns = new ImportTurns(clock);
        var (done, otherWaits) = (new List<string>(), new TaskCompletionSource());
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var slow = turns.Run(
            first,
            async () =>
            {
                done.Add("slow begins");
                await otherWaits.Task;
                // Too early: it goes on.
                await turns.Pass(first, default);
                done.Add("slow is at it");
                clock.Advance(TimeSpan.FromSeconds(2));
                await turns.Pass(first, default);
                done.Add("slow ends");
            },
            default
        );
        var quick = turns.Run(
            second,
            () =>
            {
                done.Add("quick");
                return Task.CompletedTask;
            },
            default
        );
        otherWaits.SetResult();
        await Task.WhenAll(slow, quick);
        Assert.Equal(["slow begins", "slow is at it", "quick", "slow ends"], done);
        // One that breaks off leaves its turn to others, and who has none passes nothing.
        await Assert.ThrowsAsync<InvalidOperationException>(() => turns.Run(first, () => throw new InvalidOperationException(), default));
        await turns.Pass(Guid.NewGuid(), default);
        await turns.Run(second, () => Task.CompletedTask, default);
    }
}
