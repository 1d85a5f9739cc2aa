using Portal.Domain.Access;

namespace Portal.Domain.Collaboration;

/// <summary>A discussion on a record. It belongs to one part of it for good, and whoever holds the part reads it.</summary>
public sealed class DiscussionThread
{
    /// <summary>Longest title.</summary>
    public const int LongestTitle = 200;

    /// <summary>Longest quotation.</summary>
    public const int LongestAnchor = 300;

    private DiscussionThread() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>Its kind.</summary>
    public Kind Kind { get; private set; } = null!;

    /// <summary>View bit a reader of the record must hold.</summary>
    public int Part { get; private set; }

    /// <summary>The words of the record's text that it is about; null where it is about the whole.</summary>
    public string? Anchor { get; private set; }

    /// <summary>What it is about.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Whether the record is not finished before it is resolved.</summary>
    public bool MustBeAnswered { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime OpenedAt { get; private set; }

    /// <summary>Name of who opened it, as it was.</summary>
    public string OpenedBy { get; private set; } = "";

    /// <summary>Number of the organisation that they acted for.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>UTC; null while it is open.</summary>
    public DateTime? ResolvedAt { get; private set; }

    /// <summary>Name of who resolved it, as it was.</summary>
    public string? ResolvedBy { get; private set; }

    /// <summary>Opens a thread with its first message.</summary>
    /// <param name="record">The record.</param>
    /// <param name="actor">Who opens it.</param>
    /// <param name="part">The part that it will belong to.</param>
    /// <param name="title">What it is about.</param>
    /// <param name="anchor">Words of the record's text, where it is about a place in it.</param>
    /// <param name="mustBeAnswered">Whether the record is not finished before it is resolved.</param>
    /// <param name="said">The first message.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">Not theirs to write there, a field is wrong, or somebody is told who does not hold the part.</exception>
    public static (DiscussionThread Thread, ThreadMessage First) Open(
        IProtected record,
        Actor actor,
        int part,
        string? title,
        string? anchor,
        bool mustBeAnswered,
        Said said,
        DateTime now
    )
    {
        Refusal.Unless(Discussion.CanWrite(record, actor, part), "thread.not_yours_to_write");
        Refusal.If(mustBeAnswered && (record.Kind.Awaits & part) == 0, "thread.nothing_waits", nameof(MustBeAnswered));
        Check(title, anchor, said);
        var thread = new DiscussionThread
        {
            RecordId = record.Id,
            Kind = record.Kind,
            Part = part,
            Title = Text.RequiredLine(title, LongestTitle, nameof(Title)),
            Anchor = Text.Optional(anchor, LongestAnchor, nameof(Anchor)),
            MustBeAnswered = mustBeAnswered,
            OpenedAt = now,
            OpenedBy = actor.Name,
            OrganisationNumber = actor.Membership!.Organisation.Number,
        };
        var first = ThreadMessage.Of(thread, record, actor, said, now, isFirst: true);
        thread.Note(record, "thread_opened", ThreadMessage.Mentions(thread, record, actor, said));
        return (thread, first);
    }

    /// <summary>Refuses for everything that is wrong with what a thread is to be opened with, whoever reads it.</summary>
    /// <exception cref="Refusal">A field is wrong.</exception>
    public static void Check(string? title, string? anchor, Said said) =>
        Refusal.IfAny(
            () => Text.RequiredLine(title, LongestTitle, nameof(Title)),
            () => Text.Optional(anchor, LongestAnchor, nameof(Anchor)),
            said.Check
        );

    /// <summary>Whether an actor may write in it now.</summary>
    public bool CanWrite(IProtected record, Actor actor) =>
        record.Id == RecordId && ResolvedAt is null && Discussion.CanWrite(record, actor, Part);

    /// <summary>Whether an actor may close it: whoever may write in it, of the organisation that opened it or of CTED.</summary>
    public bool CanResolve(IProtected record, Actor actor) =>
        CanWrite(record, actor)
        && actor.Membership!.Organisation is var own
        && (own.Number == OrganisationNumber || own.Kind == OrganisationKind.Cted);

    /// <summary>Nothing more is awaited in it.</summary>
    /// <exception cref="Refusal">Not theirs to resolve, or resolved already.</exception>
    public void Resolve(IProtected record, Actor actor, DateTime now)
    {
        Refusal.If(ResolvedAt is not null && Discussion.CanWrite(record, actor, Part), "thread.resolved_already");
        Refusal.Unless(CanResolve(record, actor), "thread.not_yours_to_resolve");
        (ResolvedAt, ResolvedBy) = (now, actor.Name);
        Note(record, "thread_resolved");
    }

    // What it was begun with is taken back, and with it what it was said to be about.
    internal void Erase() => (Title, Anchor) = ("", null);

    // Noted, not added: the record stays as it was, down to its version, so that nobody who does not read this learns that it is there.
    internal void Note(IProtected record, string verb, IEnumerable<Telling>? tells = null) =>
        record.Acts.Note(new Act(record.Kind.Act(verb), Part, Subject: Id.ToString()) { Tells = tells ?? [] });
}
