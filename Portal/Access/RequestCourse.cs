using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Access;

/// <summary>
/// What becomes of a request that nobody answers: those who could are reminded and who asked is told that it still waits, every few days;
/// in the end it
/// lapses, and both are told. <c>Access:RequestReminderDays</c> and <c>Access:RequestLifeDays</c> say when.
/// </summary>
public sealed class RequestCourse(
    PortalStore store,
    Outbox outbox,
    PortalAddress address,
    IStringLocalizer<AccessWords> words,
    Say say,
    IConfiguration configuration
)
{
    private TimeSpan Every =>
        TimeSpan.FromDays(Math.Max(1, configuration.GetValue("Access:RequestReminderDays", (int)AccessRequest.AnswerWithin.TotalDays)));
    private TimeSpan Life =>
        TimeSpan.FromDays(Math.Max(1, configuration.GetValue("Access:RequestLifeDays", (int)AccessRequest.UsualLife.TotalDays)));

    /// <summary>Whether the clock has something to do with it at a moment (UTC).</summary>
    public bool IsDue(AccessRequest request, DateTime at) =>
        request.Status == RequestStatus.Waiting && (at - request.AskedAt >= Life || request.IsReminderDue(at, Every));

    /// <summary>Lapses it or reminds both sides, within what <paramref name="db"/> will save.</summary>
    public async Task Pass(PortalDb db, AccessRequest request, DateTime now)
    {
        var isOver = now - request.AskedAt >= Life;
        if (isOver)
        {
            request.Lapse(now, Life);
            db.Audit(
                new Act(
                    "access.request_lapsed",
                    0,
                    RequestStatus.Waiting.ToString(),
                    request.Status.ToString(),
                    Subject: request.Id.ToString()
                ),
                Section.Access
            );
        }
        else
        {
            request.Remind(now, Every);
            db.Audit(new Act("access.request_reminded", 0, Subject: request.Id.ToString()), Section.Access);
        }
        await Tell(db, request, isOver ? "lapsed" : "reminded", now);
    }

    /// <summary>Tells both sides: who asked, and those who can answer.</summary>
    /// <param name="db">What will be saved.</param>
    /// <param name="request">The request.</param>
    /// <param name="how">What happened: <c>asked</c>, <c>reminded</c> or <c>lapsed</c>.</param>
    /// <param name="now">UTC.</param>
    public async Task Tell(PortalDb db, AccessRequest request, string how, DateTime now)
    {
        var asker = await db
            .Users.Where(u => u.Id == request.PersonId)
            .Select(u => new
            {
                u.Name,
                u.Email,
                u.Language,
            })
            .FirstAsync();
        // Who asks has just done so.
        if (how != "asked" && asker.Email is { } own)
        {
            using var speaking = Culture.Speak(asker.Language ?? Culture.Current);
            outbox.Add(
                db,
                own,
                words["request.mail.subject." + how],
                words[
                    "request.mail.asker." + how,
                    say.Code("section", request.Section),
                    say.Moment(request.AskedAt),
                    address.Full("/access/ask")
                ]
            );
        }
        db.AccessChanged(request.PersonId);
        var managers = (await PeopleRules.Able(store, now, Role.AccessManager)).ConvertAll(m => m.PersonId);
        foreach (
            var (id, email, language) in (
                await db
                    .Users.Where(u => managers.Contains(u.Id) && u.Id != request.PersonId)
                    .Select(u => new
                    {
                        u.Id,
                        u.Email,
                        u.Language,
                    })
                    .ToListAsync()
            ).ConvertAll(u => (u.Id, u.Email, u.Language))
        )
        {
            // Each reads their own language, whoever made the mail; the clock has none.
            using var speaking = Culture.Speak(language ?? Culture.Current);
            if (email is not null)
                outbox.Add(
                    db,
                    email,
                    words["request.mail.subject." + how],
                    words[
                        "request.mail.manager." + how,
                        asker.Name,
                        say.Code("section", request.Section),
                        say.Moment(request.AskedAt),
                        address.Full("/access/requests?status=Waiting")
                    ]
                );
            db.AccessChanged(id);
        }
    }
}
