using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using Portal.Assistance.Consents;
using Portal.Assistance.Needs;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Tests.Assistance;

/// <summary>
/// The dialog in which consent is given: what it begins with, what it says, and that what is confirmed is what is on the screen.
/// </summary>
public sealed class ConsentDialogTests : IAsyncLifetime
{
    private const NeedParts Some = NeedParts.Summary | NeedParts.Description;
    private readonly Need need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency).CirculatedBy(Cast.Andrei);
    private readonly BunitContext page = new();
    private TestDb test = null!;
    private ConsentService consents = null!;
    private BunitJSModuleInterop script = null!;
    private IRenderedComponent<MudDialogProvider> dialog = null!;

    public async Task InitializeAsync()
    {
        test = await TestDb.Open(Database.Sqlite);
        await test.Save(need, Cast.Offer(Cast.PacificFund));
        var amina = await test.As(Cast.Amina);
        consents = amina.Get<ConsentService>();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        script = page.JSInterop.SetupModule("./ticked.js");
        page.Services.AddWords();
        page.Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        page.Services.AddSingleton<TimeProvider>(test.Clock);
        page.Services.AddScoped(_ => consents);
        page.Renderer.SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", true));
        dialog = page.Render<MudDialogProvider>();
        var view = await amina.Get<NeedService>().Get(need.Reference);
        await dialog.InvokeAsync(() =>
            page
                .Services.GetRequiredService<IDialogService>()
                .ShowAsync<ConsentDialog>("", new DialogParameters<ConsentDialog> { { d => d.Need, view } })
        );
        dialog.WaitForElement(".consent-row");
    }

    public async Task DisposeAsync()
    {
        await page.DisposeAsync();
        await test.DisposeAsync();
    }

    private AngleSharp.Dom.IElement Box(string value) => dialog.Find($".consent-row input[value='{value}']");

    private string Sum =>
        string.Join(' ', dialog.Find(".dialog-sum").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    private string[] Ticked =>
        [.. dialog.FindAll(".consent-row input").Where(i => i.HasAttribute("checked")).Select(i => i.GetAttribute("value")!)];

    // Presses the button with these boxes ticked in the browser.
    private async Task Confirm(string[] ticked)
    {
        script.Setup<string[]>("ticked", "consent-choice").SetResult(ticked);
        await dialog.Find(".mud-dialog-actions .btn-primary").ClickAsync(new());
    }

    private async Task<IReadOnlyList<Given>> Standing() => (await consents.Begin(need.Reference)).Standing;

    [Fact]
    public async Task It_begins_with_what_stands_and_says_what_each_gains_and_loses()
    {
        Assert.Equal("Change consent", dialog.Find(".dialog-title").TextContent);
        Assert.True(Box("org:9001").HasAttribute("checked"));
        Assert.True(Box("org:9001/Cost").HasAttribute("checked"));
        Assert.StartsWith("Nothing changes yet.", Sum, StringComparison.Ordinal);
        Assert.Contains("250", dialog.Find(".preview").TextContent, StringComparison.Ordinal); // as the agency sees it: with the cost
        // The fund's offer fits, so it is listed before anything is searched.
        Assert.Contains(dialog.FindAll(".consent-row"), r => r.TextContent.Contains(Cast.PacificFund.Name.En, StringComparison.Ordinal));

        await Box("org:9001/Cost").ChangeAsync(new() { Value = false });
        await Box("org:9002").ChangeAsync(new() { Value = true });
        dialog.WaitForAssertion(() =>
            Assert.Contains($"{Cast.NorthernAgency.Name.En} Loses: Estimated cost and funding gap.", Sum, StringComparison.Ordinal)
        );
        Assert.Contains($"{Cast.PacificFund.Name.En} Gains: Summary, Description and translations", Sum, StringComparison.Ordinal);
        await Confirm(Ticked);
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".consent-row")));
        Assert.Equal(
            [
                new Given(Cast.NorthernAgency.Audience, NeedPartsSets.Shareable & ~NeedParts.Cost),
                new Given(Cast.PacificFund.Audience, ConsentRules.Usual),
            ],
            (await Standing()).OrderBy(g => g.Audience.Key)
        );
    }

    [Fact]
    public async Task To_the_public_nothing_is_offered_that_it_may_never_see()
    {
        await Box("public").ChangeAsync(new() { Value = true });
        dialog.WaitForAssertion(() => Assert.Contains("Anyone on the Internet will see the public part.", Sum, StringComparison.Ordinal));
        Assert.Equal(
            ["public", "public/Description", "public/Modality"],
            dialog
                .FindAll(".consent-row input")
                .Select(i => i.GetAttribute("value")!)
                .Where(v => v.StartsWith("public", StringComparison.Ordinal))
        );
        Assert.Contains(
            "Never shown to this audience: Paragraphs and origin, Beneficiary institution, Estimated cost and funding gap, Urgency and timeframe, Attached files",
            dialog.Markup,
            StringComparison.Ordinal
        );
        Assert.Equal("public", dialog.Find("#consent-shown").GetAttribute("value"));
        Assert.DoesNotContain("250", dialog.Find(".preview").TextContent, StringComparison.Ordinal);
        await Confirm(Ticked);
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".consent-row")));
        Assert.Contains(new Given(Audience.Public, ConsentRules.MayEverSee(Audience.Public)), await Standing());
    }

    [Fact]
    public async Task Where_the_screen_shows_other_ticks_than_arrived_nothing_is_given_and_it_is_asked_again()
    {
        await Box("providers").ChangeAsync(new() { Value = true });
        // While the line was down providers were unticked and partners ticked.
        await Confirm(["partners", .. Ticked.Where(t => !t.StartsWith("providers", StringComparison.Ordinal))]);
        var alert = dialog.WaitForElement(".mud-dialog-actions [role=alert]");
        Assert.Contains("confirm again", alert.TextContent, StringComparison.Ordinal);
        dialog.WaitForAssertion(() =>
            Assert.Contains(
                page.JSInterop.Invocations,
                i =>
                    i.Identifier.EndsWith("domWrapper.focus", StringComparison.Ordinal)
                    && i.Arguments[0] is Microsoft.AspNetCore.Components.ElementReference { Id: { } id }
                    && alert.Attributes.Any(a => a.Value == id)
            )
        );
        Assert.Single(await Standing());
        Assert.Contains("All partner organisations Gains", Sum, StringComparison.Ordinal);
        Assert.DoesNotContain("All providers", Sum, StringComparison.Ordinal);
        await Confirm(Ticked);
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".consent-row")));
        Assert.Equal(["org:9001", "partners"], (await Standing()).Select(g => g.Audience.Key).Order());
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_shown_and_asked_again()
    {
        await Box("org:9001/Cost").ChangeAsync(new() { Value = false });
        var other = (await test.As(Cast.Amina)).Get<ConsentService>();
        await other.Set(
            need.Reference,
            await Standing(),
            [new Given(Cast.NorthernAgency.Audience, NeedPartsSets.Shareable), new Given(Audience.Partners, Some)]
        );
        await Confirm(Ticked);
        dialog.WaitForElement(".mud-dialog-actions [role=alert]");
        Assert.True(Box("partners").HasAttribute("checked"));
        Assert.False(Box("org:9001/Cost").HasAttribute("checked"));
        await Confirm(Ticked);
        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll(".consent-row")));
        Assert.Equal(
            [new Given(Cast.NorthernAgency.Audience, NeedPartsSets.Shareable & ~NeedParts.Cost), new Given(Audience.Partners, Some)],
            (await Standing()).OrderBy(g => g.Audience.Key)
        );
    }
}
