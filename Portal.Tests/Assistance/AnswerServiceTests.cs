using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Assistance;
using Portal.Assistance.Funding;
using Portal.Assistance.Needs;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Home;
using Portal.Lists;
using Portal.Shell;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>
/// Answers to circulated needs: questions, "not now", the State's choice, what happens by itself as days pass, and money in several
/// currencies.
/// </summary>
public sealed class AnswerServiceTests
{
    private static async Task<AnswerService> For(TestDb test, Player player) => (await test.As(player)).Get<AnswerService>();

    private static async Task<string> Refused(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    private static async Task<AssistanceDuties> Duties(TestDb test) => (await test.As(null)).Get<AssistanceDuties>();

    private static async Task<int> Told(TestDb test, Player player, string code) =>
        (await (await test.As(player)).Get<NoticeService>().Latest(100)).Count(n => n.Code == code);

    private static Need Shared(params (Organisation With, NeedParts Parts)[] consents)
    {
        var need = NeedAt(NeedStatus.Authenticated);
        foreach (var (with, parts) in consents)
            need.SharedWith(with, parts);
        return need.CirculatedBy(Andrei);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_question_is_answered_once_and_read_by_those_given_as_much_without_who_asked(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared(
            (NorthernAgency, NeedPartsSets.Shareable),
            (PacificFund, NeedPartsSets.Shareable),
            (LegalNetwork, NeedParts.Summary)
        );
        await test.Save(need);
        var (ingrid, kenji, fatou, amina) = (
            await For(test, Ingrid),
            await For(test, Kenji),
            await For(test, Fatou),
            await For(test, Amina)
        );
        await ingrid.Ask(need.Reference, "Is the cost for one year?", Language.En);
        Assert.True((await ingrid.Get(need.Reference)).Questions.Single().IsMine);
        Assert.Empty((await kenji.Get(need.Reference)).Questions); // not before it is answered
        var question = (await amina.Get(need.Reference)).Questions.Single();
        Assert.Equal(NorthernAgency.Name, question.By);
        Assert.Contains((await (await test.As(Amina)).Get<HomeService>().Get()).Waiting, w => w.Code == "wait:question");
        Assert.Equal("need.not_yours_to_answer", await Refused(() => ingrid.Answer(need.Reference, question.Id, "Yes.", Language.En)));
        await amina.Answer(need.Reference, question.Id, "For two years.", Language.En);
        Assert.Equal(
            "need.answered_already",
            await Refused(async () => await (await For(test, Andrei)).Answer(need.Reference, question.Id, "No.", Language.En))
        );
        var read = (await kenji.Get(need.Reference)).Questions.Single();
        Assert.Equal(("For two years.", null, false), (read.Answer, read.By, read.IsMine));
        Assert.Empty((await fatou.Get(need.Reference)).Questions); // was given less than the asker: the question speaks of the cost
        await Assert.ThrowsAsync<NotFound>(() => For(test, Rosa).Result.Get(need.Reference));
        await using (var db = await test.For(Nobody))
            Assert.False(await db.Questions.AnyAsync());
        Assert.Equal(1, await Told(test, Kenji, "need.question_answered"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Not_now_is_read_by_the_State_and_CTED_only_and_after_the_day_to_reply_by_nothing_is_taken(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared((NorthernAgency, NeedPartsSets.Shareable), (PacificFund, NeedPartsSets.Shareable));
        await test.Save(need);
        var (ingrid, kenji) = (await For(test, Ingrid), await For(test, Kenji));
        await ingrid.SayNotNow(need.Reference, NotNowReason.Funds, "Next year.");
        Assert.Equal("need.not_now_already", await Refused(() => ingrid.SayNotNow(need.Reference, NotNowReason.Funds, null)));
        Assert.Equal(NotNowReason.Funds, (await ingrid.Get(need.Reference)).NotNow);
        foreach (var (player, sees) in new[] { (Amina, true), (Andrei, true), (Kenji, false), (Rosa, false), (Fatou, false) })
            await using (var db = await test.For(player))
                Assert.Equal(sees, await db.NotNow.AnyAsync());
        var line = (await (await For(test, Amina)).Reply(need.Reference)).Recipients.Single(r => r.Name.Equals(NorthernAgency.Name));
        Assert.Equal((RecipientAnswer.NotNow, "Next year."), (line.Answer, line.Note));
        await Assert.ThrowsAsync<NotFound>(() => kenji.Reply(need.Reference));

        test.Clock.Advance(TimeSpan.FromDays(100));
        Assert.True((await kenji.Get(need.Reference)).IsOver);
        Assert.Equal("need.reply_by_over", await Refused(() => kenji.Ask(need.Reference, "Too late?", Language.En)));
        Assert.Equal("need.reply_by_over", await Refused(() => kenji.SayNotNow(need.Reference, NotNowReason.Dates, null)));
        Assert.Equal(
            "need.reply_by_over",
            await Refused(async () => await (await test.As(Kenji)).Get<ProposalService>().Draft(need.Reference, ProposalContent, true))
        );
        // CTED gives longer: it is taken again.
        await (await For(test, Andrei)).Extend(need.Reference, DateOnly.FromDateTime(test.Now).AddDays(10));
        await kenji.Ask(need.Reference, "In time?", Language.En);
        Assert.Equal(
            "need.reply_by_not_later",
            await Refused(async () => await (await For(test, Andrei)).Extend(need.Reference, DateOnly.FromDateTime(test.Now).AddDays(5)))
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Reminders_go_once_to_those_who_have_not_answered(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Circulated); // shared with all providers
        await test.Save(need);
        await (await For(test, Ingrid)).SayNotNow(need.Reference, NotNowReason.Funds, null);
        var duties = await Duties(test);
        await duties.Run();
        Assert.Equal(0, await Told(test, Kenji, "need.reply_due"));
        test.Clock.SetUtcNow(new DateTimeOffset(ReplyBy.AddDays(-14).ToDateTime(new TimeOnly(8, 0)), TimeSpan.Zero));
        await duties.Run();
        await duties.Run();
        await Task.WhenAll(
            (await Duties(test)).Run(),
            new AssistanceDuties(test.Store, test.Clock, NullLogger<AssistanceDuties>.Instance).Run()
        );
        Assert.Equal(1, await Told(test, Kenji, "need.reply_due"));
        Assert.Equal(0, await Told(test, Ingrid, "need.reply_due"));
        test.Clock.Advance(TimeSpan.FromDays(11));
        await duties.Run();
        Assert.Equal(2, await Told(test, Kenji, "need.reply_due"));
        test.Clock.Advance(TimeSpan.FromDays(360));
        await duties.Run();
        await duties.Run();
        Assert.Equal(1, await Told(test, Amina, "need.still_needed"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_need_that_no_duty_can_be_done_for_keeps_none_behind_it_waiting(Database database)
    {
        await using var test = await TestDb.Open(database);
        Need[] needs = [NeedAt(NeedStatus.Circulated), NeedAt(NeedStatus.Circulated), NeedAt(NeedStatus.Circulated)];
        await test.Save(needs);
        await using (var db = await test.AsOwner()) // as no rule of the portal would leave it
            await db.Needs.Where(n => n.Id == needs[0].Id).ExecuteUpdateAsync(set => set.SetProperty(n => n.CirculatedAt, (DateTime?)null));
        test.Clock.SetUtcNow(new DateTimeOffset(ReplyBy.AddDays(-14).ToDateTime(new TimeOnly(8, 0)), TimeSpan.Zero));
        await (await Duties(test)).Run();
        Assert.Equal(2, await Told(test, Kenji, "need.reply_due"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Silence_consents_only_where_the_State_allowed_it_and_only_after_the_days_it_was_told(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared((NorthernAgency, NeedParts.Summary));
        await test.Save(need);
        var (andrei, amina, duties) = (await For(test, Andrei), await For(test, Amina), await Duties(test));
        const NeedParts parts = NeedParts.Description;
        Assert.Equal("need.tacit_not_allowed", await Refused(() => andrei.AskTacit(need.Reference, Audience.Providers, parts)));
        Assert.Equal("need.not_yours_to_consent", await Refused(() => andrei.AllowTacit(need.Reference, true)));
        await amina.AllowTacit(need.Reference, true);
        Assert.Equal("need.tacit_not_allowed", await Refused(() => andrei.AskTacit(need.Reference, Audience.Public, parts)));
        await andrei.AskTacit(need.Reference, Audience.Providers, parts);
        Assert.Equal(1, await Told(test, Amina, "need.tacit_begun"));
        var needs = (await test.As(Amina)).Get<NeedService>();
        // Monday 1 March 2027 and ten working days: silence counts after Monday the 15th.
        Assert.Equal(new DateOnly(2027, 3, 15), Assert.Single((await needs.Get(need.Reference)).Requests!).SilentAfter);
        test.Clock.SetUtcNow(new DateTimeOffset(2027, 3, 16, 11, 0, 0, TimeSpan.Zero));
        await duties.Run();
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(Kenji)).Get<NeedService>().Get(need.Reference));
        test.Clock.Advance(TimeSpan.FromHours(2));
        await duties.Run();
        await duties.Run();
        Assert.Equal(NeedParts.Summary | parts, (await (await test.As(Kenji)).Get<NeedService>().Get(need.Reference)).Parts);
        Assert.Equal(1, await Told(test, Amina, "need.tacit_consented"));
        Assert.Equal(1, await Told(test, Kenji, "need.shared_with_you"));

        // Objected in time: nothing is shown, ever.
        await andrei.AskTacit(need.Reference, Audience.Partners, parts);
        await needs.RefuseRequest(need.Reference, Assert.Single((await needs.Get(need.Reference)).Requests!).Id, "Not to these.");
        // Begun, then allowed no longer.
        await andrei.AskTacit(need.Reference, Audience.Partners, parts);
        await amina.AllowTacit(need.Reference, false);
        test.Clock.Advance(TimeSpan.FromDays(60));
        await duties.Run();
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(Fatou)).Get<NeedService>().Get(need.Reference));
        // Of one moment in no order.
        Assert.Equal(
            [
                "need.request_refused",
                "need.request_refused",
                "need.tacit_allowed",
                "need.tacit_begun",
                "need.tacit_begun",
                "need.tacit_begun",
                "need.tacit_consented",
                "need.tacit_ended",
            ],
            await (await test.AsSystem())
                .Activities.Where(a => a.RecordId == need.Id && (a.Code.StartsWith("need.tacit") || a.Code.StartsWith("need.request")))
                .OrderBy(a => a.Code)
                .Select(a => a.Code)
                .ToListAsync()
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_State_chooses_several_parts_with_one_act_all_or_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared((NorthernAgency, NeedPartsSets.Shareable), (PacificFund, NeedPartsSets.Shareable));
        await test.Save(need);
        await (await test.As(Andrei)).Get<RateService>().Set("EUR", DateOnly.FromDateTime(test.Now), 0.5m, "Test");
        var (ingrid, kenji, amina) = (
            (await test.As(Ingrid)).Get<ProposalService>(),
            (await test.As(Kenji)).Get<ProposalService>(),
            await For(test, Amina)
        );
        var first = await ingrid.Draft(need.Reference, ProposalContent, true);
        var second = await kenji.Draft(need.Reference, ProposalContent with { Amount = 20_000, Currency = "EUR" }, true);
        var third = await kenji.Draft(need.Reference, ProposalContent, true);
        async Task<IEnumerable<string>> Listed(string query) =>
            (
                await (await test.As(Amina)).Get<ListService>().Page(ProposalList.List, Portal.Shell.ListAddress.Of("/proposals" + query))
            ).Rows.Select(r => r.Reference);
        Assert.Equal([first], await Listed("?provider=" + NorthernAgency.Code));
        Assert.Equal(first, (await Listed("?sort=Provider")).First());
        Assert.Equal(new[] { first, second, third }.Order(), await Listed("?sort=Reference"));
        Assert.Empty(await Listed("?state=PER"));
        var reply = await amina.Reply(need.Reference);
        Assert.Equal([(100_000m, 40), (40_000m, 16), (100_000m, 40)], reply.Proposals.Select(p => (p.Told!.Value, p.CoversPercent!.Value)));
        await kenji.Withdraw(third, null);
        Assert.Equal("proposal.wrong_stage", await Code(() => amina.Choose(need.Reference, [(first, 60_000), (third, null)])));
        Assert.Equal("proposal.part_out_of_range", await Refused(() => amina.Choose(need.Reference, [(first, 60_000), (second, 90_000)])));
        Assert.Equal(0, (await (await test.As(Amina)).Get<NeedService>().Get(need.Reference)).AcceptedAmount);
        Assert.Equal(ProposalStatus.Proposed, (await ingrid.Get(first)).Row.Status);
        await amina.Choose(need.Reference, [(first, 60_000), (second, null)]);
        var after = await (await test.As(Amina)).Get<NeedService>().Get(need.Reference);
        Assert.Equal((100_000m, 150_000m, NeedStatus.Matched), (after.AcceptedAmount!.Value, after.FundingGap!.Value, after.Status));
        await Assert.ThrowsAsync<NotFound>(() => amina.Choose(need.Reference, [("PROP-2001-9999", null)]));
        await (await For(test, Andrei)).Send(need.Reference, "All answers are in.");
        Assert.NotNull((await amina.Reply(need.Reference)).RepliedAt);
        Assert.Equal(1, await Told(test, Amina, "need.reply_sent"));

        static async Task<string> Code(Func<Task> act) =>
            (await Assert.ThrowsAsync<Refusal>(act)).Code is var code && code is "proposal.wrong_stage" or "proposal.not_yours_to_answer"
                ? "proposal.wrong_stage"
                : code;
    }

    /// <summary>
    /// Two focal points accept the same money; a proposal is withdrawn while it is accepted: one of the two is done, the other is told,
    /// nothing is half done.
    /// </summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_who_choose_at_once_one_is_told(Database database)
    {
        await using var test = await TestDb.Open(database);
        for (var round = 0; round < 4; round++)
        {
            var need = Shared((NorthernAgency, NeedPartsSets.Shareable));
            await test.Save(need);
            var provider = (await test.As(Ingrid)).Get<ProposalService>();
            var proposal = await provider.Draft(need.Reference, ProposalContent, true);
            var (one, other) = (await For(test, Amina), (await test.As(Amina)).Get<ProposalService>());
            var outcomes = await Task.WhenAll(
                Try(() => one.Choose(need.Reference, [(proposal, 100_000)])),
                Try(round % 2 == 0 ? () => other.Accept(proposal, 100_000) : () => provider.Withdraw(proposal, null))
            );
            Assert.Equal(1, outcomes.Count(o => o is null));
            Assert.Contains(
                outcomes.Single(o => o is not null),
                new[]
                {
                    "record.changed_meanwhile",
                    "proposal.not_yours_to_answer",
                    "proposal.not_yours_to_withdraw",
                    "proposal.wrong_stage",
                }
            );
            var (row, view) = ((await provider.Get(proposal)).Row, await (await test.As(Amina)).Get<NeedService>().Get(need.Reference));
            Assert.Equal(
                row.Status == ProposalStatus.Accepted ? (100_000m, NeedStatus.Matched) : (0m, NeedStatus.Circulated),
                (view.AcceptedAmount!.Value, view.Status)
            );
        }

        static async Task<string?> Try(Func<Task> act)
        {
            try
            {
                await act();
                return null;
            }
            catch (Refusal refusal)
            {
                return refusal.Code;
            }
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_gap_adds_up_what_the_reader_may_know_and_nothing_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (costed, summary) = (Shared((NorthernAgency, NeedPartsSets.Shareable)), Shared((NorthernAgency, NeedParts.Summary)));
        var inEuro = Need(Amina, NeedContent with { Currency = "EUR", EstimatedCost = 100_000 }).SubmittedBy(Amina).AuthenticatedBy(Andrei);
        await test.Save(costed, summary, inEuro, NeedAt(NeedStatus.Draft), NeedAt(NeedStatus.Authenticated, Rosa));
        async Task<GapView> Of(Player player, string query = "") =>
            await (await test.As(player)).Get<GapService>().Get(GapQuery.Of(ListAddress.Of("/funding-gap?by=State" + query)));
        Assert.Equal((250_000m, 1), ((await Of(Ingrid)).Total.Gap, (await Of(Ingrid)).Total.Needs));
        Assert.Equal((0m, 0, 0), ((await Of(Kenji)).Total.Gap, (await Of(Kenji)).WithoutCost, (await Of(Kenji)).WithoutRate));
        Assert.Equal((500_000m, 1), ((await Of(Amina)).Total.Gap, (await Of(Amina)).WithoutRate));
        Assert.Equal(750_000m, (await Of(Andrei)).Total.Gap);
        var rates = (await test.As(Andrei)).Get<RateService>();
        await rates.Set("EUR", DateOnly.FromDateTime(test.Now).AddDays(-5), 0.5m, "Test");
        Assert.Equal(700_000m, (await Of(Amina)).Total.Gap);
        Assert.Equal(350_000m, (await Of(Amina, "&currency=EUR")).Total.Gap);
        await (await test.As(Ingrid)).Get<ProposalService>().Draft(costed.Reference, ProposalContent, true);
        Assert.Equal(
            (100_000m, 600_000m, 2),
            ((await Of(Amina)).Total.Open, (await Of(Amina)).Total.Left, (await Of(Amina)).Total.Unanswered)
        );
        Assert.Equal(
            "match.not_yours_to_weigh",
            await Refused(async () =>
                await (await test.As(Dorothea)).Get<RateService>().Set("EUR", DateOnly.FromDateTime(test.Now), 1m, "Test")
            )
        );
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(Amina)).Get<RateService>().List());
        Assert.Equal(
            "rate.day_out_of_range",
            await Refused(() => rates.Set("EUR", DateOnly.FromDateTime(test.Now).AddDays(1), 1m, "Test"))
        );
    }
}
