using Portal.Domain.Assistance;
using Portal.Home;

namespace Portal.Tests.Home;

/// <summary>What the search page and the palette find is what their reader may see.</summary>
public sealed class SearchTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Records_are_found_by_those_who_see_them_and_by_nobody_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (draft, circulated) = (Cast.NeedAt(NeedStatus.Draft), Cast.NeedAt(NeedStatus.Circulated));
        var proposal = Cast.ProposalAt(ProposalStatus.Proposed, circulated);
        await test.Save(draft, circulated, proposal);

        async Task<string[]> Found(Player player) =>
            [
                .. (await (await test.As(player)).Get<SearchService>().Find("financial", 8))
                    .SelectMany(g => g.Hits)
                    .Select(h => h.Reference)
                    .Order(),
            ];
        string[] Sorted(params string[] references) => [.. references.Order()];
        Assert.Equal(Sorted(draft.Reference, circulated.Reference, proposal.Reference), await Found(Cast.Amina));
        Assert.Equal(Sorted(circulated.Reference, proposal.Reference), await Found(Cast.Ingrid));
        Assert.Equal([circulated.Reference], await Found(Cast.Kenji));
        Assert.Empty(await Found(Cast.Rosa));
        Assert.Empty(await (await test.As(null)).Get<SearchService>().Find("financial", 8));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_organisation_in_the_directory_is_found_by_its_name_and_by_the_short_one(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(Cast.Profile(Cast.NorthernAgency, published: true), Cast.Profile(Cast.PacificFund));
        foreach (var words in new[] { Cast.NorthernAgency.Code, Cast.NorthernAgency.Name[Portal.Domain.Reference.Language.En] })
        {
            var found = Assert.Single((await (await test.As(Cast.Amina)).Get<SearchService>().Find(words, 8)).SelectMany(g => g.Hits));
            Assert.Equal("/providers/" + Cast.NorthernAgency.Code, found.Address);
        }
        // Not published: its own people and CTED only.
        Assert.Empty((await (await test.As(Cast.Amina)).Get<SearchService>().Find(Cast.PacificFund.Code, 8)).SelectMany(g => g.Hits));
        Assert.Single((await (await test.As(Cast.Kenji)).Get<SearchService>().Find(Cast.PacificFund.Code, 8)).SelectMany(g => g.Hits));
    }
}
