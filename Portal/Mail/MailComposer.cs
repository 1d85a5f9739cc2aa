using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Collaboration;
using Portal.Data;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Mail;

/// <summary>
/// Writes a mail at the moment it is sent, in its recipient's language. What no longer holds is not written: an invitation that was used,
/// withdrawn or sent anew, a way to a new password that has expired, anything for an account that is suspended.
/// </summary>
public sealed class MailComposer(
    PortalStore store,
    Outbox outbox,
    NoticeMails notices,
    ILookupNormalizer normalizer,
    IStringLocalizer<IdentityWords> words,
    PortalAddress address,
    Say say,
    TimeProvider clock
)
{
    /// <summary>The text; null where there is nothing to tell any more.</summary>
    public async Task<MailText?> Compose(OutboxMail mail)
    {
        await using var db = await store.OpenAsSystem("write a mail as it is sent");
        var normal = normalizer.NormalizeEmail(mail.To);
        var person = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.NormalizedEmail == normal);
        if (person?.LockoutEnd > clock.GetUtcNow())
            return null;
        using var speaking = Culture.Speak(person?.Language ?? mail.Language);
        return mail.Kind switch
        {
            MailKind.Message => new MailText(mail.Subject, outbox.Read(mail), mail.Language),
            MailKind.Invitation => await Invitation(db, mail),
            MailKind.Reset => await Reset(db, mail),
            MailKind.Account => ToOwner(mail),
            MailKind.Notices or MailKind.Digest => await notices.Compose(mail),
        };
    }

    private async Task<MailText?> Invitation(PortalDb db, OutboxMail mail)
    {
        var (hash, now) = (mail.About, Now);
        var invitation = await db
            .Invitations.Include(i => i.Organisation)
            .AsNoTracking()
            .FirstOrDefaultAsync(i => i.TokenHash == hash && i.UsedAt == null && i.ExpiresAt > now && (i.Until == null || i.Until > now));
        return invitation is null
            ? null
            : new MailText(
                words["invitation.mail.subject"],
                words["invitation.mail.body", say.Name(invitation.Organisation.Name), say.Code("role", invitation.Role), outbox.Read(mail)],
                Culture.Current
            );
    }

    private async Task<MailText?> Reset(PortalDb db, OutboxMail mail)
    {
        var (hash, now) = (mail.About, Now);
        return await db.Set<PasswordReset>().AnyAsync(r => r.TokenHash == hash && r.UsedAt == null && r.ExpiresAt > now)
            ? new MailText(words["reset.mail.subject"], words["reset.mail.body", outbox.Read(mail)], Culture.Current)
            : null;
    }

    private MailText ToOwner(OutboxMail mail)
    {
        var (what, at, named) = outbox.Read(mail).Split('\n', 3) is [var code, var moment, var name]
            ? (code, DateTime.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), name)
            : throw new FormatException();
        return new MailText(
            words["owner.mail.subject"],
            words[
                "owner.mail.body",
                words["owner." + what],
                say.List(new[] { named, say.Moment(at) }.Where(t => t.Length > 0)),
                address.Full(AccountAddress.Security)
            ],
            Culture.Current
        );
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}
