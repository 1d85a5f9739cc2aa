using System.Text;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Tests.Imports;

/// <summary>What a table is read as, and what of hostile ones is refused.</summary>
public sealed class TableFileTests
{
    private static readonly string[] Known = ["title", "theme", "العنوان", "название", "intitulé", "标题"];

    private static TableFile Read(
        byte[] file,
        ImportFormat format = ImportFormat.Csv,
        string likely = "windows-1252",
        string? encoding = null
    ) => TableFile.Read(new MemoryStream(file), format, h => Known.Contains(h.ToLowerInvariant()), likely, encoding);

    private static string Refused(byte[] file, ImportFormat format = ImportFormat.Csv) =>
        Assert.Throws<ImportUnreadable>(() => Read(file, format)).Code;

    [Fact]
    public void Text_is_read_in_whatever_it_is_written()
    {
        static byte[] In(string name, string text) => CodePagesEncodingProvider.Instance.GetEncoding(name)!.GetBytes(text);
        foreach (
            var (bytes, heading, cell, guess) in new (byte[], string, string, bool)[]
            {
                ([.. Encoding.UTF8.Preamble, .. "title;theme\nnä;CFT"u8], "title", "nä", false),
                ([.. "title\ttheme\r\nnä\tCFT"u8], "title", "nä", false),
                ([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("title,theme\nnä,CFT")], "title", "nä", false),
                (Encoding.BigEndianUnicode.GetBytes("title,theme\nname,CFT"), "title", "name", false),
                (In("windows-1256", "العنوان,theme\nتدريب,CFT"), "العنوان", "تدريب", true),
                (In("windows-1251", "Название;theme\nОбучение;CFT"), "Название", "Обучение", true),
                (In("windows-1252", "Intitulé;theme\nÉcole;CFT"), "Intitulé", "École", true),
                (In("gb18030", "标题,theme\n培训,CFT"), "标题", "培训", true),
                ("sep=;\ntitle;theme\na;CFT"u8.ToArray(), "title", "a", false),
                ("Exported on a day\n\ntitle,theme\n'=1+1,CFT"u8.ToArray(), "title", "=1+1", false),
                (Encoding.Unicode.GetBytes("العنوان,theme\nتدريب,CFT"), "العنوان", "تدريب", false),
                (Encoding.BigEndianUnicode.GetBytes("标题;theme\n一个培训;CFT"), "标题", "一个培训", false),
                ([0, 0, 0xFE, 0xFF, .. new UTF32Encoding(true, false).GetBytes("title,theme\nnä,CFT")], "title", "nä", false),
            }
        )
        {
            var table = Read(bytes);
            Assert.Equal((heading, cell, guess), (table.Headings[0], table.Rows[0].Cells[0].Text, table.IsGuess));
        }
        // Nothing in the headings tells: what the reader's language is written in.
        Assert.Equal("Обучение", Read(In("windows-1251", "title,theme\nОбучение,CFT"), likely: "windows-1251").Rows[0].Cells[0].Text);
    }

    [Fact]
    public void Rows_keep_their_numbers_also_where_texts_have_several_lines()
    {
        var table = Read("title,theme\n\"a\nb\",CFT\n\nc,CFT\n"u8.ToArray());
        Assert.Equal([2, 5], table.Rows.Select(r => r.Number));
    }

    [Fact]
    public void A_row_whose_quotation_marks_are_not_in_order_is_refused_by_itself()
    {
        // Never closed; closed by the mark of a later row; written with a backslash; text behind the mark; a mark within it that is not
        // doubled.
        var table = Read(
            Encoding.UTF8.GetBytes(
                "title,theme\na,CFT\n\"b,CFT\nc,CFT\n\"d \\\"x\\\" e\",CFT\n\"f\" g,CFT\n\"h\"i\"j\",CFT\n19\" rack,CFT\n\"k \"\"l\"\" \r\nm\" ,CFT\nn,CFT\n\"o,CFT"
            )
        );
        Assert.Equal(
            [
                (2, "a", null),
                (3, "b", "table.quotes_inside"),
                (4, "c", null),
                (5, "d \\\"x\\\" e", "table.quotes_inside"),
                (6, "f\" g", "table.quotes_inside"),
                (7, "h\"i\"j", "table.quotes_inside"),
                (8, "19\" rack", null),
                (9, "k \"l\" \r\nm", null),
                (11, "n", null),
                (12, "o", "table.quotes"),
            ],
            table.Rows.Select(r => (r.Number, r.Cells[0].Text, r.Cells[0].Note))
        );
        Assert.All(table.Rows, r => Assert.Equal(r.Cells[0].Note is not null, r.Cells[0].Refuses));
        // However many rows are open, each costs no more than the longest text.
        Assert.Equal(
            5_000,
            Read(Encoding.UTF8.GetBytes("title,theme\n" + string.Concat(Enumerable.Repeat("\"open,CFT\n", 5_000)))).Rows.Count
        );
    }

    [Fact]
    public void What_is_no_table_says_so()
    {
        Assert.Equal("table.empty", Refused("  \n \n"u8.ToArray()));
        Assert.Equal("table.no_rows", Refused("title,theme\n"u8.ToArray()));
        Assert.Equal("table.not_text", Refused(TableFiles.Xlsx(TableFiles.Head)));
        Assert.Equal("table.too_many_columns", Refused(Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Repeat("a", 300)) + "\n1")));
        Assert.Equal("table.too_many_rows", Refused(Encoding.UTF8.GetBytes("title\n" + string.Concat(Enumerable.Repeat("a\n\n", 5_001)))));
        Assert.Equal(5_000, Read(Encoding.UTF8.GetBytes("title\n" + string.Concat(Enumerable.Repeat("a\n\n", 5_000)))).Rows.Count);
        Assert.Equal("table.broken", Refused("not a workbook"u8.ToArray(), ImportFormat.Xlsx));
        Assert.Equal("table.old_workbook", Refused([0xD0, 0xCF, 0x11, 0xE0, 0, 0, 0, 0], ImportFormat.Xlsx));
        var whole = TableFiles.Xlsx(TableFiles.Head + TableFiles.Filled(2));
        foreach (var part in new[] { 10, whole.Length / 3, whole.Length / 2, whole.Length - 30 })
            Assert.Equal("table.broken", Refused(whole[..part], ImportFormat.Xlsx));
        Assert.Equal(
            "table.broken",
            Refused(
                TableFiles.Xlsx("", content: "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><worksheet>&x;</worksheet>"),
                ImportFormat.Xlsx
            )
        );
        Assert.Equal("table.broken", Refused(TableFiles.Xlsx("", content: "<worksheet><sheetData>"), ImportFormat.Xlsx));
        // 100 million characters in some hundred thousand bytes.
        var bomb = TableFiles.Xlsx(
            "",
            content: "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>"
                + new string(' ', 100_000_000)
                + "</sheetData></worksheet>"
        );
        Assert.True(bomb.Length < 1_000_000);
        Assert.Equal("table.too_large", Refused(bomb, ImportFormat.Xlsx));
    }

    [Fact]
    public void A_workbook_gives_what_its_cells_show_and_evaluates_nothing()
    {
        var table = Read(
            TableFiles.Xlsx(
                TableFiles.Head
                    + TableFiles.Filled(
                        2,
                        ('B', "<c r=\"B2\" t=\"s\"><v>0</v></c>"),
                        ('C', "<c r=\"C2\" t=\"str\"><f>HYPERLINK(\"http://x\")</f><v>Saved</v></c>"),
                        ('H', "<c r=\"H2\"><v>1234.5</v></c>"),
                        ('I', "<c r=\"I2\" t=\"str\"><f>NOW()</f></c>"),
                        ('J', "<c r=\"J2\" s=\"1\"><v>46508</v></c>"),
                        ('K', "<c r=\"K2\" s=\"2\"><v>46508.75</v></c>"),
                        ('G', "<c r=\"G2\" t=\"e\"><v>#REF!</v></c>")
                    ),
                texts: "<si><r><t>Rich </t></r><r><t xml:space=\"preserve\">text</t></r><rPh sb=\"0\" eb=\"1\"><t>aside</t></rPh></si>"
            ),
            ImportFormat.Xlsx
        );
        var cells = table.Rows.Single().Cells;
        Assert.Equal("Rich text", cells[1].Text);
        Assert.Equal(("Saved", "table.formula", false), (cells[2].Text, cells[2].Note, cells[2].Refuses));
        Assert.Equal(("1234.5", CellKind.Number), (cells[7].Text, cells[7].Kind));
        Assert.Equal(("table.formula_empty", true), (cells[8].Note, cells[8].Refuses));
        Assert.Equal(("2027-05-01", CellKind.Day), (cells[9].Text, cells[9].Kind));
        Assert.Equal(("2027-05-01", CellKind.Day), (cells[10].Text, cells[10].Kind));
        Assert.Equal(("table.cell_error", true), (cells[6].Note, cells[6].Refuses));
        var other = Read(
            TableFiles.Xlsx(TableFiles.Head + TableFiles.Filled(2, ('J', "<c r=\"J2\" s=\"1\"><v>45046</v></c>")), startsIn1904: true),
            ImportFormat.Xlsx
        );
        Assert.Equal("2027-05-01", other.Rows[0].Cells[9].Text);
        var merged = Read(
            TableFiles.Xlsx(
                TableFiles.Head + TableFiles.Filled(2) + TableFiles.Filled(3) + TableFiles.Filled(4),
                "<mergeCells><mergeCell ref=\"E3:E4\"/></mergeCells>"
            ),
            ImportFormat.Xlsx
        );
        Assert.Equal([false, true, true], merged.Rows.Select(r => r.Cells[4] is { Note: "table.merged", Refuses: true }));
    }
}
