using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>
/// A file attached to a record. Its bytes are in the same database, in chunks: one transaction, one backup, one access rule.
/// </summary>
public sealed class Attachment
{
    /// <summary>Largest file, bytes.</summary>
    public const int LargestFile = 10 * 1024 * 1024;

    /// <summary>Most files on one record.</summary>
    public const int MostFiles = 10;

    private Attachment() { }

    /// <summary>Version 7 identifier; the address is <c>/files/{id}</c>.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>View bit a reader of that record must hold.</summary>
    public int Part { get; private set; }

    /// <summary>Name shown, without any path.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>Type by content and name, one of <see cref="FileTypes"/>.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Bytes.</summary>
    public int Size { get; private set; }

    /// <summary>SHA-256, hexadecimal.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>UTC.</summary>
    public DateTime AddedAt { get; private set; }

    /// <summary>Has it read by whoever holds another part: what was added to a draft goes with it when it is submitted.</summary>
    public void MoveTo(Part part) => Part = part.Bit;

    /// <summary>Describes a checked file of a record, in the part of it that files belong to.</summary>
    /// <exception cref="Refusal">Empty, too large, of a type that is not taken, or not what its name says.</exception>
    public static Attachment Of(IProtected record, string fileName, ReadOnlyMemory<byte> content, DateTime now)
    {
        var part = record.Kind.Files ?? throw new InvalidOperationException($"A {record.Kind} has no files.");
        Refusal.If(content.Length == 0, "file.empty", "File");
        Refusal.If(content.Length > LargestFile, "file.too_large", "File");
        var name = Text.RequiredLine(Path.GetFileName((fileName ?? "").Replace('\\', '/')), 200, "File");
        var type = FileTypes.Of(name, content.Span);
        Refusal.If(type is null, "file.type_not_taken", "File");
        return new Attachment
        {
            RecordId = record.Id,
            Part = part.Bit,
            FileName = name,
            ContentType = type!,
            Size = content.Length,
            Sha256 = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content.Span)),
            AddedAt = now,
        };
    }
}

/// <summary>A record that has files.</summary>
public interface IHasFiles : IProtected
{
    /// <summary>Adds a file.</summary>
    /// <exception cref="Refusal">Not theirs to change, or not a file that is taken.</exception>
    Attachment AddFile(Actor actor, string fileName, ReadOnlyMemory<byte> content, DateTime now);

    /// <summary>Takes a file of it away.</summary>
    /// <param name="actor">Who does.</param>
    /// <param name="file">The file; null where there is none such, which is told to those alone who might have taken it away.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not theirs to change.</exception>
    /// <exception cref="NotFound">No such file.</exception>
    void RemoveFile(Actor actor, Attachment? file, DateTime now);
}

/// <summary>A piece of a file.</summary>
public sealed class AttachmentChunk
{
    /// <summary>Bytes in a full chunk.</summary>
    public const int FullSize = 256 * 1024;

    private AttachmentChunk() { }

    /// <summary>The file.</summary>
    public Guid AttachmentId { get; private set; }

    /// <summary>Position, from zero.</summary>
    public int Index { get; private set; }

    /// <summary>Bytes.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Cuts a file into chunks.</summary>
    public static IEnumerable<AttachmentChunk> Cut(Guid attachmentId, ReadOnlyMemory<byte> content)
    {
        for (var (at, index) = (0, 0); at < content.Length; at += FullSize, index++)
            yield return new AttachmentChunk
            {
                AttachmentId = attachmentId,
                Index = index,
                Bytes = content.Slice(at, Math.Min(FullSize, content.Length - at)).ToArray(),
            };
    }
}

/// <summary>The kinds of file taken: documents and pictures that cannot run. Told by content, not by what the sender claims.</summary>
public static class FileTypes
{
    /// <summary>File name endings taken, for the form's own filter and its help.</summary>
    public static readonly IReadOnlyList<string> Endings =
    [
        ".pdf",
        ".docx",
        ".xlsx",
        ".odt",
        ".ods",
        ".png",
        ".jpg",
        ".jpeg",
        ".txt",
        ".csv",
    ];

    /// <summary>The media type of a file, or null when it is not taken.</summary>
    public static string? Of(string fileName, ReadOnlySpan<byte> content) =>
        Path.GetExtension(fileName).ToLowerInvariant() switch
        {
            ".pdf" => content.StartsWith("%PDF-"u8) ? "application/pdf" : null,
            ".docx" => IsZip(content) ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document" : null,
            ".xlsx" => IsZip(content) ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : null,
            ".odt" => IsZip(content) ? "application/vnd.oasis.opendocument.text" : null,
            ".ods" => IsZip(content) ? "application/vnd.oasis.opendocument.spreadsheet" : null,
            ".png" => content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) ? "image/png" : null,
            ".jpg" or ".jpeg" => content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg" : null,
            ".txt" => IsText(content) ? "text/plain; charset=utf-8" : null,
            ".csv" => IsText(content) ? "text/csv; charset=utf-8" : null,
            _ => null,
        };

    private static bool IsZip(ReadOnlySpan<byte> content) => content.StartsWith("PK\u0003\u0004"u8);

    private static bool IsText(ReadOnlySpan<byte> content) => !content.Contains((byte)0) && System.Text.Unicode.Utf8.IsValid(content);
}
