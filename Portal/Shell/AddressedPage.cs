using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Portal.Shell;

/// <summary>
/// A page whose state is the query of its address. A page without route parameters is not set anew when only its query changes, so it
/// listens itself.
/// </summary>
public abstract class AddressedPage : PortalComponent, IDisposable
{
    /// <summary>Where the reader is.</summary>
    [Inject]
    protected NavigationManager Location { get; set; } = null!;

    /// <summary>The address as read last.</summary>
    protected ListAddress Address { get; private set; } = null!;

    /// <summary>Whether what the page shows was carried over from prerendering.</summary>
    protected abstract bool IsLoaded { get; }

    /// <summary>Reads what <see cref="Address"/> asks for.</summary>
    protected abstract Task Load();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Address = ListAddress.Of(Location.Uri);
        Location.LocationChanged += Moved;
        if (!IsLoaded)
            await Load();
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        var moved = ListAddress.Of(e.Location);
        if (moved.Path != Address.Path)
            return;
        Address = moved;
        _ = InvokeAsync(async () =>
        {
            try
            {
                await Load();
                StateHasChanged();
            }
            catch (Exception error)
            {
                await DispatchExceptionAsync(error);
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Location.LocationChanged -= Moved;
        GC.SuppressFinalize(this);
    }
}
