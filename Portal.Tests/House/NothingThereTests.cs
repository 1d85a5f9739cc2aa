using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Demonstration;
using Portal.Tests.Api;

namespace Portal.Tests.House;

/// <summary>
/// A page of something that is not there, or not for the reader, answers as an address that leads nowhere does, in its frame and in the
/// reader's language.
/// </summary>
public sealed partial class NothingThereTests
{
    private static readonly Guid Nothing = new("019a0000-0000-7000-8000-000000000000");
    private static readonly string[] Routes = [.. CrossProductTests.AllRoutes.Where(r => r.Contains('{'))];

    // By a name that nothing has.
    private static string Named(string route) =>
        Parameter()
            .Replace(
                route,
                m =>
                    m.Groups["name"].Value.ToLowerInvariant() switch
                    {
                        "id" or "membershipid" => Nothing.ToString(),
                        "iso3" => "QQQ",
                        "status" => "404",
                        "token" => new string('A', 43),
                        _ => "NEED-2001-9999",
                    }
            );

    [GeneratedRegex(@"\{(?<name>\w+)(?::\w+)?\}")]
    private static partial Regex Parameter();

    [Fact, Trait("Pace", "Slow")]
    public async Task Every_page_that_takes_a_name_answers_404_where_nothing_has_it()
    {
        await using var host = await CrossHost.Start();
        var lookers = new List<(Looker Who, HttpClient Client)> { await host.As(null) };
        foreach (var place in DemonstrationCast.All.DistinctBy(p => p.Role))
            lookers.Add(await host.As(place));
        var wrong = new List<string>();
        foreach (
            var address in Routes
                .Select(Named)
                .Append("/account/reset?token=" + new string('A', 43))
                .Append("/not-found")
                .Append("/providers/norad/offers/OFFER-2001-9999/edit")
        )
        {
            var found = new List<int>();
            foreach (var (who, client) in lookers)
            {
                var answer = await client.Ask(HttpMethod.Get, address, headers: ("Accept", "text/html"));
                found.Add(answer.Status);
                // Whoever may not enter at all is told so before it is looked for.
                if (
                    answer.Status is not (403 or 404)
                    && answer.Headers.Location?.OriginalString.StartsWith("/account/", StringComparison.Ordinal) != true
                )
                    wrong.Add($"{address} answers {answer.Status} to {who}");
                if (
                    answer.Status == 404
                    && (
                        answer.ContentHeaders.ContentType?.MediaType != "text/html"
                        || !answer.Body.Contains("<h1", StringComparison.Ordinal)
                    )
                )
                    wrong.Add($"{address} says nothing to {who}");
            }
            if (!found.Contains(404))
                wrong.Add($"{address} is looked for by nobody");
        }
        Sources.None(wrong, "Pages that do not answer as an address that leads nowhere:");
        Assert.True(Routes.Length > 20);
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task What_is_hidden_is_answered_as_what_is_missing_in_the_frame_and_language_of_the_reader()
    {
        await using var host = await CrossHost.Start();
        var (_, kenya) = await host.As(Of("focal.ken@demo.example"));
        var (_, norad) = await host.As(Of("manager.norad@demo.example"));
        var (_, jica) = await host.As(Of("manager.jica@demo.example"));
        var import = (string)(await norad.Upload("/api/v1/programmes/imports", "programmes.csv", "Title\nA\n"u8.ToArray())).Json["id"]!;
        Guid person,
            place,
            manager;
        string draft;
        await using (var db = await host.AsSystem())
        {
            person = (await db.Users.SingleAsync(u => u.Email == "contributor.norad@demo.example")).Id;
            place = (await db.Memberships.SingleAsync(m => m.PersonId == person)).Id;
            manager = (await db.Users.SingleAsync(u => u.Email == "focal.ken@demo.example")).Id;
            draft = (
                await db
                    .Needs.OrderBy(n => n.Reference)
                    .FirstAsync(n => n.Status == Domain.Assistance.NeedStatus.Draft && n.StateIso3 != "KEN")
            ).Reference;
        }
        foreach (
            var (reader, address, name, missing) in new (HttpClient, string, string, string)[]
            {
                (kenya, "/access/people/*", person.ToString(), Nothing.ToString()),
                (kenya, $"/access/people/*/transfer/{place}", person.ToString(), Nothing.ToString()),
                (kenya, $"/access/people/{manager}/transfer/*", place.ToString(), Nothing.ToString()),
                (jica, "/programmes/import/*", import, Nothing.ToString()),
                (jica, "/providers/*/edit", "norad", "qqqqq"),
                (jica, "/providers/*/offers/new", "norad", "qqqqq"),
                (norad, "/needs/*", draft, "NEED-2001-9999"),
                (kenya, "/needs/*/edit", draft, "NEED-2001-9999"),
                (kenya, "/needs/*/reply", draft, "NEED-2001-9999"),
                (norad, "/needs/*/propose", draft, "NEED-2001-9999"),
                (norad, "/trace/*", draft, "NEED-2001-9999"),
            }
        )
        {
            foreach (var (language, words) in new[] { ("en", "Not found"), ("fr", "Introuvable"), ("ar", "غير موجود") })
            {
                var (hidden, nothing) = (await Ask(name), await Ask(missing));
                Assert.True(hidden.Status == 404, $"{address} answers {hidden.Status}");
                Assert.Equal(CrossWalk.Comparable(nothing, missing), CrossWalk.Comparable(hidden, name));
                Assert.Contains($"<h1 tabindex=\"-1\">{words}</h1>", System.Net.WebUtility.HtmlDecode(hidden.Body));
                Assert.Contains("class=\"shell-nav\"", hidden.Body);

                Task<Answer> Ask(string of)
                {
                    reader.DefaultRequestHeaders.AcceptLanguage.Clear();
                    reader.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
                    return reader.Ask(HttpMethod.Get, address.Replace("*", of), headers: ("Accept", "text/html"));
                }
            }
        }
        // What is there is found.
        Assert.Equal(200, (await kenya.Ask(HttpMethod.Get, "/access/people/" + manager, headers: ("Accept", "text/html"))).Status);
        Assert.Equal(200, (await norad.Ask(HttpMethod.Get, "/programmes/import/" + import, headers: ("Accept", "text/html"))).Status);
    }

    private static Place Of(string email) => DemonstrationCast.All.First(p => p.Email == email);
}
