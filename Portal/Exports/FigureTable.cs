namespace Portal.Exports;

/// <summary>What the figures of a column are.</summary>
public enum FigureKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>How many.</summary>
    Count,

    /// <summary>Money in whole units.</summary>
    Money,

    /// <summary>A number with one decimal: days, a share.</summary>
    Measure,
}

/// <summary>A heading of a table of figures.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Kind">What stands under it.</param>
/// <param name="Currency">ISO 4217, of money.</param>
public sealed record FigureHeading(string Text, FigureKind Kind = FigureKind.Count, string? Currency = null);

/// <summary>A row of a table of figures.</summary>
/// <param name="Code">Code beside the name, for programs; null where there is none.</param>
/// <param name="Cells">The name, then a text, long, decimal or nothing for each heading after it.</param>
/// <param name="Bar">How long its bar is, in hundredths of the chart; null where it has none.</param>
/// <param name="Link">The list behind it.</param>
/// <param name="IsTotal">Whether it sums up the others.</param>
public sealed record FigureRow(string? Code, IReadOnlyList<object?> Cells, int? Bar = null, string? Link = null, bool IsTotal = false);

/// <summary>A table of figures with its chart: drawn on the page, written to files and into the report from the same.</summary>
/// <param name="Name">Its name in addresses and file names.</param>
/// <param name="Title">What it is of, in the reader's language.</param>
/// <param name="Headings">Headings: that of the names first.</param>
/// <param name="Rows">Rows.</param>
public sealed record FigureTable(string Name, string Title, IReadOnlyList<FigureHeading> Headings, IReadOnlyList<FigureRow> Rows)
{
    /// <summary>Hundredths that a part is of the longest bar.</summary>
    public static int Bars(decimal part, decimal longest) => longest <= 0 ? 0 : (int)Math.Clamp(part * 100 / longest, 0, 100);

    /// <summary>A cell as a reader sees it.</summary>
    public static string Text(object? cell, FigureHeading heading) =>
        (cell, heading.Kind) switch
        {
            (null, _) => "–",
            (string text, _) => text,
            (IFormattable money, FigureKind.Money) => $"{heading.Currency} {Shell.Number.Of(money)}",
            (IFormattable number, FigureKind.Measure) => Shell.Number.Of(number, "N1"),
            (IFormattable number, _) => Shell.Number.Of(number),
            _ => cell.ToString() ?? "",
        };

    /// <summary>As a sheet, with codes beside names.</summary>
    /// <param name="note">What it is.</param>
    /// <param name="code">Heading of the codes.</param>
    public Sheet ToSheet(string note, string code)
    {
        var coded = Rows.Any(r => r.Code is not null);
        // A sheet's name holds 31 characters.
        return new Sheet(
            Title.Length > 31 ? Title[..31] : Title,
            note,
            [
                .. coded ? [code] : Array.Empty<string>(),
                .. Headings.Select(h => h.Kind == FigureKind.Money ? $"{h.Text} ({h.Currency})" : h.Text),
            ],
            [.. Rows.Select(r => (object?[])[.. coded ? [r.Code] : Array.Empty<object?>(), .. r.Cells])]
        );
    }
}
