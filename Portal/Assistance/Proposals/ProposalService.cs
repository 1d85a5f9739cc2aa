using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Funding;
using Portal.Assistance.Programmes;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Assistance.Proposals;

/// <summary>What the reader may do with a proposal.</summary>
/// <param name="Edit">Change it.</param>
/// <param name="Propose">Send it to the State.</param>
/// <param name="Withdraw">Take it back.</param>
/// <param name="Shortlist">Keep it for comparison.</param>
/// <param name="Answer">Decline it.</param>
/// <param name="Accept">Accept it: while its need takes acceptances.</param>
public sealed record ProposalActs(bool Edit, bool Propose, bool Withdraw, bool Shortlist, bool Answer, bool Accept);

/// <summary>A proposal as one reader sees it.</summary>
/// <param name="Row">What the list shows.</param>
/// <param name="Says">What is proposed.</param>
/// <param name="Answer">The State's answer when it declined.</param>
/// <param name="Version">Concurrency token.</param>
/// <param name="NeedTitle">Title of the need, if the reader still sees it.</param>
/// <param name="Acts">What the reader may do.</param>
/// <param name="Outcome">What came of it, as the State says.</param>
/// <param name="IsComplete">Whether it says all that a State has to be told; a draft need not.</param>
/// <param name="Next">What the reader can do next, or who is awaited.</param>
/// <param name="WasMade">Whether it has left the provider's hands.</param>
public sealed record ProposalView(
    ProposalRow Row,
    Proposal.Content Says,
    string? Answer,
    Guid Version,
    string? NeedTitle,
    ProposalActs Acts,
    NeedStatus? Outcome = null,
    NextStep? Next = null,
    bool WasMade = false,
    bool IsComplete = true
);

/// <summary>Proposals, for whoever asks.</summary>
public sealed class ProposalService(
    ActorSource actors,
    Records<Proposal> records,
    ReadingLog readings,
    DuplicateService duplicates,
    TimeProvider clock
)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>
    /// The proposals that answer a need, as far as the reader may see them: all for its State and CTED, a provider's own for that provider.
    /// </summary>
    public async Task<IReadOnlyList<ProposalRow>> Answering(Guid needId, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await ProposalList.Of(db.Proposals.Where(p => p.NeedId == needId).OrderBy(p => p.CreatedAt)).ToListAsync(ct);
    }

    /// <summary>
    /// One proposal. That it was opened is on the record, once it has been made: before that it is its provider's own paper.
    /// </summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<ProposalView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var proposal = await records.One(db, reference, ct);
        var need = await NeedOf(db, proposal, ct);
        await readings.Note(db, proposal, (int)ProposalParts.Content, ct);
        return new ProposalView(
            ProposalRow.Of(proposal),
            proposal.Says,
            proposal.Answer,
            proposal.Version,
            need?.Title,
            new ProposalActs(
                proposal.CanEdit(db.Actor),
                need is not null && proposal.CanPropose(db.Actor, need, Now),
                proposal.CanWithdraw(db.Actor),
                proposal.CanShortlist(db.Actor),
                need is not null && proposal.CanAnswer(db.Actor),
                need?.Status.IsOpen() == true && proposal.CanAnswer(db.Actor)
            ),
            proposal.Outcome,
            await NextSteps.Of(db, proposal, need, Now, ct),
            proposal.WasMade,
            proposal.Missing().Count == 0
        );
    }

    /// <summary>Who can see a proposal and why: for those who see it whole. Others learn only why they see it themselves.</summary>
    public Task<IReadOnlyList<ReaderLine>> Readers(string reference) => records.Readers(reference);

    private static Task<Need?> NeedOf(PortalDb db, Proposal proposal, CancellationToken ct = default) =>
        db.Needs.Whole().FirstOrDefaultAsync(n => n.Id == proposal.NeedId, ct);

    /// <summary>Starts a proposal for a need; <paramref name="propose"/> makes it at once.</summary>
    /// <returns>Its reference.</returns>
    public Task<string> Draft(string needReference, Proposal.Content content, bool propose) =>
        records.Draft(async db =>
        {
            var need = await db.Needs.Include(n => n.Consents).Where(n => n.Reference == needReference).OneOrNotFound();
            var proposal = Proposal.Draft(Records<Proposal>.Unnumbered, db.Actor, need, content, Now);
            if (propose)
                await Propose(db, proposal, need);
            return proposal;
        });

    /// <summary>Changes a draft.</summary>
    /// <param name="reference">Reference.</param>
    /// <param name="version">Version the form was opened on.</param>
    /// <param name="content">What it says now.</param>
    /// <param name="propose">Whether it is made to the State with it: both or neither.</param>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Edit(string reference, Guid version, Proposal.Content content, bool propose = false) =>
        records.Edit(
            reference,
            version,
            async (db, proposal) =>
            {
                proposal.Edit(db.Actor, content, Now);
                if (propose)
                    await Propose(db, proposal, await NeedOf(db, proposal) ?? throw new Refusal("need.not_circulated"));
            }
        );

    /// <summary>Makes it to the State.</summary>
    public Task Propose(string reference) =>
        records.Act(reference, async (db, proposal) => await Propose(db, proposal, await NeedOf(db, proposal) ?? throw new NotFound()));

    private async Task Propose(PortalDb db, Proposal proposal, Need need)
    {
        DemandAsSeen(db, need);
        proposal.Propose(db.Actor, need, Now);
        await duplicates.Tell(db, proposal, need.Theme);
    }

    // One that is made while its need is closed would wait for an answer that nobody gives.
    internal static void DemandAsSeen(PortalDb db, Need need) =>
        db.InTurn(
            Turn(need),
            async () =>
                Refusal.If(
                    await db.Needs.Where(n => n.Id == need.Id).Select(n => n.Version).FirstOrDefaultAsync() != need.Version,
                    "record.changed_meanwhile"
                )
        );

    /// <summary>All proposals made to a need, for an act that closes those that wait: none may have come by the time it is done.</summary>
    internal static async Task<IReadOnlyList<Proposal>> MadeTo(PortalDb db, Need need)
    {
        var made = await db.Proposals.Include(p => p.Organisation).Where(p => p.NeedId == need.Id).ToListAsync();
        var waiting = made.FindAll(p => p.Status.Waits()).ConvertAll(p => p.Id);
        db.Screen?.DemandBeside(need.Id, waiting);
        db.InTurn(
            Turn(need),
            async () =>
            {
                var now = await db
                    .Proposals.Where(p => p.NeedId == need.Id && ProposalStages.Waiting.Contains(p.Status))
                    .Select(p => p.Id)
                    .ToListAsync();
                Refusal.Unless(now.ToHashSet().SetEquals(waiting), "record.changed_meanwhile");
            }
        );
        return made;
    }

    private static string Turn(Need need) => "proposals/" + need.StateIso3;

    /// <summary>Shortlists it.</summary>
    public Task Shortlist(string reference) => records.Act(reference, (proposal, actor) => proposal.Shortlist(actor, Now));

    /// <summary>Accepts it, whole or in part.</summary>
    public Task Accept(string reference, decimal? part) =>
        records.Act(
            reference,
            async (db, proposal) =>
                proposal.Accept(db.Actor, await NeedOf(db, proposal) ?? throw new NotFound(), part, Now, await db.AllRates())
        );

    /// <summary>Declines it.</summary>
    public Task Decline(string reference, string? answer) =>
        records.Act(reference, (proposal, actor) => proposal.Decline(actor, answer, Now));

    /// <summary>Takes it back.</summary>
    public Task Withdraw(string reference, string? why) => records.Act(reference, (proposal, actor) => proposal.Withdraw(actor, why, Now));
}
