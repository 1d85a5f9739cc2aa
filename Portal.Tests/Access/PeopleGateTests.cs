using System.Reflection;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Tests.Access;

/// <summary>What the pages of people show of themselves to whom, and that each is behind the gate it should be.</summary>
public sealed class PeopleGateTests
{
    [Theory]
    [InlineData(typeof(PeoplePage), PeopleAct.See)]
    [InlineData(typeof(PersonPage), PeopleAct.See)]
    [InlineData(typeof(InvitePage), PeopleAct.Manage)]
    [InlineData(typeof(TransferPage), PeopleAct.Manage)]
    [InlineData(typeof(MembershipAddPage), PeopleAct.ManageAll)]
    [InlineData(typeof(ImportPage), PeopleAct.ManageAll)]
    [InlineData(typeof(OrganisationsPage), PeopleAct.SeeAll)]
    [InlineData(typeof(OrganisationPage), PeopleAct.SeeAll)]
    public void Each_page_has_its_gate(Type page, PeopleAct act) => Assert.Equal(act, page.GetCustomAttribute<PeopleAttribute>()?.Act);

    public static TheoryData<Role, string> Tabs =>
        new()
        {
            {
                Role.AccessManager,
                "/access /access/grants /access/requests /access/explain /access/reviews /access/people /access/organisations /access/view-as"
            },
            {
                Role.Auditor,
                "/access /access/grants /access/requests /access/explain /access/reviews /access/people /access/organisations"
            },
            { Role.Administrator, "/access/people /access/organisations" },
            { Role.FocalPoint, "/access/reviews /access/people" },
            { Role.StateContributor, "" },
        };

    [Theory, MemberData(nameof(Tabs))]
    public async Task The_tabs_lead_only_where_one_may_go(Role role, string expected)
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        var actors = await test.ActorsAs(Cast.All.First(p => p.Role == role));
        await using var page = new BunitContext();
        page.Services.AddWords();
        page.Services.AddScoped(_ => actors);

        var tabs = page.Render<AccessTabs>(p => p.Add(t => t.Here, "people"));

        tabs.WaitForAssertion(() => Assert.Equal(expected, string.Join(' ', tabs.FindAll("a").Select(a => a.GetAttribute("href")))));
    }

    [Theory]
    [InlineData(Role.FocalPoint, true)]
    [InlineData(Role.ProviderManager, true)]
    [InlineData(Role.Administrator, true)]
    [InlineData(Role.AccessManager, false)]
    [InlineData(Role.StateContributor, false)]
    [InlineData(Role.AssistanceOfficer, false)]
    public void The_navigation_offers_people_to_whoever_does_not_find_them_in_the_access_room(Role role, bool expected) =>
        Assert.Equal(
            expected,
            Places.Groups.SelectMany(g => g.Pages).Single(p => p.Name == "people").IsOpenTo(Cast.All.First(p => p.Role == role))
        );

    [Fact]
    public async Task A_suspended_membership_is_offered_to_be_restored_and_one_that_is_over_nothing()
    {
        await using var page = new BunitContext();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddWords();
        page.Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        page.Services.AddScoped<Portal.Data.OnScreen>();
        page.Services.AddScoped<Ask>();
        page.Services.AddScoped<Go>();
        page.Services.AddScoped(_ => new PeopleService(null!, null!, null!, null!, null!, TimeProvider.System));
        page.Services.AddScoped(_ => new VacancyService(null!, null!, TimeProvider.System));
        page.Renderer.SetRendererInfo(new RendererInfo("Server", true));
        int Acts(MembershipStanding standing) =>
            page.Render<MembershipActs>(p =>
                    p.Add(a => a.Row, MembershipRow.Of(Cast.Otieno.Membership, Cast.Amina, Cast.Now) with { Standing = standing })
                        .Add(a => a.OnDone, EventCallback.Empty)
                )
                .FindAll("button, a")
                .Count;
        Assert.Equal(
            (4, 3, 3, 0),
            (
                Acts(MembershipStanding.InForce),
                Acts(MembershipStanding.Coming),
                Acts(MembershipStanding.Suspended),
                Acts(MembershipStanding.Ended)
            )
        );
    }
}
