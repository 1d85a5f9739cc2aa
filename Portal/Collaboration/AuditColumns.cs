using Portal.Shell;

namespace Portal.Collaboration;

/// <summary>Columns of the log.</summary>
public static class AuditColumns
{
    /// <summary>Who did it.</summary>
    public static readonly ListColumn Who = new("Who");

    /// <summary>To which record.</summary>
    public static readonly ListColumn Record = new("Record");

    /// <summary>From what to what.</summary>
    public static readonly ListColumn Change = new("Change");

    /// <summary>When.</summary>
    public static readonly ListColumn When = new("When");

    /// <summary>Its number in the log.</summary>
    public static readonly ListColumn Number = new("Number");

    /// <summary>All, in the order of the table.</summary>
    public static readonly IReadOnlyList<ListColumn> All = [Who, Record, Change, When, Number];
}
