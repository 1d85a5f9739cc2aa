namespace Portal.Domain.Reference;

/// <summary>A way of giving help.</summary>
/// <param name="Code">The modality's code.</param>
/// <param name="AidType">The type of aid it is published under: IATI codelist AidType, which is that of OECD DAC.</param>
/// <param name="DacSectors">The OECD DAC purpose codes to suggest, the likeliest first; none where the theme decides.</param>
/// <param name="Name">The modality's name.</param>
public sealed record Modality(string Code, string AidType, IReadOnlyList<string> DacSectors, LocalName Name);

/// <summary>The eleven ways of giving help.</summary>
public static class Modalities
{
    private static readonly Table<Modality> Table = new(
        "modalities.tsv",
        row => new(row["code"], row["aidtype"], row.List("sectors"), row.Name),
        modality => modality.Code
    );

    /// <summary>Every modality.</summary>
    public static IReadOnlyList<Modality> All => Table.All;

    /// <summary>The modality of a code in any case; null where there is none.</summary>
    public static Modality? Find(string? code) => Table.Find(code);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Code == code;
}
