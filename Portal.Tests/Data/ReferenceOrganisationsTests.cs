using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Tests.Data;

public sealed class ReferenceOrganisationsTests
{
    [Fact]
    public void Numbers_and_codes_are_given_once()
    {
        var all = ReferenceOrganisations.All().ToList();
        Assert.Equal(all.Count, all.Select(o => o.Number).Distinct().Count());
        Assert.Equal(all.Count, all.Select(o => o.Code).Distinct().Count());
        Assert.All(all, o => Assert.True(o.Code.Length <= 60));
    }

    [Fact]
    public void Every_kind_of_organisation_is_there()
    {
        var byKind = ReferenceOrganisations.All().ToLookup(o => o.Kind);
        Assert.All(Enum.GetValues<OrganisationKind>(), k => Assert.NotEmpty(byKind[k]));
        Assert.Equal(MemberStates.All.Select(s => s.Iso3), byKind[OrganisationKind.MemberState].Select(o => o.StateIso3));
        Assert.Equal(15, byKind[OrganisationKind.Committee].Count());
    }

    [Fact]
    public void Every_name_is_in_six_languages() =>
        Assert.All(ReferenceOrganisations.All(), o => Assert.All(Languages.All, l => Assert.False(string.IsNullOrWhiteSpace(o.Name[l]))));
}
