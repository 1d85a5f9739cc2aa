using System.Text.Json.Nodes;

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

    [Fact]
    public async Task Reference_data_is_open()
    {
        await using var host = await ApiHost.Start();
        var nobody = await host.As(null);
        Assert.Equal(193, (await nobody.Get("/api/v1/states").Is(200)).Json.AsArray().Count);
        var kenya = (await nobody.Get("/api/v1/states/ken").Is(200)).Json;
        Assert.Equal(("KEN", "Africa", "肯尼亚"), ((string?)kenya["iso3"], (string?)kenya["region"], (string?)kenya["names"]!["zh-Hans"]));
        await nobody.Get("/api/v1/states/XXX").Is(404, "not_found");
        foreach (var table in new[] { "themes", "modalities", "sectors", "paragraphs" })
            Assert.NotEmpty((JsonArray)(await nobody.Get("/api/v1/" + table).Is(200)).Json);
    }
}
