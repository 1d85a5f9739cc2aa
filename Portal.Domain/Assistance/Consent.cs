using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <inheritdoc/>
public sealed class Consent : Consent<NeedParts>
{
    private Consent() { }

    internal Consent(Guid needId, Audience audience, NeedParts parts, Guid by, DateTime now)
        : base(needId, audience, parts, by, now) { }
}

/// <summary>What became of a request for consent.</summary>
public enum ConsentRequestStatus
{
    /// <summary>The State has not answered.</summary>
    Open,

    /// <summary>The State gave the consent.</summary>
    Given,

    /// <summary>The State refused, or objected.</summary>
    Refused,

    /// <summary>The State kept silent until the day named, as it had allowed for this need.</summary>
    Silent,

    /// <summary>CTED took it back, or the need is no longer shared.</summary>
    Dropped,
}

/// <summary>
/// CTED's word to a State that one audience should see one need. It shows the need to nobody: consent is the State's, given by it or, where
/// the State has
/// allowed that for the need, by its silence until a day that it was told.
/// </summary>
public sealed class ConsentRequest
{
    private ConsentRequest() { }

    internal ConsentRequest(Guid needId, Audience audience, NeedParts parts, DateOnly? silentAfter, Guid by, DateTime now) =>
        (NeedId, AudienceKey, Parts, SilentAfter, AskedBy, AskedAt) = (needId, audience.Key, parts, silentAfter, by, now);

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }

    /// <summary>Key of the audience.</summary>
    public string AudienceKey { get; private set; } = "";

    /// <summary>Parts that CTED asks for.</summary>
    public NeedParts Parts { get; private set; }

    /// <summary>Last day to object, after which silence consents; null where only an answer does.</summary>
    public DateOnly? SilentAfter { get; private set; }

    /// <summary>Person who asked.</summary>
    public Guid AskedBy { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime AskedAt { get; private set; }

    /// <summary>What became of it.</summary>
    public ConsentRequestStatus Status { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime? DecidedAt { get; private set; }

    /// <summary>The audience.</summary>
    public Audience Audience => new(AudienceKey);

    /// <summary>Whether the State has yet to answer.</summary>
    public bool IsOpen => Status == ConsentRequestStatus.Open;

    internal void Decide(ConsentRequestStatus status, DateTime now) => (Status, DecidedAt) = (status, now);
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

    /// <summary>Whether the original's title was changed since this was made.</summary>
    public bool IsTitleBehind { get; internal set; }

    /// <summary>Whether the original's description was.</summary>
    public bool IsDescriptionBehind { get; internal set; }

    /// <summary>Whether it is behind as far as somebody is shown it.</summary>
    public bool IsBehind(NeedParts parts) => IsTitleBehind || (IsDescriptionBehind && parts.Has(NeedParts.Description));
}
