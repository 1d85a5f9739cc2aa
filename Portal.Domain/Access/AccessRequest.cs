namespace Portal.Domain.Access;

/// <summary>How a request for access stands.</summary>
public enum RequestStatus
{
    /// <summary>Nobody has answered.</summary>
    Waiting,

    /// <summary>A grant was given.</summary>
    Granted,

    /// <summary>It was refused, with a reason.</summary>
    Refused,

    /// <summary>Who asked took it back.</summary>
    Withdrawn,

    /// <summary>Nobody answered in time.</summary>
    Lapsed,
}

/// <summary>What someone can do where a page is closed to them.</summary>
public enum WayIn
{
    /// <summary>Ask for the section.</summary>
    Request,

    /// <summary>The section is open to them, only not so far: nothing to request, an access manager may grant more.</summary>
    More,

    /// <summary>Nothing in this role: duties are kept apart.</summary>
    Apart,

    /// <summary>Nothing: the page is for CTED's staff, and they act for another body.</summary>
    Staff,
}

/// <summary>Someone finds a section closed and asks for it, with a reason. An access manager answers, one way or the other.</summary>
public sealed class AccessRequest
{
    private AccessRequest() { }

    /// <summary>Longest reason or answer, in characters.</summary>
    public const int Longest = 2000;

    /// <summary>A request left longer than this without an answer is late; access managers and who asked are reminded as often.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromDays(5);

    /// <summary>A request left longer than this lapses, unless the portal is configured otherwise.</summary>
    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(30);

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>Who asks.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>For which organisation they act.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>In which role.</summary>
    public Role Role { get; private set; }

    /// <summary>The section.</summary>
    public Section Section { get; private set; }

    /// <summary>Why, as typed.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>UTC.</summary>
    public DateTime AskedAt { get; private set; }

    /// <summary>UTC; that it waits was last said to both sides.</summary>
    public DateTime? RemindedAt { get; private set; }

    /// <summary>How it stands.</summary>
    public RequestStatus Status { get; private set; }

    /// <summary>Who answered.</summary>
    public Guid? AnsweredBy { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime? AnsweredAt { get; private set; }

    /// <summary>The answer, as typed.</summary>
    public string? Answer { get; private set; }

    /// <summary>The grant that was given.</summary>
    public Guid? GrantId { get; private set; }

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>Whether someone may ask for a section: it is closed to them, and not by the separation of duties.</summary>
    public static bool CanAsk(Actor actor, Section section) =>
        actor.Membership is { } m && actor.LevelIn(section) == Level.None && !Baseline.Forbids(m.Role, section);

    /// <summary>What someone can do about a page that is closed to them; null where they act for nobody.</summary>
    /// <param name="actor">Who finds it closed.</param>
    /// <param name="section">Its section.</param>
    /// <param name="isForStaff">Whether it opens to CTED's staff only.</param>
    public static WayIn? WayInto(Actor actor, Section section, bool isForStaff) =>
        actor.Membership is not { } m ? null
        : isForStaff && m.Organisation.Kind != OrganisationKind.Cted ? WayIn.Staff
        : Baseline.Forbids(m.Role, section) ? WayIn.Apart
        : CanAsk(actor, section) ? WayIn.Request
        : WayIn.More;

    /// <summary>Asks.</summary>
    /// <exception cref="Refusal">The section is open already or never opens to this role, or the reason is missing.</exception>
    public static AccessRequest Ask(Actor actor, Section section, string? reason, DateTime now)
    {
        Refusal.If(actor.LevelIn(section) > Level.None, "request.open_already");
        Refusal.Unless(CanAsk(actor, section), "grant.duties_apart");
        var why = Typed(reason, "request.reason_required");
        return new AccessRequest
        {
            PersonId = actor.PersonId,
            OrganisationId = actor.Membership!.OrganisationId,
            Role = actor.Role!.Value,
            Section = section,
            Reason = why,
            AskedAt = now,
        };
    }

    /// <summary>Answers with a grant.</summary>
    public void Grant(Grant grant, Guid by, DateTime now)
    {
        Refusal.Unless(grant.PersonId == PersonId && grant.Section == Section && !grant.Deny, "request.other_grant");
        Move(RequestStatus.Granted, by, now);
        GrantId = grant.Id;
    }

    /// <summary>Refuses, with a reason that the one who asked reads.</summary>
    public void Refuse(string? answer, Guid by, DateTime now)
    {
        var why = Typed(answer, "request.answer_required");
        Move(RequestStatus.Refused, by, now);
        Answer = why;
    }

    /// <summary>Takes it back.</summary>
    public void Withdraw(Guid by, DateTime now)
    {
        Refusal.If(by != PersonId, "request.not_yours");
        Move(RequestStatus.Withdrawn, null, now);
    }

    /// <summary>Whether it has waited too long at a moment (UTC).</summary>
    public bool IsLate(DateTime at) => Status == RequestStatus.Waiting && at - AskedAt > AnswerWithin;

    /// <summary>Whether both sides are to be told at a moment (UTC) that it still waits.</summary>
    public bool IsReminderDue(DateTime at, TimeSpan every) => Status == RequestStatus.Waiting && at - (RemindedAt ?? AskedAt) >= every;

    /// <summary>Notes that both sides are told that it still waits.</summary>
    public void Remind(DateTime now, TimeSpan every)
    {
        Refusal.Unless(IsReminderDue(now, every), "request.no_reminder_due");
        (RemindedAt, Version) = (now, Guid.CreateVersion7());
    }

    /// <summary>It has waited too long: nobody will answer.</summary>
    public void Lapse(DateTime now, TimeSpan life)
    {
        Refusal.If(now - AskedAt < life, "request.not_over");
        Move(RequestStatus.Lapsed, null, now);
    }

    private void Move(RequestStatus to, Guid? by, DateTime now)
    {
        Refusal.If(Status != RequestStatus.Waiting, "request.answered");
        Refusal.If(by == PersonId, "grant.own_access");
        (Status, AnsweredBy, AnsweredAt, Version) = (to, by, now, Guid.CreateVersion7());
    }

    private static string Typed(string? text, string missing)
    {
        var clean = Text.Optional(text, Longest, "Reason");
        Refusal.If(clean is null, missing, "Reason");
        return clean!;
    }
}
