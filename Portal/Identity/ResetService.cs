using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>
/// A new password for who lost the old one, by mail. It replaces the password only: a second factor is asked all the same.
/// </summary>
public sealed class ResetService(
    PortalStore store,
    Outbox outbox,
    PortalAddress address,
    Passwords passwords,
    Attempts attempts,
    ILookupNormalizer normalizer,
    CountedActs counted,
    TimeProvider clock
)
{
    private static readonly TimeSpan Holds = TimeSpan.FromHours(1);
    private const int PerAccount = 3;
    private const int PerAddress = 20;

    /// <summary>Mails a link, if there is such an account. The answer is the same either way, and so is the work.</summary>
    public async Task Ask(string? email, HttpContext http)
    {
        var normal = normalizer.NormalizeEmail(SignInService.Clean(email));
        var open =
            await attempts.Take("reset:" + normal, PerAccount)
            & await attempts.Take("reset-from:" + Attempts.Network(http.Connection.RemoteIpAddress), PerAddress);
        await using var db = await store.OpenAsSystem("mail a way to a new password");
        var person = await db.Users.FirstOrDefaultAsync(u => u.NormalizedEmail == normal);
        var token = Secrets.New();
        var reset = new PasswordReset
        {
            TokenHash = Secrets.Hash(token),
            PersonId = person?.Id ?? Guid.Empty,
            ExpiresAt = clock.GetUtcNow().UtcDateTime + Holds,
        };
        if (person is not null && open)
        {
            db.Set<PasswordReset>().Add(reset);
            outbox.AddLink(db, MailKind.Reset, person.Email!, address.Full("/account/reset?token=" + token), reset.TokenHash);
        }
        else
        {
            // Something is written either way.
            await attempts.Take("reset-for-nobody", int.MaxValue);
        }
        await db.SaveChangesAsync();
        await counted.Note(
            $"{Attempts.Network(http.Connection.RemoteIpAddress)} {normal}",
            new Act("account.reset_asked", 0, Subject: person?.Id.ToString()),
            Section.Administration
        );
    }

    /// <summary>
    /// Whose password a link is to replace, or null where it no longer counts. Whoever has the link had it by mail to that address.
    /// </summary>
    public async Task<string?> AddressOf(string? token)
    {
        await using var db = await store.OpenAsSystem("read a way to a new password");
        return await Find(db, token) is { } reset ? (await db.Users.FindAsync(reset.PersonId))?.Email : null;
    }

    /// <summary>Sets the password and ends every session of the account.</summary>
    /// <exception cref="NotFound">The link is used, expired or none.</exception>
    /// <exception cref="Refusal">The password is too weak; the link still counts.</exception>
    public async Task Use(string? token, string? password)
    {
        await using var db = await store.OpenAsSystem("set a new password by mail");
        var reset = await Find(db, token) ?? throw new NotFound();
        var person = await db.Users.FindAsync(reset.PersonId) ?? throw new NotFound();
        await passwords.Set(person, password);
        reset.UsedAt = clock.GetUtcNow().UtcDateTime;
        // Other links that were mailed lose their meaning with the password they were to replace.
        db.RemoveRange(await db.Set<PasswordReset>().Where(r => r.PersonId == person.Id && r.Id != reset.Id).ToListAsync());
        await Sessions.End(db, person.Id, s => s);
        db.Audit(new Act("account.password_reset", 0, Subject: person.Id.ToString()), Section.Administration);
        outbox.AddToOwner(db, person, "password_reset");
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new NotFound(); // used a moment ago
        }
    }

    private async Task<PasswordReset?> Find(PortalDb db, string? token)
    {
        var (hash, now) = (Secrets.Hash(token ?? ""), clock.GetUtcNow().UtcDateTime);
        return await db.Set<PasswordReset>().FirstOrDefaultAsync(r => r.TokenHash == hash && r.UsedAt == null && r.ExpiresAt > now);
    }
}
