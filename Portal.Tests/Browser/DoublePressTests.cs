using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>
/// One click or two, one record: in the same instant, and again before the answer to the first has come over a slow line.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class DoublePressTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task A_need_and_a_proposal_saved_with_two_clicks_are_one_each()
    {
        var before = await Counted();
        await using (var state = await portal.Person("focal.tun"))
        {
            await state.GoTo("/needs/new");
            await Writes(state, "Twice at once");
            await Twice(state, ".form-foot button[type=submit]", 0);
            await state.SeesStatus(NeedStatus.Draft);
            Assert.Equal(before.Needs + 1, (await Counted()).Needs);

            await using var line = portal.SlowLine(300);
            await state.GoTo(line.Address + "/needs/new");
            await Writes(state, "Twice over a slow line");
            await Twice(state, ".form-foot button[type=submit]", 250);
            await state.SeesStatus(NeedStatus.Draft);
            Assert.Equal(before.Needs + 2, (await Counted()).Needs);
        }

        await using var provider = await portal.Person("manager.jica");
        await provider.GoTo("/needs?status=Circulated");
        await provider.Press("a.row-link");
        await provider.Sees(".record-head h1");
        await provider.GoTo($"/needs/{provider.Reference}/propose");
        await provider.Fill("#Title", "Proposed twice");
        await provider.Fill("#Description", "Two clicks on one button.");
        await provider.At("#Modalities input").First.CheckAsync();
        await Twice(provider, ".form-foot button[type=button]", 0);
        await provider.SeesStatus(ProposalStatus.Draft);
        Assert.Equal(before.Proposals + 1, (await Counted()).Proposals);
    }

    [BrowserFact]
    public async Task An_invitation_sent_with_two_clicks_is_one_and_its_link_stays_on_the_screen()
    {
        await using var manager = await portal.Person("access.second");
        await manager.GoTo("/access/people/invite");
        await manager.Fill("#Email", "twice@example.org");
        await manager.Fill("#To", "Kenya");
        await manager.At("main .choices button").First.ClickAsync();
        await manager.At("#Role").SelectOptionAsync(nameof(Role.StateContributor));
        await Twice(manager, ".form-foot button[type=submit]", 0);
        await Expect(manager.At("#link")).ToHaveValueAsync(new Regex("/account/invitation/"));
        await manager.DoesNotSee(".error-summary");
        await using var db = await portal.Services.GetRequiredService<PortalStore>().OpenAsSystem("count invitations");
        Assert.Equal(1, await db.Invitations.CountAsync(i => i.Email == "twice@example.org"));
    }

    private static async Task Writes(Desk state, string title)
    {
        await state.Fill("#Title", title);
        await state.Fill("#Description", "Two clicks on one button.");
        await state.At("#Theme").SelectOptionAsync("CFT");
        await state.At("#Modalities input").First.CheckAsync();
    }

    private static Task Twice(Desk desk, string button, int milliseconds) =>
        desk.At(button)
            .First.EvaluateAsync(
                "(b, pause) => { b.click(); if (pause) setTimeout(() => b.click(), pause); else b.click(); }",
                milliseconds
            );

    private async Task<(int Needs, int Proposals)> Counted()
    {
        await using var db = await portal.Services.GetRequiredService<PortalStore>().OpenAsSystem("count records");
        return (await db.Needs.CountAsync(), await db.Proposals.CountAsync());
    }
}
