using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Shell;
using Portal.Tests.Assessments;
using Portal.Tests.Collaboration;

namespace Portal.Tests.Access;

internal static class RecommendationSpecimen
{
    private static readonly string[] States = ["KEN", "PER", "UGA"];

    public static readonly Specimen Is = new(
        Recommendation.Card,
        Section.Assessments,
        3,
        Random,
        (w, _) => Random(w),
        r => ((Recommendation)r).StateIso3,
        OfRecommendation,
        [
            "/api/v1/recommendations",
            "/api/v1/recommendations?pageSize=2",
            "/api/v1/recommendations?q=crossings",
            "/api/v1/recommendations?q=REC-KEN",
            "/api/v1/recommendations?state=KEN",
            "/api/v1/recommendations?status=Reported",
            "/recommendations/export?format=csv",
            "/recommendations/export?format=csv&state=PER",
        ],
        "/api/v1/recommendations/",
        "REC-KEN-2001-1",
        [("Title", 1), ("Asks", 1), ("Topic", 1), ("Says.Text", 4), ("Says.Evidence", 4)]
    )
    {
        Edits = new EditDesk<Typed<Recommendation.Content>>(
            Cast.Amina,
            Cast.Otieno,
            () => [RecommendationCast.At(RecommendationStage.Asked)],
            r => r[0].Reference,
            async (at, of) =>
                await at.Get<RecommendationService>().Content(of) is var (content, _, version)
                    ? (Typed<Recommendation.Content>.Of(content), version)
                    : default,
            (at, of, version, form) => at.Get<RecommendationService>().Edit(of, version, form.Read(out _)),
            "Text",
            "Evidence"
        ),
        Keeps = Kept.Of<Recommendation.Content>(() =>
        {
            var asked = RecommendationCast.At(RecommendationStage.Asked);
            asked.Edit(Cast.Amina, RecommendationCast.Report);
            return (RecommendationCast.Report, asked.Says);
        }),
        Walk = new(
            "focal.ken",
            [
                Role.FocalPoint,
                Role.StateContributor,
                Role.ProviderManager,
                Role.ProviderContributor,
                Role.Partner,
                Role.LegalOfficer,
                Role.AssistanceOfficer,
                Role.InformationOfficer,
                Role.ExecutiveDirector,
                Role.Delegate,
                Role.SubcommitteeChair,
                Role.CommitteeChair,
            ],
            null,
            Opened: null,
            Edited: "?status=Asked"
        ),
    };

    private static Recommendation Random(World world) =>
        RecommendationCast.At(world.One(Enum.GetValues<RecommendationStage>()), world.One(States));

    private static IEnumerable<(string, int)> OfRecommendation(IProtected record)
    {
        var asked = (Recommendation)record;
        // What is asked, progress, the next report, and what is CTED's own: all but the State's next report.
        yield return ("cted", 1 + 2 + 8);
        yield return ("state:" + asked.StateIso3, 1 + 2 + 4);
        yield return ("subcommittee:" + (asked.StateIso3 == "KEN" ? "B" : "C"), 1 + 2);
        yield return ("committee", 1 + 2);
    }
}
