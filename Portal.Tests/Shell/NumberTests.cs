using Portal.Domain;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>Numbers are written as the reader's language writes them, and what is written can be typed.</summary>
public sealed class NumberTests
{
    [Theory]
    [InlineData("en", "1,250,000", "12.5")]
    [InlineData("ar", "1,250,000", "12.5")]
    [InlineData("zh-Hans", "1,250,000", "12.5")]
    [InlineData("fr", "1\u00A0250\u00A0000", "12,5")]
    [InlineData("ru", "1\u00A0250\u00A0000", "12,5")]
    [InlineData("es", "1\u00A0250\u00A0000", "12,5")]
    public void Each_language_sets_groups_and_fractions_apart_in_its_way(string language, string whole, string measured)
    {
        Assert.True(Languages.TryParse(language, out var spoken));
        using (Culture.Speak(spoken))
            Assert.Equal((whole, measured), (Number.Of(1_250_000m), Number.Of(12.5, "N1")));
        Assert.True(Amount.TryRead(whole, out var amount));
        Assert.Equal(1_250_000m, amount);
    }
}
