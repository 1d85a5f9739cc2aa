using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>
/// The refused rows of a checked table as a table again, with the reasons in a last column: mended, it is imported as any other.
/// </summary>
internal sealed class RefusedRows(
    ActorSource actors,
    ImportBook book,
    ImportTurns turns,
    TableImport tables,
    TableFields fields,
    ProblemWords problems,
    IStringLocalizer<ImportWords> words,
    Say say
)
{
    /// <summary>Makes the file.</summary>
    /// <exception cref="NotFound">Missing, another organisation's, or of something else.</exception>
    public async Task<IResult> File(ImportSubject subject, Guid id, string? format, CancellationToken ct)
    {
        await using var db = await actors.Open();
        var job = await db
            .ImportJobs.AsNoTracking()
            .Where(j => j.Id == id && j.Subject == subject && j.Format != ImportFormat.Iati)
            .OneOrNotFound(ct);
        if (!ImportJob.May(db.Actor, subject))
            throw new NotFound();
        if (format is not ("csv" or "xlsx"))
            throw new Api.BadRequest(400, "export.format", ("format", "field.unknown_value"));
        // The file is kept until something of it is taken, or it is given up.
        Refusal.Unless(job.Stage == ImportStage.Checked, "import.wrong_stage");
        var refused = await db
            .ImportLines.AsNoTracking()
            .Where(l => l.JobId == id && l.Outcome == ActivityOutcome.Refused)
            .OrderBy(l => l.Index)
            .ToListAsync(ct);
        Sheet? sheet = null;
        // Reading takes its turn among the imports, so that many who ask take no more memory than one.
        await turns.Run(
            Guid.CreateVersion7(),
            async () =>
            {
                await using var file = await book.Spool(id, ct);
                var (columns, table) = tables.Table(job, file);
                sheet = Of(job, columns, table, refused);
            },
            ct
        );
        var name = $"{Path.GetFileNameWithoutExtension(job.FileName)}-{words["refused.file"].Value}.{format}";
        return format == "csv"
            ? TypedResults.Bytes((sheet! with { Note = "" }).Csv(), "text/csv; charset=utf-8", name)
            : TypedResults.Bytes(sheet!.Xlsx(say.Language.IsRightToLeft()), Sheet.XlsxType, name);
    }

    private Sheet Of(ImportJob job, IReadOnlyList<ImportColumn> columns, TableFile table, IReadOnlyList<Domain.Imports.ImportLine> refused)
    {
        // What was mapped by hand is called by its field, so that it need not be mapped again; reasons of an earlier round go.
        var kept = columns.Index().Where(c => !fields.AreReasons(c.Item.Heading)).ToList();
        var headings = kept.Select(c =>
            c.Item.Field is { } field && fields.Field(job.Subject, c.Item.Heading) != field
                ? fields.Words(job.Subject, field, say.Language)
                : c.Item.Heading
        );
        return new Sheet(
            words[job.Subject == ImportSubject.Needs ? "needs" : "programmes"],
            words["refused.help"],
            [.. headings, words["refused.reasons"]],
            [
                .. refused
                    .Where(l => l.Index < table.Rows.Count)
                    .Select(l =>
                        (object?[])
                            [
                                .. kept.Select(c => Value(table.Rows[l.Index].Cells.ElementAtOrDefault(c.Index))),
                                string.Join("\n", l.Problems.Where(p => p.Refuses).Select(p => problems.Sentence(job.Subject, p))),
                            ]
                    ),
            ]
        );
    }

    private static object? Value(Cell cell) =>
        cell.Kind switch
        {
            CellKind.Number when decimal.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            CellKind.Day
                when DateOnly.TryParseExact(cell.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
            CellKind.Text or CellKind.Number or CellKind.Day => cell.Text ?? "",
        };
}
