using System.Globalization;
using System.Text;

namespace Portal.Papers;

/// <summary>A long text without its marks: for search, for cells of a table, for a line in a mail.</summary>
public static class PaperPlain
{
    /// <summary>A line for each paragraph, item and row; footnotes at the end by their numbers.</summary>
    /// <param name="text">Markdown of the subset.</param>
    public static string Of(string text) => Of(Prose.Of(text));

    /// <summary>The same of a text that was read.</summary>
    public static string Of(Prose prose)
    {
        var plain = new StringBuilder();
        Blocks(prose.Blocks, "", plain);
        foreach (var note in prose.Notes)
            Blocks(note.Blocks, $"[{Number(note.Number)}] ", plain);
        return plain.ToString().TrimEnd('\n');
    }

    // The sign stands before the first line alone.
    private static void Blocks(IEnumerable<ProseBlock> blocks, string sign, StringBuilder to)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case ProseHeading heading:
                    Line(sign + Spans(heading.Spans), to);
                    break;
                case ProseParagraph paragraph:
                    Line(sign + Spans(paragraph.Spans), to);
                    break;
                case ProseList list:
                    foreach (var item in list.Items)
                        Blocks(item.Blocks, sign + (list.IsOrdered ? $"{Number(item.Number)}. " : "• "), to);
                    break;
                case ProseQuote quote:
                    Blocks(quote.Blocks, sign, to);
                    break;
                case ProseTable table:
                    foreach (var row in table.Rows)
                        Line(sign + string.Join('\t', row.Select(c => Spans(c.Spans))), to);
                    break;
            }
            sign = "";
        }
    }

    private static void Line(string line, StringBuilder to) => to.Append(line).Append('\n');

    private static string Spans(IEnumerable<ProseSpan> spans) =>
        string.Concat(
            spans.Select(s =>
                s switch
                {
                    ProseWords words => words.Text,
                    ProseMarked marked => Spans(marked.Spans),
                    ProseLink link when Spans(link.Spans) is var said => IsSaid(said, link.Address) ? said : $"{said} ({link.Address})",
                    ProseNoteMark mark => $"[{Number(mark.Number)}]",
                    _ => "",
                }
            )
        );

    private static bool IsSaid(string words, string address) => address.TrimEnd('/') == words.TrimEnd('/') || address == "mailto:" + words;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
