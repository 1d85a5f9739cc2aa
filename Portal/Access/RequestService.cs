using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Access;

/// <summary>A request as its sides see it.</summary>
public sealed record RequestRow(
    Guid Id,
    Section Section,
    string Reason,
    DateTime AskedAt,
    RequestStatus Status,
    string? Answer,
    DateTime? AnsweredAt,
    bool IsLate,
    string By,
    string Email,
    LocalName Organisation,
    Role Role,
    Guid PersonId,
    string? AnsweredBy
);

/// <summary>Requests for closed sections: asked with a reason, answered one way or the other, and both sides are told.</summary>
public sealed class RequestService(
    ActorSource actors,
    RequestCourse course,
    RecentCheck check,
    Outbox outbox,
    PortalAddress address,
    IStringLocalizer<AccessWords> words,
    Say say,
    TimeProvider clock
)
{
    /// <summary>Requests on a page.</summary>
    public const int PageSize = 50;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Has the keys of mails at hand before a turn is taken.</summary>
    internal void Prepare() => outbox.Prepare();

    /// <summary>Asks for a section.</summary>
    /// <exception cref="Refusal">
    /// It is open already, never opens to this role, the reason is missing, or one has asked and waits.
    /// </exception>
    public async Task Ask(Section section, string? reason)
    {
        await using var db = await actors.Open();
        var request = AccessRequest.Ask(db.Actor, section, reason, Now);
        Prepare();
        // Pressed twice, it waits once.
        await db.OneAtATime(
            "requests",
            async () =>
            {
                Refusal.If(
                    await db.AccessRequests.AnyAsync(r =>
                        r.PersonId == request.PersonId && r.Section == section && r.Status == RequestStatus.Waiting
                    ),
                    "request.waits_already"
                );
                db.AccessRequests.Add(request);
                db.Audit(new Act("access.requested", 0, To: section.ToString(), Subject: request.Id.ToString()), Section.Access);
                await course.Tell(db, request, "asked", Now);
                await db.SaveChangesAsync();
            }
        );
    }

    /// <summary>One's own requests, the latest first.</summary>
    public async Task<IReadOnlyList<RequestRow>> Mine()
    {
        await using var db = await actors.Open();
        var me = db.Actor.PersonId;
        return await Rows(db, db.AccessRequests.Where(r => r.PersonId == me).OrderByDescending(r => r.AskedAt).Take(PageSize));
    }

    /// <summary>
    /// A page of all requests for who manages access: those that wait first, the oldest first; then the answered, the latest first.
    /// </summary>
    public async Task<(IReadOnlyList<RequestRow> Rows, int Total)> List(IReadOnlyCollection<RequestStatus> statuses, int page)
    {
        await using var db = await actors.Open();
        Refusal.Unless(db.Actor.LevelIn(Section.Access) >= Level.View, "access.not_yours");
        var requests = statuses.Count == 0 ? db.AccessRequests : db.AccessRequests.Where(r => statuses.Contains(r.Status));
        var ordered = requests
            .OrderBy(r => r.Status == RequestStatus.Waiting ? 0 : 1)
            .ThenBy(r => r.Status == RequestStatus.Waiting ? r.AskedAt : DateTime.MinValue)
            .ThenByDescending(r => r.AnsweredAt);
        return (await Rows(db, ordered.Skip((page - 1) * PageSize).Take(PageSize)), await requests.CountAsync());
    }

    /// <summary>
    /// Why somebody asks for a section, where they still wait for it: the grant that answers begins with the reason given.
    /// </summary>
    public async Task<string?> ReasonOf(Guid person, Section section)
    {
        await using var db = await actors.Open();
        Refusal.Unless(db.Actor.LevelIn(Section.Access) >= Level.View, "access.not_yours");
        return await db
            .AccessRequests.Where(r => r.PersonId == person && r.Section == section && r.Status == RequestStatus.Waiting)
            .Select(r => r.Reason)
            .FirstOrDefaultAsync();
    }

    private async Task<IReadOnlyList<RequestRow>> Rows(PortalDb db, IQueryable<AccessRequest> requests)
    {
        var page = await requests.AsNoTracking().ToListAsync();
        var people = page.SelectMany(r => new[] { r.PersonId, r.AnsweredBy }).OfType<Guid>().Distinct().ToList();
        var bodies = page.Select(r => r.OrganisationId).Distinct().ToList();
        var named = await db
            .Users.Where(u => people.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.Name,
                u.Email,
            })
            .ToDictionaryAsync(u => u.Id);
        var organisations = await db.Organisations.Where(o => bodies.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name);
        var now = Now;
        return
        [
            .. page.Where(r => named.ContainsKey(r.PersonId))
                .Select(r => new RequestRow(
                    r.Id,
                    r.Section,
                    r.Reason,
                    r.AskedAt,
                    r.Status,
                    r.Answer,
                    r.AnsweredAt,
                    r.IsLate(now),
                    named[r.PersonId].Name,
                    named[r.PersonId].Email!,
                    organisations[r.OrganisationId],
                    r.Role,
                    r.PersonId,
                    r.AnsweredBy is { } by ? named.GetValueOrDefault(by)?.Name : null
                )),
        ];
    }

    /// <summary>Refuses, with a reason that the one who asked reads.</summary>
    public async Task Refuse(Guid id, string? answer)
    {
        await check.Demand();
        await using var db = await actors.Open();
        Refusal.Unless(db.Actor.LevelIn(Section.Access) >= Level.Manage, "access.not_yours");
        var request = await db.AccessRequests.Where(r => r.Id == id).OneOrNotFound();
        request.Refuse(answer, db.Actor.PersonId, Now);
        db.Audit(
            new Act(
                "access.request_refused",
                0,
                RequestStatus.Waiting.ToString(),
                request.Status.ToString(),
                Subject: request.Id.ToString()
            ),
            Section.Access
        );
        await Answered(db, request);
        await db.SaveOrRefuse();
    }

    /// <summary>Takes one's own request back.</summary>
    public async Task Withdraw(Guid id)
    {
        await using var db = await actors.Open();
        var request = await db.AccessRequests.Where(r => r.Id == id).OneOrNotFound();
        request.Withdraw(db.Actor.PersonId, Now);
        db.Audit(
            new Act(
                "access.request_withdrawn",
                0,
                RequestStatus.Waiting.ToString(),
                request.Status.ToString(),
                Subject: request.Id.ToString()
            ),
            Section.Access
        );
        db.AccessChanged(); // who manages access is for nobody here to know: every screen asks
        await db.SaveOrRefuse();
    }

    /// <summary>Answers the waiting request that a grant fulfils, if there is one, within what <paramref name="db"/> will save.</summary>
    public async Task Fulfil(PortalDb db, Grant grant)
    {
        if (grant.PersonId is not { } person || grant.Deny)
            return;
        if (
            await db.AccessRequests.FirstOrDefaultAsync(r =>
                r.PersonId == person && r.Section == grant.Section && r.Status == RequestStatus.Waiting
            )
            is not { } request
        )
            return;
        request.Grant(grant, db.Actor.PersonId, Now);
        db.Audit(
            new Act(
                "access.request_granted",
                0,
                RequestStatus.Waiting.ToString(),
                request.Status.ToString(),
                Subject: request.Id.ToString()
            ),
            Section.Access
        );
        await Answered(db, request);
    }

    // By mail, since they may not look here again; and on the open screens, at once.
    private async Task Answered(PortalDb db, AccessRequest request)
    {
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == request.PersonId) is { Email: { } email, Language: var language })
        {
            using var speaking = Culture.Speak(language ?? Culture.Current);
            outbox.Add(
                db,
                email,
                words["request.mail.subject"],
                words[
                    "request.mail.body",
                    say.Code("section", request.Section),
                    words["request." + request.Status].Value,
                    request.Answer ?? "",
                    address.Full("/access/ask")
                ]
            );
        }
        db.AccessChanged();
    }
}
