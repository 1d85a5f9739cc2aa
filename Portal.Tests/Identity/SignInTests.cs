using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Tests.Identity;

public class SignInTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Ten_guesses_then_the_door_is_closed_to_whoever_guesses_and_open_to_the_owner(Database database)
    {
        await using var site = await Site.Start(database);
        var owner = await site.SignedIn("198.51.100.7");
        await owner.Submit("/account/sign-out", "sign-out");
        var guesser = site.Browser("203.0.113.9");
        for (var i = 0; i < 10; i++)
            Assert.Equal(200, (await guesser.SignIn(Cast.Amina.Email, "wrong guess number " + i)).Status);

        Assert.Equal(429, (await guesser.SignIn(Cast.Amina.Email, Site.Password)).Status);
        Assert.Equal(302, (await site.Browser("198.51.100.8").SignIn(Cast.Amina.Email, Site.Password)).Status);

        // The owner's own browser, moved to the guesser's very network.
        var moved = site.Browser("203.0.113.9");
        foreach (var (name, value) in owner.Cookies)
            moved.Cookies[name] = value;
        Assert.Equal(302, (await moved.SignIn(Cast.Amina.Email, Site.Password)).Status);

        site.Db.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(302, (await guesser.SignIn(Cast.Amina.Email, Site.Password)).Status);
    }

    [Fact]
    public async Task Whoever_failed_least_is_next_and_whoever_failed_most_is_sent_away()
    {
        var line = new WaitingLine(1);
        Assert.True(await line.Enter(9)); // has the place
        var guesses = Enumerable.Range(0, WaitingLine.MostForAPlace).Select(i => line.Enter(i + 1)).ToList();
        var owner = line.Enter(0);
        Assert.False(await guesses[^1]); // the line is full: most failures
        Assert.False(owner.IsCompleted);
        line.Leave();
        Assert.True(await owner);
        Assert.All(guesses.SkipLast(1), g => Assert.False(g.IsCompleted));
        line.Leave();
        Assert.True(await guesses[0]);
    }

    [Fact]
    public async Task A_guess_at_a_closed_door_costs_no_hashing()
    {
        await using var site = await Site.Start();
        var guesser = site.Browser("203.0.113.9");
        for (var i = 0; i < 10; i++)
            await guesser.SignIn(Cast.Amina.Email, "wrong guess number " + i);
        var before = site.Get<Passwords>().Judged;
        for (var i = 0; i < 10; i++)
            Assert.Equal(429, (await guesser.SignIn(Cast.Amina.Email, "wrong guess number " + i)).Status);
        Assert.Equal(before, site.Get<Passwords>().Judged);
    }

    [Fact]
    public async Task While_too_many_strangers_wait_a_known_browser_signs_in_and_a_stranger_is_told_by_the_page_with_what_was_typed()
    {
        await using var site = await Site.Start();
        var owner = await site.SignedIn("198.51.100.7");
        await owner.Submit("/account/sign-out", "sign-out");
        var line = site.Get<SignInLine>().Strangers;
        for (var i = 0; i < Passwords.Places; i++)
            Assert.True(await line.Enter(0));
        var waiting = Enumerable.Range(0, Passwords.Places * WaitingLine.MostForAPlace).Select(_ => line.Enter(0)).ToList();
        var before = site.Get<Passwords>().Judged;
        foreach (var (language, words) in new[] { ("en", "Too many"), ("fr", "tentatives") })
        foreach (var address in new[] { "first@example.org", "o'second<b>@example.org" })
        {
            var stranger = site.Browser("203.0.113.9");
            stranger.Client.DefaultRequestHeaders.AcceptLanguage.Clear();
            stranger.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
            var page = await stranger.SignIn(address, Site.Password);
            Assert.Equal(429, page.Status);
            Assert.NotEmpty(page.Header("Retry-After"));
            Assert.Contains(words, System.Net.WebUtility.HtmlDecode(page.Body));
            Assert.Contains($"value=\"{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(address)}\"", page.Body);
            Assert.DoesNotContain(Site.Password, page.Body);
        }
        Assert.Equal(before, site.Get<Passwords>().Judged);
        Assert.Equal(302, (await owner.SignIn(Cast.Amina.Email, Site.Password)).Status);
        // Guessing from there, it is a stranger, too.
        await owner.Submit("/account/sign-out", "sign-out");
        for (var i = 0; i < Attempts.PerAccount; i++)
            Assert.Equal(200, (await owner.SignIn("nobody@example.org", "wrong guess number " + i)).Status);
        Assert.Equal(429, (await owner.SignIn("nobody@example.org", "wrong guess")).Status);
        // Those whose turn has come go on.
        line.Leave();
        Assert.True(await waiting[0]);
    }

    [Fact]
    public async Task A_sign_in_form_of_any_length_or_broken_off_holds_no_place()
    {
        await using var site = await Site.Start();
        var large = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
        {
            Content = new FormUrlEncodedContent([new("Password", new string('x', 100_000))]),
        };
        Assert.Equal(413, (await site.Browser().Send(large)).Status);
        var broken = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in")
        {
            Content = new ByteArrayContent("--b\r\nhalf"u8.ToArray()),
        };
        broken.Content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        Assert.Equal(400, (await site.Browser().Send(broken)).Status);
        Assert.True(site.Get<SignInLine>().Strangers.Enter(0).IsCompleted);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task However_often_strangers_fail_the_log_stays_small_and_says_how_often(Database database)
    {
        await using var site = await Site.Start(database);
        var counted = site.Get<CountedActs>();
        for (var i = 0; i < 1000; i++)
            await counted.Note("203.0.113." + i % 200, new Act("account.sign_in_failed", 0), Section.Administration);
        await using var db = await site.Db.AsSystem();
        var atOnce = await db.AuditEntries.CountAsync(e => e.Code == "account.sign_in_failed");
        Assert.Equal(CountedActs.MostOfStrangers + 1, atOnce);
        site.Db.Clock.Advance(TimeSpan.FromHours(1));
        await counted.WriteDown();
        var entries = await db.AuditEntries.AsNoTracking().Where(e => e.Code == "account.sign_in_failed").Select(e => e.To).ToListAsync();
        Assert.InRange(entries.Count, atOnce + 1, 2 * atOnce);
        Assert.Equal(1000, entries.Sum(to => to is null ? 1 : int.Parse(to)));
        Assert.Null((await db.Verify([])).Break);
        // The next hour is told from the one before.
        await counted.Note("203.0.113.1", new Act("account.sign_in_failed", 0), Section.Administration);
        Assert.Equal(entries.Count + 1, await db.AuditEntries.CountAsync(e => e.Code == "account.sign_in_failed"));
    }

    [Fact]
    public async Task The_owner_is_told_by_mail_what_is_done_to_the_account_and_of_a_browser_that_is_not_known()
    {
        await using var site = await Site.Start(("Mail:Host", "localhost"), ("Mail:Port", "9"), ("Mail:From", "portal@example.org"));
        await site.Change(
            Cast.Amina,
            p =>
            {
                p.Language = Portal.Domain.Reference.Language.En;
                return Task.CompletedTask;
            }
        );
        var browser = await site.SignedIn();
        await browser.Submit("/account/sign-out", "sign-out");
        await browser.SignIn(Cast.Amina.Email, Site.Password); // known by now
        Assert.Equal(
            302,
            (
                await browser.Submit(
                    "/account/security/password",
                    "password",
                    ("Password", Site.Password),
                    ("NewPassword", "another river, another stone")
                )
            ).Status
        );
        await using var db = await site.Db.AsSystem();
        var mails = await db.Set<OutboxMail>()
            .AsNoTracking()
            .Where(m => m.Kind == MailKind.Account)
            .OrderBy(m => m.CreatedAt)
            .ThenBy(m => m.Id)
            .ToListAsync();
        using var scope = site.Scope();
        var composer = scope.ServiceProvider.GetRequiredService<Portal.Mail.MailComposer>();
        var texts = new List<string>();
        foreach (var mail in mails)
        {
            Assert.Equal(Cast.Amina.Email, mail.To);
            texts.Add((await composer.Compose(mail))!.Plain);
        }
        Assert.Equal(2, texts.Count);
        Assert.Contains("browser that it was not used on before", texts[0]);
        Assert.Contains("password was changed", texts[1]);
        Assert.All(texts, t => Assert.Contains("https://portal.example.org/account/security", t));
    }

    [Fact]
    public async Task Many_guesses_at_once_gain_nothing()
    {
        await using var site = await Site.Start();
        var attempts = site.Get<Attempts>();
        var let = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => attempts.Take("door", 10))));
        Assert.Equal(10, let.Count(l => l));
    }

    [Fact]
    public async Task No_quarter_of_an_hour_sees_more_than_ten_guesses()
    {
        await using var site = await Site.Start();
        var attempts = site.Get<Attempts>();
        var taken = new List<DateTime>();
        for (var minute = 0; minute < 120; minute++)
        {
            if (await attempts.Take("door", Attempts.PerAccount))
                taken.Add(site.Db.Now);
            site.Db.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.All(taken, t => Assert.InRange(taken.Count(o => o >= t && o < t.AddMinutes(15)), 1, 10));
        Assert.InRange(taken.Count, 20, 60);
    }

    [Fact]
    public async Task Unknown_and_known_accounts_are_answered_alike()
    {
        await using var site = await Site.Start();
        var (a, b) = (site.Browser("203.0.113.1"), site.Browser("203.0.113.2"));
        for (var i = 0; i < 11; i++)
        {
            var known = await a.SignIn(Cast.Amina.Email, "wrong guess number " + i);
            var unknown = await b.SignIn("nobody@example.org", "wrong guess number " + i);
            Assert.Equal(known.Status, unknown.Status);
            Assert.Equal(Comparable(known), Comparable(unknown));
        }
        var (asked, guessed) = (
            await a.Submit("/account/forgot", "forgot", ("Email", Cast.Amina.Email)),
            await b.Submit("/account/forgot", "forgot", ("Email", "nobody@example.org"))
        );
        Assert.Equal(Comparable(asked), Comparable(guessed));

        static string Comparable(Page page) =>
            Regex.Replace(page.Body, "CfDJ8[A-Za-z0-9_/+=-]+|nonce=\"[^\"]*\"|nobody@example.org|amina@example.org", "");
    }

    [Fact]
    public async Task An_unknown_account_costs_the_same_work()
    {
        var passwords = new Passwords();
        var person = new PortalUser { Email = "amina@example.org" };
        await passwords.Set(person, Site.Password);
        Assert.True(await passwords.Match(person, Site.Password));
        Assert.False(await passwords.Match(null, Site.Password));
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 9; i++)
        {
            known.Add(await Time(person));
            unknown.Add(await Time(null));
        }
        // Generous, since other tests share the machine: skipping the work would make it hundreds of times faster.
        Assert.InRange(unknown.Order().ElementAt(4) / known.Order().ElementAt(4), 0.4, 2.5);

        async Task<double> Time(PortalUser? who)
        {
            var watch = Stopwatch.StartNew();
            await passwords.Match(who, "wrong guess");
            return watch.Elapsed.TotalMilliseconds;
        }
    }

    [Fact]
    public async Task Passwords_are_kept_with_enough_rounds()
    {
        var person = new PortalUser();
        await new Passwords().Set(person, Site.Password);
        var hash = Convert.FromBase64String(person.PasswordHash!);
        Assert.Equal((byte)1, hash[0]); // Identity's third format: function, rounds, length of salt
        Assert.Equal(2, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1))); // HMAC-SHA-512
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)) >= 210_000);
        await using var site = await Site.Start();
        using var scope = site.Scope();
        var other = new PasswordHasher<PortalUser>(
            Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = Passwords.Rounds })
        );
        Assert.Equal(PasswordVerificationResult.Success, other.VerifyHashedPassword(person, person.PasswordHash!, Site.Password));
    }

    [Theory]
    [InlineData("short", "password.too_short")]
    [InlineData("elevenchars", "password.too_short")]
    [InlineData("Password1234!", "password.common")]
    [InlineData("passwordpassword", "password.common")]
    [InlineData("p4$$w0rdp4$$w0rd", "password.common")]
    [InlineData("aaaaaaaaaaaaaa", "password.common")]
    [InlineData("123456789012345", "password.common")]
    [InlineData("qwertyuiopasdf", "password.common")]
    [InlineData("TechnicalAssistance2009", "password.common")]
    [InlineData("Amina@example.org", "password.common")]
    [InlineData("admin-password-1", "password.common")]
    [InlineData("P@ssw0rd1234", "password.common")]
    [InlineData("P@$$w0rd1234", "password.common")]
    [InlineData("Il0veY0u1234", "password.common")]
    [InlineData("Tr0ub4dor&3xx", "password.common")]
    [InlineData("1l0v3y0u!!2026", "password.common")]
    [InlineData("W3lc0me!2345", "password.common")]
    [InlineData("L3tm31n!!2024", "password.common")]
    [InlineData("S3cur1ty-C0unc1l", "password.common")]
    [InlineData("abc1234PASSWORD", "password.common")]
    [InlineData("!@#$%^qwerty", "password.common")]
    [InlineData("Summer2026!!", "password.common")]
    [InlineData("amina-AMINA-2026", "password.common")]
    [InlineData("84629173650284", null)]
    [InlineData("kX9#vQ2$mZ7!", null)]
    [InlineData("seven quiet umbrellas", null)]
    [InlineData("another river, another stone", null)]
    [InlineData("welcome to my small boat", null)]
    [InlineData("river stone lantern", null)]
    [InlineData("Ключ от старого сарая", null)]
    [InlineData("花园里有一只蓝色的大象和猫", null)]
    [InlineData("Demonstration-2009!", null)]
    public void A_password_is_judged_by_length_and_by_how_common_it_is(string password, string? refusal)
    {
        var thrown = Record.Exception(() => Passwords.Check(password, "amina@example.org", "Amina"));
        Assert.Equal(refusal, (thrown as Refusal)?.Code);
    }

    [Fact]
    public async Task No_redirect_leaves_the_site()
    {
        await using var site = await Site.Start();
        foreach (
            var address in new[]
            {
                "https://evil.example/",
                "//evil.example",
                "/\\evil.example",
                "/\t/evil.example",
                "javascript:alert(1)",
                "\0",
            }
        )
        {
            var page = await site.Browser()
                .SignIn(Cast.Amina.Email, Site.Password, "/account/sign-in?returnUrl=" + Uri.EscapeDataString(address));
            Assert.Equal((address, "/home"), (address, page.Location));
        }
    }

    [Fact]
    public async Task A_way_to_a_new_password_counts_once_within_an_hour_and_ends_every_session()
    {
        await using var site = await Site.Start();
        var signedIn = await site.SignedIn();
        var browser = site.Browser();
        await browser.Submit("/account/forgot", "forgot", ("Email", Cast.Amina.Email));
        await browser.Submit("/account/forgot", "forgot", ("Email", "nobody@example.org"));
        await using var db = await site.Db.AsSystem();
        var mail = await db.Set<OutboxMail>().SingleAsync();
        Assert.Equal(Cast.Amina.Email, mail.To);
        Assert.DoesNotContain("reset", mail.Body);
        var link = new Uri(Regex.Match(site.Get<Outbox>().Read(mail), "https://\\S+").Value);
        Assert.Equal("portal.example.org", link.Host);

        Assert.Equal(200, (await browser.Submit(link.PathAndQuery, "reset", ("NewPassword", "tooshort"))).Status);
        Assert.Contains(
            "signed out everywhere",
            (await browser.Submit(link.PathAndQuery, "reset", ("NewPassword", "another river, another stone"))).Body
        );

        Assert.Equal(302, (await signedIn.Get("/account/security")).Status);
        Assert.Contains("already been used", (await browser.Get(link.PathAndQuery)).Body);
        Assert.Equal(302, (await browser.SignIn(Cast.Amina.Email, "another river, another stone")).Status);

        await browser.Submit("/account/forgot", "forgot", ("Email", Cast.Amina.Email));
        site.Db.Clock.Advance(TimeSpan.FromMinutes(61));
        var late = await db.Set<OutboxMail>().AsNoTracking().OrderBy(m => m.CreatedAt).LastAsync();
        Assert.Contains(
            "expired",
            (await site.Browser().Get(new Uri(Regex.Match(site.Get<Outbox>().Read(late), "https://\\S+").Value).PathAndQuery)).Body
        );
    }

    [Fact]
    public async Task No_mailed_link_names_a_host_that_a_request_named()
    {
        // Not a portal that is started: its clockwork would do a quarter of an hour's rounds a thousand times.
        await using var test = await TestDb.Open(Database.Sqlite);
        var visitor = await test.As(null);
        string[] headers =
        [
            "Host",
            "X-Forwarded-Host",
            "X-Original-Host",
            "Forwarded",
            "X-Host",
            "X-Forwarded-Server",
            "Origin",
            "Referer",
        ];
        for (var i = 0; i < 1000; i++)
        {
            var http = new DefaultHttpContext();
            var (header, host) = (headers[i % headers.Length], $"evil-{i}.example");
            http.Request.Headers[header] = header switch
            {
                "Forwarded" => "host=" + host,
                "Origin" or "Referer" => "https://" + host,
                _ => host,
            };
            http.Request.Host = new HostString(host);
            http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("192.0.2.1");
            await visitor.Get<ResetService>().Ask(Cast.Amina.Email, http);
            test.Clock.Advance(TimeSpan.FromMinutes(16)); // so that no limit on asking hides anything
        }
        await using var db = await test.AsSystem();
        var mails = await db.Set<OutboxMail>().ToListAsync();
        Assert.Equal(1000, mails.Count);
        Assert.All(
            mails,
            m =>
                Assert.StartsWith(
                    "https://portal.example.org/account/reset?token=",
                    Regex.Match(visitor.Get<Outbox>().Read(m), "https?://\\S+").Value
                )
        );
    }

    [Fact]
    public async Task An_invitation_makes_an_account_once()
    {
        await using var site = await Site.Start();
        string link;
        using (var scope = site.Scope())
            link = await Invitations(scope).Invite(null, "new.person@example.org", Cast.Kenya.Id, Role.StateContributor);
        var path = new Uri(link).PathAndQuery;
        var browser = site.Browser();
        var page = await browser.Submit(path, "invitation", ("Name", "New Person"), ("NewPassword", "seven quiet umbrellas"));
        Assert.Equal("/account/acting-as", page.Location);
        Assert.Equal(200, (await browser.Get("/account/security")).Status);
        Assert.Contains("already been used", (await site.Browser().Get(path)).Body);
        await using var db = await site.Db.AsSystem();
        var person = await db.Users.SingleAsync(u => u.Email == "new.person@example.org");
        Assert.Equal(Cast.Kenya.Id, (await db.Memberships.SingleAsync(m => m.PersonId == person.Id)).OrganisationId);
        Assert.Equal(["account.invited", "account.invitation_used", "account.signed_in"], await site.Acts());
    }

    // A browser turns the domain of an address into the form that mail servers read; people and files write the other.
    [Theory]
    [InlineData("user@bücher.example", "user@xn--bcher-kva.example")]
    [InlineData("user@xn--bcher-kva.example", "User@BÜCHER.example")]
    [InlineData("مريم@مثال.example", "\u200Eمريم@xn--mgbh0fb.example")]
    [InlineData("ülkü@demo.example", "u\u0308lku\u0308@demo.example")]
    public async Task Whoever_was_invited_signs_in_by_their_address_in_whichever_form(string invited, string typed)
    {
        await using var site = await Site.Start();
        string path;
        using (var scope = site.Scope())
            path = new Uri(
                await Invitations(scope).Invite(null, invited, Cast.Kenya.Id, Portal.Domain.Access.Role.StateContributor)
            ).PathAndQuery;
        Assert.Equal(
            302,
            (await site.Browser().Submit(path, "invitation", ("Name", "New Person"), ("NewPassword", "seven quiet umbrellas"))).Status
        );
        Assert.Equal(302, (await site.Browser().SignIn(typed, "seven quiet umbrellas")).Status);
        Assert.DoesNotContain("type=\"email\"", (await site.Browser().Get("/account/sign-in")).Body);
    }

    [Fact]
    public async Task An_invitation_adds_to_an_account_only_with_its_password()
    {
        await using var site = await Site.Start();
        string path;
        using (var scope = site.Scope())
            path = new Uri(
                await Invitations(scope).Invite(null, Cast.Amina.Email, Cast.NorthernAgency.Id, Role.ProviderContributor)
            ).PathAndQuery;
        Assert.Equal(200, (await site.Browser().Submit(path, "invitation", ("NewPassword", "not hers at all"))).Status);
        Assert.Equal("/account/sign-in", (await site.Browser().Submit(path, "invitation", ("NewPassword", Site.Password))).Location);
        await using var db = await site.Db.AsSystem();
        Assert.Equal(2, await db.Memberships.CountAsync(m => m.PersonId == Cast.Amina.Id));
    }

    [Fact]
    public async Task Only_those_who_manage_access_or_the_system_invite()
    {
        await using var site = await Site.Start();
        using var scope = site.Scope();
        await Assert.ThrowsAsync<Refusal>(() => Invitations(scope).Invite(Cast.Amina, "x@example.org", Cast.Kenya.Id, Role.FocalPoint));
        Assert.StartsWith(Site.Base, await Invitations(scope).Invite(Cast.Malik, "x@example.org", Cast.Kenya.Id, Role.FocalPoint));
    }

    private static InvitationService Invitations(Microsoft.Extensions.DependencyInjection.IServiceScope scope) =>
        (InvitationService)scope.ServiceProvider.GetService(typeof(InvitationService))!;
}
