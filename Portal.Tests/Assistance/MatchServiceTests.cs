using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Matches;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Home;
using Portal.Shell;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>
/// Matches as they are kept and shown: to each reader their own, following every change, telling nobody of what is hidden.
/// </summary>
public sealed class MatchServiceTests
{
    private static readonly MatchQuery All = MatchQuery.Of(ListAddress.Of("/matches"));

    private static async Task Settle(TestDb test) => await (await test.As(null)).Get<Matcher>().Drain();

    private static async Task<MatchService> For(TestDb test, Player player) => (await test.As(player)).Get<MatchService>();

    private static async Task<IReadOnlyList<MatchRow>> Seen(TestDb test, Player player) => (await (await For(test, player)).List(All)).Rows;

    private static Need Shared(NeedParts parts, params Organisation[] with)
    {
        var need = NeedAt(NeedStatus.Authenticated);
        foreach (var organisation in with)
            need.SharedWith(organisation, parts);
        return need.CirculatedBy(Andrei);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_reader_has_the_matches_of_what_they_were_given(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (whole, summary) = (Shared(NeedPartsSets.Shareable, NorthernAgency), Shared(NeedParts.Summary, NorthernAgency));
        var (unshared, draft) = (NeedAt(NeedStatus.Authenticated), NeedAt(NeedStatus.Draft));
        var (own, other) = (Offer(NorthernAgency), Offer(PacificFund));
        await test.Save(whole, summary, unshared, draft, own, other);
        await Settle(test);

        var ingrid = await Seen(test, Ingrid);
        Assert.Equal([whole.Reference, summary.Reference], ingrid.Select(r => r.Need));
        Assert.All(ingrid, r => Assert.Equal(own.Reference, Assert.Single(r.Offers).Reference));
        Assert.Equal(MatchFit.Whole, MatchScore.Of(ingrid[0].Offers[0].Fits, MatchReason.Modality));
        Assert.Equal(MatchFit.Unknown, MatchScore.Of(ingrid[1].Offers[0].Fits, MatchReason.Modality));
        Assert.Equal(MatchFit.Unknown, MatchScore.Of(ingrid[1].Offers[0].Fits, MatchReason.Budget));
        Assert.Empty(await Seen(test, Kenji));

        var andrei = await Seen(test, Andrei);
        Assert.Equal(new[] { whole, summary, unshared }.Select(n => n.Reference).Order(), andrei.Select(r => r.Need).Order());
        Assert.All(andrei, r => Assert.Equal(2, r.Offers.Count));
        var amina = await Seen(test, Amina);
        Assert.Equal(3, amina.Count);
        Assert.Empty(await Seen(test, Rosa));
        await Assert.ThrowsAsync<NotFound>(async () => await (await For(test, Kenji)).Get(whole.Reference));
        await Assert.ThrowsAsync<NotFound>(async () => await (await For(test, Rosa)).Get(whole.Reference));
        await Assert.ThrowsAsync<NotFound>(async () => await (await For(test, Ingrid)).Get(unshared.Reference));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_need_that_cannot_be_compared_keeps_no_other_waiting(Database database)
    {
        await using var test = await TestDb.Open(database);
        var needs = Enumerable.Range(0, 5).Select(_ => Shared(NeedPartsSets.Shareable, NorthernAgency)).ToList();
        await test.Save([.. needs, Offer(NorthernAgency)]);
        var broken = needs[2];
        async Task Write(string language)
        {
            await using var db = await test.AsSystem(); // as no rule would let it be entered
            await db.Database.ExecuteSqlAsync($"""UPDATE "Needs" SET "Language" = {language} WHERE "Reference" = {broken.Reference}""");
        }
        await Write("Klingon");
        await Settle(test);

        await using (var db = await test.AsSystem())
        {
            Assert.Empty(await db.MatchTasks.ToListAsync());
            var matched = await db.Matches.Select(m => m.NeedId).Distinct().ToListAsync();
            Assert.Equal(needs.Where(n => n != broken).Select(n => n.Id).Order(), matched.Order());
        }
        await Write("En");
        await (await test.As(null)).Get<Matcher>().MakeAll();
        Assert.Equal(5, (await Seen(test, Ingrid)).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_State_sees_first_what_fits_best(Database database)
    {
        await using var test = await TestDb.Open(database);
        var fits = Need(Amina, at: Now.AddDays(-2)).SubmittedBy(Amina).AuthenticatedBy(Andrei);
        var later = Need(Amina, NeedContent with { Modalities = ["EQUIPMENT"] }).SubmittedBy(Amina).AuthenticatedBy(Andrei);
        await test.Save(fits, later, Offer(NorthernAgency));
        await Settle(test);
        var amina = await Seen(test, Amina);
        Assert.Equal([fits.Reference, later.Reference], amina.Select(r => r.Need));
        Assert.True(amina[0].Score > amina[1].Score);
    }

    /// <summary>
    /// Pairs: the same database but for something that Ingrid may not see. What she is shown is the same to the last byte.
    /// </summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_hidden_changes_no_score_order_count_or_silence(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared(NeedParts.Summary | NeedParts.Modality, NorthernAgency);
        await test.Save(need, Shared(NeedParts.Summary, NorthernAgency, PacificFund), Offer(NorthernAgency), Offer(NorthernAgency));
        await Settle(test);
        var ingrid = await test.As(Ingrid);
        async Task<string> Told() =>
            System.Text.Json.JsonSerializer.Serialize(
                new object[]
                {
                    await ingrid.Get<MatchService>().List(All),
                    await ingrid.Get<MatchService>().Get(need.Reference),
                    (await ingrid.Get<HomeService>().Get()).Suggestions,
                }
            );
        var before = await Told();
        // Hidden needs, each by another reason; what others offer; what others said.
        var elsewhere = Shared(NeedPartsSets.Shareable, PacificFund);
        await test.Save(
            elsewhere,
            NeedAt(NeedStatus.Authenticated),
            NeedAt(NeedStatus.Authenticated, Rosa).SharedWith(NorthernAgency),
            NeedAt(NeedStatus.Withdrawn),
            Shared(NeedPartsSets.Shareable, PacificFund, NorthernAgency).NoLongerSharedWith(NorthernAgency.Audience),
            Offer(PacificFund),
            Offer(LegalNetwork)
        );
        await Settle(test);
        await (await For(test, Kenji)).SayNo(elsewhere.Reference, NotForUsReason.Field, null);
        await Settle(test);
        Assert.Equal(before, await Told());
        // The parts of a need that she was not given say something else.
        var amina = (await test.As(Amina)).Get<NeedService>();
        async Task Edit(Need.Content content) => await amina.Edit(need.Reference, (await amina.Content(need.Reference)).Version, content);
        await Edit(
            NeedContent with
            {
                EstimatedCost = 5_000_000,
                From = new DateOnly(2029, 1, 1),
                To = null,
                Urgency = Urgency.Low,
                Beneficiary = "Another",
                Description = "Another",
            }
        );
        await Settle(test);
        Assert.Equal(before, await Told());
        // The comparison can tell: what she was given is told.
        await Edit(
            NeedContent with
            {
                EstimatedCost = 5_000_000,
                From = new DateOnly(2029, 1, 1),
                To = null,
                Urgency = Urgency.Low,
                Beneficiary = "Another",
                Description = "Another",
                Modalities = ["EQUIPMENT"],
            }
        );
        await Settle(test);
        Assert.NotEqual(before, await Told());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_shared_no_longer_is_gone_with_the_same_act(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared(NeedPartsSets.Shareable, NorthernAgency, PacificFund);
        await test.Save(need, Offer(NorthernAgency), Offer(PacificFund));
        await Settle(test);
        var needs = (await test.As(Amina)).Get<NeedService>();
        // Less of it: the line made of more is gone before anything is made anew, that of the other is not.
        await needs.GiveConsent(need.Reference, [NorthernAgency.Audience], NeedParts.Summary);
        await using (var db = await test.AsSystem())
            Assert.Equal(
                ["need/cted", PacificFund.Audience.For(Domain.Assistance.Need.Card)],
                await db.Matches.Where(m => m.NeedId == need.Id).Select(m => m.Audience).Distinct().Order().ToListAsync()
            );
        Assert.Empty(await Seen(test, Ingrid));
        await Settle(test);
        Assert.Equal(MatchFit.Unknown, MatchScore.Of((await Seen(test, Ingrid))[0].Offers[0].Fits, MatchReason.Budget));
        await needs.RevokeConsent(need.Reference, NorthernAgency.Audience, null);
        Assert.Empty(await Seen(test, Ingrid));
        Assert.Single(await Seen(test, Kenji));
        await needs.Withdraw(need.Reference, "No longer wanted.");
        await using (var db = await test.AsSystem())
            Assert.False(await db.Matches.AnyAsync(m => m.NeedId == need.Id));
        await Settle(test);
        Assert.Empty(await Seen(test, Andrei));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Matches_follow_offers_and_weights_and_making_them_twice_changes_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared(NeedPartsSets.Shareable, NorthernAgency);
        var offer = Offer(PacificFund);
        await test.Save(need, offer, Offer(NorthernAgency));
        await Settle(test);
        async Task<List<string>> Kept()
        {
            await using var db = await test.AsSystem();
            return await db
                .Matches.OrderBy(m => m.Audience)
                .ThenBy(m => m.Rank)
                .Select(m => m.Audience + m.Rank + m.Score + m.OfferId)
                .ToListAsync();
        }
        var before = await Kept();
        await using (var db = await test.AsSystem())
        {
            db.MatchTasks.Add(new MatchTask());
            db.MatchTasks.Add(new MatchTask { RecordId = need.Id, Kind = Domain.Assistance.Need.Card });
            db.MatchTasks.Add(new MatchTask { RecordId = offer.Id, Kind = StandingOffer.Card });
            await db.SaveChangesAsync();
        }
        await Settle(test);
        Assert.Equal(before, await Kept());

        await using (var db = await test.AsSystem())
        {
            (await db.Offers.FirstAsync(o => o.Id == offer.Id)).Close(test.Now);
            await db.SaveChangesAsync();
        }
        Assert.Single((await Seen(test, Andrei))[0].Offers); // closed: not shown, even before anything is made anew
        await Settle(test);
        await using (var db = await test.AsSystem())
            Assert.False(await db.Matches.AnyAsync(m => m.OfferId == offer.Id));

        var andrei = await For(test, Andrei);
        var (weights, maySet, version) = await andrei.Weights();
        Assert.True(maySet);
        var heavier = weights with { Theme = 0, Region = 0, Language = 0, Budget = 0, Time = 0, TrackRecord = 100, Modality = 100 };
        Assert.Equal((1, 0), ((await andrei.Effect(heavier)).Needs, (await andrei.Effect(heavier)).FirstChanges));
        await andrei.Weigh(heavier, version);
        await Settle(test);
        Assert.Equal(75, (await Seen(test, Andrei))[0].Score); // modality whole, track record not known
        Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(() => andrei.Weigh(weights, version))).Code);
        Assert.Equal(
            "match.not_yours_to_weigh",
            (await Assert.ThrowsAsync<Refusal>(async () => await (await For(test, Amina)).Effect(weights))).Code
        );
        await Assert.ThrowsAsync<NotFound>(async () => await (await For(test, Ingrid)).Weights());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Not_for_us_counts_for_who_said_it_and_for_nobody_else(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared(NeedPartsSets.Shareable, NorthernAgency, PacificFund);
        await test.Save(need, Offer(NorthernAgency), Offer(PacificFund));
        await Settle(test);
        var (ingrid, kenji) = (await For(test, Ingrid), await For(test, Kenji));
        var (others, officers) = (await Seen(test, Kenji), await Seen(test, Andrei));
        await ingrid.SayNo(need.Reference, NotForUsReason.Budget, "Too small for us.");
        await Settle(test);
        Assert.Empty(await Seen(test, Ingrid));
        Assert.Single((await ingrid.List(All with { NotForUs = true })).Rows);
        Assert.Equal(
            "match.said_already",
            (await Assert.ThrowsAsync<Refusal>(() => ingrid.SayNo(need.Reference, NotForUsReason.Budget, null))).Code
        );
        Assert.Equivalent(others, await Seen(test, Kenji));
        Assert.Equivalent(officers, await Seen(test, Andrei));
        Assert.Null((await kenji.Get(need.Reference)).SaidNo);
        var candidate = (await (await For(test, Andrei)).Get(need.Reference)).Candidates.Single(c =>
            c.Organisation == NorthernAgency.Number
        );
        Assert.Equal(
            (CandidateStanding.NotForUs, NotForUsReason.Budget, "Too small for us."),
            (candidate.Standing, candidate.Reason!.Value, candidate.Note)
        );
        // Neither the State nor another provider reads it.
        foreach (var player in new[] { Amina, Kenji, Rosa, Fatou })
            await using (var db = await test.For(player))
                Assert.False(await db.NotForUs.AnyAsync(), player.Name);
        await ingrid.TakeBackNo(need.Reference);
        Assert.Single(await Seen(test, Ingrid));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Bringing_a_need_before_the_best_asks_the_State_and_shows_nothing_until_it_agrees(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Shared(NeedParts.Summary, NorthernAgency);
        await test.Save(need, Offer(NorthernAgency), Offer(PacificFund));
        await Settle(test);
        var andrei = await For(test, Andrei);
        var detail = await andrei.Get(need.Reference);
        Assert.Equal(
            [CandidateStanding.Consented, CandidateStanding.ToAsk],
            detail.Candidates.OrderBy(c => c.Organisation).Select(c => c.Standing)
        );
        Assert.Equal(
            (1, 1),
            await andrei.BringBefore(need.Reference, [NorthernAgency.Number, PacificFund.Number], NeedParts.Description, null)
        );
        await Settle(test);
        Assert.Empty(await Seen(test, Kenji));
        await using (var db = await test.For(Kenji))
        {
            Assert.False(await db.Notices.AnyAsync());
            Assert.False(await db.Set<ConsentRequest>().AnyAsync());
        }
        Assert.Contains((await (await test.As(Ingrid)).Get<NoticeService>().Latest(10)), n => n.Code == "match.suggested");
        var amina = await test.As(Amina);
        Assert.Contains((await amina.Get<HomeService>().Get()).Waiting, w => w.Code == "wait:request");
        var request = Assert.Single((await amina.Get<NeedService>().Get(need.Reference)).Requests!);
        Assert.Equal(
            "need.request_open",
            (
                await Assert.ThrowsAsync<Refusal>(() =>
                    andrei.BringBefore(need.Reference, [PacificFund.Number], NeedParts.Description, null)
                )
            ).Code
        );
        await amina.Get<NeedService>().GiveConsent(need.Reference, [PacificFund.Audience], request.Parts);
        Assert.Empty((await amina.Get<NeedService>().Get(need.Reference)).Requests!);
        await Settle(test);
        Assert.Single(await Seen(test, Kenji));

        // Refused: nothing is shown, CTED is told.
        var second = NeedAt(NeedStatus.Authenticated);
        await test.Save(second);
        await Settle(test);
        Assert.Equal((1, 0), await andrei.BringBefore(second.Reference, [PacificFund.Number], NeedParts.Description, null));
        request = Assert.Single((await amina.Get<NeedService>().Get(second.Reference)).Requests!);
        await amina.Get<NeedService>().RefuseRequest(second.Reference, request.Id, "Not this one.");
        Assert.Equal(
            "need.request_closed",
            (await Assert.ThrowsAsync<Refusal>(() => amina.Get<NeedService>().RefuseRequest(second.Reference, request.Id, null))).Code
        );
        Assert.Contains((await (await test.As(Andrei)).Get<NoticeService>().Latest(10)), n => n.Code == "need.request_refused");
        foreach (var player in new[] { Amina, Ingrid, Leila })
            Assert.Equal(
                "need.not_yours_to_ask",
                (
                    await Assert.ThrowsAsync<Refusal>(async () =>
                        await (await For(test, player)).BringBefore(need.Reference, [PacificFund.Number], NeedParts.Description, null)
                    )
                ).Code
            );
    }
}
