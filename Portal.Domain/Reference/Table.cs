using System.Collections.Frozen;

namespace Portal.Domain.Reference;

/// <summary>
/// A reference table: an embedded tab-separated file with a header, whose columns <c>ar zh en fr ru es</c> hold the name.
/// Read once, when its room is first entered, and never changed.
/// </summary>
internal sealed class Table<T>
    where T : class
{
    private readonly FrozenDictionary<string, T> byCode;

    /// <summary>Reads <paramref name="file"/> in its own order and indexes it by <paramref name="code"/>.</summary>
    public Table(string file, Func<Row, T> map, Func<T, string> code)
    {
        All = Rows(file).Select(map).ToArray().AsReadOnly();
        byCode = All.ToFrozenDictionary(code, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every entry, in the file's order.</summary>
    public IReadOnlyList<T> All { get; }

    /// <summary>The entry of a code in any case; null where there is none.</summary>
    public T? Find(string? code) => code is null ? null : byCode.GetValueOrDefault(code);

    private static IEnumerable<Row> Rows(string file)
    {
        using var stream =
            typeof(Row).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The reference table {file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        var columns = reader.ReadLine()!.Split('\t');
        while (reader.ReadLine() is { } line)
            yield return new Row(columns, line.Split('\t'));
    }
}

/// <summary>One line of a reference table.</summary>
internal readonly struct Row(string[] columns, string[] cells)
{
    /// <summary>The cell under a column.</summary>
    public string this[string column] => cells[Array.IndexOf(columns, column)];

    /// <summary>The cell under a column, null where it is empty.</summary>
    public string? Optional(string column) => this[column] is { Length: > 0 } cell ? cell : null;

    /// <summary>The words of a cell, which are separated by spaces.</summary>
    public string[] List(string column) => this[column].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The name in six languages.</summary>
    public LocalName Name => Named("");

    /// <summary>The text in six languages whose columns begin with these letters.</summary>
    public LocalName Named(string prefix) =>
        new(this[prefix + "ar"], this[prefix + "zh"], this[prefix + "en"], this[prefix + "fr"], this[prefix + "ru"], this[prefix + "es"]);
}
