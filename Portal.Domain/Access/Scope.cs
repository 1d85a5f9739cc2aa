using System.Collections.Frozen;

namespace Portal.Domain.Access;

/// <summary>
/// The States a claim reaches: either just those named, or all but those named. Records about no State are reached by "all but" only.
/// </summary>
public sealed record Scope
{
    private static readonly FrozenSet<string> Nothing = FrozenSet<string>.Empty;

    private Scope(bool allBut, FrozenSet<string> states) => (AllBut, States) = (allBut, states);

    /// <summary>
    /// Stands for several States at once. A scope that leaves any State out does not reach what concerns several: a denial for one of them
    /// holds.
    /// </summary>
    public const string Several = "*";

    /// <summary>Every record.</summary>
    public static readonly Scope All = new(true, Nothing);

    /// <summary>Whether <see cref="States"/> are exceptions.</summary>
    public bool AllBut { get; }

    /// <summary>ISO 3166-1 alpha-3 codes named or excepted.</summary>
    public FrozenSet<string> States { get; }

    /// <summary>Only records about these States.</summary>
    public static Scope Only(IEnumerable<string> iso3) => new(false, iso3.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Whether a record about this State (or about none) is inside.</summary>
    public bool Includes(string? iso3) =>
        iso3 switch
        {
            null => AllBut,
            Several => IsAll,
            _ => AllBut != States.Contains(iso3),
        };

    /// <summary>Whether nothing at all is inside.</summary>
    public bool IsEmpty => !AllBut && States.Count == 0;

    /// <summary>Whether everything is inside.</summary>
    public bool IsAll => AllBut && States.Count == 0;

    /// <summary>What is in this scope and not in the other: how a deny narrows a grant.</summary>
    public Scope Except(Scope other) =>
        (AllBut, other.AllBut) switch
        {
            (true, true) => Only(other.States.Except(States)),
            (true, false) => new(true, States.Union(other.States).ToFrozenSet(StringComparer.Ordinal)),
            (false, true) => Only(States.Intersect(other.States)),
            (false, false) => Only(States.Except(other.States)),
        };

    /// <inheritdoc/>
    public bool Equals(Scope? other) => other is not null && AllBut == other.AllBut && States.SetEquals(other.States);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AllBut, States.Count);
}
