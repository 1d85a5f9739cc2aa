using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Identity;

/// <summary>
/// An organisation's identity provider on a port of its own: discovery, keys, authorization with PKCE, tokens. It is strict where a
/// provider is, and
/// what it says of who signs in is each test's to choose, lies too.
/// </summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string Client = "portal",
        Secret = "a secret of the test's own";
    private readonly RSA key = RSA.Create(2048);
    private readonly RSA stranger = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> codes = new();
    private readonly WebApplication app;
    private readonly HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly Func<DateTimeOffset> clock;

    private TestProvider(Func<DateTimeOffset> clock)
    {
        this.clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet(
            "/.well-known/openid-configuration",
            () =>
                Results.Json(
                    new Dictionary<string, object>
                    {
                        ["issuer"] = Issuer,
                        ["authorization_endpoint"] = Issuer + "/authorize",
                        ["token_endpoint"] = Issuer + "/token",
                        ["jwks_uri"] = Issuer + "/keys",
                        ["end_session_endpoint"] = Issuer + "/leave",
                        ["response_types_supported"] = new[] { "code" },
                        ["subject_types_supported"] = new[] { "public" },
                        ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
                    }
                )
        );
        app.MapGet(
            "/keys",
            () =>
            {
                var p = key.ExportParameters(false);
                return Results.Json(
                    new
                    {
                        keys = new[]
                        {
                            new
                            {
                                kty = "RSA",
                                use = "sig",
                                kid = "1",
                                alg = "RS256",
                                n = Base64Url.EncodeToString(p.Modulus),
                                e = Base64Url.EncodeToString(p.Exponent),
                            },
                        },
                    }
                );
            }
        );
        app.MapGet(
            "/authorize",
            (HttpRequest request) =>
            {
                var asked = request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
                Asked = asked;
                if (Error is not null)
                    return Results.Redirect(
                        QueryHelpers.AddQueryString(
                            asked["redirect_uri"],
                            new Dictionary<string, string?> { ["error"] = Error, ["state"] = asked["state"] }
                        )
                    );
                var code = Guid.NewGuid().ToString("N");
                codes[code] = asked;
                return Results.Redirect(
                    QueryHelpers.AddQueryString(
                        asked["redirect_uri"],
                        new Dictionary<string, string?> { ["code"] = code, ["state"] = asked["state"] }
                    )
                );
            }
        );
        app.MapPost(
            "/token",
            async (HttpRequest request) =>
            {
                var form = await request.ReadFormAsync();
                if (
                    !codes.TryRemove(form["code"].ToString(), out var asked)
                    || form["client_id"] != Client
                    || form["client_secret"] != Secret
                    || form["redirect_uri"] != asked["redirect_uri"]
                    || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
                        != asked["code_challenge"]
                )
                    return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
                return Results.Json(
                    new
                    {
                        access_token = "unused",
                        token_type = "Bearer",
                        expires_in = 60,
                        id_token = Token(asked),
                    }
                );
            }
        );
    }

    public static async Task<TestProvider> Start(Func<DateTimeOffset> clock)
    {
        var provider = new TestProvider(clock);
        await provider.app.StartAsync();
        return provider;
    }

    public string Issuer => app.Urls.First();

    /// <summary>What was asked of it last.</summary>
    public Dictionary<string, string> Asked { get; private set; } = [];

    /// <summary>What it says of who signs in; a test may change or take away any claim.</summary>
    public Action<Dictionary<string, object>> Says { get; set; } = _ => { };

    /// <summary>The error it answers with, if it does.</summary>
    public string? Error { get; set; }

    /// <summary>How it signs: with its own key, another's, the client's secret, or not at all.</summary>
    public string Signs { get; set; } = "RS256";

    public (string, string)[] Settings(params (string Key, string Value)[] more) =>
        [
            ("Oidc:mfa:Name", "Ministry of Foreign Affairs"),
            ("Oidc:mfa:Authority", Issuer),
            ("Oidc:mfa:ClientId", Client),
            ("Oidc:mfa:ClientSecret", Secret),
            .. more.Select(m => (m.Key.StartsWith("SignIn", StringComparison.Ordinal) ? m.Key : "Oidc:mfa:" + m.Key, m.Value)),
        ];

    private string Token(Dictionary<string, string> asked)
    {
        var now = clock().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["sub"] = "amina-at-mfa",
            ["aud"] = Client,
            ["exp"] = now + 300,
            ["iat"] = now,
            ["auth_time"] = now,
            ["nonce"] = asked["nonce"],
            ["email"] = Cast.Amina.Email,
            ["email_verified"] = true,
            ["name"] = "Amina of the Ministry",
        };
        Says(claims);
        var text =
            Part(
                new
                {
                    alg = Signs is "none" or "HS256" ? Signs : "RS256",
                    typ = "JWT",
                    kid = "1",
                }
            )
            + "."
            + Part(claims);
        var bytes = Encoding.ASCII.GetBytes(text);
        return text
            + "."
            + Base64Url.EncodeToString(
                Signs switch
                {
                    "none" => [],
                    "HS256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), bytes),
                    "stranger" => stranger.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                    _ => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                }
            );

        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    /// <summary>Follows a browser from the portal to the provider; returns the address it is sent back to.</summary>
    public async Task<string> Visit(Browser who, string start)
    {
        var page = await who.Get(start);
        Assert.Equal(302, page.Status);
        Assert.StartsWith(Issuer + "/authorize", page.Location);
        var back = (await browser.GetAsync(page.Location)).Headers.Location!;
        Assert.StartsWith(Site.Base + "/account/oidc/mfa/callback", back.AbsoluteUri);
        return back.PathAndQuery;
    }

    /// <summary>Goes there and back.</summary>
    public async Task<Page> Through(Browser who, string start = "/account/oidc/mfa") => await who.Get(await Visit(who, start));

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await app.DisposeAsync();
        key.Dispose();
        stranger.Dispose();
    }
}
