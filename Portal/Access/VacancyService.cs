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

    /// <summary>All of them, the soonest first, for those who manage everybody's places.</summary>
    public async Task<IReadOnlyList<VacancyLine>> List() => await Read() is { } now ? now.Lines() : [];

    /// <summary>Those that there would be if memberships ended now.</summary>
    public Task<IReadOnlyList<VacancyLine>> IfEnded(params IReadOnlyCollection<Guid> memberships) => New(m => memberships.Contains(m.Id));

    /// <summary>Those that there would be if a person could sign in no more.</summary>
    public Task<IReadOnlyList<VacancyLine>> IfGone(Guid personId) => New(m => m.PersonId == personId);

    /// <summary>Those that there would be if a section were denied to somebody.</summary>
    public async Task<IReadOnlyList<VacancyLine>> IfDenied(Grant deny) =>
        await Read() is { } now ? [.. (now with { Denials = [.. now.Denials, deny] }).Lines().Except(now.Lines())] : [];

    private async Task<IReadOnlyList<VacancyLine>> New(Predicate<Membership> leaves) =>
        await Read() is { } now ? [.. (now with { Held = now.Held.FindAll(m => !leaves(m)) }).Lines().Except(now.Lines())] : [];

    // Null for those who do not manage everybody's places.
    private async Task<Standing?> Read()
    {
        await using (var db = await actors.Open())
            if (!Delegation.May(db.Actor, PeopleAct.SeeAll))
                return null;
        await using var all = await store.OpenAsSystem("count what waits for a role that nobody holds");
        return await At(all, clock.GetUtcNow().UtcDateTime);
    }

    /// <summary>When the roles that work waits for are held, where some does.</summary>
    internal static async Task<IReadOnlyList<Held>> WhereWorkWaits(PortalDb all, DateTime now)
    {
        var at = await At(all, now);
        return
        [
            .. at
                .Held.Where(m => at.Waiting.ContainsKey((m.OrganisationId, m.Role)))
                .SelectMany(m => Domain.Access.Held.InRole(m, at.Denials, now)),
        ];
    }

    private static async Task<Standing> At(PortalDb all, DateTime now)
    {
        var held = await all
            .Memberships.Include(m => m.Organisation)
            .Where(m => Vacancy.Needed.Contains(m.Role) && (m.Until == null || m.Until > now))
            .Where(m => all.Users.Any(u => u.Id == m.PersonId && u.LockoutEnd == null))
            .AsNoTracking()
            .ToListAsync();
        var denials = await all
            .Grants.Where(g => g.Deny && g.RevokedAt == null && (g.Until == null || g.Until > now))
            .AsNoTracking()
            .ToListAsync();
        return new Standing(now, await Waiting(all), held, denials);
    }

    // Who holds what, who is denied it, and what waits there, at one moment.
    private sealed record Standing(
        DateTime Now,
        Dictionary<(Guid, Role), VacancyLine> Waiting,
        List<Membership> Held,
        IReadOnlyCollection<Grant> Denials
    )
    {
        public IReadOnlyList<VacancyLine> Lines()
        {
            var places = Held.ToLookup(m => (m.OrganisationId, m.Role));
            return
            [
                .. Waiting
                    .Select(w =>
                        (Work: w.Value, From: Vacancy.First(places[w.Key].SelectMany(m => Domain.Access.Held.InRole(m, Denials, Now)), Now))
                    )
                    .Where(w => w.From < Now + Ahead)
                    .Select(w => w.Work with { From = w.From!.Value })
                    .OrderBy(l => l.From)
                    .ThenBy(l => l.Code, StringComparer.Ordinal),
            ];
        }
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
