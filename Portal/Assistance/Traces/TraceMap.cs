namespace Portal.Assistance.Traces;

/// <summary>
/// Where each link of a chain is drawn: a column for each step there is, and in it rows of one height, so that what hangs together lies
/// side by side.
/// </summary>
/// <param name="Columns">Steps, each with a node or nothing in each of its rows.</param>
/// <param name="Lines">From column and row to column and row.</param>
/// <param name="Rows">Height in rows.</param>
public sealed record TraceMap(
    IReadOnlyList<(TraceStep Step, IReadOnlyList<TraceNode?> Cells)> Columns,
    IReadOnlyList<((int Column, int Row) From, (int Column, int Row) To)> Lines,
    int Rows
)
{
    /// <summary>
    /// Lays a chain out: need by need, a band of rows for each; where a line passes a step by, a row of that step is left free for it.
    /// </summary>
    public static TraceMap Of(TraceView trace)
    {
        var steps = trace.Nodes.Select(n => n.Step).Distinct().Order().ToList();
        var taken = steps.ConvertAll(_ => new List<TraceNode?>());
        var at = new Dictionary<int, (int Column, int Row)>();
        var lines = new List<((int, int), (int, int))>();
        var roots = trace.Nodes.Index().Where(n => n.Item.Step == TraceStep.Need).Select(n => n.Index).ToList();
        foreach (var root in roots.Count > 0 ? roots : [.. trace.Nodes.Index().Select(n => n.Index).Take(1)])
        {
            var top = taken.Max(c => c.Count);
            foreach (var column in taken)
                column.AddRange(Enumerable.Repeat<TraceNode?>(null, top - column.Count));
            foreach (var node in Band(trace, root).Order().Where(n => !at.ContainsKey(n)))
                Place(node);
        }
        foreach (var (node, _) in trace.Nodes.Index().Where(n => !at.ContainsKey(n.Index)))
            Place(node);
        foreach (var link in trace.Links)
        {
            var (from, to) = (at[link.From], at[link.To]);
            while (from.Column + 1 < to.Column)
            {
                var free = (Column: from.Column + 1, Row: taken[from.Column + 1].Count);
                taken[free.Column].Add(null);
                lines.Add((from, free));
                from = free;
            }
            lines.Add((from, to));
        }
        return new TraceMap(
            [.. steps.Select((s, i) => (s, (IReadOnlyList<TraceNode?>)taken[i]))],
            lines,
            Math.Max(1, taken.Max(c => c.Count))
        );

        void Place(int node)
        {
            var column = steps.IndexOf(trace.Nodes[node].Step);
            at[node] = (column, taken[column].Count);
            taken[column].Add(trace.Nodes[node]);
        }
    }

    // A need, all that leads to it, and all that it leads to.
    private static HashSet<int> Band(TraceView trace, int root)
    {
        HashSet<int> band = [root];
        for (var before = 0; before != band.Count; )
        {
            before = band.Count;
            band.UnionWith(
                trace
                    .Links.Where(l => band.Contains(l.To) && trace.Nodes[l.To].Step <= TraceStep.Need)
                    .Select(l => l.From)
                    .Concat(
                        trace
                            .Links.Where(l => band.Contains(l.From) && l.From >= root && trace.Nodes[l.From].Step >= TraceStep.Need)
                            .Select(l => l.To)
                    )
                    .ToList()
            );
        }
        return band;
    }
}
