using System.IO.Compression;
using System.Text;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Tests.Imports;

/// <summary>Workbooks as other programs write them, and as nobody should.</summary>
public sealed class WorkbookFileTests
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private static readonly string[] Known = [.. TableFiles.Headings.Split(',')];

    private static TableFile Read(byte[] file) =>
        TableFile.Read(new MemoryStream(file), ImportFormat.Xlsx, h => Known.Contains(h.ToLowerInvariant()));

    private static byte[] Zip(params IEnumerable<(string Name, string Xml)> parts)
    {
        var to = new MemoryStream();
        using (var zip = new ZipArchive(to, ZipArchiveMode.Create, true))
            foreach (var (name, xml) in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Fastest).Open(), new UTF8Encoding(false));
                writer.Write(xml);
            }
        return to.ToArray();
    }

    private static string Links(params (string Id, string Type, string Target)[] links) =>
        $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(links.Select(l => $"<Relationship Id=\"{l.Id}\" Type=\"{Office}/{l.Type}\" Target=\"{l.Target}\"/>"))}</Relationships>";

    private static string Book(params string[] sheets) =>
        $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Office}\"><sheets>{string.Concat(sheets.Select((s, i) => $"<sheet name=\"{s}\" sheetId=\"{i + 1}\" r:id=\"r{i + 1}\"/>"))}</sheets></workbook>";

    private static string Sheet(string rows, string after = "") =>
        $"<worksheet xmlns=\"{Main}\"><sheetData>{rows}</sheetData>{after}</worksheet>";

    private static string Named(string address, int text) => $"<c r=\"{address}\" t=\"s\"><v>{text}</v></c>";

    [Theory]
    [InlineData(
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "worksheets/sheet1.xml",
        "xl/sharedstrings.xml",
        "sharedstrings.xml"
    )]
    [InlineData("workbook.xml", "_rels/workbook.xml.rels", "sheets/one.xml", "sheets/one.xml", "strings.xml", "strings.xml")]
    [InlineData(
        @"xl\workbook.xml",
        @"xl\_rels\workbook.xml.rels",
        @"xl\worksheets\sheet1.xml",
        @"worksheets\sheet1.xml",
        @"xl\texts\all.xml",
        @"texts\all.xml"
    )]
    [InlineData(
        "XL/Workbook.xml",
        "XL/_rels/Workbook.xml.rels",
        "xl/Worksheets/Sheet1.xml",
        "/xl/worksheets/sheet1.xml",
        "xl/SharedStrings.xml",
        "../XL/sharedStrings.xml"
    )]
    public void Parts_are_found_by_what_leads_to_them_whatever_they_are_called(
        string book,
        string bookLinks,
        string sheet,
        string sheetTarget,
        string texts,
        string textsTarget
    )
    {
        var rels = book.Contains('\\', StringComparison.Ordinal) ? @"_rels\.rels" : "_rels/.rels";
        var table = Read(
            Zip(
                (rels, Links(("a", "officeDocument", book))),
                (book, Book("Needs")),
                (bookLinks, Links(("r1", "worksheet", sheetTarget), ("t", "sharedStrings", textsTarget))),
                (sheet, Sheet(TableFiles.Line(1, Named("A1", 0), Named("B1", 1)) + TableFiles.Line(2, Named("A2", 2), Named("B2", 3)))),
                (
                    texts,
                    $"<sst xmlns=\"{Main}\"><si><t>own_reference</t></si><si><t>title</t></si><si><t>K-1</t></si><si><t> Courses </t></si></sst>"
                )
            )
        );
        Assert.Equal(["own_reference", "title"], table.Headings);
        Assert.Equal(["K-1", "Courses"], table.Rows.Single().Cells.Select(c => c.Text));
    }

    [Fact]
    public void The_sheet_with_the_headings_is_read_and_named_where_there_are_several()
    {
        var cover = Sheet(
            TableFiles.Line(1, TableFiles.Text("A1", "Title"))
                + TableFiles.Line(2, TableFiles.Text("A2", "Please fill in the second sheet."))
        );
        byte[] Of(string first, string second) =>
            Zip(
                ("xl/workbook.xml", Book("Read me", "Needs")),
                ("xl/_rels/workbook.xml.rels", Links(("r1", "worksheet", "a.xml"), ("r2", "worksheet", "b.xml"))),
                ("xl/a.xml", first),
                ("xl/b.xml", second)
            );
        var table = Read(Of(cover, Sheet(TableFiles.Head + TableFiles.Filled(2))));
        Assert.Equal(("Needs", "K-2"), (table.Sheet, table.Rows.Single().Cells[0].Text));
        Assert.Equal("Read me", Read(Of(Sheet(TableFiles.Head + TableFiles.Filled(2)), cover)).Sheet);
        // An empty one before it is none, and where nothing is known the first that has anything is read.
        Assert.Null(Read(Of(Sheet(""), Sheet(TableFiles.Head + TableFiles.Filled(2)))).Sheet);
        Assert.Equal(
            ["naam"],
            Read(
                Of(Sheet(""), Sheet(TableFiles.Line(1, TableFiles.Text("A1", "naam")) + TableFiles.Line(2, TableFiles.Text("A2", "x"))))
            ).Headings
        );
        // More lines above the headings than a title has.
        Assert.Equal(
            "K-20",
            Read(
                TableFiles.Xlsx(
                    string.Concat(Enumerable.Range(1, 12).Select(i => TableFiles.Line(i, TableFiles.Text($"A{i}", "About this table"))))
                        + TableFiles.Head.Replace("row r=\"1\"", "row r=\"13\"").Replace("1\" t=", "13\" t=")
                        + TableFiles.Filled(20)
                )
            )
                .Rows.Single()
                .Cells[0]
                .Text
        );
    }

    [Fact]
    public void Addresses_in_lower_case_rows_in_parts_and_the_first_days_of_1900_are_read()
    {
        var table = Read(
            TableFiles.Xlsx(
                TableFiles.Head
                    + "<row r=\"2\"><c r=\"b2\" t=\"inlineStr\"><is><t>Title</t></is></c></row><row r=\"2\"><c r=\"j2\" s=\"1\"><v>1</v></c><c r=\"k2\" s=\"1\"><v>59</v></c></row>"
                    + TableFiles.Line(3, "<c r=\"J3\" s=\"1\"><v>60</v></c>", "<c r=\"K3\" s=\"1\"><v>61</v></c>")
            )
        );
        Assert.Equal(
            ("", "Title", "1900-01-01", "1900-02-28"),
            (table.Rows[0].Cells[0].Text, table.Rows[0].Cells[1].Text, table.Rows[0].Cells[9].Text, table.Rows[0].Cells[10].Text)
        );
        Assert.Equal((CellKind.Number, "1900-03-01"), (table.Rows[1].Cells[9].Kind, table.Rows[1].Cells[10].Text));
    }

    [Theory]
    [InlineData("2027-01-15", "2027-01-15", CellKind.Day)]
    [InlineData("2027-01-15T00:00:00", "2027-01-15", CellKind.Day)]
    [InlineData("2027-01-15T00:00:00+03:00", "2027-01-15", CellKind.Day)]
    [InlineData("2027-01-15T00:00:00Z", "2027-01-15", CellKind.Day)]
    [InlineData("11:00:00", "11:00:00", CellKind.Text)]
    [InlineData("01/02/2027", "01/02/2027", CellKind.Text)]
    [InlineData("2027-01", "2027-01", CellKind.Text)]
    [InlineData("2027-01-14T21:00:00Z", "2027-01-14T21:00:00Z", CellKind.Text)]
    public void A_day_of_ISO_8601_is_taken_as_it_is_written_or_not_at_all(string written, string text, CellKind kind)
    {
        var cell = Read(TableFiles.Xlsx(TableFiles.Head + TableFiles.Filled(2, ('J', $"<c r=\"J2\" t=\"d\"><v>{written}</v></c>"))))
            .Rows.Single()
            .Cells[9];
        Assert.Equal((text, kind), (cell.Text, cell.Kind));
    }

    [Fact]
    public void A_reference_has_as_many_digits_as_the_sheet_shows_and_a_row_that_it_hides_is_known()
    {
        var rows = Read(
            TableFiles.Xlsx(
                TableFiles.Head
                    + TableFiles.Line(2, "<c r=\"A2\" s=\"3\"><v>1</v></c>", "<c r=\"B2\" s=\"3\"><v>1.5</v></c>")
                    + TableFiles.Line(3, TableFiles.Text("A3", "K-3")).Replace("<row ", "<row hidden=\"1\" ")
            )
        ).Rows;
        Assert.Equal(("000001", "1.5"), (rows[0].Cells[0].Text, rows[0].Cells[1].Text));
        Assert.Equal([false, true], rows.Select(r => r.IsHidden));
    }

    [Fact]
    public void Merged_headings_refuse_what_stands_below_their_second_column()
    {
        var head = TableFiles.Head.Replace(TableFiles.Text("K1", "to"), "");
        var table = Read(
            TableFiles.Xlsx(
                head + TableFiles.Filled(2) + TableFiles.Filled(3, ('K', "<c r=\"K3\"/>")),
                "<mergeCells><mergeCell ref=\"J1:K1\"/></mergeCells>"
            )
        );
        Assert.Equal(
            [(true, false), (false, false)],
            table.Rows.Select(r => (r.Cells.Count > 10 && r.Cells[10].Refuses, r.Cells[9].Refuses))
        );
    }

    private static string Letters(char letter, int many) => new(letter, many);

    public static TheoryData<string> Bombs => [.. Hostile.Keys];

    // What each would cost that reads a part whole, in far fewer bytes.
    private static readonly Dictionary<string, Func<byte[]>> Hostile = new()
    {
        ["one long text"] = () =>
            TableFiles.Xlsx(
                TableFiles.Head + TableFiles.Filled(2, ('B', Named("B2", 0))),
                texts: $"<si><t>{Letters('a', 60_000_000)}</t></si>"
            ),
        ["a long text that nothing uses"] = () =>
            TableFiles.Xlsx(TableFiles.Head + TableFiles.Filled(2), texts: $"<si><t>{Letters('a', 60_000_000)}</t></si>"),
        ["a long text set apart"] = () =>
            TableFiles.Xlsx(
                TableFiles.Head + TableFiles.Filled(2, ('B', Named("B2", 0))),
                texts: $"<si><t><![CDATA[{Letters('a', 60_000_000)}]]></t></si>"
            ),
        ["a long comment"] = () => TableFiles.Xlsx(TableFiles.Head + TableFiles.Filled(2), texts: $"<!--{Letters('a', 60_000_000)}-->"),
        ["a long attribute"] = () =>
            TableFiles.Xlsx("", content: $"<worksheet xmlns=\"{Main}\" a=\"{Letters('>', 60_000_000)}\"><sheetData/></worksheet>"),
        ["a long name"] = () => TableFiles.Xlsx("", content: $"<worksheet xmlns=\"{Main}\"><{Letters('a', 60_000_000)}/></worksheet>"),
        ["many elements in each other"] = () =>
            TableFiles.Xlsx(
                "",
                content: $"<worksheet xmlns=\"{Main}\">" + string.Concat(Enumerable.Repeat("<a>", 3_000_000)) + "</worksheet>"
            ),
        ["many names"] = () =>
            TableFiles.Xlsx(
                "",
                content: $"<worksheet xmlns=\"{Main}\">"
                    + string.Concat(Enumerable.Range(0, 3_000_000).Select(i => $"<a{i}/>"))
                    + "</worksheet>"
            ),
        ["many names of spaces"] = () =>
            TableFiles.Xlsx(
                "",
                content: $"<worksheet xmlns=\"{Main}\">"
                    + string.Concat(Enumerable.Range(0, 1000).Select(i => $"<a xmlns=\"{i}{Letters('x', 50_000)}\"/>"))
                    + "</worksheet>"
            ),
        ["many cells"] = () =>
            TableFiles.Xlsx(
                TableFiles.Head + string.Concat(Enumerable.Range(2, 5_000).Select(i => $"<row r=\"{i}\"><c r=\"GR{i}\"><v>1</v></c></row>"))
            ),
        ["one text in many cells"] = () =>
            TableFiles.Xlsx(
                TableFiles.Head
                    + string.Concat(Enumerable.Range(2, 5_000).Select(i => $"<row r=\"{i}\">{Named("A" + i, 0)}{Named("B" + i, 0)}</row>")),
                texts: $"<si><t>{Letters('a', 30_000)}</t></si>"
            ),
        ["many formats"] = () =>
            Zip(
                ("xl/workbook.xml", Book("Needs")),
                ("xl/_rels/workbook.xml.rels", Links(("r1", "worksheet", "a.xml"))),
                ("xl/a.xml", Sheet(TableFiles.Head + TableFiles.Filled(2))),
                (
                    "xl/styles.xml",
                    $"<styleSheet xmlns=\"{Main}\"><cellXfs>"
                        + string.Concat(Enumerable.Repeat("<xf/>", 3_000_000))
                        + "</cellXfs></styleSheet>"
                )
            ),
        ["many merged ranges"] = () =>
            TableFiles.Xlsx(
                TableFiles.Head
                    + string.Concat(
                        Enumerable
                            .Range(2, 2_000)
                            .Select(i => TableFiles.Line(i, TableFiles.Text($"A{i}", "K"), TableFiles.Text($"B{i}", "T")))
                    ),
                "<mergeCells>"
                    + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"<mergeCell ref=\"B{(i % 4) + 1}:H{9_000 + i}\"/>"))
                    + "</mergeCells>"
            ),
        ["many parts"] = () => Zip(Enumerable.Range(0, 30_000).Select(i => ($"{i}", ""))),
    };

    [Theory, MemberData(nameof(Bombs))]
    public void A_hostile_workbook_takes_little_memory(string name)
    {
        var file = Hostile[name]();
        Assert.True(file.Length <= ImportJob.LargestTable, $"{file.Length}");
        // All that is allocated on the way, also what is let go at once: more than is held at any time, and the same on every machine.
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Read(file);
        }
        catch (ImportUnreadable e)
        {
            Assert.Equal("table.too_large", e.Code);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 96 * 1024 * 1024, $"{allocated:N0} bytes");
    }
}
