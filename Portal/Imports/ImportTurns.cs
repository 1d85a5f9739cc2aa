using System.Collections.Concurrent;

namespace Portal.Imports;

/// <summary>
/// The turns of the files that a node is at work on. One is read or written at a time, so that imports together take one processor and
/// little memory; who has had its turn for a while lets those who
/// wait go first, so that no file holds up the others, however large it is.
/// </summary>
public sealed class ImportTurns(TimeProvider clock)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly ConcurrentDictionary<Guid, long> begun = [];

    /// <summary>Works on a file when its turn comes.</summary>
    public async Task Run(Guid jobId, Func<Task> work, CancellationToken ct)
    {
        await Wait(jobId, ct);
        try
        {
            await work();
        }
        finally
        {
            End(jobId);
        }
    }

    /// <summary>
    /// Lets others go first where the turn has lasted long enough. A file that is worked on outside of turns, as a command does, goes on.
    /// </summary>
    public async Task Pass(Guid jobId, CancellationToken ct)
    {
        if (!begun.TryGetValue(jobId, out var at) || clock.GetElapsedTime(at) < Turn)
            return;
        End(jobId);
        await Wait(jobId, ct);
    }

    private async Task Wait(Guid jobId, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        begun[jobId] = clock.GetTimestamp();
    }

    private void End(Guid jobId)
    {
        if (begun.TryRemove(jobId, out _))
            one.Release();
    }
}
