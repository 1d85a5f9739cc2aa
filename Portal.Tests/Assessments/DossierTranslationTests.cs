using Portal.Assessments;
using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Reference;
using static Portal.Tests.Assessments.DossierCast;

namespace Portal.Tests.Assessments;

/// <summary>
/// A dossier is written in one language, which is authoritative, and translated into others; what is missing and what was left behind is
/// found by comparing. Only what is whole goes on with it.
/// </summary>
public sealed class DossierTranslationTests
{
    private static readonly DateTime Now = Cast.Now;

    private static string? Refused(Action act) => (Record.Exception(act) as Refusal)?.Code;

    [Fact]
    public void A_change_ages_the_translation_of_what_was_changed_and_of_nothing_else()
    {
        var before = Content("KEN");
        var french = Translation(before, Language.Fr);
        Assert.True(french.IsWholeOf(before));
        // A blank more is no change, a paragraph more is one.
        Assert.True(french.IsWholeOf(before with { Letter = before.Letter.Replace(" ", "  ", StringComparison.Ordinal) + " " }));
        Assert.False(french.IsWholeOf(before with { Letter = before.Letter.Replace(". ", ".\n", StringComparison.Ordinal) + "\n\nMore." }));
        foreach (var line in french.LinesOf(before))
        {
            var now = Changed(before, line);
            Assert.Equal([line.Key], french.LinesOf(now).Where(l => l.IsOutdated).Select(l => l.Key));
            Assert.DoesNotContain(french.LinesOf(now), l => l.Passage is null);
        }
    }

    [Fact]
    public void What_is_new_is_missing_and_what_is_gone_is_missed_by_nobody()
    {
        var before = Content("KEN");
        var french = Translation(before, Language.Fr);
        var more = before with { Findings = [.. before.Findings, new("1373:2(a)/recruitment", "FULLY", "Nobody is recruited.")] };
        Assert.Equal(["Finding/1373:2(a)/recruitment/1"], french.LinesOf(more).Where(l => l.Passage is null).Select(l => l.Key));
        Assert.True(french.IsWholeOf(before with { CoverNote = null, Findings = [before.Findings[0]] }));
    }

    [Fact]
    public void Each_of_several_recommendations_on_a_topic_keeps_its_translation_wherever_it_stands()
    {
        var topic = Content("KEN").Findings[0].Topic;
        RecommendationLine Asked(string text) => new(topic, text);
        var before = Content("KEN") with { Recommendations = [Asked("One."), Asked("Two."), Asked("Three.")] };
        var french = Translation(before, Language.Fr);
        IReadOnlyList<string> Read(params string[] asked) =>
            [.. french.TextOf(before with { Recommendations = [.. asked.Select(Asked)] }).Recommendations.Select(r => r.Text)];

        Assert.Equal(["[fr Three.]", "[fr One.]", "[fr Two.]"], Read("Three.", "One.", "Two."));
        Assert.Equal(["[fr Two.]"], Read("Two."));
        // One that was changed has what no other claims.
        var changed = before with
        {
            Recommendations = [Asked("Three."), Asked("One, and soon."), Asked("Two.")],
        };
        var outdated = Assert.Single(french.LinesOf(changed), l => l.IsOutdated);
        Assert.Equal(("One, and soon.", "[fr One.]"), (outdated.Source, outdated.Passage!.Text));
    }

    [Fact]
    public void Whoever_translates_wrote_in_it_and_does_not_review_it()
    {
        var dossier = At(DossierStage.Drafting);
        Assert.NotNull(Refused(() => dossier.Translate(Cast.Chloe, Translation(dossier.Says, Language.Fr), Now)));
        dossier.Translate(Cast.Dorothea, Translation(dossier.Says, Language.Fr), Now);
        dossier.SendToReview(Cast.Leila, Now);
        Assert.Equal("dossier.not_yours_to_review", Refused(() => dossier.PassReview(Cast.Dorothea, QualityCheck.Said, null, Now)));
        // Once it is frozen nobody translates either.
        Assert.NotNull(Refused(() => dossier.Translate(Cast.Leila, Translation(dossier.Says, Language.Ar), Now)));
    }

    [Fact]
    public void Nobody_writes_over_what_another_translated_meanwhile_nor_into_the_dossiers_own_language()
    {
        var dossier = At(DossierStage.Drafting, translated: [Language.Fr]);
        var begun = dossier.Into(Language.Fr);
        dossier.Translate(Cast.Leila, begun with { Passages = [.. begun.Passages.Skip(1)] }, Now);
        Assert.Equal("record.changed_meanwhile", Refused(() => dossier.Translate(Cast.Dorothea, begun, Now)));
        Assert.Equal("record.changed_meanwhile", Refused(() => dossier.Translate(Cast.Leila, Translation(dossier.Says, Language.Fr), Now)));
        Assert.Equal(
            "dossier.translation_is_original",
            Refused(() => dossier.Translate(Cast.Leila, Translation(dossier.Says, Language.En), Now))
        );
        // One that says nothing is none.
        dossier.Translate(Cast.Leila, dossier.Into(Language.Fr) with { Passages = [] }, Now);
        Assert.Empty(dossier.Translations);
        Assert.Equal(
            ["dossier.translated", "dossier.translated", "dossier.translation_removed"],
            dossier.Acts.Take().Select(a => a.Code).Where(c => c.Contains("transl", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void What_the_dossier_does_not_say_for_a_while_keeps_its_translation()
    {
        var dossier = At(DossierStage.Drafting, translated: [Language.Fr]);
        var whole = dossier.Says;
        dossier.Edit(Cast.Leila, whole with { Letter = "", Findings = [whole.Findings[0]] }, Now);
        var french = dossier.Into(Language.Fr);
        Assert.Equal(4, french.Paired(dossier.Says).Left.Count);
        // Somebody saves another text meanwhile.
        dossier.Translate(Cast.Dorothea, french, Now);
        dossier.Edit(Cast.Leila, whole, Now);
        Assert.True(dossier.Into(Language.Fr).IsWholeOf(dossier.Says));
    }

    [Fact]
    public void What_is_typed_finds_its_place_by_what_it_was_made_of_and_blanks_are_no_change()
    {
        var topic = Content("KEN").Findings[0].Topic;
        RecommendationLine Asked(string text) => new(topic, text);
        var before = Content("KEN") with { Recommendations = [Asked("One."), Asked("Two.")] };
        var form = PassagesForm.Of(Translation(before, Language.Fr));
        IReadOnlyList<TranslatedLine> Read(Dossier.Content content) =>
            [.. form.Said(Language.Fr, Guid.Empty).LinesOf(content).Where(l => l.Place == TextPlace.Recommendation)];

        // Another was put in before them while it was typed.
        var after = before with
        {
            Recommendations = [Asked("New."), .. before.Recommendations],
        };
        Assert.Equal([null, "[fr One.]", "[fr Two.]"], Read(after).Select(l => l.Passage?.Text));
        // The first was changed: a blank in its translation is no translation of that, another word is, and so is saying that it holds.
        after = before with
        {
            Recommendations = [Asked("One, and soon."), Asked("Two.")],
        };
        form.Put(Read(after)[0], "[fr One.] ");
        Assert.True(Read(after)[0].IsOutdated);
        form.Put(Read(after)[0], "Un, et bientôt.");
        Assert.True(Read(after)[0].IsCurrent);
        form.Put(Read(after)[0].Passage!, "Un, et bientôt.", "One.");
        Assert.True(Read(after)[0].IsOutdated);
        form.Put(Read(after)[0], "");
        Assert.Equal([null, "[fr Two.]"], Read(after).Select(l => l.Passage?.Text));
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused_where_it_stands_and_with_it_all_others_that_are()
    {
        var dossier = At(DossierStage.Drafting);
        var french = Translation(dossier.Says, Language.Fr);
        var refusal = Assert.Throws<Refusal>(() =>
            dossier.Translate(
                Cast.Leila,
                french with
                {
                    Passages = [.. french.Passages.Select(p => p.Topic is null ? p : p with { Text = new('é', 20_001) })],
                },
                Now
            )
        );
        Assert.All(refusal.All, r => Assert.Equal("field.too_long", r.Code));
        Assert.Equal(french.LinesOf(dossier.Says).Where(l => l.Topic is not null).Select(l => l.Key), refusal.All.Select(r => r.Field));
        Assert.Empty(dossier.Translations);
    }

    [Fact]
    public void What_is_whole_is_frozen_in_each_language_and_the_State_is_sent_all_of_them()
    {
        var dossier = At(DossierStage.Sent, translated: [Language.Fr, Language.Ar]);
        Assert.Equal([Language.En, Language.Ar, Language.Fr], dossier.Editions.Where(e => e.IsSent).Select(e => e.Language).Distinct());
        Assert.All(dossier.Editions, e => Assert.True(e.IsWhole));
        Assert.Equal(dossier.Editions.Count, dossier.Editions.Select(e => e.Fingerprint).Distinct().Count());
        Assert.Equal(dossier.Says.Narrative, dossier.Sent().Narrative);
        Assert.Equal($"[fr {dossier.Says.Narrative}]", dossier.SentIn(Language.Fr)!.Read<AssessmentText>().Narrative);
        // What it was not translated into is read in the language that is authoritative.
        Assert.Equal(Language.En, dossier.SentIn(Language.Ru)!.Language);
        // The cover note is of the deliberation, in every language.
        Assert.DoesNotContain(dossier.Editions, e => e.IsSent && e.Part == (int)DossierParts.Cover);
        var asked = Recommendation.Of("REC-KEN-2027-1", dossier, 1, Now);
        Assert.Equal((Language.En, "Equip the three other crossings."), (asked.Language, asked.Asks));
        Assert.Equal(new AskedIn(Language.Fr, "[fr Equip the three other crossings.]"), asked.In(Language.Fr));
        Assert.Equal(new AskedIn(Language.En, asked.Asks), asked.In(Language.Zh));
    }

    [Fact]
    public void What_is_not_whole_keeps_it_from_going_on_and_is_in_no_edition()
    {
        var dossier = At(DossierStage.Drafting, translated: [Language.Fr, Language.Ar]);
        dossier.Edit(Cast.Leila, dossier.Says with { Letter = "Another letter." }, Now);
        dossier.Translate(Cast.Leila, Translation(dossier.Says, Language.Ar) with { Revision = dossier.Into(Language.Ar).Revision }, Now);
        dossier.SendToReview(Cast.Leila, Now);
        Assert.Equal([Language.En, Language.Ar], dossier.Editions.Select(e => e.Language).Distinct());
        Assert.Equal([QualityItem.Translated], QualityCheck.Wanting(dossier));
        Assert.Equal("dossier.quality_wanting", Refused(() => dossier.PassReview(Cast.Chloe, QualityCheck.Said, null, Now)));
        dossier.ReturnReview(Cast.Chloe, QualityCheck.Said, "French is behind.", Now);
        Assert.Equal([QualityItem.Translated], dossier.Review!.Wanting);
    }

    [Fact]
    public void Another_State_is_found_in_the_letter_in_whichever_language_it_is_named()
    {
        var dossier = At(DossierStage.Drafting);
        var french = Translation(dossier.Says, Language.Fr);
        dossier.Translate(
            Cast.Leila,
            french with
            {
                Passages =
                [
                    .. french.Passages.Select(p => p.Place == TextPlace.Letter ? p with { Text = "Au Gouvernement du Pérou." } : p),
                ],
            },
            Now
        );
        Assert.Equal(["PER"], QualityCheck.OthersNamed(dossier));
    }

    private static Dossier.Content Changed(Dossier.Content content, TranslatedLine line)
    {
        Finding Of(Finding f) =>
            f.Topic != line.Topic
                ? f
                : line.Place switch
                {
                    TextPlace.Finding => f with { Text = "Changed." },
                    TextPlace.Evidence => f with { Evidence = "Changed." },
                    TextPlace.Safeguards => f with { Safeguards = "Changed." },
                    _ => f,
                };
        return line.Place switch
        {
            TextPlace.CoverNote => content with { CoverNote = "Changed." },
            TextPlace.Letter => content with { Letter = "Changed." },
            TextPlace.Narrative => content with { Narrative = "Changed." },
            TextPlace.Recommendation => content with
            {
                Recommendations = [.. content.Recommendations.Select(r => r.Topic == line.Topic ? r with { Text = "Changed." } : r)],
            },
            _ => content with { Findings = [.. content.Findings.Select(Of)] },
        };
    }
}
