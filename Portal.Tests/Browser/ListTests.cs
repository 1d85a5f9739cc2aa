using System.Text.RegularExpressions;
using Portal.Domain.Assistance;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A list's filters and order inside a live circuit: the address and the rows change, and the page is not loaded again.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class ListTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task Filters_and_order_change_the_rows_and_the_address_without_loading_the_page_again()
    {
        await using var officer = await portal.Person("assistance");
        await officer.GoTo("/needs");
        await officer.Sees("a.row-link");
        await officer.Page.EvaluateAsync("() => window.stillHere = true");

        await officer.At("details.filter > summary").First.ClickAsync();
        await officer.At("details.filter input[value=Matched]").CheckAsync();
        await officer.At("details.filter[open] button[type=submit]").ClickAsync();
        await Expect(officer.Page).ToHaveURLAsync(portal.Address + "/needs?status=Matched");
        await officer.Sees(".chips .chip.on", officer.Status(NeedStatus.Matched));
        await officer.DoesNotSee("details.filter[open]");
        await Expect(officer.At("tbody .status").First).ToHaveTextAsync(officer.Status(NeedStatus.Matched));
        Assert.All(await officer.At("tbody .status").AllTextContentsAsync(), s => Assert.Equal(officer.Status(NeedStatus.Matched), s));

        await officer.At("select[name=sort]").SelectOptionAsync("Reference");
        await Expect(officer.Page).ToHaveURLAsync(portal.Address + "/needs?status=Matched&sort=Reference");
        var references = officer.At("tbody .cell-title .ref");
        await Expect(references.First).ToHaveTextAsync((await references.AllTextContentsAsync()).Order(StringComparer.Ordinal).First());
        Assert.Equal((await references.AllTextContentsAsync()).Order(StringComparer.Ordinal), await references.AllTextContentsAsync());

        await officer.Press(".chips .chip-remove");
        await Expect(officer.Page).ToHaveURLAsync(portal.Address + "/needs?sort=Reference");
        await officer.DoesNotSee(".chips .chip.on");
        Assert.True(await officer.Page.EvaluateAsync<bool>("() => window.stillHere === true"));
        Assert.Empty(officer.Complaints);
    }

    [BrowserFact]
    public async Task Columns_are_chosen_with_the_keyboard_kept_while_filtering_and_given_back()
    {
        await using var officer = await portal.Person("assistance");
        await officer.GoTo("/needs");
        await officer.Sees("a.row-link");
        await officer.At("details.filter:has([data-usual]) > summary").FocusAsync();
        await officer.Page.Keyboard.PressAsync("Enter");
        await officer.At("input[name=columns][value=Theme]").FocusAsync();
        await officer.Page.Keyboard.PressAsync("Space");
        await officer.At("input[name=columns][value=Cost]").CheckAsync();
        await officer.At("details.filter[open] button[type=submit]").ClickAsync();
        await Expect(officer.Page).ToHaveURLAsync(Chosen());
        await Expect(officer.At("table.list thead th")).ToHaveCountAsync(6);
        await officer.At("details.filter > summary").First.ClickAsync();
        await officer.At("details.filter input[value=Matched]").CheckAsync();
        await officer.At("details.filter[open] button[type=submit]").ClickAsync();
        await officer.Sees(".chips .chip.on", officer.Status(NeedStatus.Matched));
        await Expect(officer.At("table.list thead th")).ToHaveCountAsync(6);
        await officer.Press(".chips > a");
        await Expect(officer.Page).ToHaveURLAsync(Chosen());
        await officer.At("details.filter:has([data-usual]) > summary").ClickAsync();
        await officer.At("details.filter[open] .actions a").ClickAsync();
        await Expect(officer.Page).ToHaveURLAsync(portal.Address + "/needs");
        Assert.Empty(officer.Complaints);
    }

    // A script writes the comma as a code, the portal as it is; both are read the same.
    [GeneratedRegex(@"/needs\?columns=State(,|%2C)Status(,|%2C)ReplyBy(,|%2C)Cost(,|%2C)Gap$")]
    private static partial Regex Chosen();
}
