using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;

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
            Assert.Equal("max-age=31536000; includeSubDomains", page.Header("Strict-Transport-Security"));
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
            var nonce = System
                .Text.RegularExpressions.Regex.Match(pages[i].Header("Content-Security-Policy"), "'nonce-([^']+)'")
                .Groups[1]
                .Value;
            Assert.Contains($"nonce=\"{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(nonce)}\"", pages[i].Body);
            Assert.Contains("no-store", pages[i].Header("Cache-Control"));
            Assert.Equal(
                200,
                (
                    await browser.Post(
                        "/account/sign-in",
                        "sign-in",
                        Browser.Token(pages[i]),
                        ("Email", "x@example.org"),
                        ("Password", "wrong")
                    )
                ).Status
            );
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
    [InlineData("/account/sign-in")]
    [InlineData("/health/ready")]
    public async Task A_request_that_names_no_host_is_for_the_portal(string path)
    {
        var answer = await site.Ask(http =>
        {
            (http.Request.Method, http.Request.Scheme, http.Request.Path, http.Request.Host) = ("GET", "https", path, default);
            http.Request.Headers.Accept = "text/html";
        });
        Assert.Equal(200, answer.Response.StatusCode);
    }

    [Theory]
    [InlineData("/en")]
    [InlineData("/account/sign-in")]
    [InlineData("/health/live")]
    [InlineData("/account/security")]
    [InlineData("/api/v1/paragraphs")]
    [InlineData("/nowhere")]
    public async Task HEAD_is_answered_as_GET_is_without_the_body(string path)
    {
        foreach (var browser in new[] { site.Browser(), await site.SignedIn() })
        {
            var (get, head) = (await browser.Get(path), await browser.Send(new HttpRequestMessage(HttpMethod.Head, path)));
            Assert.Equal(
                (get.Status, get.Response.Content.Headers.ContentType, ""),
                (head.Status, head.Response.Content.Headers.ContentType, head.Body)
            );
            Assert.Equal(get.Location, head.Location);
        }
    }

    [Theory]
    [InlineData("/language/fr?back=/x%C3%A9", "/x%C3%A9")]
    [InlineData("/language/ar?back=/needs%3Fq=%D8%AD%D8%AF%D9%88%D8%AF", "/needs?q=%D8%AD%D8%AF%D9%88%D8%AF")]
    [InlineData("/language/zh-Hans?back=/%F0%9F%98%80", "/%F0%9F%98%80")]
    [InlineData("/language/fr?back=/x%00", "/home")]
    public async Task The_way_back_from_a_language_may_hold_any_letters(string address, string back)
    {
        var page = await site.Browser().Get(address);
        Assert.Equal((302, back), (page.Status, page.Location));
    }

    [Fact]
    public async Task Who_comes_without_TLS_through_a_proxy_that_is_believed_is_sent_to_the_portal_s_address()
    {
        await using var behind = await Site.Start(("Portal:Proxies", "192.0.2.1"));
        async Task<Page> Ask(string from, string proto, string accept, string path = "/en?a=b")
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "http://portal.example.org" + path);
            request.Headers.Add("X-Forwarded-Proto", proto);
            var browser = behind.Browser(from);
            browser.Client.DefaultRequestHeaders.Accept.Clear();
            request.Headers.Accept.ParseAdd(accept);
            return await browser.Send(request);
        }
        var sent = await Ask("192.0.2.1", "http", "text/html");
        Assert.Equal((308, "https://portal.example.org/en?a=b"), (sent.Status, sent.Response.Headers.Location?.ToString()));
        Assert.Equal(200, (await Ask("192.0.2.1", "https", "text/html")).Status);
        Assert.Equal(200, (await Ask("198.51.100.1", "http", "text/html")).Status); // not believed, so nothing is known
        Assert.Equal(
            "https://portal.example.org/account/sign-in",
            (await site.Browser().Get("http://portal.example.org/account/sign-in")).Response.Headers.Location?.ToString()
        ); // no proxy at all
        Assert.Equal(200, (await Ask("192.0.2.1", "http", "*/*", "/health/live")).Status);
    }

    [Fact]
    public async Task A_page_beyond_the_most_that_a_person_may_have_open_says_so_and_opens_no_line()
    {
        await using var site = await Site.Start(("SignIn:CircuitsPerPerson", "0"));
        var browser = await site.SignedIn();
        var request = new HttpRequestMessage(HttpMethod.Get, "/needs");
        request.Headers.AcceptLanguage.ParseAdd("en");
        var page = await browser.Send(request);
        Assert.Equal(200, page.Status);
        Assert.Contains("one person may have no more", page.Body);
        Assert.DoesNotContain("blazor.web", page.Body);
    }

    [Fact]
    public async Task A_dead_database_leaves_the_process_alive_and_not_ready()
    {
        await using var site = await Site.Start();
        var browser = await site.SignedIn();
        Assert.Equal(200, (await browser.Get("/health/ready")).Status);
        await using (var db = await site.Db.AsOwner())
            await db.Database.ExecuteSqlRawAsync(
                """CREATE TRIGGER "Full" BEFORE UPDATE ON "Counters" BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"""
            );
        site.Db.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(503, (await browser.Get("/health/ready")).Status);
        await using (var db = await site.Db.AsOwner())
            await db.Database.ExecuteSqlRawAsync("""DROP TRIGGER "Full"; ALTER TABLE "Sessions" RENAME TO "Gone" """);
        Assert.Equal(200, (await browser.Get("/health/live")).Status);
        Assert.Equal(200, (await browser.Get("/health/ready")).Status);
    }

    [Fact]
    public async Task Signing_out_has_the_browser_clear_what_it_stored()
    {
        var browser = await site.SignedIn();
        Assert.Equal("\"storage\"", (await browser.Submit("/account/sign-out", "sign-out")).Header("Clear-Site-Data"));
    }

    [Fact]
    public async Task One_person_s_requests_are_limited_and_their_open_pages_may_go_on_asking()
    {
        await using var site = await Site.Start(("SignIn:RequestsPerMinute", "5"));
        var browser = await site.SignedIn();
        var pages = new List<Page>();
        for (var i = 0; i < 25; i++)
            pages.Add(await browser.Get("/account/security"));
        Assert.Equal(200, pages[0].Status);
        var refused = Assert.Single(pages.Where(p => p.Status == 429).Take(1));
        Assert.InRange(int.Parse(refused.Header("Retry-After")), 1, 60);
        Assert.Contains("<html", refused.Body);
        Assert.Equal(200, (await browser.Get("/account/session")).Status);
        Assert.Equal(200, (await site.Browser().Get("/account/sign-in")).Status);
        // Another session is no way round.
        var other = await site.SignedIn("198.51.100.9");
        var statuses = new List<int>();
        for (var i = 0; i < 10; i++)
            statuses.Add((await other.Get("/account/security")).Status);
        Assert.Contains(429, statuses);
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

    public static TheoryData<string, string, string> Malformed =>
        new()
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
