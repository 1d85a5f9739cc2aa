using Portal.Domain.Access;
using static Portal.Domain.Assistance.NextStep;

namespace Portal.Domain.Assistance;

/// <summary>As what somebody stands to a need.</summary>
public enum NeedSide
{
    /// <summary>Decides for its State.</summary>
    FocalPoint,

    /// <summary>Drafts for its State.</summary>
    Contributor,

    /// <summary>Sees it whole and decides nothing: of its State, or of CTED.</summary>
    Reader,

    /// <summary>Decides for CTED.</summary>
    Officer,

    /// <summary>A provider that it is shown to and that may answer it.</summary>
    Provider,

    /// <summary>A partner organisation that it is shown to.</summary>
    Partner,

    /// <summary>Sees what is shown of it: the public, a delegation, an expert group.</summary>
    Onlooker,
}

/// <summary>What is known of a need besides its stage, as far as its reader may know it.</summary>
public sealed record NeedSituation
{
    /// <summary>Whether the day to reply by is not over everywhere.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether the State is to be asked what came of it.</summary>
    public bool IsOutcomeDue { get; init; }

    /// <summary>Whether a consent stands.</summary>
    public bool HasConsent { get; init; }

    /// <summary>What CTED asked the State to share and that is not answered.</summary>
    public int Requests { get; init; }

    /// <summary>The first day after which silence answers one of them.</summary>
    public DateOnly? SilentAfter { get; init; }

    /// <summary>Questions without an answer.</summary>
    public int Questions { get; init; }

    /// <summary>Proposals that were made, whatever became of them.</summary>
    public int Made { get; init; }

    /// <summary>Proposals that wait for the State's choice.</summary>
    public int Waiting { get; init; }

    /// <summary>Last day to reply.</summary>
    public DateOnly? ReplyBy { get; init; }

    /// <summary>Whether CTED has sent the State the consolidated reply.</summary>
    public bool Replied { get; init; }

    /// <summary>Whether nobody has confirmed for a year that it still stands.</summary>
    public bool IsStale { get; init; }

    /// <summary>Day on which help was delivered.</summary>
    public DateOnly? DeliveredOn { get; init; }

    /// <summary>Stage of the reader's own proposal, the one nearest to its end.</summary>
    public ProposalStatus? Own { get; init; }

    /// <summary>Its reference.</summary>
    public string? OwnReference { get; init; }

    /// <summary>Whether the reader's organisation answered "not now".</summary>
    public bool SaidNotNow { get; init; }

    /// <summary>Day on which the State is asked what came of it.</summary>
    internal DateOnly? OutcomeOn => DeliveredOn is { } day ? NeedRules.OutcomeAskedOn(day) : null;

    /// <summary>What the need itself tells; whoever asks adds what is kept beside it.</summary>
    public static NeedSituation Of(Need need, DateTime now) =>
        new()
        {
            IsOpen = Days.NotOver(now) <= need.ReplyBy,
            IsOutcomeDue = need.IsOutcomeDue(now),
            HasConsent = need.Consents.Any(c => c.Stands),
            Requests = need.Requests.Count(r => r.IsOpen),
            SilentAfter = need.Requests.Where(r => r.IsOpen).Min(r => r.SilentAfter),
            ReplyBy = need.ReplyBy,
            Replied = need.RepliedAt is not null,
            IsStale = need.IsStale(now),
            DeliveredOn = need.DeliveredOn,
        };
}

/// <summary>The next step of a need: total over stages and sides.</summary>
public static class NeedSteps
{
    /// <summary>As what an actor stands to a need, by what they may do and not by their role.</summary>
    public static NeedSide SideOf(Need need, Actor actor)
    {
        var state = actor.LevelAs(Audience.State(need.StateIso3), Section.Needs, need.StateIso3);
        if (state >= Level.Decide)
            return NeedSide.FocalPoint;
        if (state >= Level.Contribute)
            return NeedSide.Contributor;
        if (actor.Is(Audience.Cted, Section.Needs, Level.Decide, need.StateIso3))
            return NeedSide.Officer;
        if (((NeedParts)Decision.On(need, actor).View).Has(NeedParts.Inner))
            return NeedSide.Reader;
        if (!need.IsRecipient(actor))
            return NeedSide.Onlooker;
        return
            actor.Membership!.Organisation is { Kind: OrganisationKind.Provider } own
            && actor.Is(Audience.Org(own.Number), Section.Proposals, Level.Contribute, need.StateIso3)
            ? NeedSide.Provider
            : NeedSide.Partner;
    }

    /// <summary>The next step.</summary>
    public static NextStep Of(NeedStatus stage, NeedSide side, NeedSituation s) =>
        side switch
        {
            NeedSide.FocalPoint => OfFocalPoint(stage, s),
            NeedSide.Contributor => stage switch
            {
                NeedStatus.Draft => Do(NextAct.Edit, NextNote.EditDraft),
                NeedStatus.Returned => Do(NextAct.Edit, NextNote.EditReturned),
                NeedStatus.Submitted
                or NeedStatus.Authenticated
                or NeedStatus.Circulated
                or NeedStatus.Matched
                or NeedStatus.Withdrawn
                or NeedStatus.InDelivery
                or NeedStatus.Met
                or NeedStatus.PartlyMet
                or NeedStatus.Unmet => OfReader(stage, s),
            },
            NeedSide.Officer => OfOfficer(stage, s),
            NeedSide.Reader => OfReader(stage, s),
            NeedSide.Provider => OfProvider(stage, s),
            NeedSide.Partner when stage.IsOpen() && s.IsOpen => Await(Awaited.Providers, NextNote.AskQuestions, s.ReplyBy),
            NeedSide.Partner or NeedSide.Onlooker => OfOnlooker(stage, s),
        };

    private static NextStep OfFocalPoint(NeedStatus stage, NeedSituation s) =>
        stage switch
        {
            NeedStatus.Draft => Do(NextAct.Submit, NextNote.Submit),
            NeedStatus.Returned => Do(NextAct.Submit, NextNote.SubmitAgain),
            NeedStatus.Submitted when !s.HasConsent => Do(NextAct.GiveConsent, NextNote.GiveConsentEarly),
            // What ends by itself comes first, then those who wait for a word.
            NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched when s.SilentAfter is { } day => Do(
                NextAct.AnswerRequests,
                NextNote.AnswerBeforeSilence,
                day,
                s.Requests
            ),
            NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched when s.Requests > 0 => Do(
                NextAct.AnswerRequests,
                NextNote.AnswerRequests,
                count: s.Requests
            ),
            NeedStatus.Authenticated when !s.HasConsent => Do(NextAct.GiveConsent, NextNote.GiveConsent),
            NeedStatus.Circulated or NeedStatus.Matched when s.Questions > 0 => Do(
                NextAct.AnswerQuestions,
                NextNote.AnswerQuestions,
                count: s.Questions
            ),
            NeedStatus.Circulated or NeedStatus.Matched when s.Waiting > 0 => Do(
                NextAct.Choose,
                s.IsOpen ? NextNote.Choose : NextNote.ChooseFromAll,
                s.ReplyBy,
                s.Waiting
            ),
            NeedStatus.Submitted or NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched when s.IsStale => Do(
                NextAct.ConfirmStanding,
                NextNote.ConfirmStanding
            ),
            NeedStatus.Matched => Do(NextAct.BeginDelivery, NextNote.BeginDelivery),
            NeedStatus.Circulated when !s.HasConsent => Do(NextAct.GiveConsent, NextNote.SeenByNobody),
            NeedStatus.Circulated when !s.IsOpen => Do(NextAct.GiveConsent, NextNote.ConsentWider, s.ReplyBy),
            NeedStatus.InDelivery when s.DeliveredOn is null => Do(NextAct.ConfirmDelivery, NextNote.ConfirmDelivery),
            NeedStatus.InDelivery when s.IsOutcomeDue => Do(NextAct.Conclude, NextNote.Conclude),
            NeedStatus.Submitted
            or NeedStatus.Authenticated
            or NeedStatus.Circulated
            or NeedStatus.InDelivery
            or NeedStatus.Withdrawn
            or NeedStatus.Met
            or NeedStatus.PartlyMet
            or NeedStatus.Unmet => OfReader(stage, s),
        };

    private static NextStep OfOfficer(NeedStatus stage, NeedSituation s) =>
        stage switch
        {
            NeedStatus.Submitted => Do(NextAct.Authenticate, NextNote.Authenticate),
            NeedStatus.Authenticated when s.HasConsent => Do(NextAct.Circulate, NextNote.Circulate),
            NeedStatus.Authenticated when s.Requests == 0 => Do(NextAct.AskConsent, NextNote.AskConsent),
            NeedStatus.Circulated or NeedStatus.Matched when s.Questions > 0 => Do(
                NextAct.AnswerQuestions,
                NextNote.AnswerQuestions,
                count: s.Questions
            ),
            NeedStatus.Circulated or NeedStatus.Matched when !s.IsOpen && s.Made > 0 && !s.Replied => Do(
                NextAct.SendReply,
                NextNote.SendReply,
                s.ReplyBy
            ),
            NeedStatus.Circulated when !s.HasConsent && s.Requests == 0 => Do(NextAct.AskConsent, NextNote.SeenByNobody),
            NeedStatus.Circulated when !s.IsOpen && s.Made == 0 && s.Requests == 0 => Do(
                NextAct.BringBefore,
                NextNote.BringBefore,
                s.ReplyBy
            ),
            NeedStatus.Draft
            or NeedStatus.Returned
            or NeedStatus.Authenticated
            or NeedStatus.Circulated
            or NeedStatus.Matched
            or NeedStatus.Withdrawn
            or NeedStatus.InDelivery
            or NeedStatus.Met
            or NeedStatus.PartlyMet
            or NeedStatus.Unmet => OfReader(stage, s),
        };

    // Whoever sees it whole and is not awaited.
    private static NextStep OfReader(NeedStatus stage, NeedSituation s) =>
        stage switch
        {
            NeedStatus.Draft => Await(Awaited.State, NextNote.AwaitSubmission),
            NeedStatus.Returned => Await(Awaited.State, NextNote.AwaitCorrection),
            NeedStatus.Submitted => Await(Awaited.Cted, NextNote.AwaitAuthentication),
            NeedStatus.Authenticated when s.HasConsent => Await(Awaited.Cted, NextNote.AwaitCirculation),
            NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched when s.SilentAfter is { } day => Await(
                Awaited.State,
                NextNote.AwaitSilence,
                day,
                s.Requests
            ),
            NeedStatus.Authenticated when s.Requests > 0 => Await(Awaited.State, NextNote.AwaitAnswer, count: s.Requests),
            NeedStatus.Authenticated => Await(Awaited.State, NextNote.AwaitConsent),
            NeedStatus.Circulated or NeedStatus.Matched when s.Waiting > 0 => Await(Awaited.State, NextNote.AwaitChoice, count: s.Waiting),
            NeedStatus.Circulated when !s.HasConsent => Await(Awaited.State, NextNote.SeenByNobody),
            NeedStatus.Circulated when s.IsOpen => Await(Awaited.Providers, NextNote.AwaitReplies, s.ReplyBy),
            NeedStatus.Circulated => Await(Awaited.Cted, NextNote.AwaitReply, s.ReplyBy),
            NeedStatus.Matched => Await(Awaited.State, NextNote.AwaitDelivery),
            NeedStatus.InDelivery when s.IsOutcomeDue => Await(Awaited.State, NextNote.AwaitWord),
            NeedStatus.InDelivery when s.OutcomeOn is { } day => Rest(NextNote.AwaitOutcome, day),
            NeedStatus.InDelivery => Await(Awaited.State, NextNote.InDelivery),
            NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet => Rest(NextNote.Closed),
            NeedStatus.Withdrawn => Rest(NextNote.Withdrawn),
        };

    private static NextStep OfProvider(NeedStatus stage, NeedSituation s)
    {
        var answers = stage.IsOpen();
        return s.Own switch
        {
            ProposalStatus.Accepted when stage.IsShared() && !stage.IsConcluded() => Do(
                NextAct.OpenProposal,
                NextNote.CarryOut,
                subject: s.OwnReference
            ),
            ProposalStatus.Proposed or ProposalStatus.Shortlisted when answers => Await(Awaited.State, NextNote.ProposalSent),
            ProposalStatus.Draft when answers && s.IsOpen => Do(
                NextAct.OpenProposal,
                NextNote.FinishProposal,
                s.ReplyBy,
                subject: s.OwnReference
            ),
            ProposalStatus.Declined when answers => Rest(NextNote.ProposalDeclined),
            ProposalStatus.Withdrawn or null when answers && s.IsOpen => s.SaidNotNow
                ? Rest(NextNote.SaidNotNow)
                : Do(NextAct.Propose, NextNote.Propose, s.ReplyBy),
            ProposalStatus.Draft
            or ProposalStatus.Proposed
            or ProposalStatus.Shortlisted
            or ProposalStatus.Accepted
            or ProposalStatus.Declined
            or ProposalStatus.Withdrawn
            or null => OfOnlooker(stage, s),
        };
    }

    // By nothing but what everyone who is shown it sees.
    private static NextStep OfOnlooker(NeedStatus stage, NeedSituation s) =>
        stage switch
        {
            NeedStatus.Draft => Await(Awaited.State, NextNote.AwaitSubmission),
            NeedStatus.Returned => Await(Awaited.State, NextNote.AwaitCorrection),
            NeedStatus.Submitted => Await(Awaited.Cted, NextNote.AwaitAuthentication),
            NeedStatus.Authenticated => Await(Awaited.Cted, NextNote.AwaitCirculation),
            NeedStatus.Circulated or NeedStatus.Matched when s.IsOpen => Await(Awaited.Providers, NextNote.AwaitReplies, s.ReplyBy),
            NeedStatus.Circulated => Await(Awaited.State, NextNote.RepliesClosed, s.ReplyBy),
            NeedStatus.Matched => Await(Awaited.State, NextNote.AwaitDelivery),
            NeedStatus.InDelivery => Await(Awaited.State, NextNote.InDelivery),
            NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet => Rest(NextNote.Closed),
            NeedStatus.Withdrawn => Rest(NextNote.Withdrawn),
        };
}
