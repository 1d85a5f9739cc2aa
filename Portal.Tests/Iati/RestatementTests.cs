using System.Text;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Assistance;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Imports;

namespace Portal.Tests.Iati;

/// <summary>A file that comes again takes nothing away that was corrected in the portal, and says what it changes.</summary>
public sealed class RestatementTests
{
    private static (int, int, int, int) Counts(ImportJob job) => (job.New, job.Changed, job.Same, job.Refused);

    private static readonly string File = IatiFiles.File(IatiFiles.Activity());

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_file_again_is_the_same_whatever_was_corrected_since(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(File);
        await desk.Edit(
            "XX-TEST-1",
            c =>
                c with
                {
                    Themes = ["CFT", "HR"],
                    Modalities = ["TRAINING"],
                    Title = "Corrected",
                    States = ["KEN"],
                    Money = [],
                    Documents = [],
                }
        );
        Assert.Equal((0, 0, 1, 0), Counts(await desk.Take(File)));
        var programme = Assert.Single(await desk.Programmes());
        Assert.Equal(
            ("Corrected", "CFT HR", "TRAINING", "KEN", 0),
            (
                programme.Title,
                string.Join(' ', programme.Themes),
                string.Join(' ', programme.Modalities),
                string.Join(' ', programme.States),
                programme.Money.Count
            )
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_the_publisher_changed_comes_in_beside_a_correction_and_is_told_field_by_field(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(File);
        await desk.Edit("XX-TEST-1", c => c with { Themes = ["CFT"] });
        var job = await desk.Check(
            File.Replace("Two courses for investigators.", "Three courses for investigators.").Replace("15130", "15210")
        );
        var line = Assert.Single(await desk.Lines(job));
        Assert.Equal((ActivityOutcome.Changed, true), (line.Outcome, line.IsChosen));
        Assert.Equal(
            [("Description", "Two courses for investigators.", "Three courses for investigators."), ("Sectors", "15130", "15210")],
            line.Problems.Where(p => p.Code == IatiRestatement.Changed).Select(p => (p.Where, p.Before!, p.Value!))
        );
        await desk.Take(File.Replace("Two courses for investigators.", "Three courses for investigators.").Replace("15130", "15210"));
        var programme = Assert.Single(await desk.Programmes());
        // The theme was a guess of the first time, from a sector.
        Assert.Equal(("Three courses for investigators.", "CFT"), (programme.Description, programme.Themes.Single()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_changed_on_both_sides_waits_for_somebody_to_say_so(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(File);
        await desk.Edit("XX-TEST-1", c => c with { Title = "Corrected here" });
        var changed = File.Replace("Courses against the financing of terrorism", "Renamed by the publisher");
        var line = Assert.Single(await desk.Lines(await desk.Check(changed)));
        Assert.Equal((ActivityOutcome.Changed, false), (line.Outcome, line.IsChosen));
        var conflict = Assert.Single(line.Problems, p => p.Code == IatiRestatement.ChangedHere);
        Assert.Equal(
            ("Title", "Courses against the financing of terrorism", "Renamed by the publisher", "Corrected here"),
            (conflict.Where, conflict.Before, conflict.Value, conflict.Here)
        );
        // Taken all the same, it stays; and what the publisher sent is known from then on.
        await desk.Take(changed);
        Assert.Equal("Corrected here", Assert.Single(await desk.Programmes()).Title);
        Assert.Equal((0, 0, 1, 0), Counts(await desk.Check(changed)));

        var again = changed.Replace("Renamed by the publisher", "Renamed once more");
        var job = await desk.Check(again);
        await using (var db = await desk.Test.For(Cast.Ingrid))
        {
            var waiting = await db.ImportLines.SingleAsync(l => l.JobId == job.Id);
            waiting.Settle("Title", forPublisher: true);
            Assert.True(waiting.IsChosen);
            await db.SaveChangesAsync();
        }
        await desk.Book.Choose(Cast.Ingrid, job.Id, ImportChoice.All, false);
        await desk.Apply(job.Id, again);
        Assert.Equal("Renamed once more", Assert.Single(await desk.Programmes()).Title);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_changed_between_checking_and_taking_is_not_written_over(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(File);
        var changed = File.Replace("Courses against the financing of terrorism", "Renamed by the publisher");
        var job = await desk.Check(changed);
        await desk.Edit("XX-TEST-1", c => c with { Title = "Corrected meanwhile" });
        await desk.Book.Choose(Cast.Ingrid, job.Id, ImportChoice.All, false);
        await desk.Apply(job.Id, changed);
        Assert.Equal("Corrected meanwhile", Assert.Single(await desk.Programmes()).Title);
        Assert.Contains(Assert.Single(await desk.Lines(job)).Problems, p => p.Code == "record.changed_meanwhile");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_programme_entered_by_hand_keeps_its_words_when_its_activity_comes_for_the_first_time(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Test.Save(Cast.Programme(content: Cast.ProgrammeContent with { IatiIdentifier = "XX-TEST-1", Documents = [] }));
        await desk.Take(File);
        var programme = Assert.Single(await desk.Programmes());
        Assert.Equal(
            (Cast.ProgrammeContent.Title, "CFT", "https://example.org/plan.pdf"),
            (programme.Title, programme.Themes.Single(), programme.Documents.Single().Address)
        );
        Assert.Equal(Cast.ProgrammeContent.Money, programme.Money.Where(m => m.Kind is MoneyKind.Budget or MoneyKind.Disbursement));
        Assert.Equal((0, 0, 1, 0), Counts(await desk.Check(File)));
    }

    [Theory, OnSqlite]
    public async Task What_the_portal_does_not_show_is_published_anew_without_touching_the_programme(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(File, share: true);
        var before = Assert.Single(await desk.Programmes());
        var changed = File.Replace("<transaction ref=\"a\">", "<transaction ref=\"b\">");
        Assert.Contains(Assert.Single(await desk.Lines(await desk.Check(changed))).Problems, p => p.Code == IatiRestatement.Republished);
        await desk.Take(changed);
        Assert.Equal(before.SaidVersion, Assert.Single(await desk.Programmes()).SaidVersion);
        Assert.Contains("ref=\"b\"", await desk.Exported(Cast.Ingrid));
    }

    [Theory, OnSqlite]
    public async Task An_own_file_of_what_everyone_sees_takes_nothing_away_that_it_withholds(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(IatiFiles.File(IatiFiles.Rich));
        await using (var db = await desk.Test.For(Cast.Ingrid))
        {
            (await db.Programmes.SingleAsync()).Share(Cast.Ingrid, new ProgrammeSharing(0, 0, 0, ProgrammeParts.Summary), desk.Test.Now);
            await db.SaveChangesAsync();
        }
        var exported = await desk.Exported(Cast.Ingrid);
        await desk.Edit("XX-TEST-1", c => c with { Themes = ["CFT"] });
        Assert.Equal((0, 0, 1, 0), Counts(await desk.Take(exported)));
        await desk.Take(exported.Replace("Courses for investigators", "Renamed"));
        var programme = Assert.Single(await desk.Programmes());
        Assert.Equal(
            ("Renamed", 3, 1, 1, "CFT"),
            (programme.Title, programme.Money.Count, programme.Results.Count, programme.Documents.Count, programme.Themes.Single())
        );
        Assert.StartsWith("Two courses.", programme.Description);
        await using var kept = await desk.Test.AsSystem();
        Assert.Contains("XX-TEST-PARENT", (await kept.IatiSources.SingleAsync()).Xml);
    }

    [Theory, OnSqlite]
    public async Task A_file_that_is_older_than_the_one_before_changes_nothing(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        string At(string day, string title) =>
            IatiFiles.File(
                IatiFiles.Activity(
                    title: title,
                    attributes: $"xml:lang=\"en\" default-currency=\"USD\" last-updated-datetime=\"2026-{day}T00:00:00Z\""
                )
            );
        await desk.Take(At("01-01", "January"));
        await desk.Take(At("02-01", "February"));
        Assert.Equal((0, 0, 0, 1), Counts(await desk.Take(At("01-01", "January"))));
        Assert.Equal("February", Assert.Single(await desk.Programmes()).Title);
    }

    [Theory, OnSqlite]
    public async Task Two_files_of_the_same_at_one_moment_make_one_programme(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var (first, second) = (await desk.Check(File), await desk.Check(File));
        foreach (var job in new[] { first, second })
        {
            await desk.Book.Choose(Cast.Ingrid, job.Id, ImportChoice.All, false);
            await desk.Apply(job.Id, File);
        }
        Assert.Single(await desk.Programmes());
        Assert.Equal((0, 1), ((await desk.Job(second.Id)).Taken, (await desk.Job(second.Id)).Refused));
    }

    [Theory, OnSqlite]
    public async Task No_node_takes_up_what_a_command_has_at_hand(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        var job = await desk.Check(File);
        Assert.True(await desk.Book.Choose(Cast.Ingrid, job.Id, ImportChoice.All, false));
        Assert.False((await desk.Job(job.Id)).TryTake(Guid.CreateVersion7(), desk.Test.Now));
    }

    [Theory, OnSqlite]
    public async Task An_edit_is_published_in_its_place_and_read_back_as_the_same(Database database)
    {
        await using var desk = await ImportDesk.Open(database);
        await desk.Take(IatiFiles.File(IatiFiles.Rich), share: true);
        await desk.Edit(
            "XX-TEST-1",
            c =>
                c with
                {
                    Title = "Corrected",
                    Results = [c.Results[0] with { Actual = "4" }],
                    Money = [.. c.Money, new MoneyLine(MoneyKind.Disbursement, new DateOnly(2026, 5, 1), null, 12.5m, "NGN")],
                }
        );
        var exported = await desk.Exported(Cast.Ingrid);
        Assert.Equal((0, 0, 1, 0), Counts(await desk.Check(exported)));
        Assert.Equal(
            "t1 t2 t3",
            string.Join(' ', XDocument.Parse(exported).Descendants("transaction").Attributes("ref").Select(r => r.Value))
        );
    }

    [Theory]
    [InlineData("windows-1256", "تدريب المحققين")]
    [InlineData("koi8-r", "Подготовка следователей")]
    [InlineData("gb18030", "调查人员培训")]
    public void A_file_in_an_older_encoding_that_it_names_is_read(string encoding, string title)
    {
        var text = IatiFiles.File(IatiFiles.Activity(title: title)).Replace("encoding=\"utf-8\"", $"encoding=\"{encoding}\"");
        using var reader = new IatiReader(new MemoryStream(CodePagesEncodingProvider.Instance.GetEncoding(encoding)!.GetBytes(text)));
        Assert.Equal(title, IatiActivity.Of(reader.Activities().Single()).Content.Title);
        using var unknown = new MemoryStream(
            Encoding.ASCII.GetBytes("<?xml version=\"1.0\" encoding=\"klingon\"?><iati-activities version=\"2.03\" />")
        );
        Assert.Equal("iati.encoding_unknown", Assert.Throws<ImportUnreadable>(() => new IatiReader(unknown)).Code);
    }
}
