using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Assistance;

namespace Portal.Assistance;

/// <summary>Files of records, for whoever sees the part that they belong to.</summary>
public sealed class FileService(ActorSource actors)
{
    /// <summary>A file's name, type and bytes. Reading it is on the record.</summary>
    /// <exception cref="NotFound">Missing or hidden.</exception>
    public async Task<(Attachment File, byte[] Content)> Read(Guid fileId, CancellationToken ct)
    {
        await using var db = await actors.Open();
        var file = await db.Attachments.Where(a => a.Id == fileId).OneOrNotFound(ct);
        var (record, act) = await RecordOf(db, file, ct);
        var content = new byte[file.Size];
        var at = 0;
        await foreach (var chunk in db.AttachmentChunks.Where(c => c.AttachmentId == fileId).OrderBy(c => c.Index).Select(c => c.Bytes).AsAsyncEnumerable().WithCancellation(ct))
        {
            chunk.CopyTo(content, at);
            at += chunk.Length;
        }
        db.Audit(act, record);
        await db.SaveChangesAsync(ct);
        return (file, content);
    }

    private static async Task<(IProtected Record, Act Act)> RecordOf(PortalDb db, Attachment file, CancellationToken ct)
    {
        foreach (var kind in Kinds.All.Where(k => k.Files is not null))
            if (await kind.In(db).FirstOrDefaultAsync(r => r.Id == file.RecordId, ct) is { } record)
                return (record, new Act(kind.Act("file_read"), kind.Parts.Inner.Bit, Subject: file.Id.ToString()));
        throw new NotFound();
    }

    /// <summary>The files of a record, oldest first, as far as the actor of <paramref name="db"/> sees them.</summary>
    internal static async Task<IReadOnlyList<FileLine>> Of(PortalDb db, Guid recordId, CancellationToken ct = default) =>
        await db.Attachments.Where(a => a.RecordId == recordId).OrderBy(a => a.AddedAt).Select(a => new FileLine(a.Id, a.FileName, a.Size)).ToListAsync(ct);

    /// <summary>Adds a checked file to what will be saved.</summary>
    /// <exception cref="Refusal">There are as many as a record may have, or this one is there already.</exception>
    internal static async Task Add(PortalDb db, Attachment file, ReadOnlyMemory<byte> content)
    {
        Refusal.If(await db.Attachments.CountAsync(a => a.RecordId == file.RecordId) >= Attachment.MostFiles, "file.too_many", "File");
        Refusal.If(await db.Attachments.AnyAsync(a => a.RecordId == file.RecordId && a.Sha256 == file.Sha256), "file.already_there", "File");
        db.Attachments.Add(file);
        db.AttachmentChunks.AddRange(AttachmentChunk.Cut(file.Id, content));
    }

    /// <summary>Takes a file of a record away with what will be saved.</summary>
    /// <exception cref="NotFound">The record has no such file.</exception>
    internal static async Task<Attachment> Remove(PortalDb db, Guid recordId, Guid fileId)
    {
        var file = await db.Attachments.Where(a => a.RecordId == recordId && a.Id == fileId).OneOrNotFound();
        db.AttachmentChunks.RemoveRange(await db.AttachmentChunks.Where(c => c.AttachmentId == fileId).ToListAsync());
        db.Attachments.Remove(file);
        return file;
    }
}
