using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Tests.Access;
using Portal.Tests.Api;

namespace Portal.Tests.House;

/// <summary>
/// Every address that the portal answers at, asked with what nobody means: each parameter of its route and of its query, by every name that
/// the code asks for,
/// as somebody who may enter. Nothing fails, nothing is answered with nothing, and nothing is logged as a mishap.
/// </summary>
public sealed partial class MalformedWalkTests
{
    private static readonly string[] Values =
    [
        "x",
        "-1",
        "0",
        "99",
        "2147483648",
        "999999999999999999999999999999",
        "1e400",
        "NaN",
        "1.5",
        "%00",
        "a%00b",
        "%ED%A0%80",
        "%EF%BF%BE",
        "%E2%80%AE",
        "💥",
        "%",
        "%zz",
        "9999-99-99",
        "9999-12-31",
        "0001-01-01",
        "2027-02-30",
        "AAAA%2B%2F%3D",
        "'",
        "%22%3E%3Cscript%3E",
        "..%2F..%2F",
        "a,b,c",
        "00000000-0000-0000-0000-000000000000",
        "KEN,KEN",
        new string('x', 10_000),
        "",
    ];

    private static readonly string[] Bodies =
    [
        "",
        "null",
        "1",
        "\"x\"",
        "[]",
        "{",
        "{}{}",
        "{\"\\ud800\":1}",
        "{\"title\":\"\\u0000\",\"version\":\"\\u0000\",\"note\":\"\\u0000\"}",
        "{\"title\":{},\"language\":[],\"reason\":1e400}",
        new string('[', 5_000),
    ];

    private static readonly string[] Shapes = ["{0}={1}", "{0}={1}&{0}=x", "{0}[]={1}", "{0}[0].x={1}"];

    [GeneratedRegex(
        """\b(?:One|All|AllOf<\w+>|Has|Day|Number|Flag|Text)\("(?<name>\w+)"|\[SupplyParameterFromQuery(?:\(Name = "(?<name>\w+)"\))?\] (?:private|public) \S+ (?<name>\w+)|Query\["(?<name>\w+)"\]|new\("(?<name>\w+)", "[A-Z]|name="(?<name>[a-z]\w*)"|const string \w+ = "(?<name>[a-z]+)";"""
    )]
    private static partial Regex Asked();

    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)(?::[^{}]+)?\??\}")]
    private static partial Regex Parameter();

    private static readonly ILookup<string, string> Names = Sources
        .Of(".cs", ".razor")
        .Where(s => s.Path.StartsWith("Portal/", StringComparison.Ordinal))
        .SelectMany(s => Asked().Matches(s.Text).Select(m => (Room: s.Path.Split('/')[1], Name: m.Groups["name"].Value)))
        .Distinct()
        .ToLookup(x => x.Room, x => x.Name);

    // PostgreSQL, which takes less than SQLite does; every address in turn with a few of the values, all of them with each over the whole.
    [Theory, OnPostgres, Trait("Pace", "Slow")]
    public async Task Whatever_an_address_is_asked_with_it_is_answered(Database database)
    {
        await using var host = await ApiHost.Start(database);
        // Of every kind one, the first of them a circulated need.
        var records = Specimens.Some(new World(4), each: 1);
        await host.Db.Save(records);
        using var mishaps = new Mishaps();
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(mishaps);
        var clients = new List<HttpClient>();
        foreach (var player in new[] { Cast.Andrei, Cast.Amina, Cast.Ingrid, Cast.Malik, Cast.Auguste, Cast.Tomas, Cast.Chloe })
            clients.Add(await host.As(player));
        var parameters = Described(JsonNode.Parse((await clients[0].Get("/openapi/v1.json")).Body)!);
        var all = Names.SelectMany(r => r).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count > 40);

        var wrong = new ConcurrentBag<string>();
        var (asked, turn) = (0, 0);
        var endpoints = host
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => e.Metadata.All(m => m.GetType().Name != "StaticAssetDescriptor"))
            .ToList();
        foreach (var endpoint in endpoints)
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (
                route.StartsWith("/_", StringComparison.Ordinal)
                || OtherLanguages.Any(l => route.StartsWith($"/{l}", StringComparison.Ordinal))
            )
                continue;
            var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
            var good = Parameter().Replace(route, m => Good(route, m.Groups["name"].Value));
            foreach (var method in methods.Where(m => m is "GET" or "PUT" or "POST" or "DELETE"))
            {
                var isGet = method == "GET";
                if (!isGet && !route.StartsWith("/api/", StringComparison.Ordinal))
                    continue; // forms: GuardTests
                var client = isGet ? await Whoever(good) : clients[0];
                // In the route.
                foreach (System.Text.RegularExpressions.Match parameter in Parameter().Matches(route))
                foreach (var value in Some(3).Where(v => v.Length > 0 && !v.Contains("%00", StringComparison.Ordinal))) // which the server itself refuses
                    await Ask(
                        client,
                        method,
                        Parameter().Replace(route, m => m.Index == parameter.Index ? value : Good(route, m.Groups["name"].Value))
                    );
                // In the body.
                if (!isGet)
                {
                    foreach (var body in Enumerable.Range(0, 3).Select(_ => Bodies[turn++ % Bodies.Length]).ToList())
                        await Ask(client, method, good, body);
                    continue;
                }
                // In the query: every name at once, then each by itself.
                var own = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page
                    ? Names[page.Type.Namespace!.Split('.')[1]].Concat(Names["Shell"]).Distinct().ToList()
                    : parameters.GetValueOrDefault(route) ?? (route.StartsWith("/api/", StringComparison.Ordinal) ? [] : all);
                foreach (var value in Some(3))
                    await Ask(
                        client,
                        method,
                        good + "?" + string.Join('&', (value.Length > 100 ? own.Take(1) : own).Select(n => $"{n}={value}"))
                    );
                foreach (var (i, name) in own.Index().Where(n => n.Index % 4 == endpoints.IndexOf(endpoint) % 4))
                    await Ask(
                        client,
                        method,
                        good
                            + "?"
                            + string.Format(
                                System.Globalization.CultureInfo.InvariantCulture,
                                Shapes[i % Shapes.Length],
                                name,
                                Some(1).Single()
                            )
                    );
            }
        }
        Sources.None(wrong.Order(StringComparer.Ordinal).Take(60), $"Of {asked} addresses, those that failed:");
        Assert.True(asked > 1_500, $"{asked} were asked.");

        IEnumerable<string> Some(int count) => Enumerable.Range(0, count).Select(_ => Values[turn++ % Values.Length]).ToList();

        string Good(string route, string name) =>
            // A name that stands behind the plural of a kind is of a record of that kind.
            records.FirstOrDefault(r => route.Contains($"{r.Kind.List}/{{{name}", StringComparison.OrdinalIgnoreCase))
                is { } named
                ? named.Reference
                : Otherwise(route, name);

        string Otherwise(string route, string name) =>
            name.ToLowerInvariant() switch
            {
                "reference" or "needreference" or "need" => records[0].Reference,
                "slug" or "code" or "organisation" => Cast.NorthernAgency.Code,
                "iso3" => "KEN",
                "audience" => "providers",
                "language" => "fr",
                "status" => "404",
                "id" when route.Contains("/people", StringComparison.Ordinal) => Cast.Amina.Id.ToString(),
                "membershipid" => Cast.Amina.Membership.Id.ToString(),
                _ => Cast.Rosa.Id.ToString(),
            };

        async Task<HttpClient> Whoever(string address)
        {
            foreach (var client in clients)
                if ((await client.Ask(HttpMethod.Get, address, headers: ("Accept", "text/html"))).Status == 200)
                    return client;
            return clients[0];
        }

        async Task Ask(HttpClient client, string method, string address, string body = "{}")
        {
            asked++;
            var before = mishaps.All.Count;
            var shown = address.Length > 200 ? address[..200] + "…" : address;
            try
            {
                var answer = await client.Ask(
                    new HttpMethod(method),
                    address,
                    method == "GET" ? null : body,
                    headers: ("Accept", address.StartsWith("/api/", StringComparison.Ordinal) ? "application/json" : "text/html")
                );
                if (answer.Status >= 500)
                    wrong.Add($"{method} {shown}: {answer.Status}");
                else if (answer.Bytes.Length == 0 && answer.Status is not (204 or 301 or 302 or 304 or 307 or 308))
                    wrong.Add($"{method} {shown}: {answer.Status} and nothing");
            }
            catch (Exception e) when (e is not UriFormatException)
            {
                wrong.Add($"{method} {shown}: {e.GetType().Name} {e.Message}");
            }
            if (mishaps.All.Count > before)
                wrong.Add($"{method} {shown}: logged {mishaps.All.Last()}");
        }
    }

    // Five languages have the public pages of the sixth.
    private static readonly string[] OtherLanguages = [.. CrossProductTests.Languages.Except(["en"])];

    // The names of the query of each operation, as its description says.
    private static Dictionary<string, List<string>> Described(JsonNode document) =>
        document["paths"]!
            .AsObject()
            .ToDictionary(
                p => p.Key,
                p =>
                    (p.Value!["get"]?["parameters"]?.AsArray() ?? [])
                        .Select(x =>
                            x!["$ref"] is { } reference ? document["components"]!["parameters"]![((string)reference!).Split('/')[^1]]! : x
                        )
                        .Where(x => (string?)x["in"] == "query")
                        .Select(x => (string)x["name"]!)
                        .ToList()
            );

    private sealed class Mishaps : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                All.Enqueue(
                    $"{formatter(state, exception)} {exception?.GetType().Name}: {exception?.Message} {exception?.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("Portal.", StringComparison.Ordinal))?.Trim()}"
                );
        }
    }
}
