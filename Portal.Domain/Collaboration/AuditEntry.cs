using Portal.Domain.Access;

namespace Portal.Domain.Collaboration;

/// <summary>
/// One line of the log: who did what to which record, when. It holds codes and identifiers, no text that people typed, and a hash over
/// itself and the line before, so that no line can be changed, taken out or put in unseen.
/// </summary>
public sealed class AuditEntry
{
    private AuditEntry() { }

    /// <summary>Position in the log, from 1 and without a gap; 0 until it is appended.</summary>
    public long Id { get; private set; }

    /// <summary>UTC, to the microsecond: as exact as both databases keep it.</summary>
    public DateTime At { get; private set; }

    /// <summary>Act code.</summary>
    public string Code { get; private set; } = "";

    /// <summary>Section.</summary>
    public Section Section { get; private set; }

    /// <summary>Record, if the act was on one.</summary>
    public Guid? RecordId { get; private set; }

    /// <summary>Its short reference.</summary>
    public string? Reference { get; private set; }

    /// <summary>What changed, before: a stage, parts shared, a place held.</summary>
    public string? From { get; private set; }

    /// <summary>The same, after.</summary>
    public string? To { get; private set; }

    /// <summary>Audience, account, file or parts concerned: a key or identifier, never content.</summary>
    public string? Subject { get; private set; }

    /// <summary>Account that acted; empty for the portal itself and for whoever was not let in.</summary>
    public Guid PersonId { get; private set; }

    /// <summary>Membership acted under.</summary>
    public Guid? MembershipId { get; private set; }

    /// <summary>Organisation acted for.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>Role acted in.</summary>
    public Role? Role { get; private set; }

    /// <summary>SHA-256 over the hash of the entry before and all of the above; see <see cref="AuditChain"/>.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Writes a line, not yet in the log.</summary>
    /// <param name="act">What was done.</param>
    /// <param name="section">In which section.</param>
    /// <param name="record">To which record, if to one.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="now">When (UTC).</param>
    /// <param name="person">The account that acted, where it acts under no membership.</param>
    public static AuditEntry Of(Act act, Section section, IProtected? record, Actor actor, DateTime now, Guid? person = null) =>
        new()
        {
            At = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc),
            Code = act.Code,
            Section = section,
            RecordId = record?.Id,
            Reference = record?.Reference,
            From = act.From,
            To = act.To,
            Subject = act.Logged ?? act.Subject,
            PersonId = actor.IsSignedIn ? actor.PersonId : person ?? Guid.Empty,
            MembershipId = actor.Membership?.Id,
            OrganisationId = actor.Membership?.OrganisationId,
            Role = actor.Role,
        };

    /// <summary>Takes its place after the last entry.</summary>
    internal void Follow(AuditHead head)
    {
        if (Id != 0)
            throw new InvalidOperationException($"Entry {Id} is in the log already");
        Id = head.Sequence + 1;
        Hash = AuditChain.Hash(head.Hash, this);
    }
}
