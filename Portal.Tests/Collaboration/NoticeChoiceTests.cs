using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Identity;
using Portal.Mail;
using Portal.Tests.Identity;
using Portal.Tests.Mail;

namespace Portal.Tests.Collaboration;

/// <summary>Everyone is told as they chose, once, and by mail of nothing they may no longer see.</summary>
public sealed class NoticeChoiceTests
{
    private const string Shared = "need.shared_with_you";

    private static async Task Choose(TestDb test, Player player, DigestRhythm rhythm, NoticeWay way, string code = Shared) =>
        await (await test.As(player)).Get<NoticeChoiceService>().Choose(rhythm, new Dictionary<string, NoticeWay> { [code] = way });

    private static async Task<Need> Share(TestDb test)
    {
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await using var db = await test.AsSystem();
        db.AttachCast();
        db.Add(need);
        db.Notify(Audience.Org(Cast.NorthernAgency.Number), Shared, need);
        await db.SaveChangesAsync();
        return need;
    }

    private static async Task<NoticeMailer> Mailer(TestDb test)
    {
        var services = await test.As(null);
        return new NoticeMailer(
            test.Store,
            services.Get<KnownActors>(),
            services.Get<Outbox>(),
            services.Get<MailSettings>(),
            test.Clock,
            NullLogger<NoticeMailer>.Instance
        );
    }

    private static async Task Send(TestDb test, TestSmtp server)
    {
        var services = await test.As(null);
        await new MailSender(
            test.Store,
            services.Get<IServiceScopeFactory>(),
            new MailSettings("127.0.0.1", server.Port, null, null, "portal@example.org", false),
            test.Clock,
            NullLogger<MailSender>.Instance
        ).Round(default);
    }

    private static Task<MimeMessage> Read(Taken taken) => MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(taken.Text)));

    [Theory, OnSqlite, OnPostgres]
    public async Task A_notice_is_mailed_at_once_and_once_by_however_many_nodes_and_says_no_more_than_where_to_read(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        await Choose(test, Cast.Ingrid, DigestRhythm.Off, NoticeWay.AtOnce);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        var need = await Share(test);
        await using var other = test.AnotherNode();
        other.Clock.Advance(test.Now - other.Now);
        var (one, two) = (await Mailer(test), await Mailer(other));
        await one.Round(default);
        await Send(test, server);
        Assert.Empty(server.Mails); // too young to be sure that no other is on its way
        test.Clock.Advance(NoticeMailer.Settled);
        other.Clock.Advance(NoticeMailer.Settled);
        await Task.WhenAll(one.Round(default), two.Round(default), one.Round(default));
        await one.Round(default);
        await Send(test, server);
        var taken = Assert.Single(server.Mails);
        Assert.Equal(Cast.Ingrid.Email, taken.To);
        var mail = await Read(taken);
        Assert.Contains($"https://portal.example.org/needs/{need.Reference}", mail.TextBody);
        Assert.DoesNotContain(need.Title, mail.TextBody);
        Assert.DoesNotContain("Kenya", mail.TextBody);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        Assert.Contains("<https://portal.example.org/account/unsubscribe/one-click?link=", mail.Headers["List-Unsubscribe"]);

        // Nobody asked for it on behalf of Lars, who sees the same need.
        Assert.Equal(1, await (await test.As(Cast.Lars)).Get<NoticeService>().CountNew());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_its_reader_may_no_longer_see_when_it_would_be_sent_is_not_sent(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        foreach (var player in new[] { Cast.Ingrid, Cast.Lars, Cast.Kenji })
            await Choose(test, player, DigestRhythm.Off, NoticeWay.AtOnce);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        var (kept, lost) = (await Share(test), await Share(test));
        test.Clock.Advance(NoticeMailer.Settled);
        await (await Mailer(test)).Round(default);
        // Between writing and sending: a consent is revoked, and a membership ends.
        await (await test.As(Cast.Amina)).Get<NeedService>().RevokeConsent(lost.Reference, Audience.Org(Cast.NorthernAgency.Number), null);
        await using (var db = await test.AsSystem())
        {
            (await db.Memberships.SingleAsync(m => m.Id == Cast.Lars.Membership.Id)).End(test.Now);
            await db.SaveChangesAsync();
        }
        await Send(test, server);
        var taken = Assert.Single(server.Mails);
        Assert.Equal(Cast.Ingrid.Email, taken.To);
        var text = (await Read(taken)).TextBody;
        Assert.Contains(kept.Reference, text);
        Assert.DoesNotContain(lost.Reference, text);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_digest_comes_in_the_morning_once_and_only_with_something_to_tell(Database database)
    {
        await using var test = await TestDb.Open(database); // a Monday, nine o'clock
        await using var server = new TestSmtp();
        await Choose(test, Cast.Ingrid, DigestRhythm.Daily, NoticeWay.Digest);
        await Choose(test, Cast.Lars, DigestRhythm.Weekly, NoticeWay.Digest);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        await Share(test);
        var second = await Share(test);
        var mailer = await Mailer(test);
        async Task<int> After(TimeSpan time)
        {
            test.Clock.Advance(time);
            await mailer.Round(default);
            await mailer.Round(default);
            await Send(test, server);
            return server.Mails.Count;
        }
        Assert.Equal(0, await After(TimeSpan.FromHours(20)));
        Assert.Equal(1, await After(TimeSpan.FromHours(1.5)));
        Assert.Contains(second.Reference, (await Read(server.Mails.Single())).TextBody);
        Assert.Equal(1, await After(TimeSpan.FromDays(1)));
        Assert.Equal(1, await After(TimeSpan.FromDays(1)));
        Assert.Equal(2, await After(TimeSpan.FromDays(4))); // the next Monday, and it is Lars's
        Assert.Equal(Cast.Lars.Email, server.Mails.Last().To);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_off_is_not_shown_and_choices_belong_to_their_membership(Database database)
    {
        await using var test = await TestDb.Open(database);
        await Share(test);
        var notices = (await test.As(Cast.Ingrid)).Get<NoticeService>();
        Assert.Equal((1, 1), (await notices.CountNew(), (await notices.Latest(10)).Count));
        await Choose(test, Cast.Ingrid, DigestRhythm.Off, NoticeWay.Off);
        Assert.Equal((0, 0), (await notices.CountNew(), (await notices.Latest(10)).Count));
        Assert.Empty((await (await test.As(Cast.Lars)).Get<NoticeChoiceService>().Read()).Ways);
        await using var lars = await test.For(Cast.Lars);
        Assert.Empty(await lars.NoticeChoices.ToListAsync());
        await using var db = await test.AsSystem();
        Assert.Equal("account.notices_chosen", (await db.AuditEntries.OrderBy(a => a.Id).LastAsync()).Code);
    }

    [Theory, OnSqlite, OnPostgres, Trait("Pace", "Slow")]
    public async Task One_click_ends_the_mails_without_signing_in_and_looking_does_not(Database database)
    {
        await using var site = await Site.Start(database);
        var test = site.Db;
        await using (var db = await test.AsSystem())
        {
            var choices = NoticeChoices.Of(Cast.Ingrid.Membership.Id, test.Now);
            choices.Choose(
                DigestRhythm.Daily,
                [new("need.circulated", NoticeWay.Digest), new(Shared, NoticeWay.AtOnce), new("proposal.declined", NoticeWay.Off)],
                test.Now
            );
            db.Add(choices);
            await db.SaveChangesAsync();
        }
        using var scope = site.Scope();
        var link = Uri.EscapeDataString(
            ((NoticeChoiceService)scope.ServiceProvider.GetService(typeof(NoticeChoiceService))!).LinkOf(Cast.Ingrid.Membership.Id)
        );
        async Task<bool> Wants()
        {
            await using var db = await test.AsSystem();
            return (await db.NoticeChoices.AsNoTracking().SingleAsync()).WantsMail;
        }
        var browser = site.Browser();
        Assert.Contains("name=\"_handler\"", (await browser.Get("/account/unsubscribe?link=" + link)).Body);
        Assert.Contains("does not stop any e-mails", (await browser.Get("/account/unsubscribe?link=guessed")).Body);
        Assert.NotEqual(200, (await browser.Get("/account/unsubscribe/one-click?link=" + link)).Status);
        Assert.True(await Wants());
        Assert.Equal(404, (await Click("guessed")).Status);
        Assert.Equal(200, (await Click(link)).Status);
        Assert.False(await Wants());
        Assert.Equal(200, (await Click(link)).Status);
        Assert.Contains(
            "You will receive no more notifications by e-mail",
            (await browser.Submit("/account/unsubscribe?link=" + link, "unsubscribe")).Body
        );
        await using var system = await test.AsSystem();
        Assert.Equal(NoticeWay.Off, (await system.NoticeChoices.SingleAsync()).WayOf("proposal.declined"));

        Task<Page> Click(string which) =>
            site.Browser()
                .Send(
                    new HttpRequestMessage(HttpMethod.Post, "/account/unsubscribe/one-click?link=" + which)
                    {
                        Content = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]),
                    }
                );
    }

    [Theory]
    [InlineData(DigestRhythm.Daily, "2027-03-01T05:59", "2027-03-01T06:00")]
    [InlineData(DigestRhythm.Daily, "2027-03-01T06:00", "2027-03-02T06:00")]
    [InlineData(DigestRhythm.Weekly, "2027-03-01T05:59", "2027-03-01T06:00")]
    [InlineData(DigestRhythm.Weekly, "2027-03-01T06:00", "2027-03-08T06:00")]
    [InlineData(DigestRhythm.Weekly, "2027-03-06T23:00", "2027-03-08T06:00")]
    public void Digests_go_out_at_six(DigestRhythm rhythm, string moment, string next) =>
        Assert.Equal(
            DateTime.Parse(next, System.Globalization.CultureInfo.InvariantCulture),
            NoticeChoices.After(rhythm, DateTime.Parse(moment, System.Globalization.CultureInfo.InvariantCulture))
        );

    [Theory, OnSqlite, OnPostgres]
    public async Task A_digest_tells_of_needs_that_match_and_of_none_that_is_no_longer_shown(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        await test.Save(Cast.Offer(Cast.NorthernAgency), Cast.Offer(Cast.PacificFund));
        foreach (var player in new[] { Cast.Ingrid, Cast.Kenji, Cast.Andrei })
            await Choose(test, player, DigestRhythm.Daily, NoticeWay.Digest, "proposal.accepted");
        test.Clock.Advance(TimeSpan.FromHours(1));
        var (kept, taken) = (
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency, at: test.Now).CirculatedBy(Cast.Andrei, at: test.Now),
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency, at: test.Now).CirculatedBy(Cast.Andrei, at: test.Now)
        );
        await test.Save(kept, taken);
        await (await test.As(null)).Get<Matcher>().Drain();
        test.Clock.Advance(TimeSpan.FromDays(1));
        await (await Mailer(test)).Round(default);
        // Between being put down and being sent the State takes one back.
        await (await test.As(Cast.Amina)).Get<NeedService>().RevokeConsent(taken.Reference, Cast.NorthernAgency.Audience, null);
        await Send(test, server);
        var mail = await Read(Assert.Single(server.Mails, m => m.Text.Contains(Cast.Ingrid.Email, StringComparison.Ordinal)));
        Assert.Contains("/matches/" + kept.Reference, mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(taken.Reference, mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(kept.Title, mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Mails, m => m.Text.Contains(Cast.Kenji.Email, StringComparison.Ordinal));
        // Told once.
        var sent = server.Mails.Count(m => m.Text.Contains(Cast.Ingrid.Email, StringComparison.Ordinal));
        test.Clock.Advance(TimeSpan.FromDays(1));
        await (await Mailer(test)).Round(default);
        await Send(test, server);
        Assert.Equal(sent, server.Mails.Count(m => m.Text.Contains(Cast.Ingrid.Email, StringComparison.Ordinal)));
    }
}
