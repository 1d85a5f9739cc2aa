using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Access;

/// <summary>Reviews of who may still enter what: started, answered row by row or several at once, read and ended.</summary>
public sealed class ReviewService(
    ActorSource actors,
    PortalStore store,
    RecentCheck check,
    ReviewCourse course,
    Outbox outbox,
    TimeProvider clock
)
{
    /// <summary>Rows on a page.</summary>
    public const int PageSize = 50;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>A page of the reviews that concern the reader: those under way first, by deadline; then the latest.</summary>
    public async Task<(IReadOnlyList<CampaignRow> Rows, int Total)> List(int page)
    {
        await using var db = await Open(PeopleAct.Review);
        var total = await db.ReviewCampaigns.CountAsync();
        var campaigns = await db
            .ReviewCampaigns.OrderBy(c => c.Status == ReviewStatus.Open ? 0 : 1)
            .ThenBy(c => c.Status == ReviewStatus.Open ? c.Deadline : DateTime.MaxValue)
            .ThenByDescending(c => c.EndedAt)
            .ThenBy(c => c.Id)
            .Skip((page - 1) * PageSize)
            .Take(PageSize)
            .AsNoTracking()
            .ToListAsync();
        return (await Rows(db, campaigns), total);
    }

    private async Task<IReadOnlyList<CampaignRow>> Rows(PortalDb db, List<ReviewCampaign> campaigns)
    {
        var ids = campaigns.ConvertAll(c => c.Id);
        var people = campaigns.SelectMany(c => new[] { c.StartedBy, c.EndedBy }).OfType<Guid>().Distinct().ToList();
        var names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name);
        var counts = (
            await db
                .ReviewItems.Where(i => ids.Contains(i.CampaignId))
                .GroupBy(i => new { i.CampaignId, i.Outcome })
                .Select(g => new
                {
                    g.Key.CampaignId,
                    g.Key.Outcome,
                    Count = g.Count(),
                })
                .ToListAsync()
        ).ToLookup(c => c.CampaignId);
        var now = Now;
        return campaigns.ConvertAll(c => new CampaignRow(
            c.Id,
            c.Subject,
            c.Silence,
            c.Status,
            c.IsOpen(now),
            c.StartedAt,
            c.StartedBy is { } s ? names.GetValueOrDefault(s) : null,
            c.Deadline,
            c.EndedAt,
            c.EndedBy is { } e ? names.GetValueOrDefault(e) : null,
            counts[c.Id].ToDictionary(x => x.Outcome, x => x.Count)
        ));
    }

    /// <summary>A review with a page of the rows that the reader may see: those that wait first.</summary>
    /// <exception cref="NotFound">It is not there, or none of it concerns the reader.</exception>
    public async Task<ReviewView> Read(Guid id, ReviewQuery query)
    {
        await using var db = await Open(PeopleAct.Review);
        var campaign = await db.ReviewCampaigns.Where(c => c.Id == id).AsNoTracking().OneOrNotFound();
        var now = Now;
        var matching = Matching(db, id, query, now);
        var total = await matching.CountAsync();
        var page = await Ordered(matching).Skip((query.Page - 1) * PageSize).Take(PageSize).AsNoTracking().ToListAsync();
        var preview =
            campaign.Status == ReviewStatus.Open
                ? await course.IfNobodyAnswers(
                    await db.ReviewItems.Where(i => i.CampaignId == id && i.Outcome == ReviewOutcome.Waiting).AsNoTracking().ToListAsync(),
                    campaign.Silence,
                    now
                )
                : null;
        return new ReviewView(
            (await Rows(db, [campaign]))[0],
            await Rows(db, campaign, page, now),
            total,
            preview,
            db.Actor.LevelIn(Section.Access) >= Level.Manage
        );
    }

    /// <summary>The rows of a review as a file; an act, and noted.</summary>
    public async Task<(ReviewView Review, IReadOnlyList<ReviewRow> Rows)> Export(Guid id, ReviewQuery query, string format, int most)
    {
        await using var db = await Open(PeopleAct.Review);
        var campaign = await db.ReviewCampaigns.Where(c => c.Id == id).AsNoTracking().OneOrNotFound();
        var now = Now;
        var rows = await Rows(db, campaign, await Ordered(Matching(db, id, query, now)).Take(most).AsNoTracking().ToListAsync(), now);
        db.Audit(new Act("review.exported", 0, To: $"{format}:{rows.Count}", Subject: id.ToString()), Section.Access);
        await db.SaveChangesAsync();
        return (new ReviewView((await Rows(db, [campaign]))[0], [], rows.Count, null, false), rows);
    }

    private static IOrderedQueryable<ReviewItem> Ordered(IQueryable<ReviewItem> items) =>
        items
            .OrderBy(i => i.Outcome == ReviewOutcome.Waiting ? 0 : 1)
            .ThenBy(i => i.MembershipId == null ? 1 : 0)
            .ThenBy(i => i.What)
            .ThenBy(i => i.Id);

    private static IQueryable<ReviewItem> Matching(PortalDb db, Guid id, ReviewQuery query, DateTime now)
    {
        var (outcomes, long_) = (query.Outcomes, now - GrantService.Long);
        var items = db.ReviewItems.Where(i => i.CampaignId == id);
        if (outcomes.Count > 0)
            items = items.Where(i => outcomes.Contains(i.Outcome));
        if (query.Unused)
            items = items.Where(i =>
                !db.Memberships.Any(m => m.Id == i.MembershipId && m.LastUsedAt >= long_)
                && !db.Grants.Any(g => g.Id == i.GrantId && g.LastUsedAt >= long_)
            );
        if (query.Words is { Length: > 0 } words)
        {
            var called = db.Users.Ids(words).ConvertAll(id => (Guid?)id);
            // An organisation's names are one text of six; whoever searches may write any of them.
            var bodies = db.Organisations.AsNoTracking().AsEnumerable().Where(o => Named.Is(o, words)).Select(o => (Guid?)o.Id).ToList();
            items = items.Where(i => bodies.Contains(i.OrganisationId) || called.Contains(i.PersonId));
        }
        return items;
    }

    private async Task<IReadOnlyList<ReviewRow>> Rows(PortalDb db, ReviewCampaign campaign, List<ReviewItem> page, DateTime now)
    {
        var (memberships, grants) = (
            page.Select(i => i.MembershipId).OfType<Guid>().ToList(),
            page.Select(i => i.GrantId).OfType<Guid>().ToList()
        );
        var places = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m => memberships.Contains(m.Id))
            .AsNoTracking()
            .ToDictionaryAsync(m => m.Id);
        var given = (
            await GrantService.Rows(db, await db.Grants.Where(g => grants.Contains(g.Id)).AsNoTracking().ToListAsync(), now)
        ).ToDictionary(g => g.Id);
        var people = page.SelectMany(i => new[] { i.PersonId, i.AnsweredBy }).OfType<Guid>().Distinct().ToList();
        var named = await db
            .Users.Where(u => people.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.Name,
                u.Email,
            })
            .ToDictionaryAsync(u => u.Id);
        var own = await Own(db);
        return page.ConvertAll(i =>
        {
            var (place, grant) = (i.MembershipId is { } m ? places[m] : null, i.GrantId is { } g ? given[g] : null);
            var person = i.PersonId is { } p ? named.GetValueOrDefault(p) : null;
            return new ReviewRow(
                i.Id,
                grant?.To ?? new PrincipalName(PrincipalKind.Person, null, null, person?.Name, person?.Email),
                i.PersonId,
                place is null ? null : MembershipRow.Of(place, db.Actor, now),
                grant,
                place?.LastUsedAt ?? grant?.LastUsedAt,
                i.Outcome,
                i.AnsweredBy is { } by ? named.GetValueOrDefault(by)?.Name : null,
                i.AnsweredAt,
                i.Why,
                campaign.IsOpen(now) && i.Outcome is ReviewOutcome.Waiting or ReviewOutcome.Kept && i.IsFor(db.Actor) && !i.IsOwn(own),
                i.IsOwn(own),
                i.Version
            );
        });
    }

    private static async Task<List<Membership>> Own(PortalDb db)
    {
        var me = db.Actor.PersonId;
        return await db.Memberships.Where(m => m.PersonId == me).AsNoTracking().ToListAsync();
    }

    /// <summary>Confirms rows.</summary>
    /// <param name="id">The review.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="why">A note, if there is one.</param>
    public Task Keep(Guid id, IReadOnlyCollection<Guid> rows, string? why) =>
        Answer(
            id,
            rows,
            (db, items, own, now) =>
            {
                foreach (var item in items)
                {
                    item.Keep(db.Actor, own, why, now);
                    Note(db, item, "review.kept", ReviewOutcome.Waiting);
                }
                return Task.CompletedTask;
            }
        );

    /// <summary>Takes away what rows are about, at once.</summary>
    /// <inheritdoc cref="Keep" path="/param"/>
    public Task Remove(Guid id, IReadOnlyCollection<Guid> rows, string? why) =>
        Answer(
            id,
            rows,
            async (db, items, own, now) =>
            {
                foreach (var item in items)
                {
                    var before = item.Outcome;
                    item.Remove(db.Actor, own, why, now);
                    Note(db, item, "review.removed", before);
                }
                var leaving = items.Select(i => i.MembershipId).OfType<Guid>().ToHashSet();
                foreach (var role in items.Where(i => i.MembershipId is not null).Select(i => i.Role!.Value).Distinct())
                    await PeopleRules.DemandAnother(store, role, m => leaving.Contains(m.Id), now, now);
                await course.Take(db, items, why, now);
            }
        );

    private async Task Answer(
        Guid id,
        IReadOnlyCollection<Guid> rows,
        Func<PortalDb, List<ReviewItem>, List<Membership>, DateTime, Task> answer
    )
    {
        Refusal.If(rows.Count == 0, "review.none_chosen");
        await InTurn(
            PeopleAct.Review,
            async db =>
            {
                var now = Now;
                var campaign = await db.ReviewCampaigns.Where(c => c.Id == id).AsNoTracking().OneOrNotFound();
                Refusal.Unless(campaign.IsOpen(now), "review.ended");
                var items = await db.ReviewItems.Where(i => i.CampaignId == id && rows.Contains(i.Id)).OrderBy(i => i.Id).ToListAsync();
                if (items.Count != rows.Distinct().Count())
                    throw new NotFound();
                Refusal.If((await ReviewCourse.Standing(db, items, now)).Gone.Count > 0, "review.gone");
                await answer(db, items, await Own(db), now);
                await course.Refresh(db, items, now);
            }
        );
    }

    private static void Note(PortalDb db, ReviewItem item, string code, ReviewOutcome before) =>
        db.Audit(new Act(code, 0, before.ToString(), item.Outcome.ToString(), item.Why, item.Id.ToString()), Section.Access);

    /// <summary>What a review would begin with, and what lapses if nobody answers.</summary>
    public async Task<ReviewBeginning> PreviewOf(ReviewSubject subject, ReviewSilence silence)
    {
        await using var db = await Manager();
        var now = Now;
        var rows = await ReviewCourse.RowsOf(
            db,
            ReviewCampaign.Start(subject, silence, now.AddDays(ReviewCampaign.UsualDays), db.Actor.PersonId, now),
            now
        );
        return new ReviewBeginning(rows.Count, await course.IfNobodyAnswers(rows, silence, now));
    }

    /// <summary>Starts a review.</summary>
    /// <returns>Its identifier.</returns>
    /// <exception cref="Refusal">One of the same subject is open, there is nothing to go through, or the deadline will not do.</exception>
    public async Task<Guid> Start(ReviewSubject subject, ReviewSilence silence, DateTime deadline)
    {
        var id = Guid.Empty;
        await InTurn(async db =>
            id = (await course.Start(db, subject, silence, deadline, Now) ?? throw new Refusal("review.nothing", "Subject")).Id
        );
        return id;
    }

    /// <summary>Sets another deadline.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when it is no longer the one that was seen.</exception>
    public Task MoveDeadline(Guid id, DateTime seen, DateTime deadline) =>
        Change(
            id,
            (db, campaign, now) =>
            {
                var before = campaign.Deadline;
                Refusal.If(before != seen, "record.changed_meanwhile");
                campaign.MoveDeadline(deadline, now);
                ReviewCourse.Note(db, campaign, "review.deadline_moved", $"{before:yyyy-MM-dd}", $"{deadline:yyyy-MM-dd}");
                return Task.CompletedTask;
            }
        );

    /// <summary>Ends a review before its deadline, nothing waiting any more.</summary>
    public Task Close(Guid id) =>
        Change(
            id,
            async (db, campaign, now) =>
            {
                Refusal.If(
                    await db.ReviewItems.AnyAsync(i => i.CampaignId == id && i.Outcome == ReviewOutcome.Waiting),
                    "review.rows_wait"
                );
                await course.Close(db, campaign, now);
            }
        );

    /// <summary>Calls a review off; what waits stays as it is.</summary>
    public Task Cancel(Guid id, string? why) =>
        Change(
            id,
            (db, campaign, now) =>
            {
                why = Text.Optional(why, Grant.LongestReason, nameof(Grant.Reason)) ?? throw new Refusal("grant.reason_required");
                campaign.Cancel(db.Actor.PersonId, now);
                db.Audit(
                    new Act("review.cancelled", 0, ReviewStatus.Open.ToString(), campaign.Status.ToString(), why, id.ToString()),
                    Section.Access
                );
                return Task.CompletedTask;
            }
        );

    private Task Change(Guid id, Func<PortalDb, ReviewCampaign, DateTime, Task> change) =>
        InTurn(async db =>
        {
            var campaign = await db.ReviewCampaigns.Where(c => c.Id == id).OneOrNotFound();
            await change(db, campaign, Now);
            await course.Refresh(db, await db.ReviewItems.Where(i => i.CampaignId == id && i.ToDelegate).AsNoTracking().ToListAsync(), Now);
        });

    /// <summary>How often each subject is reviewed by itself.</summary>
    public async Task<IReadOnlyList<ReviewRhythm>> Rhythms()
    {
        await using var db = await Open(PeopleAct.Review);
        Refusal.Unless(db.Actor.LevelIn(Section.Access) >= Level.View, "access.not_yours");
        var set = (await db.ReviewRhythms.AsNoTracking().ToListAsync()).ToDictionary(r => r.Subject);
        var now = Now;
        return [.. ReviewSubject.All.Select(s => set.GetValueOrDefault(s) ?? ReviewRhythm.Usual(s, now))];
    }

    /// <summary>Sets how often a subject is reviewed by itself, or that it is not.</summary>
    /// <exception cref="Refusal"><c>record.changed_meanwhile</c> when it is no longer as it was seen.</exception>
    public Task SetRhythm(ReviewRhythm seen, bool isOn, int months, int days, ReviewSilence silence) =>
        InTurn(async db =>
        {
            var subject = seen.Subject;
            var rhythm = await db.ReviewRhythms.FirstOrDefaultAsync(r => r.Subject == subject);
            Refusal.If(Said(rhythm ?? ReviewRhythm.Usual(subject, Now)) != Said(seen), "record.changed_meanwhile");
            if (rhythm is null)
                db.ReviewRhythms.Add(rhythm = ReviewRhythm.Usual(subject, Now));
            var before = Said(rhythm);
            rhythm.Change(isOn, months, days, silence, Now);
            db.Audit(new Act("review.rhythm_changed", 0, before, Said(rhythm), Subject: rhythm.Id.ToString()), Section.Access);
        });

    private static string Said(ReviewRhythm r) => r.IsOn ? $"{r.Subject.Key}:{r.Months}m:{r.Days}d:{r.Silence}" : $"{r.Subject.Key}:off";

    private async Task InTurn(Func<PortalDb, Task> act)
    {
        Refusal.Unless((await actors.Current()).LevelIn(Section.Access) >= Level.Manage, "access.not_yours");
        await InTurn(PeopleAct.Review, act);
    }

    // In the turn of all acts on places, so that who is left is counted with them.
    private async Task InTurn(PeopleAct needed, Func<PortalDb, Task> act)
    {
        await check.Demand();
        outbox.Prepare();
        await using var db = await Open(needed);
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                await act(db);
                await db.SaveOrRefuse();
            }
        );
    }

    private async Task<PortalDb> Manager()
    {
        Refusal.Unless((await actors.Current()).LevelIn(Section.Access) >= Level.Manage, "access.not_yours");
        return await actors.Open();
    }

    private async Task<PortalDb> Open(PeopleAct act)
    {
        var db = await actors.Open();
        if (Delegation.May(db.Actor, act))
            return db;
        await db.DisposeAsync();
        throw new Refusal("review.not_yours");
    }
}
