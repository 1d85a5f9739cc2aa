using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Portal.Data;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>Accounts, sessions and what guards them.</summary>
public static class IdentitySetup
{
    /// <summary>Adds accounts and sessions.</summary>
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<PortalAddress>();
        services.AddSingleton<PortalCookies>();
        services.AddSingleton<Sessions>();
        services.AddHostedService<SessionKeeper>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<Factors>();
        services.AddSingleton<ILookupNormalizer, AddressNormalizer>();
        services.AddSingleton<SignInService>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<Outbox>();
        services.AddScoped<InvitationService>();
        services.AddScoped<ResetService>();
        services.AddScoped<Passkeys>();
        services.AddScoped<RecentCheck>();
        services.AddScoped<IPasskeyHandler<PortalUser>, PasskeyHandler<PortalUser>>();
        services
            .AddOptions<IdentityPasskeyOptions>()
            .Configure<PortalAddress>(
                (o, address) =>
                {
                    o.ServerDomain = address.Base.Host;
                    (o.UserVerificationRequirement, o.ResidentKeyRequirement) = ("required", "required");
                }
            );
        services.AddAuthorizationBuilder().AddPolicy(WithSessionAttribute.Name, p => p.RequireAuthenticatedUser());
        PortalKeys.Add(builder);
        Proxies.Add(builder);
        SecurityHeaders.Add(builder);

        services.AddScoped<Visitor>();
        services.AddScoped<CircuitHandler, VisitorCircuitHandler>();
        services.AddSingleton<CircuitGuard>();
        services.AddHostedService<CircuitWatch>();
        services.AddSingleton<KeptSignIn>();
        services.AddSingleton<SamePost>();
        services.AddSingleton<SignInLine>();
        services.AddSignalR(o => o.AddFilter<CircuitGuard>()); // the one hub is that of the components
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.OnRejected = (context, _) =>
            {
                if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    context.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds))
                        .ToString(System.Globalization.CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            var ofPerson = builder.Configuration.GetValue("SignIn:RequestsPerMinute", 600);
            var perMinute = builder.Configuration.GetValue("SignIn:PostsPerMinute", 120);
            o.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(c =>
                AccessTokens.IsPresented(c.Request)
                    // A token is counted by itself; what is none, by where it comes from.
                    ? RateLimitPartition.GetTokenBucketLimiter(
                        c.Features.Get<AccessToken>() is { } token
                            ? "token-" + token.Id
                            : "no-token-" + Attempts.Network(c.Connection.RemoteIpAddress),
                        _ => PerMinute(builder.Configuration.GetValue("Api:RequestsPerMinute", 300))
                    )
                : HttpMethods.IsPost(c.Request.Method) && c.Request.Path.StartsWithSegments("/account")
                    ? RateLimitPartition.GetTokenBucketLimiter(Attempts.Network(c.Connection.RemoteIpAddress), _ => PerMinute(perMinute))
                // One person, however many sessions; open pages that ask whether their session stands are not counted, and neither is what
                // goes over their lines.
                : c.Features.Get<Standing>() is { } standing
                && c.Features.Get<IStatusCodeReExecuteFeature>() is null
                && c.Request.Path != AccountAddress.Session
                && !c.Request.Path.StartsWithSegments("/_blazor")
                    ? RateLimitPartition.GetTokenBucketLimiter("person-" + standing.PersonId, _ => PerMinute(ofPerson))
                : RateLimitPartition.GetNoLimiter("")
            );
        });
        services
            .AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        IdentitySchemes.Add(builder);
        services
            .AddIdentityCore<PortalUser>(o =>
            {
                o.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                o.User.RequireUniqueEmail = true;
                o.User.AllowedUserNameCharacters = ""; // a user name is an e-mail address, whatever is in it
                (o.Password.RequiredLength, o.Password.RequiredUniqueChars) = (Passwords.Least, 1);
                o.Password.RequireDigit =
                    o.Password.RequireLowercase =
                    o.Password.RequireUppercase =
                    o.Password.RequireNonAlphanumeric =
                        false;
            })
            .AddPasswordValidator<PortalPasswordValidator>()
            .AddEntityFrameworkStores<PortalDb>();
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = Passwords.Rounds);
        services.AddAntiforgery();
        services
            .AddOptions<Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions>()
            .Configure<PortalCookies>(
                (o, cookies) =>
                {
                    (o.Cookie.Name, o.Cookie.SecurePolicy, o.Cookie.SameSite, o.Cookie.HttpOnly, o.Cookie.Path) = (
                        cookies.Forms,
                        cookies.SecurePolicy,
                        SameSiteMode.Lax,
                        true,
                        "/"
                    );
                    o.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
                }
            );
        return builder;
    }

    private static TokenBucketRateLimiterOptions PerMinute(int most) =>
        new()
        {
            TokenLimit = most,
            TokensPerPeriod = Math.Max(1, most / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        };

    /// <summary>Puts the guards in the way of every request.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        SecurityHeaders.Use(app);
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandlingPath = "/error/500",
                CreateScopeForErrors = true,
                StatusCodeSelector = e =>
                    e switch
                    {
                        BadHttpRequestException bad => bad.StatusCode,
                        InvalidDataException => StatusCodes.Status400BadRequest, // a form that is none
                        _ => StatusCodes.Status500InternalServerError,
                    },
            }
        );
        // People get a page; programs get the bare status.
        app.UseWhen(
            c => c.Request.Headers.Accept.ToString().Contains("text/html") && !c.Request.Path.StartsWithSegments("/api"),
            pages => pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true)
        );
        // The page about what went wrong is read, whatever was being sent.
        app.Use(
            (context, next) =>
            {
                if (
                    context.Features.Get<IStatusCodeReExecuteFeature>() is not null
                    || context.Features.Get<IExceptionHandlerFeature>() is not null
                )
                    context.Request.Method = HttpMethods.Get;
                return next(context);
            }
        );
        app.UseRouting();
        app.UsePortalCulture();
        app.UseAuthentication();
        app.Use(
            (context, next) =>
            {
                context
                    .RequestServices.GetRequiredService<Visitor>()
                    .Take(context.User, context.Features.Get<Standing>(), context.Features.Get<AccessToken>());
                return next(context);
            }
        );
        app.Use(Access.ViewAsDoor.AtTheDoor);
        app.Use(CircuitGuard.AtTheDoor);
        app.Use(app.Services.GetRequiredService<KeptSignIn>().Answer);
        app.UseRateLimiter();
        app.Use(app.Services.GetRequiredService<SamePost>().Answer);
        app.Use(app.Services.GetRequiredService<SignInLine>().Answer);
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(StaleForm.Answer);
        app.MapGet(
                AccountAddress.Session,
                (HttpContext http) => http.Features.Get<Standing>() is { } standing ? Results.Text(standing.Mark) : Results.Unauthorized()
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
        IdentitySchemes.Map(app);
        LanguageChoice.Map(app);
    }
}
