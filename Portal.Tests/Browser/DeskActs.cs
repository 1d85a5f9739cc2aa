using System.Globalization;
using Microsoft.Playwright;
using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A need as it is filed in a walk.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Theme">Code of its theme.</param>
/// <param name="Cost">Estimated, in dollars.</param>
/// <param name="Paragraph">Number of a paragraph of resolution 1373.</param>
/// <param name="Modalities">Codes of the kinds of help.</param>
internal sealed record FiledNeed(string Title, string Theme, int Cost, string Paragraph, params string[] Modalities);

/// <summary>What people do at their desks in several walks.</summary>
internal static class DeskActs
{
    private static string Number(int amount) => amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes a need and submits it.</summary>
    /// <returns>Its reference.</returns>
    public static async Task<string> FilesNeed(this Desk state, FiledNeed need)
    {
        await state.GoTo("/needs/new");
        await state.Fill("#Title", need.Title);
        await state.Fill("#Description", need.Title + ": the officers of two posts, within a year.");
        await state.At("#Theme").SelectOptionAsync(need.Theme);
        await state.Chooses("#Modalities", need.Modalities);
        await state.Fill("#EstimatedCost", Number(need.Cost));
        await state.At("#Currency").SelectOptionAsync("USD");
        await state.At("#Paragraphs label").Filter(new() { HasText = need.Paragraph }).Locator("input").First.CheckAsync();
        await state.Press(".form-foot button[type=submit]");
        await state.SeesStatus(NeedStatus.Draft);
        await state.Does("act.submit");
        await state.SeesStatus(NeedStatus.Submitted);
        return state.Reference;
    }

    /// <summary>Exactly these kinds of help.</summary>
    public static async Task Chooses(this Desk desk, string field, params string[] modalities)
    {
        foreach (var modality in Modalities.All)
            await desk.At(field)
                .GetByLabel(modality.Name[desk.Language], new() { Exact = true })
                .SetCheckedAsync(modalities.Contains(modality.Code));
    }

    /// <summary>Consents to audiences by their names, with the usual parts and these.</summary>
    public static async Task ConsentsTo(this Desk state, string[] audiences, params NeedParts[] more)
    {
        await state.Press("#consents .card-head button");
        foreach (var audience in audiences)
        {
            await state.ChoosesAudience(audience);
            foreach (var part in more)
                await state.Audience(audience).GetByLabel(state.Code("part", "Need." + part), new() { Exact = true }).CheckAsync();
        }
        await state.Press(".mud-dialog-actions .btn-primary");
        await state.DoesNotSee(".mud-dialog");
        foreach (var audience in audiences)
            await Expect(state.At("#consents .who")).ToContainTextAsync(audience);
    }

    /// <summary>An audience in the dialog of consents.</summary>
    public static ILocator Audience(this Desk state, string audience) =>
        state.At(".mud-dialog .consent-row").Filter(new() { HasText = audience }).First;

    /// <summary>Finds an audience in the dialog of consents and says that it may see the need.</summary>
    public static async Task ChoosesAudience(this Desk state, string audience)
    {
        await state.Fill("#consent-find", audience);
        await state.Audience(audience).Locator("input").First.CheckAsync();
        await Expect(state.Audience(audience).Locator(".consent-parts")).ToBeVisibleAsync();
    }

    /// <summary>Answers a need in another window.</summary>
    /// <returns>The proposal's reference.</returns>
    public static async Task<string> Proposes(
        this Desk donor,
        string need,
        string help,
        int amount,
        string currency,
        params string[] modalities
    )
    {
        await donor.NewWindow($"/needs/{need}/propose");
        await donor.Fill("#Title", help);
        await donor.Fill("#Description", help + ", within a year.");
        await donor.Chooses("#Modalities", modalities);
        await donor.Fill("#Amount", Number(amount));
        await donor.At("#Currency").SelectOptionAsync(currency);
        await donor.Press(".form-foot button[type=submit]");
        await donor.SeesStatus(ProposalStatus.Proposed);
        return donor.Reference;
    }

    /// <summary>Types the part accepted of a proposal beside the others.</summary>
    public static async Task FillPart(this Desk state, string proposal, string part)
    {
        var field = state.At("table.compare label").Filter(new() { HasText = proposal }).Locator("input");
        await field.FillAsync(part);
        await field.BlurAsync();
    }

    /// <summary>A button of the assessments.</summary>
    public static ILocator Button(this Desk desk, string act) => desk.Named(AriaRole.Button, act);

    /// <summary>A link of the assessments.</summary>
    public static ILocator Link(this Desk desk, string act) => desk.Named(AriaRole.Link, act);

    private static ILocator Named(this Desk desk, AriaRole role, string act) =>
        desk.Page.GetByRole(role, new() { Name = desk.AssessmentWord(act), Exact = true });

    /// <summary>A list to choose from, by its label.</summary>
    public static ILocator Choice(this ILocator within, string label) =>
        within.GetByRole(AriaRole.Combobox, new() { Name = label, Exact = true });

    /// <summary>Where something is written, by its label.</summary>
    public static ILocator Written(this ILocator within, string label) =>
        within.GetByRole(AriaRole.Textbox, new() { Name = label, Exact = true });

    /// <summary>Presses a button of an assessment and says yes, having typed what is asked for.</summary>
    public static async Task DoesAct(this Desk desk, string act, string? typed = null)
    {
        await desk.Button(act).ClickAsync();
        await desk.Agrees(typed);
    }

    /// <summary>All of these words stand on the page.</summary>
    public static async Task Says(this Desk desk, params string[] words)
    {
        foreach (var word in words)
            try
            {
                await Expect(desk.At("main")).ToContainTextAsync(word);
            }
            catch (PlaywrightException missing)
            {
                throw new PlaywrightException($"At {desk.Page.Url}: {missing.Message}");
            }
    }

    /// <summary>A line of a dossier's form, by what it is called and its number.</summary>
    public static ILocator Line(this Desk officer, string called, int number) =>
        officer.Page.GetByRole(
            AriaRole.Group,
            new() { Name = string.Format(CultureInfo.InvariantCulture, officer.AssessmentWord(called), number), Exact = true }
        );

    /// <summary>Adds the first finding to a dossier's form.</summary>
    public static async Task Finds(this Desk officer, string topic, string rating, string text, string evidence, string safeguards)
    {
        await officer.Button("findings.add").ClickAsync();
        var line = officer.Line("finding.number", 1);
        await line.Choice(officer.AssessmentWord("finding.topic")).SelectOptionAsync(topic);
        await line.Choice(officer.AssessmentWord("finding.rating")).SelectOptionAsync(rating);
        await line.Written(officer.AssessmentWord("finding.text")).FillAsync(text);
        await line.Written(officer.AssessmentWord("finding.evidence")).FillAsync(evidence);
        await line.Written(officer.AssessmentWord("finding.safeguards")).FillAsync(safeguards);
    }
}
