using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Assistance.Needs;

/// <summary>What is typed into a need's form, as typed: kept as a draft, read into a content when saved.</summary>
public sealed class NeedForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }

    /// <summary>Description.</summary>
    public string? Description { get; set; }

    /// <summary>Language written in.</summary>
    public Language Language { get; set; }

    /// <summary>Theme code.</summary>
    public string? Theme { get; set; }

    /// <summary>Paragraph codes.</summary>
    public List<string> Paragraphs { get; set; } = [];

    /// <summary>Origin.</summary>
    public NeedOrigin Origin { get; set; }

    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; set; } = [];

    /// <summary>DAC codes.</summary>
    public List<string> Sectors { get; set; } = [];

    /// <summary>Institution.</summary>
    public string? Beneficiary { get; set; }

    /// <summary>Urgency.</summary>
    public Urgency Urgency { get; set; } = Urgency.Medium;

    /// <summary>Cost as typed.</summary>
    public string? EstimatedCost { get; set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; } = "USD";

    /// <summary>First day, ISO 8601.</summary>
    public string? From { get; set; }

    /// <summary>Last day, ISO 8601.</summary>
    public string? To { get; set; }

    /// <summary>A form that says what a need says.</summary>
    public static NeedForm Of(Need.Content c) =>
        new()
        {
            Title = c.Title,
            Description = c.Description,
            Language = c.Language,
            Theme = c.Theme,
            Paragraphs = [.. c.Paragraphs],
            Origin = c.Origin,
            Modalities = [.. c.Modalities],
            Sectors = [.. c.Sectors],
            Beneficiary = c.Beneficiary,
            Urgency = c.Urgency,
            EstimatedCost = Typed.Of(c.EstimatedCost),
            Currency = c.Currency ?? "USD",
            From = Typed.Of(c.From),
            To = Typed.Of(c.To),
        };

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    /// <param name="isDraft">Whether what is missing may be missing.</param>
    public Need.Content Read(out IReadOnlyList<Refusal> problems, bool isDraft = false)
    {
        var typed = new Typed();
        var cost = typed.Amount(EstimatedCost, nameof(EstimatedCost));
        var content = new Need.Content(
            Title ?? "",
            Description ?? "",
            Language,
            Theme ?? "",
            Paragraphs,
            Origin,
            Modalities,
            Sectors,
            Beneficiary,
            Urgency,
            cost,
            cost is null ? null : Currency,
            typed.Day(From, nameof(From)),
            typed.Day(To, nameof(To))
        );
        problems = typed.Before(isDraft ? Need.DraftProblems(content) : Need.Problems(content));
        return content;
    }
}

/// <summary>What is typed into a translation of a need.</summary>
public sealed class TranslationForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }

    /// <summary>Description.</summary>
    public string? Description { get; set; }
}
