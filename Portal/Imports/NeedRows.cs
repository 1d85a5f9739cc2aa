using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>Rows that are needs of the State acted for: new ones are drafts, and those there are changed as its form would.</summary>
internal sealed class NeedRows : ITableRecords
{
    // The columns that fill a field of the form.
    private static readonly IReadOnlyList<TableField> Columns =
    [
        .. TableFields.Of(ImportSubject.Needs).Where(c => Need.Content.Fields.Find(c.Name) is not null),
    ];

    public ImportSubject Subject => ImportSubject.Needs;

    public async Task<IReadOnlyList<IProtected>> Find(
        PortalDb db,
        IReadOnlyCollection<string> references,
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct
    )
    {
        var own = db.Actor.StateIso3;
        return await db
            .Needs.Whole()
            .Where(n => n.StateIso3 == own && (references.Contains(n.Reference) || ids.Contains(n.Id)))
            .ToListAsync(ct);
    }

    public RowContent Read(Actor actor, IProtected? there, RowReader row, Language usual)
    {
        var need = (Need?)there;
        var form = Typed<Need.Content>.Of(need?.Present ?? new() { Language = usual });
        // No currency by itself: an amount whose currency nobody said may be of any.
        if (need?.EstimatedCost is null)
            form["Currency"] = null;
        row.Code(
            "State",
            "state",
            state =>
            {
                if (state is not null && state != actor.StateIso3)
                    row.Note("table.other_state", "State", state, true);
            }
        );
        foreach (var column in Columns)
            row.Fill(form, column);
        if (need is not null)
            KeepOriginal(need, form, row);
        // A draft that is there already may still leave out what it left out.
        var content = form.Read(out var problems, isDraft: need?.Status == NeedStatus.Draft);
        foreach (var problem in problems)
            row.Note(problem);
        if (row.Problems.Any(p => p.Refuses))
            return new RowContent((string?)form["Title"] ?? need?.Title ?? "", content, [], null);
        var (says, said) = (Fields(content), need is null ? null : Fields(need.Present));
        if (need is not null && !says.SequenceEqual(said!))
        {
            if (!need.CanEdit(actor))
                row.Note("need.not_yours_to_edit", "", null, true);
            else if (need.AcceptedAmount > 0 && content.Currency != need.Currency)
                row.Note("need.currency_fixed_by_acceptance", "Currency", content.Currency, true);
        }
        return new RowContent(content.Title, content, says, said);
    }

    // A table carries the original. A file may have been made where the need was read in translation: a translation never takes the
    // original's place, and is changed on the need's own page.
    private static void KeepOriginal(Need need, Typed<Need.Content> form, RowReader row)
    {
        static bool Is(object? text, params IEnumerable<string> those) => those.Any(t => Plain(t) == Plain((string?)text));
        var language = (Language)form["Language"]!;
        if (language == need.Language)
        {
            if (Is(form["Title"], need.Translations.Select(t => t.Title)))
                form["Title"] = need.Title;
            if (Is(form["Description"], need.Translations.Select(t => t.Description)))
                form["Description"] = need.Description;
            return;
        }
        var translations = need.Translations.Where(t => t.Language == language).ToList();
        if (
            !Is(form["Title"], translations.Select(t => t.Title).Append(need.Title))
            || !Is(form["Description"], translations.Select(t => t.Description).Append(need.Description))
        )
            row.Note("table.other_language", "Language", language.Tag(), true, need.Language.Tag());
        // Where there is no translation it is the original's language that is put right.
        else if (translations.Count > 0)
            (form["Title"], form["Description"], form["Language"]) = (need.Title, need.Description, need.Language);
    }

    public DateTime ChangedAt(IProtected record) => ((Need)record).UpdatedAt;

    public IProtected Write(PortalDb db, IProtected? there, Func<string> reference, object content, DateTime now)
    {
        var said = (Need.Content)content;
        if (there is not Need need)
        {
            need = Need.Draft(reference(), db.Actor, said, now);
            db.Needs.Add(need);
        }
        else if (!Fields(said).SequenceEqual(Fields(need.Present)))
        {
            need.Edit(db.Actor, said, now);
        }
        return need;
    }

    private static (string Field, string Value)[] Fields(Need.Content content) =>
        [.. Columns.Select(c => (c.Name, Need.Content.Fields[c.Name].Say(content)))];

    // A text as a record keeps it.
    private static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim().Normalize(NormalizationForm.FormC);
}
