namespace Portal.Tests.Committee;

/// <summary>
/// The days of a circulation counted another way: by ticks, with New York's rule for daylight saving since 2007 written out, and with
/// nothing of the portal.
/// </summary>
internal static class NaiveWalk
{
    // The first is a Monday.
    private static readonly DateTime Origin = new(2007, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // When each day begins there, in ticks of UTC, and when it is six in the evening.
    private static readonly (long Begins, long Closes)[] Days =
    [
        .. Enumerable
            .Range(0, 366 * 30)
            .Select(n => Origin.AddDays(n))
            .Select(day =>
            {
                var forward = Sunday(day.Year, 3, 2);
                var back = Sunday(day.Year, 11, 1);
                // Clocks change at two in the morning of a Sunday: its midnight is still in the old time, its evening in the new.
                var midnight = day > forward && day <= back ? 4 : 5;
                var evening = day >= forward && day < back ? 4 : 5;
                return (day.AddHours(midnight).Ticks, day.AddHours(18 + evening).Ticks);
            }),
    ];

    /// <summary>How many days are known.</summary>
    public static int Known => Days.Length - 1;

    /// <summary>A day by its number.</summary>
    public static DateOnly Day(int number) => DateOnly.FromDateTime(Origin).AddDays(number);

    /// <summary>The moment at which a day begins there.</summary>
    public static DateTime Begins(int number) => new(Days[number].Begins, DateTimeKind.Utc);

    /// <summary>The day that it is there at a moment.</summary>
    public static int On(DateTime utc)
    {
        // The nearest midnight of Greenwich is at most a day off.
        var number = (int)((utc.Ticks - Origin.Ticks) / TimeSpan.TicksPerDay) - 1;
        while (Days[number + 1].Begins <= utc.Ticks)
            number++;
        return number;
    }

    /// <summary>Whether some part of a day lies within a time; a time of no length lies within the day on which it is.</summary>
    public static bool Touches(int number, DateTime from, DateTime until) =>
        from.Ticks < Days[number + 1].Begins && Math.Max(until.Ticks, from.Ticks + 1) > Days[number].Begins;

    /// <summary>The day at whose close it passes, and that close.</summary>
    public static (int Day, DateTime Closes) Due(
        DateTime opened,
        int days,
        IReadOnlyList<(DateTime From, DateTime Until)> holds,
        IReadOnlySet<int> holidays
    )
    {
        var number = On(opened);
        while (days > 0)
        {
            number++;
            var counts = number % 7 < 5 && !holidays.Contains(number);
            foreach (var (from, until) in holds)
                counts &= !Touches(number, from, until);
            if (counts)
                days--;
        }
        return (number, new DateTime(Days[number].Closes, DateTimeKind.Utc));
    }

    private static DateTime Sunday(int year, int month, int nth)
    {
        var day = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc);
        while (day.DayOfWeek != DayOfWeek.Sunday)
            day = day.AddDays(1);
        return day.AddDays(7 * (nth - 1));
    }
}
