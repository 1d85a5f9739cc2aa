using Portal.Access;
using Portal.Assistance.Funding;
using Portal.Assistance.Traces;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A link of the chain. What is not shared with the reader is null.</summary>
public sealed record TraceItem(
    TraceStep Step,
    string Reference,
    string? Title,
    Language? Language,
    string? Who,
    string? Status,
    decimal? Amount,
    decimal? AcceptedAmount,
    string? Currency,
    DateOnly? Day,
    DateOnly? Until,
    DateOnly? AskedOn,
    string? Why,
    IReadOnlyList<TraceMilestone> Milestones
)
{
    internal static TraceItem Of(TraceNode n) =>
        new(
            n.Step,
            n.Reference,
            n.Title,
            n.Title is null ? null : n.Language,
            n.Who?[Shell.Culture.Current],
            n.Status,
            n.Amount,
            n.Accepted,
            n.Currency,
            n.Day,
            n.Until,
            n.AskedOn,
            n.Why,
            [.. n.Milestones.Select(m => new TraceMilestone(m.Title, m.DueOn, m.DeliveredOn, m.ConfirmedAt))]
        );
}

/// <summary>A milestone.</summary>
public sealed record TraceMilestone(string Title, DateOnly DueOn, DateOnly? DeliveredOn, DateTime? ConfirmedAt);

/// <summary>The chain through a paragraph or record: its links, and which leads to which by their numbers in the list, from 0.</summary>
public sealed record TraceRecord(string Reference, IReadOnlyList<TraceItem> Steps, IReadOnlyList<TraceLink> Links, bool IsCut);

/// <summary>The chain.</summary>
internal static class TraceApi
{
    public static void MapTrace(this RouteGroupBuilder api) =>
        api.MapGroup("/trace")
            .WithTags("Trace")
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View))
            .MapGet(
                "/{reference}",
                async (string reference, TraceService traces, CancellationToken ct) =>
                {
                    var trace = await traces.Get(reference, ct);
                    return new TraceRecord(trace.Reference, [.. trace.Nodes.Select(TraceItem.Of)], trace.Links, trace.IsCut);
                }
            )
            .Says(
                "getTrace",
                "The chain through a need, proposal, programme or paragraph, from paragraph to outcome, as far as the reader sees it.",
                404
            )
            .Produces<TraceRecord>();
}

/// <summary>The funding gap, by the parameters of its page.</summary>
internal static class GapApi
{
    private static readonly ListParameters OfGap = new(
        ListParameters.Of<GapBy>("by", "What it is told by; by region unless said otherwise.", many: false),
        ListParameters.Currency,
        ListParameters.Theme,
        ListParameters.Region,
        new("state", "ISO 3166-1 alpha-3 of the States to keep.", () => MemberStates.All.Select(s => s.Iso3))
    );

    public static void MapGap(this RouteGroupBuilder api) =>
        api.MapGroup("/funding-gap")
            .WithTags("Trace")
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View))
            .MapGet("", (HttpRequest request, GapService gaps, CancellationToken ct) => gaps.Get(GapQuery.Of(OfGap.Read(request)), ct))
            .Says(
                "getFundingGap",
                "The funding gap by region, theme, State or need, over the needs, programmes and amounts that the reader may know."
            )
            .Produces<GapView>()
            .WithMetadata(OfGap);
}
