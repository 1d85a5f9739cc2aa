using static Portal.Tests.Committee.NewYork;

namespace Portal.Tests.Committee;

/// <summary>Days at Headquarters.</summary>
public sealed class HeadquartersTests
{
    [Theory]
    [InlineData("2009-04-03 03:59", "2009-04-02")]
    [InlineData("2009-04-03 04:00", "2009-04-03")]
    [InlineData("2009-01-02 04:59", "2009-01-01")]
    [InlineData("2009-01-02 05:00", "2009-01-02")]
    public void A_day_is_that_of_New_York_and_not_of_Greenwich(string utc, string day) => Assert.Equal(Day(day), In2009.Today(Utc(utc)));

    [Theory]
    [InlineData("2027-03-12", "2027-03-12 23:00")] // the last working day before clocks are put forward
    [InlineData("2027-03-14", "2027-03-14 22:00")]
    [InlineData("2027-03-15", "2027-03-15 22:00")]
    [InlineData("2027-11-05", "2027-11-05 22:00")] // the last before they are put back
    [InlineData("2027-11-07", "2027-11-07 23:00")]
    [InlineData("2027-11-08", "2027-11-08 23:00")]
    public void A_day_closes_at_six_in_the_evening_there_whatever_the_season(string day, string utc)
    {
        var close = In2009.CloseOf(Day(day));
        Assert.Equal((Utc(utc), DateTimeKind.Utc), (close, close.Kind));
        Assert.Equal(Day(day), In2009.Today(close));
    }

    [Fact]
    public void A_closing_hour_that_clocks_leave_out_or_show_twice_never_cuts_the_day_short()
    {
        Assert.Equal(Utc("2027-03-14 07:00"), ClosingAt(new TimeOnly(2, 30)).CloseOf(Day("2027-03-14")));
        Assert.Equal(Utc("2027-11-07 06:30"), ClosingAt(new TimeOnly(1, 30)).CloseOf(Day("2027-11-07")));
    }

    [Theory]
    [InlineData("2009-04-02 10:00", 5)]
    [InlineData("2009-04-03 23:59", 4)] // a weekend ahead
    [InlineData("2009-04-04 12:00", 4)]
    [InlineData("2009-04-07 09:00", 2)]
    [InlineData("2009-04-08 23:59", 1)]
    [InlineData("2009-04-09 00:00", 0)] // today
    [InlineData("2009-04-09 18:00", 0)]
    [InlineData("2009-05-01 12:00", 0)]
    public void Working_days_left_are_those_after_today_with_that_of_the_closing(string now, int left) =>
        Assert.Equal(left, In2009.WorkingDaysLeft(At(now), At("2009-04-09 18:00")));

    [Fact]
    public void A_holiday_is_none_of_the_working_days_left() =>
        Assert.Equal(1, In2009.WorkingDaysLeft(At("2009-04-09 12:00"), At("2009-04-13 18:00")));
}
