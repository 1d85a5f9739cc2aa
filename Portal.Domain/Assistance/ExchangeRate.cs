using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>
/// What a currency was worth on a day: units of it for one United States dollar. Entered by assistance officers from a published source;
/// public reference data.
/// </summary>
public sealed class ExchangeRate
{
    private ExchangeRate() { }

    /// <summary>Parts of a unit that a rate is kept in.</summary>
    public const decimal Precision = 1_000_000m;

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>From this day on, until the next.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>Millionths of a unit for one dollar.</summary>
    public long Millionths { get; private set; }

    /// <summary>Where it is published.</summary>
    public string Source { get; private set; } = "";

    /// <summary>UTC.</summary>
    public DateTime SetAt { get; private set; }

    /// <summary>Units for one dollar.</summary>
    public decimal PerDollar => Millionths / Precision;

    /// <summary>Everything wrong with a rate, field by field.</summary>
    public static IReadOnlyList<Refusal> Problems(string? currency, DateOnly? day, decimal? perDollar, string? source, DateTime now) =>
        Refusal.Collect(
            () => Refusal.If(Currencies.Find(currency)?.Code is null or "USD", "field.unknown_code", nameof(Currency)),
            () => Refusal.If(day is null, "field.required", nameof(Day)),
            () => Refusal.If(day is { Year: < 2000 } || day > Days.Begun(now), "rate.day_out_of_range", nameof(Day)),
            () => Refusal.If(perDollar is null, "field.required", nameof(PerDollar)),
            () => Refusal.If(perDollar is < 0.0001m or > 100_000m, "rate.out_of_range", nameof(PerDollar)),
            () => Text.RequiredLine(source, 200, nameof(Source))
        );

    /// <summary>Enters a rate.</summary>
    public static ExchangeRate Of(Actor actor, string currency, DateOnly day, decimal perDollar, string source, DateTime now)
    {
        Refusal.Unless(AssistanceSettings.CanSet(actor), "match.not_yours_to_weigh");
        Refusal.IfAny(Problems(currency, day, perDollar, source, now));
        return new ExchangeRate
        {
            Currency = Currencies.Find(currency)!.Code,
            Day = day,
            Millionths = (long)decimal.Round(perDollar * Precision),
            Source = Text.RequiredLine(source, 200, nameof(Source)),
            SetAt = now,
        };
    }
}

/// <summary>Dated rates, and amounts told in another currency by them.</summary>
public sealed class Rates(IEnumerable<ExchangeRate> rates)
{
    private readonly ILookup<string, ExchangeRate> byCurrency = rates.OrderByDescending(r => r.Day).ToLookup(r => r.Currency);

    /// <summary>No rate at all: every currency stands for itself.</summary>
    public static readonly Rates None = new([]);

    /// <summary>The rate of a currency in force on a day: the last one entered for that day or before; null where there is none.</summary>
    public ExchangeRate? Of(string currency, DateOnly day) => byCurrency[currency].FirstOrDefault(r => r.Day <= day);

    /// <summary>An amount told in another currency, in whole units; null where a rate is missing. Never a guess.</summary>
    public decimal? Convert(decimal amount, string from, string to, DateOnly day) =>
        from == to ? amount
        : Factor(from, to, day) is { } factor ? decimal.Round(amount * factor, MidpointRounding.AwayFromZero)
        : null;

    /// <summary>
    /// What one unit of a currency is in another, unrounded, so that a sum told is the sum of what would be told; null where a rate is
    /// missing.
    /// </summary>
    public decimal? Factor(string from, string to, DateOnly day)
    {
        if (from == to)
            return 1;
        var dollars =
            from == "USD" ? 1
            : Of(from, day) is { } own ? 1 / own.PerDollar
            : (decimal?)null;
        return to == "USD" ? dollars
            : Of(to, day) is { } other ? dollars * other.PerDollar
            : null;
    }
}
