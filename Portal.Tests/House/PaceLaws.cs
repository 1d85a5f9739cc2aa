using System.Text.RegularExpressions;

namespace Portal.Tests.House;

/// <summary>
/// <c>./eng/test.sh fast</c> is fast: it leaves out the rooms below and every test marked <c>Trait("Pace", "Slow")</c>. A test that starts
/// a whole portal
/// belongs to one or the other.
/// </summary>
public sealed partial class PaceLaws
{
    /// <summary>Rooms whose tests start a portal, a process or a browser; the script leaves them out by name.</summary>
    private static readonly string[] SlowRooms = ["Api", "Browser", "Commands", "Demonstration", "Identity", "Nodes", "Public"];

    [Fact]
    public void Who_starts_a_whole_portal_says_so()
    {
        var script = File.ReadAllText(Path.Combine(Sources.Root, "eng/test.sh"));
        Assert.Equal(SlowRooms, Left().Match(script).Groups["rooms"].Value.Split(' '));
        var files = System
            .IO.Directory.EnumerateFiles(Path.Combine(Sources.Root, "Portal.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(f =>
                !SlowRooms.Contains(Path.GetFileName(Path.GetDirectoryName(f)))
                && !f.EndsWith(nameof(PaceLaws) + ".cs", StringComparison.Ordinal)
            )
            .ToList();
        Assert.NotEmpty(files);
        Sources.None(
            files.SelectMany(f =>
                Tests()
                    .Split(File.ReadAllText(f))
                    .Skip(1)
                    .Where(t => Starts().IsMatch(t) && !t.Split('\n')[0].Contains("\"Slow\"", StringComparison.Ordinal))
                    .Select(t => $"{Path.GetFileName(f)}: {t.Split('\n')[1].Trim()}")
            ),
            "Tests that start a portal and are not marked as slow:"
        );
    }

    [GeneratedRegex(@"slow_rooms='(?<rooms>[\w ]+)'")]
    private static partial Regex Left();

    [GeneratedRegex(@"\n    \[(?=Fact|Theory)")]
    private static partial Regex Tests();

    [GeneratedRegex(@"\b(?:ApiHost|Site|CrossHost|PortalProcess)\.Start\(|\bDemonstrationApp\.\w+\(|\bstory\.Portal\b")]
    private static partial Regex Starts();
}
