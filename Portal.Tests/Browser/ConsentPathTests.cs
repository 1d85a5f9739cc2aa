using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// Consent in a browser: changed while ticks do not arrive, refused where the eye is, and the questions beside it readable.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class ConsentPathTests(OpenPortal portal)
{
    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task Consent_is_what_is_on_the_screen_also_where_the_line_lost_a_tick(Language language)
    {
        await using var writer = await portal.Person("focal.ken");
        var need = await writer.FilesNeed(new("Rooms for interviews", "BORDER_CUSTOMS", 70_000, "2(g)", "TRAINING"));
        await using var state = await portal.Person("focal.ken", language);
        await state.GoTo("/needs/" + need);
        var (norad, providers, partners) = (
            KnownOrganisations.Find("norad")!.Name[language],
            state.Code("audience", "providers"),
            state.Code("audience", "partners")
        );
        await state.ConsentsTo([norad], NeedParts.Cost);

        // Changed from what stands; what is lost is said before it is lost.
        await state.Press("#consents .who .btn:not(.btn-quiet)");
        await Expect(state.Audience(norad).Locator("input").First).ToBeCheckedAsync();
        await Expect(state.At(".mud-dialog .preview")).ToContainTextAsync("70,000");
        await state.Audience(norad).GetByLabel(state.Code("part", "Need." + nameof(NeedParts.Cost)), new() { Exact = true }).UncheckAsync();
        await state.Sees(".dialog-sum [data-tone=bad]", state.Code("part", "Need." + nameof(NeedParts.Cost)));
        await Expect(state.At(".mud-dialog .preview")).Not.ToContainTextAsync("70,000");
        await state.Audience(providers).Locator("input").First.CheckAsync();
        await Expect(state.At(".dialog-sum")).ToContainTextAsync(providers);

        // Ticks that the browser has and that never arrived.
        await Tick("providers", false);
        await Tick("partners", true);
        await state.Press(".mud-dialog-actions .btn-primary");
        await state.Sees(".dialog-sum [role=alert]", state.Word("consent.line"));
        await Expect(state.At(".dialog-sum [role=alert]")).ToBeFocusedAsync();
        await Expect(state.At(".dialog-sum [role=alert]")).ToBeInViewportAsync();
        await Expect(state.At("#consents .who")).Not.ToContainTextAsync(partners);
        await Expect(state.At(".dialog-sum")).ToContainTextAsync(partners);
        await Expect(state.At(".dialog-sum")).Not.ToContainTextAsync(providers);
        await state.Press(".mud-dialog-actions .btn-primary");
        await state.DoesNotSee(".mud-dialog");
        await state.Sees("#consents .who", partners);
        await Expect(state.At("#consents .who")).Not.ToContainTextAsync(providers);
        await Expect(state.At("#consents .who")).Not.ToContainTextAsync(state.Code("part", "Need." + nameof(NeedParts.Cost)));
        await Expect(state.At(".timeline")).ToContainTextAsync(norad);
        Assert.Empty(state.Complaints);

        Task Tick(string audience, bool on) =>
            state.At($".consent-row input[value={audience}]").EvaluateAsync("(box, on) => { box.checked = on; }", on);
    }

    [BrowserFact]
    public async Task Questions_and_answers_are_as_wide_as_their_card_and_the_header_leads_to_them()
    {
        await using var state = await portal.Person("focal.ken");
        await state.GoTo("/needs?status=Circulated&status=Matched&state=KEN");
        foreach (var need in await state.At("a.row-link").EvaluateAllAsync<string[]>("all => all.map(a => a.getAttribute('href'))"))
        {
            await state.GoTo(need);
            await state.Sees(".record-head .next");
            if (await state.At("#answers .thread").CountAsync() == 0)
                continue;
            var (card, text) = (
                (await state.At("#answers").BoundingBoxAsync())!,
                (await state.At("#answers .thread p").First.BoundingBoxAsync())!
            );
            Assert.InRange(text.Width, card.Width * .6, card.Width);
            Assert.Empty(await state.Squeezed());
            return;
        }
        Assert.Fail("No need of the story has a question.");
    }
}
