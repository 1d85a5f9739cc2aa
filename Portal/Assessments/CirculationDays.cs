using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Committee;

namespace Portal.Assessments;

/// <summary>Working days of a circulation, as they are typed.</summary>
internal static class CirculationDays
{
    /// <summary>The days typed.</summary>
    /// <exception cref="Refusal"><c>circulation.days_out_of_range</c>.</exception>
    public static int Read(string? typed) =>
        Amount.TryRead(typed, out var days) && days is >= Circulation.ShortestDays and <= Circulation.LongestDays
            ? (int)days.Value
            : throw new Refusal("circulation.days_out_of_range", nameof(Circulation.Days));
}
