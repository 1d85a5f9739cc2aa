namespace Portal.Collaboration;

/// <summary>Columns of the log.</summary>
[Flags]
public enum AuditColumns
{
    /// <summary>Who did it.</summary>
    Who = 1,

    /// <summary>To which record.</summary>
    Record = 2,

    /// <summary>From what to what.</summary>
    Change = 4,

    /// <summary>When.</summary>
    When = 8,

    /// <summary>Its number in the log.</summary>
    Number = 16,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = Who | Record | Change | When | Number,
}
