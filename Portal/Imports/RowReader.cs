using System.Globalization;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>
/// Puts the cells of a row into the fields that their columns fill, as they would be typed, and notes what is wrong with them. A field
/// without a column is left as it is.
/// </summary>
internal sealed class RowReader
{
    private readonly TableFields fields;
    private readonly TableRow row;
    private readonly Dictionary<string, Cell> cells = [];
    private readonly List<ImportProblem> problems = [];

    public RowReader(TableFields fields, ImportSubject subject, IReadOnlyList<ImportColumn> columns, TableRow row)
    {
        (this.fields, this.row) = (fields, row);
        foreach (var (i, column) in columns.Index())
        {
            var cell = i < row.Cells.Count ? row.Cells[i] : new Cell("");
            if (column.Field is not { } field)
                continue;
            if (cells.TryAdd(field, cell))
            {
                if (cell.Note is { } note)
                    Note(note, field, cell.Text, cell.Refuses);
            }
            else
                Beside(field, TableFields.Of(subject).First(f => f.Name == field).List!, cell);
        }
        if (row.IsHidden)
            Note("table.row_hidden", "", null, false);
        // A mark at a cell that fills no field is one of the whole row: a merge, a mark that is not closed.
        foreach (
            var (_, cell) in row
                .Cells.Index()
                .Where(c =>
                    c.Item.Note is "table.merged" or "table.quotes" or "table.quotes_inside" or "table.cell_too_large"
                    && (c.Index >= columns.Count || columns[c.Index].Field is null)
                )
        )
            Note(cell.Note!, "", cell.Text, true);
        if (row.Cells.Skip(columns.Count).Any(c => c.Text.Length > 0))
            Note("table.beyond_columns", "", row.Cells.Skip(columns.Count).First(c => c.Text.Length > 0).Text, true);
    }

    // Codes stand beside their names, and people change what they can read: where the two say different things nobody knows which is meant.
    private void Beside(string field, string list, Cell second)
    {
        var first = Said(field);
        if (first.Length == 0)
            cells[field] = second;
        else if (second.Text.Length > 0 && !Parts(list, first, null).ToHashSet().SetEquals(Parts(list, second.Text, null)))
            Note("table.columns_differ", field, second.Text, true, first);
    }

    /// <summary>Row in the file.</summary>
    public int Number => row.Number;

    /// <summary>What was found.</summary>
    public IReadOnlyList<ImportProblem> Problems => problems;

    /// <summary>Whether a column fills a field.</summary>
    public bool Has(string field) => cells.ContainsKey(field);

    /// <summary>What is in a cell; empty where there is no column.</summary>
    public string Said(string field) => cells.GetValueOrDefault(field).Text?.Trim() ?? "";

    /// <summary>Notes something.</summary>
    public void Note(string code, string field, string? value, bool refuses, string? before = null) =>
        problems.Add(new ImportProblem(code, row.Number, field, ImportProblem.Shown(value), refuses, ImportProblem.Shown(before)));

    /// <summary>Notes what a rule says of a field, unless the cell could not be read anyway.</summary>
    public void Note(Refusal refusal)
    {
        var field = refusal.Field ?? "";
        if (!problems.Exists(p => p.Refuses && p.Where == field && field.Length > 0))
            Note(refusal.Code, field, Said(field) is { Length: > 0 } said ? said : null, true);
    }

    /// <summary>Puts the cell of a column into the field of a form that it fills, as what that field takes.</summary>
    public void Fill(ITyped form, TableField column)
    {
        var field = column.Name;
        void Set(object? said) => form[field] = said;
        switch (form.Of(field).Kind)
        {
            case FieldKind.Line or FieldKind.Prose:
                Text(field, Set);
                break;
            case FieldKind.Day:
                Day(field, Set);
                break;
            case FieldKind.Amount:
                Amount(field, Set);
                break;
            case FieldKind.Code or FieldKind.Currency:
                Code(field, column.List!, Set);
                break;
            case FieldKind.Codes:
                Codes(field, column.List!, Set);
                break;
            case FieldKind.Choice when form[field] is Language:
                Language(field, said => Set(said));
                break;
            case FieldKind.Choice:
                Code(field, column.List!, name => Set(name is null ? form[field] : System.Enum.Parse(form[field]!.GetType(), name)));
                break;
        }
    }

    private void Text(string field, Action<string?> set)
    {
        if (Has(field))
            set(Said(field) is { Length: > 0 } said ? said : null);
    }

    /// <summary>A day; a bare number is none, and neither is one whose day and month may be taken for each other.</summary>
    private void Day(string field, Action<string?> set)
    {
        if (!Has(field))
            return;
        Try(
            field,
            said =>
            {
                Refusal.If(cells[field].Kind == CellKind.Number && said.Length > 0, "field.date_unreadable", field);
                set(WrittenDay.Read(said, field)?.ToString("O", CultureInfo.InvariantCulture));
            }
        );
    }

    /// <summary>An amount in whole units, above zero. What the record has already is no change, also where it could not be typed.</summary>
    public void Amount(string field, Action<string?> set, decimal? now = null)
    {
        if (!Has(field))
            return;
        Try(
            field,
            said =>
            {
                // A number of a workbook has a point and never groups of three: 1.234 is a little over one.
                var amount =
                    cells[field].Kind != CellKind.Number || said.Length == 0 ? Domain.Amount.Read(said, field)
                    : decimal.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                    : throw new Refusal("field.amount_out_of_range", field);
                if (amount is not null && amount == now)
                    return;
                Refusal.If(amount is { } exact && exact != decimal.Truncate(exact), "field.amount_fraction", field);
                Domain.Text.Amount(amount, field);
                set(amount?.ToString("0", CultureInfo.InvariantCulture));
            }
        );
    }

    private void Try(string field, Action<string> read)
    {
        try
        {
            read(Said(field));
        }
        catch (Refusal refusal)
        {
            Note(refusal.Code, field, Said(field), true);
        }
    }

    /// <summary>A code of a list, or its name in any language.</summary>
    public void Code(string field, string list, Action<string?> set, Func<string, string?>? also = null)
    {
        if (!Has(field))
            return;
        if (Said(field) is not { Length: > 0 } said)
            set(null);
        else if ((fields.Code(list, said) ?? also?.Invoke(said)) is { } code)
            set(code);
        else
            Note("field.unknown_code", field, said, true);
    }

    /// <summary>
    /// Several of them. A name may have a comma in it: only where no whole part is known is it taken for what parts them.
    /// </summary>
    public void Codes(string field, string list, Action<List<string>> set, Func<string, bool>? isCodeToo = null)
    {
        if (!Has(field))
            return;
        var parts = Parts(list, Said(field), isCodeToo).ToList();
        foreach (var unknown in parts.Where(p => p.Code is null))
            Note("field.unknown_code", field, unknown.Text, true);
        set([.. parts.Select(p => p.Code).OfType<string>().Distinct()]);
    }

    // What is known by its code, and what is not as it is written.
    private IEnumerable<(string? Code, string? Text)> Parts(string list, string said, Func<string, bool>? isCodeToo)
    {
        string? Known(string text) => fields.Code(list, text) ?? (isCodeToo?.Invoke(text) == true ? text : null);
        foreach (
            var part in said.Split([';', '|', '\n', '؛', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        )
        {
            var named = Known(part) is { } whole
                ? [whole]
                : part.Split([',', '،', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(Known)
                    .ToList();
            foreach (var code in named.Contains(null) ? [null] : named)
                yield return (code, code is null ? part : null);
        }
    }

    private void Language(string field, Action<Language> set) =>
        Code(
            field,
            "language",
            tag =>
            {
                if (Languages.TryParse(tag, out var language))
                    set(language);
            }
        );

    public void Enum<T>(string field, string list, Action<T> set)
        where T : struct, Enum =>
        Code(
            field,
            list,
            name =>
            {
                if (name is not null)
                    set(System.Enum.Parse<T>(name));
            }
        );
}
