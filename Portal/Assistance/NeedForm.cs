using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Assistance;

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
    public static NeedForm Of(Need.Content c) => new()
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
        EstimatedCost = c.EstimatedCost?.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
        Currency = c.Currency ?? "USD",
        From = c.From?.ToString("O"),
        To = c.To?.ToString("O"),
    };

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    public Need.Content Read(out IReadOnlyList<Refusal> problems)
    {
        var unreadable = new List<Refusal>();
        if (!Amount.TryRead(EstimatedCost, out var cost))
            unreadable.Add(new Refusal("field.amount_unreadable", nameof(EstimatedCost)));
        var content = new Need.Content(Title ?? "", Description ?? "", Language, Theme ?? "", Paragraphs, Origin, Modalities, Sectors, Beneficiary, Urgency,
            cost, cost is null ? null : Currency, FormDay.Read(From, nameof(From), unreadable), FormDay.Read(To, nameof(To), unreadable));
        problems = [.. unreadable, .. Need.Problems(content)];
        return content;
    }
}

/// <summary>Reads days as date controls give them.</summary>
internal static class FormDay
{
    public static DateOnly? Read(string? typed, string field, List<Refusal> unreadable)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (DateOnly.TryParseExact(typed, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day))
            return day;
        unreadable.Add(new Refusal("field.date_unreadable", field));
        return null;
    }
}
