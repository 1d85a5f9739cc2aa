using FsCheck.Xunit;
using Portal.Domain.Access;
using Portal.Domain.Calendar;

namespace Portal.Tests.Calendar;

/// <summary>Working days as Headquarters counts them.</summary>
public sealed class UnCalendarTests
{
    // 2009, the year of the work programme.
    private static readonly UnCalendar Days2009 = new([
        new(2009, 1, 1),
        new(2009, 2, 16),
        new(2009, 4, 10),
        new(2009, 5, 25),
        new(2009, 7, 3),
        new(2009, 9, 7),
        new(2009, 9, 21),
        new(2009, 11, 26),
        new(2009, 11, 27),
        new(2009, 12, 25),
    ]);

    [Theory]
    [InlineData("2009-04-02", 5, "2009-04-09")] // Thursday; Good Friday is the day after
    [InlineData("2009-04-02", 6, "2009-04-13")]
    [InlineData("2009-04-10", 1, "2009-04-13")] // begun on a holiday
    [InlineData("2009-04-11", 1, "2009-04-13")] // begun on a Saturday
    [InlineData("2009-12-24", 2, "2009-12-29")]
    [InlineData("2008-12-31", 1, "2009-01-02")] // over the new year
    [InlineData("2009-11-25", 1, "2009-11-30")] // two holidays and a weekend
    [InlineData("2009-04-02", 0, "2009-04-02")]
    public void The_last_of_some_working_days_is_counted_from_the_day_after(string from, int days, string last) =>
        Assert.Equal(DateOnly.Parse(last, null), Days2009.After(DateOnly.Parse(from, null), days));

    [Property(MaxTest = 500)]
    public void Counting_agrees_with_a_walk_written_another_way(ushort start, byte wait, ushort[] closed)
    {
        var day = new DateOnly(2026, 1, 1).AddDays(start % 4000);
        var calendar = new UnCalendar(closed.Select(c => day.AddDays(c % 400)));
        var last = calendar.After(day, wait);
        Assert.True(wait == 0 || calendar.IsWorking(last));
        // A naive walk, a day at a time.
        var naive = Enumerable
            .Range(1, 2000)
            .Select(day.AddDays)
            .Where(d =>
                d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !closed.Select(c => day.AddDays(c % 400)).Contains(d)
            );
        Assert.Equal(wait == 0 ? day : naive.ElementAt(wait - 1), last);
    }

    [Theory]
    [InlineData("2009-06-01", new int[0])]
    [InlineData("2009-10-01", new[] { 2010 })] // sixty working days may end after the new year
    [InlineData("2010-03-01", new[] { 2010 })]
    [InlineData("2010-12-01", new[] { 2010, 2011 })]
    public void Years_over_which_something_may_run_and_of_which_nothing_is_entered_are_named(string today, int[] years) =>
        Assert.Equal(years, Days2009.Unknown(DateOnly.Parse(today, null)));

    [Property(MaxTest = 300)]
    public void The_longest_wait_ends_in_a_year_that_was_looked_at(ushort start, byte holidays)
    {
        var today = new DateOnly(2026, 1, 1).AddDays(start % 4000);
        // More holidays than any year has, all in its way.
        var calendar = new UnCalendar(Enumerable.Range(1, holidays % 16).Select(d => today.AddDays(d)));
        var last = calendar.After(today.AddDays(1), 60);
        Assert.Contains(last.Year, new UnCalendar([]).Unknown(today));
    }

    [Fact]
    public void Only_assistance_officers_keep_the_calendar_and_no_weekend_is_a_holiday()
    {
        var day = new DateOnly(2027, 1, 1);
        Assert.Equal(day, Holiday.Of(Cast.Andrei, day, HolidayName.NewYear).Day);
        foreach (var other in Cast.All.Where(p => !Holiday.CanKeep(p)))
            Assert.Equal("calendar.not_yours_to_keep", Assert.Throws<Refusal>(() => Holiday.Of(other, day, HolidayName.NewYear)).Code);
        Assert.Equal(
            "calendar.weekend",
            Assert.Throws<Refusal>(() => Holiday.Of(Cast.Andrei, new DateOnly(2027, 1, 2), HolidayName.Other)).Code
        );
        Assert.Equal(
            "field.date_out_of_range",
            Assert.Throws<Refusal>(() => Holiday.Of(Cast.Andrei, new DateOnly(1999, 1, 1), HolidayName.NewYear)).Code
        );
    }
}
