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
            policy.AddStrictTransportSecurityMaxAge(Year);
        builder.Services.AddSecurityHeaderPolicies().SetDefaultPolicy(policy);
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);

        // No other host may name itself the portal, whatever a request's Host header says; health checks come from the machine itself.
        builder.Services.AddOptions<HostFilteringOptions>().Configure<PortalAddress, IHostEnvironment>((o, address, environment) =>
        {
            if (!environment.IsDevelopment())
                o.AllowedHosts = [address.Base.Host, "localhost", "127.0.0.1", "[::1]"];
        });
    }

    public static void Use(WebApplication app)
    {
        app.UseSecurityHeaders();
        // What somebody signed in was shown stays out of every cache, the browser's own too.
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                if (context.User.Identity?.IsAuthenticated == true && context.Response.Headers.CacheControl.Count == 0)
                    context.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
