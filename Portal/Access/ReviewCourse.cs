using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Access;

/// <summary>
/// The course of a review, whoever moves it on: a reviewer, or the clock. Everything is added to what the caller's context will save.
/// </summary>
public sealed class ReviewCourse(PortalStore store, Outbox outbox, PortalAddress address, IStringLocalizer<ReviewWords> words, Say say)
{
    /// <summary>
    /// The rows that a review of a subject has: what counts, or will, or is suspended. Denials are none: without one somebody would have
    /// more.
    /// </summary>
    public static async Task<List<ReviewItem>> RowsOf(PortalDb db, ReviewCampaign campaign, DateTime now)
    {
        var grants = db.Grants.Where(g => g.RevokedAt == null && !g.Deny && (g.Until == null || g.Until > now));
        if (campaign.Subject.Section is { } section)
            return
            [
                .. (await grants.Where(g => g.Section == section).OrderBy(g => g.Id).AsNoTracking().ToListAsync()).Select(g =>
                    ReviewItem.Of(campaign, g)
                ),
            ];
        var kind = campaign.Subject.Kind!.Value;
        var roles = Enum.GetValues<Role>().Where(r => r.Kind() == kind).Select(r => (Role?)r).ToList();
        var memberships = db.Memberships.Where(m =>
            m.Organisation.Kind == kind && (m.Until == null || m.Until > now || m.SuspendedAt != null)
        );
        var given = grants.Where(g =>
            roles.Contains(g.Role)
            || db.Organisations.Any(o => o.Id == g.OrganisationId && o.Kind == kind)
            || memberships.Any(m => m.PersonId == g.PersonId)
        );
        return
        [
            .. (await memberships.Include(m => m.Organisation).OrderBy(m => m.Id).AsNoTracking().ToListAsync()).Select(m =>
                ReviewItem.Of(campaign, m)
            ),
            .. (await given.OrderBy(g => g.Id).AsNoTracking().ToListAsync()).Select(g => ReviewItem.Of(campaign, g)),
        ];
    }

    /// <summary>Starts a review and tells its reviewers.</summary>
    /// <returns>The review; null where there is nothing to go through.</returns>
    /// <exception cref="Refusal">One of the same subject is open.</exception>
    public async Task<ReviewCampaign?> Start(PortalDb db, ReviewSubject subject, ReviewSilence silence, DateTime deadline, DateTime now)
    {
        Refusal.If(
            await db.ReviewCampaigns.AnyAsync(c => c.Subject == subject && c.Status == ReviewStatus.Open),
            "review.open_already",
            "Subject"
        );
        var campaign = ReviewCampaign.Start(subject, silence, deadline, db.Actor.IsSignedIn ? db.Actor.PersonId : null, now);
        var rows = await RowsOf(db, campaign, now);
        if (rows.Count == 0)
            return null;
        db.ReviewCampaigns.Add(campaign);
        db.ReviewItems.AddRange(rows);
        Note(db, campaign, "review.started", null, $"{subject.Key}:{silence}:{deadline:yyyy-MM-dd}");
        await TellReviewers(db, campaign, rows, "started", now);
        return campaign;
    }

    /// <summary>Reminds those whose rows wait.</summary>
    public async Task Remind(PortalDb db, ReviewCampaign campaign, DateTime now)
    {
        campaign.Remind(now);
        var waiting = await db
            .ReviewItems.Where(i => i.CampaignId == campaign.Id && i.Outcome == ReviewOutcome.Waiting)
            .AsNoTracking()
            .ToListAsync();
        Note(db, campaign, "review.reminded", null, waiting.Count.ToString());
        await TellReviewers(db, campaign, waiting, "reminded", now);
    }

    /// <summary>Ends what rows are about, as it is ended everywhere else, and tells those who lose it.</summary>
    /// <param name="db">The database.</param>
    /// <param name="rows">Rows, each of something that still stands.</param>
    /// <param name="why">The reason, for the log's reader it is with the row.</param>
    /// <param name="now">UTC.</param>
    public async Task Take(PortalDb db, IReadOnlyCollection<ReviewItem> rows, string? why, DateTime now)
    {
        var (memberships, grants) = await Load(db, rows);
        var lost = new List<(Guid PersonId, Func<string> What)>();
        foreach (var row in rows)
        {
            if (row.MembershipId is { } m && memberships[m] is var membership)
            {
                var before = PeopleRules.Said(membership);
                membership.End(now);
                PeopleRules.Note(db, membership, "membership.ended", before, PeopleRules.Said(membership), why);
                lost.Add(
                    (membership.PersonId, () => say.Labelled(say.Code("role", membership.Role), say.Name(membership.Organisation.Name)))
                );
            }
            else if (row.GrantId is { } g && grants[g] is var grant)
            {
                var before = GrantService.Said(grant);
                grant.Revoke(now);
                db.Audit(new Act("grant.revoked", 0, before, GrantService.Said(grant), why, grant.Id.ToString()), Section.Access);
                GrantService.Tell(db, grant);
                string What() => say.Labelled(say.Code("section", grant.Section), say.Code("level", grant.Level));
                lost.AddRange((await Holders(grant, now)).Select(p => (p, (Func<string>)What)));
            }
        }
        await TellLosers(db, lost);
    }

    private async Task<List<Guid>> Holders(Grant grant, DateTime now)
    {
        await using var all = await store.OpenAsSystem("tell those who lose a grant");
        return await all
            .Memberships.Where(m =>
                m.From <= now
                && (m.Until == null || m.Until > now)
                && (grant.Role == null || m.Role == grant.Role)
                && (grant.OrganisationId == null || m.OrganisationId == grant.OrganisationId)
                && (grant.PersonId == null || m.PersonId == grant.PersonId)
            )
            .Select(m => m.PersonId)
            .Distinct()
            .ToListAsync();
    }

    /// <summary>Ends a review: what nobody has confirmed lapses, or stays and is reported.</summary>
    public async Task Close(PortalDb db, ReviewCampaign campaign, DateTime now)
    {
        var waiting = await db
            .ReviewItems.Where(i => i.CampaignId == campaign.Id && i.Outcome == ReviewOutcome.Waiting)
            .OrderBy(i => i.Id)
            .ToListAsync();
        var (standing, gone) = await Standing(db, waiting, now);
        var spared = campaign.Silence == ReviewSilence.Lapse ? await Spared(standing, now) : [];
        foreach (var row in waiting)
        {
            var outcome =
                gone.Contains(row) ? ReviewOutcome.Gone
                : campaign.Silence == ReviewSilence.Report ? ReviewOutcome.Unconfirmed
                : spared.Contains(row) ? ReviewOutcome.Spared
                : ReviewOutcome.Lapsed;
            row.Settle(outcome, now);
            db.Audit(
                new Act(SettledAct(outcome), 0, ReviewOutcome.Waiting.ToString(), outcome.ToString(), Subject: row.Id.ToString()),
                Section.Access
            );
        }
        await Take(db, [.. waiting.Where(i => i.Outcome == ReviewOutcome.Lapsed)], null, now);
        campaign.Close(waiting.Count, db.Actor.IsSignedIn ? db.Actor.PersonId : null, now);
        var counts = await db
            .ReviewItems.Where(i => i.CampaignId == campaign.Id && i.Outcome != ReviewOutcome.Waiting)
            .GroupBy(i => i.Outcome)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToListAsync();
        var all = counts
            .Select(c => (c.Key, c.Count))
            .Concat(waiting.GroupBy(i => i.Outcome).Select(g => (g.Key, Count: g.Count())))
            .GroupBy(c => c.Key)
            .OrderBy(g => g.Key);
        Note(db, campaign, "review.closed", null, string.Join(' ', all.Select(g => $"{g.Key}:{g.Sum(c => c.Count)}")));
        await TellManagers(db, campaign, now);
    }

    private static string SettledAct(ReviewOutcome outcome) =>
        outcome switch
        {
            ReviewOutcome.Lapsed => "review.lapsed",
            ReviewOutcome.Unconfirmed => "review.unconfirmed",
            ReviewOutcome.Spared => "review.spared",
            ReviewOutcome.Gone => "review.gone",
            ReviewOutcome.Waiting or ReviewOutcome.Kept or ReviewOutcome.Removed => throw new InvalidOperationException(
                $"{outcome} is no outcome of silence"
            ),
        };

    /// <summary>What lapses if nobody answers these rows, exactly.</summary>
    public async Task<ReviewPreview> IfNobodyAnswers(IReadOnlyCollection<ReviewItem> waiting, ReviewSilence silence, DateTime now)
    {
        if (silence == ReviewSilence.Report || waiting.Count == 0)
            return ReviewPreview.Nothing;
        // Whoever reads the preview may see the rows; what they open is counted, and no record is told.
        await using var db = await store.OpenAsSystem("preview a review");
        var (standing, _) = await Standing(db, waiting, now);
        var spared = await Spared(standing, now);
        var lapsing = standing.Except(spared).ToList();
        var (ended, revoked) = (
            lapsing.Select(i => i.MembershipId).OfType<Guid>().ToHashSet(),
            lapsing.Select(i => i.GrantId).OfType<Guid>().ToHashSet()
        );
        var byPrincipal = new GrantsByPrincipal(await db.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync());
        var given = lapsing.Where(i => i.GrantId is not null).ToList();
        var (roles, organisations, people) = (
            given.Where(i => i.OrganisationId is null && i.PersonId is null).Select(i => i.Role).ToList(),
            given.Select(i => i.OrganisationId).OfType<Guid>().ToList(),
            given.Select(i => i.PersonId).OfType<Guid>().ToList()
        );
        var memberships = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m =>
                m.From <= now
                && (m.Until == null || m.Until > now)
                && (
                    ended.Contains(m.Id)
                    || roles.Contains(m.Role)
                    || organisations.Contains(m.OrganisationId)
                    || people.Contains(m.PersonId)
                )
            )
            .AsNoTracking()
            .ToListAsync();
        return ReviewPreview.Of(
            lapsing,
            spared.Count,
            memberships.ConvertAll(m => new Touched(
                Actor.Of(m, "", byPrincipal.For(m), now),
                ended.Contains(m.Id) ? Actor.Anonymous : Actor.Of(m, "", byPrincipal.For(m).Where(g => !revoked.Contains(g.Id)), now)
            ))
        );
    }

    private async Task<IReadOnlyList<ReviewItem>> Spared(IReadOnlyCollection<ReviewItem> rows, DateTime now)
    {
        await using var all = await store.OpenAsSystem("count who is left where a review ends in silence");
        return ReviewRules.Spared(
            rows,
            [
                .. await PeopleRules.Held(store, now, null, Role.AccessManager, Role.Administrator),
                .. await VacancyService.WhereWorkWaits(all, now),
            ],
            now
        );
    }

    private static async Task<(Dictionary<Guid, Membership> Memberships, Dictionary<Guid, Grant> Grants)> Load(
        PortalDb db,
        IReadOnlyCollection<ReviewItem> rows
    )
    {
        var (memberships, grants) = (
            rows.Select(i => i.MembershipId).OfType<Guid>().ToList(),
            rows.Select(i => i.GrantId).OfType<Guid>().ToList()
        );
        return (
            await db.Memberships.Include(m => m.Organisation).Where(m => memberships.Contains(m.Id)).ToDictionaryAsync(m => m.Id),
            await db.Grants.Where(g => grants.Contains(g.Id)).ToDictionaryAsync(g => g.Id)
        );
    }

    /// <summary>Rows of what still stands, and of what has ended in another way.</summary>
    public static async Task<(IReadOnlyList<ReviewItem> Standing, IReadOnlyList<ReviewItem> Gone)> Standing(
        PortalDb db,
        IReadOnlyCollection<ReviewItem> rows,
        DateTime now
    )
    {
        var (memberships, grants) = await Load(db, rows);
        var stands = rows.ToLookup(i =>
            i.MembershipId is { } m
                ? memberships[m].StandingAt(now) != MembershipStanding.Ended
                : grants[i.GrantId!.Value] is { RevokedAt: null } g && !(g.Until <= now)
        );
        return ([.. stands[true]], [.. stands[false]]);
    }

    /// <summary>Puts an act on a review in the log.</summary>
    public static void Note(PortalDb db, ReviewCampaign campaign, string code, string? from, string? to) =>
        db.Audit(new Act(code, 0, from, to, Subject: campaign.Id.ToString()), Section.Access);

    /// <summary>Has the screens of those who may answer rows ask again.</summary>
    public async Task Refresh(PortalDb db, IReadOnlyCollection<ReviewItem> rows, DateTime now)
    {
        foreach (var (reviewer, _, _) in await Reviewers(rows, now))
            db.AccessChanged(reviewer.PersonId);
    }

    // Access managers, and by delegation those of the organisations concerned. Not everyone who answers may see who else does.
    private async Task<List<(Membership Place, string? Email, Language? Language)>> Reviewers(
        IReadOnlyCollection<ReviewItem> rows,
        DateTime now
    )
    {
        var managers = (await PeopleRules.Able(store, now, Role.AccessManager)).ConvertAll(m => m.Id);
        var bodies = rows.Where(i => i.ToDelegate).Select(i => i.OrganisationId).OfType<Guid>().Distinct().ToList();
        var roles = Enum.GetValues<Role>().Where(r => Delegation.Of(r) is not null).ToList();
        await using var all = await store.OpenAsSystem("find the reviewers of a review");
        var found = await all
            .Memberships.Include(m => m.Organisation)
            .Where(m =>
                m.From <= now
                && (m.Until == null || m.Until > now)
                && (managers.Contains(m.Id) || (roles.Contains(m.Role) && bodies.Contains(m.OrganisationId)))
            )
            .Join(
                all.Users.Where(u => u.LockoutEnd == null),
                m => m.PersonId,
                u => u.Id,
                (m, u) =>
                    new
                    {
                        Place = m,
                        u.Email,
                        u.Language,
                    }
            )
            .AsNoTracking()
            .ToListAsync();
        return found.ConvertAll(f => (f.Place, f.Email, f.Language));
    }

    private async Task TellReviewers(PortalDb db, ReviewCampaign campaign, IReadOnlyCollection<ReviewItem> rows, string how, DateTime now)
    {
        foreach (var (place, email, language) in await Reviewers(rows, now))
        {
            using var speaking = Speak(language);
            db.AccessChanged(place.PersonId);
            var actor = Actor.Of(place, "", [], now);
            var own = rows.Count(i => i.IsFor(actor) && !i.IsOwn([place]));
            if (own > 0 && email is not null)
                outbox.Add(
                    db,
                    email,
                    words["mail.subject." + how],
                    words[
                        "mail." + how,
                        TitleOf(campaign.Subject),
                        own,
                        say.Moment(campaign.Deadline),
                        words["silence." + campaign.Silence + ".told"].Value,
                        Link(campaign)
                    ]
                );
        }
    }

    private async Task TellManagers(PortalDb db, ReviewCampaign campaign, DateTime now)
    {
        foreach (var (place, email, language) in await Reviewers([], now))
        {
            using var speaking = Speak(language);
            db.AccessChanged(place.PersonId);
            if (email is not null)
                outbox.Add(db, email, words["mail.subject.closed"], words["mail.closed", TitleOf(campaign.Subject), Link(campaign)]);
        }
    }

    // One mail for all that somebody loses.
    private async Task TellLosers(PortalDb db, List<(Guid PersonId, Func<string> What)> lost)
    {
        var ids = lost.Select(l => l.PersonId).Distinct().ToList();
        var addresses = await db
            .Users.Where(u => ids.Contains(u.Id) && u.Email != null)
            .Select(u => new
            {
                u.Id,
                u.Email,
                u.Language,
            })
            .ToDictionaryAsync(u => u.Id);
        foreach (var person in lost.GroupBy(l => l.PersonId).Where(p => addresses.ContainsKey(p.Key)))
        {
            using var speaking = Speak(addresses[person.Key].Language);
            outbox.Add(
                db,
                addresses[person.Key].Email!,
                words["mail.subject.lost"],
                words["mail.lost", string.Join(" · ", person.Select(l => l.What()).Distinct()), address.Full("/access/ask")]
            );
        }
    }

    // Each reads their own language, whoever moves the review on; the clock has none.
    private static IDisposable Speak(Language? language) => Culture.Speak(language ?? Culture.Current);

    private string Link(ReviewCampaign campaign) => address.Full("/access/reviews/" + campaign.Id);

    /// <summary>A subject in words.</summary>
    public string TitleOf(ReviewSubject subject) =>
        subject.Kind is { } kind
            ? say.Code("kind", kind)
            : say.Labelled(words["subject.section"], say.Code("section", subject.Section!.Value));
}
