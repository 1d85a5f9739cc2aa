using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

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

    /// <summary>The programmes that a list shows, by stage, the first of each.</summary>
    public async Task<IReadOnlyList<PipelineStage>> Pipeline(Shell.ListAddress address, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var stages = new List<PipelineStage>();
        foreach (
            var status in Enum.GetValues<ProgrammeStatus>()
                .Where(s => address.AllOf<ProgrammeStatus>("status") is var asked && (asked.Count == 0 || asked.Contains(s)))
        )
        {
            var one = Shell.ListAddress.Of(address.With("status", status.ToString()));
            var slice = await db.List(ProgrammeList.List.Request(one) with { PageSize = FirstOfStage }, ct);
            stages.Add(new PipelineStage(status, await ProgrammeList.List.Rows(db, slice.Ids, one, ct), slice.Total, slice.IsCapped));
        }
        return stages;
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
        var veiled = await db.Veiled(new Dictionary<Guid, int> { [programme.Id] = (int)parts }, ct);
        var view = ProgrammeView.Of(
            programme,
            parts,
            needs,
            await FileService.Of(db, programme.Id, ct),
            ProgrammeActs.Of(programme, db.Actor)
        );
        return view with
        {
            Row = view.Row with { Veiled = (ProgrammeParts)veiled.GetValueOrDefault(programme.Id) },
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
    public async Task<IReadOnlyList<ProviderOption>> Providers(OrganisationKind? kind = null)
    {
        await using var db = await actors.Open();
        return await db
            .Organisations.Where(o =>
                kind == null ? o.Kind == OrganisationKind.Provider || o.Kind == OrganisationKind.Partner : o.Kind == kind
            )
            .Select(o => new ProviderOption(o.Code, o.Name))
            .ToListAsync();
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
