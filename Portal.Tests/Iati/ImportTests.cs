using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Imports;

namespace Portal.Tests.Iati;

/// <summary>A file is checked, chosen from and taken; again it updates and never duplicates; what it says comes back as it was.</summary>
public sealed class ImportTests
{
    private static (int, int, int, int) Counts(ImportJob job) => (job.New, job.Changed, job.Same, job.Refused);

    [Theory, OnSqlite, OnPostgres]
    public async Task Checking_writes_no_programme_and_says_what_each_activity_would_do(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var job = await desk.Check(
            IatiFiles.File(IatiFiles.Activity(), IatiFiles.Activity("XX-TEST-2", status: "17"), IatiFiles.Activity())
        );
        Assert.Equal((1, 0, 0, 2), Counts(job));
        Assert.Equal(ImportStage.Checked, job.Stage);
        Assert.Empty(await desk.Programmes());
        await using var db = await desk.Test.For(Cast.Lars);
        var lines = await db.ImportLines.OrderBy(l => l.Index).ToListAsync();
        Assert.Equal([ActivityOutcome.New, ActivityOutcome.Refused, ActivityOutcome.Refused], lines.Select(l => l.Outcome));
        Assert.Contains(lines[1].Problems, p => p.Code == "iati.unknown_code" && p.Line > 0);
        Assert.Contains(lines[2].Problems, p => p.Code == "iati.identifier_repeated");
        await using var other = await desk.Test.For(Cast.Kenji);
        Assert.Empty(await other.ImportJobs.ToListAsync());
        Assert.Empty(await other.ImportLines.ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_file_again_changes_nothing_and_a_changed_one_updates(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var file = IatiFiles.File(IatiFiles.Activity(), IatiFiles.Activity("XX-TEST-2", "Border posts"));
        Assert.Equal((2, 0, 0, 0), Counts(await desk.Take(file, share: true)));
        Assert.Equal((0, 0, 2, 0), Counts(await desk.Check(file)));
        var changed = IatiFiles.File(
            IatiFiles.Activity(),
            IatiFiles.Activity("XX-TEST-2", "Border posts in the north", status: "4"),
            IatiFiles.Activity("XX-TEST-3")
        );
        var job = await desk.Take(changed);
        Assert.Equal((1, 1, 1, 0), Counts(job));
        Assert.Equal(2, job.Taken);
        var programmes = await desk.Programmes();
        Assert.Equal(["XX-TEST-1", "XX-TEST-2", "XX-TEST-3"], programmes.Select(p => p.IatiIdentifier));
        Assert.Equal(("Border posts in the north", ProgrammeStatus.Completed), (programmes[1].Title, programmes[1].Status));
        // Shared the first time; the new one by nobody yet.
        Assert.Equal([true, true, false], programmes.Select(p => p.SharedAt is not null));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_activity_is_known_again_by_the_names_it_had_before(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(
            IatiFiles.File(
                IatiFiles.Activity("XX-TEST-1"),
                IatiFiles.Activity("XX-TEST-2"),
                IatiFiles.Activity("XX-TEST-3", others: "<other-identifier ref=\"733\" type=\"A1\" />")
            )
        );
        var job = await desk.Take(
            IatiFiles.File(
                // The reporter has another identifier, and with it the activity.
                IatiFiles.Activity("YY-NEW-1", reporter: "YY-NEW", others: "<other-identifier ref=\"XX-TEST\" type=\"B1\" />"),
                IatiFiles.Activity("YY-NEW-two", reporter: "YY-NEW", others: "<other-identifier ref=\"XX-TEST-2\" type=\"A3\" />"),
                IatiFiles.Activity(
                    "YY-NEW-three",
                    reporter: "YY-NEW",
                    others: "<other-identifier ref=\"733\" type=\"A1\" /><other-identifier ref=\"XX-TEST\" type=\"B1\" />"
                )
            )
        );
        Assert.Equal((0, 3, 0, 0), Counts(job));
        Assert.Equal(["YY-NEW-1", "YY-NEW-two", "YY-NEW-three"], (await desk.Programmes()).Select(p => p.IatiIdentifier));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Import_export_import_changes_nothing_and_what_is_not_understood_comes_back(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var strange = IatiFiles.Activity(
            end: IatiFiles.Money + "<x:colour x:shade=\"dark\">blue</x:colour>",
            more: "<recipient-country code=\"KE\" percentage=\"100\" /><location ref=\"here\"><name><narrative>Harbour</narrative></name></location><sector vocabulary=\"1\" code=\"15130\" x:note=\"kept\" />"
        );
        await desk.Take(
            IatiFiles.File(strange, IatiFiles.Activity("XX-TEST-2", more: "<recipient-region code=\"298\" />", end: IatiFiles.Money)),
            share: true
        );
        var exported = await desk.Exported(Cast.Ingrid);
        var colour = XDocument.Parse(exported).Descendants("{https://example.org/x}colour").Single();
        Assert.Equal(("blue", "dark"), (colour.Value, (string?)colour.Attribute("{https://example.org/x}shade")));
        Assert.Contains("kept", exported);
        Assert.Contains("Harbour", exported);
        Assert.Equal((0, 0, 2, 0), Counts(await desk.Check(exported)));

        // Also after the portal's own people changed it, and for a programme that was never in a file.
        await using (var db = await desk.Test.For(Cast.Ingrid))
        {
            var programme = await db.Programmes.FirstAsync(p => p.IatiIdentifier == "XX-TEST-1");
            programme.Edit(
                Cast.Ingrid,
                programme.Present with
                {
                    Title = "Renamed",
                    States = ["KEN", "PER"],
                    Money = [.. programme.Money, new MoneyLine(MoneyKind.Disbursement, new DateOnly(2026, 5, 1), null, 12.5m, "USD")],
                },
                desk.Test.Now
            );
            await db.SaveChangesAsync();
        }
        await desk.Test.Save(
            Cast.Programme().SharedAs(ProgrammeSharing.AsPublished),
            Cast.Programme(
                    content: Cast.ProgrammeContent with
                    {
                        Participants = [],
                        Results = [],
                        Documents = [],
                        Money = [],
                        StartActual = null,
                        StartPlanned = null,
                        EndPlanned = null,
                    }
                )
                .SharedAs(new ProgrammeSharing(0, 0, 0, ProgrammeParts.Summary))
        );
        var again = await desk.Exported(Cast.Ingrid);
        Assert.Contains("Renamed", again);
        Assert.Contains("blue", again);
        var check = await desk.Check(again);
        Assert.Equal((0, 0, 4, 0), Counts(check));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_what_everyone_may_see_is_published(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(
            IatiFiles.File(IatiFiles.Activity(), IatiFiles.Activity("XX-TEST-2"), IatiFiles.Activity("XX-TEST-3", "Quite secret"))
        );
        var programmes = await desk.Programmes();
        await using (var db = await desk.Test.For(Cast.Ingrid))
        {
            (await db.Programmes.FirstAsync(p => p.Id == programmes[0].Id)).Share(Cast.Ingrid, ProgrammeSharing.AsPublished, desk.Test.Now);
            (await db.Programmes.FirstAsync(p => p.Id == programmes[1].Id)).Share(
                Cast.Ingrid,
                new ProgrammeSharing(ProgrammePartsSets.Shareable, 0, 0, ProgrammeParts.Summary),
                desk.Test.Now
            );
            await db.SaveChangesAsync();
        }
        var file = await desk.Exported(Cast.Ingrid);
        Assert.DoesNotContain("secret", file);
        var second = XDocument.Parse(file).Descendants("iati-activity").Single(a => a.Element("iati-identifier")!.Value == "XX-TEST-2");
        Assert.Empty(
            second
                .Elements("budget")
                .Concat(second.Elements("transaction"))
                .Concat(second.Elements("result"))
                .Concat(second.Elements("document-link"))
        );
        Assert.DoesNotContain("investigators", second.ToString());
        Assert.Equal((0, 0, 2, 0), Counts(await desk.Check(file)));
        // CTED publishes the same of all, and says that it is not the first to report it.
        Assert.Equal(
            2,
            XDocument
                .Parse(await desk.Exported(Cast.Andrei))
                .Descendants("reporting-org")
                .Count(r => (string?)r.Attribute("secondary-reporter") == "1")
        );
        Assert.Empty(XDocument.Parse(await desk.Exported(Cast.Kenji)).Descendants("iati-activity"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_chosen_is_taken_and_one_that_fails_takes_no_other_with_it(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var job = await desk.Take(
            IatiFiles.File(
                IatiFiles.Activity(),
                IatiFiles.Activity(
                    "XX-TEST-2",
                    "Roads",
                    more: "<recipient-country code=\"KE\" /><sector vocabulary=\"1\" code=\"21020\" />"
                )
            ),
            choice: ImportChoice.Theme
        );
        Assert.Equal((2, 1), (job.New, job.Taken));
        // Between checking and taking somebody enters one of them by hand.
        var file = IatiFiles.File(IatiFiles.Activity("XX-TEST-7"), IatiFiles.Activity("XX-TEST-8"), IatiFiles.Activity("XX-TEST-9"));
        var check = await desk.Check(file);
        await desk.Test.Save(Cast.Programme(content: Cast.ProgrammeContent with { IatiIdentifier = "XX-TEST-8" }));
        await desk.Book.Choose(Cast.Ingrid, check.Id, ImportChoice.All, false);
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, file);
        await using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.DeleteOnClose))
            await desk.Import.Apply(Cast.Ingrid, check.Id, stream, 0, CancellationToken.None);
        var done = await desk.Job(check.Id);
        Assert.Equal((ImportStage.Done, 2, 1), (done.Stage, done.Taken, done.Refused));
        Assert.Equal(4, (await desk.Programmes()).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_import_goes_on_where_it_was_and_one_node_at_a_time_has_it(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var id = Guid.Empty;
        var file = IatiFiles.File([.. Enumerable.Range(0, 250).Select(i => IatiFiles.Activity("XX-TEST-" + i))]);
        await using (var db = await desk.Test.For(Cast.Ingrid))
        {
            var job = ImportJob.Receive(
                Cast.Ingrid,
                ImportSubject.Programmes,
                @"C:\files\activities.xml",
                file.Length,
                Language.En,
                desk.Test.Now
            );
            db.ImportJobs.Add(job);
            foreach (var piece in System.Text.Encoding.UTF8.GetBytes(file).Chunk(70_000))
                db.ImportChunks.Add(job.Take(piece, desk.Test.Now));
            job.Complete(desk.Test.Now);
            await db.SaveChangesAsync();
            (id, var name) = (job.Id, job.FileName);
            Assert.Equal("activities.xml", name);
            Assert.True(job.TryTake(Guid.CreateVersion7(), desk.Test.Now));
            Assert.False(job.TryTake(Guid.CreateVersion7(), desk.Test.Now));
            Assert.True(job.TryTake(Guid.CreateVersion7(), desk.Test.Now + ImportJob.Lease + TimeSpan.FromSeconds(1)));
        }
        await desk.Runner.Work(id, CancellationToken.None);
        Assert.Equal((ImportStage.Checked, 250), ((await desk.Job(id)).Stage, (await desk.Job(id)).New));
        await desk.Book.Choose(Cast.Ingrid, id, ImportChoice.All, true);
        // Breaks off after the first hundred, as if the node had died.
        using var stop = new CancellationTokenSource();
        await using (var db = await desk.Test.For(Cast.Ingrid))
        {
            var job = await db.ImportJobs.SingleAsync(j => j.Id == id);
            await db.ImportLines.Where(l => l.JobId == id && l.Index < 100).ExecuteUpdateAsync(s => s.SetProperty(l => l.IsChosen, false));
            job.Wrote(100, 0, 0, 1, desk.Test.Now);
            await db.SaveChangesAsync();
        }
        await desk.Runner.Work(id, CancellationToken.None);
        Assert.Equal((ImportStage.Done, 150), ((await desk.Job(id)).Stage, (await desk.Job(id)).Taken));
        await using var after = await desk.Test.AsSystem();
        Assert.Empty(await after.ImportChunks.ToListAsync());
        Assert.Equal(150, await after.Programmes.CountAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task CTED_is_told_of_help_that_is_given_twice_and_nobody_else_learns_of_it(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        const string helped = "<recipient-country code=\"KE\" />";
        const string theme =
            "<tag vocabulary=\"99\" vocabulary-uri=\"urn:technical-assistance-portal:themes\" code=\"CFT\"><narrative>Financing</narrative></tag>";
        await desk.Take(IatiFiles.File(IatiFiles.Activity("XX-TEST-1", more: helped + theme)), Cast.Kenji, share: true);
        await desk.Take(
            IatiFiles.File(
                IatiFiles.Activity("YY-TEST-1", more: helped + theme),
                IatiFiles.Activity("YY-TEST-2", more: "<recipient-country code=\"PE\" />" + theme)
            ),
            share: true
        );
        await desk.Take(IatiFiles.File(IatiFiles.Activity("YY-TEST-3", more: helped + theme)), share: false);
        var programmes = await desk.Programmes();
        Assert.All(programmes, p => Assert.NotEmpty(p.Themes));
        await using (var cted = await desk.Test.For(Cast.Andrei))
            Assert.Equal(
                [programmes.Single(p => p.IatiIdentifier == "YY-TEST-1").Id],
                await cted.Notices.Where(n => n.Code.StartsWith("duplicate.")).Select(n => n.RecordId).ToListAsync()
            );
        foreach (var player in new[] { Cast.Ingrid, Cast.Kenji, Cast.Amina })
        {
            await using var db = await desk.Test.For(player);
            Assert.Empty(await db.Notices.Where(n => n.Code.StartsWith("duplicate.")).ToListAsync());
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task CTED_is_told_of_an_import_once_however_much_of_it_is_given_twice_and_where_it_broke_off_too(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        const string help =
            "<recipient-country code=\"KE\" /><tag vocabulary=\"99\" vocabulary-uri=\"urn:technical-assistance-portal:themes\" code=\"CFT\"><narrative>Financing</narrative></tag>";
        var file = IatiFiles.File([.. Enumerable.Range(1, 101).Select(n => IatiFiles.Activity($"XX-TEST-{n}", more: help))]);
        var job = await desk.Check(file);
        await desk.Book.Choose(Cast.Ingrid, job.Id, ImportChoice.All, true);
        // What came before the break stays, and is told of.
        var broken = await Assert.ThrowsAsync<ImportUnreadable>(() => desk.Apply(job.Id, file[..^200]));
        await desk.Book.GiveUp(job.Id, broken);
        // To put a failed import away is not to end it once more.
        await desk.Book.GiveUp(job.Id);
        Assert.Equal((ImportStage.Discarded, 100), ((await desk.Job(job.Id)).Stage, (await desk.Job(job.Id)).Taken));
        await using var cted = await desk.Test.For(Cast.Andrei);
        Assert.Equal(
            [("duplicate.several", "XX-TEST-1")],
            (
                await cted
                    .Notices.Join(cted.Programmes, n => n.RecordId, p => p.Id, (n, p) => new { n.Code, p.IatiIdentifier })
                    .ToListAsync()
            ).Select(n => (n.Code, n.IatiIdentifier!))
        );
    }

    [Theory, OnSqlite]
    public async Task A_broken_file_fails_with_its_reason_and_line(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await Assert.ThrowsAsync<ImportUnreadable>(() => desk.Check(IatiFiles.File(IatiFiles.Activity())[..^200]));
        Assert.Empty(await desk.Programmes());
        Assert.Equal(
            "import.too_large",
            Assert
                .Throws<Refusal>(() =>
                    ImportJob.Receive(Cast.Ingrid, ImportSubject.Programmes, "a.xml", IatiReader.LargestFile + 1, Language.En, Cast.Now)
                )
                .Code
        );
        Assert.Equal(
            "programme.not_yours_to_draft",
            Assert.Throws<Refusal>(() => ImportJob.Receive(Cast.Amina, ImportSubject.Programmes, "a.xml", 10, Language.En, Cast.Now)).Code
        );
    }
}
