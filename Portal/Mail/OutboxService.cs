using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Mail;

/// <summary>One mail as an administrator sees it: never its text.</summary>
public sealed record OutboxLine(
    Guid Id,
    MailKind Kind,
    string To,
    MailState State,
    DateTime CreatedAt,
    DateTime? SentAt,
    DateTime NextAt,
    int Attempts,
    string? LastError
);

/// <summary>How the mail flows.</summary>
public enum MailFlow
{
    /// <summary>No server is configured: mails wait.</summary>
    NoServer,

    /// <summary>Nothing waits for long.</summary>
    Flowing,

    /// <summary>Something has been waiting for more than half an hour.</summary>
    Stuck,
}

/// <summary>
/// The outbox, for administrators: to whom, of what kind, how it stands. The text stays sealed: that of an invitation or of a new password
/// opens an account, and the others may tell what an administrator may not read (docs/decisions).
/// </summary>
public sealed class OutboxService(ActorSource actors, MailSettings settings, TimeProvider clock)
{
    /// <summary>Mails on a page.</summary>
    public const int PageSize = 50;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    /// <summary>Mails, newest first.</summary>
    public async Task<(IReadOnlyList<OutboxLine> Lines, int Total)> List(IReadOnlyList<MailState> states, string? words, int page)
    {
        await using var db = await Open(Level.View);
        var mails = db.Set<OutboxMail>().AsNoTracking();
        if (states.Count > 0)
            mails = mails.Where(m => states.Contains(m.State));
        if (words is { Length: > 0 })
        {
            // An address is found in whichever form it is typed: by its own letters, or by those that a mail server reads.
            var (lower, key) = (words.Trim().ToLowerInvariant(), EmailAddress.Key(words).ToLowerInvariant());
            mails = mails.Where(m => m.To.ToLower().Contains(lower) || m.To.ToLower().Contains(key));
        }
        return (
            await mails
                .OrderByDescending(m => m.CreatedAt)
                .ThenByDescending(m => m.Id)
                .Skip((page - 1) * PageSize)
                .Take(PageSize)
                .Select(m => new OutboxLine(m.Id, m.Kind, m.To, m.State, m.CreatedAt, m.SentAt, m.NextAt, m.Attempts, m.LastError))
                .ToListAsync(),
            await mails.CountAsync()
        );
    }

    /// <summary>Has a mail that was given up, or that waits for its next try, tried again now.</summary>
    /// <exception cref="Refusal">It was sent, or there is nothing to send any more.</exception>
    public async Task Retry(Guid id)
    {
        await using var db = await Open(Level.Manage);
        var mail = await db.Set<OutboxMail>().Where(m => m.Id == id).OneOrNotFound();
        Refusal.Unless(mail.State is MailState.GivenUp or MailState.Waiting, "mail.nothing_to_send");
        (mail.State, mail.NextAt, mail.Attempts) = (MailState.Waiting, clock.GetUtcNow().UtcDateTime, 0);
        db.Audit(new Act("mail.retried", 0, Subject: mail.Id.ToString()), Section.Administration);
        await db.SaveChangesAsync();
    }

    /// <summary>How the mail flows.</summary>
    public async Task<MailFlow> Flow()
    {
        await using var db = await Open(Level.View);
        return await Flow(db, settings, clock);
    }

    /// <inheritdoc cref="Flow()"/>
    internal static async Task<MailFlow> Flow(PortalDb db, MailSettings settings, TimeProvider clock, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var before = now - Long;
        return settings.Host is null ? MailFlow.NoServer
            : await db.Set<OutboxMail>().AnyAsync(m => m.State == MailState.Waiting && m.CreatedAt < before && m.NextAt <= now, ct)
                ? MailFlow.Stuck
            : MailFlow.Flowing;
    }

    private async Task<PortalDb> Open(Level least)
    {
        var db = await actors.Open();
        if (db.Actor.LevelIn(Section.Administration) >= least)
            return db;
        await db.DisposeAsync();
        throw new NotFound();
    }
}
