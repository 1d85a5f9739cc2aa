using FsCheck.Xunit;
using Portal.Domain.Access;
using Portal.Domain.Calendar;

namespace Portal.Tests.Calendar;

/// <summary>Working days as Headquarters counts them, and the moment at which a day is over there.</summary>
public sealed class UnCalendarTests
{
    // 2009, the year of the work programme.
    private static readonly UnCalendar Days2009 = new(
        [
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
        ],
        OfficeHours.Usual
    );

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
    public void Counting_forward_and_counting_between_agree(ushort start, byte wait, ushort[] closed)
    {
        var day = new DateOnly(2026, 1, 1).AddDays(start % 4000);
        var calendar = new UnCalendar(closed.Select(c => day.AddDays(c % 400)), OfficeHours.Usual);
        var last = calendar.After(day, wait);
        Assert.Equal(wait, calendar.Between(day, last));
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
    [InlineData("2026-11-30", "2026-11-30T23:00:00Z")] // winter: five hours behind Greenwich
    [InlineData("2026-07-01", "2026-07-01T22:00:00Z")] // summer: four
    [InlineData("2026-03-06", "2026-03-06T23:00:00Z")] // the last working day before clocks are put forward
    [InlineData("2026-03-09", "2026-03-09T22:00:00Z")] // and the first after
    public void A_day_closes_at_six_in_New_York(string day, string closes) =>
        Assert.Equal(DateTime.Parse(closes, null).ToUniversalTime(), Days2009.Closing(DateOnly.Parse(day, null)));

    [Fact]
    public void A_closing_hour_that_a_changed_clock_leaves_out_or_repeats_is_never_too_early()
    {
        var early = new OfficeHours(OfficeHours.Usual.Zone, new TimeOnly(2, 30));
        Assert.Equal(new DateTime(2026, 3, 8, 7, 0, 0), early.Closing(new DateOnly(2026, 3, 8)));
        var repeated = new OfficeHours(OfficeHours.Usual.Zone, new TimeOnly(1, 30));
        Assert.Equal(new DateTime(2026, 11, 1, 6, 30, 0), repeated.Closing(new DateOnly(2026, 11, 1)));
    }

    [Fact]
    public void It_is_still_yesterday_at_Headquarters_while_a_day_begins_elsewhere()
    {
        Assert.Equal(new DateOnly(2026, 11, 29), Days2009.Today(new DateTime(2026, 11, 30, 4, 59, 59)));
        Assert.Equal(new DateOnly(2026, 11, 30), Days2009.Today(new DateTime(2026, 11, 30, 5, 0, 0)));
    }

    [Fact]
    public void A_year_of_which_nothing_is_entered_is_not_known()
    {
        Assert.True(Days2009.Knows(2009));
        Assert.False(Days2009.Knows(2010));
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
