using System.Text.RegularExpressions;
using Portal.Assistance.Traces;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The chain as each reader gets it.</summary>
internal sealed partial class OutcomePath
{
    /// <summary>
    /// The same address before six readers: each gets exactly the links that they may see, and no sign that there are others.
    /// </summary>
    public async Task Each_reader_traces_what_they_may_see_and_nothing_else()
    {
        Reached("Each reader traces what they may see and nothing else");
        var paragraph = Link(TraceStep.Paragraph, "1373, 2(g)");
        var need = Link(TraceStep.Need, customs);
        string[] proposals = [Link(TraceStep.Proposal, noradsProposal), Link(TraceStep.Proposal, jicasProposal)];
        var (given, milestone) = (Link(TraceStep.Programme, programme), Link(TraceStep.Milestone, noradsProposal));
        string[] end = [Link(TraceStep.Delivery, customs), Link(TraceStep.Outcome, customs)];

        string[] whole = [paragraph, need, .. proposals, given, milestone, .. end];
        await Traces(state, whole);
        await state.Sees("#Outcome", Why);
        await Traces(officer, whole);
        await officer.Sees("#Outcome", Why);
        // A donor: its own proposal. It was given the background, so that the paragraph leads to the need; why the need was met in part is
        // not for it.
        await Traces(
            norad,
            [Link(TraceStep.Paragraph, "1373، \u20662(g)\u2069"), need, proposals[0], given, milestone, .. end],
            Why,
            jicasProposal,
            Name("jica")
        );
        await Expect(norad.At("html")).ToHaveAttributeAsync("dir", "rtl");
        // The other was not given the background. The programme is public, and its donor says of it that it serves the need.
        await Traces(jica, [need, proposals[1], given, .. end], Why, noradsProposal);
        foreach (var desk in new[] { dfat, other })
            await FindsNoTrace(desk);
    }

    private static string Link(TraceStep step, string label) => $"{step} {label}";

    private async Task Traces(Desk reader, string[] links, params string[] hidden)
    {
        await reader.GoTo("/trace/" + customs);
        await Expect(reader.At(".trace-list > li")).ToHaveCountAsync(links.Length);
        var listed = await reader
            .At(".trace-list > li")
            .EvaluateAllAsync<string[]>(
                "all => all.map(li => li.closest('section').id + ' ' + li.querySelector('.trace-head .ref').textContent)"
            );
        Assert.Equal(links.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        await Expect(reader.At(".trace-node")).ToHaveCountAsync(links.Length);
        // Neither on the page nor in what came over the line: not the others' names, and no word for something kept back.
        var sent =
            await (await reader.Page.Context.APIRequest.GetAsync("/trace/" + customs)).TextAsync() + await reader.Page.ContentAsync();
        foreach (var word in hidden)
            Assert.DoesNotContain(word, sent);
        Assert.DoesNotContain(reader.Word("masked"), await reader.At("main").InnerTextAsync());
    }

    // Not even by the answer's number or by a word more than for what has never been.
    private async Task FindsNoTrace(Desk reader)
    {
        var (hidden, hiddenPage) = await Answer(customs);
        var (missing, missingPage) = await Answer("NEED-2001-0001");
        Assert.Equal((missing, missingPage), (hidden, hiddenPage));

        async Task<(int, string)> Answer(string reference)
        {
            var answer = await reader.Page.GotoAsync("/trace/" + reference);
            await reader.FindsNothing();
            // Its title goes for a moment while the circuit takes the page over: only after that is it there to stay.
            await reader.Answers();
            await Expect(reader.Page).ToHaveTitleAsync(new Regex("."));
            return (answer!.Status, await reader.Page.TitleAsync() + await reader.At("main").InnerTextAsync());
        }
    }
}
