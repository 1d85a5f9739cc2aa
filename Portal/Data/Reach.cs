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
    public static IEnumerable<Reach> Of(IProtected record) => record.Exposures().Select(e => new Reach
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
    /// <summary>Folded words (<see cref="Domain.Text.SearchWords"/>), separated by blanks.</summary>
    public string Words { get; init; } = "";

    /// <summary>
    /// The entries of a record: one for each set of parts that a reader may hold, so that a search for several words
    /// finds them wherever in what the reader sees they stand, and never counts a word the reader does not see.
    /// </summary>
    public static IEnumerable<SearchEntry> Of(IProtected record)
    {
        var byPart = record.SearchTexts().Where(t => !string.IsNullOrWhiteSpace(t.Text)).GroupBy(t => t.Part)
            .Select(g => (Part: g.Key, Words: g.SelectMany(t => Domain.Text.SearchWords(t.Text)).Distinct().ToList()))
            .OrderBy(p => p.Part).ToList();
        if (byPart.Count == 0)
            yield break;
        var (always, rest) = (byPart[0], byPart[1..]);
        for (var set = 0; set < 1 << rest.Count; set++)
        {
            var held = rest.Where((_, i) => (set & (1 << i)) != 0).Prepend(always).ToList();
            var part = held.Aggregate(0, (bits, p) => bits | p.Part);
            var words = held.SelectMany(p => p.Words).Distinct();
            if (held.Count == 1)
                words = words.Concat(Domain.Text.SearchWords(record.Reference));
            yield return new SearchEntry { RecordId = record.Id, Part = part, Words = string.Join(' ', words) };
        }
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
