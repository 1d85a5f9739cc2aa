using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portal.Tests.House;

/// <summary>The sources as the laws read them.</summary>
internal static partial class Sources
{
    public static readonly string Root = FindRoot();

    /// <summary>
    /// Files of the product with these endings, by their path from the root; generated and test files are not among them.
    /// </summary>
    public static IReadOnlyList<(string Path, string Text)> Of(params string[] endings) =>
        [
            .. new[] { "Portal", "Portal.Domain" }
                .SelectMany(p => System.IO.Directory.EnumerateFiles(Path.Combine(Root, p), "*", SearchOption.AllDirectories))
                .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
                .Where(f => endings.Any(f.EndsWith) && !f.Contains("/obj/") && !f.Contains("/bin/") && !f.Contains("/Migrations/"))
                .Order(StringComparer.Ordinal)
                .Select(f => (f, File.ReadAllText(Path.Combine(Root, f)))),
        ];

    /// <summary>Text without comments, so that a law reads what is done and not what is said.</summary>
    public static string Code(string text) => Comment().Replace(text, "");

    /// <summary>The arguments of every call whose beginning matches, to the bracket that closes it.</summary>
    public static IEnumerable<string> Arguments(string text, string call)
    {
        foreach (Match match in Regex.Matches(text, call + @"\("))
        {
            var (depth, quoted, i) = (1, false, match.Index + match.Length);
            for (; i < text.Length && depth > 0; i++)
            {
                if (text[i] == '"' && text[i - 1] != '\\')
                    quoted = !quoted;
                else if (!quoted)
                    depth += text[i] switch
                    {
                        '(' => 1,
                        ')' => -1,
                        _ => 0,
                    };
            }
            yield return text[(match.Index + match.Length)..Math.Max(match.Index + match.Length, i - 1)];
        }
    }

    /// <summary>The words of one file: key to value.</summary>
    public static Dictionary<string, string> Words(string path) =>
        XDocument
            .Load(Path.Combine(Root, path))
            .Root!.Elements("data")
            .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    /// <summary>Fails with every finding, one a line.</summary>
    public static void None(IEnumerable<string> findings, string law)
    {
        var list = findings.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(list.Count == 0, $"{law}\n{string.Join('\n', list)}");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("The laws read the sources; Portal.sln was not found above the tests.");
    }

    [GeneratedRegex(@"(?<![:""'/\w])//[^\n]*|/\*[\s\S]*?\*/|@\*[\s\S]*?\*@|<!--[\s\S]*?-->")]
    private static partial Regex Comment();
}
