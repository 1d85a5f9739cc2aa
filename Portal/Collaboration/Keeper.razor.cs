using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>Keeps a form as it is typed, as a draft of this window, and says when it last did.</summary>
/// <typeparam name="T">The fields of the form.</typeparam>
public sealed partial class Keeper<T> : IAsyncDisposable
    where T : class, new()
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    // One at a time: two that both find nothing kept would both add it, and one still being kept must not come after it is forgotten.
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource gone = new();

    // Drafts this window has put in its address, and not yet seen there: on a slow line that takes a while.
    private readonly List<Guid?> announced = [];
    private CancellationTokenSource? waiting;
    private (Guid Id, string Text)? kept;
    private DateTimeOffset? keptAt;
    private Guid? seen;
    private string? place;
    private bool failed,
        restored;
    private int ended;

    /// <summary>Which form, such as <c>need/new</c>.</summary>
    [Parameter, EditorRequired]
    public string Form { get; set; } = "";

    /// <summary>The form: what it says and what it began on.</summary>
    [Parameter, EditorRequired]
    public Editing<T> Of { get; set; } = null!;

    /// <summary>Called with what was kept earlier, for the form to go on with.</summary>
    [Parameter, EditorRequired]
    public EventCallback<Kept<T>> Restored { get; set; }

    /// <summary>Called when the reader wants to start over.</summary>
    [Parameter, EditorRequired]
    public EventCallback Forgotten { get; set; }

    /// <summary>
    /// Whether it is one of several forms on its page: it goes on with what waits of it, and the address says nothing of that.
    /// </summary>
    [Parameter]
    public bool IsAside { get; set; }

    private TimeSpan? Ago => Clock.GetUtcNow() - keptAt;

    // A time that stood still would read as if nothing had been kept since, and one of a failed attempt as if it had.
    private string Note =>
        (failed, Ago) switch
        {
            (true, _) => W["draft.failed"],
            (_, null) => "",
            (_, { TotalMinutes: < 1 }) => W["draft.saved.now"],
            (_, { TotalMinutes: < 60 } ago) => W["draft.saved.ago", (int)ago.TotalMinutes],
            _ => W["draft.saved", Say.Moment(keptAt!.Value.UtcDateTime)],
        };

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        place = Address;
        if (!IsAside)
        {
            seen = DraftService.Asked(Location.Uri);
            Location.LocationChanged += Moved;
        }
        _ = Tell();
        await Begin();
    }

    // Something new begins empty, and lists what else waits. A record goes on from what was typed last.
    private async Task Begin()
    {
        if ((seen is null && Of.IsNew && !IsAside) || await Drafts.Load<T>(Form, seen) is not { } found)
            return;
        (kept, restored) = ((found.Id, found.Text), true);
        Announce(found.Id);
        await Restored.InvokeAsync(found);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        var asked = DraftService.Asked(e.Location);
        // Where the window turns to another form, or leaves, there is nothing to go on with here.
        if (asked == seen || place != Address)
            return;
        seen = asked;
        if (!announced.Remove(asked))
            _ = InvokeAsync(Turn);
    }

    // Another draft, or a new one, is asked for in the same window: what is typed stays kept where it was.
    private async Task Turn()
    {
        await Flush();
        (kept, keptAt, restored) = (null, null, false);
        await Forgotten.InvokeAsync();
        await Begin();
        StateHasChanged();
    }

    private void Announce(Guid id)
    {
        if (IsAside || id == (announced.Count > 0 ? announced[^1] : seen))
            return;
        announced.Add(id);
        Go.To(Location.GetUriWithQueryParameter(DraftService.Parameter, id), replaces: true);
    }

    /// <summary>Something was typed: keep it in a moment.</summary>
    public async Task Touched()
    {
        waiting?.Cancel();
        var mine = waiting = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        try
        {
            await Task.Delay(Pause, mine.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        // The form was saved, discarded or touched again in the moment the pause ended: what is kept now would come back as something
        // unsaved.
        if (waiting != mine)
            return;
        waiting = null;
        await Keep();
        StateHasChanged();
    }

    /// <summary>What was typed and waits to be kept is kept now.</summary>
    public async Task Flush()
    {
        if (waiting is null)
            return;
        await waiting.CancelAsync();
        waiting = null;
        await Keep();
    }

    private async Task Keep()
    {
        var of = ended;
        await turn.WaitAsync();
        try
        {
            // Saved or discarded while this waited for its turn.
            if (of != ended)
                return;
            kept = await Drafts.Keep(Form, Address, Of, kept);
            (keptAt, failed) = (kept is null ? null : Clock.GetUtcNow(), false);
            // Of what was saved or discarded while it was being kept, the address says nothing: the page is being left.
            if (kept is var (id, _) && of == ended && !gone.IsCancellationRequested)
                Announce(id);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or Refusal)
        {
            failed = true;
        }
        finally
        {
            turn.Release();
        }
    }

    // Where the form is gone on with: its address without the draft.
    private string Address => "/" + Location.ToBaseRelativePath(Location.GetUriWithQueryParameter(DraftService.Parameter, (Guid?)null));

    // The note grows older; what could not be kept is tried again.
    private async Task Tell()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Beat, gone.Token);
                if (failed)
                    await Keep();
                if (keptAt is not null || failed)
                    StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <summary>The form was saved for good.</summary>
    public async Task Drop()
    {
        ended++;
        waiting?.Cancel();
        waiting = null;
        await turn.WaitAsync();
        try
        {
            if (kept is var (id, text))
                await Drafts.Drop(id, text);
            (kept, failed) = (null, false);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Forget()
    {
        await Drop();
        (restored, keptAt) = (false, null);
        await Forgotten.InvokeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Location.LocationChanged -= Moved;
        await gone.CancelAsync();
        try
        {
            await Flush();
        }
        catch (ObjectDisposedException)
        {
            return; // the circuit is gone, and its services with it
        }
    }

    [Inject]
    private DraftService Drafts { get; set; } = null!;

    [Inject]
    private NavigationManager Location { get; set; } = null!;

    [Inject]
    private Go Go { get; set; } = null!;

    [Inject]
    private Say Say { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;
}
