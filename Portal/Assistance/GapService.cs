using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Assistance;

/// <summary>What the funding gap is told by.</summary>
public enum GapBy
{
    /// <summary>Regional group.</summary>
    Region,
    /// <summary>Theme.</summary>
    Theme,
    /// <summary>State.</summary>
    State,
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
public sealed record GapLine(string Key, int Needs, decimal Cost, decimal Accepted, decimal Programmed, decimal Gap, decimal Open, int Unanswered)
{
    /// <summary>What would be left if the State accepted all that waits.</summary>
    public decimal Left => Math.Max(0, Gap - Open);
}

/// <summary>The funding gap as one reader may know it.</summary>
/// <param name="Currency">Currency that all is told in.</param>
/// <param name="RatesOf">Day of the rates.</param>
/// <param name="Lines">Lines, the largest gap first.</param>
/// <param name="Total">All of them.</param>
/// <param name="WithoutRate">Needs that are not in it, there being no rate of their currency.</param>
/// <param name="WithoutCost">Needs that are not in it, no cost being estimated or shared.</param>
/// <param name="ByWhat">What it is told by.</param>
public sealed record GapView(string Currency, DateOnly RatesOf, IReadOnlyList<GapLine> Lines, GapLine Total, int WithoutRate, int WithoutCost, GapBy ByWhat);

/// <summary>What is asked for.</summary>
public sealed record GapQuery(GapBy By, string Currency, IReadOnlyList<string> Themes, IReadOnlyList<RegionalGroup> Regions, IReadOnlyList<string> States)
{
    /// <summary>Reads an address.</summary>
    public static GapQuery Of(Shell.ListAddress address) => new(address.AllOf<GapBy>("by").FirstOrDefault(), Currencies.Find(address.One("currency"))?.Code ?? "USD",
        [.. address.All("theme").Select(t => Domain.Reference.Themes.Find(t)?.Code).OfType<string>().Distinct()], address.AllOf<RegionalGroup>("region"),
        [.. address.All("state").Select(s => MemberStates.Find(s)?.Iso3).OfType<string>().Distinct()]);
}

/// <summary>A need that counts in the funding gap.</summary>
internal sealed record GapRow(Guid Id, string Reference, string State, string Theme, decimal? Cost, decimal Accepted, string? Currency);

/// <summary>The funding gap: estimated cost less what was accepted and what programmes bring beyond it, over the needs whose cost the reader may know and over no other.</summary>
public sealed class GapService(ActorSource actors, TimeProvider clock)
{
    /// <summary>Most single needs in a list.</summary>
    public const int MostNeeds = 200;

    private sealed record Served(Guid NeedId, string State, Guid ProgrammeId);
    private sealed record Help(Guid Id, int Organisation, ProgrammeStatus Status, List<string> States, decimal? Budget, decimal? Committed, string? Currency);

    /// <summary>The gap by region, theme, State or need.</summary>
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

    private async Task<GapView> Get(PortalDb db, GapQuery query, int most, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var themes = query.Themes;
        var states = query.States.Concat(query.Regions.SelectMany(r => MemberStates.In(r)).Select(s => s.Iso3)).Distinct().ToList();
        var (rows, lines) = await Lines(db, needs => needs.Where(n => (themes.Count == 0 || themes.Contains(n.Theme)) && (states.Count == 0 || states.Contains(n.StateIso3))), query.Currency, today, ct);
        string Key(GapRow row) => query.By switch
        {
            GapBy.Region => MemberStates.Get(row.State).RegionalGroup.ToString(),
            GapBy.Theme => row.Theme,
            GapBy.State => row.State,
            GapBy.Need => row.Reference,
        };
        return new GapView(query.Currency, today, [.. lines.GroupBy(l => Key(l.Row)).Select(g => Sum(g.Key, g.Select(l => l.Line))).OrderByDescending(l => l.Gap).ThenBy(l => l.Key, StringComparer.Ordinal).Take(most)],
            Sum("", lines.Select(l => l.Line)), rows.Count(r => r.Cost is not null) - lines.Count, rows.Count(r => r.Cost is null), query.By);
    }

    /// <summary>Needs whose cost the reader may know, from authentication until help is given, and the line of each that can be told in a currency.</summary>
    internal static async Task<(IReadOnlyList<GapRow> Rows, IReadOnlyList<(GapRow Row, GapLine Line)> Lines)> Lines(PortalDb db, Func<IQueryable<Need>, IQueryable<Need>> which, string currency, DateOnly today, CancellationToken ct)
    {
        var rates = await db.AllRates(ct);
        decimal? Told(decimal amount, string from) => rates.Convert(amount, from, currency, today);
        var needs = which(db.Showing(db.Needs.AsNoTracking(), (int)NeedParts.Cost).Where(n => n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched));
        var rows = await needs.Select(n => new GapRow(n.Id, n.Reference, n.StateIso3, n.Theme, n.EstimatedCost, n.AcceptedAmount, n.Currency)).ToListAsync(ct);
        // Proposals that the reader sees: all for CTED, those made to it for a State, its own for a provider.
        var proposals = (await db.Proposals.AsNoTracking().Where(p => needs.Any(n => n.Id == p.NeedId)).Select(p => new { p.NeedId, p.Status, p.OrganisationNumber, p.Amount, p.AcceptedAmount, p.Currency }).ToListAsync(ct)).ToLookup(p => p.NeedId);
        var shares = await Shares(db, Told, ct);
        var lines = new List<(GapRow, GapLine)>();
        foreach (var row in rows.Where(r => r.Cost is not null))
        {
            if (Told(row.Cost!.Value, row.Currency!) is not { } cost || Told(row.Accepted, row.Currency!) is not { } accepted)
                continue;
            var known = proposals[row.Id].Where(p => p.Status == ProposalStatus.Accepted && p.AcceptedAmount is not null).Select(p => (p.OrganisationNumber, Told(p.AcceptedAmount!.Value, p.Currency!) ?? 0));
            var programmed = FundingGap.Programmed(cost, accepted, known, shares[row.Id]);
            var gap = Math.Max(0, cost - accepted - programmed);
            var open = proposals[row.Id].Where(p => p.Status is ProposalStatus.Proposed or ProposalStatus.Shortlisted && p.Amount is not null).Sum(p => Told(p.Amount!.Value, p.Currency!) ?? 0);
            lines.Add((row, new GapLine(row.Reference, 1, cost, accepted, programmed, gap, Math.Min(gap, open), gap > 0 && proposals[row.Id].All(p => p.Status is ProposalStatus.Draft or ProposalStatus.Withdrawn) ? 1 : 0)));
        }
        return (rows, lines);
    }

    // Among all needs that the reader sees a programme serve, whatever is filtered for: a share does not depend on what is looked at.
    private static async Task<ILookup<Guid, (int Organisation, decimal Share)>> Shares(PortalDb db, Func<decimal, string, decimal?> told, CancellationToken ct)
    {
        var served = await db.ServedNeeds.Join(db.Needs.Where(n => n.Status != NeedStatus.Withdrawn), s => s.NeedId, n => n.Id, (s, n) => new Served(s.NeedId, n.StateIso3, s.ProgrammeId)).ToListAsync(ct);
        var programmes = served.Count == 0 ? [] : await db.Showing(db.Programmes.AsNoTracking(), (int)ProgrammeParts.Finance).Where(p => db.ServedNeeds.Any(s => s.ProgrammeId == p.Id))
            .Select(p => new Help(p.Id, p.OrganisationNumber, p.Status, p.States, p.Budget, p.Committed, p.Currency)).ToDictionaryAsync(p => p.Id, ct);
        return served.Where(s => programmes.ContainsKey(s.ProgrammeId)).GroupBy(s => (s.ProgrammeId, s.State)).SelectMany(g =>
        {
            var p = programmes[g.Key.ProgrammeId];
            var amount = p.Currency is null ? 0 : told(FundingGap.Has(p.Status, p.Budget, p.Committed), p.Currency) ?? 0;
            return g.Select(s => (s.NeedId, Share: (p.Organisation, FundingGap.Share(amount, p.States.Count, g.Count()))));
        }).ToLookup(s => s.NeedId, s => s.Share);
    }

    internal static GapLine Sum(string key, IEnumerable<GapLine> lines) =>
        lines.Aggregate(new GapLine(key, 0, 0, 0, 0, 0, 0, 0), (a, b) => new GapLine(key, a.Needs + b.Needs, a.Cost + b.Cost, a.Accepted + b.Accepted, a.Programmed + b.Programmed, a.Gap + b.Gap, a.Open + b.Open, a.Unanswered + b.Unanswered));
}
