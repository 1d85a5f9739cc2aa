using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Access;

/// <summary>What a principal may do in a section.</summary>
/// <param name="Section">Section.</param>
/// <param name="Level">Effective level.</param>
/// <param name="Baseline">What the role alone brings.</param>
/// <param name="IsLimited">Whether it reaches some States only.</param>
/// <param name="IsBarred">Whether the separation of duties keeps it closed, whatever is granted.</param>
public sealed record MatrixCell(Section Section, Level Level, Level Baseline, bool IsLimited, bool IsBarred)
{
    /// <summary>Whether a grant or deny made it what it is.</summary>
    public bool Differs => Level != Baseline;
}

/// <summary>One principal in the matrix.</summary>
/// <param name="To">Who.</param>
/// <param name="At">For a person, the role and organisation of the membership.</param>
/// <param name="Key">What the list of grants finds them by.</param>
/// <param name="Cells">In the order of the sections.</param>
public sealed record MatrixRow(PrincipalName To, (Role Role, LocalName Organisation)? At, string Key, IReadOnlyList<MatrixCell> Cells);

/// <summary>Which principals the matrix shows.</summary>
public enum MatrixFilter
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those for whom a grant or deny counts.</summary>
    Differs,

    /// <summary>Those with a grant that ends within 30 days.</summary>
    Expiring,

    /// <summary>Those with a grant unused for 90 days.</summary>
    Unused,
}

/// <summary>What the matrix is asked for, as its address says it.</summary>
/// <param name="By">Kind of principal.</param>
/// <param name="Words">Part of a name or address.</param>
/// <param name="Only">Which of them.</param>
/// <param name="Page">From 1.</param>
public sealed record MatrixQuery(PrincipalKind By, string? Words, MatrixFilter Only, int Page)
{
    /// <summary>Reads an address.</summary>
    public static MatrixQuery Of(ListAddress address) =>
        new(
            address.AllOf<PrincipalKind>("by").FirstOrDefault(),
            address.One("q"),
            address.AllOf<MatrixFilter>("only").FirstOrDefault(),
            address.Page
        );
}

/// <summary>Sections by principals: who may enter what, and where that is not what the role brings.</summary>
public sealed class AccessMatrix(ActorSource actors, TimeProvider clock)
{
    /// <summary>Principals on a page.</summary>
    public const int PageSize = 50;

    /// <summary>A page of principals of a kind.</summary>
    public async Task<(IReadOnlyList<MatrixRow> Rows, int Total)> Page(MatrixQuery query)
    {
        await using var db = await actors.Open();
        return await Page(db, query, PageSize);
    }

    /// <summary>All rows, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<IReadOnlyList<MatrixRow>> Export(MatrixQuery query, string format, int most)
    {
        await using var db = await actors.Open();
        var (rows, _) = await Page(db, query with { Page = 1 }, most);
        db.Audit(new Act("access.exported", 0, Subject: $"{format}:{rows.Count}"), Section.Access);
        await db.SaveChangesAsync();
        return rows;
    }

    private async Task<(IReadOnlyList<MatrixRow> Rows, int Total)> Page(PortalDb db, MatrixQuery query, int size)
    {
        var (by, words, filter, page) = query;
        var now = clock.GetUtcNow().UtcDateTime;
        var grants = await db.Grants.Where(g => g.RevokedAt == null && (g.Until == null || g.Until > now)).AsNoTracking().ToListAsync();
        var known = new GrantsByPrincipal(grants);
        var marked = grants
            .Where(g =>
                g.Section.IsOpen()
                && filter switch
                {
                    MatrixFilter.All or MatrixFilter.Differs => g.InForce(now),
                    MatrixFilter.Expiring => g.Until <= now + GrantService.Soon,
                    MatrixFilter.Unused => !g.Deny && g.GrantedAt < now - GrantService.Long && !(g.LastUsedAt >= now - GrantService.Long),
                }
            )
            .ToList();
        return by switch
        {
            PrincipalKind.Role => await Roles(db, known, marked, filter, words, now),
            PrincipalKind.Organisation => await Organisations(db, known, marked, filter, words, page, size, now),
            PrincipalKind.Person => await People(db, known, marked, filter, words, page, size, now),
        };
    }

    private static async Task<(IReadOnlyList<MatrixRow>, int)> Roles(
        PortalDb db,
        GrantsByPrincipal known,
        List<Grant> marked,
        MatrixFilter filter,
        string? words,
        DateTime now
    )
    {
        var bodies = (await db.Organisations.AsNoTracking().ToListAsync()).GroupBy(o => o.Kind).ToDictionary(g => g.Key, g => g.First());
        var roles = marked.Select(g => g.Role).ToHashSet();
        var rows = Enum.GetValues<Role>()
            .Where(r => bodies.ContainsKey(r.Kind()) && (filter == MatrixFilter.All || roles.Contains(r)))
            .Where(r => string.IsNullOrEmpty(words) || r.ToString().Contains(words, StringComparison.OrdinalIgnoreCase))
            .Select(r => new MatrixRow(
                new PrincipalName(PrincipalKind.Role, r, null, null, null),
                null,
                r.ToString(),
                Cells([Example(r, bodies[r.Kind()], now)], known.OfRole(r), now)
            ))
            .ToList();
        return (rows, rows.Count);
    }

    private static async Task<(IReadOnlyList<MatrixRow>, int)> Organisations(
        PortalDb db,
        GrantsByPrincipal known,
        List<Grant> marked,
        MatrixFilter filter,
        string? words,
        int page,
        int size,
        DateTime now
    )
    {
        var ids = marked.Select(g => g.OrganisationId).OfType<Guid>().ToHashSet();
        // A few thousand names in six languages: matched here, as they are written in any of them.
        var all = (await db.Organisations.AsNoTracking().ToListAsync())
            .Where(o => (filter == MatrixFilter.All || ids.Contains(o.Id)) && Named.Is(o, words))
            .OrderBy(o => o.Kind)
            .ThenBy(o => o.Name[Culture.Current], StringComparer.CurrentCulture)
            .ToList();
        var rows = all.Skip((page - 1) * size)
            .Take(size)
            .Select(o =>
            {
                var roles = Enum.GetValues<Role>().Where(r => r.Kind() == o.Kind).Select(r => Example(r, o, now)).ToList();
                return new MatrixRow(
                    new PrincipalName(PrincipalKind.Organisation, null, o.Name, null, null),
                    null,
                    o.Code,
                    Cells(roles, roles.SelectMany(known.For).Distinct(), now)
                );
            });
        return ([.. rows], all.Count);
    }

    private static async Task<(IReadOnlyList<MatrixRow>, int)> People(
        PortalDb db,
        GrantsByPrincipal known,
        List<Grant> marked,
        MatrixFilter filter,
        string? words,
        int page,
        int size,
        DateTime now
    )
    {
        var memberships = db.Memberships.Where(m => m.From <= now && (m.Until == null || m.Until > now));
        if (filter != MatrixFilter.All)
        {
            var (roles, bodies, persons) = (
                marked.Select(g => g.Role).OfType<Role>().ToList(),
                marked.Select(g => g.OrganisationId).OfType<Guid>().ToList(),
                marked.Select(g => g.PersonId).OfType<Guid>().ToList()
            );
            memberships = memberships.Where(m =>
                roles.Contains(m.Role) || bodies.Contains(m.OrganisationId) || persons.Contains(m.PersonId)
            );
        }
        var people = memberships.Join(
            db.Users,
            m => m.PersonId,
            u => u.Id,
            (m, u) =>
                new
                {
                    m.Id,
                    u.Name,
                    u.Email,
                    u.NormalizedEmail,
                }
        );
        var all = (await people.ToListAsync())
            .Where(p => words is not { Length: > 0 } || Named.Is(p.Name, p.Email, p.NormalizedEmail, words))
            .OrderBy(p => p.Name, StringComparer.CurrentCulture)
            .ThenBy(p => p.Id)
            .ToList();
        var (total, shown) = (all.Count, all.Skip((page - 1) * size).Take(size).ToList());
        var ids = shown.ConvertAll(p => p.Id);
        var of = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m => ids.Contains(m.Id))
            .AsNoTracking()
            .ToDictionaryAsync(m => m.Id);
        return (
            [
                .. shown
                    .Where(p => of.ContainsKey(p.Id))
                    .Select(p => new MatrixRow(
                        new PrincipalName(PrincipalKind.Person, null, null, p.Name, p.Email),
                        (of[p.Id].Role, of[p.Id].Organisation.Name),
                        p.Email ?? "",
                        Cells([of[p.Id]], known.For(of[p.Id]), now)
                    )),
            ],
            total
        );
    }

    // A legal officer stands here for all States: which are assigned is each one's own.
    private static Membership Example(Role role, Organisation organisation, DateTime now) =>
        Membership.Of(Guid.Empty, organisation, role, now, null, MemberStates.All.Select(s => s.Iso3));

    private static List<MatrixCell> Cells(IReadOnlyCollection<Membership> memberships, IEnumerable<Grant> grants, DateTime now)
    {
        var known = grants.ToList();
        var with = memberships.Select(m => Actor.Of(m, "", known, now)).ToList();
        var without = memberships.Select(m => Actor.Of(m, "", [], now)).ToList();
        return
        [
            .. Sections.Open.Select(s => new MatrixCell(
                s,
                with.Max(a => a.LevelIn(s)),
                without.Max(a => a.LevelIn(s)),
                IsLimited(with, s) && !IsLimited(without, s),
                memberships.All(m => Baseline.Forbids(m.Role, s))
            )),
        ];
    }

    private static bool IsLimited(List<Actor> actors, Section section) =>
        actors.SelectMany(a => a.Claims).Where(c => c.Section == section).ToList() is { Count: > 0 } claims
        && claims.TrueForAll(c => !c.Scope.IsAll);
}
