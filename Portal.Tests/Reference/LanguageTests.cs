using System.Globalization;
using Portal.Domain.Reference;

namespace Portal.Tests.Reference;

public sealed class LanguageTests
{
    [Fact]
    public void Every_language_reads_back_from_its_tag_and_slug_in_any_case()
    {
        Assert.Equal([Language.Ar, Language.Zh, Language.En, Language.Fr, Language.Ru, Language.Es], Languages.All);
        foreach (var language in Languages.All)
        foreach (var form in new[] { language.Tag(), language.Slug(), language.Tag().ToUpperInvariant(), language.ToString() })
        {
            Assert.True(Languages.TryParse(form, out var parsed), form);
            Assert.Equal(language, parsed);
        }
    }

    [Theory]
    [InlineData("zh", Language.Zh)]
    [InlineData("zh-CN", Language.Zh)]
    [InlineData("fr-CA", Language.Fr)]
    [InlineData(" es-419 ", Language.Es)]
    public void A_regional_tag_is_its_language(string tag, Language language)
    {
        Assert.True(Languages.TryParse(tag, out var parsed));
        Assert.Equal(language, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-fr")]
    [InlineData("de")]
    [InlineData("english")]
    [InlineData("frp")]
    public void Any_other_tag_is_refused(string? tag)
    {
        Assert.False(Languages.TryParse(tag, out var parsed));
        Assert.Equal(Language.En, parsed);
    }

    [Fact]
    public void Only_Arabic_is_written_from_right_to_left() =>
        Assert.Equal([Language.Ar], Languages.All.Where(language => language.IsRightToLeft()));

    [Fact]
    public void The_direction_and_culture_agree_with_the_framework()
    {
        foreach (var language in Languages.All)
        {
            var culture = CultureInfo.GetCultureInfo(language.Tag());
            Assert.Equal(culture.TextInfo.IsRightToLeft, language.IsRightToLeft());
            Assert.Equal(language, Languages.FromCulture(culture));
        }
        Assert.Equal(Language.Zh, Languages.FromCulture(CultureInfo.GetCultureInfo("zh-SG")));
        Assert.Equal(Language.En, Languages.FromCulture(CultureInfo.GetCultureInfo("de-AT")));
        Assert.Equal(Language.En, Languages.FromCulture(CultureInfo.InvariantCulture));
    }
}
