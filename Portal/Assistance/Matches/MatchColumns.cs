using Portal.Shell;

namespace Portal.Assistance.Matches;

/// <summary>Columns of the list of matches.</summary>
public static class MatchColumns
{
    /// <summary>Theme.</summary>
    public static readonly ListColumn Theme = new("Theme");

    /// <summary>Stage.</summary>
    public static readonly ListColumn Status = new("Status");

    /// <summary>Standing offers that fit.</summary>
    public static readonly ListColumn Offers = new("Offers");

    /// <summary>How well the best of them fits.</summary>
    public static readonly ListColumn Score = new("Score");

    /// <summary>All, in the order of the table.</summary>
    public static readonly IReadOnlyList<ListColumn> All = [Theme, Status, Offers, Score];
}
