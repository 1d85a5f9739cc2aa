using System.Diagnostics;
using Portal.Access;
using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;
using Portal.Identity;
using Xunit.Abstractions;

namespace Portal.Tests.Access;

/// <summary>The matrix with 2,000 organisations and 10,000 people: a page of any of it opens at once.</summary>
public sealed class MatrixSizeTests(ITestOutputHelper output)
{
    [Theory, OnSqlite, Trait("Pace", "Slow")]
    public async Task A_page_of_two_thousand_organisations_and_ten_thousand_people_opens_at_once(Database database)
    {
        await using var test = await TestDb.Open(database);
        var bodies = Enumerable
            .Range(0, 2_000)
            .Select(i =>
                Organisation.Register(
                    20_000 + i,
                    OrganisationKind.Provider,
                    $"body-{i}",
                    new LocalName($"هيئة {i}", $"机构{i}", $"Body {i}", $"Organisme {i}", $"Орган {i}", $"Organismo {i}")
                )
            )
            .ToList();
        var people = Enumerable
            .Range(0, 10_000)
            .Select(i => new PortalUser
            {
                Name = $"Person {i}",
                UserName = $"p{i}@example.org",
                NormalizedUserName = $"P{i}@EXAMPLE.ORG",
                Email = $"p{i}@example.org",
                NormalizedEmail = $"P{i}@EXAMPLE.ORG",
                SecurityStamp = "s",
                Id = Guid.CreateVersion7(),
            })
            .ToList();
        await using (var db = await test.AsSystem())
        {
            db.AddRange(bodies);
            db.AddRange(people);
            db.AddRange(
                people.Select(
                    (p, i) =>
                        Membership.Of(
                            p.Id,
                            bodies[i % bodies.Count],
                            i % 5 == 0 ? Role.ProviderManager : Role.ProviderContributor,
                            Cast.Now.AddDays(-1)
                        )
                )
            );
            db.AddRange(
                Enumerable
                    .Range(0, 3_000)
                    .Select(i =>
                        Cast.Grant(
                            i % 2 == 0 ? Principal.Person(people[i * 3].Id) : Principal.Organisation(bodies[i % bodies.Count].Id),
                            Section.Visits,
                            Level.View
                        )
                    )
            );
            await db.SaveChangesAsync();
        }
        var matrix = (await test.As(Cast.Malik)).Get<AccessMatrix>();
        await matrix.Page(new MatrixQuery(PrincipalKind.Role, null, MatrixFilter.All, 1));
        var slowest = TimeSpan.Zero;
        foreach (var kind in Enum.GetValues<PrincipalKind>())
        foreach (
            var (words, filter, page) in new[]
            {
                (null, MatrixFilter.All, 1),
                (null, MatrixFilter.All, 30),
                (null, MatrixFilter.Differs, 1),
                (null, MatrixFilter.Unused, 1),
                ("9", MatrixFilter.All, 1),
            }
        )
        {
            var watch = Stopwatch.StartNew();
            var (rows, total) = await matrix.Page(new MatrixQuery(kind, words, filter, page));
            output.WriteLine($"{kind} {filter} {words} page {page}: {rows.Count} of {total} in {watch.ElapsedMilliseconds} ms");
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            if (kind == PrincipalKind.Person && filter == MatrixFilter.All && words is null)
                Assert.Equal((AccessMatrix.PageSize, 10_000 + Cast.All.Count), (rows.Count, total));
        }
        var export = Stopwatch.StartNew();
        Assert.Equal(10_000, (await matrix.Export(new MatrixQuery(PrincipalKind.Person, null, MatrixFilter.All, 1), "csv", 10_000)).Count);
        output.WriteLine($"export of 10,000 people in {export.ElapsedMilliseconds} ms");
        // The promise is a second; a machine that runs other tests beside it is given more.
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
