namespace Portal.Domain.Access;

/// <summary>
/// A set of readers. A record has audiences (its room's pure function says which), an actor has audiences (from the
/// membership acted under and the grants in force); a record is visible where the two meet.
/// </summary>
/// <param name="Key">Stable name stored in the database: <c>state:KEN</c>, <c>org:42</c>, <c>cted</c> …</param>
public readonly record struct Audience(string Key)
{
    /// <summary>The Executive Directorate.</summary>
    public static readonly Audience Cted = new("cted");

    /// <summary>The Committee's delegations.</summary>
    public static readonly Audience Committee = new("committee");

    /// <summary>The delegations that sit in one of the three subcommittees, by its letter.</summary>
    public static Audience Subcommittee(string letter) => new("subcommittee:" + letter);

    /// <summary>The 1267 and 1540 expert groups.</summary>
    public static readonly Audience Experts = new("experts");

    /// <summary>Every assistance provider.</summary>
    public static readonly Audience Providers = new("providers");

    /// <summary>Every partner organisation.</summary>
    public static readonly Audience Partners = new("partners");

    /// <summary>Everyone signed in.</summary>
    public static readonly Audience Members = new("members");

    /// <summary>Everyone, signed in or not.</summary>
    public static readonly Audience Public = new("public");

    /// <summary>The members of one State, by ISO 3166-1 alpha-3.</summary>
    public static Audience State(string iso3) => new("state:" + iso3);

    /// <summary>CTED's legal officers for one State: how they see what concerns several States, theirs among them.</summary>
    public static Audience CtedFor(string iso3) => new("cted:" + iso3);

    /// <summary>The members of one organisation, by its number.</summary>
    public static Audience Org(int number) => new("org:" + number);

    /// <summary>The number of the organisation this audience names, or null when it names no single organisation.</summary>
    public int? OrganisationNumber =>
        // A key comes from a form too: only the one way of writing a number names its organisation.
        Key.StartsWith("org:", StringComparison.Ordinal)
        && int.TryParse(Key.AsSpan(4), out var number)
        && number > 0
        && Org(number).Key == Key
            ? number
            : null;

    /// <summary>The State this audience names by ISO 3166-1 alpha-3, or null.</summary>
    public string? StateIso3 => Key.StartsWith("state:", StringComparison.Ordinal) ? Key[6..] : null;

    /// <summary>The State whose legal officers in CTED this audience names, or null.</summary>
    public string? CtedStateIso3 => Key.StartsWith("cted:", StringComparison.Ordinal) ? Key[5..] : null;

    /// <summary>The name under which records of one kind are stored for this audience: <c>need/org:42</c>.</summary>
    public string For(Kind kind) => kind.Prefix + Key;

    /// <inheritdoc/>
    public override string ToString() => Key;
}

/// <summary>One line of a record's reach: who, with which parts of it, since when and why.</summary>
/// <param name="Audience">Who.</param>
/// <param name="View">Bits of the parts they see; each kind defines its own, bit 0 being the summary.</param>
/// <param name="Since">
/// UTC; the order of this audience's lists. For a consented audience it is the moment of sharing, so that later work they cannot see does
/// not move the record.
/// </param>
/// <param name="Why">The record rule that put them there.</param>
public readonly record struct Exposure(Audience Audience, int View, DateTime Since, ExposureRule Why);

/// <summary>The record rules, as codes; their words are in the reader's language.</summary>
public enum ExposureRule
{
    /// <summary>The record is this State's own.</summary>
    OwnState,

    /// <summary>The record is this organisation's own.</summary>
    OwnOrganisation,

    /// <summary>The stage reached brings it before CTED.</summary>
    Stage,

    /// <summary>CTED keeps the directory.</summary>
    Directory,

    /// <summary>The State consented to share with this audience.</summary>
    Consent,

    /// <summary>Its owner published it.</summary>
    Published,

    /// <summary>It stands open to everyone signed in, published or not.</summary>
    Open,

    /// <summary>The proposal was made to this State.</summary>
    Addressee,

    /// <summary>The programme helps this State.</summary>
    Recipient,

    /// <summary>It was put before this body, or before the subcommittee that prepares it.</summary>
    Circulated,

    /// <summary>It was sent to this State.</summary>
    Sent,
}

/// <summary>A record that is not for everyone. Its visibility is one pure function of itself.</summary>
public interface IProtected
{
    /// <summary>Version 7 identifier.</summary>
    Guid Id { get; }

    /// <summary>Kind, which names the section.</summary>
    Kind Kind { get; }

    /// <summary>The short reference people use, such as <c>NEED-2026-0042</c>.</summary>
    string Reference { get; }

    /// <summary>
    /// ISO 3166-1 alpha-3 of the State the record is about, <see cref="Scope.Several"/>, or null for none; grants with a scope are held
    /// against it.
    /// </summary>
    string? StateIso3 { get; }

    /// <summary>Concurrency token, renewed at each save.</summary>
    Guid Version { get; }

    /// <summary>Who may see the record, with which parts, and why. Each audience once.</summary>
    IEnumerable<Exposure> Exposures();

    /// <summary>Texts that full-text search finds, each with the bit of the part it belongs to.</summary>
    IEnumerable<SearchText> SearchTexts();

    /// <summary>
    /// What the log says of somebody's opening it who sees these parts; null where nothing is logged: it is public, or nobody's but its
    /// writer's yet.
    /// </summary>
    Act? Reading(int view) => null;

    /// <summary>Acts done since loading; the store turns them into activity and audit entries and refuses a change without one.</summary>
    ActLog Acts { get; }
}

/// <summary>A text of a record for full-text search.</summary>
/// <param name="Part">The view bit a reader must hold for this text to count.</param>
/// <param name="Text">The text in its own language.</param>
public readonly record struct SearchText(int Part, string? Text);
