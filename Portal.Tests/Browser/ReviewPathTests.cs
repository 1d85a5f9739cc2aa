using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Domain;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// A recertification in the browser: some rows kept, one removed, and what nobody confirmed is gone from an open screen when the deadline
/// passes.
/// </summary>
[Collection(OwnBrowserCollection.Name)]
public sealed class ReviewPathTests(ITestOutputHelper output)
{
    [BrowserFact]
    public async Task What_nobody_confirmed_closes_on_an_open_screen_at_the_deadline()
    {
        // A portal of its own, since its clock is moved.
        await using var portal = new OpenPortal();
        await portal.InitializeAsync();
        await using (var manager = await portal.Person("access"))
        {
            await manager.GoTo("/access/reviews/new");
            await manager.At("#Subject").SelectOptionAsync("kind-Partner");
            await manager.Press("form button[type=submit]");
            await manager.Sees("section.card[aria-live] li");
            await manager.Press(".form-foot button[type=button].btn-primary");
            await Expect(manager.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/access/reviews/[0-9a-f-]{36}$"));
            await manager.Answers();

            // The partner of IGAD is kept; the grant to it is removed; the partner of OSCE is answered by nobody.
            await Choose(manager, "partner.igad@demo.example");
            await manager.Press(".form-foot button.btn-primary");
            await manager.Agrees("Works with us.");
            await manager.Sees("tr:has-text('partner.igad@demo.example') .status[data-tone=good]");
            await Choose(manager, "Adds the offers of its region.");
            await manager.Press(".form-foot button.btn-danger");
            await manager.Agrees("Its offers are in.");
            await manager.Sees("tr:has-text('Adds the offers of its region.') .status[data-tone=bad]");
            await manager.Sees("section.card[aria-live] .strong");
            Assert.Empty(manager.Complaints);
        }
        // Sessions do not live for a month: people sign in again just before the deadline, when the thirtieth day has ended everywhere.
        var deadline = Days.End(DateOnly.FromDateTime(DateTime.UtcNow).AddDays(29));
        portal.SetClock(deadline.AddMinutes(-5));
        await using var kept = await portal.Person("partner.igad");
        await using var lapsing = await portal.Person("partner.osce");
        foreach (var partner in new[] { kept, lapsing })
        {
            await partner.GoTo("/needs");
            await partner.Sees("main .list-bar");
        }
        portal.SetClock(deadline);
        var passed = Stopwatch.StartNew();
        await portal.Services.GetRequiredService<AccessKeeper>().Look();
        await lapsing.DoesNotSee("main .list-bar");
        output.WriteLine($"The screen closed {passed.ElapsedMilliseconds} ms after the deadline.");
        // The screen loads itself anew, as what is still open to its reader.
        await lapsing.Sees("main h1");
        await lapsing.Page.GotoAsync("/needs");
        await lapsing.DoesNotSee("main .list-bar");
        await kept.GoTo("/needs");
        await kept.Sees("main .list-bar");
    }

    private static async Task Choose(Desk manager, string row)
    {
        await manager.At("main table.list tr").Filter(new() { HasText = row }).Locator("input[type=checkbox]").CheckAsync();
        await Expect(manager.At("main table.list tr[aria-selected=true]")).ToHaveCountAsync(1);
    }
}
