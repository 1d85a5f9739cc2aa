using Portal.Shell;

namespace Portal.Directory;

/// <summary>Columns of the directory.</summary>
public static class DirectoryColumns
{
    /// <summary>What the organisation says of itself.</summary>
    public static readonly ListColumn Summary = new("Summary");

    /// <summary>Standing offers.</summary>
    public static readonly ListColumn Offers = new("Offers");

    /// <summary>All, in the order of the table.</summary>
    public static readonly IReadOnlyList<ListColumn> All = [Summary, Offers];
}
