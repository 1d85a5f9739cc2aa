using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Collaboration;

/// <summary>One line of a record's activity.</summary>
/// <param name="Code">What was done.</param>
/// <param name="From">What changed, before.</param>
/// <param name="To">The same, after.</param>
/// <param name="Why">Reason given.</param>
/// <param name="Subject">Whom or what it concerned.</param>
/// <param name="By">Name of who did it.</param>
/// <param name="Organisation">For whom they acted.</param>
/// <param name="At">UTC.</param>
/// <param name="Concerned">Name of the organisation that it concerned, where it was one.</param>
public sealed record ActivityLine(
    string Code,
    string? From,
    string? To,
    string? Why,
    string? Subject,
    string By,
    LocalName? Organisation,
    DateTime At,
    LocalName? Concerned
);

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
        var lines = await db
            .Activities.Where(a => a.RecordId == recordId)
            .OrderByDescending(a => a.At)
            .ThenByDescending(a => a.Id)
            .Take(most)
            .Select(a => new ActivityLine(
                a.Code,
                a.From,
                a.To,
                a.Why,
                a.Subject,
                a.By,
                db.Organisations.Where(o => o.Id == a.OrganisationId).Select(o => o.Name).FirstOrDefault(),
                a.At,
                null
            ))
            .ToListAsync();
        var numbers = lines.Select(Concerned).OfType<int>().Distinct().ToList();
        if (numbers.Count == 0)
            return lines;
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name);
        return lines.ConvertAll(l => Concerned(l) is { } number ? l with { Concerned = names.GetValueOrDefault(number) } : l);

        static int? Concerned(ActivityLine line) => line.Subject is { } subject ? new Audience(subject).OrganisationNumber : null;
    }

    /// <summary>Who sees a record and why: for those who may know it. Others learn only why they see it themselves.</summary>
    public async Task<IReadOnlyList<ReaderLine>> Readers(IProtected record, Actor reader) => (await Readers([record], reader))[record.Id];

    /// <summary>Who sees each of several records and why, by the record's identifier.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<ReaderLine>>> Readers(IReadOnlyCollection<IProtected> records, Actor reader)
    {
        var decisions = records.ToDictionary(r => r.Id, r => Decision.On(r, reader));
        var whole = records.Where(r => r.Kind.KnowsReaders(decisions[r.Id].View)).ToList();
        var lines = records
            .Except(whole)
            .ToDictionary(
                r => r.Id,
                IReadOnlyList<ReaderLine> (r) =>
                    [
                        .. decisions[r.Id]
                            .Reasons.Select(why => why.Exposure)
                            .Distinct()
                            .Select(e => new ReaderLine(
                                e.Audience.Key,
                                e.View,
                                e.Why,
                                e.Since,
                                0,
                                reader.Membership?.Organisation is { } own && own.Audience == e.Audience ? own.Name : null
                            )),
                    ]
            );
        if (whole.Count == 0)
            return lines;
        await using var db = await store.OpenAsSystem("count who sees a record");
        var actors = await Everyone(db);
        var numbers = whole.SelectMany(r => r.Exposures()).Select(e => e.Audience.OrganisationNumber).OfType<int>().Distinct().ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name);
        // Records of one section and State that name the same audiences are counted once.
        foreach (
            var alike in whole.GroupBy(r => (r.Kind.Section, r.StateIso3, string.Join(' ', r.Exposures().Select(e => e.Audience.Key))))
        )
        {
            var first = alike.First();
            // Person by person, by the engine that decides.
            var seen = actors
                .SelectMany(a =>
                    Decision.On(first, a).Reasons.Where(r => r.Claim is not null).Select(r => (r.Exposure.Audience, a.PersonId))
                )
                .Distinct()
                .CountBy(x => x.Audience)
                .ToDictionary();
            foreach (var record in alike)
                lines[record.Id] =
                [
                    .. record
                        .Exposures()
                        .Select(e => new ReaderLine(
                            e.Audience.Key,
                            e.View,
                            e.Why,
                            e.Since,
                            seen.GetValueOrDefault(e.Audience),
                            e.Audience.OrganisationNumber is { } number ? names.GetValueOrDefault(number) : null
                        )),
                ];
        }
        return lines;
    }

    private async Task<IReadOnlyList<Actor>> Everyone(PortalDb db)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var memberships = await db
            .Memberships.Include(m => m.Organisation)
            .Where(m => m.From <= now && (m.Until == null || m.Until > now))
            .AsNoTracking()
            .ToListAsync();
        var grants = await db.Grants.Where(g => g.RevokedAt == null).AsNoTracking().ToListAsync();
        return memberships.ConvertAll(m => Actor.Of(m, "", grants, now));
    }

    /// <summary>How many people would see a record about a State if these audiences did: counted by the engine that decides.</summary>
    public async Task<int> PeopleBehind(IReadOnlyCollection<Audience> audiences, Section section, string? stateIso3)
    {
        await using var db = await store.OpenAsSystem("count who an audience is");
        return (await Everyone(db))
            .Where(actor => audiences.Any(a => actor.Is(a, section, Level.View, stateIso3)))
            .Select(actor => actor.PersonId)
            .Distinct()
            .Count();
    }
}
