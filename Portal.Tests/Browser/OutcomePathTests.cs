using Xunit.Abstractions;

namespace Portal.Tests.Browser;

/// <summary>
/// What the portal is for, in one walk: from a donor's published file and a State's needs to the State's answer, a year later, whether it
/// was helped.
/// </summary>
[Collection(OwnBrowserCollection.Name)]
public sealed class OutcomePathTests(ITestOutputHelper output)
{
    [BrowserFact]
    public async Task The_help_of_two_donors_is_followed_from_a_published_file_to_the_States_answer()
    {
        await using var path = await OutcomePath.Begin(output);
        await path.A_donor_takes_in_the_file_that_it_publishes();
        await path.A_State_files_three_needs_for_three_circles();
        await path.CTED_authenticates_and_circulates_them();
        await path.Each_donor_is_suggested_what_was_shared_with_it();
        await path.Two_donors_propose_for_one_need();
        await path.The_State_accepts_parts_of_both_and_the_gap_shrinks_on_every_open_screen();
        await path.A_programme_of_the_file_serves_the_need();
        await path.Help_is_delivered_and_the_State_confirms_it();
        await path.A_year_later_the_State_is_asked_and_answers();
        await path.Each_reader_traces_what_they_may_see_and_nothing_else();
        path.No_browser_complained();
    }
}
