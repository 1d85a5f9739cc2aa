using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Collaboration;

/// <summary>One line of a record's activity.</summary>
public sealed record ActivityLine(string Code, string? To, string? Why, string? Subject, string By, LocalName? Organisation, DateTime At);

/// <summary>One audience that sees a record, with how many people that is and why.</summary>
/// <param name="Audience">Key.</param>
/// <param name="View">Bits of the parts seen.</param>
/// <param name="Why">Record rule.</param>
/// <param name="Since">UTC.</param>
/// <param name="People">How many people hold a membership that this opens the record to now.</param>
/// <param name="Organisation">The organisation, where the audience is one.</param>
public sealed record ReaderLine(string Audience, int View, ExposureRule Why, DateTime Since, int People, LocalName? Organisation);

/// <summary>What was done to a record, and who can see it and why.</summary>
public sealed class ActivityService(ActorSource actors, PortalStore store, TimeProvider clock)
{
    /// <summary>The latest acts on a record that the reader may know of.</summary>
    public async Task<IReadOnlyList<ActivityLine>> Of(Guid recordId, int most = 50)
    {
        await using var db = await actors.Open();
        return await db.Activities.Where(a => a.RecordId == recordId).OrderByDescending(a => a.At).ThenByDescending(a => a.Id).Take(most)
            .Select(a => new ActivityLine(a.Code, a.To, a.Why, a.Subject, a.By,
                db.Organisations.Where(o => o.Id == a.OrganisationId).Select(o => o.Name).FirstOrDefault(), a.At))
            .ToListAsync();
    }

    /// <summary>Everyone who sees a record, counted person by person by the engine that decides.</summary>
    /// <remarks>The caller has decided that the reader may know: only who sees the record whole is told who else does.</remarks>
    public async Task<IReadOnlyList<ReaderLine>> Readers(IProtected record)
    {
        await using var db = await store.OpenAsSystem("count who sees a record");
        var now = clock.GetUtcNow().UtcDateTime;
        var memberships = await db.Memberships.Include(m => m.Organisation).Where(m => m.From <= now && (m.Until == null || m.Until > now)).AsNoTracking().ToListAsync();
        var grants = await db.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync();
        var seen = memberships.SelectMany(m => Decision.On(record, Actor.Of(m, "", grants, now)).Reasons
            .Where(r => r.Claim is not null).Select(r => (r.Exposure.Audience, m.PersonId))).Distinct().CountBy(x => x.Audience).ToDictionary();
        var lines = new List<ReaderLine>();
        foreach (var exposure in record.Exposures())
        {
            var number = exposure.Audience.OrganisationNumber;
            var name = number is null ? null : await db.Organisations.Where(o => o.Number == number).Select(o => o.Name).FirstOrDefaultAsync();
            lines.Add(new ReaderLine(exposure.Audience.Key, exposure.View, exposure.Why, exposure.Since, seen.GetValueOrDefault(exposure.Audience), name));
        }
        return lines;
    }

    /// <summary>How many people would see a record about a State if these audiences did: counted by the engine that decides.</summary>
    public async Task<int> PeopleBehind(IReadOnlyCollection<Audience> audiences, Section section, string? stateIso3)
    {
        await using var db = await store.OpenAsSystem("count who an audience is");
        var now = clock.GetUtcNow().UtcDateTime;
        var memberships = await db.Memberships.Include(m => m.Organisation).Where(m => m.From <= now && (m.Until == null || m.Until > now)).AsNoTracking().ToListAsync();
        var grants = await db.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync();
        return memberships.Where(m => Actor.Of(m, "", grants, now) is var actor && audiences.Any(a => actor.Is(a, section, Level.View, stateIso3)))
            .Select(m => m.PersonId).Distinct().Count();
    }
}
