using System.Globalization;
using System.Security;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.OutputCaching;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Public;

/// <summary>What is open to everyone.</summary>
public static class PublicSetup
{
    /// <summary>Adds the public pages and their cache.</summary>
    public static WebApplicationBuilder AddPublic(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<PublicReading>();
        builder.Services.AddOutputCache();
        builder.Services.AddSingleton<PublicCache>();
        builder.Services.AddHostedService<PublicNews>();
        var antiforgery = builder.Services.Last(s => s.ServiceType == typeof(IAntiforgery)).ImplementationType!;
        builder.Services.AddSingleton<IAntiforgery>(services => new PublicAntiforgery(
            (IAntiforgery)ActivatorUtilities.CreateInstance(services, antiforgery)
        ));
        builder
            .Services.AddOptions<OutputCacheOptions>()
            .Configure<PublicCache>((options, cache) => options.AddPolicy(PublicCache.Policy, cache));
        return builder;
    }

    /// <summary>Serves kept pages; after it is known who asks.</summary>
    public static void UsePublic(this WebApplication app) => app.UseOutputCache();

    /// <summary>Maps what is not a page: for crawlers, for load balancers, and for those who found a hole.</summary>
    public static void MapPublic(this WebApplication app)
    {
        app.MapGet("/robots.txt", (PortalAddress address) => Results.Text(Robots(address)))
            .AllowAnonymous()
            .CacheOutput(PublicCache.Policy);
        app.MapGet(
                "/sitemap.xml",
                async (PortalAddress address, PublicReading reading, CancellationToken ct) =>
                    Results.Text(Sitemap(address, await reading.Providers(ct)), "application/xml", Encoding.UTF8)
            )
            .AllowAnonymous()
            .CacheOutput(PublicCache.Policy);
        app.MapGet(
                "/.well-known/security.txt",
                (PortalAddress address, IConfiguration configuration, TimeProvider clock) =>
                    SecurityContact(configuration) is { } contact
                        ? Results.Text(SecurityText(contact, address, clock.GetUtcNow()))
                        : Results.NotFound()
            )
            .AllowAnonymous();
        Health.Map(app);
    }

    // Everything is closed but the six languages: a list of closed addresses would tell where to knock.
    private static string Robots(PortalAddress address)
    {
        var lines = new StringBuilder("User-agent: *\nDisallow: /\n");
        foreach (var language in Languages.All)
            lines.Append(CultureInfo.InvariantCulture, $"Allow: /{language.Slug()}$\nAllow: /{language.Slug()}/\n");
        return lines
            .Append("Allow: /*.css$\nAllow: /*.js$\nAllow: /*.svg$\nAllow: /fonts/\n")
            .Append(CultureInfo.InvariantCulture, $"Sitemap: {address.Full("/sitemap.xml")}\n")
            .ToString();
    }

    private static string Sitemap(PortalAddress address, IEnumerable<string> providers)
    {
        var xml = new StringBuilder(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n"
        );
        foreach (var path in new[] { "", "/directory", "/links", "/accessibility" }.Concat(providers.Select(p => "/directory/" + p)))
        {
            var alternates = string.Concat(
                Languages.All.Select(l => $"<xhtml:link rel=\"alternate\" hreflang=\"{l.Tag()}\" href=\"{At(address, l, path)}\"/>")
            );
            foreach (var language in Languages.All)
                xml.Append(CultureInfo.InvariantCulture, $"<url><loc>{At(address, language, path)}</loc>{alternates}</url>\n");
        }
        return xml.Append("</urlset>\n").ToString();
    }

    private static string At(PortalAddress address, Language language, string path) =>
        SecurityElement.Escape(address.Full($"/{language.Slug()}{path}"));

    /// <summary>Where to write to, as an address that security.txt takes; null where nothing is configured.</summary>
    internal static string? SecurityContact(IConfiguration configuration) =>
        configuration["Portal:Contact"] is { Length: > 0 } contact
            ? contact.Contains(':')
                ? contact
                : "mailto:" + contact
            : configuration["Mail:From"] is { Length: > 0 } from
                ? "mailto:" + from
                : null;

    // RFC 9116: a contact and an end are required; the end is kept half a year ahead, at a midnight so that the file is the same all day.
    private static string SecurityText(string contact, PortalAddress address, DateTimeOffset now) =>
        $"Contact: {contact}\nExpires: {now.UtcDateTime.Date.AddDays(180):yyyy-MM-dd'T'HH:mm:ss'Z'}\nPreferred-Languages: {string.Join(", ", Languages.All.Select(l => l.Tag()))}\nCanonical: {address.Full("/.well-known/security.txt")}\n";
}
