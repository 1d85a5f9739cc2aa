using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Identity;

/// <summary>
/// What a person does with their own account while signed in. Every act is about the session of the request; nobody else's account can be
/// named.
/// </summary>
public sealed class AccountService(
    PortalStore store,
    Sessions sessions,
    SignInService signIn,
    Passwords passwords,
    Factors factors,
    Outbox outbox,
    IConfiguration configuration,
    TimeProvider clock
)
{
    /// <summary>The account of a session.</summary>
    public async Task<T> Read<T>(Standing standing, Func<PortalDb, PortalUser, Task<T>> read)
    {
        await using var db = await store.OpenAsSystem("show someone their own account");
        return await read(db, await Person(db, standing));
    }

    /// <summary>What the security page shows.</summary>
    public Task<(bool HasCodes, bool MustSetUp, int RecoveryLeft, List<Session> Sessions)> Overview(Standing standing) =>
        Read(
            standing,
            async (db, person) =>
                (
                    person.TotpSecret is not null,
                    await MustSetUp(db, person, standing),
                    await db.RecoveryCodes.CountAsync(c => c.PersonId == person.Id && c.UsedAt == null),
                    await db
                        .Sessions.AsNoTracking()
                        .Where(s => s.PersonId == person.Id && s.ExpiresAt > clock.GetUtcNow().UtcDateTime)
                        .OrderByDescending(s => s.LastSeenAt)
                        .ToListAsync()
                )
        );

    /// <summary>The memberships to choose from, and whether a factor must be set up first.</summary>
    public Task<(bool MustSetUp, List<Membership> Own)> Choices(Standing standing) =>
        Read(standing, async (db, person) => (await MustSetUp(db, person, standing), await sessions.MembershipsOf(db, person)));

    /// <summary>The address somebody signs in with.</summary>
    internal Task<string?> EmailOf(Standing standing) => Read(standing, (_, person) => Task.FromResult(person.Email));

    private async Task<bool> MustSetUp(PortalDb db, PortalUser person, Standing standing) =>
        await factors.MustSetUp(
            db,
            person,
            await db.Sessions.Where(s => s.Id == standing.SessionId).Select(s => s.HasVouchedFactor).FirstOrDefaultAsync()
        );

    /// <summary>Keeps the language that somebody chose, in which they are written to from now on.</summary>
    internal async Task Speak(Standing standing, Language language)
    {
        await using var db = await store.OpenAsSystem("keep the language that somebody chose");
        var person = await Person(db, standing);
        if (person.Language == language)
            return;
        person.Language = language;
        await db.SaveChangesAsync();
    }

    /// <summary>Asks for the password again. Right, the session counts as checked from now.</summary>
    public async Task<SignInResult> Confirm(Standing standing, string? password, HttpContext http)
    {
        await using var db = await store.OpenAsSystem("ask for the password again");
        var result = await signIn.Check(await Person(db, standing), password, http);
        if (result == SignInResult.In)
            (await db.Sessions.FindAsync(standing.SessionId))!.CheckedAt = clock.GetUtcNow().UtcDateTime;
        Note(db, standing, result == SignInResult.In ? "account.confirmed" : "account.confirm_failed");
        await db.SaveChangesAsync();
        return result;
    }

    /// <summary>A passkey answered instead: the session counts as checked from now.</summary>
    internal async Task Confirmed(Standing standing)
    {
        await using var db = await store.OpenAsSystem("note that a passkey was asked for again");
        (await db.Sessions.FindAsync(standing.SessionId) ?? throw new NotFound()).CheckedAt = clock.GetUtcNow().UtcDateTime;
        Note(db, standing, "account.confirmed");
        await db.SaveChangesAsync();
    }

    /// <summary>
    /// Changes the password and ends every session; this browser gets a new one in the place of its own, so that who copied its key is out,
    /// too.
    /// </summary>
    /// <exception cref="Refusal">The present password is wrong, or the new one too weak.</exception>
    public async Task ChangePassword(Standing standing, string? present, string? @new, HttpContext http)
    {
        await using var db = await store.OpenAsSystem("change one's password");
        var person = await Person(db, standing);
        var check = await signIn.Check(person, present, http);
        Refusal.If(check == SignInResult.TooMany, "account.too_many_attempts", "Password");
        Refusal.If(check != SignInResult.In, "account.password_wrong", "Password");
        await passwords.Set(person, @new);
        var (key, _) = sessions.Renew(db, person, await db.Sessions.FindAsync(standing.SessionId) ?? throw new NotFound(), http);
        await Sessions.End(db, person.Id, s => s);
        Note(db, standing, "account.password_changed");
        outbox.AddToOwner(db, person, "password_changed");
        await db.SaveChangesAsync();
        signIn.Hand(key, person, http);
    }

    /// <summary>Turns one-time codes on, if the code is right; the recovery codes are returned to be shown once.</summary>
    /// <exception cref="Refusal">The password was not asked for lately.</exception>
    public async Task<IReadOnlyList<string>?> TurnOnCodes(Standing standing, string? sealedSecret, string? code)
    {
        DemandRecent(standing);
        await using var db = await store.OpenAsSystem("set up one-time codes");
        var person = await Person(db, standing);
        if (
            factors.Proposed(person, sealedSecret) is not { } secret
            || await factors.TurnOn(db, person, secret, SignInService.Clean(code)) is not { } codes
        )
            return null;
        outbox.AddToOwner(db, person, "codes_added");
        await FirstMembership(db, person, standing);
        await db.SaveChangesAsync();
        return codes;
    }

    /// <summary>Turns one-time codes off.</summary>
    /// <exception cref="Refusal">It is the last factor where one is required, or the password was not asked for lately.</exception>
    public async Task TurnOffCodes(Standing standing)
    {
        DemandRecent(standing);
        await using var db = await store.OpenAsSystem("turn off one-time codes");
        var person = await Person(db, standing);
        Refusal.If(IsRequired && !await Factors.HasPasskey(db, person), "factor.last_one");
        (person.TotpSecret, person.TotpLastStep, person.TwoFactorEnabled) = (null, 0, false);
        db.RecoveryCodes.RemoveRange(await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ToListAsync());
        Note(db, standing, "account.codes_removed");
        outbox.AddToOwner(db, person, "codes_removed");
        await db.SaveChangesAsync();
    }

    /// <summary>Makes new recovery codes; the old ones are void.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodes(Standing standing)
    {
        DemandRecent(standing);
        await using var db = await store.OpenAsSystem("make new recovery codes");
        var person = await Person(db, standing);
        var codes = await Factors.NewRecoveryCodes(db, person);
        Note(db, standing, "account.recovery_codes_made");
        outbox.AddToOwner(db, person, "recovery_codes_made");
        await db.SaveChangesAsync();
        return codes;
    }

    /// <summary>Ends one of one's own sessions.</summary>
    public Task EndSession(Standing standing, Guid id) => EndSessions(standing, s => s.Where(x => x.Id == id));

    /// <summary>Ends all of one's sessions but this.</summary>
    public Task EndOthers(Standing standing) => EndSessions(standing, s => s.Where(x => x.Id != standing.SessionId));

    /// <summary>Ends all of one's sessions, this one too.</summary>
    public async Task EndAll(Standing standing, HttpContext http)
    {
        await EndSessions(standing, s => s);
        await signIn.Leave(http);
    }

    private async Task EndSessions(Standing standing, Func<IQueryable<Session>, IQueryable<Session>> which)
    {
        await using var db = await store.OpenAsSystem("end one's own sessions");
        await Sessions.End(db, standing.PersonId, which);
        Note(db, standing, "account.sessions_ended");
        await db.SaveChangesAsync();
    }

    /// <summary>Acts under another of one's memberships from now on, in every tab of this session.</summary>
    /// <exception cref="NotFound">It is not one's own, or not in force.</exception>
    /// <exception cref="Refusal">A second factor must be set up first.</exception>
    public async Task ActAs(Standing standing, Guid membershipId)
    {
        await using var db = await store.OpenAsSystem("act under another membership");
        var person = await Person(db, standing);
        Refusal.If(await MustSetUp(db, person, standing), "factor.required");
        var own = await sessions.MembershipsOf(db, person);
        var (before, membership) = (
            own.Find(m => m.Id == standing.MembershipId),
            own.Find(m => m.Id == membershipId) ?? throw new NotFound()
        );
        Sessions.ActUnder((await db.Sessions.FindAsync(standing.SessionId))!, person, membership);
        db.Actor = Actor.Of(membership, person.Name, [], clock.GetUtcNow().UtcDateTime);
        db.Audit(
            new Act("account.acting_as", 0, before?.Place, membership.Place, Subject: person.Id.ToString()),
            Section.Administration,
            person.Id
        );
        db.AccessChanged(person.Id);
        await db.SaveChangesAsync();
    }

    /// <summary>Once the factor that was missing is there, the session may act.</summary>
    internal async Task FirstMembership(PortalDb db, PortalUser person, Standing standing)
    {
        if (
            standing.MembershipId is null
            && (await sessions.MembershipsOf(db, person)).FirstOrDefault() is { } membership
            && await db.Sessions.FindAsync(standing.SessionId) is { } session
        )
            Sessions.ActUnder(session, person, membership);
    }

    /// <summary>Whether a factor was checked on this session within ten minutes.</summary>
    public bool IsRecent(Standing standing) => clock.GetUtcNow().UtcDateTime - standing.CheckedAt <= Sessions.CheckHolds;

    /// <summary>Whether every account needs a second factor.</summary>
    public bool IsRequired => configuration.GetValue("SignIn:RequireSecondFactor", true);

    private void DemandRecent(Standing standing) => Refusal.Unless(IsRecent(standing), "account.check_again");

    private static async Task<PortalUser> Person(PortalDb db, Standing standing) =>
        await db.Users.FindAsync(standing.PersonId) ?? throw new NotFound();

    private static void Note(PortalDb db, Standing standing, string code) =>
        db.Audit(new Act(code, 0, Subject: standing.PersonId.ToString()), Section.Administration, standing.PersonId);
}

/// <summary>For every room: a sensitive act asks for the password again when the last check is older than ten minutes.</summary>
public sealed class RecentCheck(Sessions sessions, Visitor visitor, TimeProvider clock)
{
    /// <summary>Whether it holds; if not, lead to <see cref="AccountAddress.Confirm"/>.</summary>
    public async Task<bool> Holds() =>
        visitor.SessionId is { } id
        && await sessions.Of(id) is { } standing
        && clock.GetUtcNow().UtcDateTime - standing.CheckedAt <= Sessions.CheckHolds;

    /// <summary>Refuses unless it holds.</summary>
    /// <exception cref="Refusal"><c>account.check_again</c>.</exception>
    public async Task Demand() => Refusal.Unless(await Holds(), "account.check_again");
}
