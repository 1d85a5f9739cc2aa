using Microsoft.AspNetCore.Mvc;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Api;

/// <summary>
/// An import as its organisation's people see it; what the columns of a table fill, the encoding that its text was read in, and whether
/// that is a guess.
/// </summary>
public sealed record ImportRecord(
    Guid Id,
    string FileName,
    long Size,
    ImportStage Stage,
    int Percent,
    int Activities,
    int New,
    int Changed,
    int Same,
    int Refused,
    int Chosen,
    int Taken,
    string? Fault,
    int FaultLine,
    DateTime CreatedAt,
    IReadOnlyList<ImportColumn> Columns,
    string? Encoding,
    bool IsEncodingGuessed,
    string? FaultDetail
)
{
    internal static ImportRecord Of(ImportView v) =>
        new(
            v.Id,
            v.FileName,
            v.Size,
            v.Stage,
            v.Percent,
            v.Activities,
            v.New,
            v.Changed,
            v.Same,
            v.Refused,
            v.Chosen,
            v.Taken,
            v.Fault,
            v.FaultLine,
            v.CreatedAt,
            v.Columns,
            v.Encoding,
            v.IsEncodingGuessed,
            v.FaultDetail
        );
}

/// <summary>One activity or row of an import.</summary>
public sealed record ImportItem(
    string Identifier,
    string Title,
    int Line,
    ActivityOutcome Outcome,
    string? Programme,
    bool IsChosen,
    bool IsTaken,
    IReadOnlyList<ImportProblem> Problems
)
{
    internal static ImportItem Of(ImportRow r) =>
        new(r.Identifier, r.Title, r.Line, r.Outcome, r.Reference, r.IsChosen, r.IsTaken, r.Problems);
}

/// <summary>One row of a table of needs: its place in the file from 0, and what it would do.</summary>
public sealed record NeedImportItem(
    int Index,
    string OwnReference,
    string Title,
    int Row,
    ActivityOutcome Outcome,
    string? Need,
    bool IsChosen,
    bool IsTaken,
    IReadOnlyList<ImportProblem> Problems
)
{
    internal static NeedImportItem Of(ImportRow r) =>
        new(r.Index, r.Identifier, r.Title, r.Line, r.Outcome, r.Reference, r.IsChosen, r.IsTaken, r.Problems);
}

/// <summary>
/// What of a checked file is taken; whether new programmes are shared with everyone at once; and whether the publisher's word counts where
/// a field was changed on both sides, which otherwise stays as it is.
/// </summary>
public sealed record ImportApplication(ImportChoice? Choice, bool? ShareAsPublished, bool? PublisherWins);

/// <summary>Rows of a checked table that are taken, by their place in the file; missing is every new and changed one.</summary>
public sealed record NeedImportApplication(IReadOnlyList<int>? Rows);

/// <summary>
/// What each column of a table fills, in their order, null where nothing; and the encoding to read its text in, null to find it out.
/// </summary>
public sealed record ImportMapping(IReadOnlyList<string?>? Fields, string? Encoding);

/// <summary>Imports: IATI activity files and tables of programmes, tables of needs.</summary>
internal static class ImportApi
{
    private static readonly ListParameters Parameters = new(
        ListParameters.Words,
        ListParameters.Of<ActivityOutcome>("outcome", "Outcomes to keep."),
        ListParameters.Page
    );

    public static void MapImports(this RouteGroupBuilder api)
    {
        var programmes = api.MapKind(Programme.Card, "/imports", level: Level.Contribute);
        programmes
            .MapPost(
                "",
                (HttpRequest request, ImportService s, CancellationToken ct) =>
                    Receive(ImportSubject.Programmes, ImportJob.LargestFile, request, s, ct)
            )
            .Says(
                "importActivities",
                "Receives an IATI activity file or a table of programmes: one part named file. It is checked, and nothing is written before it is applied.",
                400,
                404,
                413,
                415,
                422
            )
            .Produces<ImportRecord>(201)
            .WithMetadata(new Inputs.OneFile(), new RequestSizeLimitAttribute(ImportJob.LargestFile + Uploads.LargestJson));
        programmes
            .MapGet("/{id:guid}", (Guid id, ImportService s, CancellationToken ct) => One(ImportSubject.Programmes, id, s, ct))
            .Says("getImport", "How an import stands.", 404)
            .Produces<ImportRecord>();
        programmes
            .MapGet(
                "/{id:guid}/activities",
                (Guid id, HttpRequest request, ImportService s, CancellationToken ct) =>
                    Lines(ImportSubject.Programmes, id, request, ImportItem.Of, s, ct)
            )
            .Says(
                "listImportedActivities",
                "What each activity or row of the file would do, field by field before and after, and why.",
                400,
                404
            )
            .Produces<ListOf<ImportItem>>()
            .WithMetadata(Parameters);
        Refused(programmes, ImportSubject.Programmes, "getRefusedProgrammes");
        programmes
            .MapPost("/{id:guid}/apply", Apply)
            .Verb("applyImport", "Has what is chosen of a checked file written.", 400, 413, 415, 422)
            .Produces<ImportRecord>();

        var needs = api.MapKind(Need.Card, "/imports", level: Level.Contribute);
        needs
            .MapPost(
                "",
                (HttpRequest request, ImportService s, CancellationToken ct) =>
                    Receive(ImportSubject.Needs, ImportJob.LargestTable, request, s, ct)
            )
            .Says(
                "importNeeds",
                "Receives a table of needs of the State acted for, XLSX or CSV: one part named file. It is checked, and nothing is written before it is applied.",
                400,
                404,
                413,
                415,
                422
            )
            .Produces<ImportRecord>(201)
            .WithMetadata(new Inputs.OneFile(), new RequestSizeLimitAttribute(ImportJob.LargestTable + Uploads.LargestJson));
        needs
            .MapGet("/{id:guid}", (Guid id, ImportService s, CancellationToken ct) => One(ImportSubject.Needs, id, s, ct))
            .Says("getNeedImport", "How an import of needs stands.", 404)
            .Produces<ImportRecord>();
        needs
            .MapGet(
                "/{id:guid}/rows",
                (Guid id, HttpRequest request, ImportService s, CancellationToken ct) =>
                    Lines(ImportSubject.Needs, id, request, NeedImportItem.Of, s, ct)
            )
            .Says(
                "listImportedNeeds",
                "What each row of the table would do, field by field before and after, and what is wrong with it.",
                400,
                404
            )
            .Produces<ListOf<NeedImportItem>>()
            .WithMetadata(Parameters);
        Refused(needs, ImportSubject.Needs, "getRefusedNeeds");
        needs
            .MapPost("/{id:guid}/columns", Map)
            .Verb(
                "mapNeedImport",
                "Says what the columns of a table fill and how its text is read, and has it checked anew.",
                400,
                413,
                415,
                422
            )
            .Produces<ImportRecord>();
        needs
            .MapPost("/{id:guid}/apply", ApplyNeeds)
            .Verb("applyNeedImport", "Has what is chosen of a checked table written: new needs as drafts.", 400, 413, 415, 422)
            .Produces<ImportRecord>();
        needs
            .MapDelete(
                "/{id:guid}",
                async (Guid id, ImportService s, CancellationToken ct) =>
                {
                    _ = await One(ImportSubject.Needs, id, s, ct);
                    await s.Discard(id);
                    return TypedResults.NoContent();
                }
            )
            .Verb("discardNeedImport", "Gives an import of needs up and forgets the file.")
            .Produces(204);
    }

    private static void Refused(RouteGroupBuilder imports, ImportSubject subject, string name) =>
        imports
            .MapGet(
                "/{id:guid}/refused",
                (Guid id, HttpRequest request, RefusedRows rows, CancellationToken ct) =>
                    rows.File(subject, id, OfRefused.Read(request).One("format"), ct)
            )
            .Says(
                name,
                "The refused rows of a checked table as a table again, CSV or XLSX, with the reasons in a last column that a later import leaves out of account.",
                400,
                404,
                409
            )
            .Produces(200, null, "text/csv", Exports.Sheet.XlsxType)
            .WithMetadata(OfRefused);

    private static readonly ListParameters OfRefused = new(
        new Parameter("format", "The format of the file.", () => ["csv", "xlsx"], Many: false)
    );

    private static async Task<IResult> Receive(
        ImportSubject subject,
        long largest,
        HttpRequest request,
        ImportService imports,
        CancellationToken ct
    )
    {
        Uploads.RefuseIfLarger(request, largest + Uploads.LargestJson);
        var id = Guid.Empty;
        await Uploads.Stream(
            request,
            async (name, content) =>
            {
                id = await imports.Receive(subject, name, Math.Clamp(request.ContentLength ?? 1, 1, largest));
                await imports.Fill(id, content, null, ct);
            },
            ct
        );
        return TypedResults.Created($"{request.Path}/{id}", ImportRecord.Of(await imports.Get(id, ct)));
    }

    // An import of another kind of record is not here.
    private static async Task<ImportRecord> One(ImportSubject subject, Guid id, ImportService imports, CancellationToken ct) =>
        await imports.Get(id, ct) is var import && import.Subject == subject ? ImportRecord.Of(import) : throw new NotFound();

    private static async Task<ListOf<T>> Lines<T>(
        ImportSubject subject,
        Guid id,
        HttpRequest request,
        Func<ImportRow, T> item,
        ImportService imports,
        CancellationToken ct
    )
    {
        var address = Parameters.Read(request);
        _ = await One(subject, id, imports, ct);
        return ListOf<T>.From(await imports.Lines(id, address, ct), item);
    }

    private static async Task<ImportRecord> Apply(Guid id, Body<ImportApplication> body, ImportService imports, CancellationToken ct)
    {
        _ = await One(ImportSubject.Programmes, id, imports, ct);
        if (body.Value.Choice is { } choice)
            await imports.Choose(id, choice);
        if (body.Value.PublisherWins == true)
            await imports.SettleAll(id);
        await imports.Apply(id, body.Value.ShareAsPublished == true);
        return ImportRecord.Of(await imports.Get(id, ct));
    }

    private static async Task<ImportRecord> Map(Guid id, Body<ImportMapping> body, ImportService imports, CancellationToken ct)
    {
        _ = await One(ImportSubject.Needs, id, imports, ct);
        await imports.Map(id, body.Value.Fields ?? throw new Refusal("field.required", nameof(ImportMapping.Fields)), body.Value.Encoding);
        return ImportRecord.Of(await imports.Get(id, ct));
    }

    private static async Task<ImportRecord> ApplyNeeds(
        Guid id,
        Body<NeedImportApplication> body,
        ImportService imports,
        CancellationToken ct
    )
    {
        _ = await One(ImportSubject.Needs, id, imports, ct);
        if (body.Value.Rows is { } rows)
            await imports.Choose(id, rows);
        await imports.Apply(id, shareAsPublished: false);
        return ImportRecord.Of(await imports.Get(id, ct));
    }
}
