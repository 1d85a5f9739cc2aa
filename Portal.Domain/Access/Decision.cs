namespace Portal.Domain.Access;

/// <summary>
/// One reason why an actor sees a record: the record rule that names an audience, and the claim that puts the actor in it.
/// </summary>
/// <param name="Exposure">The record's side.</param>
/// <param name="Claim">The actor's side; null where the record is public.</param>
public sealed record Reason(Exposure Exposure, Claim? Claim);

/// <summary>What an actor may do with a record, and why. The engine of every page, list, export, file and message.</summary>
/// <param name="Level">Highest level; <see cref="Level.None"/> when the record does not exist for the actor.</param>
/// <param name="View">Bits of the parts the actor sees.</param>
/// <param name="Reasons">Every way in which the two sets meet.</param>
public sealed record Decision(Level Level, int View, IReadOnlyList<Reason> Reasons)
{
    /// <summary>Whether the record exists for the actor.</summary>
    public bool Visible => Level > Level.None;

    /// <summary>Visible = the record's audiences and the actor's audiences meet, at a level.</summary>
    public static Decision On(IProtected record, Actor actor)
    {
        var section = record.Kind.Section;
        var reasons = new List<Reason>();
        foreach (var exposure in record.Exposures())
        {
            if (exposure.Audience == Audience.Public)
                reasons.Add(new Reason(exposure, null));
            reasons.AddRange(
                actor
                    .Claims.Where(c => c.Section == section && c.Audience == exposure.Audience && c.Scope.Includes(record.StateIso3))
                    .Select(c => new Reason(exposure, c))
            );
        }
        if (actor.Viewer is { } viewer)
            reasons.RemoveAll(r => !IsShared(r, viewer, record));
        return new Decision(
            reasons.Select(r => r.Claim?.Level ?? Level.View).DefaultIfEmpty(Level.None).Max(),
            reasons.Aggregate(0, (view, r) => view | r.Exposure.View),
            reasons
        );
    }

    // In a preview content is shown for what whoever looks is in as well: the same audience of the same section, about that State.
    private static bool IsShared(Reason reason, Actor viewer, IProtected record) =>
        reason.Claim is null
        || viewer.Claims.Any(c =>
            c.Section == reason.Claim.Section && c.Audience == reason.Claim.Audience && c.Scope.Includes(record.StateIso3)
        );
}

/// <summary>
/// An actor's audiences as the stored names that the database compares: whole ones, and ones that count for a State only.
/// Equals <see cref="Decision.On"/> by construction; a property test holds them together.
/// </summary>
public sealed class AudienceKeys
{
    private AudienceKeys(IReadOnlyList<Key> all) =>
        (All, Whole, Scoped) = (
            all,
            [.. all.Where(k => k.States is null).Select(k => k.Name)],
            [.. all.Where(k => k.States is not null).SelectMany(k => k.States!.Select(s => k.Name + "@" + s))]
        );

    /// <summary>One stored audience name; States null means all.</summary>
    public sealed record Key(Kind Kind, string Name, IReadOnlyList<string>? States);

    /// <summary>Every name, each once.</summary>
    public IReadOnlyList<Key> All { get; }

    /// <summary>Names that count for all records.</summary>
    public string[] Whole { get; }

    /// <summary>Names that count for one State, written <c>name@KEN</c>.</summary>
    public string[] Scoped { get; }

    /// <summary>Whether these names meet one stored line.</summary>
    public bool Meets(string audience, string? stateIso3) => Whole.Contains(audience) || Scoped.Contains(audience + "@" + stateIso3);

    /// <summary>The names that these and others have in common.</summary>
    public AudienceKeys Common(AudienceKeys others) =>
        new([
            .. from mine in All
            join theirs in others.All on (mine.Kind, mine.Name) equals (theirs.Kind, theirs.Name)
            let states = mine.States is null ? theirs.States
            : theirs.States is null ? mine.States
            : [.. mine.States.Intersect(theirs.States)]
            where states is not { Count: 0 }
            select mine with
            {
                States = states,
            },
        ]);

    /// <summary>The names of an actor over every kind of record.</summary>
    public static AudienceKeys Of(Actor actor)
    {
        var keys = new List<Key>();
        foreach (var kind in Kinds.All)
        {
            // The public audience needs no grant: it is what an anonymous visitor has.
            keys.Add(new Key(kind, Audience.Public.For(kind), null));
            foreach (var sameAudience in actor.Claims.Where(c => c.Section == kind.Section).GroupBy(c => c.Audience))
            {
                var name = sameAudience.Key.For(kind);
                if (sameAudience.Any(c => c.Scope.IsAll))
                    keys.Add(new Key(kind, name, null));
                else
                    keys.Add(
                        new Key(kind, name, [.. EveryState().Where(s => sameAudience.Any(c => c.Scope.Includes(s.Length == 0 ? null : s)))])
                    );
            }
        }
        return new AudienceKeys(keys);
    }

    // The empty name stands for "about no State", as the store writes it.
    private static IEnumerable<string> EveryState() => Reference.MemberStates.All.Select(s => s.Iso3).Append("");
}
