using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Imports;

namespace Portal.Imports;

/// <summary>
/// Reads one visible sheet of a workbook (ECMA-376): the one with the most headings that are known, else the first. Read by hand because
/// little of it is needed and all of it may be hostile: parts are
/// read in pieces (<see cref="BoundedPart"/>) and only what the sheet uses is kept, document types are refused, links to elsewhere never
/// followed, formulas never evaluated; the value that was saved
/// with them is taken and said to be one.
/// </summary>
internal static partial class WorkbookFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Strict = "http://purl.oclc.org/ooxml/spreadsheetml/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelations = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    private const int MostParts = 1_000;
    private const int MostSheets = 50;
    private const int MostFormats = 100_000;
    private const long MostUnpacked = 80L * 1024 * 1024;

    /// <summary>Reads it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="knows">Says whether a heading is one that is known.</param>
    /// <returns>Its rows that are not empty, and the name of the sheet where there are several.</returns>
    /// <exception cref="ImportUnreadable">It is no workbook, is protected, broken, or larger unpacked than can be taken.</exception>
    public static (IReadOnlyList<TableRow> Rows, string? Sheet) Read(Stream file, Func<string, bool> knows)
    {
        var head = new byte[4];
        var length = file.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        file.Position = 0;
        // A workbook with a password, or of before 2007, is of another kind altogether.
        if (length == 4 && head is [0xD0, 0xCF, 0x11, 0xE0])
            throw new ImportUnreadable("table.old_workbook", 0);
        if (Parts(file) > MostParts)
            throw new ImportUnreadable("table.too_large", 0);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return new Book(zip).Read(knows);
        }
        catch (XmlException e) when (e.InnerException is ImportUnreadable unreadable)
        {
            throw unreadable;
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or XmlException
                        or EndOfStreamException
                        or NotSupportedException
                        or OverflowException
                        or FormatException
                        or ArgumentException
            )
        {
            throw new ImportUnreadable("table.broken", e is XmlException { LineNumber: var line } ? line : 0);
        }
    }

    // The list of parts is made whole before it can be asked how many there are; each has its mark in the file.
    private static int Parts(Stream file)
    {
        var (buffer, kept, parts) = (new byte[64 * 1024], 0, 0);
        while (file.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var seen = buffer.AsSpan(0, kept + read);
            parts += seen.Count("PK\x01\x02"u8);
            kept = Math.Min(3, seen.Length);
            seen[^kept..].CopyTo(buffer);
        }
        file.Position = 0;
        return parts;
    }

    private sealed class Book
    {
        private readonly Dictionary<string, ZipArchiveEntry> parts = new(StringComparer.OrdinalIgnoreCase);
        private readonly UnpackedBudget budget = new(MostUnpacked);
        private readonly List<CellFormat> formats = [];
        private readonly List<(string Name, string Id)> sheets = [];
        private readonly Dictionary<string, string> targets = [];
        private readonly string folder;
        private string? texts,
            styles;
        private bool startsIn1904;

        public Book(ZipArchive zip)
        {
            // Names are compared without case, and some writers turn the bars round.
            foreach (var entry in zip.Entries)
                parts.TryAdd(Path(entry.FullName), entry);
            var book = "xl/workbook.xml";
            if (parts.ContainsKey("_rels/.rels"))
                Links(
                    "_rels/.rels",
                    "",
                    (_, type, target) => book = type.EndsWith("/officeDocument", StringComparison.Ordinal) ? target : book
                );
            folder = Folder(book);
            ReadBook(book);
        }

        public (IReadOnlyList<TableRow>, string?) Read(Func<string, bool> knows)
        {
            if (styles is not null && parts.ContainsKey(styles))
                ReadStyles();
            if (sheets.Count == 0)
                throw new ImportUnreadable("table.broken", 0);
            if (sheets.Count == 1)
                return (Rows(sheets[0].Id, knows), null);
            var looked = sheets.ConvertAll(s => new Sheet(this, Target(s.Id)).Read(TableFile.HeadingsWithin));
            ReadTexts(looked);
            var beginnings = looked.ConvertAll(s => s.Rows());
            var best = beginnings
                .Index()
                .MaxBy(b =>
                    TableFile.Head(b.Item, knows) is { } head ? head.Cells.Count(c => knows(c.Text))
                    : b.Item.Count > 0 ? 0
                    : -1
                )
                .Index;
            var isOne = beginnings.Count(b => b.Count > 0) <= 1;
            return (Rows(sheets[best].Id, knows), isOne ? null : sheets[best].Name);
        }

        private IReadOnlyList<TableRow> Rows(string id, Func<string, bool> knows)
        {
            var sheet = new Sheet(this, Target(id)).Read(int.MaxValue);
            ReadTexts([sheet]);
            return sheet.Whole(knows);
        }

        private string Target(string id) =>
            targets.TryGetValue(id, out var target) ? target : throw new ImportUnreadable("table.broken", 0);

        public BoundedPart Open(string part) =>
            new((parts.GetValueOrDefault(part) ?? throw new ImportUnreadable("table.broken", 0, part)).Open(), budget);

        private static string Folder(string part) => part[..(part.LastIndexOf('/') + 1)];

        private static string Path(string name)
        {
            var path = new List<string>();
            foreach (var step in name.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
                if (step == ".." && path.Count > 0)
                    path.RemoveAt(path.Count - 1);
                else if (step is not ("." or ".."))
                    path.Add(step);
            return string.Join('/', path);
        }

        private void Links(string part, string from, Action<string, string, string> found)
        {
            using var links = Open(part);
            while (links.Next())
                if (
                    links.Xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } link
                    && link.GetAttribute("TargetMode") != "External"
                    && link.GetAttribute("Target") is { } target
                )
                    found(
                        link.GetAttribute("Id") ?? "",
                        link.GetAttribute("Type") ?? "",
                        Path(target is ['/' or '\\', ..] ? target : from + target)
                    );
        }

        private void ReadBook(string part)
        {
            using (var book = Open(part))
                while (book.Next())
                {
                    if (Is(book.Xml, "workbookPr"))
                        startsIn1904 = book.Xml.GetAttribute("date1904") is "1" or "true";
                    else if (
                        Is(book.Xml, "sheet")
                        && (book.Xml.GetAttribute("state") ?? "visible") == "visible"
                        && sheets.Count < MostSheets
                        && (book.Xml.GetAttribute("id", Relations) ?? book.Xml.GetAttribute("id", StrictRelations)) is { } id
                    )
                        sheets.Add((ImportProblem.Shown(book.Xml.GetAttribute("name")) ?? "", id));
                }
            (texts, styles) = (folder + "sharedStrings.xml", folder + "styles.xml");
            var wanted = sheets.Select(s => s.Id).ToHashSet();
            Links(
                $"{folder}_rels/{part[folder.Length..]}.rels",
                folder,
                (id, type, target) =>
                {
                    if (type.EndsWith("/sharedStrings", StringComparison.Ordinal))
                        texts = target;
                    else if (type.EndsWith("/styles", StringComparison.Ordinal))
                        styles = target;
                    else if (wanted.Contains(id))
                        targets.TryAdd(id, target);
                }
            );
            // A sheet may be one of charts only, which is no worksheet.
            sheets.RemoveAll(s =>
                !targets.TryGetValue(s.Id, out var target) || target.Contains("chartsheets/", StringComparison.OrdinalIgnoreCase)
            );
        }

        // Most texts of a workbook are of its other sheets: those that these sheets name are kept.
        private void ReadTexts(IReadOnlyList<Sheet> sheets)
        {
            var wanted = sheets.SelectMany(s => s.Named).ToHashSet();
            var found = new Dictionary<int, string>(wanted.Count);
            if (wanted.Count > 0 && texts is not null && parts.ContainsKey(texts))
            {
                using var part = Open(texts);
                var (last, size) = (wanted.Max(), 0);
                for (var index = -1; index < last && part.Next(); )
                    if (Is(part.Xml, "si") && wanted.Contains(++index))
                    {
                        found[index] = Text(part).Trim();
                        if ((size += found[index].Length) > TableFile.MostCharacters)
                            throw new ImportUnreadable("table.too_large", 0);
                    }
            }
            foreach (var sheet in sheets)
                sheet.Put(found);
        }

        private void ReadStyles()
        {
            using var part = Open(styles!);
            var own = new Dictionary<int, CellFormat>();
            var (xml, isCells) = (part.Xml, false);
            while (part.Next())
            {
                if (Is(xml, "numFmt") && int.TryParse(xml.GetAttribute("numFmtId"), out var number))
                    own[number] = CellFormat.Of(xml.GetAttribute("formatCode") ?? "");
                else if (xml.LocalName == "cellXfs")
                    isCells = xml.NodeType == XmlNodeType.Element;
                else if (isCells && Is(xml, "xf"))
                    formats.Add(
                        !int.TryParse(xml.GetAttribute("numFmtId"), out var format) ? default
                        : own.TryGetValue(format, out var said) ? said
                        : new CellFormat(format is >= 14 and <= 17 or 22 or >= 27 and <= 31 or 36 or >= 50 and <= 58, 0)
                    );
                if (own.Count + formats.Count > MostFormats)
                    throw new ImportUnreadable("table.too_large", 0);
            }
        }

        // What a number is shown as, as far as it says what the number is: a day, or a reference with so many digits.
        private readonly record struct CellFormat(bool IsDay, int Digits)
        {
            public static CellFormat Of(string code) =>
                new(
                    Aside().Replace(code, "").Any(c => c is 'y' or 'Y' or 'd' or 'D'),
                    code.Length is > 1 and <= 20 && code.All(c => c == '0') ? code.Length : 0
                );
        }

        public Cell Valued(string type, string value, string? style)
        {
            switch (type)
            {
                case "b":
                    return new Cell(value == "1" ? "TRUE" : "FALSE");
                // ISO 8601: what is no day stands as it is written, and is refused where a day is wanted.
                case "d":
                    return Day(value) is { } day ? new Cell(day, CellKind.Day) : new Cell(value.Trim());
                case "n":
                    break;
                default:
                    return new Cell(value.Trim());
            }
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return new Cell(value);
            var format = int.TryParse(style, out var at) && at >= 0 && at < formats.Count ? formats[at] : default;
            if (format.IsDay && Day(number) is { } dated)
                return new Cell(dated, CellKind.Day);
            if (format.Digits > 0 && number is >= 0 and < 1e15 && Math.Floor(number) == number)
                return new Cell(((long)number).ToString("D" + format.Digits, CultureInfo.InvariantCulture), CellKind.Number);
            return new Cell(
                Math.Abs(number) < 1e15 ? ((decimal)number).ToString("0.############", CultureInfo.InvariantCulture) : value,
                CellKind.Number
            );
        }

        private static string? Day(string written)
        {
            try
            {
                return WrittenDay.Read(written)?.ToString("O", CultureInfo.InvariantCulture);
            }
            catch (Refusal)
            {
                return null;
            }
        }

        // Workbooks that begin in 1900 have a 29 February of that year, which there never was: the days before it are one further on than
        // their numbers say elsewhere.
        private string? Day(double number)
        {
            var serial =
                Math.Floor(number)
                + (
                    startsIn1904 ? 1462
                    : number < 60 ? 1
                    : 0
                );
            return number >= (startsIn1904 ? 0 : 1) && (startsIn1904 || Math.Floor(number) != 60) && serial < 2_958_466
                ? DateTime.FromOADate(serial).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : null;
        }
    }

    private static bool Is(XmlReader xml, string name) =>
        xml.NodeType == XmlNodeType.Element && xml.LocalName == name && (xml.NamespaceURI == Main || xml.NamespaceURI == Strict);

    // The runs of a text, without what says how it is pronounced.
    private static string Text(BoundedPart part) =>
        Escapes()
            .Replace(
                part.Text("rPh", TableFile.LargestCell),
                m => ((char)int.Parse(m.Groups["code"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
            );

    /// <summary>The rows of a sheet, as far as they are read.</summary>
    private sealed class Sheet(Book book, string path)
    {
        private readonly List<(int Number, List<Cell> Cells, bool IsHidden)> rows = [];
        private readonly List<(int Row, int Column, int Text)> named = [];

        // By column, how many merged ranges begin and end at each row; by row of the first, at each column. So many of them cost no more
        // than few.
        private readonly Dictionary<int, int[]> down = [];
        private readonly Dictionary<int, int[]> across = [];
        private int cells,
            size;

        /// <summary>Places of the texts that its cells name.</summary>
        public IEnumerable<int> Named => named.Select(n => n.Text);

        public Sheet Read(int most)
        {
            using var part = book.Open(path);
            var number = 0;
            while (part.Next())
            {
                if (Is(part.Xml, "row"))
                {
                    var said = int.TryParse(part.Xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var r) ? r : 0;
                    // Some writers put a row down in parts.
                    number = said > 0 && said >= number ? said : number + 1;
                    Row(part, number);
                    if (rows.Count > most)
                        break;
                    if (rows.Count > TableFile.MostRows + TableFile.HeadingsWithin)
                        throw new ImportUnreadable("table.too_many_rows", number);
                }
                else if (Is(part.Xml, "mergeCell"))
                    Merge(part.Xml.GetAttribute("ref"));
            }
            return this;
        }

        private void Row(BoundedPart part, int number)
        {
            if (part.Xml.IsEmptyElement)
                return;
            var isHidden = part.Xml.GetAttribute("hidden") is "1" or "true";
            var row = rows is [.., (var last, var there, _)] && last == number ? there : null;
            var (depth, next) = (part.Xml.Depth, row?.Count ?? 0);
            while (part.NextWithin(depth))
            {
                if (!Is(part.Xml, "c"))
                    continue;
                var place = Column(part.Xml.GetAttribute("r")) ?? next;
                next = place + 1;
                var (cell, text) = One(part);
                if (cell.Text.Length == 0 && !cell.Refuses && text is null)
                    continue;
                // Formats reach to the last column of a sheet; only what is filled in counts.
                if (place >= TableFile.MostColumns)
                    throw new ImportUnreadable("table.too_many_columns", number);
                if (row is null)
                    rows.Add((number, row = [], isHidden));
                for (; row.Count <= place; cells++)
                    row.Add(new Cell(""));
                Count(cell);
                row[place] = cell;
                if (text is { } named)
                    this.named.Add((rows.Count - 1, place, named));
                if (cells > TableFile.MostCells || this.named.Count > TableFile.MostCells)
                    throw new ImportUnreadable("table.too_large", number);
            }
        }

        private void Count(Cell cell)
        {
            if ((size += cell.Text.Length) > TableFile.MostCharacters)
                throw new ImportUnreadable("table.too_large", 0);
        }

        // A cell, and the place of its text where it names one.
        private (Cell Cell, int? Text) One(BoundedPart part)
        {
            var xml = part.Xml;
            var (type, style, depth) = (xml.GetAttribute("t") ?? "n", xml.GetAttribute("s"), xml.Depth);
            string? value = null;
            var isFormula = false;
            if (!xml.IsEmptyElement)
                while (part.NextWithin(depth))
                {
                    if (Is(xml, "f"))
                        isFormula = true;
                    else if (Is(xml, "v") || Is(xml, "is"))
                        value = Text(part);
                }
            if (type == "e")
                return (new Cell(value ?? "", CellKind.Text, "table.cell_error", true), null);
            if (string.IsNullOrEmpty(value))
                return (isFormula ? new Cell("", CellKind.Text, "table.formula_empty", true) : new Cell(""), null);
            if (value.Length > TableFile.LargestCell)
                return (new Cell("", CellKind.Text, "table.cell_too_large", true), null);
            var note = isFormula ? "table.formula" : null;
            return type != "s" ? (book.Valued(type, value, style) with { Note = note }, null)
                : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var text)
                    ? (new Cell("", CellKind.Text, note), text)
                : (new Cell("", CellKind.Text, "table.cell_error", true), null);
        }

        /// <summary>Puts in the texts that its cells name.</summary>
        public void Put(Dictionary<int, string> texts)
        {
            foreach (var (row, column, place) in named)
            {
                var cell = rows[row].Cells[column];
                cell =
                    !texts.TryGetValue(place, out var text) ? new Cell("", CellKind.Text, "table.cell_error", true)
                    : text.Length > TableFile.LargestCell ? new Cell("", CellKind.Text, "table.cell_too_large", true)
                    : cell with { Text = text };
                Count(cell);
                rows[row].Cells[column] = cell;
            }
        }

        /// <summary>Those that are not empty.</summary>
        public List<TableRow> Rows() => [.. rows.Select(r => new TableRow(r.Number, r.Cells, r.IsHidden)).Where(r => !r.IsEmpty)];

        /// <summary>The same with what is merged marked.</summary>
        public List<TableRow> Whole(Func<string, bool> knows)
        {
            // What is merged stands in its first cell only: which rows it is meant for is not for the portal to guess.
            foreach (var (column, begun) in down)
                for (var (row, open) = (0, 0); row < rows.Count; row++)
                    if ((open += begun[row]) > 0)
                        Mark(row, column);
            var all = Rows();
            if (
                TableFile.Head(all, knows) is not { } head
                || !across.TryGetValue(rows.FindIndex(r => r.Number == head.Number), out var covered)
            )
                return all;
            // Nor is it under which of several columns a merged heading belongs.
            for (var (column, open) = (0, 0); column < TableFile.MostColumns; column++)
                if ((open += covered[column]) > 0)
                    for (var row = 0; row < rows.Count; row++)
                        if (rows[row].Number > head.Number && column < rows[row].Cells.Count && rows[row].Cells[column].Text.Length > 0)
                            Mark(row, column);
            return all;
        }

        private void Mark(int row, int column)
        {
            var cells = rows[row].Cells;
            while (cells.Count <= column)
                cells.Add(new Cell(""));
            cells[column] = cells[column] with { Note = "table.merged", Refuses = true };
        }

        private void Merge(ReadOnlySpan<char> range)
        {
            var colon = range.IndexOf(':');
            if (
                colon < 0
                || Column(range[..colon]) is not { } first
                || Column(range[(colon + 1)..]) is not { } last
                || Number(range[..colon]) is not { } begin
                || Number(range[(colon + 1)..]) is not { } end
            )
                return;
            var (from, to) = (Place(begin), Place(end + 1));
            if (from >= to || first >= TableFile.MostColumns)
                return;
            Begin(down, first, TableFile.MostRows + TableFile.HeadingsWithin + 2, from, to);
            if (last > first)
                for (var row = from; row < Math.Min(to, TableFile.HeadingsWithin); row++)
                    Begin(across, row, TableFile.MostColumns + 1, first + 1, Math.Min(last, TableFile.MostColumns - 1) + 1);
        }

        private static void Begin(Dictionary<int, int[]> of, int key, int length, int from, int to)
        {
            if (!of.TryGetValue(key, out var begun))
                of.Add(key, begun = new int[length]);
            begun[from]++;
            begun[to]--;
        }

        // The place of the first row that has this number or a larger one.
        private int Place(int number)
        {
            var (low, high) = (0, rows.Count);
            while (low < high)
                if (rows[(low + high) / 2] is var middle && middle.Number < number)
                    low = ((low + high) / 2) + 1;
                else
                    high = (low + high) / 2;
            return low;
        }

        private static int? Column(ReadOnlySpan<char> address)
        {
            var (column, letters) = (0, 0);
            foreach (var c in address.TrimStart('$'))
            {
                if (!char.IsAsciiLetter(c))
                    break;
                (column, letters) = ((column * 26) + (c | 0x20) - 'a' + 1, letters + 1);
                if (letters > 3)
                    return null;
            }
            return letters == 0 ? null : column - 1;
        }

        private static int? Number(ReadOnlySpan<char> address) =>
            address.LastIndexOfAnyExceptInRange('0', '9') is var before
            && int.TryParse(address[(before + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < int.MaxValue
                ? number
                : null;
    }

    [GeneratedRegex("_x(?<code>[0-9A-Fa-f]{4})_")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"""[^""]*""|\[[^\]]*\]|\\.|_.|\*.")]
    private static partial Regex Aside();
}
