using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Localization;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Identity;

namespace Portal.Api;

/// <summary>
/// Answers for programs and downloads: whatever goes wrong under <c>/api/v1</c>, <c>/files</c> and the exports and templates is said as
/// problem details,
/// never as a page or a redirect; nothing there is stored by a cache or run by a browser; and a write from another site is refused.
/// </summary>
internal sealed class ApiGuard(RequestDelegate next, PortalAddress address)
{
    /// <summary>What a browser may do with an answer that it opens as a document: nothing.</summary>
    public const string InertPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    /// <summary>Whether an address is for programs or a download.</summary>
    public static bool Covers(PathString path) => IsApi(path) || path.StartsWithSegments("/files") || IsExport(path);

    /// <summary>Whether an address is of the API.</summary>
    public static bool IsApi(PathString path) => path.StartsWithSegments("/api/v1");

    private static readonly string[] Endings = ["/export", "/import/template", "/import/codes"];

    private static bool IsExport(PathString path) =>
        path.Value is { } p && Array.Exists(Endings, e => p.TrimEnd('/').EndsWith(e, StringComparison.OrdinalIgnoreCase));

    public async Task Invoke(HttpContext http)
    {
        if (!Covers(http.Request.Path))
        {
            await next(http);
            return;
        }
        // Registered first, so applied last: a policy for pages does not replace this one.
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = InertPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = "no-store, private";
            headers.Remove("Pragma");
            headers.Remove("Expires");
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        await Answer(http, IsForeignWrite(http.Request) ? _ => throw new BadRequest(403, "request.cross_site") : next);
    }

    /// <summary>
    /// Goes on, and says what goes wrong as problem details. It stands at both ends of the pipeline: right before the endpoints, so that no
    /// page of errors comes in between, and before everything else, for what does not get that far.
    /// </summary>
    public static async Task Answer(HttpContext http, RequestDelegate next)
    {
        if (!Covers(http.Request.Path))
        {
            await next(http);
            return;
        }
        try
        {
            if (AccessTokens.IsPresented(http.Request) && http.GetEndpoint() is not null)
                Demand(http);
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await Say(http, problems => problems.OfStatus(http.Response.StatusCode));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is waiting for the answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            if (e is NotFound && http.GetEndpoint() is { } endpoint)
                await http
                    .RequestServices.GetRequiredService<RefusalLog>()
                    .Note("access.nothing_found", RefusalLog.SectionOf(endpoint.Metadata));
            var body = http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
            http.Response.Clear();
            await Say(http, problems => problems.Of(e, body) ?? Fault(http, e, problems));
        }
    }

    // What comes with a token comes with one that counts, also where nobody is asked; and one that only reads changes nothing, whatever an
    // act would ask.
    private static void Demand(HttpContext http)
    {
        if (http.Features.Get<AccessToken>() is not { } token)
            throw new BadRequest(401, "request.sign_in");
        if (!token.MayWrite && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            throw new BadRequest(403, "request.token_reads");
    }

    public static Problem Fault(HttpContext http, Exception e, Problems problems)
    {
        http.RequestServices.GetRequiredService<ILogger<ApiGuard>>()
            .LogError(e, "{Method} {Path} failed; trace {Trace}", http.Request.Method, http.Request.Path.Value, http.TraceIdentifier);
        return problems.OfStatus(500) with { Trace = http.TraceIdentifier };
    }

    // The culture was set further in and is gone out here; the request remembers it.
    public static async Task Say(HttpContext http, Func<Problems, Problem> problem)
    {
        if (http.Features.Get<IRequestCultureFeature>()?.RequestCulture is { } culture)
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture.Culture, culture.UICulture);
        var problems = http.RequestServices.GetRequiredService<Problems>();
        await problems.Write(http, problem(problems));
    }

    /// <summary>
    /// Whether a write comes from a page of another site. Browsers say so themselves (Fetch metadata, and Origin before it); what says
    /// neither is no browser and has nobody's cookie but its own. See docs/decisions/0006-api-cookie-writes.md.
    /// </summary>
    private bool IsForeignWrite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
            return site is not ("same-origin" or "none");
        if (request.Headers.Origin is not [{ } origin, ..])
            return false;
        return !Uri.TryCreate(origin, UriKind.Absolute, out var from)
            || !(Same(from, $"{request.Scheme}://{request.Host}") || Same(from, address.Base.AbsoluteUri));
    }

    private static bool Same(Uri from, string? to) =>
        Uri.TryCreate(to, UriKind.Absolute, out var site)
        && Uri.Compare(from, site, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}

/// <summary>Says what fails between the two ends of the pipeline, before the page of errors does.</summary>
internal sealed class ApiFaults : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!ApiGuard.Covers(httpContext.Request.Path))
            return false;
        await ApiGuard.Say(httpContext, problems => problems.Of(exception) ?? ApiGuard.Fault(httpContext, exception, problems));
        return true;
    }
}

/// <summary>
/// A closed gate in front of a program or a download: 401 to nobody, 403 to who is signed in and may know that the section exists.
/// A file or an export behind a closed section is simply not there.
/// </summary>
internal sealed class GateAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler pages = new();

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        if (!authorizeResult.Succeeded)
            await context
                .RequestServices.GetRequiredService<RefusalLog>()
                .Note("access.refused", RefusalLog.SectionOf(context.GetEndpoint()?.Metadata ?? EndpointMetadataCollection.Empty));
        if (authorizeResult.Succeeded || !ApiGuard.Covers(context.Request.Path))
        {
            await pages.HandleAsync(next, context, policy, authorizeResult);
            return;
        }
        // A cookie whose session, account or membership has ended is nobody's.
        var isSignedIn = (await context.RequestServices.GetRequiredService<ActorSource>().Current()).IsSignedIn;
        await ApiGuard.Say(
            context,
            problems =>
                problems.OfStatus(
                    !isSignedIn ? 401
                    : ApiGuard.IsApi(context.Request.Path) ? 403
                    : 404
                )
        );
    }
}
