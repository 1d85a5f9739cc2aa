using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// Ends previews and notes it: when they are stopped, when their time is over, when the session has ended in whatever way, or when whoever
/// looks
/// may no longer look. A preview counts no longer than it may, whenever its end is noted.
/// </summary>
public sealed class Viewings(PortalStore store, Sessions sessions, KnownActors known, TimeProvider clock)
{
    /// <summary>Stops the preview of a session, if there is one.</summary>
    public async Task Stop(Standing standing)
    {
        if (standing.Viewing is { } viewing)
            await End(viewing.Id, viewing.InForce(Now) ? ViewingEnd.Stopped : ViewingEnd.TimeOver, (await known.Own(standing)).Actor);
    }

    /// <summary>Notes the end of every preview that is over.</summary>
    public async Task EndOver()
    {
        foreach (var viewing in await Open())
        {
            var standing = await sessions.Of(viewing.SessionId);
            var own = standing is null ? Actor.Anonymous : (await known.Own(standing)).Actor;
            ViewingEnd? how =
                !viewing.InForce(Now) ? ViewingEnd.TimeOver
                : standing is null ? ViewingEnd.SessionOver
                : own.Membership?.Id != viewing.MembershipId || !Viewing.CanStart(own) ? ViewingEnd.AccessLost
                : null;
            if (how is { } over)
                await End(viewing.Id, over, own);
        }
    }

    private async Task<List<Viewing>> Open()
    {
        await using var db = await store.OpenAsSystem("look which previews are open");
        return await db.Viewings.Where(v => v.EndedAt == null).OrderBy(v => v.Id).AsNoTracking().ToListAsync();
    }

    // Noted as done by whoever looked, as far as they still are somebody.
    private async Task End(Guid id, ViewingEnd how, Actor viewer)
    {
        await using var db = await store.OpenAsSystem("end a preview");
        if (await db.Viewings.FirstOrDefaultAsync(v => v.Id == id && v.EndedAt == null) is not { } viewing)
            return;
        var organisation = viewing.OrganisationId is { } body ? await db.Organisations.FirstOrDefaultAsync(o => o.Id == body) : null;
        viewing.End(how, Now);
        db.Actor = viewer;
        db.Audit(
            new Act("viewing.ended", 0, viewing.PlaceCode(organisation), how.ToString(), Subject: viewing.Id.ToString()),
            Section.Access,
            viewing.PersonId
        );
        db.AccessChanged(viewing.PersonId);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node, or another tab, was a moment sooner; what it noted stands.
        }
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}

/// <summary>Looks every few seconds whether a preview is over, on every node.</summary>
internal sealed class ViewingKeeper(Viewings viewings, ILogger<ViewingKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    // The next to start notes what has ended.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(Every, viewings.EndOver, "The end of previews could not be noted", log, stoppingToken);
}
