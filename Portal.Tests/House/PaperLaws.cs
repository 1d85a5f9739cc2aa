using System.Text.RegularExpressions;
using Portal.Domain;

namespace Portal.Tests.House;

/// <summary>What is written for the next engineer names what is there.</summary>
public sealed partial class PaperLaws
{
    private static readonly string[] Papers = ["CONTRIBUTING.md", "docs/architecture.md", "docs/add-a-kind.md", "docs/testing.md"];

    private static string Read(string path) => File.ReadAllText(Path.Combine(Sources.Root, path));

    [Fact]
    public void The_index_of_decisions_has_every_one_by_its_heading()
    {
        var pages = System
            .IO.Directory.EnumerateFiles(Path.Combine(Sources.Root, "docs/decisions"), "0*.md")
            .Order(StringComparer.Ordinal)
            .Select(f => (Name: Path.GetFileName(f), Heading: Heading().Match(File.ReadLines(f).First())));
        Assert.Equal(
            pages.Select(p => $"- [{p.Heading.Groups["number"].Value}. {p.Heading.Groups["title"].Value}]({p.Name})"),
            Read("docs/decisions/README.md").Split('\n').Where(l => l.StartsWith("- [", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Every_file_that_the_papers_name_is_there()
    {
        Sources.None(
            from paper in Papers
            from name in Named()
                .Matches(Read(paper))
                .Select(m => m.Groups["path"].Value)
                .Concat(Linked().Matches(Read(paper)).Select(m => Path.Combine(Path.GetDirectoryName(paper)!, m.Groups["path"].Value)))
            where !Path.Exists(Path.Combine(Sources.Root, name))
            select $"{paper}: {name}",
            "Named, and not there:"
        );
        Sources.None(Papers.Where(p => !Read("README.md").Contains(p, StringComparison.Ordinal)), "Papers that the README does not name:");
    }

    // Speak of most kinds for a reason of their own, and of the next one only if that has it.
    private static readonly string[] OfTheirOwn =
    [
        "Portal/Assistance/Matches/MatchService.cs",
        "Portal/Assistance/Matches/Matcher.cs",
        "Portal/Assistance/Proposals/ProposalsPage.razor",
    ];

    /// <summary>Where every kind is named, or every one but the newest, the next one has to be.</summary>
    [Fact]
    public void Adding_a_kind_names_every_file_that_names_all_kinds()
    {
        var names = Kinds
            .All.Select(k => new Regex($@"\b(?:{k.GetType().GenericTypeArguments[0].Name}s?|{k.Plural})\b", RegexOptions.CultureInvariant))
            .ToList();
        var tests = System
            .IO.Directory.EnumerateFiles(Path.Combine(Sources.Root, "Portal.Tests"), "*.cs", SearchOption.AllDirectories)
            .Select(f => (Path: Path.GetRelativePath(Sources.Root, f).Replace('\\', '/'), Text: File.ReadAllText(f)))
            // What tests the demonstration follows from it.
            .Where(f =>
                !f.Path.Contains("/obj/", StringComparison.Ordinal) && !f.Path.Contains("/Demonstration/", StringComparison.Ordinal)
            );
        var all = Sources
            .Of(".cs", ".razor")
            .Concat(tests)
            .Where(f => names.Count(n => n.IsMatch(Sources.Code(f.Text))) >= names.Count - 1)
            .Select(f => f.Path)
            .Except(OfTheirOwn)
            .ToList();
        Assert.Contains("Portal.Domain/Kinds.cs", all);
        var page = Read("docs/add-a-kind.md");
        Sources.None(
            all.Where(f => !page.Contains($"`{f}`", StringComparison.Ordinal)),
            "Files that name every kind, and docs/add-a-kind.md does not say so:"
        );
    }

    [GeneratedRegex(@"^# 0*(?<number>\d+)\.? (?<title>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"`(?<path>(?:Portal|Portal\.Domain|Portal\.Tests|docs|eng)/[\w./-]*)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"\]\((?<path>[\w./-]+)\)")]
    private static partial Regex Linked();
}
