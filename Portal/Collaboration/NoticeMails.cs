using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Data;
using Portal.Domain.Collaboration;
using Portal.Identity;
using Portal.Mail;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>
/// Writes mails of notices at the moment they are sent, from what their reader may see at that moment, and chose, and no more than what
/// happened
/// and where to read it: no title, no State, no text.
/// </summary>
public sealed class NoticeMails(
    PortalStore store,
    KnownActors actors,
    NoticeChoiceService choosing,
    PortalAddress address,
    IStringLocalizer<CollaborationWords> words,
    Say say
)
{
    private const int Most = 50;
    private const int MostMatches = 5;

    /// <summary>The notices of a mail, as the actor of <paramref name="db"/> sees them.</summary>
    private static IQueryable<Notice> Of(PortalDb db, NoticeChoices choices, NoticeWay way, DateTime since, DateTime until)
    {
        var (codes, from) = (choices.Told(way), db.Actor.Membership!.From);
        return db.Notices.Where(n => n.At > since && n.At <= until && n.At >= from && codes.Contains(n.Code));
    }

    /// <summary>What came to fit a view, if it is told in this way.</summary>
    private static IQueryable<ViewHit> Hits(PortalDb db, NoticeChoices choices, NoticeWay way, DateTime since, DateTime until)
    {
        var isTold = choices.WayOf(NoticeService.ViewCode) == way;
        return db.ViewHits.Where(h => isTold && h.IsNew && h.At > since && h.At <= until);
    }

    /// <summary>Needs that match, newly; in digests only, unless suggestions are not wanted.</summary>
    private static async Task<IReadOnlyList<string>> Matches(
        PortalDb db,
        NoticeChoices choices,
        NoticeWay way,
        DateTime since,
        DateTime until,
        CancellationToken ct
    ) =>
        way == NoticeWay.Digest && choices.WayOf("match.suggested") != NoticeWay.Off
            ? await MatchService.NewlySuggested(db, since, until, MostMatches, ct)
            : [];

    /// <summary>Whether there is something to tell.</summary>
    internal static async Task<bool> Any(
        PortalDb db,
        NoticeChoices choices,
        NoticeWay way,
        DateTime since,
        DateTime until,
        CancellationToken ct
    ) =>
        await Of(db, choices, way, since, until).AnyAsync(ct)
        || await Hits(db, choices, way, since, until).AnyAsync(ct)
        || (await Matches(db, choices, way, since, until, ct)).Count > 0;

    /// <summary>The text; null where nothing is left to tell.</summary>
    public async Task<MailText?> Compose(OutboxMail mail)
    {
        if (mail is not { MembershipId: { } membershipId, Since: { } since, Until: { } until })
            return null;
        var actor = await actors.OfMembership(membershipId);
        if (actor.Membership is null)
            return null;
        var way = mail.Kind == MailKind.Digest ? NoticeWay.Digest : NoticeWay.AtOnce;
        await using var db = await store.OpenFor(actor);
        if (await db.NoticeChoices.AsNoTracking().FirstOrDefaultAsync(c => c.MembershipId == membershipId) is not { } choices)
            return null;
        var hits = await Hits(db, choices, way, since, until)
            .OrderByDescending(h => h.At)
            .Take(Most + 1)
            .Select(h => new NoticeLine(h.RecordId, NoticeService.ViewCode, h.Kind, h.RecordId, h.Reference, h.At, true))
            .ToListAsync();
        var lines = (
            await Of(db, choices, way, since, until)
                .OrderByDescending(n => n.At)
                .ThenByDescending(n => n.Id)
                .Take(Most + 1)
                .Select(n => new NoticeLine(n.Id, n.Code, n.Kind, n.RecordId, n.Reference, n.At, true))
                .ToListAsync()
        )
            .Concat(hits)
            .OrderByDescending(l => l.At)
            .DistinctBy(l => (l.Code, l.Reference, l.At))
            .ToList();
        var matches = await Matches(db, choices, way, since, until, CancellationToken.None);
        if (lines.Count + matches.Count == 0)
            return null;
        var end = address.Full("/account/unsubscribe?link=" + choosing.LinkOf(membershipId));
        var text = string.Join(
            "\n\n",
            lines
                .Take(Most)
                .Select(l => say.Code("notice", l.Code) + "\n" + address.Full(l.Address))
                .Prepend(
                    words[
                        way == NoticeWay.Digest ? "notices.mail.digest" : "notices.mail.at_once",
                        say.Name(actor.Membership.Organisation.Name)
                    ]
                )
                .Concat(
                    matches.Count > 0
                        ?
                        [
                            words["notices.mail.matches"]
                                + "\n"
                                + string.Join('\n', matches.Select(m => address.Full("/matches/" + m)).Append(address.Full("/matches"))),
                        ]
                        : []
                )
                .Concat(lines.Count > Most ? [words["notices.mail.more"] + "\n" + address.Full("/notifications")] : [])
                .Append(words["notices.mail.end"] + "\n" + end)
        );
        return new MailText(
            words[way == NoticeWay.Digest ? "notices.mail.digest.subject" : "notices.mail.subject"],
            text,
            Culture.Current,
            address.Full("/account/unsubscribe/one-click?link=" + choosing.LinkOf(membershipId))
        );
    }
}
