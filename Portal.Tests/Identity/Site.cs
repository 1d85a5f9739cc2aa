using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Identity;

namespace Portal.Tests.Identity;

/// <summary>
/// The portal started as in production on a database of its own, for tests that go through its account pages as a browser does.
/// </summary>
public sealed class Site : IAsyncDisposable
{
    public const string Base = "https://portal.example.org";
    public const string Password = "river stone lantern 7";
    private static string? hash;
    private readonly Started started;

    private Site(TestDb db, (string, string)[] settings) => (Db, started) = (db, new Started(db, settings));

    /// <summary>Starts, with someone of the cast given a password. No second factor is required unless the settings say so.</summary>
    public static async Task<Site> Start(params (string, string)[] settings) => await Start(Database.Sqlite, settings);

    public static async Task<Site> Start(Database database, params (string, string)[] settings)
    {
        var site = new Site(await TestDb.Open(database), settings);
        await site.Change(
            Cast.Amina,
            async p =>
            {
                if (hash is null)
                    await site.Get<Passwords>().Set(p, Password);
                // Hashing is slow on purpose, and what comes of it is good at every site.
                p.PasswordHash = hash ??= p.PasswordHash;
            }
        );
        return site;
    }

    public TestDb Db { get; }

    public T Get<T>()
        where T : notnull => started.Services.GetRequiredService<T>();

    public IServiceScope Scope() => started.Services.CreateScope();

    public async Task Change(Player player, Func<PortalUser, Task> change)
    {
        await using var db = await Db.AsSystem();
        await change((await db.Users.FindAsync(player.Id))!);
        await db.SaveChangesAsync();
    }

    /// <summary>Acts noted so far, in order.</summary>
    public async Task<List<string>> Acts()
    {
        await using var db = await Db.AsSystem();
        return await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Code).ToListAsync();
    }

    /// <summary>Sends a request as it stands, which a client would put right first.</summary>
    public Task<Microsoft.AspNetCore.Http.HttpContext> Ask(Action<Microsoft.AspNetCore.Http.HttpContext> request) =>
        started.Server.SendAsync(request);

    /// <summary>A browser with cookies of its own at some address.</summary>
    public Browser Browser(string address = "192.0.2.1")
    {
        var client = started.CreateClient(
            new WebApplicationFactoryClientOptions
            {
                BaseAddress = new Uri(Base),
                AllowAutoRedirect = false,
                HandleCookies = false,
            }
        );
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        client.DefaultRequestHeaders.Add("X-Test-Address", address);
        return new Browser(client);
    }

    /// <summary>A browser that someone of the cast is signed in on.</summary>
    public async Task<Browser> SignedIn(string address = "192.0.2.1")
    {
        var browser = Browser(address);
        var answer = await browser.SignIn(Cast.Amina.Email, Password);
        Assert.Equal(302, answer.Status);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await started.DisposeAsync();
        await Db.DisposeAsync();
    }

    private sealed class Started(TestDb db, (string Key, string Value)[] settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Database:Provider", db.Database.ToString());
            builder.UseSetting("ConnectionStrings:Portal", db.ConnectionString);
            builder.UseSetting("Portal:BaseUrl", Base);
            builder.UseSetting("Logging:LogLevel:Default", "Critical");
            builder.UseSetting("SignIn:RequireSecondFactor", "false");
            builder.UseSetting("SignIn:PostsPerMinute", "100000");
            builder.UseSetting("SignIn:RequestsPerMinute", "1000000");
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
            builder.ConfigureTestServices(services =>
            {
                services.AddSingleton<TimeProvider>(db.Clock).Untidied();
                services.AddSingleton<IStartupFilter, Addresses>();
            });
        }
    }

    // The test server knows no network.
    private sealed class Addresses : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use(
                    (context, go) =>
                    {
                        context.Connection.RemoteIpAddress = IPAddress.Parse(
                            context.Request.Headers["X-Test-Address"].FirstOrDefault() ?? "192.0.2.1"
                        );
                        return go(context);
                    }
                );
                next(app);
            };
    }
}

/// <summary>A page as a browser got it.</summary>
public sealed record Page(int Status, string Body, HttpResponseMessage Response)
{
    public string? Location => Response.Headers.Location?.ToString().Replace(Site.Base, "");

    public string Header(string name) => Response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}

/// <summary>Keeps cookies, follows nothing, fills forms.</summary>
public sealed class Browser(HttpClient client)
{
    public Dictionary<string, string> Cookies { get; init; } = [];
    public HttpClient Client => client;

    /// <summary>Another browser that somebody copied this one's cookies to.</summary>
    public Browser Copy() => new(client) { Cookies = new(Cookies) };

    public Task<Page> Get(string address) => Send(new HttpRequestMessage(HttpMethod.Get, address));

    public async Task<Page> Send(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        var response = await client.SendAsync(request);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var (name, value) = (cookie[..cookie.IndexOf('=')], cookie[(cookie.IndexOf('=') + 1)..cookie.IndexOf(';')]);
            if (value.Length == 0)
                Cookies.Remove(name);
            else
                Cookies[name] = value;
        }
        return new Page((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    /// <summary>Loads a page, fills the form that has these fields, and sends it.</summary>
    public async Task<Page> Submit(string address, string form, params (string Name, string Value)[] fields)
    {
        var page = await Get(address);
        Assert.Equal(200, page.Status);
        return await Post(address, form, Token(page), [.. Hidden(page, form), .. fields]);
    }

    public Task<Page> Post(string address, string form, string token, params (string Name, string Value)[] fields) =>
        Send(
            new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new FormUrlEncodedContent(
                    fields
                        .Prepend(("__RequestVerificationToken", token))
                        .Prepend(("_handler", form))
                        .Select(f => new KeyValuePair<string, string>(f.Item1, f.Item2))
                ),
            }
        );

    public static string Token(Page page) => Regex.Match(page.Body, "__RequestVerificationToken\" value=\"([^\"]*)").Groups[1].Value;

    private static IEnumerable<(string, string)> Hidden(Page page, string form) =>
        Regex
            .Matches(page.Body, "<form[^>]*>.*?</form>", RegexOptions.Singleline)
            .Where(f => f.Value.Contains($"value=\"{form}\""))
            .SelectMany(f =>
                Regex
                    .Matches(f.Value, "<input type=\"hidden\" name=\"(?!_)([^\"]*)\" value=\"([^\"]*)\"")
                    .Select(m => (m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)))
            );

    public Task<Page> SignIn(string email, string password, string address = "/account/sign-in") =>
        Submit(address, "sign-in", ("Email", email), ("Password", password));
}
