using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Portal.Assistance;
using Portal.Assistance.Consents;
using Portal.Assistance.Needs;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Tests.Assistance;

/// <summary>What the parts of the need page show, and that their buttons do what they say.</summary>
public sealed class NeedComponentTests
{
    [Fact]
    public async Task A_part_that_is_not_shared_is_said_to_be_not_shared_and_is_not_in_the_page()
    {
        await using var page = Page();
        var need = Cast.NeedAt(NeedStatus.Circulated);
        var view = View(need, NeedParts.Summary, Cast.Ingrid);

        var facts = page.Render<NeedFacts>(p => p.Add(f => f.Need, view));

        Assert.NotEmpty(facts.FindAll(".masked"));
        Assert.DoesNotContain(need.Description, facts.Markup);
        Assert.DoesNotContain(need.Currency!, facts.Markup);
    }

    [Fact]
    public async Task The_whole_need_hides_nothing()
    {
        await using var page = Page();
        var need = Cast.NeedAt(NeedStatus.Circulated);

        var facts = page.Render<NeedFacts>(p => p.Add(f => f.Need, View(need, NeedParts.Whole, Cast.Amina)));

        Assert.Empty(facts.FindAll(".masked"));
        Assert.Contains(need.Description, facts.Markup);
    }

    [Theory]
    [InlineData(NeedStatus.Draft, "Submit to CTED")]
    [InlineData(NeedStatus.Returned, "Submit to CTED")]
    [InlineData(NeedStatus.Submitted, "Decide who may see it")]
    [InlineData(NeedStatus.Authenticated, "Decide who may see it")]
    [InlineData(NeedStatus.Circulated, null)]
    [InlineData(NeedStatus.Matched, "Say that help has begun")]
    [InlineData(NeedStatus.InDelivery, "Confirm delivery")]
    [InlineData(NeedStatus.Met, null)]
    public async Task A_focal_point_is_offered_the_next_act_of_the_stage(NeedStatus stage, string? primary)
    {
        await using var page = Page();

        var actions = page.Render<NeedActions>(p =>
            p.Add(a => a.Need, View(Cast.NeedAt(stage), NeedParts.Whole, Cast.Amina)).Add(a => a.OnDone, EventCallback.Empty)
        );

        Assert.Equal(primary, actions.FindAll(".btn-primary").Select(b => b.TextContent.Trim()).SingleOrDefault());
    }

    [Fact]
    public async Task An_officer_is_offered_to_authenticate_or_return_and_a_donor_neither()
    {
        await using var page = Page();
        var need = Cast.NeedAt(NeedStatus.Submitted);

        var officer = page.Render<NeedActions>(p =>
            p.Add(a => a.Need, View(need, NeedParts.Whole, Cast.Andrei)).Add(a => a.OnDone, EventCallback.Empty)
        );
        var donor = page.Render<NeedActions>(p =>
            p.Add(a => a.Need, View(need, NeedParts.Summary, Cast.Ingrid)).Add(a => a.OnDone, EventCallback.Empty)
        );

        Assert.Equal(["Authenticate", "Return to the State"], officer.FindAll("button.btn").Select(b => b.TextContent.Trim()));
        Assert.Empty(donor.FindAll("button, a"));
    }

    [Fact]
    public async Task An_officer_is_offered_to_ask_the_State_where_circulating_would_only_be_refused()
    {
        await using var page = Page();

        string[] Offered(Need need) =>
            [
                .. page.Render<NeedActions>(p =>
                        p.Add(a => a.Need, View(need, NeedParts.Whole, Cast.Andrei)).Add(a => a.OnDone, EventCallback.Empty)
                    )
                    .FindAll("button.btn")
                    .Select(b => b.TextContent.Trim()),
            ];
        Assert.Equal(["Ask the State for consent"], Offered(Cast.NeedAt(NeedStatus.Authenticated)));
        Assert.Equal(["Circulate"], Offered(Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency)));
    }

    [Fact]
    public async Task The_header_says_what_happens_next_and_by_when()
    {
        await using var page = Page();
        string Said(NextStep step) => page.Render<NextLine>(p => p.Add(l => l.Step, step)).Find(".next").TextContent.Trim();
        Assert.Equal(
            "Next: CTED authenticates the need. Nothing for you to do.",
            Said(View(Cast.NeedAt(NeedStatus.Submitted), NeedParts.Whole, Cast.Otieno).Next!)
        );
        Assert.Equal(
            "Next: Proposals waiting for your choice: 3. Providers can reply until 1 June 2027.",
            Said(
                NeedSteps.Of(
                    NeedStatus.Circulated,
                    NeedSide.FocalPoint,
                    new NeedSituation
                    {
                        IsOpen = true,
                        ReplyBy = Cast.ReplyBy,
                        Waiting = 3,
                    }
                )
            )
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Confirming_confirms_and_tells_the_page(Database database)
    {
        await using var test = await TestDb.Open(database);
        var need = Cast.NeedAt(NeedStatus.Circulated);
        await test.Save(need);
        test.Clock.Advance(TimeSpan.FromDays(10));
        await using var page = Page((await test.As(Cast.Amina)).Get<NeedService>());
        var told = new TaskCompletionSource();

        var actions = page.Render<NeedActions>(p =>
            p.Add(a => a.Need, View(need, NeedParts.Whole, Cast.Amina))
                .Add(a => a.OnDone, EventCallback.Factory.Create(this, told.SetResult))
        );
        await actions.FindAll("details button")[0].ClickAsync(new());
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await using var db = await test.AsSystem();
        Assert.Equal(test.Now, (await db.Needs.SingleAsync(n => n.Id == need.Id)).LastConfirmedAt);
    }

    private static BunitContext Page(NeedService? needs = null)
    {
        var page = new BunitContext();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddWords();
        page.Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        page.Services.AddScoped<ReaderDay>();
        page.Services.AddScoped<Portal.Data.OnScreen>();
        page.Services.AddScoped<Ask>();
        page.Services.AddScoped<Go>();
        page.Services.AddScoped<ConsentDialogs>();
        page.Services.AddSingleton(TimeProvider.System);
        page.Services.AddScoped(_ => needs ?? new NeedService(null!, null!, null!, TimeProvider.System));
        page.Renderer.SetRendererInfo(new RendererInfo("Server", true));
        return page;
    }

    private static NeedView View(Need need, NeedParts parts, Player reader) =>
        NeedView.Of(need, parts, [], [], NeedActs.Of(need, reader, Cast.Now), Cast.Now) with
        {
            Next = NeedSteps.Of(need.Status, NeedSteps.SideOf(need, reader), NeedSituation.Of(need, Cast.Now)),
        };
}
