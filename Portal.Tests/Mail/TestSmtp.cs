using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Mail;

/// <summary>A mail as a server took it.</summary>
public sealed record Taken(string From, string To, string Text);

/// <summary>
/// A mail server on a port of its own: as much of SMTP (RFC 5321) as it takes to be a real peer, and as moody as a test wants it.
/// </summary>
public sealed class TestSmtp : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task listening;

    public TestSmtp()
    {
        listener.Start();
        listening = Listen();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
    public ConcurrentQueue<Taken> Mails { get; } = [];

    /// <summary>What it answers to a recipient; null is yes.</summary>
    public Func<string, string?> Refuses { get; set; } = _ => null;

    /// <summary>Takes mails and dies before it says so.</summary>
    public bool DiesAfterData { get; set; }

    private async Task Listen()
    {
        try
        {
            while (true)
                _ = Talk(await listener.AcceptTcpClientAsync(end.Token));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 test");
            var (from, to) = ("", "");
            while (await reader.ReadLineAsync(end.Token) is { } line)
            {
                if (line.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase))
                    await writer.WriteLineAsync("250-test\r\n250-8BITMIME\r\n250 SMTPUTF8");
                else if (line.StartsWith("MAIL FROM:", StringComparison.OrdinalIgnoreCase))
                    await Yes(from = Address(line));
                else if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
                    await writer.WriteLineAsync(Refuses(to = Address(line)) ?? "250 yes");
                else if (line == "DATA")
                {
                    await writer.WriteLineAsync("354 go on");
                    var text = new StringBuilder();
                    while (await reader.ReadLineAsync(end.Token) is { } data && data != ".")
                        text.Append(data.StartsWith("..", StringComparison.Ordinal) ? data[1..] : data).Append('\n');
                    Mails.Enqueue(new Taken(from, to, text.ToString()));
                    if (DiesAfterData)
                        return;
                    await Yes("");
                }
                else if (line == "QUIT")
                {
                    await writer.WriteLineAsync("221 bye");
                    return;
                }
                else
                    await Yes("");
            }

            Task Yes(string _) => writer.WriteLineAsync("250 yes");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side left, or the end.
        }

        static string Address(string line) => line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await listening;
        end.Dispose();
    }
}
