using Microsoft.AspNetCore.Components;
using Portal.Directory;
using Portal.Domain.Reference;

namespace Portal.Public;

/// <summary>Addresses of a public page in each language.</summary>
/// <param name="Path">Path behind the language, such as <c>/directory</c>; empty for the first page.</param>
/// <param name="Query">Query string with its question mark, holding only what the pages look at; or empty.</param>
public sealed record PublicAddress(string Path, string Query)
{
    /// <summary>The page at an address.</summary>
    public static PublicAddress Of(NavigationManager location)
    {
        var address = DirectoryAddress.Of(location.Uri);
        var path = address.Path.Trim('/').Split('/', 2) is [_, var rest] ? "/" + rest : "";
        var query = (address with { Path = "" }).With(
            "page",
            address.Page > 1 ? address.Page.ToString(System.Globalization.CultureInfo.InvariantCulture) : null
        );
        return new PublicAddress(path, query);
    }

    /// <summary>The path in a language.</summary>
    public string In(Language language) => "/" + language.Slug() + Path + Query;
}
