using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Assistance.FollowUps;

/// <summary>A milestone as its reader sees it.</summary>
public sealed record MilestoneLine(Guid Id, string Title, DateOnly DueOn, DateOnly? DeliveredOn, DateTime? ConfirmedAt);

/// <summary>Milestones of a proposal, and what the reader may do with them.</summary>
public sealed record MilestonesView(IReadOnlyList<MilestoneLine> Milestones, bool MayReport, bool MayConfirm);

/// <summary>What came of a need so far, and what the reader may say of it.</summary>
public sealed record FollowUpView(
    NeedStatus Status,
    DateOnly? DeliveredOn,
    DateTime? ConcludedAt,
    string? Note,
    bool MayBegin,
    bool MayConfirmDelivery,
    bool MayConclude,
    bool IsDue
);

/// <summary>
/// From a match to what came of it: help begun, milestones, delivered, and a year later the State's word whether the need was met.
/// </summary>
public sealed class FollowUpService(ActorSource actors, Records<Need> needs, Records<Proposal> proposals, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>What came of a need so far.</summary>
    public async Task<FollowUpView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var need = await db.WholeNeed(reference, ct);
        var inner = ((NeedParts)Decision.On(need, db.Actor).View).Has(NeedParts.Inner);
        return new FollowUpView(
            need.Status,
            need.DeliveredOn,
            need.ConcludedAt,
            inner ? need.OutcomeNote : null,
            need.Status == NeedStatus.Matched && need.CanFollow(db.Actor),
            need.Status == NeedStatus.InDelivery && need.CanFollow(db.Actor),
            need.CanConclude(db.Actor),
            inner && need.IsOutcomeDue(Now)
        );
    }

    /// <summary>The State says that help has begun.</summary>
    public Task Begin(string reference) => Act(reference, (proposals, need, actor) => need.BeginDelivery(actor, proposals, Now));

    /// <summary>The State confirms that help was delivered.</summary>
    public Task ConfirmDelivery(string reference, DateOnly day) =>
        Act(reference, (proposals, need, actor) => need.ConfirmDelivery(actor, day, proposals, Now));

    /// <summary>The State says whether the need was met.</summary>
    public Task Conclude(string reference, NeedStatus outcome, string? why) =>
        Act(reference, (proposals, need, actor) => need.Conclude(actor, outcome, why, proposals, Now));

    private Task Act(string reference, Action<IReadOnlyList<Proposal>, Need, Actor> verb) =>
        needs.Act(reference, async (db, need) => verb(await ProposalService.MadeTo(db, need), need, db.Actor));

    /// <summary>Milestones of a proposal.</summary>
    public async Task<MilestonesView> Milestones(string proposalReference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var proposal = await db.Proposals.Where(p => p.Reference == proposalReference).OneOrNotFound(ct);
        var lines = await db
            .Milestones.AsNoTracking()
            .Where(m => m.ProposalId == proposal.Id)
            .OrderBy(m => m.DueOn)
            .ThenBy(m => m.Id)
            .Select(m => new MilestoneLine(m.Id, m.Title, m.DueOn, m.DeliveredOn, m.ConfirmedAt))
            .ToListAsync(ct);
        return new MilestonesView(lines, proposal.CanReport(db.Actor), proposal.CanConfirm(db.Actor));
    }

    /// <summary>The provider sets a milestone.</summary>
    public Task SetMilestone(string proposalReference, string title, DateOnly dueOn) =>
        proposals.Act(
            proposalReference,
            async (db, proposal) =>
            {
                Refusal.If(await db.Milestones.CountAsync(m => m.ProposalId == proposal.Id) >= Milestone.Most, "milestone.too_many");
                db.Milestones.Add(Milestone.Set(proposal, db.Actor, title, dueOn, Now));
            }
        );

    /// <summary>The provider reports a milestone delivered.</summary>
    public Task Deliver(string proposalReference, Guid id, DateOnly day) =>
        Step(proposalReference, id, (actor, proposal, milestone) => milestone.Deliver(proposal, actor, day, Now));

    /// <summary>The State confirms a milestone.</summary>
    public Task Confirm(string proposalReference, Guid id) =>
        Step(proposalReference, id, (actor, proposal, milestone) => milestone.Confirm(proposal, actor, Now));

    private Task Step(string proposalReference, Guid id, Action<Actor, Proposal, Milestone> verb) =>
        proposals.Act(
            proposalReference,
            async (db, proposal) =>
                verb(db.Actor, proposal, await db.Milestones.Where(m => m.ProposalId == proposal.Id && m.Id == id).OneOrNotFound())
        );
}
