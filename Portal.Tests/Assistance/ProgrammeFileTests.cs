using Portal.Assistance;
using Portal.Assistance.Programmes;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Tests.Assistance;

/// <summary>Files of programmes are documents: seen by whom documents are shared with, and by nobody else.</summary>
public sealed class ProgrammeFileTests
{
    private static readonly byte[] Plan = "A plan."u8.ToArray();

    [Theory, OnSqlite, OnPostgres]
    public async Task A_file_is_read_by_those_whom_documents_are_shared_with(Database database)
    {
        await using var test = await TestDb.Open(database);
        var programme = Cast.Programme(Cast.Ingrid);
        await test.Save(programme);
        var file = await (await test.As(Cast.Lars)).Get<ProgrammeService>().AddFile(programme.Reference, "plan.txt", Plan);
        Assert.Equal(
            "file.already_there",
            (
                await Assert.ThrowsAsync<Refusal>(async () =>
                    await (await test.As(Cast.Lars)).Get<ProgrammeService>().AddFile(programme.Reference, "again.txt", Plan)
                )
            ).Code
        );
        await Hidden(Cast.Andrei, Cast.Amina, Cast.Kenji, Cast.Rosa);
        await (await test.As(Cast.Ingrid))
            .Get<ProgrammeService>()
            .Share(
                programme.Reference,
                new ProgrammeSharing(
                    ProgrammeParts.Summary | ProgrammeParts.Documents,
                    ProgrammeParts.Summary,
                    ProgrammeParts.None,
                    ProgrammeParts.None
                )
            );
        foreach (var reader in new[] { Cast.Ingrid, Cast.Andrei, Cast.Amina })
        {
            var (_, content) = await (await test.As(reader)).Get<FileService>().Read(file.Id, default);
            Assert.Equal(Plan, content);
            Assert.Equal(
                "plan.txt",
                Assert.Single((await (await test.As(reader)).Get<ProgrammeService>().Get(programme.Reference)).Files!).FileName
            );
        }
        await Hidden(Cast.Kenji, Cast.Rosa, Cast.Fatou);
        Assert.Null((await (await test.As(Cast.Kenji)).Get<ProgrammeService>().Get(programme.Reference)).Files);
        Assert.Equal(
            "programme.not_yours_to_edit",
            (
                await Assert.ThrowsAsync<Refusal>(async () =>
                    await (await test.As(Cast.Lars)).Get<ProgrammeService>().AddFile(programme.Reference, "b.txt", "b"u8.ToArray())
                )
            ).Code
        );
        Assert.Equal(
            "programme.not_yours_to_edit",
            (
                await Assert.ThrowsAsync<Refusal>(async () =>
                    await (await test.As(Cast.Amina)).Get<ProgrammeService>().RemoveFile(programme.Reference, file.Id)
                )
            ).Code
        );
        await (await test.As(Cast.Ingrid)).Get<ProgrammeService>().RemoveFile(programme.Reference, file.Id);
        await Hidden(Cast.Ingrid, Cast.Andrei, Cast.Amina);
        await using var log = await test.AsSystem();
        Assert.Equal(
            ["programme.file_added", "programme.file_removed"],
            log.AuditEntries.Where(e => e.Code == "programme.file_added" || e.Code == "programme.file_removed")
                .OrderBy(e => e.Id)
                .Select(e => e.Code)
                .ToArray()
        );
        Assert.Equal(3, log.AuditEntries.Count(e => e.Code == "programme.file_read"));

        async Task Hidden(params Player[] players)
        {
            foreach (var player in players)
                await Assert.ThrowsAsync<NotFound>(async () => await (await test.As(player)).Get<FileService>().Read(file.Id, default));
        }
    }
}
