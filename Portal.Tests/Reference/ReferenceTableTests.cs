using Portal.Domain.Reference;

namespace Portal.Tests.Reference;

public sealed class ReferenceTableTests
{
    [Fact]
    public void Every_entry_is_found_by_its_code_in_any_case_and_named_in_six_languages()
    {
        AssertTable(12, Themes.All, Themes.Find, theme => theme.Code, theme => theme.Name);
        AssertTable(25, Paragraphs.All, Paragraphs.Find, paragraph => paragraph.Code, paragraph => paragraph.Name);
        AssertTable(11, Modalities.All, Modalities.Find, modality => modality.Code, modality => modality.Name);
        AssertTable(45, Topics.All, Topics.Find, topic => topic.Code, topic => topic.Name);
        AssertTable(45, Topics.All, Topics.Find, topic => topic.Code, topic => topic.Requirement);
        AssertTable(6, Ratings.All, Ratings.Find, rating => rating.Code, rating => rating.Name);
        AssertTable(28, DacSectors.All, DacSectors.Find, sector => sector.Code, sector => sector.Name);
        AssertTable(29, KnownOrganisations.All, KnownOrganisations.Find, body => body.Code, body => body.Name);

        static void AssertTable<T>(int count, IReadOnlyList<T> all, Func<string?, T?> find, Func<T, string> code, Func<T, LocalName> name)
            where T : class
        {
            Assert.Equal(count, all.Count);
            Assert.All(all, entry => Assert.Same(entry, find(code(entry).ToLowerInvariant())));
            foreach (var language in Languages.All)
            {
                Assert.All(all, entry => Assert.Equal(name(entry)[language].Trim(), name(entry)[language]));
                Assert.All(all, entry => Assert.Matches(Script(language), name(entry)[language]));
                Assert.Equal(count, all.Select(entry => name(entry)[language]).Distinct().Count());
            }
            Assert.Null(find(null));
            Assert.Null(find("none"));
        }
    }

    [Fact]
    public void Themes_and_paragraphs_name_each_other()
    {
        Assert.All(Themes.All, theme => Assert.NotEmpty(theme.ParagraphCodes));
        Assert.All(Themes.All, theme => Assert.True(theme.ParentCode is null || Themes.Find(theme.ParentCode) is not null));
        Assert.All(
            Themes.All,
            theme => Assert.All(theme.ParagraphCodes, code => Assert.Contains(theme.Code, Paragraphs.Find(code)!.ThemeCodes))
        );
        Assert.All(
            Paragraphs.All,
            paragraph => Assert.All(paragraph.ThemeCodes, code => Assert.Contains(paragraph.Code, Themes.Find(code)!.ParagraphCodes))
        );
        Assert.Equal(["1373:6"], Paragraphs.All.Where(paragraph => paragraph.ThemeCodes.Count == 0).Select(paragraph => paragraph.Code));
    }

    [Fact]
    public void A_part_of_a_theme_covers_no_paragraph_that_the_whole_does_not() =>
        Assert.All(
            Themes.All.Where(theme => theme.ParentCode is not null),
            theme => Assert.Empty(theme.ParagraphCodes.Except(Themes.Find(theme.ParentCode)!.ParagraphCodes))
        );

    [Fact]
    public void Paragraphs_are_those_of_the_two_resolutions_that_bear_on_States()
    {
        var numbers = Paragraphs.All.ToLookup(paragraph => paragraph.Resolution, paragraph => paragraph.Number);
        Assert.Equal(
            "1(a) 1(b) 1(c) 1(d) 2(a) 2(b) 2(c) 2(d) 2(e) 2(f) 2(g) 3(a) 3(b) 3(c) 3(d) 3(e) 3(f) 3(g) 4 6".Split(' '),
            numbers["1373"]
        );
        Assert.Equal("1(a) 1(b) 1(c) 2 3".Split(' '), numbers["1624"]);
    }

    [Fact]
    public void Modalities_are_published_under_codes_that_exist()
    {
        Assert.All(Modalities.All, modality => Assert.Contains(modality.AidType, new[] { "C01", "D01", "D02", "E01" }));
        Assert.All(Modalities.All, modality => Assert.All(modality.DacSectors, code => Assert.NotNull(DacSectors.Find(code))));
        Assert.All(DacSectors.All, sector => Assert.Matches("^[1-9][0-9]{4}$", sector.Code));
    }

    [Theory]
    [InlineData("USD", 2)]
    [InlineData("jpy", 0)]
    [InlineData("KRW", 0)]
    [InlineData("XOF", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CHF", 2)]
    public void A_currency_has_its_minor_units(string code, int minorUnits) => Assert.Equal(minorUnits, Currencies.Find(code)!.MinorUnits);

    [Fact]
    public void Every_currency_is_listed_once_and_found()
    {
        Assert.All(Currencies.All, currency => Assert.Matches("^[A-Z]{3}$", currency.Code));
        Assert.All(Currencies.All, currency => Assert.Same(currency, Currencies.Find(currency.Code)));
        Assert.Null(Currencies.Find("XXX"));
        Assert.Null(Currencies.Find(null));
    }

    [Fact]
    public void An_organisation_has_a_secure_website_a_State_that_exists_and_an_identifier_of_its_own()
    {
        Assert.All(KnownOrganisations.All, organisation => Assert.Equal(Uri.UriSchemeHttps, organisation.Website.Scheme));
        Assert.All(KnownOrganisations.All.Select(organisation => organisation.StateIso3).OfType<string>(), iso3 => MemberStates.Get(iso3));
        var identifiers = KnownOrganisations.All.Select(organisation => organisation.IatiIdentifier).OfType<string>().ToArray();
        Assert.Equal(identifiers.Distinct(), identifiers);
        Assert.All(identifiers, identifier => Assert.Matches("^[A-Z]{2}-[A-Z0-9_-]+$", identifier));
        Assert.Null(KnownOrganisations.Find("CTAG"));
    }

    private static string Script(Language language) =>
        language switch
        {
            Language.Ar => @"[\u0621-\u0652]",
            Language.Zh => @"[\u4e00-\u9fff]",
            Language.Ru => @"[\u0400-\u04ff]",
            Language.En or Language.Fr or Language.Es => "[A-Za-z]",
            _ => throw new ArgumentOutOfRangeException(nameof(language)),
        };
}
