using System.Text;
using System.Xml;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>
/// Reads the XML of a packed part that may be hostile, with little memory however much comes out of it. A reader of XML holds one tag
/// whole, every name it has met and each element that is open;
/// texts it passes on in pieces. So tags, names and depth are bounded here, and what is unpacked is counted: what a file says of its size
/// need not be so.
/// </summary>
internal sealed class BoundedPart : IDisposable
{
    private const int Deepest = 64;
    private const string TooLarge = "table.too_large";

    private readonly char[] piece = new char[4096];
    private readonly StringBuilder text = new();

    /// <summary>Opens a part.</summary>
    /// <param name="packed">What is unpacked.</param>
    /// <param name="budget">How much of it there may be.</param>
    public BoundedPart(Stream packed, UnpackedBudget budget) =>
        Xml = XmlReader.Create(
            new Tags(new StreamReader(new Counted(packed, budget), new UTF8Encoding(false, true), true, 16 * 1024)),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                CloseInput = true,
                NameTable = new FewNames(TooLarge),
            }
        );

    /// <summary>Where the reading is.</summary>
    public XmlReader Xml { get; }

    /// <summary>Goes on to what comes next; false at the end.</summary>
    public bool Next()
    {
        if (!Xml.Read())
            return false;
        return Xml.Depth <= Deepest ? true : throw new ImportUnreadable(TooLarge, 0);
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

    /// <summary>Passes characters on and refuses a tag that is longer than any of a workbook.</summary>
    private sealed class Tags(TextReader inner) : TextReader
    {
        private const int Longest = 64 * 1024;
        private readonly TagBound bound = new(Longest, TooLarge);

        public override int Peek() => throw new NotSupportedException();

        public override int Read() => throw new NotSupportedException();

        public override int Read(char[] buffer, int index, int count)
        {
            var read = inner.Read(buffer, index, count);
            bound.Look(buffer.AsSpan(index, read));
            return read;
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
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

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
