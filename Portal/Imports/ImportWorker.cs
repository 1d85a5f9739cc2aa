using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>Wakes this node's worker. Other nodes find the work by looking.</summary>
public sealed class ImportBell
{
    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

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
/// Checks and takes files that were received. The work is found by query and held by a lease, so that it is safe on every node and goes on
/// where it was when a node dies. Several files are under way
/// and take turns; the lease is kept for as long as a file is, however long it waits or is read.
/// </summary>
internal sealed class ImportWorker(
    PortalStore store,
    ImportRunner runner,
    ImportTurns turns,
    ImportBook book,
    ImportBell bell,
    TimeProvider clock,
    ILogger<ImportWorker> log
) : BackgroundService
{
    private const int Most = 8;
    private const int MostOfOne = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Beat = ImportJob.Lease / 4;
    private readonly Guid node = Guid.CreateVersion7();
    private readonly ConcurrentDictionary<Guid, (Guid Organisation, Task Work)> underWay = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (underWay.Count < Most && await Next(stoppingToken) is { } job)
                {
                    var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    underWay[job.Id] = (job.OrganisationId, Work(job.Id, begin.Task, stoppingToken));
                    begin.SetResult();
                }
                await book.Forget(stoppingToken);
                await bell.Wait(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.LogError(e, "No import could be taken up; it is tried again");
                await bell.Wait(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Task.WhenAll(underWay.Values.Select(u => u.Work));
    }

    private async Task Work(Guid job, Task begin, CancellationToken ct)
    {
        await begin;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var kept = Keep(job, done.Token);
        try
        {
            await turns.Run(job, () => runner.Work(job, ct), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The lease ends, and another node goes on.
        }
        catch (Exception e)
        {
            log.LogError(e, "Import {Job} broke off; it is taken up again when its lease ends", job);
        }
        await done.CancelAsync();
        await kept;
        underWay.TryRemove(job, out _);
        bell.Ring();
    }

    // Also while it waits for its turn, and while a file is read in which nothing is found yet.
    private async Task Keep(Guid job, CancellationToken ct)
    {
        using var beat = new PeriodicTimer(Beat, clock);
        while (true)
        {
            try
            {
                if (!await beat.WaitForNextTickAsync(ct))
                    return;
                await using var db = await store.OpenAsSystem("keep an import");
                var until = clock.GetUtcNow().UtcDateTime + ImportJob.Lease;
                await db
                    .ImportJobs.Where(j => j.Id == job && j.Worker == node)
                    .ExecuteUpdateAsync(s => s.SetProperty(j => j.LeaseUntil, until), ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "The lease of import {Job} could not be kept", job);
            }
        }
    }

    private async Task<ImportJob?> Next(CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("find an import to work on");
        var now = clock.GetUtcNow().UtcDateTime;
        // Whoever sends many files does not take the places of all others.
        var full = underWay.Values.CountBy(u => u.Organisation).Where(o => o.Value >= MostOfOne).Select(o => o.Key).ToList();
        var job = await db
            .ImportJobs.Where(j =>
                (j.Stage == ImportStage.Checking || j.Stage == ImportStage.Applying)
                && (j.LeaseUntil == null || j.LeaseUntil < now)
                && !full.Contains(j.OrganisationId)
            )
            .OrderBy(j => j.UpdatedAt)
            .FirstOrDefaultAsync(ct);
        if (job is null || !job.TryTake(node, now))
            return null;
        try
        {
            await db.SaveChangesAsync(ct);
            return job;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node was faster.
            return null;
        }
    }
}
