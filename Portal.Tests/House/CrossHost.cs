using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Identity;

namespace Portal.Tests.House;

/// <summary>The portal as a developer starts it, with its demonstration data, on a database of its own.</summary>
public sealed class CrossHost : IAsyncDisposable
{
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("portal-cross-").FullName;
    private readonly WebApplicationFactory<Program> portal;

    public CrossHost() => portal = new WebApplicationFactory<Program>().WithWebHostBuilder(b => b
        .UseEnvironment("Development")
        .UseSetting("Database:Provider", "Sqlite")
        .UseSetting("ConnectionStrings:Portal", Connection)
        .UseSetting("Portal:DemoData", "true")
        .UseSetting("Portal:BaseUrl", "https://portal.example.org")
        .UseSetting("Logging:LogLevel:Default", "Critical"));

    private string Connection => "Data Source=" + Path.Combine(folder, "portal.db");

    public Task<PortalDb> AsSystem() => portal.Services.GetRequiredService<PortalStore>().OpenAsSystem("test");

    /// <summary>A client with a session such as the sign-in page makes, acting in one place; null is nobody.</summary>
    public async Task<(Looker Who, HttpClient Client)> As(Place? place)
    {
        var client = portal.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://portal.example.org"), AllowAutoRedirect = false, HandleCookies = false });
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        if (place is null)
            return (new Looker(null, 0), client);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await using var db = await AsSystem();
        var organisation = await db.Organisations.SingleAsync(o => o.Code == place.Organisation);
        var person = await db.Users.SingleAsync(u => u.Email == place.Email);
        var membership = await db.Memberships.SingleAsync(m => m.PersonId == person.Id && m.OrganisationId == organisation.Id);
        var now = DateTime.UtcNow;
        db.Sessions.Add(new Session
        {
            KeyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            PersonId = person.Id,
            MembershipId = membership.Id,
            CreatedAt = now,
            LastSeenAt = now,
            CheckedAt = now,
            EndsAt = now.AddHours(12),
            ExpiresAt = now.AddHours(1),
        });
        await db.SaveChangesAsync();
        client.DefaultRequestHeaders.Add("Cookie", $"{portal.Services.GetRequiredService<PortalCookies>().Session}={key}");
        return (new Looker(place, organisation.Number), client);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        using (var pooled = new SqliteConnection(Connection))
            SqliteConnection.ClearPool(pooled);
        System.IO.Directory.Delete(folder, recursive: true);
    }
}
