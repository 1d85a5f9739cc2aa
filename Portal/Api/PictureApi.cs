using Portal.Access;
using Portal.Assistance.Funding;
using Portal.Assistance.Pictures;
using Portal.Assistance.States;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A programme in the picture of a State. The budget is null where it is not shared with the reader.</summary>
public sealed record StateProgramme(
    string Reference,
    string Title,
    Language Language,
    IReadOnlyList<string> Themes,
    string Status,
    string? Provider,
    decimal? Budget,
    string? Currency,
    DateOnly? Start
)
{
    internal static StateProgramme Of(StateRow r) =>
        new(r.Reference, r.Title, r.Language, r.Themes, r.Status, r.Provider?[Shell.Culture.Current], r.Amount, r.Currency, r.Day);
}

/// <summary>
/// What the reader may see of a State: counts and sums of the records that they see, the latest programmes and the first days to come.
/// </summary>
public sealed record StatePictureRecord(
    string Iso3,
    int Records,
    IReadOnlyList<Tally> Stages,
    IReadOnlyList<Tally> Themes,
    IReadOnlyList<Tally> Paragraphs,
    IReadOnlyList<Tally> Proposals,
    IReadOnlyList<Tally> Assessments,
    IReadOnlyList<Tally> Recommendations,
    GapLine Money,
    string Currency,
    DateOnly RatesOf,
    int WithoutRate,
    int WithoutCost,
    IReadOnlyList<StateProgramme> Programmes,
    int AllProgrammes,
    IReadOnlyList<StateDay> Days,
    int AllDays
)
{
    internal static StatePictureRecord Of(StatePicture p) =>
        new(
            p.Iso3,
            p.Records,
            p.Stages,
            p.Themes,
            p.Paragraphs,
            p.Proposals,
            p.Assessments,
            p.Recommendations,
            p.Money,
            p.Currency,
            p.RatesOf,
            p.WithoutRate,
            p.WithoutCost,
            [.. p.Programmes.Select(StateProgramme.Of)],
            p.AllProgrammes,
            p.Days,
            p.AllDays
        );
}

/// <summary>The picture of assistance and that of a State, by the parameters of their pages.</summary>
internal static class PictureApi
{
    // The years that the picture takes, as many as they are.
    private static readonly IReadOnlyList<string> Years =
    [
        .. Enumerable.Range(2001, 199).Select(y => y.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private static readonly ListParameters OfAssistance = new(
        ListParameters.Of<PictureBy>("by", "What it is told by; by region unless said otherwise.", many: false),
        ListParameters.Currency,
        ListParameters.Theme,
        ListParameters.Region,
        new("modality", "Modality codes to keep.", () => Modalities.All.Select(m => m.Code)),
        new("year", "The year in which needs were brought before CTED.", () => Years, Many: false)
    );

    private static readonly ListParameters OfState = new(
        ListParameters.Currency,
        ListParameters.Theme,
        new("year", "Years in which references were given.", () => Years)
    );

    public static void MapPictures(this RouteGroupBuilder api)
    {
        var pictures = api.MapGroup("").WithTags("Picture").RequireAuthorization(SectionAttribute.PolicyName(Section.Needs, Level.View));
        pictures
            .MapGet(
                "/assistance",
                (HttpRequest request, PictureService s, CancellationToken ct) => s.Get(PictureQuery.Of(OfAssistance.Read(request)), ct)
            )
            .Says("getPicture", "What is asked for, given and still needed, over the records and amounts that the reader may know.", 400)
            .Produces<PictureView>()
            .WithMetadata(OfAssistance);
        pictures
            .MapGet("/assistance/published", (string? span, PublishedPicture s, CancellationToken ct) => s.Of(span, ct))
            .Says(
                "getPublishedPicture",
                "Figures about all needs, the same for every reader; of the span that begins on a day, else of the latest."
            )
            .Produces<PublishedView>();
        pictures
            .MapGet(
                "/states/{iso3}/picture",
                async (string iso3, HttpRequest request, StateService s, CancellationToken ct) =>
                    StatePictureRecord.Of(await s.Get(iso3, StateQuery.Of(OfState.Read(request)), ct))
            )
            .Says("getStatePicture", "What the reader may see of a State, by ISO 3166-1 alpha-3.", 400, 404)
            .Produces<StatePictureRecord>()
            .WithMetadata(OfState);
    }
}
