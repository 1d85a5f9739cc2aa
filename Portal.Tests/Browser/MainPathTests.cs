using System.Diagnostics;
using System.Globalization;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A need from its first word to help accepted and consent revoked, on the screens of four people that are open at once.</summary>
[Collection(BrowserCollection.Name)]
public sealed class MainPathTests(OpenPortal portal, ITestOutputHelper output)
{
    private static readonly (string Title, string Text, string Help) English = (
        "Border screening course for new inspectors",
        "Inspectors at four crossings need a course of two weeks.",
        "Two courses of one week"
    );
    private static readonly (string Title, string Text, string Help) Arabic = (
        "دورة لتدريب المفتشين الجدد على المعابر",
        "يحتاج المفتشون في أربعة معابر إلى دورة مدتها أسبوعان.",
        "دورتان مدة كل منهما أسبوع"
    );

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task A_need_goes_from_draft_to_help_accepted_and_consent_revoked(Language language)
    {
        var (title, text, help) = language == Language.Ar ? Arabic : English;
        await using var state = await portal.Person("focal.ken", language);
        await using var officer = await portal.Person("assistance", language);
        await using var donor = await portal.Person("manager.norad", language);
        await using var other = await portal.Person("manager.jica", language);
        await officer.GoTo("/needs");
        await donor.GoTo("/needs");
        await other.GoTo("/needs");

        // The State drafts and submits; the officer's open list shows it.
        await state.GoTo("/needs/new");
        await state.Fill("#Title", title);
        await state.Fill("#Description", text);
        await state.At("#Theme").SelectOptionAsync("CFT");
        await state.At("#Modalities input").First.CheckAsync();
        await state.Fill("#EstimatedCost", "240000");
        await state.At("#Currency").SelectOptionAsync("USD");
        await Expect(state.At(".saved-note")).Not.ToBeEmptyAsync();
        await state.Press(".form-foot button[type=submit]");
        await state.SeesStatus(NeedStatus.Draft);
        var need = state.Reference;
        var row = $"a.row-link[href='/needs/{need}']";
        await officer.DoesNotSee(row);
        var submitted = Stopwatch.StartNew();
        await state.Does("act.submit");
        await officer.Sees(row, title);
        output.WriteLine($"The officer's open list showed the need {submitted.ElapsedMilliseconds} ms after the State's press.");
        await state.SeesStatus(NeedStatus.Submitted);
        await officer.Press(row);
        await officer.Does("act.authenticate");
        await state.SeesStatus(NeedStatus.Authenticated);

        // Consent, to one donor and for chosen parts.
        await state.Sees(".record-head .btn-primary");
        await state.Press("#consents .card-head button");
        var name = KnownOrganisations.Find("norad")!.Name[language];
        await state.ChoosesAudience(name);
        await Expect(state.At(".mud-dialog .preview .masked")).Not.ToHaveCountAsync(0);
        await Expect(state.At(".mud-dialog .preview")).ToContainTextAsync(title);
        await Expect(state.At(".mud-dialog .preview")).Not.ToContainTextAsync("240,000");
        await state.Press(".mud-dialog-actions .btn-primary");
        await state.DoesNotSee(".mud-dialog");
        await state.Sees("#consents .who", name);
        await donor.DoesNotSee(row);

        // Circulation: the donor's open list shows it, the other donor's does not.
        await officer.Sees(".record-head .btn-primary", officer.Word("act.circulate"));
        var circulated = Stopwatch.StartNew();
        await officer.Does("act.circulate", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(60).ToString("O", CultureInfo.InvariantCulture));
        await donor.Sees(row, title);
        output.WriteLine($"The donor's open list showed the need {circulated.ElapsedMilliseconds} ms after the officer's press.");
        Assert.InRange(circulated.ElapsedMilliseconds, 0, 10_000);
        await state.SeesStatus(NeedStatus.Circulated);
        await other.DoesNotSee(row);
        await donor.Press(row);
        await Expect(donor.At(".record-main .original").First).ToContainTextAsync(text);
        await Expect(donor.At(".facts dd").Last).ToContainTextAsync(donor.Word("masked"));
        await Expect(donor.At("main")).Not.ToContainTextAsync("240,000");

        // The donor proposes; the State's open record shows it, and the State accepts a part.
        var record = donor.Page;
        await donor.NewWindow("/needs/" + need);
        await donor.Press(".record-head a.btn-primary");
        await donor.Fill("#Title", help);
        await donor.Fill("#Description", text);
        await donor.Fill("#Amount", "100000");
        await donor.At("#Currency").SelectOptionAsync("USD");
        await donor.Press(".form-foot button[type=submit]");
        await donor.SeesStatus(ProposalStatus.Proposed);
        var proposal = donor.Reference;
        await state.Sees($"#proposals a[href='/proposals/{proposal}']", help);
        await Expect(state.At(".bar-key strong")).ToContainTextAsync("240,000");
        var stateRecord = state.Page;
        await state.NewWindow("/proposals/" + proposal);
        await state.Does("proposal.accept", "60000");
        await state.SeesStatus(ProposalStatus.Accepted);
        await donor.SeesStatus(ProposalStatus.Accepted);
        await officer.SeesStatus(NeedStatus.Matched);
        await officer.Sees(".bar-key strong", "180,000");
        await Expect(stateRecord.Locator(".record-head .status")).ToHaveTextAsync(state.Status(NeedStatus.Matched));
        await Expect(stateRecord.Locator(".bar-key strong")).ToContainTextAsync("180,000");

        // The State revokes: the donor's open record is gone, and the one that is drawn and still starting goes once it has started.
        await state.GoTo("/needs/" + need);
        var (starting, line) = await donor.NewSlowWindow("/needs/" + need);
        await Expect(starting.Locator("body")).ToContainTextAsync(text);
        await Expect(record.Locator(".record-head .status")).ToHaveTextAsync(donor.Status(NeedStatus.Matched));
        await state.Press("#consents .who .btn-quiet");
        var revoked = Stopwatch.StartNew();
        await state.Press(".mud-dialog button[type=submit]");
        await Expect(record.Locator("main .empty h1")).ToBeVisibleAsync();
        output.WriteLine($"The donor's open record was gone {revoked.ElapsedMilliseconds} ms after the State's press.");
        Assert.InRange(revoked.ElapsedMilliseconds, 0, 5_000);
        await Expect(record.Locator(".record-head")).ToHaveCountAsync(0);
        await Expect(record.Locator("body")).Not.ToContainTextAsync(text);
        line.SetResult();
        await Expect(starting.Locator("main .empty h1")).ToBeVisibleAsync();
        await Expect(starting.Locator("body")).Not.ToContainTextAsync(text);
        await donor.GoTo("/needs/" + need);
        await donor.FindsNothing();

        // The other donor has never seen it, and does not find it.
        await other.DoesNotSee(row);
        await other.GoTo("/search?q=" + Uri.EscapeDataString(title));
        await other.DoesNotSee($"main a[href='/needs/{need}']");
        await other.GoTo("/needs/" + need);
        await other.FindsNothing();
        Assert.Empty(new[] { state, officer, donor, other }.SelectMany(d => d.Complaints));
    }
}
