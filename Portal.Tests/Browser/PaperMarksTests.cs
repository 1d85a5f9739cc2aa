using Bunit;
using Microsoft.Playwright;
using Portal.Papers;
using Portal.Shell;
using Portal.Tests.House;
using static Microsoft.Playwright.Assertions;
using Language = Portal.Domain.Reference.Language;

namespace Portal.Tests.Browser;

/// <summary>The toolbar of a long text in a browser: the component as it is drawn, the script and the stylesheet, and no portal behind.</summary>
public sealed class PaperMarksTests : IAsyncLifetime
{
    private const string Host = "http://papers.test/";
    private readonly BunitContext components = new();
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        components.Services.AddWords();
        if (Chromium.Program is null)
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium.Program, Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] }
        );
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        await components.DisposeAsync();
    }

    private async Task<IPage> Page(string direction = "ltr", int width = 1280)
    {
        var edit = components.Render<PaperEdit>(p =>
            p.Add(e => e.Language, Language.En).Add(e => e.Value, "# Read").Add(e => e.Most, 2000).AddUnmatched("id", "text")
        );
        var page = await browser!.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
            }
        );
        await page.RouteAsync(
            Host + "**",
            route =>
                route.Request.Url.EndsWith('/')
                    ? route.FulfillAsync(
                        new()
                        {
                            ContentType = "text/html",
                            Body =
                                $"<!DOCTYPE html><html dir={direction}><meta charset=utf-8><link rel=stylesheet href=/portal.css><body><main><form class=\"form form-wide\"><div class=field><label for=text>Text</label>{edit.Markup}</div><button type=button id=next>Next</button></form></main><script type=module src=/portal.js></script>",
                        }
                    )
                    : route.FulfillAsync(
                        new() { Path = Path.Combine(Sources.Root, "Portal/wwwroot", new Uri(route.Request.Url).AbsolutePath[1..]) }
                    )
        );
        await page.GotoAsync(Host);
        return page;
    }

    // What is chosen stands between ‹ and ›.
    private static async Task Write(IPage page, string text)
    {
        var (from, to) = (text.IndexOf('‹'), text.IndexOf('›') - 1);
        await page.EvaluateAsync(
            "([t, from, to]) => { const e = document.getElementById('text'); e.value = t; e.focus(); e.setSelectionRange(from, to); window.told = []; e.addEventListener('change', () => told.push(e.value)); }",
            new object[] { text.Replace("‹", "").Replace("›", ""), from, to }
        );
    }

    private static Task<string> Stands(IPage page) =>
        page.EvaluateAsync<string>(
            "() => { const e = document.getElementById('text'); return e.value.slice(0, e.selectionStart) + '‹' + e.value.slice(e.selectionStart, e.selectionEnd) + '›' + e.value.slice(e.selectionEnd); }"
        );

    [BrowserTheory]
    [InlineData("Bold", "a ‹word› b", "a **‹word›** b")]
    [InlineData("Bold", "a **‹word›** b", "a ‹word› b")]
    [InlineData("Bold", "a‹› b", "a**‹text›** b")]
    [InlineData("Bold", "‹one\ntwo ›", "‹**one**\n**two** ›")]
    [InlineData("Italic", "a ‹word› b", "a *‹word›* b")]
    [InlineData("Italic", "a *‹word›* b", "a ‹word› b")]
    [InlineData("Italic", "a **‹word›** b", "a ***‹word›*** b")]
    [InlineData("Heading", "one\ntw‹›o\nthree", "one\n# two‹›\nthree")]
    [InlineData("Heading", "# two‹›", "## two‹›")]
    [InlineData("Heading", "### two‹›", "two‹›")]
    [InlineData("Heading", "‹›", "# ‹›")]
    [InlineData("List", "one\n‹two\nthree›\nfour", "one\n‹- two\n- three›\nfour")]
    [InlineData("List", "‹- two\n- three›", "‹two\nthree›")]
    [InlineData("List", "a\n‹›", "a\n- ‹›")]
    [InlineData("Link", "see ‹the guide›.", "see [the guide](‹https://›).")]
    [InlineData("Link", "see ‹https://un.org›.", "see [‹text›](https://un.org).")]
    [InlineData("Table", "one‹›\ntwo", "one\n\n| ‹text› | text |\n| --- | --- |\n| text | text |\n\n\ntwo")]
    [InlineData("Footnote", "one‹› two[^3].\n\n[^3]: three", "one[^4] two[^3].\n\n[^3]: three\n\n[^4]: ‹text›")]
    public async Task A_button_puts_its_mark_into_the_text(string button, string before, string after)
    {
        var page = await Page();
        await Write(page, before);
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        Assert.Equal(after, await Stands(page));
        await Expect(page.Locator("#text")).ToBeFocusedAsync();
        // The server is told at once, and the browser can take it back.
        Assert.Equal(after.Replace("‹", "").Replace("›", ""), (await page.EvaluateAsync<string[]>("() => told"))[^1]);
        for (var i = 0; i < 3 && await Stands(page) is var now && Plain(now) != Plain(before); i++)
            await page.Keyboard.PressAsync("Control+Z");
        Assert.Equal(Plain(before), Plain(await Stands(page)));
    }

    private static string Plain(string text) => text.Replace("‹", "").Replace("›", "");

    [BrowserFact]
    public async Task By_keyboard_the_toolbar_is_one_stop_and_the_text_the_next()
    {
        var page = await Page();
        await page.Keyboard.PressAsync("Tab");
        async Task Has(string words) =>
            Assert.Equal(words, await page.EvaluateAsync<string>("() => document.activeElement.textContent.trim()"));
        await Has("Heading");
        await page.Keyboard.PressAsync("ArrowRight");
        await Has("Bold");
        await page.Keyboard.PressAsync("End");
        await Has("Footnote");
        await page.Keyboard.PressAsync("ArrowRight");
        await Has("Heading");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Has("Footnote");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("#text")).ToBeFocusedAsync();
        // Back to where it was left; and out of the text as out of any other field.
        await page.Keyboard.PressAsync("Shift+Tab");
        await Has("Footnote");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await Has("Next");
        await Write(page, "‹word›");
        await page.Keyboard.PressAsync("Control+B");
        Assert.Equal("**‹word›**", await Stands(page));

        var right = await Page("rtl");
        await right.Keyboard.PressAsync("Tab");
        await right.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("Bold", await right.EvaluateAsync<string>("() => document.activeElement.textContent.trim()"));
    }

    [BrowserFact]
    public async Task What_does_not_fit_is_not_put_in()
    {
        var page = await Page();
        await Write(page, new string('a', 1998) + "‹›");
        await page.GetByRole(AriaRole.Button, new() { Name = "Table", Exact = true }).ClickAsync();
        Assert.Equal(1998, (await page.Locator("#text").InputValueAsync()).Length);
    }

    [BrowserTheory]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    public async Task The_preview_stands_beside_the_text_and_on_a_phone_is_opened(int width, bool isBeside)
    {
        var page = await Page(width: width);
        var (text, read) = (page.Locator("#text"), page.Locator(".preview"));
        await Expect(read).ToBeVisibleAsync(new() { Visible = isBeside });
        await Expect(page.Locator("summary")).ToBeVisibleAsync(new() { Visible = !isBeside });
        if (!isBeside)
            await page.Locator("summary").ClickAsync();
        var (left, right) = (await text.BoundingBoxAsync(), await read.BoundingBoxAsync());
        Assert.True(isBeside ? right!.X > left!.X + left.Width : right!.Y > left!.Y + left.Height);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    }
}
