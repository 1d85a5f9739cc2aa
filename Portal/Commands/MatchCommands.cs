using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Matches;
using Portal.Data;
using Portal.Domain.Assistance;

namespace Portal.Commands;

/// <summary>Makes all matches anew, and says how long it takes.</summary>
public static class MatchCommands
{
    /// <summary><c>matches rebuild</c>.</summary>
    public static readonly Command Rebuild = new(
        "matches rebuild",
        "",
        "Makes the matches of all needs and standing offers anew, as after a change of weights, and says how long it took, and how long one need against all offers takes.\n"
            + "May run beside the portal; broken off, the portal goes on with it.",
        Run
    );

    private static async Task Run(CommandContext context)
    {
        context.Arguments.Done();
        var matcher = context.Service<Matcher>();
        var watch = Stopwatch.StartNew();
        var needs = await matcher.MakeAll();
        var all = watch.Elapsed;
        await using var db = await context.Service<PortalStore>().OpenAsSystem("say how long matches take");
        var ground = await matcher.Ground(db);
        context.Say(
            FormattableString.Invariant(
                $"Needs matched: {needs}. Standing offers: {ground.Offers.Count}. Matches kept: {await db.Matches.CountAsync()}. Time: {all.TotalSeconds:0.0} s."
            )
        );
        var some = await db
            .Needs.AsNoTracking()
            .Include(n => n.Translations)
            .Where(n => n.Status == NeedStatus.Circulated)
            .OrderByDescending(n => n.Id)
            .Take(201)
            .ToListAsync();
        if (some.Count == 0)
            return;
        var compare = Each(
            some,
            n =>
                Task.FromResult(
                    ground.Offers.Best(
                        NeedTraits.Of(NeedMatchFacts.Of(n), NeedParts.Whole, ground.InDollars),
                        ground.Weights,
                        Matching.MostOffers
                    )
                )
        );
        var follow = Each(
            some,
            async n =>
            {
                db.MatchTasks.Add(new MatchTask { RecordId = n.Id, Kind = n.Kind });
                await db.SaveChangesAsync();
                await matcher.Drain();
            }
        );
        context.Say(
            FormattableString.Invariant(
                $"One need against all of them: {await compare:0.000} ms compared; {await follow:0.0} ms from the note of its change until its matches are kept (medians of {some.Count})."
            )
        );
    }

    // Milliseconds, the median; the first is run once before, so that nothing is compiled while it is timed.
    private static async Task<double> Each(IReadOnlyList<Need> needs, Func<Need, Task> act)
    {
        await act(needs[0]);
        var times = new List<double>();
        foreach (var need in needs)
        {
            var begin = Stopwatch.GetTimestamp();
            await act(need);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
