using Portal.Domain.Assistance;

namespace Portal.Assistance;

/// <summary>Merges two edits of one need field by field: what only one side changed is kept, what both changed differently is a conflict to choose in.</summary>
public static class ContentMerge
{
    /// <summary>A field that both changed.</summary>
    /// <param name="Field">Name of the field.</param>
    /// <param name="Mine">What was typed.</param>
    /// <param name="Theirs">What was saved meanwhile.</param>
    public sealed record Conflict(string Field, object? Mine, object? Theirs);

    /// <summary>The outcome.</summary>
    /// <param name="Merged">Both sides' changes; in a conflict, mine.</param>
    /// <param name="Conflicts">Fields to choose in.</param>
    public sealed record Outcome(Need.Content Merged, IReadOnlyList<Conflict> Conflicts);

    /// <summary>What a need says now.</summary>
    public static Need.Content Present(Need n) => n.Present;

    /// <summary>Merges.</summary>
    public static Outcome Of(Need.Content opened, Need.Content mine, Need.Content theirs)
    {
        var conflicts = new List<Conflict>();
        T Pick<T>(string field, Func<Need.Content, T> get)
        {
            var (o, m, t) = (get(opened), get(mine), get(theirs));
            if (Same(m, t) || Same(t, o))
                return m;
            if (Same(m, o))
                return t;
            conflicts.Add(new Conflict(field, m, t));
            return m;
        }
        var merged = new Need.Content(
            Pick(nameof(Need.Title), c => c.Title), Pick(nameof(Need.Description), c => c.Description), Pick(nameof(Need.Language), c => c.Language),
            Pick(nameof(Need.Theme), c => c.Theme), Pick(nameof(Need.Paragraphs), c => c.Paragraphs), Pick(nameof(Need.Origin), c => c.Origin),
            Pick(nameof(Need.Modalities), c => c.Modalities), Pick(nameof(Need.Sectors), c => c.Sectors), Pick(nameof(Need.Beneficiary), c => c.Beneficiary),
            Pick(nameof(Need.Urgency), c => c.Urgency), Pick(nameof(Need.EstimatedCost), c => c.EstimatedCost), Pick(nameof(Need.Currency), c => c.Currency),
            Pick(nameof(Need.From), c => c.From), Pick(nameof(Need.To), c => c.To));
        return new Outcome(merged, conflicts);
    }

    /// <summary>A content with one field taken from another.</summary>
    public static Need.Content Take(string field, Need.Content into, Need.Content from) => field switch
    {
        nameof(Need.Title) => into with { Title = from.Title },
        nameof(Need.Description) => into with { Description = from.Description },
        nameof(Need.Language) => into with { Language = from.Language },
        nameof(Need.Theme) => into with { Theme = from.Theme },
        nameof(Need.Paragraphs) => into with { Paragraphs = from.Paragraphs },
        nameof(Need.Origin) => into with { Origin = from.Origin },
        nameof(Need.Modalities) => into with { Modalities = from.Modalities },
        nameof(Need.Sectors) => into with { Sectors = from.Sectors },
        nameof(Need.Beneficiary) => into with { Beneficiary = from.Beneficiary },
        nameof(Need.Urgency) => into with { Urgency = from.Urgency },
        nameof(Need.EstimatedCost) => into with { EstimatedCost = from.EstimatedCost },
        nameof(Need.Currency) => into with { Currency = from.Currency },
        nameof(Need.From) => into with { From = from.From },
        nameof(Need.To) => into with { To = from.To },
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "No such field of a need"),
    };

    private static bool Same<T>(T a, T b) => a is IEnumerable<string> x && b is IEnumerable<string> y ? x.Order().SequenceEqual(y.Order())
        : a is string or null && b is string or null ? ((a as string) ?? "").ReplaceLineEndings("\n").Trim() == ((b as string) ?? "").ReplaceLineEndings("\n").Trim()
        : Equals(a, b);
}
