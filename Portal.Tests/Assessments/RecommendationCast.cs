using Portal.Domain.Assessments;
using Portal.Domain.Reference;

namespace Portal.Tests.Assessments;

/// <summary>Recommendations of the cast: sent to Kenya or Peru, reported on by their focal points, looked at by CTED.</summary>
internal static class RecommendationCast
{
    private static int lastNumber;

    public static Recommendation.Content Report =>
        new()
        {
            Language = Language.En,
            Text = "Two crossings were equipped.",
            Evidence = "Delivery notes",
            On = new DateOnly(2027, 1, 15),
            IsImplemented = true,
        };

    /// <summary>One at a stage.</summary>
    public static Recommendation At(RecommendationStage stage, string iso3 = "KEN", Dossier? of = null)
    {
        var now = Cast.Now;
        var dossier = of ?? DossierCast.At(DossierStage.Sent, iso3);
        var asked = Recommendation.Of($"REC-{iso3}-2027-{Interlocked.Increment(ref lastNumber)}", dossier, 1, now.AddDays(-35));
        var (state, officer) = (DossierCast.FocalPointOf(iso3), iso3 == "KEN" ? Cast.Leila : Cast.Dorothea);
        switch (stage)
        {
            case RecommendationStage.Asked:
                break;
            case RecommendationStage.Dropped:
                asked.Drop(Cast.Dorothea, "Overtaken by a new law.", now);
                break;
            default:
                asked.Edit(state, Report with { IsImplemented = stage != RecommendationStage.Underway });
                asked.Report(state, now.AddDays(-20));
                if (stage is RecommendationStage.Verified or RecommendationStage.PartlyImplemented)
                    asked.Verify(officer, stage, Language.En, "The delivery notes were looked at.", now.AddDays(-10));
                break;
        }
        return asked;
    }
}
