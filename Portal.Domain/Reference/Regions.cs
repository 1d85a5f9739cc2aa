namespace Portal.Domain.Reference;

/// <summary>The five regional groups of Member States, which are also the regions of offers and filters.</summary>
public enum RegionalGroup
{
    /// <summary>African States.</summary>
    Africa,

    /// <summary>Asia-Pacific States.</summary>
    AsiaPacific,

    /// <summary>Eastern European States.</summary>
    EasternEurope,

    /// <summary>Latin American and Caribbean States.</summary>
    Grulac,

    /// <summary>Western European and other States.</summary>
    Weog,
}

/// <summary>The names of the regional groups.</summary>
public static class RegionalGroups
{
    private static readonly Table<Entry> Table = new("regional-groups.tsv", row => new(row["group"], row.Name), entry => entry.Group);

    /// <summary>The five groups in the order the United Nations lists them.</summary>
    public static IReadOnlyList<RegionalGroup> All { get; } = Enum.GetValues<RegionalGroup>();

    /// <summary>The name of a group.</summary>
    public static LocalName Name(this RegionalGroup group) => Table.Find(group.ToString())!.Name;

    private sealed record Entry(string Group, LocalName Name);
}

/// <summary>The regions of UN M49; each value is the region's code.</summary>
public enum GeoRegion
{
    /// <summary>Africa.</summary>
    Africa = 2,

    /// <summary>Oceania.</summary>
    Oceania = 9,

    /// <summary>The Americas.</summary>
    Americas = 19,

    /// <summary>Asia.</summary>
    Asia = 142,

    /// <summary>Europe.</summary>
    Europe = 150,
}

/// <summary>The finest divisions of UN M49 that hold Member States; each value is the division's code.</summary>
public enum M49Subregion
{
    /// <summary>South America.</summary>
    SouthAmerica = 5,

    /// <summary>Western Africa.</summary>
    WesternAfrica = 11,

    /// <summary>Central America.</summary>
    CentralAmerica = 13,

    /// <summary>Eastern Africa.</summary>
    EasternAfrica = 14,

    /// <summary>Northern Africa.</summary>
    NorthernAfrica = 15,

    /// <summary>Middle Africa.</summary>
    MiddleAfrica = 17,

    /// <summary>Southern Africa.</summary>
    SouthernAfrica = 18,

    /// <summary>Northern America.</summary>
    NorthernAmerica = 21,

    /// <summary>The Caribbean.</summary>
    Caribbean = 29,

    /// <summary>Eastern Asia.</summary>
    EasternAsia = 30,

    /// <summary>Southern Asia.</summary>
    SouthernAsia = 34,

    /// <summary>South-eastern Asia.</summary>
    SouthEasternAsia = 35,

    /// <summary>Southern Europe.</summary>
    SouthernEurope = 39,

    /// <summary>Australia and New Zealand.</summary>
    AustraliaAndNewZealand = 53,

    /// <summary>Melanesia.</summary>
    Melanesia = 54,

    /// <summary>Micronesia.</summary>
    Micronesia = 57,

    /// <summary>Polynesia.</summary>
    Polynesia = 61,

    /// <summary>Central Asia.</summary>
    CentralAsia = 143,

    /// <summary>Western Asia.</summary>
    WesternAsia = 145,

    /// <summary>Eastern Europe.</summary>
    EasternEurope = 151,

    /// <summary>Northern Europe.</summary>
    NorthernEurope = 154,

    /// <summary>Western Europe.</summary>
    WesternEurope = 155,
}

/// <summary>The tree of UN M49.</summary>
public static class M49
{
    /// <summary>The region a division lies in.</summary>
    public static GeoRegion Region(this M49Subregion subregion) =>
        subregion switch
        {
            M49Subregion.EasternAfrica
            or M49Subregion.MiddleAfrica
            or M49Subregion.NorthernAfrica
            or M49Subregion.SouthernAfrica
            or M49Subregion.WesternAfrica => GeoRegion.Africa,
            M49Subregion.Caribbean or M49Subregion.CentralAmerica or M49Subregion.NorthernAmerica or M49Subregion.SouthAmerica =>
                GeoRegion.Americas,
            M49Subregion.CentralAsia
            or M49Subregion.EasternAsia
            or M49Subregion.SouthEasternAsia
            or M49Subregion.SouthernAsia
            or M49Subregion.WesternAsia => GeoRegion.Asia,
            M49Subregion.EasternEurope or M49Subregion.NorthernEurope or M49Subregion.SouthernEurope or M49Subregion.WesternEurope =>
                GeoRegion.Europe,
            M49Subregion.AustraliaAndNewZealand or M49Subregion.Melanesia or M49Subregion.Micronesia or M49Subregion.Polynesia =>
                GeoRegion.Oceania,
            _ => throw new ArgumentOutOfRangeException(nameof(subregion)),
        };
}
