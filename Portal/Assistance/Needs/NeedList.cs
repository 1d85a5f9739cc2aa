using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Consents;
using Portal.Assistance.Funding;
using Portal.Data;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;
using Column = Portal.Lists.ListColumn<Portal.Assistance.Needs.NeedRow>;
using Filter = Portal.Lists.ListFilter<Portal.Domain.Assistance.Need>;
using Sort = Portal.Lists.ListSort<Portal.Domain.Assistance.Need>;

namespace Portal.Assistance.Needs;

/// <summary>A row of the list of needs. A part that is not shared with the reader is null.</summary>
public sealed record NeedRow(
    Guid Id,
    string Reference,
    string StateIso3,
    string Title,
    Language Language,
    string Theme,
    NeedStatus Status,
    DateOnly? ReplyBy,
    NeedParts Parts,
    Urgency? Urgency,
    decimal? EstimatedCost,
    decimal? FundingGap,
    string? Currency,
    bool IsStale,
    DateTime? UpdatedAt
) : IListed
{
    /// <summary>In a preview, parts that are seen by whom one looks as, and masked for whoever looks.</summary>
    public NeedParts Veiled { get; init; }

    /// <summary>The title as its State wrote it, where <see cref="Title"/> is a translation.</summary>
    public string? OriginalTitle { get; init; }

    /// <summary>The language of that.</summary>
    public Language? OriginalLanguage { get; init; }

    int IListed.View => (int)Parts;

    int IListed.Veiled => (int)Veiled;
}

/// <summary>The list of needs.</summary>
public static class NeedList
{
    private static readonly Column Gap = Column.Money("Gap", r => r.FundingGap, r => r.Currency).Of(NeedParts.Cost);

    /// <summary>The list.</summary>
    public static readonly RecordList<Need, NeedRow> List = new(Need.Card)
    {
        Columns =
        [
            Column.State("State", r => r.StateIso3),
            // The original and its language, so that the file can be imported again; a translation stands in a column of its own.
            Column.File("title", r => r.OriginalTitle ?? r.Title),
            Column.File("language", r => (r.OriginalLanguage ?? r.Language).Tag()),
            Column.Code("Theme", r => r.Theme, (say, code) => say.Theme(code)),
            Column.Stage("Status", r => r.Status, s => s.Tone()),
            Column.Day("ReplyBy", r => r.ReplyBy),
            Column.Code("Urgency", r => r.Urgency?.ToString(), (say, code) => say.Code("urgency", code)).Unusual().Of(NeedParts.Timeframe),
            Column.Money("Cost", r => r.EstimatedCost, r => r.Currency).Unusual().Of(NeedParts.Cost),
            Gap,
            Column.File("currency", r => r.Currency, "Cost", "Gap").Of(NeedParts.Cost),
            Column.File("stale", r => r.IsStale, "Updated").Of(NeedParts.Inner),
            Column.Moment("Updated", r => r.UpdatedAt).Unusual().Of(NeedParts.Inner),
            Column.File("translation", r => r.OriginalTitle is null ? null : r.Title).IfAny(),
        ],
        InShort = (r, say) => $"{say.State(r.StateIso3)} · {say.Code("status", r.Status)}",
        Beside = (r, say) =>
            [
                .. r.Urgency is Urgency.High or Urgency.Critical
                    ? [say.Labelled(say.Column("urgency"), say.Code("urgency", r.Urgency))]
                    : Array.Empty<string>(),
                .. r.IsStale ? [say.Column("stale")] : Array.Empty<string>(),
            ],
        Filters =
        [
            Filter.Stages<NeedStatus>((needs, asked) => needs.Where(n => asked.Contains(n.Status))),
            Filter.Themes((needs, asked) => needs.Where(n => asked.Contains(n.Theme))),
            Filter.States(),
            Filter.Regions(),
            Filter.Modalities((needs, asked) => needs.Where(n => n.Modalities.Any(m => asked.Contains(m))), part: (int)NeedParts.Modality),
            Filter.Of<Urgency>(
                "urgency",
                "Urgencies to keep.",
                (say, u) => say.Code("urgency", u),
                (needs, asked) => needs.Where(n => asked.Contains(n.Urgency)),
                (int)NeedParts.Timeframe
            ),
        ],
        Sorts =
        [
            Sort.Newest,
            new("ReplyBy", needs => needs.OrderBy(n => n.ReplyBy == null).ThenBy(n => n.ReplyBy)),
            new("Reference", needs => needs.OrderBy(n => n.Reference)),
            new("State", needs => needs.OrderBy(n => n.StateIso3)),
        ],
        Rows = Rows,
    };

    /// <summary>What the portal does with needs.</summary>
    public static readonly RecordRoom<Need> Room = new(Need.Card)
    {
        Words = typeof(AssistanceWords),
        List = List,
        Icon = "needs",
        CanBegin = NeedRules.CanDraft,
        Whole = needs => needs.Whole(),
        Services = services => services.AddScoped<NeedService>().AddScoped<ConsentService>().AddScoped<ConsentDialogs>(),
        Table = n =>
        {
            n.Property(x => x.StateIso3).HasMaxLength(3);
            n.Lengths<Need.Content>();
            n.Ignore(x => x.Present);
            n.Property(x => x.Theme).HasMaxLength(40);
            n.HasMany(x => x.Consents).WithOne().HasForeignKey(c => c.RecordId);
            n.Navigation(x => x.Consents).HasField("consents").UsePropertyAccessMode(PropertyAccessMode.Field);
            n.HasMany(x => x.Translations).WithOne().HasForeignKey(t => t.NeedId);
            n.Navigation(x => x.Translations).HasField("translations").UsePropertyAccessMode(PropertyAccessMode.Field);
            n.HasMany(x => x.Requests).WithOne().HasForeignKey(r => r.NeedId);
            n.Navigation(x => x.Requests).HasField("requests").UsePropertyAccessMode(PropertyAccessMode.Field);
            n.HasIndex(x => new { x.StateIso3, x.UpdatedAt });
            n.HasIndex(x => new { x.Status, x.UpdatedAt });
            n.HasIndex(x => new { x.Theme, x.UpdatedAt });
            n.HasIndex(x => new { x.Urgency, x.UpdatedAt });
            n.HasIndex(x => x.ReplyBy);
            n.HasOne<Recommendation>().WithMany().HasForeignKey(x => x.RecommendationId);
        },
    };

    private static async Task<IReadOnlyList<NeedRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, ListAddress address, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        // The funding gap takes several questions.
        var withGap = List.OnScreen.Shown(address).Contains(Gap);
        var views = await db.Views(ids, ct);
        var veiled = await db.Veiled(views, ct);
        var language = Culture.Current;
        var needs = await db.Kept<Translated>().Lines(db, ids, language).ToDictionaryAsync(n => n.Id, cancellationToken: ct);
        var programmed = await GapService.Programmed(
            db,
            needs
                .Values.Where(n => withGap && ((NeedParts)views.GetValueOrDefault(n.Id)).Has(NeedParts.Cost))
                .Select(n => new GapService.Costed(n.Id, n.EstimatedCost, n.AcceptedAmount, n.Currency)),
            DateOnly.FromDateTime(db.Now),
            ct
        );
        var rows = new List<NeedRow>(ids.Count);
        foreach (var id in ids)
        {
            // A need hidden between the two questions is simply no longer there.
            if (!needs.TryGetValue(id, out var n) || !views.TryGetValue(id, out var view))
                continue;
            var parts = (NeedParts)view;
            var costed = parts.Has(NeedParts.Cost);
            var inner = parts.Has(NeedParts.Inner);
            rows.Add(
                new NeedRow(
                    n.Id,
                    n.Reference,
                    n.StateIso3,
                    n.Translated ?? n.Title,
                    n.Translated is null ? n.Language : language,
                    n.Theme,
                    n.Status,
                    n.ReplyBy,
                    parts,
                    parts.Has(NeedParts.Timeframe) ? n.Urgency : null,
                    costed ? n.EstimatedCost : null,
                    withGap && costed && n.Status.IsEditable() && n.EstimatedCost is { } cost
                        ? Math.Max(0, cost - n.AcceptedAmount - programmed.GetValueOrDefault(n.Id))
                        : null,
                    costed ? n.Currency : null,
                    inner && n.Status.IsEditable() && n.Status != NeedStatus.InDelivery && n.LastConfirmedAt.AddYears(1) < db.Now,
                    inner ? n.UpdatedAt : null
                )
                {
                    Veiled = (NeedParts)veiled.GetValueOrDefault(id),
                    OriginalTitle = n.Translated is null ? null : n.Title,
                    OriginalLanguage = n.Translated is null ? null : n.Language,
                }
            );
        }
        return rows;
    }

    private sealed record Line(
        Guid Id,
        string Reference,
        string StateIso3,
        string Title,
        Language Language,
        string Theme,
        NeedStatus Status,
        DateOnly? ReplyBy,
        Urgency Urgency,
        decimal? EstimatedCost,
        decimal AcceptedAmount,
        string? Currency,
        DateTime LastConfirmedAt,
        DateTime UpdatedAt,
        string? Translated
    );

    private sealed class Translated
    {
        public readonly Func<PortalDb, IReadOnlyCollection<Guid>, Language, IAsyncEnumerable<Line>> Lines = EF.CompileAsyncQuery(
            (PortalDb db, IReadOnlyCollection<Guid> ids, Language language) =>
                db
                    .Needs.Where(n => ids.Contains(n.Id))
                    .Select(n => new Line(
                        n.Id,
                        n.Reference,
                        n.StateIso3,
                        n.Title,
                        n.Language,
                        n.Theme,
                        n.Status,
                        n.ReplyBy,
                        n.Urgency,
                        n.EstimatedCost,
                        n.AcceptedAmount,
                        n.Currency,
                        n.LastConfirmedAt,
                        n.UpdatedAt,
                        n.Translations.Where(t => t.Language == language && t.Language != n.Language && !t.IsTitleBehind)
                            .Select(t => t.Title)
                            .FirstOrDefault()
                    ))
        );
    }
}
