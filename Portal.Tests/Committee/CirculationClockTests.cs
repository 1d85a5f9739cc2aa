using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using static Portal.Tests.Committee.NewYork;

namespace Portal.Tests.Committee;

/// <summary>Which days of a circulation count, and on which it is due.</summary>
public sealed class CirculationClockTests
{
    private static Pause Held(string from, string until) => new(At(from), At(until));

    [Theory]
    [InlineData("2009-04-02", 5, "2009-04-09")] // Thursday to Thursday; Good Friday is the day after
    [InlineData("2009-04-02", 6, "2009-04-13")] // over Good Friday and a weekend
    [InlineData("2009-04-02", 1, "2009-04-03")]
    [InlineData("2009-04-03", 1, "2009-04-06")] // Friday: the weekend does not count
    [InlineData("2009-04-04", 1, "2009-04-06")] // opened on a Saturday
    [InlineData("2009-04-05", 5, "2009-04-13")] // opened on a Sunday: Monday is the first, Good Friday none
    [InlineData("2009-04-10", 1, "2009-04-13")] // opened on a holiday
    [InlineData("2009-12-30", 2, "2010-01-04")] // over the year's end: New Year's Day is a Friday
    [InlineData("2008-12-31", 1, "2009-01-02")]
    [InlineData("2009-03-05", 5, "2009-03-12")] // clocks are put forward on Sunday the 8th
    [InlineData("2009-10-29", 5, "2009-11-05")] // and back on Sunday the 1st
    [InlineData("2009-04-02", 60, "2009-06-29")]
    public void Working_days_after_the_opening_count(string opened, int days, string due) =>
        Assert.Equal(Day(due), CirculationClock.Due(Day(opened), days, [], In2009));

    [Theory]
    [InlineData("2009-04-06 10:00", "2009-04-14 10:00", "2009-04-20")] // the first counts; then 15, 16, 17 and 20
    [InlineData("2009-04-08 10:00", "2009-04-08 10:01", "2009-04-13")] // placed and lifted within a minute: that day is lost
    [InlineData("2009-04-08 10:00", "2009-04-08 10:00", "2009-04-13")] // and within none
    [InlineData("2009-04-08 10:00", "2009-04-09 10:00", "2009-04-14")]
    [InlineData("2009-04-04 10:00", "2009-04-05 10:00", "2009-04-09")] // on a weekend only: nothing is lost
    [InlineData("2009-04-03 20:00", "2009-04-06 00:00", "2009-04-13")] // until the midnight with which Monday begins: Monday counts
    [InlineData("2009-04-03 20:00", "2009-04-06 00:01", "2009-04-14")] // a minute later it does not
    [InlineData("2009-04-08 23:59", "2009-04-09 00:00", "2009-04-13")] // the last minute of a day, after it has closed
    [InlineData("2009-04-09 17:59", "2009-04-09 18:00", "2009-04-13")] // the last minute before it would pass
    [InlineData("2009-04-02 11:00", "2009-04-02 12:00", "2009-04-09")] // on the day of opening, which does not count anyway
    [InlineData("2009-04-10 00:00", "2009-04-11 00:00", "2009-04-09")] // after it was due
    [InlineData("2009-04-09 12:00", "2009-10-09 12:00", "2009-10-12")] // six months, to a Friday
    public void No_day_counts_on_any_part_of_which_a_hold_was_in_force(string from, string until, string due) =>
        Assert.Equal(Day(due), CirculationClock.Due(Day("2009-04-02"), 5, [Held(from, until)], In2009));

    [Fact]
    public void A_day_is_held_as_New_York_counts_it()
    {
        // In Greenwich it is the 9th already, there still the 8th.
        var hold = new Pause(Utc("2009-04-09 02:00"), Utc("2009-04-09 03:00"));
        Assert.Equal(["2009-04-07", "2009-04-09"], Counted("2009-04-06", 2, hold));
    }

    [Fact]
    public void A_hold_over_the_change_of_clocks_ends_with_the_day_on_either_side()
    {
        // Until the midnight with which Monday begins, which in March is an hour nearer to that of Greenwich than Friday's was.
        Assert.Equal(["2027-03-15"], Counted("2027-03-11", 1, new Pause(Utc("2027-03-12 05:00"), Utc("2027-03-15 04:00"))));
        Assert.Equal(["2027-03-16"], Counted("2027-03-11", 1, new Pause(Utc("2027-03-12 05:00"), Utc("2027-03-15 04:01"))));
        Assert.Equal(["2027-11-08"], Counted("2027-11-04", 1, new Pause(Utc("2027-11-05 04:00"), Utc("2027-11-08 05:00"))));
        Assert.Equal(["2027-11-09"], Counted("2027-11-04", 1, new Pause(Utc("2027-11-05 04:00"), Utc("2027-11-08 05:01"))));
    }

    [Theory]
    [InlineData("2009-04-06 10:00", "2009-04-08 10:00", "2009-04-07 10:00", "2009-04-14 10:00")] // they overlap
    [InlineData("2009-04-06 10:00", "2009-04-14 10:00", "2009-04-07 10:00", "2009-04-08 10:00")] // one within the other
    [InlineData("2009-04-06 10:00", "2009-04-08 10:00", "2009-04-08 11:00", "2009-04-14 10:00")] // one ends on the day of the other
    [InlineData("2009-04-06 10:00", "2009-04-08 10:00", "2009-04-09 09:00", "2009-04-14 10:00")] // one the day after the other
    public void Holds_of_two_delegations_stop_the_days_together_whichever_comes_first(string a, string aEnds, string b, string bEnds)
    {
        Pause[] holds = [Held(a, aEnds), Held(b, bEnds)];
        Assert.Equal(Day("2009-04-20"), CirculationClock.Due(Day("2009-04-02"), 5, holds, In2009));
        Assert.Equal(Day("2009-04-20"), CirculationClock.Due(Day("2009-04-02"), 5, holds.Reverse(), In2009));
    }

    [Fact]
    public void Between_two_holds_days_count()
    {
        Pause[] holds = [Held("2009-04-06 10:00", "2009-04-06 11:00"), Held("2009-04-08 10:00", "2009-04-08 11:00")];
        Assert.Equal(["2009-04-03", "2009-04-07", "2009-04-09", "2009-04-13", "2009-04-14"], Counted("2009-04-02", 5, holds));
    }

    private static IEnumerable<string> Counted(string opened, int days, params Pause[] holds) =>
        CirculationClock
            .Counting(Day(opened), holds, In2009)
            .Take(days)
            .Select(d => d.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>100,000 cases, or as many as <c>PORTAL_PROOF_CASES</c> says.</summary>
    [Fact]
    public void The_clock_agrees_with_a_walk_that_shares_nothing_with_it()
    {
        var random = new Random(20090402);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var (cases, moved, stopped) = (Proof.Cases(100_000), 0, 0);
        for (var i = 0; i < cases; i++)
        {
            var start = random.Next(365, NaiveWalk.Known - 3 * 365);
            var opened = NaiveWalk.Begins(start).AddTicks(random.NextInt64(TimeSpan.TicksPerDay - TimeSpan.TicksPerHour));
            var days = random.Next(8) == 0 ? random.Next(1, 61) : random.Next(1, 8);
            var holidays = Enumerable.Range(0, random.Next(6)).Select(_ => start + random.Next(40)).ToHashSet();
            var holds = Enumerable.Range(0, random.Next(5)).Select(_ => Hold(random, start)).ToList();
            var hq = new Headquarters(new UnCalendar(holidays.Select(NaiveWalk.Day)), zone, new TimeOnly(18, 0));
            var due = CirculationClock.Due(hq.Today(opened), days, holds.Select(h => new Pause(h.From, h.Until)), hq);
            var (expected, closes) = NaiveWalk.Due(opened, days, holds, holidays);
            var told = $"case {i}: opened {opened:u}, {days} days, held {string.Join(", ", holds.Select(h => $"{h.From:O}-{h.Until:O}"))}";
            Assert.True(NaiveWalk.Day(expected) == due, $"{told}: {due:O}, expected {NaiveWalk.Day(expected):O}");
            Assert.True(closes == hq.CloseOf(due), $"{told}: closes {hq.CloseOf(due):O}, expected {closes:O}");
            if (NaiveWalk.Due(opened, days, [], holidays).Day is var free && free != expected)
                stopped++;
            if (NaiveWalk.Due(opened, days, [], new HashSet<int>()).Day != free)
                moved++;
        }
        // Holds and holidays that change nothing are not most of them, or the comparison would say little.
        Assert.InRange(stopped, cases / 4, cases);
        Assert.InRange(moved, cases / 8, cases);
    }

    // Of minutes, hours, days or half a year; now and then exactly at a midnight there, or of no length.
    private static (DateTime From, DateTime Until) Hold(Random random, int start)
    {
        var day = start + random.Next(-1, 25);
        var from = random.Next(6) == 0 ? NaiveWalk.Begins(day) : NaiveWalk.Begins(day).AddMinutes(random.Next(24 * 60));
        var length = random.Next(40) switch
        {
            0 => TimeSpan.FromDays(183),
            1 or 2 => TimeSpan.Zero,
            < 12 => TimeSpan.FromMinutes(random.Next(1, 120)),
            < 25 => TimeSpan.FromHours(random.Next(1, 72)),
            _ => TimeSpan.FromDays(random.Next(1, 15)),
        };
        return (from, random.Next(6) == 0 ? Max(from, NaiveWalk.Begins(NaiveWalk.On(from + length))) : from + length);
    }

    private static DateTime Max(DateTime one, DateTime other) => one > other ? one : other;
}
