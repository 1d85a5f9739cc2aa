using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Public;

/// <summary>A need as its State lets everyone read it; a part that it keeps is null or empty.</summary>
/// <param name="Reference">Short reference.</param>
/// <param name="StateIso3">State.</param>
/// <param name="Title">Title, in the reader's language where there is one.</param>
/// <param name="Description">Beginning of the description.</param>
/// <param name="Language">Language of both.</param>
/// <param name="Theme">Theme code.</param>
/// <param name="Modalities">Modality codes.</param>
/// <param name="ReplyBy">Last day for answers.</param>
public sealed record PublicNeed(
    string Reference,
    string StateIso3,
    string Title,
    string? Description,
    Language Language,
    string Theme,
    IReadOnlyList<string> Modalities,
    DateOnly? ReplyBy
);

/// <summary>What the first page shows of the records that are public.</summary>
/// <param name="Organisations">Organisations in the public directory.</param>
/// <param name="Offers">Their standing offers.</param>
/// <param name="NeedCount">Needs that States published.</param>
/// <param name="NeedsCapped">Whether there are more than were counted.</param>
/// <param name="Needs">The latest of them.</param>
public sealed record PublicHome(int Organisations, int Offers, int NeedCount, bool NeedsCapped, IReadOnlyList<PublicNeed> Needs);

/// <summary>
/// What everyone may read. Always opened for nobody, even when somebody signed in looks: what a public page shows, it may show to all.
/// </summary>
public sealed class PublicReading(PortalStore store)
{
    /// <summary>Figures and the latest published needs.</summary>
    public async Task<PublicHome> Home(Language reader, CancellationToken ct = default)
    {
        await using var db = await store.OpenFor(Actor.Anonymous);
        var directory = await DirectoryReading.Page(db, ListAddress.Of(""), reader, ct: ct);
        var slice = await db.List(new ListRequest<Need>(Need.Card) { PageSize = 6 }, ct);
        return new PublicHome(directory.Total, directory.Offers, slice.Total, slice.IsCapped, await Needs(db, slice.Ids, reader, ct));
    }

    private static async Task<IReadOnlyList<PublicNeed>> Needs(PortalDb db, IReadOnlyList<Guid> ids, Language reader, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var views = await db.Views(ids, ct);
        var needs = await db
            .Needs.AsNoTracking()
            .Include(n => n.Translations)
            .Where(n => ids.Contains(n.Id))
            .ToDictionaryAsync(n => n.Id, ct);
        return
        [
            .. ids.Where(id => needs.ContainsKey(id) && views.ContainsKey(id)).Select(id => Of(needs[id], (NeedParts)views[id], reader)),
        ];
    }

    private static PublicNeed Of(Need need, NeedParts parts, Language reader)
    {
        var translation = need.TranslatedInto(reader, parts);
        var description = parts.Has(NeedParts.Description)
            ? DirectoryReading.Beginning(translation?.Description ?? need.Description, 280)
            : null;
        return new PublicNeed(
            need.Reference,
            need.StateIso3,
            translation?.Title ?? need.Title,
            description,
            translation?.Language ?? need.Language,
            need.Theme,
            parts.Has(NeedParts.Modality) ? need.Modalities : [],
            need.ReplyBy
        );
    }

    /// <summary>A page of the public directory.</summary>
    public async Task<DirectoryPage> Directory(ListAddress address, Language reader, CancellationToken ct = default)
    {
        await using var db = await store.OpenFor(Actor.Anonymous);
        return await DirectoryReading.Page(db, address, reader, ct: ct);
    }

    /// <summary>One organisation in the public directory; null where there is none, for whatever reason.</summary>
    public async Task<ProviderView?> Provider(string code, CancellationToken ct = default)
    {
        await using var db = await store.OpenFor(Actor.Anonymous);
        try
        {
            return await DirectoryReading.One(db, code, ct);
        }
        catch (NotFound)
        {
            return null;
        }
    }

    /// <summary>Address parts of every organisation in the public directory.</summary>
    public async Task<IReadOnlyList<string>> Providers(CancellationToken ct = default)
    {
        await using var db = await store.OpenFor(Actor.Anonymous);
        return await DirectoryReading
            .Bodies(db)
            .Where(o => db.Profiles.Any(p => p.OrganisationId == o.Id) || db.Offers.Any(x => x.OrganisationId == o.Id))
            .OrderBy(o => o.Code)
            .Select(o => o.Code)
            .ToListAsync(ct);
    }
}
