using Portal.Domain.Calendar;

namespace Portal.Domain.Committee;

/// <summary>Days at Headquarters and the hour at which they close: what the Committee decides by silence, it decides there.</summary>
/// <param name="calendar">Which days are working days.</param>
/// <param name="zone">Where Headquarters is.</param>
/// <param name="closes">The hour there at which a day closes.</param>
public sealed class Headquarters(UnCalendar calendar, TimeZoneInfo zone, TimeOnly closes)
{
    /// <summary>Which days are working days.</summary>
    public UnCalendar Calendar { get; } = calendar;

    /// <summary>The day that it is there at a moment.</summary>
    /// <param name="utc">UTC.</param>
    public DateOnly Today(DateTime utc) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, zone));

    /// <summary>
    /// The moment (UTC) at which a day closes there. Where clocks are put forward over that hour it is the first moment after, and where
    /// they are put back over it the second time that they show it: a day is never cut short.
    /// </summary>
    public DateTime CloseOf(DateOnly day)
    {
        var there = day.ToDateTime(closes);
        while (zone.IsInvalidTime(there))
            there = there.AddMinutes(1);
        return TimeZoneInfo.ConvertTimeToUtc(there, zone); // of two moments the later one, in standard time
    }

    /// <summary>
    /// How many working days remain after today, that of the closing included; none on the day itself or when it is over.
    /// </summary>
    /// <param name="now">UTC.</param>
    /// <param name="closesAt">UTC.</param>
    public int WorkingDaysLeft(DateTime now, DateTime closesAt)
    {
        var (left, last) = (0, Today(closesAt));
        for (var day = Today(now).AddDays(1); day <= last; day = day.AddDays(1))
            if (Calendar.IsWorking(day))
                left++;
        return left;
    }
}
