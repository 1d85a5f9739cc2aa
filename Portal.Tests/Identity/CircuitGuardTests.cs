using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Tests.Identity;

/// <summary>The guard on the hub, asked as the hub asks it.</summary>
public sealed class CircuitGuardTests : IAsyncLifetime
{
    private Site site = null!;
    private CircuitGuard guard = null!;

    public async Task InitializeAsync()
    {
        site = await Site.Start(("SignIn:CircuitsPerPerson", "3"));
        guard = site.Get<CircuitGuard>();
    }

    public Task DisposeAsync() => site.DisposeAsync().AsTask();

    [Fact]
    public async Task Another_session_cannot_take_a_circuit_over()
    {
        var (mine, theirs) = (new Connection(await NewSession(Cast.Amina)), new Connection(await NewSession(Cast.Rosa)));
        Assert.Equal("secret", await Invoke(mine, "StartCircuit", () => "secret", "base", "uri"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(false, await Invoke(theirs, "ConnectCircuit", () => true, "secret"));
            Assert.Null(await Invoke(theirs, "ResumeCircuit", () => "taken", "secret", "base", "uri", "", ""));
        }
        var again = new Connection(mine.SessionId);
        Assert.Equal(true, await Invoke(again, "ConnectCircuit", () => true, "secret"));
        Assert.Equal(
            "resumed",
            await Invoke(new Connection(mine.SessionId), "ResumeCircuit", () => "resumed", "secret", "base", "uri", "", "")
        );
        Assert.Equal(true, await Invoke(new Connection(mine.SessionId), "ConnectCircuit", () => true, "resumed"));
        Assert.Equal(false, await Invoke(mine, "ConnectCircuit", () => true, "never started here"));
    }

    [Theory]
    [InlineData("end")]
    [InlineData("lock")]
    [InlineData("idle")]
    [InlineData("membership")]
    [InlineData("switch")]
    public async Task Once_access_is_revoked_every_message_is_refused_and_the_line_cut(string how)
    {
        var connection = new Connection(await NewSession(Cast.Amina));
        await Invoke(connection, "StartCircuit", () => "secret", "base", "uri");
        Assert.Equal("done", await Invoke(connection, "BeginInvokeDotNetFromJS", () => "done"));
        await using (var db = await site.Db.AsSystem())
        {
            var session = await db.Sessions.SingleAsync(s => s.Id == connection.SessionId);
            switch (how)
            {
                case "end":
                    db.Sessions.Remove(session);
                    break;
                case "lock":
                    (await db.Users.SingleAsync(u => u.Id == Cast.Amina.Id)).LockoutEnd = site.Db.Clock.GetUtcNow().AddDays(1);
                    break;
                case "membership":
                    (await db.Memberships.SingleAsync(m => m.PersonId == Cast.Amina.Id)).End(site.Db.Now);
                    break;
                case "switch":
                    session.MembershipId = Cast.Rosa.Membership.Id;
                    break;
            }
            await db.SaveChangesAsync();
        }
        site.Db.Clock.Advance(how == "idle" ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(1));
        foreach (var method in new[] { "BeginInvokeDotNetFromJS", "OnRenderCompleted", "OnLocationChanged", "UpdateRootComponents" })
            await Assert.ThrowsAsync<HubException>(() => Invoke(connection, method, () => "done"));
        await connection.Cut.WaitAsync(TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task What_changes_just_after_a_screen_was_opened_is_found_though_nobody_tells()
    {
        var connection = new Connection(await NewSession(Cast.Amina));
        await guard.OnConnectedAsync(Lifetime(connection), _ => Task.CompletedTask);
        await Invoke(connection, "StartCircuit", () => "secret", "base", "uri");
        var told = new TaskCompletionSource();
        using var listening = site.Get<Wire>()
            .Subscribe(
                () => Actor.Anonymous.Keys,
                Cast.Amina.Id,
                _ =>
                {
                    told.TrySetResult();
                    return Task.CompletedTask;
                }
            );
        // On another node: this one's wire is silent.
        await using (var db = await site.Db.AsSystem())
        {
            (await db.Memberships.SingleAsync(m => m.PersonId == Cast.Amina.Id)).EndAt(site.Db.Now.AddDays(1), site.Db.Now);
            await db.SaveChangesAsync();
        }
        await guard.Look();
        await told.Task.WaitAsync(TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task What_people_do_keeps_the_session_and_what_the_browser_reports_does_not()
    {
        var (busy, open) = (new Connection(await NewSession(Cast.Amina)), new Connection(await NewSession(Cast.Rosa)));
        for (var minute = 0; minute < 60; minute += 10)
        {
            site.Db.Clock.Advance(TimeSpan.FromMinutes(10));
            if (minute < 50)
                await Invoke(open, "OnRenderCompleted", () => "done");
            await Invoke(busy, "BeginInvokeDotNetFromJS", () => "done");
        }
        await Invoke(busy, "OnRenderCompleted", () => "done");
        await Assert.ThrowsAsync<HubException>(() => Invoke(open, "OnRenderCompleted", () => "done"));
    }

    [Fact]
    public async Task Circuits_of_a_person_are_bounded_over_all_sessions_and_anonymous_ones_refused()
    {
        var ids = new[] { await NewSession(Cast.Amina), await NewSession(Cast.Amina) };
        var connections = Enumerable.Range(0, 5).Select(i => new Connection(ids[i % 2])).ToList();
        var let = 0;
        foreach (var connection in connections)
            await guard.OnConnectedAsync(
                Lifetime(connection),
                _ =>
                {
                    let++;
                    return Task.CompletedTask;
                }
            );
        Assert.Equal(3, let);
        foreach (var connection in connections)
            await guard.OnDisconnectedAsync(Lifetime(connection), null, (_, _) => Task.CompletedTask);
        await guard.OnConnectedAsync(
            Lifetime(new Connection(ids[0])),
            _ =>
            {
                let++;
                return Task.CompletedTask;
            }
        );
        Assert.Equal(4, let);
        await guard.OnConnectedAsync(
            Lifetime(new Connection(null)),
            _ =>
            {
                let++;
                return Task.CompletedTask;
            }
        );
        Assert.Equal(4, let);
        await Assert.ThrowsAsync<HubException>(() => Invoke(new Connection(null), "StartCircuit", () => "secret", "base", "uri"));
    }

    private async Task<Guid> NewSession(Player player)
    {
        await using var db = await site.Db.AsSystem();
        var session = new Session
        {
            KeyHash = Guid.NewGuid().ToString("N"),
            PersonId = player.Id,
            MembershipId = player.Membership.Id,
            CreatedAt = site.Db.Now,
            LastSeenAt = site.Db.Now,
            CheckedAt = site.Db.Now,
            EndsAt = site.Db.Now.AddDays(1),
            ExpiresAt = site.Db.Now.AddHours(1),
        };
        db.Sessions.Add(session);
        await db.SaveChangesAsync();
        return session.Id;
    }

    private Task<object?> Invoke(Connection connection, string method, Func<object?> answer, params object?[] arguments) =>
        guard
            .InvokeMethodAsync(
                new HubInvocationContext(connection, EmptyServices.Instance, new Methods(), typeof(Methods).GetMethod(method)!, arguments),
                _ => ValueTask.FromResult(answer())
            )
            .AsTask();

    private static HubLifetimeContext Lifetime(Connection connection) => new(connection, EmptyServices.Instance, new Methods());

    // The names of the framework's hub; it is internal.
    private sealed class Methods : Hub
    {
        public void StartCircuit() { }

        public void ConnectCircuit() { }

        public void ResumeCircuit() { }

        public void BeginInvokeDotNetFromJS() { }

        public void OnRenderCompleted() { }

        public void OnLocationChanged() { }

        public void UpdateRootComponents() { }
    }

    [Fact]
    public void The_framework_s_hub_still_has_the_methods_that_are_guarded()
    {
        var hub = typeof(Microsoft.AspNetCore.Components.Server.CircuitOptions).Assembly.GetType(
            "Microsoft.AspNetCore.Components.Server.ComponentHub"
        )!;
        var names = hub.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).ToDictionary(m => m.Name);
        foreach (var method in typeof(Methods).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            Assert.Contains(method.Name, names.Keys);
        Assert.Equal(typeof(string), names["ConnectCircuit"].GetParameters()[0].ParameterType);
        Assert.Equal(typeof(string), names["ResumeCircuit"].GetParameters()[0].ParameterType);
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }

    private sealed class Connection(Guid? sessionId) : HubCallerContext
    {
        private readonly TaskCompletionSource cut = new();
        public Guid SessionId => sessionId ?? Guid.Empty;
        public Task Cut => cut.Task;
        public override string ConnectionId { get; } = Guid.NewGuid().ToString();
        public override string? UserIdentifier => null;
        public override ClaimsPrincipal? User { get; } =
            new(
                sessionId is null
                    ? new ClaimsIdentity()
                    : new ClaimsIdentity(
                        [
                            new System.Security.Claims.Claim(Visitor.SessionClaim, sessionId.ToString()!),
                            new System.Security.Claims.Claim(ClaimTypes.NameIdentifier, Cast.Amina.Id.ToString()),
                        ],
                        "test"
                    )
            );
        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();
        public override IFeatureCollection Features { get; } = new FeatureCollection();
        public override CancellationToken ConnectionAborted => default;

        public override void Abort() => cut.TrySetResult();
    }
}
