using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Directory;

/// <summary>A profile as it is being typed: kept as a draft, read into a content when saved.</summary>
public sealed class ProfileForm
{
    /// <summary>Version of the profile it began from; null where there was none.</summary>
    public Guid? Version { get; set; }
    /// <summary>Summary.</summary>
    public string? Summary { get; set; }
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

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it.</param>
    public Profile.Content Read(out IReadOnlyList<Refusal> problems)
    {
        var content = new Profile.Content(Summary ?? "", Language, ContactName, ContactEmail);
        problems = Profile.Problems(content);
        return content;
    }

    /// <summary>The fields in which another version says something else, with a way to take it.</summary>
    public IReadOnlyList<Difference> Against(ProfileForm theirs) => Difference.Only(
        new("Summary", Summary, theirs.Summary, () => Summary = theirs.Summary),
        new("Language", Language.Autonym(), theirs.Language.Autonym(), () => Language = theirs.Language),
        new("ContactName", ContactName, theirs.ContactName, () => ContactName = theirs.ContactName),
        new("ContactEmail", ContactEmail, theirs.ContactEmail, () => ContactEmail = theirs.ContactEmail));
}

/// <summary>A standing offer as it is being typed; amounts stay as typed until they are read.</summary>
public sealed class OfferForm
{
    /// <summary>Version of the offer it began from; null for a new one.</summary>
    public Guid? Version { get; set; }
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
        var content = new StandingOffer.Content(Title ?? "", Description ?? "", Language, Themes, Modalities, Regions, WorkingLanguages,
            from, to, from is null && to is null ? null : Currency, IsPublished, typed.Day(AvailableFrom, nameof(AvailableFrom)), typed.Day(AvailableUntil, nameof(AvailableUntil)));
        problems = typed.Before(StandingOffer.Problems(content));
        return content;
    }

    /// <summary>The fields in which another version says something else, with a way to take it.</summary>
    public IReadOnlyList<Difference> Against(OfferForm theirs, Say say, Func<bool, string> published)
    {
        static string Join(IEnumerable<string> names) => string.Join(" · ", names.Order(StringComparer.CurrentCulture));
        Difference Line(string field, Func<OfferForm, string?> shown, Action take) => new(field, shown(this), shown(theirs), take);
        return Difference.Only(
            Line("Title", f => f.Title, () => Title = theirs.Title),
            Line("Description", f => f.Description, () => Description = theirs.Description),
            Line("Language", f => f.Language.Autonym(), () => Language = theirs.Language),
            Line("Themes", f => Join(f.Themes.Select(say.Theme)), () => Themes = [.. theirs.Themes]),
            Line("Modalities", f => Join(f.Modalities.Select(say.Modality)), () => Modalities = [.. theirs.Modalities]),
            Line("Regions", f => Join(f.Regions.Select(say.Region)), () => Regions = [.. theirs.Regions]),
            Line("WorkingLanguages", f => Join(f.WorkingLanguages.Select(l => l.Autonym())), () => WorkingLanguages = [.. theirs.WorkingLanguages]),
            Line("BudgetFrom", f => f.BudgetFrom, () => BudgetFrom = theirs.BudgetFrom),
            Line("BudgetTo", f => f.BudgetTo, () => BudgetTo = theirs.BudgetTo),
            Line("Currency", f => f.Currency, () => Currency = theirs.Currency),
            Line("AvailableFrom", f => f.AvailableFrom, () => AvailableFrom = theirs.AvailableFrom),
            Line("AvailableUntil", f => f.AvailableUntil, () => AvailableUntil = theirs.AvailableUntil),
            Line("IsPublished", f => published(f.IsPublished), () => IsPublished = theirs.IsPublished));
    }
}

/// <summary>A field in which what was typed is not what somebody else saved.</summary>
/// <param name="Field">Name.</param>
/// <param name="Mine">What was typed, in words.</param>
/// <param name="Theirs">What was saved, in words.</param>
/// <param name="Take">Puts what was saved in the form.</param>
public sealed record Difference(string Field, string? Mine, string? Theirs, Action Take)
{
    /// <summary>Those that differ; how a browser ends lines is no difference.</summary>
    public static IReadOnlyList<Difference> Only(params IEnumerable<Difference> fields) => [.. fields.Where(d => Plain(d.Mine) != Plain(d.Theirs))];

    private static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();
}
