using Portal.Domain.Assistance;
using static Portal.Tests.Api.Calls;

namespace Portal.Tests.Api;

public class ProposalApiTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_proposal_goes_its_way(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = await host.Need(NeedStatus.Circulated);
        var (lars, ingrid, kenji, amina) = (
            await host.As(Cast.Lars),
            await host.As(Cast.Ingrid),
            await host.As(Cast.Kenji),
            await host.As(Cast.Amina)
        );
        var drafted = await lars.Post($"/api/v1/needs/{need.Reference}/proposals", ProposalJson()).Is(201);
        var at = drafted.Headers.Location!.OriginalString;
        Assert.Equal(
            ("Draft", "fr", need.Reference, "KEN", 100000m),
            (
                (string?)drafted.Json["status"],
                (string?)drafted.Json["language"],
                (string?)drafted.Json["need"],
                (string?)drafted.Json["state"],
                (decimal)drafted.Json["amount"]!
            )
        );
        await amina.Get(at).Is(404);
        await kenji.Get(at).Is(404);

        await lars.Put(at, ProposalJson("Better"), drafted.Headers.ETag!.Tag).Is(200);
        var lost = await lars.Put(at, ProposalJson("Worse"), drafted.Headers.ETag!.Tag).Is(412, "record.changed_meanwhile");
        Assert.Equal(("Worse", "Better"), ((string?)lost.Json["yours"]!["title"], (string?)lost.Json["current"]!["title"]));
        await lars.Put(at, ProposalJson("Worse")).Is(428);
        await lars.Post(at + "/propose").Is(403, "proposal.not_yours_to_propose");
        await ingrid.Post(at + "/propose").Is(200);
        await kenji.Get(at).Is(404);
        Assert.Equal(1, (int)(await amina.Get("/api/v1/proposals?status=Proposed&state=KEN&q=better").Is(200)).Json["total"]!);
        Assert.Equal(0, (int)(await kenji.Get("/api/v1/proposals").Is(200)).Json["total"]!);
        await ingrid.Get("/api/v1/proposals?status=Lost").Is(400, "request.parameters");

        await lars.Put(at, ProposalJson(), "\"" + Guid.NewGuid() + "\"").Is(403, "proposal.not_yours_to_edit");
        await ingrid.Post(at + "/shortlist").Is(403, "proposal.not_yours_to_answer");
        await amina.Post(at + "/shortlist").Is(200);
        await amina.Post(at + "/accept", new { acceptedAmount = 100001 }).Is(422, "proposal.part_out_of_range");
        var accepted = await amina.Post(at + "/accept", new { acceptedAmount = 60000 }).Is(200);
        Assert.Equal(("Accepted", 60000m), ((string?)accepted.Json["status"], (decimal)accepted.Json["acceptedAmount"]!));
        await amina.Post(at + "/decline", new { }).Is(403);
        await ingrid.Post(at + "/withdraw", new { why = "x" }).Is(403, "proposal.not_yours_to_withdraw");
    }

    [Fact]
    public async Task A_programme_that_somebody_else_saved_meanwhile_is_answered_in_both_versions()
    {
        await using var host = await ApiHost.Start();
        var lars = await host.As(Cast.Lars);
        object Json(string title) =>
            new
            {
                title,
                language = "en",
                states = new[] { "KEN" },
                themes = new[] { "CFT" },
            };
        var drafted = await lars.Post("/api/v1/programmes", Json("Course")).Is(201);
        var (at, tag) = (drafted.Headers.Location!.OriginalString, drafted.Headers.ETag!.Tag);
        await lars.Put(at, Json("Better"), tag).Is(200);
        var lost = await lars.Put(at, Json("Worse"), tag).Is(412, "record.changed_meanwhile");
        Assert.Equal(("Worse", "Better"), ((string?)lost.Json["yours"]!["title"], (string?)lost.Json["current"]!["title"]));
        Assert.Contains("title", lost.Json["conflicts"]!.AsArray().Select(c => (string?)c));
        Assert.DoesNotContain("states", lost.Json["conflicts"]!.AsArray().Select(c => (string?)c));
        await lars.Put(at, Json("Worse"), $"\"{lost.Json["currentVersion"]}\"").Is(200);
    }

    [Fact]
    public async Task A_line_of_a_programme_says_nothing_by_null_or_by_leaving_out_and_is_refused_by_the_name_of_its_list()
    {
        await using var host = await ApiHost.Start();
        var lars = await host.As(Cast.Lars);
        Task<Answer> Post(object? participant, object? money, object? result, object? document) =>
            lars.Post(
                "/api/v1/programmes",
                new
                {
                    title = "Course",
                    language = "en",
                    participants = new[] { participant },
                    money = new[] { money },
                    results = new[] { result },
                    documents = new[] { document },
                }
            );
        string[] lists = ["documents", "money", "participants", "results"];
        var empty = new { };
        foreach (
            var answer in new[]
            {
                Post(null, null, null, null),
                Post(empty, empty, empty, empty),
                Post(
                    new { name = (string?)null, role = "Funding" },
                    // The first kind of money is none that is meant where none is said.
                    new
                    {
                        date = "2027-01-01",
                        amount = 5,
                        currency = "USD",
                    },
                    new { title = "Trained", kind = (string?)null },
                    new { title = "Handbook", address = (string?)null }
                ),
            }
        )
            Assert.Equal(lists, (await answer.Is(422)).Json["errors"]!.AsObject().Select(e => e.Key).Order());
        var made = await Post(
                new { name = "School", role = "Implementing" },
                new
                {
                    kind = "Commitment",
                    date = "2027-01-01",
                    amount = 5.5,
                    currency = "EUR",
                },
                new { title = "Trained", kind = "Output" },
                new { title = "Handbook", address = "https://example.org/handbook.pdf" }
            )
            .Is(201);
        // A day or an amount that is null is none that could be read: the line is refused by its member.
        foreach (var (date, amount) in new (string?, decimal?)[] { (null, 5), ("2027-01-01", null) })
            await Post(
                    null,
                    new
                    {
                        kind = "Commitment",
                        date,
                        amount,
                        currency = "EUR",
                    },
                    null,
                    null
                )
                .Is(400);
        // The currency of most of its lines.
        Assert.Equal("EUR", (string?)made.Json["programme"]!["currency"]);
        Assert.All(lists, list => Assert.Single(made.Json[list]!.AsArray()));
    }

    [Fact]
    public async Task Whatever_is_done_to_a_record_answers_with_the_version_that_reading_it_says()
    {
        await using var host = await ApiHost.Start();
        var (amina, ingrid) = (await host.As(Cast.Amina), await host.As(Cast.Ingrid));
        async Task<string?> Tag(HttpClient client, string at) => (await client.Get(at).Is(200)).Headers.ETag?.Tag;

        var need = (await amina.Post("/api/v1/needs", NeedJson()).Is(201)).Headers.Location!.OriginalString;
        foreach (var verb in new[] { "/submit", "/confirm" })
            Assert.Equal((await amina.Post(need + verb).Is(200)).Headers.ETag!.Tag, await Tag(amina, need));

        var programme = (
            await ingrid
                .Post(
                    "/api/v1/programmes",
                    new
                    {
                        title = "Course",
                        language = "en",
                        states = new[] { "KEN" },
                    }
                )
                .Is(201)
        ).Headers.Location!.OriginalString;
        var shared = await ingrid.Put(programme + "/sharing", new { states = new[] { "Summary" } }).Is(200);
        Assert.Equal(shared.Headers.ETag!.Tag, await Tag(ingrid, programme));
        Assert.Equal((await ingrid.Post(programme + "/start").Is(200)).Headers.ETag!.Tag, await Tag(ingrid, programme));

        // Nobody edits a proposal that was made: there is no version to edit on.
        var circulated = await host.Need(NeedStatus.Circulated);
        var drafted = await ingrid.Post($"/api/v1/needs/{circulated.Reference}/proposals", ProposalJson()).Is(201);
        var proposal = drafted.Headers.Location!.OriginalString;
        Assert.Equal(drafted.Headers.ETag!.Tag, await Tag(ingrid, proposal));
        Assert.Null((await ingrid.Post(proposal + "/propose").Is(200)).Headers.ETag);
        Assert.Null(await Tag(ingrid, proposal));
    }

    [Fact]
    public async Task A_proposal_is_declined_or_taken_back()
    {
        await using var host = await ApiHost.Start();
        var need = await host.Need(NeedStatus.Circulated);
        var (first, second) = (Cast.ProposalAt(ProposalStatus.Proposed, need), Cast.ProposalAt(ProposalStatus.Proposed, need));
        await host.Db.Save(first, second);
        var (ingrid, amina) = (await host.As(Cast.Ingrid), await host.As(Cast.Amina));
        var declined = await amina.Post($"/api/v1/proposals/{first.Reference}/decline", new { answer = "Another was taken." }).Is(200);
        Assert.Equal("Another was taken.", (string?)declined.Json["answer"]);
        Assert.Equal(
            "Withdrawn",
            (string?)(await ingrid.Post($"/api/v1/proposals/{second.Reference}/withdraw", new { }).Is(200)).Json["status"]
        );
        await amina.Post($"/api/v1/needs/{need.Reference}/proposals", ProposalJson()).Is(403, "proposal.not_yours_to_propose");
        await ingrid.Post($"/api/v1/needs/{need.Reference}/proposals", new { language = "en" }).Is(422, "field.required");
        // A draft may leave out what the State would have to be told.
        var little = await ingrid.Post($"/api/v1/needs/{need.Reference}/proposals", new { title = "x", language = "en" }).Is(201);
        await ingrid.Post($"/api/v1/proposals/{little.Json["reference"]}/propose").Is(422, "field.required");
    }
}
