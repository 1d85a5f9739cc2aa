using Portal.Access;
using Portal.Calendar;
using Portal.Committee;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Api;

/// <summary>A Member State.</summary>
public sealed record StateRecord(
    string Iso3,
    string Iso2,
    string M49,
    RegionalGroup Region,
    M49Subregion Subregion,
    bool Ldc,
    bool Lldc,
    bool Sids,
    IReadOnlyDictionary<string, string> Names
)
{
    internal static StateRecord Of(MemberState s) =>
        new(s.Iso3, s.Iso2, s.M49, s.RegionalGroup, s.M49Subregion, s.Ldc, s.Lldc, s.Sids, ReferenceApi.Names(s.Name));
}

/// <summary>A code and its names.</summary>
public sealed record CodeRecord(string Code, IReadOnlyDictionary<string, string> Names);

/// <summary>A topic of assessments: its paragraph, its theme, its names and what is asked of a State on it.</summary>
public sealed record TopicRecord(
    string Code,
    string Paragraph,
    string Theme,
    IReadOnlyDictionary<string, string> Names,
    IReadOnlyDictionary<string, string> Requirements
)
{
    internal static TopicRecord Of(Topic t) =>
        new(t.Code, t.ParagraphCode, t.ThemeCode, ReferenceApi.Names(t.Name), ReferenceApi.Names(t.Requirement));
}

/// <summary>A rating: its place in the order, and whether it is on the scale or outside it.</summary>
public sealed record RatingRecord(string Code, int Order, bool OnScale, IReadOnlyDictionary<string, string> Names);

/// <summary>An official holiday of Headquarters, its name in the reader's language.</summary>
public sealed record HolidayRecord(DateOnly Day, HolidayName Code, string Name);

/// <summary>A delegation's seat, by the delegation's code: from a moment until another, which is exclusive and null without end.</summary>
public sealed record SeatRecord(string Delegation, string Name, DateTime From, DateTime? Until, bool Chairs);

/// <summary>A body, seats in it that are held or come, and the States that it considers.</summary>
public sealed record BodyRecord(Body Body, IReadOnlyList<SeatRecord> Seats, IReadOnlyList<string> States);

/// <summary>Reference data, the same for everyone: names in the six official languages, by language tag.</summary>
internal static class ReferenceApi
{
    public static void MapReference(this RouteGroupBuilder api)
    {
        var states = api.MapGroup("").WithTags("Reference").AllowAnonymous();
        states
            .MapGet("/states", () => MemberStates.All.Select(StateRecord.Of).ToList())
            .Public("listStates", "The Member States of the United Nations.")
            .Produces<IReadOnlyList<StateRecord>>();
        states
            .MapGet("/states/{iso3}", (string iso3) => StateRecord.Of(MemberStates.Find(iso3) ?? throw new Domain.Access.NotFound()))
            .Public("getState", "One Member State, by ISO 3166-1 alpha-3.", 404)
            .Produces<StateRecord>();
        states
            .MapGet("/themes", () => Themes.All.Select(t => new CodeRecord(t.Code, Names(t.Name))).ToList())
            .Public("listThemes", "Themes of needs and offers.")
            .Produces<IReadOnlyList<CodeRecord>>();
        states
            .MapGet("/modalities", () => Modalities.All.Select(m => new CodeRecord(m.Code, Names(m.Name))).ToList())
            .Public("listModalities", "Modalities of help.")
            .Produces<IReadOnlyList<CodeRecord>>();
        states
            .MapGet("/sectors", () => DacSectors.All.Select(s => new CodeRecord(s.Code, Names(s.Name))).ToList())
            .Public("listSectors", "DAC purpose codes.")
            .Produces<IReadOnlyList<CodeRecord>>();
        states
            .MapGet("/paragraphs", () => Paragraphs.All.Select(p => new CodeRecord(p.Code, Names(p.Name))).ToList())
            .Public("listParagraphs", "Paragraphs of resolutions 1373 (2001) and 1624 (2005), in short.")
            .Produces<IReadOnlyList<CodeRecord>>();
        states
            .MapGet("/topics", () => Topics.All.Select(TopicRecord.Of).ToList())
            .Public("listTopics", "Topics of assessments, by paragraph, and what is asked of a State on each.")
            .Produces<IReadOnlyList<TopicRecord>>();
        states
            .MapGet("/ratings", () => Ratings.All.Select(r => new RatingRecord(r.Code, r.Order, r.OnScale, Names(r.Name))).ToList())
            .Public("listRatings", "The scale of ratings, and what stands outside it. Ratings are never averaged.")
            .Produces<IReadOnlyList<RatingRecord>>();
        api.MapGet("/holidays", Holidays)
            .WithTags("Reference")
            .RequireAuthorization(SignedInAttribute.Name)
            .Says(
                "listHolidays",
                "The official holidays of Headquarters in a year, this one where none is named: whatever is due in working days is counted by them.",
                404
            )
            .Produces<IReadOnlyList<HolidayRecord>>();
        api.MapGet("/bodies", Bodies)
            .WithTags("Reference")
            .RequireAuthorization(SignedInAttribute.Name)
            .Says("listBodies", "The Committee and its subcommittees: who sits in them, who chairs, which States they consider.", 404)
            .Produces<IReadOnlyList<BodyRecord>>();
    }

    private static async Task<IReadOnlyList<BodyRecord>> Bodies(BodyService bodies, CancellationToken ct) =>
        [
            .. (await bodies.Read(ct)).Bodies.Select(b => new BodyRecord(
                b.Body,
                [.. b.Seats.Select(s => new SeatRecord(s.Code, s.Name[Culture.Current], s.Seat.From, s.Seat.Until, s.Seat.Chairs))],
                b.States
            )),
        ];

    private static async Task<IReadOnlyList<HolidayRecord>> Holidays(int? year, CalendarService calendar, Say say, CancellationToken ct)
    {
        var shown = await calendar.Year(year, ct);
        return year is null || shown.Year == year
            ? [.. shown.Holidays.Select(h => new HolidayRecord(h.Day, h.Name, say.Code("holiday", h.Name)))]
            : throw new Domain.Access.NotFound();
    }

    /// <summary>A name by language tag.</summary>
    public static IReadOnlyDictionary<string, string> Names(LocalName name) => Languages.All.ToDictionary(l => l.Tag(), l => name[l]);
}
