using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;
using Portal.Data;

namespace Portal.Identity;

/// <summary>
/// A circuit belongs to the session, and the membership or preview, that opened it. The framework checks only a circuit's secret; here
/// every message is
/// refused once the session has ended, acts under another membership, or has begun or ended a preview, and nobody else's session may take a
/// circuit over.
/// Owners are kept by the node that holds the circuit; any other node knows nothing of it and has the browser load the page anew.
/// </summary>
public sealed class CircuitGuard(Sessions sessions, Wire wire, TimeProvider clock, IConfiguration configuration, ILogger<CircuitGuard> log)
    : IHubFilter
{
    private const string Place = "place";

    // As long as the framework keeps the state of a circuit whose browser has gone.
    private static readonly TimeSpan OwnerKept = TimeSpan.FromHours(3);

    // Time for the message that leads the browser away to arrive before the line is cut.
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(750);

    // And for a screen to find out that its session goes on somewhere else: until then each of its messages is refused anyway.
    private static readonly TimeSpan LeadOn = TimeSpan.FromSeconds(5);

    private readonly int most = configuration.GetValue("SignIn:CircuitsPerPerson", 20);
    private readonly ConcurrentDictionary<string, Owner> owners = new();
    private readonly ConcurrentDictionary<Guid, int> open = new();
    private readonly ConcurrentDictionary<string, Line> lines = new();

    /// <summary>Most open screens of one person on one node.</summary>
    public int Most => most;

    /// <summary>Whether a person has as many open as they may: a page drawn now says so, since its line would be refused.</summary>
    public bool IsFull(Guid personId) => open.GetValueOrDefault(personId) >= most;

    private sealed record Owner(Guid SessionId, (Guid?, Guid?) Place, DateTime At);

    private sealed record Line(HubCallerContext Connection, Guid SessionId, Guid PersonId)
    {
        public (bool Stands, (Guid?, Guid?) Place, int Version)? Seen { get; set; }
        public bool IsCut { get; set; }
    }

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        // Of a person, not of a session: a new session is a sign-in away.
        if (
            SessionOf(context.Context) is not { } id
            || PersonOf(context.Context) is not { } person
            || open.AddOrUpdate(person, 1, (_, n) => n + 1) > most
        )
        {
            log.LogWarning("A connection was refused: no session, or more than {Most} of one person", most);
            context.Context.Abort();
            return;
        }
        lines[context.Context.ConnectionId] = new Line(context.Context, id, person);
        await next(context);
    }

    /// <inheritdoc/>
    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        lines.TryRemove(context.Context.ConnectionId, out _);
        if (
            SessionOf(context.Context) is not null
            && PersonOf(context.Context) is { } person
            && open.AddOrUpdate(person, 0, (_, n) => n - 1) <= 0
        )
            open.TryRemove(new KeyValuePair<Guid, int>(person, 0));
        await next(context, exception);
    }

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var standing = SessionOf(context.Context) is { } id ? await sessions.Lately(id) : null;
        if (standing is null || IsElsewhere(context.Context, standing.PlaceAt(now)))
        {
            _ = Cut(context.Context, standing is null ? Farewell : LeadOn);
            throw new HubException("The session has ended.");
        }
        var place = standing.PlaceAt(now);
        switch (context.HubMethodName)
        {
            case "StartCircuit":
                Opened(context.Context, standing, place);
                var secret = await next(context);
                if (secret is string started)
                    Own(started, new Owner(standing.SessionId, place, now));
                return secret;
            case "ConnectCircuit" or "ResumeCircuit":
                if (
                    context.HubMethodArguments is not [string claimed, ..]
                    || !owners.TryGetValue(Secrets.Hash(claimed), out var owner)
                    || owner.SessionId != standing.SessionId
                    || owner.Place != place
                )
                    return context.HubMethodName == "ConnectCircuit" ? false : null; // the browser loads the page anew
                Opened(context.Context, standing, place);
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

    // What changes from here on is a change to its screen, also before the first look at it.
    private void Opened(HubCallerContext connection, Standing standing, (Guid?, Guid?) place)
    {
        connection.Items[Place] = place;
        if (lines.TryGetValue(connection.ConnectionId, out var line))
            line.Seen ??= (true, place, standing.AccessVersion);
    }

    /// <summary>
    /// Looks at every session that has a line here, in one question of the database: screens of those that changed ask again, and lines of
    /// those that ended are cut, whether or not a message of theirs comes. The wire tells sooner; this also finds what nobody told.
    /// </summary>
    public async Task Look()
    {
        var here = lines.Values.ToList();
        if (here.Count == 0)
            return;
        var standings = await sessions.Of(here.Select(l => l.SessionId).Distinct().ToArray());
        var now = clock.GetUtcNow().UtcDateTime;
        var changed = new HashSet<Guid>();
        foreach (var line in here)
        {
            var standing = standings.GetValueOrDefault(line.SessionId);
            var place = standing?.PlaceAt(now) ?? default;
            var seen = (standing is not null, place, standing?.AccessVersion ?? 0);
            if (line.Seen is { } before && before != seen)
                changed.Add(line.PersonId);
            line.Seen = seen;
            if (line.IsCut || (standing is not null && !IsElsewhere(line.Connection, place)))
                continue;
            line.IsCut = true;
            changed.Add(line.PersonId);
            _ = Cut(line.Connection, standing is null ? Farewell : LeadOn);
        }
        foreach (var person in changed)
            wire.Tell(Change.OfPerson(person));
    }

    private static bool IsElsewhere(HubCallerContext connection, (Guid?, Guid?) place) =>
        connection.Items.TryGetValue(Place, out var opened) && !Equals(opened, place);

    private void Own(string secret, Owner owner)
    {
        owners[Secrets.Hash(secret)] = owner;
        foreach (var (key, old) in owners.Count % 256 == 0 ? owners.ToArray() : [])
            if (owner.At - old.At > OwnerKept)
                owners.TryRemove(key, out _);
    }

    private static async Task Cut(HubCallerContext connection, TimeSpan after)
    {
        await Task.Delay(after);
        connection.Abort();
    }

    private static Guid? SessionOf(HubCallerContext connection) => IdOf(connection, Visitor.SessionClaim);

    private static Guid? PersonOf(HubCallerContext connection) => IdOf(connection, ClaimTypes.NameIdentifier);

    private static Guid? IdOf(HubCallerContext connection, string claim) =>
        Guid.TryParse(connection.User?.FindFirst(claim)?.Value, out var id) ? id : null;

    /// <summary>Keeps foreign pages and anonymous sockets from the hub before it costs anything.</summary>
    public static Task AtTheDoor(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/_blazor"))
            return next(context);
        context.Response.StatusCode =
            !IsOwnOrigin(context) ? StatusCodes.Status403Forbidden
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

/// <summary>
/// Looks twice a second at the sessions of this node's open screens, so that none outlives its session by two, even with the wire down.
/// </summary>
internal sealed class CircuitWatch(CircuitGuard guard, ILogger<CircuitWatch> log) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    // In real time, even where the portal's clock is moved: a moved clock would catch up on months of looks.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(Every, guard.Look, "The sessions of open screens could not be looked at", log, stoppingToken);
}
