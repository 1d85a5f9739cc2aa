using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Collaboration;

namespace Portal.Collaboration;

/// <summary>
/// Finds, every minute, records that have come to fit a view whose owner wants to be told: by the list itself, opened for that membership,
/// so that
/// nothing it may not see is found, counted or told. Each record is noted once for a view, by whichever node is first.
/// </summary>
public sealed class ViewWatcher(PortalStore store, KnownActors actors, TimeProvider clock, ILogger<ViewWatcher> log) : BackgroundService
{
    private const int AtATime = 200;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(TimeSpan.FromMinutes(1), () => Round(stoppingToken), "Saved views could not be looked through", log, stoppingToken);

    /// <summary>Looks through every view that is watched.</summary>
    public async Task Round(CancellationToken ct)
    {
        var after = Guid.Empty;
        while (true)
        {
            List<(Guid Id, Guid MembershipId)> page;
            await using (var db = await store.OpenAsSystem("find the views that are watched"))
            {
                var from = after;
                page =
                [
                    .. (
                        await db
                            .SavedViews.Where(v => v.TellsNew && v.Id > from)
                            .OrderBy(v => v.Id)
                            .Take(AtATime)
                            .Select(v => new { v.Id, v.MembershipId })
                            .ToListAsync(ct)
                    ).Select(v => (v.Id, v.MembershipId)),
                ];
            }
            foreach (var (id, membershipId) in page)
                await Rounds.Try(() => Look(id, membershipId, ct), "A saved view could not be looked through", log, ct);
            ct.ThrowIfCancellationRequested();
            if (page.Count < AtATime)
                return;
            after = page[^1].Id;
        }
    }

    private async Task Look(Guid id, Guid membershipId, CancellationToken ct)
    {
        var actor = await actors.OfMembership(membershipId);
        if (actor.Membership is null)
            return;
        await using var db = await store.OpenFor(actor);
        if (await db.SavedViews.AsNoTracking().FirstOrDefaultAsync(v => v.Id == id && v.TellsNew, ct) is not { } view)
            return;
        var (fits, _) = await Fitting.Of(db, view, ct);
        var known = (await db.ViewHits.Where(h => h.ViewId == id).Select(h => h.RecordId).ToListAsync(ct)).ToHashSet();
        var news = fits.Where(f => !known.Contains(f.Id)).ToList();
        if (news.Count == 0)
            return;
        var now = clock.GetUtcNow().UtcDateTime;
        db.ViewHits.AddRange(news.Select(f => ViewHit.Of(view, f.Id, f.Kind, f.Reference, now, true)));
        db.AccessChanged(actor.PersonId);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Another node was first; what it missed is found in a minute.
        }
    }
}
