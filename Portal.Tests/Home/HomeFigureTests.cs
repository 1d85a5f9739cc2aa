using Portal.Domain.Assistance;
using Portal.Home;

namespace Portal.Tests.Home;

/// <summary>The figures of a home page count what its reader sees, and its work list holds what waits for them.</summary>
public sealed class HomeFigureTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Programmes_are_counted_for_their_owner_for_the_States_they_help_and_for_CTED(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (shared, hidden) = (Cast.Programme(Cast.Ingrid).SharedAs(ProgrammeSharing.AsPublished), Cast.Programme(Cast.Ingrid));
        foreach (var programme in new[] { shared, hidden })
            programme.Begin(Cast.Ingrid, Cast.Now);
        await test.Save(shared, hidden);
        foreach (var (player, code, count) in new[] { (Cast.Ingrid, "figure.programmes.mine", 2), (Cast.Amina, "figure.programmes.here", 1), (Cast.Rosa, "figure.programmes.here", 0), (Cast.Andrei, "figure.programmes", 1), (Cast.Kenji, "figure.programmes.mine", 0) })
            Assert.Equal(count, (await (await test.As(player)).Get<HomeService>().Get()).Figures.Single(f => f.Code == code).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_State_is_asked_whether_a_need_still_stands_unless_it_has_the_need_before_it_anyway(Database database)
    {
        await using var test = await TestDb.Open(database);
        var (draft, circulated) = (Cast.NeedAt(NeedStatus.Draft), Cast.NeedAt(NeedStatus.Circulated));
        await test.Save(draft, circulated);
        test.Clock.Advance(TimeSpan.FromDays(400));
        var waiting = (await (await test.As(Cast.Amina)).Get<HomeService>().Get()).Waiting;
        Assert.Equal(circulated.Reference, Assert.Single(waiting, w => w.Code == "wait.stale").Reference);
        Assert.Equal(draft.Reference, Assert.Single(waiting, w => w.Code == "wait.submit").Reference);
    }
}
