using Portal.Assistance.Funding;
using Portal.Assistance.Programmes;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Collaboration;

namespace Portal.Tests.Collaboration;

/// <summary>What is set rather than written is not set over what its setter has not seen, either.</summary>
public sealed class StaleTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task With_whom_a_programme_is_shared_is_not_changed_over_what_another_manager_chose(Database database)
    {
        await using var test = await TestDb.Open(database);
        var programme = Cast.Programme();
        await test.Save(programme);
        var ingrid = (await test.As(Cast.Ingrid)).Get<ProgrammeService>();
        var wide = new ProgrammeSharing(ProgrammeParts.Summary, ProgrammeParts.Summary, ProgrammeParts.None, ProgrammeParts.None);
        await ingrid.Share(programme.Reference, wide, ProgrammeSharing.CtedOnly);

        await Refused(() => ingrid.Share(programme.Reference, ProgrammeSharing.AsPublished, ProgrammeSharing.CtedOnly));

        await ingrid.Share(programme.Reference, ProgrammeSharing.AsPublished, wide);
    }

    [Theory, OnSqlite]
    public async Task A_rate_replaces_only_one_that_was_seen(Database database)
    {
        await using var test = await TestDb.Open(database);
        var rates = (await test.As(Cast.Andrei)).Get<RateService>();
        var day = DateOnly.FromDateTime(test.Now).AddDays(-1);
        await rates.Set("EUR", day, 0.9m, "One");
        await Refused(() => rates.Set("EUR", day, 0.8m, "Another"));
        await rates.Set("EUR", day, 0.8m, "Another", (await rates.List()).Single().Id);
        Assert.Equal(0.8m, (await rates.List()).Single().PerDollar);
    }

    [Theory, OnSqlite]
    public async Task Two_windows_that_choose_how_to_be_told_keep_each_others_choices(Database database)
    {
        await using var test = await TestDb.Open(database);
        var choices = (await test.As(Cast.Amina)).Get<NoticeChoiceService>();
        var opened = await choices.Read();
        static Dictionary<string, NoticeWay> Way(string code, NoticeWay way) =>
            new()
            {
                ["need.circulated"] = NoticeWay.App,
                ["proposal.proposed"] = NoticeWay.App,
                [code] = way,
            };
        await choices.Choose(DigestRhythm.Weekly, Way("need.circulated", NoticeWay.AtOnce), opened);
        await choices.Choose(opened.Rhythm, Way("proposal.proposed", NoticeWay.Off), opened);

        var (rhythm, ways) = await choices.Read();
        Assert.Equal((DigestRhythm.Weekly, NoticeWay.AtOnce, NoticeWay.Off), (rhythm, ways["need.circulated"], ways["proposal.proposed"]));
    }

    private static async Task Refused(Func<Task> act) =>
        Assert.Equal("record.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(act)).Code);
}
