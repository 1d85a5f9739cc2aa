using System.Text;
using DiffPlex;

namespace Portal.Papers;

/// <summary>
/// Brings together what two people made of one text, by lines: in this portal a line is a paragraph. A stretch that only one of them
/// changed is taken from that one; where both changed the same stretch, or one changed what stands next to it, only they can say what is
/// meant.
/// </summary>
public static class TextMerge
{
    // As in TextDifference, and less of it: a merge compares twice, and whoever saves waits for it.
    private const long Budget = 25_000_000;

    /// <summary>The text with what both changed, or null where their changes meet and are not the same.</summary>
    /// <param name="began">What both began with.</param>
    /// <param name="mine">What the one made of it.</param>
    /// <param name="theirs">What the other made of it.</param>
    public static string? Of(string? began, string? mine, string? theirs)
    {
        var (lines, own, other) = (Lines(began), Lines(mine), Lines(theirs));
        var (a, b) = (Changes(lines, own), Changes(lines, other));
        var merged = new StringBuilder();
        var (at, i, j) = (0, 0, 0);
        while (i < a.Count || j < b.Count)
        {
            // A stretch is a change with every other that lies in it or touches it.
            var (firstA, firstB) = (i, j);
            var from = Math.Min(i < a.Count ? a[i].From : int.MaxValue, j < b.Count ? b[j].From : int.MaxValue);
            var to = from;
            while (true)
            {
                if (i < a.Count && a[i].From <= to)
                    to = Math.Max(to, a[i++].To);
                else if (j < b.Count && b[j].From <= to)
                    to = Math.Max(to, b[j++].To);
                else
                    break;
            }
            var (hasA, hasB) = (i > firstA, j > firstB);
            var changedA = hasA ? Stretch(own, a[firstA], a[i - 1], from, to) : "";
            var changedB = hasB ? Stretch(other, b[firstB], b[j - 1], from, to) : "";
            if (hasA && hasB && changedA != changedB)
                return null;
            merged.AppendJoin("", lines.Skip(at).Take(from - at)).Append(hasA ? changedA : changedB);
            at = to;
        }
        return Plain(merged.AppendJoin("", lines.Skip(at)).ToString());
    }

    /// <summary>A text as it is compared: how a browser ends lines, and blanks around it, say nothing.</summary>
    public static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();

    /// <summary>Lines that are others in a second list.</summary>
    /// <param name="From">The first of them.</param>
    /// <param name="To">The first after them; the same where lines only came.</param>
    /// <param name="OtherFrom">The first of those in their place.</param>
    /// <param name="OtherTo">The first after these; the same where lines only went.</param>
    internal readonly record struct Change(int From, int To, int OtherFrom, int OtherTo);

    /// <summary>What changed between two lists of lines, each of which has its end.</summary>
    internal static IReadOnlyList<Change> Changes(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var (first, last) = TextDifference.Alike(before, after);
        var (from, to) = (before.Count - first - last, after.Count - first - last);
        if (from == 0 && to == 0)
            return [];
        var size = (long)from + to;
        if (from == 0 || to == 0 || size * size > Budget)
            return [new(first, first + from, first, first + to)];
        var (middle, other) = (string.Concat(before.Skip(first).Take(from)), string.Concat(after.Skip(first).Take(to)));
        return
        [
            .. Differ
                .Instance.CreateDiffs(middle, other, ignoreWhiteSpace: false, ignoreCase: false, TextDifference.Lines)
                .DiffBlocks.Select(d => new Change(
                    first + d.DeleteStartA,
                    first + d.DeleteStartA + d.DeleteCountA,
                    first + d.InsertStartB,
                    first + d.InsertStartB + d.InsertCountB
                )),
        ];
    }

    private static IReadOnlyList<string> Lines(string? text) => TextDifference.Lines.Chunk(Plain(text) + "\n");

    // What stands in one's text in place of a stretch: around the changes the lines are those that both began with.
    private static string Stretch(IReadOnlyList<string> text, Change first, Change last, int from, int to)
    {
        var start = first.OtherFrom - (first.From - from);
        return string.Concat(text.Skip(start).Take(last.OtherTo + (to - last.To) - start));
    }
}
