using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Domain.Access;

namespace Portal.Tests.Access;

/// <summary>A file of people: read whatever spreadsheet wrote it, planned line by line, carried out as a whole.</summary>
public sealed class PeopleImportTests
{
    private static byte[] File(string text, Encoding? encoding = null) =>
        [.. (encoding ?? Encoding.UTF8).Preamble, .. (encoding ?? Encoding.UTF8).GetBytes(text)];

    private const string Heading = "email,name,organisation,role,from,until\n";

    private static string RefusalOf(byte[] file) => Assert.Throws<Refusal>(() => PeopleImport.Read(file)).Code;

    [Fact]
    public void Commas_semicolons_tabs_marks_and_quotes_are_read()
    {
        foreach (
            var (file, name) in new[]
            {
                (File(Heading + "a@example.org,\"Name, A\",ken,StateContributor,,\n"), "Name, A"),
                (
                    new UTF8Encoding(false).GetBytes("Email;Organisation code;Role;Name\r\na@example.org;ken;StateContributor;\"N;A\"\r\n"),
                    "N;A"
                ),
                (File("email\tname\torganisation\trole\na@example.org\tاسم\tken\tStateContributor", Encoding.Unicode), "اسم"),
                (File("email\tname\torganisation\trole\na@example.org\t名\tken\tStateContributor", Encoding.BigEndianUnicode), "名"),
            }
        )
        {
            var line = Assert.Single(PeopleImport.Read(file));
            Assert.Equal(new ImportLine(2, "a@example.org", name, "ken", "StateContributor", "", ""), line);
        }
    }

    [Fact]
    public void A_line_whose_marks_are_not_in_order_takes_none_of_those_below_with_it()
    {
        var lines = PeopleImport.Read(
            File(Heading + "a@example.org,\"Unclosed,ken,StateContributor,,\nb@example.org,B,ken,StateContributor,,31.12.2027\n")
        );
        Assert.Equal(["import.marks", null], lines.Select(l => l.Fault));
        Assert.Equal(("b@example.org", "31.12.2027"), (lines[1].Email, lines[1].Until));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_refused_as_a_whole()
    {
        Assert.Equal("import.empty", RefusalOf([]));
        Assert.Equal("import.empty", RefusalOf(PeopleImport.Template));
        Assert.Equal("import.encoding", RefusalOf(Encoding.Latin1.GetBytes(Heading + "a@example.org,André,ken,FocalPoint,,")));
        Assert.Equal("import.columns", RefusalOf(File("address,organisation,role\na@example.org,ken,FocalPoint")));
        Assert.Equal("import.too_large", RefusalOf(new byte[PeopleImport.LargestFile + 1]));
        Assert.Equal(
            "import.too_many",
            RefusalOf(File(Heading + string.Concat(Enumerable.Range(0, 1001).Select(i => $"a{i}@example.org,,ken,FocalPoint,,\n"))))
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Each_line_says_what_it_comes_to_and_only_then_it_is_done(Database database)
    {
        await using var test = await TestDb.Open(database);
        var import = (await test.As(Cast.Malik)).Get<PeopleImport>();
        var steps = await import.Plan(
            PeopleImport.Read(
                File(
                    Heading
                        + $"""
                        new@example.org,New Person,ken,StateContributor,,2027-12-31
                        {Cast.Rosa.Email},,northern-agency,ProviderContributor,,
                        {Cast.Otieno.Email},,ken,StateContributor,,
                        new@example.org,,KEN,statecontributor,,
                        x@example.org,,nowhere,FocalPoint,,
                        x@example.org,,ken,King,,
                        x@example.org,,ken,Partner,,
                        not an address,,ken,FocalPoint,,
                        x@example.org,{new string('x', 201)},ken,FocalPoint,,
                        x@example.org,,ken,FocalPoint,,2027-02-27
                        x@example.org,,ken,FocalPoint,,01/02/2028
                        x@example.org,,cted,LegalOfficer,,
                        {Cast.Malik.Email},,cted,Auditor,,
                        """
                )
            )
        );
        Assert.Equal(
            [
                "Invite",
                "Add",
                "There",
                "import.repeated",
                "import.organisation_unknown",
                "import.role_unknown",
                "membership.role_does_not_fit",
                "email.invalid",
                "field.too_long",
                "membership.period_over",
                "field.date_ambiguous",
                "import.legal_officer",
                "people.own",
            ],
            steps.Select(s => s.Why?.Code ?? s.Outcome.ToString())
        );
        Assert.Equal(Enumerable.Range(2, 13), steps.Select(s => s.Line.Number));
        await using (var before = await test.AsSystem())
            Assert.Equal((0, Cast.All.Count), (await before.Invitations.CountAsync(), await before.Memberships.CountAsync()));

        Assert.Equal(2, await import.CarryOut(steps));
        await using var db = await test.AsSystem();
        var invitation = await db.Invitations.SingleAsync();
        Assert.Equal(
            ("new@example.org", "New Person", Role.StateContributor, new DateTime(2028, 1, 1, 12, 0, 0)),
            (invitation.Email, invitation.Name, invitation.Role, invitation.Until)
        );
        Assert.Equal(2, await db.Memberships.CountAsync(m => m.PersonId == Cast.Rosa.Id));
        // A second time every line comes to something else.
        Assert.Equal("import.changed_meanwhile", (await Assert.ThrowsAsync<Refusal>(() => import.CarryOut(steps))).Code);
        Assert.Equal(
            "import.nothing",
            (await Assert.ThrowsAsync<Refusal>(async () => await import.CarryOut(await import.Plan([.. steps.Select(s => s.Line)])))).Code
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_thousand_lines_keep_to_the_limits_and_are_done_in_one_transaction(Database database)
    {
        await using var test = await TestDb.Open(database);
        var import = (await test.As(Cast.Tomas)).Get<PeopleImport>();
        var states = Cast
            .ReferenceList.Where(o => o.Kind == OrganisationKind.MemberState && o.Code is not ("ken" or "per"))
            .Take(99)
            .ToList();
        var lines = PeopleImport.Read(
            File(
                Heading
                    + string.Concat(
                        states.SelectMany(s =>
                            Enumerable.Range(0, 10).Select(i => $"c{i}.{s.Code}@example.org,,{s.Code},StateContributor,,\n")
                        )
                    )
                    + string.Concat(Enumerable.Range(0, 10).Select(i => $"c{i}.ken@example.org,,ken,StateContributor,,\n"))
            )
        );
        var steps = await import.Plan(lines);
        Assert.Equal((1000, 999), (steps.Count, steps.Count(s => s.Outcome == ImportOutcome.Invite)));
        Assert.Equal("membership.limit_reached", steps[^1].Why?.Code);
        Assert.Equal(999, await import.CarryOut(steps));
        foreach (var other in Cast.All.Where(p => !Delegation.May(p, PeopleAct.ManageAll)))
            Assert.Equal(
                "people.not_yours",
                (await Assert.ThrowsAsync<Refusal>(async () => await (await test.As(other)).Get<PeopleImport>().Plan(lines))).Code
            );
    }
}
