using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>Does what waits to be done with an import, as whoever started it and with what they may do now.</summary>
public sealed class ImportRunner(PortalStore store, IEnumerable<IFileImport> imports, ImportBook book, ILogger<ImportRunner> log)
{
    /// <summary>Checks or takes.</summary>
    public async Task Work(Guid jobId, CancellationToken ct)
    {
        try
        {
            await using var file = await book.Spool(jobId, ct);
            if (await ActorOf(jobId, ct) is not { } actor)
            {
                await book.End(jobId, job => job.Fail("import.not_yours_any_more", 0, null, book.Now), ct);
                return;
            }
            await using var db = await store.OpenFor(actor);
            var job = await db.ImportJobs.AsNoTracking().Where(j => j.Id == jobId).OneOrNotFound(ct);
            var import = imports.Single(i => i.Takes(job.Format));
            if (job.Stage == ImportStage.Checking)
                await import.Check(actor, jobId, file, ct);
            else if (job.Stage == ImportStage.Applying)
                await import.Apply(actor, jobId, file, job.Next, ct);
        }
        catch (ImportUnreadable e)
        {
            await book.End(jobId, job => job.Fail(e.Code, e.Line, e.Detail, book.Now), ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            log.LogInformation("Import {Job} is another node's, or was given up", jobId);
        }
    }

    /// <summary>Who acts: the membership it was started under, as it stands now.</summary>
    private async Task<Actor?> ActorOf(Guid jobId, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("who started an import");
        var job = await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == jobId, ct);
        if (
            await db.Memberships.Include(m => m.Organisation).AsNoTracking().FirstOrDefaultAsync(m => m.Id == job.MembershipId, ct)
            is not { } membership
        )
            return null;
        var grants = await db.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync(ct);
        var actor = Actor.Of(membership, job.By, grants, book.Now);
        return ImportJob.May(actor, job.Subject) ? actor : null;
    }
}
