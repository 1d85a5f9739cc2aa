using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Assessments;

namespace Portal.Assessments;

/// <summary>A dossier that waits for its review.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="StateIso3">Its State.</param>
/// <param name="Officer">Whose it is.</param>
/// <param name="Since">UTC; when it was handed over.</param>
/// <param name="Days">Days since then.</param>
/// <param name="IsMine">Whether the reader may review it: who wrote in it does not.</param>
public sealed record ReviewWaiting(string Reference, string StateIso3, string Officer, DateTime Since, int Days, bool IsMine);

/// <summary>What reviews found.</summary>
/// <param name="Waiting">What waits, the longest first.</param>
/// <param name="Reviewed">Editions that were reviewed.</param>
/// <param name="Passed">Of them, those that passed.</param>
/// <param name="AtOnce">Dossiers whose first edition passed.</param>
/// <param name="Dossiers">Dossiers of which an edition was reviewed.</param>
/// <param name="MedianDays">Days from handing over to the answer, of which half are shorter; null where nothing was reviewed.</param>
/// <param name="Faults">How often each was wanting, the most frequent first.</param>
public sealed record QualityView(
    IReadOnlyList<ReviewWaiting> Waiting,
    int Reviewed,
    int Passed,
    int AtOnce,
    int Dossiers,
    double? MedianDays,
    IReadOnlyList<(QualityItem Item, int Times)> Faults
);

/// <summary>How quality reviews go, over all dossiers that the reader sees.</summary>
public sealed class QualityService(ActorSource actors, TimeProvider clock)
{
    /// <summary>What waits, and what reviews found.</summary>
    /// <exception cref="NotFound">Not the reader's to see.</exception>
    public async Task<QualityView> Get(CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!QualityReviews.CanSee(db.Actor))
            throw new NotFound();
        var (now, me) = (clock.GetUtcNow().UtcDateTime, db.Actor.PersonId);
        // Without their texts.
        var all = await db
            .Dossiers.AsNoTracking()
            .Where(d => d.Editions.Any())
            .Select(d => new
            {
                d.Reference,
                d.StateIso3,
                d.Stage,
                d.OfficerName,
                d.Authors,
                d.Reviews,
                Frozen = d.Editions.Where(e => e.Part == (int)DossierParts.Letter).Select(e => new { e.Number, e.At }).ToList(),
            })
            .ToListAsync(ct);
        var mayReview = db.Actor.LevelIn(Section.Assessments) >= Level.Contribute;
        List<double> days =
        [
            .. all.SelectMany(d => d.Reviews.Select(r => (r.At - d.Frozen.First(f => f.Number == r.Edition).At).TotalDays)).Order(),
        ];
        var reviewed = all.FindAll(d => d.Reviews.Count > 0);
        return new QualityView(
            [
                .. all.Where(d => d.Stage == DossierStage.Review)
                    .Select(d =>
                    {
                        var since = d.Frozen.Max(f => f.At);
                        return new ReviewWaiting(
                            d.Reference,
                            d.StateIso3,
                            d.OfficerName,
                            since,
                            (now - since).Days,
                            mayReview && !d.Authors.Contains(me)
                        );
                    })
                    .OrderBy(w => w.Since),
            ],
            days.Count,
            reviewed.Sum(d => d.Reviews.Count(r => r.Passed)),
            reviewed.Count(d => d.Reviews[0].Passed),
            reviewed.Count,
            days.Count == 0 ? null : (days[(days.Count - 1) / 2] + days[days.Count / 2]) / 2,
            [
                .. all.SelectMany(d => d.Reviews)
                    .SelectMany(r => r.Wanting)
                    .CountBy(item => item)
                    .Select(c => (c.Key, c.Value))
                    .OrderByDescending(c => c.Value)
                    .ThenBy(c => c.Key),
            ]
        );
    }
}
