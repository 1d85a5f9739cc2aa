using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Portal.Exports;

/// <summary>
/// A workbook (ECMA-376), written by hand because it is little: every text is a text, and every script survives, also the
/// characters beyond the first 65,536 that the libraries tried wrote as escapes. There is no way to write a formula here.
/// </summary>
internal static partial class Workbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const int Day = 1,
        Moment = 2,
        Heading = 3,
        Frozen = 2;

    /// <summary>Writes one sheet.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="name">Name of the sheet.</param>
    /// <param name="rows">Rows: texts, numbers, days, moments in UTC or nothing. The first two stay in sight.</param>
    /// <param name="rightToLeft">Whether columns run from right to left.</param>
    public static void Write(Stream to, string name, IEnumerable<IReadOnlyList<object?>> rows, bool rightToLeft) =>
        Write(to, [(name, rows)], rightToLeft);

    /// <summary>Writes several sheets.</summary>
    public static void Write(Stream to, IReadOnlyList<(string Name, IEnumerable<IReadOnlyList<object?>> Rows)> sheets, bool rightToLeft)
    {
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        Part(
            zip,
            "[Content_Types].xml",
            $"""
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{string.Concat(
                sheets.Select(
                    (_, i) =>
                        $"<Override PartName=\"/xl/worksheets/sheet{i + 1}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
                )
            )}<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>
            """
        );
        Part(
            zip,
            "_rels/.rels",
            $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
            """
        );
        Part(
            zip,
            "xl/_rels/workbook.xml.rels",
            $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Concat(
                sheets.Select(
                    (_, i) => $"<Relationship Id=\"r{i + 1}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"
                )
            )}<Relationship Id="styles" Type="{Relations}/styles" Target="styles.xml"/></Relationships>
            """
        );
        Part(
            zip,
            "xl/workbook.xml",
            $"""
            <workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>{string.Concat(
                sheets.Select(
                    (s, i) => $"<sheet name=\"{System.Security.SecurityElement.Escape(s.Name)}\" sheetId=\"{i + 1}\" r:id=\"r{i + 1}\"/>"
                )
            )}</sheets></workbook>
            """
        );
        Part(
            zip,
            "xl/styles.xml",
            $"""
            <styleSheet xmlns="{Main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>
            """
        );
        foreach (var (i, (_, rows)) in sheets.Index())
            Sheet(zip, i + 1, rows, rightToLeft);
    }

    private static void Sheet(ZipArchive zip, int place, IEnumerable<IReadOnlyList<object?>> rows, bool rightToLeft)
    {
        using var sheet = XmlWriter.Create(
            zip.CreateEntry($"xl/worksheets/sheet{place}.xml").Open(),
            new XmlWriterSettings { Encoding = new UTF8Encoding(false), CloseOutput = true }
        );
        sheet.WriteStartElement("worksheet", Main);
        sheet.WriteRaw(
            $"""<sheetViews><sheetView workbookViewId="0" rightToLeft="{(rightToLeft ? 1 : 0)}"><pane ySplit="{Frozen}" topLeftCell="A{Frozen + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="18" defaultRowHeight="15"/>"""
        );
        sheet.WriteStartElement("sheetData", Main);
        var number = 0;
        foreach (var row in rows)
        {
            sheet.WriteStartElement("row", Main);
            sheet.WriteAttributeString("r", (++number).ToString(CultureInfo.InvariantCulture));
            for (var column = 0; column < row.Count; column++)
                Cell(sheet, row[column], Address(column, number), number == Frozen);
            sheet.WriteEndElement();
        }
        sheet.WriteEndElement();
        sheet.WriteEndElement();
    }

    private static void Part(ZipArchive zip, string path, string xml)
    {
        using var writer = new StreamWriter(zip.CreateEntry(path).Open(), new UTF8Encoding(false));
        writer.Write("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""");
        writer.Write(xml);
    }

    private static void Cell(XmlWriter sheet, object? cell, string address, bool isHeading)
    {
        if (cell is null or "")
            return;
        sheet.WriteStartElement("c", Main);
        sheet.WriteAttributeString("r", address);
        switch (cell)
        {
            case string text:
                if (isHeading)
                    sheet.WriteAttributeString("s", $"{Heading}");
                sheet.WriteAttributeString("t", "inlineStr");
                sheet.WriteStartElement("is", Main);
                sheet.WriteStartElement("t", Main);
                sheet.WriteAttributeString("xml", "space", null, "preserve");
                sheet.WriteString(Written(text));
                sheet.WriteEndElement();
                sheet.WriteEndElement();
                break;
            case DateOnly day:
                Number(sheet, day.ToDateTime(TimeOnly.MinValue).ToOADate(), Day);
                break;
            case DateTime moment:
                Number(sheet, Math.Round(moment.ToOADate() * 1440) / 1440, Moment);
                break;
            case int number:
                Number(sheet, number, 0);
                break;
            case long whole:
                Number(sheet, whole, 0);
                break;
            case decimal amount:
                Number(sheet, amount, 0);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(cell), cell.GetType().Name);
        }
        sheet.WriteEndElement();
    }

    private static void Number(XmlWriter sheet, IFormattable value, int style)
    {
        if (style > 0)
            sheet.WriteAttributeString("s", $"{style}");
        sheet.WriteElementString("v", Main, value.ToString(null, CultureInfo.InvariantCulture));
    }

    // A cell holds 32,767 characters; readers take _x0041_ for an A; XML has no control characters, nor halves of one.
    private static string Written(string text)
    {
        var whole = string.Concat(
            text.EnumerateRunes().Select(r => r.IsBmp && !XmlConvert.IsXmlChar((char)r.Value) ? "\uFFFD" : r.ToString())
        );
        return Escapes().Replace(whole.Length > 32_000 ? whole[..32_000] : whole, "_x005F_$1");
    }

    private static string Address(int column, int row) =>
        (column < 26 ? "" : ((char)('A' + (column / 26) - 1)).ToString())
        + (char)('A' + (column % 26))
        + row.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("_(x[0-9A-Fa-f]{4}_)")]
    private static partial Regex Escapes();
}
