using Microsoft.AspNetCore.Components;

namespace Portal.Shell;

/// <summary>
/// Turns to another page once something is done. The turn is drawn (<c>Line.razor</c>) and carried out by the browser: what is drawn still
/// comes when the
/// line breaks and is back. A call is lost then: the form whose act was done stays open and can be sent again, and a minute later the
/// circuit ends.
/// </summary>
public sealed class Go(NavigationManager location)
{
    private Action? draw;

    /// <summary>Where to, and how many turns there were; none yet at 0.</summary>
    internal (int Number, string Address, bool Replaces, bool Loads) Last { get; private set; }

    /// <summary>Turns.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="replaces">Whether Back leads past this page.</param>
    /// <param name="loads">Whether the page is loaded anew, outside of the circuit.</param>
    public void To(string address, bool replaces = false, bool loads = false)
    {
        if (draw is null)
        {
            location.NavigateTo(address, loads, replaces);
            return;
        }
        Last = (Last.Number + 1, address, replaces, loads);
        draw();
    }

    /// <summary>From now on turns are drawn.</summary>
    internal void DrawnBy(Action drawing) => draw = drawing;

    /// <summary>Whoever drew them is no more.</summary>
    internal void NotDrawnBy(Action drawing)
    {
        if (draw == drawing)
            draw = null;
    }
}
