using System.Net;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Portal.Papers;
using static Portal.Domain.Reference.Languages;
using Language = Portal.Domain.Reference.Language;

namespace Portal.Exports;

/// <summary>A part of a report.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Text">What it says.</param>
/// <param name="Tables">Its figures.</param>
public sealed record ReportPart(string Heading, string? Text, IReadOnlyList<FigureTable> Tables)
{
    /// <summary>A long text under its heading, before the figures.</summary>
    public PaperPart? Paper { get; init; }
}

/// <summary>A long text in a document, in a language that need not be the document's.</summary>
/// <param name="Text">As it was typed, with its marks.</param>
/// <param name="Language">Its language.</param>
public sealed record PaperPart(string Text, Language Language);

/// <summary>A report in one language: read on a page, and written as a document.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Title">Title.</param>
/// <param name="Subtitle">Line under the title.</param>
/// <param name="Front">What else the title page says.</param>
/// <param name="Mark">That it is of demonstration data, where it is: on the title page and at the head of every other.</param>
/// <param name="Parts">Its parts.</param>
public sealed record Report(
    string Name,
    string Title,
    string Subtitle,
    IReadOnlyList<string> Front,
    string? Mark,
    IReadOnlyList<ReportPart> Parts
)
{
    /// <summary>Whether its sheets stand upright, as a text is read; figures lie across.</summary>
    public bool IsUpright { get; init; }

    /// <summary>Every figure in one list: of which part, which row, under which heading, how much.</summary>
    /// <param name="note">What it is.</param>
    /// <param name="headings">Headings: part, code, row, column, figure.</param>
    public Sheet ToSheet(string note, IReadOnlyList<string> headings) =>
        new(
            Subtitle.Length > 31 ? Subtitle[..31] : Subtitle,
            note,
            headings,
            [
                .. from part in Parts
                from table in part.Tables
                from row in table.Rows
                from column in Enumerable.Range(1, table.Headings.Count - 1)
                select new object?[] { part.Heading, row.Code, row.Cells[0], table.Headings[column].Text, row.Cells[column] },
            ]
        );
}

/// <summary>
/// Writes a report as a word-processing document (ECMA-376): headings that a reader can jump by, tables with a repeated head, paragraphs
/// that run as their language does.
/// </summary>
internal static class ReportDocx
{
    private const int Steps = 20;

    /// <summary>Media type.</summary>
    public const string MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    /// <summary>Writes it.</summary>
    public static byte[] Write(Report report, Language language)
    {
        var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            document.PackageProperties.Title = report.Title;
            document.PackageProperties.Language = language.Tag();
            var main = document.AddMainDocumentPart();
            main.AddNewPart<StyleDefinitionsPart>().Styles = StylesOf(language);
            var (rtl, body) = (language.IsRightToLeft(), new Body());
            body.Append(Paragraph(report.Title, rtl, "Title"), Paragraph(report.Subtitle, rtl, "Subtitle"));
            body.Append(report.Front.Select(line => Paragraph(line, rtl)));
            if (report.Mark is { } mark)
                body.Append(Paragraph(mark, rtl, "Mark"));
            var papers = report.Parts.Any(p => p.Paper is not null) ? new PaperDocx(main) : null;
            foreach (var (part, i) in report.Parts.Select((p, i) => (p, i)))
            {
                var heading = Paragraph(part.Heading, rtl, "Heading1");
                if (i == 0)
                    heading.ParagraphProperties!.AddChild(new PageBreakBefore());
                body.Append(heading);
                if (part.Text is { } text)
                    body.Append(Paragraph(text, rtl));
                if (part.Paper is { } paper)
                    body.Append(papers!.Of(paper));
                foreach (var table in part.Tables)
                    body.Append(TableOf(table, rtl), Paragraph("", rtl));
            }
            var section = new SectionProperties();
            var header = main.AddNewPart<HeaderPart>();
            header.Header = new Header(Paragraph(report.Mark is null ? report.Title : $"{report.Mark} {report.Title}", rtl, "Header"));
            var footer = main.AddNewPart<FooterPart>();
            footer.Footer = new Footer(
                new Paragraph(
                    new ParagraphProperties(
                        new ParagraphStyleId { Val = "Header" },
                        new Justification { Val = JustificationValues.Center }
                    ),
                    new SimpleField(new Run(new Text("1"))) { Instruction = "PAGE" }
                )
            );
            section.Append(
                new HeaderReference { Type = HeaderFooterValues.Default, Id = main.GetIdOfPart(header) },
                new FooterReference { Type = HeaderFooterValues.Default, Id = main.GetIdOfPart(footer) },
                report.IsUpright
                    ? new PageSize { Width = 11906, Height = 16838 }
                    : new PageSize
                    {
                        Width = 16838,
                        Height = 11906,
                        Orient = PageOrientationValues.Landscape,
                    },
                new PageMargin
                {
                    Top = 1134,
                    Bottom = 1134,
                    Left = 1134,
                    Right = 1134,
                    Header = 567,
                    Footer = 567,
                    Gutter = 0,
                },
                new TitlePage()
            );
            if (rtl)
                section.Append(new BiDi());
            body.Append(section);
            main.Document = new Document(body);
        }
        return stream.ToArray();
    }

    private static Styles StylesOf(Language language)
    {
        var fonts = new RunFonts
        {
            Ascii = "Noto Sans",
            HighAnsi = "Noto Sans",
            ComplexScript = "Noto Sans Arabic",
            EastAsia = "Noto Sans CJK SC",
        };
        Style Style(string id, string name, string size, bool bold, string? colour, int before, int after, int? outline = null)
        {
            var paragraph = new StyleParagraphProperties();
            if (outline is not null)
                paragraph.Append(new KeepNext());
            paragraph.Append(new SpacingBetweenLines { Before = $"{before}", After = $"{after}" });
            if (outline is { } level)
                paragraph.Append(new OutlineLevel { Val = level });
            var run = new StyleRunProperties();
            if (bold)
                run.Append(new Bold(), new BoldComplexScript());
            if (colour is not null)
                run.Append(new Color { Val = colour });
            run.Append(new FontSize { Val = size }, new FontSizeComplexScript { Val = size });
            return new Style(new StyleName { Val = name }, new BasedOn { Val = "Normal" }, paragraph, run)
            {
                Type = StyleValues.Paragraph,
                StyleId = id,
            };
        }
        return new Styles([
            new DocDefaults(
                new RunPropertiesDefault(
                    new RunPropertiesBaseStyle(
                        fonts,
                        new FontSize { Val = "20" },
                        new FontSizeComplexScript { Val = "20" },
                        new Languages
                        {
                            Val = language.IsRightToLeft() ? "en" : language.Tag(),
                            Bidi = language.IsRightToLeft() ? language.Tag() : null,
                            EastAsia = language == Language.Zh ? "zh-CN" : null,
                        }
                    )
                )
            ),
            new Style(new StyleName { Val = "Normal" }, new StyleParagraphProperties(new SpacingBetweenLines { After = "120" }))
            {
                Type = StyleValues.Paragraph,
                StyleId = "Normal",
                Default = true,
            },
            Style("Title", "Title", "56", true, "1B4F72", 3000, 240),
            Style("Subtitle", "Subtitle", "32", false, "444444", 0, 720),
            Style("Heading1", "heading 1", "30", true, "1B4F72", 360, 120, 0),
            Style("Mark", "Demonstration mark", "24", true, "8A1C1C", 720, 0),
            Style("Header", "header", "16", false, "444444", 0, 0),
            Style("Cell", "Cell", "18", false, null, 20, 20),
            .. PaperDocx.Styles(Style),
        ]);
    }

    // Elements stand in the order that the schema asks for.
    private static Paragraph Paragraph(string text, bool rtl, string? style = null, bool isNumber = false, bool isBold = false)
    {
        var properties = new ParagraphProperties();
        if (style is not null)
            properties.Append(new ParagraphStyleId { Val = style });
        if (rtl)
            properties.Append(new BiDi());
        // In a paragraph that runs from right to left this is its left.
        if (isNumber)
            properties.Append(new Justification { Val = JustificationValues.Right });
        var run = new RunProperties();
        if (isBold)
            run.Append(new Bold(), new BoldComplexScript());
        // A figure with its currency runs from left to right in every language.
        if (rtl && !isNumber)
            run.Append(new RightToLeftText());
        return new Paragraph(properties, new Run(run, new Text(Clean(text)) { Space = SpaceProcessingModeValues.Preserve }));
    }

    internal static string Clean(string text) =>
        string.Concat(
            text.EnumerateRunes().Select(r => r.IsBmp && !System.Xml.XmlConvert.IsXmlChar((char)r.Value) ? "\uFFFD" : r.ToString())
        );

    private static Table TableOf(FigureTable figures, bool rtl)
    {
        var hasBars = figures.Rows.Any(r => r.Bar is not null);
        var properties = new TableProperties();
        if (rtl)
            properties.Append(new BiDiVisual());
        properties.Append(
            new TableWidth { Width = "5000", Type = TableWidthUnitValues.Pct },
            new TableBorders(Line<TopBorder>(), Line<BottomBorder>(), Line<InsideHorizontalBorder>()),
            new TableCellMarginDefault(
                new TableCellLeftMargin { Width = 60, Type = TableWidthValues.Dxa },
                new TableCellRightMargin { Width = 60, Type = TableWidthValues.Dxa }
            ),
            new TableCaption { Val = figures.Title }
        );
        var table = new Table(
            properties,
            new TableGrid([.. figures.Headings.Select(_ => new GridColumn()), .. hasBars ? [new GridColumn()] : Array.Empty<GridColumn>()])
        );
        table.Append(
            new TableRow([
                new TableRowProperties(new CantSplit(), new TableHeader()),
                .. figures.Headings.Select((h, i) => Cell(Paragraph(h.Text, rtl, "Cell", isNumber: i > 0, isBold: true), "E8EEF4")),
                .. hasBars ? [Cell(Paragraph("", rtl, "Cell"), "E8EEF4")] : Array.Empty<OpenXmlElement>(),
            ])
        );
        foreach (var row in figures.Rows)
            table.Append(
                new TableRow([
                    new TableRowProperties(new CantSplit()),
                    .. figures.Headings.Select(
                        (h, i) => Cell(Paragraph(FigureTable.Text(row.Cells[i], h), rtl, "Cell", isNumber: i > 0, isBold: row.IsTotal))
                    ),
                    .. hasBars ? [Cell(Bar(row.Bar, rtl))] : Array.Empty<OpenXmlElement>(),
                ])
            );
        return table;
    }

    // A bar of shaded signs: it is drawn wherever the document is opened, and runs as the language does; the figures are beside it.
    private static Paragraph Bar(int? bar, bool rtl)
    {
        var signs = bar is null ? 0 : (int)Math.Ceiling(bar.Value * Steps / 100m);
        var paragraph = Paragraph("", rtl, "Cell");
        paragraph.RemoveAllChildren<Run>();
        paragraph.Append(
            new Run(
                new RunProperties(new Color { Val = "2471A3" }, new Shading { Val = ShadingPatternValues.Clear, Fill = "2471A3" }),
                new Text(new string('\u00A0', signs)) { Space = SpaceProcessingModeValues.Preserve }
            )
        );
        return paragraph;
    }

    internal static T Line<T>()
        where T : BorderType, new() =>
        new()
        {
            Val = BorderValues.Single,
            Size = 4,
            Color = "AAB7C4",
        };

    internal static TableCell Cell(Paragraph paragraph, string? fill = null)
    {
        var properties = new TableCellProperties(new TableCellWidth { Type = TableWidthUnitValues.Auto, Width = "0" });
        if (fill is not null)
            properties.Append(
                new Shading
                {
                    Val = ShadingPatternValues.Clear,
                    Color = "auto",
                    Fill = fill,
                }
            );
        return new TableCell(properties, paragraph);
    }
}

/// <summary>A report or a list as one page of HTML that needs nothing else, for paper: everything in it is text.</summary>
internal static class PrintedPage
{
    /// <summary>A report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="language">Its language.</param>
    /// <param name="fonts">Rules of fonts, in the page itself.</param>
    public static string Of(Report report, Language language, string fonts)
    {
        var body = new StringBuilder($"<section class=front><h1>{Text(report.Title)}</h1><p class=sub>{Text(report.Subtitle)}</p>");
        foreach (var line in report.Front)
            body.Append($"<p>{Text(line)}</p>");
        if (report.Mark is { } mark)
            body.Append($"<p class=mark>{Text(mark)}</p>");
        body.Append("</section>");
        foreach (var (i, part) in report.Parts.Index())
        {
            body.Append($"<section class=part><h2>{Text(part.Heading)}</h2>");
            if (part.Text is { } text)
                body.Append($"<p>{Text(text)}</p>");
            if (part.Paper is { } paper)
                body.Append(
                    $"<div class=paper lang={paper.Language.Tag()} dir={(paper.Language.IsRightToLeft() ? "rtl" : "ltr")}>{ProseDrawing.Html(Prose.Of(paper.Text), new ProseLook(3, $"note{i}"))}</div>"
                );
            foreach (var table in part.Tables)
            {
                body.Append(
                    $"<table><thead><tr>{string.Concat(table.Headings.Select((h, at) => $"<th{(at > 0 ? " class=num" : "")}>{Text(h.Text)}</th>"))}</tr></thead><tbody>"
                );
                foreach (var row in table.Rows)
                {
                    var bar = row.Bar is { } b ? $"<svg class=bar><rect width=\"{b}%\" height=\"100%\"/></svg>" : "";
                    body.Append(
                        $"<tr{(row.IsTotal ? " class=total" : "")}>{string.Concat(table.Headings.Select((h, at) => at == 0 ? $"<th scope=row>{Text(FigureTable.Text(row.Cells[0], h))}{bar}</th>" : $"<td class=num><bdi dir=ltr>{Text(FigureTable.Text(row.Cells[at], h))}</bdi></td>"))}</tr>"
                    );
                }
                body.Append("</tbody></table>");
            }
            body.Append("</section>");
        }
        return Page(report.Title, report.Mark, language, fonts, body.ToString(), report.IsUpright);
    }

    /// <summary>A list.</summary>
    public static string Of(Sheet sheet, string? mark, Language language, string fonts)
    {
        var body = new StringBuilder(
            $"<h1>{Text(sheet.Name)}</h1><p class=note>{Text(sheet.Note)}</p><table class=sheet><thead><tr>{string.Concat(sheet.Headings.Select(h => $"<th>{Text(h)}</th>"))}</tr></thead><tbody>"
        );
        foreach (var row in sheet.Rows)
            body.Append($"<tr>{string.Concat(row.Select(c => $"<td{(HasLongWord(c) ? " class=long" : "")}>{Cell(c)}</td>"))}</tr>");
        return Page(sheet.Name, mark, language, fonts, body.Append("</tbody></table>").ToString());
    }

    private static string Cell(object? cell) =>
        cell switch
        {
            null => "",
            string text => $"<bdi>{Text(text)}</bdi>",
            DateOnly day => $"<bdi dir=ltr>{day:yyyy-MM-dd}</bdi>",
            DateTime moment => $"<bdi dir=ltr>{moment:yyyy-MM-dd HH:mm}</bdi>",
            IFormattable number => $"<bdi dir=ltr>{Shell.Number.Of(number, "#,0.##")}</bdi>",
            _ => Text(cell.ToString() ?? ""),
        };

    // Such a word breaks wherever it has to; all others stay whole, and with them days and references.
    private static bool HasLongWord(object? cell) => cell is string text && text.Split().Any(word => word.Length > 30);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    // It may ask for nothing: the policy refuses what the browser's own settings would let through.
    private static string Page(string title, string? mark, Language language, string fonts, string body, bool isUpright = false) =>
        $$"""
            <!DOCTYPE html><html lang="{{language.Tag()}}" dir="{{(language.IsRightToLeft() ? "rtl" : "ltr")}}"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
            <title>{{Text(title)}}</title><style>{{fonts}}
            @page { size: A4 {{(isUpright ? "portrait" : "landscape")}}; margin: 14mm 12mm; @bottom-center { content: counter(page); font: 8pt sans-serif; } {{(
                mark is null
                    ? ""
                    : "@top-center { content: \""
                        + CssText(mark)
                        + "\"; font: 8pt 'Noto Sans', 'Noto Sans Arabic', sans-serif; color: #8a1c1c; }"
            )}} }
            body { font: 10pt/1.4 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', 'WenQuanYi Zen Hei', sans-serif; color: #1b1b1b; margin: 0; }
            .front { break-after: page; padding-block-start: 50mm; } h1 { font-size: 26pt; color: #1b4f72; margin: 0 0 4mm; } .sub { font-size: 15pt; color: #444; margin: 0 0 14mm; } .mark { color: #8a1c1c; font-weight: 700; }
            h2 { font-size: 14pt; color: #1b4f72; margin: 8mm 0 2mm; break-after: avoid; } table { border-collapse: collapse; inline-size: 100%; font-size: 9pt; } thead { display: table-header-group; } tr { break-inside: avoid; }
            th, td { text-align: start; font-weight: 400; padding: 1.2mm 2mm; border-block-end: .3pt solid #aab7c4; vertical-align: top; } thead th { font-weight: 700; background: #e8eef4; print-color-adjust: exact; -webkit-print-color-adjust: exact; } .num { text-align: end; white-space: nowrap; } thead .num { white-space: normal; } .total > * { font-weight: 700; }
            .bar { display: block; inline-size: 60mm; block-size: 2mm; margin-block-start: 1mm; border: .3pt solid #7f8c98; } .bar rect { fill: #2471a3; } [dir=rtl] .bar { transform: scaleX(-1); }
            .paper :is(h3, h4, h5, h6) { font-size: 11pt; margin: 5mm 0 1.5mm; break-after: avoid; } .paper h3 { font-size: 12.5pt; color: #1b4f72; } .paper p { margin: 0 0 2.5mm; overflow-wrap: break-word; } .paper li > p { margin: 0 0 1mm; } .paper :is(ul, ol) { margin: 0 0 2.5mm; padding-inline-start: 7mm; } .paper blockquote { margin: 0 0 2.5mm; padding-inline-start: 4mm; border-inline-start: 1.5pt solid #aab7c4; } .paper table { margin: 0 0 3mm; } .paper :is(th, td) { border: .3pt solid #aab7c4; } .paper a { color: #0a629c; } .paper sup { line-height: 1; } .paper-notes { border-block-start: .5pt solid #aab7c4; padding-block-start: 2mm; font-size: 8.5pt; }
            .note { color: #444; font-size: 8pt; overflow-wrap: anywhere; } .sheet { font-size: 7pt; table-layout: auto; } .sheet :is(th, td) { overflow-wrap: break-word; padding: .8mm 1mm; } .sheet .long { overflow-wrap: anywhere; } .sheet + h1, .note + .sheet { margin: 0; }
            </style></head><body>{{body}}</body></html>
            """;

    private static string CssText(string text) =>
        string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\{(int)c:x6}"));
}
