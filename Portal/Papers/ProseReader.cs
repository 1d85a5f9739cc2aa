using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Portal.Domain;

namespace Portal.Papers;

/// <summary>
/// Reads Markdown of a subset: headings, paragraphs, lists, tables, footnotes, links, emphasis, quotations. A line is a paragraph, as it is
/// everywhere else in the portal and in what is pasted from a word processor.
/// </summary>
/// <remarks>
/// Markdig reads the blocks, the tables and the emphasis. What it reads in more than a time in proportion to the text, or in a way that
/// would take words away, is read here: links, footnotes, references, which are no marks at all; and what nobody writes by hand (a
/// hundred signs of quotation, a table of a million cells) is taken for words before it comes to it.
/// </remarks>
internal sealed partial class ProseReader
{
    /// <summary>Cells of all tables of a text; in a table that goes over it, nothing is a mark.</summary>
    public const int MostCells = 20_000;

    private const int LongestLine = 10_000;
    private const int MostSigns = 400;
    private const int Deepest = 8;
    private const int MostIndent = 24;

    private static readonly MarkdownPipeline Pipeline = Built();

    private readonly Dictionary<string, string> notes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Number, int Times)> used = new(StringComparer.Ordinal);
    private Dictionary<int, int> levels = [];
    private bool isInNote;

    private ProseReader() { }

    /// <summary>Reads a text.</summary>
    public static Prose Read(string text)
    {
        try
        {
            return new ProseReader().Of(Text.InOrder(text).Split('\n'));
        }
        // Markdig's word for what is nested too deeply, should anything get past what is taken for words before: no page fails for a text.
        catch (ArgumentException)
        {
            return new([.. Text.InOrder(text).Split('\n').Where(l => !string.IsNullOrWhiteSpace(l)).Select(Plain)], []);
        }
    }

    private static ProseParagraph Plain(string line) => new([new ProseWords(line.Trim())]);

    private Prose Of(string[] lines)
    {
        var document = Markdown.Parse(Tamed(WithoutNotes(lines)), Pipeline);
        levels = document
            .Descendants<HeadingBlock>()
            .Select(h => h.Level)
            .Distinct()
            .Order()
            .Select((level, i) => (level, i + 1))
            .ToDictionary();
        var blocks = Blocks(document);
        isInNote = true;
        var kept = notes
            .OrderBy(n => used.TryGetValue(n.Key, out var u) ? u.Number : int.MaxValue)
            .Select((n, i) => new ProseNote(i + 1, Blocks(Markdown.Parse(Tamed(n.Value.Split('\n')), Pipeline)), used.ContainsKey(n.Key)));
        return new(blocks, [.. kept]);
    }

    // ---- Before Markdig

    // A footnote is the line that begins with its label, and the lines under it that are indented. One that comes again is a line like
    // others.
    private List<string> WithoutNotes(string[] lines)
    {
        var (left, open) = (new List<string>(lines.Length), (string?)null);
        foreach (var line in lines)
        {
            if (line.StartsWith("[^", StringComparison.Ordinal) && NoteLine().Match(line) is { Success: true } note)
            {
                open = note.Groups["label"].Value;
                if (notes.TryAdd(open, note.Groups["text"].Value))
                {
                    left.Add(""); // what stands before it and after it are apart
                    continue;
                }
                open = null;
            }
            else if (open is not null && line.StartsWith("  ", StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(line))
            {
                notes[open] += "\n" + line.Trim();
                continue;
            }
            else if (!string.IsNullOrWhiteSpace(line))
                open = null;
            left.Add(line);
        }
        return left;
    }

    [GeneratedRegex(@"\A\[\^(?<label>[^\]\[\s]{1,40})\]:[ \t]*(?<text>.*)\z")]
    private static partial Regex NoteLine();

    // The lines apart, so that each is a paragraph, but for those of a table.
    private static string Tamed(IReadOnlyList<string> lines)
    {
        var (text, cells) = (new StringBuilder(), 0L);
        for (var i = 0; i < lines.Count; )
        {
            var end = i;
            while (end < lines.Count && lines[end].Contains('|', StringComparison.Ordinal))
                end++;
            if (end - i > 1 && IsRuleOfTable(lines[i + 1]))
            {
                var size = (long)(end - i) * lines.Skip(i).Take(end - i).Max(l => l.Count(c => c == '|') + 1);
                var isTable = cells + size <= MostCells;
                cells += isTable ? size : 0;
                for (; i < end; i++)
                    Line(text, isTable ? lines[i] : Escaped(lines[i]), isApart: !isTable || i == end - 1);
                continue;
            }
            Line(text, lines[i++], isApart: true);
        }
        return text.ToString();
    }

    private static bool IsRuleOfTable(string line) =>
        line.Contains('-', StringComparison.Ordinal) && line.All(c => c is '|' or '-' or ':' or ' ' or '\t' or '>');

    private static void Line(StringBuilder to, string line, bool isApart)
    {
        var at = line.AsSpan().TrimStart();
        var indent = Math.Min(line.Length - at.Length, MostIndent);
        // As word processors write a list.
        if (at is ['•' or '▪' or '·', ..])
            at = $"- {at[1..].TrimStart()}";
        var (depth, quoted) = Leading(at);
        if (at.Length > LongestLine || depth > Deepest || at.Count('*') + at.Count('_') > MostSigns)
        {
            at = Escaped(at.ToString());
            quoted = 0;
        }
        to.Append(line.AsSpan(0, indent)).Append(at).Append('\n');
        // Inside a quotation they are apart inside of it.
        if (isApart)
            to.Append(line.AsSpan(0, indent)).Append(at[..quoted]).Append('\n');
    }

    // How many signs of quotations and lists a line begins with, and where the first ones, of quotations alone, end.
    private static (int Depth, int Quoted) Leading(ReadOnlySpan<char> line)
    {
        var (depth, quoted, isQuoted, i) = (0, 0, true, 0);
        while (i < line.Length && depth <= Deepest)
        {
            var start = i;
            while (i < line.Length && char.IsAsciiDigit(line[i]) && i - start < 10)
                i++;
            var isSign =
                i == start
                    ? line[i] is '>' || (line[i] is '-' or '+' or '*' && i + 1 < line.Length && char.IsWhiteSpace(line[i + 1]))
                    : i + 1 < line.Length && line[i] is '.' or ')' && char.IsWhiteSpace(line[i + 1]);
            if (!isSign)
                break;
            isQuoted &= line[i] == '>';
            i++;
            (depth, quoted) = (depth + 1, isQuoted ? i : quoted);
            while (i < line.Length && char.IsWhiteSpace(line[i]))
                i++;
        }
        return (depth, quoted);
    }

    private static string Escaped(string line) => Sign().Replace(line, @"\$0");

    [GeneratedRegex(@"[!-/:-@\[-`{-~]")]
    private static partial Regex Sign();

    // ---- Markdig

    private static MarkdownPipeline Built()
    {
        var builder = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml();
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        builder.BlockParsers.TryRemove<FencedCodeBlockParser>();
        builder.InlineParsers.TryRemove<CodeInlineParser>();
        builder.BlockParsers.Replace<ParagraphBlockParser>(new Paragraphs { ParseSetextHeadings = false });
        builder.InlineParsers.Replace<LinkInlineParser>(new Links());
        builder.MaximumNestingDepth = MostSigns;
        return builder.Build();
    }

    // Without definitions of references, which would be gone from the text.
    private sealed class Paragraphs : ParagraphBlockParser
    {
        public override bool Close(BlockProcessor processor, Block block)
        {
            if (block is ParagraphBlock paragraph)
                for (var i = 0; i < paragraph.Lines.Count; i++)
                    paragraph.Lines.Lines[i].Slice.Trim();
            return true;
        }
    }

    /// <summary>Where a footnote is referred to, by its label.</summary>
    private sealed class NoteInline(string label) : LeafInline
    {
        public string Label { get; } = label;
    }

    /// <summary>A link: what is read, what it leads to.</summary>
    private sealed class FoundLink(string words, string address) : LeafInline
    {
        public string Words { get; } = words;
        public string Address { get; } = address;
    }

    // [words](address), [^label], and of a picture its words. No brackets inside brackets: each sign is looked at a few times at most.
    private sealed class Links : InlineParser
    {
        private const int Longest = 2000;

        public Links() => OpeningCharacters = ['[', '!'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            var rest = slice.AsSpan();
            var isPicture = rest[0] == '!';
            var from = isPicture ? 2 : 1;
            if (rest.Length < from + 2 || rest[from - 1] != '[')
                return false;
            var end = Words(rest, from);
            if (end < 0)
                return false;
            var words = rest[from..end].ToString();
            if (!isPicture && words is ['^', _, ..] && !words.Any(char.IsWhiteSpace))
            {
                processor.Inline = new NoteInline(words[1..]);
                slice.Start += end + 1;
                return true;
            }
            if (end + 1 >= rest.Length || rest[end + 1] != '(')
                return false;
            var (address, after) = Address(rest, end + 2);
            if (address is null)
                return false;
            processor.Inline = new FoundLink(words, isPicture ? "" : address);
            slice.Start += after;
            return true;
        }

        private static int Words(ReadOnlySpan<char> text, int from)
        {
            for (var i = from; i < text.Length && i < from + Longest; i++)
                if (text[i] == '\\')
                    i++;
                else if (text[i] is '[' or '\n')
                    return -1;
                else if (text[i] == ']')
                    return i == from ? -1 : i;
            return -1;
        }

        // The address, and where the closing bracket ends; a title is read over.
        private static (string? Address, int After) Address(ReadOnlySpan<char> text, int from)
        {
            var (i, depth) = (from, 0);
            for (; i < text.Length && i < from + Longest; i++)
                if (text[i] == '(')
                    depth++;
                else if (char.IsWhiteSpace(text[i]) || char.IsControl(text[i]) || text[i] is '[' or ']' || (text[i] == ')' && depth-- == 0))
                    break;
            var address = text[from..i].ToString();
            while (i < text.Length && text[i] == ' ')
                i++;
            if (i < text.Length && text[i] == '"')
            {
                var title = text[(i + 1)..Math.Min(text.Length, i + 500)].IndexOfAny('"', '\n', '[');
                i += title >= 0 && text[i + 1 + title] == '"' ? title + 2 : 0;
            }
            return i < text.Length && text[i] == ')' ? (address.Trim('<', '>'), i + 1) : default;
        }
    }

    // ---- After Markdig

    private List<ProseBlock> Blocks(ContainerBlock of)
    {
        var blocks = new List<ProseBlock>(of.Count);
        foreach (var block in of)
            switch (block)
            {
                case HeadingBlock heading:
                    if (Spans(heading.Inline) is { Count: > 0 } words)
                        blocks.Add(new ProseHeading(levels.GetValueOrDefault(heading.Level, 1), words));
                    break;
                case ListBlock list:
                    blocks.Add(
                        new ProseList(list.IsOrdered, [.. list.Cast<ListItemBlock>().Select(i => new ProseItem(i.Order, Blocks(i)))])
                    );
                    break;
                case QuoteBlock quote:
                    if (Blocks(quote) is { Count: > 0 } quoted)
                        blocks.Add(new ProseQuote(quoted));
                    break;
                case Table table:
                    blocks.Add(TableOf(table));
                    break;
                case ThematicBreakBlock:
                    blocks.Add(new ProseRule());
                    break;
                case ContainerBlock other:
                    blocks.AddRange(Blocks(other));
                    break;
                case LeafBlock leaf:
                    blocks.AddRange(Lines(leaf.Inline).Where(l => l.Count > 0).Select(l => new ProseParagraph(l)));
                    break;
            }
        return blocks;
    }

    private ProseTable TableOf(Table table) =>
        new([
            .. table
                .Cast<TableRow>()
                .Select(row =>
                    (IReadOnlyList<ProseCell>)
                        [
                            .. row.Cast<TableCell>()
                                .Select(
                                    (cell, i) =>
                                        new ProseCell(
                                            [.. cell.OfType<LeafBlock>().SelectMany(b => Spans(b.Inline))],
                                            i < table.ColumnDefinitions.Count
                                                && table.ColumnDefinitions[i].Alignment == TableColumnAlign.Right
                                        )
                                ),
                        ]
                ),
        ]);

    private List<ProseSpan> Spans(ContainerInline? of) => [.. Lines(of).SelectMany((l, i) => i == 0 ? l : [new ProseWords(" "), .. l])];

    private List<List<ProseSpan>> Lines(ContainerInline? of)
    {
        var to = new Spoken();
        foreach (var inline in of ?? Enumerable.Empty<Inline>())
            Add(inline, to);
        return to.Done();
    }

    private void Add(Inline inline, Spoken to)
    {
        switch (inline)
        {
            case LiteralInline literal:
                to.Say(literal.Content.AsSpan());
                break;
            case HtmlEntityInline entity:
                to.Say(Text.InOrder(entity.Transcoded.ToString()));
                break;
            case LineBreakInline:
                to.Break();
                break;
            case NoteInline note:
                Mark(note.Label, to);
                break;
            case AutolinkInline { IsEmail: var isMail, Url: var url }:
                to.Link(isMail ? "mailto:" + url : url, [new ProseWords(url)]);
                break;
            case FoundLink link:
                to.Link(link.Address, Inner(link.Words));
                break;
            case EmphasisInline emphasis:
                to.Add(new ProseMarked(emphasis.DelimiterCount > 1, Spans(emphasis)));
                break;
            case ContainerInline container:
                if (container is DelimiterInline delimiter)
                    to.Say(delimiter.ToLiteral());
                foreach (var child in container)
                    Add(child, to);
                break;
        }
    }

    // Words of a link may stand out; they are no block and hold no link.
    private List<ProseSpan> Inner(string words) =>
        words.AsSpan().IndexOfAny("*_\\&") >= 0 && Markdown.Parse(words, Pipeline) is [ParagraphBlock { Inline: { } inline }]
            ? Unlinked(Spans(inline))
            : [new ProseWords(words)];

    private static List<ProseSpan> Unlinked(IEnumerable<ProseSpan> spans) =>
        [
            .. spans.SelectMany(s =>
                s switch
                {
                    ProseLink link => Unlinked(link.Spans),
                    ProseMarked marked => [marked with { Spans = Unlinked(marked.Spans) }],
                    _ => [s],
                }
            ),
        ];

    private void Mark(string label, Spoken to)
    {
        if (isInNote || !notes.ContainsKey(label))
        {
            to.Say($"[^{label}]");
            return;
        }
        var (number, times) = used.GetValueOrDefault(label, (used.Count + 1, 0));
        used[label] = (number, times + 1);
        to.Add(new ProseNoteMark(number, times));
    }

    /// <summary>What is said, line by line: words that touch are one, and addresses in them are links.</summary>
    private sealed partial class Spoken
    {
        private readonly List<List<ProseSpan>> lines =
        [
            [],
        ];
        private readonly StringBuilder words = new();

        public void Say(ReadOnlySpan<char> more) => words.Append(more);

        public void Add(ProseSpan span)
        {
            Flush();
            lines[^1].Add(span);
        }

        public void Link(string address, IReadOnlyList<ProseSpan> spans)
        {
            Flush();
            if (Safe(address) is { } safe)
                lines[^1].Add(new ProseLink(safe, spans));
            else
                lines[^1].AddRange(spans);
        }

        public void Break()
        {
            Flush();
            lines.Add([]);
        }

        public List<List<ProseSpan>> Done()
        {
            Flush();
            return lines;
        }

        private void Flush()
        {
            if (words.Length == 0)
                return;
            var text = words.ToString();
            words.Clear();
            var at = 0;
            foreach (Match match in Address().Matches(text))
            {
                var address = match.Value.TrimEnd('.', ',', ';', ':', '!', '?', '\'', '"', '*', '_');
                if (address.EndsWith(')') && !address.Contains('(', StringComparison.Ordinal))
                    address = address.TrimEnd(')');
                if (Safe(address) is not { } safe)
                    continue;
                if (match.Index > at)
                    lines[^1].Add(new ProseWords(text[at..match.Index]));
                lines[^1].Add(new ProseLink(safe, [new ProseWords(address)]));
                at = match.Index + address.Length;
            }
            if (at < text.Length)
                lines[^1].Add(new ProseWords(text[at..]));
        }

        // Of ASCII alone: what follows an address in Chinese or Arabic follows it without a blank.
        [GeneratedRegex(@"(?<![A-Za-z0-9])https?://[!#-;=?-Z_a-z~%]+")]
        private static partial Regex Address();

        // As the parser of addresses writes it, and not as it was typed; nobody is led to a host behind the name of another.
        private static string? Safe(string address) =>
            address.Length <= 2000
            && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeMailto || (uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
                ? uri.AbsoluteUri
                : null;
    }
}
