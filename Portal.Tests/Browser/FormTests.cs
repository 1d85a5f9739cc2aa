using Portal.Domain.Assistance;
using Portal.Domain.Reference;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>Nothing typed is lost: not with a line that breaks, not to somebody who saves first, not to a mistake.</summary>
[Collection(BrowserCollection.Name)]
public sealed class FormTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task A_half_written_need_comes_back_and_is_forgotten_when_asked()
    {
        await using var writer = await portal.Person("focal.per");
        await writer.GoTo("/needs/new");
        await writer.Fill("#Title", "Half a title");
        await writer.At("#Theme").SelectOptionAsync("CFT");
        await writer.Fill("#Description", "Half a description");
        // What a pause in typing keeps: the field is not left.
        await Expect(writer.At("#Description")).ToBeFocusedAsync();
        await Expect(writer.At(".saved-note")).ToContainTextAsync("Kept just now");
        await writer.At("#Beneficiary").FillAsync("Somebody");
        await portal.Keeps("need/new", "Half a description", "Somebody");
        await writer.Page.WaitForURLAsync("**/needs/new?draft=*");
        await writer.Page.CloseAsync();

        await writer.NewWindow("/needs");
        await writer.At("#unsaved a").Filter(new() { HasText = "Half a title" }).ClickAsync();
        await Expect(writer.At("#Title")).ToHaveValueAsync("Half a title");
        await Expect(writer.At("#Description")).ToHaveValueAsync("Half a description");
        await Expect(writer.At("#Theme")).ToHaveValueAsync("CFT");
        await writer.Press(".form-foot .alert button");
        await Expect(writer.At("#Title")).ToHaveValueAsync("");

        await writer.Page.CloseAsync();
        await writer.NewWindow("/needs/new");
        await Expect(writer.At("#Title")).ToBeEnabledAsync();
        await Expect(writer.At("#Title")).ToHaveValueAsync("");
        await writer.DoesNotSee(".form-foot .alert");
        await writer.DoesNotSee("#unsaved");
    }

    [BrowserFact]
    public async Task Two_new_needs_at_once_are_two_drafts()
    {
        await using var writer = await portal.Person("focal.fji", Language.En);
        await writer.GoTo("/needs/new");
        var first = writer.Page;
        await writer.Fill("#Title", "FIRST");
        await first.WaitForURLAsync("**/needs/new?draft=*");
        await portal.Keeps("need/new", "FIRST");
        await writer.NewWindow("/needs/new");
        await Expect(writer.At("#Title")).ToBeEnabledAsync();
        await Expect(writer.At("#Title")).ToHaveValueAsync("");
        await writer.Sees("#unsaved", "FIRST");
        await writer.Fill("#Title", "SECOND");
        await writer.Page.WaitForURLAsync("**/needs/new?draft=*");
        await portal.Keeps("need/new", "SECOND");
        await writer.Page.ReloadAsync();
        await Expect(writer.At("#Title")).ToHaveValueAsync("SECOND");
        // As a draft, with a title and nothing else.
        await Save(writer);

        writer.Turn(first);
        await first.ReloadAsync();
        await Expect(writer.At("#Title")).ToHaveValueAsync("FIRST");
        await writer.Press(".form-foot .alert button");
        await Expect(writer.At("#Title")).ToHaveValueAsync("");
    }

    [BrowserFact]
    public async Task A_dossier_is_begun_of_States_that_are_the_officers_and_what_is_under_way_is_said_beside_them()
    {
        await using var officer = await portal.Person("legal");
        await officer.GoTo("/assessments/new");
        await Expect(officer.At("#State")).ToBeEnabledAsync();
        Assert.Equal(
            ["", "KEN", "PER", "SEN"],
            await officer.At("#State").EvaluateAsync<string[]>("list => [...list.options].map(o => o.value).sort()")
        );
        await officer.DoesNotSee(".group .alert");
        await officer.At("#State").SelectOptionAsync("KEN");
        await Expect(officer.At(".group .alert a").First).ToContainTextAsync("PIA-KEN-");
        await officer.At("#State").SelectOptionAsync("");
        await officer.DoesNotSee(".group .alert");
    }

    [BrowserFact]
    public async Task Two_people_who_edit_one_need_see_both_versions_whether_the_other_was_there_at_the_time_or_not()
    {
        await using var focalPoint = await portal.Person("focal.ken");
        await using var contributor = await portal.Person("contributor.ken");
        await focalPoint.GoTo("/needs/new");
        await focalPoint.Fill("#Title", "Shared pen");
        await focalPoint.Fill("#Description", "First words.");
        await focalPoint.At("#Theme").SelectOptionAsync("CFT");
        await focalPoint.At("#Modalities input").First.CheckAsync();
        await Save(focalPoint);
        var need = focalPoint.Reference;
        var edit = $"/needs/{need}/edit";

        // Left with words kept and not saved; meanwhile somebody else saves another field. Back again, both are there and the reader is
        // told.
        await focalPoint.GoTo(edit);
        await focalPoint.Fill("#Title", "Shared pen, sharper");
        await portal.Keeps("need/" + need, "Shared pen, sharper");
        await focalPoint.GoTo("/needs");
        await contributor.GoTo(edit);
        await contributor.Fill("#Description", "The contributor's words.");
        await Save(contributor);
        await focalPoint.GoTo(edit);
        await Expect(focalPoint.At("#Title")).ToHaveValueAsync("Shared pen, sharper");
        await Expect(focalPoint.At("#Description")).ToHaveValueAsync("The contributor's words.");
        await Expect(focalPoint.At(".compare tbody tr")).ToHaveCountAsync(1);
        await focalPoint.Sees(".compare tbody", "First words.");
        await Save(focalPoint);
        await focalPoint.Sees(".record-head h1", "Shared pen, sharper");
        await focalPoint.Sees("main", "The contributor's words.");

        // The same field, both there: the table takes the focus, and nothing is saved until a version is chosen.
        await focalPoint.GoTo(edit);
        await contributor.GoTo(edit);
        await contributor.Fill("#Title", "Title of the contributor");
        await Save(contributor);
        await focalPoint.Fill("#Title", "Title of the focal point");
        await focalPoint.Fill("#EstimatedCost", "90000");
        await focalPoint.Press(".form-foot button[type=submit]");
        await Expect(focalPoint.At(".compare tbody tr")).ToHaveCountAsync(1);
        await Expect(focalPoint.At("section:has(> .compare)")).ToBeFocusedAsync();
        await Expect(focalPoint.At(".compare")).ToBeInViewportAsync();
        await focalPoint.Sees(".compare tbody", "Title of the focal point");
        await focalPoint.Press(".form-foot button[type=submit]");
        await Expect(focalPoint.At("section:has(> .compare)")).ToBeFocusedAsync();
        var theirs = focalPoint.At(".compare tbody label").Filter(new() { HasText = "Title of the contributor" }).Locator("input");
        await theirs.CheckAsync();
        await Expect(focalPoint.At("#Title")).ToHaveValueAsync("Title of the contributor");
        await focalPoint.At("#merge-Title").CheckAsync();
        await Expect(focalPoint.At("#Title")).ToHaveValueAsync("Title of the focal point");
        await theirs.CheckAsync();
        await Expect(focalPoint.At("#Title")).ToHaveValueAsync("Title of the contributor");
        await Save(focalPoint);
        await focalPoint.Sees(".record-head h1", "Title of the contributor");
        await focalPoint.Sees(".facts", "90,000");

        // Other paragraphs of one text: both changes are in it, and what came of the other is shown before it is saved.
        await contributor.GoTo(edit);
        await contributor.Fill("#Description", "One.\nTwo.\nThree.");
        await Save(contributor);
        await focalPoint.GoTo(edit);
        await contributor.GoTo(edit);
        await contributor.Fill("#Description", "One.\nTwo.\nThree, the contributor's.");
        await Save(contributor);
        await focalPoint.Fill("#Description", "One, the focal point's.\nTwo.\nThree.");
        await focalPoint.Press(".form-foot button[type=submit]");
        await Expect(focalPoint.At("#Description")).ToHaveValueAsync("One, the focal point's.\nTwo.\nThree, the contributor's.");
        await focalPoint.Sees(".compare ins", "the contributor's");
        await focalPoint.At("#merge-Description").CheckAsync();
        await Expect(focalPoint.At("#Description")).ToHaveValueAsync("One, the focal point's.\nTwo.\nThree.");
        await focalPoint.At(".compare td[colspan] input").CheckAsync();
        await Save(focalPoint);
        await focalPoint.Sees("main", "One, the focal point's.");
        await focalPoint.Sees("main", "Three, the contributor's.");
    }

    [BrowserFact]
    public async Task The_second_to_translate_a_need_sees_both_texts_and_keeps_their_own()
    {
        await using var first = await portal.Person("assistance");
        await using var second = await portal.Person("assistance.second");
        await first.GoTo("/needs?status=Circulated");
        var need = await first.At("a.row-link").First.GetAttributeAsync("href");
        foreach (var (officer, words) in new[] { (first, "The first officer's words"), (second, "The second officer's words") })
        {
            await officer.GoTo(need + "/translate");
            await officer.Fill("#Title", "In another language");
            var other = officer.At("#Language option").Last;
            await officer.At("#Language").SelectOptionAsync((await other.GetAttributeAsync("value"))!);
            await Expect(officer.At("#Title")).ToHaveAttributeAsync("lang", (await other.GetAttributeAsync("lang"))!);
            await officer.Fill("#Title", words);
            await officer.Fill("#Description", words);
        }
        await first.Press(".form-foot button[type=submit]");
        await first.Sees(".record-head");
        await second.Press(".form-foot button[type=submit]");
        foreach (var field in new[] { "Title", "Description" })
        {
            await second.Sees($"tr:has(#merge-{field})", "The first officer's words");
            await second.Sees($"tr:has(#merge-{field})", "The second officer's words");
            await second.At("#merge-" + field).CheckAsync();
        }
        await second.Press(".form-foot button[type=submit]");
        await second.Sees(".record-head");
        Assert.Empty(second.Complaints);
    }

    [BrowserFact]
    public async Task Mistakes_are_listed_first_lead_to_their_fields_and_leave_what_was_typed()
    {
        await using var writer = await portal.Person("focal.fji", Language.En);
        await writer.GoTo("/needs/new");
        await writer.Fill("#Beneficiary", "Revenue service");
        await writer.Fill("#EstimatedCost", "a lot");
        await writer.Press(".form-foot button[type=submit]");
        await Expect(writer.At(".error-summary")).ToBeFocusedAsync();
        foreach (var field in new[] { "Title", "EstimatedCost" })
        {
            var line = writer.At($".error-summary a[data-focus={field}]");
            await line.ClickAsync();
            await Expect(writer.At("#" + field)).ToBeFocusedAsync();
            Assert.Equal("/needs/new", new Uri(writer.Page.Url).AbsolutePath);
        }
        await Expect(writer.At("#Title")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(writer.At("#Beneficiary")).ToHaveValueAsync("Revenue service");
        await Expect(writer.At("#EstimatedCost")).ToHaveValueAsync("a lot");

        // A title is enough for a draft; what CTED has to be told is asked for when it is submitted, where it is written.
        await writer.Fill("#Title", "A title for now");
        await writer.Fill("#EstimatedCost", "");
        await Save(writer);
        await writer.Press(".record-head .btn-primary");
        await Expect(writer.At(".error-summary")).ToBeFocusedAsync();
        await Expect(writer.At(".error-summary a")).ToHaveCountAsync(3);
        await writer.Press(".error-summary a[data-focus=Theme]");
        await Expect(writer.At("#Theme")).ToBeFocusedAsync();
        Assert.Empty(writer.Complaints);
    }

    private static async Task Save(Desk writer)
    {
        await writer.Press(".form-foot button[type=submit]");
        await writer.SeesStatus(NeedStatus.Draft);
    }
}
