using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>What a preview tells of a record whose content whoever looks may not read.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="View">Bits of the parts that are seen by whom they look as.</param>
/// <param name="Files">How many files they see.</param>
/// <param name="Proposals">How many proposals that answer it they see.</param>
/// <param name="Acts">How many lines of its activity they see.</param>
public sealed record MaskedView(Kind Kind, int View, int Files, int Proposals, int Acts);

/// <summary>Lets an access manager look at the portal as a role, or a role in an organisation, sees it.</summary>
public sealed class ViewAsService(ActorSource actors, RecentCheck check, Viewings viewings, Visitor visitor, TimeProvider clock)
{
    /// <summary>Begins a preview in this session; every screen of it is loaded anew.</summary>
    /// <param name="role">As which role.</param>
    /// <param name="organisationId">In which organisation; null is what the role brings wherever it is held.</param>
    /// <param name="states">States of a legal officer (ISO 3166-1 alpha-3).</param>
    /// <exception cref="Refusal">
    /// Not an access manager, no such place, one is open already, or the last check of who sits here is too old.
    /// </exception>
    public async Task Start(Role role, Guid? organisationId, IReadOnlyCollection<string> states)
    {
        await check.Demand();
        await viewings.EndOver();
        await using var db = await actors.Open();
        var organisation = organisationId is { } id
            ? await db.Organisations.FirstOrDefaultAsync(o => o.Id == id) ?? throw new Refusal("grant.to_nobody", "To")
            : null;
        var viewing = Viewing.Start(
            db.Actor,
            visitor.SessionId ?? throw new NotFound(),
            role,
            organisation,
            states,
            clock.GetUtcNow().UtcDateTime
        );
        db.Viewings.Add(viewing);
        db.Audit(new Act("viewing.started", 0, To: viewing.PlaceCode(organisation), Subject: viewing.Id.ToString()), Section.Access);
        db.AccessChanged(db.Actor.PersonId);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            // Pressed twice, or in two tabs at once: the one that was sooner is open.
            throw new Refusal("record.changed_meanwhile");
        }
    }

    /// <summary>What a preview tells of a masked record: the parts seen, and how much there is.</summary>
    /// <exception cref="NotFound">There is no preview, or whom one looks as would find nothing.</exception>
    public async Task<MaskedView> Masked(Guid id)
    {
        await using var db = await actors.Open();
        if (!db.IsPreview)
            throw new NotFound();
        using var _ = db.Counting();
        if (
            (await db.Views([id])) is not { Count: > 0 } views
            || await KindOf(db, id) is not { } kind
            || db.Actor.LevelIn(kind.Section) < Level.View
        )
            throw new NotFound();
        return new MaskedView(
            kind,
            views[id],
            await db.Attachments.CountAsync(a => a.RecordId == id),
            await db.Proposals.CountAsync(p => p.NeedId == id),
            await db.Activities.CountAsync(a => a.RecordId == id)
        );
    }

    private static async Task<Kind?> KindOf(PortalDb db, Guid id)
    {
        var name = await db.Reach.Where(r => r.RecordId == id).Select(r => r.Audience).FirstAsync();
        return Kinds.All.FirstOrDefault(k => name.StartsWith(k.Prefix, StringComparison.Ordinal));
    }
}
