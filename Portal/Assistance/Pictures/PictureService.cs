using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Funding;
using Portal.Assistance.Matches;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Pictures;

/// <summary>
/// The picture of assistance: added up over the records that the reader may read and the parts of them that they may know.
/// </summary>
public sealed class PictureService(ActorSource actors, TimeProvider clock)
{
    /// <summary>What is told of one need: its cost and the days of its inner life only where the reader knows them.</summary>
    private sealed record Told(
        string Key,
        NeedStatus Status,
        string? Currency,
        decimal? Cost,
        decimal Accepted,
        bool Inner,
        DateTime SubmittedAt,
        DateTime? CirculatedAt,
        DateTime? ConcludedAt,
        DateOnly? DeliveredOn
    );

    /// <summary>
    /// Needs added up: by what they are told by, stage, currency where the reader knows the cost, and whether the reader knows their inner
    /// life. Days are summed as the numbers of days.
    /// </summary>
    private sealed class Heap(string key, NeedStatus status, string? currency, bool inner)
    {
        public string Key => key;
        public NeedStatus Status => status;
        public string? Currency => currency;
        public bool Inner => inner;
        public int Needs { get; set; }
        public decimal Cost { get; set; }
        public decimal Accepted { get; set; }
        public double Submitted { get; private set; }
        public int Circulated { get; private set; }
        public double CirculatedDays { get; private set; }
        public int Concluded { get; private set; }
        public double ConcludedDays { get; private set; }
        public double ToCirculation { get; private set; }
        public int Delivered { get; private set; }
        public double ToDelivery { get; private set; }
        public int DeliveredInAll { get; private set; }
        public double InAll { get; private set; }

        public void Add(Told n)
        {
            Needs++;
            Cost += n.Cost ?? 0;
            Accepted += n.Accepted;
            var submitted = Day(n.SubmittedAt);
            Submitted += submitted;
            if (n.CirculatedAt is { } circulatedAt)
            {
                var circulated = Day(circulatedAt);
                Circulated++;
                CirculatedDays += circulated;
                ToCirculation += circulated - submitted;
                if (n.DeliveredOn is { } on)
                {
                    Delivered++;
                    ToDelivery += on.DayNumber - circulated;
                }
            }
            if (n.ConcludedAt is { } concludedAt)
            {
                Concluded++;
                ConcludedDays += Day(concludedAt);
            }
            if (n.DeliveredOn is { } delivered)
            {
                DeliveredInAll++;
                InAll += delivered.DayNumber - submitted;
            }
        }
    }

    private static int Day(DateTime at) => DateOnly.FromDateTime(at).DayNumber;

    /// <summary>The picture.</summary>
    public async Task<PictureView> Get(PictureQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var needs = Asked(db, query);
        var rates = await db.AllRates(ct);
        decimal? Factor(string currency) => rates.Factor(currency, query.Currency, today);
        var heaps = await Heaps(db, needs, query.By, ct);
        var told = query.By is PictureBy.Modality ? await Kinds(db, db.Showing(needs, (int)NeedParts.Modality), ct) : heaps;
        // Still needed is what the page of the funding gap says, worked out in the same place.
        var gap = await GapService.Of(db, needs, GapOf(query.By), query.Currency, today, int.MaxValue, ct);
        var gaps = gap.Lines.ToDictionary(l => l.Key, l => l.Gap);
        string Key(string code) => query.By is PictureBy.Region ? MemberStates.Get(code).RegionalGroup.ToString() : code;
        var lines = told.GroupBy(h => Key(h.Key)).Select(g => Line(g.Key, g, gaps.GetValueOrDefault(g.Key), Factor));
        var priced = heaps.Where(h => h.Currency is not null).ToList();
        return new PictureView
        {
            By = query.By,
            SeesAll = PictureRules.SeesAll(db.Actor),
            Currency = query.Currency,
            RatesOf = today,
            Lines = [.. lines.OrderByDescending(l => l.Gap).ThenByDescending(l => l.Needs).ThenBy(l => l.Key, StringComparer.Ordinal)],
            Total = Line("", heaps, gap.Total.Gap, Factor),
            WithoutRate = priced.Where(h => Factor(h.Currency!) is null).Sum(h => h.Needs),
            WithoutCost = heaps.Sum(h => h.Needs) - priced.Sum(h => h.Needs),
            Stages = await Stages(db, needs, heaps, ct),
            Answers = await Answers(db, query, needs, heaps, ct),
            Times = await Times(db, needs, heaps, ct),
        };
    }

    private static GapBy GapOf(PictureBy by) =>
        by switch
        {
            PictureBy.Region => GapBy.Region,
            PictureBy.Theme => GapBy.Theme,
            PictureBy.Modality => GapBy.Modality,
            PictureBy.State => GapBy.State,
        };

    private static PictureLine Line(string key, IEnumerable<Heap> heaps, decimal gap, Func<string, decimal?> factor)
    {
        var line = new PictureLine(key, 0, 0, 0, 0, 0, 0, 0);
        foreach (var h in heaps)
        {
            var rate = h.Currency is null ? 0 : factor(h.Currency) ?? 0;
            line = line.With(
                new PictureLine(
                    key,
                    h.Needs,
                    h.Status is NeedStatus.Authenticated or NeedStatus.Circulated ? h.Needs : 0,
                    h.Status is NeedStatus.Matched or NeedStatus.InDelivery ? h.Needs : 0,
                    h.Status.IsConcluded() ? h.Needs : 0,
                    h.Cost * rate,
                    h.Accepted * rate,
                    0
                )
            );
        }
        return line with
        {
            Cost = decimal.Round(line.Cost, MidpointRounding.AwayFromZero),
            Accepted = decimal.Round(line.Accepted, MidpointRounding.AwayFromZero),
            Gap = gap,
        };
    }

    /// <summary>The picture, to be taken away: that it was is in the log.</summary>
    public async Task<PictureView> Export(PictureQuery query, string format, CancellationToken ct = default)
    {
        var view = await Get(query, ct);
        await using var db = await actors.Open();
        db.Audit(new Act("need.picture_exported", (int)NeedParts.Inner, Subject: $"{format}:{query.Table}"), Section.Needs);
        await db.SaveChangesAsync(ct);
        return view;
    }

    // Drafts are between a State and itself: they are in nobody's picture.
    private static IQueryable<Need> Asked(PortalDb db, PictureQuery query)
    {
        var (themes, states) = (query.Themes, query.Regions.SelectMany(r => MemberStates.In(r)).Select(s => s.Iso3).ToList());
        var needs = db.Needs.AsNoTracking().Where(n => n.SubmittedAt != null);
        if (themes.Count > 0)
            needs = needs.Where(n => themes.Contains(n.Theme));
        if (states.Count > 0)
            needs = needs.Where(n => states.Contains(n.StateIso3));
        if (query.Year is { } year)
        {
            var (from, to) = (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            // When it came before CTED is between the two: for nobody else does it tell whether it matches.
            needs = db.Showing(needs, (int)NeedParts.Inner).Where(n => n.SubmittedAt >= from && n.SubmittedAt < to);
        }
        if (query.Modalities is { Count: > 0 } modalities)
            needs = db.Showing(needs, (int)NeedParts.Modality).Where(n => n.Modalities.Any(m => modalities.Contains(m)));
        return needs;
    }

    // Each need is read once, no more than one in memory: the database takes twice as long to count the days between moments as to find
    // them.
    private static async Task<List<Heap>> Heaps(PortalDb db, IQueryable<Need> needs, PictureBy by, CancellationToken ct)
    {
        var (whole, scoped, cost, inner) = (db.Whole, db.Scoped, (int)NeedParts.Cost, (int)NeedParts.Inner);
        var told = needs
            .Select(n => new
            {
                Need = n,
                Cost = n.EstimatedCost != null
                    && n.Currency != null
                    && db.Reach.Any(r =>
                        r.RecordId == n.Id
                        && (r.View & cost) != 0
                        && (whole.Contains(r.Audience) || scoped.Contains(r.Audience + "@" + r.State))
                    ),
                Inner = db.Reach.Any(r =>
                    r.RecordId == n.Id
                    && (r.View & inner) != 0
                    && (whole.Contains(r.Audience) || scoped.Contains(r.Audience + "@" + r.State))
                ),
            })
            .Select(x => new Told(
                by == PictureBy.Theme ? x.Need.Theme : x.Need.StateIso3,
                x.Need.Status,
                x.Cost ? x.Need.Currency : null,
                x.Cost ? x.Need.EstimatedCost : null,
                x.Cost ? x.Need.AcceptedAmount : 0,
                x.Inner,
                x.Need.SubmittedAt!.Value,
                x.Need.CirculatedAt,
                x.Need.ConcludedAt,
                x.Need.DeliveredOn
            ));
        var heaps = new Dictionary<(string, NeedStatus, string?, bool), Heap>();
        await foreach (var n in told.AsAsyncEnumerable().WithCancellation(ct))
        {
            var key = (n.Key, n.Status, n.Currency, n.Inner);
            if (!heaps.TryGetValue(key, out var heap))
                heaps[key] = heap = new Heap(n.Key, n.Status, n.Currency, n.Inner);
            heap.Add(n);
        }
        return [.. heaps.Values];
    }

    // A need is told under each kind of help that it asks for: added up by what they ask for together, of which there are few, and taken
    // apart here.
    private static async Task<List<Heap>> Kinds(PortalDb db, IQueryable<Need> needs, CancellationToken ct)
    {
        var counts = await needs
            .GroupBy(n => new { n.Modalities, n.Status })
            .Select(g => new
            {
                g.Key.Modalities,
                g.Key.Status,
                Needs = g.Count(),
            })
            .ToListAsync(ct);
        var sums = await db.Showing(needs, (int)NeedParts.Cost)
            .Where(n => n.EstimatedCost != null && n.Currency != null)
            .GroupBy(n => new { n.Modalities, n.Currency })
            .Select(g => new
            {
                g.Key.Modalities,
                g.Key.Currency,
                Cost = g.Sum(n => (long)n.EstimatedCost!.Value),
                Accepted = g.Sum(n => (long)n.AcceptedAmount),
            })
            .ToListAsync(ct);
        return
        [
            .. counts.SelectMany(c => c.Modalities.Select(m => Kind(m, c.Status, null, c.Needs, 0, 0))),
            .. sums.SelectMany(s => s.Modalities.Select(m => Kind(m, NeedStatus.Draft, s.Currency, 0, s.Cost, s.Accepted))),
        ];
        static Heap Kind(string code, NeedStatus status, string? currency, int needs, long cost, long accepted) =>
            new(code, status, currency, false)
            {
                Needs = needs,
                Cost = cost,
                Accepted = accepted,
            };
    }

    private async Task<IReadOnlyList<StageLine>> Stages(PortalDb db, IQueryable<Need> needs, List<Heap> heaps, CancellationToken ct)
    {
        var now = Day(clock.GetUtcNow().UtcDateTime);
        StageLine Since(NeedStatus status, int count, int known, double days) =>
            new(status, count, known, known == 0 ? null : Math.Max(0, now - (days / known)));
        // Since when is of a need's inner life, but for circulation and the State's answer, which all who see it were told of.
        var inner = db.Showing(needs, (int)NeedParts.Inner);
        var lines = new List<StageLine>();
        foreach (var status in Enum.GetValues<NeedStatus>().Where(s => s is not NeedStatus.Draft))
        {
            var of = heaps.Where(h => h.Status == status).ToList();
            var count = of.Sum(h => h.Needs);
            lines.Add(
                status switch
                {
                    _ when count == 0 => new StageLine(status, 0, 0, null),
                    NeedStatus.Submitted => Since(
                        status,
                        count,
                        of.Where(h => h.Inner).Sum(h => h.Needs),
                        of.Where(h => h.Inner).Sum(h => h.Submitted)
                    ),
                    NeedStatus.Circulated => Since(status, count, of.Sum(h => h.Circulated), of.Sum(h => h.CirculatedDays)),
                    NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet => Since(
                        status,
                        count,
                        of.Sum(h => h.Concluded),
                        of.Sum(h => h.ConcludedDays)
                    ),
                    _ => await Entered(status, count),
                }
            );
        }
        return lines;

        async Task<StageLine> Entered(NeedStatus status, int count)
        {
            var name = status.ToString();
            var entered = await db
                .Activities.Where(a => a.To == name && inner.Any(n => n.Id == a.RecordId && n.Status == status))
                .GroupBy(a => a.RecordId)
                .Select(g => g.Max(a => a.At))
                .ToListAsync(ct);
            return Since(status, count, entered.Count, entered.Sum(at => (double)Day(at)));
        }
    }

    private static async Task<IReadOnlyList<CountLine>> Answers(
        PortalDb db,
        PictureQuery query,
        IQueryable<Need> needs,
        List<Heap> heaps,
        CancellationToken ct
    )
    {
        var lines = new List<CountLine>();
        // Who is told no matches is told no numbers of them either; a State's are made when it asks for them.
        if (MatchService.Side(db.Actor) is MatchSide.Cted or MatchSide.Provider)
            lines.AddRange(await Unmatched(db, query, needs, heaps, ct));
        var total = heaps.Sum(h => h.Circulated);
        // A draft is its provider's own business, also where it reads itself.
        var made = db.Proposals.AsNoTracking().Where(p => p.Status != ProposalStatus.Draft && needs.Any(n => n.Id == p.NeedId));
        var proposed = await made.Where(p => needs.Any(n => n.Id == p.NeedId && n.CirculatedAt != null))
            .Select(p => p.NeedId)
            .Distinct()
            .CountAsync(ct);
        var notNow = await db
            .NotNow.AsNoTracking()
            .Where(x =>
                needs.Any(n => n.Id == x.NeedId && n.CirculatedAt != null)
                && !db.Proposals.Any(p => p.NeedId == x.NeedId && p.Status != ProposalStatus.Draft)
            )
            .Select(x => x.NeedId)
            .Distinct()
            .CountAsync(ct);
        lines.Add(new CountLine("with_proposal", proposed, total));
        lines.Add(new CountLine("with_not_now", notNow, total));
        lines.Add(new CountLine("unanswered", total - proposed - notNow, total));
        var proposals = (await made.GroupBy(p => p.Status).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)).ToDictionary(
            g => g.Key,
            g => g.Count
        );
        lines.AddRange(
            Enum.GetValues<ProposalStatus>()
                .Where(s => s != ProposalStatus.Draft)
                .Select(s => new CountLine("proposals." + s, proposals.GetValueOrDefault(s), proposals.Values.Sum()))
        );
        return lines;
    }

    private static async Task<IReadOnlyList<CountLine>> Unmatched(
        PortalDb db,
        PictureQuery query,
        IQueryable<Need> needs,
        List<Heap> heaps,
        CancellationToken ct
    )
    {
        // From the side on which there are few: needs are many, those that somebody proposed for are not.
        var matched = heaps.Where(h => h.Status.IsMatched()).Sum(h => h.Needs);
        var best = db.Matches.AsNoTracking().Where(m => m.Rank == 1);
        if (query.IsFiltered)
            best = best.Where(m => needs.Any(n => n.Id == m.NeedId));
        var without = new CountLine("needs_without_offer", matched - await best.Select(m => m.NeedId).Distinct().CountAsync(ct), matched);
        // Who gives help is matched by its own offers; of the others' it would know nothing here.
        var own = db.Actor.Membership?.Organisation is { Kind: OrganisationKind.Provider or OrganisationKind.Partner } body
            ? body.Id
            : (Guid?)null;
        var offers = db.Offers.AsNoTracking().Where(o => o.IsOpen && (own == null || o.OrganisationId == own));
        return
        [
            without,
            new CountLine(
                "offers_without_need",
                await offers.CountAsync(o => !db.Matches.Any(m => m.OfferId == o.Id), ct),
                await offers.CountAsync(ct)
            ),
        ];
    }

    private static async Task<IReadOnlyList<TimeLine>> Times(PortalDb db, IQueryable<Need> needs, List<Heap> heaps, CancellationToken ct)
    {
        static TimeLine Mean(string step, int needs, double days) => new(step, needs, needs == 0 ? null : days / needs);
        var inner = heaps.Where(h => h.Inner).ToList();
        // From the proposals, which are few: of each need the first that was made.
        var made = await db
            .Proposals.AsNoTracking()
            .Where(p => p.Status != ProposalStatus.Draft && needs.Any(n => n.Id == p.NeedId))
            .Select(p => new
            {
                p.NeedId,
                From = needs.Where(n => n.Id == p.NeedId).Select(n => n.CirculatedAt).FirstOrDefault(),
                To = db.Activities.Where(a => a.RecordId == p.Id && a.Code == "proposal.proposed").Min(a => (DateTime?)a.At),
            })
            .ToListAsync(ct);
        var firsts = made.Where(m => m is { From: not null, To: not null })
            .GroupBy(m => m.NeedId)
            .Select(g => (g.Min(m => m.To)!.Value - g.First().From!.Value).TotalDays)
            .ToList();
        return
        [
            Mean("circulation", inner.Sum(h => h.Circulated), inner.Sum(h => h.ToCirculation)),
            Mean("proposal", firsts.Count, firsts.Sum()),
            Mean("delivery", heaps.Sum(h => h.Delivered), heaps.Sum(h => h.ToDelivery)),
            Mean("whole", inner.Sum(h => h.DeliveredInAll), inner.Sum(h => h.InAll)),
        ];
    }
}
