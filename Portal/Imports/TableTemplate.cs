using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Shell;

namespace Portal.Imports;

/// <summary>Tables to fill in: the headings in the reader's language or as stable codes, and the lists of codes beside them.</summary>
internal sealed class TableTemplate(TableFields fields, ActorSource actors, IStringLocalizer<ImportWords> words, Say say)
{
    /// <summary>The table.</summary>
    /// <exception cref="NotFound">Who asks imports nothing of the kind.</exception>
    public async Task<IResult> Table(ImportSubject subject, string? format, string? headings)
    {
        await Check(subject);
        if (format is not ("csv" or "xlsx"))
            throw new Api.BadRequest(400, "export.format", ("format", "field.unknown_value"));
        var name = subject.ToString().ToLowerInvariant();
        List<string> row =
        [
            .. TableFields
                .Of(subject)
                .Select(f => headings == "codes" ? f.Code : fields.Words(subject, f.Name, say.Language) + (f.IsRequired ? " *" : "")),
        ];
        var sheet = new Sheet(words[subject == ImportSubject.Needs ? "needs" : "programmes"], words["template.note"], row, []);
        return format == "csv"
            ? Csv(sheet, name + ".csv")
            : TypedResults.Bytes(sheet.Xlsx(say.Language.IsRightToLeft(), Codes(subject)), Sheet.XlsxType, name + ".xlsx");
    }

    /// <summary>The lists of codes that the table takes.</summary>
    public async Task<IResult> Lists(ImportSubject subject)
    {
        await Check(subject);
        return Csv(Codes(subject), subject.ToString().ToLowerInvariant() + "-codes.csv");
    }

    private async Task Check(ImportSubject subject)
    {
        if (!ImportJob.May(await actors.Current(), subject))
            throw new NotFound();
    }

    private Sheet Codes(ImportSubject subject) =>
        new(
            words["template.codes.sheet"],
            words["template.codes"],
            [words["template.codes.field"], words["template.codes.code"], words["template.codes.name"]],
            [
                .. TableFields
                    .Of(subject)
                    .Where(f => f.List is not null)
                    .SelectMany(f =>
                        fields
                            .List(f.List!)
                            .Select(c => new object?[] { fields.Words(subject, f.Name, say.Language), c.Code, c.Name(say.Language) })
                    ),
            ]
        );

    private static IResult Csv(Sheet sheet, string name) => TypedResults.Bytes(sheet.Csv(), "text/csv; charset=utf-8", name);
}
