using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;
using Filter = Portal.Lists.ListFilter<Portal.Domain.Directory.StandingOffer>;

namespace Portal.Directory;

/// <summary>The list of the directory: organisations, of which each is found by its offers and has a table of its own.</summary>
public static class DirectoryList
{
    /// <summary>What the organisation says of itself.</summary>
    public static readonly ListColumn Summary = new("Summary");

    /// <summary>Standing offers.</summary>
    public static readonly ListColumn Offers = new("Offers");

    /// <summary>The columns, in the order of the table.</summary>
    public static readonly IReadOnlyList<ListColumn> Columns = [Summary, Offers];

    /// <summary>The filters: any value inside one, every one of them.</summary>
    public static readonly IReadOnlyList<Filter> Filters =
    [
        Filter.Themes(
            (offers, asked) => offers.Where(o => o.Themes.Any(t => asked.Contains(t))),
            "Theme codes of offers to keep; a theme brings its parts."
        ),
        Filter.Modalities(
            (offers, asked) => offers.Where(o => o.Modalities.Any(m => asked.Contains(m))),
            "Modality codes of offers to keep."
        ),
        // An offer that names no region is for all of them.
        Filter.Of<RegionalGroup>(
            "region",
            "Regional groups of offers to keep.",
            (say, region) => say.Region(region),
            (offers, asked) => offers.Where(o => o.Regions.Count == 0 || o.Regions.Any(r => asked.Contains(r)))
        ),
        new(
            "language",
            "Working languages of offers to keep.",
            () => Languages.All.Select(l => l.Slug()),
            _ => [.. Languages.All.Select(l => (l.Slug(), l.Autonym()))],
            (address, asked) =>
                asked.Add(
                    [.. Languages.All.Where(l => address.Has("language", l.Slug()))],
                    (offers, languages) => offers.Where(o => o.WorkingLanguages.Any(l => languages.Contains(l)))
                )
        )
        {
            Key = "working_language",
        },
    ];

    /// <summary>What the portal does with profiles, which the directory lists by their organisations.</summary>
    public static readonly RecordRoom<Profile> ProfileRoom = new(Profile.Card)
    {
        Words = typeof(DirectoryWords),
        Icon = "directory",
        Services = services => services.AddScoped<DirectoryService>(),
        Table = p =>
        {
            p.HasIndex(x => x.Slug).IsUnique();
            p.Property(x => x.Slug).HasMaxLength(60);
            p.HasOne(x => x.Organisation).WithOne().HasForeignKey<Profile>(x => x.OrganisationId);
        },
    };

    /// <summary>What the portal does with standing offers, which stand beside the profile of their provider.</summary>
    public static readonly RecordRoom<StandingOffer> OfferRoom = new(StandingOffer.Card)
    {
        Words = typeof(DirectoryWords),
        Whole = offers => offers.Include(o => o.Organisation),
        Table = o =>
        {
            o.Lengths<StandingOffer.Content>();
            o.HasOne(x => x.Organisation).WithMany().HasForeignKey(x => x.OrganisationId);
        },
    };

    /// <summary>Names of the query string's parts, in the order of the page; nothing else of an address is looked at.</summary>
    public static readonly IReadOnlyList<string> Names = ["q", .. Filters.Select(f => f.Name), "page"];
}
