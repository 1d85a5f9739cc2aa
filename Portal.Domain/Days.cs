namespace Portal.Domain;

/// <summary>
/// A day is not the same everywhere: while it is still the 29th in New York it is the 30th in Tokyo. What happened on a day may have happened on any that has begun
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
}
