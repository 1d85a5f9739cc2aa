using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Portal.Domain.Access;

namespace Portal.Shell;

/// <summary>
/// A list's state as its address holds it: search, filters, sort and page, so that it can be kept, shared and gone back to.
/// </summary>
/// <param name="Path">The list's path.</param>
/// <param name="Values">The query string.</param>
public sealed record ListAddress(string Path, IReadOnlyDictionary<string, StringValues> Values)
{
    /// <summary>Reads an address; what is not understood is left out when it is asked for.</summary>
    public static ListAddress Of(string uri)
    {
        var address = new Uri(new Uri("http://portal"), uri);
        return new ListAddress(address.AbsolutePath, QueryHelpers.ParseQuery(address.Query));
    }

    /// <summary>One value, without surrounding blanks; null when absent or empty.</summary>
    public string? One(string name) => All(name).FirstOrDefault()?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>
    /// All values of a name. A zero byte, at which PostgreSQL fails, stands as a character that is none, so that the value is refused or
    /// finds nothing like any other.
    /// </summary>
    public IReadOnlyList<string> All(string name) =>
        Values.TryGetValue(name, out var v) ? [.. v.OfType<string>().Where(x => x.Length > 0).Select(x => x.Replace('\0', '\uFFFD'))] : [];

    /// <summary>All values of a name that are members of an enumeration, by their names and nothing else that can be read as one.</summary>
    public IReadOnlyList<T> AllOf<T>(string name)
        where T : struct, Enum =>
        [
            .. All(name)
                .Where(v => Enum.GetNames<T>().Contains(v, StringComparer.OrdinalIgnoreCase))
                .Select(v => Enum.Parse<T>(v, true))
                .Distinct(),
        ];

    /// <summary>All values of a name that are sections with pages.</summary>
    public IReadOnlyList<Section> Sections(string name) => [.. AllOf<Section>(name).Where(s => s.IsOpen())];

    /// <summary>Page number, from 1; a list is not paged through further than a person would.</summary>
    public int Page => int.TryParse(One("page"), out var page) && page is > 0 and <= 1000 ? page : 1;

    /// <summary>Rows on a page, 50 unless the address says otherwise.</summary>
    public int PageSize => int.TryParse(One("pageSize"), out var size) ? Math.Clamp(size, 1, 200) : 50;

    /// <summary>Whether a filter has a value.</summary>
    public bool Has(string name, string value) => All(name).Contains(value, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The address with one value in place of all of a name, on the first page unless the page is what changes; null takes it out.
    /// </summary>
    public string With(string name, string? value) =>
        Build(Pairs().Where(p => p.Key != name && p.Key != "page").Concat(value is null ? [] : [new(name, value)]));

    /// <summary>The address without one value of a filter.</summary>
    public string Without(string name, string value) =>
        Build(Pairs().Where(p => p.Key != "page" && !(p.Key == name && string.Equals(p.Value, value, StringComparison.OrdinalIgnoreCase))));

    /// <summary>Of what a filter offers, how many values the address asks for: what it does not know filters nothing.</summary>
    public int CountChosen(string name, IReadOnlyList<(string Value, string Text)> options) => options.Count(o => Has(name, o.Value));

    /// <summary>Whether anything is searched or filtered for: what a list does not know filters nothing.</summary>
    public bool IsFilteredBy(FilterMenus filters) => One("q") is not null || filters.Any(f => CountChosen(f.Name, f.Options) > 0);

    /// <summary>The address with nothing searched or filtered for, the same columns shown.</summary>
    public string Cleared() => Build(Pairs().Where(p => p.Key == Columns.Name));

    /// <summary>The same query at another path, such as the list's export.</summary>
    public string At(string path, string name, string value) => new ListAddress(path, Values).With(name, value);

    /// <summary>The query string in one order, without some names: two addresses that show the same have the same.</summary>
    public string Query(params string[] without) =>
        QueryHelpers
            .AddQueryString(
                "",
                Pairs()
                    .Where(p => !without.Contains(p.Key))
                    .OrderBy(p => p.Key, StringComparer.Ordinal)
                    .ThenBy(p => p.Value, StringComparer.Ordinal)
                    .Select(p => new KeyValuePair<string, string?>(p.Key, p.Value))
            )
            .TrimStart('?');

    private IEnumerable<KeyValuePair<string, string>> Pairs() =>
        Values.SelectMany(v => v.Value.OfType<string>().Where(x => x.Length > 0).Select(x => new KeyValuePair<string, string>(v.Key, x)));

    private string Build(IEnumerable<KeyValuePair<string, string>> pairs) =>
        QueryHelpers.AddQueryString(Path, pairs.Select(p => new KeyValuePair<string, string?>(p.Key, p.Value)));
}
