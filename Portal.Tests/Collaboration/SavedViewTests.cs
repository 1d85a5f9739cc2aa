using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Access;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Shell;

namespace Portal.Tests.Collaboration;

/// <summary>Saved views belong to their membership and tell it of what it may see, once.</summary>
public sealed class SavedViewTests
{
    private static async Task<string> RefusalOf(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    private static async Task<ViewService> Views(TestDb test, Player player) => (await test.As(player)).Get<ViewService>();

    private static async Task<ViewWatcher> Watcher(TestDb test) =>
        new(test.Store, (await test.As(null)).Get<KnownActors>(), test.Clock, NullLogger<ViewWatcher>.Instance);

    private static async Task<Guid> Watch(TestDb test, Player player, string query = "status=Circulated")
    {
        var views = await Views(test, player);
        await views.Save(Domain.Assistance.Need.Card, "Watched", query);
        var id = (await views.Of(Domain.Assistance.Need.Card)).Single(v => v.Name == "Watched").Id;
        await views.Change(id, tells: true);
        return id;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_view_is_saved_renamed_opened_with_and_forgotten_by_its_membership_alone(Database database)
    {
        await using var test = await TestDb.Open(database);
        var amina = await Views(test, Cast.Amina);
        await amina.Save(Domain.Assistance.Need.Card, " Drafts ", "status=Draft");
        await amina.Save(Domain.Assistance.Need.Card, "High", "urgency=High");
        await amina.Save(Domain.Directory.Profile.Card, "Drafts", "theme=CFT");
        Assert.Equal("view.name_taken", await RefusalOf(() => amina.Save(Domain.Assistance.Need.Card, "drafts", "status=Submitted")));
        Assert.Equal("view.nothing_chosen", await RefusalOf(() => amina.Save(Domain.Assistance.Need.Card, "All", "")));
        Assert.Equal("field.required", await RefusalOf(() => amina.Save(Domain.Assistance.Need.Card, " ", "status=Draft")));
        var (drafts, high) = (
            (await amina.Of(Domain.Assistance.Need.Card)).Single(v => v.Name == "Drafts"),
            (await amina.Of(Domain.Assistance.Need.Card)).Single(v => v.Name == "High")
        );
        Assert.Equal(("Drafts", "status=Draft", false), (drafts.Name, drafts.Query, drafts.IsDefault));
        await amina.Change(drafts.Id, isDefault: true);
        await amina.Change(high.Id, isDefault: true);
        Assert.Equal(high.Id, Assert.Single(await amina.Of(Domain.Assistance.Need.Card), v => v.IsDefault).Id);
        await amina.Change(high.Id, "Urgent");
        // All of a change or nothing of it.
        Assert.Equal("view.name_taken", await RefusalOf(() => amina.Change(high.Id, "Drafts", isDefault: false, tells: true)));
        Assert.Equal(
            ("Urgent", true, false),
            (await amina.Of(Domain.Assistance.Need.Card))
                .Where(v => v.Id == high.Id)
                .Select(v => (v.Name, v.IsDefault, v.TellsNew))
                .Single()
        );
        var provider = Assert.Single(await amina.Of(Domain.Directory.Profile.Card));
        Assert.Equal("view.cannot_tell", await RefusalOf(() => amina.Change(provider.Id, tells: true)));

        var otieno = await Views(test, Cast.Otieno);
        Assert.Empty(await otieno.Of(Domain.Assistance.Need.Card));
        await Assert.ThrowsAsync<NotFound>(() => otieno.Change(high.Id, "Mine"));
        await Assert.ThrowsAsync<NotFound>(() => otieno.Remove(high.Id));
        await Assert.ThrowsAsync<NotFound>(() => otieno.Change(high.Id, tells: true));
        await amina.Remove(high.Id);
        Assert.Equal(["Drafts"], (await amina.Of(Domain.Assistance.Need.Card)).Select(v => v.Name));
        await using var db = await test.AsSystem();
        Assert.Equal(3, await db.AuditEntries.CountAsync(a => a.Code == "account.view_saved"));
        Assert.Equal(1, await db.AuditEntries.CountAsync(a => a.Code == "account.view_removed"));
    }

    [Fact]
    public async Task There_are_at_most_twenty_of_a_list()
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var amina = await Views(test, Cast.Amina);
        for (var i = 0; i < SavedView.Most; i++)
            await amina.Save(Domain.Assistance.Need.Card, $"View {i}", "status=Draft");
        Assert.Equal("view.too_many", await RefusalOf(() => amina.Save(Domain.Assistance.Need.Card, "One more", "status=Draft")));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Its_owner_is_told_of_what_comes_to_fit_and_may_be_seen_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        var before = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await test.Save(before);
        await Watch(test, Cast.Ingrid);
        await Watch(test, Cast.Kenji);
        var (watcher, ingrid, kenji) = (
            await Watcher(test),
            (await test.As(Cast.Ingrid)).Get<NoticeService>(),
            (await test.As(Cast.Kenji)).Get<NoticeService>()
        );
        async Task<(int, int)> Told()
        {
            test.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAll(watcher.Round(default), watcher.Round(default));
            await watcher.Round(default);
            return ((await ingrid.Latest(20)).Count(l => l.Code == "view.new"), (await kenji.Latest(20)).Count(l => l.Code == "view.new"));
        }
        Assert.Equal((0, 0), await Told()); // what was there is not new
        await test.Save(Cast.NeedAt(NeedStatus.Submitted), Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.PacificFund));
        Assert.Equal((0, 0), await Told()); // neither fits, and neither may be seen
        var now = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
        await test.Save(now);
        Assert.Equal((1, 0), await Told());
        Assert.Equal((1, 0), (await ingrid.CountNew(), await kenji.CountNew()));
        Assert.Equal((1, 0), await Told());
        Assert.Equal(now.Reference, (await ingrid.Latest(20)).Single(l => l.Code == "view.new").Reference);

        // An older need that comes to be seen is new to whom it is shown, and what is seen no longer is told no longer.
        await (await test.As(Cast.Amina)).Get<NeedService>().GiveConsent(before.Reference, [Cast.PacificFund.Audience], NeedParts.Summary);
        Assert.Equal((1, 1), await Told());
        await (await test.As(Cast.Amina)).Get<NeedService>().RevokeConsent(now.Reference, Cast.NorthernAgency.Audience, null);
        Assert.Equal((0, 1), await Told());
        await using var db = await test.For(Cast.Ingrid);
        Assert.DoesNotContain(now.Id, await db.ViewHits.Select(h => h.RecordId).ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_State_is_told_of_programmes_that_come_to_fit_as_far_as_they_are_shared_with_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var views = await Views(test, Cast.Amina);
        await views.Change(await views.Save(Domain.Assistance.Programme.Card, "For us", "state=KEN"), tells: true);
        var (hidden, shared) = (
            Cast.Programme(Cast.Kenji).SharedAs(ProgrammeSharing.CtedOnly),
            Cast.Programme(Cast.Ingrid).SharedAs(ProgrammeSharing.AsPublished)
        );
        await test.Save(hidden, shared);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        await (await Watcher(test)).Round(default);
        Assert.Equal(
            [shared.Reference],
            (await (await test.As(Cast.Amina)).Get<NoticeService>().Latest(20)).Where(l => l.Code == "view.new").Select(l => l.Reference)
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_view_that_filters_by_a_part_that_is_not_shared_tells_nothing_of_it(Database database)
    {
        await using var test = await TestDb.Open(database);
        var id = await Watch(test, Cast.Ingrid, "urgency=High");
        await test.Save(
            Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency, NeedParts.Summary).CirculatedBy(Cast.Andrei),
            Cast.NeedAt(NeedStatus.Authenticated)
                .SharedWith(Cast.NorthernAgency, NeedParts.Summary | NeedParts.Timeframe)
                .CirculatedBy(Cast.Andrei)
        );
        await (await Watcher(test)).Round(default);
        await using var db = await test.For(Cast.Ingrid);
        Assert.Single(await db.ViewHits.Where(h => h.ViewId == id).ToListAsync());
        // Not to be told any more is to be forgotten.
        await (await Views(test, Cast.Ingrid)).Change(id, tells: false);
        Assert.Empty(await db.ViewHits.ToListAsync());
        await (await Views(test, Cast.Ingrid)).Change(id, tells: true);
        await (await Views(test, Cast.Ingrid)).Remove(id);
        await using var system = await test.AsSystem();
        Assert.Equal(0, await system.ViewHits.CountAsync());
    }

    [Theory]
    [InlineData("/needs?status=Draft&page=3", "status=Draft")]
    [InlineData("/needs?theme=CFT&status=Draft&view=all", "status=Draft&theme=CFT")]
    [InlineData("/needs?status=Submitted&status=Draft&q=", "status=Draft&status=Submitted")]
    [InlineData("/needs?view=all", "")]
    public void Two_addresses_that_show_the_same_have_the_same_query(string address, string query) =>
        Assert.Equal(query, ListAddress.Of(address).Query("page", "view", "pageSize"));
}
