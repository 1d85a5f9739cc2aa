using Microsoft.EntityFrameworkCore;
using Portal.Assistance;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Lists;

namespace Portal.Assessments;

/// <summary>
/// Reminds States: of the answer that a letter awaits, and of what they were asked to do, before the day and weekly after it until they
/// report. Each is found by query and told once, whichever node comes first.
/// </summary>
public sealed class AssessmentReminders(PortalStore store, TimeProvider clock, ILogger<AssessmentReminders> log)
{
    /// <summary>Days before an answer is due on which the State is reminded that has not given it.</summary>
    public static readonly IReadOnlyList<int> RemindAnswerBefore = [60, 14, 3];
    private const int Most = 200;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Does what is due.</summary>
    public async Task Run(CancellationToken ct = default)
    {
        var today = Days.Begun(Now);
        foreach (var days in RemindAnswerBefore)
        {
            var (until, code) = (today.AddDays(days), $"dossier.answer_due/{days}");
            await Each<Dossier>(
                db =>
                    db.Dossiers.Where(d =>
                            d.Stage == DossierStage.Sent
                            && d.AnswerBy <= until
                            && !db.Reminders.Any(r => r.RecordId == d.Id && r.Code == code && r.Day == d.AnswerBy)
                        )
                        .OrderBy(d => d.AnswerBy)
                        .Select(d => d.Id),
                (db, d) => Tell(db, d, d.StateIso3, "dossier.answer_due", code, d.AnswerBy!.Value, ct),
                ct
            );
        }
        foreach (var days in Recommendation.RemindBefore)
        {
            var (until, code) = (today.AddDays(days), $"recommendation.due/{days}");
            await Each<Recommendation>(
                db =>
                    db.Recommendations.Where(r =>
                            RecommendationStages.Open.Contains(r.Stage)
                            && r.DueOn <= until
                            && r.DueOn >= today
                            && !db.Reminders.Any(x => x.RecordId == r.Id && x.Code == code && x.Day == r.DueOn)
                        )
                        .OrderBy(r => r.DueOn)
                        .Select(r => r.Id),
                (db, r) => Tell(db, r, r.StateIso3, "recommendation.due", code, r.DueOn!.Value, ct),
                ct
            );
        }
        const string overdue = "recommendation.overdue";
        var weekAgo = Now.AddDays(-7);
        await Each<Recommendation>(
            db =>
                db.Recommendations.Where(r =>
                        RecommendationStages.Open.Contains(r.Stage)
                        && r.DueOn < today
                        && !db.Reminders.Any(x => x.RecordId == r.Id && x.Code == overdue && x.At > weekAgo)
                    )
                    .OrderBy(r => r.DueOn)
                    .Select(r => r.Id),
            (db, r) => Tell(db, r, r.StateIso3, overdue, overdue, today, ct),
            ct
        );
    }

    private static async Task Tell(
        PortalDb db,
        IProtected record,
        string iso3,
        string notice,
        string code,
        DateOnly day,
        CancellationToken ct
    )
    {
        if (!await db.IsReminded(record, code, day, ct))
            db.Notify(Audience.State(iso3), notice, record);
    }

    private Task Each<T>(Func<PortalDb, IQueryable<Guid>> due, Func<PortalDb, T, Task> act, CancellationToken ct)
        where T : class, IProtected => store.Each(db => due(db).Take(Most).ToListAsync(ct), act, log, ct);
}
