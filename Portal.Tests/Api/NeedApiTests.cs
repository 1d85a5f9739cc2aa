using System.Text;
using System.Text.Json.Nodes;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using static Portal.Tests.Api.Calls;

namespace Portal.Tests.Api;

public class NeedApiTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_need_goes_its_way(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var (otieno, amina, andrei, ingrid) = (
            await host.As(Cast.Otieno),
            await host.As(Cast.Amina),
            await host.As(Cast.Andrei),
            await host.As(Cast.Ingrid)
        );
        var drafted = await otieno.Post("/api/v1/needs", NeedJson()).Is(201);
        var at = drafted.Headers.Location!.OriginalString;
        var reference = (string)drafted.Json["reference"]!;
        Assert.Equal($"/api/v1/needs/{reference}", at);
        Assert.Equal($"\"{drafted.Version}\"", drafted.Headers.ETag?.Tag);
        Assert.Equal("Draft", (string?)drafted.Json["status"]);
        Assert.Equal("en", (string?)drafted.Json["texts"]![0]!["language"]);
        Assert.Equal(250000m, (decimal)drafted.Json["estimatedCost"]!);
        Assert.Equal("2027-09-01", (string?)drafted.Json["from"]);

        await otieno.Post(at + "/submit").Is(403, "need.not_yours_to_submit");
        await amina.Post(at + "/submit").Is(200);
        await andrei.Post(at + "/return", new { note = "Please name the institution." }).Is(200);
        Assert.Equal("Please name the institution.", (string?)(await otieno.Get(at).Is(200)).Json["returnNote"]);
        await amina.Post(at + "/submit").Is(200);
        await andrei.Post(at + "/authenticate").Is(200);
        await andrei.Post(at + "/circulate", new { replyBy = "2027-06-01" }).Is(409, "need.no_consent");
        await amina.Put(at + "/consents/org:9001", new { parts = new[] { "Cost", "Attachments" } }).Is(200);
        await ingrid.Get(at).Is(404, "not_found");
        await andrei.Post(at + "/circulate", new { replyBy = "2027-06-01" }).Is(200);

        var seen = (await ingrid.Get(at).Is(200)).Json;
        Assert.Equal(["Summary", "Cost", "Attachments"], seen["parts"]!.AsArray().Select(p => (string)p!));
        Assert.Equal(250000m, (decimal)seen["estimatedCost"]!);
        Assert.Null(seen["texts"]![0]!["description"]);
        Assert.Null(seen["modalities"]);
        Assert.Null(seen["consents"]);
        Assert.Null(seen["version"]);
        Assert.Equal(["propose"], seen["actions"]!.AsArray().Select(p => (string)p!));
        Assert.Null((await ingrid.Get(at)).Headers.ETag);

        var readers = (await amina.Get(at + "/readers").Is(200)).Json.AsArray();
        Assert.Contains(
            readers,
            r =>
                (string?)r!["audience"] == "org:9001"
                && (string?)r["organisation"] == "Northern Development Agency"
                && (int)r["people"]! == 2
        );
        Assert.Equal(["org:9001"], (await ingrid.Get(at + "/readers").Is(200)).Json.AsArray().Select(r => (string)r!["audience"]!));

        await amina.Post(at + "/confirm").Is(200);
        await amina.Delete(at + "/consents/org:9001?why=Changed").Is(200);
        await ingrid.Get(at).Is(404);
        await amina.Delete(at + "/consents/org:9001").Is(409, "need.consent_not_given");
        await amina.Post(at + "/withdraw", new { }).Is(422, "field.required");
        Assert.Equal("Withdrawn", (string?)(await amina.Post(at + "/withdraw", new { why = "No longer wanted." }).Is(200)).Json["status"]);
    }

    [Fact]
    public async Task An_act_that_is_sent_with_a_version_is_done_on_that_or_not_at_all()
    {
        await using var host = await ApiHost.Start();
        var need = await host.Need(NeedStatus.Submitted);
        var (amina, andrei) = (await host.As(Cast.Amina), await host.As(Cast.Andrei));
        var at = $"/api/v1/needs/{need.Reference}";
        var read = (await amina.Get(at).Is(200)).Version;
        var edited = (await amina.Ask(HttpMethod.Put, at, NeedJson(), ifMatch: $"\"{(await amina.Get(at)).Version}\"").Is(200)).Version;

        await andrei.Ask(HttpMethod.Post, at + "/authenticate", ifMatch: $"\"{read}\"").Is(412, "record.changed_since_shown");
        await amina
            .Ask(HttpMethod.Put, at + "/consents/org:9001", new { parts = new[] { "Cost" } }, ifMatch: $"\"{Guid.NewGuid()}\"")
            .Is(412, "record.changed_since_shown");
        await andrei.Ask(HttpMethod.Post, at + "/authenticate", ifMatch: "old").Is(400, "request.parameters");
        await andrei.Ask(HttpMethod.Post, at + "/authenticate", ifMatch: $"\"{edited}\"").Is(200);
        // Nor is it said that it may not be done, where it was done meanwhile.
        await andrei.Ask(HttpMethod.Post, at + "/authenticate", ifMatch: $"\"{edited}\"").Is(412, "record.changed_since_shown");
    }

    [Theory]
    [InlineData("org:777")]
    [InlineData("peru")]
    [InlineData("delegation")]
    public async Task Consent_goes_only_to_an_organisation_that_can_see_the_need(string whose)
    {
        var audience = whose switch
        {
            "peru" => Audience.Org(Cast.Peru.Number).Key,
            "delegation" => Audience.Org(Cast.Delegation.Number).Key,
            _ => whose,
        };
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        var at = $"/api/v1/needs/{(await host.Need(NeedStatus.Draft)).Reference}";
        await amina.Put($"{at}/consents/{audience}", new { parts = new[] { "Cost" } }).Is(409, "need.audience_unknown");
        Assert.Empty((await amina.Get(at).Is(200)).Json["consents"]!.AsArray());
    }

    [Fact]
    public async Task A_list_is_filtered_strictly_and_paged()
    {
        await using var host = await ApiHost.Start();
        foreach (var status in new[] { NeedStatus.Draft, NeedStatus.Submitted, NeedStatus.Circulated })
            await host.Need(status);
        await host.Need(NeedStatus.Circulated, Cast.Rosa);
        var (amina, andrei, kenji) = (await host.As(Cast.Amina), await host.As(Cast.Andrei), await host.As(Cast.Kenji));

        async Task<int> Total(HttpClient client, string query) => (int)(await client.Get("/api/v1/needs" + query).Is(200)).Json["total"]!;
        Assert.Equal(3, await Total(amina, ""));
        Assert.Equal(3, await Total(andrei, ""));
        Assert.Equal(2, await Total(kenji, ""));
        Assert.Equal(1, await Total(andrei, "?state=PER"));
        Assert.Equal(1, await Total(andrei, "?status=submitted"));
        Assert.Equal(2, await Total(andrei, "?status=Circulated&theme=CFT&modality=TRAINING&urgency=High&sort=ReplyBy"));
        Assert.Equal(2, await Total(andrei, "?region=Africa&q=financial"));
        Assert.Equal(0, await Total(kenji, "?urgency=High")); // the timeframe is not shared with him
        var page = (await andrei.Get("/api/v1/needs?page=2&pageSize=2").Is(200)).Json;
        Assert.Single(page["items"]!.AsArray());
        Assert.Equal((2, 2, false), ((int)page["page"]!, (int)page["pageSize"]!, (bool)page["totalIsCapped"]!));
        Assert.Null((await kenji.Get("/api/v1/needs")).Json["items"]![0]!["estimatedCost"]);

        foreach (
            var wrong in new[]
            {
                "status=Nothing",
                "status=1",
                "status=Draft,Submitted",
                "theme=XX",
                "state=ZZZ",
                "region=Moon",
                "modality=x",
                "urgency=9",
                "sort=Title",
                "sort=State&sort=Newest",
                "page=0",
                "page=-1",
                "page=x",
                "page=99999999999999",
                "pageSize=0",
                "pageSize=201",
                "pageSize=1e3",
                "page=100000&pageSize=200",
            }
        )
        {
            var answer = await andrei.Get("/api/v1/needs?" + wrong).Is(400, "request.parameters");
            Assert.Equal("field.unknown_value", (string?)answer.Json["errors"]![wrong.Split('=')[0]]![0]!["code"]);
        }
        // A name that is misspelt is no filter, and the whole list no answer to it.
        var misspelt = await andrei.Get("/api/v1/needs?statu=Draft").Is(400, "request.parameters");
        Assert.Equal("field.unknown_parameter", (string?)misspelt.Json["errors"]!["statu"]![0]!["code"]);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_edit_needs_the_version_it_was_made_on(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = await host.Need(NeedStatus.Draft);
        var (at, amina, otieno) = ($"/api/v1/needs/{need.Reference}", await host.As(Cast.Amina), await host.As(Cast.Otieno));
        var first = (await amina.Get(at).Is(200)).Headers.ETag!.Tag;

        await amina.Put(at, NeedJson("No version")).Is(428, "request.version_required");
        foreach (var malformed in new[] { "*", "W/" + first, first.Trim('"'), "\"1\"", first + ", " + first })
            await amina.Put(at, NeedJson("Bad version"), malformed).Is(400, "request.parameters");
        var edited = await otieno.Put(at, NeedJson("Theirs"), first).Is(200);
        Assert.Equal("Theirs", (string?)edited.Json["texts"]![0]!["title"]);
        Assert.NotEqual(first, edited.Headers.ETag!.Tag);

        var lost = await amina.Put(at, NeedJson("Mine"), first).Is(412, "record.changed_meanwhile");
        Assert.Equal("Mine", (string?)lost.Json["yours"]!["title"]);
        Assert.Equal("Theirs", (string?)lost.Json["current"]!["title"]);
        Assert.Equal(edited.Version, (string?)lost.Json["currentVersion"]);
        Assert.Equal(["title"], lost.Json["conflicts"]!.AsArray().Select(c => (string)c!));
        await amina.Put(at, NeedJson("Mine"), $"\"{(string)lost.Json["currentVersion"]!}\"").Is(200);
    }

    [Fact]
    public async Task All_mistakes_are_said_at_once_in_the_language_of_the_reader()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        var answer = await amina
            .Post(
                "/api/v1/needs",
                new
                {
                    description = new string('x', 20_001),
                    theme = "NONE",
                    modalities = new string?[] { null },
                    estimatedCost = -5,
                    from = "1999-01-01",
                }
            )
            .Is(422);
        Assert.Equal(
            ["currency", "description", "estimatedCost", "from", "language", "modalities", "theme", "title", "urgency"],
            answer.Json["errors"]!.AsObject().Select(e => e.Key).Order()
        );
        var french = await amina.Ask(
            HttpMethod.Get,
            "/api/v1/needs/NEED-2027-9999",
            headers: ("Cookie", amina.DefaultRequestHeaders.GetValues("Cookie").Single() + "; portal.language=fr")
        );
        Assert.Equal(("Introuvable.", "fr"), ((string?)french.Json["title"], french.ContentHeaders.ContentLanguage.Single()));
    }

    [Fact]
    public async Task A_draft_may_say_little_and_all_that_is_missing_is_said_when_it_is_submitted()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        var draft = await amina
            .Post(
                "/api/v1/needs",
                new
                {
                    title = "A title",
                    language = "en",
                    urgency = "Medium",
                }
            )
            .Is(201);
        Assert.Equal("", (string?)draft.Json["theme"]);
        var answer = await amina.Post($"/api/v1/needs/{draft.Json["reference"]}/submit").Is(422, "field.required");
        Assert.Equal(["description", "modalities", "theme"], answer.Json["errors"]!.AsObject().Select(e => e.Key).Order());
        Assert.Equal("Draft", (string?)(await amina.Get($"/api/v1/needs/{draft.Json["reference"]}")).Json["status"]);
    }

    [Fact]
    public async Task Nothing_can_be_set_that_is_not_offered()
    {
        await using var host = await ApiHost.Start();
        var need = await host.Need(NeedStatus.Draft);
        var (at, amina) = ($"/api/v1/needs/{need.Reference}", await host.As(Cast.Amina));
        var tag = (await amina.Get(at)).Headers.ETag!.Tag;
        foreach (
            var (member, value) in new (string, JsonNode)[]
            {
                ("status", "Circulated"),
                ("stateIso3", "PER"),
                ("state", "PER"),
                ("id", Guid.NewGuid().ToString()),
                ("reference", "NEED-1"),
                ("acceptedAmount", 1),
                ("version", "x"),
                ("draftedBy", "x"),
                ("consents", new JsonArray()),
                ("lastConfirmedAt", "2030-01-01"),
                ("replyBy", "2030-01-01"),
                ("Title", "in another case"),
            }
        )
        {
            var body = System.Text.Json.JsonSerializer.SerializeToNode(NeedJson("Changed"))!;
            body[member] = value;
            await amina.Post("/api/v1/needs", body.ToJsonString()).Is(400, "request.malformed_json");
            await amina.Put(at, body.ToJsonString(), tag).Is(400, "request.malformed_json");
        }
        await amina.Put(at + "/consents/org:9001", new { parts = new[] { "Inner" } }).Is(400);
        await amina.Put(at + "/consents/org:9001", new { parts = new[] { "Whole" } }).Is(400);
        await amina.Put(at + "/consents/org:9001", new { parts = new[] { "Cost" }, audience = "public" }).Is(400);
        await amina.Put(at + "/consents/public", new { parts = new[] { "Cost" } }).Is(409, "need.part_never_public");
        await amina.Put(at + "/consents/cted", new { parts = new[] { "Cost" } }).Is(409, "need.audience_unknown");
        Assert.Equal(Cast.NeedContent.Title, (string?)(await amina.Get(at)).Json["texts"]![0]!["title"]);
    }

    [Fact]
    public async Task What_is_not_ones_to_do_is_refused()
    {
        await using var host = await ApiHost.Start();
        var (submitted, circulated) = (await host.Need(NeedStatus.Submitted), await host.Need(NeedStatus.Circulated));
        var (otieno, andrei, ingrid, chloe) = (
            await host.As(Cast.Otieno),
            await host.As(Cast.Andrei),
            await host.As(Cast.Ingrid),
            await host.As(Cast.Leila)
        );
        var (s, c) = ($"/api/v1/needs/{submitted.Reference}", $"/api/v1/needs/{circulated.Reference}");
        await ingrid.Post("/api/v1/needs", NeedJson()).Is(403, "need.not_yours_to_draft");
        await otieno.Post(s + "/authenticate").Is(403, "need.not_yours_to_authenticate");
        await otieno.Post(s + "/return", new { note = "x" }).Is(403, "need.not_yours_to_return");
        await otieno.Post(s + "/confirm").Is(403, "need.not_yours_to_confirm");
        await otieno.Post(s + "/withdraw", new { why = "x" }).Is(403, "need.not_yours_to_withdraw");
        await otieno.Put(s + "/consents/providers", new { parts = Array.Empty<string>() }).Is(403, "need.not_yours_to_consent");
        await otieno.Delete(s + "/consents/providers").Is(403, "need.not_yours_to_consent");
        await otieno.Put(s, NeedJson(), "\"" + submitted.Version + "\"").Is(403, "need.not_yours_to_edit");
        await otieno.Upload(s + "/files", "a.txt", "text"u8.ToArray()).Is(403, "need.not_yours_to_edit");
        await otieno.Delete(s + "/files/" + Guid.NewGuid()).Is(403, "need.not_yours_to_edit");
        await andrei.Post(c + "/circulate", new { replyBy = "2027-08-01" }).Is(403, "need.not_yours_to_circulate");
        await andrei.Post(s + "/circulate", new { }).Is(422, "field.required");
        await ingrid.Post(c + "/submit").Is(403, "need.not_yours_to_submit");
        await chloe.Post(s + "/authenticate").Is(403, "need.not_yours_to_authenticate");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Files_come_and_go_and_are_only_ever_downloaded(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = await host.Need(NeedStatus.Draft);
        var (at, amina, rosa) = ($"/api/v1/needs/{need.Reference}/files", await host.As(Cast.Amina), await host.As(Cast.Rosa));
        var bytes = Encoding.UTF8.GetBytes("<script>alert(1)</script>" + new string('x', 600_000));
        var added = await amina.Upload(at, "تقرير \"2027\"; x.txt", bytes).Is(201);
        var href = (string)added.Json["href"]!;
        Assert.Equal(href, added.Headers.Location!.OriginalString);

        var file = await amina.Get(href).Is(200);
        Assert.Equal(bytes, file.Bytes);
        Assert.Equal("text/plain; charset=utf-8", file.ContentHeaders.ContentType!.ToString());
        Assert.Equal("attachment", file.ContentHeaders.ContentDisposition!.DispositionType);
        Assert.Equal((string?)added.Json["fileName"], file.ContentHeaders.ContentDisposition.FileNameStar);
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'; frame-ancestors 'none'", file.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-store, private", file.Headers.GetValues("Cache-Control").Single());
        Assert.Null(file.Headers.ETag);
        Assert.Null(file.ContentHeaders.LastModified);
        var ranged = await amina.Ask(HttpMethod.Get, href, headers: ("Range", "bytes=0-3"));
        Assert.Equal((200, bytes.Length), (ranged.Status, ranged.Bytes.Length));

        var (hidden, missing) = (await rosa.Get(href).Is(404), await rosa.Get("/files/" + Guid.NewGuid()).Is(404));
        Assert.Equal(missing.Everything, hidden.Everything);
        Assert.Equal(missing.Everything, (await rosa.Get("/files/nonsense")).Everything);
        Assert.Equal(missing.Everything, (await (await host.As(Cast.Tomas)).Get(href)).Everything);
        await (await host.As(null)).Get(href).Is(401, "request.sign_in");
        Assert.Contains("need.file_read", await Acts(host));

        await amina.Upload(at, "again.txt", bytes).Is(422, "file.already_there");
        await amina.Upload(at, "page.html", bytes).Is(422, "file.type_not_taken");
        await amina.Upload(at, "empty.txt", []).Is(422, "file.empty");
        await amina.Upload(at, "large.txt", new byte[Attachment.LargestFile + 1]).Is(413);
        await amina.Upload(at, "larger.txt", new byte[Attachment.LargestFile + 100_000]).Is(413, "request.too_large");
        await amina.Delete($"{at}/{href[7..]}").Is(204);
        await amina.Delete($"{at}/{href[7..]}").Is(404);
        await amina.Get(href).Is(404);
    }

    internal static async Task<IReadOnlyList<string>> Acts(ApiHost host)
    {
        await using var db = await host.Db.AsSystem();
        return [.. db.AuditEntries.Select(e => e.Code)];
    }
}
