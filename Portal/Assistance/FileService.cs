using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Assistance.Needs;
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
        await foreach (
            var chunk in db
                .AttachmentChunks.Where(c => c.AttachmentId == fileId)
                .OrderBy(c => c.Index)
                .Select(c => c.Bytes)
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
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
        await db
            .Attachments.Where(a => a.RecordId == recordId)
            .OrderBy(a => a.AddedAt)
            .Select(a => new FileLine(a.Id, a.FileName, a.Size, a.Part))
            .ToListAsync(ct);

    /// <summary>Attaches a file with what will be saved.</summary>
    /// <exception cref="Refusal">
    /// Not theirs to change, not a file that is taken, as many as a record may have, or there already.
    /// </exception>
    internal static async Task<FileLine> Add(PortalDb db, IHasFiles record, string fileName, ReadOnlyMemory<byte> content)
    {
        var file = record.AddFile(db.Actor, fileName, content, db.Now);
        Refusal.If(await db.Attachments.CountAsync(a => a.RecordId == file.RecordId) >= Attachment.MostFiles, "file.too_many", "File");
        Refusal.If(
            await db.Attachments.AnyAsync(a => a.RecordId == file.RecordId && a.Sha256 == file.Sha256),
            "file.already_there",
            "File"
        );
        db.Attachments.Add(file);
        db.AttachmentChunks.AddRange(AttachmentChunk.Cut(file.Id, content));
        return new FileLine(file.Id, file.FileName, file.Size, file.Part);
    }

    /// <summary>Takes a file of a record away with what will be saved.</summary>
    /// <exception cref="NotFound">The record has no such file.</exception>
    internal static async Task Remove(PortalDb db, IHasFiles record, Guid fileId)
    {
        var file = await db.Attachments.FirstOrDefaultAsync(a => a.RecordId == record.Id && a.Id == fileId);
        record.RemoveFile(db.Actor, file, db.Now);
        db.AttachmentChunks.RemoveRange(await db.AttachmentChunks.Where(c => c.AttachmentId == fileId).ToListAsync());
        db.Attachments.Remove(file!);
    }
}
