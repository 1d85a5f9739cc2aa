using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Tests.Identity;

public class SessionTests
{
    private const string Needs = "/account/acting-as"; // any page behind a session

    [Theory, OnSqlite, OnPostgres]
    public async Task A_cookie_copied_before_sign_out_is_dead_afterwards(Database database)
    {
        await using var site = await Site.Start(database);
        var browser = await site.SignedIn();
        var thief = browser.Copy();
        Assert.Equal(200, (await thief.Get(Needs)).Status);

        Assert.Equal(302, (await browser.Submit("/account/sign-out", "sign-out")).Status);

        Assert.Equal("/account/sign-in?returnUrl=%2Faccount%2Facting-as", (await thief.Get(Needs)).Location);
        Assert.Equal(["account.signed_in", "account.signed_out"], await site.Acts());
    }

    [Fact]
    public async Task A_lock_refuses_the_next_request()
    {
        await using var site = await Site.Start();
        var browser = await site.SignedIn();
        await site.Change(
            Cast.Amina,
            p =>
            {
                p.LockoutEnd = site.Db.Clock.GetUtcNow().AddDays(1);
                return Task.CompletedTask;
            }
        );
        Assert.Equal(302, (await browser.Get(Needs)).Status);
    }

    [Fact]
    public async Task A_session_nobody_uses_ends_after_an_hour_exactly()
    {
        await using var site = await Site.Start();
        var browser = await site.SignedIn();
        for (var i = 0; i < 5; i++)
        {
            site.Db.Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
            Assert.Equal(200, (await browser.Get(Needs)).Status);
        }
        site.Db.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(302, (await browser.Get(Needs)).Status);
    }

    [Theory]
    [InlineData(false, 24)]
    [InlineData(true, 12)]
    public async Task However_busy_a_session_ends_after_a_day_or_half_a_day_for_staff(bool staff, int hours)
    {
        await using var site = await Site.Start();
        var player = staff ? Cast.Andrei : Cast.Amina;
        await site.Change(player, p => site.Get<Passwords>().Set(p, Site.Password));
        var browser = site.Browser();
        await browser.SignIn(player.Email, Site.Password);
        for (var half = 1; half < hours * 2; half++)
        {
            site.Db.Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.Equal(200, (await browser.Get(Needs)).Status);
        }
        site.Db.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(302, (await browser.Get(Needs)).Status);
    }

    [Fact]
    public async Task What_was_seen_in_memory_is_written_down()
    {
        await using var site = await Site.Start();
        var browser = await site.SignedIn();
        site.Db.Clock.Advance(TimeSpan.FromMinutes(10));
        await browser.Get(Needs);
        await site.Get<Sessions>().WriteDown();
        await using var db = await site.Db.AsSystem();
        var session = await db.Sessions.SingleAsync();
        Assert.Equal(site.Db.Now, session.LastSeenAt);
        Assert.Equal(site.Db.Now.AddHours(1), session.ExpiresAt);
    }

    [Fact]
    public async Task The_cookie_is_bound_to_the_host_and_holds_only_a_key()
    {
        await using var site = await Site.Start();
        var browser = site.Browser();
        var page = await browser.SignIn(Cast.Amina.Email, Site.Password);
        var cookie = page.Response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-portal=", StringComparison.Ordinal));
        Assert.Matches("^__Host-portal=[A-Za-z0-9_-]{43}; path=/; secure; samesite=lax; httponly$", cookie);
        await using var db = await site.Db.AsSystem();
        Assert.NotEqual(browser.Cookies["__Host-portal"], (await db.Sessions.SingleAsync()).KeyHash);
    }

    [Fact]
    public async Task Signing_in_again_ends_the_session_before()
    {
        await using var site = await Site.Start();
        var browser = await site.SignedIn();
        var before = browser.Copy();
        await browser.SignIn(Cast.Amina.Email, Site.Password);
        Assert.Equal(302, (await before.Get(Needs)).Status);
        Assert.Equal(200, (await browser.Get(Needs)).Status);
    }

    [Fact]
    public async Task A_password_change_ends_every_other_session()
    {
        await using var site = await Site.Start();
        var (here, elsewhere) = (await site.SignedIn(), await site.SignedIn("198.51.100.7"));
        var page = await here.Submit(
            "/account/security/password",
            "password",
            ("Password", Site.Password),
            ("NewPassword", "another river, another stone")
        );
        Assert.Equal("/account/security?done=password", page.Location);
        Assert.Equal(200, (await here.Get(Needs)).Status);
        Assert.Equal(302, (await elsewhere.Get(Needs)).Status);
        Assert.Equal(200, (await site.Browser().SignIn(Cast.Amina.Email, Site.Password)).Status);
    }

    [Fact]
    public async Task One_can_end_one_s_other_sessions_and_nobody_else_s()
    {
        await using var site = await Site.Start();
        await site.Change(Cast.Rosa, p => site.Get<Passwords>().Set(p, Site.Password));
        var (here, elsewhere, rosa) = (await site.SignedIn(), await site.SignedIn("198.51.100.7"), site.Browser());
        await rosa.SignIn(Cast.Rosa.Email, Site.Password);
        Guid IdOf(Player player, string address)
        {
            using var db = site.Db.AsSystem().Result;
            return db.Sessions.Single(s => s.PersonId == player.Id && s.Address == address).Id;
        }
        await here.Submit("/account/security", "sessions", ("End", IdOf(Cast.Rosa, "192.0.2.1").ToString()));
        Assert.Equal(200, (await rosa.Get(Needs)).Status);
        await here.Submit("/account/security", "sessions", ("End", IdOf(Cast.Amina, "198.51.100.7").ToString()));
        Assert.Equal(302, (await elsewhere.Get(Needs)).Status);
    }

    [Fact]
    public async Task The_membership_acted_under_is_remembered_and_only_one_s_own_can_be_chosen()
    {
        await using var site = await Site.Start();
        var second = Membership.Of(Cast.Amina.Id, Cast.NorthernAgency, Role.ProviderContributor, Cast.Now.AddDays(-1));
        await site.Db.Save(second);
        var browser = await site.SignedIn();
        Assert.Equal(
            "/account/acting-as",
            (await browser.Submit("/account/acting-as", "acting", ("Membership", Cast.Rosa.Membership.Id.ToString()))).Location
        );
        Assert.Equal("/home", (await browser.Submit("/account/acting-as", "acting", ("Membership", second.Id.ToString()))).Location);
        var later = await site.SignedIn("198.51.100.7");
        await using var db = await site.Db.AsSystem();
        Assert.All(await db.Sessions.ToListAsync(), s => Assert.Equal(second.Id, s.MembershipId));
        Assert.NotNull(later);
    }

    [Fact]
    public async Task A_person_without_a_membership_is_told_so()
    {
        await using var site = await Site.Start();
        await using (var db = await site.Db.AsSystem())
        {
            (await db.Memberships.SingleAsync(m => m.PersonId == Cast.Amina.Id)).End(site.Db.Now);
            await db.SaveChangesAsync();
        }
        var browser = await site.SignedIn();
        Assert.Equal("/account/acting-as", (await browser.Get("/needs")).Location);
        Assert.Contains("You act for no organisation", (await browser.Get("/account/acting-as")).Body);
    }
}
