using System.Text;
using Portal.Data.Demonstration;
using Portal.Domain;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.Data.Demonstration;

public sealed class DemonstrationTextsTests
{
    public static TheoryData<Language> EveryLanguage => [.. Languages.All];

    [Theory, MemberData(nameof(EveryLanguage))]
    public void Every_text_of_a_need_is_taken_by_the_record(Language language)
    {
        foreach (var topic in DemonstrationTexts.Topics)
        foreach (var variant in DemonstrationTexts.Variants.Append(DemonstrationTexts.Unit))
        {
            var content = new Need.Content
            {
                Title = variant.In(language, topic.Title[language], 1_000_000),
                Description = topic.Description[language] + " " + DemonstrationTexts.Extent.In(language, 25, 12),
                Language = language,
                Theme = topic.Theme,
                Paragraphs = topic.Paragraphs,
                Origin = NeedOrigin.State,
                Modalities = topic.Modalities,
                Sectors = topic.Sectors,
                Beneficiary = topic.Beneficiary[language],
                Urgency = Urgency.Low,
            };
            var need = Cast.Need(content: content);
            Assert.DoesNotContain('{', need.Title + need.Description);
            Assert.Equal(need.Title, content.Title);
        }
    }

    [Theory, MemberData(nameof(EveryLanguage))]
    public void Every_text_is_written_in_the_script_of_its_language(Language language)
    {
        var texts = DemonstrationTexts
            .Topics.SelectMany(t => new[] { t.Title, t.Description, t.Beneficiary })
            .Concat([
                .. DemonstrationTexts.Notes,
                .. DemonstrationTexts.Reasons,
                DemonstrationTexts.Answer,
                .. DemonstrationTexts.ProposalDescriptions,
                DemonstrationTexts.Conditions,
                DemonstrationTexts.OfferDescription,
                DemonstrationTexts.Profile,
                DemonstrationTexts.Contact,
            ]);
        Assert.All(
            texts.Select(t => t[language]),
            text =>
                Assert.All(
                    text.EnumerateRunes().Where(Rune.IsLetter),
                    r =>
                        Assert.True(
                            language switch
                            {
                                Language.Ar => r.Value is >= 0x0600 and < 0x0700,
                                Language.Zh => r.Value is >= 0x4E00 and < 0xA000,
                                Language.Ru => r.Value is >= 0x0400 and < 0x0500,
                                Language.En or Language.Fr or Language.Es => r.Value < 0x0250,
                            },
                            text
                        )
                )
        );
    }

    [Fact]
    public void Languages_differ() =>
        Assert.All(DemonstrationTexts.Topics, t => Assert.Equal(6, Languages.All.Select(l => t.Description[l]).Distinct().Count()));

    [Fact]
    public void The_small_document_is_taken_as_a_document() =>
        Assert.Equal("application/pdf", FileTypes.Of("a.pdf", SmallPdf.Of("A (heading)", "A line")));

    [Fact]
    public void Names_of_people_fit() => Assert.All(DemonstrationCast.All, p => Text.Required(p.Person, 200, "Name"));
}
