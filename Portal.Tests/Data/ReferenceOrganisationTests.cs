using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Tests.Data;

/// <summary>
/// The organisations every portal starts with. Their numbers are in stored audience names: a number that moves gives one donor what was
/// shared with another.
/// </summary>
public sealed class ReferenceOrganisationTests
{
    /// <summary>
    /// Known providers and partners in the order of their numbers, from 1. New ones are added at the end; none is moved or taken out.
    /// </summary>
    private const string Numbered = """
        unodc-tpb imf wb icao imo wco interpol unhcr adb eu-fpi dfat gac fdfa giz fcdo jica nl-mfa norad sida us-ct
        osce oas-cicte cis comsec eu apec-ctwg igad fatf moneyval
        """;

    [Fact]
    public void A_number_once_given_to_a_provider_or_partner_stays_with_it() =>
        Assert.Equal(
            Numbered.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select((code, i) => (i + 1, code)),
            ReferenceOrganisations
                .All()
                .Where(o => o.Kind is OrganisationKind.Provider or OrganisationKind.Partner)
                .Select(o => (o.Number, o.Code))
        );

    [Fact]
    public void Numbers_and_codes_are_each_given_once()
    {
        var all = ReferenceOrganisations.All().ToList();
        Assert.Equal(all.Count, all.Select(o => o.Number).Distinct().Count());
        Assert.Equal(all.Count, all.Select(o => o.Code).Distinct().Count());
        Assert.Equal(193, all.Count(o => o.Kind == OrganisationKind.MemberState));
        Assert.Equal(Enum.GetValues<OrganisationKind>(), all.Select(o => o.Kind).Distinct().Order());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task They_are_registered_once_and_what_was_changed_since_is_left_alone(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var db = await test.AsSystem();
        Assert.Equal(0, await ReferenceOrganisations.Register(db));
    }
}
