using Microsoft.AspNetCore.Mvc;
using Portal.Assistance.Needs;
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
        Map(
                HttpMethods.Get,
                "",
                async (HttpRequest request, ListService lists, CancellationToken ct) =>
                    ListOf<TItem>.From(await lists.Page(list, parameters.Read(request), ct), item)
            )
            .Says(
                "list" + kind.Plural.Replace("-", "", StringComparison.Ordinal),
                $"Lists the {kind.Plural.ToLowerInvariant().Replace('-', ' ')} that the reader may see.",
                400
            )
            .Produces<ListOf<TItem>>()
            .WithMetadata(parameters);
        Map(HttpMethods.Get, Reference, (string reference, TService service, CancellationToken ct) => one(service, reference, ct))
            .Says($"get{kind}", says, 404)
            .Produces<TRecord>();
        return this;
    }

    /// <summary>Enters a new one.</summary>
    public RecordRoutes<TService, TRecord> Draft<TContent>(Func<TService, TContent, Task<string>> draft, string says, params int[] problems)
        where TContent : class, IContent<TContent>, new()
    {
        Map(
                HttpMethods.Post,
                "",
                (Body<TContent> body, TService service) =>
                    Inputs.Draft(kind, body.Value, said => draft(service, said), made => one(service, made, default))
            )
            .Says($"draft{kind}", says, [400, 413, 415, 422, .. problems])
            .Produces<TRecord>(201);
        return this;
    }

    /// <summary>Replaces what one says.</summary>
    /// <param name="now">Of a record: what it says, its version, and whether it is still to be completed. Refuses whoever may not edit it.</param>
    /// <param name="edit">Edits it.</param>
    /// <param name="says">What is replaced, in a sentence.</param>
    /// <param name="problems">What it may be answered with beside what every edit may.</param>
    public RecordRoutes<TService, TRecord> Edit<TContent>(
        Func<TService, string, Task<(TContent Says, Guid Version, bool IsDraft)>> now,
        Func<TService, string, Guid, TContent, Task> edit,
        string says,
        params int[] problems
    )
        where TContent : class, IContent<TContent>, new()
    {
        Map(
                HttpMethods.Put,
                Reference,
                async (string reference, Body<TContent> body, HttpContext http, TService service) =>
                {
                    var (version, content) = (Inputs.Version(http.Request), body.Value);
                    var (_, _, isDraft) = await now(service, reference);
                    await Inputs.Edit(
                        () => edit(service, reference, version, content),
                        () => TContent.Fields.Problems(content, isDraft),
                        content,
                        async () => await now(service, reference) is var (current, saved, _) ? (current, saved) : default
                    );
                    return await one(service, reference, default);
                }
            )
            .Says($"edit{kind}", says, [400, 404, 413, 415, 422, 428, .. problems])
            .Produces<TRecord>()
            .Produces<Conflict<TContent>>(412, Problems.MediaType)
            .WithMetadata(
                Inputs.NeedsVersion,
                new SentContent.Described(document =>
                    SentContent.Describe<TContent>(document, typeof(TRecord).IsAssignableTo(typeof(TContent)) ? typeof(TRecord).Name : null)
                )
            );
        return this;
    }

    /// <summary>A verb that says nothing more.</summary>
    public RecordRoutes<TService, TRecord> Verb(string name, string id, string says, Func<TService, string, Task> act)
    {
        Map(
                HttpMethods.Post,
                $"{Reference}/{name}",
                (string reference, TService service) => Inputs.After(act(service, reference), () => one(service, reference, default))
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
        Map(
                method ?? HttpMethods.Post,
                $"{Reference}/{name}",
                (string reference, Body<TBody> body, TService service) =>
                    Inputs.After(act(service, reference, body.Value), () => one(service, reference, default))
            )
            .Verb(id, says, 400, 413, 415, 422)
            .Produces<TRecord>();
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
        Map(
                HttpMethods.Post,
                Reference + "/files",
                async (string reference, HttpRequest request, TService service, CancellationToken ct) =>
                {
                    Uploads.RefuseIfTooLarge(request, Attachment.LargestFile);
                    await mayAdd(service, reference, ct);
                    var (name, content) = await Uploads.File(request, Attachment.LargestFile, ct);
                    var file = NeedFile.Of(await add(service, reference, name, content));
                    return TypedResults.Created(file.Href, file);
                }
            )
            .Verb($"add{kind}File", "Attaches a file: one part named file.", 400, 413, 415, 422)
            .Produces<NeedFile>(201)
            .WithMetadata(new Inputs.OneFile(), new RequestSizeLimitAttribute(Attachment.LargestFile + (64 * 1024)));
        Map(
                HttpMethods.Delete,
                Reference + "/files/{id:guid}",
                async (string reference, Guid id, TService service) =>
                {
                    await remove(service, reference, id);
                    return TypedResults.NoContent();
                }
            )
            .Verb($"remove{kind}File", "Takes a file away.")
            .Produces(204);
        return this;
    }

    // Whatever the kind is, they are put together when the portal starts and not, as the others are, when it is built.
    private RouteHandlerBuilder Map(string method, string path, Delegate handler) =>
#pragma warning disable RDG002
        routes.MapMethods(path, [method], handler);
#pragma warning restore RDG002
}
