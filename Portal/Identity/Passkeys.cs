using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>What a page hands the browser to ask an authenticator with, and gets back with its answer.</summary>
/// <param name="Options">WebAuthn options, JSON.</param>
/// <param name="State">What the answer is checked against, sealed; it holds five minutes and counts once.</param>
public sealed record PasskeyQuestion(string Options, string State);

/// <summary>
/// Passkeys (WebAuthn). The question stands in the page and the answer comes with a plain form, so there is no address that could be asked
/// which passkeys somebody has. A passkey asks for the person, too (user verification), so it is two factors at once.
/// </summary>
public sealed class Passkeys(
    IPasskeyHandler<PortalUser> handler,
    UserManager<PortalUser> users,
    PortalDb db,
    PortalStore store,
    SignInService signIn,
    AccountService accounts,
    Outbox outbox,
    Attempts attempts,
    IDataProtectionProvider protection,
    TimeProvider clock
)
{
    private const int MostPerPerson = 10;
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);
    private readonly ITimeLimitedDataProtector states = protection.CreateProtector("passkey").ToTimeLimitedDataProtector();

    /// <summary>Asks for a passkey: one of the person's, or, before anyone is known, any of this portal's.</summary>
    public async Task<PasskeyQuestion> Ask(PortalUser? person, HttpContext http)
    {
        var options = await handler.MakeRequestOptionsAsync(person, http);
        return new PasskeyQuestion(options.RequestOptionsJson, states.Protect(options.AssertionState ?? "", Holds));
    }

    /// <summary>Signs in whose passkey answered.</summary>
    /// <param name="expected">Whose it must be, at the second step; null where the passkey alone says who it is.</param>
    /// <param name="answer">The authenticator's answer, JSON.</param>
    /// <param name="state">The state of the question.</param>
    /// <param name="http">The request.</param>
    public async Task<bool> SignIn(PortalUser? expected, string? answer, string? state, HttpContext http)
    {
        if (await Answered(answer, state, http) is not { } person || (expected is not null && person.Id != expected.Id))
            return false;
        await using var system = await store.OpenAsSystem("sign in by passkey");
        await signIn.Enter(system, person, "passkey", http);
        return true;
    }

    // Whose passkey it is that answered, or null.
    private async Task<PortalUser?> Answered(string? answer, string? state, HttpContext http)
    {
        if (await Opened(state) is not { } opened || answer is not { Length: > 0 and < 65_536 })
            return null;
        var result = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext
            {
                HttpContext = http,
                CredentialJson = answer,
                AssertionState = opened,
            }
        );
        if (!result.Succeeded || result.User.LockoutEnd > clock.GetUtcNow())
            return null;
        await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey); // the counter of its uses
        return result.User;
    }

    /// <summary>Asks whoever is signed in for one of their passkeys; null where they have none.</summary>
    public async Task<PasskeyQuestion?> AskAgain(Standing standing, HttpContext http) =>
        await users.FindByIdAsync(standing.PersonId.ToString()) is { } person && (await users.GetPasskeysAsync(person)).Count > 0
            ? await Ask(person, http)
            : null;

    /// <summary>Before a sensitive act: a passkey of the person's answered, and the session counts as checked from now.</summary>
    public async Task<bool> Confirm(Standing standing, string? answer, string? state, HttpContext http)
    {
        if (await Answered(answer, state, http) is not { } person || person.Id != standing.PersonId)
            return false;
        await accounts.Confirmed(standing);
        return true;
    }

    /// <summary>Asks for a new passkey of the person's.</summary>
    public async Task<PasskeyQuestion> Offer(Standing standing, HttpContext http)
    {
        var person = (await users.FindByIdAsync(standing.PersonId.ToString()))!;
        var options = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity
            {
                Id = person.Id.ToString(),
                Name = person.Email!,
                DisplayName = person.Name,
            },
            http
        );
        return new PasskeyQuestion(options.CreationOptionsJson, states.Protect(options.AttestationState ?? "", Holds));
    }

    /// <summary>Adds the passkey that answered.</summary>
    /// <exception cref="Refusal">There are too many, or the password was not asked for lately.</exception>
    public async Task<bool> Add(Standing standing, string? name, string? answer, string? state, HttpContext http)
    {
        Refusal.Unless(accounts.IsRecent(standing), "account.check_again");
        var person = (await users.FindByIdAsync(standing.PersonId.ToString()))!;
        Refusal.If((await users.GetPasskeysAsync(person)).Count >= MostPerPerson, "passkey.too_many");
        if (await Opened(state) is not { } opened || answer is not { Length: > 0 and < 65_536 })
            return false;
        var result = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext
            {
                HttpContext = http,
                CredentialJson = answer,
                AttestationState = opened,
            }
        );
        if (!result.Succeeded || result.UserEntity.Id != person.Id.ToString())
            return false;
        result.Passkey.Name = Text.OptionalLine(name, 100, "Name") ?? "";
        db.IsSystem = true; // the memberships of one's own session
        Note(standing, "account.passkey_added");
        outbox.AddToOwner(db, person, "passkey_added", result.Passkey.Name);
        await accounts.FirstMembership(db, person, standing);
        return (await users.AddOrUpdatePasskeyAsync(person, result.Passkey)).Succeeded;
    }

    /// <summary>Removes one of the person's passkeys.</summary>
    /// <exception cref="Refusal">It is the last factor where one is required, or the password was not asked for lately.</exception>
    public async Task Remove(Standing standing, string? id)
    {
        Refusal.Unless(accounts.IsRecent(standing), "account.check_again");
        var person = (await users.FindByIdAsync(standing.PersonId.ToString()))!;
        var all = await users.GetPasskeysAsync(person);
        Refusal.If(accounts.IsRequired && person.TotpSecret is null && all.Count <= 1, "factor.last_one");
        if (all.FirstOrDefault(p => Base64Url.EncodeToString(p.CredentialId) == id) is not { } passkey)
            throw new NotFound();
        Note(standing, "account.passkey_removed");
        outbox.AddToOwner(db, person, "passkey_removed", passkey.Name ?? "");
        await users.RemovePasskeyAsync(person, passkey.CredentialId);
    }

    /// <summary>The passkeys of a person: what to remove them by, their name, and since when.</summary>
    public async Task<IReadOnlyList<(string Id, string? Name, DateTimeOffset Since)>> Of(Standing standing)
    {
        var person = (await users.FindByIdAsync(standing.PersonId.ToString()))!;
        return
        [
            .. (await users.GetPasskeysAsync(person))
                .OrderBy(p => p.CreatedAt)
                .Select(p => (Base64Url.EncodeToString(p.CredentialId), p.Name, p.CreatedAt)),
        ];
    }

    // Saved with what UserManager saves: the same context, one transaction.
    private void Note(Standing standing, string code) =>
        db.Audit(new Act(code, 0, Subject: standing.PersonId.ToString()), Section.Administration, standing.PersonId);

    private async Task<string?> Opened(string? state)
    {
        try
        {
            return state is { Length: > 0 } && states.Unprotect(state) is var opened && await attempts.Take("passkey:" + state, 1)
                ? opened
                : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
