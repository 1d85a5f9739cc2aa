using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>
/// Rows that are programmes of the organisation acted for. A table has one amount of each kind: it becomes one line of finance, and where a programme's finance is kept line by line it stays so.
/// </summary>
internal sealed class ProgrammeRows : ITableRecords
{
    private static readonly (string Field, MoneyKind Kind)[] Amounts = [("Budget", MoneyKind.Budget), ("Committed", MoneyKind.Commitment), ("Disbursed", MoneyKind.Disbursement)];

    public ImportSubject Subject => ImportSubject.Programmes;
    public string Series => "PRG";

    private sealed record Written(Programme.Content Content, ProgrammeStatus Status);

    public async Task<IReadOnlyList<IProtected>> Find(PortalDb db, IReadOnlyCollection<string> references, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var own = db.ActingOrganisationId;
        return await db.Programmes.Include(p => p.Organisation).Where(p => p.OrganisationId == own && (references.Contains(p.Reference) || ids.Contains(p.Id))).ToListAsync(ct);
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
        var isInItsCurrency = programme is not null && (!row.Has("Currency") || row.Said("Currency") == (programme.Currency ?? ""));
        if (!isInItsCurrency)
            row.Code("Currency", "currency", v => form.Currency = v);
        foreach (var (field, kind) in Amounts)
            if (!isInItsCurrency || !IsTotal(programme!, row.Said(field), kind))
                row.Amount(field, amount => Put(form, row, field, kind, amount));
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

    // A list of the portal's own says the total, which may be nothing or less and leaves out lines in other currencies: said again, it changes nothing.
    private static bool IsTotal(Programme programme, string said, MoneyKind kind) =>
        decimal.TryParse(said, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        && amount == kind switch { MoneyKind.Budget => programme.Budget, MoneyKind.Commitment => programme.Committed, MoneyKind.Disbursement => programme.Disbursed, MoneyKind.Expenditure or MoneyKind.IncomingFunds => null };

    private static void Put(ProgrammeForm form, RowReader row, string field, MoneyKind kind, string? amount)
    {
        // Lists say in one amount what was handed over and what was spent.
        bool IsOfIt(ProgrammeForm.MoneyRow m) => m.Kind == kind || (kind == MoneyKind.Disbursement && m.Kind == MoneyKind.Expenditure);
        var lines = form.Money.Where(IsOfIt).ToList();
        // The total of what is there: a file made of an export says it again.
        var total = lines.Count == 0 ? null : lines.Aggregate((decimal?)0, (all, m) => m.Currency == form.Currency ? all + m.Exact : null);
        if (amount == (total is { } t ? Math.Round(t, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture) : null))
            return;
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
            form.Money.Add(new ProgrammeForm.MoneyRow { Kind = kind, Date = date, Until = kind == MoneyKind.Budget ? lines.FirstOrDefault()?.Until ?? last : null, Amount = amount, Currency = form.Currency });
    }

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
        {
            programme.Begin(db.Actor, now);
        }
        else if (status == ProgrammeStatus.Completed && programme.Status != status)
        {
            programme.Complete(db.Actor, now);
            ProgrammeService.TellStates(db, programme, "programme.completed");
        }
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
        .. Amounts.Select(a => (a.Field, string.Join("; ", c.Money.Where(m => m.Kind == a.Kind).Select(m => $"{m.Amount:0.##} {m.Currency}")))),
        ("Currency", c.Currency ?? ""),
        ("IatiIdentifier", NeedRows.Plain(c.IatiIdentifier)),
        ("Paragraphs", NeedRows.Codes(c.Paragraphs)),
        ("Sectors", NeedRows.Codes(c.Sectors)),
    ];
}
