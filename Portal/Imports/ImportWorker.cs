using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>Wakes this node's worker. Other nodes find the work by looking.</summary>
public sealed class ImportBell
{
    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is work.</summary>
    public void Ring() => rings.Writer.TryWrite(true);

    /// <summary>Waits for work, or for a while.</summary>
    public async Task Wait(TimeSpan atMost, TimeProvider clock, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(rings.Reader.WaitToReadAsync(stop.Token).AsTask(), Task.Delay(atMost, clock, stop.Token));
        await stop.CancelAsync();
        rings.Reader.TryRead(out _);
        ct.ThrowIfCancellationRequested();
    }
}

/// <summary>
/// Checks and takes files that were received. The work is found by query and held by a lease, so that it is safe on every node, goes on where it was when a node
/// dies, and one file at a time is enough for a node.
/// </summary>
internal sealed class ImportWorker(PortalStore store, ImportRunner runner, ImportBook book, ImportBell bell, TimeProvider clock, ILogger<ImportWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private readonly Guid node = Guid.CreateVersion7();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Next(stoppingToken) is { } job)
                    await runner.Work(job, stoppingToken);
                await book.Forget(stoppingToken);
                await bell.Wait(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The lease ends and the work is found again, here or elsewhere.
                log.LogError(e, "An import broke off; it is taken up again");
                await bell.Wait(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task<Guid?> Next(CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("find an import to work on");
        var now = clock.GetUtcNow().UtcDateTime;
        var job = await db.ImportJobs.Where(j => (j.Stage == ImportStage.Checking || j.Stage == ImportStage.Applying) && (j.LeaseUntil == null || j.LeaseUntil < now || j.Worker == node)).OrderBy(j => j.UpdatedAt).FirstOrDefaultAsync(ct);
        if (job is null || !job.TryTake(node, now))
            return null;
        try
        {
            await db.SaveChangesAsync(ct);
            return job.Id;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node was faster.
            return null;
        }
    }
}
