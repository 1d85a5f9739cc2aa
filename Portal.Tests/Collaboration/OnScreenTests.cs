using Microsoft.EntityFrameworkCore;
using Portal.Assistance.FollowUps;
using Portal.Assistance.Matches;
using Portal.Assistance.Needs;
using Portal.Assistance.Proposals;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Imports;
using Portal.Tests.Imports;
using static Portal.Tests.Cast;

namespace Portal.Tests.Collaboration;

/// <summary>
/// What decides something is not confirmed from a state that is not the one on the screen: a question stays open while others go on
/// working.
/// </summary>
public sealed class OnScreenTests
{
    private static async Task<string> Refused(TestDb test, Player player, Seen seen, Func<TestScope, Task> act)
    {
        var desk = await test.As(player);
        return (await Assert.ThrowsAsync<Refusal>(() => desk.Get<OnScreen>().While([seen], () => act(desk)))).Code;
    }

    private static async Task<Seen> Of(TestDb test, Player player, string need)
    {
        var view = await (await test.As(player)).Get<NeedService>().Get(need);
        return new Seen(view.Id, view.Version);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_a_colleague_wrote_meanwhile_is_not_submitted_unread(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Draft);
        await test.Save(need);
        var seen = await Of(test, Amina, need.Reference);
        await (await test.As(Otieno))
            .Get<NeedService>()
            .Edit(need.Reference, seen.Version, NeedContent with { Title = "Another need altogether" });

        Assert.Equal(
            "record.changed_since_shown",
            await Refused(test, Amina, seen, desk => desk.Get<NeedService>().Submit(need.Reference))
        );
        var amina = await test.As(Amina);
        Assert.Equal(NeedStatus.Draft, (await amina.Get<NeedService>().Get(need.Reference)).Status);
        var now = await Of(test, Amina, need.Reference);
        await amina.Get<OnScreen>().While([now], () => amina.Get<NeedService>().Submit(need.Reference));
        Assert.Equal(NeedStatus.Submitted, (await amina.Get<NeedService>().Get(need.Reference)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_the_State_consented_to_meanwhile_is_not_circulated_unseen(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency);
        await test.Save(need);
        var seen = await Of(test, Andrei, need.Reference);
        await (await test.As(Amina)).Get<NeedService>().GiveConsent(need.Reference, [Audience.Public], NeedParts.Summary);

        Assert.Equal(
            "record.changed_since_shown",
            await Refused(test, Andrei, seen, desk => desk.Get<NeedService>().Circulate(need.Reference, ReplyBy))
        );
        Assert.Equal(
            "record.changed_since_shown",
            await Refused(
                test,
                Andrei,
                seen,
                desk => desk.Get<MatchService>().BringBefore(need.Reference, [NorthernAgency.Number], NeedParts.Summary, ReplyBy)
            )
        );
        Assert.Equal(NeedStatus.Authenticated, (await (await test.As(Andrei)).Get<NeedService>().Get(need.Reference)).Status);
    }

    [Fact]
    public async Task An_act_after_it_is_free_again_and_so_is_one_that_says_nothing_of_what_it_saw()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var need = NeedAt(NeedStatus.Draft);
        await test.Save(need);
        var amina = await test.As(Amina);
        await Assert.ThrowsAsync<Refusal>(() =>
            amina.Get<OnScreen>().While([new Seen(need.Id, Guid.NewGuid())], () => amina.Get<NeedService>().Submit(need.Reference))
        );
        await amina.Get<OnScreen>().While([new Seen(need.Id, Guid.Empty)], () => amina.Get<NeedService>().Submit(need.Reference));
        Assert.Equal(NeedStatus.Submitted, (await amina.Get<NeedService>().Get(need.Reference)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whom_the_State_agreed_to_meanwhile_is_not_told_unseen_though_the_need_stays_as_it_is(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(PacificFund).CirculatedBy(Andrei);
        await test.Save(need);
        var seen = await Of(test, Andrei, need.Reference);
        await (await test.As(Amina))
            .Get<NeedService>()
            .GiveConsent(need.Reference, [Audience.Org(NorthernAgency.Number)], NeedParts.Summary);

        Assert.Equal(
            "record.changed_since_shown",
            await Refused(
                test,
                Andrei,
                seen,
                desk => desk.Get<MatchService>().BringBefore(need.Reference, [NorthernAgency.Number], NeedParts.Summary, null)
            )
        );
    }

    [Fact]
    public async Task An_act_beside_it_takes_nothing_of_it_away()
    {
        var screen = new OnScreen();
        var (record, goesOn) = (Guid.NewGuid(), new TaskCompletionSource());
        var act = screen.While(
            [new Seen(record, Guid.NewGuid())],
            async () =>
            {
                await goesOn.Task;
                screen.Demand(record, null, Guid.NewGuid());
            }
        );
        await screen.While([], () => Task.CompletedTask);
        screen.Demand(record, null, Guid.NewGuid()); // outside of any act nothing is asked
        goesOn.SetResult();
        await Assert.ThrowsAsync<Refusal>(() => act);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_choice_of_rows_is_taken_as_the_one_who_takes_it_sees_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var file = TableFiles.Csv(TableFiles.Row(), TableFiles.Row("K-2", "Border posts"));
        var amina = await test.As(Amina);
        var imports = amina.Get<ImportService>();
        var id = await imports.Receive(ImportSubject.Needs, "needs.csv", file.Length);
        await imports.Fill(id, new MemoryStream(file));
        await (await test.As(null)).Get<ImportRunner>().Work(id, CancellationToken.None);

        var seen = new Seen(id, (await imports.Get(id)).Version);
        await (await test.As(Otieno)).Get<ImportService>().Choose(id, 0, false);
        foreach (
            var act in new Func<TestScope, Task>[] { d => d.Get<ImportService>().Apply(id, false), d => d.Get<ImportService>().Discard(id) }
        )
            Assert.Equal("record.changed_since_shown", await Refused(test, Amina, seen, act));

        var now = new Seen(id, (await imports.Get(id)).Version);
        await amina.Get<OnScreen>().While([now], () => imports.Apply(id, false));
        await (await test.As(null)).Get<ImportRunner>().Work(id, CancellationToken.None);
        Assert.Equal(1, (await imports.Get(id)).Taken);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_proposal_that_is_made_while_help_begins_is_neither_closed_unread_nor_left_waiting(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Matched);
        await test.Save(need, Offer(NorthernAgency), Offer(PacificFund));
        var draft = await (await test.As(Kenji)).Get<ProposalService>().Draft(need.Reference, ProposalContent, false);

        // The State has read what was made so far; then one more is made.
        await using (var db = await test.For(Amina))
        {
            var own = await db.WholeNeed(need.Reference);
            own.BeginDelivery(Amina, await ProposalService.MadeTo(db, own), test.Now);
            await (await test.As(Ingrid)).Get<ProposalService>().Draft(need.Reference, ProposalContent, true);
            Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(db.SaveOrRefuse)).Code);
        }
        // Nor is what came after the screen was read closed with what stood on it.
        var view = await (await test.As(Amina)).Get<NeedService>().Get(need.Reference);
        foreach (
            var act in new Func<TestScope, Task>[]
            {
                d => d.Get<FollowUpService>().Begin(need.Reference),
                d => d.Get<NeedService>().Withdraw(need.Reference, "No longer wanted."),
            }
        )
            Assert.Equal("record.changed_since_shown", await Refused(test, Amina, new Seen(view.Id, view.Version), act));
        // The other way round the provider has read a need that took proposals.
        await using (var db = await test.For(Kenji))
        {
            var (theirs, shown) = (
                await db.Proposals.Include(p => p.Organisation).SingleAsync(p => p.Reference == draft),
                await db.WholeNeed(need.Reference)
            );
            await (await test.As(Amina)).Get<FollowUpService>().Begin(need.Reference);
            ProposalService.DemandAsSeen(db, shown);
            theirs.Propose(Kenji, shown, test.Now);
            Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(db.SaveOrRefuse)).Code);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_delivery_is_confirmed_of_the_day_that_the_State_sees(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Circulated).SharedWith(NorthernAgency);
        await test.Save(need, Offer(NorthernAgency));
        var (amina, ingrid) = (await test.As(Amina), await test.As(Ingrid));
        var proposal = await ingrid.Get<ProposalService>().Draft(need.Reference, ProposalContent, true);
        await amina.Get<ProposalService>().Accept(proposal, null);
        await amina.Get<FollowUpService>().Begin(need.Reference);
        var (provider, state) = (ingrid.Get<FollowUpService>(), amina.Get<FollowUpService>());
        await provider.SetMilestone(proposal, "First course", new DateOnly(2027, 6, 1));
        var step = Assert.Single((await state.Milestones(proposal)).Milestones);
        await provider.Deliver(proposal, step.Id, DateOnly.FromDateTime(test.Now));
        var shown = await amina.Get<ProposalService>().Get(proposal);
        await provider.Deliver(proposal, step.Id, DateOnly.FromDateTime(test.Now).AddDays(-1));

        Assert.Equal(
            "record.changed_since_shown",
            await Refused(
                test,
                Amina,
                new Seen(shown.Row.Id, shown.Version),
                desk => desk.Get<FollowUpService>().Confirm(proposal, step.Id)
            )
        );
    }
}
