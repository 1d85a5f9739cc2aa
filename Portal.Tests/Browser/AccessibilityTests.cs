using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Portal.Domain.Reference;
using Xunit.Abstractions;

namespace Portal.Tests.Browser;

/// <summary>
/// Every kind of page, in a language of each direction, light and dark: no violation of WCAG 2.2 AA that a machine can find, nothing wider
/// than a telephone, no complaint of the browser.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(OpenPortal portal, ITestOutputHelper output)
{
    private const int AtOnce = 2;
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly ConcurrentQueue<string> found = [];
    private bool dark;

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task The_pages_of_visitors_and_of_a_State_are_accessible_and_fit(Language language)
    {
        dark = language == Language.En;
        await Each(Visitor, State);

        async Task Visitor()
        {
            await using var visitor = await portal.Visitor(language);
            foreach (var path in new[] { "", "/directory" })
                await Look(visitor, $"/{language.Slug()}{path}");
            await Look(visitor, "/account/sign-in");
        }

        async Task State()
        {
            await using var state = await portal.Person("focal.ken", language);
            await Look(
                state,
                "/home",
                "/states",
                "/needs",
                "/proposals",
                "/notifications",
                "/notifications/settings",
                "/search?q=border",
                "/account/security",
                "/account/acting-as",
                "/not-found"
            );
            var need = await OfTheStory(state);
            await Look(state, "/providers");
            var provider = (await state.At("a.row-link[href^='/providers/']").First.GetAttributeAsync("href"))!;
            await Look(state, provider, need);
            await state.Press("#consents .card-head button");
            await state.Sees(".mud-dialog .preview .facts");
            await See(state, "consent dialog");
            await state.Press(".mud-dialog-actions .btn:not(.btn-primary)");
            await state.DoesNotSee(".mud-dialog");
            await state.Press(".record-head details.menu > summary");
            await state.Press(".record-head details.menu button.danger");
            await state.Sees(".mud-dialog #ask-value");
            await See(state, "ask dialog");
            await state.GoTo("/needs");
            await state.Page.Keyboard.PressAsync("Control+k");
            await state.Sees("#palette [role=option]");
            await See(state, "palette");
            await state.Fill("#palette input", "NEED");
            await state.Sees("#palette [data-answers=NEED]");
            await See(state, "palette with records");
            await Look(state, "/needs/import", "/needs/new");
            await state.Press(".form-foot button[type=submit]");
            await state.Sees(".error-summary");
            await See(state, "/needs/new with mistakes");
        }
    }

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task The_pages_of_donors_and_officers_are_accessible_and_fit(Language language)
    {
        dark = language == Language.En;
        await Each(Donor, Officer);

        async Task Donor()
        {
            await using var donor = await portal.Person("manager.norad", language);
            var need = await OfTheStory(donor);
            await Look(donor, "/programmes?view=Timeline", "/programmes?view=Pipeline", "/programmes/import");
            await Look(donor, "/home", "/needs", need, need.Replace("/needs/", "/trace/"), "/assistance", "/matches");
            await Look(donor, (await donor.At("a.row-link[href^='/matches/']").First.GetAttributeAsync("href"))!);
        }

        async Task Officer()
        {
            await using var officer = await portal.Person("assistance", language);
            await Look(
                officer,
                "/home",
                "/needs",
                await OfTheStory(officer),
                "/trace/1373-1a",
                "/states/KEN",
                "/proposals",
                "/matches",
                "/matches/weights",
                "/funding-gap",
                "/assistance",
                "/assistance?by=Theme",
                "/assistance/report",
                "/assistance/settings",
                "/calendar?year=2027"
            );
            await officer.GoTo("/matches");
            await Look(officer, (await officer.At("a.row-link").First.GetAttributeAsync("href"))!);
        }
    }

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task The_pages_of_every_kind_of_record_are_accessible_and_fit(Language language)
    {
        dark = language == Language.En;
        await Each([
            .. Access.Specimens.All.Where(s => s.Walk is not null).GroupBy(s => s.Walk!.Who).Select(who => (Func<Task>)(() => Pages(who))),
            Director,
        ]);

        async Task Director()
        {
            await using var director = await portal.Person("director", language);
            await Look(director, "/home", "/committee", "/assessments/circulate", "/quality");
        }

        async Task Pages(IGrouping<string, Access.Specimen> of)
        {
            await using var person = await portal.Person(of.Key, language);
            foreach (var specimen in of)
            {
                if (specimen.Walk!.Begin is not null)
                    await Look(person, specimen.Kind.Path("new"));
                await Look(person, specimen.Kind.List);
                // The last of the page: the first may be one of which nothing can be done any more.
                await Look(person, (await person.At("a.row-link").Last.GetAttributeAsync("href"))!);
            }
        }
    }

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task The_pages_of_those_who_look_after_access_are_accessible_and_fit(Language language)
    {
        dark = language == Language.En;
        await Each(Manager, Second, Others);

        async Task Manager()
        {
            await using var manager = await portal.Person("access", language);
            await Look(
                manager,
                "/home",
                "/access",
                "/access?by=Person",
                "/access/grants",
                "/access/grants/new",
                "/access/requests",
                "/access/explain?person=manager.norad@demo.example",
                "/access/ask",
                "/bodies",
                "/access/people",
                "/access/people/invite",
                "/access/people/import",
                "/access/organisations",
                "/access/reviews",
                "/access/reviews/new",
                "/access/reviews/rhythm"
            );
            await manager.GoTo("/access/reviews");
            foreach (
                var review in await manager
                    .At("main table a[href^='/access/reviews/']")
                    .EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))")
            )
                await Look(manager, review);
            await manager.GoTo("/access/people");
            await Look(manager, (await manager.At("main table a[href^='/access/people/']").First.GetAttributeAsync("href"))!);
        }

        async Task Second()
        {
            await using var second = await portal.Person("access.second", language);
            await Look(second, "/access/view-as");
            await ViewAsTests.Start(second);
            await Look(second, "/home", "/needs", "/notifications", "/search?q=border", "/account/view-as");
            await second.GoTo("/needs");
            await Look(second, (await second.At("a.row-link[href^='/access/view-as/']").First.GetAttributeAsync("href"))!);
            await ViewAsTests.Stop(second);
        }

        async Task Others()
        {
            await using var auditor = await portal.Person("auditor", language);
            await Look(auditor, "/home", "/audit");
            await auditor.Press(".filter > summary");
            await See(auditor, "/audit with its filters open");
            await using var administrator = await portal.Person("administrator", language);
            await Look(administrator, "/admin/outbox");
            await using var focalPoint = await portal.Person("focal.per", language);
            await Look(focalPoint, "/access/people", "/access/reviews");
        }
    }

    /// <summary>A need of the story, not of other tests: the oldest.</summary>
    private static async Task<string> OfTheStory(Desk person)
    {
        await person.GoTo("/needs?status=Matched");
        return (await person.At("a.row-link").Last.GetAttributeAsync("href"))!;
    }

    // People do not wait for each other: one page is drawn while another is checked.
    private async Task Each(params Func<Task>[] walks)
    {
        await Parallel.ForEachAsync(walks, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (walk, _) => await walk());
        foreach (var line in found)
            output.WriteLine(line);
        Assert.True(found.IsEmpty, string.Join('\n', found));
    }

    private async Task Look(Desk person, params string[] paths)
    {
        foreach (var path in paths)
        {
            await person.GoTo(path);
            await See(person, path);
        }
    }

    private async Task See(Desk person, string name)
    {
        await Check(person, name + ", light", "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']");
        // The dark theme changes colours and nothing else, and the same ones in every language.
        if (dark)
        {
            await Theme(person, "dark");
            await Check(person, name + ", dark", "['color-contrast']");
            await Theme(person, "light");
        }
        foreach (var text in await person.Squeezed())
            found.Enqueue($"{name}: squeezed: {text}");
        await person.Page.SetViewportSizeAsync(375, 800);
        var wider = await person.Page.EvaluateAsync<int>(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        );
        if (wider > 0)
            found.Enqueue($"{name}: {wider} px wider than a telephone: {await Widest(person)}");
        await person.Page.SetViewportSizeAsync(1280, 900);
        foreach (var complaint in person.Complaints)
            found.Enqueue($"{name}: {complaint}");
        person.Complaints.Clear();
    }

    // However short, a transition of an inherited colour goes down the page level by level, frame by frame: without transitions two frames
    // are enough.
    private static Task Theme(Desk person, string theme) =>
        person.Page.EvaluateAsync(
            """
            t => new Promise(painted => {
                const still = new CSSStyleSheet();
                still.replaceSync('*, ::before, ::after { transition: none !important; }');
                document.adoptedStyleSheets = [still];
                document.documentElement.dataset.theme = t;
                requestAnimationFrame(() => requestAnimationFrame(() => painted()));
            })
            """,
            theme
        );

    // In the page itself, once it is drawn, and told only what is wrong: the package's own way opens a second page for each and takes three
    // times as long.
    private async Task Check(Desk person, string name, string only)
    {
        if (!await person.Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await person.Page.EvaluateAsync(Axe);
        var wrong = await person.Page.EvaluateAsync<string[]>(
            $$"""
            async () => (await axe.run(document, { runOnly: {{only}}, resultTypes: ['violations'] })).violations
                .map(v => `${v.id}, ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | ')} (${v.nodes.length})`)
            """
        );
        foreach (var violation in wrong)
            found.Enqueue($"{name}: {violation}");
    }

    private static Task<string> Widest(Desk person) =>
        person.Page.EvaluateAsync<string>(
            """
            () => [...document.querySelectorAll('body *')].filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1); })
                .slice(0, 4).map(e => `${e.tagName.toLowerCase()}.${e.className}`).join(', ')
            """
        );
}
