using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Portal.Tests.Browser;

/// <summary>A line to the portal on which everything takes its time, each way, and comes in the order it was sent.</summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closed = new();
    private readonly Uri portal;
    private readonly TimeSpan oneWay;

    private SlowLine(string portal, TimeSpan roundTrip) => (this.portal, oneWay) = (new Uri(portal), roundTrip / 2);

    /// <summary>Opens one.</summary>
    public static SlowLine To(OpenPortal portal, int roundTripMilliseconds)
    {
        var line = new SlowLine(portal.Address, TimeSpan.FromMilliseconds(roundTripMilliseconds));
        line.listener.Start();
        _ = line.Listen();
        return line;
    }

    /// <summary>An address of the portal at this end of it. Cookies know no ports: who is signed in there is signed in here.</summary>
    public string At(string path) => $"http://{portal.Host}:{((IPEndPoint)listener.LocalEndpoint).Port}{path}";

    private async Task Listen()
    {
        try
        {
            while (true)
                _ = Carry(await listener.AcceptTcpClientAsync(closed.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task Carry(TcpClient browser)
    {
        using var there = new TcpClient();
        using (browser)
        {
            await there.ConnectAsync(portal.Host, portal.Port, closed.Token);
            await Task.WhenAny(Carry(browser.GetStream(), there.GetStream()), Carry(there.GetStream(), browser.GetStream()));
        }
    }

    private async Task Carry(NetworkStream from, NetworkStream to)
    {
        var underway = Channel.CreateUnbounded<(byte[] What, DateTime Due)>();
        var arrive = Arrive();
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReadAsync(buffer, closed.Token) is > 0 and var count)
                underway.Writer.TryWrite((buffer[..count], DateTime.UtcNow + oneWay));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One end hung up.
        }
        underway.Writer.Complete();
        await arrive;

        async Task Arrive()
        {
            try
            {
                await foreach (var (what, due) in underway.Reader.ReadAllAsync(closed.Token))
                {
                    if (due - DateTime.UtcNow is { Ticks: > 0 } left)
                        await Task.Delay(left, closed.Token);
                    await to.WriteAsync(what, closed.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // One end hung up.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        listener.Dispose();
        closed.Dispose();
    }
}
