using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What opens above the page is above it: a press on its buttons and links reaches them.</summary>
[Collection(BrowserCollection.Name)]
public sealed class OverlayTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task The_buttons_of_dialogs_and_the_lines_of_menus_are_what_is_hit()
    {
        await using var person = await portal.Person("focal.ken");
        await person.GoTo("/needs?status=Matched&state=KEN");
        await person.At("a.row-link").Last.ClickAsync();
        await person.Sees("#consents .card-head button");

        await person.Press("#consents .card-head button");
        await person.Sees(".mud-dialog .preview .facts");
        await IsHit(person, ".mud-dialog-actions .btn:not(.btn-primary)");
        await IsHit(person, ".mud-dialog-actions .btn-primary");
        await person.At(".mud-dialog #consent-find").ScrollIntoViewIfNeededAsync();
        await IsHit(person, ".mud-dialog #consent-find");
        await person.Press(".mud-dialog-actions .btn:not(.btn-primary)");
        await person.DoesNotSee(".mud-dialog");

        await person.Press(".record-head details.menu > summary");
        await IsHit(person, ".record-head details.menu button.danger");
        await person.Press(".record-head details.menu button.danger");
        await person.Sees(".mud-dialog #ask-value");
        await IsHit(person, ".mud-dialog button[type=submit]");
        await IsHit(person, ".mud-dialog #ask-value");
        await person.Page.Keyboard.PressAsync("Escape");
        await person.DoesNotSee(".mud-dialog");
    }

    private static async Task IsHit(Desk person, string selector)
    {
        var there = person.At(selector).First;
        await Expect(there).ToBeInViewportAsync();
        // What comes in moving is hit once it has come; what is under something else never is.
        await person.Page.WaitForFunctionAsync(
            """
            s => { const e = document.querySelector(s), r = e.getBoundingClientRect(), hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); return e === hit || e.contains(hit); }
            """,
            selector
        );
    }
}
