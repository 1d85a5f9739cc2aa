using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using static Portal.Tests.Api.Calls;

namespace Portal.Tests.Api;

public class HiddenTests
{
    private const string MissingNeed = "NEED-2027-9998";
    private const string MissingProposal = "PROP-2027-9998";
    private const string MissingProgramme = "PRG-2027-9998";

    [Theory, OnSqlite, OnPostgres]
    public async Task Hidden_and_missing_are_the_same_bytes(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var (draft, circulated) = (await host.Need(NeedStatus.Draft), await host.Need(NeedStatus.Circulated, Cast.Rosa));
        var proposal = Cast.ProposalAt(ProposalStatus.Proposed, circulated);
        await host.Db.Save(proposal);
        var version = "\"" + Guid.NewGuid() + "\"";
        var calls = new (HttpMethod Method, string Path, object? Json)[]
        {
            (HttpMethod.Get, "", null),
            (HttpMethod.Get, "/readers", null),
            (HttpMethod.Put, "", NeedJson()),
            (HttpMethod.Put, "", new { }),
            (HttpMethod.Post, "/submit", null),
            (HttpMethod.Post, "/return", new { note = "x" }),
            (HttpMethod.Post, "/return", new { }),
            (HttpMethod.Post, "/authenticate", null),
            (HttpMethod.Post, "/circulate", new { replyBy = "2027-06-01" }),
            (HttpMethod.Post, "/withdraw", new { why = "x" }),
            (HttpMethod.Post, "/confirm", null),
            (HttpMethod.Put, "/consents/providers", new { parts = new[] { "Cost" } }),
            (HttpMethod.Delete, "/consents/providers", null),
            (HttpMethod.Delete, "/files/" + Guid.NewGuid(), null),
            (HttpMethod.Post, "/proposals", ProposalJson()),
            (HttpMethod.Post, "/proposals", new { }),
        };
        foreach (var player in new[] { Cast.Rosa, Cast.Ingrid, Cast.Andrei, Cast.Wei, Cast.Auguste, Cast.Chloe, Cast.Tomas })
        {
            var client = await host.As(player);
            foreach (var (method, path, json) in calls)
                await Same(client, method, $"/api/v1/needs/{draft.Reference}{path}", $"/api/v1/needs/{MissingNeed}{path}", json);
            async Task<Answer> Upload(string reference) =>
                await client.Upload($"/api/v1/needs/{reference}/files", "a.txt", "text"u8.ToArray());
            Assert.Equal((await Upload(MissingNeed)).Everything, (await Upload(draft.Reference)).Everything);
        }
        var programme = Cast.Programme();
        await host.Db.Save(programme);
        foreach (var player in new[] { Cast.Amina, Cast.Kenji, Cast.Fatou, Cast.Andrei, Cast.Tomas, Cast.Wei })
        {
            var client = await host.As(player);
            foreach (
                var (method, path, json) in new (HttpMethod, string, object?)[]
                {
                    (HttpMethod.Get, "", null),
                    (HttpMethod.Put, "", new { }),
                    (HttpMethod.Put, "/sharing", new { }),
                    (HttpMethod.Post, "/start", null),
                    (HttpMethod.Post, "/complete", null),
                    (HttpMethod.Post, "/cancel", new { why = "x" }),
                    (HttpMethod.Post, "/needs", new { need = circulated.Reference }),
                    (HttpMethod.Delete, "/files/" + Guid.NewGuid(), null),
                }
            )
                await Same(
                    client,
                    method,
                    $"/api/v1/programmes/{programme.Reference}{path}",
                    $"/api/v1/programmes/{MissingProgramme}{path}",
                    json
                );
            async Task<Answer> Upload(string reference) =>
                await client.Upload($"/api/v1/programmes/{reference}/files", "a.txt", "text"u8.ToArray());
            Assert.Equal((await Upload(MissingProgramme)).Everything, (await Upload(programme.Reference)).Everything);
        }
        await host.Db.Save(Cast.Profile(Cast.PacificFund));
        await Same(
            await host.As(Cast.Amina),
            HttpMethod.Get,
            "/api/v1/directory/providers/" + Cast.PacificFund.Code,
            "/api/v1/directory/providers/nobody-at-all",
            null
        );
        var offer = Cast.Offer(Cast.PacificFund);
        offer.Close(Cast.Now);
        await host.Db.Save(offer);
        await Same(
            await host.As(Cast.Ingrid),
            HttpMethod.Get,
            "/api/v1/directory/offers/" + offer.Reference,
            "/api/v1/directory/offers/OFFER-2027-9998",
            null
        );
        foreach (var player in new[] { Cast.Amina, Cast.Kenji, Cast.Fatou })
        {
            var client = await host.As(player);
            foreach (
                var (method, path, json) in new (HttpMethod, string, object?)[]
                {
                    (HttpMethod.Get, "", null),
                    (HttpMethod.Put, "", ProposalJson()),
                    (HttpMethod.Post, "/propose", null),
                    (HttpMethod.Post, "/shortlist", null),
                    (HttpMethod.Post, "/accept", new { }),
                    (HttpMethod.Post, "/decline", new { }),
                    (HttpMethod.Post, "/withdraw", new { }),
                }
            )
                await Same(
                    client,
                    method,
                    $"/api/v1/proposals/{proposal.Reference}{path}",
                    $"/api/v1/proposals/{MissingProposal}{path}",
                    json
                );
        }

        async Task Same(HttpClient client, HttpMethod method, string hidden, string missing, object? json)
        {
            var (h, m) = (await client.Ask(method, hidden, json, version), await client.Ask(method, missing, json, version));
            Assert.True(h.Status is 403 or 404 or 422, $"{method} {hidden}: {h.Status} {h.Body}");
            Assert.True(m.Everything == h.Everything, $"{method} {hidden}:\n{h.Everything}\n\n{m.Everything}");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_refused_is_in_the_log_by_person_section_and_hour_and_names_no_record(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var hidden = await host.Need(NeedStatus.Draft);
        var rosa = await host.As(Cast.Rosa);
        foreach (var reference in new[] { hidden.Reference, MissingNeed, hidden.Reference, MissingNeed })
            Assert.Equal(HttpStatusCode.NotFound, (await rosa.GetAsync("/api/v1/needs/" + reference)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await host.As(Cast.Ingrid)).GetAsync("/api/v1/needs/" + MissingNeed)).StatusCode);
        var page = new HttpRequestMessage(HttpMethod.Get, "/audit");
        page.Headers.Accept.ParseAdd("text/html");
        Assert.Equal(HttpStatusCode.Forbidden, (await rosa.SendAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await (await host.As(null)).GetAsync("/api/v1/needs/" + MissingNeed)).StatusCode);
        host.Db.Clock.Advance(TimeSpan.FromHours(1));
        await host.Services.GetRequiredService<Portal.Data.CountedActs>().WriteDown();

        await using var db = await host.Db.AsSystem();
        var entries = await db.AuditEntries.Where(e => e.Code.StartsWith("access.")).OrderBy(e => e.Id).ToListAsync();
        Assert.Equal(
            [
                ("access.nothing_found", Section.Needs, Cast.Rosa.Id, null),
                ("access.nothing_found", Section.Needs, Cast.Ingrid.Id, null),
                ("access.refused", Section.Audit, Cast.Rosa.Id, null),
                ("access.nothing_found", Section.Needs, Cast.Rosa.Id, "+3"),
            ],
            entries.Select(e => (e.Code, e.Section, e.PersonId, e.To))
        );
        Assert.All(entries, e => Assert.Equal(((Guid?)null, (string?)null), (e.RecordId, e.Reference)));
    }

    [Fact]
    public async Task Lists_and_exports_do_not_tell_of_what_is_hidden()
    {
        await using var host = await ApiHost.Start();
        var rosa = await host.As(Cast.Rosa);
        string[] addresses = [.. Access.Specimens.All.SelectMany(s => s.Lists)];
        var before = await Task.WhenAll(addresses.Select(rosa.Get));
        await host.Need(NeedStatus.Circulated);
        await host.Db.Save(Cast.Programme(), Cast.Profile(Cast.PacificFund));
        Assert.Equal(before.Select(a => a.Everything), (await Task.WhenAll(addresses.Select(rosa.Get))).Select(a => a.Everything));
    }

    [Fact]
    public async Task Every_operation_has_a_gate_that_answers_without_a_page()
    {
        await using var host = await ApiHost.Start();
        var (nobody, tomas) = (await host.As(null), await host.As(Cast.Tomas));
        await host.Db.Save(Cast.Denial(Domain.Access.Principal.Person(Cast.Tomas.Id), Domain.Access.Section.Directory));
        var endpoints = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => Covered("/" + e.RoutePattern.RawText!.TrimStart('/')))
            .ToList();
        Assert.True(endpoints.Count > 30, "the API's endpoints were not found");
        foreach (var endpoint in endpoints)
        {
            var open = endpoint.Metadata.OfType<IAllowAnonymous>().Any();
            Assert.True(open || endpoint.Metadata.OfType<IAuthorizeData>().Any(), endpoint.DisplayName);
            if (open)
                continue;
            var address =
                "/"
                + endpoint
                    .RoutePattern.RawText!.TrimStart('/')
                    .Replace("{reference}", MissingNeed)
                    .Replace("{audience}", "providers")
                    .Replace("{code}", "northern-agency")
                    .Replace("{id:guid}", Guid.NewGuid().ToString());
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => HttpMethod.Parse(m)))
            {
                var body = method == HttpMethod.Get || method == HttpMethod.Delete ? null : "{}";
                foreach (var accept in new[] { "application/json", "text/html" })
                {
                    var refused = await nobody.Ask(method, address, body, headers: ("Accept", accept)).Is(401, "request.sign_in");
                    Assert.Null(refused.Headers.Location);
                }
                // One's own views are of no one section: of lists that are closed to one there are none, and none can be saved.
                if (address.TrimEnd('/') == "/api/v1/views")
                {
                    if (method == HttpMethod.Get)
                        Assert.Equal("[]", (await tomas.Ask(method, address, body).Is(200)).Body);
                    else
                        await tomas.Ask(method, address, """{"list":"Needs","name":"Mine","query":""}""").Is(404, "not_found");
                }
                else if (address.StartsWith("/api/v1/views/", StringComparison.Ordinal))
                    await tomas.Ask(method, address, method == HttpMethod.Post ? """{"name":"Mine"}""" : null).Is(404, "not_found");
                // The days on which Headquarters is closed are of no section.
                else if (address == "/api/v1/holidays")
                    await tomas.Ask(method, address, body).Is(200);
                // Who sits where is of no section either, and for CTED and the delegations alone.
                else if (address == "/api/v1/bodies")
                    await tomas.Ask(method, address, body).Is(404, "not_found");
                else if (address.StartsWith("/api", StringComparison.Ordinal))
                    await tomas.Ask(method, address, body).Is(403, "request.closed");
                else if (address == "/access/people/export") // the list of people is an administrator's; this one asks for no format
                    await tomas.Ask(method, address, body, headers: ("Accept", "text/html")).Is(400, "export.format");
                else
                    await tomas.Ask(method, address, body, headers: ("Accept", "text/html")).Is(404, "not_found");
            }
        }
    }

    private static bool Covered(string pattern) =>
        pattern.StartsWith("/api/v1", StringComparison.Ordinal)
        || pattern.StartsWith("/files", StringComparison.Ordinal)
        || pattern.EndsWith("/export", StringComparison.Ordinal);

    [Fact]
    public async Task A_session_that_ended_is_nobody()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        await amina.Get("/api/v1/needs").Is(200);
        host.Db.Clock.Advance(TimeSpan.FromHours(2));
        await amina.Get("/api/v1/needs").Is(401, "request.sign_in");
    }

    [Fact]
    public async Task A_write_from_another_site_is_refused()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        foreach (
            var (name, value, status) in new[]
            {
                ("Sec-Fetch-Site", "cross-site", 403),
                ("Sec-Fetch-Site", "same-site", 403),
                ("Sec-Fetch-Site", "same-origin", 201),
                ("Origin", "https://evil.example", 403),
                ("Origin", "null", 403),
                ("Origin", "http://portal.example.org", 403),
                ("Origin", "https://portal.example.org:8443", 403),
                ("Origin", "https://portal.example.org.evil.example", 403),
                ("Origin", ApiHost.Base, 201),
                ("X-Nothing", "x", 201),
            }
        )
            await amina
                .Ask(HttpMethod.Post, "/api/v1/needs", NeedJson(), headers: (name, value))
                .Is(status, status == 403 ? "request.cross_site" : null);
        var form = new FormUrlEncodedContent([new("title", "x")]);
        await amina.Ask(HttpMethod.Post, "/api/v1/needs", content: form).Is(415, "request.media_type");
        Assert.Equal(
            (int)HttpStatusCode.OK,
            (await amina.Ask(HttpMethod.Get, "/api/v1/needs", headers: ("Sec-Fetch-Site", "cross-site"))).Status
        );
    }
}
