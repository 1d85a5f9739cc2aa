using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A State and CTED discuss a need on its page: who reads it is said first, and what one writes the other sees by itself.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ThreadPathTests(OpenPortal portal)
{
    private const string Begin = "#threads > .actions > button";

    [BrowserFact]
    public async Task A_State_asks_and_an_officer_answers_on_two_open_screens()
    {
        await using var state = await portal.Person("focal.ken");
        await state.GoTo("/needs?status=Circulated&state=KEN");
        await state.At("a.row-link").First.ClickAsync();
        await state.Press(Begin);
        await Expect(state.At("#threads form .audience")).ToContainTextAsync("CTED");
        // What is missing is said all at once.
        await state.Press("#threads form button[type=submit]");
        await state.Sees("#thread-new-title-error");
        await state.Sees("#thread-new-text-error");
        await state.At("#thread-new-title").FillAsync("The date of the course");
        // Refused without a text, and what was typed stays.
        await state.Press("#threads form button[type=submit]");
        await state.DoesNotSee("#thread-new-title-error");
        await state.Sees("#thread-new-text-error");
        await Expect(state.At("#thread-new-title")).ToHaveValueAsync("The date of the course");
        await state.At("#threads form .choices input").First.CheckAsync();
        await state.At("#thread-new-text").FillAsync("Can it be **later**?");
        // Left and come back to: what was typed and not sent is there.
        var page = new Uri(state.Page.Url).AbsolutePath;
        await portal.Keeps($"thread/{page.Split('/')[^1]}/thread-new", "The date of the course", "Can it be **later**?");
        await state.Press(".shell-nav a[href='/home']");
        await Expect(state.At("#unsaved")).ToContainTextAsync("Message on " + page.Split('/')[^1]);
        await state.Press($"#unsaved a[href^='{page}']");
        await Expect(state.At("#thread-new-title")).ToHaveValueAsync("The date of the course");
        await Expect(state.At("#thread-new-text")).ToHaveValueAsync("Can it be **later**?");
        await Expect(state.At("#threads form .choices input").First).ToBeCheckedAsync();
        await state.Press("#threads form button[type=submit]");
        await Expect(state.At("#threads .thread strong")).ToHaveTextAsync("later");
        await state.DoesNotSee("#threads form");
        await state.GoTo(page);
        await state.Sees("#threads .thread");
        await state.DoesNotSee("#threads form");

        await using var officer = await portal.Person("assistance");
        await officer.GoTo(new Uri(state.Page.Url).AbsolutePath);
        await officer.Press("#threads article .actions button:has-text('Answer')");
        await officer.At("#threads article form textarea").FillAsync("In May, yes.");
        await officer.Press("#threads article form button[type=submit]");
        // Without a turn of the page.
        await Expect(state.At("#threads .thread > li")).ToHaveCountAsync(2);
        await Expect(state.At("#threads .thread > li").Last).ToContainTextAsync("In May, yes.");

        // What the State was about to say stays with it where the officer resolves the thread meanwhile, and is not sent any more.
        await state.Press("#threads article .actions button:has-text('Answer')");
        await state.At("#threads article form textarea").FillAsync("Half a thought.");
        var thread = (await state.At("#threads article").GetAttributeAsync("id"))!["thread-".Length..];
        await portal.Keeps($"thread/{page.Split('/')[^1]}/answer-{thread}", "Half a thought.");
        await officer.Press("#threads article .actions button:has-text('Mark as resolved')");
        await officer.Press(".mud-dialog-actions .btn-primary");
        await Expect(state.At("#threads details textarea")).ToHaveValueAsync("Half a thought.");
        await state.Press("#threads details form button[type=submit]");
        await Expect(state.At("#threads details [role=alert]")).ToBeVisibleAsync();
        await Expect(state.At("#threads details textarea")).ToHaveValueAsync("Half a thought.");
    }

    [BrowserFact]
    public async Task What_is_typed_on_the_page_of_one_need_is_nothing_of_another()
    {
        await using var officer = await portal.Person("assistance");
        await officer.GoTo("/needs?status=Circulated");
        var needs = await officer.At("a.row-link").EvaluateAllAsync<string[]>("links => links.map(a => a.getAttribute('href'))");
        await officer.GoTo(needs[0]);
        await officer.Press(Begin);
        await officer.At("#thread-new-title").FillAsync("For this State alone");
        await officer.At("#thread-new-text").FillAsync("And for no other.");
        await portal.Keeps($"thread/{needs[0].Split('/')[^1]}/thread-new", "And for no other.");
        // As from the palette: another record on the same page.
        await officer.Page.EvaluateAsync($"() => Blazor.navigateTo('{needs[1]}')");
        await Expect(officer.At(".record-meta .ref").First).ToHaveTextAsync(needs[1].Split('/')[^1]);
        await officer.Sees(Begin);
        await officer.DoesNotSee("#threads form");
        await officer.Page.EvaluateAsync($"() => Blazor.navigateTo('{needs[0]}')");
        await Expect(officer.At("#thread-new-text")).ToHaveValueAsync("And for no other.");
    }

    [BrowserFact]
    public async Task No_box_opens_by_itself_once_it_could_be_pressed_open()
    {
        await using var officer = await portal.Person("assistance");
        await officer.GoTo("/needs?status=Matched");
        var need = (await officer.At("a.row-link").First.GetAttributeAsync("href"))!;
        await officer.GoTo(need);
        await officer.Press(Begin);
        await officer.At("#thread-new-title").FillAsync("Not sent yet");
        await portal.Keeps($"thread/{need.Split('/')[^1]}/thread-new", "Not sent yet");
        await officer.Page.AddInitScriptAsync(
            $$"""
            window.states = [];
            new MutationObserver(() => {
                const e = document.querySelector('{{Begin}}');
                if (e) window.states.push((e.disabled ? 'waits' : 'answers') + ', ' + (e.ariaExpanded === 'true' ? 'open' : 'closed'));
            }).observe(document, { subtree: true, childList: true, attributes: true });
            """
        );
        await officer.GoTo(need);
        await Expect(officer.At("#thread-new-title")).ToHaveValueAsync("Not sent yet");
        var states = await officer.Page.EvaluateAsync<string[]>("() => [...new Set(window.states)]");
        Assert.Equal(["waits, closed", "answers, open"], states);
    }
}
