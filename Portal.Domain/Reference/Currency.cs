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
        "USD EUR GBP JPY:0 CHF AED AUD BHD:3 BRL CAD CLP:0 CNY CZK DKK HUF IDR ILS INR ISK:0 JOD:3 KRW:0 KWD:3 MXN MYR NOK NZD OMR:3 "
        + "PLN QAR RON RUB SAR SEK SGD THB TRY XAF:0 XOF:0 ZAR";

    /// <summary>Every currency.</summary>
    public static IReadOnlyList<Currency> All { get; } = Codes.Split(' ').Select(Read).ToArray().AsReadOnly();

    // The other codes of ISO 4217, and those it has retired, which older publications still use: amounts in them are read, and not offered
    // in forms.
    private const string Others =
        "AFN ALL AMD ANG AOA ARS AWG AZN BAM BBD BDT BGN BIF BMD BND BOB BOV BSD BTN BWP BYN BYR BZD CDF CHE CHW CLF COP COU CRC CUC CUP CVE DJF DOP DZD EEK EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD "
        + "HKD HNL HRK HTG IQD IRR JMD KES KGS KHR KMF KPW KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXV MZN NAD NGN NIO NPR PAB PEN PGK PHP PKR PYG RSD RWF "
        + "SBD SCR SDG SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL TJS TMT TND TOP TTD TWD TZS UAH UGX USN USS UYI UYU UZS VEF VES VND VUV WST XBT XCD XDR XPF XSU XUA YER ZMK ZMW ZWG ZWL";

    private static readonly FrozenSet<string> Known = Codes
        .Split(' ')
        .Select(c => c.Split(':')[0])
        .Concat(Others.Split(' '))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The currency that a form begins with.</summary>
    public const string Usual = "USD";

    /// <summary>Whether a code is one of ISO 4217, written as there.</summary>
    public static bool IsKnown(string? code) => code is not null && Known.Contains(code);

    private static readonly FrozenDictionary<string, Currency> ByCode = All.ToFrozenDictionary(
        currency => currency.Code,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The currency of an ISO 4217 code in any case; null where the portal does not use it.</summary>
    public static Currency? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    /// <summary>A code alone has two decimals; any other number follows a colon.</summary>
    private static Currency Read(string entry) => entry.Split(':') is [var code, var minor] ? new(code, int.Parse(minor)) : new(entry, 2);
}
