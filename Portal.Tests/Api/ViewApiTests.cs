using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Identity;

namespace Portal.Tests.Api;

/// <summary>Saved views, for programs: of the membership acted under, of the lists that are open to it.</summary>
public sealed class ViewApiTests
{
    private const string Views = "/api/v1/views";

    [Theory, OnSqlite, OnPostgres]
    public async Task A_view_is_saved_changed_and_forgotten_by_its_membership_alone(Database database)
    {
        await using var host = await ApiHost.Start(database);
        await host.Need(NeedStatus.Circulated);
        var (amina, otieno, fatou) = (await host.As(Cast.Amina), await host.As(Cast.Otieno), await host.As(Cast.Fatou));
        var saved = (
            await amina
                .Post(
                    Views,
                    new
                    {
                        list = "Needs",
                        name = "Circulated",
                        query = "?status=Circulated&page=3",
                    }
                )
                .Is(201)
        ).Json;
        Assert.Equal(
            ("Needs", "Circulated", "status=Circulated", false),
            ((string?)saved["list"], (string?)saved["name"], (string?)saved["query"], (bool)saved["tellsNew"]!)
        );
        await amina
            .Post(
                Views,
                new
                {
                    list = "Needs",
                    name = "circulated",
                    query = "status=Draft",
                }
            )
            .Is(409, "view.name_taken");
        await amina
            .Post(
                Views,
                new
                {
                    list = "Needs",
                    name = " ",
                    query = "status=Draft",
                }
            )
            .Is(422, "field.required");
        await amina.Post(Views, new { name = "None", query = "status=Draft" }).Is(422, "field.required");
        var address = $"{Views}/{saved["id"]}";
        var changed = (
            await amina
                .Post(
                    address,
                    new
                    {
                        name = "In circulation",
                        isDefault = true,
                        tellsNew = true,
                    }
                )
                .Is(200)
        ).Json;
        Assert.Equal(("In circulation", true, true), ((string?)changed["name"], (bool)changed["isDefault"]!, (bool)changed["tellsNew"]!));
        var directory = (
            await amina
                .Post(
                    Views,
                    new
                    {
                        list = "Providers",
                        name = "Finance",
                        query = "theme=CFT",
                    }
                )
                .Is(201)
        ).Json;
        await amina.Post($"{Views}/{directory["id"]}", new { tellsNew = true }).Is(409, "view.cannot_tell");
        Assert.Equal(2, (await amina.Get(Views).Is(200)).Json.AsArray().Count);
        Assert.Single((await amina.Get(Views + "?list=Needs").Is(200)).Json.AsArray());
        await amina.Get(Views + "?list=Nothing").Is(400, "request.parameters");

        Assert.Empty((await otieno.Get(Views).Is(200)).Json.AsArray());
        await otieno.Post(address, new { name = "Mine" }).Is(404);
        await otieno.Delete(address).Is(404);
        // A list that is closed to somebody has no views for them.
        await fatou
            .Post(
                Views,
                new
                {
                    list = "Proposals",
                    name = "All of them",
                    query = "status=Proposed",
                }
            )
            .Is(404);
        await amina.Delete(address).Is(204);
        await amina.Delete(address).Is(404);
        await (await host.As(null)).Get(Views).Is(401);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_finds_the_views_of_its_sections(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var amina = await host.As(Cast.Amina);
        await amina
            .Post(
                Views,
                new
                {
                    list = "Needs",
                    name = "Drafts",
                    query = "status=Draft",
                }
            )
            .Is(201);
        var other = (
            await amina
                .Post(
                    Views,
                    new
                    {
                        list = "Proposals",
                        name = "Proposed",
                        query = "status=Proposed",
                    }
                )
                .Is(201)
        ).Json;
        async Task<HttpClient> With(bool mayWrite)
        {
            await using var db = await host.Db.AsSystem();
            var session = new Session
            {
                KeyHash = Guid.NewGuid().ToString("N"),
                PersonId = Cast.Amina.Id,
                MembershipId = Cast.Amina.Membership.Id,
                CreatedAt = host.Db.Now,
                CheckedAt = host.Db.Now,
                LastSeenAt = host.Db.Now,
                EndsAt = host.Db.Now.AddHours(9),
                ExpiresAt = host.Db.Now.AddHours(1),
            };
            db.Add(session);
            await db.SaveChangesAsync();
            var key = await host
                .Services.GetRequiredService<AccessTokens>()
                .Make(
                    (await host.Services.GetRequiredService<Sessions>().Of(session.Id))!,
                    new TokenTerms("Lists", 30, mayWrite, [Section.Needs])
                );
            var client = await host.As(null);
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
            return client;
        }
        var (reader, writer) = (await With(false), await With(true));
        Assert.Equal("Drafts", (string?)Assert.Single((await reader.Get(Views).Is(200)).Json.AsArray())!["name"]);
        await reader
            .Post(
                Views,
                new
                {
                    list = "Needs",
                    name = "High",
                    query = "urgency=High",
                }
            )
            .Is(403);
        await writer
            .Post(
                Views,
                new
                {
                    list = "Needs",
                    name = "High",
                    query = "urgency=High",
                }
            )
            .Is(201);
        await writer
            .Post(
                Views,
                new
                {
                    list = "Proposals",
                    name = "Mine",
                    query = "status=Draft",
                }
            )
            .Is(404);
        await writer.Delete($"{Views}/{other["id"]}").Is(404);
    }
}
