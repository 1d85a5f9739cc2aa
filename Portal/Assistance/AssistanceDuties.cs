using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Lists;

namespace Portal.Assistance;

/// <summary>
/// What the portal does by itself as days pass: reminds recipients before the day to reply by, lets silence consent where a State allowed
/// it, asks States whether
/// needs still stand. Each is found by query and done once, whichever node comes first.
/// </summary>
public sealed class AssistanceDuties(PortalStore store, TimeProvider clock, ILogger<AssistanceDuties> log)
{
    /// <summary>Days before the day to reply by on which those who have not answered are reminded.</summary>
    public static readonly IReadOnlyList<int> RemindBefore = [14, 3];
    private const int Most = 200;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
    private DateOnly Today => Days.Begun(Now);

    /// <summary>Does what is due.</summary>
    public async Task Run(CancellationToken ct = default)
    {
        await Remind(ct);
        await PassSilently(ct);
        await AskWhetherItStands(ct);
        await AskWhatCameOfIt(ct);
    }

    private Task Each(Func<PortalDb, Task<List<Guid>>> due, Func<PortalDb, Need, Task> act, CancellationToken ct) =>
        store.Each(due, act, log, ct);

    private async Task Remind(CancellationToken ct)
    {
        var open = Days.NotOver(Now);
        foreach (var days in RemindBefore)
        {
            var (until, code) = (Today.AddDays(days), $"need.reply_due/{days}");
            await Each(
                db =>
                    db.Needs.Where(NeedRules.TakesReplies(open))
                        .Where(n =>
                            n.ReplyBy <= until && !db.Reminders.Any(r => r.RecordId == n.Id && r.Code == code && r.Day == n.ReplyBy)
                        )
                        .OrderBy(n => n.ReplyBy)
                        .ThenBy(n => n.Id)
                        .Select(n => n.Id)
                        .Take(Most)
                        .ToListAsync(ct),
                async (db, need) =>
                {
                    // Circulated later than that there is nothing to be reminded of yet.
                    var day = need.ReplyBy!.Value;
                    if (await db.IsReminded(need, code, day, ct) || day.AddDays(-days) < DateOnly.FromDateTime(need.CirculatedAt!.Value))
                        return;
                    var standing = need.Consents.Where(c => c.Stands).Select(c => (c.AudienceKey, c.Parts)).ToList();
                    var answered = (
                        await db.Proposals.Where(p => p.NeedId == need.Id && p.WasMade).Select(p => p.OrganisationId).ToListAsync(ct)
                    )
                        .Concat(await db.NotNow.Where(x => x.NeedId == need.Id).Select(x => x.OrganisationId).ToListAsync(ct))
                        .Concat(await db.NotForUs.Where(x => x.NeedId == need.Id).Select(x => x.OrganisationId).ToListAsync(ct))
                        .ToHashSet();
                    foreach (var o in await db.Organisations.Where(o => o.Kind == OrganisationKind.Provider).AsNoTracking().ToListAsync(ct))
                        if (
                            !answered.Contains(o.Id)
                            && NeedRules.GivenTo(standing.Where(c => c.AudienceKey != Audience.Public.Key), o.Kind, o.Number)
                                != NeedParts.None
                        )
                            db.Notify(Audience.Org(o.Number), "need.reply_due", need);
                },
                ct
            );
        }
    }

    private Task PassSilently(CancellationToken ct)
    {
        var today = Days.NotOver(Now);
        return Each(
            db =>
                db.Needs.Where(n => n.Requests.Any(r => r.Status == ConsentRequestStatus.Open && r.SilentAfter < today))
                    .OrderBy(n => n.Requests.Where(r => r.Status == ConsentRequestStatus.Open).Min(r => r.SilentAfter))
                    .Select(n => n.Id)
                    .Take(Most)
                    .ToListAsync(ct),
            (_, need) =>
            {
                need.PassSilently(Now);
                return Task.CompletedTask;
            },
            ct
        );
    }

    // A year after help was delivered, and then every month until the State answers.
    private Task AskWhatCameOfIt(CancellationToken ct)
    {
        var (delivered, monthAgo) = (NeedRules.DeliveredLongEnough(Now), Now.AddDays(-30));
        return Each(
            db =>
                db.Needs.Where(n =>
                        n.Status == NeedStatus.InDelivery
                        && n.DeliveredOn <= delivered
                        && !db.Reminders.Any(r => r.RecordId == n.Id && r.Code == "need.outcome_asked" && r.At > monthAgo)
                    )
                    .OrderBy(n => n.DeliveredOn)
                    .Select(n => n.Id)
                    .Take(Most)
                    .ToListAsync(ct),
            async (db, need) =>
            {
                if (!await db.IsReminded(need, "need.outcome_asked", Today, ct))
                    db.Notify(Audience.State(need.StateIso3), "need.outcome_asked", need);
            },
            ct
        );
    }

    // Asked again every quarter until the State says something.
    private Task AskWhetherItStands(CancellationToken ct)
    {
        var (yearAgo, quarterAgo) = (Now.AddYears(-1), Now.AddDays(-90));
        return Each(
            db =>
                db.Needs.Where(n =>
                        n.LastConfirmedAt < yearAgo
                        && (
                            n.Status == NeedStatus.Submitted
                            || n.Status == NeedStatus.Authenticated
                            || n.Status == NeedStatus.Circulated
                            || n.Status == NeedStatus.Matched
                        )
                        && !db.Reminders.Any(r => r.RecordId == n.Id && r.Code == "need.still_needed" && r.At > quarterAgo)
                    )
                    .OrderBy(n => n.LastConfirmedAt)
                    .Select(n => n.Id)
                    .Take(Most)
                    .ToListAsync(ct),
            async (db, need) =>
            {
                if (!await db.IsReminded(need, "need.still_needed", Today, ct))
                    db.Notify(Audience.State(need.StateIso3), "need.still_needed", need);
            },
            ct
        );
    }
}

/// <summary>What was reminded of.</summary>
internal static class Reminding
{
    /// <summary>Whether it was reminded of this before; where not, that it is now is noted with what is saved.</summary>
    public static async Task<bool> IsReminded(
        this PortalDb db,
        IProtected record,
        string code,
        DateOnly day,
        CancellationToken ct = default
    )
    {
        if (await db.Reminders.AnyAsync(r => r.RecordId == record.Id && r.Code == code && r.Day == day, ct))
            return true;
        db.Reminders.Add(
            new Reminder
            {
                RecordId = record.Id,
                Code = code,
                Day = day,
                At = db.Now,
            }
        );
        return false;
    }
}

/// <summary>Has the duties done every minute, on every node.</summary>
public sealed class AssistanceClock(AssistanceDuties duties, ILogger<AssistanceClock> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(TimeSpan.FromMinutes(1), () => duties.Run(stoppingToken), "What is due could not be done", log, stoppingToken);
}
