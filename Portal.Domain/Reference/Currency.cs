using System.Collections.Frozen;

namespace Portal.Domain.Reference;

/// <summary>A currency in which help is costed.</summary>
/// <param name="Code">The three-letter code of ISO 4217.</param>
/// <param name="MinorUnits">The decimals an amount is written with, as ISO 4217 sets them.</param>
public sealed record Currency(string Code, int MinorUnits)
{
    /// <summary>The code.</summary>
    public override string ToString() => Code;
}

/// <summary>The currencies donors publish in: the most used first, the others by code.</summary>
public static class Currencies
{
    private const string Codes =
        "USD EUR GBP JPY:0 CHF AED AUD BHD:3 BRL CAD CLP:0 CNY CZK DKK HUF IDR ILS INR ISK:0 JOD:3 KRW:0 KWD:3 MXN MYR NOK NZD OMR:3 " +
        "PLN QAR RON RUB SAR SEK SGD THB TRY XAF:0 XOF:0 ZAR";

    /// <summary>Every currency.</summary>
    public static IReadOnlyList<Currency> All { get; } = Codes.Split(' ').Select(Read).ToArray().AsReadOnly();

    private static readonly FrozenDictionary<string, Currency> ByCode =
        All.ToFrozenDictionary(currency => currency.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>The currency of an ISO 4217 code in any case; null where the portal does not use it.</summary>
    public static Currency? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    /// <summary>A code alone has two decimals; any other number follows a colon.</summary>
    private static Currency Read(string entry) => entry.Split(':') is [var code, var minor] ? new(code, int.Parse(minor)) : new(entry, 2);
}
