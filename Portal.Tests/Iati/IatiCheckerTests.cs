using System.Text;
using Portal.Domain.Iati;
using Portal.Domain.Imports;

namespace Portal.Tests.Iati;

/// <summary>Files in order are read, others are refused with the right reason at the right line.</summary>
public sealed class IatiCheckerTests
{
    private static void Refused(string code, string activity, string? where = null)
    {
        var problems = IatiFiles.Check(activity);
        Assert.True(
            problems.Any(p => p.Refuses && p.Code == code && (where is null || p.Where == where)),
            $"{code} is not among {string.Join(' ', problems.Select(p => p.Code + "@" + p.Where))}"
        );
    }

    private static void Noted(string code, string activity) =>
        Assert.Contains(IatiFiles.Check(activity), p => p.Code == code && !p.Refuses);

    [Fact]
    public void An_activity_in_order_is_taken() => Assert.DoesNotContain(IatiFiles.Check(IatiFiles.Activity()), p => p.Refuses);

    [Fact]
    public void The_structure_of_the_standard_is_held_to()
    {
        var right = IatiFiles.Activity();
        Refused("iati.missing_element", right.Replace("<activity-status code=\"2\" />", ""), "iati-activity/activity-status");
        Refused(
            "iati.wrong_order",
            IatiFiles.Activity(others: "<activity-date type=\"2\" iso-date=\"2026-01-02\" />"),
            "iati-activity/activity-status"
        );
        Refused("iati.too_many", right.Replace("</title>", "</title><title><narrative>Again</narrative></title>"));
        Refused("iati.unexpected_element", right.Replace("<activity-status", "<extra /><activity-status"), "iati-activity/extra");
        Refused("iati.missing_attribute", right.Replace(" type=\"10\"", ""), "iati-activity/reporting-org/@type");
        Refused("iati.unexpected_attribute", right.Replace("type=\"10\"", "type=\"10\" colour=\"red\""));
        Refused("iati.unexpected_text", right.Replace("<title>", "<title>loose"));
        Refused("iati.bad_value", right.Replace("iso-date=\"2026-01-01\"", "iso-date=\"1/1/2026\""));
        Refused("iati.bad_value", right.Replace("100000.50", "1,000"));
        Refused("iati.mixed_version", IatiFiles.Activity(attributes: "version=\"1.05\" xml:lang=\"en\" default-currency=\"USD\""));
    }

    [Fact]
    public void Codes_and_rules_are_held_to()
    {
        Refused("iati.unknown_code", IatiFiles.Activity(status: "17"));
        Refused("iati.unknown_code", IatiFiles.Activity().Replace("currency=\"EUR\"", "currency=\"EUX\""));
        Refused(
            "iati.shares_do_not_add_up",
            IatiFiles.Activity().Replace("percentage=\"60\"", "percentage=\"70\""),
            "recipient-country/@percentage"
        );
        Refused("iati.dates_reversed", IatiFiles.Activity().Replace("2028-12-31", "2025-12-31"));
        Refused(
            "iati.dates_reversed",
            IatiFiles
                .Activity()
                .Replace(
                    "<period-end iso-date=\"2026-12-31\" /><value value-date",
                    "<period-end iso-date=\"2025-12-31\" /><value value-date"
                )
        );
        Refused("iati.identifier_is_org", IatiFiles.Activity("XX-TEST"));
        Refused("iati.identifier_missing", IatiFiles.Activity(" "));
        Refused("iati.currency_missing", IatiFiles.Activity(attributes: "xml:lang=\"en\""));
        Refused("iati.amount_too_large", IatiFiles.Activity().Replace("100000.50", "99999999999999999999999999999999999999999"));
        Refused("iati.date_out_of_range", IatiFiles.Activity().Replace("2026-01-01\" />\n", "0001-01-01\" />\n"));
        Noted("iati.amount_below_zero", IatiFiles.Activity());
        Noted("iati.identifier_prefix", IatiFiles.Activity("YY-1"));
        Noted(
            "iati.date_in_future",
            IatiFiles.Activity().Replace("type=\"1\" iso-date=\"2026-01-01\"", "type=\"2\" iso-date=\"2027-12-01\"")
        );
    }

    [Fact]
    public void Rounded_shares_add_up_and_only_vocabularies_that_are_read_refuse()
    {
        string Of(string more) => IatiFiles.Activity(more: more);
        string Many(string element, int count, string share) =>
            string.Concat(Enumerable.Range(0, count).Select(i => element.Replace("#", $"{i}") + $" percentage=\"{share}\" />"));
        void Taken(string more) => House.Sources.None(IatiFiles.Check(Of(more)).Where(p => p.Refuses).Select(p => p.Code), "Refused:");
        Taken("<recipient-country code=\"KE\" />" + Many("<sector code=\"1513#\"", 7, "14.29"));
        Taken("<recipient-country code=\"KE\" /><sector code=\"15130\" />" + Many("<sector vocabulary=\"8\" code=\"#\"", 4, "16"));
        Noted(
            "iati.shares_do_not_add_up",
            Of("<recipient-country code=\"KE\" /><sector code=\"15130\" />" + Many("<sector vocabulary=\"8\" code=\"#\"", 4, "16"))
        );
        Refused("iati.shares_do_not_add_up", Of("<recipient-country code=\"KE\" />" + Many("<sector code=\"1513#\"", 2, "50.03")));
        // What is wrong is said of the one that says nothing.
        Refused(
            "iati.some_shares_missing",
            Of("<recipient-country code=\"KE\" /><sector code=\"15130\" /><sector code=\"16063\" percentage=\"100\" />")
        );
        // Each vocabulary of regions tells with the countries the whole; that another does is not enough.
        Refused(
            "iati.shares_do_not_add_up",
            Of(
                "<recipient-country code=\"KE\" percentage=\"50\" /><recipient-region code=\"298\" percentage=\"75\" /><recipient-region vocabulary=\"99\" code=\"A\" percentage=\"50\" />"
            )
        );
        Taken(
            "<recipient-country code=\"KE\" percentage=\"50\" /><recipient-region code=\"298\" percentage=\"50\" /><recipient-region vocabulary=\"99\" code=\"A\" percentage=\"10\" />"
        );
    }

    [Fact]
    public void An_identifier_with_a_blank_is_taken_and_one_with_an_unseen_character_is_refused()
    {
        Assert.DoesNotContain(IatiFiles.Check(IatiFiles.Activity("XX-TEST-1 a")), p => p.Refuses);
        foreach (var unseen in new[] { "\u200B", "\u00AD", "\u00A0", "\u2060", "\u3164", "\uFE0F", "\u202E" })
            Refused("iati.identifier_unreadable", IatiFiles.Activity($"XX-TEST{unseen}-1"));
        Assert.Equal(
            IatiActivity.Of(IatiFiles.Read(IatiFiles.File(IatiFiles.Activity("XX-TE\u0301ST")))[0]).Identifier,
            IatiActivity.Of(IatiFiles.Read(IatiFiles.File(IatiFiles.Activity("XX-T\u00C9ST")))[0]).Identifier
        );
    }

    [Fact]
    public void Rules_that_a_reader_can_live_with_are_noted()
    {
        var rich = IatiFiles.Rich;
        Assert.Empty(IatiFiles.Check(rich));
        foreach (
            var (code, activity) in new[]
            {
                ("iati.date_in_future", rich.Replace("2026-05-01T00:00:00Z", "2099-05-01T00:00:00Z")),
                ("iati.identifier_signs", rich.Replace("XX-TEST-1<", "XX-TEST-1/2<")),
                ("iati.reference_blanks", rich.Replace("ref=\"XX-MIN\"", "ref=\" XX-MIN\"")),
                (
                    "iati.nobody_named",
                    rich.Replace(
                        "<provider-org ref=\"XX-TEST\" provider-activity-id=\"XX-TEST-PARENT\"><narrative>Agency</narrative></provider-org>",
                        "<provider-org type=\"10\" />"
                    )
                ),
                (
                    "iati.both_levels",
                    rich.Replace("<flow-type code=\"10\" />", "<recipient-country code=\"KE\" /><flow-type code=\"10\" />")
                ),
                (
                    "iati.some_transactions",
                    IatiFiles
                        .Activity(more: "<sector code=\"15130\" />")
                        .Replace(
                            "<value value-date=\"2026-03-01\">-250</value>",
                            "<value value-date=\"2026-03-01\">-250</value><recipient-country code=\"KE\" />"
                        )
                ),
                ("iati.place_missing", IatiFiles.Activity(more: "<sector code=\"15130\" />")),
                ("iati.sector_unnamed", rich.Replace("<narrative>Own</narrative>", "")),
                (
                    "iati.reference_at_both",
                    rich.Replace(
                        "<indicator measure=\"1\" ascending=\"1\"><title><narrative>Number</narrative></title>",
                        "<reference vocabulary=\"99\" code=\"a\" /><indicator measure=\"1\" ascending=\"1\"><title><narrative>Number</narrative></title><reference vocabulary=\"99\" code=\"b\" />"
                    )
                ),
                ("iati.period_reversed", rich.Replace("<period-end iso-date=\"2024-12-31\" />", "<period-end iso-date=\"2023-12-31\" />")),
                ("iati.value_missing", rich.Replace("<target value=\"10\" />", "<target />")),
                ("iati.text_empty", rich.Replace("<narrative>First</narrative>", "<narrative> </narrative>")),
                (
                    "iati.language_twice",
                    rich.Replace("<narrative xml:lang=\"fr\">Deux cours.</narrative>", "<narrative xml:lang=\"EN\">Again.</narrative>")
                ),
            }
        )
        {
            Assert.NotEqual(rich, activity);
            Noted(code, activity);
            Assert.DoesNotContain(IatiFiles.Check(activity), p => p.Refuses);
        }
    }

    [Fact]
    public void A_problem_names_its_line()
    {
        var file = IatiFiles.File(IatiFiles.Activity(), IatiFiles.Activity("XX-TEST-2", status: "17"));
        var line = file.Split('\n').Index().Single(l => l.Item.Contains("code=\"17\"")).Index + 1;
        Assert.Equal(line, IatiChecker.Check(IatiFiles.Read(file)[1], IatiFiles.Today).Single(p => p.Refuses).Line);
    }

    [Theory]
    [InlineData("iati.old_version", "<iati-activities version=\"1.05\"><iati-activity /></iati-activities>")]
    [InlineData("iati.old_version", "<iati-activities><iati-activity /></iati-activities>")]
    [InlineData("iati.unknown_version", "<iati-activities version=\"3.01\"><iati-activity /></iati-activities>")]
    [InlineData("iati.organisation_file", "<iati-organisations version=\"2.03\" />")]
    [InlineData("iati.not_iati", "<rss />")]
    [InlineData("iati.broken", "no xml at all")]
    [InlineData("iati.broken", "")]
    [InlineData("iati.no_activities", "<iati-activities version=\"2.03\"></iati-activities>")]
    [InlineData("iati.broken", "<iati-activities version=\"2.03\"><iati-activity><iati-identifier>X")]
    [InlineData("iati.broken", "<iati-activities version=\"2.03\"><iati-activity></iati-activities>")]
    [InlineData("iati.unexpected_in_file", "<iati-activities version=\"2.03\"><other /></iati-activities>")]
    [InlineData(
        "iati.dtd",
        "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><iati-activities version=\"2.03\"><iati-activity>&c;</iati-activity></iati-activities>"
    )]
    [InlineData("iati.dtd", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><iati-activities version=\"2.03\" />")]
    public void What_is_no_activity_file_gets_a_clear_answer(string code, string file) =>
        Assert.Equal(code, Assert.Throws<ImportUnreadable>(() => IatiFiles.Read(file)).Code);

    [Fact]
    public void A_wrong_encoding_and_endless_nesting_get_a_clear_answer()
    {
        var latin = Encoding.Latin1.GetBytes(IatiFiles.File(IatiFiles.Activity(title: "Écoles")));
        var wrong = Assert.Throws<ImportUnreadable>(() =>
        {
            using var reader = new IatiReader(new MemoryStream(latin));
            return reader.Activities().ToList();
        });
        Assert.Contains(wrong.Code, new[] { "iati.encoding", "iati.broken" });
        Assert.Equal(
            "iati.too_deep",
            Assert
                .Throws<ImportUnreadable>(() =>
                    IatiFiles.Read(IatiFiles.File("<iati-activity>" + string.Concat(Enumerable.Repeat("<a>", 5000))))
                )
                .Code
        );
        Assert.Equal(
            "iati.activity_too_large",
            Assert
                .Throws<ImportUnreadable>(() =>
                    IatiFiles.Read(IatiFiles.File(IatiFiles.Activity(title: new string('x', IatiReader.LargestActivity + 1))))
                )
                .Code
        );
    }

    /// <summary>What a file of any size may hold is counted as it is read: it is refused long before it was read whole.</summary>
    [Theory]
    [InlineData("a text", "iati.activity_too_large", "<iati-activity><iati-identifier>", "aaaaaaaaaaaaaaaa", 9)]
    [InlineData("a text set apart", "iati.activity_too_large", "<iati-activity><iati-identifier><![CDATA[", "aaaaaaaaaaaaaaaa", 2)]
    [InlineData("an attribute", "iati.activity_too_large", "<iati-activity><title a='", "aaaaaaaaaaaaaaaa", 2)]
    [InlineData("attributes", "iati.activity_too_large", "<iati-activity><title ", "a#='' ", 2)]
    [InlineData("names", "iati.activity_too_large", "<iati-activity>", "<a#/>", 2)]
    [InlineData("names beside", "iati.activity_too_large", "", "<x:a#/>", 2)]
    [InlineData("nesting", "iati.too_deep", "<iati-activity>", "<a>", 1)]
    [InlineData("nesting beside", "iati.too_deep", "", "<x:a>", 1)]
    public void What_has_no_end_is_not_read_to_its_end(string what, string code, string head, string piece, int most)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode })
        {
            using var endless = new Endless(
                encoding,
                $"<?xml version=\"1.0\"?><iati-activities version=\"2.03\" xmlns:x=\"https://example.org/x\">{head}",
                piece
            );
            var refused = Assert.Throws<ImportUnreadable>(() =>
            {
                using var reader = new IatiReader(endless);
                foreach (var activity in reader.Activities())
                    Assert.NotNull(activity);
            });
            Assert.True(refused.Code == code, $"{what} in {encoding.WebName}: {refused.Code}");
            Assert.True(endless.Given <= most * 1024L * 1024 * 2, $"{what} in {encoding.WebName}: {endless.Given} bytes were read");
        }
    }

    // A head, then the same again and again, "#" being another number each time; given up after 64 MB.
    private sealed class Endless(Encoding encoding, string head, string piece) : Stream
    {
        private byte[] ready = [.. encoding.GetPreamble(), .. encoding.GetBytes(head)];
        private int at;
        private int number;

        public long Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (at == ready.Length)
                (ready, at) = (
                    encoding.GetBytes(
                        string.Concat(
                            Enumerable
                                .Range(0, 500)
                                .Select(_ => piece.Replace("#", number++.ToString(System.Globalization.CultureInfo.InvariantCulture)))
                        )
                    ),
                    0
                );
            if (Given > 64 * 1024 * 1024)
                return 0;
            var given = Math.Min(count, ready.Length - at);
            ready.AsSpan(at, given).CopyTo(buffer.AsSpan(offset));
            (at, Given) = (at + given, Given + given);
            return given;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    [Fact]
    public void What_an_activity_says_is_understood()
    {
        var activity = IatiActivity.Of(
            IatiFiles.Read(
                IatiFiles.File(
                    IatiFiles.Activity(others: "<other-identifier ref=\"17\" type=\"A1\" /><other-identifier ref=\"OLD\" type=\"B1\" />")
                )
            )[0]
        );
        var c = activity.Content;
        Assert.Equal(
            ("Courses against the financing of terrorism", "Two courses for investigators.", "XX-TEST-1", "17"),
            (c.Title, c.Description, c.IatiIdentifier, activity.InternalIdentifier)
        );
        Assert.Equal(["OLD"], activity.FormerReporters);
        Assert.Equal(["KEN", "UGA"], c.States);
        Assert.Equal(["LEGIS"], c.Themes);
        Assert.Equal(
            (Portal.Domain.Imports.ImportRelevance.Sector | ImportRelevance.Words, Domain.Assistance.ProgrammeStatus.Active),
            (activity.Relevance, activity.Status)
        );
        Assert.Equal([(100_000.50m, "USD"), (90_000m, "EUR"), (-250m, "USD")], c.Money.Select(m => (m.Amount, m.Currency)));
        Assert.Equal(("Officials trained: Number", "40", "25"), (c.Results[0].Title, c.Results[0].Target, c.Results[0].Actual));
        Assert.Empty(Domain.Assistance.Programme.Content.Fields.Problems(c));
    }

    [Fact]
    public void A_language_and_a_place_that_the_portal_does_not_keep_are_told()
    {
        var text = IatiFiles
            .Activity(more: "<recipient-country code=\"KE\" percentage=\"60\" /><recipient-country code=\"XK\" percentage=\"40\" />")
            .Replace("<narrative xml:lang=\"fr\">Cours</narrative></title>", "</title>", StringComparison.Ordinal);
        var english = IatiActivity.Of(IatiFiles.Read(IatiFiles.File(text))[0]);
        var portuguese = IatiActivity.Of(
            IatiFiles.Read(IatiFiles.File(text.Replace("xml:lang=\"en\"", "xml:lang=\"pt-BR\"", StringComparison.Ordinal)))[0]
        );
        Assert.Equal([("iati.recipient_no_state", "XK")], english.Notes.Select(n => (n.Code, n.Value)));
        Assert.Equal(
            [("iati.language_other", "pt-BR"), ("iati.recipient_no_state", "XK")],
            portuguese.Notes.Select(n => (n.Code, n.Value))
        );
        Assert.Equal(["KEN"], portuguese.Content.States);
    }

    [Fact]
    public void Every_problem_that_can_be_told_has_its_words()
    {
        var words = House.Sources.Words("Portal/Imports/ImportWords.resx").Keys.ToHashSet();
        var told = House
            .Sources.Of(".cs")
            .Where(f => f.Path.Contains("Iati/") || f.Path.Contains("Imports/"))
            .SelectMany(f =>
                System.Text.RegularExpressions.Regex.Matches(f.Text, "\"((?:iati|table)\\.[a-z_]+)\"").Select(m => m.Groups[1].Value)
            )
            .Distinct();
        House.Sources.None(told.Where(t => !words.Contains("problem." + t)), "Problems without words:");
    }
}
