using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Committee;
using Portal.Tests.Access;
using Portal.Tests.Api;

namespace Portal.Tests.House;

/// <summary>What more than its own room asks about a kind of record stands on its card, and nowhere else.</summary>
public sealed class KindLaws
{
    [Fact]
    public void Only_a_card_says_the_address_of_a_kind()
    {
        var literal = new Regex($@"""(/api/v1)?/({string.Join('|', Kinds.All.Select(k => k.Plural.ToLowerInvariant()))})(?=[""/?#{{])");
        Sources.None(
            from file in Sources.Of(".cs", ".razor")
            from line in Sources.Code(file.Text).Split('\n')
            where !line.StartsWith("@page", StringComparison.Ordinal) && literal.IsMatch(line)
            select $"{file.Path}: {line.Trim()}",
            "Addresses of a kind of record, which its card knows:"
        );
    }

    /// <summary>Who asks which kind it is. Add a file only with what no card can say.</summary>
    private static readonly string[] AskWhich =
    [
        "Portal/Assistance/Matches/Matcher.cs", // only needs, offers and proposals are matched, each in its own way
        "Portal/Assistance/Traces/TraceNodeText.cs", // an outcome is told of on two kinds of page
    ];

    [Fact]
    public void Nothing_asks_which_kind_a_record_is() =>
        Only(f => Regex.IsMatch(f, @"(==|!=|\bis)\s+([\w.]+\.)?\w+\.Card\b(?!\.)|\b[Kk]ind\.Name\b"), AskWhich);

    /// <summary>Who names many kinds one by one. Add a file only with its reason: the next kind would have to be written into it.</summary>
    private static readonly string[] NameMany =
    [
        "Portal.Domain/Kinds.cs", // the list
        "Portal/Assistance/Needs/NeedPage.razor", // what changes of others its page shows
        "Portal/Assistance/States/StatePage.razor", // the lists that its figures lead to
        "Portal/Assistance/States/StateService.cs", // what there is of one State, each kind with its own figures
        "Portal/Assistance/Traces/TraceNodeText.cs", // the links of the chain
        "Portal/Data/Demonstration/DemonstrationStory.cs", // a story
        "Portal/Home/HomeService.cs", // figures and what waits, by role
    ];

    [Fact]
    public void Nothing_but_the_list_goes_through_the_kinds_one_by_one() =>
        Only(f => Regex.Matches(f, @"\b(\w+)\.Card\b").Select(m => m.Groups[1].Value).Distinct().Count() > 2, NameMany);

    private static void Only(Func<string, bool> does, string[] allowed)
    {
        var found = Sources.Of(".cs", ".razor").Where(f => does(Sources.Code(f.Text))).Select(f => f.Path).ToList();
        Sources.None(found.Except(allowed), "Not on the list of this law:");
        Sources.None(allowed.Except(found), "On the list of this law for nothing:");
    }

    [Fact]
    public void Every_kind_has_its_room() => Assert.Equal(Kinds.All.Select(k => k.Name), RecordRooms.All.Select(r => r.Kind.Name));

    [Fact]
    public void No_two_kinds_go_by_one_name()
    {
        foreach (var names in new Func<Kind, string?>[] { k => k.Name, k => k.List, k => k.Prefix, k => k.Series })
            Assert.Equal(Kinds.All.Count(k => names(k) is not null), Kinds.All.Select(names).OfType<string>().Distinct().Count());
    }

    [Fact]
    public void Every_list_whose_views_tell_of_new_records_can_be_watched() =>
        Assert.Equal(
            Kinds.All.Where(k => k.Views == Views.Told).Select(k => k.Name).Order(),
            RecordRooms.Lists.Select(l => l.Kind.Name).Order()
        );

    [Fact]
    public void A_card_says_what_its_records_are()
    {
        var world = new World(36);
        foreach (var specimen in Specimens.All)
            for (var i = 0; i < 50; i++)
            {
                var (kind, record) = (specimen.Kind, specimen.Make(world));
                Assert.Equal(kind.Series is null ? null : kind, Kinds.OfReference(record.Reference));
                // Every part that somebody is shown has a name or is the inner one, and whoever is shown some gets the first.
                var parts = kind.Parts.Named.Aggregate(kind.Parts.Inner.Bit, (all, p) => all | p.Bit);
                Assert.All(record.Exposures(), e => Assert.Equal((0, true), (e.View & ~parts, (e.View & kind.Parts.Named[0].Bit) != 0)));
                Assert.All(record.SearchTexts(), t => Assert.Equal(0, t.Part & ~parts));
                foreach (var shown in record.Exposures().Select(e => KindOf(e.Audience)).OfType<OrganisationKind>())
                    Assert.True(kind.CanShowTo(shown), $"{kind} can be shown to {shown}");
            }

        // An organisation's own record says nothing of others of its kind.
        static OrganisationKind? KindOf(Audience audience) =>
            audience.StateIso3 is not null ? OrganisationKind.MemberState
            : audience == Audience.Cted || audience.CtedStateIso3 is not null ? OrganisationKind.Cted
            : audience == Audience.Providers ? OrganisationKind.Provider
            : audience == Audience.Partners ? OrganisationKind.Partner
            : audience == Audience.Committee || Bodies.Subcommittees.Any(b => b.Audience() == audience) ? OrganisationKind.Committee
            : audience == Audience.Experts ? OrganisationKind.ExpertGroup
            : null;
    }

    [Theory, OnSqlite]
    public async Task A_record_loaded_as_its_card_says_shows_itself_to_the_same_readers(Database database)
    {
        await using var test = await TestDb.Open(database);
        var world = new World(36);
        var circulated = Enumerable.Range(0, 3).Select(_ => Cast.NeedAt(NeedStatus.Circulated).SharedWith(Cast.NorthernAgency)).ToList();
        await test.Save(circulated);
        var saved = Specimens.All.Select(s => s.Beside(world, circulated)).Concat(circulated).ToList();
        await test.Save(saved.Except(circulated));
        await using var db = await test.AsSystem();
        foreach (var record in saved)
        {
            var loaded = await db.Ruled(record.Kind).AsNoTracking().SingleAsync(r => r.Id == record.Id);
            Assert.Equal(
                record.Exposures().Select(e => (e.Audience.Key, e.View)).Order(),
                loaded.Exposures().Select(e => (e.Audience.Key, e.View)).Order()
            );
        }
    }

    [Fact, Trait("Pace", "Slow")]
    public async Task The_address_on_every_card_answers()
    {
        await using var host = await ApiHost.Start();
        var world = new World(36);
        var needs = Enumerable.Range(0, 3).Select(_ => Cast.NeedAt(NeedStatus.Circulated)).ToList();
        await host.Db.Save(needs);
        foreach (var specimen in Specimens.All)
        {
            var record = specimen.Beside(world, needs);
            await host.Db.Save(record);
            var reader = await host.As(Cast.All.First(p => Decision.On(record, p).Visible));
            var answer = await reader.Ask(HttpMethod.Get, record.Kind.Path(record.Reference), headers: ("Accept", "text/html"));
            if (answer.Headers.Location is { } elsewhere)
                answer = await reader.Ask(HttpMethod.Get, elsewhere.OriginalString.Split('#')[0], headers: ("Accept", "text/html"));
            Assert.Equal((record.Kind, 200), (record.Kind, answer.Status));
            Assert.Contains(record.Kind.Series is null ? "<h1" : record.Reference, answer.Body, StringComparison.Ordinal);
            Assert.Equal(
                (record.Kind, 404),
                (
                    record.Kind,
                    (await reader.Ask(HttpMethod.Get, record.Kind.Path(specimen.Missing), headers: ("Accept", "text/html"))).Status
                )
            );
        }
    }
}
