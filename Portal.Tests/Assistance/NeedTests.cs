using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>Consents, circulation, what is shown at each stage, money and dates.</summary>
public sealed class NeedTests
{
    private static string Refused(Action act) => Assert.Throws<Refusal>(act).Code;

    private static string[] Shown(Need need) => [.. need.Exposures().Select(e => e.Audience.Key)];

    [Fact]
    public void A_consent_always_shares_the_summary_and_never_the_inner_part()
    {
        foreach (var part in Enum.GetValues<NeedParts>().Where(p => p is not (NeedParts.Inner or NeedParts.Whole)))
        {
            var need = Need(Amina).SharedWith(Audience.Providers, part);
            Assert.Equal(part | NeedParts.Summary, Assert.Single(need.Consents).Parts);
        }
        Assert.Equal("need.part_never_shared", Refused(() => Need(Amina).SharedWith(Audience.Providers, NeedParts.Inner)));
        Assert.Equal("need.part_never_shared", Refused(() => Need(Amina).SharedWith(Audience.Providers, NeedParts.Whole)));
        Assert.Equal("need.part_never_shared", Refused(() => Need(Amina).SharedWith(Audience.Providers, (NeedParts)(1 << 9))));
        Assert.Equal("need.part_never_shared", Refused(() => Need(Amina).SharedWith(Audience.Providers, (NeedParts)(-1))));
    }

    [Fact]
    public void The_public_gets_summary_description_and_modality_and_nothing_else()
    {
        foreach (var part in NeedPartsSets.Choosable)
        {
            if (part is NeedParts.Description or NeedParts.Modality)
                Need(Amina).SharedWith(Audience.Public, part);
            else
                Assert.Equal("need.part_never_public", Refused(() => Need(Amina).SharedWith(Audience.Public, part)));
        }
    }

    [Theory]
    [InlineData("org:9001", true)]
    [InlineData("providers", true)]
    [InlineData("partners", true)]
    [InlineData("public", true)]
    [InlineData("state:PER", false)]
    [InlineData("state:KEN", false)]
    [InlineData("cted", false)]
    [InlineData("committee", false)]
    [InlineData("experts", false)]
    [InlineData("members", false)]
    [InlineData("", false)]
    [InlineData("org:", false)]
    [InlineData("org:x", false)]
    [InlineData("org:-1", false)]
    [InlineData("need/org:9001", false)]
    public void A_State_consents_to_these_audiences_only(string key, bool may)
    {
        Assert.Equal(may, NeedRules.IsConsentable(new Audience(key)));
        if (!may)
            Assert.Equal("need.audience_unknown", Refused(() => Need(Amina).SharedWith(new Audience(key))));
    }

    [Fact]
    public void A_consent_is_changed_in_place_revoked_once_and_given_anew()
    {
        var need = Need(Amina).SharedWith(Audience.Providers, NeedParts.Cost);
        Assert.Equal("need.consent_unchanged", Refused(() => need.SharedWith(Audience.Providers, NeedParts.Cost | NeedParts.Summary)));
        need.SharedWith(Audience.Providers, NeedParts.Timeframe);
        Assert.Equal(NeedParts.Summary | NeedParts.Timeframe, Assert.Single(need.Consents).Parts);
        need.NoLongerSharedWith(Audience.Providers, Now.AddDays(1));
        var revoked = Assert.Single(need.Consents);
        Assert.Equal((false, Now.AddDays(1), Amina.Id), (revoked.Stands, revoked.RevokedAt!.Value, revoked.RevokedBy!.Value));
        Assert.Equal("need.consent_not_given", Refused(() => need.NoLongerSharedWith(Audience.Providers)));
        Assert.Equal("need.consent_not_given", Refused(() => need.NoLongerSharedWith(NorthernAgency.Audience)));
        need.SharedWith(Audience.Providers, NeedParts.Cost, Now.AddDays(2));
        Assert.Equal(2, need.Consents.Count);
        Assert.Single(need.Consents, c => c.Stands);
        Assert.Equal(
            ["need.drafted", "need.consent_given", "need.consent_changed", "need.consent_revoked", "need.consent_given"],
            need.Acts.Take().Select(a => a.Code)
        );
    }

    [Fact]
    public void At_each_stage_these_audiences_are_named()
    {
        var table = new Dictionary<NeedStatus, string[]>
        {
            [NeedStatus.Draft] = ["state:KEN"],
            [NeedStatus.Submitted] = ["state:KEN", "cted"],
            [NeedStatus.Returned] = ["state:KEN", "cted"],
            [NeedStatus.Authenticated] = ["state:KEN", "cted"],
            [NeedStatus.Circulated] = ["state:KEN", "cted", "providers"],
            [NeedStatus.Matched] = ["state:KEN", "cted", "providers"],
            [NeedStatus.Withdrawn] = ["state:KEN", "cted"],
            [NeedStatus.InDelivery] = ["state:KEN", "cted", "providers"],
            [NeedStatus.Met] = ["state:KEN", "cted", "providers"],
            [NeedStatus.PartlyMet] = ["state:KEN", "cted", "providers"],
            [NeedStatus.Unmet] = ["state:KEN", "cted", "providers"],
        };
        Assert.Equal(Enum.GetValues<NeedStatus>(), table.Keys);
        foreach (var (status, audiences) in table)
        {
            var need = NeedAt(status);
            if (status < NeedStatus.Circulated)
                need.SharedWith(Audience.Providers);
            Assert.Equal(audiences, Shown(need));
        }
    }

    [Fact]
    public void A_draft_taken_back_never_left_its_State_and_one_returned_did()
    {
        Assert.Equal(["state:KEN"], Shown(Need(Amina).SharedWith(Audience.Providers).WithdrawnBy(Amina)));
        Assert.Equal(["state:KEN", "cted"], Shown(NeedAt(NeedStatus.Returned).WithdrawnBy(Amina)));
    }

    [Fact]
    public void Whoever_consent_is_revoked_from_loses_the_need_at_once_and_others_keep_it()
    {
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).SharedWith(PacificFund).CirculatedBy(Andrei);
        Assert.True(Decision.On(need, Ingrid).Visible);
        need.NoLongerSharedWith(NorthernAgency.Audience);
        Assert.False(Decision.On(need, Ingrid).Visible);
        Assert.True(Decision.On(need, Kenji).Visible);
    }

    [Fact]
    public void A_need_that_no_longer_is_shared_with_anybody_stays_with_its_State_and_CTED()
    {
        var need = NeedAt(NeedStatus.Circulated).NoLongerSharedWith(Audience.Providers);
        Assert.Equal(["state:KEN", "cted"], Shown(need));
        Assert.Equal(NeedStatus.Circulated, need.Status);
    }

    [Fact]
    public void Consent_to_one_provider_shows_nothing_to_another_to_partners_or_to_the_public()
    {
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).CirculatedBy(Andrei);
        Assert.Equal(
            ["Amina", "Otieno", "Ingrid", "Lars", "Leila", "Andrei", "Dorothea"],
            Cast.Actors.Where(a => Decision.On(need, a).Visible).Select(a => a.Name)
        );
    }

    [Fact]
    public void A_reader_of_two_audiences_sees_the_parts_of_both()
    {
        var need = NeedAt(NeedStatus.Authenticated)
            .SharedWith(Audience.Providers, NeedParts.Timeframe)
            .SharedWith(NorthernAgency, NeedParts.Cost)
            .CirculatedBy(Andrei);
        Assert.Equal(NeedParts.Summary | NeedParts.Timeframe | NeedParts.Cost, (NeedParts)Decision.On(need, Ingrid).View);
        Assert.Equal(NeedParts.Summary | NeedParts.Timeframe, (NeedParts)Decision.On(need, Kenji).View);
    }

    [Fact]
    public void What_a_consented_audience_does_not_see_does_not_move_the_need_in_its_list()
    {
        var need = NeedAt(NeedStatus.Circulated);
        var before = need.Exposures().Single(e => e.Audience == Audience.Providers).Since;
        need.Edit(Amina, NeedContent with { Beneficiary = "Another institution" }, Now.AddDays(9));
        need.Confirm(Amina, Now.AddDays(10));
        need.SharedWith(PacificFund, at: Now.AddDays(11));
        Assert.Equal(before, need.Exposures().Single(e => e.Audience == Audience.Providers).Since);
        Assert.Equal(Now.AddDays(11), need.Exposures().Single(e => e.Audience == PacificFund.Audience).Since);
        Assert.Equal(Now.AddDays(11), need.Exposures().Single(e => e.Audience == Audience.Cted).Since);
    }

    [Fact]
    public void Circulation_needs_a_standing_consent()
    {
        Assert.Equal("need.no_consent", Refused(() => NeedAt(NeedStatus.Authenticated).CirculatedBy(Andrei)));
        Assert.Equal(
            "need.no_consent",
            Refused(() =>
                NeedAt(NeedStatus.Authenticated).SharedWith(Audience.Providers).NoLongerSharedWith(Audience.Providers).CirculatedBy(Andrei)
            )
        );
    }

    [Fact]
    public void A_day_has_begun_where_it_begins_first_and_is_over_where_it_ends_last()
    {
        var at = new DateTime(2026, 11, 29, 15, 21, 0, DateTimeKind.Utc); // the 30th in Tokyo, the 29th in New York
        Assert.Equal((new DateOnly(2026, 11, 30), new DateOnly(2026, 11, 29)), (Days.Begun(at), Days.NotOver(at)));
        var need = NeedAt(NeedStatus.Authenticated)
            .SharedWith(Audience.Providers)
            .CirculatedBy(Andrei, new DateOnly(2026, 12, 20), new DateTime(2026, 11, 20, 2, 0, 0, DateTimeKind.Utc));
        Assert.True(need.IsOpenForReplies(new DateTime(2026, 12, 21, 11, 59, 0, DateTimeKind.Utc)));
        Assert.False(need.IsOpenForReplies(new DateTime(2026, 12, 21, 12, 0, 0, DateTimeKind.Utc)));
    }

    [Fact]
    public void The_reply_by_date_is_after_today_and_within_two_years()
    {
        var today = DateOnly.FromDateTime(Now);
        Need Ready() => NeedAt(NeedStatus.Authenticated).SharedWith(Audience.Providers);
        // It is nine in the morning in London, and the day before west of Hawaii.
        Assert.Equal("need.reply_by_passed", Refused(() => Ready().CirculatedBy(Andrei, today.AddDays(-1))));
        Assert.Equal(today, Ready().CirculatedBy(Andrei, today).ReplyBy);
        Assert.Equal("field.date_out_of_range", Refused(() => Ready().CirculatedBy(Andrei, today.AddYears(2).AddDays(1))));
        Assert.Equal(today.AddDays(1), Ready().CirculatedBy(Andrei, today.AddDays(1)).ReplyBy);
        Assert.Equal(today.AddYears(2), Ready().CirculatedBy(Andrei, today.AddYears(2)).ReplyBy);
    }

    [Fact]
    public void A_translation_knows_that_the_original_has_left_it_behind()
    {
        var need = NeedAt(NeedStatus.Circulated);
        need.Translate(Otieno, Language.Fr, "Formation d’enquêteurs", "Les enquêteurs ont besoin de formation.", Now);
        Assert.NotNull(need.TranslatedInto(Language.Fr, NeedParts.Whole));

        need.Edit(Amina, need.Present with { Description = "Something else." }, Now);
        var french = Assert.Single(need.Translations);
        Assert.Equal((false, true), (french.IsTitleBehind, french.IsDescriptionBehind));
        Assert.Null(need.TranslatedInto(Language.Fr, NeedParts.Whole));
        // Who is not shown the description is not told that it was changed.
        Assert.Equal(french, need.TranslatedInto(Language.Fr, NeedParts.Summary));
        Assert.DoesNotContain(need.SearchTexts(), t => t.Text == french.Description);
        need.Translate(Otieno, Language.Fr, french.Title, "Autre chose.", Now);
        Assert.NotNull(need.TranslatedInto(Language.Fr, NeedParts.Whole));

        // Where the State takes its own text for French, the translation is set aside and not lost.
        need.Edit(Amina, need.Present with { Language = Language.Fr }, Now);
        Assert.Empty(need.Translations);
        need.Edit(Amina, need.Present with { Language = Language.En }, Now);
        Assert.Equal("Autre chose.", need.TranslatedInto(Language.Fr, NeedParts.Whole)!.Description);
    }

    [Fact]
    public void A_translation_of_a_text_that_is_gone_is_behind_from_the_start()
    {
        var need = NeedAt(NeedStatus.Submitted);
        var old = (need.Title, need.Description);
        need.Edit(Amina, need.Present with { Description = "Something else." }, Now);

        need.Translate(Otieno, Language.Fr, "Titre", "De l’ancien texte.", Now, old);
        var french = Assert.Single(need.Translations);
        Assert.Equal((false, true), (french.IsTitleBehind, french.IsDescriptionBehind));

        need.Translate(Otieno, Language.Fr, "Titre", "Du nouveau texte.", Now, (need.Title, need.Description));
        Assert.False(french.IsDescriptionBehind);
    }

    [Fact]
    public void A_return_needs_a_note_and_a_withdrawal_a_reason()
    {
        Assert.Equal("field.required", Refused(() => NeedAt(NeedStatus.Submitted).ReturnedBy(Andrei, " ")));
        Assert.Equal("field.required", Refused(() => NeedAt(NeedStatus.Submitted).Withdraw(Amina, "", Now, [])));
        var returned = NeedAt(NeedStatus.Submitted).ReturnedBy(Andrei, "Name the institution.");
        Assert.Equal("Name the institution.", returned.ReturnNote);
        Assert.Null(returned.SubmittedBy(Amina).AuthenticatedBy(Andrei).ReturnNote);
    }

    [Fact]
    public void A_need_not_confirmed_for_a_year_is_stale_until_it_is()
    {
        var need = Need(Amina);
        Assert.False(need.IsStale(Now.AddYears(1)));
        Assert.True(need.IsStale(Now.AddYears(1).AddTicks(1)));
        need.Confirm(Amina, Now.AddYears(1));
        Assert.False(need.IsStale(Now.AddYears(2)));
        Assert.False(NeedAt(NeedStatus.Withdrawn).IsStale(Now.AddYears(9)));
    }

    [Fact]
    public void A_translation_stands_beside_the_original_and_goes_when_it_becomes_the_original()
    {
        var need = Need(Amina);
        Assert.Equal("need.translation_is_original", Refused(() => need.Translate(Amina, Language.En, "Title", "Text", Now)));
        need.Translate(Otieno, Language.Fr, "Titre", "Texte", Now);
        need.Translate(Otieno, Language.Fr, "Autre titre", "Texte", Now);
        Assert.Equal("Autre titre", Assert.Single(need.Translations).Title);
        need.Edit(Amina, NeedContent with { Language = Language.Fr }, Now);
        Assert.Empty(need.Translations);
    }

    public static TheoryData<string, string, Func<Need.Content, Need.Content>> BadContents =>
        new()
        {
            { "field.required", "Title", c => c with { Title = "" } },
            { "field.required", "Title", c => c with { Title = " \n\t" } },
            { "field.too_long", "Title", c => c with { Title = new string('a', 201) } },
            { "field.required", "Title", c => c with { Title = "\u200B\u3164" } },
            { "field.bad_character", "Title", c => c with { Title = "a\uD800" } },
            { "field.too_long", "Description", c => c with { Description = new string('a', 20_001) } },
            { "field.unknown_code", "Language", c => c with { Language = (Language)99 } },
            { "field.unknown_code", "Origin", c => c with { Origin = (NeedOrigin)99 } },
            { "field.unknown_code", "Urgency", c => c with { Urgency = (Urgency)99 } },
            { "field.unknown_code", "Theme", c => c with { Theme = "NONE" } },
            { "field.unknown_code", "Paragraphs", c => c with { Paragraphs = ["1373:99"] } },
            { "field.unknown_code", "Modalities", c => c with { Modalities = ["NONE"] } },
            { "field.unknown_code", "Sectors", c => c with { Sectors = ["00000"] } },
            { "field.too_long", "Beneficiary", c => c with { Beneficiary = new string('a', 301) } },
            { "field.amount_out_of_range", "EstimatedCost", c => c with { EstimatedCost = 0 } },
            { "field.amount_out_of_range", "EstimatedCost", c => c with { EstimatedCost = -1 } },
            { "field.amount_out_of_range", "EstimatedCost", c => c with { EstimatedCost = 0.5m } },
            { "field.amount_out_of_range", "EstimatedCost", c => c with { EstimatedCost = Portal.Domain.Text.LargestAmount + 1 } },
            { "field.required", "Currency", c => c with { Currency = null } },
            { "field.unknown_code", "Currency", c => c with { Currency = "XYZ" } },
            { "field.date_out_of_range", "From", c => c with { From = new DateOnly(1999, 12, 31) } },
            { "field.date_out_of_range", "To", c => c with { To = new DateOnly(2101, 1, 1) } },
            { "field.dates_reversed", "To", c => c with { From = new DateOnly(2028, 1, 2), To = new DateOnly(2028, 1, 1) } },
        };

    [Theory, MemberData(nameof(BadContents))]
    public void A_wrong_field_is_refused_by_name_at_drafting_and_editing_and_nothing_changes(
        string code,
        string field,
        Func<Need.Content, Need.Content> change
    )
    {
        var drafting = Assert.Throws<Refusal>(() => Need(Amina, change(NeedContent)));
        Assert.Equal((code, field), (drafting.Code, drafting.Field));
        var need = Need(Amina);
        _ = need.Acts.Take();
        var editing = Assert.Throws<Refusal>(() =>
            need.Edit(Amina, change(NeedContent) with { Beneficiary = change(NeedContent).Beneficiary + "x" }, Now.AddDays(1))
        );
        Assert.Equal((code, field), (editing.Code, editing.Field));
        Assert.Equal((NeedContent.Title, NeedContent.Beneficiary, Now), (need.Title, need.Beneficiary, need.UpdatedAt));
        Assert.Empty(need.Acts.Take());
    }

    [Fact]
    public void A_draft_needs_a_title_and_the_rest_before_it_is_submitted()
    {
        var little = NeedContent with { Description = " ", Theme = "", Modalities = [] };
        var need = Cast.Need(Otieno, little);
        Assert.Equal("field.required", Refused(() => Cast.Need(Otieno, little with { Title = " " })));
        Assert.Equal(["Description", "Theme", "Modalities"], need.Missing().Select(m => m.Field));
        Assert.Equal("field.required", Refused(() => need.Submit(Amina, Now)));
        Assert.Equal(NeedStatus.Draft, need.Status);

        need.Edit(Otieno, NeedContent, Now);
        need.Submit(Amina, Now);
        Assert.Equal("field.required", Refused(() => need.Edit(Amina, little, Now)));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var problems = Domain.Assistance.Need.Content.Fields.Problems(
            NeedContent with
            {
                Title = "",
                Theme = "",
                Modalities = [],
                Currency = null,
            }
        );
        Assert.Equal(["Title", "Theme", "Modalities", "Currency"], problems.Select(p => p.Field));
        Assert.Empty(Domain.Assistance.Need.Content.Fields.Problems(NeedContent));
    }

    [Fact]
    public void A_cost_may_be_left_out_and_then_there_is_no_currency_and_no_gap()
    {
        var need = Need(Amina, NeedContent with { EstimatedCost = null });
        Assert.Equal((null, null, null), (need.EstimatedCost, need.Currency, need.NotAccepted));
    }

    [Fact]
    public void The_funding_gap_is_what_accepted_proposals_leave()
    {
        var need = NeedAt(NeedStatus.Circulated);
        Assert.Equal(250_000m, need.NotAccepted);
        Proposal(need).ProposedBy(Ingrid, need).AcceptedBy(Amina, need, 40_000m);
        Assert.Equal((NeedStatus.Matched, 210_000m), (need.Status, need.NotAccepted));
        var second = Proposal(need, Kenji).ProposedBy(Kenji, need).ShortlistedBy(Amina).AcceptedBy(Amina, need);
        Assert.Equal((NeedStatus.Matched, 110_000m), (need.Status, need.NotAccepted));
        Assert.Equal(100_000m, second.AcceptedAmount);
        Proposal(need, content: ProposalContent with { Amount = 900_000m }).ProposedBy(Ingrid, need).AcceptedBy(Amina, need);
        Assert.Equal((1_040_000m, 0m), (need.AcceptedAmount, need.NotAccepted));
        Assert.Equal(["need.matched", "need.part_accepted", "need.part_accepted"], need.Acts.Take().Select(a => a.Code).TakeLast(3));
    }

    [Fact]
    public void An_amount_in_another_currency_does_not_count_against_the_cost()
    {
        var need = NeedAt(NeedStatus.Circulated);
        Proposal(need, content: ProposalContent with { Currency = "EUR" }).ProposedBy(Ingrid, need).AcceptedBy(Amina, need);
        Assert.Equal((NeedStatus.Matched, 250_000m, 0m), (need.Status, need.NotAccepted, need.AcceptedAmount));
    }

    [Fact]
    public void The_currency_stays_once_an_amount_in_it_is_accepted()
    {
        var need = NeedAt(NeedStatus.Circulated);
        ProposalAt(ProposalStatus.Accepted, need);
        Assert.Equal("need.currency_fixed_by_acceptance", Refused(() => need.Edit(Amina, NeedContent with { Currency = "EUR" }, Now)));
        Assert.Equal("need.currency_fixed_by_acceptance", Refused(() => need.Edit(Amina, NeedContent with { EstimatedCost = null }, Now)));
        need.Edit(Amina, NeedContent with { EstimatedCost = 300_000m }, Now);
        Assert.Equal(200_000m, need.NotAccepted);
    }

    [Fact]
    public void Each_act_belongs_to_a_part_so_that_only_who_sees_the_part_learns_of_it()
    {
        var need = NeedAt(NeedStatus.Circulated);
        ProposalAt(ProposalStatus.Accepted, need);
        Assert.Equal(
            [
                ("need.drafted", NeedParts.Inner),
                ("need.submitted", NeedParts.Inner),
                ("need.authenticated", NeedParts.Inner),
                ("need.consent_given", NeedParts.Inner),
                ("need.circulated", NeedParts.Summary),
                ("need.matched", NeedParts.Summary),
            ],
            need.Acts.Take().Select(a => (a.Code, (NeedParts)a.Part))
        );
    }

    [Fact]
    public void Search_texts_belong_to_the_part_they_are_shared_with()
    {
        var need = Need(Amina);
        need.Translate(Amina, Language.Fr, "Titre", "Texte", Now);
        Assert.Equal(
            [
                (NeedParts.Summary, NeedContent.Title),
                (NeedParts.Description, NeedContent.Description),
                (NeedParts.Beneficiary, NeedContent.Beneficiary),
                (NeedParts.Summary, "Titre"),
                (NeedParts.Description, "Texte"),
            ],
            need.SearchTexts().Select(t => ((NeedParts)t.Part, t.Text))
        );
    }
}
