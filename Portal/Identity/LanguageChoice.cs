using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>The language that somebody chooses: of the pages in this browser, and of what is mailed to them.</summary>
internal static class LanguageChoice
{
    public static void Map(WebApplication app) =>
        app.MapGet(
                "/language/{language}",
                async (string language, string? back, HttpContext http, AccountService accounts) =>
                {
                    if (!Languages.TryParse(language, out var chosen))
                        return Results.NotFound();
                    http.Response.Cookies.Append(
                        Culture.Cookie,
                        chosen.Tag(),
                        new CookieOptions
                        {
                            MaxAge = TimeSpan.FromDays(365),
                            SameSite = SameSiteMode.Lax,
                            Secure = http.Request.IsHttps,
                            HttpOnly = true,
                            IsEssential = true,
                        }
                    );
                    // A link elsewhere may change what this browser shows, but not what is kept.
                    if (http.Request.Headers["Sec-Fetch-Site"] != "cross-site" && http.Features.Get<Standing>() is { } standing)
                        await accounts.Speak(standing, chosen);
                    return Results.LocalRedirect(LocalAddress.Of(back, "/home"));
                }
            )
            .AllowAnonymous();
}
