using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Directory;
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
    public void What_the_directory_does_not_know_filters_nothing(string query) =>
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

    [Theory]
    [InlineData("", "Newest")]
    [InlineData("sort=Nonsense", "Newest")]
    [InlineData("sort=nonsense&sort=replyby", "ReplyBy")]
    public void An_order_that_is_not_there_is_the_usual_one(string query, string expected) =>
        Assert.Equal(expected, NeedList.List.Sort(At(query)).Name);
}
