using Portal.Assistance.FollowUps;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Api;

/// <summary>A step of help being given.</summary>
public sealed record MilestoneItem(Guid Id, string Title, DateOnly DueOn, DateOnly? DeliveredOn, DateTime? ConfirmedAt);

/// <summary>The milestones of a proposal, and what the reader may do about them.</summary>
public sealed record MilestonesRecord(IReadOnlyList<MilestoneItem> Milestones, IReadOnlyList<string> Actions)
{
    internal static MilestonesRecord Of(MilestonesView v) =>
        new(
            [.. v.Milestones.Select(m => new MilestoneItem(m.Id, m.Title, m.DueOn, m.DeliveredOn, m.ConfirmedAt))],
            Inputs.Allowed(("set", v.MayReport), ("deliver", v.MayReport), ("confirm", v.MayConfirm))
        );
}

/// <summary>What became of a need that was matched.</summary>
public sealed record FollowUpRecord(
    NeedStatus Status,
    DateOnly? DeliveredOn,
    DateTime? ConcludedAt,
    string? OutcomeNote,
    bool IsDue,
    IReadOnlyList<string> Actions
)
{
    internal static FollowUpRecord Of(FollowUpView v) =>
        new(
            v.Status,
            v.DeliveredOn,
            v.ConcludedAt,
            v.Note,
            v.IsDue,
            Inputs.Allowed(("begin", v.MayBegin), ("delivered", v.MayConfirmDelivery), ("conclude", v.MayConclude))
        );
}

/// <summary>A milestone to set.</summary>
public sealed record MilestoneInput(string? Title, DateOnly? DueOn);

/// <summary>The day on which something was delivered.</summary>
public sealed record DeliveryInput([property: Called(nameof(Need.DeliveredOn))] DateOnly? Day);

/// <summary>Whether a need was met, and why.</summary>
public sealed record OutcomeInput(NeedStatus? Outcome, [property: Called(nameof(Need.OutcomeNote))] string? Why);

/// <summary>Follow-up: from help begun to whether the need was met.</summary>
internal static class FollowUpApi
{
    public static void MapFollowUp(this RouteGroupBuilder api)
    {
        var needs = api.MapKind(Need.Card, "/{reference}/follow-up", "Follow-up");
        needs.MapGet("", One).Says("getFollowUp", "What became of a need that was matched.", 404).Produces<FollowUpRecord>();
        needs
            .MapPost("/begin", (string reference, FollowUpService s) => After(s.Begin(reference), s, reference))
            .Verb("beginDelivery", "The State says that help has begun.")
            .Produces<FollowUpRecord>();
        needs
            .MapPost(
                "/delivered",
                (string reference, Body<DeliveryInput> body, FollowUpService s) =>
                    After(s.ConfirmDelivery(reference, Day(body.Value, nameof(Need.DeliveredOn))), s, reference)
            )
            .Verb("confirmDelivery", "The State confirms that help was delivered.", 400, 413, 415, 422)
            .Produces<FollowUpRecord>();
        needs
            .MapPost(
                "/conclude",
                (string reference, Body<OutcomeInput> body, FollowUpService s) => After(Conclude(reference, body.Value, s), s, reference)
            )
            .Verb("concludeNeed", "The State says whether the need was met.", 400, 413, 415, 422)
            .Produces<FollowUpRecord>();

        var proposals = api.MapKind(Proposal.Card, "/{reference}/milestones", "Follow-up");
        proposals.MapGet("", Steps).Says("listMilestones", "The milestones of a proposal.", 404).Produces<MilestonesRecord>();
        proposals
            .MapPost(
                "",
                (string reference, Body<MilestoneInput> body, FollowUpService s) => Step(Set(reference, body.Value, s), s, reference)
            )
            .Verb("setMilestone", "The provider sets a milestone.", 400, 413, 415, 422)
            .Produces<MilestonesRecord>();
        proposals
            .MapPost(
                "/{id:guid}/deliver",
                (string reference, Guid id, Body<DeliveryInput> body, FollowUpService s) =>
                    Step(s.Deliver(reference, id, Day(body.Value, nameof(Milestone.DeliveredOn))), s, reference)
            )
            .Verb("deliverMilestone", "The provider reports a milestone delivered.", 400, 413, 415, 422)
            .Produces<MilestonesRecord>();
        proposals
            .MapPost("/{id:guid}/confirm", (string reference, Guid id, FollowUpService s) => Step(s.Confirm(reference, id), s, reference))
            .Verb("confirmMilestone", "The State confirms a milestone.")
            .Produces<MilestonesRecord>();
    }

    private static DateOnly Day(DeliveryInput input, string field) => input.Day ?? throw new Refusal("field.required", field);

    private static Task Conclude(string reference, OutcomeInput input, FollowUpService followUp) =>
        followUp.Conclude(reference, input.Outcome ?? throw new Refusal("field.required", nameof(OutcomeInput.Outcome)), input.Why);

    private static Task Set(string reference, MilestoneInput input, FollowUpService followUp) =>
        followUp.SetMilestone(reference, input.Title ?? "", input.DueOn ?? throw new Refusal("field.required", nameof(Milestone.DueOn)));

    private static async Task<FollowUpRecord> One(string reference, FollowUpService followUp, CancellationToken ct = default) =>
        FollowUpRecord.Of(await followUp.Get(reference, ct));

    private static Task<FollowUpRecord> After(Task act, FollowUpService followUp, string reference) =>
        Inputs.After(act, () => One(reference, followUp));

    private static async Task<MilestonesRecord> Steps(string reference, FollowUpService followUp, CancellationToken ct = default) =>
        MilestonesRecord.Of(await followUp.Milestones(reference, ct));

    private static Task<MilestonesRecord> Step(Task act, FollowUpService followUp, string reference) =>
        Inputs.After(act, () => Steps(reference, followUp));
}
