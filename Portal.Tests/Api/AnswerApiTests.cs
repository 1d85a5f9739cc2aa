using Portal.Domain.Assistance;

namespace Portal.Tests.Api;

/// <summary>What comes after circulation, over the API: answers, follow-up and matches, by the rules of the pages.</summary>
public class AnswerApiTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Questions_and_answers_reach_those_they_are_for(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await host.Db.Save(need);
        var at = "/api/v1/needs/" + need.Reference;
        var (ingrid, kenji, amina, andrei, lars) = (
            await host.As(Cast.Ingrid),
            await host.As(Cast.Kenji),
            await host.As(Cast.Amina),
            await host.As(Cast.Andrei),
            await host.As(Cast.Lars)
        );
        foreach (var path in new[] { "/answers", "/reply", "/follow-up" })
            await kenji.Get(at + path).Is(404, "not_found");
        await kenji.Post(at + "/questions", new { text = "Where?", language = "en" }).Is(404);
        var asked = await ingrid.Post(at + "/questions", new { text = "How many officers?", language = "en" }).Is(200);
        var id = (string)asked.Json["questions"]![0]!["id"]!;
        Assert.Equal((true, null), ((bool)asked.Json["questions"]![0]!["isMine"]!, (string?)asked.Json["questions"]![0]!["askedBy"]));
        await ingrid.Post($"{at}/questions/{id}/answer", new { text = "Forty.", language = "en" }).Is(403);
        var answered = await amina.Post($"{at}/questions/{id}/answer", new { text = "Forty.", language = "en" }).Is(200);
        Assert.Equal(
            ("Forty.", Cast.NorthernAgency.Name.En),
            ((string?)answered.Json["questions"]![0]!["answer"], (string?)answered.Json["questions"]![0]!["askedBy"])
        );
        await ingrid.Post(at + "/not-now", new { reason = "Funds", note = "Next year." }).Is(200);
        await ingrid.Post(at + "/not-now", new { reason = "Funds" }).Is(409, "need.not_now_already");
        Assert.Equal("Funds", (string?)(await ingrid.Get(at + "/answers").Is(200)).Json["notNow"]);
        await ingrid.Get(at + "/reply").Is(404);
        var reply = await andrei.Get(at + "/reply").Is(200);
        Assert.Equal(
            ("NotNow", "Funds"),
            ((string?)reply.Json["recipients"]![0]!["answer"], (string?)reply.Json["recipients"]![0]!["reason"])
        );
        await amina.Post(at + "/reply/send", new { note = "x" }).Is(403);
        Assert.NotNull((string?)(await andrei.Post(at + "/reply/send", new { note = "All that came." }).Is(200)).Json["repliedAt"]);
        await andrei.Post(at + "/reply-by", new { replyBy = Cast.ReplyBy.AddMonths(1) }).Is(200);
        await lars.Get(at + "/answers").Is(200);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Help_is_followed_to_its_outcome(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        var proposal = Cast.ProposalAt(ProposalStatus.Proposed, need);
        await host.Db.Save(need, proposal);
        var (ingrid, kenji, amina) = (await host.As(Cast.Ingrid), await host.As(Cast.Kenji), await host.As(Cast.Amina));
        var (at, steps) = ("/api/v1/needs/" + need.Reference, $"/api/v1/proposals/{proposal.Reference}/milestones");
        await amina.Post(at + "/reply/choose", new { proposals = new[] { new { proposal = proposal.Reference } } }).Is(200);
        await kenji.Get(steps).Is(404);
        await amina.Post(steps, new { title = "First course", dueOn = "2027-06-01" }).Is(403);
        var set = await ingrid.Post(steps, new { title = "First course", dueOn = "2027-06-01" }).Is(200);
        var id = (string)set.Json["milestones"]![0]!["id"]!;
        await ingrid.Post(steps, new { title = "", dueOn = "2027-06-01" }).Is(422, "field.required");
        await amina.Post($"{steps}/{id}/confirm").Is(409);
        await ingrid.Post($"{steps}/{id}/deliver", new { day = "2027-03-01" }).Is(200);
        Assert.NotNull((string?)(await amina.Post($"{steps}/{id}/confirm").Is(200)).Json["milestones"]![0]!["confirmedAt"]);
        await ingrid.Post(at + "/follow-up/begin").Is(403);
        Assert.Equal("InDelivery", (string?)(await amina.Post(at + "/follow-up/begin").Is(200)).Json["status"]);
        await amina.Post(at + "/follow-up/delivered", new { day = "2027-03-01" }).Is(200);
        await amina.Post(at + "/follow-up/conclude", new { outcome = "Draft" }).Is(422);
        await amina.Post(at + "/follow-up/conclude", new { outcome = "PartlyMet" }).Is(422, "field.required");
        var done = await amina.Post(at + "/follow-up/conclude", new { outcome = "PartlyMet", why = "Half of the officers." }).Is(200);
        Assert.Equal(("PartlyMet", "Half of the officers."), ((string?)done.Json["status"], (string?)done.Json["outcomeNote"]));
        Assert.Null((string?)(await ingrid.Get(at + "/follow-up").Is(200)).Json["outcomeNote"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Matches_are_each_readers_own(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await host.Db.Save(need, Cast.Offer(Cast.NorthernAgency, published: true), Cast.Offer(Cast.PacificFund, published: true));
        var (ingrid, kenji, olga) = (await host.As(Cast.Ingrid), await host.As(Cast.Kenji), await host.As(Cast.Olga));
        var at = "/api/v1/matches/" + need.Reference;
        await kenji.Get(at).Is(404, "not_found");
        await olga.Get("/api/v1/matches").Is(403);
        Assert.Equal(0, (int)(await kenji.Get("/api/v1/matches").Is(200)).Json["total"]!);
        Assert.Equal(need.Reference, (string?)(await ingrid.Get(at).Is(200)).Json["match"]!["need"]);
        await kenji.Post(at + "/not-for-us", new { reason = "Field" }).Is(404);
        Assert.Equal(
            "Field",
            (string?)(await ingrid.Post(at + "/not-for-us", new { reason = "Field", note = "Not ours." }).Is(200)).Json["notForUs"]
        );
        await ingrid.Post(at + "/not-for-us", new { reason = "Field" }).Is(409, "match.said_already");
        Assert.Null((string?)(await ingrid.Delete(at + "/not-for-us").Is(200)).Json["notForUs"]);
    }
}
