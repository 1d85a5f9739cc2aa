using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain.Access;
using Portal.Identity;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.House;

/// <summary>The portal as a developer starts it, with its demonstration data, on a database of its own.</summary>
public sealed class CrossHost : IAsyncDisposable
{
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-cross-").FullName;
    private readonly WebApplicationFactory<Program> portal;

    private CrossHost() =>
        portal = new WebApplicationFactory<Program>().WithWebHostBuilder(b =>
            b.UseEnvironment("Development")
                .UseSetting("Database:Provider", "Sqlite")
                .UseSetting("ConnectionStrings:Portal", Connection)
                .UseSetting("Portal:DemoData", "true")
                .UseSetting("SignIn:RequestsPerMinute", "1000000")
                .UseSetting("Portal:BaseUrl", "https://portal.example.org")
                .UseSetting("Logging:LogLevel:Default", "Critical")
        );

    /// <summary>Starts it on a copy of the demonstration.</summary>
    public static async Task<CrossHost> Start()
    {
        var host = new CrossHost();
        await DemonstrationApp.Story.OfToday(host.File);
        return host;
    }

    private string File => Path.Combine(folder, "portal.db");
    private string Connection => "Data Source=" + File;

    public Task<PortalDb> AsSystem() => portal.Services.GetRequiredService<PortalStore>().OpenAsSystem("test");

    /// <summary>A client with a session such as the sign-in page makes, acting in one place; null is nobody.</summary>
    public async Task<(Looker Who, HttpClient Client)> As(Place? place)
    {
        var client = portal.CreateClient(
            new WebApplicationFactoryClientOptions
            {
                BaseAddress = new Uri("https://portal.example.org"),
                AllowAutoRedirect = false,
                HandleCookies = false,
            }
        );
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        if (place is null)
            return (new Looker(null, 0), client);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await using var db = await AsSystem();
        var organisation = await db.Organisations.SingleAsync(o => o.Code == place.Organisation);
        var person = await db.Users.SingleAsync(u => u.Email == place.Email);
        var membership = await db.Memberships.SingleAsync(m => m.PersonId == person.Id && m.OrganisationId == organisation.Id);
        var now = DateTime.UtcNow;
        db.Sessions.Add(
            new Session
            {
                KeyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
                PersonId = person.Id,
                MembershipId = membership.Id,
                CreatedAt = now,
                LastSeenAt = now,
                CheckedAt = now,
                EndsAt = now.AddHours(12),
                ExpiresAt = now.AddHours(1),
            }
        );
        await db.SaveChangesAsync();
        client.DefaultRequestHeaders.Add("Cookie", $"{portal.Services.GetRequiredService<PortalCookies>().Session}={key}");
        return (new Looker(place, organisation.Number), client);
    }

    /// <summary>A client of an access manager who looks as someone in a place sees; and what the manager is.</summary>
    public async Task<(Looker Manager, HttpClient Client)> LookingAs(Place place)
    {
        var (manager, client) = await As(DemonstrationCast.All.First(p => p.Role == Role.AccessManager));
        await using var db = await AsSystem();
        var organisation = await db.Organisations.SingleAsync(o => o.Code == place.Organisation);
        var session = await db.Sessions.OrderByDescending(s => s.CreatedAt).FirstAsync();
        await using var scope = portal.Services.CreateAsyncScope();
        scope
            .ServiceProvider.GetRequiredService<Visitor>()
            .Take(
                new ClaimsPrincipal(
                    new ClaimsIdentity([new System.Security.Claims.Claim(Visitor.SessionClaim, session.Id.ToString())], "test")
                )
            );
        await scope.ServiceProvider.GetRequiredService<ViewAsService>().Start(place.Role, organisation.Id, place.States);
        return (manager, client);
    }

    /// <summary>Every address that the portal answers at, and by which methods.</summary>
    public IEnumerable<(string Pattern, string Method)> Endpoints() =>
        portal
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => e.Metadata.All(m => m.GetType().Name != "StaticAssetDescriptor"))
            .SelectMany(e =>
                (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"]).Select(m =>
                    ("/" + e.RoutePattern.RawText?.TrimStart('/'), m)
                )
            );

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        using (var pooled = new SqliteConnection(Connection))
            SqliteConnection.ClearPool(pooled);
        try
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // The portal's last write, told to stop, comes while its folder goes; the machine sweeps what is left.
        }
    }
}
