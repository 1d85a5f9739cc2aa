using Portal.Data.Demonstration;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A focal point without a mouse.</summary>
[Collection(BrowserCollection.Name)]
public sealed class KeyboardTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task Everything_on_the_way_to_a_need_is_reached_and_left_by_keyboard()
    {
        await using var person = await portal.Visitor();
        var keys = person.Page.Keyboard;
        await person.GoTo("/account/sign-in");
        await Expect(person.At("#email")).ToBeFocusedAsync();
        await keys.TypeAsync("focal.ken@demo.example");
        await Reach(person, "#password");
        await keys.TypeAsync(DemonstrationCast.Password);
        await keys.PressAsync("Enter");
        await person.Page.WaitForURLAsync("**/home");
        await person.Answers();

        await Reach(person, ".shell-nav a[href='/needs']");
        await keys.PressAsync("Enter");
        await person.Sees("a.row-link");
        await Reach(person, ".skip-link");
        await Expect(person.At(".skip-link")).ToBeInViewportAsync();
        await keys.PressAsync("Enter");
        await person.Sees("#main:focus");
        await person.GoTo("/needs?status=Circulated&state=KEN");
        await Reach(person, "a.row-link");
        await keys.PressAsync("Enter");
        await person.Sees(".record-head h1");

        await Reach(person, ".record-head details.menu > summary");
        await keys.PressAsync("Enter");
        await person.Sees(".record-head details.menu[open]");
        await keys.PressAsync("Escape");
        await person.DoesNotSee(".record-head details.menu[open]");
        await Expect(person.At(".record-head details.menu > summary")).ToBeFocusedAsync();

        await Reach(person, "#consents .card-head button");
        await keys.PressAsync("Enter");
        await person.Sees(".mud-dialog");
        // The dialog notes where to return to as it takes the focus, a moment after it is there.
        await Expect(person.At("#consents .card-head button")).Not.ToBeFocusedAsync();
        await Reach(person, ".mud-dialog #consent-find");
        await keys.PressAsync("Escape");
        await person.DoesNotSee(".mud-dialog");
        await Expect(person.At("#consents .card-head button")).ToBeFocusedAsync();
    }

    // Tab by Tab, as far as it takes; whatever has focus on the way can be seen to have it.
    private static async Task Reach(Desk person, string selector)
    {
        for (var presses = 0; presses < 150; presses++)
        {
            if (await person.Page.EvaluateAsync<bool>("s => !!document.activeElement?.matches(s)", selector))
                return;
            await person.Page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"The Tab key does not lead to {selector}.");
    }
}
