using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace Portal.Exports;

/// <summary>
/// Makes PDF files by having a browser without a screen print one page that needs nothing else: it shapes every script, which the libraries
/// at hand do
/// not. Where no browser is installed there is no PDF, and one's own browser still prints (docs/decisions/0022).
/// </summary>
/// <remarks><c>Pdf:Browser</c> names the program, <c>none</c> for none; unset, the first of the usual names on the path is taken.</remarks>
public sealed partial class PdfMaker(IConfiguration configuration, IWebHostEnvironment environment, ILogger<PdfMaker> log) : IDisposable
{
    /// <summary>Names that are looked for.</summary>
    public static readonly IReadOnlyList<string> UsualNames =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "microsoft-edge",
    ];

    /// <summary>How long one page may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Most rows of a list that are printed.</summary>
    public const int MostRows = 2000;

    // A browser takes much memory: one at a time, and who waits too long is told.
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Lazy<string> fonts = new(() => ReadFonts(environment.WebRootFileProvider));

    /// <summary>The program; null where there is none.</summary>
    public string? Browser
    {
        get
        {
            var named = configuration["Pdf:Browser"];
            if (named is "none" or "")
                return null;
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            );
            return named is not null
                ? File.Exists(named)
                    ? named
                    : null
                : UsualNames.SelectMany(n => folders.Select(f => Path.Combine(f, n))).FirstOrDefault(File.Exists);
        }
    }

    /// <summary>Whether PDF files can be made.</summary>
    public bool IsThere => Browser is not null;

    /// <summary>
    /// Every font of the portal, as rules of a style sheet that need no other file: a text may be in any language, whoever reads it, and no
    /// font has to be
    /// installed but for Chinese, which comes from the system.
    /// </summary>
    public string Fonts() => fonts.Value;

    private static string ReadFonts(IFileProvider files)
    {
        using var sheet = new StreamReader(files.GetFileInfo("portal.css").CreateReadStream());
        return string.Join(
            '\n',
            Face()
                .Matches(sheet.ReadToEnd())
                .Select(face =>
                    FontFile()
                        .Replace(
                            face.Value,
                            file =>
                            {
                                using var stream = files.GetFileInfo(file.Value).CreateReadStream();
                                using var bytes = new MemoryStream();
                                stream.CopyTo(bytes);
                                return "data:font/woff2;base64," + Convert.ToBase64String(bytes.ToArray());
                            }
                        )
                )
        );
    }

    [GeneratedRegex(@"@font-face \{[^}]*url\(fonts/[^}]*\}")]
    private static partial Regex Face();

    [GeneratedRegex(@"(?<=url\()fonts/[^)]+")]
    private static partial Regex FontFile();

    /// <summary>Prints a page.</summary>
    /// <param name="html">The page, with everything in it.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="InvalidOperationException">The browser made none, or took too long.</exception>
    public async Task<byte[]> Make(string html, CancellationToken ct = default)
    {
        var browser = Browser ?? throw new InvalidOperationException("No browser is installed that makes PDF files.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        await gate.WaitAsync(patience.Token);
        // For this account alone, and gone afterwards with whatever the browser left in it.
        var folder = System.IO.Directory.CreateTempSubdirectory("portal-pdf-");
        try
        {
            var (page, file) = (Path.Combine(folder.FullName, "page.html"), Path.Combine(folder.FullName, "page.pdf"));
            await File.WriteAllTextAsync(page, html, patience.Token);
            using var process =
                Process.Start(Order(browser, folder.FullName, page, file))
                ?? throw new InvalidOperationException("The browser did not start.");
            try
            {
                // Read, so that it never waits for somebody to.
                var said = Task.WhenAll(
                    process.StandardOutput.ReadToEndAsync(patience.Token),
                    process.StandardError.ReadToEndAsync(patience.Token)
                );
                await process.WaitForExitAsync(patience.Token);
                if (!File.Exists(file))
                    throw new InvalidOperationException(
                        $"The browser made no PDF (exit {process.ExitCode}): {string.Join(' ', await said).Trim()}"
                    );
                return await File.ReadAllBytesAsync(file, patience.Token);
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            gate.Release();
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException e)
            {
                log.LogWarning(e, "The folder {Folder} could not be removed", folder.FullName);
            }
        }
    }

    // It gets the page and nothing else: no environment of the portal's, no network, a profile that is thrown away. Script the page itself
    // forbids.
    private static ProcessStartInfo Order(string browser, string folder, string page, string file)
    {
        var order = new ProcessStartInfo(browser)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--proxy-server=127.0.0.1:9",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                $"--user-data-dir={Path.Combine(folder, "profile")}",
                "--no-pdf-header-footer",
                $"--print-to-pdf={file}",
            },
        };
        // As root the browser's own sandbox does not start; the portal should not run as root.
        if (Environment.UserName == "root")
            order.ArgumentList.Add("--no-sandbox");
        order.ArgumentList.Add(new Uri(page).AbsoluteUri);
        order.Environment.Clear();
        order.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        (order.Environment["HOME"], order.Environment["TMPDIR"], order.Environment["LANG"]) = (folder, folder, "C.UTF-8");
        return order;
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();
}
