using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Committee;
using static Portal.Tests.Assessments.DossierCast;

namespace Portal.Tests.Assessments;

/// <summary>Who does what with a dossier, from which stage, and what nobody may do.</summary>
public sealed class DossierTests
{
    private static readonly DateTime Now = Cast.Now;

    private static string? Refused(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Refusal refusal)
        {
            return refusal.Code;
        }
    }

    private sealed record Verb(string Name, Func<Dossier, Actor, Action> Do, DossierStage[] From, Player[] Who);

    private static readonly Verb[] Verbs =
    [
        new("edit", (d, a) => () => d.Edit(a, Content("KEN"), Now), [DossierStage.Drafting], [Cast.Leila, Cast.Dorothea]),
        new("send to review", (d, a) => () => d.SendToReview(a, Now), [DossierStage.Drafting], [Cast.Leila, Cast.Dorothea]),
        // Leila wrote it.
        new("pass", (d, a) => () => d.PassReview(a, QualityCheck.Said, null, Now), [DossierStage.Review], [Cast.Chloe, Cast.Dorothea]),
        new("return", (d, a) => () => d.ReturnReview(a, [], "Look again.", Now), [DossierStage.Review], [Cast.Chloe, Cast.Dorothea]),
        new(
            "before the subcommittee",
            (d, a) => () => d.PutBeforeSubcommittee(a, Body.SubcommitteeB, 5, Now, Hq),
            [DossierStage.Ready],
            [Cast.Dorothea]
        ),
        new("before the Committee", (d, a) => () => d.PutBeforeCommittee(a, 5, Now, Hq), [DossierStage.Endorsed], [Cast.Dorothea]),
        new("hold in B", (d, a) => () => d.Hold(a, null, Now, Hq), [DossierStage.Subcommittee], [Cast.Tuan, Cast.Sofia]),
        new("object in B", (d, a) => () => d.Object(a, "No.", Now), [DossierStage.Subcommittee], [Cast.Tuan, Cast.Sofia]),
        new("remark in B", (d, a) => () => d.Remark(a, "Well.", Now), [DossierStage.Subcommittee], [Cast.Tuan, Cast.Sofia]),
        new("recall", (d, a) => () => d.Recall(a, "A mistake.", Now), [DossierStage.Subcommittee, DossierStage.Committee], [Cast.Dorothea]),
        new("extend", (d, a) => () => d.Extend(a, 10, Now, Hq), [DossierStage.Subcommittee, DossierStage.Committee], [Cast.Dorothea]),
        new("send", (d, a) => () => d.Send(a, Now, Hq), [DossierStage.Adopted], [Cast.Hamid, Cast.Dorothea]),
        new("acknowledge", (d, a) => () => d.Acknowledge(a, Now), [DossierStage.Sent], [Cast.Amina]),
        new("draft the answer", (d, a) => () => d.DraftAnswer(a, Answer), [DossierStage.Sent], [Cast.Amina, Cast.Otieno]),
        new("close", (d, a) => () => d.Close(a, Now), [DossierStage.Responded], [Cast.Leila, Cast.Dorothea]),
        new(
            "abandon",
            (d, a) => () => d.Abandon(a, "Begun anew.", Now),
            [DossierStage.Drafting, DossierStage.Review, DossierStage.Ready],
            [Cast.Leila, Cast.Dorothea]
        ),
    ];

    [Fact]
    public void Each_verb_is_done_from_its_stages_by_those_it_belongs_to_and_by_nobody_else()
    {
        foreach (var verb in Verbs.Where(v => !v.Name.EndsWith("in B", StringComparison.Ordinal)))
        foreach (var stage in Enum.GetValues<DossierStage>())
        foreach (var player in Cast.All)
        {
            var dossier = At(stage);
            dossier.Acts.Take();
            var may = verb.From.Contains(stage) && verb.Who.Contains(player);
            var code = Refused(verb.Do(dossier, player));
            Assert.True(may == code is null, $"{verb.Name} at {stage} by {player}: {code ?? "done"}");
            // A refusal leaves nothing behind.
            if (!may)
                Assert.True(dossier.Acts.IsEmpty && dossier.Stage == stage, $"{verb.Name} at {stage} by {player}");
        }
    }

    [Fact]
    public void Delegations_act_in_the_bodies_they_sit_in()
    {
        foreach (var verb in Verbs.Where(v => v.Name.EndsWith("in B", StringComparison.Ordinal)))
        foreach (var stage in Enum.GetValues<DossierStage>())
        foreach (var player in Cast.All)
        {
            // All of them sit in the Committee; of the subcommittees each in its own.
            var may =
                stage == DossierStage.Subcommittee
                    ? verb.Who.Contains(player)
                    : stage == DossierStage.Committee && player.Role.Kind() == OrganisationKind.Committee;
            var code = Refused(verb.Do(At(stage), player));
            Assert.True(may == code is null, $"{verb.Name} at {stage} by {player}: {code ?? "done"}");
        }
    }

    [Fact]
    public void Who_presides_over_the_body_or_CTED_takes_it_up_in_a_meeting_and_says_what_was_decided()
    {
        const string meeting = "412th meeting, 8 March 2027";
        foreach (var stage in Enum.GetValues<DossierStage>())
        foreach (var player in Cast.All)
        {
            var dossier = At(stage);
            var may =
                stage is DossierStage.Subcommittee or DossierStage.Committee
                && (player == Cast.Dorothea || player == (stage == DossierStage.Committee ? Cast.Hamid : Cast.Sofia));
            var code = Refused(() => dossier.TakeUp(player, meeting, Now));
            Assert.True(may == code is null, $"take up at {stage} by {player}: {code ?? "done"}");
            if (!may)
            {
                Assert.NotNull(Refused(() => dossier.Decide(player, null, Now)));
                continue;
            }
            // Silence decides nothing any more, and no delegation steps; what was held is over with it.
            Assert.Equal((stage, null), (dossier.StageAt(Now.AddYears(1)), dossier.ClosesAt));
            Assert.Equal("circulation.over", Refused(() => dossier.Object(Cast.Tuan, "No.", Now)));
            Assert.Equal("circulation.over", Refused(() => dossier.Extend(Cast.Dorothea, 10, Now, Hq)));
            foreach (
                var other in Cast.All.Where(p => p != Cast.Dorothea && p != (stage == DossierStage.Committee ? Cast.Hamid : Cast.Sofia))
            )
                Assert.Equal("dossier.not_yours_to_decide", Refused(() => dossier.Decide(other, null, Now)));
            var decided = Now.AddDays(7);
            dossier.Decide(player, null, decided);
            Assert.Equal(stage == DossierStage.Committee ? DossierStage.Adopted : DossierStage.Endorsed, dossier.Stage);
            Assert.Equal((meeting, CirculationStatus.Passed), (dossier.Circulation!.Meeting, dossier.Circulation.Status));
            Assert.Equal(stage == DossierStage.Committee ? decided : null, dossier.AdoptedAt);
        }
    }

    [Fact]
    public void What_a_meeting_gives_back_goes_to_its_officer_with_the_reason_and_comes_back_to_the_same_body()
    {
        var dossier = At(DossierStage.Committee);
        dossier.TakeUp(Cast.Hamid, "412th meeting", Now);
        Assert.Equal("circulation.reason_required", Refused(() => dossier.Decide(Cast.Hamid, " ", Now)));
        dossier.Decide(Cast.Hamid, "More on borders.", Now);
        Assert.Equal((DossierStage.Drafting, "More on borders."), (dossier.Stage, dossier.Circulation!.EndReason));
        dossier.SendToReview(Cast.Leila, Now);
        dossier.PassReview(Cast.Chloe, QualityCheck.Said, null, Now);
        dossier.PutBeforeCommittee(Cast.Dorothea, 2, Now, Hq);
        Assert.Equal((Body.Committee, 2), (dossier.Circulation.Body, dossier.Circulation.Round));
    }

    [Fact]
    public void What_is_taken_up_in_a_meeting_that_never_takes_place_is_taken_up_in_another_or_taken_back()
    {
        var dossier = At(DossierStage.Committee);
        dossier.TakeUp(Cast.Hamid, "412th meeting", Now);
        dossier.TakeUp(Cast.Hamid, "413th meeting", Now.AddDays(1));
        Assert.Equal(("413th meeting", DossierStage.Committee), (dossier.Circulation!.Meeting, dossier.Stage));
        dossier.Recall(Cast.Dorothea, "No meeting is planned.", Now.AddDays(2));
        Assert.Equal((DossierStage.Drafting, CirculationStatus.Recalled), (dossier.Stage, dossier.Circulation.Status));
        Assert.Equal("circulation.not_taken_up", Refused(() => dossier.Decide(Cast.Hamid, null, Now.AddDays(3))));
    }

    [Fact]
    public void More_days_move_the_closing_and_never_bring_it_forward()
    {
        var dossier = At(DossierStage.Committee);
        var closes = dossier.ClosesAt!.Value;
        Assert.Equal("circulation.only_longer", Refused(() => dossier.Extend(Cast.Dorothea, 5, Now, Hq)));
        Assert.Equal("circulation.days_out_of_range", Refused(() => dossier.Extend(Cast.Dorothea, 61, Now, Hq)));
        dossier.Extend(Cast.Dorothea, 6, Now, Hq);
        Assert.Equal(closes.AddDays(1), dossier.ClosesAt);
        Assert.Equal(DossierStage.Committee, dossier.StageAt(closes));
        Assert.Equal("circulation.over", Refused(() => dossier.Extend(Cast.Dorothea, 10, dossier.ClosesAt!.Value, Hq)));
    }

    [Fact]
    public void A_dossier_is_kept_half_written_and_what_is_missing_is_asked_for_before_a_colleague_has_it()
    {
        var dossier = At(DossierStage.Drafting, content: Content("KEN") with { Letter = "", Findings = [], Recommendations = [] });
        Assert.Equal(
            [("field.required", "Letter"), ("dossier.nothing_found", "Findings")],
            Dossier.Missing(dossier.Says).Select(m => (m.Code, m.Field!))
        );
        Assert.Equal("field.required", Refused(() => dossier.SendToReview(Cast.Leila, Now)));
        dossier.Edit(Cast.Leila, Content("KEN"), Now);
        Assert.Empty(Dossier.Missing(dossier.Says));
        Assert.Null(Refused(() => dossier.SendToReview(Cast.Leila, Now)));
    }

    [Fact]
    public void Who_wrote_in_a_dossier_does_not_review_it()
    {
        var dossier = At(DossierStage.Drafting);
        dossier.Edit(Cast.Dorothea, Content("KEN"), Now);
        dossier.SendToReview(Cast.Leila, Now);
        foreach (var author in new[] { Cast.Leila, Cast.Dorothea })
            Assert.Equal("dossier.not_yours_to_review", Refused(() => dossier.PassReview(author, QualityCheck.Said, null, Now)));
        Assert.Null(Refused(() => dossier.PassReview(Cast.Chloe, QualityCheck.Said, null, Now)));
    }

    [Fact]
    public void What_the_portal_finds_wanting_cannot_be_ticked_away()
    {
        var whole = Content("KEN");
        (QualityItem, Dossier.Content)[] wanting =
        [
            (QualityItem.Evidence, whole with { Findings = [whole.Findings[0] with { Evidence = null }, whole.Findings[1]] }),
            (QualityItem.Safeguards, whole with { Findings = [whole.Findings[0], whole.Findings[1] with { Safeguards = null }] }),
            (QualityItem.GapsAnswered, whole with { Recommendations = [] }),
        ];
        foreach (var (item, content) in wanting)
        {
            var dossier = At(DossierStage.Review, content: content);
            Assert.Equal([item], QualityCheck.Wanting(dossier));
            Assert.Equal("dossier.quality_wanting", Refused(() => dossier.PassReview(Cast.Chloe, QualityCheck.Said, null, Now)));
        }
        // South Sudan is not Sudan, and Niger is not in Nigeria; whether a gulf is a State the reviewer says.
        IReadOnlyList<string> Named(string state, string letter) =>
            QualityCheck.OthersNamed(At(DossierStage.Drafting, state, whole with { State = state, Letter = letter }));
        Assert.Empty(Named("SSD", "To South Sudan."));
        Assert.Empty(Named("NGA", "To NIGERIA."));
        Assert.Equal(["SSD"], Named("KEN", "To Kenya and south sudan."));
        Assert.Equal(["GIN"], Named("KEN", "On the Gulf of Guinea."));
        Assert.Equal(
            "dossier.quality_not_said",
            Refused(() => At(DossierStage.Review).PassReview(Cast.Chloe, [QualityItem.Form], null, Now))
        );
    }

    [Fact]
    public void What_is_adopted_sent_and_shown_is_one_edition_whatever_is_written_afterwards()
    {
        var dossier = At(DossierStage.Committee);
        var circulated = dossier.Circulation!.Edition;
        var prints = dossier.Editions.Where(e => e.Number == circulated).Select(e => e.Fingerprint).ToList();
        Assert.All(dossier.Editions, e => Assert.True(e.IsWhole));
        Assert.NotNull(Refused(() => dossier.Edit(Cast.Leila, Content("KEN") with { Letter = "Another." }, Now)));
        var passed = dossier.ClosesAt!.Value;
        dossier.Send(Cast.Hamid, passed, Hq);
        Assert.Equal(passed, dossier.AdoptedAt);
        Assert.Equal(prints, dossier.Editions.Where(e => e.Number == circulated).Select(e => e.Fingerprint));
        Assert.Equal([(int)DossierParts.Letter, (int)DossierParts.Assessment], dossier.Editions.Where(e => e.IsSent).Select(e => e.Part));
    }

    [Fact]
    public void Outside_of_drafting_what_is_written_is_what_the_last_edition_holds()
    {
        foreach (var stage in Enum.GetValues<DossierStage>().Except([DossierStage.Drafting, DossierStage.Abandoned]))
        {
            var dossier = At(stage);
            T Last<T>(DossierParts part) => dossier.Editions.Last(e => e.Part == (int)part).Read<T>();
            var assessment = Last<AssessmentText>(DossierParts.Assessment);
            Assert.Equal(dossier.Says.Letter, Last<string>(DossierParts.Letter));
            Assert.Equal(dossier.Says.CoverNote, Last<string>(DossierParts.Cover));
            Assert.Equal(dossier.Says.Narrative, assessment.Narrative);
            Assert.Equal(dossier.Says.Findings, assessment.Findings);
            Assert.Equal(dossier.Says.Recommendations, assessment.Recommendations);
        }
    }

    [Fact]
    public void Silence_decides_to_the_moment_and_a_late_duty_writes_down_the_same()
    {
        foreach (var late in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7) })
        {
            var dossier = At(DossierStage.Committee);
            var closes = dossier.ClosesAt!.Value;
            Assert.Equal(DossierStage.Committee, dossier.StageAt(closes.AddTicks(-1)));
            Assert.Equal(DossierStage.Adopted, dossier.StageAt(closes));
            Assert.Equal("circulation.over", Refused(() => dossier.Hold(Cast.Wei, null, closes, Hq)));
            Assert.True(dossier.Settle(closes + late));
            Assert.Equal((DossierStage.Adopted, closes, closes), (dossier.Stage, dossier.AdoptedAt!.Value, dossier.UpdatedAt));
            Assert.False(dossier.Settle(closes + late));
        }
    }

    [Fact]
    public void An_objection_in_the_Committee_sends_it_back_and_round_two_comes_before_the_Committee_again()
    {
        var dossier = At(DossierStage.Committee);
        dossier.Object(Cast.Wei, "The evidence on crossings is thin.", Now.AddDays(1));
        Assert.Equal((DossierStage.Drafting, (DateTime?)null), (dossier.Stage, dossier.ClosesAt));
        dossier.Edit(Cast.Leila, Content("KEN") with { Narrative = "With more evidence." }, Now.AddDays(2));
        dossier.SendToReview(Cast.Leila, Now.AddDays(2));
        dossier.PassReview(Cast.Chloe, QualityCheck.Said, null, Now.AddDays(3));
        Assert.True(dossier.IsForCommittee(Now.AddDays(3)));
        dossier.PutBeforeCommittee(Cast.Dorothea, 2, Now.AddDays(3), Hq);
        Assert.Equal((2, 2), (dossier.Circulation!.Round, dossier.Circulation.Edition));
        Assert.Equal(DossierStage.Adopted, dossier.StageAt(dossier.ClosesAt!.Value));
    }

    [Fact]
    public void Before_it_is_sent_the_State_is_in_no_line_and_afterwards_never_in_the_deliberation()
    {
        foreach (var stage in Enum.GetValues<DossierStage>())
        {
            var dossier = At(stage);
            var parts = (DossierParts)Decision.On(dossier, Cast.Amina).View;
            var isSent = stage is DossierStage.Sent or DossierStage.Responded or DossierStage.Closed;
            Assert.Equal(isSent ? DossierParts.OfState : DossierParts.None, parts);
            Assert.Equal(DossierParts.None, (DossierParts)Decision.On(dossier, Cast.Rosa).View);
            // What a delegation did is of the deliberation, whoever reads the activity.
            Assert.All(
                dossier.Acts.Take().Where(a => a.Code is "dossier.held" or "dossier.objected" or "dossier.put_before" or "dossier.passed"),
                a => Assert.Equal((int)DossierParts.Deliberation, a.Part)
            );
        }
    }

    [Fact]
    public void An_answer_is_whole_and_once_submitted_no_draft_changes_it()
    {
        var dossier = At(DossierStage.Sent);
        dossier.DraftAnswer(Cast.Otieno, Answer with { Answers = [Answer.Answers[0]] });
        Assert.Equal("dossier.finding_unanswered", Refused(() => dossier.Answer(Cast.Amina, Now)));
        Assert.Equal(
            "dossier.topic_unknown",
            Refused(() => dossier.DraftAnswer(Cast.Otieno, Answer with { Answers = [new("1373:4/other-crime", AnswerPosition.Noted)] }))
        );
        dossier.DraftAnswer(Cast.Otieno, Answer);
        Assert.Equal("dossier.not_yours_to_answer", Refused(() => dossier.Answer(Cast.Otieno, Now)));
        dossier.Answer(Cast.Amina, Now);
        Assert.Equal(Answer.Text, dossier.Answered!.Text);
        Assert.Equal("dossier.not_yours_to_answer", Refused(() => dossier.DraftAnswer(Cast.Amina, Answer)));
    }

    [Fact]
    public void A_chair_who_does_not_preside_does_not_send()
    {
        // Sofia chairs a subcommittee; Wei is of the delegation that chairs the Committee and does not hold the chair.
        foreach (var player in new[] { Cast.Sofia, Cast.Wei, Cast.Tuan })
            Assert.Equal("dossier.not_yours_to_send", Refused(() => At(DossierStage.Adopted).Send(player, Now, Hq)));
        foreach (var stage in Enum.GetValues<DossierStage>().Where(s => s != DossierStage.Adopted))
            Assert.Equal("dossier.not_adopted", Refused(() => At(stage).Send(Cast.Hamid, Now, Hq)));
    }

    [Fact]
    public void A_focal_point_shares_what_was_sent_with_whom_the_State_chooses_and_with_nobody_else()
    {
        foreach (var stage in Enum.GetValues<DossierStage>())
        {
            var dossier = At(stage);
            var isSent = stage is DossierStage.Sent or DossierStage.Responded or DossierStage.Closed;
            foreach (var player in Cast.All)
                Assert.Equal(isSent && player.Actor == Cast.Amina.Actor, dossier.CanShare(player));
            foreach (var audience in (Audience[])[Audience.Providers, Audience.Partners, Audience.Org(Cast.PacificFund.Number)])
                if (isSent)
                    dossier.Share(Cast.Amina, audience, DossierParts.Letter, Cast.Now);
                else
                    Assert.Equal(
                        "dossier.not_yours_to_share",
                        Code(() => dossier.Share(Cast.Amina, audience, DossierParts.Letter, Cast.Now))
                    );
        }
        var sent = At(DossierStage.Sent);
        foreach (var audience in (Audience[])[Audience.Public, Audience.Committee, Audience.Cted, Audience.State("PER")])
            Assert.Equal("dossier.audience_unknown", Code(() => sent.Share(Cast.Amina, audience, DossierParts.Letter, Cast.Now)));
        foreach (var part in Enum.GetValues<DossierParts>().Where(p => int.PopCount((int)p) == 1 && p != DossierParts.Summary))
            Assert.Equal(
                part is DossierParts.Letter or DossierParts.Assessment ? null : "dossier.part_never_shared",
                Code(() => At(DossierStage.Sent).Share(Cast.Amina, Audience.Providers, part, Cast.Now))
            );
        Assert.Equal("field.required", Code(() => sent.Share(Cast.Amina, Audience.Providers, DossierParts.Summary, Cast.Now)));
        Assert.Equal("dossier.not_shared", Code(() => sent.Unshare(Cast.Amina, Audience.Providers, null, Cast.Now)));
        sent.Share(Cast.Amina, Audience.Providers, DossierParts.Letter, Cast.Now);
        Assert.Equal(
            "dossier.shared_already",
            Code(() => sent.Share(Cast.Amina, Audience.Providers, DossierParts.Letter | DossierParts.Summary, Cast.Now))
        );
    }

    [Fact]
    public void Who_is_shown_an_assessment_sees_the_parts_chosen_and_cannot_tell_whether_the_State_has_answered()
    {
        foreach (var stage in (DossierStage[])[DossierStage.Sent, DossierStage.Responded, DossierStage.Closed])
        {
            var dossier = At(stage);
            Assert.False(Decision.On(dossier, Cast.Ingrid).Visible);
            dossier.Share(Cast.Amina, Audience.Org(Cast.NorthernAgency.Number), DossierParts.Assessment, Cast.Now);
            var parts = (DossierParts)Decision.On(dossier, Cast.Ingrid).View;
            Assert.Equal(DossierParts.Summary | DossierParts.Assessment, parts);
            Assert.Equal(DossierStage.Sent, Dossier.StageTo(parts, stage));
            Assert.False(Decision.On(dossier, Cast.Kenji).Visible);
            dossier.Unshare(Cast.Amina, Audience.Org(Cast.NorthernAgency.Number), null, Cast.Now);
            Assert.False(Decision.On(dossier, Cast.Ingrid).Visible);
        }
        var answered = At(DossierStage.Closed);
        answered.Share(Cast.Amina, Audience.Partners, DossierParts.Response, Cast.Now);
        Assert.Equal(DossierParts.Summary | DossierParts.Response, (DossierParts)Decision.On(answered, Cast.Fatou).View);
        Assert.False(Decision.On(answered, Cast.Ingrid).Visible);
    }

    private static string? Code(Action act) => (Record.Exception(act) as Refusal)?.Code;
}
