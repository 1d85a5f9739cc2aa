using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Identity;

namespace Portal.Mail;

/// <summary>
/// Sends what waits in the outbox. Safe on any number of nodes: a mail is claimed for a few minutes in one statement, and whoever claimed
/// it
/// sends it; when they die the claim runs out. Between the server's yes and its being written down there is a moment in which a crash sends
/// a
/// mail twice, with one Message-ID; SMTP knows no way around that.
/// </summary>
public sealed class MailSender(
    PortalStore store,
    IServiceScopeFactory scopes,
    MailSettings settings,
    TimeProvider clock,
    ILogger<MailSender> log
) : BackgroundService
{
    /// <summary>A claim holds for so long; sending one mail takes less.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    /// <summary>A mail that was not sent by then is given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>What was sent is kept in the list for so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] Waits = [.. new[] { 1, 5, 15, 60, 180, 360, 720 }.Select(m => TimeSpan.FromMinutes(m))];
    private const int LongestError = 300;

    /// <summary>Tries of one mail before it is given up.</summary>
    public static int Tries => Waits.Length + 1;

    /// <inheritdoc/>
    // Claims run out where the portal stops, and another node goes on.
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (turn, lost) = (0, 0);
        return Rounds.Every(
            Often,
            async () =>
            {
                var now = turn++;
                // A server that does not answer is asked less and less often, every five minutes at least.
                if (lost > 0 && now % Math.Min(60, 1 << Math.Min(lost, 6)) != 0)
                    return;
                lost = settings.Host is null || await Round(stoppingToken) ? 0 : lost + 1;
                if (now % 720 == 0)
                    await Sweep();
            },
            "Mail could not be sent",
            log,
            stoppingToken
        );
    }

    /// <summary>Sends all that is due. Says whether the server could be used.</summary>
    public async Task<bool> Round(CancellationToken ct)
    {
        await using var server = new MailServer(settings);
        while (await Take(ct) is { } mail)
        {
            ct.ThrowIfCancellationRequested();
            // Asked now and not when it was written: what its reader may no longer see is not sent.
            MailText? text;
            try
            {
                text = mail.CreatedAt <= Now - Longest ? null : await Compose(mail);
            }
            catch (CryptographicException e)
            {
                await Close(mail, MailState.GivenUp, e.Message); // sealed with a key that is gone
                continue;
            }
            if (text is null)
            {
                await Close(mail, MailState.Dropped, null);
                continue;
            }
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Claim / 2);
            var (outcome, why) = await server.Send(mail.Id, mail.To, text, clock.GetUtcNow(), patience.Token);
            switch (outcome)
            {
                case DeliveryOutcome.Sent:
                    await Close(mail, MailState.Sent, null);
                    break;
                case DeliveryOutcome.Never:
                    await Close(mail, MailState.GivenUp, why);
                    break;
                case DeliveryOutcome.Later when mail.Attempts >= Tries:
                    await Close(mail, MailState.GivenUp, why);
                    break;
                case DeliveryOutcome.Later:
                    await Postpone(mail, Waits[mail.Attempts - 1], mail.Attempts, why);
                    break;
                case DeliveryOutcome.NoServer:
                    await Postpone(mail, TimeSpan.Zero, mail.Attempts - 1, why);
                    log.LogWarning("The mail server {Host} cannot be used: {Why}", settings.Host, why);
                    return false;
            }
        }
        return true;
    }

    private async Task<MailText?> Compose(OutboxMail mail)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MailComposer>().Compose(mail);
    }

    // The mail that has been due for longest, claimed for this node.
    private async Task<OutboxMail?> Take(CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("claim a mail to send");
        var claim = Guid.CreateVersion7();
        while (true)
        {
            var now = Now;
            var due = db.Set<OutboxMail>()
                .Where(m => m.State == MailState.Waiting && m.NextAt <= now && (m.ClaimedUntil == null || m.ClaimedUntil <= now));
            if (await due.OrderBy(m => m.NextAt).ThenBy(m => m.Id).Select(m => (Guid?)m.Id).FirstOrDefaultAsync(ct) is not { } id)
                return null;
            var until = now + Claim;
            if (
                await due.Where(m => m.Id == id)
                    .ExecuteUpdateAsync(
                        s =>
                            s.SetProperty(m => m.ClaimedUntil, until)
                                .SetProperty(m => m.ClaimedBy, claim)
                                .SetProperty(m => m.Attempts, m => m.Attempts + 1),
                        ct
                    ) == 1
            )
                return await db.Set<OutboxMail>().AsNoTracking().FirstAsync(m => m.Id == id, ct);
        }
    }

    // Its text has done its work: links that open an account do not lie about.
    private async Task Close(OutboxMail mail, MailState state, string? why)
    {
        await using var db = await store.OpenAsSystem("write down what became of a mail");
        var (id, claim, now, error, body) = (mail.Id, mail.ClaimedBy, Now, Short(why), state == MailState.GivenUp ? mail.Body : "");
        DateTime? sent = state == MailState.Sent ? now : null;
        await db.Set<OutboxMail>()
            .Where(m => m.Id == id && m.ClaimedBy == claim)
            .ExecuteUpdateAsync(s =>
                s.SetProperty(m => m.State, state)
                    .SetProperty(m => m.SentAt, sent)
                    .SetProperty(m => m.Body, body)
                    .SetProperty(m => m.LastError, error)
                    .SetProperty(m => m.ClaimedUntil, (DateTime?)null)
            );
        if (state == MailState.GivenUp)
            log.LogWarning("Mail {Id} ({Kind}) is given up: {Why}", mail.Id, mail.Kind, why);
    }

    private async Task Postpone(OutboxMail mail, TimeSpan wait, int attempts, string? why)
    {
        await using var db = await store.OpenAsSystem("write down what became of a mail");
        var (id, claim, next, error) = (mail.Id, mail.ClaimedBy, Now + wait, Short(why));
        await db.Set<OutboxMail>()
            .Where(m => m.Id == id && m.ClaimedBy == claim)
            .ExecuteUpdateAsync(s =>
                s.SetProperty(m => m.NextAt, next)
                    .SetProperty(m => m.Attempts, attempts)
                    .SetProperty(m => m.LastError, error)
                    .SetProperty(m => m.ClaimedUntil, (DateTime?)null)
            );
    }

    /// <summary>Takes what was sent long ago out of the list.</summary>
    public async Task Sweep()
    {
        var before = Now - Kept;
        await using var db = await store.OpenAsSystem("take old mails out of the outbox");
        await db.Set<OutboxMail>().Where(m => m.CreatedAt < before).ExecuteDeleteAsync();
    }

    private static string? Short(string? why) => why is null ? null : string.Concat(why.Where(c => !char.IsControl(c)).Take(LongestError));

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}
