using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>Invitations: the only way to an account, and to a further membership.</summary>
public sealed class InvitationService(
    PortalStore store, Outbox outbox, PortalAddress address, Passwords passwords, SignInService signIn, ILookupNormalizer normalizer,
    IStringLocalizer<IdentityWords> words, Say say, TimeProvider clock)
{
    private static readonly TimeSpan Holds = TimeSpan.FromDays(7);

    /// <summary>Invites someone to act for an organisation, mails the link and returns it; it is shown nowhere else and stored nowhere in the clear.</summary>
    /// <param name="by">Who invites; null for the system, from a command.</param>
    /// <param name="email">To whom.</param>
    /// <param name="organisationId">For which organisation.</param>
    /// <param name="role">In which role.</param>
    /// <param name="assignedStates">States assigned (ISO 3166-1 alpha-3), for a legal officer.</param>
    /// <exception cref="Refusal">Who invites may not, the address is none, or the role does not exist in that kind of organisation.</exception>
    public async Task<string> Invite(Actor? by, string email, Guid organisationId, Role role, IEnumerable<string>? assignedStates = null)
    {
        Refusal.If(by is not null && by.LevelIn(Section.Access) < Level.Manage && by.LevelIn(Section.Administration) < Level.Manage, "invitation.not_yours");
        var to = SignInService.Clean(email);
        Refusal.Unless(to.Length <= 254 && to.Split('@') is [{ Length: > 0 }, { Length: > 2 }] && !to.Contains(' '), "email.invalid", "Email");
        await using var db = await store.OpenAsSystem("invite");
        if (by is not null)
            db.Actor = by;
        var organisation = await db.Organisations.Where(o => o.Id == organisationId).OneOrNotFound();
        Refusal.If(role.Kind() != organisation.Kind, "membership.role_does_not_fit", "Role");
        var (token, now) = (Secrets.New(), clock.GetUtcNow().UtcDateTime);
        var link = address.Full("/account/invitation/" + token);
        var invitation = new Invitation
        {
            TokenHash = Secrets.Hash(token),
            Email = to,
            OrganisationId = organisation.Id,
            Role = role,
            AssignedStates = role == Role.LegalOfficer ? [.. assignedStates ?? []] : [],
            CreatedAt = now,
            ExpiresAt = now + Holds,
        };
        db.Invitations.Add(invitation);
        outbox.Add(db, to, words["invitation.mail.subject"], words["invitation.mail.body", say.Name(organisation.Name), say.Code("role", role), link]);
        db.Audit(new Act("account.invited", 0, To: Membership.PlaceOf(role, organisation, invitation.AssignedStates), Subject: invitation.Id.ToString()), Section.Administration);
        await db.SaveChangesAsync();
        return link;
    }

    /// <summary>The invitation of a link and whether its address has an account already; null when it is used, expired or none.</summary>
    public async Task<(Invitation Invitation, bool HasAccount)?> Find(string? token)
    {
        await using var db = await store.OpenAsSystem("read an invitation");
        return await Standing(db, token) is { } invitation ? (invitation, await AccountOf(db, invitation) is not null) : null;
    }

    /// <summary>Accepts: makes the account, or adds the membership to the one there is, whose password must be right.</summary>
    /// <exception cref="Refusal">The password is wrong, or too weak for a new account; the name is missing.</exception>
    /// <exception cref="NotFound">The invitation is used, expired or none.</exception>
    public async Task Accept(string? token, string? name, string? password, HttpContext http)
    {
        await using var db = await store.OpenAsSystem("accept an invitation");
        var invitation = await Standing(db, token) ?? throw new NotFound();
        var now = clock.GetUtcNow().UtcDateTime;
        var person = await AccountOf(db, invitation);
        var isNew = person is null;
        if (person is null)
        {
            var called = SignInService.Clean(name);
            Refusal.If(called.Length is 0 or > 200, "account.name_required", "Name");
            var normal = normalizer.NormalizeEmail(invitation.Email);
            person = new PortalUser
            {
                Id = Guid.CreateVersion7(),
                Name = called,
                Email = invitation.Email,
                UserName = invitation.Email,
                NormalizedEmail = normal,
                NormalizedUserName = normal,
                EmailConfirmed = true,
            };
            await passwords.Set(person, password);
            db.Users.Add(person);
        }
        else
        {
            var check = await signIn.Check(person, password, http);
            Refusal.If(check == SignInResult.TooMany, "account.too_many_attempts", "NewPassword");
            Refusal.If(check != SignInResult.In, "account.password_wrong", "NewPassword");
        }
        invitation.UsedAt = now;
        var membership = Membership.Of(person.Id, invitation.Organisation, invitation.Role, now, null, invitation.AssignedStates);
        db.Memberships.Add(membership);
        db.Audit(new Act("account.invitation_used", 0, To: membership.Place, Subject: person.Id.ToString()), Section.Administration, person.Id);
        db.AccessChanged(person.Id);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            throw new NotFound(); // used a moment ago, or the account was made a moment ago
        }
        if (isNew)
            await signIn.Enter(db, person, "invitation", http);
    }

    private async Task<Invitation?> Standing(PortalDb db, string? token)
    {
        var (hash, now) = (Secrets.Hash(token ?? ""), clock.GetUtcNow().UtcDateTime);
        return await db.Invitations.Include(i => i.Organisation).FirstOrDefaultAsync(i => i.TokenHash == hash && i.UsedAt == null && i.ExpiresAt > now);
    }

    private async Task<PortalUser?> AccountOf(PortalDb db, Invitation invitation)
    {
        var email = normalizer.NormalizeEmail(invitation.Email);
        return await db.Users.FirstOrDefaultAsync(u => u.NormalizedEmail == email);
    }
}
