using System.Globalization;

namespace Portal.Tests;

/// <summary>How many random cases a proof goes through: few in the suite, all of them where somebody asks for it.</summary>
internal static class Proof
{
    /// <summary>The number, or what <c>PORTAL_PROOF_CASES</c> says.</summary>
    public static int Cases(int usually) =>
        int.TryParse(
            Environment.GetEnvironmentVariable("PORTAL_PROOF_CASES"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var asked
        )
        && asked > 0
            ? asked
            : usually;
}
