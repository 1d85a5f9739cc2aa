using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Funding;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;

namespace Portal.Assistance.Matches;

/// <summary>What matches are made with: all open offers, the weights, who may be given a need.</summary>
/// <param name="Version">Version of offers, weights and track records that it was read under.</param>
/// <param name="Offers">The offers.</param>
/// <param name="Weights">How much each reason counts.</param>
/// <param name="Organisations">Providers and partner organisations by number.</param>
/// <param name="Rates">Rates of exchange.</param>
/// <param name="Day">Day of the rates.</param>
public sealed record MatchGround(
    int Version,
    OfferIndex Offers,
    MatchWeights Weights,
    IReadOnlyDictionary<int, OrganisationKind> Organisations,
    Rates Rates,
    DateOnly Day
)
{
    /// <summary>An amount in United States dollars; null for a currency that there is no rate of.</summary>
    public decimal? InDollars(decimal amount, string currency) => Rates.Convert(amount, currency, "USD", Day);

    /// <summary>The matches of one need: for CTED of the whole of it, for each organisation of what it was given.</summary>
    public IEnumerable<Match> Of(NeedMatchFacts need, NeedStatus status, IReadOnlyList<(string Audience, NeedParts Parts)> standing)
    {
        var cted = Audience.Cted.For(Need.Card);
        foreach (var (i, ranked) in Offers.Best(NeedTraits.Of(need, NeedParts.Whole, InDollars), Weights, Matching.MostOffers).Index())
            yield return Line(need, cted, NeedParts.Whole, ranked, i + 1);
        if (!status.IsShared() || standing.Count == 0)
            yield break;
        var given = Organisations
            .Select(o => (o.Key, Parts: NeedRules.GivenTo(standing, o.Value, o.Key)))
            .Where(o => o.Parts != NeedParts.None)
            .ToDictionary(o => o.Key, o => o.Parts);
        foreach (var own in Offers.BestOfEach(need, given, Weights, InDollars).GroupBy(m => m.Ranked.Organisation))
        foreach (var (i, (parts, ranked)) in own.Index())
            yield return Line(need, Audience.Org(own.Key).For(Need.Card), parts, ranked, i + 1);
    }

    private static Match Line(NeedMatchFacts need, string audience, NeedParts parts, RankedOffer ranked, int rank) =>
        new()
        {
            NeedId = need.Id,
            OfferId = ranked.Offer,
            Audience = audience,
            State = need.StateIso3,
            OrganisationNumber = ranked.Organisation,
            Parts = parts,
            Rank = rank,
            Score = ranked.Score.Score,
            Fits = ranked.Score.Fits,
        };
}

/// <summary>
/// Keeps the matches: finds by query what changed, makes its matches anew and writes them in one transaction with the note that they are
/// made. Safe to run
/// on every node and to break off anywhere.
/// </summary>
public sealed class Matcher(PortalStore store, TimeProvider clock, ILogger<Matcher> log)
{
    /// <summary>
    /// Needs made in one transaction where many are: beside the portal few, since on SQLite nobody else writes meanwhile; else more, since
    /// the same pages are written again with each.
    /// </summary>
    private const int Beside = 200;
    private const int Alone = 2000;
    private MatchGround? known;

    /// <summary>Asks for all matches to be made anew.</summary>
    internal static void Everything(PortalDb db) => db.MatchTasks.Add(new MatchTask());

    /// <summary>What matches are made with, as it is now; kept while the version stands.</summary>
    public async Task<MatchGround> Ground(PortalDb db, CancellationToken ct = default)
    {
        var version = await db.Counters.Where(c => c.Name == MatchBook.Version).Select(c => (int?)c.Value).FirstOrDefaultAsync(ct) ?? 0;
        if (known is { } before && before.Version == version)
            return before;
        var offers = await db
            .Offers.AsNoTracking()
            .Where(o => o.IsOpen)
            .Select(o => new OfferMatchFacts(
                o.Id,
                o.OrganisationNumber,
                o.Themes,
                o.Modalities,
                o.Regions,
                o.WorkingLanguages,
                o.BudgetFrom,
                o.BudgetTo,
                o.Currency,
                o.AvailableFrom,
                o.AvailableUntil
            ))
            .ToListAsync(ct);
        var outcomes = (
            await db
                .Proposals.Where(p => p.Outcome != null)
                .GroupBy(p => new { p.OrganisationNumber, p.Outcome })
                .Select(g => new
                {
                    g.Key.OrganisationNumber,
                    g.Key.Outcome,
                    Count = g.Count(),
                })
                .ToListAsync(ct)
        ).ToDictionary(o => (o.OrganisationNumber, o.Outcome!.Value), o => o.Count);
        byte Record(int organisation) =>
            Matching.TrackRecord(
                outcomes.GetValueOrDefault((organisation, NeedStatus.Met)),
                outcomes.GetValueOrDefault((organisation, NeedStatus.PartlyMet)),
                outcomes.GetValueOrDefault((organisation, NeedStatus.Unmet))
            );
        var weights = (await db.AssistanceSettings.AsNoTracking().SingleOrDefaultAsync(ct))?.Weights ?? MatchWeights.Usual;
        var organisations = await db
            .Organisations.Where(o => o.Kind == OrganisationKind.Provider || o.Kind == OrganisationKind.Partner)
            .ToDictionaryAsync(o => o.Number, o => o.Kind, ct);
        var (rates, day) = (await db.AllRates(ct), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        return known = new MatchGround(
            version,
            new OfferIndex([
                .. offers.Select(o =>
                    OfferTraits.Of(o, Record(o.Organisation), (amount, currency) => rates.Convert(amount, currency, "USD", day))
                ),
            ]),
            weights,
            organisations,
            rates,
            day
        );
    }

    /// <summary>The same, for a page: offers are no secret of anybody's here, only their traits are kept.</summary>
    public async Task<MatchGround> Ground(CancellationToken ct = default)
    {
        await using var db = await store.OpenAsSystem("compare with all open offers");
        return await Ground(db, ct);
    }

    /// <summary>Makes what is waiting to be made, as fast as it goes.</summary>
    /// <returns>How many needs were matched.</returns>
    public async Task<int> Drain(CancellationToken ct = default)
    {
        var made = 0;
        while (await Step(Alone, ct) is { } needs)
            made += needs;
        return made;
    }

    /// <summary>Makes all matches anew, whatever is waiting.</summary>
    /// <returns>How many needs were matched.</returns>
    public async Task<int> MakeAll(CancellationToken ct = default)
    {
        await using (var db = await store.OpenAsSystem("make all matches anew"))
        {
            db.MatchTasks.RemoveRange(await db.MatchTasks.ToListAsync(ct));
            Everything(db);
            await db.SaveChangesAsync(ct);
        }
        return await Drain(ct);
    }

    /// <summary>
    /// Makes what is waiting to be made and lets others in between: after each batch as long as it took. On SQLite who waits to write only
    /// looks again every
    /// tenth of a second, so that batches close upon each other would keep everybody out, people at sign-in too, for as long as there are
    /// any.
    /// </summary>
    internal async Task DrainBeside(CancellationToken ct)
    {
        for (var begin = Stopwatch.GetTimestamp(); await Step(Beside, ct) is { } needs; begin = Stopwatch.GetTimestamp())
            if (needs >= Beside)
                await Task.Delay(Stopwatch.GetElapsedTime(begin) + TimeSpan.FromMilliseconds(150), ct);
    }

    // The needs that changed themselves first; of what concerns many needs one batch at a time, so that nobody waits long to save.
    private async Task<int?> Step(int most, CancellationToken ct)
    {
        await using var db = await store.OpenAsSystem("match needs and offers");
        Kind ofNeed = Need.Card;
        var changed = await db.MatchTasks.Where(t => t.Kind == ofNeed).OrderBy(t => t.Id).Take(most).Select(t => t.Id).ToListAsync(ct);
        if (changed.Count > 0)
            return await InTurn(
                db,
                async () =>
                {
                    var tasks = await db.MatchTasks.Where(t => changed.Contains(t.Id)).ToListAsync(ct);
                    db.MatchTasks.RemoveRange(tasks);
                    return await Make(db, [.. tasks.Select(t => t.RecordId!.Value).Distinct()], tell: true, ct);
                },
                ct
            );
        return await db.MatchTasks.AsNoTracking().OrderBy(t => t.Id).FirstOrDefaultAsync(ct) is { } wide
            ? await Go(db, wide, most, ct)
            : null;
    }

    private static async Task<int> InTurn(PortalDb db, Func<Task<int>> act, CancellationToken ct)
    {
        var made = 0;
        await db.OneAtATime(
            "matches",
            async () =>
            {
                made = await act();
                await db.SaveChangesAsync(ct);
            }
        );
        return made;
    }

    // Which needs are next is found before the turn is taken: among a million that may take longer than anybody should wait to save.
    private async Task<int> Go(PortalDb db, MatchTask seen, int most, CancellationToken ct)
    {
        var needs = db
            .Needs.AsNoTracking()
            .Where(n => n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched);
        var themes = seen.RecordId is { } id ? await ThemesOf(db, id, seen.Kind!, ct) : null;
        if (themes is not null)
        {
            var offer = seen.RecordId!.Value;
            needs = needs.Where(n => themes.Contains(n.Theme) || db.Matches.Any(m => m.NeedId == n.Id && m.OfferId == offer));
        }
        if (seen.After is { } after)
            needs = needs.Where(n => string.Compare(n.Reference, after) > 0);
        var batch = await needs.OrderBy(n => n.Reference).Take(most).Select(n => new { n.Id, n.Reference }).ToListAsync(ct);
        return await InTurn(
            db,
            async () =>
            {
                // Another node may have gone on with it meanwhile.
                if (await db.MatchTasks.FirstOrDefaultAsync(t => t.Id == seen.Id && t.After == seen.After, ct) is not { } task)
                    return 0;
                var made =
                    batch.Count == 0
                        ? 0
                        : await Make(
                            db,
                            batch.ConvertAll(n => n.Id),
                            tell: themes is not null && seen.After is null && batch.Count < 100,
                            ct
                        );
                if (batch.Count == most)
                    task.After = batch[^1].Reference;
                else
                {
                    db.MatchTasks.Remove(task);
                    if (themes is null)
                        db.AccessChanged();
                }
                return made;
            },
            ct
        );
    }

    // The themes in which an offer counts: its own, and those that they are part of or that are part of them.
    private static async Task<List<string>> ThemesOf(PortalDb db, Guid recordId, Kind kind, CancellationToken ct)
    {
        var own =
            kind == StandingOffer.Card
                ? await db.Offers.AsNoTracking().Where(o => o.Id == recordId && o.IsOpen).Select(o => o.Themes).FirstOrDefaultAsync(ct)
                    ?? []
                :
                [
                    .. (
                        await db
                            .Offers.AsNoTracking()
                            .Where(o => o.IsOpen && db.Proposals.Any(p => p.Id == recordId && p.OrganisationId == o.OrganisationId))
                            .Select(o => o.Themes)
                            .ToListAsync(ct)
                    )
                        .SelectMany(t => t)
                        .Distinct(),
                ];
        return
        [
            .. Domain
                .Reference.Themes.All.Where(t =>
                    own.Contains(t.Code)
                    || (t.ParentCode is { } parent && own.Contains(parent))
                    || Domain.Reference.Themes.All.Any(child => child.ParentCode == t.Code && own.Contains(child.Code))
                )
                .Select(t => t.Code),
        ];
    }

    private async Task<int> Make(PortalDb db, IReadOnlyList<Guid> ids, bool tell, CancellationToken ct)
    {
        await MatchBook.Hold(db, ids, ct);
        var failed = new List<(Guid Need, Exception Why)>();
        var compared = await Compare(db, await Ground(db, ct), ids, failed, ct);
        // Where nothing can be compared it is not the needs that are wrong: all of it is tried again.
        if (compared.Count == 0 && failed.Count > 1)
            throw new InvalidOperationException($"None of {failed.Count} needs could be compared with the offers", failed[0].Why);
        foreach (var (need, why) in failed)
            log.LogError(why, "Need {Need} could not be compared with the offers; its matches stay as they were until it is changed", need);
        var matches = compared.SelectMany(c => c.Matches ?? []).ToList();
        await MatchBook.Replace(db, compared.ConvertAll(c => c.Need), matches, ct);
        if (tell)
            foreach (var of in matches.GroupBy(m => (m.NeedId, m.State)))
                db.MatchesChanged(of.Key.NeedId, [.. of.Select(m => m.Audience).Distinct()], of.Key.State);
        return compared.Count(c => c.Matches is not null);
    }

    // A need that cannot be read or compared keeps the matches it has until it is changed, and keeps no other waiting: what fails is halved
    // until it stands alone.
    private async Task<List<(Guid Need, IReadOnlyList<Match>? Matches)>> Compare(
        PortalDb db,
        MatchGround ground,
        IReadOnlyList<Guid> ids,
        List<(Guid, Exception)> failed,
        CancellationToken ct
    )
    {
        try
        {
            return await CompareAll(db, ground, ids, ct);
        }
        catch (Exception e) when (e is not (DbException or OperationCanceledException))
        {
            if (ids is [var alone])
            {
                failed.Add((alone, e));
                return [];
            }
            var half = ids.Count / 2;
            return
            [
                .. await Compare(db, ground, [.. ids.Take(half)], failed, ct),
                .. await Compare(db, ground, [.. ids.Skip(half)], failed, ct),
            ];
        }
    }

    // Null for a need that is matched with nothing at its stage.
    private static async Task<List<(Guid Need, IReadOnlyList<Match>? Matches)>> CompareAll(
        PortalDb db,
        MatchGround ground,
        IReadOnlyList<Guid> ids,
        CancellationToken ct
    )
    {
        var needs = await db
            .Needs.AsNoTracking()
            .Where(n => ids.Contains(n.Id))
            .Select(n => new
            {
                n.Id,
                n.StateIso3,
                n.Theme,
                n.Language,
                n.Modalities,
                n.EstimatedCost,
                n.Currency,
                n.From,
                n.To,
                n.Status,
            })
            .ToDictionaryAsync(n => n.Id, ct);
        var standing = (
            await db.Set<Consent>()
                .AsNoTracking()
                .Where(c => ids.Contains(c.RecordId) && c.RevokedAt == null)
                .Select(c => new
                {
                    c.RecordId,
                    c.AudienceKey,
                    c.Parts,
                })
                .ToListAsync(ct)
        ).ToLookup(c => c.RecordId, c => (c.AudienceKey, c.Parts));
        var translations = (
            await db.Set<NeedTranslation>()
                .AsNoTracking()
                .Where(t => ids.Contains(t.NeedId))
                .Select(t => new { t.NeedId, t.Language })
                .ToListAsync(ct)
        ).ToLookup(t => t.NeedId, t => t.Language);
        // Comparing is all arithmetic, so both cores may do it.
        return
        [
            .. ids.AsParallel()
                .AsOrdered()
                .Select(id =>
                    (
                        id,
                        needs.GetValueOrDefault(id) is { } n && n.Status.IsMatched()
                            ? (IReadOnlyList<Match>)
                                [
                                    .. ground.Of(
                                        new NeedMatchFacts(
                                            n.Id,
                                            n.StateIso3,
                                            n.Theme,
                                            n.Language,
                                            [.. translations[n.Id]],
                                            n.Modalities,
                                            n.EstimatedCost,
                                            n.Currency,
                                            n.From,
                                            n.To
                                        ),
                                        n.Status,
                                        [.. standing[n.Id]]
                                    ),
                                ]
                            : null
                    )
                ),
        ];
    }
}

/// <summary>Has the matcher look every second for what is waiting, on every node.</summary>
public sealed class MatchWorker(Matcher matcher, ILogger<MatchWorker> log) : BackgroundService
{
    /// <inheritdoc/>
    // What is not made when the portal stops is still waiting.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.Every(TimeSpan.FromSeconds(1), () => matcher.DrainBeside(stoppingToken), "Matches could not be made", log, stoppingToken);
}
