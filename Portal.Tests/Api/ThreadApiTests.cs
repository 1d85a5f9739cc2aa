using System.Text.RegularExpressions;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Tests.Assessments;

namespace Portal.Tests.Api;

/// <summary>Threads over the API, by the rules of the pages.</summary>
public sealed partial class ThreadApiTests
{
    // Without what is sealed anew for each answer.
    private static string Told(Answer answer) => Sealed().Replace(answer.Body, "");

    [GeneratedRegex(@"<!--.*?-->|nonce=""[^""]*""|CfDJ8[\w-]*", RegexOptions.Singleline)]
    private static partial Regex Sealed();

    [Theory, OnSqlite, OnPostgres]
    public async Task A_need_is_discussed_by_its_State_and_CTED(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await host.Db.Save(need);
        var at = $"/api/v1/needs/{need.Reference}";
        var (amina, andrei, leila, ingrid, rosa) = (
            await host.As(Cast.Amina),
            await host.As(Cast.Andrei),
            await host.As(Cast.Leila),
            await host.As(Cast.Ingrid),
            await host.As(Cast.Rosa)
        );
        var begins = new
        {
            part = "Inner",
            title = "The cost",
            anchor = "tracing funds",
            mustBeAnswered = false,
            text = "For **one** year?",
            language = "en",
            tells = new[] { "state:KEN" },
        };
        await ingrid.Post(at + "/threads", begins).Is(403, "thread.not_yours_to_write");
        await leila.Post(at + "/threads", begins).Is(403, "thread.not_yours_to_write");
        await rosa.Post(at + "/threads", begins).Is(404);
        await andrei
            .Post(
                at + "/threads",
                new
                {
                    title = "The cost",
                    text = "?",
                    language = "en",
                }
            )
            .Is(422, "field.required");
        // Everything that is missing is said at once.
        foreach (
            var (sent, wrong) in new (object, string[])[]
            {
                (new { part = "Inner" }, ["language", "text", "title"]),
                (new { }, ["language", "part", "text", "title"]),
            }
        )
        {
            var missing = await andrei.Post(at + "/threads", sent).Is(422);
            Assert.Equal(wrong, missing.Json["errors"]!.AsObject().Select(e => e.Key).Order(StringComparer.Ordinal));
        }
        // Nothing waits for what is said on a need.
        await andrei.Post(at + "/threads", begins with { mustBeAnswered = true }).Is(422, "thread.nothing_waits");
        await andrei.Post(at + "/threads", begins with { tells = ["org:9001"] }).Is(422, "thread.cannot_tell");
        var begun = await andrei.Post(at + "/threads", begins).Is(201);
        var thread = $"{at}/threads/{(string)begun.Json["id"]!}";
        Assert.Equal(("Inner", false), ((string?)begun.Json["part"], (bool)begun.Json["mustBeAnswered"]!));
        await ingrid.Post(thread + "/messages", new { text = "I too.", language = "en" }).Is(404);
        await ingrid.Post(thread + "/resolve").Is(404);
        var answered = await amina.Post(thread + "/messages", new { text = "For two.", language = "en" }).Is(200);
        var message = $"{at}/messages/{(string)answered.Json["messages"]![1]!["id"]!}";
        await andrei.Put(message, new { text = "For three." }).Is(403);
        await amina.Put(message, new { text = "For three." }).Is(200);
        await andrei.Post(message + "/withdraw").Is(403);
        var withdrawn = await amina.Post(message + "/withdraw").Is(200);
        Assert.Null((string?)withdrawn.Json["messages"]![1]!["text"]);
        Assert.NotNull((string?)withdrawn.Json["messages"]![1]!["withdrawnAt"]);
        await amina.Post(message + "/withdraw").Is(409, "message.withdrawn_already");
        await amina.Post(thread + "/resolve").Is(403, "thread.not_yours_to_resolve");
        Assert.Equal("Andrei", (string?)(await andrei.Post(thread + "/resolve").Is(200)).Json["resolvedBy"]);
        await amina.Post(thread + "/messages", new { text = "More.", language = "en" }).Is(409, "thread.resolved_already");
        var read = await leila.Get(at + "/threads").Is(200);
        Assert.Equal((1, false), (read.Json["threads"]!.AsArray().Count, (bool)read.Json["parts"]![0]!["mayWrite"]!));
        var donor = await ingrid.Get(at + "/threads").Is(200);
        Assert.Equal((0, 0), (donor.Json["threads"]!.AsArray().Count, donor.Json["parts"]!.AsArray().Count));
        await rosa.Get(at + "/threads").Is(404);
    }

    [Fact]
    public async Task A_thread_that_somebody_may_not_read_changes_nothing_that_they_get()
    {
        await using var host = await ApiHost.Start();
        var (letter, need) = (
            DossierCast.At(DossierStage.Sent),
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei)
        );
        await host.Db.Save(letter, need);
        string[] ofLetter =
        [
            $"/api/v1/assessments/{letter.Reference}",
            $"/api/v1/assessments/{letter.Reference}/threads",
            "/api/v1/assessments",
            "/api/v1/assessments?q=quokka",
            $"/assessments/{letter.Reference}",
            "/assessments/export?format=csv",
            "/notifications",
        ];
        string[] ofNeed =
        [
            $"/api/v1/needs/{need.Reference}",
            $"/api/v1/needs/{need.Reference}/threads",
            "/api/v1/needs?q=quokka",
            $"/needs/{need.Reference}",
            "/notifications",
        ];
        (Player Writes, string At, string Part, Player Reads, string[] Addresses)[] pairs =
        [
            (Cast.Leila, $"/api/v1/assessments/{letter.Reference}", "Inner", Cast.Amina, ofLetter),
            (Cast.Wei, $"/api/v1/assessments/{letter.Reference}", "Deliberation", Cast.Amina, ofLetter),
            (Cast.Leila, $"/api/v1/assessments/{letter.Reference}", "TalkState", Cast.Tuan, ofLetter),
            (Cast.Leila, $"/api/v1/assessments/{letter.Reference}", "Inner", Cast.Wei, ofLetter),
            (Cast.Amina, $"/api/v1/needs/{need.Reference}", "Inner", Cast.Ingrid, ofNeed),
        ];
        foreach (var (writes, at, part, reads, addresses) in pairs)
        {
            var (writer, reader) = (await host.As(writes), await host.As(reads));
            async Task<List<Answer>> All()
            {
                var all = new List<Answer>();
                foreach (var address in addresses)
                    all.Add(
                        await reader.Ask(
                            HttpMethod.Get,
                            address,
                            headers: ("Accept", address.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "text/html")
                        )
                    );
                return all;
            }
            _ = await All(); // what is opened for the first time is noted
            var before = await All();
            var begun = await writer
                .Post(
                    at + "/threads",
                    new
                    {
                        part,
                        title = "A quokka",
                        text = "Is there a quokka?",
                        language = "en",
                    }
                )
                .Is(201);
            await writer.Post($"{at}/threads/{(string)begun.Json["id"]!}/messages", new { text = "There is.", language = "en" }).Is(200);
            foreach (var (was, now, address) in before.Zip(await All(), addresses))
            {
                Assert.Equal(was.Status, now.Status);
                Assert.True(Told(was) == Told(now), $"{reads} after {writes} wrote in {part}: {address}");
            }
        }
    }
}
