using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Primitives;
using Portal.Data;
using Portal.Directory;
using Portal.Domain.Access;

namespace Portal.Public;

/// <summary>
/// Keeps public pages for nobody in particular, so that a page many read is made once. A change of anything public ends all of them:
/// the number of the present edition is part of each page's key, so a page that was being made while the change was saved is never
/// handed out either. Each also ends by itself after a second, for a node that the news does not reach.
/// </summary>
internal sealed class PublicCache(IResponseCompressionProvider compression) : IOutputCachePolicy
{
    /// <summary>Name of the policy; a page takes part by [OutputCache(PolicyName = …)].</summary>
    public const string Policy = "public";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly StringValues Query = new([.. DirectoryList.Names]);
    private long edition;

    /// <summary>From here on no page kept before is handed out.</summary>
    public void NewEdition() => Interlocked.Increment(ref edition);

    ValueTask IOutputCachePolicy.CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        var forAll =
            (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            && http.User.Identity?.IsAuthenticated != true
            && StringValues.IsNullOrEmpty(http.Request.Headers.Authorization);
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = forAll;
        context.ResponseExpirationTimeSpan = Longest;
        context.Tags.Add(Policy);
        // Only what the pages look at: anything else in an address shows the same page, and must not end up in one kept for others.
        context.CacheVaryByRules.QueryKeys = Query;
        context.CacheVaryByRules.VaryByValues["theme"] = http.Request.Cookies["portal.theme"] switch
        {
            "light" => "light",
            "dark" => "dark",
            _ => "auto",
        };
        // A page is kept as it is sent: compressed, for those who understand it.
        context.CacheVaryByRules.VaryByValues["encoding"] = compression.GetCompressionProvider(http)?.EncodingName ?? "";
        context.CacheVaryByRules.VaryByValues["edition"] = Interlocked
            .Read(ref edition)
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        // Browsers and relays ask again each time; otherwise they would show what was taken back.
        http.Response.Headers.CacheControl = forAll ? "no-cache" : "no-store";
        return ValueTask.CompletedTask;
    }

    ValueTask IOutputCachePolicy.ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    ValueTask IOutputCachePolicy.ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || !StringValues.IsNullOrEmpty(response.Headers.SetCookie))
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Ends the kept pages when something public has changed.</summary>
internal sealed class PublicNews(Wire wire, PublicCache cache, IOutputCacheStore store) : IHostedService
{
    private IDisposable? subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var keys = Actor.Anonymous.Keys;
        subscription = wire.Subscribe(() => keys, Guid.Empty, Changed);
        return Task.CompletedTask;
    }

    private async Task Changed(Change change)
    {
        cache.NewEdition();
        await store.EvictByTagAsync(PublicCache.Policy, CancellationToken.None);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        subscription?.Dispose();
        return Task.CompletedTask;
    }
}
