using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Api;

/// <summary>What is answered of a record that may be edited.</summary>
internal interface IVersioned
{
    /// <summary>For <c>If-Match</c>; null for readers who may not edit.</summary>
    string? Version { get; }
}

/// <summary>
/// Whatever answers with a record, be it read, drafted, edited or acted on, says its version in <c>ETag</c>; and an act that is sent with a
/// version is done on that or not at all.
/// </summary>
internal sealed class VersionTags(OnScreen screen) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? answer = null;
        if (Decided(context.HttpContext) is { } seen)
            await screen.While([seen], async () => answer = await next(context));
        else
            answer = await next(context);
        if ((answer is IValueHttpResult { Value: var value } ? value : answer) is IVersioned { Version: { } version })
            context.HttpContext.Response.Headers.ETag = $"\"{version}\"";
        return answer;
    }

    // What replaces a record answers with both versions; it compares by itself.
    private static Seen? Decided(HttpContext http) =>
        http.Request is { Headers.IfMatch: { Count: > 0 } tags, RouteValues: var route } request
        && tags != "*"
        && !HttpMethods.IsGet(request.Method)
        && !HttpMethods.IsHead(request.Method)
        && route["reference"] is string reference
        && http.GetEndpoint()?.Metadata.GetMetadata<Inputs.VersionHeader>() is null
            ? Seen.Of(reference, Inputs.Version(request))
            : null;
}

/// <summary>What writes have in common.</summary>
internal static class Inputs
{
    /// <summary>Marks an operation that takes one file, for the description.</summary>
    internal sealed record OneFile;

    /// <summary>Marks an operation that takes the version in <c>If-Match</c>, for the description.</summary>
    internal sealed record VersionHeader;

    /// <inheritdoc cref="VersionHeader"/>
    public static readonly VersionHeader NeedsVersion = new();

    /// <summary>The version in <c>If-Match</c>: exactly one, as it was received.</summary>
    /// <exception cref="BadRequest">Missing or not one version.</exception>
    public static Guid Version(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
            throw new BadRequest(428, "request.version_required");
        return
            request.Headers.IfMatch is [{ Length: 38 } tag] && tag is ['"', .., '"'] && Guid.TryParseExact(tag[1..^1], "D", out var version)
            ? version
            : throw new BadRequest(400, "request.parameters", ("If-Match", "field.malformed"));
    }

    /// <summary>The acts that the reader may do, of those that there are.</summary>
    public static IReadOnlyList<string> Allowed(params (string Act, bool May)[] acts) => [.. acts.Where(a => a.May).Select(a => a.Act)];

    /// <summary>What there is to say once something was done.</summary>
    public static async Task<T> After<T>(Task act, Func<Task<T>> read)
    {
        await act;
        return await read();
    }

    /// <summary>Saves something new.</summary>
    /// <returns>Where it is, and what it says.</returns>
    public static async Task<IResult> Draft<T, TRecord>(Kind kind, T sent, Func<T, Task<string>> draft, Func<string, Task<TRecord>> read)
        where T : class, IContent<T>, new()
    {
        var made = await draft(sent);
        return TypedResults.Created($"/api/v1{kind.Path(made)}", await read(made));
    }

    /// <summary>
    /// Replaces what a record says. Where somebody saved first, both versions are answered and what differs between them.
    /// </summary>
    /// <param name="edit">The verb, which refuses a version that is not the record's.</param>
    /// <param name="yours">What was sent.</param>
    /// <param name="now">What is saved now, and at which version.</param>
    public static async Task Edit<T>(Func<Task> edit, T yours, Func<Task<(T Current, Guid Version)>> now)
    {
        try
        {
            await edit();
        }
        catch (Refusal refusal) when (refusal.Code == Stale)
        {
            var (current, version) = await now();
            throw Changed(version, yours, current);
        }
    }

    private const string Stale = "record.changed_meanwhile";

    private static ChangedMeanwhile Changed<T>(Guid version, T yours, T current)
    {
        const string code = Stale;
        return new ChangedMeanwhile(problems => new Conflict<T>
        {
            Type = Problems.TypeOf(code),
            Title = problems.Words(code),
            Status = 412,
            Code = code,
            Yours = yours,
            Current = current,
            CurrentVersion = version.ToString(),
            Conflicts = Differences(yours, current),
        });
    }

    private static IReadOnlyList<string> Differences<T>(T yours, T current)
    {
        var (a, b) = (
            (JsonObject)JsonSerializer.SerializeToNode(yours, JsonSerializerOptions.Web)!,
            (JsonObject)JsonSerializer.SerializeToNode(current, JsonSerializerOptions.Web)!
        );
        return [.. a.Where(member => !JsonNode.DeepEquals(member.Value, b[member.Key])).Select(member => member.Key)];
    }
}
