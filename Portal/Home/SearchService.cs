using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Home;

/// <summary>What was found in one section.</summary>
/// <param name="Name">Name of the section's page.</param>
/// <param name="Icon">Symbol.</param>
/// <param name="Hits">The first records found.</param>
/// <param name="Total">How many in all.</param>
/// <param name="IsCapped">Whether there are more than were counted.</param>
/// <param name="All">The list of all of them.</param>
public sealed record HitGroup(string Name, string Icon, IReadOnlyList<Hit> Hits, int Total, bool IsCapped, string All)
{
    /// <summary>Whether it is a preview, in which words find nothing: how many records there are is told.</summary>
    public bool IsCount { get; init; }
}

/// <summary>Finds records of every section the reader may enter, by the lists' own search.</summary>
public sealed class SearchService(ActorSource actors, DirectoryService directory, Say say)
{
    /// <summary>The first records of each section that hold these words.</summary>
    public async Task<IReadOnlyList<HitGroup>> Find(string words, int most, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        await db.OneConnection(ct);
        var lists = RecordRooms.Lists.Where(l => Opens(l.Kind)).ToList();
        // Which words a record holds is content: in a preview they find nothing, and how many records there are is told.
        var found = db.IsPreview || lists.Count == 0 ? [] : await Holding(db, lists, words, most, ct);
        var groups = new List<HitGroup>();
        foreach (var (list, ids) in lists.Select((l, i) => (l, found.GetValueOrDefault(i, []))))
        {
            var total = ids.Count == most || db.IsPreview ? await list.Count(db, words, ct) : ids.Count;
            Add(
                list.Kind,
                ids.Count == 0 ? [] : await list.Hits(db, ids, say, ct),
                Math.Min(total, ReachList.CountLimit),
                total > ReachList.CountLimit
            );
        }
        if (Opens(Profile.Card))
        {
            var page = await directory.List(ListAddress.Of(Asked(Profile.Card)), ct);
            Add(Profile.Card, db.IsPreview ? [] : [.. page.Rows.Take(most).Select(Listed)], page.Total, false);
        }
        return groups;

        bool Opens(Kind kind) => db.Actor.LevelIn(kind.Section) >= Level.View;
        Hit Listed(DirectoryRow o) => new(o.Code, say.Name(o.Name), Culture.Current, say.Code("kind", o.Kind), Profile.Card.Path(o.Code));
        string Asked(Kind kind) => $"{kind.List}?q={Uri.EscapeDataString(words)}";
        void Add(Kind kind, IReadOnlyList<Hit> hits, int total, bool isCapped) =>
            groups.Add(
                new HitGroup(
                    kind.Plural.ToLowerInvariant(),
                    Places.IconAt(kind.List)!,
                    hits,
                    total,
                    isCapped,
                    db.IsPreview ? kind.List : Asked(kind)
                )
                {
                    IsCount = db.IsPreview,
                }
            );
    }

    // All lists in one question, however many there are: most of them hold nothing that is looked for.
    private static async Task<Dictionary<int, List<Guid>>> Holding(
        PortalDb db,
        IReadOnlyList<RecordList> lists,
        string words,
        int most,
        CancellationToken ct
    ) =>
        (await lists.Select((list, i) => list.Holding(db, words, i, most)).Aggregate(Queryable.Concat).ToListAsync(ct))
            .OrderByDescending(f => f.Sort)
            .ThenByDescending(f => f.Id)
            .GroupBy(f => f.List, f => f.Id)
            .ToDictionary(g => g.Key, g => g.ToList());
}
