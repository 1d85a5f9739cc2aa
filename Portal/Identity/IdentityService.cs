using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>Who somebody is at a provider.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Issuer"><c>iss</c>.</param>
/// <param name="Subject"><c>sub</c>: never given to another person.</param>
/// <param name="Email">Mail address, for showing; it may be given to another person one day.</param>
/// <param name="IsVerified">Whether the provider says that the address is theirs.</param>
/// <param name="Called">Their name there.</param>
/// <param name="HasSecondFactor">Whether the provider says that it asked for a second factor.</param>
/// <param name="Invitation">The invitation it was shown for, hashed; null for none.</param>
public sealed record ProvenIdentity(
    string Provider,
    string Issuer,
    string Subject,
    string? Email,
    bool IsVerified,
    string? Called,
    bool HasSecondFactor,
    string? Invitation = null
);

/// <summary>
/// Signing in by an organisation's own provider. It says who somebody is; whether they have an account is the portal's own business, and an
/// account comes by invitation only. An account is bound to issuer and subject by an act of its owner's, never by a mail address alone,
/// unless
/// the operator says that the provider vouches for addresses of its own domains.
/// </summary>
public sealed class IdentityService(
    PortalStore store,
    SignInService signIn,
    AccountService accounts,
    IdentityProviders providers,
    ILookupNormalizer normalizer,
    PortalCookies cookies,
    IDataProtectionProvider protection,
    CountedActs counted,
    Outbox outbox,
    TimeProvider clock
)
{
    /// <summary>What somebody was sent to the provider for, in the sealed state.</summary>
    internal const string Purpose = "portal.purpose",
        Then = "portal.then",
        OfSession = "portal.session",
        Token = "portal.invitation",
        AskedAt = "portal.asked";

    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector tickets = protection.CreateProtector("bind an identity").ToTimeLimitedDataProtector();
    private readonly ITimeLimitedDataProtector held = protection.CreateProtector("identity of an invitation").ToTimeLimitedDataProtector();

    /// <summary>
    /// Signs in, binds, confirms or holds for an invitation, whatever the person went to the provider for. Returns where to go on.
    /// </summary>
    internal Task<string> Receive(ProvenIdentity who, DateTimeOffset? signedInAt, AuthenticationProperties properties, HttpContext http) =>
        properties.GetString(Purpose) switch
        {
            "bind" => Bind(who, properties, http),
            "confirm" => Confirm(who, signedInAt, properties, http),
            "invitation" => Task.FromResult(Hold(who, properties, http)),
            _ => SignIn(who, properties, http),
        };

    /// <summary>Where to go back to when it came to nothing.</summary>
    internal static string Back(string provider, string problem, AuthenticationProperties? properties) =>
        (properties?.GetString(Purpose), properties?.GetString(Then)) switch
        {
            ("bind", _) => $"{AccountAddress.Security}?problem={problem}",
            ("confirm", var then) => $"/account/confirm?problem={problem}&returnUrl={Uri.EscapeDataString(then ?? "")}",
            ("invitation", _) => $"/account/invitation/{properties!.GetString(Token)}?problem={problem}",
            var (_, then) => $"/account/sign-in?problem={problem}&provider={provider}"
                + (then is null or AccountAddress.Home ? "" : "&returnUrl=" + Uri.EscapeDataString(then)),
        };

    private async Task<string> SignIn(ProvenIdentity who, AuthenticationProperties properties, HttpContext http)
    {
        await using var db = await store.OpenAsSystem("sign in by an identity provider");
        var binding = await Find(db, who);
        var person = binding is not null ? await db.Users.FindAsync(binding.PersonId) : await Vouched(db, who);
        // Somebody unknown, an address that is not vouched for, a suspended account: one answer, and no account comes of it.
        if (person is null || signIn.IsLocked(person))
        {
            await counted.Note(
                $"{who.Provider} {Attempts.Network(http.Connection.RemoteIpAddress)}",
                new Act("account.sign_in_failed", 0, Subject: person?.Id.ToString()),
                Section.Administration
            );
            return Back(who.Provider, "unknown", properties);
        }
        if (binding is null)
            binding = Add(db, person, who);
        binding.LastUsedAt = Now;
        var then = properties.GetString(Then) ?? AccountAddress.Home;
        if (await signIn.EnterBy(db, person, who, http) == SignInResult.In)
            return then;
        await db.SaveChangesAsync();
        return AccountAddress.SecondStep + (then == AccountAddress.Home ? "" : "?returnUrl=" + Uri.EscapeDataString(then));
    }

    // An account with this address, where the provider vouches for addresses of this domain. One that knows the account by another subject
    // has given the address to somebody else.
    private async Task<PortalUser?> Vouched(PortalDb db, ProvenIdentity who)
    {
        if (
            !who.IsVerified
            || who.Email?.Split('@') is not [_, var domain]
            || providers.Find(who.Provider)?.TrustedDomains.Contains(domain.ToLowerInvariant()) != true
        )
            return null;
        var email = normalizer.NormalizeEmail(SignInService.Clean(who.Email));
        return await db.Users.FirstOrDefaultAsync(u =>
            u.NormalizedEmail == email && !db.IdentityBindings.Any(b => b.PersonId == u.Id && b.Issuer == who.Issuer)
        );
    }

    /// <summary>Shows that the owner of this session asked on the page to have the account bound.</summary>
    /// <exception cref="Refusal">The last check is more than ten minutes old.</exception>
    public string Ticket(Standing standing)
    {
        Refusal.Unless(accounts.IsRecent(standing), "account.check_again");
        return tickets.Protect(standing.SessionId.ToString(), Holds);
    }

    /// <summary>Whether a ticket was given to this session.</summary>
    public bool IsTicket(Standing standing, string? ticket)
    {
        try
        {
            return ticket is not null && tickets.Unprotect(ticket) == standing.SessionId.ToString();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private async Task<string> Bind(ProvenIdentity who, AuthenticationProperties properties, HttpContext http)
    {
        if (await Sent(properties, http) is not { } standing)
            return AccountAddress.SignIn(AccountAddress.Security);
        if (!accounts.IsRecent(standing))
            return AccountAddress.Confirm(IdentityAddress.BindPage(who.Provider));
        await using var db = await store.OpenAsSystem("bind an account to an identity provider");
        if (await Find(db, who) is { } binding)
            return AccountAddress.Security + (binding.PersonId == standing.PersonId ? "?done=identity" : "?problem=elsewhere");
        Add(db, await db.Users.FindAsync(standing.PersonId) ?? throw new NotFound(), who);
        try
        {
            await db.SaveChangesAsync();
        }
        catch (DbUpdateException)
        {
            return AccountAddress.Security + "?problem=elsewhere"; // bound a moment ago
        }
        return AccountAddress.Security + "?done=identity";
    }

    private async Task<string> Confirm(
        ProvenIdentity who,
        DateTimeOffset? signedInAt,
        AuthenticationProperties properties,
        HttpContext http
    )
    {
        if (await Sent(properties, http) is not { } standing)
            return AccountAddress.SignIn(AccountAddress.Security);
        var asked = DateTimeOffset.Parse(properties.GetString(AskedAt)!, CultureInfo.InvariantCulture);
        await using var db = await store.OpenAsSystem("confirm by an identity provider");
        // A provider that only remembers an earlier sign-in has not asked again.
        var again =
            signedInAt >= asked - IdentitySchemes.Skew && await Find(db, who) is { } binding && binding.PersonId == standing.PersonId;
        if (again)
            (await db.Sessions.FindAsync(standing.SessionId))!.CheckedAt = Now;
        db.Audit(
            new Act(again ? "account.confirmed" : "account.confirm_failed", 0, Subject: standing.PersonId.ToString()),
            Section.Administration,
            standing.PersonId
        );
        await db.SaveChangesAsync();
        return again ? properties.GetString(Then) ?? AccountAddress.Security : Back(who.Provider, "not_again", properties);
    }

    // The session that a person was sent out by, if it is still that of the browser they come back with.
    private static async Task<Standing?> Sent(AuthenticationProperties properties, HttpContext http)
    {
        await http.AuthenticateAsync(SessionAuthentication.SchemeName);
        return http.Features.Get<Standing>() is { } standing && standing.SessionId.ToString() == properties.GetString(OfSession)
            ? standing
            : null;
    }

    private string Hold(ProvenIdentity who, AuthenticationProperties properties, HttpContext http)
    {
        var token = properties.GetString(Token)!;
        http.Response.Cookies.Append(
            cookies.Identity,
            held.Protect(JsonSerializer.Serialize(who with { Invitation = Secrets.Hash(token) }), Holds),
            cookies.Options()
        );
        return "/account/invitation/" + token;
    }

    /// <summary>Who showed themselves at a provider on this browser a moment ago, to accept this invitation; null for nobody.</summary>
    public ProvenIdentity? Held(HttpContext http, string token)
    {
        try
        {
            return
                http.Request.Cookies[cookies.Identity] is { } cookie
                && JsonSerializer.Deserialize<ProvenIdentity>(held.Unprotect(cookie)) is { } who
                && who.Invitation == Secrets.Hash(token)
                ? who
                : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Forgets who showed themselves: the invitation is accepted.</summary>
    public void Forget(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(cookies.Identity))
            http.Response.Cookies.Delete(cookies.Identity, cookies.Options());
    }

    /// <summary>Whose account an identity is bound to; null for nobody's.</summary>
    internal static Task<IdentityBinding?> Find(PortalDb db, ProvenIdentity who) =>
        db.IdentityBindings.FirstOrDefaultAsync(b => b.Issuer == who.Issuer && b.Subject == who.Subject);

    /// <summary>Binds an account in what <paramref name="db"/> will save.</summary>
    internal static IdentityBinding Add(PortalDb db, PortalUser person, ProvenIdentity who, DateTime now)
    {
        var binding = new IdentityBinding
        {
            PersonId = person.Id,
            Provider = who.Provider,
            Issuer = who.Issuer,
            Subject = who.Subject,
            Email = who.Email is { Length: > 254 } ? null : who.Email,
            BoundAt = now,
        };
        db.IdentityBindings.Add(binding);
        db.Audit(new Act("account.identity_bound", 0, To: who.Provider, Subject: person.Id.ToString()), Section.Administration, person.Id);
        return binding;
    }

    private IdentityBinding Add(PortalDb db, PortalUser person, ProvenIdentity who)
    {
        outbox.AddToOwner(db, person, "identity_bound", providers.Find(who.Provider)?.Label ?? who.Provider);
        return Add(db, person, who, Now);
    }

    /// <summary>What one's own account is bound to.</summary>
    public Task<List<IdentityBinding>> Of(Standing standing) =>
        accounts.Read(
            standing,
            (db, person) => db.IdentityBindings.AsNoTracking().Where(b => b.PersonId == person.Id).OrderBy(b => b.BoundAt).ToListAsync()
        );

    /// <summary>Takes a binding of one's own away, and ends the sessions on other browsers.</summary>
    /// <exception cref="Refusal">It is the last way in, or the last check is more than ten minutes old.</exception>
    public async Task Remove(Standing standing, Guid id)
    {
        Refusal.Unless(accounts.IsRecent(standing), "account.check_again");
        await using var db = await store.OpenAsSystem("take an identity away from one's own account");
        var person = await db.Users.FindAsync(standing.PersonId) ?? throw new NotFound();
        var all = await db.IdentityBindings.Where(b => b.PersonId == person.Id).ToListAsync();
        var binding = all.Find(b => b.Id == id) ?? throw new NotFound();
        Refusal.If(all.Count == 1 && person.PasswordHash is null && !await Factors.HasPasskey(db, person), "identity.last_one");
        db.IdentityBindings.Remove(binding);
        await Sessions.End(db, person.Id, s => s.Where(x => x.Id != standing.SessionId));
        db.Audit(
            new Act("account.identity_removed", 0, From: binding.Provider, Subject: person.Id.ToString()),
            Section.Administration,
            person.Id
        );
        outbox.AddToOwner(db, person, "identity_removed", providers.Find(binding.Provider)?.Label ?? binding.Provider);
        await db.SaveChangesAsync();
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}
