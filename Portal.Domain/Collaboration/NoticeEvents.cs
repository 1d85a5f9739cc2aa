namespace Portal.Domain.Collaboration;

// Within the namespace: outside it the room of the Committee is nearer than the kind of organisation.
using static Portal.Domain.Access.OrganisationKind;

/// <summary>What an event is about, as settings sort them.</summary>
public enum NoticeGroup
{
    /// <summary>Stages of a need.</summary>
    Needs,

    /// <summary>Who may see a need.</summary>
    Consent,

    /// <summary>Questions, answers and days to reply by.</summary>
    Answers,

    /// <summary>Proposals.</summary>
    Proposals,

    /// <summary>Delivery and what came of it.</summary>
    Delivery,

    /// <summary>Programmes and help that is given twice.</summary>
    Programmes,

    /// <summary>Assessments, circulations, letters and answers.</summary>
    Assessments,

    /// <summary>Threads on records.</summary>
    Threads,

    /// <summary>Suggestions and saved views.</summary>
    Found,
}

/// <summary>An event that people are told of.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Group">What it is about.</param>
/// <param name="Tells">Members of which kinds of organisation are told of it.</param>
public sealed record NoticeEvent(string Code, NoticeGroup Group, params IReadOnlyList<Access.OrganisationKind> Tells);

/// <summary>The events, in the order of a need's life: whoever chooses how to be told is asked of those that concern them.</summary>
public static class NoticeEvents
{
    /// <summary>Whether there is an event of this code.</summary>
    public static bool IsKnown(string code) => All.Any(e => e.Code == code);

    /// <summary>Every event.</summary>
    public static readonly IReadOnlyList<NoticeEvent> All =
    [
        new("need.submitted", NoticeGroup.Needs, Cted),
        new("need.returned", NoticeGroup.Needs, MemberState),
        new("need.authenticated", NoticeGroup.Needs, MemberState),
        new("need.circulated", NoticeGroup.Needs, MemberState),
        new("need.still_needed", NoticeGroup.Needs, MemberState),
        new("need.changed", NoticeGroup.Needs, Cted, Provider, Partner, Committee, ExpertGroup),
        new("need.withdrawn", NoticeGroup.Needs, Cted, Provider, Partner),
        new("need.shared_with_you", NoticeGroup.Consent, Provider, Partner, Committee, ExpertGroup),
        new("need.consent_asked", NoticeGroup.Consent, MemberState),
        new("need.request_refused", NoticeGroup.Consent, Cted),
        new("need.request_dropped", NoticeGroup.Consent, MemberState),
        new("need.tacit_allowed", NoticeGroup.Consent, Cted),
        new("need.tacit_ended", NoticeGroup.Consent, Cted),
        new("need.tacit_begun", NoticeGroup.Consent, MemberState),
        new("need.tacit_consented", NoticeGroup.Consent, MemberState, Cted),
        new("need.question_asked", NoticeGroup.Answers, MemberState, Cted),
        new("need.question_answered", NoticeGroup.Answers, Provider, Partner),
        new("need.not_now", NoticeGroup.Answers, MemberState, Cted),
        new("need.reply_due", NoticeGroup.Answers, Provider, Partner),
        new("need.reply_by_extended", NoticeGroup.Answers, MemberState, Provider, Partner),
        new("need.reply_sent", NoticeGroup.Answers, MemberState),
        new("proposal.proposed", NoticeGroup.Proposals, MemberState, Cted),
        new("proposal.shortlisted", NoticeGroup.Proposals, Provider),
        new("proposal.accepted", NoticeGroup.Proposals, Provider, Cted),
        new("proposal.declined", NoticeGroup.Proposals, Provider),
        new("proposal.closed", NoticeGroup.Proposals, Provider),
        new("proposal.withdrawn", NoticeGroup.Proposals, MemberState),
        new("need.delivery_begun", NoticeGroup.Delivery, Cted, Provider),
        new("milestone.delivered", NoticeGroup.Delivery, MemberState),
        new("milestone.confirmed", NoticeGroup.Delivery, Provider),
        new("need.delivered", NoticeGroup.Delivery, Cted, Provider),
        new("need.outcome_asked", NoticeGroup.Delivery, MemberState),
        new("need.concluded", NoticeGroup.Delivery, Cted, Provider),
        new("programme.shared_with_you", NoticeGroup.Programmes, MemberState, Provider, Partner, Committee, ExpertGroup),
        new("programme.completed", NoticeGroup.Programmes, MemberState, Provider, Partner, Cted, Committee, ExpertGroup),
        new("programme.cancelled", NoticeGroup.Programmes, MemberState, Provider, Partner, Cted, Committee, ExpertGroup),
        new("duplicate.found", NoticeGroup.Programmes, Cted),
        new("duplicate.several", NoticeGroup.Programmes, Cted),
        new("dossier.put_before", NoticeGroup.Assessments, Committee),
        new("dossier.closing", NoticeGroup.Assessments, Committee),
        new("dossier.held", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.lifted", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.hold_lapses", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.remarked", NoticeGroup.Assessments, Cted),
        new("dossier.objected", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.passed", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.recalled", NoticeGroup.Assessments, Committee),
        new("dossier.extended", NoticeGroup.Assessments, Committee),
        new("dossier.taken_up", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.decided", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.returned", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.abandoned", NoticeGroup.Assessments, Committee),
        new("dossier.recounted", NoticeGroup.Assessments, Committee, Cted),
        new("dossier.sent", NoticeGroup.Assessments, MemberState, Cted),
        new("dossier.acknowledged", NoticeGroup.Assessments, Cted),
        new("dossier.answered", NoticeGroup.Assessments, Cted, Committee),
        new("dossier.closed", NoticeGroup.Assessments, MemberState),
        new("dossier.answer_due", NoticeGroup.Assessments, MemberState),
        new("dossier.shared_with_you", NoticeGroup.Assessments, Provider, Partner),
        new("recommendation.due", NoticeGroup.Assessments, MemberState),
        new("recommendation.overdue", NoticeGroup.Assessments, MemberState),
        new("recommendation.due_moved", NoticeGroup.Assessments, MemberState),
        new("recommendation.reported", NoticeGroup.Assessments, Cted),
        new("recommendation.verified", NoticeGroup.Assessments, MemberState),
        new("recommendation.dropped", NoticeGroup.Assessments, MemberState),
        new(Discussion.Mentioned, NoticeGroup.Threads, MemberState, Provider, Partner, Cted, Committee),
        new(Discussion.Answered, NoticeGroup.Threads, MemberState, Provider, Partner, Cted, Committee),
        new("match.suggested", NoticeGroup.Found, Cted, Provider, Partner),
        new("view.new", NoticeGroup.Found, MemberState, Provider, Partner, Cted, Committee, ExpertGroup),
    ];
}
