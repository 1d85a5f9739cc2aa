using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>
/// A question of a recipient about a need. It is answered once, by the State or by CTED for it; the answer is read by every recipient that
/// was given at least
/// the parts that the asker had, and nobody but the State and CTED learns who asked.
/// </summary>
public sealed class NeedQuestion
{
    private NeedQuestion() { }

    /// <summary>Longest question and answer.</summary>
    public const int Longest = 4000;

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }

    /// <summary>The organisation that asked.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Its number.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>Parts of the need that it had when it asked: question and answer may speak of them.</summary>
    public NeedParts Parts { get; private set; }

    /// <summary>The question.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Language of the question.</summary>
    public Language Language { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime AskedAt { get; private set; }

    /// <summary>The answer.</summary>
    public string? Answer { get; private set; }

    /// <summary>Language of the answer.</summary>
    public Language AnswerLanguage { get; private set; }

    /// <summary>Whether CTED answered, for the State.</summary>
    public bool AnsweredByCted { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>Asks.</summary>
    /// <exception cref="Refusal">Not a recipient, the day to reply by has passed, or no text.</exception>
    public static NeedQuestion Ask(Need need, Actor actor, string text, Language language, DateTime now)
    {
        Refusal.Unless(need.IsRecipient(actor), "need.not_yours_to_reply");
        need.DemandOpenForReplies(now);
        var asked = "";
        Refusal.IfAny(
            () => asked = Domain.Text.Required(text, Longest, "Question"),
            () => Refusal.Unless(Enum.IsDefined(language), "field.unknown_code", nameof(Language))
        );
        var own = actor.Membership!.Organisation;
        var question = new NeedQuestion
        {
            NeedId = need.Id,
            OrganisationId = own.Id,
            OrganisationNumber = own.Number,
            Parts = (NeedParts)Decision.On(need, actor).View,
            Text = asked,
            Language = language,
            AskedAt = now,
        };
        need.Acts.Note(new Act("need.question_asked", (int)NeedParts.Inner) { Tells = [Audience.State(need.StateIso3), Audience.Cted] });
        return question;
    }

    /// <summary>Answers it, once and for all who were given as much of the need.</summary>
    public void Reply(Need need, Actor actor, string answer, Language language, DateTime now)
    {
        Refusal.Unless(need.Id == NeedId && need.CanAnswerQuestions(actor), "need.not_yours_to_answer");
        Refusal.If(AnsweredAt is not null, "need.answered_already");
        Answer = Domain.Text.Required(answer, Longest, "Answer");
        (AnswerLanguage, AnsweredByCted, AnsweredAt) = (language, actor.StateIso3 is null, now);
        need.Acts.Note(
            new Act("need.question_answered", (int)NeedParts.Inner)
            {
                Tells =
                [
                    .. need.Standing().Where(g => g.Audience != Audience.Public && g.Parts.Has(Parts)).Select(g => g.Audience),
                    Audience.Org(OrganisationNumber),
                ],
            }
        );
    }
}

/// <summary>Why a provider does not answer with a proposal now.</summary>
public enum NotNowReason
{
    /// <summary>No money for it in this period.</summary>
    Funds,

    /// <summary>No people for it in this period.</summary>
    People,

    /// <summary>The dates do not fit.</summary>
    Dates,

    /// <summary>Other priorities.</summary>
    Priorities,

    /// <summary>Already helps this State in another way.</summary>
    OtherHelp,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>
/// A provider's answer to a circulated need that it does not propose help now. Read by the State and CTED, and by no other provider.
/// </summary>
public sealed class NotNow
{
    private NotNow() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }

    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Its number.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>Why.</summary>
    public NotNowReason Reason { get; private set; }

    /// <summary>More of it, as typed.</summary>
    public string? Note { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Says so.</summary>
    public static NotNow Say(Need need, Actor actor, NotNowReason reason, string? note, DateTime now)
    {
        Refusal.Unless(need.IsRecipient(actor), "need.not_yours_to_reply");
        need.DemandOpenForReplies(now);
        Refusal.Unless(Enum.IsDefined(reason), "field.unknown_code", nameof(Reason));
        var own = actor.Membership!.Organisation;
        var said = new NotNow
        {
            NeedId = need.Id,
            OrganisationId = own.Id,
            OrganisationNumber = own.Number,
            Reason = reason,
            Note = Text.Optional(note, 1000, nameof(Note)),
            At = now,
        };
        need.Acts.Note(
            new Act("need.not_now", (int)NeedParts.Inner, Subject: reason.ToString())
            {
                Tells = [Audience.State(need.StateIso3), Audience.Cted],
            }
        );
        return said;
    }
}

/// <summary>
/// What the portal reminded of by itself, so that it does so once, whichever node comes first and however often it looks.
/// </summary>
public sealed class Reminder
{
    /// <summary>The record.</summary>
    public Guid RecordId { get; init; }

    /// <summary>Code of the notice.</summary>
    public string Code { get; init; } = "";

    /// <summary>For which day it was due.</summary>
    public DateOnly Day { get; init; }

    /// <summary>UTC.</summary>
    public DateTime At { get; init; }
}
