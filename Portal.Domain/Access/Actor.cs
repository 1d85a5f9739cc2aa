namespace Portal.Domain.Access;

/// <summary>One thing an actor may do: a level in a section, as a member of an audience, over a scope, because of a grant.</summary>
/// <param name="Section">Section.</param>
/// <param name="Audience">As whom.</param>
/// <param name="Level">How far; never <see cref="Level.None"/>.</param>
/// <param name="Scope">About which States.</param>
/// <param name="GrantId">The explicit grant, or null when it comes with the role.</param>
public sealed record Claim(Section Section, Audience Audience, Level Level, Scope Scope, Guid? GrantId);

/// <summary>
/// Who asks: a person acting under one membership, with the claims that the grants in force give, worked out anew for each operation.
/// </summary>
public sealed class Actor
{
    private Actor(Membership? membership, string name, IReadOnlyList<Claim> claims) =>
        (Membership, Name, Claims) = (membership, name, claims);

    /// <summary>Nobody signed in: sees what is public.</summary>
    public static readonly Actor Anonymous = new(null, "", []);

    /// <summary>Works out the claims of a person acting under a membership at a moment (UTC).</summary>
    /// <param name="membership">Membership in force, its organisation loaded.</param>
    /// <param name="name">The person's name, for records of acts.</param>
    /// <param name="grants">Grants; those not in force or for others are ignored.</param>
    /// <param name="now">The moment.</param>
    public static Actor Of(Membership membership, string name, IEnumerable<Grant> grants, DateTime now)
    {
        if (!membership.InForce(now))
            return Anonymous;
        var mine = grants.Where(g => g.InForce(now) && g.IsFor(membership)).ToList();
        var audiences = membership.Audiences(now).ToList();
        var claims = new List<Claim>();
        foreach (var section in Enum.GetValues<Section>())
        {
            if (Baseline.Forbids(membership.Role, section))
                continue;
            var denied = mine.Where(g => g.Deny && g.Section == section).Select(g => g.Scope).ToList();
            foreach (var (level, scope, grant) in Granted(membership, section, mine))
            {
                if (level == Level.None)
                    continue;
                foreach (var audience in audiences.Where(a => grant is null || grant.Reaches(a)))
                {
                    // "CTED for Kenya" names its State itself, so that the role's own States do not have to narrow it once more.
                    var left = denied.Aggregate(
                        grant is null && audience.CtedStateIso3 is not null ? Scope.All : scope,
                        (s, d) => s.Except(d)
                    );
                    if (!left.IsEmpty)
                        claims.Add(new Claim(section, audience, level, left, grant?.Id));
                }
            }
        }
        return new Actor(membership, name, claims);
    }

    /// <summary>This actor as somebody else looks at what they see.</summary>
    public Actor SeenBy(Actor viewer) => new(Membership, Name, Claims) { Viewer = viewer };

    private static IEnumerable<(Level, Scope, Grant?)> Granted(Membership membership, Section section, IEnumerable<Grant> grants)
    {
        // A legal officer's baseline is about the assigned States; the directory is about no State.
        var scope =
            membership.Role == Access.Role.LegalOfficer && section != Section.Directory ? Scope.Only(membership.AssignedStates) : Scope.All;
        yield return (Baseline.Of(membership.Role, section), scope, null);
        foreach (var grant in grants.Where(g => !g.Deny && g.Section == section))
            yield return (grant.Level, grant.Scope, grant);
    }

    /// <summary>
    /// The same actor with less: in some sections only, and no further than a level. What a program may do with the key it was given.
    /// </summary>
    public Actor Narrowed(IReadOnlyCollection<Section> sections, Level atMost) =>
        new(
            Membership,
            Name,
            [
                .. Claims
                    .Where(c => sections.Contains(c.Section) && atMost > Level.None)
                    .Select(c => c.Level > atMost ? c with { Level = atMost } : c),
            ]
        );

    /// <summary>The membership acted under; null for an anonymous visitor.</summary>
    public Membership? Membership { get; }

    /// <summary>The person's name.</summary>
    public string Name { get; }

    /// <summary>What they may do.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>
    /// Who looks, where somebody looks as this actor would: then pages, levels and counts are this actor's, and content is shown only as
    /// far as
    /// both are in the same audience (docs/decisions/0013). Null for whoever acts themselves.
    /// </summary>
    public Actor? Viewer { get; private init; }

    /// <summary>Whether somebody looks as this actor would; nothing may be done then.</summary>
    public bool IsPreview => Viewer is not null;

    /// <summary>
    /// The stored names of the audiences whose records are shown to them; worked out when first asked for. In a preview only what who looks
    /// may read as well.
    /// </summary>
    public AudienceKeys Keys => field ??= Viewer is null ? CountedKeys : CountedKeys.Common(Viewer.CountedKeys);

    /// <summary>The stored names of all their audiences, for counting and for the parts that they would see; never for content.</summary>
    public AudienceKeys CountedKeys => field ??= AudienceKeys.Of(this);

    /// <summary>Whether anybody is signed in and acting.</summary>
    public bool IsSignedIn => Membership is not null;

    /// <summary>The account, or an empty identifier.</summary>
    public Guid PersonId => Membership?.PersonId ?? Guid.Empty;

    /// <summary>ISO 3166-1 alpha-3 of the State acted for, or null.</summary>
    public string? StateIso3 => Membership?.Organisation is { Kind: OrganisationKind.MemberState } o ? o.StateIso3 : null;

    /// <summary>Role acted in, or null.</summary>
    public Role? Role => Membership?.Role;

    /// <summary>The highest level held in a section, whatever the scope: opens pages and menus, never a record.</summary>
    public Level LevelIn(Section section) => Claims.Where(c => c.Section == section).Select(c => c.Level).DefaultIfEmpty(Level.None).Max();

    /// <summary>The level held in a section as one audience, about one State (or about none).</summary>
    public Level LevelAs(Audience audience, Section section, string? stateIso3) =>
        Claims
            .Where(c => c.Section == section && c.Audience == audience && c.Scope.Includes(stateIso3))
            .Select(c => c.Level)
            .DefaultIfEmpty(Level.None)
            .Max();

    /// <summary>Whether the actor holds at least a level as one audience about one State.</summary>
    public bool Is(Audience audience, Section section, Level atLeast, string? stateIso3 = null) =>
        LevelAs(audience, section, stateIso3) >= atLeast;
}
