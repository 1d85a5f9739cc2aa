using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>
/// What a session stands for at a moment. Read from the database, where a lock, an end or a new membership shows at once.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="PersonId">The account.</param>
/// <param name="Name">The person's name.</param>
/// <param name="MembershipId">The membership chosen, in force or not.</param>
/// <param name="MembershipFrom">Its first moment (UTC), inclusive.</param>
/// <param name="MembershipUntil">Its end (UTC), exclusive.</param>
/// <param name="CheckedAt">A factor was last checked (UTC).</param>
/// <param name="LastSeenAt">Last activity (UTC).</param>
/// <param name="EndsAt">End, however busy (UTC).</param>
/// <param name="AccessVersion">Version of access (<see cref="Data.AccessVersion"/>) when it was read.</param>
/// <param name="Viewing">The preview that is open in it, in force or not.</param>
public sealed record Standing(
    Guid SessionId,
    Guid PersonId,
    string Name,
    Guid? MembershipId,
    DateTime? MembershipFrom,
    DateTime? MembershipUntil,
    DateTime CheckedAt,
    DateTime LastSeenAt,
    DateTime EndsAt,
    int AccessVersion,
    Viewing? Viewing = null
)
{
    /// <summary>That of a request behind a <see cref="WithSessionAttribute"/> gate.</summary>
    public static Standing Of(HttpContext http) => http.Features.Get<Standing>() ?? throw new NotFound();

    /// <summary>What an open page knows its session by; it opens nothing.</summary>
    public string Mark => Secrets.Hash(SessionId.ToString())[..16];

    /// <summary>When it dies if nothing more happens (UTC).</summary>
    public DateTime ExpiresAt => EndsAt < LastSeenAt + Sessions.Idle ? EndsAt : LastSeenAt + Sessions.Idle;

    /// <summary>The membership acted under, if it is in force at a moment (UTC).</summary>
    public Guid? ActsUnder(DateTime at) => MembershipFrom <= at && (MembershipUntil is null || at < MembershipUntil) ? MembershipId : null;

    /// <summary>The preview in force at a moment (UTC), if whoever looks may still look.</summary>
    public Viewing? Views(DateTime at) => Viewing is { } v && v.InForce(at) && v.MembershipId == ActsUnder(at) ? v : null;

    /// <summary>
    /// What a screen is of at a moment (UTC): the membership acted under, and the preview. A circuit is of one such place as long as it
    /// lives.
    /// </summary>
    public (Guid? Membership, Guid? Viewing) PlaceAt(DateTime at) => (ActsUnder(at), Views(at)?.Id);
}

/// <summary>
/// Opens, reads and ends sessions. When a session was last seen is kept exactly in memory and written down every half minute.
/// </summary>
public sealed class Sessions(PortalStore store, TimeProvider clock)
{
    /// <summary>A session nobody uses ends after this.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    /// <summary>Every session ends after this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>A session of CTED's staff or of who runs the system ends after this.</summary>
    public static readonly TimeSpan LongestOfStaff = TimeSpan.FromHours(12);

    /// <summary>A sensitive act asks for a factor again when the last check is older.</summary>
    public static readonly TimeSpan CheckHolds = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan WriteAtOnce = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<Guid, DateTime> seen = new();
    private readonly ConcurrentDictionary<Guid, (DateTime At, Standing? Standing)> recent = new();

    /// <summary>The session of a cookie's key, or null.</summary>
    public async Task<Standing?> OfKey(string key)
    {
        var hash = Secrets.Hash(key);
        await using var db = await store.OpenAsSystem("read the session of a request");
        return Alive(await StandingOfKey(db, hash));
    }

    /// <summary>A session as it stands now, or null when it has ended, expired, or its account is locked or gone.</summary>
    public async Task<Standing?> Of(Guid id)
    {
        await using var db = await store.OpenAsSystem("read a session");
        var standing = Alive(await StandingOfId(db, id));
        recent[id] = (Now, standing);
        return standing;
    }

    /// <summary>Those of some sessions that stand now, in one question.</summary>
    public async Task<IReadOnlyDictionary<Guid, Standing>> Of(Guid[] ids)
    {
        await using var db = await store.OpenAsSystem("look at the sessions of open screens");
        var alive = new Dictionary<Guid, Standing>();
        await foreach (var row in byIds(db, ids))
            if (Alive(StandingOf(row)) is { } standing)
                alive[row.Id] = standing;
        foreach (var id in ids)
            recent[id] = (Now, alive.GetValueOrDefault(id));
        return alive;
    }

    /// <summary>A session as it stood at most a second ago: for the many small messages of a circuit.</summary>
    public async ValueTask<Standing?> Lately(Guid id) =>
        recent.TryGetValue(id, out var r) && Now - r.At < TimeSpan.FromSeconds(1) ? Alive(r.Standing) : await Of(id);

    // Compiled once for the process's one portal; not static, since a compiled query belongs to one database's model.
    private readonly Func<PortalDb, string, Task<Row?>> byKey = EF.CompileAsyncQuery(
        (PortalDb db, string hash) =>
            (
                from s in db.Sessions
                where s.KeyHash == hash
                join u in db.Users on s.PersonId equals u.Id
                join m in db.Memberships on s.MembershipId equals m.Id into ms
                from m in ms.DefaultIfEmpty()
                join v in db.Viewings.Where(v => v.EndedAt == null) on s.Id equals v.SessionId into vs
                from v in vs.DefaultIfEmpty()
                select new Row(
                    s.Id,
                    s.PersonId,
                    u.Name,
                    u.LockoutEnd,
                    s.MembershipId,
                    m == null ? (DateTime?)null : m.From,
                    m == null ? (DateTime?)null : m.Until,
                    s.CheckedAt,
                    s.LastSeenAt,
                    s.EndsAt,
                    db.Counters.Where(c => c.Name == AccessVersion.Name).Select(c => c.Value).FirstOrDefault(),
                    v
                )
            ).SingleOrDefault()
    );

    private readonly Func<PortalDb, Guid, Task<Row?>> byId = EF.CompileAsyncQuery(
        (PortalDb db, Guid id) =>
            (
                from s in db.Sessions
                where s.Id == id
                join u in db.Users on s.PersonId equals u.Id
                join m in db.Memberships on s.MembershipId equals m.Id into ms
                from m in ms.DefaultIfEmpty()
                join v in db.Viewings.Where(v => v.EndedAt == null) on s.Id equals v.SessionId into vs
                from v in vs.DefaultIfEmpty()
                select new Row(
                    s.Id,
                    s.PersonId,
                    u.Name,
                    u.LockoutEnd,
                    s.MembershipId,
                    m == null ? (DateTime?)null : m.From,
                    m == null ? (DateTime?)null : m.Until,
                    s.CheckedAt,
                    s.LastSeenAt,
                    s.EndsAt,
                    db.Counters.Where(c => c.Name == AccessVersion.Name).Select(c => c.Value).FirstOrDefault(),
                    v
                )
            ).SingleOrDefault()
    );

    private readonly Func<PortalDb, Guid[], IAsyncEnumerable<Row>> byIds = EF.CompileAsyncQuery(
        (PortalDb db, Guid[] ids) =>
            from s in db.Sessions
            where ids.Contains(s.Id)
            join u in db.Users on s.PersonId equals u.Id
            join m in db.Memberships on s.MembershipId equals m.Id into ms
            from m in ms.DefaultIfEmpty()
            join v in db.Viewings.Where(v => v.EndedAt == null) on s.Id equals v.SessionId into vs
            from v in vs.DefaultIfEmpty()
            select new Row(
                s.Id,
                s.PersonId,
                u.Name,
                u.LockoutEnd,
                s.MembershipId,
                m == null ? (DateTime?)null : m.From,
                m == null ? (DateTime?)null : m.Until,
                s.CheckedAt,
                s.LastSeenAt,
                s.EndsAt,
                db.Counters.Where(c => c.Name == AccessVersion.Name).Select(c => c.Value).FirstOrDefault(),
                v
            )
    );

    private sealed record Row(
        Guid Id,
        Guid PersonId,
        string Name,
        DateTimeOffset? LockedUntil,
        Guid? MembershipId,
        DateTime? From,
        DateTime? Until,
        DateTime CheckedAt,
        DateTime LastSeenAt,
        DateTime EndsAt,
        int AccessVersion,
        Viewing? Viewing
    );

    private async Task<Standing?> StandingOfKey(PortalDb db, string hash) => StandingOf(await byKey(db, hash));

    private async Task<Standing?> StandingOfId(PortalDb db, Guid id) => StandingOf(await byId(db, id));

    private Standing? StandingOf(Row? row) =>
        row is null || row.LockedUntil > clock.GetUtcNow()
            ? null
            : new Standing(
                row.Id,
                row.PersonId,
                row.Name,
                row.MembershipId,
                row.From,
                row.Until,
                row.CheckedAt,
                row.LastSeenAt,
                row.EndsAt,
                row.AccessVersion,
                row.Viewing
            );

    private Standing? Alive(Standing? standing)
    {
        if (standing is not null && seen.TryGetValue(standing.SessionId, out var last) && last > standing.LastSeenAt)
            standing = standing with { LastSeenAt = last };
        return standing is not null && Now < standing.ExpiresAt ? standing : null;
    }

    /// <summary>Notes that the person did something.</summary>
    public async ValueTask Touch(Standing standing)
    {
        seen[standing.SessionId] = Now;
        // What is written lags by half a minute; close to the end that would cut a session that is in use.
        if (standing.LastSeenAt + Idle - Now < WriteAtOnce)
            await WriteDown();
    }

    /// <summary>Writes down when sessions were last seen.</summary>
    public async Task WriteDown()
    {
        if (seen.IsEmpty)
            return;
        await using var db = await store.OpenAsSystem("note when sessions were last seen");
        foreach (var (id, at) in seen.ToArray())
        {
            var expires = at + Idle;
            await db
                .Sessions.Where(s => s.Id == id && s.LastSeenAt < at)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(s => s.LastSeenAt, at).SetProperty(s => s.ExpiresAt, s => s.EndsAt < expires ? s.EndsAt : expires)
                );
            seen.TryRemove(new KeyValuePair<Guid, DateTime>(id, at));
        }
    }

    /// <summary>Adds a session for a person to what <paramref name="db"/> will save, and returns the cookie's key.</summary>
    /// <param name="db">Opened as system; the caller adds the act and saves.</param>
    /// <param name="person">Whose.</param>
    /// <param name="membership">Acted under, or null.</param>
    /// <param name="from">The request that signed in.</param>
    public (string Key, Session Session) Open(PortalDb db, PortalUser person, Membership? membership, HttpContext from)
    {
        var (key, now) = (Secrets.New(), Now);
        var ends = now + (IsStaff(membership) ? LongestOfStaff : Longest);
        var device = from.Request.Headers.UserAgent.ToString();
        var session = new Session
        {
            KeyHash = Secrets.Hash(key),
            PersonId = person.Id,
            MembershipId = membership?.Id,
            CreatedAt = now,
            LastSeenAt = now,
            CheckedAt = now,
            EndsAt = ends,
            ExpiresAt = now + Idle,
            Device = device.Length > 200 ? device[..200] : device,
            Address = from.Connection.RemoteIpAddress?.ToString() ?? "",
        };
        db.Sessions.Add(session);
        return (key, session);
    }

    /// <summary>Opens a session in the place of another, which ends no later; who copied the key of the other has nothing.</summary>
    public (string Key, Session Session) Renew(PortalDb db, PortalUser person, Session old, HttpContext from)
    {
        var (key, session) = Open(db, person, null, from);
        (session.MembershipId, session.EndsAt, session.Provider, session.HasVouchedFactor) = (
            old.MembershipId,
            old.EndsAt,
            old.Provider,
            old.HasVouchedFactor
        );
        if (session.ExpiresAt > session.EndsAt)
            session.ExpiresAt = session.EndsAt;
        return (key, session);
    }

    /// <summary>Has a session act under another membership; a member of the staff's session is shorter.</summary>
    public static void ActUnder(Session session, PortalUser person, Membership membership)
    {
        (session.MembershipId, person.LastMembershipId) = (membership.Id, membership.Id);
        if (IsStaff(membership) && session.CreatedAt + LongestOfStaff is var ends && ends < session.EndsAt)
            (session.EndsAt, session.ExpiresAt) = (ends, ends < session.ExpiresAt ? ends : session.ExpiresAt);
    }

    private static bool IsStaff(Membership? membership) => membership?.Role.Kind() is OrganisationKind.Cted or OrganisationKind.Operations;

    /// <summary>The memberships of a person in force, first the one acted under last, then in order of their start.</summary>
    public async Task<List<Membership>> MembershipsOf(PortalDb db, PortalUser person)
    {
        var now = Now;
        var all = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m => m.PersonId == person.Id && m.From <= now && (m.Until == null || m.Until > now))
            .ToListAsync();
        return [.. all.OrderByDescending(m => m.Id == person.LastMembershipId).ThenBy(m => m.From).ThenBy(m => m.Id)];
    }

    /// <summary>
    /// Ends sessions of a person within a transaction of the caller's; every screen of the person asks again once it is saved.
    /// </summary>
    public static async Task End(PortalDb db, Guid personId, Func<IQueryable<Session>, IQueryable<Session>> which)
    {
        db.Sessions.RemoveRange(await which(db.Sessions.Where(s => s.PersonId == personId)).ToListAsync());
        db.AccessChanged(personId);
    }

    /// <summary>Removes what has expired.</summary>
    public async Task Sweep()
    {
        var now = Now;
        var quiet = clock.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
        await using var db = await store.OpenAsSystem("remove expired sessions");
        await db.Sessions.Where(s => s.ExpiresAt <= now).ExecuteDeleteAsync();
        await db.Set<Attempt>().Where(a => a.LastAt < quiet).ExecuteDeleteAsync();
        foreach (var (id, r) in recent)
            if (now - r.At > Idle)
                recent.TryRemove(id, out _);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}

/// <summary>Keeps the sessions' table true while the portal runs.</summary>
internal sealed class SessionKeeper(Sessions sessions, TimeProvider clock, ILogger<SessionKeeper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var turn = 0;
        return Rounds.Every(
            TimeSpan.FromSeconds(30),
            async () =>
            {
                await sessions.WriteDown();
                if (++turn % 20 == 0)
                    await sessions.Sweep();
            },
            "Sessions could not be written down",
            log,
            stoppingToken,
            clock
        );
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Stopped harder than asked, or without a database: half a minute of activity is forgotten.
        await Rounds.Try(sessions.WriteDown, "Sessions could not be written down at the end", log, cancellationToken);
    }
}
