using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Api;

/// <summary>One parameter of a list.</summary>
/// <param name="Name">Name in the query string.</param>
/// <param name="Text">What it does, for the description.</param>
/// <param name="Values">Values it takes; null for any text.</param>
/// <param name="Many">Whether it may be given more than once.</param>
/// <param name="Most">Largest number; null where it is no number.</param>
internal sealed record Parameter(string Name, string Text, Func<IEnumerable<string>>? Values = null, bool Many = true, int? Most = null);

/// <summary>
/// The query string of a list. The same as the page's, but strict: a page may ignore a filter it does not know, a program must not
/// take a longer list for a shorter one.
/// </summary>
internal sealed record ListParameters(params IReadOnlyList<Parameter> Parameters)
{
    private const int DeepestRow = 100_000;

    public static readonly Parameter Words = new("q", "Words to find in what the reader may see; each by its beginning.", Many: false);
    public static readonly Parameter Page = new("page", "Page, from 1.", Many: false, Most: DeepestRow);
    public static readonly Parameter Currency = new(
        "currency",
        "ISO 4217 that amounts are told in; USD unless said otherwise.",
        () => Currencies.All.Select(c => c.Code),
        Many: false
    );
    public static readonly Parameter Theme = new(
        "theme",
        "Theme codes to keep; a theme brings its parts.",
        () => Themes.All.Select(t => t.Code)
    );
    public static readonly Parameter Region = Of<RegionalGroup>("region", "Regional groups to keep.");
    public static readonly Parameter PageSize = new("pageSize", "Rows on a page, 50 unless said otherwise.", Many: false, Most: 200);

    public static Parameter Of<T>(string name, string text, bool many = true)
        where T : struct, Enum => new(name, text, Enum.GetNames<T>, many);

    /// <summary>Those of a list of records: what its address takes.</summary>
    public static ListParameters Of<T, TRow>(RecordList<T, TRow> list)
        where T : class, IProtected
        where TRow : class, IListed =>
        Of(
            list.Filters,
            new("sort", "Order; newest first unless said otherwise.", () => list.Sorts.Select(s => s.Name), Many: false),
            Page,
            PageSize
        );

    /// <summary>Words to find and filters, and what else there is.</summary>
    public static ListParameters Of<T>(IReadOnlyList<ListFilter<T>> filters, params IReadOnlyList<Parameter> more) =>
        new([Words, .. filters.Select(f => new Parameter(f.Name, f.Text, f.Values)), .. more]);

    /// <summary>Reads the query string of a request.</summary>
    /// <exception cref="BadRequest">A name is no parameter, or a value is not one that it takes.</exception>
    public ListAddress Read(HttpRequest request)
    {
        var address = new ListAddress(request.Path, QueryHelpers.ParseQuery(request.QueryString.Value));
        var wrong = Parameters.Where(p => !Takes(p, address.All(p.Name))).Select(p => (p.Name, "field.unknown_value")).ToList();
        wrong.AddRange(
            address
                .Values.Keys.Where(k => !Parameters.Any(p => p.Name.Equals(k, StringComparison.OrdinalIgnoreCase)))
                .Select(k => (k, "field.unknown_parameter"))
        );
        if (wrong.Count == 0 && (Number(address, Page) - 1) * (long)Number(address, PageSize, 50) >= DeepestRow)
            wrong.Add((Page.Name, "field.unknown_value"));
        return wrong.Count == 0 ? address : throw new BadRequest(400, "request.parameters", wrong);
    }

    private static bool Takes(Parameter parameter, IReadOnlyList<string> values) =>
        (parameter.Many || values.Count <= 1)
        && (parameter.Values is null || values.All(v => parameter.Values().Contains(v, StringComparer.OrdinalIgnoreCase)))
        && (parameter.Most is null || values.All(v => Number(v) is { } n && n >= 1 && n <= parameter.Most));

    private static int Number(ListAddress address, Parameter parameter, int otherwise = 1) =>
        Number(address.One(parameter.Name)) ?? otherwise;

    private static int? Number(string? value) =>
        int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>
/// References, codes and audience names in addresses are letters, digits and a few signs. Anything else names nothing, and is answered
/// like a wrong address before a database has to make sense of it.
/// </summary>
internal sealed partial class PlainNames : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.RouteValues.Values.All(v => v is not string s || Plain().IsMatch(s))
            ? next(context)
            : throw new NotFound();

    [GeneratedRegex(@"^[A-Za-z0-9:_.()-]{1,80}\z")]
    private static partial Regex Plain();
}

/// <summary>
/// What an operation does not know in a query string is refused by every one, not by lists alone: a program that misspells a filter must
/// not take everything for what it asked for.
/// </summary>
internal sealed class KnownNames : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var (request, endpoint) = (context.HttpContext.Request, (RouteEndpoint)context.HttpContext.GetEndpoint()!);
        // Those that say what they take read it strictly by themselves.
        if (request.Query.Count == 0 || endpoint.Metadata.GetMetadata<ListParameters>() is not null)
            return next(context);
        var own = endpoint
            .Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(p => p.ParameterInfo.ParameterType == typeof(string) || p.HasTryParse)
            .Select(p => p.Name)
            .Where(name => endpoint.RoutePattern.GetParameter(name) is null)
            .ToList();
        var unknown = request.Query.Keys.Where(k => !own.Contains(k, StringComparer.OrdinalIgnoreCase)).ToList();
        return unknown.Count == 0
            ? next(context)
            : throw new BadRequest(400, "request.parameters", [.. unknown.Select(k => (k, "field.unknown_parameter"))]);
    }
}
