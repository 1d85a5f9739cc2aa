using Microsoft.AspNetCore.Components;
using Portal.Domain.Access;
using Portal.Domain.Reference;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>
/// A page on which a record is translated into a language that its address names. The language turns with its text, so that what is typed
/// in one is kept in a draft of its own, and no draft meets that of another.
/// </summary>
/// <typeparam name="T">What is typed.</typeparam>
public abstract class TranslatePage<T> : PortalComponent
    where T : class, new()
{
    /// <summary>The form; null until it is read.</summary>
    protected Editing<T>? edit;

    /// <summary>Keeps it as it is typed.</summary>
    protected Keeper<T>? keeper;

    /// <summary>Turns pages.</summary>
    [Inject]
    protected Go Go { get; set; } = null!;

    /// <summary>Reference of the record.</summary>
    [Parameter]
    public string Reference { get; set; } = "";

    /// <summary>The language translated into, by its tag.</summary>
    [SupplyParameterFromQuery(Name = "language")]
    public string? Wanted { get; set; }

    /// <summary>The language translated into.</summary>
    protected Language Into { get; private set; }

    /// <summary>What is wrong with what is typed.</summary>
    protected FormErrors Errors { get; set; } = FormErrors.None;

    /// <summary>Whether there is nothing here to translate, or not any more.</summary>
    protected bool IsMissing { get; set; }

    /// <summary>What is typed.</summary>
    protected T Form => edit!.Form;

    /// <summary>Address of the record.</summary>
    protected abstract string Address { get; }

    /// <summary>The language of what is translated.</summary>
    /// <exception cref="NotFound">Missing, hidden, or not theirs to translate now.</exception>
    protected abstract Task<Language> Original();

    /// <summary>The form for a language.</summary>
    /// <exception cref="NotFound">Missing, hidden, or not theirs to translate now.</exception>
    protected abstract Task<Editing<T>> Open(Language into);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (edit is null)
            Into = Languages.All.Where(l => l.Tag() == Wanted).Append(Culture.Current).First();
        try
        {
            var original = await Original();
            var wanted = Languages
                .All.Where(l => l != original && l.Tag() == Wanted)
                .Append(Culture.Current != original ? Culture.Current : Languages.All.First(l => l != original))
                .First();
            if (edit is null || wanted != Into)
                await Show(wanted);
        }
        catch (NotFound)
        {
            IsMissing = true;
        }
    }

    /// <summary>Shows the form for a language as it stands in the record.</summary>
    protected async Task Show(Language wanted)
    {
        var opened = await Open(wanted);
        (Into, edit, Errors) = (wanted, opened, FormErrors.None);
    }

    /// <summary>Turns to another language.</summary>
    protected async Task Choose(ChangeEventArgs e)
    {
        // What is typed in one language is kept before another is shown.
        await keeper!.Flush();
        Go.To($"{Address}/translate?language={Enum.Parse<Language>((string)e.Value!).Tag()}", replaces: true);
    }

    /// <summary>Something was typed.</summary>
    protected Task Touched() => keeper?.Touched() ?? Task.CompletedTask;

    /// <summary>Goes back to the record: what was typed is saved.</summary>
    protected async Task Leave()
    {
        await keeper!.Drop();
        Go.To(Address);
    }
}
