using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Iati;

/// <summary>
/// Checks an activity file and takes what was chosen of it. Checking writes no programme. Taking writes each programme with its activity,
/// log entry and progress in one
/// transaction with its neighbours; where one of them fails, each is tried alone, so that a bad one takes no other with it.
/// </summary>
public sealed class IatiImport(PortalStore store, ImportBook book) : IFileImport
{
    private const int AtOnce = 100;
    private const int LinesAtOnce = 250;

    private DateTime Now => book.Now;

    /// <inheritdoc/>
    public bool Takes(ImportFormat format) => format == ImportFormat.Iati;

    /// <summary>Checks a file and notes what each activity would do. Writes no programme.</summary>
    public async Task Check(Actor actor, Guid jobId, FileStream file, CancellationToken ct)
    {
        await book.Clear(actor, jobId, ct);
        var known = await KnownActivities.Of(store, actor, ct);
        var today = Days.Begun(Now);
        using var reader = new IatiReader(file);
        // What an activity says by itself is read side by side; what it is among the others, in their order.
        var batches = reader
            .Activities()
            .Index()
            .Chunk(LinesAtOnce)
            .Select(batch => (Read: batch.AsParallel().AsOrdered().Select(x => Read(x.Index, x.Item, today)).ToList(), file.Position));
        await foreach (var (batch, position) in Ahead(batches))
        {
            await book.Pass(jobId, ct);
            await using var db = await store.OpenFor(actor);
            var job = await db.ImportJobs.Where(j => j.Id == jobId).OneOrNotFound(ct);
            var lines = await Judge(db, job, known, batch, ct);
            foreach (var line in lines)
                job.Found(line.Outcome);
            db.Put(lines);
            job.Reached(position, Now);
            await db.SaveChangesAsync(ct);
        }
        await book.End(jobId, job => job.Checked(Now), ct);
    }

    /// <summary>An activity, unless what is wrong with it refuses it already.</summary>
    private sealed record ReadActivity(int Index, int Line, XElement Xml, List<ImportProblem> Problems, IatiActivity? Activity);

    private static ReadActivity Read(int index, XElement xml, DateOnly today)
    {
        var line = xml.Annotation<IatiLine>()?.Number ?? 0;
        var problems = IatiChecker.Check(xml, today).ToList();
        if (problems.Exists(p => p.Refuses))
            return new ReadActivity(index, line, xml, problems, null);
        var activity = IatiActivity.Of(xml);
        problems.AddRange(activity.Notes);
        problems.AddRange(
            Programme.Content.Fields.Problems(activity.Content).Select(r => new ImportProblem(r.Code, line, r.Field ?? "", null, true))
        );
        return new ReadActivity(index, line, xml, problems, activity);
    }

    // Which programme each is depends on those before it; what it would do to that programme does not.
    private static async Task<List<ImportLine>> Judge(
        PortalDb db,
        ImportJob job,
        KnownActivities known,
        IReadOnlyList<ReadActivity> batch,
        CancellationToken ct
    )
    {
        var found = batch.Select(read => Find(known, read)).ToList();
        var ids = batch
            .Zip(found)
            .AsParallel()
            .Where(x => x.Second is { } there && there.Fingerprint != x.First.Activity!.Print)
            .Select(x => x.Second!.ProgrammeId)
            .ToList();
        var programmes =
            ids.Count == 0
                ? []
                : await db
                    .Programmes.Include(p => p.Organisation)
                    .Where(p => ids.Contains(p.Id))
                    .AsNoTracking()
                    .ToDictionaryAsync(p => p.Id, ct);
        var sources =
            ids.Count == 0
                ? []
                : await db
                    .IatiSources.AsNoTracking()
                    .Where(s => ids.Contains(s.ProgrammeId))
                    .ToDictionaryAsync(s => s.ProgrammeId, s => s.Xml, ct);
        return [.. batch.Zip(found).AsParallel().AsOrdered().Select(x => Judge(db.Actor, job, x.First, x.Second, programmes, sources))];
    }

    // Also notes what is wrong with it among the others.
    private static KnownActivity? Find(KnownActivities known, ReadActivity read)
    {
        if (read.Activity is not { } activity)
            return null;
        var (found, conflict) = known.Find(activity, read.Line);
        if (conflict is not null)
            read.Problems.Add(conflict);
        if (known.Reporter is { } own && activity.Reporter != own && !activity.FormerReporters.Contains(own))
            read.Problems.Add(new ImportProblem("iati.other_reporter", read.Line, "reporting-org/@ref", activity.Reporter, false));
        return found;
    }

    private static ImportLine Judge(
        Actor actor,
        ImportJob job,
        ReadActivity read,
        KnownActivity? found,
        Dictionary<Guid, Programme> programmes,
        Dictionary<Guid, string> sources
    )
    {
        var (index, line, xml, problems, activity) = read;
        if (activity is null)
            return new ImportLine(
                job,
                index,
                xml.Element("iati-identifier")?.Value.Trim() ?? "",
                xml.Element("title")?.Element("narrative")?.Value.Trim() ?? "",
                line,
                ActivityOutcome.Refused,
                ImportRelevance.None,
                null,
                null,
                problems
            );
        var (outcome, isDispute) = (found is null ? ActivityOutcome.New : ActivityOutcome.Same, false);
        // What the publisher did not change since it was sent last changes nothing, whatever people made of it here.
        if (found is not null && programmes.TryGetValue(found.ProgrammeId, out var programme))
        {
            var source = sources.TryGetValue(found.ProgrammeId, out var kept) ? XElement.Parse(kept) : null;
            if (!IsOwn(programme, source, activity))
            {
                var restated = IatiRestatement.Of(programme, source, activity, line);
                (outcome, isDispute) = (restated.Said.Count > 0 ? ActivityOutcome.Changed : ActivityOutcome.Same, restated.IsDispute);
                if (restated.IsOlder)
                    problems.Add(
                        new ImportProblem(
                            "iati.older",
                            line,
                            "@last-updated-datetime",
                            xml.Attribute("last-updated-datetime")?.Value.Trim(),
                            true
                        )
                    );
                problems.AddRange(restated.Said);
                problems.AddRange(
                    Programme
                        .Content.Fields.Problems(restated.Merged.Content)
                        .Select(r => new ImportProblem(r.Code, line, r.Field ?? "", null, true))
                );
                if (!programme.CanEdit(actor))
                    problems.Add(new ImportProblem("programme.not_yours_to_edit", line, "", null, true));
            }
        }
        if (problems.Exists(p => p.Refuses))
            outcome = ActivityOutcome.Refused;
        return new ImportLine(
            job,
            index,
            activity.Identifier,
            activity.Content.Title,
            line,
            outcome,
            activity.Relevance,
            found?.ProgrammeId,
            found?.Reference,
            problems,
            isDispute
        );
    }

    // Whether an activity is what the portal itself would publish of the programme, whole or as far as everyone sees it.
    private static bool IsOwn(Programme programme, XElement? source, IatiActivity activity) =>
        new[] { ProgrammePartsSets.Shareable, programme.PublicParts }
            .Distinct()
            .Any(parts =>
                IatiActivity.Fingerprint(IatiWriter.Activity(programme, programme.Organisation, source, parts)) == activity.Print
            );

    /// <summary>Takes what is chosen, from one place of the file on.</summary>
    public async Task Apply(Actor actor, Guid jobId, FileStream file, int from, CancellationToken ct)
    {
        var chosen = await Chosen(actor, jobId, ct);
        using var reader = new IatiReader(file);
        var batches = reader
            .Activities()
            .Index()
            .Skip(from)
            .Chunk(AtOnce)
            .Select(batch =>
                (
                    Read: batch.AsParallel().AsOrdered().Select(x => (x.Index, chosen.Contains(x.Index) ? Whole(x.Item) : null)).ToList(),
                    file.Position
                )
            );
        await foreach (var (batch, position) in Ahead(batches))
            await book.TakeAll(jobId, batch, (some, refusal) => Take(actor, jobId, some, position, refusal, ct));
        await book.End(jobId, job => job.Finish(Now), ct);
    }

    private async Task<HashSet<int>> Chosen(Actor actor, Guid jobId, CancellationToken ct)
    {
        await using var db = await store.OpenFor(actor);
        return await db.ImportLines.Where(l => l.JobId == jobId && l.IsChosen).Select(l => l.Index).ToHashSetAsync(ct);
    }

    // The next is read while the one before is written.
    private static async IAsyncEnumerable<T> Ahead<T>(IEnumerable<T> source)
    {
        using var items = source.GetEnumerator();
        var next = Task.Run(items.MoveNext);
        try
        {
            while (await next)
            {
                var item = items.Current;
                next = Task.Run(items.MoveNext);
                yield return item;
            }
        }
        finally
        {
            // Whoever stops half-way closes the file under it.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes some activities, all or none; with a reason, notes only that they are refused.</summary>
    private async Task Take(
        Actor actor,
        Guid jobId,
        IReadOnlyList<(int Index, IatiActivity? Activity)> batch,
        long position,
        string? refusal,
        CancellationToken ct
    )
    {
        await using var db = await store.OpenFor(actor);
        var job = await db.ImportJobs.Where(j => j.Id == jobId).OneOrNotFound(ct);
        var (first, last) = (batch[0].Index, batch[^1].Index);
        var lines = await db
            .ImportLines.Where(l => l.JobId == jobId && l.Index >= first && l.Index <= last && l.IsChosen && !l.IsTaken)
            .ToDictionaryAsync(l => l.Index, ct);
        if (refusal is not null)
        {
            foreach (var line in lines.Values)
                line.Refuse(refusal);
            job.Wrote(last + 1, 0, lines.Count, position, Now);
            await db.SaveChangesAsync(ct);
            return;
        }
        var ids = lines.Values.Select(l => l.RecordId).OfType<Guid>().ToList();
        var programmes =
            ids.Count == 0
                ? []
                : await db.Programmes.Include(p => p.Organisation).Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, ct);
        var sources =
            ids.Count == 0 ? [] : await db.IatiSources.Where(s => ids.Contains(s.ProgrammeId)).ToDictionaryAsync(s => s.ProgrammeId, ct);
        var fresh = lines.Values.Count(l => l.RecordId is null);
        var references = new Queue<string>(fresh == 0 ? [] : await db.NextReferences(Programme.Card, Now.Year, fresh));
        foreach (var (index, activity) in batch)
        {
            if (activity is null || !lines.TryGetValue(index, out var line))
                continue;
            Programme programme;
            var isWhole = true;
            if (line.RecordId is { } id && programmes.TryGetValue(id, out var there))
            {
                programme = there;
                isWhole = !Restate(actor, programme, sources.GetValueOrDefault(id), activity, line).IsPartial;
            }
            else
            {
                programme = Programme.Draft(
                    references.Count > 0 ? references.Dequeue() : await db.NextReference(Programme.Card, Now.Year),
                    actor,
                    activity.Content,
                    Now,
                    activity.Status
                );
                if (job.ShareAsPublished)
                    programme.ShareAsPublished(actor, Now);
                db.Entry(programme).State = EntityState.Added;
            }
            if (sources.TryGetValue(programme.Id, out var source) && isWhole)
                source.Keep(programme, activity);
            else if (source is null)
                db.Put([new IatiSource(programme, activity)]);
            line.Took(programme.Id, programme.Reference);
        }
        job.Wrote(last + 1, lines.Count, 0, position, Now);
        await db.SaveChangesAsync(ct);
    }

    // What was shown is what is written, and nothing that was changed here in the meantime.
    private IatiRestatement Restate(Actor actor, Programme programme, IatiSource? source, IatiActivity activity, ImportLine line)
    {
        Refusal.Unless(programme.CanEdit(actor), "programme.not_yours_to_edit");
        var restated = IatiRestatement.Of(
            programme,
            source is null ? null : XElement.Parse(source.Xml),
            activity,
            line.Line,
            line.Problems
        );
        Refusal.Unless(restated.IsAsTold(line.Problems), "record.changed_meanwhile");
        if (restated.IsChange)
            programme.Restate(actor, restated.Merged, Now);
        return restated;
    }

    // With what is kept of it, which takes as long to make as all else that is read.
    private static IatiActivity Whole(XElement xml)
    {
        var activity = IatiActivity.Of(xml);
        _ = (activity.Text, activity.Print);
        return activity;
    }
}

/// <summary>An activity that is there already.</summary>
internal sealed record KnownActivity(
    Guid ProgrammeId,
    string Reference,
    string Identifier,
    string? Internal,
    string Reporter,
    string Fingerprint
);

/// <summary>
/// What an organisation has already, by every name it may come back under. Identifiers only: some hundred bytes an activity.
/// </summary>
internal sealed class KnownActivities
{
    private readonly Dictionary<string, KnownActivity> byIdentifier = [];
    private readonly ILookup<string, KnownActivity> byInternal;
    private readonly Dictionary<string, int> seen = [];
    private readonly Dictionary<Guid, int> matched = [];

    private KnownActivities(Organisation organisation, IReadOnlyList<KnownActivity> all)
    {
        Reporter = organisation.IatiIdentifier;
        foreach (var known in all)
            byIdentifier[known.Identifier] = known;
        byInternal = all.Where(k => k.Internal is not null).ToLookup(k => k.Internal!);
    }

    /// <summary>Identifier of the organisation, if it has one registered.</summary>
    public string? Reporter { get; }

    public static async Task<KnownActivities> Of(PortalStore store, Actor actor, CancellationToken ct)
    {
        await using var db = await store.OpenFor(actor);
        var own = actor.Membership!.Organisation;
        var sources = await db
            .IatiSources.AsNoTracking()
            .Where(s => s.OrganisationId == own.Id)
            .Select(s => new
            {
                s.ProgrammeId,
                s.Identifier,
                s.InternalIdentifier,
                s.Reporter,
                s.Fingerprint,
            })
            .ToDictionaryAsync(s => s.ProgrammeId, ct);
        var programmes = await db
            .Programmes.AsNoTracking()
            .Where(p => p.OrganisationNumber == own.Number)
            .Select(p => new
            {
                p.Id,
                p.Reference,
                p.IatiIdentifier,
            })
            .ToListAsync(ct);
        return new KnownActivities(
            own,
            programmes.ConvertAll(p =>
            {
                var source = sources.GetValueOrDefault(p.Id);
                // One that has no identifier of its own is published under one made of its reference.
                var identifier = p.IatiIdentifier ?? $"{IatiWriter.ReporterOf(own)}-{p.Reference}";
                return new KnownActivity(
                    p.Id,
                    p.Reference,
                    identifier,
                    source?.InternalIdentifier,
                    source?.Reporter ?? IatiWriter.ReporterOf(own),
                    source?.Fingerprint ?? ""
                );
            })
        );
    }

    /// <summary>
    /// The programme that an activity is: by its identifier, by one it had before, by one its reporter's former identifier makes of it, or
    /// by the reporter's own number where that names one only.
    /// </summary>
    public (KnownActivity? Found, ImportProblem? Conflict) Find(IatiActivity activity, int line)
    {
        if (!seen.TryAdd(activity.Identifier, line))
            return (
                null,
                new ImportProblem(
                    "iati.identifier_repeated",
                    line,
                    "iati-identifier",
                    $"{activity.Identifier} ({seen[activity.Identifier]})",
                    true
                )
            );
        var names = activity
            .FormerIdentifiers.Prepend(activity.Identifier)
            .Concat(
                activity.FormerReporters.SelectMany(former =>
                    activity.Identifier.StartsWith(activity.Reporter + "-", StringComparison.Ordinal)
                        ? [former + activity.Identifier[activity.Reporter.Length..]]
                        : Array.Empty<string>()
                )
            );
        var found =
            names.Select(n => byIdentifier.GetValueOrDefault(n)).FirstOrDefault(k => k is not null)
            ?? (ByInternal(activity) is { } numbered && !matched.ContainsKey(numbered.ProgrammeId) ? numbered : null);
        if (found is null)
            return (null, null);
        return matched.TryAdd(found.ProgrammeId, line)
            ? (found, null)
            : (
                null,
                new ImportProblem("iati.matches_twice", line, "iati-identifier", $"{found.Reference} ({matched[found.ProgrammeId]})", true)
            );
    }

    // The reporter's own number says which it is where the reporter says that it had another identifier before. Alone it says little: it is
    // given twice in files that are published.
    private KnownActivity? ByInternal(IatiActivity activity) =>
        activity.InternalIdentifier is { } number
        && byInternal[number].Where(k => activity.FormerReporters.Contains(k.Reporter)).ToList() is [var only]
            ? only
            : null;
}
