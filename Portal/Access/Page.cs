using Portal.Data;

namespace Portal.Access;

/// <summary>A page of rows.</summary>
/// <param name="Rows">Rows in order.</param>
/// <param name="Total">How many in all, or the limit of counting.</param>
/// <param name="IsCapped">Whether there are more than were counted.</param>
/// <param name="Number">Page, from 1.</param>
/// <param name="PageSize">Rows on a page.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, int Total, bool IsCapped, int Number, int PageSize)
{
    /// <summary>In a preview, those on this page that whoever looks may not read.</summary>
    public IReadOnlyList<MaskedRecord> Masked { get; init; } = [];
}
