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
/// <param name="IsHidden">Whether the sheet does not show it.</param>
public sealed record TableRow(int Number, IReadOnlyList<Cell> Cells, bool IsHidden = false)
{
    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => Cells.All(c => c.Text.Length == 0 && !c.Refuses);
}

/// <summary>
/// A table that somebody filled in, as text or as a workbook: its headings and the rows below them. Nothing in it is evaluated; what cannot
/// be read stands at its row.
/// </summary>
/// <param name="Headings">Headings.</param>
/// <param name="Rows">Rows that are not empty.</param>
/// <param name="Encoding">Encoding of a text.</param>
/// <param name="IsGuess">Whether the encoding was guessed.</param>
/// <param name="Sheet">The sheet that was read, where a workbook has several.</param>
public sealed record TableFile(
    IReadOnlyList<string> Headings,
    IReadOnlyList<TableRow> Rows,
    string? Encoding,
    bool IsGuess,
    string? Sheet = null
)
{
    /// <summary>Most rows.</summary>
    public const int MostRows = 5_000;

    /// <summary>Most columns.</summary>
    public const int MostColumns = 200;

    /// <summary>Most characters of one cell.</summary>
    public const int LargestCell = 40_000;

    /// <summary>Most cells: what is kept of a file stays within what a node has room for.</summary>
    internal const int MostCells = 250_000;

    /// <summary>Most characters of all cells.</summary>
    internal const int MostCharacters = 10 * 1024 * 1024;

    /// <summary>Headings are among the first rows; above them may stand what an export says of itself, or a title.</summary>
    internal const int HeadingsWithin = 20;

    /// <summary>Reads a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">What it is.</param>
    /// <param name="knows">Says whether a heading is one that is known.</param>
    /// <param name="likely">Encoding to try first where the text is no Unicode and does not say what it is.</param>
    /// <param name="encoding">Encoding to read it in; null to find it out.</param>
    /// <exception cref="ImportUnreadable">It is no table, or larger than can be taken.</exception>
    public static TableFile Read(
        Stream file,
        ImportFormat format,
        Func<string, bool> knows,
        string likely = "windows-1252",
        string? encoding = null
    )
    {
        if (format == ImportFormat.Xlsx)
        {
            var (rows, sheet) = WorkbookFile.Read(file, knows);
            return Of(rows, knows) with { Sheet = sheet };
        }
        var text = TextFile.Read(file, knows, likely, encoding);
        return Of(text.Rows, knows) with { Encoding = text.Encoding, IsGuess = text.IsGuess };
    }

    /// <summary>The row that has the headings: the one of the first in which most of them are known.</summary>
    internal static TableRow? Head(IReadOnlyList<TableRow> rows, Func<string, bool> knows) =>
        rows.Take(HeadingsWithin)
            .Select(r => (Row: r, Known: r.Cells.Count(c => knows(c.Text))))
            .Where(r => r.Known > 0)
            .OrderByDescending(r => r.Known)
            .FirstOrDefault()
            .Row;

    private static TableFile Of(IReadOnlyList<TableRow> rows, Func<string, bool> knows)
    {
        if (rows.Count == 0)
            throw new ImportUnreadable("table.empty", 0);
        var head = Head(rows, knows) ?? rows[0];
        var below = rows.Where(r => r.Number > head.Number).ToList();
        if (below.Count == 0)
            throw new ImportUnreadable("table.no_rows", head.Number);
        if (below.Count > MostRows)
            throw new ImportUnreadable("table.too_many_rows", below[MostRows].Number);
        return new TableFile([.. head.Cells.Select(c => ImportProblem.Shown(c.Text.Trim())!)], below, null, false);
    }
}
