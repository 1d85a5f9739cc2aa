namespace Portal.Domain.Reference;

/// <summary>What a known organisation is to the portal.</summary>
public enum KnownOrganisationKind
{
    /// <summary>Gives help: an agency of a donor State, a fund, an international organisation.</summary>
    Provider,

    /// <summary>An international, regional or subregional organisation the Committee works with.</summary>
    Partner,
}

/// <summary>An organisation that exists, for the directory to start from: who it is and where to find it, and no more.</summary>
/// <param name="Code">The portal's code for it.</param>
/// <param name="Kind">Whether it is a provider or a partner.</param>
/// <param name="Acronym">The acronym it goes by in English; null where it has none.</param>
/// <param name="StateIso3">The State it is an agency of, by ISO 3166-1; null for an international one.</param>
/// <param name="IatiIdentifier">Its IATI organisation identifier; null where none is known for certain.</param>
/// <param name="Website">Its website.</param>
/// <param name="Note">A remark on the entry for those who keep the directory, in English; null where there is none.</param>
/// <param name="Name">Its own name where it has one in the language, else the United Nations’ or a plain translation.</param>
public sealed record KnownOrganisation(
    string Code,
    KnownOrganisationKind Kind,
    string? Acronym,
    string? StateIso3,
    string? IatiIdentifier,
    Uri Website,
    string? Note,
    LocalName Name
);

/// <summary>The assistance providers and partner organisations the directory starts from.</summary>
/// <remarks>The Counter-Terrorism Action Group of the G8 is not among them: it was a forum of donors and gave no help itself.</remarks>
public static class KnownOrganisations
{
    private static readonly Table<KnownOrganisation> Table = new("organisations.tsv", Read, organisation => organisation.Code);

    /// <summary>Every organisation: providers, of them international ones first and States' agencies by State, then partners.</summary>
    public static IReadOnlyList<KnownOrganisation> All => Table.All;

    /// <summary>The organisation of a code in any case; null where there is none.</summary>
    public static KnownOrganisation? Find(string? code) => Table.Find(code);

    private static KnownOrganisation Read(Row row) =>
        new(
            row["code"],
            Enum.Parse<KnownOrganisationKind>(row["kind"]),
            row.Optional("acronym"),
            row.Optional("state"),
            row.Optional("iati"),
            new(row["website"]),
            row.Optional("note"),
            row.Name
        );
}
