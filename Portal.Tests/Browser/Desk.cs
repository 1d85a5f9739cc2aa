using System.Globalization;
using System.Resources;
using Microsoft.Playwright;
using Portal.Assessments;
using Portal.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// Somebody before a screen of their own: what they open, press, fill and see. Nothing here sleeps; everything waits for a state of the
/// page.
/// </summary>
public sealed class Desk : IAsyncDisposable
{
    private readonly IBrowserContext context;

    private Desk(IBrowserContext context, Language language, IPage page)
    {
        (this.context, Language) = (context, language);
        Page = Watched(page);
    }

    internal static async Task<Desk> Open(IBrowserContext context, string address, Language language)
    {
        await context.AddCookiesAsync([
            new Cookie
            {
                Name = Culture.Cookie,
                Value = language.Tag(),
                Url = address,
            },
            new Cookie
            {
                Name = "portal.theme",
                Value = "light",
                Url = address,
            },
        ]);
        return new Desk(context, language, await context.NewPageAsync());
    }

    /// <summary>The page in front.</summary>
    public IPage Page { get; private set; }

    /// <summary>The language that this person reads the portal in.</summary>
    public Language Language { get; private set; }

    /// <summary>What the browser complained about: errors of scripts, and what the content security policy kept out.</summary>
    public List<string> Complaints { get; } = [];

    private IPage Watched(IPage page)
    {
        page.Console += (_, m) =>
        {
            // The answer to an address that leads nowhere is no complaint.
            if (
                m.Type == "error"
                && !(m.Text.Contains("404", StringComparison.Ordinal) && m.Location.StartsWith(page.Url, StringComparison.Ordinal))
            )
                Complaints.Add($"{page.Url}: {m.Text}");
        };
        page.PageError += (_, e) => Complaints.Add($"{page.Url}: {e}");
        return page;
    }

    /// <summary>Opens an address and waits until the page answers.</summary>
    public async Task GoTo(string path)
    {
        try
        {
            await Page.GotoAsync(path);
        }
        catch (PlaywrightException e) when (e.Message.Contains("ERR_ABORTED", StringComparison.Ordinal))
        {
            // The page was just being loaded anew by itself; whoever types an address then types it once more.
            await Page.GotoAsync(path);
        }
        await Answers();
    }

    /// <summary>Another window of the same person, now in front; the ones before stay open.</summary>
    public async Task<IPage> NewWindow(string path)
    {
        Page = Watched(await context.NewPageAsync());
        await GoTo(path);
        return Page;
    }

    /// <summary>
    /// Another window of the same person behind a slow line: the page is drawn, and answers to nothing until the task is let go on.
    /// </summary>
    public async Task<(IPage Page, TaskCompletionSource Line)> NewSlowWindow(string path)
    {
        var (page, line) = (Watched(await context.NewPageAsync()), new TaskCompletionSource());
        await page.RouteAsync(
            "**/_framework/blazor.web*",
            async script =>
            {
                await line.Task;
                await script.ContinueAsync();
            }
        );
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
        return (page, line);
    }

    /// <summary>Turns to a window that has stayed open.</summary>
    public void Turn(IPage window) => Page = window;

    /// <summary>The page answers to what is pressed; a page without a circuit always does.</summary>
    public Task Answers() => Expect(Page.Locator("main[data-interactive=true], main:not([data-interactive])").First).ToBeVisibleAsync();

    /// <summary>
    /// Does something and waits until the portal has heard it and everything before it: what the screen says of it later is nothing more
    /// that the person did.
    /// </summary>
    public async Task IsHeard(Func<Task> act)
    {
        var before = await Page.GetAttributeAsync("[data-heard]", "data-heard");
        await act();
        await Page.WaitForFunctionAsync("before => Number(document.querySelector('[data-heard]').dataset.heard) > Number(before)", before);
    }

    /// <summary>Chooses another language in the frame of the page, which then opens in it.</summary>
    public async Task Reads(Language other)
    {
        await Page.GetByLabel(Word("language"), new() { Exact = true }).ClickAsync();
        await Page.GetByText(other.Autonym(), new() { Exact = true }).First.ClickAsync();
        await Expect(At("html")).ToHaveAttributeAsync("lang", other.Tag());
        Language = other;
        await Answers();
    }

    /// <summary>A word of the assessments in this person's language.</summary>
    public string AssessmentWord(string key) => Words.Assessments.GetString(key, CultureInfo.GetCultureInfo(Language.Tag()))!;

    /// <summary>A word of the needs and proposals in this person's language.</summary>
    public string Word(string key)
    {
        var culture = CultureInfo.GetCultureInfo(Language.Tag());
        return Words.Assistance.GetString(key, culture) ?? Words.Shell.GetString(key, culture)!;
    }

    /// <summary>A code in this person's language.</summary>
    public string Code(string kind, string code) =>
        Words.Codes.Select(w => w.GetString($"{kind}:{code}", CultureInfo.GetCultureInfo(Language.Tag()))).First(w => w is not null)!;

    /// <summary>A status in this person's language.</summary>
    public string Status(Enum status) => Code("status", status.ToString());

    public ILocator At(string selector) => Page.Locator(selector);

    public Task Fill(string field, string text) => Page.FillAsync(field, text);

    public Task Press(string selector) => Page.ClickAsync(selector);

    public Task Sees(string selector) => Expect(At(selector).First).ToBeVisibleAsync();

    public Task Sees(string selector, string text) => Expect(At(selector).First).ToContainTextAsync(text);

    public Task DoesNotSee(string selector) => Expect(At(selector)).ToHaveCountAsync(0);

    /// <summary>The status that the open record shows.</summary>
    public Task SeesStatus(Enum status) => Expect(At(".record-head .status")).ToHaveTextAsync(Status(status));

    /// <summary>The page says that there is nothing here.</summary>
    public async Task FindsNothing()
    {
        await Sees("main .empty h1");
        await DoesNotSee(".record-head");
    }

    /// <summary>Says yes to what the portal asks, having typed what it asks for.</summary>
    public async Task Agrees(string? typed = null)
    {
        if (typed is not null)
            await Fill(".mud-dialog #ask-value", typed);
        await Press(".mud-dialog button[type=submit]");
        await DoesNotSee(".mud-dialog");
    }

    /// <summary>Presses the one next action of the open record and agrees.</summary>
    public async Task Does(string act, string? typed = null)
    {
        await At(".record-head button").GetByText(Word(act), new() { Exact = true }).ClickAsync();
        await Agrees(typed);
    }

    /// <summary>Texts set in a column so narrow that a line holds a few letters.</summary>
    public Task<string[]> Squeezed() =>
        Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('main *')].filter(e => {
                const text = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join(' '), box = e.getBoundingClientRect();
                return text.length >= 20 && box.width > 1 && box.width < 60 && box.height > 60;
            }).slice(0, 4).map(e => `${e.tagName.toLowerCase()}.${e.className}: ${e.textContent.trim().slice(0, 40)}`)
            """
        );

    /// <summary>The reference that the address ends with.</summary>
    public string Reference => new Uri(Page.Url).AbsolutePath.Split('/')[^1];

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private static class Words
    {
        public static readonly ResourceManager Assessments = new(typeof(AssessmentWords));
        public static readonly ResourceManager Assistance = new(typeof(AssistanceWords));
        public static readonly ResourceManager Shell = new(typeof(ShellWords));
        public static readonly IReadOnlyList<ResourceManager> Codes =
        [
            .. RecordRooms.All.Select(r => r.Words).Distinct().Prepend(typeof(CodeWords)).Select(w => new ResourceManager(w)),
        ];
    }
}
