using Microsoft.AspNetCore.Mvc;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Api;

/// <summary>An import as its organisation's people see it.</summary>
public sealed record ImportRecord(Guid Id, string FileName, long Size, ImportStage Stage, int Percent, int Activities, int New, int Changed, int Same, int Refused, int Chosen, int Taken, string? Fault, int FaultLine, DateTime CreatedAt)
{
    internal static ImportRecord Of(ImportView v) => new(v.Id, v.FileName, v.Size, v.Stage, v.Percent, v.Activities, v.New, v.Changed, v.Same, v.Refused, v.Chosen, v.Taken, v.Fault, v.FaultLine, v.CreatedAt);
}

/// <summary>One activity of an import.</summary>
public sealed record ImportItem(string Identifier, string Title, int Line, ActivityOutcome Outcome, string? Programme, bool IsChosen, bool IsTaken, IReadOnlyList<ImportProblem> Problems)
{
    internal static ImportItem Of(ImportRow r) => new(r.Identifier, r.Title, r.Line, r.Outcome, r.Reference, r.IsChosen, r.IsTaken, r.Problems);
}

/// <summary>What of a checked file is taken.</summary>
public sealed record ImportApplication(ImportChoice? Choice, bool? ShareAsPublished);

/// <summary>Imports of IATI activity files.</summary>
internal static class ImportApi
{
    private static readonly ListParameters Parameters = new(ListParameters.Words, ListParameters.Of<ActivityOutcome>("outcome", "Outcomes to keep."), ListParameters.Page);

    public static void MapImports(this RouteGroupBuilder api)
    {
        var imports = api.MapGroup("/programmes/imports").WithTags("Programmes").RequireAuthorization(SectionAttribute.PolicyName(Section.Programmes, Level.Contribute));
        imports.MapPost("", Receive).Says("importActivities", "Receives an IATI activity file: one part named file. It is checked, and nothing is written before it is applied.", 400, 404, 413, 415, 422).Produces<ImportRecord>(201)
            .WithMetadata(new Inputs.OneFile(), new RequestSizeLimitAttribute(IatiReader.LargestFile + Uploads.LargestJson));
        imports.MapGet("/{id:guid}", One).Says("getImport", "How an import stands.", 404).Produces<ImportRecord>();
        imports.MapGet("/{id:guid}/activities", Lines).Says("listImportedActivities", "What each activity of the file would do, and why.", 400, 404).Produces<ListOf<ImportItem>>().WithMetadata(Parameters);
        imports.MapPost("/{id:guid}/apply", Apply).Verb("applyImport", "Has what is chosen of a checked file written.", 400, 413, 415, 422).Produces<ImportRecord>();
    }

    private static async Task<IResult> Receive(HttpRequest request, ImportService imports, CancellationToken ct)
    {
        Uploads.RefuseIfLarger(request, IatiReader.LargestFile + Uploads.LargestJson);
        var id = Guid.Empty;
        await Uploads.Stream(request, async (name, content) =>
        {
            id = await imports.Receive(ImportSubject.Programmes, name, Math.Clamp(request.ContentLength ?? 1, 1, IatiReader.LargestFile));
            await imports.Fill(id, content, null, ct);
        }, ct);
        return TypedResults.Created($"/api/v1/programmes/imports/{id}", ImportRecord.Of(await imports.Get(id, ct)));
    }

    private static async Task<ImportRecord> One(Guid id, ImportService imports, CancellationToken ct) => ImportRecord.Of(await imports.Get(id, ct));

    private static async Task<ListOf<ImportItem>> Lines(Guid id, HttpRequest request, ImportService imports, CancellationToken ct)
    {
        _ = await imports.Get(id, ct);
        return ListOf<ImportItem>.From(await imports.Lines(id, Parameters.Read(request), ct), ImportItem.Of);
    }

    private static async Task<ImportRecord> Apply(Guid id, Body<ImportApplication> body, ImportService imports)
    {
        if (body.Value.Choice is { } choice)
            await imports.Choose(id, choice);
        await imports.Apply(id, body.Value.ShareAsPublished == true);
        return ImportRecord.Of(await imports.Get(id));
    }
}
