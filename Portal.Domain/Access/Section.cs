namespace Portal.Domain.Access;

/// <summary>A password-protected part of the information base (work programme 2009, annex, paragraph 12). A grant names one.</summary>
public enum Section
{
    /// <summary>Profiles and standing offers of providers and partner organisations.</summary>
    Directory,

    /// <summary>Technical-assistance needs filed by Member States.</summary>
    Needs,

    /// <summary>Proposals that answer needs.</summary>
    Proposals,

    /// <summary>Help being given.</summary>
    Programmes,

    /// <summary>Dossiers and preliminary implementation assessments.</summary>
    Assessments,

    /// <summary>Visits of the Committee.</summary>
    Visits,

    /// <summary>Reporting status under resolutions 1373 and 1624.</summary>
    Reporting,

    /// <summary>Survey of implementation.</summary>
    Survey,

    /// <summary>Technical guide.</summary>
    Guide,

    /// <summary>Best practices.</summary>
    Practices,

    /// <summary>Work programme and its commitments.</summary>
    WorkProgramme,

    /// <summary>Meetings and workshops.</summary>
    Meetings,

    /// <summary>Who may enter what.</summary>
    Access,

    /// <summary>The log of acts.</summary>
    Audit,

    /// <summary>Accounts, configuration and health; never a State's record.</summary>
    Administration,
}

/// <summary>Which sections there are pages for.</summary>
public static class Sections
{
    /// <summary>
    /// The sections that have pages, in their order: what is granted, asked for, reviewed, explained and listed is one of these. The rules
    /// of the others stand, but nobody
    /// is offered a section that leads nowhere. A section is added here with its first page; a law compares the two.
    /// </summary>
    public static readonly IReadOnlyList<Section> Open =
    [
        Section.Directory,
        Section.Needs,
        Section.Proposals,
        Section.Programmes,
        Section.Assessments,
        Section.Access,
        Section.Audit,
        Section.Administration,
    ];

    /// <summary>Whether there are pages for it.</summary>
    public static bool IsOpen(this Section section) => Open.Contains(section);
}

/// <summary>What a grant lets its holder do in a section, each level including those before it.</summary>
public enum Level
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Read what the record rule shows.</summary>
    View,

    /// <summary>Draft and edit on behalf of one's organisation.</summary>
    Contribute,

    /// <summary>Bind one's organisation: submit, consent, propose, accept, authenticate.</summary>
    Decide,

    /// <summary>Run the section.</summary>
    Manage,
}

/// <summary>What kind of body a membership is in.</summary>
public enum OrganisationKind
{
    /// <summary>One of the 193 Member States, as a recipient.</summary>
    MemberState,

    /// <summary>A donor State's agency, a fund or an international organisation that gives help.</summary>
    Provider,

    /// <summary>An international, regional or subregional organisation.</summary>
    Partner,

    /// <summary>The Counter-Terrorism Committee Executive Directorate.</summary>
    Cted,

    /// <summary>One of the fifteen delegations of the Committee.</summary>
    Committee,

    /// <summary>The expert groups of the 1267 and 1540 committees.</summary>
    ExpertGroup,

    /// <summary>Those who run the system and read no record.</summary>
    Operations,
}

/// <summary>A person's function in an organisation; it brings the baseline grants of <see cref="Baseline"/>.</summary>
public enum Role
{
    /// <summary>Speaks for a Member State: submits, consents, accepts.</summary>
    FocalPoint,

    /// <summary>Drafts for a Member State.</summary>
    StateContributor,

    /// <summary>Binds a provider: profile, offers, proposals.</summary>
    ProviderManager,

    /// <summary>Drafts for a provider.</summary>
    ProviderContributor,

    /// <summary>Works for a partner organisation.</summary>
    Partner,

    /// <summary>CTED legal officer, for assigned States.</summary>
    LegalOfficer,

    /// <summary>CTED assistance officer: authenticates, circulates, matches.</summary>
    AssistanceOfficer,

    /// <summary>CTED information officer: directory and publication.</summary>
    InformationOfficer,

    /// <summary>Manages who may enter what, and reads no assessment and no need.</summary>
    AccessManager,

    /// <summary>Executive Director of CTED.</summary>
    ExecutiveDirector,

    /// <summary>Reads the log and changes nothing.</summary>
    Auditor,

    /// <summary>Delegate of a Committee member.</summary>
    Delegate,

    /// <summary>Chair of one of the three subcommittees.</summary>
    SubcommitteeChair,

    /// <summary>Chair of the Committee.</summary>
    CommitteeChair,

    /// <summary>Expert of the 1267 or 1540 group.</summary>
    Expert,

    /// <summary>Runs accounts, configuration and health; reads no State's record.</summary>
    Administrator,
}

/// <summary>Which role fits which kind of organisation.</summary>
public static class Roles
{
    /// <summary>The one kind of organisation a role exists in.</summary>
    public static OrganisationKind Kind(this Role role) =>
        role switch
        {
            Role.FocalPoint or Role.StateContributor => OrganisationKind.MemberState,
            Role.ProviderManager or Role.ProviderContributor => OrganisationKind.Provider,
            Role.Partner => OrganisationKind.Partner,
            Role.LegalOfficer
            or Role.AssistanceOfficer
            or Role.InformationOfficer
            or Role.AccessManager
            or Role.ExecutiveDirector
            or Role.Auditor => OrganisationKind.Cted,
            Role.Delegate or Role.SubcommitteeChair or Role.CommitteeChair => OrganisationKind.Committee,
            Role.Expert => OrganisationKind.ExpertGroup,
            Role.Administrator => OrganisationKind.Operations,
        };
}
