using Microsoft.Extensions.Localization;
using Portal.Assessments;
using Portal.Domain.Assessments;
using Portal.Identity;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Exports;

/// <summary>
/// Days of assessments, as far as the reader is told of them: when silence decides, until when a State answers, and until when it is to do
/// what was recommended.
/// </summary>
internal sealed class AssessmentCalendar(
    ListService lists,
    Say say,
    IStringLocalizer<ExportWords> words,
    PortalAddress portal,
    IConfiguration configuration,
    TimeProvider clock
)
{
    /// <summary>All days that lie ahead.</summary>
    public async Task<IResult> All(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var days = new List<CalendarDay>();
        foreach (var row in await lists.Days(DossierList.List, "status=Subcommittee&status=Committee&status=Sent", ct))
        {
            var address = Dossier.Card.Path(row.Reference);
            if (row.ClosesAt is { } closes && closes > now)
                days.Add(Of(row.Id, DateOnly.FromDateTime(closes), "closes", row.Reference, row.StateIso3, address));
            if (row.Stage == DossierStage.Sent && row.AnswerBy is { } by)
                days.Add(Of(row.Id, by, "answer_by", row.Reference, row.StateIso3, address));
        }
        var open = string.Join('&', RecommendationStages.Open.Select(s => $"status={s}"));
        foreach (var row in await lists.Days(RecommendationList.List, open + "&sort=Due", ct))
            if (row.DueOn is { } due)
                days.Add(Of(row.Id, due, "due", row.Reference, row.StateIso3, Recommendation.Card.Path(row.Reference)));
        return TypedResults.File(CalendarFile.Of(days.OrderBy(d => d.On), now), CalendarFile.MediaType, "assessments.ics");
    }

    private CalendarDay Of(Guid id, DateOnly day, string what, string reference, string iso3, string address) =>
        new(
            id,
            day,
            $"{say.Labelled(say.Column(what), reference)} {say.State(iso3)}",
            configuration.GetValue<bool>("Portal:DemoData") ? words["demonstration"].Value : "",
            portal.Full(address)
        );
}
