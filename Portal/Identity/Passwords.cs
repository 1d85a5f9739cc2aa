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

    private readonly PasswordHasher<PortalUser> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
    // A round of hashing keeps a core busy for a tenth of a second; a flood of guesses must not take every core.
    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly PortalUser nobody = new();
    private readonly string decoy;

    /// <summary>Prepares the decoy that stands in for accounts that do not exist.</summary>
    public Passwords() => decoy = hasher.HashPassword(nobody, Secrets.New());

    /// <summary>Whether the password is the account's. Without an account the same work is done and the answer is no.</summary>
    public async Task<bool> Match(PortalUser? person, string? password)
    {
        await places.WaitAsync();
        try
        {
            var given = password is { Length: > 0 and <= Most } ? password : " ";
            var right = hasher.VerifyHashedPassword(person ?? nobody, person?.PasswordHash ?? decoy, given) != PasswordVerificationResult.Failed;
            return right && person?.PasswordHash is not null;
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Sets a password. Whoever held a session or a reset link loses what hangs on the security stamp.</summary>
    /// <exception cref="Refusal">Too short, too long, or too common.</exception>
    public async Task Set(PortalUser person, string? password)
    {
        Check(password, person.Email, person.Name);
        await places.WaitAsync();
        try
        {
            person.PasswordHash = hasher.HashPassword(person, password!);
        }
        finally
        {
            places.Release();
        }
        person.SecurityStamp = Secrets.New();
        person.ConcurrencyStamp = Secrets.New();
    }

    /// <summary>Refuses a password that is too short, too long or easily guessed.</summary>
    public static void Check(string? password, string? email, string? name)
    {
        Refusal.If(password is null || password.EnumerateRunes().Count() < Least, "password.too_short", "NewPassword");
        Refusal.If(password!.Length > Most, "password.too_long", "NewPassword");
        Refusal.If(CommonPasswords.Has(password, [email ?? "", .. (email ?? "").Split('@', '.'), .. (name ?? "").Split(' ')]), "password.common", "NewPassword");
    }
}

/// <summary>
/// What people try first. Most lists of common passwords are of short ones; a long one is common when it is a short one dressed up:
/// repeated, capitalised, with figures and signs around it or letters written as figures.
/// </summary>
internal static class CommonPasswords
{
    // The portal's own words, which its users are the likeliest to take, and those that everyone takes.
    private static readonly string[] Ours =
        ["password", "passphrase", "admin", "administrator", "welcome", "login", "letmein", "secret", "changeme", "test", "user", "qwerty",
         "technical", "assistance", "technicalassistance", "portal", "technicalassistanceportal", "counterterrorism", "terrorism", "committee", "cted", "ctc",
         "unitednations", "unsc", "security", "securitycouncil", "council", "mission", "permanentmission", "ministry", "interior", "foreignaffairs", "government"];

    private static readonly Lazy<HashSet<string>> All = new(Read);

    private static HashSet<string> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Portal.Identity.common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries), .. Ours];
    }

    public static bool Has(string password, IEnumerable<string> personal)
    {
        var lower = password.ToLowerInvariant();
        if (lower.Distinct().Count() < 5)
            return true;
        var own = personal.Select(p => p.ToLowerInvariant()).Where(p => p.Length >= 3).ToHashSet();
        return Forms(lower).Any(f => All.Value.Contains(f) || own.Contains(f) || IsRun(f) || IsPair(f));
    }

    private static IEnumerable<string> Forms(string password)
    {
        foreach (var spelling in new[] { password, Plain(password) })
        {
            yield return spelling;
            yield return spelling.Trim("0123456789 !@#$%^&*()-_=+.,?'\"".ToCharArray());
            yield return string.Concat(spelling.Where(char.IsLetter));
            for (var n = 1; n <= spelling.Length / 2; n++)
                if (spelling.Length % n == 0 && Enumerable.Range(0, spelling.Length).All(i => spelling[i] == spelling[i % n]))
                    yield return spelling[..n];
        }
    }

    // p4$$w0rd
    private static string Plain(string password) => string.Concat(password.Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    }));

    private static readonly string[] Rows =
        ["qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "qwertzuiopasdfghjklyxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "йцукенгшщзхъфывапролджэячсмитьбю"];

    // abcdefghijkl, 987654321098, a walk over the keyboard
    private static bool IsRun(string text) => text.Length >= 4 && (Rows.Any(r => r.Contains(text))
        || Enumerable.Range(1, text.Length - 1).All(i => text[i] - text[i - 1] is 1 or -9)
        || Enumerable.Range(1, text.Length - 1).All(i => text[i] - text[i - 1] is -1 or 9));

    // passwordadmin, welcomeportal
    private static bool IsPair(string text) => Enumerable.Range(0, text.Length).Any(i => Ours.Contains(text[..i]) && Ours.Contains(text[i..]));
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
