using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Tests.Nodes;

/// <summary>
/// A screen without a browser: loads a page, opens its circuit and answers what the framework's script would. It sees every byte that a
/// browser would get. Nothing is drawn, so what it knows is when it was led away and when its line was cut.
/// </summary>
public sealed partial class Circuit : IAsyncDisposable
{
    private readonly HubConnection line;
    private readonly TaskCompletionSource<long> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> led = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<byte[]> batches = [];
    private string markers = "",
        state = "";

    private Circuit(Uri node, string cookie)
    {
        (Node, Cookie) = (node, cookie);
        var builder = new HubConnectionBuilder().WithUrl(
            new Uri(node, "/_blazor"),
            o =>
            {
                o.Headers["Cookie"] = cookie;
                o.Headers["Origin"] = node.GetLeftPart(UriPartial.Authority);
                (o.Transports, o.SkipNegotiation) = (HttpTransportType.WebSockets, true);
            }
        );
        // The framework's own protocol, which it keeps to itself.
        builder.Services.AddSingleton(
            (IHubProtocol)
                Activator.CreateInstance(
                    typeof(CircuitOptions).Assembly.GetType("Microsoft.AspNetCore.Components.Server.BlazorPack.BlazorPackHubProtocol")!,
                    nonPublic: true
                )!
        );
        line = builder.Build();
        line.On<long, byte[]>("JS.RenderBatch", Drawn);
        line.On<long, string, string, int, long, int>(
            "JS.BeginInvokeJS",
            (handle, what, arguments, _, _, _) => Asked(handle, what, arguments)
        );
        line.On<long>("JS.EndUpdateRootComponents", _ => ready.TrySetResult(Stopwatch.GetTimestamp()));
        line.On<string>("JS.Error", e => ready.TrySetException(new InvalidOperationException(e)));
        line.Closed += _ =>
        {
            cut.TrySetResult(Stopwatch.GetTimestamp());
            ready.TrySetException(new InvalidOperationException("The line was cut before the page was there."));
            return Task.CompletedTask;
        };
    }

    public Uri Node { get; }
    public string Cookie { get; }

    /// <summary>What the framework would let anybody take the circuit over by.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>When the screen was blanked and the browser sent away, in ticks of <see cref="Stopwatch"/>.</summary>
    public Task<long> Led => led.Task;

    /// <summary>When the line was cut.</summary>
    public Task<long> Cut => cut.Task;

    /// <summary>Where it was sent.</summary>
    public string? To { get; private set; }

    /// <summary>All text that came over the line so far.</summary>
    public string Text
    {
        get
        {
            lock (batches)
                return string.Concat(batches.Select(Encoding.UTF8.GetString));
        }
    }

    /// <summary>Pieces of screen that came so far.</summary>
    public int Batches
    {
        get
        {
            lock (batches)
                return batches.Count;
        }
    }

    /// <summary>Opens a page of a node and its circuit, and waits until it is there.</summary>
    public static async Task<Circuit> Open(Node node, string cookie, string path = "/home")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, path));
        request.Headers.Add("Cookie", cookie);
        using var answer = await node.Http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {answer.StatusCode} {answer.Headers.Location}");
        var circuit = await Line(node, cookie);
        circuit.markers = JsonSerializer.Serialize(
            new
            {
                batchId = 1,
                operations = Marker()
                    .Matches(page)
                    .Select(m => m.Groups[1].Value)
                    .Where(m => m.Contains("\"descriptor\"", StringComparison.Ordinal))
                    .Select(m => JsonDocument.Parse(m).RootElement)
                    .OrderBy(m => m.GetProperty("sequence").GetInt32())
                    .Select(
                        (m, i) =>
                            new
                            {
                                type = "add",
                                ssrComponentId = i + 1,
                                marker = m,
                            }
                    ),
            }
        );
        circuit.state = State().Match(page).Groups[1].Value;
        circuit.Secret = await circuit.line.InvokeAsync<string>(
            "StartCircuit",
            circuit.Base,
            new Uri(node.Address, path).ToString(),
            "[]",
            circuit.state
        );
        Assert.NotEmpty(circuit.Secret);
        await circuit.ready.Task.WaitAsync(Nodes.Patience);
        return circuit;
    }

    /// <summary>A line to the hub with nothing on it yet.</summary>
    public static async Task<Circuit> Line(Node node, string cookie)
    {
        var circuit = new Circuit(node.Address, cookie);
        await circuit.line.StartAsync();
        return circuit;
    }

    private string Base => Node.GetLeftPart(UriPartial.Authority) + "/";

    /// <summary>Tries to take a circuit over by its secret, as a browser does that lost its line.</summary>
    public Task<bool> Connect(string secret) => line.InvokeAsync<bool>("ConnectCircuit", secret);

    /// <summary>Tries to have a circuit made anew from what was kept of it.</summary>
    public Task<string?> Resume(string secret) => line.InvokeAsync<string?>("ResumeCircuit", secret, Base, Base + "home", "[]", "");

    /// <summary>What a click is, as far as the guard is concerned.</summary>
    public Task Press() => line.InvokeAsync("BeginInvokeDotNetFromJS", "1", null, "DispatchEventAsync", 1L, "[]");

    private void Drawn(long batch, byte[] bytes)
    {
        lock (batches)
            batches.Add(bytes);
        _ = line.SendAsync("OnRenderCompleted", batch, null);
    }

    private void Asked(long handle, string what, string arguments)
    {
        if (
            what == "Blazor._internal.navigationManager.navigateTo"
            && arguments.Contains("\"forceLoad\":true", StringComparison.OrdinalIgnoreCase)
        )
        {
            To = JsonDocument.Parse(arguments).RootElement[0].GetString();
            led.TrySetResult(Stopwatch.GetTimestamp());
        }
        if (handle != 0)
            _ = line.SendAsync(
                "EndInvokeJSFromDotNet",
                handle,
                true,
                $"[{handle},true,{(what.Contains("countProviders", StringComparison.Ordinal) ? "1" : "null")}]"
            );
        if (what == "Blazor._internal.attachWebRendererInterop")
            _ = line.SendAsync("UpdateRootComponents", markers, state);
    }

    /// <summary>The browser loses its line without a word; the node keeps the circuit for a while.</summary>
    public async ValueTask DisposeAsync() => await line.DisposeAsync();

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->", RegexOptions.Singleline)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:([A-Za-z0-9+/=]+)-->")]
    private static partial Regex State();
}
