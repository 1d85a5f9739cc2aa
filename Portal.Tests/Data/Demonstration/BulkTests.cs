using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Demonstration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Data.Demonstration;

public sealed class BulkTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Needs_written_in_bulk_are_like_those_that_were_saved(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database);
        await portal.Reset(new DemonstrationSize(Needs: DemonstrationStory.Needs + 400, Offers: DemonstrationStory.Offers + 30));

        // Not by its exit code: a test's clock does not agree with that of PostgreSQL.
        var (_, said, _) = await portal.Type("config check --records all");
        Assert.DoesNotContain("wrong  Who sees what", said);
        Assert.Contains($"Need: stored as the rules say for {DemonstrationStory.Needs + 400} records", said);
        Assert.Contains($"Offer: stored as the rules say for {DemonstrationStory.Offers + 30} records", said);

        await using var db = await portal.AsSystem();
        var needs = await db.Needs.Include(n => n.Consents).ToListAsync();
        Assert.Equal(needs.Count, needs.Select(n => n.Reference).Distinct().Count());
        Assert.DoesNotContain(needs, n => n.Version == Guid.Empty);
        Assert.All(needs, n => Assert.Contains(db.AuditEntries.Where(a => a.RecordId == n.Id), a => a.Code == "need.drafted"));

        // Search finds a word of one alone, so the index was filled.
        var found = await db.Search("777")!.Union(db.Search("399")!).Select(e => e.RecordId).Distinct().ToListAsync();
        Assert.Single(found);

        // The next record a person makes gets the next number.
        var year = needs.Max(n => n.CreatedAt.Year);
        var next = await db.NextReference(Domain.Assistance.Need.Card, year);
        Assert.DoesNotContain(needs, n => n.Reference == next);

        // What was taken away for the time of writing is back.
        Assert.Empty(await MissingIndexes(db));

        // A bulk need goes on as any other: its consent can be revoked and its reach follows.
        var need = needs.First(n => n.Status == NeedStatus.Circulated && n.Consents.Count == 1);
        var place = await db.Memberships.Include(m => m.Organisation).FirstAsync(m => m.Role == Role.FocalPoint);
        var organisation = await db.Organisations.FirstAsync(o => o.StateIso3 == need.StateIso3 && o.Kind == OrganisationKind.MemberState);
        var actor = Actor.Of(Membership.Of(place.PersonId, organisation, Role.FocalPoint, Cast.Now.AddYears(-1)), "Somebody", [], Cast.Now);
        need.RevokeConsent(actor, need.Consents[0].Audience, null, Cast.Now);
        await db.SaveChangesAsync();
        Assert.Equal(2, await db.Reach.CountAsync(r => r.RecordId == need.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_State_has_an_assessment_and_those_written_in_bulk_are_like_those_that_were_saved(Database database)
    {
        await using var portal = await DemonstrationApp.Open(database);
        await portal.Reset(new DemonstrationSize());
        await using var db = await portal.AsSystem();
        Assert.Equal(Domain.Reference.MemberStates.All.Count, await db.Dossiers.Select(d => d.StateIso3).Distinct().CountAsync());
        var whole = await Portal.Assessments.DossierList.Room.Whole(db.Dossiers).ToListAsync();
        Assert.All(whole, d => Assert.All(d.Editions, e => Assert.True(e.IsWhole)));
        Assert.Equal(whole.Count, whole.Select(d => d.Reference).Distinct().Count());
        foreach (var sent in whole.Where(d => d.SentAt is not null))
            Assert.Equal(sent.Sent().Recommendations.Count, await db.Recommendations.CountAsync(r => r.DossierId == sent.Id));
        var (_, said, _) = await portal.Type("config check --records all");
        Assert.DoesNotContain("wrong  Who sees what", said);
        Assert.Contains($"Dossier: stored as the rules say for {whole.Count} records", said);
        Assert.Empty(await MissingIndexes(db));
        // The next of a State gets the next number.
        var ghana = whole.Single(d => d.StateIso3 == "GHA");
        Assert.EndsWith(
            "-2",
            await db.NextReference(Portal.Domain.Assessments.Dossier.Card, ghana.CreatedAt.Year, "GHA"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_first_donor_is_shown_few_of_many_and_the_second_a_seventh()
    {
        await using var portal = await DemonstrationApp.Open();
        await portal.Reset(new DemonstrationSize(Needs: 5000));
        await using var db = await portal.AsSystem();
        async Task<int> Shown(string code)
        {
            var number = await db.Organisations.Where(o => o.Code == code).Select(o => o.Number).SingleAsync();
            var names = new[] { "need/org:" + number, "need/providers", "need/public" };
            return await db.Reach.Where(r => names.Contains(r.Audience)).Select(r => r.RecordId).Distinct().CountAsync();
        }
        Assert.InRange(await Shown(DemonstrationCast.FirstDonor), 5, 60);
        Assert.InRange(await Shown(DemonstrationCast.SecondDonor), 650, 850);
    }

    private static async Task<IReadOnlyList<string>> MissingIndexes(PortalDb db)
    {
        var present = db.Database.IsNpgsql()
            ? await db
                .Database.SqlQuery<string>($"SELECT indexname AS \"Value\" FROM pg_indexes WHERE schemaname = current_schema()")
                .ToListAsync()
            : await db.Database.SqlQuery<string>($"SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'index'").ToListAsync();
        // PostgreSQL cuts names at 63 characters, and the model knows that.
        return [.. db.Model.GetEntityTypes().SelectMany(e => e.GetIndexes()).Select(i => i.GetDatabaseName()!).Except(present)];
    }
}
