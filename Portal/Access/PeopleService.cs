using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// People and the places they hold: seen and managed by staff for everyone, by delegation for the contributors of one organisation.
/// </summary>
public sealed class PeopleService(
    ActorSource actors,
    PortalStore store,
    RecentCheck check,
    InvitationService invitations,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <summary>People on a page.</summary>
    public const int PageSize = 50;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A page of the people that the reader may see, by name.</summary>
    public async Task<(IReadOnlyList<PersonRow> Rows, int Total)> List(PeopleQuery query)
    {
        await using var db = await Open(PeopleAct.See);
        var people = Matching(db, query).InOrder();
        return (await Page(db, [.. people.Skip((query.Page - 1) * PageSize).Take(PageSize)]), people.Count);
    }

    /// <summary>
    /// The people of a list, up to a limit, to be taken away; who is only invited is none of them. That it was is on the record.
    /// </summary>
    public async Task<IReadOnlyList<PersonRow>> Export(PeopleQuery query, string format, int most = 10_000)
    {
        await using var db = await Open(PeopleAct.See);
        var rows = query.WantsPeople ? await Page(db, [.. Matching(db, query).InOrder().Take(most)]) : [];
        db.Audit(new Act("people.exported", 0, Subject: $"{format}:{rows.Count}"), Section.Access);
        await db.SaveChangesAsync();
        return rows;
    }

    private async Task<IReadOnlyList<PersonRow>> Page(PortalDb db, IReadOnlyList<Guid> ids)
    {
        var found = await db
            .Users.Where(u => ids.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.Name,
                u.Email,
                IsSuspended = u.LockoutEnd != null,
            })
            .ToDictionaryAsync(u => u.Id);
        var page = ids.Where(found.ContainsKey).Select(id => found[id]);
        var memberships = (
            await PeopleRules.Shown(db).Include(m => m.Organisation).Where(m => ids.Contains(m.PersonId)).AsNoTracking().ToListAsync()
        ).ToLookup(m => m.PersonId);
        var now = Now;
        // When somebody was last seen is for those who answer for the accounts.
        var seen = Delegation.May(db.Actor, PeopleAct.SeeAll)
            ? await db
                .Sessions.Where(s => ids.Contains(s.PersonId) && s.ExpiresAt > now)
                .GroupBy(s => s.PersonId)
                .Select(g => new { g.Key, At = g.Max(s => s.LastSeenAt) })
                .ToDictionaryAsync(s => s.Key, s => (DateTime?)s.At)
            : [];
        return
        [
            .. page.Select(p => new PersonRow(
                p.Id,
                p.Name,
                p.Email ?? "",
                p.IsSuspended,
                seen.GetValueOrDefault(p.Id),
                Rows(memberships[p.Id], db.Actor, now)
            )),
        ];
    }

    private IQueryable<PortalUser> Matching(PortalDb db, PeopleQuery query)
    {
        var now = Now;
        var (kinds, roles, shown) = (query.Kinds, query.Roles, PeopleRules.Shown(db));
        var isAll = Delegation.May(db.Actor, PeopleAct.SeeAll);
        IQueryable<PortalUser> people = db.Users;
        if (!isAll || kinds.Count > 0 || roles.Count > 0)
        {
            var narrowed = shown;
            if (kinds.Count > 0)
                narrowed = narrowed.Where(m => kinds.Contains(m.Organisation.Kind));
            if (roles.Count > 0)
                narrowed = narrowed.Where(m => roles.Contains(m.Role));
            people = people.Where(u => narrowed.Any(m => m.PersonId == u.Id));
        }
        if (query.Standings.Count > 0)
        {
            var (active, suspended, ended) = (
                query.Standings.Contains(PersonStanding.Active),
                query.Standings.Contains(PersonStanding.Suspended),
                query.Standings.Contains(PersonStanding.Ended)
            );
            people = people.Where(u =>
                u.LockoutEnd != null || shown.Any(m => m.PersonId == u.Id && m.SuspendedAt != null) ? suspended
                : shown.Any(m => m.PersonId == u.Id && (m.Until == null || m.Until > now)) ? active
                : ended
            );
        }
        if (query.Words is { Length: > 0 } words)
        {
            var called = people.Ids(words);
            // An organisation's names are one text of six; whoever searches may write any of them.
            var bodies = db.Organisations.AsNoTracking().AsEnumerable().Where(o => Named.Is(o, words)).Select(o => o.Id).ToList();
            people = people.Where(u => called.Contains(u.Id) || shown.Any(m => m.PersonId == u.Id && bodies.Contains(m.OrganisationId)));
        }
        return people;
    }

    private static List<MembershipRow> Rows(IEnumerable<Membership> memberships, Actor reader, DateTime now) =>
        [.. memberships.Select(m => MembershipRow.Of(m, reader, now)).OrderBy(m => m.Standing).ThenBy(m => m.From)];

    /// <summary>One person, with the memberships that the reader may see.</summary>
    /// <exception cref="NotFound">The reader may see none of theirs.</exception>
    public async Task<PersonView> Read(Guid personId)
    {
        await using var db = await Open(PeopleAct.See);
        var (isAll, now) = (Delegation.May(db.Actor, PeopleAct.SeeAll), Now);
        var memberships = await PeopleRules
            .Shown(db)
            .Include(m => m.Organisation)
            .Where(m => m.PersonId == personId)
            .AsNoTracking()
            .ToListAsync();
        var person = await db.Users.Where(u => u.Id == personId && (isAll || memberships.Count > 0)).AsNoTracking().OneOrNotFound();
        var sessions = isAll
            ? await db.Sessions.Where(s => s.PersonId == personId && s.ExpiresAt > now).Select(s => s.LastSeenAt).ToListAsync()
            : [];
        return new PersonView(
            new PersonRow(
                person.Id,
                person.Name,
                person.Email ?? "",
                person.LockoutEnd is not null,
                sessions.Count > 0 ? sessions.Max() : null,
                Rows(memberships, db.Actor, now)
            ),
            sessions.Count,
            person.Id == db.Actor.PersonId,
            Delegation.May(db.Actor, PeopleAct.ManageAll)
        );
    }

    /// <summary>Gives a person who has an account a place in an organisation.</summary>
    /// <exception cref="Refusal">
    /// Not one's to give, one's own, there already, one too many, or something is wrong with the terms.
    /// </exception>
    public Task Add(Guid personId, PlaceTerms terms) =>
        InTurn(
            PeopleAct.ManageAll,
            async db =>
            {
                Refusal.If(personId == db.Actor.PersonId, "people.own");
                await db.Users.Where(u => u.Id == personId).AsNoTracking().OneOrNotFound();
                var now = Now;
                var organisation = await db.Organisations.Where(o => o.Id == terms.OrganisationId).OneOrNotFound();
                Refusal.IfAny(terms.Problems(organisation.Kind, now));
                var membership = Membership.Of(
                    personId,
                    organisation,
                    terms.Role,
                    terms.From > now ? terms.From.Value : now,
                    terms.Until,
                    terms.States
                );
                await PeopleRules.DemandNoDouble(db, personId, organisation.Id, terms.Role, membership.From, membership.Until);
                await PeopleRules.DemandRoom(db, organisation, terms.Role, now);
                db.Memberships.Add(membership);
                PeopleRules.Note(db, membership, "membership.added", null, PeopleRules.Said(membership));
            }
        );

    /// <summary>Sets another end.</summary>
    /// <param name="id">Which membership.</param>
    /// <param name="seen">Its end as the screen showed it.</param>
    /// <param name="until">UTC, exclusive; null is without end.</param>
    public Task EndAt(Guid id, DateTime? seen, DateTime? until) =>
        Change(
            id,
            seen,
            "membership.end_changed",
            null,
            async (_, m) =>
            {
                if (until is not null)
                    await PeopleRules.DemandAnother(store, m.Role, x => x.Id == m.Id, until.Value, Now);
                m.EndAt(until, Now);
            }
        );

    /// <summary>Ends a membership now.</summary>
    /// <param name="id">Which membership.</param>
    /// <param name="seen">Its end as the screen showed it.</param>
    /// <param name="reason">Why.</param>
    public Task End(Guid id, DateTime? seen, string? reason) =>
        Change(
            id,
            seen,
            "membership.ended",
            Reason(reason),
            async (_, m) =>
            {
                await DemandAnother(m.Role, x => x.Id == m.Id, Now);
                m.End(Now);
            }
        );

    /// <summary>Interrupts a membership now.</summary>
    /// <param name="id">Which membership.</param>
    /// <param name="seen">Its end as the screen showed it.</param>
    /// <param name="reason">Why.</param>
    public Task Suspend(Guid id, DateTime? seen, string? reason) =>
        Change(
            id,
            seen,
            "membership.suspended",
            Reason(reason),
            async (_, m) =>
            {
                await DemandAnother(m.Role, x => x.Id == m.Id, Now);
                m.Suspend(Now);
            }
        );

    /// <summary>Takes a suspended membership up again.</summary>
    /// <param name="id">Which membership.</param>
    /// <param name="seen">Its end as the screen showed it.</param>
    public Task Restore(Guid id, DateTime? seen) =>
        Change(
            id,
            seen,
            "membership.restored",
            null,
            async (db, m) =>
            {
                await PeopleRules.DemandRoom(db, m.Organisation, m.Role, Now);
                m.Restore(Now);
                await PeopleRules.DemandNoDouble(db, m.PersonId, m.OrganisationId, m.Role, Now, m.Until, m.Id);
            }
        );

    /// <summary>Whether a place that is handed to somebody stays empty until they accept an invitation.</summary>
    public async Task<bool> WouldOnlyInvite(string? email)
    {
        await using var db = await actors.Open();
        return !TakesOverAtOnce(db, await Successor(db, InvitationService.AddressOf(email)));
    }

    private static bool TakesOverAtOnce(PortalDb db, [NotNullWhen(true)] PortalUser? successor) =>
        successor is { LockoutEnd: null } && Delegation.May(db.Actor, PeopleAct.ManageAll);

    private Task<PortalUser?> Successor(PortalDb db, string email)
    {
        var normal = normalizer.NormalizeEmail(email);
        return db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.NormalizedEmail == normal);
    }

    /// <summary>
    /// Hands a place over: the membership ends now and a successor has the same role in the same organisation, at once where staff hands it
    /// to
    /// somebody with an account, by invitation otherwise.
    /// </summary>
    /// <param name="id">The membership that ends.</param>
    /// <param name="seen">Its end as the screen showed it.</param>
    /// <param name="email">The successor.</param>
    /// <param name="reason">Why.</param>
    /// <returns>The link of the invitation, shown this once; null where none was needed.</returns>
    public async Task<string?> Transfer(Guid id, DateTime? seen, string? email, string? reason)
    {
        string? link = null;
        invitations.Prepare();
        await Change(
            id,
            seen,
            "membership.transferred",
            Reason(reason),
            async (db, m) =>
            {
                var now = Now;
                Refusal.Unless(m.StandingAt(now) is MembershipStanding.InForce or MembershipStanding.Suspended, "membership.already_ended");
                var to = InvitationService.AddressOf(email);
                var successor = await Successor(db, to);
                Refusal.If(successor?.Id == m.PersonId, "people.same_person", "Email");
                Refusal.If(successor?.Id == db.Actor.PersonId, "people.own", "Email");
                var until = m.SuspendedAt is null ? m.Until : m.HeldUntil;
                await PeopleRules.DemandRoom(db, m.Organisation, m.Role, now, m.SuspendedAt is null ? 1 : 0);
                if (TakesOverAtOnce(db, successor))
                {
                    await PeopleRules.DemandNoDouble(db, successor.Id, m.OrganisationId, m.Role, now, until);
                    var place = Membership.Of(successor.Id, m.Organisation, m.Role, now, until, m.AssignedStates);
                    db.Memberships.Add(place);
                    PeopleRules.Note(db, place, "membership.added", null, PeopleRules.Said(place));
                }
                else
                {
                    // Who is only invited cannot yet do what the last one did.
                    await DemandAnother(m.Role, x => x.Id == m.Id, now);
                    link = invitations.Add(db, m.Organisation, new Invited(to, m.Role, m.AssignedStates, null, until)).Link;
                }
                m.End(now);
            }
        );
        return link;
    }

    /// <summary>Locks an account and ends its sessions; the memberships stay.</summary>
    public Task SuspendAccount(Guid personId, string? reason) =>
        OnAccount(
            personId,
            "account.suspended",
            Reason(reason),
            async (db, person, now) =>
            {
                Refusal.If(person.LockoutEnd is not null, "account.already_suspended");
                await DemandOthers(db, personId, now);
                (person.LockoutEnabled, person.LockoutEnd) = (true, DateTimeOffset.MaxValue);
                await Sessions.End(db, personId, s => s);
                await AccessTokens.EndAll(db, personId);
                return ("open", "suspended");
            }
        );

    /// <summary>Opens a locked account again.</summary>
    public Task RestoreAccount(Guid personId) =>
        OnAccount(
            personId,
            "account.restored",
            null,
            (db, person, _) =>
            {
                Refusal.If(person.LockoutEnd is null || person.Email is null, "account.not_suspended");
                person.LockoutEnd = null;
                db.AccessChanged(personId);
                return Task.FromResult(("suspended", "open"));
            }
        );

    /// <summary>
    /// Deletes an account: memberships, grants to the person, sessions, tokens and every way to sign in end at once, and the address is
    /// forgotten, so that it may be
    /// invited anew. The name stays beside what was done under it: the log and the records must go on saying who did it.
    /// </summary>
    public Task DeleteAccount(Guid personId, string? reason) =>
        OnAccount(
            personId,
            "account.deleted",
            Reason(reason),
            async (db, person, now) =>
            {
                Refusal.If(person.Email is null, "account.already_deleted");
                await DemandOthers(db, personId, now);
                foreach (
                    var membership in await db
                        .Memberships.Include(m => m.Organisation)
                        .Where(m => m.PersonId == personId && (m.Until == null || m.Until > now || m.SuspendedAt != null))
                        .ToListAsync()
                )
                {
                    var before = PeopleRules.Said(membership);
                    membership.End(now);
                    PeopleRules.Note(db, membership, "membership.ended", before, PeopleRules.Said(membership));
                }
                foreach (var grant in await db.Grants.Where(g => g.PersonId == personId && g.RevokedAt == null).ToListAsync())
                {
                    grant.Revoke(now);
                    db.Audit(new Act("grant.revoked", 0, Why: reason, Subject: grant.Id.ToString()), Section.Access);
                }
                await Deletion.Forget(db, person);
                return ("open", "deleted");
            }
        );

    /// <summary>Ends every session of a person, and their tokens; they sign in again.</summary>
    public Task EndSessions(Guid personId) =>
        OnAccount(
            personId,
            "account.sessions_ended",
            null,
            async (db, _, _) =>
            {
                await Sessions.End(db, personId, s => s);
                await AccessTokens.EndAll(db, personId);
                return (null!, null!);
            }
        );

    private Task OnAccount(
        Guid personId,
        string code,
        string? why,
        Func<PortalDb, PortalUser, DateTime, Task<(string From, string To)>> change
    ) =>
        InTurn(
            PeopleAct.ManageAll,
            async db =>
            {
                Refusal.If(personId == db.Actor.PersonId, "people.own");
                var person = await db.Users.Where(u => u.Id == personId).OneOrNotFound();
                var (from, to) = await change(db, person, Now);
                person.ConcurrencyStamp = Guid.NewGuid().ToString("N");
                db.Audit(new Act(code, 0, from, to, why, personId.ToString()), Section.Access);
            }
        );

    private Task Change(Guid id, DateTime? seen, string code, string? why, Func<PortalDb, Membership, Task> change) =>
        InTurn(
            PeopleAct.See,
            async db =>
            {
                var membership = await PeopleRules.Shown(db).Include(m => m.Organisation).Where(m => m.Id == id).OneOrNotFound();
                Refusal.If(membership.PersonId == db.Actor.PersonId, "people.own");
                Refusal.Unless(Delegation.MayManage(db.Actor, membership), "people.not_yours");
                Refusal.If(membership.Until != seen, "record.changed_meanwhile");
                var before = PeopleRules.Said(membership);
                await change(db, membership);
                PeopleRules.Note(db, membership, code, before, PeopleRules.Said(membership), why);
            }
        );

    private async Task InTurn(PeopleAct needed, Func<PortalDb, Task> act)
    {
        await check.Demand();
        await using var db = await Open(needed);
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                await act(db);
                await db.SaveOrRefuse();
            }
        );
    }

    private async Task DemandOthers(PortalDb db, Guid personId, DateTime now)
    {
        foreach (
            var role in await db
                .Memberships.Where(m => m.PersonId == personId && (m.Until == null || m.Until > now))
                .Select(m => m.Role)
                .Distinct()
                .ToListAsync()
        )
            await DemandAnother(role, m => m.PersonId == personId, now);
    }

    private Task DemandAnother(Role role, Func<Membership, bool> leaves, DateTime now) =>
        PeopleRules.DemandAnother(store, role, leaves, now, now);

    private static string Reason(string? reason) => Text.Required(reason, Grant.LongestReason, "Reason");

    private async Task<PortalDb> Open(PeopleAct act)
    {
        var db = await actors.Open();
        if (Delegation.May(db.Actor, act))
            return db;
        await db.DisposeAsync();
        throw new Refusal("people.not_yours");
    }
}
