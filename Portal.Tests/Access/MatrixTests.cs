using Portal.Access;
using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>The matrix: who may enter what, and where that differs from the role.</summary>
public sealed class MatrixTests
{
    private static MatrixQuery By(PrincipalKind kind, string? words = null, MatrixFilter only = MatrixFilter.All) =>
        new(kind, words, only, 1);

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_cell_is_the_level_that_the_person_then_has(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.Grant(Principal.Person(Cast.Chloe.Id), Section.Programmes, Level.Manage),
            Cast.Denial(Principal.Organisation(Cast.NorthernAgency.Id), Section.Proposals),
            Cast.Grant(Principal.Of(Role.Expert), Section.Needs, Level.View)
        );
        var (rows, total) = await (await test.As(Cast.Malik)).Get<AccessMatrix>().Page(By(PrincipalKind.Person));
        Assert.Equal(Cast.All.Count, total);
        foreach (var player in Cast.All)
        {
            var actor = await (await test.ActorsAs(player)).Current();
            var row = Assert.Single(rows, r => r.Key == player.Email);
            foreach (var cell in row.Cells)
            {
                Assert.Equal(actor.LevelIn(cell.Section), cell.Level);
                Assert.Equal(player.Actor.LevelIn(cell.Section), cell.Baseline);
                Assert.Equal(Baseline.Forbids(player.Role, cell.Section), cell.IsBarred);
            }
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_filters_keep_those_whom_a_grant_makes_different(Database database)
    {
        await using var test = await TestDb.Open(database);
        await test.Save(
            Cast.GrantTo(
                Principal.Person(Cast.Chloe.Id),
                Section.Programmes,
                Level.View,
                false,
                [],
                null,
                Cast.Now.AddDays(-1),
                Cast.Now.AddDays(10)
            ),
            Cast.GrantTo(
                Principal.Organisation(Cast.NorthernAgency.Id),
                Section.Proposals,
                Level.View,
                false,
                [],
                null,
                Cast.Now.AddDays(-200),
                null
            ),
            Cast.GrantTo(Principal.Of(Role.Expert), Section.Needs, Level.View, false, ["KEN"], null, Cast.Now.AddDays(-1), null)
        );
        var matrix = (await test.As(Cast.Malik)).Get<AccessMatrix>();
        async Task<string> Keys(MatrixQuery query) =>
            string.Join(' ', (await matrix.Page(query)).Rows.Select(r => r.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            $"{Cast.Chloe.Email} {Cast.Ingrid.Email} {Cast.Lars.Email} {Cast.Olga.Email}",
            await Keys(By(PrincipalKind.Person, only: MatrixFilter.Differs))
        );
        Assert.Equal(Cast.Chloe.Email, await Keys(By(PrincipalKind.Person, only: MatrixFilter.Expiring)));
        Assert.Equal(Cast.NorthernAgency.Code, await Keys(By(PrincipalKind.Organisation, only: MatrixFilter.Unused)));
        Assert.Equal("Expert", await Keys(By(PrincipalKind.Role, only: MatrixFilter.Differs)));
        Assert.Equal("northern-agency", await Keys(By(PrincipalKind.Organisation, "northern dev")));
        var expert = Assert.Single((await matrix.Page(By(PrincipalKind.Role, only: MatrixFilter.Differs))).Rows);
        Assert.True(expert.Cells.Single(c => c.Section == Section.Needs).IsLimited);
        Assert.Equal(Cast.Organisations.Union(Cast.ReferenceList).Count(), (await matrix.Page(By(PrincipalKind.Organisation))).Total);
    }
}
