using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Shell;

namespace Portal.Lists;

/// <summary>Where a row is drawn.</summary>
/// <param name="Say">In whose language.</param>
/// <param name="List">The list's address, which a State narrows; null where the table is not a list.</param>
public readonly record struct Screen(Say Say, ListAddress? List);

/// <summary>A column of a file.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Of">What a row has in it: text, a number, a day, a moment in UTC, yes or no, or nothing.</param>
public sealed record FileColumn<TRow>(Func<Say, string> Heading, Func<TRow, Say, object?> Of);

/// <summary>A column, on the screen and in files, where codes stand beside names.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="InFile">What files have of it.</param>
public sealed record ListColumn<TRow>(string Name, params IReadOnlyList<FileColumn<TRow>> InFile) : ListColumn(Name)
{
    /// <summary>Its cell on the screen; null where only files have it.</summary>
    public Func<TRow, Screen, RenderFragment>? Cell { get; init; }

    /// <summary>The bit of the part that it shows. Whoever is not shown that is told so, on the screen and in files.</summary>
    public int Part { get; init; }

    /// <summary>Whether it is set as figures are.</summary>
    public bool IsFigure { get; init; }

    /// <summary>Where only files have it, the columns of the screen it goes with; none where it is in every file.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Whether a file is without it where no row has anything in it.</summary>
    public bool IsSeldom { get; init; }

    /// <summary>The column as one of a part.</summary>
    public ListColumn<TRow> Of<TPart>(TPart part)
        where TPart : struct, Enum => this with { Part = Convert.ToInt32(part, CultureInfo.InvariantCulture) };

    /// <summary>The column as one that is shown where it is chosen.</summary>
    public ListColumn<TRow> Unusual() => this with { IsUsual = false };

    /// <summary>The column as one that only files have.</summary>
    public ListColumn<TRow> OnlyInFiles() => this with { Cell = null };

    /// <summary>The column as one that files are without where no row has anything in it.</summary>
    public ListColumn<TRow> IfAny() => this with { IsSeldom = true };

    /// <summary>Whatever can be said in a line.</summary>
    public static ListColumn<TRow> Text(string name, Func<TRow, Say, string?> of) =>
        new(name, Named(name, of)) { Cell = (row, at) => Cells.Text(of(row, at.Say)) };

    /// <summary>A code, under its name.</summary>
    public static ListColumn<TRow> Code(string name, Func<TRow, string?> code, Func<Say, string, string> said)
    {
        return new(name, Coded(name, code), Named(name, Said)) { Cell = (row, at) => Cells.Text(Said(row, at.Say)) };

        string? Said(TRow row, Say say) => code(row) is { } known ? said(say, known) : null;
    }

    /// <summary>Codes, under their names.</summary>
    /// <param name="name">Name.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="said">What one of them is called.</param>
    /// <param name="isCut">Whether the screen shows the first of many.</param>
    public static ListColumn<TRow> Codes(
        string name,
        Func<TRow, IReadOnlyList<string>> codes,
        Func<Say, string, string> said,
        bool isCut = false
    ) =>
        new(
            name,
            Coded(name, r => string.Join("; ", codes(r))),
            Named(name, (r, say) => string.Join("; ", codes(r).Select(c => said(say, c))))
        )
        {
            Cell = (row, at) =>
            {
                List<string> names = [.. codes(row).Select(c => said(at.Say, c))];
                return Cells.Text(isCut ? at.Say.Some(names) : at.Say.List(names));
            },
        };

    /// <summary>A Member State, which narrows the list to it.</summary>
    public static ListColumn<TRow> State(string name, Func<TRow, string> iso3) =>
        Code(name, iso3, (say, code) => say.State(code)) with
        {
            Cell = (row, at) => Cells.State(at, iso3(row)),
        };

    /// <summary>The stage.</summary>
    public static ListColumn<TRow> Stage<TStage>(string name, Func<TRow, TStage> stage, Func<TStage, string> tone)
        where TStage : struct, Enum =>
        new(name, Coded(name, r => stage(r).ToString()), Named(name, (r, say) => say.Status(stage(r))))
        {
            Cell = (row, at) => Cells.Stage(at.Say.Status(stage(row)), tone(stage(row))),
        };

    /// <summary>A day.</summary>
    public static ListColumn<TRow> Day(string name, Func<TRow, DateOnly?> day) =>
        new(name, Named(name, (r, _) => day(r))) { Cell = (row, at) => Cells.Text(at.Say.Date(day(row))) };

    /// <summary>A moment in UTC: its day on the screen, to the second in files.</summary>
    public static ListColumn<TRow> Moment(string name, Func<TRow, DateTime?> at) =>
        new(name, new FileColumn<TRow>(say => say.MomentsOf(Columns.Key(name)), (r, _) => at(r)))
        {
            Cell = (row, screen) => Cells.Text(screen.Say.Date(at(row) is { } known ? DateOnly.FromDateTime(known) : null)),
        };

    /// <summary>From a day to a day.</summary>
    public static ListColumn<TRow> Period(string name, Func<TRow, DateOnly?> from, Func<TRow, DateOnly?> to) =>
        new(name, Named("from", (r, _) => from(r)), Named("to", (r, _) => to(r)))
        {
            Cell = (row, at) => Cells.Text(at.Say.Period(from(row), to(row))),
        };

    /// <summary>Money in whole units.</summary>
    /// <param name="name">Name.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="currency">Its currency, which files have in a column of its own.</param>
    /// <param name="onScreen">What the screen shows, where files have that in more columns than one.</param>
    public static ListColumn<TRow> Money(
        string name,
        Func<TRow, decimal?> amount,
        Func<TRow, string?> currency,
        Func<TRow, decimal?>? onScreen = null
    ) =>
        new(name, Named(name, (r, _) => amount(r)))
        {
            IsFigure = true,
            Cell = (row, at) => Cells.Reference(at.Say.Money((onScreen ?? amount)(row), currency(row))),
        };

    /// <summary>What only files have.</summary>
    /// <param name="key">By what its words are found.</param>
    /// <param name="of">What a row has in it.</param>
    /// <param name="with">The columns of the screen it goes with; none where it is in every file.</param>
    public static ListColumn<TRow> File(string key, Func<TRow, object?> of, params IReadOnlyList<string> with) =>
        new(key, Named(key, (r, _) => of(r))) { With = with };

    private static FileColumn<TRow> Named(string name, Func<TRow, Say, object?> of) => new(say => say.Column(Columns.Key(name)), of);

    private static FileColumn<TRow> Coded(string name, Func<TRow, object?> of) =>
        new(say => say.CodesOf(Columns.Key(name)), (r, _) => of(r));
}
