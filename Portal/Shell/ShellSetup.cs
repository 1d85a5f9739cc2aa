using Microsoft.Extensions.Localization;
using MudBlazor.Services;
using Portal.Domain.Reference;

namespace Portal.Shell;

/// <summary>The frame: components, words, language.</summary>
public static class ShellSetup
{
    /// <summary>Adds words in the reader's language.</summary>
    public static IServiceCollection AddWords(this IServiceCollection services) =>
        services.AddLocalization().AddSingleton<IStringLocalizer<CodeWords>, AllCodeWords>().AddScoped<Say>();

    /// <summary>Adds what every page needs.</summary>
    public static WebApplicationBuilder AddShell(this WebApplicationBuilder builder)
    {
        builder.Services.AddWords();
        // Open circuits would otherwise hold a stop for half a minute; what was typed is in the drafts.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddHostedService<TidyAfterStart>();
        builder.Services.AddScoped<Ask>();
        builder.Services.AddScoped<Go>();
        builder.Services.AddScoped<ReaderDay>();
        builder.Services.AddMudServices();
        Delivery.Add(builder);
        builder
            .Services.AddRazorComponents()
            .AddInteractiveServerComponents(o =>
            {
                o.DetailedErrors = false;
                o.DisconnectedCircuitMaxRetained = 50;
                o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
                // A circuit that was let go is not resumed: its forms would come back empty under what stands on the screen. The browser
                // loads the page anew and puts back what was typed.
                o.PersistedCircuitInMemoryMaxRetained = 0;
            })
            // Fourteen thousand Arabic characters in one field are 32 KB, the default limit, beyond which the circuit dies with the text.
            .AddHubOptions(o => o.MaximumReceiveMessageSize = 1 << 20);
        return builder;
    }

    /// <summary>
    /// Sends what follows as the line and its reader allow; after it is known who asks, and inside the cache of public pages, which so
    /// keeps them compressed.
    /// </summary>
    public static void UseShell(this WebApplication app) => Delivery.Use(app);

    /// <summary>Maps pages.</summary>
    public static void MapShell(this WebApplication app)
    {
        app.MapGet("/", () => Results.Redirect("/" + Culture.Current.Slug())).AllowAnonymous();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(o =>
            {
                o.ContentSecurityFrameAncestorsPolicy = null; // the portal's own policy says it
                // Saves 0.25 MB of compression state for every open circuit, at the same bytes on the wire.
                o.ConfigureWebSocketAcceptContext = (_, accept) =>
                {
                    accept.DangerousEnableCompression = true;
                    accept.DisableServerContextTakeover = true;
                    return Task.CompletedTask;
                };
            });
    }
}

/// <summary>Addresses on this site, and no other.</summary>
public static class LocalAddress
{
    /// <summary>
    /// The address if it is a path on this site, else another. A header takes no letters but those of ASCII: others are written as an
    /// address writes them.
    /// </summary>
    public static string Of(string? address, string otherwise) =>
        address is ['/', not ('/' or '\\'), ..] or "/" && !address.Any(c => char.IsControl(c) || c == '\\')
            ? string.Concat(address.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())))
            : otherwise;
}
