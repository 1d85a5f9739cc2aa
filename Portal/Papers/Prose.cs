using System.Text;

namespace Portal.Papers;

/// <summary>
/// A long text as it was read: blocks, and in them words. Whatever draws it, on a screen, on paper or in a document, has nothing but these
/// to draw, so that nothing in a text is ever markup (docs/decisions/0046).
/// </summary>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Notes">Its footnotes by their number, those that nothing refers to last.</param>
public sealed record Prose(IReadOnlyList<ProseBlock> Blocks, IReadOnlyList<ProseNote> Notes)
{
    /// <summary>Reads a text, whatever it is: what cannot be read as marks is words.</summary>
    /// <param name="text">Markdown of the subset.</param>
    public static Prose Of(string text) => ProseReader.Read(text);

    /// <summary>Whether a text runs from right to left, by its first letter; null where it has none.</summary>
    public static bool? RunsRight(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetter(rune))
                return IsOfRight(rune);
        return null;
    }

    /// <summary>Whether a letter belongs to a script that runs from right to left.</summary>
    internal static bool IsOfRight(Rune rune) =>
        rune.Value
            is (>= 0x0590 and <= 0x08FF)
                or (>= 0xFB1D and <= 0xFDFF)
                or (>= 0xFE70 and <= 0xFEFC)
                or (>= 0x10800 and <= 0x10FFF)
                or (>= 0x1E800 and <= 0x1EFFF);
}

/// <summary>A footnote.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Blocks">What it says.</param>
/// <param name="IsUsed">Whether the text refers to it.</param>
public sealed record ProseNote(int Number, IReadOnlyList<ProseBlock> Blocks, bool IsUsed);

/// <summary>A block of a text.</summary>
public abstract record ProseBlock
{
    /// <summary>Its words, without marks.</summary>
    public abstract string Words { get; }

    /// <summary>The words of several blocks.</summary>
    protected static string Joined(IEnumerable<ProseBlock> blocks) => string.Join(' ', blocks.Select(b => b.Words));
}

/// <summary>A heading.</summary>
/// <param name="Level">1 for the highest that the text uses, 2 for the next one that it uses.</param>
/// <param name="Spans">What it says.</param>
public sealed record ProseHeading(int Level, IReadOnlyList<ProseSpan> Spans) : ProseBlock
{
    /// <inheritdoc/>
    public override string Words => ProseSpan.Joined(Spans);
}

/// <summary>A paragraph.</summary>
/// <param name="Spans">What it says.</param>
public sealed record ProseParagraph(IReadOnlyList<ProseSpan> Spans) : ProseBlock
{
    /// <inheritdoc/>
    public override string Words => ProseSpan.Joined(Spans);
}

/// <summary>A list.</summary>
/// <param name="IsOrdered">Whether its items are numbered.</param>
/// <param name="Items">Its items.</param>
public sealed record ProseList(bool IsOrdered, IReadOnlyList<ProseItem> Items) : ProseBlock
{
    /// <inheritdoc/>
    public override string Words => Joined(Items.SelectMany(i => i.Blocks));
}

/// <summary>An item of a list.</summary>
/// <param name="Number">As it was written: a paragraph of a United Nations document keeps the number that others cite.</param>
/// <param name="Blocks">What it says.</param>
public sealed record ProseItem(int Number, IReadOnlyList<ProseBlock> Blocks);

/// <summary>Words of others.</summary>
/// <param name="Blocks">What they say.</param>
public sealed record ProseQuote(IReadOnlyList<ProseBlock> Blocks) : ProseBlock
{
    /// <inheritdoc/>
    public override string Words => Joined(Blocks);
}

/// <summary>A table, its first row the headings of its columns.</summary>
/// <param name="Rows">Its rows, each with the same number of cells.</param>
public sealed record ProseTable(IReadOnlyList<IReadOnlyList<ProseCell>> Rows) : ProseBlock
{
    /// <inheritdoc/>
    public override string Words => string.Join(' ', Rows.SelectMany(r => r).Select(c => ProseSpan.Joined(c.Spans)));
}

/// <summary>A cell of a table.</summary>
/// <param name="Spans">What it says.</param>
/// <param name="IsNumber">Whether its column stands at the end of its cells, as figures do.</param>
public sealed record ProseCell(IReadOnlyList<ProseSpan> Spans, bool IsNumber);

/// <summary>A line across.</summary>
public sealed record ProseRule : ProseBlock
{
    /// <inheritdoc/>
    public override string Words => "";
}

/// <summary>What stands in a line.</summary>
public abstract record ProseSpan
{
    /// <summary>The words of several.</summary>
    public static string Joined(IEnumerable<ProseSpan> spans) =>
        string.Concat(
            spans.Select(s =>
                s switch
                {
                    ProseWords words => words.Text,
                    ProseMarked marked => Joined(marked.Spans),
                    ProseLink link => Joined(link.Spans),
                    _ => "",
                }
            )
        );
}

/// <summary>Words.</summary>
/// <param name="Text">As they are read.</param>
public sealed record ProseWords(string Text) : ProseSpan;

/// <summary>Words that stand out.</summary>
/// <param name="IsStrong">Bold; else slanted.</param>
/// <param name="Spans">The words.</param>
public sealed record ProseMarked(bool IsStrong, IReadOnlyList<ProseSpan> Spans) : ProseSpan;

/// <summary>A link to an address of the web or of a mailbox; there is no other.</summary>
/// <param name="Address">Begins with <c>http://</c>, <c>https://</c> or <c>mailto:</c>.</param>
/// <param name="Spans">The words.</param>
public sealed record ProseLink(string Address, IReadOnlyList<ProseSpan> Spans) : ProseSpan;

/// <summary>Where a footnote is referred to.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Again">0 where it is referred to first.</param>
public sealed record ProseNoteMark(int Number, int Again) : ProseSpan;
