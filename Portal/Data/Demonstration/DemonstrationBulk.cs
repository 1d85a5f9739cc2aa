using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>
/// Needs and standing offers beyond the story, to try the portal at its full size. They are made by the verbs of the records and their
/// reach and
/// search words by the same functions as ever; only the saving is another one. Of what was done to each, the log keeps the drafting alone.
/// </summary>
/// <remarks>
/// The first donor is shown one need in 4,600 and the second one in seven; none is shared with all providers or the public, which would
/// reach both.
/// </remarks>
internal sealed class DemonstrationBulk(PortalDb db, DemonstrationSize size, DateTime now)
{
    private const int BatchSize = 20_000;
    private const int SpanDays = 700;

    private readonly Random random = new(size.Seed + 1);
    private readonly Dictionary<int, int> lastNumber = [];

    /// <summary>Writes what the story leaves to be written.</summary>
    public async Task Write(CancellationToken ct)
    {
        var (needs, offers) = ((size.Needs ?? 0) - DemonstrationStory.Needs, (size.Offers ?? 0) - DemonstrationStory.Offers);
        var organisations = await db.Organisations.AsNoTracking().ToListAsync(ct);
        db.ChangeTracker.Clear();
        var writer = BulkWriter.For(db);
        await writer.Begin(
            [
                typeof(Need),
                typeof(Consent),
                typeof(StandingOffer),
                typeof(Dossier),
                typeof(Edition),
                typeof(Circulation),
                typeof(Recommendation),
                typeof(Reach),
                typeof(SearchEntry),
                typeof(Activity),
                typeof(AuditEntry),
            ],
            ct
        );
        await WriteInBatches(writer, "NEED", needs, NeedsOf(organisations, needs), ct);
        await WriteInBatches(writer, "OFFER", offers, OffersOf(organisations, offers), ct);
        await new DemonstrationCycles(db, size, now).Write(writer, organisations, ct);
        await writer.Finish(ct);
        if (needs <= 0 && offers <= 0)
            return;
        // What was written past the change tracker is noted as a whole.
        await db.MoveOn(MatchBook.Version, ct);
        db.MatchTasks.Add(new MatchTask());
        await db.SaveChangesAsync(ct);
    }

    private sealed record Made<T>(T Record, Actor By, DateTime At)
        where T : IProtected;

    private async Task WriteInBatches<T>(BulkWriter writer, string series, int count, IEnumerable<Made<T>> records, CancellationToken ct)
        where T : class, IProtected
    {
        if (count <= 0)
            return;
        lastNumber.Clear();
        foreach (var counter in await db.Counters.Where(c => c.Name.StartsWith(series + "-")).AsNoTracking().ToListAsync(ct))
            lastNumber[int.Parse(counter.Name[(series.Length + 1)..])] = counter.Value;
        foreach (var batch in records.Chunk(BatchSize))
        {
            var acts = batch.Select(m => (Made: m, Act: m.Record.Acts.Take()[0])).ToList();
            await writer.Batch(
                async () =>
                {
                    await writer.Insert(batch.Select(m => m.Record).ToList(), ct);
                    await writer.Insert(batch.Select(m => m.Record).OfType<Need>().SelectMany(n => n.Consents).ToList(), ct);
                    await writer.Insert(batch.SelectMany(m => Reach.Of(m.Record)).ToList(), ct);
                    await writer.Insert(batch.SelectMany(m => SearchEntry.Of(m.Record)).ToList(), ct);
                    await writer.Insert(acts.Select(a => Activity.Of(a.Made.Record.Id, a.Act, a.Made.By, a.Made.At)).ToList(), ct);
                    var entries = acts.Select(a => AuditEntry.Of(a.Act, a.Made.Record.Kind.Section, a.Made.Record, a.Made.By, a.Made.At))
                        .ToList();
                    await AuditLog.Append(db, entries, ct);
                    await writer.Insert(entries, ct);
                    await db.SaveChangesAsync(ct);
                    db.ChangeTracker.Clear();
                },
                ct
            );
        }
        foreach (var (year, last) in lastNumber)
            await db.Database.ExecuteSqlAsync(
                $"""INSERT INTO "Counters" ("Name", "Value") VALUES ({$"{series}-{year}"}, {last}) ON CONFLICT ("Name") DO UPDATE SET "Value" = {last}""",
                ct
            );
    }

    private string Reference(string series, DateTime at)
    {
        var number = lastNumber[at.Year] = lastNumber.GetValueOrDefault(at.Year) + 1;
        return $"{series}-{at.Year}-{number:0000}";
    }

    private IEnumerable<Made<Need>> NeedsOf(IReadOnlyList<Organisation> organisations, int count)
    {
        var begin = now.Date.AddDays(-SpanDays);
        Actor ActorOf(Organisation organisation, Role role) =>
            Actor.Of(Membership.Of(Guid.CreateVersion7(), organisation, role, begin.AddDays(-1)), "Demonstration", [], begin);
        var focalPoints = organisations
            .Where(o => o.Kind == OrganisationKind.MemberState)
            .OrderBy(o => o.Number)
            .Select(o => ActorOf(o, Role.FocalPoint))
            .ToArray();
        var officer = ActorOf(organisations.Single(o => o.Kind == OrganisationKind.Cted), Role.AssistanceOfficer);
        var first = organisations.Single(o => o.Code == DemonstrationCast.FirstDonor).Audience;
        var second = organisations.Single(o => o.Code == DemonstrationCast.SecondDonor).Audience;
        var others = organisations
            .Where(o => o.Kind is OrganisationKind.Provider or OrganisationKind.Partner)
            .Select(o => o.Audience)
            .Where(a => a != first && a != second)
            .OrderBy(a => a.Key, StringComparer.Ordinal)
            .Append(Audience.Partners)
            .ToArray();
        for (var i = 0; i < count; i++)
        {
            // In the order of time, so that indexes grow at their ends.
            var at = begin.AddMinutes((double)i / count * (SpanDays - 8) * 1440);
            var by = focalPoints[random.Next(focalPoints.Length)];
            var need = Need.Draft(Reference("NEED", at), by, Content(i), at);
            if (i % 4600 == 17)
                Circulate(need, by, officer, at, first);
            else if (i % 7 == 3)
                Circulate(need, by, officer, at, second);
            else
                Live(need, by, officer, at, others);
            yield return new(need, by, at);
        }
    }

    private void Live(Need need, Actor by, Actor officer, DateTime at, Audience[] others)
    {
        var fate = random.Next(100);
        if (fate >= 45)
            Circulate(need, by, officer, at, others[random.Next(others.Length)], others[random.Next(others.Length)]);
        if (fate is >= 45 or < 10)
            return;
        need.Submit(by, at.AddDays(1));
        if (fate < 20)
            return;
        if (fate < 25)
            need.Return(officer, DemonstrationTexts.Notes[0][need.Language], at.AddDays(2));
        else if (fate < 30)
            need.Withdraw(by, DemonstrationTexts.Reasons[0][need.Language], at.AddDays(2), []);
        else
            need.Authenticate(officer, at.AddDays(3));
    }

    private void Circulate(Need need, Actor by, Actor officer, DateTime at, params Audience[] audiences)
    {
        need.Submit(by, at.AddDays(1));
        need.Authenticate(officer, at.AddDays(2));
        foreach (var audience in audiences.Distinct())
            need.GiveConsent(by, audience, NeedParts.Summary | (NeedParts)(random.Next(128) << 1), at.AddDays(3));
        need.Circulate(officer, DateOnly.FromDateTime(at).AddDays(30 + random.Next(690)), at.AddDays(4));
    }

    private Need.Content Content(int i)
    {
        var language = Languages.All[random.Next(Languages.All.Count)];
        var topic = DemonstrationTexts.Topics[random.Next(DemonstrationTexts.Topics.Length)];
        var cost = random.Next(4) == 0 ? (decimal?)null : random.Next(1, 400) * 2_500m;
        var from = DateOnly.FromDateTime(now).AddDays(random.Next(600));
        return new Need.Content
        {
            Title = DemonstrationTexts.Unit.In(language, topic.Title[language], i + 1),
            Description = topic.Description[language],
            Language = language,
            Theme = topic.Theme,
            Paragraphs = topic.Paragraphs,
            Origin = (NeedOrigin)random.Next(3),
            Modalities = topic.Modalities,
            Sectors = topic.Sectors,
            Beneficiary = random.Next(8) == 0 ? topic.Beneficiary[language] : null,
            Urgency = (Urgency)random.Next(4),
            EstimatedCost = cost,
            Currency = cost is null ? null : "USD",
            From = from,
            To = random.Next(2) == 0 ? null : from.AddMonths(12),
        };
    }

    private IEnumerable<Made<StandingOffer>> OffersOf(IReadOnlyList<Organisation> organisations, int count)
    {
        var givers = organisations.Where(o => o.Kind == OrganisationKind.Provider).OrderBy(o => o.Number).ToArray();
        var by = Actor.Of(
            Membership.Of(
                Guid.CreateVersion7(),
                organisations.Single(o => o.Kind == OrganisationKind.Cted),
                Role.InformationOfficer,
                now.AddDays(-SpanDays)
            ),
            "Demonstration",
            [],
            now
        );
        for (var i = 0; i < count; i++)
        {
            var at = now.Date.AddDays(-SpanDays).AddMinutes((double)i / count * (SpanDays - 1) * 1440);
            yield return new(
                StandingOffer.Open(
                    Reference("OFFER", at),
                    givers[random.Next(givers.Length)],
                    DemonstrationStory.OfferContent(i, random),
                    at
                ),
                by,
                at
            );
        }
    }
}
