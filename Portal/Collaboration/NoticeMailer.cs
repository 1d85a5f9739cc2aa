using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Collaboration;
using Portal.Identity;
using Portal.Mail;

namespace Portal.Collaboration;

/// <summary>
/// Hands notices to the mail: at once or in a digest, as each membership chose. A mail is put in the outbox together with the moment up to
/// which
/// notices were handed over, so on any number of nodes each is mailed once. What it tells is found as it is sent (<see
/// cref="NoticeMails"/>).
/// </summary>
public sealed class NoticeMailer(
    PortalStore store,
    KnownActors actors,
    Outbox outbox,
    MailSettings settings,
    TimeProvider clock,
    ILogger<NoticeMailer> log
) : BackgroundService
{
    /// <summary>Notices younger than this wait: one whose act is being saved has its moment already and cannot be seen yet.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);
    private const int AtATime = 200;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Host is not null) // once there is a server, one mail tells of all there was
            await Rounds.Every(
                TimeSpan.FromSeconds(30),
                () => Round(stoppingToken),
                "Notices could not be handed to the mail",
                log,
                stoppingToken
            );
    }

    /// <summary>Hands over all that is due.</summary>
    public async Task Round(CancellationToken ct)
    {
        var after = Guid.Empty;
        while (true)
        {
            List<Guid> page;
            await using (var db = await store.OpenAsSystem("find who is to be told by mail"))
            {
                var from = after;
                page = await db
                    .NoticeChoices.Where(c => c.WantsMail && c.MembershipId > from)
                    .OrderBy(c => c.MembershipId)
                    .Take(AtATime)
                    .Select(c => c.MembershipId)
                    .ToListAsync(ct);
            }
            foreach (var id in page)
                await Rounds.Try(() => Tell(id, ct), "Notices of one membership could not be handed to the mail", log, ct);
            ct.ThrowIfCancellationRequested();
            if (page.Count < AtATime)
                return;
            after = page[^1];
        }
    }

    private async Task Tell(Guid membershipId, CancellationToken ct)
    {
        var actor = await actors.OfMembership(membershipId);
        if (actor.Membership is not { } membership)
            return;
        var (now, until) = (clock.GetUtcNow().UtcDateTime, clock.GetUtcNow().UtcDateTime - Settled);
        // As that membership: it hands over what it sees.
        await using var db = await store.OpenFor(actor);
        if (await db.NoticeChoices.FirstOrDefaultAsync(c => c.MembershipId == membershipId, ct) is not { } choices)
            return;
        var told = false;
        if (
            choices.Mails()
            && choices.MailedUntil < until
            && await NoticeMails.Any(db, choices, NoticeWay.AtOnce, choices.MailedUntil, until, ct)
        )
        {
            await outbox.AddNotices(db, MailKind.Notices, membership, choices.MailedUntil, until);
            choices.Mailed(until);
            told = true;
        }
        if (choices.Digests() && choices.NextDigestAt <= now)
        {
            if (await NoticeMails.Any(db, choices, NoticeWay.Digest, choices.DigestedUntil, until, ct))
                await outbox.AddNotices(db, MailKind.Digest, membership, choices.DigestedUntil, until);
            choices.Digested(until);
            told = true;
        }
        if (!told)
            return;
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node was first, or something else was chosen meanwhile.
        }
    }
}
