using System.Collections.Frozen;

namespace Portal.Domain.Reference;

/// <summary>A Member State of the United Nations.</summary>
/// <param name="Iso3">The three-letter code of ISO 3166-1, by which the portal knows a State.</param>
/// <param name="Iso2">The two-letter code of ISO 3166-1.</param>
/// <param name="M49">The three-digit code of UN M49, which is also the numeric code of ISO 3166-1.</param>
/// <param name="RegionalGroup">The group the State belongs to for elections in the General Assembly.</param>
/// <param name="M49Subregion">The finest UN M49 division the State lies in.</param>
/// <param name="Ldc">Whether the State is one of the least developed countries.</param>
/// <param name="Lldc">Whether the State is one of the landlocked developing countries.</param>
/// <param name="Sids">Whether the State is one of the small island developing States.</param>
/// <param name="Name">The short name, in the form shown on screen.</param>
public sealed record MemberState(
    string Iso3,
    string Iso2,
    string M49,
    RegionalGroup RegionalGroup,
    M49Subregion M49Subregion,
    bool Ldc,
    bool Lldc,
    bool Sids,
    LocalName Name
)
{
    /// <summary>The UN M49 region the State lies in.</summary>
    public GeoRegion GeoRegion => M49Subregion.Region();
}

/// <summary>The 193 Member States of the United Nations.</summary>
/// <remarks>
/// Codes: ISO 3166-1 and UN M49. Groups: the regional groups of Member States, with the United States, an observer of the
/// Western European and other States, and Türkiye, which takes part in two groups, both where they stand for election.
/// Least developed countries: the list of the Committee for Development Policy as it stands since 13 December 2024.
/// Names: UN short names without the article, with a curved apostrophe.
/// </remarks>
public static class MemberStates
{
    private static readonly Table<MemberState> Table = new("member-states.tsv", Read, state => state.Iso3);

    private static readonly ILookup<RegionalGroup, MemberState> ByGroup = Table.All.ToLookup(state => state.RegionalGroup);

    /// <summary>Every Member State, in the order of the three-letter code.</summary>
    public static IReadOnlyList<MemberState> All => Table.All;

    /// <summary>The Member State of an ISO 3166-1 three-letter code in any case; null where there is none.</summary>
    public static MemberState? Find(string? iso3) => Table.Find(iso3);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Iso3 == code;

    private static readonly FrozenDictionary<string, MemberState> ByIso2 = Table.All.ToFrozenDictionary(
        state => state.Iso2,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The Member State of an ISO 3166-1 two-letter code in any case; null where there is none.</summary>
    public static MemberState? FindIso2(string? iso2) => iso2 is null ? null : ByIso2.GetValueOrDefault(iso2);

    /// <summary>The Member State of an ISO 3166-1 three-letter code known to be one.</summary>
    /// <exception cref="KeyNotFoundException">No Member State has the code.</exception>
    public static MemberState Get(string iso3) => Find(iso3) ?? throw new KeyNotFoundException($"No Member State has the code '{iso3}'.");

    /// <summary>The Member States of a regional group, in the order of the three-letter code.</summary>
    public static IEnumerable<MemberState> In(RegionalGroup group) => ByGroup[group];

    private static MemberState Read(Row row)
    {
        var lists = row.List("lists");
        return new(
            row["iso3"],
            row["iso2"],
            row["m49"],
            Enum.Parse<RegionalGroup>(row["group"]),
            Enum.Parse<M49Subregion>(row["subregion"]),
            lists.Contains("LDC"),
            lists.Contains("LLDC"),
            lists.Contains("SIDS"),
            row.Name
        );
    }
}
