using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Portal.Identity;

/// <summary>
/// A circuit belongs to the session, and the membership or preview, that opened it. The framework checks only a circuit's secret; here every message is
/// refused once the session has ended, acts under another membership, or has begun or ended a preview, and nobody else's session may take a circuit over.
/// </summary>
public sealed class CircuitGuard(Sessions sessions, TimeProvider clock, IConfiguration configuration, ILogger<CircuitGuard> log) : IHubFilter
{
    private const string Place = "place";
    // As long as the framework keeps the state of a circuit whose browser has gone.
    private static readonly TimeSpan OwnerKept = TimeSpan.FromHours(3);
    // Time for the message that leads the browser away to arrive before the line is cut.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly int most = configuration.GetValue("SignIn:CircuitsPerSession", 20);
    private readonly ConcurrentDictionary<string, Owner> owners = new();
    private readonly ConcurrentDictionary<Guid, int> open = new();

    private sealed record Owner(Guid SessionId, (Guid?, Guid?) Place, DateTime At);

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (SessionOf(context.Context) is not { } id || open.AddOrUpdate(id, 1, (_, n) => n + 1) > most)
        {
            log.LogWarning("A connection was refused: no session, or more than {Most} of one session", most);
            context.Context.Abort();
            return;
        }
        await next(context);
    }

    /// <inheritdoc/>
    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (SessionOf(context.Context) is { } id && open.AddOrUpdate(id, 0, (_, n) => n - 1) <= 0)
            open.TryRemove(new KeyValuePair<Guid, int>(id, 0));
        await next(context, exception);
    }

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var standing = SessionOf(context.Context) is { } id ? await sessions.Lately(id) : null;
        if (standing is null || (context.Context.Items.TryGetValue(Place, out var opened) && !Equals(opened, standing.PlaceAt(now))))
        {
            _ = Cut(context.Context);
            throw new HubException("The session has ended.");
        }
        var place = standing.PlaceAt(now);
        switch (context.HubMethodName)
        {
            case "StartCircuit":
                context.Context.Items[Place] = place;
                var secret = await next(context);
                if (secret is string started)
                    Own(started, new Owner(standing.SessionId, place, now));
                return secret;
            case "ConnectCircuit" or "ResumeCircuit":
                if (context.HubMethodArguments is not [string claimed, ..] || !owners.TryGetValue(Secrets.Hash(claimed), out var owner)
                    || owner.SessionId != standing.SessionId || owner.Place != place)
                    return context.HubMethodName == "ConnectCircuit" ? false : null; // the browser loads the page anew
                context.Context.Items[Place] = place;
                var taken = await next(context);
                Own(taken as string ?? claimed, owner with { At = now });
                return taken;
            case "BeginInvokeDotNetFromJS" or "OnLocationChanged":
                await sessions.Touch(standing); // what people do; the rest is the browser's own bookkeeping
                return await next(context);
            default:
                return await next(context);
        }
    }

    private void Own(string secret, Owner owner)
    {
        owners[Secrets.Hash(secret)] = owner;
        foreach (var (key, old) in owners.Count % 256 == 0 ? owners.ToArray() : [])
            if (owner.At - old.At > OwnerKept)
                owners.TryRemove(key, out _);
    }

    private static async Task Cut(HubCallerContext connection)
    {
        await Task.Delay(Farewell);
        connection.Abort();
    }

    private static Guid? SessionOf(HubCallerContext connection) =>
        Guid.TryParse(connection.User?.FindFirst(Visitor.SessionClaim)?.Value, out var id) ? id : null;

    /// <summary>Keeps foreign pages and anonymous sockets from the hub before it costs anything.</summary>
    public static Task AtTheDoor(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/_blazor"))
            return next(context);
        context.Response.StatusCode = !IsOwnOrigin(context) ? StatusCodes.Status403Forbidden
            : context.User.Identity?.IsAuthenticated != true ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status200OK;
        return context.Response.StatusCode == StatusCodes.Status200OK ? next(context) : Task.CompletedTask;
    }

    // Browsers send the origin with every socket and every post; whoever sends none is no page.
    private static bool IsOwnOrigin(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (origin.Count == 0)
            return true;
        var own = context.RequestServices.GetRequiredService<PortalAddress>().Base;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (uri.Authority == own.Authority || uri.Authority == context.Request.Host.Value);
    }
}
