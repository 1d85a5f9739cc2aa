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

    /// <summary>What the next kind is written into: a line each. Four, and no fifth: what a fifth would say belongs to the card or the room.</summary>
    private static readonly string[] Lines =
    [
        "Portal.Domain/Kinds.cs",
        "Portal/RecordRooms.cs",
        "Portal/Api/ApiSetup.cs",
        "Portal.Tests/Access/Specimens.cs",
    ];

    // Speak of most kinds for a reason of their own, and of the next one only if that has it.
    private static readonly string[] OfTheirOwn =
    [
        "Portal/Assistance/Matches/MatchService.cs", // what is matched
        "Portal/Assistance/Proposals/ProposalsPage.razor", // of which need
        "Portal/Data/Demonstration/DemonstrationData.cs", // a story
        "Portal/Data/Demonstration/DemonstrationStory.cs",
        "Portal/Data/PortalDb.cs", // names for what is asked often; any other is Set<T>()
        "Portal/Exports/ExportSetup.cs", // files that are no lists
        "Portal/Home/HomeService.cs", // what waits for whom
        "Portal.Tests/Access/ViewingTests.cs", // pages that show parts
        "Portal.Tests/Api/ExportTests.cs",
        "Portal.Tests/Cast.cs", // those that other tests speak of
        "Portal.Tests/Data/VisibilityTests.cs", // rows of their own tables
        "Portal.Tests/Home/HomeFigureTests.cs",
        "Portal.Tests/Lists/FilterTests.cs", // what their filters keep
        "Portal.Tests/House/CrossProductTests.cs", // what pages of the demonstration tell
        "Portal.Tests/House/CrossReference.cs",
    ];

    /// <summary>Where every kind is named, or every one but the newest, the next one has to be.</summary>
    [Fact]
    public void A_kind_is_written_into_four_lines_and_its_own_files()
    {
        var names = Kinds
            .All.Select(k => new Regex(
                $@"\b(?:(?:Map)?(?:{k.GetType().GenericTypeArguments[0].Name}s?|{k.Plural})|(?:{k.Name}|{k.Section})(?:List|Room|Specimen)|Map{k.Section})\b",
                RegexOptions.CultureInvariant
            ))
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
            .ToList();
        var page = Read("docs/add-a-kind.md");
        Sources.None(all.Except(Lines).Except(OfTheirOwn), "Files that name every kind; ask the card or the room instead:");
        Sources.None(Lines.Except(all), "Lines that name no kinds:");
        Sources.None(Lines.Where(f => !page.Contains($"`{f}`", StringComparison.Ordinal)), "Lines that docs/add-a-kind.md does not say:");
    }

    [GeneratedRegex(@"^# 0*(?<number>\d+)\.? (?<title>.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"`(?<path>(?:Portal|Portal\.Domain|Portal\.Tests|docs|eng)/[\w./-]*)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"\]\((?<path>[\w./-]+)\)")]
    private static partial Regex Linked();
}
