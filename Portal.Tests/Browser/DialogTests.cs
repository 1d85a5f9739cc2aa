using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Identity;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A dialog loses nothing that was written in it, and gives the focus back to where it was.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DialogTests(OpenPortal portal)
{
    private const string Field = ".mud-dialog #ask-value",
        Menu = ".record-head details.menu > summary",
        Withdraw = ".record-head details.menu button.danger";

    [BrowserFact]
    public async Task What_was_written_is_asked_about_before_it_goes_and_the_focus_returns_to_the_menu()
    {
        await using var state = await portal.Person("focal.ken");
        await state.GoTo("/needs?status=Matched&state=KEN");
        await state.At("a.row-link").Last.ClickAsync();
        await state.Sees(Menu);
        var keys = state.Page.Keyboard;

        await state.Press(Menu);
        await state.Press(Withdraw);
        await Expect(state.At(Field)).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await state.DoesNotSee(".mud-dialog");
        await Expect(state.At(Menu)).ToBeFocusedAsync();

        await state.Press(Menu);
        await state.Press(Withdraw);
        await Expect(state.At(Field)).ToBeFocusedAsync();
        await keys.TypeAsync("We no longer need it");
        await keys.PressAsync("Escape");
        await state.Sees(".dialog-discard");
        await state.Press(".dialog-discard button:not(.btn-danger)");
        await state.DoesNotSee(".dialog-discard");
        await Expect(state.At(Field)).ToBeFocusedAsync();
        await Expect(state.At(Field)).ToHaveValueAsync("We no longer need it");

        // Going back asks, too, and leads nowhere meanwhile.
        var here = state.Page.Url;
        await state.Page.EvaluateAsync("() => history.back()");
        await state.Sees(".dialog-discard");
        await state.Press(".dialog-discard button:not(.btn-danger)");
        await state.DoesNotSee(".dialog-discard");
        await Expect(state.At(Field)).ToHaveValueAsync("We no longer need it");
        await Expect(state.Page).ToHaveURLAsync(here);

        // So does a click beside the dialog.
        await state.Page.Mouse.ClickAsync(5, 5);
        await state.Sees(".dialog-discard");
        await state.Press(".dialog-discard .btn-danger");
        await state.DoesNotSee(".mud-dialog");
        await Expect(state.At(Menu)).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task An_act_that_asks_again_who_sits_there_keeps_the_reason_and_is_done_after_the_check()
    {
        await using var manager = await portal.Person("access.second");
        await manager.GoTo("/access/people?q=subcommittee");
        await manager.At("main table a").First.ClickAsync();
        await manager.Sees(".record-head .btn-danger");
        await TenMinutesPass("access.second@demo.example");

        await manager.At(".record-head .btn-danger").First.ClickAsync();
        await manager.Fill(Field, "On leave until spring");
        await manager.Press(".mud-dialog button[type=submit]");
        await manager.Sees(".mud-dialog .alert a");
        await Expect(manager.At(Field)).ToHaveValueAsync("On leave until spring");

        var check = await manager.Page.RunAndWaitForPopupAsync(() => manager.Press(".mud-dialog .alert a"));
        await check.FillAsync("[name=Password]", DemonstrationCast.Password);
        var closed = new TaskCompletionSource();
        check.Close += (_, _) => closed.TrySetResult();
        await check.PressAsync("[name=Password]", "Enter");
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await manager.Agrees();
        await manager.Sees(".record-head .btn-primary");
        await manager.Press(".record-head .btn-primary");
        await manager.Agrees();
        await Expect(manager.At(".record-head .btn-danger")).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task A_list_taken_away_after_the_check_comes_and_the_tab_says_so()
    {
        await using var manager = await portal.Person("access.second");
        await manager.GoTo("/access/people");
        await TenMinutesPass("access.second@demo.example");
        await manager.Press("details.menu:has(a[href*=export]) > summary");
        var tab = await manager.Page.RunAndWaitForPopupAsync(() => manager.Press("a[href*='format=csv']"));
        await tab.FillAsync("[name=Password]", DemonstrationCast.Password);
        var file = await tab.RunAndWaitForDownloadAsync(() => tab.PressAsync("[name=Password]", "Enter"));
        Assert.EndsWith(".csv", file.SuggestedFilename);
        await Expect(tab.Locator("main a[href^='/access/people/export']")).ToBeVisibleAsync();
        await Expect(tab.Locator("[name=Password]")).ToHaveCountAsync(0);
    }

    private async Task TenMinutesPass(string email)
    {
        await using var db = await portal.Services.GetRequiredService<PortalStore>().OpenAsSystem("let a check grow old");
        var old = DateTime.UtcNow - Sessions.CheckHolds - TimeSpan.FromMinutes(1);
        await db
            .Sessions.Where(s => db.Users.Any(u => u.Id == s.PersonId && u.Email == email))
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.CheckedAt, old));
    }
}
