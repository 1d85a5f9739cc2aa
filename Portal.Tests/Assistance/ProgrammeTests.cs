using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Assistance;

/// <summary>Help being given: who sees which part, who moves it where, and what it refuses.</summary>
public sealed class ProgrammeTests
{
    [Fact]
    public void Stages_follow_each_other_as_the_table_says()
    {
        (ProgrammeStatus, ProgrammeStatus)[] moves =
        [
            (ProgrammeStatus.Pipeline, ProgrammeStatus.Active),
            (ProgrammeStatus.Pipeline, ProgrammeStatus.Cancelled),
            (ProgrammeStatus.Active, ProgrammeStatus.Completed),
            (ProgrammeStatus.Active, ProgrammeStatus.Cancelled),
        ];
        foreach (var from in Enum.GetValues<ProgrammeStatus>())
        foreach (var to in Enum.GetValues<ProgrammeStatus>())
            Assert.Equal(moves.Contains((from, to)), from.CanMove(to));
    }

    [Fact]
    public void Until_it_is_shared_only_its_own_organisation_knows_of_it()
    {
        var programme = Cast.Programme(Cast.Lars);
        foreach (var player in Cast.All)
            Assert.Equal(player.Organisation == Cast.NorthernAgency, Decision.On(programme, player).Visible);
    }

    [Fact]
    public void A_contributor_drafts_a_manager_shares_and_from_then_on_changes_it()
    {
        var programme = Cast.Programme(Cast.Lars);
        programme.Edit(Cast.Lars, Cast.ProgrammeContent with { Title = "Another" }, Cast.Now);
        Refuses("programme.not_yours_to_share", () => programme.Share(Cast.Lars, ProgrammeSharing.AsPublished, Cast.Now));
        programme.Share(Cast.Ingrid, ProgrammeSharing.CtedOnly, Cast.Now);
        Refuses("programme.not_yours_to_edit", () => programme.Edit(Cast.Lars, Cast.ProgrammeContent, Cast.Now));
        Refuses("programme.not_yours_to_edit", () => programme.Begin(Cast.Kenji, Cast.Now));
        programme.Begin(Cast.Ingrid, Cast.Now);
        programme.Complete(Cast.Ingrid, Cast.Now);
        Refuses("programme.wrong_stage", () => programme.Cancel(Cast.Ingrid, "No money.", Cast.Now));
        Refuses("programme.not_yours_to_draft", () => Programme.Draft("PRG-1", Cast.Andrei, Cast.ProgrammeContent, Cast.Now));
        Refuses("programme.not_yours_to_draft", () => Programme.Draft("PRG-1", Cast.Amina, Cast.ProgrammeContent, Cast.Now));
    }

    [Fact]
    public void Each_audience_gets_the_parts_chosen_for_it_and_what_everyone_gets()
    {
        var programme = Cast.Programme()
            .SharedAs(
                new ProgrammeSharing(ProgrammeParts.Finance, ProgrammeParts.None, ProgrammeParts.Results, ProgrammeParts.Description)
            );
        ProgrammeParts Seen(Actor actor) => (ProgrammeParts)Decision.On(programme, actor).View;
        Assert.Equal(ProgrammeParts.Summary | ProgrammeParts.Finance | ProgrammeParts.Description, Seen(Cast.Amina));
        Assert.Equal(ProgrammeParts.Summary | ProgrammeParts.Description, Seen(Cast.Rosa));
        Assert.Equal(ProgrammeParts.Summary | ProgrammeParts.Description, Seen(Cast.Kenji));
        Assert.Equal(ProgrammeParts.Summary | ProgrammeParts.Results | ProgrammeParts.Description, Seen(Cast.Fatou));
        Assert.Equal(ProgrammeParts.Summary | ProgrammeParts.Description, Seen(Cast.Nobody));
        Assert.Equal(ProgrammeParts.Whole, Seen(Cast.Ingrid));
        Assert.Equal(ProgrammeParts.Whole, Seen(Cast.Andrei));
        Assert.Equal(ProgrammeParts.Whole, Seen(Cast.Leila));
    }

    [Fact]
    public void What_a_page_carries_over_can_be_written_down()
    {
        var programme = Cast.Programme().SharedAs(ProgrammeSharing.CtedOnly);
        Assert.Equal(
            programme.Sharing,
            System.Text.Json.JsonSerializer.Deserialize<ProgrammeSharing>(System.Text.Json.JsonSerializer.Serialize(programme.Sharing))
        );
    }

    [Fact]
    public void What_concerns_several_States_reaches_the_legal_officer_of_one_of_them_and_no_scope_that_leaves_one_out()
    {
        var several = Cast.Programme(content: Cast.ProgrammeContent with { States = ["KEN", "PER"] }).SharedAs(ProgrammeSharing.CtedOnly);
        var other = Cast.Programme(content: Cast.ProgrammeContent with { States = ["PER", "NOR"] }).SharedAs(ProgrammeSharing.CtedOnly);
        Assert.True(Decision.On(several, Cast.Leila).Visible);
        Assert.False(Decision.On(other, Cast.Leila).Visible);
        Assert.False(
            Decision.On(several, Cast.Andrei.With(Cast.Denial(Principal.Person(Cast.Andrei.Id), Section.Programmes, "PER"))).Visible
        );
        Assert.False(
            Decision.On(several, Cast.Wei.With(Cast.Grant(Principal.Person(Cast.Wei.Id), Section.Programmes, Level.View, "KEN"))).Visible
        );
    }

    [Fact]
    public void A_need_is_served_by_who_sees_it_and_helps_its_State()
    {
        var programme = Cast.Programme();
        var shown = Cast.NeedAt(NeedStatus.Circulated);
        Assert.Equal(shown.Id, programme.Serve(Cast.Ingrid, shown, Cast.Now).NeedId);
        Refuses(
            "programme.need_of_another_state",
            () => programme.Serve(Cast.Ingrid, Cast.NeedAt(NeedStatus.Circulated, Cast.Rosa), Cast.Now)
        );
        Refuses("programme.need_of_another_state", () => programme.Serve(Cast.Ingrid, Cast.NeedAt(NeedStatus.Submitted), Cast.Now));
        // Not everyone who reads what was done may know of the need.
        Assert.DoesNotContain(programme.Acts.Take(), a => a.Subject is not null);
    }

    [Fact]
    public void Totals_are_in_one_currency_and_mistakes_are_named_at_their_field()
    {
        var programme = Cast.Programme(
            content: Cast.ProgrammeContent with
            {
                Currency = null,
                Money =
                [
                    .. Cast.ProgrammeContent.Money,
                    new(MoneyKind.Expenditure, new DateOnly(2027, 2, 2), null, -250m, "USD"),
                    new(MoneyKind.Commitment, new DateOnly(2027, 1, 2), null, 9m, "EUR"),
                ],
            }
        );
        Assert.Equal(("USD", 200_000m, null, 49_750m), (programme.Currency, programme.Budget, programme.Committed, programme.Disbursed));
        void Wrong(string field, Programme.Content content) =>
            Assert.Contains(Programme.Content.Fields.Problems(content), p => p.Field == field);
        var right = Cast.ProgrammeContent;
        Assert.Empty(Programme.Content.Fields.Problems(right));
        Wrong("Title", right with { Title = " " });
        Wrong("States", right with { States = ["XXX"] });
        Wrong("EndPlanned", right with { EndPlanned = new DateOnly(2026, 1, 1) });
        Wrong("Money", right with { Money = [new(MoneyKind.Budget, new DateOnly(2027, 1, 1), null, 1e15m, "USD")] });
        Wrong("Money", right with { Money = [new(MoneyKind.Budget, new DateOnly(2027, 1, 1), null, 1m, "XQX")] });
        Wrong("Documents", right with { Documents = [new("A script", "javascript:alert(1)")] });
        Wrong("IatiIdentifier", right with { IatiIdentifier = "XX\u00A01" });
    }

    private static void Refuses(string code, Action act) => Assert.Equal(code, Assert.Throws<Refusal>(act).Code);
}
