using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;

namespace Portal.Domain;

/// <summary>The kinds of protected record: the one list of them.</summary>
public static class Kinds
{
    /// <summary>All cards.</summary>
    public static readonly IReadOnlyList<Kind> All =
    [
        Need.Card,
        Proposal.Card,
        Programme.Card,
        Profile.Card,
        StandingOffer.Card,
        Dossier.Card,
        Recommendation.Card,
    ];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static Kind Named(string name) => All.FirstOrDefault(k => k.Name == name) ?? throw new KeyNotFoundException(name);

    /// <summary>Those that have a list of their own, of which views are kept.</summary>
    public static readonly IReadOnlyList<Kind> Listed = [.. All.Where(k => k.Views != Views.None)];

    /// <summary>The kind that a list is of, by its plural; null where there is no such list.</summary>
    public static Kind? ListedAs(string plural) => Listed.FirstOrDefault(k => k.Plural.Equals(plural, StringComparison.OrdinalIgnoreCase));

    /// <summary>The sections that hold records.</summary>
    public static readonly IReadOnlyList<Section> Sections = [.. All.Select(k => k.Section).Distinct()];

    /// <summary>The kind that a reference is numbered in; null where that is none.</summary>
    public static Kind? OfReference(string reference) =>
        All.FirstOrDefault(k => k.Series is { } series && reference.StartsWith(series + "-", StringComparison.Ordinal));

    /// <summary>The kind of record that an act was done on, by the act's code; null where that is none.</summary>
    public static Kind? OfAct(string code) => All.FirstOrDefault(k => code.StartsWith(k.Act(""), StringComparison.Ordinal));
}
