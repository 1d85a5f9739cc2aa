using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Assessments;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Tests.Data.Demonstration;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Portal.Tests.Browser.LongestFirst", "Portal.Tests")]

namespace Portal.Tests.Browser;

/// <summary>
/// The tests of this room share one portal and one browser, and run one after another, so that what they time is not waiting for other
/// tests.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserCollection : ICollectionFixture<OpenPortal>
{
    public const string Name = "Browser";
}

/// <summary>Tests with portals and browsers of their own, which run while others do.</summary>
[CollectionDefinition(Name)]
public sealed class OwnBrowserCollection
{
    public const string Name = "Browser of their own";
}

/// <summary>
/// A portal that listens on this machine, with demonstration data or on a database of a test, and a browser that people of its cast sit
/// down at.
/// </summary>
public sealed class OpenPortal : IAsyncLifetime
{
    private readonly TestDb? db;
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-browser-").FullName;
    private string DatabaseFile => Path.Combine(folder, "portal.db");
    private readonly ConcurrentDictionary<string, string> sessions = [];
    private readonly MovedClock clock = new();
    private readonly List<Started> nodes = [];
    private Started? started;
    private IPlaywright? playwright;
    private IBrowser browser = null!;

    /// <summary>With demonstration data, on SQLite, today.</summary>
    public OpenPortal() { }

    /// <summary>
    /// On a database with the cast of the tests and no record, from the moment at which their clocks start. No round of circulations is
    /// made there: whatever passes, the clock alone has decided.
    /// </summary>
    internal OpenPortal(TestDb db) => this.db = db;

    /// <summary>Where it listens.</summary>
    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (Chromium.Program is null)
            return;
        if (db is null)
            await DemonstrationApp.Story.OfToday(DatabaseFile);
        else
            SetClock(Cast.Now);
        Address = AnotherNode();
        started = nodes[0];
        Assertions.SetDefaultExpectTimeout(45_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Chromium.Program, Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] }
        );
    }

    /// <summary>Starts another node on the same database, as a portal that starts again is one.</summary>
    /// <returns>Where it listens.</returns>
    internal string AnotherNode()
    {
        var node = new Started(
            db?.Database ?? Database.Sqlite,
            db?.ConnectionString ?? "Data Source=" + DatabaseFile,
            db is null,
            clock,
            Heard
        );
        nodes.Add(node);
        node.UseKestrel(0);
        node.StartServer();
        return node
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First(a => a.StartsWith("http:", StringComparison.Ordinal))
            .TrimEnd('/');
    }

    /// <summary>What its screens tell it.</summary>
    internal Heard Heard { get; } = new();

    /// <summary>Somebody nobody knows before another portal than this one.</summary>
    internal async Task<Desk> VisitorOf(string address)
    {
        var options = Options();
        options.BaseURL = address;
        return await Desk.Open(await browser.NewContextAsync(options), address, Language.En);
    }

    /// <summary>Its services.</summary>
    public IServiceProvider Services => started!.Services;

    /// <summary>
    /// Sets its clock, which goes on from there. Whoever sits down after that signs in anew. Not for the portal that tests share.
    /// </summary>
    public void SetClock(DateTime utc)
    {
        clock.Ahead = utc - DateTime.UtcNow;
        sessions.Clear();
    }

    /// <summary>Somebody nobody knows, with a page of their own.</summary>
    public async Task<Desk> Visitor(Language language = Language.En)
    {
        var context = await browser.NewContextAsync(Options());
        return await Desk.Open(context, Address, language);
    }

    /// <summary>Somebody of the cast, signed in, with a page of their own. The password is typed once per person.</summary>
    public Task<Desk> Person(string who, Language language = Language.En) => Person(who, Address, language);

    /// <summary>The same, at the end of a line.</summary>
    internal Task<Desk> Person(string who, Line line, Language language = Language.En) => Person(who, line.Address, language);

    private async Task<Desk> Person(string who, string address, Language language)
    {
        if (!sessions.TryGetValue(who, out var session))
        {
            await using var first = await Visitor(language);
            await first.Page.GotoAsync("/account/sign-in");
            await first.Page.FillAsync("[name=Email]", who + "@demo.example");
            await first.Page.FillAsync("[name=Password]", DemonstrationCast.Password);
            await first.Page.PressAsync("[name=Password]", "Enter");
            await first.Page.WaitForURLAsync(u => !u.Contains("/account/sign-in", StringComparison.Ordinal));
            session = sessions[who] = await first.Page.Context.StorageStateAsync();
        }
        var options = Options();
        (options.StorageState, options.BaseURL) = (session, address);
        return await Desk.Open(await browser.NewContextAsync(options), address, language);
    }

    /// <summary>
    /// Somebody of the tests' cast, signed in, with a page of their own. Their session lasts however far the clock is moved.
    /// </summary>
    internal async Task<Desk> Person(Player player, Language language = Language.En)
    {
        var (key, late) = (Secrets.New(), clock.GetUtcNow().UtcDateTime.AddYears(10));
        await using (var system = await AsSystem())
        {
            system.Sessions.Add(
                new Session
                {
                    KeyHash = Secrets.Hash(key),
                    PersonId = player.Id,
                    MembershipId = player.Membership.Id,
                    CreatedAt = late.AddYears(-10),
                    CheckedAt = late,
                    LastSeenAt = late,
                    EndsAt = late,
                    ExpiresAt = late,
                }
            );
            await system.SaveChangesAsync();
        }
        var context = await browser.NewContextAsync(Options());
        var name = Services.GetRequiredService<PortalCookies>().Session;
        await context.AddCookiesAsync([
            new Cookie
            {
                Name = name,
                Value = key,
                Url = Address,
            },
        ]);
        return await Desk.Open(context, Address, language);
    }

    /// <summary>A line to it on which everything takes so long there and back.</summary>
    internal Line SlowLine(int milliseconds) => new(Address) { RoundTrip = TimeSpan.FromMilliseconds(milliseconds) };

    /// <summary>Its database.</summary>
    internal Task<PortalDb> AsSystem() => started!.Services.GetRequiredService<PortalStore>().OpenAsSystem("look at what is kept");

    /// <summary>
    /// Waits until a half-written form is kept with all of these words: the note on the page says when it last was, not how far.
    /// </summary>
    public Task Keeps(string form, params string[] words) =>
        Until(
            async db =>
                (await db.FormDrafts.Where(d => d.Form == form).Select(d => d.Json).ToListAsync()).Exists(json =>
                    words.All(w => json.Contains(w, StringComparison.Ordinal))
                ),
            $"{form} was not kept with {string.Join(", ", words)}."
        );

    /// <summary>Waits for what its database comes to hold.</summary>
    internal async Task Until(Func<PortalDb, Task<bool>> holds, string otherwise)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < deadline; await Task.Delay(50))
        {
            await using var db = await AsSystem();
            if (await holds(db))
                return;
        }
        Assert.Fail(otherwise);
    }

    private BrowserNewContextOptions Options() =>
        new()
        {
            BaseURL = Address,
            Locale = "en",
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = 1280, Height = 900 },
        };

    public async Task DisposeAsync()
    {
        if (playwright is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
        foreach (var node in nodes)
            await node.DisposeAsync();
        SqliteConnection.ClearAllPools();
        System.IO.Directory.Delete(folder, recursive: true);
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    private sealed class Started(Database database, string connection, bool isDemonstration, TimeProvider clock, Heard heard)
        : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("Database:Provider", database.ToString());
            builder.UseSetting("ConnectionStrings:Portal", connection);
            builder.UseSetting("Portal:DemoData", isDemonstration ? "true" : "false");
            builder.UseSetting("SignIn:RequireSecondFactor", "false");
            builder.UseSetting("SignIn:PostsPerMinute", "100000");
            builder.UseSetting("SignIn:RequestsPerMinute", "1000000");
            builder.UseSetting("Logging:LogLevel:Default", "Critical");
            builder.ConfigureServices(s => s.AddSingleton(clock).AddSignalR(o => o.AddFilter(heard)));
            if (!isDemonstration)
                builder.ConfigureTestServices(s => s.Remove(s.Single(d => d.ImplementationType == typeof(CirculationRounds))));
        }
    }
}

/// <summary>What takes longest starts first: begun last, it would be waited for alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName == OwnBrowserCollection.Name ? 0 : 1);
}
