using System.Globalization;
using System.Text;
using CsvHelper;
using Portal.Shell;

namespace Portal.Exports;

/// <summary>A column: its heading and what a row has in it (text, a number, a day, a moment in UTC, yes or no, or nothing).</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Of">What a row has in it.</param>
/// <param name="With">The column of the screen that it goes with; null for what is in every file.</param>
public sealed record Column<T>(string Heading, Func<T, object?> Of, ListColumn? With = null)
{
    /// <summary>A column of the list itself, under the heading that it has there.</summary>
    public Column(Say say, ListColumn with, Func<T, object?> of)
        : this(say.Column(with), of, with) { }
}

/// <summary>A list as a file: one line of what it is, one of headings, then the rows.</summary>
/// <param name="Name">Name of the sheet.</param>
/// <param name="Note">What it is: demonstration or not, when, by whom, from where.</param>
/// <param name="Headings">Headings.</param>
/// <param name="Rows">Rows, as long as the headings.</param>
public sealed record Sheet(string Name, string Note, IReadOnlyList<string> Headings, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Media type of a workbook.</summary>
    public const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Makes a sheet of rows.</summary>
    public static Sheet Of<T>(string name, string note, IReadOnlyList<Column<T>> columns, IEnumerable<T> rows) =>
        new(name, note, [.. columns.Select(c => c.Heading)], [.. rows.Select(r => columns.Select(c => c.Of(r)).ToArray())]);

    /// <summary>
    /// As CSV: UTF-8 with its mark, so that spreadsheets read all six languages. A text that a spreadsheet would take for a formula has an
    /// apostrophe put before it, and so has a text that begins with one: take one leading apostrophe off and the text is what it was.
    /// A number below zero is a number.
    /// </summary>
    public byte[] Csv()
    {
        var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true))
        using (var csv = new CsvWriter(writer, CultureInfo.InvariantCulture))
        {
            if (Note.Length > 0)
            {
                csv.WriteField(Text(Note));
                csv.NextRecord();
            }
            foreach (var heading in Headings)
                csv.WriteField(Text(heading));
            csv.NextRecord();
            foreach (var row in Rows)
            {
                foreach (var cell in row)
                    csv.WriteField(Text(cell));
                csv.NextRecord();
            }
        }
        return stream.ToArray();
    }

    private static string Text(object? cell) =>
        cell switch
        {
            null => "",
            string text => IsTakenForFormula(text) ? "'" + text : text,
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime moment => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => cell.ToString() ?? "",
        };

    // Some spreadsheets look past a quotation mark that begins a text.
    private static bool IsTakenForFormula(string text) =>
        text.TrimStart('"') is [var first, ..]
        && first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\'' or '＝' or '＋' or '－' or '＠';

    /// <summary>As a workbook, with others beside it. Texts are text cells: nothing in them is a formula.</summary>
    /// <param name="rightToLeft">Whether its columns run from right to left.</param>
    /// <param name="beside">Sheets that come after this one.</param>
    public byte[] Xlsx(bool rightToLeft, params IEnumerable<Sheet> beside)
    {
        var stream = new MemoryStream();
        Workbook.Write(
            stream,
            [
                .. beside
                    .Prepend(this)
                    .Select(s =>
                        (
                            s.Name,
                            (IEnumerable<IReadOnlyList<object?>>)
                                [
                                    [s.Note],
                                    [.. s.Headings],
                                    .. s.Rows,
                                ]
                        )
                    ),
            ],
            rightToLeft
        );
        return stream.ToArray();
    }
}
