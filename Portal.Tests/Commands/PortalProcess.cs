using System.Collections.Concurrent;
using System.Diagnostics;

namespace Portal.Tests.Commands;

/// <summary>The portal as a process of its own, which can be killed.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    /// <summary>Longer than anything takes that ends at all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly ConcurrentQueue<string> said = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PortalProcess(Process process) => this.process = process;

    /// <summary>Starts it: a command, or the portal itself where there is none.</summary>
    public static PortalProcess Start(
        Database database,
        string connection,
        string environment,
        string command = "",
        params (string Key, string Value)[] settings
    )
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet"
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (
            var word in command
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Prepend(Path.Combine(AppContext.BaseDirectory, "Portal.dll"))
        )
            start.ArgumentList.Add(word);
        foreach (
            var (key, value) in settings.Concat([
                ("DOTNET_TieredPGO", "0"), // as published
                ("ASPNETCORE_ENVIRONMENT", environment),
                ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
                ("Portal__BaseUrl", "https://portal.example.org"),
                ("Database__Provider", database.ToString()),
                ("ConnectionStrings__Portal", connection),
            ])
        )
            start.Environment[key] = value;
        var made = new PortalProcess(new Process { StartInfo = start });
        var (open, all) = (2, made);
        void Take(object _, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
                all.said.Enqueue(text);
            else if (Interlocked.Decrement(ref open) == 0)
                all.ended.TrySetResult();
        }
        made.process.OutputDataReceived += Take;
        made.process.ErrorDataReceived += Take;
        made.process.Start();
        made.process.BeginOutputReadLine();
        made.process.BeginErrorReadLine();
        return made;
    }

    /// <summary>What it said so far.</summary>
    public string Said => string.Join('\n', said);

    /// <summary>Waits until it says something, or ends.</summary>
    public async Task Says(string text)
    {
        var began = Stopwatch.GetTimestamp();
        while (!Said.Contains(text) && !ended.Task.IsCompleted)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, $"It never said \"{text}\". It said:\n{Said}");
            await Task.WhenAny(ended.Task, Task.Delay(5));
        }
    }

    /// <summary>Kills it as it stands, as a power cut would.</summary>
    public async Task Kill()
    {
        process.Kill();
        await ended.Task.WaitAsync(Patience);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Said)> End()
    {
        await ended.Task.WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, Said);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }
}
