using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>What is in a cell.</summary>
public enum CellKind
{
    /// <summary>A text, or nothing.</summary>
    Text,
    /// <summary>A number, written with a point.</summary>
    Number,
    /// <summary>A day, written as ISO 8601 does.</summary>
    Day,
}

/// <summary>A cell.</summary>
/// <param name="Text">What is in it.</param>
/// <param name="Kind">What that is.</param>
/// <param name="Note">Code of what is to be said of it, or null.</param>
/// <param name="Refuses">Whether its row is not taken because of that.</param>
public readonly record struct Cell(string Text, CellKind Kind = CellKind.Text, string? Note = null, bool Refuses = false);

/// <summary>A row.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Cells">Its cells.</param>
public sealed record TableRow(int Number, IReadOnlyList<Cell> Cells)
{
    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => Cells.All(c => c.Text.Length == 0 && !c.Refuses);
}

/// <summary>
/// A table that somebody filled in, as text or as a workbook: its headings and the rows below them. Nothing in it is evaluated; what cannot be read stands at its row.
/// </summary>
/// <param name="Headings">Headings.</param>
/// <param name="Rows">Rows that are not empty.</param>
/// <param name="Encoding">Encoding of a text.</param>
/// <param name="IsGuess">Whether the encoding was guessed.</param>
public sealed partial record TableFile(IReadOnlyList<string> Headings, IReadOnlyList<TableRow> Rows, string? Encoding, bool IsGuess)
{
    /// <summary>Most rows.</summary>
    public const int MostRows = 5_000;
    /// <summary>Most columns.</summary>
    public const int MostColumns = 200;
    /// <summary>Most characters of one cell.</summary>
    public const int LargestCell = 100_000;

    // Headings are among the first lines; above them may stand what an export says of itself.
    private const int HeadingsWithin = 6;

    /// <summary>Encodings that a text may be read in by hand.</summary>
    public static readonly IReadOnlyList<string> Encodings = ["utf-8", "windows-1256", "gb18030", "windows-1252", "windows-1251"];

    /// <summary>Reads a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="knows">Says whether a heading is one that is known.</param>
    /// <param name="likely">Encoding to try first where the text is no Unicode and does not say what it is.</param>
    /// <param name="encoding">Encoding to read it in; null to find it out.</param>
    /// <exception cref="ImportUnreadable">It is no table, or larger than can be taken.</exception>
    public static TableFile Read(Stream file, ImportFormat format, Func<string, bool> knows, string likely = "windows-1252", string? encoding = null)
    {
        if (format == ImportFormat.Xlsx)
            return Of(WorkbookFile.Read(file), knows, null, false);
        if (file.Length > ImportJob.LargestTable)
            throw new ImportUnreadable("table.too_large", 0);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var (text, name, isGuess) = Decode(bytes, knows, likely, encoding);
        return Of(Lines(text, knows), knows, name, isGuess);
    }

    private static TableFile Of(IReadOnlyList<TableRow> all, Func<string, bool> knows, string? encoding, bool isGuess)
    {
        var rows = all.Where(r => !r.IsEmpty).ToList();
        if (rows.Count == 0)
            throw new ImportUnreadable("table.empty", 0);
        var head = rows.Take(HeadingsWithin).MaxBy(r => r.Cells.Count(c => knows(c.Text)))!;
        if (head.Cells.All(c => !knows(c.Text)))
            head = rows[0];
        var headings = head.Cells.Select(c => ImportProblem.Shown(c.Text.Trim())!).ToList();
        var below = rows.Where(r => r.Number > head.Number).ToList();
        if (below.Count == 0)
            throw new ImportUnreadable("table.no_rows", head.Number);
        return new TableFile(headings, below, encoding, isGuess);
    }

    // ---- Text

    private static (string Text, string Name, bool IsGuess) Decode(byte[] bytes, Func<string, bool> knows, string likely, string? asked)
    {
        if (bytes is [(byte)'P', (byte)'K', 3, 4, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..] or [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..])
            throw new ImportUnreadable("table.not_text", 0);
        if (asked is not null && Encodings.Contains(asked))
            return (Said(bytes, Strict(asked)), asked, false);
        if (Unicode(bytes) is { } unicode)
            return (Said(bytes, unicode), unicode.WebName, false);
        // What the headings say is the best sign; where they are plain letters, what the reader's own language is usually written in.
        var read = Encodings.Where(e => e != "utf-8").OrderByDescending(e => e == likely).Select(e => (Name: e, Text: Attempt(bytes, e))).Where(e => e.Text is not null).ToList();
        var best = read.MaxBy(e => Lines(First(e.Text!), knows).Take(HeadingsWithin).Select(r => r.Cells.Count(c => knows(c.Text))).DefaultIfEmpty().Max());
        return best.Text is { } text ? (text, best.Name, true) : throw new ImportUnreadable("table.encoding", 0);
    }

    private static Encoding? Unicode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, 0, 0, ..])
            return new UTF32Encoding(false, true, true);
        if (bytes is [0xFF, 0xFE, ..])
            return new UnicodeEncoding(false, true, true);
        if (bytes is [0xFE, 0xFF, ..])
            return new UnicodeEncoding(true, true, true);
        // Half of the bytes of plain letters in UTF-16 are nothing, on one side of each pair.
        var first = bytes.Take(200).ToList();
        var (even, odd) = (first.Where((b, i) => i % 2 == 0).Count(b => b == 0), first.Where((b, i) => i % 2 == 1).Count(b => b == 0));
        if (bytes.Length % 2 == 0 && Math.Max(even, odd) > first.Count / 5 && Math.Min(even, odd) == 0)
            return new UnicodeEncoding(even > odd, true, true);
        return Attempt(bytes, "utf-8") is null ? null : Strict("utf-8");
    }

    private static string Said(byte[] bytes, Encoding encoding)
    {
        try
        {
            return encoding.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            throw new ImportUnreadable("table.encoding", 0);
        }
    }

    private static string? Attempt(byte[] bytes, string encoding)
    {
        try
        {
            return Strict(encoding).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Encoding Strict(string name) => name == "utf-8" ? new UTF8Encoding(false, true)
        : CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, name == "gb18030" ? DecoderFallback.ExceptionFallback : DecoderFallback.ReplacementFallback)!;

    private static string First(string text) => string.Join('\n', text.Split('\n', HeadingsWithin + 1).Take(HeadingsWithin));

    private static List<TableRow> Lines(string text, Func<string, bool> knows)
    {
        if (Separator().Match(text) is { Success: true } said)
            return Lines("\n" + text[said.Length..], said.Groups["with"].Value[0]);
        var first = First(text);
        var delimiter = new[] { ',', ';', '\t', '|' }.OrderByDescending(d => first.Count(c => c == d))
            .MaxBy(d => Lines(first, d).Select(r => r.Cells.Count(c => knows(c.Text))).DefaultIfEmpty().Max());
        return Lines(text, delimiter);
    }

    private static List<TableRow> Lines(string text, char delimiter)
    {
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = false,
            BadDataFound = null,
        });
        var rows = new List<TableRow>();
        while (true)
        {
            var number = parser.RawRow + 1;
            if (!parser.Read())
                return rows;
            // A mark that is never closed takes what follows with it: the row says so instead of passing for one that is in order.
            var isOpen = parser.RawRecord.Count(c => c == '"') % 2 == 1;
            var cells = parser.Record!.Take(MostColumns + 1).Select(c => new Cell(Unescaped(c.Length > LargestCell ? c[..LargestCell] : c))).ToList();
            if (cells.Count > MostColumns)
                throw new ImportUnreadable("table.too_many_columns", number);
            if (isOpen || parser.Record!.Any(c => c.Length > LargestCell))
                cells[0] = cells[0] with { Note = isOpen ? "table.quotes" : "table.cell_too_large", Refuses = true };
            rows.Add(new TableRow(number, cells));
            if (rows.Count > MostRows + HeadingsWithin)
                throw new ImportUnreadable("table.too_many_rows", number);
        }
    }

    // Exports put an apostrophe before what a spreadsheet would take for a formula; here it is taken off again.
    private static string Unescaped(string cell) => cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\'' or '＝' or '＋' or '－' or '＠', ..] ? cell[1..] : cell;

    [GeneratedRegex(@"\Asep=(?<with>[,;\t|])\r?\n", RegexOptions.IgnoreCase)]
    private static partial Regex Separator();
}
