using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Data.Demonstration;

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
    public IEnumerable<(
        string Iso3,
        Actor Officer,
        Dossier.Content Content,
        IReadOnlyList<(int Day, Actor By, Action<Dossier, DateTime> Do)> Acts
    )> Tell()
    {
        var director = actor("director@demo.example", ReferenceOrganisations.Cted);
        var reviewer = actor("information@demo.example", ReferenceOrganisations.Cted);
        var chair = actor("committee@demo.example", "committee-d");
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
            var (written, reviewed, first, second, sent) = fate switch
            {
                DossierStage.Subcommittee => (-20, -12, -3, 0, 0),
                DossierStage.Committee => (-50, -42, -35, -2, 0),
                _ => (-110, -100, -90, -70, -50),
            };
            if (fate != DossierStage.Drafting || iso3 == "SEN")
                acts.Add((written, officer, (d, t) => d.SendToReview(officer, t)));
            if (fate == DossierStage.Drafting && iso3 == "SEN")
                acts.Add((reviewed, reviewer, (d, t) => d.ReturnReview(reviewer, [QualityItem.Form], DemonstrationTexts.ReviewNote, t)));
            if (fate is not (DossierStage.Drafting or DossierStage.Review))
                acts.Add((reviewed, reviewer, (d, t) => d.PassReview(reviewer, QualityCheck.Said, null, t)));
            if (fate > DossierStage.Ready)
                acts.Add((first, director, (d, t) => d.PutBeforeSubcommittee(director, Bodies.Usual(iso3), 5, t, hq)));
            if (fate == DossierStage.Subcommittee && iso3 == "PER")
                acts.Add((-1, Chair(), (d, t) => d.SayNoObjection(Chair(), t)));
            if (fate > DossierStage.Subcommittee)
                acts.Add((first + 12, director, (d, t) => d.Settle(t)));
            if (fate > DossierStage.Endorsed)
                acts.Add((second, director, (d, t) => d.PutBeforeCommittee(director, 5, t, hq)));
            if (fate == DossierStage.Committee && iso3 == "JOR")
            {
                var holder = actor("delegate@demo.example", "committee-a");
                acts.Add((-1, holder, (d, t) => d.Hold(holder, DemonstrationTexts.HoldReason, t, hq)));
            }
            if (fate > DossierStage.Committee)
                acts.Add((second + 12, director, (d, t) => d.Settle(t)));
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
            yield return (iso3, officer, Says(iso3, language), acts);

            Actor Chair() => actor("subcommittee@demo.example", "committee-c");
        }
    }

    private Dossier.Content Says(string iso3, Language language)
    {
        var topics = Topics.All.Where((_, i) => i % 4 == random.Next(4)).Take(9).ToList();
        var findings = topics
            .Select(t => new Finding(
                t.Code,
                Ratings.All[random.Next(Ratings.All.Count)].Code,
                DemonstrationTexts.FindingText.In(language, t.Name[language]),
                DemonstrationTexts.FindingEvidence[language],
                DemonstrationTexts.FindingSafeguards[language]
            ))
            .ToList();
        return new()
        {
            State = iso3,
            Language = language,
            CoverNote = DemonstrationTexts.CoverNote[language],
            Letter = DemonstrationTexts.Letter[language],
            Narrative = DemonstrationTexts.Narrative[language],
            Findings = findings,
            Recommendations =
            [
                .. findings
                    .Where(f => f.IsGap)
                    .Select(f => new Recommendation(
                        f.Topic,
                        DemonstrationTexts.RecommendationText.In(language, Topics.Find(f.Topic)!.Name[language]),
                        1 + random.Next(3),
                        DateOnly.FromDateTime(now).AddMonths(6 + random.Next(12)),
                        random.Next(2) == 0
                    )),
            ],
        };
    }

    private static StateAnswer Answer(Dossier dossier, Language language) =>
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
