using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Portal.Papers;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>
/// Brings together what two people made of a field, where that needs no question: a field that one of them left alone, a long text
/// paragraph by paragraph, a list line by line.
/// </summary>
internal static class ThreeWay
{
    /// <summary>Whether two values of a field say the same.</summary>
    /// <remarks>
    /// How a browser ends lines, the order in which boxes were ticked, and nothing beside an empty field are no differences.
    /// </remarks>
    public static bool Same(object? a, object? b) =>
        (a, b) switch
        {
            (null or string, null or string) => TextMerge.Plain((string?)a) == TextMerge.Plain((string?)b),
            (IEnumerable<string> x, IEnumerable<string> y) => x.Order(StringComparer.Ordinal)
                .SequenceEqual(y.Order(StringComparer.Ordinal)),
            _ => JsonSerializer.Serialize(a) == JsonSerializer.Serialize(b),
        };

    /// <summary>What a field says with what both changed in it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="began">What both began on.</param>
    /// <param name="mine">What the one made of it.</param>
    /// <param name="theirs">What the other made of it.</param>
    /// <param name="merged">
    /// What it says then; where both changed the same, null, or a list that says what mine said in the lines that are disputed.
    /// </param>
    /// <returns>False where both changed the same, differently.</returns>
    public static bool Merge(FormField field, object? began, object? mine, object? theirs, out object? merged)
    {
        merged = mine;
        if (Same(mine, theirs) || Same(began, theirs))
            return true;
        merged = theirs;
        if (Same(began, mine))
            return true;
        if (field.Type == typeof(string))
            merged = TextMerge.Of((string?)began, (string?)mine, (string?)theirs);
        else if (
            field.Type.IsAssignableTo(typeof(IList))
            && field.Type.GenericTypeArguments is [{ IsClass: true } row]
            && row != typeof(string)
        )
        {
            var lines = new Lines(row);
            merged = lines.Merge(Each(began), Each(mine), Each(theirs)) is { } all ? List(field.Type, all) : null;
            return merged is not null && !lines.IsDisputed;
        }
        else
            merged = null;
        return merged is not null;
    }

    private static IReadOnlyList<object> Each(object? list) => [.. ((IEnumerable?)list ?? Array.Empty<object>()).Cast<object>()];

    private static object List(Type type, IEnumerable<object> lines)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        foreach (var line in lines)
            list.Add(line);
        return list;
    }

    // A list of lines. One that has a key is the same line wherever its key is; without one, a line is the same where it or its place is,
    // and what two people changed in it may be two lines: that is asked.
    private sealed class Lines(Type row)
    {
        private readonly IReadOnlyList<FormField> fields = [.. FormField.Own(row)];
        private readonly PropertyInfo? key = row.GetProperties().FirstOrDefault(p => p.IsDefined(typeof(KeyAttribute)));

        /// <summary>Whether both changed one line with a key, differently: mine stands in it, and all else is brought together.</summary>
        public bool IsDisputed { get; private set; }

        public List<object>? Merge(IReadOnlyList<object> began, IReadOnlyList<object> mine, IReadOnlyList<object> theirs)
        {
            if (Places(began, mine) is not { } own || Places(began, theirs) is not { } other)
                return null;
            var merged = new List<object>();
            for (var i = -1; i < began.Count; i++)
            {
                if (i >= 0)
                {
                    var (a, b) = (At(mine, own, i), At(theirs, other, i));
                    if (a is not null && b is not null)
                    {
                        if (Line(began[i], a, b) is not { } line)
                            return null;
                        merged.Add(line);
                    }
                    // Taken out by one and changed by the other.
                    else if ((a ?? b) is { } left && !SameLine(left, began[i]))
                    {
                        if (key is null)
                            return null;
                        IsDisputed = true;
                        if (a is not null)
                            merged.Add(a);
                    }
                }
                // What both put in at one place is kept, what was saved first before the other. What has one key is one line.
                var (added, mineToo) = (After(theirs, other, i), After(mine, own, i));
                foreach (var line in added)
                    merged.Add(
                        Key(line).Length > 0 && mineToo.Find(m => Key(m) == Key(line)) is { } same
                            ? Line(Activator.CreateInstance(row)!, same, line)!
                            : line
                    );
                merged.AddRange(mineToo.Where(m => !added.Exists(t => SameLine(m, t) || (Key(m).Length > 0 && Key(m) == Key(t)))));
            }
            return HasTwice(merged) ? null : merged;
        }

        // Where each line stood before; null for a new one. No places where the lines were put in another order, or one stands twice.
        private int?[]? Places(IReadOnlyList<object> began, IReadOnlyList<object> now)
        {
            var places = new int?[now.Count];
            if (key is null)
                Follow(places, TextMerge.Changes(Written(began), Written(now)), began.Count);
            else
                for (var i = 0; i < now.Count; i++)
                    if (Key(now[i]) is { Length: > 0 } called)
                        places[i] = began.Index().Where(b => Key(b.Item) == called).Select(b => (int?)b.Index).FirstOrDefault();
            var known = places.OfType<int>().ToList();
            return HasTwice(now) || known.Zip(known.Skip(1)).Any(p => p.First >= p.Second) ? null : places;
        }

        // Between the changes the lines are the same ones; in a change the first are those that stood there, and what is left is new.
        private static void Follow(int?[] places, IReadOnlyList<TextMerge.Change> changes, int count)
        {
            var (at, now) = (0, 0);
            foreach (var change in changes.Append(new(count, count, places.Length, places.Length)))
            {
                while (at < change.From)
                    places[now++] = at++;
                while (at < change.To && now < change.OtherTo)
                    places[now++] = at++;
                (at, now) = (change.To, change.OtherTo);
            }
        }

        private List<string> Written(IReadOnlyList<object> lines) => [.. lines.Select(l => JsonSerializer.Serialize(l, row) + "\n")];

        private static object? At(IReadOnlyList<object> lines, int?[] places, int place) =>
            Array.IndexOf(places, place) is >= 0 and var i ? lines[i] : null;

        // The new lines that follow the one that stood at a place.
        private static List<object> After(IReadOnlyList<object> lines, int?[] places, int place)
        {
            var (added, last) = (new List<object>(), -1);
            foreach (var (i, line) in lines.Index())
            {
                last = places[i] ?? last;
                if (places[i] is null && last == place)
                    added.Add(line);
            }
            return added;
        }

        private object? Line(object began, object mine, object theirs)
        {
            if (SameLine(began, theirs) || SameLine(mine, theirs))
                return mine;
            if (SameLine(began, mine))
                return theirs;
            if (key is null)
                return null;
            var line = Activator.CreateInstance(row)!;
            foreach (var field in fields)
            {
                var isClean = ThreeWay.Merge(field, field.Get(began), field.Get(mine), field.Get(theirs), out var merged);
                IsDisputed |= !isClean;
                field.Set(line, isClean ? merged : field.Get(mine));
            }
            return line;
        }

        private bool SameLine(object a, object b) => fields.All(f => Same(f.Get(a), f.Get(b)));

        private string Key(object line) => key?.GetValue(line) as string ?? "";

        private bool HasTwice(IEnumerable<object> lines) =>
            lines.Select(Key).Where(k => k.Length > 0).CountBy(k => k).Any(k => k.Value > 1);
    }
}
