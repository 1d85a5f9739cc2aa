using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>A saved view as its tab shows it.</summary>
public sealed record ViewTab(Guid Id, string Name, string Query, bool IsDefault, bool TellsNew)
{
    /// <summary>Of which list.</summary>
    public required Kind List { get; init; }
}

/// <summary>Views that the membership acted under has saved.</summary>
public sealed class ViewService(ActorSource actors, TimeProvider clock)
{
    /// <summary>The views of a list, by age; of every list that the reader may open where none is named.</summary>
    public async Task<IReadOnlyList<ViewTab>> Of(Kind? list)
    {
        await using var db = await actors.Open();
        List<Kind> lists = [.. Kinds.Listed.Where(l => (list ?? l) == l && SavedView.CanKeep(db.Actor, l))];
        return await db.Kept<Translated>().Of(db, db.ActingMembershipId, lists).ToListAsync();
    }

    // The tabs are on every list.
    private sealed class Translated
    {
        public readonly Func<PortalDb, Guid, IReadOnlyCollection<Kind>, IAsyncEnumerable<ViewTab>> Of = EF.CompileAsyncQuery(
            (PortalDb db, Guid membership, IReadOnlyCollection<Kind> lists) =>
                db
                    .SavedViews.Where(v => lists.Contains(v.List) && v.MembershipId == membership)
                    .OrderBy(v => v.CreatedAt)
                    .ThenBy(v => v.Id)
                    .Select(v => new ViewTab(v.Id, v.Name, v.Query, v.IsDefault, v.TellsNew) { List = v.List })
        );
    }

    /// <summary>Saves a list as it is shown.</summary>
    /// <exception cref="Refusal">No name, a name that is taken, nothing to find again, or too many.</exception>
    public async Task<Guid> Save(Kind list, string? name, string query)
    {
        await using var db = await actors.Open();
        var membership = db.Actor.Membership is { } acting && SavedView.CanKeep(db.Actor, list) ? acting : throw new NotFound();
        var view = SavedView.Of(membership.Id, list, name, query, Now);
        var others = await db.SavedViews.Where(v => v.List == list && v.MembershipId == membership.Id).Select(v => v.Name).ToListAsync();
        Refusal.If(others.Count >= SavedView.Most, "view.too_many");
        Demand(others, view.Name);
        db.SavedViews.Add(view);
        Note(db, "account.view_saved", view);
        await db.SaveOrRefuse();
        return view.Id;
    }

    /// <summary>Changes a view as one act: all that is asked of it or nothing. What is null stays.</summary>
    /// <param name="id">The view.</param>
    /// <param name="name">Another name.</param>
    /// <param name="isDefault">Whether the list opens with it, and with no other.</param>
    /// <param name="tells">Whether its owner is told of records that come to fit it; those that fit now are known.</param>
    /// <exception cref="Refusal">The name is taken, or it fits more than can be watched.</exception>
    public async Task Change(Guid id, string? name = null, bool? isDefault = null, bool? tells = null)
    {
        await using var db = await actors.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var view = await Own(db, id);
        var others = await db.SavedViews.Where(v => v.List == view.List && v.MembershipId == view.MembershipId && v.Id != id).ToListAsync();
        if (name is not null)
        {
            view.Rename(name);
            Demand(others.Select(v => v.Name), view.Name);
        }
        if (isDefault is { } opens)
        {
            others.FindAll(o => o.IsDefault).ForEach(o => o.OpenWith(false));
            view.OpenWith(opens);
        }
        if (tells is { } watched)
            await Tell(db, view, watched);
        Note(db, "account.view_changed", view);
        await db.SaveOrRefuse();
        await transaction.CommitAsync();
    }

    private async Task Tell(PortalDb db, SavedView view, bool tells)
    {
        view.Tell(tells);
        db.ViewHits.RemoveRange(await db.ViewHits.Where(h => h.ViewId == view.Id).ToListAsync());
        await db.SaveChangesAsync();
        if (!tells)
            return;
        var (fits, isTooWide) = await Fitting.Of(db, view);
        Refusal.If(isTooWide, "view.too_wide");
        db.ViewHits.AddRange(fits.Select(f => ViewHit.Of(view, f.Id, f.Kind, f.Reference, Now, false)));
    }

    /// <summary>Forgets a view.</summary>
    public async Task Remove(Guid id)
    {
        await using var db = await actors.Open();
        var view = await Own(db, id);
        db.SavedViews.Remove(view);
        Note(db, "account.view_removed", view);
        await db.SaveOrRefuse();
    }

    // A view of a list that is closed to whoever asks, as to a program that was let into another section only, is not there.
    private static async Task<SavedView> Own(PortalDb db, Guid id) =>
        await db.SavedViews.Where(v => v.Id == id).OneOrNotFound() is var view && SavedView.CanKeep(db.Actor, view.List)
            ? view
            : throw new NotFound();

    private static void Demand(IEnumerable<string> others, string name) =>
        Refusal.If(others.Any(o => string.Equals(o, name, StringComparison.CurrentCultureIgnoreCase)), "view.name_taken");

    private static void Note(PortalDb db, string code, SavedView view) =>
        db.Audit(new Act(code, 0, Subject: view.Id.ToString()), Section.Administration);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}

/// <summary>What fits a view: found by the very lists that show it, for whoever the database is opened for.</summary>
internal static class Fitting
{
    /// <summary>Most records that a view is watched with.</summary>
    public const int Most = 1000;
    private const int Page = 200;

    /// <summary>The records that fit and may be seen, newest first; and whether there are more than are watched.</summary>
    public static async Task<(IReadOnlyList<Fit> Fits, bool IsTooWide)> Of(PortalDb db, SavedView view, CancellationToken ct = default)
    {
        var (found, address) = (new List<Fit>(), ListAddress.Of($"/?{view.Query}"));
        for (var page = 1; found.Count < Most; page++)
        {
            var ids = await RecordRooms.Of(view.List).List!.Fitting(db, address, page, Page, ct);
            var more = (
                await view.List.In(db).Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.Reference }).ToListAsync(ct)
            ).ConvertAll(r => new Fit(r.Id, view.List, r.Reference));
            found.AddRange(more);
            if (more.Count < Page)
                return (found, false);
        }
        return (found, true);
    }
}

/// <summary>A record that fits a view.</summary>
internal sealed record Fit(Guid Id, Kind Kind, string Reference);
