namespace Portal.Domain.Iati;

/// <summary>
/// The activity that a programme was imported with, as it was published: what the portal does not understand comes back from here.
/// </summary>
public sealed class IatiSource
{
    private IatiSource() { }

    /// <summary>Keeps an activity.</summary>
    public IatiSource(Assistance.Programme programme, IatiActivity activity)
    {
        (ProgrammeId, OrganisationId) = (programme.Id, programme.OrganisationId);
        Keep(programme, activity);
    }

    /// <summary>The programme.</summary>
    public Guid ProgrammeId { get; private set; }

    /// <summary>Whose it is.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Its identifier.</summary>
    public string Identifier { get; private set; } = "";

    /// <summary>Identifier of who reported it.</summary>
    public string Reporter { get; private set; } = "";

    /// <summary>The reporter's own number of it, or null.</summary>
    public string? InternalIdentifier { get; private set; }

    /// <summary>The activity.</summary>
    public string Xml { get; private set; } = "";

    /// <summary>Its fingerprint.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>What the programme said when it was imported.</summary>
    public Guid SaidVersion { get; private set; }

    /// <summary>Keeps a newer one.</summary>
    public void Keep(Assistance.Programme programme, IatiActivity activity)
    {
        (Identifier, Reporter, InternalIdentifier) = (
            activity.Identifier,
            activity.Reporter,
            activity.InternalIdentifier is { Length: <= 200 } i ? i : null
        );
        (Xml, Fingerprint) = (activity.Text, activity.Print);
        SaidVersion = programme.SaidVersion;
    }
}
