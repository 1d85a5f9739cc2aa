namespace Portal.Domain;

/// <summary>
/// A day is not the same everywhere: while it is still the 29th in New York it is the 30th in Tokyo. What happened on a day may have
/// happened on any that has begun
/// somewhere, and what is open until a day's end is open until it has ended everywhere.
/// </summary>
public static class Days
{
    /// <summary>The latest day that has begun somewhere (UTC+14).</summary>
    /// <param name="now">UTC.</param>
    public static DateOnly Begun(DateTime now) => DateOnly.FromDateTime(now.AddHours(14));

    /// <summary>The earliest day that has not yet ended everywhere (UTC-12).</summary>
    /// <param name="now">UTC.</param>
    public static DateOnly NotOver(DateTime now) => DateOnly.FromDateTime(now.AddHours(-12));

    /// <summary>
    /// The moment (UTC) from which on something holds from a day: at once where it is that day already, else when it begins in Greenwich.
    /// </summary>
    /// <param name="day">The day.</param>
    /// <param name="today">The day it is where it was entered.</param>
    /// <param name="now">UTC.</param>
    public static DateTime Start(DateOnly day, DateOnly today, DateTime now)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return day <= today && midnight > now ? now : midnight;
    }

    /// <summary>
    /// The moment (UTC) at which a day has ended everywhere: what lasts until that day lasts to its end wherever its reader is.
    /// </summary>
    public static DateTime End(DateOnly day) => day.AddDays(1).ToDateTime(Noon, DateTimeKind.Utc);

    /// <summary>
    /// The last day of what ends at a moment (UTC, exclusive): the day of <see cref="End"/>, else the day on which it is broken off.
    /// </summary>
    public static DateOnly Last(DateTime until) =>
        TimeOnly.FromDateTime(until) == Noon ? DateOnly.FromDateTime(until).AddDays(-1) : DateOnly.FromDateTime(until.AddTicks(-1));

    // Twelve hours behind, the last day is still there when it is noon in Greenwich.
    private static readonly TimeOnly Noon = new(12, 0);
}
