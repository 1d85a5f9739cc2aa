using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Tests;

/// <summary>
/// Holds the stylesheet to what the design page promises: contrast in both themes, mirroring, small fonts, icons that exist.
/// </summary>
public sealed partial class StylesheetTests
{
    private static readonly string Root = FindRoot();
    internal static readonly string Css = File.ReadAllText(Path.Combine(Root, "Portal", "wwwroot", "portal.css"));

    [Fact]
    public void The_dark_theme_is_the_same_chosen_or_by_system() =>
        Assert.Equal(Tokens(":root[data-theme=\"dark\"]"), Tokens(":root:not([data-theme=\"light\"]"));

    [Theory]
    [InlineData(":root {")]
    [InlineData(":root[data-theme=\"dark\"]")]
    public void Every_pair_of_colours_used_together_has_enough_contrast(string theme)
    {
        var colours = Tokens(theme);
        var pairs = new List<(string Front, string Back, double Least)>();
        foreach (var front in new[] { "text", "muted", "accent", "accent-strong", "danger" })
        foreach (var back in new[] { "bg", "surface", "sunken", "hover", "accent-soft" })
            pairs.Add((front, back, 4.5));
        foreach (var tone in new[] { "neutral", "info", "progress", "good", "warn", "bad" })
        {
            foreach (var back in new[] { tone + "-bg", "surface", "bg" })
                pairs.Add((tone + "-fg", back, 4.5));
            pairs.Add(("text", tone + "-bg", 4.5));
            pairs.Add(("accent", tone + "-bg", 4.5));
        }
        pairs.AddRange([
            ("on-accent", "accent", 4.5),
            ("on-accent", "accent-strong", 4.5),
            ("on-danger", "danger", 4.5),
            ("on-danger", "danger-strong", 4.5),
        ]);
        foreach (var back in new[] { "bg", "surface", "sunken" })
            pairs.AddRange([("line-strong", back, 3), ("ring", back, 3)]);

        var tooFaint = pairs.Where(p => Contrast(colours[p.Front], colours[p.Back]) < p.Least).Select(p => $"{p.Front} on {p.Back}");
        Assert.Empty(tooFaint);
    }

    [Fact]
    public void Nothing_is_placed_by_left_or_right() => Assert.Empty(Physical().Matches(Css).Select(m => m.Value));

    [Fact]
    public void The_fonts_stay_small_and_keep_their_licence()
    {
        var fonts = new DirectoryInfo(Path.Combine(Root, "Portal", "wwwroot", "fonts")).GetFiles();
        Assert.InRange(fonts.Sum(f => f.Length), 1, 600_000);
        Assert.Contains(fonts, f => f.Name.StartsWith("OFL", StringComparison.Ordinal));
        foreach (Match url in FontUrl().Matches(Css))
            Assert.Contains(fonts, f => f.Name == url.Groups[1].Value);
    }

    [Fact]
    public void No_rule_takes_away_the_ring_of_a_link_or_a_button()
    {
        // The ring of these is elsewhere: round the whole row, or nowhere, for they are not stops of the Tab key.
        string[] elsewhere = [":is(h1, main, [tabindex=\"-1\"]):focus", ".list .row-link:focus-visible", ".mud-focus-trap > .fixed"];
        Assert.Empty(NoRing().Matches(Css).Select(m => m.Groups[1].Value.Trim()).Except(elsewhere));
    }

    [GeneratedRegex(@"(?<=[}/\n]|^)([^{}/]+)\{[^{}]*outline: (?:none|0)\b")]
    private static partial Regex NoRing();

    // The library's own stylesheet is not sent: what its dialogs and toasts look like is said here, by the names its stylesheet has for
    // them.
    [Fact]
    public void What_is_said_of_the_component_library_is_said_of_what_it_has()
    {
        var script = Path.Combine(Root, "Portal", "wwwroot", "overlays.js");
        var package = Package().Match(File.ReadAllText(Path.Combine(Root, "Directory.Packages.props"))).Groups[1].Value;
        var folder =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var library = Path.Combine(folder, "mudblazor", package, "staticwebassets");
        var theirs = File.ReadAllText(Path.Combine(library, "MudBlazor.min.css"));
        Assert.DoesNotContain(LibraryClass().Matches(Css).Select(m => m.Value), c => !theirs.Contains(c, StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(Path.Combine(library, "MudBlazor.min.js")), File.ReadAllBytes(script));
    }

    [GeneratedRegex(@"[.#]mud-[a-z-]+")]
    private static partial Regex LibraryClass();

    [GeneratedRegex(@"Include=""MudBlazor"" Version=""([^""]+)""")]
    private static partial Regex Package();

    [Fact]
    public void Every_icon_named_by_a_page_exists()
    {
        var icons = SymbolId()
            .Matches(File.ReadAllText(Path.Combine(Root, "Portal", "wwwroot", "icons.svg")))
            .Select(m => m.Groups[1].Value)
            .ToHashSet();
        var named = new DirectoryInfo(Path.Combine(Root, "Portal"))
            .EnumerateFiles("*.razor", SearchOption.AllDirectories)
            .Append(new FileInfo(Path.Combine(Root, "docs", "design-system.md")))
            .SelectMany(f => IconUse().Matches(File.ReadAllText(f.FullName)).Select(m => m.Groups[1].Value));
        Assert.Empty(named.Where(n => !icons.Contains(n)).Distinct());
    }

    private static Dictionary<string, string> Tokens(string start)
    {
        var from = Css.IndexOf(start, StringComparison.Ordinal);
        return Token().Matches(Css[from..Css.IndexOf('}', from)]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + .05) / (Math.Min(x, y) + .05);
    }

    private static double Luminance(string hex)
    {
        var digits = hex.Length == 4 ? string.Concat(hex[1..].Select(c => $"{c}{c}")) : hex[1..];
        double Channel(int at)
        {
            var v = int.Parse(digits.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return v <= .04045 ? v / 12.92 : Math.Pow((v + .055) / 1.055, 2.4);
        }
        return .2126 * Channel(0) + .7152 * Channel(2) + .0722 * Channel(4);
    }

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Portal.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException("Portal.sln not found above the tests.");
    }

    [GeneratedRegex(@"--([a-z-]+): (#[0-9a-f]{3,6})\b")]
    private static partial Regex Token();

    [GeneratedRegex(
        @"(?<=[{;]\s*)(?:left|right|(?:margin|padding|border)-(?:left|right)[a-z-]*|text-align: (?:left|right)|float: (?:left|right))\b[^;}]*"
    )]
    private static partial Regex Physical();

    [GeneratedRegex(@"url\(fonts/([^)]+)\)")]
    private static partial Regex FontUrl();

    [GeneratedRegex(@"<symbol id=""([^""]+)""")]
    private static partial Regex SymbolId();

    [GeneratedRegex(@"(?:icons\.svg#|<Icon Name="")([a-z][a-z-]*)")]
    private static partial Regex IconUse();
}
