namespace Portal.Access;

/// <summary>Columns of the list of people.</summary>
[Flags]
public enum PeopleColumns
{
    /// <summary>For whom they act, in which role.</summary>
    Memberships = 1,

    /// <summary>Whether they may sign in.</summary>
    Standing = 2,

    /// <summary>When they were here last, for those who look after everybody.</summary>
    LastSeen = 4,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = Memberships | Standing | LastSeen,
}

/// <summary>Columns of the list of grants.</summary>
[Flags]
public enum GrantColumns
{
    /// <summary>Section and level, and why.</summary>
    What = 1,

    /// <summary>About which States.</summary>
    Reach = 2,

    /// <summary>From when to when, by whom.</summary>
    Period = 4,

    /// <summary>Whether it is in force, and when it was used last.</summary>
    Standing = 8,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = What | Reach | Period | Standing,
}
