using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Public;
using Portal.Shell;

namespace Portal.Tests.Directory;

public class DirectoryServiceTests
{
    private static readonly string Northern = Cast.NorthernAgency.Code;
    private static readonly Profile.Content Text = new()
    {
        Summary = "Advises ministries of justice.",
        Language = Language.En,
        ContactName = "Desk",
        ContactEmail = "desk@example.org",
    };

    private static async Task<DirectoryService> As(TestDb db, Player? player) => (await db.As(player)).Get<DirectoryService>();

    private static async Task<bool> Sees(TestDb db, Player player, string code)
    {
        try
        {
            return (await (await As(db, player)).Provider(code)) is { Profile: not null } or { Offers.Count: > 0 };
        }
        catch (NotFound)
        {
            return false;
        }
    }

    private static ListAddress At(string query) => ListAddress.Of($"{Profile.Card.List}?{query}");

    [Theory, OnSqlite, OnPostgres]
    public async Task An_unpublished_profile_is_there_for_its_own_people_and_the_Executive_Directorate_alone(Database database)
    {
        await using var db = await TestDb.Open(database);
        await db.Save(Cast.Profile(Cast.NorthernAgency));

        foreach (var player in Cast.All)
        {
            var expected = player.Organisation == Cast.NorthernAgency || player.Organisation == Cast.Cted;
            Assert.Equal(expected, await Sees(db, player, Northern));
            Assert.Equal(expected ? 1 : 0, (await (await As(db, player)).List(At(""))).Total);
        }
        Assert.Null(await new PublicReading(db.Store).Provider(Northern));
        Assert.Empty(await new PublicReading(db.Store).Providers());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Contacts_are_for_members_and_never_for_the_public(Database database)
    {
        await using var db = await TestDb.Open(database);
        await db.Save(Cast.Profile(Cast.NorthernAgency, published: true));

        foreach (var player in Cast.All)
            Assert.Equal("help@example.org", (await (await As(db, player)).Provider(Northern)).Profile!.ContactEmail);
        var open = (await new PublicReading(db.Store).Provider(Northern))!.Profile!;
        Assert.Equal(
            ("Gives courses and advice.", null, null, null),
            (open.Summary, open.ContactName, open.ContactEmail, open.IsPublished)
        );
        Assert.Equal(DirectoryParts.Published, open.Parts);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whether_it_is_published_is_told_to_those_who_see_it_whole(Database database)
    {
        await using var db = await TestDb.Open(database);
        await db.Save(Cast.Profile(Cast.NorthernAgency, published: true), Cast.Offer(Cast.NorthernAgency, published: true));

        var own = await (await As(db, Cast.Ingrid)).Provider(Northern);
        Assert.True(own.Profile!.IsPublished);
        Assert.True(own.Offers[0].Content.IsPublished);
        var other = await (await As(db, Cast.Kenji)).Provider(Northern);
        Assert.Null(other.Profile!.IsPublished);
        Assert.Null(other.Profile.UpdatedAt);
        Assert.False(other.Offers[0].IsOwn);
        Assert.False(other.Offers[0].Content.IsPublished);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_open_offer_is_for_members_a_closed_one_for_its_own_people_a_published_one_for_all(Database database)
    {
        await using var db = await TestDb.Open(database);
        var (open, closed, published) = (
            Cast.Offer(Cast.NorthernAgency),
            Cast.Offer(Cast.NorthernAgency),
            Cast.Offer(Cast.NorthernAgency, published: true)
        );
        closed.Close(Cast.Now);
        await db.Save(open, closed, published);

        async Task<IEnumerable<string>> Seen(Player player) =>
            (await (await As(db, player)).Provider(Northern)).Offers.Select(o => o.Reference).Order();
        Assert.Equal(new[] { open.Reference, closed.Reference, published.Reference }.Order(), await Seen(Cast.Lars));
        Assert.Equal(new[] { open.Reference, closed.Reference, published.Reference }.Order(), await Seen(Cast.Andrei));
        Assert.Equal(new[] { open.Reference, published.Reference }.Order(), await Seen(Cast.Amina));
        Assert.Equal([published.Reference], (await new PublicReading(db.Store).Provider(Northern))!.Offers.Select(o => o.Reference));
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(db, Cast.Amina)).Offer(closed.Reference));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_its_own_people_and_the_information_officer_write_a_profile(Database database)
    {
        await using var db = await TestDb.Open(database);
        await db.Save(Cast.Profile(Cast.NorthernAgency, published: true));

        foreach (var player in Cast.All)
        {
            var service = await As(db, player);
            var view = await service.Provider(Northern);
            var may = player == Cast.Ingrid || player == Cast.Lars || player == Cast.Chloe;
            Assert.Equal((may, may), (view.CanEdit, view.Profile!.CanEdit));
            if (may)
                await service.EditProfile(Northern, view.Profile.Version, Text);
            else
                Assert.Equal(
                    "profile.not_yours_to_edit",
                    (await Assert.ThrowsAsync<Refusal>(() => service.EditProfile(Northern, view.Profile.Version, Text))).Code
                );
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Writing_to_what_one_may_not_see_answers_as_if_it_were_not_there(Database database)
    {
        await using var db = await TestDb.Open(database);
        var offer = Cast.Offer(Cast.NorthernAgency);
        offer.Close(Cast.Now);
        await db.Save(Cast.Profile(Cast.NorthernAgency), offer);

        var other = await As(db, Cast.Kenji);
        await Assert.ThrowsAsync<NotFound>(() => other.EditProfile(Northern, null, Text));
        await Assert.ThrowsAsync<NotFound>(() => other.EditProfile(Cast.LegalNetwork.Code, null, Text)); // has none
        await Assert.ThrowsAsync<NotFound>(() => other.EditProfile("no-such-body", null, Text));
        await Assert.ThrowsAsync<NotFound>(() => other.PublishProfile(Northern, Guid.Empty, true));
        await Assert.ThrowsAsync<NotFound>(() => other.EditOffer(offer.Reference, offer.Version, Cast.OfferContent));
        await Assert.ThrowsAsync<NotFound>(() => other.ReopenOffer(offer.Reference, offer.Version));
        await Assert.ThrowsAsync<NotFound>(() => other.OpenOffer(Northern, Cast.OfferContent));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_first_profile_is_opened_by_writing_it_and_is_not_public(Database database)
    {
        await using var db = await TestDb.Open(database);
        var lars = await As(db, Cast.Lars);
        Assert.Equal(Northern, await lars.Own());
        Assert.Null((await lars.Provider(Northern)).Profile);

        await lars.EditProfile(Northern, null, Text);

        var profile = (await lars.Provider(Northern)).Profile!;
        Assert.Equal((Text.Summary, false), (profile.Summary, profile.IsPublished));
        Assert.Null(await new PublicReading(db.Store).Provider(Northern));
        Assert.Equal(
            "profile.not_yours_to_publish",
            (await Assert.ThrowsAsync<Refusal>(() => lars.PublishProfile(Northern, profile.Version, true))).Code
        );
        await (await As(db, Cast.Ingrid)).PublishProfile(Northern, profile.Version, true);
        Assert.NotNull(await new PublicReading(db.Store).Provider(Northern));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_organisation_says_where_it_is_found_and_who_binds_it_as_whom_it_publishes(Database database)
    {
        await using var db = await TestDb.Open(database);
        var (lars, ingrid) = (await As(db, Cast.Lars), await As(db, Cast.Ingrid));
        var identifier = (await lars.Provider(Northern)).IatiIdentifier;
        await lars.EditProfile(Northern, null, Text with { Website = " https://northern.example ", IatiIdentifier = identifier });
        var seen = await ingrid.Provider(Northern);
        Assert.Equal(("https://northern.example", identifier), (seen.Website, seen.IatiIdentifier));
        Assert.Equal(
            "profile.identifier_not_yours",
            (
                await Assert.ThrowsAsync<Refusal>(() =>
                    lars.EditProfile(Northern, seen.Profile!.Version, Text with { IatiIdentifier = "XM-DAC-1" })
                )
            ).Code
        );
        await ingrid.EditProfile(Northern, seen.Profile!.Version, Text with { IatiIdentifier = "XM-DAC-1" });
        Assert.Equal((null, "XM-DAC-1"), ((await lars.Provider(Northern)).Website, (await lars.Provider(Northern)).IatiIdentifier));
        Assert.Equal(
            "profile.website_unreadable",
            Assert.Single(Profile.Content.Fields.Problems(Text with { Website = "javascript:alert(1)" })).Code
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_State_has_no_profile_to_write(Database database)
    {
        await using var db = await TestDb.Open(database);
        Assert.Null(await (await As(db, Cast.Amina)).Own());
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(db, Cast.Amina)).Provider(Cast.Kenya.Code));
        await Assert.ThrowsAsync<Refusal>(async () => await (await As(db, Cast.Chloe)).EditProfile(Cast.Kenya.Code, null, Text));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_saves_second_is_told_and_changes_nothing(Database database)
    {
        await using var db = await TestDb.Open(database);
        await db.Save(Cast.Profile(Cast.NorthernAgency), Cast.Offer(Cast.NorthernAgency));
        var (lars, ingrid) = (await As(db, Cast.Lars), await As(db, Cast.Ingrid));
        var opened = await lars.Provider(Northern);

        await ingrid.EditProfile(Northern, opened.Profile!.Version, Text with { Summary = "Hers" });
        await ingrid.EditOffer(opened.Offers[0].Reference, opened.Offers[0].Version, Cast.OfferContent with { Title = "Hers" });

        Assert.Equal(
            "record.changed_meanwhile",
            (await Assert.ThrowsAsync<Refusal>(() => lars.EditProfile(Northern, opened.Profile.Version, Text))).Code
        );
        Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(() => lars.EditProfile(Northern, null, Text))).Code);
        Assert.Equal(
            "record.changed_meanwhile",
            (
                await Assert.ThrowsAsync<Refusal>(() =>
                    lars.EditOffer(opened.Offers[0].Reference, opened.Offers[0].Version, Cast.OfferContent)
                )
            ).Code
        );
        Assert.Equal(
            "record.changed_meanwhile",
            (await Assert.ThrowsAsync<Refusal>(() => ingrid.PublishProfile(Northern, opened.Profile.Version, true))).Code
        );
        var now = await lars.Provider(Northern);
        Assert.Equal(("Hers", "Hers"), (now.Profile!.Summary, now.Offers[0].Content.Title));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_contributor_writes_offers_and_cannot_make_them_public(Database database)
    {
        await using var db = await TestDb.Open(database);
        var lars = await As(db, Cast.Lars);
        Assert.Equal(
            "offer.not_yours_to_publish",
            (await Assert.ThrowsAsync<Refusal>(() => lars.OpenOffer(Northern, Cast.OfferContent with { IsPublished = true }))).Code
        );
        var reference = await lars.OpenOffer(Northern, Cast.OfferContent);
        Assert.Equal($"OFFER-{Cast.Now.Year}-0001", reference);
        Assert.Equal(
            "offer.not_yours_to_publish",
            (
                await Assert.ThrowsAsync<Refusal>(async () =>
                    await lars.EditOffer(reference, (await lars.Offer(reference)).Version, Cast.OfferContent with { IsPublished = true })
                )
            ).Code
        );

        var ingrid = await As(db, Cast.Ingrid);
        await ingrid.EditOffer(reference, (await ingrid.Offer(reference)).Version, Cast.OfferContent with { IsPublished = true });
        await lars.CloseOffer(reference, (await lars.Offer(reference)).Version);
        Assert.Null(await new PublicReading(db.Store).Provider(Northern));
        // Opening it again would publish it again.
        Assert.False((await lars.Offer(reference)).CanReopen);
        Assert.Equal(
            "offer.not_yours_to_publish",
            (await Assert.ThrowsAsync<Refusal>(async () => await lars.ReopenOffer(reference, (await lars.Offer(reference)).Version))).Code
        );
        await ingrid.ReopenOffer(reference, (await ingrid.Offer(reference)).Version);
        Assert.NotNull(await new PublicReading(db.Store).Provider(Northern));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_hidden_changes_no_list_no_search_and_no_count(Database database)
    {
        await using var db = await TestDb.Open(database);
        await db.Save(Cast.Profile(Cast.PacificFund, published: true));
        var (kenji, open) = (await As(db, Cast.Kenji), new PublicReading(db.Store));
        ListAddress[] queries = [At(""), At("q=courses"), At("q=northern"), At("theme=CFT")];
        async Task<List<string>> Shown()
        {
            var shown = new List<string>();
            foreach (var query in queries)
            foreach (var page in new[] { await kenji.List(query), await open.Directory(query, Language.En) })
                shown.Add($"{page.Total} {page.Offers} {string.Join(' ', page.Rows.Select(r => r.Code + r.Offers.Count))}");
            return shown;
        }
        var before = await Shown();

        var closed = Cast.Offer(Cast.NorthernAgency);
        closed.Close(Cast.Now);
        await db.Save(Cast.Profile(Cast.NorthernAgency), closed);

        Assert.Equal(before, await Shown());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Search_and_filters_find_what_they_name(Database database)
    {
        await using var db = await TestDb.Open(database);
        StandingOffer Offer(Organisation of, string title, StandingOffer.Content content) =>
            StandingOffer.Open("OFFER-2027-9" + title[..3], of, content with { Title = title, IsPublished = true }, Cast.Now);
        await db.Save(
            Cast.Profile(Cast.LegalNetwork, published: true),
            Offer(
                Cast.NorthernAgency,
                "001 Scanners",
                Cast.OfferContent with
                {
                    Themes = ["BORDER_CUSTOMS"],
                    Modalities = ["EQUIPMENT"],
                    Regions = [],
                    WorkingLanguages = [Language.Ru],
                }
            ),
            Offer(Cast.PacificFund, "002 Courses", Cast.OfferContent)
        );
        var service = await As(db, Cast.Amina);
        async Task<string> Found(string query) => string.Join(' ', (await service.List(At(query))).Rows.Select(r => r.Code).Order());

        Assert.Equal("legal-network northern-agency pacific-fund", await Found(""));
        Assert.Equal("northern-agency", await Found("q=scanners"));
        Assert.Equal("pacific-fund", await Found("q=PACIFIC coop"));
        Assert.Equal("legal-network", await Found("q=advice"));
        Assert.Equal("", await Found("q=nothing like it"));
        Assert.Equal("northern-agency", await Found("theme=BORDER")); // customs are a part of borders
        Assert.Equal("northern-agency pacific-fund", await Found("theme=BORDER&theme=CFT"));
        Assert.Equal("", await Found("theme=CFT&modality=EQUIPMENT"));
        Assert.Equal("northern-agency pacific-fund", await Found("region=Africa")); // no region named is every region
        Assert.Equal("northern-agency", await Found("region=Grulac"));
        Assert.Equal("northern-agency", await Found("language=ru"));
    }
}
