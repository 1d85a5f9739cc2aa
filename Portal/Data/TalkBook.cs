using Microsoft.EntityFrameworkCore;
using Portal.Domain;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;

namespace Portal.Data;

/// <summary>
/// What is said on records and about to be saved: its words for the search, by the part that it belongs to, and the screens that show it.
/// Nothing of the record itself is touched, so that to whoever does not hold the part nothing has happened.
/// </summary>
/// <param name="said">The threads and messages that are new or changed.</param>
internal sealed class TalkBook(IReadOnlyList<TalkBook.Line> said)
{
    /// <summary>A thread or message.</summary>
    /// <param name="Owner">Its identifier.</param>
    /// <param name="RecordId">Its record.</param>
    /// <param name="Record">The record, where it is loaded.</param>
    /// <param name="Part">The part it belongs to.</param>
    /// <param name="IsNew">Whether it has no words stored yet.</param>
    /// <param name="Words">What it is found by from now on; none where it is withdrawn.</param>
    public sealed record Line(Guid Owner, Guid RecordId, IProtected? Record, int Part, bool IsNew, IReadOnlyList<string?> Words);

    /// <summary>The records that something is said on.</summary>
    public IReadOnlyList<Guid> Records { get; } = [.. said.Select(s => s.RecordId).Distinct()];

    /// <summary>Whose screens ask again: those of the audiences that hold the part.</summary>
    public IEnumerable<Change> Changes =>
        said.Where(s => s.Record is not null)
            .DistinctBy(s => (s.RecordId, s.Part))
            .Select(s => new Change(
                s.RecordId,
                [.. s.Record!.Exposures().Where(e => (e.View & s.Part) != 0).Select(e => e.Audience.For(s.Record.Kind))],
                s.Record.StateIso3 ?? ""
            ));

    /// <summary>What a context is about to save.</summary>
    public static TalkBook Of(PortalDb db, IReadOnlyList<IProtected> loaded)
    {
        IProtected? Record(Guid id) => loaded.FirstOrDefault(r => r.Id == id);
        var threads = db.ChangeTracker.Entries<DiscussionThread>().ToList();
        var messages = db.ChangeTracker.Entries<ThreadMessage>().ToList();
        return new([
            .. threads
                .Where(t => t.State is EntityState.Added or EntityState.Modified)
                .Select(t => new Line(
                    t.Entity.Id,
                    t.Entity.RecordId,
                    Record(t.Entity.RecordId),
                    t.Entity.Part,
                    t.State == EntityState.Added,
                    [t.Entity.Title, t.Entity.Anchor]
                )),
            .. messages
                .Where(m => m.State is EntityState.Added or EntityState.Modified)
                .Select(m => new Line(
                    m.Entity.Id,
                    m.Entity.RecordId,
                    Record(m.Entity.RecordId),
                    m.Entity.Part,
                    m.State == EntityState.Added,
                    // The first with the title: who looks for a word of each finds it, and both are withdrawn together.
                    m.Entity.WithdrawnAt
                        is null
                        ? [m.Entity.Text, threads.Find(t => t.State == EntityState.Added && t.Entity.Id == m.Entity.ThreadId)?.Entity.Title]
                        : []
                )),
        ]);
    }

    /// <summary>Writes the words that each is found by, in the place of those it had.</summary>
    public async Task WriteWords(PortalDb db, CancellationToken ct)
    {
        var known = said.Where(s => !s.IsNew).Select(s => (Guid?)s.Owner).ToList();
        if (known.Count > 0)
            db.SearchEntries.RemoveRange(await db.SearchEntries.Where(e => known.Contains(e.OwnerId)).ToListAsync(ct));
        db.Put([
            .. said.Where(s => s.Words.Count > 0)
                .Select(s => new SearchEntry
                {
                    RecordId = s.RecordId,
                    Part = s.Part,
                    OwnerId = s.Owner,
                    Words = string.Join(' ', s.Words.Append(s.Record?.Reference).SelectMany(Text.SearchWords).Distinct()),
                }),
        ]);
    }
}
