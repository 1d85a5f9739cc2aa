using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Imports;

namespace Portal.Commands;

/// <summary>Needs and programmes from tables, for operators.</summary>
public static class TableCommands
{
    private const string Help =
        "XLSX or CSV, with headings as in the template. New rows become drafts that nobody else sees, changed ones update; each needs the owner's own reference.\n--language TAG: of texts whose row names none; without it en. --encoding NAME: of a text that is no Unicode and does not say: utf-8, windows-1251, windows-1252, windows-1256 or gb18030.\n--dry-run yes: says what would be done and writes nothing.";

    /// <summary><c>import needs</c>.</summary>
    public static readonly Command Needs = new(
        "import needs",
        "FILE --as STATE [--language TAG] [--encoding NAME] [--dry-run yes]",
        "Reads a table as needs of a State.\n" + Help,
        context => Run(context, ImportSubject.Needs)
    );

    /// <summary><c>import programmes</c>.</summary>
    public static readonly Command Programmes = new(
        "import programmes",
        "FILE --as ORGANISATION [--language TAG] [--encoding NAME] [--dry-run yes]",
        "Reads a table as programmes of a provider or partner organisation.\n" + Help,
        context => Run(context, ImportSubject.Programmes)
    );

    private static async Task Run(CommandContext context, ImportSubject subject)
    {
        var path = context.Arguments.Value("FILE");
        var code = context.Arguments.Needed("as");
        var isDry = context.Arguments.Option("dry-run") == "yes";
        var (tag, encoding) = (context.Arguments.Option("language"), context.Arguments.Option("encoding")?.ToLowerInvariant());
        context.Arguments.Done();
        var language = Language.En;
        if (tag is not null && !Languages.TryParse(tag, out language))
            throw new CommandFailed($"--language takes {string.Join(", ", Languages.All.Select(l => l.Tag()))}.");
        if (encoding is not null && !TextFile.Encodings.Contains(encoding))
            throw new CommandFailed($"--encoding takes {string.Join(", ", TextFile.Encodings)}.");
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
            job = await book.Start(actor, subject, Path.GetFileName(path), file.Length, language, encoding);
        }
        catch (Refusal refusal)
        {
            throw new CommandFailed($"{refusal.Code}.");
        }
        try
        {
            await import.Check(actor, job, file, CancellationToken.None);
            await Say(context, job, actor);
            if (isDry || !await book.Choose(actor, job, null, shareAsPublished: false))
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
            throw new CommandFailed(
                $"{e.Code}{(e.Line > 0 ? $" at line {e.Line}" : "")}{(e.Detail is { Length: > 0 } detail ? $" ({detail})" : "")}. Nothing was written."
            );
        }
    }

    private static async Task Say(CommandContext context, Guid jobId, Actor actor)
    {
        await using var db = await context.Service<PortalStore>().OpenFor(actor);
        var job = await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
        context.Say($"{job.Activities} rows: {job.New} new, {job.Changed} changed, {job.Same} the same, {job.Refused} refused.");
        if (job.IsEncodingGuessed)
            context.Say(
                $"The file is no Unicode and does not say how it is encoded: read as {job.Encoding}, which is a guess. Look at the texts first, and say --encoding where it is wrong."
            );
        var left = await db.ImportLines.CountAsync(l => l.JobId == jobId && l.Outcome == ActivityOutcome.Changed && !l.IsChosen);
        if (left > 0)
            context.Say(
                $"{left} changed rows are left out: their records were changed in the portal since they were last imported. Take them on the import's page."
            );
        foreach (
            var line in await db
                .ImportLines.AsNoTracking()
                .Where(l => l.JobId == jobId && l.Outcome == ActivityOutcome.Refused)
                .OrderBy(l => l.Index)
                .Take(50)
                .ToListAsync()
        )
        foreach (var problem in line.Problems.Where(p => p.Refuses))
            context.Say($"  row {problem.Line}: {problem.Code} at {problem.Where}{(problem.Value is null ? "" : $" ({problem.Value})")}");
    }
}
