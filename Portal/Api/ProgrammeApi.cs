using Portal.Assistance.Programmes;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;

namespace Portal.Api;

/// <summary>A programme in a list. A part that is not shared with the reader is null.</summary>
public sealed record ProgrammeItem(
    string Reference,
    string Title,
    Language Language,
    string Provider,
    IReadOnlyList<string> States,
    IReadOnlyList<string> Themes,
    IReadOnlyList<string> Modalities,
    ProgrammeStatus Status,
    DateOnly? Start,
    DateOnly? End,
    IReadOnlyList<ProgrammeParts> Parts,
    decimal? Budget,
    decimal? Committed,
    decimal? Disbursed,
    string? Currency
)
{
    internal static ProgrammeItem Of(ProgrammeRow r) =>
        new(
            r.Reference,
            r.Title,
            r.Language,
            r.Provider[Shell.Culture.Current],
            r.States,
            r.Themes,
            r.Modalities,
            r.Status,
            r.Start,
            r.End,
            Names(r.Parts),
            r.Budget,
            r.Committed,
            r.Disbursed,
            r.Currency
        );

    internal static IReadOnlyList<ProgrammeParts> Names(ProgrammeParts parts) =>
        [.. Enum.GetValues<ProgrammeParts>().Where(p => int.PopCount((int)p) == 1 && parts.Has(p))];
}

/// <summary>A programme as the reader sees it.</summary>
public sealed record ProgrammeRecord : IVersioned
{
    /// <summary>What the list says of it.</summary>
    public required ProgrammeItem Programme { get; init; }

    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    public string? Version { get; init; }

    /// <summary>First day, as planned.</summary>
    public DateOnly? StartPlanned { get; init; }

    /// <summary>First day, as it was.</summary>
    public DateOnly? StartActual { get; init; }

    /// <summary>Last day, as planned.</summary>
    public DateOnly? EndPlanned { get; init; }

    /// <summary>Last day, as it was.</summary>
    public DateOnly? EndActual { get; init; }

    /// <summary>What is done; part Description.</summary>
    public string? Description { get; init; }

    /// <summary>Paragraph codes; part Description.</summary>
    public IReadOnlyList<string>? Paragraphs { get; init; }

    /// <summary>DAC codes; part Description.</summary>
    public IReadOnlyList<string>? Sectors { get; init; }

    /// <summary>IATI activity identifier; part Description.</summary>
    public string? IatiIdentifier { get; init; }

    /// <summary>Who takes part; part Description.</summary>
    public IReadOnlyList<Participant>? Participants { get; init; }

    /// <summary>Finance; part Finance.</summary>
    public IReadOnlyList<MoneyLine>? Money { get; init; }

    /// <summary>Results; part Results.</summary>
    public IReadOnlyList<ResultLine>? Results { get; init; }

    /// <summary>Documents; part Documents.</summary>
    public IReadOnlyList<DocumentLink>? Documents { get; init; }

    /// <summary>Files; part Documents.</summary>
    public IReadOnlyList<NeedFile>? Files { get; init; }

    /// <summary>With whom it is shared; part Inner, null before it is.</summary>
    public ProgrammeSharingInput? Sharing { get; init; }

    /// <summary>References of the needs it serves, of those that the reader sees.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>What the reader may do.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    internal static ProgrammeRecord Of(ProgrammeView v) =>
        new()
        {
            Programme = ProgrammeItem.Of(v.Row),
            Version = v.Acts.Edit ? v.Version.ToString() : null,
            StartPlanned = v.StartPlanned,
            StartActual = v.StartActual,
            EndPlanned = v.EndPlanned,
            EndActual = v.EndActual,
            Description = v.Description,
            Paragraphs = v.Paragraphs,
            Sectors = v.Sectors,
            IatiIdentifier = v.Row.IatiIdentifier,
            Participants = v.Participants,
            Money = v.Money,
            Results = v.Results,
            Documents = v.Documents,
            Files = v.Files is null ? null : [.. v.Files.Select(NeedFile.Of)],
            Sharing = v.Sharing is { } s ? ProgrammeSharingInput.Of(s) : null,
            Needs = [.. v.Needs.Select(n => n.Reference)],
            Actions =
            [
                .. new (string Name, bool May)[]
                {
                    ("edit", v.Acts.Edit),
                    ("share", v.Acts.Share),
                    ("start", v.Acts.Start),
                    ("complete", v.Acts.Complete),
                    ("cancel", v.Acts.Cancel),
                }
                    .Where(a => a.May)
                    .Select(a => a.Name),
            ],
        };
}

/// <summary>With whom a programme is shared, audience by audience; CTED gets all of it with the first sharing.</summary>
public sealed record ProgrammeSharingInput(
    IReadOnlyList<ProgrammeParts>? States,
    IReadOnlyList<ProgrammeParts>? Providers,
    IReadOnlyList<ProgrammeParts>? Partners,
    IReadOnlyList<ProgrammeParts>? Everyone
)
{
    internal ProgrammeSharing Said => new(All(States), All(Providers), All(Partners), All(Everyone));

    internal static ProgrammeSharingInput Of(ProgrammeSharing s) =>
        new(
            ProgrammeItem.Names(s.States),
            ProgrammeItem.Names(s.Providers),
            ProgrammeItem.Names(s.Partners),
            ProgrammeItem.Names(s.Everyone)
        );

    private static ProgrammeParts All(IReadOnlyList<ProgrammeParts>? parts) =>
        (parts ?? []).Aggregate(ProgrammeParts.None, (all, p) => all | p);
}

/// <summary>A need, by its reference.</summary>
public sealed record ServedNeedInput(string? Need);

/// <summary>Programmes.</summary>
internal static class ProgrammeApi
{
    private static readonly ListParameters Parameters = ListParameters.Of(ProgrammeList.List);

    public static void MapProgrammes(this RouteGroupBuilder api)
    {
        var programmes = api.MapKind(Programme.Card);
        programmes
            .MapGet("", List)
            .Says("listProgrammes", "Lists the programmes that the reader may see.", 400)
            .Produces<ListOf<ProgrammeItem>>()
            .WithMetadata(Parameters);
        programmes
            .MapGet("/{reference}", One)
            .Says("getProgramme", "One programme, as far as its provider shares it with the reader.", 404)
            .Produces<ProgrammeRecord>();
        programmes
            .MapPost("", Draft)
            .Says("draftProgramme", "Enters a programme of the organisation acted for; nobody else sees it yet.", 400, 409, 413, 415, 422)
            .Produces<ProgrammeRecord>(201);
        programmes
            .MapPut("/{reference}", Edit)
            .Says(
                "editProgramme",
                "Replaces what a programme says, if it is still at the version in If-Match.",
                400,
                404,
                409,
                413,
                415,
                422,
                428
            )
            .Produces<ProgrammeRecord>()
            .Produces<Conflict<Programme.Content>>(412, Problems.MediaType)
            .WithMetadata(Inputs.NeedsVersion);
        programmes
            .MapPut(
                "/{reference}/sharing",
                (string reference, Body<ProgrammeSharingInput> body, ProgrammeService s) =>
                    After(s.Share(reference, body.Value.Said), s, reference)
            )
            .Verb("shareProgramme", "Says who sees which part of a programme.", 400, 413, 415, 422)
            .Produces<ProgrammeRecord>();
        programmes
            .MapPost("/{reference}/start", (string reference, ProgrammeService s) => After(s.Start(reference), s, reference))
            .Verb("startProgramme", "Says that a programme has begun.")
            .Produces<ProgrammeRecord>();
        programmes
            .MapPost("/{reference}/complete", (string reference, ProgrammeService s) => After(s.Complete(reference), s, reference))
            .Verb("completeProgramme", "Says that a programme has ended as planned.")
            .Produces<ProgrammeRecord>();
        programmes
            .MapPost(
                "/{reference}/cancel",
                (string reference, Body<ReasonInput> body, ProgrammeService s) =>
                    After(s.Cancel(reference, body.Value.Why ?? ""), s, reference)
            )
            .Verb("cancelProgramme", "Gives a programme up, with a reason.", 400, 413, 415, 422)
            .Produces<ProgrammeRecord>();
        programmes
            .MapPost(
                "/{reference}/needs",
                (string reference, Body<ServedNeedInput> body, ProgrammeService s) =>
                    After(s.Serve(reference, body.Value.Need ?? ""), s, reference)
            )
            .Verb("linkNeed", "Says that a programme serves a need. Only those who see both see the link.", 400, 413, 415, 422)
            .Produces<ProgrammeRecord>();
        programmes
            .MapPost("/{reference}/files", AddFile)
            .Verb("addProgrammeFile", "Attaches a file: one part named file.", 400, 413, 415, 422)
            .Produces<NeedFile>(201)
            .WithMetadata(
                new Inputs.OneFile(),
                new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(Attachment.LargestFile + (64 * 1024))
            );
        programmes.MapDelete("/{reference}/files/{id:guid}", RemoveFile).Verb("removeProgrammeFile", "Takes a file away.").Produces(204);
    }

    private static async Task<IResult> AddFile(string reference, HttpRequest request, ProgrammeService programmes, CancellationToken ct)
    {
        Uploads.RefuseIfTooLarge(request, Attachment.LargestFile);
        // Who may not attach is told before the file is read.
        Refusal.Unless((await programmes.Get(reference, ct)).Acts.Edit, "programme.not_yours_to_edit");
        var (name, content) = await Uploads.File(request, Attachment.LargestFile, ct);
        var file = NeedFile.Of(await programmes.AddFile(reference, name, content));
        return TypedResults.Created(file.Href, file);
    }

    private static async Task<IResult> RemoveFile(string reference, Guid id, ProgrammeService programmes)
    {
        await programmes.RemoveFile(reference, id);
        return TypedResults.NoContent();
    }

    private static async Task<ListOf<ProgrammeItem>> List(HttpRequest request, ListService lists, CancellationToken ct) =>
        ListOf<ProgrammeItem>.From(await lists.Page(ProgrammeList.List, Parameters.Read(request), ct), ProgrammeItem.Of);

    private static async Task<ProgrammeRecord> One(string reference, ProgrammeService programmes, CancellationToken ct = default) =>
        ProgrammeRecord.Of(await programmes.Get(reference, ct));

    private static Task<IResult> Draft(Body<Programme.Content> body, ProgrammeService programmes) =>
        Inputs.Draft(Programme.Card, body.Value, programmes.Draft, made => One(made, programmes));

    private static async Task<ProgrammeRecord> Edit(
        string reference,
        Body<Programme.Content> body,
        HttpContext http,
        ProgrammeService programmes
    )
    {
        var (version, content) = (Inputs.Version(http.Request), body.Value);
        Refusal.Unless((await programmes.Get(reference)).Acts.Edit, "programme.not_yours_to_edit");
        await Inputs.Edit(
            () => programmes.Edit(reference, version, content),
            () => Programme.Content.Fields.Problems(content),
            content,
            () => programmes.Content(reference)
        );
        return await One(reference, programmes);
    }

    private static Task<ProgrammeRecord> After(Task act, ProgrammeService programmes, string reference) =>
        Inputs.After(act, () => One(reference, programmes));
}
