using System.Resources;
using Portal.Assistance;
using Portal.Domain.Assistance;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>What happens next with a record, for every stage and everybody who may stand to it.</summary>
public sealed class NextStepTests
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Now);
    private static readonly NeedSituation Bare = new()
    {
        IsOpen = true,
        ReplyBy = ReplyBy,
        HasConsent = true,
    };

    // As things go where nothing is late and nobody waits: consent is given with the submission, proposals come and one is accepted.
    private const string OfNeeds = """
                       FocalPoint            Contributor          Reader               Officer              Provider             Partner         Onlooker
        Draft          Submit                EditDraft            AwaitSubmission      AwaitSubmission      AwaitSubmission      AwaitSubmission AwaitSubmission
        Submitted      AwaitAuthentication   AwaitAuthentication  AwaitAuthentication  Authenticate         AwaitAuthentication  AwaitAuthentication AwaitAuthentication
        Returned       SubmitAgain           EditReturned         AwaitCorrection      AwaitCorrection      AwaitCorrection      AwaitCorrection AwaitCorrection
        Authenticated  AwaitCirculation      AwaitCirculation     AwaitCirculation     Circulate            AwaitCirculation     AwaitCirculation AwaitCirculation
        Circulated     AwaitReplies          AwaitReplies         AwaitReplies         AwaitReplies         Propose              AskQuestions    AwaitReplies
        Matched        BeginDelivery         AwaitDelivery        AwaitDelivery        AwaitDelivery        Propose              AskQuestions    AwaitReplies
        Withdrawn      Withdrawn             Withdrawn            Withdrawn            Withdrawn            Withdrawn            Withdrawn       Withdrawn
        InDelivery     ConfirmDelivery       InDelivery           InDelivery           InDelivery           InDelivery           InDelivery      InDelivery
        Met            Closed                Closed               Closed               Closed               Closed               Closed          Closed
        PartlyMet      Closed                Closed               Closed               Closed               Closed               Closed          Closed
        Unmet          Closed                Closed               Closed               Closed               Closed               Closed          Closed
        """;

    [Theory]
    [InlineData(0, true)] // noon in Greenwich on the day itself
    [InlineData(23, true)] // the next day there, and still the day in the west of the Pacific's date line
    [InlineData(24, false)]
    public void Replies_are_waited_for_until_the_day_is_over_everywhere(int hours, bool isOpen)
    {
        var need = NeedAt(NeedStatus.Circulated);
        var now = need.ReplyBy!.Value.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc).AddHours(hours);
        Assert.Equal(isOpen, NeedSituation.Of(need, now).IsOpen);
        Assert.Equal(isOpen, need.IsOpenForReplies(now));
    }

    [Fact]
    public void What_came_of_help_is_asked_on_the_same_day_by_the_rule_and_in_the_database()
    {
        foreach (var year in new[] { 2027, 2028, 2029 })
        foreach (var month in new[] { 1, 2, 3 })
            for (var day = new DateOnly(year, month, 1); day.Month == month; day = day.AddDays(1))
            {
                var now = NeedRules.OutcomeAskedOn(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(-14);
                Assert.True(day <= NeedRules.DeliveredLongEnough(now), $"{day} on its day");
                Assert.False(day <= NeedRules.DeliveredLongEnough(now.AddTicks(-1)), $"{day} before its day");
            }
    }

    [Fact]
    public void Of_a_need_at_each_stage_for_each_side()
    {
        var lines = OfNeeds.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var sides = lines[0].Select(s => Enum.Parse<NeedSide>(s)).ToList();
        Assert.Equal(Enum.GetValues<NeedSide>(), sides);
        Assert.Equal(Enum.GetValues<NeedStatus>(), lines.Skip(1).Select(l => Enum.Parse<NeedStatus>(l[0])));
        foreach (var line in lines.Skip(1))
        foreach (var (i, side) in sides.Index())
            Assert.True(
                line[i + 1] == NeedSteps.Of(Enum.Parse<NeedStatus>(line[0]), side, Bare).Note.ToString(),
                $"{line[0]} {side}: {NeedSteps.Of(Enum.Parse<NeedStatus>(line[0]), side, Bare).Note}"
            );
    }

    public static TheoryData<NeedStatus, NeedSide, NeedSituation, NextAct, NextNote> Situations()
    {
        var late = Bare with { ReplyBy = Today.AddDays(-1), IsOpen = false };
        return new()
        {
            { NeedStatus.Submitted, NeedSide.FocalPoint, Bare with { HasConsent = false }, NextAct.GiveConsent, NextNote.GiveConsentEarly },
            { NeedStatus.Authenticated, NeedSide.FocalPoint, Bare with { HasConsent = false }, NextAct.GiveConsent, NextNote.GiveConsent },
            {
                NeedStatus.Authenticated,
                NeedSide.FocalPoint,
                Bare with
                {
                    HasConsent = false,
                    Requests = 2,
                },
                NextAct.AnswerRequests,
                NextNote.AnswerRequests
            },
            {
                NeedStatus.Circulated,
                NeedSide.FocalPoint,
                Bare with
                {
                    Requests = 1,
                    SilentAfter = Today,
                    Waiting = 3,
                },
                NextAct.AnswerRequests,
                NextNote.AnswerBeforeSilence
            },
            {
                NeedStatus.Circulated,
                NeedSide.FocalPoint,
                Bare with
                {
                    Questions = 1,
                    Waiting = 3,
                },
                NextAct.AnswerQuestions,
                NextNote.AnswerQuestions
            },
            { NeedStatus.Circulated, NeedSide.FocalPoint, Bare with { Waiting = 3 }, NextAct.Choose, NextNote.Choose },
            { NeedStatus.Matched, NeedSide.FocalPoint, late with { Waiting = 1 }, NextAct.Choose, NextNote.ChooseFromAll },
            { NeedStatus.Circulated, NeedSide.FocalPoint, Bare with { IsStale = true }, NextAct.ConfirmStanding, NextNote.ConfirmStanding },
            { NeedStatus.Circulated, NeedSide.FocalPoint, late, NextAct.GiveConsent, NextNote.ConsentWider },
            {
                NeedStatus.InDelivery,
                NeedSide.FocalPoint,
                Bare with
                {
                    DeliveredOn = Today.AddMonths(-3),
                },
                NextAct.None,
                NextNote.AwaitOutcome
            },
            {
                NeedStatus.InDelivery,
                NeedSide.FocalPoint,
                Bare with
                {
                    DeliveredOn = Today.AddYears(-1),
                    IsOutcomeDue = true,
                },
                NextAct.Conclude,
                NextNote.Conclude
            },
            { NeedStatus.Authenticated, NeedSide.Officer, Bare with { HasConsent = false }, NextAct.AskConsent, NextNote.AskConsent },
            { NeedStatus.Circulated, NeedSide.FocalPoint, Bare with { HasConsent = false }, NextAct.GiveConsent, NextNote.SeenByNobody },
            { NeedStatus.Circulated, NeedSide.Officer, Bare with { HasConsent = false }, NextAct.AskConsent, NextNote.SeenByNobody },
            {
                NeedStatus.Authenticated,
                NeedSide.Officer,
                Bare with
                {
                    HasConsent = false,
                    Requests = 1,
                },
                NextAct.None,
                NextNote.AwaitAnswer
            },
            {
                NeedStatus.Circulated,
                NeedSide.Officer,
                Bare with
                {
                    Requests = 1,
                    SilentAfter = Today,
                },
                NextAct.None,
                NextNote.AwaitSilence
            },
            { NeedStatus.Circulated, NeedSide.Officer, late with { Made = 2, Waiting = 2 }, NextAct.SendReply, NextNote.SendReply },
            {
                NeedStatus.Circulated,
                NeedSide.Officer,
                late with
                {
                    Made = 2,
                    Waiting = 2,
                    Replied = true,
                },
                NextAct.None,
                NextNote.AwaitChoice
            },
            { NeedStatus.Circulated, NeedSide.Officer, late, NextAct.BringBefore, NextNote.BringBefore },
            { NeedStatus.Authenticated, NeedSide.Reader, Bare with { HasConsent = false }, NextAct.None, NextNote.AwaitConsent },
            { NeedStatus.Circulated, NeedSide.Contributor, Bare with { Waiting = 2 }, NextAct.None, NextNote.AwaitChoice },
            { NeedStatus.Circulated, NeedSide.Reader, late, NextAct.None, NextNote.AwaitReply },
            {
                NeedStatus.InDelivery,
                NeedSide.Reader,
                Bare with
                {
                    DeliveredOn = Today.AddYears(-1),
                    IsOutcomeDue = true,
                },
                NextAct.None,
                NextNote.AwaitWord
            },
            {
                NeedStatus.Circulated,
                NeedSide.Provider,
                Bare with
                {
                    Own = ProposalStatus.Draft,
                    OwnReference = "P",
                },
                NextAct.OpenProposal,
                NextNote.FinishProposal
            },
            { NeedStatus.Matched, NeedSide.Provider, Bare with { Own = ProposalStatus.Shortlisted }, NextAct.None, NextNote.ProposalSent },
            {
                NeedStatus.InDelivery,
                NeedSide.Provider,
                Bare with
                {
                    Own = ProposalStatus.Accepted,
                    OwnReference = "P",
                },
                NextAct.OpenProposal,
                NextNote.CarryOut
            },
            { NeedStatus.Matched, NeedSide.Provider, Bare with { Own = ProposalStatus.Declined }, NextAct.None, NextNote.ProposalDeclined },
            { NeedStatus.Circulated, NeedSide.Provider, Bare with { SaidNotNow = true }, NextAct.None, NextNote.SaidNotNow },
            { NeedStatus.Circulated, NeedSide.Provider, late, NextAct.None, NextNote.RepliesClosed },
            { NeedStatus.Circulated, NeedSide.Partner, late, NextAct.None, NextNote.RepliesClosed },
        };
    }

    [Theory, MemberData(nameof(Situations))]
    public void Of_a_need_where_somebody_is_waited_for(NeedStatus stage, NeedSide side, NeedSituation situation, NextAct act, NextNote note)
    {
        var step = NeedSteps.Of(stage, side, situation);
        Assert.Equal((act, note), (step.Act, step.Note));
        Assert.Equal(act != NextAct.None, step.Awaited == Awaited.Reader);
        if (act == NextAct.OpenProposal)
            Assert.Equal("P", step.Subject);
    }

    [Fact]
    public void Whoever_is_not_told_what_is_between_the_State_and_CTED_learns_nothing_of_it()
    {
        var busy = Bare with
        {
            HasConsent = false,
            Requests = 3,
            SilentAfter = Today,
            Questions = 2,
            Made = 4,
            Waiting = 4,
            IsStale = true,
            Replied = true,
        };
        foreach (var stage in Enum.GetValues<NeedStatus>())
        foreach (var side in new[] { NeedSide.Provider, NeedSide.Partner, NeedSide.Onlooker })
            Assert.Equal(NeedSteps.Of(stage, side, Bare), NeedSteps.Of(stage, side, busy));
    }

    [Fact]
    public void Everybody_of_the_cast_stands_to_a_need_as_they_may_act()
    {
        var need = NeedAt(NeedStatus.Circulated).SharedWith(LegalNetwork);
        foreach (
            var (player, side) in new[]
            {
                (Amina, NeedSide.FocalPoint),
                (Otieno, NeedSide.Contributor),
                (Andrei, NeedSide.Officer),
                (Dorothea, NeedSide.Reader),
                (Leila, NeedSide.Reader),
                (Ingrid, NeedSide.Provider),
                (Lars, NeedSide.Provider),
                (Fatou, NeedSide.Partner),
                (Wei, NeedSide.Onlooker),
                (Rosa, NeedSide.Onlooker),
            }
        )
            Assert.Equal(side, NeedSteps.SideOf(need, player));
        Assert.Equal(NeedSide.Onlooker, NeedSteps.SideOf(need, Nobody));
    }

    [Fact]
    public void An_act_that_is_offered_next_is_one_that_the_rules_allow()
    {
        foreach (var stage in Enum.GetValues<NeedStatus>())
        foreach (var actor in Actors)
        {
            var need = NeedAt(stage);
            var step = NeedSteps.Of(stage, NeedSteps.SideOf(need, actor), NeedSituation.Of(need, Now));
            Assert.True(
                step.Act switch
                {
                    NextAct.None => true,
                    NextAct.Edit => need.CanEdit(actor),
                    NextAct.Submit => need.CanSubmit(actor),
                    NextAct.Authenticate => need.CanAuthenticate(actor),
                    NextAct.GiveConsent or NextAct.AnswerRequests => need.CanConsent(actor),
                    NextAct.AskConsent => need.CanAskConsent(actor),
                    NextAct.Circulate => need.CanCirculate(actor) && need.Standing().Count > 0,
                    NextAct.BeginDelivery or NextAct.ConfirmDelivery => need.CanFollow(actor),
                    NextAct.Propose => need.CanPropose(actor, Now),
                    _ => false,
                },
                $"{actor.Name} is offered {step.Act} at {stage}"
            );
        }
    }

    public static TheoryData<ProposalStatus, ProposalSide, ProposalSituation, NextAct, NextNote> Proposals()
    {
        var open = new ProposalSituation(true, true, ReplyBy);
        var over = new ProposalSituation(false, false, ReplyBy);
        return new()
        {
            { ProposalStatus.Draft, ProposalSide.Manager, open, NextAct.SendProposal, NextNote.SendProposal },
            { ProposalStatus.Draft, ProposalSide.Contributor, open, NextAct.Edit, NextNote.EditProposal },
            { ProposalStatus.Draft, ProposalSide.Manager, open with { TakesReplies = false }, NextAct.None, NextNote.ProposalLate },
            { ProposalStatus.Draft, ProposalSide.Manager, over, NextAct.None, NextNote.ProposalOver },
            { ProposalStatus.Proposed, ProposalSide.FocalPoint, open, NextAct.AnswerProposal, NextNote.AnswerProposal },
            { ProposalStatus.Shortlisted, ProposalSide.FocalPoint, over, NextAct.DeclineProposal, NextNote.DeclineProposal },
            { ProposalStatus.Proposed, ProposalSide.Manager, open, NextAct.None, NextNote.AwaitStatesAnswer },
            { ProposalStatus.Proposed, ProposalSide.Reader, open, NextAct.None, NextNote.AwaitStatesAnswer },
            { ProposalStatus.Accepted, ProposalSide.Manager, over, NextAct.ReportMilestones, NextNote.SetMilestones },
            {
                ProposalStatus.Accepted,
                ProposalSide.Contributor,
                over with
                {
                    Milestones = 2,
                    NextDue = Today,
                },
                NextAct.ReportMilestones,
                NextNote.ReportMilestone
            },
            {
                ProposalStatus.Accepted,
                ProposalSide.Manager,
                over with
                {
                    Milestones = 2,
                    ToConfirm = 1,
                },
                NextAct.None,
                NextNote.AwaitConfirmation
            },
            {
                ProposalStatus.Accepted,
                ProposalSide.FocalPoint,
                over with
                {
                    Milestones = 2,
                    NextDue = Today,
                    ToConfirm = 1,
                },
                NextAct.ConfirmMilestones,
                NextNote.ConfirmMilestones
            },
            {
                ProposalStatus.Accepted,
                ProposalSide.FocalPoint,
                over with
                {
                    Milestones = 2,
                    NextDue = Today,
                },
                NextAct.None,
                NextNote.AwaitMilestone
            },
            { ProposalStatus.Accepted, ProposalSide.Reader, over, NextAct.None, NextNote.AwaitMilestones },
            { ProposalStatus.Accepted, ProposalSide.Reader, over with { Milestones = 2 }, NextAct.None, NextNote.MilestonesDone },
            { ProposalStatus.Accepted, ProposalSide.Manager, over with { IsConcluded = true }, NextAct.None, NextNote.Closed },
            { ProposalStatus.Declined, ProposalSide.FocalPoint, open, NextAct.None, NextNote.Declined },
            { ProposalStatus.Withdrawn, ProposalSide.Manager, open, NextAct.None, NextNote.TakenBack },
        };
    }

    [Theory, MemberData(nameof(Proposals))]
    public void Of_a_proposal(ProposalStatus stage, ProposalSide side, ProposalSituation situation, NextAct act, NextNote note)
    {
        var step = ProposalSteps.Of(stage, side, situation);
        Assert.Equal((act, note), (step.Act, step.Note));
    }

    [Theory]
    [InlineData(ProgrammeStatus.Pipeline, ProgrammeSide.Manager, false, 0, NextAct.ShareProgramme, NextNote.ShareProgramme)]
    [InlineData(ProgrammeStatus.Active, ProgrammeSide.Contributor, false, 0, NextAct.None, NextNote.AwaitSharing)]
    [InlineData(ProgrammeStatus.Pipeline, ProgrammeSide.Manager, true, 5, NextAct.StartProgramme, NextNote.StartProgramme)]
    [InlineData(ProgrammeStatus.Pipeline, ProgrammeSide.Manager, true, -5, NextAct.StartProgramme, NextNote.StartOverdue)]
    [InlineData(ProgrammeStatus.Pipeline, ProgrammeSide.Manager, true, null, NextAct.StartProgramme, NextNote.StartUndated)]
    [InlineData(ProgrammeStatus.Active, ProgrammeSide.Manager, true, 5, NextAct.CompleteProgramme, NextNote.CompleteProgramme)]
    [InlineData(ProgrammeStatus.Active, ProgrammeSide.Manager, true, -5, NextAct.CompleteProgramme, NextNote.CompleteOverdue)]
    [InlineData(ProgrammeStatus.Active, ProgrammeSide.Manager, true, null, NextAct.CompleteProgramme, NextNote.CompleteUndated)]
    [InlineData(ProgrammeStatus.Pipeline, ProgrammeSide.Reader, true, 5, NextAct.None, NextNote.AwaitStart)]
    [InlineData(ProgrammeStatus.Active, ProgrammeSide.Contributor, true, 5, NextAct.None, NextNote.UnderWay)]
    [InlineData(ProgrammeStatus.Completed, ProgrammeSide.Manager, true, 5, NextAct.None, NextNote.Completed)]
    [InlineData(ProgrammeStatus.Cancelled, ProgrammeSide.Manager, false, 5, NextAct.None, NextNote.Cancelled)]
    public void Of_a_programme(ProgrammeStatus stage, ProgrammeSide side, bool shared, int? days, NextAct act, NextNote note)
    {
        DateOnly? day = days is { } d ? Today.AddDays(d) : null;
        var step = ProgrammeSteps.Of(stage, side, new ProgrammeSituation(Today, shared, day, day));
        Assert.Equal((act, note), (step.Act, step.Note));
    }

    [Fact]
    public void Every_step_can_be_said()
    {
        var words = new ResourceManager(typeof(NextWords));
        foreach (var note in Enum.GetValues<NextNote>())
            Assert.False(string.IsNullOrEmpty(words.GetString("note." + note)), $"note.{note}");
        foreach (var act in Enum.GetValues<NextAct>().Where(a => a != NextAct.None))
            Assert.False(string.IsNullOrEmpty(words.GetString("act." + act)), $"act.{act}");
    }
}
