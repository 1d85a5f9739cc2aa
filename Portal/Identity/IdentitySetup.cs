using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Portal.Data;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>Accounts, sessions and what guards them.</summary>
public static class IdentitySetup
{
    /// <summary>Adds accounts and sessions.</summary>
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Visitor>();
        builder.Services.AddScoped<CircuitHandler, VisitorCircuitHandler>();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddIdentityCore<PortalUser>(o => o.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .AddEntityFrameworkStores<PortalDb>();
        return builder;
    }

    /// <summary>Puts the guards in the way of every request.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.UsePortalCulture();
        app.UseAuthentication();
        app.Use((context, next) =>
        {
            context.RequestServices.GetRequiredService<Visitor>().Take(context.User);
            return next(context);
        });
        app.UseAuthorization();
        app.UseAntiforgery();
    }
}
