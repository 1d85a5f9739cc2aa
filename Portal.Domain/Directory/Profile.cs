using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Directory;

/// <summary>The parts of a profile or standing offer that an audience may get.</summary>
[Flags]
public enum DirectoryParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What the owner publishes.</summary>
    Published = 1,

    /// <summary>Contacts, for those signed in.</summary>
    Contacts = 2,

    /// <summary>The owner's own working parts and activity.</summary>
    Own = 4,

    /// <summary>Everything.</summary>
    Whole = Published | Contacts | Own,
}

/// <summary>What a provider or partner organisation says of itself in the directory (work programme 2009, annex, paragraph 12).</summary>
public sealed class Profile : IProtected
{
    /// <summary>Its card.</summary>
    public static readonly Kind<Profile> Card = new()
    {
        Name = "Profile",
        Plural = "Providers",
        Section = Section.Directory,
        Series = null,
        Parts = DirectoryRules.Parts,
        Stages = [],
        // What is open there is open to everyone signed in.
        ShownTo = Enum.GetValues<OrganisationKind>(),
        Views = Views.Kept,
        Files = null,
        Title = null,
    };

    private Profile() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference => Slug;

    /// <inheritdoc/>
    public string? StateIso3 => null;

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>The organisation it describes.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>That organisation, when loaded.</summary>
    public Organisation Organisation { get; private set; } = null!;

    /// <summary>Number of the organisation, kept here so that visibility needs no other row.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>Address part in the directory.</summary>
    public string Slug { get; private set; } = "";

    /// <summary>What they give and how, in <see cref="Language"/>.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Language the summary is written in.</summary>
    public Language Language { get; private set; }

    /// <summary>Whom to write to; shown to those signed in.</summary>
    public string? ContactName { get; private set; }

    /// <summary>E-mail of the contact.</summary>
    public string? ContactEmail { get; private set; }

    /// <summary>Whether the public directory shows it.</summary>
    public bool IsPublished { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>Opens an unpublished profile for an organisation.</summary>
    public static Profile For(Organisation organisation, Language language, DateTime now)
    {
        Refusal.Unless(organisation.Kind is OrganisationKind.Provider or OrganisationKind.Partner, "profile.not_for_this_kind");
        var profile = new Profile
        {
            OrganisationId = organisation.Id,
            Organisation = organisation,
            OrganisationNumber = organisation.Number,
            Slug = organisation.Code,
            Language = language,
            UpdatedAt = now,
        };
        profile.Acts.Add(new Act("profile.opened", (int)DirectoryParts.Own));
        return profile;
    }

    /// <summary>Whether an actor may edit it: its own people, or those who manage the directory.</summary>
    public bool CanEdit(Actor actor) => DirectoryRules.CanContribute(OrganisationNumber, actor);

    /// <summary>Whether an actor may put it in the public directory or take it out.</summary>
    public bool CanPublish(Actor actor) => DirectoryRules.CanPublish(OrganisationNumber, actor);

    /// <summary>What a profile says, as entered, and what its organisation says of itself with it.</summary>
    public sealed record Content : IContent<Content>
    {
        /// <summary>What they give and how.</summary>
        public string Summary { get; init; } = "";

        /// <summary>Language of the summary.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>Whom to write to.</summary>
        public string? ContactName { get; init; }

        /// <summary>E-mail of the contact.</summary>
        public string? ContactEmail { get; init; }

        /// <summary>The organisation's address on the Web.</summary>
        public string? Website { get; init; }

        /// <summary>Its IATI organisation identifier.</summary>
        public string? IatiIdentifier { get; init; }

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Prose(c => c.Summary, 4000, Needed.Always)
                .Choice(c => c.Language)
                .Line(c => c.ContactName, 200)
                .Line(c => c.ContactEmail, 254, Text.Email)
                .Line(c => c.Website, 200)
                .Rule(
                    c => Text.OptionalLine(c.Website, 200, nameof(Website)) is { } address && !Assistance.Programme.IsAddress(address),
                    "profile.website_unreadable",
                    nameof(Website)
                )
                .Identifier(c => c.IatiIdentifier, 100);
    }

    /// <summary>Replaces what it says.</summary>
    /// <returns>What of it is kept.</returns>
    /// <exception cref="Refusal">A text is missing or too long.</exception>
    public Content Edit(Content content, DateTime now)
    {
        var c = Content.Fields.Kept(content with { });
        (Summary, Language, ContactName, ContactEmail, UpdatedAt) = (c.Summary, c.Language, c.ContactName, c.ContactEmail, now);
        Acts.Add(new Act("profile.edited", (int)DirectoryParts.Own));
        return c;
    }

    /// <summary>Shows it in the public directory.</summary>
    public void Publish(DateTime now)
    {
        Refusal.If(IsPublished, "profile.already_published");
        Refusal.If(Summary.Length == 0, "field.required", nameof(Summary));
        (IsPublished, UpdatedAt) = (true, now);
        Acts.Add(new Act("profile.published", (int)DirectoryParts.Own));
    }

    /// <summary>Takes it out of the public directory.</summary>
    public void Unpublish(DateTime now)
    {
        Refusal.Unless(IsPublished, "profile.not_published");
        (IsPublished, UpdatedAt) = (false, now);
        Acts.Add(new Act("profile.unpublished", (int)DirectoryParts.Own));
    }

    /// <inheritdoc/>
    public IEnumerable<Exposure> Exposures() => DirectoryRules.Exposures(OrganisationNumber, IsPublished, UpdatedAt);

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts() => [new((int)DirectoryParts.Published, Summary)];
}

/// <summary>A general readiness to help, in the directory; a proposal answers one need, an offer answers none in particular.</summary>
public sealed class StandingOffer : IProtected
{
    /// <summary>Its card.</summary>
    public static readonly Kind<StandingOffer> Card = new()
    {
        Name = "Offer",
        Plural = "Offers",
        Section = Section.Directory,
        Series = "OFFER",
        Parts = DirectoryRules.Parts,
        Stages = [],
        // What is open there is open to everyone signed in.
        ShownTo = Enum.GetValues<OrganisationKind>(),
        Views = Views.None,
        Files = null,
        Title = o => new RecordTitle(o.Id, o.Title, o.Language, null),
    };

    private StandingOffer() { }

    /// <inheritdoc/>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <inheritdoc/>
    public Kind Kind => Card;

    /// <inheritdoc/>
    public string Reference { get; private set; } = "";

    /// <inheritdoc/>
    public string? StateIso3 => null;

    /// <inheritdoc/>
    public Guid Version { get; private set; }

    /// <inheritdoc/>
    public ActLog Acts { get; } = new();

    /// <summary>The organisation that offers.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>That organisation, when loaded.</summary>
    public Organisation Organisation { get; private set; } = null!;

    /// <summary>Its number.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>What is offered, in a line.</summary>
    public string Title { get; private set; } = "";

    /// <summary>What is offered, and on what conditions.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Language of the texts.</summary>
    public Language Language { get; private set; }

    /// <summary>Theme codes.</summary>
    public List<string> Themes { get; private set; } = [];

    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; private set; } = [];

    /// <summary>Regional groups; empty is everywhere.</summary>
    public List<RegionalGroup> Regions { get; private set; } = [];

    /// <summary>Working languages.</summary>
    public List<Language> WorkingLanguages { get; private set; } = [];

    /// <summary>Smallest and largest help, in whole units of <see cref="Currency"/>.</summary>
    public decimal? BudgetFrom { get; private set; }

    /// <inheritdoc cref="BudgetFrom"/>
    public decimal? BudgetTo { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; private set; }

    /// <summary>First and last day on which help is given; null is open.</summary>
    public DateOnly? AvailableFrom { get; private set; }

    /// <inheritdoc cref="AvailableFrom"/>
    public DateOnly? AvailableUntil { get; private set; }

    /// <summary>Whether it stands; a closed offer is seen by its owner and CTED only.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the public directory shows it.</summary>
    public bool IsPublished { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>What an offer says, as entered.</summary>
    public sealed record Content : IContent<Content>
    {
        /// <summary>What is offered, in a line.</summary>
        public string Title { get; init; } = "";

        /// <summary>What is offered, and on what conditions.</summary>
        public string Description { get; init; } = "";

        /// <summary>Language of the texts.</summary>
        public Language Language { get; init; } = Languages.None;

        /// <summary>Theme codes.</summary>
        public IReadOnlyList<string> Themes { get; init; } = [];

        /// <summary>Modality codes.</summary>
        public IReadOnlyList<string> Modalities { get; init; } = [];

        /// <summary>Regional groups; empty is everywhere.</summary>
        public IReadOnlyList<RegionalGroup> Regions { get; init; } = [];

        /// <summary>Working languages.</summary>
        public IReadOnlyList<Language> WorkingLanguages { get; init; } = [];

        /// <summary>Smallest help, in whole units of the currency.</summary>
        public decimal? BudgetFrom { get; init; }

        /// <summary>Largest help.</summary>
        public decimal? BudgetTo { get; init; }

        /// <summary>ISO 4217.</summary>
        public string? Currency { get; init; }

        /// <summary>First day on which help is given; null is open.</summary>
        public DateOnly? AvailableFrom { get; init; }

        /// <summary>Last day.</summary>
        public DateOnly? AvailableUntil { get; init; }

        /// <summary>Whether the public directory shows it.</summary>
        public bool IsPublished { get; init; }

        /// <inheritdoc/>
        public static Fields<Content> Fields { get; } =
            new Fields<Content>()
                .Line(c => c.Title, 200, Needed.Always)
                .Prose(c => c.Description, 8000, Needed.Always)
                .Choice(c => c.Language)
                .Codes(c => c.Themes, Portal.Domain.Reference.Themes.IsKnown, Needed.Always)
                .Codes(c => c.Modalities, Portal.Domain.Reference.Modalities.IsKnown, Needed.Always)
                .Choices(c => c.Regions)
                .Choices(c => c.WorkingLanguages)
                .Amount(c => c.BudgetFrom)
                .Amount(c => c.BudgetTo)
                .Rule(c => c.BudgetTo < c.BudgetFrom, "offer.budget_reversed", nameof(BudgetTo))
                .Currency(c => c.Currency, c => c.BudgetFrom ?? c.BudgetTo)
                .Day(c => c.AvailableFrom)
                .Day(c => c.AvailableUntil)
                .Rule(c => c.AvailableUntil < c.AvailableFrom, "field.dates_reversed", nameof(AvailableUntil))
                .Yes(c => c.IsPublished);
    }

    /// <summary>What it says now.</summary>
    public Content Present =>
        new()
        {
            Title = Title,
            Description = Description,
            Language = Language,
            Themes = Themes,
            Modalities = Modalities,
            Regions = Regions,
            WorkingLanguages = WorkingLanguages,
            BudgetFrom = BudgetFrom,
            BudgetTo = BudgetTo,
            Currency = Currency,
            IsPublished = IsPublished,
            AvailableFrom = AvailableFrom,
            AvailableUntil = AvailableUntil,
        };

    /// <summary>Opens an offer.</summary>
    public static StandingOffer Open(string reference, Organisation organisation, Content content, DateTime now)
    {
        Refusal.Unless(organisation.Kind is OrganisationKind.Provider or OrganisationKind.Partner, "profile.not_for_this_kind");
        var offer = new StandingOffer
        {
            Reference = reference,
            OrganisationId = organisation.Id,
            Organisation = organisation,
            OrganisationNumber = organisation.Number,
            IsOpen = true,
        };
        offer.Apply(content, now);
        offer.Acts.Add(new Act("offer.opened", (int)DirectoryParts.Own));
        return offer;
    }

    /// <inheritdoc cref="Profile.CanEdit"/>
    public bool CanEdit(Actor actor) => DirectoryRules.CanContribute(OrganisationNumber, actor);

    /// <inheritdoc cref="Profile.CanPublish"/>
    public bool CanPublish(Actor actor) => DirectoryRules.CanPublish(OrganisationNumber, actor);

    /// <summary>Whether an actor may open it again; one that was published is published again with it.</summary>
    public bool CanReopen(Actor actor) => !IsOpen && (IsPublished ? CanPublish(actor) : CanEdit(actor));

    /// <summary>Replaces what it says.</summary>
    public void Edit(Content content, DateTime now)
    {
        Apply(content, now);
        Acts.Add(new Act("offer.edited", (int)DirectoryParts.Own));
    }

    /// <summary>Ends the offer.</summary>
    public void Close(DateTime now)
    {
        Refusal.Unless(IsOpen, "offer.already_closed");
        (IsOpen, UpdatedAt) = (false, now);
        Acts.Add(new Act("offer.closed", (int)DirectoryParts.Own));
    }

    /// <summary>Opens it again.</summary>
    public void Reopen(DateTime now)
    {
        Refusal.If(IsOpen, "offer.already_open");
        (IsOpen, UpdatedAt) = (true, now);
        Acts.Add(new Act("offer.reopened", (int)DirectoryParts.Own));
    }

    private void Apply(Content content, DateTime now)
    {
        var c = Content.Fields.Kept(content with { });
        (Title, Description, Language, IsPublished) = (c.Title, c.Description, c.Language, c.IsPublished);
        (Themes, Modalities) = ([.. c.Themes], [.. c.Modalities]);
        (Regions, WorkingLanguages) = ([.. c.Regions], [.. c.WorkingLanguages]);
        (BudgetFrom, BudgetTo, Currency) = (c.BudgetFrom, c.BudgetTo, c.Currency);
        (AvailableFrom, AvailableUntil) = (c.AvailableFrom, c.AvailableUntil);
        UpdatedAt = now;
    }

    /// <inheritdoc/>
    public IEnumerable<Exposure> Exposures() =>
        IsOpen
            ? DirectoryRules.Exposures(OrganisationNumber, IsPublished, UpdatedAt, forMembers: true)
            : DirectoryRules.Exposures(OrganisationNumber, false, UpdatedAt);

    /// <inheritdoc/>
    public IEnumerable<SearchText> SearchTexts() =>
        [new((int)DirectoryParts.Published, Title), new((int)DirectoryParts.Published, Description)];
}

/// <summary>Record rules of the directory.</summary>
public static class DirectoryRules
{
    /// <summary>The parts of profiles and offers alike.</summary>
    public static readonly PartSet Parts = PartSet.Of(DirectoryParts.Own, DirectoryParts.Published, DirectoryParts.Contacts);

    /// <summary>
    /// Whether an actor may write an organisation's profile and offers: its own people, or those who manage the directory.
    /// </summary>
    public static bool CanContribute(int organisationNumber, Actor actor) =>
        actor.Is(Audience.Org(organisationNumber), Section.Directory, Level.Contribute)
        || actor.Is(Audience.Cted, Section.Directory, Level.Manage);

    /// <summary>
    /// Whether an actor may show them in the public directory or take them out: those who bind the organisation, or those who manage the
    /// directory.
    /// </summary>
    public static bool CanPublish(int organisationNumber, Actor actor) =>
        actor.Is(Audience.Org(organisationNumber), Section.Directory, Level.Decide)
        || actor.Is(Audience.Cted, Section.Directory, Level.Manage);

    /// <summary>
    /// An organisation sees its own record whole, CTED too; everyone signed in sees what is open or published; the public what is
    /// published.
    /// </summary>
    public static IEnumerable<Exposure> Exposures(int organisationNumber, bool isPublished, DateTime since, bool forMembers = false)
    {
        yield return new Exposure(Audience.Org(organisationNumber), (int)DirectoryParts.Whole, since, ExposureRule.OwnOrganisation);
        yield return new Exposure(Audience.Cted, (int)DirectoryParts.Whole, since, ExposureRule.Directory);
        if (isPublished || forMembers)
            yield return new Exposure(
                Audience.Members,
                (int)(DirectoryParts.Published | DirectoryParts.Contacts),
                since,
                forMembers ? ExposureRule.Open : ExposureRule.Published
            );
        if (isPublished)
            yield return new Exposure(Audience.Public, (int)DirectoryParts.Published, since, ExposureRule.Published);
    }
}
