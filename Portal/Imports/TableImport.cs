using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;

namespace Portal.Imports;

/// <summary>What a row comes to.</summary>
/// <param name="Row">Its number in the file.</param>
/// <param name="Own">The organisation's own reference; empty where it gives none.</param>
/// <param name="Title">Title, as far as it was read.</param>
/// <param name="Outcome">What it would do.</param>
/// <param name="There">The record that it is, if there is one.</param>
/// <param name="Content">What it says; null where that cannot be taken.</param>
/// <param name="Problems">What is wrong with it, or would change.</param>
internal sealed record Judged(
    int Row,
    string Own,
    string Title,
    ActivityOutcome Outcome,
    IProtected? There,
    object? Content,
    IReadOnlyList<ImportProblem> Problems
);

/// <summary>The records that rows of a table become.</summary>
internal interface ITableRecords
{
    /// <summary>What they are.</summary>
    ImportSubject Subject { get; }

    /// <summary>
    /// Those of the actor's own organisation that have one of these references or identifiers, with all that an edit needs.
    /// </summary>
    Task<IReadOnlyList<IProtected>> Find(
        PortalDb db,
        IReadOnlyCollection<string> references,
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct
    );

    /// <summary>Reads a row into what the record would say, notes what is wrong, and says each field of it before and after.</summary>
    RowContent Read(Actor actor, IProtected? there, RowReader row, Language usual);

    /// <summary>UTC; when it was changed last.</summary>
    DateTime ChangedAt(IProtected record);

    /// <summary>Writes it.</summary>
    IProtected Write(PortalDb db, IProtected? there, Func<string> reference, object content, DateTime now);
}

/// <summary>What a row says, field by field, and what the record says now.</summary>
internal sealed record RowContent(
    string Title,
    object Content,
    IReadOnlyList<(string Field, string Value)> Says,
    IReadOnlyList<(string Field, string Value)>? Said
);

/// <summary>
/// Checks a table of needs or programmes and takes what was chosen of it. Each row is written whole or not at all, with its log entry and
/// the progress of the import, in one transaction with its
/// neighbours; a row that fails takes no other with it. What was shown is what is written: a row that by then would do something else is
/// refused.
/// </summary>
internal sealed class TableImport(PortalStore store, ImportBook book, TableFields fields, NeedRows needs, ProgrammeRows programmes)
    : IFileImport
{
    private const int AtOnce = 100;
    private const string ChangedSince = "table.changed_since";

    private readonly ITableRecords[] records = [needs, programmes];

    /// <inheritdoc/>
    public bool Takes(ImportFormat format) => format is ImportFormat.Csv or ImportFormat.Xlsx;

    /// <inheritdoc/>
    public async Task Check(Actor actor, Guid jobId, FileStream file, CancellationToken ct)
    {
        await book.Clear(actor, jobId, ct);
        var (job, table) = await Read(actor, jobId, file, ct);
        var seen = new Dictionary<object, int>();
        foreach (var batch in table.Rows.Index().Chunk(AtOnce))
        {
            await book.Pass(jobId, ct);
            await using var db = await store.OpenFor(actor);
            var now = await db.ImportJobs.Where(j => j.Id == jobId).OneOrNotFound(ct);
            now.Read(job.Columns, job.Encoding, job.IsEncodingGuessed);
            var judged = await Judge(db, job, table, [.. batch.Select(b => b.Item)], seen, ct);
            var lines = new List<ImportLine>(batch.Length);
            foreach (var (one, index) in judged.Zip(batch, (one, b) => (one, b.Index)))
            {
                now.Found(one.Outcome);
                var line = new ImportLine(
                    now,
                    index,
                    one.Own.Length > 0 ? one.Own : one.There?.Reference ?? "",
                    one.Title,
                    one.Row,
                    one.Outcome,
                    ImportRelevance.None,
                    one.There?.Id,
                    one.There?.Reference,
                    one.Problems
                );
                // Whoever corrected the record here has not seen this file: taking it back is for somebody to choose.
                if (one.Problems.Any(p => p.Code == ChangedSince))
                    line.Choose(false);
                lines.Add(line);
            }
            db.Put(lines);
            now.Reached(job.Size * (batch[^1].Index + 1) / table.Rows.Count, book.Now);
            await db.SaveChangesAsync(ct);
        }
        await book.End(jobId, j => j.Checked(book.Now), ct);
    }

    /// <summary>Reads the table and says what its columns fill: as somebody said, else as their headings do.</summary>
    private async Task<(ImportJob Job, TableFile Table)> Read(Actor actor, Guid jobId, FileStream file, CancellationToken ct)
    {
        await using var db = await store.OpenFor(actor);
        var job = await db.ImportJobs.AsNoTracking().Where(j => j.Id == jobId).OneOrNotFound(ct);
        var (columns, table) = Table(job, file);
        job.Read(columns, table.Encoding, table.IsGuess || (job.IsEncodingGuessed && job.Encoding == table.Encoding));
        return (job, table);
    }

    internal (IReadOnlyList<ImportColumn> Columns, TableFile Table) Table(ImportJob job, Stream file)
    {
        var table = TableFile.Read(file, job.Format, h => fields.Field(job.Subject, h) is not null, Likely(job.Language), job.Encoding);
        var isMapped = job.IsMappedByHand && job.Columns.Select(c => c.Heading).SequenceEqual(table.Headings);
        var taken = new Dictionary<string, int>();
        bool Takes(string field) => (taken[field] = taken.GetValueOrDefault(field) + 1) <= TableFields.MostColumns(job.Subject, field);
        return (
            isMapped
                ? job.Columns
                :
                [
                    .. table.Headings.Select(h => new ImportColumn(
                        h,
                        fields.Field(job.Subject, h) is { } field && Takes(field) ? field : null
                    )),
                ],
            table
        );
    }

    // What texts in the language of whoever sends the file are written in where they are no Unicode.
    private static string Likely(Language language) =>
        language switch
        {
            Language.Ar => "windows-1256",
            Language.Ru => "windows-1251",
            Language.Zh => "gb18030",
            Language.En or Language.Fr or Language.Es => "windows-1252",
        };

    private async Task<IReadOnlyList<Judged>> Judge(
        PortalDb db,
        ImportJob job,
        TableFile table,
        IReadOnlyList<TableRow> rows,
        Dictionary<object, int> seen,
        CancellationToken ct
    )
    {
        var kind = records.Single(r => r.Subject == job.Subject);
        var readers = rows.Select(r => new RowReader(fields, job.Subject, job.Columns, r)).ToList();
        var own = readers.Select(r => OwnReference.Key(r.Said("OwnReference"))).Where(o => o.Length > 0).ToHashSet();
        var known = await db
            .OwnReferences.AsNoTracking()
            .Where(o => o.OrganisationId == job.OrganisationId && o.Subject == job.Subject && own.Contains(o.Text))
            .ToDictionaryAsync(o => o.Text, o => o.RecordId, ct);
        var references = readers.Select(r => r.Said("Reference")).Where(r => r.Length > 0).ToHashSet();
        var there = await kind.Find(db, references, [.. known.Values], ct);
        var (byReference, byId) = (there.ToDictionary(r => r.Reference), there.ToDictionary(r => r.Id));
        var taken = await Taken(db, job, byId.Keys, ct);
        return [.. readers.Select(r => One(r))];

        Judged One(RowReader row)
        {
            var (text, reference) = (OwnReference.Key(row.Said("OwnReference")), row.Said("Reference"));
            if (table.Sheet is { } sheet && row.Number == table.Rows[0].Number)
                row.Note("table.sheet", "", sheet, false);
            var (named, bound) = (
                byReference.GetValueOrDefault(reference),
                known.TryGetValue(text, out var id) ? byId.GetValueOrDefault(id) : null
            );
            if (text.Length > OwnReference.Longest)
                row.Note("field.too_long", "OwnReference", text, true);
            if (text.Length == 0 && reference.Length == 0)
                row.Note("table.reference_missing", "OwnReference", null, true);
            if (reference.Length > 0 && named is null)
                row.Note("table.reference_unknown", "Reference", reference, true);
            if (known.ContainsKey(text) && (bound is null || (named is not null && named != bound)))
                row.Note("table.references_differ", "OwnReference", text, true);
            var record = named ?? bound;
            if (
                new object?[] { text.Length > 0 ? text : null, record?.Id }
                    .OfType<object>()
                    .Where(key => !seen.TryAdd(key, row.Number))
                    .Select(key => seen[key])
                    .Where(n => n != row.Number)
                    .ToList()
                is [var earlier, ..]
            )
                row.Note(
                    "table.reference_repeated",
                    text.Length > 0 ? "OwnReference" : "Reference",
                    $"{(text.Length > 0 ? text : reference)} ({earlier})",
                    true
                );
            try
            {
                Domain.Text.OptionalLine(text, OwnReference.Longest, "OwnReference");
            }
            catch (Refusal refusal)
            {
                row.Note(refusal);
            }
            var content = kind.Read(db.Actor, record, row, job.Language);
            if (row.Problems.Any(p => p.Refuses))
                return new Judged(row.Number, text, content.Title, ActivityOutcome.Refused, record, null, row.Problems);
            var before = content.Said?.ToDictionary(s => s.Field, s => s.Value);
            foreach (
                var (field, value) in content.Says.Where(s =>
                    before is null ? s.Value.Length > 0 && s.Field != "Title" : before[s.Field] != s.Value
                )
            )
                row.Note(before is null ? "table.set" : "table.changed", field, value, false, before?[field]);
            if (before is not null && text.Length > 0 && bound is null)
                row.Note("table.changed", "OwnReference", text, false, "");
            var outcome =
                record is null ? ActivityOutcome.New
                : row.Problems.Any(p => p.Code == "table.changed") ? ActivityOutcome.Changed
                : ActivityOutcome.Same;
            if (outcome == ActivityOutcome.Changed && taken.TryGetValue(record!.Id, out var at) && kind.ChangedAt(record) > at)
                row.Note(ChangedSince, "", null, false);
            return new Judged(row.Number, text, content.Title, outcome, record, content.Content, row.Problems);
        }
    }

    /// <summary>When records were last written from a file, of those that were.</summary>
    private static async Task<Dictionary<Guid, DateTime>> Taken(
        PortalDb db,
        ImportJob job,
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct
    ) =>
        ids.Count == 0
            ? []
            : await db
                .ImportLines.AsNoTracking()
                .Where(l => l.OrganisationId == job.OrganisationId && l.IsTaken && l.RecordId != null && ids.Contains(l.RecordId.Value))
                .Join(db.ImportJobs, l => l.JobId, j => j.Id, (l, j) => new { Id = l.RecordId!.Value, j.UpdatedAt })
                .GroupBy(t => t.Id)
                .Select(g => new { g.Key, At = g.Max(t => t.UpdatedAt) })
                .ToDictionaryAsync(t => t.Key, t => t.At, ct);

    private static IEnumerable<ImportProblem> Shown(IEnumerable<ImportProblem> problems) => problems.Where(p => p.Code != ChangedSince);

    /// <inheritdoc/>
    public async Task Apply(Actor actor, Guid jobId, FileStream file, int from, CancellationToken ct)
    {
        var (job, table) = await Read(actor, jobId, file, ct);
        foreach (var batch in table.Rows.Index().Skip(from).Chunk(AtOnce))
            await book.TakeAll(
                jobId,
                batch,
                (some, refusal) => Take(actor, job, table, some, job.Size * (some[^1].Index + 1) / table.Rows.Count, refusal, ct)
            );
        await book.End(jobId, j => j.Finish(book.Now), ct);
    }

    private async Task Take(
        Actor actor,
        ImportJob read,
        TableFile table,
        IReadOnlyList<(int Index, TableRow Row)> batch,
        long position,
        string? refusal,
        CancellationToken ct
    )
    {
        await using var db = await store.OpenFor(actor);
        var job = await db.ImportJobs.Where(j => j.Id == read.Id).OneOrNotFound(ct);
        var (first, last) = (batch[0].Index, batch[^1].Index);
        var lines = await db
            .ImportLines.Where(l => l.JobId == read.Id && l.Index >= first && l.Index <= last && l.IsChosen && !l.IsTaken)
            .ToDictionaryAsync(l => l.Index, ct);
        var chosen = batch.Where(b => lines.ContainsKey(b.Index)).ToList();
        if (refusal is not null)
        {
            foreach (var line in lines.Values)
                line.Refuse(refusal);
            job.Wrote(last + 1, 0, lines.Count, position, book.Now);
            await db.SaveChangesAsync(ct);
            return;
        }
        var kind = records.Single(r => r.Subject == job.Subject);
        var judged = await Judge(db, read, table, chosen.ConvertAll(c => c.Row), [], ct);
        var fresh = judged.Count(j => j.There is null);
        var references = new Queue<string>(fresh == 0 ? [] : await db.NextReferences(ImportJob.KindOf(kind.Subject), book.Now.Year, fresh));
        foreach (var (one, index) in judged.Zip(chosen, (one, c) => (one, c.Index)))
        {
            var line = lines[index];
            // What was shown is what is written.
            Refusal.Unless(
                one.Outcome == line.Outcome && one.There?.Id == line.RecordId && Shown(one.Problems).SequenceEqual(Shown(line.Problems)),
                "record.changed_meanwhile"
            );
            var record = kind.Write(db, one.There, references.Dequeue, one.Content!, book.Now);
            if (one.Own.Length > 0 && (one.There is null || one.Problems.Any(p => p is { Code: "table.changed", Where: "OwnReference" })))
                db.OwnReferences.Add(new OwnReference(job, one.Own, record.Id));
            line.Took(record.Id, record.Reference);
        }
        job.Wrote(last + 1, lines.Count, 0, position, book.Now);
        await db.SaveChangesAsync(ct);
    }
}
