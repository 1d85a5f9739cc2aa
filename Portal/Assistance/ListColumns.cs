namespace Portal.Assistance;

/// <summary>Columns of the list of needs.</summary>
[Flags]
public enum NeedColumns
{
    /// <summary>State.</summary>
    State = 1,

    /// <summary>Theme.</summary>
    Theme = 2,

    /// <summary>Stage.</summary>
    Status = 4,

    /// <summary>Last day for answers.</summary>
    ReplyBy = 8,

    /// <summary>How pressing, where that is shared.</summary>
    Urgency = 16,

    /// <summary>Estimated cost, where it is shared.</summary>
    Cost = 32,

    /// <summary>Funding gap, where the cost is shared.</summary>
    Gap = 64,

    /// <summary>When it changed last, for those who see it whole.</summary>
    Updated = 128,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = State | Theme | Status | ReplyBy | Gap,
}

/// <summary>Columns of the list of proposals.</summary>
[Flags]
public enum ProposalColumns
{
    /// <summary>The need it answers, and its State.</summary>
    Need = 1,

    /// <summary>Provider.</summary>
    Provider = 2,

    /// <summary>Stage.</summary>
    Status = 4,

    /// <summary>From when to when.</summary>
    Period = 8,

    /// <summary>Amount, or what was accepted of it.</summary>
    Amount = 16,

    /// <summary>When it changed last.</summary>
    Updated = 32,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = Need | Provider | Status | Period | Amount,
}

/// <summary>Columns of the list of programmes.</summary>
[Flags]
public enum ProgrammeColumns
{
    /// <summary>Provider.</summary>
    Provider = 1,

    /// <summary>States helped.</summary>
    States = 2,

    /// <summary>Kinds of help.</summary>
    Modality = 4,

    /// <summary>Stage.</summary>
    Status = 8,

    /// <summary>From when to when.</summary>
    Period = 16,

    /// <summary>Budget, where the finance is shared.</summary>
    Budget = 32,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = Provider | States | Status | Period | Budget,
}

/// <summary>Columns of the list of matches.</summary>
[Flags]
public enum MatchColumns
{
    /// <summary>Theme.</summary>
    Theme = 1,

    /// <summary>Stage.</summary>
    Status = 2,

    /// <summary>Standing offers that fit.</summary>
    Offers = 4,

    /// <summary>How well the best of them fits.</summary>
    Score = 8,

    /// <summary>Unless chosen otherwise.</summary>
    Usual = Theme | Status | Offers | Score,
}
