using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Identity;

/// <summary>
/// Takes from an account everything that opens it and everything that is only about the person. The row and its name stay, since the log
/// and the records name who acted.
/// </summary>
internal static class Deletion
{
    /// <summary>
    /// Forgets password, factors, bindings, sessions, tokens and address, within what <paramref name="db"/> will save. Nobody signs in with
    /// it again; the address may be invited anew.
    /// </summary>
    public static async Task Forget(PortalDb db, PortalUser person)
    {
        await Sessions.End(db, person.Id, s => s);
        await AccessTokens.EndAll(db, person.Id);
        db.RemoveRange(await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ToListAsync());
        db.RemoveRange(await db.IdentityBindings.Where(b => b.PersonId == person.Id).ToListAsync());
        db.RemoveRange(await db.Set<PasswordReset>().Where(r => r.PersonId == person.Id).ToListAsync());
        db.RemoveRange(await db.Set<IdentityUserPasskey<Guid>>().Where(p => p.UserId == person.Id).ToListAsync());
        db.RemoveRange(await db.Set<OutboxMail>().Where(m => m.To == person.Email && m.State == MailState.Waiting).ToListAsync());
        (person.PasswordHash, person.TotpSecret, person.TotpLastStep, person.TwoFactorEnabled) = (null, null, 0, false);
        (person.Email, person.NormalizedEmail, person.EmailConfirmed, person.PhoneNumber) = (null, null, false, null);
        person.UserName = person.Id.ToString("N");
        person.NormalizedUserName = person.UserName.ToUpperInvariant();
        person.SecurityStamp = Guid.NewGuid().ToString("N");
        (person.Language, person.LastMembershipId) = (null, null);
        (person.LockoutEnabled, person.LockoutEnd) = (true, DateTimeOffset.MaxValue);
    }
}
