namespace Portal.Domain.Committee;

/// <summary>What a delegation may do in a circulation.</summary>
public enum StepAct
{
    /// <summary>Asks for time: the days stop.</summary>
    Hold,

    /// <summary>Ends its hold.</summary>
    Lift,

    /// <summary>Objects, which ends the round.</summary>
    Object,

    /// <summary>Says that it has looked and has nothing against it. Silence does the same, so this changes nothing.</summary>
    NoObjection,

    /// <summary>Says something, which changes nothing.</summary>
    Remark,
}

/// <summary>Who takes a step: rights belong to the delegation, any member of it uses them.</summary>
/// <param name="OrganisationNumber">Number of the delegation.</param>
/// <param name="MembershipId">The membership acted under.</param>
/// <param name="PersonName">Name of the person, kept as it was.</param>
/// <param name="SeatUntil">When the delegation's seat in the body ends (UTC, exclusive), or null where no end is known.</param>
public readonly record struct StepBy(int OrganisationNumber, Guid MembershipId, string PersonName, DateTime? SeatUntil);

/// <summary>A step that a delegation took in a circulation.</summary>
public sealed class CirculationStep
{
    private CirculationStep() { }

    internal CirculationStep(int number, StepBy by, StepAct act, string? reason, DateTime at, DateTime? lapses) =>
        (Number, OrganisationNumber, MembershipId, PersonName, Act, Reason, At, Lapses) = (
            number,
            by.OrganisationNumber,
            by.MembershipId,
            by.PersonName,
            act,
            reason,
            at,
            lapses
        );

    /// <summary>The circulation.</summary>
    public Guid CirculationId { get; private set; }

    /// <summary>Its place among the steps of the circulation, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Number of the delegation.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>What it did.</summary>
    public StepAct Act { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>The membership acted under.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>Who acted, by the name that the person had then.</summary>
    public string PersonName { get; private set; } = "";

    /// <summary>Why, or what was said.</summary>
    public string? Reason { get; private set; }

    /// <summary>When a hold ends by itself (UTC, exclusive); null for any other step.</summary>
    public DateTime? Lapses { get; private set; }

    internal void LapseAt(DateTime at) => Lapses = at;
}
