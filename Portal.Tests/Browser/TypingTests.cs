using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What is typed stays as it is typed, with a line as slow as from one continent to another.</summary>
[Collection(BrowserCollection.Name)]
public sealed class TypingTests(OpenPortal portal)
{
    [BrowserFact]
    public async Task A_date_is_what_its_keys_say()
    {
        await using var line = portal.SlowLine(300);
        await using var writer = await portal.Person("focal.cri");
        await Turns(writer, line.Address + "/needs", "/needs/new");
        await Types(writer, "#From", "05032027", 150);
        await Expect(writer.At("#From")).ToHaveValueAsync("2027-05-03");
        await writer.Press("#To");
        await portal.Keeps("need/new", "2027-05-03");

        // A 0 typed first is half a month, and not the end of the date.
        await Types(writer, "#From", "07", 150);
        await Expect(writer.At("#From")).ToHaveValueAsync("2027-07-03");
        await writer.Press("#To");
        await portal.Keeps("need/new", "2027-07-03");

        // A date left half typed is not sent as none: the form stays, and the field says what is missing.
        await writer.At("#From").FocusAsync();
        await writer.Page.Keyboard.PressAsync("Backspace");
        await writer.Press(".form-foot button[type=submit]");
        await Expect(writer.At("#From")).ToBeFocusedAsync();
        await writer.DoesNotSee(".error-summary");
    }

    [BrowserFact]
    public async Task The_finder_keeps_every_letter_and_its_list_follows()
    {
        await using var line = portal.SlowLine(300);
        await using var manager = await portal.Person("access");
        await Turns(manager, line.Address + "/access/people", "/access/people/invite");
        await Types(manager, "#To", "Madagascar", 100);
        await manager.Sees("main .choices button", "Madagascar");
        await Expect(manager.At("#To")).ToHaveValueAsync("Madagascar");

        // An input method composes in the field, and the list answers meanwhile.
        await manager.Fill("#To", "");
        await manager.DoesNotSee("main .choices button");
        await manager.At("#To").FocusAsync();
        var keyboard = await manager.Page.Context.NewCDPSessionAsync(manager.Page);
        foreach (var composed in new[] { "n", "ni", "nih", "niha" })
            await keyboard.SendAsync(
                "Input.imeSetComposition",
                new()
                {
                    ["text"] = composed,
                    ["selectionStart"] = composed.Length,
                    ["selectionEnd"] = composed.Length,
                }
            );
        await manager.Sees("main .field p[role=status]");
        await keyboard.SendAsync("Input.insertText", new() { ["text"] = "你好" });
        await Expect(manager.At("#To")).ToHaveValueAsync("你好");

        await manager.Fill("#To", "kenya");
        await manager.At("main .choices button").First.ClickAsync();
        await manager.Sees("main .chip", "Kenya");
    }

    // From page to page, after which the heading has the focus.
    private static async Task Turns(Desk reader, string from, string to)
    {
        await reader.GoTo(from);
        await reader.At($"main a[href='{to}']").First.ClickAsync();
        await reader.Page.WaitForURLAsync("**" + to);
        await Expect(reader.At("main h1")).ToBeFocusedAsync();
    }

    private static async Task Types(Desk writer, string field, string keys, float pause)
    {
        await Expect(writer.At(field)).ToBeEnabledAsync();
        await writer.At(field).FocusAsync();
        await writer.Page.Keyboard.TypeAsync(keys, new() { Delay = pause });
    }
}
