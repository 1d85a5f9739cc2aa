using Portal.Domain.Access;
using Portal.Domain.Committee;
using static Portal.Tests.Committee.NewYork;

namespace Portal.Tests.Committee;

/// <summary>A circulation: silence decides at its close, and who asks for time gets it.</summary>
public sealed class CirculationTests
{
    private static readonly StepBy A = new(11, Guid.NewGuid(), "Delegate of A", null);
    private static readonly StepBy B = new(12, Guid.NewGuid(), "Delegate of B", null);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>Thursday, 9 April: the day before Good Friday.</summary>
    private static readonly DateTime Closing = At("2009-04-09 18:00");

    /// <summary>Opened on Thursday, 2 April 2009, for five days.</summary>
    private static Circulation Opened(int days = Circulation.UsualDays, string at = "2009-04-02 10:00") =>
        Circulation.Open(Guid.NewGuid(), Body.Committee, 1, 3, days, At(at), In2009);

    private static (string Code, string? Field) Refused(Action act)
    {
        var refusal = Assert.Throws<Refusal>(act);
        return (refusal.Code, refusal.Field);
    }

    private static void Closes(string there, Circulation circulation) => Assert.Equal(At(there), circulation.ClosesAt);

    [Fact]
    public void It_is_opened_on_a_day_of_New_York_for_one_to_sixty_days()
    {
        var record = Guid.NewGuid();
        var late = At("2009-04-02 23:00"); // in Greenwich it is the 3rd
        var circulation = Circulation.Open(record, Body.SubcommitteeB, 2, 7, 5, late, In2009);
        Assert.Equal(
            (record, Body.SubcommitteeB, 2, 7, 5),
            (circulation.RecordId, circulation.Body, circulation.Round, circulation.Edition, circulation.Days)
        );
        Assert.Equal((late, Day("2009-04-02"), Closing), (circulation.OpenedAt, circulation.OpenedOn, circulation.ClosesAt));
        Assert.Equal((CirculationStatus.Open, null, 7), (circulation.Status, circulation.EndedAt, circulation.Id.Version));
        Assert.Empty(circulation.Steps);
        Closes("2009-04-03 18:00", Opened(Circulation.ShortestDays));
        Closes("2009-06-29 18:00", Opened(Circulation.LongestDays));
        foreach (var days in new[] { -1, 0, 61, int.MaxValue })
            Assert.Equal(("circulation.days_out_of_range", "Days"), Refused(() => Opened(days)));
    }

    [Fact]
    public void One_opened_when_nobody_works_counts_from_the_next_working_day()
    {
        Closes("2009-04-13 18:00", Opened(5, "2009-04-04 12:00")); // a Saturday
        Closes("2009-04-13 18:00", Opened(1, "2009-04-10 12:00")); // Good Friday
    }

    [Fact]
    public void It_passes_at_the_instant_of_its_closing_and_not_a_tick_before()
    {
        var circulation = Opened();
        Assert.Equal((CirculationStatus.Open, null), (circulation.StatusAt(Closing - Tick), circulation.EndedAtAsOf(Closing - Tick)));
        Assert.Equal((CirculationStatus.Passed, Closing), (circulation.StatusAt(Closing), circulation.EndedAtAsOf(Closing)));
        circulation.Settle(Closing - Tick);
        Assert.Equal((CirculationStatus.Open, null), (circulation.Status, circulation.EndedAt));
        circulation.Settle(Closing);
        Assert.Equal((CirculationStatus.Passed, Closing), (circulation.Status, circulation.EndedAt));
    }

    [Fact]
    public void Written_down_a_week_late_it_passed_when_it_did()
    {
        var (punctual, late) = (Opened(), Opened());
        punctual.Settle(Closing);
        late.Settle(Closing.AddDays(7));
        late.Settle(Closing.AddDays(8));
        Assert.Equal((punctual.Status, punctual.EndedAt, punctual.ClosesAt), (late.Status, late.EndedAt, late.ClosesAt));
        Assert.Equal(Closing, Opened().EndedAtAsOf(Closing.AddYears(1)));
    }

    [Fact]
    public void What_has_passed_by_the_clock_is_over_though_nobody_wrote_it_down()
    {
        foreach (var settled in new[] { false, true })
        {
            var circulation = Opened();
            if (settled)
                circulation.Settle(Closing);
            AllRefused(circulation, Closing);
            AllRefused(circulation, Closing.AddMonths(1));
            Assert.Empty(circulation.Steps);
        }
    }

    private static void AllRefused(Circulation circulation, DateTime now)
    {
        foreach (
            var act in new Action[]
            {
                () => circulation.Hold(A, null, now, In2009),
                () => circulation.Lift(A, null, now, In2009),
                () => circulation.Object(A, "No.", now),
                () => circulation.SayNoObjection(A, now),
                () => circulation.Remark(A, "Well.", now),
                () => circulation.Recall("Withdrawn.", now),
            }
        )
            Assert.Equal(("circulation.over", null), Refused(act));
    }

    [Fact]
    public void A_hold_of_the_last_instant_keeps_the_day_from_counting()
    {
        var circulation = Opened();
        circulation.Hold(A, null, Closing - Tick, In2009);
        Assert.Equal(CirculationStatus.Open, circulation.StatusAt(Closing));
        Assert.True(circulation.HeldBy(A.OrganisationNumber, Closing));
        circulation.Lift(A, null, Closing, In2009); // at what was the closing, and is none any more
        Closes("2009-04-13 18:00", circulation);
    }

    [Fact]
    public void A_hold_stops_the_days_until_the_delegation_that_placed_it_lifts_it()
    {
        var circulation = Opened();
        circulation.Hold(A, "  Instructions are awaited.  ", At("2009-04-06 10:00"), In2009);
        Closes("2009-10-12 18:00", circulation); // lapsing on Tuesday, 6 October, with four days to go
        Assert.Equal(("circulation.already_held", null), Refused(() => circulation.Hold(A, null, At("2009-04-07 10:00"), In2009)));
        Assert.Equal(("circulation.nothing_to_lift", null), Refused(() => circulation.Lift(B, null, At("2009-04-07 10:00"), In2009)));
        var colleague = A with { MembershipId = Guid.NewGuid(), PersonName = "Colleague" };
        circulation.Lift(colleague, " ", At("2009-04-14 10:00"), In2009);
        Closes("2009-04-20 18:00", circulation);
        Assert.Equal(
            [
                (1, 11, StepAct.Hold, A.MembershipId, "Delegate of A", "Instructions are awaited.", (DateTime?)At("2009-10-06 10:00")),
                (2, 11, StepAct.Lift, colleague.MembershipId, "Colleague", null, null),
            ],
            circulation.Steps.Select(s => (s.Number, s.OrganisationNumber, s.Act, s.MembershipId, s.PersonName, s.Reason, s.Lapses))
        );
        Assert.Equal([At("2009-04-06 10:00"), At("2009-04-14 10:00")], circulation.Steps.Select(s => s.At));
        Assert.Equal(("circulation.nothing_to_lift", null), Refused(() => circulation.Lift(A, null, At("2009-04-14 10:00"), In2009)));
    }

    [Fact]
    public void A_hold_is_in_force_from_the_moment_it_is_placed_until_that_at_which_it_is_lifted()
    {
        var circulation = Opened();
        var (placed, lifted) = (At("2009-04-06 10:00"), At("2009-04-07 10:00"));
        circulation.Hold(A, null, placed, In2009);
        circulation.Lift(A, null, lifted, In2009);
        Assert.Equal(
            [false, true, true, false],
            new[] { placed - Tick, placed, lifted - Tick, lifted }.Select(m => circulation.HeldBy(A.OrganisationNumber, m))
        );
        Assert.False(circulation.HeldBy(B.OrganisationNumber, placed));
        Assert.Equal(1, Assert.Single(circulation.HoldsAt(placed)).Number);
    }

    [Fact]
    public void A_hold_of_a_weekend_costs_no_day_and_one_of_a_minute_a_whole_one()
    {
        var circulation = Opened();
        circulation.Hold(A, null, At("2009-04-04 10:00"), In2009);
        circulation.Lift(A, null, At("2009-04-05 10:00"), In2009);
        Assert.Equal(Closing, circulation.ClosesAt);
        circulation.Hold(A, null, At("2009-04-08 10:00"), In2009);
        circulation.Lift(A, null, At("2009-04-08 10:01"), In2009);
        Closes("2009-04-13 18:00", circulation);
        circulation.Hold(A, null, At("2009-04-08 11:00"), In2009); // and the same day costs it once
        circulation.Lift(A, null, At("2009-04-08 11:01"), In2009);
        Closes("2009-04-13 18:00", circulation);
    }

    [Fact]
    public void The_days_run_again_when_the_last_of_several_holds_is_lifted()
    {
        var circulation = Opened();
        circulation.Hold(A, null, At("2009-04-06 10:00"), In2009);
        circulation.Hold(B, null, At("2009-04-07 10:00"), In2009);
        Assert.Equal([11, 12], circulation.HoldsAt(At("2009-04-07 10:00")).Select(h => h.OrganisationNumber));
        circulation.Lift(A, null, At("2009-04-08 10:00"), In2009);
        Assert.Equal([12], circulation.HoldsAt(At("2009-04-08 10:00")).Select(h => h.OrganisationNumber));
        Assert.Equal(CirculationStatus.Open, circulation.StatusAt(At("2009-05-29 18:00")));
        circulation.Lift(B, null, At("2009-04-14 10:00"), In2009);
        Closes("2009-04-20 18:00", circulation);
    }

    [Fact]
    public void A_hold_lapses_after_six_months_and_the_days_run_again_from_the_day_after()
    {
        var circulation = Opened();
        circulation.Hold(A, null, At("2009-04-09 12:00"), In2009);
        var lapses = At("2009-10-09 12:00"); // a Friday
        Assert.Equal(lapses, circulation.Steps[0].Lapses);
        Assert.Equal([true, false], new[] { lapses - Tick, lapses }.Select(m => circulation.HeldBy(A.OrganisationNumber, m)));
        Closes("2009-10-12 18:00", circulation);
        Assert.Equal(CirculationStatus.Passed, circulation.StatusAt(At("2009-10-12 18:00")));
        Assert.Equal(("circulation.nothing_to_lift", null), Refused(() => circulation.Lift(A, null, lapses, In2009)));
        circulation.Hold(A, null, lapses, In2009); // it may be placed anew
        Assert.Equal(CirculationStatus.Open, circulation.StatusAt(At("2009-10-12 18:00")));
    }

    [Fact]
    public void A_hold_lapses_with_the_seat_where_that_ends_first()
    {
        var circulation = Opened();
        var seat = At("2009-04-14 00:00");
        circulation.Hold(A with { SeatUntil = seat }, null, At("2009-04-06 10:00"), In2009);
        circulation.Hold(B with { SeatUntil = At("2011-01-01 00:00") }, null, At("2009-04-07 10:00"), In2009);
        Assert.Equal([seat, At("2009-10-07 10:00")], circulation.Steps.Select(s => s.Lapses));
        circulation.Lift(B, null, At("2009-04-08 10:00"), In2009);
        Closes("2009-04-17 18:00", circulation); // from the 14th on, which was held on no part of it
    }

    [Fact]
    public void A_delegation_whose_seat_is_over_takes_no_step()
    {
        var circulation = Opened();
        var now = At("2009-04-06 10:00");
        var gone = A with { SeatUntil = now };
        foreach (
            var act in new Action[]
            {
                () => circulation.Hold(gone, null, now, In2009),
                () => circulation.Lift(gone, null, now, In2009),
                () => circulation.Object(gone, "No.", now),
                () => circulation.SayNoObjection(gone, now),
                () => circulation.Remark(gone, "Well.", now),
            }
        )
            Assert.Equal(("circulation.seat_over", null), Refused(act));
        circulation.Hold(A with { SeatUntil = now + Tick }, null, now, In2009);
        Assert.Equal(now + Tick, circulation.Steps[0].Lapses);
    }

    [Fact]
    public void A_seat_that_ends_otherwise_than_was_known_takes_its_hold_with_it()
    {
        var circulation = Opened();
        circulation.Hold(A, null, At("2009-04-06 10:00"), In2009);
        var before = circulation.ClosesAt;
        circulation.SeatEnds(B.OrganisationNumber, At("2009-04-10 00:00"), In2009, At("2009-04-07 10:00")); // holds nothing
        circulation.SeatEnds(A.OrganisationNumber, At("2010-01-01 00:00"), In2009, At("2009-04-07 10:00")); // later than it lapses
        Assert.Equal((before, At("2009-10-06 10:00")), (circulation.ClosesAt, circulation.Steps[0].Lapses));
        circulation.SeatEnds(A.OrganisationNumber, At("2009-04-14 00:00"), In2009, At("2009-04-07 10:00"));
        Assert.Equal(At("2009-04-14 00:00"), circulation.Steps[0].Lapses);
        Closes("2009-04-17 18:00", circulation);
    }

    [Fact]
    public void A_seat_whose_end_is_learned_afterwards_holds_until_then_and_lets_nothing_pass_in_the_past()
    {
        var circulation = Opened();
        circulation.Hold(A, null, At("2009-04-06 10:00"), In2009);
        var learned = At("2009-06-15 10:00"); // a Monday
        circulation.SeatEnds(A.OrganisationNumber, At("2009-04-07 00:00"), In2009, learned);
        Assert.Equal(learned, circulation.Steps[0].Lapses);
        Closes("2009-06-19 18:00", circulation);
    }

    [Fact]
    public void The_end_of_a_seat_changes_nothing_of_what_is_over()
    {
        var circulation = Opened();
        circulation.Hold(A, null, At("2009-04-06 10:00"), In2009);
        circulation.Object(A, "No.", At("2009-04-07 10:00"));
        var closes = circulation.ClosesAt;
        circulation.SeatEnds(A.OrganisationNumber, At("2009-04-08 00:00"), In2009, At("2009-04-08 00:00"));
        Assert.Equal((closes, At("2009-10-06 10:00")), (circulation.ClosesAt, circulation.Steps[0].Lapses));
    }

    [Fact]
    public void An_objection_says_why_and_ends_the_round_at_once_with_what_is_held()
    {
        var circulation = Opened();
        circulation.Hold(B, null, At("2009-04-06 10:00"), In2009);
        var now = At("2009-04-07 10:00");
        foreach (var nothing in new[] { null, "", "  \n " })
            Assert.Equal(("circulation.reason_required", "Reason"), Refused(() => circulation.Object(A, nothing, now)));
        Assert.Equal((CirculationStatus.Open, 1), (circulation.Status, circulation.Steps.Count));
        circulation.Object(A, "Paragraph 4 is not what was found.", now);
        Assert.Equal((CirculationStatus.Objected, now), (circulation.Status, circulation.EndedAt));
        Assert.Equal((CirculationStatus.Objected, now), (circulation.StatusAt(now.AddYears(1)), circulation.EndedAtAsOf(now.AddYears(1))));
        Assert.Equal("Paragraph 4 is not what was found.", circulation.Steps[^1].Reason);
        Assert.True(circulation.HeldBy(B.OrganisationNumber, now - Tick));
        Assert.Empty(circulation.HoldsAt(now));
        circulation.Settle(now.AddYears(1));
        Assert.Equal((CirculationStatus.Objected, now), (circulation.Status, circulation.EndedAt));
        AllRefused(circulation, now);
    }

    [Fact]
    public void Who_holds_may_object() =>
        Assert.Equal(
            CirculationStatus.Objected,
            After(c =>
            {
                c.Hold(A, null, At("2009-04-06 10:00"), In2009);
                c.Object(A, "No.", At("2009-04-07 10:00"));
            }).Status
        );

    private static Circulation After(Action<Circulation> acts)
    {
        var circulation = Opened();
        acts(circulation);
        return circulation;
    }

    [Fact]
    public void No_objection_changes_nothing_but_who_has_said_so()
    {
        var circulation = Opened();
        var now = At("2009-04-03 10:00");
        circulation.SayNoObjection(A, now);
        Assert.Equal(("circulation.already_said", null), Refused(() => circulation.SayNoObjection(A, now)));
        circulation.SayNoObjection(B, now);
        Assert.True(circulation.HasSaidNoObjection(A.OrganisationNumber) && circulation.HasSaidNoObjection(B.OrganisationNumber));
        Assert.False(circulation.HasSaidNoObjection(13));
        // All have, and it does not close early.
        Assert.Equal((Closing, CirculationStatus.Open), (circulation.ClosesAt, circulation.StatusAt(Closing - Tick)));
    }

    [Fact]
    public void A_hold_takes_back_that_there_is_no_objection_and_once_lifted_it_may_be_said_again()
    {
        var circulation = Opened();
        circulation.SayNoObjection(A, At("2009-04-03 10:00"));
        circulation.Hold(A, null, At("2009-04-06 10:00"), In2009);
        Assert.False(circulation.HasSaidNoObjection(A.OrganisationNumber));
        Assert.Equal(("circulation.lift_first", null), Refused(() => circulation.SayNoObjection(A, At("2009-04-06 11:00"))));
        circulation.SayNoObjection(B, At("2009-04-06 11:00")); // who does not hold may
        circulation.Lift(A, null, At("2009-04-07 10:00"), In2009);
        circulation.SayNoObjection(A, At("2009-04-07 10:00"));
        Assert.True(circulation.HasSaidNoObjection(A.OrganisationNumber));
    }

    [Fact]
    public void A_remark_says_something_and_changes_nothing_else()
    {
        var circulation = Opened();
        var now = At("2009-04-03 10:00");
        Assert.Equal(("field.required", "Reason"), Refused(() => circulation.Remark(A, " ", now)));
        circulation.Remark(A, " Paragraph 4 reads well. ", now);
        circulation.Remark(A, "So does paragraph 5.", now);
        Assert.Equal(["Paragraph 4 reads well.", "So does paragraph 5."], circulation.Steps.Select(s => s.Reason));
        Assert.Equal((Closing, CirculationStatus.Open), (circulation.ClosesAt, circulation.Status));
        Assert.False(circulation.HasSaidNoObjection(A.OrganisationNumber));
    }

    [Fact]
    public void The_secretariat_recalls_it_at_any_time_before_the_end_and_says_why()
    {
        foreach (var isHeld in new[] { false, true })
        {
            var circulation = Opened();
            if (isHeld)
                circulation.Hold(A, null, At("2009-04-06 10:00"), In2009);
            Assert.Equal(("circulation.reason_required", "Reason"), Refused(() => circulation.Recall(" ", Closing - Tick)));
            circulation.Recall(" A figure is wrong. ", Closing - Tick);
            Assert.Equal(
                (CirculationStatus.Recalled, Closing - Tick, "A figure is wrong."),
                (circulation.StatusAt(Closing), circulation.EndedAt, circulation.EndReason)
            );
            Assert.Empty(circulation.HoldsAt(Closing));
            AllRefused(circulation, Closing - Tick);
        }
    }

    [Fact]
    public void What_is_too_long_is_refused_and_leaves_nothing_behind()
    {
        var circulation = Opened();
        var (now, tooLong) = (At("2009-04-06 10:00"), new string('x', Circulation.LongestReason + 1));
        foreach (
            var act in new Action[]
            {
                () => circulation.Hold(A, tooLong, now, In2009),
                () => circulation.Object(A, tooLong, now),
                () => circulation.Remark(A, tooLong, now),
                () => circulation.Recall(tooLong, now),
            }
        )
            Assert.Equal(("field.too_long", "Reason"), Refused(act));
        Assert.Equal((CirculationStatus.Open, Closing, null), (circulation.Status, circulation.ClosesAt, circulation.EndReason));
        Assert.Empty(circulation.Steps);
        circulation.Hold(A, tooLong[1..], now, In2009);
        Assert.Equal(("field.too_long", "Reason"), Refused(() => circulation.Lift(A, tooLong, now, In2009)));
        Assert.True(circulation.HeldBy(A.OrganisationNumber, now));
    }

    [Theory]
    [InlineData("2009-04-07", "2009-04-13 18:00")] // ahead
    [InlineData("2009-04-06", "2009-04-13 18:00")] // today
    [InlineData("2009-04-03", "2009-04-13 18:00")] // past: learned afterwards that Headquarters was closed
    [InlineData("2009-04-09", "2009-04-13 18:00")] // the day on which it was due
    [InlineData("2009-04-13", "2009-04-09 18:00")] // after it
    public void A_holiday_added_while_it_runs_moves_the_closing(string holiday, string closes)
    {
        var circulation = Opened();
        circulation.Recount(With("2009-04-10", holiday), At("2009-04-06 10:00"));
        Closes(closes, circulation);
    }

    [Fact]
    public void A_holiday_added_on_the_last_day_keeps_it_from_passing_that_evening()
    {
        var circulation = Opened();
        circulation.Recount(With("2009-04-09", "2009-04-10"), Closing - Tick);
        Closes("2009-04-13 18:00", circulation);
        // Taken away again within the hour: who was told of the 13th has until then.
        circulation.Recount(In2009, Closing - Tick);
        Closes("2009-04-13 18:00", circulation);
    }

    [Theory]
    [InlineData("2009-04-08 10:00", "2009-04-10 18:00")] // ahead: Good Friday counts again
    [InlineData("2009-04-09 10:00", "2009-04-10 18:00")]
    [InlineData("2009-04-10 10:00", "2009-04-13 18:00")] // on the day itself it does not become the last
    [InlineData("2009-04-11 10:00", "2009-04-13 18:00")] // past: Monday, as before
    [InlineData("2009-04-13 17:59", "2009-04-13 18:00")] // on the last day it stays the last
    public void A_holiday_taken_away_brings_the_closing_forward_to_tomorrow_at_the_earliest(string now, string closes)
    {
        var circulation = Opened(6); // until Monday, 13 April
        circulation.Recount(With(), At(now));
        Closes(closes, circulation);
    }

    [Fact]
    public void A_holiday_taken_away_long_after_lets_nothing_pass_in_the_past_nor_while_somebody_holds()
    {
        var circulation = Opened(6);
        circulation.Hold(A, null, At("2009-04-13 10:00"), In2009);
        circulation.Recount(With(), At("2009-05-04 10:00")); // Good Friday was the sixth day
        Assert.True(circulation.HeldBy(A.OrganisationNumber, At("2009-05-04 10:00")));
        Closes("2009-10-14 18:00", circulation); // the day after it lapses
        circulation.Lift(A, null, At("2009-05-05 10:00"), With());
        Closes("2009-05-06 18:00", circulation);
        circulation.Hold(B, null, At("2009-05-06 17:59"), With()); // with all days counted, a hold still gets its time
        Assert.Equal(CirculationStatus.Open, circulation.StatusAt(At("2009-05-06 18:00")));
        circulation.Lift(B, null, At("2009-05-06 18:00"), With());
        Closes("2009-05-07 18:00", circulation);
    }

    [Fact]
    public void Another_closing_hour_counts_from_tomorrow()
    {
        var circulation = Opened();
        circulation.Recount(ClosingAt(new TimeOnly(17, 0), "2009-04-10"), At("2009-04-09 17:30"));
        Closes("2009-04-13 17:00", circulation);
    }

    [Fact]
    public void What_has_ended_stays_as_it_ended_whatever_becomes_of_the_calendar()
    {
        var (passed, objected, recalled) = (Opened(), Opened(), Opened());
        objected.Object(A, "No.", At("2009-04-06 10:00"));
        recalled.Recall("A figure is wrong.", At("2009-04-06 10:00"));
        foreach (var circulation in new[] { passed, objected, recalled })
        {
            var before = (circulation.ClosesAt, circulation.StatusAt(Closing), circulation.EndedAtAsOf(Closing));
            circulation.Recount(With("2009-04-08", "2009-04-09", "2009-04-10"), Closing);
            Assert.Equal(before, (circulation.ClosesAt, circulation.StatusAt(Closing), circulation.EndedAtAsOf(Closing)));
        }
    }
}
