using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.Access;

/// <summary>The engine: who sees what, against a second engine written for these tests that shares no code with the first.</summary>
public sealed class DecisionTests
{
    /// <summary>The second engine: asks of each pair in plain words, without claims, scopes, exposures or keys.</summary>
    internal static class Reference
    {
        public static (Level Level, int View) Of(IProtected record, Membership? member, IReadOnlyCollection<Grant> grants, DateTime now)
        {
            if (member is not null && (member.From > now || member.Until <= now))
                member = null;
            var (level, view) = (Level.None, 0);
            var specimen = Specimens.Of(record);
            foreach (var (audience, parts) in specimen.Seen(record))
            {
                var held = audience == "public" ? Level.View : Level.None;
                if (member is not null && IsIn(member, audience))
                    held = (Level)Math.Max((int)held, (int)Held(member, audience, specimen.Section, specimen.About(record), grants, now));
                if (held == Level.None)
                    continue;
                level = (Level)Math.Max((int)level, (int)held);
                view |= parts;
            }
            return (level, view);
        }

        private static Level Held(
            Membership member,
            string audience,
            Section section,
            string? state,
            IReadOnlyCollection<Grant> grants,
            DateTime now
        )
        {
            if (BaselineTests.ForbiddenTable[(member.Role, section)] == 'x')
                return Level.None;
            var counted = grants
                .Where(g =>
                    g.Section == section
                    && g.RevokedAt is null
                    && g.From <= now
                    && (g.Until is null || now < g.Until)
                    && (g.Deny || (g.Level != Level.Manage && g.Section != Section.Assessments) || g.ApprovedBy is not null)
                    && (
                        g.Deny
                        || !g.OwnOnly
                        || audience.StartsWith("state:", StringComparison.Ordinal)
                        || audience.StartsWith("org:", StringComparison.Ordinal)
                    )
                    && (g.Role == member.Role || g.OrganisationId == member.OrganisationId || g.PersonId == member.PersonId)
                    && (Covers(g, state) || (g.Deny && state == "*"))
                )
                .ToList(); // a denial for one State holds for what concerns several
            if (counted.Exists(g => g.Deny))
                return Level.None;
            var isOwn =
                audience.StartsWith("cted:", StringComparison.Ordinal) || (state is not null && member.AssignedStates.Contains(state));
            var baseline =
                member.Role == Role.LegalOfficer && section != Section.Directory && !isOwn
                    ? Level.None
                    : BaselineTests.Meaning(BaselineTests.LevelTable[(member.Role, section)]);
            return counted.Select(g => g.Level).Append(baseline).Max();
        }

        private static bool Covers(Grant grant, string? state) =>
            (grant.States.Count == 0 || (state is not null && grant.States.Contains(state)))
            && (grant.Region is null || (state is not null and not "*" && MemberStates.Get(state).RegionalGroup == grant.Region));

        private static bool IsIn(Membership member, string audience)
        {
            var kind = member.Organisation.Kind;
            return audience switch
            {
                "members" => true,
                "cted" => kind == OrganisationKind.Cted,
                "providers" => kind == OrganisationKind.Provider,
                "partners" => kind == OrganisationKind.Partner,
                "public" => false, // counted apart
                _ when audience.StartsWith("cted:", StringComparison.Ordinal) => kind == OrganisationKind.Cted
                    && member.AssignedStates.Contains(audience[5..]),
                _ when audience.StartsWith("state:", StringComparison.Ordinal) => kind == OrganisationKind.MemberState
                    && "state:" + member.Organisation.StateIso3 == audience,
                "committee" => kind == OrganisationKind.Committee,
                // In turn by their letters, as no test moves them.
                _ when audience.StartsWith("subcommittee:", StringComparison.Ordinal) => kind == OrganisationKind.Committee
                    && (member.Organisation.Code[^1] - 'a') % 3 == audience[^1] - 'A',
                _ => kind is OrganisationKind.Provider or OrganisationKind.Partner or OrganisationKind.Committee
                    && "org:" + member.Organisation.Number == audience,
            };
        }
    }

    /// <summary>100,000 cases, or as many as <c>PORTAL_PROOF_CASES</c> says: docs/security.md has the figures of the full count.</summary>
    [Fact]
    public void Both_engines_decide_alike_in_every_random_case()
    {
        var world = new World(20270301);
        var records = Enumerable.Range(0, 500).Select(_ => world.Record()).ToList();
        var (visible, hidden, cases) = (0, 0, Proof.Cases(100_000));
        for (var i = 0; i < cases / 100; i++)
        {
            var member = world.Member();
            var grants = world.Grants(member);
            var actor = Actor.Of(member, "", grants, Cast.Now);
            for (var j = 0; j < 100; j++)
            {
                var record = records[(i * 37 + j * 7) % records.Count];
                var decision = Decision.On(record, actor);
                var expected = Reference.Of(record, member, grants, Cast.Now);
                Assert.True(
                    expected == (decision.Level, decision.View),
                    $"{member.Role} of {member.Organisation.Code} on {record.Kind} {record.Reference}: {(decision.Level, decision.View)}, expected {expected}"
                );
                if (decision.Visible)
                    visible++;
                else
                    hidden++;
            }
        }
        // Neither answer is rare, or the comparison would say little.
        Assert.Equal(cases, visible + hidden);
        Assert.InRange(visible, cases / 10, cases / 10 * 9);
    }

    [Fact]
    public void Nobody_sees_what_is_public_and_nothing_else()
    {
        var world = new World(7);
        for (var i = 0; i < 2000; i++)
        {
            var record = world.Record();
            var decision = Decision.On(record, Actor.Anonymous);
            Assert.Equal(Reference.Of(record, null, [], Cast.Now), (decision.Level, decision.View));
            Assert.True(decision.Level <= Level.View);
            Assert.Equal(0, record is Need ? decision.View & ~(int)(NeedParts.Summary | NeedParts.Description | NeedParts.Modality) : 0);
        }
    }

    [Property(MaxTest = 400)]
    public void The_stored_names_meet_exactly_where_the_decision_does(PositiveInt seed)
    {
        var world = new World(seed.Get);
        var member = world.Member();
        var actor = Actor.Of(member, "", world.Grants(member), Cast.Now);
        var keys = AudienceKeys.Of(actor);
        for (var i = 0; i < 20; i++)
        {
            var record = world.Record();
            var met = Reach.Of(record).Where(r => keys.Meets(r.Audience, r.State)).ToList();
            var decision = Decision.On(record, actor);
            Assert.Equal(decision.Visible, met.Count > 0);
            Assert.Equal(decision.View, met.Aggregate(0, (view, r) => view | r.View));
        }
    }

    [Property(MaxTest = 300)]
    public void A_denial_never_shows_more_and_a_grant_never_shows_less(PositiveInt seed)
    {
        var world = new World(seed.Get);
        var member = world.Member();
        var grants = world.Grants(member);
        var more = world.Grants(member);
        var without = Actor.Of(member, "", grants, Cast.Now);
        var denied = Actor.Of(member, "", [.. grants, .. more.Where(g => g.Deny)], Cast.Now);
        var granted = Actor.Of(member, "", [.. grants, .. more.Where(g => !g.Deny)], Cast.Now);
        for (var i = 0; i < 20; i++)
        {
            var record = world.Record();
            var (present, less, plus) = (Decision.On(record, without), Decision.On(record, denied), Decision.On(record, granted));
            Assert.True(less.Level <= present.Level && (less.View & ~present.View) == 0);
            Assert.True(plus.Level >= present.Level && (present.View & ~plus.View) == 0);
        }
    }

    [Fact]
    public void Which_grants_wait_for_a_second_manager_is_asked_of_the_database_as_it_is_said()
    {
        var (world, isWaiting) = (new World(17), Grant.AreWaiting.Compile());
        var grants = Enumerable.Range(0, 2000).SelectMany(_ => world.Grants(world.Member())).ToList();
        Assert.All(grants, g => Assert.Equal(g.Waits, isWaiting(g)));
        Assert.Contains(grants, g => g.Waits);
    }

    [Fact]
    public void Every_reason_names_an_exposure_and_a_claim_that_meet()
    {
        var world = new World(11);
        for (var i = 0; i < 2000; i++)
        {
            var member = world.Member();
            var actor = Actor.Of(member, "", world.Grants(member), Cast.Now);
            var record = world.Record();
            foreach (var reason in Decision.On(record, actor).Reasons)
            {
                Assert.Contains(reason.Exposure, record.Exposures());
                if (reason.Claim is { } claim)
                {
                    Assert.Contains(claim, actor.Claims);
                    Assert.Equal(reason.Exposure.Audience, claim.Audience);
                    Assert.Equal(record.Kind.Section, claim.Section);
                }
                else
                    Assert.Equal(Audience.Public, reason.Exposure.Audience);
            }
        }
    }

    /// <summary>Lists of CTED walk its own audience only, which is right as long as this holds.</summary>
    [Fact]
    public void What_is_shown_outside_its_owner_is_shown_to_CTED_and_each_audience_is_named_once()
    {
        var world = new World(13);
        for (var i = 0; i < 5000; i++)
        {
            var record = world.Record();
            var exposures = record.Exposures().ToList();
            Assert.Equal(exposures.Count, exposures.Select(e => e.Audience).Distinct().Count());
            if (exposures.Exists(e => e.Why is not (ExposureRule.OwnState or ExposureRule.OwnOrganisation)))
            {
                var cted = Assert.Single(exposures, e => e.Audience == Audience.Cted);
                var outside = exposures.Where(e => e.Why is not (ExposureRule.OwnState or ExposureRule.OwnOrganisation));
                Assert.Equal(0, outside.Aggregate(0, (view, e) => view | e.View) & ~cted.View & ~record.Kind.Apart);
            }
            Assert.All(exposures, e => Assert.NotEqual(0, e.View));
        }
    }

    [Fact]
    public void The_stored_name_of_every_audience_fits_its_column_and_its_kind()
    {
        foreach (var kind in Kinds.All)
        foreach (var audience in new[] { Audience.Org(int.MaxValue), Audience.State("KEN"), Audience.Committee, Audience.Members })
            Assert.InRange(audience.For(kind).Length, 1, 80);
        Assert.Equal(Kinds.All.Count, Kinds.All.Select(k => k.Prefix).Distinct().Count());
    }
}
