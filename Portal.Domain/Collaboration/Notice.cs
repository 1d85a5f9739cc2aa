using Portal.Domain.Access;

namespace Portal.Domain.Collaboration;

/// <summary>
/// Tells an audience that something happened to a record. One row for the whole audience; who no longer sees the record no longer sees the
/// notice.
/// </summary>
public sealed class Notice
{
    private Notice() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>Stored audience name, as in the record's reach: <c>need/org:42</c>.</summary>
    public string Audience { get; private set; } = "";

    /// <summary>ISO 3166-1 alpha-3 of the record's State, or empty.</summary>
    public string State { get; private set; } = "";

    /// <summary>Code of what happened.</summary>
    public string Code { get; private set; } = "";

    /// <summary>Kind of the record.</summary>
    public Kind Kind { get; private set; } = null!;

    /// <summary>The record.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>Its reference.</summary>
    public string Reference { get; private set; } = "";

    /// <summary>View bit that a reader of the record must hold; 0 where seeing the record is enough.</summary>
    public int Part { get; private set; }

    /// <summary>The membership that is not told, since it did what is told of; null where all of the audience are.</summary>
    public Guid? ExceptId { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Addresses a notice.</summary>
    /// <param name="audience">Who is told.</param>
    /// <param name="code">What.</param>
    /// <param name="record">Of which record.</param>
    /// <param name="now">UTC.</param>
    /// <param name="part">View bit that they must hold.</param>
    /// <param name="except">The membership that is not told.</param>
    public static Notice To(Audience audience, string code, IProtected record, DateTime now, int part = 0, Guid? except = null) =>
        new()
        {
            Audience = audience.For(record.Kind),
            State = record.StateIso3 ?? "",
            Code = code,
            Kind = record.Kind,
            RecordId = record.Id,
            Reference = record.Reference,
            Part = part,
            ExceptId = except,
            At = now,
        };
}

/// <summary>
/// That somebody has opened what notices tell of: those up to then are new to them no more. Under another membership it does not exist.
/// </summary>
public sealed class NoticeReading
{
    private NoticeReading() { }

    /// <summary>Whose.</summary>
    public Guid MembershipId { get; private set; }

    /// <summary>The record, or the request for access.</summary>
    public Guid RecordId { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>It was opened for the first time since it was told of.</summary>
    public static NoticeReading Of(Guid membershipId, Guid recordId, DateTime now) =>
        new()
        {
            MembershipId = membershipId,
            RecordId = recordId,
            At = now,
        };

    /// <summary>It was opened again.</summary>
    public void Again(DateTime now) => At = now;
}
