using System.Text;
using Portal.Tests.Access;
using static Portal.Tests.Api.Calls;

namespace Portal.Tests.Api;

public class MalformedTests
{
    private static IEnumerable<(string Name, int Status, HttpMethod Method, string Address, HttpContent? Content)> Cases(string need)
    {
        const string needs = "/api/v1/needs";
        var lists = Specimens.All.Where(s => s.ListedAs == s.Kind).ToList();
        // Files are written by one hand: each kind takes its turn.
        var turn = 0;
        static HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, "application/json");
        static HttpContent Bytes(byte[] bytes, string type)
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return content;
        }
        string With(string member, string value)
        {
            var body = (System.Text.Json.Nodes.JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(NeedJson())!;
            body.Remove(member);
            return body.ToJsonString()[..^1] + $",\"{member}\":{value}}}";
        }

        foreach (
            var (name, text) in new[]
            {
                ("nothing", ""),
                ("blanks", "   "),
                ("null", "null"),
                ("a number", "1"),
                ("a text", "\"x\""),
                ("a list", "[]"),
                ("half an object", "{"),
                ("a comma too many", "{\"title\":\"x\",}"),
                ("a comment", "{/* */}"),
                ("single quotes", "{'title':'x'}"),
                ("two objects", "{}{}"),
                ("text behind", "{} x"),
                ("a member twice", "{\"title\":\"a\",\"title\":\"b\"}"),
                ("an unknown member", "{\"nothing\":1}"),
                ("a prototype", "{\"__proto__\":{}}"),
                ("a type", "{\"$type\":\"System.Object\"}"),
                ("an id", "{\"$id\":\"1\"}"),
                ("a reference", "{\"$ref\":\"1\"}"),
                ("an empty member", "{\"\":1}"),
                ("depth", string.Concat(Enumerable.Repeat("{\"title\":", 2000))),
                ("lists in lists", new string('[', 50_000)),
                ("half a character in a name", "{\"\\ud800\":1}"),
                ("title a number", With("title", "1")),
                ("title a list", With("title", "[]")),
                ("title an object", With("title", "{}")),
                ("title half a character", With("title", "\"\\ud800\"")),
                ("title a bad escape", With("title", "\"\\x\"")),
                ("title a line break", With("title", "\"a\nb\"")),
                ("title not a number", With("title", "NaN")),
                ("language a number", With("language", "2")),
                ("language unknown", With("language", "\"de\"")),
                ("language an enumeration", With("language", "\"Zh\"")),
                ("language a list", With("language", "[\"en\"]")),
                ("origin a number", With("origin", "1")),
                ("origin unknown", With("origin", "\"Moon\"")),
                ("origin a number in quotes", With("origin", "\"1\"")),
                ("origin several", With("origin", "\"State,Visit\"")),
                ("urgency a number", With("urgency", "3")),
                ("urgency unknown", With("urgency", "\"Extreme\"")),
                ("urgency beyond", With("urgency", "99999999999")),
                ("modalities a text", With("modalities", "\"TRAINING\"")),
                ("modalities numbers", With("modalities", "[1]")),
                ("modalities lists", With("modalities", "[[\"TRAINING\"]]")),
                ("sectors an object", With("sectors", "{}")),
                ("cost a text", With("estimatedCost", "\"5\"")),
                ("cost beyond", With("estimatedCost", "1e400")),
                ("cost far beyond", With("estimatedCost", new string('9', 400))),
                ("cost true", With("estimatedCost", "true")),
                ("cost with zeros before", With("estimatedCost", "007")),
                ("day no day", With("from", "\"2027-02-30\"")),
                ("day a moment", With("from", "\"2027-02-01T00:00:00Z\"")),
                ("day another order", With("from", "\"01/02/2027\"")),
                ("day a number", With("from", "20270201")),
                ("day empty", With("from", "\"\"")),
                ("day far", With("to", "\"99999-01-01\"")),
            }
        )
            yield return ("JSON: " + name, 400, HttpMethod.Post, needs, Json(text));

        foreach (
            var (name, member, value) in new[]
            {
                ("title of what nobody sees", "title", "\"\\u200b\\u0000\""),
                ("title no character", "title", "\"a\\ufffe\""),
                ("title too long", "title", "\"" + new string('x', 201) + "\""),
                ("title null", "title", "null"),
                ("title blank", "title", "\"  \""),
                ("description too long", "description", "\"" + new string('x', 20_001) + "\""),
                ("theme with a zero", "theme", "\"\\u0000\""),
                ("modalities null", "modalities", "[null]"),
                ("modalities with a zero", "modalities", "[\"\\u0000\"]"),
                ("paragraphs unknown", "paragraphs", "[\"1373:99\"]"),
                ("cost zero", "estimatedCost", "0"),
                ("cost below", "estimatedCost", "-1"),
                ("cost in cents", "estimatedCost", "1.5"),
                ("cost large", "estimatedCost", "79228162514264337593543950335"),
                ("currency unknown", "currency", "\"XXX\""),
                ("currency with a zero", "currency", "\"\\u0000\""),
                ("day early", "from", "\"0001-01-01\""),
                ("day late", "to", "\"9999-12-31\""),
                ("beneficiary too long", "beneficiary", "\"" + new string('é', 301) + "\""),
            }
        )
            yield return ("field: " + name, 422, HttpMethod.Post, needs, Json(With(member, value)));

        yield return (
            "bytes that are no text",
            400,
            HttpMethod.Post,
            needs,
            Bytes([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D], "application/json")
        );
        yield return ("UTF-16", 415, HttpMethod.Post, needs, Bytes(Encoding.Unicode.GetBytes("{}"), "application/json; charset=utf-16"));
        yield return (
            "a character set that is none",
            415,
            HttpMethod.Post,
            needs,
            Bytes("{}"u8.ToArray(), "application/json; charset=nonsense")
        );
        yield return ("a mark before", 400, HttpMethod.Post, needs, Bytes([0xEF, 0xBB, 0xBF, 0x7B], "application/json"));
        yield return ("XML", 415, HttpMethod.Post, needs, Bytes("<a/>"u8.ToArray(), "application/xml"));
        yield return ("text", 415, HttpMethod.Post, needs, Bytes("{}"u8.ToArray(), "text/plain"));
        yield return ("a media type that is none", 415, HttpMethod.Post, needs, Bytes("{}"u8.ToArray(), ";;;"));
        yield return ("no media type", 415, HttpMethod.Post, needs, Bytes("{}"u8.ToArray(), ""));
        yield return ("no body", 415, HttpMethod.Post, needs, null);
        yield return ("too large", 413, HttpMethod.Post, needs, Json("{\"title\":\"" + new string('x', 300_000) + "\"}"));

        foreach (
            var reference in new[]
            {
                "%ED%A0%80",
                "%EF%BF%BE",
                "%2e%2e%2f",
                "..%5C",
                "'%20OR%201=1--",
                "%22",
                new string('x', 3000),
                "NEED-2027-99999999999999999999",
                "💥",
                "%E2%80%AE",
                "a%0Ab",
            }
        )
        {
            foreach (var specimen in Specimens.All)
                yield return ($"{specimen.Kind} {reference}", 404, HttpMethod.Get, specimen.Path + reference, null);
            yield return ("state " + reference, 404, HttpMethod.Get, $"/api/v1/states/{reference}", null);
            yield return ("file " + reference, 404, HttpMethod.Get, $"/files/{reference}", null);
            yield return (
                "consent " + reference,
                reference.StartsWith("NEED", StringComparison.Ordinal) ? 409 : 404,
                HttpMethod.Delete,
                $"{needs}/{need}/consents/{reference}",
                null
            );
        }
        foreach (
            var audience in new[]
            {
                "org:",
                "org:x",
                "org:99999999999999999",
                "org:-1",
                "org:1.5",
                "state:",
                "state:PER",
                "cted",
                "nobody",
                ":",
            }
        )
            yield return ("consent " + audience, 409, HttpMethod.Put, $"{needs}/{need}/consents/{audience}", Json("{\"parts\":[]}"));

        foreach (
            var q in new[]
            {
                "%00",
                "%ED%A0%80",
                "%EF%BF%BE",
                "%EF%BF%BF",
                "'",
                "%22%22%22",
                "*",
                "a*b:c",
                "(((",
                "%5C",
                "NEAR(a,b)",
                "a AND b OR c",
                ":*",
                "%26%7C!",
                "%F0%9F%92%A5",
                new string('a', 3000),
                string.Join("+", Enumerable.Range(0, 200)),
                "%",
                "%zz",
                "中文",
                "%E2%80%AE",
            }
        )
        {
            foreach (var list in lists)
                yield return ($"search {list.Kind} {q}", 200, HttpMethod.Get, $"{list.Path.TrimEnd('/')}?q={q}", null);
            var file = lists[turn++ % lists.Count].Export;
            yield return ($"{file} {q}", 200, HttpMethod.Get, $"{file}?format=csv&q={q}", null);
        }
        foreach (
            var query in new[]
            {
                "page=%00",
                "page=99999999999999999999",
                "page=-5",
                "pageSize=2147483648",
                "status=%00",
                "status=-1",
                "theme=%00",
                "state=%ED%A0%80",
                "sort=;",
                "page=1&page=2",
            }
        )
        {
            foreach (var list in lists)
                yield return ($"list {list.Kind} {query}", 400, HttpMethod.Get, $"{list.Path.TrimEnd('/')}?{query}", null);
            var file = lists[turn++ % lists.Count].Export;
            yield return ($"{file} {query}", 200, HttpMethod.Get, $"{file}?format=csv&{query}", null);
        }
        foreach (var query in new[] { "", "format=", "format=pdf", "format=CSV", "format=csv&format=xlsx", "format=%00", "format[]=csv" })
        {
            foreach (var list in lists)
                yield return ($"{list.Export} {query}", 400, HttpMethod.Get, $"{list.Export}?{query}", null);
        }

        var files = $"{needs}/{need}/files";
        yield return ("upload JSON", 415, HttpMethod.Post, files, Json("{}"));
        yield return ("upload without boundary", 415, HttpMethod.Post, files, Bytes("x"u8.ToArray(), "multipart/form-data"));
        yield return (
            "upload with a long boundary",
            415,
            HttpMethod.Post,
            files,
            Bytes("x"u8.ToArray(), "multipart/form-data; boundary=" + new string('b', 200))
        );
        yield return ("upload nothing", 400, HttpMethod.Post, files, Bytes([], "multipart/form-data; boundary=b"));
        yield return (
            "upload half",
            400,
            HttpMethod.Post,
            files,
            Bytes(
                "--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\nhalf"u8.ToArray(),
                "multipart/form-data; boundary=b"
            )
        );
        yield return (
            "upload garbage",
            400,
            HttpMethod.Post,
            files,
            Bytes([.. Enumerable.Range(0, 5000).Select(i => (byte)i)], "multipart/form-data; boundary=b")
        );
        yield return (
            "upload long headers",
            400,
            HttpMethod.Post,
            files,
            Bytes(Encoding.ASCII.GetBytes("--b\r\nX: " + new string('x', 10_000) + "\r\n\r\nx\r\n--b--"), "multipart/form-data; boundary=b")
        );
        yield return (
            "upload of another name",
            400,
            HttpMethod.Post,
            files,
            new MultipartFormDataContent { { new ByteArrayContent([1]), "other", "a.txt" } }
        );
        yield return ("upload a field", 400, HttpMethod.Post, files, new MultipartFormDataContent { { new StringContent("x"), "file" } });
        yield return (
            "upload a file without a name",
            400,
            HttpMethod.Post,
            files,
            Bytes(
                "--b\r\nContent-Disposition: form-data; name=file; filename=\r\n\r\nx\r\n--b--"u8.ToArray(),
                "multipart/form-data; boundary=b"
            )
        );
        yield return (
            "upload two",
            400,
            HttpMethod.Post,
            files,
            new MultipartFormDataContent { { new StringContent("x"), "file", "a.txt" }, { new StringContent("y"), "file", "b.txt" } }
        );
        foreach (var name in new[] { "..", "\u200B", new string('x', 300) + ".txt" })
            yield return (
                "upload a file called " + name,
                422,
                HttpMethod.Post,
                files,
                Bytes(
                    Encoding.UTF8.GetBytes(
                        $"--b\r\nContent-Disposition: form-data; name=file; filename*=UTF-8''{Uri.EscapeDataString(name)}\r\n\r\nx\r\n--b--"
                    ),
                    "multipart/form-data; boundary=b"
                )
            );

        yield return ("no such method", 405, HttpMethod.Patch, $"{needs}/{need}", Json("{}"));
        yield return ("no such method on a list", 405, HttpMethod.Delete, needs, null);
        yield return ("no such method on a file", 405, HttpMethod.Post, "/files/" + Guid.NewGuid(), null);
        yield return ("no such address", 404, HttpMethod.Get, "/api/v1/nothing", null);
        yield return ("no such address below", 404, HttpMethod.Get, $"{needs}/{need}/nothing/at/all", null);
        yield return ("a note that is a number", 400, HttpMethod.Post, $"{needs}/{need}/return", Json("{\"note\":1}"));
        yield return ("a day that is none", 400, HttpMethod.Post, $"{needs}/{need}/circulate", Json("{\"replyBy\":\"soon\"}"));
        yield return ("a part that is none", 400, HttpMethod.Put, $"{needs}/{need}/consents/providers", Json("{\"parts\":[null]}"));
        yield return (
            "parts in one text",
            400,
            HttpMethod.Put,
            $"{needs}/{need}/consents/providers",
            Json("{\"parts\":[\"Cost, Inner\"]}")
        );
        foreach (
            var (name, status, address, body) in new[]
            {
                ("question nothing", 415, "questions", null),
                ("question a number", 400, "questions", "{\"text\":1}"),
                ("question in an unknown language", 400, "questions", "{\"text\":\"x\",\"language\":\"de\"}"),
                ("question of another member", 400, "questions", "{\"question\":\"x\"}"),
                ("not now without a reason", 422, "not-now", "{}"),
                ("not now for an unknown reason", 400, "not-now", "{\"reason\":\"Mood\"}"),
                ("not now for a number", 400, "not-now", "{\"reason\":1}"),
                ("longer until no day", 400, "reply-by", "{\"replyBy\":\"later\"}"),
                ("longer until nothing", 422, "reply-by", "{}"),
                ("a choice of a text", 400, "reply/choose", "{\"proposals\":\"all\"}"),
                (
                    "a choice of an amount in a text",
                    400,
                    "reply/choose",
                    "{\"proposals\":[{\"proposal\":\"PROP-1\",\"acceptedAmount\":\"1\"}]}"
                ),
                ("an answer to no question", 404, $"questions/{Guid.NewGuid()}/answer", "{\"text\":\"x\",\"language\":\"en\"}"),
                ("an answer to no number", 404, "questions/1/answer", "{}"),
                ("delivered on no day", 400, "follow-up/delivered", "{\"day\":\"2027-02-30\"}"),
                ("delivered on nothing", 422, "follow-up/delivered", "{}"),
                ("an outcome that is none", 400, "follow-up/conclude", "{\"outcome\":\"Good\"}"),
                ("no outcome", 422, "follow-up/conclude", "{}"),
            }
        )
            yield return (name, status, HttpMethod.Post, $"{needs}/{need}/{address}", body is null ? null : Json(body));
        foreach (
            var (name, status, body) in new[]
            {
                ("not for us without a reason", 422, "{}"),
                ("not for us for an unknown reason", 400, "{\"reason\":\"Mood\"}"),
                ("not for us in a list", 400, "[]"),
            }
        )
            yield return (name, status, HttpMethod.Post, $"/api/v1/matches/{need}/not-for-us", Json(body));
        foreach (var query in new[] { "page=0", "status=%00", "theme=NOTHING", "region=Moon", "only=All", "pageSize=1000" })
            yield return ("matches " + query, 400, HttpMethod.Get, "/api/v1/matches?" + query, null);
        foreach (var reference in new[] { "%EF%BF%BE", "'%20OR%201=1--", "PROP-2027-99999999999999999999", "💥" })
        {
            yield return ("match " + reference, 404, HttpMethod.Get, $"/api/v1/matches/{reference}", null);
            yield return ("milestones " + reference, 404, HttpMethod.Get, $"/api/v1/proposals/{reference}/milestones", null);
            yield return ("answers " + reference, 404, HttpMethod.Get, $"{needs}/{reference}/answers", null);
            yield return ("reply " + reference, 404, HttpMethod.Get, $"{needs}/{reference}/reply", null);
            yield return ("follow-up " + reference, 404, HttpMethod.Get, $"{needs}/{reference}/follow-up", null);
        }
        yield return ("a reason too long", 422, HttpMethod.Delete, $"{needs}/{need}/consents/providers?why=" + new string('x', 4001), null);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Malformed_requests_are_answered(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var need = Cast.Need(Cast.Amina).SubmittedBy(Cast.Amina).SharedWith(Domain.Access.Audience.Providers);
        await host.Db.Save(need);
        var amina = await host.As(Cast.Amina);
        var wrong = new List<string>();
        var asked = 0;
        foreach (var (name, status, method, address, content) in Cases(need.Reference))
        {
            asked++;
            var answer = await amina.Ask(method, address, content: content);
            if (answer.Status != status)
                wrong.Add($"{name}: {answer.Status} instead of {status}: {(answer.Body.Length > 300 ? answer.Body[..300] : answer.Body)}");
            else if (
                status >= 400
                && (answer.ContentHeaders.ContentType?.MediaType != "application/problem+json" || string.IsNullOrEmpty(answer.Code))
            )
                wrong.Add($"{name}: no problem details: {answer.Body}");
            else if (
                answer.Body.Contains("Portal.", StringComparison.Ordinal)
                || answer.Body.Contains("System.", StringComparison.Ordinal)
                || answer.Body.Contains("   at ", StringComparison.Ordinal)
            )
                wrong.Add($"{name}: tells of its inside: {answer.Body}");
        }
        Assert.True(asked > 200);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
