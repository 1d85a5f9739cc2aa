using System.Diagnostics;
using System.Globalization;
using Portal.Domain.Reference;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// A closed section is asked for, granted for a region until a date, and taken back, on two screens that are open at once.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class AccessPathTests(OpenPortal portal, ITestOutputHelper output)
{
    private const string Proposals = ".shell-nav a[href='/proposals']";
    private const string Locked = ".shell-nav .nav-locked a[href='/access/ask?section=Proposals']";

    [BrowserTheory]
    [InlineData(Language.En)]
    [InlineData(Language.Ar)]
    public async Task A_section_opens_and_closes_on_an_open_screen(Language language)
    {
        await using var manager = await portal.Person("access", language);
        await using var partner = await portal.Person("partner.igad", language);

        // The partner sees that the section exists, and asks.
        await partner.GoTo("/home");
        await partner.DoesNotSee(Proposals);
        await partner.Press(Locked);
        await partner.Answers();
        await partner.Fill("#Reason", "Joint workshop of our region.");
        await manager.GoTo("/access/requests?status=Waiting");
        await partner.Press("main form button[type=submit]");
        await partner.Sees("main .files .status");

        // The manager's open list shows it; the form comes filled in; the preview counts before anything is given.
        await manager.Sees("main table.list", "Joint workshop of our region.");
        await manager
            .At("main table.list tr")
            .Filter(new() { HasText = "Joint workshop of our region." })
            .Locator("a.btn-primary")
            .ClickAsync();
        await manager.Answers();
        await manager.At("#Region").SelectOptionAsync(nameof(RegionalGroup.Africa));
        await manager.Fill("#Until", DateTime.UtcNow.AddDays(90).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await manager.Fill("#Reason", "For the joint workshop.");
        await manager.Press(".form-foot button[type=submit]");
        await manager.Sees("main form section.card li");
        await partner.DoesNotSee(Proposals);
        var given = Stopwatch.StartNew();
        await manager.Press(".form-foot button.btn-primary");
        await partner.Sees(Proposals);
        output.WriteLine($"The section opened on the partner's screen {given.ElapsedMilliseconds} ms after the press.");
        await partner.Answers();
        await partner.Press(Proposals);
        await Expect(partner.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/proposals$"));
        await partner.Answers();

        // Taken back: the open page closes by itself, and a further request is refused.
        await manager.Sees("main table.list", "For the joint workshop.");
        await manager
            .At("main table.list tr")
            .Filter(new() { HasText = "For the joint workshop." })
            .Locator("button.btn-small")
            .ClickAsync();
        await Expect(manager.At(".mud-dialog form p").First).Not.ToBeEmptyAsync();
        var revoked = Stopwatch.StartNew();
        await manager.Agrees("The workshop is over.");
        await partner.Sees("main a[href='/access/ask?section=Proposals']");
        output.WriteLine($"The section closed on the partner's screen {revoked.ElapsedMilliseconds} ms after the press.");
        Assert.InRange(revoked.ElapsedMilliseconds, 0, 10_000);
        await partner.GoTo("/home");
        await partner.DoesNotSee(Proposals);
        await partner.Sees(Locked);
        Assert.Empty(manager.Complaints);
    }
}
