using Microsoft.EntityFrameworkCore;
using Portal.Assessments;
using Portal.Assistance.Needs;
using Portal.Assistance.Traces;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;

namespace Portal.Tests.Assessments;

/// <summary>From a finding to what came of it: recommendations from when the letter is sent, and the needs that a State makes of them.</summary>
public sealed class RecommendationServiceTests
{
    private static async Task<T> As<T>(TestDb test, Player player)
        where T : notnull => (await test.As(player)).Get<T>();

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_sent_is_followed_until_it_is_verified_and_the_next_assessment_shows_what_came_of_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var adopted = DossierCast.At(DossierStage.Adopted);
        await test.Save(adopted);
        await using (var before = await test.For(Cast.Leila))
            Assert.Equal(0, await before.Recommendations.CountAsync());
        await (await As<DossierService>(test, Cast.Hamid)).Send(adopted.Reference);

        var state = await As<RecommendationService>(test, Cast.Amina);
        const string asked = "REC-KEN-2027-1";
        var view = await state.Get(asked);
        Assert.Equal(("Equip the three other crossings.", RecommendationParts.OfState), (view.Asks.Text, view.Parts));
        Assert.Equal(
            asked,
            Assert.Single((await (await As<DossierService>(test, Cast.Amina)).Get(adopted.Reference)).Recommendations).Reference
        );

        // A contributor writes what nobody else reads; the focal point submits it; CTED verifies.
        var contributor = await As<RecommendationService>(test, Cast.Otieno);
        var (_, maySubmit, version) = await contributor.Content(asked);
        Assert.False(maySubmit);
        await contributor.Edit(asked, version, RecommendationCast.Report);
        foreach (var other in new[] { Cast.Leila, Cast.Wei, Cast.Tuan })
            Assert.Equal(
                (null, 0),
                await (await As<RecommendationService>(test, other)).Get(asked) is var v ? (v.Draft, v.Progress.Count) : default
            );
        version = (await state.Content(asked)).Version;
        await state.Edit(asked, version, RecommendationCast.Report, submit: true);
        Assert.Equal(
            RecommendationCast.Report.Text,
            Assert.Single((await (await As<RecommendationService>(test, Cast.Wei)).Get(asked)).Progress).Text
        );
        await (await As<RecommendationService>(test, Cast.Leila)).Verify(asked, RecommendationStage.PartlyImplemented, "One is missing.");
        Assert.Equal(RecommendationStage.PartlyImplemented, (await state.Get(asked)).Row.Stage);

        // A need is made of it: CTED sees that once it has the need, nobody else ever.
        var need = await (await As<NeedService>(test, Cast.Amina)).Draft(Cast.NeedContent, asked);
        Assert.Equal(need, Assert.Single((await state.Get(asked)).Needs).Reference);
        Assert.Empty((await (await As<RecommendationService>(test, Cast.Leila)).Get(asked)).Needs);
        await (await As<NeedService>(test, Cast.Amina)).Submit(need);
        Assert.Equal(need, Assert.Single((await (await As<RecommendationService>(test, Cast.Leila)).Get(asked)).Needs).Reference);
        Assert.Empty((await (await As<RecommendationService>(test, Cast.Wei)).Get(asked)).Needs);

        // The chain: paragraph, finding, recommendation, need; and from the recommendation the same.
        foreach (var from in new[] { need, asked })
        {
            var chain = await (await As<TraceService>(test, Cast.Leila)).Get(from);
            Assert.Equal(
                [TraceStep.Paragraph, TraceStep.Paragraph, TraceStep.Finding, TraceStep.Recommendation, TraceStep.Need],
                chain.Nodes.Select(n => n.Step)
            );
            Assert.Contains(
                chain.Nodes,
                n => n.Step == TraceStep.Finding && n.Status == "PARTLY" && n.Reference == adopted.Reference + "/1"
            );
        }

        // The next cycle is drafted beside what came of this one.
        test.Clock.Advance(TimeSpan.FromDays(300));
        var next = await (await As<DossierService>(test, Cast.Leila)).Draft(DossierCast.Content("KEN"));
        var previous = (await (await As<DossierService>(test, Cast.Leila)).Get(next)).Previous!;
        Assert.Equal(adopted.Reference, previous.Reference);
        var came = Assert.Single(previous.Asked);
        Assert.Equal((asked, need), (came.Row.Reference, Assert.Single(came.Needs).Reference));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_need_made_of_a_recommendation_is_to_a_donor_a_need_like_any_other(Database database)
    {
        await using var test = await TestDb.Open(database);
        var asked = RecommendationCast.At(RecommendationStage.Asked);
        Need Shared(Recommendation? of) =>
            Need.Draft(of is null ? "NEED-2027-0001" : "NEED-2027-0002", Cast.Amina, Cast.NeedContent, Cast.Now, of)
                .SubmittedBy(Cast.Amina)
                .AuthenticatedBy(Cast.Andrei)
                .SharedWith(Audience.Providers)
                .CirculatedBy(Cast.Andrei);
        await test.Save(asked, Shared(null), Shared(asked));
        var traces = await As<TraceService>(test, Cast.Ingrid);
        var (own, made) = (await traces.Get("NEED-2027-0001"), await traces.Get("NEED-2027-0002"));
        Assert.Equal(own.Nodes.Select(n => n.Step), made.Nodes.Select(n => n.Step));
        Assert.Equal(own.Links, made.Links);
        // Whoever follows the recommendation in a body does not learn of the need from it either.
        Assert.Empty((await (await As<RecommendationService>(test, Cast.Wei)).Get(asked.Reference)).Needs);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Files_go_with_the_report_that_they_belong_to_and_stay_with_those_who_had_them(Database database)
    {
        await using var test = await TestDb.Open(database);
        var asked = RecommendationCast.At(RecommendationStage.Asked);
        await test.Save(asked);
        var of = asked.Reference;
        var (state, cted) = (await As<RecommendationService>(test, Cast.Amina), await As<RecommendationService>(test, Cast.Leila));
        var seen = (await cted.Get(of)).Row.UpdatedAt;
        var (shown, mistaken) = (await Add("notes.txt"), await Add("mistaken.txt"));
        Assert.Empty((await cted.Get(of)).Files);
        Assert.Equal(seen, (await cted.Get(of)).Row.UpdatedAt);
        await (await As<RecommendationService>(test, Cast.Otieno)).RemoveFile(of, mistaken.Id);
        await state.Edit(of, (await state.Content(of)).Version, RecommendationCast.Report with { IsImplemented = false }, submit: true);
        foreach (var reader in new[] { Cast.Leila, Cast.Wei, Cast.Tuan, Cast.Amina })
            Assert.Equal("notes.txt", Assert.Single((await (await As<RecommendationService>(test, reader)).Get(of)).Files).FileName);
        var refused = await Assert.ThrowsAsync<Refusal>(async () =>
            await (await As<RecommendationService>(test, Cast.Otieno)).RemoveFile(of, shown.Id)
        );
        Assert.Equal("recommendation.file_submitted", refused.Code);
        // The next one waits for the next report.
        await Add("more.txt");
        Assert.Single((await cted.Get(of)).Files);
        // CTED decides beside the State's draft, and does not notice it.
        Assert.Equal(Guid.Empty, (await cted.Get(of)).Version);
        await cted.MoveDue(of, new DateOnly(2029, 1, 1));

        async Task<Portal.Assistance.Needs.FileLine> Add(string name) =>
            await (await As<RecommendationService>(test, Cast.Otieno)).AddFile(of, name, System.Text.Encoding.UTF8.GetBytes(name));
    }

    [Theory, OnSqlite]
    public async Task A_State_is_reminded_before_the_day_and_weekly_after_it_until_it_reports(Database database)
    {
        await using var test = await TestDb.Open(database);
        var asked = RecommendationCast.At(RecommendationStage.Asked);
        await test.Save(asked);
        var reminders = (await test.As(null)).Get<AssessmentReminders>();
        async Task<List<string>> Told()
        {
            for (var i = 0; i < 2; i++)
                await reminders.Run();
            await using var db = await test.For(Cast.Amina);
            return await db.Notices.Where(n => n.RecordId == asked.Id).OrderBy(n => n.At).Select(n => n.Code).ToListAsync();
        }
        void On(DateOnly day) => test.Clock.Advance(day.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc) - test.Clock.GetUtcNow());
        var due = asked.DueOn!.Value;
        Assert.Empty(await Told());
        On(due.AddDays(-14));
        Assert.Equal(["recommendation.due"], await Told());
        On(due.AddDays(-3));
        Assert.Equal(2, (await Told()).Count);
        On(due.AddDays(2));
        Assert.Equal(["recommendation.due", "recommendation.due", "recommendation.overdue"], await Told());
        On(due.AddDays(5));
        Assert.Equal(3, (await Told()).Count);
        On(due.AddDays(10));
        Assert.Equal(4, (await Told()).Count);
        await (await As<RecommendationService>(test, Cast.Amina)).Edit(
            asked.Reference,
            (await (await As<RecommendationService>(test, Cast.Amina)).Content(asked.Reference)).Version,
            RecommendationCast.Report,
            submit: true
        );
        On(due.AddDays(30));
        Assert.Equal(4, (await Told()).Count(c => c.StartsWith("recommendation.", StringComparison.Ordinal)));
    }
}
