using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Programmes;

/// <summary>Programmes, for whoever asks: every read is a view of the parts they may see, every act a verb of the programme.</summary>
public sealed class ProgrammeService(
    ActorSource actors,
    Records<Programme> records,
    ReadingLog readings,
    DuplicateService duplicates,
    TimeProvider clock
)
{
    private const int FirstOfStage = 12;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A page of the programmes the reader may see.</summary>
    public async Task<Page<ProgrammeRow>> List(Shell.ListAddress address, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var (page, size) = (address.Page, int.TryParse(address.One("pageSize"), out var s) ? Math.Clamp(s, 1, 200) : 50);
        var slice = await db.List(Request(address, page, size), ct);
        var rows = await Rows(db, slice.Ids, ct);
        return new Page<ProgrammeRow>(rows, slice.Total, slice.IsCapped, page, size)
        {
            Masked = await db.Masked(slice.Ids, rows.Select(r => r.Id), ct),
        };
    }

    /// <summary>The same programmes by stage, the first of each.</summary>
    public async Task<IReadOnlyList<PipelineStage>> Pipeline(Shell.ListAddress address, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var stages = new List<PipelineStage>();
        foreach (
            var status in Enum.GetValues<ProgrammeStatus>()
                .Where(s => address.AllOf<ProgrammeStatus>("status") is var asked && (asked.Count == 0 || asked.Contains(s)))
        )
        {
            var slice = await db.List(Request(Shell.ListAddress.Of(address.With("status", status.ToString())), 1, FirstOfStage), ct);
            stages.Add(new PipelineStage(status, await Rows(db, slice.Ids, ct), slice.Total, slice.IsCapped));
        }
        return stages;
    }

    /// <summary>All rows of a list, page by page, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<ProgrammeRow>> Export(
        Shell.ListAddress address,
        string format,
        int most = 10_000,
        CancellationToken ct = default
    )
    {
        await using var db = await actors.Open();
        var rows = await db.All((page, size) => Request(address, page, size), ids => Rows(db, ids, ct), most, ct);
        db.Audit(new Act("programme.exported", (int)ProgrammeParts.Inner, Subject: $"{format}:{rows.Count}"), Section.Programmes);
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

    private static ListRequest<Programme> Request(Shell.ListAddress address, int page, int size)
    {
        var statuses = address.AllOf<ProgrammeStatus>("status");
        var themes = Themes.Within(address.All("theme"));
        List<string> modalities = [.. address.All("modality").Select(m => Modalities.Find(m)?.Code).OfType<string>().Distinct()];
        List<string> states =
        [
            .. address
                .All("state")
                .Select(s => MemberStates.Find(s)?.Iso3)
                .OfType<string>()
                .Concat(address.AllOf<RegionalGroup>("region").SelectMany(MemberStates.In).Select(s => s.Iso3))
                .Distinct(),
        ];
        List<string> providers = [.. address.All("provider").Select(p => p.ToLowerInvariant()).Distinct()];
        return new ListRequest<Programme>(Programme.Card)
        {
            Words = address.One("q"),
            Filter =
                statuses.Count + themes.Count + modalities.Count + states.Count + providers.Count == 0
                    ? null
                    : programmes =>
                    {
                        if (statuses.Count > 0)
                            programmes = programmes.Where(p => statuses.Contains(p.Status));
                        if (themes.Count > 0)
                            programmes = programmes.Where(p => p.Themes.Any(t => themes.Contains(t)));
                        if (modalities.Count > 0)
                            programmes = programmes.Where(p => p.Modalities.Any(m => modalities.Contains(m)));
                        if (states.Count > 0)
                            programmes = programmes.Where(p => p.States.Any(s => states.Contains(s)));
                        if (providers.Count > 0)
                            programmes = programmes.Where(p => providers.Contains(p.Organisation.Code));
                        return programmes;
                    },
            Order = address.AllOf<ProgrammeSort>("sort").FirstOrDefault() switch
            {
                ProgrammeSort.Newest => null,
                ProgrammeSort.Start => programmes => programmes.OrderBy(p => p.Start == null).ThenByDescending(p => p.Start),
                ProgrammeSort.End => programmes => programmes.OrderBy(p => p.End == null).ThenBy(p => p.End),
                ProgrammeSort.Reference => programmes => programmes.OrderBy(p => p.Reference),
            },
            Page = page,
            PageSize = size,
        };
    }

    private static async Task<IReadOnlyList<ProgrammeRow>> Rows(PortalDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var views = await db.Views(ids, ct);
        var rows = await db
            .Programmes.Where(p => ids.Contains(p.Id))
            .AsNoTracking()
            .Select(p => new ProgrammeRow(
                p.Id,
                p.Reference,
                p.Title,
                p.Language,
                p.Organisation.Name,
                p.States,
                p.Themes,
                p.Modalities,
                p.Status,
                p.Start,
                p.End,
                ProgrammeParts.None,
                p.IatiIdentifier,
                p.Budget,
                p.Committed,
                p.Disbursed,
                p.Currency,
                p.UpdatedAt
            ))
            .ToDictionaryAsync(p => p.Id, ct);
        // A programme hidden between the two questions is simply no longer there.
        return
        [
            .. ids.Where(id => rows.ContainsKey(id) && views.ContainsKey(id)).Select(id => Masked(rows[id], (ProgrammeParts)views[id])),
        ];
    }

    private static ProgrammeRow Masked(ProgrammeRow row, ProgrammeParts parts)
    {
        row = row with { Parts = parts };
        if (!parts.Has(ProgrammeParts.Finance))
            row = row with { Budget = null, Committed = null, Disbursed = null, Currency = null };
        if (!parts.Has(ProgrammeParts.Description))
            row = row with { IatiIdentifier = null };
        return parts.Has(ProgrammeParts.Inner) ? row : row with { UpdatedAt = null };
    }

    /// <summary>One programme as the reader sees it. That it was opened is on the record, once it has been shared.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<ProgrammeView> Get(string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var programme = await records.One(db, reference, ct);
        var parts = (ProgrammeParts)Decision.On(programme, db.Actor).View;
        var needs = await db
            .ServedNeeds.Where(s => s.ProgrammeId == programme.Id)
            .Join(db.Needs, s => s.NeedId, n => n.Id, (_, n) => n)
            .OrderBy(n => n.Reference)
            .Select(n => new ServedLine(n.Reference, n.Title, n.Language, n.Status.ToString()))
            .ToListAsync(ct);
        await readings.Note(db, programme, (int)parts, ct);
        return ProgrammeView.Of(
            programme,
            parts,
            needs,
            await FileService.Of(db, programme.Id, ct),
            ProgrammeActs.Of(programme, db.Actor)
        ) with
        {
            Next = NextSteps.Of(db, programme, Now),
        };
    }

    /// <summary>The programmes that serve a need, as far as the reader sees both.</summary>
    public async Task<IReadOnlyList<ServedLine>> Serving(Guid needId)
    {
        await using var db = await actors.Open();
        return await db
            .ServedNeeds.Where(s => s.NeedId == needId)
            .Join(db.Programmes, s => s.ProgrammeId, p => p.Id, (_, p) => p)
            .OrderBy(p => p.Reference)
            .Select(p => new ServedLine(p.Reference, p.Title, p.Language, p.Status.ToString()))
            .ToListAsync();
    }

    /// <summary>Who can see a programme and why: for those who see it whole. Others learn only why they see it themselves.</summary>
    public Task<IReadOnlyList<ReaderLine>> Readers(string reference) => records.Readers(reference);

    /// <summary>Providers and partner organisations, or those of one kind, to filter by.</summary>
    public async Task<IReadOnlyList<(string Code, LocalName Name)>> Providers(OrganisationKind? kind = null)
    {
        await using var db = await actors.Open();
        return
        [
            .. (
                await db
                    .Organisations.Where(o =>
                        kind == null ? o.Kind == OrganisationKind.Provider || o.Kind == OrganisationKind.Partner : o.Kind == kind
                    )
                    .Select(o => new { o.Code, o.Name })
                    .ToListAsync()
            ).Select(o => (o.Code, o.Name)),
        ];
    }

    /// <summary>What a programme says now, with the version its form is opened on.</summary>
    public async Task<(Programme.Content Content, Guid Version)> Content(string reference)
    {
        await using var db = await actors.Open();
        var programme = await records.One(db, reference);
        return programme.CanEdit(db.Actor) ? (programme.Present, programme.Version) : throw new NotFound();
    }

    /// <summary>Starts a programme of the organisation acted for.</summary>
    /// <returns>Its reference.</returns>
    public Task<string> Draft(Programme.Content content) =>
        records.Draft(actor => Programme.Draft(Records<Programme>.Unnumbered, actor, content, Now));

    /// <summary>Changes what a programme says.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody saved first.</exception>
    public Task Edit(string reference, Guid version, Programme.Content content) =>
        records.Edit(reference, version, (programme, actor) => programme.Edit(actor, content, Now));

    /// <summary>Says with whom it is shared.</summary>
    /// <param name="reference">Reference.</param>
    /// <param name="with">With whom.</param>
    /// <param name="seen">With whom it was when that was chosen, where it is to be as it was then.</param>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when somebody chose first.</exception>
    public Task Share(string reference, ProgrammeSharing with, ProgrammeSharing? seen = null) =>
        records.Act(
            reference,
            async (db, programme) =>
            {
                Refusal.If(seen is not null && programme.CanShare(db.Actor) && programme.Sharing != seen, "record.changed_meanwhile");
                var isFirst = programme.SharedAt is null;
                programme.Share(db.Actor, with, Now);
                if (isFirst)
                    await duplicates.Tell(db, programme);
            }
        );

    /// <summary>Attaches a file.</summary>
    public Task<FileLine> AddFile(string reference, string fileName, ReadOnlyMemory<byte> content) =>
        records.Act(reference, (db, programme) => FileService.Add(db, programme, fileName, content));

    /// <summary>Takes a file away.</summary>
    public Task RemoveFile(string reference, Guid fileId) =>
        records.Act(reference, (db, programme) => FileService.Remove(db, programme, fileId));

    /// <summary>It has begun.</summary>
    public Task Start(string reference) => records.Act(reference, (programme, actor) => programme.Begin(actor, Now));

    /// <summary>It has ended as planned.</summary>
    public Task Complete(string reference) => records.Act(reference, (programme, actor) => programme.Complete(actor, Now));

    /// <summary>It is given up.</summary>
    public Task Cancel(string reference, string why) => records.Act(reference, (programme, actor) => programme.Cancel(actor, why, Now));

    /// <summary>Says that it serves a need, by the need's reference.</summary>
    public Task Serve(string reference, string needReference) =>
        records.Act(
            reference,
            async (db, programme) =>
            {
                var need = await Need(db, needReference);
                Refusal.If(
                    await db.ServedNeeds.AnyAsync(s => s.ProgrammeId == programme.Id && s.NeedId == need.Id),
                    "programme.need_linked_already",
                    "Need"
                );
                db.ServedNeeds.Add(programme.Serve(db.Actor, need, Now));
            }
        );

    /// <summary>Says that it no longer serves a need.</summary>
    public Task NoLongerServes(string reference, string needReference) =>
        records.Act(
            reference,
            async (db, programme) =>
            {
                var need = await Need(db, needReference);
                programme.NoLongerServes(db.Actor, need, Now);
                db.ServedNeeds.Remove(
                    await db.ServedNeeds.Where(s => s.ProgrammeId == programme.Id && s.NeedId == need.Id).OneOrNotFound()
                );
            }
        );

    private static async Task<Need> Need(PortalDb db, string reference)
    {
        var asked = (reference ?? "").Trim();
        return await db.Needs.Include(n => n.Consents).FirstOrDefaultAsync(n => n.Reference == asked)
            ?? throw new Refusal("programme.need_unknown", "Need");
    }
}
