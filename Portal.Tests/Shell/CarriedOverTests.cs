using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Infrastructure;
using Microsoft.AspNetCore.Components.Rendering;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>What prerendering carried over is what a component begins with, and nothing that it read since is undone by it.</summary>
public sealed class CarriedOverTests : BunitContext
{
    [Fact]
    public async Task What_was_read_since_stays_when_what_is_around_it_is_drawn_again()
    {
        Services.AddSupplyValueFromPersistentComponentStateProvider();
        var state = AddBunitPersistentComponentState();
        Render<Frame>();
        state.TriggerOnPersisting();
        await DisposeComponentsAsync();

        var frame = Render<Frame>();
        var card = frame.FindComponent<Card>();
        Assert.Equal((1, 0), (card.Instance.View, card.Instance.Reads));
        card.Instance.View = 2;
        frame.Render();
        Assert.Equal(2, card.Instance.View);
        Assert.Equal(2, card.Instance.Drawn);
    }

    private sealed class Frame : ComponentBase
    {
        private int drawn;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<Card>(0);
            builder.AddComponentParameter(1, nameof(Card.Drawn), ++drawn);
            builder.CloseComponent();
        }
    }

    private sealed class Card : PortalComponent
    {
        [PersistentState]
        public int? View { get; set; }

        [Parameter]
        public int Drawn { get; set; }

        public int Reads { get; private set; }

        protected override void OnInitialized()
        {
            if (View is null)
                (View, Reads) = (1, 1);
        }
    }
}
