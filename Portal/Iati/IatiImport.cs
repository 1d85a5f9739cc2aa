using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Iati;

namespace Portal.Iati;

/// <summary>
/// Checks an activity file and takes what was chosen of it. Checking writes no programme. Taking writes each programme with its activity, log entry and progress in one
/// transaction with its neighbours; where one of them fails, each is tried alone, so that a bad one takes no other with it.
/// </summary>
public sealed class IatiImport(PortalStore store, TimeProvider clock, ILogger<IatiImport> log)
{
    private const int AtOnce = 100;
    private const int LinesAtOnce = 500;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Does what waits to be done with an import.</summary>
    public async Task Work(Guid jobId, CancellationToken ct)
    {
        try
        {
            await using var file = await Spool(jobId, ct);
            if (await ActorOf(jobId, ct) is not { } actor)
            {
                await End(jobId, job => job.Fail("import.not_yours_any_more", 0, null, Now), ct);
                return;
            }
            await using (var db = await store.OpenFor(actor))
            {
                var job = await db.ImportJobs.AsNoTracking().Where(j => j.Id == jobId).OneOrNotFound(ct);
                if (job.Stage == ImportStage.Checking)
                    await Check(actor, jobId, file, ct);
                else if (job.Stage == ImportStage.Applying)
                    await Apply(actor, jobId, file, job.Next, ct);
            }
        }
        catch (IatiUnreadable e)
        {
            await End(jobId, job => job.Fail(e.Code, e.Line, e.Detail, Now), ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            log.LogInformation("Import {Job} is another node's, or was given up", jobId);
        }
    }

    /// <summary>Gives up imports whose file was not sent to its end within a day, and forgets what there is of it.</summary>
    public async Task Forget(CancellationToken ct)
    {
        var yesterday = Now.AddDays(-1);
        await using var db = await store.OpenAsSystem("files that were never sent to their end");
        foreach (var id in await db.ImportJobs.Where(j => j.Stage == ImportStage.Receiving && j.UpdatedAt < yesterday).Select(j => j.Id).ToListAsync(ct))
            await End(id, job => job.Discard(Now), ct);
    }

    /// <summary>Who acts: the membership it was started under, as it stands now.</summary>
    private async Task<Actor?> ActorOf(Guid jobId, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("who started an import");
        var job = await db.ImportJobs.AsNoTracking().SingleAsync(j => j.Id == jobId, ct);
        if (await db.Memberships.Include(m => m.Organisation).AsNoTracking().FirstOrDefaultAsync(m => m.Id == job.MembershipId, ct) is not { } membership)
            return null;
        var grants = await db.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync(ct);
        var actor = Actor.Of(membership, job.By, grants, Now);
        return Programme.CanDraft(actor) ? actor : null;
    }

    // From the database into a file of this node, so that reading holds no connection and no more than a piece in memory.
    private async Task<FileStream> Spool(Guid jobId, CancellationToken ct)
    {
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.SequentialScan);
        await using var db = await store.OpenAsSystem("the file of an import");
        await foreach (var piece in db.ImportChunks.AsNoTracking().Where(c => c.JobId == jobId).OrderBy(c => c.Index).Select(c => c.Bytes).AsAsyncEnumerable().WithCancellation(ct))
            await file.WriteAsync(piece, ct);
        file.Position = 0;
        return file;
    }

    private async Task End(Guid jobId, Action<ImportJob> end, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("the end of an import");
        var job = await db.ImportJobs.SingleAsync(j => j.Id == jobId, ct);
        end(job);
        await db.SaveChangesAsync(ct);
        if (job.Stage is ImportStage.Done or ImportStage.Failed or ImportStage.Discarded)
            await db.ImportChunks.Where(c => c.JobId == jobId).ExecuteDeleteAsync(ct);
    }

    /// <summary>Notes an import whose file is at hand and need not be received: a command's.</summary>
    internal async Task<Guid> Start(Actor actor, string fileName, long size)
    {
        await using var db = await store.OpenFor(actor);
        var job = ImportJob.AtHand(actor, fileName, size, Now);
        db.ImportJobs.Add(job);
        db.Audit(new Act("import.received", 0, Subject: job.Id.ToString()), Section.Programmes);
        await db.SaveChangesAsync();
        return job.Id;
    }

    /// <summary>Chooses what a command takes.</summary>
    /// <returns>Whether there is anything.</returns>
    internal async Task<bool> Choose(Actor actor, Guid jobId, ImportChoice choice, bool shareAsPublished)
    {
        await using var db = await store.OpenFor(actor);
        await ImportService.Choose(db, jobId, choice);
        if (!await db.ImportLines.AnyAsync(l => l.JobId == jobId && l.IsChosen))
            return false;
        (await db.ImportJobs.SingleAsync(j => j.Id == jobId)).Apply(shareAsPublished, Now);
        db.Audit(new Act("import.applied", 0, Subject: jobId.ToString()), Section.Programmes);
        await db.SaveChangesAsync();
        return true;
    }

    /// <summary>Ends a command's import without writing.</summary>
    internal Task GiveUp(Guid jobId, IatiUnreadable? because = null) => End(jobId, job =>
    {
        if (because is null)
            job.Discard(Now);
        else
            job.Fail(because.Code, because.Line, because.Detail, Now);
    }, CancellationToken.None);

    /// <summary>Checks a file and notes what each activity would do. Writes no programme.</summary>
    internal async Task Check(Actor actor, Guid jobId, FileStream file, CancellationToken ct)
    {
        await using (var first = await store.OpenFor(actor))
        {
            // What an attempt that broke off has left.
            await first.ImportLines.Where(l => l.JobId == jobId).ExecuteDeleteAsync(ct);
        }
        var known = await KnownActivities.Of(store, actor, ct);
        var today = DateOnly.FromDateTime(Now);
        using var reader = new IatiReader(file);
        foreach (var batch in reader.Activities().Index().Chunk(LinesAtOnce))
        {
            await using var db = await store.OpenFor(actor);
            var job = await db.ImportJobs.Where(j => j.Id == jobId).OneOrNotFound(ct);
            foreach (var (index, xml) in batch)
            {
                var line = await Judge(db, job, known, index, xml, today);
                job.Found(line.Outcome);
                db.ImportLines.Add(line);
            }
            job.Reached(file.Position, Now);
            await db.SaveChangesAsync(ct);
        }
        await End(jobId, job => job.Checked(Now), ct);
    }

    private static async Task<ImportLine> Judge(PortalDb db, ImportJob job, KnownActivities known, int index, XElement xml, DateOnly today)
    {
        var line = xml.Annotation<IatiLine>()?.Number ?? 0;
        var problems = IatiChecker.Check(xml, today).ToList();
        var identifier = xml.Element("iati-identifier")?.Value.Trim() ?? "";
        if (problems.Exists(p => p.Refuses))
            return new ImportLine(job, index, identifier, xml.Element("title")?.Element("narrative")?.Value.Trim() ?? "", line, ActivityOutcome.Refused, IatiRelevance.None, null, null, problems);
        var activity = IatiActivity.Of(xml);
        problems.AddRange(activity.Notes);
        problems.AddRange(Programme.Problems(activity.Content).Select(r => new IatiProblem(r.Code, line, r.Field ?? "", null, true)));
        var (found, conflict) = known.Find(activity, line);
        if (conflict is not null)
            problems.Add(conflict);
        if (known.Reporter is { } own && activity.Reporter != own && !activity.FormerReporters.Contains(own))
            problems.Add(new IatiProblem("iati.other_reporter", line, "reporting-org/@ref", activity.Reporter, false));
        var outcome = problems.Exists(p => p.Refuses) ? ActivityOutcome.Refused : found is null ? ActivityOutcome.New : await IsSame(db, found, activity) ? ActivityOutcome.Same : ActivityOutcome.Changed;
        return new ImportLine(job, index, activity.Identifier, activity.Content.Title, line, outcome, activity.Relevance, found?.ProgrammeId, found?.Reference, problems);
    }

    /// <summary>Whether an activity says what the portal would publish of the programme, whole or as far as everyone sees it.</summary>
    private static async Task<bool> IsSame(PortalDb db, KnownActivity known, IatiActivity activity)
    {
        var fingerprint = IatiActivity.Fingerprint(activity.Xml);
        if (known.Fingerprint == fingerprint && known.IsAsImported)
            return true;
        var programme = await db.Programmes.Include(p => p.Organisation).AsNoTracking().FirstOrDefaultAsync(p => p.Id == known.ProgrammeId);
        if (programme is null)
            return false;
        var source = await db.IatiSources.AsNoTracking().Where(s => s.ProgrammeId == known.ProgrammeId).Select(s => s.Xml).FirstOrDefaultAsync();
        var before = source is null ? null : XElement.Parse(source);
        return new[] { ProgrammePartsSets.Shareable, programme.PublicParts }.Any(parts => IatiActivity.Fingerprint(IatiWriter.Activity(programme, programme.Organisation, before, parts)) == fingerprint);
    }

    /// <summary>Takes what is chosen, from one place of the file on.</summary>
    internal async Task Apply(Actor actor, Guid jobId, FileStream file, int from, CancellationToken ct)
    {
        using var reader = new IatiReader(file);
        foreach (var batch in reader.Activities().Index().Skip(from).Chunk(AtOnce))
        {
            try
            {
                await Take(actor, jobId, batch, file.Position, null, ct);
            }
            catch (Exception e) when (e is Refusal or DbUpdateException and not DbUpdateConcurrencyException)
            {
                log.LogInformation(e, "A batch of import {Job} is tried one by one", jobId);
                foreach (var one in batch)
                    await TakeAlone(actor, jobId, one, file.Position, ct);
            }
        }
        await End(jobId, job => job.Finish(Now), ct);
    }

    private async Task TakeAlone(Actor actor, Guid jobId, (int, XElement) one, long position, CancellationToken ct)
    {
        try
        {
            await Take(actor, jobId, [one], position, null, ct);
        }
        catch (Exception e) when (e is Refusal or DbUpdateException and not DbUpdateConcurrencyException)
        {
            await Take(actor, jobId, [one], position, (e as Refusal)?.Code ?? "record.changed_meanwhile", ct);
        }
    }

    /// <summary>Writes some activities, all or none; with a reason, notes only that they are refused.</summary>
    private async Task Take(Actor actor, Guid jobId, IReadOnlyList<(int Index, XElement Xml)> batch, long position, string? refusal, CancellationToken ct)
    {
        await using var db = await store.OpenFor(actor);
        var job = await db.ImportJobs.Where(j => j.Id == jobId).OneOrNotFound(ct);
        var (first, last) = (batch[0].Index, batch[^1].Index);
        var lines = await db.ImportLines.Where(l => l.JobId == jobId && l.Index >= first && l.Index <= last && l.IsChosen && !l.IsTaken).ToDictionaryAsync(l => l.Index, ct);
        if (refusal is not null)
        {
            foreach (var line in lines.Values)
                line.Refuse(refusal);
            job.Wrote(last + 1, 0, lines.Count, position, Now);
            await db.SaveChangesAsync(ct);
            return;
        }
        var ids = lines.Values.Select(l => l.ProgrammeId).OfType<Guid>().ToList();
        var programmes = ids.Count == 0 ? [] : await db.Programmes.Include(p => p.Organisation).Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, ct);
        var sources = ids.Count == 0 ? [] : await db.IatiSources.Where(s => ids.Contains(s.ProgrammeId)).ToDictionaryAsync(s => s.ProgrammeId, ct);
        var fresh = lines.Values.Count(l => l.ProgrammeId is null);
        var references = new Queue<string>(fresh == 0 ? [] : await db.NextReferences("PRG", Now.Year, fresh));
        foreach (var (index, xml) in batch)
        {
            if (!lines.TryGetValue(index, out var line))
                continue;
            var activity = IatiActivity.Of(xml);
            Programme programme;
            if (line.ProgrammeId is { } id && programmes.TryGetValue(id, out var there))
            {
                programme = there;
                programme.Restate(actor, activity.Content, activity.Status, Now);
            }
            else
            {
                programme = Programme.Draft(references.Count > 0 ? references.Dequeue() : await db.NextReference("PRG", Now.Year), actor, activity.Content, Now, activity.Status);
                if (job.ShareAsPublished)
                    programme.Share(actor, ProgrammeSharing.AsPublished, Now);
                db.Entry(programme).State = EntityState.Added;
            }
            if (sources.TryGetValue(programme.Id, out var source))
                source.Keep(programme, activity);
            else
                db.IatiSources.Add(new IatiSource(programme, activity));
            line.Took(programme.Id, programme.Reference);
        }
        job.Wrote(last + 1, lines.Count, 0, position, Now);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>An activity that is there already.</summary>
internal sealed record KnownActivity(Guid ProgrammeId, string Reference, string Identifier, string? Internal, string Reporter, string Fingerprint, bool IsAsImported);

/// <summary>What an organisation has already, by every name it may come back under. Identifiers only: some hundred bytes an activity.</summary>
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
        var sources = await db.IatiSources.AsNoTracking().Where(s => s.OrganisationId == own.Id)
            .Select(s => new { s.ProgrammeId, s.Identifier, s.InternalIdentifier, s.Reporter, s.Fingerprint, s.SaidVersion }).ToDictionaryAsync(s => s.ProgrammeId, ct);
        var programmes = await db.Programmes.AsNoTracking().Where(p => p.OrganisationNumber == own.Number).Select(p => new { p.Id, p.Reference, p.IatiIdentifier, p.SaidVersion }).ToListAsync(ct);
        return new KnownActivities(own, programmes.ConvertAll(p =>
        {
            var source = sources.GetValueOrDefault(p.Id);
            // One that has no identifier of its own is published under one made of its reference.
            var identifier = p.IatiIdentifier ?? $"{IatiWriter.ReporterOf(own)}-{p.Reference}";
            return new KnownActivity(p.Id, p.Reference, identifier, source?.InternalIdentifier, source?.Reporter ?? IatiWriter.ReporterOf(own), source?.Fingerprint ?? "", source is not null && source.SaidVersion == p.SaidVersion);
        }));
    }

    /// <summary>
    /// The programme that an activity is: by its identifier, by one it had before, by one its reporter's former identifier makes of it, or by the reporter's own number where that names one only.
    /// </summary>
    public (KnownActivity? Found, IatiProblem? Conflict) Find(IatiActivity activity, int line)
    {
        if (!seen.TryAdd(activity.Identifier, line))
            return (null, new IatiProblem("iati.identifier_repeated", line, "iati-identifier", $"{activity.Identifier} ({seen[activity.Identifier]})", true));
        var names = activity.FormerIdentifiers.Prepend(activity.Identifier).Concat(activity.FormerReporters.SelectMany(former =>
            activity.Identifier.StartsWith(activity.Reporter + "-", StringComparison.Ordinal) ? [former + activity.Identifier[activity.Reporter.Length..]] : Array.Empty<string>()));
        var found = names.Select(n => byIdentifier.GetValueOrDefault(n)).FirstOrDefault(k => k is not null) ?? (ByInternal(activity) is { } numbered && !matched.ContainsKey(numbered.ProgrammeId) ? numbered : null);
        if (found is null)
            return (null, null);
        return matched.TryAdd(found.ProgrammeId, line) ? (found, null)
            : (null, new IatiProblem("iati.matches_twice", line, "iati-identifier", $"{found.Reference} ({matched[found.ProgrammeId]})", true));
    }

    // The reporter's own number says which it is where the reporter says that it had another identifier before. Alone it says little: it is given twice in files that are published.
    private KnownActivity? ByInternal(IatiActivity activity) => activity.InternalIdentifier is { } number
        && byInternal[number].Where(k => activity.FormerReporters.Contains(k.Reporter)).ToList() is [var only] ? only : null;
}
