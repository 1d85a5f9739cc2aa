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
/// <param name="Missing">Years over which something runs and of which no holiday is entered.</param>
/// <param name="MayKeep">Whether the reader may enter and remove holidays.</param>
public sealed record CalendarYear(int Year, IReadOnlyList<Holiday> Holidays, IReadOnlyList<int> Missing, bool MayKeep);

/// <summary>The official holidays of Headquarters: everybody who is signed in reads them, assistance officers of CTED keep them.</summary>
public sealed class CalendarService(ActorSource actors, OfficeHours hours, TimeProvider clock)
{
    // From this month on, the next year's circular is out and its deadlines are near.
    private const int NextYearFrom = 10;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A year; the present one at Headquarters where none, or none that can be, is named.</summary>
    public async Task<CalendarYear> Year(int? year, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        if (!db.Actor.IsSignedIn)
            throw new NotFound();
        var shown = year is >= Holiday.FirstYear and <= 2100 ? year.Value : new UnCalendar([], hours).Today(Now).Year;
        var (first, last) = (new DateOnly(shown, 1, 1), new DateOnly(shown, 12, 31));
        return new CalendarYear(
            shown,
            await db.Holidays.AsNoTracking().Where(h => h.Day >= first && h.Day <= last).OrderBy(h => h.Day).ToListAsync(ct),
            Holiday.CanKeep(db.Actor) ? await Missing(db, hours, Now, ct) : [],
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

    /// <summary>Years over which something runs, or soon will, and of which no holiday is entered.</summary>
    public static async Task<IReadOnlyList<int>> Missing(PortalDb db, OfficeHours hours, DateTime now, CancellationToken ct)
    {
        var calendar = await db.UnCalendar(hours, ct);
        var today = calendar.Today(now);
        var silent = await db
            .Needs.SelectMany(n => n.Requests)
            .Where(r => r.Status == ConsentRequestStatus.Open && r.SilentAfter != null)
            .Select(r => r.SilentAfter!.Value.Year)
            .Distinct()
            .ToListAsync(ct);
        return
        [
            .. silent
                .Append(today.Year)
                .Append(today.Month >= NextYearFrom ? today.Year + 1 : today.Year)
                .Distinct()
                .Where(y => !calendar.Knows(y))
                .Order(),
        ];
    }
}

/// <summary>The calendar as every room counts by it.</summary>
public static class CalendarQuestions
{
    /// <summary>The calendar of Headquarters as it stands.</summary>
    public static async Task<UnCalendar> UnCalendar(this PortalDb db, OfficeHours hours, CancellationToken ct = default) =>
        new(await db.Holidays.AsNoTracking().Select(h => h.Day).ToListAsync(ct), hours);
}

/// <summary>The calendar room's services.</summary>
public static class CalendarSetup
{
    /// <summary>Adds the calendar.</summary>
    public static WebApplicationBuilder AddCalendar(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(Hours(builder.Configuration));
        builder.Services.AddScoped<CalendarService>();
        return builder;
    }

    /// <summary>What is set of Headquarters.</summary>
    /// <exception cref="InvalidOperationException">A setting says nothing that can be meant.</exception>
    internal static OfficeHours Hours(IConfiguration settings)
    {
        var (zone, closes) = (settings["Headquarters:TimeZone"], settings["Headquarters:Closes"]);
        return new(
            string.IsNullOrEmpty(zone) ? OfficeHours.Usual.Zone
                : TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found
                : throw new InvalidOperationException(
                    $"Headquarters:TimeZone is '{zone}'; it must be a time zone such as America/New_York."
                ),
            string.IsNullOrEmpty(closes) ? OfficeHours.Usual.Closes
                : TimeOnly.TryParseExact(closes, "HH:mm", out var time) ? time
                : throw new InvalidOperationException($"Headquarters:Closes is '{closes}'; it must be a time of day such as 18:00.")
        );
    }
}
