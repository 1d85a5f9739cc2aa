using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Data.Demonstration;

/// <summary>
/// Grants of every standing, two requests, and a review that is over and two under way, so that the access pages have something to show.
/// None of them opens or
/// closes a record of the story to anybody of the cast today, nor ends a place of the cast when its deadline passes.
/// </summary>
internal static class DemonstrationAccess
{
    /// <summary>Adds them to what is saved next. Each is on the record at its own moment.</summary>
    public static async Task Write(
        PortalDb db,
        StoryClock past,
        IReadOnlyDictionary<string, Organisation> organisations,
        Func<string, string, Actor> actors,
        DateTime now
    )
    {
        var (first, second) = (
            actors("access@demo.example", ReferenceOrganisations.Cted),
            actors("access.second@demo.example", ReferenceOrganisations.Cted)
        );
        Grant Given(Principal to, Section section, Level level, int daysAgo, int? daysLeft, string reason, RegionalGroup? region = null) =>
            Grant.To(
                to,
                new(
                    section,
                    level,
                    level == Level.None,
                    [],
                    region,
                    false,
                    now.AddDays(-daysAgo),
                    daysLeft is { } d ? now.AddDays(d) : null,
                    reason
                ),
                first.PersonId,
                now.AddDays(-daysAgo)
            );

        var manages = Given(
            Principal.Person(actors("assistance@demo.example", ReferenceOrganisations.Cted).PersonId),
            Section.Programmes,
            Level.Manage,
            140,
            null,
            "Helps publishers of IATI files to enter their programmes."
        );
        manages.Approve(second.PersonId, now.AddDays(-139));
        var over = Given(
            Principal.Organisation(organisations["osce"].Id),
            Section.Proposals,
            Level.View,
            90,
            60,
            "Preparation of the regional donor meeting."
        );
        over.Revoke(now.AddDays(-20));
        foreach (
            var (grant, code) in new[]
            {
                (manages, "grant.given"),
                (
                    Grant.To(
                        Principal.Of(Role.Expert),
                        new(
                            Section.Programmes,
                            Level.View,
                            false,
                            [],
                            null,
                            false,
                            now.AddDays(45),
                            null,
                            "Joint planning of regional workshops."
                        ),
                        first.PersonId,
                        now.AddDays(-5)
                    ),
                    "grant.given"
                ),
                (
                    Given(
                        Principal.Organisation(organisations["oas-cicte"].Id),
                        Section.Proposals,
                        Level.View,
                        120,
                        20,
                        "Plans its courses with the providers, for one year."
                    ),
                    "grant.given"
                ),
                (
                    Given(
                        Principal.Organisation(organisations["igad"].Id),
                        Section.Directory,
                        Level.Contribute,
                        200,
                        null,
                        "Adds the offers of its region.",
                        RegionalGroup.Africa
                    ),
                    "grant.given"
                ),
                (
                    Given(
                        Principal.Organisation(organisations["comsec"].Id),
                        Section.Programmes,
                        Level.None,
                        45,
                        null,
                        "Enters no programmes until its new contact is named."
                    ),
                    "grant.given"
                ),
                (
                    Given(
                        Principal.Person(actors("information@demo.example", ReferenceOrganisations.Cted).PersonId),
                        Section.Programmes,
                        Level.Manage,
                        2,
                        365,
                        "Corrects programmes at the request of their providers."
                    ),
                    "grant.given"
                ),
                (over, "grant.revoked"),
            }
        )
        {
            (past.Now, db.Actor) = (grant.RevokedAt ?? grant.GrantedAt, first);
            db.Grants.Add(grant);
            db.Audit(new Act(code, 0, Subject: grant.Id.ToString()), Section.Access);
            await db.SaveChangesAsync();
        }

        foreach (
            var (email, code, section, reason, daysAgo) in new[]
            {
                (
                    "delegate@demo.example",
                    "committee-a",
                    Section.Needs,
                    "To prepare the discussion of technical assistance in the Committee.",
                    1
                ),
                ("partner.osce@demo.example", "osce", Section.Proposals, "To avoid offering the same training twice.", 7),
            }
        )
        {
            (past.Now, db.Actor) = (now.AddDays(-daysAgo), actors(email, code));
            var request = AccessRequest.Ask(db.Actor, section, reason, past.Now);
            db.AccessRequests.Add(request);
            db.Audit(new Act("access.requested", 0, To: section.ToString(), Subject: request.Id.ToString()), Section.Access);
            await db.SaveChangesAsync();
        }
        await WriteReviews(db, past, organisations, first, second, now);
        await WriteTold(db, past, actors, now);
    }

    private static async Task WriteReviews(
        PortalDb db,
        StoryClock past,
        IReadOnlyDictionary<string, Organisation> organisations,
        Actor first,
        Actor second,
        DateTime now
    )
    {
        foreach (
            var (membership, i) in (await db.Memberships.Include(m => m.Organisation).ToListAsync())
                .OrderBy(m => m.Place, StringComparer.Ordinal)
                .Select((m, i) => (m, i))
        )
            membership.WasUsed(now.AddDays(-(i * 7 % 130)));
        await db.SaveChangesAsync();

        var over = await Started(ReviewSubject.Of(OrganisationKind.ExpertGroup), ReviewSilence.Report, 60, 30);
        await Answered(
            over,
            i => i.MembershipId is not null,
            (item, by, at) => item.Keep(by, [by.Membership!], "Confirmed by the chair of the group.", at)
        );
        (past.Now, db.Actor) = (over.Campaign.Deadline, Actor.Anonymous);
        foreach (var item in over.Items.Where(i => i.Outcome == ReviewOutcome.Waiting))
        {
            item.Settle(ReviewOutcome.Unconfirmed, past.Now);
            db.Audit(
                new Act("review.unconfirmed", 0, ReviewOutcome.Waiting.ToString(), item.Outcome.ToString(), Subject: item.Id.ToString()),
                Section.Access
            );
        }
        over.Campaign.Close(0, null, past.Now);
        ReviewCourse.Note(db, over.Campaign, "review.closed", null, null);
        await db.SaveChangesAsync();

        // Of States and of what is kept apart: a focal point sees the contributors of their own State, and no row of another's.
        var states = await Started(ReviewSubject.Of(OrganisationKind.MemberState), ReviewSilence.Report, 9, 30);
        await Answered(
            states,
            i => i.OrganisationId == organisations["per"].Id,
            (item, by, at) => item.Keep(by, [by.Membership!], "Confirmed by letter.", at)
        );
        await Started(ReviewSubject.Of(Section.Proposals), ReviewSilence.Lapse, 3, 30);

        async Task<(ReviewCampaign Campaign, List<ReviewItem> Items)> Started(
            ReviewSubject subject,
            ReviewSilence silence,
            int daysAgo,
            int days
        )
        {
            (past.Now, db.Actor) = (now.AddDays(-daysAgo), first);
            var campaign = ReviewCampaign.Start(subject, silence, past.Now.AddDays(days), first.PersonId, past.Now);
            var items = await ReviewCourse.RowsOf(db, campaign, past.Now);
            db.Add(campaign);
            db.AddRange(items);
            ReviewCourse.Note(db, campaign, "review.started", null, null);
            await db.SaveChangesAsync();
            return (campaign, items);
        }

        async Task Answered(
            (ReviewCampaign Campaign, List<ReviewItem> Items) review,
            Func<ReviewItem, bool> which,
            Action<ReviewItem, Actor, DateTime> answer
        )
        {
            (past.Now, db.Actor) = (review.Campaign.StartedAt.AddDays(2), second);
            foreach (var item in review.Items.Where(which))
            {
                answer(item, second, past.Now);
                db.Audit(
                    new Act("review.kept", 0, ReviewOutcome.Waiting.ToString(), item.Outcome.ToString(), item.Why, item.Id.ToString()),
                    Section.Access
                );
            }
            await db.SaveChangesAsync();
        }
    }

    // How some want to be told, and what was mailed.
    private static async Task WriteTold(PortalDb db, StoryClock past, Func<string, string, Actor> actors, DateTime now)
    {
        // Some chose how to be told.
        foreach (
            var (email, code, rhythm, way) in new[]
            {
                ("manager.norad@demo.example", "norad", DigestRhythm.Daily, NoticeWay.AtOnce),
                ("focal.ken@demo.example", "ken", DigestRhythm.Weekly, NoticeWay.Digest),
            }
        )
        {
            (past.Now, db.Actor) = (now.AddDays(-5), actors(email, code));
            var choices = NoticeChoices.Of(db.Actor.Membership!.Id, past.Now);
            choices.Choose(rhythm, [new("need.shared_with_you", way), new("proposal.proposed", NoticeWay.Digest)], past.Now);
            db.NoticeChoices.Add(choices);
            db.Audit(new Act("account.notices_chosen", 0, Subject: db.Actor.PersonId.ToString()), Section.Administration);
            await db.SaveChangesAsync();
        }

        // And saved views.
        foreach (
            var (email, code, list, name, query) in new[]
            {
                ("manager.norad@demo.example", "norad", (Kind)Need.Card, "Training, circulated", "modality=TRAINING&status=Circulated"),
                ("focal.ken@demo.example", "ken", Need.Card, "Drafts and returned", "status=Draft&status=Returned"),
                ("focal.ken@demo.example", "ken", Programme.Card, "Planned and active", "status=Active&status=Pipeline"),
                ("assistance@demo.example", ReferenceOrganisations.Cted, Need.Card, "To authenticate", "status=Submitted"),
            }
        )
        {
            (past.Now, db.Actor) = (now.AddDays(-4), actors(email, code));
            var view = SavedView.Of(db.Actor.Membership!.Id, list, name, query, past.Now);
            db.SavedViews.Add(view);
            db.Audit(new Act("account.view_saved", 0, Subject: view.Id.ToString()), Section.Administration);
            await db.SaveChangesAsync();
        }

        // Mails as they lie in the outbox afterwards: without text.
        db.AddRange(
            new[]
            {
                (MailKind.Invitation, "focal.per@demo.example", MailState.Sent, 9, (string?)null),
                (MailKind.Invitation, "former.colleague@demo.example", MailState.GivenUp, 8, "550 5.1.1 no such user here"),
                (MailKind.Reset, "partner.osce@demo.example", MailState.Dropped, 4, null),
                (MailKind.Message, "partner.osce@demo.example", MailState.Sent, 2, null),
            }.Select(m => new OutboxMail
            {
                Kind = m.Item1,
                To = m.Item2,
                State = m.Item3,
                Language = Language.En,
                CreatedAt = now.AddDays(-m.Item4),
                NextAt = now.AddDays(-m.Item4),
                SentAt = m.Item3 == MailState.Sent ? now.AddDays(-m.Item4).AddSeconds(7) : null,
                Attempts = 1,
                LastError = m.Item5,
            })
        );
        await db.SaveChangesAsync();
    }
}
