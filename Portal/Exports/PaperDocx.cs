using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Portal.Papers;
using static Portal.Domain.Reference.Languages;

namespace Portal.Exports;

/// <summary>
/// Writes long texts into a word-processing document: headings, lists that keep their numbers, tables, links, quotations, footnotes of the
/// document itself. Each paragraph runs as its own words do.
/// </summary>
internal sealed class PaperDocx
{
    private const int Step = 360;
    private const int Bullets = 1;
    private const int Numbers = 2;
    private const int DeepestList = 8;

    private readonly MainDocumentPart main;

    // A document has its lists described once, and those that are numbered counted one by one.
    private readonly Numbering numbering = new(
        Described(Bullets, NumberFormatValues.Bullet, level => level % 2 == 0 ? "•" : "–"),
        Described(Numbers, NumberFormatValues.Decimal, level => $"%{level + 1}."),
        new NumberingInstance(new AbstractNumId { Val = Bullets }) { NumberID = Bullets }
    );
    private FootnotesPart? footnotes;
    private int lists;
    private int notes;

    /// <summary>Writes into a document.</summary>
    public PaperDocx(MainDocumentPart main)
    {
        this.main = main;
        main.AddNewPart<NumberingDefinitionsPart>().Numbering = numbering;
    }

    /// <summary>The styles that it uses beside those of a report.</summary>
    /// <param name="style">Makes one: id, name, size, bold, colour, before, after, level in the outline.</param>
    public static IEnumerable<Style> Styles(Func<string, string, string, bool, string?, int, int, int?, Style> style)
    {
        for (var level = 2; level <= 6; level++)
            yield return style(
                $"Heading{level}",
                $"heading {level}",
                level == 2 ? "26"
                    : level == 3 ? "23"
                    : "21",
                true,
                "1B4F72",
                240,
                80,
                level - 1
            );
        yield return style("FootnoteText", "footnote text", "17", false, null, 0, 20, null);
        yield return new Style(
            new StyleName { Val = "Quote" },
            new BasedOn { Val = "Normal" },
            new StyleParagraphProperties(
                new ParagraphBorders(
                    new LeftBorder
                    {
                        Val = BorderValues.Single,
                        Size = 12,
                        Space = 8,
                        Color = "AAB7C4",
                    }
                ),
                new Indentation { Start = "480" }
            )
        )
        {
            Type = StyleValues.Paragraph,
            StyleId = "Quote",
        };
        yield return Sign(
            "FootnoteReference",
            "footnote reference",
            new VerticalTextAlignment { Val = VerticalPositionValues.Superscript }
        );
        yield return Sign("Hyperlink", "Hyperlink", new Color { Val = "0A629C" }, new Underline { Val = UnderlineValues.Single });
    }

    private static Style Sign(string id, string name, params OpenXmlElement[] look) =>
        new(new StyleName { Val = name }, new StyleRunProperties(look)) { Type = StyleValues.Character, StyleId = id };

    /// <summary>The text as paragraphs and tables, its highest heading of the second level.</summary>
    public IEnumerable<OpenXmlElement> Of(PaperPart paper)
    {
        var prose = Prose.Of(paper.Text);
        var place = new Place(main, prose.Notes, paper.Language.IsRightToLeft(), null, 0, -1);
        foreach (var element in Blocks(prose.Blocks, place))
            yield return element;
        // What nothing refers to would be no footnote of the document, and is not lost.
        foreach (var note in prose.Notes.Where(n => !n.IsUsed))
        foreach (var element in Blocks(note.Blocks, place with { Style = "FootnoteText" }))
            yield return element;
    }

    // Where a block stands: which part of the document, how deep in lists, and of which list its first paragraph is an item.
    private sealed record Place(OpenXmlPart Part, IReadOnlyList<ProseNote> Notes, bool RunsRight, string? Style, int Depth, int ListId);

    private IEnumerable<OpenXmlElement> Blocks(IEnumerable<ProseBlock> blocks, Place at) => blocks.SelectMany(b => Of(b, at));

    private IEnumerable<OpenXmlElement> Of(ProseBlock block, Place at) =>
        block switch
        {
            ProseHeading heading => [Line(heading.Spans, at with { Style = $"Heading{Math.Min(6, heading.Level + 1)}" })],
            ProseParagraph paragraph => [Line(paragraph.Spans, at)],
            ProseQuote quote => Blocks(quote.Blocks, at with { Style = at.Style ?? "Quote" }),
            ProseList list => Items(list, at),
            ProseTable table => [TableOf(table, at), new Paragraph()],
            ProseRule => [Rule()],
            _ => [],
        };

    private IEnumerable<OpenXmlElement> Items(ProseList list, Place at)
    {
        var (id, next) = (list.IsOrdered ? 0 : Bullets, 0);
        foreach (var item in list.Items)
        {
            // Where the numbers go on elsewhere, another list begins.
            if (list.IsOrdered && (id == 0 || item.Number != next))
                id = NumbersFrom(item.Number, Math.Min(at.Depth, DeepestList));
            next = item.Number + 1;
            var inner = at with { Depth = at.Depth + 1 };
            var isFirst = true;
            foreach (var block in item.Blocks)
            {
                foreach (var element in Of(block, isFirst && block is ProseParagraph ? inner with { ListId = id } : inner))
                    yield return element;
                isFirst = false;
            }
        }
    }

    private Paragraph Line(IReadOnlyList<ProseSpan> spans, Place at)
    {
        var runsRight = Prose.RunsRight(ProseSpan.Joined(spans)) ?? at.RunsRight;
        var properties = new ParagraphProperties();
        if (at.Style is not null)
            properties.Append(new ParagraphStyleId { Val = at.Style });
        if (at.ListId > 0)
            properties.Append(
                new NumberingProperties(
                    new NumberingLevelReference { Val = Math.Min(at.Depth - 1, DeepestList) },
                    new NumberingId { Val = at.ListId }
                )
            );
        if (runsRight)
            properties.Append(new BiDi());
        if (at.Depth > 0 && at.ListId <= 0)
            properties.Append(new Indentation { Start = $"{Step * Math.Min(at.Depth, DeepestList + 1)}" });
        return new Paragraph([properties, .. Runs(spans, at, runsRight, false, false)]);
    }

    private IEnumerable<OpenXmlElement> Runs(IEnumerable<ProseSpan> spans, Place at, bool runsRight, bool isStrong, bool isSlanted)
    {
        foreach (var span in spans)
            switch (span)
            {
                case ProseWords words:
                    foreach (var run in Words(words.Text, runsRight, isStrong, isSlanted))
                        yield return run;
                    break;
                case ProseMarked marked:
                    foreach (var run in Runs(marked.Spans, at, runsRight, isStrong || marked.IsStrong, isSlanted || !marked.IsStrong))
                        yield return run;
                    break;
                case ProseLink link:
                    yield return new Hyperlink(
                        Runs(link.Spans, at, runsRight, isStrong, isSlanted)
                            .Select(r =>
                            {
                                if (r is Run { RunProperties: { } look })
                                    look.RunStyle = new RunStyle { Val = "Hyperlink" };
                                return r;
                            })
                    )
                    {
                        Id = at.Part.AddHyperlinkRelationship(new Uri(link.Address), true).Id,
                    };
                    break;
                case ProseNoteMark mark:
                    yield return new Run(
                        new RunProperties(new RunStyle { Val = "FootnoteReference" }),
                        new FootnoteReference { Id = Note(at.Notes[mark.Number - 1], at.RunsRight) }
                    );
                    break;
            }
    }

    // Letters of one direction in a run: a Latin name in an Arabic line is set as Latin.
    private static IEnumerable<Run> Words(string text, bool runsRight, bool isStrong, bool isSlanted)
    {
        var (start, isRight) = (0, runsRight);
        for (var i = 0; i < text.Length; )
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            if (Rune.IsLetter(rune) && Prose.IsOfRight(rune) != isRight)
            {
                // What stands between two directions is of the paragraph's.
                var end = isRight == runsRight ? i : start + text[start..i].TrimEnd().Length;
                if (end > start)
                    yield return Run(text[start..end], isRight, isStrong, isSlanted);
                if (i > end)
                    yield return Run(text[end..i], runsRight, isStrong, isSlanted);
                (start, isRight) = (i, !isRight);
            }
            i += length;
        }
        if (start < text.Length)
            yield return Run(text[start..], isRight, isStrong, isSlanted);
    }

    private static Run Run(string text, bool isRight, bool isStrong, bool isSlanted)
    {
        var look = new RunProperties();
        if (isStrong)
            look.Append(new Bold(), new BoldComplexScript());
        if (isSlanted)
            look.Append(new Italic(), new ItalicComplexScript());
        if (isRight)
            look.Append(new RightToLeftText());
        return new Run(look, new Text(ReportDocx.Clean(text)) { Space = SpaceProcessingModeValues.Preserve });
    }

    private static Paragraph Rule() =>
        new(
            new ParagraphProperties(
                new ParagraphBorders(
                    new BottomBorder
                    {
                        Val = BorderValues.Single,
                        Size = 4,
                        Space = 1,
                        Color = "AAB7C4",
                    }
                )
            )
        );

    private Table TableOf(ProseTable table, Place at)
    {
        var properties = new TableProperties();
        if (Prose.RunsRight(table.Words) ?? at.RunsRight)
            properties.Append(new BiDiVisual());
        properties.Append(
            new TableWidth { Width = "5000", Type = TableWidthUnitValues.Pct },
            new TableBorders(
                ReportDocx.Line<TopBorder>(),
                ReportDocx.Line<LeftBorder>(),
                ReportDocx.Line<BottomBorder>(),
                ReportDocx.Line<RightBorder>(),
                ReportDocx.Line<InsideHorizontalBorder>(),
                ReportDocx.Line<InsideVerticalBorder>()
            )
        );
        var inner = at with { Style = "Cell", Depth = 0, ListId = -1 };
        return new Table([
            properties,
            new TableGrid(table.Rows[0].Select(_ => new GridColumn())),
            .. table.Rows.Select(
                (row, i) =>
                    new TableRow([
                        i == 0 ? new TableRowProperties(new CantSplit(), new TableHeader()) : new TableRowProperties(new CantSplit()),
                        .. row.Select(cell => ReportDocx.Cell(CellLine(cell, i == 0, inner), i == 0 ? "E8EEF4" : null)),
                    ])
            ),
        ]);
    }

    private Paragraph CellLine(ProseCell cell, bool isHeading, Place at)
    {
        var line = Line(isHeading ? [new ProseMarked(true, cell.Spans)] : cell.Spans, at);
        if (cell.IsNumber)
            line.ParagraphProperties!.AddChild(new Justification { Val = JustificationValues.End });
        return line;
    }

    // ---- What the document keeps apart

    private int NumbersFrom(int first, int level)
    {
        var id = Bullets + ++lists;
        numbering.Append(
            new NumberingInstance(
                new AbstractNumId { Val = Numbers },
                new LevelOverride(new StartOverrideNumberingValue { Val = first }) { LevelIndex = level }
            )
            {
                NumberID = id,
            }
        );
        return id;
    }

    private static AbstractNum Described(int id, NumberFormatValues format, Func<int, string> sign) =>
        new([
            new MultiLevelType { Val = MultiLevelValues.HybridMultilevel },
            .. Enumerable
                .Range(0, DeepestList + 1)
                .Select(level => new Level(
                    new StartNumberingValue { Val = 1 },
                    new NumberingFormat { Val = format },
                    new LevelText { Val = sign(level) },
                    new LevelJustification { Val = LevelJustificationValues.Left },
                    new PreviousParagraphProperties(new Indentation { Start = $"{Step * (level + 1)}", Hanging = $"{Step}" })
                )
                {
                    LevelIndex = level,
                }),
        ])
        {
            AbstractNumberId = id,
        };

    private int Note(ProseNote note, bool runsRight)
    {
        if (footnotes is null)
        {
            footnotes = main.AddNewPart<FootnotesPart>();
            footnotes.Footnotes = new Footnotes(
                Separator(-1, FootnoteEndnoteValues.Separator, new SeparatorMark()),
                Separator(0, FootnoteEndnoteValues.ContinuationSeparator, new ContinuationSeparatorMark())
            );
        }
        var id = ++notes;
        var body = Blocks(note.Blocks, new Place(footnotes, [], runsRight, "FootnoteText", 0, -1)).ToList();
        if (body.Count == 0)
            body.Add(new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = "FootnoteText" })));
        if (body[0] is Paragraph first)
            first.InsertAfter(
                new Run(new RunProperties(new RunStyle { Val = "FootnoteReference" }), new FootnoteReferenceMark()),
                first.ParagraphProperties
            );
        footnotes.Footnotes!.Append(new Footnote(body) { Id = id });
        return id;
    }

    private static Footnote Separator(int id, FootnoteEndnoteValues type, OpenXmlElement mark) =>
        new(new Paragraph(new Run(mark))) { Type = type, Id = id };
}
