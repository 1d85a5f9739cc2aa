using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using CsvHelper;
using Microsoft.Extensions.DependencyInjection;
using Portal.Access;
using Portal.Assistance.Matches;
using Portal.Collaboration;
using Portal.Directory;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Domain.Imports;
using Portal.Domain.Reference;
using Portal.Exports;
using Portal.Identity;
using Portal.Imports;
using Portal.Shell;
using Portal.Tests.Access;
using Portal.Tests.House;

namespace Portal.Tests.Api;

public class ExportTests
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Fact]
    public async Task The_filtered_list_as_the_reader_sees_it()
    {
        await using var host = await ApiHost.Start();
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency, NeedParts.Cost).CirculatedBy(Cast.Andrei);
        await host.Db.Save(need, Cast.NeedAt(NeedStatus.Circulated, Cast.Rosa), Cast.NeedAt(NeedStatus.Draft));
        var (ingrid, amina, andrei) = (await host.As(Cast.Ingrid), await host.As(Cast.Amina), await host.As(Cast.Andrei));

        var file = await ingrid.Get("/needs/export?format=csv&state=KEN&sort=State&page=7").Is(200);
        Assert.Equal("text/csv; charset=utf-8", file.ContentHeaders.ContentType!.ToString());
        Assert.Equal(
            ("attachment", "needs-2027-03-01.csv"),
            (file.ContentHeaders.ContentDisposition!.DispositionType, file.ContentHeaders.ContentDisposition.FileName)
        );
        Assert.Equal("no-store, private", file.Headers.GetValues("Cache-Control").Single());
        Assert.Equal([0xEF, 0xBB, 0xBF], file.Bytes[..3]);
        var lines = Csv(file);
        Assert.Equal($"Exported 2027-03-01 09:00 UTC by Ingrid. List: {ApiHost.Base}/needs?state=KEN&sort=State", lines[0].Single());
        Assert.Equal(3, lines.Count);
        var row = lines[1].Zip(lines[2]).ToDictionary();
        Assert.Equal(
            (need.Reference, $"{ApiHost.Base}/needs/{need.Reference}", "KEN", "Kenya", need.Title),
            (row["Reference"], row["Link"], row["State (ISO 3166)"], row["State"], row["Title"])
        );
        Assert.Equal(
            ("CFT", "Circulated", "250000", "USD", "not shared", "not shared"),
            (row["Theme (code)"], row["Status (code)"], row["Estimated cost"], row["Currency"], row["Urgency"], row["Changed (UTC)"])
        );
        Assert.DoesNotContain("High", file.Body, StringComparison.Ordinal);

        Assert.Equal(2 + 2, Csv(await amina.Get("/needs/export?format=csv")).Count);
        Assert.Equal(2 + 2, Csv(await andrei.Get("/needs/export?format=csv")).Count);
        Assert.Equal(2 + 1, Csv(await andrei.Get("/needs/export?format=csv&status=Circulated&state=PER")).Count);
        Assert.Contains("need.exported", await NeedApiTests.Acts(host));

        host.Set("Portal:DemoData", "true");
        Assert.StartsWith("Demonstration data", Csv(await amina.Get("/needs/export?format=csv"))[0].Single(), StringComparison.Ordinal);
        host.Set("Pdf:Browser", "none");
        var refused = await amina.Get("/needs/export?format=pdf").Is(400, "export.format");
        Assert.Equal("The format is csv, xlsx or, where the portal can make one, pdf.", (string?)refused.Json["title"]);
    }

    [Fact]
    public async Task The_columns_chosen_on_the_screen_with_codes_beside_names_and_the_reference_always()
    {
        await using var host = await ApiHost.Start();
        var need = Cast.NeedAt(NeedStatus.Authenticated).SharedWith(Cast.NorthernAgency, NeedParts.Cost).CirculatedBy(Cast.Andrei);
        await host.Db.Save(need);
        var ingrid = await host.As(Cast.Ingrid);
        var lines = Csv(await ingrid.Get("/needs/export?format=csv&columns=Theme,Urgency").Is(200));
        Assert.Equal(["Reference", "Link", "Title", "Language", "Theme (code)", "Theme", "Urgency (code)", "Urgency"], lines[1]);
        Assert.Equal([need.Reference, "CFT", "not shared"], new[] { lines[2][0], lines[2][4], lines[2][7] });
        Assert.EndsWith("/needs?columns=Theme,Urgency", Uri.UnescapeDataString(lines[0].Single()), StringComparison.Ordinal);
        Assert.Equal(4, Csv(await ingrid.Get("/needs/export?format=csv&columns=none"))[1].Length);
        Assert.Equal(18, Csv(await ingrid.Get("/needs/export?format=csv&columns=Nonsense"))[1].Length);
    }

    [Fact]
    public async Task Every_column_that_can_be_chosen_on_a_screen_brings_its_own_into_the_file()
    {
        await using var host = await ApiHost.Start();
        var (andrei, malik, auguste) = (await host.As(Cast.Andrei), await host.As(Cast.Malik), await host.As(Cast.Auguste));
        (string Address, HttpClient Reader, IReadOnlyList<ListColumn> Columns)[] lists =
        [
            .. ListLaws.Lists.Select(l => (l.Kind.List, andrei, l.OnScreen)),
            ("/matches", andrei, MatchColumns.All),
            ("/providers", andrei, DirectoryList.Columns),
            ("/access/people", malik, PeopleColumns.All),
            ("/access/grants", malik, GrantColumns.All),
            ("/audit", auguste, AuditColumns.All),
        ];
        Assert.Equal(ListLaws.OnScreen, lists.Select(l => l.Columns));
        foreach (var (address, reader, columns) in lists)
        {
            async Task<string[]> Headings(string chosen) =>
                Csv(await reader.Get($"{address}/export?format=csv&{Columns.Name}={chosen}").Is(200))[1];
            var always = await Headings(Columns.Nothing);
            var brought = new List<string>();
            foreach (var column in columns)
            {
                var own = (await Headings(column.Name)).Except(always).ToList();
                Assert.True(own.Count > 0, $"{address} takes nothing of {column.Name} into its file");
                brought.AddRange(own);
            }
            // And nothing is in the file that goes with none of them.
            Assert.Equal((await Headings("")).Distinct().Order(), always.Concat(brought).Distinct().Order());
        }
    }

    [Fact]
    public async Task A_column_is_called_in_a_file_and_in_a_table_to_fill_in_as_it_is_on_the_screen_in_every_language()
    {
        await using var host = await ApiHost.Start();
        var (andrei, ingrid) = (await host.As(Cast.Andrei), await host.As(Cast.Ingrid));
        await using var scope = host.Services.CreateAsyncScope();
        var say = scope.ServiceProvider.GetRequiredService<Say>();
        foreach (var language in Languages.All)
        {
            using var speaking = Culture.Speak(language);
            foreach (var list in ListLaws.Lists)
                await Called(list.OnScreen, andrei, list.Kind.List + "/export");
            await Called(DirectoryList.Columns, ingrid, "/providers/export");
            // A record that is there already is named by its reference in the portal, beside one's own.
            var table = await Headings(ingrid, "/programmes/import/template");
            Assert.All(
                TableFields.Of(ImportSubject.Programmes).Where(t => t is { Column: not null, Name: not "Reference" }),
                t => Assert.Contains(say.Column(t.Column!) + (t.IsRequired ? " *" : ""), table)
            );

            async Task<string[]> Headings(HttpClient client, string address)
            {
                client.DefaultRequestHeaders.AcceptLanguage.Clear();
                client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language.Tag());
                return Csv(await client.Get(address + "?format=csv").Is(200))[1];
            }
            async Task Called(IReadOnlyList<ListColumn> columns, HttpClient client, string address)
            {
                var said = await Headings(client, address);
                // Days on the screen are moments in a file, and a period is two days.
                Assert.All(
                    columns,
                    c =>
                        Assert.Contains(
                            c.Name switch
                            {
                                "Updated" => say.MomentsOf(c.Key),
                                "Period" => say.Column("from"),
                                _ => say.Column(c),
                            },
                            said
                        )
                );
            }
        }
    }

    [Fact]
    public async Task Of_every_kind_a_file_holds_what_its_reader_sees_and_nothing_else_in_every_format_and_language()
    {
        await using var host = await ApiHost.Start();
        var records = Specimens.Some(new World(8), each: 8);
        await host.Db.Save(records);
        var marks = await Marks.Put(host.Db, records);
        foreach (var file in Specimens.All.GroupBy(s => s.Export))
        {
            var listed = marks
                .Where(m => file.Any(s => s.Kind == m.Record.Kind && s.IsListed(m.Record)))
                .ToLookup(m => (m.Record.Kind, m.Column));
            // Whoever sees a text that goes into the file finds it there; which do is told by the files of all.
            var told = new Dictionary<(Player, string), IReadOnlySet<string>>();
            foreach (var player in Cast.All)
            {
                var client = await host.As(player);
                if (player.Actor.LevelIn(file.First().Section) < Level.View)
                {
                    await client.Get(file.Key + "?format=csv").Is(404);
                    continue;
                }
                foreach (var language in player == Cast.Ingrid || player == Cast.Andrei ? Languages.All : [Language.En])
                foreach (var format in language == Language.En && player != Cast.Ingrid ? ["csv"] : new[] { "csv", "xlsx" })
                {
                    client.DefaultRequestHeaders.AcceptLanguage.Clear();
                    client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language.Tag());
                    var answer = await client.Get($"{file.Key}?format={format}").Is(200);
                    told[(player, $"{language} {format}")] = Marks.In(format == "csv" ? answer.Body : Sheet(answer).Value);
                }
            }
            var taken = listed.Where(texts => texts.Any(m => told.Values.Any(t => t.Contains(m.Word)))).ToList();
            // What a record is called by is in the file of its kind.
            foreach (var specimen in file)
                Assert.Contains(taken, t => t.Key == (specimen.Kind, specimen.Texts[0].Column));
            foreach (var ((player, how), words) in told)
                Sources.None(
                    taken
                        .SelectMany(t => t)
                        .Where(m => m.IsFor(player))
                        .Select(m => m.Word)
                        .ToHashSet()
                        .Except(words)
                        .Select(w => "lacks " + w)
                        .Concat(words.Except(marks.Where(m => m.IsFor(player)).Select(m => m.Word)).Select(w => "tells " + w))
                        .Select(found => $"{found}: {marks.Single(m => found.EndsWith(m.Word, StringComparison.Ordinal))}"),
                    $"{file.Key} for {player}, {how}:"
                );
        }
    }

    [Fact]
    public async Task Proposals_too()
    {
        await using var host = await ApiHost.Start();
        var need = await host.Need(NeedStatus.Circulated);
        var (mine, theirs) = (Cast.ProposalAt(ProposalStatus.Proposed, need), Cast.Proposal(need, Cast.Kenji));
        await host.Db.Save(mine, theirs);
        var lines = Csv(await (await host.As(Cast.Ingrid)).Get("/proposals/export?format=csv&status=Proposed").Is(200));
        Assert.Equal(3, lines.Count);
        var row = lines[1].Zip(lines[2]).ToDictionary();
        Assert.Equal(
            (mine.Reference, need.Reference, "Northern Development Agency", "100000", "TRAINING", "2027-10-01"),
            (row["Reference"], row["Need"], row["Provider"], row["Amount"], row["Kind of help (code)"], row["From"])
        );
        Assert.Contains("proposal.exported", await NeedApiTests.Acts(host));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_directory_as_its_reader_sees_it(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var (shown, closed) = (Cast.Offer(Cast.NorthernAgency), Cast.Offer(Cast.PacificFund));
        closed.Close(Cast.Now);
        await host.Db.Save(Cast.Profile(Cast.NorthernAgency), shown, closed);
        var amina = await host.As(Cast.Amina);
        var lines = Csv(await amina.Get("/providers/export?format=csv").Is(200));
        Assert.Equal(3, lines.Count); // whose one offer is closed, and who has no profile, is not in the list
        var row = lines[1].Zip(lines[2]).ToDictionary();
        Assert.Equal(
            ("Northern Development Agency", "northern-agency", "NOR", shown.Reference, shown.Title),
            (row["Name"], row["Code"], row["State (ISO 3166)"], row["Standing offers"], row["Titles of the standing offers"])
        );
        Assert.Equal(3, Csv(await (await host.As(Cast.Kenji)).Get("/providers/export?format=csv").Is(200)).Count);
        Assert.Equal(2, Csv(await amina.Get("/providers/export?format=csv&theme=BORDER").Is(200)).Count);
        Assert.DoesNotContain("Summary", Csv(await amina.Get("/providers/export?format=csv&columns=Offers").Is(200))[1]);
        Assert.Contains("directory.exported", await NeedApiTests.Acts(host));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task People_and_grants_for_whoever_sees_the_lists(Database database)
    {
        await using var host = await ApiHost.Start(database);
        var grant = Cast.Grant(Principal.Person(Cast.Fatou.Id), Section.Proposals, Level.View, "KEN");
        await host.Db.Save(grant, Cast.Denial(Principal.Organisation(Cast.PacificFund.Id), Section.Needs));
        var malik = await host.As(Cast.Malik);
        var people = Csv(await malik.Get("/access/people/export?format=csv").Is(200));
        Assert.Equal(Cast.All.Count + 2, people.Count);
        var amina = people[1].Zip(people.Single(l => l[0] == Cast.Amina.Name)).ToDictionary();
        Assert.Equal((Cast.Amina.Email, "Kenya", "Active"), (amina["E-mail"], amina["Organisation"], amina["Status"]));
        // A focal point sees the people of the own State, and when nobody was here last.
        var own = Csv(await (await host.As(Cast.Amina)).Get("/access/people/export?format=csv").Is(200));
        Assert.Equal([Cast.Amina.Name, Cast.Otieno.Name], own.Skip(2).Select(l => l[0]));
        Assert.Equal(people[1].Length - 1, own[1].Length);
        var grants = Csv(await malik.Get("/access/grants/export?format=csv").Is(200));
        Assert.Equal(4, grants.Count);
        var given = grants[1].Zip(grants.Single(l => l[0] == Cast.Fatou.Name)).ToDictionary();
        Assert.Equal(
            ("Proposals", "KEN", Cast.Malik.Name, grant.Reason),
            (given["Section"], given["State (ISO 3166)"], given["Granted by"], given["Reason"])
        );
        Assert.Equal(3, Csv(await malik.Get("/access/grants/export?format=csv&section=Needs").Is(200)).Count);
        Assert.Equal(200, (await (await host.As(Cast.Auguste)).Get("/access/grants/export?format=xlsx")).Status);
        foreach (var player in new[] { Cast.Otieno, Cast.Andrei, Cast.Wei })
            await (await host.As(player)).Get("/access/people/export?format=csv").Is(404);
        foreach (var player in new[] { Cast.Amina, Cast.Tomas, Cast.Andrei })
            await (await host.As(player)).Get("/access/grants/export?format=csv").Is(404);
        Assert.Subset((await NeedApiTests.Acts(host)).ToHashSet(), new HashSet<string> { "people.exported", "access.grants_exported" });
    }

    [Fact]
    public async Task After_ten_minutes_a_factor_is_asked_for_again()
    {
        await using var host = await ApiHost.Start();
        var amina = await host.As(Cast.Amina);
        host.Db.Clock.Advance(TimeSpan.FromMinutes(10));
        await amina.Get("/needs/export?format=csv").Is(200);
        host.Db.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var list in new[] { "/needs", "/proposals" })
        {
            await amina.Get(list + "/export?format=csv").Is(403, "request.confirm");
            var asked = await amina.Ask(HttpMethod.Get, list + "/export?format=csv&q=a", headers: ("Accept", "text/html"));
            Assert.Equal(
                (302, AccountAddress.ConfirmFor(list + "/export?format=csv&q=a")),
                (asked.Status, asked.Headers.Location!.OriginalString)
            );
        }
    }

    private static readonly string[] Titles =
    [
        "=1+1",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "=HYPERLINK(\"https://evil.example\";\"x\")",
        "'=1",
        "''",
        "＝1+1",
        "\"=1\"",
        "=cmd|' /C calc'!A0",
        "a,b;c\td\ne \"f\" 'g",
        "بناء القدرات، 能力建设",
        "_x0041_ <b>&amp;</b> 💥 𠮷",
        "]]>",
        "a\u2028b",
    ];

    /// <summary>A title is one line.</summary>
    private static readonly string[] Kept = [.. Titles.Select(t => t.Replace('\t', ' ').Replace('\n', ' ').Replace('\u2028', ' '))];

    [Fact]
    public async Task Text_is_inert_and_comes_back_as_it_was()
    {
        await using var host = await ApiHost.Start();
        await host.Db.Save(Titles.Select(t => Cast.Need(Cast.Amina, Cast.NeedContent with { Title = t })));
        var amina = await host.As(Cast.Amina);

        var cells = Csv(await amina.Get("/needs/export?format=csv&sort=Reference").Is(200)).Skip(2).Select(r => r[4]).ToList();
        Assert.All(cells, cell => Assert.DoesNotContain(cell[0], "=+-@\t\r\n＝＋－＠"));
        Assert.Equal(Kept, cells.Select(cell => cell[0] == '\'' ? cell[1..] : cell));

        var sheet = Sheet(await amina.Get("/needs/export?format=xlsx&sort=Reference").Is(200));
        Assert.Empty(sheet.Descendants(Main + "f"));
        var written = Rows(sheet).Skip(2).Select(r => r.Single(c => c.At.StartsWith('E'))).ToList();
        Assert.All(written, c => Assert.Equal("inlineStr", c.Type));
        Assert.Equal(Kept, written.Select(c => System.Text.RegularExpressions.Regex.Replace(c.Text, "_x005F_(x[0-9A-Fa-f]{4}_)", "_$1")));
    }

    [Fact]
    public void A_number_below_zero_is_a_number_in_a_table_of_text() =>
        Assert.EndsWith(
            "-500,'-500,-0.5\r\n",
            Encoding.UTF8.GetString(
                new Sheet(
                    "",
                    "",
                    ["a", "b", "c"],
                    [
                        [-500m, "-500", -0.5],
                    ]
                ).Csv()
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_workbook_has_numbers_as_numbers_and_runs_as_its_language_does()
    {
        await using var host = await ApiHost.Start();
        await host.Need(NeedStatus.Draft);
        var amina = await host.As(Cast.Amina);
        var answer = await amina.Get("/needs/export?format=xlsx").Is(200);
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal("needs-2027-03-01.xlsx", answer.ContentHeaders.ContentDisposition!.FileName);
        var rows = Rows(Sheet(answer));
        Assert.Equal("46447", rows[2].Single(c => c.At == "R3").Text.Split('.')[0]); // 1 March 2027, a real moment
        Assert.StartsWith("Exported 2027-03-01 09:00 UTC by Amina.", rows[0][0].Text, StringComparison.Ordinal);
        var cost = rows[2].Single(c => c.At == rows[1].Single(h => h.Text == "Estimated cost").At.Replace('2', '3'));
        Assert.Equal(("n", "250000"), (cost.Type, cost.Text));

        var arabic = await amina.Ask(
            HttpMethod.Get,
            "/needs/export?format=xlsx",
            headers: ("Cookie", amina.DefaultRequestHeaders.GetValues("Cookie").Single() + "; portal.language=ar")
        );
        var sheet = Sheet(arabic);
        Assert.Contains((string?)sheet.Descendants(Main + "sheetView").Single().Attribute("rightToLeft"), new[] { "1", "true" });
        Assert.Contains(Rows(sheet)[2], c => c.Text == "كينيا");
    }

    private static List<string[]> Csv(Answer answer)
    {
        using var reader = new CsvParser(new StreamReader(new MemoryStream(answer.Bytes), Encoding.UTF8), CultureInfo.InvariantCulture);
        var lines = new List<string[]>();
        while (reader.Read())
            lines.Add(reader.Record!);
        return lines;
    }

    private static XElement Sheet(Answer answer)
    {
        using var zip = new ZipArchive(new MemoryStream(answer.Bytes));
        using var sheet = zip.Entries.Single(e => e.FullName.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal)).Open();
        return XElement.Load(sheet);
    }

    private static List<List<(string At, string Type, string Text)>> Rows(XElement sheet) =>
        [
            .. sheet
                .Descendants(Main + "row")
                .Select(r =>
                    r.Elements(Main + "c").Select(c => ((string)c.Attribute("r")!, (string?)c.Attribute("t") ?? "n", c.Value)).ToList()
                ),
        ];
}
