using System.Text.RegularExpressions;

namespace Portal.Identity;

/// <summary>An organisation's own identity provider (OpenID Connect Core 1.0), as configured under <c>Oidc:{name}</c>.</summary>
/// <param name="Name">Its name in configuration and in addresses.</param>
/// <param name="Label">What the button calls it.</param>
/// <param name="Authority">Its issuer; keys and addresses are read from there.</param>
/// <param name="ClientId">What it knows the portal by.</param>
/// <param name="ClientSecret">What the portal proves that with; null for a public client.</param>
/// <param name="Scopes">What is asked for.</param>
/// <param name="TrustedDomains">
/// Domains of mail whose addresses it vouches for: an account with such an address is bound at the first sign-in. Usually none.
/// </param>
/// <param name="SecondFactor">Values of <c>amr</c> or <c>acr</c> that count as a second factor.</param>
/// <param name="AcrValues">What is asked of it as <c>acr_values</c>; null for nothing.</param>
public sealed record IdentityProvider(
    string Name,
    string Label,
    string Authority,
    string ClientId,
    string? ClientSecret,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> TrustedDomains,
    IReadOnlyList<string> SecondFactor,
    string? AcrValues
)
{
    /// <summary>Name of its authentication scheme.</summary>
    public string Scheme => "oidc:" + Name;

    /// <summary>Where it sends people back to; to be registered with it.</summary>
    public string CallbackPath => IdentityAddress.Start(Name) + "/callback";
}

/// <summary>The identity providers that are set up, and what is wrong with those that are not.</summary>
public sealed partial class IdentityProviders
{
    private readonly List<(string Name, string Fault)> faults = [];

    /// <summary>Reads <c>Oidc</c>. A provider with a fault is left out; the others work.</summary>
    public IdentityProviders(IConfiguration configuration) =>
        All = [.. configuration.GetSection("Oidc").GetChildren().Select(Read).OfType<IdentityProvider>()];

    /// <summary>Those that are set up.</summary>
    public IReadOnlyList<IdentityProvider> All { get; }

    /// <summary>Those that are left out, and why, for an operator.</summary>
    public IReadOnlyList<(string Name, string Fault)> Faults => faults;

    /// <summary>One of them, or null.</summary>
    public IdentityProvider? Find(string? name) => All.FirstOrDefault(p => p.Name == name);

    private IdentityProvider? Read(IConfigurationSection section)
    {
        var (name, authority, client) = (section.Key.ToLowerInvariant(), section["Authority"] ?? "", section["ClientId"] ?? "");
        var fault =
            !NameShape().IsMatch(name) ? "its name may have small letters, figures and hyphens only, thirty at most"
            : !Uri.TryCreate(authority, UriKind.Absolute, out var uri)
            || !(uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))
                ? "Authority must begin with https:// (http:// on this machine only)"
            : client.Length == 0 ? "ClientId is missing"
            : null;
        if (fault is not null)
        {
            faults.Add((section.Key, fault));
            return null;
        }
        return new IdentityProvider(
            name,
            section["Name"] is { Length: > 0 } label ? label : name,
            authority,
            client,
            section["ClientSecret"] is { Length: > 0 } secret ? secret : null,
            ["openid", .. Words(section["Scopes"] ?? "email profile").Where(s => s != "openid")],
            [.. Words(section["TrustedDomains"]).Select(d => d.TrimStart('@').ToLowerInvariant())],
            Words(section["SecondFactor"] ?? "mfa"),
            section["AcrValues"] is { Length: > 0 } acr ? acr : null
        );
    }

    private static IReadOnlyList<string> Words(string? text) =>
        (text ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex("^[a-z0-9-]{1,30}$")]
    private static partial Regex NameShape();
}

/// <summary>
/// Addresses of signing in at an organisation's own provider. They are links and not forms, so that no page need let its forms be sent to
/// another host.
/// </summary>
public static class IdentityAddress
{
    /// <summary>Signs in, then on to a page.</summary>
    public static string Start(string provider, string? then = null) =>
        $"/account/oidc/{provider}" + (then is null or AccountAddress.Home ? "" : "?returnUrl=" + Uri.EscapeDataString(then));

    /// <summary>Shows who it is again, then on to a page.</summary>
    public static string Confirm(string provider, string then) =>
        $"/account/oidc/{provider}/confirm?returnUrl={Uri.EscapeDataString(then)}";

    /// <summary>Binds the account; the ticket shows that it was asked for on the page.</summary>
    public static string Bind(string provider, string ticket) => $"/account/oidc/{provider}/bind?ticket={Uri.EscapeDataString(ticket)}";

    /// <summary>The page that says what binding means.</summary>
    public static string BindPage(string provider) => $"{AccountAddress.Security}/identity/{provider}";

    /// <summary>Shows who accepts an invitation.</summary>
    public static string Invitation(string provider, string token) => $"/account/oidc/{provider}/invitation/{token}";

    /// <summary>Signs out at the provider, too.</summary>
    public static string SignOut(string provider) => $"/account/oidc/{provider}/sign-out";
}
