using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>Help given or proposed, as far as it can be compared.</summary>
/// <param name="RecordId">The programme or proposal.</param>
/// <param name="Kind">Which of the two.</param>
/// <param name="Organisation">Number of who gives it.</param>
/// <param name="States">ISO 3166-1 alpha-3.</param>
/// <param name="Themes">Theme codes.</param>
/// <param name="Modalities">Modality codes; none where it is not known how.</param>
/// <param name="From">First day; null where it is not known.</param>
/// <param name="To">Last day; null where it is not known.</param>
public sealed record Help(
    Guid RecordId,
    Kind Kind,
    int Organisation,
    IReadOnlyList<string> States,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    DateOnly? From,
    DateOnly? To
)
{
    /// <summary>Whether its last day has passed, whatever its stage says: nobody is warned of what is over.</summary>
    public bool HasEnded(DateOnly today) => To < today;
}

/// <summary>Why two give the same help: what they have in common.</summary>
public sealed record Overlap(
    IReadOnlyList<string> States,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    DateOnly? From,
    DateOnly? To
);

/// <summary>Duplicate assistance: the same help to the same State at the same time.</summary>
public static class Duplicates
{
    /// <summary>
    /// What two have in common; null where they are not the same help. The same State and theme, the same kind of help where both say
    /// which, and a time that overlaps as far as both say when.
    /// </summary>
    public static Overlap? Between(Help a, Help b)
    {
        if (a.RecordId == b.RecordId)
            return null;
        var (states, themes, modalities) = (Both(a.States, b.States), Both(a.Themes, b.Themes), Both(a.Modalities, b.Modalities));
        if (states.Count == 0 || themes.Count == 0 || (modalities.Count == 0 && a.Modalities.Count > 0 && b.Modalities.Count > 0))
            return null;
        var from = Later(a.From, b.From);
        var to = Earlier(a.To, b.To);
        return from > to ? null : new Overlap(states, themes, modalities, from, to);
    }

    private static List<string> Both(IReadOnlyList<string> a, IReadOnlyList<string> b) => [.. a.Intersect(b)];

    private static DateOnly? Later(DateOnly? a, DateOnly? b) =>
        a is null ? b
        : b is null ? a
        : a > b ? a
        : b;

    private static DateOnly? Earlier(DateOnly? a, DateOnly? b) =>
        a is null ? b
        : b is null ? a
        : a < b ? a
        : b;
}

/// <summary>
/// Of much help, such as a file of programmes, what is given twice. The help it is compared with comes by one after another, so that there
/// may be any number of it.
/// </summary>
public sealed class RepeatedHelp
{
    private readonly Dictionary<(string State, string Theme), List<Help>> unrepeated = [];
    private readonly HashSet<Guid> found = [];

    /// <summary>Begins with the help that is looked at.</summary>
    public RepeatedHelp(IEnumerable<Help> given)
    {
        foreach (var help in given)
        foreach (var place in Places(help))
        {
            if (!unrepeated.TryGetValue(place, out var there))
                unrepeated[place] = there = [];
            there.Add(help);
        }
    }

    /// <summary>Records of the help that is the same as some that it was compared with.</summary>
    public IReadOnlyCollection<Guid> Found => found;

    /// <summary>Compares all of it with other help, which may be of it.</summary>
    public void Compare(Help other)
    {
        foreach (var place in Places(other))
            if (unrepeated.TryGetValue(place, out var there))
                there.RemoveAll(help =>
                    found.Contains(help.RecordId) || (Duplicates.Between(help, other) is not null && found.Add(help.RecordId))
                );
    }

    private static IEnumerable<(string, string)> Places(Help help) =>
        help.States.SelectMany(_ => help.Themes, (state, theme) => (state, theme));
}
