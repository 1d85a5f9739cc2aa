using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Assistance;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Papers;
using Portal.Shell;

namespace Portal.Tests.Papers;

/// <summary>Long texts on a page.</summary>
public sealed class PaperComponentTests : BunitContext
{
    public PaperComponentTests() => Services.AddWords();

    [Fact]
    public void A_text_is_drawn_below_the_headings_of_its_page_in_its_own_language()
    {
        var text = Render<PaperText>(p =>
            p.Add(t => t.Text, "# عنوان\n\nنص **مهم**[^1] <b>\n\n[^1]: Note").Add(t => t.Language, Language.Ar).Add(t => t.Top, 3)
        );
        var paper = text.Find(".paper");
        Assert.Equal(("ar", "rtl"), (paper.GetAttribute("lang"), paper.GetAttribute("dir")));
        Assert.Equal("عنوان", paper.QuerySelector("h3")!.TextContent);
        Assert.Equal("نص مهم1 <b>", paper.QuerySelector("p")!.TextContent);
        var mark = paper.QuerySelector("sup > a")!;
        Assert.Equal("Footnote 1", mark.GetAttribute("aria-label"));
        // It leads to its note by the address of the page, which a base would take away, and back.
        Assert.Equal("/#" + mark.GetAttribute("data-focus"), mark.GetAttribute("href"));
        var note = paper.QuerySelector("#" + mark.GetAttribute("data-focus"))!;
        Assert.Equal(mark.Id, note.QuerySelector("a")!.GetAttribute("data-focus"));
    }

    [Fact]
    public void What_is_drawn_follows_the_text()
    {
        var text = Render<PaperText>(p => p.Add(t => t.Text, "one\n\n- two").Add(t => t.Language, Language.En));
        foreach (
            var next in new[]
            {
                "# one",
                "- one\n- two\n\n|a|\n|-|\n|b|",
                "",
                "one **two** [three](https://un.org/)",
                HostileTexts.Injections[0],
            }
        )
        {
            text.Render(p => p.Add(t => t.Text, next));
            ProseTests.IsHarmless(text.Find(".paper"));
            Assert.Equal(
                new AngleSharp.Html.Parser.HtmlParser()
                    .ParseDocument(ProseDrawing.Html(Prose.Of(next), new(4, "n", Table: "Table")))
                    .Body!.InnerHtml,
                text.Find(".paper").InnerHtml
            );
        }
    }

    [Theory]
    [InlineData(Language.En, "The State has reported.", "The State has not reported.\nNew.")]
    [InlineData(Language.Zh, "委员会欢迎进展。", "委员会注意到进展。")]
    [InlineData(Language.Ar, "ترحب اللجنة بالتقدم.", "تلاحظ اللجنة التقدم.")]
    [InlineData(Language.En, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")]
    public void A_difference_is_seen_heard_and_nothing_but_words(Language language, string before, string after)
    {
        var drawn = Render<DifferenceText>(p => p.Add(d => d.Before, before).Add(d => d.After, after).Add(d => d.Language, language))
            .Find(".difference");
        Assert.Equal(language.Tag(), drawn.GetAttribute("lang"));
        foreach (var heard in drawn.QuerySelectorAll(":is(ins, del) > .visually-hidden").ToList())
        {
            Assert.Contains(heard.TextContent.Trim(), new[] { "added:", "removed:", "end of the change" });
            heard.Remove();
        }
        Assert.Subset(new HashSet<string> { "p", "ins", "del" }, drawn.QuerySelectorAll("*").Select(e => e.LocalName).ToHashSet());
        string Without(string element) =>
            string.Join(
                    '\n',
                    drawn.Children.Select(p => string.Concat(p.ChildNodes.Where(n => n.NodeName != element).Select(n => n.TextContent)))
                )
                .Replace("¶\n", "\n", StringComparison.Ordinal);
        Assert.Equal(after, Without("DEL"));
        Assert.Equal(before, Without("INS").TrimEnd('\n'));
    }

    [Fact]
    public void Two_texts_that_are_the_same_are_said_to_be() =>
        Assert.Contains(
            "The two texts are the same.",
            Render<DifferenceText>(p => p.Add(d => d.Before, "a\r\nb").Add(d => d.After, "a\nb").Add(d => d.Language, Language.En)).Markup,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task What_is_written_is_told_and_read_beside_it()
    {
        string? told = null;
        var edit = Render<PaperEdit>(p =>
            p.Add(e => e.Value, "")
                .Add(e => e.ValueChanged, v => told = v)
                .Add(e => e.Language, Language.Ar)
                .Add(e => e.Most, 4000)
                .AddUnmatched("id", "text")
                .AddUnmatched("aria-describedby", "text-help")
        );
        var field = edit.Find("textarea#text");
        Assert.Equal(
            ("text-help", "4000", "ar", "auto"),
            (field.GetAttribute("aria-describedby"), field.GetAttribute("maxlength"), field.GetAttribute("lang"), field.GetAttribute("dir"))
        );
        Assert.Empty(edit.FindAll(".paper"));
        await field.ChangeAsync(new() { Value = "# عنوان" });
        Assert.Equal("# عنوان", told);
        Assert.Equal("عنوان", edit.Find(".preview h4").TextContent);
        // Kept while it is typed, in whatever form it stands.
        Assert.NotNull(edit.Find("textarea").Closest("[data-autosave]"));
    }

    [Fact]
    public void The_toolbar_is_one_stop_before_the_text_and_its_buttons_send_nothing()
    {
        var edit = Render<PaperEdit>(p => p.Add(e => e.Language, Language.En).AddUnmatched("id", "text"));
        var bar = edit.Find("[role=toolbar]");
        Assert.Equal("text", bar.GetAttribute("aria-controls"));
        Assert.Equal(["Heading", "Bold", "Italic", "List", "Table", "Link", "Footnote"], bar.Children.Select(b => b.TextContent.Trim()));
        Assert.Equal(["0", .. Enumerable.Repeat("-1", 6)], bar.Children.Select(b => b.GetAttribute("tabindex")));
        Assert.All(bar.Children, b => Assert.Equal("button", b.GetAttribute("type")));
    }

    [Fact]
    public async Task A_field_of_a_record_may_be_a_paper()
    {
        var form = new Typed<Need.Content>();
        form["Language"] = Language.Fr;
        var fields = Render<FieldsOf>(p =>
            p.Add(f => f.Form, form)
                .Add(f => f.Errors, FormErrors.None)
                .Add(f => f.Words, Services.GetRequiredService<IStringLocalizer<AssistanceWords>>())
                .AddChildContent<FieldOf>(f => f.Add(o => o.Name, "Description").Add(o => o.IsPaper, true).Add(o => o.Rows, 20))
        );
        var text = fields.Find(".paper-edit textarea#Description");
        Assert.Equal(("fr", "20"), (text.GetAttribute("lang"), text.GetAttribute("rows")));
        await text.ChangeAsync(new() { Value = "**x**" });
        Assert.Equal("**x**", form["Description"]);
    }
}
