using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Shell;

namespace Portal.Exports;

/// <summary>
/// A dossier as a document: letter, assessment and, for those who have it, the cover note, each as its reader sees it on the page and of
/// the same edition. Nothing of the deliberation is in it.
/// </summary>
internal sealed class DossierDocument(
    DossierService dossiers,
    Say say,
    IConfiguration configuration,
    IStringLocalizer<AssessmentWords> words,
    IStringLocalizer<ExportWords> exports
)
{
    /// <summary>Its address.</summary>
    public static void Map(WebApplication app) =>
        app.MapGet(
                Dossier.Card.Path("{reference}") + "/export",
                (string reference, HttpRequest request, Exporter exporter, CancellationToken ct) => exporter.Letter(reference, request, ct)
            )
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Assessments, Level.View))
            .ExcludeFromDescription();

    /// <summary>The document; that it was taken is on the record.</summary>
    /// <exception cref="NotFound">Missing, hidden, or nothing of its texts is the reader's.</exception>
    public async Task<Report> Of(string reference, string format, EditionAsked? asked = null, CancellationToken ct = default)
    {
        var view = await dossiers.Export(reference, format, asked, ct);
        var parts = new List<ReportPart>();
        if (view.Cover is { Text.Length: > 0 } cover)
            parts.Add(Paper(words["cover"], cover.Text));
        if (view.Letter is { } letter)
            parts.Add(Paper(words["letter"], letter.Text));
        if (view.Assessment is { } assessment)
        {
            parts.Add(Paper(words["assessment"], assessment.Text.Narrative));
            foreach (var finding in assessment.Text.Findings)
            {
                parts.Add(Paper(say.Labelled(say.Topic(finding.Topic), say.Rating(finding.Rating)), finding.Text, Facts(finding)));
                parts.AddRange(
                    assessment
                        .Text.Recommendations.Where(r => r.Topic == finding.Topic)
                        .Select(r => Paper(say.Labelled(words["recommendation"], say.Topic(r.Topic)), r.Text, Facts(r)))
                );
            }
        }
        if (parts.Count == 0)
            throw new NotFound();
        return new Report(
            reference,
            say.Labelled(words["assessment"], say.State(view.Row.StateIso3)),
            reference,
            [.. Front(view)],
            configuration.GetValue<bool>("Portal:DemoData") ? exports["demonstration"].Value : null,
            parts
        )
        {
            IsUpright = true,
        };

        // What is not Markdown on the page is none here.
        ReportPart Paper(string heading, string text, string? facts = null) =>
            new(heading, facts, []) { Paper = new PaperPart(text, view.Language) };
    }

    private IEnumerable<string> Front(DossierView view)
    {
        if (view.Letter is { } letter)
            yield return say.Labelled(words["letter"], Called(letter));
        if (view.Assessment is { } assessment)
            yield return say.Labelled(words["assessment"], Called(assessment));
        if (view.Language != view.Row.Language)
            yield return $"{words["text.translated"]} {say.Code("authentic", view.Row.Language)}";
    }

    private string Called<T>(EditionView<T> edition)
    {
        var day = say.Date(DateOnly.FromDateTime(edition.At));
        return edition.Number is { } number
            ? words["text.edition", number, day, edition.Fingerprint]
            : words["text.sent", day, edition.Fingerprint];
    }

    private string Facts(Finding finding) =>
        string.Join(
            " · ",
            [
                say.Paragraph(finding.Topic.Split('/')[0]),
                .. finding.Evidence is { } evidence ? [say.Labelled(words["finding.evidence"], evidence)] : Array.Empty<string>(),
                .. finding.Safeguards is { } safeguards ? [say.Labelled(words["finding.safeguards"], safeguards)] : Array.Empty<string>(),
            ]
        );

    private string Facts(RecommendationLine recommendation) =>
        string.Join(
            " · ",
            [
                say.Labelled(words["recommendation.priority"], Number.Of(recommendation.Priority)),
                .. recommendation.DueOn is { } due ? [say.Labelled(words["recommendation.due"], say.Date(due))] : Array.Empty<string>(),
                .. recommendation.NeedsAssistance ? [words["recommendation.assistance"].Value] : Array.Empty<string>(),
            ]
        );
}
