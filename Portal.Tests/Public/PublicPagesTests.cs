using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Tests.Api;

namespace Portal.Tests.Public;

public class PublicPagesTests
{
    private static readonly string[] Pages = ["", "/directory", "/directory/northern-agency", "/links", "/accessibility"];

    private static async Task<ApiHost> Start(Database database = Database.Sqlite)
    {
        var host = await ApiHost.Start(database);
        await host.Db.Save(
            Cast.Profile(Cast.NorthernAgency, published: true),
            Cast.Offer(Cast.NorthernAgency, published: true),
            Cast.Profile(Cast.PacificFund)
        );
        return host;
    }

    // On PostgreSQL a page is drawn once before what it waits for is there; SQLite never makes it wait.
    [Theory, OnSqlite, OnPostgres]
    public async Task Every_page_is_static_in_its_language_and_points_to_the_other_five(Database database)
    {
        await using var host = await Start(database);
        var client = await host.As(null);
        foreach (var page in Pages)
        foreach (var language in Languages.All)
        {
            var response = await client.GetAsync($"/{language.Slug()}{page}");
            var html = await response.Content.ReadAsStringAsync();
            Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            Assert.Contains($"<html lang=\"{language.Tag()}\" dir=\"{(language == Language.Ar ? "rtl" : "ltr")}\"", html);
            Assert.DoesNotContain("blazor.web.js", html);
            Assert.DoesNotContain("importmap", html);
            Assert.DoesNotContain("help@example.org", html);
            foreach (var other in Languages.All)
                Assert.Contains($"rel=\"alternate\" hreflang=\"{other.Tag()}\" href=\"{ApiHost.Base}/{other.Slug()}{page}\"", html);
            Assert.Contains($"rel=\"canonical\" href=\"{ApiHost.Base}/{language.Slug()}{page}\"", html);
            Assert.Matches("<meta name=\"description\" content=\"[^\"]{20,}", html);
            Assert.Single(Regex.Matches(html, "<h1"));
            // What is kept for everyone carries nobody's cookie and no token.
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.DoesNotContain("__RequestVerificationToken", html);
            Assert.True(response.Headers.CacheControl!.NoCache);
        }
    }

    [Fact]
    public async Task Hidden_and_missing_are_the_same_answer()
    {
        await using var host = await Start();
        var client = await host.As(null);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var bodies = new HashSet<string>();
        foreach (var code in new[] { Cast.PacificFund.Code, "no-such-body", Cast.Kenya.Code, Cast.LegalNetwork.Code })
        {
            var response = await client.GetAsync("/es/directory/" + code);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            bodies.Add(
                WithoutNonce(await response.Content.ReadAsStringAsync())
                    + string.Join(
                        '|',
                        response
                            .Headers.Where(h => h.Key is not ("Date" or "Content-Security-Policy" or "Set-Cookie"))
                            .Select(h => h.Key + string.Concat(h.Value))
                    )
            );
        }
        Assert.Contains("lang=\"es\"", Assert.Single(bodies));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/xx")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/en/no-such-page")).StatusCode);
    }

    private static string WithoutNonce(string html) => Regex.Replace(Regex.Replace(html, "nonce=\"[^\"]*\"", ""), "<!--Blazor-.*?-->", "");

    [Fact]
    public async Task What_is_taken_back_is_gone_at_once()
    {
        await using var host = await Start();
        var client = await host.As(null);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/en/directory/northern-agency")).StatusCode);
        Assert.Contains("northern-agency", await client.GetStringAsync("/en/directory"));

        // By the portal's own store, so that its own wire tells of it.
        await using (var db = await host.Services.GetRequiredService<PortalStore>().OpenFor(Cast.Ingrid))
        {
            (await db.Profiles.SingleAsync(p => p.OrganisationNumber == Cast.NorthernAgency.Number)).Unpublish(host.Db.Now);
            (await db.Offers.SingleAsync(o => o.OrganisationNumber == Cast.NorthernAgency.Number)).Close(host.Db.Now);
            await db.SaveChangesAsync();
        }

        var gone = false;
        for (var tries = 0; tries < 20 && !gone; tries++)
        {
            gone = (await client.GetAsync("/en/directory/northern-agency")).StatusCode == HttpStatusCode.NotFound;
            if (!gone)
                await Task.Delay(100);
        }
        Assert.True(gone);
        Assert.DoesNotContain("northern-agency", await client.GetStringAsync("/en/directory"));
    }

    [Fact]
    public async Task A_kept_page_repeats_nothing_of_another_visitors_address()
    {
        await using var host = await Start();
        var client = await host.As(null);
        Assert.DoesNotContain("marker", await client.GetStringAsync("/en?marker=1"));
        Assert.DoesNotContain("marker", await client.GetStringAsync("/en/directory?q=courses&marker=1"));
        Assert.Contains("/fr/directory?q=courses", await client.GetStringAsync("/en/directory?q=courses"));
    }

    [Fact]
    public async Task The_theme_chosen_is_kept_apart()
    {
        await using var host = await Start();
        var (plain, dark) = (await host.As(null), await host.As(null));
        dark.DefaultRequestHeaders.Add("Cookie", "portal.theme=dark");
        Assert.Contains("data-theme=\"auto\"", await plain.GetStringAsync("/en"));
        Assert.Contains("data-theme=\"dark\"", await dark.GetStringAsync("/en"));
        Assert.Contains("data-theme=\"auto\"", await plain.GetStringAsync("/en"));
    }

    [Fact]
    public async Task Who_is_signed_in_is_led_to_their_work_and_nobody_else_is()
    {
        await using var host = await Start();
        Assert.Contains("href=\"/home\"", await (await host.As(Cast.Ingrid)).GetStringAsync("/en"));
        Assert.DoesNotContain("href=\"/home\"", await (await host.As(null)).GetStringAsync("/en"));
    }

    [Fact]
    public async Task The_first_page_shows_published_needs_with_the_parts_consented_to()
    {
        await using var host = await Start();
        var bare = Cast.Need(content: Cast.NeedContent with { Title = "Bare title", Description = "Bare words" });
        var full = Cast.Need(content: Cast.NeedContent with { Title = "Full title", Description = "Full words" });
        var hidden = Cast.Need(content: Cast.NeedContent with { Title = "Hidden title" });
        foreach (var (need, parts) in new[] { (bare, NeedParts.Summary), (full, NeedParts.Description | NeedParts.Modality) })
            need.SubmittedBy(Cast.Amina).AuthenticatedBy(Cast.Andrei).SharedWith(Audience.Public, parts).CirculatedBy(Cast.Andrei);
        hidden.SubmittedBy(Cast.Amina).AuthenticatedBy(Cast.Andrei).SharedWith(Audience.Providers).CirculatedBy(Cast.Andrei);
        await host.Db.Save(bare, full, hidden);

        var html = await (await host.As(null)).GetStringAsync("/en");
        Assert.Contains("Bare title", html);
        Assert.DoesNotContain("Bare words", html);
        Assert.Contains("Full title", html);
        Assert.Contains("Full words", html);
        Assert.DoesNotContain("Hidden title", html);
        Assert.DoesNotContain("250,000", html); // the cost is never public
        Assert.Single(Regex.Matches(html, Modalities.Find("TRAINING")!.Name.En));
    }

    [Fact]
    public async Task Crawlers_and_finders_of_holes_are_told_where_to_go()
    {
        await using var host = await Start();
        var client = await host.As(null);
        var robots = await client.GetStringAsync("/robots.txt");
        Assert.Contains("Disallow: /\n", robots);
        Assert.Contains("Allow: /en/\n", robots);
        Assert.DoesNotContain("needs", robots);
        var sitemap = await client.GetStringAsync("/sitemap.xml");
        Assert.Contains($"<loc>{ApiHost.Base}/zh-hans/directory/northern-agency</loc>", sitemap);
        Assert.DoesNotContain("pacific-fund", sitemap);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/.well-known/security.txt")).StatusCode);
        host.Set("Portal:Contact", "security@portal.example.org");
        var security = await client.GetStringAsync("/.well-known/security.txt");
        Assert.Contains("Contact: mailto:security@portal.example.org\n", security);
        Assert.Matches(@"Expires: \d{4}-\d\d-\d\dT00:00:00Z\n", security);
    }
}
