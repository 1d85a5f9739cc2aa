namespace Portal.Domain.Access;

/// <summary>Someone whom a change of grants may touch: one membership, before and after.</summary>
/// <param name="Before">As things stand.</param>
/// <param name="After">As they would.</param>
public sealed record Touched(Actor Before, Actor After)
{
    /// <summary>The membership; the same before and after.</summary>
    public Membership Membership => Before.Membership ?? After.Membership ?? throw new InvalidOperationException("nobody is touched");
}

/// <summary>Records that no reader can tell apart: alike in kind, State and audiences.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="StateIso3">ISO 3166-1 alpha-3, or null.</param>
/// <param name="Audiences">Who may see them, each once.</param>
/// <param name="Count">How many there are.</param>
public sealed record AlikeRecords(Kind Kind, string? StateIso3, IReadOnlyList<Audience> Audiences, int Count);

/// <summary>People whose level moves, in a section or on records of a kind.</summary>
/// <param name="Kind">Kind of record; null for the section itself.</param>
/// <param name="From">Level before.</param>
/// <param name="To">Level after.</param>
/// <param name="People">How many people.</param>
/// <param name="Organisations">In how many organisations.</param>
/// <param name="Records">On how many records, each counted once; 0 for the section itself.</param>
public sealed record LevelMove(Kind? Kind, Level From, Level To, int People, int Organisations, int Records);

/// <summary>That a change opens a section to people and no record of a kind in it.</summary>
/// <param name="Kind">Kind of record.</param>
/// <param name="Never">
/// Kinds of their organisations to which the record rule never shows one; empty where none is shared with them at present.
/// </param>
public sealed record OpensNone(Kind Kind, IReadOnlyList<OrganisationKind> Never);

/// <summary>What a change of grants does to whom, worked out before it is made by what decides after it is made.</summary>
/// <param name="Moves">Every move, the section's first.</param>
/// <param name="Barred">People of the principal whom the separation of duties keeps out whatever is granted.</param>
public sealed record AccessPreview(IReadOnlyList<LevelMove> Moves, int Barred)
{
    /// <summary>Kinds of record of which it opens none although it opens their section, and why.</summary>
    public IReadOnlyList<OpensNone> Unopened { get; init; } = [];

    /// <summary>Whether nobody gains or loses anything.</summary>
    public bool ChangesNothing => Moves.Count == 0;

    /// <summary>Works out the moves in a section.</summary>
    /// <param name="section">The section of the grant.</param>
    /// <param name="touched">Everyone whom the grant is for.</param>
    /// <param name="records">The records of the section that any audience of theirs may see.</param>
    public static AccessPreview Of(Section section, IReadOnlyCollection<Touched> touched, IEnumerable<AlikeRecords> records)
    {
        var risen = touched.Where(t => t.Before.LevelIn(section) < t.After.LevelIn(section)).ToList();
        var sectionMoves = touched
            .Select(t => (Touched: t, From: t.Before.LevelIn(section), To: t.After.LevelIn(section)))
            .Where(m => m.From != m.To)
            .GroupBy(m => (m.From, m.To), m => m.Touched)
            .Select(g => Move(null, g.Key.From, g.Key.To, g, 0));
        // Those whom the same audiences, levels and scopes describe are decided once.
        var alike = touched
            .GroupBy(t => (Print(t.Before, section), Print(t.After, section)))
            .Where(g => g.Key.Item1 != g.Key.Item2)
            .Select(g => g.ToList())
            .ToList();
        var moves = new Dictionary<(Kind Kind, Level From, Level To), (HashSet<Touched> Who, int Records)>();
        foreach (var record in records)
        {
            var seen = new Dictionary<(Level, Level), List<Touched>>();
            foreach (var people in alike)
            {
                var (from, to) = (On(record, section, people[0].Before), On(record, section, people[0].After));
                if (from == to)
                    continue;
                if (!seen.TryGetValue((from, to), out var who))
                    seen[(from, to)] = who = [];
                who.AddRange(people);
            }
            foreach (var ((from, to), who) in seen)
            {
                var (all, count) = moves.GetValueOrDefault((record.Kind, from, to), ([], 0));
                all.UnionWith(who);
                moves[(record.Kind, from, to)] = (all, count + record.Count);
            }
        }
        var recordMoves = Kinds
            .All.SelectMany(k => moves.Where(m => m.Key.Kind == k).OrderBy(m => (m.Key.From, m.Key.To)))
            .Select(m => Move(m.Key.Kind, m.Key.From, m.Key.To, m.Value.Who, m.Value.Records));
        return new AccessPreview(
            [.. sectionMoves.OrderBy(m => (m.From, m.To)), .. recordMoves],
            touched.Where(t => Baseline.Forbids(t.Membership.Role, section)).Select(t => t.Membership.PersonId).Distinct().Count()
        )
        {
            Unopened =
                risen.Count == 0
                    ? []
                    :
                    [
                        .. Kinds
                            .All.Where(k => k.Section == section && moves.Keys.All(m => m.Kind != k))
                            .Select(k => new OpensNone(
                                k,
                                [.. risen.Select(t => t.Membership.Organisation.Kind).Distinct().Where(o => !k.CanShowTo(o)).Order()]
                            )),
                    ],
        };
    }

    private static LevelMove Move(Kind? kind, Level from, Level to, IEnumerable<Touched> who, int records)
    {
        var memberships = who.Select(t => t.Membership).ToList();
        return new LevelMove(
            kind,
            from,
            to,
            memberships.Select(m => m.PersonId).Distinct().Count(),
            memberships.Select(m => m.OrganisationId).Distinct().Count(),
            records
        );
    }

    private static Level On(AlikeRecords record, Section section, Actor actor) =>
        record
            .Audiences.Select(a => a == Audience.Public ? Level.View : actor.LevelAs(a, section, record.StateIso3))
            .DefaultIfEmpty(Level.None)
            .Max();

    private static string Print(Actor actor, Section section) =>
        string.Join(
            ';',
            actor
                .Claims.Where(c => c.Section == section)
                .Select(c => $"{c.Audience}|{c.Level}|{c.Scope.AllBut}|{string.Join(',', c.Scope.States.Order(StringComparer.Ordinal))}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
}
