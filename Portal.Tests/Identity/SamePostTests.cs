using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Tests.Identity;

/// <summary>
/// A double click on a form without a circuit sends it twice; it is done once, and the second answer, which is the one the browser shows,
/// is the first's.
/// </summary>
public sealed class SamePostTests
{
    [Fact]
    public async Task An_invitation_accepted_with_a_double_click_signs_in()
    {
        await using var site = await Site.Start();
        var path = await Invitation(site, "new.person@example.org");
        var browser = site.Browser();
        var form = await browser.Get(path);
        var (first, second) = await Twice(
            browser,
            path,
            form,
            "invitation",
            ("Name", "New Person"),
            ("NewPassword", "seven quiet umbrellas")
        );
        Assert.Equal("/account/acting-as", first.Location);
        Assert.Equal("/account/acting-as", second.Location);
        Assert.Equal(200, (await browser.Get("/account/security")).Status);
        Assert.Equal(["account.invited", "account.invitation_used", "account.signed_in"], await site.Acts());
    }

    [Fact]
    public async Task A_new_password_set_with_a_double_click_is_set()
    {
        await using var site = await Site.Start();
        var browser = site.Browser();
        var path = await Reset(site);
        var (first, second) = await Twice(browser, path, await browser.Get(path), "reset", ("NewPassword", "another river, another stone"));
        Assert.Contains("signed out everywhere", first.Body);
        Assert.Contains("signed out everywhere", second.Body);
        Assert.Equal(302, (await browser.SignIn(Cast.Amina.Email, "another river, another stone")).Status);
    }

    [Fact]
    public async Task Two_clicks_at_sign_in_open_one_session_and_count_as_one_guess()
    {
        await using var site = await Site.Start();
        var browser = site.Browser();
        for (var i = 0; i < 9; i++)
            await Twice(
                browser,
                "/account/sign-in",
                await browser.Get("/account/sign-in"),
                "sign-in",
                ("Email", Cast.Amina.Email),
                ("Password", "wrong guess number " + i)
            );
        var (first, second) = await Twice(
            browser,
            "/account/sign-in",
            await browser.Get("/account/sign-in"),
            "sign-in",
            ("Email", Cast.Amina.Email),
            ("Password", Site.Password)
        );
        Assert.Equal((302, 302), (first.Status, second.Status));
        Assert.Equal(200, (await browser.Get("/account/security")).Status);
        await using var db = await site.Db.AsSystem();
        Assert.Equal(1, await db.Sessions.CountAsync());
    }

    [Fact]
    public async Task A_token_made_with_a_double_click_is_one_and_is_shown()
    {
        await using var site = await Site.Start();
        var browser = await site.SignedIn();
        var (first, second) = await Twice(
            browser,
            "/account/security/token",
            await browser.Get("/account/security/token"),
            "token",
            ("Name", "Statistics"),
            ("Days", "30"),
            ("May", "read"),
            ("Needs", "on")
        );
        Assert.Equal(Regex.Match(first.Body, "tap_[A-Za-z0-9_-]+").Value, Regex.Match(second.Body, "tap_[A-Za-z0-9_-]+").Value);
        Assert.Contains("tap_", second.Body);
        // The page given again carries the nonce of its own answer, or its scripts would not run.
        Assert.Contains(
            System.Net.WebUtility.HtmlDecode(Regex.Match(second.Body, "nonce=\"([^\"]+)\"").Groups[1].Value),
            second.Header("Content-Security-Policy")
        );
        Assert.Single(await site.Acts(), a => a == "account.token_made");
    }

    [Fact]
    public async Task Nobody_else_is_given_the_answer_and_nobody_later()
    {
        await using var site = await Site.Start();
        var path = await Invitation(site, "new.person@example.org");
        var (browser, other) = (site.Browser(), site.Browser("203.0.113.9"));
        var (form, theirs) = (await browser.Get(path), await other.Get(path));
        (string, string)[] fields = [("Name", "New Person"), ("NewPassword", "seven quiet umbrellas")];
        Assert.Equal(302, (await browser.Post(path, "invitation", Identity.Browser.Token(form), fields)).Status);

        var late = await other.Post(path, "invitation", Identity.Browser.Token(theirs), fields);
        Assert.NotEqual(302, late.Status);
        Assert.Empty(late.Header("Set-Cookie"));
        // Not with the form of the one who accepted, either: the cookie that goes with it is in their browser.
        var copied = await other.Post(path, "invitation", Identity.Browser.Token(form), fields);
        Assert.NotEqual(302, copied.Status);
        Assert.Empty(copied.Header("Set-Cookie"));

        site.Db.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotEqual("/account/acting-as", (await browser.Post(path, "invitation", Identity.Browser.Token(form), fields)).Location);
    }

    private static async Task<(Page First, Page Second)> Twice(
        Browser browser,
        string path,
        Page form,
        string name,
        params (string, string)[] fields
    )
    {
        // As a browser does: the second is sent with the cookies there were before the first was answered.
        var again = browser.Copy();
        var both = await Task.WhenAll(
            browser.Post(path, name, Browser.Token(form), fields),
            again.Post(path, name, Browser.Token(form), fields)
        );
        browser.Cookies.Clear();
        foreach (var (cookie, value) in again.Cookies)
            browser.Cookies[cookie] = value;
        return (both[0], both[1]);
    }

    private static async Task<string> Invitation(Site site, string email)
    {
        using var scope = site.Scope();
        return new Uri(
            await scope.ServiceProvider.GetRequiredService<InvitationService>().Invite(null, email, Cast.Kenya.Id, Role.StateContributor)
        ).PathAndQuery;
    }

    private static async Task<string> Reset(Site site)
    {
        using var scope = site.Scope();
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("192.0.2.1");
        await scope.ServiceProvider.GetRequiredService<ResetService>().Ask(Cast.Amina.Email, http);
        await using var db = await site.Db.AsSystem();
        return new Uri(Regex.Match(site.Get<Outbox>().Read(await db.Set<OutboxMail>().SingleAsync()), "https?://\\S+").Value).PathAndQuery;
    }
}
