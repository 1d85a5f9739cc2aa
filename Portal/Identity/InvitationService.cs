using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Directory;

namespace Portal.Identity;

/// <summary>Who is invited, and to what place.</summary>
/// <param name="Email">To whom.</param>
/// <param name="Role">In which role.</param>
/// <param name="AssignedStates">States assigned (ISO 3166-1 alpha-3), for a legal officer.</param>
/// <param name="From">UTC; the membership begins no sooner; null is at once.</param>
/// <param name="Until">UTC, exclusive; null is without end.</param>
/// <param name="Name">The name they are known by, if any.</param>
public sealed record Invited(
    string Email,
    Role Role,
    IEnumerable<string>? AssignedStates = null,
    DateTime? From = null,
    DateTime? Until = null,
    string? Name = null
);

/// <summary>Invitations: the only way to an account, and to a further membership.</summary>
public sealed class InvitationService(
    PortalStore store,
    Outbox outbox,
    PortalAddress address,
    Passwords passwords,
    SignInService signIn,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    private static readonly TimeSpan Holds = TimeSpan.FromDays(7);

    /// <summary>
    /// Invites someone to act for an organisation, mails the link and returns it; it is shown nowhere else and stored nowhere in the clear.
    /// </summary>
    /// <param name="by">Who invites; null for the system, from a command.</param>
    /// <param name="email">To whom.</param>
    /// <param name="organisationId">For which organisation.</param>
    /// <param name="role">In which role.</param>
    /// <param name="assignedStates">States assigned (ISO 3166-1 alpha-3), for a legal officer.</param>
    /// <exception cref="Refusal">
    /// Who invites may not, the address is none, or the role does not exist in that kind of organisation.
    /// </exception>
    public async Task<string> Invite(Actor? by, string email, Guid organisationId, Role role, IEnumerable<string>? assignedStates = null)
    {
        Refusal.If(by is not null && !Delegation.MayManage(by, organisationId, role), "invitation.not_yours");
        await using var db = await store.OpenAsSystem("invite");
        if (by is not null)
            db.Actor = by;
        var organisation = await db.Organisations.Where(o => o.Id == organisationId).OneOrNotFound();
        var (_, link) = Add(db, organisation, new Invited(email, role, assignedStates));
        await db.SaveChangesAsync();
        return link;
    }

    /// <inheritdoc cref="Outbox.Prepare"/>
    internal void Prepare() => outbox.Prepare();

    /// <summary>
    /// Adds an invitation, its mail and its act to what <paramref name="db"/> will save; who may invite whom is the caller's question.
    /// </summary>
    /// <exception cref="Refusal">The address is none, or the role does not exist in that kind of organisation.</exception>
    internal (Invitation Invitation, string Link) Add(PortalDb db, Organisation organisation, Invited invited)
    {
        var to = AddressOf(invited.Email);
        Refusal.If(invited.Role.Kind() != organisation.Kind, "membership.role_does_not_fit", "Role");
        var invitation = new Invitation
        {
            Email = to,
            Organisation = organisation,
            OrganisationId = organisation.Id,
            Role = invited.Role,
            AssignedStates = invited.Role == Role.LegalOfficer ? [.. invited.AssignedStates ?? []] : [],
            Name = Text.OptionalLine(invited.Name, 200, "Name"),
            From = invited.From,
            Until = invited.Until,
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        };
        var link = Send(db, invitation);
        db.Invitations.Add(invitation);
        db.Audit(
            new Act(
                "account.invited",
                0,
                To: Membership.PlaceOf(invitation.Role, organisation, invitation.AssignedStates),
                Subject: invitation.Id.ToString()
            ),
            Section.Administration
        );
        return (invitation, link);
    }

    /// <summary>Gives an invitation a new link, mails it and returns it; the link before is void.</summary>
    internal string Send(PortalDb db, Invitation invitation)
    {
        var token = Secrets.New();
        var link = address.Full("/account/invitation/" + token);
        (invitation.TokenHash, invitation.ExpiresAt) = (Secrets.Hash(token), clock.GetUtcNow().UtcDateTime + Holds);
        outbox.AddLink(db, MailKind.Invitation, invitation.Email, link, invitation.TokenHash);
        return link;
    }

    /// <summary>An address as it is kept, if it is one.</summary>
    /// <exception cref="Refusal"><c>email.invalid</c>.</exception>
    internal static string AddressOf(string? typed) => EmailAddress.Read(typed) ?? throw new Refusal("email.invalid", "Email");

    /// <summary>The invitation of a link and whether its address has an account already; null when it is used, expired or none.</summary>
    /// <param name="token">The link's.</param>
    /// <param name="who">Who showed themselves at an identity provider to accept it, if they did.</param>
    /// <returns>Also whether that account is the one bound to who showed themselves, so that no password is asked.</returns>
    public async Task<(Invitation Invitation, bool HasAccount, bool IsKnown)?> Find(string? token, ProvenIdentity? who = null)
    {
        await using var db = await store.OpenAsSystem("read an invitation");
        if (await Standing(db, token) is not { } invitation)
            return null;
        var person = await AccountOf(db, invitation);
        return (invitation, person is not null, await IsKnown(db, person, who));
    }

    private static async Task<bool> IsKnown(PortalDb db, PortalUser? person, ProvenIdentity? who) =>
        person is not null && who is not null && (await IdentityService.Find(db, who))?.PersonId == person.Id;

    /// <summary>
    /// Accepts: makes the account, or adds the membership to the one there is, whose password must be right. With an identity of a provider
    /// a new
    /// account needs no password, and is bound; one there is is bound, too, once its password was right: the link alone, which whoever
    /// invited has
    /// seen, must not give anybody's account away.
    /// </summary>
    /// <exception cref="Refusal">
    /// The password is wrong, or too weak for a new account; the name is missing; the identity is another account's.
    /// </exception>
    /// <exception cref="NotFound">The invitation is used, expired or none.</exception>
    public async Task Accept(string? token, string? name, string? password, ProvenIdentity? who, HttpContext http)
    {
        await using var db = await store.OpenAsSystem("accept an invitation");
        var invitation = await Standing(db, token) ?? throw new NotFound();
        var now = clock.GetUtcNow().UtcDateTime;
        var person = await AccountOf(db, invitation);
        var isNew = person is null;
        var isKnown = await IsKnown(db, person, who);
        Refusal.If(who is not null && !isKnown && await IdentityService.Find(db, who) is not null, "identity.elsewhere");
        if (person is null)
        {
            var called = Text.PersonName(name, "Name");
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
            if (who is null)
                await passwords.Set(person, password);
            else
                person.SecurityStamp = Secrets.New();
            db.Users.Add(person);
        }
        else if (!isKnown)
        {
            var check = await signIn.Check(person, password, http);
            Refusal.If(check == SignInResult.TooMany, "account.too_many_attempts", "NewPassword");
            Refusal.If(check != SignInResult.In, "account.password_wrong", "NewPassword");
        }
        else
        {
            Refusal.If(signIn.IsLocked(person), "identity.elsewhere");
        }
        if (who is not null && !isKnown)
            IdentityService.Add(db, person, who, now);
        invitation.UsedAt = now;
        var from = invitation.From > now ? invitation.From.Value : now;
        var membership = Membership.Of(
            person.Id,
            invitation.Organisation,
            invitation.Role,
            from,
            invitation.Until,
            invitation.AssignedStates
        );
        db.Memberships.Add(membership);
        db.Audit(
            new Act("account.invitation_used", 0, To: membership.Place, Subject: person.Id.ToString()),
            Section.Administration,
            person.Id
        );
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
            await signIn.Enter(db, person, "invitation", http, who?.Provider, who?.HasSecondFactor == true);
    }

    private async Task<Invitation?> Standing(PortalDb db, string? token)
    {
        var (hash, now) = (Secrets.Hash(token ?? ""), clock.GetUtcNow().UtcDateTime);
        return await db
            .Invitations.Include(i => i.Organisation)
            .FirstOrDefaultAsync(i => i.TokenHash == hash && i.UsedAt == null && i.ExpiresAt > now && (i.Until == null || i.Until > now));
    }

    private async Task<PortalUser?> AccountOf(PortalDb db, Invitation invitation)
    {
        var email = normalizer.NormalizeEmail(invitation.Email);
        return await db.Users.FirstOrDefaultAsync(u => u.NormalizedEmail == email);
    }
}
