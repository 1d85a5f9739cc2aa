using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>The parts of records in words: found by the kind's name and the part's.</summary>
public static class PartWords
{
    /// <summary>A part of a kind of record.</summary>
    public static string Part(this Say say, Kind kind, Part part) => say.Code("part", $"{kind}.{part.Name}");

    /// <inheritdoc cref="Part(Say, Kind, Part)"/>
    public static string Part(this Say say, Kind kind, Enum part) => say.Code("part", $"{kind}.{part}");

    /// <summary>
    /// The parts that an audience gets of a record of a kind; who misses nothing that the kind holds gets the whole record.
    /// </summary>
    public static string Parts(this Say say, Kind kind, int view) =>
        kind.Parts.IsWhole(view) ? say.Code("part", "Whole") : say.Named(kind, view | kind.Parts.Named[0].Bit);

    /// <summary>The parts in a set, by name; the first only where it is in it.</summary>
    public static string Named(this Say say, Kind kind, int view) => say.List(kind.Parts.Of(view).Select(p => say.Part(kind, p)));

    /// <summary>The parts of a need in a set, by name; the summary only where it is in it.</summary>
    public static string Parts(this Say say, NeedParts parts) => say.Named(Need.Card, (int)parts);
}
