using Portal.Domain.Assessments;
using Portal.Tests.Assessments;

namespace Portal.Tests.Api;

/// <summary>Dossiers and recommendations as programs meet them.</summary>
public sealed class DossierApiTests
{
    [Fact]
    public async Task A_text_as_long_as_a_dossier_may_have_is_taken_in_any_script()
    {
        await using var host = await ApiHost.Start();
        var leila = await host.As(Cast.Leila);
        object Said(int length) =>
            new
            {
                state = "KEN",
                language = "ar",
                letter = "تتشرف اللجنة",
                narrative = string.Concat(Enumerable.Repeat("ش", length)),
            };
        var made = await leila.Post("/api/v1/assessments", Said(200_000)).Is(201);
        Assert.Contains(new string('ش', 1000), made.Body, StringComparison.Ordinal);
        var refused = await leila.Post("/api/v1/assessments", Said(200_001)).Is(422);
        Assert.Contains("narrative", refused.Body, StringComparison.Ordinal);
        // Of what has no such texts no more is taken than before.
        await leila.Post("/api/v1/assessments/PIA-KEN-2027-1/recall", $"{{\"why\":\"{new string('x', 300_000)}\"}}").Is(413);
    }

    [Fact]
    public async Task A_round_says_when_it_closes_while_it_is_open_and_when_it_ended_after()
    {
        await using var host = await ApiHost.Start();
        var (recalled, passed) = (DossierCast.At(DossierStage.Subcommittee), DossierCast.At(DossierStage.Endorsed));
        await host.Db.Save(recalled, passed);
        var cted = await host.As(Cast.Dorothea);
        async Task<(string? Closes, string? Ended)> Round(Dossier dossier)
        {
            var round = (await cted.Get("/api/v1/assessments/" + dossier.Reference).Is(200)).Json["circulations"]![0]!;
            return ((string?)round["closesAt"], (string?)round["endedAt"]);
        }
        Assert.Equal(("2027-03-08T23:00:00Z", null), await Round(recalled));
        host.Db.Clock.Advance(TimeSpan.FromMinutes(30));
        await cted.Post($"/api/v1/assessments/{recalled.Reference}/recall", new { why = "A page is missing." }).Is(200);
        Assert.Equal((null, "2027-03-01T09:30:00Z"), await Round(recalled));
        Assert.Equal((null, $"{passed.Circulations[0].ClosesAt:yyyy-MM-ddTHH:mm:ssZ}"), await Round(passed));
        var members = (await cted.Get("/openapi/v1.json")).Json["components"]!["schemas"]!["CirculationRecord"]!["properties"]!;
        Assert.Equal(
            "When silence decides, if nothing more is done; null once it has ended.",
            (string?)members["closesAt"]!["description"]
        );
        Assert.StartsWith("When it ended", (string?)members["endedAt"]!["description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calendar_holds_the_closings_answers_and_due_days_that_its_reader_is_told_of()
    {
        await using var host = await ApiHost.Start();
        var (running, sent) = (DossierCast.At(DossierStage.Subcommittee), DossierCast.At(DossierStage.Sent));
        var asked = RecommendationCast.At(RecommendationStage.Asked, of: sent);
        await host.Db.Save(running, sent, asked);
        async Task<string> Of(Player player) => (await (await host.As(player)).Get("/api/v1/assessments/calendar").Is(200)).Body;
        var (cted, state, body, other) = (await Of(Cast.Leila), await Of(Cast.Amina), await Of(Cast.Tuan), await Of(Cast.Wei));
        foreach (var calendar in new[] { cted, state, body, other })
        {
            Assert.Contains($"DTSTART;VALUE=DATE:{asked.DueOn:yyyyMMdd}", calendar, StringComparison.Ordinal);
            Assert.Contains($"DTSTART;VALUE=DATE:{sent.AnswerBy:yyyyMMdd}", calendar, StringComparison.Ordinal);
        }
        // When silence decides, only they are told who deliberate.
        foreach (var (calendar, isTold) in new[] { (cted, true), (body, true), (state, false), (other, false) })
            Assert.Equal(isTold, calendar.Contains($"DTSTART;VALUE=DATE:{running.ClosesAt:yyyyMMdd}", StringComparison.Ordinal));
        Assert.DoesNotContain(running.Reference, state, StringComparison.Ordinal);
        Assert.DoesNotContain("DTSTART", await Of(Cast.Rosa), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_State_reports_and_CTED_verifies_as_programs()
    {
        await using var host = await ApiHost.Start();
        var asked = RecommendationCast.At(RecommendationStage.Asked);
        await host.Db.Save(asked);
        var (state, cted) = (await host.As(Cast.Amina), await host.As(Cast.Leila));
        var address = "/api/v1/recommendations/" + asked.Reference;
        Assert.Contains("\"report\"", (await state.Get(address).Is(200)).Body, StringComparison.Ordinal);
        await cted.Post(address + "/verify", new { found = "Verified", text = "Seen." }).Is(403);
        await cted.Post(address + "/due", new { dueOn = "2029-01-01", why = "A law is coming." }).Is(200);
        var moved = await state.Get(address).Is(200);
        Assert.Contains("\"firstDueOn\":\"2028-03-01\"", moved.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"verify\"", moved.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_State_shares_its_assessment_and_takes_it_back_as_a_program()
    {
        await using var host = await ApiHost.Start();
        var closed = DossierCast.At(DossierStage.Closed);
        await host.Db.Save(closed);
        var (state, donor, body) = (await host.As(Cast.Amina), await host.As(Cast.Ingrid), await host.As(Cast.Wei));
        var (address, agency) = ("/api/v1/assessments/" + closed.Reference, "org:" + Cast.NorthernAgency.Number);
        await donor.Get(address).Is(404);
        var wrong = await state.Put($"{address}/consents/public", new { parts = Array.Empty<string>() }).Is(422);
        foreach (var field in new[] { "audience", "parts" })
            Assert.Contains($"\"{field}\"", wrong.Body, StringComparison.Ordinal);
        await state.Put($"{address}/consents/{agency}", new { parts = new[] { "Deliberation" } }).Is(400);
        await (await host.As(Cast.Otieno)).Put($"{address}/consents/{agency}", new { parts = new[] { "Letter" } }).Is(403);
        await state.Put($"{address}/consents/{agency}", new { parts = new[] { "Assessment" } }).Is(200);

        var shown = (await donor.Get(address).Is(200)).Body;
        Assert.Contains("two of five crossings", shown, StringComparison.Ordinal);
        foreach (var word in new[] { "Responded", "Closed", "honour to transmit", "thanks the Committee", "REC-", agency })
            Assert.DoesNotContain(word, shown, StringComparison.Ordinal);
        Assert.Contains(closed.Reference, (await donor.Get("/api/v1/assessments").Is(200)).Body, StringComparison.Ordinal);
        foreach (var status in new[] { "Responded", "Closed", "Sent" })
            Assert.DoesNotContain(
                closed.Reference,
                (await donor.Get("/api/v1/assessments?status=" + status).Is(200)).Body,
                StringComparison.Ordinal
            );
        Assert.DoesNotContain("DTSTART", (await donor.Get("/api/v1/assessments/calendar").Is(200)).Body, StringComparison.Ordinal);
        Assert.Contains(agency, (await state.Get(address).Is(200)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(agency, (await body.Get(address).Is(200)).Body, StringComparison.Ordinal);

        await state.Delete($"{address}/consents/{agency}").Is(200);
        await state.Delete($"{address}/consents/{agency}").Is(422);
        await donor.Get(address).Is(404);
    }
}
