using Portal.Assistance.Consents;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>
/// Consents are set as a whole, against what they were begun with: nobody gains or loses a part that was not on the screen.
/// </summary>
public sealed class ConsentTests
{
    private const NeedParts Some = NeedParts.Summary | NeedParts.Description;

    private static Given To(Audience audience, NeedParts parts) => new(audience, parts);

    private static OrganisationKind? KindOf(int number) => Cast.Organisations.SingleOrDefault(o => o.Number == number)?.Kind;

    private static string Refused(Action act) => Assert.Throws<Refusal>(act).Code;

    private static async Task<string> Refused(Func<Task> act) => (await Assert.ThrowsAsync<Refusal>(act)).Code;

    [Fact]
    public void Each_audience_gets_parts_of_its_own_and_who_is_left_out_loses_its_consent()
    {
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).SharedWith(Audience.Partners, Some);
        var before = need.Standing();
        _ = need.Acts.Take();
        need.SetConsents(Amina, before, [To(NorthernAgency.Audience, Some), To(PacificFund.Audience, NeedParts.Cost)], KindOf, Now);
        Assert.Equal(
            [To(NorthernAgency.Audience, Some), To(PacificFund.Audience, NeedParts.Summary | NeedParts.Cost)],
            need.Standing().OrderBy(g => g.Audience.Key)
        );
        Assert.Equal(
            ["need.consent_changed org:9001", "need.consent_given org:9002", "need.consent_revoked partners"],
            need.Acts.Take().Select(a => $"{a.Code} {a.Subject}").Order()
        );
    }

    [Fact]
    public void What_was_begun_with_other_consents_changes_nothing()
    {
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency, Some);
        var begun = need.Standing();
        need.SharedWith(PacificFund, Some);
        Assert.Equal("need.consents_changed", Refused(() => need.SetConsents(Amina, begun, [To(Audience.Providers, Some)], KindOf, Now)));
        Assert.Equal("need.consents_as_before", Refused(() => need.SetConsents(Amina, need.Standing(), need.Standing(), KindOf, Now)));
        foreach (var player in new[] { Otieno, Andrei, Ingrid, Rosa })
            Assert.Equal("need.not_yours_to_consent", Refused(() => need.SetConsents(player, need.Standing(), [], KindOf, Now)));
        Assert.Equal(2, need.Standing().Count);
    }

    [Fact]
    public void The_public_is_never_given_nor_asked_for_more_than_a_stranger_may_know()
    {
        var need = NeedAt(NeedStatus.Authenticated);
        foreach (
            var part in new[] { NeedParts.Timeframe, NeedParts.Cost, NeedParts.Beneficiary, NeedParts.Background, NeedParts.Attachments }
        )
        {
            Assert.Equal("need.part_never_public", Refused(() => need.SetConsents(Amina, [], [To(Audience.Public, part)], KindOf, Now)));
            Assert.Equal("need.part_never_public", Refused(() => need.AskConsent(Andrei, Audience.Public, part, null, Now)));
        }
        var form = new ConsentForm(new ConsentStart([], [], [], true));
        form.Choose(Audience.Public.Key, true);
        Assert.Equal([NeedParts.Description, NeedParts.Modality], ConsentForm.Offered(Audience.Public.Key));
        form.Choose(Audience.Public.Key, NeedParts.Cost, true);
        need.SetConsents(Amina, [], form.Wanted, KindOf, Now); // what is ticked to begin with is never refused
    }

    [Fact]
    public void What_an_audience_gains_and_loses_is_what_it_sees_through_every_consent()
    {
        Given[] before = [To(Audience.Providers, Some), To(NorthernAgency.Audience, Some | NeedParts.Cost)];
        Given[] after = [To(Audience.Providers, Some | NeedParts.Cost), To(LegalNetwork.Audience, Some)];
        var moves = ConsentRules.Moves(before, after, KindOf).ToDictionary(m => m.Audience);
        Assert.Equal((NeedParts.Cost, NeedParts.None), (moves[Audience.Providers].Gains, moves[Audience.Providers].Losses));
        // Its own consent ends, and it sees the same through that of all providers.
        Assert.Equal((NeedParts.None, NeedParts.None), (moves[NorthernAgency.Audience].Gains, moves[NorthernAgency.Audience].Losses));
        Assert.Equal(Some, moves[LegalNetwork.Audience].Gains);
        Assert.Equal(3, moves.Count);
        Assert.Empty(ConsentRules.Moves(before, before, KindOf));
        foreach (
            var (organisation, parts) in new[]
            {
                (NorthernAgency, Some | NeedParts.Cost),
                (PacificFund, Some),
                (LegalNetwork, NeedParts.None),
            }
        )
            Assert.Equal(parts, ConsentRules.Seen(before, organisation.Audience, organisation.Kind));
    }

    [Fact]
    public void Agreeing_to_what_CTED_asks_for_takes_nothing_away()
    {
        var need = NeedAt(NeedStatus.Circulated).SharedWith(NorthernAgency, NeedParts.Cost);
        need.AskConsent(Andrei, NorthernAgency.Audience, NeedParts.Description, null, Now);
        need.AgreeToRequest(Amina, need.Requests[0].Id, Now);
        Assert.Equal(
            NeedParts.Summary | NeedParts.Cost | NeedParts.Description,
            need.Standing().Single(g => g.Audience == NorthernAgency.Audience).Parts
        );
        Assert.Equal("need.request_closed", Refused(() => need.AgreeToRequest(Amina, need.Requests[0].Id, Now)));
    }

    [Fact]
    public void Silence_is_allowed_from_authentication_on_and_shares_no_more_than_was_said()
    {
        Assert.Equal("need.wrong_stage", Refused(() => NeedAt(NeedStatus.Draft).AllowTacitConsent(Amina, true, Now)));
        var need = NeedAt(NeedStatus.Circulated);
        need.AllowTacitConsent(Amina, true, Now);
        var until = DateOnly.FromDateTime(Now).AddDays(14);
        Assert.Equal("need.part_not_by_silence", Refused(() => need.AskConsent(Andrei, Audience.Partners, NeedParts.Cost, until, Now)));
        need.AskConsent(Andrei, Audience.Partners, ConsentRules.BySilence, until, Now);
        var withdrawn = NeedAt(NeedStatus.Withdrawn);
        Assert.Equal("need.not_yours_to_consent", Refused(() => withdrawn.AllowTacitConsent(Amina, true, Now)));
    }

    [Fact]
    public void A_tick_sets_and_never_turns_around_and_what_never_arrived_is_taken_from_the_screen()
    {
        var form = new ConsentForm(new ConsentStart([To(NorthernAgency.Audience, NeedPartsSets.Shareable)], [], [], true));
        form.Choose(Audience.Providers.Key, true);
        form.Choose(Audience.Providers.Key, true);
        Assert.True(form.Has(Audience.Providers.Key));
        // The line was down: providers unticked, partners ticked, and the agency's cost unticked, of which nothing arrived.
        string[] screen =
        [
            Audience.Partners.Key,
            .. form.Ticked.Where(t => t.StartsWith("org:", StringComparison.Ordinal) && t != "org:9001/Cost"),
        ];
        Assert.True(form.Take(screen));
        Assert.Equal(
            [To(Audience.Partners, ConsentRules.Usual), To(NorthernAgency.Audience, NeedPartsSets.Shareable & ~NeedParts.Cost)],
            form.Wanted.OrderByDescending(g => g.Audience.Key)
        );
        Assert.Equal(NeedParts.Cost, form.Moves.Single(m => m.Audience == NorthernAgency.Audience).Losses);
        Assert.False(form.Take([.. form.Ticked]));
        // What was taken away and comes back is what it was.
        form.Choose(NorthernAgency.Audience.Key, false);
        form.Choose(NorthernAgency.Audience.Key, true);
        Assert.Contains(To(NorthernAgency.Audience, NeedPartsSets.Shareable), form.Wanted);
    }

    [Fact]
    public void Begun_anew_a_choice_keeps_what_was_changed_and_takes_over_the_rest()
    {
        var form = new ConsentForm(new ConsentStart([To(NorthernAgency.Audience, Some), To(Audience.Partners, Some)], [], [], true));
        form.Choose(NorthernAgency.Audience.Key, NeedParts.Cost, true);
        form.Rebase(new ConsentStart([To(NorthernAgency.Audience, Some), To(PacificFund.Audience, Some)], [], [], true));
        Assert.Equal(
            [To(NorthernAgency.Audience, Some | NeedParts.Cost), To(PacificFund.Audience, Some)],
            form.Wanted.OrderBy(g => g.Audience.Key)
        );
        Assert.Equal(NorthernAgency.Audience, Assert.Single(form.Moves).Audience);
    }

    // ---- The service, on both databases

    [Theory, OnSqlite, OnPostgres]
    public async Task Set_against_what_it_was_begun_with_and_told_to_whom_it_gives_something(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).CirculatedBy(Andrei);
        await test.Save(need, Offer(PacificFund));
        var amina = await test.As(Amina);
        var consents = amina.Get<ConsentService>();
        var start = await consents.Begin(need.Reference);
        Assert.Equal([To(NorthernAgency.Audience, NeedPartsSets.Shareable)], start.Standing);
        Assert.Equal(PacificFund.Audience.Key, start.Options[0].Audience); // its offer fits, so it comes first
        Assert.True(start.Options[0].Score > 0);

        var moves = await consents.Set(
            need.Reference,
            start.Standing,
            [To(NorthernAgency.Audience, NeedPartsSets.Shareable & ~NeedParts.Cost), To(PacificFund.Audience, Some)]
        );
        Assert.Equal(["org:9001 None Cost", $"org:9002 {Some} None"], moves.Select(m => $"{m.Audience} {m.Gains} {m.Losses}").Order());
        Assert.False(((await (await test.As(Ingrid)).Get<NeedService>().Get(need.Reference)).Parts & NeedParts.Cost) != 0);
        Assert.Equal(1, await Told(test, Kenji));
        Assert.Equal(0, await Told(test, Ingrid)); // she only lost something

        // Begun before that, it is refused; and of two at once one is.
        Assert.Equal(
            "need.consents_changed",
            await Refused(() => consents.Set(need.Reference, start.Standing, [To(Audience.Providers, Some)]))
        );
        var now = (await consents.Begin(need.Reference)).Standing;
        var other = (await test.As(Amina)).Get<ConsentService>();
        var both = await Task.WhenAll(Try(consents, [To(Audience.Providers, Some)]), Try(other, [To(Audience.Partners, Some)]));
        Assert.Equal([null, "need.consents_changed"], both.Order());
        Assert.Single((await consents.Begin(need.Reference)).Standing);
        var left = (await consents.Begin(need.Reference)).Standing;
        Assert.Equal(
            "need.audience_unknown",
            await Refused(() => consents.Set(need.Reference, left, [To(Audience.Org(Peru.Number), Some)]))
        );

        async Task<string?> Try(ConsentService service, Given[] wanted)
        {
            try
            {
                await service.Set(need.Reference, now, wanted);
                return null;
            }
            catch (Refusal refusal)
            {
                return refusal.Code;
            }
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_card_tells_when_a_consent_was_changed_and_the_activity_to_whom_and_what(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency, Some).CirculatedBy(Andrei);
        await test.Save(need);
        test.Clock.Advance(TimeSpan.FromDays(3));
        var amina = await test.As(Amina);
        await amina.Get<ConsentService>().Set(need.Reference, need.Standing(), [To(NorthernAgency.Audience, Some | NeedParts.Attachments)]);
        var line = Assert.Single((await amina.Get<NeedService>().Get(need.Reference)).Consents!);
        Assert.Equal((Now, (DateTime?)test.Now, (OrganisationKind?)OrganisationKind.Provider), (line.GivenAt, line.ChangedAt, line.Kind));
        foreach (var player in new[] { Amina, Andrei })
        {
            var told = (await (await test.As(player)).Get<ActivityService>().Of(need.Id)).Single(a => a.Code == "need.consent_changed");
            Assert.Equal(NorthernAgency.Name, told.Concerned);
            Assert.Equal((Some.ToString(), (Some | NeedParts.Attachments).ToString()), (told.From, told.To));
        }
        Assert.DoesNotContain(
            await (await test.As(Ingrid)).Get<ActivityService>().Of(need.Id),
            a => a.Code.StartsWith("need.consent", StringComparison.Ordinal)
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_officer_asks_the_State_from_where_consent_is_missing_and_shows_nobody_anything(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = NeedAt(NeedStatus.Authenticated);
        await test.Save(need);
        var andrei = await test.As(Andrei);
        var view = await andrei.Get<NeedService>().Get(need.Reference);
        Assert.False(view.Acts.Circulate); // it would only be refused
        Assert.Equal(NextAct.AskConsent, view.Next!.Act);
        await andrei.Get<ConsentService>().Ask(need.Reference, [To(Audience.Providers, Some), To(LegalNetwork.Audience, NeedParts.Cost)]);
        Assert.Equal(NextNote.AwaitAnswer, (await andrei.Get<NeedService>().Get(need.Reference)).Next!.Note);
        Assert.Equal(["org:9003", "providers"], (await andrei.Get<ConsentService>().Begin(need.Reference)).Asked.Order());
        await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(Kenji)).Get<NeedService>().Get(need.Reference));
        var amina = await test.As(Amina);
        Assert.Equal(
            (NextAct.AnswerRequests, 2),
            (
                (await amina.Get<NeedService>().Get(need.Reference)).Next!.Act,
                (await amina.Get<NeedService>().Get(need.Reference)).Next!.Count
            )
        );
        await amina
            .Get<NeedService>()
            .AgreeToRequest(
                need.Reference,
                (await amina.Get<NeedService>().Get(need.Reference)).Requests!.Single(r => r.Audience == "providers").Id
            );
        Assert.True((await andrei.Get<NeedService>().Get(need.Reference)).Acts.Circulate);
        foreach (var player in new[] { Amina, Ingrid, Leila, Dorothea })
            await Assert.ThrowsAnyAsync<Exception>(async () =>
                await (await test.As(player)).Get<ConsentService>().Ask(need.Reference, [To(PacificFund.Audience, Some)])
            );
    }

    private static async Task<int> Told(TestDb test, Player player) =>
        (await (await test.As(player)).Get<NoticeService>().Latest(100)).Count(n => n.Code == "need.shared_with_you");
}
