using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// The people of the walk, each at a desk of their own with screens that stay open, and what they do until answers are in.
/// </summary>
internal sealed partial class OutcomePath : IAsyncDisposable
{
    private const string Customs = "Profiling of cargo at Malaba and Busia";
    private const string Workshop = "Regional workshop on forged bills of lading";
    private const string Scanner = "Advice on scanner images";
    private const string Why = "The posts on the road are staffed; the railway post is not.";

    private readonly OpenPortal portal = new(); // of its own, since its clock is moved
    private readonly ITestOutputHelper output;
    private readonly Stopwatch walked = Stopwatch.StartNew();
    private readonly List<Desk> desks = [];
    private Desk state = null!,
        officer = null!,
        norad = null!,
        jica = null!,
        dfat = null!,
        other = null!;
    private IPage statesScreen = null!,
        noradsScreen = null!,
        jicasScreen = null!;
    private string customs = "",
        workshop = "",
        scanner = "";

    private OutcomePath(ITestOutputHelper output) => this.output = output;

    private static string Name(string code) => KnownOrganisations.Find(code)!.Name.En;

    private void Reached(string step) => output.WriteLine($"{walked.Elapsed.TotalSeconds:F0} s: {step}");

    /// <summary>The portal opens; a third donor comes as everybody does, by invitation.</summary>
    public static async Task<OutcomePath> Begin(ITestOutputHelper output)
    {
        var path = new OutcomePath(output);
        await path.portal.InitializeAsync();
        await path.SitDown(Language.En);
        path.dfat = await path.Invited();
        return path;
    }

    private async Task SitDown(Language language)
    {
        state = await Take("focal.ken");
        officer = await Take("assistance");
        norad = await Take("manager.norad", language);
        jica = await Take("manager.jica");
        other = await Take("focal.per");
    }

    private async Task<Desk> Take(string who, Language language = Language.En)
    {
        var desk = await portal.Person(who, language);
        desks.Add(desk);
        return desk;
    }

    private async Task<Desk> Invited()
    {
        await using var manager = await portal.Person("access");
        await manager.GoTo("/access/people/invite?organisation=dfat");
        await manager.Fill("#Email", "manager.dfat@demo.example");
        await manager.At("#Role").SelectOptionAsync("ProviderManager");
        await manager.Press(".form-foot button[type=submit]");
        await Expect(manager.At("#link")).ToHaveValueAsync(new Regex("/account/invitation/"));
        var link = new Uri(await manager.At("#link").InputValueAsync()).AbsolutePath;
        var desk = await portal.Visitor();
        desks.Add(desk);
        await desk.Page.GotoAsync(link);
        await desk.Fill("[name=Name]", "Rowena Castillo");
        await desk.Fill("[name=NewPassword]", Portal.Data.Demonstration.DemonstrationCast.Password);
        await desk.Press("main button, form button");
        await desk.Page.WaitForURLAsync(u => !u.Contains("/account/invitation", StringComparison.Ordinal));
        return desk;
    }

    /// <summary>Checked first, then written, then said to be the same; nothing is there twice.</summary>
    public async Task A_donor_takes_in_the_file_that_it_publishes()
    {
        Reached("A donor takes in the file that it publishes");
        await norad.GoTo("/programmes?provider=norad");
        await norad.Sees(".list-bar");
        var list = norad.Page;
        var before = await list.Locator("main table.list tbody tr").CountAsync();
        await norad.NewWindow("/programmes/import");
        await Upload();
        await Says((ActivityOutcome.New, PublishedFile.Taken.Count), (ActivityOutcome.Refused, PublishedFile.Refused));
        await norad.Press($".stat a[href*='outcome={ActivityOutcome.Refused}']");
        await Expect(norad.At("main table.list tbody tr")).ToHaveCountAsync(PublishedFile.Refused);
        await Expect(list.Locator("main table.list tbody tr")).ToHaveCountAsync(before);
        // Nothing is shown to others unless it is said.
        await norad.At("p > label.check input").CheckAsync();
        await norad.Press(".record-head .btn-primary");
        await norad.Agrees();
        await norad.Sees(".record-head .status[data-tone=good]");
        // The open list follows.
        foreach (var (title, amount) in PublishedFile.Taken)
            await Expect(list.Locator("main table.list tbody tr").Filter(new() { HasText = title }).Locator("td").Last)
                .ToContainTextAsync(amount);
        await Expect(list.Locator("main table.list tbody tr")).ToHaveCountAsync(before + PublishedFile.Taken.Count);

        await norad.GoTo("/programmes/import");
        await Upload();
        await Says((ActivityOutcome.Same, PublishedFile.Taken.Count), (ActivityOutcome.Refused, PublishedFile.Refused));
        await Expect(norad.At(".record-head .btn-primary")).ToBeDisabledAsync();
        await Expect(list.Locator("main table.list tbody tr")).ToHaveCountAsync(before + PublishedFile.Taken.Count);
        await list.CloseAsync();

        async Task Upload()
        {
            await norad
                .At("input[type=file]")
                .SetInputFilesAsync(
                    new FilePayload
                    {
                        Name = PublishedFile.Name,
                        MimeType = "application/xml",
                        Buffer = PublishedFile.Bytes,
                    }
                );
            await norad.Sees(".record-head .btn-primary");
        }

        async Task Says(params (ActivityOutcome Outcome, int Count)[] counts)
        {
            foreach (var outcome in Enum.GetValues<ActivityOutcome>())
                await Expect(norad.At($".stat:has(a[href*='outcome={outcome}']) strong"))
                    .ToHaveTextAsync(counts.FirstOrDefault(c => c.Outcome == outcome).Count.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// One with all its parts to one donor and without the background to another; one for all providers; one for a single donor.
    /// </summary>
    public async Task A_State_files_three_needs_for_three_circles()
    {
        Reached("A State files three needs for three circles");
        customs = await state.FilesNeed(new(Customs, "BORDER_CUSTOMS", 400_000, "2(g)", "TRAINING", "EXPERT"));
        await state.ConsentsTo([Name("norad")], NeedParts.Cost, NeedParts.Background);
        await state.ConsentsTo([Name("jica")], NeedParts.Cost);
        statesScreen = state.Page;
        await state.NewWindow("/needs");
        workshop = await state.FilesNeed(new(Workshop, "BORDER_CUSTOMS", 90_000, "2(b)", "WORKSHOP"));
        await state.ConsentsTo([state.Code("audience", "providers")]);
        scanner = await state.FilesNeed(new(Scanner, "BORDER_CUSTOMS", 60_000, "2(g)", "EXPERT"));
        await state.ConsentsTo([Name("norad")]);
    }

    /// <summary>
    /// The officer brings the first before three of those that match with one act, having seen who is told and whom the State is asked for;
    /// the State refuses the third.
    /// </summary>
    public async Task CTED_authenticates_and_circulates_them()
    {
        Reached("CTED authenticates and circulates them");
        foreach (var need in new[] { customs, workshop, scanner })
        {
            await officer.GoTo("/needs/" + need);
            await officer.Does("act.authenticate");
            await officer.SeesStatus(NeedStatus.Authenticated);
        }
        var replyBy = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(45).ToString("O", CultureInfo.InvariantCulture);
        foreach (var need in new[] { workshop, scanner })
        {
            await officer.GoTo("/needs/" + need);
            await officer.Does("act.circulate", replyBy);
            await officer.SeesStatus(NeedStatus.Circulated);
        }
        await officer.GoTo("/matches/" + customs);
        foreach (var best in await officer.At("#bring-before .choices").First.Locator("input").AllAsync())
            await best.UncheckAsync();
        foreach (var provider in new[] { "norad", "jica", "dfat" })
            await officer.At("#bring-before .choices label").Filter(new() { HasText = Name(provider) }).Locator("input").CheckAsync();
        await officer.At("#bring-before .check input").CheckAsync();
        await officer.Fill("#ReplyBy", replyBy);
        var preview = officer.At("#bring-before .preview");
        await Expect(preview.Locator("li").First).ToContainTextAsync(Name("dfat"));
        await Expect(preview.Locator("li").Last).ToContainTextAsync(Name("norad"));
        await Expect(preview.Locator("li").Last).ToContainTextAsync(Name("jica"));
        await officer.Press("#bring-before .btn-primary");
        await officer.Sees(".record-head .status", officer.Status(NeedStatus.Circulated));

        // What CTED asked for beyond the consents is the State's to refuse.
        await Expect(statesScreen.Locator(".record-head .status")).ToHaveTextAsync(state.Status(NeedStatus.Circulated));
        await Expect(statesScreen.Locator("#requests")).ToContainTextAsync(Name("dfat"));
        state.Turn(statesScreen);
        await state.At("#requests button").Last.ClickAsync();
        await state.Agrees();
        await state.DoesNotSee("#requests");
    }

    /// <summary>Each donor's open suggestions show what the State shared with it, and never what was shared with others.</summary>
    public async Task Each_donor_is_suggested_what_was_shared_with_it()
    {
        Reached("Each donor is suggested what was shared with it");
        await Suggests(norad, customs, workshop, scanner);
        await Suggests(jica, customs, workshop);
        await Suggests(dfat, workshop);
    }

    private async Task Suggests(Desk donor, params string[] needs)
    {
        await donor.GoTo("/matches");
        foreach (var need in new[] { customs, workshop, scanner })
            await Expect(donor.At($"main table.list a[href='/matches/{need}']")).ToHaveCountAsync(needs.Contains(need) ? 1 : 0);
        var scores = (await donor.At("main table.list td.num").AllTextContentsAsync())
            .Select(s => int.Parse(s, CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(scores.OrderDescending(), scores);
    }

    /// <summary>Two donors answer with different kinds of help, in different currencies.</summary>
    public async Task Two_donors_propose_for_one_need()
    {
        Reached("Two donors propose for one need");
        await norad.GoTo("/needs/" + customs);
        noradsScreen = norad.Page;
        await jica.GoTo("/needs/" + customs);
        jicasScreen = jica.Page;
        await dfat.GoTo("/needs/" + customs);
        await dfat.FindsNothing();
        noradsProposal = await norad.Proposes(customs, "Two courses for forty officers", 250_000, "USD", "TRAINING");
        jicasProposal = await jica.Proposes(customs, "Three resident experts for a year", 18_000_000, "JPY", "EXPERT");
        foreach (var proposal in new[] { noradsProposal, jicasProposal })
            await Expect(statesScreen.Locator($"#proposals a[href='/proposals/{proposal}']")).ToBeVisibleAsync();
        // Neither donor learns of the other's.
        await Expect(noradsScreen.Locator($"a[href='/proposals/{jicasProposal}']")).ToHaveCountAsync(0);
        await Expect(jicasScreen.Locator($"a[href='/proposals/{noradsProposal}']")).ToHaveCountAsync(0);
    }

    /// <summary>No page of anybody had a script fail or anything kept out by the content security policy.</summary>
    public void No_browser_complained() => Assert.Empty(desks.SelectMany(d => d.Complaints));

    private async Task GetUp()
    {
        foreach (var desk in desks)
            await desk.DisposeAsync();
        desks.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await GetUp();
        await portal.DisposeAsync();
    }
}
