using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Identity;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// How a session ends before somebody's eyes: announced, put off, over; with what was typed kept, and nothing left on any tab.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed partial class SessionEndTests(OpenPortal portal) : IAsyncLifetime
{
    private const string Password = "river stone lantern 7";
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private TestDb db = null!;
    private Started started = null!;
    private string address = "";

    public async Task InitializeAsync()
    {
        if (Chromium.Program is null)
            return;
        db = await TestDb.Open(Database.Sqlite);
        started = new Started(db);
        started.UseKestrel(0);
        started.StartServer();
        address = started.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');
        await using var system = await db.AsSystem();
        foreach (var player in new[] { Cast.Amina, Cast.Rosa })
            await started.Services.GetRequiredService<Passwords>().Set((await system.Users.FindAsync(player.Id))!, Password);
        await system.SaveChangesAsync();
    }

    [BrowserFact]
    public async Task The_end_is_announced_can_be_put_off_and_takes_nothing_that_was_typed()
    {
        await using var desk = await portal.VisitorOf(address);
        await SignIn(desk, Cast.Amina);
        await desk.GoTo("/needs/new");
        await desk.Fill("#Title", "Half a title");
        await desk.Sees(".saved-note", "Kept");
        await desk.Page.WaitForURLAsync("**/needs/new?draft=*");
        await desk.IsHeard(() => desk.Fill("#Title", "Half a title")); // told after the address that turned

        db.Clock.Advance(TimeSpan.FromMinutes(58));
        await Announced(desk);
        Assert.InRange(await Left(), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2));
        await desk.IsHeard(() => desk.Press(".toast button"));
        await desk.DoesNotSee(".toast");
        Assert.Equal(TimeSpan.FromHours(1), await Left());

        db.Clock.Advance(TimeSpan.FromMinutes(58));
        await Announced(desk);
        db.Clock.Advance(TimeSpan.FromMinutes(2));
        await Over(desk);
        Assert.Contains("returnUrl=%2Fneeds%2Fnew", desk.Page.Url);
        await Fill(desk, Cast.Amina);
        await Expect(desk.At("#Title")).ToHaveValueAsync("Half a title");
    }

    [BrowserFact]
    public async Task Signing_out_in_one_tab_clears_the_others_for_whoever_sits_down_next()
    {
        await using var desk = await portal.VisitorOf(address);
        await SignIn(desk, Cast.Amina);
        await desk.GoTo("/needs");
        var (live, still) = (desk.Page, await desk.NewWindow("/account/security"));
        await Expect(live.Locator("body")).ToContainTextAsync(Cast.Amina.Name);
        await desk.NewWindow("/account/sign-out");
        await desk.Press("form button[type=submit], form .btn-primary");
        // Both the circuit and the page's own script lead away; whichever is first.
        foreach (var tab in new[] { desk.Page, live, still })
            await Expect(tab).ToHaveURLAsync(SignInPage());

        await Fill(desk, Cast.Rosa);
        await desk.Sees("body", Cast.Rosa.Name);
        foreach (var tab in new[] { live, still })
        {
            await tab.GoBackAsync();
            await Expect(tab.Locator("body")).Not.ToContainTextAsync(Cast.Amina.Name);
        }
    }

    private async Task SignIn(Desk desk, Player who)
    {
        await desk.Page.GotoAsync("/account/sign-in");
        await Fill(desk, who);
    }

    private static async Task Fill(Desk desk, Player who)
    {
        await desk.Fill("[name=Email]", who.Email);
        await desk.Fill("[name=Password]", Password);
        await desk.Page.PressAsync("[name=Password]", "Enter");
        await desk.Page.WaitForURLAsync(u => !u.Contains("/account/sign-in", StringComparison.Ordinal));
        await desk.Answers();
    }

    private Task Announced(Desk desk) => Until(() => desk.At(".toast[data-tone=warn]").WaitForAsync(new() { Timeout = 500 }));

    private Task Over(Desk desk) => Until(() => Expect(desk.Page).ToHaveURLAsync(SignInPage(), new() { Timeout = 500 }));

    // A standing clock goes on a little while it is waited for: the screen may have set its alarm only now.
    private async Task Until(Func<Task> seen)
    {
        for (var i = 0; i < 60; i++)
        {
            try
            {
                await seen();
                return;
            }
            catch (Exception e) when (e is TimeoutException or PlaywrightException)
            {
                db.Clock.Advance(Moment);
            }
        }
        Assert.Fail("A minute went by and it did not come.");
    }

    private async Task<TimeSpan> Left()
    {
        await started.Services.GetRequiredService<Sessions>().WriteDown();
        await using var system = await db.AsSystem();
        return (await system.Sessions.SingleAsync()).ExpiresAt - db.Now;
    }

    public async Task DisposeAsync()
    {
        if (started is null)
            return;
        await started.DisposeAsync();
        await db.DisposeAsync();
    }

    [GeneratedRegex("/account/sign-in")]
    private static partial Regex SignInPage();

    private sealed class Started(TestDb db) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("ConnectionStrings:Portal", db.ConnectionString);
            builder.UseSetting("Portal:DemoData", "false");
            builder.UseSetting("SignIn:RequireSecondFactor", "false");
            builder.UseSetting("SignIn:RequestsPerMinute", "1000000");
            builder.UseSetting("Logging:LogLevel:Default", "Critical");
            builder.UseSetting("Logging:LogLevel:Microsoft.AspNetCore", "None");
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(db.Clock));
        }
    }
}
