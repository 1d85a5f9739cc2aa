using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Assistance;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using Portal.Lists;
using Portal.Shell;

namespace Portal.Tests.Lists;

/// <summary>What an address asks of a list; what it does not know it leaves out.</summary>
public sealed class FilterTests
{
    private static ListAddress At(string query) => ListAddress.Of("/list?" + query);

    [Theory]
    [InlineData("theme=nonsense&modality=x&region=7&language=&status=Draft")]
    [InlineData("")]
    public void What_the_directory_does_not_know_doesFilternothing(string query) =>
        Assert.False(DirectoryList.Filters.Asked(At(query)).IsAny);

    [Theory]
    [InlineData("theme=nonsense&theme=CFT")]
    [InlineData("region=africa")]
    [InlineData("language=RU")]
    public void What_it_knows_does(string query) => Assert.True(DirectoryList.Filters.Asked(At(query)).IsAny);

    [Fact]
    public void States_are_those_named_and_those_of_the_regions_named()
    {
        var states = NeedList.List.Request(At("state=per&state=XXX&region=Africa")).States;
        Assert.Equal("PER", states.First());
        Assert.Equal(MemberStates.In(RegionalGroup.Africa).Select(s => s.Iso3), states.Skip(1));
        // A programme helps several: its States are asked of itself.
        var programmes = ProgrammeList.List.Request(At("state=PER"));
        Assert.Empty(programmes.States);
        var (here, there) = (Helping("KEN", "PER"), Helping("KEN"));
        Assert.Equal([here], programmes.Filter!(new[] { here, there }.AsQueryable()));

        static Programme Helping(params string[] states) => Cast.Programme(content: Cast.ProgrammeContent with { States = states });
    }

    [Fact]
    public void A_filter_by_a_part_counts_only_for_those_who_are_shown_it()
    {
        Assert.Equal(0, NeedList.List.Request(At("status=Draft&theme=CFT&urgency=nonsense")).FilterParts);
        Assert.Equal(
            (int)(NeedParts.Modality | NeedParts.Timeframe),
            NeedList.List.Request(At("modality=TRAINING&urgency=High")).FilterParts
        );
    }

    /// <summary>
    /// On no list is a value counted, shown and offered to be cleared that filters nothing, and none filters without being so: by whatever
    /// an address may have.
    /// </summary>
    [Fact]
    public void What_is_said_to_be_filtered_is_what_is_filtered_on_every_list()
    {
        using var services = new ServiceCollection().AddLogging().AddWords().BuildServiceProvider();
        var every = new Every(services.GetRequiredService<Say>());
        foreach (var list in RecordRooms.Lists)
            list.Accept(every);
        every.Visit("directory", DirectoryList.Filters);
        Assert.True(every.Tried > 500);
        Assert.True(every.Filtering > 100);
        House.Sources.None(every.Wrong, "Said to be filtered and not filtered, or filtered and not said to be:");
    }

    private sealed class Every(Say say) : IRecordListVisitor
    {
        public int Tried { get; private set; }
        public int Filtering { get; private set; }
        public List<string> Wrong { get; } = [];

        public void Visit<T, TRow>(RecordList<T, TRow> list)
            where T : class, IProtected
            where TRow : class, IListed => Visit(list.Kind.List, list.Filters);

        public void Visit<T>(string list, IReadOnlyList<ListFilter<T>> filters)
        {
            foreach (var filter in filters)
            {
                var known = filter.Values?.Invoke().ToList() ?? ["northern-agency"];
                foreach (var value in known.SelectMany(v => new[] { v, v.ToLowerInvariant(), $" {v}", $"{v},{known[^1]}", v + "x" }))
                    Try(list, filters, filter.Name, value);
                foreach (var value in new[] { "Nonsense", "0", "1", "-1", "", " ", "\0", "*", "null" })
                    Try(list, filters, filter.Name, value);
            }
            Try(list, filters, "nonsense", "Draft");
        }

        private void Try<T>(string list, IReadOnlyList<ListFilter<T>> filters, string name, string value)
        {
            var address = At($"{name}={Uri.EscapeDataString(value)}");
            var asked = filters.Asked(address);
            var menus = filters.Menus(
                say,
                ("state", StateOptions.Of(address, "KEN", say)),
                ("provider", ProviderOption.Of(address, [], say))
            );
            var doesFilter = asked.IsAny || asked.States.Count > 0;
            Tried++;
            Filtering += doesFilter ? 1 : 0;
            if (doesFilter != address.IsFilteredBy(menus))
                Wrong.Add($"{list}?{name}={value}: {(doesFilter ? "filtered" : "not filtered")}");
        }
    }

    [Theory]
    [InlineData("status=Nonsense", 0)]
    [InlineData("status=Nonsense&status=draft", 1)]
    [InlineData("status=Draft&status=draft", 1)]
    [InlineData("nonsense=1", 0)]
    public async Task A_menu_counts_what_it_knows_and_nothing_else_is_offered_to_be_cleared(string query, int count)
    {
        await using var page = new BunitContext();
        page.Services.AddWords();
        IReadOnlyList<(string Name, string Label, IReadOnlyList<(string Value, string Text)> Options)> menus =
        [
            ("status", "Status", [("Draft", "Draft"), ("Met", "Met")]),
        ];
        var menu = page.Render<FilterMenu>(p =>
            p.Add(m => m.Name, "status").Add(m => m.Label, "Status").Add(m => m.Options, menus[0].Options).Add(m => m.Address, At(query))
        );
        var chips = page.Render<FilterChips>(p => p.Add(c => c.Address, At(query)).Add(c => c.Filters, menus).Add(c => c.Total, 3));
        Assert.Equal(count == 0 ? [] : [$"{count}"], menu.FindAll(".count").Select(c => c.TextContent));
        Assert.Equal((count, count), (chips.FindAll(".chip").Count, chips.FindAll("a:not(.chip-remove)").Count));
    }

    [Theory]
    [InlineData("", "Newest")]
    [InlineData("sort=Nonsense", "Newest")]
    [InlineData("sort=nonsense&sort=replyby", "ReplyBy")]
    public void An_order_that_is_not_there_is_the_usual_one(string query, string expected) =>
        Assert.Equal(expected, NeedList.List.Sort(At(query)).Name);
}
