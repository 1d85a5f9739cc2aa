namespace Portal.Domain.Assistance;

/// <summary>What somebody can do next with a record: the one button of its header.</summary>
public enum NextAct
{
    /// <summary>Nothing: others are awaited, or nothing is left to do.</summary>
    None,

    /// <summary>Edit a draft.</summary>
    Edit,

    /// <summary>Submit a need to CTED.</summary>
    Submit,

    /// <summary>Authenticate a need, or return it.</summary>
    Authenticate,

    /// <summary>Decide who may see a need.</summary>
    GiveConsent,

    /// <summary>Answer what CTED asks to share more widely.</summary>
    AnswerRequests,

    /// <summary>Ask the State for its consent.</summary>
    AskConsent,

    /// <summary>Circulate a need.</summary>
    Circulate,

    /// <summary>Answer questions about a need.</summary>
    AnswerQuestions,

    /// <summary>Choose among proposals.</summary>
    Choose,

    /// <summary>Send the State the consolidated reply.</summary>
    SendReply,

    /// <summary>Bring a need before other providers.</summary>
    BringBefore,

    /// <summary>Say that help has begun.</summary>
    BeginDelivery,

    /// <summary>Confirm that help was delivered.</summary>
    ConfirmDelivery,

    /// <summary>Say what came of a need.</summary>
    Conclude,

    /// <summary>Say that a need still stands.</summary>
    ConfirmStanding,

    /// <summary>Answer a need with a proposal.</summary>
    Propose,

    /// <summary>Go to one's own proposal.</summary>
    OpenProposal,

    /// <summary>Send a proposal to the State.</summary>
    SendProposal,

    /// <summary>Accept, shortlist or decline a proposal.</summary>
    AnswerProposal,

    /// <summary>Decline a proposal that can no longer be accepted.</summary>
    DeclineProposal,

    /// <summary>Set or report milestones.</summary>
    ReportMilestones,

    /// <summary>Confirm milestones.</summary>
    ConfirmMilestones,

    /// <summary>Decide who sees a programme.</summary>
    ShareProgramme,

    /// <summary>Say that a programme has begun.</summary>
    StartProgramme,

    /// <summary>Say that a programme has ended.</summary>
    CompleteProgramme,
}

/// <summary>Whose turn it is.</summary>
public enum Awaited
{
    /// <summary>Nobody's.</summary>
    Nobody,

    /// <summary>The reader's own.</summary>
    Reader,

    /// <summary>The State's.</summary>
    State,

    /// <summary>CTED's.</summary>
    Cted,

    /// <summary>That of the providers who were shown the need.</summary>
    Providers,

    /// <summary>That of the provider whose proposal or programme it is.</summary>
    Provider,
}

/// <summary>What happens next, in one line. Its words are in the reader's language; <c>{0}</c> is a count and <c>{1}</c> a day.</summary>
public enum NextNote
{
    /// <summary>A draft to be submitted.</summary>
    Submit,

    /// <summary>A returned need to be corrected and submitted again.</summary>
    SubmitAgain,

    /// <summary>A draft that a focal point submits.</summary>
    EditDraft,

    /// <summary>A returned need that a focal point submits again.</summary>
    EditReturned,

    /// <summary>A need to be authenticated or returned.</summary>
    Authenticate,

    /// <summary>Consent is missing.</summary>
    GiveConsent,

    /// <summary>In circulation, and every consent was revoked.</summary>
    SeenByNobody,

    /// <summary>Consent can be given while CTED authenticates.</summary>
    GiveConsentEarly,

    /// <summary>CTED asks for wider consent.</summary>
    AnswerRequests,

    /// <summary>The same, and silence consents after a day.</summary>
    AnswerBeforeSilence,

    /// <summary>The State has to be asked for consent.</summary>
    AskConsent,

    /// <summary>A need can be circulated.</summary>
    Circulate,

    /// <summary>Questions wait for an answer.</summary>
    AnswerQuestions,

    /// <summary>Proposals wait for a choice, and more may come.</summary>
    Choose,

    /// <summary>Proposals wait for a choice, and no more will come.</summary>
    ChooseFromAll,

    /// <summary>The consolidated reply is to be sent.</summary>
    SendReply,

    /// <summary>Nobody proposed: other providers, or more time.</summary>
    BringBefore,

    /// <summary>Nobody proposed: wider consent, or more time.</summary>
    ConsentWider,

    /// <summary>Say when help has begun.</summary>
    BeginDelivery,

    /// <summary>Confirm when help was delivered.</summary>
    ConfirmDelivery,

    /// <summary>Say whether the need was met.</summary>
    Conclude,

    /// <summary>Say that the need still stands.</summary>
    ConfirmStanding,

    /// <summary>A proposal can be made until a day.</summary>
    Propose,

    /// <summary>One's draft can be sent until a day.</summary>
    FinishProposal,

    /// <summary>One's proposal was accepted.</summary>
    CarryOut,

    /// <summary>Questions can be asked until a day.</summary>
    AskQuestions,

    /// <summary>A focal point submits the need.</summary>
    AwaitSubmission,

    /// <summary>CTED authenticates it.</summary>
    AwaitAuthentication,

    /// <summary>The State corrects it.</summary>
    AwaitCorrection,

    /// <summary>The State decides who may see it.</summary>
    AwaitConsent,

    /// <summary>The State answers what it was asked.</summary>
    AwaitAnswer,

    /// <summary>The same, and its silence consents after a day.</summary>
    AwaitSilence,

    /// <summary>CTED circulates it.</summary>
    AwaitCirculation,

    /// <summary>Providers reply until a day.</summary>
    AwaitReplies,

    /// <summary>The State chooses.</summary>
    AwaitChoice,

    /// <summary>The day to reply by has passed; CTED sends the reply or gives longer.</summary>
    AwaitReply,

    /// <summary>The State says when help has begun.</summary>
    AwaitDelivery,

    /// <summary>The State confirms delivery.</summary>
    InDelivery,

    /// <summary>On a day the State is asked what came of it.</summary>
    AwaitOutcome,

    /// <summary>The State has been asked what came of it.</summary>
    AwaitWord,

    /// <summary>The State said what came of it.</summary>
    Closed,

    /// <summary>The State took it back.</summary>
    Withdrawn,

    /// <summary>One's proposal is with the State.</summary>
    ProposalSent,

    /// <summary>One's proposal was declined.</summary>
    ProposalDeclined,

    /// <summary>One answered "not now".</summary>
    SaidNotNow,

    /// <summary>The day to reply by has passed.</summary>
    RepliesClosed,

    /// <summary>A draft to be sent until a day.</summary>
    SendProposal,

    /// <summary>A draft that a manager sends.</summary>
    EditProposal,

    /// <summary>A draft that is too late to be sent, unless recipients are given longer.</summary>
    ProposalLate,

    /// <summary>A draft for a need that takes no proposals any more, or is no longer shown.</summary>
    ProposalOver,

    /// <summary>A proposal to be answered.</summary>
    AnswerProposal,

    /// <summary>A proposal that can only be declined.</summary>
    DeclineProposal,

    /// <summary>The State answers a proposal.</summary>
    AwaitStatesAnswer,

    /// <summary>Milestones are to be set.</summary>
    SetMilestones,

    /// <summary>The next milestone is due on a day.</summary>
    ReportMilestone,

    /// <summary>Milestones are to be confirmed.</summary>
    ConfirmMilestones,

    /// <summary>The provider reports its next milestone, due on a day.</summary>
    AwaitMilestone,

    /// <summary>The provider sets its milestones.</summary>
    AwaitMilestones,

    /// <summary>The State confirms milestones.</summary>
    AwaitConfirmation,

    /// <summary>All milestones are confirmed; the State says what came of the need.</summary>
    MilestonesDone,

    /// <summary>A proposal was declined.</summary>
    Declined,

    /// <summary>A proposal was taken back.</summary>
    TakenBack,

    /// <summary>A programme to be shared.</summary>
    ShareProgramme,

    /// <summary>A programme that a manager shares.</summary>
    AwaitSharing,

    /// <summary>A programme that begins on a day.</summary>
    StartProgramme,

    /// <summary>A programme that should have begun on a day.</summary>
    StartOverdue,

    /// <summary>A programme that begins on no day known.</summary>
    StartUndated,

    /// <summary>A programme under way until a day.</summary>
    CompleteProgramme,

    /// <summary>A programme that should have ended on a day.</summary>
    CompleteOverdue,

    /// <summary>A programme under way that ends on no day known.</summary>
    CompleteUndated,

    /// <summary>The provider says when its programme begins.</summary>
    AwaitStart,

    /// <summary>A programme is under way.</summary>
    UnderWay,

    /// <summary>A programme has ended.</summary>
    Completed,

    /// <summary>A programme was given up.</summary>
    Cancelled,
}

/// <summary>
/// The next step of a record for one reader: what they can do, or who is awaited, and by when. Worked out by <see cref="NeedSteps"/>, <see
/// cref="ProposalSteps"/> and
/// <see cref="ProgrammeSteps"/>, which are total over stages and sides and know nothing but the facts they are handed; so the header of a
/// record, a list of work
/// and a mail say the same.
/// </summary>
/// <param name="Act">What the reader can do.</param>
/// <param name="Awaited">Whose turn it is.</param>
/// <param name="Note">What happens next.</param>
/// <param name="Due">By when, or from when, where there is a day.</param>
/// <param name="Count">How many wait, where they are counted.</param>
/// <param name="Subject">Reference of another record that the act is done on.</param>
public sealed record NextStep(NextAct Act, Awaited Awaited, NextNote Note, DateOnly? Due = null, int Count = 0, string? Subject = null)
{
    /// <summary>The reader's turn.</summary>
    internal static NextStep Do(NextAct act, NextNote note, DateOnly? due = null, int count = 0, string? subject = null) =>
        new(act, Awaited.Reader, note, due, count, subject);

    /// <summary>Somebody else's turn.</summary>
    internal static NextStep Await(Awaited who, NextNote note, DateOnly? due = null, int count = 0) =>
        new(NextAct.None, who, note, due, count);

    /// <summary>Nobody's turn.</summary>
    internal static NextStep Rest(NextNote note, DateOnly? due = null) => new(NextAct.None, Awaited.Nobody, note, due);
}
