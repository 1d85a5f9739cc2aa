using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Tests.Assessments;
using Portal.Tests.House;

namespace Portal.Tests.Api;

/// <summary>
/// A mistake is said of the member that was sent, by its name there: at every act, for every member that can be too long, too early or too
/// small.
/// </summary>
public sealed class MemberTests
{
    private sealed record Case(Player Who, string Route, string Address, JsonObject Sent, string? Version);

    // What is looked up and not there, or not the sender's, is answered like any wrong address or act.
    private static readonly string[] Excused =
    [
        "/assessments/{reference}/steps edition",
        "/needs/{reference}/threads part",
        "/programmes/{reference}/needs need",
        "/views query",
        "/views/{id:guid} query",
    ];

    // What is read of a file, column by column.
    private const string Columns = "/needs/imports/{id:guid}/columns";

    [Fact]
    public async Task A_mistake_is_said_of_the_member_that_was_sent_at_every_act()
    {
        await using var host = await ApiHost.Start();
        var cases = await Cases(host);
        var wrong = new List<string>();
        foreach (var (route, method, body) in Acts(host))
        {
            var members = body.GetProperties().Where(p => Bad(p.PropertyType) is not null).ToList();
            if (members.Count == 0 || route == Columns)
                continue;
            if (cases.Find(c => c.Route == route) is not { } act)
            {
                wrong.Add($"{route}: nobody does it here");
                continue;
            }
            var client = await host.As(act.Who);
            var names = body.GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToList();
            foreach (var member in members.Select(m => (Name: JsonNamingPolicy.CamelCase.ConvertName(m.Name), Bad: Bad(m.PropertyType))))
            {
                if (Excused.Contains($"{route} {member.Name}"))
                    continue;
                var sent = (JsonObject)act.Sent.DeepClone();
                sent[member.Name] = JsonSerializer.SerializeToNode(member.Bad);
                var answer = await client.Ask(new(method), "/api/v1" + act.Address, sent.ToJsonString(), act.Version);
                var said = answer.Status == 422 && answer.Json["errors"] is JsonObject errors ? errors.Select(e => e.Key).ToList() : [];
                if (!said.Contains(member.Name) || said.Except(names).Any())
                    wrong.Add($"{route} {member.Name}: {answer.Status} {answer.Code} {string.Join(',', said)}");
            }
        }
        Sources.None(wrong, "Mistakes that are said of another member, or of none:");
    }

    private static IEnumerable<(string Route, string Method, Type Body)> Acts(ApiHost host) =>
        from endpoint in host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        let route = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        let body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType
        where route.StartsWith("/api/v1/", StringComparison.Ordinal) && body is not null && !body.IsAssignableTo(typeof(IContent))
        let act = route["/api/v1".Length..]
        // Threads are the same on every kind.
        where act.StartsWith("/needs", StringComparison.Ordinal) || !(act.Contains("/threads") || act.Contains("/messages"))
        select (act, endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0], body);

    private static object? Bad(Type type) =>
        type == typeof(string) ? new string('x', 30_000)
        : Nullable.GetUnderlyingType(type) == typeof(DateOnly) ? "1999-01-01"
        : Nullable.GetUnderlyingType(type) == typeof(int) ? -1
        : Nullable.GetUnderlyingType(type) == typeof(decimal) ? -1
        : null;

    private static async Task<List<Case>> Cases(ApiHost host)
    {
        var cases = new List<Case>();
        void Add(Player who, string route, string reference, object sent, string? id = null, string? version = null) =>
            cases.Add(
                new(
                    who,
                    route,
                    route.Replace("{reference}", reference, StringComparison.Ordinal).Replace("{id:guid}", id, StringComparison.Ordinal),
                    JsonSerializer.SerializeToNode(sent)!.AsObject(),
                    version
                )
            );
        var (submitted, authenticated, circulated, delivering, matched) = (
            Cast.NeedAt(NeedStatus.Submitted),
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency),
            Cast.NeedAt(NeedStatus.Circulated),
            Cast.NeedAt(NeedStatus.InDelivery),
            Cast.NeedAt(NeedStatus.Circulated)
        );
        var (proposed, accepted) = (
            Cast.ProposalAt(ProposalStatus.Proposed, circulated),
            Cast.ProposalAt(ProposalStatus.Accepted, matched)
        );
        var programme = Cast.Programme();
        var (drafted, reviewed, ready, before, taken, sent) = (
            DossierCast.At(DossierStage.Drafting),
            DossierCast.At(DossierStage.Review),
            DossierCast.At(DossierStage.Ready),
            DossierCast.At(DossierStage.Subcommittee),
            DossierCast.At(DossierStage.Committee),
            DossierCast.At(DossierStage.Sent)
        );
        taken.TakeUp(Cast.Hamid, "412th meeting", Cast.Now);
        var (asked, reported) = (
            RecommendationCast.At(RecommendationStage.Asked, of: sent),
            RecommendationCast.At(RecommendationStage.Reported, of: sent)
        );
        await host.Db.Save([
            submitted,
            authenticated,
            circulated,
            delivering,
            matched,
            Cast.Offer(Cast.PacificFund),
            proposed,
            accepted,
            programme,
            drafted,
            reviewed,
            ready,
            before,
            taken,
            sent,
            asked,
            reported,
        ]);
        var (ingrid, andrei) = (await host.As(Cast.Ingrid), await host.As(Cast.Andrei));
        var says = new { text = "How many?", language = "en" };
        var question = await ingrid.Post($"/api/v1/needs/{circulated.Reference}/questions", says).Is(200);
        var milestone = await ingrid
            .Post($"/api/v1/proposals/{accepted.Reference}/milestones", new { title = "First", dueOn = "2027-06-01" })
            .Is(200);
        var begins = new
        {
            part = "Inner",
            title = "The cost",
            text = "?",
            language = "en",
        };
        var thread = await andrei.Post($"/api/v1/needs/{circulated.Reference}/threads", begins).Is(201);
        var (questionId, milestoneId) = ((string)question.Json["questions"]![0]!["id"]!, (string)milestone.Json["milestones"]![0]!["id"]!);
        var (threadId, messageId) = ((string)thread.Json["id"]!, (string)thread.Json["messages"]![0]!["id"]!);
        var letter = await (await host.As(Cast.Amina)).Get("/api/v1/assessments/" + sent.Reference).Is(200);
        await (await host.As(Cast.Amina))
            .Post($"/api/v1/needs/{delivering.Reference}/follow-up/delivered", new { day = "2027-03-01" })
            .Is(200);
        var kept = await andrei
            .Post(
                "/api/v1/views",
                new
                {
                    list = "Needs",
                    name = "Mine",
                    query = "status=Draft",
                }
            )
            .Is(201);
        const string needs = "/needs/{reference}",
            proposals = "/proposals/{reference}",
            dossiers = "/assessments/{reference}";
        const string recommendations = "/recommendations/{reference}";
        Add(Cast.Andrei, needs + "/return", submitted.Reference, new { });
        Add(Cast.Andrei, needs + "/circulate", authenticated.Reference, new { });
        Add(Cast.Amina, needs + "/withdraw", submitted.Reference, new { });
        Add(Cast.Ingrid, needs + "/questions", circulated.Reference, says);
        Add(Cast.Amina, needs + "/questions/{id:guid}/answer", circulated.Reference, says, questionId);
        Add(Cast.Kenji, needs + "/not-now", circulated.Reference, new { reason = "Funds" });
        Add(Cast.Andrei, needs + "/reply-by", circulated.Reference, new { });
        Add(Cast.Andrei, needs + "/reply/send", circulated.Reference, new { });
        Add(Cast.Amina, needs + "/follow-up/delivered", delivering.Reference, new { });
        Add(Cast.Amina, needs + "/follow-up/conclude", delivering.Reference, new { outcome = "Met" });
        Add(Cast.Andrei, needs + "/threads", circulated.Reference, begins);
        Add(Cast.Andrei, needs + "/threads/{id:guid}/messages", circulated.Reference, says, threadId);
        Add(Cast.Andrei, needs + "/messages/{id:guid}", circulated.Reference, new { }, messageId);
        Add(Cast.Kenji, "/matches/{reference}/not-for-us", circulated.Reference, new { reason = "Budget" });
        Add(Cast.Amina, proposals + "/accept", proposed.Reference, new { });
        Add(Cast.Amina, proposals + "/decline", proposed.Reference, new { });
        Add(Cast.Ingrid, proposals + "/withdraw", proposed.Reference, new { });
        Add(Cast.Ingrid, proposals + "/milestones", accepted.Reference, new { title = "Second", dueOn = "2027-06-01" });
        Add(Cast.Ingrid, proposals + "/milestones/{id:guid}/deliver", accepted.Reference, new { }, milestoneId);
        Add(Cast.Ingrid, "/programmes/{reference}/cancel", programme.Reference, new { });
        Add(Cast.Ingrid, "/programmes/{reference}/needs", programme.Reference, new { });
        Add(Cast.Chloe, dossiers + "/quality", reviewed.Reference, new { passes = false });
        Add(Cast.Dorothea, dossiers + "/circulate", ready.Reference, new { });
        Add(Cast.Tuan, dossiers + "/steps", before.Reference, new { act = "Remark" });
        Add(Cast.Dorothea, dossiers + "/extend", before.Reference, new { });
        Add(Cast.Dorothea, dossiers + "/take-up", before.Reference, new { });
        Add(Cast.Hamid, dossiers + "/decide", taken.Reference, new { agreed = false });
        Add(Cast.Dorothea, dossiers + "/recall", before.Reference, new { });
        Add(
            Cast.Amina,
            dossiers + "/answer",
            sent.Reference,
            new
            {
                language = "en",
                answers = Array.Empty<object>(),
                submit = false,
            },
            version: $"\"{letter.Version}\""
        );
        Add(Cast.Leila, dossiers + "/abandon", drafted.Reference, new { });
        Add(Cast.Leila, recommendations + "/verify", reported.Reference, new { found = "Verified" });
        Add(Cast.Leila, recommendations + "/due", asked.Reference, new { dueOn = "2028-06-01" });
        Add(Cast.Dorothea, recommendations + "/drop", asked.Reference, new { });
        Add(Cast.Andrei, "/views", "", new { list = "Needs", query = "status=Draft" });
        Add(Cast.Andrei, "/views/{id:guid}", "", new { }, (string)kept.Json["id"]!);
        return cases;
    }
}
