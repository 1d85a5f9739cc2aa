using Portal.Collaboration;
using Portal.Domain.Access;
using Portal.Domain.Collaboration;
using Portal.Domain.Reference;

namespace Portal.Api;

/// <summary>A message of a thread. Of one that was withdrawn the text is gone.</summary>
public sealed record MessageItem(
    Guid Id,
    string By,
    string? Organisation,
    string? Text,
    Language Language,
    DateTime At,
    DateTime? EditedAt,
    DateTime? WithdrawnAt,
    IReadOnlyList<string> Actions
)
{
    internal static MessageItem Of(MessageView m) =>
        new(
            m.Id,
            m.By,
            m.Organisation?[Shell.Culture.Current],
            m.Text,
            m.Language,
            m.At,
            m.EditedAt,
            m.WithdrawnAt,
            Inputs.Allowed(("edit", m.MayEdit), ("withdraw", m.MayWithdraw))
        );
}

/// <summary>A thread of a record: whoever holds the part that it belongs to reads it.</summary>
public sealed record ThreadItem(
    Guid Id,
    string Part,
    string Title,
    string? Anchor,
    bool MustBeAnswered,
    DateTime OpenedAt,
    string OpenedBy,
    DateTime? ResolvedAt,
    string? ResolvedBy,
    IReadOnlyList<MessageItem> Messages,
    IReadOnlyList<string> Actions
)
{
    internal static ThreadItem Of(ThreadView t) =>
        new(
            t.Id,
            t.Part,
            t.Title,
            t.Anchor,
            t.MustBeAnswered,
            t.OpenedAt,
            t.OpenedBy,
            t.ResolvedAt,
            t.ResolvedBy,
            [.. t.Messages.Select(MessageItem.Of)],
            Inputs.Allowed(("write", t.MayWrite), ("resolve", t.MayResolve))
        );
}

/// <summary>A part of a record that the reader can discuss in, and the audiences that can be told of it by notice.</summary>
public sealed record TalkItem(string Part, bool MayWrite, IReadOnlyList<string> Tells);

/// <summary>What is discussed on a record, as far as it is the reader's.</summary>
public sealed record ThreadsRecord(IReadOnlyList<TalkItem> Parts, IReadOnlyList<ThreadItem> Threads)
{
    internal static ThreadsRecord Of(ThreadsView v) =>
        new(
            [.. v.Talks.Select(t => new TalkItem(t.Part, t.MayWrite, [.. t.Tells.Select(l => l.Audience)]))],
            [.. v.Threads.Select(ThreadItem.Of)]
        );
}

/// <summary>A message: Markdown, and the audiences that are told of it by notice.</summary>
public sealed record MessageInput(string? Text, Language? Language, IReadOnlyList<string?>? Tells)
{
    // No member of the enumeration where none is said: the rules refuse it like any unknown code.
    internal Said Said => new(Text, Language ?? (Language)(-1), [.. (Tells ?? []).Select(t => new Audience(t ?? ""))]);
}

/// <summary>A thread with its first message. The part it belongs to says who reads it, and never changes.</summary>
public sealed record ThreadInput(
    string? Part,
    string? Title,
    string? Anchor,
    bool? MustBeAnswered,
    string? Text,
    Language? Language,
    IReadOnlyList<string?>? Tells
)
{
    internal NewThread Start => new(Part, Title, Anchor, MustBeAnswered == true, new MessageInput(Text, Language, Tells).Said);
}

/// <summary>The text of a message, corrected.</summary>
public sealed record MessageText(string? Text);
