using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;
using Column = Portal.Lists.ListColumn<Portal.Assistance.Programmes.ProgrammeRow>;
using Filter = Portal.Lists.ListFilter<Portal.Domain.Assistance.Programme>;
using Sort = Portal.Lists.ListSort<Portal.Domain.Assistance.Programme>;

namespace Portal.Assistance.Programmes;

/// <summary>A row of a list of programmes. A part that is not shared with the reader is null.</summary>
public sealed record ProgrammeRow(
    Guid Id,
    string Reference,
    string Title,
    Language Language,
    LocalName Provider,
    IReadOnlyList<string> States,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    ProgrammeStatus Status,
    DateOnly? Start,
    DateOnly? End,
    ProgrammeParts Parts,
    string? IatiIdentifier,
    decimal? Budget,
    decimal? Committed,
    decimal? Disbursed,
    string? Currency,
    DateTime? UpdatedAt
) : IListed
{
    /// <summary>In a preview, parts that are seen by whom one looks as, and masked for whoever looks.</summary>
    public ProgrammeParts Veiled { get; init; }

    int IListed.View => (int)Parts;

    int IListed.Veiled => (int)Veiled;
}

/// <summary>The list of programmes.</summary>
public static class ProgrammeList
{
    /// <summary>The list.</summary>
    public static readonly RecordList<Programme, ProgrammeRow> List = new(Programme.Card)
    {
        Columns =
        [
            Column.File("title", r => r.Title),
            Column.File("language", r => r.Language.Tag()),
            Column.Text("Provider", (r, say) => say.Name(r.Provider)),
            Column.Codes("States", r => r.States, (say, code) => say.State(code), isCut: true),
            Column.Codes("Theme", r => r.Themes, (say, code) => say.Theme(code)).OnlyInFiles(),
            Column.Codes("Modality", r => r.Modalities, (say, code) => say.Modality(code)).Unusual(),
            Column.Stage("Status", r => r.Status, s => s.Tone()),
            Column.Period("Period", r => r.Start, r => r.End),
            Column.File("iati", r => r.IatiIdentifier).Of(ProgrammeParts.Description),
            Column.Money("Budget", r => r.Budget, r => r.Currency, onScreen: r => r.Budget ?? r.Committed).Of(ProgrammeParts.Finance),
            Column.File("committed", r => r.Committed, "Budget").Of(ProgrammeParts.Finance),
            Column.File("disbursed", r => r.Disbursed, "Budget").Of(ProgrammeParts.Finance),
            Column.File("currency", r => r.Currency, "Budget").Of(ProgrammeParts.Finance),
            Column.Moment("Updated", r => r.UpdatedAt).OnlyInFiles().Of(ProgrammeParts.Inner),
        ],
        InShort = (r, say) => $"{say.Name(r.Provider)} · {say.Code("status", r.Status)}",
        Beside = (r, say) => r.Themes.Count == 0 ? [] : [say.List(r.Themes.Select(say.Theme))],
        Filters =
        [
            Filter.Stages<ProgrammeStatus>((programmes, asked) => programmes.Where(p => asked.Contains(p.Status))),
            Filter.Themes((programmes, asked) => programmes.Where(p => p.Themes.Any(t => asked.Contains(t)))),
            Filter.Modalities((programmes, asked) => programmes.Where(p => p.Modalities.Any(m => asked.Contains(m)))),
            Filter.States(label: "states"),
            Filter.Regions(),
            Filter.Providers((programmes, asked) => programmes.Where(p => asked.Contains(p.Organisation.Code))),
        ],
        Within = (programmes, states) => programmes.Where(p => p.States.Any(s => states.Contains(s))),
        Sorts =
        [
            Sort.Newest,
            new("Start", programmes => programmes.OrderBy(p => p.Start == null).ThenByDescending(p => p.Start))
            {
                Heading = "Period",
                IsDescending = true,
            },
            new("End", programmes => programmes.OrderBy(p => p.End == null).ThenBy(p => p.End)),
            new("Reference", programmes => programmes.OrderBy(p => p.Reference)),
        ],
        Rows = (db, ids, _, ct) => Rows(db, ids, ct),
    };

    /// <summary>What the portal does with programmes.</summary>
    public static readonly RecordRoom<Programme> Room = new(Programme.Card)
    {
        Words = typeof(ProgrammeWords),
        List = List,
        Icon = "programme",
        CanBegin = Programme.CanDraft,
        Whole = programmes => programmes.Include(p => p.Organisation),
        Services = services => services.AddScoped<ProgrammeService>().AddScoped<DuplicateService>(),
        Table = p =>
        {
            p.Ignore(x => x.StateIso3).Ignore(x => x.Sharing).Ignore(x => x.Present);
            p.Lengths<Programme.Content>();
            p.Property(x => x.Participants).Lines();
            p.Property(x => x.Money).Lines();
            p.Property(x => x.Results).Lines();
            p.Property(x => x.Documents).Lines();
            p.HasOne(x => x.Organisation).WithMany().HasForeignKey(x => x.OrganisationId);
            p.HasIndex(x => new { x.OrganisationNumber, x.IatiIdentifier }).IsUnique();
            p.HasIndex(x => new { x.Status, x.UpdatedAt });
            p.HasIndex(x => x.Start);
            p.HasIndex(x => x.UpdatedAt);
        },
    };

    private static async Task<IReadOnlyList<ProgrammeRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var views = await db.Views(ids, ct);
        var veiled = await db.Veiled(views, ct);
        var rows = await db
            .Programmes.Where(p => ids.Contains(p.Id))
            .AsNoTracking()
            .Select(p => new ProgrammeRow(
                p.Id,
                p.Reference,
                p.Title,
                p.Language,
                p.Organisation.Name,
                p.States,
                p.Themes,
                p.Modalities,
                p.Status,
                p.Start,
                p.End,
                ProgrammeParts.None,
                p.IatiIdentifier,
                p.Budget,
                p.Committed,
                p.Disbursed,
                p.Currency,
                p.UpdatedAt
            ))
            .ToDictionaryAsync(p => p.Id, ct);
        // A programme hidden between the two questions is simply no longer there.
        return
        [
            .. ids.Where(id => rows.ContainsKey(id) && views.ContainsKey(id))
                .Select(id => Masked(rows[id], (ProgrammeParts)views[id]) with { Veiled = (ProgrammeParts)veiled.GetValueOrDefault(id) }),
        ];
    }

    private static ProgrammeRow Masked(ProgrammeRow row, ProgrammeParts parts)
    {
        row = row with { Parts = parts };
        if (!parts.Has(ProgrammeParts.Finance))
            row = row with { Budget = null, Committed = null, Disbursed = null, Currency = null };
        if (!parts.Has(ProgrammeParts.Description))
            row = row with { IatiIdentifier = null };
        return parts.Has(ProgrammeParts.Inner) ? row : row with { UpdatedAt = null };
    }
}
