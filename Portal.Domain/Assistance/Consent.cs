using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>A State's agreement that one audience may see one need, and which parts of it. Given and revoked by a focal point; kept, once revoked, as record.</summary>
public sealed class Consent
{
    private Consent() { }

    internal Consent(Guid needId, Audience audience, NeedParts parts, Guid by, DateTime now) =>
        (NeedId, AudienceKey, Parts, GivenBy, GivenAt) = (needId, audience.Key, parts, by, now);

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();
    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }
    /// <summary>Key of the audience: one organisation, all providers, all partners, or the public.</summary>
    public string AudienceKey { get; private set; } = "";
    /// <summary>Parts shared, always with the summary.</summary>
    public NeedParts Parts { get; private set; }
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

    internal void Change(NeedParts parts) => Parts = parts;
    internal void Revoke(Guid by, DateTime now) => (RevokedBy, RevokedAt) = (by, now);
}

/// <summary>A text of a need in another language than it was written in.</summary>
public sealed class NeedTranslation
{
    private NeedTranslation() { }

    internal NeedTranslation(Guid needId, Reference.Language language, string title, string description) =>
        (NeedId, Language, Title, Description) = (needId, language, title, description);

    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }
    /// <summary>Language of this text.</summary>
    public Reference.Language Language { get; private set; }
    /// <summary>Title in it.</summary>
    public string Title { get; internal set; } = "";
    /// <summary>Description in it.</summary>
    public string Description { get; internal set; } = "";
}
