using Portal.Domain.Access;
using static Portal.Tests.Cast;

namespace Portal.Tests.Access;

/// <summary>What someone may do, worked out from their membership and the grants in force.</summary>
public sealed class ActorTests
{
    private static Membership AminasMembership(DateTime from, DateTime? until) =>
        Membership.Of(Amina.Id, Kenya, Role.FocalPoint, from, until);

    [Fact]
    public void A_membership_counts_from_its_first_moment_and_not_at_its_last()
    {
        var membership = AminasMembership(Now, Now.AddDays(1));
        Assert.False(Actor.Of(membership, "", [], Now.AddTicks(-1)).IsSignedIn);
        Assert.True(Actor.Of(membership, "", [], Now).IsSignedIn);
        Assert.True(Actor.Of(membership, "", [], Now.AddDays(1).AddTicks(-1)).IsSignedIn);
        Assert.Same(Actor.Anonymous, Actor.Of(membership, "", [], Now.AddDays(1)));
    }

    [Fact]
    public void An_ended_membership_is_nobodys_whatever_was_granted()
    {
        var membership = AminasMembership(Now.AddYears(-1), null);
        membership.End(Now);
        var actor = Actor.Of(membership, "Amina", [Grant(Principal.Person(Amina.Id), Section.Guide, Level.View)], Now);
        Assert.Same(Actor.Anonymous, actor);
        Assert.Equal(Guid.Empty, actor.PersonId);
        Assert.Null(actor.StateIso3);
        Assert.Equal("membership.already_ended", Assert.Throws<Refusal>(() => membership.End(Now.AddDays(1))).Code);
    }

    [Fact]
    public void A_membership_without_length_is_refused() =>
        Assert.Equal("membership.period_empty", Assert.Throws<Refusal>(() => AminasMembership(Now, Now)).Code);

    [Fact]
    public void A_grant_counts_from_its_first_moment_and_not_at_its_last()
    {
        var grant = GrantTo(Principal.Of(Role.FocalPoint), Section.Guide, Level.View, false, [], null, Now, Now.AddDays(1));
        Level At(DateTime moment) => Actor.Of(Amina.Membership, "", [grant], moment).LevelIn(Section.Guide);
        Assert.Equal(Level.None, At(Now.AddTicks(-1)));
        Assert.Equal(Level.View, At(Now));
        Assert.Equal(Level.View, At(Now.AddDays(1).AddTicks(-1)));
        Assert.Equal(Level.None, At(Now.AddDays(1)));
    }

    [Fact]
    public void A_revoked_grant_gives_nothing_and_a_revoked_denial_takes_nothing()
    {
        var grant = Grant(Principal.Of(Role.FocalPoint), Section.Guide, Level.View);
        var denial = Denial(Principal.Of(Role.FocalPoint), Section.Needs);
        Assert.Equal(
            (Level.View, Level.None),
            (Amina.With(grant, denial).LevelIn(Section.Guide), Amina.With(grant, denial).LevelIn(Section.Needs))
        );
        grant.Revoke(Now);
        denial.Revoke(Now);
        Assert.Equal(
            (Level.None, Level.Decide),
            (Amina.With(grant, denial).LevelIn(Section.Guide), Amina.With(grant, denial).LevelIn(Section.Needs))
        );
        Assert.Equal("grant.already_revoked", Assert.Throws<Refusal>(() => grant.Revoke(Now)).Code);
    }

    [Fact]
    public void Grants_reach_the_role_the_organisation_or_the_person_and_nobody_else()
    {
        var table = new (Principal To, Player[] Reached)[]
        {
            (Principal.Of(Role.FocalPoint), [Amina, Rosa]),
            (Principal.Organisation(Kenya.Id), [Amina, Otieno]),
            (Principal.Organisation(NorthernAgency.Id), [Ingrid, Lars]),
            (Principal.Person(Kenji.Id), [Kenji]),
        };
        foreach (var (to, reached) in table)
        {
            var grant = Grant(to, Section.Guide, Level.Contribute);
            Assert.Equal(
                reached.Select(p => p.Name),
                All.Where(p => p.With(grant).LevelIn(Section.Guide) == Level.Contribute).Select(p => p.Name)
            );
            Assert.Equal(All.Count - reached.Length, All.Count(p => p.With(grant).LevelIn(Section.Guide) == Level.None));
        }
    }

    [Fact]
    public void A_grant_to_a_person_follows_them_into_every_membership()
    {
        var secondment = Membership.Of(Amina.Id, LegalNetwork, Role.Partner, Now.AddDays(-1));
        var grant = Grant(Principal.Person(Amina.Id), Section.Guide, Level.View);
        Assert.Equal(Level.View, Actor.Of(secondment, "Amina", [grant], Now).LevelIn(Section.Guide));
    }

    [Fact]
    public void A_denial_wins_over_the_baseline_and_over_every_grant()
    {
        var grants = new[]
        {
            Grant(Principal.Person(Andrei.Id), Section.Needs, Level.Manage),
            Grant(Principal.Organisation(Cast.Cted.Id), Section.Needs, Level.Manage),
            Denial(Principal.Of(Role.AssistanceOfficer), Section.Needs),
        };
        foreach (var order in new[] { grants, [.. grants.Reverse()] })
            Assert.Equal(Level.None, Andrei.With(order).LevelIn(Section.Needs));
        Assert.Equal(Level.Decide, Andrei.With(grants).LevelIn(Section.Proposals));
    }

    [Fact]
    public void A_denial_for_some_States_leaves_the_others()
    {
        var actor = Andrei.With(Denial(Principal.Person(Andrei.Id), Section.Needs, "KEN"));
        Assert.Equal(Level.None, actor.LevelAs(Audience.Cted, Section.Needs, "KEN"));
        Assert.Equal(Level.Decide, actor.LevelAs(Audience.Cted, Section.Needs, "PER"));
        Assert.Equal(Level.Decide, actor.LevelAs(Audience.Cted, Section.Needs, null));
        Assert.False(Decision.On(NeedAt(Domain.Assistance.NeedStatus.Submitted, Amina), actor).Visible);
        Assert.True(Decision.On(NeedAt(Domain.Assistance.NeedStatus.Submitted, Rosa), actor).Visible);
    }

    [Fact]
    public void A_grant_for_some_States_raises_the_level_there_only()
    {
        var actor = Leila.With(Grant(Principal.Person(Leila.Id), Section.Needs, Level.Decide, "PER"));
        Assert.Equal(Level.View, actor.LevelAs(Audience.Cted, Section.Needs, "KEN"));
        Assert.Equal(Level.Decide, actor.LevelAs(Audience.Cted, Section.Needs, "PER"));
        Assert.Equal(Level.None, actor.LevelAs(Audience.Cted, Section.Needs, "NOR"));
    }

    [Fact]
    public void A_legal_officer_sees_the_States_assigned_and_no_other()
    {
        Assert.True(Decision.On(NeedAt(Domain.Assistance.NeedStatus.Submitted, Amina), Leila).Visible);
        Assert.False(Decision.On(NeedAt(Domain.Assistance.NeedStatus.Submitted, Rosa), Leila).Visible);
        Assert.True(Decision.On(Offer(NorthernAgency), Leila).Visible);
    }

    [Fact]
    public void A_legal_officer_without_States_sees_no_State_and_others_are_assigned_none()
    {
        var unassigned = Actor.Of(Membership.Of(Guid.NewGuid(), Cast.Cted, Role.LegalOfficer, Now), "", [], Now);
        Assert.Equal(Level.None, unassigned.LevelIn(Section.Needs));
        Assert.Equal(Level.View, unassigned.LevelIn(Section.Directory));
        Assert.Empty(Membership.Of(Guid.NewGuid(), Cast.Cted, Role.AssistanceOfficer, Now, assignedStates: ["KEN"]).AssignedStates);
    }

    [Fact]
    public void A_grant_does_not_put_anyone_in_an_audience_they_are_not_in()
    {
        var need = Need(Amina);
        foreach (var player in All.Where(p => p.Organisation != Kenya))
            Assert.False(
                Decision
                    .On(
                        need,
                        player.With(
                            from s in Enum.GetValues<Section>()
                            where !Baseline.Forbids(player.Role, s)
                            select Grant(Principal.Person(player.Id), s, Level.Manage)
                        )
                    )
                    .Visible,
                player.Name
            );
    }

    [Fact]
    public void Grants_are_refused_without_reason_length_level_or_known_State()
    {
        Domain.Access.Grant Make(
            Level level = Level.View,
            bool deny = false,
            string[]? states = null,
            DateTime? until = null,
            string reason = "Asked for."
        ) => GrantTo(Principal.Of(Role.FocalPoint), Section.Guide, level, deny, states ?? [], null, Now, until, reason);
        Assert.Equal("grant.reason_required", Assert.Throws<Refusal>(() => Make(reason: " ")).Code);
        Assert.Equal("grant.period_empty", Assert.Throws<Refusal>(() => Make(until: Now)).Code);
        Assert.Equal("grant.level_required", Assert.Throws<Refusal>(() => Make(level: Level.None)).Code);
        Assert.Equal("state.unknown", Assert.Throws<Refusal>(() => Make(states: ["XXX"])).Code);
        Assert.Equal(Level.None, Make(level: Level.Manage, deny: true).Level);
    }

    [Fact]
    public void Everybody_signed_in_is_in_the_audiences_of_their_body()
    {
        string[] Of(Player p) => [.. p.Membership.Audiences(Now).Select(a => a.Key)];
        Assert.Equal(["state:KEN", "members"], Of(Amina));
        Assert.Equal(["org:9001", "providers", "members"], Of(Ingrid));
        Assert.Equal(["org:9003", "partners", "members"], Of(Fatou));
        Assert.Equal(["cted", "members"], Of(Andrei));
        Assert.Equal(["org:2101", "committee", "subcommittee:A", "members"], Of(Wei));
        Assert.Equal(["experts", "members"], Of(Olga));
        Assert.Equal(["members"], Of(Tomas));
    }

    [Theory]
    [InlineData("org:42", 42)]
    [InlineData("org:", null)]
    [InlineData("org:abc", null)]
    [InlineData("org:042", null)]
    [InlineData("org: 42", null)]
    [InlineData("org:+42", null)]
    [InlineData("org:99999999999", null)]
    [InlineData("ORG:42", null)]
    [InlineData("cted", null)]
    public void An_audience_names_an_organisation_only_when_written_as_one(string key, int? number) =>
        Assert.Equal(number, new Audience(key).OrganisationNumber);
}
