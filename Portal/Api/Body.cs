using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Portal.Domain.Assessments;

namespace Portal.Api;

/// <summary>
/// A JSON body, read strictly: known members only, each once, within a size and a depth. What is wrong is said by member.
/// </summary>
/// <param name="value">What was sent.</param>
public sealed class Body<T>(T value) : IEndpointParameterMetadataProvider
    where T : class
{
    /// <summary>What was sent.</summary>
    public T Value { get; } = value;

    /// <summary>Reads it.</summary>
    /// <exception cref="BadRequest">Not JSON, too large, or not of this shape.</exception>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext http)
    {
        var request = http.Request;
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        )
            throw new BadRequest(415, "request.media_type");
        Uploads.RefuseIfLarger(request, Uploads.LargestOf<T>());
        try
        {
            var sent = await JsonSerializer.DeserializeAsync<T>(
                request.Body,
                http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions,
                http.RequestAborted
            );
            return new Body<T>(sent ?? throw new BadRequest(400, "request.malformed_json"));
        }
        catch (JsonException e)
        {
            // The path, not the message: that one names types of the portal.
            var path = e.Path?.TrimStart('$').TrimStart('.') ?? "";
            throw path.Length is > 0 and <= 200
                ? new BadRequest(400, "request.malformed_json", (path, "field.malformed"))
                : new BadRequest(400, "request.malformed_json");
        }
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>Reads what is sent within bounds.</summary>
internal static class Uploads
{
    /// <summary>Largest JSON body, bytes: the longest description in characters escaped one by one, and room for the rest.</summary>
    public const int LargestJson = 256 * 1024;

    /// <summary>Largest JSON body where many long texts are said at once, bytes.</summary>
    public const int LargestTexts = 4 * 1024 * 1024;

    private static readonly Type[] OfLongTexts = [typeof(Dossier.Content), typeof(DossierAnswerInput)];

    /// <summary>Largest JSON body that says something, bytes.</summary>
    public static int LargestOf<T>() => OfLongTexts.Contains(typeof(T)) ? LargestTexts : LargestJson;

    // Boundaries and headers around a file.
    private const int Envelope = 16 * 1024;

    /// <summary>Refuses by the announced length, before a byte is read.</summary>
    public static void RefuseIfLarger(HttpRequest request, long most)
    {
        if (request.ContentLength > most)
            throw new BadRequest(413, "request.too_large");
    }

    /// <summary>Refuses an upload that announces more than a file may have.</summary>
    public static void RefuseIfTooLarge(HttpRequest request, int largestFile)
    {
        RefuseIfLarger(request, largestFile + Envelope);
        if (Boundary(request) is null)
            throw new BadRequest(415, "request.media_type");
    }

    /// <summary>The one file of a multipart form, part <c>file</c>. No more than its limit is ever held.</summary>
    public static async Task<(string Name, ReadOnlyMemory<byte> Content)> File(HttpRequest request, int largestFile, CancellationToken ct)
    {
        var reader = new MultipartReader(Boundary(request) ?? throw new BadRequest(415, "request.media_type"), request.Body)
        {
            HeadersCountLimit = 8,
            HeadersLengthLimit = 8 * 1024,
        };
        try
        {
            var section = await reader.ReadNextSectionAsync(ct);
            if (
                section is null
                || !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) != "file"
                || !disposition.IsFileDisposition()
            )
                throw new BadRequest(400, "request.malformed", ("file", "field.required"));
            var name = HeaderUtilities
                .RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)
                .ToString();
            var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await section.Body.ReadAsync(buffer, ct)) > 0)
            {
                if (content.Length + read > largestFile)
                    throw new BadRequest(413, "request.too_large");
                content.Write(buffer, 0, read);
            }
            if (await reader.ReadNextSectionAsync(ct) is not null)
                throw new BadRequest(400, "request.malformed", ("file", "file.one_only"));
            return (name, content.GetBuffer().AsMemory(0, (int)content.Length));
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadRequest(400, "request.malformed");
        }
    }

    /// <summary>The one file of a multipart form, part <c>file</c>, as a stream: for what is larger than memory should hold.</summary>
    public static async Task Stream(HttpRequest request, Func<string, Stream, Task> take, CancellationToken ct)
    {
        var reader = new MultipartReader(Boundary(request) ?? throw new BadRequest(415, "request.media_type"), request.Body)
        {
            HeadersCountLimit = 8,
            HeadersLengthLimit = 8 * 1024,
        };
        try
        {
            var section = await reader.ReadNextSectionAsync(ct);
            if (
                section is null
                || !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) != "file"
                || !disposition.IsFileDisposition()
            )
                throw new BadRequest(400, "request.malformed", ("file", "field.required"));
            await take(
                HeaderUtilities
                    .RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName)
                    .ToString(),
                section.Body
            );
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadRequest(400, "request.malformed");
        }
    }

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 70 } boundary
            ? boundary.ToString()
            : null;
}
