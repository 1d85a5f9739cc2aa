using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>How much one thing about an offer fits, 0 to 100; null where it is not said or not shared.</summary>
public sealed record MatchReasonItem(MatchReason Reason, int? Fit);

/// <summary>An offer that matches a need, with every reason of its score.</summary>
public sealed record MatchOfferItem(
    string Reference,
    string Title,
    Language Language,
    string Provider,
    int Score,
    IReadOnlyList<MatchReasonItem> Reasons
)
{
    internal static MatchOfferItem Of(MatchOffer o) =>
        new(
            o.Reference,
            o.Title,
            o.Language,
            o.Provider[Shell.Culture.Current],
            o.Score,
            [
                .. Enum.GetValues<MatchReason>()
                    .Select(r => new MatchReasonItem(r, MatchScore.Of(o.Fits, r) is var fit and not MatchFit.Unknown ? fit : null)),
            ]
        );
}

/// <summary>A need with the offers that match it, made of what the reader was given of it.</summary>
public sealed record MatchItem(
    string Need,
    string Title,
    Language Language,
    string State,
    string Theme,
    NeedStatus Status,
    DateOnly? ReplyBy,
    IReadOnlyList<MatchOfferItem> Offers
)
{
    internal static MatchItem Of(MatchRow r) =>
        new(r.Need, r.Title, r.Language, r.StateIso3, r.Theme, r.Status, r.ReplyBy, [.. r.Offers.Select(MatchOfferItem.Of)]);
}

/// <summary>One need's ranking, and what the reader may do about it.</summary>
public sealed record MatchRecord(MatchItem Match, NotForUsReason? NotForUs, IReadOnlyList<string> Actions)
{
    internal static MatchRecord Of(MatchDetail d) =>
        new(
            MatchItem.Of(d.Row),
            d.SaidNo,
            Inputs.Allowed(("notForUs", d.MaySayNo && d.SaidNo is null), ("takeBack", d.SaidNo is not null), ("propose", d.MayPropose))
        );
}

/// <summary>Why a need is not for an organisation.</summary>
public sealed record NotForUsInput(NotForUsReason? Reason, string? Note);

/// <summary>Matches.</summary>
internal static class MatchApi
{
    private static readonly ListParameters Parameters = new(
        ListParameters.Of<NeedStatus>("status", "Stages to keep."),
        new("theme", "Theme codes to keep; a theme brings its parts.", () => Themes.All.Select(t => t.Code)),
        ListParameters.Of<RegionalGroup>("region", "Regional groups to keep."),
        new("only", "NotForUs: only what the organisation acted for said is not for it.", () => ["NotForUs"], Many: false),
        ListParameters.Page,
        ListParameters.PageSize
    );

    public static void MapMatches(this RouteGroupBuilder api)
    {
        var matches = api.MapGroup("/matches")
            .WithTags("Matches")
            .RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View));
        matches
            .MapGet("", List)
            .Says("listMatches", "Lists needs with the offers that match them, best first.", 400)
            .Produces<ListOf<MatchItem>>()
            .WithMetadata(Parameters);
        matches.MapGet("/{reference}", One).Says("getMatch", "The ranking of one need, by its reference.", 404).Produces<MatchRecord>();
        matches
            .MapPost(
                "/{reference}/not-for-us",
                (string reference, Body<NotForUsInput> body, MatchService s) => After(SayNo(reference, body.Value, s), s, reference)
            )
            .Verb("sayNotForUs", "Says that a need is not for the organisation acted for.", 400, 413, 415, 422)
            .Produces<MatchRecord>();
        matches
            .MapDelete("/{reference}/not-for-us", (string reference, MatchService s) => After(s.TakeBackNo(reference), s, reference))
            .Verb("takeBackNotForUs", "Takes that back.")
            .Produces<MatchRecord>();
    }

    private static async Task<ListOf<MatchItem>> List(HttpRequest request, MatchService matches, CancellationToken ct) =>
        ListOf<MatchItem>.From(await matches.List(MatchQuery.Of(Parameters.Read(request)), ct), MatchItem.Of);

    private static async Task<MatchRecord> One(string reference, MatchService matches, CancellationToken ct) =>
        MatchRecord.Of(await matches.Get(reference, ct));

    private static Task SayNo(string reference, NotForUsInput input, MatchService matches) =>
        matches.SayNo(reference, input.Reason ?? throw new Refusal("field.required", nameof(NotForUsInput.Reason)), input.Note);

    private static async Task<MatchRecord> After(Task act, MatchService matches, string reference)
    {
        await act;
        return MatchRecord.Of(await matches.Get(reference));
    }
}
