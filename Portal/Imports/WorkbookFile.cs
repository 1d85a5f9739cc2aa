using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>
/// Reads the first visible sheet of a workbook (ECMA-376), read by hand because little of it is needed and all of it may be hostile: parts are bounded as they are unpacked,
/// document types refused, links to elsewhere never followed, formulas never evaluated; the value that was saved with them is taken and said to be one.
/// </summary>
internal static partial class WorkbookFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Strict = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelations = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    private const int MostParts = 1_000;
    private const long LargestPart = 64L * 1024 * 1024;
    private const int LargestText = 32 * 1024 * 1024;

    /// <summary>Reads it.</summary>
    /// <exception cref="ImportUnreadable">It is no workbook, is protected, broken, or larger unpacked than can be taken.</exception>
    public static IReadOnlyList<TableRow> Read(Stream file)
    {
        var head = new byte[4];
        var length = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        // A workbook with a password, or of before 2007, is of another kind altogether.
        if (length == 4 && head is [0xD0, 0xCF, 0x11, 0xE0])
            throw new ImportUnreadable("table.old_workbook", 0);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostParts)
                throw new ImportUnreadable("table.too_large", 0);
            return new Book(zip).Rows();
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or EndOfStreamException or NotSupportedException or OverflowException or FormatException)
        {
            throw new ImportUnreadable("table.broken", e is XmlException { LineNumber: var line } ? line : 0);
        }
    }

    private sealed class Book(ZipArchive zip)
    {
        private bool startsIn1904;
        private string sheet = "";
        private readonly List<string> texts = [];
        private readonly List<bool> days = [];

        public IReadOnlyList<TableRow> Rows()
        {
            ReadBook();
            if (zip.GetEntry("xl/sharedStrings.xml") is not null)
                ReadTexts();
            if (zip.GetEntry("xl/styles.xml") is not null)
                ReadStyles();
            return ReadSheet();
        }

        private XmlReader Open(string part)
        {
            var entry = zip.GetEntry(part) ?? throw new ImportUnreadable("table.broken", 0, part);
            if (entry.Length > LargestPart)
                throw new ImportUnreadable("table.too_large", 0, part);
            return XmlReader.Create(new Bounded(entry.Open()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true });
        }

        private static bool Is(XmlReader xml, string name) => xml.NodeType == XmlNodeType.Element && xml.LocalName == name && (xml.NamespaceURI == Main || xml.NamespaceURI == Strict);

        private void ReadBook()
        {
            string? wanted = null;
            using (var xml = Open("xl/workbook.xml"))
                while (xml.Read())
                {
                    if (Is(xml, "workbookPr"))
                        startsIn1904 = xml.GetAttribute("date1904") is "1" or "true";
                    else if (Is(xml, "sheet") && (xml.GetAttribute("state") ?? "visible") == "visible")
                        wanted ??= xml.GetAttribute("id", Relations) ?? xml.GetAttribute("id", StrictRelations);
                }
            using var links = Open("xl/_rels/workbook.xml.rels");
            while (links.Read())
                if (links.NodeType == XmlNodeType.Element && links.LocalName == "Relationship" && links.GetAttribute("Id") == wanted && links.GetAttribute("TargetMode") != "External")
                    sheet = links.GetAttribute("Target") ?? "";
            sheet = sheet.StartsWith('/') ? sheet[1..] : "xl/" + sheet;
        }

        private void ReadTexts()
        {
            using var xml = Open("xl/sharedStrings.xml");
            var size = 0;
            while (xml.Read())
                if (Is(xml, "si"))
                {
                    var text = Text(xml);
                    size += text.Length + 16;
                    if (size > LargestText)
                        throw new ImportUnreadable("table.too_large", 0);
                    texts.Add(text);
                }
        }

        // The runs of a text, without what says how it is pronounced.
        private static string Text(XmlReader xml)
        {
            if (xml.IsEmptyElement)
                return "";
            var text = new StringBuilder();
            using var inner = xml.ReadSubtree();
            var aside = 0;
            while (inner.Read())
            {
                if (inner.LocalName == "rPh")
                    aside += inner.NodeType switch { XmlNodeType.Element when !inner.IsEmptyElement => 1, XmlNodeType.EndElement => -1, _ => 0 };
                else if (aside == 0 && inner.NodeType is (XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA) && text.Length <= TableFile.LargestCell)
                    text.Append(inner.Value);
            }
            return Escapes().Replace(text.ToString(), m => ((char)int.Parse(m.Groups["code"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        }

        private void ReadStyles()
        {
            using var xml = Open("xl/styles.xml");
            var own = new Dictionary<int, bool>();
            var isCells = false;
            while (xml.Read())
            {
                if (Is(xml, "numFmt") && int.TryParse(xml.GetAttribute("numFmtId"), out var number))
                    own[number] = IsDay(xml.GetAttribute("formatCode") ?? "");
                else if (xml.LocalName == "cellXfs")
                    isCells = xml.NodeType == XmlNodeType.Element;
                else if (isCells && Is(xml, "xf"))
                    days.Add(int.TryParse(xml.GetAttribute("numFmtId"), out var format) && (own.TryGetValue(format, out var isDay) ? isDay : format is >= 14 and <= 17 or 22 or >= 27 and <= 31 or 36 or >= 50 and <= 58));
            }
        }

        private static bool IsDay(string format) => Aside().Replace(format, "").Any(c => c is 'y' or 'Y' or 'd' or 'D');

        private List<TableRow> ReadSheet()
        {
            var rows = new List<TableRow>();
            var number = 0;
            using var xml = Open(sheet);
            while (xml.Read())
            {
                if (Is(xml, "row"))
                {
                    number = int.TryParse(xml.GetAttribute("r"), out var said) && said > number ? said : number + 1;
                    var row = new TableRow(number, Cells(xml));
                    if (!row.IsEmpty)
                        rows.Add(row);
                    if (rows.Count > TableFile.MostRows + 6)
                        throw new ImportUnreadable("table.too_many_rows", number);
                }
                else if (Is(xml, "mergeCell") && Range().Match(xml.GetAttribute("ref") ?? "") is { Success: true } merged)
                {
                    Mark(rows, merged);
                }
            }
            return rows;
        }

        private List<Cell> Cells(XmlReader xml)
        {
            var cells = new List<Cell>();
            if (xml.IsEmptyElement)
                return cells;
            using var row = xml.ReadSubtree();
            while (row.Read())
            {
                if (!Is(row, "c"))
                    continue;
                var place = Column(row.GetAttribute("r")) ?? cells.Count;
                var cell = One(row);
                if (place >= TableFile.MostColumns)
                {
                    // Formats reach to the last column of a sheet; only what is filled in counts.
                    if (cell.Text.Length > 0)
                        throw new ImportUnreadable("table.too_many_columns", 0);
                    continue;
                }
                while (cells.Count <= place)
                    cells.Add(new Cell(""));
                cells[place] = cell;
            }
            return cells;
        }

        private Cell One(XmlReader xml)
        {
            var (type, style) = (xml.GetAttribute("t") ?? "n", xml.GetAttribute("s"));
            string? value = null;
            var isFormula = false;
            if (!xml.IsEmptyElement)
            {
                using var cell = xml.ReadSubtree();
                while (cell.Read())
                {
                    if (Is(cell, "f"))
                        isFormula = true;
                    else if (Is(cell, "v") || Is(cell, "is"))
                        value = Text(cell);
                }
            }
            if (type == "e")
                return new Cell(value ?? "", CellKind.Text, "table.cell_error", true);
            if (isFormula && string.IsNullOrEmpty(value))
                return new Cell("", CellKind.Text, "table.formula_empty", true);
            var read = Valued(type, value, style);
            if (read.Text.Length > TableFile.LargestCell)
                return new Cell("", CellKind.Text, "table.cell_too_large", true);
            return isFormula ? read with { Note = "table.formula" } : read;
        }

        private Cell Valued(string type, string? value, string? style)
        {
            if (string.IsNullOrEmpty(value))
                return new Cell("");
            switch (type)
            {
                case "s":
                    return int.TryParse(value, out var at) && at >= 0 && at < texts.Count ? new Cell(texts[at].Trim()) : new Cell("", CellKind.Text, "table.cell_error", true);
                case "b":
                    return new Cell(value == "1" ? "TRUE" : "FALSE");
                case "d":
                    return DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new Cell(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), CellKind.Day) : new Cell(value);
                case "n":
                    break;
                default:
                    return new Cell(value.Trim());
            }
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return new Cell(value);
            if (int.TryParse(style, out var format) && format >= 0 && format < days.Count && days[format])
            {
                var serial = Math.Floor(number) + (startsIn1904 ? 1462 : 0);
                return serial is >= 1 and < 2_958_466 ? new Cell(DateOnly.FromDateTime(DateTime.FromOADate(serial)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), CellKind.Day) : new Cell(value, CellKind.Number);
            }
            return new Cell(Math.Abs(number) < 1e15 ? ((decimal)number).ToString("0.############", CultureInfo.InvariantCulture) : value, CellKind.Number);
        }

        // What is merged stands in its first cell only: which rows it is meant for is not for the portal to guess.
        private static void Mark(List<TableRow> rows, Match merged)
        {
            var (from, to) = (int.Parse(merged.Groups["from"].Value, CultureInfo.InvariantCulture), int.Parse(merged.Groups["to"].Value, CultureInfo.InvariantCulture));
            var first = Column(merged.Groups["first"].Value + "1") ?? 0;
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i].Number < from || rows[i].Number > to || first >= TableFile.MostColumns)
                    continue;
                var cells = rows[i].Cells.ToList();
                while (cells.Count <= first)
                    cells.Add(new Cell(""));
                cells[first] = cells[first] with { Note = "table.merged", Refuses = true };
                rows[i] = rows[i] with { Cells = cells };
            }
        }

        private static int? Column(string? address)
        {
            var letters = (address ?? "").TakeWhile(char.IsAsciiLetterUpper).ToList();
            return letters.Count is 0 or > 3 ? null : letters.Aggregate(0, (all, letter) => (all * 26) + letter - 'A' + 1) - 1;
        }
    }

    /// <summary>Counts what is unpacked: what a file says of its size need not be so.</summary>
    private sealed class Bounded(Stream inner) : Stream
    {
        private long read;

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));
        public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

        private int Counted(int count)
        {
            read += count;
            return read > LargestPart ? throw new ImportUnreadable("table.too_large", 0) : count;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => read; set => throw new NotSupportedException(); }
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

    [GeneratedRegex("_x(?<code>[0-9A-Fa-f]{4})_")]
    private static partial Regex Escapes();
    [GeneratedRegex(@"""[^""]*""|\[[^\]]*\]|\\.|_.|\*.")]
    private static partial Regex Aside();
    [GeneratedRegex(@"^\$?(?<first>[A-Z]{1,3})\$?(?<from>[0-9]{1,7})(:\$?(?<last>[A-Z]{1,3})\$?(?<to>[0-9]{1,7}))$")]
    private static partial Regex Range();
}
