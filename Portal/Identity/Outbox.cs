using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Mail;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>Mails that wait to be sent. They are written in the transaction of the act they tell of, and their text is encrypted.</summary>
public sealed class Outbox(
    IDataProtectionProvider protection,
    MailSettings settings,
    IHostEnvironment environment,
    TimeProvider clock,
    ILogger<Outbox> log
)
{
    private readonly IDataProtector bodies = protection.CreateProtector("mail");

    /// <summary>
    /// Has the keys at hand. Where they must be made or renewed they are written by themselves, which a transaction that has the database
    /// to itself would wait for in vain.
    /// </summary>
    public void Prepare() => bodies.Protect("");

    /// <summary>Adds a text, in the language of the moment, to what <paramref name="db"/> will save.</summary>
    public void Add(PortalDb db, string to, string subject, string body) => Add(db, MailKind.Message, to, subject, body, null);

    /// <summary>Adds a mail whose text is written as it is sent, around a link that opens an account.</summary>
    /// <param name="db">What will save it.</param>
    /// <param name="kind">What it is about.</param>
    /// <param name="to">To whom.</param>
    /// <param name="link">The link.</param>
    /// <param name="tokenHash">Hash of the token in it.</param>
    public void AddLink(PortalDb db, MailKind kind, string to, string link, string tokenHash) => Add(db, kind, to, "", link, tokenHash);

    /// <summary>
    /// Tells the owner of an account what was done to it, by whomever: a new password, a factor, a token, a sign-in from a browser that is
    /// not known as theirs.
    /// It is written as it is sent. Where there is no mail server nothing is: the account's page says it, and a mail that waits for years
    /// tells nobody.
    /// </summary>
    /// <param name="db">What will save it.</param>
    /// <param name="person">The owner.</param>
    /// <param name="what">What was done; its words are <c>owner.</c> and this.</param>
    /// <param name="named">What names it further: a browser, a token, an organisation's provider.</param>
    public void AddToOwner(PortalDb db, PortalUser person, string what, string named = "")
    {
        if (settings.Host is not null)
            Add(
                db,
                MailKind.Account,
                person.Email!,
                "",
                string.Create(CultureInfo.InvariantCulture, $"{what}\n{clock.GetUtcNow().UtcDateTime:O}\n{named}"),
                null
            );
    }

    /// <summary>Adds a mail of notices to a membership, which are found and written as it is sent.</summary>
    public async Task AddNotices(PortalDb db, MailKind kind, Membership membership, DateTime since, DateTime until)
    {
        if (await db.Users.Where(u => u.Id == membership.PersonId).Select(u => u.Email).FirstOrDefaultAsync() is not { } to)
            return;
        var now = clock.GetUtcNow().UtcDateTime;
        db.Set<OutboxMail>()
            .Add(
                new OutboxMail
                {
                    Kind = kind,
                    To = to,
                    MembershipId = membership.Id,
                    Since = since,
                    Until = until,
                    Language = Culture.Current,
                    CreatedAt = now,
                    NextAt = now,
                }
            );
    }

    private void Add(PortalDb db, MailKind kind, string to, string subject, string body, string? about)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        db.Set<OutboxMail>()
            .Add(
                new OutboxMail
                {
                    Kind = kind,
                    To = to,
                    Subject = subject,
                    Body = bodies.Protect(body),
                    About = about,
                    Language = Culture.Current,
                    CreatedAt = now,
                    NextAt = now,
                }
            );
        // A developer has no mail server; nobody else's log holds a link that opens an account.
        if (environment.IsDevelopment())
            log.LogInformation("Mail to {To}: {Subject}\n{Body}", to, subject, body);
    }

    /// <summary>The text of a mail.</summary>
    public string Read(OutboxMail mail) => bodies.Unprotect(mail.Body);
}
