using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Identity;

namespace Portal.Tests.Identity;

public class FactorTests
{
    // RFC 6238, appendix B, the last six of eight figures.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(
            code,
            Totp.Code(Encoding.ASCII.GetBytes("12345678901234567890"), Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)))
        );

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base_32_is_that_of_the_standard(string text, string base32) =>
        Assert.Equal(base32, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void One_step_of_drift_is_forgiven(int drift, bool taken)
    {
        var (secret, now) = (Totp.NewSecret(), new DateTimeOffset(Cast.Now));
        Assert.Equal(taken, Totp.Match(secret, Totp.Code(secret, Totp.StepAt(now) + drift), now, 0) is not null);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Signing_in_with_codes(Database database)
    {
        await using var site = await Site.Start(database);
        var (browser, secret, recovery) = await WithCodes(site);
        await browser.Submit("/account/sign-out", "sign-out");

        Assert.Equal("/account/second-step", (await browser.SignIn(Cast.Amina.Email, Site.Password)).Location);
        Assert.DoesNotContain("__Host-portal", browser.Cookies.Keys.Where(k => k == "__Host-portal"));
        Assert.Equal(302, (await browser.Get("/account/security")).Status);
        Assert.Equal(200, (await browser.Submit("/account/second-step", "step", ("Code", "000000"))).Status);
        // The code that turned them on was used by it.
        Assert.Equal(200, (await browser.Submit("/account/second-step", "step", ("Code", secret.Now()))).Status);
        site.Db.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = secret.Now();
        Assert.Equal("/home", (await browser.Submit("/account/second-step", "step", ("Code", code))).Location);

        var replay = site.Browser();
        await replay.SignIn(Cast.Amina.Email, Site.Password);
        Assert.Equal(200, (await replay.Submit("/account/second-step", "step", ("Code", code))).Status);
        Assert.Equal("/home", (await replay.Submit("/account/second-step", "step", ("Code", recovery[3]))).Location);
        var again = site.Browser();
        await again.SignIn(Cast.Amina.Email, Site.Password);
        Assert.Equal(200, (await again.Submit("/account/second-step", "step", ("Code", recovery[3]))).Status);
    }

    [Fact]
    public async Task A_code_sent_many_times_at_once_counts_once()
    {
        await using var site = await Site.Start();
        var (_, secret, _) = await WithCodes(site);
        site.Db.Clock.Advance(TimeSpan.FromSeconds(30));
        var used = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        await using var db = await site.Db.AsSystem();
                        return await site.Get<Factors>().Use(db, (await db.Users.FindAsync(Cast.Amina.Id))!, secret.Now());
                    })
                )
        );
        Assert.Single(used, u => u is not null);
    }

    [Fact]
    public async Task Guesses_at_the_code_are_bounded()
    {
        await using var site = await Site.Start();
        var (_, secret, _) = await WithCodes(site);
        site.Db.Clock.Advance(TimeSpan.FromSeconds(30));
        var guesser = site.Browser("203.0.113.9");
        await guesser.SignIn(Cast.Amina.Email, Site.Password);
        for (var i = 0; i < 10; i++)
            Assert.Equal(200, (await guesser.Submit("/account/second-step", "step", ("Code", $"00000{i}"))).Status);
        Assert.Equal(429, (await guesser.Submit("/account/second-step", "step", ("Code", secret.Now()))).Status);
    }

    [Fact]
    public async Task A_new_password_by_mail_does_not_bypass_the_second_factor()
    {
        await using var site = await Site.Start();
        await WithCodes(site);
        var browser = site.Browser("198.51.100.7");
        await browser.Submit("/account/forgot", "forgot", ("Email", Cast.Amina.Email));
        await using var db = await site.Db.AsSystem();
        var link = Regex.Match(site.Get<Outbox>().Read(await db.Set<OutboxMail>().SingleAsync()), "https://\\S+").Value;
        await browser.Submit(new Uri(link).PathAndQuery, "reset", ("NewPassword", "another river, another stone"));
        Assert.Equal(302, (await browser.Get("/account/security")).Status);
        Assert.Equal("/account/second-step", (await browser.SignIn(Cast.Amina.Email, "another river, another stone")).Location);
    }

    [Fact]
    public async Task Where_a_second_factor_is_required_it_is_set_up_before_anything_else()
    {
        await using var site = await Site.Start(("SignIn:RequireSecondFactor", "true"));
        var browser = await site.SignedIn();
        Assert.Equal("/account/acting-as", (await browser.Get("/needs")).Location);
        Assert.Equal("/account/security", (await browser.Get("/account/acting-as")).Location);
        Assert.Contains("set up a second factor", (await browser.Get("/account/security")).Body);
        await TurnOn(site, browser);
        Assert.Equal(200, (await browser.Get("/account/acting-as")).Status);
        Assert.Equal(200, (await browser.Get("/needs")).Status);
        Assert.Contains("refusal:factor.last_one", await CodeOf(site, browser));

        static async Task<string> CodeOf(Site site, Browser browser)
        {
            var page = await browser.Submit("/account/security", "codes", ("Do", "off"));
            await using var db = await site.Db.AsSystem();
            return (await db.Users.SingleAsync(u => u.Id == Cast.Amina.Id)).TotpSecret is not null && page.Status == 200
                ? "refusal:factor.last_one"
                : "removed";
        }
    }

    [Fact]
    public async Task Factors_ask_for_the_password_again_after_ten_minutes()
    {
        await using var site = await Site.Start();
        var (browser, _, _) = await WithCodes(site);
        site.Db.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(
            "/account/confirm?returnUrl=%2Faccount%2Fsecurity%3Fdone%3Dcheck",
            (await browser.Submit("/account/security", "codes", ("Do", "off"))).Location
        );
        Assert.Equal(
            "/account/confirm?returnUrl=%2Faccount%2Fsecurity%2Fpasskey",
            (await browser.Get("/account/security/passkey")).Location
        );
        Assert.Equal(200, (await browser.Submit("/account/confirm", "confirm", ("Password", "not the password"))).Status);
        Assert.Equal(
            "/account/security",
            (await browser.Submit("/account/confirm?returnUrl=%2Faccount%2Fsecurity", "confirm", ("Password", Site.Password))).Location
        );
        Assert.Equal("/account/security", (await browser.Submit("/account/security", "codes", ("Do", "off"))).Location);
        Assert.Equal(
            ["account.signed_in", "account.codes_added", "account.confirm_failed", "account.confirmed", "account.codes_removed"],
            await site.Acts()
        );
    }

    [Fact]
    public async Task Passkey_questions_tell_nothing_about_accounts_and_bad_answers_are_refused()
    {
        await using var site = await Site.Start();
        var browser = site.Browser();
        var page = await browser.Get("/account/passkey");
        Assert.Contains("&quot;allowCredentials&quot;:[]", page.Body);
        Assert.Contains("&quot;userVerification&quot;:&quot;required&quot;", page.Body);
        foreach (
            var answer in new[] { "", "{}", "not json", "{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"response\":{}}" }
        )
            Assert.Equal(200, (await browser.Submit("/account/passkey", "passkey", ("Answer", answer))).Status);
    }

    [Fact]
    public async Task No_secret_lies_in_the_database_in_the_clear()
    {
        await using var site = await Site.Start();
        var (browser, secret, recovery) = await WithCodes(site);
        await browser.Submit("/account/forgot", "forgot", ("Email", Cast.Amina.Email));
        string text,
            token;
        await using (var db = await site.Db.AsSystem())
        {
            token = Regex.Match(site.Get<Outbox>().Read(await db.Set<OutboxMail>().SingleAsync()), "token=(\\S+)").Groups[1].Value;
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        var file = new SqliteConnectionStringBuilder(site.Db.ConnectionString).DataSource;
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (var reader = new StreamReader(stream, Encoding.Latin1))
            text = await reader.ReadToEndAsync();
        Assert.Contains(Cast.Amina.Email, text); // the right file, read
        string[] plain =
        [
            Site.Password,
            Totp.Base32(secret.Bytes),
            Convert.ToBase64String(secret.Bytes),
            Encoding.Latin1.GetString(secret.Bytes),
            browser.Cookies["__Host-portal"],
            token,
            .. recovery,
            .. recovery.Select(r => r.Replace("-", "")),
        ];
        Assert.All(plain, p => Assert.DoesNotContain(p, text));
    }

    private sealed record Authenticator(byte[] Bytes, TestDb Db)
    {
        public string Now() => Totp.Code(Bytes, Totp.StepAt(Db.Clock.GetUtcNow()));
    }

    private static async Task<(Browser, Authenticator, List<string>)> WithCodes(Site site)
    {
        var browser = await site.SignedIn();
        var (secret, recovery) = await TurnOn(site, browser);
        return (browser, secret, recovery);
    }

    private static async Task<(Authenticator, List<string>)> TurnOn(Site site, Browser browser)
    {
        var page = await browser.Get("/account/security/codes");
        var typed = Regex.Match(page.Body, "class=\"ref mono\">([A-Z2-7 ]+)<").Groups[1].Value.Replace(" ", "");
        var secret = new Authenticator(FromBase32(typed), site.Db);
        var form = Regex.Match(page.Body, "name=\"Sealed\" value=\"([^\"]*)").Groups[1].Value;
        var done = await browser.Post(
            "/account/security/codes",
            "codes",
            Browser.Token(page),
            ("Sealed", System.Net.WebUtility.HtmlDecode(form)),
            ("Code", secret.Now())
        );
        var recovery = Regex.Matches(done.Body, "[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}").Select(m => m.Value).ToList();
        Assert.Equal(Factors.RecoveryCodes, recovery.Count);
        return (secret, recovery);
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
