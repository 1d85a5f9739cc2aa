using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Access;
using Portal.Collaboration;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Api;

/// <summary>A saved view: the search, filters and order of a list under a name.</summary>
public sealed record ViewRecord(Guid Id, Kind List, string Name, string Query, bool IsDefault, bool TellsNew)
{
    internal static ViewRecord Of(ViewTab v) => new(v.Id, v.List, v.Name, v.Query, v.IsDefault, v.TellsNew);
}

/// <summary>A view to save; the query is the list's query string.</summary>
public sealed record ViewInput(Kind? List, string? Name, string? Query);

/// <summary>What of a view is changed; what is missing stays.</summary>
public sealed record ViewChange(string? Name, bool? IsDefault, bool? TellsNew);

/// <summary>Saved views of the membership acted under.</summary>
internal static class ViewApi
{
    private static readonly ListParameters Parameters = new(
        new Parameter("list", "The list whose views are asked for.", () => Kinds.Listed.Select(k => k.Plural), Many: false)
    );

    public static void MapViews(this RouteGroupBuilder api)
    {
        var views = api.MapGroup("/views").WithTags("Saved views").RequireAuthorization(SignedInAttribute.Name);
        views
            .MapGet("", List)
            .Says("listViews", "Saved views of the lists that the reader may open.", 400)
            .Produces<IReadOnlyList<ViewRecord>>()
            .WithMetadata(Parameters);
        views.MapPost("", Save).Says("saveView", "Saves a view of a list.", 400, 404, 409, 413, 415, 422).Produces<ViewRecord>(201);
        views
            .MapPost("/{id:guid}", Change)
            .Verb(
                "changeView",
                "Renames a view, has its list open with it, or has its owner told of records that come to fit it.",
                400,
                413,
                415,
                422
            )
            .Produces<ViewRecord>();
        views
            .MapDelete(
                "/{id:guid}",
                async (Guid id, ViewService s) =>
                {
                    await s.Remove(id);
                    return TypedResults.NoContent();
                }
            )
            .Verb("removeView", "Forgets a view.")
            .Produces(204);
    }

    private static async Task<IReadOnlyList<ViewRecord>> List(HttpRequest request, ViewService views) =>
        [.. (await views.Of(Parameters.Read(request).One("list") is { } list ? Kinds.ListedAs(list) : null)).Select(ViewRecord.Of)];

    private static async Task<IResult> Save(Body<ViewInput> body, ViewService views)
    {
        var list = body.Value.List ?? throw new Refusal("field.required", nameof(ViewInput.List));
        var id = await views.Save(
            list,
            body.Value.Name,
            ListAddress.Of("/?" + body.Value.Query?.TrimStart('?')).Query("page", "view", "pageSize")
        );
        return TypedResults.Created($"/api/v1/views/{id}", await One(id, views));
    }

    private static async Task<ViewRecord> Change(Guid id, Body<ViewChange> body, ViewService views)
    {
        await views.Change(id, body.Value.Name, body.Value.IsDefault, body.Value.TellsNew);
        return await One(id, views);
    }

    private static async Task<ViewRecord> One(Guid id, ViewService views) =>
        (await views.Of(null)).FirstOrDefault(v => v.Id == id) is { } view ? ViewRecord.Of(view) : throw new NotFound();
}

/// <summary>A list by the plural of its kind, written as an enumeration is.</summary>
internal sealed class ListNames : JsonConverter<Kind>
{
    public override Kind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && reader.GetString() is { } plural
        && Kinds.ListedAs(plural) is { } kind
        && kind.Plural == plural
            ? kind
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, Kind value, JsonSerializerOptions options) => writer.WriteStringValue(value.Plural);
}
