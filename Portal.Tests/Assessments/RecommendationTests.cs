using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Portal.Tests.Assessments.RecommendationCast;

namespace Portal.Tests.Assessments;

/// <summary>Who does what with a recommendation, from which stage, and what is refused.</summary>
public sealed class RecommendationTests
{
    private static readonly (string Verb, Action<Recommendation, Actor> Do, string Refused)[] Verbs =
    [
        ("edit", (r, a) => r.Edit(a, Report), "recommendation.not_yours_to_report"),
        ("report", (r, a) => r.Report(a, Cast.Now), "recommendation.not_yours_to_report"),
        (
            "verify",
            (r, a) => r.Verify(a, RecommendationStage.Verified, Language.En, "Looked at.", Cast.Now),
            "recommendation.not_yours_to_verify"
        ),
        ("due", (r, a) => r.MoveDue(a, new DateOnly(2029, 1, 1), null, Cast.Now), "recommendation.not_yours_to_move"),
        ("drop", (r, a) => r.Drop(a, "Overtaken.", Cast.Now), "recommendation.not_yours_to_drop"),
    ];

    [Fact]
    public void Each_verb_is_for_whom_and_from_where_its_rule_says()
    {
        RecommendationStage[] open = [RecommendationStage.Asked, RecommendationStage.Underway, RecommendationStage.PartlyImplemented];
        foreach (var stage in Enum.GetValues<RecommendationStage>())
        foreach (var player in Cast.All)
        foreach (var (verb, act, refused) in Verbs)
        {
            var asked = At(stage);
            var isOpen = open.Contains(stage);
            var may = verb switch
            {
                "edit" => isOpen && (player == Cast.Amina || player == Cast.Otieno),
                "report" => isOpen && player == Cast.Amina,
                "verify" => stage == RecommendationStage.Reported && (player == Cast.Leila || player == Cast.Dorothea),
                "due" => isOpen && (player == Cast.Leila || player == Cast.Dorothea),
                _ => (isOpen || stage == RecommendationStage.Reported) && player == Cast.Dorothea,
            };
            if (verb == "report" && may)
                asked.Edit(player, Report);
            var got = Record.Exception(() => act(asked, player)) as Refusal;
            Assert.True((may ? null : refused) == got?.Code, $"{stage} {player} {verb}: {got?.Code}");
        }
    }

    [Fact]
    public void A_report_says_what_was_done_and_nobody_of_the_State_verifies_it()
    {
        var asked = At(RecommendationStage.Asked);
        asked.Edit(Cast.Otieno, Report with { Text = "" });
        Assert.Equal("field.required", Assert.Throws<Refusal>(() => asked.Report(Cast.Amina, Cast.Now)).Code);
        asked.Edit(Cast.Otieno, Report with { IsImplemented = false });
        Assert.Empty(asked.Progress);
        asked.Report(Cast.Amina, Cast.Now);
        Assert.Equal((RecommendationStage.Underway, new Recommendation.Content()), (asked.Stage, asked.Says));
        asked.Edit(Cast.Amina, Report);
        asked.Report(Cast.Amina, Cast.Now);
        Assert.Equal(RecommendationStage.Reported, asked.Stage);
        Assert.False(asked.CanVerify(Cast.Amina));
        asked.Verify(Cast.Leila, RecommendationStage.Underway, Language.En, "The notes name one crossing.", Cast.Now);
        Assert.Equal([true, true, false], asked.Progress.Select(p => p.IsOfState));
        Assert.True(asked.CanReport(Cast.Amina));
    }

    [Fact]
    public void What_is_implemented_is_not_of_the_future_and_no_day_that_is_past_is_asked_for()
    {
        var asked = At(RecommendationStage.Asked);
        asked.Edit(Cast.Amina, Report with { On = DateOnly.FromDateTime(Cast.Now).AddDays(30) });
        Assert.Equal("recommendation.not_done_yet", Assert.Throws<Refusal>(() => asked.Report(Cast.Amina, Cast.Now)).Code);
        asked.Edit(Cast.Amina, Report with { On = DateOnly.FromDateTime(Cast.Now).AddDays(30), IsImplemented = false });
        asked.Report(Cast.Amina, Cast.Now);
        var yesterday = DateOnly.FromDateTime(Cast.Now).AddDays(-1);
        Assert.Equal("recommendation.due_is_past", Assert.Throws<Refusal>(() => asked.MoveDue(Cast.Leila, yesterday, null, Cast.Now)).Code);
    }

    [Fact]
    public void A_day_that_moves_leaves_the_first_one_known()
    {
        var asked = At(RecommendationStage.Asked);
        var first = asked.DueOn;
        Assert.Equal("recommendation.same_day", Assert.Throws<Refusal>(() => asked.MoveDue(Cast.Leila, first, null, Cast.Now)).Code);
        asked.MoveDue(Cast.Leila, new DateOnly(2029, 1, 1), "A new law is coming.", Cast.Now);
        asked.MoveDue(Cast.Leila, new DateOnly(2030, 1, 1), null, Cast.Now);
        Assert.Equal((new DateOnly(2030, 1, 1), first), (asked.DueOn, asked.FirstDueOn));
    }

    [Fact]
    public void Only_who_drafts_for_its_State_makes_a_need_of_it()
    {
        var asked = At(RecommendationStage.Asked);
        foreach (var player in Cast.All)
            Assert.Equal(player == Cast.Amina || player == Cast.Otieno, asked.CanMakeNeeds(player));
        Assert.False(At(RecommendationStage.Dropped).CanMakeNeeds(Cast.Amina));
        Assert.Throws<Refusal>(() => Need.Draft("NEED-2027-9999", Cast.Rosa, Cast.NeedContent, Cast.Now, asked));
        Assert.Equal(asked.Id, Need.Draft("NEED-2027-9999", Cast.Amina, Cast.NeedContent, Cast.Now, asked).RecommendationId);
    }
}
