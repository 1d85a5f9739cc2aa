using Portal.Data.Demonstration;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// An access manager looks at the portal as a State's focal point sees it: their pages and counts in a frame, bars for their records, and
/// back.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class ViewAsTests(OpenPortal portal)
{
    internal const string Frame = "body > .frame-viewas";

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task A_manager_looks_as_a_focal_point_and_stops(Language language)
    {
        await using var manager = await portal.Person("access.second", language);
        await using var focalPoint = await portal.Person("focal.ken", language);
        await focalPoint.GoTo("/needs");
        var theirs = await focalPoint.At(".list-count").InnerTextAsync();

        // A window that was open before is loaded anew: it must not show one screen as the manager and the next as somebody else.
        var before = await manager.NewWindow("/access/grants");
        await manager.NewWindow("/access/view-as");
        await Start(manager);
        await Expect(before.Locator(Frame)).ToBeVisibleAsync();
        await Expect(before.Locator("main table.list")).ToHaveCountAsync(0);

        await manager.Sees(".shell-nav a[href='/needs']");
        await manager.DoesNotSee(".shell-nav a[href='/access']");
        await manager.Press(".shell-nav a[href='/needs']");
        await manager.Sees("main .bars");
        await Expect(manager.At(".list-count")).ToHaveTextAsync(theirs);
        // What is published may be read; their own may not.
        await manager.DoesNotSee("main a[href='/needs/NEED-2026-0008']");
        await manager.At("main table.list a.row-link[href^='/access/view-as/']").First.ClickAsync();
        await manager.Sees("#masked .bars");
        await manager.Sees(Frame);

        // The manager's own account waits, and no program gets anything.
        await manager.GoTo("/account/security");
        await manager.Sees(Frame);
        Assert.EndsWith("/account/view-as", new Uri(manager.Page.Url).AbsolutePath);
        var answer = await manager.Page.APIRequest.GetAsync("/api/v1/needs");
        Assert.Equal(403, answer.Status);
        Assert.Contains("viewing.read_only", await answer.TextAsync());

        await manager.GoTo("/home");
        await Stop(manager);
        await Expect(manager.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/access/view-as$"));
        await Expect(before.Locator(Frame)).ToHaveCountAsync(0);
        await manager.GoTo("/access/grants");
        await manager.Sees("main table.list");
        manager.Complaints.RemoveAll(c => c.Contains("403", StringComparison.Ordinal));
        Assert.Empty(manager.Complaints);
    }

    /// <summary>Looks as Kenya's focal point; asked for the password, gives it.</summary>
    internal static async Task Start(Desk manager)
    {
        for (var attempt = 0; ; attempt++)
        {
            await manager.Fill("#To", "kenya");
            await manager.At("main form .choices button").First.ClickAsync();
            await manager.Sees("#Role");
            await manager.Press("main .form-foot button[type=submit]");
            await Expect(manager.At($"{Frame}, [name=Password]").First).ToBeVisibleAsync();
            if (attempt > 0 || await manager.At(Frame).CountAsync() > 0)
                return;
            await manager.Fill("[name=Password]", DemonstrationCast.Password);
            await manager.Press("main button.btn-primary");
            await manager.Sees("#To");
            await manager.Answers();
        }
    }

    internal static async Task Stop(Desk manager)
    {
        await manager.Press(Frame + " button");
        await manager.DoesNotSee(Frame);
        await manager.Answers();
    }
}
