using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.ResponseCompression;

namespace Portal.Shell;

/// <summary>
/// How pages and files travel: compressed where their length tells nobody anything, and kept by browsers for good where their name says
/// their content (docs/decisions/0032).
/// </summary>
internal static class Delivery
{
    /// <summary>Carries as many letters as chance has it, so that the length of a compressed answer says less of its content.</summary>
    public const string Padding = "X-Padding";

    private const int MostPadding = 256;
    private const string ForGood = "public, max-age=31536000, immutable";

    public static void Add(WebApplicationBuilder builder) =>
        builder
            .Services.AddResponseCompression(o =>
            {
                o.EnableForHttps = true;
                o.Providers.Add<BrotliCompressionProvider>();
                o.Providers.Add<GzipCompressionProvider>();
                o.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml", "application/problem+json", "text/csv"];
            })
            .Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Optimal)
            .Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Optimal);

    /// <summary>After it is known who asks.</summary>
    public static void Use(WebApplication app)
    {
        app.UseWhen(
            IsSignedIn,
            mine =>
                mine.Use(
                    (context, next) =>
                    {
                        context.Response.OnStarting(() =>
                        {
                            if (context.Response.Headers.ContentEncoding.Count > 0)
                                context.Response.Headers[Padding] = RandomNumberGenerator.GetHexString(
                                    1 + RandomNumberGenerator.GetInt32(MostPadding),
                                    lowercase: true
                                );
                            return Task.CompletedTask;
                        });
                        return next(context);
                    }
                )
        );
        app.UseWhen(MayBeCompressed, open => open.UseResponseCompression());
        app.UseWhen(
            c => c.Request.Path.StartsWithSegments("/fonts"),
            fonts =>
                fonts.Use(
                    (context, next) =>
                    {
                        context.Response.OnStarting(() =>
                        {
                            if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                                context.Response.Headers.CacheControl = ForGood;
                            return Task.CompletedTask;
                        });
                        return next(context);
                    }
                )
        );
    }

    private static bool IsSignedIn(HttpContext context) => context.User.Identity?.IsAuthenticated == true;

    // What another site made the browser ask for, with words of its choice, is never compressed. Programs, which nobody else can make ask,
    // do not say where from.
    private static bool MayBeCompressed(HttpContext context) =>
        !IsSignedIn(context) || context.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";
}
