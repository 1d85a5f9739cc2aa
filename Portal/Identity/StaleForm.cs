using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;

namespace Portal.Identity;

/// <summary>
/// An account form whose token no longer goes with whoever sends it, because they signed in or out elsewhere meanwhile or the page had been
/// open for days.
/// Nothing of it is done. The page is shown again with a token that does, and with what was typed that is no secret.
/// </summary>
/// <param name="Typed">What was typed, by the names of its fields, as JSON.</param>
internal sealed record StaleForm(string Typed)
{
    private static readonly string[] NoSecrets = ["Email", "Name"];

    /// <summary>Answers a form that is refused, where nobody else does: the framework would send a status and nothing to read.</summary>
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        if (
            context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false }
            || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null
        )
        {
            await next(context);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Features.Set<IAntiforgeryValidationFeature>(null); // judged: with it, what was sent could not even be looked at
        if (!context.Request.Path.StartsWithSegments("/account") || !context.Request.HasFormContentType)
            return; // the portal's own page about it
        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync();
        }
        catch (Exception cut) when (cut is IOException or InvalidDataException or BadHttpRequestException)
        {
            return; // a form that breaks off says nothing to show again
        }
        context.Features.Set(
            new StaleForm(
                JsonSerializer.Serialize(NoSecrets.Where(form.ContainsKey).ToDictionary(name => name, name => form[name].ToString()))
            )
        );
        context.Request.Method = HttpMethods.Get;
        await next(context);
    }
}
