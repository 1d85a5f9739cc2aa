using Portal.Domain.Access;
using static Portal.Domain.Assistance.NextStep;

namespace Portal.Domain.Assistance;

/// <summary>As what somebody stands to a proposal.</summary>
public enum ProposalSide
{
    /// <summary>Decides for its provider.</summary>
    Manager,

    /// <summary>Drafts for its provider.</summary>
    Contributor,

    /// <summary>Decides for the State.</summary>
    FocalPoint,

    /// <summary>Reads it: of the State, of CTED.</summary>
    Reader,
}

/// <summary>What is known of a proposal besides its stage.</summary>
/// <param name="TakesReplies">Whether the need still takes replies.</param>
/// <param name="TakesAcceptance">Whether a proposal for the need can still be accepted.</param>
/// <param name="ReplyBy">The need's last day to reply.</param>
/// <param name="Milestones">How many there are.</param>
/// <param name="NextDue">When the first that is not delivered is due.</param>
/// <param name="ToConfirm">How many were delivered and are not confirmed.</param>
/// <param name="IsConcluded">Whether the State said what came of the need.</param>
/// <param name="IsTakenBack">Whether it took the need back instead.</param>
public sealed record ProposalSituation(
    bool TakesReplies,
    bool TakesAcceptance,
    DateOnly? ReplyBy,
    int Milestones = 0,
    DateOnly? NextDue = null,
    int ToConfirm = 0,
    bool IsConcluded = false,
    bool IsTakenBack = false
);

/// <summary>The next step of a proposal: total over stages and sides.</summary>
public static class ProposalSteps
{
    /// <summary>As what an actor stands to a proposal, by what they may do and not by their role.</summary>
    public static ProposalSide SideOf(Proposal proposal, Actor actor) =>
        actor.Is(Audience.State(proposal.StateIso3), Section.Proposals, Level.Decide, proposal.StateIso3)
            ? ProposalSide.FocalPoint
            : actor.LevelAs(Audience.Org(proposal.OrganisationNumber), Section.Proposals, proposal.StateIso3) switch
            {
                >= Level.Decide => ProposalSide.Manager,
                Level.Contribute => ProposalSide.Contributor,
                _ => ProposalSide.Reader,
            };

    /// <summary>The next step.</summary>
    public static NextStep Of(ProposalStatus stage, ProposalSide side, ProposalSituation s) =>
        stage switch
        {
            ProposalStatus.Draft when !s.TakesAcceptance => Rest(NextNote.ProposalOver),
            ProposalStatus.Draft when !s.TakesReplies => Rest(NextNote.ProposalLate, s.ReplyBy),
            ProposalStatus.Draft when side == ProposalSide.Manager => Do(NextAct.SendProposal, NextNote.SendProposal, s.ReplyBy),
            ProposalStatus.Draft when side == ProposalSide.Contributor => Do(NextAct.Edit, NextNote.EditProposal, s.ReplyBy),
            ProposalStatus.Draft => Await(Awaited.Provider, NextNote.EditProposal, s.ReplyBy),
            ProposalStatus.Proposed or ProposalStatus.Shortlisted when side == ProposalSide.FocalPoint => s.TakesAcceptance
                ? Do(NextAct.AnswerProposal, NextNote.AnswerProposal)
                : Do(NextAct.DeclineProposal, NextNote.DeclineProposal),
            ProposalStatus.Proposed or ProposalStatus.Shortlisted => Await(Awaited.State, NextNote.AwaitStatesAnswer),
            ProposalStatus.Accepted when s.IsTakenBack => Rest(NextNote.Withdrawn),
            ProposalStatus.Accepted when s.IsConcluded => Rest(NextNote.Closed),
            ProposalStatus.Accepted => OfAccepted(side, s),
            ProposalStatus.Declined => Rest(NextNote.Declined),
            ProposalStatus.Withdrawn => Rest(NextNote.TakenBack),
        };

    private static NextStep OfAccepted(ProposalSide side, ProposalSituation s) =>
        side switch
        {
            ProposalSide.Manager or ProposalSide.Contributor when s.Milestones == 0 => Do(NextAct.ReportMilestones, NextNote.SetMilestones),
            ProposalSide.Manager or ProposalSide.Contributor when s.NextDue is { } day => Do(
                NextAct.ReportMilestones,
                NextNote.ReportMilestone,
                day
            ),
            ProposalSide.FocalPoint when s.ToConfirm > 0 => Do(NextAct.ConfirmMilestones, NextNote.ConfirmMilestones, count: s.ToConfirm),
            ProposalSide.Manager or ProposalSide.Contributor or ProposalSide.FocalPoint or ProposalSide.Reader => s.Milestones == 0
                ? Await(Awaited.Provider, NextNote.AwaitMilestones)
            : s.NextDue is { } next ? Await(Awaited.Provider, NextNote.AwaitMilestone, next)
            : s.ToConfirm > 0 ? Await(Awaited.State, NextNote.AwaitConfirmation, count: s.ToConfirm)
            : Await(Awaited.State, NextNote.MilestonesDone),
        };
}
