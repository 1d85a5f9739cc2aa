using Microsoft.Extensions.Localization;
using Portal.Domain;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Assistance.Traces;

/// <summary>Links of the chain in words, alike where they are drawn and where they are listed.</summary>
internal static class TraceNodeText
{
    /// <summary>A reference, or the paragraph of a code.</summary>
    public static string Name(string reference, Say say) => Paragraphs.AtAddress(reference) is { } p ? say.Numbered(p) : reference;

    /// <summary>What stands in its first line: reference, paragraph or record that tells of it.</summary>
    public static string Label(TraceNode node, Say say) => Name(node.Reference, say);

    /// <summary>Title, or what is told where there is none.</summary>
    public static string Title(TraceNode node, Say say, IStringLocalizer<TraceWords> words) =>
        node.Step switch
        {
            TraceStep.Paragraph => Paragraphs.Find(node.Reference)?.Name[say.Language] ?? "",
            TraceStep.Finding or TraceStep.Recommendation or TraceStep.Need or TraceStep.Proposal or TraceStep.Programme => node.Title
                ?? "",
            TraceStep.Delivery => words["delivered", say.Date(node.Day)],
            TraceStep.Milestone => words["milestones", node.Milestones.Count(m => m.DeliveredOn is not null), node.Milestones.Count],
            TraceStep.Outcome => node.Status is null ? words["unsaid"] : words["said"],
        };

    /// <summary>In a few words, for a line that names it.</summary>
    public static string Brief(TraceNode node, Say say, IStringLocalizer<TraceWords> words) =>
        node.Step is TraceStep.Milestone or TraceStep.Delivery or TraceStep.Outcome
            ? node.Status is { } s
                ? say.Labelled(words["step." + node.Step], say.Code("status", s))
                : Title(node, say, words)
            : Name(node.Reference, say);

    /// <summary>The stage's word.</summary>
    public static string Stage(TraceNode node, Say say, IStringLocalizer<TraceWords> words) =>
        node.Step == TraceStep.Finding ? say.Rating(node.Status!)
        : node.Status is { } status ? say.Code("status", status)
        : words["unsaid"];

    /// <summary>The stage's tone; null where there is no stage.</summary>
    public static string? Tone(TraceNode node) =>
        node.Step switch
        {
            TraceStep.Need or TraceStep.Outcome when node.Status is { } s => Enum.Parse<NeedStatus>(s).Tone(),
            TraceStep.Finding => Tones.OfRating(node.Status!),
            TraceStep.Recommendation => Enum.Parse<RecommendationStage>(node.Status!).Tone(),
            TraceStep.Proposal => Enum.Parse<ProposalStatus>(node.Status!).Tone(),
            TraceStep.Programme => Enum.Parse<ProgrammeStatus>(node.Status!).Tone(),
            TraceStep.Paragraph or TraceStep.Need or TraceStep.Milestone or TraceStep.Delivery or TraceStep.Outcome => null,
        };

    /// <summary>Address of the record, or of the part of it that tells.</summary>
    public static string? Record(TraceNode node) =>
        node.Step switch
        {
            TraceStep.Paragraph => null,
            TraceStep.Finding => Dossier.Card.Path(node.Reference[..node.Reference.IndexOf('/', StringComparison.Ordinal)]),
            TraceStep.Recommendation => Recommendation.Card.Path(node.Reference),
            TraceStep.Need => Need.Card.Path(node.Reference),
            TraceStep.Proposal => Proposal.Card.Path(node.Reference),
            TraceStep.Programme => Programme.Card.Path(node.Reference),
            TraceStep.Milestone => $"{Proposal.Card.Path(node.Reference)}#milestones",
            TraceStep.Delivery => $"{Need.Card.Path(node.Reference)}#follow-up",
            TraceStep.Outcome => Kinds.OfReference(node.Reference) == Proposal.Card
                ? Proposal.Card.Path(node.Reference)
                : $"{Need.Card.Path(node.Reference)}#follow-up",
        };

    /// <summary>Address of the chain through it; null where that is the chain through another.</summary>
    public static string? Chain(TraceNode node) =>
        node.IsHere || node.Step is TraceStep.Finding or >= TraceStep.Milestone
            ? null
            : "/trace/" + (Paragraphs.Find(node.Reference)?.Slug ?? node.Reference);
}
