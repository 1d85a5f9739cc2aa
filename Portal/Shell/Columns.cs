namespace Portal.Shell;

/// <summary>A column of a list that can be chosen.</summary>
/// <param name="Name">Its name in addresses: <c>ReplyBy</c>.</param>
public record ListColumn(string Name)
{
    /// <summary>By what its words are found, in every list that has it: <c>reply_by</c>.</summary>
    public string Key { get; } = Columns.Key(Name);

    /// <summary>Whether it is shown unless the address says otherwise.</summary>
    public bool IsUsual { get; init; } = true;
}

/// <summary>
/// Which columns of a list are shown: its table, its menu and its files read the same address. The first column, with the reference, is
/// none of them and always shown.
/// </summary>
public static class Columns
{
    /// <summary>Name in the address.</summary>
    public const string Name = "columns";

    /// <summary>What the address says where every column is hidden.</summary>
    public const string Nothing = "none";

    /// <summary>By what the words of a column are found: <c>reply_by</c>.</summary>
    /// <param name="name">Name of a column, or of a field that is one.</param>
    public static string Key(string name) =>
        string.Concat(
            name.Select((x, i) => char.IsUpper(x) && i > 0 ? "_" + char.ToLowerInvariant(x) : char.ToLowerInvariant(x).ToString())
        );

    /// <summary>Those shown unless the address says otherwise.</summary>
    public static IReadOnlyList<T> Usual<T>(this IEnumerable<T> columns)
        where T : ListColumn => [.. columns.Where(c => c.IsUsual)];

    /// <summary>Those that an address asks for; the usual ones where it names none that the list has.</summary>
    public static IReadOnlyList<T> Shown<T>(this IReadOnlyList<T> columns, ListAddress address)
        where T : ListColumn => columns.Chosen(address) ?? columns.Usual();

    /// <summary>Those that are in a file: all until some were chosen on the screen, then those.</summary>
    public static IReadOnlyList<T> Taken<T>(this IReadOnlyList<T> columns, ListAddress address)
        where T : ListColumn => columns.Chosen(address) ?? columns;

    /// <summary>Whether an address says which columns are shown.</summary>
    public static bool AreChosen(ListAddress address) => Named(address).Count > 0;

    /// <summary>Columns as an address says them.</summary>
    public static string Text(IReadOnlyList<ListColumn> columns) =>
        columns.Count == 0 ? Nothing : string.Join(',', columns.Select(c => c.Name));

    private static List<T>? Chosen<T>(this IReadOnlyList<T> columns, ListAddress address)
        where T : ListColumn
    {
        var named = Named(address);
        var chosen = columns.Where(c => named.Contains(c.Name)).ToList();
        return chosen.Count > 0 || named.Contains(Nothing) ? chosen : null;
    }

    // Repeated, as a form without script sends them, or in one value.
    private static HashSet<string> Named(ListAddress address) =>
        address
            .All(Name)
            .SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
