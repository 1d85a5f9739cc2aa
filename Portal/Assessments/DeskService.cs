using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;

namespace Portal.Assessments;

/// <summary>Something on a delegation's desk.</summary>
/// <param name="Row">The dossier.</param>
/// <param name="Circulation">The circulation in which it is or was before the body.</param>
public sealed record DeskLine(DossierRow Row, CirculationView Circulation)
{
    /// <summary>Address of the dossier.</summary>
    public string Address => Dossier.Card.Path(Row.Reference);
}

/// <summary>The desk of a delegation, or of CTED over all bodies.</summary>
/// <param name="Waiting">What runs and the delegation has said nothing on; of CTED all that runs.</param>
/// <param name="Held">What is held, by whomever.</param>
/// <param name="Said">What runs and the delegation has said that it has nothing against.</param>
/// <param name="TakenUp">What a body takes up in a meeting.</param>
/// <param name="Passed">What passed in the last thirty days.</param>
/// <param name="IsDelegation">Whether it is a delegation's.</param>
/// <param name="MayPut">Whether the reader puts dossiers before the bodies.</param>
public sealed record DeskView(
    IReadOnlyList<DeskLine> Waiting,
    IReadOnlyList<DeskLine> Held,
    IReadOnlyList<DeskLine> Said,
    IReadOnlyList<DeskLine> TakenUp,
    IReadOnlyList<DeskLine> Passed,
    bool IsDelegation,
    bool MayPut
);

/// <summary>What is before the bodies that the reader sits in, and what came of it lately.</summary>
public sealed class DeskService(ActorSource actors, DossierService dossiers, TimeProvider clock)
{
    /// <summary>Days for which what passed stays on the desk.</summary>
    public const int Lately = 30;

    /// <summary>What is pending before the bodies, to be taken away: that it was is on the record.</summary>
    /// <exception cref="NotFound">The reader has no desk.</exception>
    public async Task<IReadOnlyList<DeskLine>> Pending(string format, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var desk = await Get(db, ct);
        List<DeskLine> pending = [.. desk.Waiting, .. desk.Held, .. desk.Said, .. desk.TakenUp];
        db.Audit(
            new Act(Dossier.Card.Act("exported"), (int)DossierParts.Inner, Subject: $"{format}:{pending.Count}"),
            Dossier.Card.Section
        );
        await db.SaveChangesAsync(ct);
        return [.. pending.OrderBy(l => l.Circulation.ClosesAt)];
    }

    /// <summary>The desk.</summary>
    /// <exception cref="NotFound">The reader has none.</exception>
    public async Task<DeskView> Get(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await Get(db, ct);
    }

    private async Task<DeskView> Get(PortalDb db, CancellationToken ct)
    {
        if (!Bodies.HasDesk(db.Actor))
            throw new NotFound();
        var now = clock.GetUtcNow().UtcDateTime;
        var since = now.AddDays(-Lately);
        var isDelegation = db.Actor.Membership!.Organisation.Kind == OrganisationKind.Committee;
        List<Body> bodies = [.. isDelegation ? db.Actor.Membership.Organisation.BodiesAt(now) : Enum.GetValues<Body>()];
        // Without the texts that circulate; what a body only hears of has no circulation for it.
        var circulations = await db
            .Circulations.AsNoTracking()
            .Include(c => c.Steps)
            .Where(c =>
                bodies.Contains(c.Body)
                && (
                    c.Status == CirculationStatus.Open
                    || c.Status == CirculationStatus.TakenUp
                    || (c.Status == CirculationStatus.Passed && c.EndedAt > since)
                )
            )
            .OrderBy(c => c.ClosesAt)
            .ToListAsync(ct);
        var rows = (await DossierList.Rows(db, [.. circulations.Select(c => c.RecordId).Distinct()], ct)).ToDictionary(r => r.Id);
        var lines = circulations
            .Zip(await dossiers.Circulations(db, circulations, now, ct))
            .Where(c => rows.ContainsKey(c.First.RecordId))
            .Select(c => new DeskLine(rows[c.First.RecordId], c.Second))
            .ToList();
        List<DeskLine> open = [.. lines.Where(l => l.Circulation.Status == CirculationStatus.Open)];
        return new DeskView(
            [.. open.Where(l => !l.Circulation.IsHeld && !l.Circulation.ReaderSaid)],
            [.. open.Where(l => l.Circulation.IsHeld)],
            [.. open.Where(l => !l.Circulation.IsHeld && l.Circulation.ReaderSaid)],
            [.. lines.Where(l => l.Circulation.Status == CirculationStatus.TakenUp)],
            [
                .. lines
                    .Where(l => l.Circulation.Status == CirculationStatus.Passed && l.Circulation.EndedAt > since)
                    .OrderByDescending(l => l.Circulation.EndedAt),
            ],
            isDelegation,
            Dossier.CanPutAny(db.Actor)
        );
    }
}
