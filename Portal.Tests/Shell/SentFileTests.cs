using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using MudBlazor.Services;
using Portal.Assistance;
using Portal.Domain.Access;
using Portal.Shell;

namespace Portal.Tests.Shell;

/// <summary>A file that does not arrive: it is said where it was chosen, and the field takes another.</summary>
public sealed class SentFileTests
{
    public static TheoryData<Exception> Breaks =>
        new()
        {
            new IOException("Supplied stream ended early."),
            new JSException("The file could not be read."),
            new JSDisconnectedException("Gone."),
            new OperationCanceledException(),
            new TimeoutException(),
            new InvalidOperationException("No interop while the line is down."),
        };

    [Theory, MemberData(nameof(Breaks))]
    public async Task Whatever_breaks_is_one_refusal(Exception fault)
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() => SentFile.Read(new Lost(fault), 1000, "file.too_large"));
        Assert.Equal(SentFile.Unsent, refusal.Code);
    }

    [Fact]
    public async Task What_is_too_large_is_not_read()
    {
        var refusal = await Assert.ThrowsAsync<Refusal>(() =>
            SentFile.Read(new Lost(new InvalidOperationException()), 10, "file.too_large")
        );
        Assert.Equal("file.too_large", refusal.Code);
    }

    [Fact]
    public async Task A_field_whose_file_was_lost_says_so_and_takes_another()
    {
        await using var page = new BunitContext();
        page.JSInterop.Mode = JSRuntimeMode.Loose;
        page.Services.AddWords();
        page.Services.AddMudServices(o => o.PopoverOptions.CheckForPopoverProvider = false);
        page.Services.AddScoped<Portal.Data.OnScreen>();
        page.Services.AddScoped<Ask>();
        page.Services.AddScoped<Go>();
        page.Renderer.SetRendererInfo(new RendererInfo("Server", true));
        var card = page.Render<FilesCard>(p =>
            p.Add(c => c.MayEdit, true)
                .Add(c => c.Files, [])
                .Add(c => c.OnAdd, (_, _) => Task.CompletedTask)
                .Add(c => c.OnRemove, _ => Task.CompletedTask)
                .Add(c => c.OnDone, EventCallback.Empty)
        );

        await card.InvokeAsync(() =>
            card.FindComponent<InputFile>().Instance.OnChange.InvokeAsync(new InputFileChangeEventArgs([new Lost(new IOException())]))
        );

        Assert.Contains("letter.pdf", card.Find(".error").TextContent);
        Assert.False(card.Find("input[type=file]").HasAttribute("disabled"));
    }

    private sealed class Lost(Exception fault) : IBrowserFile
    {
        public string Name => "letter.pdf";
        public DateTimeOffset LastModified => default;
        public long Size => 100;
        public string ContentType => "application/pdf";

        public Stream OpenReadStream(long maxAllowedSize = 512000, CancellationToken cancellationToken = default) => new Broken(fault);
    }

    private sealed class Broken(Exception fault) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw fault;
    }
}
