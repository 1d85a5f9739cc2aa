using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Tests.Access;
using Portal.Tests.Api;

namespace Portal.Tests.House;

/// <summary>
/// The same database with and without a need that somebody may not see is the same to them: every list, count, search, order, page and
/// export, byte by byte.
/// </summary>
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
        (
            "consented to partners",
            () => Cast.NeedAt(NeedStatus.Authenticated, Cast.Rosa).SharedWith(Audience.Partners).CirculatedBy(Cast.Andrei)
        ),
        (
            "consent revoked",
            () =>
                Cast.NeedAt(NeedStatus.Authenticated)
                    .SharedWith(Cast.NorthernAgency)
                    .SharedWith(Cast.PacificFund)
                    .CirculatedBy(Cast.Andrei)
                    .NoLongerSharedWith(Cast.NorthernAgency.Audience)
        ),
        ("withdrawn", () => Cast.NeedAt(NeedStatus.Withdrawn)),
    ];

    [Fact, Trait("Pace", "Slow")]
    public async Task A_hidden_need_changes_no_list_count_search_order_page_or_export()
    {
        await using var host = await ApiHost.Start();
        await host.Db.Save(Enumerable.Range(0, 5).Select(i => Cast.NeedAt(NeedStatus.Circulated, i % 2 == 0 ? Cast.Amina : Cast.Rosa)));
        var ingrid = await host.As(Cast.Ingrid);
        var without = new Dictionary<string, Answer>();
        var open = Specimens.All.Where(s => Cast.Ingrid.Actor.LevelIn(s.Section) >= Level.View);
        foreach (var address in open.SelectMany(s => s.Lists))
            without[address] = await ingrid.Get(address).Is(200);
        foreach (var (why, make) in HiddenNeeds)
        {
            await host.Db.Save(make());
            foreach (var (address, before) in without)
            {
                var with = await ingrid.Get(address).Is(200);
                Assert.True(
                    with.Bytes.AsSpan().SequenceEqual(before.Bytes) && with.Everything == before.Everything,
                    $"{why}: {address}\n{with.Body}\n\n{before.Body}"
                );
            }
        }
        // The comparison can tell: one more that is shown is seen.
        await host.Db.Save(Cast.NeedAt(NeedStatus.Circulated));
        foreach (var address in new[] { "/api/v1/needs", "/api/v1/needs?q=financial", "/needs/export?format=csv" })
            Assert.NotEqual(without[address].Body, (await ingrid.Get(address)).Body);
    }

    /// <summary>
    /// Pairs of databases that differ by one random record of any kind: to everybody it is hidden from they are the same, in lists, counts,
    /// facets,
    /// searches, orders, pages, exports and errors, byte by byte. 20 pairs, or as many as <c>PORTAL_PROOF_CASES</c> says, and as many
    /// more as it takes to have one of each kind.
    /// </summary>
    [Fact, Trait("Pace", "Slow")]
    public async Task Whatever_is_hidden_changes_nothing_for_whomever_it_is_hidden_from()
    {
        await using var host = await ApiHost.Start();
        var circulated = Enumerable
            .Range(0, 5)
            .Select(i => Cast.NeedAt(NeedStatus.Circulated, i % 2 == 0 ? Cast.Amina : Cast.Rosa))
            .ToList();
        await host.Db.Save(circulated);
        var (world, random, cases) = (new World(2009), new Random(2009), Proof.Cases(20));
        Player[] players = [Cast.Ingrid, Cast.Kenji, Cast.Amina, Cast.Rosa, Cast.Fatou, Cast.Leila, Cast.Andrei, Cast.Wei];
        var clients = new Dictionary<Player, HttpClient>();
        foreach (var player in players)
            clients[player] = await host.As(player);
        var answers = new Dictionary<(Player, string), Answer>();
        var (pairs, compared) = (0, 0);
        var (made, proven) = (new Dictionary<Kind, int>(), new HashSet<Kind>());
        while (pairs < cases || !proven.SetEquals(Kinds.All))
        {
            var specimen = world.One(Specimens.All);
            if ((made[specimen.Kind] = made.GetValueOrDefault(specimen.Kind) + 1) > specimen.Most)
                continue;
            var record = specimen.Beside(world, circulated);
            var (blind, seeing) = (
                players.Where(p => !Decision.On(record, p).Visible).ToList(),
                players.Where(p => Decision.On(record, p).Visible).ToList()
            );
            if (blind.Count == 0)
                continue;
            var player = blind[random.Next(blind.Count)];
            var asked = Asked.OrderBy(_ => random.Next()).Take(12).ToList();
            foreach (var address in asked)
                if (!answers.ContainsKey((player, address)))
                    answers[(player, address)] = await clients[player].Get(address);
            await host.Db.Save(record);
            foreach (var address in asked)
            {
                var (before, after) = (answers[(player, address)], await clients[player].Get(address));
                Assert.True(
                    after.Bytes.AsSpan().SequenceEqual(before.Bytes) && after.Everything == before.Everything,
                    $"{record.Kind} {record.Reference}, {player}: {address}\n{after.Body}\n\n{before.Body}"
                );
                compared++;
            }
            // By its own name it answers as what is not there.
            var name = record.Reference;
            var (hidden, nothing) = (
                await clients[player].Get(specimen.Path + name),
                await clients[player].Get(specimen.Path + specimen.Missing)
            );
            Assert.Equal(nothing.Everything.Replace(specimen.Missing, "*"), hidden.Everything.Replace(name, "*"));
            proven.Add(specimen.Kind);
            // To those who see it the database is another one from here on.
            foreach (var key in answers.Keys.Where(k => seeing.Contains(k.Item1)).ToList())
                answers.Remove(key);
            pairs++;
        }
        Assert.True(compared >= cases * 12);
    }

    private static readonly string[] Lists = [.. Specimens.All.SelectMany(s => s.Lists)];

    private static readonly string[] Asked =
    [
        .. Lists,
        "/api/v1/needs?sort=Nothing",
        "/api/v1/needs?page=0",
        "/api/v1/needs?status=Nothing",
        "/needs/export?format=pdf",
    ];
}
