using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Proposals;
using Portal.Calendar;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Calendar;

namespace Portal.Tests.Calendar;

/// <summary>Staff keep the holidays, everybody reads them, and what is due in working days is counted by them.</summary>
public sealed class CalendarServiceTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Holidays_are_entered_and_removed_by_assistance_officers_and_read_by_everybody(Database database)
    {
        await using var test = await TestDb.Open(database);
        var andrei = (await test.As(Cast.Andrei)).Get<CalendarService>();
        var day = new DateOnly(2031, 1, 1);
        await andrei.Enter(day, HolidayName.NewYear);
        foreach (var reader in new[] { Cast.Andrei, Cast.Amina, Cast.Ingrid, Cast.Rosa })
        {
            var year = await (await test.As(reader)).Get<CalendarService>().Year(2031);
            Assert.Equal((day, HolidayName.NewYear), (Assert.Single(year.Holidays).Day, year.Holidays[0].Name));
            Assert.Equal(reader == Cast.Andrei, year.MayKeep);
        }
        var again = await Assert.ThrowsAsync<Refusal>(() => andrei.Enter(day, HolidayName.Other));
        Assert.Equal(("calendar.already", "Day"), (again.Code, again.Field));
        var amina = (await test.As(Cast.Amina)).Get<CalendarService>();
        foreach (var act in new Func<Task>[] { () => amina.Enter(day.AddDays(1), HolidayName.Other), () => amina.Remove(day) })
            Assert.Equal("calendar.not_yours_to_keep", (await Assert.ThrowsAsync<Refusal>(act)).Code);

        await andrei.Remove(day);
        Assert.Empty((await andrei.Year(2031)).Holidays);
        await Assert.ThrowsAsync<NotFound>(() => andrei.Remove(day));
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(null)).Get<CalendarService>().Year(2031));
        await using var db = await test.AsSystem();
        Assert.Equal(
            ["calendar.holiday_entered 2031-01-01", "calendar.holiday_removed 2031-01-01"],
            (await db.AuditEntries.Where(a => a.Code.StartsWith("calendar.")).OrderBy(a => a.Id).ToListAsync()).Select(a =>
                $"{a.Code} {a.Subject}"
            )
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Silence_consents_by_the_working_days_of_the_calendar(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        need.AllowTacitConsent(Cast.Amina, true, Cast.Now);
        await test.Save(need);
        var (answers, calendar) = ((await test.As(Cast.Andrei)).Get<AnswerService>(), (await test.As(Cast.Andrei)).Get<CalendarService>());
        var before = (await answers.Get(need.Reference)).TacitUntil;
        await calendar.Enter(before, HolidayName.Other);
        Assert.True((await answers.Get(need.Reference)).TacitUntil > before);
    }

    [Theory, OnSqlite]
    public async Task Who_keeps_the_calendar_is_told_of_a_year_that_nobody_entered_and_nobody_else_is(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using (var db = await test.AsSystem())
            await db.Holidays.ExecuteDeleteAsync();
        Assert.Contains(Cast.Now.Year, (await (await test.As(Cast.Andrei)).Get<CalendarService>().Year(null)).Missing);
        Assert.Empty((await (await test.As(Cast.Amina)).Get<CalendarService>().Year(null)).Missing);
        await (await test.As(Cast.Andrei)).Get<CalendarService>().Enter(new DateOnly(Cast.Now.Year, 12, 24), HolidayName.Christmas);
        Assert.DoesNotContain(Cast.Now.Year, (await (await test.As(Cast.Andrei)).Get<CalendarService>().Year(null)).Missing);
    }

    [Fact]
    public void Every_portal_starts_with_working_days_that_are_holidays() =>
        Assert.All(
            Portal.Data.ReferenceHolidays.All().GroupBy(h => h.Day.Year),
            year =>
            {
                Assert.Equal(9, year.Select(h => h.Name).Distinct().Count());
                Assert.All(year, h => Assert.Empty(Holiday.Problems(h.Day)));
            }
        );
}
