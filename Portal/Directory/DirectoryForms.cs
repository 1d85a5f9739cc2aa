using System.Globalization;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Directory;

/// <summary>A profile as it is being typed.</summary>
public sealed class ProfileForm
{
    /// <summary>Version of the profile it began from; null where there was none.</summary>
    public Guid? Version { get; set; }
    /// <summary>Summary.</summary>
    public string Summary { get; set; } = "";
    /// <summary>Language of the summary.</summary>
    public Language Language { get; set; }
    /// <summary>Contact.</summary>
    public string? ContactName { get; set; }
    /// <summary>E-mail of the contact.</summary>
    public string? ContactEmail { get; set; }

    /// <summary>The form of a profile, or an empty one in a language.</summary>
    public static ProfileForm Of(ProfileView? profile, Language language) => profile is null
        ? new ProfileForm { Language = language }
        : new ProfileForm { Version = profile.Version, Summary = profile.Summary, Language = profile.Language, ContactName = profile.ContactName, ContactEmail = profile.ContactEmail };

    /// <summary>What it says.</summary>
    public Profile.Content Content => new(Summary, Language, ContactName, ContactEmail);
}

/// <summary>A standing offer as it is being typed; amounts stay as typed until they are read.</summary>
public sealed class OfferForm
{
    /// <summary>Version of the offer it began from; null for a new one.</summary>
    public Guid? Version { get; set; }
    /// <summary>Title.</summary>
    public string Title { get; set; } = "";
    /// <summary>Description.</summary>
    public string Description { get; set; } = "";
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
    public string? Currency { get; set; }
    /// <summary>Whether the public directory shows it.</summary>
    public bool IsPublished { get; set; }

    /// <summary>The form of an offer, or an empty one in a language.</summary>
    public static OfferForm Of(OfferView? offer, Language language) => offer is not { Content: var c }
        ? new OfferForm { Language = language }
        : new OfferForm
        {
            Version = offer.Version,
            Title = c.Title,
            Description = c.Description,
            Language = c.Language,
            Themes = [.. c.Themes],
            Modalities = [.. c.Modalities],
            Regions = [.. c.Regions],
            WorkingLanguages = [.. c.WorkingLanguages],
            BudgetFrom = c.BudgetFrom?.ToString("0", CultureInfo.InvariantCulture),
            BudgetTo = c.BudgetTo?.ToString("0", CultureInfo.InvariantCulture),
            Currency = c.Currency,
            IsPublished = c.IsPublished,
        };

    /// <summary>What it says; an amount that is no number is left out, and <see cref="Problems"/> says so.</summary>
    public StandingOffer.Content Content => new(Title, Description, Language, Themes, Modalities, Regions, WorkingLanguages, Amount(BudgetFrom), Amount(BudgetTo),
        string.IsNullOrEmpty(Currency) ? null : Currency, IsPublished);

    /// <summary>Everything wrong with it, field by field.</summary>
    public IReadOnlyList<Refusal> Problems() =>
    [
        .. Refusal.Collect(
            () => Refusal.If(!string.IsNullOrWhiteSpace(BudgetFrom) && Amount(BudgetFrom) is null, "field.number", nameof(BudgetFrom)),
            () => Refusal.If(!string.IsNullOrWhiteSpace(BudgetTo) && Amount(BudgetTo) is null, "field.number", nameof(BudgetTo))),
        .. StandingOffer.Problems(Content),
    ];

    // Written as people write amounts: groups parted by blanks, commas or apostrophes, digits of any script; no decimals, which whole units have not.
    private static decimal? Amount(string? typed)
    {
        var digits = string.Concat((typed ?? "").Where(c => !char.IsWhiteSpace(c) && c is not (',' or '٬' or '’' or '\'' or '\u00A0' or '\u202F'))
            .Select(c => char.IsDigit(c) ? CharUnicodeInfo.GetDecimalDigitValue(c).ToString(CultureInfo.InvariantCulture) : c.ToString()));
        return decimal.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }
}
