using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Iati;
using Portal.Imports;

namespace Portal.Tests.Iati;

/// <summary>Where files of activities are checked and taken, without a page.</summary>
internal sealed class ImportDesk(TestDb test) : IAsyncDisposable
{
    public static async Task<ImportDesk> Open(Database database) => new(await TestDb.Open(database));

    public TestDb Test { get; } = test;
    public ImportBook Book { get; } = new(test.Store, new ImportTurns(test.Clock), test.Clock, NullLogger<ImportBook>.Instance);
    public IatiImport Import => new(Test.Store, Book);
    public ImportRunner Runner => new(Test.Store, [Import], Book, NullLogger<ImportRunner>.Instance);

    public async Task<ImportJob> Check(string file, Player? by = null)
    {
        var job = await Book.Start(by ?? Cast.Ingrid, ImportSubject.Programmes, "activities.xml", file.Length);
        await Import.Check(by ?? Cast.Ingrid, job, Spooled(file), CancellationToken.None);
        return await Job(job);
    }

    public async Task<ImportJob> Take(string file, Player? by = null, bool share = false, ImportChoice choice = ImportChoice.All)
    {
        var job = await Check(file, by);
        if (await Book.Choose(by ?? Cast.Ingrid, job.Id, choice, share))
            await Import.Apply(by ?? Cast.Ingrid, job.Id, Spooled(file), 0, CancellationToken.None);
        return await Job(job.Id);
    }

    public Task Apply(Guid job, string file) => Import.Apply(Cast.Ingrid, job, Spooled(file), 0, CancellationToken.None);

    public async Task<ImportJob> Job(Guid id)
    {
        await using var db = await Test.AsSystem();
        return await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == id);
    }

    public async Task<List<Programme>> Programmes()
    {
        await using var db = await Test.AsSystem();
        return await db.Programmes.Include(p => p.Organisation).AsNoTracking().OrderBy(p => p.Reference).ToListAsync();
    }

    /// <summary>Somebody of the organisation corrects a programme in the portal.</summary>
    public async Task Edit(string identifier, Func<Programme.Content, Programme.Content> edit)
    {
        await using var db = await Test.For(Cast.Ingrid);
        var programme = await db.Programmes.FirstAsync(p => p.IatiIdentifier == identifier);
        programme.Edit(Cast.Ingrid, edit(programme.Present), Test.Now);
        await db.SaveChangesAsync();
    }

    public async Task<List<ImportLine>> Lines(ImportJob job)
    {
        await using var db = await Test.For(Cast.Ingrid);
        return await db.ImportLines.AsNoTracking().Where(l => l.JobId == job.Id).OrderBy(l => l.Index).ToListAsync();
    }

    public async Task<string> Exported(Player by)
    {
        await using var db = await Test.For(by);
        var to = new MemoryStream();
        await IatiExport.Activities(db, to, Test.Now, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(to.ToArray());
    }

    private static FileStream Spooled(string text)
    {
        var file = new FileStream(
            Path.GetTempFileName(),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None,
            4096,
            FileOptions.DeleteOnClose
        );
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Position = 0;
        return file;
    }

    public ValueTask DisposeAsync() => Test.DisposeAsync();
}
