using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Imports;
using Portal.Shell;

namespace Portal.Tests.Imports;

/// <summary>
/// A table of needs or programmes is checked, chosen from and taken; again it updates and never duplicates; what is wrong stands at its
/// row.
/// </summary>
public sealed class TableImportTests
{
    private sealed class Desk(TestDb test) : IAsyncDisposable
    {
        public TestDb Test { get; } = test;

        public static async Task<Desk> Open(Database database) => new(await TestDb.Open(database));

        /// <summary>Sends a file as the page does and lets the node work.</summary>
        public async Task<(Guid Id, ImportView Job, IReadOnlyList<ImportRow> Rows)> Check(
            byte[] file,
            Player? by = null,
            ImportSubject subject = ImportSubject.Needs,
            string name = "needs.csv"
        )
        {
            var imports = (await Test.As(by ?? Cast.Amina)).Get<ImportService>();
            var id = await imports.Receive(subject, name, file.Length);
            await imports.Fill(id, new MemoryStream(file));
            return await Looked(id, by);
        }

        public async Task<(Guid Id, ImportView Job, IReadOnlyList<ImportRow> Rows)> Looked(Guid id, Player? by = null)
        {
            await (await Test.As(null)).Get<ImportRunner>().Work(id, CancellationToken.None);
            var imports = (await Test.As(by ?? Cast.Amina)).Get<ImportService>();
            return (id, await imports.Get(id), (await imports.Lines(id, ListAddress.Of("/needs/import"))).Rows);
        }

        public async Task<ImportView> Take(Guid id, Player? by = null)
        {
            await (await Test.As(by ?? Cast.Amina)).Get<ImportService>().Apply(id, false);
            return (await Looked(id, by)).Job;
        }

        public async Task<List<Need>> Needs()
        {
            await using var db = await Test.AsSystem();
            return await db.Needs.AsNoTracking().OrderBy(n => n.Reference).ToListAsync();
        }

        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }

    private static (int, int, int, int) Counts(ImportView job) => (job.New, job.Changed, job.Same, job.Refused);

    [Theory, OnSqlite, OnPostgres]
    public async Task Needs_come_in_as_drafts_of_their_State_and_again_they_are_updated_and_never_doubled(Database database)
    {
        await using var desk = await Desk.Open(database);
        var file = TableFiles.Csv(
            TableFiles.Row(),
            TableFiles.Row("K-2", "Border posts", modalities: "EQUIPMENT; TRAINING", cost: "", currency: "")
        );
        var (id, job, rows) = await desk.Check(file, Cast.Otieno);
        Assert.Equal((ImportStage.Checked, (2, 0, 0, 0)), (job.Stage, Counts(job)));
        Assert.Empty(await desk.Needs());
        Assert.Contains(rows[0].Problems, p => p is { Code: "table.set", Where: "Theme", Value: "CFT" });
        Assert.Equal(2, (await desk.Take(id, Cast.Otieno)).Taken);
        var needs = await desk.Needs();
        Assert.All(needs, n => Assert.Equal(("KEN", NeedStatus.Draft), (n.StateIso3, n.Status)));
        Assert.Equal(
            (250_000m, "USD", new DateOnly(2027, 5, 1), Urgency.High),
            (needs[0].EstimatedCost!.Value, needs[0].Currency, needs[0].From!.Value, needs[0].Urgency)
        );
        Assert.Equal((0, 0, 2, 0), Counts((await desk.Check(file)).Job));
        // In another order, by names of another language, with one change and one new.
        var again = TableFiles.Csv(
            TableFiles.Row("K-3", "Third"),
            TableFiles.Row(
                "K-2",
                "Border posts",
                theme: Themes.Find("CFT")!.Name.Ru,
                modalities: "TRAINING|EQUIPMENT",
                cost: "",
                currency: ""
            ),
            TableFiles.Row(cost: "300 000")
        );
        (id, job, rows) = await desk.Check(again);
        Assert.Equal((1, 1, 1, 0), Counts(job));
        Assert.Equal(
            ("EstimatedCost", "250000", "300000"),
            rows.Single(r => r.Outcome == ActivityOutcome.Changed).Problems.Select(p => (p.Where, p.Before!, p.Value!)).Single()
        );
        Assert.Equal(2, (await desk.Take(id)).Taken);
        needs = await desk.Needs();
        Assert.Equal((3, 300_000m), (needs.Count, needs[0].EstimatedCost!.Value));
        await using var log = await desk.Test.AsSystem();
        Assert.Equal(3, await log.AuditEntries.CountAsync(e => e.Code == "need.drafted"));
        Assert.Single(await log.AuditEntries.Where(e => e.Code == "need.edited").ToListAsync());
        Assert.Equal(2, await log.AuditEntries.CountAsync(e => e.Code == "import.applied" && e.Section == Section.Needs));
        Assert.Empty(await log.ImportChunks.Where(c => c.JobId == id).ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_mistake_stands_at_its_row_and_column_and_takes_no_other_row_with_it(Database database)
    {
        await using var desk = await Desk.Open(database);
        await desk.Test.Save(Cast.Need(Cast.Rosa));
        var cases = new (string Row, string Code, string Field)[]
        {
            (TableFiles.Row("1", title: ""), "field.required", "Title"),
            (TableFiles.Row("2", title: new string('x', 201)), "field.too_long", "Title"),
            (TableFiles.Row("3", title: "\u202E"), "field.required", "Title"),
            (TableFiles.Row("4", description: "\u200B"), "field.required", "Description"),
            (TableFiles.Row("5", theme: "NOTHING"), "field.unknown_code", "Theme"),
            (TableFiles.Row("6", modalities: "TRAINING; MAGIC"), "field.unknown_code", "Modalities"),
            (TableFiles.Row("7", modalities: ""), "field.required", "Modalities"),
            (TableFiles.Row("8", cost: "-5000"), "field.amount_out_of_range", "EstimatedCost"),
            (TableFiles.Row("9", cost: "99999999999999999999"), "field.amount_out_of_range", "EstimatedCost"),
            (TableFiles.Row("10", cost: "1e9"), "field.amount_unreadable", "EstimatedCost"),
            (TableFiles.Row("11", cost: "=1+1"), "field.amount_unreadable", "EstimatedCost"),
            (TableFiles.Row("12", currency: "XXX"), "field.unknown_code", "Currency"),
            (TableFiles.Row("13", currency: ""), "field.required", "Currency"),
            (TableFiles.Row("14", from: "03/04/2027"), "field.date_ambiguous", "From"),
            (TableFiles.Row("15", from: "2027-02-30"), "field.date_unreadable", "From"),
            (TableFiles.Row("16", from: "46508"), "field.date_unreadable", "From"),
            (TableFiles.Row("25", cost: "0.500"), "field.amount_fraction", "EstimatedCost"),
            (TableFiles.Row("17", from: "1899-12-30"), "field.date_out_of_range", "From"),
            (TableFiles.Row("18", from: "2027-12-31", to: "2027-01-01"), "field.dates_reversed", "To"),
            (TableFiles.Row("19", urgency: "Extreme"), "field.unknown_code", "Urgency"),
            (TableFiles.Row("20", language: "de"), "field.unknown_code", "Language"),
            (TableFiles.Row(""), "table.reference_missing", "OwnReference"),
            (TableFiles.Row(new string('r', 101)), "field.too_long", "OwnReference"),
            (TableFiles.Row("good"), "table.set", "Theme"),
            (TableFiles.Row("good", "Another"), "table.reference_repeated", "OwnReference"),
        };
        var (id, job, rows) = await desk.Check(TableFiles.Csv([.. cases.Select(c => c.Row)]));
        Assert.Equal((1, 0, 0, cases.Length - 1), Counts(job));
        foreach (var (row, at) in cases.Zip(rows))
            Assert.True(
                at.Problems.Any(p => p.Code == row.Code && p.Where == row.Field && p.Line == at.Line),
                $"{row.Code} {row.Field}: {string.Join(", ", at.Problems)}"
            );
        Assert.Equal(1, (await desk.Take(id)).Taken);
        Assert.Equal(2, (await desk.Needs()).Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_record_of_another_State_is_no_record_and_a_reference_of_the_portal_finds_ones_own(Database database)
    {
        await using var desk = await Desk.Open(database);
        var (own, other) = (Cast.Need(Cast.Amina), Cast.Need(Cast.Rosa));
        await desk.Test.Save(own, other);
        var (id, job, rows) = await desk.Check(
            Encoding.UTF8.GetBytes(
                $"reference,own_reference,state,title\n{own.Reference},K-9,KEN,A new title\n{other.Reference},K-10,KEN,Mine now\n{own.Reference},K-9,PER,Elsewhere\n"
            )
        );
        Assert.Equal((0, 1, 0, 2), Counts(job));
        Assert.Contains(rows[1].Problems, p => p is { Code: "table.reference_unknown", Refuses: true });
        Assert.Contains(rows[2].Problems, p => p is { Code: "table.other_state", Refuses: true });
        Assert.Equal(1, (await desk.Take(id)).Taken);
        Assert.Equal("A new title", (await desk.Needs()).Single(n => n.Id == own.Id).Title);
        // Known by its own reference from now on; of another State that is another record.
        Assert.Equal((0, 0, 1, 0), Counts((await desk.Check("own_reference,title\nK-9,A new title\n"u8.ToArray())).Job));
        await Assert.ThrowsAsync<NotFound>(async () => await (await desk.Test.As(Cast.Rosa)).Get<ImportService>().Get(id));
        await Assert.ThrowsAsync<NotFound>(async () =>
            await (await desk.Test.As(Cast.Ingrid)).Get<ImportService>().List(ImportSubject.Needs)
        );
        await using var db = await desk.Test.For(Cast.Rosa);
        Assert.Empty(await db.OwnReferences.ToListAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_contributor_changes_drafts_only_and_what_somebody_changed_meanwhile_is_left(Database database)
    {
        await using var desk = await Desk.Open(database);
        var submitted = Cast.Need(Cast.Amina).SubmittedBy(Cast.Amina);
        var draft = Cast.Need(Cast.Amina);
        await desk.Test.Save(submitted, draft);
        var file = Encoding.UTF8.GetBytes($"reference,title\n{submitted.Reference},Changed\n{draft.Reference},Changed too\n");
        var (id, job, rows) = await desk.Check(file, Cast.Otieno);
        Assert.Equal((0, 1, 0, 1), Counts(job));
        Assert.Contains(rows[0].Problems, p => p is { Code: "need.not_yours_to_edit", Refuses: true });
        await (await desk.Test.As(Cast.Amina))
            .Get<Portal.Assistance.Needs.NeedService>()
            .Edit(draft.Reference, draft.Version, draft.Present with { Title = "Hers" });
        var done = await desk.Take(id, Cast.Otieno);
        Assert.Equal((0, 2), (done.Taken, done.Refused));
        Assert.Equal("Hers", (await desk.Needs()).Single(n => n.Id == draft.Id).Title);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whoever_is_shown_what_stands_in_a_submitted_need_or_shared_programme_has_read_it(Database database)
    {
        await using var desk = await Desk.Open(database);
        var (submitted, also, draft, same) = (
            Cast.Need(Cast.Amina).SubmittedBy(Cast.Amina),
            Cast.Need(Cast.Amina).SubmittedBy(Cast.Amina),
            Cast.Need(Cast.Amina),
            Cast.Need(Cast.Amina).SubmittedBy(Cast.Amina)
        );
        var programme = Cast.Programme()
            .SharedAs(new ProgrammeSharing(ProgrammePartsSets.Shareable, ProgrammeParts.None, ProgrammeParts.None, ProgrammeParts.None));
        await desk.Test.Save(submitted, also, draft, same, programme);
        async Task<List<string>> Read()
        {
            await using var log = await desk.Test.AsSystem();
            return
            [
                .. (await log.AuditEntries.Where(e => e.Code == "need.read" || e.Code == "programme.read").ToListAsync())
                    .Select(e => $"{e.Code} {e.Reference} {e.PersonId} {e.Subject}")
                    .Order(StringComparer.Ordinal),
            ];
        }
        // Before anybody looked at it, the file alone has been checked.
        var imports = (await desk.Test.As(Cast.Amina)).Get<ImportService>();
        var file = Encoding.UTF8.GetBytes(
            $"reference,title\n{submitted.Reference},Changed\n{also.Reference},Changed\n{draft.Reference},Changed\n{same.Reference},{same.Title}\n"
        );
        var id = await imports.Receive(ImportSubject.Needs, "needs.csv", file.Length);
        await imports.Fill(id, new MemoryStream(file));
        await (await desk.Test.As(null)).Get<ImportRunner>().Work(id, CancellationToken.None);
        Assert.Empty(await Read());
        var rows = (await imports.Lines(id, ListAddress.Of("/needs/import"))).Rows;
        Assert.Equal(submitted.Title, rows[0].Problems.Single(p => p.Where == "Title").Before);
        string[] read =
        [
            .. new[] { submitted, also }
                .Select(n => $"need.read {n.Reference} {Cast.Amina.Id} {NeedParts.Whole}")
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(read, await Read());
        // Looked at again within the hour it is one reading; somebody else's is another.
        await imports.Lines(id, ListAddress.Of("/needs/import"));
        Assert.Equal(read, await Read());
        await (await desk.Test.As(Cast.Otieno)).Get<ImportService>().Lines(id, ListAddress.Of("/needs/import"));
        Assert.Equal(4, (await Read()).Count);
        await desk.Check(
            Encoding.UTF8.GetBytes($"reference,title\n{programme.Reference},Changed\n"),
            Cast.Ingrid,
            ImportSubject.Programmes,
            "p.csv"
        );
        Assert.Contains(
            await Read(),
            r => r.StartsWith($"programme.read {programme.Reference} {Cast.Ingrid.Id}", StringComparison.Ordinal)
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Columns_are_guessed_in_six_languages_and_changed_by_hand(Database database)
    {
        await using var desk = await Desk.Open(database);
        var fields = (await desk.Test.As(null)).Get<TableFields>();
        foreach (var language in Languages.All)
        foreach (var subject in Enum.GetValues<ImportSubject>())
            Assert.All(
                TableFields.Of(subject),
                f => Assert.Equal(f.Name, fields.Field(subject, fields.Words(subject, f.Name, language) + " *"))
            );
        var (id, job, rows) = await desk.Check("№;Naam;description;theme;modalities\n1;A title;Text;CFT;TRAINING\n"u8.ToArray());
        Assert.Equal([null, null, "Description", "Theme", "Modalities"], job.Columns.Select(c => c.Field));
        Assert.Equal((0, 0, 0, 1), Counts(job));
        var imports = (await desk.Test.As(Cast.Amina)).Get<ImportService>();
        Assert.Equal(
            "import.column_twice",
            (await Assert.ThrowsAsync<Refusal>(() => imports.Map(id, ["Title", "Title", null, null, null], job.Encoding))).Code
        );
        await imports.Map(id, ["OwnReference", "Title", "Description", "Theme", "Modalities"], job.Encoding);
        (id, job, rows) = await desk.Looked(id);
        Assert.Equal(((1, 0, 0, 0), "A title"), (Counts(job), rows.Single().Title));
        Assert.Equal(1, (await desk.Take(id)).Taken);
    }

    [Theory, OnSqlite]
    public async Task A_list_of_programmes_that_comes_back_as_it_was_written_is_the_same_whatever_its_totals(Database database)
    {
        await using var desk = await Desk.Open(database);
        static MoneyLine Line(MoneyKind kind, decimal amount, string currency) =>
            new(kind, new DateOnly(2027, 2, 1), null, amount, currency);
        Programme[] programmes =
        [
            Cast.Programme(content: Cast.ProgrammeContent with { Currency = "NGN", Money = [Line(MoneyKind.Commitment, 5000, "NGN")] }),
            Cast.Programme(
                content: Cast.ProgrammeContent with
                {
                    Money =
                    [
                        Line(MoneyKind.Disbursement, 250, "USD"),
                        Line(MoneyKind.Disbursement, -250, "USD"),
                        Line(MoneyKind.Commitment, -40.4m, "USD"),
                    ],
                }
            ),
            Cast.Programme(
                content: Cast.ProgrammeContent with
                {
                    Money = [Line(MoneyKind.Commitment, 100, "USD"), Line(MoneyKind.Commitment, 90, "EUR")],
                }
            ),
        ];
        await desk.Test.Save(programmes);
        var rows = string.Concat(
            programmes.Select(p =>
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{p.Reference},{p.Budget},{p.Committed},{p.Disbursed},{p.Currency}\n"
                )
            )
        );
        var (_, job, _) = await desk.Check(
            Encoding.UTF8.GetBytes("reference,budget,committed,disbursed,currency\n" + rows),
            Cast.Ingrid,
            ImportSubject.Programmes,
            "p.csv"
        );
        Assert.Equal((0, 0, 3, 0), Counts(job));
    }

    [Theory, OnSqlite]
    public async Task What_somebody_changes_in_the_name_beside_a_code_is_not_lost(Database database)
    {
        await using var desk = await Desk.Open(database);
        var need = Cast.Need(Cast.Amina);
        await desk.Test.Save(need);
        var said = need.Urgency.ToString();
        var file = (string code, string name) => Encoding.UTF8.GetBytes($"reference,urgency,Срочность\n{need.Reference},{code},{name}\n");
        var (_, job, rows) = await desk.Check(file(said, "Критическая"));
        Assert.Equal((0, 0, 0, 1), Counts(job));
        Assert.Contains(rows[0].Problems, p => p is { Code: "table.columns_differ", Where: "Urgency", Value: "Критическая" });
        (_, job, rows) = await desk.Check(file("", "Критическая"));
        Assert.Equal((0, 1, 0, 0), Counts(job));
        Assert.Contains(rows[0].Problems, p => p is { Code: "table.changed", Where: "Urgency", Value: "Critical" });
    }

    [Theory, OnSqlite]
    public async Task Another_currency_of_totals_leaves_what_is_in_neither(Database database)
    {
        await using var desk = await Desk.Open(database);
        static MoneyLine Line(MoneyKind kind, decimal amount, string currency) =>
            new(kind, new DateOnly(2027, 2, 1), null, amount, currency);
        var programme = Cast.Programme(
            content: Cast.ProgrammeContent with
            {
                Currency = "NOK",
                Money = [Line(MoneyKind.Disbursement, 100, "NOK"), Line(MoneyKind.Commitment, 777, "USD")],
            }
        );
        await desk.Test.Save(programme);
        var (id, _, _) = await desk.Check(
            Encoding.UTF8.GetBytes($"reference,budget,committed,disbursed,currency\n{programme.Reference},,,100,EUR\n"),
            Cast.Ingrid,
            ImportSubject.Programmes,
            "p.csv"
        );
        await desk.Take(id, Cast.Ingrid);
        await using var db = await desk.Test.AsSystem();
        Assert.Equal(
            [(777, "USD"), (100, "EUR")],
            (await db.Programmes.SingleAsync()).Money.Select(m => ((int)m.Amount, m.Currency)).OrderByDescending(m => m.Item1)
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Programmes_come_in_with_one_amount_of_each_kind(Database database)
    {
        await using var desk = await Desk.Open(database);
        const string head = "own_reference,title,states,themes,modalities,status,start_planned,end_planned,budget,committed,currency\n";
        var (id, job, rows) = await desk.Check(
            Encoding.UTF8.GetBytes(
                head
                    + "P-1,Customs training,KEN; Peru,CFT,TRAINING,Active,2027-01-01,2028-12-31,500000,200000,EUR\nP-2,Without a day,KEN,CFT,TRAINING,Pipeline,,,1000,,EUR\n"
            ),
            Cast.Ingrid,
            ImportSubject.Programmes,
            "p.csv"
        );
        Assert.Equal((1, 0, 0, 1), Counts(job));
        Assert.Contains(rows[1].Problems, p => p is { Code: "table.amount_without_start", Where: "Budget" });
        Assert.Equal(1, (await desk.Take(id, Cast.Ingrid)).Taken);
        await using (var db = await desk.Test.AsSystem())
        {
            var made = await db.Programmes.SingleAsync();
            Assert.Equal(
                (ProgrammeStatus.Active, 500_000m, 200_000m, "EUR"),
                (made.Status, made.Budget!.Value, made.Committed!.Value, made.Currency)
            );
            Assert.Equal(["KEN", "PER"], made.States);
            Assert.Null(made.SharedAt);
        }
        (id, job, _) = await desk.Check(
            Encoding.UTF8.GetBytes(head + "P-1,Customs training,KEN;PER,CFT,TRAINING,Completed,2027-01-01,2028-12-31,500000,250000,EUR\n"),
            Cast.Ingrid,
            ImportSubject.Programmes,
            "p.csv"
        );
        Assert.Equal((0, 1, 0, 0), Counts(job));
        await desk.Take(id, Cast.Ingrid);
        await using var after = await desk.Test.AsSystem();
        var programme = await after.Programmes.SingleAsync();
        Assert.Equal(
            (ProgrammeStatus.Completed, 500_000m, 250_000m, 2),
            (programme.Status, programme.Budget!.Value, programme.Committed!.Value, programme.Money.Count)
        );
    }

    [Theory, OnSqlite]
    public async Task A_workbook_is_taken_as_a_text_is_and_a_broken_one_says_why(Database database)
    {
        await using var desk = await Desk.Open(database);
        var (id, job, rows) = await desk.Check(
            TableFiles.Xlsx(
                TableFiles.Head
                    + TableFiles.Filled(2, ('H', "<c r=\"H2\"><v>1.234</v></c>"))
                    + TableFiles.Filled(3, ('J', "<c r=\"J3\" s=\"1\"><v>46508</v></c>"))
                    + TableFiles.Filled(4, ('H', "<c r=\"H4\"><v>1E+30</v></c>")),
                ""
            ),
            name: "needs.xlsx"
        );
        Assert.Equal((1, 0, 0, 2), Counts(job));
        Assert.Contains(rows[0].Problems, p => p is { Code: "field.amount_fraction", Where: "EstimatedCost", Value: "1.234" });
        Assert.Equal(1, (await desk.Take(id)).Taken);
        var (_, broken, _) = await desk.Check("PK no zip"u8.ToArray(), name: "needs.xlsx");
        Assert.Equal((ImportStage.Failed, "table.broken"), (broken.Stage, broken.Fault));
        Assert.Equal("import.format", (await Assert.ThrowsAsync<Refusal>(() => desk.Check([1], name: "needs.xls"))).Code);
        Assert.Equal(
            "import.too_large",
            Assert
                .Throws<Refusal>(() =>
                    ImportJob.Receive(Cast.Amina, ImportSubject.Needs, "a.csv", ImportJob.LargestTable + 1, Language.En, Cast.Now)
                )
                .Code
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_translation_never_takes_the_place_of_the_original(Database database)
    {
        await using var desk = await Desk.Open(database);
        var (need, plain) = (
            Cast.Need(Cast.Amina, Cast.NeedContent with { Title = "تدريب", Description = "نص", Language = Language.Ar }),
            Cast.Need(Cast.Amina)
        );
        need.Translate(Cast.Amina, Language.En, "Training", "Text", Cast.Now);
        await desk.Test.Save(need, plain);
        async Task<(ActivityOutcome, string?)> Judged(string headings, string row)
        {
            var rows = (await desk.Check(Encoding.UTF8.GetBytes($"{headings}\n{row}\n"))).Rows;
            return (rows.Single().Outcome, rows.Single().Problems.FirstOrDefault(p => p.Refuses)?.Code);
        }
        var same = (ActivityOutcome.Same, (string?)null);
        var refused = (ActivityOutcome.Refused, "table.other_language");
        // As it was read in English, with and without the language; as the original.
        Assert.Equal(same, await Judged("reference,title,language", $"{need.Reference},Training,en"));
        Assert.Equal(same, await Judged("reference,title,description,language", $"{need.Reference},Training,Text,en"));
        Assert.Equal(same, await Judged("reference,title", $"{need.Reference},Training"));
        Assert.Equal(same, await Judged("reference,title,language", $"{need.Reference},تدريب,ar"));
        // Edited in the language of the translation, in one that it is not in, and in the original's.
        Assert.Equal(refused, await Judged("reference,title,language", $"{need.Reference},Training of officers,en"));
        Assert.Equal(refused, await Judged("reference,title,description,language", $"{need.Reference},Training,Another,en"));
        Assert.Equal(refused, await Judged("reference,title,language", $"{need.Reference},Formation,fr"));
        Assert.Equal(ActivityOutcome.Changed, (await Judged("reference,title,language", $"{need.Reference},تدريب الموظفين,ar")).Item1);
        // Its language alone was wrong.
        Assert.Equal(ActivityOutcome.Changed, (await Judged("reference,title,language", $"{plain.Reference},{plain.Title},fr")).Item1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_old_file_does_not_take_back_by_itself_what_was_corrected_here_since(Database database)
    {
        await using var desk = await Desk.Open(database);
        var file = TableFiles.Csv(TableFiles.Row(), TableFiles.Row("K-2", "Second"));
        await desk.Take((await desk.Check(file)).Id);
        desk.Test.Clock.Advance(TimeSpan.FromHours(1));
        var need = (await desk.Needs())[0];
        await (await desk.Test.As(Cast.Amina))
            .Get<Portal.Assistance.Needs.NeedService>()
            .Edit(need.Reference, need.Version, need.Present with { Title = "Corrected" });
        var (id, job, rows) = await desk.Check(file);
        Assert.Equal((0, 1, 1, 0), Counts(job));
        Assert.Equal((false, "Corrected"), (rows[0].IsChosen, rows[0].Problems.Single(p => p.Where == "Title").Before));
        Assert.Contains(rows[0].Problems, p => p is { Code: "table.changed_since", Refuses: false });
        // Somebody who wants it chooses it.
        await (await desk.Test.As(Cast.Amina)).Get<ImportService>().Choose(id, 0, true);
        Assert.Equal(1, (await desk.Take(id)).Taken);
        Assert.NotEqual("Corrected", (await desk.Needs())[0].Title);
        // What the file itself changes of a record that nobody touched here is chosen as ever.
        Assert.True((await desk.Check(TableFiles.Csv(TableFiles.Row(cost: "300000")))).Rows.Single().IsChosen);
    }

    [Theory, OnSqlite]
    public async Task Refused_rows_are_taken_home_with_their_reasons_mended_and_brought_again(Database database)
    {
        await using var desk = await Desk.Open(database);
        var (id, job, _) = await desk.Check(
            TableFiles.Xlsx(
                TableFiles.Head
                    + TableFiles.Filled(2)
                    + TableFiles.Filled(
                        3,
                        ('E', TableFiles.Text("E3", "NOTHING")),
                        ('H', "<c r=\"H3\"><v>1200</v></c>"),
                        ('J', "<c r=\"J3\" s=\"1\"><v>46508</v></c>")
                    )
                    + TableFiles.Filled(4, ('B', ""))
            ),
            name: "needs.xlsx"
        );
        Assert.Equal((1, 0, 0, 2), Counts(job));
        var rows = (await desk.Test.As(Cast.Amina)).Get<RefusedRows>();
        async Task<byte[]> Taken(Guid of, string format) =>
            (
                (Microsoft.AspNetCore.Http.HttpResults.FileContentHttpResult)await rows.File(ImportSubject.Needs, of, format, default)
            ).FileContents.ToArray();
        foreach (var format in new[] { "csv", "xlsx" })
        {
            var again = await desk.Check(await Taken(id, format), name: "refused." + format);
            Assert.Equal(["K-3", "K-4"], again.Rows.Select(r => r.Identifier));
            Assert.Equal((0, 0, 0, 2), Counts(again.Job));
            Assert.Null(again.Job.Columns[^1].Field);
            // Amounts and days came through as what they are: the theme alone is wrong.
            Assert.Equal([("field.unknown_code", "Theme")], again.Rows[0].Problems.Where(p => p.Refuses).Select(p => (p.Code, p.Where)));
            // A second round has its own reasons, not those of the first as well.
            Assert.Equal(again.Job.Columns.Count, (await desk.Check(await Taken(again.Id, "csv"), name: "again.csv")).Job.Columns.Count);
        }
        var mended = Encoding.UTF8.GetString(await Taken(id, "csv")).Replace("NOTHING", "CFT", StringComparison.Ordinal);
        Assert.Equal((1, 0, 0, 1), Counts((await desk.Check(Encoding.UTF8.GetBytes(mended))).Job));
        await desk.Take(id);
        Assert.Equal(
            "import.wrong_stage",
            (await Assert.ThrowsAsync<Refusal>(() => rows.File(ImportSubject.Needs, id, "csv", default))).Code
        );
    }

    [Theory, OnSqlite]
    public async Task States_and_currencies_are_understood_as_people_write_them(Database database)
    {
        await using var desk = await Desk.Open(database);
        var (_, job, rows) = await desk.Check(
            Encoding.UTF8.GetBytes(
                "own_reference,title,description,theme,modalities,state,estimated_cost,currency,from\n1,A,B,CFT,TRAINING,KE,\"150,000.00\",US$,15/01/2027\n2,A,B,CFT,TRAINING,ke,١٬٠٠٠,€,2027-1-5\n"
            )
        );
        Assert.True(job.New == 2, string.Join("; ", rows.SelectMany(r => r.Problems)));
        Assert.Equal(
            [("150000", "USD", "2027-01-15"), ("1000", "EUR", "2027-01-05")],
            rows.Select(r => (Said(r, "EstimatedCost"), Said(r, "Currency"), Said(r, "From")))
        );
        static string Said(ImportRow row, string field) => row.Problems.Single(p => p.Where == field).Value!;
    }

    [Theory, OnSqlite]
    public async Task An_export_comes_back_as_the_same(Database database)
    {
        await using var desk = await Desk.Open(database);
        var need = Cast.Need(Cast.Amina, Cast.NeedContent with { Title = "=cmd|' /C calc'!A0" });
        await desk.Test.Save(need);
        var fields = (await desk.Test.As(null)).Get<TableFields>();
        var sheet = new Portal.Exports.Sheet(
            "Needs",
            "A note",
            ["Reference", "Title", "Theme (code)", "Theme", "Estimated cost", "Currency"],
            [
                [need.Reference, need.Title, need.Theme, Themes.Find(need.Theme)!.Name.En, need.EstimatedCost, need.Currency],
            ]
        );
        Assert.Equal((0, 0, 1, 0), Counts((await desk.Check(sheet.Csv())).Job));
        Assert.Equal((0, 0, 1, 0), Counts((await desk.Check(sheet.Xlsx(false), name: "needs.xlsx")).Job));
        Assert.NotNull(fields);
    }
}
