using Portal.Assistance.Needs;
using Portal.Domain.Assistance;
using Portal.Tests.Api;

namespace Portal.Tests.Assistance;

/// <summary>
/// A need's version changes with every save, also of parts a reader does not see: it is for those who see the need whole.
/// </summary>
public sealed class NeedViewTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_donor_never_gets_the_version_of_a_need(Database database)
    {
        await using var test = await TestDb.Open(database);
        // All that can be shared is shared.
        var need = Cast.NeedAt(NeedStatus.Authenticated)
            .SharedWith(Cast.NorthernAgency)
            .SharedWith(Cast.LegalNetwork)
            .CirculatedBy(Cast.Andrei);
        await test.Save(need);

        foreach (var player in new[] { Cast.Amina, Cast.Otieno, Cast.Andrei })
            Assert.NotEqual(Guid.Empty, (await (await test.As(player)).Get<NeedService>().Get(need.Reference)).Version);
        foreach (var player in new[] { Cast.Ingrid, Cast.Lars, Cast.Fatou })
            Assert.Equal(Guid.Empty, (await (await test.As(player)).Get<NeedService>().Get(need.Reference)).Version);
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task Nor_in_any_answer_of_the_API()
    {
        await using var host = await ApiHost.Start();
        var need = Cast.NeedAt(NeedStatus.Draft);
        await host.Db.Save(need);
        var (amina, andrei, ingrid) = (await host.As(Cast.Amina), await host.As(Cast.Andrei), await host.As(Cast.Ingrid));
        var at = "/api/v1/needs/" + need.Reference;
        Assert.NotNull((await amina.Get(at).Is(200)).Version);
        await amina.Post(at + "/submit").Is(200);
        await andrei.Post(at + "/authenticate").Is(200);
        await amina.Put(at + "/consents/org:9001", new { parts = new[] { "Description", "Cost", "Attachments" } }).Is(200);
        await andrei.Post(at + "/circulate", new { replyBy = "2027-06-01" }).Is(200);

        await using var db = await host.Db.AsSystem();
        var version = db.Needs.Single(n => n.Id == need.Id).Version;
        foreach (var address in new[] { at, "/api/v1/needs", at + "/readers" })
        {
            var answer = await ingrid.Get(address).Is(200);
            Assert.DoesNotContain(version.ToString(), answer.Everything);
        }
        Assert.Null((await ingrid.Get(at).Is(200)).Version);
    }
}
