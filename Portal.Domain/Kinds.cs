using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;

namespace Portal.Domain;

/// <summary>The kinds of protected record: the one list of them.</summary>
public static class Kinds
{
    /// <summary>All cards.</summary>
    public static readonly IReadOnlyList<Kind> All = [Need.Card, Proposal.Card, Profile.Card, StandingOffer.Card, Programme.Card];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static Kind Named(string name) => All.FirstOrDefault(k => k.Name == name) ?? throw new KeyNotFoundException(name);

    /// <summary>The kind of record that an act was done on, by the act's code; null where that is none.</summary>
    public static Kind? OfAct(string code) => All.FirstOrDefault(k => code.StartsWith(k.Act(""), StringComparison.Ordinal));
}
