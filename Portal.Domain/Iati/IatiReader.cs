using System.Text;
using System.Xml;
using System.Xml.Linq;
using Portal.Domain.Imports;

namespace Portal.Domain.Iati;

/// <summary>
/// Reads an activity file one activity at a time, so that a file of any size needs the memory of its largest activity. Document types and
/// entities are refused, depth and
/// size are bounded. Elements know their line. What the standard does not know comes along.
/// </summary>
public sealed class IatiReader : IDisposable
{
    /// <summary>Largest file, bytes.</summary>
    public const long LargestFile = ImportJob.LargestFile;

    /// <summary>Most characters of one activity.</summary>
    public const int LargestActivity = 8 * 1024 * 1024;

    /// <summary>Most elements and attributes of one activity.</summary>
    public const int MostNodes = 400_000;

    /// <summary>Deepest element.</summary>
    public const int Deepest = 32;

    /// <summary>Longest tag, bytes.</summary>
    public const int LongestTag = 1024 * 1024;
    private const string TooLarge = "iati.activity_too_large";

    // Files in Arabic, Russian or Chinese are also written in encodings that are older than Unicode.
    static IatiReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private readonly XmlReader xml;
    private readonly Dictionary<string, string> outer = [];
    private readonly char[] piece = new char[4096];
    private readonly StringBuilder text = new();

    /// <summary>Opens a file and reads its head.</summary>
    /// <exception cref="ImportUnreadable">It is no activity file of IATI 2.</exception>
    public IatiReader(Stream stream)
    {
        xml = XmlReader.Create(
            new Tags(stream),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
                MaxCharactersInDocument = LargestFile * 2,
                CloseInput = false,
                NameTable = new FewNames(TooLarge),
            }
        );
        Guard(ReadHead);
    }

    /// <summary>The version that the file says it is of.</summary>
    public string Version { get; private set; } = "";

    private int Line => ((IXmlLineInfo)xml).LineNumber;

    private bool ReadHead()
    {
        if (xml.MoveToContent() != XmlNodeType.Element)
            throw new ImportUnreadable("iati.not_xml", Line);
        var root = xml.LocalName;
        Version = (xml.GetAttribute("version") ?? "").Trim();
        if (xml.NamespaceURI.Length > 0 || root is not ("iati-activities" or "iati-organisations"))
            throw new ImportUnreadable("iati.not_iati", Line, xml.Name);
        if (root == "iati-organisations")
            throw new ImportUnreadable("iati.organisation_file", Line);
        // Until 1.03 the version was said for each activity or not at all.
        if (Version.Length == 0 || Version.StartsWith("1.", StringComparison.Ordinal))
            throw new ImportUnreadable("iati.old_version", Line, Version);
        if (Version is not ("2.01" or "2.02" or "2.03"))
            throw new ImportUnreadable("iati.unknown_version", Line, Version);
        for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
        {
            if (xml.NamespaceURI == XNamespace.Xmlns.NamespaceName && xml.LocalName != "xmlns")
                outer[xml.Value] = xml.LocalName;
            else if (
                xml.NamespaceURI.Length == 0
                && xml.Prefix.Length == 0
                && xml.LocalName is not ("version" or "generated-datetime" or "linked-data-default" or "xmlns")
            )
                throw new ImportUnreadable("iati.unexpected_attribute", Line, xml.Name);
            else if (xml is { LocalName: "generated-datetime", NamespaceURI: "" } && !IatiChecker.IsMoment(xml.Value))
                throw new ImportUnreadable("iati.bad_value", Line, xml.Value);
        }
        xml.MoveToElement();
        if (xml.IsEmptyElement)
            throw new ImportUnreadable("iati.no_activities", Line);
        return xml.Read();
    }

    /// <summary>The activities in their order; each is forgotten when the next is asked for.</summary>
    /// <exception cref="ImportUnreadable">The file is broken from here on.</exception>
    public IEnumerable<XElement> Activities()
    {
        var any = false;
        while (Guard(Next) is { } activity)
        {
            any = true;
            yield return activity;
        }
        if (!any)
            throw new ImportUnreadable("iati.no_activities", Line);
    }

    private XElement? Next()
    {
        while (xml.NodeType != XmlNodeType.EndElement)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                if (xml is { LocalName: "iati-activity", NamespaceURI: "" })
                    return Build();
                if (xml.NamespaceURI.Length == 0)
                    throw new ImportUnreadable("iati.unexpected_in_file", Line, xml.Name);
                Skip();
                continue;
            }
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                throw new ImportUnreadable(
                    "iati.unexpected_in_file",
                    Line,
                    new string(piece, 0, xml.ReadValueChunk(piece, 0, piece.Length))
                );
            if (!xml.Read())
                return null;
        }
        // What follows the end must be nothing, or the file is broken there.
        while (xml.Read()) { }
        return null;
    }

    // What is not of the standard, beside the activities.
    private void Skip()
    {
        var depth = xml.Depth;
        if (!xml.IsEmptyElement)
            while (xml.Read() && xml.Depth > depth)
                if (xml.Depth > Deepest)
                    throw new ImportUnreadable("iati.too_deep", Line, xml.Name);
        xml.Read();
    }

    private XElement Build()
    {
        var (nodes, characters) = (0, 0);
        var used = new HashSet<string>();
        var stack = new Stack<XElement>();
        XElement? activity = null;
        do
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    Count(1, 0);
                    if (stack.Count >= Deepest)
                        throw new ImportUnreadable("iati.too_deep", Line, xml.Name);
                    var element = new XElement(XName.Get(xml.LocalName, xml.NamespaceURI));
                    element.AddAnnotation(new IatiLine(Line));
                    used.Add(xml.NamespaceURI);
                    var isEmpty = xml.IsEmptyElement;
                    for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
                    {
                        Count(1, xml.Value.Length);
                        var isDefault =
                            xml.NamespaceURI == XNamespace.Xmlns.NamespaceName && xml.LocalName == "xmlns" && xml.Prefix.Length == 0;
                        element.Add(new XAttribute(isDefault ? "xmlns" : XName.Get(xml.LocalName, xml.NamespaceURI), xml.Value));
                        used.Add(xml.NamespaceURI);
                    }
                    xml.MoveToElement();
                    if (stack.TryPeek(out var parent))
                        parent.Add(element);
                    activity ??= element;
                    if (!isEmpty)
                        stack.Push(element);
                    break;
                case XmlNodeType.EndElement:
                    stack.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    // Counted as it is read, and not when it is there.
                    Count(1, 0);
                    text.Clear();
                    int read;
                    while ((read = xml.ReadValueChunk(piece, 0, piece.Length)) > 0)
                    {
                        Count(0, read);
                        text.Append(piece, 0, read);
                    }
                    stack.Peek().Add(new XText(text.ToString()));
                    break;
            }
            xml.Read();
        } while (stack.Count > 0 && !xml.EOF);
        if (stack.Count > 0)
            throw new ImportUnreadable("iati.broken", Line);
        // Prefixes declared around the activity come along with it.
        foreach (var (uri, prefix) in outer)
            if (used.Contains(uri) && activity!.Attributes().All(a => !a.IsNamespaceDeclaration || a.Value != uri))
                activity.Add(new XAttribute(XNamespace.Xmlns + prefix, uri));
        return activity!;

        void Count(int node, int text)
        {
            nodes += node;
            characters += text;
            if (nodes > MostNodes || characters > LargestActivity)
                throw new ImportUnreadable(TooLarge, Line);
        }
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException e)
        {
            // The framework's own message is English and may quote the file; the code is ours.
            var code =
                e.Message.Contains("DTD", StringComparison.Ordinal) ? "iati.dtd"
                : e.Message.Contains("does not support", StringComparison.OrdinalIgnoreCase) ? "iati.encoding_unknown"
                : e.Message.Contains("encoding", StringComparison.OrdinalIgnoreCase) ? "iati.encoding"
                : "iati.broken";
            throw new ImportUnreadable(code, e.LineNumber);
        }
        catch (Exception e) when (e is DecoderFallbackException or ArgumentException or NotSupportedException)
        {
            throw new ImportUnreadable("iati.encoding", Line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => xml.Dispose();

    /// <summary>Passes bytes on and refuses a tag that is longer than any of an activity file.</summary>
    private sealed class Tags(Stream inner) : Stream
    {
        private readonly TagBound bound = new(LongestTag, TooLarge);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            bound.Look(buffer[..read]);
            return read;
        }

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
    }
}
