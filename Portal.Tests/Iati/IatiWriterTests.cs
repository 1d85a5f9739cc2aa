using System.Xml.Linq;
using Portal.Domain.Assistance;
using Portal.Domain.Iati;
using Portal.Domain.Reference;

namespace Portal.Tests.Iati;

/// <summary>
/// An edit in the portal changes what it must of the published activity and nothing else; what is withheld is nowhere in it.
/// </summary>
public sealed class IatiWriterTests
{
    private static XElement Source(string activity) => IatiFiles.Read(IatiFiles.File(activity))[0];

    private static XElement Written(
        XElement source,
        Func<Programme.Content, Programme.Content> edit,
        ProgrammeParts parts = ProgrammePartsSets.Shareable,
        ProgrammeStatus? status = null
    )
    {
        var activity = IatiActivity.Of(source);
        var programme = Programme.Draft("PRG-2027-00001", Cast.Ingrid, edit(activity.Content), Cast.Now, status ?? activity.Status);
        return IatiWriter.Activity(programme, Cast.Ingrid.Membership.Organisation, source, parts);
    }

    // Everything that is in order, and nothing that the standard would not know.
    private static void InOrder(XElement written) =>
        House.Sources.None(
            IatiChecker
                .Check(new XElement(written), IatiFiles.Today)
                .Where(p =>
                    p.Refuses
                    || p.Code
                        is "iati.shares_do_not_add_up"
                            or "iati.shares_missing"
                            or "iati.both_levels"
                            or "iati.some_transactions"
                            or "iati.attribute_left_out"
                    || p.Code.StartsWith("iati.language_", StringComparison.Ordinal)
                )
                .Select(p => $"{p.Code} {p.Where} {p.Value}"),
            "Not in order:"
        );

    private static void OnlyTouches(string activity, Func<Programme.Content, Programme.Content> edit, params string[] names)
    {
        var source = Source(activity);
        var written = Written(source, edit);
        InOrder(written);
        foreach (var name in source.Elements().Select(e => e.Name).Distinct().Where(n => !names.Contains(n.LocalName)))
            Assert.Equal(source.Elements(name).Select(e => e.ToString()), written.Elements(name).Select(e => e.ToString()));
    }

    private static XElement Only(XElement written, string name) => Assert.Single(written.Elements(name));

    [Fact]
    public void What_was_not_edited_is_published_word_for_word()
    {
        var source = Source(IatiFiles.Rich);
        Assert.Equal(source.ToString(), Written(source, c => c).ToString());
    }

    [Fact]
    public void A_new_title_keeps_its_other_languages_and_says_when_it_was_changed()
    {
        var written = Written(Source(IatiFiles.Rich), c => c with { Title = "Renamed" });
        Assert.Equal(
            [("Renamed", null), ("Cours pour enquêteurs", "fr")],
            Only(written, "title").Elements().Select(n => (n.Value, (string?)n.Attribute(XNamespace.Xml + "lang")))
        );
        Assert.Equal(Cast.Now, (DateTime)written.Attribute("last-updated-datetime")!, TimeSpan.FromSeconds(1));
        OnlyTouches(IatiFiles.Rich, c => c with { Title = "Renamed" }, "title");
    }

    [Fact]
    public void A_title_in_another_language_is_the_first_that_is_read()
    {
        var written = Written(Source(IatiFiles.Rich), c => c with { Title = "Formation", Language = Language.Fr });
        Assert.Equal(["Formation"], Only(written, "title").Elements().Select(n => n.Value));
        Assert.Equal(("Formation", Language.Fr), (IatiActivity.Of(written).Content.Title, IatiActivity.Of(written).Content.Language));
        InOrder(written);
    }

    [Fact]
    public void Of_several_descriptions_the_edited_one_is_changed()
    {
        var written = Written(
            Source(IatiFiles.Rich),
            c => c with { Description = c.Description.Replace("Objectives.", "Other objectives.") }
        );
        Assert.Equal(
            ["Two courses.", "Deux cours.", "Other objectives.", "Groups."],
            written.Elements("description").Elements().Select(n => n.Value)
        );
        Assert.Equal(
            ["Two courses.", "Deux cours.", "Groups."],
            Written(Source(IatiFiles.Rich), c => c with { Description = "Two courses.\n\nGroups." })
                .Elements("description")
                .Elements()
                .Select(n => n.Value)
        );
    }

    [Fact]
    public void A_new_disbursement_leaves_the_transactions_as_they_are()
    {
        var line = new MoneyLine(MoneyKind.Disbursement, new DateOnly(2026, 5, 1), null, 12.5m, "USD");
        OnlyTouches(IatiFiles.Rich, c => c with { Money = [.. c.Money, line] }, "transaction");
        var (source, written) = (Source(IatiFiles.Rich), Written(Source(IatiFiles.Rich), c => c with { Money = [.. c.Money, line] }));
        Assert.Equal(
            source.Elements("transaction").Select(t => t.ToString()),
            written.Elements("transaction").SkipLast(1).Select(t => t.ToString())
        );
        Assert.Equal(
            ("12.5", "2026-05-01"),
            (
                written.Elements("transaction").Last().Element("value")!.Value,
                (string?)written.Elements("transaction").Last().Element("transaction-date")!.Attribute("iso-date")
            )
        );
    }

    [Fact]
    public void A_corrected_amount_keeps_what_stands_beside_it()
    {
        var written = Written(
            Source(IatiFiles.Rich),
            c => c with { Money = [.. c.Money.Select(m => m.Kind == MoneyKind.Commitment ? m with { Amount = 1234 } : m)] }
        );
        var transaction = written.Elements("transaction").First();
        Assert.Equal(
            ("1234", "t1", "First", "XX-TEST-PARENT"),
            (
                transaction.Element("value")!.Value,
                (string?)transaction.Attribute("ref"),
                transaction.Element("description")!.Value,
                (string?)transaction.Element("provider-org")!.Attribute("provider-activity-id")
            )
        );
        InOrder(written);
    }

    [Fact]
    public void What_was_reached_is_said_of_its_own_period_and_the_baseline_stays()
    {
        var written = Written(Source(IatiFiles.Rich), c => c with { Results = [c.Results[0] with { Actual = "4" }] });
        var indicator = Only(written, "result").Element("indicator")!;
        Assert.Equal(["Officials trained"], Only(written, "result").Elements("title").Select(t => t.Value));
        Assert.Equal(["2023"], indicator.Elements("baseline").Select(b => (string)b.Attribute("year")!));
        Assert.Equal(
            [("2024-12-31", "10", "3"), ("2025-12-31", "20", "4")],
            indicator
                .Elements("period")
                .Select(p =>
                    (
                        (string)p.Element("period-end")!.Attribute("iso-date")!,
                        (string)p.Element("target")!.Attribute("value")!,
                        (string)p.Element("actual")!.Attribute("value")!
                    )
                )
        );
        OnlyTouches(IatiFiles.Rich, c => c with { Results = [c.Results[0] with { Actual = "4" }] }, "result");
    }

    [Fact]
    public void A_figure_whose_period_is_not_known_is_not_published_for_another()
    {
        var programme = Programme.Draft(
            "PRG-2027-00002",
            Cast.Ingrid,
            Cast.ProgrammeContent with
            {
                EndPlanned = null,
                EndActual = null,
            },
            Cast.Now
        );
        var written = IatiWriter.Activity(programme, Cast.Ingrid.Membership.Organisation, null, ProgrammePartsSets.Shareable);
        Assert.Empty(written.Descendants("period"));
        Assert.NotEmpty(written.Descendants("indicator"));
        InOrder(written);
    }

    [Fact]
    public void A_new_participant_and_a_new_day_leave_the_others_as_they_are()
    {
        OnlyTouches(
            IatiFiles.Rich,
            c =>
                c with
                {
                    Participants = [.. c.Participants, new Participant("Academy", ParticipantRole.Implementing)],
                    EndActual = new DateOnly(2026, 9, 30),
                },
            "participating-org",
            "activity-date"
        );
        var (source, written) = (
            Source(IatiFiles.Rich),
            Written(
                Source(IatiFiles.Rich),
                c =>
                    c with
                    {
                        Participants = [.. c.Participants, new Participant("Academy", ParticipantRole.Implementing)],
                        EndActual = new DateOnly(2026, 9, 30),
                    }
            )
        );
        foreach (var name in new[] { "participating-org", "activity-date" })
            Assert.Equal(source.Elements(name).Select(e => e.ToString()), written.Elements(name).SkipLast(1).Select(e => e.ToString()));
        var renamed = Written(source, c => c with { Participants = [c.Participants[0] with { Name = "Ministry of Justice" }] });
        Assert.Equal(
            ("40", "XX-ACT", "21000"),
            (
                (string?)Only(renamed, "participating-org").Attribute("type"),
                (string?)Only(renamed, "participating-org").Attribute("activity-id"),
                (string?)Only(renamed, "participating-org").Attribute("crs-channel-code")
            )
        );
        Assert.Equal(["Ministry of Justice", "Ministère"], Only(renamed, "participating-org").Elements().Select(n => n.Value));
    }

    [Fact]
    public void A_new_State_keeps_published_shares_and_regions()
    {
        var written = Written(Source(IatiFiles.Rich), c => c with { States = [.. c.States, "PER"] });
        Assert.Equal(
            [("KE", "50"), ("UG", "30"), ("PE", "0")],
            written.Elements("recipient-country").Select(c => ((string)c.Attribute("code")!, (string)c.Attribute("percentage")!))
        );
        Assert.Equal("20", (string?)Only(written, "recipient-region").Attribute("percentage"));
        InOrder(written);
        var fewer = Written(Source(IatiFiles.Rich), c => c with { States = ["UGA"] });
        Assert.Equal(
            [("UG", "60")],
            fewer.Elements("recipient-country").Select(c => ((string)c.Attribute("code")!, (string)c.Attribute("percentage")!))
        );
        Assert.Equal("40", (string?)Only(fewer, "recipient-region").Attribute("percentage"));
        InOrder(fewer);
    }

    [Fact]
    public void Countries_of_transactions_are_said_of_the_whole_once_they_are_edited_and_never_of_both()
    {
        var source = Source(
            IatiFiles.Activity(
                more: "<sector code=\"15130\" />",
                end: """
                <transaction><transaction-type code="3" /><transaction-date iso-date="2026-03-01" /><value value-date="2026-03-01">300</value><recipient-country code="KE" /></transaction>
                <transaction><transaction-type code="3" /><transaction-date iso-date="2026-04-01" /><value value-date="2026-04-01">100</value><recipient-country code="UG" /></transaction>
                """
            )
        );
        var written = Written(source, c => c with { States = [.. c.States, "PER"] });
        Assert.Equal(
            [("KE", "75"), ("UG", "25"), ("PE", "0")],
            written.Elements("recipient-country").Select(c => ((string)c.Attribute("code")!, (string)c.Attribute("percentage")!))
        );
        Assert.Empty(written.Elements("transaction").Elements("recipient-country"));
        InOrder(written);
        Assert.Equal(2, Written(source, c => c with { Title = "Renamed" }).Elements("transaction").Elements("recipient-country").Count());
    }

    [Fact]
    public void Another_identifier_says_the_one_before()
    {
        var written = Written(Source(IatiFiles.Rich), c => c with { IatiIdentifier = "XX-TEST-NEW" });
        Assert.Equal("XX-TEST-NEW", written.Element("iati-identifier")!.Value);
        Assert.Contains(
            written.Elements("other-identifier"),
            o => (string?)o.Attribute("type") == "A3" && (string?)o.Attribute("ref") == "XX-TEST-1"
        );
        InOrder(written);
    }

    [Fact]
    public void A_language_that_is_none_and_an_attribute_that_is_not_known_are_noted_and_not_published()
    {
        var activity = IatiFiles
            .Rich.Replace(
                "<narrative>Law</narrative>",
                "<narrative xml:lang=\"en_GB\">Law</narrative><narrative xml:lang=\"a b\">Recht</narrative>"
            )
            .Replace("<budget-item code", "<budget-item vocabulary=\"1\" code");
        var problems = IatiFiles.Check(activity);
        Assert.DoesNotContain(problems, p => p.Refuses);
        Assert.Equal(
            ["iati.attribute_left_out", "iati.language_left_out", "iati.language_mended"],
            problems
                .Select(p => p.Code)
                .Where(c => c is "iati.attribute_left_out" || c.StartsWith("iati.language_", StringComparison.Ordinal))
                .Order()
        );
        var written = Written(Source(activity), c => c);
        Assert.Equal(
            ["en-GB", null],
            written.Elements("sector").First().Elements("narrative").Select(n => (string?)n.Attribute(XNamespace.Xml + "lang"))
        );
        Assert.Empty(written.Descendants("budget-item").Attributes("vocabulary"));
        InOrder(written);
    }

    [Theory]
    [InlineData(ProgrammeParts.Summary)]
    [InlineData(ProgrammeParts.Summary | ProgrammeParts.Description)]
    [InlineData(ProgrammeParts.Summary | ProgrammeParts.Finance)]
    [InlineData(ProgrammeParts.Summary | ProgrammeParts.Results)]
    [InlineData(ProgrammeParts.Summary | ProgrammeParts.Documents)]
    [InlineData(ProgrammeParts.Summary | ProgrammeParts.Finance | ProgrammeParts.Results | ProgrammeParts.Documents)]
    [InlineData(ProgrammeParts.Summary | ProgrammeParts.Description | ProgrammeParts.Results | ProgrammeParts.Documents)]
    public void Nothing_of_a_part_that_is_withheld_is_in_what_is_published(ProgrammeParts parts)
    {
        // Each word says what it is of; one of others may be of anything.
        var written = Written(Source(IatiFiles.Marked), c => c, parts);
        InOrder(written);
        var text = written.ToString();
        Assert.DoesNotContain("OTHERS", text);
        foreach (var part in ProgrammePartsSets.Choosable)
            if (!parts.Has(part))
                Assert.DoesNotContain("OF-" + part.ToString().ToUpperInvariant(), text);
            else
                Assert.Contains("OF-" + part.ToString().ToUpperInvariant(), text);
        Assert.Contains("OTHERS", Written(Source(IatiFiles.Marked), c => c).ToString());
    }

    [Fact]
    public void Any_edit_comes_back_when_it_is_read_and_touches_nothing_else()
    {
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var source = Source(round % 2 == 0 ? IatiFiles.Rich : IatiFiles.Activity());
            var (name, edit) = Edits[random.Next(Edits.Length)];
            var (was, wanted) = (IatiActivity.Of(source).Content, edit(IatiActivity.Of(source).Content, random));
            var written = Written(source, _ => wanted);
            InOrder(written);
            var read = IatiActivity.Of(written).Content;
            Assert.Empty(
                ProgrammeMerge
                    .Of(null, new ProgrammeReport(wanted, ProgrammeStatus.Active), new ProgrammeReport(read, ProgrammeStatus.Active))
                    .Changes.Select(c => $"{name}: {c}")
            );
            foreach (var other in source.Elements().Select(e => e.Name).Distinct().Where(n => !name.Split(' ').Contains(n.LocalName)))
                Assert.Equal(source.Elements(other).Select(e => e.ToString()), written.Elements(other).Select(e => e.ToString()));
        }
    }

    private static readonly (string Names, Func<Programme.Content, Random, Programme.Content> Edit)[] Edits =
    [
        ("title", (c, r) => c with { Title = $"Title {r.Next(9)}" }),
        ("description", (c, r) => c with { Description = $"{c.Description}\n\nMore {r.Next(9)}" }),
        ("description", (c, r) => c with { Description = $"Text {r.Next(9)}" }),
        (
            "activity-date",
            (c, r) =>
                c with
                {
                    EndPlanned = r.Next(3) == 0 ? null : new DateOnly(2029, 1 + r.Next(12), 1),
                    StartActual = new DateOnly(2025, 1 + r.Next(12), 1),
                }
        ),
        ("recipient-country recipient-region", (c, r) => c with { States = Some(c.States, r, "PER", "JOR") }),
        // What was guessed from the sectors before is said by a tag once they are others.
        ("sector tag", (c, r) => c with { Sectors = Some(c.Sectors, r, "15210", "151") }),
        (
            "tag",
            (c, r) =>
                c with
                {
                    Themes = ["CFT", .. Some([], r, "HR")],
                    Modalities = ["TRAINING"],
                    Paragraphs = Some(c.Paragraphs, r, "1373:1(a)"),
                }
        ),
        (
            "budget transaction",
            (c, r) =>
                c with
                {
                    Money =
                    [
                        .. Some(
                                c.Money,
                                r,
                                new MoneyLine(MoneyKind.Expenditure, new DateOnly(2026, 7, 1), null, r.Next(99), "EUR"),
                                new MoneyLine(MoneyKind.Budget, new DateOnly(2027, 1, 1), new DateOnly(2027, 12, 31), r.Next(99), "USD")
                            )
                            .Select(m => r.Next(3) == 0 ? m with { Amount = r.Next(1000) } : m),
                    ],
                }
        ),
        (
            "result",
            (c, r) =>
                c with
                {
                    Results =
                    [
                        .. c.Results.Select(x =>
                            x with
                            {
                                Actual = r.Next(3) == 0 ? null : $"{r.Next(9)}",
                                Target = r.Next(3) == 0 ? null : $"{r.Next(9)}",
                                Title = r.Next(2) == 0 ? x.Title : $"Result {r.Next(9)}",
                                Kind = r.Next(2) == 0 ? x.Kind : ResultKind.Impact,
                            }
                        ),
                    ],
                }
        ),
        (
            "participating-org",
            (c, r) =>
                c with
                {
                    Participants = Some(c.Participants, r, new Participant($"Name {r.Next(9)}", ParticipantRole.Accountable, "XX-NEW")),
                }
        ),
        (
            "document-link",
            (c, r) =>
                c with
                {
                    Documents =
                    [
                        .. Some(c.Documents, r, new DocumentLink("Report", "https://example.org/report"))
                            .Select(d => r.Next(2) == 0 ? d : d with { Title = $"Title {r.Next(9)}" }),
                    ],
                }
        ),
    ];

    // One at least stays: the standard asks for a place, a sector, a participant.
    private static IReadOnlyList<T> Some<T>(IReadOnlyList<T> there, Random random, params T[] more) =>
        [.. there.Where((_, i) => i == 0 || random.Next(3) > 0), .. more.Where(_ => random.Next(2) == 0)];
}
