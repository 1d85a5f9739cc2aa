namespace Portal.Domain.Access;

/// <summary>
/// A State's agreement that one audience may see one record of its own, and which parts of it. Given and revoked by a focal point; kept,
/// once revoked, as record.
/// </summary>
/// <typeparam name="TParts">The parts of the kind of record.</typeparam>
public abstract class Consent<TParts>
    where TParts : struct, Enum
{
    private protected Consent() { }

    private protected Consent(Guid recordId, Audience audience, TParts parts, Guid by, DateTime now) =>
        (RecordId, AudienceKey, Parts, GivenBy, GivenAt) = (recordId, audience.Key, parts, by, now);

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>Key of the audience: one organisation, all providers, all partners, or the public.</summary>
    public string AudienceKey { get; private set; } = "";

    /// <summary>Parts shared, always with the one that comes with every other.</summary>
    public TParts Parts { get; private set; }

    /// <summary>Person who gave it.</summary>
    public Guid GivenBy { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime GivenAt { get; private set; }

    /// <summary>Person who revoked it, or null.</summary>
    public Guid? RevokedBy { get; private set; }

    /// <summary>UTC, or null while it stands.</summary>
    public DateTime? RevokedAt { get; private set; }

    /// <summary>The audience.</summary>
    public Audience Audience => new(AudienceKey);

    /// <summary>Whether it stands.</summary>
    public bool Stands => RevokedAt is null;

    internal void Change(TParts parts) => Parts = parts;

    internal void Revoke(Guid by, DateTime now) => (RevokedBy, RevokedAt) = (by, now);
}
