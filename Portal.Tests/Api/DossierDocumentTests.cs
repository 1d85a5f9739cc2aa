using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Portal.Domain.Assessments;
using Portal.Tests.Assessments;

namespace Portal.Tests.Api;

/// <summary>Letter and assessment as a document: what its reader sees on the page, and nothing of the deliberation.</summary>
public sealed class DossierDocumentTests
{
    [Fact]
    public async Task The_document_holds_what_its_reader_sees_and_nothing_of_the_deliberation()
    {
        await using var host = await ApiHost.Start();
        var dossier = DossierCast.At(DossierStage.Sent);
        await host.Db.Save(dossier);
        var address = $"/assessments/{dossier.Reference}/export?format=docx";
        var (state, body) = (await Read(await host.As(Cast.Amina), address), await Read(await host.As(Cast.Wei), address));
        foreach (var text in new[] { state, body })
        {
            Assert.Contains(DossierCast.Content("KEN").Letter, text, StringComparison.Ordinal);
            Assert.Contains("Equip the three other crossings.", text, StringComparison.Ordinal);
            // Wei's remark in the Committee.
            Assert.DoesNotContain("Thanks are due", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Cast.Wei.Name, text, StringComparison.Ordinal);
        }
        Assert.Contains("For consideration by the subcommittee.", body, StringComparison.Ordinal);
        Assert.DoesNotContain("For consideration by the subcommittee.", state, StringComparison.Ordinal);
        Assert.DoesNotContain("Edition 1", state, StringComparison.Ordinal);
        foreach (var nobody in new[] { Cast.Rosa, Cast.Ingrid, Cast.Olga })
            Assert.NotEqual(200, (await (await host.As(nobody)).Get(address)).Status);
        Assert.Contains("dossier.exported", await NeedApiTests.Acts(host));
    }

    [Fact]
    public async Task A_need_begins_with_what_was_recommended_and_does_not_say_that_it_was()
    {
        await using var host = await ApiHost.Start();
        var (asked, other) = (RecommendationCast.At(RecommendationStage.Asked), RecommendationCast.At(RecommendationStage.Asked, "PER"));
        await host.Db.Save(asked, other);
        async Task<string> New(Player player, string of) => (await (await host.As(player)).Get("/needs/new?of=" + of)).Body;
        Assert.Contains("Equip the three other crossings.", await New(Cast.Amina, asked.Reference), StringComparison.Ordinal);
        // Of another State's there is nothing, and of one that there is not neither.
        Assert.DoesNotContain("Equip the three", await New(Cast.Rosa, asked.Reference), StringComparison.Ordinal);
        Assert.DoesNotContain("Equip the three", await New(Cast.Amina, other.Reference), StringComparison.Ordinal);
        Assert.DoesNotContain("Equip the three", await New(Cast.Amina, "REC-KEN-2001-1"), StringComparison.Ordinal);
    }

    // Everything in the file: its text, and what its properties and every other part say.
    private static async Task<string> Read(HttpClient client, string address)
    {
        var answer = await client.Get(address).Is(200);
        using var document = WordprocessingDocument.Open(new MemoryStream(answer.Bytes), false);
        Assert.Empty(
            new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2019)
                .Validate(document)
                .Select(e => $"{e.Path?.XPath}: {e.Description}")
        );
        var properties = document.PackageProperties;
        return string.Join(
            '\n',
            [
                document.MainDocumentPart!.Document!.Body!.InnerText,
                properties.Creator,
                properties.LastModifiedBy,
                properties.Description,
                properties.Title,
                properties.Subject,
                properties.Keywords,
                .. document.GetAllParts().Select(p => p.RootElement?.InnerText),
            ]
        );
    }
}
