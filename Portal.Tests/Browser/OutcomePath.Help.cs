using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Assistance;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>From the State's choice to its answer.</summary>
internal sealed partial class OutcomePath
{
    private string noradsProposal = "",
        jicasProposal = "",
        programme = "";
    private DateOnly delivered;

    /// <summary>The State sees the answers side by side and accepts a part of each with one act; nobody loads a page again.</summary>
    public async Task The_State_accepts_parts_of_both_and_the_gap_shrinks_on_every_open_screen()
    {
        Reached("The State accepts parts of both and the gap shrinks on every open screen");
        await officer.GoTo("/funding-gap?by=Need&state=KEN");
        var gap = officer.At($"tr:has(a[href='/needs/{customs}']) strong.ref");
        await Expect(gap).ToContainTextAsync("400,000");
        IReadOnlyList<IPage> screens = [statesScreen, noradsScreen, jicasScreen];
        foreach (var screen in screens)
            await Expect(screen.Locator(".bar-key strong")).ToContainTextAsync("400,000");

        await state.NewWindow($"/needs/{customs}/reply");
        var columns = state.At("table.compare thead th");
        await Expect(columns).ToHaveCountAsync(2);
        await Expect(columns.Nth(0)).ToContainTextAsync(Name("norad"));
        await Expect(columns.Nth(1)).ToContainTextAsync(Name("jica"));
        await state.At("table.compare .check input").Nth(0).CheckAsync();
        await state.FillPart(noradsProposal, "150000");
        await state.At("table.compare .check input").Nth(1).CheckAsync();
        await state.FillPart(jicasProposal, "14850000");
        await state.Press(".record-main .btn-primary");
        var chosen = Stopwatch.StartNew();
        await state.Agrees();

        foreach (var screen in screens)
            await Expect(screen.Locator(".bar-key strong")).ToContainTextAsync("150,000");
        await Expect(gap).ToContainTextAsync("150,000");
        output.WriteLine($"The gap shrank on four open screens within {chosen.ElapsedMilliseconds} ms of the State's word.");
        Assert.InRange(chosen.ElapsedMilliseconds, 0, 10_000);
        await norad.SeesStatus(ProposalStatus.Accepted);
        await jica.SeesStatus(ProposalStatus.Accepted);
    }

    /// <summary>
    /// The donor links what it publishes to the need: what it has beyond what was accepted of it takes more off the gap, and the State's
    /// open record shows it.
    /// </summary>
    public async Task A_programme_of_the_file_serves_the_need()
    {
        Reached("A programme of the file serves the need");
        await norad.GoTo("/programmes?provider=norad&q=" + Uri.EscapeDataString(PublishedFile.Customs));
        await norad.At("a.row-link").Filter(new() { HasText = PublishedFile.Customs }).ClickAsync();
        await norad.Sees(".record-head h1", PublishedFile.Customs);
        await norad.Answers();
        programme = norad.Reference;
        await norad.Press("#needs .card-head button");
        await norad.Agrees(customs);
        await norad.Sees($"#needs a[href='/needs/{customs}']");
        await Expect(statesScreen.Locator($"#programmes a[href='/programmes/{programme}']")).ToBeVisibleAsync();
        // 180,000 committed, of which 150,000 carry out what was accepted.
        await Expect(officer.At($"tr:has(a[href='/needs/{customs}']) strong.ref")).ToContainTextAsync("120,000");
        // The need itself says the same, on the screen that the State has open.
        await Expect(statesScreen.Locator(".bar-key strong")).ToContainTextAsync("120,000");
    }

    /// <summary>A milestone is set, reported and confirmed; then the State confirms the day on which help was delivered.</summary>
    public async Task Help_is_delivered_and_the_State_confirms_it()
    {
        Reached("Help is delivered and the State confirms it");
        state.Turn(statesScreen);
        await state.Press("#follow-up .actions button");
        await state.Agrees();
        await state.SeesStatus(NeedStatus.InDelivery);
        foreach (var screen in new[] { noradsScreen, jicasScreen })
            await Expect(screen.Locator(".record-head .status")).ToHaveTextAsync(norad.Status(NeedStatus.InDelivery));

        await norad.GoTo("/proposals/" + noradsProposal);
        await norad.Fill("#MilestoneTitle", "Course at Malaba held");
        await norad.Fill("#MilestoneDue", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(30).ToString("O", CultureInfo.InvariantCulture));
        await norad.Press("#milestones .form button");
        await norad.Press("#milestones .who button");
        await norad.Agrees();
        await state.NewWindow("/proposals/" + noradsProposal);
        await state.Press("#milestones .who .btn-primary");
        await Expect(norad.At("#milestones .who button")).ToHaveCountAsync(0);

        state.Turn(statesScreen);
        await state.Press("#follow-up .actions button");
        delivered = DateOnly.Parse(await state.At(".mud-dialog #ask-value").InputValueAsync(), CultureInfo.InvariantCulture);
        await state.Agrees();
        await state.Sees("#follow-up .form");
        foreach (var screen in new[] { noradsScreen, jicasScreen })
            await Expect(screen.Locator("#follow-up dd").First).ToContainTextAsync(delivered.Year.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The day comes while the State's home page is open: it is asked there and by the bell, and says what came of it.</summary>
    public async Task A_year_later_the_State_is_asked_and_answers()
    {
        Reached("A year later the State is asked and answers");
        No_browser_complained();
        await GetUp();
        // The moment at which that day begins somewhere.
        var day = delivered.AddYears(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(-14);
        // Sessions do not live for a year: people sign in again just before the day.
        portal.SetClock(day.AddMinutes(-5));
        await SitDown(Language.Ar);
        dfat = await Take("manager.dfat");
        await state.GoTo("/home");
        await state.Sees("main .worklist, main .card p");
        var asked = state.At($".worklist a[href='/needs/{customs}']");
        await Expect(asked).ToHaveCountAsync(0);
        var bell = await state.At("a[href='/notifications']").First.GetAttributeAsync("aria-label");
        portal.SetClock(day.AddMinutes(1));
        await portal.Services.GetRequiredService<AssistanceDuties>().Run();
        await Expect(asked).ToBeVisibleAsync();
        await Expect(state.At("a[href='/notifications']").First).Not.ToHaveAttributeAsync("aria-label", bell!);

        await asked.ClickAsync();
        await state.Answers();
        await state.Sees("#follow-up .alert");
        await officer.GoTo("/needs/" + customs);
        await state.At("#Outcome").SelectOptionAsync(nameof(NeedStatus.PartlyMet));
        await state.Fill("#OutcomeWhy", Why);
        await state.Press("#follow-up .form .btn-primary");
        await state.Agrees();
        await state.SeesStatus(NeedStatus.PartlyMet);
        await officer.SeesStatus(NeedStatus.PartlyMet);
        await officer.Sees("#follow-up", Why);
    }
}
