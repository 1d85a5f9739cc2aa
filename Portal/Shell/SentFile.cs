using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Portal.Domain.Access;

namespace Portal.Shell;

/// <summary>
/// A file that somebody sends, read over a line that may break, from a disk it may be gone from. Whatever keeps it from arriving is one
/// refusal, which the
/// field it was chosen in shows: InputFile itself says nothing of a handler that fails, and leaves its field as it was last drawn,
/// disabled.
/// </summary>
public sealed class SentFile : Stream
{
    /// <summary>The code of that refusal.</summary>
    public const string Unsent = "file.unsent";

    // Of silence, not of sending: a slow line takes as long as it takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Stream sent;

    private SentFile(Stream sent) => this.sent = sent;

    /// <summary>Opens what was chosen; its size has been looked at.</summary>
    public static SentFile Open(IBrowserFile file, long most)
    {
        try
        {
            return new SentFile(file.OpenReadStream(most));
        }
        catch (Exception e) when (IsBreak(e))
        {
            throw new Refusal(Unsent);
        }
    }

    /// <summary>
    /// All of what was chosen; nothing larger than <paramref name="most"/>, which is refused with <paramref name="tooLarge"/>.
    /// </summary>
    public static async Task<byte[]> Read(IBrowserFile file, long most, string tooLarge)
    {
        Refusal.If(file.Size > most, tooLarge);
        using var content = new MemoryStream((int)file.Size);
        await using (var stream = Open(file, most))
            await stream.CopyToAsync(content);
        return content.ToArray();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await sent.ReadAsync(buffer, patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (Exception e) when (IsBreak(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new Refusal(Unsent);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private static bool IsBreak(Exception e) =>
        e
            is IOException
                or JSException
                or JSDisconnectedException
                or OperationCanceledException
                or TimeoutException
                or InvalidOperationException;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => sent.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => sent.Position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await sent.DisposeAsync();
        }
        catch (Exception e) when (IsBreak(e))
        {
            // What did not arrive has been said.
        }
        await base.DisposeAsync();
    }
}
