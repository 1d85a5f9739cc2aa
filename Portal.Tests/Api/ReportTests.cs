using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using DocumentFormat.OpenXml.Wordprocessing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Tests.Browser;
using Languages = Portal.Domain.Reference.Languages;
using Paragraph = DocumentFormat.OpenXml.Wordprocessing.Paragraph;
using Table = DocumentFormat.OpenXml.Wordprocessing.Table;

namespace Portal.Tests.Api;

/// <summary>The picture and the annual report as files: what is in them is read back.</summary>
public sealed class ReportTests
{
    private static Task<Answer> In(HttpClient client, string language, string address) =>
        client.Ask(
            HttpMethod.Get,
            address,
            headers: ("Cookie", client.DefaultRequestHeaders.GetValues("Cookie").Single() + "; portal.language=" + language)
        );

    private static async Task<ApiHost> WithRecords()
    {
        var host = await ApiHost.Start();
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await host.Db.Save(
            need,
            Cast.ProposalAt(ProposalStatus.Accepted, need),
            Cast.NeedAt(NeedStatus.Submitted, Cast.Rosa),
            Cast.NeedAt(NeedStatus.Draft)
        );
        return host;
    }

    [Theory]
    [InlineData("en", "Annual report of technical assistance, 2027")]
    [InlineData("ar", "التقرير السنوي عن المساعدة التقنية لعام 2027")]
    [InlineData("zh-Hans", "2027年技术援助年度报告")]
    [InlineData("fr", "Rapport annuel sur l’assistance technique, 2027")]
    [InlineData("ru", "Годовой доклад о технической помощи, 2027 год")]
    [InlineData("es", "Informe anual sobre la asistencia técnica, 2027")]
    public async Task The_report_is_a_valid_document_in_the_language_of_the_reader(string language, string title)
    {
        Assert.True(Languages.TryParse(language, out var spoken));
        var region = RegionalGroup.Africa.Name()[spoken];
        await using var host = await WithRecords();
        host.Set("Portal:DemoData", "true");
        var answer = await In(await host.As(Cast.Andrei), language, "/assistance/report/export?format=docx&year=2027");
        Assert.Equal((200, "annual-report-2027-2027-03-01.docx"), (answer.Status, answer.ContentHeaders.ContentDisposition!.FileName));
        using var document = WordprocessingDocument.Open(new MemoryStream(answer.Bytes), false);
        Assert.Empty(
            new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2019)
                .Validate(document)
                .Select(e => $"{e.Path?.XPath}: {e.Description}")
        );
        var body = document.MainDocumentPart!.Document!.Body!;
        var paragraphs = body.Elements<Paragraph>().ToList();
        Assert.Equal(title, paragraphs[0].InnerText);
        Assert.Contains(paragraphs, p => p.ParagraphProperties?.ParagraphStyleId?.Val?.Value == "Mark" && p.InnerText.Length > 10);
        Assert.True(paragraphs.Count(p => p.ParagraphProperties?.ParagraphStyleId?.Val?.Value == "Heading1") >= 12);
        var regions = body.Elements<Table>()
            .Single(t =>
                t.Elements<TableRow>()
                    .Any(r =>
                        r.InnerText.Contains(region, StringComparison.Ordinal) && r.InnerText.Contains("USD", StringComparison.Ordinal)
                    )
            );
        var africa = regions
            .Elements<TableRow>()
            .Single(r => r.Elements<TableCell>().First().InnerText == region)
            .Elements<TableCell>()
            .Select(c => c.InnerText)
            .ToList();
        Assert.Equal(
            ("1", spoken is Language.Fr or Language.Ru or Language.Es ? "USD 250\u00A0000" : "USD 250,000"),
            (africa[1], africa[5])
        );
        Assert.NotNull(regions.Elements<TableRow>().First().TableRowProperties!.GetFirstChild<TableHeader>());
        Assert.DoesNotContain(
            body.Descendants<Text>(),
            t => t.Text.Contains("report.", StringComparison.Ordinal) || t.Text.Contains("count.", StringComparison.Ordinal)
        );
        var runsRight = language == "ar";
        Assert.Equal(
            runsRight,
            body.Elements<Table>().All(t => t.GetFirstChild<TableProperties>()!.GetFirstChild<BiDiVisual>() is not null)
        );
        Assert.Equal(runsRight, paragraphs.All(p => p.ParagraphProperties?.BiDi is not null));
        Assert.Contains("need.report_exported", await NeedApiTests.Acts(host));
    }

    [Fact]
    public async Task The_report_is_for_those_who_may_see_it()
    {
        await using var host = await WithRecords();
        foreach (var other in new[] { Cast.Ingrid, Cast.Amina, Cast.Fatou, Cast.Leila, Cast.Malik })
            Assert.NotEqual(200, (await (await host.As(other)).Get("/assistance/report/export?format=docx")).Status);
        // The last year that is over, where none is named; nothing of it is there yet.
        var sheet = await (await host.As(Cast.Dorothea)).Get("/assistance/report/export?format=csv").Is(200);
        Assert.Contains("annual-report-2026", sheet.ContentHeaders.ContentDisposition!.FileName, StringComparison.Ordinal);
        Assert.Contains("requests,Requests received,Number,0", sheet.Body, StringComparison.Ordinal);
        Assert.Contains(
            "requests,Requests received,Number,2",
            (await (await host.As(Cast.Dorothea)).Get("/assistance/report/export?format=csv&year=2027")).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_tables_of_the_picture_go_with_the_filters_of_the_address()
    {
        await using var host = await WithRecords();
        var andrei = await host.As(Cast.Andrei);
        var given = (await andrei.Get("/assistance/export?format=csv&by=State").Is(200)).Body;
        Assert.Contains("KEN,Kenya,1,0,1,0,250000,", given, StringComparison.Ordinal);
        Assert.Contains("/assistance?by=State", given, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "KEN",
            (await andrei.Get("/assistance/export?format=csv&by=State&region=Grulac")).Body[100..],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Submitted,Submitted,1,",
            (await andrei.Get("/assistance/export?format=csv&table=Stages")).Body,
            StringComparison.Ordinal
        );
        Assert.Equal(200, (await andrei.Get("/assistance/export?format=xlsx&table=Answers")).Status);
        // Of all needs nothing can be told here: too few States.
        Assert.Equal(404, (await (await host.As(Cast.Ingrid)).Get("/assistance/export?format=csv&table=Published")).Status);
        Assert.DoesNotContain(
            "PER",
            (await (await host.As(Cast.Ingrid)).Get("/assistance/export?format=csv&by=State")).Body,
            StringComparison.Ordinal
        );
        Assert.Contains("need.picture_exported", await NeedApiTests.Acts(host));
    }

    [BrowserFact]
    public async Task Lists_and_the_report_are_printed_by_a_browser_where_there_is_one()
    {
        await using var host = await WithRecords();
        host.Set("Pdf:Browser", Environment.GetEnvironmentVariable("PORTAL_TEST_CHROMIUM"));
        var andrei = await host.As(Cast.Andrei);
        foreach (var address in new[] { "/needs/export?format=pdf&columns=State,Theme", "/assistance/report/export?format=pdf&year=2027" })
        {
            var answer = await In(andrei, "ar", address);
            Assert.Equal((200, "application/pdf"), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
            Assert.Equal("%PDF-", Encoding.ASCII.GetString(answer.Bytes[..5]));
            Assert.Contains("/Lang (ar)", Encoding.Latin1.GetString(answer.Bytes), StringComparison.Ordinal);
            // Drawn letters instead of a font could be neither searched nor copied.
            Assert.Contains("/CIDFontType2", Encoding.Latin1.GetString(answer.Bytes), StringComparison.Ordinal);
            Assert.DoesNotContain("/Type3", Encoding.Latin1.GetString(answer.Bytes), StringComparison.Ordinal);
        }
        host.Set("Pdf:Browser", "/no/such/program");
        await andrei.Get("/needs/export?format=pdf").Is(400, "export.format");
    }

    [Fact]
    public async Task What_goes_to_paper_is_text_whatever_it_says()
    {
        await using var host = await ApiHost.Start();
        var sheet = new Sheet(
            "<script>",
            "a & b",
            ["<h>"],
            [
                ["</td><img src=x>"],
                [12.5m],
                [new DateOnly(2027, 3, 1)],
            ]
        );
        var page = PrintedPage.Of(sheet, "\"}</style>", Language.Ar, host.Services.GetRequiredService<PdfMaker>().Fonts());
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("</style>").Length - 1);
        Assert.Contains("dir=\"rtl\"", page, StringComparison.Ordinal);
        // A title may be in any language, whoever reads it, and the host may have no font.
        Assert.Equal(StylesheetTests.Css.Split("url(fonts/").Length, page.Split("url(data:font/woff2;base64,").Length);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("12.5", page, StringComparison.Ordinal);
    }
}
