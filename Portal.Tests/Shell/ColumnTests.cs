using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Assistance.Needs;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;
using Portal.Tests.House;

namespace Portal.Tests.Shell;

/// <summary>Which columns of a list are shown is in its address, and opens nothing.</summary>
public sealed class ColumnTests
{
    private static ListAddress At(string query) => ListAddress.Of("/needs?" + query);

    private const string Usual = "State,Theme,Status,ReplyBy,Gap";

    [Theory]
    [InlineData("", Usual)]
    [InlineData("columns=", Usual)]
    [InlineData("columns=Nonsense", Usual)]
    [InlineData("columns=none", "none")]
    [InlineData("columns=State,cost", "State,Cost")]
    [InlineData("columns=Cost&columns=State", "State,Cost")]
    [InlineData("columns=Theme,Nonsense,Usual,4", "Theme")]
    public void An_address_says_which_columns_are_shown(string query, string expected) =>
        Assert.Equal(expected, Columns.Text(NeedList.List.OnScreen.Shown(At(query))));

    [Fact]
    public void Every_choice_of_every_list_comes_back_from_its_address()
    {
        foreach (var columns in ListLaws.OnScreen)
        {
            Assert.True(columns.Count > 1);
            for (var set = 0; set < 1 << columns.Count; set++)
            {
                ListColumn[] chosen = [.. columns.Where((_, i) => (set & (1 << i)) != 0)];
                var address = ListAddress.Of(At("status=Draft").With(Columns.Name, Columns.Text(chosen)));
                Assert.Equal(chosen, columns.Shown(address));
                Assert.Equal(chosen, columns.Taken(address));
            }
            Assert.Equal(columns, columns.Taken(At("status=Draft")));
        }
    }

    [Fact]
    public void What_is_cleared_is_what_is_filtered_and_not_the_columns()
    {
        IReadOnlyList<(string Name, string Label, IReadOnlyList<(string Value, string Text)> Options)> menus =
        [
            ("status", "Status", [("Draft", "Draft")]),
        ];
        Assert.False(At("columns=State&page=2&sort=State&view=all").IsFilteredBy(menus));
        Assert.True(At("columns=State&status=Draft").IsFilteredBy(menus));
        Assert.Equal("/needs?columns=State", At("columns=State&status=Draft&q=a&page=2").Cleared());
    }

    [Fact]
    public async Task A_column_that_is_chosen_shows_no_part_that_is_not_shared()
    {
        using var _ = Culture.Speak(Language.En);
        await using var page = new BunitContext();
        page.Services.AddWords();
        NeedRow row = new(
            Guid.NewGuid(),
            "NEED-2027-0001",
            "KEN",
            "Title",
            Language.En,
            "CFT",
            NeedStatus.Circulated,
            null,
            NeedParts.Summary,
            null,
            null,
            null,
            null,
            false,
            null
        );
        var table = page.Render<ListTable<Need, NeedRow>>(p =>
            p.Add(t => t.List, NeedList.List)
                .Add(t => t.Rows, [row])
                .Add(t => t.Show, NeedList.List.OnScreen.Shown(At("columns=Cost,Urgency,Updated")))
        );
        Assert.Equal(["Need", "Urgency", "Estimated cost", "Changed"], table.FindAll("th").Select(h => h.TextContent));
        Assert.Equal(3, table.FindAll("td .masked").Count);
        Assert.Contains("NEED-2027-0001", table.Find(".cell-title").TextContent, StringComparison.Ordinal);
        table.Render(p => p.Add(t => t.Show, []));
        Assert.Equal(["Need"], table.FindAll("th").Select(h => h.TextContent));
        Assert.Single(table.FindAll("tbody td"));
    }
}
