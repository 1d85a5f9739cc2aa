using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>
/// A key that a person gives to a program of theirs: it acts under one membership, in some sections, reading or writing, until a day. It is
/// shown once and
/// kept as a hash. It never does more than its owner may at that moment, and is void with the membership, the account, or the password it
/// was made under
/// (docs/decisions/0012).
/// </summary>
public sealed class AccessToken
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = 80;

    /// <summary>Most days it may live.</summary>
    public const int MostDays = 365;

    /// <summary>Most that one person has at a time.</summary>
    public const int Most = 20;

    /// <summary>The sections that programs may be let into: those of the API.</summary>
    public static IReadOnlyList<Section> Offered => Kinds.Sections;

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>The account.</summary>
    public Guid PersonId { get; set; }

    /// <summary>The membership it acts under.</summary>
    public Guid MembershipId { get; set; }

    /// <summary>What its owner calls it.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key, hexadecimal.</summary>
    public string KeyHash { get; set; } = "";

    /// <summary>The key's last characters, to know it by.</summary>
    public string Ending { get; set; } = "";

    /// <summary>Whether it writes; otherwise it only reads.</summary>
    public bool MayWrite { get; set; }

    /// <summary>The sections it enters.</summary>
    public List<Section> Sections { get; set; } = [];

    /// <summary>Hash of the account's security stamp when it was made: a new password makes it void.</summary>
    public string Stamp { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>UTC, exclusive.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>UTC; written down to the minute.</summary>
    public DateTime? LastUsedAt { get; set; }

    /// <summary>Its owner with no more than it gives.</summary>
    public Actor Narrow(Actor owner) => owner.Narrowed(Sections, MayWrite ? Level.Manage : Level.View);
}

/// <summary>A token as its owner sees it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Place">The membership it acts under.</param>
/// <param name="IsVoid">Whether it no longer counts, whatever its day says.</param>
public sealed record TokenLine(AccessToken Token, Membership Place, bool IsVoid);

/// <summary>A token as it is asked for.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Days">How long it lives.</param>
/// <param name="MayWrite">Whether it writes.</param>
/// <param name="Sections">The sections it enters.</param>
public sealed record TokenTerms(string? Name, int Days, bool MayWrite, IReadOnlyCollection<Section> Sections);

/// <summary>Makes, reads, lists and revokes tokens.</summary>
public sealed class AccessTokens(PortalStore store, AccountService accounts, Outbox outbox, TimeProvider clock)
{
    /// <summary>What every key begins with, so that one that got into a text is found.</summary>
    public const string Prefix = "tap_";

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>
    /// Whether a request says that it comes with a token: only where programs and files are, and never beside another kind of credential.
    /// </summary>
    public static bool IsPresented(HttpRequest request) =>
        (request.Path.StartsWithSegments("/api/v1") || request.Path.StartsWithSegments("/files"))
        && request.Headers.Authorization.Any(a => a is not null && a.StartsWith("Bearer", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The token of a request and how it stands; null where it is garbled, unknown, expired, revoked or void: all the same to whoever sent
    /// it.
    /// </summary>
    public async Task<(AccessToken Token, Standing Standing)?> Of(HttpRequest request)
    {
        if (
            request.Headers.Authorization is not [{ Length: > 7 and < 200 } header]
            || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var (hash, now) = (Secrets.Hash(header[7..].Trim()), Now);
        await using var db = await store.OpenAsSystem("read the token of a request");
        var found = await (
            from t in db.Set<AccessToken>().AsNoTracking()
            where t.KeyHash == hash
            join u in db.Users on t.PersonId equals u.Id
            join m in db.Memberships on t.MembershipId equals m.Id
            select new
            {
                Token = t,
                u.Name,
                u.LockoutEnd,
                u.SecurityStamp,
                m.From,
                m.Until,
                Version = db.Counters.Where(c => c.Name == AccessVersion.Name).Select(c => c.Value).FirstOrDefault(),
            }
        ).SingleOrDefaultAsync();
        if (
            found is not { Token: var token }
            || token.ExpiresAt <= now
            || found.LockoutEnd > clock.GetUtcNow()
            || token.Stamp != StampOf(found.SecurityStamp)
        )
            return null;
        var standing = new Standing(
            Guid.Empty,
            token.PersonId,
            found.Name,
            token.MembershipId,
            found.From,
            found.Until,
            DateTime.MinValue,
            now,
            token.ExpiresAt,
            found.Version
        );
        if (standing.ActsUnder(now) is null)
            return null;
        if (!(now - token.LastUsedAt < TimeSpan.FromMinutes(1)))
            await db.Set<AccessToken>().Where(t => t.Id == token.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.LastUsedAt, now));
        return (token, standing);
    }

    /// <summary>
    /// Takes away all of a person's, within what <paramref name="db"/> will save: where staff ends their sessions, nothing of theirs goes
    /// on.
    /// </summary>
    public static async Task EndAll(PortalDb db, Guid personId) =>
        db.RemoveRange(await db.Set<AccessToken>().Where(t => t.PersonId == personId).ToListAsync());

    private static string StampOf(string? securityStamp) => Secrets.Hash(securityStamp ?? "");

    /// <summary>One's own tokens, the latest first.</summary>
    public Task<List<TokenLine>> List(Standing standing) =>
        accounts.Read(
            standing,
            async (db, person) =>
            {
                var (stamp, now, locked) = (StampOf(person.SecurityStamp), Now, person.LockoutEnd > clock.GetUtcNow());
                var tokens = await db.Set<AccessToken>()
                    .Where(t => t.PersonId == person.Id)
                    .OrderByDescending(t => t.CreatedAt)
                    .AsNoTracking()
                    .ToListAsync();
                var ids = tokens.ConvertAll(t => t.MembershipId);
                var places = await db
                    .Memberships.Include(m => m.Organisation)
                    .Where(m => ids.Contains(m.Id))
                    .AsNoTracking()
                    .ToDictionaryAsync(m => m.Id);
                return tokens.ConvertAll(t => new TokenLine(
                    t,
                    places[t.MembershipId],
                    locked || t.Stamp != stamp || t.ExpiresAt <= now || !places[t.MembershipId].InForce(now)
                ));
            }
        );

    /// <summary>Makes a token for the membership acted under.</summary>
    /// <returns>The key, shown this once.</returns>
    /// <exception cref="Refusal">
    /// The password was not asked for lately, one acts for nobody, there are too many, or something is wrong with the terms.
    /// </exception>
    public async Task<string> Make(Standing standing, TokenTerms terms)
    {
        Refusal.Unless(accounts.IsRecent(standing), "account.check_again");
        var name = Text.RequiredLine(terms.Name, AccessToken.LongestName, "Name");
        Refusal.If(terms.Days is < 1 or > AccessToken.MostDays, "token.days_out_of_range", "Days");
        Refusal.If(
            terms.Sections.Count == 0 || terms.Sections.Any(s => !AccessToken.Offered.Contains(s)),
            "token.section_required",
            "Sections"
        );
        var now = Now;
        Refusal.If(standing.ActsUnder(now) is null, "token.acts_for_nobody");
        var key = Prefix + Secrets.New();
        await using var db = await store.OpenAsSystem("make a token for a program");
        var person = await db.Users.FindAsync(standing.PersonId) ?? throw new NotFound();
        var token = new AccessToken
        {
            PersonId = person.Id,
            MembershipId = standing.MembershipId!.Value,
            Name = name,
            KeyHash = Secrets.Hash(key),
            Ending = key[^4..],
            MayWrite = terms.MayWrite,
            Sections = [.. terms.Sections.Distinct().Order()],
            Stamp = StampOf(person.SecurityStamp),
            CreatedAt = now,
            ExpiresAt = now.AddDays(terms.Days),
        };
        await db.OneAtATime(
            "tokens",
            async () =>
            {
                Refusal.If(await db.Set<AccessToken>().CountAsync(t => t.PersonId == person.Id) >= AccessToken.Most, "token.too_many");
                db.Add(token);
                db.Audit(
                    new Act(
                        "account.token_made",
                        0,
                        To: $"{string.Join('+', token.Sections)}:{(token.MayWrite ? "write" : "read")}:{token.ExpiresAt:yyyy-MM-dd}",
                        Subject: token.Id.ToString()
                    ),
                    Section.Administration,
                    person.Id
                );
                outbox.AddToOwner(db, person, "token_made", token.Name);
                await db.SaveChangesAsync();
            }
        );
        return key;
    }

    /// <summary>Revokes one of one's own tokens, at once.</summary>
    /// <exception cref="NotFound">It is not there, or not one's own.</exception>
    public async Task Revoke(Standing standing, Guid id)
    {
        await using var db = await store.OpenAsSystem("revoke a token");
        var token = await db.Set<AccessToken>().Where(t => t.Id == id && t.PersonId == standing.PersonId).OneOrNotFound();
        db.Remove(token);
        db.Audit(new Act("account.token_revoked", 0, Subject: id.ToString()), Section.Administration, standing.PersonId);
        await db.SaveChangesAsync();
    }
}
