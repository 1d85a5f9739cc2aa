using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Assistance.Proposals;

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
    public static ProposalForm Of(ProposalView view) =>
        new()
        {
            Title = view.Row.Title,
            Description = view.Description,
            Language = view.Row.Language,
            Modalities = [.. view.Row.Modalities],
            Amount = Typed.Of(view.Row.Amount),
            Currency = view.Row.Currency ?? "USD",
            From = Typed.Of(view.Row.From),
            To = Typed.Of(view.Row.To),
            Conditions = view.Conditions,
        };

    /// <summary>Reads the form.</summary>
    /// <param name="problems">Everything wrong with it, what cannot be read first.</param>
    /// <param name="isDraft">Whether what is missing may be missing.</param>
    public Proposal.Content Read(out IReadOnlyList<Refusal> problems, bool isDraft = false)
    {
        var typed = new Typed();
        var amount = typed.Amount(Amount, nameof(Amount));
        var content = new Proposal.Content(
            Title ?? "",
            Description ?? "",
            Language,
            Modalities,
            amount,
            amount is null ? null : Currency,
            typed.Day(From, nameof(From)),
            typed.Day(To, nameof(To)),
            Conditions
        );
        problems = typed.Before(isDraft ? Proposal.DraftProblems(content) : Proposal.Problems(content));
        return content;
    }
}
