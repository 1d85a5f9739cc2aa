using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;

namespace Portal.Assistance.Programmes;

/// <summary>Help that is the same as the one looked at, and what they have in common.</summary>
public sealed record DuplicateLine(string Reference, Kind Kind, string Title, Language Language, LocalName Provider, Overlap Overlap);

/// <summary>
/// Warns of duplicate assistance. Who may see both is told of both, with the reasons. For anybody else nothing differs, whether there is
/// such help or not; where somebody
/// offers what is given already, CTED is told, which may see both.
/// </summary>
public sealed class DuplicateService(ActorSource actors, PortalStore store, TimeProvider clock)
{
    private const int Most = 20;

    private DateOnly Today => Days.NotOver(clock.GetUtcNow().UtcDateTime);

    /// <summary>What is the same as a programme, of what the reader sees.</summary>
    public async Task<IReadOnlyList<DuplicateLine>> OfProgramme(string reference)
    {
        await using var db = await actors.Open();
        var programme = await db.Programmes.AsNoTracking().Where(p => p.Reference == reference).OneOrNotFound();
        return programme.Status is ProgrammeStatus.Completed or ProgrammeStatus.Cancelled ? [] : await Like(db, Of(programme));
    }

    /// <summary>What is the same as a proposal, of what the reader sees. Its theme is that of the need it answers.</summary>
    public async Task<IReadOnlyList<DuplicateLine>> OfProposal(string reference)
    {
        await using var db = await actors.Open();
        var proposal = await db.Proposals.AsNoTracking().Where(p => p.Reference == reference).OneOrNotFound();
        var theme = await db.Needs.Where(n => n.Id == proposal.NeedId).Select(n => n.Theme).FirstOrDefaultAsync();
        return theme is null || proposal.Outcome is not null || proposal.Status is ProposalStatus.Declined or ProposalStatus.Withdrawn
            ? []
            : await Like(db, Of(proposal, theme));
    }

    /// <summary>
    /// Tells CTED where help that is now before it is given already by others. Called within the act that brings it there.
    /// </summary>
    internal async Task Tell(PortalDb db, IProtected record, string? theme = null)
    {
        var help = record switch
        {
            Programme p => Of(p),
            Proposal p when theme is not null => Of(p, theme),
            _ => null,
        };
        if (help is null || !record.Exposures().Any(e => e.Audience == Audience.Cted))
            return;
        // Whoever acts does not see all of it; CTED does.
        await using var all = await store.OpenAsSystem("duplicate assistance, which CTED is told of");
        if ((await Like(all, help)).Count > 0)
            record.Acts.Tell(Audience.Cted, "duplicate.found");
    }

    /// <summary>
    /// Tells CTED at the end of an import that shared its programmes: one notice, at the first of them that is given twice, whether by
    /// others or among themselves.
    /// All programmes and proposals are gone through once, whatever their number.
    /// </summary>
    /// <param name="store">Opens what sees them all.</param>
    /// <param name="db">Where the import is about to end, however it does.</param>
    /// <param name="today">The day (UTC).</param>
    /// <param name="job">The import; one that was not being taken has nothing to tell, or told it when it ended.</param>
    internal static async Task TellOf(PortalStore store, PortalDb db, ImportJob job, DateOnly today)
    {
        if (job is not { Stage: ImportStage.Applying, Subject: ImportSubject.Programmes, ShareAsPublished: true, Taken: > 0 })
            return;
        await using var all = await store.OpenAsSystem("duplicate assistance, which CTED is told of");
        var taken = all.ImportLines.Where(l => l.JobId == job.Id && l.IsTaken && l.Outcome == ActivityOutcome.New).Select(l => l.RecordId);
        var given = await Helps(Given(all, today).Where(p => taken.Contains(p.Id))).ToListAsync();
        if (given.Count == 0)
            return;
        var repeated = new RepeatedHelp(given);
        await foreach (var help in Helps(Given(all, today)).AsAsyncEnumerable())
            repeated.Compare(help);
        await foreach (
            var (proposal, theme) in Proposed(all, today)
                .Join(all.Needs, p => p.NeedId, n => n.Id, (p, n) => new ValueTuple<Proposal, string>(p, n.Theme))
                .AsAsyncEnumerable()
        )
            repeated.Compare(Of(proposal, theme));
        if (repeated.Found.Count == 0)
            return;
        var first = await all.Programmes.Where(p => repeated.Found.Contains(p.Id)).OrderBy(p => p.Reference).FirstAsync();
        db.Notify(Audience.Cted, repeated.Found.Count == 1 ? "duplicate.found" : "duplicate.several", first);
    }

    private static IQueryable<Help> Helps(IQueryable<Programme> programmes)
    {
        Kind kind = Programme.Card; // a query takes it as a value
        return programmes.Select(p => new Help(p.Id, kind, p.OrganisationNumber, p.States, p.Themes, p.Modalities, p.Start, p.End));
    }

    private static Help Of(Programme p) =>
        new(p.Id, Programme.Card, p.OrganisationNumber, p.States, p.Themes, p.Modalities, p.Start, p.End);

    private static Help Of(Proposal p, string theme) =>
        new(p.Id, Proposal.Card, p.OrganisationNumber, [p.StateIso3], [theme], p.Modalities, p.From, p.To);

    // What is not yet before CTED is nobody's duplicate.
    private static IQueryable<Programme> Given(PortalDb db, DateOnly today) =>
        db
            .Programmes.AsNoTracking()
            .Where(p =>
                p.SharedAt != null
                && (p.End == null || p.End >= today)
                && (p.Status == ProgrammeStatus.Pipeline || p.Status == ProgrammeStatus.Active)
            );

    // Where the State has said what came of it, or has taken its need back, the help is over.
    private static IQueryable<Proposal> Proposed(PortalDb db, DateOnly today) =>
        db
            .Proposals.AsNoTracking()
            .Where(p =>
                p.WasMade
                && (p.Says.To == null || p.Says.To >= today)
                && p.Outcome == null
                && (ProposalStages.Waiting.Contains(p.Status) || p.Status == ProposalStatus.Accepted)
            );

    // Of others, or of the same organisation in another record: both are worth a look.
    private async Task<IReadOnlyList<DuplicateLine>> Like(PortalDb db, Help help)
    {
        var (states, themes, today) = (help.States, help.Themes, Today);
        if (help.HasEnded(today) || states.Count == 0 || themes.Count == 0)
            return [];
        var programmes = await Given(db, today)
            .Where(p =>
                p.Id != help.RecordId
                && p.States.Any(s => states.Contains(s))
                && p.Themes.Any(t => themes.Contains(t))
                && (help.From == null || p.End == null || p.End >= help.From)
                && (help.To == null || p.Start == null || p.Start <= help.To)
            )
            .OrderByDescending(p => p.UpdatedAt)
            .Take(200)
            .Select(p => new
            {
                p.Id,
                p.Reference,
                p.Title,
                p.Language,
                Provider = p.Organisation.Name,
                p.OrganisationNumber,
                p.States,
                p.Themes,
                p.Modalities,
                p.Start,
                p.End,
            })
            .ToListAsync();
        var proposals = await (
            from p in Proposed(db, today)
            join n in db.Needs on p.NeedId equals n.Id
            where p.Id != help.RecordId && states.Contains(p.StateIso3) && themes.Contains(n.Theme)
            orderby p.UpdatedAt descending
            select new
            {
                p.Id,
                p.Reference,
                p.Says.Title,
                p.Says.Language,
                Provider = p.Organisation.Name,
                p.OrganisationNumber,
                p.StateIso3,
                n.Theme,
                p.Says.Modalities,
                p.Says.From,
                p.Says.To,
            }
        )
            .Take(200)
            .ToListAsync();
        return
        [
            .. programmes
                .Select(p =>
                    Line(
                        p.Reference,
                        Programme.Card,
                        p.Title,
                        p.Language,
                        p.Provider,
                        new Help(p.Id, Programme.Card, p.OrganisationNumber, p.States, p.Themes, p.Modalities, p.Start, p.End)
                    )
                )
                .Concat(
                    proposals.Select(p =>
                        Line(
                            p.Reference,
                            Proposal.Card,
                            p.Title,
                            p.Language,
                            p.Provider,
                            new Help(p.Id, Proposal.Card, p.OrganisationNumber, [p.StateIso3], [p.Theme], p.Modalities, p.From, p.To)
                        )
                    )
                )
                .OfType<DuplicateLine>()
                .Take(Most),
        ];

        DuplicateLine? Line(string reference, Kind kind, string title, Language language, LocalName provider, Help other) =>
            Duplicates.Between(help, other) is { } overlap ? new DuplicateLine(reference, kind, title, language, provider, overlap) : null;
    }
}
