using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Assistance;
using Portal.Identity;

namespace Portal.Tests.Api;

/// <summary>
/// The portal itself, started as in production on a database of its own, and clients signed in by sessions such as the sign-in page makes.
/// </summary>
public sealed class ApiHost : IAsyncDisposable
{
    public const string Base = "https://portal.example.org";

    private readonly Started started;

    private ApiHost(TestDb db) => (Db, started) = (db, new Started(db));

    public static async Task<ApiHost> Start(Database database = Database.Sqlite) => new(await TestDb.Open(database));

    public TestDb Db { get; }
    public IServiceProvider Services => started.Services;

    /// <summary>Configuration that is read at each request.</summary>
    public void Set(string key, string? value) => Services.GetRequiredService<IConfiguration>()[key] = value;

    /// <summary>A client of someone of the cast; null is nobody.</summary>
    public async Task<HttpClient> As(Player? player)
    {
        var client = started.CreateClient(
            new WebApplicationFactoryClientOptions
            {
                BaseAddress = new Uri(Base),
                AllowAutoRedirect = false,
                HandleCookies = false,
            }
        );
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        if (player is null)
            return client;
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await using var db = await Db.AsSystem();
        db.Sessions.Add(
            new Session
            {
                KeyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
                PersonId = player.Id,
                MembershipId = player.Membership.Id,
                CreatedAt = Db.Now,
                LastSeenAt = Db.Now,
                CheckedAt = Db.Now,
                EndsAt = Db.Now.AddHours(12),
                ExpiresAt = Db.Now.AddHours(1),
            }
        );
        await db.SaveChangesAsync();
        client.DefaultRequestHeaders.Add("Cookie", $"{Services.GetRequiredService<PortalCookies>().Session}={key}");
        return client;
    }

    /// <summary>Saves a need that has come as far as a stage.</summary>
    public async Task<Need> Need(NeedStatus status, Player? focalPoint = null)
    {
        var need = Cast.NeedAt(status, focalPoint);
        await Db.Save(need);
        return need;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await started.DisposeAsync();
        }
        catch (Exception e) when (e is ObjectDisposedException || e.GetBaseException() is ObjectDisposedException)
        {
            // The factory stops the portal while the portal, told to stop, lets go of its services: the last write of a background service
            // may come too late.
        }
        await Db.DisposeAsync();
    }

    private sealed class Started(TestDb db) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Database:Provider", db.Database.ToString());
            builder.UseSetting("ConnectionStrings:Portal", db.ConnectionString);
            builder.UseSetting("Portal:BaseUrl", Base);
            // A browser is started by the tests that are about it alone.
            builder.UseSetting("Pdf:Browser", "none");
            builder.UseSetting("SignIn:RequestsPerMinute", "1000000");
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(db.Clock).Untidied());
        }
    }
}

/// <summary>An answer, read.</summary>
public sealed record Answer(int Status, string Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
    public string? Code => (string?)Json["code"];
    public string? Version => (string?)Json["version"];

    /// <summary>Everything that an onlooker could compare.</summary>
    public string Everything =>
        $"{Status}\n{string.Join('\n', Headers.Concat(ContentHeaders).Where(h => h.Key != "Date").OrderBy(h => h.Key).Select(h => $"{h.Key}: {string.Join(',', h.Value)}"))}\n{Body}";
}

/// <summary>Words for tests of the API.</summary>
public static class Calls
{
    public static async Task<Answer> Ask(
        this HttpClient client,
        HttpMethod method,
        string address,
        object? json = null,
        string? ifMatch = null,
        HttpContent? content = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, address)
        {
            Content =
                content
                ?? (
                    json is null ? null
                    : json is string text ? new StringContent(text, Encoding.UTF8, "application/json")
                    : JsonContent.Create(json)
                ),
        };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, Encoding.UTF8.GetString(bytes), response.Headers, response.Content.Headers, bytes);
    }

    public static Task<Answer> Get(this HttpClient client, string address) => client.Ask(HttpMethod.Get, address);

    public static Task<Answer> Post(this HttpClient client, string address, object? json = null) =>
        client.Ask(HttpMethod.Post, address, json);

    public static Task<Answer> Put(this HttpClient client, string address, object json, string? ifMatch = null) =>
        client.Ask(HttpMethod.Put, address, json, ifMatch);

    public static Task<Answer> Delete(this HttpClient client, string address) => client.Ask(HttpMethod.Delete, address);

    public static Task<Answer> Upload(this HttpClient client, string address, string name, byte[] bytes) =>
        client.Ask(HttpMethod.Post, address, content: Multipart(name, bytes));

    private static ByteArrayContent Multipart(string name, byte[] bytes)
    {
        var content = new ByteArrayContent([
            .. Encoding.UTF8.GetBytes(
                $"--b\r\nContent-Disposition: form-data; name=file; filename*=UTF-8''{Uri.EscapeDataString(name)}\r\n\r\n"
            ),
            .. bytes,
            .. "\r\n--b--\r\n"u8,
        ]);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        return content;
    }

    /// <summary>An answer of a status, or the test fails with what was said instead.</summary>
    public static async Task<Answer> Is(this Task<Answer> asked, int status, string? code = null)
    {
        var answer = await asked;
        Assert.True(status == answer.Status, $"{status} expected, {answer.Status} received: {answer.Body}");
        if (status >= 400)
            Assert.Equal("application/problem+json", answer.ContentHeaders.ContentType?.MediaType);
        if (code is not null)
            Assert.Equal(code, answer.Code);
        return answer;
    }

    public static object NeedJson(string title = "Training of investigators") =>
        new
        {
            title,
            description = "Investigators need training.",
            language = "en",
            theme = "CFT",
            paragraphs = new[] { "1373:1(a)" },
            origin = "State",
            modalities = new[] { "TRAINING" },
            sectors = new[] { "15130" },
            beneficiary = "Financial Reporting Centre",
            urgency = "High",
            estimatedCost = 250000,
            currency = "USD",
            from = "2027-09-01",
            to = "2028-02-29",
        };

    public static object ProposalJson(string title = "Course") =>
        new
        {
            title,
            description = "Two courses.",
            language = "fr",
            modalities = new[] { "TRAINING" },
            amount = 100000,
            currency = "USD",
            from = "2027-10-01",
        };
}
