using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Somebody is invited, comes, is suspended, and is out at once.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PeopleTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task An_access_manager_invites_somebody_who_accepts_and_whose_open_screen_closes_when_they_are_suspended()
    {
        await using var manager = await portal.Person("access");
        await manager.GoTo("/access/people/invite?organisation=ken");
        await manager.Fill("#Email", "newcomer@demo.example");
        await manager.At("#Role").SelectOptionAsync("StateContributor");
        await manager.Press(".form-foot button[type=submit]");
        await Expect(manager.At("#link")).ToHaveValueAsync(new Regex("/account/invitation/"));
        var link = new Uri(await manager.At("#link").InputValueAsync()).AbsolutePath;

        await using var newcomer = await portal.Visitor();
        await newcomer.Page.GotoAsync(link);
        await newcomer.Fill("[name=Name]", "Wanjiru Newcomer");
        await newcomer.Fill("[name=NewPassword]", "river stone lantern 7");
        await newcomer.Press("main button, form button");
        await newcomer.Page.WaitForURLAsync(u => !u.Contains("/account/invitation", StringComparison.Ordinal));
        await newcomer.GoTo("/needs");
        await newcomer.Sees(".page-head h1");

        await manager.GoTo("/access/people?q=newcomer");
        await manager.Press("a.row-link");
        await manager.Press(".record-head .btn-danger");
        await manager.Agrees("The mission asked for it.");
        await Expect(newcomer.Page).ToHaveURLAsync(new Regex("/account/sign-in"));
        await manager.Sees(".record-head .status[data-tone=warn]");
        Assert.Empty(manager.Complaints);
    }

    [BrowserFact]
    public async Task A_hand_over_that_a_colleague_came_before_is_shown_what_stands_now_and_goes_through()
    {
        Guid person,
            membership;
        await using (var db = await portal.AsSystem())
        {
            person = await db.Users.Where(u => u.Email == "contributor.per@demo.example").Select(u => u.Id).SingleAsync();
            membership = await db.Memberships.Where(m => m.PersonId == person).Select(m => m.Id).SingleAsync();
        }
        await using var manager = await portal.Person("access");
        await manager.GoTo($"/access/people/{person}/transfer/{membership}");
        await manager.Fill("#Email", "successor@demo.example");
        await manager.Fill("#Reason", "Goes to another post.");

        await using var colleague = await portal.Person("access.second");
        await colleague.GoTo($"/access/people/{person}");
        await colleague.Press(".actions button:has-text('Change the end date')");
        await colleague.Agrees(DateTime.UtcNow.AddMonths(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await colleague.DoesNotSee(".mud-dialog");

        await manager.Press(".form-foot button[type=submit]");
        await manager.Sees(".error-summary");
        await Expect(manager.At("#Email")).ToHaveValueAsync("successor@demo.example");
        // Seen now: the next attempt decides on it.
        await manager.Press(".form-foot button[type=submit]");
        await Expect(manager.At("#link")).ToHaveValueAsync(new Regex("/account/invitation/"));
    }
}
