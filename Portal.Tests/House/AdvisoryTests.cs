using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.House;

/// <summary>
/// A package with a known vulnerability stops the build. Advisories are planted by a registry of our own, against packages that are at hand
/// and free of any, so
/// that nothing depends on what the public registry says today; the settings are those of the solution.
/// </summary>
public sealed class AdvisoryTests : IAsyncLifetime
{
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-advisories-").FullName;
    private WebApplication registry = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        registry = builder.Build();
        string Here(string path) => registry.Urls.First() + path;
        registry.MapGet(
            "/index.json",
            () =>
                Results.Text(
                    $$"""{"version":"3.0.0","resources":[{"@id":"{{Here("/vulnerabilities.json")}}","@type":"VulnerabilityInfo/6.7.0"}]}""",
                    "application/json"
                )
        );
        registry.MapGet(
            "/vulnerabilities.json",
            () =>
                Results.Text(
                    $$"""[{"@name":"base","@id":"{{Here("/base.json")}}","@updated":"2026-01-01T00:00:00Z"}]""",
                    "application/json"
                )
        );
        registry.MapGet(
            "/base.json",
            () =>
                Results.Text(
                    """
                    {"qrcoder":[{"url":"https://advisories.example/low","severity":0,"versions":"(, 999.0.0)"}],
                     "mimekit":[{"url":"https://advisories.example/moderate","severity":1,"versions":"(, 999.0.0)"}],
                     "csvhelper":[{"url":"https://advisories.example/high","severity":2,"versions":"(, 999.0.0)"}],
                     "npgsql":[{"url":"https://advisories.example/critical","severity":3,"versions":"(, 999.0.0)"}]}
                    """,
                    "application/json"
                )
        );
        await registry.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await registry.DisposeAsync();
        System.IO.Directory.Delete(folder, recursive: true);
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task A_planted_vulnerable_package_stops_the_build_from_moderate_severity_on_and_also_where_another_brings_it()
    {
        foreach (var settings in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
            File.Copy(Path.Combine(Sources.Root, settings), Path.Combine(folder, settings));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nuget.config"),
            $"""
            <configuration><auditSources><clear /><add key="planted" value="{registry.Urls.First()}/index.json" allowInsecureConnections="true" /></auditSources></configuration>
            """
        );
        // MailKit brings MimeKit.
        foreach (
            var (package, code, stops) in new[]
            {
                ("QRCoder", "NU1901", false),
                ("MailKit", "NU1902", true),
                ("CsvHelper", "NU1903", true),
                ("Npgsql.EntityFrameworkCore.PostgreSQL", "NU1904", true),
            }
        )
        {
            var project = Path.Combine(folder, package, package + ".planted.csproj");
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(project)!);
            await File.WriteAllTextAsync(
                project,
                $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="{package}" /></ItemGroup></Project>"""
            );
            var (exit, said) = await Restore(project);
            Assert.True(
                stops ? exit != 0 && said.Contains($"error {code}") : exit == 0 && said.Contains($"warning {code}"),
                $"{package} ({exit}): {said}"
            );
        }
    }

    [Fact]
    public void Nothing_excuses_an_advisory()
    {
        var excused = new[]
        {
            "Directory.Build.props",
            "Directory.Packages.props",
            "Portal/Portal.csproj",
            "Portal.Domain/Portal.Domain.csproj",
            "Portal.Tests/Portal.Tests.csproj",
            "eng/test.sh",
        }.Where(f =>
            File.ReadAllText(Path.Combine(Sources.Root, f)) is var text
            && (
                text.Contains("NuGetAuditSuppress")
                || System.Text.RegularExpressions.Regex.IsMatch(text, @"(NotAsErrors|NoWarn|warnnotaserror)[^\n]*NU190[234]")
            )
        );
        Sources.None(excused, "Files that excuse an advisory of moderate severity or more:");
    }

    private static async Task<(int Exit, string Said)> Restore(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", project, "--force"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project)!,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}
