using Portal.Shell;

namespace Portal.Access;

/// <summary>Columns of the list of people.</summary>
public static class PeopleColumns
{
    /// <summary>For whom they act, in which role.</summary>
    public static readonly ListColumn Memberships = new("Memberships");

    /// <summary>Whether they may sign in.</summary>
    public static readonly ListColumn Standing = new("Standing");

    /// <summary>When they were here last, for those who look after everybody.</summary>
    public static readonly ListColumn LastSeen = new("LastSeen");

    /// <summary>All, in the order of the table.</summary>
    public static readonly IReadOnlyList<ListColumn> All = [Memberships, Standing, LastSeen];
}

/// <summary>Columns of the list of grants.</summary>
public static class GrantColumns
{
    /// <summary>Section and level, and why.</summary>
    public static readonly ListColumn What = new("What");

    /// <summary>About which States.</summary>
    public static readonly ListColumn Reach = new("Reach");

    /// <summary>From when to when, by whom.</summary>
    public static readonly ListColumn Period = new("Period");

    /// <summary>Whether it is in force, and when it was used last.</summary>
    public static readonly ListColumn Standing = new("Standing");

    /// <summary>All, in the order of the table.</summary>
    public static readonly IReadOnlyList<ListColumn> All = [What, Reach, Period, Standing];
}
