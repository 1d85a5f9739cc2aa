using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Assistance;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>Which columns of a list are shown is in its address, and opens nothing.</summary>
public sealed class ColumnTests
{
    private static ListAddress At(string query) => ListAddress.Of("/needs?" + query);

    [Theory]
    [InlineData("", NeedColumns.Usual)]
    [InlineData("columns=", NeedColumns.Usual)]
    [InlineData("columns=Nonsense", NeedColumns.Usual)]
    [InlineData("columns=none", (NeedColumns)0)]
    [InlineData("columns=State,cost", NeedColumns.State | NeedColumns.Cost)]
    [InlineData("columns=State&columns=Cost", NeedColumns.State | NeedColumns.Cost)]
    [InlineData("columns=Theme,Nonsense,Usual,4", NeedColumns.Theme)]
    public void An_address_says_which_columns_are_shown(string query, NeedColumns expected) =>
        Assert.Equal(expected, Columns.Of<NeedColumns>(At(query)));

    [Fact]
    public void Every_choice_of_every_list_comes_back_from_its_address()
    {
        Holds<NeedColumns>();
        Holds<ProposalColumns>();
        Holds<ProgrammeColumns>();
        Holds<MatchColumns>();
        Holds<AuditColumns>();
        Holds<PeopleColumns>();
        Holds<GrantColumns>();
        Holds<DirectoryColumns>();

        static void Holds<T>()
            where T : struct, Enum
        {
            var all = Columns.Of<T>();
            Assert.True(Columns.Of<T>().Count > 1);
            for (var set = 0; set < 1 << all.Count; set++)
            {
                var columns = (T)(object)set;
                var address = ListAddress.Of(At("status=Draft").With(Columns.Name, Columns.Text(columns)));
                Assert.Equal(columns, Columns.Of<T>(address));
                Assert.All(all, c => Assert.Equal(Columns.Any(columns, c), Columns.Has(address, c)));
            }
            Assert.All(all, c => Assert.True(Columns.Has(At("status=Draft"), c)));
        }
    }

    [Fact]
    public void What_is_cleared_is_what_is_filtered_and_not_the_columns()
    {
        Assert.False(At("columns=State&page=2&sort=State&view=all").IsFiltered);
        Assert.True(At("columns=State&status=Draft").IsFiltered);
        Assert.Equal("/needs?columns=State", At("columns=State&status=Draft&q=a&page=2").Cleared());
    }

    [Fact]
    public async Task A_column_that_is_chosen_shows_no_part_that_is_not_shared()
    {
        using var _ = Culture.Speak(Language.En);
        await using var page = new BunitContext();
        page.Services.AddLocalization();
        page.Services.AddScoped<Say>();
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
        var table = page.Render<NeedTable>(p =>
            p.Add(t => t.Rows, [row]).Add(t => t.Show, NeedColumns.Cost | NeedColumns.Urgency | NeedColumns.Updated)
        );
        Assert.Equal(["Need", "Urgency", "Estimated cost", "Changed"], table.FindAll("th").Select(h => h.TextContent));
        Assert.Equal(3, table.FindAll("td .masked").Count);
        Assert.Contains("NEED-2027-0001", table.Find(".cell-title").TextContent, StringComparison.Ordinal);
        table.Render(p => p.Add(t => t.Show, (NeedColumns)0));
        Assert.Equal(["Need"], table.FindAll("th").Select(h => h.TextContent));
        Assert.Single(table.FindAll("tbody td"));
    }
}
