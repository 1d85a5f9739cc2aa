using System.Collections.Concurrent;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Tests.House;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// Every page of the portal by keyboard, on a desk, a telephone and at fourfold size, light, dark and in forced colours, in both directions
/// of writing: a ring round what has the focus, nothing
/// over it, nothing beyond the edge of the screen, menus and panels whole.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class LayoutTests(OpenPortal portal)
{
    private const int AtOnce = 2;
    private static readonly string Walk = File.ReadAllText(Path.Combine(Sources.Root, "Portal.Tests", "Browser", "walk.js"));

    private static readonly (int Width, int Height, string Theme, ForcedColors Forced)[] Screens =
    [
        (1280, 720, "light", ForcedColors.None),
        (375, 667, "dark", ForcedColors.None),
        (320, 256, "light", ForcedColors.Active),
    ];

    private const string Unbroken = """
        () => {
            const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth;
            if (!fits()) return [];
            for (const e of document.querySelectorAll('main :is(bdi, h1, td a, [lang], [dir=auto]):not(input, textarea, select, option)')) {
                if (e.childElementCount || e.closest('svg, .scroll-x') || !e.textContent.trim()) continue;
                const was = e.textContent;
                e.textContent = 'Training'.repeat(25);
                if (!fits()) return [`${e.localName}.${e.className} in ${e.parentElement.localName}.${e.parentElement.className}: ${was}`];
            }
            return [];
        }
        """;

    /// <summary>Whose pages are walked: between them they may open every page. A route with a parameter is one record of theirs.</summary>
    private static readonly (string Who, Language Language, string[] Paths)[] Walks =
    [
        (
            "focal.ken",
            Language.En,
            [
                "/home",
                "/needs",
                "/needs?status=Matched > ",
                "/needs?status=Draft > /edit",
                "/needs/new",
                "/needs/import",
                "/assessments?status=Sent > /answer",
                "/states",
                "/states/KEN",
                "/search?q=border",
                "/notifications",
                "/notifications/settings",
                "/access/ask",
                "/not-found",
                "/account/security",
                "/account/security/codes",
                "/account/security/password",
                "/account/security/passkey",
                "/account/security/token",
                "/account/acting-as",
                "/account/confirm",
            ]
        ),
        (
            "manager.norad",
            Language.Ar,
            [
                "/home",
                "/needs",
                "/needs?status=Circulated > /propose",
                "/programmes/import",
                "/providers",
                "/providers/norad",
                "/providers/norad/edit",
                "/providers/norad/offers/new",
                "/access/people",
                "/access/people/invite",
            ]
        ),
        (
            "assistance",
            Language.En,
            [
                "/home",
                "/needs?status=Matched > /reply",
                "/needs?status=Circulated > /translate",
                "/matches",
                "/matches > ",
                "/matches/weights",
                "/funding-gap",
                "/assistance",
                "/assistance/report",
                "/assistance/settings",
                "/calendar",
                "/committee",
                "/trace/1373-1a",
            ]
        ),
        (
            "access",
            Language.Ar,
            [
                "/home",
                "/access",
                "/access/grants",
                "/access/grants/new",
                "/access/requests",
                "/access/explain?person=manager.norad@demo.example",
                "/access/view-as",
                "/bodies",
                "/access/organisations",
                "/access/organisations > ",
                "/access/people > ",
                "/access/people/import",
                "/access/reviews",
                "/access/reviews > ",
                "/access/reviews/new",
                "/access/reviews/rhythm",
            ]
        ),
        ("auditor", Language.En, ["/audit"]),
        ("director", Language.Ar, ["/home", "/assessments/circulate", "/assessments?status=Drafting > /translate", "/quality"]),
        .. from specimen in Access.Specimens.All
        let walk = specimen.Walk
        where walk is not null
        let list = specimen.Kind.List
        let begun = walk.Begin is null ? [] : new[] { specimen.Kind.Path("new") }
        select (walk.Who, Language.Ar, (string[])[list, $"{list}{walk.Opened} > ", $"{list}{walk.Edited} > /edit", .. begun]),
        ("administrator", Language.En, ["/admin/outbox"]),
        (
            "",
            Language.Ar,
            [
                "/ar",
                "/ar/directory",
                "/ar/directory/norad",
                "/ar/links",
                "/ar/accessibility",
                "/account/sign-in",
                "/account/forgot",
                "/account/unsubscribe",
                "/api",
            ]
        ),
    ];

    [BrowserFact]
    public async Task On_every_page_it_is_seen_where_the_focus_is_and_nothing_leaves_the_screen()
    {
        var found = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            Walks,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (walk, _) =>
            {
                await using var person =
                    walk.Who.Length == 0 ? await portal.Visitor(walk.Language) : await portal.Person(walk.Who, walk.Language);
                foreach (var path in walk.Paths)
                {
                    await Open(person, path);
                    foreach (var (width, height, theme, forced) in Screens)
                    {
                        await person.Page.SetViewportSizeAsync(width, height);
                        await person.Page.EmulateMediaAsync(new() { ForcedColors = forced, ReducedMotion = ReducedMotion.Reduce });
                        await person.Page.EvaluateAsync("t => document.documentElement.dataset.theme = t", theme);
                        // From here on the browser knows that somebody goes by keyboard.
                        await person.Page.Keyboard.PressAsync("Tab");
                        foreach (var line in await person.Page.EvaluateAsync<string[]>(Walk))
                            found.Enqueue($"{walk.Who} {path} at {width} × {height}: {line}");
                    }
                    // Nor where what people wrote has no blank in it; on the last and smallest screen.
                    foreach (var line in await person.Page.EvaluateAsync<string[]>(Unbroken))
                        found.Enqueue($"{walk.Who} {path} with a long word: {line}");
                    await person.Page.SetViewportSizeAsync(1280, 720);
                }
            }
        );
        Assert.True(found.IsEmpty, string.Join('\n', found));
    }

    /// <summary>A page, or after " > " what the first line of a list leads to.</summary>
    private static async Task Open(Desk person, string path)
    {
        var (list, rest) = path.Split(" > ") is [var first, var then] ? (first, then) : (path, null);
        await person.GoTo(list);
        if (rest is null)
            return;
        var link = await person.At("main table a[href]:not([href*='?'])").First.GetAttributeAsync("href");
        await person.GoTo(link + rest);
    }

    /// <summary>Pages that are walked by other tests, that nobody opens without a letter, or that are one act.</summary>
    private static readonly string[] Elsewhere =
    [
        "/account/confirmed",
        "/account/invitation/{Token}",
        "/account/reset",
        "/account/second-step",
        "/account/passkey",
        "/account/sign-out",
        "/account/view-as",
        "/account/security/identity/{Provider}",
        "/error/{Status:int}",
        "/programmes/import/{Id:guid}",
        "/needs/import/{Id:guid}",
        "/access/view-as/{Id:guid}",
        "/access/people/{Id:guid}/add",
        "/access/people/{Id:guid}/transfer/{MembershipId:guid}",
        "/providers/{Slug}/offers/{Reference}/edit",
    ];

    [Fact]
    public void Every_page_is_walked()
    {
        var walked = Walks
            .SelectMany(w => w.Paths)
            .Select(p => p.Split('?', ' ')[0] + (p.Contains(" > ", StringComparison.Ordinal) ? "/record" + p.Split(" > ")[1] : ""))
            .ToList();
        Sources.None(
            CrossProductTests
                .AllRoutes.Where(route =>
                    !Elsewhere.Contains(route)
                    && !CrossProductTests.Languages.Any(l => l != "ar" && (route + "/").StartsWith($"/{l}/", StringComparison.Ordinal))
                )
                .Where(route => !walked.Exists(path => Fits(route, path))),
            "Pages that nobody walks by keyboard; add them to a walk:"
        );

        static bool Fits(string route, string path)
        {
            var (r, p) = (route.Split('/'), path.Split('/'));
            return r.Length == p.Length && r.Zip(p).All(x => x.First.StartsWith('{') || x.First == x.Second);
        }
    }

    [BrowserFact]
    public async Task A_reference_stays_in_one_piece_on_a_telephone_and_what_scrolls_shows_that_it_does()
    {
        await using var person = await portal.Person("focal.ken", Language.Ar);
        await person.Page.SetViewportSizeAsync(375, 667);
        await person.GoTo("/home");
        await person.Sees(".worklist .ref:not(:empty)");
        // Broken at its hyphen it is two lines high.
        const string broken =
            "all => all.filter(e => e.offsetHeight > 1.6 * parseFloat(getComputedStyle(e).lineHeight)).map(e => e.textContent)";
        Assert.Empty(await person.At(".worklist .ref, .timeline .ref").EvaluateAllAsync<string[]>(broken));
        await person.GoTo("/trace/REC-KEN-2026-1");
        await person.Sees(".scroll-x .trace-map");
        Assert.True(
            await person
                .At(".scroll-x")
                .EvaluateAsync<bool>("e => e.scrollWidth > e.clientWidth && getComputedStyle(e).backgroundImage.includes('gradient')")
        );
    }

    [BrowserFact]
    public async Task The_sections_of_a_telephone_take_the_focus_and_give_it_back()
    {
        await using var person = await portal.Person("focal.ken");
        await person.Page.SetViewportSizeAsync(375, 667);
        await person.GoTo("/needs");
        var toggle = person.At(".nav-toggle");
        await toggle.FocusAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await Expect(person.At(".shell-nav a").First).ToBeFocusedAsync();
        await Expect(toggle).ToHaveAttributeAsync("aria-expanded", "true");
        await person.Page.Keyboard.PressAsync("Escape");
        await Expect(toggle).ToBeFocusedAsync();
        await Expect(toggle).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(person.At(".shell-nav")).Not.ToBeVisibleAsync();
        await person.Page.Keyboard.PressAsync("Enter");
        await person.At(".shell-nav a").Last.FocusAsync();
        await person.Page.Keyboard.PressAsync("Tab");
        await person.Page.Keyboard.PressAsync("Tab");
        await Expect(person.At(".shell-nav")).Not.ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_title_without_a_blank_wraps_in_every_list_and_a_list_fits_the_sheet()
    {
        await using var person = await portal.Person("assistance");
        foreach (var path in new[] { "/needs", "/proposals", "/programmes", "/matches", "/home", "/search?q=border" })
        {
            await person.GoTo(path);
            await person.Page.EvaluateAsync(
                """
                () => { for (const e of document.querySelectorAll('.row-link, .cell-title a, .worklist .sub, .worklist a')) e.textContent = 'Training'.repeat(25); }
                """
            );
            Assert.Equal(
                (path, 0),
                (
                    path,
                    await person.Page.EvaluateAsync<int>(
                        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
                    )
                )
            );
        }
        await person.GoTo("/needs?columns=State,Region,Theme,Urgency,Status,ReplyBy,Gap,Changed");
        await person.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await person.Page.SetViewportSizeAsync(1031, 729); // A4 across, within its margins
        Assert.Equal(
            0,
            await person.Page.EvaluateAsync<int>(
                "() => Math.max(0, Math.ceil(document.querySelector('table.list').getBoundingClientRect().right - innerWidth))"
            )
        );
        foreach (var left in new[] { "main .btn", ".shell-top", "main .filter" })
            await Expect(person.At(left + ":visible")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_printed_list_has_every_column_on_its_sheet_whatever_is_written_in_one()
    {
        await using var person = await portal.Visitor(Language.En);
        await person.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await person.Page.SetViewportSizeAsync(1031, 729); // A4 across, within its margins
        foreach (var word in new[] { new string('W', 200), string.Join('_', Enumerable.Repeat("تدريب", 40)) })
        {
            string[] references = [.. Enumerable.Range(0, 16).Select(n => $"NEED-2027-00{n:00}")];
            var sheet = new Sheet(
                "Needs",
                "",
                ["Title", .. references.Select(_ => "Heading")],
                [
                    [word, .. references],
                    ["Border control", .. references],
                ]
            );
            await person.Page.SetContentAsync(PrintedPage.Of(sheet, null, Language.En, ""));
            Assert.Equal(
                (true, 1),
                (
                    await person.Page.EvaluateAsync<bool>(
                        "() => document.querySelector('table').getBoundingClientRect().right <= innerWidth"
                    ),
                    await person.Page.EvaluateAsync<int>(
                        "() => new Set([...document.querySelectorAll('tbody tr:last-child td:not(:first-child) bdi')].map(b => b.getClientRects().length)).size"
                    )
                )
            );
        }
    }

    // The browser of the tests would say so of every page; here it is every file, whatever names it.
    [BrowserFact]
    public async Task No_file_of_letters_is_sent_as_it_lies()
    {
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, br");
        var files = portal
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => e.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor"))
            .Select(e => e.RoutePattern.RawText!)
            .Distinct()
            .Where(r => !r.EndsWith(".gz", StringComparison.Ordinal) && !r.EndsWith(".br", StringComparison.Ordinal))
            .ToList();
        Assert.Contains(files, f => f.StartsWith("overlays.", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var answer = await client.GetAsync(file);
            var letters =
                answer.Content.Headers.ContentType?.MediaType is { } type
                && (type.StartsWith("text/", StringComparison.Ordinal) || type is "image/svg+xml" or "application/json");
            Assert.True(
                answer.IsSuccessStatusCode && answer.Content.Headers.ContentEncoding.Count > 0 == letters,
                $"{file}: {(int)answer.StatusCode}, {answer.Content.Headers.ContentType}, {string.Join(',', answer.Content.Headers.ContentEncoding)}"
            );
        }
    }
}
