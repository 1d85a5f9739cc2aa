using System.Globalization;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;

namespace Portal.Tests.Committee;

/// <summary>Headquarters as it is set up without being told otherwise, and moments as its clocks show them.</summary>
internal static class NewYork
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    /// <summary>Its holidays of 2009 up to the summer, and New Year's Day of the year after.</summary>
    public static readonly Headquarters In2009 = With("2009-01-01", "2009-02-16", "2009-04-10", "2009-05-25", "2009-07-03", "2010-01-01");

    /// <summary>With these holidays and no others.</summary>
    public static Headquarters With(params IEnumerable<string> holidays) => ClosingAt(new TimeOnly(18, 0), holidays);

    /// <summary>Closing at another hour.</summary>
    public static Headquarters ClosingAt(TimeOnly closes, params IEnumerable<string> holidays) =>
        new(new UnCalendar(holidays.Select(Day)), Zone, closes);

    /// <summary>A day.</summary>
    public static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The moment (UTC) at which clocks there show a day and an hour: <c>2009-04-09 18:00</c>.</summary>
    public static DateTime At(string there) =>
        TimeZoneInfo.ConvertTimeToUtc(DateTime.ParseExact(there, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Zone);

    /// <summary>A moment (UTC) as it is written in Greenwich.</summary>
    public static DateTime Utc(string utc) =>
        DateTime.ParseExact(
            utc,
            "yyyy-MM-dd HH:mm",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
        );
}
