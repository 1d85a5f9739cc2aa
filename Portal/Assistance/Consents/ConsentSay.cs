using Microsoft.Extensions.Localization;
using Portal.Assistance.Needs;
using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Assistance;
using Portal.Shell;

namespace Portal.Assistance.Consents;

/// <summary>Says to whom consents gave what, and from whom they took it.</summary>
internal static class ConsentSay
{
    /// <summary>One line for each audience.</summary>
    public static IReadOnlyList<string> Lines(
        IEnumerable<ConsentMove> moves,
        IStringLocalizer<AssistanceWords> words,
        Say say,
        Func<Audience, string> name
    ) => [.. moves.Select(m => say.Labelled(name(m.Audience), string.Join(" ", Of(m, words, say))))];

    private static IEnumerable<string> Of(ConsentMove move, IStringLocalizer<AssistanceWords> words, Say say)
    {
        if (move.After == NeedParts.None)
        {
            yield return words["move.none"];
            yield break;
        }
        if (move.Gains == NeedParts.None && move.Losses == NeedParts.None)
            yield return words["move.same"];
        if (move.Gains != NeedParts.None)
            yield return words["move.gains", say.Parts(move.Gains)];
        if (move.Losses != NeedParts.None)
            yield return words["move.loses", say.Parts(move.Losses)];
    }
}

/// <summary>Opens the dialogs of consent, from the card and from the header, and says afterwards what was done.</summary>
public sealed class ConsentDialogs(MudBlazor.IDialogService dialogs, Ask ask, IStringLocalizer<AssistanceWords> words)
{
    private static readonly MudBlazor.DialogOptions Wide = new() { MaxWidth = MudBlazor.MaxWidth.Large, FullWidth = true };

    /// <summary>The focal point gives, changes and takes back consents.</summary>
    /// <returns>Whether anything was changed.</returns>
    public async Task<bool> Give(NeedView need, string? audience = null)
    {
        var dialog = await dialogs.ShowAsync<ConsentDialog>(
            words["consent.give"],
            new MudBlazor.DialogParameters<ConsentDialog> { { d => d.Need, need }, { d => d.Begin, audience } },
            Wide
        );
        if (await dialog.Result is not { Canceled: false, Data: IReadOnlyList<string> lines })
            return false;
        foreach (var line in lines)
            ask.Done(line);
        return true;
    }

    /// <summary>CTED asks the State for its consent.</summary>
    /// <returns>Whether it was asked.</returns>
    public async Task<bool> AskState(NeedView need)
    {
        var dialog = await dialogs.ShowAsync<AskConsentDialog>(
            words["consent.ask"],
            new MudBlazor.DialogParameters<AskConsentDialog> { { d => d.Need, need } },
            Wide
        );
        if (await dialog.Result is not { Canceled: false, Data: string done })
            return false;
        ask.Done(done);
        return true;
    }
}
