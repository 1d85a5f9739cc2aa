using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Collaboration;
using Portal.Data;
using Portal.Domain.Assistance;

namespace Portal.Tests.Collaboration;

/// <summary>
/// A page is read before its screen listens, at the first as at every turn to another page: what changed between is asked for, and nothing
/// else is.
/// </summary>
public sealed class LiveTests
{
    private static Change Shown(params string[] audiences) => new(Guid.NewGuid(), audiences, "KEN");

    private static readonly Change OfIngrid = Shown(Cast.NorthernAgency.Audience.For(Need.Card));
    private static readonly Change OfKenji = Shown(Cast.PacificFund.Audience.For(Need.Card));

    [Fact]
    public Task Nothing_changed() => Asks(0, _ => { });

    [Fact]
    public Task What_concerns_others_changed() => Asks(0, wire => wire.Tell(OfKenji));

    [Fact]
    public Task What_the_page_does_not_show_changed() => Asks(0, wire => wire.Tell(OfIngrid), _ => false);

    [Fact]
    public Task What_concerns_the_reader_changed() => Asks(1, wire => wire.Tell(OfIngrid));

    [Fact]
    public Task The_readers_access_changed_and_that_matters_to_every_page() =>
        Asks(1, wire => wire.Tell(Change.OfPerson(Cast.Ingrid.Id)), _ => false);

    [Fact]
    public Task More_changed_than_is_remembered() =>
        Asks(
            1,
            wire =>
            {
                for (var i = 0; i < 2000; i++)
                    wire.Tell(OfKenji);
            }
        );

    [Fact]
    public Task It_was_read_on_another_node() => Asks(1, _ => { }, mark: "another:1");

    private static async Task Asks(int times, Action<Wire> meanwhile, Func<Change, bool>? when = null, string? mark = null)
    {
        await using var test = await TestDb.Open(Database.Sqlite);
        await using var page = new BunitContext();
        page.Services.AddSingleton(test.Wire);
        page.Services.AddSingleton(await test.ActorsAs(Cast.Ingrid));
        page.Services.AddSingleton(new PageMark { At = mark ?? test.Wire.Mark });
        page.Renderer.SetRendererInfo(new RendererInfo("Server", true));
        meanwhile(test.Wire);

        var asked = 0;
        var live = page.Render<Screen>(p => p.Add(l => l.When, when).Add(l => l.OnChange, () => asked++));
        await live.Instance.Listens.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(times, asked);
        await live.InvokeAsync(() => live.Instance.DisposeAsync().AsTask());
    }

    private sealed class Screen : Live
    {
        private readonly TaskCompletionSource listens = new();

        public Task Listens => listens.Task;

        protected override async Task OnInitializedAsync()
        {
            await base.OnInitializedAsync();
            listens.SetResult();
        }
    }
}
