using Portal.Access;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A provider or partner organisation in a list.</summary>
public sealed record ProviderItem(
    string Code,
    string Name,
    OrganisationKind Kind,
    string? State,
    string? Summary,
    Language? SummaryLanguage,
    IReadOnlyList<OfferItem> Offers
)
{
    internal static ProviderItem Of(DirectoryRow r) =>
        new(
            r.Code,
            r.Name[Shell.Culture.Current],
            r.Kind,
            r.StateIso3,
            r.Summary,
            r.Summary is null ? null : r.SummaryLanguage,
            [.. r.Offers.Select(o => new OfferItem(o.Reference, o.Title, o.Language, o.Themes))]
        );
}

/// <summary>A standing offer in a list.</summary>
public sealed record OfferItem(string Reference, string Title, Language Language, IReadOnlyList<string> Themes);

/// <summary>A standing offer.</summary>
public sealed record OfferRecord(
    string Reference,
    string Provider,
    string ProviderName,
    string Title,
    string Description,
    Language Language,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    IReadOnlyList<RegionalGroup> Regions,
    IReadOnlyList<Language> WorkingLanguages,
    decimal? BudgetFrom,
    decimal? BudgetTo,
    string? Currency,
    bool IsOpen,
    DateOnly? AvailableFrom,
    DateOnly? AvailableUntil
)
{
    internal static OfferRecord Of(OfferView o) =>
        new(
            o.Reference,
            o.OrganisationCode,
            o.Organisation[Shell.Culture.Current],
            o.Content.Title,
            o.Content.Description,
            o.Content.Language,
            o.Content.Themes,
            o.Content.Modalities,
            o.Content.Regions,
            o.Content.WorkingLanguages,
            o.Content.BudgetFrom,
            o.Content.BudgetTo,
            o.Content.Currency,
            o.IsOpen,
            o.Content.AvailableFrom,
            o.Content.AvailableUntil
        );
}

/// <summary>What an organisation says of itself.</summary>
public sealed record ProfileRecord(string Summary, Language Language, string? ContactName, string? ContactEmail);

/// <summary>A provider or partner organisation.</summary>
public sealed record ProviderRecord(
    string Code,
    string Name,
    OrganisationKind Kind,
    string? State,
    string? Website,
    string? IatiIdentifier,
    ProfileRecord? Profile,
    IReadOnlyList<OfferRecord> Offers
)
{
    internal static ProviderRecord Of(ProviderView v) =>
        new(
            v.Code,
            v.Name[Shell.Culture.Current],
            v.Kind,
            v.StateIso3,
            v.Website,
            v.IatiIdentifier,
            v.Profile is { } p ? new ProfileRecord(p.Summary, p.Language, p.ContactName, p.ContactEmail) : null,
            [.. v.Offers.Select(OfferRecord.Of)]
        );
}

/// <summary>The directory.</summary>
internal static class DirectoryApi
{
    private static readonly ListParameters Parameters = ListParameters.Of(DirectoryList.Filters, ListParameters.Page);

    public static void MapDirectory(this RouteGroupBuilder api)
    {
        var directory = api.MapGroup("/directory")
            .WithTags("Directory")
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Directory, Level.View));
        directory
            .MapGet(Profile.Card.List, List)
            .Says("listProviders", "Lists providers and partner organisations whose profile or offers the reader may see.", 400)
            .Produces<ListOf<ProviderItem>>()
            .WithMetadata(Parameters);
        directory
            .MapGet(
                Profile.Card.List + "/{code}",
                async (string code, DirectoryService s, CancellationToken ct) => ProviderRecord.Of(await s.Provider(code, ct))
            )
            .Says("getProvider", "One organisation, its profile and its offers.", 404)
            .Produces<ProviderRecord>();
        directory
            .MapGet(
                StandingOffer.Card.List + "/{reference}",
                async (string reference, DirectoryService s, CancellationToken ct) => OfferRecord.Of(await s.Offer(reference, ct))
            )
            .Says("getOffer", "One standing offer.", 404)
            .Produces<OfferRecord>();
    }

    private static async Task<ListOf<ProviderItem>> List(HttpRequest request, DirectoryService directory, CancellationToken ct)
    {
        var page = await directory.List(Parameters.Read(request), ct);
        return new ListOf<ProviderItem>([.. page.Rows.Select(ProviderItem.Of)], page.Total, false, page.Page, page.Size);
    }
}
