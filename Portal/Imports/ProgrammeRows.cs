using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Programmes;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;

namespace Portal.Imports;

/// <summary>
/// Rows that are programmes of the organisation acted for. A table has one amount of each kind: it becomes one line of finance, and where a
/// programme's finance is kept line by line it stays so.
/// </summary>
internal sealed class ProgrammeRows : ITableRecords
{
    private static readonly (string Field, MoneyKind Kind, Func<Programme, decimal?> Total)[] Amounts =
    [
        ("Budget", MoneyKind.Budget, p => p.Budget),
        ("Committed", MoneyKind.Commitment, p => p.Committed),
        ("Disbursed", MoneyKind.Disbursement, p => p.Disbursed),
    ];

    // The columns that fill a field of the form, but for codes that forms do not offer: programmes are published in them.
    private static readonly IReadOnlyList<TableField> Columns =
    [
        .. TableFields
            .Of(ImportSubject.Programmes)
            .Where(c => c.Name is not ("Sectors" or "Currency") && Programme.Content.Fields.Find(c.Name) is not null),
    ];

    public ImportSubject Subject => ImportSubject.Programmes;

    private sealed record Written(Programme.Content Content, ProgrammeStatus Status);

    public async Task<IReadOnlyList<IProtected>> Find(
        PortalDb db,
        IReadOnlyCollection<string> references,
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct
    )
    {
        var own = db.ActingOrganisationId;
        return await db
            .Programmes.Include(p => p.Organisation)
            .Where(p => p.OrganisationId == own && (references.Contains(p.Reference) || ids.Contains(p.Id)))
            .ToListAsync(ct);
    }

    public RowContent Read(Actor actor, IProtected? there, RowReader row, Language usual)
    {
        var programme = (Programme?)there;
        var form = ProgrammeForm.Of(programme?.Present ?? new() { Language = usual });
        var status = programme?.Status ?? ProgrammeStatus.Pipeline;
        foreach (var column in Columns)
            row.Fill(form, column);
        row.Enum<ProgrammeStatus>("Status", "status", v => status = v);
        row.Codes("Sectors", "sector", v => form["Sectors"] = v, code => code.Length is >= 3 and <= 5 && code.All(char.IsAsciiDigit));
        row.Code("Currency", "currency", v => form["Currency"] = v, Iso4217);
        foreach (var (field, kind, totalOf) in Amounts)
        {
            // A file made of an export says the total again, whatever it is made of. An empty cell is an edit where there was a total.
            var total = programme is null ? null : totalOf(programme);
            row.Amount(
                field,
                amount =>
                {
                    if (amount is not null || total is not null)
                        Put(form, row, field, kind, amount, programme?.Currency);
                },
                (string?)form["Currency"] == programme?.Currency ? total : null
            );
        }
        var content = form.Read(out var problems);
        foreach (var problem in problems)
            row.Note(problem);
        if (row.Problems.Any(p => p.Refuses))
            return new RowContent((string?)form["Title"] ?? programme?.Title ?? "", new Written(content, status), [], null);
        var (says, said) = (Fields(content, status), programme is null ? null : Fields(programme.Present, programme.Status));
        if (programme is not null && !says.SequenceEqual(said!))
        {
            if (!programme.CanEdit(actor))
                row.Note("programme.not_yours_to_edit", "", null, true);
            // Giving up takes a reason, which a table does not have.
            else if (status != programme.Status && (status == ProgrammeStatus.Cancelled || !programme.CanMove(actor, status)))
                row.Note("programme.wrong_stage", "Status", status.ToString(), true);
        }
        return new RowContent(content.Title, new Written(content, status), says, said);
    }

    private static string? Iso4217(string code) => Currencies.IsKnown(code.ToUpperInvariant()) ? code.ToUpperInvariant() : null;

    private static void Put(ProgrammeForm form, RowReader row, string field, MoneyKind kind, string? amount, string? currency)
    {
        // Lists say in one amount what was handed over and what was spent, and nothing of what is in another currency.
        bool IsOfIt(ProgrammeForm.MoneyRow m) =>
            m.Currency == currency && (m.Kind == kind || (kind == MoneyKind.Disbursement && m.Kind == MoneyKind.Expenditure));
        var lines = form.Money.Where(IsOfIt).ToList();
        if (lines.Count > 1)
        {
            row.Note("table.kept_by_line", field, amount, true);
            return;
        }
        string? Day(string side) => (string?)(form[side + "Actual"] ?? form[side + "Planned"]);
        form.Money.RemoveAll(IsOfIt);
        if (amount is null)
            return;
        if (form["Currency"] is not string { Length: > 0 } totals)
            row.Note("field.required", "Currency", null, true);
        else if ((lines.FirstOrDefault()?.Date ?? Day("Start")) is not { } date)
            row.Note("table.amount_without_start", field, amount, true);
        else
            form.Money.Add(
                new ProgrammeForm.MoneyRow
                {
                    Kind = kind,
                    Date = date,
                    Until = kind == MoneyKind.Budget ? lines.FirstOrDefault()?.Until ?? Day("End") : null,
                    Amount = amount,
                    Currency = totals,
                }
            );
    }

    public DateTime ChangedAt(IProtected record) => ((Programme)record).UpdatedAt;

    public IProtected Write(PortalDb db, IProtected? there, Func<string> reference, object content, DateTime now)
    {
        var (said, status) = (Written)content;
        if (there is not Programme programme)
        {
            programme = Programme.Draft(reference(), db.Actor, said, now, status);
            db.Entry(programme).State = EntityState.Added;
            return programme;
        }
        if (!Fields(said, programme.Status).SequenceEqual(Fields(programme.Present, programme.Status)))
            programme.Edit(db.Actor, said, now);
        if (status == ProgrammeStatus.Active && programme.Status != status)
            programme.Begin(db.Actor, now);
        else if (status == ProgrammeStatus.Completed && programme.Status != status)
            programme.Complete(db.Actor, now);
        return programme;
    }

    private static (string Field, string Value)[] Fields(Programme.Content c, ProgrammeStatus status) =>
        [
            .. from column in TableFields.Of(ImportSubject.Programmes)
            let said = Programme.Content.Fields.Find(column.Name)?.Say(c)
                ?? (column.Name == "Status" ? status.ToString() : Total(c, column.Name))
            where said is not null
            select (column.Name, said),
        ];

    private static string? Total(Programme.Content c, string field) =>
        Amounts
            .Where(a => a.Field == field)
            .Select(a => string.Join("; ", c.Money.Where(m => m.Kind == a.Kind).Select(m => $"{m.Amount:0.##} {m.Currency}")))
            .FirstOrDefault();
}
