using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Domain.Access;
using Portal.Tests.House;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// Every page that takes something from its reader: the line is cut, every control of it is changed, the line is mended. What then stands
/// on the screen has
/// reached the server, value by value in the order it was changed, and the screen still shows it.
/// </summary>
[Collection(OwnBrowserCollection.Name)]
public sealed partial class LineWalkTests(BreakablePortal breakable, ITestOutputHelper output) : IClassFixture<BreakablePortal>
{
    /// <summary>
    /// A page, who opens it, and how: its address, or the list whose records lead to it and what stands behind theirs; what opens the part
    /// that takes
    /// something, and the dialog it is; and the control that leads to another page.
    /// </summary>
    private sealed record Stop(
        string Route,
        string Who,
        string From,
        string? Row = null,
        string Ending = "",
        string? Press = null,
        string? Dialog = null,
        string Leaves = "#none"
    );

    private static readonly Stop[] Stops =
    [
        new("/needs/new", "focal.ken", "/needs/new"),
        new(
            "/needs/{Reference}",
            "focal.ken",
            "/needs?status=Circulated&state=KEN",
            "/needs/",
            Press: "#consents .card-head button",
            Dialog: "ConsentDialog"
        ),
        new(
            "/needs/{Reference}",
            "assistance",
            "/needs?status=Matched",
            "/needs/",
            Press: "#consents .card-head button",
            Dialog: "AskConsentDialog"
        ),
        new("/needs", "focal.ken", "/needs?status=Matched&state=KEN", Press: "main .actions button[type=button]", Dialog: "AskDialog"),
        new("/needs/{Reference}/edit", "focal.ken", "/needs?status=Draft&state=KEN", "/needs/", "/edit"),
        new("/needs/{Reference}/translate", "focal.ken", "/needs?status=Draft&state=KEN", "/needs/", "/translate", Leaves: "#Language"),
        new("/needs/{Reference}/reply", "focal.ken", "/needs?state=KEN", "/needs/", "/reply"),
        new("/needs/{NeedReference}/propose", "manager.norad", "/needs?status=Circulated", "/needs/", "/propose"),
        new("/matches/{Reference}", "assistance", "/matches", "/matches/"),
        new("/matches/weights", "assistance", "/matches/weights"),
        new("/assistance/settings", "assistance", "/assistance/settings"),
        new("/calendar", "assistance", "/calendar"),
        new("/bodies", "access", "/bodies"),
        new(
            "/recommendations/{Reference}",
            "focal.ken",
            "/recommendations?status=Asked",
            "/recommendations/",
            Press: "#threads > .actions > button"
        ),
        new("/assessments/circulate", "director", "/assessments/circulate"),
        new("/assessments/{Reference}", "information", "/assessments?status=Review", "/assessments/"),
        new(
            "/assessments/{Reference}/translate",
            "legal",
            "/assessments?status=Drafting",
            "/assessments/",
            "/translate",
            Leaves: "#Language"
        ),
        new("/assessments/{Reference}/answer", "focal.ken", "/assessments?status=Sent", "/assessments/", "/answer"),
        new("/providers/{Slug}/edit", "manager.norad", "/providers/norad/edit"),
        new("/providers/{Slug}/offers/new", "manager.norad", "/providers/norad/offers/new"),
        new("/providers/{Slug}/offers/{Reference}/edit", "manager.norad", "/providers/norad", "/providers/norad/offers/"),
        new("/notifications/settings", "focal.ken", "/notifications/settings"),
        new("/access/ask", "delegate", "/access/ask"),
        new("/access/grants/new", "access", "/access/grants/new"),
        new("/access/view-as", "access", "/access/view-as"),
        new("/access/people/invite", "access", "/access/people/invite"),
        new("/access/people/{Id:guid}/add", "access", "/access/people", "/access/people/", "/add"),
        new(
            "/access/people/{Id:guid}/transfer/{MembershipId:guid}",
            "access",
            "/access/people",
            "/access/people/",
            Press: "main a[href*='/transfer/']"
        ),
        new("/access/reviews/new", "access", "/access/reviews/new"),
        new("/access/reviews/rhythm", "access", "/access/reviews/rhythm"),
        new("/access/reviews/{Id:guid}", "focal.ken", "/access/reviews", "/access/reviews/"),
        .. from specimen in Access.Specimens.All where specimen.Walk is not null from stop in Of(specimen.Kind, specimen.Walk!) select stop,
    ];

    private static IEnumerable<Stop> Of(Kind kind, Access.Walk walk)
    {
        if (walk.Begin is not null)
            yield return new(kind.Path("new"), walk.Who, kind.Path("new"));
        if (walk.Opened is { } opened)
            yield return new(kind.Path("{Reference}"), walk.Who, kind.List + opened, kind.Path(""));
        yield return new(kind.Path("{Reference}/edit"), walk.Who, kind.List + walk.Edited, kind.Path(""), "/edit");
    }

    /// <summary>Pages that take something and are not walked, and why.</summary>
    private static readonly Dictionary<string, string> NotWalked = new()
    {
        ["/needs/import"] = TakesFile,
        ["/programmes/import"] = TakesFile,
        ["/access/people/import"] = TakesFile,
        ["/needs/import/{Id:guid}"] = IsChosenFrom,
        ["/programmes/import/{Id:guid}"] = IsChosenFrom,
    };

    private const string TakesFile = "A file that the line lost is not told again but asked for again, in LineTests.";
    private const string IsChosenFrom = "Its boxes stand there only while an import waits.";

    [Fact]
    public void Every_page_and_dialog_that_takes_something_is_walked()
    {
        var parts = Sources.Of(".razor").ToLookup(p => Path.GetFileNameWithoutExtension(p.Path), p => Sources.Code(p.Text));
        var taking = parts.Where(part => Takes(part.Key, [])).ToList();
        var routes = taking
            .SelectMany(part => part)
            .Where(text => !text.Contains("ExcludeFromInteractiveRouting", StringComparison.Ordinal))
            .SelectMany(text => Route().Matches(text))
            .Select(route => route.Groups[1].Value)
            .ToList();
        var dialogs = taking
            .Where(part => part.Any(text => text.Contains("<DialogFrame ", StringComparison.Ordinal)))
            .Select(part => part.Key)
            .ToList();
        Sources.None(
            routes.Where(route => !NotWalked.ContainsKey(route) && !Stops.Any(s => s.Route == route)),
            "Pages that take something and on which the line is never cut:"
        );
        Sources.None(NotWalked.Keys.Except(routes), "Pages that are excepted for nothing:");
        Sources.None(
            dialogs.Where(dialog => !Stops.Any(s => s.Dialog == dialog)),
            "Dialogs that take something and in which the line is never cut:"
        );
        Assert.True(routes.Count > 25 && dialogs.Count > 2);

        bool Takes(string name, HashSet<string> seen) =>
            seen.Add(name)
            && parts[name].Any(text => Control().IsMatch(text) || Part().Matches(text).Any(m => Takes(m.Groups[1].Value, seen)));
    }

    [BrowserFact]
    public async Task What_stands_on_the_screen_after_an_outage_has_arrived()
    {
        var (portal, line, found, controls) = (breakable.Portal, breakable.Line, new List<string>(), 0);
        foreach (var walk in Stops.GroupBy(s => s.Who))
        {
            await using var desk = await portal.Person(walk.Key, line);
            foreach (var stop in walk)
            {
                if (await Reach(desk, stop) is not { } address)
                {
                    found.Add($"{stop.Route}: nothing to change was found");
                    continue;
                }
                line.Cut();
                await desk.Page.WaitForFunctionAsync("() => 'line' in document.documentElement.dataset");
                var told = await desk.Page.EvaluateAsync<string[]>(Change, stop.Leaves);
                portal.Heard.Take();
                portal.Heard.IsListening = true;
                line.Mend();
                await desk.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
                await desk.Page.WaitForFunctionAsync("() => !('line' in document.documentElement.dataset)");
                portal.Heard.IsListening = false;
                controls += told.Length;
                found.AddRange(Missing(told, portal.Heard.Take()).Select(value => $"{stop.Route}: {value} did not arrive"));
                if (
                    !await desk.Page.EvaluateAsync<bool>(
                        "() => window.changed.every(c => !c.e.isConnected || window.valueOf(c.e) === c.value)"
                    )
                )
                    found.AddRange((await OtherThanWithoutOutage(desk, stop, address)).Select(d => $"{stop.Route}: {d}"));
            }
            found.AddRange(desk.Complaints.Where(c => !Outage().IsMatch(c)).Select(c => $"{walk.Key}: {c}"));
        }
        output.WriteLine($"{Stops.Length} pages and dialogs, {controls} controls changed while the line was down.");
        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.True(controls > 200, $"Only {controls} controls were changed.");
    }

    [BrowserFact]
    public async Task What_is_typed_on_a_slow_line_keeps_every_letter()
    {
        var (portal, line, found, typed) = (breakable.Portal, breakable.Line, new List<string>(), 0);
        foreach (var walk in Stops.GroupBy(s => s.Who))
        {
            await using var desk = await portal.Person(walk.Key, line);
            var keyboard = await desk.Page.Context.NewCDPSessionAsync(desk.Page);
            foreach (var stop in walk)
            {
                if (await Reach(desk, stop) is null)
                {
                    found.Add($"{stop.Route}: nothing to change was found");
                    continue;
                }
                line.RoundTrip = TimeSpan.FromMilliseconds(300);
                try
                {
                    var fields = await desk.Page.EvaluateHandleAsync(
                        $"() => window.fields = {Controls}.filter(e => e.matches('textarea, input:not([type]), input[type=text]'))"
                    );
                    var written = new List<string>();
                    foreach (var field in (await fields.GetPropertiesAsync()).Values.Select(f => f.AsElement()!))
                    {
                        await field.EvaluateAsync("e => { e.value = ''; e.focus(); }");
                        written.Add(await Write(desk, keyboard, field));
                    }
                    if (written.Count == 0)
                        continue;
                    // Everything is answered, and what the answers drew is on the screen.
                    await desk.Page.Keyboard.PressAsync("Tab");
                    await desk.IsHeard(() =>
                        desk.Page.EvaluateAsync(
                            "() => window.fields.findLast(e => e.isConnected).dispatchEvent(new Event('change', { bubbles: true }))"
                        )
                    );
                    typed += written.Count;
                    var kept = await desk.Page.EvaluateAsync<string[]>("() => window.fields.map(e => e.isConnected ? e.value : 'gone')");
                    found.AddRange(
                        written
                            .Zip(kept)
                            .Where(pair => pair.First != pair.Second)
                            .Select(pair => $"{stop.Route}: {pair.First} was typed, {pair.Second} is there")
                    );
                }
                finally
                {
                    line.RoundTrip = default;
                }
            }
        }
        output.WriteLine($"{typed} fields typed in.");
        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.True(typed > 40, $"Only {typed} fields were typed in.");
    }

    // With keys, and with an input method that composes its letters.
    private static async Task<string> Write(Desk desk, ICDPSession keyboard, IElementHandle field)
    {
        if (await field.EvaluateAsync<bool>("e => e.inputMode === 'numeric'"))
        {
            await desk.Page.Keyboard.TypeAsync("1250");
            return "1250";
        }
        await desk.Page.Keyboard.TypeAsync("Aid ");
        foreach (var composed in new[] { "n", "ni", "nih", "niha", "nihao" })
            await keyboard.SendAsync(
                "Input.imeSetComposition",
                new()
                {
                    ["text"] = composed,
                    ["selectionStart"] = composed.Length,
                    ["selectionEnd"] = composed.Length,
                }
            );
        await keyboard.SendAsync("Input.insertText", new() { ["text"] = "你好" });
        await desk.Page.Keyboard.TypeAsync("!");
        return "Aid 你好!";
    }

    // In the order they were told; others may come between.
    private static List<string> Missing(string[] told, IEnumerable<string> heard)
    {
        var (missing, rest) = (new List<string>(), new Queue<string>(heard));
        foreach (var value in told)
        {
            while (rest.TryPeek(out var other) && other != value)
                rest.Dequeue();
            if (!rest.TryDequeue(out _))
                missing.Add(value);
        }
        return missing;
    }

    // One control may set another: the summary comes with every part. Then the screen shows what the same changes come to on a line that
    // holds.
    private static async Task<IEnumerable<string>> OtherThanWithoutOutage(Desk desk, Stop stop, string address)
    {
        var changes = await desk.Page.EvaluateAsync<string>(
            "() => JSON.stringify(window.changed.map(c => ({ at: c.at, value: c.value })))"
        );
        var after = await desk.Page.EvaluateAsync<string[]>(
            $"() => {Controls}.map(e => `${{e.id || e.closest('label')?.innerText}}: ${{window.valueOf(e)}}`)"
        );
        await desk.GoTo(address);
        await Opens(desk, stop);
        var without = await desk.Page.EvaluateAsync<string[]>(Repeat, changes);
        return without.Length == after.Length
            ? without
                .Zip(after)
                .Where(pair => pair.First != pair.Second)
                .Select(pair => $"{pair.First} without the outage, {pair.Second} after it")
            : [$"{without.Length} controls without the outage, {after.Length} after it"];
    }

    private static async Task<string?> Reach(Desk desk, Stop stop)
    {
        await desk.GoTo(stop.From);
        if (stop.Row is null)
            return await Opens(desk, stop) ? stop.From : null;
        var rows = await desk.Page.EvaluateAsync<string[]>(
            "row => [...new Set([...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href').split(/[?#]/)[0]))].filter(h => h.startsWith(row) && !/\\/(new|import|export|weights|rhythm|invite)$/.test(h))",
            stop.Row
        );
        foreach (var address in rows.Take(12).Select(row => row.EndsWith(stop.Ending, StringComparison.Ordinal) ? row : row + stop.Ending))
        {
            await desk.GoTo(address);
            if (await Opens(desk, stop))
                return address;
        }
        return null;
    }

    private static async Task<bool> Opens(Desk desk, Stop stop)
    {
        if (stop.Press is { } press)
        {
            if (await desk.At(press).CountAsync() == 0)
                return false;
            await Expect(desk.At(press).First).ToBeEnabledAsync();
            // What was typed in it before, and was not sent, has opened it again.
            if (await desk.At(press).First.GetAttributeAsync("aria-expanded") != "true")
                await desk.At(press).First.ClickAsync();
            await desk.Sees($"{(stop.Dialog is null ? "main form" : ".mud-dialog")} :is(input, textarea, select):enabled");
        }
        return await desk.Page.EvaluateAsync<bool>($"() => {Controls}.length > 0");
    }

    private const string Controls =
        """[...(document.querySelector('.mud-dialog') ?? document.querySelector('main')).querySelectorAll('input:not([type=hidden], [type=file], [type=search]), textarea, select')].filter(e => !e.matches(':disabled, [data-submit]') && !e.closest('form[data-list], form[role=search]') && e.checkVisibility())""";

    private const string Tell = """
        window.isBox = e => e.type === 'radio' || e.type === 'checkbox';
        window.valueOf = e => isBox(e) ? e.checked : e.value;
        window.tell = (e, value) => {
            if (isBox(e)) e.checked = value; else e.value = value;
            if (!isBox(e) && e.localName !== 'select') e.dispatchEvent(new Event('input', { bubbles: true }));
            e.dispatchEvent(new Event('change', { bubbles: true }));
        };
        """;

    // Each is changed as somebody would: another option, the other state of a box, more text. Of a list of boxes the first three.
    private const string Change = $$"""
        leaves => {
            {{Tell}}
            const changed = window.changed = [], boxes = new Map();
            let n = 0;
            function other(e) {
                if (e.type === 'radio') return !e.checked && !changed.some(c => c.e.name === e.name) || null;
                if (e.type === 'checkbox') { const list = e.closest('ul, table') ?? e, seen = boxes.get(list) ?? 0; boxes.set(list, seen + 1); return seen > 2 ? null : !e.checked; }
                if (e.localName === 'select') return [...e.options].findLast(o => !o.selected && o.value !== '')?.value ?? null;
                if (e.type === 'date') return `2031-04-${String(10 + n++ % 18)}`;
                if (e.type === 'number') return String(Number(e.min || 0) + 1 + n++ % 3);
                if (e.inputMode === 'numeric') return String(1000 + n++);
                if (e.type === 'email') return `person${n++}@example.org`;
                if (e.type === 'url') return `https://example.org/${n++}`;
                return `${e.value} (${n++})`;
            }
            {{Controls}}.forEach((e, at) => {
                const value = e.matches(leaves) ? null : other(e);
                if (value === null) return;
                tell(e, value);
                changed.push({ e, at, value: valueOf(e) });
            });
            return changed.map(c => c.e.type === 'radio' ? c.e.value : c.e.type === 'checkbox' ? (c.value ? 'True' : 'False') : c.value);
        }
        """;

    // The same changes again, each one heard before the next.
    private const string Repeat = $$"""
        async changes => {
            {{Tell}}
            const controls = {{Controls}}, heard = () => Number(document.querySelector('[data-heard]').dataset.heard);
            for (const { at, value } of JSON.parse(changes)) {
                // One change may draw another control anew, or take it away.
                const e = controls[at].isConnected ? controls[at] : {{Controls}}[at];
                if (!e) continue;
                const before = heard(), patience = Date.now() + 20000;
                tell(e, value);
                while (heard() === before && Date.now() < patience) await new Promise(requestAnimationFrame);
            }
            return {{Controls}}.map(e => `${e.id || e.closest('label')?.innerText}: ${valueOf(e)}`);
        }
        """;

    [GeneratedRegex(@"@page ""([^""]+)""")]
    private static partial Regex Route();

    [GeneratedRegex(@"<(?:input|select|textarea)\b(?:=>|[^>])*@(?:bind|onchange|oninput)|<InputFile\b")]
    private static partial Regex Control();

    [GeneratedRegex(@"<([A-Z]\w+)")]
    private static partial Regex Part();

    // What the browser and the framework say of an outage.
    [GeneratedRegex("Failed to|Connection disconnected|WebSocket|ERR_|negotiat|Error: Error", RegexOptions.IgnoreCase)]
    private static partial Regex Outage();
}
