using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance;

/// <summary>What is typed into a proposal's form, as typed.</summary>
public sealed class ProposalForm
{
    /// <summary>Title.</summary>
    public string? Title { get; set; }
    /// <summary>Description.</summary>
    public string? Description { get; set; }
    /// <summary>Language written in.</summary>
    public Language Language { get; set; }
    /// <summary>Modality codes.</summary>
    public List<string> Modalities { get; set; } = [];
    /// <summary>Amount as typed.</summary>
    public string? Amount { get; set; }
    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; } = "USD";
    /// <summary>First day, ISO 8601.</summary>
    public string? From { get; set; }
    /// <summary>Last day, ISO 8601.</summary>
    public string? To { get; set; }
    /// <summary>Conditions.</summary>
    public string? Conditions { get; set; }

    /// <summary>A form that says what a proposal says.</summary>
    public static ProposalForm Of(ProposalView view) => new()
    {
        Title = view.Row.Title,
        Description = view.Description,
        Language = view.Row.Language,
        Modalities = [.. view.Row.Modalities],
        Amount = view.Row.Amount?.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
        Currency = view.Row.Currency ?? "USD",
        From = view.Row.From?.ToString("O"),
        To = view.Row.To?.ToString("O"),
        Conditions = view.Conditions,
    };

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    public Proposal.Content Read(out IReadOnlyList<Refusal> problems)
    {
        var unreadable = new List<Refusal>();
        if (!Shell.Amount.TryRead(Amount, out var amount))
            unreadable.Add(new Refusal("field.amount_unreadable", nameof(Amount)));
        var content = new Proposal.Content(Title ?? "", Description ?? "", Language, Modalities, amount, amount is null ? null : Currency,
            FormDay.Read(From, nameof(From), unreadable), FormDay.Read(To, nameof(To), unreadable), Conditions);
        problems = [.. unreadable, .. Proposal.Problems(content)];
        return content;
    }
}
