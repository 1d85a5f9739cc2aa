using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Directory;

/// <summary>A profile as it is being typed: kept as a draft, read into a content when saved.</summary>
public sealed class ProfileForm
{
    /// <summary>Summary.</summary>
    public string? Summary { get; set; }

    /// <summary>Language of the summary.</summary>
    public Language Language { get; set; }

    /// <summary>Contact.</summary>
    public string? ContactName { get; set; }

    /// <summary>E-mail of the contact.</summary>
    public string? ContactEmail { get; set; }

    /// <summary>Website.</summary>
    public string? Website { get; set; }

    /// <summary>IATI organisation identifier.</summary>
    public string? IatiIdentifier { get; set; }

    /// <summary>The form of an organisation's profile, or one in a language with what is known of the organisation.</summary>
    public static ProfileForm Of(ProviderView provider, Language language)
    {
        var form = new ProfileForm
        {
            Language = language,
            Website = provider.Website,
            IatiIdentifier = provider.IatiIdentifier,
        };
        if (provider.Profile is { } profile)
            (form.Summary, form.Language, form.ContactName, form.ContactEmail) = (
                profile.Summary,
                profile.Language,
                profile.ContactName,
                profile.ContactEmail
            );
        return form;
    }

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it.</param>
    public Profile.Content Read(out IReadOnlyList<Refusal> problems)
    {
        var content = new Profile.Content(Summary ?? "", Language, ContactName, ContactEmail, Website, IatiIdentifier);
        problems = Profile.Problems(content);
        return content;
    }
}

/// <summary>A standing offer as it is being typed; amounts stay as typed until they are read.</summary>
public sealed class OfferForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }

    /// <summary>Description.</summary>
    public string? Description { get; set; }

    /// <summary>Language of both.</summary>
    public Language Language { get; set; }

    /// <summary>Theme codes.</summary>
    public List<string> Themes { get; set; } = [];

    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; set; } = [];

    /// <summary>Regional groups.</summary>
    public List<RegionalGroup> Regions { get; set; } = [];

    /// <summary>Working languages.</summary>
    public List<Language> WorkingLanguages { get; set; } = [];

    /// <summary>Smallest help, as typed.</summary>
    public string? BudgetFrom { get; set; }

    /// <summary>Largest help, as typed.</summary>
    public string? BudgetTo { get; set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; } = "USD";

    /// <summary>First day on which help is given, ISO 8601.</summary>
    public string? AvailableFrom { get; set; }

    /// <summary>Last day, ISO 8601.</summary>
    public string? AvailableUntil { get; set; }

    /// <summary>Whether the public directory shows it.</summary>
    public bool IsPublished { get; set; }

    /// <summary>The form of an offer, or an empty one in a language.</summary>
    public static OfferForm Of(OfferView? offer, Language language) =>
        offer is not { Content: var c }
            ? new OfferForm { Language = language }
            : new OfferForm
            {
                Title = c.Title,
                Description = c.Description,
                Language = c.Language,
                Themes = [.. c.Themes],
                Modalities = [.. c.Modalities],
                Regions = [.. c.Regions],
                WorkingLanguages = [.. c.WorkingLanguages],
                BudgetFrom = Typed.Of(c.BudgetFrom),
                BudgetTo = Typed.Of(c.BudgetTo),
                Currency = c.Currency ?? "USD",
                AvailableFrom = Typed.Of(c.AvailableFrom),
                AvailableUntil = Typed.Of(c.AvailableUntil),
                IsPublished = c.IsPublished,
            };

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    public StandingOffer.Content Read(out IReadOnlyList<Refusal> problems)
    {
        var typed = new Typed();
        var (from, to) = (typed.Amount(BudgetFrom, nameof(BudgetFrom)), typed.Amount(BudgetTo, nameof(BudgetTo)));
        var content = new StandingOffer.Content(
            Title ?? "",
            Description ?? "",
            Language,
            Themes,
            Modalities,
            Regions,
            WorkingLanguages,
            from,
            to,
            from is null && to is null ? null : Currency,
            IsPublished,
            typed.Day(AvailableFrom, nameof(AvailableFrom)),
            typed.Day(AvailableUntil, nameof(AvailableUntil))
        );
        problems = typed.Before(StandingOffer.Problems(content));
        return content;
    }
}
