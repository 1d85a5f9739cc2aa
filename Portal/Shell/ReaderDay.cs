namespace Portal.Shell;

/// <summary>
/// The day it is where the reader is: it is offered as today, and days left are counted from it. What a rule allows does not hang on it
/// (<see cref="Domain.Days"/>).
/// </summary>
public sealed class ReaderDay(TimeProvider clock)
{
    /// <summary>Cookie in which the browser says its time zone.</summary>
    public const string Cookie = "portal.zone";

    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <summary>Takes a time zone by its IANA name; one that is missing or unknown leaves it at UTC.</summary>
    public void ReadIn(string? name) =>
        zone =
            name is { Length: <= 64 }
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '+' or '-')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found)
                ? found
                : TimeZoneInfo.Utc;

    /// <summary>Today, there.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
}
