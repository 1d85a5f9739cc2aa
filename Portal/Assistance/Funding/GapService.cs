using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance.Funding;

/// <summary>What the funding gap is told by.</summary>
public enum GapBy
{
    /// <summary>Regional group.</summary>
    Region,

    /// <summary>Theme.</summary>
    Theme,

    /// <summary>State.</summary>
    State,

    /// <summary>Kind of help; a need may have several.</summary>
    Modality,

    /// <summary>Single need.</summary>
    Need,
}

/// <summary>One line of the funding gap, in one currency.</summary>
/// <param name="Key">Code of the region, theme or State, or reference of the need.</param>
/// <param name="Needs">How many needs.</param>
/// <param name="Cost">Estimated cost.</param>
/// <param name="Accepted">Accepted proposals.</param>
/// <param name="Programmed">What programmes bring beyond that.</param>
/// <param name="Gap">What is still to be paid for; of each need never below zero.</param>
/// <param name="Open">What proposals that wait for the State's choice would bring, as far as there is a gap.</param>
/// <param name="Unanswered">Needs with a gap and without any proposal.</param>
public sealed record GapLine(
    string Key,
    int Needs,
    decimal Cost,
    decimal Accepted,
    decimal Programmed,
    decimal Gap,
    decimal Open,
    int Unanswered
)
{
    /// <summary>What would be left if the State accepted all that waits.</summary>
    public decimal Left => Math.Max(0, Gap - Open);

    /// <summary>Both together.</summary>
    public GapLine With(GapLine other) =>
        new(
            Key,
            Needs + other.Needs,
            Cost + other.Cost,
            Accepted + other.Accepted,
            Programmed + other.Programmed,
            Gap + other.Gap,
            Open + other.Open,
            Unanswered + other.Unanswered
        );

    /// <summary>In whole units.</summary>
    public GapLine Rounded() =>
        this with
        {
            Cost = Whole(Cost),
            Accepted = Whole(Accepted),
            Programmed = Whole(Programmed),
            Gap = Whole(Gap),
            Open = Whole(Open),
        };

    private static decimal Whole(decimal amount) => decimal.Round(amount, MidpointRounding.AwayFromZero);
}

/// <summary>The funding gap as one reader may know it.</summary>
/// <param name="Currency">Currency that all is told in.</param>
/// <param name="RatesOf">Day of the rates.</param>
/// <param name="Lines">Lines, the largest gap first.</param>
/// <param name="Total">All of them.</param>
/// <param name="WithoutRate">Needs that are not in it, there being no rate of their currency.</param>
/// <param name="WithoutCost">Needs that are not in it, no cost being estimated or shared.</param>
/// <param name="ByWhat">What it is told by.</param>
public sealed record GapView(
    string Currency,
    DateOnly RatesOf,
    IReadOnlyList<GapLine> Lines,
    GapLine Total,
    int WithoutRate,
    int WithoutCost,
    GapBy ByWhat
);

/// <summary>What is asked for.</summary>
public sealed record GapQuery(
    GapBy By,
    string Currency,
    IReadOnlyList<string> Themes,
    IReadOnlyList<RegionalGroup> Regions,
    IReadOnlyList<string> States
)
{
    /// <summary>Reads an address.</summary>
    public static GapQuery Of(Shell.ListAddress address) =>
        new(
            address.AllOf<GapBy>("by").FirstOrDefault(),
            Currencies.Find(address.One("currency"))?.Code ?? "USD",
            Domain.Reference.Themes.Within(address.All("theme")),
            address.AllOf<RegionalGroup>("region"),
            [.. address.All("state").Select(s => MemberStates.Find(s)?.Iso3).OfType<string>().Distinct()]
        );
}

/// <summary>
/// The funding gap: estimated cost less what was accepted and what programmes bring beyond it, over the needs whose cost the reader may
/// know and over no other.
/// </summary>
public sealed class GapService(ActorSource actors, TimeProvider clock)
{
    /// <summary>Most single needs in a list.</summary>
    public const int MostNeeds = 200;

    /// <summary>What a need costs, where the reader may know.</summary>
    internal sealed record Costed(Guid Id, decimal? Cost, decimal Accepted, string? Currency);

    private sealed record Offered(
        Guid NeedId,
        ProposalStatus Status,
        int Organisation,
        decimal? Amount,
        decimal? AcceptedAmount,
        string? Currency
    );

    private sealed record Served(Guid NeedId, string State, Guid ProgrammeId);

    private sealed record Help(
        Guid Id,
        int Organisation,
        ProgrammeStatus Status,
        List<string> States,
        decimal? Budget,
        decimal? Committed,
        string? Currency
    );

    private sealed record Row(
        Guid Id,
        string Reference,
        string State,
        string Theme,
        List<string> Modalities,
        decimal? Cost,
        decimal Accepted,
        string? Currency
    );

    private sealed record Heap(
        string State,
        string Theme,
        string? Currency,
        int Needs,
        decimal Cost,
        decimal Accepted,
        decimal Gap,
        int Open
    );

    /// <summary>The gap by region, theme, State, kind of help or need.</summary>
    public async Task<GapView> Get(GapQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        return await Get(db, query, MostNeeds, ct);
    }

    /// <summary>All lines, up to a limit: what an export holds. The export is on the record.</summary>
    public async Task<GapView> Export(GapQuery query, string format, int most = 10_000, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var view = await Get(db, query, most, ct);
        db.Audit(new Act("gap.exported", (int)NeedParts.Inner, Subject: $"{format}:{view.Lines.Count}"), Section.Needs);
        await db.SaveChangesAsync(ct);
        return view;
    }

    private Task<GapView> Get(PortalDb db, GapQuery query, int most, CancellationToken ct)
    {
        var themes = query.Themes;
        var states = query.States.Concat(query.Regions.SelectMany(r => MemberStates.In(r)).Select(s => s.Iso3)).Distinct().ToList();
        var needs = db
            .Needs.AsNoTracking()
            .Where(n => (themes.Count == 0 || themes.Contains(n.Theme)) && (states.Count == 0 || states.Contains(n.StateIso3)));
        return Of(db, needs, query.By, query.Currency, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), most, ct);
    }

    /// <summary>
    /// The gap of some needs: of those of them whose cost the reader may know, from authentication until help is given. Needs without a
    /// proposal or programme that the
    /// reader sees are nearly all; the database adds them up. The others are worked out one by one.
    /// </summary>
    internal static async Task<GapView> Of(
        PortalDb db,
        IQueryable<Need> which,
        GapBy by,
        string currency,
        DateOnly today,
        int most,
        CancellationToken ct
    )
    {
        var rates = await db.AllRates(ct);
        decimal? Told(decimal amount, string from) => rates.Convert(amount, from, currency, today);
        var needs = db.Showing(which, (int)NeedParts.Cost)
            .Where(n => n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched);
        var alone = needs.Where(n => !db.Proposals.Any(p => p.NeedId == n.Id) && !db.ServedNeeds.Any(s => s.NeedId == n.Id));
        var heaps = await Heaps(alone, ct);
        var rows = await Rows(needs.Where(n => db.Proposals.Any(p => p.NeedId == n.Id) || db.ServedNeeds.Any(s => s.NeedId == n.Id)), ct);
        var worked = await Lines(db, needs, rows, Told, ct);

        GapLine? Line(string key, Heap heap) =>
            heap.Currency is { } own && rates.Factor(own, currency, today) is { } factor
                ? new GapLine(key, heap.Needs, heap.Cost * factor, heap.Accepted * factor, 0, heap.Gap * factor, 0, heap.Open)
                : null;
        string Key(string state, string theme) =>
            by switch
            {
                GapBy.Region => MemberStates.Get(state).RegionalGroup.ToString(),
                GapBy.Theme => theme,
                GapBy.State => state,
                GapBy.Modality or GapBy.Need => "",
            };
        var total = Sum("", heaps.Select(h => Line("", h)).OfType<GapLine>().Concat(worked.Select(w => w.Line)));
        IEnumerable<GapLine> parts;
        if (by == GapBy.Need)
        {
            var largest = new List<GapLine>();
            foreach (
                var own in heaps
                    .Select(h => h.Currency)
                    .OfType<string>()
                    .Distinct()
                    .Where(c => rates.Factor(c, currency, today) is not null)
            )
                largest.AddRange(
                    (
                        await alone
                            .Where(n => n.Currency == own && n.EstimatedCost != null)
                            .OrderByDescending(n => n.EstimatedCost > n.AcceptedAmount ? n.EstimatedCost!.Value - n.AcceptedAmount : 0)
                            .ThenBy(n => n.Reference)
                            .Take(most)
                            .Select(n => new
                            {
                                n.Reference,
                                Cost = n.EstimatedCost!.Value,
                                Accepted = n.AcceptedAmount,
                            })
                            .ToListAsync(ct)
                    ).Select(n =>
                        Line(
                            n.Reference,
                            new Heap("", "", own, 1, n.Cost, n.Accepted, Math.Max(0, n.Cost - n.Accepted), n.Cost > n.Accepted ? 1 : 0)
                        )!
                    )
                );
            parts = largest.Concat(worked.Select(w => w.Line));
        }
        else if (by == GapBy.Modality)
        {
            // Which kinds of help are asked for is shared apart from the cost.
            var kinds = await Kinds(db.Showing(alone, (int)NeedParts.Modality), ct);
            var ids =
                worked.Count == 0
                    ? []
                    : (
                        await db.Showing(needs, (int)NeedParts.Modality)
                            .Where(n => db.Proposals.Any(p => p.NeedId == n.Id) || db.ServedNeeds.Any(s => s.NeedId == n.Id))
                            .Select(n => n.Id)
                            .ToListAsync(ct)
                    ).ToHashSet();
            parts = kinds
                .Select(k => Line(k.Modality, k.Heap))
                .OfType<GapLine>()
                .Concat(worked.Where(w => ids.Contains(w.Row.Id)).SelectMany(w => w.Row.Modalities.Select(m => w.Line with { Key = m })));
        }
        else
            parts = heaps
                .Select(h => Line(Key(h.State, h.Theme), h))
                .OfType<GapLine>()
                .Concat(worked.Select(w => w.Line with { Key = Key(w.Row.State, w.Row.Theme) }));
        var lines = parts
            .GroupBy(l => l.Key)
            .Select(g => Sum(g.Key, g).Rounded())
            .OrderByDescending(l => l.Gap)
            .ThenBy(l => l.Key, StringComparer.Ordinal)
            .Take(most);
        var costed = heaps.Where(h => h.Currency is not null).Sum(h => h.Needs) + rows.Count(r => r.Cost is not null);
        return new GapView(
            currency,
            today,
            [.. lines],
            total.Rounded(),
            costed - total.Needs,
            heaps.Where(h => h.Currency is null).Sum(h => h.Needs) + rows.Count(r => r.Cost is null),
            by
        );
    }

    /// <summary>
    /// What programmes bring to some needs beyond what was accepted, each in its own currency, as far as the reader knows.
    /// </summary>
    /// <param name="db">Opened for the reader.</param>
    /// <param name="needs">Needs whose cost the reader may know; those without one are passed over.</param>
    /// <param name="today">Day of the rates.</param>
    /// <param name="ct">Stops.</param>
    internal static async Task<IReadOnlyDictionary<Guid, decimal>> Programmed(
        PortalDb db,
        IEnumerable<Costed> needs,
        DateOnly today,
        CancellationToken ct
    )
    {
        var programmed = new Dictionary<Guid, decimal>();
        var costed = needs.Where(n => n.Cost is not null && n.Currency is not null).ToList();
        if (costed.Count == 0)
            return programmed;
        var (asked, ids) = (db.Kept<Translated>(), costed.ConvertAll(n => n.Id));
        var served = await asked.Served(db, ids).ToListAsync(ct);
        var help =
            served.Count == 0
                ? []
                : await asked
                    .Help(db, [.. served.Select(s => s.ProgrammeId).Distinct()], db.Whole, db.Scoped)
                    .ToDictionaryAsync(p => p.Id, cancellationToken: ct);
        if (help.Count == 0)
            return programmed;
        var proposals = (await asked.Offered(db, ids).ToListAsync(ct)).ToLookup(p => p.NeedId);
        var rates = await db.AllRates(ct);
        foreach (var own in costed.GroupBy(n => n.Currency!))
        {
            decimal? Told(decimal amount, string from) => rates.Convert(amount, from, own.Key, today);
            var shares = Shares(served, help, Told);
            foreach (var need in own)
                programmed[need.Id] =
                    Line(
                        new Row(need.Id, "", "", "", [], need.Cost, need.Accepted, need.Currency),
                        proposals[need.Id],
                        shares[need.Id],
                        Told
                    )?.Programmed
                    ?? 0;
        }
        return programmed;
    }

    // A list of needs asks for it on every page.
    private sealed class Translated
    {
        // A programme's share is divided among all the needs of a State that it serves, on the page or not.
        public readonly Func<PortalDb, IReadOnlyCollection<Guid>, IAsyncEnumerable<Served>> Served = EF.CompileAsyncQuery(
            (PortalDb db, IReadOnlyCollection<Guid> ids) =>
                db
                    .ServedNeeds.Where(s =>
                        db.ServedNeeds.Where(x => ids.Contains(x.NeedId)).Select(x => x.ProgrammeId).Contains(s.ProgrammeId)
                    )
                    .Join(
                        db.Needs.Where(n => n.Status != NeedStatus.Withdrawn),
                        s => s.NeedId,
                        n => n.Id,
                        (s, n) => new Served(s.NeedId, n.StateIso3, s.ProgrammeId)
                    )
        );

        public readonly Func<PortalDb, IReadOnlyCollection<Guid>, string[], string[], IAsyncEnumerable<Help>> Help = EF.CompileAsyncQuery(
            (PortalDb db, IReadOnlyCollection<Guid> ids, string[] whole, string[] scoped) =>
                db
                    .Programmes.Where(p =>
                        ids.Contains(p.Id)
                        && db.Reach.Any(r =>
                            r.RecordId == p.Id
                            && (r.View & (int)ProgrammeParts.Finance) != 0
                            && (Enumerable.Contains(whole, r.Audience) || Enumerable.Contains(scoped, r.Audience + "@" + r.State))
                        )
                    )
                    .Select(p => new Help(p.Id, p.OrganisationNumber, p.Status, p.States, p.Budget, p.Committed, p.Currency))
        );

        public readonly Func<PortalDb, IReadOnlyCollection<Guid>, IAsyncEnumerable<Offered>> Offered = EF.CompileAsyncQuery(
            (PortalDb db, IReadOnlyCollection<Guid> ids) =>
                db
                    .Proposals.Where(p => ids.Contains(p.NeedId))
                    .Select(p => new Offered(p.NeedId, p.Status, p.OrganisationNumber, p.Says.Amount, p.AcceptedAmount, p.Says.Currency))
        );
    }

    private static Task<List<Row>> Rows(IQueryable<Need> needs, CancellationToken ct) =>
        needs
            .Select(n => new Row(n.Id, n.Reference, n.StateIso3, n.Theme, n.Modalities, n.EstimatedCost, n.AcceptedAmount, n.Currency))
            .ToListAsync(ct);

    // A need without a cost is in a heap without a currency.
    private static Task<List<Heap>> Heaps(IQueryable<Need> needs, CancellationToken ct) =>
        needs
            .GroupBy(n => new
            {
                n.StateIso3,
                n.Theme,
                Currency = n.EstimatedCost == null ? null : n.Currency,
            })
            .Select(g => new Heap(
                g.Key.StateIso3,
                g.Key.Theme,
                g.Key.Currency,
                g.Count(),
                g.Sum(n => (long)(n.EstimatedCost ?? 0)),
                g.Sum(n => (long)n.AcceptedAmount),
                g.Sum(n => n.EstimatedCost > n.AcceptedAmount ? (long)n.EstimatedCost!.Value - (long)n.AcceptedAmount : 0L),
                g.Count(n => n.EstimatedCost > n.AcceptedAmount)
            ))
            .ToListAsync(ct);

    // Added up by the kinds of help that are asked for together, of which there are few, and taken apart here.
    private static async Task<IEnumerable<(string Modality, Heap Heap)>> Kinds(IQueryable<Need> needs, CancellationToken ct) =>
        (
            await needs
                .GroupBy(n => new { n.Modalities, Currency = n.EstimatedCost == null ? null : n.Currency })
                .Select(g => new
                {
                    g.Key.Modalities,
                    Heap = new Heap(
                        "",
                        "",
                        g.Key.Currency,
                        g.Count(),
                        g.Sum(n => (long)(n.EstimatedCost ?? 0)),
                        g.Sum(n => (long)n.AcceptedAmount),
                        g.Sum(n => n.EstimatedCost > n.AcceptedAmount ? (long)n.EstimatedCost!.Value - (long)n.AcceptedAmount : 0L),
                        g.Count(n => n.EstimatedCost > n.AcceptedAmount)
                    ),
                })
                .ToListAsync(ct)
        ).SelectMany(k => k.Modalities.Select(m => (m, k.Heap)));

    private static async Task<IReadOnlyList<(Row Row, GapLine Line)>> Lines(
        PortalDb db,
        IQueryable<Need> needs,
        List<Row> rows,
        Func<decimal, string, decimal?> told,
        CancellationToken ct
    )
    {
        if (rows.Count == 0)
            return [];
        // Proposals that the reader sees: all for CTED, those made to it for a State, its own for a provider.
        var proposals = (
            await db
                .Proposals.AsNoTracking()
                .Where(p => needs.Any(n => n.Id == p.NeedId))
                .Select(p => new Offered(p.NeedId, p.Status, p.OrganisationNumber, p.Says.Amount, p.AcceptedAmount, p.Says.Currency))
                .ToListAsync(ct)
        ).ToLookup(p => p.NeedId);
        // Among all needs that the reader sees a programme serve, whatever is filtered for: a share does not depend on what is looked at.
        var served = await db
            .ServedNeeds.Join(
                db.Needs.Where(n => n.Status != NeedStatus.Withdrawn),
                s => s.NeedId,
                n => n.Id,
                (s, n) => new Served(s.NeedId, n.StateIso3, s.ProgrammeId)
            )
            .ToListAsync(ct);
        var help =
            served.Count == 0
                ? []
                : await db.Showing(db.Programmes.AsNoTracking(), (int)ProgrammeParts.Finance)
                    .Where(p => db.ServedNeeds.Any(s => s.ProgrammeId == p.Id))
                    .Select(p => new Help(p.Id, p.OrganisationNumber, p.Status, p.States, p.Budget, p.Committed, p.Currency))
                    .ToDictionaryAsync(p => p.Id, ct);
        var shares = Shares(served, help, told);
        return
        [
            .. from row in rows let line = Line(row, proposals[row.Id], shares[row.Id], told) where line is not null select (row, line),
        ];
    }

    // None where there is no cost, or no rate for it.
    private static GapLine? Line(
        Row row,
        IEnumerable<Offered> proposals,
        IEnumerable<(int Organisation, decimal Share)> shares,
        Func<decimal, string, decimal?> told
    )
    {
        if (
            row.Cost is null
            || told(row.Cost.Value, row.Currency!) is not { } cost
            || told(row.Accepted, row.Currency!) is not { } accepted
        )
            return null;
        var known = proposals
            .Where(p => p.Status == ProposalStatus.Accepted && p.AcceptedAmount is not null)
            .Select(p => (p.Organisation, told(p.AcceptedAmount!.Value, p.Currency!) ?? 0));
        var programmed = FundingGap.Programmed(cost, accepted, known, shares);
        var gap = Math.Max(0, cost - accepted - programmed);
        var open = proposals
            .Where(p => p.Status is ProposalStatus.Proposed or ProposalStatus.Shortlisted && p.Amount is not null)
            .Sum(p => told(p.Amount!.Value, p.Currency!) ?? 0);
        return new GapLine(
            row.Reference,
            1,
            cost,
            accepted,
            programmed,
            gap,
            Math.Min(gap, open),
            gap > 0 && proposals.All(p => p.Status is ProposalStatus.Draft or ProposalStatus.Withdrawn) ? 1 : 0
        );
    }

    private static ILookup<Guid, (int Organisation, decimal Share)> Shares(
        List<Served> served,
        Dictionary<Guid, Help> help,
        Func<decimal, string, decimal?> told
    ) =>
        served
            .Where(s => help.ContainsKey(s.ProgrammeId))
            .GroupBy(s => (s.ProgrammeId, s.State))
            .SelectMany(g =>
            {
                var p = help[g.Key.ProgrammeId];
                var amount = p.Currency is null ? 0 : told(FundingGap.Has(p.Status, p.Budget, p.Committed), p.Currency) ?? 0;
                return g.Select(s => (s.NeedId, Share: (p.Organisation, FundingGap.Share(amount, p.States.Count, g.Count()))));
            })
            .ToLookup(s => s.NeedId, s => s.Share);

    private static GapLine Sum(string key, IEnumerable<GapLine> lines) =>
        lines.Aggregate(new GapLine(key, 0, 0, 0, 0, 0, 0, 0), (a, b) => a.With(b));
}
