using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Collaboration;

/// <summary>What somebody said in a thread.</summary>
public sealed class ThreadMessage
{
    /// <summary>Longest text.</summary>
    public const int Longest = 8000;

    private ThreadMessage() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The thread.</summary>
    public Guid ThreadId { get; private set; }

    /// <summary>Whether the thread was begun with it.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>View bit a reader of the record must hold, as that of the thread.</summary>
    public int Part { get; private set; }

    /// <summary>The membership that it was written under.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>Name of who wrote it, as it was.</summary>
    public string PersonName { get; private set; } = "";

    /// <summary>Number of the organisation that they acted for.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>Markdown; empty once it is withdrawn.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Language of the text.</summary>
    public Language Language { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>UTC; when it was last corrected.</summary>
    public DateTime? EditedAt { get; private set; }

    /// <summary>UTC; when it was withdrawn.</summary>
    public DateTime? WithdrawnAt { get; private set; }

    /// <summary>Says something in a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="record">Its record.</param>
    /// <param name="actor">Who says it.</param>
    /// <param name="said">What, and who is told by name.</param>
    /// <param name="before">The organisations that have written in it: they are told, but for the writer's own.</param>
    /// <param name="now">UTC.</param>
    /// <exception cref="Refusal">
    /// Not theirs to write there, resolved, a text is wrong, or somebody is told who does not hold the part.
    /// </exception>
    public static ThreadMessage Write(
        DiscussionThread thread,
        IProtected record,
        Actor actor,
        Said said,
        IEnumerable<Organisation> before,
        DateTime now
    )
    {
        Refusal.Unless(Discussion.CanWrite(record, actor, thread.Part), "thread.not_yours_to_write");
        Refusal.Unless(thread.CanWrite(record, actor), "thread.resolved_already");
        var message = Of(thread, record, actor, said, now);
        var mentions = Mentions(thread, record, actor, said);
        var own = Discussion.Of(actor.Membership!.Organisation);
        thread.Note(
            record,
            "thread_answered",
            [
                .. mentions,
                .. before
                    .Select(Discussion.Of)
                    .Distinct()
                    .Where(a => a != own && !said.Tells.Contains(a))
                    .Select(a => new Telling(a, Discussion.Answered, thread.Part)),
            ]
        );
        return message;
    }

    /// <summary>Whether an actor may correct it: who wrote it, for a while, as long as they may write there.</summary>
    public bool CanEdit(DiscussionThread thread, IProtected record, Actor actor, DateTime now) =>
        WithdrawnAt is null && now - At <= Discussion.Correctable && IsBy(actor) && thread.CanWrite(record, actor);

    /// <summary>Whether an actor may withdraw it: who wrote it, at any time.</summary>
    public bool CanWithdraw(IProtected record, Actor actor) =>
        WithdrawnAt is null && IsBy(actor) && Discussion.CanWrite(record, actor, Part);

    /// <summary>Corrects it.</summary>
    /// <exception cref="Refusal">Not theirs, too late, withdrawn, or the text is wrong.</exception>
    public void Edit(DiscussionThread thread, IProtected record, Actor actor, string? text, DateTime now)
    {
        Refusal.Unless(IsBy(actor) && Discussion.CanWrite(record, actor, Part), "message.not_yours_to_edit");
        Refusal.If(WithdrawnAt is not null, "message.withdrawn_already");
        Refusal.If(thread.ResolvedAt is not null, "thread.resolved_already");
        Refusal.Unless(CanEdit(thread, record, actor, now), "message.too_late");
        (Text, EditedAt) = (Domain.Text.Required(text, Longest, nameof(Text)), now);
        thread.Note(record, "message_edited");
    }

    /// <summary>
    /// Takes it back: its words are gone for good, that there was something is not. With what a thread was begun with go its title and its
    /// quotation.
    /// </summary>
    /// <exception cref="Refusal">Not theirs, or withdrawn already.</exception>
    /// <param name="thread">Its thread.</param>
    /// <param name="record">The record.</param>
    /// <param name="actor">Who takes it back.</param>
    /// <param name="now">UTC.</param>
    public void Withdraw(DiscussionThread thread, IProtected record, Actor actor, DateTime now)
    {
        Refusal.Unless(IsBy(actor) && Discussion.CanWrite(record, actor, Part), "message.not_yours_to_withdraw");
        Refusal.If(WithdrawnAt is not null, "message.withdrawn_already");
        (Text, WithdrawnAt) = ("", now);
        if (IsFirst)
            thread.Erase();
        thread.Note(record, "message_withdrawn");
    }

    internal static ThreadMessage Of(DiscussionThread thread, IProtected record, Actor actor, Said said, DateTime now, bool isFirst = false)
    {
        said.Check();
        return new()
        {
            ThreadId = thread.Id,
            IsFirst = isFirst,
            RecordId = record.Id,
            Part = thread.Part,
            MembershipId = actor.Membership!.Id,
            PersonName = actor.Name,
            OrganisationNumber = actor.Membership.Organisation.Number,
            Text = Domain.Text.Required(said.Text, Longest, nameof(Text)),
            Language = said.Language,
            At = now,
        };
    }

    // Whoever is not offered is refused alike, whether they do not hold the part or are nobody.
    internal static IReadOnlyList<Telling> Mentions(DiscussionThread thread, IProtected record, Actor actor, Said said)
    {
        var tellable = Discussion.Tellable(record, actor, thread.Part);
        Refusal.Unless(said.Tells.All(tellable.Contains), "thread.cannot_tell", nameof(said.Tells));
        return [.. said.Tells.Distinct().Select(a => new Telling(a, Discussion.Mentioned, thread.Part))];
    }

    private bool IsBy(Actor actor) => actor.Membership?.Id == MembershipId;
}
