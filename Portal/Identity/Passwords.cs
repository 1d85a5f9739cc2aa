using System.Reflection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Domain.Access;

namespace Portal.Identity;

/// <summary>
/// Passwords: at least twelve characters and not one that everybody tries (NIST SP 800-63B, 5.1.1.2; no rules of composition),
/// kept as PBKDF2 with 210,000 rounds of HMAC-SHA-512. Judging one for an account that does not exist takes the same work.
/// </summary>
public sealed class Passwords
{
    /// <summary>Least length, in characters.</summary>
    public const int Least = 12;

    /// <summary>Most length: longer ones are not hashed.</summary>
    public const int Most = 200;

    /// <summary>Rounds of PBKDF2.</summary>
    public const int Rounds = 210_000;

    private static readonly PasswordHasher<PortalUser> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
    private static readonly PortalUser Nobody = new();

    // Stands in for accounts that do not exist.
    private static readonly string Decoy = Hasher.HashPassword(Nobody, Secrets.New());

    /// <summary>
    /// How many are judged at once. Hashing keeps a core busy for a tenth of a second; a flood of guesses must not take every core.
    /// </summary>
    internal static readonly int Places = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly WaitingLine places = new(Places);

    // Browsers that are known do not wait for others' guesses.
    private readonly WaitingLine placesOfKnown = new(Places);
    private long judged;

    /// <summary>How many passwords were judged so far.</summary>
    public long Judged => Interlocked.Read(ref judged);

    /// <summary>Whether the password is the account's. Without an account the same work is done and the answer is no.</summary>
    /// <param name="person">The account.</param>
    /// <param name="password">What was given.</param>
    /// <param name="failures">How often it went wrong lately where this comes from: who has failed least is judged first.</param>
    /// <param name="isKnown">Whether the browser is known as the account's owner's.</param>
    /// <returns>Null where too many wait who have failed less.</returns>
    public async Task<bool?> Match(PortalUser? person, string? password, int failures = 0, bool isKnown = false)
    {
        var line = isKnown ? placesOfKnown : places;
        if (!await line.Enter(failures))
            return null;
        Interlocked.Increment(ref judged);
        try
        {
            var given = password is { Length: > 0 and <= Most } ? password : " ";
            var right =
                Hasher.VerifyHashedPassword(person ?? Nobody, person?.PasswordHash ?? Decoy, given) != PasswordVerificationResult.Failed;
            return right && person?.PasswordHash is not null;
        }
        finally
        {
            line.Leave();
        }
    }

    /// <summary>Sets a password. Whoever held a session or a reset link loses what hangs on the security stamp.</summary>
    /// <exception cref="Refusal">Too short, too long, or too common.</exception>
    public async Task Set(PortalUser person, string? password)
    {
        Check(password, person.Email, person.Name);
        await places.Enter(0);
        try
        {
            person.PasswordHash = Hasher.HashPassword(person, password!);
        }
        finally
        {
            places.Leave();
        }
        person.SecurityStamp = Secrets.New();
        person.ConcurrencyStamp = Secrets.New();
    }

    /// <summary>Refuses a password that is too short, too long or easily guessed.</summary>
    public static void Check(string? password, string? email, string? name)
    {
        Refusal.If(password is null || password.EnumerateRunes().Count() < Least, "password.too_short", "NewPassword");
        Refusal.If(password!.Length > Most, "password.too_long", "NewPassword");
        Refusal.If(
            CommonPasswords.Has(password, [email ?? "", .. (email ?? "").Split('@', '.'), .. (name ?? "").Split(' ')]),
            "password.common",
            "NewPassword"
        );
    }
}

/// <summary>
/// What people try first. Most lists of common passwords are of short ones; a long one is common when it is made of one or two of them,
/// whole or repeated,
/// with figures and signs for letters, and with little that cannot be guessed around and between them.
/// </summary>
internal static class CommonPasswords
{
    // The portal's own words, which its users are the likeliest to take, and those that everyone takes.
    private static readonly string[] Ours =
    [
        "password",
        "passphrase",
        "passwort",
        "motdepasse",
        "contraseña",
        "пароль",
        "admin",
        "administrator",
        "welcome",
        "login",
        "letmein",
        "iloveyou",
        "secret",
        "changeme",
        "test",
        "user",
        "qwerty",
        "troubador",
        "troubadour",
        "technical",
        "assistance",
        "technicalassistance",
        "portal",
        "technicalassistanceportal",
        "counterterrorism",
        "terrorism",
        "committee",
        "cted",
        "ctc",
        "unitednations",
        "unsc",
        "security",
        "securitycouncil",
        "council",
        "mission",
        "permanentmission",
        "ministry",
        "interior",
        "foreignaffairs",
        "government",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "spring",
        "summer",
        "autumn",
        "winter",
    ];

    /// <summary>Shortest common word that is looked for within a password; shorter ones are in most phrases.</summary>
    private const int Shortest = 4;

    /// <summary>Fewest characters beside one or two common words that make a password of its own.</summary>
    private const int FewestOwn = 4;

    /// <summary>Figures and signs that go for nothing: those that people put at the end.</summary>
    private const int Trimmings = 6;

    /// <summary>Most words that are tried in pairs, so that no password takes long to judge.</summary>
    private const int MostTried = 40;

    private static readonly Lazy<HashSet<string>> All = new(Read);

    private static HashSet<string> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Portal.Identity.common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(Ours).Select(Folded)];
    }

    public static bool Has(string password, IEnumerable<string> personal)
    {
        var lower = password.ToLowerInvariant();
        if (lower.Distinct().Count() < 5)
            return true;
        var own = personal.Where(p => p.Length >= 3).Select(p => Folded(p.ToLowerInvariant())).ToHashSet();
        var folded = Folded(lower);
        return IsRun(lower) || All.Value.Contains(folded) || own.Contains(folded) || IsMadeOf(lower, folded, own);
    }

    // p4$$w0rd and password are one; so are 1, i and l, which stand for one another.
    private static string Folded(string text) =>
        string.Concat(
            text.Select(c =>
                c switch
                {
                    '0' => 'o',
                    '1' or '!' or '|' or 'l' => 'i',
                    '2' => 'z',
                    '3' or '€' => 'e',
                    '4' or '@' => 'a',
                    '5' or '$' or '§' => 's',
                    '6' or '9' => 'g',
                    '7' or '+' => 't',
                    '8' => 'b',
                    _ => c,
                }
            )
        );

    /// <summary>
    /// Whether little is left when one or two different common words are taken out: the least over all ways of taking them out. A letter
    /// counts, and so do
    /// figures and signs beyond those that everybody adds; runs (<c>1234</c>, <c>asdf</c>) and what repeats what stood before do not.
    /// </summary>
    private static bool IsMadeOf(string lower, string folded, HashSet<string> own)
    {
        var words = new List<string>();
        for (var at = 0; at < folded.Length; at++)
        for (var length = Shortest; at + length <= folded.Length; length++)
            if (
                folded.Substring(at, length) is var word
                && (All.Value.Contains(word) || own.Contains(word))
                && !lower.Substring(at, length).All(char.IsAsciiDigit)
            )
                words.Add(word);
        var chosen = words.Distinct().Take(MostTried).ToList();
        return chosen.Any(one => chosen.Any(other => Rest(lower, folded, [one, other]) < FewestOwn));
    }

    private static int Rest(string lower, string folded, HashSet<string> words)
    {
        var (least, trimmings) = (new (int Letters, int Signs)[lower.Length + 1], Trimmings);
        for (var at = lower.Length - 1; at >= 0; at--)
        {
            var next = least[at + 1];
            least[at] = char.IsLetter(lower[at]) ? (next.Letters + 1, next.Signs) : (next.Letters, next.Signs + 1);
            foreach (var word in words)
                if (string.CompareOrdinal(folded, at, word, 0, word.Length) == 0)
                    Take(word.Length);
            for (var length = 4; at + length <= lower.Length && IsRun(lower.Substring(at, length)); length++)
                Take(length);
            for (var length = 3; at >= length && at + length <= lower.Length; length++)
                if (lower.AsSpan(at - length, length).SequenceEqual(lower.AsSpan(at, length)))
                    Take(length);

            void Take(int length)
            {
                if (Worth(least[at + length]) < Worth(least[at]))
                    least[at] = least[at + length];
            }
        }
        return Worth(least[0]);

        int Worth((int Letters, int Signs) rest) => rest.Letters + Math.Max(0, rest.Signs - trimmings);
    }

    private static readonly string[] Rows =
    [
        "qwertyuiopasdfghjklzxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "qwertzuiopasdfghjklyxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
        "йцукенгшщзхъфывапролджэячсмитьбю",
        "!@#$%^&*()",
    ];

    // abcdefghijkl, 987654321098, a walk over the keyboard
    private static bool IsRun(string text) =>
        text.Length >= 4
        && (
            Rows.Any(r => r.Contains(text))
            || Enumerable.Range(1, text.Length - 1).All(i => text[i] - text[i - 1] is 1 or -9)
            || Enumerable.Range(1, text.Length - 1).All(i => text[i] - text[i - 1] is -1 or 9)
        );
}

/// <summary>The same rule for accounts that other rooms create through Identity.</summary>
internal sealed class PortalPasswordValidator : IPasswordValidator<PortalUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password)
    {
        try
        {
            Passwords.Check(password, user.Email, user.Name);
            return Task.FromResult(IdentityResult.Success);
        }
        catch (Refusal refusal)
        {
            return Task.FromResult(IdentityResult.Failed(new IdentityError { Code = refusal.Code, Description = refusal.Code }));
        }
    }
}
