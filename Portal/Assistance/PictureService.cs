using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance;

/// <summary>The picture of assistance: added up in the database, over the records that the reader may read and the parts of them that they may know.</summary>
public sealed class PictureService(ActorSource actors, TimeProvider clock)
{
    private sealed record Counted(string Key, NeedStatus Status, int Needs);

    private sealed record Priced(string Key, string Currency, int Needs, long Cost, long Accepted, long Gap);

    /// <summary>The picture.</summary>
    public async Task<PictureView> Get(PictureQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var needs = Asked(db, query);
        var priced = db.Showing(needs, (int)NeedParts.Cost).Where(n => n.EstimatedCost != null && n.Currency != null);
        var byState = query.By is PictureBy.Region or PictureBy.State;
        Expression<Func<Need, string>> key = byState ? n => n.StateIso3 : query.By == PictureBy.Theme ? n => n.Theme : n => "";
        var rates = await db.AllRates(ct);
        var (all, prices) = (await Count(needs, n => "", ct), await Price(priced, n => "", ct));
        List<Counted> counts;
        List<Priced> amounts;
        if (query.By == PictureBy.Modality)
        {
            (counts, amounts) = ([], []);
            foreach (var modality in Modalities.All.Select(m => m.Code))
            {
                counts.AddRange((await Count(db.Showing(needs, (int)NeedParts.Modality).Where(n => n.Modalities.Contains(modality)), n => "", ct)).Select(c => c with { Key = modality }));
                amounts.AddRange((await Price(db.Showing(priced, (int)(NeedParts.Modality | NeedParts.Cost)).Where(n => n.Modalities.Contains(modality)), n => "", ct)).Select(p => p with { Key = modality }));
            }
        }
        else
            (counts, amounts) = (await Count(needs, key, ct), await Price(priced, key, ct));
        string Told(string code) => query.By == PictureBy.Region ? MemberStates.Get(code).RegionalGroup.ToString() : code;
        decimal? In(decimal amount, string currency) => rates.Convert(amount, currency, query.Currency, today);
        var lines = Lines(counts, amounts, Told, In);
        var total = Lines(all, prices, c => c, In).FirstOrDefault() ?? new PictureLine("", 0, 0, 0, 0, 0, 0, 0);
        return new PictureView
        {
            By = query.By,
            SeesAll = PictureRules.SeesAll(db.Actor),
            Currency = query.Currency,
            RatesOf = today,
            Lines = [.. lines.OrderByDescending(l => l.Gap).ThenByDescending(l => l.Needs).ThenBy(l => l.Key, StringComparer.Ordinal)],
            Total = total,
            WithoutRate = prices.Where(p => In(1, p.Currency) is null).Sum(p => p.Needs),
            WithoutCost = total.Needs - prices.Sum(p => p.Needs),
            Stages = await Stages(db, needs, all, ct),
            Answers = await Answers(db, needs, ct),
            Times = await Times(db, needs, ct),
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

    private static async Task<List<Counted>> Count(IQueryable<Need> needs, Expression<Func<Need, string>> key, CancellationToken ct) =>
        [.. (await Keyed(needs, key).GroupBy(x => new { x.Key, x.Need.Status }).Select(g => new { g.Key, Needs = g.Count() }).ToListAsync(ct)).Select(g => new Counted(g.Key.Key, g.Key.Status, g.Needs))];

    private static async Task<List<Priced>> Price(IQueryable<Need> needs, Expression<Func<Need, string>> key, CancellationToken ct) =>
        [.. (await Keyed(needs, key).GroupBy(x => new { x.Key, x.Need.Currency }).Select(g => new
        {
            g.Key,
            Needs = g.Count(),
            Cost = g.Sum(x => (long)x.Need.EstimatedCost!.Value),
            Accepted = g.Sum(x => (long)x.Need.AcceptedAmount),
            Gap = g.Sum(x => x.Need.EstimatedCost > x.Need.AcceptedAmount ? (long)x.Need.EstimatedCost!.Value - (long)x.Need.AcceptedAmount : 0L),
        }).ToListAsync(ct)).Select(g => new Priced(g.Key.Key, g.Key.Currency!, g.Needs, g.Cost, g.Accepted, g.Gap))];

    private sealed class WithKey
    {
        public string Key { get; init; } = "";
        public Need Need { get; init; } = null!;
    }

    private static IQueryable<WithKey> Keyed(IQueryable<Need> needs, Expression<Func<Need, string>> key)
    {
        var need = key.Parameters[0];
        return needs.Select(Expression.Lambda<Func<Need, WithKey>>(Expression.MemberInit(Expression.New(typeof(WithKey)),
            Expression.Bind(typeof(WithKey).GetProperty(nameof(WithKey.Key))!, key.Body), Expression.Bind(typeof(WithKey).GetProperty(nameof(WithKey.Need))!, need)), need));
    }

    private static List<PictureLine> Lines(List<Counted> counts, List<Priced> amounts, Func<string, string> told, Func<decimal, string, decimal?> convert) =>
    [
        .. counts.Select(c => new PictureLine(told(c.Key), c.Needs, c.Status is NeedStatus.Authenticated or NeedStatus.Circulated ? c.Needs : 0, c.Status is NeedStatus.Matched or NeedStatus.InDelivery ? c.Needs : 0,
                c.Status.IsConcluded() ? c.Needs : 0, 0, 0, 0))
            .Concat(amounts.Where(p => convert(1, p.Currency) is not null).Select(p => new PictureLine(told(p.Key), 0, 0, 0, 0, convert(p.Cost, p.Currency)!.Value, convert(p.Accepted, p.Currency)!.Value, convert(p.Gap, p.Currency)!.Value)))
            .GroupBy(l => l.Key).Select(g => g.Aggregate((a, b) => a.With(b))),
    ];

    private const double Year = 365.25;

    // A mean of days since a moment, by the numbers of the days, which both databases can say.
    private async Task<StageLine> Since(NeedStatus status, int needs, IQueryable<DateTime> moments, CancellationToken ct)
    {
        var since = await moments.GroupBy(_ => 1).Select(g => new { Known = g.Count(), Day = g.Average(m => (m.Year * Year) + m.DayOfYear) }).SingleOrDefaultAsync(ct);
        var now = clock.GetUtcNow().UtcDateTime;
        return new StageLine(status, needs, since?.Known ?? 0, since is null ? null : Math.Max(0, (now.Year * Year) + now.DayOfYear - since.Day));
    }

    private async Task<IReadOnlyList<StageLine>> Stages(PortalDb db, IQueryable<Need> needs, List<Counted> all, CancellationToken ct)
    {
        // Since when is of a need's inner life, but for circulation, which all who see it were told of.
        var inner = db.Showing(needs, (int)NeedParts.Inner);
        var lines = new List<StageLine>();
        foreach (var status in Enum.GetValues<NeedStatus>().Where(s => s is not NeedStatus.Draft))
        {
            var (count, name) = (all.Where(c => c.Status == status).Sum(c => c.Needs), status.ToString());
            var at = status switch
            {
                _ when count == 0 => null,
                NeedStatus.Submitted => inner.Where(n => n.Status == status).Select(n => n.SubmittedAt!.Value),
                NeedStatus.Circulated => needs.Where(n => n.Status == status && n.CirculatedAt != null).Select(n => n.CirculatedAt!.Value),
                NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet => needs.Where(n => n.Status == status && n.ConcludedAt != null).Select(n => n.ConcludedAt!.Value),
                _ => inner.Where(n => n.Status == status).Select(n => db.Activities.Where(a => a.RecordId == n.Id && a.To == name).Max(a => (DateTime?)a.At)).Where(m => m != null).Select(m => m!.Value),
            };
            lines.Add(at is null ? new StageLine(status, count, 0, null) : await Since(status, count, at, ct));
        }
        return lines;
    }

    private static async Task<IReadOnlyList<CountLine>> Answers(PortalDb db, IQueryable<Need> needs, CancellationToken ct)
    {
        var lines = new List<CountLine>();
        var matched = needs.Where(n => n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched);
        lines.Add(new CountLine("needs_without_offer", await matched.CountAsync(n => !db.Matches.Any(m => m.NeedId == n.Id), ct), await matched.CountAsync(ct)));
        // Who gives help is matched by its own offers; of the others' it would know nothing here.
        var own = db.Actor.Membership?.Organisation is { Kind: OrganisationKind.Provider or OrganisationKind.Partner } body ? body.Id : (Guid?)null;
        var offers = db.Offers.AsNoTracking().Where(o => o.IsOpen && (own == null || o.OrganisationId == own));
        lines.Add(new CountLine("offers_without_need", await offers.CountAsync(o => !db.Matches.Any(m => m.OfferId == o.Id), ct), await offers.CountAsync(ct)));
        var circulated = needs.Where(n => n.CirculatedAt != null);
        var total = await circulated.CountAsync(ct);
        // A draft is its provider's own business, also where it reads itself.
        var made = db.Proposals.AsNoTracking().Where(p => p.Status != ProposalStatus.Draft && needs.Any(n => n.Id == p.NeedId));
        lines.Add(new CountLine("with_proposal", await circulated.CountAsync(n => db.Proposals.Any(p => p.NeedId == n.Id && p.Status != ProposalStatus.Draft), ct), total));
        lines.Add(new CountLine("with_not_now", await circulated.CountAsync(n => !db.Proposals.Any(p => p.NeedId == n.Id && p.Status != ProposalStatus.Draft) && db.NotNow.Any(x => x.NeedId == n.Id), ct), total));
        lines.Add(new CountLine("unanswered", await circulated.CountAsync(n => !db.Proposals.Any(p => p.NeedId == n.Id && p.Status != ProposalStatus.Draft) && !db.NotNow.Any(x => x.NeedId == n.Id), ct), total));
        var proposals = (await made.GroupBy(p => p.Status).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)).ToDictionary(g => g.Key, g => g.Count);
        lines.AddRange(Enum.GetValues<ProposalStatus>().Where(s => s != ProposalStatus.Draft).Select(s => new CountLine("proposals." + s, proposals.GetValueOrDefault(s), proposals.Values.Sum())));
        return lines;
    }

    private sealed class Span
    {
        public double Days { get; init; }
    }

    private static async Task<IReadOnlyList<TimeLine>> Times(PortalDb db, IQueryable<Need> needs, CancellationToken ct)
    {
        async Task<TimeLine> Mean(string step, IQueryable<Span> spans)
        {
            var mean = await spans.GroupBy(_ => 1).Select(g => new { Count = g.Count(), Days = g.Average(s => s.Days) }).SingleOrDefaultAsync(ct);
            return new TimeLine(step, mean?.Count ?? 0, mean?.Days);
        }
        var inner = db.Showing(needs, (int)NeedParts.Inner);
        // From the proposals, which are few: of each need the first that was made.
        var made = await db.Proposals.AsNoTracking().Where(p => p.Status != ProposalStatus.Draft && needs.Any(n => n.Id == p.NeedId)).Select(p => new
        {
            p.NeedId,
            From = needs.Where(n => n.Id == p.NeedId).Select(n => n.CirculatedAt).FirstOrDefault(),
            To = db.Activities.Where(a => a.RecordId == p.Id && a.Code == "proposal.proposed").Min(a => (DateTime?)a.At),
        }).ToListAsync(ct);
        var firsts = made.Where(m => m is { From: not null, To: not null }).GroupBy(m => m.NeedId).Select(g => (g.Min(m => m.To)!.Value - g.First().From!.Value).TotalDays).ToList();
        return
        [
            await Mean("circulation", inner.Where(n => n.CirculatedAt != null).Select(n => new Span { Days = ((n.CirculatedAt!.Value.Year - n.SubmittedAt!.Value.Year) * Year) + n.CirculatedAt!.Value.DayOfYear - n.SubmittedAt!.Value.DayOfYear })),
            new TimeLine("proposal", firsts.Count, firsts.Count == 0 ? null : firsts.Average()),
            await Mean("delivery", needs.Where(n => n.CirculatedAt != null && n.DeliveredOn != null).Select(n => new Span { Days = ((n.DeliveredOn!.Value.Year - n.CirculatedAt!.Value.Year) * Year) + n.DeliveredOn!.Value.DayOfYear - n.CirculatedAt!.Value.DayOfYear })),
            await Mean("whole", inner.Where(n => n.DeliveredOn != null).Select(n => new Span { Days = ((n.DeliveredOn!.Value.Year - n.SubmittedAt!.Value.Year) * Year) + n.DeliveredOn!.Value.DayOfYear - n.SubmittedAt!.Value.DayOfYear })),
        ];
    }
}
