using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>
/// The protocol: authorization code with PKCE, state and nonce, by the framework's handler. Its answer becomes no ticket and no cookie of
/// its own;
/// <see cref="IdentityService"/> opens a session as the password does.
/// </summary>
internal static class IdentitySchemes
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    public static void Add(WebApplicationBuilder builder)
    {
        var providers = new IdentityProviders(builder.Configuration);
        builder.Services.AddSingleton(providers);
        builder.Services.AddSingleton<IdentityService>();
        foreach (var provider in providers.All)
        {
            builder.Services.AddAuthentication().AddOpenIdConnect(provider.Scheme, o => Protocol(o, provider));
            builder
                .Services.AddOptions<OpenIdConnectOptions>(provider.Scheme)
                .Configure<PortalCookies, PortalAddress, TimeProvider, ILogger<IdentityService>>(
                    (o, cookies, address, clock, log) =>
                    {
                        cookies.Settle(o.CorrelationCookie, "portal.oidc.");
                        cookies.Settle(o.NonceCookie, "portal.nonce.");
                        o.TokenValidationParameters.LifetimeValidator = (from, until, _, _) =>
                            until is { } end && clock.GetUtcNow().UtcDateTime is var now && now < end + Skew && !(from > now + Skew);
                        Events(o.Events, provider, address, log);
                    }
                );
        }
    }

    private static void Protocol(OpenIdConnectOptions o, IdentityProvider provider)
    {
        (o.Authority, o.ClientId, o.ClientSecret, o.CallbackPath) = (
            provider.Authority,
            provider.ClientId,
            provider.ClientSecret,
            provider.CallbackPath
        );
        // http is for this machine only, see IdentityProviders
        o.RequireHttpsMetadata = provider.Authority.StartsWith("https:", StringComparison.Ordinal);
        // Back by a link: a form from another site would not bring the session's cookie.
        (o.ResponseType, o.ResponseMode, o.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true);
        (o.MapInboundClaims, o.SaveTokens, o.GetClaimsFromUserInfoEndpoint, o.DisableTelemetry) = (false, false, false, true);
        o.ClaimActions.Clear();
        o.Scope.Clear();
        foreach (var scope in provider.Scopes)
            o.Scope.Add(scope);
        o.BackchannelTimeout = TimeSpan.FromSeconds(10);
        (o.RemoteSignOutPath, o.SignedOutCallbackPath) = (PathString.Empty, PathString.Empty); // nobody is signed out by a link
        // Signed with the provider's private key, never with a secret that the portal knows, too.
        o.TokenValidationParameters.ValidAlgorithms =
        [
            SecurityAlgorithms.RsaSha256,
            SecurityAlgorithms.RsaSha384,
            SecurityAlgorithms.RsaSha512,
            SecurityAlgorithms.RsaSsaPssSha256,
            SecurityAlgorithms.RsaSsaPssSha384,
            SecurityAlgorithms.RsaSsaPssSha512,
            SecurityAlgorithms.EcdsaSha256,
            SecurityAlgorithms.EcdsaSha384,
            SecurityAlgorithms.EcdsaSha512,
        ];
    }

    private static void Events(OpenIdConnectEvents events, IdentityProvider provider, PortalAddress address, ILogger log)
    {
        events.OnRedirectToIdentityProvider = context =>
        {
            // As configured, never as the Host header says.
            context.ProtocolMessage.RedirectUri = address.Full(provider.CallbackPath);
            context.ProtocolMessage.UiLocales = Culture.Current.Tag();
            context.ProtocolMessage.AcrValues = provider.AcrValues;
            if (context.Properties.GetString(IdentityService.Purpose) == "confirm")
                (context.ProtocolMessage.Prompt, context.ProtocolMessage.MaxAge) = (OpenIdConnectPrompt.Login, "0");
            return Task.CompletedTask;
        };
        events.OnTokenValidated = context =>
        {
            // The handler lets an unsigned token pass that came straight from the provider; ours must be signed. One for several is for us
            // only where it says so.
            if (string.IsNullOrEmpty(context.SecurityToken.RawSignature))
                context.Fail("the token is not signed");
            else if (context.SecurityToken.Audiences.Skip(1).Any() && context.Principal!.FindFirstValue("azp") != provider.ClientId)
                context.Fail("the token is for others, too");
            return Task.CompletedTask;
        };
        events.OnTicketReceived = async context =>
        {
            var service = context.HttpContext.RequestServices.GetRequiredService<IdentityService>();
            var who = Of(provider, context.Principal!);
            context.HandleResponse();
            context.Response.Redirect(
                who is null
                    ? IdentityService.Back(provider.Name, "failed", context.Properties)
                    : await service.Receive(who, SignedInAt(context.Principal!), context.Properties!, context.HttpContext)
            );
        };
        events.OnAccessDenied = context => Leave(context, "cancelled", context.Properties);
        events.OnRemoteFailure = context =>
        {
            log.LogWarning("Identity provider {Provider}: {Failure}", provider.Name, context.Failure?.Message);
            return Leave(context, "failed", context.Properties);
        };

        Task Leave(HandleRequestContext<RemoteAuthenticationOptions> context, string problem, AuthenticationProperties? properties)
        {
            context.HandleResponse();
            context.Response.Redirect(IdentityService.Back(provider.Name, problem, properties));
            return Task.CompletedTask;
        }
    }

    // A subject has at most 255 characters (OpenID Connect Core, 2).
    private static ProvenIdentity? Of(IdentityProvider provider, ClaimsPrincipal user) =>
        user.FindFirstValue("iss") is { Length: > 0 and <= 300 } issuer && user.FindFirstValue("sub") is { Length: > 0 and <= 255 } subject
            ? new ProvenIdentity(
                provider.Name,
                issuer,
                subject,
                user.FindFirstValue("email"),
                user.FindFirstValue("email_verified") is "true" or "True",
                user.FindFirstValue("name"),
                user.FindAll("amr").Concat(user.FindAll("acr")).Any(c => provider.SecondFactor.Contains(c.Value))
            )
            : null;

    private static DateTimeOffset? SignedInAt(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    public static void Map(WebApplication app)
    {
        app.MapGet(
                "/account/oidc/{provider}",
                (string provider, string? returnUrl, HttpContext http, IdentityProviders all) =>
                    Leave(all, provider, "sign-in", LocalAddress.Of(returnUrl, AccountAddress.Home), http)
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapGet(
                "/account/oidc/{provider}/confirm",
                (string provider, string? returnUrl, HttpContext http, IdentityProviders all) =>
                    Leave(all, provider, "confirm", LocalAddress.Of(returnUrl, AccountAddress.Security), http)
            )
            .RequireAuthorization(WithSessionAttribute.Name)
            .ExcludeFromDescription();
        app.MapGet(
                "/account/oidc/{provider}/bind",
                (string provider, string? ticket, HttpContext http, IdentityProviders all, IdentityService service) =>
                    service.IsTicket(Standing.Of(http), ticket)
                        ? Leave(all, provider, "bind", AccountAddress.Security, http)
                        : Task.FromResult(Results.Redirect(AccountAddress.Security))
            )
            .RequireAuthorization(WithSessionAttribute.Name)
            .ExcludeFromDescription();
        app.MapGet(
                "/account/oidc/{provider}/invitation/{token:length(43)}",
                (string provider, string token, HttpContext http, IdentityProviders all) =>
                    Leave(all, provider, "invitation", AccountAddress.Home, http, token)
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
        app.MapGet("/account/oidc/{provider}/sign-out", SignOut).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Leave(
        IdentityProviders all,
        string name,
        string purpose,
        string then,
        HttpContext http,
        string? invitation = null
    )
    {
        if (all.Find(name) is not { } provider)
            return Results.NotFound();
        var properties = new AuthenticationProperties(
            new Dictionary<string, string?>
            {
                [IdentityService.Purpose] = purpose,
                [IdentityService.Then] = then,
                [IdentityService.OfSession] = http.Features.Get<Standing>()?.SessionId.ToString(),
                [IdentityService.Token] = invitation,
                [IdentityService.AskedAt] = http
                    .RequestServices.GetRequiredService<TimeProvider>()
                    .GetUtcNow()
                    .ToString("O", CultureInfo.InvariantCulture),
            }
        );
        try
        {
            await http.ChallengeAsync(provider.Scheme, properties);
            return Results.Empty;
        }
        catch (Exception e)
            when (e is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException
                && !http.Response.HasStarted
            )
        {
            Log(http).LogWarning("Identity provider {Provider} cannot be reached: {Failure}", name, e.Message);
            return Results.Redirect(IdentityService.Back(name, "unreachable", properties));
        }
    }

    // Where the provider ends its own session, too (OpenID Connect RP-Initiated Logout 1.0), if it has such a place.
    private static async Task<IResult> SignOut(
        string provider,
        HttpContext http,
        IdentityProviders all,
        IOptionsMonitor<OpenIdConnectOptions> options,
        PortalAddress address
    )
    {
        if (all.Find(provider) is not { } known)
            return Results.NotFound();
        try
        {
            var configuration = await options.Get(known.Scheme).ConfigurationManager!.GetConfigurationAsync(http.RequestAborted);
            if (Uri.TryCreate(configuration.EndSessionEndpoint, UriKind.Absolute, out var end) && end.Scheme is "https" or "http")
                return Results.Redirect(
                    new OpenIdConnectMessage
                    {
                        IssuerAddress = end.AbsoluteUri,
                        ClientId = known.ClientId,
                        PostLogoutRedirectUri = address.Full(AccountAddress.SignIn()),
                    }.CreateLogoutRequestUrl()
                );
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            Log(http).LogWarning("Identity provider {Provider} cannot be reached: {Failure}", provider, e.Message);
        }
        return Results.Redirect(IdentityService.Back(provider, "no_sign_out", null));
    }

    private static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILogger<IdentityService>>();
}
