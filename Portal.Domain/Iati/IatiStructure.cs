using System.Collections.Frozen;

namespace Portal.Domain.Iati;

/// <summary>What may stand under an element, and how often.</summary>
/// <param name="Name">Name of the element.</param>
/// <param name="Type">Its own kind.</param>
/// <param name="IsNeeded">Whether there must be one.</param>
/// <param name="IsMany">Whether there may be more than one.</param>
internal sealed record IatiChild(string Name, IatiType Type, bool IsNeeded, bool IsMany);

/// <summary>An attribute of an element.</summary>
/// <param name="Name">Name, with the prefix of <c>xml:lang</c>.</param>
/// <param name="IsNeeded">Whether it must be there.</param>
/// <param name="Value">Kind of value; see <see cref="IatiStructure"/>.</param>
/// <param name="Codes">List of codes it is of, or null.</param>
/// <param name="InVocabulary">The vocabulary to which the list belongs, where it counts for one only; it is also the usual one.</param>
internal sealed record IatiAttribute(string Name, bool IsNeeded, char Value, string? Codes, string? InVocabulary);

/// <summary>A kind of element: its text, its children in order, its attributes.</summary>
internal sealed class IatiType(string name)
{
    /// <summary>Name in the table.</summary>
    public string Name { get; } = name;

    /// <summary>Kind of its text; a dash where it has none.</summary>
    public char Text { get; set; }

    /// <summary>Children in their order.</summary>
    public IReadOnlyList<IatiChild> Children { get; set; } = [];

    /// <summary>Attributes by name.</summary>
    public FrozenDictionary<string, IatiAttribute> Attributes { get; set; } = FrozenDictionary<string, IatiAttribute>.Empty;

    /// <summary>Places of the children by name.</summary>
    public FrozenDictionary<string, int> Places { get; set; } = FrozenDictionary<string, int>.Empty;
}

/// <summary>
/// The structure of an activity file of IATI 2.03, as a table of our own: a line for each kind of element, with the kind of its text, its
/// children in their order
/// (<c>?</c> at most one, <c>*</c> any number, <c>+</c> at least one) and its attributes (<c>!</c> needed, <c>:</c> kind of value, <c>@</c>
/// list of codes).
/// Values: d day, m moment, n number, i whole number, p above zero, c zero or more, b yes or no, u address, k name, l language, s text.
/// </summary>
internal static class IatiStructure
{
    /// <summary>An activity.</summary>
    public static IatiType Activity { get; } = Read()["iati-activity"];

    // Elements from which the portal reads, beside their narratives. What stands in others is kept and published, and makes no programme
    // wrong.
    private static readonly FrozenSet<string> ReadPaths = (
        (string[])
            [
                "",
                "/iati-identifier",
                "/reporting-org",
                "/title",
                "/description",
                "/participating-org",
                "/other-identifier",
                "/activity-status",
                "/activity-date",
                "/recipient-country",
                "/sector",
                "/tag",
                "/default-aid-type",
                "/budget",
                "/budget/period-start",
                "/budget/period-end",
                "/budget/value",
                "/transaction",
                "/transaction/transaction-type",
                "/transaction/transaction-date",
                "/transaction/value",
                "/transaction/sector",
                "/transaction/recipient-country",
                "/document-link",
                "/document-link/title",
                "/result",
                "/result/title",
                "/result/indicator",
                "/result/indicator/title",
                "/result/indicator/period",
                "/result/indicator/period/target",
                "/result/indicator/period/actual",
            ]
    )
        .Select(p => "iati-activity" + p)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the portal reads from an element.</summary>
    public static bool IsRead(string path) =>
        ReadPaths.Contains(path.EndsWith("/narrative", StringComparison.Ordinal) ? path[..^"/narrative".Length] : path);

    private static Dictionary<string, IatiType> Read()
    {
        var lines = IatiCodes.Lines("iati-structure.tsv");
        var types = lines.ToDictionary(l => l[0], l => new IatiType(l[0]) { Text = l[1][0] });
        foreach (var line in lines)
        {
            var type = types[line[0]];
            type.Children = [.. line[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => Child(c, types))];
            type.Places = type.Children.Index().ToFrozenDictionary(c => c.Item.Name, c => c.Index);
            type.Attributes = line[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Attribute).ToFrozenDictionary(a => a.Name);
        }
        return types;
    }

    private static IatiChild Child(string token, Dictionary<string, IatiType> types)
    {
        var (said, kind) = token.Split('=') is [var a, var b] ? (a, b) : (token, null);
        var name = said.TrimEnd('?', '*', '+');
        var type = kind is ['#', var text] ? new IatiType(name) { Text = text } : types[kind ?? name];
        return new IatiChild(name, type, said[^1] is not ('?' or '*'), said[^1] is '*' or '+');
    }

    private static IatiAttribute Attribute(string token)
    {
        var (said, codes) = token.Split('@') is [var a, var b] ? (a, b) : (token, null);
        var vocabulary = codes?.Split('/') is [_, var v] ? v : null;
        var value = said.Length > 2 && said[^2] == ':' ? said[^1] : 's';
        var name = (value == 's' ? said : said[..^2]).TrimEnd('!');
        return new IatiAttribute(name, said.Contains('!'), value, codes?.Split('/')[0], vocabulary);
    }
}

/// <summary>The lists of codes that the portal looks at, and which of them an activity cannot be understood without.</summary>
internal static class IatiCodes
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Lists = Lines("iati-codes.tsv")
        .ToFrozenDictionary(l => l[0], l => l[1].Split(' ').ToFrozenSet(StringComparer.Ordinal));

    // What is not on these cannot be read as money, day, stage or place; other lists grow between two versions of the standard, so that a
    // code not on them is noted only.
    private static readonly FrozenSet<string> Core = new[]
    {
        "ActivityDateType",
        "ActivityStatus",
        "BudgetStatus",
        "BudgetType",
        "Country",
        "Currency",
        "OrganisationRole",
        "ResultType",
        "TransactionType",
    }.ToFrozenSet();

    /// <summary>Whether a code is on a list.</summary>
    public static bool Has(string list, string code) => Lists[list].Contains(code);

    /// <summary>Whether an activity with another code is refused.</summary>
    public static bool IsCore(string list) => Core.Contains(list);

    internal static List<string[]> Lines(string file)
    {
        using var stream =
            typeof(IatiCodes).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The table {file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var lines = new List<string[]>();
        while (reader.ReadLine() is { Length: > 0 } line)
            lines.Add(line.Split('\t'));
        return lines;
    }
}
