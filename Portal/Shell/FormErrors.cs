using Portal.Domain.Access;

namespace Portal.Shell;

/// <summary>What is wrong with a form, field by field, in the reader's language.</summary>
/// <param name="Items">Field name and message; an empty name concerns the whole form.</param>
public sealed record FormErrors(IReadOnlyList<(string Field, string Message)> Items)
{
    /// <summary>Nothing wrong.</summary>
    public static readonly FormErrors None = new([]);

    /// <summary>The refusals of a content, in words.</summary>
    public static FormErrors Of(IEnumerable<Refusal> refusals, Say say)
    {
        var all = refusals.SelectMany(r => r.All).ToList();
        return new([.. all.Where(r => r.Code != CheckAgain.Code).Select(r => (r.Field ?? "", say.Refusal(r)))])
        {
            AsksAgain = all.Exists(r => r.Code == CheckAgain.Code),
        };
    }

    /// <summary>Whether nothing is wrong but that it asks again first who sits there.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => AsksAgain || Items.Count > 0;

    /// <summary>What is wrong with a field, or null.</summary>
    public string? Of(string field) => Items.Where(i => i.Field == field).Select(i => i.Message).FirstOrDefault();
}
