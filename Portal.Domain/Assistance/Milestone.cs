using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>
/// A step of accepted help: set by the provider, reported delivered by it, confirmed by the State. Seen with the proposal.
/// </summary>
public sealed class Milestone
{
    private Milestone() { }

    /// <summary>Most milestones of one proposal.</summary>
    public const int Most = 30;

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The proposal.</summary>
    public Guid ProposalId { get; private set; }

    /// <summary>What is to be delivered.</summary>
    public string Title { get; private set; } = "";

    /// <summary>By when.</summary>
    public DateOnly DueOn { get; private set; }

    /// <summary>Day reported by the provider.</summary>
    public DateOnly? DeliveredOn { get; private set; }

    /// <summary>UTC; when the State confirmed it.</summary>
    public DateTime? ConfirmedAt { get; private set; }

    /// <summary>Sets one.</summary>
    public static Milestone Set(Proposal proposal, Actor actor, string title, DateOnly dueOn, DateTime now)
    {
        Refusal.Unless(proposal.CanReport(actor), "milestone.not_yours");
        var milestone = new Milestone { ProposalId = proposal.Id, DueOn = dueOn };
        Refusal.IfAny(
            () => milestone.Title = Text.RequiredLine(title, 200, nameof(Title)),
            () => Text.Day(dueOn, nameof(DueOn)),
            () => Refusal.If(dueOn < Days.NotOver(proposal.CreatedAt), "milestone.before_proposal", nameof(DueOn))
        );
        proposal.MilestoneDone("milestone.set", milestone, now);
        return milestone;
    }

    /// <summary>The provider reports it delivered.</summary>
    public void Deliver(Proposal proposal, Actor actor, DateOnly day, DateTime now)
    {
        Refusal.Unless(proposal.CanReport(actor), "milestone.not_yours");
        Refusal.If(ConfirmedAt is not null, "milestone.confirmed_already");
        Refusal.If(
            day > Days.Begun(now) || day < Days.NotOver(proposal.CreatedAt),
            "milestone.delivered_out_of_range",
            nameof(DeliveredOn)
        );
        DeliveredOn = day;
        proposal.MilestoneDone("milestone.delivered", this, now, proposal.State);
    }

    /// <summary>The State confirms it.</summary>
    public void Confirm(Proposal proposal, Actor actor, DateTime now)
    {
        Refusal.Unless(proposal.CanConfirm(actor), "milestone.not_yours");
        Refusal.If(DeliveredOn is null, "milestone.not_delivered");
        Refusal.If(ConfirmedAt is not null, "milestone.confirmed_already");
        ConfirmedAt = now;
        proposal.MilestoneDone("milestone.confirmed", this, now, proposal.Provider);
    }
}
