namespace Portal.Shell;

/// <summary>
/// Which columns of a list are shown. A list names its columns once, as one bit each of an enumeration whose member <c>Usual</c> is the set
/// shown unless
/// the address says otherwise; its table, its menu and its export read the same. The first column, with the reference, is none of them and
/// always shown.
/// </summary>
public static class Columns
{
    /// <summary>Name in the address.</summary>
    public const string Name = "columns";

    /// <summary>What the address says where every column is hidden.</summary>
    public const string Nothing = "none";

    /// <summary>The columns of a list, in the order of its table.</summary>
    public static IReadOnlyList<T> Of<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Where(c => int.PopCount(Bits(c)) == 1)];

    /// <summary>By what its words are found, in every list that has it: <c>reply_by</c>.</summary>
    public static string Key<T>(T column)
        where T : struct, Enum => Keyed<T>.Keys[int.Log2(Bits(column))];

    // Asked for in every cell of a list.
    private static class Keyed<T>
        where T : struct, Enum
    {
        public static readonly string[] Keys = [.. Enumerable.Range(0, 31).Select(bit => Key(((T)(object)(1 << bit)).ToString()))];
    }

    /// <inheritdoc cref="Key{T}(T)"/>
    /// <param name="name">Name of a column, or of a field that is one.</param>
    public static string Key(string name) =>
        string.Concat(
            name.Select((x, i) => char.IsUpper(x) && i > 0 ? "_" + char.ToLowerInvariant(x) : char.ToLowerInvariant(x).ToString())
        );

    /// <summary>Those shown unless the address says otherwise.</summary>
    public static T Usual<T>()
        where T : struct, Enum => Enum.Parse<T>("Usual");

    /// <summary>Those that an address asks for; the usual ones where it names none that the list has.</summary>
    public static T Of<T>(ListAddress address)
        where T : struct, Enum
    {
        var named = Named(address);
        if (named.Count == 0)
            return Usual<T>();
        var chosen = Of<T>()
            .Where(c => named.Contains(c.ToString(), StringComparer.OrdinalIgnoreCase))
            .Aggregate(0, (all, c) => all | Bits(c));
        return chosen != 0 || named.Contains(Nothing, StringComparer.OrdinalIgnoreCase) ? (T)(object)chosen : Usual<T>();
    }

    /// <summary>Whether an address says which columns are shown.</summary>
    public static bool AreChosen(ListAddress address) => Named(address).Count > 0;

    /// <summary>
    /// Whether an address that says which columns are shown names any of some, or says nothing of columns that the list has.
    /// </summary>
    public static bool Has(ListAddress address, Enum some)
    {
        var (named, names) = (Named(address), Enum.GetNames(some.GetType()));
        return !named.Any(n => n.Equals(Nothing, StringComparison.OrdinalIgnoreCase) || names.Contains(n, StringComparer.OrdinalIgnoreCase))
            || names.Any(n =>
                named.Contains(n, StringComparer.OrdinalIgnoreCase) && ((int)(object)some & (int)Enum.Parse(some.GetType(), n)) != 0
            );
    }

    /// <summary>A set of columns as an address says it.</summary>
    public static string Text<T>(T columns)
        where T : struct, Enum => Bits(columns) == 0 ? Nothing : string.Join(',', Of<T>().Where(c => (Bits(c) & Bits(columns)) != 0));

    /// <summary>Whether a set has any of some columns.</summary>
    public static bool Any<T>(T columns, T some)
        where T : struct, Enum => (Bits(columns) & Bits(some)) != 0;

    // Repeated, as a form without script sends them, or in one value.
    private static IReadOnlyList<string> Named(ListAddress address) =>
        [.. address.All(Name).SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static int Bits<T>(T columns)
        where T : struct, Enum => (int)(object)columns;
}
