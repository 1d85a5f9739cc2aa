using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Assistance.Needs;
using Portal.Assistance.Programmes;
using Portal.Domain.Access;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Identity;
using Portal.Imports;
using Portal.Shell;
using Portal.Tests.Data.Demonstration;

namespace Portal.Tests.Imports;

/// <summary>A list that is exported in whatever language, and read back unchanged, changes nothing.</summary>
public sealed class RoundTripTests(SeededStory story) : IClassFixture<SeededStory>
{
    [Theory, Trait("Pace", "Slow")]
    [InlineData(Role.FocalPoint, ImportSubject.Needs)]
    [InlineData(Role.ProviderManager, ImportSubject.Programmes)]
    public async Task An_export_in_any_language_comes_back_as_the_same(Role role, ImportSubject subject)
    {
        List<Membership> places;
        await using (var db = await story.Portal.AsSystem())
            places = (await db.Memberships.Include(m => m.Organisation).AsNoTracking().Where(m => m.Role == role).ToListAsync())
                .DistinctBy(m => m.OrganisationId)
                .ToList();
        var (rows, wrong) = (0, new List<string>());
        foreach (var place in places)
        foreach (var (i, language) in Languages.All.Index())
        // The headings of programmes differ by language, and their texts do not.
        foreach (var format in subject == ImportSubject.Needs ? ["csv", "xlsx"] : new[] { i % 2 == 0 ? "csv" : "xlsx" })
        {
            if (await Exported(place, language, format, subject) is not { } file)
                continue;
            var (same, other) = await Checked(place, format, subject, file);
            rows += same;
            wrong.AddRange(
                other.Select(l =>
                    $"{place.Organisation.Code} {language} {format}: {l.Identifier} {l.Outcome} {string.Join(", ", l.Problems)}"
                )
            );
        }
        Assert.True(rows > 50, $"{rows}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
    }

    private async Task<byte[]?> Exported(Membership place, Language language, string format, ImportSubject subject)
    {
        await using var scope = story.Portal.App.Services.CreateAsyncScope();
        var now = story.Portal.Clock.GetUtcNow().UtcDateTime;
        var session = new Session
        {
            KeyHash = Guid.NewGuid().ToString("N"),
            PersonId = place.PersonId,
            MembershipId = place.Id,
            CreatedAt = now,
            CheckedAt = now,
            LastSeenAt = now,
            EndsAt = now.AddDays(1),
            ExpiresAt = now.AddDays(1),
        };
        await using (var db = await story.Portal.AsSystem())
        {
            db.Sessions.Add(session);
            await db.SaveChangesAsync();
        }
        scope
            .ServiceProvider.GetRequiredService<Visitor>()
            .Take(
                new ClaimsPrincipal(
                    new ClaimsIdentity([new System.Security.Claims.Claim(Visitor.SessionClaim, session.Id.ToString())], "test")
                )
            );
        var http = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            Response = { Body = new MemoryStream() },
            Request = { QueryString = new QueryString("?format=" + format) },
        };
        http.Features.Set(new Standing(session.Id, place.PersonId, "", place.Id, null, null, now, now, session.EndsAt, 0));
        using var spoken = Culture.Speak(language);
        var exporter = scope.ServiceProvider.GetRequiredService<Exporter>();
        await (
            await (
                subject == ImportSubject.Needs
                    ? exporter.List(NeedList.List, http.Request, default)
                    : exporter.List(ProgrammeList.List, http.Request, default)
            )
        ).ExecuteAsync(http);
        var file = ((MemoryStream)http.Response.Body).ToArray();
        // Of those who have nothing there is nothing to read back.
        await using var own = await story.Portal.For(Actor.Of(place, "Somebody", [], now));
        return subject == ImportSubject.Needs && !await own.Needs.AnyAsync(n => n.StateIso3 == place.Organisation.StateIso3) ? null
            : subject == ImportSubject.Programmes && !await own.Programmes.AnyAsync(p => p.OrganisationId == place.OrganisationId) ? null
            : file;
    }

    private async Task<(int Same, IReadOnlyList<Portal.Domain.Imports.ImportLine> Other)> Checked(
        Membership place,
        string format,
        ImportSubject subject,
        byte[] content
    )
    {
        var actor = Actor.Of(place, "Somebody", [], story.Portal.Clock.GetUtcNow().UtcDateTime);
        var services = story.Portal.App.Services;
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, content);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.DeleteOnClose);
        var id = await services.GetRequiredService<ImportBook>().Start(actor, subject, "list." + format, content.Length);
        await services.GetRequiredService<TableImport>().Check(actor, id, file, CancellationToken.None);
        await using var db = await story.Portal.For(actor);
        var lines = await db.ImportLines.AsNoTracking().Where(l => l.JobId == id).ToListAsync();
        // A provider's list has programmes of others, which are not its own to change.
        return (
            lines.Count(l => l.Outcome == ActivityOutcome.Same),
            lines.FindAll(l => l.Outcome != ActivityOutcome.Same && !l.Problems.Any(p => p.Code == "table.reference_unknown"))
        );
    }
}
