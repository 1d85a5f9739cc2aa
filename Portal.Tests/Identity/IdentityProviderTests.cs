using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Portal.Identity;

namespace Portal.Tests.Identity;

/// <summary>Signing in by an organisation's own provider, against one that tells the truth and one that does not.</summary>
public sealed class IdentityProviderTests
{
    private const string Unknown = "/account/sign-in?problem=unknown&provider=mfa",
        Failed = "/account/sign-in?problem=failed&provider=mfa";

    private static async Task<(Site Site, TestProvider Provider)> Start(
        Database database = Database.Sqlite,
        params (string, string)[] settings
    )
    {
        Site? site = null;
        var provider = await TestProvider.Start(() => site!.Db.Clock.GetUtcNow());
        site = await Site.Start(database, provider.Settings(settings));
        return (site, provider);
    }

    private static Task Bind(Site site, TestProvider provider, string subject = "amina-at-mfa") =>
        Save(
            site,
            db =>
                db.IdentityBindings.Add(
                    new IdentityBinding
                    {
                        PersonId = Cast.Amina.Id,
                        Provider = "mfa",
                        Issuer = provider.Issuer,
                        Subject = subject,
                        Email = "amina@mfa.example",
                        BoundAt = site.Db.Now,
                    }
                )
        );

    private static async Task Save(Site site, Action<Portal.Data.PortalDb> change)
    {
        await using var db = await site.Db.AsSystem();
        change(db);
        await db.SaveChangesAsync();
    }

    private static async Task<int> Bindings(Site site)
    {
        await using var db = await site.Db.AsSystem();
        return await db.IdentityBindings.CountAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whoever_is_bound_comes_in_and_gets_a_session_like_any_other(Database database)
    {
        var (site, provider) = await Start(database);
        await using var _ = provider;
        await using var __ = site;
        var browser = site.Browser();
        Assert.Contains("href=\"/account/oidc/mfa\"", (await browser.Get("/account/sign-in")).Body);
        Assert.Equal(Unknown, (await provider.Through(browser)).Location);
        Assert.DoesNotContain("__Host-portal", browser.Cookies.Keys);

        await Bind(site, provider);
        Assert.Equal("/needs", (await provider.Through(browser, "/account/oidc/mfa?returnUrl=%2Fneeds")).Location);
        Assert.Equal(
            ("S256", "code", "openid email profile"),
            (provider.Asked["code_challenge_method"], provider.Asked["response_type"], provider.Asked["scope"])
        );
        Assert.False(provider.Asked.ContainsKey("response_mode")); // by a link, as is usual for a code
        Assert.Equal(200, (await browser.Get("/needs")).Status);
        var copy = browser.Copy();
        var left = await browser.Submit("/account/sign-out", "sign-out");
        Assert.Equal("/account/sign-in?left=mfa", left.Location);
        Assert.Equal(302, (await copy.Get("/needs")).Status);
        Assert.Contains("/account/oidc/mfa/sign-out", (await browser.Get(left.Location!)).Body);
        var end = (await browser.Get("/account/oidc/mfa/sign-out")).Location!;
        Assert.StartsWith(provider.Issuer + "/leave?", end);
        Assert.Contains(Uri.EscapeDataString("portal.example.org"), WebUtility.UrlEncode(WebUtility.UrlDecode(end)));
        Assert.Equal(["account.sign_in_failed", "account.signed_in", "account.signed_out"], await site.Acts());
    }

    [Fact]
    public async Task What_a_provider_must_not_say_brings_nobody_in()
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        await Bind(site, provider);
        var lies = new Dictionary<string, Action<TestProvider>>
        {
            ["signed with another's key"] = p => p.Signs = "stranger",
            ["signed with the client's secret"] = p => p.Signs = "HS256",
            ["not signed"] = p => p.Signs = "none",
            ["another's nonce"] = p => p.Says = c => c["nonce"] = "638000000000000000.AAAA",
            ["no nonce"] = p => p.Says = c => c.Remove("nonce"),
            ["for another client"] = p => p.Says = c => c["aud"] = "another",
            ["for another client, too"] = p => p.Says = c => c["aud"] = new[] { TestProvider.Client, "another" },
            ["by another issuer"] = p => p.Says = c => c["iss"] = "https://evil.example",
            ["expired"] = p => p.Says = c => c["exp"] = (long)c["iat"] - 200,
            ["not yet valid"] = p => p.Says = c => c["nbf"] = (long)c["iat"] + 200,
            ["without an end"] = p => p.Says = c => c.Remove("exp"),
            ["of nobody"] = p => p.Says = c => c.Remove("sub"),
            ["of an endless name"] = p => p.Says = c => c["sub"] = new string('x', 300),
            ["an error"] = p => p.Error = "server_error",
            ["an error that is a script"] = p => p.Error = "<script>alert(1)</script>",
        };
        foreach (var (lie, tell) in lies)
        {
            (provider.Signs, provider.Says, provider.Error) = ("RS256", _ => { }, null);
            tell(provider);
            var browser = site.Browser();
            var page = await provider.Through(browser);
            Assert.True(page.Location == Failed, $"{lie}: {page.Status} {page.Location}");
            Assert.DoesNotContain("__Host-portal", browser.Cookies.Keys);
        }
        (provider.Signs, provider.Says, provider.Error) = ("RS256", _ => { }, null);
        Assert.Equal("/home", (await provider.Through(site.Browser())).Location);
    }

    [Fact]
    public async Task An_answer_counts_once_and_on_the_browser_that_asked()
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        await Bind(site, provider);
        var (browser, thief) = (site.Browser(), site.Browser("203.0.113.9"));
        var callback = await provider.Visit(browser, "/account/oidc/mfa");
        var stolen = browser.Copy();
        Assert.StartsWith("/account/sign-in?problem=failed", (await thief.Get(callback)).Location);
        // The code was not spent by the thief, who had no cookie; it is by its owner.
        Assert.Equal("/home", (await browser.Get(callback)).Location);
        Assert.StartsWith("/account/sign-in?problem=failed", (await browser.Get(callback)).Location);
        Assert.StartsWith("/account/sign-in?problem=failed", (await stolen.Get(callback)).Location);
        foreach (
            var broken in new[]
            {
                "",
                "?code=x",
                "?state=x",
                "?state=x&code=y",
                "?error=x",
                "?error=access_denied&state=" + new string('x', 2000),
                "?code=%00&state=%00",
            }
        )
            Assert.Equal(302, (await thief.Get("/account/oidc/mfa/callback" + broken)).Status);
        Assert.DoesNotContain("__Host-portal", thief.Cookies.Keys.Concat(stolen.Cookies.Keys));
        Assert.Equal(404, (await thief.Get("/account/oidc/nobody")).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task No_redirect_leaves_the_site(string address)
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        await Bind(site, provider);
        Assert.Equal(
            "/home",
            (await provider.Through(site.Browser(), "/account/oidc/mfa?returnUrl=" + Uri.EscapeDataString(address))).Location
        );
    }

    [Fact]
    public async Task Unknown_suspended_and_unverified_get_one_answer_and_no_account()
    {
        var (site, provider) = await Start(Database.Sqlite, ("TrustedDomains", "example.org"));
        await using var _ = provider;
        await using var __ = site;
        async Task Refused() => Assert.Equal(Unknown, (await provider.Through(site.Browser())).Location);
        provider.Says = c => c["email_verified"] = false;
        await Refused();
        provider.Says = c => c.Remove("email_verified");
        await Refused();
        provider.Says = c => c["email"] = "amina@example.org.evil.example";
        await Refused();
        provider.Says = c => c["email"] = "nobody@example.org";
        await Refused();
        provider.Says = c => c.Remove("email");
        await Refused();
        await Bind(site, provider);
        await site.Change(
            Cast.Amina,
            p =>
            {
                p.LockoutEnd = DateTimeOffset.MaxValue;
                return Task.CompletedTask;
            }
        );
        await Refused();
        await using var db = await site.Db.AsSystem();
        Assert.Equal(Cast.All.Count, await db.Users.CountAsync());
        var page = await site.Browser().Get(Unknown);
        Assert.Contains(
            "No account of the portal belongs to this sign-in at Ministry of Foreign Affairs",
            WebUtility.HtmlDecode(page.Body)
        );
    }

    [Fact]
    public async Task A_vouched_address_binds_once_and_never_to_a_second_person()
    {
        var (site, provider) = await Start(Database.Sqlite, ("TrustedDomains", "example.org"));
        await using var _ = provider;
        await using var __ = site;
        Assert.Equal("/home", (await provider.Through(site.Browser())).Location);
        Assert.Equal(1, await Bindings(site));
        provider.Says = c => c["email"] = "somebody.else@example.net";
        Assert.Equal("/home", (await provider.Through(site.Browser())).Location); // known by the subject from now on
        provider.Says = c => c["sub"] = "who-was-given-the-address-later";
        Assert.Equal(Unknown, (await provider.Through(site.Browser())).Location);
        Assert.Equal(1, await Bindings(site));
    }

    [Fact]
    public async Task Without_trust_a_verified_address_alone_binds_nothing()
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        Assert.Equal(Unknown, (await provider.Through(site.Browser())).Location);
        Assert.Equal(0, await Bindings(site));
    }

    [Fact]
    public async Task A_second_factor_of_the_provider_counts_and_otherwise_the_portal_asks()
    {
        var (site, provider) = await Start(Database.Sqlite, ("SignIn:RequireSecondFactor", "true"), ("SecondFactor", "mfa urn:high"));
        await using var _ = provider;
        await using var __ = site;
        await Bind(site, provider);
        var browser = site.Browser();
        provider.Says = c => c["amr"] = new[] { "pwd" };
        await provider.Through(browser);
        Assert.Equal("/account/acting-as", (await browser.Get("/needs")).Location); // which leads to setting one up
        foreach (var (claim, value) in new (string, object)[] { ("amr", new[] { "pwd", "mfa" }), ("acr", "urn:high") })
        {
            browser = site.Browser();
            provider.Says = c => c[claim] = value;
            await provider.Through(browser);
            Assert.Equal(200, (await browser.Get("/needs")).Status);
            Assert.Equal(200, (await browser.Get("/account/acting-as")).Status);
        }
        await site.Change(
            Cast.Amina,
            p =>
            {
                p.TotpSecret = "something";
                return Task.CompletedTask;
            }
        );
        browser = site.Browser();
        provider.Says = c => c["amr"] = new[] { "pwd" };
        Assert.Equal(
            "/account/second-step?returnUrl=%2Fneeds",
            (await provider.Through(browser, "/account/oidc/mfa?returnUrl=%2Fneeds")).Location
        );
        Assert.DoesNotContain("__Host-portal", browser.Cookies.Keys);
        Assert.Equal(200, (await browser.Get("/account/second-step")).Status);
        provider.Says = c => c["amr"] = "mfa";
        Assert.Equal("/home", (await provider.Through(browser)).Location);
    }

    [Fact]
    public async Task Whose_memberships_have_ended_acts_for_nobody()
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        await Bind(site, provider);
        await using (var db = await site.Db.AsSystem())
        {
            foreach (var membership in await db.Memberships.Where(m => m.PersonId == Cast.Amina.Id).ToListAsync())
                db.Entry(membership).Property(m => m.Until).CurrentValue = site.Db.Now.AddMinutes(-1);
            await db.SaveChangesAsync();
        }
        var browser = site.Browser();
        await provider.Through(browser);
        Assert.Equal("/account/acting-as", (await browser.Get("/needs")).Location);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_account_is_bound_by_its_owner_who_was_checked_lately(Database database)
    {
        var (site, provider) = await Start(database);
        await using var _ = provider;
        await using var __ = site;
        var browser = await site.SignedIn();
        Assert.Equal("/account/security", (await browser.Get("/account/oidc/mfa/bind?ticket=guessed")).Location);
        var link = Link(await browser.Get("/account/security/identity/mfa"));
        // Somebody else's session cannot use it, nor this one once its check is old.
        Assert.Equal("/account/security", (await (await site.SignedIn("198.51.100.7")).Get(link)).Location);
        Assert.Equal(302, (await site.Browser().Get(link)).Status);
        var late = await provider.Visit(browser, link);
        site.Db.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("/account/confirm?returnUrl=%2Faccount%2Fsecurity%2Fidentity%2Fmfa", (await browser.Get(late)).Location);
        Assert.Equal(
            "/account/confirm?returnUrl=%2Faccount%2Fsecurity%2Fidentity%2Fmfa",
            (await browser.Get("/account/security/identity/mfa")).Location
        );
        Assert.Equal(0, await Bindings(site));

        await browser.Submit("/account/confirm", "confirm", ("Password", Site.Password));
        Assert.Equal(
            "/account/security?done=identity",
            (await provider.Through(browser, Link(await browser.Get("/account/security/identity/mfa")))).Location
        );
        Assert.Contains("Ministry of Foreign Affairs", (await browser.Get("/account/security")).Body);
        Assert.Equal("/home", (await provider.Through(site.Browser())).Location);

        // Confirming again at the provider: it must have asked again.
        site.Db.Clock.Advance(TimeSpan.FromMinutes(11));
        provider.Says = c => c["auth_time"] = (long)c["iat"] - 3600;
        Assert.StartsWith(
            "/account/confirm?problem=not_again",
            (await provider.Through(browser, "/account/oidc/mfa/confirm?returnUrl=%2Faccount%2Fsecurity")).Location
        );
        Assert.Equal(("login", "0"), (provider.Asked["prompt"], provider.Asked["max_age"]));
        provider.Says = c => c["sub"] = "somebody else";
        Assert.StartsWith(
            "/account/confirm?problem=not_again",
            (await provider.Through(browser, "/account/oidc/mfa/confirm?returnUrl=%2Faccount%2Fsecurity")).Location
        );
        provider.Says = _ => { };
        Assert.Equal(
            "/account/security",
            (await provider.Through(browser, "/account/oidc/mfa/confirm?returnUrl=%2Faccount%2Fsecurity")).Location
        );

        var id = Regex.Match((await browser.Get("/account/security")).Body, "name=\"Unbind\" value=\"([^\"]+)").Groups[1].Value;
        Assert.Equal("/account/security", (await browser.Submit("/account/security", "identities", ("Unbind", id))).Location);
        Assert.Equal(0, await Bindings(site));
        Assert.Equal(Unknown, (await provider.Through(site.Browser())).Location);

        static string Link(Page page) =>
            WebUtility.HtmlDecode(Regex.Match(page.Body, "href=\"(/account/oidc/mfa/bind[^\"]+)").Groups[1].Value);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_invitation_is_accepted_by_who_showed_themselves_and_confirmed_it(Database database)
    {
        var (site, provider) = await Start(database);
        await using var _ = provider;
        await using var __ = site;
        var (browser, link) = (site.Browser(), await Invite(site, "newcomer@example.org"));
        provider.Says = c =>
        {
            c["sub"] = "newcomer";
            c["name"] = "New Comer";
            c["email"] = "n.comer@mfa.example";
        };
        var token = link.Split('/')[^1];
        Assert.Contains($"/account/oidc/mfa/invitation/{token}", (await browser.Get(link)).Body);
        Assert.Equal(link, (await provider.Through(browser, $"/account/oidc/mfa/invitation/{token}")).Location);
        Assert.Equal(0, await Bindings(site)); // nothing without a deliberate yes
        var page = await browser.Get(link);
        Assert.Contains("n.comer@mfa.example", page.Body);
        Assert.DoesNotContain("NewPassword", page.Body);
        Assert.Contains("NewPassword", (await browser.Get(link + "?with=password")).Body);
        Assert.Contains("NewPassword", (await site.Browser().Get(link)).Body);
        Assert.Equal("/account/acting-as", (await browser.Submit(link, "invitation", ("Name", "New Comer"))).Location);
        Assert.Equal(200, (await browser.Get("/account/security")).Status);
        Assert.Equal("/home", (await provider.Through(site.Browser())).Location);

        // The last way in cannot be taken away.
        var id = Regex.Match((await browser.Get("/account/security")).Body, "name=\"Unbind\" value=\"([^\"]+)").Groups[1].Value;
        Assert.Contains("last way into your account", (await browser.Submit("/account/security", "identities", ("Unbind", id))).Body);

        // A further membership, without a password; somebody else's sign-in is refused.
        link = await Invite(site, "newcomer@example.org");
        await provider.Through(browser, $"/account/oidc/mfa/invitation/{link.Split('/')[^1]}");
        Assert.DoesNotContain("NewPassword", (await browser.Get(link)).Body);
        Assert.Equal("/account/sign-in", (await browser.Submit(link, "invitation")).Location);
        link = await Invite(site, Cast.Amina.Email);
        await provider.Through(browser, $"/account/oidc/mfa/invitation/{link.Split('/')[^1]}");
        Assert.Contains("belongs to another account", (await browser.Submit(link, "invitation", ("NewPassword", Site.Password))).Body);
    }

    [Fact]
    public async Task The_link_of_an_invitation_gives_nobody_elses_account_away()
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        var (browser, link) = (site.Browser(), await Invite(site, Cast.Amina.Email));
        await provider.Through(browser, $"/account/oidc/mfa/invitation/{link.Split('/')[^1]}");
        Assert.Equal(200, (await browser.Submit(link, "invitation", ("NewPassword", "a guess at the password"))).Status);
        Assert.Equal(0, await Bindings(site));
        Assert.Equal("/account/sign-in", (await browser.Submit(link, "invitation", ("NewPassword", Site.Password))).Location);
        Assert.Equal(1, await Bindings(site));
    }

    private static async Task<string> Invite(Site site, string email)
    {
        using var scope = site.Scope();
        var link = await ((InvitationService)scope.ServiceProvider.GetService(typeof(InvitationService))!).Invite(
            null,
            email,
            Cast.Amina.Organisation.Id,
            Portal.Domain.Access.Role.StateContributor
        );
        return new Uri(link).PathAndQuery;
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_said_to_in_the_readers_language()
    {
        var (site, provider) = await Start();
        await using var __ = site;
        await provider.DisposeAsync();
        var browser = site.Browser();
        var page = await browser.Get("/account/oidc/mfa");
        Assert.Equal("/account/sign-in?problem=unreachable&provider=mfa", page.Location);
        browser.Client.DefaultRequestHeaders.AcceptLanguage.Clear();
        browser.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");
        Assert.Contains("est injoignable pour le moment", WebUtility.HtmlDecode((await browser.Get(page.Location!)).Body));
        Assert.Equal("/account/sign-in?problem=no_sign_out&provider=mfa", (await browser.Get("/account/oidc/mfa/sign-out")).Location);
        Assert.DoesNotContain("role=\"alert\"", (await browser.Get("/account/sign-in?problem=%3Cscript%3E&provider=mfa")).Body);
    }

    [Fact]
    public async Task No_page_lets_its_forms_be_sent_elsewhere()
    {
        var (site, provider) = await Start();
        await using var _ = provider;
        await using var __ = site;
        var browser = await site.SignedIn();
        foreach (
            var address in new[]
            {
                "/account/sign-in?returnUrl=%2Fneeds",
                "/account/security",
                "/account/security/identity/mfa",
                await Invite(site, "newcomer@example.org"),
            }
        )
            Assert.Contains("form-action 'self';", (await browser.Get(address)).Header("Content-Security-Policy"));
    }

    [Theory]
    [InlineData("https://id.example.org", "portal", true)]
    [InlineData("http://127.0.0.1:9000", "portal", true)]
    [InlineData("http://id.example.org", "portal", false)]
    [InlineData("id.example.org", "portal", false)]
    [InlineData("https://id.example.org", "", false)]
    public void A_provider_with_a_fault_is_left_out_and_said_to_be(string authority, string client, bool good)
    {
        var providers = new IdentityProviders(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["Oidc:one:Authority"] = authority,
                        ["Oidc:one:ClientId"] = client,
                        ["Oidc:Two!:Authority"] = "https://id.example.org",
                        ["Oidc:Two!:ClientId"] = "portal",
                    }
                )
                .Build()
        );
        Assert.Equal(good ? ["one"] : [], providers.All.Select(p => p.Name));
        Assert.Equal(good ? ["Two!"] : ["one", "Two!"], providers.Faults.Select(f => f.Name).Order(StringComparer.OrdinalIgnoreCase));
    }
}
