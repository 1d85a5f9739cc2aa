using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>What a review, its rows and its rhythm may do, whoever asks and on whatever database.</summary>
public sealed class ReviewTests
{
    private static readonly ReviewSubject States = ReviewSubject.Of(OrganisationKind.MemberState);

    private static ReviewCampaign Campaign(int days = 30, ReviewSilence silence = ReviewSilence.Lapse) =>
        ReviewCampaign.Start(States, silence, Cast.Now.AddDays(days), Cast.Malik.Id, Cast.Now);

    private static string RefusalOf(Action act) => Assert.Throws<Refusal>(act).Code;

    [Fact]
    public void Every_subject_is_found_by_its_name()
    {
        Assert.All(ReviewSubject.All, s => Assert.Equal(s, ReviewSubject.Find(s.Key)));
        Assert.Equal(ReviewSubject.All.Count, ReviewSubject.All.Select(s => s.Key).Distinct().Count());
        Assert.Null(ReviewSubject.Find("kind-Nobody"));
        Assert.Null(ReviewSubject.Find(null));
    }

    [Fact]
    public void What_was_kept_may_be_removed_and_all_else_is_final()
    {
        foreach (var from in Enum.GetValues<ReviewOutcome>())
        foreach (var to in Enum.GetValues<ReviewOutcome>())
            Assert.Equal(
                (from == ReviewOutcome.Waiting && to != ReviewOutcome.Waiting)
                    || (from == ReviewOutcome.Kept && to == ReviewOutcome.Removed),
                ReviewItem.CanMove(from, to)
            );
    }

    [Fact]
    public void Access_managers_answer_all_and_by_delegation_ones_own_contributors_and_nobody_their_own()
    {
        var campaign = Campaign();
        foreach (var about in Cast.All)
        foreach (var reviewer in Cast.All)
        {
            var row = ReviewItem.Of(campaign, about.Membership);
            var may =
                reviewer.Role == Role.AccessManager
                || (
                    (reviewer, about)
                        is
                            ({ Role: Role.FocalPoint }, { Role: Role.StateContributor })
                            or
                            ({ Role: Role.ProviderManager }, { Role: Role.ProviderContributor })
                    && reviewer.Organisation == about.Organisation
                );
            void Keep() => row.Keep(reviewer, [reviewer.Membership], null, Cast.Now);
            if (!may)
                Assert.Equal("review.not_yours", RefusalOf(Keep));
            else if (reviewer == about)
                Assert.Equal("review.own", RefusalOf(Keep));
            else
                Keep();
            Assert.Equal(may && reviewer != about ? ReviewOutcome.Kept : ReviewOutcome.Waiting, row.Outcome);
        }
        // A grant to one's role, organisation or person is one's own, too.
        foreach (
            var to in new[] { Principal.Of(Role.AccessManager), Principal.Organisation(Cast.Cted.Id), Principal.Person(Cast.Malik.Id) }
        )
            Assert.Equal(
                "review.own",
                RefusalOf(() =>
                    ReviewItem
                        .Of(campaign, Cast.Grant(to, Section.Guide, Level.View))
                        .Keep(Cast.Malik, [Cast.Malik.Membership], null, Cast.Now)
                )
            );
        Assert.Equal(
            "field.required",
            RefusalOf(() => ReviewItem.Of(campaign, Cast.Otieno.Membership).Remove(Cast.Malik, [Cast.Malik.Membership], " ", Cast.Now))
        );
    }

    [Fact]
    public void A_review_reminds_twice_and_ends_at_its_deadline_or_when_nothing_waits()
    {
        var campaign = Campaign();
        Assert.False(campaign.IsReminderDue(Cast.Now.AddDays(15)));
        Assert.True(campaign.IsReminderDue(Cast.Now.AddDays(16)));
        campaign.Remind(Cast.Now.AddDays(16));
        Assert.False(campaign.IsReminderDue(Cast.Now.AddDays(26)));
        Assert.True(campaign.IsReminderDue(Cast.Now.AddDays(27)));
        Assert.Equal("review.rows_wait", RefusalOf(() => campaign.Close(1, Cast.Malik.Id, Cast.Now.AddDays(29))));
        Assert.True(campaign.IsOver(Cast.Now.AddDays(30)));
        campaign.Close(1, null, Cast.Now.AddDays(30));
        Assert.Equal("review.ended", RefusalOf(() => campaign.Cancel(Cast.Malik.Id, Cast.Now.AddDays(30))));
        Assert.False(campaign.IsReminderDue(Cast.Now.AddDays(29)));

        // Several that are due at once are one; who has just been told of a short one is not reminded at once.
        var late = Campaign();
        late.Remind(Cast.Now.AddDays(29));
        Assert.Equal(2, late.Reminded);
        Assert.False(Campaign(days: 10).IsReminderDue(Cast.Now));
        Assert.Equal("review.deadline_over", RefusalOf(() => Campaign(days: 0)));
        Assert.Equal("review.deadline_far", RefusalOf(() => Campaign(days: 181)));
        Campaign().Close(0, Cast.Malik.Id, Cast.Now);
    }

    [Fact]
    public void A_rhythm_goes_on_by_whole_periods_and_misses_none_twice()
    {
        var rhythm = ReviewRhythm.Usual(States, Cast.Now);
        Assert.Equal((true, 6, Cast.Now.AddMonths(6)), (rhythm.IsOn, rhythm.Months, rhythm.NextAt));
        Assert.False(ReviewRhythm.Usual(ReviewSubject.Of(Section.Needs), Cast.Now).IsOn);
        Assert.True(rhythm.IsDue(Cast.Now.AddMonths(6)));
        rhythm.Started(Cast.Now.AddMonths(6).AddMinutes(1));
        Assert.Equal(Cast.Now.AddMonths(12), rhythm.NextAt);
        rhythm.Started(Cast.Now.AddMonths(31)); // the portal stood still for long
        Assert.Equal(Cast.Now.AddMonths(36), rhythm.NextAt);
        rhythm.Change(false, 6, 30, ReviewSilence.Lapse, Cast.Now.AddMonths(32));
        Assert.False(rhythm.IsDue(Cast.Now.AddYears(9)));
        rhythm.Change(true, 3, 30, ReviewSilence.Report, Cast.Now.AddYears(9));
        Assert.Equal(Cast.Now.AddYears(9).AddMonths(3), rhythm.NextAt);
        Assert.Equal("review.months_out_of_range", RefusalOf(() => rhythm.Change(true, 0, 30, ReviewSilence.Lapse, Cast.Now)));
        Assert.Equal("review.days_out_of_range", RefusalOf(() => rhythm.Change(true, 6, 181, ReviewSilence.Lapse, Cast.Now)));
    }

    [Fact]
    public void The_last_access_manager_and_the_last_administrator_are_spared_and_no_others()
    {
        var campaign = Campaign();
        var rows = Cast
            .All.Where(p => p.Role is Role.AccessManager or Role.Administrator or Role.Auditor)
            .Select(p => ReviewItem.Of(campaign, p.Membership))
            .ToList();
        var managers = Cast
            .All.Where(p => p.Role is Role.AccessManager or Role.Administrator)
            .Select(p => new Held(p.Membership, Cast.Now, null))
            .ToList();
        var spared = ReviewRules.Spared(rows, managers, Cast.Now);
        Assert.Equal([Role.AccessManager, Role.Administrator], spared.Select(i => i.Role!.Value).Order());
        // Where one of two was confirmed the other may go.
        Assert.Equal(
            [Role.Administrator],
            ReviewRules.Spared(rows.Where(i => i.PersonId != Cast.Noor.Id), managers, Cast.Now).Select(i => i.Role!.Value)
        );
    }

    [Fact]
    public void Silence_leaves_each_State_one_of_those_whom_work_waits_for()
    {
        var campaign = Campaign();
        Player[] focal = [.. Cast.All.Where(p => p.Role == Role.FocalPoint)];
        var rows = focal.Select(p => ReviewItem.Of(campaign, p.Membership)).ToList();
        var needed = focal.Select(p => new Held(p.Membership, Cast.Now, null)).ToList();
        Assert.Equal(
            focal.Select(p => p.Membership.OrganisationId).Distinct().Order(),
            ReviewRules.Spared(rows, needed, Cast.Now).Select(i => i.OrganisationId!.Value).Order()
        );
        // Where nothing waits, silence is an answer.
        Assert.Empty(ReviewRules.Spared(rows, [], Cast.Now));
    }

    [Fact]
    public void Whoever_is_confirmed_only_for_a_while_does_not_let_the_others_lapse()
    {
        var (malik, noor) = (Cast.Malik, Cast.Noor);
        var row = ReviewItem.Of(Campaign(), malik.Membership);
        Held[] managers = [new(malik.Membership, Cast.Now, null), new(noor.Membership, Cast.Now, Cast.Now.AddDays(20))];
        Assert.Equal([row], ReviewRules.Spared([row], managers, Cast.Now));
        Assert.Empty(ReviewRules.Spared([row], [managers[0], managers[1] with { Until = null }], Cast.Now));
    }

    [Fact]
    public void The_preview_counts_exactly_who_loses_what()
    {
        // Against brute force, level by level, audience by audience, State by State.
        for (var seed = 0; seed < 300; seed++)
        {
            var world = new World(seed);
            var random = new Random(seed);
            var touched = new List<Touched>();
            for (var i = 0; i < 6; i++)
            {
                var member = world.Member();
                var grants = world.Grants(member).ToList();
                touched.Add(
                    new(
                        Actor.Of(member, "", grants, Cast.Now),
                        random.Next(3) == 0
                            ? Actor.Anonymous
                            : Actor.Of(member, "", grants.Where(g => g.Deny || random.Next(2) == 0), Cast.Now)
                    )
                );
            }
            touched.RemoveAll(t => !t.Before.IsSignedIn);
            var states = Domain.Reference.MemberStates.All.Select(s => (string?)s.Iso3).Append(null).ToList();
            bool Loses(Touched t, Section section) =>
                t
                    .Before.Claims.Where(c => c.Section == section)
                    .Select(c => c.Audience)
                    .Distinct()
                    .Any(a => states.Any(s => t.Before.LevelAs(a, section, s) > t.After.LevelAs(a, section, s)));
            var losses = Enum.GetValues<Section>()
                .Select(s => (Section: s, Who: touched.Where(t => Loses(t, s)).Select(t => t.Membership).ToList()))
                .Where(l => l.Who.Count > 0)
                .ToList();
            var preview = ReviewPreview.Of([], 0, touched);
            Assert.Equal(
                losses.Select(l => new ReviewLoss(
                    l.Section,
                    l.Who.Select(m => m.PersonId).Distinct().Count(),
                    l.Who.Select(m => m.OrganisationId).Distinct().Count()
                )),
                preview.Sections
            );
            Assert.Equal(losses.SelectMany(l => l.Who).Select(m => m.PersonId).Distinct().Count(), preview.People);
            Assert.Equal(losses.SelectMany(l => l.Who).Select(m => m.OrganisationId).Distinct().Count(), preview.Organisations);
        }
    }
}
