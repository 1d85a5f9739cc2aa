using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
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
/// <param name="Gap">What is still to be paid for; of each need never below zero.</param>
/// <param name="Open">What proposals that wait for the State's choice would bring, as far as there is a gap.</param>
/// <param name="Unanswered">Needs with a gap and without any proposal.</param>
public sealed record GapLine(string Key, int Needs, decimal Cost, decimal Accepted, decimal Gap, decimal Open, int Unanswered)
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
public sealed record GapQuery(GapBy By, string Currency, IReadOnlyList<string> Themes, IReadOnlyList<RegionalGroup> Regions)
{
    /// <summary>Reads an address.</summary>
    public static GapQuery Of(Shell.ListAddress address) => new(address.AllOf<GapBy>("by").FirstOrDefault(), Currencies.Find(address.One("currency"))?.Code ?? "USD",
        [.. address.All("theme").Select(t => Domain.Reference.Themes.Find(t)?.Code).OfType<string>().Distinct()], address.AllOf<RegionalGroup>("region"));
}

/// <summary>The funding gap: estimated cost less what was accepted, over the needs whose cost the reader may know and over no other.</summary>
public sealed class GapService(ActorSource actors, TimeProvider clock)
{
    /// <summary>Most single needs in a list.</summary>
    public const int MostNeeds = 200;

    private sealed record Row(Guid Id, string Reference, string State, string Theme, decimal? Cost, decimal Accepted, string? Currency);

    /// <summary>The gap by region, theme, State or need.</summary>
    public async Task<GapView> Get(GapQuery query, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var rates = await db.AllRates(ct);
        var themes = query.Themes;
        var states = query.Regions.SelectMany(r => MemberStates.In(r)).Select(s => s.Iso3).ToList();
        var needs = db.Showing(db.Needs.AsNoTracking(), (int)NeedParts.Cost).Where(n => (n.Status == NeedStatus.Authenticated || n.Status == NeedStatus.Circulated || n.Status == NeedStatus.Matched)
            && (themes.Count == 0 || themes.Contains(n.Theme)) && (states.Count == 0 || states.Contains(n.StateIso3)));
        var rows = await needs.Select(n => new Row(n.Id, n.Reference, n.StateIso3, n.Theme, n.EstimatedCost, n.AcceptedAmount, n.Currency)).ToListAsync(ct);
        // Proposals that the reader sees: all for CTED, those made to it for a State, its own for a provider.
        var waiting = (await db.Proposals.AsNoTracking().Where(p => needs.Any(n => n.Id == p.NeedId)).Select(p => new { p.NeedId, p.Status, p.Amount, p.Currency }).ToListAsync(ct)).ToLookup(p => p.NeedId);
        decimal? Told(decimal amount, string currency) => rates.Convert(amount, currency, query.Currency, today);
        var lines = new List<(string Key, GapLine Line)>();
        var withoutRate = 0;
        foreach (var row in rows.Where(r => r.Cost is not null))
        {
            if (Told(row.Cost!.Value, row.Currency!) is not { } cost || Told(row.Accepted, row.Currency!) is not { } accepted)
            {
                withoutRate++;
                continue;
            }
            var gap = Math.Max(0, cost - accepted);
            var open = waiting[row.Id].Where(p => p.Status is ProposalStatus.Proposed or ProposalStatus.Shortlisted && p.Amount is not null).Sum(p => Told(p.Amount!.Value, p.Currency!) ?? 0);
            var key = query.By switch
            {
                GapBy.Region => MemberStates.Get(row.State).RegionalGroup.ToString(),
                GapBy.Theme => row.Theme,
                GapBy.State => row.State,
                GapBy.Need => row.Reference,
            };
            lines.Add((key, new GapLine(key, 1, cost, accepted, gap, Math.Min(gap, open), gap > 0 && waiting[row.Id].All(p => p.Status is ProposalStatus.Draft or ProposalStatus.Withdrawn) ? 1 : 0)));
        }
        return new GapView(query.Currency, today, [.. lines.GroupBy(l => l.Key).Select(g => Sum(g.Key, g.Select(l => l.Line))).OrderByDescending(l => l.Gap).ThenBy(l => l.Key, StringComparer.Ordinal).Take(MostNeeds)],
            Sum("", lines.Select(l => l.Line)), withoutRate, rows.Count(r => r.Cost is null), query.By);
    }

    /// <summary>Whether a need counts: from authentication on, until help is given.</summary>
    internal static bool Counts(NeedStatus status) => status is NeedStatus.Authenticated or NeedStatus.Circulated or NeedStatus.Matched;

    internal static GapLine Sum(string key, IEnumerable<GapLine> lines) =>
        lines.Aggregate(new GapLine(key, 0, 0, 0, 0, 0, 0), (a, b) => new GapLine(key, a.Needs + b.Needs, a.Cost + b.Cost, a.Accepted + b.Accepted, a.Gap + b.Gap, a.Open + b.Open, a.Unanswered + b.Unanswered));
}
