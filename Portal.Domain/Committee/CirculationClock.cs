namespace Portal.Domain.Committee;

/// <summary>A time during which the days of a circulation do not count: a hold of one delegation.</summary>
/// <param name="From">UTC.</param>
/// <param name="Until">UTC; at this moment it is over.</param>
public readonly record struct Pause(DateTime From, DateTime Until);

/// <summary>
/// Which days of a circulation count. Always walked from the day of opening and never kept as a number of days that remain: what was
/// placed, lifted, lapsed or corrected in the calendar may come in any order and be looked at however late.
/// </summary>
public static class CirculationClock
{
    /// <summary>The day at Headquarters at whose close it passes.</summary>
    /// <param name="openedOn">The day at Headquarters on which it was opened; it does not count itself.</param>
    /// <param name="days">How many days have to count.</param>
    /// <param name="holds">Holds of all delegations, in any order; they may overlap.</param>
    /// <param name="hq">Days at Headquarters.</param>
    public static DateOnly Due(DateOnly openedOn, int days, IEnumerable<Pause> holds, Headquarters hq) =>
        Counting(openedOn, holds, hq).ElementAt(days - 1);

    /// <summary>
    /// The days that count, one after another without end: working days after the opening, on no part of which a hold was in force. So
    /// neither the day on which one is placed counts nor that on which it is lifted, be it within a minute.
    /// </summary>
    public static IEnumerable<DateOnly> Counting(DateOnly openedOn, IEnumerable<Pause> holds, Headquarters hq)
    {
        var held = holds.Select(h => Held(h, hq)).ToArray();
        for (var day = openedOn.AddDays(1); ; day = day.AddDays(1))
            if (hq.Calendar.IsWorking(day) && !Array.Exists(held, h => h.First <= day && day <= h.Last))
                yield return day;
    }

    // One that ends at midnight was not in force on the day that then begins; one that ends as it begins was placed on a day all the same.
    private static (DateOnly First, DateOnly Last) Held(Pause hold, Headquarters hq) =>
        (hq.Today(hold.From), hq.Today(hold.Until > hold.From ? hold.Until.AddTicks(-1) : hold.From));
}
