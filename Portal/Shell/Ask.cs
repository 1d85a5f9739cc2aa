using Microsoft.Extensions.Localization;
using MudBlazor;
using Portal.Data;
using Portal.Domain.Access;

namespace Portal.Shell;

/// <summary>What a question takes besides yes.</summary>
public enum AskInput
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A day, ISO 8601.</summary>
    Date,

    /// <summary>An amount in whole units.</summary>
    Amount,
}

/// <summary>Asks before an act and says afterwards that it was done.</summary>
public sealed class Ask(IDialogService dialogs, ISnackbar toasts, OnScreen screen, Say say, IStringLocalizer<ShellWords> words)
{
    /// <summary>Acts only while what the question said would follow still would.</summary>
    /// <param name="told">What it said.</param>
    /// <param name="tell">Says it again, as things stand when the answer comes.</param>
    /// <param name="act">The act.</param>
    /// <exception cref="Refusal"><c>record.changed_since_shown</c>.</exception>
    public static async Task While(string told, Func<Task<string>> tell, Func<Task> act)
    {
        Refusal.Unless(told == await tell(), "record.changed_since_shown");
        await act();
    }

    /// <summary>
    /// Opens a question. The act runs inside it, so that a refusal is shown where it was made and nothing typed is lost; <paramref
    /// name="seen"/> are the records it decides on,
    /// as they stand on the screen when it is opened.
    /// </summary>
    /// <returns>Whether the act was done.</returns>
    public async Task<bool> Open(
        string title,
        string message,
        string confirm,
        Func<string?, Task> act,
        bool isDangerous = false,
        AskInput input = AskInput.None,
        string? label = null,
        bool required = false,
        string? initial = null,
        IReadOnlyCollection<Seen>? seen = null
    )
    {
        var done = false;
        var dialog = await dialogs.ShowAsync<AskDialog>(
            title,
            new DialogParameters<AskDialog>
            {
                { d => d.Title, title },
                { d => d.Message, message },
                { d => d.ConfirmLabel, confirm },
                { d => d.IsDangerous, isDangerous },
                { d => d.Input, input },
                { d => d.Label, label },
                { d => d.Required, required },
                { d => d.Initial, initial },
                {
                    d => d.Act,
                    async value =>
                    {
                        await screen.While(seen ?? [], () => act(value));
                        done = true;
                    }
                },
            },
            Options
        );
        await dialog.Result;
        return done;
    }

    /// <summary>Runs an act that needs no question; a refusal is said in a toast.</summary>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> Run(Func<Task> act, IReadOnlyCollection<Seen>? seen = null)
    {
        try
        {
            await screen.While(seen ?? [], act);
            return true;
        }
        catch (Refusal refusal) when (refusal.Code == CheckAgain.Code)
        {
            toasts.Add<CheckAgain>(severity: Severity.Warning, configure: o => o.RequireInteraction = true);
        }
        catch (Refusal refusal)
        {
            toasts.Add(say.Refusal(refusal), Severity.Error);
        }
        catch (NotFound)
        {
            toasts.Add(words["notfound.title"], Severity.Error);
        }
        return false;
    }

    /// <summary>Says that something was done.</summary>
    public void Done(string message) => toasts.Add(message, Severity.Success);

    private static DialogOptions Options => new() { MaxWidth = MaxWidth.Small, FullWidth = true };
}
