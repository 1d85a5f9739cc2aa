using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;
using Portal.Lists;
using Column = Portal.Lists.ListColumn<Portal.Assessments.RecommendationRow>;
using Filter = Portal.Lists.ListFilter<Portal.Domain.Assessments.Recommendation>;
using Sort = Portal.Lists.ListSort<Portal.Domain.Assessments.Recommendation>;

namespace Portal.Assessments;

/// <summary>A row of a list of recommendations.</summary>
public sealed record RecommendationRow(
    Guid Id,
    string Reference,
    string Title,
    Language Language,
    string StateIso3,
    string DossierReference,
    int Number,
    string Topic,
    int Priority,
    bool NeedsAssistance,
    DateOnly? DueOn,
    DateOnly? FirstDueOn,
    RecommendationStage Stage,
    DateTime UpdatedAt
) : IListed
{
    /// <summary>What a row tells of a recommendation.</summary>
    internal static readonly Expression<Func<Recommendation, RecommendationRow>> Told = r => new RecommendationRow(
        r.Id,
        r.Reference,
        r.Title,
        r.Language,
        r.StateIso3,
        r.DossierReference,
        r.Number,
        r.Topic,
        r.Priority,
        r.NeedsAssistance,
        r.DueOn,
        r.FirstDueOn,
        r.Stage,
        r.UpdatedAt
    );

    private static readonly Func<Recommendation, RecommendationRow> OfOne = Told.Compile();

    /// <summary>The row of one that is loaded.</summary>
    public static RecommendationRow Of(Recommendation recommendation) => OfOne(recommendation);
}

/// <summary>The list of recommendations.</summary>
public static class RecommendationList
{
    // A recommendation is of the first, second or third priority.
    private static readonly string[] Priorities = ["1", "2", "3"];

    /// <summary>The list.</summary>
    public static readonly RecordList<Recommendation, RecommendationRow> List = new(Recommendation.Card)
    {
        Columns =
        [
            Column.File("title", r => r.Title),
            Column.File("language", r => r.Language.Tag()),
            Column.State("State", r => r.StateIso3),
            Column.Code("Topic", r => r.Topic, (say, code) => say.Topic(code)).OnlyInFiles(),
            Column.Stage("Status", r => r.Stage, s => s.Tone()),
            Column.Text("Priority", (r, _) => r.Priority.ToString(CultureInfo.InvariantCulture)),
            Column.Day("Due", r => r.DueOn),
            Column.Day("FirstDue", r => r.FirstDueOn).Unusual(),
            Column.Text("Dossier", (r, _) => r.DossierReference).Unusual(),
            Column.Moment("Updated", r => r.UpdatedAt).Unusual(),
        ],
        InShort = (r, say) => $"{say.State(r.StateIso3)} · {say.Status(r.Stage)}",
        Filters =
        [
            Filter.Stages<RecommendationStage>((all, asked) => all.Where(r => asked.Contains(r.Stage))),
            Filter.States(),
            Filter.Regions(),
            new(
                "priority",
                "Priorities to keep: 1, 2, 3.",
                () => Priorities,
                _ => [.. Priorities.Select(p => (p, p))],
                (address, asked) =>
                    asked.Add(
                        [.. address.All("priority").Where(Priorities.Contains).Select(p => p[0] - '0')],
                        (all, priorities) => all.Where(r => priorities.Contains(r.Priority))
                    )
            ),
        ],
        Sorts =
        [
            Sort.Newest,
            new("Due", all => all.OrderBy(r => r.DueOn == null).ThenBy(r => r.DueOn)),
            new("State", all => all.OrderBy(r => r.StateIso3)),
            new("Reference", all => all.OrderBy(r => r.Reference)),
        ],
        Rows = async (db, ids, _, ct) =>
        {
            var rows = await Of(db.Recommendations.Where(r => ids.Contains(r.Id))).ToDictionaryAsync(r => r.Id, ct);
            return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
        },
    };

    /// <summary>What the portal does with recommendations.</summary>
    public static readonly RecordRoom<Recommendation> Room = new(Recommendation.Card)
    {
        Words = typeof(AssessmentWords),
        List = List,
        Icon = "flag",
        // Of the section, providers and partners see only the assessments that States share with them.
        IsOffered = a =>
            a.LevelIn(Section.Assessments) >= Level.View
            && (a.Membership is not { } acting || Recommendation.Card.CanShowTo(acting.Organisation.Kind)),
        Services = services => services.AddScoped<RecommendationService>(),
        Table = r =>
        {
            r.Property(x => x.StateIso3).HasMaxLength(3);
            r.Property(x => x.DossierReference).HasMaxLength(30);
            r.Property(x => x.Topic).HasMaxLength(60);
            r.Property(x => x.Title).HasMaxLength(200);
            r.Property(x => x.Asks).HasMaxLength(RecommendationLine.Longest);
            r.Property(x => x.Translations).Lines();
            r.Property(x => x.Progress).Lines();
            r.ComplexProperty(x => x.Says, RecordTable.Said);
            r.HasIndex(x => x.DossierId);
            r.HasIndex(x => new { x.Stage, x.DueOn });
        },
    };

    /// <summary>The rows of recommendations.</summary>
    internal static IQueryable<RecommendationRow> Of(IQueryable<Recommendation> recommendations) =>
        recommendations.AsNoTracking().Select(RecommendationRow.Told);
}
