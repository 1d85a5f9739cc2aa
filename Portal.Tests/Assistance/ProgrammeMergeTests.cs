using Portal.Domain.Assistance;
using Portal.Domain.Reference;

namespace Portal.Tests.Assistance;

/// <summary>
/// What a publisher sends again and what was corrected in the portal come together without either losing what it alone changed.
/// </summary>
public sealed class ProgrammeMergeTests
{
    private static ProgrammeReport Report(
        Func<Programme.Content, Programme.Content>? edit = null,
        ProgrammeStatus status = ProgrammeStatus.Active
    ) => new((edit ?? (c => c))(Cast.ProgrammeContent), status);

    private static ProgrammeMerge Merge(ProgrammeReport? last, ProgrammeReport theirs, ProgrammeReport ours, params string[] wins) =>
        ProgrammeMerge.Of(last, theirs, ours, wins.ToHashSet());

    private static void Same(ProgrammeReport expected, ProgrammeReport actual) => Assert.Empty(Merge(null, expected, actual).Changes);

    private static MoneyLine Disbursed(int month, decimal amount) =>
        new(MoneyKind.Disbursement, new DateOnly(2027, month, 1), null, amount, "USD");

    [Fact]
    public void What_the_publisher_did_not_change_stays_as_it_was_corrected()
    {
        var ours = Report(c =>
            c with
            {
                Title = "Corrected",
                Themes = ["LEGIS"],
                States = ["KEN", "UGA"],
                Money = [.. c.Money, Disbursed(6, 10)],
            }
        );
        var merge = Merge(Report(), Report(), ours);
        Same(ours, merge.Merged);
        Assert.Empty(merge.Changes);
    }

    [Fact]
    public void What_the_publisher_alone_changed_is_taken_beside_corrections_and_told_from_and_to()
    {
        var merge = Merge(
            Report(),
            Report(c => c with { Title = "New title", EndPlanned = new DateOnly(2029, 12, 31) }),
            Report(c => c with { Themes = ["LEGIS"] })
        );
        Assert.Equal(
            ("New title", new DateOnly(2029, 12, 31), "LEGIS"),
            (merge.Merged.Content.Title, merge.Merged.Content.EndPlanned, merge.Merged.Content.Themes.Single())
        );
        Assert.Equal(
            [
                new FieldChange("Title", Cast.ProgrammeContent.Title, "New title", null, true),
                new FieldChange("EndPlanned", "2028-12-31", "2029-12-31", null, true),
            ],
            merge.Changes
        );
    }

    [Fact]
    public void What_both_changed_stays_as_the_portal_has_it_until_somebody_says_otherwise()
    {
        var (theirs, ours) = (
            Report(c => c with { Title = "Theirs" }, ProgrammeStatus.Completed),
            Report(c => c with { Title = "Ours" }, ProgrammeStatus.Cancelled)
        );
        var merge = Merge(Report(), theirs, ours);
        Assert.Equal(("Ours", ProgrammeStatus.Cancelled), (merge.Merged.Content.Title, merge.Merged.Status));
        Assert.Equal(
            [
                new FieldChange("Title", Cast.ProgrammeContent.Title, "Theirs", "Ours", false),
                new FieldChange("Status", "Active", "Completed", "Cancelled", false),
            ],
            merge.Changes
        );
        Assert.Equal(
            ("Theirs", ProgrammeStatus.Cancelled),
            (Merge(Report(), theirs, ours, "Title").Merged.Content.Title, Merge(Report(), theirs, ours, "Title").Merged.Status)
        );
        Assert.Empty(Merge(Report(), theirs, theirs).Changes);
    }

    [Fact]
    public void Lines_are_brought_together_one_by_one()
    {
        var merge = Merge(
            Report(),
            Report(c => c with { Money = [.. c.Money, Disbursed(5, 5)] }),
            Report(c => c with { Money = [.. c.Money, Disbursed(6, 6)] })
        );
        Assert.Equal(
            [.. Cast.ProgrammeContent.Money, Disbursed(5, 5), Disbursed(6, 6)],
            merge.Merged.Content.Money.OrderBy(m => m.Kind).ThenBy(m => m.Date)
        );
        // The same line, by each with another amount: no sum of both.
        var both = Merge(
            Report(),
            Report(c => c with { Money = [c.Money[0], c.Money[1] with { Amount = 7 }] }),
            Report(c => c with { Money = [c.Money[0], c.Money[1] with { Amount = 8 }] })
        );
        Assert.Equal([8], both.Merged.Content.Money.Where(m => m.Kind == MoneyKind.Disbursement).Select(m => m.Amount));
        Assert.Equal(("Money.Disbursement", "2027-02-01 8 USD"), (both.Changes.Single().Field, both.Changes.Single().Here));
        // A target by the one, what was reached by the other.
        var result = Merge(
            Report(),
            Report(c => c with { Results = [c.Results[0] with { Actual = "35" }] }),
            Report(c => c with { Results = [c.Results[0] with { Target = "80" }] })
        );
        Assert.Equal(("80", "35"), (result.Merged.Content.Results[0].Target, result.Merged.Content.Results[0].Actual));
    }

    [Fact]
    public void Texts_in_another_language_and_days_that_would_turn_around_change_together_or_not_at_all()
    {
        var french = Report(c => c with { Title = "Cours", Description = "Deux cours.", Language = Language.Fr });
        Same(french, Merge(Report(), french, Report()).Merged);
        var ours = Report(c => c with { Description = "Corrected" });
        var texts = Merge(Report(), french, ours);
        Assert.Equal(
            (ours.Content.Title, "Corrected", Language.En),
            (texts.Merged.Content.Title, texts.Merged.Content.Description, texts.Merged.Content.Language)
        );
        Assert.NotNull(texts.Changes.Single().Here);
        var days = Merge(
            Report(),
            Report(c => c with { EndPlanned = new DateOnly(2027, 6, 30) }),
            Report(c => c with { StartPlanned = new DateOnly(2027, 9, 1) })
        );
        Assert.Equal(
            (new DateOnly(2027, 9, 1), new DateOnly(2028, 12, 31)),
            (days.Merged.Content.StartPlanned, days.Merged.Content.EndPlanned)
        );
        Assert.NotNull(days.Changes.Single().Here);
    }

    [Fact]
    public void Where_it_is_not_known_what_was_sent_last_only_what_is_empty_is_filled()
    {
        var merge = Merge(
            null,
            Report(c => c with { Title = "Theirs", IatiIdentifier = "XX-1", States = ["KEN", "UGA"], Money = [Disbursed(1, 1)] }),
            Report(c => c with { Documents = [] })
        );
        Assert.Equal(
            (Cast.ProgrammeContent.Title, "XX-1", 1),
            (merge.Merged.Content.Title, merge.Merged.Content.IatiIdentifier, merge.Merged.Content.Documents.Count)
        );
        Assert.Equal(Cast.ProgrammeContent.Money, merge.Merged.Content.Money.AsEnumerable());
        Assert.Equal(["Documents", "IatiIdentifier"], merge.Changes.Where(c => c.IsTaken).Select(c => c.Field).Order());
        Assert.Equal(["Money.Disbursement", "States", "Title"], merge.Changes.Where(c => c.Here is not null).Select(c => c.Field).Order());
    }

    // Fields that are one value each, and lists with what a line is known by.
    private static readonly (string Field, Func<ProgrammeReport, string> Of)[] Values =
    [
        ("Title", r => r.Content.Title),
        ("Description", r => r.Content.Description),
        ("StartPlanned", r => $"{r.Content.StartPlanned:O}"),
        ("EndActual", r => $"{r.Content.EndActual:O}"),
        ("IatiIdentifier", r => r.Content.IatiIdentifier ?? ""),
        ("Status", r => r.Status.ToString()),
        ("Themes", r => string.Join(' ', r.Content.Themes.Order())),
        ("States", r => string.Join(' ', r.Content.States.Order())),
        ("Sectors", r => string.Join(' ', r.Content.Sectors.Order())),
        ("Modalities", r => string.Join(' ', r.Content.Modalities.Order())),
        .. new[] { 1, 2, 3 }.Select(m =>
            (
                "Money.Disbursement",
                new Func<ProgrammeReport, string>(r =>
                    string.Join(
                        ' ',
                        r.Content.Money.Where(x => x.Kind == MoneyKind.Disbursement && x.Date.Month == m).Select(x => x.Amount).Order()
                    )
                )
            )
        ),
        .. new[] { "A", "B" }.Select(t =>
            (
                "Results",
                new Func<ProgrammeReport, string>(r => string.Join(' ', r.Content.Results.Where(x => x.Title == t).Select(x => x.Target)))
            )
        ),
        .. new[] { "P", "Q" }.Select(n =>
            (
                "Participants",
                new Func<ProgrammeReport, string>(r =>
                    string.Join(' ', r.Content.Participants.Where(x => x.Identifier == n).Select(x => x.Name))
                )
            )
        ),
    ];

    [Fact]
    public void In_random_histories_nothing_that_one_side_alone_changed_is_lost()
    {
        var random = new Random(43);
        for (var round = 0; round < 3000; round++)
        {
            var last = Edited(
                random,
                new ProgrammeReport(Cast.ProgrammeContent with { Results = [], Participants = [] }, ProgrammeStatus.Pipeline),
                8
            );
            var (theirs, ours) = (Edited(random, last, random.Next(5)), Edited(random, last, random.Next(5)));
            var merge = ProgrammeMerge.Of(last, theirs, ours);
            foreach (var (field, of) in Values)
            {
                var (b, t, o, m) = (of(last), of(theirs), of(ours), of(merge.Merged));
                var isConflict = t != b && o != b && t != o;
                Assert.Equal(t == b || isConflict ? o : t, m);
                if (isConflict)
                    Assert.Contains(merge.Changes, c => c.Field == field && c.Here is not null && !c.IsTaken);
                if (m != o)
                    Assert.Contains(merge.Changes, c => c.Field == field && c.IsTaken);
            }
            Assert.Empty(Programme.Content.Fields.Problems(merge.Merged.Content));
            Assert.Equal(Values.Any(v => v.Of(merge.Merged) != v.Of(ours)), merge.Changes.Any(c => c.IsTaken));
            // The same file once more changes nothing.
            Assert.Empty(ProgrammeMerge.Of(theirs, theirs, merge.Merged).Changes);
            // With every conflict settled for the publisher, what it changed is there.
            var settled = ProgrammeMerge.Of(last, theirs, ours, merge.Changes.Select(c => c.Field).ToHashSet());
            Assert.All(Values, v => Assert.Equal(v.Of(theirs) == v.Of(last) ? v.Of(ours) : v.Of(theirs), v.Of(settled.Merged)));
        }
    }

    [Fact]
    public void In_random_histories_no_import_puts_older_words_over_newer_ones()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var (random, clock) = (new Random(seed), 0);
            // Each word says when it was written.
            var published = new ProgrammeReport(
                Cast.ProgrammeContent with
                {
                    Title = "0",
                    Description = "0",
                    IatiIdentifier = "0",
                },
                ProgrammeStatus.Active
            );
            var (here, last) = (published, published);
            for (var step = 0; step < 12; step++)
            {
                clock++;
                var field = random.Next(3);
                if (random.Next(3) == 0)
                {
                    var merged = ProgrammeMerge.Of(last, published, here).Merged;
                    foreach (var of in new Func<Programme.Content, string?>[] { c => c.Title, c => c.Description, c => c.IatiIdentifier })
                        Assert.True(
                            int.Parse(of(merged.Content)!) >= int.Parse(of(here.Content)!),
                            $"Older words over newer ones in history {seed}"
                        );
                    (here, last) = (merged, published);
                }
                else if (random.Next(2) == 0)
                    published = published with { Content = Written(published.Content, field, clock) };
                else
                    here = here with { Content = Written(here.Content, field, clock) };
            }
        }
    }

    private static Programme.Content Written(Programme.Content c, int field, int when) =>
        field switch
        {
            0 => c with { Title = $"{when}" },
            1 => c with { Description = $"{when}" },
            _ => c with { IatiIdentifier = $"{when}" },
        };

    private static ProgrammeReport Edited(Random random, ProgrammeReport report, int times)
    {
        for (var i = 0; i < times; i++)
            report = Edited(random, report);
        return report;
    }

    private static ProgrammeReport Edited(Random random, ProgrammeReport report)
    {
        var c = report.Content;
        var n = random.Next(4);
        IReadOnlyList<string> Some(params string[] all) => [.. all.Where(_ => random.Next(2) == 0).OrderBy(_ => random.Next())];
        return random.Next(12) switch
        {
            0 => report with { Content = c with { Title = $"Title {n}" } },
            1 => report with { Content = c with { Description = n == 0 ? "" : $"Text {n}" } },
            2 => report with { Content = c with { StartPlanned = n == 0 ? null : new DateOnly(2025, n, 1) } },
            3 => report with { Content = c with { EndActual = n == 0 ? null : new DateOnly(2030, n, 1) } },
            4 => report with { Content = c with { IatiIdentifier = n == 0 ? null : $"XX-{n}" } },
            5 => report with { Status = (ProgrammeStatus)n },
            6 => report with { Content = c with { Themes = Some("CFT", "LEGIS", "HR") } },
            7 => report with { Content = c with { States = Some("KEN", "UGA", "PER"), Modalities = Some("TRAINING", "EXPERT") } },
            8 => report with { Content = c with { Sectors = Some("15130", "15210", "151") } },
            9 => report with
            {
                Content = c with
                {
                    Money =
                    [
                        .. c.Money.Where(m => m.Kind != MoneyKind.Disbursement),
                        .. Enumerable.Range(0, n).Select(_ => Disbursed(random.Next(1, 4), random.Next(1, 3))),
                    ],
                },
            },
            10 => report with
            {
                Content = c with
                {
                    Results =
                    [
                        .. new[] { "A", "B" }
                            .Where(_ => random.Next(3) > 0)
                            .Select(t => new ResultLine(ResultKind.Output, t, $"{random.Next(3)}")),
                    ],
                },
            },
            _ => report with
            {
                Content = c with
                {
                    Participants =
                    [
                        .. new[] { "P", "Q" }
                            .Where(_ => random.Next(3) > 0)
                            .Select(p => new Participant($"Name {random.Next(3)}", ParticipantRole.Funding, p)),
                    ],
                },
            },
        };
    }
}
