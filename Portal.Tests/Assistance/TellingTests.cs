using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Portal.Tests.Cast;

namespace Portal.Tests.Assistance;

/// <summary>An act says whom it tells.</summary>
public sealed class TellingTests
{
    private static readonly Audience Kenya = Audience.State("KEN");

    [Fact]
    public void What_is_done_twice_before_it_is_saved_is_told_once()
    {
        var need = NeedAt(NeedStatus.Authenticated);
        _ = need.Acts.TakeTold();

        need.AskConsent(Andrei, Audience.Partners, NeedParts.Description, null, Now);
        need.AskConsent(Andrei, PacificFund.Audience, NeedParts.Description, null, Now);

        Assert.Equal([(Kenya, "need.consent_asked")], need.Acts.TakeTold());
        Assert.Empty(need.Acts.TakeTold());
    }

    [Fact]
    public void Who_is_given_less_than_before_is_not_told_that_something_is_shared_with_them()
    {
        var need = Shared();
        need.GiveConsent(Amina, NorthernAgency.Audience, NeedParts.Description, Now);
        _ = need.Acts.TakeTold();
        need.GiveConsent(Amina, NorthernAgency.Audience, NeedParts.Summary, Now);
        Assert.Empty(need.Acts.TakeTold());
        need.GiveConsent(Amina, NorthernAgency.Audience, NeedParts.Cost, Now);
        Assert.Equal([(NorthernAgency.Audience, "need.shared_with_you")], need.Acts.TakeTold());
    }

    [Fact]
    public void Consent_to_a_need_that_is_not_circulated_yet_and_consent_to_show_it_to_everyone_tell_nobody()
    {
        var need = NeedAt(NeedStatus.Submitted);
        _ = need.Acts.TakeTold();
        need.GiveConsent(Amina, Audience.Partners, NeedParts.Description, Now);
        Assert.Empty(need.Acts.TakeTold());

        var shared = Shared();
        shared.GiveConsent(Amina, Audience.Public, NeedParts.Summary, Now);
        Assert.Empty(shared.Acts.TakeTold());
    }

    [Fact]
    public void A_changed_need_tells_those_who_are_shown_what_changed()
    {
        var need = NeedAt(NeedStatus.Authenticated)
            .SharedWith(NorthernAgency, NeedParts.Description)
            .SharedWith(PacificFund, NeedParts.Cost)
            .CirculatedBy(Andrei);
        _ = need.Acts.TakeTold();
        need.Edit(Amina, need.Present with { EstimatedCost = 1, Currency = "USD" }, Now);
        Assert.Equal(
            [(Audience.Cted, "need.changed"), (Audience.Org(PacificFund.Number), "need.changed")],
            need.Acts.TakeTold().Where(t => t.Item1 != Audience.Providers)
        );
        need.Edit(Amina, need.Present with { Title = "Another need" }, Now);
        Assert.Contains((Audience.Org(NorthernAgency.Number), "need.changed"), need.Acts.TakeTold());
        need.Edit(Amina, need.Present, Now);
        Assert.Empty(need.Acts.TakeTold());

        var draft = Need();
        draft.Edit(Amina, draft.Present with { Title = "Another draft" }, Now);
        Assert.Empty(draft.Acts.TakeTold());
    }

    [Fact]
    public void A_draft_that_is_taken_back_is_nobody_elses_affair_and_a_need_that_was_submitted_is_cteds()
    {
        var draft = Need();
        draft.Withdraw(Amina, "No longer wanted.", Now, []);
        Assert.Empty(draft.Acts.TakeTold());

        var submitted = NeedAt(NeedStatus.Submitted);
        _ = submitted.Acts.TakeTold();
        submitted.Withdraw(Amina, "No longer wanted.", Now, []);
        Assert.Equal([(Audience.Cted, "need.withdrawn")], submitted.Acts.TakeTold());
    }

    [Fact]
    public void A_provider_whose_help_was_accepted_is_told_on_its_own_proposal_what_the_State_says_of_the_need()
    {
        var need = Shared();
        var proposal = ProposalAt(ProposalStatus.Proposed, need);
        proposal.Accept(Amina, need, null, Now);
        (_, _) = (need.Acts.TakeTold(), proposal.Acts.TakeTold());

        need.BeginDelivery(Amina, [proposal], Now);

        Assert.Equal([(Audience.Cted, "need.delivery_begun")], need.Acts.TakeTold());
        Assert.Equal([(NorthernAgency.Audience, "need.delivery_begun")], proposal.Acts.TakeTold());
    }

    [Fact]
    public void A_question_leaves_the_need_as_it_was_and_is_noted_and_told()
    {
        var need = Shared();
        _ = need.Acts.Take();

        _ = NeedQuestion.Ask(need, Ingrid, "How many?", Language.En, Now);

        Assert.True(need.Acts.IsEmpty);
        Assert.Equal("need.question_asked", Assert.Single(need.Acts.TakeNoted()).Code);
        Assert.Equal([(Kenya, "need.question_asked"), (Audience.Cted, "need.question_asked")], need.Acts.TakeTold());
    }

    [Fact]
    public void Of_a_programme_the_States_it_is_shown_to_are_told_and_not_again_when_more_of_it_is_shared()
    {
        var programme = Programme();
        _ = programme.Acts.TakeTold();
        programme.Share(
            ManagerOf(programme),
            new(ProgrammeParts.Summary, ProgrammeParts.Summary, ProgrammeParts.None, ProgrammeParts.None),
            Now
        );
        Assert.Equal(programme.States.Select(s => (Audience.State(s), "programme.shared_with_you")), programme.Acts.TakeTold());
        programme.Share(ManagerOf(programme), ProgrammeSharing.AsPublished, Now);
        Assert.Empty(programme.Acts.TakeTold());

        var imported = Programme();
        imported.ShareAsPublished(ManagerOf(imported), Now);
        Assert.Empty(imported.Acts.TakeTold());
    }

    private static Need Shared()
    {
        var need = NeedAt(NeedStatus.Circulated);
        _ = need.Acts.TakeTold();
        return need;
    }
}
