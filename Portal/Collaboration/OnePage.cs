using Microsoft.AspNetCore.Components;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>
/// A page of one thing that its address names: read once, carried over from prerendering, read anew when the address names another or
/// something was done; or not there.
/// </summary>
public abstract class OnePage : PortalComponent
{
    /// <summary>Asks before an act and says afterwards that it was done.</summary>
    [Inject]
    protected Ask Ask { get; set; } = null!;

    /// <summary>Whether what the address names is missing or hidden, which is the same.</summary>
    protected internal bool IsMissing { get; private protected set; }

    /// <summary>What the page shows, as whoever acts on it has it before them.</summary>
    protected internal virtual IReadOnlyCollection<Seen> Seen => [];

    /// <summary>Reads it anew.</summary>
    protected internal abstract Task Load();

    /// <summary>
    /// Says that an act was done, and shows what stands now: where it was not done, somebody else may have been first.
    /// </summary>
    protected internal async Task Do(Task<bool> act, string? done = null)
    {
        if (await act && done is not null)
            Ask.Done(done);
        await Load();
    }
}

/// <inheritdoc/>
/// <typeparam name="T">What the page shows, as its reader sees it.</typeparam>
public abstract class OnePage<T> : OnePage
    where T : class
{
    private string? shown;

    /// <summary>What the page shows; null before it is read, and where there is none.</summary>
    [PersistentState]
    public T? View { get; set; }

    /// <summary>How the address names it.</summary>
    protected abstract string Named { get; }

    /// <summary>Asks for it.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    protected abstract Task<T> Open();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View is null || (shown is not null && shown != Named))
            await Load();
        shown = Named;
    }

    /// <inheritdoc/>
    protected internal override async Task Load()
    {
        try
        {
            (View, IsMissing) = (await Open(), false);
        }
        catch (NotFound)
        {
            (View, IsMissing) = (null, true);
        }
    }
}
