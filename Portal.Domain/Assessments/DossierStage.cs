using Portal.Domain.Committee;

namespace Portal.Domain.Assessments;

/// <summary>The stages of a dossier on its way to the State.</summary>
public enum DossierStage
{
    /// <summary>Being written in CTED.</summary>
    Drafting,

    /// <summary>Before a colleague, who looks at its quality.</summary>
    Review,

    /// <summary>Passed by the review; ready to be put before a body.</summary>
    Ready,

    /// <summary>Before a subcommittee.</summary>
    Subcommittee,

    /// <summary>Endorsed by the subcommittee; ready for the Committee.</summary>
    Endorsed,

    /// <summary>Before the Committee.</summary>
    Committee,

    /// <summary>Adopted by the Committee; ready to be sent.</summary>
    Adopted,

    /// <summary>Sent to the State, which has it from now on.</summary>
    Sent,

    /// <summary>Answered by the State.</summary>
    Responded,

    /// <summary>The answer is noted and nothing more is awaited in this cycle.</summary>
    Closed,

    /// <summary>Given up before it was sent.</summary>
    Abandoned,
}

/// <summary>The parts of a dossier, one bit each.</summary>
[Flags]
public enum DossierParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>State, cycle, and when it was sent: what comes with every other part.</summary>
    Summary = 1,

    /// <summary>The letter to the State, of the edition that circulates or was sent.</summary>
    Letter = 1 << 1,

    /// <summary>Findings, recommendations and narrative, of the same edition.</summary>
    Assessment = 1 << 2,

    /// <summary>The cover note to the bodies, of the same edition.</summary>
    Cover = 1 << 3,

    /// <summary>Circulations, what delegations did in them, and editions that were not sent. The State never gets it.</summary>
    Deliberation = 1 << 4,

    /// <summary>What is being written, and the quality review.</summary>
    Writing = 1 << 5,

    /// <summary>The State's answer, as it was submitted.</summary>
    Response = 1 << 6,

    /// <summary>The State's answer, as it is being written.</summary>
    ResponseDraft = 1 << 7,

    /// <summary>What only CTED sees: who drafts, activity.</summary>
    Inner = 1 << 8,

    /// <summary>
    /// What is between CTED and the State from when it is sent: what they discuss, and with whom the State shares it. The bodies never get
    /// it.
    /// </summary>
    TalkState = 1 << 9,

    /// <summary>
    /// How the State takes it up: until when it is asked to answer, whether it has, and what CTED made of that. Whom the State shows its
    /// assessment does not get it.
    /// </summary>
    Course = 1 << 10,

    /// <summary>What CTED sees.</summary>
    Whole = Summary | Letter | Assessment | Cover | Deliberation | Writing | Response | Inner | TalkState | Course,

    /// <summary>What a body sees that has the dossier before it.</summary>
    OfBody = Summary | Letter | Assessment | Cover | Deliberation | Course,

    /// <summary>What the State sees once it is sent.</summary>
    OfState = Summary | Letter | Assessment | Response | ResponseDraft | TalkState | Course,
}

/// <summary>Words for parts and stages.</summary>
public static class DossierStages
{
    /// <summary>Whether a set has a part.</summary>
    public static bool Has(this DossierParts parts, DossierParts part) => (parts & part) == part;

    /// <summary>The body that a stage is before; null where it is before none.</summary>
    public static bool IsBefore(this DossierStage stage, Body body) =>
        body == Body.Committee ? stage == DossierStage.Committee : stage == DossierStage.Subcommittee;
}
