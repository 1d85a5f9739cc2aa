namespace Portal.Domain.Reference;

/// <summary>A purpose of aid in the Creditor Reporting System of OECD DAC.</summary>
/// <param name="Code">The five-digit purpose code, as in IATI sector vocabulary 1.</param>
/// <param name="Name">The purpose's name: the DAC's in English and nearly so in French, the portal's own in the others.</param>
public sealed record DacSector(string Code, LocalName Name);

/// <summary>The OECD DAC purposes that counter-terrorism assistance is published under.</summary>
public static class DacSectors
{
    private static readonly Table<DacSector> Table = new("dac-sectors.tsv", row => new(row["code"], row.Name), sector => sector.Code);

    /// <summary>Every purpose, in the order of its code.</summary>
    public static IReadOnlyList<DacSector> All => Table.All;

    /// <summary>The purpose of a five-digit code; null where the portal does not use it.</summary>
    public static DacSector? Find(string? code) => Table.Find(code);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Code == code;
}
