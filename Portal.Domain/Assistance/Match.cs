using Portal.Domain.Access;

namespace Portal.Domain.Assistance;

/// <summary>
/// A match as it is kept: for CTED from the whole need, for a provider from the parts that it was given. A line is seen by whom it was made
/// for,
/// while they see the need; when less of a need is shared, lines made of more are gone with the same act.
/// </summary>
public sealed class Match
{
    /// <summary>The need.</summary>
    public Guid NeedId { get; init; }

    /// <summary>The standing offer.</summary>
    public Guid OfferId { get; init; }

    /// <summary>For whom: a stored audience name, <c>need/cted</c> or <c>need/org:42</c>.</summary>
    public string Audience { get; init; } = "";

    /// <summary>ISO 3166-1 alpha-3 of the need's State.</summary>
    public string State { get; init; } = "";

    /// <summary>Number of the organisation that offers.</summary>
    public int OrganisationNumber { get; init; }

    /// <summary>Parts of the need that it was made of.</summary>
    public NeedParts Parts { get; init; }

    /// <summary>Its place among the offers kept for this need and reader, from 1.</summary>
    public int Rank { get; init; }

    /// <summary>0 to 100.</summary>
    public int Score { get; init; }

    /// <summary>Reasons; see <see cref="MatchScore"/>.</summary>
    public long Fits { get; init; }

    /// <summary>Whether another line of the same need, offer and reader says the same.</summary>
    public bool Says(Match other) =>
        (State, OrganisationNumber, Parts, Rank, Score, Fits)
        == (other.State, other.OrganisationNumber, other.Parts, other.Rank, other.Score, other.Fits);
}

/// <summary>
/// Something changed that matches were made of. Written with the change; what is made of it is made soon after, by whichever node comes
/// first.
/// </summary>
public sealed class MatchTask
{
    /// <summary>Number.</summary>
    public long Id { get; init; }

    /// <summary>The need, offer or proposal that changed; null is everything.</summary>
    public Guid? RecordId { get; init; }

    /// <summary>What kind it is.</summary>
    public Kind? Kind { get; init; }

    /// <summary>Of what concerns many needs: the reference of the need up to which it is done.</summary>
    public string? After { get; set; }
}

/// <summary>Why a suggestion is not for a provider.</summary>
public enum NotForUsReason
{
    /// <summary>Not in its field, whatever the offer says.</summary>
    Field,

    /// <summary>Does not work in this State or region at present.</summary>
    Place,

    /// <summary>Too large or too small.</summary>
    Budget,

    /// <summary>Not at that time.</summary>
    Time,

    /// <summary>Somebody else already helps there.</summary>
    AlreadyHelped,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>
/// A provider's word that it wants no suggestion of one need. It takes that need out of its own suggestions and out of nothing else: no
/// score of anybody's
/// is made of it. CTED reads why; the State and other providers do not learn of it.
/// </summary>
public sealed class NotForUs
{
    private NotForUs() { }

    /// <summary>Version 7 identifier.</summary>
    public Guid Id { get; private set; } = Guid.CreateVersion7();

    /// <summary>The need.</summary>
    public Guid NeedId { get; private set; }

    /// <summary>The organisation that said so.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Its number.</summary>
    public int OrganisationNumber { get; private set; }

    /// <summary>Why.</summary>
    public NotForUsReason Reason { get; private set; }

    /// <summary>More of it, as typed.</summary>
    public string? Note { get; private set; }

    /// <summary>UTC.</summary>
    public DateTime At { get; private set; }

    /// <summary>Whether an actor may say so: those who draft for a provider or partner organisation that sees the need.</summary>
    public static bool CanSay(Need need, Actor actor) =>
        actor.Membership?.Organisation is { Kind: OrganisationKind.Provider or OrganisationKind.Partner } own
        && need.Status.IsShared()
        && actor.Is(Audience.Org(own.Number), Section.Directory, Level.Contribute)
        && Decision.On(need, actor).Visible;

    /// <summary>Says so.</summary>
    /// <exception cref="Refusal">Not a provider that sees the need, or a note that is too long.</exception>
    public static NotForUs Say(Need need, Actor actor, NotForUsReason reason, string? note, DateTime now)
    {
        Refusal.Unless(CanSay(need, actor), "match.not_yours_to_say");
        Refusal.Unless(Enum.IsDefined(reason), "field.unknown_code", nameof(Reason));
        var own = actor.Membership!.Organisation;
        return new NotForUs
        {
            NeedId = need.Id,
            OrganisationId = own.Id,
            OrganisationNumber = own.Number,
            Reason = reason,
            Note = Text.Optional(note, 1000, nameof(Note)),
            At = now,
        };
    }
}

/// <summary>What assistance officers set for the whole section. No record of any State: everybody may know it.</summary>
public sealed class AssistanceSettings
{
    /// <summary>The one there is.</summary>
    public const int TheOne = 1;

    private AssistanceSettings() { }

    /// <summary>Always <see cref="TheOne"/>.</summary>
    public int Id { get; private set; } = TheOne;

    /// <summary>How much each reason of a match counts.</summary>
    public MatchWeights Weights { get; private set; } = MatchWeights.Usual;

    /// <summary>Working days that a State has to object to a wider circulation before its silence consents.</summary>
    public int TacitDays { get; private set; } = UsualTacitDays;

    /// <summary>Concurrency token.</summary>
    public Guid Version { get; private set; } = Guid.CreateVersion7();

    /// <summary>UTC; when they were set last.</summary>
    public DateTime SetAt { get; private set; }

    /// <summary>Working days unless somebody sets others.</summary>
    public const int UsualTacitDays = 10;

    /// <summary>Those of a new portal.</summary>
    public static AssistanceSettings Usual() => new();

    /// <summary>Whether an actor may set them: a CTED assistance officer.</summary>
    public static bool CanSet(Actor actor) => actor.Is(Audience.Cted, Section.Needs, Level.Decide);

    /// <summary>Whether an actor may look at them: CTED staff who enter the section.</summary>
    public static bool CanSee(Actor actor) => actor.LevelAs(Audience.Cted, Section.Needs, null) >= Level.View;

    /// <summary>Sets the weights.</summary>
    public void Weigh(Actor actor, MatchWeights weights, DateTime now)
    {
        Refusal.Unless(CanSet(actor), "match.not_yours_to_weigh");
        Refusal.IfAny(weights.Problems());
        (Weights, SetAt, Version) = (weights, now, Guid.CreateVersion7());
    }

    /// <summary>Sets how long a State has to object.</summary>
    public void AllowDays(Actor actor, int days, DateTime now)
    {
        Refusal.Unless(CanSet(actor), "match.not_yours_to_weigh");
        Refusal.If(days is < 5 or > 60, "consent.days_out_of_range", nameof(TacitDays));
        (TacitDays, SetAt, Version) = (days, now, Guid.CreateVersion7());
    }
}
