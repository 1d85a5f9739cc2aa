using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Portal.Shell;

/// <summary>
/// What the portal's components are made of: one press at a time. A press that comes while an earlier one is being answered, or was made
/// before the browser showed the answer, is none. A circuit takes the second press before the first has finished waiting for the database,
/// so that a button disabled by the first comes too late; and on a slow line the second is made on a screen that the first has already
/// changed.
/// </summary>
public abstract class PortalComponent : ComponentBase, IHandleEvent, IHandleAfterRender
{
    // Drawings asked for, the first included, and those the browser has shown. They are shown in the order they were asked for.
    private int asked = 1;
    private int shown;
    private int? answer; // the drawing that shows what came of the press
    private bool isTaken,
        isAnswering,
        wasDrawn,
        isCarriedOver;

    /// <summary>For <c>aria-disabled</c>: a press is being answered. A button that is disabled outright would lose the focus.</summary>
    protected string? Busy => isAnswering ? "true" : null;

    /// <summary>
    /// Whether every press counts, however fast: for buttons that change what is on the screen and nothing else, such as another line.
    /// </summary>
    protected virtual bool TakesEveryPress => false;

    /// <inheritdoc/>
    public override Task SetParametersAsync(ParameterView parameters)
    {
        // The framework gives what was carried over from prerendering twice: at first, and over whatever the component has read since when
        // what is around it is drawn for the first time after. Asked twice at once, it has nothing left to give.
        if (!isCarriedOver)
            _ = parameters.ToDictionary();
        isCarriedOver = true;
        return base.SetParametersAsync(parameters);
    }

    /// <inheritdoc/>
    protected sealed override bool ShouldRender()
    {
        asked++;
        return true;
    }

    Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem handler, object? arguments)
    {
        if (TakesEveryPress || !IsPress(arguments))
            return Handle(handler, arguments);
        return isTaken ? Task.CompletedTask : Take(handler, arguments);
    }

    Task IHandleAfterRender.OnAfterRenderAsync()
    {
        shown++;
        Release();
        var isFirst = !wasDrawn;
        wasDrawn = true;
        OnAfterRender(isFirst);
        return OnAfterRenderAsync(isFirst);
    }

    // A click, or a form sent, which has no particulars. What is typed, chosen or moved to is never a press.
    private static bool IsPress(object? arguments) => arguments is MouseEventArgs || arguments?.GetType() == typeof(EventArgs);

    private async Task Take(EventCallbackWorkItem handler, object? arguments)
    {
        (isTaken, isAnswering) = (true, true);
        var work = Task.CompletedTask;
        try
        {
            work = handler.InvokeAsync(arguments);
            if (!work.IsCompleted)
                StateHasChanged();
            await work;
        }
        catch when (work.IsCanceled)
        {
            // Given up, which is no mishap.
        }
        finally
        {
            isAnswering = false;
            StateHasChanged();
            answer = asked;
            Release();
        }
    }

    private void Release()
    {
        if (answer <= shown)
            (isTaken, answer) = (false, null);
    }

    // As the framework's own components do.
    private Task Handle(EventCallbackWorkItem handler, object? arguments)
    {
        var work = handler.InvokeAsync(arguments);
        StateHasChanged();
        return work.IsCompletedSuccessfully || work.IsCanceled ? Task.CompletedTask : Finish(work);
    }

    private async Task Finish(Task work)
    {
        try
        {
            await work;
        }
        catch when (work.IsCanceled)
        {
            return;
        }
        StateHasChanged();
    }
}
