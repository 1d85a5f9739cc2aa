using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using NetEscapades.AspNetCore.SecurityHeaders;

namespace Portal.Identity;

/// <summary>
/// A form that is sent twice within a moment, by a double click, is sent once: the second post waits for the first, does nothing, and is
/// given its answer,
/// cookies included, since the browser has let go of the first. Two posts are the same if the browser, the address and every field are,
/// down to the
/// antiforgery token, which each drawing of a form has anew: nobody else can send it, and the same browser only by sending the very same
/// form.
/// A node remembers its own posts; a balancer keeps a browser at its node.
/// </summary>
internal sealed class SamePost(PortalCookies cookies, TimeProvider clock)
{
    private const int LargestForm = 64 * 1024,
        LargestAnswer = 128 * 1024,
        MostKept = 200;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);
    private static readonly string[] Told = ["Location", "Set-Cookie", "Content-Type", "Retry-After"];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<Given?>> answers = [];
    private readonly Queue<(string Post, DateTimeOffset At)> order = new();

    // Null where it came to nothing that could be given twice: a mishap, or too long an answer.
    private sealed record Given(int Status, (string Name, string?[] Values)[] Headers, byte[] Body, string Nonce);

    public async Task Answer(HttpContext http, RequestDelegate next)
    {
        if (
            !HttpMethods.IsPost(http.Request.Method)
            || !http.Request.HasFormContentType
            || http.Request.ContentLength is not <= LargestForm
            || http.Request.Cookies[cookies.Forms] is not { } browser
        )
        {
            await next(http);
            return;
        }
        var form = new MemoryStream();
        await http.Request.Body.CopyToAsync(form);
        (http.Request.Body, form.Position) = (form, 0);
        // Without the token of its drawing, the same words may well be meant twice.
        if (form.ToArray().AsSpan().IndexOf("__RequestVerificationToken="u8) < 0)
        {
            await next(http);
            return;
        }
        var post = Convert.ToBase64String(
            SHA256.HashData([.. Encoding.UTF8.GetBytes($"{browser}\n{http.Request.Path}{http.Request.QueryString}\n"), .. form.ToArray()])
        );
        var mine = new TaskCompletionSource<Given?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Earlier(post, mine.Task) is not { } earlier)
            await Give(http, next, mine);
        else if (await earlier is { } given)
            await Repeat(given, http);
        else
            await next(http);
    }

    private Task<Given?>? Earlier(string post, Task<Given?> mine)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            while (order.TryPeek(out var oldest) && (oldest.At + Moment < now || order.Count > MostKept))
                answers.Remove(order.Dequeue().Post);
            if (answers.TryGetValue(post, out var earlier))
                return earlier;
            answers[post] = mine;
            order.Enqueue((post, now));
            return null;
        }
    }

    private static async Task Give(HttpContext http, RequestDelegate next, TaskCompletionSource<Given?> mine)
    {
        var (body, answer) = (http.Response.Body, new MemoryStream());
        http.Response.Body = answer;
        http.RequestAborted = CancellationToken.None; // what was begun is finished, though the browser has let go of it
        try
        {
            await next(http);
            mine.TrySetResult(
                answer.Length > LargestAnswer
                    ? null
                    : new(
                        http.Response.StatusCode,
                        [.. Told.Where(http.Response.Headers.ContainsKey).Select(h => (h, http.Response.Headers[h].ToArray()))],
                        answer.ToArray(),
                        http.GetNonce()
                    )
            );
        }
        finally
        {
            http.Response.Body = body;
            mine.TrySetResult(null);
        }
        answer.Position = 0;
        await answer.CopyToAsync(body);
    }

    private static async Task Repeat(Given given, HttpContext http)
    {
        http.Response.StatusCode = given.Status;
        http.Response.Headers.CacheControl = "no-store";
        foreach (var (name, values) in given.Headers)
            http.Response.Headers[name] = values;
        var body = given.Body;
        if (http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
            body = Encoding.UTF8.GetBytes(
                Encoding
                    .UTF8.GetString(body)
                    .Replace(HtmlEncoder.Default.Encode(given.Nonce), HtmlEncoder.Default.Encode(http.GetNonce()), StringComparison.Ordinal)
            );
        await http.Response.Body.WriteAsync(body);
    }
}
