using System.Globalization;

namespace Portal.Domain.Reference;

/// <summary>How far a State has implemented what a paragraph asks on a topic, or why that is not said.</summary>
/// <param name="Code">The rating’s code.</param>
/// <param name="Order">Its place in a list, from 1: the best of the scale first, those outside the scale last.</param>
/// <param name="OnScale">Whether it is a degree of the scale; no information and not applicable are none, and never count as low.</param>
/// <param name="Name">The rating’s name.</param>
/// <remarks>
/// Ratings are never averaged, nor added up: the degrees have an order and no distances. What is told of many of them is how many
/// there are of each.
/// </remarks>
public sealed record Rating(string Code, int Order, bool OnScale, LocalName Name);

/// <summary>The scale of ratings, and what stands outside it.</summary>
public static class Ratings
{
    private static readonly Table<Rating> Table = new(
        "ratings.tsv",
        row => new(row["code"], int.Parse(row["order"], CultureInfo.InvariantCulture), row["scale"] == "on", row.Name),
        rating => rating.Code
    );

    /// <summary>Every rating, in its order.</summary>
    public static IReadOnlyList<Rating> All => Table.All;

    /// <summary>The rating of a code in any case; null where there is none.</summary>
    public static Rating? Find(string? code) => Table.Find(code);

    /// <summary>Whether a code is one of them, written as there.</summary>
    public static bool IsKnown(string code) => Find(code)?.Code == code;

    /// <summary>
    /// By how many degrees a rating is better than the one before, below zero where it is worse; null where either is outside the scale.
    /// </summary>
    public static int? Steps(Rating before, Rating after) => before.OnScale && after.OnScale ? before.Order - after.Order : null;
}
