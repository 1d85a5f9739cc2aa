using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>Answers to needs: who may give one, until when, and what its State takes of it.</summary>
public sealed class ProposalTests
{
    private static string Refused(Action act) => Assert.Throws<Refusal>(act).Code;

    [Fact]
    public void Only_providers_that_see_a_need_answer_it()
    {
        var need = NeedAt(NeedStatus.Authenticated).SharedWith(NorthernAgency).SharedWith(LegalNetwork).CirculatedBy(Andrei);
        Assert.Equal(["Ingrid", "Lars"], Cast.Actors.Where(a => need.CanPropose(a, Now)).Select(a => a.Name));
        // A contributor drafts one, and leaves it to a manager to make it.
        Assert.Equal(["Ingrid"], Cast.Actors.Where(a => need.CanSendProposal(a, Now)).Select(a => a.Name));
        foreach (var actor in Cast.Actors.Where(a => a.Name is not ("Ingrid" or "Lars")))
            Assert.Equal("proposal.not_yours_to_propose", Refused(() => Proposal(need, actor)));
    }

    [Fact]
    public void A_need_is_answered_while_it_is_shared_up_to_the_last_moment_of_the_reply_by_date()
    {
        foreach (var status in Enum.GetValues<NeedStatus>())
            Assert.Equal(status is NeedStatus.Circulated or NeedStatus.Matched, NeedAt(status).CanPropose(Ingrid, Now));
        var need = NeedAt(NeedStatus.Circulated);
        // Until the day has ended everywhere: at noon of the next by the clock of London.
        var over = ReplyBy.AddDays(1).ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc);
        Assert.True(need.CanPropose(Ingrid, over.AddTicks(-1)));
        Assert.False(need.CanPropose(Ingrid, over));
    }

    [Fact]
    public void A_draft_is_made_only_while_the_need_is_still_shown_to_the_provider()
    {
        var need = NeedAt(NeedStatus.Circulated);
        var proposal = Proposal(need);
        need.NoLongerSharedWith(Audience.Providers);
        Assert.Equal("proposal.not_yours_to_propose", Refused(() => proposal.ProposedBy(Ingrid, need)));
        need.SharedWith(Audience.Providers);
        Assert.Equal("need.reply_by_over", Refused(() => proposal.ProposedBy(Ingrid, need, Now.AddYears(1))));
        Assert.Equal(ProposalStatus.Proposed, proposal.ProposedBy(Ingrid, need).Status);
    }

    [Fact]
    public void A_proposal_is_made_and_accepted_with_the_need_it_answers_and_no_other()
    {
        var (answered, other) = (NeedAt(NeedStatus.Circulated), NeedAt(NeedStatus.Circulated));
        Assert.Equal("proposal.not_yours_to_propose", Refused(() => Proposal(answered).ProposedBy(Ingrid, other)));
        var proposal = ProposalAt(ProposalStatus.Proposed, answered);
        Assert.Equal("proposal.not_yours_to_answer", Refused(() => proposal.AcceptedBy(Amina, other)));
        Assert.Equal((ProposalStatus.Proposed, NeedStatus.Circulated, 0m), (proposal.Status, other.Status, other.AcceptedAmount));
    }

    [Fact]
    public void A_proposal_to_a_need_taken_back_is_not_accepted_and_stays_as_it_was()
    {
        var need = NeedAt(NeedStatus.Circulated);
        var proposal = ProposalAt(ProposalStatus.Proposed, need);
        _ = proposal.Acts.Take();
        need.WithdrawnBy(Amina);
        Assert.Equal("need.not_circulated", Refused(() => proposal.AcceptedBy(Amina, need)));
        Assert.Equal((ProposalStatus.Proposed, null), (proposal.Status, proposal.AcceptedAmount));
        Assert.Empty(proposal.Acts.Take());
        Assert.Equal(ProposalStatus.Declined, proposal.DeclinedBy(Amina).Status);
    }

    [Fact]
    public void A_State_takes_the_whole_or_a_part_and_no_more_than_is_offered()
    {
        var need = NeedAt(NeedStatus.Circulated);
        Proposal Made(Proposal.Content? content = null) => Proposal(need, content: content).ProposedBy(Ingrid, need);
        Assert.Equal(100_000m, Made().AcceptedBy(Amina, need).AcceptedAmount);
        Assert.Equal(100_000m, Made().AcceptedBy(Amina, need, 100_000m).AcceptedAmount);
        Assert.Equal(1m, Made().AcceptedBy(Amina, need, 1m).AcceptedAmount);
        foreach (var wrong in new[] { 0m, -1m, 0.5m, 100_001m })
            Assert.Equal("proposal.part_out_of_range", Refused(() => Made().AcceptedBy(Amina, need, wrong)));
        Assert.Equal("proposal.no_amount_to_part", Refused(() => Made(ProposalContent with { Amount = null }).AcceptedBy(Amina, need, 1m)));
        Assert.Null(Made(ProposalContent with { Amount = null }).AcceptedBy(Amina, need).AcceptedAmount);
    }

    [Fact]
    public void Two_proposals_of_rivals_are_accepted_and_neither_learns_of_the_other()
    {
        var need = NeedAt(NeedStatus.Circulated);
        var ingrids = Proposal(need, Ingrid).ProposedBy(Ingrid, need).AcceptedBy(Amina, need, 60_000m);
        var kenjis = Proposal(need, Kenji).ProposedBy(Kenji, need).AcceptedBy(Amina, need);
        Assert.Equal((ProposalStatus.Accepted, ProposalStatus.Accepted, 160_000m), (ingrids.Status, kenjis.Status, need.AcceptedAmount));
        Assert.False(Decision.On(ingrids, Kenji).Visible);
        Assert.False(Decision.On(kenjis, Ingrid).Visible);
        // The State, the need's readers of the whole and CTED see both.
        foreach (var proposal in new[] { ingrids, kenjis })
            Assert.Equal(
                ["Amina", "Otieno", "Leila", "Andrei", "Dorothea"],
                Cast.Actors.Where(a => Decision.On(proposal, a).Visible && a.Membership!.Organisation.Kind != OrganisationKind.Provider)
                    .Select(a => a.Name)
            );
    }

    [Fact]
    public void A_draft_is_seen_by_its_provider_only_even_when_taken_back()
    {
        var need = NeedAt(NeedStatus.Circulated);
        foreach (var proposal in new[] { Proposal(need), Proposal(need).WithdrawnBy(Ingrid) })
        {
            Assert.Equal(["Ingrid", "Lars"], Cast.Actors.Where(a => Decision.On(proposal, a).Visible).Select(a => a.Name));
            Assert.All(proposal.Acts.Take(), a => Assert.Equal((int)ProposalParts.Own, a.Part));
        }
    }

    [Fact]
    public void What_was_made_to_a_State_stays_seen_by_it_and_by_CTED_when_taken_back()
    {
        var need = NeedAt(NeedStatus.Circulated);
        foreach (
            var status in new[]
            {
                ProposalStatus.Proposed,
                ProposalStatus.Shortlisted,
                ProposalStatus.Accepted,
                ProposalStatus.Declined,
                ProposalStatus.Withdrawn,
            }
        )
        {
            var proposal = ProposalAt(status, need);
            Assert.Equal(["org:9001", "state:KEN", "cted"], proposal.Exposures().Select(e => e.Audience.Key));
            Assert.False(Decision.On(proposal, Rosa).Visible);
        }
    }

    [Fact]
    public void The_provider_keeps_its_proposal_when_it_no_longer_sees_the_need()
    {
        var need = NeedAt(NeedStatus.Circulated);
        var proposal = ProposalAt(ProposalStatus.Proposed, need);
        need.WithdrawnBy(Amina);
        Assert.False(Decision.On(need, Ingrid).Visible);
        Assert.True(Decision.On(proposal, Ingrid).Visible);
        Assert.Equal(need.Reference, proposal.NeedReference);
    }

    public static TheoryData<string, string, Func<Proposal.Content, Proposal.Content>> BadContents =>
        new()
        {
            { "field.required", "Title", c => c with { Title = " " } },
            { "field.too_long", "Title", c => c with { Title = new string('a', 201) } },
            { "field.bad_character", "Description", c => c with { Description = "\uD800" } },
            { "field.unknown_code", "Language", c => c with { Language = (Language)9 } },
            { "field.unknown_code", "Modalities", c => c with { Modalities = ["NONE"] } },
            { "field.amount_out_of_range", "Amount", c => c with { Amount = 0 } },
            { "field.amount_out_of_range", "Amount", c => c with { Amount = 1.5m } },
            { "field.required", "Currency", c => c with { Currency = "" } },
            { "field.unknown_code", "Currency", c => c with { Currency = "XYZ" } },
            { "field.date_out_of_range", "From", c => c with { From = new DateOnly(1, 1, 1) } },
            { "field.dates_reversed", "To", c => c with { From = new DateOnly(2028, 1, 2), To = new DateOnly(2028, 1, 1) } },
            { "field.too_long", "Conditions", c => c with { Conditions = new string('a', 4001) } },
        };

    [Theory, MemberData(nameof(BadContents))]
    public void A_wrong_field_is_refused_by_name(string code, string field, Func<Proposal.Content, Proposal.Content> change)
    {
        var refusal = Assert.Throws<Refusal>(() => Proposal(NeedAt(NeedStatus.Circulated), content: change(ProposalContent)));
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public void A_draft_needs_a_title_and_the_rest_before_it_is_made()
    {
        var need = NeedAt(NeedStatus.Circulated);
        var proposal = Proposal(need, content: ProposalContent with { Description = " ", Modalities = [] });
        Assert.Equal(["Description", "Modalities"], proposal.Missing().Select(m => m.Field));
        Assert.Equal("field.required", Assert.Throws<Refusal>(() => proposal.Propose(Ingrid, need, Now)).Code);
        proposal.Edit(Ingrid, ProposalContent, Now);
        proposal.Propose(Ingrid, need, Now);
    }

    [Fact]
    public void A_profile_or_offer_is_opened_for_providers_and_partners_only()
    {
        foreach (var organisation in Organisations)
        {
            if (organisation.Kind is OrganisationKind.Provider or OrganisationKind.Partner)
                _ = (Profile(organisation), Offer(organisation));
            else
                Assert.Equal(
                    ("profile.not_for_this_kind", "profile.not_for_this_kind"),
                    (Refused(() => Profile(organisation)), Refused(() => Offer(organisation)))
                );
        }
    }

    [Fact]
    public void The_directory_is_kept_by_its_owners_and_by_the_information_officer()
    {
        foreach (var actor in Cast.Actors)
        {
            Assert.Equal(actor.Name is "Ingrid" or "Lars" or "Chloe", Profile(NorthernAgency).CanEdit(actor));
            Assert.Equal(actor.Name is "Ingrid" or "Chloe", Profile(NorthernAgency).CanPublish(actor));
            Assert.Equal(actor.Name is "Ingrid" or "Lars" or "Chloe", Offer(NorthernAgency).CanEdit(actor));
            Assert.Equal(actor.Name is "Fatou" or "Chloe", Offer(LegalNetwork).CanEdit(actor));
        }
    }

    [Fact]
    public void A_published_offer_that_is_closed_is_seen_by_its_owner_and_CTED_only()
    {
        var offer = Offer(NorthernAgency, published: true);
        Assert.All(Cast.Actors, a => Assert.True(Decision.On(offer, a).Visible));
        offer.Close(Now);
        Assert.Equal(
            Cast.Actors.Where(a => a.Membership?.Organisation is { } o && (o == NorthernAgency || o == Cast.Cted)).Select(a => a.Name),
            Cast.Actors.Where(a => Decision.On(offer, a).Visible).Select(a => a.Name)
        );
        offer.Reopen(Now);
        Assert.True(Decision.On(offer, Nobody).Visible);
        Assert.Equal("offer.already_open", Refused(() => offer.Reopen(Now)));
    }

    [Fact]
    public void The_public_gets_no_contacts()
    {
        var profile = Profile(NorthernAgency, published: true);
        Assert.Equal(DirectoryParts.Published, (DirectoryParts)Decision.On(profile, Nobody).View);
        Assert.Equal(DirectoryParts.Published | DirectoryParts.Contacts, (DirectoryParts)Decision.On(profile, Amina).View);
        Assert.Equal(DirectoryParts.Whole, (DirectoryParts)Decision.On(profile, Ingrid).View);
    }
}
