namespace Portal.Domain.Access;

/// <summary>A time in which somebody can do the work of their role.</summary>
/// <param name="Membership">Whose.</param>
/// <param name="From">UTC, inclusive.</param>
/// <param name="Until">UTC, exclusive; null is without end.</param>
public sealed record Held(Membership Membership, DateTime From, DateTime? Until)
{
    /// <summary>
    /// The times to come in which a membership gives a level in a section: as long as it holds and no grant is against it.
    /// </summary>
    /// <param name="membership">With its organisation.</param>
    /// <param name="grants">All that may concern it.</param>
    /// <param name="section">Which section.</param>
    /// <param name="now">UTC; what is past does not matter.</param>
    /// <param name="least">Which level.</param>
    public static IEnumerable<Held> Of(
        Membership membership,
        IReadOnlyCollection<Grant> grants,
        Section section,
        DateTime now,
        Level least = Level.Manage
    )
    {
        var start = membership.From > now ? membership.From : now;
        // Between these moments nothing changes.
        var moments = grants
            .SelectMany(g => new[] { g.From, g.Until })
            .OfType<DateTime>()
            .Where(at => at > start && !(at >= membership.Until))
            .Append(start)
            .Distinct()
            .Order()
            .ToList();
        for (var i = 0; i < moments.Count; i++)
            if (membership.InForce(moments[i]) && Actor.Of(membership, "", grants, moments[i]).LevelIn(section) >= least)
                yield return new Held(membership, moments[i], i + 1 < moments.Count ? moments[i + 1] : membership.Until);
    }

    /// <summary>
    /// The times to come in which its holder can do the work of a role: who is denied the section of it holds the role in name only.
    /// </summary>
    /// <param name="membership">With its organisation.</param>
    /// <param name="denials">All that stand.</param>
    /// <param name="now">UTC; what is past does not matter.</param>
    public static IEnumerable<Held> InRole(Membership membership, IReadOnlyCollection<Grant> denials, DateTime now)
    {
        var start = membership.From > now ? membership.From : now;
        var own = denials.Where(g => g.IsFor(membership)).ToList();
        var section = membership.Role == Role.ProviderManager ? Section.Proposals : Section.Needs;
        return own.Count == 0
            ? [new Held(membership, start, membership.Until)]
            : Of(membership, own, section, now, Actor.Of(membership, "", [], start).LevelIn(section));
    }

    /// <summary>The same where its holder leaves at a moment (UTC).</summary>
    public Held? LeftAt(DateTime at) => From >= at ? null : this with { Until = Until < at ? Until : at };
}

/// <summary>Whether there is somebody at every time to come.</summary>
public static class Vacancy
{
    /// <summary>
    /// Roles that work waits for: without a focal point nobody may say who sees a State's needs, without a manager nobody answers for a
    /// provider's proposals, without an
    /// assistance officer nothing that States submit goes on.
    /// </summary>
    public static readonly IReadOnlyList<Role> Needed = [Role.FocalPoint, Role.ProviderManager, Role.AssistanceOfficer];

    /// <summary>The first moment at which nobody is there; null when somebody always is.</summary>
    /// <param name="held">When somebody is.</param>
    /// <param name="now">UTC; from then on.</param>
    public static DateTime? First(IEnumerable<Held> held, DateTime now)
    {
        var covered = now;
        foreach (var one in held.OrderBy(h => h.From))
        {
            if (one.From > covered)
                break;
            if (one.Until is not { } until)
                return null;
            covered = until > covered ? until : covered;
        }
        return covered;
    }

    /// <summary>Whether a first moment without anybody comes before another.</summary>
    public static bool IsSooner(DateTime? first, DateTime? than) => first is { } at && !(at >= than);
}
