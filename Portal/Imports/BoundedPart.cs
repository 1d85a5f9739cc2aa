using System.Text;
using System.Xml;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>
/// Reads the XML of a packed part that may be hostile, with little memory however much comes out of it. A reader of XML holds one tag whole, every name it has met and each element that is open;
/// texts it passes on in pieces. So tags, names and depth are bounded here, and what is unpacked is counted: what a file says of its size need not be so.
/// </summary>
internal sealed class BoundedPart : IDisposable
{
    private const int Deepest = 64;

    private readonly char[] piece = new char[4096];
    private readonly StringBuilder text = new();

    /// <summary>Opens a part.</summary>
    /// <param name="packed">What is unpacked.</param>
    /// <param name="budget">How much of it there may be.</param>
    public BoundedPart(Stream packed, UnpackedBudget budget) =>
        Xml = XmlReader.Create(new Tags(new StreamReader(new Counted(packed, budget), new UTF8Encoding(false, true), true, 16 * 1024)), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
            NameTable = new FewNames(),
        });

    /// <summary>Where the reading is.</summary>
    public XmlReader Xml { get; }

    /// <summary>Goes on to what comes next; false at the end.</summary>
    public bool Next()
    {
        if (!Xml.Read())
            return false;
        return Xml.Depth <= Deepest ? true : throw new ImportUnreadable("table.too_large", 0);
    }

    /// <summary>Goes on within an element; false at its end, which is then where the reading is.</summary>
    public bool NextWithin(int depth) => Next() && Xml.Depth > depth;

    /// <summary>The texts of the element where the reading is, without those of one name in it; cut off beyond a length.</summary>
    public string Text(string without, int longest)
    {
        if (Xml.IsEmptyElement)
            return "";
        text.Clear();
        var (depth, aside) = (Xml.Depth, int.MaxValue);
        while (NextWithin(depth))
        {
            if (Xml.NodeType == XmlNodeType.Element && Xml.LocalName == without && !Xml.IsEmptyElement)
                aside = Math.Min(aside, Xml.Depth);
            else if (Xml.NodeType == XmlNodeType.EndElement && Xml.Depth == aside)
                aside = int.MaxValue;
            else if (aside == int.MaxValue && Xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA)
                Take(longest);
        }
        return text.ToString();
    }

    private void Take(int longest)
    {
        int read;
        while ((read = Xml.ReadValueChunk(piece, 0, piece.Length)) > 0)
            if (text.Length <= longest)
                text.Append(piece, 0, read);
    }

    public void Dispose() => Xml.Dispose();

    /// <summary>Names are kept for as long as a part is read.</summary>
    private sealed class FewNames : NameTable
    {
        private const int Most = 512 * 1024;
        private int size;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));
        public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

        private string Counted(string name) => (size += name.Length + 16) <= Most ? name : throw new ImportUnreadable("table.too_large", 0);
    }

    /// <summary>Passes characters on and refuses a tag that is longer than any of a workbook.</summary>
    private sealed class Tags(TextReader inner) : TextReader
    {
        private const int Longest = 64 * 1024;
        private State state;
        private int size;
        private char quote, ending, last, beforeLast;

        private enum State { Text, Opened, Declared, Tag, Quoted, Aside }

        public override int Peek() => throw new NotSupportedException();
        public override int Read() => throw new NotSupportedException();

        public override int Read(char[] buffer, int index, int count)
        {
            var read = inner.Read(buffer, index, count);
            Look(buffer.AsSpan(index, read));
            return read;
        }

        private void Look(ReadOnlySpan<char> seen)
        {
            for (var i = 0; i < seen.Length; i++)
            {
                var c = seen[i];
                switch (state)
                {
                    case State.Text:
                        if (seen[i..].IndexOf('<') is >= 0 and var skipped)
                            (i, state, size) = (i + skipped, State.Opened, 0);
                        else
                            i = seen.Length;
                        continue;
                    case State.Opened:
                        (state, ending) = c switch { '!' => (State.Declared, ending), '?' => (State.Aside, '?'), '>' => (State.Text, ending), _ => (State.Tag, ending) };
                        break;
                    case State.Declared:
                        // A comment, or a text set apart; anything else is a document type, which is refused.
                        (state, ending) = c switch { '-' => (State.Aside, '-'), '[' => (State.Aside, ']'), _ => (State.Tag, ending) };
                        break;
                    case State.Tag:
                        if (c is '"' or '\'')
                            (state, quote) = (State.Quoted, c);
                        else if (c == '>')
                            state = State.Text;
                        break;
                    case State.Quoted:
                        if (c == quote)
                            state = State.Tag;
                        break;
                    case State.Aside:
                        // It is not held by the reader, and has no length.
                        size = 0;
                        if (c == '>' && last == ending && (ending == '?' || beforeLast == ending))
                            state = State.Text;
                        break;
                }
                (beforeLast, last) = (last, c);
                if (++size > Longest)
                    throw new ImportUnreadable("table.too_large", 0);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Counts what is unpacked.</summary>
    private sealed class Counted(Stream inner, UnpackedBudget budget) : Stream
    {
        public override int Read(byte[] buffer, int offset, int count) => budget.Count(inner.Read(buffer, offset, count));
        public override int Read(Span<byte> buffer) => budget.Count(inner.Read(buffer));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>How much may be unpacked of all parts of a file together: time is bounded with it.</summary>
internal sealed class UnpackedBudget(long most)
{
    private long left = most;

    public int Count(int read) => (left -= read) >= 0 ? read : throw new ImportUnreadable("table.too_large", 0);
}
