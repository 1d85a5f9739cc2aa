using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Programmes;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Shell;

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
        var form = programme is null ? new ProgrammeForm { Language = usual } : ProgrammeForm.Of(programme.Present);
        var status = programme?.Status ?? ProgrammeStatus.Pipeline;
        row.Text("Title", v => form.Title = v);
        row.Text("Description", v => form.Description = v);
        row.Language("Language", v => form.Language = v);
        row.Codes("States", "state", v => form.States = v);
        row.Codes("Themes", "theme", v => form.Themes = v);
        row.Codes("Modalities", "modality", v => form.Modalities = v);
        row.Enum<ProgrammeStatus>("Status", "status", v => status = v);
        row.Day("StartPlanned", v => form.StartPlanned = v);
        row.Day("EndPlanned", v => form.EndPlanned = v);
        row.Day("StartActual", v => form.StartActual = v);
        row.Day("EndActual", v => form.EndActual = v);
        row.Text("IatiIdentifier", v => form.IatiIdentifier = v);
        row.Codes("Paragraphs", "paragraph", v => form.Paragraphs = v);
        row.Codes("Sectors", "sector", v => form.Sectors = v, code => code.Length is >= 3 and <= 5 && code.All(char.IsAsciiDigit));
        row.Code("Currency", "currency", v => form.Currency = v, Iso4217);
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
                form.Currency == programme?.Currency ? total : null
            );
        }
        var content = form.Read(out var problems);
        foreach (var problem in problems)
            row.Note(problem);
        if (row.Problems.Any(p => p.Refuses))
            return new RowContent(form.Title ?? programme?.Title ?? "", new Written(content, status), [], null);
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

    // Programmes are published in currencies that forms do not offer.
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
        var (first, last) = (form.StartActual ?? form.StartPlanned, form.EndActual ?? form.EndPlanned);
        form.Money.RemoveAll(IsOfIt);
        if (amount is null)
            return;
        if (string.IsNullOrEmpty(form.Currency))
            row.Note("field.required", "Currency", null, true);
        else if ((lines.FirstOrDefault()?.Date ?? first) is not { } date)
            row.Note("table.amount_without_start", field, amount, true);
        else
            form.Money.Add(
                new ProgrammeForm.MoneyRow
                {
                    Kind = kind,
                    Date = date,
                    Until = kind == MoneyKind.Budget ? lines.FirstOrDefault()?.Until ?? last : null,
                    Amount = amount,
                    Currency = form.Currency,
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
            ("Title", NeedRows.Plain(c.Title)),
            ("Description", NeedRows.Plain(c.Description)),
            ("Language", c.Language.Tag()),
            ("States", NeedRows.Codes(c.States)),
            ("Themes", NeedRows.Codes(c.Themes)),
            ("Modalities", NeedRows.Codes(c.Modalities)),
            ("Status", status.ToString()),
            ("StartPlanned", Typed.Of(c.StartPlanned) ?? ""),
            ("EndPlanned", Typed.Of(c.EndPlanned) ?? ""),
            ("StartActual", Typed.Of(c.StartActual) ?? ""),
            ("EndActual", Typed.Of(c.EndActual) ?? ""),
            .. Amounts.Select(a =>
                (a.Field, string.Join("; ", c.Money.Where(m => m.Kind == a.Kind).Select(m => $"{m.Amount:0.##} {m.Currency}")))
            ),
            ("Currency", c.Currency ?? ""),
            ("IatiIdentifier", NeedRows.Plain(c.IatiIdentifier)),
            ("Paragraphs", NeedRows.Codes(c.Paragraphs)),
            ("Sectors", NeedRows.Codes(c.Sectors)),
        ];
}
