using System.Diagnostics;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Papers;

namespace Portal.Tests.Papers;

/// <summary>A long text is read as it is meant, and drawn as words whatever it is.</summary>
public sealed class ProseTests
{
    private static readonly ProseLook Look = new(4, "n", "/page", n => $"Note {n}", n => $"Back {n}", "Notes", "Table");

    private static string Html(string text) => ProseDrawing.Html(Prose.Of(text), Look);

    private static IElement Drawn(string text) => new HtmlParser().ParseDocument("<body>" + Html(text)).Body!;

    /// <summary>What may be drawn, and nothing else.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["h4"] = ["dir"],
        ["h5"] = ["dir"],
        ["h6"] = ["dir"],
        ["p"] = ["dir"],
        ["ul"] = ["dir"],
        ["ol"] = ["dir", "start", "class", "aria-label"],
        ["li"] = ["value", "id", "tabindex"],
        ["blockquote"] = ["dir"],
        ["div"] = ["class", "tabindex", "role", "aria-label"],
        ["table"] = [],
        ["thead"] = [],
        ["tbody"] = [],
        ["tr"] = [],
        ["th"] = ["scope", "dir", "class"],
        ["td"] = ["dir", "class"],
        ["hr"] = [],
        ["strong"] = [],
        ["em"] = [],
        ["sup"] = [],
        ["a"] = ["id", "href", "rel", "data-focus", "aria-label"],
    };

    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["dir"] = ["auto", "rtl", "ltr"],
        ["class"] = ["scroll-x", "num", "paper-notes"],
        ["rel"] = ["noopener nofollow"],
        ["role"] = ["group"],
        ["scope"] = ["col"],
        ["tabindex"] = ["0", "-1"],
    };

    internal static void IsHarmless(INode drawn)
    {
        foreach (var element in drawn.Descendants<IElement>())
        {
            Assert.True(Allowed.TryGetValue(element.LocalName, out var attributes), element.OuterHtml);
            foreach (var attribute in element.Attributes)
            {
                Assert.Contains(attribute.Name, attributes);
                if (Values.TryGetValue(attribute.Name, out var values))
                    Assert.Contains(attribute.Value, values);
            }
            if (element.GetAttribute("href") is { } address)
                Assert.True(
                    element.HasAttribute("data-focus")
                        ? address.StartsWith("/page#n-", StringComparison.Ordinal)
                        : element.GetAttribute("rel") is not null
                            && Uri.TryCreate(address, UriKind.Absolute, out var uri)
                            && uri.Scheme is "http" or "https" or "mailto"
                            && (uri.Scheme == "mailto" || uri.UserInfo.Length == 0),
                    address
                );
        }
        Assert.DoesNotContain(drawn.Descendants(), n => n.NodeType is NodeType.Comment);
        Assert.DoesNotContain(drawn.TextContent, c => c is (>= '\u202A' and <= '\u202E') or (< ' ' and not ('\n' or '\t')));
    }

    public static TheoryData<string> Injections => [.. HostileTexts.Injections];

    [Theory, MemberData(nameof(Injections))]
    public void Whatever_is_written_is_words(string text)
    {
        IsHarmless(Drawn(text));
        IsHarmless(Drawn("> - " + text));
        IsHarmless(Drawn($"**{text}**"));
        IsHarmless(Drawn($"|a|\n|-|\n|{text}|"));
    }

    private static readonly Gen<string> Piece = Gen.Elements([
        .. HostileTexts.Injections,
        .. "[ ] ( ) < > * ** _ # | - > ! ^ : \\ & ` ~ \" ' = { } $ @ \n \n\n \t 1. 2) --- [^1] [^1]: |-|-| https:// mailto: javascript: on".Split(
            ' '
        ),
        " ",
        "a",
        "word",
        "ناقش",
        "决议",
        "Комитет",
        "\u202E",
        "\u2067",
        "\u2069",
        "\uD800",
        "\u0000",
        "\u00A0",
        "&#x202E;",
        "&lt;",
    ]);

    public static Arbitrary<string> Texts => Piece.ListOf().Select(p => string.Concat(p)).ToArbitrary();

    [Property(MaxTest = 500)]
    public Property Nothing_is_drawn_but_what_may_be() => Prop.ForAll(Texts, text => IsHarmless(Drawn(text)));

    [Property(MaxTest = 300)]
    public Property No_word_is_lost() =>
        Prop.ForAll(
            Gen.Elements("Committee", "resolution", "ناقش", "决议").ListOf().Select(words => words.ToArray()).ToArbitrary(),
            Texts,
            (words, marks) =>
            {
                // Each word at the beginning of a line, whatever stands before it.
                var text = string.Join("\n", words.Select((w, i) => $"{w}{i} {marks}"));
                var drawn = Drawn(text).TextContent;
                for (var i = 0; i < words.Length; i++)
                    Assert.Contains(words[i] + i, drawn, StringComparison.Ordinal);
            }
        );

    public static TheoryData<string> Large => [.. HostileTexts.Large.Keys];

    [Theory, MemberData(nameof(Large))]
    public void A_text_of_200_000_characters_is_drawn_whatever_it_is(string name)
    {
        var text = HostileTexts.Large[name];
        var watch = Stopwatch.StartNew();
        var html = Html(text);
        // Most take a tenth of it; the machine may be busy.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{name}: {watch.Elapsed}");
        Assert.True(html.Length < 40 * 200_000, $"{name}: {html.Length} characters");
        Assert.DoesNotContain("\u202E", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mark_of_the_subset_is_drawn()
    {
        var drawn = Drawn(
            """
            ## Findings

            The Committee **recalls** *paragraph 2 (e)* and [the guide](https://un.org/guide_(e)).[^a]
            A second line is a paragraph.

            - one
              - two
            - three

            12. twelfth
            13. thirteenth
            15. fifteenth

            > Quoted.
            > Again.

            | State | Reports |
            | :--- | ---: |
            | Kenya | 12 |

            ---

            #### Deeper

            [^a]: S/2024/1, **para. 3**.
              And more.
            """
        );
        IsHarmless(drawn);
        Assert.Equal(["h4 Findings", "h5 Deeper"], drawn.QuerySelectorAll("h4, h5, h6").Select(h => h.LocalName + " " + h.TextContent));
        Assert.Equal("recalls", drawn.QuerySelector("p > strong")!.TextContent);
        Assert.Equal("paragraph 2 (e)", drawn.QuerySelector("p > em")!.TextContent);
        Assert.Equal("https://un.org/guide_(e)", drawn.QuerySelector("p > a[rel]")!.GetAttribute("href"));
        Assert.Equal("A second line is a paragraph.", drawn.QuerySelectorAll(":scope > p")[1].TextContent);
        Assert.Equal("two", drawn.QuerySelector("ul ul > li")!.TextContent);
        var numbered = drawn.QuerySelector("ol:not(.paper-notes)")!;
        Assert.Equal("12", numbered.GetAttribute("start"));
        Assert.Equal([null, null, "15"], numbered.Children.Select(li => li.GetAttribute("value")));
        Assert.Equal(2, Assert.Single(drawn.QuerySelectorAll("blockquote")).Children.Length);
        Assert.Equal(["State", "Reports"], drawn.QuerySelectorAll("thead th").Select(h => h.TextContent));
        Assert.Equal("12", drawn.QuerySelector("td.num")!.TextContent);
        Assert.NotNull(drawn.QuerySelector("hr"));
        Assert.Equal("n-1", drawn.QuerySelector("sup > a")!.GetAttribute("data-focus"));
        Assert.Equal("S/2024/1, para. 3.And more.↑", drawn.QuerySelector(".paper-notes > #n-1")!.TextContent);
    }

    [Theory]
    [InlineData("a | b", "a | b")]
    [InlineData("a\n| b | c\nd", "a| b | cd")]
    [InlineData("2 * 3 * 4_5_6", "2 * 3 * 4_5_6")]
    [InlineData("[a]: https://un.org", "[a]: https://un.org")]
    [InlineData("![a map](https://evil.example/x.png) of it", "a map of it")]
    [InlineData("[^1] without a note", "[^1] without a note")]
    [InlineData("[1] and [x] remain", "[1] and [x] remain")]
    [InlineData("Title\n===", "Title===")]
    [InlineData("    indented", "indented")]
    [InlineData("`code` ``` ~~~", "`code` ``` ~~~")]
    [InlineData("•\tone\n•\ttwo", "onetwo")]
    [InlineData(@"\*not\* <b>", "*not* <b>")]
    [InlineData("a&nbsp;b &copy;", "a\u00A0b ©")]
    [InlineData("- a\nb", "ab")]
    [InlineData("> a\nb", "ab")]
    [InlineData("# a\nb\n1. c\nd", "abcd")]
    public void What_is_no_mark_is_words(string text, string words)
    {
        Assert.Equal(words, Drawn(text).TextContent);
        Assert.Empty(Drawn(text).QuerySelectorAll("img, code, pre"));
    }

    [Theory]
    [InlineData("见https://un.org/zh。下文", "https://un.org/zh")]
    [InlineData("see https://un.org/a_b_c.", "https://un.org/a_b_c")]
    [InlineData("(https://un.org/a)", "https://un.org/a")]
    [InlineData("<https://un.org/a>", "https://un.org/a")]
    [InlineData("<cted@un.org>", "mailto:cted@un.org")]
    [InlineData("[**the** guide](https://un.org/a \"Guide\")", "https://un.org/a")]
    public void Addresses_are_links(string text, string address) =>
        Assert.Equal(address, Assert.Single(Drawn(text).QuerySelectorAll("a")).GetAttribute("href"));

    [Fact]
    public void A_passage_runs_as_its_own_letters_do()
    {
        var drawn = Drawn("English.\nنص عربي.\n12–15\n\n- قائمة\n- list\n\n> اقتباس");
        Assert.Equal(["auto", "auto", null], drawn.QuerySelectorAll(":scope > p").Select(p => p.GetAttribute("dir")));
        Assert.Equal("rtl", drawn.QuerySelector("ul")!.GetAttribute("dir"));
        Assert.Equal(["auto", "auto"], drawn.QuerySelectorAll("li > p").Select(p => p.GetAttribute("dir")));
        Assert.Equal("rtl", drawn.QuerySelector("blockquote")!.GetAttribute("dir"));
    }

    [Theory]
    [InlineData("safe \u202Etxt.exe", "safe txt.exe")]
    [InlineData("a&#x202E;b&#8238;c", "abc")]
    [InlineData("\u2067open\nnext", "\u2067open\u2069next")]
    [InlineData("**\u202Ex** y\u202C z", "x y z")]
    public void Nothing_is_shown_in_another_order_than_it_is_written_in(string text, string words) =>
        Assert.Equal(words, Drawn(text).TextContent);

    [Fact]
    public void Footnotes_are_numbered_as_they_come_and_none_is_lost()
    {
        var prose = Prose.Of("b[^b] a[^a] b[^b]\n\n[^a]: A\n[^b]: B\n[^c]: never used\n[^a]: again");
        Assert.Equal(
            [(1, "B", true), (2, "A", true), (3, "never used", false)],
            prose.Notes.Select(n => (n.Number, n.Blocks[0].Words, n.IsUsed))
        );
        Assert.Equal("b a b", prose.Blocks[0].Words);
        Assert.Equal("1: again", Drawn("[^a]: A\n[^a]: again").QuerySelector("p")!.TextContent);
    }

    [Theory]
    [InlineData("# A\n\ntext **b**[^1]\n\n- x\n- y\n\n3. z\n\n[^1]: n", "A\ntext b[1]\n• x\n• y\n3. z\n[1] n")]
    [InlineData("[guide](https://un.org/a) https://un.org/b <a@b.c>", "guide (https://un.org/a) https://un.org/b a@b.c")]
    [InlineData("|a|b|\n|-|-|\n|c|d|", "a\tb\nc\td")]
    [InlineData("", "")]
    public void The_plain_form_says_the_same(string text, string plain) => Assert.Equal(plain, PaperPlain.Of(text));
}
