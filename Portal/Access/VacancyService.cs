using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Access;

/// <summary>What waits for a role that nobody holds: in numbers, since who manages people reads no record.</summary>
/// <param name="Organisation">Where.</param>
/// <param name="Code">Its code.</param>
/// <param name="Role">Which role.</param>
/// <param name="From">UTC; since when, or from when on.</param>
/// <param name="Needs">Needs that are submitted and not concluded.</param>
/// <param name="Proposals">Proposals made and not answered.</param>
/// <param name="Programmes">Programmes in preparation or under way.</param>
public sealed record VacancyLine(LocalName Organisation, string Code, Role Role, DateTime From, int Needs, int Proposals, int Programmes);

/// <summary>
/// Roles that work waits for and that nobody holds, now or soon: without a focal point nobody may say who sees a State's needs, without a
/// manager nobody answers
/// for a provider's proposals, without an assistance officer nothing that States submit goes on.
/// </summary>
public sealed class VacancyService(ActorSource actors, PortalStore store, TimeProvider clock)
{
    /// <summary>How far ahead a lapse is told.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(90);

    private static readonly Role[] Needed = [Role.FocalPoint, Role.ProviderManager, Role.AssistanceOfficer];

    // Where the work of a role is. Who is denied it holds the role in name only.
    private static Section WorkOf(Role role) => role == Role.ProviderManager ? Section.Proposals : Section.Needs;

    /// <summary>All of them, the soonest first, for those who manage everybody's places.</summary>
    public async Task<IReadOnlyList<VacancyLine>> List() => await Find(null, null);

    /// <summary>Those that there would be if a membership ended now.</summary>
    public async Task<IReadOnlyList<VacancyLine>> IfEnded(Guid membershipId) => await New(m => m.Id == membershipId);

    /// <summary>Those that there would be if a person could sign in no more.</summary>
    public async Task<IReadOnlyList<VacancyLine>> IfGone(Guid personId) => await New(m => m.PersonId == personId);

    /// <summary>Those that there would be if a section were denied to somebody.</summary>
    public async Task<IReadOnlyList<VacancyLine>> IfDenied(Grant deny)
    {
        var before = await Find(null, deny.IsFor);
        return [.. (await Find(null, deny.IsFor, deny)).Except(before)];
    }

    private async Task<IReadOnlyList<VacancyLine>> New(Func<Membership, bool> leaves)
    {
        var before = await Find(null, leaves);
        return [.. (await Find(leaves, leaves)).Except(before)];
    }

    // Who leaves, and whose places alone are looked at; null is nobody, and all. And what would be denied besides.
    private async Task<List<VacancyLine>> Find(Func<Membership, bool>? leaves, Func<Membership, bool>? of, Grant? deny = null)
    {
        await using (var db = await actors.Open())
            if (!Delegation.May(db.Actor, PeopleAct.SeeAll))
                return [];
        var now = clock.GetUtcNow().UtcDateTime;
        await using var all = await store.OpenAsSystem("count what waits for a role that nobody holds");
        var waiting = await Waiting(all);
        var denials = await all
            .Grants.Where(g => g.Deny && g.RevokedAt == null && (g.Until == null || g.Until > now))
            .AsNoTracking()
            .ToListAsync();
        if (deny is not null)
            denials.Add(deny);
        var held = await all
            .Memberships.Include(m => m.Organisation)
            .Where(m => Needed.Contains(m.Role) && (m.Until == null || m.Until > now))
            .AsNoTracking()
            .ToListAsync();
        var open = (await all.Users.Where(u => u.LockoutEnd == null).Select(u => u.Id).ToListAsync()).ToHashSet();
        var places = held.Where(m => open.Contains(m.PersonId)).ToLookup(m => (m.OrganisationId, m.Role));
        var wanted = of is null ? null : held.Where(of).Select(m => (m.OrganisationId, m.Role)).ToHashSet();
        var lines = new List<VacancyLine>();
        foreach (var (place, work) in waiting.Where(w => wanted?.Contains(w.Key) != false))
            if (
                Vacancy.First(
                    places[place].Where(m => leaves?.Invoke(m) != true).SelectMany(m => At(m, [.. denials.Where(g => g.IsFor(m))], now)),
                    now
                )
                    is { } from
                && from < now + Ahead
            )
                lines.Add(work with { From = from });
        return [.. lines.OrderBy(l => l.From).ThenBy(l => l.Code, StringComparer.Ordinal)];
    }

    private static IEnumerable<Held> At(Membership membership, IReadOnlyCollection<Grant> denials, DateTime now)
    {
        var start = membership.From > now ? membership.From : now;
        var section = WorkOf(membership.Role);
        return denials.Count == 0
            ? [new Held(membership, start, membership.Until)]
            : Held.Of(membership, denials, section, now, Actor.Of(membership, "", [], start).LevelIn(section));
    }

    private static async Task<Dictionary<(Guid, Role), VacancyLine>> Waiting(PortalDb all)
    {
        var organisations = await all
            .Organisations.AsNoTracking()
            .Select(o => new
            {
                o.Id,
                o.Code,
                o.Name,
                o.Kind,
                o.StateIso3,
            })
            .ToListAsync();
        NeedStatus[] going =
        [
            NeedStatus.Submitted,
            NeedStatus.Returned,
            NeedStatus.Authenticated,
            NeedStatus.Circulated,
            NeedStatus.Matched,
            NeedStatus.InDelivery,
        ];
        ProposalStatus[] unanswered = [ProposalStatus.Proposed, ProposalStatus.Shortlisted];
        ProgrammeStatus[] alive = [ProgrammeStatus.Pipeline, ProgrammeStatus.Active];
        var needs = await all
            .Needs.Where(n => going.Contains(n.Status))
            .GroupBy(n => n.StateIso3)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count);
        var asked = await all
            .Proposals.Where(p => unanswered.Contains(p.Status))
            .GroupBy(p => all.Needs.Where(n => n.Id == p.NeedId).Select(n => n.StateIso3).First())
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count);
        var made = await all
            .Proposals.Where(p => unanswered.Contains(p.Status))
            .GroupBy(p => p.OrganisationId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count);
        var programmes = await all
            .Programmes.Where(p => alive.Contains(p.Status))
            .GroupBy(p => p.OrganisationId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count);
        var before = await all.Needs.CountAsync(n => n.Status == NeedStatus.Submitted || n.Status == NeedStatus.Authenticated);
        return organisations
            .Select(o =>
                (
                    o.Id,
                    Line: o.Kind switch
                    {
                        OrganisationKind.MemberState => new VacancyLine(
                            o.Name,
                            o.Code,
                            Role.FocalPoint,
                            default,
                            needs.GetValueOrDefault(o.StateIso3!),
                            asked.GetValueOrDefault(o.StateIso3!),
                            0
                        ),
                        OrganisationKind.Provider => new VacancyLine(
                            o.Name,
                            o.Code,
                            Role.ProviderManager,
                            default,
                            0,
                            made.GetValueOrDefault(o.Id),
                            programmes.GetValueOrDefault(o.Id)
                        ),
                        OrganisationKind.Cted => new VacancyLine(o.Name, o.Code, Role.AssistanceOfficer, default, before, 0, 0),
                        OrganisationKind.Partner
                        or OrganisationKind.Committee
                        or OrganisationKind.ExpertGroup
                        or OrganisationKind.Operations => null,
                    }
                )
            )
            .Where(l => l.Line is { } line && line.Needs + line.Proposals + line.Programmes > 0)
            .ToDictionary(l => (l.Id, l.Line!.Role), l => l.Line!);
    }
}
