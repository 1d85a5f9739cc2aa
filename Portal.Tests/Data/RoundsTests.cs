using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Tests.Data;

/// <summary>Work in rounds goes on whatever one of them fails at, and ends with the portal.</summary>
public sealed class RoundsTests
{
    [Fact]
    public async Task Whatever_a_round_throws_the_next_one_comes()
    {
        var clock = new FakeTimeProvider();
        using var stopping = new CancellationTokenSource();
        using var ran = new SemaphoreSlim(0);
        Exception[] faults =
        [
            new Refusal("need.wrong_stage"),
            new NullReferenceException(),
            new OperationCanceledException("another's"),
            new TaskCanceledException(),
            new KeyNotFoundException(),
            new InvalidOperationException(),
        ];
        var turn = 0;
        var rounds = Rounds.Every(
            TimeSpan.FromMinutes(1),
            () =>
            {
                ran.Release();
                return turn < faults.Length ? throw faults[turn++] : Task.CompletedTask;
            },
            "Nothing could be done",
            NullLogger.Instance,
            stopping.Token,
            clock
        );
        for (var round = 0; round <= faults.Length; round++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.True(await ran.WaitAsync(TimeSpan.FromSeconds(30)), $"Round {round} did not come.");
        }
        Assert.False(rounds.IsCompleted);
        await stopping.CancelAsync();
        await rounds; // ends, and throws nothing
    }

    [Fact]
    public async Task What_the_end_of_the_portal_breaks_off_is_no_failure()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();
        Assert.False(
            await Rounds.Try(
                () => throw new OperationCanceledException(stopping.Token),
                "Nothing could be done",
                NullLogger.Instance,
                stopping.Token
            )
        );
        Assert.True(await Rounds.Try(() => Task.CompletedTask, "Nothing could be done", NullLogger.Instance));
    }
}
