using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>Second factors: one-time codes, recovery codes that stand in for them, passkeys.</summary>
public sealed class Factors(IDataProtectionProvider protection, TimeProvider clock, IConfiguration configuration)
{
    /// <summary>Recovery codes made at once.</summary>
    public const int RecoveryCodes = 10;
    private readonly IDataProtector secrets = protection.CreateProtector("one-time codes");

    /// <summary>Whether the account asks for a second factor.</summary>
    public async Task<bool> Has(PortalDb db, PortalUser person) => person.TotpSecret is not null || await HasPasskey(db, person);

    /// <summary>Whether the account has a passkey.</summary>
    public static Task<bool> HasPasskey(PortalDb db, PortalUser person) =>
        db.Set<IdentityUserPasskey<Guid>>().AnyAsync(p => p.UserId == person.Id);

    /// <summary>Whether the person must set up a factor before anything else: any, or a passkey where the staff must have one.</summary>
    /// <param name="db">Opened as system.</param>
    /// <param name="person">Whose account.</param>
    /// <param name="vouched">Whether the provider they signed in by says that it asked for a second factor, which counts as any.</param>
    public async Task<bool> MustSetUp(PortalDb db, PortalUser person, bool vouched)
    {
        if (configuration.GetValue("SignIn:RequireSecondFactor", true) && !vouched && !await Has(db, person))
            return true;
        return configuration.GetValue("SignIn:RequirePasskeyOfStaff", false)
            && !await HasPasskey(db, person)
            && (await db.Memberships.Where(m => m.PersonId == person.Id).Select(m => m.Role).ToListAsync()).Exists(r =>
                r.Kind() is OrganisationKind.Cted or OrganisationKind.Operations
            );
    }

    /// <summary>Uses up a one-time or recovery code. Says which it was, or null when it is neither.</summary>
    public async Task<string?> Use(PortalDb db, PortalUser person, string code)
    {
        var plain = string.Concat(Text.PlainDigits(code).Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        if (
            plain.Length == 6
            && person.TotpSecret is { } secret
            && Totp.Match(secrets.Unprotect(Convert.FromBase64String(secret)), plain, clock.GetUtcNow(), person.TotpLastStep) is { } step
        )
            // Whoever moves the step first has used the code.
            return
                await db
                    .Users.Where(u => u.Id == person.Id && u.TotpLastStep < step)
                    .ExecuteUpdateAsync(s => s.SetProperty(u => u.TotpLastStep, step)) == 1
                ? "code"
                : null;
        if (plain.Length != 16)
            return null;
        var now = clock.GetUtcNow().UtcDateTime;
        var left = await db.RecoveryCodes.AsNoTracking().Where(c => c.PersonId == person.Id && c.UsedAt == null).ToListAsync();
        var found = left.Find(c =>
            CryptographicOperations.FixedTimeEquals(Convert.FromHexString(c.Hash), Convert.FromHexString(HashOf(c.Id, plain)))
        );
        return
            found is not null
            && await db
                .RecoveryCodes.Where(c => c.Id == found.Id && c.UsedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.UsedAt, now)) == 1
            ? "recovery"
            : null;
    }

    /// <summary>A new secret, sealed for the form that shows it: nothing is stored until a code proves that it was taken over.</summary>
    public (byte[] Secret, string Sealed) Propose(PortalUser person)
    {
        var secret = Totp.NewSecret();
        return (secret, Convert.ToBase64String(Proposals(person).Protect(secret)));
    }

    /// <summary>The secret of a form, or null when it is not one of this person's.</summary>
    public byte[]? Proposed(PortalUser person, string? sealedSecret)
    {
        try
        {
            return Proposals(person).Unprotect(Convert.FromBase64String(sealedSecret ?? ""));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private IDataProtector Proposals(PortalUser person) => secrets.CreateProtector(person.Id.ToString(), person.SecurityStamp ?? "");

    /// <summary>Stores a secret and its first recovery codes, if the code is right. Returns the recovery codes, shown once.</summary>
    public async Task<IReadOnlyList<string>?> TurnOn(PortalDb db, PortalUser person, byte[] secret, string code)
    {
        if (Totp.Match(secret, string.Concat(Text.PlainDigits(code).Where(char.IsAsciiDigit)), clock.GetUtcNow(), 0) is not { } step)
            return null;
        (person.TotpSecret, person.TotpLastStep, person.TwoFactorEnabled) = (Convert.ToBase64String(secrets.Protect(secret)), step, true);
        db.Audit(new Act("account.codes_added", 0, Subject: person.Id.ToString()), Section.Administration, person.Id);
        return await NewRecoveryCodes(db, person);
    }

    /// <summary>Replaces the recovery codes in what <paramref name="db"/> will save.</summary>
    public static async Task<IReadOnlyList<string>> NewRecoveryCodes(PortalDb db, PortalUser person)
    {
        db.RecoveryCodes.RemoveRange(await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ToListAsync());
        var codes = new List<string>();
        for (var i = 0; i < RecoveryCodes; i++)
        {
            var code = Totp.Base32(RandomNumberGenerator.GetBytes(10));
            var entry = new RecoveryCode { PersonId = person.Id };
            entry.Hash = HashOf(entry.Id, code);
            db.RecoveryCodes.Add(entry);
            codes.Add(string.Join('-', code.Chunk(4).Select(c => new string(c))));
        }
        return codes;
    }

    private static string HashOf(Guid id, string code) => Secrets.Hash(id + code);
}
