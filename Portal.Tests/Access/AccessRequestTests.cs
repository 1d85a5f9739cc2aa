using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Tests.Access;

/// <summary>A closed section can be asked for; the answer, either way, reaches who asked.</summary>
public sealed class AccessRequestTests
{
    private static async Task<string> RefusalOf(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    [Fact]
    public void What_can_be_done_about_a_closed_page_depends_on_why_it_is_closed()
    {
        Assert.Equal(WayIn.Request, AccessRequest.WayInto(Cast.Fatou, Section.Proposals, isForStaff: false));
        Assert.Equal(WayIn.Request, AccessRequest.WayInto(Cast.Chloe, Section.Needs, isForStaff: true));
        Assert.Equal(WayIn.More, AccessRequest.WayInto(Cast.Otieno, Section.Proposals, isForStaff: false));
        Assert.Equal(WayIn.Staff, AccessRequest.WayInto(Cast.Amina, Section.Needs, isForStaff: true));
        Assert.Equal(WayIn.Apart, AccessRequest.WayInto(Cast.Malik, Section.Needs, isForStaff: false));
        Assert.Null(AccessRequest.WayInto(Cast.Nobody, Section.Needs, isForStaff: false));
        // Nothing is offered that would be refused, and nothing refused that is offered.
        foreach (var player in Cast.All)
        foreach (var section in Enum.GetValues<Section>())
            Assert.Equal(AccessRequest.CanAsk(player, section), AccessRequest.WayInto(player, section, isForStaff: false) == WayIn.Request);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_closed_page_offers_a_request_only_to_whom_it_may_be_given_and_says_what_else_they_can_do(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.Grant(Principal.Person(Cast.Fatou.Id), Section.Directory, Level.Manage),
            Cast.Denial(Principal.Person(Cast.Fatou.Id), Section.Proposals)
        );
        async Task<(string? Href, string Said)> Closed(Player player, params object[] gate)
        {
            var scope = await test.As(player);
            await using var page = new BunitContext();
            page.Services.AddWords();
            page.Services.AddScoped(_ => scope.Get<ActorSource>());
            page.Services.AddScoped(_ => scope.Get<ExplainService>());
            page.Services.AddScoped(_ => scope.Get<RefusalLog>());
            page.Renderer.SetRendererInfo(new RendererInfo("Static", false));
            var closed = page.Render<WhyClosed>(p => p.Add(c => c.Gate, gate));
            closed.WaitForElement("p");
            return (closed.FindAll("a").SingleOrDefault()?.GetAttribute("href"), closed.Markup);
        }
        var fatou = await Closed(Cast.Fatou, new SectionAttribute(Section.Proposals));
        Assert.Equal("/access/ask?section=Proposals", fatou.Href);
        Assert.Contains("A denial takes it away.", fatou.Said, StringComparison.Ordinal); // of this section; the grant to another one is not spoken of
        Assert.DoesNotContain("A grant gives", fatou.Said, StringComparison.Ordinal);
        var manager = await Closed(Cast.Malik, new SectionAttribute(Section.Needs));
        Assert.Null(manager.Href);
        Assert.Contains("nothing to request", manager.Said, StringComparison.Ordinal);
        var contributor = await Closed(Cast.Otieno, new SectionAttribute(Section.Proposals, Level.Decide));
        Assert.Null(contributor.Href);
        Assert.Contains("write to an access manager", contributor.Said, StringComparison.Ordinal);
        Assert.Null((await Closed(Cast.Amina, new StaffAttribute(Section.Needs))).Href);
        Assert.Null((await Closed(Cast.Otieno, new PeopleAttribute(PeopleAct.Manage))).Href);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_request_is_granted_by_the_grant_that_fulfils_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var chloe = await test.As(Cast.Chloe);
        await chloe.Get<RequestService>().Ask(Section.Needs, "I publish the summaries.");
        Assert.Equal("request.waits_already", await RefusalOf(() => chloe.Get<RequestService>().Ask(Section.Needs, "Again.")));
        Assert.Equal(RequestStatus.Waiting, Assert.Single(await chloe.Get<RequestService>().Mine()).Status);

        var malik = await test.As(Cast.Malik);
        var row = Assert.Single((await malik.Get<RequestService>().List([RequestStatus.Waiting], 1)).Rows);
        Assert.Equal((Cast.Chloe.Name, "I publish the summaries."), (row.By, row.Reason));
        await malik
            .Get<GrantService>()
            .Give(
                Principal.Person(Cast.Chloe.Id),
                new(Section.Needs, Level.View, false, [], null, false, test.Now, test.Now.AddMonths(6), "For publication.")
            );

        Assert.Equal(RequestStatus.Granted, Assert.Single(await chloe.Get<RequestService>().Mine()).Status);
        Assert.Equal(Level.View, (await chloe.Get<ActorSource>().Current()).LevelIn(Section.Needs));
        Assert.Equal("request.open_already", await RefusalOf(() => chloe.Get<RequestService>().Ask(Section.Needs, "More.")));
        await using var db = await test.AsSystem();
        Assert.Single(await db.Set<OutboxMail>().Where(m => m.To == Cast.Chloe.Email).ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_a_second_manager_has_yet_to_approve_is_not_told_as_granted(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (chloe, malik, noor) = (
            await test.As(Cast.Chloe),
            (await test.As(Cast.Malik)).Get<GrantService>(),
            (await test.As(Cast.Noor)).Get<GrantService>()
        );
        await chloe.Get<RequestService>().Ask(Section.Needs, "I publish the summaries.");
        async Task<Guid> Give()
        {
            Assert.True(
                await malik.Give(
                    Principal.Person(Cast.Chloe.Id),
                    new(Section.Needs, Level.Manage, false, [], null, false, test.Now, test.Now.AddMonths(6), "For publication.")
                )
            );
            await using var db = await test.AsSystem();
            return await db.Grants.Where(g => g.PersonId == Cast.Chloe.Id && g.RevokedAt == null).Select(g => g.Id).SingleAsync();
        }
        async Task<(RequestStatus, int)> Told()
        {
            await using var db = await test.AsSystem();
            return (
                Assert.Single(await chloe.Get<RequestService>().Mine()).Status,
                await db.Set<OutboxMail>().CountAsync(m => m.To == Cast.Chloe.Email)
            );
        }
        await noor.Revoke(await Give(), "Too much.");
        Assert.Equal((RequestStatus.Waiting, 0), await Told());
        var second = await Give();
        Assert.Equal((RequestStatus.Waiting, 0), await Told());
        await noor.Approve(second);
        Assert.Equal((RequestStatus.Granted, 1), await Told());
    }

    [Fact]
    public async Task A_reason_is_read_as_every_other_text_is()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var (chloe, malik) = ((await test.As(Cast.Chloe)).Get<RequestService>(), (await test.As(Cast.Malik)).Get<GrantService>());
        Grant.Terms For(string reason) => new(Section.Needs, Level.View, false, [], null, false, test.Now, test.Now.AddMonths(6), reason);
        Assert.Equal("request.reason_required", await RefusalOf(() => chloe.Ask(Section.Needs, "\u200B\u200B")));
        Assert.Equal("grant.reason_required", await RefusalOf(() => malik.Give(Principal.Person(Cast.Chloe.Id), For("\u200B\u200B"))));
        await chloe.Ask(Section.Needs, "ok \u202Egnihton tnarg"); // shown from right to left it would be another
        await malik.Give(Principal.Person(Cast.Ingrid.Id), For("ok \u202Egnihton tnarg"));
        await using var db = await test.AsSystem();
        Assert.Equal(
            ["ok gnihton tnarg", "ok gnihton tnarg"],
            [await db.AccessRequests.Select(r => r.Reason).SingleAsync(), await db.Grants.Select(g => g.Reason).SingleAsync()]
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_request_is_refused_with_a_reason_that_is_told_and_answered_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        var chloe = await test.As(Cast.Chloe);
        await chloe.Get<RequestService>().Ask(Section.Proposals, "I am curious.");
        var id = Assert.Single(await chloe.Get<RequestService>().Mine()).Id;
        var malik = (await test.As(Cast.Malik)).Get<RequestService>();
        Assert.Equal("request.answer_required", await RefusalOf(() => malik.Refuse(id, " ")));
        Assert.Equal("access.not_yours", await RefusalOf(() => chloe.Get<RequestService>().Refuse(id, "No.")));
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(Cast.Ingrid)).Get<RequestService>().Withdraw(id));
        await malik.Refuse(id, "Not needed for your work.");
        var mine = Assert.Single(await chloe.Get<RequestService>().Mine());
        Assert.Equal((RequestStatus.Refused, "Not needed for your work."), (mine.Status, mine.Answer));
        Assert.Equal("request.answered", await RefusalOf(() => malik.Refuse(id, "Again.")));
        Assert.Equal("request.answered", await RefusalOf(() => chloe.Get<RequestService>().Withdraw(id)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_learns_of_another_s_request_except_those_who_manage_oversee_or_audit_access(Database database)
    {
        await using var test = await TestDb.Open(database);
        await (await test.As(Cast.Chloe)).Get<RequestService>().Ask(Section.Needs, "I publish the summaries.");
        foreach (var player in Cast.All)
        {
            await using var db = await (await test.ActorsAs(player)).Open();
            Assert.Equal(
                player == Cast.Chloe || player.Role is Role.AccessManager or Role.ExecutiveDirector or Role.Auditor,
                await db.AccessRequests.AnyAsync()
            );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_request_that_is_left_is_called_to_mind_and_lapses_and_both_sides_are_told(Database database)
    {
        await using var test = await TestDb.Open(database);
        var chloe = await test.As(Cast.Chloe);
        await chloe.Get<RequestService>().Ask(Section.Needs, "I publish the summaries.");
        async Task<(int Chloe, int Malik, int Noor)> Mails()
        {
            await using var db = await test.AsSystem();
            var to = await db.Set<OutboxMail>().Select(m => m.To).ToListAsync();
            return (to.Count(t => t == Cast.Chloe.Email), to.Count(t => t == Cast.Malik.Email), to.Count(t => t == Cast.Noor.Email));
        }
        var keeper = (await test.As(null)).Get<AccessKeeper>();
        Assert.Equal((0, 1, 1), await Mails());
        Assert.Equal(
            "I publish the summaries.",
            await (await test.As(Cast.Malik)).Get<RequestService>().ReasonOf(Cast.Chloe.Id, Section.Needs)
        );
        test.Clock.Advance(TimeSpan.FromDays(4.9));
        await keeper.Look();
        Assert.Equal((0, 1, 1), await Mails());
        test.Clock.Advance(TimeSpan.FromDays(0.2));
        await keeper.Look();
        await keeper.Look();
        Assert.Equal((1, 2, 2), await Mails());
        test.Clock.Advance(TimeSpan.FromDays(25));
        await keeper.Look();
        Assert.Equal((2, 3, 3), await Mails());
        Assert.Null(await (await test.As(Cast.Malik)).Get<RequestService>().ReasonOf(Cast.Chloe.Id, Section.Needs));
        Assert.Equal(RequestStatus.Lapsed, Assert.Single(await chloe.Get<RequestService>().Mine()).Status);
        Assert.Equal(
            "request.answered",
            await RefusalOf(async () =>
                await (await test.As(Cast.Malik)).Get<RequestService>().Refuse((await chloe.Get<RequestService>().Mine())[0].Id, "No.")
            )
        );
        await chloe.Get<RequestService>().Ask(Section.Needs, "Still.");
        await using var log = await test.AsSystem();
        Assert.Equal(
            ["access.requested", "access.request_reminded", "access.request_lapsed", "access.requested"],
            await log.AuditEntries.Where(e => e.Code.StartsWith("access.")).OrderBy(e => e.Id).Select(e => e.Code).ToListAsync()
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Mails_of_the_clock_speak_the_language_of_each_reader(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using (var db = await test.AsSystem())
        {
            (await db.Users.SingleAsync(u => u.Id == Cast.Chloe.Id)).Language = Language.Fr;
            (await db.Users.SingleAsync(u => u.Id == Cast.Malik.Id)).Language = Language.Ar;
            await db.SaveChangesAsync();
        }
        await (await test.As(Cast.Chloe)).Get<RequestService>().Ask(Section.Needs, "For the guide.");
        test.Clock.Advance(TimeSpan.FromDays(5.1));
        await (await test.As(null)).Get<AccessKeeper>().Look();
        await using var seen = await test.AsSystem();
        var mails = await seen.Set<OutboxMail>().ToListAsync();
        Assert.All(mails.Where(m => m.To == Cast.Malik.Email), m => Assert.Equal(Language.Ar, m.Language));
        Assert.All(mails.Where(m => m.To == Cast.Chloe.Email), m => Assert.Equal(Language.Fr, m.Language));
        Assert.Equal(3, mails.Count(m => m.Subject.Any(char.IsLetter) && (m.To == Cast.Malik.Email || m.To == Cast.Chloe.Email)));
        Assert.All(mails.Where(m => m.To == Cast.Malik.Email), m => Assert.Contains(m.Subject, c => c is >= '\u0600' and <= '\u06FF'));
        var outbox = (await test.As(null)).Get<Outbox>();
        Assert.All(mails.Where(m => m.To == Cast.Malik.Email), m => Assert.Contains(outbox.Read(m), c => c is >= '\u0600' and <= '\u06FF'));
    }

    [Fact]
    public void What_the_duties_keep_closed_cannot_be_asked_for_and_what_is_open_need_not()
    {
        foreach (var player in Cast.All)
        foreach (var section in Enum.GetValues<Section>())
            Assert.Equal(
                BaselineTests.LevelTable[(player.Role, section)] == '.' && BaselineTests.ForbiddenTable[(player.Role, section)] != 'x',
                AccessRequest.CanAsk(player, section)
            );
        Assert.False(AccessRequest.CanAsk(Cast.Nobody, Section.Needs));
        var request = AccessRequest.Ask(Cast.Chloe, Section.Needs, "Why.", Cast.Now);
        Assert.False(request.IsLate(Cast.Now.AddDays(5)));
        Assert.True(request.IsLate(Cast.Now.AddDays(5).AddTicks(1)));
    }
}
