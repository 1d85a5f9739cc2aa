using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.StaticAssets;
using Portal.Api;
using Portal.Identity;

namespace Portal.Access;

/// <summary>
/// What a session may ask for while it looks as somebody else: pages to read, to stop, and to leave. No other address answers, whatever it
/// is:
/// no file, no export, no API, nothing sent, and none of the looker's own account. What the services would do is refused by the database.
/// </summary>
internal static class ViewAsDoor
{
    /// <summary>Where a preview is begun.</summary>
    public const string Page = "/access/view-as";

    /// <summary>Where it is stopped.</summary>
    public const string Stop = "/account/view-as";
    private const string SignOut = "/account/sign-out";

    // Rankings, chains and sums of the records behind them: masked ones would be missing from them without a word, and counted ones would
    // tell what they say.
    private static readonly PathString[] Withheld = ["/matches", "/funding-gap", "/trace", "/states", "/assistance/report"];

    /// <summary>Whether a preview says of a page only that it is open to them.</summary>
    public static bool Withholds(PathString page) => page == "/assistance" || Withheld.Any(w => page.StartsWithSegments(w));

    public static Task AtTheDoor(HttpContext http, RequestDelegate next)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        if (http.Features.Get<Standing>()?.Views(now) is null)
            return next(http);
        var path = http.Request.Path;
        if (ApiGuard.Covers(path))
            return ApiGuard.Say(http, problems => problems.Of(StatusCodes.Status403Forbidden, "viewing.read_only"));
        if (path == Stop || path == SignOut || path.StartsWithSegments("/_blazor"))
            return next(http);
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (reads && path.StartsWithSegments("/account"))
        {
            http.Response.Redirect(Stop);
            return Task.CompletedTask;
        }
        // Where it was begun: a page that was loaded anew before it was led on is led on now.
        if (reads && path == Page)
        {
            http.Response.Redirect(AccountAddress.Home);
            return Task.CompletedTask;
        }
        if (reads && IsPage(http.GetEndpoint()))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // A page of the portal, or what anybody gets: a script, a language, a map of the site. What leads nowhere is for the page that says so.
    private static bool IsPage(Endpoint? endpoint) =>
        endpoint is null
        || endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        || endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}
