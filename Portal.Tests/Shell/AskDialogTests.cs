using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>What is refused stands in the question that was answered, at what is typed only where that is at fault.</summary>
public sealed class AskDialogTests
{
    [Theory]
    [InlineData("dossier.quality_not_said", null, "")]
    [InlineData("field.too_long", "Note", "Note")]
    public async Task A_refusal_is_said_in_the_dialog_which_stays_with_what_was_typed(string code, string? field, string label)
    {
        using var _ = Culture.Speak(Language.En);
        await using var page = new BunitContext();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddWords();
        page.Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        page.Renderer.SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", true));
        var dialog = page.Render<MudDialogProvider>();
        await dialog.InvokeAsync(() =>
            page
                .Services.GetRequiredService<IDialogService>()
                .ShowAsync<AskDialog>(
                    "",
                    new DialogParameters<AskDialog>
                    {
                        { d => d.Input, AskInput.Text },
                        { d => d.Label, "Note" },
                        { d => d.Act, _ => throw new Refusal(code, field) },
                    }
                )
        );
        dialog.WaitForElement("#ask-value");
        await dialog.Find("#ask-value").InputAsync(new() { Value = "Seen." });
        await dialog.Find("form").SubmitAsync();
        var words = page.Services.GetRequiredService<Say>().Code("refusal", code);
        var isOfField = label.Length > 0;
        Assert.Equal(isOfField ? "true" : "false", dialog.Find("#ask-value").GetAttribute("aria-invalid"));
        Assert.Equal("Seen.", dialog.Find("#ask-value").GetAttribute("value"));
        Assert.Contains(words, dialog.Find(isOfField ? ".field.invalid .error" : "p.alert").TextContent, StringComparison.Ordinal);
        Assert.Equal(isOfField ? 0 : 1, dialog.FindAll("p.alert").Count);
    }
}
