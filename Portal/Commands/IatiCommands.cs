using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Iati;
using Portal.Imports;

namespace Portal.Commands;

/// <summary>Programmes in and out as IATI files, for operators.</summary>
public static class IatiCommands
{
    /// <summary><c>import iati</c>.</summary>
    public static readonly Command Import = new(
        "import iati",
        "FILE --as ORGANISATION [--take all|theme|sector] [--share everyone|nobody] [--conflicts portal|publisher] [--dry-run yes]",
        "Reads an IATI 2 activity file as programmes of an organisation: new ones are added, changed ones updated, none made twice.\n"
            + "Only what the file changes against the one before is taken; what was corrected in the portal since stays, and is said.\n"
            + "--take: all of it (usual), what speaks of terrorism or bears a theme of the portal, or what is of a sector that such assistance is published under.\n"
            + "--share: whether new programmes are shown to everyone, as what is published already, or to nobody yet (usual).\n"
            + "--conflicts: whose word counts where a field was changed on both sides since the last import; the portal's (usual) or the publisher's.\n--dry-run yes: says what would be done and writes no programme.",
        RunImport
    );

    /// <summary><c>export iati</c>.</summary>
    public static readonly Command Export = new(
        "export iati",
        "--as ORGANISATION [--file FILE] [--organisation-file yes]",
        "Writes the programmes that an organisation shows to everyone as an IATI 2.03 activity file; as CTED, those of all organisations.\n--organisation-file yes: the organisation file instead.",
        RunExport
    );

    private static async Task RunImport(CommandContext context)
    {
        var path = context.Arguments.Value("FILE");
        var code = context.Arguments.Needed("as");
        var take = context.Arguments.Option("take") ?? "all";
        var share = context.Arguments.Option("share") ?? "nobody";
        var conflicts = context.Arguments.Option("conflicts") ?? "portal";
        var isDry = context.Arguments.Option("dry-run") == "yes";
        context.Arguments.Done();
        var choice = take switch
        {
            "all" => ImportChoice.All,
            "theme" => ImportChoice.Theme,
            "sector" => ImportChoice.Sector,
            _ => throw new NotUnderstood("--take is none of all, theme, sector."),
        };
        if (share is not ("everyone" or "nobody"))
            throw new NotUnderstood("--share is none of everyone, nobody.");
        if (conflicts is not ("portal" or "publisher"))
            throw new NotUnderstood("--conflicts is none of portal, publisher.");
        if (!File.Exists(path))
            throw new CommandFailed($"There is no file {path}.");
        var actor = await ActorOf(context, code);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (import, book) = (context.Service<IatiImport>(), context.Service<ImportBook>());
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var job = await book.Start(actor, ImportSubject.Programmes, Path.GetFileName(path), file.Length);
        try
        {
            await import.Check(actor, job, file, CancellationToken.None);
            var refused = await Say(context, job, actor, isDry ? 50 : 20);
            if (isDry)
            {
                await book.GiveUp(job);
            }
            else if (await book.Choose(actor, job, choice, share == "everyone", conflicts == "publisher"))
            {
                file.Position = 0;
                await import.Apply(actor, job, file, 0, CancellationToken.None);
                await using var db = await context.Service<PortalStore>().OpenFor(actor);
                var done = await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == job);
                var late = done.Refused - refused;
                if (late > 0)
                    context.Say(
                        $"{late} not written: somebody else changed or imported them at the same moment. Run the import again to see how they stand."
                    );
                context.Say(
                    $"{done.Taken} programmes written in {watch.Elapsed.TotalSeconds:0.0} s; largest memory {System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 / 1048576} MB."
                );
            }
            else
            {
                context.Say("Nothing to write.");
            }
        }
        catch (ImportUnreadable e)
        {
            await book.GiveUp(job, e);
            throw new CommandFailed($"{e.Code} at line {e.Line}{(e.Detail is { Length: > 0 } d ? $" ({d})" : "")}. {Explained(e.Code)}");
        }
    }

    private static string Explained(string code) =>
        code switch
        {
            "iati.old_version" => "The file is of IATI 1, which is no longer supported; ask for it in version 2.03.",
            "iati.organisation_file" => "This is an organisation file; programmes come from an activity file.",
            "iati.dtd" => "Document types and entities are not read.",
            _ => "No programme was written.",
        };

    private static async Task<int> Say(CommandContext context, Guid jobId, Actor actor, int most)
    {
        await using var db = await context.Service<PortalStore>().OpenFor(actor);
        var job = await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == jobId);
        context.Say($"{job.Activities} activities: {job.New} new, {job.Changed} changed, {job.Same} the same, {job.Refused} refused.");
        foreach (
            var line in await db
                .ImportLines.AsNoTracking()
                .Where(l => l.JobId == jobId && l.Outcome == ActivityOutcome.Refused)
                .OrderBy(l => l.Index)
                .Take(most)
                .ToListAsync()
        )
        foreach (var problem in line.Problems.Where(p => p.Refuses))
            context.Say(
                $"  line {problem.Line}: {line.Identifier}: {problem.Code} at {problem.Where}{(problem.Value is null ? "" : $" ({problem.Value})")}"
            );
        foreach (
            var line in await db
                .ImportLines.AsNoTracking()
                .Where(l => l.JobId == jobId && l.Outcome == ActivityOutcome.Changed)
                .OrderBy(l => l.Index)
                .Take(most)
                .ToListAsync()
        )
        foreach (var problem in line.Problems.Where(p => IatiRestatement.IsOfIt(p.Code)))
            context.Say($"  line {problem.Line}: {line.Identifier} ({line.Reference}): {Said(problem)}");
        return job.Refused;
    }

    private static string Said(ImportProblem problem) =>
        problem.Code == IatiRestatement.Republished
            ? "only what is published beside what the portal shows"
            : $"{problem.Where}: {Shown(problem.Before)} -> {Shown(problem.Value)}{(problem.Here is { } here ? $"; changed here since to {Shown(here)}, which stays" : "")}";

    private static string Shown(string? text) => string.IsNullOrEmpty(text) ? "nothing" : $"\"{text.ReplaceLineEndings(" ")}\"";

    private static async Task RunExport(CommandContext context)
    {
        var code = context.Arguments.Needed("as");
        var path = context.Arguments.Option("file");
        var isOrganisation = context.Arguments.Option("organisation-file") == "yes";
        context.Arguments.Done();
        await using var db = await context.Service<PortalStore>().OpenFor(await ActorOf(context, code));
        var now = context.Service<TimeProvider>().GetUtcNow().UtcDateTime;
        await using var to = path is null ? Console.OpenStandardOutput() : File.Create(path);
        if (isOrganisation)
            await (await IatiExport.Organisation(db, Language.En, now, CancellationToken.None)).SaveAsync(
                to,
                System.Xml.Linq.SaveOptions.None,
                CancellationToken.None
            );
        else
        {
            var count = await IatiExport.Activities(db, to, now, CancellationToken.None);
            if (path is not null)
                context.Say($"{count} activities written to {path}.");
        }
    }

    /// <summary>Whoever types commands acts as an organisation and as nobody in particular.</summary>
    internal static async Task<Actor> ActorOf(CommandContext context, string code, bool orState = false)
    {
        await using var db = await context.Service<PortalStore>().OpenAsSystem("the organisation of a command");
        var lower = code.ToLowerInvariant();
        var organisation =
            await db.Organisations.AsNoTracking().FirstOrDefaultAsync(o => o.Code == lower)
            ?? throw new CommandFailed($"There is no organisation {code}.");
        var now = context.Service<TimeProvider>().GetUtcNow().UtcDateTime;
        var role = organisation.Kind switch
        {
            OrganisationKind.Provider => Role.ProviderManager,
            OrganisationKind.Partner => Role.Partner,
            OrganisationKind.Cted => Role.AssistanceOfficer,
            OrganisationKind.MemberState when orState => Role.FocalPoint,
            OrganisationKind.MemberState or OrganisationKind.Committee or OrganisationKind.ExpertGroup or OrganisationKind.Operations =>
                throw new CommandFailed($"{code} has no programmes; name a provider or partner organisation, or cted."),
        };
        return Actor.Of(Membership.Of(Guid.Empty, organisation, role, now.AddMinutes(-1)), "Operator", [], now);
    }
}
