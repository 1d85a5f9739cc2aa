using Portal.Assistance.Proposals;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Collaboration;

/// <summary>
/// Who sees a record whole is told who else sees it; everybody else only why they do. A proposal is before three by rule, and each of them
/// knows it.
/// </summary>
public sealed class ReadersTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Of_a_proposal_the_provider_the_State_and_CTED_each_learn_that_all_three_see_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        var (draft, made) = (Cast.ProposalAt(ProposalStatus.Draft, need), Cast.ProposalAt(ProposalStatus.Proposed, need));
        await test.Save(need, draft, made);

        async Task<string[]> Readers(Player player, Proposal proposal) =>
            [.. (await (await test.As(player)).Get<ProposalService>().Readers(proposal.Reference)).Select(l => $"{l.Audience} {l.People}")];
        Assert.Equal(["org:9001 2"], await Readers(Cast.Ingrid, draft));
        var everyone = await Readers(Cast.Ingrid, made);
        Assert.Equal(["org:9001 2", "state:KEN 2", "cted 3"], everyone);
        Assert.Equal(everyone, await Readers(Cast.Amina, made));
        Assert.Equal(everyone, await Readers(Cast.Andrei, made));
        await Assert.ThrowsAsync<NotFound>(() => Readers(Cast.Kenji, made));
        await Assert.ThrowsAsync<NotFound>(() => Readers(Cast.Amina, draft));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_a_profile_and_its_offers_its_own_people_and_the_Executive_Directorate_learn_everyone_and_nobody_else_anything(
        Database database
    )
    {
        await using var test = await TestDb.Open(database);
        var (profile, open, closed) = (
            Cast.Profile(Cast.NorthernAgency, published: true),
            Cast.Offer(Cast.NorthernAgency),
            Cast.Offer(Cast.NorthernAgency)
        );
        closed.Close(Cast.Now);
        await test.Save(profile, open, closed);

        foreach (var player in new[] { Cast.Ingrid, Cast.Andrei })
        {
            var directory = (await test.As(player)).Get<DirectoryService>();
            var readers = await directory.Readers(await directory.Provider(Cast.NorthernAgency.Code));
            Assert.Equal(["org:9001", "cted", "members", "public"], readers[profile.Id].Select(l => l.Audience));
            Assert.Equal(["org:9001", "cted", "members"], readers[open.Id].Select(l => l.Audience));
            Assert.Equal(["org:9001", "cted"], readers[closed.Id].Select(l => l.Audience));
            Assert.Equal(2, readers[closed.Id][0].People);
            Assert.Equal(Cast.NorthernAgency.Name, readers[closed.Id][0].Organisation);
        }
        var other = (await test.As(Cast.Kenji)).Get<DirectoryService>();
        Assert.Empty(await other.Readers(await other.Provider(Cast.NorthernAgency.Code)));
    }
}
