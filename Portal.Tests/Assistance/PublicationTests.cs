using FsCheck;
using FsCheck.Xunit;
using Portal.Domain.Assistance;

namespace Portal.Tests.Assistance;

/// <summary>
/// What is told of all needs to those who may not read them never points at one State, whoever reads and whatever they know already.
/// </summary>
public sealed class PublicationTests
{
    private static readonly string[] States = [.. Enumerable.Range(0, 24).Select(i => $"S{i:00}")];
    private static readonly string[] Headings = ["A", "B", "C", "D", "E", "F"];
    private static readonly string[] Audiences = ["org:1", "org:2", "org:3", "providers", "partners", "public"];

    private sealed record One(string State, string Heading, DateOnly Day, string[] Given);

    /// <summary>A world of single needs, from hardly any to many, hardly shared to nearly all.</summary>
    private static List<One> World(Random random)
    {
        var (many, sharing, states) = (random.Next(1, 400), random.Next(0, 5), random.Next(1, States.Length));
        return
        [
            .. Enumerable
                .Range(0, many)
                .Select(_ => new One(
                    States[random.Next(states)],
                    Headings[random.Next(random.Next(1, 7))],
                    new DateOnly(2024, 1, 1).AddDays(random.Next(1300)),
                    [.. Audiences.Where(_ => random.Next(6) < sharing && random.Next(2) == 0)]
                )),
        ];
    }

    private static IReadOnlyCollection<FiledNeeds> Filed(IEnumerable<One> needs, Func<One, string> heading) =>
        [
            .. needs
                .GroupBy(n => (n.State, Heading: heading(n), Half: Publication.HalfOf(n.Day)))
                .Select(g => new FiledNeeds(
                    g.Key.State,
                    g.Key.Heading,
                    g.Key.Half,
                    g.Count(),
                    g.SelectMany(n => n.Given).GroupBy(a => a).ToDictionary(a => a.Key, a => a.Count())
                )),
        ];

    // Said once more, need by need: of how many States a reader does not know every need.
    private static int Unknown(IEnumerable<One> needs, Func<One, bool> knows) => needs.GroupBy(n => n.State).Count(g => !g.All(knows));

    private static IEnumerable<Func<One, bool>> Readers() =>
        [
            .. new[] { "org:1", "org:2", "org:3" }.SelectMany(o =>
                new Func<One, bool>[]
                {
                    n => n.Given.Any(a => a == o || a is "providers" or "public"),
                    n => n.Given.Any(a => a == o || a is "partners" or "public"),
                }
            ),
            .. States.Select(s => (Func<One, bool>)(n => n.State == s || n.Given.Contains("public"))),
        ];

    private static readonly DateOnly Today = new(2027, 3, 1);

    [Property(MaxTest = 300)]
    public void Enough_States_stand_behind_every_figure_whoever_reads(PositiveInt seed)
    {
        var world = World(new Random(seed.Get));
        foreach (var span in Publication.Spans(Filed(world, _ => ""), Today))
        {
            var within = world.Where(n => n.Day >= span.From && n.Day <= span.To).ToList();
            Assert.All(Readers(), knows => Assert.True(Unknown(within, knows) >= Publication.FewestStates));
            foreach (var figure in Publication.Figures(Filed(world, n => n.Heading), Headings, span))
            {
                var behind = within.Where(n => figure.Headings.Contains(n.Heading)).ToList();
                Assert.All(Readers(), knows => Assert.True(Unknown(behind, knows) >= Publication.FewestStates));
                Assert.Equal(0, figure.About % Publication.RoundedTo);
                Assert.InRange(figure.About - behind.Count, -2, 4);
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Figures_and_spans_do_not_overlap_so_that_no_difference_is_about_less(PositiveInt seed)
    {
        var world = World(new Random(seed.Get));
        var spans = Publication.Spans(Filed(world, _ => ""), Today);
        Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.All(spans, s => Assert.True(s.To < new DateOnly(2027, 1, 1)));
        foreach (var span in spans)
        {
            var told = Publication.Figures(Filed(world, n => n.Heading), Headings, span).SelectMany(f => f.Headings).ToList();
            Assert.Equal(told.Count, told.Distinct().Count());
            // Never all but some: what is left out could be had from the whole.
            Assert.True(told.Count == 0 || told.Count == Headings.Length);
        }
    }

    [Property(MaxTest = 200)]
    public void What_is_filed_later_changes_nothing_that_was_told(PositiveInt seed)
    {
        var random = new Random(seed.Get);
        var (world, day) = (World(random), new DateOnly(2024, 1, 1).AddDays(random.Next(1150)));
        var before = world.Where(n => n.Day <= day).ToList();
        var (then, now) = (Publication.Spans(Filed(before, _ => ""), day), Publication.Spans(Filed(world, _ => ""), Today));
        Assert.Equal(then, now.Take(then.Count));
        foreach (var span in then)
            Assert.Equal(
                Publication.Figures(Filed(before, n => n.Heading), Headings, span).Select(f => (string.Join(',', f.Headings), f.About)),
                Publication.Figures(Filed(world, n => n.Heading), Headings, span).Select(f => (string.Join(',', f.Headings), f.About))
            );
        // Nor does what is filed today.
        Assert.Equal(then, Publication.Spans(Filed([.. before, new One("S00", "A", day, [])], _ => ""), day));
    }

    [Fact]
    public void Enough_is_shown_where_enough_ask()
    {
        var world = States.SelectMany(s => Headings.Take(4).Select(h => new One(s, h, new DateOnly(2026, 2, 1), []))).ToList();
        var span = Assert.Single(Publication.Spans(Filed(world, _ => ""), Today));
        Assert.Equal((new DateOnly(2026, 1, 1), new DateOnly(2026, 6, 30)), (span.From, span.To));
        var figures = Publication.Figures(Filed(world, n => n.Heading), Headings, span);
        // Two headings that nobody filed under are not told by themselves, nor is that nobody did.
        Assert.Equal(["A", "B", "C", "D+E+F"], figures.Select(f => string.Join('+', f.Headings)));
        Assert.All(figures, f => Assert.Equal(25, f.About));
    }

    [Fact]
    public void The_State_that_reads_is_not_counted() =>
        Assert.Equal(
            [false, true],
            new[] { 5, 6 }.Select(n => Publication.IsSafe(Filed(States.Take(n).Select(s => new One(s, "A", Today, [])), _ => "")))
        );

    [Fact]
    public void Nor_are_those_whose_needs_a_reader_was_given()
    {
        var needs = States.Take(9).Select((s, i) => new One(s, "A", Today, i < 5 ? ["org:1"] : [])).ToList();
        Assert.False(Publication.IsSafe(Filed(needs, _ => "")));
        Assert.True(Publication.IsSafe(Filed([.. needs, new One("S00", "A", Today, ["org:2"])], _ => "")));
    }
}
