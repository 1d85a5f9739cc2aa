using Microsoft.EntityFrameworkCore;
using Portal.Assistance;
using Portal.Committee;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Lists;

namespace Portal.Assessments;

/// <summary>
/// What the clock brings about in circulations: writes down what silence decided, counts again when the calendar of Headquarters was
/// changed, and lets the holds of delegations lapse whose term was ended. Nothing waits for it: who asks meanwhile is told by the clock.
/// </summary>
public sealed class CirculationDuties(PortalStore store, HeadquartersTime headquarters, TimeProvider clock, ILogger<CirculationDuties> log)
{
    private const int Most = 200;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Does what is due.</summary>
    public async Task Run(CancellationToken ct = default)
    {
        List<Guid> due;
        List<Guid> moved;
        List<Guid> closing;
        await using (var db = await store.OpenAsSystem("find circulations that are due"))
        {
            var now = Now;
            due = await db
                .Dossiers.Where(d => (d.Stage == DossierStage.Subcommittee || d.Stage == DossierStage.Committee) && d.ClosesAt <= now)
                .OrderBy(d => d.ClosesAt)
                .Select(d => d.Id)
                .Take(Most)
                .ToListAsync(ct);
            var open = await db.Set<Circulation>()
                .AsNoTracking()
                .Include(c => c.Steps)
                .Where(c => c.Status == CirculationStatus.Open && c.ClosesAt > now)
                .ToListAsync(ct);
            var hq = await headquarters.Of(db, ct);
            List<Guid> soon = [.. open.Where(c => Reminder(c, hq, now) is not null).Select(c => c.RecordId)];
            var reminded = await db
                .Reminders.Where(r => soon.Contains(r.RecordId))
                .Select(r => new
                {
                    r.RecordId,
                    r.Code,
                    r.Day,
                })
                .ToListAsync(ct);
            closing =
            [
                .. open.Where(c =>
                        Reminder(c, hq, now) is { } due
                        && !reminded.Exists(r => (r.RecordId, r.Code, r.Day) == (c.RecordId, due.Code, due.Day))
                    )
                    .Select(c => c.RecordId),
            ];
            moved = Moved(open, hq, await Terms(db, ct), now);
        }
        await store.Each<Dossier>(due, (_, dossier) => Task.FromResult(dossier.Settle(Now)), log, ct);
        await store.Each<Dossier>(moved, Follow, log, ct);
        await store.Each<Dossier>(closing, Remind, log, ct);
    }

    /// <summary>Working days before the close on which delegations are reminded that have said nothing.</summary>
    public static readonly IReadOnlyList<int> RemindBefore = [2, 0];

    // Asked of the circulations alone, without the texts that circulate: on nearly all days nothing has moved.
    private static List<Guid> Moved(List<Circulation> open, Headquarters hq, IReadOnlyDictionary<int, Organisation> terms, DateTime now) =>
        [
            .. open.Where(circulation =>
                {
                    var before = circulation.ClosesAt;
                    circulation.Recount(hq, now);
                    var lapses = Ends(circulation, terms, now).ToList().Exists(e => circulation.SeatEnds(e.Organisation, e.At, hq, now));
                    return lapses || circulation.ClosesAt != before;
                })
                .Select(c => c.RecordId),
        ];

    private async Task Follow(PortalDb db, Dossier dossier)
    {
        var (now, hq) = (Now, await headquarters.Of(db));
        dossier.Recount(hq, now);
        foreach (var (organisation, at) in Ends(dossier.Circulation!, await Terms(db), now).ToList())
            dossier.SeatEnds(organisation, at, hq, now);
    }

    // Of what is due now, what it is noted as; null where none is.
    private static (string Code, DateOnly Day)? Reminder(Circulation circulation, Headquarters hq, DateTime now) =>
        circulation.StatusAt(now) == CirculationStatus.Open
        && hq.WorkingDaysLeft(now, circulation.ClosesAt) is var left
        && RemindBefore.Contains(left)
            ? ($"dossier.closing/{left}", hq.Today(circulation.ClosesAt))
            : null;

    // Each delegation once for a closing and a number of days, and none that has held, spoken or said that it has nothing against it.
    private async Task Remind(PortalDb db, Dossier dossier)
    {
        var (now, hq) = (Now, await headquarters.Of(db));
        if (dossier.Circulation is not { } circulation || Reminder(circulation, hq, now) is not var (code, day))
            return;
        if (await db.IsReminded(dossier, code, day))
            return;
        foreach (var delegation in (await Terms(db)).Values.Where(d => d.BodiesAt(now).Contains(circulation.Body)))
            if (circulation.Steps.All(s => s.OrganisationNumber != delegation.Number))
                db.Notify(Audience.Org(delegation.Number), "dossier.closing", dossier);
    }

    private static async Task<IReadOnlyDictionary<int, Organisation>> Terms(PortalDb db, CancellationToken ct = default) =>
        await db.Organisations.Where(o => o.Kind == OrganisationKind.Committee).AsNoTracking().ToDictionaryAsync(o => o.Number, ct);

    // Of the delegations that hold, until when each sits in the body; now where it no longer does.
    private static IEnumerable<(int Organisation, DateTime? At)> Ends(
        Circulation circulation,
        IReadOnlyDictionary<int, Organisation> terms,
        DateTime now
    ) =>
        from hold in circulation.HoldsAt(now)
        let delegation = terms[hold.OrganisationNumber]
        select (
            hold.OrganisationNumber,
            delegation.BodiesAt(now).Contains(circulation.Body) ? delegation.SitsUntil(circulation.Body, now) : now
        );
}

/// <summary>Has it done every minute, on every node.</summary>
public sealed class CirculationRounds(CirculationDuties duties, AssessmentReminders reminders, ILogger<CirculationRounds> log)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(
            TimeSpan.FromMinutes(1),
            async () =>
            {
                await duties.Run(stoppingToken);
                await reminders.Run(stoppingToken);
            },
            "Circulations could not be looked after",
            log,
            stoppingToken
        );
}
