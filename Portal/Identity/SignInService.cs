using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>What came of a try to sign in.</summary>
public enum SignInResult
{
    /// <summary>Wrong, whatever was wrong.</summary>
    Wrong,

    /// <summary>Too many guesses; the same for accounts that do not exist.</summary>
    TooMany,

    /// <summary>The password is right; a second factor is asked.</summary>
    SecondStep,

    /// <summary>Signed in.</summary>
    In,
}

/// <summary>Signing in and out. What it answers, and how long it takes, does not tell whether an account exists.</summary>
public sealed class SignInService(
    PortalStore store,
    Sessions sessions,
    Passwords passwords,
    Attempts attempts,
    Factors factors,
    ILookupNormalizer normalizer,
    PortalCookies cookies,
    Outbox outbox,
    IDataProtectionProvider protection,
    Access.Viewings viewings,
    CountedActs counted,
    TimeProvider clock
)
{
    private static readonly TimeSpan StepHolds = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DeviceHolds = TimeSpan.FromDays(365);
    private readonly ITimeLimitedDataProtector steps = protection.CreateProtector("second step").ToTimeLimitedDataProtector();
    private readonly IDataProtector devices = protection.CreateProtector("known device");

    /// <summary>Tries an e-mail address and a password.</summary>
    public async Task<SignInResult> Try(string? email, string? password, HttpContext http)
    {
        var known = normalizer.NormalizeEmail(Clean(email));
        await using var db = await store.OpenAsSystem("sign in");
        var person = await db.Users.FirstOrDefaultAsync(u => u.NormalizedEmail == known);
        var door = DoorOf(http, known, person);
        var network = "address:" + Attempts.Network(http.Connection.RemoteIpAddress);
        var (atDoor, fromThere) = (await attempts.Count(door, Attempts.PerAccount), await attempts.Count(network, Attempts.PerAddress));
        // A closed door is not judged: refusing has to be cheap, or guessing at closed doors would keep everybody else waiting. Which doors
        // are closed depends
        // on what was tried and not on which accounts there are, and so does who waits.
        bool? right =
            atDoor is null || (fromThere is null && !IsDevice(door))
                ? null
                : await passwords.Match(person, password, IsDevice(door) ? 0 : atDoor.Value + fromThere!.Value - 1, IsDevice(door));
        if (right is null || !right.Value || IsLocked(person!))
        {
            await counted.Note(
                $"{network} {known}",
                new Act(right is null ? "account.sign_in_refused" : "account.sign_in_failed", 0, Subject: person?.Id.ToString()),
                Section.Administration
            );
            return right is null ? SignInResult.TooMany : SignInResult.Wrong;
        }
        await attempts.Return(network);
        if (await factors.Has(db, person!))
        {
            // The guesses stay counted until the second factor is right, too.
            AskSecondStep(person!, "", http);
            return SignInResult.SecondStep;
        }
        await attempts.Return(door);
        await Enter(db, person!, "password", http);
        return SignInResult.In;
    }

    /// <summary>
    /// Goes on with a person whom an identity provider knows: in, or to the second step where the provider did not ask for a second factor
    /// and the account has one.
    /// </summary>
    internal async Task<SignInResult> EnterBy(PortalDb db, PortalUser person, ProvenIdentity who, HttpContext http)
    {
        if (!who.HasSecondFactor && await factors.Has(db, person))
        {
            AskSecondStep(person, who.Provider, http);
            return SignInResult.SecondStep;
        }
        await http.AuthenticateAsync(SessionAuthentication.SchemeName); // a session before, which this one takes the place of
        await Enter(db, person, "oidc", http, who.Provider, who.HasSecondFactor);
        return SignInResult.In;
    }

    private void AskSecondStep(PortalUser person, string provider, HttpContext http) =>
        http.Response.Cookies.Append(
            cookies.Step,
            steps.Protect($"{person.Id:N} {StampOf(person)} {provider}", StepHolds),
            cookies.Options()
        );

    /// <summary>
    /// Whether the password of an account that is known already is right: at an invitation, or before a sensitive act. Guesses are bounded
    /// as at sign-in.
    /// </summary>
    public async Task<SignInResult> Check(PortalUser person, string? password, HttpContext http)
    {
        var door = DoorOf(http, person.NormalizedEmail!, person);
        if (
            await attempts.Count(door, Attempts.PerAccount) is not { } count
            || await passwords.Match(person, password, IsDevice(door) ? 0 : count, IsDevice(door)) is not { } right
        )
            return SignInResult.TooMany;
        if (!right || IsLocked(person))
            return SignInResult.Wrong;
        await attempts.Return(door);
        return SignInResult.In;
    }

    /// <summary>
    /// Who has given the password and owes the second step, for its page; and whether a passkey of theirs can be asked for.
    /// </summary>
    public async Task<(PortalUser? Person, bool HasPasskey)> Waiting(HttpContext http)
    {
        await using var db = await store.OpenAsSystem("second step of signing in");
        return await Waiting(db, http) is { } person ? (person, await Factors.HasPasskey(db, person)) : (null, false);
    }

    /// <summary>Whose password was right on this browser a moment ago, or null.</summary>
    public async Task<PortalUser?> Waiting(PortalDb db, HttpContext http)
    {
        return
            StepOf(http) is [var id, var stamp, _]
            && await db.Users.FindAsync(Guid.Parse(id)) is { } person
            && StampOf(person) == stamp
            && !IsLocked(person)
            ? person
            : null;
    }

    // Account, stamp, and the identity provider that stood in for the password, if one did.
    private string[]? StepOf(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[cookies.Step] is { } step ? steps.Unprotect(step).Split(' ') : null;
        }
        catch (CryptographicException)
        {
            return null; // expired, or not ours
        }
    }

    /// <summary>Tries a one-time code or a recovery code of whoever waits at the second step.</summary>
    public async Task<SignInResult> TryCode(string? code, HttpContext http)
    {
        await using var db = await store.OpenAsSystem("second step of signing in");
        if (await Waiting(db, http) is not { } person)
            return SignInResult.Wrong;
        var door = "code:" + DoorOf(http, person.NormalizedEmail!, person);
        if (!await attempts.Take(door, Attempts.PerAccount))
            return SignInResult.TooMany;
        if (await factors.Use(db, person, Clean(code)) is not { } factor)
        {
            await counted.Note(door, new Act("account.sign_in_failed", 0, Subject: person.Id.ToString()), Section.Administration);
            return SignInResult.Wrong;
        }
        await attempts.Return(door);
        await attempts.Return(DoorOf(http, person.NormalizedEmail!, person));
        await Enter(db, person, factor, http);
        return SignInResult.In;
    }

    /// <summary>Opens a session for a person whose factors were right, and hands the browser its key.</summary>
    internal async Task Enter(
        PortalDb db,
        PortalUser person,
        string factor,
        HttpContext http,
        string? provider = null,
        bool vouched = false
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var membership = await factors.MustSetUp(db, person, vouched) ? null : (await sessions.MembershipsOf(db, person)).FirstOrDefault();
        if (membership is not null)
            db.Actor = Actor.Of(membership, person.Name, [], now);
        // A browser holds one session: the one before, of whomever, ends.
        if (http.Features.Get<Standing>() is { } before)
            await Sessions.End(db, before.PersonId, s => s.Where(x => x.Id == before.SessionId));
        person.Language = Culture.Current;
        var (key, session) = sessions.Open(db, person, membership, http);
        if (
            provider is null
            && factor is "code" or "recovery" or "passkey"
            && StepOf(http) is [var id, _, { Length: > 0 } stood]
            && id == person.Id.ToString("N")
        )
            provider = stood;
        (session.Provider, session.HasVouchedFactor) = (provider, vouched);
        // The browser an account is made on is its owner's.
        if (factor != "invitation" && !IsDevice(DoorOf(http, person.NormalizedEmail!, person)))
            outbox.AddToOwner(db, person, "new_browser", BrowserName.Of(http.Request.Headers.UserAgent.ToString()));
        db.Audit(new Act("account.signed_in", 0, To: factor, Subject: person.Id.ToString()), Section.Administration, person.Id);
        await db.SaveChangesAsync();
        Hand(key, person, http);
        http.Response.Cookies.Delete(cookies.Step, cookies.Options());
    }

    /// <summary>
    /// Hands this browser the key of its session, and remembers that the browser is the person's own. A new password forgets every browser
    /// but
    /// the one it was set on.
    /// </summary>
    internal void Hand(string key, PortalUser person, HttpContext http)
    {
        http.Response.Cookies.Append(cookies.Session, key, cookies.Options());
        http.Response.Cookies.Append(
            cookies.Device,
            devices.Protect($"{person.Id:N} {Guid.CreateVersion7():N} {StampOf(person)}"),
            cookies.Options(DeviceHolds)
        );
    }

    /// <summary>Ends this browser's session. Returns the identity provider it came by, where the person may still be signed in.</summary>
    public async Task<string?> Leave(HttpContext http)
    {
        string? provider = null;
        if (http.Features.Get<Standing>() is { } standing)
        {
            await using var db = await store.OpenAsSystem("sign out");
            provider = (await db.Sessions.FindAsync(standing.SessionId))?.Provider;
            await Sessions.End(db, standing.PersonId, s => s.Where(x => x.Id == standing.SessionId));
            db.Audit(new Act("account.signed_out", 0, Subject: standing.PersonId.ToString()), Section.Administration, standing.PersonId);
            await db.SaveChangesAsync();
            if (standing.Viewing is not null)
                await viewings.EndOver();
        }
        http.Response.Cookies.Delete(cookies.Session, cookies.Options());
        http.Response.Cookies.Delete(cookies.Step, cookies.Options());
        // Pages are kept in no cache; what a script has stored goes, too. Cookies stay: one of them is how the owner's browser is known.
        http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
        return provider;
    }

    // A browser that its owner signed in on before has a door of its own: others' guesses do not close it, and its guesses are bounded too.
    private string DoorOf(HttpContext http, string known, PortalUser? person) =>
        Device(http) is [var id, var device, var stamp] && person is not null && id == person.Id.ToString("N") && stamp == StampOf(person)
            ? $"device:{device}:{id}"
            : $"account:{known}:{Attempts.Network(http.Connection.RemoteIpAddress)}";

    /// <summary>
    /// What the browser is known by, if somebody signed in on it before; whether that still counts, and for whom, only the account says.
    /// </summary>
    internal string? DeviceOf(HttpContext http) => Device(http) is [_, var device, _] ? device : null;

    private string[]? Device(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[cookies.Device] is { } cookie ? devices.Unprotect(cookie).Split(' ') : null;
        }
        catch (CryptographicException)
        {
            return null; // not ours
        }
    }

    private static bool IsDevice(string door) => door.StartsWith("device:", StringComparison.Ordinal);

    internal bool IsLocked(PortalUser person) => person.LockoutEnd > clock.GetUtcNow();

    private static string StampOf(PortalUser person) => Secrets.Hash(person.SecurityStamp ?? "")[..16];

    /// <summary>What was typed without what nobody types: PostgreSQL refuses a null character, with an error.</summary>
    internal static string Clean(string? text) => text is null ? "" : string.Concat(text.Trim().Where(c => !char.IsControl(c)).Take(300));
}
