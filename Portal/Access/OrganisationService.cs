using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Shell;

namespace Portal.Access;

/// <summary>An organisation in the list.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Kind">Kind.</param>
/// <param name="People">How many people may act for it now.</param>
public sealed record OrganisationRow(Guid Id, string Code, LocalName Name, OrganisationKind Kind, int People);

/// <summary>One organisation and those who act for it.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="Members">People with a membership in it, over or not, as many as fit a page.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Contributors">Contributors that count against the limit, invited ones included.</param>
/// <param name="Limit">The limit; null where the kind has no contributors.</param>
/// <param name="MayLimit">Whether the reader may set it.</param>
/// <param name="MayInvite">Whether the reader may invite to it.</param>
public sealed record OrganisationView(
    OrganisationRow Organisation,
    IReadOnlyList<MemberRow> Members,
    int Total,
    int Contributors,
    int? Limit,
    bool MayLimit,
    bool MayInvite
);

/// <summary>A member of an organisation.</summary>
/// <param name="PersonId">The account.</param>
/// <param name="Name">Name.</param>
/// <param name="Email">Address.</param>
/// <param name="IsSuspended">Whether the account is locked.</param>
/// <param name="Membership">The membership.</param>
public sealed record MemberRow(Guid PersonId, string Name, string Email, bool IsSuspended, MembershipRow Membership);

/// <summary>Organisations as those who manage or oversee access see them.</summary>
public sealed class OrganisationService(ActorSource actors, RecentCheck check, TimeProvider clock)
{
    /// <summary>Organisations, or members, on a page.</summary>
    public const int PageSize = 50;

    /// <summary>A page of the organisations, by name in the reader's language.</summary>
    public async Task<(IReadOnlyList<OrganisationRow> Rows, int Total)> List(
        string? words,
        IReadOnlyCollection<OrganisationKind> kinds,
        int page
    )
    {
        await using var db = await Open();
        var now = clock.GetUtcNow().UtcDateTime;
        // A few hundred names in six languages: matched here, as they are written in any of them.
        var all = (await db.Organisations.AsNoTracking().ToListAsync())
            .Where(o => (kinds.Count == 0 || kinds.Contains(o.Kind)) && Named.Is(o, words))
            .OrderBy(o => o.Name[Culture.Current], StringComparer.CurrentCulture)
            .ToList();
        var shown = all.Skip((page - 1) * PageSize).Take(PageSize).ToList();
        var ids = shown.ConvertAll(o => o.Id);
        var people = await db
            .Memberships.Where(m => ids.Contains(m.OrganisationId) && m.From <= now && (m.Until == null || m.Until > now))
            .GroupBy(m => m.OrganisationId)
            .Select(g => new { g.Key, Count = g.Select(m => m.PersonId).Distinct().Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count);
        return ([.. shown.Select(o => new OrganisationRow(o.Id, o.Code, o.Name, o.Kind, people.GetValueOrDefault(o.Id)))], all.Count);
    }

    /// <summary>One organisation with a page of its members, by name.</summary>
    /// <exception cref="NotFound">There is none of this code.</exception>
    public async Task<OrganisationView> Read(string code, int page)
    {
        await using var db = await Open();
        var now = clock.GetUtcNow().UtcDateTime;
        var lower = code.ToLowerInvariant();
        var organisation = await db.Organisations.Where(o => o.Code == lower).AsNoTracking().OneOrNotFound();
        var members = db.Memberships.Where(m => m.OrganisationId == organisation.Id);
        var order = (
            await members
                .Select(m => new { m.Id, Name = db.Users.Where(u => u.Id == m.PersonId).Select(u => u.Name).First() })
                .ToListAsync()
        )
            .OrderBy(m => m.Name, StringComparer.CurrentCulture)
            .ThenBy(m => m.Id)
            .Select(m => m.Id)
            .ToList();
        var total = order.Count;
        var shown = order.Skip((page - 1) * PageSize).Take(PageSize).ToList();
        var rows = (await members.Include(m => m.Organisation).Where(m => shown.Contains(m.Id)).AsNoTracking().ToListAsync())
            .OrderBy(m => shown.IndexOf(m.Id))
            .ToList();
        var ids = rows.ConvertAll(m => m.PersonId);
        var named = await db
            .Users.Where(u => ids.Contains(u.Id))
            .Select(u => new
            {
                u.Id,
                u.Name,
                u.Email,
                IsSuspended = u.LockoutEnd != null,
            })
            .ToDictionaryAsync(u => u.Id);
        var hasContributors = organisation.Kind is OrganisationKind.MemberState or OrganisationKind.Provider;
        var people = await db
            .Memberships.Where(m => m.OrganisationId == organisation.Id && m.From <= now && (m.Until == null || m.Until > now))
            .Select(m => m.PersonId)
            .Distinct()
            .CountAsync();
        return new OrganisationView(
            new OrganisationRow(organisation.Id, organisation.Code, organisation.Name, organisation.Kind, people),
            [
                .. rows.Select(m => (Person: named[m.PersonId], Membership: m))
                    .Select(m => new MemberRow(
                        m.Person.Id,
                        m.Person.Name,
                        m.Person.Email ?? "",
                        m.Person.IsSuspended,
                        MembershipRow.Of(m.Membership, db.Actor, now)
                    )),
            ],
            total,
            hasContributors ? await PeopleRules.Contributors(db, organisation.Id, now) : 0,
            hasContributors ? organisation.ContributorLimit : null,
            hasContributors && Delegation.May(db.Actor, PeopleAct.Limit),
            Delegation.May(db.Actor, PeopleAct.ManageAll)
        );
    }

    /// <summary>Sets how many contributors an organisation may have. Those who are there stay.</summary>
    /// <param name="code">Which.</param>
    /// <param name="seen">The limit as the screen showed it.</param>
    /// <param name="typed">The new one as it was typed.</param>
    public async Task Limit(string code, int seen, string? typed)
    {
        await check.Demand();
        await using var db = await actors.Open();
        Refusal.Unless(Delegation.May(db.Actor, PeopleAct.Limit), "people.not_yours");
        if (!Amount.TryRead(typed, out var most) || most is null or < 0 or > Organisation.HighestContributorLimit)
            throw new Refusal("organisation.limit_out_of_range", nameof(Organisation.ContributorLimit));
        await db.OneAtATime(
            PeopleRules.Turn,
            async () =>
            {
                var organisation = await db.Organisations.Where(o => o.Code == code).OneOrNotFound();
                Refusal.If(organisation.ContributorLimit != seen, "record.changed_meanwhile");
                organisation.LimitContributors((int)most.Value);
                db.Audit(
                    new Act(
                        "organisation.limit_changed",
                        0,
                        $"{organisation.Code}:{seen}",
                        $"{organisation.Code}:{organisation.ContributorLimit}",
                        Subject: organisation.Id.ToString()
                    ),
                    Section.Access
                );
                await db.SaveOrRefuse();
            }
        );
    }

    /// <summary>Organisations to choose from, by part of a name in any language or the code, ten at most.</summary>
    public async Task<IReadOnlyList<FinderHit>> Find(string words)
    {
        await using var db = await Open();
        return
        [
            .. (await db.Organisations.AsNoTracking().ToListAsync())
                .Where(o => Named.Is(o, words))
                .OrderBy(o => o.Name[Culture.Current], StringComparer.CurrentCulture)
                .Take(10)
                .Select(o => new FinderHit(o.Id, o.Name[Culture.Current], o.Code)),
        ];
    }

    /// <summary>An organisation to choose, by its code, with its kind; null where there is none.</summary>
    public async Task<(FinderHit Hit, OrganisationKind Kind)?> Choose(string? code)
    {
        await using var db = await actors.Open();
        var organisation = await db.Organisations.AsNoTracking().FirstOrDefaultAsync(o => o.Code == code);
        return organisation is null
            ? null
            : (new FinderHit(organisation.Id, organisation.Name[Culture.Current], organisation.Code), organisation.Kind);
    }

    private async Task<PortalDb> Open()
    {
        var db = await actors.Open();
        if (Delegation.May(db.Actor, PeopleAct.SeeAll))
            return db;
        await db.DisposeAsync();
        throw new Refusal("people.not_yours");
    }
}
