using Microsoft.Extensions.Localization;

namespace Portal.Identity;

/// <summary>
/// What came to nothing at an identity provider, in the reader's words. Pages take the code from their address, so only known ones are
/// said.
/// </summary>
internal static class IdentityProblem
{
    private static readonly string[] Known = ["unknown", "failed", "cancelled", "unreachable", "not_again", "no_sign_out", "elsewhere"];

    /// <summary>The words; null where there is nothing to say.</summary>
    public static string? Of(string? code, string provider, IStringLocalizer<IdentityWords> words) =>
        Known.Contains(code) ? words["identity.problem." + code!, provider].Value : null;
}
