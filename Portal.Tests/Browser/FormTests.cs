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
        await Expect(writer.At(".saved-note")).ToContainTextAsync("UTC");
        await writer.At("#Beneficiary").FillAsync("Somebody");
        await portal.Keeps("need/new", "Half a description", "Somebody");
        await writer.Page.CloseAsync();

        await writer.NewWindow("/needs/new");
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
    }

    [BrowserFact]
    public async Task Two_people_who_edit_one_need_keep_both_changes_and_choose_where_they_differ()
    {
        await using var focalPoint = await portal.Person("focal.ken");
        await using var contributor = await portal.Person("contributor.ken");
        await focalPoint.GoTo("/needs/new");
        await focalPoint.Fill("#Title", "Shared pen");
        await focalPoint.Fill("#Description", "First words.");
        await focalPoint.At("#Theme").SelectOptionAsync("CFT");
        await focalPoint.At("#Modalities input").First.CheckAsync();
        await Save(focalPoint);
        var edit = $"/needs/{focalPoint.Reference}/edit";

        // Different fields: nobody is asked.
        await focalPoint.GoTo(edit);
        await contributor.GoTo(edit);
        await contributor.Fill("#Beneficiary", "Police college");
        await Save(contributor);
        await focalPoint.Fill("#Title", "Shared pen, sharper");
        await Save(focalPoint);
        await focalPoint.Sees(".record-head h1", "Shared pen, sharper");
        await focalPoint.Sees(".facts", "Police college");

        // The same field: both versions, and the choice.
        await focalPoint.GoTo(edit);
        await contributor.GoTo(edit);
        await contributor.Fill("#Title", "Title of the contributor");
        await Save(contributor);
        await focalPoint.Fill("#Title", "Title of the focal point");
        await focalPoint.Fill("#EstimatedCost", "90000");
        await focalPoint.Press(".form-foot button[type=submit]");
        await Expect(focalPoint.At(".compare tbody tr")).ToHaveCountAsync(1);
        await focalPoint.Sees(".compare tbody", "Title of the focal point");
        await focalPoint.At(".compare tbody label").Filter(new() { HasText = "Title of the contributor" }).Locator("input").CheckAsync();
        await focalPoint.Press("form .actions .btn-primary");
        await Expect(focalPoint.At("#Title")).ToHaveValueAsync("Title of the contributor");
        await Save(focalPoint);
        await focalPoint.Sees(".record-head h1", "Title of the contributor");
        await focalPoint.Sees(".facts", "90,000");
        await focalPoint.Sees(".facts", "Police college");
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
        foreach (var field in new[] { "Title", "Description", "Theme", "Modalities", "EstimatedCost" })
        {
            var line = writer.At($".error-summary a[data-focus={field}]");
            await line.ClickAsync();
            await Expect(writer.At("#" + field)).ToBeFocusedAsync();
            Assert.Equal("/needs/new", new Uri(writer.Page.Url).AbsolutePath);
        }
        await Expect(writer.At("#Title")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(writer.At("#Beneficiary")).ToHaveValueAsync("Revenue service");
        await Expect(writer.At("#EstimatedCost")).ToHaveValueAsync("a lot");
        Assert.Empty(writer.Complaints);
    }

    private static async Task Save(Desk writer)
    {
        await writer.Press(".form-foot button[type=submit]");
        await writer.SeesStatus(NeedStatus.Draft);
    }
}
