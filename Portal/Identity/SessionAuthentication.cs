using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace Portal.Identity;

/// <summary>
/// Who is behind a request: the cookie's key is looked up in the table of sessions, each time. There is no ticket in the cookie that could
/// outlive the session, and no claim that could outlive what it claims.
/// </summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    Sessions sessions,
    AccessTokens tokens,
    PortalCookies cookies,
    TimeProvider clock
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Whoever asks how the portal is must be answered when the database is not.
        if (Request.Path.StartsWithSegments("/health"))
            return AuthenticateResult.NoResult();
        // One or the other: who sends a token is not helped out by a cookie.
        if (AccessTokens.IsPresented(Request))
            return await OfToken();
        if (
            !Request.Cookies.TryGetValue(cookies.Session, out var key)
            || key.Length != 43
            || Context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        )
            return AuthenticateResult.NoResult();
        if (await sessions.OfKey(key) is not { } standing)
            return AuthenticateResult.NoResult();
        // An open page that asks whether its session stands is nobody doing anything.
        if (Request.Path != AccountAddress.Session)
            await sessions.Touch(standing);
        Context.Features.Set(standing);
        return AuthenticateResult.Success(new AuthenticationTicket(PrincipalOf(standing), SchemeName));
    }

    private async Task<AuthenticateResult> OfToken()
    {
        if (await tokens.Of(Request) is not { } found)
            return AuthenticateResult.NoResult();
        Context.Features.Set(found.Token);
        Context.Features.Set(found.Standing);
        return AuthenticateResult.Success(
            new AuthenticationTicket(
                new(
                    new ClaimsIdentity(
                        [new(ClaimTypes.NameIdentifier, found.Standing.PersonId.ToString()), new(ClaimTypes.Name, found.Standing.Name)],
                        SchemeName
                    )
                ),
                SchemeName
            )
        );
    }

    public static ClaimsPrincipal PrincipalOf(Standing standing) =>
        new(
            new ClaimsIdentity(
                [
                    new(Visitor.SessionClaim, standing.SessionId.ToString()),
                    new(ClaimTypes.NameIdentifier, standing.PersonId.ToString()),
                    new(ClaimTypes.Name, standing.Name),
                ],
                SchemeName
            )
        );

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (IsPage)
            Response.Redirect(AccountAddress.SignIn(Request.PathBase + Request.Path + Request.QueryString));
        else
            Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        // Signed in, but acting for nobody: the page that says so, or that has a second factor set up first.
        if (IsPage && Context.Features.Get<Standing>() is { } standing && standing.ActsUnder(clock.GetUtcNow().UtcDateTime) is null)
            Response.Redirect(AccountAddress.ActingAs);
        else
            Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // A form sent after the session ended leads to sign-in, too.
    private bool IsPage =>
        !Request.Path.StartsWithSegments("/api")
        && Request.Headers.Accept.ToString() is var accept
        && (accept.Contains("text/html") || (HttpMethods.IsGet(Request.Method) && (accept.Length == 0 || accept.Contains("*/*"))));
}

/// <summary>Addresses of the account pages.</summary>
public static class AccountAddress
{
    /// <summary>Choice of membership.</summary>
    public const string ActingAs = "/account/acting-as";

    /// <summary>Password, factors, sessions.</summary>
    public const string Security = "/account/security";

    /// <summary>The same after the check that an act there asked for, which says that the act is still to be done.</summary>
    public const string SecurityAgain = Security + "?done=check";

    /// <summary>The second factor at sign-in.</summary>
    public const string SecondStep = "/account/second-step";

    /// <summary>Says that the check was passed, in a tab of its own.</summary>
    public const string Confirmed = "/account/confirmed";

    /// <summary>Says which session stands, to open pages.</summary>
    public const string Session = "/account/session";

    /// <summary>Where one lands.</summary>
    public const string Home = "/home";

    /// <summary>Address and password.</summary>
    public const string SignInPage = "/account/sign-in";

    /// <summary>Sign-in, then on to a page.</summary>
    public static string SignIn(string? then = null) => SignInPage + Then(then);

    /// <summary>Asks for the password again, then on to a page.</summary>
    public static string Confirm(string then) => "/account/confirm" + Then(then);

    /// <summary>Asks for the password again, then sends a file, and says so.</summary>
    public static string ConfirmFor(string file) => Confirm(Confirmed + Then(file));

    private static string Then(string? then) => then is null or "/" or Home ? "" : "?returnUrl=" + Uri.EscapeDataString(then);
}
