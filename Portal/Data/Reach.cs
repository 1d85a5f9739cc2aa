using Portal.Domain.Access;

namespace Portal.Data;

/// <summary>
/// One line of a record's reach as the database keeps it: a stored audience name, the parts it sees, the order of its list.
/// Written with the record in one transaction; lists start from it, filters look it up.
/// </summary>
public sealed class Reach
{
    /// <summary>The record.</summary>
    public Guid RecordId { get; init; }

    /// <summary>Stored audience name with its kind: <c>need/org:42</c>.</summary>
    public string Audience { get; init; } = "";

    /// <summary>ISO 3166-1 alpha-3 of the record's State, or empty.</summary>
    public string State { get; set; } = "";

    /// <summary>Order of lists: Unix time in milliseconds, newest first.</summary>
    public long Sort { get; set; }

    /// <summary>Bits of the parts seen.</summary>
    public int View { get; set; }

    /// <summary>What a record's reach must be.</summary>
    public static IEnumerable<Reach> Of(IProtected record) =>
        record
            .Exposures()
            .Select(e => new Reach
            {
                RecordId = record.Id,
                Audience = e.Audience.For(record.Kind),
                State = record.StateIso3 ?? "",
                Sort = new DateTimeOffset(e.Since, TimeSpan.Zero).ToUnixTimeMilliseconds(),
                View = e.View,
            });
}

/// <summary>Words of one record that a reader holding all of <see cref="Part"/> may find it by.</summary>
public sealed class SearchEntry
{
    /// <summary>Row number, which the full-text index refers to.</summary>
    public long Id { get; init; }

    /// <summary>The record.</summary>
    public Guid RecordId { get; init; }

    /// <summary>View bits a reader must hold, all of them.</summary>
    public int Part { get; init; }

    /// <summary>The thread or message whose words they are; null for those that the record says itself.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Folded words (<see cref="Domain.Text.SearchWords"/>), separated by blanks.</summary>
    public string Words { get; init; } = "";

    /// <summary>
    /// The entries of a record: one for each set of parts that a line of its reach sees, so that a search for several words finds them
    /// wherever in
    /// what the reader sees they stand, and never counts a word the reader does not see.
    /// </summary>
    public static IEnumerable<SearchEntry> Of(IProtected record)
    {
        var byPart = record
            .SearchTexts()
            .Where(t => !string.IsNullOrWhiteSpace(t.Text))
            .OrderBy(t => t.Part)
            .ToLookup(t => t.Part, t => Domain.Text.SearchWords(t.Text));
        var worded = byPart.Aggregate(0, (bits, part) => bits | part.Key);
        return record
            .Exposures()
            .Select(e => e.View & worded)
            .Where(view => view != 0)
            .Distinct()
            .Select(view => new SearchEntry
            {
                RecordId = record.Id,
                Part = view,
                Words = string.Join(
                    ' ',
                    byPart
                        .Where(part => (part.Key & view) == part.Key)
                        .SelectMany(part => part)
                        .SelectMany(words => words)
                        .Concat(Domain.Text.SearchWords(record.Reference))
                        .Distinct()
                ),
            });
    }
}

/// <summary>A running number, such as that of the year's needs.</summary>
public sealed class Counter
{
    /// <summary>What is counted.</summary>
    public string Name { get; init; } = "";

    /// <summary>Last number given.</summary>
    public int Value { get; set; }
}
