using System.Globalization;
using System.Text;

namespace Portal.Domain;

/// <summary>
/// E-mail addresses in any script (RFC 6531), read and compared in one way wherever they are typed: at an invitation, at sign-in, in a
/// file. A domain is the
/// same however it is written, since browsers and mail servers turn <c>bücher.example</c> into <c>xn--bcher-kva.example</c> and back.
/// </summary>
public static class EmailAddress
{
    /// <summary>Longest address, in characters, with its domain in either form.</summary>
    public const int Longest = 254;

    private static readonly IdnMapping Domains = new() { AllowUnassigned = true };

    /// <summary>An address as it is kept and shown: what was typed without what nobody sees; null when it is none.</summary>
    public static string? Read(string? typed) =>
        Split(typed) is var (local, domain, ascii) && local.Length + 1 + Math.Max(domain.Length, ascii.Length) <= Longest
            ? $"{local}@{domain}"
            : null;

    /// <summary>What two forms of one address have in common. What is no address is only put into capitals, and meets none.</summary>
    public static string Key(string? typed) =>
        Split(typed) is var (local, _, ascii) ? $"{local}@{ascii}".ToUpperInvariant() : (typed ?? "").Trim().ToUpperInvariant();

    private static bool Mixes(string label) =>
        label
            .Where(char.IsLetter)
            .Select(c =>
                c switch
                {
                    <= '\u024F' or (>= '\u1E00' and <= '\u1EFF') => 1,
                    (>= '\u0370' and <= '\u03FF') or (>= '\u1F00' and <= '\u1FFF') => 2,
                    >= '\u0400' and <= '\u052F' => 3,
                    >= '\u0530' and <= '\u058F' => 4,
                    _ => 0,
                }
            )
            .Where(alphabet => alphabet > 0)
            .Distinct()
            .Count() > 1;

    private static (string Local, string Domain, string Ascii)? Split(string? typed)
    {
        if (typed is null || typed.Length > 1000 || Text.IsBroken(typed))
            return null;
        // Full-width letters and signs come from input methods.
        var text = string.Concat(typed.EnumerateRunes().Where(r => Rune.IsWhiteSpace(r) ? !Rune.IsControl(r) : !Text.IsUnseenInCode(r)))
            .Trim()
            .Normalize(NormalizationForm.FormKC);
        if (
            text.Split('@') is not [{ Length: > 0 } local, { Length: > 0 } domain]
            || local.Any(c => char.IsWhiteSpace(c) || char.IsSurrogate(c) || "()<>[]:;,\\\"".Contains(c, StringComparison.Ordinal))
        )
            return null;
        // Letters of two alphabets that look alike make an address that nobody can tell from another (Unicode TS 39).
        if (text.Split('@', '.', '-', '_', '+').Any(Mixes))
            return null;
        domain = domain.TrimEnd('.'); // the root, which every domain ends in whether it is written or not
        try
        {
            var ascii = Domains.GetAscii(domain).ToLowerInvariant();
            return ascii.Length > 2 && ascii.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
                ? (local, domain, ascii)
                : null;
        }
        catch (ArgumentException)
        {
            return null; // an empty part, or one that is too long
        }
    }
}
