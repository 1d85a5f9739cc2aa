using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Assessments;
using Portal.Assistance.Programmes;
using Portal.Collaboration;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;
using Portal.Shell;
using Portal.Tests.Assessments;

namespace Portal.Tests.Collaboration;

/// <summary>Two officers write in one dossier at once: only what both of them changed is asked about.</summary>
public sealed class MergeTests
{
    private const string Documents = "1373:2(g)/documents";
    private const string Freezing = "1373:1(c)/freezing";

    private static readonly Dossier.Content Content = DossierCast.Content("KEN") with { Narrative = "One.\nTwo.\nThree." };

    // What the second officer is shown, where both began on the same dossier.
    private static Editing<DossierForm> Met(Action<DossierForm> mine, Action<DossierForm> theirs, Dossier.Content? began = null)
    {
        var version = Guid.NewGuid();
        var (before, saved) = (Editing<DossierForm>.Of(DossierForm.Of(began ?? Content), version), DossierForm.Of(began ?? Content));
        mine(before.Form);
        theirs(saved);
        var again = Editing<DossierForm>.Of(saved, Guid.NewGuid());
        again.Restore(new(Guid.NewGuid(), before.Form, before.Opened, Cast.Now, ""));
        return again;
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_officers_who_change_other_paragraphs_and_other_findings_lose_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = DossierCast.At(DossierStage.Drafting, content: Content);
        await test.Save(dossier);
        var (leila, dorothea) = ((await test.As(Cast.Leila)).Get<DossierService>(), (await test.As(Cast.Dorothea)).Get<DossierService>());
        async Task<(DossierForm, Guid)> Read(DossierService at) =>
            await at.Content(dossier.Reference) is var (content, version) ? (DossierForm.Of(content), version) : default;
        async Task<Editing<DossierForm>> Open(DossierService at) =>
            await Read(at) is var (form, version) ? Editing<DossierForm>.Of(form, version) : null!;
        Task<bool> Save(DossierService at, Editing<DossierForm> edit) =>
            edit.Save(version => at.Edit(dossier.Reference, version, edit.Form.Read(out _)), () => Read(at));
        var (hers, others) = (await Open(leila), await Open(dorothea));

        (hers.Form["Narrative"], hers.Form.Findings[0].Text) = ("One, by Leila.\nTwo.\nThree.", "Checked at three crossings.");
        Assert.True(await Save(leila, hers));
        (others.Form["Narrative"], others.Form.Findings[1].Text) = ("One.\nTwo.\nThree, by Dorothea.", "Frozen within hours.");
        others.Form.Findings[0].Rating = "LARGELY";

        // It is shown before it is saved.
        Assert.False(await Save(dorothea, others));
        Assert.Equal([("Narrative", Side.Both), ("Findings", Side.Both)], others.Differences.Select(d => (d.Field, d.Taken!.Value)));
        Assert.True(await Save(dorothea, others));
        var (saved, _) = await leila.Content(dossier.Reference);
        Assert.Equal("One, by Leila.\nTwo.\nThree, by Dorothea.", saved.Narrative);
        Assert.Equal(
            [(Documents, "LARGELY", "Checked at three crossings."), (Freezing, "LARGELY", "Frozen within hours.")],
            saved.Findings.Select(f => (f.Topic, f.Rating, f.Text))
        );
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_who_translate_other_texts_into_one_language_lose_nothing(Database database)
    {
        await using var test = await TestDb.Open(database);
        var dossier = DossierCast.At(DossierStage.Drafting, translated: [Language.Fr]);
        await test.Save(dossier);
        var (leila, dorothea) = ((await test.As(Cast.Leila)).Get<DossierService>(), (await test.As(Cast.Dorothea)).Get<DossierService>());
        async Task<(PassagesForm, Guid)> Read(DossierService at) =>
            await at.Translation(dossier.Reference, Language.Fr) is var (_, french) ? (PassagesForm.Of(french), french.Revision) : default;
        async Task<Editing<PassagesForm>> Open(DossierService at) =>
            await Read(at) is var (form, revision) ? Editing<PassagesForm>.Of(form, revision) : null!;
        Task<bool> Save(DossierService at, Editing<PassagesForm> edit) =>
            edit.Save(version => at.Translate(dossier.Reference, edit.Form.Said(Language.Fr, version)), () => Read(at));
        void Types(Editing<PassagesForm> edit, TextPlace place, string text) => edit.Form.Passages.First(p => p.Place == place).Text = text;
        var (hers, others) = (await Open(leila), await Open(dorothea));

        Types(hers, TextPlace.Letter, "Lettre.");
        Assert.True(await Save(leila, hers));
        Types(others, TextPlace.Narrative, "Récit.");
        // It is shown before it is saved.
        Assert.False(await Save(dorothea, others));
        Assert.Equal(Side.Both, Assert.Single(others.Differences).Taken);
        Assert.True(await Save(dorothea, others));
        var (saved, _) = await Read(leila);
        Assert.Equal(
            ["Lettre.", "Récit."],
            saved.Passages.Where(p => p.Place is TextPlace.Letter or TextPlace.Narrative).Select(p => p.Text)
        );
    }

    [Fact]
    public void Where_two_translate_the_same_text_differently_that_one_is_asked_about_and_no_other_is_lost()
    {
        PassagesForm Says(params (TextPlace Place, string Text)[] typed) =>
            PassagesForm.Of(
                DossierTranslation.Into(Language.Fr) with
                {
                    Passages = [.. typed.Select(t => new Passage(t.Place, null, "Source.", t.Text))],
                }
            );
        string[] Read(Editing<PassagesForm> edit) => [.. edit.Form.Passages.Select(p => p.Text)];
        var mine = Says((TextPlace.Letter, "Mine."), (TextPlace.Narrative, "My narrative."));
        var theirs = Says((TextPlace.CoverNote, "Their note."), (TextPlace.Letter, "Theirs."));
        var edit = Editing<PassagesForm>.Of(theirs, Guid.NewGuid());
        edit.Restore(new(Guid.NewGuid(), mine, new PassagesForm(), Cast.Now, ""));
        // It waits for a choice; of the three none takes more away than it says.
        var shown = Assert.Single(edit.Differences);
        Assert.Equal((null, true), (shown.Taken, shown.IsDisputed));
        edit.Choose(shown, Side.Both);
        Assert.Equal(["Their note.", "Mine.", "My narrative."], Read(edit));
        edit.Choose(shown, Side.Theirs);
        Assert.Equal(["Their note.", "Theirs."], Read(edit));
        edit.Choose(shown, Side.Mine);
        Assert.Equal(["Mine.", "My narrative."], Read(edit));
    }

    [Fact]
    public void A_text_that_was_taken_out_and_typed_again_meets_nothing_that_another_changed()
    {
        var french = DossierCast.Translation(Content, Language.Fr);
        var letter = french.LinesOf(Content).Single(l => l.Place == TextPlace.Letter);
        var (mine, theirs) = (PassagesForm.Of(french), PassagesForm.Of(french));
        mine.Put(letter, "");
        mine.Put(letter with { Passage = null }, "Lettre.");
        theirs.Passages.Single(p => p.Place == TextPlace.Narrative).Text = "Récit.";
        var edit = Editing<PassagesForm>.Of(theirs, Guid.NewGuid());
        edit.Restore(new(Guid.NewGuid(), mine, PassagesForm.Of(french), Cast.Now, ""));
        Assert.Equal(Side.Both, Assert.Single(edit.Differences).Taken);
        Assert.Equal(
            ["Lettre.", "Récit."],
            edit.Form.Passages.Where(p => p.Place is TextPlace.Letter or TextPlace.Narrative).Select(p => p.Text)
        );
    }

    [Fact]
    public void A_finding_that_both_put_in_is_one_and_what_else_each_put_in_stays()
    {
        DossierForm.FindingRow Row(string topic, string text) =>
            new()
            {
                Topic = topic,
                Rating = "FULLY",
                Text = text,
            };
        const string recruitment = "1373:2(a)/recruitment";
        const string couriers = "1373:1(a)/couriers";
        var edit = Met(
            f => f.Findings.AddRange([Row(recruitment, "Mine."), Row(couriers, "Mine alone.")]),
            f => f.Findings.Add(Row(recruitment, "Theirs."))
        );
        var shown = Assert.Single(edit.Differences);
        Assert.Equal((null, true), (shown.Taken, shown.IsDisputed));
        edit.Choose(shown, Side.Both);
        Assert.Equal(["Mine.", "Mine alone."], edit.Form.Findings.TakeLast(2).Select(f => f.Text));
    }

    [Fact]
    public void Changes_brought_together_can_be_taken_back_to_either_whole_version_and_again()
    {
        var edit = Met(f => f["Narrative"] = "Mine.\nTwo.\nThree.", f => f["Narrative"] = "One.\nTwo.\nTheirs.");
        var shown = Assert.Single(edit.Differences);
        Assert.Equal(("Mine.\nTwo.\nTheirs.", Side.Both), ((string?)edit.Form["Narrative"], shown.Taken));
        edit.Form["Narrative"] = "Mine.\nTwo, read over.\nTheirs.";
        edit.Choose(shown, Side.Mine);
        Assert.Equal("Mine.\nTwo.\nThree.", edit.Form["Narrative"]);
        edit.Choose(shown, Side.Theirs);
        Assert.Equal("One.\nTwo.\nTheirs.", edit.Form["Narrative"]);
        edit.Choose(shown, Side.Both);
        Assert.Equal("Mine.\nTwo, read over.\nTheirs.", edit.Form["Narrative"]);
        Assert.True(edit.IsDecided);
    }

    [Fact]
    public void What_the_other_changed_and_was_changed_alike_is_no_question()
    {
        Assert.Empty(Met(f => f["Narrative"] = "A.\nTwo.\nB.", f => f["Narrative"] = "A.\nTwo.\nThree.").Differences);
        var edit = Met(f => f["Narrative"] = "A.\nTwo.\nThree.", f => f["Narrative"] = "A.\nTwo.\nB.");
        Assert.Equal((Side.Theirs, null), (Assert.Single(edit.Differences).Taken!.Value, edit.Differences[0].Merged));
    }

    [Fact]
    public void A_paragraph_that_both_changed_is_asked_about()
    {
        var edit = Met(f => f["Narrative"] = "One.\nMine.\nThree.", f => f["Narrative"] = "One.\nTheirs.\nThree.");
        Assert.False(edit.IsDecided);
        Assert.Equal("One.\nMine.\nThree.", edit.Form["Narrative"]);
    }

    [Fact]
    public void Within_a_finding_each_field_is_brought_together_by_itself_and_its_text_by_paragraphs()
    {
        var began = Content with { Findings = [Content.Findings[0] with { Text = "One.\nTwo.\nThree." }, Content.Findings[1]] };
        var edit = Met(
            f => (f.Findings[0].Text, f.Findings[0].Rating) = ("Mine.\nTwo.\nThree.", "MET"),
            f => (f.Findings[0].Text, f.Findings[0].Evidence) = ("One.\nTwo.\nTheirs.", "A visit"),
            began
        );
        var finding = edit.Form.Findings[0];
        Assert.Equal(("Mine.\nTwo.\nTheirs.", "MET", "A visit"), (finding.Text, finding.Rating, finding.Evidence));
        Assert.True(edit.IsDecided);
        Assert.Null(Assert.Single(Met(f => f.Findings[0].Rating = "MET", f => f.Findings[0].Rating = "NOT_YET").Differences).Taken);
    }

    [Fact]
    public void New_findings_of_both_are_kept_and_what_one_took_out_and_the_other_changed_is_asked_about()
    {
        static DossierForm.FindingRow New(string? topic, string text) => new() { Topic = topic, Text = text };
        var edit = Met(
            f => f.Findings.Add(New("mine", "Mine")),
            f =>
            {
                f.Findings.RemoveAt(0);
                f.Findings.Add(New("theirs", "Theirs"));
            }
        );
        Assert.Equal([Freezing, "theirs", "mine"], edit.Form.Findings.Select(f => f.Topic));
        Assert.Equal(Side.Both, Assert.Single(edit.Differences).Taken);

        // A finding may still lack its topic.
        edit = Met(f => f.Findings.Insert(1, New(null, "Mine")), f => f.Findings[1].Text = "Theirs");
        Assert.Equal([Content.Findings[0].Text, "Mine", "Theirs"], edit.Form.Findings.Select(f => f.Text));

        foreach (
            var theirs in new Action<DossierForm>[]
            {
                f => f.Findings.RemoveAt(0),
                f => f.Findings[0].Topic = "another",
                f => f.Findings.Reverse(),
            }
        )
        {
            edit = Met(f => f.Findings[0].Text = "Mine", theirs);
            Assert.Null(Assert.Single(edit.Differences).Taken);
            Assert.Equal("Mine", edit.Form.Findings[0].Text);
        }
        // The same topic, added by both.
        Assert.False(Met(f => f.Findings.Add(New("new", "Mine")), f => f.Findings.Add(New("new", "Theirs"))).IsDecided);
        Assert.Empty(Met(f => f.Findings.Add(New("new", "Alike")), f => f.Findings.Add(New("new", "Alike"))).Differences);
    }

    private static readonly Dossier.Content Several = Content with
    {
        Recommendations = [.. "ABCD".Select(l => new RecommendationLine(Documents, $"{l}."))],
    };

    private static List<string> Texts(DossierForm form) => [.. form.Recommendations.Select(r => r.Text!)];

    [Fact]
    public void Lines_without_a_key_are_the_same_where_they_or_their_places_are()
    {
        static DossierForm.RecommendationRow New(string text) => new() { Topic = Documents, Text = text };
        var edit = Met(f => f.Recommendations[1].Text = "B, mine.", f => f.Recommendations[2].Text = "C, theirs.", Several);
        Assert.Equal(("A. B, mine. C, theirs. D.", Side.Both), (string.Join(' ', Texts(edit.Form)), Assert.Single(edit.Differences).Taken));
        edit = Met(
            f =>
            {
                f.Recommendations[3].Text = "D, mine.";
                f.Recommendations.Add(New("Mine."));
            },
            f =>
            {
                f.Recommendations.RemoveAt(0);
                f.Recommendations.Add(New("Theirs."));
            },
            Several
        );
        Assert.Equal("B. C. D, mine. Theirs. Mine.", string.Join(' ', Texts(edit.Form)));

        foreach (
            var theirs in new Action<DossierForm>[]
            {
                f => f.Recommendations[1].Priority = 1,
                f => f.Recommendations[1].Text = "B, theirs.",
                f => f.Recommendations.RemoveAt(1),
                f => f.Recommendations.Clear(),
            }
        )
        {
            edit = Met(f => f.Recommendations[1].Text = "B, mine.", theirs, Several);
            Assert.Null(Assert.Single(edit.Differences).Taken);
            Assert.Equal("A. B, mine. C. D.", string.Join(' ', Texts(edit.Form)));
        }
    }

    [Fact]
    public void Sums_of_a_programme_are_brought_together_line_by_line()
    {
        static ProgrammeForm With(params string[] amounts) =>
            new() { Money = [.. amounts.Select(a => new ProgrammeForm.MoneyRow { Amount = a, Date = "2027-01-01" })] };
        var again = Editing<ProgrammeForm>.Of(With("100", "300"), Guid.NewGuid());
        again.Restore(new(Guid.NewGuid(), With("150", "200"), With("100", "200"), Cast.Now, ""));
        Assert.Equal(["150", "300"], again.Form.Money.Select(m => m.Amount));
    }

    // Two random sets of changes: a line that both kept is there, and so is each that either wrote.
    [Fact]
    public void In_a_thousand_pairs_of_edits_no_line_is_lost_that_was_kept_or_written()
    {
        var merged = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            void Edit(DossierForm form, string by)
            {
                for (var i = 0; i < 1 + random.Next(3); i++)
                    switch (random.Next(3))
                    {
                        case 0 when form.Recommendations.Count > 0:
                            form.Recommendations.RemoveAt(random.Next(form.Recommendations.Count));
                            break;
                        case 1 when form.Recommendations.Count > 0:
                            form.Recommendations[random.Next(form.Recommendations.Count)].Text = $"{by}{i}";
                            break;
                        default:
                            form.Recommendations.Insert(random.Next(form.Recommendations.Count + 1), new() { Text = $"{by}{i}" });
                            break;
                    }
            }
            List<string> mine = [],
                theirs = [];
            var edit = Met(
                f =>
                {
                    Edit(f, "m");
                    mine = Texts(f);
                },
                f =>
                {
                    Edit(f, "t");
                    theirs = Texts(f);
                },
                Several
            );
            if (edit.Differences is not [{ Taken: Side.Both }])
                continue;
            merged++;
            var began = Several.Recommendations.Select(r => r.Text).ToHashSet();
            Assert.Equal(
                [.. mine.Intersect(theirs).Concat(mine.Except(began)).Concat(theirs.Except(began)).Order(StringComparer.Ordinal)],
                Texts(edit.Form).Order(StringComparer.Ordinal)
            );
        }
        Assert.True(merged > 200, $"Only {merged} were brought together.");
    }

    [Fact]
    public void Of_long_texts_the_table_shows_what_differs_and_not_the_texts()
    {
        var began = string.Join('\n', Enumerable.Range(1, 40).Select(i => $"Paragraph {i}."));
        using var page = new BunitContext();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddWords();
        page.Services.AddScoped<FieldWords>();
        var edit = Met(
            f =>
            {
                f["Narrative"] = began.Replace("Paragraph 3.", "Mine.", StringComparison.Ordinal);
                f["Letter"] = "One.\nMine.";
            },
            f =>
            {
                f["Narrative"] = began.Replace("Paragraph 30.", "Theirs.", StringComparison.Ordinal);
                f["Letter"] = "One.\nTheirs.";
            },
            Content with
            {
                Narrative = began,
                Letter = "One.\nTwo.",
            }
        );
        var chosen = 0;
        var table = page.Render<MergeTable<DossierForm>>(p =>
            p.Add(t => t.Of, edit).Add(t => t.Label, f => f).Add(t => t.OnChosen, () => chosen++)
        );

        var (letter, narrative) = (table.FindAll(".difference")[0], table.FindAll(".difference")[1]);
        Assert.Equal(
            ["…", "Paragraph 29.", "30", "Paragraph 31.", "…"],
            Outlined(narrative).Select(l => l.Contains("30", StringComparison.Ordinal) ? "30" : l)
        );
        Assert.Contains("Theirs", narrative.QuerySelector("ins")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Mine", letter.QuerySelector("del")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("en", narrative.GetAttribute("lang"));
        Assert.Equal(2, table.FindAll("input[name=merge-Letter]").Count);
        Assert.DoesNotContain(table.FindAll("input[name=merge-Letter]"), i => i.HasAttribute("checked"));
        var sides = table.FindAll("input[name=merge-Narrative]");
        Assert.Equal([false, false, true], sides.Select(i => i.HasAttribute("checked")));

        table.Find("#merge-Narrative").Change(true);
        Assert.Equal((1, "Mine.", Side.Mine), (chosen, ((string)edit.Form["Narrative"]!).Split('\n')[2], edit.Differences[1].Taken));
        Assert.Contains("Paragraph 30.", (string)edit.Form["Narrative"]!, StringComparison.Ordinal);
        table.FindAll("input[name=merge-Narrative]")[2].Change(true);
        Assert.Contains("Theirs.", (string)edit.Form["Narrative"]!, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Outlined(AngleSharp.Dom.IElement difference) => difference.Children.Select(p => p.TextContent);
}
