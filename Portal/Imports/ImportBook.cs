using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Programmes;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;

namespace Portal.Imports;

/// <summary>A kind of file that can be checked and taken.</summary>
public interface IFileImport
{
    /// <summary>Whether it is for files of a format.</summary>
    bool Takes(ImportFormat format);

    /// <summary>Checks a file and notes what each part of it would do. Writes no record.</summary>
    Task Check(Actor actor, Guid jobId, FileStream file, CancellationToken ct);

    /// <summary>Takes what is chosen, from one place of the file on.</summary>
    Task Apply(Actor actor, Guid jobId, FileStream file, int from, CancellationToken ct);
}

/// <summary>What is noted of imports, whatever file they are of.</summary>
public sealed class ImportBook(PortalStore store, ImportTurns turns, TimeProvider clock, ILogger<ImportBook> log)
{
    /// <summary>UTC.</summary>
    public DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Notes an import whose file is at hand and need not be received: a command's.</summary>
    internal async Task<Guid> Start(
        Actor actor,
        ImportSubject subject,
        string fileName,
        long size,
        Language language = Language.En,
        string? encoding = null
    )
    {
        await using var db = await store.OpenFor(actor);
        var job = ImportJob.AtHand(actor, subject, fileName, size, language, Now);
        job.Read([], encoding, false);
        db.ImportJobs.Add(job);
        db.Audit(new Act("import.received", 0, Subject: job.Id.ToString()), ImportJob.SectionOf(subject));
        await db.SaveChangesAsync();
        return job.Id;
    }

    /// <summary>Chooses what a command takes; null is what the check chose.</summary>
    /// <returns>Whether there is anything.</returns>
    internal async Task<bool> Choose(Actor actor, Guid jobId, ImportChoice? choice, bool shareAsPublished, bool publisherWins = false)
    {
        await using var db = await store.OpenFor(actor);
        if (publisherWins)
            await ImportService.SettleAll(db, jobId);
        if (choice is { } some)
            await ImportService.Choose(db, jobId, some);
        if (!await db.ImportLines.AnyAsync(l => l.JobId == jobId && l.IsChosen))
            return false;
        var job = await db.ImportJobs.SingleAsync(j => j.Id == jobId);
        job.Apply(shareAsPublished, Now);
        job.Hold(Now);
        db.Audit(new Act("import.applied", 0, Subject: jobId.ToString()), ImportJob.SectionOf(job.Subject));
        await db.SaveChangesAsync();
        return true;
    }

    /// <summary>Ends a command's import without writing.</summary>
    internal Task GiveUp(Guid jobId, ImportUnreadable? because = null) =>
        End(
            jobId,
            job =>
            {
                if (because is null)
                    job.Discard(Now);
                else
                    job.Fail(because.Code, because.Line, because.Detail, Now);
            },
            CancellationToken.None
        );

    /// <summary>Ends a stage of an import, and forgets the file where it was the last.</summary>
    internal async Task End(Guid jobId, Action<ImportJob> end, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("the end of an import");
        var job = await db.ImportJobs.SingleAsync(j => j.Id == jobId, ct);
        await DuplicateService.TellOf(store, db, job, Days.NotOver(Now));
        end(job);
        await db.SaveChangesAsync(ct);
        if (job.Stage is ImportStage.Done or ImportStage.Failed or ImportStage.Discarded)
            await db.ImportChunks.Where(c => c.JobId == jobId).ExecuteDeleteAsync(ct);
    }

    /// <summary>
    /// What was received, from the database into a file of this node, so that reading holds no connection and no more than a piece in
    /// memory.
    /// </summary>
    internal async Task<FileStream> Spool(Guid jobId, CancellationToken ct)
    {
        var file = new FileStream(
            Path.GetTempFileName(),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose | FileOptions.SequentialScan
        );
        await using var db = await store.OpenAsSystem("the file of an import");
        await foreach (
            var piece in db
                .ImportChunks.AsNoTracking()
                .Where(c => c.JobId == jobId)
                .OrderBy(c => c.Index)
                .Select(c => c.Bytes)
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
            await file.WriteAsync(piece, ct);
        file.Position = 0;
        return file;
    }

    /// <summary>Gives up imports whose file was not sent to its end within a day, and forgets what there is of it.</summary>
    public async Task Forget(CancellationToken ct)
    {
        var yesterday = Now.AddDays(-1);
        await using var db = await store.OpenAsSystem("files that were never sent to their end");
        foreach (
            var id in await db
                .ImportJobs.Where(j => j.Stage == ImportStage.Receiving && j.UpdatedAt < yesterday)
                .Select(j => j.Id)
                .ToListAsync(ct)
        )
            await End(id, job => job.Discard(Now), ct);
    }

    /// <summary>Forgets what an attempt to check that broke off, or came before, has left.</summary>
    internal async Task Clear(Actor actor, Guid jobId, CancellationToken ct)
    {
        await using var db = await store.OpenFor(actor);
        await db.ImportLines.Where(l => l.JobId == jobId).ExecuteDeleteAsync(ct);
    }

    /// <summary>Lets other files have their turn, where this one has had one for long enough.</summary>
    internal Task Pass(Guid jobId, CancellationToken ct) => turns.Pass(jobId, ct);

    /// <summary>
    /// Takes some together, all in one transaction; where one of them fails, each is tried alone, so that a bad one takes no other with it
    /// and is noted as refused.
    /// </summary>
    /// <param name="jobId">The import.</param>
    /// <param name="batch">What to take.</param>
    /// <param name="take">Writes them, all or none; with a reason, notes only that they are refused.</param>
    internal async Task TakeAll<T>(Guid jobId, IReadOnlyList<T> batch, Func<IReadOnlyList<T>, string?, Task> take)
    {
        await Pass(jobId, CancellationToken.None);
        try
        {
            await take(batch, null);
        }
        catch (Exception e) when (IsOfWhatIsTaken(e))
        {
            log.LogInformation(
                "A batch of import {Job} is tried one by one, for one of it failed: {Why}",
                jobId,
                (e as Refusal)?.Code ?? e.GetType().Name
            );
            foreach (var one in batch)
                await TakeAlone(one, take);
        }
    }

    private static async Task TakeAlone<T>(T one, Func<IReadOnlyList<T>, string?, Task> take)
    {
        try
        {
            await take([one], null);
        }
        catch (Exception e) when (IsOfWhatIsTaken(e))
        {
            await take([one], (e as Refusal)?.Code ?? "record.changed_meanwhile");
        }
    }

    // That the import itself was changed meanwhile means that another node has it, or that it was given up.
    private static bool IsOfWhatIsTaken(Exception e) =>
        e switch
        {
            Refusal => true,
            DbUpdateConcurrencyException changed => changed.Entries.All(x => x.Entity is not ImportJob),
            DbUpdateException => true,
            _ => false,
        };
}
