namespace Portal.Domain.Reference;

/// <summary>
/// What is looked at under a paragraph when a State’s implementation is assessed: findings are kept by it, so that they can be held against
/// those of the assessment before.
/// </summary>
/// <param name="Code">The paragraph’s code and a word: <c>1373:2(g)/documents</c>.</param>
/// <param name="ThemeCode">The theme it belongs to, which is one of its paragraph’s.</param>
/// <param name="Name">The topic’s name.</param>
/// <param name="Requirement">
/// What the paragraph asks of a State on this topic, in the portal’s own words; the resolution alone is authoritative.
/// </param>
public sealed record Topic(string Code, string ThemeCode, LocalName Name, LocalName Requirement)
{
    /// <summary>The paragraph it belongs to, by its code.</summary>
    public string ParagraphCode => Code[..Code.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>The topics of assessments.</summary>
/// <remarks>
/// Whether human rights are safeguarded is asked of every finding. The topics of that theme are what is looked at for its own sake:
/// fair trial and freedom of expression.
/// </remarks>
public static class Topics
{
    private static readonly Table<Topic> Table = new(
        "topics.tsv",
        row => new(row["code"], row["theme"], row.Name, row.Named("requirement_")),
        topic => topic.Code
    );

    private static readonly ILookup<string, Topic> ByParagraph = Table.All.ToLookup(topic => topic.ParagraphCode);

    /// <summary>Every topic, in the order of the paragraphs.</summary>
    public static IReadOnlyList<Topic> All => Table.All;

    /// <summary>The topic of a code in any case; null where there is none.</summary>
    public static Topic? Find(string? code) => Table.Find(code);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Code == code;

    /// <summary>The topics of a paragraph, by its code; none for 1373:6, which is about the Committee itself.</summary>
    public static IEnumerable<Topic> Under(string paragraphCode) => ByParagraph[paragraphCode];
}
