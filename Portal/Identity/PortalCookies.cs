namespace Portal.Identity;

/// <summary>
/// Names and settings of the cookies that matter. They carry the <c>__Host-</c> prefix, which browsers accept only over TLS, for the whole
/// site and from this very host. Browsers refuse such a cookie on http://localhost, so in Development, with a base address of plain http,
/// the
/// same cookies go without prefix and without Secure; nothing else differs. It is decided once, at start, never by a request.
/// </summary>
public sealed class PortalCookies
{
    private readonly bool secure;

    /// <summary>Decides by environment and base address.</summary>
    public PortalCookies(IHostEnvironment environment, PortalAddress address) =>
        secure = !environment.IsDevelopment() || address.Base.Scheme == Uri.UriSchemeHttps;

    /// <summary>The session's key.</summary>
    public string Session => Name("portal");

    /// <summary>Antiforgery.</summary>
    public string Forms => Name("portal.forms");

    /// <summary>A browser that signed in before.</summary>
    public string Device => Name("portal.device");

    /// <summary>A password that was right, waiting for the second factor.</summary>
    public string Step => Name("portal.step");

    /// <summary>Somebody who showed who they are at their organisation's provider, and is about to accept an invitation.</summary>
    public string Identity => Name("portal.identity");

    /// <summary>Settles a cookie that the framework sets on the way to an identity provider and back.</summary>
    public void Settle(CookieBuilder cookie, string name) =>
        (cookie.Name, cookie.Path, cookie.SameSite, cookie.SecurePolicy, cookie.HttpOnly, cookie.IsEssential) = (
            Name(name),
            "/",
            SameSiteMode.Lax,
            SecurePolicy,
            true,
            true
        );

    private string Name(string name) => secure ? "__Host-" + name : name;

    /// <summary>How each of them is set. Without <paramref name="lifetime"/> it goes with the browser.</summary>
    public CookieOptions Options(TimeSpan? lifetime = null) =>
        new()
        {
            HttpOnly = true,
            Secure = secure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
            IsEssential = true,
        };

    /// <summary>The same for antiforgery's own cookie.</summary>
    public CookieSecurePolicy SecurePolicy => secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
}

/// <summary>The portal's own address, from configuration: what mails and checks of origin go by. The Host header is never asked.</summary>
public sealed class PortalAddress
{
    /// <summary>Reads <c>Portal:BaseUrl</c>, which is required outside Development.</summary>
    public PortalAddress(IConfiguration configuration, IHostEnvironment environment)
    {
        var text = configuration["Portal:BaseUrl"];
        if (string.IsNullOrEmpty(text) && environment.IsDevelopment())
            text = "http://localhost:5080";
        Base =
            Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new InvalidOperationException(
                    "Portal:BaseUrl must be the portal's public address, such as https://portal.example.org."
                );
    }

    /// <summary>The base.</summary>
    public Uri Base { get; }

    /// <summary>An address on the portal in full.</summary>
    public string Full(string path) => new Uri(Base, path).AbsoluteUri;
}
