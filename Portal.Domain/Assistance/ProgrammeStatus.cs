using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Assistance;

/// <summary>The stages of a programme: help being given.</summary>
public enum ProgrammeStatus
{
    /// <summary>Planned and not yet begun.</summary>
    Pipeline,

    /// <summary>Under way.</summary>
    Active,

    /// <summary>Ended as planned.</summary>
    Completed,

    /// <summary>Given up.</summary>
    Cancelled,
}

/// <summary>Which stage may follow which.</summary>
public static class ProgrammeStages
{
    /// <summary>Whether a programme may move from one stage to another.</summary>
    public static bool CanMove(this ProgrammeStatus from, ProgrammeStatus to) =>
        from switch
        {
            ProgrammeStatus.Pipeline => to is ProgrammeStatus.Active or ProgrammeStatus.Cancelled,
            ProgrammeStatus.Active => to is ProgrammeStatus.Completed or ProgrammeStatus.Cancelled,
            ProgrammeStatus.Completed or ProgrammeStatus.Cancelled => false,
        };
}

/// <summary>The parts of a programme that its provider shares or keeps, one bit each.</summary>
[Flags]
public enum ProgrammeParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reference, title, provider, States, themes, kinds of help, stage and dates: what every sharing shares.</summary>
    Summary = 1,

    /// <summary>Description, participants, paragraphs, sectors and IATI identifier.</summary>
    Description = 1 << 1,

    /// <summary>Budget, commitments and disbursements.</summary>
    Finance = 1 << 2,

    /// <summary>Results.</summary>
    Results = 1 << 3,

    /// <summary>Documents.</summary>
    Documents = 1 << 4,

    /// <summary>What only the provider and CTED see: with whom it is shared, activity.</summary>
    Inner = 1 << 5,

    /// <summary>Everything.</summary>
    Whole = Summary | Description | Finance | Results | Documents | Inner,
}

/// <summary>Sets of parts.</summary>
public static class ProgrammePartsSets
{
    /// <summary>The parts a provider may choose to share, beyond the summary.</summary>
    public static readonly IReadOnlyList<ProgrammeParts> Choosable =
    [
        ProgrammeParts.Description,
        ProgrammeParts.Finance,
        ProgrammeParts.Results,
        ProgrammeParts.Documents,
    ];

    /// <summary>All of them and the summary.</summary>
    public const ProgrammeParts Shareable = ProgrammeParts.Whole & ~ProgrammeParts.Inner;

    /// <summary>Whether a set has a part.</summary>
    public static bool Has(this ProgrammeParts parts, ProgrammeParts part) => (parts & part) == part;
}

/// <summary>What a participant does in a programme: the organisation roles of IATI, by their codes.</summary>
public enum ParticipantRole
{
    /// <summary>Provides the money.</summary>
    Funding = 1,

    /// <summary>Answers for it.</summary>
    Accountable = 2,

    /// <summary>Manages the budget on behalf of the funder.</summary>
    Extending = 3,

    /// <summary>Does the work.</summary>
    Implementing = 4,
}

/// <summary>Someone who takes part.</summary>
/// <param name="Name">Name, as published.</param>
/// <param name="Role">What they do.</param>
/// <param name="Identifier">IATI organisation identifier, such as <c>XM-DAC-41128</c>.</param>
public sealed record Participant(string Name, ParticipantRole Role, string? Identifier = null) : ILine<Participant>
{
    /// <summary>Says nothing.</summary>
    public Participant()
        : this("", 0) { }

    /// <inheritdoc/>
    public Participant Kept(string field)
    {
        Refusal.Unless(Enum.IsDefined(Role), "field.unknown_code", field);
        return this with { Name = Text.RequiredLine(Name, 400, field), Identifier = Text.OptionalLine(Identifier, 200, field) };
    }
}

/// <summary>What a line of a programme's finance is.</summary>
public enum MoneyKind
{
    /// <summary>Planned for a period.</summary>
    Budget,

    /// <summary>Promised in writing.</summary>
    Commitment,

    /// <summary>Handed over.</summary>
    Disbursement,

    /// <summary>Spent by whoever gives the help.</summary>
    Expenditure,

    /// <summary>Received for it.</summary>
    IncomingFunds,
}

/// <summary>A line of a programme's finance.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Date">Day, or first day of the period.</param>
/// <param name="Until">Last day of the period, for a budget.</param>
/// <param name="Amount">In units of <paramref name="Currency"/>; below zero where an earlier line is corrected.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record MoneyLine(MoneyKind Kind, DateOnly Date, DateOnly? Until, decimal Amount, string Currency) : ILine<MoneyLine>
{
    /// <summary>Says nothing: the first kind is one, and is not meant.</summary>
    public MoneyLine()
        : this((MoneyKind)(-1), default, null, 0, "") { }

    /// <inheritdoc/>
    public MoneyLine Kept(string field)
    {
        Refusal.Unless(Enum.IsDefined(Kind), "field.unknown_code", field);
        Refusal.If(Math.Abs(Amount) > Text.LargestAmount, "field.amount_out_of_range", field);
        Refusal.Unless(Currencies.IsKnown(Currency), "field.unknown_code", field);
        Text.Day(Date, field, Programme.FirstYear);
        Text.Day(Until, field, Programme.FirstYear);
        Refusal.If(Until < Date, "field.dates_reversed", field);
        return this;
    }
}

/// <summary>How far a result reaches: the result types of IATI, by their codes.</summary>
public enum ResultKind
{
    /// <summary>What was delivered.</summary>
    Output = 1,

    /// <summary>What it led to.</summary>
    Outcome = 2,

    /// <summary>What changed in the long run.</summary>
    Impact = 3,

    /// <summary>Anything else.</summary>
    Other = 9,
}

/// <summary>A result, planned or reached.</summary>
/// <param name="Kind">How far it reaches.</param>
/// <param name="Title">What it is.</param>
/// <param name="Target">What was aimed at.</param>
/// <param name="Actual">What was reached.</param>
public sealed record ResultLine(ResultKind Kind, string Title, string? Target = null, string? Actual = null) : ILine<ResultLine>
{
    /// <summary>Says nothing.</summary>
    public ResultLine()
        : this(0, "") { }

    /// <inheritdoc/>
    public ResultLine Kept(string field)
    {
        Refusal.Unless(Enum.IsDefined(Kind), "field.unknown_code", field);
        return this with
        {
            Title = Text.RequiredLine(Title, 1000, field),
            Target = Text.OptionalLine(Target, 400, field),
            Actual = Text.OptionalLine(Actual, 400, field),
        };
    }
}

/// <summary>A document published elsewhere.</summary>
/// <param name="Title">Title.</param>
/// <param name="Address">http or https.</param>
public sealed record DocumentLink(string Title, string Address) : ILine<DocumentLink>
{
    /// <summary>Says nothing.</summary>
    public DocumentLink()
        : this("", "") { }

    /// <inheritdoc/>
    public DocumentLink Kept(string field)
    {
        Refusal.Unless(Programme.IsAddress(Address), "programme.address_unreadable", field);
        return this with { Title = Text.RequiredLine(Title, 400, field) };
    }
}

/// <summary>With whom a programme is shared, and which parts of it. CTED gets all of it with the first sharing.</summary>
/// <param name="States">The States it helps.</param>
/// <param name="Providers">All providers.</param>
/// <param name="Partners">All partner organisations.</param>
/// <param name="Everyone">Everyone, signed in or not.</param>
public sealed record ProgrammeSharing(ProgrammeParts States, ProgrammeParts Providers, ProgrammeParts Partners, ProgrammeParts Everyone)
{
    /// <summary>CTED alone.</summary>
    public static readonly ProgrammeSharing CtedOnly = new(
        ProgrammeParts.None,
        ProgrammeParts.None,
        ProgrammeParts.None,
        ProgrammeParts.None
    );

    /// <summary>All of it with everyone, as what is published already.</summary>
    public static readonly ProgrammeSharing AsPublished = new(
        ProgrammePartsSets.Shareable,
        ProgrammePartsSets.Shareable,
        ProgrammePartsSets.Shareable,
        ProgrammePartsSets.Shareable
    );

    /// <summary>What each audience really gets: the summary with any part, and whatever everyone gets.</summary>
    public ProgrammeSharing Widened() => new(Of(States | Everyone), Of(Providers | Everyone), Of(Partners | Everyone), Of(Everyone));

    private static ProgrammeParts Of(ProgrammeParts parts) => parts == ProgrammeParts.None ? parts : parts | ProgrammeParts.Summary;
}
