using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Assistance;

namespace Portal.Assistance;

/// <summary>Gathers what the rules of the next step ask for, as far as whoever the database is opened for may know it.</summary>
internal static class NextSteps
{
    /// <summary>Of a need, its consents and requests loaded.</summary>
    public static async Task<NextStep> Of(PortalDb db, Need need, DateTime now, CancellationToken ct)
    {
        var own = db.Actor.Membership?.OrganisationId;
        var side = NeedSteps.SideOf(need, db.Actor);
        var situation = NeedSituation.Of(need, now);
        if (need.Status.IsShared() && side is NeedSide.FocalPoint or NeedSide.Contributor or NeedSide.Reader or NeedSide.Officer)
        {
            var stages = await db.Proposals.Where(p => p.NeedId == need.Id && p.WasMade).Select(p => p.Status).ToListAsync(ct);
            situation = situation with
            {
                Questions = await db.Questions.CountAsync(q => q.NeedId == need.Id && q.AnsweredAt == null, ct),
                Made = stages.Count,
                Waiting = stages.Count(s => s is ProposalStatus.Proposed or ProposalStatus.Shortlisted),
            };
        }
        else if (side == NeedSide.Provider)
        {
            var mine = await db
                .Proposals.Where(p => p.NeedId == need.Id && p.OrganisationId == own)
                .Select(p => new
                {
                    p.Reference,
                    p.Status,
                    p.UpdatedAt,
                })
                .ToListAsync(ct);
            var nearest = mine.OrderBy(p => Array.IndexOf(NearestFirst, p.Status)).ThenByDescending(p => p.UpdatedAt).FirstOrDefault();
            situation = situation with
            {
                Own = nearest?.Status,
                OwnReference = nearest?.Reference,
                SaidNotNow = await db.NotNow.AnyAsync(x => x.NeedId == need.Id && x.OrganisationId == own, ct),
            };
        }
        return NeedSteps.Of(need.Status, side, situation);
    }

    // Of several proposals of one's own the one that asks for most comes first.
    private static readonly ProposalStatus[] NearestFirst =
    [
        ProposalStatus.Draft,
        ProposalStatus.Accepted,
        ProposalStatus.Shortlisted,
        ProposalStatus.Proposed,
        ProposalStatus.Declined,
        ProposalStatus.Withdrawn,
    ];

    /// <summary>Of a proposal and its need, where the reader still sees it.</summary>
    public static async Task<NextStep> Of(PortalDb db, Proposal proposal, Need? need, DateTime now, CancellationToken ct)
    {
        var steps =
            proposal.Status == ProposalStatus.Accepted
                ? await db
                    .Milestones.Where(m => m.ProposalId == proposal.Id)
                    .Select(m => new
                    {
                        m.DueOn,
                        m.DeliveredOn,
                        m.ConfirmedAt,
                    })
                    .ToListAsync(ct)
                : [];
        return ProposalSteps.Of(
            proposal.Status,
            ProposalSteps.SideOf(proposal, db.Actor),
            new ProposalSituation(
                need?.IsOpenForReplies(now) == true,
                need?.Status.IsOpen() == true,
                need?.ReplyBy,
                steps.Count,
                steps.Where(m => m.DeliveredOn is null).Min(m => (DateOnly?)m.DueOn),
                steps.Count(m => m is { DeliveredOn: not null, ConfirmedAt: null }),
                proposal.Outcome is not null,
                proposal.Outcome == NeedStatus.Withdrawn
            )
        );
    }

    /// <summary>Of a programme.</summary>
    public static NextStep Of(PortalDb db, Programme programme, DateTime now) =>
        ProgrammeSteps.Of(
            programme.Status,
            ProgrammeSteps.SideOf(programme, db.Actor),
            new ProgrammeSituation(DateOnly.FromDateTime(now), programme.SharedAt is not null, programme.StartPlanned, programme.EndPlanned)
        );
}
