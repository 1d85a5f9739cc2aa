using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Iati;
using Portal.Domain.Imports;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>
/// Files that came in: a table of a State's needs that was taken, so that the needs have the references under which the State files them;
/// and a second table and a provider's file of
/// activities that have just been sent, and are checked as soon as the portal runs, by what checks every file. None of them changes a
/// record of the story.
/// </summary>
internal sealed class DemonstrationImports(PortalDb db, StoryClock past, Func<string, string, Actor> actors, DateTime now)
{
    private const string Heading = "own_reference,title,description,language,theme,modalities,urgency,estimated_cost,currency,from,to";

    /// <summary>Writes them.</summary>
    public async Task Write(CancellationToken ct)
    {
        var contributor = actors("contributor.ken@demo.example", "ken");
        var needs = await db
            .Needs.Where(n => n.StateIso3 == contributor.StateIso3)
            .OrderBy(n => n.Reference)
            .AsNoTracking()
            .ToListAsync(ct);
        await Filed(contributor, [.. needs.Take(4)], ct);
        await Send(
            contributor,
            ImportSubject.Needs,
            "demonstration-needs.csv",
            Table(needs.Find(n => n.CanEdit(contributor)) ?? needs[0]),
            ct
        );
        await Send(
            actors($"manager.{DemonstrationCast.FirstDonor}@demo.example", DemonstrationCast.FirstDonor),
            ImportSubject.Programmes,
            "demonstration-activities.xml",
            await Activities(ct),
            ct
        );
    }

    // Taken a week ago: it said nothing but which need is which.
    private async Task Filed(Actor by, IReadOnlyList<Need> needs, CancellationToken ct)
    {
        (past.Now, db.Actor) = (now.AddDays(-7), by);
        var table = Encoding.UTF8.GetBytes(
            "reference,own_reference\n" + string.Concat(needs.Select((n, i) => $"{n.Reference},{Own(i)}\n"))
        );
        var job = ImportJob.AtHand(by, ImportSubject.Needs, "demonstration-register.csv", table.Length, Language.En, past.Now);
        job.Read([new ImportColumn("reference", "Reference"), new ImportColumn("own_reference", "OwnReference")], "utf-8", false);
        db.ImportJobs.Add(job);
        var lines = needs
            .Select(
                (n, i) =>
                    new ImportLine(
                        job,
                        i,
                        Own(i),
                        n.Title,
                        i + 2,
                        ActivityOutcome.Changed,
                        ImportRelevance.None,
                        n.Id,
                        n.Reference,
                        [new ImportProblem("table.changed", i + 2, "OwnReference", Own(i), false, "")]
                    )
            )
            .ToList();
        foreach (var line in lines)
            job.Found(line.Outcome);
        job.Checked(past.Now);
        job.Apply(false, past.Now);
        foreach (var (line, need) in lines.Zip(needs))
        {
            line.Took(need.Id, need.Reference);
            db.OwnReferences.Add(new OwnReference(job, line.Identifier, need.Id));
        }
        job.Wrote(lines.Count, lines.Count, 0, table.Length, past.Now);
        job.Finish(past.Now);
        db.ImportLines.AddRange(lines);
        db.Audit(new Act("import.received", 0, Subject: job.Id.ToString()), Section.Needs);
        db.Audit(new Act("import.applied", 0, Subject: job.Id.ToString()), Section.Needs);
        await db.SaveChangesAsync(ct);
    }

    private static string Own(int index) => $"REG-{index + 1:000}";

    // One need as it is there with another cost, two new ones, and one whose theme is no theme.
    private static byte[] Table(Need there)
    {
        var (first, second) = (DemonstrationTexts.Topics[2], DemonstrationTexts.Topics[5]);
        string Row(string own, Topic topic, string? theme = null) =>
            Line(
                own,
                topic.Title.En,
                topic.Description.En,
                "en",
                theme ?? topic.Theme,
                string.Join("; ", topic.Modalities),
                "High",
                "180000",
                "USD",
                "",
                ""
            );
        return Encoding.UTF8.GetBytes(
            string.Join(
                '\n',
                Heading.Replace("own_reference", "reference,own_reference"),
                Line([
                    there.Reference,
                    "",
                    there.Title,
                    there.Description,
                    there.Language.Tag(),
                    there.Theme,
                    string.Join("; ", there.Modalities),
                    there.Urgency.ToString(),
                    "325000",
                    there.Currency ?? "USD",
                    Day(there.From),
                    Day(there.To),
                ]),
                "," + Row("REG-101", first),
                "," + Row("REG-102", second),
                "," + Row("REG-103", first, "Border matters")
            ) + "\n"
        );
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Line(params IEnumerable<string> cells) =>
        string.Join(',', cells.Select(c => '"' + c.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'));

    // What the provider publishes of two programmes, one of them with another title; the second again under an identifier of its own; and
    // one that says too little.
    private async Task<byte[]> Activities(CancellationToken ct)
    {
        var programmes = await db
            .Programmes.Include(p => p.Organisation)
            .Where(p => p.Organisation.Code == DemonstrationCast.FirstDonor && p.SharedAt != null && p.Status != ProgrammeStatus.Cancelled)
            .OrderBy(p => p.Reference)
            .Take(2)
            .AsNoTracking()
            .ToListAsync(ct);
        List<XElement> activities = [.. programmes.Select(p => IatiWriter.Activity(p, p.Organisation, null, ProgrammePartsSets.Shareable))];
        // They were imported before: only what the publisher changes is proposed.
        foreach (var (programme, activity) in programmes.Zip(activities))
            db.IatiSources.Add(new IatiSource(programme, IatiActivity.Of(new XElement(activity))));
        var (renamed, fresh, poor) = (activities[^1], new XElement(activities[^1]), new XElement(activities[0]));
        renamed.Element("title")!.Element("narrative")!.Value += " (2)";
        fresh.Element("iati-identifier")!.Value += "-B";
        poor.Element("iati-identifier")!.Value += "-C";
        poor.Element("title")!.Remove();
        var file = new MemoryStream();
        await IatiWriter.File(file, activities.Append(fresh).Append(poor).ToAsyncEnumerable(), now, ct);
        return file.ToArray();
    }

    private async Task Send(Actor by, ImportSubject subject, string name, byte[] file, CancellationToken ct)
    {
        (past.Now, db.Actor) = (now.AddMinutes(-10), by);
        var job = ImportJob.Receive(by, subject, name, file.Length, Language.En, past.Now);
        db.ImportJobs.Add(job);
        db.ImportChunks.Add(job.Take(file, past.Now));
        job.Complete(past.Now);
        db.Audit(new Act("import.received", 0, Subject: job.Id.ToString()), ImportJob.SectionOf(subject));
        await db.SaveChangesAsync(ct);
    }
}
