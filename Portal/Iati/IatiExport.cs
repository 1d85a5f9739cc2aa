using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Iati;
using Portal.Domain.Reference;

namespace Portal.Iati;

/// <summary>Programmes as IATI files: of an organisation what it shows to everyone; by CTED what any organisation does.</summary>
public sealed class IatiExport(ActorSource actors, TimeProvider clock)
{
    private const int AtOnce = 100;

    /// <summary>Whether an actor may publish: people of a provider or partner organisation their own, CTED what is public.</summary>
    public static bool May(Actor actor) => Programme.CanDraft(actor) || actor.Is(Audience.Cted, Section.Programmes, Level.View);

    /// <summary>Writes the activity file of whoever asks.</summary>
    public async Task Activities(Stream to, CancellationToken ct)
    {
        await using var db = await actors.Open();
        await Activities(db, to, clock.GetUtcNow().UtcDateTime, ct);
    }

    /// <summary>Writes the activity file of the actor a database is open for, and notes it.</summary>
    /// <returns>How many activities.</returns>
    internal static async Task<int> Activities(PortalDb db, Stream to, DateTime now, CancellationToken ct)
    {
        Refusal.Unless(May(db.Actor), "import.not_yours_to_publish");
        var count = 0;
        await IatiWriter.File(to, Published(), now, ct);
        db.Audit(new Act("programme.published_as_iati", (int)ProgrammeParts.Inner, Subject: "iati:" + count), Section.Programmes);
        await db.SaveChangesAsync(ct);
        return count;

        async IAsyncEnumerable<XElement> Published()
        {
            var after = "";
            while (true)
            {
                var batch = await Public(db)
                    .Where(p => string.Compare(p.Reference, after) > 0)
                    .OrderBy(p => p.Reference)
                    .Include(p => p.Organisation)
                    .Take(AtOnce)
                    .AsNoTracking()
                    .ToListAsync(ct);
                if (batch.Count == 0)
                    yield break;
                var ids = batch.ConvertAll(p => p.Id);
                // Somebody else's source is not seen, and what it says beyond the programme is not theirs to publish.
                var sources = await db
                    .IatiSources.AsNoTracking()
                    .Where(s => ids.Contains(s.ProgrammeId))
                    .ToDictionaryAsync(s => s.ProgrammeId, s => s.Xml, ct);
                foreach (var programme in batch)
                {
                    count++;
                    yield return IatiWriter.Activity(
                        programme,
                        programme.Organisation,
                        sources.TryGetValue(programme.Id, out var xml) ? XElement.Parse(xml) : null,
                        programme.PublicParts,
                        secondary: programme.OrganisationId != db.ActingOrganisationId
                    );
                }
                after = batch[^1].Reference;
            }
        }
    }

    // Shown to everyone; of one's own organisation, where one acts for one that gives.
    private static IQueryable<Programme> Public(PortalDb db)
    {
        var programmes = db.Programmes.Where(p => p.SharedAt != null && p.PublicParts != ProgrammeParts.None);
        var own = db.ActingOrganisationId;
        return Programme.CanDraft(db.Actor) ? programmes.Where(p => p.OrganisationId == own) : programmes;
    }

    /// <summary>The organisation file of the organisation acted for.</summary>
    public async Task<XDocument> Organisation(CancellationToken ct)
    {
        await using var db = await actors.Open();
        return await Organisation(db, Shell.Culture.Current, clock.GetUtcNow().UtcDateTime, ct);
    }

    internal static async Task<XDocument> Organisation(PortalDb db, Language language, DateTime now, CancellationToken ct)
    {
        Refusal.Unless(Programme.CanDraft(db.Actor), "import.not_yours_to_publish");
        var programmes = await Public(db)
            .Where(p => p.Status != ProgrammeStatus.Cancelled)
            .Select(p => new
            {
                p.PublicParts,
                p.States,
                p.Money,
            })
            .AsNoTracking()
            .ToListAsync(ct);
        var budgets = programmes
            .Where(p => p.PublicParts.Has(ProgrammeParts.Finance))
            .SelectMany(p => p.Money.Where(m => m.Kind == MoneyKind.Budget).Select(m => (p.States, m.Date.Year, m.Currency, m.Amount)))
            .ToList();
        return IatiWriter.OrganisationFile(
            db.Actor.Membership!.Organisation,
            language,
            [
                .. budgets
                    .GroupBy(b => (b.Year, b.Currency))
                    .OrderBy(g => g.Key)
                    .Select(g => (g.Key.Year, g.Key.Currency, g.Sum(b => b.Amount))),
            ],
            [
                .. budgets
                    .Where(b => b.States.Count == 1)
                    .GroupBy(b => (State: b.States[0], b.Year, b.Currency))
                    .OrderBy(g => g.Key)
                    .Select(g => (g.Key.State, g.Key.Year, g.Key.Currency, g.Sum(b => b.Amount))),
            ],
            now
        );
    }
}
