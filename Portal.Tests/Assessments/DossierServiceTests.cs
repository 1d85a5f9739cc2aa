using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Assessments;
using Portal.Calendar;
using Portal.Committee;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using Portal.Domain.Reference;
using static Portal.Tests.Assessments.DossierCast;

namespace Portal.Tests.Assessments;

/// <summary>A dossier goes from its officer to the State's answer; the clock decides also where no job runs.</summary>
public sealed class DossierServiceTests
{
    private static async Task<DossierService> As(TestDb test, Player player) => (await test.As(player)).Get<DossierService>();

    private static async Task<string?> Refused(Func<Task> act) =>
        (await Record.ExceptionAsync(act)) is Refusal refusal ? refusal.Code : null;

    [Theory, OnSqlite, OnPostgres]
    public async Task A_dossier_goes_from_its_officer_to_the_States_answer(Database database)
    {
        await using var test = await TestDb.Open(database);
        var reference = await (await As(test, Cast.Leila)).Draft(Content("KEN"));
        Assert.Equal("PIA-KEN-2027-1", reference);
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Amina)).Get(reference));
        await (await As(test, Cast.Leila)).SendToReview(reference);
        await (await As(test, Cast.Chloe)).ReturnReview(reference, [], "The cover note is short.");
        await (await As(test, Cast.Leila)).SendToReview(reference);
        await (await As(test, Cast.Chloe)).PassReview(reference, QualityCheck.Said, null);
        await (await As(test, Cast.Dorothea)).Put(reference, 5);
        // Monday, 1 March 2027: five working days end on Monday the 8th.
        var desk = (await test.As(Cast.Tuan)).Get<DeskService>();
        var waiting = Assert.Single((await desk.Get()).Waiting);
        Assert.Equal((new DateOnly(2027, 3, 8), Body.SubcommitteeB), (waiting.Circulation.ClosesOn, waiting.Circulation.Body));
        // Who sits in another subcommittee hears of it as the Committee does, and has nothing to decide.
        Assert.Equal(DossierParts.Summary, (await (await As(test, Cast.Wei)).Get(reference)).Row.Parts);
        Assert.Empty((await (await test.As(Cast.Wei)).Get<DeskService>().Get()).Waiting);
        await (await As(test, Cast.Tuan)).Step(reference, StepAct.Hold, "The capital has been asked.");
        test.Clock.Advance(TimeSpan.FromDays(2));
        await (await As(test, Cast.Tuan)).Step(reference, StepAct.Lift, null);
        test.Clock.Advance(TimeSpan.FromDays(20));
        // No duty has run: the clock has endorsed it all the same, at the close of its last day.
        var endorsed = await (await As(test, Cast.Dorothea)).Get(reference);
        Assert.Equal(DossierStage.Endorsed, endorsed.Row.Stage);
        Assert.Equal(
            "circulation.over",
            await Refused(async () => await (await As(test, Cast.Tuan)).Step(reference, StepAct.Object, "No."))
        );
        await (await As(test, Cast.Dorothea)).Put(reference, 5);
        await (await As(test, Cast.Wei)).Step(reference, StepAct.Object, "The evidence is thin.");
        var back = await (await As(test, Cast.Leila)).Content(reference);
        await (await As(test, Cast.Leila)).Edit(reference, back.Version, back.Content with { Narrative = "With more evidence." });
        await (await As(test, Cast.Leila)).SendToReview(reference);
        await (await As(test, Cast.Chloe)).PassReview(reference, QualityCheck.Said, null);
        await (await As(test, Cast.Dorothea)).Put(reference, 2);
        // A body compares with what it had; CTED with what it froze before; nobody else has anything to compare with.
        var again = await (await As(test, Cast.Wei)).Get(reference);
        Assert.Equal((2, 3), (again.Before!.Number, again.Letter!.Number));
        Assert.NotEqual(again.Before.Assessment.Narrative, again.Assessment!.Text.Narrative);
        Assert.Equal(2, (await (await As(test, Cast.Leila)).Get(reference)).Before!.Number);
        // Each reads, and compares, any edition that they had, and none that they had not: the first was before no body.
        var first = await (await As(test, Cast.Leila)).Get(reference, new(Edition: 1, Against: 3));
        Assert.Equal([1, 2, 3], first.Editions);
        Assert.Equal((1, 3), (first.Letter!.Number, first.Before!.Number));
        var second = await (await As(test, Cast.Wei)).Get(reference, new(Edition: 2, Against: 1));
        Assert.Equal([2, 3], second.Editions);
        Assert.Equal((2, null), (second.Letter!.Number, second.Before));
        Assert.Equal(3, (await (await As(test, Cast.Wei)).Get(reference, new(Edition: 1))).Letter!.Number);
        Assert.Equal("dossier.not_adopted", await Refused(async () => await (await As(test, Cast.Hamid)).Send(reference)));
        test.Clock.Advance(TimeSpan.FromDays(7));
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Amina)).Get(reference));
        await (await As(test, Cast.Hamid)).Send(reference);
        Assert.NotNull(await Refused(async () => await (await As(test, Cast.Hamid)).Send(reference)));

        var letter = await (await As(test, Cast.Amina)).Get(reference);
        Assert.Equal(DossierParts.OfState, letter.Row.Parts);
        Assert.Equal("With more evidence.", letter.Assessment!.Text.Narrative);
        // How many editions and rounds there were, and when it was written, it does not learn.
        Assert.Equal(
            (null, letter.Row.SentAt, null, null, null, null),
            (letter.Letter!.Number, (DateTime?)letter.Letter.At, letter.Cover, letter.Circulations, letter.Draft, letter.Row.Subcommittee)
        );
        Assert.Null(letter.Before);
        Assert.Empty(letter.Editions);
        Assert.Equal(
            letter.Letter.Fingerprint,
            (await (await As(test, Cast.Amina)).Get(reference, new(Edition: 2, Against: 1))).Letter!.Fingerprint
        );
        Assert.Equal((await (await As(test, Cast.Wei)).Get(reference)).Letter!.Fingerprint, letter.Letter.Fingerprint);
        var (_, _, submits, version) = await (await As(test, Cast.Otieno)).Answer(reference);
        Assert.False(submits);
        await (await As(test, Cast.Otieno)).SaveAnswer(reference, version, Answer, submit: false);
        Assert.Null((await (await As(test, Cast.Leila)).Get(reference)).AnswerDraft);
        // Who writes on what is no longer so is told, and what came between is not lost.
        Assert.Equal(
            "record.changed_meanwhile",
            await Refused(async () => await (await As(test, Cast.Amina)).SaveAnswer(reference, version, Answer, submit: true))
        );
        version = (await (await As(test, Cast.Amina)).Answer(reference)).Version;
        await (await As(test, Cast.Amina)).SaveAnswer(reference, version, Answer, submit: true);
        Assert.Equal(Answer.Text, (await (await As(test, Cast.Wei)).Get(reference)).Answer!.Text);
        await (await As(test, Cast.Leila)).Close(reference);
        await using var db = await test.For(Cast.Amina);
        Assert.DoesNotContain(
            await db.Activities.Select(a => a.Code).ToListAsync(),
            code => code is "dossier.held" or "dossier.objected" or "dossier.put_before" or "dossier.passed" or "dossier.remarked"
        );
        Assert.Equal(0, await db.Circulations.CountAsync());
        Assert.Equal(2, await db.Set<Edition>().CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Several_are_put_before_their_bodies_with_one_act_each_whole_or_not_at_all(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (kenya, peru, endorsed) = (At(DossierStage.Ready), At(DossierStage.Ready, "PER"), At(DossierStage.Endorsed, "UGA"));
        await test.Save(kenya, peru, endorsed, At(DossierStage.Drafting), At(DossierStage.Committee, "PER"));
        foreach (var nobody in new[] { Cast.Leila, Cast.Hamid, Cast.Amina })
            await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, nobody)).Ready());
        var ready = await (await As(test, Cast.Dorothea)).Ready();
        Assert.Equal(
            [(endorsed.Reference, Body.Committee), (kenya.Reference, Body.SubcommitteeB), (peru.Reference, Body.SubcommitteeC)],
            ready.Select(l => (l.Reference, l.Body)).OrderBy(l => l.Item2)
        );
        // One of them is changed after it was shown: it alone is refused.
        await (await As(test, Cast.Dorothea)).Abandon(peru.Reference, "Begun anew.");
        var told = new List<int>();
        var refused = await (await As(test, Cast.Dorothea)).PutAll(ready, 5, told.Add);
        Assert.Equal(
            (peru.Reference, "record.changed_meanwhile"),
            Assert.Single(refused) is var (reference, why) ? (reference, why.Code) : default
        );
        Assert.Equal([1, 2, 3], told);
        Assert.Equal(DossierStage.Subcommittee, (await (await As(test, Cast.Tuan)).Get(kenya.Reference)).Row.Stage);
        Assert.Equal(DossierStage.Committee, (await (await As(test, Cast.Hamid)).Get(endorsed.Reference)).Row.Stage);
        Assert.Empty(await (await As(test, Cast.Dorothea)).Ready());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_begins_a_dossier_is_told_of_those_of_the_State_that_are_under_way_as_far_as_they_may_see_them(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (drafted, sent) = (At(DossierStage.Drafting), At(DossierStage.Sent));
        await test.Save(drafted, sent, At(DossierStage.Closed), At(DossierStage.Abandoned), At(DossierStage.Review, "PER"));
        async Task<IEnumerable<string>> Told(Player player, string state = "KEN") =>
            (await (await As(test, player)).UnderWay(state)).Select(r => r.Reference).Order(StringComparer.Ordinal);
        string[] both = [.. new[] { drafted.Reference, sent.Reference }.Order(StringComparer.Ordinal)];
        Assert.Equal(both, await Told(Cast.Leila));
        Assert.Equal(both, await Told(Cast.Dorothea));
        Assert.Empty(await Told(Cast.Leila, "PER"));
        Assert.Equal([sent.Reference], await Told(Cast.Amina));
        Assert.Empty(await Told(Cast.Ingrid));
        Assert.Equal((true, false), (Dossier.CanDraft(Cast.Leila, "UGA"), Dossier.CanDraft(Cast.Leila, "PER")));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_must_be_answered_holds_a_dossier_up_and_a_step_is_for_the_edition_that_it_names(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (endorsed, before) = (At(DossierStage.Endorsed), At(DossierStage.Committee, "PER"));
        await test.Save(endorsed, before);
        var threads = (await test.As(Cast.Tuan)).Get<Portal.Collaboration.ThreadService>();
        var said = new Portal.Domain.Collaboration.Said("Which crossings?", Domain.Reference.Language.En, []);
        var thread = await threads.Open(
            Dossier.Card,
            endorsed.Reference,
            new(nameof(DossierParts.Deliberation), "Crossings", null, true, said)
        );
        var director = await As(test, Cast.Dorothea);
        Assert.Equal("dossier.unanswered", await Refused(() => director.Put(endorsed.Reference, 5)));
        await (await test.As(Cast.Dorothea)).Get<Portal.Collaboration.ThreadService>().Resolve(Dossier.Card, endorsed.Reference, thread);
        await director.Put(endorsed.Reference, 5);
        var wei = await As(test, Cast.Wei);
        Assert.Equal("record.changed_since_shown", await Refused(() => wei.Step(before.Reference, StepAct.Remark, "Well.", 7)));
        await wei.Step(before.Reference, StepAct.Remark, "Well.", before.Circulated);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_waits_for_review_and_what_reviews_found_is_CTEDs_to_see(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (waiting, drafted) = (At(DossierStage.Review), At(DossierStage.Drafting));
        drafted.SendToReview(Cast.Leila, Cast.Now.AddDays(-4));
        drafted.ReturnReview(Cast.Chloe, [.. QualityCheck.Said.Except([QualityItem.Form])], "Look at the form.", Cast.Now.AddDays(-2));
        await test.Save(waiting, drafted, At(DossierStage.Ready, "PER"));
        async Task<QualityView> Of(Player player) => await (await test.As(player)).Get<QualityService>().Get();
        var seen = await Of(Cast.Chloe);
        var line = Assert.Single(seen.Waiting);
        Assert.Equal((waiting.Reference, 85, true), (line.Reference, line.Days, line.IsMine));
        Assert.Equal((2, 1, 1, 2, 3.5), (seen.Reviewed, seen.Passed, seen.AtOnce, seen.Dossiers, seen.MedianDays));
        Assert.Equal([(QualityItem.Form, 1)], seen.Faults);
        // Who wrote in it does not review it, and a legal officer counts the dossiers of their own States.
        var own = await Of(Cast.Leila);
        Assert.False(Assert.Single(own.Waiting).IsMine);
        Assert.Equal(1, own.Dossiers);
        foreach (var other in new[] { Cast.Amina, Cast.Wei, Cast.Hamid, Cast.Ingrid })
            await Assert.ThrowsAsync<NotFound>(() => Of(other));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_taken_up_in_a_meeting_stands_on_the_desk_and_in_the_pending_list_until_it_is_decided(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        await (await As(test, Cast.Wei)).Step(dossier.Reference, StepAct.Hold, "The capital has been asked.");
        var desk = (await test.As(Cast.Hamid)).Get<DeskService>();
        var held = Assert.Single(await desk.Pending("xlsx"));
        Assert.Equal("The capital has been asked.", held.Circulation.Steps[^1].Reason);
        await (await As(test, Cast.Hamid)).TakeUp(dossier.Reference, "412th meeting");
        test.Clock.Advance(TimeSpan.FromDays(60));
        var taken = await desk.Get();
        Assert.Equal(("412th meeting", 0, 0), (Assert.Single(taken.TakenUp).Circulation.Meeting, taken.Waiting.Count, taken.Held.Count));
        Assert.Single(await desk.Pending("csv"));
        await (await As(test, Cast.Hamid)).Decide(dossier.Reference, null);
        Assert.Equal((0, 1), await desk.Get() is var after ? (after.TakenUp.Count, after.Passed.Count) : default);
        Assert.Equal(DossierStage.Adopted, (await (await As(test, Cast.Wei)).Get(dossier.Reference)).Row.Stage);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_duty_writes_down_what_silence_decided_and_a_week_late_the_same(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (one, other) = (At(DossierStage.Committee), At(DossierStage.Committee, "PER"));
        await test.Save(one, other);
        var closes = one.ClosesAt!.Value;
        test.Clock.Advance(closes - Cast.Now - TimeSpan.FromSeconds(1));
        var duties = (await test.As(null)).Get<CirculationDuties>();
        await duties.Run();
        async Task<List<DossierStage>> Stages()
        {
            await using var db = await test.AsSystem();
            return await db.Dossiers.Select(d => d.Stage).ToListAsync();
        }
        Assert.Equal([DossierStage.Committee, DossierStage.Committee], await Stages());
        test.Clock.Advance(TimeSpan.FromDays(7));
        await duties.Run();
        await duties.Run();
        Assert.Equal([DossierStage.Adopted, DossierStage.Adopted], await Stages());
        await using var seen = await test.AsSystem();
        Assert.Equal([closes, closes], await seen.Dossiers.Select(d => d.AdoptedAt!.Value).ToListAsync());
        Assert.Equal(2, await seen.Activities.CountAsync(a => a.Code == "dossier.passed" && a.To == "Adopted"));
        Assert.Contains(await seen.Notices.Select(n => n.Code).ToListAsync(), code => code == "dossier.passed");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Delegations_that_have_said_nothing_are_reminded_once_two_working_days_before_and_on_the_last_day(Database database)
    {
        await using var test = await TestDb.Open(database);
        // Wei's delegation has remarked; Tuan's has said nothing. Opened on Monday, it closes on the next.
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        var duties = (await test.As(null)).Get<CirculationDuties>();
        async Task<List<string>> Told(Player player)
        {
            for (var i = 0; i < 2; i++)
                await duties.Run();
            await using var db = await test.For(player);
            return await db.Notices.Where(n => n.Code == "dossier.closing").Select(n => n.Code).ToListAsync();
        }
        Assert.Empty(await Told(Cast.Tuan));
        test.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Single(await Told(Cast.Tuan));
        test.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(2, (await Told(Cast.Tuan)).Count);
        Assert.Empty(await Told(Cast.Wei));
        Assert.Empty(await Told(Cast.Amina));
    }

    [Theory, OnSqlite]
    public async Task A_holiday_entered_while_it_runs_moves_the_closing_and_the_body_is_told(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        await (await test.As(Cast.Andrei)).Get<CalendarService>().Enter(new DateOnly(2027, 3, 8), HolidayName.Other);
        await (await test.As(null)).Get<CirculationDuties>().Run();
        var line = Assert.Single((await (await test.As(Cast.Wei)).Get<DeskService>().Get()).Waiting);
        Assert.Equal(new DateOnly(2027, 3, 9), line.Circulation.ClosesOn);
        await using var db = await test.AsSystem();
        Assert.Contains(await db.Notices.Select(n => n.Code).ToListAsync(), code => code == "dossier.recounted");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_hold_lapses_with_the_term_of_the_delegation_that_placed_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        await (await As(test, Cast.Wei)).Step(dossier.Reference, StepAct.Hold, null);
        var malik = (await test.As(Cast.Malik)).Get<BodyService>();
        var seat = (await malik.Read()).Bodies[0].Seats.Single(s => s.Code == Cast.Delegation.Code);
        await malik.EndTerm(seat.Code, seat.Seat, null);
        await (await test.As(null)).Get<CirculationDuties>().Run();
        var line = Assert.Single((await (await test.As(Cast.Tuan)).Get<DeskService>().Get()).Waiting);
        Assert.Empty(line.Circulation.Holders);
        // Who no longer sits has no desk left to hold it from.
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Wei)).Step(dossier.Reference, StepAct.Hold, null));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_of_one_delegation_who_hold_at_once_one_does(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        var answers = await Task.WhenAll(
            new[] { Cast.Wei, Cast.Hamid }.Select(async p =>
            {
                var service = await As(test, p);
                return await Refused(() => service.Step(dossier.Reference, StepAct.Hold, null));
            })
        );
        Assert.Single(answers, a => a is null);
        await using var db = await test.AsSystem();
        Assert.Equal(1, await db.Set<CirculationStep>().CountAsync(s => s.Act == StepAct.Hold));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_two_delegations_do_at_one_moment_is_all_kept(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        var answers = await Task.WhenAll(
            new[] { Cast.Wei, Cast.Tuan, Cast.Sofia, Cast.Hamid }.Select(
                async (p, i) =>
                {
                    var service = await As(test, p);
                    return await Refused(() => service.Step(dossier.Reference, StepAct.Remark, $"Remark {i}"));
                }
            )
        );
        Assert.All(answers, Assert.Null);
        await using var db = await test.AsSystem();
        Assert.Equal(4, await db.Set<CirculationStep>().CountAsync(s => s.Reason!.StartsWith("Remark ")));
    }

    [Theory, OnSqlite]
    public async Task A_hold_goes_on_where_another_term_follows_and_where_the_term_is_made_longer(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Committee);
        await test.Save(dossier);
        await (await As(test, Cast.Wei)).Step(dossier.Reference, StepAct.Hold, null);
        var (today, duties) = (DateOnly.FromDateTime(Cast.Now), (await test.As(null)).Get<CirculationDuties>());
        async Task<DateTime> Lapses()
        {
            await duties.Run();
            await using var db = await test.AsSystem();
            return await db.Set<CirculationStep>().Where(s => s.Act == StepAct.Hold).Select(s => s.Lapses!.Value).SingleAsync();
        }
        var whole = await Lapses();
        Assert.Equal(Cast.Now.AddMonths(6), whole);
        var malik = (await test.As(Cast.Malik)).Get<BodyService>();
        var seat = (await malik.Read()).Bodies[0].Seats.Single(s => s.Code == Cast.Delegation.Code);
        await malik.EndTerm(seat.Code, seat.Seat, today.AddDays(9));
        Assert.Equal(Domain.Days.End(today.AddDays(9)), await Lapses());
        var shorter = (await malik.Read()).Bodies[0].Seats.Single(s => s.Code == Cast.Delegation.Code);
        await malik.EndTerm(shorter.Code, shorter.Seat, today.AddYears(2));
        Assert.Equal(whole, await Lapses());
    }

    [Theory, OnSqlite]
    public async Task The_Committee_hears_that_a_subcommittee_has_it_and_nothing_of_rounds(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Subcommittee);
        await test.Save(dossier);
        await (await As(test, Cast.Tuan)).Step(dossier.Reference, StepAct.Object, "Not yet.");
        Assert.Equal(DossierStage.Drafting, (await (await As(test, Cast.Leila)).Get(dossier.Reference)).Row.Stage);
        Assert.Equal(DossierStage.Subcommittee, (await (await As(test, Cast.Wei)).Get(dossier.Reference)).Row.Stage);
        // Its officer no longer discontinues it alone, and the body that had it is told.
        Assert.Equal(
            "dossier.not_yours_to_abandon",
            await Refused(async () => await (await As(test, Cast.Leila)).Abandon(dossier.Reference, "Begun again."))
        );
        await (await As(test, Cast.Dorothea)).Abandon(dossier.Reference, "Begun again.");
        await using var db = await test.For(Cast.Tuan);
        Assert.Contains(await db.Notices.Select(n => n.Code).ToListAsync(), code => code == "dossier.abandoned");
    }

    [Theory, OnSqlite]
    public async Task A_State_finds_nothing_by_search_list_or_count_before_it_is_sent(Database database)
    {
        await using var test = await TestDb.Open(database);
        foreach (var stage in Enum.GetValues<DossierStage>().Where(s => s < DossierStage.Sent))
            await test.Save(At(stage));
        await using var db = await test.For(Cast.Amina);
        Assert.Equal(0, await db.Dossiers.CountAsync());
        Assert.Equal(0, await db.Set<Edition>().CountAsync());
        Assert.Equal(0, await db.Activities.CountAsync());
        Assert.Equal(0, await db.Notices.CountAsync());
        Assert.Empty((await (await test.As(Cast.Amina)).Get<Portal.Home.HomeService>().Get()).Waiting);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_a_State_shares_is_on_the_other_s_page_and_nothing_of_what_became_of_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var closed = At(DossierStage.Closed);
        await test.Save(closed);
        var agency = Audience.Org(Cast.NorthernAgency.Number);
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Ingrid)).Get(closed.Reference));
        Assert.Equal(
            "dossier.audience_unknown",
            await Refused(async () =>
                await (await As(test, Cast.Amina)).Share(closed.Reference, Audience.Org(Cast.Kenya.Number), DossierParts.Letter)
            )
        );
        Assert.Equal(
            "dossier.not_yours_to_share",
            await Refused(async () => await (await As(test, Cast.Otieno)).Share(closed.Reference, agency, DossierParts.Letter))
        );
        await (await As(test, Cast.Amina)).Share(closed.Reference, agency, DossierParts.Assessment);

        var shown = await (await As(test, Cast.Ingrid)).Get(closed.Reference);
        Assert.Equal(
            (DossierStage.Sent, null, null, null, null, null, null),
            (shown.Row.Stage, shown.Row.AnswerBy, shown.AcknowledgedAt, shown.AnsweredAt, shown.Letter, shown.Answer, shown.Shared)
        );
        Assert.Equal(closed.Sent().Narrative, shown.Assessment!.Text.Narrative);
        Assert.Null(shown.Assessment.Number);
        await using (var db = await test.For(Cast.Ingrid))
        {
            Assert.Equal("dossier.shared_with_you", Assert.Single(await db.Notices.ToListAsync()).Code);
            // Sent, acknowledged, answered, noted: that is between the State, CTED and the bodies.
            Assert.Empty(await db.Activities.ToListAsync());
            Assert.Equal((int)DossierParts.Assessment, Assert.Single(await db.Set<Edition>().ToListAsync()).Part);
        }
        // With whom it is shared the State and CTED know, and the bodies do not.
        Assert.Single((await (await As(test, Cast.Leila)).Get(closed.Reference)).Shared!);
        Assert.Null((await (await As(test, Cast.Wei)).Get(closed.Reference)).Shared);
        await using (var db = await test.For(Cast.Wei))
            Assert.Empty(await db.Set<DossierConsent>().ToListAsync());

        await (await As(test, Cast.Amina)).Unshare(closed.Reference, agency, "The project is over.");
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Ingrid)).Get(closed.Reference));
    }

    [Fact]
    public async Task Screens_of_those_who_see_nothing_of_an_act_are_left_alone()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var sent = At(DossierStage.Sent);
        sent.Share(Cast.Amina, Audience.Org(Cast.NorthernAgency.Number), DossierParts.Assessment, Cast.Now);
        await test.Save(sent);
        var stirred = new ConcurrentDictionary<string, bool>();
        Player[] watching = [Cast.Ingrid, Cast.Fatou, Cast.Wei, Cast.Leila, Cast.Amina];
        var screens = watching
            .Select(p =>
                test.Wire.Subscribe(
                    () => p.Actor.Keys,
                    p.Id,
                    change =>
                    {
                        if (change.RecordId == sent.Id)
                            stirred[p.Name] = true;
                        return Task.CompletedTask;
                    }
                )
            )
            .ToList();
        async Task Stirs(Func<DossierService, Task> act, Player by, params Player[] whom)
        {
            stirred.Clear();
            await act(await As(test, by));
            for (var i = 0; i < 500 && !whom.All(p => stirred.ContainsKey(p.Name)); i++)
                await Task.Delay(10);
            // All are told in one go: whoever is told by mistake is told by then.
            await Task.Delay(50);
            Assert.Equal(whom.Select(p => p.Name).Order(), stirred.Keys.Order());
        }
        var reference = sent.Reference;
        await Stirs(s => s.Acknowledge(reference), Cast.Amina, Cast.Wei, Cast.Leila, Cast.Amina);
        var (_, _, _, version) = await (await As(test, Cast.Amina)).Answer(reference);
        await Stirs(s => s.SaveAnswer(reference, version, Answer, false), Cast.Amina, Cast.Amina);
        await Stirs(s => s.Share(reference, Audience.Partners, DossierParts.Letter), Cast.Amina, Cast.Fatou, Cast.Leila, Cast.Amina);
        await Stirs(s => s.Unshare(reference, Audience.Partners, null), Cast.Amina, Cast.Fatou, Cast.Leila, Cast.Amina);
        (_, _, _, version) = await (await As(test, Cast.Amina)).Answer(reference);
        await Stirs(s => s.SaveAnswer(reference, version, Answer, true), Cast.Amina, Cast.Wei, Cast.Leila, Cast.Amina);
        await Stirs(s => s.Close(reference), Cast.Leila, Cast.Wei, Cast.Leila, Cast.Amina);
        await Stirs(
            s => s.Share(reference, Audience.Org(Cast.NorthernAgency.Number), DossierParts.Response),
            Cast.Amina,
            Cast.Ingrid,
            Cast.Leila,
            Cast.Amina
        );
        screens.ForEach(s => s.Dispose());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Everybody_reads_the_edition_in_one_of_the_languages_in_which_it_was_frozen(Database database)
    {
        await using var test = await TestDb.Open(database);
        var leila = await As(test, Cast.Leila);
        var reference = await leila.Draft(Content("KEN"));
        var (says, french) = await leila.Translation(reference, Language.Fr);
        await leila.Translate(reference, Translation(says, Language.Fr) with { Revision = french.Revision });
        // What another writes in the dossier disturbs nobody who translates it: what was changed is outdated.
        (says, french) = await leila.Translation(reference, Language.Fr);
        var (content, version) = await (await As(test, Cast.Dorothea)).Content(reference);
        await (await As(test, Cast.Dorothea)).Edit(reference, version, content with { Narrative = "Another narrative." });
        await leila.Translate(reference, french);
        var line = Assert.Single((await leila.Get(reference)).Translations!);
        Assert.Equal((Language.Fr, 0, 1), (line.Language, line.Missing, line.Outdated));
        Assert.Equal(
            "record.changed_meanwhile",
            await Refused(async () => await (await As(test, Cast.Dorothea)).Translate(reference, french))
        );
        (says, french) = await leila.Translation(reference, Language.Fr);
        await leila.Translate(reference, Translation(says, Language.Fr) with { Revision = french.Revision });

        await leila.SendToReview(reference);
        await (await As(test, Cast.Chloe)).PassReview(reference, QualityCheck.Said, null);
        await (await As(test, Cast.Dorothea)).Put(reference, 5);
        var tuan = await As(test, Cast.Tuan);
        var read = await tuan.Get(reference, new(Language.Fr));
        Assert.Equal([Language.En, Language.Fr], read.Languages);
        Assert.Equal((Language.Fr, "[fr Another narrative.]"), (read.Language, read.Assessment!.Text.Narrative));
        Assert.Equal(Language.Fr, read.Cover!.Language);
        var authoritative = await tuan.Get(reference, new(Language.Zh));
        Assert.Equal((Language.En, "Another narrative."), (authoritative.Language, authoritative.Assessment!.Text.Narrative));
        Assert.NotEqual(read.Letter!.Fingerprint, authoritative.Letter!.Fingerprint);
        Assert.Null(read.Translations);
        await using var db = await test.For(Cast.Tuan);
        Assert.Equal(6, await db.Set<Edition>().CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_State_answers_and_follows_what_it_was_sent_in_its_language(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = At(DossierStage.Adopted, translated: [Language.Fr]);
        await test.Save(dossier);
        await (await As(test, Cast.Hamid)).Send(dossier.Reference);
        CultureInfo.CurrentUICulture = new CultureInfo(Language.Fr.Tag());
        var letter = await (await As(test, Cast.Amina)).Get(dossier.Reference);
        Assert.Equal((Language.Fr, Language.En), (letter.Language, letter.Row.Language));
        var (_, sent, _, _) = await (await As(test, Cast.Amina)).Answer(dossier.Reference);
        Assert.Equal(Language.Fr, sent.Language);
        var recommendations = (await test.As(Cast.Amina)).Get<RecommendationService>();
        var asked = letter.Recommendations[0].Reference;
        Assert.Equal(new AskedIn(Language.Fr, "[fr Equip the three other crossings.]"), (await recommendations.Get(asked)).Asks);
        var need = await recommendations.NeedOf(asked);
        Assert.Equal((Language.Fr, "[fr Equip the three other crossings.]"), (need.Language, need.Description));
    }
}
