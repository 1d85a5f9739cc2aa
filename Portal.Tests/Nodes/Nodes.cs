using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Tests.Nodes;

/// <summary>One node, as people reach it.</summary>
public sealed record Node(Uri Address)
{
    public HttpClient Http { get; } = Client();

    /// <summary>Says that it came by TLS, as a load balancer does: the nodes in this process are set up as in production.</summary>
    public static HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        if (!Nodes.IsCluster)
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        return client;
    }

    /// <summary>Asks for a page with a cookie; follows nothing.</summary>
    public async Task<(int Status, string? Location)> Get(string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Add("Cookie", cookie);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.Location?.ToString());
    }
}

/// <summary>Somebody who is signed in: their account, place and session, made for one case.</summary>
public sealed record Visit(Guid PersonId, Guid MembershipId, Guid SessionId, string Name, string Cookie);

/// <summary>
/// Two nodes of the portal on one PostgreSQL. In the tests both run in this process and share a clock that stands; where
/// <see cref="ClusterVariable"/> names a cluster (eng/cluster), its nodes are asked, and this process is a third one that only does what
/// managers do.
/// </summary>
public sealed class Nodes : IAsyncDisposable
{
    /// <summary>Addresses of the nodes of a running cluster, with commas.</summary>
    public const string ClusterVariable = "PORTAL_CLUSTER";

    /// <summary>Its database.</summary>
    public const string DatabaseVariable = "PORTAL_CLUSTER_DATABASE";

    /// <summary>Longer than anything takes that will come at all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The password of everybody made here.</summary>
    public const string Password = "river stone lantern 7";

    private readonly TestDb? db;
    private readonly List<Started> started = [];
    private string? hash;
    private int count;

    private Nodes(TestDb? db) => this.db = db;

    /// <summary>Whether a real cluster is asked, with a clock that runs.</summary>
    public static bool IsCluster => Environment.GetEnvironmentVariable(ClusterVariable) is { Length: > 0 };

    public IReadOnlyList<Node> All { get; private set; } = [];

    /// <summary>Starts two nodes, or joins the cluster.</summary>
    public static async Task<Nodes> Start()
    {
        if (IsCluster)
        {
            var nodes = new Nodes(null);
            nodes.started.Add(new Started(Environment.GetEnvironmentVariable(DatabaseVariable)!, null));
            nodes.All = [.. Environment.GetEnvironmentVariable(ClusterVariable)!.Split(',').Select(a => new Node(new Uri(a)))];
            return nodes;
        }
        var own = new Nodes(await TestDb.Open(Database.Postgres));
        for (var i = 0; i < 2; i++)
        {
            var node = new Started(own.db!.ConnectionString, own.db.Clock);
            own.started.Add(node);
            node.UseKestrel(0);
            node.StartServer();
        }
        own.All =
        [
            .. own.started.Select(n => new Node(
                new Uri(n.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())
            )),
        ];
        return own;
    }

    /// <summary>A service of the first node, or of the process beside the cluster.</summary>
    public T Get<T>()
        where T : notnull => started[0].Services.GetRequiredService<T>();

    public Task<PortalDb> AsSystem() => Get<PortalStore>().OpenAsSystem("test");

    public DateTime Now => Get<TimeProvider>().GetUtcNow().UtcDateTime;
    private string CookieName => Get<PortalCookies>().Session;

    /// <summary>Lets time pass: the standing clock is moved, the running one waited for.</summary>
    public async Task Pass(TimeSpan time)
    {
        if (db is null)
            await Task.Delay(time);
        else
            db.Clock.Advance(time);
    }

    /// <summary>Makes an account with a place, and a session of it.</summary>
    public async Task<Visit> SignIn(Role role = Role.ProviderContributor)
    {
        await using var system = await AsSystem();
        var id = Guid.CreateVersion7();
        var email = $"visitor-{Interlocked.Increment(ref count)}-{id:N}@example.org";
        var person = new PortalUser
        {
            Id = id,
            Name = "Visitor " + id.ToString("N"),
            UserName = email,
            NormalizedUserName = email.ToUpperInvariant(),
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
        if (hash is null)
        {
            await Get<Passwords>().Set(person, Password);
            hash = person.PasswordHash;
        }
        person.PasswordHash = hash;
        var kind = role.Kind();
        var organisation = await system.Organisations.OrderBy(o => o.Code).FirstAsync(o => o.Kind == kind);
        var membership = Membership.Of(id, organisation, role, Now.AddDays(-1));
        system.AddRange(person, membership);
        await system.SaveChangesAsync();
        return await Again(person.Id, membership.Id, person.Name);
    }

    /// <summary>Another session of somebody.</summary>
    public async Task<Visit> Again(Guid person, Guid membership, string name)
    {
        await using var system = await AsSystem();
        var (key, now) = (Secrets.New(), Now);
        var session = new Session
        {
            KeyHash = Secrets.Hash(key),
            PersonId = person,
            MembershipId = membership,
            CreatedAt = now,
            LastSeenAt = now,
            CheckedAt = now,
            EndsAt = now.AddHours(12),
            ExpiresAt = now.AddHours(1),
        };
        system.Add(session);
        await system.SaveChangesAsync();
        return new Visit(person, membership, session.Id, name, $"{CookieName}={key}");
    }

    /// <summary>Does something on the first node as somebody, with the services that their pages use.</summary>
    public async Task As(Visit visit, Func<IServiceProvider, Task> act)
    {
        await using var scope = started[0].Services.CreateAsyncScope();
        scope
            .ServiceProvider.GetRequiredService<Visitor>()
            .Take(SessionAuthentication.PrincipalOf((await Get<Sessions>().Of(visit.SessionId))!));
        await act(scope.ServiceProvider);
    }

    /// <summary>A browser at a node with somebody's cookie in it.</summary>
    public Identity.Browser Browser(Visit visit, int node)
    {
        var client = Node.Client();
        client.BaseAddress = All[node].Address;
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var cookie = visit.Cookie.Split('=', 2);
        return new Identity.Browser(client) { Cookies = new() { [cookie[0]] = cookie[1] } };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in started)
            await node.DisposeAsync();
        if (db is not null)
            await db.DisposeAsync();
    }

    private sealed class Started(string connection, TimeProvider? clock) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(clock is null ? "Development" : "Production");
            builder.UseSetting("Database:Provider", "Postgres");
            builder.UseSetting("ConnectionStrings:Portal", connection);
            builder.UseSetting("Portal:BaseUrl", clock is null ? "http://localhost" : "https://portal.example.org");
            builder.UseSetting("Portal:Proxies", "127.0.0.1, ::1");
            builder.UseSetting("Logging:LogLevel:Default", "Critical");
            builder.UseSetting("Logging:LogLevel:Microsoft.AspNetCore", "None"); // refused messages are what is meant here
            builder.UseSetting("SignIn:RequireSecondFactor", "false");
            builder.UseSetting("SignIn:PostsPerMinute", "100000");
            builder.UseSetting("SignIn:RequestsPerMinute", "1000000");
            if (clock is not null)
                builder.ConfigureTestServices(services => services.AddSingleton(clock).Untidied());
        }
    }
}
