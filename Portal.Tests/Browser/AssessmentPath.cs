using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Assessments;
using Portal.Domain.Calendar;
using Portal.Domain.Committee;
using Portal.Domain.Reference;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The people of the walk, each at a desk of their own, and what is done until the Committee has adopted the assessment.</summary>
internal sealed partial class AssessmentPath : IAsyncDisposable
{
    private const string Topic = "1373:2(g)/documents";
    private const string Cover = "Para el examen del subcomité.";
    private const string Letter = "El Comité tiene el honor de transmitir su evaluación preliminar de la aplicación.";
    private const string Narrative = "La legislación está en vigor en lo esencial.";
    private const string Found = "Los documentos se verifican en dos de cinco puestos fronterizos.";
    private const string Evidence = "Informe de la visita de 2026";
    private const string Safeguards = "Ley de protección de datos personales";
    private const string Asked = "Equipar los otros tres puestos con lectores de documentos.";
    private const string Returned = "Say which posts were visited.";
    private const string Visited = "Se visitaron los puestos del norte y del sur.";
    private const string Capital = "The capital has been asked.";
    private const string Objection = "The year of the visit is not named.";
    private const string Dated = "Se visitaron en mayo de 2026 los puestos del norte y del sur.";

    private const string LetterInArabic = "تتشرف اللجنة بأن تحيل تقييمها الأولي للتنفيذ.";
    private const string DatedInArabic = "تمت في أيار/مايو 2026 زيارة مراكز الشمال والجنوب.";
    private const string FoundInArabic = "يجري التحقق من الوثائق في اثنين من خمسة مراكز حدودية.";
    private const string EvidenceInArabic = "تقرير زيارة عام 2026";
    private const string SafeguardsInArabic = "قانون حماية البيانات الشخصية";
    private const string AskedInArabic = "تزويد المراكز الثلاثة الأخرى بأجهزة قراءة الوثائق.";

    // In the order in which they are read.
    private static readonly string[] InArabic =
    [
        "للنظر من جانب اللجنة الفرعية.",
        LetterInArabic,
        "التشريعات سارية في معظمها.",
        FoundInArabic,
        EvidenceInArabic,
        SafeguardsInArabic,
        AskedInArabic,
    ];

    private readonly TestDb db;
    private readonly OpenPortal portal;
    private readonly ITestOutputHelper output;
    private readonly Stopwatch walked = Stopwatch.StartNew();
    private readonly List<Desk> desks = [];
    private Desk officer = null!,
        reviewer = null!,
        chair = null!,
        assistance = null!,
        state = null!;
    private string dossier = "";

    private AssessmentPath(TestDb db, ITestOutputHelper output) => (this.db, portal, this.output) = (db, new OpenPortal(db), output);

    private string Page => "/assessments/" + dossier;

    /// <summary>The portal opens. Dorothea, who runs the section, is the officer of States that are assigned to nobody.</summary>
    public static async Task<AssessmentPath> Begin(Database database, ITestOutputHelper output)
    {
        var path = new AssessmentPath(await TestDb.Open(database), output);
        await path.portal.InitializeAsync();
        path.officer = await path.Take(Cast.Dorothea);
        path.reviewer = await path.Take(Cast.Chloe);
        path.chair = await path.Take(Cast.Hamid);
        path.assistance = await path.Take(Cast.Andrei);
        path.state = await path.Take(Cast.Rosa, Language.Es);
        return path;
    }

    private async Task<Desk> Take(Player who, Language language = Language.En)
    {
        var desk = await portal.Person(who, language);
        desks.Add(desk);
        return desk;
    }

    private void Reached(string step) => output.WriteLine($"{walked.Elapsed.TotalSeconds:F0} s: {step}");

    /// <summary>Who sits where decides who is asked: an access manager has the subcommittee in which Tuan sits consider Peru.</summary>
    public async Task Another_subcommittee_considers_Peru()
    {
        Reached("Another subcommittee considers Peru");
        var manager = await Take(Cast.Malik);
        await manager.GoTo("/bodies");
        await manager.At("#State").SelectOptionAsync("PER");
        await manager.At("#Subcommittee").SelectOptionAsync(nameof(Body.SubcommitteeB));
        await manager.Fill("#Reason", "The subcommittees have as many States each.");
        await manager.Press("#move button[type=submit]");
        var considered = manager.At("section.card").Filter(new() { HasText = manager.Code("body", nameof(Body.SubcommitteeB)) }).First;
        await Expect(considered.Locator("details p")).ToContainTextAsync("Peru");
    }

    public async Task The_officer_drafts_it_in_Spanish()
    {
        Reached("The officer drafts it in Spanish");
        await officer.GoTo("/assessments/new");
        await officer.At("#State").SelectOptionAsync("PER");
        await officer.At("#Language").SelectOptionAsync(nameof(Language.Es));
        await officer.Fill("#CoverNote", Cover);
        await officer.Fill("#Letter", Letter);
        await officer.Fill("#Narrative", Narrative);
        await officer.Finds(Topic, "PARTLY", Found, Evidence, Safeguards);
        await officer.Button("recommendations.add").ClickAsync();
        var line = officer.Line("recommendation.number", 1);
        await line.Choice(officer.AssessmentWord("finding.topic")).SelectOptionAsync(Topic);
        await line.Choice(officer.AssessmentWord("recommendation.priority")).SelectOptionAsync("1");
        await line.Locator("input[type=date]").FillAsync("2028-03-01");
        await line.Written(officer.AssessmentWord("recommendation.text")).FillAsync(Asked);
        await line.GetByLabel(officer.AssessmentWord("recommendation.assistance")).CheckAsync();
        await officer.Press(".form-foot button[type=submit]");
        await officer.SeesStatus(DossierStage.Drafting);
        dossier = officer.Reference;
        Assert.Equal("PIA-PER-2027-1", dossier);
        await officer.Says("Partly implemented", Letter, Narrative, Found, Evidence, Safeguards, Asked);
    }

    /// <summary>Half of it, and then the rest: what is missing is said.</summary>
    public async Task The_officer_translates_it_into_Arabic_and_hands_it_to_a_colleague()
    {
        Reached("The officer translates it into Arabic and hands it to a colleague");
        await officer.Press("#translations .actions [lang=ar]");
        foreach (var (i, text) in InArabic.Index().Take(3))
            await officer.Fill($"#passage-{i}", text);
        await officer.Press(".form-foot button[type=submit]");
        await officer.SeesStatus(DossierStage.Drafting);
        await officer.Sees("#translations", "Not translated: 4 of 7");
        await officer.Press("#translations li .actions a");
        foreach (var (i, text) in InArabic.Index().Skip(3))
            await officer.Fill($"#passage-{i}", text);
        await officer.Press(".form-foot button[type=submit]");
        await officer.Sees("#translations .status", "Complete");
        await SendsToReview();
    }

    private async Task SendsToReview()
    {
        await officer.DoesAct("act.review");
        await officer.SeesStatus(DossierStage.Review);
    }

    private async Task Mends(string before, string after, string inArabic)
    {
        await officer.GoTo(Page + "/edit");
        await Expect(officer.At("#Narrative")).ToHaveValueAsync(before);
        await officer.Fill("#Narrative", after);
        await officer.Press(".form-foot button[type=submit]");
        await officer.SeesStatus(DossierStage.Drafting);
        await officer.Says(after);
        // The translation of what was changed, and of nothing else, is outdated.
        await officer.Sees("#translations", "Outdated: 1");
        await officer.Press("#translations li .actions a");
        await Expect(officer.At(".translated .status:has-text('Outdated')")).ToHaveCountAsync(1);
        await officer.Sees(".translated ins");
        await officer.Fill("#passage-2", inArabic);
        await officer.Press(".form-foot button[type=submit]");
        await officer.Sees("#translations .status", "Complete");
        await SendsToReview();
    }

    /// <summary>What is returned is on the officer's open screen, and what is sent again on the colleague's.</summary>
    public async Task The_colleague_returns_it_once_and_then_lets_it_go_on()
    {
        Reached("The colleague returns it once and then lets it go on");
        await reviewer.GoTo(Page);
        await reviewer.Says("Every finding says on what it rests");
        await reviewer.DoesAct("act.review.return", Returned);
        await reviewer.SeesStatus(DossierStage.Drafting);
        await officer.SeesStatus(DossierStage.Drafting);
        await officer.Says("Returned by " + Cast.Chloe.Name, Returned);
        await Mends(Narrative, Visited, "تمت زيارة مراكز الشمال والجنوب.");
        await Passes();
    }

    private async Task Passes()
    {
        await reviewer.SeesStatus(DossierStage.Review);
        await Expect(reviewer.At("#review .choices input")).ToHaveCountAsync(QualityCheck.Said.Count);
        foreach (var looked in await reviewer.At("#review .choices input").AllAsync())
            await looked.CheckAsync();
        await reviewer.DoesAct("act.review.pass");
        await reviewer.SeesStatus(DossierStage.Ready);
        await officer.SeesStatus(DossierStage.Ready);
    }

    /// <summary>
    /// Opened on Monday, the first of March, for five working days. Held on Monday and Tuesday, closed for a holiday on Thursday: what
    /// counts is Wednesday, Friday, Monday, Tuesday and Wednesday.
    /// </summary>
    public async Task The_subcommittee_endorses_it_by_silence_after_a_hold_and_a_holiday()
    {
        Reached("The subcommittee endorses it by silence after a hold and a holiday");
        await officer.DoesAct("act.put.subcommittee", "5");
        await officer.SeesStatus(DossierStage.Subcommittee);
        await officer.Says("Subcommittee B, round 1", "Closes on 8 March 2027, 18:00", "Working days left: 5");

        // The same number under the same name wherever the delegation meets it.
        var delegation = await Take(Cast.Tuan);
        await delegation.GoTo("/home");
        await delegation.Says(dossier, "Working days left: 5");
        await delegation.GoTo("/committee");
        await delegation.Says("Peru", dossier, "8 March 2027", "Working days left: 5");
        await delegation.Press($"a[href='{Page}']");
        await delegation.Says(Letter, Cover);
        await delegation.DoesAct("act.hold", Capital);
        await delegation.Says("On hold", "asked for time", Capital);
        await officer.Says("On hold", Capital);

        await assistance.GoTo("/calendar");
        await assistance.Fill("#Day", "2027-03-04");
        await assistance.At("#Name").SelectOptionAsync(nameof(HolidayName.Other));
        await assistance.Press("#enter button[type=submit]");
        await Expect(assistance.At("table.list tbody tr")).ToContainTextAsync("4 March 2027");

        portal.SetClock(new(2027, 3, 2, 15, 0, 0, DateTimeKind.Utc));
        await delegation.DoesAct("act.lift");
        await delegation.Says("lifted its hold", "Closes on 10 March 2027, 18:00");
        await officer.Says("lifted its hold", "Closes on 10 March 2027, 18:00");

        // To the last minute of the last day it is open; then the clock has endorsed it, though nobody has written that down.
        portal.SetClock(new(2027, 3, 10, 22, 50, 0, DateTimeKind.Utc));
        await officer.GoTo(Page);
        await officer.SeesStatus(DossierStage.Subcommittee);
        await officer.Says("Working days left: 0");
        portal.SetClock(new(2027, 3, 10, 23, 0, 0, DateTimeKind.Utc));
        foreach (var desk in new[] { officer, delegation })
        {
            await desk.GoTo(Page);
            await desk.SeesStatus(DossierStage.Endorsed);
            await desk.Says("No objection raised", "Ended on 10 March 2027");
            await Expect(desk.Button("act.object")).ToHaveCountAsync(0);
        }
        await NobodyWroteDownMoreThan(DossierStage.Subcommittee);
    }

    private async Task NobodyWroteDownMoreThan(DossierStage stage)
    {
        await using var kept = await portal.AsSystem();
        Assert.Equal(stage, (await kept.Dossiers.SingleAsync(d => d.Reference == dossier)).Stage);
    }

    /// <summary>What was objected to is mended, reviewed again and comes back to the Committee, not to the subcommittee.</summary>
    public async Task The_Committee_objects_once_and_then_adopts_it_by_silence()
    {
        Reached("The Committee objects once and then adopts it by silence");
        await officer.DoesAct("act.put.committee", "5");
        await officer.SeesStatus(DossierStage.Committee);
        var delegation = await Take(Cast.Wei);
        await delegation.GoTo(Page);
        await delegation.Says("The Committee, round 1");
        await delegation.DoesAct("act.object", Objection);
        await officer.SeesStatus(DossierStage.Drafting);
        await officer.Says("Objected to", Objection);

        await Mends(Visited, Dated, DatedInArabic);
        await Passes();
        await officer.DoesAct("act.put.committee", "2");
        await officer.SeesStatus(DossierStage.Committee);
        // The delegate's open screen has what is new, and what differs from what was objected to.
        await delegation.Says("The Committee, round 2", "Closes on 12 March 2027, 18:00", Dated, "What differs from edition 2");

        portal.SetClock(new(2027, 3, 12, 23, 0, 0, DateTimeKind.Utc));
        await chair.GoTo("/home");
        await chair.At($".worklist a[href='{Page}']").Filter(new() { HasText = "Adopted: send it to the State" }).ClickAsync();
        await chair.SeesStatus(DossierStage.Adopted);
        await NobodyWroteDownMoreThan(DossierStage.Committee);
    }

    /// <summary>No page of anybody had a script fail or anything kept out by the content security policy.</summary>
    public void No_browser_complained()
    {
        Reached("It is done");
        Assert.Empty(desks.SelectMany(d => d.Complaints));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var desk in desks)
            await desk.DisposeAsync();
        await portal.DisposeAsync();
        await db.DisposeAsync();
    }
}
