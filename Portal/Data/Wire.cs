using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>That something changed for some audiences: never what. Whoever is told asks again, and gets what they may see.</summary>
/// <param name="RecordId">The record, or the person whose access changed.</param>
/// <param name="Audiences">
/// Stored audience names before and after; <c>person:…</c> for a change of someone's access; <c>*</c> for everyone.
/// </param>
/// <param name="State">ISO 3166-1 alpha-3 of the record's State, or empty.</param>
public sealed record Change(Guid RecordId, IReadOnlyList<string> Audiences, string State)
{
    /// <summary>A change of what a person may do: membership, grant, lock, session.</summary>
    public static Change OfPerson(Guid personId) => new(personId, [PersonName(personId)], "");

    /// <summary>A change of what everybody in an audience may do.</summary>
    public static Change OfAccess() => new(Guid.Empty, ["*"], "");

    /// <summary>Whether it is of a record of one of these kinds.</summary>
    public bool IsOf(params IEnumerable<Kind> kinds) =>
        kinds.Any(k => Audiences.Any(a => a.StartsWith(k.Prefix, StringComparison.Ordinal)));

    /// <summary>The stored name of one person.</summary>
    public static string PersonName(Guid personId) => "person:" + personId;
}

/// <summary>
/// Tells open screens that something changed. In one process from memory; with PostgreSQL over <c>LISTEN/NOTIFY</c>, sent inside the
/// transaction so that nothing is told that was not committed, and heard by every node, this one too.
/// </summary>
public sealed class Wire(ILogger<Wire> log)
{
    private const string ChannelName = "portal_wire";
    private const int LargestPayload = 7900; // PostgreSQL refuses 8000 bytes and more
    private const int Remembered = 1000;
    private readonly string node = Guid.NewGuid().ToString("N");
    private readonly Lock remembering = new();
    private readonly Queue<Change> latest = [];
    private long told;
    private ImmutableList<Listener> listeners = [];

    private sealed record Listener(Func<AudienceKeys> Keys, Guid PersonId, ChannelWriter<Change> Inbox);

    /// <summary>Listens as someone. The keys are asked for at each change, since access may have changed meanwhile.</summary>
    public IDisposable Subscribe(Func<AudienceKeys> keys, Guid personId, Func<Change, Task> tell)
    {
        var inbox = Channel.CreateBounded<Change>(
            new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
        );
        var listener = new Listener(keys, personId, inbox.Writer);
        ImmutableInterlocked.Update(ref listeners, l => l.Add(listener));
        _ = Deliver(inbox.Reader, tell);
        return new Subscription(() =>
        {
            ImmutableInterlocked.Update(ref listeners, l => l.Remove(listener));
            inbox.Writer.TryComplete();
        });
    }

    // One reader per listener: a slow screen delays nobody else.
    private async Task Deliver(ChannelReader<Change> inbox, Func<Change, Task> tell)
    {
        await foreach (var change in inbox.ReadAllAsync())
        {
            try
            {
                await tell(change);
            }
            catch (Exception e)
                when (e is ObjectDisposedException or OperationCanceledException or Microsoft.JSInterop.JSDisconnectedException)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning(e, "A listener failed on a change");
            }
        }
    }

    /// <summary>Sends the changes inside the transaction that makes them, where the database can.</summary>
    public async Task Announce(PortalDb db, IReadOnlyCollection<Change> changes, CancellationToken ct)
    {
        if (!db.Database.IsNpgsql())
            return;
        foreach (var change in changes)
        {
            var payload = JsonSerializer.Serialize(change);
            if (payload.Length > LargestPayload)
                payload = JsonSerializer.Serialize(change with { Audiences = ["*"] });
            await db.Database.ExecuteSqlAsync($"SELECT pg_notify({ChannelName}, {payload})", ct);
        }
    }

    /// <summary>Tells this process after the commit, where the database does not.</summary>
    public void Committed(PortalDb db, IReadOnlyCollection<Change> changes)
    {
        if (db.Database.IsNpgsql())
            return;
        foreach (var change in changes)
            Tell(change);
    }

    /// <summary>Where the wire is now, for <see cref="Since"/>.</summary>
    public string Mark
    {
        get
        {
            lock (remembering)
                // Of one length, so that what is hidden and what is not there are drawn alike to the byte at whatever time.
                return $"{node}:{told:D12}";
        }
    }

    /// <summary>
    /// What concerned someone since a mark: for a page that was drawn before its screen listened. Null where that is not known any more, on
    /// another node or after very many changes; then anything may have changed.
    /// </summary>
    public IReadOnlyList<Change>? Since(string mark, AudienceKeys keys, Guid personId)
    {
        if (mark.Split(':') is not [var where, var number] || where != node || !long.TryParse(number, out var before))
            return null;
        List<Change> since;
        lock (remembering)
        {
            if (told - before > latest.Count)
                return null;
            since = [.. latest.Skip(latest.Count - (int)(told - before))];
        }
        return since.FindAll(c => ConcernsAll(c, personId) || Concerns(c, keys));
    }

    /// <summary>Tells this process's listeners whom a change concerns.</summary>
    public void Tell(Change change)
    {
        // Before anybody is told: who begins to listen meanwhile finds it in one place or the other.
        lock (remembering)
        {
            told++;
            latest.Enqueue(change);
            if (latest.Count > Remembered)
                latest.Dequeue();
        }
        foreach (var listener in listeners)
            if (ConcernsAll(change, listener.PersonId) || Concerns(change, listener.Keys()))
                listener.Inbox.TryWrite(change);
    }

    private static bool ConcernsAll(Change change, Guid personId) =>
        change.Audiences.Contains("*") || change.Audiences.Contains(Change.PersonName(personId));

    private static bool Concerns(Change change, AudienceKeys keys) => change.Audiences.Any(a => keys.Meets(a, change.State));

    /// <summary>Hears the other nodes until stopped, and reconnects by itself; after a gap everyone asks again.</summary>
    public async Task Listen(string connectionString, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                connection.Notification += (_, e) =>
                {
                    if (JsonSerializer.Deserialize<Change>(e.Payload) is { } change)
                        Tell(change);
                };
                await connection.OpenAsync(ct);
                await using (var listen = new NpgsqlCommand("LISTEN " + ChannelName, connection))
                    await listen.ExecuteNonQueryAsync(ct);
                Tell(Change.OfAccess());
                while (true)
                    await connection.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning("The wire to the database is down: {Message}; trying again", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>
/// Where the wire was when the page in front began to be read. A page is drawn before its screen listens; what changes between is found
/// from here.
/// </summary>
public sealed class PageMark
{
    /// <summary>A mark of the wire, or null where there is no page.</summary>
    public string? At { get; set; }
}

/// <summary>Keeps the wire to PostgreSQL open while the portal runs.</summary>
public sealed class WireListener(Wire wire, string connectionString) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => wire.Listen(connectionString, stoppingToken);
}
