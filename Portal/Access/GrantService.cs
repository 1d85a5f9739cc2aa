using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Access;

/// <summary>How a grant stands at a moment.</summary>
public enum GrantStanding
{
    /// <summary>It counts.</summary>
    InForce,

    /// <summary>It waits for a second access manager.</summary>
    Waiting,

    /// <summary>It begins later.</summary>
    Coming,

    /// <summary>Its time is over.</summary>
    Ended,

    /// <summary>It was taken back.</summary>
    Revoked,
}

/// <summary>To whom a grant is given, as people read it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Role">The role, if it is one.</param>
/// <param name="Organisation">The organisation's name, if it is one.</param>
/// <param name="Person">The person's name, if it is one.</param>
/// <param name="Email">Their address.</param>
public sealed record PrincipalName(PrincipalKind Kind, Role? Role, LocalName? Organisation, string? Person, string? Email);

/// <summary>A grant as access managers see it.</summary>
public sealed record GrantRow(
    Guid Id,
    PrincipalName To,
    Section Section,
    Level Level,
    bool Deny,
    IReadOnlyList<string> States,
    RegionalGroup? Region,
    bool OwnOnly,
    DateTime From,
    DateTime? Until,
    string Reason,
    string By,
    DateTime At,
    bool NeedsSecond,
    string? ApprovedBy,
    DateTime? RevokedAt,
    DateTime? LastUsedAt,
    GrantStanding Standing,
    bool IsMine
);

/// <summary>What the list of grants is asked for.</summary>
/// <param name="Words">Part of a name or address.</param>
/// <param name="Sections">Sections, or empty for all.</param>
/// <param name="Standings">Standings, or empty for those that count or will.</param>
/// <param name="Kinds">Kinds of principal, or empty for all.</param>
/// <param name="Roles">Roles they are given to, or empty for all principals.</param>
/// <param name="Expiring">Only those that end within 30 days.</param>
/// <param name="Unused">Only those that nobody has used for 90 days.</param>
/// <param name="Page">From 1.</param>
public sealed record GrantQuery(
    string? Words,
    IReadOnlyCollection<Section> Sections,
    IReadOnlyCollection<GrantStanding> Standings,
    IReadOnlyCollection<PrincipalKind> Kinds,
    IReadOnlyCollection<Role> Roles,
    bool Expiring,
    bool Unused,
    int Page
)
{
    /// <summary>As an address says it.</summary>
    public static GrantQuery Of(Shell.ListAddress address) =>
        new(
            address.One("q"),
            address.Sections("section"),
            address.AllOf<GrantStanding>("standing"),
            address.AllOf<PrincipalKind>("kind"),
            address.AllOf<Role>("role"),
            address.Has("only", "Expiring"),
            address.Has("only", "Unused"),
            address.Page
        );
}

/// <summary>Grants: given with an exact preview, by two where it takes two, taken back at once.</summary>
public sealed class GrantService(ActorSource actors, PortalStore store, RecentCheck check, RequestService requests, TimeProvider clock)
{
    /// <summary>Grants on a page.</summary>
    public const int PageSize = 50;

    /// <summary>A grant that ends sooner is about to.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>A grant not used for longer is not needed.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromDays(90);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A page of the grants, those given last first.</summary>
    public async Task<(IReadOnlyList<GrantRow> Rows, int Total)> List(GrantQuery query)
    {
        await using var db = await actors.Open();
        var grants = Matching(db, query);
        var total = await grants.CountAsync();
        var page = await grants
            .OrderByDescending(g => g.GrantedAt)
            .ThenByDescending(g => g.Id)
            .Skip((query.Page - 1) * PageSize)
            .Take(PageSize)
            .AsNoTracking()
            .ToListAsync();
        return (await Rows(db, page, Now), total);
    }

    /// <summary>The grants of a list, up to a limit, to be taken away. That it was is on the record.</summary>
    public async Task<IReadOnlyList<GrantRow>> Export(GrantQuery query, string format, int most = 10_000)
    {
        await using var db = await actors.Open();
        Refusal.Unless(db.Actor.LevelIn(Section.Access) >= Level.View, "access.not_yours");
        var rows = await Rows(
            db,
            await Matching(db, query)
                .OrderByDescending(g => g.GrantedAt)
                .ThenByDescending(g => g.Id)
                .Take(most)
                .AsNoTracking()
                .ToListAsync(),
            Now
        );
        db.Audit(new Act("access.grants_exported", 0, Subject: $"{format}:{rows.Count}"), Section.Access);
        await db.SaveChangesAsync();
        return rows;
    }

    private IQueryable<Grant> Matching(PortalDb db, GrantQuery query)
    {
        var now = Now;
        var (sections, kinds, soon, long_) = (query.Sections, query.Kinds, now + Soon, now - Long);
        IReadOnlyCollection<GrantStanding> standings =
            query.Standings.Count > 0 ? query.Standings : [GrantStanding.InForce, GrantStanding.Waiting, GrantStanding.Coming];
        var (inForce, waiting, coming, ended, revoked) = (
            standings.Contains(GrantStanding.InForce),
            standings.Contains(GrantStanding.Waiting),
            standings.Contains(GrantStanding.Coming),
            standings.Contains(GrantStanding.Ended),
            standings.Contains(GrantStanding.Revoked)
        );
        var grants = db.Grants.Where(g =>
            g.RevokedAt != null ? revoked
            : g.Until != null && g.Until <= now ? ended
            : !g.Deny && (g.Level == Level.Manage || g.Section == Section.Assessments) && g.ApprovedAt == null ? waiting
            : g.From > now ? coming
            : inForce
        );
        if (sections.Count > 0)
            grants = grants.Where(g => sections.Contains(g.Section));
        if (kinds.Count > 0)
            grants = grants.Where(g => kinds.Contains(g.Principal));
        if (query.Roles.Count > 0)
        {
            var roles = query.Roles.Select(r => (Role?)r).ToList();
            grants = grants.Where(g => roles.Contains(g.Role));
        }
        if (query.Expiring)
            grants = grants.Where(g => g.Until != null && g.Until > now && g.Until <= soon);
        if (query.Unused)
            grants = grants.Where(g => !g.Deny && g.GrantedAt < long_ && (g.LastUsedAt == null || g.LastUsedAt < long_));
        if (query.Words is { Length: > 0 } words)
        {
            var called = db.Users.Ids(words).ConvertAll(id => (Guid?)id);
            // An organisation's names are one text of six; whoever searches may write any of them.
            var organisations = db
                .Organisations.AsNoTracking()
                .AsEnumerable()
                .Where(o => Named.Is(o, words))
                .Select(o => (Guid?)o.Id)
                .ToList();
            grants = grants.Where(g => organisations.Contains(g.OrganisationId) || called.Contains(g.PersonId));
        }
        return grants;
    }

    /// <summary>Grants with the names of everybody concerned.</summary>
    internal static async Task<IReadOnlyList<GrantRow>> Rows(PortalDb db, IReadOnlyCollection<Grant> grants, DateTime now)
    {
        var people = grants.SelectMany(g => new[] { g.PersonId, g.GrantedBy, g.ApprovedBy }).OfType<Guid>().Distinct().ToList();
        var organisations = grants.Select(g => g.OrganisationId).OfType<Guid>().Distinct().ToList();
        var named = await db
            .Users.Where(u => people.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.Name,
                u.Email,
            })
            .ToDictionaryAsync(u => u.Id);
        var bodies = await db.Organisations.Where(o => organisations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name);
        return
        [
            .. grants.Select(g => new GrantRow(
                g.Id,
                new PrincipalName(
                    g.Principal,
                    g.Role,
                    g.OrganisationId is { } o ? bodies.GetValueOrDefault(o) : null,
                    g.PersonId is { } p ? named.GetValueOrDefault(p)?.Name : null,
                    g.PersonId is { } e ? named.GetValueOrDefault(e)?.Email : null
                ),
                g.Section,
                g.Level,
                g.Deny,
                g.States,
                g.Region,
                g.OwnOnly,
                g.From,
                g.Until,
                g.Reason,
                named.GetValueOrDefault(g.GrantedBy)?.Name ?? "–",
                g.GrantedAt,
                g.NeedsSecond,
                g.ApprovedBy is { } a ? named.GetValueOrDefault(a)?.Name : null,
                g.RevokedAt,
                g.LastUsedAt,
                StandingOf(g, now),
                g.GrantedBy == db.Actor.PersonId
            )),
        ];
    }

    /// <summary>How a grant stands.</summary>
    public static GrantStanding StandingOf(Grant grant, DateTime at) =>
        grant.RevokedAt is not null ? GrantStanding.Revoked
        : grant.Until <= at ? GrantStanding.Ended
        : grant.Waits ? GrantStanding.Waiting
        : grant.From > at ? GrantStanding.Coming
        : GrantStanding.InForce;

    /// <summary>What a new grant would do, exactly, once it counts.</summary>
    /// <exception cref="Refusal">It could not be given; the first thing wrong with it.</exception>
    public async Task<AccessPreview> PreviewOf(Principal to, Grant.Terms terms)
    {
        await MayManage();
        var grant = Grant.To(to, terms, Guid.Empty, Now);
        if (grant.NeedsSecond)
            grant.Approve(Guid.CreateVersion7(), Now);
        return await Preview(grant, after: true);
    }

    /// <summary>
    /// What approving a grant would do, exactly, as things stand now: what the first access manager was shown may have changed since.
    /// </summary>
    public async Task<AccessPreview> PreviewOfApproving(Guid id)
    {
        await MayManage();
        await using var db = await actors.Open();
        var grant = await db.Grants.Where(g => g.Id == id).AsNoTracking().OneOrNotFound();
        grant.Approve(Guid.CreateVersion7(), Now);
        return await Preview(grant, after: true);
    }

    /// <summary>What taking a grant back would do, exactly.</summary>
    public async Task<AccessPreview> PreviewOfRevoking(Guid id)
    {
        await MayManage();
        await using var db = await actors.Open();
        return await Preview(await db.Grants.Where(g => g.Id == id).AsNoTracking().OneOrNotFound(), after: false);
    }

    private async Task<AccessPreview> Preview(Grant grant, bool after)
    {
        var now = Now;
        var at = grant.From > now ? grant.From : now;
        // The preview counts records that an access manager may not read; it tells numbers, and no record.
        await using var db = await store.OpenAsSystem("preview a grant");
        var others = await db.Grants.Where(g => g.RevokedAt == null && g.Id != grant.Id).AsNoTracking().ToListAsync();
        var memberships = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m =>
                m.From <= at
                && (m.Until == null || m.Until > at)
                && (grant.Role == null || m.Role == grant.Role)
                && (grant.OrganisationId == null || m.OrganisationId == grant.OrganisationId)
                && (grant.PersonId == null || m.PersonId == grant.PersonId)
            )
            .AsNoTracking()
            .ToListAsync();
        var byPrincipal = new GrantsByPrincipal(others);
        var touched = memberships.ConvertAll(m =>
        {
            var without = Actor.Of(m, "", byPrincipal.For(m), at);
            var with = Actor.Of(m, "", byPrincipal.For(m).Append(grant), at);
            return after ? new Touched(without, with) : new Touched(with, without);
        });
        return AccessPreview.Of(grant.Section, touched, await Alike(db, grant.Section, touched));
    }

    private static async Task<List<AlikeRecords>> Alike(PortalDb db, Section section, IReadOnlyCollection<Touched> touched)
    {
        var audiences = touched
            .SelectMany(t => t.Before.Claims.Concat(t.After.Claims))
            .Where(c => c.Section == section)
            .Select(c => c.Audience)
            .Append(Audience.Public)
            .Distinct()
            .ToList();
        var alike = new List<AlikeRecords>();
        foreach (var kind in Kinds.All.Where(k => k.Section == section))
        {
            var stored = audiences.ToDictionary(a => a.For(kind));
            var names = stored.Keys.ToList();
            // In whatever order a database joins them, and so perhaps in several groups.
            var groups = await db
                .Reach.Where(r => names.Contains(r.Audience))
                .GroupBy(r => new { r.RecordId, r.State })
                .Select(g => new { g.Key.State, Names = string.Join("|", g.Select(r => r.Audience)) })
                .GroupBy(r => new { r.State, r.Names })
                .Select(g => new
                {
                    g.Key.State,
                    g.Key.Names,
                    Count = g.Count(),
                })
                .ToListAsync();
            alike.AddRange(
                groups.Select(g => new AlikeRecords(
                    kind,
                    g.State.Length == 0 ? null : g.State,
                    [.. g.Names.Split('|').Select(n => stored[n])],
                    g.Count
                ))
            );
        }
        return alike;
    }

    /// <summary>Gives a grant. It counts at once, or once a second access manager has approved it.</summary>
    /// <returns>Whether it waits for a second access manager.</returns>
    /// <exception cref="Refusal">
    /// The principal does not exist, something is wrong with the terms, one would grant oneself, it is there already, or the last check of
    /// who sits here is too old.
    /// </exception>
    public async Task<bool> Give(Principal to, Grant.Terms terms)
    {
        var waits = false;
        await InTurn(async db =>
        {
            var now = Now;
            var grant = Grant.To(to, terms, db.Actor.PersonId, now);
            await DemandPrincipal(db, to);
            Refusal.If(!grant.Deny && await Concerns(db, grant, db.Actor), "grant.own_access");
            if (grant.Deny)
                await GuardLast(grant, now);
            Refusal.If(await IsThere(db, grant), "grant.there_already");
            db.Grants.Add(grant);
            db.Audit(new Act("grant.given", 0, To: Said(grant), Why: grant.Reason, Subject: grant.Id.ToString()), Section.Access);
            // Nothing is granted to anybody before the second access manager has approved it.
            if (!grant.Waits)
                await requests.Fulfil(db, grant);
            Tell(db, grant);
            waits = grant.Waits;
        });
        return waits;
    }

    /// <summary>Approves a grant that waits, as the second access manager.</summary>
    public Task Approve(Guid id) => Change(id, "grant.approved", widens: true, (grant, db) => grant.Approve(db.Actor.PersonId, Now));

    /// <summary>Takes a grant back, or a deny away, at once.</summary>
    /// <param name="id">Which.</param>
    /// <param name="reason">Why.</param>
    public Task Revoke(Guid id, string? reason)
    {
        var why = Text.Optional(reason, Grant.LongestReason, nameof(Grant.Reason)) ?? throw new Refusal("grant.reason_required");
        return Change(id, "grant.revoked", widens: false, (grant, _) => grant.Revoke(Now), why);
    }

    /// <summary>Sets another end.</summary>
    public Task EndAt(Guid id, DateTime? until) => Change(id, "grant.end_changed", widens: true, (grant, _) => grant.EndAt(until, Now));

    private Task Change(Guid id, string code, bool widens, Action<Grant, PortalDb> change, string? why = null) =>
        InTurn(async db =>
        {
            var grant = await db.Grants.Where(g => g.Id == id).OneOrNotFound();
            // To take a deny away, or to shorten it, gives as much as a grant does.
            Refusal.If((widens || grant.Deny) && await Concerns(db, grant, db.Actor), "grant.own_access");
            var before = Said(grant);
            var waited = grant.Waits;
            change(grant, db);
            if (waited && !grant.Waits && grant.RevokedAt is null)
                await requests.Fulfil(db, grant);
            db.Audit(new Act(code, 0, before, Said(grant), why, grant.Id.ToString()), Section.Access);
            Tell(db, grant);
        });

    // Of two access managers at once one waits, and then decides on what the other has done; also whether they still manage access.
    // The same turn as of those who change places: somebody must be left whichever way people go.
    private async Task InTurn(Func<PortalDb, Task> act)
    {
        await check.Demand();
        requests.Prepare();
        await using var db = await Manager();
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                await MayManage();
                await act(db);
                await db.SaveOrRefuse();
            }
        );
    }

    /// <summary>Has the screens ask again of whom a grant is for.</summary>
    internal static void Tell(PortalDb db, Grant grant)
    {
        if (grant.PersonId is { } person)
            db.AccessChanged(person);
        else
            db.AccessChanged();
    }

    /// <summary>A grant in codes that the log keeps: never a name, never a reason.</summary>
    internal static string Said(Grant g) =>
        $"{g.Section}:{(g.Deny ? "Deny" : g.Level)}{(g.Region is { } r ? $":{r}" : "")}{(g.States.Count > 0 ? $":{string.Join('+', g.States.Take(10))}" : "")}{(g.OwnOnly ? ":own" : "")}:{(g.Until is { } u ? $"{u:yyyy-MM-dd}" : "open")}";

    private static async Task DemandPrincipal(PortalDb db, Principal to) =>
        Refusal.Unless(
            to.Kind switch
            {
                PrincipalKind.Role => true,
                PrincipalKind.Organisation => await db.Organisations.AnyAsync(o => o.Id == to.OrganisationId),
                PrincipalKind.Person => await db.Users.AnyAsync(u => u.Id == to.PersonId),
            },
            "grant.to_nobody",
            "To"
        );

    /// <summary>One's own access is for another access manager to widen.</summary>
    private static async Task<bool> Concerns(PortalDb db, Grant grant, Actor actor)
    {
        var mine = await db.Memberships.Where(m => m.PersonId == actor.PersonId).AsNoTracking().ToListAsync();
        return mine.Exists(grant.IsFor);
    }

    // Someone must be left who can open what was closed.
    private async Task GuardLast(Grant deny, DateTime now)
    {
        if (deny.Section is not (Section.Access or Section.Administration))
            return;
        var role = deny.Section == Section.Access ? Role.AccessManager : Role.Administrator;
        PeopleRules.DemandCover(await PeopleRules.Held(store, now, null, role), await PeopleRules.Held(store, now, deny, role), now);
    }

    // The same grant twice is a slip: whoever means more changes the one that stands.
    private async Task<bool> IsThere(PortalDb db, Grant grant)
    {
        var now = Now;
        var alike = await db
            .Grants.Where(g =>
                g.RevokedAt == null
                && (g.Until == null || g.Until > now)
                && g.Section == grant.Section
                && g.Principal == grant.Principal
                && g.Deny == grant.Deny
                && g.Role == grant.Role
                && g.OrganisationId == grant.OrganisationId
                && g.PersonId == grant.PersonId
                && g.Level == grant.Level
                && g.OwnOnly == grant.OwnOnly
                && g.Region == grant.Region
            )
            .AsNoTracking()
            .ToListAsync();
        return alike.Exists(g =>
            g.States.ToHashSet().SetEquals(grant.States)
            && g.From <= grant.From
            && (g.Until is null || g.Until >= (grant.Until ?? DateTime.MaxValue))
        );
    }

    private async Task MayManage() => Refusal.Unless((await actors.Current()).LevelIn(Section.Access) >= Level.Manage, "access.not_yours");

    private async Task<PortalDb> Manager()
    {
        await MayManage();
        return await actors.Open();
    }
}

/// <summary>Grants by whom they are for, so that those of ten thousand people are found without asking each grant.</summary>
public sealed class GrantsByPrincipal(IEnumerable<Grant> grants)
{
    private readonly ILookup<object, Grant> of = grants.ToLookup(g => (object?)g.Role ?? (object?)g.OrganisationId ?? g.PersonId!.Value);

    /// <summary>Those given to a role.</summary>
    public IEnumerable<Grant> OfRole(Role role) => of[role];

    /// <summary>Those that someone acting under a membership may have.</summary>
    public IEnumerable<Grant> For(Membership membership) =>
        of[membership.Role].Concat(of[membership.OrganisationId]).Concat(of[membership.PersonId]);
}
