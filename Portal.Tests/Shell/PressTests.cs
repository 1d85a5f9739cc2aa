using System.Reflection;
using System.Text.RegularExpressions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Portal.Data;
using Portal.Shell;
using Portal.Tests.House;

namespace Portal.Tests.Shell;

/// <summary>No act is done twice: a press that comes while an earlier one is being answered is none.</summary>
public sealed class PressTests : BunitContext
{
    [Fact]
    public async Task A_second_press_while_the_first_is_answered_does_nothing()
    {
        var card = Render<Card>();
        var (first, second, sent) = (
            card.Find("#act").ClickAsync(new()),
            card.Find("#act").ClickAsync(new()),
            card.Find("form").SubmitAsync()
        );
        Assert.Equal("true", card.Find("#act").GetAttribute("aria-disabled"));
        card.Instance.Database.SetResult();
        await Task.WhenAll(first, second, sent);
        Assert.Equal(1, card.Instance.Done);
        Assert.Null(card.Find("#act").GetAttribute("aria-disabled"));

        await card.Find("#act").ClickAsync(new());
        Assert.Equal(2, card.Instance.Done);
    }

    [Fact]
    public async Task What_is_typed_while_a_press_is_answered_counts()
    {
        var card = Render<Card>();
        var press = card.Find("#act").ClickAsync(new());
        await card.Find("input").ChangeAsync(new() { Value = "Typed meanwhile" });
        Assert.Equal("Typed meanwhile", card.Instance.Typed);
        card.Instance.Database.SetResult();
        await press;
    }

    [Fact]
    public async Task A_press_that_failed_leaves_the_next_one_free()
    {
        var card = Render<Card>();
        card.Instance.Database.SetException(new InvalidOperationException("The database is gone."));
        await Assert.ThrowsAsync<InvalidOperationException>(() => card.Find("#act").ClickAsync(new()));
        card.Instance.Database = new();
        card.Instance.Database.SetResult();
        await card.Find("#act").ClickAsync(new());
        Assert.Equal(1, card.Instance.Done);
    }

    [Fact]
    public void Every_component_takes_one_press_at_a_time() =>
        Sources.None(
            typeof(PortalDb)
                .Assembly.GetTypes()
                .Where(t => t.IsSubclassOf(typeof(ComponentBase)) && !t.IsAbstract && !t.IsSubclassOf(typeof(PortalComponent)))
                .Where(t => !t.IsSubclassOf(typeof(LayoutComponentBase)) || Handles(t))
                .Select(t => t.FullName!),
            "Components of another kind, which act twice on a double click:"
        );

    [Fact]
    public void What_takes_every_press_changes_nothing_but_the_screen() =>
        Sources.None(
            from page in Sources.Of(".razor")
            let markup = Sources.Code(page.Text)
            where
                markup.Contains("TakesEveryPress => true", StringComparison.Ordinal)
                && Regex.IsMatch(markup, "@onclick=|@onsubmit=")
                && Regex.IsMatch(markup, @"@inject [\w.]+(Service|Dialogs|Ask|Go) ")
            select page.Path,
            "Components that take every press and can act, twice:"
        );

    // A layout is of the framework's kind; it may draw, and follow the address, and not act.
    private static bool Handles(Type layout) =>
        layout
            .GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Any(m =>
                m.Name != nameof(IComponent.SetParametersAsync)
                && m.GetParameters()
                    .Any(p => p.ParameterType.IsAssignableTo(typeof(EventArgs)) && p.ParameterType != typeof(LocationChangedEventArgs))
            );

    private sealed class Card : PortalComponent
    {
        public TaskCompletionSource Database { get; set; } = new();
        public int Done { get; private set; }
        public string? Typed { get; private set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "form");
            builder.AddAttribute(1, "onsubmit", EventCallback.Factory.Create<EventArgs>(this, Act));
            builder.OpenElement(2, "input");
            builder.AddAttribute(3, "onchange", EventCallback.Factory.Create<ChangeEventArgs>(this, e => Typed = e.Value?.ToString()));
            builder.CloseElement();
            builder.OpenElement(4, "button");
            builder.AddAttribute(5, "id", "act");
            builder.AddAttribute(6, "type", "button");
            builder.AddAttribute(7, "aria-disabled", Busy);
            builder.AddAttribute(8, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, Act));
            builder.CloseElement();
            builder.CloseElement();
        }

        private async Task Act()
        {
            await Database.Task;
            Done++;
        }
    }
}
