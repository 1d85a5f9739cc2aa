using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Assistance.Funding;

/// <summary>A dated rate in a list.</summary>
public sealed record RateLine(Guid Id, string Currency, DateOnly Day, decimal PerDollar, string Source, DateTime SetAt);

/// <summary>Rates of exchange and the section's settings, kept by assistance officers.</summary>
public sealed class RateService(ActorSource actors, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>All rates, by currency, newest first.</summary>
    public async Task<IReadOnlyList<RateLine>> List()
    {
        await using var db = await Staff();
        return
        [
            .. (
                await db.ExchangeRates.AsNoTracking().OrderBy(r => r.Currency).ThenByDescending(r => r.Day).Take(1000).ToListAsync()
            ).Select(r => new RateLine(r.Id, r.Currency, r.Day, r.PerDollar, r.Source, r.SetAt)),
        ];
    }

    private async Task<PortalDb> Staff()
    {
        var db = await actors.Open();
        if (AssistanceSettings.CanSee(db.Actor))
            return db;
        await db.DisposeAsync();
        throw new NotFound();
    }

    /// <summary>
    /// Enters a rate; one for the same currency and day is replaced if it was seen. Amounts told by rates follow at once, also those told
    /// earlier that it concerns.
    /// </summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody entered one for that day that was not seen.</exception>
    public async Task Set(string currency, DateOnly day, decimal perDollar, string source, Guid? seen = null)
    {
        await using var db = await Staff();
        var rate = ExchangeRate.Of(db.Actor, currency, day, perDollar, source, Now);
        var before = await db.ExchangeRates.FirstOrDefaultAsync(r => r.Currency == currency && r.Day == day);
        Refusal.If(before is not null && before.Id != seen, "record.changed_meanwhile", "PerDollar");
        if (before is not null)
            db.ExchangeRates.Remove(before);
        db.ExchangeRates.Add(rate);
        db.Audit(
            new Act("rate.set", (int)NeedParts.Inner, Said(before), Said(rate), Subject: $"{currency}@{day:yyyy-MM-dd}"),
            Section.Needs
        );
        await Moved(db);
    }

    /// <summary>Takes a rate away.</summary>
    public async Task Remove(Guid id)
    {
        await using var db = await Staff();
        Refusal.Unless(AssistanceSettings.CanSet(db.Actor), "match.not_yours_to_weigh");
        var rate = await db.ExchangeRates.Where(r => r.Id == id).OneOrNotFound();
        db.ExchangeRates.Remove(rate);
        db.Audit(
            new Act("rate.removed", (int)NeedParts.Inner, Said(rate), Subject: $"{rate.Currency}@{rate.Day:yyyy-MM-dd}"),
            Section.Needs
        );
        await Moved(db);
    }

    private static string? Said(ExchangeRate? rate) =>
        rate?.PerDollar.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture);

    private static Task Moved(PortalDb db)
    {
        Matcher.Everything(db);
        db.AccessChanged();
        return db.OneAtATime(
            "weights",
            async () =>
            {
                await db.MoveOn(MatchBook.Version);
                await db.SaveOrRefuse();
            }
        );
    }

    /// <summary>Working days that a State has to object, whether the reader may set them, and the version.</summary>
    public async Task<(int Days, bool MaySet, Guid Version)> TacitDays()
    {
        await using var db = await Staff();
        var settings = await db.AssistanceSettings.AsNoTracking().SingleOrDefaultAsync();
        return (
            settings?.TacitDays ?? AssistanceSettings.UsualTacitDays,
            AssistanceSettings.CanSet(db.Actor),
            settings?.Version ?? Guid.Empty
        );
    }

    /// <summary>Sets them; procedures that run keep the day that the State was told.</summary>
    public async Task SetTacitDays(int days, Guid version)
    {
        await using var db = await Staff();
        var settings = await MatchService.Settings(db, version);
        var before = settings.TacitDays;
        settings.AllowDays(db.Actor, days, Now);
        db.Audit(
            new Act(
                "consent.days_set",
                (int)NeedParts.Inner,
                before.ToString(System.Globalization.CultureInfo.InvariantCulture),
                days.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ),
            Section.Needs
        );
        await db.SaveOrRefuse();
    }
}

/// <summary>Rates as every room tells amounts with them.</summary>
public static class RateQuestions
{
    /// <summary>All dated rates.</summary>
    public static async Task<Rates> AllRates(this PortalDb db, CancellationToken ct = default) =>
        new(await db.ExchangeRates.AsNoTracking().ToListAsync(ct));
}
