using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Programmes;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Lists;

namespace Portal.Imports;

/// <summary>An import as its organisation's people see it.</summary>
public sealed record ImportView(
    Guid Id,
    string FileName,
    string By,
    long Size,
    long Received,
    ImportStage Stage,
    long BytesRead,
    int Activities,
    int New,
    int Changed,
    int Same,
    int Refused,
    int Taken,
    int Chosen,
    string? Fault,
    int FaultLine,
    string? FaultDetail,
    DateTime CreatedAt,
    bool MayShare,
    ImportSubject Subject,
    ImportFormat Format,
    IReadOnlyList<ImportColumn> Columns,
    string? Encoding,
    bool IsEncodingGuessed,
    Guid Version
)
{
    /// <summary>Whether somebody who looks should look again.</summary>
    public bool IsWorking() => Stage is ImportStage.Receiving or ImportStage.Checking or ImportStage.Applying;

    /// <summary>How much of the present work is done, 0 to 100.</summary>
    public int Percent => Size == 0 ? 0 : (int)(100 * (Stage == ImportStage.Receiving ? Received : BytesRead) / Size);
}

/// <summary>One activity or row of an import.</summary>
public sealed record ImportRow(
    int Index,
    string Identifier,
    string Title,
    int Line,
    ActivityOutcome Outcome,
    ImportRelevance Relevance,
    string? Reference,
    IReadOnlyList<ImportProblem> Problems,
    bool IsChosen,
    bool IsTaken
);

/// <summary>Which activities are chosen at once.</summary>
public enum ImportChoice
{
    /// <summary>Every new and changed one.</summary>
    All,

    /// <summary>Those that speak of terrorism or are tagged with a theme of the portal.</summary>
    Theme,

    /// <summary>Those of a sector that counter-terrorism assistance is published under.</summary>
    Sector,

    /// <summary>None; then one by one.</summary>
    None,
}

/// <summary>Imports of the organisation acted for: a file received piece by piece, checked, chosen from, taken.</summary>
public sealed class ImportService(ActorSource actors, PortalStore store, ImportBell bell, ReadingLog readings, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private async Task<PortalDb> Open(ImportSubject subject)
    {
        var db = await actors.Open();
        return ImportJob.May(db.Actor, subject) ? db : throw new NotFound();
    }

    private async Task<(PortalDb Db, ImportJob Job)> Open(Guid id, CancellationToken ct = default)
    {
        var db = await actors.Open();
        var job = await db.ImportJobs.Where(j => j.Id == id).OneOrNotFound(ct);
        return ImportJob.May(db.Actor, job.Subject) ? (db, job) : throw new NotFound();
    }

    /// <summary>The latest imports.</summary>
    public async Task<IReadOnlyList<ImportView>> List(ImportSubject subject = ImportSubject.Programmes, CancellationToken ct = default)
    {
        await using var db = await Open(subject);
        return
        [
            .. (
                await db
                    .ImportJobs.AsNoTracking()
                    .Where(j => j.Subject == subject)
                    .OrderByDescending(j => j.CreatedAt)
                    .Take(20)
                    .ToListAsync(ct)
            ).Select(j => View(j, 0, db.Actor)),
        ];
    }

    /// <summary>One import.</summary>
    /// <exception cref="NotFound">Missing, or another organisation's.</exception>
    public async Task<ImportView> Get(Guid id, CancellationToken ct = default)
    {
        var (db, job) = await Open(id, ct);
        await using var _ = db;
        return View(job, await db.ImportLines.CountAsync(l => l.JobId == id && l.IsChosen, ct), db.Actor);
    }

    private static ImportView View(ImportJob j, int chosen, Actor actor) =>
        new(
            j.Id,
            j.FileName,
            j.By,
            j.Size,
            j.Received,
            j.Stage,
            j.BytesRead,
            j.Activities,
            j.New,
            j.Changed,
            j.Same,
            j.Refused,
            j.Taken,
            chosen,
            j.Fault,
            j.FaultLine,
            j.FaultDetail,
            j.CreatedAt,
            MayShare(actor),
            j.Subject,
            j.Format,
            j.Columns,
            j.Encoding,
            j.IsEncodingGuessed,
            j.Version
        );

    private static bool MayShare(Actor actor) => actor.LevelIn(Section.Programmes) >= Level.Decide;

    /// <summary>A page of the activities found, in the file's order.</summary>
    public async Task<Page<ImportRow>> Lines(Guid id, Shell.ListAddress address, CancellationToken ct = default)
    {
        var (db, job) = await Open(id, ct);
        await using var closing = db;
        var lines = db.ImportLines.AsNoTracking().Where(l => l.JobId == id);
        if (address.AllOf<ActivityOutcome>("outcome") is { Count: > 0 } outcomes)
            lines = lines.Where(l => outcomes.Contains(l.Outcome));
        if (address.One("q") is { } words)
            lines = lines.Where(l => l.Identifier.Contains(words) || l.Title.Contains(words));
        var rows = await lines
            .OrderBy(l => l.Index)
            .Skip((address.Page - 1) * 50)
            .Take(50)
            .Select(l => new ImportRow(
                l.Index,
                l.Identifier,
                l.Title,
                l.Line,
                l.Outcome,
                l.Relevance,
                l.Reference,
                l.Problems,
                l.IsChosen,
                l.IsTaken
            ))
            .ToListAsync(ct);
        await Read(
            db,
            job.Subject,
            [.. rows.Where(r => r.Problems.Any(p => p.Before is not null)).Select(r => r.Reference).OfType<string>()],
            ct
        );
        return new Page<ImportRow>(rows, await lines.CountAsync(ct), false, address.Page, 50);
    }

    // What stands in a record, told beside what would replace it, is read as on the record's own page: on the record.
    private Task Read(PortalDb db, ImportSubject subject, IReadOnlyList<string> references, CancellationToken ct) =>
        references.Count == 0
            ? Task.CompletedTask
            : subject switch
            {
                ImportSubject.Needs => Read(db, db.Needs.Where(n => references.Contains(n.Reference)), ct),
                ImportSubject.Programmes => Read(db, db.Programmes.Where(p => references.Contains(p.Reference)), ct),
            };

    private async Task Read<T>(PortalDb db, IQueryable<T> shown, CancellationToken ct)
        where T : class, IProtected
    {
        var records = await shown.AsNoTracking().ToListAsync(ct);
        var views = await db.Views([.. records.Select(r => r.Id)], ct);
        await readings.Note(db, records.Select(r => ((IProtected)r, views.GetValueOrDefault(r.Id))), ct);
    }

    /// <summary>Begins to receive a file.</summary>
    public async Task<Guid> Receive(ImportSubject subject, string fileName, long size)
    {
        await using var db = await Open(subject);
        var job = ImportJob.Receive(db.Actor, subject, fileName, size, Shell.Culture.Current, Now);
        db.ImportJobs.Add(job);
        db.Audit(new Act("import.received", 0, Subject: job.Id.ToString()), ImportJob.SectionOf(subject));
        await db.SaveChangesAsync();
        return job.Id;
    }

    /// <summary>Receives all of a file and has it checked. No more than a piece of it is in memory.</summary>
    /// <param name="id">The import.</param>
    /// <param name="content">The file.</param>
    /// <param name="told">Called after each piece.</param>
    /// <param name="ct">Stops the receiving.</param>
    public async Task Fill(Guid id, Stream content, Func<Task>? told = null, CancellationToken ct = default)
    {
        var piece = new byte[ImportChunk.FullSize];
        while (true)
        {
            var read = await content.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
            var (db, job) = await Open(id, ct);
            await using var closing = db;
            if (read > 0)
                db.ImportChunks.Add(job.Take(piece.AsMemory(0, read), Now));
            if (read < piece.Length)
                job.Complete(Now);
            await db.SaveOrRefuse();
            if (told is not null)
                await told();
            if (read < piece.Length)
                break;
        }
        bell.Ring();
    }

    /// <summary>Says what the columns of a table fill and how its text is read, and has it checked anew.</summary>
    public async Task Map(Guid id, IReadOnlyList<string?> fields, string? encoding)
    {
        var (db, job) = await Open(id);
        await using var closing = db;
        Refusal.Unless(fields.OfType<string>().All(f => TableFields.Of(job.Subject).Any(known => known.Name == f)), "field.unknown_code");
        Refusal.If(
            fields.OfType<string>().GroupBy(f => f).Any(g => g.Count() > TableFields.MostColumns(job.Subject, g.Key)),
            "import.column_twice"
        );
        job.Map(fields, encoding, Now);
        db.Audit(new Act("import.mapped", 0, Subject: job.Id.ToString()), ImportJob.SectionOf(job.Subject));
        await db.SaveOrRefuse();
        bell.Ring();
    }

    /// <summary>Chooses many at once.</summary>
    public async Task Choose(Guid id, ImportChoice choice)
    {
        await using var db = await Waiting(id);
        await Choose(db, id, choice);
        await Touch(db, id);
    }

    // Whoever has the choice carried out has it carried out as they see it.
    private static Task Touch(PortalDb db, Guid id) =>
        db.ImportJobs.Where(j => j.Id == id).ExecuteUpdateAsync(s => s.SetProperty(j => j.Version, Guid.CreateVersion7()));

    internal static Task Choose(PortalDb db, Guid id, ImportChoice choice)
    {
        var wanted = choice switch
        {
            ImportChoice.All or ImportChoice.None => ImportRelevance.None,
            ImportChoice.Theme => ImportRelevance.Theme | ImportRelevance.Words,
            ImportChoice.Sector => ImportRelevance.Sector,
        };
        var all = choice == ImportChoice.All;
        return db
            .ImportLines.Where(l => l.JobId == id && (l.Outcome == ActivityOutcome.New || l.Outcome == ActivityOutcome.Changed))
            .ExecuteUpdateAsync(s => s.SetProperty(l => l.IsChosen, l => all || (l.Relevance & wanted) != 0));
    }

    /// <summary>Chooses these and no others, by their places in the file; of those that are not there or not to be taken, none.</summary>
    public async Task Choose(Guid id, IReadOnlyCollection<int> indexes)
    {
        await using var db = await Waiting(id);
        foreach (var line in await db.ImportLines.Where(l => l.JobId == id).ToListAsync())
            line.Choose(indexes.Contains(line.Index));
        await db.SaveChangesAsync();
        await Touch(db, id);
    }

    /// <summary>Chooses one, or leaves it out.</summary>
    public async Task Choose(Guid id, int index, bool chosen)
    {
        await using var db = await Waiting(id);
        (await db.ImportLines.Where(l => l.JobId == id && l.Index == index).OneOrNotFound()).Choose(chosen);
        await db.SaveChangesAsync();
        await Touch(db, id);
    }

    /// <summary>
    /// Says of a field that was changed by the publisher and in the portal whose word counts; the portal's does until somebody says so.
    /// </summary>
    public async Task Settle(Guid id, int index, string field, bool forPublisher)
    {
        await using var db = await Waiting(id);
        (await db.ImportLines.Where(l => l.JobId == id && l.Index == index).OneOrNotFound()).Settle(field, forPublisher);
        await db.SaveChangesAsync();
        await Touch(db, id);
    }

    /// <summary>Says that the publisher's word counts in every such field.</summary>
    public async Task SettleAll(Guid id)
    {
        await using var db = await Waiting(id);
        await SettleAll(db, id);
        await Touch(db, id);
    }

    internal static async Task SettleAll(PortalDb db, Guid id)
    {
        foreach (var line in await db.ImportLines.Where(l => l.JobId == id && l.Outcome == ActivityOutcome.Changed).ToListAsync())
        foreach (var field in line.Problems.Where(p => p.Code == IatiRestatement.ChangedHere).Select(p => p.Where).ToList())
            line.Settle(field, forPublisher: true);
        await db.SaveChangesAsync();
    }

    private async Task<PortalDb> Waiting(Guid id)
    {
        var (db, job) = await Open(id);
        Refusal.Unless(job.Stage == ImportStage.Checked, "import.wrong_stage");
        return db;
    }

    /// <summary>Has what is chosen taken.</summary>
    /// <param name="id">The import.</param>
    /// <param name="shareAsPublished">
    /// Whether new programmes are shared with everyone, as what is published already; a manager's to say.
    /// </param>
    public async Task Apply(Guid id, bool shareAsPublished)
    {
        var (db, job) = await Open(id);
        await using var closing = db;
        Refusal.If(shareAsPublished && (job.Format != ImportFormat.Iati || !MayShare(db.Actor)), "programme.not_yours_to_share");
        Refusal.Unless(await db.ImportLines.AnyAsync(l => l.JobId == id && l.IsChosen), "import.nothing_chosen");
        job.Apply(shareAsPublished, Now);
        db.Audit(new Act("import.applied", 0, Subject: job.Id.ToString()), ImportJob.SectionOf(job.Subject));
        await db.SaveOrRefuse();
        bell.Ring();
    }

    /// <summary>Gives it up and forgets the file.</summary>
    public async Task Discard(Guid id)
    {
        var (db, job) = await Open(id);
        await using var closing = db;
        await DuplicateService.TellOf(store, db, job, Days.NotOver(Now));
        job.Discard(Now);
        db.Audit(new Act("import.discarded", 0, Subject: job.Id.ToString()), ImportJob.SectionOf(job.Subject));
        await db.SaveOrRefuse();
        await db.ImportChunks.Where(c => c.JobId == id).ExecuteDeleteAsync();
    }
}
