using System.Text.RegularExpressions;
using Portal.Domain.Reference;

namespace Portal.Tests.Reference;

public sealed class MemberStateTests
{
    [Fact]
    public void There_are_193_in_the_order_of_their_code()
    {
        Assert.Equal(193, MemberStates.All.Count);
        var codes = MemberStates.All.Select(state => state.Iso3);
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
    }

    [Fact]
    public void Every_code_is_well_formed_and_belongs_to_one_State()
    {
        AssertCodes(state => state.Iso3, "^[A-Z]{3}$");
        AssertCodes(state => state.Iso2, "^[A-Z]{2}$");
        AssertCodes(state => state.M49, "^[0-9]{3}$");

        static void AssertCodes(Func<MemberState, string> code, string form)
        {
            Assert.Equal(193, MemberStates.All.Select(code).Distinct().Count());
            Assert.All(MemberStates.All, state => Assert.Matches(form, code(state)));
        }
    }

    [Theory]
    [InlineData(RegionalGroup.Africa, 54)]
    [InlineData(RegionalGroup.AsiaPacific, 54)]
    [InlineData(RegionalGroup.EasternEurope, 23)]
    [InlineData(RegionalGroup.Grulac, 33)]
    [InlineData(RegionalGroup.Weog, 29)]
    public void Every_regional_group_has_its_members(RegionalGroup group, int members)
    {
        Assert.Equal(members, MemberStates.In(group).Count());
        Assert.All(Languages.All, language => Assert.NotEmpty(group.Name()[language]));
    }

    [Theory]
    [InlineData("USA", RegionalGroup.Weog)]
    [InlineData("TUR", RegionalGroup.Weog)]
    [InlineData("ISR", RegionalGroup.Weog)]
    [InlineData("AUS", RegionalGroup.Weog)]
    [InlineData("KIR", RegionalGroup.AsiaPacific)]
    [InlineData("CYP", RegionalGroup.AsiaPacific)]
    [InlineData("GEO", RegionalGroup.EasternEurope)]
    public void A_State_is_in_the_group_it_is_elected_in_wherever_it_lies(string iso3, RegionalGroup group) =>
        Assert.Equal(group, MemberStates.Get(iso3).RegionalGroup);

    [Theory]
    [InlineData(GeoRegion.Africa, 54)]
    [InlineData(GeoRegion.Americas, 35)]
    [InlineData(GeoRegion.Asia, 47)]
    [InlineData(GeoRegion.Europe, 43)]
    [InlineData(GeoRegion.Oceania, 14)]
    public void Every_M49_region_has_its_States(GeoRegion region, int states) =>
        Assert.Equal(states, MemberStates.All.Count(state => state.GeoRegion == region));

    [Fact]
    public void Every_M49_division_lies_in_a_region_and_holds_a_State() =>
        Assert.All(
            Enum.GetValues<M49Subregion>(),
            subregion => Assert.Contains(MemberStates.All, state => state.M49Subregion == subregion && Enum.IsDefined(state.GeoRegion))
        );

    [Fact]
    public void The_lists_of_countries_in_special_situations_are_whole()
    {
        Assert.Equal(44, MemberStates.All.Count(state => state.Ldc));
        Assert.Equal(32, MemberStates.All.Count(state => state.Lldc));
        Assert.Equal(37, MemberStates.All.Count(state => state.Sids));
    }

    [Fact]
    public void Every_name_is_written_in_the_script_of_its_language()
    {
        var scripts = new Dictionary<Language, Regex>
        {
            [Language.Ar] = new(@"^[\u0621-\u0652]+([ -][\u0621-\u0652]+)*$"),
            [Language.Zh] = new(@"^[\u4e00-\u9fff]+(（[\u4e00-\u9fff]+）)?$"),
            [Language.En] = new(@"^[A-Z][\p{IsBasicLatin}\p{IsLatin-1Supplement}’]+$"),
            [Language.Fr] = new(@"^[A-ZÉÎ][\p{IsBasicLatin}\p{IsLatin-1Supplement}’]+$"),
            [Language.Ru] = new(@"^[А-ЯЁ][а-яёА-ЯЁ’ ()—-]+$"),
            [Language.Es] = new(@"^[A-Z][\p{IsBasicLatin}\p{IsLatin-1Supplement}’]+$"),
        };
        foreach (var language in Languages.All)
            Assert.All(MemberStates.All, state => Assert.Matches(scripts[language], state.Name[language]));
    }

    [Fact]
    public void No_name_carries_an_article_in_parentheses_or_a_straight_apostrophe() =>
        Assert.All(
            MemberStates.All,
            state =>
                Assert.All(
                    Languages.All,
                    language => Assert.DoesNotMatch(@"\((the|l[’']|le|la|les|el|los|las)\)|'|^ | $", state.Name[language])
                )
        );

    [Fact]
    public void No_two_States_share_a_name() =>
        Assert.All(Languages.All, language => Assert.Equal(193, MemberStates.All.Select(state => state.Name[language]).Distinct().Count()));

    [Fact]
    public void A_State_is_found_by_its_code_in_any_case()
    {
        Assert.Same(MemberStates.Get("KEN"), MemberStates.Find("ken"));
        Assert.Equal("Côte d’Ivoire", MemberStates.Get("CIV").Name.Fr);
        Assert.Null(MemberStates.Find(null));
        Assert.Null(MemberStates.Find("KE"));
        Assert.Null(MemberStates.Find("XKX"));
        Assert.Throws<KeyNotFoundException>(() => MemberStates.Get("XKX"));
    }
}
