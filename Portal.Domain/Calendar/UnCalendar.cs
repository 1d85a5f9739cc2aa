namespace Portal.Domain.Calendar;

/// <summary>
/// Days as Headquarters counts them: which are working days, which day it is there, and at what moment one closes. Whatever is due in
/// working days is counted here and nowhere else.
/// </summary>
/// <param name="holidays">Official holidays, as far as staff have entered them.</param>
/// <param name="hours">Where Headquarters is and when its day closes.</param>
public sealed class UnCalendar(IEnumerable<DateOnly> holidays, OfficeHours hours)
{
    private readonly HashSet<DateOnly> closed = [.. holidays];

    /// <summary>Whether a day is a Saturday or a Sunday.</summary>
    public static bool IsWeekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    /// <summary>Whether a day is a working day.</summary>
    public bool IsWorking(DateOnly day) => !IsWeekend(day) && !closed.Contains(day);

    /// <summary>The last of so many working days after a day; the day itself where there are none to wait for.</summary>
    public DateOnly After(DateOnly day, int workingDays)
    {
        for (var left = workingDays; left > 0; )
        {
            day = day.AddDays(1);
            if (IsWorking(day))
                left--;
        }
        return day;
    }

    /// <summary>How many working days there are after a day, up to and with another; none where that is no later.</summary>
    public int Between(DateOnly after, DateOnly upTo)
    {
        var days = 0;
        for (var day = after.AddDays(1); day <= upTo; day = day.AddDays(1))
            if (IsWorking(day))
                days++;
        return days;
    }

    /// <summary>The day it is at Headquarters.</summary>
    /// <param name="now">UTC.</param>
    public DateOnly Today(DateTime now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, hours.Zone));

    /// <summary>The moment (UTC) at which a day closes at Headquarters.</summary>
    public DateTime Closing(DateOnly day) => hours.Closing(day);

    /// <summary>
    /// Whether any holiday of a year is entered: where none is, what is counted over that year may be a day or more too short.
    /// </summary>
    public bool Knows(int year) => closed.Any(d => d.Year == year);
}

/// <summary>Where Headquarters is and when its day closes.</summary>
/// <param name="Zone">Its time zone.</param>
/// <param name="Closes">Its time of day at which what is due on a day is over.</param>
public sealed record OfficeHours(TimeZoneInfo Zone, TimeOnly Closes)
{
    /// <summary>New York, six in the evening.</summary>
    public static readonly OfficeHours Usual = new(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"), new TimeOnly(18, 0));

    /// <summary>The moment (UTC) at which a day closes.</summary>
    public DateTime Closing(DateOnly day)
    {
        var local = day.ToDateTime(Closes, DateTimeKind.Unspecified);
        // A time that a clock put forward leaves out: the next there is.
        while (Zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        // One that comes twice is over when it has come the second time.
        return Zone.IsAmbiguousTime(local)
            ? DateTime.SpecifyKind(local - Zone.GetAmbiguousTimeOffsets(local).Min(), DateTimeKind.Utc)
            : TimeZoneInfo.ConvertTimeToUtc(local, Zone);
    }
}
