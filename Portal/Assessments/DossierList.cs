using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;
using Portal.Domain.Reference;
using Portal.Lists;
using Column = Portal.Lists.ListColumn<Portal.Assessments.DossierRow>;
using Filter = Portal.Lists.ListFilter<Portal.Domain.Assessments.Dossier>;
using Sort = Portal.Lists.ListSort<Portal.Domain.Assessments.Dossier>;

namespace Portal.Assessments;

/// <summary>A row of a list of dossiers. What is of a part that is not the reader's is null.</summary>
public sealed record DossierRow(
    Guid Id,
    string Reference,
    string Title,
    Language Language,
    string StateIso3,
    int Year,
    DossierStage Stage,
    Body? Subcommittee,
    DateTime? ClosesAt,
    DateTime? SentAt,
    DateOnly? AnswerBy,
    string? Officer,
    DateTime? UpdatedAt
) : IListed
{
    /// <summary>The parts that its reader has.</summary>
    public DossierParts Parts { get; init; }

    /// <summary>In a preview, parts that are seen by whom one looks as, and masked for whoever looks.</summary>
    public DossierParts Veiled { get; init; }

    int IListed.View => (int)Parts;

    int IListed.Veiled => (int)Veiled;

    /// <summary>The row of a dossier as it stands at a moment, before anything is masked.</summary>
    public static DossierRow Of(Dossier d, DateTime now) =>
        new(
            d.Id,
            d.Reference,
            d.Title,
            d.Language,
            d.StateIso3,
            d.Year,
            d.StageAt(now),
            d.Subcommittee,
            d.ClosesAt,
            d.SentAt,
            d.AnswerBy,
            d.OfficerName,
            d.UpdatedAt
        );

    /// <summary>The row as a reader of these parts sees it.</summary>
    public DossierRow Masked(DossierParts parts)
    {
        var row = this with { Parts = parts, Stage = Dossier.StageTo(parts, Stage) };
        if (!parts.Has(DossierParts.Deliberation))
            row = row with { ClosesAt = null, Subcommittee = null };
        if (!parts.Has(DossierParts.Course))
            row = row with { AnswerBy = null };
        return parts.Has(DossierParts.Inner) ? row : row with { Officer = null, UpdatedAt = null };
    }
}

/// <summary>The list of dossiers.</summary>
public static class DossierList
{
    /// <summary>The list.</summary>
    public static readonly RecordList<Dossier, DossierRow> List = new(Dossier.Card)
    {
        Columns =
        [
            Column.File("title", r => r.Title),
            Column.File("language", r => r.Language.Tag()),
            Column.State("State", r => r.StateIso3),
            Column.Stage("Status", r => r.Stage, s => s.Tone()),
            Column
                .Code("Subcommittee", r => r.Subcommittee?.ToString(), (say, code) => say.Code("body", code))
                .Unusual()
                .Of(DossierParts.Deliberation),
            Column.Day("Closes", r => Day(r.ClosesAt)).Unusual().Of(DossierParts.Deliberation),
            Column.Day("Sent", r => Day(r.SentAt)),
            Column.Day("AnswerBy", r => r.AnswerBy).Of(DossierParts.Course),
            Column.Text("Officer", (r, _) => r.Officer).Unusual().Of(DossierParts.Inner),
            Column.Moment("Updated", r => r.UpdatedAt).OnlyInFiles().IfAny().Of(DossierParts.Inner),
        ],
        InShort = (r, say) => $"{say.State(r.StateIso3)} · {say.Status(r.Stage)}",
        Filters =
        [
            Filter.Stages<DossierStage>((dossiers, asked) => dossiers.Where(d => asked.Contains(d.Stage)), (int)DossierParts.Course),
            Filter.States(),
            Filter.Regions(),
        ],
        Sorts =
        [
            Sort.Newest,
            new("State", dossiers => dossiers.OrderBy(d => d.StateIso3)),
            new("Reference", dossiers => dossiers.OrderBy(d => d.Reference)),
        ],
        Rows = (db, ids, _, ct) => Rows(db, ids, ct),
    };

    /// <summary>What the portal does with dossiers.</summary>
    public static readonly RecordRoom<Dossier> Room = new(Dossier.Card)
    {
        Words = typeof(AssessmentWords),
        List = List,
        Icon = "report",
        CanBegin = Dossier.CanDraft,
        Whole = dossiers =>
            dossiers
                .Include(d => d.Editions)
                .Include(d => d.Consents)
                .Include(d => d.Circulations)
                    .ThenInclude(c => c.Steps)
                .AsSplitQuery(),
        Services = services =>
            services
                .AddScoped<DossierService>()
                .AddScoped<DeskService>()
                .AddScoped<QualityService>()
                .AddSingleton<CirculationDuties>()
                .AddSingleton<AssessmentReminders>()
                .AddHostedService<CirculationRounds>(),
        Table = d =>
        {
            d.Property(x => x.StateIso3).HasMaxLength(3);
            d.Property(x => x.Title).HasMaxLength(200);
            d.Property(x => x.OfficerName).HasMaxLength(200);
            d.ComplexProperty(
                x => x.Says,
                s =>
                {
                    s.Said();
                    s.Property(x => x.Findings).Lines();
                    s.Property(x => x.Recommendations).Lines();
                }
            );
            d.Property(x => x.Translations).Lines();
            d.Property(x => x.Reviews).Lines();
            d.Property(x => x.Drafted).Json();
            d.Property(x => x.Answered).Json();
            d.Ignore(x => x.Translated).Ignore(x => x.Circulation).Ignore(x => x.Edition).Ignore(x => x.Review);
            d.HasMany(x => x.Editions).WithOne().HasForeignKey(e => e.DossierId);
            d.Navigation(x => x.Editions).HasField("editions").UsePropertyAccessMode(PropertyAccessMode.Field);
            d.HasMany(x => x.Consents).WithOne().HasForeignKey(c => c.RecordId);
            d.Navigation(x => x.Consents).HasField("consents").UsePropertyAccessMode(PropertyAccessMode.Field);
            d.HasMany(x => x.Circulations).WithOne().HasForeignKey(c => c.RecordId);
            d.Navigation(x => x.Circulations).HasField("circulations").UsePropertyAccessMode(PropertyAccessMode.Field);
            d.HasIndex(x => new { x.StateIso3, x.Year });
            d.HasIndex(x => new { x.Stage, x.ClosesAt });
        },
    };

    private static DateOnly? Day(DateTime? at) => at is { } known ? DateOnly.FromDateTime(known) : null;

    /// <summary>The rows of dossiers, in this order, as far as they are shown.</summary>
    internal static async Task<IReadOnlyList<DossierRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var views = await db.Views(ids, ct);
        var veiled = await db.Veiled(views, ct);
        var now = db.Now;
        var rows = await db
            .Dossiers.Where(d => ids.Contains(d.Id))
            .AsNoTracking()
            .Select(d => new DossierRow(
                d.Id,
                d.Reference,
                d.Title,
                d.Language,
                d.StateIso3,
                d.Year,
                d.Stage,
                d.Subcommittee,
                d.ClosesAt,
                d.SentAt,
                d.AnswerBy,
                d.OfficerName,
                d.UpdatedAt
            ))
            .ToDictionaryAsync(d => d.Id, ct);
        return
        [
            .. ids.Where(id => rows.ContainsKey(id) && views.ContainsKey(id))
                .Select(id =>
                    (rows[id] with { Stage = Dossier.StageOf(rows[id].Stage, rows[id].ClosesAt, now) }).Masked((DossierParts)views[id]) with
                    {
                        Veiled = (DossierParts)veiled.GetValueOrDefault(id),
                    }
                ),
        ];
    }
}

/// <summary>How stages stand out.</summary>
public static class DossierTones
{
    /// <summary>The tone of a stage.</summary>
    public static string Tone(this DossierStage stage) =>
        stage switch
        {
            DossierStage.Drafting or DossierStage.Abandoned => "neutral",
            DossierStage.Review or DossierStage.Ready or DossierStage.Endorsed => "info",
            DossierStage.Subcommittee or DossierStage.Committee => "warn",
            DossierStage.Adopted or DossierStage.Sent => "progress",
            DossierStage.Responded or DossierStage.Closed => "good",
        };
}
