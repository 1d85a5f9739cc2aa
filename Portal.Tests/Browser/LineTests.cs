using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Portal.Data.Demonstration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A portal of their own for tests that break the line to it.</summary>
public sealed class BreakablePortal : IAsyncLifetime
{
    internal OpenPortal Portal { get; } = new();
    internal Line Line { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        if (Portal.Address.Length > 0)
            Line = new Line(Portal.Address);
    }

    public async Task DisposeAsync()
    {
        if (Line is not null)
            await Line.DisposeAsync();
        await Portal.DisposeAsync();
    }
}

/// <summary>A line that breaks: what is confirmed and stored is what is on the screen, and nothing typed is lost.</summary>
[Collection(OwnBrowserCollection.Name)]
public sealed partial class LineTests(BreakablePortal breakable) : IClassFixture<BreakablePortal>
{
    private OpenPortal Portal => breakable.Portal;
    private Line Line => breakable.Line;

    [BrowserFact]
    public async Task What_is_written_while_the_line_is_down_is_saved_as_it_stands_on_the_screen()
    {
        await using var writer = await Portal.Person("focal.ken", Line);
        await writer.GoTo("/needs/new");
        await writer.Fill("#Title", "Sentences");
        await writer.At("#Theme").SelectOptionAsync("CFT");
        await writer.Fill("#Description", "Sentence one.");
        await writer.At("#Modalities input").First.CheckAsync();
        await Portal.Keeps("need/new", "Sentence one.");

        await Cut(writer);
        await writer.At("#Description").PressSequentiallyAsync(" Sentence two.");
        await writer.At("#Theme").SelectOptionAsync("BORDER");
        await writer.At("#Modalities input").First.UncheckAsync();
        await writer.At("#Modalities input").Nth(1).CheckAsync();
        await writer.At("#Urgency input").Last.CheckAsync();
        // What decides something waits, and a press is no press.
        await writer.Press(".form-foot button[type=submit]");
        var chosen = await writer.At("#Modalities label").Nth(1).InnerTextAsync();
        await Mend(writer);

        Assert.Equal("/needs/new", new Uri(writer.Page.Url).AbsolutePath);
        await writer.Fill("#Beneficiary", "Border police");
        await writer.Press(".form-foot button[type=submit]");
        await writer.SeesStatus(NeedStatus.Draft);
        await writer.Sees("main", "Sentence one. Sentence two.");
        await Expect(writer.At(".facts").First).ToContainTextAsync(chosen);
        await using var db = await Portal.AsSystem();
        var need = await db.Needs.SingleAsync(n => n.Reference == writer.Reference);
        Assert.Equal(("BORDER", 1, Enum.GetValues<Urgency>()[^1]), (need.Theme, need.Modalities.Count, need.Urgency));
    }

    [BrowserFact]
    public async Task What_was_done_before_the_answer_was_lost_is_shown_and_not_done_again()
    {
        await using var writer = await Portal.Person("focal.ken", Line);
        await writer.GoTo("/needs/new");
        await writer.Fill("#Title", "Answer lost");
        await writer.At("#Theme").SelectOptionAsync("CFT");
        await writer.Fill("#Description", "Saved, and nobody said so.");
        await writer.At("#Modalities input").First.CheckAsync();
        await Portal.Keeps("need/new", "Saved, and nobody said so.");
        Line.RoundTrip = TimeSpan.FromSeconds(4);
        try
        {
            await writer.Press(".form-foot button[type=submit]");
            await Portal.Until(db => db.Needs.AnyAsync(n => n.Title == "Answer lost"), "The need was not saved.");
            await Cut(writer);
        }
        finally
        {
            Line.RoundTrip = default;
        }
        await Mend(writer);
        await writer.SeesStatus(NeedStatus.Draft);
        await Expect(writer.At("#line-note")).ToBeHiddenAsync();
        await using var db = await Portal.AsSystem();
        Assert.Equal(1, await db.Needs.CountAsync(n => n.Title == "Answer lost"));
    }

    [BrowserFact]
    public async Task A_press_repeated_before_the_answer_came_is_not_said_to_be_lost()
    {
        await using var writer = await Portal.Person("focal.ken", Line);
        await writer.GoTo("/needs/new");
        await writer.Fill("#Title", "Pressed again");
        await writer.At("#Theme").SelectOptionAsync("CFT");
        await writer.Fill("#Description", "Saved by the first press.");
        await writer.At("#Modalities input").First.CheckAsync();
        await Portal.Keeps("need/new", "Saved by the first press.");
        Line.RoundTrip = TimeSpan.FromSeconds(4);
        try
        {
            // The answer to the first turns the page while the second is still under way.
            await writer
                .At(".form-foot button[type=submit]")
                .EvaluateAsync("b => { b.click(); return new Promise(r => setTimeout(() => { b.click(); r(); }, 2000)); }");
            await writer.SeesStatus(NeedStatus.Draft);
            await Cut(writer);
        }
        finally
        {
            Line.RoundTrip = default;
        }
        await Mend(writer);
        await writer.SeesStatus(NeedStatus.Draft);
        await Expect(writer.At("#line-note")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task A_press_that_never_arrived_is_said_also_where_the_field_left_for_it_did_not_arrive_either()
    {
        await using var writer = await Portal.Person("focal.ken", Line);
        await writer.GoTo("/needs/new");
        await writer.Fill("#Title", "Never sent");
        await Portal.Keeps("need/new", "Never sent");
        Line.RoundTrip = TimeSpan.FromSeconds(20);
        try
        {
            await writer.At("#Description").FillAsync("Typed at the last moment.");
            await writer.At(".form-foot button[type=submit]").ClickAsync();
            await Cut(writer);
        }
        finally
        {
            Line.RoundTrip = default;
        }
        await Mend(writer);
        await writer.Sees("#line-note", writer.Word("line.pressed"));
        await Expect(writer.At("#Description")).ToHaveValueAsync("Typed at the last moment.");
        await using var db = await Portal.AsSystem();
        Assert.False(await db.Needs.AnyAsync(n => n.Title == "Never sent"));
    }

    [BrowserFact]
    public async Task Consent_is_given_to_the_audience_that_the_screen_shows()
    {
        await using var state = await Portal.Person("focal.ken", Line);
        await state.GoTo("/needs?status=Matched&state=KEN");
        await state.At("a.row-link").Last.ClickAsync();
        await state.Press("#consents .card-head button");
        var (providers, partners) = (Box(state, Audience.Providers), Box(state, Audience.Partners));
        await providers.CheckAsync();

        await Cut(state);
        await providers.UncheckAsync();
        await partners.CheckAsync();
        await Mend(state);

        await Expect(providers).Not.ToBeCheckedAsync();
        await Expect(partners).ToBeCheckedAsync();
        await state.Press(".mud-dialog-actions .btn-primary");
        await state.DoesNotSee(".mud-dialog");
        await state.Sees("#consents", state.Code("audience", "partners"));
        await using var db = await Portal.AsSystem();
        var audiences = (await db.Needs.Include(n => n.Consents).SingleAsync(n => n.Reference == state.Reference))
            .Consents.Where(c => c.Stands)
            .Select(c => c.AudienceKey)
            .ToList();
        Assert.Contains("partners", audiences);
        Assert.DoesNotContain("providers", audiences);
    }

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task The_main_job_is_done_on_a_slow_line_that_breaks_three_times(Language language)
    {
        Line.RoundTrip = TimeSpan.FromMilliseconds(250);
        try
        {
            await using var state = await Portal.Person("focal.ken", Line, language);
            await using var officer = await Portal.Person("assistance", Line, language);
            await using var donor = await Portal.Person("manager.norad", Line, language);
            await officer.GoTo("/needs");
            await donor.GoTo("/needs");

            await state.GoTo("/needs/new");
            await state.Fill("#Title", "Course on a line that breaks");
            await state.At("#Theme").SelectOptionAsync("CFT");
            await Cut(state, officer, donor);
            await state.Fill("#Description", "Written while nobody was there.");
            await state.At("#Modalities input").First.CheckAsync();
            await state.Fill("#EstimatedCost", "240000");
            await state.At("#Currency").SelectOptionAsync("USD");
            await Mend(state, officer, donor);
            await state.Press(".form-foot button[type=submit]");
            await state.SeesStatus(NeedStatus.Draft);
            var need = state.Reference;
            await state.Does("act.submit");
            await state.SeesStatus(NeedStatus.Submitted);
            await officer.Press($"a.row-link[href='/needs/{need}']");
            await officer.Does("act.authenticate");

            await state.SeesStatus(NeedStatus.Authenticated);
            await state.Press("#consents .card-head button");
            var norad = KnownOrganisations.Find("norad")!.Name[language];
            await state.ChoosesAudience(norad);
            var cost = state.Audience(norad).GetByLabel(state.Code("part", "Need." + nameof(NeedParts.Cost)), new() { Exact = true });
            await Cut(state, officer, donor);
            await cost.CheckAsync();
            await Mend(state, officer, donor);
            await Expect(cost).ToBeCheckedAsync();
            await Expect(state.At(".mud-dialog .preview")).ToContainTextAsync("240,000");
            await state.Press(".mud-dialog-actions .btn-primary");
            await state.DoesNotSee(".mud-dialog");
            await officer.Sees(".record-head .btn-primary", officer.Word("act.circulate"));
            await officer.Does(
                "act.circulate",
                DateOnly.FromDateTime(DateTime.UtcNow).AddDays(60).ToString("O", CultureInfo.InvariantCulture)
            );

            await donor.Press($"a.row-link[href='/needs/{need}']");
            await Expect(donor.At("main")).ToContainTextAsync("240,000");
            await donor.Press(".record-head a.btn-primary");
            await donor.Fill("#Title", "Two courses of one week");
            await Cut(donor, state, officer);
            await donor.Fill("#Description", "Offered while nobody was there.");
            await donor.Fill("#Amount", "100000");
            await donor.At("#Currency").SelectOptionAsync("USD");
            await Mend(donor, state, officer);
            await donor.Press(".form-foot button[type=submit]");
            await donor.SeesStatus(ProposalStatus.Proposed);
            await state.GoTo("/proposals/" + donor.Reference);
            await state.Does("proposal.accept", "60000");
            await state.SeesStatus(ProposalStatus.Accepted);
            await donor.SeesStatus(ProposalStatus.Accepted);

            await using var db = await Portal.AsSystem();
            var saved = await db.Needs.Include(n => n.Consents).SingleAsync(n => n.Reference == need);
            Assert.Equal(
                ("Written while nobody was there.", 240_000m, "USD", 1, NeedStatus.Matched, 60_000m),
                (saved.Description, saved.EstimatedCost, saved.Currency, saved.Modalities.Count, saved.Status, saved.AcceptedAmount)
            );
            Assert.True(Assert.Single(saved.Consents).Parts.Has(NeedParts.Cost));
            var proposal = await db.Proposals.SingleAsync(p => p.NeedId == saved.Id);
            Assert.Equal(("Offered while nobody was there.", 100_000m), (proposal.Says.Description, proposal.Amount));
        }
        finally
        {
            Line.RoundTrip = TimeSpan.Zero;
        }
    }

    private static ILocator Box(Desk desk, Audience audience) =>
        desk.At(".mud-dialog label").Filter(new() { HasText = desk.Code("audience", audience.Key) }).Locator("input").First;

    [BrowserFact]
    public async Task What_is_typed_while_the_portal_starts_again_is_put_back()
    {
        await using var writer = await Portal.Person("focal.per", Line);
        await writer.GoTo("/needs/new");
        await writer.Fill("#Title", "Before");
        await Portal.Keeps("need/new", "Before");

        await Cut(writer);
        await writer.Fill("#Title", "Before and after");
        await writer.Fill("#Description", "Typed while nobody was there.");
        await writer.At("#Modalities input").Nth(1).CheckAsync();
        Line.To = new Uri(Portal.AnotherNode());
        Line.Mend();
        try
        {
            await Expect(writer.At("#line-note")).ToBeVisibleAsync();
            await Expect(writer.At("#Title")).ToHaveValueAsync("Before and after");
            await Expect(writer.At("#Description")).ToHaveValueAsync("Typed while nobody was there.");
            await Expect(writer.At("#Modalities input").Nth(1)).ToBeCheckedAsync();
            await Portal.Keeps("need/new", "Before and after", "Typed while nobody was there.");
            // Once, and not for the next page.
            await writer.Page.ReloadAsync();
            await writer.Answers();
            await Expect(writer.At("#line-note")).ToBeHiddenAsync();
        }
        finally
        {
            Line.To = new Uri(Portal.Address);
        }
    }

    [BrowserFact]
    public async Task A_file_chosen_while_the_line_is_down_is_said_and_can_be_chosen_again()
    {
        await using var state = await Portal.Person("focal.ken", Line);
        await state.GoTo("/needs?status=Draft&state=KEN");
        await state.At("a.row-link").Last.ClickAsync();
        await Listens(state);

        await Cut(state);
        await state.At("#files input[type=file]").SetInputFilesAsync(Letter);
        await state.Sees("#line-note", "letter.txt");
        await Mend(state);
        await state.DoesNotSee("#files a[download]");
        await state.At("#files input[type=file]").SetInputFilesAsync(Letter);
        await state.Sees("#files a[download]", "letter.txt");
    }

    [BrowserFact]
    public async Task A_file_chosen_in_a_field_that_nobody_listens_to_is_said_and_can_be_chosen_again()
    {
        await using var state = await Portal.Person("focal.ken", Line);
        await state.GoTo("/needs?status=Draft&state=KEN");
        await state.At("a.row-link").First.ClickAsync();
        await Listens(state);
        // As where the line broke while the page was drawn: the word to listen to this field was lost.
        await state.At("#files input[type=file]").EvaluateAsync("e => e.replaceWith(e.cloneNode())");

        await state.At("#files input[type=file]").SetInputFilesAsync(Annex);
        await state.Sees("#line-note", "annex.txt");
        await Listens(state);
        await state.DoesNotSee("#files a[download]:has-text('annex.txt')");
        await state.At("#files input[type=file]").SetInputFilesAsync(Annex);
        await state.Sees("#files a[download]:has-text('annex.txt')");
    }

    private static readonly FilePayload Letter = File("letter.txt");
    private static readonly FilePayload Annex = File("annex.txt");

    private static FilePayload File(string name) =>
        new()
        {
            Name = name,
            MimeType = "text/plain",
            Buffer = Encoding.UTF8.GetBytes($"The {name} of the ministry."),
        };

    private static async Task Listens(Desk desk)
    {
        await desk.Sees("#files input[type=file]");
        await desk.Page.WaitForFunctionAsync(
            "() => '_blazorInputFileNextFileId' in (document.querySelector('#files input[type=file]') ?? {})"
        );
    }

    [BrowserFact]
    public async Task What_is_typed_before_a_page_answers_stays_and_so_does_the_cursor()
    {
        await using var person = await Portal.Person("focal.ken");
        foreach (var (path, field) in new[] { ("/needs", "main input[name=q]"), ("/search", "main input[name=q]"), ("/needs", "#top-q") })
        {
            var (page, line) = await person.NewSlowWindow(path);
            await page.ClickAsync(field);
            await page.Keyboard.TypeAsync("bord");
            line.SetResult();
            person.Turn(page);
            await person.Answers();
            await Expect(page.Locator(field)).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("er");
            await Expect(page.Locator(field)).ToHaveValueAsync("border");
            await page.CloseAsync();
        }
    }

    [BrowserFact]
    public async Task Another_page_begins_at_its_heading_and_Back_at_what_was_left()
    {
        await using var person = await Portal.Person("assistance");
        await person.GoTo("/needs?status=Circulated");
        await Expect(person.At("body")).ToBeFocusedAsync();
        await person.Page.EvaluateAsync("() => scrollTo(0, 500)");
        var row = person.At("a.row-link").Nth(5);
        var left = (await row.GetAttributeAsync("href"))!;
        var at = await person.Page.EvaluateAsync<double>("() => scrollY");
        await row.EvaluateAsync("a => a.click()");
        await Expect(person.At(".record-head h1")).ToBeFocusedAsync();
        await person.Page.GoBackAsync();
        await Expect(person.At($"a.row-link[href='{left}']")).ToBeFocusedAsync();
        Assert.Equal(at, await person.Page.EvaluateAsync<double>("() => scrollY"), 2.0);
    }

    [BrowserFact]
    public async Task A_form_to_sign_in_left_open_goes_on_once_somebody_signs_in_beside_it()
    {
        await using var visitor = await Portal.Visitor();
        await visitor.Page.GotoAsync("/account/sign-in?returnUrl=%2Fneeds");
        var left = visitor.Page;
        await visitor.NewWindow("/account/sign-in");
        await visitor.Fill("[name=Email]", "focal.ken@demo.example");
        await visitor.Fill("[name=Password]", DemonstrationCast.Password);
        await visitor.Page.PressAsync("[name=Password]", "Enter");
        await Expect(left).ToHaveURLAsync(Needs());
    }

    [GeneratedRegex("/needs$")]
    private static partial Regex Needs();

    private async Task Cut(params Desk[] desks)
    {
        Line.Cut();
        foreach (var desk in desks)
            await Expect(desk.At("html[data-line]")).ToHaveCountAsync(1);
    }

    private async Task Mend(params Desk[] desks)
    {
        Line.Mend();
        foreach (var desk in desks)
        {
            // As somebody who turns back to the window: the next attempt is made at once.
            await desk.Page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
            await Expect(desk.At("html:not([data-line])")).ToHaveCountAsync(1);
        }
    }
}
