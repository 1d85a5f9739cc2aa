using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>Grants of every standing and two requests, so that the access pages have something to show. None of them opens or closes a record of the story.</summary>
internal static class DemonstrationAccess
{
    /// <summary>Adds them to what is saved next. Each is on the record at its own moment.</summary>
    public static async Task Write(PortalDb db, StoryClock past, IReadOnlyDictionary<string, Organisation> organisations, Func<string, string, Actor> actors, DateTime now)
    {
        var (first, second) = (actors("access@demo.example", ReferenceOrganisations.Cted), actors("access.second@demo.example", ReferenceOrganisations.Cted));
        Grant Given(Principal to, Section section, Level level, int daysAgo, int? daysLeft, string reason, RegionalGroup? region = null) =>
            Grant.To(to, new(section, level, level == Level.None, [], region, false, now.AddDays(-daysAgo), daysLeft is { } d ? now.AddDays(d) : null, reason), first.PersonId, now.AddDays(-daysAgo));

        var manages = Given(Principal.Person(actors("information@demo.example", ReferenceOrganisations.Cted).PersonId), Section.Guide, Level.Manage, 140, null, "Keeps the technical guide up to date.");
        manages.Approve(second.PersonId, now.AddDays(-139));
        var over = Given(Principal.Organisation(organisations["osce"].Id), Section.Meetings, Level.View, 90, 60, "Preparation of the regional meeting.");
        over.Revoke(now.AddDays(-20));
        foreach (var (grant, code) in new[]
        {
            (manages, "grant.given"),
            (Given(Principal.Of(Role.Expert), Section.Reporting, Level.View, 120, 20, "Joint strategy on late reports, for one year."), "grant.given"),
            (Given(Principal.Organisation(organisations["igad"].Id), Section.Practices, Level.Contribute, 200, null, "Adds the practices of its region.", RegionalGroup.Africa), "grant.given"),
            (Given(Principal.Organisation(organisations["unodc-tpb"].Id), Section.Meetings, Level.None, 45, null, "Not invited until its new focal point is named."), "grant.given"),
            (Given(Principal.Person(actors("assistance@demo.example", ReferenceOrganisations.Cted).PersonId), Section.Practices, Level.Manage, 2, 365, "Publishes the reviewed practices."), "grant.given"),
            (over, "grant.revoked"),
        })
        {
            (past.Now, db.Actor) = (grant.RevokedAt ?? grant.GrantedAt, first);
            db.Grants.Add(grant);
            db.Audit(new Act(code, 0, Subject: grant.Id.ToString()), Section.Access);
            await db.SaveChangesAsync();
        }

        foreach (var (email, code, section, reason, daysAgo) in new[]
        {
            ("delegate@demo.example", "committee-a", Section.Needs, "To prepare the discussion of technical assistance in the Committee.", 1),
            ("partner.osce@demo.example", "osce", Section.Proposals, "To avoid offering the same training twice.", 7),
        })
        {
            (past.Now, db.Actor) = (now.AddDays(-daysAgo), actors(email, code));
            var request = AccessRequest.Ask(db.Actor, section, reason, past.Now);
            db.AccessRequests.Add(request);
            db.Audit(new Act("access.requested", 0, To: section.ToString(), Subject: request.Id.ToString()), Section.Access);
            await db.SaveChangesAsync();
        }
    }
}
