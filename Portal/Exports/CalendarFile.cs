using System.Globalization;
using System.Text;
using Microsoft.Extensions.Localization;
using Portal.Assistance.Needs;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Identity;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Exports;

/// <summary>A day in a calendar.</summary>
/// <param name="Id">Of the record: the same day of the same record is one entry, however often it is taken.</param>
/// <param name="On">The day.</param>
/// <param name="Summary">One line.</param>
/// <param name="Description">What else there is to say.</param>
/// <param name="Link">The record's page.</param>
internal sealed record CalendarDay(Guid Id, DateOnly On, string Summary, string Description, string Link);

/// <summary>Calendar files: iCalendar, RFC 5545.</summary>
internal static class CalendarFile
{
    /// <summary>Media type.</summary>
    public const string MediaType = "text/calendar; charset=utf-8";

    /// <summary>Writes days as a file.</summary>
    /// <param name="days">The days.</param>
    /// <param name="now">UTC; when it is written.</param>
    public static byte[] Of(IEnumerable<CalendarDay> days, DateTime now)
    {
        var text = new StringBuilder();
        Line(text, "BEGIN:VCALENDAR");
        Line(text, "VERSION:2.0");
        Line(text, "PRODID:-//Technical Assistance Portal//EN");
        Line(text, "METHOD:PUBLISH");
        foreach (var day in days)
        {
            Line(text, "BEGIN:VEVENT");
            Line(text, $"UID:{day.Id}@reply-by");
            Line(text, "DTSTAMP:" + now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
            Line(text, "DTSTART;VALUE=DATE:" + Day(day.On));
            Line(text, "DTEND;VALUE=DATE:" + Day(day.On.AddDays(1)));
            Line(text, "SUMMARY:" + Text(day.Summary));
            Line(text, "DESCRIPTION:" + Text(day.Description));
            Line(text, "URL:" + day.Link);
            Line(text, "TRANSP:TRANSPARENT");
            Line(text, "END:VEVENT");
        }
        Line(text, "END:VCALENDAR");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    // 3.3.11: what has a meaning in the format is escaped, so that a title cannot begin a line of its own.
    private static string Text(string text) => text.Replace("\\", "\\\\").Replace(";", "\\;").Replace(",", "\\,").ReplaceLineEndings("\\n");

    // 3.1: lines of at most 75 octets, folded between characters.
    private static void Line(StringBuilder to, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > 75)
            {
                to.Append("\r\n ");
                octets = 1;
            }
            to.Append(rune);
            octets += rune.Utf8SequenceLength;
        }
        to.Append("\r\n");
    }
}

/// <summary>The rows of a list that a calendar is made of.</summary>
internal static class CalendarRows
{
    private const int MostPages = 5;
    private const int PageSize = 200;

    /// <summary>The first thousand that fit, in the order that is asked for.</summary>
    public static async Task<IReadOnlyList<TRow>> Days<T, TRow>(
        this ListService lists,
        RecordList<T, TRow> list,
        string filter,
        CancellationToken ct
    )
        where T : class, IProtected
        where TRow : class, IListed
    {
        var rows = new List<TRow>();
        for (var page = 1; page <= MostPages; page++)
        {
            var address = ListAddress.Of($"{list.Kind.List}?{filter}&columns=none&pageSize={PageSize}&page={page}");
            var found = await lists.Page(list, address, ct);
            rows.AddRange(found.Rows);
            if (found.Rows.Count < PageSize)
                break;
        }
        return rows;
    }
}

/// <summary>Days by which needs are answered, as the reader may see them.</summary>
internal sealed class NeedCalendar(
    NeedService needs,
    ListService lists,
    Say say,
    IStringLocalizer<ExportWords> words,
    PortalAddress portal,
    IConfiguration configuration,
    TimeProvider clock
)
{
    /// <summary>The day of one need.</summary>
    /// <exception cref="NotFound">It is hidden or missing, or nobody is asked to answer it by a day.</exception>
    public async Task<IResult> One(string reference, CancellationToken ct)
    {
        var need = await needs.Get(reference, ct);
        return File(
            reference,
            [Of(need.Id, need.Reference, need.In(say.Language).Title, need.StateIso3, need.ReplyBy ?? throw new NotFound())]
        );
    }

    /// <summary>The days of all needs in circulation that the reader may see, soonest first.</summary>
    public async Task<IResult> All(CancellationToken ct)
    {
        var rows = await lists.Days(NeedList.List, "status=Circulated&status=Matched&sort=ReplyBy", ct);
        var days = rows.Where(r => r.ReplyBy is not null).Select(r => Of(r.Id, r.Reference, r.Title, r.StateIso3, r.ReplyBy!.Value));
        return File("needs", days);
    }

    private CalendarDay Of(Guid id, string reference, string title, string iso3, DateOnly day) =>
        new(
            id,
            day,
            $"{say.Labelled(say.Column("reply_by"), reference)} {title}",
            string.Join(
                "\n",
                new[]
                {
                    say.State(iso3),
                    configuration.GetValue<bool>("Portal:DemoData") ? words["demonstration"].Value : null,
                }.OfType<string>()
            ),
            portal.Full(Need.Card.Path(reference))
        );

    private IResult File(string name, IEnumerable<CalendarDay> days) =>
        TypedResults.File(CalendarFile.Of(days, clock.GetUtcNow().UtcDateTime), CalendarFile.MediaType, name + ".ics");
}
