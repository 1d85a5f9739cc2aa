namespace Portal.Domain.Reference;

/// <summary>An operative paragraph of Security Council resolution 1373 (2001) or 1624 (2005).</summary>
/// <param name="Resolution">The resolution's number: <c>1373</c> or <c>1624</c>.</param>
/// <param name="Number">The paragraph's number as cited: <c>1(a)</c>.</param>
/// <param name="Name">What it asks, in a few words of the portal's own; the resolution alone is authoritative.</param>
/// <param name="ThemeCodes">The themes that cover it; none for 1373:6, which is about the Committee itself.</param>
public sealed record Paragraph(string Resolution, string Number, LocalName Name, IReadOnlyList<string> ThemeCodes)
{
    /// <summary>The code of a paragraph across resolutions: <c>1373:1(a)</c>.</summary>
    public string Code => $"{Resolution}:{Number}";

    /// <summary>The same for an address: <c>1373-1a</c>.</summary>
    public string Slug => $"{Resolution}-{Number.Replace("(", "").Replace(")", "")}";
}

/// <summary>The paragraphs that findings, needs and the technical guide refer to.</summary>
public static class Paragraphs
{
    private static readonly ILookup<string, string> ThemesOf = Themes
        .All.SelectMany(theme => theme.ParagraphCodes, (theme, paragraph) => (theme, paragraph))
        .ToLookup(pair => pair.paragraph, pair => pair.theme.Code);

    private static readonly Table<Paragraph> Table = new("paragraphs.tsv", Read, paragraph => paragraph.Code);

    /// <summary>Every paragraph, in the order of the resolutions.</summary>
    public static IReadOnlyList<Paragraph> All => Table.All;

    /// <summary>The paragraph of a code such as <c>1373:2(g)</c>, in any case; null where there is none.</summary>
    public static Paragraph? Find(string? code) => Table.Find(code);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Code == code;

    /// <summary>The paragraph of an address, written as its slug or as its code; null where there is none.</summary>
    public static Paragraph? AtAddress(string? slug) =>
        Find(slug) ?? All.FirstOrDefault(p => string.Equals(p.Slug, slug, StringComparison.OrdinalIgnoreCase));

    private static Paragraph Read(Row row)
    {
        var paragraph = new Paragraph(row["resolution"], row["number"], row.Name, []);
        return paragraph with { ThemeCodes = [.. ThemesOf[paragraph.Code]] };
    }
}
