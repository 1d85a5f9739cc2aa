using Microsoft.Net.Http.Headers;
using Portal.Access;
using Portal.Assistance;

namespace Portal.Api;

/// <summary>
/// Files of needs and programmes. Always a download, never shown: what somebody attached does not run in the portal's name.
/// </summary>
internal static class FileApi
{
    public static void MapFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/files/{id:guid}", Read).RequireAuthorization(SignedInAttribute.Name).ExcludeFromDescription();

    private static async Task<IResult> Read(Guid id, HttpResponse response, FileService files, CancellationToken ct)
    {
        var (file, content) = await files.Read(id, ct);
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.FileName);
        response.Headers.ContentDisposition = disposition.ToString();
        // No entity tag, no date, no ranges: each would tell something of the file to a request that is answered without asking again.
        return TypedResults.Bytes(content, file.ContentType);
    }
}
