using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Papers;

namespace Portal.Tests.Papers;

/// <summary>What differs between two texts, by words.</summary>
public sealed class TextDifferenceTests
{
    private static string Told(string before, string after) =>
        string.Concat(
            TextDifference
                .Of(before, after)
                .Select(p =>
                    p.Kind switch
                    {
                        DifferenceKind.Same => p.Text,
                        DifferenceKind.Removed => $"[-{p.Text}-]",
                        DifferenceKind.Added => $"[+{p.Text}+]",
                    }
                )
        );

    private static void Holds(string before, string after)
    {
        var parts = TextDifference.Of(before, after);
        Assert.Equal(before, string.Concat(parts.Where(p => p.Kind != DifferenceKind.Added).Select(p => p.Text)));
        Assert.Equal(after, string.Concat(parts.Where(p => p.Kind != DifferenceKind.Removed).Select(p => p.Text)));
        Assert.DoesNotContain(parts, p => p.Text.Length == 0);
        Assert.DoesNotContain(parts.Zip(parts.Skip(1)), p => p.First.Kind == p.Second.Kind);
    }

    [Theory]
    [InlineData("The State has reported.", "The State has not reported.", "The State has [+not +]reported.")]
    [InlineData("one two three four five six", "one two 3 4 five six", "one two [-three four-][+3 4+] five six")]
    [InlineData("Kenya met it.\nPeru did not.", "Kenya met it.\nPeru did.", "Kenya met it.\nPeru did[- not-].")]
    [InlineData("委员会欢迎会员国取得的进展。", "委员会注意到会员国取得的进展。", "委员会[-欢迎-][+注意到+]会员国取得的进展。")]
    [InlineData(
        "ترحب اللجنة بالتقدم المحرز في التنفيذ.",
        "تلاحظ اللجنة التقدم المحرز في التنفيذ.",
        "[-ترحب-][+تلاحظ+] اللجنة [-بالتقدم-][+التقدم+] المحرز في التنفيذ."
    )]
    [InlineData("It is so.", "It is so.\nNew.", "It is so.[+\nNew.+]")]
    [InlineData("A.\nB.\nC.", "A.\nC.", "A.\n[-B.\n-]C.")]
    [InlineData("", "new", "[+new+]")]
    [InlineData("old", "", "[-old-]")]
    [InlineData("same", "same", "same")]
    [InlineData("", "", "")]
    [InlineData("a\nb", "a\n\nb", "a\n[+\n+]b")]
    [InlineData("alpha beta gamma delta", "один два три четыре", "[-alpha beta gamma delta-][+один два три четыре+]")]
    [InlineData("It cost 3.14 in all then.", "It cost 3.15 in all then.", "It cost 3.[-14-][+15+] in all then.")]
    public void Words_are_removed_and_added(string before, string after, string told)
    {
        Assert.Equal(told, Told(before, after));
        Holds(before, after);
    }

    [Property(MaxTest = 500)]
    public void Any_two_texts_come_out_of_their_difference(string? before, string? after) => Holds(before ?? "", after ?? "");

    private static readonly Arbitrary<string> Alike = Gen.Elements(
            "a ",
            "b ",
            "c",
            ". ",
            "\n",
            " ",
            "ع",
            "َ",
            "国",
            "家",
            "。",
            "\uD83D\uDE00",
            "\uD83D",
            "1",
            "-",
            "‍",
            "\u00A0"
        )
        .ListOf()
        .Select(p => string.Concat(p))
        .ToArbitrary();

    [Property(MaxTest = 500)]
    public Property Two_texts_that_have_much_in_common_do_too() => Prop.ForAll(Alike, Alike, Holds);

    public static TheoryData<string> Pairs => [.. Large.Keys];

    private static readonly Dictionary<string, (string Before, string After)> Large = new()
    {
        ["a word in the middle"] = (HostileTexts.Large["prose"], HostileTexts.Large["prose"].Insert(100_000, " word ")),
        ["every line changed"] = (
            HostileTexts.Large["prose"],
            HostileTexts.Large["prose"].Replace("recalls", "notes", StringComparison.Ordinal)
        ),
        ["nothing in common"] = (HostileTexts.Large["Arabic"], HostileTexts.Large["Chinese"]),
        ["one paragraph of Chinese, changed at both ends"] = (HostileTexts.Large["Chinese"], $"新{HostileTexts.Large["Chinese"]}新"),
        ["Chinese without a sign, every tenth changed"] = (
            Chars(0x4E00, 1),
            string.Concat(Chars(0x4E00, 1).Select((c, i) => i % 10 == 0 ? '新' : c))
        ),
        ["Chinese without a sign, other characters"] = (Chars(0x4E00, 1), Chars(0x5E00, 7)),
        ["lines of one character"] = (HostileTexts.Times("a\nb\n"), HostileTexts.Times("b\nc\nd\n")),
        ["other lines"] = (
            string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")),
            string.Concat(Enumerable.Range(0, 20_000).Select(i => $"row {i * 7}\n"))
        ),
        ["blanks"] = (HostileTexts.Times(" "), HostileTexts.Times("\n ")),
    };

    private static string Chars(int from, int step) =>
        string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)(from + (int)((long)i * i * step % 4000))));

    [Theory, MemberData(nameof(Pairs))]
    public void Texts_of_200_000_characters_are_compared_in_a_moment(string name)
    {
        var (before, after) = Large[name];
        var watch = Stopwatch.StartNew();
        Holds(before, after);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{name}: {watch.Elapsed}");
    }
}
