using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Tests.Access;

/// <summary>The engine: who sees what, against a second engine written for these tests that shares no code with the first.</summary>
public sealed class DecisionTests
{
    /// <summary>Random members with random grants over the cast's organisations, from a seed.</summary>
    internal sealed class World(int seed)
    {
        private readonly Random random = new(seed);
        private static readonly string[] Iso3 = ["KEN", "PER", "UGA", "NOR", "JPN"];
        private static readonly Section[] RecordSections = [Section.Needs, Section.Proposals, Section.Directory];

        private T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        private bool Perhaps(double chance) => random.NextDouble() < chance;
        private string[] SomeStates() => [.. Iso3.Where(_ => Perhaps(0.4))];

        public Membership Member()
        {
            var player = One(Cast.All);
            return Membership.Of(player.Id, player.Organisation, player.Role, Cast.Now.AddDays(random.Next(-3, 1)), Perhaps(0.1) ? Cast.Now.AddDays(random.Next(1, 3)) : null, SomeStates());
        }

        public List<Grant> Grants(Membership member, int most = 5) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => Grant(member))];

        private Grant Grant(Membership member)
        {
            var section = Perhaps(0.9) ? One(RecordSections) : One(Enum.GetValues<Section>());
            var to = random.Next(4) switch
            {
                0 when !Baseline.Forbids(member.Role, section) => Principal.Of(member.Role),
                1 => Principal.Organisation(member.OrganisationId),
                2 => Principal.Organisation(One(Cast.Organisations).Id),
                _ => Principal.Person(member.PersonId),
            };
            var from = Cast.Now.AddDays(random.Next(-3, 2));
            var region = Perhaps(0.2) ? One(Enum.GetValues<RegionalGroup>()) : (RegionalGroup?)null;
            var states = Perhaps(0.5) ? [] : SomeStates();
            // States outside the region would leave nothing, which is refused.
            if (region is { } r && !states.Any(s => MemberStates.In(r).Any(m => m.Iso3 == s)))
                states = [];
            var terms = new Domain.Access.Grant.Terms(section, One([Level.View, Level.Contribute, Level.Decide, Level.Manage]), Perhaps(0.4), states, region, Perhaps(0.3),
                from, Perhaps(0.3) ? from.AddDays(random.Next(1, 4)) : null, "Asked for by letter.");
            var grant = Domain.Access.Grant.To(to, terms, Cast.Malik.Id, from);
            if (grant.NeedsSecond && Perhaps(0.8))
                grant.Approve(Cast.Noor.Id, from);
            if (Perhaps(0.1))
                grant.Revoke(Cast.Now.AddHours(-1));
            return grant;
        }

        public IProtected Record()
        {
            var organisation = One([Cast.NorthernAgency, Cast.PacificFund, Cast.LegalNetwork]);
            switch (random.Next(10))
            {
                case 0:
                    return Cast.Profile(organisation, Perhaps(0.5));
                case 1:
                    var offer = Cast.Offer(organisation, Perhaps(0.5));
                    if (Perhaps(0.3))
                        offer.Close(Cast.Now);
                    return offer;
                case 2 or 3 or 4:
                    return Cast.ProposalAt(One(Enum.GetValues<ProposalStatus>()), Cast.NeedAt(NeedStatus.Circulated, One([Cast.Amina, Cast.Rosa])));
                default:
                    return Need();
            }
        }

        public Need Need()
        {
            var owner = One([Cast.Amina, Cast.Rosa]);
            var status = One(Enum.GetValues<NeedStatus>());
            var need = Cast.Need(owner);
            Share(need, 0.7);
            if (status == NeedStatus.Draft)
                return need;
            if (status == NeedStatus.Withdrawn && Perhaps(0.3))
                return need.WithdrawnBy(owner);
            need.SubmittedBy(owner);
            if (status == NeedStatus.Returned)
                return need.ReturnedBy(Cast.Andrei);
            if (status is NeedStatus.Submitted)
                return need;
            need.AuthenticatedBy(Cast.Andrei);
            if (status is not NeedStatus.Authenticated)
            {
                if (!need.Consents.Any(c => c.Stands))
                    need.SharedWith(Audience.Providers);
                need.CirculatedBy(Cast.Andrei);
                Share(need, 0.3);
            }
            if (status is NeedStatus.Matched or NeedStatus.InDelivery || status.IsConcluded())
            {
                if (!Decision.On(need, Cast.Ingrid).Visible)
                    return need;
                var proposal = Cast.ProposalAt(ProposalStatus.Accepted, need);
                if (status == NeedStatus.Matched)
                    return need;
                need.BeginDelivery(owner, Cast.Now);
                if (status == NeedStatus.InDelivery)
                    return need;
                need.ConfirmDelivery(owner, DateOnly.FromDateTime(Cast.Now), Cast.Now);
                need.Conclude(owner, status, "As it was.", [proposal], Cast.Now);
            }
            if (status == NeedStatus.Withdrawn)
                need.WithdrawnBy(owner);
            return need;
        }

        private void Share(Need need, double chance)
        {
            foreach (var audience in new[] { Cast.NorthernAgency.Audience, Cast.PacificFund.Audience, Cast.LegalNetwork.Audience, Audience.Providers, Audience.Partners, Audience.Public })
            {
                if (!Perhaps(chance * 0.6) || need.Consents.Any(c => c.Stands && c.Audience == audience))
                    continue;
                var parts = (NeedParts)random.Next(1 << 8);
                need.SharedWith(audience, audience == Audience.Public ? parts & (NeedParts.Description | NeedParts.Modality) : parts);
                if (Perhaps(0.3))
                    need.NoLongerSharedWith(audience);
            }
        }
    }

    /// <summary>The second engine: asks of each pair in plain words, without claims, scopes, exposures or keys.</summary>
    internal static class Reference
    {
        public static (Level Level, int View) Of(IProtected record, Membership? member, IReadOnlyCollection<Grant> grants, DateTime now)
        {
            if (member is not null && (member.From > now || member.Until <= now))
                member = null;
            var (level, view) = (Level.None, 0);
            foreach (var (audience, parts) in Audiences(record))
            {
                var held = audience == "public" ? Level.View : Level.None;
                if (member is not null && IsIn(member, audience))
                    held = (Level)Math.Max((int)held, (int)Held(member, audience, SectionOf(record), StateOf(record), grants, now));
                if (held == Level.None)
                    continue;
                level = (Level)Math.Max((int)level, (int)held);
                view |= parts;
            }
            return (level, view);
        }

        private static Level Held(Membership member, string audience, Section section, string? state, IReadOnlyCollection<Grant> grants, DateTime now)
        {
            if (BaselineTests.ForbiddenTable[(member.Role, section)] == 'x')
                return Level.None;
            var counted = grants.Where(g => g.Section == section && g.RevokedAt is null && g.From <= now && (g.Until is null || now < g.Until)
                && (g.Deny || g.Level != Level.Manage || g.ApprovedBy is not null) && (g.Deny || !g.OwnOnly || audience.Contains(':'))
                && (g.Role == member.Role || g.OrganisationId == member.OrganisationId || g.PersonId == member.PersonId) && Covers(g, state)).ToList();
            if (counted.Exists(g => g.Deny))
                return Level.None;
            var baseline = member.Role == Role.LegalOfficer && section != Section.Directory && (state is null || !member.AssignedStates.Contains(state))
                ? Level.None
                : BaselineTests.Meaning(BaselineTests.LevelTable[(member.Role, section)]);
            return counted.Select(g => g.Level).Append(baseline).Max();
        }

        private static bool Covers(Grant grant, string? state) =>
            (grant.States.Count == 0 || (state is not null && grant.States.Contains(state)))
            && (grant.Region is null || (state is not null && MemberStates.Get(state).RegionalGroup == grant.Region));

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
                _ when audience.StartsWith("state:", StringComparison.Ordinal) => kind == OrganisationKind.MemberState && "state:" + member.Organisation.StateIso3 == audience,
                _ => kind is OrganisationKind.Provider or OrganisationKind.Partner && "org:" + member.Organisation.Number == audience,
            };
        }

        private static Section SectionOf(IProtected record) => record switch
        {
            Need => Section.Needs,
            Proposal => Section.Proposals,
            _ => Section.Directory,
        };

        private static string? StateOf(IProtected record) => record switch { Need n => n.StateIso3, Proposal p => p.StateIso3, _ => null };

        private static IEnumerable<(string Audience, int Parts)> Audiences(IProtected record)
        {
            switch (record)
            {
                case Need need:
                    yield return ("state:" + need.StateIso3, 511);
                    // A draft taken back never left its State.
                    if (need.Status != NeedStatus.Draft && need.SubmittedAt is not null)
                        yield return ("cted", 511);
                    if (need.Status is NeedStatus.Circulated or NeedStatus.Matched or NeedStatus.InDelivery or NeedStatus.Met or NeedStatus.PartlyMet or NeedStatus.Unmet)
                        foreach (var consent in need.Consents)
                            if (consent.RevokedAt is null)
                                yield return (consent.AudienceKey, (int)consent.Parts);
                    break;
                case Proposal proposal:
                    yield return ("org:" + proposal.OrganisationNumber, 3);
                    if (proposal.Status != ProposalStatus.Draft)
                    {
                        yield return ("state:" + proposal.StateIso3, 1);
                        yield return ("cted", 1);
                    }
                    break;
                case Profile profile:
                    yield return ("org:" + profile.OrganisationNumber, 7);
                    yield return ("cted", 7);
                    if (profile.IsPublished)
                    {
                        yield return ("members", 3);
                        yield return ("public", 1);
                    }
                    break;
                case StandingOffer offer:
                    yield return ("org:" + offer.OrganisationNumber, 7);
                    yield return ("cted", 7);
                    if (offer.IsOpen)
                        yield return ("members", 3);
                    if (offer.IsOpen && offer.IsPublished)
                        yield return ("public", 1);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(record), record, "A new kind of record needs its rule here");
            }
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
                Assert.True(expected == (decision.Level, decision.View),
                    $"{member.Role} of {member.Organisation.Code} on {record.Kind} {record.Reference}: {(decision.Level, decision.View)}, expected {expected}");
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
                    Assert.Equal(record.Kind.Section(), claim.Section);
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
                Assert.Equal(0, outside.Aggregate(0, (view, e) => view | e.View) & ~cted.View);
            }
            Assert.All(exposures, e => Assert.NotEqual(0, e.View));
        }
    }

    [Fact]
    public void The_stored_name_of_every_audience_fits_its_column_and_its_kind()
    {
        foreach (var kind in RecordKinds.All)
            foreach (var audience in new[] { Audience.Org(int.MaxValue), Audience.State("KEN"), Audience.Committee, Audience.Members })
                Assert.InRange(audience.For(kind).Length, 1, 80);
        Assert.Equal(RecordKinds.All.Count, RecordKinds.All.Select(k => k.Prefix()).Distinct().Count());
    }
}
