namespace Portal.Domain.Committee;

/// <summary>Who is asked: the Committee, or one of the subcommittees that consider States for it first.</summary>
public enum Body
{
    /// <summary>The Committee as a whole.</summary>
    Committee,

    /// <summary>Subcommittee A.</summary>
    SubcommitteeA,

    /// <summary>Subcommittee B.</summary>
    SubcommitteeB,

    /// <summary>Subcommittee C.</summary>
    SubcommitteeC,
}
