using System.Text;
using System.Text.RegularExpressions;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>
/// Reads a table written as text: cells parted by commas, semicolons, tabs or bars (RFC 4180), in whatever encoding. A row whose quotation
/// marks are not in order is refused by itself: where one
/// is never closed, the rows below are read as if that row were not there.
/// </summary>
internal static partial class TextFile
{
    // What the headings tell is found out from the beginning.
    private const int Beginning = 64 * 1024;

    /// <summary>Encodings that a text may be read in by hand.</summary>
    public static readonly IReadOnlyList<string> Encodings = ["utf-8", "windows-1256", "gb18030", "windows-1252", "windows-1251"];

    /// <summary>Reads it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="knows">Says whether a heading is one that is known.</param>
    /// <param name="likely">Encoding to try first where the text is no Unicode.</param>
    /// <param name="asked">Encoding to read it in; null to find it out.</param>
    /// <exception cref="ImportUnreadable">It is no text, or larger than can be taken.</exception>
    public static (IReadOnlyList<TableRow> Rows, string Encoding, bool IsGuess) Read(
        Stream file,
        Func<string, bool> knows,
        string likely,
        string? asked
    )
    {
        if (file.Length > ImportJob.LargestTable)
            throw new ImportUnreadable("table.too_large", 0);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        if (bytes is [(byte)'P', (byte)'K', 3, 4, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..] or [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..])
            throw new ImportUnreadable("table.not_text", 0);
        var (encoding, isGuess) = Found(bytes, knows, likely, asked);
        var text = Text(bytes, encoding);
        var (delimiter, from) = Delimiter(text, knows);
        return (
            Rows(text, from, delimiter),
            Encodings.FirstOrDefault(e => e.Equals(encoding.WebName, StringComparison.OrdinalIgnoreCase)) ?? encoding.WebName,
            isGuess
        );
    }

    private static string Text(byte[] bytes, Encoding encoding)
    {
        try
        {
            var mark = encoding.GetPreamble().AsSpan();
            var marked = mark.Length > 0 && bytes.AsSpan().StartsWith(mark) ? mark.Length : 0;
            return encoding.GetString(bytes, marked, bytes.Length - marked).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            throw new ImportUnreadable("table.encoding", 0);
        }
    }

    // ---- Encoding

    private static (Encoding Encoding, bool IsGuess) Found(byte[] bytes, Func<string, bool> knows, string likely, string? asked)
    {
        if (asked is not null && Encodings.Contains(asked))
            return (Strict(asked), false);
        if (Unicode(bytes) is { } unicode)
            return (unicode, false);
        // What the headings say is the best sign; where they are plain letters, what the reader's own language is usually written in.
        var best = Encodings
            .Where(e => e != "utf-8")
            .OrderByDescending(e => e == likely)
            .Select(Strict)
            .Where(e => Takes(e, bytes))
            .MaxBy(e => Known(Start(e, bytes), knows));
        return (best ?? throw new ImportUnreadable("table.encoding", 0), true);
    }

    private static Encoding? Unicode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, 0, 0, ..])
            return new UTF32Encoding(false, true, true);
        if (bytes is [0, 0, 0xFE, 0xFF, ..])
            return new UTF32Encoding(true, true, true);
        if (bytes is [0xFF, 0xFE, ..])
            return new UnicodeEncoding(false, true, true);
        if (bytes is [0xFE, 0xFF, ..])
            return new UnicodeEncoding(true, true, true);
        if (IsUtf16(bytes) is { } isBigEndian)
            return new UnicodeEncoding(isBigEndian, true, true);
        var utf8 = new UTF8Encoding(true, true);
        return Takes(utf8, bytes) ? utf8 : null;
    }

    // Of the signs that every table has, most stand beside an empty byte, on the same side of it; whatever script the words are of. Whether
    // that side is the first; null where it is no UTF-16.
    private static bool? IsUtf16(byte[] bytes)
    {
        if (bytes.Length % 2 == 1)
            return null;
        var (signs, little, big) = (0, 0, 0);
        for (var i = 0; i < Math.Min(bytes.Length, Beginning); i += 2)
        {
            var (isFirst, isSecond) = (IsSign(bytes[i]), IsSign(bytes[i + 1]));
            signs += (isFirst ? 1 : 0) + (isSecond ? 1 : 0);
            little += isFirst && bytes[i + 1] == 0 ? 1 : 0;
            big += isSecond && bytes[i] == 0 ? 1 : 0;
        }
        return Math.Max(little, big) * 2 > signs ? big > little : null;
    }

    private static bool IsSign(byte b) => b is (byte)',' or (byte)';' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)' ';

    // Only what the decoder has to say counts: nothing of it is kept.
    private static bool Takes(Encoding encoding, byte[] bytes)
    {
        var (decoder, chars) = (encoding.GetDecoder(), new char[4096]);
        try
        {
            for (var at = 0; at < bytes.Length; )
            {
                decoder.Convert(bytes, at, bytes.Length - at, chars, 0, chars.Length, true, out var used, out _, out _);
                at += used;
            }
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Start(Encoding encoding, byte[] bytes)
    {
        // The last character may be cut in two.
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        return lenient.GetString(bytes, 0, Math.Min(bytes.Length, Beginning) & ~3).TrimStart('\uFEFF');
    }

    private static Encoding Strict(string name) =>
        name == "utf-8"
            ? new UTF8Encoding(true, true)
            : CodePagesEncodingProvider.Instance.GetEncoding(
                name,
                EncoderFallback.ExceptionFallback,
                name == "gb18030" ? DecoderFallback.ExceptionFallback : DecoderFallback.ReplacementFallback
            )!;

    // ---- Cells

    private static (char Delimiter, int From) Delimiter(string text, Func<string, bool> knows)
    {
        if (Separator().Match(text) is { Success: true } said)
            return (said.Groups["with"].Value[0], said.Length);
        var first = text[..Math.Min(text.Length, Beginning)];
        return (new[] { ',', ';', '\t', '|' }.OrderByDescending(d => first.Count(c => c == d)).MaxBy(d => Known(first, d, knows)), 0);
    }

    private static int Known(string text, Func<string, bool> knows) => new[] { ',', ';', '\t', '|' }.Max(d => Known(text, d, knows));

    private static int Known(string text, char delimiter, Func<string, bool> knows)
    {
        var (at, line, most) = (0, 1, 0);
        for (var rows = 0; at < text.Length && rows < TableFile.HeadingsWithin; )
        {
            var row = Row(text, delimiter, ref at, ref line);
            if (row.IsEmpty)
                continue;
            rows++;
            most = Math.Max(most, row.Cells.Count(c => knows(c.Text)));
        }
        return most;
    }

    private static List<TableRow> Rows(string text, int from, char delimiter)
    {
        var rows = new List<TableRow>();
        var (at, line, size, cells) = (from, from > 0 ? 2 : 1, 0, 0);
        while (at < text.Length)
        {
            var number = line;
            var row = Row(text, delimiter, ref at, ref line);
            if (row.IsEmpty)
                continue;
            if (row.Cells.Count > TableFile.MostColumns)
                throw new ImportUnreadable("table.too_many_columns", number);
            size += row.Cells.Sum(c => c.Text.Length);
            cells += row.Cells.Count;
            if (size > TableFile.MostCharacters || cells > TableFile.MostCells)
                throw new ImportUnreadable("table.too_large", number);
            rows.Add(row);
            if (rows.Count > TableFile.MostRows + TableFile.HeadingsWithin)
                throw new ImportUnreadable("table.too_many_rows", number);
        }
        return rows;
    }

    // A row, and where the next begins. One whose marks are not in order is refused and ends with its first line, so that it takes none of
    // those below with it.
    private static TableRow Row(string text, char delimiter, ref int at, ref int line)
    {
        var (start, number, end) = (at, line, LineEnd(text, at));
        var cells = new List<Cell>();
        while (true)
        {
            var fault = Cell(text, delimiter, ref at, ref line, out var cell);
            if (fault is null)
            {
                // Beyond the most columns they are counted no further.
                if (cells.Count <= TableFile.MostColumns)
                    cells.Add(cell);
                if (at < text.Length && text[at] == delimiter)
                {
                    at++;
                    continue;
                }
                Break(text, ref at, ref line);
                break;
            }
            var whole = text[start..Math.Min(end, start + TableFile.LargestCell)];
            cells = [.. whole.Split(delimiter, TableFile.MostColumns).Select(c => new Cell(Unescaped(c.Trim().Trim('"'))))];
            cells[0] = cells[0] with { Note = fault, Refuses = true };
            (at, line) = (end, number);
            Break(text, ref at, ref line);
            break;
        }
        while (cells is [.., { Text.Length: 0, Refuses: false }])
            cells.RemoveAt(cells.Count - 1);
        return new TableRow(number, cells);
    }

    // What is wrong with it, or null; then it ends before a delimiter, a line's end or the end.
    private static string? Cell(string text, char delimiter, ref int at, ref int line, out Cell cell)
    {
        cell = default;
        while (at < text.Length && text[at] != delimiter && text[at] is ' ' or '\t' or '\u00A0')
            at++;
        if (at == text.Length || text[at] != '"')
        {
            var from = at;
            while (at < text.Length && text[at] != delimiter && text[at] is not ('\n' or '\r'))
                at++;
            cell = Limited(text[from..at].TrimEnd());
            return null;
        }
        var said = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                if (text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n')))
                    line++;
                said.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
                said.Append(text[at++]);
            else
                break;
            // No text is that long: its mark was never closed.
            if (said.Length > TableFile.LargestCell * 2)
                return "table.quotes";
        }
        if (at == text.Length)
            return "table.quotes";
        for (at++; at < text.Length && text[at] != delimiter && text[at] is ' ' or '\t' or '\u00A0'; )
            at++;
        if (at < text.Length && text[at] != delimiter && text[at] is not ('\n' or '\r'))
            return "table.quotes_inside";
        cell = Limited(said.ToString().Trim());
        return null;
    }

    private static Cell Limited(string text) =>
        text.Length > TableFile.LargestCell ? new Cell("", CellKind.Text, "table.cell_too_large", true) : new Cell(Unescaped(text));

    private static int LineEnd(string text, int at) => text.AsSpan(at).IndexOfAny('\n', '\r') is >= 0 and var end ? at + end : text.Length;

    private static void Break(string text, ref int at, ref int line)
    {
        if (at == text.Length)
            return;
        at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        line++;
    }

    // Exports put an apostrophe before what a spreadsheet would take for a formula; here it is taken off again.
    private static string Unescaped(string cell) =>
        cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\'' or '＝' or '＋' or '－' or '＠', ..] ? cell[1..] : cell;

    [GeneratedRegex(@"\Asep=(?<with>[,;\t|])\r?\n", RegexOptions.IgnoreCase)]
    private static partial Regex Separator();
}
