using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Portal.Identity;

/// <summary>
/// Load balancers in front. Who is behind a request decides what is counted against whom and what people read among their sessions, so
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed of the configured proxies and of nobody else.
/// </summary>
internal static class Proxies
{
    /// <summary>Reads <c>Portal:Proxies</c>: addresses and networks such as <c>10.0.0.7, 10.1.0.0/16</c>.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        var named = (builder.Configuration["Portal:Proxies"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        builder.Services.Configure<ForwardedHeadersOptions>(o =>
        {
            o.ForwardedHeaders =
                named.Length > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
            o.KnownIPNetworks.Clear();
            o.KnownProxies.Clear();
            foreach (var name in named)
                if (IPNetwork.TryParse(name, out var network))
                    o.KnownIPNetworks.Add(network);
                else
                    o.KnownProxies.Add(
                        IPAddress.TryParse(name, out var proxy)
                            ? proxy
                            : throw new InvalidOperationException(
                                $"Portal:Proxies names '{name}', which is neither an address nor a network such as 10.1.0.0/16."
                            )
                    );
        });
    }
}
