namespace Portal.Domain.Calendar;

/// <summary>
/// Days as Headquarters counts them: which are working days. Whatever is due in working days is counted here and nowhere else.
/// </summary>
/// <param name="holidays">Official holidays, as far as staff have entered them.</param>
public sealed class UnCalendar(IEnumerable<DateOnly> holidays)
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

    /// <summary>
    /// The years over which something may run that is asked for on a day, and of which no holiday is entered: what is counted over them may
    /// be a day or more too short. The longest wait, of sixty working days, ends within three months and a half.
    /// </summary>
    public IReadOnlyList<int> Unknown(DateOnly today) =>
        [.. new[] { today.Year, today.AddDays(105).Year }.Distinct().Where(year => !closed.Any(d => d.Year == year))];
}
