using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>Who manages whose place, role by role, and what becomes of a membership that is managed.</summary>
public sealed class DelegationTests
{
    public static TheoryData<Role> AllRoles => [.. Enum.GetValues<Role>()];

    [Theory, MemberData(nameof(AllRoles))]
    public void A_role_manages_what_the_table_says_and_nothing_else(Role role)
    {
        var actor = Cast.All.First(p => p.Role == role);
        foreach (var organisation in Cast.Organisations)
        foreach (var managed in Enum.GetValues<Role>())
        {
            var expected = role switch
            {
                Role.AccessManager or Role.Administrator => true,
                Role.FocalPoint => organisation == actor.Organisation && managed == Role.StateContributor,
                Role.ProviderManager => organisation == actor.Organisation && managed == Role.ProviderContributor,
                _ => false,
            };
            Assert.True(
                expected == Delegation.MayManage(actor, organisation.Id, managed),
                $"{role} of {actor.Organisation.Code}: {managed} of {organisation.Code}"
            );
        }
    }

    [Theory, MemberData(nameof(AllRoles))]
    public void The_gates_open_to_whom_the_table_says(Role role)
    {
        Actor actor = Cast.All.First(p => p.Role == role);
        var expected = role switch
        {
            Role.AccessManager => Enum.GetValues<PeopleAct>(),
            Role.Administrator => [PeopleAct.See, PeopleAct.SeeAll, PeopleAct.Manage, PeopleAct.ManageAll],
            Role.ExecutiveDirector or Role.Auditor => [PeopleAct.See, PeopleAct.SeeAll, PeopleAct.Review],
            Role.FocalPoint or Role.ProviderManager => [PeopleAct.See, PeopleAct.Manage, PeopleAct.Review],
            _ => [],
        };
        Assert.Equal(expected, Enum.GetValues<PeopleAct>().Where(a => Delegation.May(actor, a)));
    }

    [Fact]
    public void Nobody_signed_in_manages_nobody_and_nobody_manages_themselves()
    {
        Assert.DoesNotContain(Enum.GetValues<PeopleAct>(), a => Delegation.May(Cast.Nobody, a));
        Assert.False(Delegation.MayManage(Cast.Nobody, Cast.Kenya.Id, Role.StateContributor));
        foreach (var player in Cast.All)
            Assert.False(Delegation.MayManage(player, player.Membership), player.Name);
        Assert.True(Delegation.MayManage(Cast.Amina, Cast.Otieno.Membership));
    }

    [Fact]
    public void Whoever_is_managed_by_delegation_manages_nobody() =>
        Assert.All(Enum.GetValues<Role>().Select(Delegation.Of).OfType<Role>(), managed => Assert.Null(Delegation.Of(managed)));

    private static string RefusalOf(Action act) => Assert.Throws<Refusal>(act).Code;

    private static Membership Of(DateTime? until = null) =>
        Membership.Of(Guid.NewGuid(), Cast.Kenya, Role.StateContributor, Cast.Now.AddDays(-10), until);

    [Fact]
    public void A_suspended_membership_does_not_count_until_it_is_restored_to_the_end_it_had()
    {
        var membership = Of(Cast.Now.AddDays(30));
        membership.Suspend(Cast.Now);
        Assert.False(membership.InForce(Cast.Now));
        Assert.Equal(MembershipStanding.Suspended, membership.StandingAt(Cast.Now));
        Assert.Equal("membership.is_suspended", RefusalOf(() => membership.Suspend(Cast.Now)));
        Assert.Equal("membership.is_suspended", RefusalOf(() => membership.EndAt(null, Cast.Now)));
        Assert.True(membership.Overlaps(Cast.Now.AddDays(5), null));
        membership.Restore(Cast.Now.AddDays(1));
        Assert.True(membership.InForce(Cast.Now.AddDays(29)));
        Assert.Equal(Cast.Now.AddDays(30), membership.Until);
        Assert.Equal("membership.not_suspended", RefusalOf(() => membership.Restore(Cast.Now)));
    }

    [Fact]
    public void A_suspended_membership_whose_end_has_passed_is_over()
    {
        var membership = Of(Cast.Now.AddDays(30));
        membership.Suspend(Cast.Now);
        Assert.Equal("membership.already_ended", RefusalOf(() => membership.Restore(Cast.Now.AddDays(30))));
        membership.End(Cast.Now.AddDays(40));
        Assert.Equal(Cast.Now, membership.Until);
        Assert.Equal(MembershipStanding.Ended, membership.StandingAt(Cast.Now));
    }

    [Fact]
    public void An_end_is_neither_past_nor_before_the_start_and_what_is_over_stays_over()
    {
        var membership = Of();
        Assert.Equal("membership.period_over", RefusalOf(() => membership.EndAt(Cast.Now, Cast.Now)));
        membership.EndAt(Cast.Now.AddDays(1), Cast.Now);
        membership.EndAt(null, Cast.Now);
        membership.End(Cast.Now);
        Assert.Equal("membership.already_ended", RefusalOf(() => membership.EndAt(null, Cast.Now)));
        Assert.Equal("membership.already_ended", RefusalOf(() => membership.Suspend(Cast.Now)));
        var coming = Membership.Of(Guid.NewGuid(), Cast.Kenya, Role.StateContributor, Cast.Now.AddDays(10));
        Assert.Equal("membership.period_empty", RefusalOf(() => coming.EndAt(Cast.Now.AddDays(5), Cast.Now)));
        Assert.Equal(MembershipStanding.Coming, coming.StandingAt(Cast.Now));
    }

    [Theory]
    [InlineData(-20, -10, false)]
    [InlineData(-20, -9, true)]
    [InlineData(-20, null, true)]
    [InlineData(0, 5, true)]
    [InlineData(29, null, true)]
    [InlineData(30, null, false)]
    public void Periods_overlap_where_they_share_a_moment(int from, int? until, bool expected) =>
        Assert.Equal(expected, Of(Cast.Now.AddDays(30)).Overlaps(Cast.Now.AddDays(from), until is { } u ? Cast.Now.AddDays(u) : null));
}
