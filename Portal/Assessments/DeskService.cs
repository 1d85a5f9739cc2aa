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
public sealed record DeskLine(DossierRow Row, CirculationView Circulation);

/// <summary>The desk of a delegation, or of CTED over all bodies.</summary>
/// <param name="Waiting">What runs and the delegation has said nothing on; of CTED all that runs.</param>
/// <param name="Held">What is held, by whomever.</param>
/// <param name="Said">What runs and the delegation has said that it has nothing against.</param>
/// <param name="Passed">What passed in the last thirty days.</param>
/// <param name="IsDelegation">Whether it is a delegation's.</param>
public sealed record DeskView(
    IReadOnlyList<DeskLine> Waiting,
    IReadOnlyList<DeskLine> Held,
    IReadOnlyList<DeskLine> Said,
    IReadOnlyList<DeskLine> Passed,
    bool IsDelegation
);

/// <summary>What is before the bodies that the reader sits in, and what came of it lately.</summary>
public sealed class DeskService(ActorSource actors, DossierService dossiers, TimeProvider clock)
{
    /// <summary>Days for which what passed stays on the desk.</summary>
    public const int Lately = 30;

    /// <summary>The desk.</summary>
    /// <exception cref="NotFound">The reader has none.</exception>
    public async Task<DeskView> Get(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!Bodies.HasDesk(db.Actor))
            throw new NotFound();
        var now = clock.GetUtcNow().UtcDateTime;
        var since = now.AddDays(-Lately);
        var isDelegation = db.Actor.Membership!.Organisation.Kind == OrganisationKind.Committee;
        // Of what a body only hears of, there is nothing to do.
        var all = db.Showing(db.Dossiers, (int)DossierParts.Deliberation);
        var found = await DossierList
            .Room.Whole(
                all.Where(d =>
                    d.Stage == DossierStage.Subcommittee
                    || d.Stage == DossierStage.Committee
                    || d.Circulations.Any(c => c.EndedAt > since && c.Status == CirculationStatus.Passed)
                )
            )
            .AsNoTracking()
            .OrderBy(d => d.ClosesAt)
            .ToListAsync(ct);
        var lines = new List<DeskLine>();
        foreach (var dossier in found)
        {
            var parts = (DossierParts)Decision.On(dossier, db.Actor).View;
            foreach (var circulation in await dossiers.Circulations(db, dossier, now, ct))
                if (!isDelegation || db.Actor.Membership.Organisation.BodiesAt(now).Contains(circulation.Body))
                    lines.Add(new DeskLine(DossierRow.Of(dossier, now).Masked(parts), circulation));
        }
        List<DeskLine> open = [.. lines.Where(l => l.Circulation.Status == CirculationStatus.Open)];
        return new DeskView(
            [.. open.Where(l => !l.Circulation.IsHeld && !l.Circulation.ReaderSaid)],
            [.. open.Where(l => l.Circulation.IsHeld)],
            [.. open.Where(l => !l.Circulation.IsHeld && l.Circulation.ReaderSaid)],
            [
                .. lines
                    .Where(l => l.Circulation.Status == CirculationStatus.Passed && l.Circulation.EndedAt > since)
                    .OrderByDescending(l => l.Circulation.EndedAt),
            ],
            isDelegation
        );
    }
}
