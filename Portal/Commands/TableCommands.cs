using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Commands;

/// <summary>Needs and programmes from tables, for operators.</summary>
public static class TableCommands
{
    private const string Help = "XLSX or CSV, with headings as in the template. New rows become drafts that nobody else sees, changed ones update; each needs the owner's own reference.\n--dry-run yes: says what would be done and writes nothing.";

    /// <summary><c>import needs</c>.</summary>
    public static readonly Command Needs = new("import needs", "FILE --as STATE [--dry-run yes]", "Reads a table as needs of a State.\n" + Help, context => Run(context, ImportSubject.Needs));

    /// <summary><c>import programmes</c>.</summary>
    public static readonly Command Programmes = new("import programmes", "FILE --as ORGANISATION [--dry-run yes]", "Reads a table as programmes of a provider or partner organisation.\n" + Help, context => Run(context, ImportSubject.Programmes));

    private static async Task Run(CommandContext context, ImportSubject subject)
    {
        var path = context.Arguments.Value("FILE");
        var code = context.Arguments.Needed("as");
        var isDry = context.Arguments.Option("dry-run") == "yes";
        context.Arguments.Done();
        if (!File.Exists(path))
            throw new CommandFailed($"There is no file {path}.");
        var actor = await IatiCommands.ActorOf(context, code, orState: subject == ImportSubject.Needs);
        if (!ImportJob.May(actor, subject))
            throw new CommandFailed($"{code} has no {subject.ToString().ToLowerInvariant()} of its own.");
        var (import, book) = (context.Service<TableImport>(), context.Service<ImportBook>());
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Guid job;
        try
        {
            if (ImportJob.FormatOf(path, subject) == ImportFormat.Iati)
                throw new CommandFailed($"{Path.GetFileName(path)} is no XLSX or CSV; for IATI there is import iati.");
            job = await book.Start(actor, subject, Path.GetFileName(path), file.Length);
        }
        catch (Refusal refusal)
        {
            throw new CommandFailed($"{refusal.Code}.");
        }
        try
        {
            await import.Check(actor, job, file, CancellationToken.None);
            await Say(context, job, actor);
            if (isDry || !await book.Choose(actor, job, ImportChoice.All, shareAsPublished: false))
            {
                await book.GiveUp(job);
                context.Say("Nothing was written.");
                return;
            }
            file.Position = 0;
            await import.Apply(actor, job, file, 0, CancellationToken.None);
            await using var db = await context.Service<PortalStore>().OpenFor(actor);
            context.Say($"{(await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == job)).Taken} records written.");
        }
        catch (ImportUnreadable e)
        {
            await book.GiveUp(job, e);
            throw new CommandFailed($"{e.Code}{(e.Line > 0 ? $" at line {e.Line}" : "")}. Nothing was written.");
        }
    }

    private static async Task Say(CommandContext context, Guid jobId, Actor actor)
    {
        await using var db = await context.Service<PortalStore>().OpenFor(actor);
        var job = await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
        context.Say($"{job.Activities} rows: {job.New} new, {job.Changed} changed, {job.Same} the same, {job.Refused} refused.");
        foreach (var line in await db.ImportLines.AsNoTracking().Where(l => l.JobId == jobId && l.Outcome == ActivityOutcome.Refused).OrderBy(l => l.Index).Take(50).ToListAsync())
            foreach (var problem in line.Problems.Where(p => p.Refuses))
                context.Say($"  row {problem.Line}: {problem.Code} at {problem.Where}{(problem.Value is null ? "" : $" ({problem.Value})")}");
    }
}
