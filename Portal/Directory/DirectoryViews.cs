using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Directory;

/// <summary>One organisation in the list.</summary>
/// <param name="Code">Address part.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">Provider or partner.</param>
/// <param name="StateIso3">State whose agency it is, or null.</param>
/// <param name="Summary">Beginning of the summary, where the reader may see a profile.</param>
/// <param name="SummaryLanguage">Language of that summary.</param>
/// <param name="Offers">Its offers that answer the query, latest first.</param>
public sealed record DirectoryRow(
    string Code,
    LocalName Name,
    OrganisationKind Kind,
    string? StateIso3,
    string? Summary,
    Language SummaryLanguage,
    IReadOnlyList<OfferLine> Offers
);

/// <summary>An offer in the list.</summary>
public sealed record OfferLine(string Reference, string Title, Language Language, IReadOnlyList<string> Themes);

/// <summary>A page of the list.</summary>
/// <param name="Rows">Organisations by name in the reader's language.</param>
/// <param name="Total">How many organisations in all.</param>
/// <param name="Offers">How many offers of theirs.</param>
/// <param name="Page">This page, from 1.</param>
/// <param name="Size">Organisations on a page.</param>
public sealed record DirectoryPage(IReadOnlyList<DirectoryRow> Rows, int Total, int Offers, int Page, int Size);

/// <summary>An organisation in the directory as one reader sees it.</summary>
/// <param name="Code">Address part.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">Provider or partner.</param>
/// <param name="StateIso3">State whose agency it is, or null.</param>
/// <param name="Website">Website.</param>
/// <param name="IatiIdentifier">IATI organisation identifier.</param>
/// <param name="Profile">Its profile, where the reader may see one.</param>
/// <param name="Offers">Its standing offers that the reader may see, open ones first.</param>
/// <param name="CanEdit">Whether the reader may write the profile and offers.</param>
/// <param name="CanPublish">Whether the reader may put them in the public directory or take them out.</param>
public sealed record ProviderView(
    string Code,
    LocalName Name,
    OrganisationKind Kind,
    string? StateIso3,
    string? Website,
    string? IatiIdentifier,
    ProfileView? Profile,
    IReadOnlyList<OfferView> Offers,
    bool CanEdit,
    bool CanPublish
)
{
    /// <summary>What its form starts from.</summary>
    /// <param name="usual">The language to write in where nothing is written yet.</param>
    public Domain.Directory.Profile.Content Says(Language usual) =>
        new()
        {
            Summary = Profile?.Summary ?? "",
            Language = Profile?.Language ?? usual,
            ContactName = Profile?.ContactName,
            ContactEmail = Profile?.ContactEmail,
            Website = Website,
            IatiIdentifier = IatiIdentifier,
        };
}

/// <summary>The parts of a profile that one reader sees; a part not shared is null.</summary>
public sealed record ProfileView
{
    /// <summary>Record.</summary>
    public required Guid Id { get; init; }

    /// <summary>Concurrency token.</summary>
    public required Guid Version { get; init; }

    /// <summary>Parts seen.</summary>
    public required DirectoryParts Parts { get; init; }

    /// <summary>What they give and how.</summary>
    public required string Summary { get; init; }

    /// <summary>Language of the summary.</summary>
    public required Language Language { get; init; }

    /// <summary>Whom to write to; part Contacts.</summary>
    public string? ContactName { get; init; }

    /// <summary>E-mail of the contact; part Contacts.</summary>
    public string? ContactEmail { get; init; }

    /// <summary>Whether the public directory shows it; part Own.</summary>
    public bool? IsPublished { get; init; }

    /// <summary>UTC; part Own.</summary>
    public DateTime? UpdatedAt { get; init; }

    /// <summary>Whether the reader may edit it.</summary>
    public bool CanEdit { get; init; }

    /// <summary>Whether the reader may put it in the public directory or take it out.</summary>
    public bool CanPublish { get; init; }

    /// <summary>Makes the view that an actor's parts allow.</summary>
    public static ProfileView Of(Profile profile, Actor actor)
    {
        var parts = (DirectoryParts)Decision.On(profile, actor).View;
        var contacts = parts.HasFlag(DirectoryParts.Contacts);
        var own = parts.HasFlag(DirectoryParts.Own);
        return new ProfileView
        {
            Id = profile.Id,
            Version = profile.Version,
            Parts = parts,
            Summary = profile.Summary,
            Language = profile.Language,
            ContactName = contacts ? profile.ContactName : null,
            ContactEmail = contacts ? profile.ContactEmail : null,
            IsPublished = own ? profile.IsPublished : null,
            UpdatedAt = own ? profile.UpdatedAt : null,
            CanEdit = profile.CanEdit(actor),
            CanPublish = profile.CanPublish(actor),
        };
    }
}

/// <summary>A standing offer as one reader sees it.</summary>
public sealed record OfferView
{
    /// <summary>Record.</summary>
    public required Guid Id { get; init; }

    /// <summary>Short reference.</summary>
    public required string Reference { get; init; }

    /// <summary>Concurrency token.</summary>
    public required Guid Version { get; init; }

    /// <summary>Address part of its organisation.</summary>
    public required string OrganisationCode { get; init; }

    /// <summary>Its organisation.</summary>
    public required LocalName Organisation { get; init; }

    /// <summary>What it says; whether it is published is told to those who see the part Own, and false to others.</summary>
    public required StandingOffer.Content Content { get; init; }

    /// <summary>Whether it stands.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>Whether the reader sees the part Own.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>Whether the reader may edit and close it.</summary>
    public bool CanEdit { get; init; }

    /// <summary>Whether the reader may open it again, and with that publish one that was published.</summary>
    public bool CanReopen { get; init; }

    /// <summary>Makes the view that an actor's parts allow.</summary>
    public static OfferView Of(StandingOffer o, Organisation organisation, Actor actor)
    {
        var own = ((DirectoryParts)Decision.On(o, actor).View).HasFlag(DirectoryParts.Own);
        return new OfferView
        {
            Id = o.Id,
            Reference = o.Reference,
            Version = o.Version,
            OrganisationCode = organisation.Code,
            Organisation = organisation.Name,
            Content = o.Present with { IsPublished = own && o.IsPublished },
            IsOpen = o.IsOpen,
            IsOwn = own,
            CanEdit = o.CanEdit(actor),
            CanReopen = o.CanReopen(actor),
        };
    }
}
