using Portal.Shell;

namespace Portal.Directory;

/// <summary>Addresses of the directory's lists.</summary>
internal static class DirectoryAddress
{
    /// <summary>A list's address with nothing in it that the list does not look at: what a stranger put there is not carried along.</summary>
    public static ListAddress Of(string uri)
    {
        var address = ListAddress.Of(uri);
        return address with { Values = address.Values.Where(v => DirectoryQuery.Names.Contains(v.Key)).ToDictionary() };
    }

    /// <summary>The address with one more value of a filter, on the first page.</summary>
    public static string Also(this ListAddress address, string name, string value)
    {
        var values = address.Values.Where(v => v.Key != "page").ToDictionary();
        values[name] = values.TryGetValue(name, out var before) ? Microsoft.Extensions.Primitives.StringValues.Concat(before, value) : value;
        return new ListAddress(address.Path, values).With("page", null);
    }

    /// <summary>Whether a change is one of a profile or an offer.</summary>
    public static bool IsOfDirectory(Data.Change change) =>
        change.Audiences.Any(a => a.StartsWith("profile/", StringComparison.Ordinal) || a.StartsWith("offer/", StringComparison.Ordinal));
}
