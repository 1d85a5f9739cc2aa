using System.Diagnostics;
using FsCheck.Xunit;
using Portal.Papers;

namespace Portal.Tests.Papers;

/// <summary>What two people made of one text is one text, as long as they did not change the same.</summary>
public sealed class TextMergeTests
{
    [Theory]
    [InlineData("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC")]
    [InlineData("a\nb\nc\nd\ne", "a\nb\nd\ne", "a\nb\nc\nd\ne\nf", "a\nb\nd\ne\nf")]
    [InlineData("a\nb\nc", "new\na\nb\nc", "a\nb", "new\na\nb")]
    [InlineData("a\nb\nc", "A\nb\nc", "A\nb\nc", "A\nb\nc")]
    [InlineData("a\nb\nc\nd\ne", "A\nb\nc\nd\nE", "A\nb\nc\nd\ne", "A\nb\nc\nd\nE")]
    [InlineData("a\nb\nc", "A\r\nb\r\nc\r\n", "a\nb\nC", "A\nb\nC")]
    [InlineData("مقدمة\nنص\nخاتمة", "مقدمة جديدة\nنص\nخاتمة", "مقدمة\nنص\nخاتمة أخرى", "مقدمة جديدة\nنص\nخاتمة أخرى")]
    [InlineData("委员会\n欢迎\n进展", "委员会\n欢迎\n新的进展", "反恐委员会\n欢迎\n进展", "反恐委员会\n欢迎\n新的进展")]
    [InlineData("a\n\nb", "A\n\nb", "a\n\nB", "A\n\nB")]
    [InlineData(null, null, "a", "a")]
    public void Changes_in_different_paragraphs_are_both_kept(string? began, string? mine, string? theirs, string merged)
    {
        Assert.Equal(merged, TextMerge.Of(began, mine, theirs));
        Assert.Equal(merged, TextMerge.Of(began, theirs, mine));
    }

    [Theory]
    [InlineData("a\nb\nc", "a\nB\nc", "a\nb!\nc")]
    [InlineData("a\nb\nc", "a\nc", "a\nb!\nc")]
    [InlineData("a\nb\nc\nd", "a\nB\nc\nd", "a\nb\nC\nd")]
    [InlineData("a\nb", "a\nmine\nb", "a\ntheirs\nb")]
    [InlineData("a", "a\nmine", "a\ntheirs")]
    [InlineData("a\nb\nc", "a\nb\nc!", "a\nb\nc\nd")]
    [InlineData("a\nb\nc\nd", "c\na\nb\nd", "a\nb\nC\nd")]
    [InlineData("", "mine", "theirs")]
    [InlineData("one line", "", "another line")]
    public void Changes_that_meet_are_asked_about(string began, string mine, string theirs)
    {
        Assert.Null(TextMerge.Of(began, mine, theirs));
        Assert.Null(TextMerge.Of(began, theirs, mine));
    }

    // The part before a paragraph that both keep is the one's, and what follows it the other's.
    [Property(MaxTest = 500)]
    public void Two_edits_apart_from_each_other_are_both_in_the_merged_text(int seed)
    {
        var random = new Random(seed);
        var lines = Text(random, 3 + random.Next(30));
        var kept = 1 + random.Next(lines.Count - 2);
        var (before, after) = (lines[..kept], lines[(kept + 1)..]);
        var (mine, theirs) = (Edited(random, before, ["mine", "لي", "我的"]), Edited(random, after, ["theirs", "لهم", "他们的"]));
        string Of(params IEnumerable<string>[] parts) => string.Join('\n', parts.SelectMany(p => p));
        var (one, other) = (Of(mine, [lines[kept]], after), Of(before, [lines[kept]], theirs));
        Assert.Equal(Of(mine, [lines[kept]], theirs), TextMerge.Of(Of(lines), one, other));
        Assert.Equal(Of(mine, [lines[kept]], theirs), TextMerge.Of(Of(lines), other, one));
    }

    [Property(MaxTest = 1000)]
    public void Whatever_both_did_no_paragraph_is_lost_or_made_up_and_it_is_the_same_for_both(int seed)
    {
        var random = new Random(seed);
        var lines = Text(random, random.Next(12));
        // What both may come to write alike.
        string[] news = ["x", "ي", "新"];
        var (one, other) = (Edited(random, lines, news), Edited(random, lines, news));
        var (began, mine, theirs) = (string.Join('\n', lines), string.Join('\n', one), string.Join('\n', other));
        Assert.Equal(mine, TextMerge.Of(began, mine, began));
        Assert.Equal(mine, TextMerge.Of(began, began, mine));
        Assert.Equal(mine, TextMerge.Of(began, mine, mine));
        var merged = TextMerge.Of(began, mine, theirs);
        Assert.Equal(merged, TextMerge.Of(began, theirs, mine));
        if (merged is null)
            return;
        var both = merged.Split('\n').Where(l => l.Length > 0).ToHashSet();
        Assert.Superset(one.Intersect(other).ToHashSet(), both);
        Assert.Superset(one.Concat(other).Except(lines).ToHashSet(), both);
        Assert.Subset(one.Concat(other).ToHashSet(), both);
        Assert.Empty(both.Intersect(lines).Except(one.Intersect(other)));
    }

    private static List<string> Text(Random random, int count) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(i =>
                    (
                        random.Next(3) switch
                        {
                            0 => "Paragraph ",
                            1 => "فقرة ",
                            _ => "第",
                        }
                    ) + i
                ),
        ];

    // Here and there a paragraph is taken out, written anew, or followed by a new one.
    private static List<string> Edited(Random random, IEnumerable<string> lines, string[] news) =>
        [
            .. lines.SelectMany(l =>
                random.Next(8) switch
                {
                    0 => (string[])[],
                    1 => [news[random.Next(news.Length)]],
                    2 => [l, news[random.Next(news.Length)]],
                    _ => [l],
                }
            ),
        ];

    public static TheoryData<string> Hard => [.. Large.Keys];

    private static string Rows(int count, Func<int, string> line) => string.Join('\n', Enumerable.Range(0, count).Select(line));

    private static readonly Dictionary<string, (string Began, string Mine, string Theirs)> Large = new()
    {
        ["prose"] = (HostileTexts.Large["prose"], "Mine.\n\n" + HostileTexts.Large["prose"], HostileTexts.Large["prose"] + "Theirs."),
        ["lines of one character"] = (HostileTexts.Times("a\nb\n"), HostileTexts.Times("b\nc\nd\n"), HostileTexts.Times("d\na\n")),
        ["line ends"] = ("a" + HostileTexts.Times("\n") + "b", "A" + HostileTexts.Times("\n") + "b", "a" + HostileTexts.Times("\n") + "B"),
        ["one line"] = (
            HostileTexts.Large["one line"],
            HostileTexts.Large["one line"] + "Mine.",
            "Theirs. " + HostileTexts.Large["one line"]
        ),
        ["other lines"] = (Rows(20_000, i => $"line {i}"), Rows(20_000, i => $"row {i * 7}"), Rows(20_000, i => $"line {i / 2}")),
        ["other lines, as many as are compared"] = (
            Rows(2_400, i => $"line {i}"),
            Rows(2_400, i => $"row {i}"),
            Rows(2_400, i => $"line {(i * 7) % 2_400}")
        ),
        ["every second line"] = (
            Rows(2_400, i => $"line {i}"),
            Rows(2_400, i => i % 4 == 0 ? $"mine {i}" : $"line {i}"),
            Rows(2_400, i => i % 4 == 2 ? $"theirs {i}" : $"line {i}")
        ),
    };

    [Theory, MemberData(nameof(Hard))]
    public void Texts_of_200_000_characters_are_brought_together_in_a_moment_or_not_at_all(string name)
    {
        var (began, mine, theirs) = Large[name];
        var watch = Stopwatch.StartNew();
        var merged = TextMerge.Of(began, mine, theirs);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{name}: {watch.Elapsed}");
        Assert.Equal(name is "prose" or "line ends" or "every second line", merged is not null);
    }
}
