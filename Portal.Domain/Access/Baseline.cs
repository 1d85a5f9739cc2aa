namespace Portal.Domain.Access;

/// <summary>
/// The grants every role comes with, and the duties that no grant may join. Access managers add to, narrow and deny these.
/// </summary>
public static class Baseline
{
    /// <summary>
    /// The level a role has in a section before any grant. Record rules still apply: View on needs shows a donor only what States share
    /// with it.
    /// </summary>
    public static Level Of(Role role, Section section) =>
        role switch
        {
            Role.FocalPoint => section switch
            {
                Section.Needs or Section.Proposals or Section.Assessments => Level.Decide,
                Section.Programmes or Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.StateContributor => section switch
            {
                Section.Needs or Section.Assessments => Level.Contribute,
                Section.Proposals or Section.Programmes or Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.ProviderManager => section switch
            {
                // Of assessments, too, what States share with them.
                Section.Needs or Section.Assessments => Level.View,
                Section.Proposals or Section.Programmes or Section.Directory => Level.Decide,
                _ => Level.None,
            },
            Role.ProviderContributor => section switch
            {
                Section.Needs or Section.Assessments => Level.View,
                Section.Proposals or Section.Programmes or Section.Directory => Level.Contribute,
                _ => Level.None,
            },
            Role.Partner => section switch
            {
                Section.Needs or Section.Assessments => Level.View,
                Section.Programmes or Section.Directory => Level.Decide,
                _ => Level.None,
            },
            Role.LegalOfficer => section switch
            {
                Section.Assessments => Level.Decide,
                Section.Needs or Section.Proposals or Section.Programmes or Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.AssistanceOfficer => section switch
            {
                Section.Needs or Section.Proposals or Section.Programmes => Level.Decide,
                Section.Directory or Section.Assessments => Level.View,
                _ => Level.None,
            },
            Role.InformationOfficer => section switch
            {
                Section.Directory => Level.Manage,
                // Reviews the quality of what legal officers write.
                Section.Assessments => Level.Contribute,
                _ => Level.None,
            },
            Role.AccessManager => section switch
            {
                Section.Access => Level.Manage,
                Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.ExecutiveDirector => section switch
            {
                Section.Assessments => Level.Manage,
                Section.Needs or Section.Proposals or Section.Programmes or Section.Directory or Section.Access => Level.View,
                _ => Level.None,
            },
            Role.Auditor => section switch
            {
                Section.Audit or Section.Access or Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.Delegate => section switch
            {
                Section.Assessments => Level.Decide,
                Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.SubcommitteeChair or Role.CommitteeChair => section switch
            {
                Section.Assessments => Level.Manage,
                Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.Expert => section switch
            {
                Section.Directory => Level.View,
                _ => Level.None,
            },
            Role.Administrator => section switch
            {
                Section.Administration => Level.Manage,
                Section.Directory => Level.View,
                _ => Level.None,
            },
        };

    /// <summary>
    /// Duties kept apart whatever is granted: access managers, administrators and auditors read no State's record;
    /// only access managers manage access, only auditors and access managers read the log, only administrators administer.
    /// </summary>
    public static bool Forbids(Role role, Section section) =>
        section switch
        {
            Section.Needs
            or Section.Proposals
            or Section.Programmes
            or Section.Assessments
            or Section.Visits
            or Section.Reporting
            or Section.Survey => role is Role.AccessManager or Role.Administrator or Role.Auditor,
            Section.Access => role is not (Role.AccessManager or Role.ExecutiveDirector or Role.Auditor),
            Section.Audit => role is not (Role.Auditor or Role.AccessManager or Role.ExecutiveDirector),
            Section.Administration => role is not Role.Administrator,
            Section.Directory or Section.Guide or Section.Practices or Section.WorkProgramme or Section.Meetings => false,
        };
}
