using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Funding;
using Portal.Assistance.Programmes;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Proposals;

/// <summary>A row of a list of proposals.</summary>
public sealed record ProposalRow(
    Guid Id,
    string Reference,
    string Title,
    Language Language,
    string NeedReference,
    string StateIso3,
    LocalName Provider,
    ProposalStatus Status,
    decimal? Amount,
    decimal? AcceptedAmount,
    string? Currency,
    IReadOnlyList<string> Modalities,
    DateOnly? From,
    DateOnly? To,
    DateTime UpdatedAt
)
{
    /// <summary>The row of one that is loaded with its organisation.</summary>
    public static ProposalRow Of(Proposal p) =>
        new(
            p.Id,
            p.Reference,
            p.Title,
            p.Language,
            p.NeedReference,
            p.StateIso3,
            p.Organisation.Name,
            p.Status,
            p.Amount,
            p.AcceptedAmount,
            p.Currency,
            p.Modalities,
            p.From,
            p.To,
            p.UpdatedAt
        );
}

/// <summary>Orders of a list of proposals, over what every reader of a proposal sees.</summary>
public enum ProposalSort
{
    /// <summary>Newest first.</summary>
    Newest,

    /// <summary>Reference.</summary>
    Reference,

    /// <summary>State, by code.</summary>
    State,

    /// <summary>Provider, by code.</summary>
    Provider,
}

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

    /// <summary>A page of the proposals the reader may see.</summary>
    public async Task<Page<ProposalRow>> List(Shell.ListAddress address, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var (page, size) = (address.Page, int.TryParse(address.One("pageSize"), out var s) ? Math.Clamp(s, 1, 200) : 50);
        var slice = await db.List(Request(address, page, size), ct);
        var rows = await Rows(db, slice.Ids, ct);
        return new Page<ProposalRow>(rows, slice.Total, slice.IsCapped, page, size)
        {
            Masked = await db.Masked(slice.Ids, rows.Select(r => r.Id), ct),
        };
    }

    /// <summary>All rows of a list, page by page, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<ProposalRow>> Export(
        Shell.ListAddress address,
        string format,
        int most = 10_000,
        CancellationToken ct = default
    )
    {
        await using var db = await actors.Open();
        var rows = await db.All((page, size) => Request(address, page, size), ids => Rows(db, ids, ct), most, ct);
        db.Audit(new Act("proposal.exported", (int)ProposalParts.Own, Subject: $"{format}:{rows.Count}"), Section.Proposals);
        await db.SaveChangesAsync(ct);
        return rows;
    }

    /// <summary>A page of what fits a list's address, for whoever the database is opened for.</summary>
    internal static async Task<IReadOnlyList<Guid>> Fitting(
        PortalDb db,
        Shell.ListAddress address,
        int page,
        int size,
        CancellationToken ct
    ) => (await db.List(Request(address, page, size), ct)).Ids;

    private static ListRequest<Proposal> Request(Shell.ListAddress address, int page, int size)
    {
        var statuses = address.AllOf<ProposalStatus>("status");
        List<string> providers = [.. address.All("provider").Select(p => p.ToLowerInvariant()).Distinct()];
        return new ListRequest<Proposal>(Proposal.Card)
        {
            Words = address.One("q"),
            Filter =
                statuses.Count + providers.Count == 0
                    ? null
                    : proposals =>
                        proposals.Where(p =>
                            (statuses.Count == 0 || statuses.Contains(p.Status))
                            && (providers.Count == 0 || providers.Contains(p.Organisation.Code))
                        ),
            Order = address.AllOf<ProposalSort>("sort").FirstOrDefault() switch
            {
                ProposalSort.Newest => null,
                ProposalSort.Reference => proposals => proposals.OrderBy(p => p.Reference),
                ProposalSort.State => proposals => proposals.OrderBy(p => p.StateIso3),
                ProposalSort.Provider => proposals => proposals.OrderBy(p => p.Organisation.Code),
            },
            States = [.. address.All("state").Select(x => MemberStates.Find(x)?.Iso3).OfType<string>().Distinct()],
            Page = page,
            PageSize = size,
        };
    }

    private static async Task<IReadOnlyList<ProposalRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var rows = (await Rows(db.Proposals.Where(p => ids.Contains(p.Id))).ToListAsync(ct)).ToDictionary(r => r.Id);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>
    /// The proposals that answer a need, as far as the reader may see them: all for its State and CTED, a provider's own for that provider.
    /// </summary>
    public async Task<IReadOnlyList<ProposalRow>> Answering(Guid needId, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await Rows(db.Proposals.Where(p => p.NeedId == needId).OrderBy(p => p.CreatedAt)).ToListAsync(ct);
    }

    private static IQueryable<ProposalRow> Rows(IQueryable<Proposal> proposals) =>
        proposals
            .AsNoTracking()
            .Select(p => new ProposalRow(
                p.Id,
                p.Reference,
                p.Says.Title,
                p.Says.Language,
                p.NeedReference,
                p.StateIso3,
                p.Organisation.Name,
                p.Status,
                p.Says.Amount,
                p.AcceptedAmount,
                p.Says.Currency,
                p.Says.Modalities,
                p.Says.From,
                p.Says.To,
                p.UpdatedAt
            ));

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
        proposal.Propose(db.Actor, need, Now);
        await duplicates.Tell(db, proposal, need.Theme);
    }

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
