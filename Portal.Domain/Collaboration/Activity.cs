using Portal.Domain.Access;

namespace Portal.Domain.Collaboration;

/// <summary>What was done to a record, shown on it to those who see the part it belongs to.</summary>
public sealed class Activity
{
    private Activity() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>View bit a reader of the record must hold.</summary>
    public int Part { get; private set; }

    /// <summary>Act code.</summary>
    public string Code { get; private set; } = "";

    /// <summary>Stage before.</summary>
    public string? From { get; private set; }

    /// <summary>Stage after.</summary>
    public string? To { get; private set; }

    /// <summary>Reason given, as typed.</summary>
    public string? Why { get; private set; }

    /// <summary>Audience key, file name or reference concerned.</summary>
    public string? Subject { get; private set; }

    /// <summary>Name of who did it.</summary>
    public string By { get; private set; } = "";

    /// <summary>Organisation they acted for, or null for the system.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Writes down an act.</summary>
    public static Activity Of(Guid recordId, Act act, Actor actor, DateTime now) =>
        new()
        {
            RecordId = recordId,
            Part = act.Part,
            Code = act.Code,
            From = act.From,
            To = act.To,
            Why = act.Why,
            Subject = act.Subject,
            By = actor.Name,
            OrganisationId = actor.Membership?.OrganisationId,
            At = now,
        };
}
