using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Antiforgery;
using NetEscapades.AspNetCore.SecurityHeaders;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Identity;

/// <summary>Says to the sign-in page that nobody looked at what was typed, since too many wait.</summary>
internal sealed class TurnedAway
{
    /// <summary>What stands for the address that was typed, until it is put in.</summary>
    public const string Address = "{address}";
}

/// <summary>
/// The sign-in page as everybody who is not signed in gets it, and as those get it who are turned away, drawn once for each language and
/// theme. Only the token
/// of its form, the nonce of its script and the address that was typed differ from one visitor to the next; they are put in afresh. It is
/// the page that is
/// asked for most, by machines too.
/// </summary>
internal sealed partial class KeptSignIn(IAntiforgery antiforgery)
{
    private const char Token = '\u0001',
        Nonce = '\u0002'; // characters that no page holds
    private readonly ConcurrentDictionary<(string Language, string Theme, bool IsTurnedAway), string> kept = new();

    public async Task Answer(HttpContext http, RequestDelegate next)
    {
        if (
            !HttpMethods.IsGet(http.Request.Method)
            || http.Request.Path != AccountAddress.SignInPage
            || http.Request.QueryString.HasValue
            || http.User.Identity?.IsAuthenticated == true
        )
        {
            await next(http);
            return;
        }
        await Send(http, next, "");
    }

    /// <summary>Answers a sign-in that nobody looks at: the page once more, with the address that was typed.</summary>
    public async Task TurnAway(HttpContext http, RequestDelegate next, string? address)
    {
        http.Response.Headers.RetryAfter = "10";
        if (http.User.Identity?.IsAuthenticated == true)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests; // the portal's own page about it
            return;
        }
        http.Features.Set(new TurnedAway());
        (http.Request.Method, http.Request.QueryString) = (HttpMethods.Get, default);
        await Send(http, next, SignInService.Clean(address));
    }

    private async Task Send(HttpContext http, RequestDelegate next, string address)
    {
        var isTurnedAway = http.Features.Get<TurnedAway>() is not null;
        var key = (
            Culture.Current.Tag(),
            http.Request.Cookies["portal.theme"] switch
            {
                "light" => "light",
                "dark" => "dark",
                _ => "auto",
            },
            isTurnedAway
        );
        if (!kept.TryGetValue(key, out var page) && await Draw(http, next) is { } drawn)
            kept[key] = page = drawn;
        if (page is null)
            return;
        var token = antiforgery.GetAndStoreTokens(http).RequestToken!;
        page = page.Replace(Token.ToString(), token).Replace(Nonce.ToString(), HtmlEncoder.Default.Encode(http.GetNonce()));
        var body = Encoding.UTF8.GetBytes(isTurnedAway ? page.Replace(TurnedAway.Address, HtmlEncoder.Default.Encode(address)) : page);
        if (isTurnedAway)
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        (http.Response.ContentType, http.Response.ContentLength) = ("text/html; charset=utf-8", body.Length);
        await http.Response.Body.WriteAsync(body);
    }

    // Drawn as usual, into memory. What is not a page is sent as it is, and null returned.
    private static async Task<string?> Draw(HttpContext http, RequestDelegate next)
    {
        var body = http.Response.Body;
        using var drawn = new MemoryStream();
        http.Response.Body = drawn;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }
        var html = Encoding.UTF8.GetString(drawn.ToArray());
        if (http.Response.StatusCode == StatusCodes.Status200OK && TokenOf().Match(html) is { Success: true } token)
            return StateOf()
                .Replace(html, "")
                .Replace(token.Groups[1].Value, Token.ToString())
                .Replace(HtmlEncoder.Default.Encode(http.GetNonce()), Nonce.ToString());
        await body.WriteAsync(drawn.ToArray());
        return null;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenOf();

    // What the framework would hand to a circuit; there is none.
    [GeneratedRegex("<!--Blazor-[A-Za-z-]+:[^>]*-->")]
    private static partial Regex StateOf();
}
