using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Access;

/// <summary>The preview of a grant against what really happens to each person on each record.</summary>
public sealed class AccessPreviewTests
{
    [Fact, Trait("Pace", "Slow")]
    public void A_preview_is_what_then_happens_in_ten_thousand_cases()
    {
        var world = new World(20091);
        for (var round = 0; round < 10_000; round++)
        {
            var members = Enumerable.Range(0, 1 + (round % 4)).Select(_ => world.Member()).ToList();
            var standing = members.SelectMany(m => world.Grants(m, 2)).ToList();
            var change = world.Grants(members[0], 1).FirstOrDefault();
            if (change is null)
                continue;
            var records = Enumerable.Range(0, round % 6).Select(_ => world.Record()).ToList();
            Actor Before(Membership m) => Actor.Of(m, "", standing, Cast.Now);
            Actor After(Membership m) => Actor.Of(m, "", [.. standing, change], Cast.Now);

            // Records as the database hands them over: alike ones together.
            var alike = records
                .Where(r => r.Kind.Section == change.Section)
                .GroupBy(r =>
                    (
                        r.Kind,
                        r.StateIso3,
                        Audiences: string.Join('|', r.Exposures().Select(e => e.Audience.Key).Order(StringComparer.Ordinal))
                    )
                )
                .Select(g => new AlikeRecords(g.Key.Kind, g.Key.StateIso3, [.. g.First().Exposures().Select(e => e.Audience)], g.Count()));
            var concerned = members.Where(m => change.IsFor(m) && m.InForce(Cast.Now)).ToList();
            var preview = AccessPreview.Of(change.Section, [.. concerned.Select(m => new Touched(Before(m), After(m)))], alike);

            // Each person, each record, one by one, by the engine that decides.
            var expected = (
                from m in members
                from r in records
                where r.Kind.Section == change.Section
                let @from = Decision.On(r, Before(m)).Level
                let to = Decision.On(r, After(m)).Level
                where @from != to
                group (m, r) by (r.Kind, @from, to) into g
                select new LevelMove(
                    g.Key.Kind,
                    g.Key.@from,
                    g.Key.to,
                    g.Select(x => x.m.PersonId).Distinct().Count(),
                    g.Select(x => x.m.OrganisationId).Distinct().Count(),
                    g.Select(x => x.r.Id).Distinct().Count()
                )
            ).ToHashSet();
            expected.UnionWith(
                from m in members
                let @from = Before(m).LevelIn(change.Section)
                let to = After(m).LevelIn(change.Section)
                where @from != to
                group m by (@from, to) into g
                select new LevelMove(
                    null,
                    g.Key.@from,
                    g.Key.to,
                    g.Select(m => m.PersonId).Distinct().Count(),
                    g.Select(m => m.OrganisationId).Distinct().Count(),
                    0
                )
            );
            Assert.Equal(expected, preview.Moves.ToHashSet());
        }
    }

    [Fact]
    public void A_grant_that_opens_a_section_and_no_record_says_so_and_why()
    {
        AccessPreview Preview(Player player, Section section, params AlikeRecords[] records)
        {
            var grant = Cast.Grant(Principal.Person(player.Id), section, Level.View);
            return AccessPreview.Of(section, [new Touched(player.Actor, player.With(grant))], records);
        }
        AlikeRecords need = new(Need.Card, "KEN", [Audience.State("KEN"), Audience.Cted], 3);
        var delegation = Assert.Single(Preview(Cast.Wei, Section.Needs, need).Unopened);
        Assert.Equal((Need.Card, OrganisationKind.Committee), (delegation.Kind, Assert.Single(delegation.Never)));
        // Of CTED, to which the rule does show needs, and there are none.
        Assert.Empty(Assert.Single(Preview(Cast.Chloe, Section.Needs).Unopened).Never);
        Assert.Empty(Preview(Cast.Chloe, Section.Needs, need).Unopened);
        Assert.Empty(Preview(Cast.Wei, Section.Assessments).Unopened); // there are no records of it
    }

    [Fact]
    public void What_the_rule_never_shows_to_a_kind_of_organisation_none_of_its_records_is_exposed_to()
    {
        IProtected[] records = [.. Enum.GetValues<Domain.Assistance.NeedStatus>().Select(s => Cast.NeedAt(s)), .. Cast.Programmes()];
        foreach (var record in records)
        foreach (var player in Cast.All.Where(p => !record.Kind.CanShowTo(p.Organisation.Kind)))
        {
            var everything = player.With(Cast.Grant(Principal.Person(player.Id), record.Kind.Section, Level.View));
            Assert.DoesNotContain(Decision.On(record, everything).Reasons, r => r.Claim is not null);
        }
    }

    [Fact]
    public void Those_whom_duties_keep_out_are_counted_and_gain_nothing()
    {
        var grant = Cast.Grant(Principal.Organisation(Cast.Cted.Id), Section.Needs, Level.View);
        Touched[] touched = [.. new[] { Cast.Malik, Cast.Auguste, Cast.Chloe }.Select(p => new Touched(p.Actor, p.With(grant)))];
        var preview = AccessPreview.Of(Section.Needs, touched, []);
        Assert.Equal(2, preview.Barred);
        Assert.Equal([new LevelMove(null, Level.None, Level.View, 1, 1, 0)], preview.Moves);
    }
}
