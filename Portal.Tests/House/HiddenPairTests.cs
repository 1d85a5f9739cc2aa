using Portal.Assistance;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Api;

namespace Portal.Tests.House;

/// <summary>The same database with and without a need that somebody may not see is the same to them: every list, count, search, order, page and export, byte by byte.</summary>
public sealed class HiddenPairTests
{
    /// <summary>Needs that Ingrid's agency may not see, each by another reason.</summary>
    private static readonly (string Why, Func<Need> Make)[] HiddenNeeds =
    [
        ("a draft of another's", () => Cast.NeedAt(NeedStatus.Draft, Cast.Rosa)),
        ("with CTED only", () => Cast.NeedAt(NeedStatus.Submitted)),
        ("returned", () => Cast.NeedAt(NeedStatus.Returned)),
        ("consented to, not circulated", () => Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency)),
        ("consented to another donor", () => Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.PacificFund).CirculatedBy(Cast.Andrei)),
        ("consented to partners", () => Cast.NeedAt(NeedStatus.Authenticated, Cast.Rosa).SharedWith(Audience.Partners).CirculatedBy(Cast.Andrei)),
        ("consent revoked", () => Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).SharedWith(Cast.PacificFund).CirculatedBy(Cast.Andrei).NoLongerSharedWith(Cast.NorthernAgency.Audience)),
        ("withdrawn", () => Cast.NeedAt(NeedStatus.Withdrawn)),
    ];

    private static readonly string[] Addresses =
    [
        "/api/v1/needs", "/api/v1/needs?pageSize=2", "/api/v1/needs?pageSize=2&page=2", "/api/v1/needs?page=3&pageSize=2", "/api/v1/needs?q=financial", "/api/v1/needs?q=training+of", "/api/v1/needs?q=NEED-2027",
        "/api/v1/needs?state=KEN", "/api/v1/needs?state=PER", "/api/v1/needs?status=Circulated", "/api/v1/needs?status=Draft", "/api/v1/needs?theme=CFT", "/api/v1/needs?modality=TRAINING", "/api/v1/needs?urgency=High",
        .. Enum.GetValues<NeedSort>().Select(s => "/api/v1/needs?pageSize=3&sort=" + s), "/api/v1/proposals", "/needs/export?format=csv", "/needs/export?format=csv&q=financial", "/proposals/export?format=csv",
    ];

    [Fact]
    public async Task A_hidden_need_changes_no_list_count_search_order_page_or_export()
    {
        await using var host = await ApiHost.Start();
        await host.Db.Save(Enumerable.Range(0, 5).Select(i => Cast.NeedAt(NeedStatus.Circulated, i % 2 == 0 ? Cast.Amina : Cast.Rosa)));
        var ingrid = await host.As(Cast.Ingrid);
        var without = new Dictionary<string, Answer>();
        foreach (var address in Addresses)
            without[address] = await ingrid.Get(address).Is(200);
        foreach (var (why, make) in HiddenNeeds)
        {
            await host.Db.Save(make());
            foreach (var (address, before) in without)
            {
                var with = await ingrid.Get(address).Is(200);
                Assert.True(with.Bytes.AsSpan().SequenceEqual(before.Bytes) && with.Everything == before.Everything, $"{why}: {address}\n{with.Body}\n\n{before.Body}");
            }
        }
        // The comparison can tell: one more that is shown is seen.
        await host.Db.Save(Cast.NeedAt(NeedStatus.Circulated));
        foreach (var address in new[] { "/api/v1/needs", "/api/v1/needs?q=financial", "/needs/export?format=csv" })
            Assert.NotEqual(without[address].Body, (await ingrid.Get(address)).Body);
    }
}
