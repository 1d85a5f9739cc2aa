using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>
/// Who is next to have an address and a password judged. Only so many are at it at once, from the first question to the database to the
/// page that is drawn, and
/// whoever tried least lately goes first; a browser that somebody signed in on before waits with its like and not with strangers. Those for
/// whom the line is too
/// long are told so by a page that is kept, and cost next to nothing. The doors that close are counted in the database, for all nodes; this
/// is a node's own.
/// </summary>
internal sealed class SignInLine(SignInService signIn, KeptSignIn page, CountedActs counted, TimeProvider clock)
{
    private const int LargestForm = 64 * 1024,
        MostRemembered = 10_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(15);

    private readonly WaitingLine known = new(Passwords.Places);
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Count, DateTimeOffset At)> tries = [];

    /// <summary>The line of everybody whose browser is not known.</summary>
    public WaitingLine Strangers { get; } = new(Passwords.Places);

    public async Task Answer(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || http.Request.Path != AccountAddress.SignInPage || !http.Request.HasFormContentType)
        {
            await next(http);
            return;
        }
        if (http.Request.ContentLength is not <= LargestForm)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        // Read before there is a place to hold: it comes as slowly as its sender likes.
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync();
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException or BadHttpRequestException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var network = "address:" + Attempts.Network(http.Connection.RemoteIpAddress);
        var (from, isKnown) = signIn.DeviceOf(http) is { } device ? ("device:" + device, true) : (network, false);
        var before = Count(from);
        // A browser that guesses as well as strangers do is a stranger.
        var line = isKnown && before < Attempts.PerAccount ? known : Strangers;
        if (!await line.Enter(before))
        {
            await counted.Note(network, new Act("account.sign_in_refused", 0), Section.Administration);
            await page.TurnAway(http, next, form["Email"]);
            return;
        }
        try
        {
            await next(http);
        }
        finally
        {
            line.Leave();
        }
        if (http.Response.StatusCode == StatusCodes.Status302Found)
            Return(from);
    }

    // How often there was a try from there lately.
    private int Count(string from)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            var before = tries.TryGetValue(from, out var tried) && tried.At + Quiet > now ? tried.Count : 0;
            if (tries.Count >= MostRemembered && !tries.ContainsKey(from))
            {
                foreach (var (quiet, _) in tries.Where(t => t.Value.At + Quiet <= now).ToList())
                    tries.Remove(quiet);
                if (tries.Count >= MostRemembered)
                    return before;
            }
            tries[from] = (before + 1, now);
            return before;
        }
    }

    // It was no guess.
    private void Return(string from)
    {
        lock (gate)
            if (tries.TryGetValue(from, out var tried))
                tries[from] = (Math.Max(0, tried.Count - 1), tried.At);
    }
}
