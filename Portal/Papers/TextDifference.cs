using System.Text;
using DiffPlex;

namespace Portal.Papers;

/// <summary>What became of a piece of a text.</summary>
public enum DifferenceKind
{
    /// <summary>It is in both.</summary>
    Same,

    /// <summary>It is only in the first.</summary>
    Removed,

    /// <summary>It is only in the second.</summary>
    Added,
}

/// <summary>A piece of two texts.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Text">It.</param>
public sealed record DifferencePart(DifferenceKind Kind, string Text);

/// <summary>
/// What differs between two texts, by words: in Chinese by characters. What is the same and what was removed, one after the other, is the
/// first text; what is the same and what was added, the second.
/// </summary>
/// <remarks>
/// First the lines are compared, in those that differ the sentences, in these the words. All of it has a budget: two texts that have
/// nothing in common are one removed and one added, after a moment.
/// </remarks>
public sealed class TextDifference
{
    // Comparing pieces takes at most about as many steps as the square of their number.
    private const long Budget = 100_000_000;

    /// <summary>Cuts a text into its lines, each with its end.</summary>
    internal static readonly IChunker Lines = new Cut(LineEnd);

    private static readonly IReadOnlyList<IChunker> Cuts = [Lines, new Cut(SentenceEnd), new Cut(WordEnd)];

    private readonly List<DifferencePart> parts = [];
    private readonly StringBuilder removed = new();
    private readonly StringBuilder added = new();
    private string gap = "";
    private long left = Budget;

    private TextDifference() { }

    /// <summary>Compares two texts.</summary>
    public static IReadOnlyList<DifferencePart> Of(string before, string after)
    {
        var difference = new TextDifference();
        difference.Compare(before, after, 0);
        difference.End();
        return difference.parts;
    }

    private void Compare(string before, string after, int level)
    {
        if (before == after)
        {
            Same(before);
            return;
        }
        if (level == Cuts.Count || before.Length == 0 || after.Length == 0)
        {
            Changed(before, after);
            return;
        }
        var cut = Cuts[level];
        var (a, b) = (cut.Chunk(before), cut.Chunk(after));
        var (first, last) = Alike(a, b);
        var (from, to) = (Joined(a, first, a.Count - last), Joined(b, first, b.Count - last));
        Same(Joined(a, 0, first));
        var size = (long)(a.Count + b.Count - (2 * (first + last)));
        if (from.Length == 0 || to.Length == 0 || size * size > left)
            Changed(from, to);
        else
        {
            left -= size * size;
            Middle(from, to, level);
        }
        Same(Joined(a, a.Count - last, a.Count));
    }

    private void Middle(string before, string after, int level)
    {
        var found = Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, Cuts[level]);
        var (a, b) = (found.PiecesOld, found.PiecesNew);
        // A few words in common make no sentence the same one.
        if (
            level == Cuts.Count - 1
            && found.DiffBlocks.Sum(d => Joined(a, d.DeleteStartA, d.DeleteStartA + d.DeleteCountA).Length) * 4 > before.Length * 3
            && found.DiffBlocks.Sum(d => Joined(b, d.InsertStartB, d.InsertStartB + d.InsertCountB).Length) * 4 > after.Length * 3
        )
        {
            Changed(before, after);
            return;
        }
        var at = 0;
        foreach (var block in found.DiffBlocks)
        {
            Same(Joined(a, at, block.DeleteStartA));
            at = block.DeleteStartA + block.DeleteCountA;
            Compare(Joined(a, block.DeleteStartA, at), Joined(b, block.InsertStartB, block.InsertStartB + block.InsertCountB), level + 1);
        }
        Same(Joined(a, at, a.Count));
    }

    /// <summary>How many pieces two texts begin with alike, and how many of the others they end with alike.</summary>
    internal static (int First, int Last) Alike(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var (first, last, most) = (0, 0, Math.Min(a.Count, b.Count));
        while (first < most && a[first] == b[first])
            first++;
        while (last < most - first && a[^(last + 1)] == b[^(last + 1)])
            last++;
        return (first, last);
    }

    private static string Joined(IReadOnlyList<string> pieces, int from, int to) => string.Concat(pieces.Skip(from).Take(to - from));

    // A blank between two words that were both replaced belongs to what was replaced.
    private void Same(string text)
    {
        if (text.Length == 0)
            return;
        if (gap.Length == 0 && removed.Length > 0 && added.Length > 0 && text.All(c => c is ' ' or '\u00A0'))
        {
            gap = text;
            return;
        }
        End(text);
    }

    private void Changed(string before, string after)
    {
        removed.Append(gap).Append(before);
        added.Append(gap).Append(after);
        gap = "";
    }

    private void End(string text = "")
    {
        var (before, after) = (removed.ToString(), added.ToString());
        removed.Clear();
        added.Clear();
        (text, gap) = (gap + text, "");
        // Of a line that came or went with what stands alike before and after it, the whole line and not the ends of two.
        if (before.Length == 0 || after.Length == 0)
        {
            var change = before + after;
            if (change.IndexOf('\n') is > 0 and var start && text.StartsWith(change[..start], StringComparison.Ordinal))
            {
                Put(DifferenceKind.Same, change[..start]);
                (change, text) = (change[start..] + change[..start], text[start..]);
                (before, after) = before.Length > 0 ? (change, after) : (before, change);
            }
        }
        Put(DifferenceKind.Removed, before);
        Put(DifferenceKind.Added, after);
        Put(DifferenceKind.Same, text);
    }

    private void Put(DifferenceKind kind, string text)
    {
        if (text.Length == 0)
            return;
        if (parts is [.., var last] && last.Kind == kind)
            parts[^1] = last with { Text = last.Text + text };
        else
            parts.Add(new(kind, text));
    }

    // Where the piece that begins at a place ends.
    private sealed class Cut(Func<string, int, int> end) : IChunker
    {
        public IReadOnlyList<string> Chunk(string text)
        {
            var pieces = new List<string>();
            for (var at = 0; at < text.Length; )
            {
                var to = end(text, at);
                pieces.Add(text[at..to]);
                at = to;
            }
            return pieces;
        }
    }

    private static int LineEnd(string text, int from) => text.IndexOf('\n', from) is >= 0 and var end ? end + 1 : text.Length;

    private static int SentenceEnd(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] is not ('。' or '！' or '？' or '；' or '؟' or '؛' or '۔' or '.' or '!' or '?' or ';' or '\n'))
                continue;
            // A point inside a number ends nothing.
            if (text[i] is '.' or '!' or '?' or ';' && i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1]))
                continue;
            while (i + 1 < text.Length && char.IsWhiteSpace(text[i + 1]))
                i++;
            return i + 1;
        }
        return text.Length;
    }

    private static int WordEnd(string text, int from)
    {
        var (first, i) = KindAt(text, from);
        if (first is Piece.Sign)
            return WithMarks(text, i);
        while (i < text.Length && KindAt(text, i) is var (kind, next) && (kind == first || (kind == Piece.Mark && first == Piece.Letter)))
            i = next;
        return i;
    }

    private enum Piece
    {
        Letter,
        Mark,
        Blank,
        Sign,
    }

    private static int WithMarks(string text, int i)
    {
        while (i < text.Length && KindAt(text, i) is (Piece.Mark, var next))
            i = next;
        return i;
    }

    // Characters of Chinese stand for themselves, as signs do. Half a character is a sign, so that nothing is lost.
    private static (Piece Kind, int Next) KindAt(string text, int i)
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != System.Buffers.OperationStatus.Done)
            return (Piece.Sign, i + 1);
        var kind = Rune.GetUnicodeCategory(rune) switch
        {
            System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpacingCombiningMark
            or System.Globalization.UnicodeCategory.EnclosingMark
            or System.Globalization.UnicodeCategory.Format => Piece.Mark,
            _ when Rune.IsWhiteSpace(rune) => Piece.Blank,
            _ when rune.Value is (>= 0x2E80 and <= 0x31FF) or (>= 0x3400 and <= 0xA4CF) or (>= 0xF900 and <= 0xFAFF) or >= 0x20000 =>
                Piece.Sign,
            _ when Rune.IsLetterOrDigit(rune) => Piece.Letter,
            _ => Piece.Sign,
        };
        return (kind, i + length);
    }
}
