using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Access;

/// <summary>The explanation for one membership of a person.</summary>
/// <param name="Organisation">The organisation acted for.</param>
/// <param name="Role">In which role.</param>
/// <param name="Explanation">Why.</param>
public sealed record Explained(LocalName Organisation, Role Role, Explanation Explanation);

/// <summary>The answer to "why can they (not) see this?".</summary>
/// <param name="Person">Name.</param>
/// <param name="Email">Address.</param>
/// <param name="Section">The section asked about, or that of the record.</param>
/// <param name="Reference">The record asked about, or null.</param>
/// <param name="StateIso3">ISO 3166-1 alpha-3 of the record's State.</param>
/// <param name="Memberships">For each membership, those in force first.</param>
/// <param name="Organisations">Names of the organisations that audiences speak of, by number.</param>
/// <param name="Givers">Names of those who gave the grants, by account.</param>
public sealed record ExplainAnswer(
    string Person,
    string Email,
    Section Section,
    string? Reference,
    string? StateIso3,
    IReadOnlyList<Explained> Memberships,
    IReadOnlyDictionary<int, LocalName> Organisations,
    IReadOnlyDictionary<Guid, string> Givers
);

/// <summary>A person or organisation to choose.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Name">Name.</param>
/// <param name="Detail">Address or code.</param>
public sealed record FinderHit(Guid Id, string Name, string Detail);

/// <summary>
/// Explains access, for those who manage, oversee or audit it. No content of a record is told: its reference, its State and who is shown
/// it.
/// </summary>
public sealed class ExplainService(ActorSource actors, PortalStore store, TimeProvider clock)
{
    /// <summary>
    /// Explains a section, or a record by its reference, for a person by their address or, where only one is called so, by part of their
    /// name.
    /// </summary>
    /// <exception cref="Refusal">Nobody has this address or name, several have it, or nothing has this reference.</exception>
    public async Task<ExplainAnswer> Explain(string called, Section? section, string? reference)
    {
        Refusal.Unless((await actors.Current()).LevelIn(Section.Access) >= Level.View, "access.not_yours");
        await using var db = await store.OpenAsSystem("explain access");
        var person = await Called(db, called);
        var record = string.IsNullOrWhiteSpace(reference)
            ? null
            : await Record(db, reference.Trim()) ?? throw new Refusal("explain.nothing", "record");
        Refusal.If(record is null && section is null, "explain.nothing", "record");
        var now = clock.GetUtcNow().UtcDateTime;
        var memberships = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m => m.PersonId == person.Id)
            .AsNoTracking()
            .ToListAsync();
        var about = record?.Kind.Section ?? section!.Value;
        var grants = await Grants(db, about);
        var explained = memberships
            .OrderByDescending(m => m.InForce(now))
            .ThenBy(m => m.From)
            .Select(m => new Explained(
                m.Organisation.Name,
                m.Role,
                record is null ? Explanation.OfSection(about, m, grants, now) : Explanation.OfRecord(record, m, grants, now)
            ))
            .ToList();
        var steps = explained.SelectMany(e => e.Explanation.Steps).ToList();
        var numbers = steps
            .SelectMany(s => s.Audiences ?? [])
            .Concat(steps.Select(s => s.Exposure?.Audience).OfType<Audience>())
            .Select(a => a.OrganisationNumber)
            .OfType<int>()
            .Distinct()
            .ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name);
        var givers = steps.Select(s => s.Grant?.GrantedBy).OfType<Guid>().Distinct().ToList();
        var named = await db.Users.Where(u => givers.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name);
        return new ExplainAnswer(person.Name, person.Email ?? "", about, record?.Reference, record?.StateIso3, explained, names, named);
    }

    private static async Task<Identity.PortalUser> Called(PortalDb db, string called)
    {
        var normal = EmailAddress.Key(called);
        if (await db.Users.FirstOrDefaultAsync(u => u.NormalizedEmail == normal) is { } addressed)
            return addressed;
        var ids = db.Users.Where(u => u.Email != null).Ids(called);
        Refusal.If(ids.Count > 1, "explain.several", "person");
        return ids is [var id] ? await db.Users.FirstAsync(u => u.Id == id) : throw new Refusal("explain.nobody", "person");
    }

    /// <summary>
    /// Explains a section to its reader, under the membership they act in; null where they act in none, or look through the eyes of
    /// somebody else.
    /// </summary>
    public async Task<Explanation?> Own(Section section)
    {
        if (await actors.Current() is not { Membership: { } mine, IsPreview: false })
            return null;
        await using var db = await store.OpenAsSystem("explain one's own access");
        return await db.Memberships.Include(m => m.Organisation).AsNoTracking().FirstOrDefaultAsync(m => m.Id == mine.Id) is { } membership
            ? Explanation.OfSection(section, membership, await Grants(db, section), clock.GetUtcNow().UtcDateTime)
            : null;
    }

    // What is explained is about one section; grants to others have no say in it.
    private static Task<List<Grant>> Grants(PortalDb db, Section section) =>
        db.Grants.AsNoTracking().Where(g => g.Section == section).ToListAsync();

    // A reference says of which kind it is; a profile goes by the address part of its organisation.
    private static async Task<IProtected?> Record(PortalDb db, string written)
    {
        var (reference, slug) = (written.ToUpperInvariant(), written.ToLowerInvariant());
        return (
                Kinds.OfReference(reference) is { } kind
                    ? await db.Ruled(kind).AsNoTracking().FirstOrDefaultAsync(r => r.Reference == reference)
                    : null
            ) ?? await db.Profiles.AsNoTracking().FirstOrDefaultAsync(p => p.Slug == slug);
    }

    /// <summary>People or organisations by part of a name or address, ten at most.</summary>
    public async Task<IReadOnlyList<FinderHit>> Find(PrincipalKind kind, string words)
    {
        await using var db = await actors.Open();
        Refusal.Unless(db.Actor.LevelIn(Section.Access) >= Level.View, "access.not_yours");
        if (kind == PrincipalKind.Organisation)
            return
            [
                .. (await db.Organisations.AsNoTracking().ToListAsync())
                    .Where(o => Named.Is(o, words))
                    .OrderBy(o => o.Name[Shell.Culture.Current], StringComparer.CurrentCulture)
                    .Take(10)
                    .Select(o => new FinderHit(o.Id, o.Name[Shell.Culture.Current], o.Code)),
            ];
        // Who is deleted has no address any more, and is nobody to give anything to.
        var people = await db
            .Users.Where(u => u.Email != null)
            .Select(u => new
            {
                u.Id,
                u.Name,
                u.Email,
                u.NormalizedEmail,
            })
            .ToListAsync();
        return
        [
            .. people
                .Where(u => Named.Is(u.Name, u.Email, u.NormalizedEmail, words))
                .OrderBy(u => u.Name, StringComparer.CurrentCulture)
                .Take(10)
                .Select(u => new FinderHit(u.Id, u.Name, u.Email!)),
        ];
    }
}
