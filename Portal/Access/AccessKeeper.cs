using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// What the clock does to access: reviews start, remind and end; requests are called to mind and lapse. Found by query and done in turn, so
/// that it may
/// run on every node and whatever it is interrupted by: what has been done is no longer found.
/// </summary>
public sealed class AccessKeeper(
    IServiceScopeFactory scopes,
    PortalStore store,
    Outbox outbox,
    TimeProvider clock,
    ILogger<AccessKeeper> log
) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Does what is due.</summary>
    /// <returns>How many things were.</returns>
    public async Task<int> Look()
    {
        var done = 0;
        await using var scope = scopes.CreateAsyncScope();
        var (reviews, requests) = (
            scope.ServiceProvider.GetRequiredService<ReviewCourse>(),
            scope.ServiceProvider.GetRequiredService<RequestCourse>()
        );
        var now = Now;
        List<Guid> rhythms,
            over,
            reminders,
            waiting;
        await using (var db = await store.OpenAsSystem("find what the clock does to access"))
        {
            if (await db.ReviewRhythms.CountAsync() < ReviewSubject.All.Count)
                await InTurn(Begin);
            rhythms = await db.ReviewRhythms.Where(r => r.IsOn && r.NextAt <= now).Select(r => r.Id).ToListAsync();
            over = await db
                .ReviewCampaigns.Where(c => c.Status == ReviewStatus.Open && c.Deadline <= now)
                .OrderBy(c => c.Deadline)
                .Select(c => c.Id)
                .ToListAsync();
            reminders =
            [
                .. (await db.ReviewCampaigns.Where(c => c.Status == ReviewStatus.Open && c.Deadline > now).AsNoTracking().ToListAsync())
                    .Where(c => c.IsReminderDue(now))
                    .Select(c => c.Id),
            ];
            waiting =
            [
                .. (await db.AccessRequests.Where(r => r.Status == RequestStatus.Waiting).AsNoTracking().ToListAsync())
                    .Where(r => requests.IsDue(r, now))
                    .Select(r => r.Id),
            ];
        }
        foreach (var id in rhythms)
            done += await InTurn(db => StartDue(db, reviews, id));
        foreach (var id in over)
            done += await InTurn(async db =>
            {
                if (await db.ReviewCampaigns.FindAsync(id) is { } campaign && campaign.IsOver(Now))
                    await reviews.Close(db, campaign, Now);
            });
        foreach (var id in reminders)
            done += await InTurn(async db =>
            {
                if (await db.ReviewCampaigns.FindAsync(id) is { } campaign && campaign.IsReminderDue(Now))
                    await reviews.Remind(db, campaign, Now);
            });
        foreach (var id in waiting)
            done += await InTurn(async db =>
            {
                if (await db.AccessRequests.FindAsync(id) is { } request && requests.IsDue(request, Now))
                    await requests.Pass(db, request, Now);
            });
        return done;
    }

    // From the first run on each subject has its rhythm; what a later version adds gets one then.
    private async Task Begin(PortalDb db)
    {
        var set = await db.ReviewRhythms.Select(r => r.Subject).ToListAsync();
        db.ReviewRhythms.AddRange(ReviewSubject.All.Except(set).Select(s => ReviewRhythm.Usual(s, Now)));
    }

    private async Task StartDue(PortalDb db, ReviewCourse reviews, Guid id)
    {
        var now = Now;
        if (await db.ReviewRhythms.FindAsync(id) is not { } rhythm || !rhythm.IsDue(now) || !ReviewSubject.All.Contains(rhythm.Subject))
            return;
        rhythm.Started(now);
        // One that is still open does for this time.
        if (!await db.ReviewCampaigns.AnyAsync(c => c.Subject == rhythm.Subject && c.Status == ReviewStatus.Open))
            await reviews.Start(db, rhythm.Subject, rhythm.Silence, now.AddDays(rhythm.Days), now);
    }

    // In the turn of all acts on places. A fault in one thing does not keep the others waiting.
    private async Task<int> InTurn(Func<PortalDb, Task> act)
    {
        var isDone = await Rounds.Try(
            async () =>
            {
                outbox.Prepare();
                await using var db = await store.OpenAsSystem("do what the clock does to access");
                await db.OneAtATime(
                    PeopleRules.Turn,
                    async () =>
                    {
                        await act(db);
                        await db.SaveChangesAsync();
                    }
                );
            },
            "What the clock does to access could not be done",
            log
        );
        return isDone ? 1 : 0;
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(Every, Look, "What the clock does to access could not be found", log, stoppingToken);
}
