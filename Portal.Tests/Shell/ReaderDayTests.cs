using Microsoft.Extensions.Time.Testing;
using Portal.Access;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>Today is the reader's, and what lasts until a day lasts to its end wherever its reader is.</summary>
public sealed class ReaderDayTests
{
    private static readonly DateTime Afternoon = new(2026, 11, 29, 15, 21, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-30")]
    [InlineData("Pacific/Kiritimati", "2026-11-30")]
    [InlineData("America/New_York", "2026-11-29")]
    [InlineData("Etc/GMT+12", "2026-11-29")]
    [InlineData(null, "2026-11-29")]
    [InlineData("", "2026-11-29")]
    [InlineData("Middle-earth/Hobbiton", "2026-11-29")]
    [InlineData("../../etc/hostname", "2026-11-29")]
    [InlineData("Asia/Tokyo\0", "2026-11-29")]
    public void Today_is_the_day_where_the_reader_is_and_that_of_Greenwich_where_nobody_says(string? zone, string today)
    {
        var reader = new ReaderDay(new FakeTimeProvider(new DateTimeOffset(Afternoon)));
        reader.ReadIn(zone);
        Assert.Equal(DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture), reader.Today);
    }

    [Fact]
    public void A_last_day_is_told_as_it_was_entered_and_has_not_ended_while_it_is_still_that_day_somewhere()
    {
        for (var day = new DateOnly(2026, 1, 1); day.Year == 2026; day = day.AddDays(1))
        {
            var end = Days.End(day);
            Assert.Equal(day, Days.Last(end));
            Assert.Equal(day, Days.NotOver(end.AddTicks(-1)));
            Assert.Equal(day.AddDays(1), Days.NotOver(end));
        }
        Assert.Equal(new DateOnly(2026, 11, 29), Days.Last(Afternoon)); // broken off in the afternoon
        Assert.Equal(new DateOnly(2026, 11, 28), Days.Last(new DateTime(2026, 11, 29, 0, 0, 0, DateTimeKind.Utc)));
    }

    [Fact]
    public void Access_from_today_begins_at_once_where_it_is_that_day_already_and_not_before_elsewhere()
    {
        var form = new GrantForm
        {
            Kind = PrincipalKind.Role,
            Role = Role.Delegate,
            Section = Section.Needs,
            Level = Level.View,
            From = "2026-11-30",
            Until = "2026-12-20",
            Reason = "The meeting in December",
        };
        Assert.Equal(Afternoon, form.Read(Afternoon, new DateOnly(2026, 11, 30), out _)!.Value.Terms.From);
        var (_, terms) = form.Read(Afternoon, new DateOnly(2026, 11, 29), out _)!.Value;
        Assert.Equal(new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc), terms.From);
        Assert.Equal(new DateTime(2026, 12, 21, 12, 0, 0, DateTimeKind.Utc), terms.Until);
    }

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("0001-01-01")]
    [InlineData("2026-13-01")]
    public void A_day_that_cannot_be_meant_is_refused_in_every_form_of_access(string day)
    {
        new GrantForm
        {
            Kind = PrincipalKind.Role,
            Role = Role.Delegate,
            Section = Section.Needs,
            Level = Level.View,
            Until = day,
            Reason = "x",
        }.Read(Afternoon, new DateOnly(2026, 11, 30), out var problems);
        Assert.Equal(
            ("date.invalid", "Until"),
            Assert.Single(problems) switch
            {
                var p => (p.Code, p.Field),
            }
        );
        Assert.Null(ReviewForm.EndOf(day));
    }

    [Fact]
    public void What_is_to_begin_today_begins_at_once_and_what_began_stays_where_it_is()
    {
        var tokyo = new DateOnly(2026, 11, 30);
        Assert.Equal(Afternoon, Days.Start(tokyo, tokyo, Afternoon));
        Assert.Equal(new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc), Days.Start(tokyo, new DateOnly(2026, 11, 29), Afternoon));
        Assert.Equal(new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc), Days.Start(new DateOnly(2026, 11, 1), tokyo, Afternoon));
    }
}
