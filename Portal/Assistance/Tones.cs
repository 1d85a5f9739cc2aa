using Portal.Domain.Assessments;
using Portal.Domain.Assistance;

namespace Portal.Assistance;

/// <summary>The tone each stage is shown in; the word is always beside it.</summary>
internal static class Tones
{
    public static string Tone(this NeedStatus status) =>
        status switch
        {
            NeedStatus.Draft or NeedStatus.Withdrawn => "neutral",
            NeedStatus.Submitted or NeedStatus.Authenticated or NeedStatus.Circulated => "info",
            NeedStatus.Returned or NeedStatus.PartlyMet => "warn",
            NeedStatus.Matched or NeedStatus.InDelivery => "progress",
            NeedStatus.Met => "good",
            NeedStatus.Unmet => "bad",
        };

    public static string Tone(this ProposalStatus status) =>
        status switch
        {
            ProposalStatus.Draft or ProposalStatus.Withdrawn => "neutral",
            ProposalStatus.Proposed => "info",
            ProposalStatus.Shortlisted => "progress",
            ProposalStatus.Accepted => "good",
            ProposalStatus.Declined => "bad",
        };

    public static string Tone(this ProgrammeStatus status) =>
        status switch
        {
            ProgrammeStatus.Pipeline or ProgrammeStatus.Cancelled => "neutral",
            ProgrammeStatus.Active => "progress",
            ProgrammeStatus.Completed => "good",
        };

    public static string Tone(this RecommendationStage stage) =>
        stage switch
        {
            RecommendationStage.Asked or RecommendationStage.Dropped => "neutral",
            RecommendationStage.Underway => "progress",
            RecommendationStage.Reported => "info",
            RecommendationStage.PartlyImplemented => "warn",
            RecommendationStage.Verified => "good",
        };

    /// <summary>The tone of a rating, by its code.</summary>
    public static string OfRating(string rating) =>
        rating switch
        {
            "IMPLEMENTED" => "good",
            "LARGELY" => "progress",
            "PARTLY" => "warn",
            "NOT_YET" => "bad",
            _ => "neutral",
        };
}
