using System.Text.Json.Nodes;
using Portal.Tests.House;

namespace Portal.Tests.Api;

public class DescriptionTests
{
    [Fact]
    public async Task The_description_is_whole()
    {
        await using var host = await ApiHost.Start();
        var document = (await (await host.As(null)).Get("/openapi/v1.json").Is(200)).Json;
        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        var operations = document["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Path: p.Key, Method: o.Key, Operation: o.Value!)))
            .ToList();
        Assert.True(operations.Count >= 30);
        Assert.All(
            operations,
            o =>
            {
                Assert.False(string.IsNullOrEmpty((string?)o.Operation["operationId"]), o.Path);
                Assert.False(string.IsNullOrEmpty((string?)o.Operation["summary"]), o.Path);
                Assert.Contains(
                    o.Operation["responses"]!.AsObject(),
                    r => r.Key.StartsWith('4') && r.Value!["content"]!["application/problem+json"] is not null
                );
                Assert.Contains(o.Operation["responses"]!.AsObject(), r => r.Key.StartsWith('2'));
                Assert.Equal(
                    o.Method is "put" || (o.Method is "post" && o.Operation["responses"]!["415"] is not null),
                    o.Operation["requestBody"] is not null
                );
            }
        );
        Assert.Equal(operations.Count, operations.Select(o => (string)o.Operation["operationId"]!).Distinct().Count());
        var schemas = document["components"]!["schemas"]!.AsObject();
        Assert.DoesNotContain(schemas, s => s.Key is "Need" or "Proposal" or "Consent" or "PortalUser");
        Assert.Equal(["ar", "zh-Hans", "en", "fr", "ru", "es"], schemas["Language"]!["enum"]!.AsArray().Select(v => (string)v!));
    }

    /// <summary>
    /// What programs rely on, a line for each operation and each member, is what it was: a change is made here on purpose, or it is a fault.
    /// </summary>
    [Fact]
    public async Task Programs_find_what_they_found_before()
    {
        await using var host = await ApiHost.Start();
        var document = (await (await host.As(null)).Get("/openapi/v1.json").Is(200)).Json;
        var (said, now) = (
            await File.ReadAllLinesAsync(Path.Combine(Sources.Root, "Portal.Tests/Api/openapi.txt")),
            Lines(document).ToList()
        );
        var changed = said.Except(now).Select(l => "- " + l).Concat(now.Except(said).Select(l => "+ " + l)).Order(ByLine).ToList();
        Assert.True(changed.Count == 0, $"What openapi.txt says of the API, and what the API says now:\n{string.Join('\n', changed)}");
    }

    private static readonly Comparer<string> ByLine = Comparer<string>.Create(
        (a, b) => string.CompareOrdinal(a[2..] + a[0], b[2..] + b[0])
    );

    private static IEnumerable<string> Lines(JsonNode document)
    {
        foreach (var (path, operations) in document["paths"]!.AsObject())
        foreach (var (method, operation) in operations!.AsObject())
        {
            var id = (string)operation!["operationId"]!;
            yield return $"{id} {method.ToUpperInvariant()} {path}";
            foreach (var p in operation["parameters"]?.AsArray() ?? [])
                yield return $"{id} {p!["in"]}:{p["name"]} {Said(p["schema"])}";
            foreach (var (_, content) in operation["requestBody"]?["content"]!.AsObject() ?? [])
                yield return $"{id} < {Said(content!["schema"])}";
            foreach (var (status, answer) in operation["responses"]!.AsObject().Where(r => r.Key[0] == '2'))
                yield return $"{id} > {status} {Said(answer!["content"]?.AsObject().First().Value!["schema"])}".TrimEnd();
            yield return $"{id} ! {string.Join(' ', operation["responses"]!.AsObject().Select(r => r.Key).Where(k => k[0] != '2').Order())}";
        }
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
            if (schema!["properties"] is JsonObject members)
                foreach (var (member, of) in members)
                    yield return $"{name}.{member}{(schema["required"]?.AsArray().Any(r => (string?)r == member) == true ? "!" : "")} {Said(of)}";
            else
                yield return $"{name} {Said(schema)}";
    }

    // A schema in a word: its type, whether null is one of its values, and its bounds.
    private static string Said(JsonNode? schema)
    {
        if (schema is null)
            return "";
        if ((string?)schema["$ref"] is { } to)
            return to.Split('/')[^1];
        if (schema["oneOf"] is JsonArray any)
            return string.Concat(any.Where(s => (string?)s!["type"] != "null").Select(Said)) + (any.Count > 1 ? "?" : "");
        var types = schema["type"] is JsonArray many ? many.Select(t => (string)t!).ToList() : [(string?)schema["type"] ?? ""];
        var type = types.Find(t => t != "null") ?? "";
        var word = type switch
        {
            "array" => Said(schema["items"]) + "[]",
            "object" when schema["additionalProperties"] is JsonObject of => $"{{{Said(of)}}}",
            _ when schema["enum"] is JsonArray values => $"({string.Join('|', values.Select(v => (string?)v))})",
            _ => type + ((string?)schema["format"] is { } format ? ":" + format : ""),
        };
        return word + (types.Contains("null") ? "?" : "") + (schema["maxLength"] is { } most ? $" ≤{most}" : "");
    }

    [Fact]
    public async Task No_operation_takes_a_parameter_that_it_does_not_know()
    {
        await using var host = await ApiHost.Start();
        var andrei = await host.As(Cast.Andrei);
        var paths = (await andrei.Get("/openapi/v1.json").Is(200)).Json["paths"]!.AsObject().Where(p => p.Value!["get"] is not null);
        var asked = 0;
        foreach (var (path, operations) in paths)
        {
            var address = path.Replace("{iso3}", "KEN", StringComparison.Ordinal)
                .Replace("{reference}", "NEED-2027-0001", StringComparison.Ordinal)
                .Replace("{code}", "org:2", StringComparison.Ordinal)
                .Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal);
            if ((int)(await andrei.Get(address)).Status == 403)
                continue;
            var answer = await andrei.Get(address + "?stat=KEN");
            Assert.True(answer.Status == 400, $"{path}: {answer.Status}");
            Assert.Equal("field.unknown_parameter", (string?)answer.Json["errors"]!["stat"]![0]!["code"]);
            asked++;
        }
        Assert.True(asked > 20, $"{asked} operations were asked.");
    }

    [Fact]
    public async Task Reference_data_is_open()
    {
        await using var host = await ApiHost.Start();
        var nobody = await host.As(null);
        Assert.Equal(193, (await nobody.Get("/api/v1/states").Is(200)).Json.AsArray().Count);
        var kenya = (await nobody.Get("/api/v1/states/ken").Is(200)).Json;
        Assert.Equal(("KEN", "Africa", "肯尼亚"), ((string?)kenya["iso3"], (string?)kenya["region"], (string?)kenya["names"]!["zh-Hans"]));
        await nobody.Get("/api/v1/states/XXX").Is(404, "not_found");
        foreach (var table in new[] { "themes", "modalities", "sectors", "paragraphs", "topics", "ratings" })
            Assert.NotEmpty((JsonArray)(await nobody.Get("/api/v1/" + table).Is(200)).Json);
        var topics = (JsonArray)(await nobody.Get("/api/v1/topics").Is(200)).Json;
        var documents = topics.Single(t => (string?)t!["code"] == "1373:2(g)/documents")!;
        Assert.Equal(
            ("1373:2(g)", "BORDER_PERSONS", "身份和旅行证件"),
            ((string?)documents["paragraph"], (string?)documents["theme"], (string?)documents["names"]!["zh-Hans"])
        );
        Assert.Equal(6, documents["requirements"]!.AsObject().Count);
    }
}
