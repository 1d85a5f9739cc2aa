using Microsoft.AspNetCore.Mvc;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Lists;

namespace Portal.Api;

/// <summary>The operations on the records of a kind: what every kind has in one line each, and its verbs.</summary>
/// <typeparam name="TService">The kind's service.</typeparam>
/// <typeparam name="TRecord">What is answered of a record.</typeparam>
/// <param name="kind">The kind.</param>
/// <param name="routes">Its address, behind its section.</param>
/// <param name="one">Reads a record as the reader sees it.</param>
internal sealed class RecordRoutes<TService, TRecord>(
    Kind kind,
    RouteGroupBuilder routes,
    Func<TService, string, CancellationToken, Task<TRecord>> one
)
    where TService : class
    where TRecord : class
{
    private const string Reference = "/{reference}";
    private const string Json = "application/json";

    /// <summary>Where operations that only this kind has are added.</summary>
    public RouteGroupBuilder Routes => routes;

    /// <summary>The list, and one record.</summary>
    /// <param name="list">The list.</param>
    /// <param name="item">What is answered of a row.</param>
    /// <param name="says">What one record is, in a sentence.</param>
    public RecordRoutes<TService, TRecord> Read<T, TRow, TItem>(RecordList<T, TRow> list, Func<TRow, TItem> item, string says)
        where T : class, IProtected
        where TRow : class, IListed
    {
        var parameters = ListParameters.Of(list);
        routes
            .MapGet(
                "",
                async Task<IResult> (HttpRequest request, ListService lists, CancellationToken ct) =>
                    TypedResults.Ok(ListOf<TItem>.From(await lists.Page(list, parameters.Read(request), ct), item))
            )
            .Says(
                "list" + kind.Plural.Replace("-", "", StringComparison.Ordinal),
                $"Lists the {kind.Plural.ToLowerInvariant().Replace('-', ' ')} that the reader may see.",
                400
            )
            .Produces<ListOf<TItem>>()
            .WithMetadata(parameters);
        routes
            .MapGet(Reference, (string reference, HttpContext http, CancellationToken ct) => Answer(http, reference, ct))
            .Says($"get{kind}", says, 404)
            .Produces<TRecord>();
        return this;
    }

    /// <summary>Enters a new one.</summary>
    public RecordRoutes<TService, TRecord> Draft<TContent>(Func<TService, TContent, Task<string>> draft, string says, params int[] problems)
        where TContent : class, IContent<TContent>, new()
    {
        routes
            .MapPost(
                "",
                async (HttpContext http) =>
                {
                    var service = Service(http);
                    return await Inputs.Draft(
                        kind,
                        await Sent<TContent>(http),
                        said => draft(service, said),
                        made => one(service, made, default)
                    );
                }
            )
            .Accepts<TContent>(Json)
            .Says($"draft{kind}", says, [400, 413, 415, 422, .. problems])
            .Produces<TRecord>(201)
            .WithMetadata(new RequestSizeLimitAttribute(Uploads.LargestOf<TContent>()));
        return this;
    }

    /// <summary>Replaces what one says.</summary>
    /// <param name="mayEdit">Refuses whoever may not edit it.</param>
    /// <param name="now">What it says, and its version: asked where somebody saved first.</param>
    /// <param name="edit">Edits it.</param>
    /// <param name="says">What is replaced, in a sentence.</param>
    /// <param name="problems">What it may be answered with beside what every edit may.</param>
    public RecordRoutes<TService, TRecord> Edit<TContent>(
        Func<TService, string, Task> mayEdit,
        Func<TService, string, Task<(TContent Says, Guid Version)>> now,
        Func<TService, string, Guid, TContent, Task> edit,
        string says,
        params int[] problems
    )
        where TContent : class, IContent<TContent>, new()
    {
        routes
            .MapPut(
                Reference,
                async (string reference, HttpContext http) =>
                {
                    var (service, content) = (Service(http), await Sent<TContent>(http));
                    var version = Inputs.Version(http.Request);
                    await mayEdit(service, reference);
                    await Inputs.Edit(() => edit(service, reference, version, content), content, () => now(service, reference));
                    return await Answer(http, reference);
                }
            )
            .Accepts<TContent>(Json)
            .Says($"edit{kind}", says, [400, 404, 413, 415, 422, 428, .. problems])
            .Produces<TRecord>()
            .Produces<Conflict<TContent>>(412, Problems.MediaType)
            .WithMetadata(
                Inputs.NeedsVersion,
                new RequestSizeLimitAttribute(Uploads.LargestOf<TContent>()),
                new SentContent.Described(document =>
                    SentContent.Describe<TContent>(document, typeof(TRecord).IsAssignableTo(typeof(TContent)) ? typeof(TRecord).Name : null)
                )
            );
        return this;
    }

    /// <summary>A verb that says nothing more.</summary>
    public RecordRoutes<TService, TRecord> Verb(string name, string id, string says, Func<TService, string, Task> act)
    {
        routes
            .MapPost(
                $"{Reference}/{name}",
                async (string reference, HttpContext http) =>
                {
                    await act(Service(http), reference);
                    return await Answer(http, reference);
                }
            )
            .Verb(id, says)
            .Produces<TRecord>();
        return this;
    }

    /// <summary>A verb that says something with it.</summary>
    /// <param name="name">Its address beneath the record.</param>
    /// <param name="id">Its name in the description.</param>
    /// <param name="says">What it does, in a sentence.</param>
    /// <param name="act">Does it.</param>
    /// <param name="method">Posted, or put where doing it twice is doing it once.</param>
    public RecordRoutes<TService, TRecord> Verb<TBody>(
        string name,
        string id,
        string says,
        Func<TService, string, TBody, Task> act,
        string? method = null
    )
        where TBody : class
    {
        routes
            .MapMethods(
                $"{Reference}/{name}",
                [method ?? HttpMethods.Post],
                async (string reference, HttpContext http) =>
                {
                    await act(Service(http), reference, await Sent<TBody>(http));
                    return await Answer(http, reference);
                }
            )
            .Accepts<TBody>(Json)
            .Verb(id, says, 400, 413, 415, 422)
            .Produces<TRecord>();
        return this;
    }

    /// <summary>A verb that replaces what was said, and so names the version that it was said on.</summary>
    /// <param name="name">Its address beneath the record.</param>
    /// <param name="id">Its name in the description.</param>
    /// <param name="says">What it does, in a sentence.</param>
    /// <param name="act">Does it.</param>
    public RecordRoutes<TService, TRecord> VerbOn<TBody>(string name, string id, string says, Func<TService, string, Guid, TBody, Task> act)
        where TBody : class
    {
        routes
            .MapPut(
                $"{Reference}/{name}",
                async (string reference, HttpContext http) =>
                {
                    var said = await Sent<TBody>(http);
                    await act(Service(http), reference, Inputs.Version(http.Request), said);
                    return await Answer(http, reference);
                }
            )
            .Accepts<TBody>(Json)
            .Verb(id, says, 400, 413, 415, 422, 428)
            .Produces<TRecord>()
            .WithMetadata(Inputs.NeedsVersion, new RequestSizeLimitAttribute(Uploads.LargestOf<TBody>()));
        return this;
    }

    /// <summary>Its files.</summary>
    /// <param name="mayAdd">Refuses whoever may not: they are told before the file is read.</param>
    /// <param name="add">Adds one.</param>
    /// <param name="remove">Takes one away.</param>
    public RecordRoutes<TService, TRecord> Files(
        Func<TService, string, CancellationToken, Task> mayAdd,
        Func<TService, string, string, ReadOnlyMemory<byte>, Task<FileLine>> add,
        Func<TService, string, Guid, Task> remove
    )
    {
        routes
            .MapPost(
                Reference + "/files",
                async (string reference, HttpContext http, CancellationToken ct) =>
                {
                    Uploads.RefuseIfTooLarge(http.Request, Attachment.LargestFile);
                    await mayAdd(Service(http), reference, ct);
                    var (name, content) = await Uploads.File(http.Request, Attachment.LargestFile, ct);
                    var file = NeedFile.Of(await add(Service(http), reference, name, content));
                    return TypedResults.Created(file.Href, file);
                }
            )
            .Verb($"add{kind}File", "Attaches a file: one part named file.", 400, 413, 415, 422)
            .Produces<NeedFile>(201)
            .WithMetadata(new Inputs.OneFile(), new RequestSizeLimitAttribute(Attachment.LargestFile + (64 * 1024)));
        routes
            .MapDelete(
                Reference + "/files/{id:guid}",
                async (string reference, Guid id, HttpContext http) =>
                {
                    await remove(Service(http), reference, id);
                    return TypedResults.NoContent();
                }
            )
            .Verb($"remove{kind}File", "Takes a file away.")
            .Produces(204);
        return this;
    }

    /// <summary>Its threads.</summary>
    public RecordRoutes<TService, TRecord> Threads()
    {
        const string threads = Reference + "/threads";
        const string message = Reference + "/messages/{id:guid}";
        routes
            .MapGet(
                threads,
                async Task<IResult> (string reference, HttpContext http, CancellationToken ct) =>
                    TypedResults.Ok(ThreadsRecord.Of(await Talk(http).Of(kind, reference, ct)))
            )
            .Says($"get{kind}Threads", "What is discussed on it, as far as it is the reader's.", 404)
            .Produces<ThreadsRecord>();
        routes
            .MapPost(
                threads,
                async Task<IResult> (string reference, HttpContext http) =>
                {
                    var id = await Talk(http).Open(kind, reference, (await Sent<ThreadInput>(http)).Start);
                    return TypedResults.Created(
                        $"/api/v1{kind.Path(reference)}/threads",
                        ThreadItem.Of(await Talk(http).Get(kind, reference, id))
                    );
                }
            )
            .Accepts<ThreadInput>(Json)
            .Verb($"open{kind}Thread", "Begins a thread in a part of it; whoever holds the part reads it.", 400, 413, 415, 422)
            .Produces<ThreadItem>(201);
        routes
            .MapPost(
                threads + "/{id:guid}/messages",
                async Task<IResult> (string reference, Guid id, HttpContext http) =>
                {
                    await Talk(http).Write(kind, reference, id, (await Sent<MessageInput>(http)).Said);
                    return TypedResults.Ok(ThreadItem.Of(await Talk(http).Get(kind, reference, id)));
                }
            )
            .Accepts<MessageInput>(Json)
            .Verb($"answer{kind}Thread", "Writes in a thread.", 400, 413, 415, 422)
            .Produces<ThreadItem>();
        routes
            .MapPost(
                threads + "/{id:guid}/resolve",
                async Task<IResult> (string reference, Guid id, HttpContext http) =>
                {
                    await Talk(http).Resolve(kind, reference, id);
                    return TypedResults.Ok(ThreadItem.Of(await Talk(http).Get(kind, reference, id)));
                }
            )
            .Verb($"resolve{kind}Thread", "Closes a thread: nothing more is awaited in it.")
            .Produces<ThreadItem>();
        routes
            .MapPut(
                message,
                async Task<IResult> (string reference, Guid id, HttpContext http) =>
                {
                    await Talk(http).Edit(kind, reference, id, (await Sent<MessageText>(http)).Text);
                    return TypedResults.Ok(ThreadItem.Of(await Talk(http).OfMessage(kind, reference, id)));
                }
            )
            .Accepts<MessageText>(Json)
            .Verb($"edit{kind}Message", "Corrects a message, within fifteen minutes.", 400, 413, 415, 422)
            .Produces<ThreadItem>();
        routes
            .MapPost(
                message + "/withdraw",
                async Task<IResult> (string reference, Guid id, HttpContext http) =>
                {
                    await Talk(http).Withdraw(kind, reference, id);
                    return TypedResults.Ok(ThreadItem.Of(await Talk(http).OfMessage(kind, reference, id)));
                }
            )
            .Verb($"withdraw{kind}Message", "Withdraws a message: its words are gone for good.")
            .Produces<ThreadItem>();
        return this;
    }

    private static ThreadService Talk(HttpContext http) => http.RequestServices.GetRequiredService<ThreadService>();

    // The handlers name no type of the kind: so they are compiled with the portal and not each time it starts.
    private static TService Service(HttpContext http) => http.RequestServices.GetRequiredService<TService>();

    private static async Task<T> Sent<T>(HttpContext http)
        where T : class => (await Body<T>.BindAsync(http))!.Value;

    private async Task<IResult> Answer(HttpContext http, string reference, CancellationToken ct = default) =>
        TypedResults.Ok(await one(Service(http), reference, ct));
}
