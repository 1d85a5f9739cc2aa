using Portal.Domain.Directory;
using Portal.Shell;

namespace Portal.Directory;

/// <summary>Addresses of the directory's lists.</summary>
internal static class DirectoryAddress
{
    /// <summary>
    /// A list's address with nothing in it that the list does not look at: what a stranger put there is not carried along.
    /// </summary>
    public static ListAddress Of(string uri)
    {
        var address = ListAddress.Of(uri);
        return address with { Values = address.Values.Where(v => DirectoryList.Names.Contains(v.Key)).ToDictionary() };
    }

    /// <summary>The same in the work pages, where columns are chosen.</summary>
    public static ListAddress WithColumns(string uri)
    {
        var address = ListAddress.Of(uri);
        return address with
        {
            Values = address.Values.Where(v => v.Key == Columns.Name || DirectoryList.Names.Contains(v.Key)).ToDictionary(),
        };
    }

    /// <summary>Whether a change is one of a profile or an offer.</summary>
    public static bool IsOfDirectory(Data.Change change) => change.IsOf(Profile.Card, StandingOffer.Card);
}
