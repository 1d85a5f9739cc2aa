using Microsoft.EntityFrameworkCore;
using Portal.Access;
using Portal.Data;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;

namespace Portal.Collaboration;

/// <summary>A message as one reader sees it.</summary>
/// <param name="Id">The message.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="Organisation">For whom they acted.</param>
/// <param name="Text">Markdown; null once it is withdrawn.</param>
/// <param name="Language">Language of the text.</param>
/// <param name="At">UTC.</param>
/// <param name="EditedAt">UTC; when it was corrected.</param>
/// <param name="WithdrawnAt">UTC; when it was withdrawn.</param>
/// <param name="MayEdit">Whether the reader may correct it now.</param>
/// <param name="MayWithdraw">Whether the reader may withdraw it.</param>
public sealed record MessageView(
    Guid Id,
    string By,
    LocalName? Organisation,
    string? Text,
    Language Language,
    DateTime At,
    DateTime? EditedAt,
    DateTime? WithdrawnAt,
    bool MayEdit,
    bool MayWithdraw
);

/// <summary>A thread as one reader sees it.</summary>
/// <param name="Id">The thread.</param>
/// <param name="Part">Code of the part it belongs to, which says who reads it.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Anchor">Words of the record's text that it is about.</param>
/// <param name="MustBeAnswered">Whether the record is not finished before it is resolved.</param>
/// <param name="OpenedAt">UTC.</param>
/// <param name="OpenedBy">Who opened it.</param>
/// <param name="ResolvedAt">UTC; null while it is open.</param>
/// <param name="ResolvedBy">Who resolved it.</param>
/// <param name="Messages">What was said, the oldest first.</param>
/// <param name="MayWrite">Whether the reader may write in it.</param>
/// <param name="MayResolve">Whether the reader may resolve it.</param>
public sealed record ThreadView(
    Guid Id,
    string Part,
    string Title,
    string? Anchor,
    bool MustBeAnswered,
    DateTime OpenedAt,
    string OpenedBy,
    DateTime? ResolvedAt,
    string? ResolvedBy,
    IReadOnlyList<MessageView> Messages,
    bool MayWrite,
    bool MayResolve
);

/// <summary>An audience that can be told of a message.</summary>
/// <param name="Audience">Its key.</param>
/// <param name="Organisation">The organisation, where it is one.</param>
public sealed record ToldLine(string Audience, LocalName? Organisation);

/// <summary>A part of a record that its reader discusses in.</summary>
/// <param name="Part">Code of the part.</param>
/// <param name="MayWrite">Whether the reader may write in it.</param>
/// <param name="Tells">Whom the reader can have told.</param>
/// <param name="Awaits">Whether a thread in it can hold the record up until it is resolved.</param>
public sealed record TalkView(string Part, bool MayWrite, IReadOnlyList<ToldLine> Tells, bool Awaits = false);

/// <summary>What is discussed on a record, as one reader sees it.</summary>
/// <param name="Talks">The parts that it can be discussed in.</param>
/// <param name="Threads">The threads: the open ones first, the newest of each first.</param>
public sealed record ThreadsView(IReadOnlyList<TalkView> Talks, IReadOnlyList<ThreadView> Threads);

/// <summary>What begins a thread.</summary>
/// <param name="Part">Code of the part it will belong to.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Anchor">Words of the record's text, where it is about a place in it.</param>
/// <param name="MustBeAnswered">Whether the record is not finished before it is resolved.</param>
/// <param name="First">The first message.</param>
public sealed record NewThread(string? Part, string? Title, string? Anchor, bool MustBeAnswered, Said First);

/// <summary>Discussions on records of every kind that has them, for whoever holds the part that they belong to.</summary>
public sealed class ThreadService(ActorSource actors, TimeProvider clock)
{
    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>What is discussed on a record.</summary>
    /// <exception cref="NotFound">The record is missing or hidden.</exception>
    public async Task<ThreadsView> Of(Kind kind, string reference, CancellationToken ct = default)
    {
        await using var db = await actors.Open();
        var record = await One(db.Ruled(kind).AsNoTracking(), reference, ct);
        var (actor, now, view) = (db.Actor, Now, Decision.On(record, db.Actor).View);
        var talks = kind.Talks.Where(t => (view & t.Bit) != 0).ToList();
        if (talks.Count == 0)
            return new([], []);
        var threads = await db.Threads.AsNoTracking().Where(t => t.RecordId == record.Id).ToListAsync(ct);
        var messages = await db.ThreadMessages.AsNoTracking().Where(m => m.RecordId == record.Id).ToListAsync(ct);
        var told = talks.ToDictionary(t => t.Bit, t => Discussion.Tellable(record, actor, t.Bit));
        var numbers = messages
            .Select(m => m.OrganisationNumber)
            .Concat(told.Values.SelectMany(a => a).Select(a => a.OrganisationNumber).OfType<int>())
            .Distinct()
            .ToList();
        var names = await db.Organisations.Where(o => numbers.Contains(o.Number)).ToDictionaryAsync(o => o.Number, o => o.Name, ct);
        var said = messages.OrderBy(m => m.At).ThenBy(m => m.Id).ToLookup(m => m.ThreadId);
        return new(
            [
                .. talks.Select(t => new TalkView(
                    t.Name,
                    Discussion.CanWrite(record, actor, t.Bit),
                    [
                        .. told[t.Bit]
                            .Select(a => new ToldLine(a.Key, a.OrganisationNumber is { } number ? names.GetValueOrDefault(number) : null)),
                    ],
                    (kind.Awaits & t.Bit) != 0
                )),
            ],
            [
                .. threads
                    .OrderBy(t => t.ResolvedAt is not null)
                    .ThenByDescending(t => t.OpenedAt)
                    .ThenByDescending(t => t.Id)
                    .Select(t => new ThreadView(
                        t.Id,
                        talks.First(p => p.Bit == t.Part).Name,
                        t.Title,
                        t.Anchor,
                        t.MustBeAnswered,
                        t.OpenedAt,
                        t.OpenedBy,
                        t.ResolvedAt,
                        t.ResolvedBy,
                        [
                            .. said[t.Id]
                                .Select(m => new MessageView(
                                    m.Id,
                                    m.PersonName,
                                    names.GetValueOrDefault(m.OrganisationNumber),
                                    m.WithdrawnAt is null ? m.Text : null,
                                    m.Language,
                                    m.At,
                                    m.EditedAt,
                                    m.WithdrawnAt,
                                    m.CanEdit(t, record, actor, now),
                                    m.CanWithdraw(record, actor)
                                )),
                        ],
                        t.CanWrite(record, actor),
                        t.CanResolve(record, actor)
                    )),
            ]
        );
    }

    /// <summary>One thread of a record.</summary>
    /// <exception cref="NotFound">The record or the thread is missing or hidden.</exception>
    public async Task<ThreadView> Get(Kind kind, string reference, Guid thread, CancellationToken ct = default) =>
        (await Of(kind, reference, ct)).Threads.FirstOrDefault(t => t.Id == thread) ?? throw new NotFound();

    /// <summary>The thread of a message.</summary>
    /// <exception cref="NotFound">The record or the message is missing or hidden.</exception>
    public async Task<ThreadView> OfMessage(Kind kind, string reference, Guid message, CancellationToken ct = default) =>
        (await Of(kind, reference, ct)).Threads.FirstOrDefault(t => t.Messages.Any(m => m.Id == message)) ?? throw new NotFound();

    /// <summary>Begins a thread.</summary>
    /// <returns>The thread.</returns>
    /// <exception cref="Refusal">Not theirs to write in that part, or a field is wrong.</exception>
    public Task<Guid> Open(Kind kind, string reference, NewThread start) =>
        Act(
            kind,
            reference,
            async (db, record) =>
            {
                if (string.IsNullOrEmpty(start.Part))
                    Refusal.IfAny(
                        () => throw new Refusal("field.required", nameof(start.Part)),
                        () => DiscussionThread.Check(start.Title, start.Anchor, start.First)
                    );
                // What is no part and what is not theirs is refused alike.
                var part = kind.Talks.FirstOrDefault(t => t.Name == start.Part)?.Bit ?? 0;
                var (thread, first) = DiscussionThread.Open(
                    record,
                    db.Actor,
                    part,
                    start.Title,
                    start.Anchor,
                    start.MustBeAnswered,
                    start.First,
                    Now
                );
                // Of one organisation: none can take the others' word by beginning many.
                var own = thread.OrganisationNumber;
                Refusal.If(
                    await db.Threads.CountAsync(t =>
                        t.RecordId == record.Id && t.Part == part && t.OrganisationNumber == own && t.ResolvedAt == null
                    ) >= Discussion.MostThreads,
                    "thread.too_many"
                );
                db.Threads.Add(thread);
                db.ThreadMessages.Add(first);
                return thread.Id;
            }
        );

    /// <summary>Writes in a thread.</summary>
    /// <returns>The message.</returns>
    public Task<Guid> Write(Kind kind, string reference, Guid threadId, Said said) =>
        Act(
            kind,
            reference,
            async (db, record) =>
            {
                var thread = await Thread(db, record, threadId);
                var written = await db.ThreadMessages.Where(m => m.ThreadId == thread.Id).Select(m => m.OrganisationNumber).ToListAsync();
                Refusal.If(written.Count >= Discussion.MostMessages, "thread.too_many");
                var numbers = written.Distinct().ToList();
                var before = await db.Organisations.AsNoTracking().Where(o => numbers.Contains(o.Number)).ToListAsync();
                var message = ThreadMessage.Write(thread, record, db.Actor, said, before, Now);
                // Nothing is said in a thread that somebody resolves at this moment.
                db.InTurn(
                    Turn(record),
                    async () =>
                        Refusal.If(await db.Threads.AnyAsync(t => t.Id == thread.Id && t.ResolvedAt != null), "thread.resolved_already")
                );
                db.ThreadMessages.Add(message);
                return message.Id;
            }
        );

    /// <summary>Closes a thread.</summary>
    public Task Resolve(Kind kind, string reference, Guid threadId) =>
        Act(
            kind,
            reference,
            async (db, record) =>
            {
                var thread = await Thread(db, record, threadId);
                thread.Resolve(record, db.Actor, Now);
                db.InTurn(Turn(record), () => Task.CompletedTask);
                return thread.Id;
            }
        );

    /// <summary>Corrects a message.</summary>
    public Task Edit(Kind kind, string reference, Guid messageId, string? text) =>
        OnMessage(
            kind,
            reference,
            messageId,
            (db, thread, message, record) =>
            {
                message.Edit(thread, record, db.Actor, text, Now);
                return Task.CompletedTask;
            }
        );

    /// <summary>Withdraws a message: its words are gone for good.</summary>
    public Task Withdraw(Kind kind, string reference, Guid messageId) =>
        OnMessage(
            kind,
            reference,
            messageId,
            (db, thread, message, record) =>
            {
                message.Withdraw(thread, record, db.Actor, Now);
                return Task.CompletedTask;
            }
        );

    private Task OnMessage(
        Kind kind,
        string reference,
        Guid messageId,
        Func<PortalDb, DiscussionThread, ThreadMessage, IProtected, Task> verb
    ) =>
        Act(
            kind,
            reference,
            async (db, record) =>
            {
                var message = await db.ThreadMessages.Where(m => m.RecordId == record.Id && m.Id == messageId).OneOrNotFound();
                await verb(db, await Thread(db, record, message.ThreadId), message, record);
                return message.Id;
            }
        );

    private async Task<Guid> Act(Kind kind, string reference, Func<PortalDb, IProtected, Task<Guid>> verb)
    {
        await using var db = await actors.Open();
        // What is done stands in the record's log, and the record stays as it is.
        var id = await verb(db, await One(db.Ruled(kind), reference));
        await db.SaveOrRefuse();
        return id;
    }

    private static Task<IProtected> One(IQueryable<IProtected> records, string reference, CancellationToken ct = default) =>
        // PostgreSQL has no word for a NUL and answers it with an error.
        reference.Contains('\0', StringComparison.Ordinal)
            ? throw new NotFound()
            : records.Where(r => r.Reference == reference).OneOrNotFound(ct);

    private static string Turn(IProtected record) => "talk/" + record.Reference;

    private static Task<DiscussionThread> Thread(PortalDb db, IProtected record, Guid id) =>
        db.Threads.Where(t => t.RecordId == record.Id && t.Id == id).OneOrNotFound();
}
