using FsCheck.Xunit;
using Microsoft.EntityFrameworkCore;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Domain.Assistance;

namespace Portal.Tests.Assistance;

/// <summary>The same help to the same State: told to those who see both, and to nobody else in any way.</summary>
public sealed class DuplicateTests
{
    private static Help Help(
        string[]? states = null,
        string[]? themes = null,
        string[]? modalities = null,
        int from = 2027,
        int to = 2028
    ) =>
        new(
            Guid.NewGuid(),
            Programme.Card,
            1,
            states ?? ["KEN"],
            themes ?? ["CFT"],
            modalities ?? ["TRAINING"],
            new DateOnly(from, 1, 1),
            new DateOnly(to, 1, 1)
        );

    [Fact]
    public void Help_is_the_same_where_State_theme_kind_and_time_meet()
    {
        var help = Help();
        Assert.Null(Duplicates.Between(help, help));
        var overlap = Duplicates.Between(help, Help(["KEN", "PER"], ["CFT", "HR"], ["TRAINING"], 2026, 2027))!;
        Assert.Equal((new DateOnly(2027, 1, 1), new DateOnly(2027, 1, 1)), (overlap.From!.Value, overlap.To!.Value));
        Assert.Equal(["KEN"], overlap.States);
        Assert.Equal(["CFT"], overlap.Themes);
        Assert.Null(Duplicates.Between(help, Help(["PER"])));
        Assert.Null(Duplicates.Between(help, Help(themes: ["HR"])));
        Assert.Null(Duplicates.Between(help, Help(modalities: ["EQUIPMENT"])));
        Assert.Null(Duplicates.Between(help, Help(from: 2029, to: 2030)));
        // How or when it is not known is no reason to be silent.
        Assert.NotNull(Duplicates.Between(help, Help(modalities: [])));
        Assert.NotNull(Duplicates.Between(help, help with { RecordId = Guid.NewGuid(), From = null, To = null }));
    }

    [Property]
    public void Help_is_given_twice_where_any_other_is_the_same(ushort[] some, ushort[] others)
    {
        // Few States, themes, kinds and years, so that they meet often.
        static Help Of(ushort n) =>
            Help(
                n % 2 == 0 ? ["KEN"] : ["KEN", "PER"],
                n / 2 % 2 == 0 ? ["CFT"] : ["HR", "BORDER"],
                n / 4 % 3 == 0 ? [] : [$"M{n / 4 % 3}"],
                2027 + (n / 12 % 3),
                2027 + (n / 12 % 3) + (n / 36 % 2)
            );
        var (given, all) = (some.Select(Of).ToList(), others.Select(Of).ToList());
        all.AddRange(given);
        var repeated = new RepeatedHelp(given);
        all.ForEach(repeated.Compare);
        Assert.Equal(
            given.Where(g => all.Exists(o => Duplicates.Between(g, o) is not null)).Select(g => g.RecordId).Order(),
            repeated.Found.Order()
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Those_who_see_both_are_told_and_CTED_gets_a_notice_while_the_provider_learns_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var hidden = Cast.Programme(Cast.Kenji).SharedAs(ProgrammeSharing.CtedOnly);
        var mine = Cast.Programme(Cast.Ingrid);
        await test.Save(hidden, mine);
        await (await test.As(Cast.Ingrid)).Get<ProgrammeService>().Share(mine.Reference, ProgrammeSharing.CtedOnly);

        Assert.Empty(await (await test.As(Cast.Ingrid)).Get<DuplicateService>().OfProgramme(mine.Reference));
        var line = Assert.Single(await (await test.As(Cast.Andrei)).Get<DuplicateService>().OfProgramme(mine.Reference));
        Assert.Equal((hidden.Reference, Programme.Card), (line.Reference, line.Kind));
        Assert.Equal(["KEN"], line.Overlap.States);
        await using (var cted = await test.For(Cast.Andrei))
            Assert.Contains(await cted.Notices.ToListAsync(), n => n.Code == "duplicate.found" && n.RecordId == mine.Id);
        await using var provider = await test.For(Cast.Ingrid);
        Assert.DoesNotContain(await provider.Notices.ToListAsync(), n => n.Code == "duplicate.found");
        // What has ended is nobody's duplicate, whatever its stage says.
        test.Clock.Advance(TimeSpan.FromDays(20 * 365));
        Assert.Empty(await (await test.As(Cast.Andrei)).Get<DuplicateService>().OfProgramme(mine.Reference));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Help_that_ended_with_its_need_is_nobodys_duplicate(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (withdrawn, open) = (Cast.NeedAt(NeedStatus.Circulated), Cast.NeedAt(NeedStatus.Circulated));
        var (accepted, waiting) = (Cast.ProposalAt(ProposalStatus.Accepted, withdrawn), Cast.ProposalAt(ProposalStatus.Proposed, open));
        await test.Save(withdrawn, open, accepted, waiting);
        async Task<IReadOnlyList<string>> LikeOf(Proposal proposal) =>
            [.. (await (await test.As(Cast.Andrei)).Get<DuplicateService>().OfProposal(proposal.Reference)).Select(d => d.Reference)];
        Assert.Equal([accepted.Reference], await LikeOf(waiting));

        await (await test.As(Cast.Amina)).Get<NeedService>().Withdraw(withdrawn.Reference, "No longer wanted.");

        Assert.Empty(await LikeOf(waiting));
        Assert.Empty(await LikeOf(accepted));
    }
}
