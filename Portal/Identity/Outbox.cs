using Microsoft.AspNetCore.DataProtection;
using Portal.Data;

namespace Portal.Identity;

/// <summary>Mails that wait to be sent. They are written in the transaction of the act they tell of, and their text is encrypted.</summary>
public sealed class Outbox(IDataProtectionProvider protection, IHostEnvironment environment, TimeProvider clock, ILogger<Outbox> log)
{
    private readonly IDataProtector bodies = protection.CreateProtector("mail");

    /// <summary>Has the keys at hand. Where they must be made or renewed they are written by themselves, which a transaction that has the database to itself would wait for in vain.</summary>
    public void Prepare() => bodies.Protect("");

    /// <summary>Adds a mail to what <paramref name="db"/> will save.</summary>
    public void Add(PortalDb db, string to, string subject, string body)
    {
        db.Set<OutboxMail>().Add(new OutboxMail { To = to, Subject = subject, Body = bodies.Protect(body), CreatedAt = clock.GetUtcNow().UtcDateTime });
        // A developer has no mail server; nobody else's log holds a link that opens an account.
        if (environment.IsDevelopment())
            log.LogInformation("Mail to {To}: {Subject}\n{Body}", to, subject, body);
    }

    /// <summary>The text of a mail.</summary>
    public string Read(OutboxMail mail) => bodies.Unprotect(mail.Body);
}
