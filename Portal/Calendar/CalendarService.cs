using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Calendar;

namespace Portal.Calendar;

/// <summary>A year of the calendar.</summary>
/// <param name="Year">The year.</param>
/// <param name="Holidays">Its holidays, by day.</param>
/// <param name="Missing">Years over which something runs and of which no holiday is entered; for whoever keeps it.</param>
/// <param name="MayKeep">Whether the reader may enter and remove holidays.</param>
public sealed record CalendarYear(int Year, IReadOnlyList<Holiday> Holidays, IReadOnlyList<int> Missing, bool MayKeep);

/// <summary>The official holidays of Headquarters: everybody who is signed in reads them, assistance officers of CTED keep them.</summary>
public sealed class CalendarService(ActorSource actors, TimeProvider clock)
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>A year; the present one where none, or none that can be, is named.</summary>
    public async Task<CalendarYear> Year(int? year, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!db.Actor.IsSignedIn)
            throw new NotFound();
        var shown = year is >= Holiday.FirstYear and <= 2100 ? year.Value : Today.Year;
        var (first, last) = (new DateOnly(shown, 1, 1), new DateOnly(shown, 12, 31));
        return new CalendarYear(
            shown,
            await db.Holidays.AsNoTracking().Where(h => h.Day >= first && h.Day <= last).OrderBy(h => h.Day).ToListAsync(ct),
            Holiday.CanKeep(db.Actor) ? (await db.UnCalendar(ct)).Unknown(Today) : [],
            Holiday.CanKeep(db.Actor)
        );
    }

    /// <summary>Enters a holiday. What runs keeps the day it was announced with; what is asked from now on counts by it.</summary>
    /// <exception cref="Refusal">The day is entered already, is at a weekend or out of range, or the calendar is not theirs to keep.</exception>
    public async Task Enter(DateOnly day, HolidayName name)
    {
        await using var db = await actors.Open();
        var holiday = Holiday.Of(db.Actor, day, name);
        Refusal.If(await db.Holidays.AnyAsync(h => h.Day == day), "calendar.already", nameof(Holiday.Day));
        db.Holidays.Add(holiday);
        await Save(db, "calendar.holiday_entered", day);
    }

    /// <summary>Removes a holiday.</summary>
    /// <exception cref="NotFound">It is not there, or no longer.</exception>
    public async Task Remove(DateOnly day)
    {
        await using var db = await actors.Open();
        Refusal.Unless(Holiday.CanKeep(db.Actor), "calendar.not_yours_to_keep");
        db.Holidays.Remove(await db.Holidays.Where(h => h.Day == day).OneOrNotFound());
        await Save(db, "calendar.holiday_removed", day);
    }

    private static async Task Save(PortalDb db, string act, DateOnly day)
    {
        db.Audit(new Act(act, (int)NeedParts.Inner, Subject: day.ToString("O")), Section.Needs);
        await db.SaveOrRefuse();
    }
}

/// <summary>The calendar as every room counts by it.</summary>
public static class CalendarQuestions
{
    /// <summary>The calendar of Headquarters as it stands.</summary>
    public static async Task<UnCalendar> UnCalendar(this PortalDb db, CancellationToken ct = default) =>
        new(await db.Holidays.AsNoTracking().Select(h => h.Day).ToListAsync(ct));
}

/// <summary>The calendar room's services.</summary>
public static class CalendarSetup
{
    /// <summary>Adds the calendar.</summary>
    public static WebApplicationBuilder AddCalendar(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<CalendarService>();
        return builder;
    }
}
