namespace Portal.Tests.Identity;

/// <summary>Account forms that were open before somebody signed in elsewhere.</summary>
public sealed class StaleFormTests : IAsyncLifetime
{
    private Site site = null!;

    public async Task InitializeAsync() => site = await Site.Start();

    public async Task DisposeAsync() => await site.DisposeAsync();

    [Fact]
    public async Task A_form_to_sign_in_leads_on_where_somebody_has_signed_in_meanwhile()
    {
        var browser = site.Browser();
        var old = Browser.Token(await browser.Get("/account/sign-in"));
        await browser.SignIn(Cast.Amina.Email, Site.Password);

        var answer = await browser.Post(
            "/account/sign-in?returnUrl=%2Fneeds",
            "sign-in",
            old,
            ("Email", Cast.Amina.Email),
            ("Password", Site.Password)
        );

        Assert.Equal((302, "/needs"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task Any_other_is_shown_again_with_what_was_typed_and_no_secret_and_nothing_is_done()
    {
        var browser = site.Browser();
        var old = Browser.Token(await browser.Get("/account/forgot"));
        await browser.SignIn(Cast.Amina.Email, Site.Password);
        var before = await site.Acts();

        var answer = await browser.Post(
            "/account/forgot",
            "forgot",
            old,
            ("Email", "somebody@example.org"),
            ("Password", "a secret of somebody")
        );

        Assert.Equal(400, answer.Status);
        Assert.Contains("name=\"Email\"", answer.Body);
        Assert.Contains("somebody@example.org", answer.Body);
        Assert.DoesNotContain("a secret of somebody", answer.Body);
        Assert.Equal(before, await site.Acts());
        // The form as it is shown now is taken.
        Assert.NotEqual(
            400,
            (await browser.Post("/account/forgot", "forgot", Browser.Token(answer), ("Email", "somebody@example.org"))).Status
        );
    }
}
