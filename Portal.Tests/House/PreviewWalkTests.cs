using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain.Access;
using Portal.Tests.Access;
using Portal.Tests.Api;

namespace Portal.Tests.House;

/// <summary>
/// An access manager looks as each role of the demonstration, at every page, with every record asked for by name: the pages open, the
/// navigation and
/// the counts are those of the people themselves, and nothing that the manager may not read is told. Every text of every record is unlike
/// every other.
/// </summary>
public sealed partial class PreviewWalkTests
{
    private static readonly string[] Languages = ["ar", "zh-hans", "en", "fr", "ru", "es"];
    private static readonly string[] Pages =
    [
        .. typeof(PortalDb)
            .Assembly.GetTypes()
            .SelectMany(t => t.GetCustomAttributes<RouteAttribute>(false))
            .Select(r => r.Template)
            .Where(r => !r.Contains('{') && !Languages.Contains(r.Split('/')[1]))
            .Order(StringComparer.Ordinal),
    ];

    [Fact, Trait("Pace", "Slow")]
    public async Task Whoever_looks_as_others_gets_their_pages_and_counts_and_no_content_of_theirs()
    {
        await using var host = await CrossHost.Start();
        CrossRows rows;
        await using (var db = await host.AsSystem())
            rows = await CrossRows.Of(db);
        var places = DemonstrationCast.All.DistinctBy(p => p.Role).ToList();
        Assert.Equal(Enum.GetValues<Role>().Length, places.Count);
        var pairs = new List<(Place Place, HttpClient Own, Looker Manager, HttpClient Looking)>();
        foreach (var place in places)
        {
            var (_, own) = await host.As(place);
            var (manager, looking) = await host.LookingAs(place);
            pairs.Add((place, own, manager, looking));
        }
        var findings = new ConcurrentBag<string>();
        var (checks, pages) = (0, 0);
        await Parallel.ForEachAsync(
            pairs,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (pair, _) =>
            {
                var walk = new CrossWalk(rows, pair.Manager, pair.Looking, findings);
                Assert.EndsWith("/home", (await pair.Looking.Ask(HttpMethod.Get, ViewAsDoor.Page)).Headers.Location?.OriginalString);
                // Their own account, and where it is begun, they are led away from.
                foreach (var route in Pages.Where(r => !r.StartsWith("/account", StringComparison.Ordinal) && r != ViewAsDoor.Page))
                {
                    // What others do between the two questions is in the log that both count: then they are asked again.
                    var (seen, theirs) = (await Seen(), await Theirs());
                    for (
                        var again = 0;
                        again < 20
                            && Alike.Any(a => Part(a.Pattern, seen.Body) != Part(a.Pattern, theirs.Body))
                            && !ViewAsDoor.Withholds(route);
                        again++
                    )
                        (seen, theirs) = (await Seen(), await Theirs());
                    async Task<Answer> Seen() => (await walk.Ask(route)).Answer;
                    Task<Answer> Theirs() => pair.Own.Ask(HttpMethod.Get, route, headers: ("Accept", "text/html"));
                    Interlocked.Increment(ref pages);
                    // What is withheld says so before it is looked for.
                    if (seen.Status != theirs.Status && !(ViewAsDoor.Withholds(route) && theirs.Status == 404))
                        findings.Add($"{pair.Place.Role}: {route} answers {seen.Status}, to them {theirs.Status}");
                    if (seen.Status == 200 && !seen.Body.Contains("frame-viewas", StringComparison.Ordinal))
                        findings.Add($"{pair.Place.Role}: {route} has no frame");
                    // What is withheld says so, and shows no number at all.
                    var withheld = ViewAsDoor.Withholds(route);
                    if (withheld && seen.Status == 200 && !seen.Body.Contains("#eye-off", StringComparison.Ordinal))
                        findings.Add($"{pair.Place.Role}: {route} does not say that it is withheld");
                    foreach (var (what, pattern) in Alike.Where(a => !withheld || a.What == "navigation"))
                    {
                        var (a, b) = (Part(pattern, seen.Body), Part(pattern, theirs.Body));
                        // A section may be asked for by people, not by a place.
                        if (a != b)
                            findings.Add($"{pair.Place.Role}: {route}: {what} is «{a}», theirs is «{b}»");
                    }
                }
                foreach (var address in Addresses(rows, pairs.IndexOf(pair)))
                    await walk.Ask(address);
                Interlocked.Add(ref checks, walk.Checks);
            }
        );
        Assert.True(
            findings.IsEmpty,
            $"{findings.Count} findings in {checks} checks:\n{string.Join('\n', findings.Order(StringComparer.Ordinal).Take(40))}"
        );
        Assert.True(checks > 2_000 && pages > 300, $"Only {checks} checks on {pages} pages.");
    }

    /// <summary>What of a page is theirs to the letter.</summary>
    private static readonly (string What, Regex Pattern)[] Alike =
    [
        ("navigation", Navigation()),
        ("the figures", Figures()),
        ("the count", Count()),
    ];

    private static string Part(Regex pattern, string body) =>
        Blanks().Replace(string.Join(' ', pattern.Matches(body).Select(m => m.Value)), " ");

    [GeneratedRegex("<nav class=\"shell-nav\".*?</nav>", RegexOptions.Singleline)]
    private static partial Regex Navigation();

    [GeneratedRegex("<ul class=\"stats\".*?</ul>", RegexOptions.Singleline)]
    private static partial Regex Figures();

    [GeneratedRegex("<span class=\"list-count\".*?</span>", RegexOptions.Singleline)]
    private static partial Regex Count();

    [GeneratedRegex(@"\s+|<!--.*?-->")]
    private static partial Regex Blanks();

    // Every record by name, each in the eyes of a quarter of the roles, on every page that takes one; lists asked in every way; what
    // programs and downloads are for.
    private static IEnumerable<string> Addresses(CrossRows rows, int turn)
    {
        foreach (var (i, record) in rows.Records.Index().Where(r => r.Index % 4 == turn % 4))
        {
            yield return record.Kind.Path(record.Reference);
            yield return "/access/view-as/" + record.Id;
            if (i % 8 < 4)
                yield return Specimens.Of(record).Path + record.Reference;
        }
        foreach (var need in rows.Needs.Where(n => n.Number % 4 == turn % 4))
        {
            yield return "/trace/" + need.Reference;
            if (need.Number % 8 > 3)
                continue;
            foreach (var way in new[] { "/edit", "/translate", "/propose" })
                yield return $"/needs/{need.Reference}{way}";
            yield return "/search?q=" + CrossRows.Mark("nt", need.Number);
            foreach (var file in need.Files)
                yield return "/files/" + file.Id;
        }
        foreach (var list in Specimens.All.Where(s => s.ListedAs == s.Kind))
        {
            foreach (var query in new[] { "pageSize=200", "q=zqk", "status=Draft&sort=State", "state=KEN&page=2&pageSize=10" })
                yield return $"{list.Kind.List}?{query}";
            yield return list.Path.TrimEnd('/');
            yield return list.Export + "?format=csv";
            yield return list.Export + "?format=xlsx";
        }
        foreach (var address in new[] { "/audit/export?format=csv", "/audit?q=NEED", "/en" })
            yield return address;
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task No_address_does_anything_in_a_preview_but_stopping_it_and_leaving()
    {
        await using var host = await CrossHost.Start();
        var (_, looking) = await host.LookingAs(DemonstrationCast.All.First(p => p.Role == Role.FocalPoint));
        var refused = 0;
        foreach (
            var (pattern, method) in host.Endpoints().Distinct().Where(e => !e.Pattern.StartsWith("/_blazor", StringComparison.Ordinal))
        )
        {
            var address = Parameter()
                .Replace(
                    pattern,
                    m =>
                        m.Value.Contains(":guid", StringComparison.Ordinal) ? "019a0000-0000-7000-8000-000000000000"
                        : m.Value.Contains(":int", StringComparison.Ordinal) ? "404"
                        : "NEED-2026-0001"
                );
            var answer = await looking.Ask(new HttpMethod(method), address, headers: ("Accept", "text/html"));
            var isDownload = Portal.Api.ApiGuard.Covers(address) || address.Contains("/import/template", StringComparison.Ordinal);
            if (method is "GET" or "HEAD" && !isDownload)
            {
                if (address.StartsWith("/account", StringComparison.Ordinal) && address is not ("/account/view-as" or "/account/sign-out"))
                    Assert.True(
                        answer.Status == 302
                            && answer.Headers.Location?.OriginalString.EndsWith("/account/view-as", StringComparison.Ordinal) == true,
                        $"{method} {address}: {answer.Status} {answer.Headers.Location}"
                    );
                continue;
            }
            // Without the token of its form even these two do nothing.
            if (address is "/account/view-as" or "/account/sign-out")
            {
                Assert.InRange(answer.Status, 400, 499);
                continue;
            }
            Assert.True(answer.Status == (int)HttpStatusCode.Forbidden, $"{method} {address}: {answer.Status}");
            if (Portal.Api.ApiGuard.Covers(address))
                Assert.Equal("viewing.read_only", answer.Code);
            refused++;
        }
        Assert.True(refused > 60, $"Only {refused} were refused.");
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
