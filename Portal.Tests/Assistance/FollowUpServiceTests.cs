using Microsoft.EntityFrameworkCore;
using Portal.Assistance;
using Portal.Assistance.FollowUps;
using Portal.Assistance.Matches;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Home;
using Portal.Shell;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>From a match to what came of it, with the clock moved by a year.</summary>
public sealed class FollowUpServiceTests
{
    private static async Task<string> Refused(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    private static async Task<int> Told(TestDb test, Player player, string code) =>
        (await (await test.As(player)).Get<NoticeService>().Latest(100)).Count(n => n.Code == code);

    [Theory, OnSqlite, OnPostgres]
    public async Task A_year_after_delivery_the_State_is_asked_and_its_word_counts_in_the_track_record(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).SharedWith(PacificFund).CirculatedBy(Andrei);
        var later = NeedAt(NeedStatus.Circulated);
        await test.Save(need, later, Offer(NorthernAgency), Offer(PacificFund));
        var (amina, otieno, ingrid, kenji) = (await test.As(Amina), await test.As(Otieno), await test.As(Ingrid), await test.As(Kenji));
        var (state, provider) = (amina.Get<FollowUpService>(), ingrid.Get<FollowUpService>());
        var proposal = await ingrid.Get<ProposalService>().Draft(need.Reference, ProposalContent, true);
        var declined = await kenji.Get<ProposalService>().Draft(need.Reference, ProposalContent, true);
        Assert.Equal("need.no_help_to_begin", await Refused(() => state.Begin(need.Reference))); // nothing accepted yet
        await amina.Get<ProposalService>().Accept(proposal, null);
        Assert.Equal("need.not_yours_to_follow", await Refused(() => otieno.Get<FollowUpService>().Begin(need.Reference)));
        await state.Begin(need.Reference);
        Assert.Equal(1, await Told(test, Ingrid, "need.delivery_begun"));
        // What the State had not answered is answered: nobody waits for a choice that can no longer be made.
        Assert.Equal(ProposalStatus.Declined, (await kenji.Get<ProposalService>().Get(declined)).Row.Status);
        Assert.Equal(1, await Told(test, Kenji, "proposal.closed"));
        Assert.DoesNotContain((await amina.Get<HomeService>().Get()).Waiting, w => w.Code == "wait:choose");

        // Milestones: the provider sets and reports, the State confirms; another provider knows of none.
        Assert.Equal("milestone.not_yours", await Refused(() => state.SetMilestone(proposal, "First course", new DateOnly(2027, 6, 1))));
        Assert.Equal(
            "milestone.before_proposal",
            await Refused(() => provider.SetMilestone(proposal, "First course", new DateOnly(2020, 1, 1)))
        );
        await provider.SetMilestone(proposal, "First course", new DateOnly(2027, 6, 1));
        var step = Assert.Single((await state.Milestones(proposal)).Milestones);
        Assert.Equal("milestone.not_delivered", await Refused(() => state.Confirm(proposal, step.Id)));
        foreach (var day in new[] { DateOnly.MinValue, new DateOnly(1900, 1, 1), DateOnly.FromDateTime(test.Now).AddDays(2) })
            Assert.Equal("milestone.delivered_out_of_range", await Refused(() => provider.Deliver(proposal, step.Id, day)));
        await provider.Deliver(proposal, step.Id, DateOnly.FromDateTime(test.Now));
        Assert.Contains((await amina.Get<HomeService>().Get()).Waiting, w => w.Code == "wait:milestone");
        await state.Confirm(proposal, step.Id);
        Assert.Equal(
            "milestone.confirmed_already",
            await Refused(() => provider.Deliver(proposal, step.Id, DateOnly.FromDateTime(test.Now)))
        );
        await using (var db = await test.For(Kenji))
            Assert.False(await db.Milestones.AnyAsync());
        await Assert.ThrowsAsync<NotFound>(() => kenji.Get<FollowUpService>().Milestones(proposal));

        Assert.Equal("need.not_yours_to_conclude", await Refused(() => state.Conclude(need.Reference, NeedStatus.Met, null))); // not delivered yet
        Assert.Equal(
            "need.delivered_out_of_range",
            await Refused(() => state.ConfirmDelivery(need.Reference, DateOnly.FromDateTime(test.Now).AddDays(1)))
        );
        await state.ConfirmDelivery(need.Reference, DateOnly.FromDateTime(test.Now));
        var duties = (await test.As(null)).Get<AssistanceDuties>();
        test.Clock.Advance(TimeSpan.FromDays(364));
        await duties.Run();
        Assert.Equal(0, await Told(test, Amina, "need.outcome_asked"));
        test.Clock.Advance(TimeSpan.FromDays(2));
        await duties.Run();
        await duties.Run();
        Assert.Equal(1, await Told(test, Amina, "need.outcome_asked"));
        Assert.Equal(0, await Told(test, Ingrid, "need.outcome_asked"));
        Assert.Contains((await amina.Get<HomeService>().Get()).Waiting, w => w.Code == "wait:outcome");
        test.Clock.Advance(TimeSpan.FromDays(31));
        await duties.Run();
        Assert.Equal(2, await Told(test, Amina, "need.outcome_asked"));

        Assert.Equal("field.required", await Refused(() => state.Conclude(need.Reference, NeedStatus.Unmet, " ")));
        await state.Conclude(need.Reference, NeedStatus.Unmet, "The trainers did not come.");
        Assert.Equal("need.not_yours_to_conclude", await Refused(() => state.Conclude(need.Reference, NeedStatus.Met, null)));
        Assert.Equal(NeedStatus.Unmet, (await ingrid.Get<ProposalService>().Get(proposal)).Outcome);
        Assert.Null((await provider.Get(need.Reference)).Note); // why is between the State and CTED
        Assert.Equal("The trainers did not come.", (await (await test.As(Andrei)).Get<FollowUpService>().Get(need.Reference)).Note);
        Assert.Contains((await amina.Get<HomeService>().Get()).Figures, f => f is { Code: "figure:unmet", Count: 1 });

        // The track record follows: CTED's ranking puts the other provider first, and a State is not told why.
        await (await test.As(null)).Get<Matcher>().Drain();
        var officer = (await (await test.As(Andrei)).Get<MatchService>().List(MatchQuery.Of(ListAddress.Of("/matches")))).Rows.Single(r =>
            r.Need == later.Reference
        );
        Assert.Equal([PacificFund.Number, NorthernAgency.Number], officer.Offers.Select(o => o.Organisation));
        Assert.Equal([MatchFit.Unknown, (byte)33], officer.Offers.Select(o => MatchScore.Of(o.Fits, MatchReason.TrackRecord)));
        var own = (await amina.Get<MatchService>().List(MatchQuery.Of(ListAddress.Of("/matches")))).Rows.Single(r =>
            r.Need == later.Reference
        );
        Assert.All(own.Offers, o => Assert.Equal(MatchFit.Unknown, MatchScore.Of(o.Fits, MatchReason.TrackRecord)));
    }
}
