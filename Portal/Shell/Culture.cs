using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using Portal.Domain.Reference;

namespace Portal.Shell;

/// <summary>
/// The reader's language: that of the address on public pages (<c>/{lang}/…</c>), else the one chosen before (cookie), else the browser's,
/// else English.
/// </summary>
public static class Culture
{
    /// <summary>Cookie of the language chosen.</summary>
    public const string Cookie = "portal.language";

    /// <summary>The language of this request or circuit.</summary>
    public static Language Current => Languages.FromCulture(CultureInfo.CurrentUICulture);

    /// <summary>Sets the culture of each request; circuits keep that of the request that opened them.</summary>
    public static void UsePortalCulture(this WebApplication app)
    {
        var cultures = Languages.All.Select(l => new CultureInfo(l.Tag())).ToList();
        app.UseRequestLocalization(
            new RequestLocalizationOptions
            {
                DefaultRequestCulture = new RequestCulture("en"),
                SupportedCultures = cultures,
                SupportedUICultures = cultures,
                RequestCultureProviders =
                [
                    new CustomRequestCultureProvider(c =>
                        Task.FromResult(FromAddress(c.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath ?? c.Request.Path))
                    ),
                    new CustomRequestCultureProvider(c => Task.FromResult(Known(c.Request.Cookies[Cookie]))),
                    new CustomRequestCultureProvider(c => Task.FromResult(FromBrowser(c.Request))),
                ],
            }
        );
    }

    /// <summary>Speaks another language until what is returned is disposed of: that of who gets a mail, say.</summary>
    public static IDisposable Speak(Language language)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo(language.Tag());
        return new Speech(() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before);
    }

    private sealed class Speech(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private static ProviderCultureResult? FromAddress(PathString path) =>
        path.Value is { Length: > 2 } p && p.Split('/', 3) is [_, var first, ..] ? Known(first) : null;

    private static ProviderCultureResult? FromBrowser(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(l => l.Quality ?? 1)
            .Select(l => Known(l.Value.Value))
            .FirstOrDefault(k => k is not null);

    private static ProviderCultureResult? Known(string? tag) =>
        Languages.TryParse(tag, out var language) ? new ProviderCultureResult(language.Tag()) : null;
}
