using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

/// <summary>What is told of a dossier.</summary>
/// <param name="Iso3">Its State.</param>
/// <param name="Officer">Its officer.</param>
/// <param name="Begun">Day on which it was begun, from today.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Content">What it says.</param>
/// <param name="Acts">What happens to it, act by act.</param>
internal sealed record DossierTelling(
    string Iso3,
    Actor Officer,
    int Begun,
    DossierStage Fate,
    Dossier.Content Content,
    IReadOnlyList<(int Day, Actor By, Action<Dossier, DateTime> Do)> Acts
);

/// <summary>
/// A dossier for each State of the demonstration, at every stage. Its texts are the same for all and its ratings are drawn: nothing in it
/// says anything of a State.
/// </summary>
internal sealed class DemonstrationDossiers(int seed, DateTime now, Func<string, string, Actor> actor)
{
    private readonly Random random = new(seed + 2);
    private readonly Headquarters hq = new(
        new UnCalendar(ReferenceHolidays.All().Select(h => h.Day)),
        TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        new TimeOnly(18, 0)
    );

    // In the order of the States of the cast: Kenya has a letter to answer, Peru's closes soon in its subcommittee, Senegal's came back
    // from review, Jordan's is held before the Committee.
    private static readonly DossierStage[] Fates =
    [
        DossierStage.Sent,
        DossierStage.Subcommittee,
        DossierStage.Drafting,
        DossierStage.Committee,
        DossierStage.Review,
        DossierStage.Ready,
        DossierStage.Endorsed,
        DossierStage.Adopted,
        DossierStage.Responded,
        DossierStage.Closed,
        DossierStage.Committee,
        DossierStage.Subcommittee,
    ];

    /// <summary>What happened to a dossier, act by act.</summary>
    public IEnumerable<DossierTelling> Tell()
    {
        var director = actor("director@demo.example", ReferenceOrganisations.Cted);
        var reviewer = actor("information@demo.example", ReferenceOrganisations.Cted);
        var chair = actor("committee@demo.example", "committee-d");
        Dossier.Content? first = null;
        foreach (var (i, (iso3, language)) in DemonstrationCast.States.Index())
        {
            var officer = iso3 switch
            {
                "KEN" or "PER" or "SEN" => actor("legal@demo.example", ReferenceOrganisations.Cted),
                "JOR" or "TUN" or "KAZ" => actor("legal.second@demo.example", ReferenceOrganisations.Cted),
                _ => director,
            };
            var fate = Fates[i % Fates.Length];
            var acts = new List<(int, Actor, Action<Dossier, DateTime>)>();
            // Counted back from today, so that what is open is open today.
            var (written, reviewed, begun, then, sent) = fate switch
            {
                DossierStage.Subcommittee => (-20, -12, -3, 0, 0),
                DossierStage.Committee => (-50, -42, -35, -2, 0),
                _ => (-110, -100, -90, -70, -50),
            };
            // The Committee reads in English, and Peru may read in Arabic. Of Senegal's a part is done, and a part was changed since.
            foreach (
                var other in iso3 == "PER" ? [Language.En, Language.Ar] : new[] { language == Language.En ? Language.Fr : Language.En }
            )
                acts.Add((written - 2, officer, (d, t) => d.Translate(officer, Translation(d.Says, other, iso3 == "SEN"), t)));
            if (fate != DossierStage.Drafting || iso3 == "SEN")
                acts.Add((written, officer, (d, t) => d.SendToReview(officer, t)));
            if (fate == DossierStage.Drafting && iso3 == "SEN")
                acts.Add((reviewed, reviewer, (d, t) => d.ReturnReview(reviewer, [QualityItem.Form], DemonstrationTexts.ReviewNote, t)));
            if (fate is not (DossierStage.Drafting or DossierStage.Review))
                acts.Add((reviewed, reviewer, (d, t) => d.PassReview(reviewer, QualityCheck.Said, null, t)));
            if (fate > DossierStage.Ready)
                acts.Add((begun, director, (d, t) => d.PutBeforeSubcommittee(director, Bodies.Usual(iso3), 5, t, hq)));
            if (fate == DossierStage.Subcommittee && iso3 == "PER")
                acts.Add((-1, Chair(), (d, t) => d.SayNoObjection(Chair(), t)));
            if (fate > DossierStage.Subcommittee)
                acts.Add((begun + 12, director, (d, t) => d.Settle(t)));
            if (fate > DossierStage.Endorsed)
                acts.Add((then, director, (d, t) => d.PutBeforeCommittee(director, 5, t, hq)));
            if (fate == DossierStage.Committee && iso3 == "JOR")
            {
                var holder = actor("delegate@demo.example", "committee-a");
                acts.Add((-1, holder, (d, t) => d.Hold(holder, DemonstrationTexts.HoldReason, t, hq)));
            }
            if (fate > DossierStage.Committee)
                acts.Add((then + 12, director, (d, t) => d.Settle(t)));
            if (fate > DossierStage.Adopted)
                acts.Add((sent, chair, (d, t) => d.Send(chair, t, hq)));
            if (fate > DossierStage.Sent)
            {
                var code = iso3.ToLowerInvariant();
                var focalPoint = actor($"focal.{code}@demo.example", code);
                acts.Add((sent + 20, focalPoint, (d, _) => d.DraftAnswer(focalPoint, Answer(d, language))));
                acts.Add((sent + 25, focalPoint, (d, t) => d.Answer(focalPoint, t)));
            }
            if (fate == DossierStage.Closed)
                acts.Add((sent + 40, officer, (d, t) => d.Close(officer, t)));
            // Two States show their assessment: one its findings to all who may help, one all of it to its partners.
            if (fate is DossierStage.Responded or DossierStage.Closed)
            {
                var sharing = actor($"focal.{iso3.ToLowerInvariant()}@demo.example", iso3.ToLowerInvariant());
                var (with, what) =
                    fate == DossierStage.Closed ? (Audience.Partners, Dossier.Shareable) : (Audience.Providers, DossierParts.Assessment);
                acts.Add((sent + 42, sharing, (d, t) => d.Share(sharing, with, what, t)));
            }
            var says = Says(iso3, language);
            if (iso3 == "TUN")
                first = says;
            yield return new(iso3, officer, -120, fate, says, acts);

            Actor Chair() => actor("subcommittee@demo.example", "committee-c");
        }
        // Tunisia's first cycle is over: its second is being drafted, beside what came of the first.
        var second = actor("legal.second@demo.example", ReferenceOrganisations.Cted);
        var found = first!.Findings.Select(f => f with { Rating = Ratings.All[random.Next(Ratings.All.Count)].Code }).ToList();
        yield return new(
            "TUN",
            second,
            -9,
            DossierStage.Drafting,
            first with
            {
                Findings = found,
                Recommendations = [.. first.Recommendations.Where(r => found.Exists(f => f.Topic == r.Topic && f.IsGap))],
            },
            []
        );
    }

    /// <summary>What a State that answered reports on what it was asked, act by act.</summary>
    /// <param name="iso3">The State.</param>
    /// <param name="number">The place of the recommendation in its assessment, from 1.</param>
    /// <param name="officer">Who looks at it for CTED.</param>
    public IEnumerable<(int Day, Actor By, Action<Recommendation, DateTime> Do)> Progress(string iso3, int number, Actor officer)
    {
        var code = iso3.ToLowerInvariant();
        var focalPoint = actor($"focal.{code}@demo.example", code);
        yield return (
            -20,
            focalPoint,
            (r, t) =>
            {
                var measure = DemonstrationTexts.AnswerMeasure[r.Language];
                r.Edit(
                    focalPoint,
                    new()
                    {
                        Language = r.Language,
                        Text = measure,
                        IsImplemented = number < 3,
                    }
                );
                r.Report(focalPoint, t);
            }
        );
        if (number == 1)
            yield return (
                -12,
                officer,
                (r, t) => r.Verify(officer, RecommendationStage.Verified, r.Language, DemonstrationTexts.FoundText[r.Language], t)
            );
    }

    private Dossier.Content Says(string iso3, Language language) =>
        Says(iso3, language, [.. Topics.All.Where((_, i) => i % 4 == random.Next(4)).Take(9)], random, now);

    /// <summary>What a dossier says on some topics: ratings are drawn, texts are the same for all.</summary>
    public static Dossier.Content Says(
        string iso3,
        Language language,
        IReadOnlyList<Domain.Reference.Topic> topics,
        Random random,
        DateTime now
    )
    {
        var findings = topics
            .Select(t => new Finding(
                t.Code,
                Ratings.All[random.Next(Ratings.All.Count)].Code,
                Said(TextPlace.Finding, t.Code, language),
                Said(TextPlace.Evidence, t.Code, language),
                Said(TextPlace.Safeguards, t.Code, language)
            ))
            .ToList();
        return new()
        {
            State = iso3,
            Language = language,
            CoverNote = Said(TextPlace.CoverNote, null, language),
            Letter = Said(TextPlace.Letter, null, language),
            Narrative = Said(TextPlace.Narrative, null, language),
            Findings = findings,
            Recommendations =
            [
                .. findings
                    .Where(f => f.IsGap)
                    .Select(f => new RecommendationLine(
                        f.Topic,
                        Said(TextPlace.Recommendation, f.Topic, language),
                        1 + random.Next(3),
                        DateOnly.FromDateTime(now).AddMonths(6 + random.Next(12)),
                        random.Next(2) == 0
                    )),
            ],
        };
    }

    // The texts are the same for all States in every language.
    private static DossierTranslation Translation(Dossier.Content content, Language into, bool isOnItsWay)
    {
        var lines = DossierTranslation.Into(into).LinesOf(content);
        var done = lines.Select(l => new Passage(
            l.Place,
            l.Topic,
            isOnItsWay && l.Place == TextPlace.Letter ? l.Source[..l.Source.LastIndexOf(' ', l.Source.Length / 2)] : l.Source,
            Said(l.Place, l.Topic, into)
        ));
        return DossierTranslation.Into(into) with { Passages = [.. isOnItsWay ? done.Take(lines.Count / 2) : done] };
    }

    private static string Said(TextPlace place, string? topic, Language language) =>
        place switch
        {
            TextPlace.CoverNote => DemonstrationTexts.CoverNote[language],
            TextPlace.Letter => DemonstrationTexts.Letter[language],
            TextPlace.Narrative => DemonstrationTexts.Narrative[language],
            TextPlace.Finding => DemonstrationTexts.FindingText.In(language, Topics.Find(topic!)!.Name[language]),
            TextPlace.Evidence => DemonstrationTexts.FindingEvidence[language],
            TextPlace.Safeguards => DemonstrationTexts.FindingSafeguards[language],
            TextPlace.Recommendation => DemonstrationTexts.RecommendationText.In(language, Topics.Find(topic!)!.Name[language]),
        };

    /// <summary>What a State answers to a dossier that it was sent.</summary>
    public static StateAnswer Answer(Dossier dossier, Language language) =>
        new()
        {
            Language = language,
            Text = DemonstrationTexts.AnswerText[language],
            Answers =
            [
                .. dossier
                    .Sent()
                    .Findings.Select(
                        (f, i) => new FindingAnswer(f.Topic, (AnswerPosition)(i % 3), DemonstrationTexts.AnswerMeasure[language])
                    ),
            ],
        };
}
