using System.Text;
using AngleSharp.Html.Parser;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Exports;
using Portal.Tests.Browser;
using Language = Portal.Domain.Reference.Language;

namespace Portal.Tests.Papers;

/// <summary>Long texts in documents: what is in them is read back.</summary>
public sealed class PaperFileTests
{
    private const string English = """
        # Findings

        The Committee **recalls** *paragraph 2 (e)* and [the guide](https://un.org/guide).[^1]

        - one
          - two
        - three

        12. twelfth
        14. fourteenth

        > Quoted.

        | State | Reports |
        | --- | ---: |
        | Kenya | 12 |

        ---

        ## Deeper

        قال المندوب إن الدولة أبلغت CTED بذلك.

        [^1]: See S/2024/1 and [more](https://un.org/more).
        [^2]: Never referred to.
        """;

    private const string Arabic = "# النتائج\n\nترحب اللجنة بالتقدم.[^1]\n\n1. أولا\n2. ثانيا\n\n[^1]: الحاشية";

    private static Report Report(params PaperPart[] papers) =>
        new("assessment", "Assessment", "Kenya", [], null, [.. papers.Select(p => new ReportPart("Part", null, []) { Paper = p })])
        {
            IsUpright = true,
        };

    private static WordprocessingDocument Written(params PaperPart[] papers)
    {
        var document = WordprocessingDocument.Open(new MemoryStream(ReportDocx.Write(Report(papers), Language.En)), false);
        Assert.Empty(
            new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(e => $"{e.Path?.XPath}: {e.Description}")
        );
        return document;
    }

    [Fact]
    public void A_document_has_the_headings_lists_tables_links_and_footnotes_of_its_texts()
    {
        using var document = Written(new(English, Language.En), new(Arabic, Language.Ar));
        var main = document.MainDocumentPart!;
        var paragraphs = main.Document!.Body!.Elements<Paragraph>().ToList();
        string? Style(string words) => paragraphs.Single(p => p.InnerText == words).ParagraphProperties?.ParagraphStyleId?.Val?.Value;
        Assert.Equal(("Heading2", "Heading3", "Quote"), (Style("Findings"), Style("Deeper"), Style("Quoted.")));
        var first = paragraphs.Single(p => p.InnerText.StartsWith("The Committee", StringComparison.Ordinal));
        Assert.Equal("recalls", first.Elements<Run>().Single(r => r.RunProperties?.Bold is not null).InnerText);
        Assert.Equal("paragraph 2 (e)", first.Elements<Run>().Single(r => r.RunProperties?.Italic is not null).InnerText);
        var link = first.GetFirstChild<Hyperlink>()!;
        Assert.Equal("https://un.org/guide", main.HyperlinkRelationships.Single(r => r.Id == link.Id).Uri.OriginalString);
        // Lists that keep their numbers, and count anew.
        (int Level, int Id) Place(string words) =>
            paragraphs.Single(p => p.InnerText == words).ParagraphProperties!.NumberingProperties is { } n
                ? (n.NumberingLevelReference!.Val!.Value, n.NumberingId!.Val!.Value)
                : default;
        Assert.Equal((Place("one").Id, 0, 1), (Place("three").Id, Place("one").Level, Place("two").Level));
        int StartOf(string words) =>
            main.NumberingDefinitionsPart!.Numbering!.Elements<NumberingInstance>()
                .Single(n => n.NumberID!.Value == Place(words).Id)
                .GetFirstChild<LevelOverride>()!
                .StartOverrideNumberingValue!.Val!.Value;
        Assert.Equal((12, 14, 1), (StartOf("twelfth"), StartOf("fourteenth"), StartOf("أولا")));
        Assert.Equal(Place("أولا"), Place("ثانيا"));
        var table = Assert.Single(main.Document.Body.Elements<Table>());
        Assert.Equal("StateReportsKenya12", table.InnerText);
        Assert.NotNull(table.Elements<TableRow>().First().TableRowProperties!.GetFirstChild<TableHeader>());
        var notes = main.FootnotesPart!.Footnotes!.Elements<Footnote>().Where(n => n.Type is null).ToList();
        Assert.Equal(["See S/2024/1 and more.", "الحاشية"], notes.Select(n => n.InnerText));
        Assert.Equal(notes.Select(n => n.Id!.Value), main.Document.Body.Descendants<FootnoteReference>().Select(r => r.Id!.Value));
        Assert.Equal("FootnoteText", Style("Never referred to."));
        Assert.Equal(11906u, main.Document.Body.GetFirstChild<SectionProperties>()!.GetFirstChild<PageSize>()!.Width!.Value);
    }

    [Fact]
    public void Each_paragraph_of_a_document_runs_as_its_words_do()
    {
        using var document = Written(new(English, Language.En), new(Arabic + "\n\nEnglish inside.\n\n2009", Language.Ar));
        var body = document.MainDocumentPart!.Document!.Body!;
        bool RunsRight(string words) => body.Elements<Paragraph>().Single(p => p.InnerText == words).ParagraphProperties?.BiDi is not null;
        Assert.Equal((false, false), (RunsRight("Findings"), RunsRight("English inside.")));
        // Without a letter as its text does.
        Assert.Equal((true, true, true), (RunsRight("النتائج"), RunsRight("أولا"), RunsRight("2009")));
        // A Latin name in an Arabic line is no Arabic one.
        var mixed = body.Elements<Paragraph>().Single(p => p.InnerText.Contains("CTED", StringComparison.Ordinal));
        Assert.NotNull(mixed.ParagraphProperties!.BiDi);
        Assert.Equal(
            [("قال المندوب إن الدولة أبلغت ", true), ("CTED", false), (" ", true), ("بذلك.", true)],
            mixed.Elements<Run>().Select(r => (r.InnerText, r.RunProperties?.RightToLeftText is not null))
        );
        Assert.NotNull(
            document
                .MainDocumentPart.FootnotesPart!.Footnotes!.Elements<Footnote>()
                .Last()
                .GetFirstChild<Paragraph>()!
                .ParagraphProperties!.BiDi
        );
    }

    [Fact]
    public void Whatever_a_text_says_the_document_can_be_opened()
    {
        var texts = HostileTexts.Injections.Append(HostileTexts.Times("- a\n  > 1. b | c\n\n", 2000)).Append("x\uFFFE\uD800\u0001");
        using var document = Written([.. texts.Select(t => new PaperPart(t, Language.En))]);
        Assert.All(
            document.MainDocumentPart!.HyperlinkRelationships,
            r => Assert.True(r.Uri.Scheme is "http" or "https" or "mailto", r.Uri.OriginalString)
        );
    }

    [Fact]
    public void A_printed_page_draws_what_the_screen_draws()
    {
        var page = new HtmlParser().ParseDocument(
            PrintedPage.Of(
                Report(new(English, Language.En), new(Arabic, Language.Ar), new("<script>x</script>", Language.Fr)),
                Language.En,
                ""
            )
        );
        var papers = page.QuerySelectorAll(".paper").ToList();
        Assert.Equal(["en ltr", "ar rtl", "fr ltr"], papers.Select(p => $"{p.GetAttribute("lang")} {p.GetAttribute("dir")}"));
        Assert.Equal(["Findings", "النتائج"], page.QuerySelectorAll(".part h3").Select(h => h.TextContent));
        Assert.Equal("1", papers[0].QuerySelector("sup")!.TextContent);
        Assert.Equal("Never referred to.", papers[0].QuerySelectorAll(".paper-notes > li")[1].TextContent);
        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.Equal(page.QuerySelectorAll("[id]").Length, page.QuerySelectorAll("[id]").Select(e => e.Id).Distinct().Count());
        Assert.Contains("A4 portrait", page.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
    }

    [BrowserFact, Trait("Pace", "Slow")]
    public async Task A_browser_prints_it()
    {
        using var pdf = new PdfMaker(
            new ConfigurationBuilder().AddInMemoryCollection([new("Pdf:Browser", Chromium.Program)]).Build(),
            null!,
            NullLogger<PdfMaker>.Instance
        );
        var file = await pdf.Make(PrintedPage.Of(Report(new(English, Language.En), new(Arabic, Language.Ar)), Language.En, ""));
        Assert.Equal("%PDF-", Encoding.ASCII.GetString(file[..5]));
        Assert.Contains("https://un.org/guide", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
    }
}
