using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Demonstration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Identity;
using Portal.Imports;

namespace Portal.Tests.Data.Demonstration;

public sealed class StoryTests(SeededStory story) : IClassFixture<SeededStory>
{
    [Fact]
    public async Task Every_role_has_an_account_with_the_password_that_is_told()
    {
        await using var db = await story.Portal.AsSystem();
        var accounts = await DemonstrationData.Accounts(db);
        Assert.Equal(Enum.GetValues<Role>().ToHashSet(), accounts.Select(a => a.Role).ToHashSet());
        Assert.Equal(DemonstrationCast.All.Count, accounts.Count);
        Assert.All(accounts, a => Assert.EndsWith("@demo.example", a.Email));
        var users = await db.Users.ToListAsync();
        var hasher = new PasswordHasher<PortalUser>();
        Assert.NotEqual(
            PasswordVerificationResult.Failed,
            hasher.VerifyHashedPassword(users[0], users[0].PasswordHash!, DemonstrationCast.Password)
        );
        Assert.Single(users.Select(u => u.PasswordHash).Distinct());
    }

    [Fact]
    public async Task One_person_holds_two_places()
    {
        await using var db = await story.Portal.AsSystem();
        var both = (await DemonstrationData.Accounts(db)).GroupBy(a => a.Email).Single(g => g.Count() > 1);
        Assert.Equal([OrganisationKind.MemberState, OrganisationKind.Provider], both.Select(a => a.Kind));
    }

    [Fact]
    public async Task Every_stage_language_and_kind_of_consent_occurs()
    {
        await using var db = await story.Portal.AsSystem();
        var needs = await db.Needs.Include(n => n.Consents).Include(n => n.Translations).ToListAsync();
        Assert.Equal(DemonstrationStory.Needs, needs.Count);
        Assert.Equal(Enum.GetValues<NeedStatus>().ToHashSet(), needs.Select(n => n.Status).ToHashSet());
        Assert.Equal(Languages.All.ToHashSet(), needs.Select(n => n.Language).ToHashSet());
        Assert.Contains(needs, n => n.IsStale(Cast.Now));
        Assert.Contains(needs, n => n.Translations.Count > 0);
        Assert.Contains(needs, n => n.Consents.Any(c => !c.Stands));
        Assert.Subset(
            needs.SelectMany(n => n.Consents).Where(c => c.Stands).Select(c => c.Audience).ToHashSet(),
            new HashSet<Audience> { Audience.Providers, Audience.Partners, Audience.Public }
        );
        Assert.Equal(Enum.GetValues<ProposalStatus>().ToHashSet(), (await db.Proposals.ToListAsync()).Select(p => p.Status).ToHashSet());
        var programmes = await db.Programmes.ToListAsync();
        Assert.Equal(DemonstrationProgrammes.Count, programmes.Count);
        Assert.Equal(Enum.GetValues<ProgrammeStatus>().ToHashSet(), programmes.Select(p => p.Status).ToHashSet());
        Assert.Contains(programmes, p => p.SharedAt is null);
        Assert.Contains(programmes, p => p.States.Count > 1);
        Assert.NotEmpty(await db.ServedNeeds.ToListAsync());
        Assert.NotEmpty(await db.Attachments.ToListAsync());
        Assert.Equal(DemonstrationStory.Offers, await db.Offers.CountAsync());
        Assert.NotEmpty(await db.Profiles.Where(p => !p.IsPublished).ToListAsync());
    }

    [Fact]
    public async Task Deadlines_lie_ahead_and_what_happened_lies_behind()
    {
        await using var db = await story.Portal.AsSystem();
        var today = DateOnly.FromDateTime(Cast.Now);
        Assert.All(await db.Needs.Where(n => n.Status == NeedStatus.Circulated).ToListAsync(), n => Assert.True(n.ReplyBy > today));
        Assert.True(await db.AuditEntries.MaxAsync(a => a.At) <= Cast.Now);
        // Grants are written after the story, each at its own moment.
        var log = await db.AuditEntries.Where(a => a.RecordId != null).OrderBy(a => a.Id).Select(a => a.At).ToListAsync();
        Assert.Equal(log.Order(), log);
    }

    [Fact]
    public async Task Each_donor_is_shown_needs_that_the_other_is_not()
    {
        await using var system = await story.Portal.AsSystem();
        async Task<HashSet<string>> SeenBy(string organisation)
        {
            var place = await system
                .Memberships.Include(m => m.Organisation)
                .FirstAsync(m => m.Organisation.Code == organisation && m.Role == Role.ProviderManager);
            await using var db = await story.Portal.For(Actor.Of(place, "", [], Cast.Now));
            return [.. await db.Needs.Select(n => n.Reference).ToListAsync()];
        }
        var (first, second) = (await SeenBy(DemonstrationCast.FirstDonor), await SeenBy(DemonstrationCast.SecondDonor));
        Assert.NotEmpty(first.Except(second));
        Assert.NotEmpty(second.Except(first));
        Assert.NotEmpty(first.Intersect(second));
    }

    [Fact]
    public async Task What_is_stored_of_who_sees_what_is_what_the_rules_say()
    {
        var (code, said, error) = await story.Portal.Type("config check --records all");
        Assert.True(code == 0, said + error);
        Assert.Contains($"Need: stored as the rules say for {DemonstrationStory.Needs} records", said);
    }

    [Fact]
    public async Task Files_have_come_in_and_are_checked_as_every_file_is()
    {
        await using var portal = await DemonstrationApp.Told();
        await using var db = await portal.AsSystem();
        var done = await db.ImportJobs.SingleAsync(j => j.Stage == ImportStage.Done);
        Assert.Equal((ImportSubject.Needs, 4), (done.Subject, done.Taken));
        var own = await db.OwnReferences.ToListAsync();
        Assert.Equal(
            await db.Needs.Where(n => n.StateIso3 == "KEN").OrderBy(n => n.Reference).Take(4).Select(n => n.Id).ToListAsync(),
            own.OrderBy(o => o.Text, StringComparer.Ordinal).Select(o => o.RecordId)
        );
        foreach (var waiting in await db.ImportJobs.Where(j => j.Stage == ImportStage.Checking).Select(j => j.Id).ToListAsync())
            await portal.App.Services.GetRequiredService<ImportRunner>().Work(waiting, CancellationToken.None);
        db.ChangeTracker.Clear();
        var jobs = await db.ImportJobs.Where(j => j.Id != done.Id).ToListAsync();
        Assert.All(jobs, j => Assert.Equal((ImportStage.Checked, null), (j.Stage, j.Fault)));
        Assert.Equal(
            [(ImportFormat.Iati, (1, 1, 1)), (ImportFormat.Csv, (2, 1, 1))],
            jobs.OrderBy(j => j.Format).Select(j => (j.Format, (j.New, j.Changed, j.Refused)))
        );
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_data_and_another_seed_other_data()
    {
        await using var again = await DemonstrationApp.Open();
        await again.Reset(new DemonstrationSize());
        Assert.Equal(await Told(story.Portal), await Told(again));
        await again.Reset(new DemonstrationSize(Seed: 7));
        Assert.NotEqual(await Told(story.Portal), await Told(again));
    }

    private static async Task<string> Told(DemonstrationApp portal)
    {
        await using var db = await portal.AsSystem();
        var lines = new List<string>();
        var references = new Dictionary<Guid, string>();
        foreach (var n in await db.Needs.Include(n => n.Consents).Include(n => n.Translations).OrderBy(n => n.Reference).ToListAsync())
        {
            references[n.Id] = n.Reference;
            lines.Add(
                $"{n.Reference} {n.StateIso3} {n.Title} {n.Description} {n.Status} {n.EstimatedCost} {n.Currency} {n.AcceptedAmount} {n.From} {n.To} {n.ReplyBy} {n.UpdatedAt:O}"
            );
            lines.AddRange(n.Consents.OrderBy(c => c.GivenAt).Select(c => $"  {c.AudienceKey} {c.Parts} {c.GivenAt:O} {c.RevokedAt:O}"));
            lines.AddRange(n.Translations.OrderBy(t => t.Language).Select(t => $"  {t.Language} {t.Title}"));
        }
        foreach (var p in await db.Proposals.OrderBy(p => p.Reference).ToListAsync())
        {
            references[p.Id] = p.Reference;
            lines.Add($"{p.Reference} {p.NeedReference} {p.Title} {p.Status} {p.Amount} {p.AcceptedAmount} {p.UpdatedAt:O}");
        }
        lines.AddRange(
            (await db.Offers.OrderBy(o => o.Reference).ToListAsync()).Select(o =>
                $"{o.Reference} {o.Title} {o.BudgetFrom} {o.BudgetTo} {o.IsOpen} {string.Join(' ', o.Themes)}"
            )
        );
        lines.AddRange(
            (await db.Reach.ToListAsync())
                .Where(r => references.ContainsKey(r.RecordId))
                .Select(r => $"{references[r.RecordId]} {r.Audience} {r.Sort} {r.View}")
                .Order(StringComparer.Ordinal)
        );
        lines.AddRange((await db.AuditEntries.OrderBy(a => a.Id).ToListAsync()).Select(a => $"{a.At:O} {a.Code} {a.Reference}"));
        return string.Join('\n', lines);
    }
}
