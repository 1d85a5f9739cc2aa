using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Api;

/// <summary>Marker of the words of the API: its own problems and the page that describes it.</summary>
public sealed class ApiWords;

/// <summary>
/// What went wrong, as RFC 9457 problem details. Hidden and missing are the same bytes, so nothing of the request is repeated.
/// </summary>
public record Problem
{
    /// <summary>Names the kind of problem: <c>urn:portal:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The same in words, in the reader's language.</summary>
    public required string Title { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Stable code, such as <c>need.wrong_stage</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Mistakes by the member or parameter they are in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<Mistake>>? Errors { get; init; }

    /// <summary>Number of the log entry, where the fault is the portal's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }
}

/// <summary>One mistake in a member or parameter.</summary>
/// <param name="Code">Stable code, such as <c>field.required</c>.</param>
/// <param name="Text">The same in words, in the reader's language.</param>
public sealed record Mistake(string Code, string Text);

/// <summary>What the rules call a member of a body, where they have another name for it: a mistake is said of what was sent.</summary>
/// <param name="names">Names of the fields.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CalledAttribute(params string[] names) : Attribute
{
    /// <summary>Of a field the member of a body that says it: itself, unless the body has it under another name.</summary>
    public static string Member(Type? body, string field) =>
        body?.GetProperties().FirstOrDefault(p => p.GetCustomAttribute<CalledAttribute>()?.Names.Contains(field) == true)?.Name ?? field;

    private IReadOnlyList<string> Names { get; } = names;
}

/// <summary>Somebody else saved first: both versions, to choose from.</summary>
/// <typeparam name="T">What is edited.</typeparam>
public sealed record Conflict<T> : Problem
{
    /// <summary>What was sent.</summary>
    public required T Yours { get; init; }

    /// <summary>What is saved now.</summary>
    public required T Current { get; init; }

    /// <summary>Its version, for the next <c>If-Match</c>.</summary>
    public required string CurrentVersion { get; init; }

    /// <summary>Members that differ.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }
}

/// <summary>A request that cannot be understood or taken, whatever the rules of the record say.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Stable code, such as <c>request.malformed</c>.</param>
/// <param name="fields">Mistakes, member or parameter and code.</param>
public sealed class BadRequest(int status, string code, params IReadOnlyList<(string Field, string Code)> fields) : Exception(code)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>Mistakes.</summary>
    public IReadOnlyList<(string Field, string Code)> Fields { get; } = fields;
}

/// <summary>Somebody else saved first.</summary>
/// <param name="problem">Both versions.</param>
public sealed class ChangedMeanwhile(Func<Problems, Problem> problem) : Exception("record.changed_meanwhile")
{
    /// <summary>Says both versions.</summary>
    public Func<Problems, Problem> Problem { get; } = problem;
}

/// <summary>Says problems in the reader's language and writes them.</summary>
public sealed class Problems(Say say, IStringLocalizer<ApiWords> words, IOptions<JsonOptions> json)
{
    /// <summary>Media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The problem an exception stands for; null where it is a fault of the portal.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="body">Of what type the body is that was sent; null where none is.</param>
    public Problem? Of(Exception exception, Type? body = null) =>
        exception switch
        {
            NotFound => Of(404, "not_found"),
            BadRequest b => Of(b.Status, b.Code, b.Fields),
            Refusal r => Of(StatusOf(r), r.Code, Mistakes(r, body)),
            ChangedMeanwhile c => c.Problem(this),
            BadHttpRequestException b => OfStatus(b.StatusCode),
            _ => null,
        };

    private static IReadOnlyList<(string, string)> Mistakes(Refusal refusal, Type? body) =>
        [.. refusal.All.Where(r => r.Field is not null).Select(r => (CalledAttribute.Member(body, r.Field!), r.Code))];

    /// <summary>The problem a bare status stands for.</summary>
    public Problem OfStatus(int status) =>
        Of(
            status,
            status switch
            {
                400 => "request.malformed",
                401 => "request.sign_in",
                403 => "request.closed",
                404 => "not_found",
                405 => "request.method",
                413 => "request.too_large",
                415 => "request.media_type",
                428 => "request.version_required",
                429 => "request.too_many",
                >= 500 => "unexpected",
                _ => "request.malformed",
            }
        );

    /// <summary>A problem with its words.</summary>
    public Problem Of(int status, string code, params IReadOnlyList<(string Field, string Code)> mistakes) =>
        new()
        {
            Type = TypeOf(code),
            Title = Words(code),
            Status = status,
            Code = code,
            Errors = Errors(mistakes),
        };

    /// <summary>The URI that names a code.</summary>
    public static string TypeOf(string code) => "urn:portal:problem:" + code;

    /// <summary>A code in words: the API's own, or the domain's.</summary>
    public string Words(string code) => words["problem:" + code] is { ResourceNotFound: false } own ? own : say.Code("refusal", code);

    private Dictionary<string, IReadOnlyList<Mistake>>? Errors(IReadOnlyList<(string Field, string Code)> mistakes) =>
        mistakes.Count == 0
            ? null
            : mistakes
                .GroupBy(m => JsonNamingPolicy.CamelCase.ConvertName(m.Field))
                .ToDictionary(g => g.Key, IReadOnlyList<Mistake> (g) => [.. g.Select(m => new Mistake(m.Code, Words(m.Code)))]);

    // A record that may be read but not acted on is forbidden; a wrong field is unprocessable; anything else is the wrong moment.
    private static int StatusOf(Refusal refusal) =>
        refusal.Code is "file.too_large" ? 413
        : refusal.Code is "record.changed_since_shown" ? 412
        : refusal.Code.Contains(".not_yours", StringComparison.Ordinal) ? 403
        : refusal.Field is not null ? 422
        : 409;

    /// <summary>Writes a problem as the whole answer.</summary>
    public async Task Write(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.ContentType = MediaType;
        response.Headers.ContentLanguage = say.Language.Tag();
        if (problem.Status == 401)
            response.Headers.WWWAuthenticate = "Cookie realm=\"portal\", Bearer realm=\"portal\"";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(problem, problem.GetType(), json.Value.SerializerOptions);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
