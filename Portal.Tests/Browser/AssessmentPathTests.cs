using Xunit.Abstractions;

namespace Portal.Tests.Browser;

/// <summary>
/// An assessment in one walk: from its officer through review, subcommittee and Committee to the State and its answer, on to the need that
/// the State makes of what it was asked, to the donor it shows its findings, and to the next assessment, which shows what came of it.
/// </summary>
[Collection(OwnBrowserCollection.Name)]
public sealed class AssessmentPathTests(ITestOutputHelper output)
{
    [BrowserTheory, OnSqlite, OnPostgres]
    public async Task An_assessment_is_followed_from_its_first_word_to_what_the_next_one_says_came_of_it(Database database)
    {
        await using var path = await AssessmentPath.Begin(database, output);
        await path.Another_subcommittee_considers_Peru();
        await path.The_officer_drafts_it_in_Spanish();
        await path.The_officer_translates_it_into_Arabic_and_hands_it_to_a_colleague();
        await path.The_colleague_returns_it_once_and_then_lets_it_go_on();
        await path.The_subcommittee_endorses_it_by_silence_after_a_hold_and_a_holiday();
        await path.The_Committee_objects_once_and_then_adopts_it_by_silence();
        await path.The_State_has_nothing_until_the_chair_sends_the_letter_and_then_all_of_it();
        await path.The_State_answers_finding_by_finding();
        await path.The_State_makes_a_need_of_what_it_is_asked();
        await path.A_donor_finds_a_need_like_any_other_and_proposes();
        await path.The_State_shows_the_donor_its_findings_and_not_its_answer();
        await path.The_next_assessment_shows_what_came_of_this_one();
        path.No_browser_complained();
    }
}
