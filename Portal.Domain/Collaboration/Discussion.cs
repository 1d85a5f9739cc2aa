using Portal.Domain.Access;
using Portal.Domain.Directory;
using Portal.Domain.Reference;

namespace Portal.Domain.Collaboration;

/// <summary>What somebody says in a thread, and whom they want told of it.</summary>
/// <param name="Text">Markdown of the subset that long texts have.</param>
/// <param name="Language">Its language.</param>
/// <param name="Tells">Audiences that are told: of those that <see cref="Discussion.Tellable"/> offers.</param>
public sealed record Said(string? Text, Language Language, IReadOnlyCollection<Audience> Tells)
{
    /// <summary>Refuses for everything that is wrong with its words; who may be told, the record knows.</summary>
    /// <exception cref="Refusal">A field is wrong.</exception>
    public void Check() =>
        Refusal.IfAny(
            () => Domain.Text.Required(Text, ThreadMessage.Longest, nameof(Text)),
            () => Refusal.Unless(Enum.IsDefined(Language), "field.unknown_code", nameof(Language))
        );
}

/// <summary>
/// Who talks on a record. What is said belongs to a part of it, so that who reads it is never anybody's choice: whoever holds the part
/// (docs/decisions/0049).
/// </summary>
public static class Discussion
{
    /// <summary>Most open threads that one organisation begins in a part of a record.</summary>
    public const int MostThreads = 50;

    /// <summary>Most messages of a thread.</summary>
    public const int MostMessages = 500;

    /// <summary>How long a message can be corrected by whoever wrote it.</summary>
    public static readonly TimeSpan Correctable = TimeSpan.FromMinutes(15);

    /// <summary>The notice of whoever is told of a message by name.</summary>
    public const string Mentioned = "thread.mentioned";

    /// <summary>The notice of those that have written in a thread before.</summary>
    public const string Answered = "thread.answered";

    /// <summary>
    /// Whether an actor may write in a part: one that is talked in, that they hold themselves, and contribute to as whom they hold it.
    /// </summary>
    public static bool CanWrite(IProtected record, Actor actor, int part) =>
        actor is { Membership: not null, IsPreview: false }
        && record.Kind.Talks.Any(t => t.Bit == part)
        && Decision.On(record, actor).Reasons.Any(r => (r.Exposure.View & part) != 0 && r.Claim?.Level >= Level.Contribute);

    /// <summary>
    /// Whom an actor can have told of what they say in a part: those that hold it, and their own. Who may not know who else reads the
    /// record is offered CTED, its State, and what they are in themselves: a State never learns which subcommittee considers it.
    /// </summary>
    public static IReadOnlyList<Audience> Tellable(IProtected record, Actor actor, int part)
    {
        var decision = Decision.On(record, actor);
        if ((decision.View & part) == 0 || actor.Membership is not { Organisation: var own })
            return [];
        var knows = record.Kind.KnowsReaders(decision.View);
        return
        [
            .. record
                .Exposures()
                .Where(e => (e.View & part) != 0 && e.Audience != Audience.Public && e.Audience.CtedStateIso3 is null)
                .Select(e => e.Audience)
                .Where(a => knows || a == Audience.Cted || a.StateIso3 is not null || decision.Reasons.Any(r => r.Exposure.Audience == a))
                .Append(Of(own))
                .Distinct(),
        ];
    }

    /// <summary>The audience that the members of an organisation are told things in.</summary>
    public static Audience Of(Organisation organisation) =>
        organisation.Kind switch
        {
            OrganisationKind.Cted => Audience.Cted,
            OrganisationKind.ExpertGroup => Audience.Experts,
            OrganisationKind.MemberState
            or OrganisationKind.Provider
            or OrganisationKind.Partner
            or OrganisationKind.Committee
            or OrganisationKind.Operations => organisation.Audience,
        };
}
