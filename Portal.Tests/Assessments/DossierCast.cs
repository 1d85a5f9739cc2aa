using Portal.Domain.Access;
using Portal.Domain.Assessments;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using Portal.Domain.Reference;

namespace Portal.Tests.Assessments;

/// <summary>Dossiers of the cast: Leila drafts for Kenya, Dorothea for the others and puts them before the bodies, Chloe reviews.</summary>
internal static class DossierCast
{
    private static int lastNumber;

    /// <summary>Headquarters without a holiday.</summary>
    public static readonly Headquarters Hq = new(
        new UnCalendar([]),
        TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        new TimeOnly(18, 0)
    );

    public static Dossier.Content Content(string iso3) =>
        new()
        {
            State = iso3,
            Language = Language.En,
            CoverNote = "For consideration by the subcommittee.",
            Letter = "The Committee has the honour to transmit its preliminary assessment.",
            Narrative = "The **legislation** is largely in place.",
            Findings =
            [
                new(
                    "1373:2(g)/documents",
                    "PARTLY",
                    "Documents are checked at two of five crossings.",
                    "Report of 2026",
                    "Data protection law"
                ),
                new("1373:1(c)/freezing", "LARGELY", "Assets are frozen within days.", "Law of 2024", "Review by a court"),
            ],
            Recommendations = [new("1373:2(g)/documents", "Equip the three other crossings.", 1, new DateOnly(2028, 3, 1), true)],
        };

    /// <summary>All of it in another language: each text between the brackets of its tag.</summary>
    public static DossierTranslation Translation(Dossier.Content content, Language into) =>
        DossierTranslation.Into(into) with
        {
            Passages =
            [
                .. DossierTranslation
                    .Into(into)
                    .LinesOf(content)
                    .Select(l => new Passage(l.Place, l.Topic, l.Source, $"[{into.Tag()} {l.Source}]")),
            ],
        };

    public static StateAnswer Answer =>
        new()
        {
            Language = Language.En,
            Text = "The Government thanks the Committee.",
            Answers =
            [
                new("1373:2(g)/documents", AnswerPosition.Accepted, "Two more crossings by June.", "Tender", new DateOnly(2027, 6, 30)),
                new("1373:1(c)/freezing", AnswerPosition.Noted),
            ],
        };

    /// <summary>The focal point of a State; of one that has none in the cast, somebody made up.</summary>
    public static Actor FocalPointOf(string iso3) =>
        iso3 switch
        {
            "KEN" => Cast.Amina,
            "PER" => Cast.Rosa,
            _ => new Player("Focal", Cast.ReferenceList.Single(o => o.Code == iso3.ToLowerInvariant()), Role.FocalPoint).Actor,
        };

    /// <summary>One at a stage. What is open is opened at <see cref="Cast.Now"/>, what is over was over before.</summary>
    public static Dossier At(
        DossierStage stage,
        string iso3 = "KEN",
        Dossier.Content? content = null,
        IReadOnlyList<Language>? translated = null
    )
    {
        var (officer, now) = (iso3 == "KEN" ? Cast.Leila : Cast.Dorothea, Cast.Now);
        var number = Interlocked.Increment(ref lastNumber);
        var dossier = Dossier.Draft($"PIA-{iso3}-2027-{number}", officer, content ?? Content(iso3), now.AddDays(-90));
        if (stage == DossierStage.Abandoned)
            dossier.Abandon(officer, "A new cycle begins.", now);
        if (stage == DossierStage.Abandoned)
            return dossier;
        foreach (var language in translated ?? [])
            dossier.Translate(officer, Translation(dossier.Says, language), now.AddDays(-88));
        if (stage == DossierStage.Drafting)
            return dossier;
        dossier.SendToReview(officer, now.AddDays(-85));
        if (stage == DossierStage.Review)
            return dossier;
        dossier.PassReview(Cast.Chloe, QualityCheck.Said, null, now.AddDays(-80));
        if (stage == DossierStage.Ready)
            return dossier;
        dossier.PutBeforeSubcommittee(
            Cast.Dorothea,
            Bodies.Usual(iso3),
            5,
            stage == DossierStage.Subcommittee ? now : now.AddDays(-75),
            Hq
        );
        if (stage == DossierStage.Subcommittee)
            return dossier;
        dossier.Settle(now.AddDays(-60));
        if (stage == DossierStage.Endorsed)
            return dossier;
        dossier.PutBeforeCommittee(Cast.Dorothea, 5, stage == DossierStage.Committee ? now : now.AddDays(-55), Hq);
        dossier.Remark(Cast.Wei, "Thanks are due to the drafter.", stage == DossierStage.Committee ? now : now.AddDays(-54));
        if (stage == DossierStage.Committee)
            return dossier;
        dossier.Settle(now.AddDays(-40));
        if (stage == DossierStage.Adopted)
            return dossier;
        dossier.Send(Cast.Hamid, now.AddDays(-35), Hq);
        if (stage == DossierStage.Sent)
            return dossier;
        var state = FocalPointOf(iso3);
        dossier.DraftAnswer(state, Answer);
        dossier.Answer(state, now.AddDays(-10));
        if (stage == DossierStage.Closed)
            dossier.Close(officer, now.AddDays(-5));
        return dossier;
    }
}
