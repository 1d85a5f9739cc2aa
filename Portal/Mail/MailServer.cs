using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Portal.Domain.Reference;

namespace Portal.Mail;

/// <summary>How a mail fared at the server.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Why">The server's words, for an administrator.</param>
internal readonly record struct Delivery(DeliveryOutcome Outcome, string? Why = null);

internal enum DeliveryOutcome
{
    /// <summary>The server has it.</summary>
    Sent,

    /// <summary>Not now; this mail, and perhaps no other.</summary>
    Later,

    /// <summary>Never: there is no such address.</summary>
    Never,

    /// <summary>The server cannot be used at all now, which is no mail's fault.</summary>
    NoServer,
}

/// <summary>One conversation with the mail server (SMTP), opened when the first mail goes out.</summary>
internal sealed class MailServer(MailSettings settings) : IAsyncDisposable
{
    private static readonly ParserOptions Strict = new() { AllowAddressesWithoutDomain = false };
    private const int Patience = 30_000;
    private readonly SmtpClient client = new() { Timeout = Patience };

    /// <summary>
    /// Sends one mail. The identifier makes its Message-ID, so that one sent twice after a crash can be told to be the same.
    /// </summary>
    public async Task<Delivery> Send(Guid id, string to, MailText text, DateTimeOffset now, CancellationToken ct)
    {
        MimeMessage message;
        try
        {
            message = Message(id, to, text, now);
        }
        catch (Exception e) when (e is ParseException or FormatException or ArgumentException)
        {
            return new(DeliveryOutcome.Never, e.Message);
        }
        try
        {
            await Open(ct);
            await client.SendAsync(message, ct);
            return new(DeliveryOutcome.Sent);
        }
        catch (SmtpCommandException e) when (e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
        {
            return new((int)e.StatusCode >= 500 ? DeliveryOutcome.Never : DeliveryOutcome.Later, $"{(int)e.StatusCode} {e.Message}");
        }
        catch (NotSupportedException e)
        {
            return new(DeliveryOutcome.Never, e.Message); // an address in letters that the server does not know
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return new(DeliveryOutcome.NoServer, e is SmtpCommandException s ? $"{(int)s.StatusCode} {s.Message}" : e.Message);
        }
    }

    /// <summary>
    /// Opens the conversation, if it is not open: encrypted, unless the server is on this machine or the operator lets it be.
    /// </summary>
    public async Task Open(CancellationToken ct)
    {
        if (client.IsConnected)
            return;
        await client.ConnectAsync(
            settings.Host ?? throw new InvalidOperationException("no mail server is configured"),
            settings.Port,
            settings.Port == 465 ? SecureSocketOptions.SslOnConnect
                : settings.IsHere || settings.AllowPlain ? SecureSocketOptions.StartTlsWhenAvailable
                : SecureSocketOptions.StartTls,
            ct
        );
        if (settings.User is { } user)
            await client.AuthenticateAsync(user, settings.Password ?? "", ct);
    }

    private MimeMessage Message(Guid id, string to, MailText text, DateTimeOffset now)
    {
        var from = MailboxAddress.Parse(settings.From);
        var message = new MimeMessage
        {
            Subject = text.Subject,
            Date = now,
            MessageId = $"{id:N}@{from.Domain}",
        };
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(Strict, to));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, text.Language.Tag());
        if (text.Unsubscribe is { } unsubscribe)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click"); // RFC 8058
        }
        message.Body = new BodyBuilder { TextBody = text.Plain, HtmlBody = text.Html() }.ToMessageBody();
        return message;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await client.DisconnectAsync(true);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or SmtpProtocolException)
        {
            // It left first.
        }
        client.Dispose();
    }
}
