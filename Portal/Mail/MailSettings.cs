using System.Globalization;

namespace Portal.Mail;

/// <summary>The mail server, as configured under <c>Mail</c>.</summary>
/// <param name="Host">Its name; null where there is none, and mails wait in the outbox.</param>
/// <param name="Port">Its port; 587 unless said otherwise.</param>
/// <param name="User">Who the portal is to it; null to say nothing.</param>
/// <param name="Password">What the portal proves that with.</param>
/// <param name="From">Sender of every mail.</param>
/// <param name="AllowPlain">Whether a server on another machine may be spoken to without TLS.</param>
public sealed record MailSettings(string? Host, int Port, string? User, string? Password, string From, bool AllowPlain)
{
    /// <summary>Reads them.</summary>
    public static MailSettings Of(IConfiguration configuration) =>
        new(
            Text(configuration["Mail:Host"]),
            int.TryParse(configuration["Mail:Port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and < 65536
                ? port
                : 587,
            Text(configuration["Mail:User"]),
            Text(configuration["Mail:Password"]),
            Text(configuration["Mail:From"]) ?? "",
            configuration.GetValue("Mail:AllowPlain", false)
        );

    /// <summary>Whether the server is on this very machine, where nobody listens on the way.</summary>
    public bool IsHere => Host is "localhost" or "127.0.0.1" or "::1";

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
