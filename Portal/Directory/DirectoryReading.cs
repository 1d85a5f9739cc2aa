using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Directory;

/// <summary>
/// Reads the directory from a database opened for somebody: members in the work pages, nobody in the public ones. Who opened it decides
/// what is there,
/// so that both read by the same questions.
/// </summary>
internal static class DirectoryReading
{
    /// <summary>Organisations on a page.</summary>
    public const int PageSize = 20;
    private const int MostOffers = 200;
    private const int LongestSearch = 200;

    /// <summary>A page of organisations with a profile or an open offer that the reader may see.</summary>
    public static async Task<DirectoryPage> Page(
        PortalDb db,
        ListAddress address,
        Language reader,
        int size = PageSize,
        CancellationToken ct = default
    )
    {
        var organisations = await Bodies(db).ToListAsync(ct);
        var (words, asked) = (address.One("q"), DirectoryList.Filters.Asked(address));
        if (words?.Length > LongestSearch)
            words = words[..LongestSearch];
        var named = Named(organisations, words);
        var offers = Found(db, asked.Of(db.Offers.AsNoTracking().Where(o => o.IsOpen)), words, named);
        var perOrganisation = await offers
            .GroupBy(o => o.OrganisationId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var ids = perOrganisation.Keys.ToHashSet();
        if (!asked.IsAny)
            ids.UnionWith(await Profiles(db, words, named).Select(p => p.OrganisationId).ToListAsync(ct));

        var order = StringComparer.Create(CultureInfo.GetCultureInfo(reader.Tag()), CompareOptions.IgnoreCase);
        var found = organisations
            .Where(o => ids.Contains(o.Id))
            .OrderBy(o => o.Name[reader], order)
            .ThenBy(o => o.Code, StringComparer.Ordinal)
            .ToList();
        var page = Math.Clamp(address.Page, 1, Math.Max(1, (found.Count + size - 1) / size));
        var shown = found.Skip((page - 1) * size).Take(size).ToList();
        var shownIds = shown.ConvertAll(o => o.Id);
        var profiles = await db
            .Profiles.AsNoTracking()
            .Where(p => shownIds.Contains(p.OrganisationId))
            .Select(p => new
            {
                p.OrganisationId,
                p.Summary,
                p.Language,
            })
            .ToDictionaryAsync(p => p.OrganisationId, ct);
        var lines = (
            await offers
                .Where(o => shownIds.Contains(o.OrganisationId))
                .OrderByDescending(o => o.UpdatedAt)
                .ThenBy(o => o.Reference)
                .Select(o => new { o.OrganisationId, Line = new OfferLine(o.Reference, o.Title, o.Language, o.Themes) })
                .ToListAsync(ct)
        ).ToLookup(o => o.OrganisationId, o => o.Line);
        var rows = shown.ConvertAll(o =>
        {
            var profile = profiles.GetValueOrDefault(o.Id);
            return new DirectoryRow(
                o.Code,
                o.Name,
                o.Kind,
                o.StateIso3,
                profile is null ? null : Beginning(profile.Summary, 260),
                profile?.Language ?? Language.En,
                [.. lines[o.Id]]
            );
        });
        return new DirectoryPage(rows, found.Count, found.Sum(o => perOrganisation.GetValueOrDefault(o.Id)), page, size);
    }

    /// <summary>One organisation's profile and offers.</summary>
    /// <exception cref="NotFound">There is nothing of it that the reader may see or write.</exception>
    public static async Task<ProviderView> One(PortalDb db, string code, CancellationToken ct = default)
    {
        var organisation = await Bodies(db).Where(o => o.Code == code).OneOrNotFound(ct);
        var profile = await db.Profiles.AsNoTracking().FirstOrDefaultAsync(p => p.OrganisationId == organisation.Id, ct);
        var offers = await db
            .Offers.AsNoTracking()
            .Where(o => o.OrganisationId == organisation.Id)
            .OrderByDescending(o => o.IsOpen)
            .ThenByDescending(o => o.UpdatedAt)
            .ThenBy(o => o.Reference)
            .Take(MostOffers)
            .ToListAsync(ct);
        var canEdit = DirectoryRules.CanContribute(organisation.Number, db.Actor);
        if (profile is null && offers.Count == 0 && !canEdit)
            throw new NotFound();
        return new ProviderView(
            organisation.Code,
            organisation.Name,
            organisation.Kind,
            organisation.StateIso3,
            organisation.Website,
            organisation.IatiIdentifier,
            profile is null ? null : ProfileView.Of(profile, db.Actor),
            offers.ConvertAll(o => OfferView.Of(o, organisation, db.Actor)),
            canEdit,
            DirectoryRules.CanPublish(organisation.Number, db.Actor)
        );
    }

    /// <summary>The bodies a directory can be about; that they exist is public.</summary>
    public static IQueryable<Organisation> Bodies(PortalDb db) =>
        db.Organisations.AsNoTracking().Where(o => o.Kind == OrganisationKind.Provider || o.Kind == OrganisationKind.Partner);

    private static IQueryable<Profile> Profiles(PortalDb db, string? words, List<Guid> named)
    {
        var profiles = db.Profiles.AsNoTracking();
        return db.Search(words) is { } entries
            ? profiles.Where(p => named.Contains(p.OrganisationId) || entries.Any(e => e.RecordId == p.Id))
            : profiles;
    }

    private static IQueryable<StandingOffer> Found(PortalDb db, IQueryable<StandingOffer> offers, string? words, List<Guid> named) =>
        // Everything that is searched in a profile or offer is in the part Published, which every reader of it has.
        db.Search(words)
            is { } entries
            ? offers.Where(o => named.Contains(o.OrganisationId) || entries.Any(e => e.RecordId == o.Id))
            : offers;

    private static List<Guid> Named(IEnumerable<Organisation> organisations, string? query)
    {
        var words = Text.SearchWords(query);
        return words.Count == 0 ? [] : [.. organisations.Where(o => Matches(o, words)).Select(o => o.Id)];
    }

    private static bool Matches(Organisation organisation, IReadOnlyList<string> words)
    {
        var own = Languages
            .All.SelectMany(l => Text.SearchWords(organisation.Name[l]))
            .Concat(Text.SearchWords(organisation.Code))
            .ToHashSet(StringComparer.Ordinal);
        return words.All(w => own.Any(o => o.StartsWith(w, StringComparison.Ordinal)));
    }

    /// <summary>The beginning of a text, cut between words.</summary>
    internal static string Beginning(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = text.LastIndexOf(' ', most);
        // Chinese has no blanks, and a character outside the basic plane must not be cut in two.
        if (end < most / 2)
            end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return text[..end].TrimEnd() + "…";
    }
}
