using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assessments;
using Portal.Assistance.Consents;
using Portal.Assistance.FollowUps;
using Portal.Assistance.Proposals;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;
using Portal.Home;
using Portal.Tests.Assessments;

namespace Portal.Tests.Home;

/// <summary>The figures of a home page count what its reader sees, and its work list holds what waits for them.</summary>
public sealed class HomeFigureTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Programmes_are_counted_for_their_owner_for_the_States_they_help_and_for_CTED(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (shared, hidden) = (Cast.Programme(Cast.Ingrid).SharedAs(ProgrammeSharing.AsPublished), Cast.Programme(Cast.Ingrid));
        foreach (var programme in new[] { shared, hidden })
            programme.Begin(Cast.Ingrid, Cast.Now);
        await test.Save(shared, hidden);
        foreach (
            var (player, code, count) in new[]
            {
                (Cast.Ingrid, "figure:programmes.mine", 2),
                (Cast.Amina, "figure:programmes.here", 1),
                (Cast.Rosa, "figure:programmes.here", 0),
                (Cast.Andrei, "figure:programmes", 1),
                (Cast.Kenji, "figure:programmes.mine", 0),
            }
        )
            Assert.Equal(count, (await (await test.As(player)).Get<HomeService>().Get()).Figures.Single(f => f.Code == code).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_State_is_asked_whether_a_need_still_stands_unless_it_has_the_need_before_it_anyway(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (draft, circulated) = (Cast.NeedAt(NeedStatus.Draft), Cast.NeedAt(NeedStatus.Circulated));
        await test.Save(draft, circulated);
        test.Clock.Advance(TimeSpan.FromDays(400));
        var waiting = (await (await test.As(Cast.Amina)).Get<HomeService>().Get()).Waiting;
        Assert.Equal(circulated.Reference, Assert.Single(waiting, w => w.Code == "wait:stale").Reference);
        Assert.Equal(draft.Reference, Assert.Single(waiting, w => w.Code == "wait:submit").Reference);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_silence_decides_waits_by_the_working_days_that_the_dossier_itself_says(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = DossierCast.At(DossierStage.Subcommittee);
        await test.Save(dossier);
        var tuan = await test.As(Cast.Tuan);
        var waits = Assert.Single((await tuan.Get<HomeService>().Get()).Waiting);
        var said = (await tuan.Get<DossierService>().Get(dossier.Reference)).Circulations![0];
        // A week of days, two of them a weekend.
        Assert.Equal(("wait:circulation", new DateOnly(2027, 3, 8), 5), (waits.Code, waits.Due!.Value, waits.WorkingDays!.Value));
        Assert.Equal((said.ClosesOn, said.WorkingDaysLeft), (waits.Due.Value, waits.WorkingDays.Value));
        // What has a day by the calendar says that day alone.
        var sent = DossierCast.At(DossierStage.Sent);
        await test.Save(sent);
        var answer = Assert.Single((await (await test.As(Cast.Amina)).Get<HomeService>().Get()).Waiting);
        Assert.Equal((sent.AnswerBy, null), (answer.Due, answer.WorkingDays));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_who_may_translate_is_asked_to_translate_again_and_nobody_to_answer_what_is_over(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Matched);
        need.Translate(Cast.Otieno, Language.Fr, "Titre", "Texte", Cast.Now);
        need.Edit(Cast.Amina, need.Present with { Title = "Another title" }, Cast.Now);
        await test.Save(need, Cast.Offer(Cast.NorthernAgency));
        await (await test.As(Cast.Ingrid)).Get<AnswerService>().Ask(need.Reference, "Which ranks?", Language.En);
        async Task<IEnumerable<string>> Waits(Player player) =>
            (await (await test.As(player)).Get<HomeService>().Get()).Waiting.Select(w => w.Code);

        Assert.Contains("wait:translate", await Waits(Cast.Andrei));
        Assert.DoesNotContain("wait:translate", await Waits(Cast.Dorothea));
        Assert.Contains("wait:question", await Waits(Cast.Amina));
        await (await test.As(Cast.Amina)).Get<FollowUpService>().Begin(need.Reference);
        Assert.DoesNotContain("wait:question", await Waits(Cast.Amina));
        Assert.DoesNotContain("wait:translate", await Waits(Cast.Andrei));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_officer_finds_the_needs_that_wait_for_nobody_but_a_consent(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (alone, seen, left) = (
            Cast.NeedAt(NeedStatus.Authenticated),
            Cast.NeedAt(NeedStatus.Circulated),
            Cast.NeedAt(NeedStatus.Circulated)
        );
        left.NoLongerSharedWith(Audience.Providers);
        await test.Save(alone, seen, left);
        async Task<IEnumerable<string>> Asked(Player player) =>
            (await (await test.As(player)).Get<HomeService>().Get())
                .Waiting.Where(w => w.Code == "wait:ask_consent")
                .Select(w => w.Reference)
                .Order();

        Assert.Equal(new[] { alone.Reference, left.Reference }.Order(), await Asked(Cast.Andrei));
        Assert.Empty(await Asked(Cast.Dorothea));
        await (await test.As(Cast.Andrei)).Get<ConsentService>().Ask(left.Reference, [new Given(Audience.Providers, NeedParts.Summary)]);
        Assert.Equal([alone.Reference], await Asked(Cast.Andrei));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_access_manager_finds_requests_and_approvals_in_the_work_list_and_who_asked_is_told_in_the_portal(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (malik, noor, wei) = (await test.As(Cast.Malik), await test.As(Cast.Noor), await test.As(Cast.Wei));
        await wei.Get<RequestService>().Ask(Section.Needs, "For the next visit.");
        await malik
            .Get<GrantService>()
            .Give(
                Principal.Person(Cast.Chloe.Id),
                new Grant.Terms(Section.Guide, Level.Manage, false, [], null, false, Cast.Now, null, "For the edition of 2027.")
            );

        Assert.Contains(
            (await malik.Get<HomeService>().Get()).Waiting,
            w => w.Code == "wait:access_request" && w.Title.StartsWith(Cast.Wei.Name, StringComparison.Ordinal) && w.Since is not null
        );
        Assert.Contains((await noor.Get<HomeService>().Get()).Waiting, w => w.Code == "wait:access_second");
        // Nobody approves what they gave themselves, nor is anybody else told of requests.
        Assert.DoesNotContain((await malik.Get<HomeService>().Get()).Waiting, w => w.Code == "wait:access_second");
        Assert.DoesNotContain(
            (await wei.Get<HomeService>().Get()).Waiting,
            w => w.Code.StartsWith("wait:access", StringComparison.Ordinal)
        );
        Assert.Equal(
            ("news.access_asked", Section.Needs),
            (await noor.Get<NoticeService>().Latest(10)).Where(l => l.Section is not null).Select(l => (l.Code, l.Section!.Value)).Single()
        );

        test.Clock.Advance(TimeSpan.FromMinutes(1));
        var asked = Assert.Single((await malik.Get<RequestService>().List([], 1)).Rows);
        await malik.Get<RequestService>().Refuse(asked.Id, "Not this year.");
        var news = wei.Get<NoticeService>();
        var line = Assert.Single(await news.Latest(10));
        Assert.Equal(("news.access_refused", true, 1), (line.Code, line.IsNew, await news.CountNew()));
        await news.Read(line.RecordId);
        Assert.Equal((false, 0), (Assert.Single(await news.Latest(10)).IsNew, await news.CountNew()));
        Assert.Empty(await (await test.As(Cast.Sofia)).Get<NoticeService>().Latest(10));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_notice_says_what_and_whose_and_is_read_by_opening_what_it_tells_of(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (need, other) = (Cast.NeedAt(NeedStatus.Circulated), Cast.NeedAt(NeedStatus.Circulated));
        await using (var db = await test.AsSystem())
        {
            db.AttachCast();
            db.AddRange(need, other);
            db.Notify(Audience.Org(Cast.NorthernAgency.Number), "need.shared_with_you", need);
            db.Notify(Audience.Org(Cast.NorthernAgency.Number), "need.shared_with_you", other);
            await db.SaveChangesAsync();
        }
        var ingrid = (await test.As(Cast.Ingrid)).Get<NoticeService>();
        var line = (await ingrid.Latest(10)).Single(l => l.RecordId == need.Id);
        Assert.Equal((need.Title, "KEN", true, 2), (line.Title, line.State, line.IsNew, await ingrid.CountNew()));
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        await ingrid.Read(need.Id);
        Assert.Equal(other.Id, Assert.Single(await ingrid.Latest(10), l => l.IsNew).RecordId);
        Assert.Equal(1, await ingrid.CountNew());
        // What is told anew is new again; and reading is each one's own.
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await (await test.As(Cast.Lars)).Get<NoticeService>().CountNew());
        await using (var db = await test.AsSystem())
        {
            db.AttachCast();
            db.Notify(Audience.Org(Cast.NorthernAgency.Number), "need.reply_by_extended", await db.Needs.SingleAsync(n => n.Id == need.Id));
            await db.SaveChangesAsync();
        }
        Assert.Equal(2, await ingrid.CountNew());
        await ingrid.MarkSeen();
        Assert.Equal(0, await ingrid.CountNew());
    }

    [Fact]
    public void Every_event_that_is_told_of_can_be_chosen_by_somebody()
    {
        var said = House
            .WordLaws.CodeFiles.SelectMany(f => House.Sources.Words(f).Keys)
            .Where(k => k.StartsWith("notice:", StringComparison.Ordinal))
            .Select(k => k["notice:".Length..])
            .Order(StringComparer.Ordinal);
        Assert.Equal(said, NoticeEvents.All.Select(e => e.Code).Order(StringComparer.Ordinal));
        Assert.All(NoticeEvents.All, e => Assert.NotEmpty(e.Tells));
    }

    [Fact]
    public void Who_asks_for_a_theme_asks_for_its_parts()
    {
        var part = Themes.All.First(t => t.ParentCode is not null);
        Assert.Contains(part.Code, Themes.Within([part.ParentCode]));
        Assert.Equal([part.Code], Themes.Within([part.Code, "NOTHING", null]));
        Assert.Empty(Themes.Within([]));
    }
}
