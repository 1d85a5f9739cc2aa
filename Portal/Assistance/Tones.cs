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
}
