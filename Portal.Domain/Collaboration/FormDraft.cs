using Portal.Domain.Access;

namespace Portal.Domain.Collaboration;

/// <summary>
/// What somebody typed into a form and has not saved, kept as they type: it survives a lost line, a closed tab and a dead server. Seen by
/// nobody else.
/// Each window that begins a form has one of its own, so that two of them never write over each other.
/// </summary>
public sealed class FormDraft
{
    private FormDraft() { }

    /// <summary>Version 7 identifier, in the address of the window it is typed in.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The membership it was typed under; under another one it does not exist.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>Which form: <c>need/new</c>, <c>need/{reference}</c>.</summary>
    public string Form { get; private set; } = "";

    /// <summary>Path and query of the page with the form; null for what was kept before pages said it.</summary>
    public string? Address { get; private set; }

    /// <summary>What its writer calls it so far, to tell it from others.</summary>
    public string? Title { get; private set; }

    /// <summary>The fields and what they began on, JSON.</summary>
    public string Json { get; private set; } = "";

    /// <summary>UTC.</summary>
    public DateTime SavedAt { get; private set; }

    /// <summary>Starts keeping a form.</summary>
    /// <exception cref="Refusal">More than <see cref="Longest"/>.</exception>
    public static FormDraft Of(Guid membershipId, string form, string json, DateTime now, string? address = null, string? title = null)
    {
        Refusal.If(json.Length > Longest, "field.too_long");
        return new FormDraft
        {
            MembershipId = membershipId,
            Form = form,
            Address = address,
            Title = TitleOf(title),
            Json = json,
            SavedAt = now,
        };
    }

    /// <summary>Most characters that are kept of one form.</summary>
    public const int Longest = 512 * 1024;

    /// <summary>A title as it is listed.</summary>
    public static string? TitleOf(string? typed) => typed?.Trim() is { Length: > 0 } t ? t[..Math.Min(t.Length, 200)] : null;
}
