using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>From anywhere to anywhere by a few letters and no mouse.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PaletteTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task A_need_is_opened_by_a_part_of_its_title()
    {
        await using var person = await portal.Person("focal.ken");
        var keys = person.Page.Keyboard;
        await person.GoTo("/needs?status=Matched&state=KEN");
        var need = person.At("a.row-link").Last;
        var (title, address) = ((await need.TextContentAsync())!, (await need.GetAttributeAsync("href"))!);
        await person.GoTo("/home");
        // Nothing is in it before it is opened.
        await Expect(person.At("#palette")).ToBeHiddenAsync();
        await person.DoesNotSee("#palette [role=option]");

        await keys.PressAsync("Control+k");
        await Expect(person.At("#palette input")).ToBeFocusedAsync();
        await keys.TypeAsync(title[..^3]);
        await person.Sees($"#palette [role=option][href='{address}']", title);
        for (
            var presses = 0;
            presses < 10 && await person.At("#palette [aria-selected=true]").GetAttributeAsync("href") != address;
            presses++
        )
            await keys.PressAsync("ArrowDown");
        Assert.Equal(
            await person.At("#palette [aria-selected=true]").GetAttributeAsync("id"),
            await person.At("#palette input").GetAttributeAsync("aria-activedescendant")
        );
        await keys.PressAsync("Enter");
        await person.Page.WaitForURLAsync("**" + address);
        await person.Sees(".record-head h1", title);
        await Expect(person.At("#palette")).ToBeHiddenAsync();
        await person.DoesNotSee("#palette [role=option]");
        Assert.Empty(person.Complaints);
    }

    [BrowserFact]
    public async Task Escape_closes_it_and_gives_the_focus_back_and_Enter_waits_for_the_answer()
    {
        await using var person = await portal.Person("focal.ken");
        var keys = person.Page.Keyboard;
        await person.GoTo("/needs");
        await person.At(".list-search input").FocusAsync();
        await keys.PressAsync("Control+k");
        await person.Sees("#palette [role=option][href='/needs/new']");
        await keys.PressAsync("Escape");
        await Expect(person.At("#palette")).ToBeHiddenAsync();
        await Expect(person.At(".list-search input")).ToBeFocusedAsync();

        await keys.PressAsync("Control+k");
        await keys.TypeAsync(person.Word("new:Need"));
        await keys.PressAsync("Enter");
        await person.Page.WaitForURLAsync("**/needs/new");
        Assert.Empty(person.Complaints);
    }

    [BrowserFact]
    public async Task It_offers_only_what_its_reader_may_open_and_do()
    {
        await using var state = await portal.Person("focal.ken");
        await state.GoTo("/needs?status=Draft&state=KEN");
        var draft = (await state.At("a.row-link").Last.GetAttributeAsync("href"))!;

        await using var donor = await portal.Person("manager.norad");
        await donor.GoTo("/home");
        await donor.Page.Keyboard.PressAsync("Control+k");
        await donor.Sees("#palette [role=option][href='/providers/norad/offers/new']");
        await donor.DoesNotSee("#palette [role=option][href='/needs/new']");
        await donor.Fill("#palette input", draft.Split('/')[^1]);
        await donor.Sees($"#palette [data-answers='{draft.Split('/')[^1]}']");
        await donor.DoesNotSee($"#palette [role=option][href='{draft}']");
    }
}
