using System.Net;
using System.Text;

namespace Portal.Tests.Identity;

/// <summary>One site for all cases of a class that leave nothing behind.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    public Site Site { get; private set; } = null!;
    public async Task InitializeAsync() => Site = await Site.Start();
    public Task DisposeAsync() => Site.DisposeAsync().AsTask();
}

public class GuardTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site site = shared.Site;

    [Fact]
    public async Task Every_answer_carries_the_headers_that_browsers_obey()
    {
        foreach (var path in new[] { "/account/sign-in", "/health/live", "/nowhere", "/portal.css" })
        {
            var page = await site.Browser().Get(path);
            var policy = page.Header("Content-Security-Policy");
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.Contains("form-action 'self'", policy);
            Assert.Matches("script-src 'self' 'nonce-[^']+'(;|$)", policy);
            Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
            Assert.Equal("same-origin", page.Header("Referrer-Policy"));
            Assert.Equal("same-origin", page.Header("Cross-Origin-Opener-Policy"));
            Assert.Contains("camera=()", page.Header("Permissions-Policy"));
            Assert.Equal("max-age=31536000", page.Header("Strict-Transport-Security"));
            Assert.Equal("", page.Header("Server"));
        }
        Assert.Contains("no-store", (await (await site.SignedIn()).Get("/account/security")).Header("Cache-Control"));
    }

    [Fact]
    public async Task The_kept_sign_in_page_is_everyone_s_own()
    {
        var pages = new List<Page>();
        for (var i = 0; i < 3; i++)
        {
            var browser = site.Browser("203.0.113.77");
            pages.Add(await browser.Get("/account/sign-in"));
            var nonce = System.Text.RegularExpressions.Regex.Match(pages[i].Header("Content-Security-Policy"), "'nonce-([^']+)'").Groups[1].Value;
            Assert.Contains($"nonce=\"{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(nonce)}\"", pages[i].Body);
            Assert.Contains("no-store", pages[i].Header("Cache-Control"));
            Assert.Equal(200, (await browser.Post("/account/sign-in", "sign-in", Browser.Token(pages[i]), ("Email", "x@example.org"), ("Password", "wrong"))).Status);
        }
        Assert.Equal(3, pages.Select(Browser.Token).Distinct().Count());
        Assert.Equal(3, pages.Select(p => p.Header("Content-Security-Policy")).Distinct().Count());
        var request = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in");
        request.Headers.Add("Cookie", "portal.language=ar; portal.theme=dark");
        Assert.Contains("<html lang=\"ar\" dir=\"rtl\" data-theme=\"dark\"", (await site.Browser().Send(request)).Body);
    }

    [Fact]
    public async Task Another_host_s_name_is_refused()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in");
        request.Headers.Host = "evil.example";
        Assert.Equal(400, (await site.Browser().Send(request)).Status);
    }

    [Theory]
    [InlineData(null, false, 401)]
    [InlineData("https://portal.example.org", false, 401)]
    [InlineData("https://evil.example", false, 403)]
    [InlineData("https://evil.example", true, 403)]
    [InlineData("null", true, 403)]
    [InlineData("https://portal.example.org", true, 200)]
    public async Task The_hub_opens_to_the_portal_s_own_pages_with_a_session(string? origin, bool signedIn, int status)
    {
        var browser = signedIn ? await site.SignedIn() : site.Browser();
        var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        Assert.Equal(status, (await browser.Send(request)).Status);
    }

    [Fact]
    public async Task Public_and_account_pages_open_no_circuit()
    {
        foreach (var path in new[] { "/account/sign-in", "/account/forgot", "/nowhere", "/en" })
            Assert.DoesNotContain("blazor.web", (await site.Browser().Get(path)).Body);
    }

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "/account/sign-in", "application/x-www-form-urlencoded", "Email=a&Password=b" },
        { "/account/sign-out", "application/x-www-form-urlencoded", "_handler=sign-out" },
        { "/account/sign-in", "application/x-www-form-urlencoded", "_handler=none&__RequestVerificationToken=CfDJ8" },
        { "/account/sign-in", "application/x-www-form-urlencoded", "%%%=%zz&&&=&_handler=sign-in" },
        { "/account/sign-in", "multipart/form-data", "no boundary" },
        { "/account/sign-in", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"Email\"\r\n\r\ncut" },
        { "/account/sign-in", "application/json", "{" },
        { "/account/sign-in", "text/nothing", "\0" },
        { "/account/acting-as", "application/x-www-form-urlencoded", "Membership=%00" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_posts_are_refused_and_break_nothing(string path, string type, string body)
    {
        foreach (var browser in new[] { site.Browser(), await site.SignedIn() })
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            var page = await browser.Send(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
            Assert.InRange(page.Status, 300, 499);
            Assert.DoesNotContain("   at Portal.", page.Body);
        }
    }

    [Theory]
    [InlineData("/account/reset?token=%00")]
    [InlineData("/account/reset?token=" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/account/reset")]
    [InlineData("/account/invitation/%F0%9F%98%80")]
    [InlineData("/account/sign-in?returnUrl=%00%00&returnUrl=x")]
    [InlineData("/account/security?done=%27")]
    [InlineData("/error/abc")]
    [InlineData("/error/500")]
    [InlineData("/language/xx")]
    public async Task Odd_addresses_are_answered(string address)
    {
        foreach (var browser in new[] { site.Browser(), await site.SignedIn() })
            Assert.InRange((await browser.Get(address)).Status, 200, 404);
    }

    [Fact]
    public async Task Null_characters_in_fields_are_refused()
    {
        var browser = site.Browser();
        Assert.Equal(400, (await browser.SignIn("a\0b@example.org", "\0\0\0")).Status);
        Assert.Equal(400, (await browser.Submit("/account/forgot", "forgot", ("Email", "\0"))).Status);
    }

    [Fact]
    public async Task Posts_from_one_address_are_limited_and_gets_are_not()
    {
        await using var site = await Site.Start(("SignIn:PostsPerMinute", "3"));
        var browser = site.Browser();
        var page = await browser.Get("/account/forgot");
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
            statuses.Add((await browser.Post("/account/forgot", "forgot", Browser.Token(page), ("Email", "x@example.org"))).Status);
        Assert.Equal([200, 200, 200, 429, 429], statuses);
        for (var i = 0; i < 20; i++)
            Assert.Equal(200, (await browser.Get("/account/forgot")).Status);
        Assert.Equal(200, (await site.Browser("198.51.100.7").Submit("/account/forgot", "forgot", ("Email", "x@example.org"))).Status);
    }

    [Fact]
    public async Task Programs_get_a_bare_status_and_people_a_page()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        Assert.Contains("<html", (await site.Browser().Send(request)).Body);
        var client = site.Browser().Client;
        client.DefaultRequestHeaders.Accept.Clear();
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        var answer = await client.GetAsync("/nowhere");
        Assert.Equal((HttpStatusCode.NotFound, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }
}
