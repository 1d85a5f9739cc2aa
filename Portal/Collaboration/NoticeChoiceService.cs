using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;

namespace Portal.Collaboration;

/// <summary>How the membership acted under wants to be told.</summary>
public sealed class NoticeChoiceService(ActorSource actors, PortalStore store, IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector links = protection.CreateProtector("end mails of notices");

    /// <summary>What is chosen.</summary>
    public async Task<(DigestRhythm Rhythm, IReadOnlyDictionary<string, NoticeWay> Ways)> Read()
    {
        await using var db = await actors.Open();
        return await db.NoticeChoices.AsNoTracking().FirstOrDefaultAsync(c => c.MembershipId == db.ActingMembershipId) is { } choices
            ? (choices.Rhythm, choices.Ways)
            : (DigestRhythm.Off, new Dictionary<string, NoticeWay>());
    }

    /// <summary>
    /// The events that the membership acted under may be told of: those that concern its kind of organisation, and any that it has been
    /// told of.
    /// </summary>
    public async Task<IReadOnlyList<NoticeEvent>> Events()
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership)
            return [];
        var told = await db.Notices.Where(n => n.At >= membership.From).Select(n => n.Code).Distinct().ToListAsync();
        return [.. NoticeEvents.All.Where(e => e.Tells.Contains(membership.Organisation.Kind) || told.Contains(e.Code))];
    }

    /// <summary>Chooses.</summary>
    /// <param name="rhythm">How often a digest is sent.</param>
    /// <param name="ways">Codes of events and how each is told; others are told in the portal.</param>
    /// <param name="opened">
    /// What was chosen when the form opened: only what differs from it is changed, so that another window's choices stay.
    /// </param>
    public async Task Choose(
        DigestRhythm rhythm,
        IReadOnlyDictionary<string, NoticeWay> ways,
        (DigestRhythm Rhythm, IReadOnlyDictionary<string, NoticeWay> Ways)? opened = null
    )
    {
        await using var db = await actors.Open();
        if (db.Actor.Membership is not { } membership)
            throw new NotFound();
        var now = clock.GetUtcNow().UtcDateTime;
        var choices = await db.NoticeChoices.FirstOrDefaultAsync(c => c.MembershipId == membership.Id);
        if (choices is null)
            db.NoticeChoices.Add(choices = NoticeChoices.Of(membership.Id, now));
        if (opened is (var was, var before))
        {
            rhythm = rhythm == was ? choices.Rhythm : rhythm;
            var stored = choices;
            ways = ways.ToDictionary(
                w => w.Key,
                w => w.Value == before.GetValueOrDefault(w.Key, NoticeWay.App) ? stored.WayOf(w.Key) : w.Value
            );
        }
        choices.Choose(rhythm, ways, now);
        db.Audit(new Act("account.notices_chosen", 0, Subject: membership.PersonId.ToString()), Section.Administration);
        db.AccessChanged(membership.PersonId);
        await db.SaveOrRefuse();
    }

    /// <summary>What stands in the address that ends the mails to a membership, and does nothing else.</summary>
    public string LinkOf(Guid membershipId) => links.Protect(membershipId.ToString("N"));

    /// <summary>Ends the mails to a membership; those whose link this is need not sign in. Doing it twice does nothing.</summary>
    /// <returns>Whether it is such a link.</returns>
    public async Task<bool> Unsubscribe(string? link)
    {
        if (!IsLink(link, out var membershipId))
            return false;
        await using var db = await store.OpenAsSystem("end mails of notices");
        if (await db.NoticeChoices.FirstOrDefaultAsync(c => c.MembershipId == membershipId) is not { WantsMail: true } choices)
            return true;
        choices.Unsubscribe();
        db.Audit(new Act("account.notices_ended", 0, Subject: membershipId.ToString()), Section.Administration);
        await db.SaveChangesAsync();
        return true;
    }

    /// <summary>Whether it is a link that ends mails.</summary>
    public bool IsLink(string? link) => IsLink(link, out _);

    private bool IsLink(string? link, out Guid membershipId)
    {
        membershipId = default;
        try
        {
            return link is { Length: > 0 and < 1000 } && Guid.TryParse(links.Unprotect(link), out membershipId);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
