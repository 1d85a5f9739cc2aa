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
}
