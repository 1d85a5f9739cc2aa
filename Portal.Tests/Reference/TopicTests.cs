using System.Text.RegularExpressions;
using Portal.Domain.Reference;

namespace Portal.Tests.Reference;

public sealed class TopicTests
{
    [Fact]
    public void Every_topic_belongs_to_a_paragraph_and_to_one_of_its_themes() =>
        Assert.All(
            Topics.All,
            topic =>
            {
                Assert.Matches(@"^(1373|1624):[1-4](\([a-g]\))?/[a-z]+(-[a-z]+)*$", topic.Code);
                Assert.True(Topics.IsKnown(topic.Code));
                Assert.True(Paragraphs.IsKnown(topic.ParagraphCode), topic.Code);
                Assert.Contains(topic.ThemeCode, Paragraphs.Find(topic.ParagraphCode)!.ThemeCodes);
            }
        );

    [Fact]
    public void Every_paragraph_and_every_theme_has_topics_but_the_one_about_the_Committee()
    {
        Assert.Equal(Topics.All, Paragraphs.All.SelectMany(paragraph => Topics.Under(paragraph.Code)));
        Assert.Equal(["1373:6"], Paragraphs.All.Select(paragraph => paragraph.Code).Where(code => !Topics.Under(code).Any()));
        Assert.Empty(Themes.All.Select(theme => theme.Code).Except(Topics.All.Select(topic => topic.ThemeCode)));
        Assert.Empty(Topics.Under("none"));
    }

    [Fact]
    public void Names_and_requirements_are_written_in_the_letters_and_the_punctuation_of_their_language()
    {
        foreach (var language in Languages.All)
        {
            Assert.All(Topics.All, topic => Assert.Matches($"^{Letters(language)}{{2,90}}$", topic.Name[language]));
            Assert.All(Topics.All, topic => Assert.DoesNotMatch("[.。]$", topic.Name[language]));
            Assert.All(Topics.All, topic => Assert.Matches($"^{Letters(language)}{{40,350}}$", topic.Requirement[language]));
            Assert.All(Topics.All, topic => Assert.Matches(language is Language.Zh ? "。$" : @"\.$", topic.Requirement[language]));
            Assert.All(Ratings.All, rating => Assert.Matches($"^{Letters(language)}{{2,40}}$", rating.Name[language]));
        }
    }

    [Fact]
    public void A_requirement_is_one_or_two_sentences_as_many_in_every_language_and_without_a_double_space() =>
        Assert.All(
            Topics.All,
            topic =>
            {
                Assert.All(Languages.All, language => Assert.DoesNotContain("  ", topic.Requirement[language], StringComparison.Ordinal));
                Assert.All(Languages.All, language => Assert.InRange(Sentences(topic.Requirement[language]), 1, 2));
                // Arabic may say in one sentence what others say in two.
                Assert.Single(Languages.All.Where(l => l is not Language.Ar).Select(l => Sentences(topic.Requirement[l])).Distinct());
            }
        );

    [Fact]
    public void Ratings_on_the_scale_come_first_from_the_best()
    {
        Assert.Equal(Enumerable.Range(1, 6), Ratings.All.Select(rating => rating.Order));
        Assert.Equal(
            ["IMPLEMENTED", "LARGELY", "PARTLY", "NOT_YET"],
            Ratings.All.Where(rating => rating.OnScale).Select(rating => rating.Code)
        );
        Assert.Equal(["NO_INFORMATION", "NOT_APPLICABLE"], Ratings.All.Skip(4).Select(rating => rating.Code));
        Assert.True(Ratings.IsKnown("PARTLY"));
        Assert.False(Ratings.IsKnown("partly"));
    }

    [Theory]
    [InlineData("PARTLY", "IMPLEMENTED", 2)]
    [InlineData("LARGELY", "LARGELY", 0)]
    [InlineData("LARGELY", "NOT_YET", -2)]
    [InlineData("NO_INFORMATION", "IMPLEMENTED", null)]
    [InlineData("PARTLY", "NOT_APPLICABLE", null)]
    [InlineData("NO_INFORMATION", "NO_INFORMATION", null)]
    public void Steps_are_counted_on_the_scale_alone(string before, string after, int? steps) =>
        Assert.Equal(steps, Ratings.Steps(Ratings.Find(before)!, Ratings.Find(after)!));

    private static int Sentences(string text) => Regex.Count(text, "[.。]");

    // A letter of the language or a sign it uses: no straight apostrophe, no Latin in Arabic, Chinese and Russian, no sign of another script.
    private static string Letters(Language language) =>
        language switch
        {
            Language.Ar => @"[\u0621-\u0652 0-9().،]",
            Language.Zh => @"[\u4e00-\u9fff0-9()《》，、。]",
            Language.En => @"[A-Za-z0-9 ’(),.-]",
            Language.Fr => @"[A-Za-z0-9 ’(),.àâçèéêëîïôùûœÀÉÊÎ-]",
            Language.Ru => @"[а-яА-Я0-9 (),.—-]",
            Language.Es => @"[A-Za-z0-9 (),.áéíóúüñÁÉÍÓÚÑ-]",
            _ => throw new ArgumentOutOfRangeException(nameof(language)),
        };
}
