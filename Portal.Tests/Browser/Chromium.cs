namespace Portal.Tests.Browser;

/// <summary>The browser that the tests of this room drive.</summary>
public static class Chromium
{
    /// <summary>Names the browser's program; without it the usual place is looked at.</summary>
    public const string Variable = "PORTAL_TEST_CHROMIUM";

    /// <summary>The program, or null where there is none.</summary>
    public static readonly string? Program =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
        : File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium"
        : null;

    internal static readonly string? Missing = Program is null
        ? $"There is no browser: {Variable} names none, and /usr/bin/chromium does not exist."
        : null;
}

/// <summary>A fact that needs a browser.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing;
}

/// <summary>A theory that needs a browser.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Missing;
}
