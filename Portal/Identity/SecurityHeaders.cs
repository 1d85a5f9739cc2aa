using Microsoft.AspNetCore.HostFiltering;

namespace Portal.Identity;

/// <summary>What every answer tells the browser to refuse.</summary>
internal static class SecurityHeaders
{
    private const int Year = 365 * 24 * 60 * 60;

    public static void Add(WebApplicationBuilder builder)
    {
        var policy = new HeaderPolicyCollection()
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddBaseUri().Self();
                csp.AddObjectSrc().None();
                csp.AddFrameAncestors().None();
                csp.AddFormAction().Self();
                csp.AddScriptSrc().Self().WithNonce();
                csp.AddStyleSrc().Self().UnsafeInline(); // MudBlazor places its popovers by style attributes
                csp.AddImgSrc().Self().Data();
                csp.AddFontSrc().Self();
                csp.AddConnectSrc().Self();
            })
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicySameOrigin()
            .AddCrossOriginOpenerPolicy(p => p.SameOrigin())
            .AddCrossOriginResourcePolicy(p => p.SameOrigin())
            .AddPermissionsPolicy(p =>
            {
                p.AddCamera().None();
                p.AddMicrophone().None();
                p.AddGeolocation().None();
                p.AddPayment().None();
                p.AddUsb().None();
                p.AddCustomFeature("publickey-credentials-get", "(self)");
                p.AddCustomFeature("publickey-credentials-create", "(self)");
            });
        if (!builder.Environment.IsDevelopment())
            policy.AddStrictTransportSecurityMaxAgeIncludeSubDomains(Year);
        builder.Services.AddSecurityHeaderPolicies().SetDefaultPolicy(policy);
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);

        // No other host may name itself the portal, whatever a request's Host header says; health checks come from the machine itself.
        builder
            .Services.AddOptions<HostFilteringOptions>()
            .Configure<PortalAddress, IHostEnvironment>(
                (o, address, environment) =>
                {
                    if (!environment.IsDevelopment())
                        o.AllowedHosts = [address.Base.Host, "localhost", "127.0.0.1", "[::1]"];
                }
            );
    }

    /// <summary>Before everything else: what host a request is for, whether it came by TLS, and HEAD.</summary>
    public static void Receive(WebApplication app)
    {
        var address = app.Services.GetRequiredService<PortalAddress>().Base;
        app.Use(
            (context, next) =>
            {
                // A request that names no host is for whoever it reached, and that is the portal: health checks of HTTP/1.0 name none.
                if (!context.Request.Host.HasValue)
                    context.Request.Host = new HostString(address.Authority);
                return address.Scheme == Uri.UriSchemeHttps && IsPlainPage(context.Request) ? Away(context, address) : next(context);
            }
        );
        app.Use(AnswerHead);
    }

    public static void Use(WebApplication app)
    {
        app.UseSecurityHeaders();
        // What somebody signed in was shown stays out of every cache, the browser's own too.
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    if (context.User.Identity?.IsAuthenticated == true && context.Response.Headers.CacheControl.Count == 0)
                        context.Response.Headers.CacheControl = "no-store";
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }

    // The browser came without TLS: a proxy that is believed says so, or there is none. One that is not believed leaves it unknown how the
    // browser came.
    private static bool IsPlainPage(HttpRequest request) =>
        !request.IsHttps
        && (request.Headers.ContainsKey("X-Original-Proto") || !request.Headers.ContainsKey("X-Forwarded-Proto"))
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html");

    private static Task Away(HttpContext context, Uri address)
    {
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = new Uri(
            address,
            context.Request.PathBase + context.Request.Path + context.Request.QueryString
        ).AbsoluteUri;
        return Task.CompletedTask;
    }

    // HEAD is answered as GET is, without the body, wherever GET is answered: links are checked by it.
    private static async Task AnswerHead(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }
        var body = context.Response.Body;
        context.Request.Method = HttpMethods.Get;
        context.Response.Body = Stream.Null;
        try
        {
            await next(context);
        }
        finally
        {
            (context.Request.Method, context.Response.Body) = (HttpMethods.Head, body);
        }
    }
}
