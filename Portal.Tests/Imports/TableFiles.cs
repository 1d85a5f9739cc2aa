using System.IO.Compression;
using System.Text;

namespace Portal.Tests.Imports;

/// <summary>Tables as people send them, and as nobody should.</summary>
internal static class TableFiles
{
    public const string Headings = "own_reference,title,description,language,theme,modalities,urgency,estimated_cost,currency,from,to";

    public static string Row(
        string own = "K-1",
        string title = "Training of customs officers",
        string description = "Courses for 40 officers.",
        string language = "en",
        string theme = "CFT",
        string modalities = "TRAINING",
        string urgency = "High",
        string cost = "250000",
        string currency = "USD",
        string from = "2027-05-01",
        string to = "2027-12-31"
    ) =>
        string.Join(
            ',',
            new[] { own, title, description, language, theme, modalities, urgency, cost, currency, from, to }.Select(c =>
                '"' + c.Replace("\"", "\"\"") + '"'
            )
        );

    public static byte[] Csv(params string[] rows) => Encoding.UTF8.GetBytes(Headings + "\r\n" + string.Join("\r\n", rows) + "\r\n");

    /// <summary>A workbook of cells written out as XML.</summary>
    public static byte[] Xlsx(string rows, string after = "", bool startsIn1904 = false, string? texts = null, string? content = null)
    {
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        var to = new MemoryStream();
        using (var zip = new ZipArchive(to, ZipArchiveMode.Create, true))
        {
            Part(
                zip,
                "xl/workbook.xml",
                $"<workbook xmlns=\"{main}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><workbookPr{(startsIn1904 ? " date1904=\"1\"" : "")}/><sheets><sheet name=\"Hidden\" sheetId=\"1\" state=\"hidden\" r:id=\"r0\"/><sheet name=\"Needs\" sheetId=\"2\" r:id=\"r1\"/></sheets></workbook>"
            );
            Part(
                zip,
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r0\" Target=\"worksheets/none.xml\"/><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            );
            Part(
                zip,
                "xl/styles.xml",
                $"<styleSheet xmlns=\"{main}\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"[$-409]d\\ mmm\\ yyyy;@\"/><numFmt numFmtId=\"171\" formatCode=\"000000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>"
            );
            if (texts is not null)
                Part(zip, "xl/sharedStrings.xml", $"<sst xmlns=\"{main}\">{texts}</sst>");
            Part(
                zip,
                "xl/worksheets/sheet1.xml",
                content ?? $"<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData>{after}</worksheet>"
            );
        }
        return to.ToArray();
    }

    public static string Line(int number, params string[] cells) => $"<row r=\"{number}\">{string.Concat(cells)}</row>";

    public static string Text(string address, string text) =>
        $"<c r=\"{address}\" t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(text)}</t></is></c>";

    /// <summary>The headings of a workbook, A to K.</summary>
    public static string Head => Line(1, [.. Headings.Split(',').Select((h, i) => Text($"{(char)('A' + i)}1", h))]);

    /// <summary>A row in order, with some cells written otherwise.</summary>
    public static string Filled(int number, params (char Column, string Cell)[] other) =>
        Line(
            number,
            [
                .. new[]
                {
                    "K-" + number,
                    "Title",
                    "Text",
                    "en",
                    "CFT",
                    "TRAINING",
                    "High",
                    "5000",
                    "USD",
                    "2027-05-01",
                    "2027-06-01",
                }.Select(
                    (text, i) =>
                        other.FirstOrDefault(o => o.Column == 'A' + i) is { Cell: { } cell }
                            ? cell
                            : Text($"{(char)('A' + i)}{number}", text)
                ),
            ]
        );

    private static void Part(ZipArchive zip, string path, string xml)
    {
        using var writer = new StreamWriter(zip.CreateEntry(path).Open(), new UTF8Encoding(false));
        writer.Write(xml);
    }
}
