using System.Reflection;
using Portal.Domain.Access;
using Portal.Domain.Committee;
using static Portal.Tests.Committee.NewYork;

namespace Portal.Tests.Committee;

/// <summary>
/// Whatever two delegations and the secretariat do around the closing, in whatever order: every sequence of acts that are taken, at moments
/// about the closing as it then stands, and after each of them every act that is tried.
/// </summary>
public sealed class CirculationOrderTests
{
    // Opened on Thursday, 2 April 2009, for two days, of which the second is Monday.
    private static readonly DateTime Opening = At("2009-04-02 10:00");
    private static readonly DateTime SeatOfA = At("2009-04-07 12:00");
    private static readonly DateTime Far = Opening.AddYears(20);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly StepBy A = new(11, Guid.NewGuid(), "Delegate of A", SeatOfA);
    private static readonly StepBy B = new(12, Guid.NewGuid(), "Delegate of B", null);
    private static readonly HashSet<int> GoodFriday = [.. Enumerable.Range(0, 1000).Where(n => NaiveWalk.Day(n) == Day("2009-04-10"))];
    private static readonly Guid Record = Guid.NewGuid();

    private const int Days = 2;

    /// <summary>An act, of a delegation or of the secretariat.</summary>
    private sealed record Verb(StepAct? Act, StepBy By)
    {
        public void Do(Circulation on, DateTime now)
        {
            switch (Act)
            {
                case StepAct.Hold:
                    on.Hold(By, null, now, In2009);
                    break;
                case StepAct.Lift:
                    on.Lift(By, null, now, In2009);
                    break;
                case StepAct.Object:
                    on.Object(By, "No.", now);
                    break;
                case StepAct.NoObjection:
                    on.SayNoObjection(By, now);
                    break;
                case StepAct.Remark:
                    on.Remark(By, "Well.", now);
                    break;
                case null:
                    on.Recall("A figure is wrong.", now);
                    break;
            }
        }
    }

    private static readonly Verb[] Verbs =
    [
        .. from who in new[] { A, B }
        from act in new[] { StepAct.Hold, StepAct.Lift, StepAct.Object, StepAct.NoObjection }
        select new Verb(act, who),
        new(null, default),
    ];

    /// <summary>What should be, written down without the portal: who holds since when, who has said so, how it ended.</summary>
    private sealed record Model
    {
        public IReadOnlyList<(int By, DateTime From, DateTime Until)> Holds { get; init; } = [];
        public IReadOnlyList<int> Said { get; init; } = [];
        public (CirculationStatus As, DateTime At)? Ended { get; init; }

        public DateTime Closes { get; init; } = NaiveWalk.Due(Opening, Days, [], GoodFriday).Closes;

        public (CirculationStatus As, DateTime At)? EndAsOf(DateTime now) =>
            Ended ?? (now >= Closes ? (CirculationStatus.Passed, Closes) : null);

        public bool IsHeld(int by, DateTime now) => Holds.Any(h => h.By == by && h.From <= now && now < h.Until);

        public string? Refuses(Verb verb, DateTime now) =>
            EndAsOf(now) is not null ? "circulation.over"
            : verb.Act is null ? null
            : verb.By.SeatUntil <= now ? "circulation.seat_over"
            : (verb.Act, IsHeld(verb.By.OrganisationNumber, now)) switch
            {
                (StepAct.Hold, true) => "circulation.already_held",
                (StepAct.Lift, false) => "circulation.nothing_to_lift",
                (StepAct.NoObjection, true) => "circulation.lift_first",
                (StepAct.NoObjection, false) when Said.Contains(verb.By.OrganisationNumber) => "circulation.already_said",
                _ => null,
            };

        public Model After(Verb verb, DateTime now)
        {
            if (verb.Act is not { } act)
                return this with { Ended = (CirculationStatus.Recalled, now) };
            var by = verb.By.OrganisationNumber;
            return act switch
            {
                StepAct.Object => this with { Ended = (CirculationStatus.Objected, now) },
                StepAct.NoObjection => this with { Said = [.. Said, by] },
                StepAct.Remark => this,
                // A's seat always ends before half a year is over.
                StepAct.Hold => Counted([.. Holds, (by, now, verb.By.SeatUntil ?? now.AddMonths(6))]) with
                {
                    Said = [.. Said.Where(s => s != by)],
                },
                StepAct.Lift => Counted([.. Holds.Select(h => h.By == by && now < h.Until ? (by, h.From, now) : h)]),
            };
        }

        private Model Counted(IReadOnlyList<(int By, DateTime From, DateTime Until)> holds) =>
            this with
            {
                Holds = holds,
                Closes = NaiveWalk.Due(Opening, Days, [.. holds.Select(h => (h.From, h.Until))], GoodFriday).Closes,
            };
    }

    private readonly Dictionary<CirculationStatus, int> ends = [];
    private int orders;
    private int refused;

    [Fact]
    public void Whatever_is_done_around_the_closing_it_ends_once_and_never_passes_while_it_is_held()
    {
        Walk([], new Model(), 4);
        // A walk that went nowhere would prove nothing.
        Assert.True(orders > 10_000 && refused > 10_000, $"{orders} orders, {refused} refusals");
        Assert.All(
            new[] { CirculationStatus.Passed, CirculationStatus.Objected, CirculationStatus.Recalled },
            s => Assert.True(ends[s] > 1000, $"{s}: {ends[s]}")
        );
    }

    private void Walk(IReadOnlyList<(Verb Verb, DateTime At)> done, Model model, int left)
    {
        orders++;
        var last = done.Count == 0 ? Opening : done[^1].At;
        Ends(done, model);
        if (left == 0)
            return;
        var moments = new[] { last, last.AddDays(1), SeatOfA - Tick, SeatOfA, model.Closes - Tick, model.Closes, model.Closes + Tick };
        var (late, punctual) = (Played(done, false), Played(done, true));
        var before = Said(late);
        foreach (var now in moments.Where(m => m >= last).Distinct().Order())
        {
            punctual.Settle(now);
            foreach (var verb in Verbs)
            {
                var expected = model.Refuses(verb, now);
                if (expected is null)
                {
                    Walk([.. done, (verb, now)], model.After(verb, now), left - 1);
                    continue;
                }
                foreach (var circulation in new[] { late, punctual })
                    Assert.Equal(expected, Assert.Throws<Refusal>(() => verb.Do(circulation, now)).Code);
                refused++;
            }
        }
        // What was refused left no trace, or the acts that follow would not be those of this order.
        Assert.Equal(before, Said(late));
        Assert.Equal(Said(Played(done, true, moments.Max())), Said(punctual));
    }

    private void Ends(IReadOnlyList<(Verb Verb, DateTime At)> done, Model model)
    {
        var circulation = Played(done, false);
        Assert.Equal(model.Closes, circulation.ClosesAt);
        Assert.Equal(done.Count(d => d.Verb.Act is not null), circulation.Steps.Count);
        foreach (var now in new[] { done.Count == 0 ? Opening : done[^1].At, model.Closes - Tick, model.Closes, model.Closes + Tick, Far })
        {
            if (done.Count > 0 && now < done[^1].At)
                continue;
            var end = model.EndAsOf(now);
            Assert.Equal((end?.As ?? CirculationStatus.Open, end?.At), (circulation.StatusAt(now), circulation.EndedAtAsOf(now)));
            foreach (var by in new[] { A, B })
            {
                Assert.Equal(end is null && model.IsHeld(by.OrganisationNumber, now), circulation.HeldBy(by.OrganisationNumber, now));
                Assert.Equal(model.Said.Contains(by.OrganisationNumber), circulation.HasSaidNoObjection(by.OrganisationNumber));
            }
        }
        var (how, at) = model.EndAsOf(Far)!.Value;
        // It passes at the close of a day of which nobody held a part, and after every step; or at the step that ended it.
        if (how == CirculationStatus.Passed)
        {
            Assert.DoesNotContain(model.Holds, h => NaiveWalk.Touches(NaiveWalk.On(at), h.From, h.Until));
            Assert.All(circulation.Steps, s => Assert.True(s.At < at));
        }
        else
        {
            Assert.Equal(done[^1].At, at);
            Assert.All(done, d => Assert.True(d.At <= at));
        }
        ends[how] = ends.GetValueOrDefault(how) + 1;

        // Written down late, twice or on time: the same, and once.
        circulation.Settle(Far);
        Assert.Equal((how, at), (circulation.Status, circulation.EndedAt));
        var ended = Said(circulation);
        circulation.Settle(Far + Tick);
        circulation.Recount(With(), Far);
        circulation.SeatEnds(B.OrganisationNumber, at, In2009, Far);
        Assert.Equal(ended, Said(circulation));
        Assert.Equal(ended, Said(Played(done, true, Far)));
    }

    // The same acts again; with somebody who writes down what has passed at every moment, or nobody who does.
    private static Circulation Played(IReadOnlyList<(Verb Verb, DateTime At)> done, bool settled, DateTime? until = null)
    {
        var circulation = Circulation.Open(Record, Body.SubcommitteeA, 1, 1, Days, Opening, In2009);
        foreach (var (verb, at) in done)
        {
            if (settled)
                circulation.Settle(at);
            verb.Do(circulation, at);
        }
        foreach (var moment in new[] { circulation.ClosesAt - Tick, circulation.ClosesAt, until ?? Opening })
            if (settled && moment <= until)
                circulation.Settle(moment);
        return circulation;
    }

    private static readonly PropertyInfo[] Fields =
    [
        .. typeof(Circulation).GetProperties().Where(p => p.Name is not (nameof(Circulation.Id) or nameof(Circulation.Steps))),
    ];

    private static readonly PropertyInfo[] StepFields = typeof(CirculationStep).GetProperties();

    // All that it says but its identifier, field by field.
    private static List<object?> Said(Circulation circulation) =>
        [.. Fields.Select(f => f.GetValue(circulation)), .. circulation.Steps.SelectMany(s => StepFields.Select(f => f.GetValue(s)))];
}
