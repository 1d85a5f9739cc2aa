using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>
/// How many needs a State brought before CTED in a half-year under one heading, and how many of them each audience outside was ever given.
/// </summary>
/// <param name="State">ISO 3166-1 alpha-3.</param>
/// <param name="Heading">What they are told by: region, theme or kind of help; empty where all are told together.</param>
/// <param name="Half">The half-year, as <see cref="Publication.HalfOf"/> numbers it.</param>
/// <param name="Needs">How many.</param>
/// <param name="Given">How many of them are given to which audience, by its key.</param>
public sealed record FiledNeeds(string State, string Heading, int Half, int Needs, IReadOnlyDictionary<string, int> Given);

/// <summary>One figure that may be told to everyone in the section.</summary>
/// <param name="Headings">The headings that it is told of together; one, unless some had to be put together.</param>
/// <param name="About">About how many needs: rounded to <see cref="Publication.RoundedTo"/>.</param>
public sealed record PublishedFigure(IReadOnlyList<string> Headings, int About);

/// <summary>A span of closed half-years that figures are told of; spans never overlap.</summary>
/// <param name="First">First half-year.</param>
/// <param name="Last">Last half-year.</param>
public readonly record struct PublishedSpan(int First, int Last)
{
    /// <summary>Its first day.</summary>
    public DateOnly From => Publication.FirstDay(First);

    /// <summary>Its last day.</summary>
    public DateOnly To => Publication.FirstDay(Last + 1).AddDays(-1);
}

/// <summary>
/// What those without sight of the records may learn about all of them: figures behind each of which stand enough States that the best
/// informed reader cannot
/// take away what they know and be left with fewer than <see cref="FewestStates"/>. Spans of time do not overlap, headings of a table do
/// not overlap, and
/// nothing crosses headings with each other: no sum or difference of figures is about less than one figure (docs/decisions/0023).
/// </summary>
public static class Publication
{
    /// <summary>States of which a reader knows less than everything that must stand behind a figure.</summary>
    public const int FewestStates = 5;

    /// <summary>What figures are rounded to, so that one need more or less cannot be read off.</summary>
    public const int RoundedTo = 5;

    /// <summary>The number of the half-year that a day lies in.</summary>
    public static int HalfOf(DateOnly day) => (day.Year * 2) + (day.Month > 6 ? 1 : 0);

    /// <summary>The first day of a half-year.</summary>
    public static DateOnly FirstDay(int half) => new(half / 2, half % 2 == 0 ? 1 : 7, 1);

    /// <summary>
    /// The spans that are told of: closed half-years, put together with the ones after them until enough States stand behind all of their
    /// needs. What a
    /// later half-year brings changes no earlier span, so two looks at different times differ by whole spans.
    /// </summary>
    /// <param name="filed">All needs, told together.</param>
    /// <param name="today">The half-year that this lies in is still open and not told of.</param>
    public static IReadOnlyList<PublishedSpan> Spans(IReadOnlyCollection<FiledNeeds> filed, DateOnly today)
    {
        var spans = new List<PublishedSpan>();
        var closed = filed.Where(f => f.Half < HalfOf(today)).ToList();
        if (closed.Count == 0)
            return spans;
        var first = closed.Min(f => f.Half);
        for (var half = first; half < HalfOf(today); half++)
            if (IsSafe(closed.Where(f => f.Half >= first && f.Half <= half)))
            {
                spans.Add(new PublishedSpan(first, half));
                first = half + 1;
            }
        return spans;
    }

    /// <summary>
    /// The figures of one table and span, each about enough States. Headings with too few are put together; where even those are too few
    /// together, the
    /// smallest others join them. A heading without a need is one with too few: that no State of a region asked for help is not told
    /// either.
    /// </summary>
    /// <param name="filed">The needs under their headings.</param>
    /// <param name="headings">Every heading that there is.</param>
    /// <param name="span">The span, one of <see cref="Spans"/>.</param>
    public static IReadOnlyList<PublishedFigure> Figures(
        IReadOnlyCollection<FiledNeeds> filed,
        IReadOnlyList<string> headings,
        PublishedSpan span
    )
    {
        var within = filed.Where(f => f.Half >= span.First && f.Half <= span.Last).ToLookup(f => f.Heading);
        IEnumerable<FiledNeeds> Of(IEnumerable<string> some) => some.SelectMany(h => within[h]);
        var alone = headings
            .Where(h => IsSafe(within[h]))
            .OrderByDescending(h => within[h].Sum(f => f.Needs))
            .ThenBy(h => h, StringComparer.Ordinal)
            .ToList();
        var together = headings.Except(alone).ToList();
        while (together.Count > 0 && alone.Count > 0 && !IsSafe(Of(together)))
        {
            together.Add(alone[^1]);
            alone.RemoveAt(alone.Count - 1);
        }
        var groups = alone.Select(h => new[] { h }).ToList();
        if (together.Count > 0 && IsSafe(Of(together)))
            groups.Add([.. headings.Where(together.Contains)]);
        return [.. groups.Select(g => new PublishedFigure(g, Rounded(Of(g).Sum(f => f.Needs))))];
    }

    /// <summary>To the nearest multiple; what is told at all is never told as nothing.</summary>
    public static int Rounded(int needs) =>
        Math.Max(RoundedTo, (int)Math.Round(needs / (double)RoundedTo, MidpointRounding.AwayFromZero) * RoundedTo);

    /// <summary>
    /// Whether enough States stand behind some needs whoever reads: without those all of whose needs among them the reader was given, and
    /// without the reader's own.
    /// </summary>
    public static bool IsSafe(IEnumerable<FiledNeeds> some)
    {
        var states = some.GroupBy(f => f.State)
            .Select(g =>
                (
                    Needs: g.Sum(f => f.Needs),
                    Given: g.SelectMany(f => f.Given).GroupBy(a => a.Key).ToDictionary(a => a.Key, a => a.Sum(x => x.Value))
                )
            )
            .Where(s => s.Needs > 0)
            .ToList();
        string[] wide = [Audience.Providers.Key, Audience.Partners.Key, Audience.Public.Key];
        // A need given twice over may be counted twice here: then too much is taken for known, never too little.
        int Known(string? reader) =>
            states.Count(s =>
                wide.Sum(w => s.Given.GetValueOrDefault(w)) + (reader is null ? 0 : s.Given.GetValueOrDefault(reader)) >= s.Needs
            );
        var readers = states.SelectMany(s => s.Given.Keys).Except(wide).Distinct().Select(r => Known(r));
        // Without any audience of their own, a State: it knows its own needs.
        return states.Count - readers.Prepend(Known(null) + 1).Max() >= FewestStates;
    }
}
