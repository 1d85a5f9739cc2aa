using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Portal.Tests.Browser;

/// <summary>
/// A line between a browser and a portal on which everything takes its time and comes in the order it was sent, and which can be cut,
/// mended, and led to another node.
/// </summary>
internal sealed class Line : IAsyncDisposable
{
    private readonly TcpListener door = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = [];
    private volatile bool isCut;

    public Line(string to)
    {
        To = new Uri(to);
        door.Start();
        Address = $"http://{To.Host}:{((IPEndPoint)door.LocalEndpoint).Port}";
        _ = Serve();
    }

    /// <summary>Where a browser finds it. Cookies know no ports: who is signed in at the portal is signed in here.</summary>
    public string Address { get; }

    /// <summary>Where it leads; what is open stays as it is.</summary>
    public Uri To { get; set; }

    /// <summary>How long it takes there and back.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Everything that goes over it is lost, and nobody gets through.</summary>
    public void Cut()
    {
        isCut = true;
        foreach (var client in open.Keys)
            Drop(client);
    }

    /// <summary>It leads through again.</summary>
    public void Mend() => isCut = false;

    private async Task Serve()
    {
        try
        {
            while (true)
                _ = Carry(await door.AcceptTcpClientAsync());
        }
        catch (Exception e) when (IsClosed(e))
        {
            // Nobody is let in any more.
        }
    }

    private async Task Carry(TcpClient here)
    {
        using var there = new TcpClient();
        open[here] = open[there] = true;
        try
        {
            if (isCut)
                return;
            await there.ConnectAsync(IPAddress.Loopback, To.Port);
            if (isCut)
                return;
            await Task.WhenAny(Carry(here.GetStream(), there.GetStream()), Carry(there.GetStream(), here.GetStream()));
        }
        catch (Exception e) when (IsClosed(e))
        {
            // Cut.
        }
        finally
        {
            Drop(there);
            Drop(here);
        }
    }

    private async Task Carry(NetworkStream from, NetworkStream to)
    {
        var underway = Channel.CreateUnbounded<(byte[] What, DateTime Due)>();
        var arriving = Arrive();
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReadAsync(buffer) is > 0 and var count)
                underway.Writer.TryWrite((buffer[..count], DateTime.UtcNow + (RoundTrip / 2)));
        }
        catch (Exception e) when (IsClosed(e))
        {
            // One end hung up; what it sent before still arrives.
        }
        underway.Writer.Complete();
        await arriving;

        async Task Arrive()
        {
            try
            {
                await foreach (var (what, due) in underway.Reader.ReadAllAsync())
                {
                    if (due - DateTime.UtcNow is { Ticks: > 0 } left)
                        await Task.Delay(left);
                    await to.WriteAsync(what);
                }
            }
            catch (Exception e) when (IsClosed(e))
            {
                // The other end hung up.
            }
        }
    }

    private static bool IsClosed(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or InvalidOperationException;

    private void Drop(TcpClient client)
    {
        open.TryRemove(client, out _);
        client.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        door.Stop();
        Cut();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What reaches the components of a portal from its screens, in order, while it is listened to.</summary>
internal sealed class Heard : IHubFilter
{
    private readonly ConcurrentQueue<string> changes = [];

    public bool IsListening { get; set; }

    /// <summary>The values of the changes told since the last time.</summary>
    public List<string> Take()
    {
        var taken = new List<string>();
        while (changes.TryDequeue(out var change))
            taken.Add(change);
        return taken;
    }

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (
            IsListening
            && context.HubMethodName == "BeginInvokeDotNetFromJS"
            && context.HubMethodArguments is [.., "DispatchEventAsync", _, string sent]
        )
        {
            using var call = JsonDocument.Parse(sent);
            if (
                call.RootElement[0].GetProperty("eventName").GetString() is "change" or "input"
                && call.RootElement[1].TryGetProperty("value", out var value)
            )
                changes.Enqueue(value.ToString());
        }
        return next(context);
    }
}
