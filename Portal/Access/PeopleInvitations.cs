using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Identity;

namespace Portal.Access;

/// <summary>Invitations as those who manage people give, see and take them back.</summary>
public sealed class PeopleInvitations(
    ActorSource actors,
    RecentCheck check,
    InvitationService invitations,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <summary>Invitations on a page.</summary>
    public const int PageSize = 50;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Invites somebody to a place; the link is mailed, and returned to be shown this once.</summary>
    /// <exception cref="Refusal">
    /// Not one's to give, oneself, invited or there already, one too many, or something is wrong with the terms.
    /// </exception>
    public async Task<string> Invite(string? email, PlaceTerms terms)
    {
        await check.Demand();
        await using var db = await actors.Open();
        Refusal.Unless(Delegation.MayManage(db.Actor, terms.OrganisationId, terms.Role), "people.not_yours");
        var link = "";
        invitations.Prepare();
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                var now = Now;
                var organisation = await db.Organisations.Where(o => o.Id == terms.OrganisationId).OneOrNotFound();
                Refusal.IfAny(terms.Problems(organisation.Kind, now));
                await DemandNobodyThere(db, InvitationService.AddressOf(email), terms, now);
                await PeopleRules.DemandRoom(db, organisation, terms.Role, now);
                (var invitation, link) = invitations.Add(
                    db,
                    organisation,
                    new Invited(email ?? "", terms.Role, terms.States, terms.From > now ? terms.From : null, terms.Until)
                );
                db.Audit(
                    new Act("invitation.sent", 0, null, Said(invitation, organisation), Subject: invitation.Id.ToString()),
                    Section.Access
                );
                await db.SaveOrRefuse();
            }
        );
        return link;
    }

    private async Task DemandNobodyThere(PortalDb db, string email, PlaceTerms terms, DateTime now)
    {
        var normal = normalizer.NormalizeEmail(email);
        var person = await db.Users.Where(u => u.NormalizedEmail == normal).Select(u => (Guid?)u.Id).FirstOrDefaultAsync();
        Refusal.If(person == db.Actor.PersonId, "people.own", "Email");
        if (person is { } id)
            await PeopleRules.DemandNoDouble(
                db,
                id,
                terms.OrganisationId,
                terms.Role,
                terms.From > now ? terms.From.Value : now,
                terms.Until
            );
        var waiting = await db
            .Invitations.Where(i =>
                i.OrganisationId == terms.OrganisationId && i.Role == terms.Role && i.UsedAt == null && i.ExpiresAt > now
            )
            .Select(i => i.Email)
            .ToListAsync();
        Refusal.If(waiting.Exists(w => normalizer.NormalizeEmail(w) == normal), "invitation.waiting", "Email");
    }

    /// <summary>A page of the invitations that wait, and how many there are, those sent last first.</summary>
    public async Task<(IReadOnlyList<InvitationRow> Rows, int Total)> Waiting(PeopleQuery query)
    {
        await using var db = await actors.Open();
        Refusal.Unless(Delegation.May(db.Actor, PeopleAct.See), "people.not_yours");
        var (kinds, roles) = (query.Kinds, query.Roles);
        var waiting = Shown(db);
        if (kinds.Count > 0)
            waiting = waiting.Where(i => kinds.Contains(i.Organisation.Kind));
        if (roles.Count > 0)
            waiting = waiting.Where(i => roles.Contains(i.Role));
        if (query.Words is { Length: > 0 } words)
        {
            var called = waiting
                .Select(i => new
                {
                    i.Id,
                    i.Email,
                    i.Name,
                })
                .AsEnumerable()
                .Where(i => Named.Is(i.Name ?? "", i.Email, EmailAddress.Key(i.Email), words))
                .Select(i => i.Id)
                .ToList();
            var bodies = db.Organisations.AsNoTracking().AsEnumerable().Where(o => Named.Is(o, words)).Select(o => o.Id).ToList();
            waiting = waiting.Where(i => called.Contains(i.Id) || bodies.Contains(i.OrganisationId));
        }
        var total = await waiting.CountAsync();
        var page = await waiting
            .Include(i => i.Organisation)
            .OrderByDescending(i => i.CreatedAt)
            .ThenBy(i => i.Id)
            .Skip((query.Page - 1) * PageSize)
            .Take(PageSize)
            .AsNoTracking()
            .ToListAsync();
        var now = Now;
        return (
            [
                .. page.Select(i => new InvitationRow(
                    i.Id,
                    i.Email,
                    i.Organisation.Name,
                    i.Role,
                    i.From,
                    i.Until,
                    i.CreatedAt,
                    i.ExpiresAt,
                    i.ExpiresAt <= now,
                    Delegation.MayManage(db.Actor, i.OrganisationId, i.Role)
                )),
            ],
            total
        );
    }

    /// <summary>Withdraws an invitation; its link is void.</summary>
    public Task Withdraw(Guid id) =>
        Change(
            id,
            "invitation.withdrawn",
            (db, invitation) =>
            {
                db.Invitations.Remove(invitation);
                return Task.CompletedTask;
            }
        );

    /// <summary>Sends an invitation again with a new link, which is returned to be shown this once; the one before is void.</summary>
    public async Task<string> SendAgain(Guid id)
    {
        var link = "";
        await Change(
            id,
            "invitation.sent_again",
            async (db, invitation) =>
            {
                var now = Now;
                Refusal.If(invitation.Until <= now, "membership.period_over");
                if (invitation.ExpiresAt <= now)
                    await PeopleRules.DemandRoom(db, invitation.Organisation, invitation.Role, now);
                link = invitations.Send(db, invitation);
            }
        );
        return link;
    }

    private async Task Change(Guid id, string code, Func<PortalDb, Invitation, Task> change)
    {
        await check.Demand();
        await using var db = await actors.Open();
        invitations.Prepare();
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                var invitation = await Shown(db).Include(i => i.Organisation).Where(i => i.Id == id).OneOrNotFound();
                Refusal.Unless(Delegation.MayManage(db.Actor, invitation.OrganisationId, invitation.Role), "people.not_yours");
                var before = Said(invitation, invitation.Organisation);
                await change(db, invitation);
                db.Audit(new Act(code, 0, before, null, Subject: invitation.Id.ToString()), Section.Access);
                await db.SaveOrRefuse();
            }
        );
    }

    // Those that wait, for everyone's organisation or for the contributors of one.
    private static IQueryable<Invitation> Shown(PortalDb db)
    {
        var waiting = db.Invitations.Where(i => i.UsedAt == null);
        if (Delegation.May(db.Actor, PeopleAct.SeeAll))
            return waiting;
        var (own, role) = (db.Actor.Membership?.OrganisationId, db.Actor.Role is { } r ? Delegation.Of(r) : null);
        return waiting.Where(i => i.OrganisationId == own && i.Role == role);
    }

    private static string Said(Invitation i, Organisation organisation) => PeopleRules.Said(i.Role, organisation, i.From, i.Until);
}
