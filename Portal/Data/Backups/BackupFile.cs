using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Portal.Data.Backups;

/// <summary>A backup cannot be made, read or put back, for a reason that whoever asked can mend.</summary>
/// <param name="reason">One plain sentence.</param>
public sealed class BackupFailed(string reason) : Exception(reason);

/// <summary>What a backup says of itself; what it holds is compared with it before anything is touched.</summary>
/// <param name="Provider">The kind of database: <c>Sqlite</c> or <c>Postgres</c>. One is not put back into the other.</param>
/// <param name="Portal">Version of the portal that made it.</param>
/// <param name="At">The moment it shows (UTC).</param>
/// <param name="Migrations">Migrations the database had.</param>
/// <param name="Sha256">Of the copy, in lower-case hexadecimal.</param>
/// <param name="Bytes">Length of the copy.</param>
/// <param name="Rows">Rows of each table.</param>
/// <param name="AuditEntries">Entries of the log.</param>
/// <param name="AuditHash">Hash of the last, in lower-case hexadecimal.</param>
public sealed record BackupManifest(
    string Provider,
    string Portal,
    DateTime At,
    IReadOnlyList<string> Migrations,
    string Sha256,
    long Bytes,
    IReadOnlyDictionary<string, long> Rows,
    long AuditEntries,
    string AuditHash
);

/// <summary>What was counted in a database.</summary>
internal sealed record Counted(
    IReadOnlyList<string> Migrations,
    IReadOnlyDictionary<string, long> Rows,
    long AuditEntries,
    string AuditHash
);

/// <summary>
/// One file: a ZIP with the copy of the database as its own tools read it (<c>portal.db</c> or <c>portal.dump</c>) and
/// <c>manifest.json</c>. It holds
/// every secret the database holds, so nobody but its owner may read it; and it has its name only once it is whole and on the disk.
/// </summary>
internal static class BackupFile
{
    private const string Manifest = "manifest.json";
    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Opens a new file that only its owner may read, in the place of one that was broken off.</summary>
    public static FileStream Private(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Writes a backup beside its place and moves it there.</summary>
    /// <param name="path">Where; nothing may be there.</param>
    /// <param name="entry">Name of the copy within.</param>
    /// <param name="level">How much the copy is packed.</param>
    /// <param name="copy">Writes the copy.</param>
    /// <param name="manifest">Says what was copied, given its hash and length.</param>
    /// <param name="check">Looks at what was written, before it gets its name.</param>
    public static async Task<BackupManifest> Write(
        string path,
        string entry,
        CompressionLevel level,
        Func<Stream, Task> copy,
        Func<string, long, BackupManifest> manifest,
        Func<string, BackupManifest, Task> check
    )
    {
        var part = path + ".part";
        try
        {
            BackupManifest made;
            await using (var file = Private(part))
            {
                await using (var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null))
                {
                    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    long length;
                    await using (var to = new Hashing(await zip.CreateEntry(entry, level).OpenAsync(), hash))
                    {
                        await copy(to);
                        length = to.Count;
                    }
                    made = manifest(Convert.ToHexStringLower(hash.GetHashAndReset()), length);
                    await using var says = await zip.CreateEntry(Manifest).OpenAsync();
                    await JsonSerializer.SerializeAsync(says, made, Layout);
                }
                file.Flush(flushToDisk: true);
            }
            await check(part, made);
            File.Move(part, path);
            return made;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>What a backup says of itself.</summary>
    /// <exception cref="BackupFailed">It is none, or cut off.</exception>
    public static async Task<BackupManifest> Read(string path)
    {
        if (!File.Exists(path))
            throw new BackupFailed($"{path} is not there.");
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path);
            if (zip.GetEntry(Manifest) is { } entry)
            {
                await using var from = await entry.OpenAsync();
                if (await JsonSerializer.DeserializeAsync<BackupManifest>(from, Layout) is { } manifest)
                    return manifest;
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            // Said below.
        }
        throw new BackupFailed($"{path} is no backup that this portal wrote, or it is cut off.");
    }

    /// <summary>Takes the copy out of a backup, and fails where it is not what the backup says it is.</summary>
    /// <exception cref="BackupFailed">It was changed or damaged.</exception>
    public static async Task Extract(string path, string entry, BackupManifest manifest, Stream to)
    {
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var from = await (zip.GetEntry(entry) ?? throw new InvalidDataException()).OpenAsync();
            await using var through = new Hashing(to, hash, leaveOpen: true);
            await from.CopyToAsync(through);
            if (through.Count == manifest.Bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == manifest.Sha256)
                return;
        }
        catch (InvalidDataException)
        {
            // Said below.
        }
        throw new BackupFailed($"{path} is damaged: what it holds is not what was put in. Nothing was changed.");
    }

    /// <summary>Fails where what was put back is not what was copied.</summary>
    public static void Compare(BackupManifest manifest, Counted found)
    {
        var differing = manifest
            .Rows.Keys.Union(found.Rows.Keys)
            .Where(t => manifest.Rows.GetValueOrDefault(t, -1) != found.Rows.GetValueOrDefault(t, -1))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (differing.Count > 0)
            throw new BackupFailed(
                $"the copy holds other numbers of rows than the backup says: {string.Join(", ", differing)}. Nothing was changed."
            );
        if (manifest.AuditEntries != found.AuditEntries || manifest.AuditHash != found.AuditHash)
            throw new BackupFailed("the audit log of the copy ends otherwise than the backup says. Nothing was changed.");
    }

    // Passes on what is written, and hashes it.
    private sealed class Hashing(Stream to, IncrementalHash hash, bool leaveOpen = false) : Stream
    {
        public long Count { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            Count += buffer.Length;
            await to.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            if (!leaveOpen)
                await to.DisposeAsync();
            await base.DisposeAsync();
        }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Count;
        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Flush() => to.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
