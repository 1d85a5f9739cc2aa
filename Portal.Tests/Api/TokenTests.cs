using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Identity;

namespace Portal.Tests.Api;

/// <summary>Programs come with a token: it does what its owner may at that moment and what it was made for, and no more.</summary>
public sealed class TokenTests
{
    private static readonly TokenTerms Reads = new("Reporting", 90, false, [Section.Needs]);

    private static async Task<Standing> StandingOf(ApiHost host, Player player)
    {
        await using var db = await host.Db.AsSystem();
        var session = new Session
        {
            KeyHash = Guid.NewGuid().ToString("N"),
            PersonId = player.Id,
            MembershipId = player.Membership.Id,
            CreatedAt = host.Db.Now,
            CheckedAt = host.Db.Now,
            LastSeenAt = host.Db.Now,
            EndsAt = host.Db.Now.AddHours(9),
            ExpiresAt = host.Db.Now.AddHours(1),
        };
        db.Add(session);
        await db.SaveChangesAsync();
        return (await host.Services.GetRequiredService<Sessions>().Of(session.Id))!;
    }

    private static async Task<string> Make(ApiHost host, Player player, TokenTerms? terms = null) =>
        await host.Services.GetRequiredService<AccessTokens>().Make(await StandingOf(host, player), terms ?? Reads);

    private static async Task<HttpClient> With(ApiHost host, string authorization)
    {
        var client = await host.As(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        return client;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_reads_what_its_owner_reads_in_its_sections_and_changes_nothing(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var own = await host.Need(NeedStatus.Draft);
        await host.Need(NeedStatus.Submitted, Cast.Rosa);
        var client = await With(host, "Bearer " + await Make(host, Cast.Amina));
        var answer = await client.Get("/api/v1/needs").Is(200);
        Assert.Equal((await (await host.As(Cast.Amina)).Get("/api/v1/needs").Is(200)).Body, answer.Body);
        Assert.Equal(own.Reference, (string?)Assert.Single(answer.Json["items"]!.AsArray())!["reference"]);
        await client.Get("/api/v1/proposals").Is(403);
        await client.Get("/api/v1/directory/providers").Is(403);
        await client.Post("/api/v1/needs", Calls.NeedJson()).Is(403);
        await client.Post($"/api/v1/needs/{own.Reference}/submit").Is(403);
        // Pages, exports and accounts are for people.
        Assert.NotEqual(200, (await client.Ask(HttpMethod.Get, "/needs", headers: ("Accept", "text/html"))).Status);
        Assert.NotEqual(200, (await client.Get("/needs/export?format=csv")).Status);
        Assert.NotEqual(200, (await client.Get("/account/security")).Status);

        var writer = await With(host, "bearer " + await Make(host, Cast.Amina, Reads with { MayWrite = true }));
        await writer.Post("/api/v1/needs", Calls.NeedJson()).Is(201);
        // What only a recent password opens, no token does.
        await using var db = await host.Db.AsSystem();
        Assert.Equal(2, await db.AuditEntries.CountAsync(e => e.Code == "account.token_made"));
        Assert.All(await db.Set<AccessToken>().ToListAsync(), t => Assert.True(t.KeyHash.Length == 64 && t.LastUsedAt is not null));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_that_does_not_count_is_answered_alike_whatever_it_is(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var nobody = (
            await (await With(host, "Bearer " + AccessTokens.Prefix + new string('x', 43))).Get("/api/v1/needs").Is(401)
        ).Everything;
        Assert.Contains("Bearer", nobody);
        async Task Dead(string authorization, string why)
        {
            var client = await With(host, authorization);
            foreach (var address in new[] { "/api/v1/needs", "/api/v1/needs/NEED-2027-0001", "/api/v1/themes", "/files/" + Guid.NewGuid() })
                Assert.True((await client.Get(address)).Everything == nobody, why + ": " + address);
        }
        foreach (
            var garbled in new[]
            {
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer " + new string('y', 5000),
                "Bearer a b",
                "bearer:tap_",
                "Bearer \"'; DROP TABLE",
            }
        )
            await Dead(garbled, garbled);

        async Task Dies(string why, Func<Task> act, Player? player = null)
        {
            var key = await Make(host, player ?? Cast.Amina);
            await (await With(host, "Bearer " + key)).Get("/api/v1/needs").Is(200);
            await act();
            await Dead("Bearer " + key, why);
        }
        async Task Change(Func<Portal.Data.PortalDb, Task> change)
        {
            await using var db = await host.Db.AsSystem();
            await change(db);
            await db.SaveChangesAsync();
        }
        await Dies(
            "revoked",
            async () =>
                await tokens.Revoke(await StandingOf(host, Cast.Amina), (await tokens.List(await StandingOf(host, Cast.Amina)))[0].Token.Id)
        );
        await Dies(
            "ended by staff",
            async () => await (await host.Db.As(Cast.Malik)).Get<Portal.Access.PeopleService>().EndSessions(Cast.Amina.Id)
        );
        await Dies("expired", () => Task.Run(() => host.Db.Clock.Advance(TimeSpan.FromDays(90))));
        await Dies(
            "a new password",
            () => Change(async db => (await db.Users.SingleAsync(u => u.Id == Cast.Amina.Id)).SecurityStamp = "new")
        );
        await Dies(
            "locked",
            () => Change(async db => (await db.Users.SingleAsync(u => u.Id == Cast.Rosa.Id)).LockoutEnd = DateTimeOffset.MaxValue),
            Cast.Rosa
        );
        await Dies(
            "membership over",
            () => Change(async db => (await db.Memberships.SingleAsync(m => m.Id == Cast.Amina.Membership.Id)).End(host.Db.Now))
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_token_beside_a_cookie_is_taken_alone_and_elsewhere_not_at_all(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var both = await host.As(Cast.Amina);
        both.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer nonsense");
        await both.Get("/api/v1/needs").Is(401);
        Assert.Equal(200, (await both.Get("/needs/export?format=csv")).Status);
        // One's own tokens, and nobody else's.
        var key = await Make(host, Cast.Rosa);
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var rosas = (await tokens.List(await StandingOf(host, Cast.Rosa)))[0];
        Assert.False(rosas.IsVoid);
        Assert.EndsWith(rosas.Token.Ending, key);
        Assert.Empty(await tokens.List(await StandingOf(host, Cast.Amina)));
        await Assert.ThrowsAsync<NotFound>(async () => await tokens.Revoke(await StandingOf(host, Cast.Amina), rosas.Token.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_may_not_be_made_is_refused_and_requests_are_bounded(Database database)
    {
        await using var host = await ApiHost.Start(database);
        async Task<string> RefusalOf(TokenTerms terms) => (await Assert.ThrowsAsync<Refusal>(() => Make(host, Cast.Amina, terms))).Code;
        Assert.Equal("token.days_out_of_range", await RefusalOf(Reads with { Days = 366 }));
        Assert.Equal("token.days_out_of_range", await RefusalOf(Reads with { Days = 0 }));
        Assert.Equal("token.section_required", await RefusalOf(Reads with { Sections = [] }));
        Assert.Equal("token.section_required", await RefusalOf(Reads with { Sections = [Section.Access] }));
        Assert.Equal("field.required", await RefusalOf(Reads with { Name = " " }));
        var old = await StandingOf(host, Cast.Amina);
        Assert.Equal(
            "account.check_again",
            (
                await Assert.ThrowsAsync<Refusal>(() =>
                    host.Services.GetRequiredService<AccessTokens>().Make(old with { CheckedAt = old.CheckedAt.AddMinutes(-11) }, Reads)
                )
            ).Code
        );
        host.Set("Api:RequestsPerMinute", "30");
        var client = await With(host, "Bearer " + await Make(host, Cast.Amina));
        var answers = new List<int>();
        for (var i = 0; i < 300 && !answers.Contains(429); i++)
            answers.Add((await client.Get("/api/v1/themes")).Status);
        Assert.Contains(429, answers);
        // Another's is not slowed by it.
        await (await With(host, "Bearer " + await Make(host, Cast.Rosa))).Get("/api/v1/needs").Is(200);
    }
}
