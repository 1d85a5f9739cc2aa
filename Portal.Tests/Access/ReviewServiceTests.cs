using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Identity;

namespace Portal.Tests.Access;

/// <summary>
/// Reviews from beginning to end, on both databases: whose rows, whose answers, what lapses at once and what is told to whom.
/// </summary>
public sealed class ReviewServiceTests
{
    private static readonly ReviewSubject States = ReviewSubject.Of(OrganisationKind.MemberState);
    private static readonly ReviewQuery All = new(null, [], false, 1);

    private static async Task<string> RefusalOf(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    private static async Task<ReviewService> As(TestDb test, Player player) => (await test.As(player)).Get<ReviewService>();

    private static async Task<Guid> Row(ReviewService reviews, Guid review, Player about) =>
        (await reviews.Read(review, All)).Rows.Single(r => r.PersonId == about.Id && r.Place is not null).Id;

    // As the portal itself, on this node or another.
    private static async Task<int> Look(TestDb test) => await (await test.As(null)).Get<AccessKeeper>().Look();

    private static async Task<List<string>> MailsTo(TestDb test, Player player)
    {
        await using var db = await test.AsSystem();
        return await db.Set<OutboxMail>().Where(m => m.To == player.Email).OrderBy(m => m.CreatedAt).Select(m => m.Subject).ToListAsync();
    }

    private static async Task<List<string>> Log(TestDb test)
    {
        await using var db = await test.AsSystem();
        return await db.AuditEntries.Where(e => e.Section == Section.Access).OrderBy(e => e.Id).Select(e => e.Code).ToListAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Some_are_kept_some_removed_and_the_rest_lapses_at_the_deadline(Database database)
    {
        await using var test = await TestDb.Open(database);
        var grant = Cast.Grant(Principal.Organisation(Cast.Kenya.Id), Section.Guide, Level.View);
        await test.Save(grant);
        var malik = await As(test, Cast.Malik);
        var beginning = await malik.PreviewOf(States, ReviewSilence.Lapse);
        Assert.Equal(
            (5, 4, 1, 4, 2),
            (
                beginning.Rows,
                beginning.IfNobodyAnswers.Memberships,
                beginning.IfNobodyAnswers.Grants,
                beginning.IfNobodyAnswers.People,
                beginning.IfNobodyAnswers.Organisations
            )
        );
        var id = await malik.Start(States, ReviewSilence.Lapse, test.Now.AddDays(30));
        Assert.Equal("review.open_already", await RefusalOf(() => malik.Start(States, ReviewSilence.Lapse, test.Now.AddDays(30))));

        await malik.Keep(id, [await Row(malik, id, Cast.Amina), await Row(malik, id, Cast.Rosa)], null);
        await malik.Remove(id, [await Row(malik, id, Cast.Mateo)], "Left the ministry.");
        Assert.False((await (await test.ActorsAs(Cast.Mateo)).Current()).IsSignedIn);
        var before = (await malik.Read(id, All)).IfNobodyAnswers!;
        // Otieno loses his place, and Amina what Kenya was given.
        Assert.Equal((1, 1, 2, 1), (before.Memberships, before.Grants, before.People, before.Organisations));
        Assert.Equal([new ReviewLoss(Section.Guide, 2, 1)], before.Sections.Where(s => s.Section == Section.Guide));

        var (otieno, amina) = (await test.ActorsAs(Cast.Otieno), await test.ActorsAs(Cast.Amina));
        Assert.Equal(Level.View, (await amina.Current()).LevelIn(Section.Guide));
        test.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(
            "review.ended",
            await RefusalOf(async () => await (await As(test, Cast.Noor)).Keep(id, [await Row(malik, id, Cast.Otieno)], null))
        );
        await Look(test);
        Assert.False((await otieno.Current()).IsSignedIn);
        Assert.Equal((true, Level.None), ((await amina.Current()).IsSignedIn, (await amina.Current()).LevelIn(Section.Guide)));
        Assert.True((await (await test.ActorsAs(Cast.Rosa)).Current()).IsSignedIn);

        var closed = await malik.Read(id, All);
        Assert.Equal(
            (ReviewStatus.Closed, 2, 1, 2),
            (
                closed.Campaign.Status,
                closed.Campaign.Counts[ReviewOutcome.Kept],
                closed.Campaign.Counts[ReviewOutcome.Removed],
                closed.Campaign.Counts[ReviewOutcome.Lapsed]
            )
        );
        Assert.Null(closed.IfNobodyAnswers);
        var log = await Log(test);
        foreach (
            var (code, times) in new[]
            {
                ("review.started", 1),
                ("review.kept", 2),
                ("review.removed", 1),
                ("review.lapsed", 2),
                ("review.closed", 1),
                ("membership.ended", 2),
                ("grant.revoked", 1),
            }
        )
            Assert.Equal(times, log.Count(c => c == code));
        // Both told: who answers, and who lost something; in one mail each.
        Assert.Equal(2, (await MailsTo(test, Cast.Noor)).Count);
        Assert.Single(await MailsTo(test, Cast.Mateo));
        Assert.Single(await MailsTo(test, Cast.Otieno));
        Assert.Single(await MailsTo(test, Cast.Rosa)); // that there is something to answer, and nothing lost
        var done = log.Count;
        await Look(test);
        Assert.Equal(done, (await Log(test)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task By_delegation_one_sees_and_answers_the_rows_of_ones_own_contributors_and_no_others(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = await As(test, Cast.Malik);
        var id = await malik.Start(States, ReviewSilence.Lapse, test.Now.AddDays(30));
        var amina = await As(test, Cast.Amina);
        var seen = await amina.Read(id, All);
        Assert.Equal([Cast.Otieno.Id], seen.Rows.Select(r => r.PersonId!.Value));
        Assert.Equal((1, 1, false), (seen.Campaign.Total, seen.IfNobodyAnswers!.People, seen.MayManage));
        Assert.Equal((1, 1), ((await amina.List(1)).Total, (await amina.List(1)).Rows[0].Total));
        var mateo = await Row(malik, id, Cast.Mateo);
        await Assert.ThrowsAsync<NotFound>(() => amina.Keep(id, [mateo], null));
        await Assert.ThrowsAsync<NotFound>(async () => await amina.Remove(id, [await Row(malik, id, Cast.Amina)], "Me."));
        await amina.Keep(id, [seen.Rows[0].Id], "Works here.");
        Assert.Equal("review.answered", await RefusalOf(() => malik.Keep(id, [seen.Rows[0].Id], null)));
        await malik.Remove(id, [seen.Rows[0].Id], "Does not.");
        foreach (var other in new[] { Cast.Otieno, Cast.Lars, Cast.Tomas, Cast.Wei, Cast.Leila })
        {
            var reviews = await As(test, other);
            Assert.Equal("review.not_yours", await RefusalOf(() => reviews.Read(id, All)));
            Assert.Equal("review.not_yours", await RefusalOf(() => reviews.Keep(id, [mateo], null)));
            Assert.Equal("access.not_yours", await RefusalOf(() => reviews.Start(States, ReviewSilence.Report, test.Now.AddDays(3))));
        }
        await Assert.ThrowsAsync<NotFound>(async () => await (await As(test, Cast.Ingrid)).Read(id, All));
        Assert.Equal("review.not_yours", await RefusalOf(async () => await (await As(test, Cast.Auguste)).Keep(id, [mateo], null)));
        Assert.Equal(4, (await (await As(test, Cast.Auguste)).Read(id, All)).Total);
        Assert.Equal("access.not_yours", await RefusalOf(() => amina.Rhythms()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_confirms_their_own_access_and_the_last_who_manages_stays(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (malik, noor) = (await As(test, Cast.Malik), await As(test, Cast.Noor));
        var id = await malik.Start(ReviewSubject.Of(OrganisationKind.Cted), ReviewSilence.Lapse, test.Now.AddDays(30));
        var own = await Row(malik, id, Cast.Malik);
        Assert.Equal("review.own", await RefusalOf(() => malik.Keep(id, [own], null)));
        Assert.Equal("review.own", await RefusalOf(async () => await malik.Keep(id, [await Row(malik, id, Cast.Leila), own], null)));
        Assert.Equal(ReviewOutcome.Waiting, (await malik.Read(id, All)).Rows.Single(r => r.PersonId == Cast.Leila.Id).Outcome);
        Assert.Equal("review.none_chosen", await RefusalOf(() => malik.Keep(id, [], null)));
        await noor.Remove(id, [own], "Moved to another task.");
        Assert.False((await (await test.ActorsAs(Cast.Malik)).Current()).IsSignedIn);

        // Noor is the last now: she lapses with the others, and stays.
        var preview = (await noor.Read(id, All)).IfNobodyAnswers!;
        Assert.Equal((5, 1), (preview.Memberships, preview.Spared));
        test.Clock.Advance(TimeSpan.FromDays(31));
        await Look(test);
        Assert.Equal(ReviewOutcome.Spared, (await noor.Read(id, All)).Rows.Single(r => r.PersonId == Cast.Noor.Id).Outcome);
        Assert.Contains("review.spared", await Log(test));

        noor = await As(test, Cast.Noor);
        var next = await noor.Start(ReviewSubject.Of(OrganisationKind.Operations), ReviewSilence.Lapse, test.Now.AddDays(5));
        Assert.Equal(
            "access.last_one",
            await RefusalOf(async () => await noor.Remove(next, [await Row(noor, next, Cast.Tomas)], "Leaves."))
        );
        Assert.True((await (await test.ActorsAs(Cast.Tomas)).Current()).IsSignedIn);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_stays_unconfirmed_is_reported_and_what_ended_meanwhile_is_said(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (guide, visits) = (
            Cast.Grant(Principal.Person(Cast.Chloe.Id), Section.Guide, Level.View),
            Cast.Grant(Principal.Of(Role.Expert), Section.Guide, Level.View)
        );
        await test.Save(guide, visits, Cast.Denial(Principal.Of(Role.Partner), Section.Guide));
        var malik = await As(test, Cast.Malik);
        Assert.Equal(
            "review.nothing",
            await RefusalOf(() => malik.Start(ReviewSubject.Of(Section.Meetings), ReviewSilence.Report, test.Now.AddDays(30)))
        );
        var id = await malik.Start(ReviewSubject.Of(Section.Guide), ReviewSilence.Report, test.Now.AddDays(30));
        var rows = (await malik.Read(id, All)).Rows;
        Assert.Equal(2, rows.Count); // a denial is none
        await (await test.As(Cast.Malik)).Get<GrantService>().Revoke(guide.Id, "No longer.");
        Assert.Equal("review.gone", await RefusalOf(() => malik.Keep(id, [rows.Single(r => r.Grant!.Id == guide.Id).Id], null)));
        Assert.Equal("review.rows_wait", await RefusalOf(() => malik.Close(id)));
        test.Clock.Advance(TimeSpan.FromDays(30));
        await Look(test);
        var counts = (await malik.Read(id, All)).Campaign.Counts;
        Assert.Equal((1, 1), (counts[ReviewOutcome.Unconfirmed], counts[ReviewOutcome.Gone]));
        Assert.Equal(Level.View, (await (await test.ActorsAs(Cast.Olga)).Current()).LevelIn(Section.Guide));
        var (_, exported) = await malik.Export(id, All, "csv", 100);
        Assert.Equal(2, exported.Count);
        Assert.Contains("review.exported", await Log(test));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_the_clock_writes_is_in_the_language_of_each_reviewer(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using (var db = await test.AsSystem())
        {
            (await db.Users.SingleAsync(u => u.Id == Cast.Amina.Id)).Language = Language.Ar;
            (await db.Users.SingleAsync(u => u.Id == Cast.Malik.Id)).Language = Language.Ru;
            await db.SaveChangesAsync();
        }
        await Look(test);
        test.Clock.Advance(TimeSpan.FromDays(190));
        await Look(test);
        Assert.NotEmpty(await MailsTo(test, Cast.Amina));
        Assert.All(await MailsTo(test, Cast.Amina), s => Assert.Contains(s, c => c is >= '\u0600' and <= '\u06FF'));
        Assert.NotEmpty(await MailsTo(test, Cast.Malik));
        Assert.All(await MailsTo(test, Cast.Malik), s => Assert.Contains(s, c => c is >= '\u0400' and <= '\u04FF'));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task They_start_by_themselves_every_six_months_once_and_remind_once_on_however_many_nodes(Database database)
    {
        await using var test = await TestDb.Open(database);
        await using var other = test.AnotherNode();
        async Task Both()
        {
            other.Clock.SetUtcNow(test.Clock.GetUtcNow());
            await Task.WhenAll(Task.Run(() => Look(test)), Task.Run(() => Look(other)));
            await Look(other);
        }
        await Both();
        var malik = await As(test, Cast.Malik);
        Assert.Equal(0, (await malik.List(1)).Total);
        await malik.SetRhythm(ReviewRhythm.Usual(ReviewSubject.Of(OrganisationKind.Cted), test.Now), false, 6, 30, ReviewSilence.Lapse);
        await malik.SetRhythm(ReviewRhythm.Usual(States, test.Now), true, 6, 20, ReviewSilence.Report);
        Assert.Equal(
            "record.changed_meanwhile",
            await RefusalOf(() => malik.SetRhythm(ReviewRhythm.Usual(States, test.Now), true, 3, 30, ReviewSilence.Lapse))
        );
        test.Clock.Advance(TimeSpan.FromDays(190));
        await Both();
        var started = (await (await As(test, Cast.Malik)).List(1)).Rows;
        // Every kind of which there is somebody, but the one that was switched off.
        Assert.Equal(
            Enum.GetValues<OrganisationKind>().Where(k => k != OrganisationKind.Cted).Order(),
            started.Select(c => c.Subject.Kind!.Value).Order()
        );
        Assert.Equal(
            (20, ReviewSilence.Report),
            (
                (int)(started.Single(c => c.Subject == States).Deadline - test.Now).TotalDays,
                started.Single(c => c.Subject == States).Silence
            )
        );
        Assert.All(started, c => Assert.Null(c.StartedBy));
        var told = (await MailsTo(test, Cast.Amina)).Count;
        Assert.Equal(1, told);
        test.Clock.Advance(TimeSpan.FromDays(7));
        await Both();
        Assert.Equal(2, (await MailsTo(test, Cast.Amina)).Count);
        Assert.Single(await Log(test), c => c == "review.reminded");
        test.Clock.Advance(TimeSpan.FromDays(40));
        await Both();
        Assert.All((await malik.List(1)).Rows, c => Assert.Equal(ReviewStatus.Closed, c.Status));
        Assert.Equal(started.Count, (await Log(test)).Count(c => c == "review.closed"));
        Assert.True((await (await test.ActorsAs(Cast.Amina)).Current()).IsSignedIn);
        Assert.False((await (await test.ActorsAs(Cast.Ingrid)).Current()).IsSignedIn);
        Assert.True((await (await test.ActorsAs(Cast.Tomas)).Current()).IsSignedIn);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_review_is_moved_called_off_and_found_by_words_and_use(Database database)
    {
        await using var test = await TestDb.Open(database);
        var malik = await As(test, Cast.Malik);
        var id = await malik.Start(States, ReviewSilence.Lapse, test.Now.AddDays(30));
        await (await test.ActorsAs(Cast.Amina)).Current();
        var use = (await test.As(null)).Get<GrantUse>();
        use.Acted(Cast.Amina);
        await use.WriteDown();
        async Task<IEnumerable<Guid>> Found(ReviewQuery query) => (await malik.Read(id, query)).Rows.Select(r => r.PersonId!.Value).Order();
        Assert.Equal(new[] { Cast.Otieno.Id, Cast.Rosa.Id, Cast.Mateo.Id }.Order(), await Found(All with { Unused = true }));
        Assert.Equal([Cast.Mateo.Id], await Found(All with { Words = "mateo@" }));
        Assert.Equal(new[] { Cast.Rosa.Id, Cast.Mateo.Id }.Order(), await Found(All with { Words = "Peru" }));
        Assert.Empty(await Found(All with { Outcomes = [ReviewOutcome.Kept] }));
        Assert.Equal("record.changed_meanwhile", await RefusalOf(() => malik.MoveDeadline(id, test.Now, test.Now.AddDays(50))));
        Assert.Equal(
            "review.deadline_over",
            await RefusalOf(async () => await malik.MoveDeadline(id, (await malik.Read(id, All)).Campaign.Deadline, test.Now))
        );
        await malik.MoveDeadline(id, (await malik.Read(id, All)).Campaign.Deadline, test.Now.AddDays(60));
        test.Clock.Advance(TimeSpan.FromDays(31));
        await Look(test);
        malik = await As(test, Cast.Malik);
        Assert.Equal(ReviewStatus.Open, (await malik.Read(id, All)).Campaign.Status);
        Assert.Equal("grant.reason_required", await RefusalOf(() => malik.Cancel(id, "")));
        await malik.Cancel(id, "Wrong list.");
        test.Clock.Advance(TimeSpan.FromDays(60));
        await Look(test);
        Assert.Equal(
            (ReviewStatus.Cancelled, 4),
            ((await malik.Read(id, All)).Campaign.Status, (await malik.Read(id, All)).Campaign.Counts[ReviewOutcome.Waiting])
        );
        Assert.True((await (await test.ActorsAs(Cast.Otieno)).Current()).IsSignedIn);
    }
}
