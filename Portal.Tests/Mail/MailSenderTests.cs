using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Mail;

namespace Portal.Tests.Mail;

/// <summary>What waits in the outbox goes out once, to a real peer, whatever dies on the way.</summary>
public sealed class MailSenderTests
{
    private static MailSettings Settings(int port) =>
        new("127.0.0.1", port, null, null, "Technical Assistance Portal <portal@example.org>", false);

    private static async Task<MailSender> Sender(TestDb test, int port)
    {
        var services = await test.As(null);
        return new MailSender(
            test.Store,
            services.Get<IServiceScopeFactory>(),
            Settings(port),
            test.Clock,
            NullLogger<MailSender>.Instance
        );
    }

    private static async Task Write(TestDb test, int mails = 1, string to = "rosa@example.org")
    {
        var outbox = (await test.As(null)).Get<Outbox>();
        await using var db = await test.AsSystem();
        for (var i = 0; i < mails; i++)
            outbox.Add(db, to, $"Subject {i}", "One line.\nAnother.\n\nhttps://portal.example.org/access/ask");
        await db.SaveChangesAsync();
    }

    private static async Task<List<OutboxMail>> Mails(TestDb test)
    {
        await using var db = await test.AsSystem();
        return await db.Set<OutboxMail>().AsNoTracking().OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).ToListAsync();
    }

    private static async Task Change<T>(TestDb test, Guid id, Action<T> change)
        where T : class
    {
        await using var db = await test.AsSystem();
        change((await db.FindAsync<T>(id))!);
        await db.SaveChangesAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_invitation_goes_out_in_its_recipients_language_and_its_link_is_forgotten(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        await Change<PortalUser>(test, Cast.Rosa.Id, p => p.Language = Language.Ar);
        var link = await (await test.As(null)).Get<InvitationService>().Invite(null, Cast.Rosa.Email, Cast.Kenya.Id, Role.FocalPoint);
        Assert.DoesNotContain("invitation", (await Mails(test))[0].Body);

        Assert.True(await (await Sender(test, server.Port)).Round(default));
        var taken = Assert.Single(server.Mails);
        Assert.Equal(("portal@example.org", Cast.Rosa.Email), (taken.From, taken.To));
        var mail = await MimeMessage.LoadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(taken.Text)));
        Assert.Equal("دعوة إلى بوابة المساعدة التقنية", mail.Subject);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Contains(link, mail.TextBody);
        Assert.Contains("dir=\"rtl\"", mail.HtmlBody);
        Assert.Contains($"href=\"{link}\"", mail.HtmlBody);
        var row = Assert.Single(await Mails(test));
        Assert.Equal((MailState.Sent, "", test.Now), (row.State, row.Body, row.SentAt));
        Assert.Equal($"{row.Id:N}@example.org", mail.MessageId);

        await (await Sender(test, server.Port)).Round(default);
        Assert.Single(server.Mails);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_nodes_send_each_mail_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        await Write(test, 24);
        await using var other = test.AnotherNode();
        await Task.WhenAll(
            (await Sender(test, server.Port)).Round(default),
            (await Sender(other, server.Port)).Round(default),
            (await Sender(other, server.Port)).Round(default)
        );
        Assert.Equal(24, server.Mails.Count);
        Assert.Equal(
            24,
            server
                .Mails.Select(m => m.Text.Split('\n').Single(l => l.StartsWith("Message-Id", StringComparison.OrdinalIgnoreCase)))
                .Distinct()
                .Count()
        );
        Assert.All(await Mails(test), m => Assert.Equal((MailState.Sent, 1), (m.State, m.Attempts)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_node_that_dies_while_sending_is_stood_in_for_when_its_claim_runs_out(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        await Write(test);
        await Change<OutboxMail>(
            test,
            (await Mails(test))[0].Id,
            m => (m.ClaimedBy, m.ClaimedUntil, m.Attempts) = (Guid.NewGuid(), test.Now + MailSender.Claim, 1)
        );
        var sender = await Sender(test, server.Port);
        await sender.Round(default);
        Assert.Empty(server.Mails);
        test.Clock.Advance(MailSender.Claim);
        await sender.Round(default);
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task A_server_that_dies_after_taking_a_mail_may_get_it_again_under_the_same_name()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        await using var server = new TestSmtp { DiesAfterData = true };
        await Write(test);
        var sender = await Sender(test, server.Port);
        Assert.False(await sender.Round(default));
        server.DiesAfterData = false;
        Assert.True(await sender.Round(default));
        Assert.Equal(2, server.Mails.Count);
        Assert.Single(
            server
                .Mails.Select(m => m.Text.Split('\n').Single(l => l.StartsWith("Message-Id", StringComparison.OrdinalIgnoreCase)))
                .Distinct()
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_mail_refused_for_now_is_tried_again_less_and_less_often_and_given_up_with_the_servers_words(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp { Refuses = _ => "451 the mailbox is busy" };
        await Write(test);
        var sender = await Sender(test, server.Port);
        var began = test.Now;
        for (var i = 0; i < 2000 && (await Mails(test))[0].State == MailState.Waiting; i++)
        {
            Assert.True(await sender.Round(default));
            test.Clock.Advance(TimeSpan.FromMinutes(15));
        }
        var mail = Assert.Single(await Mails(test));
        Assert.Equal((MailState.GivenUp, MailSender.Tries), (mail.State, mail.Attempts));
        Assert.Contains("451", mail.LastError);
        Assert.Contains("the mailbox is busy", mail.LastError);
        Assert.InRange(test.Now - began, TimeSpan.FromHours(20), TimeSpan.FromHours(30));

        server.Refuses = _ => null;
        var admin = (await test.As(Cast.Tomas)).Get<OutboxService>();
        await admin.Retry(mail.Id);
        await sender.Round(default);
        Assert.Equal(MailState.Sent, (await Mails(test))[0].State);
        Assert.Equal("mail.nothing_to_send", (await Assert.ThrowsAsync<Refusal>(() => admin.Retry(mail.Id))).Code);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_given_up_at_once_and_the_others_go_out()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        await using var server = new TestSmtp
        {
            Refuses = to => to.StartsWith("nobody", StringComparison.Ordinal) ? "550 no such user" : null,
        };
        await Write(test, 1, "nobody@example.org");
        await Write(test, 1, "not an address");
        await Write(test);
        await (await Sender(test, server.Port)).Round(default);
        Assert.Single(server.Mails);
        Assert.Equal(
            [MailState.GivenUp, MailState.GivenUp, MailState.Sent],
            (await Mails(test)).OrderBy(m => m.State == MailState.Sent).Select(m => m.State)
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_server_that_is_away_costs_no_mail_a_try_and_is_told_of(Database database)
    {
        await using var test = await TestDb.Open(database);
        int port;
        await using (var gone = new TestSmtp())
            port = gone.Port;
        await Write(test, 2);
        var sender = await Sender(test, port);
        for (var i = 0; i < 20; i++)
            Assert.False(await sender.Round(default));
        Assert.All(await Mails(test), m => Assert.Equal((MailState.Waiting, 0), (m.State, m.Attempts)));
        await using var db = await test.AsSystem();
        Assert.Equal(MailFlow.Flowing, await OutboxService.Flow(db, Settings(port), test.Clock));
        test.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(MailFlow.Stuck, await OutboxService.Flow(db, Settings(port), test.Clock));
        Assert.Equal(MailFlow.NoServer, await OutboxService.Flow(db, Settings(port) with { Host = null }, test.Clock));
        test.Clock.Advance(MailSender.Longest);
        await using var back = new TestSmtp();
        await (await Sender(test, back.Port)).Round(default);
        Assert.Empty(back.Mails); // too old to be of use
        Assert.All(await Mails(test), m => Assert.Equal((MailState.Dropped, ""), (m.State, m.Body)));
        test.Clock.Advance(MailSender.Kept);
        await sender.Sweep();
        Assert.Empty(await Mails(test));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_no_longer_holds_when_it_would_be_sent_is_not_sent(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var server = new TestSmtp();
        var invitations = (await test.As(null)).Get<InvitationService>();
        foreach (
            var (email, spoil) in new (string, Action<Invitation>)[]
            {
                ("used@example.org", i => i.UsedAt = test.Now),
                ("expired@example.org", i => i.ExpiresAt = test.Now),
                ("again@example.org", i => i.TokenHash = "another link was sent since"),
                (Cast.Otieno.Email, _ => { }),
            }
        )
        {
            await invitations.Invite(null, email, Cast.Kenya.Id, Role.StateContributor);
            await using var db = await test.AsSystem();
            spoil(await db.Invitations.SingleAsync(i => i.Email == email));
            await db.SaveChangesAsync();
        }
        await Change<PortalUser>(test, Cast.Otieno.Id, p => p.LockoutEnd = DateTimeOffset.MaxValue);
        await (await Sender(test, server.Port)).Round(default);
        Assert.Empty(server.Mails);
        Assert.All(await Mails(test), m => Assert.Equal((MailState.Dropped, ""), (m.State, m.Body)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Administrators_see_how_mails_stand_and_nobody_else_does(Database database)
    {
        await using var test = await TestDb.Open(database);
        await Write(test, 3);
        var admin = (await test.As(Cast.Tomas)).Get<OutboxService>();
        var (lines, total) = await admin.List([MailState.Waiting], "ROSA", 1);
        Assert.Equal((3, 3), (lines.Count, total));
        Assert.Equal(0, (await admin.List([MailState.Sent], null, 1)).Total);
        Assert.DoesNotContain(typeof(OutboxLine).GetProperties(), p => p.Name is "Body" or "Subject" or "Text" or "Link");
        foreach (var player in Cast.All.Where(p => p.Role != Role.Administrator))
        {
            var others = (await test.As(player)).Get<OutboxService>();
            await Assert.ThrowsAsync<NotFound>(() => others.List([], null, 1));
            await Assert.ThrowsAsync<NotFound>(() => others.Retry(lines[0].Id));
        }
    }

    [Theory]
    [InlineData(Language.En, "ltr")]
    [InlineData(Language.Ar, "rtl")]
    public void The_page_of_a_mail_is_written_as_its_language_is_and_holds_nothing_that_runs(Language language, string direction)
    {
        var html = new MailText("A & B", "<script>alert(1)</script>\n\nhttps://portal.example.org/needs?a=1&b=2", language).Html();
        Assert.Contains($"dir=\"{direction}\"", html);
        Assert.Contains("&lt;script&gt;", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("href=\"https://portal.example.org/needs?a=1&amp;b=2\"", html);
    }
}
