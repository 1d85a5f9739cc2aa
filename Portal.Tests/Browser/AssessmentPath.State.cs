using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Domain.Assessments;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>From the letter to what the next assessment says came of it.</summary>
internal sealed partial class AssessmentPath
{
    private const string Thanks = "El Gobierno agradece al Comité.";
    private const string Tender = "La licitación de los lectores está en marcha.";
    private const string Help = "Readers for three posts";

    private string asked = "",
        need = "";

    private Desk donor = null!;

    private string Recommendation => "/recommendations/" + asked;

    /// <summary>Neither the list nor the address nor a search has anything; the open list has it as soon as it is sent.</summary>
    public async Task The_State_has_nothing_until_the_chair_sends_the_letter_and_then_all_of_it()
    {
        Reached("The State has nothing until the chair sends the letter, and then all of it");
        await state.GoTo("/recommendations");
        await state.Sees(".empty h2", state.AssessmentWord("recommendations.none"));
        foreach (var words in new[] { dossier, "lectores", "evaluación preliminar" })
        {
            await state.GoTo("/search?q=" + Uri.EscapeDataString(words));
            await state.Sees("main .empty h2");
            await Expect(state.At("main .worklist")).ToHaveCountAsync(0);
        }
        await state.GoTo(Page);
        await state.FindsNothing();
        await state.GoTo("/assessments");
        await state.Sees(".empty h2", "No hay evaluaciones aquí");

        await chair.DoesAct("act.send");
        await chair.SeesStatus(DossierStage.Sent);
        await state.At($"a.row-link[href='{Page}']").ClickAsync();
        await state.SeesStatus(DossierStage.Sent);
        await Letter_and_frame(
            Language.Es,
            "Carta",
            "Aplicado en parte",
            "ltr",
            Language.Es,
            Letter,
            Dated,
            Found,
            Evidence,
            Safeguards,
            Asked
        );
        await state.Reads(Language.Ar);
        await Letter_and_frame(
            Language.Ar,
            "الرسالة",
            "منفَّذ جزئيا",
            "rtl",
            Language.Ar,
            LetterInArabic,
            DatedInArabic,
            FoundInArabic,
            EvidenceInArabic,
            SafeguardsInArabic,
            AskedInArabic
        );
        await state.Says("النص الإسباني هو النص ذو الحجية");
        // The authoritative text, within a frame that stays in the reader's language.
        await state.Press("main nav a[lang=es]");
        await Letter_and_frame(Language.Ar, "الرسالة", "منفَّذ جزئيا", "rtl", Language.Es, Letter, Dated, Found, Asked);
        await state.Reads(Language.Es);
        await state.GoTo("/search?q=lectores");
        await state.Press($"main .worklist a[href='{Page}']");
        await state.SeesStatus(DossierStage.Sent);
    }

    // What the Committee wrote is in one of the languages in which it was sent; all around it is the reader's. How it was deliberated on
    // is nowhere.
    private async Task Letter_and_frame(
        Language language,
        string heading,
        string rating,
        string direction,
        Language sent,
        string letterSays,
        params string[] texts
    )
    {
        await Expect(state.At("html")).ToHaveAttributeAsync("lang", language.Tag());
        await Expect(state.At("html")).ToHaveAttributeAsync("dir", direction);
        var letter = state
            .At("section.card")
            .Filter(new() { Has = state.Page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true }) });
        await Expect(letter).ToContainTextAsync(letterSays);
        await Expect(letter.Locator($"[lang={sent.Tag()}]").First).ToBeVisibleAsync();
        await state.Says([rating, .. texts]);
        foreach (var text in new[] { Cover, Visited, Objection, Capital })
            Assert.DoesNotContain(text, await state.Page.ContentAsync());
        foreach (var player in new[] { Cast.Wei, Cast.Tuan, Cast.Chloe })
            Assert.DoesNotContain(player.Name, await state.At("main").InnerTextAsync());
    }

    public async Task The_State_answers_finding_by_finding()
    {
        Reached("The State answers finding by finding");
        await state.Button("act.acknowledge").ClickAsync();
        await Expect(state.Button("act.acknowledge")).ToHaveCountAsync(0);
        await state.Link("act.answer").ClickAsync();
        await state.Fill("#Text", Thanks);
        var answers = state.At("#Answers");
        await Expect(answers).ToContainTextAsync(Found);
        await answers.Choice(state.AssessmentWord("answer.position")).SelectOptionAsync(nameof(AnswerPosition.Accepted));
        await answers.Written(state.AssessmentWord("answer.text")).FillAsync(Tender);
        await state.DoesAct("answer.submit");
        await state.SeesStatus(DossierStage.Responded);
        await state.Says(Thanks, "Aceptada", Tender);
        await officer.GoTo(Page);
        await officer.SeesStatus(DossierStage.Responded);
        await officer.Says(Thanks, "Accepted", Tender);
    }

    /// <summary>The form comes filled with what is asked; the State completes it.</summary>
    public async Task The_State_makes_a_need_of_what_it_is_asked()
    {
        Reached("The State makes a need of what it is asked");
        await state.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("REC-PER-") }).ClickAsync();
        await state.SeesStatus(RecommendationStage.Asked);
        asked = state.Reference;
        Assert.Equal("REC-PER-2027-1", asked);
        await state.Says(Asked);
        await state.Link("act.need").ClickAsync();
        await Expect(state.At("#Description")).ToHaveValueAsync(Asked);
        await Expect(state.At("#Title")).ToHaveValueAsync("Documentos de identidad y de viaje");
        await Expect(state.At("#Language")).ToHaveValueAsync(nameof(Language.Es));
        await Expect(state.At("#Theme")).ToHaveValueAsync("BORDER_PERSONS");
        await Expect(state.At("#Paragraphs input:checked")).ToHaveCountAsync(1);
        await state.Chooses("#Modalities", "EQUIPMENT");
        await state.Fill("#EstimatedCost", "90000");
        await state.At("#Currency").SelectOptionAsync("USD");
        await state.Press(".form-foot button[type=submit]");
        await state.SeesStatus(NeedStatus.Draft);
        need = state.Reference;
        // CTED cannot tell that there is a draft.
        await officer.GoTo(Recommendation);
        await officer.SeesStatus(RecommendationStage.Asked);
        await officer.DoesNotSee($"a[href='/needs/{need}']");
        await state.Does("act.submit");
        await state.SeesStatus(NeedStatus.Submitted);
        await officer.GoTo(Recommendation);
        await officer.Sees($"a[href='/needs/{need}']");

        await assistance.GoTo("/needs/" + need);
        await assistance.Does("act.authenticate");
        await state.SeesStatus(NeedStatus.Authenticated);
        await state.ConsentsTo([state.Code("audience", "providers")], NeedParts.Background);
        await assistance.Does("act.circulate", "2027-05-14");
        await state.SeesStatus(NeedStatus.Circulated);
    }

    /// <summary>
    /// To a donor, who has the background too, nothing says where it comes from: neither the page nor the chain, nor what came over the
    /// line.
    /// </summary>
    public async Task A_donor_finds_a_need_like_any_other_and_proposes()
    {
        Reached("A donor finds a need like any other and proposes");
        donor = await Take(Cast.Ingrid);
        await donor.GoTo("/needs");
        await donor.At($"a.row-link[href='/needs/{need}']").ClickAsync();
        await donor.SeesStatus(NeedStatus.Circulated);
        await donor.Says(Asked);
        var proposal = await donor.Proposes(need, Help, 60_000, "USD", "EQUIPMENT");
        foreach (var address in new[] { "/needs/" + need, "/trace/" + need })
        {
            await donor.GoTo(address);
            await donor.Says(need);
            var (said, sent) = (
                await donor.At("main").InnerTextAsync(),
                await (await donor.Page.Context.APIRequest.GetAsync(address)).TextAsync() + await donor.Page.ContentAsync()
            );
            foreach (var word in new[] { "REC-PER", "PIA-PER" })
                Assert.DoesNotContain(word, sent);
            foreach (var word in new[] { "recommendation", "assessment", "finding" })
                Assert.DoesNotContain(word, said, StringComparison.OrdinalIgnoreCase);
        }
        await Chain(donor, "1373, 2(g)", need, proposal);
        await state.GoTo("/trace/" + need);
        await Chain(state, "1373, 2(g)", dossier + "/1", asked, need, proposal);
    }

    /// <summary>By the consent it knows from its needs, and to be taken back as easily.</summary>
    public async Task The_State_shows_the_donor_its_findings_and_not_its_answer()
    {
        Reached("The State shows the donor its findings and not its answer");
        await donor.GoTo("/assessments");
        await donor.Sees(".empty h2");
        await state.GoTo(Page);
        // Whom and what are asked for together.
        await state.Press("#shared button[type=submit]");
        await Expect(state.At("#shared .error")).ToHaveCountAsync(2);
        await state.At("#shared-with").SelectOptionAsync(Domain.Access.Audience.Org(Cast.NorthernAgency.Number).Key);
        await state.At("#shared-parts").GetByLabel("Evaluación", new() { Exact = true }).CheckAsync();
        await state.Press("#shared button[type=submit]");
        await state.Press(".mud-dialog-actions .btn-primary");
        await Expect(state.At("#shared .who li")).ToHaveCountAsync(1);

        // Without a turn of the page.
        await donor.At($"a.row-link[href='{Page}']").ClickAsync();
        await donor.SeesStatus(DossierStage.Sent);
        await donor.Says(Found, Asked);
        var sent = await (await donor.Page.Context.APIRequest.GetAsync(Page)).TextAsync() + await donor.Page.ContentAsync();
        foreach (var word in new[] { Thanks, Tender, Letter, Cover, Objection, "REC-PER" })
            Assert.DoesNotContain(word, sent);

        await state.At("#shared .who button").ClickAsync();
        await state.Press(".mud-dialog-actions .btn-danger");
        await Expect(state.At("#shared .who li")).ToHaveCountAsync(0);
        await donor.FindsNothing();
    }

    private static async Task Chain(Desk reader, params string[] links) =>
        await Expect(reader.At(".trace-list .trace-head .ref")).ToHaveTextAsync(links);

    /// <summary>Two years later the next is begun, beside what was found and asked before and what the State made of it.</summary>
    public async Task The_next_assessment_shows_what_came_of_this_one()
    {
        Reached("The next assessment shows what came of this one");
        portal.SetClock(new(2029, 3, 1, 15, 0, 0, DateTimeKind.Utc));
        await officer.GoTo("/assessments/new");
        await officer.At("#State").SelectOptionAsync("PER");
        await officer.At("#Language").SelectOptionAsync(nameof(Language.Es));
        // Neither letter nor narrative is written yet.
        await officer.Finds(Topic, "LARGELY", "Los documentos se verifican en todos los puestos.", "Informe de 2029", Safeguards);
        await officer.Press(".form-foot button[type=submit]");
        await officer.SeesStatus(DossierStage.Drafting);
        var next = officer.Reference;
        Assert.Equal("PIA-PER-2029-1", next);
        var before = officer.At("section.card").Filter(new() { HasText = "What came of the assessment before: " + dossier });
        await before.Locator("summary").ClickAsync();
        await Expect(before.Locator("tbody td")).ToHaveTextAsync(["Partly implemented", "Largely implemented"]);
        var came = before.Locator("article").Filter(new() { HasText = asked });
        await Expect(came.Locator("h3 + .record-meta")).ToHaveTextAsync(officer.Status(RecommendationStage.Asked));
        await Expect(came.Locator("li")).ToContainTextAsync(need);
        await Expect(came.Locator("li .status")).ToHaveTextAsync(officer.Status(NeedStatus.Circulated));
        await came.Locator($"a[href='/needs/{need}']").ClickAsync();
        await officer.SeesStatus(NeedStatus.Circulated);

        // It is kept half-written; before a colleague has it, what is missing is asked for where it is written.
        await officer.GoTo("/assessments/" + next);
        await officer.Link("act.review").ClickAsync();
        await officer.Says("Fill in “Draft letter”.", "Fill in “Assessment”.");
    }
}
