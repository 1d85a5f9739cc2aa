using Portal.Domain.Access;
using Portal.Domain.Reference;

namespace Portal.Domain.Directory;

/// <summary>A body that people act for. That it exists, its names and its website are public reference data; its members are not.</summary>
public sealed class Organisation
{
    private Organisation() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>Short number, used in audience names (<c>org:42</c>). Given once, never reused.</summary>
    public int Number { get; private set; }

    /// <summary>What kind of body.</summary>
    public OrganisationKind Kind { get; private set; }

    /// <summary>Stable short code and address part, lower case: <c>unodc-tpb</c>, <c>ken</c>.</summary>
    public string Code { get; private set; } = "";

    /// <summary>Names in the six official languages.</summary>
    public LocalName Name { get; private set; } = null!;

    /// <summary>ISO 3166-1 alpha-3 of the State it belongs to, or null.</summary>
    public string? StateIso3 { get; private set; }

    /// <summary>Public website, https.</summary>
    public string? Website { get; private set; }

    /// <summary>IATI organisation identifier, such as <c>XM-DAC-41128</c>.</summary>
    public string? IatiIdentifier { get; private set; }

    /// <summary>Most contributors that act for it or are invited to.</summary>
    public int ContributorLimit { get; private set; } = UsualContributorLimit;

    /// <summary>The limit of an organisation for which nobody has set another.</summary>
    public const int UsualContributorLimit = 10;

    /// <summary>The highest limit that can be set.</summary>
    public const int HighestContributorLimit = 500;

    /// <summary>Sets how many contributors it may have. Those who are there stay.</summary>
    /// <exception cref="Refusal">Not between 0 and <see cref="HighestContributorLimit"/>.</exception>
    public void LimitContributors(int most)
    {
        Refusal.If(most is < 0 or > HighestContributorLimit, "organisation.limit_out_of_range", nameof(ContributorLimit));
        ContributorLimit = most;
    }

    /// <summary>Where it is found on the Web, and as whom it publishes.</summary>
    public void Describe(string? website, string? iatiIdentifier) => (Website, IatiIdentifier) = (website, iatiIdentifier);

    /// <summary>Registers an organisation.</summary>
    /// <exception cref="Refusal">A Member State without its code, or an unknown State.</exception>
    public static Organisation Register(
        int number,
        OrganisationKind kind,
        string code,
        LocalName name,
        string? stateIso3 = null,
        string? website = null,
        string? iatiIdentifier = null
    )
    {
        Refusal.If(kind == OrganisationKind.MemberState && stateIso3 is null, "organisation.state_required");
        Refusal.If(stateIso3 is not null && MemberStates.Find(stateIso3) is null, "state.unknown");
        return new Organisation
        {
            Number = number,
            Kind = kind,
            Code = code.ToLowerInvariant(),
            Name = name,
            StateIso3 = stateIso3,
            Website = website,
            IatiIdentifier = iatiIdentifier,
        };
    }

    /// <summary>An organisation that there is not: it has no record, no grant, no name and no State of its own.</summary>
    internal static Organisation Imagined(OrganisationKind kind) => new() { Kind = kind, Name = new LocalName("", "", "", "", "", "") };

    /// <summary>The audience of its own members.</summary>
    public Audience Audience => Kind == OrganisationKind.MemberState ? Audience.State(StateIso3!) : Audience.Org(Number);
}
