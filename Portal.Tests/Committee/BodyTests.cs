using Portal.Domain.Access;
using Portal.Domain.Committee;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Tests.Committee;

/// <summary>Seats have terms, a chair belongs to a delegation, and each State is considered by one subcommittee.</summary>
public sealed class BodyTests
{
    private static readonly DateTime Now = Cast.Now;

    private static Organisation NewDelegation(params IReadOnlyList<Seat> seats) =>
        Organisation.Register(2190, OrganisationKind.Committee, "committee-z", Cast.Delegation.Name, seats: seats);

    [Fact]
    public void The_States_are_divided_in_thirds_of_the_English_order()
    {
        var divided = MemberStates.All.GroupBy(s => Bodies.Usual(s.Iso3)).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal((65, 64, 64), (divided[Body.SubcommitteeA], divided[Body.SubcommitteeB], divided[Body.SubcommitteeC]));
        foreach (var (iso3, body) in new[] { ("AFG", "A"), ("GEO", "A"), ("DEU", "B"), ("OMN", "B"), ("PAK", "C"), ("ZWE", "C") })
            Assert.Equal(Audience.Subcommittee(body), Bodies.Usual(iso3).Audience());
    }

    [Fact]
    public void A_delegation_is_in_the_audience_of_a_body_from_the_first_moment_of_its_term_to_the_last()
    {
        var (begins, ends) = (Now.AddDays(1), Now.AddDays(9));
        var delegation = NewDelegation(new Seat(Body.Committee, Now.AddYears(-1)), new Seat(Body.SubcommitteeB, begins, ends));
        var member = Membership.Of(Guid.CreateVersion7(), delegation, Role.Delegate, Now.AddYears(-1));
        bool Sits(DateTime at) => member.Audiences(at).Contains(Audience.Subcommittee("B"));
        Assert.Equal([false, true, true, false], new[] { begins.AddTicks(-1), begins, ends.AddTicks(-1), ends }.Select(Sits));
    }

    [Fact]
    public void A_seat_in_a_subcommittee_counts_only_with_one_in_the_Committee()
    {
        var delegation = NewDelegation(new Seat(Body.Committee, Now.AddYears(-2), Now), new Seat(Body.SubcommitteeA, Now.AddYears(-2)));
        Assert.Equal([Body.Committee, Body.SubcommitteeA], delegation.BodiesAt(Now.AddTicks(-1)));
        Assert.Empty(delegation.BodiesAt(Now));
        Assert.Equal(Now, delegation.SitsUntil(Body.SubcommitteeA, Now.AddDays(-1)));
    }

    [Fact]
    public void A_term_that_another_follows_without_a_gap_does_not_end_the_sitting()
    {
        var turn = Now.AddDays(20);
        var delegation = NewDelegation(
            new Seat(Body.Committee, Now.AddYears(-2), turn),
            new Seat(Body.Committee, turn),
            new Seat(Body.SubcommitteeA, Now.AddYears(-2), turn.AddDays(5))
        );
        Assert.Null(delegation.SitsUntil(Body.Committee, Now));
        Assert.Equal(turn.AddDays(5), delegation.SitsUntil(Body.SubcommitteeA, Now));
    }

    [Fact]
    public void A_seat_is_given_for_a_term_that_no_other_shares()
    {
        var delegation = NewDelegation();
        delegation.Sit(Cast.Malik, Body.Committee, Now, Now.AddYears(2), Now);
        Assert.Equal([Body.Committee], delegation.BodiesAt(Now));
        (string, Action)[] refused =
        [
            ("body.sits_already", () => delegation.Sit(Cast.Malik, Body.Committee, Now.AddYears(1), null, Now)),
            ("body.term_empty", () => delegation.Sit(Cast.Malik, Body.SubcommitteeA, Now.AddDays(1), Now.AddDays(1), Now)),
            ("body.term_over", () => delegation.Sit(Cast.Malik, Body.SubcommitteeA, Now.AddDays(-2), Now, Now)),
            ("body.no_delegation", () => Cast.Kenya.Sit(Cast.Malik, Body.Committee, Now, null, Now)),
            ("body.does_not_sit", () => delegation.Preside(Cast.Malik, Body.SubcommitteeA, true, Now)),
        ];
        foreach (var (code, act) in refused)
            Assert.Equal(code, Assert.Throws<Refusal>(act).Code);
        delegation.Sit(Cast.Malik, Body.Committee, Now.AddYears(2), null, Now);
        Assert.Equal([Body.Committee], delegation.BodiesAt(Now.AddYears(3)));
    }

    [Fact]
    public void A_term_is_ended_now_or_on_a_day_and_one_that_never_began_leaves_nothing_behind()
    {
        var coming = new Seat(Body.SubcommitteeC, Now.AddDays(5));
        var delegation = NewDelegation(new Seat(Body.Committee, Now.AddYears(-1)), coming);
        delegation.EndTerm(Cast.Malik, coming, Now, Now);
        var held = Assert.Single(delegation.Seats);
        delegation.EndTerm(Cast.Malik, held, Now.AddDays(3), Now);
        Assert.Equal(Now.AddDays(3), delegation.SitsUntil(Body.Committee, Now));
        Assert.Equal("record.changed_meanwhile", Assert.Throws<Refusal>(() => delegation.EndTerm(Cast.Malik, held, null, Now)).Code);
        Assert.Equal(
            "body.term_over",
            Assert.Throws<Refusal>(() => delegation.EndTerm(Cast.Malik, delegation.Seats[0], Now.AddDays(-1), Now)).Code
        );
        delegation.EndTerm(Cast.Malik, delegation.Seats[0], Now, Now);
        Assert.Empty(delegation.BodiesAt(Now));
    }

    [Fact]
    public void Only_access_managers_keep_the_bodies()
    {
        var delegation = NewDelegation(new Seat(Body.Committee, Now.AddYears(-1)));
        foreach (var player in Cast.All.Where(p => p.Role != Role.AccessManager))
        foreach (
            var act in new Action[]
            {
                () => delegation.Sit(player, Body.SubcommitteeA, Now, null, Now),
                () => delegation.EndTerm(player, delegation.Seats[0], Now, Now),
                () => delegation.Preside(player, Body.Committee, true, Now),
                () => Cast.Kenya.MoveTo(player, Body.SubcommitteeA),
            }
        )
            Assert.Equal("body.not_yours_to_keep", Assert.Throws<Refusal>(act).Code);
    }
}
