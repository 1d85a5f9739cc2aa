namespace Portal.Domain.Reference;

/// <summary>A field of counter-terrorism assistance, by which needs, offers and programmes are sorted.</summary>
/// <param name="Code">The theme's code.</param>
/// <param name="ParentCode">The theme this one is a part of; null at the top.</param>
/// <param name="ParagraphCodes">The paragraphs of resolutions 1373 (2001) and 1624 (2005) it covers.</param>
/// <param name="Name">The theme's name.</param>
public sealed record Theme(string Code, string? ParentCode, IReadOnlyList<string> ParagraphCodes, LocalName Name);

/// <summary>The twelve themes, in the order of the technical guide to resolution 1373 (2001), then what cuts across it.</summary>
public static class Themes
{
    private static readonly Table<Theme> Table = new(
        "themes.tsv",
        row => new(row["code"], row.Optional("parent"), row.List("paragraphs"), row.Name),
        theme => theme.Code
    );

    /// <summary>Every theme.</summary>
    public static IReadOnlyList<Theme> All => Table.All;

    /// <summary>The theme of a code in any case; null where there is none.</summary>
    public static Theme? Find(string? code) => Table.Find(code);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Code == code;

    /// <summary>
    /// The themes of these codes and the parts of each: whoever asks for borders asks for everything about borders. Unknown codes are left
    /// out.
    /// </summary>
    public static IReadOnlyList<string> Within(IEnumerable<string?> codes)
    {
        var asked = codes.Select(Find).OfType<Theme>().Select(t => t.Code).ToHashSet();
        return [.. All.Where(t => asked.Contains(t.Code) || (t.ParentCode is { } parent && asked.Contains(parent))).Select(t => t.Code)];
    }
}
